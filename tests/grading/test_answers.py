"""Graders proven: every curated wrong answer is rejected, every right one accepted, whatever the seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from curated import SECONDS, Answer, files, load_answers

from course_utils.grading.selfcheck import lab_names, load_lab
from course_utils.grading.tasks import score_function

SEEDS = (0, 1, 2)
LONG = 45  # seconds that a task may take: its check trains networks, and once is enough here
ANSWERS = [answer for path in files() for answer in load_answers(path)]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_curated_answer_is_judged_as_it_deserves(answer: Answer, record_property: Any) -> None:
    task = load_lab(answer.lab).by_name[answer.task]
    seeds = SEEDS if task.seconds < LONG else SEEDS[:1]
    task = task if answer.is_right else replace(task, seconds=max(SECONDS, task.seconds / 10))
    scores = [score_function(task, answer.function, np.random.default_rng(seed)) for seed in seeds]
    accepted = any(score.right for score in scores)
    if answer.is_right:
        accepted = all(score.right and score.points == task.points for score in scores)
    record_property("curated", (f"{answer.lab} {answer.task}", answer.is_right, accepted))
    failing = [score.report() for score in scores if not score.right]
    assert accepted == answer.is_right, f"{answer}\n" + "\n\n".join(failing[:1])


@pytest.mark.parametrize("lab", lab_names())
def test_every_graded_task_has_five_wrong_answers_and_two_right_ones(lab: str) -> None:
    counts = Counter((answer.task, answer.is_right) for answer in ANSWERS if answer.lab == lab)
    short = [
        f"{name}: {counts[name, False]} wrong, {counts[name, True]} right"
        for name in load_lab(lab).by_name
        if counts[name, False] < 5 or counts[name, True] < 2
    ]
    assert not short, f"five wrong and two right answers are needed in tests/grading/answers: {short}"


def test_answers_are_for_labs_and_tasks_that_exist() -> None:
    unknown = [str(a) for a in ANSWERS if a.lab not in lab_names() or a.task not in load_lab(a.lab).by_name]
    assert not unknown
