"""The whole loop on real submissions: release, hand in, grade, feedback, export.

With the course's own nbgrader_config.py: the answers run in the sandbox.
"""

import csv
import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Grade

from coursekit.authoring import build, marks
from coursekit.grading import gradebook, whole_class
from coursekit.grading.whole_class import Row
from tests.grading import submissions
from tests.grading.submissions import MANUAL, REPOSITORY, WEEK, Pack

pytestmark = [pytest.mark.slow, pytest.mark.notebook]
PARTLY = "partly"


@dataclass(frozen=True)
class Graded:
    """A course whose submissions have been graded."""

    root: Path
    packs: dict[str, Pack]
    rows: dict[str, Row]
    points: dict[str, int]


@pytest.fixture(scope="module")
def course(bwrap: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course, released by nbgrader's own command."""
    root = tmp_path_factory.mktemp("course")
    for name in (build.CONFIG, "course.toml"):
        (root / name).write_bytes((REPOSITORY / name).read_bytes())
    build.build_source(build.load(REPOSITORY)[1], root)
    nbgrader(root, "generate_assignment", WEEK)
    return root


@pytest.fixture(scope="module")
def graded(course: Path) -> Graded:
    """Everything that students hand in, graded side by side."""
    solutions = submissions.solutions(course / build.SOURCE)
    submissions.hand_in(course, "perfect", solutions)
    submissions.hand_in(course, "empty", {})
    packs = submissions.packed("wrong", 3) + submissions.packed("right", 2)
    for pack in packs:
        submissions.hand_in(course, pack.student, pack.answers, whole=False)
    rows = whole_class.grade(course, WEEK)
    return Graded(
        course,
        {pack.student: pack for pack in packs},
        {row.student: row for row in rows},
        submissions.points(course / build.SOURCE),
    )


def nbgrader(root: Path, *arguments: str) -> None:
    """Run one of nbgrader's commands as an instructor does."""
    here = str(Path(sys.executable).parent)
    path = here + os.pathsep + os.environ["PATH"]
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=root, env=os.environ | {"PATH": path}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]


@contextmanager
def grades(root: Path, student: str) -> Iterator[dict[str, Grade]]:
    """Exercise → its entry in the gradebook."""
    with gradebook.opened(root) as book:
        found = book.find_submission(WEEK, student)
        parts = [grade for part in found.notebooks for grade in part.grades]
        yield {grade.name.removesuffix("-check"): grade for grade in parts}
        book.db.commit()


def scores(root: Path, student: str) -> dict[str, float]:
    """Exercise → points."""
    with grades(root, student) as found:
        return {exercise: grade.score for exercise, grade in found.items()}


def exported(root: Path) -> dict[str, tuple[float, float]]:
    """Student → (score, maximum), from grades.csv."""
    with (root / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["student_id"]: (float(row["score"]), float(row["max_score"]))
            for row in csv.DictReader(file)
        }


def feedback(root: Path, student: str) -> str:
    """What a student reads in the feedback, as plain text; each file has all of it."""
    pages = sorted((root / "feedback" / student / WEEK).glob("*.html"))
    text = pages[0].read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def test_the_release_is_what_students_get(course: Path) -> None:
    ours = submissions.notebooks(REPOSITORY / "notebooks")
    assert submissions.notebooks(course / "notebooks") == ours
    assert len(ours) == 3


def test_an_unsolved_notebook_gets_nothing(graded: Graded) -> None:
    assert scores(graded.root, "empty") == dict.fromkeys(graded.points, 0)
    assert exported(graded.root)["empty"] == (0, sum(graded.points.values()))
    row = graded.rows["empty"]
    assert row.done
    assert row.score
    assert row.score.by_hand == 0


def test_a_perfect_one_gets_every_automatic_point(graded: Graded) -> None:
    automatic = graded.points | {MANUAL: 0}
    assert scores(graded.root, "perfect") == automatic
    score = graded.rows["perfect"].score
    assert score
    assert (score.points, score.by_hand) == (sum(automatic.values()), 1)
    assert score.of == sum(graded.points.values()) > 40


def test_wrong_answers_get_nothing_and_right_ones_everything(graded: Graded) -> None:
    """Expected points per exercise, for every pack, in one list of differences."""
    wrong = []
    for pack in graded.packs.values():
        got = scores(graded.root, pack.student)
        for exercise, points in graded.points.items():
            expected = points if exercise in pack.solved else 0
            if got[exercise] != expected:
                cell = pack.cells.get(exercise)
                wrong.append((pack.student, str(cell), got[exercise], expected))
    assert not wrong


def test_the_export_says_the_same(graded: Graded) -> None:
    total = sum(graded.points.values())
    for student, pack in graded.packs.items():
        expected = sum(graded.points[exercise] for exercise in pack.solved)
        assert exported(graded.root)[student] == (expected, total)


def test_feedback_of_a_wrong_answer_holds_its_message(graded: Graded) -> None:
    missing = []
    for pack in graded.packs.values():
        text = " ".join(feedback(graded.root, pack.student).split())
        for cell in pack.cells.values():
            if not cell.right and " ".join(cell.words.split()) not in text:
                missing.append(cell)
    assert not missing


def test_feedback_holds_no_solution(graded: Graded) -> None:
    source = submissions.notebooks(graded.root / build.SOURCE)
    secret = {
        line
        for book in source.values()
        for cell in book["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
        for line in marks.solution_lines("".join(cell["source"]))
        if len(line) > 12
    }
    assert len(secret) > 40
    for student in ("empty", *graded.packs):
        shown = set(map(str.strip, feedback(graded.root, student).split("\n")))
        answered = graded.packs[student].answers if student != "empty" else {}
        own = {x.strip() for text in answered.values() for x in text.split("\n")}
        assert not (shown & secret) - own - visible(graded)


def visible(graded: Graded) -> set[str]:
    """The lines of code and prose that every student has."""
    books = submissions.notebooks(graded.root / "notebooks").values()
    sources = ["".join(cell["source"]) for book in books for cell in book["cells"]]
    return {line.strip() for text in sources for line in text.split("\n")}


def test_points_given_by_hand_complete_it(graded: Graded) -> None:
    """And a second run grades nobody again, but renews what feedback says."""
    with grades(graded.root, "perfect") as found:
        found[MANUAL].manual_score = 3
        found[MANUAL].needs_manual_grade = False
    rows = {row.student: row for row in whole_class.grade(graded.root, WEEK)}
    total = sum(graded.points.values())
    assert exported(graded.root)["perfect"] == (total, total)
    assert [name for name, row in rows.items() if not row.unchanged] == ["perfect"]
    assert feedback(graded.root, "perfect").count("You have all") == 1


def test_nbgrader_s_own_commands_do_it_too(graded: Graded) -> None:
    """A partly solved submission by hand, as the README says; just as safely."""
    wrong, right = graded.packs["wrong1"].cells, graded.packs["right1"].cells
    first, *others = list(right)[:4]  # all of one notebook; the two others are missing
    pack = Pack(PARTLY, {first: right[first]} | {name: wrong[name] for name in others})
    submissions.hand_in(graded.root, PARTLY, pack.answers, whole=False)
    nbgrader(graded.root, "autograde", WEEK, "--student", PARTLY)
    nbgrader(graded.root, "generate_feedback", WEEK, "--student", PARTLY)
    nbgrader(graded.root, "export")
    expected = {
        name: points if name in pack.solved else 0
        for name, points in graded.points.items()
    }
    assert scores(graded.root, PARTLY) == expected
    assert exported(graded.root)[PARTLY] == (
        sum(expected.values()),
        sum(graded.points.values()),
    )
    assert f"You have {sum(expected.values())} of" in feedback(graded.root, PARTLY)
