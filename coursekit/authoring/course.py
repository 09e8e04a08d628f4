"""Read course.toml, what only the course knows, and hold the lessons to it.

Titles, points, minutes and exercises are read from the lessons.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import NAME

FILE = "course.toml"
MINUTES = range(45, 136)
ONE_SITTING = 90
SITTINGS = "two sittings"
BUILD = "Build: "  # so begins the title of an open build
# The ways in which a week may promise to teach a topic.
PROMISES = {
    "graded": "a graded exercise",
    "by_hand": "an exercise judged by hand",
    "shown": "a demonstration",
    "explorer": "an explorer",
    "full_size": "a full-size run",
}


class CourseError(AuthoringError):
    """course.toml is wrong, or a lesson says something else."""


@dataclass(frozen=True)
class Week:
    """One week.

    notebooks: the names of its lessons, such as "2_operator", in order
    planned: the titles of notebooks that are not written yet
    topics: what it teaches, in the words of an index
    promised: a key of `PROMISES` → the topics that are taught in this way
    """

    number: int
    id: str
    title: str
    promise: str
    data: tuple[str, ...]
    topics: tuple[str, ...]
    notebooks: tuple[str, ...]
    planned: tuple[str, ...]
    promised: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Course:
    """What course.toml says."""

    title: str
    weeks: tuple[Week, ...]


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
    only(table, set(Week.__dataclass_fields__), where)
    return Week(
        number=take(table, "number", int, where),
        id=take(table, "id", str, where),
        title=take(table, "title", str, where),
        promise=take(table, "promise", str, where),
        data=words(table, "data", where),
        topics=words(table, "topics", where),
        notebooks=words(table, "notebooks", where),
        planned=words(table, "planned", where),
        promised=promised(table, where),
    )


def promised(table: dict[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    """The table [week.promised]; it may be left out."""
    value = table.get("promised", {})
    if not isinstance(value, dict):
        raise CourseError(f"{where}: promised must be a table, not {value!r}.")
    only(value, set(PROMISES), f"{where}, promised")
    return {kind: words(value, kind, f"{where}, promised") for kind in value}


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
    """Weeks are counted from 1, and notebooks within a week."""
    for number, week in enumerate(course.weeks, 1):
        if week.number != number or not week.id.startswith(f"week{number}_"):
            raise CourseError(
                f"{FILE}: week {number} must have number = {number} and an id that "
                f"starts with week{number}_, not {week.number} and {week.id!r}."
            )
        check_places(week)


def check_places(week: Week) -> None:
    """Names rise from 1; those of planned notebooks may be left free for now."""
    last, total = 0, len(week.notebooks) + len(week.planned)
    for name in week.notebooks:
        number = int(name.split("_")[0]) if NAME.fullmatch(name) else 0
        if not last < number <= total:
            raise CourseError(
                f"{FILE}, week {week.number}: {name!r} must be named like "
                f"{last + 1}_small_letters, with a number up to {total}."
            )
        last = number


def check_complete(course: Course, lessons: Sequence[Lesson]) -> None:
    """Every notebook in course.toml has its lesson, every lesson its place there.

    Raises CourseError for the first that has not.
    """
    described = {
        f"{week.id}/{name}" for week in course.weeks for name in week.notebooks
    }
    written = {f"{lesson.week}/{lesson.name}" for lesson in lessons}
    for name in sorted(described ^ written):
        place = "solutions/" if name in described else FILE
        raise CourseError(f"{name} is missing in {place}.")


def in_order(course: Course, lessons: Sequence[Lesson]) -> list[tuple[Week, Lesson]]:
    """All lessons of the course with their weeks, first to last."""
    found = {(lesson.week, lesson.name): lesson for lesson in lessons}
    return [
        (week, found[week.id, name]) for week in course.weeks for name in week.notebooks
    ]


def check_lessons(course: Course, lessons: Sequence[Lesson]) -> None:
    """All lessons of the course agree with course.toml and with each other.

    Raises CourseError, or SourceError which names the cell, at the first mistake.
    """
    check_complete(course, lessons)
    ids: dict[str, str] = {}
    numbers: set[tuple[int, str]] = set()
    for week, lesson in in_order(course, lessons):
        check_about(week, lesson)
        check_minutes(lesson)
        for exercise in lesson.exercises:
            check_id(exercise, lesson.file, ids)
            check_needs(exercise, week.number, numbers)
            numbers.add((week.number, exercise.number))


def check_about(week: Week, lesson: Lesson) -> None:
    """The line below the title agrees with course.toml and with the exercises."""
    total = len(week.notebooks) + len(week.planned)
    wanted = (
        f"Week {week.number} · notebook {lesson.chapter} of {total} · about "
        f"{lesson.minutes} minutes · {lesson.points} points"
    )
    if lesson.about != wanted:
        raise CourseError(
            f"{lesson.file}: below its title stands {lesson.about!r}; by {FILE} and by "
            f"the points of its exercises it must be {wanted!r}."
        )


def check_minutes(lesson: Lesson) -> None:
    """A notebook takes 45 to 135 minutes, and its exercises fit in.

    One that takes more than 90 says at its start where to have a break. An open build
    may be for another evening.
    """
    needed = sum(e.minutes for e in lesson.exercises if not e.title.startswith(BUILD))
    if lesson.minutes not in MINUTES:
        raise CourseError(f"{lesson.file}: {lesson.minutes} minutes; plan 45 to 135.")
    if lesson.minutes > ONE_SITTING and SITTINGS not in opening(lesson):
        raise CourseError(
            f"{lesson.file}: {lesson.minutes} minutes are too many for one sitting. "
            f"Say above the first code cell that it takes {SITTINGS}, and where the "
            f"break is, or shorten it to {ONE_SITTING}."
        )
    if needed > lesson.minutes:
        raise CourseError(
            f"{lesson.file}: its exercises take {needed} minutes, the whole notebook "
            f"{lesson.minutes}."
        )


def opening(lesson: Lesson) -> str:
    """What stands above the first code cell, each space or line end as one space."""
    prose = takewhile(lambda cell: not cell.is_code, lesson.cells)
    return " ".join(word for cell in prose for word in cell.source.split())


def check_id(exercise: Exercise, file: str, ids: dict[str, str]) -> None:
    """No other exercise of the course has the id; `ids` maps those before to files."""
    if other := ids.get(exercise.id):
        raise exercise.answer.error(
            f"the id {exercise.id!r} is used already in {other}. Choose another."
        )
    ids[exercise.id] = file


def check_needs(exercise: Exercise, week: int, earlier: set[tuple[int, str]]) -> None:
    """What an exercise needs comes before it; `earlier` holds (week, number)."""
    for other, number in exercise.needs:
        if (other or week, number) not in earlier:
            raise exercise.cells[0].error(
                f"it needs {number}, but no earlier exercise of week {other or week} "
                "has that number."
            )
