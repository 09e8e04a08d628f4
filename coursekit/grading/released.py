"""The notebooks that students were given, as far as grading needs them."""

import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

NOTEBOOKS = "notebooks"


@dataclass(frozen=True)
class GradedCell:
    """A cell that nbgrader knows, as it was handed out."""

    id: str
    data: dict[str, Any]
    kind: str
    source: str

    @property
    def locked(self) -> bool:
        """Whether students were asked to leave it as it is."""
        return bool(self.data["locked"])

    @property
    def by_hand(self) -> bool:
        """Whether its answer is graded by hand."""
        return bool(self.data["grade"] and self.data["solution"])


@dataclass(frozen=True)
class Lesson:
    """One notebook of an assignment.

    cells: the graded ones, in their order; own: the texts of its other code cells
    """

    name: str
    cells: dict[str, GradedCell]
    own: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.ipynb"


def read(root: Path, assignment: str) -> dict[str, Lesson]:
    """File name → lesson, for the notebooks in `root`/notebooks/<assignment>.

    Raises ValueError when there is no assignment of exactly this name.
    """
    if assignment not in assignments(root):
        raise unknown(root, assignment)
    paths = sorted((root / NOTEBOOKS / assignment).glob("*.ipynb"))
    return {path.name: lesson(path) for path in paths}


def assignments(root: Path) -> list[str]:
    """The names of what students were given."""
    folders = {path.parent.name for path in (root / NOTEBOOKS).glob("*/*.ipynb")}
    return sorted(name for name in folders if not name.startswith("."))


def named(root: Path, given: str) -> str:
    """The assignment that was meant: its name, or the path of its folder.

    Everything after this uses the name alone: it becomes a part of the paths that
    nbgrader deletes. Raises ValueError when `given` is neither.
    """
    path = PurePath(given.strip())
    for name in assignments(root):
        folder = root / NOTEBOOKS / name
        if path in (PurePath(name), PurePath(NOTEBOOKS, name)) or (
            os.path.abspath(path) == os.path.abspath(folder)
        ):
            return name
    raise unknown(root, given)


def unknown(root: Path, given: str) -> ValueError:
    """The refusal of what is no assignment."""
    known = ", ".join(assignments(root)) or "none: run python -m coursekit build"
    return ValueError(f"{NOTEBOOKS}/ has no assignment {given!r}. There are: {known}.")


def lesson(path: Path) -> Lesson:
    """The cells of one released notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [
        graded(cell) for cell in notebook["cells"] if "nbgrader" in cell["metadata"]
    ]
    own = [
        text(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and "nbgrader" not in cell["metadata"]
    ]
    return Lesson(path.stem, {cell.id: cell for cell in cells}, frozenset(own))


def graded(cell: dict[str, Any]) -> GradedCell:
    """One cell with nbgrader's metadata."""
    data = cell["metadata"]["nbgrader"]
    return GradedCell(data["grade_id"], data, cell["cell_type"], text(cell["source"]))


def text(source: str | list[str]) -> str:
    """The source of a cell: files hold it whole or in lines."""
    return source if isinstance(source, str) else "".join(source)
