"""What is to be said about one notebook of a student, without running anything.

Refused is what nbgrader could not grade, or only as something that it is not.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading import clean_copy, notebook_file, variables
from coursekit.grading.findings import Level
from coursekit.grading.notebook_file import (
    Cell,
    UnreadableError,
    grade_id,
    grade_ids,
)
from coursekit.grading.released import GradedCell, Lesson, text
from coursekit.grading.text_file import shown

Found = tuple[Level, str, str]
KINDS = {"code": "code", "markdown": "Markdown", "raw": "raw text"}
TAGS = {"raises-exception"}
MAX_NAMED = 6


def inspect(path: Path, lesson: Lesson) -> list[Found]:
    """Everything worth saying about a student's file for this lesson."""
    try:
        notebook = notebook_file.contents(path)
    except UnreadableError as error:
        return [(Level.REFUSED, str(error), f"{error.advice}.")]
    if found := [*refused(notebook.cells, lesson)]:
        return found
    return [*repaired(notebook.damage), *changed(notebook.cells, lesson)]


def refused(cells: list[Cell], lesson: Lesson) -> Iterator[Found]:
    """Why nbgrader cannot grade this, or not as what it is."""
    ids = grade_ids(cells)
    unknown = [shown(name) for name in ids if name not in lesson.cells]
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
    elif double := [*doubled(cells, lesson)]:
        yield from double
    elif pairs := lost_pairs(set(ids), lesson):
        yield (
            Level.REFUSED,
            f"{cells_named(pairs)} gone together with the check",
            f"Copy both cells back from a fresh {lesson.file}.",
        )


def doubled(cells: list[Cell], lesson: Lesson) -> Iterator[Found]:
    """Answers that stand in several cells, with different texts."""
    for name, places in copies(cells).items():
        given, texts = lesson.cells[name], [stripped(cells[i]) for i in places]
        if given.locked or len(set(texts)) == 1:
            continue
        where = " and ".join(str(i + 1) for i in places)
        untouched = [
            str(i + 1)
            for i, found in zip(places, texts, strict=True)
            if found == given.source.strip()
        ]
        problem = f"the answer {name} stands in cells {where}, with different texts"
        yield Level.REFUSED, problem, advice_on_copies(untouched)


def copies(cells: list[Cell]) -> dict[str, list[int]]:
    """Each graded cell that is there more than once → where."""
    places: dict[str, list[int]] = {}
    for number, cell in enumerate(cells):
        if name := grade_id(cell):
            places.setdefault(name, []).append(number)
    return {name: found for name, found in places.items() if len(found) > 1}


def stripped(cell: Cell) -> str:
    """The text of a cell without the space around it."""
    return text(cell["source"]).strip()


def advice_on_copies(untouched: list[str]) -> str:
    """What to do with copies of an answer; untouched: cells as they were handed out."""
    if untouched:
        where = " and ".join(untouched)
        return f"Cell {where} is as it was handed out: delete it in submitted/."
    return (
        "If one answer was split, join the cells (select them, Edit, Merge Selected "
        "Cells); if they are two attempts, delete all but the one that counts. Do it "
        "in submitted/."
    )


def lost_pairs(ids: set[str], lesson: Lesson) -> list[str]:
    """Exercises that are gone with their check: nbgrader cannot put the check back."""
    order = list(lesson.cells.values())
    return [
        cell.id
        for cell, check in itertools.pairwise(order)
        if not cell.data["grade"] and not {cell.id, check.id} & ids
    ]


def repaired(damage: list[str]) -> Iterator[Found]:
    """Damage that costs nothing."""
    if damage:
        more = f" and {len(damage) - MAX_NAMED} more" * (len(damage) > MAX_NAMED)
        yield (
            Level.FINE,
            f"parts are damaged: {', '.join(map(shown, damage[:MAX_NAMED]))}{more}",
            "Nothing to do: a repaired copy is graded, and this file stays as it is.",
        )


def changed(cells: list[Cell], lesson: Lesson) -> Iterator[Found]:
    """What is graded all the same, but should be known."""
    here: dict[str, Cell] = {}
    for cell in cells:
        if name := grade_id(cell):
            here.setdefault(name, cell)
    yield from missing(set(here), lesson)
    yield from out_of_order(list(here), lesson)
    yield from undefined(cells, lesson)
    yield from without_pictures(cells)
    yield from restored(here, lesson)
    if double := list(copies(cells)):
        yield (
            Level.FINE,
            f"{cells_named(double)} in it more than once",
            "Nothing to do: of equal cells, and of checks, the first one counts.",
        )


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


def out_of_order(ids: list[str], lesson: Lesson) -> Iterator[Found]:
    """Graded cells that were moved past each other."""
    if ids != [name for name in lesson.cells if name in ids]:
        yield (
            Level.LOOK,
            "graded cells stand in another order",
            "A check above its exercise gives no points: move it below.",
        )


def undefined(cells: list[Cell], lesson: Lesson) -> Iterator[Found]:
    """Names of the lesson's own cells that answers and checks need and nobody defines.

    Cells of the lesson that only show something are not asked what they need.
    """
    sources = [text(cell["source"]) for cell in cells if is_code(cell, lesson)]
    if any("import *" in source for source in sources):
        return
    checks = [cell.source for cell in lesson.cells.values() if cell.kind == "code"]
    needed = variables.used([s for s in sources if s not in lesson.own] + checks)
    lost = (variables.bound(lesson.own) & needed) - variables.bound(sources)
    names = ", ".join(sorted(lost))
    if names:
        yield (
            Level.LOOK,
            f"a cell of the lesson is gone or broken: nothing defines {names}",
            "Answers and checks that need them give no points: copy the cell back "
            f"from a fresh {lesson.file}.",
        )


def is_code(cell: Cell, lesson: Lesson) -> bool:
    """Whether a cell is run: graded cells are again what they were handed out as."""
    given = lesson.cells.get(grade_id(cell) or "")
    return (given.kind if given else cell["cell_type"]) == "code"


def without_pictures(cells: list[Cell]) -> Iterator[Found]:
    """Pictures that were not copied along with the cell that shows them."""
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] != "code" and (lost := clean_copy.lost_pictures(cell)):
            yield (
                Level.FINE,
                f"the picture {shown(', '.join(lost))} of cell {number} is not in it",
                "Feedback says so in its place. If it matters, ask for it.",
            )


def restored(here: dict[str, Cell], lesson: Lesson) -> Iterator[Found]:
    """Graded cells that nbgrader gets as they were handed out."""
    given = [(lesson.cells[name], cell) for name, cell in here.items()]
    if other := [known.id for known, cell in given if data_differs(cell, known)]:
        yield (
            Level.FINE,
            f"the grading data of {', '.join(other)} was changed",
            "Nothing to do: it is put back as it was handed out.",
        )
    for known, cell in given:
        if cell["cell_type"] != known.kind:
            yield (
                Level.FINE,
                f"the cell {known.id} was turned into {KINDS[cell['cell_type']]}",
                f"Nothing to do: it is graded as {KINDS[known.kind]} again.",
            )
    if edited := [
        known.id
        for known, cell in given
        if known.locked and text(cell["source"]) != known.source
    ]:
        yield (
            Level.FINE,
            f"{cells_named(edited)} locked but changed",
            "Nothing to do: they are graded as they were handed out.",
        )


def data_differs(cell: Cell, given: GradedCell) -> bool:
    """Whether what nbgrader believes about a cell was changed, or its tags."""
    believed = ("schema_version", "grade", "solution", "locked", "points")
    data, tags = cell["metadata"]["nbgrader"], cell["metadata"].get("tags", [])
    kept = all(data.get(key) == given.data.get(key) for key in believed)
    return not kept or not (isinstance(tags, list) and {*map(str, tags)} <= TAGS)


def cells_named(names: list[str]) -> str:
    """`the cell a is` or `the cells a, b are`, to be followed by what they are."""
    several = len(names) > 1
    return f"the cell{'s'[:several]} {', '.join(names)} {'are' if several else 'is'}"
