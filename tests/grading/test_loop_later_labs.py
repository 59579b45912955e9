"""The instructor's loop once more, for the later labs: a module of its own goes to a worker of its own."""

import pytest

from tests.grading.test_loop import (  # noqa: F401
    LATER_LABS,
    Course,
    graded,
    grades,
    make_course,
    pytestmark,
    test_expected_points_are_the_whole_range,
    test_feedback_holds_the_report,
    test_feedback_of_a_partly_right_answer_says_what_is_missing,
    test_file_that_is_no_notebook_is_named_and_stops_nobody,
    test_nothing_was_reported_as_tampering,
    test_points_in_the_notebook_are_those_of_the_lab,
    test_score_is_what_the_work_deserves,
)


@pytest.fixture(scope="module", params=LATER_LABS)
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_course(request.param, tmp_path_factory.mktemp(request.param))


def test_every_lab_is_in_one_of_the_two_modules() -> None:
    from tests.grading.test_loop import HERE_LABS, source_labs

    assert [*HERE_LABS, *LATER_LABS] == source_labs()
    assert LATER_LABS
