"""Where each topic of the course is taught: `# %% [markdown] topics="padding, stride"`.

The key stands in the header of the cell that holds the heading of a section; the words
are those that course.toml lists for the week. Notebooks do not carry them.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursekit.authoring.course import FILE, Course, CourseError, Week, in_order
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import Cell

# Links, code and emphasis are drawn, so that they are no part of an anchor.
MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|[`*]")


@dataclass(frozen=True)
class Place:
    """A section that teaches a topic.

    notebook: its path below notebooks/; anchor: JupyterLab's for the heading
    """

    week: int
    notebook: str
    heading: str
    anchor: str


def index(course: Course, lessons: Sequence[Lesson]) -> dict[str, list[Place]]:
    """Topic → the sections that teach it; all lessons and topics in their order."""
    found: dict[str, list[Place]] = {
        topic: [] for week in course.weeks for topic in week.topics
    }
    for week, lesson in in_order(course, lessons):
        for cell, topic in sections(lesson):
            found[topic].append(place(week, lesson, cell))
    return found


def place(week: Week, lesson: Lesson, cell: Cell) -> Place:
    """The section that begins in this cell."""
    heading = next(text for level, text in cell.headings() if level in (2, 3))
    return spot(week, lesson, heading)


def spot(week: Week, lesson: Lesson, heading: str) -> Place:
    """The section with this heading."""
    plain = MARKUP.sub(r"\1", heading)
    anchor = plain.replace(" ", "-")
    return Place(week.number, lesson.path.as_posix(), plain, anchor)


def check(course: Course, lessons: Sequence[Lesson]) -> None:
    """Each topic is one of its week's, and a finished week teaches all of its topics.

    Raises SourceError for a word that the week does not have and CourseError for a
    topic without a section.
    """
    taught: set[tuple[int, str]] = set()
    for week, lesson in in_order(course, lessons):
        for cell, topic in sections(lesson):
            if topic not in week.topics:
                raise cell.error(unknown(topic, week))
            taught.add((week.number, topic))
    for week in course.weeks:
        for topic in week.topics if week.notebooks and not week.planned else ():
            if (week.number, topic) not in taught:
                raise CourseError(
                    f"{FILE}, week {week.number}: no section has the topic {topic!r}. "
                    f'Write topics="{topic}" in the header above its heading.'
                )


def sections(lesson: Lesson) -> Iterator[tuple[Cell, str]]:
    """Each cell of a lesson with each of its topics."""
    for cell in lesson.cells:
        for topic in (cell.get("topics") or "").split(","):
            if topic:
                yield cell, topic.strip()


def unknown(topic: str, week: Week) -> str:
    """Why a topic is refused, with the word that was perhaps meant."""
    near = difflib.get_close_matches(topic, week.topics, 1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"{FILE} has no topic {topic!r} in week {week.number}.{meant}"
