"""Read a lesson, `solutions/<week>/<n_name>.py` in jupytext's percent format."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext

from coursekit.authoring.errors import AuthoringError

FIRST_LINE = "# %% [markdown]"
CELL_START = re.compile(r"# %%(?: |$)")
ALMOST = re.compile(r"# ?%%")
HEADING = re.compile(r"(#{1,6}) +(.*\S)")
NAME = re.compile(r"[1-9]\d*_[a-z0-9_]+")


class SourceError(AuthoringError):
    """A mistake in one cell of a lesson; the message says where and what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson, as the author wrote it."""

    file: str
    number: int
    line: int
    kind: str
    source: str
    keys: dict[str, Any]

    def get(self, key: str) -> Any:  # noqa: ANN401
        """The value of a header key, or None."""
        return self.keys.get(key)

    @property
    def is_code(self) -> bool:
        """Whether the cell holds code; the others hold prose."""
        return self.kind == "code"

    def headings(self) -> Iterator[tuple[int, str]]:
        """(level, text) of each heading of prose, those in code blocks left out."""
        if self.is_code or self.get("manual") or self.get("hint"):
            return
        for line in prose_lines(self.source):
            if match := HEADING.fullmatch(line.rstrip()):
                yield len(match[1]), match[2]

    def error(self, reason: str) -> SourceError:
        """The error to raise: file, cell and first words before `reason`."""
        words = " ".join(self.source.split())
        words = words if len(words) <= 40 else words[:39].rstrip() + "…"
        return SourceError(
            f"{self.file}, cell {self.number} (line {self.line}, “{words}”): {reason}"
        )


@dataclass(frozen=True)
class Script:
    """The cells in the file of a lesson, not yet checked.

    week, name: from the path, such as "week1_convolution" and "2_operator"
    """

    week: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def file(self) -> str:
        """How messages call it."""
        return self.cells[0].file

    @property
    def title(self) -> str:
        """The one heading of level 1."""
        return next(text for level, text in self.cells[0].headings() if level == 1)


def read(path: Path) -> Script:
    """The file of a lesson, split into cells but not yet checked.

    Raises AuthoringError, or SourceError which names the cell.
    """
    file = "/".join(path.parts[-3:])
    if not NAME.fullmatch(path.stem):
        raise AuthoringError(
            f"{file}: name a lesson by its number and small letters, like 2_operator.py"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"{file} cannot be read: {error}") from error
    script = Script(path.parent.name, path.stem, split(text, file))
    check_title(script)
    return script


def split(text: str, file: str) -> tuple[Cell, ...]:
    """The cells of a lesson's text, each with the line where it starts."""
    lines = text.split("\n")
    if lines[0].rstrip() != FIRST_LINE:
        raise AuthoringError(f"{file}: the first line must be `{FIRST_LINE}`")
    starts = [i for i, line in enumerate(lines, 1) if ALMOST.match(line)]
    for start in starts:
        if not CELL_START.match(lines[start - 1]):
            raise AuthoringError(f"{file}, line {start}: put a space after `# %%`.")
    cells = jupytext.reads(text, fmt="py:percent").cells
    if len(cells) != len(starts):
        raise AuthoringError(
            f"{file}: {len(starts)} lines start with `# %%`, but {len(cells)} cells "
            "can be read. Let nothing else start so, also not inside a text."
        )
    return tuple(
        Cell(file, number, line, cell.cell_type, cell.source, header(cell.metadata))
        for number, (line, cell) in enumerate(zip(starts, cells, strict=True), 1)
    )


def header(metadata: dict[str, Any]) -> dict[str, Any]:
    """The header keys of a cell, without jupytext's note about blank lines."""
    return {k: v for k, v in metadata.items() if k != "lines_to_next_cell"}


def check_title(script: Script) -> None:
    """A lesson has one title, in its first cell."""
    for cell in script.cells:
        titles = [text for level, text in cell.headings() if level == 1]
        if len(titles) != (cell.number == 1):
            raise cell.error("a lesson has one `# Title`, and it is in the first cell.")


def prose_lines(source: str) -> Iterator[str]:
    """The lines of a markdown cell outside its ``` blocks."""
    fenced = False
    for line in source.split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield line
