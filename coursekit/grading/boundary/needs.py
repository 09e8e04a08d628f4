"""Which cells of a notebook a verdict needs, found without running them.

A notebook is read as two programs.

Inside runs the student's: the lesson's statements, and the student's cells as wholes.
Outside runs the instructor's: the lesson's statements, and the checks. There a name
comes from the sandbox when an answer binds or changes it *in the instructor's own
notebook*; whatever a student binds besides (`np`, `checks`, `len`) stays inside.

Each program is sliced backwards, from the names that a check reads:

1. A name at a place needs the last statements before that place that bind it, and all
   after those that may change its object, under whatever name that is known.
2. A statement needs the names that it reads, where it stands. Names in the bodies of
   functions are needed wherever the function, or what was made with it, is used.
3. A binding ends the search when it is certain: not in a branch, not where a student's
   code may fail before, and not where it needs something of a student's.
4. Imports and settings of a package (`torch.manual_seed(0)`) belong to every name that
   comes from it; settings of sys, os and warnings always count.
5. Calls that only show something (`Rules.harmless`) change nothing that they are given.
6. Checks count inside only as what they define, in the form that students see.

Where code can reach names that it does not spell (`exec`, `globals()`), everything
before the last check runs. Random numbers are as in the notebook only when nothing
that draws them between seed and use is left out.

To judge a check: run what is `inside` of cells before it, in their order, fetching
before each step `outside` its `stand_ins`; then fetch what is `wanted`.
"""

import ast
import bisect
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from coursekit.grading.boundary import effects, magics
from coursekit.grading.boundary.effects import BUILTIN, Effects, Names, Rules
from coursekit.grading.boundary.transplant import Cell

# Packages whose settings reach code that does not name them.
AMBIENT = frozenset({"sys", "os", "warnings", "site", "logging", "locale"})
# Beyond so many look-ups the analysis costs more than it saves.
MAX_LOOKED_UP = 20_000
MAX_UNITS = 250
TOO_LARGE = "the notebook is too large to analyse"
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

Place = tuple[int, int]
# Where the student's version of a lesson's cell stands: behind what is left of ours.
EDITED = 1_000_000


@dataclass(frozen=True)
class Step:
    """Something to run: a cell, or the statements of it that are needed.

    cell: its number among the transplanted cells; kind: given, answer, extra, edited
    or check; stand_ins: names to fetch from the sandbox just before (outside only);
    futures: features of `__future__` that cells before it have switched on
    """

    cell: int
    grade_id: str
    source: str
    kind: str
    stand_ins: tuple[str, ...] = ()
    futures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Broken:
    """A student's cell that is no Python, and why."""

    cell: int
    grade_id: str
    message: str


@dataclass(frozen=True)
class Plan:
    """What to run for the verdicts on one notebook. By check: its grade id.

    inside: in the sandbox, in order; outside: before each check, in its process
    wanted: names that a check gets from the sandbox, as they are when it runs
    judged: the answers that a check judges
    everything: the analysis gave up, because of `why`
    remarks: what students should know about their cells
    """

    inside: tuple[Step, ...]
    outside: dict[str, tuple[Step, ...]]
    wanted: dict[str, tuple[str, ...]]
    judged: dict[str, tuple[str, ...]]
    everything: bool = False
    why: str = ""
    broken: tuple[Broken, ...] = ()
    remarks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        """The plan that `to_json` wrote down."""
        outside = {k: steps(v) for k, v in data["outside"].items()}
        parts = {
            "inside": steps(data["inside"]),
            "outside": outside,
            "wanted": {k: tuple(v) for k, v in data["wanted"].items()},
            "judged": {k: tuple(v) for k, v in data["judged"].items()},
            "broken": tuple(Broken(**x) for x in data["broken"]),
            "remarks": tuple(data["remarks"]),
        }
        return cls(**{**data, **parts})


def steps(data: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps from plain data."""
    lists = ("stand_ins", "futures")
    return tuple(Step(**{**x, **{k: tuple(x[k]) for k in lists}}) for x in data)


# ---- Code, cut into pieces


@dataclass(frozen=True)
class Piece:
    """The code of a cell, or what is left of it. student: not ours."""

    cell: int
    grade_id: str
    kind: str
    text: str
    tree: ast.Module
    student: bool = False
    whole: bool = False
    futures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """What runs or is left out as one: a statement of ours, or a student's cell."""

    place: Place
    piece: Piece
    effects: Effects
    node: ast.stmt | None = None

    @property
    def asks(self) -> set[str]:
        """What it reads while it runs; also in functions that it makes and uses."""
        return self.effects.reads | (self.effects.later if self.effects.own else set())


def python(text: str) -> tuple[magics.Plain, ast.Module | None, str]:
    """A cell as Python, its tree, and why it has none."""
    plain = magics.plain(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(plain.source)
            compile(plain.source, "cell", "exec", flags=AWAIT, dont_inherit=True)
    except SyntaxError as error:
        where = f" (line {error.lineno})" if error.lineno else ""
        return plain, None, f"{error.msg}{where}"
    except (ValueError, OverflowError) as error:
        return plain, None, str(error)
    except (RecursionError, MemoryError):
        return plain, None, "it is nested too deep"
    return plain, tree, ""


# What we wrote is the same in all submissions. Nobody changes the trees.
known_python = lru_cache(maxsize=1_000)(python)


def futures_in(tree: ast.Module) -> tuple[str, ...]:
    """The features that `from __future__ import …` switches on in a cell."""
    return tuple(a.name for x in tree.body if is_future(x) for a in x.names)


def is_future(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    """Whether a statement is `from __future__ import …`."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


class Cells:
    """The pieces of a notebook, and what is broken in it."""

    def __init__(self, cells: Sequence[Cell], edited: Mapping[int, str]) -> None:
        self.cells = [(i, x) for i, x in enumerate(cells) if x.cell_type == "code"]
        self.edited = edited
        self.broken: list[Broken] = []
        self.remarks: list[str] = []

    def checks(self) -> Iterator[Piece]:
        """The check cells that are Python."""
        for number, cell in self.cells:
            if cell.kind == "check":
                yield from self.ours(number, cell, cell.source, "check")

    def inside(self) -> list[Piece]:
        """The student's notebook."""
        found: list[Piece] = []
        for number, cell in self.cells:
            match cell.kind:
                case "answer" | "extra":
                    found += self.written(number, cell, cell.source, cell.kind)
                case "check":
                    found += self.ours(number, cell, cell.shown, "check")
                case _:
                    found += self.given(number, cell)
        return with_futures(found)

    def given(self, number: int, cell: Cell) -> list[Piece]:
        """A cell of the lesson, as the student changed it."""
        changed = self.edited.get(number)
        ours = [*self.ours(number, cell, cell.source, "given")]
        if changed is None or python(changed)[1] is None:
            return ours
        theirs = [*self.written(number, cell, changed, "edited")]
        kept = {x for piece in theirs for x in bound(piece.tree.body)}
        return [*(lost(piece, kept) for piece in ours), *theirs]

    def outside(self) -> "tuple[Ours, ...]":
        """The cells of the instructor's notebook."""
        return tuple(
            Ours(
                number,
                x.kind,
                x.grade_id,
                x.ours if x.kind == "answer" else x.source,
                x.shown,
            )
            for number, x in self.cells
            if x.kind != "extra"
        )

    def written(self, number: int, cell: Cell, text: str, kind: str) -> Iterator[Piece]:
        """A cell that a student wrote."""
        plain, tree, problem = python(text)
        self.remarks += [f"Cell {number + 1}: {x}." for x in plain.remarks]
        if tree is None:
            self.broken.append(Broken(number, cell.grade_id, problem))
        else:
            yield Piece(number, cell.grade_id, kind, plain.source, tree, True, True)

    def ours(self, number: int, cell: Cell, text: str, kind: str) -> Iterator[Piece]:
        """A cell that we wrote."""
        yield from piece_of_ours(number, cell.grade_id, text, kind)


class Ours(NamedTuple):
    """A cell of the instructor's notebook. shown: as it was released"""

    number: int
    kind: str
    grade_id: str
    source: str
    shown: str


# Equal for all who changed nothing but their answers.
@lru_cache(maxsize=16)
def instructors(cells: tuple[Ours, ...], rules: Rules) -> "Program":
    """The instructor's notebook: its answers are there for what they bind."""
    found: list[Piece] = []
    for number, kind, grade_id, source, shown in cells:
        if kind == "answer":
            text = source if known_python(source)[1] else shown
            for piece in piece_of_ours(number, grade_id, text, kind):
                found += apart(piece)
        else:
            found += piece_of_ours(number, grade_id, source, kind)
    return Program(with_futures(found), rules, trusted=True)


def piece_of_ours(number: int, grade_id: str, text: str, kind: str) -> Iterator[Piece]:
    """The piece of a cell that we wrote, when it is Python."""
    plain, tree, _ = known_python(text)
    if tree is not None:
        yield Piece(number, grade_id, kind, plain.source, tree)


def with_futures(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces, each with the features that those before it switched on."""
    found: list[Piece] = []
    on: tuple[str, ...] = ()
    for piece in pieces:
        found.append(replace(piece, futures=on))
        on = tuple(dict.fromkeys(on + futures_in(piece.tree)))
    return found


def bound(body: Iterable[ast.stmt]) -> set[str]:
    """The names that statements bind."""
    return {name for name, _ in effects.bindings(body)}


def lost(piece: Piece, kept: set[str]) -> Piece:
    """What a changed cell of the lesson no longer binds."""
    body = [x for x in piece.tree.body if bound([x]) - kept]
    return replace(piece, tree=ast.Module(body, []))


def apart(piece: Piece) -> Iterator[Piece]:
    """The instructor's answer: its imports are run, the rest is the student's part."""
    imports: list[ast.stmt] = []
    rest: list[ast.stmt] = []
    for x in piece.tree.body:
        of_import = isinstance(x, ast.Import | ast.ImportFrom)
        (imports if of_import else rest).append(x)
    yield replace(piece, kind="given", tree=ast.Module(imports, []))
    yield replace(piece, whole=True, tree=ast.Module(rest, []))


def units_of(pieces: Sequence[Piece], names: Names, rules: Rules) -> list[Unit]:
    """The units of a program, in the order in which they run."""
    found: list[Unit] = []
    for piece in pieces:
        lazy = "annotations" in piece.futures + futures_in(piece.tree)
        if piece.whole:
            parts: list[tuple[int, list[ast.stmt], ast.stmt | None]]
            parts = [(EDITED if piece.student else 0, piece.tree.body, None)]
        else:
            parts = [(x.lineno, [x], x) for x in piece.tree.body]
        for index, body, node in parts:
            done = read(body, names, rules, lazy, f"{len(found)}")
            if piece.kind == "answer" and not piece.student:
                done.sets |= set(declared(body))
            if piece.kind != "check" or defines(node, done):
                found.append(Unit((piece.cell, index), piece, done, node))
    return sorted(found, key=lambda unit: unit.place)


def declared(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names for which an answer has a place (`width: int`), but no value."""
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=None):
                yield name


def read(
    body: list[ast.stmt], names: Names, rules: Rules, lazy: bool, tag: str
) -> Effects:
    """What code does; of code that is nested too deep nobody knows."""
    try:
        return effects.effects(body, names, rules, lazy, tag)
    except RecursionError:
        return Effects(opaque="it is nested too deep")


def defines(node: ast.stmt | None, done: Effects) -> bool:
    """Whether a statement of a check counts for other cells: for what it defines."""
    done.touches &= done.binds
    done.settings.clear()
    return bool(done.binds) and not isinstance(node, ast.Assert)


# ---- A program, and slices of it


class Program:
    """Who binds and who may change each name."""

    def __init__(
        self, pieces: Sequence[Piece], rules: Rules, trusted: bool = False
    ) -> None:
        """trusted: what is ours works; what a student's code does is not asked."""
        self.trusted = trusted
        self.names = effects.names_of([piece.tree for piece in pieces], rules)
        self.rules = rules
        self.units = units_of(pieces, self.names, rules)
        self.places = [unit.place for unit in self.units]
        self.binders: dict[str, list[int]] = {}
        self.anything: list[int] = []
        for number, unit in enumerate(self.units):
            for name in unit.effects.binds:
                self.binders.setdefault(name, []).append(number)
            if unit.effects.star or unit.effects.opaque:
                self.anything.append(number)
        self.large = len(self.units) > MAX_UNITS
        self.up, self.down = self.sharing()
        self.held: dict[str, set[str]] = {}
        self.touched = [
            set() if self.large else self.may_change(unit) for unit in self.units
        ]
        self.touchers: dict[str, list[int]] = {}
        for number, touched in enumerate(self.touched):
            for name in touched:
                self.touchers.setdefault(name, []).append(number)
        self.by_package: dict[str, list[int]] = {}
        for number, unit in enumerate(self.units):
            for package in unit.effects.imports | self.packages(unit):
                self.by_package.setdefault(package, []).append(number)
        self.from_students = self.tainted()
        self.found: dict[tuple[str, Place], tuple[list[int], list[int]]] = {}

    # What may be changed together

    def sharing(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Name → those whose objects it may hold, and the other way round."""
        up: dict[str, set[str]] = {}
        for unit in self.units:
            for target, sources in unit.effects.shares.items():
                up.setdefault(target, set()).update(sources)
        down: dict[str, set[str]] = {}
        for target, sources in up.items():
            for source in sources:
                down.setdefault(source, set()).add(target)
        return up, down

    def binding(self, name: str) -> list[Unit]:
        """All units that bind a name."""
        return [self.units[i] for i in self.binders.get(name, ())]

    def may_change(self, unit: Unit) -> set[str]:
        """The names whose objects may be other after a unit has run."""
        start = unit.effects.touches | self.touched_by_calls(unit)
        # What a function hands out is above what was made with it, and it is the
        # function's own only where the function itself is touched.
        above = reachable(start, self.up)
        below = reachable(above, self.down)
        names = {x for x in below if "@" not in x and self.names.kind(x) != "plain"}
        return names | {x for x in start if "@" not in x}

    def touched_by_calls(self, unit: Unit) -> set[str]:
        """What functions change that this unit can call."""
        found: set[str] = set()
        others = [other for name in self.called(unit) for other in self.binding(name)]
        for other in [*others, unit] if unit.effects.own else others:
            found |= other.effects.later_touches
            unit.effects.settings.update(other.effects.later_settings)
        return found

    def called(self, unit: Unit) -> set[str]:
        """The names of functions that a unit can call, and that these can."""
        found: set[str] = set()
        todo = unit.asks
        while todo:
            new = set().union(*(self.parts(x) for x in todo)) - found
            found |= new
            todo = set().union(*(x.effects.later for n in new for x in self.binding(n)))
        return found

    def parts(self, name: str) -> set[str]:
        """The names of what a value may hold, or was made with."""
        if name not in self.held:
            held = reachable({name}, self.up)
            self.held[name] = {x.removesuffix("@out") for x in held}
        return self.held[name]

    def tainted(self) -> set[int]:
        """The units of ours that may fail, since they need something of a student's."""
        names: set[str] = set()
        for unit, touched in zip(self.units, self.touched, strict=True):
            if unit.piece.student or unit.piece.kind == "answer":
                names |= unit.effects.binds | touched
        names = {x for x in names if self.names.kind(x) != "module"}
        every = any(self.units[i].piece.student for i in self.anything)
        found: set[int] = set(range(len(self.units))) if every else set()
        before = -1
        while before != len(found):
            before = len(found)
            for number, unit in enumerate(self.units):
                if (unit.effects.reads | unit.effects.later) & names:
                    found.add(number)
                    names |= unit.effects.binds
        return found

    # Looking up

    def kills(self, number: int, name: str) -> bool:
        """Whether nothing before this unit matters for a name."""
        unit = self.units[number]
        if unit.effects.imports:
            return False
        if self.trusted:
            return name in unit.effects.sets
        if unit.piece.student:
            return name in unit.effects.first
        return name in unit.effects.sets and number not in self.from_students

    def look_up(self, name: str, place: Place) -> tuple[list[int], list[int]]:
        """The units that bind a name for this place, and those that may change it."""
        if (name, place) not in self.found:
            self.found[name, place] = self.searched(name, place)
        return self.found[name, place]

    def searched(self, name: str, place: Place) -> tuple[list[int], list[int]]:
        """`look_up`, not remembered."""
        end = bisect.bisect_left(self.places, place)
        every = sorted({*self.binders.get(name, ()), *self.anything})
        binding: list[int] = []
        theirs = False
        for number in reversed([x for x in every if x < end]):
            unit = self.units[number]
            if theirs and not unit.piece.student:
                continue
            binding.append(number)
            if self.kills(number, name):
                break
            theirs |= unit.piece.student and name in unit.effects.sets
        if not binding:
            return [], []
        changing = [x for x in self.touchers.get(name, ()) if binding[-1] <= x < end]
        return binding, changing + self.of_package(name, end)

    def of_package(self, name: str, end: int) -> list[int]:
        """Imports and settings of the package that a name comes from."""
        package = self.names.packages.get(name)
        if package is None:
            return []
        return [x for x in self.by_package.get(package, ()) if x < end]

    def packages(self, unit: Unit) -> set[str]:
        """The packages of which a unit changes settings."""
        known = self.names.packages
        return {known[x] for x in unit.effects.settings if x in known}

    def behind(self, name: str, place: Place) -> set[str]:
        """The names that functions read which a value holds, or was made with."""
        binding, changing = self.look_up(name, place)
        units = [self.units[x] for x in binding]
        found = set().union(*(x.effects.later for x in units))
        sources = set().union(*(x.effects.shares.get(name, set()) for x in units))
        for part in set().union(*map(self.parts, {name} if changing else sources)):
            for unit in self.binding(part):
                if unit.place < place:
                    found |= unit.effects.later
        return found


def reachable(start: set[str], edges: Mapping[str, set[str]]) -> set[str]:
    """Where one gets to along edges."""
    seen, todo = set(start), list(start)
    while todo:
        new = edges.get(todo.pop(), set()) - seen
        seen |= new
        todo += new
    return seen


class TooMuchError(Exception):
    """The analysis takes too long."""


@dataclass
class Slice:
    """The units that some names need, of the program in the sandbox.

    supplied: names that come from the sandbox → the answers that the instructor's
    notebook has them from
    """

    program: Program
    needed: set[int] = field(default_factory=set)
    seen: set[tuple[str, Place]] = field(default_factory=set)
    supplied: dict[tuple[str, Place], set[str]] = field(default_factory=dict)

    def need(self, names: Iterable[str], place: Place) -> None:
        """Add what names at a place need. Raises TooMuchError."""
        todo = [(name, place) for name in names]
        while todo:
            wanted = todo.pop()
            if wanted in self.seen:
                continue
            self.seen.add(wanted)
            if len(self.seen) > MAX_LOOKED_UP:
                raise TooMuchError
            todo += self.needed_by(*wanted)

    def needed_by(self, name: str, place: Place) -> Iterator[tuple[str, Place]]:
        """What a name at a place needs in turn."""
        binding, changing = self.program.look_up(name, place)
        if self.comes_from_answers(name, place, binding, changing):
            return
        for number in {*binding, *changing}:
            unit = self.program.units[number]
            if number not in self.needed and self.may_run(unit):
                self.needed.add(number)
                yield from ((x, unit.place) for x in unit.asks)
        for later in self.program.behind(name, place):
            yield later, place

    def comes_from_answers(
        self, name: str, place: Place, binding: list[int], changing: list[int]
    ) -> bool:
        """Whether the sandbox has to supply a name; never so within the sandbox."""
        return False

    def may_run(self, unit: Unit) -> bool:
        """Whether a unit runs here at all."""
        return True

    def run(self, answers: Collection[str]) -> None:
        """Add answers, also those that bind nothing: what they say is shown."""
        for number, unit in enumerate(self.program.units):
            if unit.piece.kind == "answer" and unit.piece.grade_id in answers:
                self.needed.add(number)
                self.need(unit.asks, unit.place)

    def ambient(self, place: Place) -> None:
        """Add the settings that reach everywhere."""
        end = bisect.bisect_left(self.program.places, place)
        for number, unit in enumerate(self.program.units[:end]):
            if self.program.packages(unit) & AMBIENT and number not in self.needed:
                self.needed.add(number)
                self.need(unit.asks, unit.place)


@dataclass
class Outside(Slice):
    """What a check's own process has to run. student: the program inside."""

    student: Program | None = None

    def comes_from_answers(
        self, name: str, place: Place, binding: list[int], changing: list[int]
    ) -> bool:
        """Whether the sandbox has to supply a name."""
        units = self.program.units
        found = [i for i in binding if units[i].piece.kind == "answer"]
        found += [i for i in changing if name in units[i].effects.changes]
        answers = {
            units[i].piece.grade_id for i in found if units[i].piece.kind == "answer"
        }
        if self.program.names.kind(name) == "module":
            return False
        if answers or (not binding and self.only_student_has(name, place)):
            self.supplied[name, place] = answers
            return True
        return False

    def may_run(self, unit: Unit) -> bool:
        """Answers do not run here."""
        return unit.piece.kind != "answer"

    def only_student_has(self, name: str, place: Place) -> bool:
        """Whether a name that we never bind is bound by the student."""
        if name in BUILTIN or self.student is None:
            return False
        return bool(self.student.look_up(name, place)[0])


# ---- The plan


def plan(
    cells: Sequence[Cell],
    edited: Mapping[int, str] | None = None,
    rules: Rules | None = None,
) -> Plan:
    """What the verdicts on a notebook need.

    cells, edited: `cells` and `edited_given` of `transplant.Handed`
    rules: what the course says of its own functions
    """
    rules = rules or Rules()
    notebook = Cells(cells, edited or {})
    inside = Program(notebook.inside(), rules)
    outside = instructors(notebook.outside(), rules)
    checks = [*notebook.checks()]
    parts = {x.grade_id: of_check(x, outside, inside, rules) for x in checks}
    needed, why = needed_inside(inside, parts.values())
    return Plan(
        inside=steps_of(inside, needed, {}),
        outside={k: v.steps for k, v in parts.items()},
        wanted={k: v.wanted for k, v in parts.items()},
        judged={x.grade_id: judged(x, parts[x.grade_id], cells) for x in checks},
        everything=bool(why),
        why=why,
        broken=tuple(notebook.broken),
        remarks=tuple(dict.fromkeys(notebook.remarks)),
    )


@dataclass(frozen=True)
class OfCheck:
    """What one check needs. asked: names of the sandbox, and where they are read."""

    steps: tuple[Step, ...]
    wanted: tuple[str, ...]
    answers: frozenset[str]
    asked: tuple[tuple[str, Place], ...]


def of_check(check: Piece, program: Program, student: Program, rules: Rules) -> OfCheck:
    """What a check needs outside, and from the sandbox."""
    place = (check.cell, 0)
    done = read(check.tree.body, program.names, rules, False, "check")
    found = Outside(program, student=student)
    found.need(done.reads | (done.later - done.sets), place)
    found.ambient(place)
    here = {name for name, where in found.supplied if where == place}
    answers = [x for (_, w), x in found.supplied.items() if w == place]
    by_place: dict[Place, set[str]] = {}
    for name, where in found.supplied:
        by_place.setdefault(where, set()).add(name)
    return OfCheck(
        steps_of(program, found.needed, by_place),
        tuple(sorted(here)),
        frozenset().union(*answers),
        (*sorted(found.supplied), ("", place)),
    )


def needed_inside(program: Program, parts: Collection[OfCheck]) -> tuple[set[int], str]:
    """The units that the sandbox runs; and why these are all, or ""."""
    asked = [x for part in parts for x in part.asked]
    last = max((place for _, place in asked), default=(0, 0))
    end = bisect.bisect_left(program.places, last)
    for unit in program.units[:end]:
        if unit.effects.opaque:
            words = f"cell {unit.place[0] + 1}: {unit.effects.opaque}"
            return all_units(program, end), words
    found = Slice(program)
    if program.large:
        return all_units(program, end), TOO_LARGE
    try:
        for name, place in asked:
            found.need([name] if name else [], place)
        found.run({x for part in parts for x in part.answers})
        found.ambient(last)
    except TooMuchError:
        return all_units(program, end), TOO_LARGE
    return found.needed, ""


def all_units(program: Program, end: int) -> set[int]:
    """All units before the last check but those that only show something."""
    return {
        number
        for number, unit in enumerate(program.units[:end])
        if not (unit.node and only_shows(unit.node, program))
    }


def only_shows(node: ast.stmt, program: Program) -> bool:
    """Whether a statement of ours is a call that only shows something."""
    match node:
        case ast.Expr(value=ast.Call(func=func)):
            return effects.matches(effects.dotted(func), program.rules.harmless)
        case ast.Expr(value=ast.Constant()):
            return True
    return False


def judged(check: Piece, part: OfCheck, cells: Sequence[Cell]) -> tuple[str, ...]:
    """The answers that a check judges; else those between it and the check before."""
    every = [(i, x) for i, x in enumerate(cells) if x.grade_id]
    if part.answers:
        return tuple(x.grade_id for _, x in every if x.grade_id in part.answers)
    found: list[str] = []
    for number, cell in every:
        if number >= check.cell:
            break
        found = [] if cell.kind == "check" else found
        found += [cell.grade_id] if cell.kind == "answer" else []
    return tuple(found)


def steps_of(
    program: Program, needed: set[int], by_place: Mapping[Place, set[str]]
) -> tuple[Step, ...]:
    """The units as steps, one for each piece of a cell."""
    groups: dict[int, list[Unit]] = {}
    for number in sorted(needed):
        unit = program.units[number]
        groups.setdefault(id(unit.piece), []).append(unit)
    return tuple(step(units, by_place) for units in groups.values())


def step(units: list[Unit], by_place: Mapping[Place, set[str]]) -> Step:
    """The units of one piece as a step."""
    piece = units[0].piece
    names = set().union(*(by_place.get(unit.place, set()) for unit in units))
    chosen = [unit.node for unit in units if unit.node]
    source = piece.text if piece.whole else selected(piece, chosen)
    stand_ins = tuple(sorted(names))
    return Step(
        piece.cell, piece.grade_id, source, piece.kind, stand_ins, piece.futures
    )


def selected(piece: Piece, chosen: list[ast.stmt]) -> str:
    """Some statements of a cell, on the lines on which they stand."""
    starts = {(x.lineno, x.col_offset) for x in chosen}
    every = ast.parse(piece.text).body
    nodes = [x for x in every if is_future(x) or (x.lineno, x.col_offset) in starts]
    spans = [lines_of(x) for x in nodes]
    others = [lines_of(x) for x in every if x not in nodes]
    if any(a[0] <= b[1] and b[0] <= a[1] for a in spans for b in others):
        return "\n".join(ast.unparse(x) for x in nodes)
    kept = {line for first, last in spans for line in range(first, last + 1)}
    lines = piece.text.split("\n")[: max(kept)]
    return "\n".join(x if n in kept else "" for n, x in enumerate(lines, 1))


def lines_of(node: ast.stmt) -> tuple[int, int]:
    """The first and the last line of a statement."""
    above = [x.lineno for x in getattr(node, "decorator_list", [])]
    return min([node.lineno, *above]), node.end_lineno or node.lineno
