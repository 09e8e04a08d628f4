"""The table of the weeks in README.md, made from course.toml."""

from pathlib import Path

from coursekit.authoring.course import Course, Week
from coursekit.authoring.errors import AuthoringError

BEGIN, END = "<!-- map:begin -->", "<!-- map:end -->"


def table(course: Course) -> str:
    """The weeks as a markdown table; written notebooks are links."""
    rows = [row(week) for week in course.weeks]
    head = ["| Week | What you will learn | Notebooks | Time | Points |"]
    return "\n".join([*head, "|---|---|---|---|---|", *rows])


def row(week: Week) -> str:
    """One week."""
    links = [
        f"[{notebook.title}](notebooks/{week.id}/{notebook.id}.ipynb)"
        for notebook in week.notebooks
    ]
    planned = [f"*planned:* {' · '.join(week.planned)}"] if week.planned else []
    cells = [
        f"**{week.number} · {week.title}**",
        week.promise,
        "<br>".join(links + planned),
        hours(sum(notebook.minutes for notebook in week.notebooks)),
        str(sum(notebook.points for notebook in week.notebooks) or "–"),
    ]
    return f"| {' | '.join(cells)} |"


def hours(minutes: int) -> str:
    """250 → "4 h 10"."""
    return f"{minutes // 60} h {minutes % 60:02}" if minutes else "–"


def insert(text: str, course: Course) -> str:
    """`text` with the table between its two marks renewed.

    Raises AuthoringError when the marks are not there once each, in order.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in tail:
        raise AuthoringError(
            f"README.md must hold {BEGIN} and, below it, {END}, once each."
        )
    return f"{head}{BEGIN}\n{table(course)}\n{END}{tail}"


def update(readme: Path, course: Course) -> None:
    """Renew the table in README.md."""
    old = readme.read_text(encoding="utf-8")
    new = insert(old, course)
    if new != old:
        readme.write_text(new, encoding="utf-8")
