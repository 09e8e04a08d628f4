"""Figures of why residual networks work: lesions, paths, gradients, dense blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, RED, SKY, new
from coursekit.plots.parts import arrow, board, write

COLOURS = {"residual": BLUE, "plain": RED}
LINES = {"residual": "-", "plain": "--"}
SEEDS = (BLUE, ORANGE, GREEN)
MARKS = ("o", "s", "^")
NEW = (SKY, ORANGE, GREEN, PURPLE, RED, BLUE)  # maps of one layer after the other
HALF = 0.62  # half of the width of a box


def after_lesions(
    lesions: Mapping[str, ArrayLike], whole: Mapping[str, Sequence[float]]
) -> Figure:
    """Accuracy without one block, (networks, blocks), a panel for each kind."""
    fig, axes = new(9.5, 3.1, 1, len(lesions))
    top = max(0.45, *(1.1 * max(values) for values in whole.values()))
    for ax, (kind, values) in zip(np.atleast_1d(axes), lesions.items(), strict=True):
        table, colour = np.asarray(values), COLOURS[kind]
        places = range(1, table.shape[1] + 1)
        for row in table:
            ax.plot(places, row, color=colour, lw=pen.THIN, alpha=0.6)
        ax.plot(places, table.mean(0), color=colour, lw=pen.BOLD, marker="o", ms=5)
        ax.axhline(np.mean(whole[kind]), color="black", ls=":", lw=pen.LINE)
        ax.axhline(0.1, color=GREY, ls="--", lw=pen.THIN)
        ax.set(ylim=(0, top), xticks=places, xlabel="block that is out")
        ax.set_title(kind)
    np.atleast_1d(axes)[0].set_ylabel("accuracy")
    return fig


def every_path(blocks: int = 3) -> Figure:
    """A chain of blocks, and beside it a row for each path through it."""
    fig, (left, right) = new(10, 3.9, 1, 2)
    board(left, (-0.9, 2.6 * blocks + 1.0), (-2.3, 2.6))
    _chain(left, blocks)
    paths = [
        some for size in range(blocks + 1) for some in combinations(range(blocks), size)
    ]
    board(right, (-0.8, 2.1 * blocks + 3.4), (-len(paths) + 0.3, 1.3))
    for k in range(blocks):
        write(right, (2.1 * k + 0.8, 0.95), f"block {k + 1}", fontsize=pen.TEXT)
    for row, through in enumerate(paths):
        _path(right, -row, through, blocks)
    return fig


def _chain(ax: Axes, blocks: int) -> None:
    """From x0 to xn, with a detour through a box before each plus."""
    write(ax, (-0.45, 0), "$x_0$", fontsize=pen.SIGN)
    for k in range(blocks):
        start, plus = 2.6 * k, 2.6 * k + 2.0
        ax.plot([start, plus], [0, 0], color="black", lw=pen.LINE, zorder=1)
        ax.plot([start + 0.25] * 2, [0, 1.5], color=BLUE, lw=pen.LINE, zorder=1)
        ax.plot([start + 0.25, plus], [1.5, 1.5], color=BLUE, lw=pen.LINE, zorder=1)
        arrow(ax, (plus, 1.5), (plus, 0.32))
        _box(ax, (start + 1.1, 1.5), f"$F_{k + 1}$")
        ax.add_patch(Circle((plus, 0), 0.32, fc="white", ec=RED, lw=pen.LINE, zorder=3))
        write(ax, (plus, -0.02), "+", fontsize=pen.SIGN, color=RED, zorder=4)
        write(ax, (plus + 0.32, -0.75), f"$x_{k + 1}$", fontsize=pen.TITLE)
        ax.plot([plus + 0.32, plus + 0.6], [0, 0], color="black", lw=pen.LINE, zorder=1)
    arrow(ax, (2.6 * blocks, 0), (2.6 * blocks + 0.6, 0))


def _box(ax: Axes, middle: tuple[float, float], words: str) -> None:
    corner = (middle[0] - HALF, middle[1] - 0.45)
    style = "round,pad=0,rounding_size=0.12"
    ax.add_patch(FancyBboxPatch(corner, 2 * HALF, 0.9, boxstyle=style, fc=BLUE,
                                ec="black", lw=pen.THIN, zorder=3))  # fmt: skip
    write(ax, middle, words, fontsize=pen.TITLE, color="white", zorder=4)


def _path(ax: Axes, y: float, through: Sequence[int], blocks: int) -> None:
    """One row: boxes where it goes through, a line where it goes past, its product."""
    ax.plot([-0.4, 2.1 * blocks], [y, y], color="black", lw=pen.THIN, zorder=1)
    for k in through:
        corner = (2.1 * k + 0.8 - HALF, y - 0.32)
        ax.add_patch(
            Rectangle(
                corner, 2 * HALF, 0.64, fc=BLUE, ec="black", lw=pen.THIN, zorder=2
            )
        )
    product = " ".join(f"A_{k + 1}" for k in reversed(through))
    write(
        ax, (2.1 * blocks + 0.4, y), f"${product} x_0$", ha="left", fontsize=pen.TITLE
    )


def lengths(shares: ArrayLike) -> Figure:
    """The share of the paths of each length, in per cent."""
    fig, ax = new(8, 2.9)
    values = 100 * np.asarray(shares)
    ax.bar(range(len(values)), values, color=BLUE, width=0.8)
    ax.set(xlabel="length: branches that a path goes through", ylabel="paths, in %")
    ax.set_xticks(range(0, len(values), 9))
    return fig


def carried(
    sizes: Sequence[Sequence[float]], shares: Sequence[Sequence[float]]
) -> Figure:
    """The gradient along one path, and along all of a length, for some networks."""
    fig, (left, right) = new(9.5, 3.3, 1, 2)
    places = range(len(sizes[0]))
    blocks = len(sizes[0]) - 1
    counts = np.array([_choose(blocks, k) for k in places]) / 2**blocks
    right.bar(places, 100 * counts, color=PALE, ec=GREY, lw=pen.THIN, label="paths")
    for one, share, colour, mark in zip(sizes, shares, SEEDS, MARKS, strict=True):
        left.semilogy(places, one, color=colour, marker=mark, ms=5)
        right.plot(places, 100 * np.asarray(share), color=colour, marker=mark, ms=5)
    left.set(ylabel="size along one path", xlabel="length of the path")
    right.set(ylabel="share of all, in %", xlabel="length of the path")
    right.plot([], [], color=BLUE, marker="o", ms=5, label="gradient")
    right.legend(frameon=False)
    for ax in (left, right):
        ax.set_xticks(places)
    return fig


def _choose(n: int, k: int) -> int:
    return sum(1 for _ in combinations(range(n), k))


def gradients(
    depths: Mapping[str, Mapping[str, Sequence[ArrayLike]]],
) -> Figure:
    """Sizes of gradients behind each branch: a panel for each start."""
    fig, axes = new(10, 3.2, 1, len(depths))
    for ax, (name, kinds) in zip(np.atleast_1d(axes), depths.items(), strict=True):
        for kind, some in kinds.items():
            for number, values in enumerate(some):
                ax.semilogy(
                    np.asarray(values),
                    LINES[kind],
                    color=COLOURS[kind],
                    lw=pen.LINE,
                    label=kind if number == 0 else None,
                )
        ax.set(xlabel="behind branch")
        ax.set_xticks(range(0, 41, 10))
        ax.set_title(name)
        ax.margins(y=0.12)
    np.atleast_1d(axes)[0].set_ylabel("size of the gradient")
    np.atleast_1d(axes)[0].legend(frameon=False, loc="upper right")
    return fig


def loud_and_lost(loud: ArrayLike, lost: ArrayLike) -> Figure:
    """A dot for each block: the size of its branch, and what its lesion costs."""
    fig, ax = new(8, 3.6)
    for sizes, gone, colour, mark in zip(
        np.asarray(loud), np.asarray(lost), SEEDS, MARKS, strict=True
    ):
        ax.plot(sizes, gone, mark, color=colour, ms=7, mec="black", mew=0.6)
        for number, (x, y) in enumerate(zip(sizes, gone, strict=True), 1):
            if number <= 2:
                ax.annotate(str(number), (x, y), (6, 4), textcoords="offset points",
                            fontsize=pen.TEXT)  # fmt: skip
    ax.axhline(0, color=GREY, lw=pen.THIN)
    ax.set(xlabel="size of the branch, as a share of the road", xlim=0,
           ylabel="accuracy lost")  # fmt: skip
    return fig


def dense_block(inputs: int, layers: int, growth: int) -> Figure:
    """Columns of sheets: all maps behind each layer, the new ones in a new colour."""
    fig, ax = new(9.5, 3.8)
    tallest = inputs + layers * growth
    wide, gap, tall = 3.2, 5.6, 0.62
    board(ax, (-0.4, layers * (wide + gap) + wide + 0.4), (-1.9, tallest * tall + 0.4))
    for column in range(layers + 1):
        left, count = column * (wide + gap), inputs + column * growth
        for sheet in range(count):
            made = (sheet - inputs) // growth
            face = PALE if sheet < inputs else NEW[made % len(NEW)]
            ax.add_patch(Rectangle((left, sheet * tall), wide, 0.85 * tall, fc=face,
                                   ec="black", lw=pen.THIN))  # fmt: skip
        write(ax, (left + wide / 2, -0.95), f"{count} maps", fontsize=pen.TEXT)
        if column < layers:
            y = (inputs + column * growth) * tall / 2
            arrow(ax, (left + wide + 0.3, y), (left + wide + gap - 0.3, y))
            write(ax, (left + wide + gap / 2, y + 1.3), f"BN, ReLU,\n3×3, {growth} new",
                  fontsize=pen.SMALL)  # fmt: skip
    return fig


__all__ = [
    "after_lesions",
    "carried",
    "dense_block",
    "every_path",
    "gradients",
    "lengths",
    "loud_and_lost",
]
