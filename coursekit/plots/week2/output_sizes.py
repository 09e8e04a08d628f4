"""Figures of "Output sizes": rows with every stop of a kernel, borders, a volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREY, ORANGE, PALE, SKY, matrix, new
from coursekit.plots.parts import SHEETS, board, cells, frame_cells, wire, write

LOW = 0.55  # height of one stop below a row, in cells
WIDE = 30  # cells in a line


class _Row(NamedTuple):
    """A row of `n` cells with padding before and after, and a kernel on it."""

    n: int
    k: int
    before: int = 0
    after: int = 0
    s: int = 1
    d: int = 1

    @property
    def padded(self) -> int:
        return self.before + self.n + self.after

    @property
    def stops(self) -> range:
        return range(0, self.padded - self.d * (self.k - 1), self.s)

    def under(self, stop: int) -> range:
        return range(stop, stop + self.d * (self.k - 1) + 1, self.d)

    @property
    def read(self) -> set[int]:
        return {cell for stop in self.stops for cell in self.under(stop)}


def kernel_stops(rows: Mapping[str, Sequence[int]]) -> Figure:
    """Rows of cells side by side, and below each the stops of a kernel.

    rows: title to (n, k, padding before, padding after, stride, dilation), of which
    those from the third on may be left out. Padding is pale and empty, pixels have
    their number; what no stop reads is dark.
    """
    drawn = {title: _Row(*numbers) for title, numbers in rows.items()}
    places, width, height = _laid_out(list(drawn.values()))
    cell = min(0.36, 9.3 / width)
    fig, ax = new(cell * (width + 1), cell * height + 0.1)
    for (title, row), (x, y) in zip(drawn.items(), places, strict=True):
        write(ax, (x + row.padded / 2, y + 1.6), title, fontsize=pen.SMALL)
        _draw_row(ax, row, x, y)
    board(ax, (-0.5, width + 0.5), (2.1 - height, 2.1))
    return fig


def _laid_out(rows: Sequence[_Row]) -> tuple[list[tuple[float, float]], float, float]:
    """A place for each row, as many in a line as WIDE cells hold, and the size."""
    places: list[tuple[float, float]] = []
    x, y, low, width = 0.0, 0.0, 0.0, 0.0
    for row in rows:
        if x and x + row.padded > WIDE:
            x, y = 0, low - 2.4
        places.append((x, y))
        low = min(low, y - LOW * len(row.stops))
        x += row.padded + 2
        width = max(width, x - 2)
    return places, width, 2.4 - low


def _draw_row(ax: Axes, row: _Row, x: float, y: float) -> None:
    """The cells, their lower left corner at (x, y), and the stops below them."""
    own = range(row.before, row.before + row.n)
    words = [str(i - row.before) if i in own else "" for i in range(row.padded)]
    faces = [_face(row, i, i in own) for i in range(row.padded)]
    inks = ["white" if face == GREY else "black" for face in faces]
    cells(ax, [words], x, y + 1, faces, ink=inks)
    for i, stop in enumerate(row.stops):
        height, under = y - 0.5 - LOW * i, row.under(stop)
        ends = [(x + end + 0.5, height) for end in (under[0], under[-1])]
        wire(ax, ends[0], ends[1], thick=pen.LINE)
        middles = [x + place + 0.5 for place in under]
        ax.plot(middles, [height] * len(middles), "s", color=BLUE, ms=5, zorder=3)


def _face(row: _Row, place: int, own: bool) -> str:
    if place not in row.read:
        return GREY
    return "white" if own else PALE


def shrinking(rows: Mapping[str, Sequence[np.ndarray]]) -> Figure:
    """Rows of square pictures (n, n) under their sizes, all drawn to one scale."""
    longest = max(len(pictures) for pictures in rows.values())
    size = max(max(p.shape) for pictures in rows.values() for p in pictures)
    fig, axes = new(9.3, 1.6 * len(rows), len(rows), longest)
    for line, (name, pictures) in zip(np.atleast_2d(axes), rows.items(), strict=True):
        for ax in line:
            ax.set_axis_off()
        for ax, picture in zip(line, pictures, strict=False):
            _centred(ax, picture, size)
        write(line[0], (-0.15, 0.5), name, transform=line[0].transAxes, rotation=90)
    return fig


def _centred(ax: Axes, picture: np.ndarray, size: int) -> None:
    """A picture with its middle in that of a square of `size` cells."""
    half = picture.shape[0] / 2
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1, extent=(-half, half, -half, half))
    ax.set(xlim=(-size / 2, size / 2), ylim=(-size / 2, size / 2), aspect="equal")
    ax.set_title(f"{picture.shape[0]}", fontsize=pen.SMALL)


def crosses(pictures: Mapping[str, np.ndarray], place: tuple[int, int]) -> Figure:
    """Grey pictures (h, w) under their names, each with a cross at the same pixel.

    What has moved from one picture to the next shows beside the cross.
    """
    fig, axes = new(2.2 * len(pictures), 2.2, 1, len(pictures))
    for ax, (name, picture) in zip(np.atleast_1d(axes), pictures.items(), strict=True):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=0.7)
        ax.axhline(place[0], color=ORANGE, lw=pen.THIN)
        ax.axvline(place[1], color=ORANGE, lw=pen.THIN)
        ax.set(xticks=[], yticks=[])
        ax.set_title(name, fontsize=pen.TEXT)
    return fig


def padded_product(
    image: ArrayLike,
    kernel: ArrayLike,
    output: ArrayLike,
    kept: tuple[int, int] | None = None,
) -> Figure:
    """An image with a frame of one zero, a kernel, and the output of stride 1.

    kept: strides (down, across); outputs that they keep are orange, none without
    """
    padded, weights, sums = np.pad(image, 1), np.asarray(kernel), np.asarray(output)
    faces = np.full(padded.shape, PALE, dtype=object)
    faces[1:-1, 1:-1] = "white"
    chosen = np.full(sums.shape, "white", dtype=object)
    if kept:
        chosen[:: kept[0], :: kept[1]] = ORANGE
    x = np.cumsum([0, padded.shape[1] + 1.5, weights.shape[1] + 1.5]).tolist()
    fig, ax = new(7, 2.7)
    parts = (padded, weights, sums)
    fills: tuple[ArrayLike, ...] = (faces, SKY, chosen)
    names = ("input and zeros", "kernel", "output")
    for left, part, fill, name in zip(x, parts, fills, names, strict=True):
        cells(ax, part, left, len(part) / 2, fill)
        write(ax, (left + part.shape[1] / 2, len(padded) / 2 + 0.6), name)
    high = len(padded) / 2
    board(ax, (-0.3, x[-1] + sums.shape[1] + 0.3), (-high - 0.2, high + 1))
    return fig


def volume(
    x: np.ndarray, kernel: np.ndarray, place: tuple[int, int], size: int
) -> Figure:
    """Channels (C, h, w) with a frame of one zero, and below each a kernel's slice.

    A bold frame shows the window of `size` cells whose upper left one is `place`, a row
    and a column of the padded channels.
    """
    fig, ax = new(9, 5.2)
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    high, wide = padded.shape[1:]
    for channel, (values, weights) in enumerate(zip(padded, kernel, strict=True)):
        left = channel * (wide + 1.5)
        faces = np.full(values.shape, PALE, dtype=object)
        faces[1:-1, 1:-1] = SHEETS[channel]
        cells(ax, values, left, high, faces)
        frame_cells(ax, (left, high), place, (size, size))
        middle = left + wide / 2
        write(ax, (middle, high + 0.5), f"channel {channel}")
        cells(ax, weights, middle - size / 2, -0.9, "white")
        write(ax, (middle, -0.45), f"slice {channel}")
    board(ax, (-0.3, 3 * (wide + 1.5) - 1.2), (-1.2 - size, high + 1))
    return fig


def two_maps(maps: np.ndarray, titles: Sequence[str]) -> Figure:
    """Small maps (count, h, w) side by side; what is NaN has a question mark."""
    fig, ax = new(5.5, 2.2)
    high, wide = maps.shape[1:]
    for i, (values, title) in enumerate(zip(maps, titles, strict=True)):
        left = i * (wide + 2)
        cells(ax, values, left, high, ORANGE if i else SKY)
        write(ax, (left + wide / 2, high + 0.5), title)
    board(ax, (-0.3, len(maps) * (wide + 2) - 1.7), (-0.2, high + 1))
    return fig


def step(image: np.ndarray, answers: Mapping[str, np.ndarray]) -> Figure:
    """An image and what a kernel answers, as numbers; answers of both signs."""
    grids = {"image": image, **answers}
    columns = [grid.shape[1] for grid in grids.values()]
    fig, whole = new(0.36 * (sum(columns) + len(columns)), 0.36 * len(image) + 0.5)
    whole.remove()
    places = fig.add_gridspec(1, len(grids), width_ratios=columns)
    top = max(float(np.abs(answer).max()) for answer in answers.values())
    for i, (name, grid) in enumerate(grids.items()):
        cmap, limits = "PuOr", (-2 * top, 2 * top)
        if name == "image":
            cmap, limits = "gray", (0.0, float(grid.max()))
        matrix(fig.add_subplot(places[0, i]), grid, name, cmap=cmap, limits=limits)
    return fig
