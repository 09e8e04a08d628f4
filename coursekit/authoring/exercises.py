"""The exercises of a lesson: heading, stub, check and hints that belong together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coursekit.authoring.source import Cell, Script

MAX_HINTS = 3
TITLE = re.compile(r"Exercise (\d+\.\d+) · (.+)")
FACTS = re.compile(
    r"(?P<points>\d+) points? · (?P<minutes>\d+) minutes? · "
    r"(?P<stars>●{1,5}○{0,4}) · needs (?P<needs>.+)"
)
NEED = re.compile(r"(\d+\.\d+)(?: \(week (\d+)\))?")


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise. `needs` holds (week number or None for this week, number).

    answer: the cell of the answer; graded: that with the points (by hand: the same)
    """

    id: str
    number: str
    title: str
    points: int
    minutes: int
    difficulty: int
    needs: tuple[tuple[int | None, str], ...]
    kind: str
    answer: Cell
    graded: Cell
    cells: tuple[Cell, ...]

    @property
    def hints(self) -> list[Cell]:
        """The hint cells, in order."""
        return [cell for cell in self.cells if cell.get("hint")]


def find(script: Script) -> tuple[Exercise, ...]:
    """The exercises of a lesson in their order.

    Raises SourceError when a part of an exercise is missing or stands alone.
    """
    check_ids(script)
    check_pairs(script)
    regions = list(split(script))
    check_strays(script, regions)
    exercises = tuple(assemble(region) for region in regions)
    check_numbers(script, exercises)
    return exercises


def grade_id(cell: Cell) -> str | None:
    """The name by which nbgrader knows the cell; None for cells without one."""
    if check := cell.get("check"):
        return f"{check}-check"
    return cell.get("exercise") or cell.get("manual")


def check_ids(script: Script) -> None:
    """No id is used twice."""
    seen: dict[str, Cell] = {}
    for cell in script.cells:
        name = grade_id(cell)
        if name and name in seen:
            raise cell.error(
                f"the id {name!r} is used already in cell {seen[name].number}. "
                "Choose another."
            )
        if name:
            seen[name] = cell


def check_pairs(script: Script) -> None:
    """Each check has its exercise, each exercise its check."""
    for key, other in (("check", "exercise"), ("exercise", "check")):
        known = {cell.get(other) for cell in script.cells}
        for cell in script.cells:
            name = cell.get(key)
            if name and name not in known:
                raise cell.error(
                    f'this {key} has no {other}: give a cell the key {other}="{name}".'
                )


def split(script: Script) -> Iterator[tuple[Cell, ...]]:
    """The cells of each exercise: from its heading up to the next heading."""
    region: list[Cell] = []
    for cell in script.cells:
        headings = [text for level, text in cell.headings() if level <= 3]
        opens = any(text.startswith("Exercise") for text in headings)
        if headings and region:
            yield tuple(region)
            region = []
        if opens or region:
            region.append(cell)
    if region:
        yield tuple(region)


def check_strays(script: Script, regions: list[tuple[Cell, ...]]) -> None:
    """Nothing of an exercise stands outside one."""
    inside = {cell.number for region in regions for cell in region}
    for cell in script.cells:
        parts = [key for key in cell.keys if key != "topics"]
        if parts and cell.number not in inside:
            part = parts[0]
            raise cell.error(
                f"this {part} is outside an exercise. Put it below a heading such as "
                "`### Exercise 2.1 · Title`."
            )


def assemble(region: tuple[Cell, ...]) -> Exercise:
    """One exercise from its cells."""
    head = region[0]
    number, title, facts = heading(head)
    answer, graded = graded_cells(region)
    points = graded.get("points")
    if int(facts["points"]) != points:
        raise head.error(
            f"the heading says {facts['points']} points, cell {graded.number} says "
            f"points={points}. Make them the same."
        )
    exercise = Exercise(
        id=answer.get("exercise") or answer.get("manual"),
        number=number,
        title=title,
        points=points,
        minutes=int(facts["minutes"]),
        difficulty=facts["stars"].count("●"),
        needs=needs(head, facts["needs"]),
        kind=kind(answer, graded),
        answer=answer,
        graded=graded,
        cells=region,
    )
    check_hints(exercise)
    return exercise


def heading(cell: Cell) -> tuple[str, str, re.Match[str]]:
    """Number, title and the matched line of points of an exercise's first cell."""
    lines = [line.strip() for line in cell.source.split("\n") if line.strip()]
    at = next(i for i, line in enumerate(lines) if line.startswith("### Exercise"))
    title = TITLE.fullmatch(lines[at].removeprefix("### "))
    if not title:
        raise cell.error("write its heading like `### Exercise 2.1 · Title`.")
    facts = FACTS.fullmatch(lines[at + 1]) if at + 1 < len(lines) else None
    if not facts or len(facts["stars"]) != 5:
        raise cell.error(
            "below the heading of an exercise stands a line such as "
            "`2 points · 10 minutes · ●●○○○ · needs 1.4` (or `needs nothing`)."
        )
    return title[1], title[2], facts


def graded_cells(region: tuple[Cell, ...]) -> tuple[Cell, Cell]:
    """The cell of the answer and the cell with the points (by hand: the same)."""
    manual = [cell for cell in region if cell.get("manual")]
    stubs = [cell for cell in region if cell.get("exercise")]
    checks = [cell for cell in region if cell.get("check")]
    if len(manual) == 1 and not stubs and not checks:
        return manual[0], manual[0]
    if manual or len(stubs) != 1 or len(checks) != 1:
        raise region[0].error(
            "an exercise is one exercise cell and one check cell, or one manual cell; "
            f"found {len(stubs)}, {len(checks)} and {len(manual)}."
        )
    if stubs[0].get("exercise") != checks[0].get("check"):
        raise checks[0].error(f'it must be check="{stubs[0].get("exercise")}".')
    if checks[0].number < stubs[0].number:
        raise checks[0].error("a check comes after its exercise.")
    return stubs[0], checks[0]


def kind(answer: Cell, graded: Cell) -> str:
    """How it is graded: "manual", "quiz" or "code"."""
    if answer is graded:
        return "manual"
    return "quiz" if graded.get("quiz") else "code"


def needs(cell: Cell, text: str) -> tuple[tuple[int | None, str], ...]:
    """The exercises that come before this one, from the words after `needs`."""
    if text == "nothing":
        return ()
    found = [NEED.fullmatch(part) for part in text.split(", ")]
    if not all(found):
        raise cell.error(
            f"`needs {text}` is not clear: write `needs nothing`, `needs 1.4, 2.1` or "
            "`needs 2.3 (week 1)`."
        )
    return tuple((int(m[2]) if m[2] else None, m[1]) for m in found if m)


def check_hints(exercise: Exercise) -> None:
    """At most three hints, below the answer."""
    if len(exercise.hints) > MAX_HINTS:
        raise exercise.hints[MAX_HINTS].error("three hints are enough: delete one.")


def check_numbers(script: Script, exercises: tuple[Exercise, ...]) -> None:
    """Exercises of the lesson 2_operator are numbered 2.1, 2.2, 2.3, …"""
    chapter = script.name.split("_")[0]
    for place, exercise in enumerate(exercises, 1):
        if exercise.number != f"{chapter}.{place}":
            raise exercise.cells[0].error(
                f"number it {chapter}.{place}: exercises are counted in their order."
            )
