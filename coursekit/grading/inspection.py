"""What is to be said about one notebook of a student, without running anything.

Refused is what nobody can read, and another notebook. All else is graded: answers are
put into our notebook, wherever they stood, and the student is told what was odd.
"""

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
    """Why this cannot be graded."""
    if not set(grade_ids(cells)) & set(lesson.cells):
        yield (
            Level.REFUSED,
            "none of the lesson's graded cells is in it",
            f"Is it another notebook? The graded cells are in {lesson.file} as it was "
            "handed out; answers must be written there.",
        )


def copies(cells: list[Cell], lesson: Lesson) -> dict[str, list[int]]:
    """Each graded cell of the lesson that is there more than once → where."""
    places: dict[str, list[int]] = {}
    for number, cell in enumerate(cells):
        if (name := grade_id(cell)) in lesson.cells and name:
            places.setdefault(name, []).append(number)
    return {name: found for name, found in places.items() if len(found) > 1}


def stripped(cell: Cell) -> str:
    """The text of a cell without the space around it."""
    return text(cell["source"]).strip()


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
        if (name := grade_id(cell)) in lesson.cells and name:
            here.setdefault(name, cell)
    yield from unknown(cells, lesson)
    yield from missing(set(here), lesson)
    yield from out_of_order(list(here), lesson)
    yield from undefined(cells, lesson)
    yield from without_pictures(cells)
    yield from restored(here, lesson)
    yield from doubled(cells, lesson)


def unknown(cells: list[Cell], lesson: Lesson) -> Iterator[Found]:
    """Graded cells that another lesson has, or nobody."""
    ids = dict.fromkeys(grade_ids(cells))
    if strange := [shown(name) for name in ids if name not in lesson.cells]:
        yield (
            Level.LOOK,
            f"{cells_named(strange)} not of this lesson",
            "They are graded only as far as they are recognised as answers to it: see "
            "that it is the right file.",
        )


def doubled(cells: list[Cell], lesson: Lesson) -> Iterator[Found]:
    """Graded cells that are in it more than once."""
    here = copies(cells, lesson)
    attempts = {name for name, places in here.items() if several(cells, places, lesson)}
    if plain := [name for name in here if name not in attempts]:
        yield (
            Level.FINE,
            f"{cells_named(plain)} in it more than once",
            "Nothing to do: the answer counts that is not as it was handed out, and of "
            "checks ours.",
        )
    for name in attempts:
        where = " and ".join(str(place + 1) for place in here[name])
        yield (
            Level.LOOK,
            f"the answer {name} stands in cells {where}, with different texts",
            "The last one counts, or all when they are Python only together. If "
            "another is to count, delete the rest in submitted/.",
        )


def several(cells: list[Cell], places: list[int], lesson: Lesson) -> bool:
    """Whether copies of an answer are more than one attempt."""
    given = lesson.cells[grade_id(cells[places[0]]) or ""]
    texts = {stripped(cells[place]) for place in places} - {given.source.strip()}
    return not given.locked and len(texts) > 1


def missing(ids: set[str], lesson: Lesson) -> Iterator[Found]:
    """Cells that were deleted."""
    gone = [cell for cell in lesson.cells.values() if cell.id not in ids]
    checks = [cell.id for cell in gone if cell.locked]
    if checks:
        yield (
            Level.FINE,
            f"{cells_named(checks)} missing",
            "Nothing to do: checks are ours, also deleted ones.",
        )
    if answers := [cell.id for cell in gone if not cell.locked]:
        yield (
            Level.LOOK,
            f"{cells_named(answers)} missing",
            "It counts as it was handed out, unless another cell defines the same: "
            "look for the answer in other cells, or ask for it.",
        )


def out_of_order(ids: list[str], lesson: Lesson) -> Iterator[Found]:
    """Graded cells that were moved past each other."""
    if ids != [name for name in lesson.cells if name in ids]:
        yield (
            Level.FINE,
            "graded cells stand in another order",
            "Nothing to do: each counts in its place in the lesson.",
        )


def undefined(cells: list[Cell], lesson: Lesson) -> Iterator[Found]:
    """Names of the lesson's own cells that answers and checks need and nobody defines.

    They are there when it is graded, since checks run with our cells.

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
            Level.FINE,
            f"a cell of the lesson is gone or broken: nothing defines {names}",
            "Nothing to do: ours is used.",
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
    """Graded cells that are graded as they were handed out."""
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
            "Nothing to do: ours count.",
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
