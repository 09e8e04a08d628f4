"""What the syllabus promises, and where it is kept: `docs/coverage.md`.

course.toml says of some topics in which way they are taught: practised in a graded
exercise, judged by hand, shown in a demonstration, moved in an explorer, run at full
size. Here each promise is held against the sections that have the topic.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring import topics
from coursekit.authoring.atlas_file import exercises_in, taught
from coursekit.authoring.course import (
    FILE,
    PROMISES,
    Course,
    CourseError,
    Week,
    in_order,
)
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import Cell

TARGET = "docs/coverage.md"
HEAD = "| Topic | Where | Exercises | Kept |"
SHOWS = re.compile(r"\b(?:plots\.show|print|Markdown)\(")
FULL_SIZE = re.compile(r"\btable\(|^\|.*\b(?:ours|paper)\b|\bour run\b", re.M | re.I)


@dataclass(frozen=True)
class Section:
    """A section with topics, and what stands in it."""

    place: topics.Place
    topics: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    cells: tuple[Cell, ...]

    def has(self, kind: str) -> bool:
        """Whether it keeps a promise of this kind, a key of `PROMISES`."""
        return EVIDENCE[kind](self)

    def code(self) -> Iterator[str]:
        """The code that the lesson itself runs: no answers, no checks."""
        for cell in self.cells:
            if cell.is_code and not (cell.get("exercise") or cell.get("check")):
                yield cell.source


EVIDENCE: Mapping[str, Callable[[Section], bool]] = {
    "graded": lambda one: any(each.kind != "manual" for each in one.exercises),
    "by_hand": lambda one: any(each.kind == "manual" for each in one.exercises),
    "shown": lambda one: any(SHOWS.search(code) for code in one.code()),
    "explorer": lambda one: any("explore." in code for code in one.code()),
    "full_size": lambda one: any(FULL_SIZE.search(cell.source) for cell in one.cells),
}


def sections(course: Course, lessons: Sequence[Lesson]) -> list[Section]:
    """All sections with topics, in the course's order."""
    return [
        section(week, lesson, cells)
        for week, lesson in in_order(course, lessons)
        for cells in taught(lesson)
    ]


def section(week: Week, lesson: Lesson, cells: Sequence[Cell]) -> Section:
    """One section: its cells, from the heading to the next section with topics."""
    return Section(
        topics.place(week, lesson, cells[0]),
        tuple(word.strip() for word in cells[0].get("topics").split(",")),
        tuple(exercises_in(lesson, cells)),
        tuple(cells),
    )


def check(course: Course, lessons: Sequence[Lesson]) -> None:
    """Every promise of a finished week is kept.

    Raises CourseError for a topic that the week does not list, and for one that no
    section teaches in the way that is promised.
    """
    found = sections(course, lessons)
    for week in course.weeks:
        for kind, topic in promises(week):
            if topic not in week.topics:
                raise CourseError(topics.unknown(topic, week))
            own = [one for one in of(found, week) if topic in one.topics]
            if not (week.planned or any(one.has(kind) for one in own)):
                raise CourseError(
                    f"{FILE}, week {week.number}: {topic!r} is promised as "
                    f"{kind!r}, but no section that teaches it has {PROMISES[kind]}."
                )


def promises(week: Week) -> Iterator[tuple[str, str]]:
    """(kind, topic) of each promise of a week."""
    for kind, words in week.promised.items():
        for topic in words:
            yield kind, topic


def of(found: Sequence[Section], week: Week) -> list[Section]:
    """The sections of a week."""
    return [one for one in found if one.place.week == week.number]


def page(course: Course, lessons: Sequence[Lesson]) -> str:
    """The page for instructors: a table for each week."""
    found = sections(course, lessons)
    parts = [
        "# What is taught where",
        "Made of `course.toml` and the lessons by `python -m coursekit build`, which "
        "fails when a topic has no section, or when a promise is not kept.",
        *(table(week, of(found, week)) for week in course.weeks if week.notebooks),
    ]
    return "\n\n".join(parts) + "\n"


def table(week: Week, found: Sequence[Section]) -> str:
    """The topics of one week with their sections, exercises and kept promises."""
    rows = [row(topic, week, found) for topic in week.topics]
    head = [f"## Week {week.number} · {week.title}", "", HEAD, "|:---|:---|:---|:---|"]
    return "\n".join([*head, *rows])


def row(topic: str, week: Week, found: Sequence[Section]) -> str:
    """One topic."""
    own = [one for one in found if topic in one.topics]
    numbers = [each.number for one in own for each in one.exercises]
    kept = [PROMISES[kind] for kind, promised in promises(week) if promised == topic]
    cells = [
        topic,
        "<br>".join(link(one.place, "../notebooks/") for one in own),
        ", ".join(numbers),
        ", ".join(kept),
    ]
    return f"| {' | '.join(cells)} |"


def link(place: topics.Place, before: str = "") -> str:
    """A link in Markdown to a section; on GitHub, which has no anchors, to its file."""
    number = Path(place.notebook).name.split("_")[0]
    text = f"{place.week}.{number} {place.heading}".replace("|", r"\|")
    return f"[{text}]({before}{place.notebook}#{place.anchor})"


def write(target: Path, course: Course, lessons: Sequence[Lesson]) -> None:
    """Renew `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(course, lessons), encoding="utf-8")
