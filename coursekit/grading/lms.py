"""Points for a learning platform: its own exported table, with a column filled in.

Canvas and Moodle both export the class as CSV and read it back. Canvas knows people by
ID, SIS User ID or SIS Login ID, and may have a second line with the points possible;
Moodle by username, ID number or e-mail address.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading import class_list, export, gradebook, student_names
from coursekit.grading.text_file import decoded

# Columns that may name a person, in small letters without signs.
PERSON = {
    *("id", "sisuserid", "sisloginid", "username", "idnumber", "integrationid"),
    *("emailaddress", "email", "studentid"),
}
POSSIBLE = "points possible"
ENDING = ".filled.csv"


@dataclass(frozen=True)
class Filled:
    """What became of the platform's table.

    given: how many got points; missing: students with points whom no line names;
    without: how many lines stay empty
    """

    path: Path
    column: str
    given: int
    missing: list[str]
    without: int

    def __str__(self) -> str:
        told = f"{self.path.name}: {self.given} got points in the column {self.column}"
        told += f", {self.without} stay as they were." if self.without else "."
        if self.missing:
            told += f" In no line of the table: {', '.join(self.missing)}."
        return told


@dataclass(frozen=True)
class Points:
    """What one student got; `email` is "" where the class list has none."""

    student: str
    email: str
    points: str
    of: str


def fill(root: Path, table: Path, assignment: str, column: str = "") -> Filled:
    """Write a copy of the platform's table with the points of one assignment.

    column: its heading; one of this name, or of this name and a number in brackets as
    Canvas writes, is filled, else a new one added. By default the assignment's name.
    Who was not graded stays as before. Raises ValueError, GradingError, OSError.
    """
    points = earned(root, assignment) if (root / gradebook.DATABASE).exists() else []
    if not points:
        raise ValueError(f"nobody has points for {assignment} yet. Grade it first.")
    head, rows = read(table)
    place = where(head, column or assignment)
    people = [number for number, name in enumerate(head) if plain(name) in PERSON]
    if not people:
        raise ValueError(
            f"no column of {table.name} says who somebody is: Canvas exports ID and "
            "SIS Login ID, Moodle Username, ID number and Email address."
        )
    if place == len(head):
        head = [*head, column or assignment]
        rows = [[*row, ""] for row in rows]
    found = filled(rows, people, place, points)
    path = table.with_name(table.stem + ENDING)
    write(path, head, rows)
    missing = [one.student for one in points if one.student not in found]
    others = sum(not is_possible(row) for row in rows) - len(found)
    return Filled(path, head[place], len(found), missing, others)


def earned(root: Path, assignment: str) -> list[Points]:
    """Who got how much in the gradebook; who has nothing there is not in the list."""
    with gradebook.opened(root) as book:
        rows = [
            export.row(book, book.find_assignment(assignment), student)
            for student in book.students
            if gradebook.find(book, assignment, student.id)
        ]
    return [
        Points(row["student_id"], row["email"], row["score"], row["max_score"])
        for row in rows
    ]


def read(table: Path) -> tuple[list[str], list[list[str]]]:
    """The heading and the lines of a table, all as long as the heading."""
    lines = [row for _, row in class_list.table(decoded(table.read_bytes()))]
    if not lines:
        raise ValueError(f"{table.name} is empty: export it from the platform again.")
    head, *rows = lines
    if wide := [row for row in rows if len(row) > len(head)]:
        raise ValueError(f"a line of {table.name} has too many fields: {wide[0][0]}.")
    return head, [row + [""] * (len(head) - len(row)) for row in rows]


def where(head: Sequence[str], column: str) -> int:
    """The number of the column with this heading; len(head) when there is none."""
    wanted = re.compile(rf"{re.escape(column)}( \(\d+\))?", re.IGNORECASE)
    found = [number for number, name in enumerate(head) if wanted.fullmatch(name)]
    if len(found) > 1:
        raise ValueError(f"several columns are called {column}: name one in full.")
    return found[0] if found else len(head)


def filled(
    rows: list[list[str]], people: Sequence[int], place: int, points: Sequence[Points]
) -> set[str]:
    """Write points into the lines of their students; whom it has found."""
    known = {student_names.key(one.student).casefold(): one for one in points}
    known |= {one.email.casefold(): one for one in points if one.email}
    found: set[str] = set()
    for row in rows:
        if is_possible(row):
            row[place] = row[place] or points[0].of
            continue
        names = {student_names.key(row[number]).casefold() for number in people}
        here = {known[name].student: known[name] for name in names if name in known}
        if len(here) > 1 or found & here.keys():
            who = ", ".join(sorted(here))
            raise ValueError(f"not clear who is meant by a line of the table: {who}.")
        for student, one in here.items():
            row[place] = one.points
            found.add(student)
    return found


def is_possible(row: Sequence[str]) -> bool:
    """Whether a line is Canvas's second one, which holds the points possible."""
    return bool(row) and row[0].strip().casefold() == POSSIBLE


def plain(name: str) -> str:
    """A heading in small letters, without signs."""
    return re.sub(r"[\W_]", "", name).lower()


def write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    """A table as both platforms read it: commas, UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
