"""nbgrader's gradebook of this course, and its settings."""

import hashlib
import logging
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DatabaseError
from traitlets.config import Config

from coursekit.authoring.build import CONFIG, SOURCE
from coursekit.authoring.release import Record, load_config
from coursekit.grading import aside

DATABASE = "gradebook.db"
LOGGER = "traitlets"
# How many seconds to wait for another program that uses the gradebook.
PATIENCE = 5.0
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


class GradingError(RuntimeError):
    """nbgrader could not do its work; the message says why and what to do."""


@dataclass(frozen=True)
class Score:
    """The points of one submission. `by_hand`: answers that wait for a person."""

    points: float
    of: float
    by_hand: int


def settings(root: Path, assignment: str) -> Config:
    """nbgrader_config.py, for one assignment of the course under `root`."""
    config = load_config(root / CONFIG)
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.assignment_id = assignment
    # Only notebooks take part: a numpy.py that was handed in must not be imported.
    config.CourseDirectory.ignore = ["*"]
    return config


def convert(kind: type[BaseConverter], config: Config) -> None:
    """Run one of nbgrader's steps. Raises GradingError with its reason."""
    log = logging.getLogger(LOGGER)
    record = Record()
    log.addHandler(record)
    try:
        converter = kind(coursedir=CourseDirectory(config=config), config=config)
        converter.force = True
        converter.start()
    except NbGraderException as error:
        raise GradingError(reason(record.messages) or words(error)) from error
    finally:
        log.removeHandler(record)


def reason(messages: list[str]) -> str:
    """What nbgrader said: the exception of its first traceback, or its first message.

    An exception without words of its own gets some: "None" tells nobody anything.
    """
    traces = [text for text in messages if text.startswith("Traceback")]
    if not traces:
        return messages[0].split("\n")[-1] if messages else ""
    after_last_frame = traces[0].rpartition("\n  File ")[2].split("\n")[1:]
    said = next((line for line in after_last_frame if line[:1].strip()), "Error")
    kind, _, text = said.partition(": ")
    return in_words(kind.rpartition(".")[2], text)


def words(error: Exception) -> str:
    """What an exception says, in one line that is never without words."""
    text = str(error).strip().split("\n")[0]
    if isinstance(error, GradingError):
        return text
    return in_words(type(error).__name__, text)


def in_words(kind: str, text: str) -> str:
    """An exception; nbgrader's own speak for themselves."""
    if "database is locked" in text:
        return f"{DATABASE} is in use by another program: close that, then try again"
    if kind == "NbGraderException":
        return text
    if text in ("", "None") or not re.search(r"[^\W\d]{2}", text):
        return f"the grading tools failed ({kind}{f': {text}' if text else ''})"
    return f"{kind}: {text}"


def check(root: Path) -> None:
    """Refuse a gradebook that cannot be used, before anything is written.

    Raises GradingError, which says what to do. Without a gradebook all is well.
    """
    path = root / DATABASE
    if not path.exists():
        return
    advice = f"Put a copy of {DATABASE} back that you know is good, or move it away."
    if path.is_file() and not path.stat().st_size and (root / "autograded").exists():
        raise GradingError(f"{DATABASE} is empty, though work was graded. {advice}")
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", PATIENCE, uri=True)
        ) as database:
            fault = database.execute("PRAGMA quick_check(1)").fetchone()[0]
            names = {row[0] for row in database.execute(TABLES)}
            database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise GradingError(unusable(str(error))) from error
    except sqlite3.DatabaseError as error:
        raise GradingError(f"{DATABASE} is damaged: {error}. {advice}") from error
    if fault != "ok":
        raise GradingError(f"{DATABASE} is damaged. {advice}")
    if names and not {"student", "submitted_assignment"} <= names:
        raise GradingError(f"{DATABASE} is not one of nbgrader's. {advice}")


def unusable(said: str) -> str:
    """Why a gradebook cannot be opened, and what to do."""
    if "locked" in said:
        return (
            f"{DATABASE} is in use by another program (a Formgrader, another grade). "
            "Wait for it or close it, then run this again. Nothing was changed."
        )
    return (
        f"{DATABASE} cannot be opened for writing ({said}). See that it is a file, and "
        "that it and its folder are yours to write."
    )


@contextmanager
def opened(root: Path) -> Iterator[Gradebook]:
    """The gradebook, made when there is none. Raises GradingError."""
    try:
        with connected(root) as book:
            yield book
    except DatabaseError as error:
        said = str(error.orig)
        if "locked" in said or "readonly" in said:
            raise GradingError(unusable(said)) from error
        raise GradingError(
            f"{DATABASE} cannot be used ({said}). It may be of another version of "
            "nbgrader: copy it, then run nbgrader db upgrade."
        ) from error


@contextmanager
def connected(root: Path) -> Iterator[Gradebook]:
    """nbgrader's connection to the gradebook."""
    # nbgrader calls alembic, which lies beside Python but perhaps not on the PATH.
    here = str(Path(sys.executable).parent)
    if here not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = here + os.pathsep + os.environ["PATH"]
    course = CourseDirectory(config=settings(root, ""))
    with Gradebook(course.db_url, course.course_id) as book:
        yield book


def students(root: Path) -> list[str]:
    """The students in the gradebook; none when there is no gradebook yet.

    Raises GradingError.
    """
    check(root)
    if not (root / DATABASE).is_file():
        return []
    with opened(root) as book:
        return [student.id for student in book.students]


def add_students(root: Path, names: list[str]) -> None:
    """Who hands in first is the class, when the instructor has given no list."""
    with opened(root) as book:
        for name in names:
            book.update_or_create_student(name)


def false_name(name: str) -> bool:
    """Whether no folder can have this name, so that no submission was ever its."""
    return not name.strip(". ") or "/" in name or "\\" in name


def clean(root: Path) -> str:
    """Remove what a run for a misspelled assignment left; say what, or "".

    nbgrader takes `week1/` for the assignment "" of a student "ada/week1". Before
    anything is removed, the gradebook is copied.
    """
    check(root)
    if not (root / DATABASE).is_file():
        return ""
    with opened(root) as book:
        people = [x.id for x in book.students if false_name(x.id)]
        tasks = [x.name for x in book.assignments if false_name(x.name)]
        if not people and not tasks:
            return ""
        copy = aside.backup(root / DATABASE, "before-cleaning")
        for name in people:
            book.remove_student(name)
        for name in tasks:
            book.remove_assignment(name)
    return (
        f"Removed from {DATABASE}, since no folder has such a name: "
        f"{', '.join(map(repr, people + tasks))}. They came from a run with a "
        f"misspelled assignment. {copy.name} is {DATABASE} as it was before."
    )


def register(root: Path, assignment: str) -> None:
    """Tell the gradebook the exercises and points of build/source/<assignment>.

    notebooks/ stays as it is. Raises GradingError when the exercises are others than
    those already graded.
    """
    config = settings(root, assignment)
    if not any((root / SOURCE / assignment).glob("*.ipynb")):
        raise GradingError(f"{SOURCE}/{assignment} is empty: python -m coursekit build")
    with opened(root), TemporaryDirectory() as folder:
        config.CourseDirectory.release_directory = folder
        try:
            convert(GenerateAssignment, config)
        except GradingError as error:
            raise GradingError(
                f"the gradebook does not take {assignment}: {error}. If its exercises "
                f"have changed since submissions were graded, move {DATABASE} and "
                "autograded/ away and start again."
            ) from error


def find(book: Gradebook, assignment: str, student: str) -> SubmittedAssignment | None:
    """What the gradebook holds about one submission."""
    try:
        return book.find_submission(assignment, student)
    except MissingEntry:
        return None


def score(root: Path, assignment: str, student: str) -> Score | None:
    """The points of a submission that is in the gradebook."""
    with opened(root) as book:
        found = find(book, assignment, student)
        if found is None:
            return None
        grades = [grade for part in found.notebooks for grade in part.grades]
        waiting = sum(grade.needs_manual_grade for grade in grades)
        return Score(found.score, found.max_score, waiting)


Points = dict[tuple[str, str], tuple[float | None, bool]]


def points(root: Path, assignment: str, student: str) -> Points | None:
    """Every automatic grade of a submission; None when it was never graded.

    (notebook, cell) → points and whether a person is to look
    """
    with opened(root) as book:
        found = find(book, assignment, student)
        if found is None:
            return None
        return {
            (part.name, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for part in found.notebooks
            for grade in part.grades
        }


def put_back(root: Path, assignment: str, student: str, before: Points | None) -> None:
    """Undo what grading that failed half-way has written."""
    with opened(root) as book:
        found = find(book, assignment, student)
        if found is None:
            return
        if before is None:
            book.remove_submission(assignment, student)
            return
        for part in found.notebooks:
            for grade in part.grades:
                old = before.get((part.name, grade.name), (0, False))
                grade.auto_score, grade.needs_manual_grade = old
        book.db.commit()


def said(root: Path, assignment: str, student: str) -> str:
    """A fingerprint of the name, every point and every comment that feedback shows."""
    with opened(root) as book:
        found = find(book, assignment, student)
        parts = found.notebooks if found else []
        who = (found.student.first_name, found.student.last_name) if found else ()
        late = [(part.name, part.late_submission_penalty or 0) for part in parts]
        grades = [(part.name, g.name, g.score) for part in parts for g in part.grades]
        comments = [
            (part.name, c.name, c.comment or "")
            for part in parts
            for c in part.comments
        ]
    told = repr((who, sorted(late), sorted(grades), sorted(comments)))
    return hashlib.sha256(told.encode()).hexdigest()
