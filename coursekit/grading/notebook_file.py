"""Look into one notebook that a student handed in, without running anything.

What is refused here would stop nbgrader (a copied cell stops the whole class), lose
points without a word, or be graded as something that it is not.
"""

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursekit.grading.findings import Level
from coursekit.grading.released import GradedCell, Lesson, text

MAX_BYTES = 20_000_000
MAX_CELLS = 1_000
MAX_CHARACTERS = 200_000
TAGS = {"raises-exception"}

Found = tuple[Level, str, str]

AGAIN = "Copy it again from the student, or ask for it again"
SAVE_AGAIN = "Open it in JupyterLab, save it, and copy it again"
CLEAR = "Clear its outputs in JupyterLab (Edit, Clear Outputs of All Cells) and save it"


class UnreadableError(ValueError):
    """A file is no notebook that can be graded; `advice` says what to do."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


def inspect(path: Path, lesson: Lesson) -> list[Found]:
    """Everything worth saying about a student's file for this lesson."""
    try:
        cells = read(path)
    except UnreadableError as error:
        return [(Level.REFUSED, str(error), f"{error.advice}.")]
    return [*refused(cells, lesson)] or [*changed(cells, lesson)]


def read(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook file. Raises UnreadableError."""
    notebook = parse(content(path))
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise UnreadableError("it is not a notebook", AGAIN)
    if notebook["nbformat"] != 4:
        age = "old" if notebook["nbformat"] in (1, 2, 3) else "new or unknown"
        raise UnreadableError(f"its notebook format is too {age}", SAVE_AGAIN)
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not isinstance(notebook.get("metadata"), dict):
        raise UnreadableError("parts of the notebook are missing", AGAIN)
    if len(cells) > MAX_CELLS:
        raise UnreadableError(
            f"it has {len(cells):,} cells, more than {MAX_CELLS:,}",
            "Delete cells that do not belong to the lesson",
        )
    for number, cell in enumerate(cells, 1):
        check_cell(number, cell)
    return cells


def content(path: Path) -> str:
    """The text of a file that is not too big. Raises UnreadableError."""
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
    try:
        return data.decode("utf-8-sig")
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


def grade_ids(cells: list[dict[str, Any]]) -> list[str]:
    """nbgrader's names of the cells that have one, in their order."""
    data = [cell["metadata"].get("nbgrader") for cell in cells]
    ids = [item.get("grade_id") for item in data if isinstance(item, dict)]
    return [name for name in ids if isinstance(name, str)]


def refused(cells: list[dict[str, Any]], lesson: Lesson) -> Iterator[Found]:
    """Why nbgrader cannot grade this, or not as what it is."""
    ids = grade_ids(cells)
    wrong = [*damaged(cells, lesson)]
    unknown = [name for name in ids if name not in lesson.cells]
    double = [name for name, count in Counter(ids).items() if count > 1]
    if not set(ids) & set(lesson.cells):
        yield (
            Level.REFUSED,
            "none of the lesson's graded cells is in it",
            f"Is it another notebook? The graded cells are in {lesson.file} as it was "
            "handed out; answers must be written there.",
        )
    elif unknown:
        yield (
            Level.REFUSED,
            f"{cells_named(unknown)} not of this lesson",
            "Delete them in the copy in submitted/, or take the right file.",
        )
    elif double:
        yield (
            Level.REFUSED,
            f"{cells_named(double)} in it more than once",
            "Delete all but the one that holds the answer.",
        )
    elif wrong:
        yield (
            Level.REFUSED,
            f"the grading data of {', '.join(wrong)} was changed",
            f"Paste the student's answers into a fresh {lesson.file}.",
        )
    elif pairs := lost_pairs(set(ids), lesson):
        yield (
            Level.REFUSED,
            f"{cells_named(pairs)} gone together with the check",
            f"Copy both cells back from a fresh {lesson.file}.",
        )


def damaged(cells: list[dict[str, Any]], lesson: Lesson) -> Iterator[str]:
    """Cells of which nbgrader would make something else than they are."""
    for number, cell in enumerate(cells, 1):
        data = cell["metadata"].get("nbgrader")
        if data is None:
            continue
        name = data.get("grade_id") if isinstance(data, dict) else None
        given = lesson.cells.get(str(name))
        if given is None or not as_given(data, cell["metadata"].get("tags", []), given):
            yield given.id if given else f"cell {number}"


def as_given(data: dict[str, Any], tags: Any, given: GradedCell) -> bool:  # noqa: ANN401
    """Whether the parts of a cell's metadata that nbgrader believes are unchanged."""
    believed = ("schema_version", "grade", "solution")
    kept = all(data.get(key) == given.data[key] for key in believed)
    kept = kept and isinstance(data.get("locked"), bool)
    return kept and isinstance(tags, list) and set(map(str, tags)) <= TAGS


def lost_pairs(ids: set[str], lesson: Lesson) -> list[str]:
    """Exercises that are gone with their check: nbgrader cannot put the check back."""
    order = list(lesson.cells.values())
    return [
        cell.id
        for cell, check in itertools.pairwise(order)
        if not cell.data["grade"] and not {cell.id, check.id} & ids
    ]


def changed(cells: list[dict[str, Any]], lesson: Lesson) -> Iterator[Found]:
    """What is graded all the same, but should be known."""
    here = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in graded(cells)}
    yield from missing(set(here), lesson)
    if list(here) != [name for name in lesson.cells if name in here]:
        yield (
            Level.LOOK,
            "graded cells stand in another order",
            "A check above its exercise gives no points: move it below.",
        )
    if restored := [name for name in here if differs(here[name], lesson.cells[name])]:
        yield (
            Level.FINE,
            f"{cells_named(restored)} locked but changed",
            "Nothing to do: they are graded as they were handed out.",
        )


def graded(cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cells with nbgrader's metadata."""
    return (cell for cell in cells if cell["metadata"].get("nbgrader") is not None)


def missing(ids: set[str], lesson: Lesson) -> Iterator[Found]:
    """Cells that were deleted."""
    gone = [cell for cell in lesson.cells.values() if cell.id not in ids]
    checks = [cell.id for cell in gone if cell.locked]
    if checks:
        yield (
            Level.FINE,
            f"{cells_named(checks)} missing",
            "Nothing to do: deleted checks are put back.",
        )
    if answers := [cell.id for cell in gone if not cell.locked]:
        yield (
            Level.LOOK,
            f"{cells_named(answers)} missing",
            "Without the answer there are no points: look for it in other cells, or "
            f"copy the cell back from a fresh {lesson.file}.",
        )


def differs(cell: dict[str, Any], given: GradedCell) -> bool:
    """Whether a student changed what nbgrader restores."""
    data = cell["metadata"]["nbgrader"]
    other = cell["cell_type"] != given.kind or data["locked"] != given.locked
    other = other or data.get("points") != given.data.get("points")
    return other or (given.locked and text(cell["source"]) != given.source)


def cells_named(names: list[str]) -> str:
    """`the cell a is` or `the cells a, b are`, to be followed by what they are."""
    several = len(names) > 1
    return f"the cell{'s'[:several]} {', '.join(names)} {'are' if several else 'is'}"
