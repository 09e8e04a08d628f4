"""The complete notebook of a lesson, with nbgrader's metadata and stable cell ids."""

import ast
import re
from collections import Counter
from typing import Any

import nbformat
from nbformat import v4

from coursekit.authoring import marks, rules
from coursekit.authoring.exercises import Exercise, grade_id
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import Cell

METADATA = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
# A caption says what a figure shows: folded away, it does not answer the question
# that was asked before the figure.
FOLDED = {"jupyter": {"source_hidden": True}}
MAX_SLUG = 48


def text(lesson: Lesson) -> str:
    """The notebook file of a lesson; the same lesson gives the same bytes."""
    hints = hint_numbers(lesson.exercises)
    ids = cell_ids(lesson)
    cells = [
        new_cell(cell, ids[cell.number], hints.get(cell.number))
        for cell in lesson.cells
    ]
    notebook = v4.new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


class Code(str):
    """The source of a code cell, where other texts are Markdown."""


def page(*sources: str) -> str:
    """A notebook beside the lessons, as a file: Markdown, and cells of `Code`."""
    cells = [
        (v4.new_code_cell if isinstance(source, Code) else v4.new_markdown_cell)(
            source, id=f"page-{number}"
        )
        for number, source in enumerate(sources)
    ]
    notebook = v4.new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def new_cell(cell: Cell, name: str, hint: str | None) -> nbformat.NotebookNode:
    """One cell of the complete notebook."""
    build = v4.new_code_cell if cell.is_code else v4.new_markdown_cell
    source = cell.source
    if hint:
        source = f"<details><summary>{hint}</summary>\n\n{source}\n\n</details>"
    elif cell.get("check") and not cell.get("quiz"):
        source = with_hidden_check(source)
    return build(source, id=name, metadata=cell_metadata(cell))


def cell_metadata(cell: Cell) -> dict[str, Any]:
    """What nbgrader needs to know; for cells of the lesson, whether code is folded."""
    name = grade_id(cell)
    if not name:
        return FOLDED if cell.is_code and rules.only_shows(cell) else {}
    graded = cell.get("points") is not None
    nbgrader = {
        "schema_version": 3,
        "grade_id": name,
        "grade": graded,
        "solution": not cell.get("check"),
        "locked": bool(cell.get("check")),
        "task": False,
    }
    points = {"points": cell.get("points")} if graded else {}
    return {"nbgrader": nbgrader | points}


def with_hidden_check(source: str) -> str:
    """The visible check, and the same check on cases that students do not see.

    `checks.week1.f(f)` is followed by `_hidden.check(checks.week1.f, f)`.
    """
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    arguments = [ast.unparse(node) for node in (call.func, *call.args, *call.keywords)]
    return "\n".join(
        [
            source,
            f"### {marks.BEGIN_HIDDEN}",
            "from coursekit.grading import hidden as _hidden",
            "",
            f"_hidden.check({', '.join(arguments)})",
            f"### {marks.END_HIDDEN}",
        ]
    )


def hint_numbers(exercises: tuple[Exercise, ...]) -> dict[int, str]:
    """Cell number of each hint → "Hint 1 of 3"."""
    return {
        cell.number: f"Hint {place} of {len(exercise.hints)}"
        for exercise in exercises
        for place, cell in enumerate(exercise.hints, 1)
    }


def cell_ids(lesson: Lesson) -> dict[int, str]:
    """Cell number → id: nbgrader's name, or the section and a count within it."""
    names = {cell.number: grade_id(cell) for cell in lesson.cells}
    taken = set(names.values())
    count: Counter[str] = Counter()
    section, ids = "", {}
    for cell in lesson.cells:
        section = next((slug(t) for level, t in cell.headings() if level <= 2), section)
        name = names[cell.number]
        while name is None or (name in taken and names[cell.number] is None):
            count[section] += 1
            name = f"{section}-{count[section]}"
        ids[cell.number] = name
    return ids


def slug(heading: str) -> str:
    """A heading as a part of a cell id: "3. When it fits" → "3-when-it-fits"."""
    words = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
    return words[:MAX_SLUG].rstrip("-") or "section"
