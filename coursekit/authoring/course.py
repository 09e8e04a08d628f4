"""Read course.toml, the one description of the course, and hold the lessons to it."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.lessons import Checked

FILE = "course.toml"
MINUTES = range(45, 91)
ABOUT = re.compile(
    r"Week (\d+) · notebook (\d+) of (\d+) · about (\d+) minutes · (\d+) points"
)


class CourseError(AuthoringError):
    """course.toml is wrong, or a lesson says something else."""


@dataclass(frozen=True)
class Entry:
    """An exercise: its id, its number in the week, the ids of those it needs."""

    id: str
    number: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Notebook:
    """A notebook that is written."""

    id: str
    title: str
    minutes: int
    points: int
    exercises: tuple[Entry, ...]


@dataclass(frozen=True)
class Week:
    """One week. `planned` holds the titles of notebooks that are not written yet."""

    number: int
    id: str
    title: str
    promise: str
    data: tuple[str, ...]
    notebooks: tuple[Notebook, ...]
    planned: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """The whole course."""

    title: str
    weeks: tuple[Week, ...]

    def notebooks(self) -> Iterator[tuple[Week, Notebook]]:
        """Every written notebook with its week, in order."""
        for week in self.weeks:
            for notebook in week.notebooks:
                yield week, notebook

    def data(self) -> list[str]:
        """The names of the data that the written weeks need."""
        return sorted({name for week, _ in self.notebooks() for name in week.data})


def read(path: Path) -> Course:
    """The course described in `path`.

    Raises CourseError for a missing or broken file, a wrong key, type or order.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path.name} cannot be read: {error}") from error
    only(table, {"title", "week"}, path.name)
    course = Course(
        take(table, "title", str, path.name),
        tuple(week(entry) for entry in tables(table, "week", path.name)),
    )
    check_order(course)
    return course


def week(table: dict[str, Any]) -> Week:
    """One [[week]]."""
    where = f"{FILE}, week {table.get('number', '?')}"
    known = {"number", "id", "title", "promise", "data", "notebook", "planned"}
    only(table, known, where)
    return Week(
        take(table, "number", int, where),
        take(table, "id", str, where),
        take(table, "title", str, where),
        take(table, "promise", str, where),
        words(table, "data", where),
        tuple(notebook(entry, where) for entry in tables(table, "notebook", where)),
        words(table, "planned", where),
    )


def notebook(table: dict[str, Any], where: str) -> Notebook:
    """One [[week.notebook]]."""
    where = f"{where}, notebook {table.get('id', '?')}"
    only(table, {"id", "title", "minutes", "points", "exercises"}, where)
    return Notebook(
        take(table, "id", str, where),
        take(table, "title", str, where),
        take(table, "minutes", int, where),
        take(table, "points", int, where),
        tuple(exercise(entry, where) for entry in tables(table, "exercises", where)),
    )


def exercise(table: dict[str, Any], where: str) -> Entry:
    """One entry of `exercises`."""
    where = f"{where}, exercise {table.get('id', '?')}"
    only(table, {"id", "number", "needs"}, where)
    return Entry(
        take(table, "id", str, where),
        take(table, "number", str, where),
        words(table, "needs", where),
    )


def only(table: dict[str, Any], known: set[str], where: str) -> None:
    """Refuse a key that means nothing."""
    if unknown := sorted(table.keys() - known):
        told = ", ".join(sorted(known))
        raise CourseError(f"{where}: unknown key {unknown[0]!r}; known are {told}.")


def take(table: dict[str, Any], key: str, kind: type, where: str) -> Any:  # noqa: ANN401
    """A value that must be there, a filled text or a number from 1."""
    value = table.get(key)
    if type(value) is not kind or not value or (isinstance(value, int) and value < 1):
        what = "a text" if kind is str else "a whole number from 1"
        raise CourseError(f"{where}: {key} must be {what}, not {value!r}.")
    return value


def words(table: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A list of texts; an empty one may be left out."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise CourseError(f"{where}: {key} must be a list of texts, not {value!r}.")
    return tuple(value)


def tables(table: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """A list of tables; an empty one may be left out."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise CourseError(f"{where}: {key} must be a list of tables.")
    return value


def check_order(course: Course) -> None:
    """Weeks are counted from 1, ids are used once, what is needed comes earlier."""
    known: set[str] = set()
    for number, week in enumerate(course.weeks, 1):
        if week.number != number or not week.id.startswith(f"week{number}_"):
            raise CourseError(
                f"{FILE}: week {number} must have number = {number} and an id that "
                f"starts with week{number}_, not {week.number} and {week.id!r}."
            )
        for entry in (e for notebook in week.notebooks for e in notebook.exercises):
            check_entry(entry, known)
            known.add(entry.id)


def check_entry(entry: Entry, known: set[str]) -> None:
    """One exercise against the ids of all before it."""
    if entry.id in known:
        raise CourseError(f"{FILE}: the exercise id {entry.id!r} is used twice.")
    for need in entry.needs:
        if need not in known:
            raise CourseError(
                f"{FILE}: {entry.id!r} needs {need!r}, but no earlier exercise has "
                "that id."
            )


def check_complete(course: Course, lessons: Sequence[Checked]) -> None:
    """Every notebook in course.toml has its lesson, every lesson its place there.

    Raises CourseError for the first that has not.
    """
    described = {f"{week.id}/{notebook.id}" for week, notebook in course.notebooks()}
    written = {f"{item.lesson.week}/{item.lesson.name}" for item in lessons}
    for name in sorted(described ^ written):
        place = "solutions/" if name in described else FILE
        raise CourseError(f"{name} is missing in {place}.")


def check_lessons(course: Course, lessons: Sequence[Checked]) -> None:
    """Lessons say what course.toml says; raises CourseError at the first difference."""
    described = {(week.id, note.id): (week, note) for week, note in course.notebooks()}
    numbers = exercise_numbers(course)
    for item in lessons:
        name = (item.lesson.week, item.lesson.name)
        if name not in described:
            raise CourseError(f"{item.lesson.file} is not in {FILE}: add it there.")
        week, notebook = described[name]
        check_lesson(week, notebook, item)
        check_needs(week, notebook, item, numbers)


def exercise_numbers(course: Course) -> dict[str, tuple[int, str]]:
    """Exercise id → (week, number)."""
    return {
        entry.id: (week.number, entry.number)
        for week, notebook in course.notebooks()
        for entry in notebook.exercises
    }


def check_lesson(week: Week, notebook: Notebook, item: Checked) -> None:
    """Title, first lines, exercises, points and minutes of one lesson."""
    lesson, exercises = item.lesson, item.exercises
    same(lesson.file, "title", notebook.title, lesson.title)
    same(lesson.file, "first lines", about(week, notebook), stated(item))
    wanted = [(entry.number, entry.id) for entry in notebook.exercises]
    same(lesson.file, "exercises", wanted, [(e.number, e.id) for e in exercises])
    same(lesson.file, "points", notebook.points, sum(e.points for e in exercises))
    check_minutes(lesson.file, notebook, exercises)


def about(week: Week, notebook: Notebook) -> str:
    """The line below a lesson's title."""
    place = week.notebooks.index(notebook) + 1
    total = len(week.notebooks) + len(week.planned)
    return (
        f"Week {week.number} · notebook {place} of {total} · about "
        f"{notebook.minutes} minutes · {notebook.points} points"
    )


def stated(item: Checked) -> str:
    """The line that stands there, or its form when there is none."""
    match = ABOUT.search(item.lesson.cells[0].source)
    return match[0] if match else "no such line in the first cell"


def check_minutes(
    file: str, notebook: Notebook, exercises: tuple[Exercise, ...]
) -> None:
    """A notebook takes 45 to 90 minutes, and its exercises fit in."""
    needed = sum(exercise.minutes for exercise in exercises)
    if notebook.minutes not in MINUTES:
        raise CourseError(f"{file}: {notebook.minutes} minutes; plan 45 to 90.")
    if needed > notebook.minutes:
        raise CourseError(
            f"{file}: its exercises take {needed} minutes, the whole notebook "
            f"{notebook.minutes}."
        )


def check_needs(
    week: Week,
    notebook: Notebook,
    item: Checked,
    numbers: dict[str, tuple[int, str]],
) -> None:
    """The headings name the same prerequisites as course.toml."""
    for entry, exercise in zip(notebook.exercises, item.exercises, strict=True):
        wanted = sorted(numbers[need] for need in entry.needs)
        said = sorted((number or week.number, name) for number, name in exercise.needs)
        same(item.lesson.file, f"prerequisites of {entry.number}", wanted, said)


def same(file: str, what: str, described: object, found: object) -> None:
    """Raise when course.toml and a lesson differ."""
    if described != found:
        raise CourseError(
            f"{file}: its {what} are {found!r}, but {FILE} says {described!r}. "
            "Change one of the two."
        )
