"""Feedback to look at in tests, and a reader that lets only known elements pass."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from coursekit.grading.boundary.feedback import (
    Answer,
    Comment,
    Exercise,
    Feedback,
    NotebookFeedback,
)
from coursekit.grading.boundary.verdict import FAILED, Verdict

MESSAGE = """\
✗ shuffle-pixels · one image of 2 × 3 pixels
  shuffle_pixels(images, order) with
      images = [[[10 20 30]
                 [40 50 60]]]
      order = [2 0 1 4 5 3]
  expected  [[[30 10 20]
              [50 60 40]]]
  got       [[[30 30 30]
              [50 60 50]]]
  You read pixels that your loop has already overwritten.
  (a hidden case, seed 2202020364)"""
CODE = "def shuffle_pixels(images, order):\n    return images  # " + 30 * "long " + "\n"
ESSAY = """\
**Seismograms**, with $x_{t+1}$ near $x_t$; see [a paper](https://example.org/a).

| data | sharing |
|---|---|
| tremors | yes |

```python
print(1)
```
"""
VOID = {"meta", "br", "hr"}
PLAIN = (
    "head title style header main footer body ul li em del strong blockquote h1 h4 "
    "caption thead tbody tfoot tr br hr"
)
# Element → its attributes; all else is refused.
ALLOWED: Mapping[str, set[str]] = {
    **{name: set() for name in PLAIN.split()},
    **{name: {"aria-labelledby"} for name in ("section", "article")},
    "html": {"lang"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "ol": {"start"},
    "a": {"href", "rel", "class"},
    "p": {"class"},
    "h2": {"id", "tabindex"},
    "h3": {"id", "tabindex"},
    "span": {"class"},
    "code": {"class"},
    "table": {"class"},
    "th": {"scope", "class", "colspan"},
    "td": {"class"},
    "pre": {"tabindex", "role", "aria-label", "dir"},
    "div": {"class", "dir", "tabindex", "role", "aria-label"},
}
TEXTS = ("pre", "h3", "h4", "title")
LINKS = ("#", "http://", "https://", "mailto:")


@dataclass
class Seen:
    """What a page holds. texts: of some elements, by their names."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    words: str = ""

    def count(self, name: str) -> int:
        """How many elements have this name."""
        return sum(tag == name for tag, _ in self.elements)


class Reader(HTMLParser):
    """Reads a page, and fails at the first thing that should not be in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self.open: list[tuple[str, int]] = []  # elements, and the pieces before
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element: known, and with known attributes."""
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ALLOWED[tag], attrs
        given = {name: value or "" for name, value in attrs}
        assert given.get("href", "#").startswith(LINKS), given
        assert given.get("http-equiv") in (None, "Content-Security-Policy")
        self.seen.elements.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, len(self.pieces)))

    def handle_endtag(self, tag: str) -> None:
        """The end of the element that began last."""
        name, begin = self.open.pop()
        assert name == tag, f"</{tag}> closes <{name}>"
        if tag in TEXTS:
            text = "".join(self.pieces[begin:])
            self.seen.texts.setdefault(tag, []).append(text)

    def handle_data(self, data: str) -> None:
        """Text."""
        if self.open and self.open[-1][0] != "style":
            self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        """The page has none."""
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        """The page has none."""
        raise AssertionError(f"an instruction: {data}")


def read(html: str) -> Seen:
    """What is in a page; fails when there is anything that should not be."""
    html.encode("utf-8")
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    reader.seen.words = "".join(reader.pieces)
    assert reader.seen.count("style") <= 1
    return reader.seen


def failed(message: str = MESSAGE, state: str = FAILED) -> Verdict:
    """A verdict without points."""
    return Verdict("shuffle-pixels-check", 0, 2, state, message, ("shuffle-pixels",))


def lost(answer: str = CODE, message: str = MESSAGE, printed: str = "") -> Exercise:
    """An exercise that a check did not pass."""
    return Exercise(
        "1.3",
        "A shuffle that loses pixels",
        "3. Does it matter where a pixel stands?",
        0,
        2,
        (Answer("shuffle-pixels", answer, printed=printed),),
        (failed(message),),
    )


def essay(text: str = ESSAY, comment: str = "Well *chosen*.") -> Exercise:
    """An exercise that is graded by hand."""
    return Exercise(
        "1.7",
        "A good assumption",
        "8. When is it the wrong tool?",
        2.5,
        3,
        (Answer("good-assumption", text, text=True),),
        comments=(Comment("good-assumption", comment),),
        by_hand=True,
    )


def full(number: str) -> Exercise:
    """An exercise with all points."""
    return Exercise(number, f"Number {number}", "A section", 1, 1)


def feedback(*exercises: Exercise, **more: Any) -> Feedback:  # noqa: ANN401
    """Feedback about one notebook."""
    made = exercises or (full("1.1"), lost(), essay())
    book = NotebookFeedback("1_dense", "From dense to convolutional", made)
    options = {"notebooks": (book,)} | more
    return Feedback("Convolutional networks", "Week 1", "Ada Lovelace", **options)


def markdown(text: str) -> dict[str, Any]:
    """A cell that nbgrader does not know."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def cell(
    name: str,
    source: str = "",
    kind: str = "code",
    **data: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """A cell with nbgrader's data."""
    known = {"grade_id": name, "grade": False, "solution": False, "task": False}
    known |= {"locked": False, "schema_version": 3} | data
    made = {"cell_type": kind, "metadata": {"nbgrader": known}, "source": source}
    return made


def answer(name: str, source: str = "", **data: Any) -> dict[str, Any]:  # noqa: ANN401
    """The cell of an answer that checks judge."""
    return cell(name, source, solution=True, **data)


def check(name: str, points: float = 1, source: str = "check()") -> dict[str, Any]:
    """The cell of a check."""
    return cell(name, source, grade=True, locked=True, points=points)


def by_hand(name: str, points: float = 3, kind: str = "markdown") -> dict[str, Any]:
    """The cell of an answer that a person grades."""
    return cell(name, "Write here.", kind, grade=True, solution=True, points=points)
