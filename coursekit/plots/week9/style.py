"""Figures of style transfer: pictures in rows, F times its transpose, walks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, RED, channels_last, new
from coursekit.plots.parts import board, cells, frame_cells, write

LINES = ((BLUE, "-"), (RED, "--"), (ORANGE, "-."), (GREEN, ":"))


def hung(
    pictures: Sequence[ArrayLike], titles: Sequence[str], height: float = 2.4
) -> Figure:
    """Coloured pictures of one height in a row, each as wide as it is; 0 … 1."""
    drawn = [channels_last(picture) for picture in pictures]
    wide = [one.shape[1] / one.shape[0] for one in drawn]
    fig, axes = new(height * sum(wide) + 0.1 * len(wide), height + 0.3, 1, len(wide))
    row = np.atleast_1d(axes)
    row[0].get_gridspec().set_width_ratios(wide)
    for ax, picture, title in zip(row, drawn, titles, strict=True):
        _hang(ax, picture)
        ax.set_title(title, fontsize=pen.TEXT)
    return fig


def _hang(ax: Axes, picture: np.ndarray) -> None:
    """A picture with a thin line around it: a white rim would melt into the page."""
    ax.imshow(picture.clip(0, 1), interpolation="bicubic")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=GREY, linewidth=pen.HAIR)


def table(
    pictures: Sequence[Sequence[ArrayLike]], columns: Sequence[str], rows: Sequence[str]
) -> Figure:
    """Pictures in rows and columns, with the names of both at the edges."""
    drawn = [[channels_last(one) for one in row] for row in pictures]
    ratio = drawn[0][0].shape[0] / drawn[0][0].shape[1]
    size = 2.9
    fig, axes = new(size * len(columns) + 0.3, (size * ratio + 0.12) * len(rows) + 0.3,
                    len(rows), len(columns))  # fmt: skip
    grid = np.reshape(axes, (len(rows), len(columns)))
    for line, across in zip(grid, drawn, strict=True):
        for ax, picture in zip(line, across, strict=True):
            _hang(ax, picture)
    for ax, name in zip(grid[0], columns, strict=True):
        ax.set_title(name, fontsize=pen.TITLE)
    for ax, name in zip(grid[:, 0], rows, strict=True):
        ax.set_ylabel(name, fontsize=pen.TITLE)
    return fig


def product(rows: np.ndarray, pair: tuple[int, int] = (0, 1)) -> Figure:
    """F, its transpose and G = F Fᵀ with their numbers; one product is framed."""
    filters, places = rows.shape
    i, j = pair
    fig, ax = new(9.2, 2.9)
    x, gap = 0.0, 1.4
    starts = [x, x + places + gap, x + places + filters + 2 * gap]
    board(ax, (-1.7, starts[2] + filters + 0.2), (-places - 0.9, 1.1))
    tints = [_tinted(rows.shape, i, 0), _tinted(rows.T.shape, j, 1)]
    cells(ax, rows, starts[0], 0, tints[0])
    cells(ax, rows.T, starts[1], 0, tints[1])
    cells(ax, rows @ rows.T, starts[2], 0)
    frame_cells(ax, (starts[0], 0), (i, 0), (1, places))
    frame_cells(ax, (starts[1], 0), (0, j), (places, 1))
    frame_cells(ax, (starts[2], 0), (i, j), (1, 1))
    for start, wide, name in zip(
        starts, (places, filters, filters), ("F", "Fᵀ", "G"), strict=True
    ):
        write(ax, (start + wide / 2, 0.6), name, fontsize=pen.SIGN, style="italic")
    for at in range(filters):
        write(ax, (-0.9, -at - 0.5), f"filter {at + 1}", fontsize=pen.TEXT)
    write(ax, (places / 2, -filters - 0.5), f"{places} places", fontsize=pen.TEXT)
    write(ax, (starts[1] - gap / 2, -filters / 2), "·", fontsize=pen.SIGN)
    write(ax, (starts[2] - gap / 2, -filters / 2), "=", fontsize=pen.SIGN)
    return fig


def _tinted(shape: tuple[int, ...], at: int, axis: int) -> np.ndarray:
    """White cells; a row (axis 0) or a column (axis 1) of them is pale blue."""
    faces = np.full(shape, "white", dtype=object)
    faces[(at, slice(None)) if axis == 0 else (slice(None), at)] = "#D6E6F2"
    return faces


def walks(paths: Mapping[str, ArrayLike]) -> Figure:
    """Places (looks, 2) in Rosenbrock's valley, one line for each walker."""
    fig, ax = new(8, 4.2)
    x, y = np.meshgrid(np.linspace(-1.7, 1.7, 300), np.linspace(-0.8, 2.2, 260))
    height = np.log10((1 - x) ** 2 + 100 * (y - x**2) ** 2 + 1e-3)
    ax.contour(x, y, height, levels=14, colors=GREY, linewidths=0.5, linestyles="solid")
    for (name, path), (colour, line) in zip(paths.items(), LINES, strict=False):
        places = np.asarray(path, dtype=float)
        ax.plot(
            *places.T, line, color=colour, lw=pen.LINE, marker="o", ms=4, label=name
        )
    ax.plot(1, 1, "*", color="black", ms=14, zorder=4)
    ax.set(xlim=(-1.7, 1.7), ylim=(-0.8, 2.2), xlabel="x", ylabel="y")
    ax.legend(frameon=True, loc="lower right", fontsize=pen.TEXT)
    return fig


def falling(losses: Mapping[str, ArrayLike]) -> Figure:
    """Losses by the number of looks so far, on two logarithmic axes."""
    fig, ax = new(7.5, 3.6)
    for (name, values), (colour, line) in zip(losses.items(), LINES, strict=False):
        looks = np.arange(1, len(np.asarray(values)) + 1)
        ax.loglog(looks, values, line, color=colour, lw=pen.LINE, label=name)
    ticks = (1, 2, 5, 10, 20, 50, 100)
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.minorticks_off()
    longest = max(len(np.asarray(values)) for values in losses.values())
    ax.set(xlabel="looks at the loss", ylabel="part of the loss at first",
           xlim=(1, longest))  # fmt: skip
    ax.legend(frameon=False)
    return fig
