"""The map of the course: what is taught where, and what it needs.

    atlas.find("padding")     # the sections that teach it
    atlas.needs()             # notebook → the notebooks that it needs
    atlas.exercises()         # exercise → title, points, minutes, what it needs
    atlas.page()              # all of it on a page, as Markdown

`atlas.json` is made of the lessons when the notebooks are built; nobody types it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Notebook:
    """A lesson. needs: "week 3, notebook 1", or "week 3" for the whole of a week.

    path: where it lies below `notebooks`
    """

    name: str
    week: int
    number: int
    title: str
    week_title: str
    path: str
    minutes: int
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Exercise:
    """An exercise. needs: the names of others, such as "1.3 (week 2)".

    id: by which its check knows it; checked: False where a person reads the answer
    """

    name: str
    id: str
    checked: bool
    notebook: str
    title: str
    points: int
    minutes: int
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A section and its ideas. needs: exercises, weeks and notebooks it leans on."""

    notebook: str
    heading: str
    ideas: tuple[str, ...]
    needs: tuple[str, ...]


def notebooks() -> dict[str, Notebook]:
    """Name, such as "week 3, notebook 1", → the notebook; in the course's order."""
    return {
        name(one): Notebook(
            name=name(one),
            week=one["week"],
            number=one["number"],
            title=one["title"],
            week_title=one["week_title"],
            path=one["path"],
            minutes=one["minutes"],
            needs=tuple(one["needs"]),
        )
        for one in stored()
    }


def exercises() -> dict[str, Exercise]:
    """Name, such as "1.3 (week 2)", → the exercise; in the course's order."""
    return {
        each["name"]: Exercise(
            name=each["name"],
            id=each["id"],
            checked=each["checked"],
            notebook=name(one),
            title=each["title"],
            points=each["points"],
            minutes=each["minutes"],
            needs=tuple(each["needs"]),
        )
        for one in stored()
        for each in one["exercises"]
    }


def sections() -> list[Section]:
    """All sections that teach something, in the course's order."""
    return [
        Section(name(one), each["heading"], tuple(each["topics"]), tuple(each["needs"]))
        for one in stored()
        for each in one["sections"]
    ]


def needs() -> dict[str, list[str]]:
    """Notebook → the notebooks that it needs directly; a whole week is all of its."""
    known = notebooks()
    return {
        one.name: [
            other.name
            for other in known.values()
            if other.name in one.needs or f"week {other.week}" in one.needs
            if (other.week, other.number) < (one.week, one.number)
        ]
        for one in known.values()
    }


def find(words: str) -> list[Section]:
    """The sections with an idea in which these words stand."""
    wanted = words.casefold()
    return [
        section
        for section in sections()
        if any(wanted in idea.casefold() for idea in section.ideas)
    ]


def where(words: str) -> str:
    """In words: the first section that teaches it, or that none does."""
    found = find(words)
    exact: Sequence[Section] = [one for one in found if words in one.ideas]
    if not found:
        return "in no section"
    section = (exact or found)[0]
    return f"{section.notebook}: {section.heading}"


def page() -> str:
    """The whole map in Markdown: a table for each week, which opens with a click."""
    weeks = dict.fromkeys(one.week for one in notebooks().values())
    return "\n\n".join(
        f"<details><summary>Week {week}</summary>\n\n{table(week)}\n\n</details>"
        for week in weeks
    )


def table(week: int) -> str:
    """What a week teaches, as a table in Markdown: idea, place, what it leans on."""
    known = notebooks()
    rows = [
        f"| {idea} | {one.notebook}: {one.heading} | {', '.join(one.needs)} |"
        for one in sections()
        if known[one.notebook].week == week
        for idea in one.ideas
    ]
    return "\n".join(["| Idea | Where | Leans on |", "|:---|:---|:---|", *rows])


def name(notebook: dict[str, Any]) -> str:
    """What a notebook is called in the lessons."""
    return f"week {notebook['week']}, notebook {notebook['number']}"


@cache
def stored() -> list[dict[str, Any]]:
    """The content of `atlas.json`."""
    return json.loads((files("coursekit") / "atlas.json").read_text("utf-8"))
