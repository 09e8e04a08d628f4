"""Figures of dense prediction: maps of classes, overlaps, the U, scores by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Patch, Rectangle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, RED, new
from coursekit.plots.parts import board, write

CLASSES = (PALE, BLUE, ORANGE)
HIT, MISSED, ALARM = GREEN, BLUE, RED


def panels(
    rows: Mapping[str, ArrayLike], names: Sequence[str], *, size: float = 1.75
) -> Figure:
    """Rows of pictures (n, h, w): fractions in grey, whole numbers as flat classes.

    names: of the classes, for the legend; size: inches of a picture
    """
    pixels = {name: np.asarray(row) for name, row in rows.items()}
    n, h, w = next(iter(pixels.values())).shape
    high = size * h / w
    fig, axes = new(n * size + 0.35, len(pixels) * high + 0.4, len(pixels), n)
    grid = np.reshape(axes, (len(pixels), n))
    for line, (name, row) in zip(grid, pixels.items(), strict=True):
        for ax, values in zip(line, row, strict=True):
            _panel(ax, values)
        line[0].set_ylabel(name, fontsize=pen.TEXT)
    _legend_of(fig, names)
    return fig


def labelled(
    pictures: Mapping[str, ArrayLike], names: Sequence[str], *, size: float = 2.2
) -> Figure:
    """Single pictures (1, h, w) in a row under their names, drawn as by `panels`."""
    pixels = {name: np.asarray(one)[0] for name, one in pictures.items()}
    h, w = next(iter(pixels.values())).shape
    fig, axes = new(len(pixels) * size, size * h / w + 0.55, 1, len(pixels))
    for ax, (name, values) in zip(np.atleast_1d(axes), pixels.items(), strict=True):
        _panel(ax, values)
        ax.set_title(name)
    _legend_of(fig, names)
    return fig


def _legend_of(fig: Figure, names: Sequence[str]) -> None:
    keys = [
        Patch(fc=colour, ec=GREY, label=name)
        for colour, name in zip(CLASSES, names, strict=False)
    ]
    fig.legend(handles=keys, loc="outside lower center", ncols=3, frameon=False,
               fontsize=pen.TEXT)  # fmt: skip


def _panel(ax: Axes, values: np.ndarray) -> None:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=GREY, linewidth=pen.HAIR)
    if values.dtype.kind == "f":
        ax.imshow(values, cmap="gray")
    else:
        ax.imshow(values, cmap=ListedColormap(CLASSES), vmin=0, vmax=len(CLASSES) - 1,
                  interpolation="nearest")  # fmt: skip


def overlaps(pairs: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """Hits, misses and false alarms of (predicted, there), pixel by pixel."""
    fig, axes = new(3.6 * len(pairs), 4.1, 1, len(pairs))
    for ax, (name, (called, there)) in zip(np.atleast_1d(axes), pairs.items(),
                                           strict=True):  # fmt: skip
        kinds = np.select([called & there, there, called], [1, 2, 3], 0)
        colours = ListedColormap(["white", HIT, MISSED, ALARM])
        ax.imshow(kinds, cmap=colours, vmin=0, vmax=3, interpolation="nearest")
        rows, columns = kinds.shape
        ax.set_xticks(np.arange(columns + 1) - 0.5, labels=[])
        ax.set_yticks(np.arange(rows + 1) - 0.5, labels=[])
        ax.tick_params(length=0)
        ax.grid(color=GREY, linewidth=pen.HAIR)
        ax.spines[:].set_visible(False)
        both, either = int((kinds == 1).sum()), int((kinds > 0).sum())
        ax.set_title(f"{name}\n{both} of {either} pixels are both")
    keys = [Patch(fc=HIT, label="both"), Patch(fc=MISSED, label="missed"),
            Patch(fc=ALARM, label="false alarm")]  # fmt: skip
    fig.legend(handles=keys, loc="outside lower center", ncols=3, frameon=False,
               fontsize=pen.TEXT)  # fmt: skip
    return fig


Step = tuple[str, int, int]  # name, side before and after the two convolutions


def u_shape(steps: Sequence[Step], width: int) -> Figure:
    """The U: a box for each step with its maps and sides, arrows between them."""
    levels = (len(steps) + 1) // 2
    fig, ax = new(9.4, 1.28 * levels + 0.3)
    board(ax, (-0.3, 15.3), (-2.05 * (levels - 1) - 0.3, 1.25))
    boxes = [_place(at, levels) for at in range(len(steps))]
    for at, (_, before, after) in enumerate(steps):
        level = levels - 1 - abs(levels - 1 - at)
        _box(ax, boxes[at], f"{width * 2**level} maps", f"{before} → {after}")
    for at in range(len(steps) - 1):
        down = at < levels - 1
        _step(ax, boxes[at], boxes[at + 1], RED if down else GREEN)
    for level in range(levels - 1):
        _across(ax, boxes[level], boxes[-1 - level], steps[-1 - level][1])
    _legend(ax, levels)
    return fig


BOX = (2.6, 1.05)


def _place(at: int, levels: int) -> tuple[float, float]:
    """The lower left corner of step `at`."""
    depth = levels - 1 - abs(levels - 1 - at)
    inset = (15 - BOX[0]) / 2 / max(1, levels - 1) * 0.8
    x = depth * inset if at < levels else 15 - BOX[0] - depth * inset
    if at == levels - 1:
        x = (15 - BOX[0]) / 2
    return x, -2.05 * depth


def _box(ax: Axes, corner: tuple[float, float], maps: str, sides: str) -> None:
    ax.add_patch(Rectangle(corner, *BOX, fc=PALE, ec="black", lw=pen.THIN, zorder=2))
    middle = corner[0] + BOX[0] / 2
    write(ax, (middle, corner[1] + 0.74), maps, fontsize=pen.TEXT, zorder=3)
    write(ax, (middle, corner[1] + 0.3), sides, fontsize=pen.TEXT, zorder=3)


def _step(
    ax: Axes, one: tuple[float, float], other: tuple[float, float], colour: str
) -> None:
    """An arrow from the lower side of a box to the upper one of the next, or back."""
    down = other[1] < one[1]
    start = (one[0] + BOX[0] / 2, one[1] + (0 if down else BOX[1]))
    end = (other[0] + BOX[0] / 2, other[1] + (BOX[1] if down else 0))
    _arrow(ax, start, end, colour, "-")


def _across(
    ax: Axes, one: tuple[float, float], other: tuple[float, float], side: int
) -> None:
    y = one[1] + BOX[1] / 2
    _arrow(ax, (one[0] + BOX[0], y), (other[0], y), BLUE, (0, (4, 3)))
    middle = (one[0] + BOX[0] + other[0]) / 2
    write(ax, (middle, y + 0.3), f"cropped to {side}", fontsize=pen.SMALL, color=BLUE)


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str,
    line: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13,
                                 color=colour, lw=pen.LINE, linestyle=line, zorder=1,
                                 shrinkA=0, shrinkB=0))  # fmt: skip


def _legend(ax: Axes, levels: int) -> None:
    low = -2.05 * (levels - 1) + 0.5
    for x, colour, words in ((0.1, RED, "max pooling, half the side"),
                             (10.6, GREEN, "transposed, twice the side")):  # fmt: skip
        write(ax, (x, low), words, color=colour, fontsize=pen.TEXT, ha="left")


def dots(groups: Mapping[str, np.ndarray], names: Sequence[str]) -> Figure:
    """Scores (seeds, classes) as dots, side by side for each class."""
    fig, ax = new(6.4, 3.1)
    apart = 0.5 / max(1, len(groups))
    styles = ((BLUE, "o"), (RED, "s"), (GREEN, "^"))
    for at, (group, table) in enumerate(groups.items()):
        colour, marker = styles[at % 3]
        x = np.arange(table.shape[1]) + (at - (len(groups) - 1) / 2) * apart
        for seed, row in enumerate(table):
            ax.plot(x, row, marker, color=colour, ms=8, mfc="none", mew=1.8,
                    label=group if seed == 0 else "_more")  # fmt: skip
    ax.set(xticks=range(len(names)), xlim=(-0.5, len(names) - 0.5), ylim=(0, 1.02),
           ylabel="IoU")  # fmt: skip
    ax.set_xticklabels(names)
    ax.grid(axis="y", color=PALE)
    ax.set_axisbelow(True)
    ax.legend(frameon=False, loc="lower left")
    return fig
