"""Which exercise each graded cell of a notebook belongs to, and what came of it.

Number and title stand in the Markdown above the answer: "### Exercise 1.3 · A title".
In notebooks without such headings, an exercise is an answer and the checks below it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from . import markdown_safe
from .feedback import Answer, Comment, Exercise, NotebookFeedback
from .verdict import NOT_RUN, PASSED, Report, Verdict

Cell = Mapping[str, Any]

EXERCISE = re.compile(
    r"(?:exercise|problem|question|task)\s+(\d+(?:\.\d+)*[a-z]?)\b[\s·:.)–—-]*(.*)",
    re.IGNORECASE | re.DOTALL,
)
SEARCHED = 10_000  # characters of a cell in which headings are looked for
# A shorter line of a hidden check may as well be one of the student's.
TELLTALE = 12
MARKED = re.compile("BEGIN HIDDEN TESTS(.*?)(?:END HIDDEN TESTS|$)", re.DOTALL)
HIDDEN = "(a line of a hidden case)"
SAME = 1e-9  # points


@dataclass(frozen=True)
class Heading:
    """A heading of a notebook."""

    level: int
    text: str


@dataclass(frozen=True)
class Place:
    """Where a cell stands. number: "" when it is not below the heading of an exercise.

    section: the heading of what the exercise is about
    """

    number: str = ""
    title: str = ""
    section: str = ""


@dataclass
class Group:
    """The cells of one exercise. answers, graded: grade id → cell."""

    place: Place
    answers: dict[str, Cell] = field(default_factory=dict)
    graded: dict[str, Cell] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its title, or the name of its first cell."""
        return self.place.title or next(iter([*self.graded, *self.answers]), "")

    @property
    def name(self) -> str:
        """What it is called elsewhere."""
        number = self.place.number
        return f"exercise {number}" if number else self.title


@dataclass(frozen=True)
class Known:
    """All that is known about a student's notebook. See `from_notebook`."""

    report: Report
    verdicts: Mapping[str, Verdict]
    handed_in: Mapping[str, str]
    comments: Mapping[str, str]
    scores: Mapping[str, float | None]
    owners: Mapping[str, Group]  # grade id of an answer → its exercise


def from_notebook(
    source: Sequence[Cell],
    release: Sequence[Cell],
    report: Report,
    answers: Mapping[str, str],
    comments: Mapping[str, str] | None = None,
    scores: Mapping[str, float | None] | None = None,
) -> NotebookFeedback:
    """The part of the page about one notebook.

    source: the cells of the instructor's version, or none; only used to keep lines of
      hidden checks out of messages
    release: the cells that students were given
    answers: grade id of an answer cell → its text; one that is not here was not handed
      in
    comments: grade id → what the grader wrote; scores: grade id → its points in the
      gradebook, which count more than the report; None when a person has still to look
    """
    groups = grouped(release)
    owners = {name: group for group in groups for name in group.answers}
    secrets = hidden_lines(source, release)
    verdicts = {one.grade_id: discreet(one, secrets) for one in report.verdicts}
    known = Known(report, verdicts, answers, comments or {}, scores or {}, owners)
    made = tuple(exercise(group, known) for group in groups if group.graded)
    title = title_of(release) or report.notebook
    remarks = tuple(located(remark, groups) for remark in report.remarks)
    return NotebookFeedback(report.notebook, title, made, remarks)


def located(remark: str, groups: Sequence[Group]) -> str:
    """A remark about cells, with the numbers of their exercises."""
    words = set(re.findall(r"[\w-]+", remark))
    found = [x for x in groups if words & {*x.answers, *x.graded} and x.place.number]
    named = ", ".join(dict.fromkeys(group.name for group in found))
    return f"{remark} ({named[:1].upper()}{named[1:]})" if named else remark


def grouped(cells: Sequence[Cell]) -> list[Group]:
    """The exercises in their order."""
    groups: list[Group] = []
    for place, cell in placed(cells):
        data = nbgrader(cell)
        if not groups or is_new(groups[-1], place, data):
            groups.append(Group(place))
        if data.get("solution"):
            groups[-1].answers[data["grade_id"]] = cell
        if data.get("grade") or data.get("task"):
            groups[-1].graded[data["grade_id"]] = cell
    return groups


def is_new(group: Group, place: Place, data: Mapping[str, Any]) -> bool:
    """Whether a cell begins another exercise."""
    begins = data.get("solution") or data.get("task")
    return place != group.place or bool(not place.number and group.graded and begins)


def placed(cells: Sequence[Cell]) -> Iterator[tuple[Place, Cell]]:
    """The answers and checks, with their places."""
    above: list[Heading] = []
    place = Place()
    for cell in cells:
        data = nbgrader(cell)
        if cell.get("cell_type") == "markdown" and not data.get("solution"):
            for heading in headings(text_of(cell)):
                above = [x for x in above if x.level < heading.level]
                place = place_below(heading, above, place)
                above.append(heading)
        if data.get("solution") or data.get("grade") or data.get("task"):
            yield place, cell


def place_below(heading: Heading, above: Sequence[Heading], before: Place) -> Place:
    """The place below a heading. above: the headings of what it is a part of."""
    found = EXERCISE.fullmatch(heading.text)
    section = above[-1].text if above else ""
    if found:
        return Place(found[1], found[2].strip(), section)
    if any(EXERCISE.fullmatch(x.text) for x in above):
        return before  # a heading inside an exercise
    return Place(section=heading.text)


@lru_cache(maxsize=4096)
def headings(text: str) -> tuple[Heading, ...]:
    """The headings in a cell of Markdown."""
    if not re.search(r"^ {0,3}(#|=|-)", text, re.MULTILINE):
        return ()
    try:
        tokens = markdown_safe.tree(text[:SEARCHED])
    except RecursionError:
        return ()
    return tuple(
        Heading(token["attrs"]["level"], markdown_safe.plain(token["children"]).strip())
        for token in tokens
        if token["type"] == "heading"
    )


def title_of(cells: Sequence[Cell]) -> str:
    """The title of a notebook: the heading of the highest level in its first text."""
    texts = (text_of(cell) for cell in cells if cell.get("cell_type") == "markdown")
    found = headings(next(texts, ""))
    return found[0].text if found and found[0].level == 1 else ""


def exercise(group: Group, known: Known) -> Exercise:
    """One exercise, with all that is to be said about it."""
    hand = [name for name in group.graded if is_by_hand(name, group, known)]
    checks = [name for name in group.graded if name not in hand]
    verdicts = tuple(verdict(name, group, known) for name in checks)
    points = [points_of(name, group, known) for name in group.graded]
    had = [each for each in points if each is not None]
    return Exercise(
        group.place.number,
        group.title,
        group.place.section,
        sum(had) if len(had) == len(points) else None,
        sum(map(points_for, group.graded.values())),
        tuple(answer(name, group, known) for name in shown(verdicts, group, known)),
        verdicts,
        tuple(comments(group, known)),
        by_hand=bool(hand),
        settled=any(is_settled(each, known) for each in verdicts),
    )


def is_by_hand(name: str, group: Group, known: Known) -> bool:
    """Whether a person gives the points of this cell."""
    data = nbgrader(group.graded[name])
    return name in known.report.by_hand or not is_check(data)


def is_check(data: Mapping[str, Any]) -> bool:
    """Whether a cell with nbgrader's data checks answers by itself."""
    return bool(data.get("grade")) and not data.get("solution") and not data.get("task")


def verdict(name: str, group: Group, known: Known) -> Verdict:
    """The verdict of a check; without one there are no points."""
    nothing = Verdict(name, 0.0, points_for(group.graded[name]), NOT_RUN, "", ())
    return known.verdicts.get(name, nothing)


def points_of(name: str, group: Group, known: Known) -> float | None:
    """The points of a cell; None while it waits for a person."""
    if name in known.scores:
        return known.scores[name]
    if is_by_hand(name, group, known):
        return None
    return verdict(name, group, known).points


def points_for(cell: Cell) -> float:
    """The points that can be had for a cell."""
    return float(nbgrader(cell).get("points") or 0)


def is_settled(found: Verdict, known: Known) -> bool:
    """Whether a person changed the points that a check gave."""
    score = known.scores.get(found.grade_id)
    return score is not None and abs(score - found.points) > SAME


def shown(verdicts: Sequence[Verdict], group: Group, known: Known) -> list[str]:
    """The answers on the page: that failed, are graded by hand, or have a comment."""
    own = [name for name in group.answers if name not in group.graded]
    names: list[str] = []
    for each in verdicts:
        if each.state != PASSED:
            names += [name for name in each.answers if name in known.owners] or own
    for name in group.answers:
        by_hand = name in group.graded and is_by_hand(name, group, known)
        if by_hand or known.comments.get(name):
            names.append(name)
    return list(dict.fromkeys(names))


def answer(name: str, group: Group, known: Known) -> Answer:
    """An answer as it was handed in."""
    owner = known.owners.get(name, group)
    cell = owner.answers.get(name, {})
    source = known.handed_in.get(name, "")
    return Answer(
        name,
        source,
        text=cell.get("cell_type") == "markdown",
        untouched=same(source, text_of(cell)),
        missing=name not in known.handed_in,
        printed=known.report.outputs.get(name, ""),
        elsewhere="" if owner is group else owner.name,
    )


def comments(group: Group, known: Known) -> Iterator[Comment]:
    """What a person wrote about the answers of an exercise."""
    for name in dict.fromkeys([*group.answers, *group.graded]):
        text = known.comments.get(name) or ""
        if text.strip():
            yield Comment(name, text)


def discreet(found: Verdict, secrets: frozenset[str]) -> Verdict:
    """The verdict without lines of hidden checks in its message."""
    if not any(secret in found.message for secret in secrets):
        return found
    lines = [
        HIDDEN if any(secret in line for secret in secrets) else line
        for line in found.message.split("\n")
    ]
    return replace(found, message="\n".join(lines))


def hidden_lines(source: Sequence[Cell], release: Sequence[Cell]) -> frozenset[str]:
    """The lines of check cells that students were not given, or that are marked so."""
    given = {line for cell in release for line in lines_of(cell)}
    checks = [cell for cell in source if is_check(nbgrader(cell))]
    hidden = {line for cell in checks for line in lines_of(cell)} - given
    for cell in checks:
        hidden.update(*(x.splitlines() for x in MARKED.findall(text_of(cell))))
    lines = (line.strip() for line in hidden)
    return frozenset(line for line in lines if len(line) >= TELLTALE)


def lines_of(cell: Cell) -> list[str]:
    """The lines of a cell without the spaces around them."""
    return [line.strip() for line in text_of(cell).splitlines()]


def same(one: str, other: str) -> bool:
    """Whether two texts say the same, but for spaces around their lines."""
    return [x.strip() for x in one.split("\n")] == [
        x.strip() for x in other.split("\n")
    ]


def nbgrader(cell: Cell) -> Mapping[str, Any]:
    """What nbgrader knows of a cell; nothing unless the cell has a name."""
    data = cell.get("metadata", {}).get("nbgrader")
    named = isinstance(data, Mapping) and isinstance(data.get("grade_id"), str)
    return data if named else {}


def text_of(cell: Cell) -> str:
    """The source of a cell: files hold it whole or in lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)
