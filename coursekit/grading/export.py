"""grades.csv: nbgrader's own table, and why work was not graded."""

import csv
import os
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student

from coursekit.grading import gradebook
from coursekit.grading.text_file import decoded

GRADES = "grades.csv"
NOTE = "note"
# The columns of `nbgrader export`, in its order.
PERSON = ["student_id", "last_name", "first_name", "email"]
POINTS = ["raw_score", "late_submission_penalty", "score", "max_score"]
COLUMNS = ["assignment", "duedate", "timestamp", *PERSON, *POINTS]

# (assignment, student) → why the submission was not graded
Notes = dict[tuple[str, str], str]


def write_grades(root: Path, assignment: str, refused: dict[str, str]) -> None:
    """Write grades.csv as `nbgrader export` does, with one column more.

    refused: student → why; who is not in nbgrader's table gets a row without points.
    Notes on other assignments stay.
    """
    path, partial = root / GRADES, root / f"{GRADES}.partial"
    notes = kept(path, assignment)
    notes |= {(assignment, student): why for student, why in refused.items()}
    with gradebook.opened(root) as book:
        people = book.students
        rows = [row(book, task, x) for task in book.assignments for x in people]
    write(partial, [*COLUMNS, NOTE], with_notes(rows, notes))
    os.replace(partial, path)


def row(book: Gradebook, assignment: Assignment, student: Student) -> dict[str, str]:
    """What nbgrader's export says of one student.

    Its own writer does not quote: a comma in a name moves the points.
    """
    found = gradebook.find(book, assignment.name, student.id)
    points = found.score if found else 0.0
    penalty = found.late_submission_penalty or 0.0 if found else 0.0
    facts = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "timestamp": found.timestamp if found else None,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "raw_score": points,
        "late_submission_penalty": penalty,
        "score": max(0.0, points - penalty),
        "max_score": assignment.max_score,
    }
    return {key: "" if fact is None else str(fact) for key, fact in facts.items()}


def kept(path: Path, assignment: str) -> Notes:
    """The notes of the last time, but for those on this assignment."""
    rows = read(path) if path.is_file() else []
    named = [row for row in rows if not gradebook.false_name(row.get("assignment", ""))]
    noted = [row for row in named if row.get(NOTE) and row["assignment"] != assignment]
    return {(row["assignment"], row["student_id"]): row[NOTE] for row in noted}


def with_notes(rows: list[dict[str, str]], notes: Notes) -> list[dict[str, str]]:
    """All rows with their notes, and a row for each note that has none."""
    known = {(row["assignment"], row["student_id"]) for row in rows}
    rows = rows + [
        {"assignment": assignment, "student_id": student}
        for assignment, student in notes
        if (assignment, student) not in known
    ]
    for row in rows:
        row[NOTE] = notes.get((row["assignment"], row["student_id"]), "")
    return rows


def read(path: Path) -> list[dict[str, str]]:
    """The rows; a spreadsheet may have saved the table anew in the meantime."""
    text = decoded(path.read_bytes())
    return list(csv.DictReader(text.splitlines(keepends=True)))


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """A table with these columns; what a row lacks stays empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
