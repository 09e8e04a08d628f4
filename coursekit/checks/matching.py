"""Which parameter of a student's module plays the part of which one of the oracle's.

Names and order are the student's choice. What must agree is the shape; what tells
tensors of one shape apart is the layer they belong to, which layer feeds that one, and
the order in which a run uses them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from coursekit.checks.errors import BrokenProtocolError
from coursekit.checks.replies import part, row, shape, texts
from coursekit.checks.values import Plain

Shapes = Sequence[tuple[int, ...]]

_SHIFTS = ("bias", "beta", "b", "shift", "offset")


@dataclass(frozen=True)
class Row:
    """One parameter or buffer. `first`: when its layer is first used; `feeder`: what
    feeds that layer ("" an input, "?" no layer)."""

    path: str
    kind: str
    shape: tuple[int, ...]
    first: int
    feeder: str

    @property
    def owner(self) -> str:
        return self.path.rpartition(".")[0]

    @property
    def core(self) -> tuple[int, ...]:
        """The shape without ones: (1, C, 1, 1) holds what (C,) holds."""
        return tuple(size for size in self.shape if size != 1)

    @property
    def role(self) -> str:
        """What tells weight from bias and mean from variance."""
        name = self.path.rpartition(".")[2].lower()
        if self.kind == "buffer":
            return "variance" if "var" in name else "mean"
        shift = name in _SHIFTS or name.startswith(("bias", "beta"))
        return "shift" if shift else "weight"


@dataclass(frozen=True)
class Layout:
    """What is registered in a module, what is used twice and what hangs loose."""

    rows: list[Row]
    twice: list[str]
    loose: list[list[str]]

    def shapes(self, kind: str) -> list[tuple[int, ...]]:
        """Shapes of all parameters or buffers, sorted."""
        return sorted(row.shape for row in self.rows if row.kind == kind)


def read_layout(value: Plain) -> Layout:
    """From plain data. Raises BrokenProtocolError."""
    rows = []
    for item in part(value, "rows", list):
        path, kind, size, first, feeder, _ = row(item, str, str, tuple, int, str, int)
        if kind not in ("parameter", "buffer"):
            raise BrokenProtocolError("neither a parameter nor a buffer")
        rows.append(Row(path, kind, shape(size), first, feeder))
    loose = [texts(row(item, str, str, str)) for item in part(value, "loose", list)]
    return Layout(rows, texts(part(value, "twice", list)[:20]), loose)


def matched(yours: Layout, theirs: Layout) -> dict[str, str] | None:
    """The student's path for each path of the oracle; None when the shapes differ.

    Counters of batches are left out on both sides, and buffers that only one side has.
    """
    mine, other = _tensors(yours, theirs), _tensors(theirs, yours)
    for key in (_exact, _by_role, _by_shape):
        pairs = _paired(mine, other, key)
        if pairs is not None:
            return pairs
    return None


def differences(got: Shapes, expected: Shapes) -> list[str]:
    """A line on shapes that are missing and one on those too many; none of each: []."""
    have, want = Counter(got), Counter(expected)
    lines = [
        _listed("missing   ", sorted((want - have).elements())),
        _listed("too many  ", sorted((have - want).elements())),
    ]
    return [line for line in lines if line]


def _listed(label: str, shapes: Shapes) -> str:
    many = [f"{size} × {n}" if n > 1 else f"{size}"
            for size, n in Counter(shapes).items()]  # fmt: skip
    more = [f"… {len(many) - 8} more"] if len(many) > 8 else []
    return label + ", ".join(many[:8] + more) if many else ""


Key = Callable[[Row, Layout], Hashable]


def _tensors(layout: Layout, other: Layout) -> tuple[list[Row], Layout]:
    theirs = {row.core for row in other.rows
              if row.kind == "buffer" and not row.path.endswith("tracked")}  # fmt: skip
    rows = [row for row in layout.rows if row.kind == "parameter" or
            (row.core in theirs and not row.path.endswith("tracked"))]  # fmt: skip
    return sorted(rows, key=lambda row: row.first), layout


def _paired(
    yours: tuple[list[Row], Layout], theirs: tuple[list[Row], Layout], key: Key
) -> dict[str, str] | None:
    mine, other = _grouped(*yours, key), _grouped(*theirs, key)
    if {k: len(v) for k, v in mine.items()} != {k: len(v) for k, v in other.items()}:
        return None
    return {
        b.path: a.path
        for group, rows in mine.items()
        for a, b in zip(rows, other[group], strict=True)
    }


def _grouped(rows: list[Row], layout: Layout, key: Key) -> dict[Hashable, list[Row]]:
    groups = defaultdict(list)
    for one in rows:
        groups[key(one, layout)].append(one)
    return groups


def _exact(row: Row, layout: Layout) -> Hashable:
    feeder = _kin(row.feeder, layout) if row.feeder not in ("", "?") else row.feeder
    return _by_role(row, layout), _kin(row.owner, layout), feeder


def _kin(owner: str, layout: Layout) -> Hashable:
    return tuple(sorted(row.core for row in layout.rows
                        if row.owner == owner and row.kind == "parameter"))  # fmt: skip


def _by_role(row: Row, layout: Layout) -> Hashable:
    return row.kind, row.core, row.role


def _by_shape(row: Row, layout: Layout) -> Hashable:
    return row.kind, row.core
