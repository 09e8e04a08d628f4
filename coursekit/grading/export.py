"""grades.csv: nbgrader's own table, and why work was not graded."""

import csv
import os
from pathlib import Path

from nbgrader.plugins import CsvExportPlugin

from coursekit.grading import gradebook

GRADES = "grades.csv"
NOTE = "note"

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
        CsvExportPlugin(to=str(partial)).export(book)
    columns, rows = read(partial)
    write(partial, [*columns, NOTE], with_notes(rows, notes))
    os.replace(partial, path)


def kept(path: Path, assignment: str) -> Notes:
    """The notes of the last time, but for those on this assignment."""
    rows = read(path)[1] if path.is_file() else []
    noted = [row for row in rows if row.get(NOTE) and row["assignment"] != assignment]
    noted = [row for row in noted if not gradebook.false_name(row["assignment"])]
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


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The names of the columns, and the rows."""
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        rows = list(table)
    return list(table.fieldnames or []), rows


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """A table with these columns; what a row lacks stays empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
