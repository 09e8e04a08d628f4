"""The glossary, `coursekit/glossary.toml`, in English and Traditional Chinese.

In the lessons bold type is for the first mention of a term, which then stands in the
glossary; notebooks link to it. Labels at the start of a paragraph or of an item, which
end in a full stop or a colon, are bold as well.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from coursekit.authoring import coverage, notebook, topics
from coursekit.authoring.course import Course, in_order
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import Cell

FILE = "coursekit/glossary.toml"
PAGE = "notebooks/glossary.ipynb"
KEYS = {"name", "forms", "chinese", "says", "lesson", "section"}
# Code is found as well, so that its asterisks are skipped.
BOLD = re.compile(r"```.*?```|`[^`]+`|\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
# At the start of a paragraph, of an item or of a cell of a table.
LABEL = re.compile(r"(?:^|\n\n|(?:^|\n) *(?:[-*]|\d+\.) +|\| *)\Z")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MAX_WORDS = 30


@dataclass(frozen=True)
class Term:
    """One entry.

    forms: other forms in which the lessons have it in bold
    lesson, section: such as "week2_padding_stride/2_receptive_fields", and a heading
    """

    name: str
    chinese: str
    says: str
    lesson: str
    section: str
    forms: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """The letter under which it stands."""
        return self.name[0].upper()

    def spelled(self) -> Iterator[str]:
        """Every way in which a lesson may write it, in small letters."""
        for form in (self.name, *self.forms):
            yield form.casefold()
            yield f"{form.casefold()}s"


def read(root: Path) -> list[Term]:
    """All terms, in order; none where there is no glossary.

    Raises AuthoringError at the first mistake.
    """
    terms = [term(entry) for entry in stored(root).get("term", [])]
    for one, other in pairwise(terms):
        if one.name.casefold() >= other.name.casefold():
            raise AuthoringError(
                f"{FILE}: {other.name!r} must stand before {one.name!r}."
            )
    return terms


def stored(root: Path) -> dict[str, Any]:
    """The content of the file. Raises AuthoringError where it cannot be read."""
    if not (root / FILE).exists():
        return {}
    try:
        return tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AuthoringError(f"{FILE} cannot be read: {error}") from error


def symbols(root: Path) -> list[str]:
    """The letters of formulas, as rows of a table."""
    keys = ("letters", "means", "chinese", "weeks")
    rows = []
    for entry in stored(root).get("symbol", []):
        if entry.keys() != set(keys):
            raise AuthoringError(f"{FILE}: a symbol has {', '.join(keys)}: {entry}")
        rows.append(f"| {' | '.join(entry[key] for key in keys)} |")
    return [
        "| Letters | What they stand for | 中文 | Weeks |",
        "|:--|:--|:--|:--|",
        *rows,
    ]


def term(entry: Mapping[str, Any]) -> Term:
    """One [[term]]."""
    where = f"{FILE}, {entry.get('name', '?')}"
    if wrong := sorted(entry.keys() ^ KEYS - {"forms"}):
        known = ", ".join(sorted(KEYS))
        if wrong != ["forms"]:
            raise AuthoringError(f"{where}: {wrong[0]!r}? An entry has {known}.")
    found = Term(**{**entry, "forms": tuple(entry.get("forms", ()))})
    if not CHINESE.search(found.chinese):
        raise AuthoringError(f"{where}: say it in Chinese.")
    if not found.says.endswith(".") or len(found.says.split()) > MAX_WORDS:
        raise AuthoringError(f"{where}: one sentence of at most {MAX_WORDS} words.")
    return found


def check(terms: Sequence[Term], lessons: Sequence[Lesson]) -> None:
    """Every entry's section is there, and every bold term of a lesson has an entry.

    Raises AuthoringError, or SourceError which names the cell, at the first mistake.
    """
    headings = {
        f"{lesson.week}/{lesson.name}": {
            text for cell in lesson.cells for _, text in cell.headings()
        }
        for lesson in lessons
    }
    for one in terms:
        if one.section not in headings.get(one.lesson, ()):
            raise AuthoringError(
                f"{FILE}, {one.name}: {one.lesson} has no section {one.section!r}."
            )
    known = spellings(terms)
    for cell in (cell for lesson in lessons for cell in lesson.cells if terms):
        check_cell(cell, known)


def spellings(terms: Sequence[Term]) -> dict[str, Term]:
    """Every form → its term."""
    return {form: one for one in terms for form in one.spelled()}


def check_cell(cell: Cell, known: Mapping[str, Term]) -> None:
    """Every bold term of one cell has an entry."""
    for words in bold(cell):
        if words.casefold() not in known:
            raise cell.error(
                f"{words!r} is bold, but not in {FILE}. Bold is for the first mention "
                "of a term: give it an entry, or write *italics*."
            )


def bold(cell: Cell) -> Iterator[str]:
    """The bold words in the running prose of a cell; no labels."""
    if cell.is_code or cell.get("manual") or cell.get("hint"):
        return
    for match in BOLD.finditer(cell.source):
        if match[1] and not is_label(match):
            yield " ".join(match[1].split())


def is_label(match: re.Match[str]) -> bool:
    """Whether bold words open something.

    They stand at the start of a paragraph, an item or a cell of a table, and end in a
    full stop, a colon or a question mark, or fill the line. A question to think about
    may follow other words: "Before you run it: **Predict** …".
    """
    words, after = match[1], match.string[match.end() :]
    if words.startswith(("Predict", "You need")):
        return True
    opens = bool(LABEL.search(match.string[: match.start()]))
    return opens and (words[-1] in ".:?" or after[:1] in ("", "\n", ":", "|"))


def linked(lesson: Lesson, terms: Sequence[Term]) -> Lesson:
    """The lesson with its bold terms linked to the glossary."""
    known = spellings(terms)
    cells = (
        with_links(cell, known) if any(bold(cell)) else cell for cell in lesson.cells
    )
    return replace(lesson, cells=tuple(cells))


def with_links(cell: Cell, known: Mapping[str, Term]) -> Cell:
    """The cell with links in its Markdown."""

    def link(match: re.Match[str]) -> str:
        found = known.get(" ".join((match[1] or "").split()).casefold())
        if not found or is_label(match):
            return match[0]
        return f"[{match[0]}](../{Path(PAGE).name}#{found.letter})"

    return replace(cell, source=BOLD.sub(link, cell.source))


def page(root: Path, course: Course, lessons: Sequence[Lesson]) -> str:
    """The glossary as a notebook: a table for each letter, and the symbols."""
    terms = read(root)
    places = sections(course, lessons)
    letters = [
        "\n".join([f"## {letter}", "", *table(list(some), places)])
        for letter, some in groupby(terms, lambda one: one.letter)
    ]
    return notebook.page(
        "# Glossary · 詞彙表",
        f"{len(terms)} terms, each with the section that explains it first. "
        f"{len(terms)} 個術語，附上最先說明它的章節。",
        *letters,
        "\n".join(["## Letters in formulas · 符號", "", *symbols(root)]),
    )


def sections(
    course: Course, lessons: Sequence[Lesson]
) -> dict[tuple[str, str], topics.Place]:
    """(lesson, heading) → where it is."""
    return {
        (f"{lesson.week}/{lesson.name}", heading): topics.spot(week, lesson, heading)
        for week, lesson in in_order(course, lessons)
        for cell in lesson.cells
        for _, heading in cell.headings()
    }


def table(
    terms: Sequence[Term], places: Mapping[tuple[str, str], topics.Place]
) -> list[str]:
    """The rows of some terms."""
    rows = [
        f"| **{one.name}** | {one.chinese} | {one.says} | "
        f"{coverage.link(places[one.lesson, one.section])} |"
        for one in terms
    ]
    return ["| Term | 中文 | What it is | Where |", "|:---|:---|:---|:---|", *rows]
