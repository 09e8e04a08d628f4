"""The page that a student reads after grading: one HTML file that needs no network.

Everything of the student's is text on it. The template escapes what it is given, texts
in Markdown go through `markdown_safe`, and the page's own rule (CSP) allows a browser
nothing but the one style sheet inside.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from . import check_message, markdown_safe, verdict
from .visible import cut, one_line, visible

HERE = Path(__file__).parent
TITLE = 200  # characters of a title, a name, a remark …
REMARK = 600
REMARKS = 50
MESSAGE = 6_000
ANSWER = 20_000
PRINTED = 4_000
HAPPENED = {
    verdict.CRASHED: "Your answer ended the program that ran it.",
    verdict.TIMED_OUT: "Your answer took longer than it was given time for.",
    verdict.NOT_RUN: "This could not be checked.",
}


@dataclass(frozen=True)
class Answer:
    """A cell that the student answered in.

    text: whether it is Markdown; untouched: whether it is as it was handed out
    missing: whether it was not there; printed: what it printed when it ran
    elsewhere: the exercise that it belongs to, when that is another one
    """

    grade_id: str
    source: str = ""
    text: bool = False
    untouched: bool = False
    missing: bool = False
    printed: str = ""
    elsewhere: str = ""

    @property
    def written(self) -> bool:
        """Whether there is anything of the student's in it."""
        return not self.untouched and bool(self.source.strip())


@dataclass(frozen=True)
class Comment:
    """What the grader wrote about one answer, in Markdown."""

    grade_id: str
    text: str


@dataclass(frozen=True)
class Exercise:
    """An exercise and what came of it.

    number: "1.3", or "" in a notebook without numbers; title: never ""
    section: the heading of what it is about, to read again
    points: None while an answer waits for a person
    verdicts: of its checks; settled: whether a person changed what a check gave
    """

    number: str
    title: str
    section: str
    points: float | None
    of: float
    answers: tuple[Answer, ...] = ()
    verdicts: tuple[verdict.Verdict, ...] = ()
    comments: tuple[Comment, ...] = ()
    by_hand: bool = False
    settled: bool = False

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return f"Exercise {self.number}" if self.number else self.title

    @property
    def lost(self) -> bool:
        """Whether points were lost, as far as it is known."""
        return self.points is not None and self.points < self.of - 1e-9

    @property
    def unanswered(self) -> bool:
        """Whether nothing was written, so that what a check says of it tells nothing.

        An answer that was handed in may still need one that was not.
        """
        return bool(self.answers) and not any(one.written for one in self.answers)

    @property
    def told(self) -> bool:
        """Whether there is more to say than its points."""
        return self.lost or self.by_hand or self.settled or bool(self.comments)

    @property
    def failed(self) -> tuple[verdict.Verdict, ...]:
        """The verdicts to be explained; none when all points were given all the same.

        A check may have failed although a person has given its points by hand.
        """
        failed = (one for one in self.verdicts if one.state != verdict.PASSED)
        explained = (self.lost or self.settled) and not self.unanswered
        return tuple(failed) if explained else ()


@dataclass(frozen=True)
class NotebookFeedback:
    """One notebook. notebook: its file name without .ipynb; title: its own.

    missing: whether it was not handed in, so that there is nothing to say of answers
    """

    notebook: str
    title: str
    exercises: tuple[Exercise, ...]
    remarks: tuple[str, ...] = ()
    missing: bool = False

    @property
    def points(self) -> float:
        """The points of the exercises that are graded."""
        return sum(one.points or 0.0 for one in self.exercises)

    @property
    def of(self) -> float:
        """The points that could be had."""
        return sum(one.of for one in self.exercises)

    @property
    def told(self) -> tuple[Exercise, ...]:
        """The exercises of which there is more to say than their points."""
        return tuple(one for one in self.exercises if one.told and not self.missing)


@dataclass(frozen=True)
class Feedback:
    """All that is on one page.

    late_penalty: points taken off; remarks: about the hand-in as a whole
    """

    course: str
    assignment: str
    student: str
    notebooks: tuple[NotebookFeedback, ...]
    late_penalty: float = 0.0
    remarks: tuple[str, ...] = ()

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those of all notebooks."""
        return tuple(one for book in self.notebooks for one in book.exercises)

    @property
    def of(self) -> float:
        """The points that could be had."""
        return sum(book.of for book in self.notebooks)

    @property
    def before_penalty(self) -> float:
        """The points of the exercises that are graded."""
        return sum(book.points for book in self.notebooks)

    @property
    def points(self) -> float:
        """The total, as nbgrader exports it: never below 0."""
        return max(0.0, self.before_penalty - self.late_penalty)

    @property
    def waiting(self) -> float:
        """The points of the exercises that a person has still to grade."""
        return sum(one.of for one in self.exercises if one.points is None)


def page(feedback: Feedback) -> str:
    """The HTML file about this feedback; it can always be written as UTF-8."""
    return _template().render(
        feedback=feedback,
        books=_numbered(feedback),
        remarks=list(_remarks(feedback)),
        style=Markup(_style()),
        policy=_policy(),
    )


def _numbered(feedback: Feedback) -> list[dict[str, object]]:
    """The notebooks with their exercises, each under the name of its place."""
    return [
        {"about": book, "exercises": [(f"x{n}-{i}", x) for i, x in enumerate(own, 1)]}
        for n, book in enumerate(feedback.notebooks, 1)
        for own in [book.exercises]
    ]


def count(points: float) -> str:
    """A number of points with at most two decimals, without idle zeros."""
    rounded = f"{points:.2f}".rstrip("0").rstrip(".")
    return rounded if rounded != "-0" else "0"


def points_of(points: float | None, of: float) -> str:
    """In words: "1 of 2 points"."""
    unit = "point" if count(of) == "1" else "points"
    if points is None:
        return f"not yet graded, of {count(of)} {unit}"
    return f"{count(points)} of {count(of)} {unit}"


def with_unit(points: float) -> str:
    """In words: "1 point", "2.5 points"."""
    return f"{count(points)} {'point' if count(points) == '1' else 'points'}"


def _remarks(feedback: Feedback) -> Iterable[str]:
    """All remarks, those about one notebook with its name."""
    several = len(feedback.notebooks) > 1
    found = list(feedback.remarks)
    for book in feedback.notebooks:
        found += [f"{book.notebook}.ipynb was not handed in."] * book.missing
        before = f"In {book.notebook}.ipynb: " if several else ""
        found += [before + remark for remark in book.remarks]
    yield from (one_line(remark, REMARK) for remark in found[:REMARKS])
    if len(found) > REMARKS:
        yield f"There are {len(found) - REMARKS:,} more remarks of this kind."


def _cut(text: str, limit: int) -> dict[str, str]:
    kept, note = cut(text, limit)
    return {"text": visible(kept), "note": note}


def _markdown(text: str, limit: int = ANSWER) -> dict[str, str]:
    kept, note = cut(text, limit)
    return {"html": markdown_safe.render(kept), "note": note}


def _said(message: str) -> dict[str, object]:
    kept, note = cut(check_message.without_seed(message), MESSAGE)
    said = check_message.read(visible(kept))
    return {"case": said.case, "blocks": said.blocks, "note": note}


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., object]] = {
        "count": count,
        "line": lambda text: one_line(text, TITLE),
        "with_unit": with_unit,
        "code": lambda text: _cut(text, ANSWER),
        "printed": lambda text: _cut(text, PRINTED),
        "markdown": _markdown,
        "said": _said,
    }
    environment.filters |= filters
    environment.globals |= {"points_of": points_of, "happened": HAPPENED}
    return environment.get_template("feedback.html.j2")


@cache
def _style() -> str:
    return (HERE / "feedback.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    """What a browser may do with the page: use its style sheet, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )
