"""Read the cells of a notebook that a student handed in, however damaged the rest is.

Refused is what would stop nbgrader, or what nobody can read; what no answer needs is
only named (`Contents.damage`), since nbgrader gets a clean copy.
"""

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import validator

from coursekit.grading.released import text

MAX_BYTES = 20_000_000
MAX_CELLS = 1_000
MAX_CHARACTERS = 200_000
# The version of the notebook format that nbgrader reads.
VERSION, MINOR = 4, 5

AGAIN = "Copy it again from the student, or ask for it again"
SAVE_AGAIN = "Open it in JupyterLab, save it, and copy it again"
CLEAR = "Clear its outputs in JupyterLab (Edit, Clear Outputs of All Cells) and save it"

Cell = dict[str, Any]


class UnreadableError(ValueError):
    """A file is no notebook that can be graded; `advice` says what to do."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


@dataclass(frozen=True)
class Contents:
    """A notebook. `damage`: parts that are not as they should be, and not needed."""

    cells: list[Cell]
    damage: list[str]


def read(path: Path) -> list[Cell]:
    """The cells of a notebook file. Raises UnreadableError."""
    return contents(path).cells


def contents(path: Path) -> Contents:
    """A notebook file with what is odd about it. Raises UnreadableError."""
    words, encoding = content(path)
    written = parse(words)
    notebook, halves = whole_characters(written)
    cells = cells_of(notebook)
    damage = [*damaged_cells(written, halves), *damaged_parts(notebook)]
    if encoding != "utf-8":
        damage.insert(0, "a mark or an encoding that notebooks do not have")
    return Contents(cells, damage)


def cells_of(notebook: Any) -> list[Cell]:  # noqa: ANN401
    """The cells, each with what every cell has. Raises UnreadableError."""
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise UnreadableError("it is not a notebook", AGAIN)
    if notebook["nbformat"] != VERSION:
        age = "old" if notebook["nbformat"] in (1, 2, 3) else "new or unknown"
        raise UnreadableError(f"its notebook format is too {age}", SAVE_AGAIN)
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("parts of the notebook are missing", AGAIN)
    if len(cells) > MAX_CELLS:
        raise UnreadableError(
            f"it has {len(cells):,} cells, more than {MAX_CELLS:,}",
            "Delete cells that do not belong to the lesson",
        )
    for number, cell in enumerate(cells, 1):
        check_cell(number, cell)
    return cells


def content(path: Path) -> tuple[str, str]:
    """The text of a file that is not too big, and its encoding.

    Raises UnreadableError.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error.strerror}", AGAIN) from error
    if size > MAX_BYTES:
        raise UnreadableError(
            f"it has {size // 1_000_000} MB, more than {MAX_BYTES // 1_000_000}", CLEAR
        )
    if not data.strip():
        raise UnreadableError("the file is empty", AGAIN)
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise UnreadableError("it is not a notebook (not even text)", AGAIN) from error


def parse(words: str) -> Any:  # noqa: ANN401
    """What the JSON text holds. Raises UnreadableError."""
    try:
        return json.loads(words)
    except RecursionError as error:
        raise UnreadableError(
            "it is not a notebook (nested too deep)", AGAIN
        ) from error
    except ValueError as error:
        if words.lstrip().startswith("<"):
            raise UnreadableError(
                "it is a web page, not the notebook itself", AGAIN
            ) from error
        if words.lstrip().startswith("{") and cut_off(words, error):
            raise UnreadableError("the file ends in the middle", AGAIN) from error
        raise UnreadableError("it is not a notebook (not JSON)", AGAIN) from error


def cut_off(words: str, error: ValueError) -> bool:
    """Whether reading failed because the text stopped too early."""
    position = getattr(error, "pos", 0)
    return "Unterminated" in str(error) or position >= len(words.rstrip()) - 1


def whole_characters(notebook: Any) -> tuple[Any, bool]:  # noqa: ANN401
    """The notebook without half characters (lone surrogates), and whether it had any.

    JSON can hold them, but no file: nbgrader fails when it writes its copy.
    """
    words = json.dumps(notebook, ensure_ascii=False)
    try:
        words.encode()
    except UnicodeEncodeError:
        whole = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return json.loads(whole), True
    return notebook, False


def damaged_cells(notebook: dict[str, Any], halves: bool) -> Iterator[str]:
    """The cells whose text holds half a character, shown as � in the copy."""
    if not halves:
        return
    for number, cell in enumerate(notebook["cells"], 1):
        if any("\ud800" <= c <= "\udfff" for c in text(cell["source"])):
            yield f"half a character (�) in cell {number}"


def damaged_parts(notebook: dict[str, Any]) -> list[str]:
    """What nbformat, with which nbgrader reads, refuses outside of the cells' texts."""
    minor: Any = notebook.get("nbformat_minor")
    known = isinstance(minor, int) and minor >= 0
    head = {"nbformat_minor": max(minor, MINOR) if known else MINOR}
    # A clean copy has ids of its own.
    cells = [cell | {"id": f"cell-{i}"} for i, cell in enumerate(notebook["cells"])]
    try:
        with warnings.catch_warnings(action="ignore"):
            errors = [*validator.iter_validate(notebook | head | {"cells": cells})]
    except RecursionError:
        return ["parts that are nested too deep"]
    found = [] if known else ["nbformat_minor"]
    return list(dict.fromkeys(found + [part(list(e.relative_path)) for e in errors]))


def part(path: list[Any]) -> str:
    """A place in a notebook, as a student knows it."""
    match path:
        case ["cells", int(i), str(key), *_]:
            return f"the {key} of cell {i + 1}"
        case ["cells", int(i)]:
            return f"something in cell {i + 1}"
        case ["metadata", str(key), *_]:
            return str(key)
        case _:
            return str(path[0]) if path else "the notebook's settings"


def check_cell(number: int, cell: Any) -> None:  # noqa: ANN401
    """A cell has what every cell has. Raises UnreadableError."""
    whole = (
        isinstance(cell, dict)
        and cell.get("cell_type") in ("code", "markdown", "raw")
        and isinstance(cell.get("metadata"), dict)
        and is_text(cell.get("source"))
    )
    if not whole:
        raise UnreadableError(f"cell {number} is damaged", SAVE_AGAIN)
    if len(text(cell["source"])) > MAX_CHARACTERS:
        raise UnreadableError(
            f"cell {number} holds more than {MAX_CHARACTERS:,} characters",
            "Shorten that cell",
        )


def is_text(source: Any) -> bool:  # noqa: ANN401
    """Whether this can be the source of a cell."""
    lines = source if isinstance(source, list) else [source]
    return all(isinstance(line, str) for line in lines)


def grade_id(cell: Cell) -> str | None:
    """nbgrader's name of a cell, if it has one."""
    data = cell["metadata"].get("nbgrader")
    name = data.get("grade_id") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


def grade_ids(cells: list[Cell]) -> list[str]:
    """nbgrader's names of the cells that have one, in their order."""
    return [name for cell in cells if (name := grade_id(cell)) is not None]
