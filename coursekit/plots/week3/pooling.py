"""Figures of "Pooling": windows and what became of them, walks, curves over shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, RED, SKY, new
from coursekit.plots.parts import board, cells, wire, write

# A colour for each window, light enough for black numbers.
WINDOWS = ("#9FC8E6", "#F4CE85", "#9ADBC4", "#E7BFD3", "#C9C3E3", "#E3DC9B")
GAP = 1.2  # between two tables, in cells
INCH = 0.5  # of a cell
LOOKS = {  # marker and colour of a curve, by its name or the first word of that
    "none": ("o", GREY),
    "stride": ("s", RED),
    "average": ("^", ORANGE),
    "max": ("D", BLUE),
    "stride, moved examples": ("v", GREEN),
}


def windows(tables: Mapping[str, ArrayLike], *, columns: int = 5) -> Figure:
    """Small tables (h, w) side by side; each window, and what it gave, has one colour.

    The smallest table has a cell for each window, the others are so many times as high
    and wide. columns: how many tables stand in a line
    """
    grids = {name: np.asarray(values) for name, values in tables.items()}
    count = min(grid.size for grid in grids.values())
    few = next(grid.shape for grid in grids.values() if grid.size == count)
    names = np.arange(count).reshape(few)
    lines = [list(grids)[i : i + columns] for i in range(0, len(grids), columns)]
    widths = [_width([grids[name] for name in line]) for line in lines]
    heights = [max(grids[name].shape[0] for name in line) + 1.0 for line in lines]
    fig, ax = new(INCH * max(widths), INCH * sum(heights) + 0.1)
    top = sum(heights)
    for line, height in zip(lines, heights, strict=True):
        left, middle = 0.0, top - 0.8 - (height - 1.0) / 2
        for name in line:
            grid = grids[name]
            times = (grid.shape[0] // few[0], grid.shape[1] // few[1])
            faces = np.array(WINDOWS)[
                np.kron(names, np.ones(times, int)) % len(WINDOWS)
            ]
            upper = middle + grid.shape[0] / 2
            cells(ax, grid + 0.0, left, upper, faces)
            write(ax, (left + grid.shape[1] / 2, upper + 0.4), name)
            left += grid.shape[1] + GAP
        top -= height
    board(ax, (-0.3, max(widths) - GAP + 0.3), (-0.1, sum(heights)))
    return fig


def _width(grids: Sequence[np.ndarray]) -> float:
    return sum(grid.shape[1] + GAP for grid in grids)


def stops(n: int, windows: Mapping[str, tuple[int, int]]) -> Figure:
    """Rows of `n` pixels, the stops of a window (k, s) below each, and who reads what.

    A pixel's last line is the number of windows that read it.
    """
    most = max(len(range(0, n - k + 1, s)) for k, s in windows.values())
    width, low = len(windows) * (n + 2), -0.55 * most - 0.2
    fig, ax = new(0.42 * width, 0.42 * (2.8 - low))
    for number, (name, (k, s)) in enumerate(windows.items()):
        left, read = number * (n + 2.0), np.zeros(n, int)
        for i, stop in enumerate(range(0, n - k + 1, s)):
            read[stop : stop + k] += 1
            height = -0.3 - 0.55 * i
            ends = [(left + stop + share, height) for share in (0.15, k - 0.15)]
            wire(ax, ends[0], ends[1], colour=BLUE, thick=4)
        faces = np.array([GREY, "white", WINDOWS[1]])[read]
        inks = np.where(read == 0, "white", "black")
        cells(ax, [[str(i) for i in range(n)]], left, 1, faces, ink=inks)
        write(ax, (left + n / 2, 1.6), name)
        for place, times in enumerate(read):
            write(ax, (left + place + 0.5, low - 0.4), str(times), fontsize=pen.SMALL)
    write(ax, (-0.3, low - 0.4), "read by", ha="right", fontsize=pen.SMALL)
    board(ax, (-2.6, width - 1.7), (low - 0.9, 2.1))
    return fig


def compared(tables: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Small maps (h, w) of one size, side by side; what is not right is orange.

    tables: name to (what came, what is right)
    """
    high, wide = np.shape(next(iter(tables.values()))[0])
    room = wide + 2.0
    fig, ax = new(INCH * len(tables) * room, INCH * (high + 1.2))
    for number, (name, (came, right)) in enumerate(tables.items()):
        left = number * room
        faces = np.where(np.isclose(came, np.asarray(right)), "white", WINDOWS[1])
        cells(ax, np.asarray(came) + 0.0, left, high, faces)
        write(ax, (left + wide / 2, high + 0.5), name)
    board(ax, (-0.5, len(tables) * room - 1.5), (-0.2, high + 1.1))
    return fig


def walks(tables: Mapping[str, ArrayLike], *, columns: int = 3) -> Figure:
    """Tables (steps, n), a row for each step, the brighter the larger.

    columns: how many tables stand in a line
    """
    grids = {name: np.asarray(values, dtype=float) for name, values in tables.items()}
    names, steps = list(grids), len(next(iter(grids.values())))
    lines = [names[i : i + columns] for i in range(0, len(names), columns)]
    width = max(_width([grids[name] for name in line]) for line in lines)
    height = steps + 1.5
    fig, ax = new(INCH * (width + 1.8), INCH * (height * len(lines) + 0.2))
    for number, line in enumerate(lines):
        top = height * (len(lines) - number) - 1.3
        _walk(ax, {name: grids[name] for name in line}, top)
    board(ax, (-2.6, width - GAP + 0.3), (-0.2, height * len(lines)))
    return fig


def _walk(ax: Axes, grids: Mapping[str, np.ndarray], top: float) -> None:
    """One line of tables, and the numbers of its steps at the left."""
    left = 0.0
    for name, grid in grids.items():
        faces, inks = _greys(grid)
        cells(ax, grid, left, top, faces, ink=inks)
        write(ax, (left + grid.shape[1] / 2, top + 0.5), name)
        left += grid.shape[1] + GAP
    for step in range(len(grid)):
        write(
            ax, (-0.3, top - step - 0.5), f"step {step}", ha="right", fontsize=pen.TEXT
        )


def _greys(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colours for numbers from 0, black, to 1, white, and of the ink on them."""
    faces = np.array([str(round(float(v), 2)) for v in grid.ravel()])
    inks = np.where(grid.ravel() > 0.45, "black", "white")
    return faces.reshape(grid.shape), inks.reshape(grid.shape)


def shift_curves(curves: Mapping[str, ArrayLike]) -> Figure:
    """Accuracies (runs, shifts), 0 to 1, over a shift of 0, 1, 2, … pixels.

    One way to pool looks alike in all figures: names begin with it.
    """
    fig, ax = new(7.5, 3.6)
    for name, runs in curves.items():
        marker, colour = LOOKS.get(name) or LOOKS.get(name.split(",")[0], ("P", SKY))
        percent = 100 * np.asarray(runs)
        shifts = np.arange(percent.shape[1])
        mean, low, high = percent.mean(0), percent.min(0), percent.max(0)
        ax.fill_between(shifts, low, high, color=colour, alpha=0.15, lw=0)
        ax.plot(shifts, mean, marker=marker, color=colour, label=name, ms=5)
    ax.set(xlabel="shift in pixels", ylabel="digits read right, %", ylim=(0, 100))
    lines = ax.get_legend_handles_labels()
    fig.legend(*lines, loc="outside right upper", fontsize=pen.SMALL, frameon=False)
    return fig
