"""The table of the weeks in README.md, made from course.toml and the lessons."""

from collections.abc import Sequence
from pathlib import Path

from coursekit.authoring.course import Course, Week, in_order
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson

BEGIN, END = "<!-- map:begin -->", "<!-- map:end -->"


def table(course: Course, lessons: Sequence[Lesson], folder: str = "notebooks/") -> str:
    """The weeks as a markdown table; written notebooks are links.

    folder: where they lie, as seen from the page with the table
    """
    ordered = in_order(course, lessons)
    rows = [
        row(week, [lesson for its, lesson in ordered if its is week], folder)
        for week in course.weeks
    ]
    head = ["| Week | What you will learn | Notebooks | Time | Points |"]
    return "\n".join([*head, "|:---|:---|:---|---:|---:|", *rows])


def row(week: Week, lessons: Sequence[Lesson], folder: str) -> str:
    """One week with its lessons in order."""
    links = [
        f"[{lesson.title}]({folder}{lesson.path.as_posix()})" for lesson in lessons
    ]
    planned = [f"*planned:* {' · '.join(week.planned)}"] if week.planned else []
    cells = [
        f"**{week.number} · {week.title}**",
        week.promise,
        "<br>".join(links + planned),
        hours(sum(lesson.minutes for lesson in lessons)),
        str(sum(lesson.points for lesson in lessons) or "–"),
    ]
    return f"| {' | '.join(cells)} |"


def hours(minutes: int) -> str:
    """250 → "4 h 10"."""
    return f"{minutes // 60} h {minutes % 60:02}" if minutes else "–"


def insert(text: str, course: Course, lessons: Sequence[Lesson]) -> str:
    """`text` with the table between its two marks renewed.

    Raises AuthoringError when the marks are not there once each, in order.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in tail:
        raise AuthoringError(
            f"README.md must hold {BEGIN} and, below it, {END}, once each."
        )
    return f"{head}{BEGIN}\n{table(course, lessons)}\n{END}{tail}"


def update(readme: Path, course: Course, lessons: Sequence[Lesson]) -> None:
    """Renew the table in README.md."""
    old = readme.read_text(encoding="utf-8")
    new = insert(old, course, lessons)
    if new != old:
        readme.write_text(new, encoding="utf-8")
