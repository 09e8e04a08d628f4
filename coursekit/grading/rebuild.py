"""The gradebook's entries as records of the journal, and the way back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, SubmittedNotebook

from coursekit.grading import gradebook, journal
from coursekit.grading.boundary import verdict
from coursekit.grading.boundary.preprocessors import NOTEBOOKS
from coursekit.grading.gradebook import DATABASE, GradingError
from coursekit.grading.journal import JOURNAL, Record
from coursekit.grading.remembered import Job

GRADE = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
COMMENT = ("auto_comment", "manual_comment")
GRADED = "graded"

# (assignment, student) → the last record
Records = dict[tuple[str, str], Record]


@dataclass(frozen=True)
class Rebuilt:
    """What became of the journal.

    left_out: assignment and student, with the reason; damaged: lines that are none
    """

    submissions: int
    left_out: tuple[str, ...]
    damaged: int

    def __str__(self) -> str:
        told = [f"{self.submissions} submissions are in {DATABASE} again."]
        told += [f"Left out: {text}" for text in self.left_out]
        if self.damaged:
            told.append(
                f"Lines of {JOURNAL} that were cut short or changed: {self.damaged}. "
                "Run python -m coursekit grade for each assignment: it does what is "
                "left."
            )
        return "\n".join(told)


def keep(job: Job) -> None:
    """Let the journal know what the gradebook holds of a submission."""
    record: Record = {"assignment": job.assignment, "student": job.student}
    with gradebook.opened(job.root) as book:
        found = book.find_submission(job.assignment, job.student)
        time = found.timestamp
        record["timestamp"] = time.isoformat() if time else None
        record["notebooks"] = {part.name: entries(part) for part in found.notebooks}
    journal.append(job.root, record | judged(job))


def entries(part: SubmittedNotebook) -> Record:
    """What the gradebook holds of a notebook, by the names of the cells."""
    return {
        "late_submission_penalty": part.late_submission_penalty,
        "grades": {x.name: fields(x, GRADE) for x in part.grades},
        "comments": {x.name: fields(x, COMMENT) for x in part.comments},
    }


def fields(entry: Grade | Comment, names: Iterable[str]) -> Record:
    """Some fields of an entry."""
    return {name: getattr(entry, name) for name in names}


def judged(job: Job) -> Record:
    """The verdicts from which points were written, and what became of the submission.

    Nothing when the points are older and only what a person gave is new.
    """
    if not job.judged.is_file():
        return {}
    texts = json.loads(job.judged.read_text(encoding="utf-8"))[NOTEBOOKS]
    reports = {name: verdict.from_json(both[0]) for name, both in texts.items()}
    verdicts = {
        name: [[x.grade_id, x.points, x.of, x.state] for x in report.verdicts]
        for name, report in reports.items()
    }
    states = {x.state for report in reports.values() for x in report.verdicts}
    ends = [x for x in (verdict.TIMED_OUT, verdict.CRASHED) if x in states]
    return {"verdicts": verdicts, "state": (ends or [GRADED])[0]}


def rebuild(root: Path) -> Rebuilt:
    """Make a gradebook that holds what the journal says. Raises GradingError."""
    path = root / DATABASE
    if path.exists():
        raise GradingError(
            f"{DATABASE} is here. Move it away first, then run this again: what "
            f"{JOURNAL} holds is put into a new one. Nothing was changed."
        )
    found = list(journal.lines(root))
    records = last(record for record in found if record is not None)
    if not records:
        raise GradingError(f"there is no {JOURNAL} here, or nothing is in it.")
    try:
        left_out = fill(root, records)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    damaged = found.count(None)
    return Rebuilt(len(records) - len(left_out), tuple(left_out), damaged)


def last(records: Iterable[Record]) -> Records:
    """The last record of each submission."""
    return {(record["assignment"], record["student"]): record for record in records}


def fill(root: Path, records: Records) -> list[str]:
    """Put records into a new gradebook; which of them do not fit, and why."""
    for assignment in sorted({assignment for assignment, _ in records}):
        gradebook.register(root, assignment)
    left_out = []
    with gradebook.opened(root) as book:
        for (assignment, student), record in records.items():
            book.update_or_create_student(student)
            time = record["timestamp"]
            book.update_or_create_submission(
                assignment, student, timestamp=time and datetime.fromisoformat(time)
            )
            if not put(book, record):
                book.remove_submission(assignment, student)
                left_out.append(f"{student}, {assignment}: its exercises have changed.")
    return left_out


def put(book: Gradebook, record: Record) -> bool:
    """Fill in a submission that is empty so far; whether everything has its place."""
    found = book.find_submission(record["assignment"], record["student"])
    parts = {part.name: part for part in found.notebooks}
    if not parts.keys() >= record["notebooks"].keys():
        return False
    fits = True
    for name, kept in record["notebooks"].items():
        part = parts[name]
        part.late_submission_penalty = kept["late_submission_penalty"]
        fits &= filled(part.grades, kept["grades"])
        fits &= filled(part.comments, kept["comments"])
    book.db.commit()
    return fits


def filled(entries: Iterable[Any], kept: dict[str, Record]) -> bool:
    """Set the fields of entries by their names; whether all names are known."""
    known = {entry.name: entry for entry in entries}
    for name in known.keys() & kept.keys():
        for field, value in kept[name].items():
            setattr(known[name], field, value)
    return known.keys() >= kept.keys()
