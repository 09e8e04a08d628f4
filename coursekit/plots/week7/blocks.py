"""Figures of residual blocks: the blocks with switches, roads, sights, families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, RED, SKY, new
from coursekit.plots.parts import arrow, board, write

Sizes = list[tuple[int, int]]  # of a branch: side of the kernels, maps

SHAPES: dict[str, Sizes] = {
    "plain": [(3, 64), (3, 64)],
    "basic": [(3, 64), (3, 64)],
    "bottleneck": [(1, 64), (3, 64), (1, 256)],
    "pre-activation": [(3, 64), (3, 64)],
}
LINES = ((BLUE, "-"), (RED, "--"))
STAGES = (SKY, GREEN, ORANGE, BLUE)
TALL = {"conv": 1.0, "BN": 0.62, "ReLU": 0.62, "+": 0.8}
GAP, HALF = 0.42, 1.35  # between two boxes; half of the width of a box


@dataclass(frozen=True)
class Step:
    """A box of the road: "conv", "BN", "ReLU" or "+"."""

    kind: str
    words: str = ""


def residual_blocks(kinds: Sequence[str], changes: bool = False) -> Figure:
    """Blocks side by side, read from the top.

    kinds: of "plain", "basic", "bottleneck" and "pre-activation"; changes: the block
    has stride 2 and twice as many maps, as in the first block of a stage.
    Raises ValueError for another kind.
    """
    unknown = [kind for kind in kinds if kind not in SHAPES]
    if unknown:
        raise ValueError(f"no block {unknown[0]!r}; there are {', '.join(SHAPES)}")
    roads = {kind: steps(kind, changes) for kind in kinds}
    tallest = max(map(height, roads.values()))
    fig, axes = new(2.9 * len(kinds) + 0.4, 0.52 * tallest + 1.0, 1, len(kinds))
    for ax, (kind, road) in zip(np.atleast_1d(axes), roads.items(), strict=True):
        board(ax, (-2.1, 4.1), (-tallest - 1.1, 1.5))
        write(ax, (0, 1.25), kind, fontsize=pen.TITLE, fontweight="bold")
        _road(ax, kind, road, changes)
    return fig


def steps(kind: str, changes: bool) -> list[Step]:
    """The boxes of a block, from its input to its output."""
    sizes = SHAPES[kind]
    strided = 1 if kind == "bottleneck" else 0
    found = []
    for at, (side, maps) in enumerate(sizes):
        stride = ", /2" if changes and at == strided else ""
        conv = Step("conv", f"{side}×{side}, {maps * (1 + changes)}{stride}")
        before = [Step("BN", "BN"), Step("ReLU", "ReLU")]
        if kind == "pre-activation":
            found += [*before, conv]
        else:
            found += [conv, *before]
    if kind == "pre-activation":
        return [*found, Step("+")]
    return found if kind == "plain" else [*found[:-1], Step("+"), found[-1]]


def height(road: Sequence[Step]) -> float:
    """Of all boxes and the gaps between them."""
    return sum(TALL[step.kind] + GAP for step in road)


def _road(ax: Axes, kind: str, road: Sequence[Step], changes: bool) -> None:
    """The boxes from the top, and the shortcut beside them."""
    y, leaves = 0.0, 0.35
    write(ax, (0, 0.75), "x", fontsize=pen.TITLE, style="italic")
    meets = None
    for number, step in enumerate(road):
        tall = TALL[step.kind]
        start = 0.55 if number == 0 else y + GAP
        arrow(ax, (0, start), (0, y))
        if step.kind == "+":
            _plus(ax, y - tall / 2)
            meets = y - tall / 2
        else:
            _box(ax, (0, y - tall / 2), (2 * HALF, tall), step)
        y -= tall + GAP
        if kind == "pre-activation" and changes and number == 1:
            leaves = y + GAP / 2
    arrow(ax, (0, y + GAP), (0, y - 0.25))
    if meets is not None:
        _shortcut(ax, kind, leaves, meets, changes)


def _plus(ax: Axes, y: float) -> None:
    ax.add_patch(Circle((0, y), 0.38, fc="white", ec=RED, lw=pen.BOLD, zorder=3))
    write(ax, (0, y - 0.02), "+", fontsize=pen.SIGN, color=RED, zorder=4)


def _box(
    ax: Axes, middle: tuple[float, float], size: tuple[float, float], step: Step
) -> None:
    face = {"conv": BLUE, "BN": PALE, "ReLU": ORANGE}[step.kind]
    corner = (middle[0] - size[0] / 2, middle[1] - size[1] / 2)
    style = "round,pad=0,rounding_size=0.12"
    drawn = FancyBboxPatch(
        corner, *size, boxstyle=style, fc=face, ec="black", lw=pen.THIN
    )
    ax.add_patch(drawn)
    ink = "white" if step.kind == "conv" else "black"
    write(ax, middle, step.words, fontsize=pen.TEXT, color=ink, zorder=4)


def _shortcut(ax: Axes, kind: str, leaves: float, meets: float, changes: bool) -> None:
    """From where it leaves the road, past the boxes, to the plus."""
    right = 2.55
    x, y = [0, right, right, 0.5], [leaves, leaves, meets, meets]
    ax.plot(x, y, color=RED, lw=pen.BOLD, zorder=1, solid_joinstyle="round")
    arrow(ax, (0.6, meets), (0.36, meets))
    if not changes:
        return
    maps = 2 * SHAPES[kind][-1][1]
    middle = (leaves + meets) / 2
    words = f"1×1\n{maps}, /2"
    _box(ax, (right, middle), (1.7, 1.3), Step("conv", words))
    if kind != "pre-activation":
        _box(ax, (right, middle - 1.25), (1.7, 0.62), Step("BN", "BN"))


def along(steps: ArrayLike, curves: Mapping[str, ArrayLike]) -> Figure:
    """Numbers along a straight walk through the inputs, and below them their slope."""
    fig, axes = new(9.5, 4, 2, len(curves))
    places = np.asarray(steps, dtype=float)
    for (above, below), (name, values), (colour, _) in zip(
        axes.T, curves.items(), LINES, strict=True
    ):
        numbers = np.asarray(values, dtype=float)
        slopes = np.diff(numbers) / np.diff(places)
        above.plot(places, numbers, color=colour, lw=pen.LINE)
        below.step(places[1:], slopes, color=colour, lw=pen.LINE)
        middle, reach = slopes.mean(), max(0.3, 1.2 * np.ptp(slopes))
        below.set(ylim=(middle - reach, middle + reach), xlabel="place on the line")
        above.set_title(name)
    axes[0, 0].set_ylabel("output")
    axes[1, 0].set_ylabel("its slope")
    return fig


def shortcut(before: ArrayLike, after: ArrayLike) -> Figure:
    """Maps (c, h, w) above, those that a shortcut makes of them below, to scale."""
    above, below = np.asarray(before), np.asarray(after)
    columns = len(below)
    fig, axes = new(10, 3.6, 2, columns)
    scale = above.shape[1], above.shape[2]
    for row, maps in zip(axes, (above, below), strict=True):
        for number, ax in enumerate(row):
            ax.set_axis_off()
            if number < len(maps):
                ax.imshow(maps[number], cmap="gray", vmin=0, vmax=255,
                          interpolation="nearest")  # fmt: skip
                ax.set_title(f"channel {number}", fontsize=pen.TEXT, pad=3, loc="left")
            ax.set(xlim=(-0.5, scale[1] - 0.5), ylim=(scale[0] - 0.5, -0.5))
    return fig


def sights(seen: Mapping[str, ArrayLike]) -> Figure:
    """How much each pixel matters, a grid for each block; white is not at all."""
    fig, axes = new(8, 3.9, 1, len(seen))
    for ax, (name, values) in zip(np.atleast_1d(axes), seen.items(), strict=True):
        table = np.asarray(values, dtype=float)
        shown = np.where(table > 0, table, np.nan)
        ax.imshow(shown, cmap="viridis_r", vmin=0, vmax=np.nanmax(shown))
        ax.set_title(name)
        for at in range(len(table) + 1):
            ax.axhline(at - 0.5, color=PALE, lw=pen.THIN)
            ax.axvline(at - 0.5, color=PALE, lw=pen.THIN)
        ax.set(xlabel="column", ylabel="row")
        ax.set_xticks(range(0, len(table), 2))
        ax.set_yticks(range(0, len(table), 2))
    return fig


def roads(found: Mapping[str, ArrayLike]) -> Figure:
    """Size and share below 0 of the numbers behind each block, (blocks + 1, 2)."""
    fig, axes = new(9.5, 3, 1, 2)
    for (name, values), (colour, line) in zip(found.items(), LINES, strict=True):
        table = np.asarray(values)
        for column, ax in enumerate(axes):
            numbers = 100 * table[:, 1] if column else table[:, 0]
            ax.plot(range(len(table)), numbers, line, color=colour, marker="o", ms=4,
                    label=name)  # fmt: skip
    axes[0].set(ylabel="size", ylim=0, xlabel="behind block")
    axes[1].set(ylabel="below 0, in %", ylim=(-3, 60), xlabel="behind block")
    for ax in axes:
        ax.set_xticks(range(0, len(table), 3))
    axes[0].legend(frameon=False, loc="upper left")
    return fig


def family(
    stages: Mapping[str, Sequence[int]], counts: Sequence[Sequence[int]]
) -> Figure:
    """The weights of networks by stage, with the numbers of blocks in the pieces."""
    fig, ax = new(9.5, 3.3)
    for y, (weights, blocks) in enumerate(zip(stages.values(), counts, strict=True)):
        left = 0.0
        for colour, size, count in zip(STAGES, weights, blocks, strict=True):
            wide = size / 1e6
            ax.barh(y, wide, 0.62, left, color=colour, ec="white", lw=pen.THIN)
            if wide > 1.5:
                ink = "white" if colour == BLUE else "black"
                write(
                    ax, (left + wide / 2, y), str(count), fontsize=pen.TEXT, color=ink
                )
            left += wide
        write(ax, (left + 0.6, y), f"{left:.1f}", ha="left", fontsize=pen.TEXT)
    ax.set_yticks(range(len(stages)), list(stages))
    ax.invert_yaxis()
    ax.set(xlabel="weights in the stages, in millions", xlim=(0, 63))
    for number, colour in enumerate(STAGES, 1):
        ax.barh(0, 0, color=colour, label=f"stage {number}")
    ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 0.42))
    ax.tick_params(colors="black")
    ax.spines["bottom"].set_color(GREY)
    return fig


__all__ = ["along", "family", "residual_blocks", "roads", "shortcut", "sights"]
