"""Parts that the pictures of widgets are drawn with: grids, frames, weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit import plots

# The widgets show numbers up to the same size.
NUMBERS_UP_TO = 12
WIDTH = 8.5  # inches


def grid(
    ax: Axes, values: np.ndarray, title: str, numbers: bool, *, signed: bool
) -> None:
    """Draw a grid in grey, or its positive and negative numbers in two colours.

    Grey begins at 0, so that a grid of equal numbers is not black.
    """
    # Twice the largest number: the strongest colours would swallow the digits.
    top = (2 if numbers else 1) * float(np.abs(values).max()) or 1.0
    low = min(0.0, float(values.min()))
    greys = (low, max(float(values.max()), low + 1e-9))
    limits = (-top, top) if signed else greys
    cmap = "PuOr" if signed else "gray"
    if numbers:
        plots.matrix(ax, np.round(values, 2), title, cmap=cmap, limits=limits)
        return
    ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1])
    ax.set(title=title, xticks=[], yticks=[])


def side_by_side(grids: dict[str, np.ndarray]) -> tuple[Figure, list[Axes]]:
    """Grids with their names and numbers in a line, all cells of one size."""
    columns = [values.shape[1] for values in grids.values()]
    cell = min(0.45, (WIDTH - 1) / sum(columns))
    height = cell * max(values.shape[0] for values in grids.values())
    fig, whole = plots.new(cell * sum(columns) + 1, height + 0.4)
    whole.remove()
    spec = fig.add_gridspec(1, len(grids), width_ratios=columns)
    axes = [fig.add_subplot(spec[0, i]) for i in range(len(grids))]
    signed = any((values < 0).any() for values in grids.values())
    for ax, (name, values) in zip(axes, grids.items(), strict=True):
        grid(ax, values, name, True, signed=signed)
    settle(fig)
    for ax in axes:
        fit_numbers(ax)
    return fig, axes


def settle(fig: Figure) -> None:
    """Lay the axes out once and for all, so that the cells have their size."""
    for ax in fig.axes:
        for text in ax.texts:
            text.set_in_layout(False)
    fig.draw_without_rendering()
    fig.set_layout_engine("none")


def fit_numbers(ax: Axes) -> None:
    """One size of type for all numbers of a grid, small enough for the longest."""
    longest = max([2, *(len(text.get_text()) for text in ax.texts)])
    size = min(10, 1.4 * _cell(ax) / longest)
    for text in ax.texts:
        text.set_fontsize(size)


def _cell(ax: Axes) -> float:
    """The width of a cell in points."""
    left, right = ax.get_xlim()
    return 72 * ax.bbox.width / ax.figure.dpi / (right - left)


def lay(ax: Axes, kernel: np.ndarray, row: int, column: int) -> None:
    """Write each weight into the lower edge of the cell that it lies on.

    The number of the cell makes room for it.
    """
    words = {
        place: f"×{weight:.2g}".replace("-", "−")
        for place, weight in np.ndenumerate(kernel)
    }
    longest = max(map(len, words.values()))
    size = min(9, 0.28 * _cell(ax), 1.5 * _cell(ax) / longest)
    numbers = {number.get_position(): number for number in ax.texts}
    for (m, n), weight in np.ndenumerate(kernel):
        if number := numbers.get((column + n, row + m)):
            number.set_y(row + m - 0.16)
        ax.text(
            column + n,
            row + m + 0.42,
            words[m, n],
            ha="center",
            va="bottom",
            fontsize=size,
            color="white",
            bbox={"facecolor": _strip(weight), "edgecolor": "none", "pad": 0.8},
        )


def _strip(weight: float) -> str:
    """The two ends of the colour map, dark enough for white digits; grey for zero."""
    if weight == 0:
        return plots.GREY
    return "#5e3c99" if weight > 0 else "#a84300"


def frame(
    ax: Axes, row: int, column: int, height: int, width: int, line: float = 3
) -> None:
    """A frame around the cells, white below green: it shows on any grey."""
    corner = (column - 0.5, row - 0.5)
    for colour, lw in (("white", line + 2), (plots.GREEN, line)):
        ax.add_patch(
            Rectangle(corner, width, height, fill=False, edgecolor=colour, lw=lw)
        )


# ---- Areas: cells without numbers, and what is laid on them, as in grids.mjs ----

KINDS: dict[str, dict[str, Any]] = {
    "padding": {"facecolor": "white", "edgecolor": "#9a9a9a", "hatch": "/////"},
    "cells": {"facecolor": "white"},
    "unread": {"facecolor": "#a8a8a8"},
    "stop": {"facecolor": "#9fc9e0"},
    "weight": {"facecolor": plots.BLUE},
    "refused": {"facecolor": plots.RED},
}


def sheet(width: float, height: float) -> Figure:
    """An empty figure of `width` × `height` inches, to put areas on."""
    fig, whole = plots.new(width, height)
    whole.remove()
    fig.set_layout_engine("none")
    return fig


def area(
    fig: Figure,
    corner: tuple[float, float],
    shape: tuple[int, int],
    cell: tuple[float, float],
) -> Axes:
    """Axes of rows × columns cells.

    corner: inches from the figure's left and upper edge.  cell: its height and width in
    inches.
    """
    rows, columns = shape
    width, height = fig.get_size_inches()
    wide, high = columns * cell[1] / width, rows * cell[0] / height
    ax = fig.add_axes((corner[0] / width, 1 - corner[1] / height - high, wide, high))
    ax.set_xticks(np.arange(columns + 1) - 0.5, labels=[])
    ax.set_yticks(np.arange(rows + 1) - 0.5, labels=[])
    ax.tick_params(length=0)
    ax.set_axisbelow(False)
    ax.grid(color=plots.GREY, linewidth=plots.pen.HAIR)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(-0.56, columns - 0.44), ylim=(rows - 0.44, -0.56))
    return ax


def mark(
    ax: Axes, kind: str, row: int, column: int, rows: int = 1, columns: int = 1
) -> None:
    """Lay one of KINDS on rows × columns cells from (row, column) on."""
    corner = (column - 0.5, row - 0.5)
    ax.add_patch(Rectangle(corner, columns, rows, **({"linewidth": 0} | KINDS[kind])))
