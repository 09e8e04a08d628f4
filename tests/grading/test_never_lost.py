"""Whatever stops the grader: all are graded in the end, once, with the same points."""

import errno
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.authoring.build import SOURCE
from coursekit.grading import (
    gradebook,
    intake,
    journal,
    one,
    rebuild,
    remembered,
    whole_class,
)
from coursekit.grading.boundary import sandbox
from coursekit.grading.journal import JOURNAL
from coursekit.grading.one import Outcome
from coursekit.grading.remembered import Job
from tests.grading.test_class import (
    NAME,
    RIGHT,
    WEEK,
    WRONG,
    exported,
    files,
    grade,
    hand_in,
    points,
    template,
)

pytestmark = [pytest.mark.slow, pytest.mark.notebook]
__all__ = ["template"]
QUICK_END = "import os\nos._exit(3)"
ANSWERS = {"ada": RIGHT, "bob": WRONG, "carol": QUICK_END, "dora": RIGHT, "emil": ""}
POINTS = {"ada": 2, "bob": 0, "carol": 0, "dora": 2, "emil": None}
SEED, KILLS = 3, 5


@pytest.fixture
def course(bwrap: None, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A class of five: right, wrong, crashing and unreadable answers."""
    made = request.getfixturevalue("template")
    root = Path(shutil.copytree(made, tmp_path / "course"))
    for student, answer in ANSWERS.items():
        hand_in(root, student, answer, why="Since.")
    (root / intake.SUBMITTED / "emil" / WEEK / NAME).write_text("{", encoding="utf-8")
    return root


def held(root: Path) -> dict[str, object]:
    """Everything about points that the gradebook holds, by student."""
    with gradebook.opened(root) as book:
        return {
            found.student.id: (
                found.score,
                found.timestamp,
                [rebuild.entries(part) for part in found.notebooks],
            )
            for found in book.assignment_submissions(WEEK)
        }


def test_a_grader_that_is_killed_at_any_moment(course: Path) -> None:
    """Started again until it ends, it comes to what an undisturbed run comes to."""
    gradebook.add_students(course, list(ANSWERS))
    calm = Path(shutil.copytree(course, course.with_name("calm")))
    assert points(grade(calm)) == POINTS
    draw = random.Random(SEED)
    killed = sum(was_killed(course, draw.uniform(0, 3)) for _ in range(KILLS))
    assert killed
    assert points(grade(course)) == POINTS
    assert held(course) == held(calm)
    noted = {name: row["note"] for name, row in exported(course).items()}
    assert noted == {name: row["note"] for name, row in exported(calm).items()}
    assert not [*(course / "autograded/.coursekit" / WEEK).glob("*.judged")]
    assert all(row.unchanged or not row.score for row in grade(course).values())
    told = rebuild.last(filter(None, journal.lines(course)))
    states = {student: record["state"] for (_, student), record in told.items()}
    assert states == dict.fromkeys(("ada", "bob", "dora"), "graded") | {
        "carol": "crashed"
    }


def was_killed(root: Path, seconds: float) -> bool:
    """Whether a grader was killed so long after its work began."""
    start = multiprocessing.get_context("forkserver")  # it has imported what is needed
    start.set_forkserver_preload([*one.MODULES, "coursekit.grading.whole_class"])
    run = start.Process(target=whole_class.grade, args=(root, WEEK))
    notes = root / "autograded/.coursekit"
    before = files(notes)
    run.start()
    while files(notes) == before and run.is_alive():
        time.sleep(0.02)
    time.sleep(seconds)
    run.kill()
    run.join()
    return run.exitcode == -signal.SIGKILL


def test_a_gradebook_from_the_journal(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what a person gave, and without asking for anything to be graded again."""
    grade(course)
    with gradebook.opened(course) as book:
        given = book.find_grade("why", "1_adding", WEEK, "ada")
        given.manual_score, given.needs_manual_grade = 3, False
        book.find_comment("why", "1_adding", WEEK, "ada").manual_comment = "Yes: Zoë."
        book.db.commit()
    hand_in(course, "bob", RIGHT, why="Since.")
    assert points(grade(course)) == POINTS | {"ada": 5, "bob": 2}
    before = held(course)
    with (course / JOURNAL).open("ab") as file:
        file.write(b'{"sha256": "')
    command = ["--root", str(course), "rebuild"]
    assert cli.main(command) == 1
    assert "Move it away first" in capsys.readouterr().err
    (course / gradebook.DATABASE).unlink()
    assert cli.main(command) == 0
    told = capsys.readouterr().out
    assert "4 submissions are in gradebook.db again." in told
    assert "cut short or changed: 1" in told
    assert held(course) == before
    assert all(row.unchanged or not row.score for row in grade(course).values())


def test_a_journal_that_does_not_fit(course: Path) -> None:
    grade(course)
    path = course / SOURCE / WEEK / NAME
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"sum-check"', '"other-check"'), encoding="utf-8")
    (course / gradebook.DATABASE).unlink()
    told = str(rebuild.rebuild(course))
    assert "0 submissions" in told
    assert f"Left out: ada, {WEEK}: its exercises have changed." in told
    (course / gradebook.DATABASE).unlink()
    (course / JOURNAL).unlink()
    with pytest.raises(gradebook.GradingError, match="nothing is in it"):
        rebuild.rebuild(course)
    assert not (course / gradebook.DATABASE).exists()


class Twice:
    """Fails two times as a full disk does, after it has done its work or before."""

    def __init__(self, work: Callable[..., object], after: bool = False) -> None:
        self.work, self.after, self.failed = work, after, 0

    def __call__(self, *given: object) -> object:
        if self.failed == 2:
            return self.work(*given)
        self.failed += 1
        if self.after:
            self.work(*given)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("after", [False, True])
def test_what_fails_for_a_moment_is_tried_again(
    course: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """A full disk, and a sandbox that does not start at once."""
    full = Twice(remembered.keep_judged, after)
    monkeypatch.setattr(remembered, "keep_judged", full)
    missing, said = sandbox.missing, ["not now"]
    monkeypatch.setattr(sandbox, "missing", lambda: said.pop() if said else missing())
    rows = grade(course)
    assert points(rows) == POINTS
    assert full.failed == 2
    assert not said
    assert [name for name, row in rows.items() if not row.done] == ["emil"]
    assert not exported(course)["ada"]["note"]


def test_a_writer_that_ends_too_early_is_started_again(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that had written everything: twice is as once, now and later."""
    stopped: list[Outcome] = []
    work = one.outcome_of

    def stops(job: Job) -> Outcome:
        made = work(job)
        return stopped.pop() if job.student == "ada" and stopped else made

    monkeypatch.setattr(one, "outcome_of", stops)
    for answer, expected in ((RIGHT, 2), (WRONG, 0), (RIGHT, 2)):
        hand_in(course, "ada", answer, why="Since.")
        stopped += [Outcome("stopped"), Outcome("stopped")]
        assert points(grade(course)) == POINTS | {"ada": expected}
        assert not stopped
    assert len(held(course)) == 4
