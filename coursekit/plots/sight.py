"""Rows of units one above the other, and what one of them sees in the rows below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.plots.core import GREY, ORANGE, new
from coursekit.plots.parts import board, cells, wire, write

Spec = tuple[int, int, int, int]  # kernel, stride, padding on each side, dilation
LIT, STOREY = "#F3C66B", 1.7


@dataclass(frozen=True)
class Row:
    """Units in a row: how many, how far apart, and where the left end of unit 0 is.

    All in pixels. A unit is one pixel wide and stands over the middle of what it sees.
    """

    count: int
    jump: int
    left: float

    def next(self, spec: Spec) -> Row:
        """The row of a layer on top of this one."""
        k, s, p, d = spec
        reach = d * (k - 1)
        count = max(0, (self.count + 2 * p - reach - 1) // s + 1)
        return Row(count, self.jump * s, self.left + (reach / 2 - p) * self.jump)

    def place(self, unit: int) -> float:
        """The left end of a unit."""
        return self.left + unit * self.jump


def rows_of(layers: Sequence[Spec], pixels: int) -> list[Row]:
    """The pixels, and each layer above them."""
    found = [Row(pixels, 1, 0)]
    for spec in layers:
        found.append(found[-1].next(spec))
    return found


def seen_by(layers: Sequence[Spec], unit: int) -> list[set[int]]:
    """What a unit of the last layer sees: pixels, units of layer 1, …, itself.

    Numbers below 0, or behind the last of a row, are padding.
    """
    found = [{unit}]
    for k, s, p, d in reversed(layers):
        found.append({i * s - p + m * d for i in found[-1] for m in range(k)})
    return found[::-1]


def seen(
    layers: Sequence[Spec],
    pixels: int,
    unit: int,
    *,
    layer: int | None = None,
    hidden: bool = False,
) -> Figure:
    """A row of pixels, the layers above it, and what a unit of a layer sees.

    layer: whose unit it is, 0 for the pixels; when left out, the last.
    hidden: only the unit is marked, for a prediction.  Dashed cells are padding.
    """
    layer = len(layers) if layer is None else layer
    rows, lit = rows_of(layers, pixels), seen_by(layers[:layer], unit)
    if hidden:
        lit = [set() for _ in lit[:-1]] + lit[-1:]
    lit += [set() for _ in rows[len(lit) :]]
    left = min([0.0, *(rows[0].place(i) for i in lit[0])])
    right = max([pixels, *(i + 1 for i in lit[0])])
    fig, ax = new(min(9.5, 0.4 * (right - left + 3)), 0.68 * len(rows) + 0.3)
    levels = list(zip(rows, lit, strict=True))
    for level, (row, inside) in enumerate(levels):
        _draw_row(ax, row, inside, STOREY * level + 1)
        name = f"layer {level}" if level else "pixels"
        write(ax, (left - 0.5, STOREY * level + 0.5), name, ha="right")
    for level, (low, high) in enumerate(pairwise(levels)):
        if low[1] and high[1]:
            _draw_sides(ax, low, high, STOREY * level + 1)
    board(ax, (left - 3, right + 0.1), (-0.1, STOREY * len(layers) + 1.1))
    return fig


def _draw_row(ax: Axes, row: Row, inside: set[int], top: float) -> None:
    for i in range(row.count):
        cells(ax, [[str(i)]], row.place(i), top, LIT if i in inside else "white")
    for i in inside - set(range(row.count)):
        corner = (row.place(i), top - 1)
        empty = Rectangle(corner, 1, 1, fc="white", ec=GREY, ls=(0, (2, 2)), zorder=1)
        ax.add_patch(empty)


def _draw_sides(
    ax: Axes, low: tuple[Row, set[int]], high: tuple[Row, set[int]], top: float
) -> None:
    """Lines from the outer units of what is lit to the outer ones that these see."""
    for end, side in ((min, 0), (max, 1)):
        below, above = (row.place(end(inside)) + side for row, inside in (low, high))
        wire(ax, (below, top), (above, top + STOREY - 1), colour=ORANGE)
