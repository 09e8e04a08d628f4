"""The class list of a spreadsheet, put into nbgrader's gradebook."""

import csv
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path

from coursekit.grading import gradebook, student_names
from coursekit.grading.text_file import decoded, shown

COLUMNS = "id (which must be there), first_name, last_name, email"
# Other words that lists have for the columns, in small letters and without signs.
HEADERS = {
    "id": {"id", "studentid", "student", "username", "userid", "login", "user"},
    "first_name": {"firstname", "givenname", "forename", "vorname", "prénom"},
    "last_name": {"lastname", "surname", "familyname", "nachname", "nom"},
    "email": {"email", "mail", "emailaddress"},
}
SPREADSHEETS = (b"PK", b"\xd0\xcf\x11\xe0")
SHORTENED = re.compile(r"\d+([.,]\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Student:
    """One line of a class list; what it does not say is ""."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Changes:
    """What became of the gradebook, by ids; `others` are in no line of the list."""

    added: list[str]
    changed: list[str]
    same: list[str]
    others: list[str]

    def __str__(self) -> str:
        told = f"{len(self.added)} added, {len(self.changed)} changed, "
        told += f"{len(self.same)} as before."
        if self.others:
            told += f" Also in the gradebook, and left there: {', '.join(self.others)}."
        return told


def enrol(root: Path, students: list[Student]) -> Changes:
    """Put students into the gradebook. What a line leaves empty stays as it was.

    Raises GradingError.
    """
    known = gradebook.students(root)
    changes = Changes([], [], [], list(known))
    with gradebook.opened(root) as book:
        for student in students:
            name = student_names.match(student.id, known)
            facts = {key: fact for key, fact in asdict(student).items() if fact}
            del facts["id"]
            if name is None:
                changes.added.append(student.id)
            else:
                person = book.find_student(name)
                new = any(getattr(person, key) != fact for key, fact in facts.items())
                (changes.changed if new else changes.same).append(name)
                changes.others.remove(name)
            book.update_or_create_student(name or student.id, **facts)
    return changes


def read(path: Path) -> list[Student]:
    """The students in a CSV file, as spreadsheets of all countries write them.

    Raises ValueError with what is wrong and in which line; OSError.
    """
    data = path.read_bytes()
    if data.startswith(SPREADSHEETS):
        raise ValueError(f"{path.name} is a spreadsheet: save it as CSV first.")
    lines = [*table(decoded(data))]
    if not lines:
        raise ValueError(f"{path.name} is empty. Its columns are {COLUMNS}.")
    columns = [column(name) for name in lines[0][1]]
    double = {name for name in columns if name and columns.count(name) > 1}
    if "id" not in columns or double:
        raise ValueError(
            f"the first line of {path.name} must name the columns, each once: "
            f"{COLUMNS}. It says: {shown(', '.join(lines[0][1]))}."
        )
    students = [(number, student(number, columns, row)) for number, row in lines[1:]]
    refuse_doubles(students)
    return [found for _, found in students]


def table(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with its line; the first are the columns."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.lstrip("\n").partition("\n")
    start = 1 + len(text) - len(text.lstrip("\n"))
    if told := re.fullmatch(r'"?sep=(.)"?', first.strip(), re.IGNORECASE):
        separator, body, start = told[1], rest, start + 1
    else:
        separator, body = max(";\t,", key=first.count), text.lstrip("\n")
    reader = csv.reader(StringIO(body), delimiter=separator, skipinitialspace=True)
    try:
        for row in reader:
            if any(map(str.strip, row)):
                yield start + reader.line_num - 1, [field.strip() for field in row]
    except csv.Error as error:
        raise ValueError(f"line {start + reader.line_num}: {error}.") from error


def column(header: str) -> str:
    """Which column a header means; "" for one that is not used."""
    plain = re.sub(r"[\s_\-.#]", "", header).lower()
    return next((name for name, words in HEADERS.items() if plain in words), "")


def student(number: int, columns: list[str], row: list[str]) -> Student:
    """One line of the list. Raises ValueError."""
    if any(row[len(columns) :]):
        raise ValueError(
            f"line {number} has more fields than the first line has columns: a name "
            "with a comma in it must stand in quotes."
        )
    facts = {key: fact for key, fact in zip(columns, row, strict=False) if key}
    name = facts["id"] = student_names.key(facts.get("id", ""))
    if not name:
        raise ValueError(f"line {number} has no id.")
    if SHORTENED.fullmatch(name):
        raise ValueError(
            f"line {number}: a spreadsheet has shortened the number {name}. Format the "
            "column as text, enter the ids again and save it."
        )
    if rule := student_names.problem(name):
        raise ValueError(f"line {number}: {shown(name)!r} cannot be an id. {rule}")
    return Student(**facts)


def refuse_doubles(students: list[tuple[int, Student]]) -> None:
    """Raises ValueError when two lines have one id."""
    seen: dict[str, int] = {}
    for number, found in students:
        if found.id in seen:
            raise ValueError(
                f"lines {seen[found.id]} and {number} have the same id {found.id!r}. "
                "Nothing was changed."
            )
        seen[found.id] = number


def named(names: list[str]) -> list[Student]:
    """Students of whom only the ids are given. Raises ValueError."""
    for name in names:
        if rule := student_names.problem(name):
            raise ValueError(f"{shown(name)!r} cannot be an id. {rule}")
    return [Student(student_names.key(name)) for name in dict.fromkeys(names)]
