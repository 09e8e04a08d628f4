"""Parts that the drawings of the lessons are made of: cells, frames, stacks, wires.

Everything is placed in the data coordinates of an `Axes` that `board` has cleared: one
unit is as long up as it is across, a cell with a number is one unit wide, and y grows
upwards. Corners are the lower left ones, but for `cells`, which are read from the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import GREY

Point = tuple[float, float]

# The channels of an image or of a layer: red, green and blue first.
SHEETS = ("#E8927C", "#9CCB8E", "#8FB8DE", "#E3C27A", "#C3A6CF", "#B5B5B5")


def board(ax: Axes, x: Point, y: Point) -> None:
    """Clear `ax` for a drawing between these limits (low, high)."""
    ax.set(xlim=x, ylim=y, aspect="equal")
    ax.set_axis_off()


def cells(
    ax: Axes,
    values: ArrayLike,
    x: float,
    top: float,
    face: ArrayLike = "white",
    *,
    ink: ArrayLike = "black",
    empty: str = "?",
) -> None:
    """A matrix (rows, columns) in unit boxes, its upper left corner at (x, top).

    Numbers are written with three digits, texts as they are, a NaN as `empty`.
    face, ink: one colour, or one for each cell.
    """
    table = np.atleast_2d(np.asarray(values))
    faces, inks = (np.broadcast_to(np.asarray(c), table.shape) for c in (face, ink))
    for (row, column), value in np.ndenumerate(table):
        corner = (x + column, top - row - 1)
        fill, words = str(faces[row, column]), in_cell(value, empty)
        ax.add_patch(Rectangle(corner, 1, 1, fc=fill, ec=GREY, lw=pen.THIN, zorder=2))
        middle = (corner[0] + 0.5, corner[1] + 0.48)
        write(ax, middle, words, color=str(inks[row, column]), zorder=3)


def in_cell(value: Any, empty: str = "?") -> str:  # noqa: ANN401
    """What stands in a cell: 3.0 → "3", -0.5 → "−0.5", NaN → `empty`."""
    if isinstance(value, str):
        return value
    return empty if np.isnan(value) else f"{value:.3g}".replace("-", "−")


def write(ax: Axes, place: Point, text: str, **style: Any) -> None:  # noqa: ANN401
    """Words with their middle at `place`."""
    ax.text(*place, text, **({"ha": "center", "va": "center"} | style))


def frame(
    ax: Axes,
    corner: Point,
    width: float,
    height: float,
    *,
    colour: str = "black",
    line: str = "-",
    thick: float = pen.BOLD,
) -> None:
    """A bold frame, also around a part of a picture."""
    drawn = Rectangle(corner, width, height, fill=False, ec=colour, lw=thick)
    drawn.set(linestyle=line, zorder=4, clip_on=False)
    ax.add_patch(drawn)


def frame_cells(
    ax: Axes,
    origin: Point,
    place: tuple[int, int],
    shape: tuple[int, ...],
    line: str = "-",
) -> None:
    """A frame around `shape` cells from `place` on, of those that begin at `origin`."""
    corner = (origin[0] + place[1], origin[1] - place[0] - shape[0])
    frame(ax, corner, shape[1], shape[0], line=line)


def arrow(ax: Axes, start: Point, end: Point) -> None:
    """A thin arrow."""
    style = {"arrowstyle": "->", "color": "black", "linewidth": 1.1}
    ax.annotate("", end, start, arrowprops=style)


def stack(
    ax: Axes,
    corner: Point,
    size: float | Point,
    faces: Sequence[str],
    *,
    step: Point = (0.3, 0.3),
) -> None:
    """Sheets one behind the other, the first in front with its corner at `corner`.

    size: the side of a square, or (width, height); step: from a sheet to the one behind
    """
    width, height = (size, size) if isinstance(size, int | float) else size
    for i in reversed(range(len(faces))):
        place = (corner[0] + i * step[0], corner[1] + i * step[1])
        ax.add_patch(
            Rectangle(place, width, height, fc=faces[i], ec="black", lw=pen.THIN)
        )


def box(
    ax: Axes,
    corner: Point,
    width: float,
    height: float,
    *,
    depth: float = 0,
    face: str = "none",
) -> None:
    """A rectangle, or with `depth` a box seen from the front, the right and above."""
    x, y = corner
    right, top = x + width, y + height
    faces = [[(x, y), (right, y), (right, top), (x, top)]]
    if depth:
        back = (right + depth, top + depth)
        faces.append([(x, top), (x + depth, back[1]), back, (right, top)])
        faces.append([(right, y), (back[0], y + depth), back, (right, top)])
    for side in faces:
        ax.add_patch(Polygon(side, closed=True, fc=face, ec="black", lw=pen.THIN))


def units(
    ax: Axes,
    places: Sequence[Point],
    faces: Sequence[str] | str = "white",
    *,
    marker: str = "o",
    size: float = 330,
) -> None:
    """Inputs or outputs of a layer, as circles or other markers (`size` in points²)."""
    x, y = zip(*places, strict=True)
    ax.scatter(x, y, s=size, c=faces, marker=marker, ec="black", zorder=3)


def wire(
    ax: Axes,
    start: Point,
    end: Point,
    *,
    colour: str = GREY,
    line: str = "-",
    thick: float = pen.THIN,
) -> None:
    """A line from one unit to another."""
    x, y = zip(start, end, strict=True)
    ax.plot(x, y, line, color=colour, lw=thick, zorder=1)


def sight(
    ax: Axes,
    window: Point,
    size: float,
    value: Point,
    value_size: float = 0,
    *,
    colour: str = "black",
) -> None:
    """Two lines from the right side of a square window to the value that sees it.

    window, value: their corners; a value without a size is a point
    """
    for share in (0, 1):
        ends = [window[1] + share * size, value[1] + share * value_size]
        ax.plot(
            [window[0] + size, value[0]], ends, color=colour, lw=pen.THIN, zorder=2.5
        )
