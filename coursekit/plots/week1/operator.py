"""Figures of the convolution operator: sliding sums, impulses, kernels, motions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from coursekit.plots.core import BLUE, GREEN, ORANGE, PURPLE, matrix, new
from coursekit.plots.parts import board, cells, frame, frame_cells, wire, write

CLAPS = (BLUE, ORANGE, GREEN, PURPLE)
ORDERS = (
    "the picture\n$x$",
    "filtered\n$f(x)$",
    "move, then filter\n$f(T(x))$",
    "filter, then move\n$T(f(x))$",
    "their\ndifference",
)
# Weights beyond these take the last colour: one number has one colour in all kernels.
WEIGHTS = (-3.0, 3.0)


def sliding_sum(x: Sequence[float], w: Sequence[float], at: int) -> Figure:
    """A row `x` (n,), the kernel `w` (k,) lying at place `at`, and the output so far.

    The outputs (n-k+1,) up to the current place are filled in; the others are empty.
    """
    n, k = len(x), len(w)
    fig, ax = new(0.75 * n + 1.2, 2.9)
    done = [float(np.dot(x[i : i + k], w)) for i in range(at + 1)]
    empty = [np.nan] * (n - k - at)
    filled = [BLUE] * len(done) + ["white"] * len(empty)
    cells(ax, x, 0, 3)
    cells(ax, w, at, 1.9, ORANGE)
    cells(ax, done + empty, 0, 0.4, filled, ink="white", empty="")
    frame_cells(ax, (0, 0.4), (0, at), (1, 1))
    for top, name in ((3, "x"), (1.9, "w"), (0.4, "y")):
        write(ax, (-0.35, top - 0.5), name, style="italic")
    for column in range(at, at + k):
        wire(ax, (column + 0.5, 0.9), (at + 0.5, 0.4))
    board(ax, (-0.8, n + 0.1), (-0.7, 3.1))
    return fig


def two_orders(
    rows: Mapping[str, tuple[np.ndarray, np.ndarray]],
    start: np.ndarray,
    filtered: np.ndarray,
) -> Figure:
    """For each motion: filter(move(x)), move(filter(x)) and where the two differ.

    rows: the motion's name, and the two pictures of the same shape (h, w).
    start, filtered: the picture x (h, w) and the filter's answer to it, unmoved
    """
    fig, axes = new(10, 2.15 * len(rows) + 0.4, len(rows), 5)
    grid = np.atleast_2d(axes)
    for line, (name, (first, second)) in zip(grid, rows.items(), strict=True):
        size = max(float(np.abs(first).max()), 1e-9)
        line[0].imshow(start, cmap="gray")
        line[0].set_ylabel(name)
        answers = (filtered, first, second, first - second)
        for ax, picture in zip(line[1:], answers, strict=True):
            ax.imshow(picture, cmap="PuOr", vmin=-size, vmax=size)
        for ax in line:
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(True)
    for ax, title in zip(grid[0], ORDERS, strict=True):
        ax.set_title(title)
    return fig


def echoes(claps: np.ndarray, echo: np.ndarray) -> Figure:
    """Claps (n,), the echo (k,) of each, and their sum (n+k-1,), over one time axis.

    Each clap has a colour; its echo keeps it, also where several are stacked.
    """
    fig, axes = new(6.5, 4.2, 3, 1)
    heights = np.zeros(len(claps) + len(echo) - 1)
    for number, time in enumerate(np.flatnonzero(claps)):
        colour = CLAPS[number % len(CLAPS)]
        times, answer = time + np.arange(len(echo)), claps[time] * echo
        axes[0].bar(time, claps[time], 0.5, color=colour)
        axes[1].bar(times, answer, 0.5, color=colour)
        axes[2].bar(times, answer, 0.5, heights[times], color=colour)
        heights[times] += answer
    for ax, name in zip(axes, ("claps", "each echo", "heard"), strict=True):
        ax.set(xlim=(-0.5, len(heights) - 0.5), ylim=(0, 1.1), ylabel=name)
        ax.set_xticks(range(len(heights)))
        ax.grid(axis="y", alpha=0.4)
    axes[2].set_xlabel("time (beats)")
    return fig


def tables(
    grids: Mapping[str, np.ndarray],
    framed: tuple[int, int] | None = None,
    *,
    kernels: Collection[str] = (),
) -> Figure:
    """Small matrices side by side under their names, with cells of one size.

    Grey, or orange and purple in a matrix that has negative numbers.
    framed: (rows, columns) of a frame in the upper left corner of the first
    kernels: the names of those that are kernels, with one colour for each weight
    """
    columns = [grid.shape[1] for grid in grids.values()]
    cell = min(0.4, 9.5 / (sum(columns) + len(columns)))
    height = cell * max(grid.shape[0] for grid in grids.values())
    fig, whole = new(cell * (sum(columns) + len(columns)), height + 0.5)
    whole.remove()
    spec = fig.add_gridspec(1, len(columns), width_ratios=columns)
    for i, (name, grid) in enumerate(grids.items()):
        ax = fig.add_subplot(spec[0, i])
        cmap, limits = ("PuOr", WEIGHTS) if name in kernels else _palette(grid)
        matrix(ax, np.round(grid, 2), name, cmap=cmap, limits=limits)
        if framed and i == 0:
            frame(ax, (-0.5, -0.5), framed[1], framed[0], colour=GREEN)
    return fig


def _palette(grid: np.ndarray) -> tuple[str, tuple[float, float]]:
    """The colours of a matrix that is no kernel, and the range that they cover."""
    top = float(np.abs(grid).max()) or 1.0
    if (grid < 0).any():
        # Twice the largest number: the strongest colours would swallow the digits.
        return "PuOr", (-2 * top, 2 * top)
    return "gray", (0.0, top)


def search(
    picture: np.ndarray,
    sums: np.ndarray,
    size: tuple[int, ...],
    places: Mapping[str, tuple[int, int]],
) -> Figure:
    """A picture (h, w) with a frame at each place, beside the map of sums.

    size: (height, width) of a frame; places: name to (row, column), at most two
    """
    fig, axes = new(9, 3.2, 1, 2)
    label: Any = {"color": "black", "bbox": {"fc": "white", "ec": ORANGE, "pad": 1.5}}
    for ax, values in zip(axes, (picture, sums), strict=True):
        ax.imshow(values, cmap="gray")
        ax.set(xticks=[], yticks=[])
    for line, (name, (row, column)) in zip(("-", "--"), places.items(), strict=False):
        corner, middle = (column - 0.5, row - 0.5), column + size[1] / 2
        frame(axes[0], corner, size[1], size[0], colour=ORANGE, line=line)
        write(axes[0], (middle, row - 16), name, **label)
        axes[1].plot(column, row, "o", color=ORANGE, mec="black", clip_on=False)
        side = "right" if column > sums.shape[1] / 2 else "left"
        write(axes[1], (column, row - 22), name, ha=side, **label)
    axes[0].set_title("photograph")
    axes[1].set_title("sum of products")
    return fig
