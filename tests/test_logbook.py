"""Which exercises have passed is kept in one small file, and never gets in the way."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from coursekit import logbook
from coursekit.checks import CheckFailed
from coursekit.checks.core import Cases, Check
from coursekit.checks.expect import Answer, expect
from coursekit.checks.quiz import Question, Quiz, digest, mark

Output = pytest.CaptureFixture[str]
ADD_MANY = """
import sys
from coursekit import logbook
for number in range(20):
    logbook.add(f"{sys.argv[1]}-{number}")
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the progress is kept."""
    path = tmp_path / "data" / "progress.json"
    monkeypatch.setenv(logbook.VARIABLE, str(path))
    return path


@pytest.fixture
def at_work(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, while a student has a notebook open."""
    monkeypatch.setattr(logbook, "in_notebook", lambda: True)
    monkeypatch.setattr(logbook, "is_quiet", lambda: False)
    monkeypatch.setenv(logbook.SESSION, "week1.ipynb")
    return file


def same(answer: Answer, cases: Cases) -> None:
    """An answer that must give back what it gets."""
    expect(answer(3), 3, "three")


def test_what_passed_is_kept_in_order_and_once(at_work: Path) -> None:
    for name in ("b", "a", "b"):
        logbook.note(name)
    assert json.loads(at_work.read_text("utf-8")) == {"passed": ["b", "a"]}
    assert logbook.passed() == ["b", "a"]


def test_a_check_that_passes_is_noted_and_prints_its_line_alone(
    at_work: Path, capsys: Output
) -> None:
    check = Check("same", ("x",), same)
    with pytest.raises(CheckFailed):
        check(lambda x: x + 1)
    assert logbook.passed() == []
    check(lambda x: x)
    assert logbook.passed() == ["same"]
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("✓ same: all 1 cases agree.\n", "")


def test_a_quiz_that_passes_is_noted(at_work: Path) -> None:
    quiz = Quiz("sides")
    right = mark(digest("sides/cube", "6"), "right")
    vars(quiz)["questions"] = {"cube": Question("number", [], right, {})}
    with pytest.raises(CheckFailed):
        quiz(cube=5)
    assert logbook.passed() == []
    quiz(cube=6)
    assert logbook.passed() == ["sides"]


@pytest.mark.parametrize("name", ["NBGRADER_EXECUTION", "COURSEKIT_QUIET"])
def test_nothing_is_noted_while_grading(
    at_work: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv(logbook.VARIABLE, str(at_work))
    monkeypatch.setattr(logbook, "in_notebook", lambda: True)
    monkeypatch.setenv(logbook.SESSION, "week1.ipynb")
    monkeypatch.setattr("coursekit.progress.QUIET_VARIABLES", ("NBGRADER_EXECUTION",))
    monkeypatch.setenv(name, "1")
    logbook.note("a")
    assert not at_work.exists()
    monkeypatch.delenv(name)
    logbook.note("a")
    assert logbook.passed() == ["a"]


def test_nothing_is_noted_where_a_program_runs_the_notebook(
    at_work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(logbook.SESSION)
    logbook.note("a")
    assert not at_work.parent.exists()


def test_nothing_is_noted_by_a_script(file: Path) -> None:
    logbook.note("a")
    assert not file.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '{"passed": 3}', '{"passed": {}}']
)
def test_a_damaged_file_counts_as_none_and_is_renewed(at_work: Path, text: str) -> None:
    at_work.parent.mkdir()
    at_work.write_text(text, encoding="utf-8")
    assert logbook.passed() == []
    logbook.note("a")
    assert logbook.passed() == ["a"]


def test_bytes_that_are_no_text_count_as_none(at_work: Path) -> None:
    at_work.parent.mkdir()
    at_work.write_bytes(b"\xff\xfe\x00")
    assert logbook.passed() == []


def test_a_place_that_cannot_be_written_says_nothing(
    at_work: Path, capsys: Output
) -> None:
    at_work.parent.write_text("a file where the folder should be", encoding="utf-8")
    logbook.note("a")
    assert logbook.passed() == []
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")


def test_a_lock_that_is_held_is_not_waited_for_long(
    at_work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "SECONDS_TO_WAIT", 0.05)
    at_work.parent.mkdir()
    with FileLock(f"{at_work}.lock"):
        logbook.note("a")
    assert logbook.passed() == []
    logbook.note("a")
    assert logbook.passed() == ["a"]


def test_two_kernels_may_write_at_once(file: Path) -> None:
    kernels = [
        subprocess.Popen([sys.executable, "-c", ADD_MANY, name]) for name in "ab"
    ]
    assert [kernel.wait(120) for kernel in kernels] == [0, 0]
    wanted = {f"{name}-{number}" for name in "ab" for number in range(20)}
    assert set(logbook.passed()) == wanted
    assert len(logbook.passed()) == 40
    left = sorted(path.name for path in file.parent.iterdir())
    assert set(left) <= {"progress.json", "progress.json.lock"}


def test_it_lies_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(logbook.VARIABLE, raising=False)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *a, **k: "/somewhere")
    assert logbook.path() == Path("/somewhere/progress.json")


def test_the_check_itself_needs_no_more_packages() -> None:
    """What a check imports before it passes stays as it was."""
    code = "import sys, coursekit.logbook; print('filelock' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
