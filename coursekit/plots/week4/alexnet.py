"""Figures of AlexNet: its size, its groups, its normalisation, the worth of ideas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, RED, new
from coursekit.plots.parts import board, box, units, wire, write

DEPTH, ROOM = 0.22, 46  # how far a map goes into the page; between stacks
STOREY = 96  # from the top of a network to the floor of the next one
Stages = Sequence[tuple[int, int]]


def fourteen_years(networks: Mapping[str, Stages]) -> Figure:
    """The maps of several networks, all to one scale, one network above the other.

    networks: of each the side and the number of maps of all stages, the image first
    """
    fig, ax = new(11, 5.6)
    widest, bottom = max(map(_length, networks.values())), 0.0
    for name, stages in reversed(list(networks.items())):
        _stages(ax, stages, bottom)
        top = bottom + stages[0][0] * (1 + DEPTH)
        write(ax, (0, top + 10), name, ha="left", va="bottom", weight="bold")
        bottom = top + STOREY
    board(ax, (-14, widest - ROOM + 20), (-44, bottom - STOREY + 36))
    return fig


def _thickness(maps: int) -> float:
    return 1.6 * maps**0.5


def _room(side: int, maps: int) -> float:
    """From the left of a stack to that of the next one."""
    wide = _thickness(maps) + DEPTH * side if side > 1 else 0
    return max(wide, 26) + ROOM


def _length(stages: Stages) -> float:
    return sum(_room(*stage) for stage in stages)


def _stages(ax: Axes, stages: Stages, bottom: float) -> None:
    """Stacks side by side on a floor; units as bars, as high as stacks are thick."""
    left = 0.0
    for number, (side, maps) in enumerate(stages):
        face = PALE if number == 0 else "#CFE3F1" if side > 1 else "#BFE3D6"
        wide, high = _thickness(maps), float(side)
        if side == 1:
            wide, high = 7.0, wide
        deep = DEPTH * side if side > 1 else 0
        box(ax, (left, bottom), wide, high, depth=deep, face=face)
        words = f"{side}\n× {maps}" if side > 1 else str(maps)
        write(ax, (left + wide / 2, bottom - 8), words, va="top", fontsize=pen.TEXT)
        left += _room(side, maps)


def groups(inputs: int, outputs: int, groups: int) -> Figure:
    """Which maps see which, with one group and with several."""
    fig, axes = new(8.4, 2.9, 1, 2)
    for ax, parts in zip(axes, (1, groups), strict=True):
        colours = [GREY] if parts == 1 else [BLUE, ORANGE, GREEN, RED][:parts]
        lower = [_part(i, inputs, parts) for i in range(inputs)]
        upper = [_part(o, outputs, parts) for o in range(outputs)]
        for i, one in enumerate(lower):
            for o, other in enumerate(upper):
                if one == other:
                    wire(ax, (i, 0), (o, 3), colour=colours[one])
        units(ax, [(i, 0) for i in range(inputs)], [colours[p] for p in lower])
        units(ax, [(o, 3) for o in range(outputs)], [colours[p] for p in upper])
        pairs = sum(one == other for one in lower for other in upper)
        write(ax, (outputs / 2 - 0.5, 3.9), f"groups = {parts}: {pairs} slices")
        board(ax, (-0.7, max(inputs, outputs) - 0.3), (-0.6, 4.2))
    return fig


def _part(place: int, count: int, parts: int) -> int:
    return place * parts // count


def inhibited(panels: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Answers of all maps at one place, before and after, a panel for each pair."""
    fig, axes = new(9, 2.9, 1, len(panels))
    for ax, (title, (before, after)) in zip(axes, panels.items(), strict=True):
        values = np.asarray(before)
        places = np.arange(len(values))
        ax.bar(places, values, width=0.8, color="#C4C4C4", label="before")
        ax.bar(places, np.asarray(after), width=0.4, color=BLUE, label="after")
        ax.set(title=title, xlabel="map", xticks=places)
    axes[0].set_ylabel("answer")
    axes[0].legend(frameon=False)
    return fig


def ideas(gains: Mapping[str, Sequence[float]]) -> Figure:
    """The gains of several ideas, a point for each seed and a bar for the mean.

    gains: of each idea, how much less is wrong with it, 0 to 1, for each seed
    """
    fig, ax = new(8, 0.5 * len(gains) + 1)
    for row, found in enumerate(gains.values()):
        points = 100 * np.asarray(found)
        ax.plot(points, np.full(len(points), row), "o", color=BLUE, ms=7, alpha=0.7)
        ax.plot([points.mean()] * 2, [row - 0.3, row + 0.3], color=RED, lw=pen.BOLD)
    ax.axvline(0, color="black", lw=pen.THIN)
    ax.set_yticks(range(len(gains)), list(gains))
    ax.set(xlabel="points less wrong with the idea (right: it helps)")
    ax.set_ylim(len(gains) - 0.5, -0.5)
    return fig
