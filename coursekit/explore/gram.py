"""Change and shuffle small maps and see what their Gram matrix notices."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit import plots
from coursekit.arguments import check_choice
from coursekit.explore import kit
from coursekit.explore.kit import picture

# Slanted strokes; what is yellow, the upper strokes above all; the ground between.
STROKES = [[2 * ((row + column) % 3 == 2) for column in range(6)] for row in range(6)]
YELLOW = [[min(1, cell) * (row < 4) for cell in STROKES[row]] for row in range(6)]
GROUND = [[int(cell == 0) for cell in line] for line in STROKES]
MAPS = (STROKES, YELLOW, GROUND)
FILTERS, SIDES, TOP = (2, 4), (2, 8), 9
SHUFFLES = 8  # orders of the places that the page goes through
ALONE = 1  # the filter that is shuffled alone, counted from 0


def gram(maps: ArrayLike = MAPS, *, shuffled: str = "none") -> Gram:
    """Small maps and their Gram matrix, beside that of the start, and the style loss.

    maps: (filters, rows, columns) of whole numbers 0 to 9, 2 to 4 filters with 2 to 8
    rows and columns; strokes, yellow and ground when left out.  shuffled: "all" puts
    the places of all maps into one other order, "one" those of the second alone.

    Interactive in JupyterLab, else a picture.  Raises ValueError for other maps.
    """
    start = _checked(maps)
    check_choice("shuffled", shuffled, ("none", "all", "one"))
    order = orders(start[0].size)[0]
    only = {"none": (), "all": range(len(start)), "one": (ALONE,)}[shuffled]
    moved = [shuffle(one, order) if i in only else one for i, one in enumerate(start)]
    kind = GramWidget if kit.has_front_end() else Gram
    return kind(maps=np.stack(moved).tolist(), start=start.tolist())


# ---- The arithmetic; gram.mjs has the same, and the tests compare them ----


def orders(places: int) -> list[list[int]]:
    """Random orders of the places, always the same ones."""
    dice = np.random.default_rng(0)
    return [dice.permutation(places).tolist() for _ in range(SHUFFLES)]


def shuffle(one: np.ndarray, order: list[int]) -> np.ndarray:
    """A map whose place number i holds what was at place order[i]."""
    return one.ravel()[order].reshape(one.shape)


def gram_of(maps: np.ndarray) -> np.ndarray:
    """G = F Fᵀ: maps (N, h, w) → (N, N)."""
    rows = maps.reshape(len(maps), -1)
    return rows @ rows.T


def sentence(maps: np.ndarray, start: np.ndarray) -> str:
    """The matrix, and how far it is from that of the start."""
    now, before = gram_of(maps), gram_of(start)
    words = f"G is {_words(now)}"
    if (now == before).all():
        return f"{words}, as at the start: the style loss is 0."
    squares, filters, places = int(((now - before) ** 2).sum()), len(maps), maps[0].size
    factor = 4 * filters**2 * places**2
    millionths = (2_000_000 * squares + factor) // (2 * factor)
    return (
        f"{words}; at the start it was {_words(before)}. Σ(G − A)² is {squares:,}, and "
        f"divided by 4·{filters}²·{places}² the style loss is {millionths / 1e6:.6f}."
    )


def _words(matrix: np.ndarray) -> str:
    return ", ".join(f"[{' '.join(map(str, row))}]" for row in matrix.tolist())


def _checked(maps: ArrayLike) -> np.ndarray:
    """Maps that can be drawn and read, or a ValueError."""
    given = np.asarray(maps)
    if given.ndim != 3 or given.dtype.kind not in "iu":
        raise ValueError(
            "maps must be whole numbers, (filters, rows, columns), not "
            f"{given.dtype} of the shape {given.shape}"
        )
    for name, size, (low, high) in zip(
        ("filters", "rows", "columns"),
        given.shape,
        (FILTERS, SIDES, SIDES),
        strict=True,
    ):
        if not low <= size <= high:
            raise ValueError(f"maps has {size} {name}; it can have {low} to {high}")
    if given.min() < 0 or given.max() > TOP:
        raise ValueError(f"maps has numbers outside of 0 to {TOP}")
    return given.astype(int)


# ---- The widget ----


class Gram(kit.Explorer):
    """Maps, their Gram matrix and that of the start, shown as a picture."""

    maps: traitlets.List[Any] = traitlets.List().tag(sync=True)
    start: traitlets.List[Any] = traitlets.List().tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)

    @traitlets.validate("maps", "start")
    def _readable(self, proposal: dict[str, Any]) -> list[list[list[int]]]:
        numbers: list[list[list[int]]] = _checked(proposal["value"]).tolist()
        return numbers

    @property
    def caption(self) -> str:
        """The matrix and the loss; gram.mjs says the same."""
        return sentence(np.array(self.maps), np.array(self.start))

    @property
    def alt(self) -> str:
        """The picture in words."""
        count, rows, columns = np.shape(self.maps)
        return (
            f"{count} maps of {rows} × {columns} numbers, one for each filter, and two "
            f"tables of {count} × {count} numbers: the Gram matrix, framed where it "
            f"has changed, and that of the start. {self.caption}"
        )

    def draw(self) -> Figure:
        """The maps, then the two matrices."""
        maps, start = np.array(self.maps), np.array(self.start)
        shown = {f"filter {i}": one for i, one in enumerate(maps, 1)}
        shown |= {"G": gram_of(maps), "G at the start": gram_of(start)}
        fig, axes = plots.new(2 * len(shown), 2.3, 1, len(shown))
        for ax, (name, values) in zip(axes, shown.items(), strict=True):
            picture.grid(ax, values, name, numbers=True, signed=False)
        for i, j in np.argwhere(shown["G"] != shown["G at the start"]):
            picture.frame(axes[-2], i, j, 1, 1, line=2)
        return fig


class GramWidget(kit.Live, Gram):
    """The same on the page, to change and to shuffle."""

    orders: traitlets.List[Any] = traitlets.List().tag(sync=True)

    @traitlets.default("orders")
    def _orders(self) -> list[list[int]]:
        return orders(np.array(self.start)[0].size)

    _esm = kit.script("gram")
    _css = kit.style("gram")
