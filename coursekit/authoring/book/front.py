"""The front page and the page of each week."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring import student
from coursekit.authoring.book import words
from coursekit.authoring.book.words import Names
from coursekit.authoring.course import Course, Week, in_order
from coursekit.authoring.course_map import hours
from coursekit.authoring.lessons import Lesson

ZIP = Path(student.ZIP).name
# What a lesson says at its beginning of what comes out of it.
GOALS = re.compile(
    r"^\*\*When you are done, you can\*\*\n\n(?:(?:- |  ).*(?:\n|\Z))+", re.M
)
BESIDE = ("map", "ideas", "glossary", "exercises", "networks", "papers")


@dataclass(frozen=True)
class Card:
    """A week as the front page shows it."""

    week: Week
    lessons: tuple[Lesson, ...]

    @property
    def minutes(self) -> int:
        """Of the sittings of all its lessons."""
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def facts(self) -> str:
        """How much there is, and how long it takes."""
        points = sum(lesson.points for lesson in self.lessons)
        count = len(self.lessons)
        lessons = "1 lesson" if count == 1 else f"{count} lessons"
        return f"{lessons} · {hours(self.minutes)} · {points} points"


def cards(course: Course, lessons: Sequence[Lesson], known: Names) -> list[Card]:
    """The weeks of which this book has lessons, with those."""
    found = [
        (week, lesson)
        for week, lesson in in_order(course, lessons)
        if lesson.path.with_suffix("").as_posix() in known.pages
    ]
    own = {
        week.number: tuple(lesson for its, lesson in found if its is week)
        for week in course.weeks
    }
    return [Card(week, own[week.number]) for week in course.weeks if own[week.number]]


def front(title: str, found: Sequence[Card], widget: str, beside: Sequence[str]) -> str:
    """The page that makes one want to begin.

    widget: something to move; beside: the pages that stand beside the lessons
    """
    first = found[0].lessons[0].path.with_suffix("").as_posix()
    hero = HERO.format(first=first)
    weeks = "".join(shown(one) for one in found)
    trees = [tree("Weeks", (f"{one.week.id}/index" for one in found))]
    trees.append(tree("Beside the lessons", ("begin", *beside)))
    return "\n\n".join(
        [
            f"---\nhide-toc: true\n---\n\n# {title}",
            hero,
            WIDGET.format(widget=widget),
            "## The weeks",
            f'<div class="weeks">{weeks}</div>',
            *trees,
        ]
    )


HERO = (
    '<p class="lead">From the first sliding window to style transfer: predict, run, '
    "derive, and then write the thing yourself. Your answers are checked while you "
    "work, with messages that speak about your mistake.</p>"
    '<p class="ways"><a class="first" href="{first}.html">Read the first lesson</a>'
    '<a href="begin.html">Get the notebooks</a><a href="map.html">See the map</a></p>'
)
WIDGET = (
    '<section class="try-it" aria-labelledby="try-it">'
    '<h2 id="try-it">This is all there is to it</h2>'
    "<p>A kernel slides over an image, multiplies what lies under it, and adds up. "
    "Move it with the mouse or the arrow keys, or press Play. Everything else in this "
    "course grows from here.</p>{widget}</section>"
)


def shown(one: Card) -> str:
    """A week on the front page."""
    week = one.week
    return (
        f'<a class="week" href="{week.id}/index.html">'
        f'<img src="_static/weeks/week{week.number}.webp" alt="" width="480" '
        'height="270" loading="lazy">'
        f'<span class="number">Week {week.number}</span>'
        f"<strong>{html.escape(week.title)}</strong>"
        f"<span>{html.escape(week.promise)}</span>"
        f'<span class="facts">{one.facts}</span></a>'
    )


def tree(caption: str, pages: Iterator[str] | tuple[str, ...]) -> str:
    """A part of the contents at the left."""
    lines = "\n".join(pages)
    return f":::{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n:::"


def week_page(one: Card, known: Names) -> str:
    """The page of a week: its promise and its lessons."""
    week = one.week
    entries = "\n".join(
        f"{week.number}.{lesson.chapter} {lesson.title} </{lesson.path.as_posix()}>"
        for lesson in one.lessons
    )
    return "\n\n".join(
        [
            f"# Week {week.number} · {week.title}",
            f"{{.facts}}\n{one.facts}",
            f'<p class="lead">{html.escape(week.promise)}</p>',
            f'<img class="week-picture" src="../_static/weeks/week{week.number}.webp" '
            'alt="" width="480" height="270">',
            *(described(week, lesson, known) for lesson in one.lessons),
            "**What it is about.** " + " · ".join(week.topics),
            f":::{{toctree}}\n:hidden:\n\n{entries}\n:::",
        ]
    )


def described(week: Week, lesson: Lesson, known: Names) -> str:
    """A lesson on the page of its week: what one can do afterwards."""
    title = f"{week.number}.{lesson.chapter} {lesson.title}"
    goals = GOALS.search(lesson.cells[0].source)
    page = lesson.path.with_suffix("").as_posix()
    return "\n\n".join(
        [
            f"## [{title}](/{lesson.path.as_posix()})",
            f"{{.facts}}\n{hours(lesson.minutes)} · {lesson.points} points",
            *([words.prose(goals[0], page, known)] if goals else []),
        ]
    )


def begin(folder: Path, repository: str, zipped: bool) -> str:
    """How to get the notebooks, in the words of `book/begin.md`.

    zipped: whether the students' zip lies in the site
    """
    text = (folder / "begin.md").read_text(encoding="utf-8")
    if zipped:
        text = text.replace("the course,", f'<a href="{ZIP}" download>the course</a>,')
    return text + COLAB.format(repository=repository) if repository else text


COLAB = """
## In a browser, without installing

*Open in Colab* and *Open in Binder* stand at the top of every lesson. Binder prepares
everything itself, which takes some minutes. In Colab, run this in a first cell:

```
!pip install -q git+https://github.com/{repository}
```
"""
