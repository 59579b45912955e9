"""The stages of `course check` and `course test`: lines, skips, exit codes, and what they run."""

import os
import sys
from pathlib import Path

import pytest

from course_utils.cli import verify
from course_utils.cli.offline import Cut
from course_utils.cli.stages import Stage, print_reports, run_stage, run_stages
from course_utils.cli.surroundings import FOLDERS, fresh_environment

TESTS = Path(__file__).resolve().parents[1]

PASSING = "print('===== 3 passed, 1 skipped in 0.10s =====')"
CUT = Cut(("cut",), {}, "Network: cut.")


def stage(name, code, **options):
    return Stage(name, (sys.executable, "-c", code), **options)


def run(stages, tmp_path):
    return run_stages(stages, cwd=tmp_path, variables=os.environ)


def test_a_passing_stage_is_one_line_with_the_tests_count(tmp_path, capsys):
    assert run([stage("unit tests", PASSING)], tmp_path) == 0
    first, tests, last = capsys.readouterr().out.splitlines()
    assert tests == "tests: 3 passed, 0 failed, 1 skipped"
    assert first.startswith("unit tests      ok")
    assert first.endswith("3 passed, 1 skipped in 0.10s")
    assert last.startswith("All stages passed (1 stages")


@pytest.mark.parametrize(
    "closing",
    [
        "4 passed in 1.00s",
        "2 failed, 1 passed in 70.00s (0:01:10)",
        "1 error in 0.1s",
        "no tests ran in 0.01s",
    ],
)
def test_every_closing_line_is_recognised(closing, tmp_path):
    result = run_stage(stage("x", f"print('==== {closing} ====')"), cwd=tmp_path, variables=os.environ)
    assert result.closing == closing


def test_a_failing_stage_shows_its_output_and_the_rest_still_runs(tmp_path, capsys):
    stages = [stage("first", "print('the reason'); raise SystemExit(3)"), stage("second", "print('hidden')")]
    assert run(stages, tmp_path) == 1
    out = capsys.readouterr().out
    assert "first           FAILED" in out
    assert "\nthe reason\n" in out
    assert "second          ok" in out
    assert "hidden" not in out
    assert out.splitlines()[-1].startswith("FAILED: first (2 stages")


def test_a_stage_that_lacks_something_says_so_at_the_end_and_passes(tmp_path, capsys):
    stages = [stage("browser tests", "raise SystemExit(1)", missing="no Chromium found"), stage("later", "")]
    assert run(stages, tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("browser tests   SKIPPED")
    assert lines[2] == "SKIPPED: browser tests: no Chromium found"


def test_tests_that_pytest_skipped_are_repeated_at_the_end(tmp_path, capsys):
    code = "print('SKIPPED [2] tests/x.py:3: no bubblewrap'); " + PASSING
    assert run([stage("slow tests", code)], tmp_path) == 0
    out = capsys.readouterr().out
    assert "SKIPPED: slow tests: tests/x.py:3: no bubblewrap\n" in out
    assert "slow tests      ok" in out


def test_a_stage_to_show_prints_its_output_when_it_passes(tmp_path, capsys):
    run([stage("coverage", "print('TOTAL 91%')", show=True)], tmp_path)
    assert "\nTOTAL 91%\n" in capsys.readouterr().out


def test_a_program_that_is_not_there_fails_its_stage(tmp_path, capsys):
    assert run([Stage("tool", ("no-such-program",))], tmp_path) == 1
    assert "no-such-program could not be started" in capsys.readouterr().out


def test_a_stage_that_never_ends_is_stopped_and_fails(tmp_path, capsys):
    endless = "import time; print('so far', flush=True); time.sleep(600)"
    assert run([stage("slow tests", endless, seconds=1)], tmp_path) == 1
    out = capsys.readouterr().out
    assert "\nso far\n" in out
    assert "\nslow tests was stopped after 1 s.\n" in out


def test_a_stages_own_variables_reach_it(tmp_path, capsys):
    code = "import os; print(os.environ['COVERAGE_FILE'])"
    run([stage("x", code, variables={"COVERAGE_FILE": "here"}, show=True)], tmp_path)
    assert "\nhere\n" in capsys.readouterr().out


def test_a_users_settings_do_not_reach_the_stages(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "mine")
    monkeypatch.setenv("IPYTHONDIR", "mine")
    variables = fresh_environment(tmp_path, threads=2)
    assert "COURSE_DATA" not in variables
    assert {variables[name] for name in FOLDERS} == {str(tmp_path / part) for part in FOLDERS.values()}
    assert variables["OMP_NUM_THREADS"] == "2"
    assert variables["PATH"] == os.environ["PATH"]


def test_everything_that_runs_the_courses_code_is_cut_off(tmp_path):
    stages = {one.name: one for one in verify.fast_stages(verify.root(), CUT)}
    assert list(stages) == ["lint", "format", "types", "import contract", "fonts", "unit tests"]
    assert stages["unit tests"].command[0] == "cut"
    for one in [*verify.notebook_stages(verify.root(), CUT), verify.browser_stage(CUT)]:
        assert one.command[0] == "cut"


def test_notebooks_are_compared_strictly_and_labs_only_run():
    strict, lax = verify.notebook_stages(verify.root(), CUT)
    assert "--nbval" in strict.command
    assert "--nbval-lax" not in strict.command
    assert not [word for word in strict.command if word.startswith("labs")]
    assert "--nbval-lax" in lax.command
    assert lax.command[-1] == "labs"
    for one in (strict, lax):
        assert {"--nbval-current-env", "--nbval-cell-timeout=120", "loadscope"} <= set(one.command)


def test_the_mutants_are_run_in_full_and_their_tables_shown():
    one = verify.mutation_stage(CUT)
    assert one.command == ("cut", sys.executable, "-m", "course_utils.cli", "mutate")
    assert one.show


def test_the_mutants_come_right_after_the_unit_tests(monkeypatch):
    names = []
    monkeypatch.setattr(verify, "cut_network", lambda _: CUT)
    monkeypatch.setattr(
        verify, "run_stages", lambda stages, **_: names.extend(one.name for one in stages) or 0
    )
    assert verify.run_everything() == 0
    assert names[names.index("unit tests") + 1] == "mutation"


def test_without_a_browser_its_tests_are_skipped_loudly(monkeypatch):
    monkeypatch.setattr(verify, "find_browser", lambda: None)
    assert verify.browser_stage(CUT).missing.startswith("no Chromium found: install it")
    monkeypatch.setattr(verify, "find_browser", lambda: "/usr/bin/chromium")
    assert verify.browser_stage(CUT).missing is None


def test_coverage_of_the_stages_is_put_together(tmp_path):
    data = tmp_path / "coverage"
    for name in ("unit tests", "slow tests"):
        one = verify.pytest_stage(name, "x", CUT, coverage=data)
        assert one.variables["COVERAGE_FILE"] == str(data / name.replace(" ", "_") / ".coverage")
    combine, report = verify.coverage_stages(data)
    parts = [str(data / part / ".coverage") for part in ("slow_tests", "unit_tests")]
    assert list(combine.command[-2:]) == parts
    assert combine.variables == report.variables
    assert "--fail-under=85" in report.command
    assert report.show


def test_reports_of_a_passing_stage_are_printed(capsys):
    rows = "a.ipynb  3.1 s\nb.ipynb  4.0 s\n"
    output = f"..\n===== report: notebooks =====\n{rows}===== 2 passed in 3s =====\nnoise\n"
    print_reports(output)
    assert capsys.readouterr().out == "  notebooks\n    a.ipynb  3.1 s\n    b.ipynb  4.0 s\n"


def test_the_tests_of_all_stages_are_added_up(tmp_path, capsys):
    closing = "print('===== 2 failed, 5 passed, 1 error in 0.10s =====')"
    assert run([stage("a", PASSING), stage("b", closing + "; raise SystemExit(1)")], tmp_path) == 1
    assert "tests: 8 passed, 3 failed, 1 skipped" in capsys.readouterr().out.splitlines()


def test_every_browser_test_is_where_the_browser_stage_looks():
    marked = [
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("test_*.py")
        if "mark.browser" in path.read_text(encoding="utf-8") and path.name != Path(__file__).name
    ]
    assert len(marked) > 5
    assert [name for name in marked if not name.startswith("browser/")] == []
