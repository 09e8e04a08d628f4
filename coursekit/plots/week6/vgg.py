"""Figures of VGG: stacks from the side, three bills, maps of scores, signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    RED,
    SKY,
    channels_last,
    new,
)
from coursekit.plots.parts import board, units, wire, write

RISE = 1.5  # between two layers of a stack
Bill = Sequence[tuple[str, int, int, int]]


def side_views(stacks: Sequence[Sequence[int]]) -> Figure:
    """What a unit on top of each stack of kernels sees of a row, a panel for each."""
    fig, axes = new(8.4, 3.4, 1, len(stacks))
    tallest = max(map(len, stacks))
    for ax, kernels in zip(np.atleast_1d(axes), stacks, strict=True):
        width = 1 + sum(k - 1 for k in kernels)
        board(ax, (-0.8, width - 0.2), (-0.7, RISE * tallest + 0.6))
        _stack(ax, kernels, width)
        one = len(kernels) == 1
        words = "one layer" if one else f"{len(kernels)} layers"
        ax.set_title(f"{words}, kernels of {kernels[0]}")
    return fig


def _stack(ax: Axes, kernels: Sequence[int], width: int) -> None:
    """The pixels, then each layer's units in use, with their wires."""
    below = [(float(x), 0.0) for x in range(width)]
    units(ax, below, PALE, marker="s", size=260)
    for level, k in enumerate(kernels, 1):
        count = len(below) - k + 1
        start = (width - count) / 2
        row = [(start + at, RISE * level) for at in range(count)]
        for at, unit in enumerate(row):
            for lower in below[at : at + k]:
                wire(ax, lower, unit, colour=GREY)
        units(ax, row, SKY, size=260)
        below = row
    write(ax, ((width - 1) / 2, -0.62), "pixels", fontsize=pen.TEXT)


def columns(table: Mapping[str, str]) -> Figure:
    """Networks as towers of convolutions, from rows such as "3-64 max 3-128 max"."""
    fig, ax = new(6.4, 7.6)
    heights = [_tower(ax, 2.5 * at, row) for at, row in enumerate(table.values())]
    board(ax, (-1.3, 2.5 * len(table) - 1.2), (-1.0, max(heights) + 0.3))
    for at, name in enumerate(table):
        write(ax, (2.5 * at, -0.6), name, fontsize=pen.SIGN)
    keys = [Patch(color=SKY, label="3 × 3"), Patch(color=ORANGE, label="1 × 1")]
    ax.legend(handles=keys, frameon=False, loc="upper left")
    return fig


def _tower(ax: Axes, x: float, row: str) -> float:
    """Draw one tower; its height."""
    y = 0.0
    for word in row.split():
        if word == "max":
            ax.plot([x - 1, x + 1], [y, y], color=GREY, lw=pen.BOLD)
            y += 0.25
        else:
            k, maps = word.split("-")
            colour = ORANGE if k == "1" else SKY
            ax.add_patch(Rectangle((x - 1, y + 0.06), 2, 0.88, color=colour))
            write(ax, (x, y + 0.5), maps, fontsize=pen.TEXT)
            y += 1
    return y


def three_bills(layers: Bill) -> Figure:
    """Weights, numbers and multiply-adds of each layer: (name, …), a panel for each."""
    fig, axes = new(10, 4.6, 1, 3)
    heads = ("weights", "numbers put out", "multiply-adds")
    names = [name for name, *_ in layers]
    colours = [GREEN if name.startswith("fc") else BLUE for name in names]
    for place, (ax, head) in enumerate(zip(axes, heads, strict=True)):
        counts = [numbers[place] / 1e6 for _, *numbers in layers]
        ax.barh(range(len(names)), counts, 0.75, color=colours)
        ax.set(title=f"{head}\n{_total(sum(counts))} in all", xlabel="million")
        ax.set_yticks(range(len(names)), names if place == 0 else [""] * len(names))
        ax.tick_params(axis="y", length=0, labelsize=pen.SMALL)
        ax.invert_yaxis()
        ax.grid(axis="x", color=PALE)
        ax.set_axisbelow(True)
    keys = [Patch(color=BLUE, label="convolutions"), Patch(color=GREEN, label="dense")]
    fig.legend(handles=keys, frameon=False, ncols=2, loc="outside lower center")
    return fig


def _total(millions: float) -> str:
    """138.4 million, 15.5 billion."""
    if millions >= 1000:
        return f"{millions / 1000:.1f} billion"
    return f"{millions:.1f} million"


def tile_scores(picture: ArrayLike, values: ArrayLike, name: str) -> Figure:
    """A picture of tiles, and a probability for each stop of a window.

    values: (rows, columns); each second stop in both directions has one tile in view
    """
    fig, (left, right) = new(10, 3.1, 1, 2)
    left.imshow(np.clip(channels_last(picture), 0, 1), interpolation="nearest")
    left.set(xticks=[], yticks=[], title="the picture")
    table = np.asarray(values, dtype=float)
    shown = right.imshow(table, cmap="Blues", vmin=0, vmax=1)
    for row in range(0, table.shape[0], 2):
        for column in range(0, table.shape[1], 2):
            corner = (column - 0.5, row - 0.5)
            frame = Rectangle(corner, 1, 1, fill=False, ec=ORANGE, lw=pen.LINE)
            right.add_patch(frame)
    right.set(xticks=[], yticks=[], title=f"“{name}”, at each stop")
    right.spines[:].set_visible(True)
    fig.colorbar(shown, ax=right, label="probability", shrink=0.85)
    return fig


LINES = ((BLUE, "-"), (RED, "--"), (GREEN, "-."))


def start_signals(
    curves: Mapping[tuple[str, str], Sequence[float] | np.ndarray],
) -> Figure:
    """Signals behind each convolution by network and start, logarithmic."""
    networks = list(dict.fromkeys(network for network, _ in curves))
    fig, axes = new(9.5, 3.5, 1, len(networks))
    for ax, network in zip(np.atleast_1d(axes), networks, strict=True):
        found = {start: values for (name, start), values in curves.items()
                 if name == network}  # fmt: skip
        for (start, values), (colour, line) in zip(found.items(), LINES, strict=False):
            layers = np.arange(1, len(values) + 1)
            ax.plot(layers, values, line, color=colour, lw=pen.LINE, label=start)
        ax.set(yscale="log", ylim=(1e-11, 1e9), title=network, xlabel="convolution")
        ax.set_yticks([10.0**power for power in range(-10, 9, 3)])
        ax.set_yticks([], minor=True)
        ax.grid(axis="y", color=PALE)
    np.atleast_1d(axes)[0].set_ylabel("signal")
    handles, labels = np.atleast_1d(axes)[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    return fig
