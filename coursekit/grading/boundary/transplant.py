"""A student's answers, pasted into our notebook.

Never is the student's file graded. Its cells are of any shape: whatever is in their
fields, all that is taken from them is text. Where they stand is told by cells that are
ours: the longest run of these in our order is in place, the others were moved.

An answer comes from the cell with its grade id. Of several copies the one that differs
from what was handed out counts; when several differ, the last in the file, and the
others run before it as cells of the student's own. Copies that stand one behind the
other, and are Python only when joined, are the halves of one answer.
"""

import ast
import bisect
import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coursekit.grading.boundary import effects, magics

MAX_CELLS = 1_000
MAX_CHARACTERS = 200_000
MAX_TOTAL = 2_000_000
MAX_PICTURES = 10_000_000
MAX_NAMED = 3
# How alike two cells are, from 0 to 1, of which one was made from the other.
ALIKE = 0.6
MAX_COMPARED = 2_000
MAX_LINES = 200
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
KINDS = {"code": "code", "markdown": "Markdown", "raw": "raw text"}

Json = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """A cell of the transplanted notebook.

    kind: "given" (the lesson's), "check", "answer" or "extra" (the student's)
    source: what counts; ours: the text in the instructor's notebook; shown: in the
    release; number: of the cell in the student's file, from 1, or 0
    """

    kind: str
    cell_type: str
    source: str
    grade_id: str = ""
    ours: str = ""
    shown: str = ""
    id: str = ""
    metadata: Json = field(default_factory=dict)
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True)
class Handed:
    """What a student handed in, as a notebook of ours.

    edited_given: number of a cell of the lesson → the student's version of its code
    remarks: what was wrong, for the student
    """

    cells: tuple[Cell, ...]
    edited_given: Mapping[int, str]
    remarks: tuple[str, ...]
    metadata: Json = field(default_factory=dict)

    def notebook(self) -> Json:
        """It as nbformat 4.5 writes it."""
        cells = [as_json(cell) for cell in self.cells]
        for number, cell in enumerate(cells):
            cell["id"] = cell["id"] or f"cell-{number}"  # old formats have none
        head = {"nbformat": 4, "nbformat_minor": 5, "metadata": self.metadata}
        return {**head, "cells": cells}


def as_json(cell: Cell) -> Json:
    """A cell as nbformat writes it."""
    made: Json = {"cell_type": cell.cell_type, "id": cell.id, "source": cell.source}
    made["metadata"] = cell.metadata
    if cell.cell_type == "code":
        return made | {"outputs": [], "execution_count": None}
    if cell.attachments:
        made["attachments"] = {k: dict(v) for k, v in cell.attachments.items()}
    return made


# ---- Their cells and ours


@dataclass(frozen=True)
class Theirs:
    """What is taken from a cell of the student's. number: from 1."""

    number: int
    cell_type: str
    source: str
    grade_id: str
    id: str
    attachments: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Ours:
    """A cell of our notebook. place: among ours, from 0; shown: as it was released."""

    place: int
    kind: str
    cell_type: str
    grade_id: str
    id: str
    source: str
    shown: str
    raw: Json

    @property
    def autograded(self) -> bool:
        """Whether a check judges it, rather than a person."""
        return self.kind == "answer" and not data_of(self.raw).get("grade")


def text(source: object) -> str:
    """The text of a cell, whatever stands there for it, without half characters."""
    lines = source if isinstance(source, list) else [source]
    whole = "".join(line for line in lines if isinstance(line, str))
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def data_of(cell: object) -> Json:
    """nbgrader's data of a cell; empty when there is none."""
    metadata = cell.get("metadata") if isinstance(cell, Mapping) else None
    data = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return dict(data) if isinstance(data, Mapping) else {}


def word(value: object) -> str:
    """A text, or "" for what is none."""
    return value if isinstance(value, str) else ""


def theirs(number: int, cell: object) -> Theirs:
    """What there is to take from a cell."""
    fields = cell if isinstance(cell, Mapping) else {}
    kind = word(fields.get("cell_type"))
    return Theirs(
        number,
        kind if kind in KINDS else "raw",
        text(fields.get("source")),
        word(data_of(cell).get("grade_id")),
        word(fields.get("id")),
        pictures(fields.get("attachments")),
    )


def pictures(found: object) -> dict[str, dict[str, str]]:
    """The pictures in a cell that are what a file says of pictures, up to a bound."""
    kept: dict[str, dict[str, str]] = {}
    room = MAX_PICTURES
    for name, bundle in found.items() if isinstance(found, Mapping) else ():
        for kind, data in bundle.items() if isinstance(bundle, Mapping) else ():
            room -= len(whole := text(data) if kind in PICTURES else "")
            if isinstance(name, str) and whole and room >= 0:
                kept.setdefault(text(name), {})[kind] = whole
    return kept


def ours(source: Json, release: Json) -> list[Ours]:
    """Our cells, each with what students were given of it."""
    left = list(release["cells"])
    found = []
    for place, cell in enumerate(source["cells"]):
        given = take(cell, left)
        shown = text(given["source"]) if given else ""
        data = data_of(cell)
        found.append(
            Ours(
                place,
                kind_of(data),
                cell["cell_type"],
                word(data.get("grade_id")),
                word((given or cell).get("id")),
                text(cell["source"]),
                shown,
                cell,
            )
        )
    return found


def kind_of(data: Json) -> str:
    """What a cell is in our notebook, from nbgrader's data."""
    if data.get("solution"):
        return "answer"
    return "check" if data.get("grade") and not data.get("task") else "given"


def take(cell: Json, left: list[Json]) -> Json | None:
    """The released form of one of our cells, taken out of those that are left."""
    name = data_of(cell).get("grade_id")
    for candidate in left:
        other = data_of(candidate).get("grade_id")
        same = name == other if name or other else is_same(cell, candidate)
        if same:
            left.remove(candidate)
            return candidate
    return None


def is_same(one: Json, other: Json) -> bool:
    """Whether two cells without grading data are one, before and after the release."""
    if one["cell_type"] != other["cell_type"]:
        return False
    ids = one.get("id"), other.get("id")
    return (all(ids) and ids[0] == ids[1]) or text(one["source"]) == text(
        other["source"]
    )


# ---- Which of their cells is which of ours


class Match:
    """Which of the student's cells are which of ours.

    one: place of ours → their cell; copies: place → all with its grade id
    """

    def __init__(self, mine: Sequence[Ours], their: Sequence[Theirs]) -> None:
        self.mine = mine
        self.their = their
        self.remarks: list[str] = []
        self.one: dict[int, Theirs] = {}
        self.dropped: set[int] = set()
        self.joined: dict[int, str] = {}
        self.by_grade_id()
        self.by_text()
        self.by_id()
        self.by_likeness()

    def free(self) -> list[Theirs]:
        """Their cells of which nothing is known yet."""
        used = {x.number for x in self.one.values()} | self.dropped
        known = {x.grade_id for x in self.mine if x.grade_id}
        return [
            x for x in self.their if x.number not in used and x.grade_id not in known
        ]

    def missing(self) -> list[Ours]:
        """Our cells that were not found yet."""
        return [x for x in self.mine if x.place not in self.one]

    def by_grade_id(self) -> None:
        """Graded cells, by nbgrader's name."""
        known = {x.grade_id: x for x in self.mine if x.grade_id}
        found: dict[str, list[Theirs]] = {}
        for cell in self.their:
            if cell.grade_id in known:
                found.setdefault(cell.grade_id, []).append(cell)
        for name, cells in found.items():
            mine = known[name]
            chosen = self.chosen(mine, cells) if len(cells) > 1 else cells[0]
            self.one[mine.place] = chosen
            unchanged = mine.shown.strip()
            self.dropped |= {
                x.number
                for x in cells
                if mine.kind != "answer"
                or x.source.strip() in (unchanged, chosen.source.strip())
            }

    def chosen(self, mine: Ours, cells: list[Theirs]) -> Theirs:
        """Which of several copies counts."""
        where = listed([f"{x.number}" for x in cells])
        head = f"The cell {mine.grade_id} stands in your notebook {len(cells)} times"
        head += f" (cells {where})"
        if mine.kind != "answer":
            self.remarks.append(f"{head}; ours counts.")
            return cells[0]
        changed = [x for x in cells if x.source.strip() != mine.shown.strip()]
        texts = {x.source.strip() for x in changed}
        if len(texts) > 1:
            return self.of_several(mine, changed, head)
        counts = (changed or cells)[0]
        why = "the first that is not as it was handed out" if changed else "all equal"
        self.remarks.append(f"{head}; cell {counts.number} counts ({why}).")
        return counts

    def of_several(self, mine: Ours, changed: list[Theirs], head: str) -> Theirs:
        """Which of several copies with different texts counts: all halves, or one."""
        numbers = [x.number for x in changed]
        whole = "\n".join(x.source for x in changed)
        consecutive = numbers == [*range(numbers[0], numbers[0] + len(numbers))]
        last = changed[-1]
        if consecutive and are_halves([x.source for x in changed], whole):
            self.remarks.append(
                f"{head}; they are parts of one answer and were joined."
            )
            self.dropped |= set(numbers)
            return replace(changed[0], source=whole)
        self.remarks.append(
            f"{head} with different texts; the last one, cell {last.number}, counts, "
            "and the others run before it."
        )
        return last

    def by_text(self) -> None:
        """Cells of the lesson that are as they were handed out."""
        free: dict[tuple[str, str], list[Theirs]] = {}
        for cell in self.free():
            free.setdefault((cell.cell_type, cell.source.strip()), []).append(cell)
        for mine in self.missing():
            same = free.get((mine.cell_type, mine.shown.strip()), [])
            if same and (mine.shown.strip() or mine.id in {x.id for x in same}):
                self.one[mine.place] = same.pop(0)
        # What is left of these are copies, of which one is enough.
        plain = {(x.cell_type, x.shown.strip()) for x in self.mine}
        self.dropped |= {
            x.number for key, cells in free.items() if key in plain for x in cells
        }

    def by_id(self) -> None:
        """Cells that were changed, by the id that the notebook's format gives them."""
        free = {x.id: x for x in reversed(self.free()) if x.id}
        for mine in self.missing():
            cell = free.get(mine.id)
            if mine.id and cell and (cell.cell_type == mine.cell_type or mine.grade_id):
                self.one[mine.place] = free.pop(mine.id)
                self.recognised(mine, self.one[mine.place])

    def recognised(self, mine: Ours, cell: Theirs) -> None:
        """Say that an answer had lost what nbgrader wrote into it."""
        if mine.kind == "answer":
            self.remarks.append(
                f"The answer {mine.grade_id} had lost its grading data; "
                f"cell {cell.number} was recognised as it."
            )

    def by_likeness(self) -> None:
        """Cells that were changed and have no known id: the most similar ones."""
        room = MAX_COMPARED
        for mine in self.missing():
            if mine.grade_id and mine.kind != "answer":
                continue
            gap = self.gap(mine)
            room -= len(gap)
            if room < 0:
                return
            if best := most_alike(mine, gap):
                self.one[mine.place] = best
                self.recognised(mine, best)

    def gap(self, mine: Ours) -> list[Theirs]:
        """Their unknown cells that stand where one of ours is missing."""
        before = [n.number for p, n in self.one.items() if p < mine.place]
        behind = [n.number for p, n in self.one.items() if p > mine.place]
        first, last = max(before, default=0), min(behind, default=len(self.their) + 1)
        return [
            x
            for x in self.free()
            if first < x.number < last and x.cell_type == mine.cell_type
        ]


def are_halves(parts: Sequence[str], whole: str) -> bool:
    """Whether texts are Python only together."""
    alone = all(is_python(part) for part in parts)
    return not alone and is_python(whole)


def is_python(source: str) -> bool:
    """Whether a cell would compile."""
    tree = magics.parsed(magics.plain(source).source)
    try:
        flag = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        return tree is not None and bool(compile(tree, "cell", "exec", flags=flag))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def most_alike(mine: Ours, cells: Iterable[Theirs]) -> Theirs | None:
    """The cell that was made from ours, when one was."""
    needed = names_bound(mine.shown) if mine.kind == "answer" else set()
    if mine.kind == "answer":
        same = [x for x in cells if binds(x.source, needed)]
        return same[-1] if same else None
    scored = [(likeness(mine.shown, x.source), -x.number, x) for x in cells]
    best = max(scored, default=None)
    return best[2] if best and best[0] >= ALIKE else None


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1."""
    if max(len(one), len(other)) <= 2 * MAX_LINES:
        return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    first, second = one.splitlines()[:MAX_LINES], other.splitlines()[:MAX_LINES]
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


def binds(source: str, names: set[str]) -> bool:
    """Whether a cell binds all of these names, of which there is at least one."""
    spelled = bool(names) and all(name in source for name in names)
    return spelled and names <= names_bound(source)


def names_bound(source: str) -> set[str]:
    """The names that a cell binds; none when it is no Python."""
    tree = magics.parsed(magics.plain(source).source)
    try:
        return {name for name, _ in effects.bindings(tree.body)} if tree else set()
    except RecursionError:
        return set()


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


# ---- The notebook


def transplant(source: Json, release: Json, cells: Sequence[object]) -> Handed:
    """The student's answers in our notebook.

    source, release: our notebook with the solutions, and as it was handed out
    cells: the student's cells, of any shape
    """
    mine = ours(source, release)
    remarks: list[str] = []
    match = Match(mine, bounded(cells, remarks))
    remarks += match.remarks
    in_place = kept_in_order(match)
    extras = extra_cells(match, in_place)
    made = [pasted(x, match, extras, remarks) for x in mine]
    remarks += [*moved(match, in_place), *changed_lesson(match)]
    whole, edited = assembled(made, extras, match)
    metadata = dict(source.get("metadata", {}))
    return Handed(tuple(whole), edited, tuple(remarks), metadata)


def bounded(cells: Sequence[object], remarks: list[str]) -> list[Theirs]:
    """The student's cells, not too many and none too large."""
    found = [theirs(n, cell) for n, cell in enumerate(cells[:MAX_CELLS], 1)]
    if len(cells) > MAX_CELLS:
        remarks.append(
            f"Your notebook has {len(cells):,} cells; those after cell {MAX_CELLS:,} "
            "are too many and were cut off."
        )
    for n, cell in enumerate(found):
        if len(cell.source) > MAX_CHARACTERS:
            found[n] = replace(cell, source=cell.source[:MAX_CHARACTERS])
            remarks.append(
                f"Cell {cell.number} is too large and was cut off after "
                f"{MAX_CHARACTERS:,} characters."
            )
    return [*not_too_much(found, remarks)]


def not_too_much(cells: Iterable[Theirs], remarks: list[str]) -> Iterator[Theirs]:
    """The cells from the first on that are together not too large."""
    room = MAX_TOTAL
    for cell in cells:
        room -= len(cell.source)
        if room < 0:
            remarks.append(
                f"Your notebook holds more than {MAX_TOTAL:,} characters; from cell "
                f"{cell.number} on it was cut off."
            )
            return
        yield cell


def kept_in_order(match: Match) -> list[tuple[int, int]]:
    """(number of theirs, place of ours): the longest run in which both grow."""
    pairs = sorted((x.number, place) for place, x in match.one.items())
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        at = bisect.bisect_left(tails, place)
        before.append(ends[at - 1] if at else -1)
        tails[at:], ends[at:] = [place, *tails[at + 1 :]], [index, *ends[at + 1 :]]
    chain: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.insert(0, pairs[index])
        index = before[index]
    return chain


def extra_cells(
    match: Match, in_place: Sequence[tuple[int, int]]
) -> dict[int, list[Theirs]]:
    """The student's own cells, by the place of ours behind which they stand."""
    used = {x.number for x in match.one.values()} | match.dropped
    found: dict[int, list[Theirs]] = {}
    for cell in match.their:
        if cell.number in used or cell.cell_type == "raw" or not cell.source.strip():
            continue
        at = bisect.bisect_left(in_place, (cell.number, 0)) - 1
        place = in_place[at][1] if at >= 0 else -1
        found.setdefault(place, []).append(cell)
    return found


def pasted(
    mine: Ours, match: Match, extras: dict[int, list[Theirs]], remarks: list[str]
) -> Cell:
    """One of our cells, with the student's answer if it is for one."""
    cell = Cell(
        mine.kind,
        mine.cell_type,
        mine.source,
        mine.grade_id,
        mine.source,
        mine.shown,
        mine.id,
        mine.raw.get("metadata", {}),
    )
    found = match.one.get(mine.place)
    if mine.kind != "answer":
        remarks += locked(mine, found)
        return cell
    if found is None:
        return deleted(cell, mine, match, extras, remarks)
    if found.cell_type != mine.cell_type:
        remarks.append(
            f"The answer {mine.grade_id} was turned into {KINDS[found.cell_type]}; "
            f"it counts as {KINDS[mine.cell_type]} again."
        )
    answer = with_other_half(found.source, mine, extras, remarks)
    pictures = found.attachments if mine.cell_type == "markdown" else {}
    return replace(cell, source=answer, attachments=pictures, number=found.number)


def locked(mine: Ours, found: Theirs | None) -> list[str]:
    """What to say about a cell that students were asked to leave as it is."""
    if not mine.grade_id:
        return []
    what = "check" if mine.kind == "check" else "locked cell"
    if found is None:
        return [f"The {what} {mine.grade_id} was deleted; ours counts."]
    if found.source.strip() != mine.shown.strip():
        return [f"The {what} {mine.grade_id} was changed; ours counts."]
    return []


def with_other_half(
    source: str, mine: Ours, extras: dict[int, list[Theirs]], remarks: list[str]
) -> str:
    """An answer, joined with the cell right behind it when it is Python only so."""
    behind = [x for x in extras.get(mine.place, []) if x.cell_type == "code"][:1]
    if mine.cell_type != "code" or not behind or is_python(behind[0].source):
        return source
    whole = f"{source}\n{behind[0].source}"
    if not is_python(whole):
        return source
    extras[mine.place].remove(behind[0])
    remarks.append(
        f"The answer {mine.grade_id} was split; cell {behind[0].number} was joined "
        "with it again."
    )
    return whole


def deleted(
    cell: Cell,
    mine: Ours,
    match: Match,
    extras: dict[int, list[Theirs]],
    remarks: list[str],
) -> Cell:
    """An answer that is not there: as it was handed out, or defined elsewhere."""
    names = names_bound(mine.shown) if mine.cell_type == "code" else set()
    others = [x for place, x in extras.items() if place <= mine.place]
    answers = [p for p in match.one if match.mine[p].kind == "answer"]
    others.append([match.one[p] for p in answers if p < mine.place])
    defined = [
        x
        for cells in others
        for x in cells
        if x.cell_type == "code" and binds(x.source, names)
    ]
    if defined:
        remarks.append(
            f"The answer cell {mine.grade_id} was deleted; cell {defined[0].number} "
            f"defines {listed(sorted(names))}, and that counts."
        )
        return replace(cell, source="")
    remarks.append(
        f"The answer cell {mine.grade_id} was deleted; it counts as it was handed out."
    )
    return replace(cell, source=mine.shown)


def moved(match: Match, in_place: Sequence[tuple[int, int]]) -> list[str]:
    """What to say about graded cells that stand in another order."""
    kept = {place for _, place in in_place}
    names = [
        match.mine[place].grade_id
        for place in sorted(match.one)
        if place not in kept and match.mine[place].grade_id
    ]
    if not names:
        return []
    one = len(names) == 1
    return [
        f"The cell{'s' * (not one)} {listed(names)} {'was' if one else 'were'} moved; "
        f"{'it counts' if one else 'they count'} in the place of the lesson."
    ]


def changed_lesson(match: Match) -> list[str]:
    """What to say about code of the lesson that was changed or deleted."""
    plain = [
        x for x in match.mine if x.shown and x.cell_type == "code" and not x.grade_id
    ]
    gone = [x for x in plain if x.place not in match.one]
    changed = [x for x in plain if x.place in match.one and is_changed(x, match)]
    return [
        *told(gone, "deleted", "ours {} used"),
        *told(
            changed, "changed", "your answers run with your version, checks with ours"
        ),
    ]


def is_changed(mine: Ours, match: Match) -> bool:
    """Whether the student changed the text of a cell."""
    return match.one[mine.place].source.strip() != mine.shown.strip()


def told(cells: Sequence[Ours], what: str, then: str) -> list[str]:
    """One sentence about cells of the lesson."""
    if not cells:
        return []
    begins = [f"`{beginning(x.shown)}`" for x in cells[:MAX_NAMED]]
    rest = len(cells) - MAX_NAMED
    names = listed(begins + [f"{rest} more"] * (rest > 0))
    one = len(cells) == 1
    head = "A cell" if one else f"{len(cells)} cells"
    verb, begin = ("was", "begins") if one else ("were", "begin")
    tail = then.format("is" if one else "are")
    return [f"{head} of the lesson {verb} {what} ({begin} {names}); {tail}."]


def beginning(source: str) -> str:
    """The first line of a cell, for people."""
    first = next((x.strip() for x in source.splitlines() if x.strip()), "")
    return first[:40].replace("`", "'")


def assembled(
    made: Sequence[Cell], extras: Mapping[int, Sequence[Theirs]], match: Match
) -> tuple[list[Cell], dict[int, str]]:
    """All cells in order, and which of the lesson's the student changed."""
    taken = Counter(cell.id for cell in made)
    whole: list[Cell] = []
    edited: dict[int, str] = {}
    for place, cell in enumerate([None, *made], -1):
        if cell:
            mine = match.mine[place]
            plain = mine.cell_type == "code" and not mine.grade_id
            if plain and place in match.one and is_changed(mine, match):
                edited[len(whole)] = match.one[place].source
            whole.append(cell)
        for extra in extras.get(place, ()):
            whole.append(of_their_own(extra, taken))
    return whole, edited


def of_their_own(cell: Theirs, taken: Counter[str]) -> Cell:
    """A cell that the student added."""
    name = f"own-{cell.number}"
    while taken[name]:
        name += "x"
    taken[name] += 1
    return Cell(
        "extra",
        cell.cell_type,
        cell.source,
        id=name,
        attachments=cell.attachments if cell.cell_type == "markdown" else {},
        number=cell.number,
    )
