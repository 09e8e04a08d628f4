"""Figures of counting: networks as areas, shares of layers, memory, time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, RED, SKY, new
from coursekit.plots.parts import board, write

if TYPE_CHECKING:  # which draws with this package itself
    from coursekit.anatomy import Anatomy

MIDDLES = (0.14, 0.68, 1.5)  # of the squares, the last of which may be 1 wide
BATCHES = (1, 32, 128, 512)


def squares(sums: Mapping[str, Sequence[int]], names: Sequence[str]) -> Figure:
    """Three networks as squares, a panel for each count in `names`, areas to scale."""
    fig, axes = new(9.4, 2.9, 1, len(names))
    for ax, name, counts in zip(axes, names, zip(*sums.values(), strict=True),
                                strict=True):  # fmt: skip
        board(ax, (-0.15, 2.05), (-0.32, 1.12))
        ax.set_title(name)
        for middle, network, count in zip(MIDDLES, sums, counts, strict=True):
            side = sqrt(count / max(counts))
            corner = (middle - side / 2, 0)
            ax.add_patch(Rectangle(corner, side, side, fc=BLUE, ec="none"))
            write(ax, (middle, -0.1), network, fontsize=pen.TEXT)
            write(
                ax, (middle, -0.24), f"{count:,}", fontsize=pen.SMALL, color="#444444"
            )
    return fig


def shares(networks: Mapping[str, Anatomy]) -> Figure:
    """For each network, the parts of its layers in weights and in multiply-adds."""
    fig, ax = new(9.5, 0.95 * len(networks) + 0.9)
    for number, (name, network) in enumerate(networks.items()):
        layers = [layer for layer in network if layer.parameters]
        dense = [layer.kind == "dense" for layer in layers]
        top = -2.6 * number
        _pieces(ax, top, [layer.parameters for layer in layers], dense)
        _pieces(ax, top - 1, [layer.multiply_adds for layer in layers], dense)
        for place, words in ((top, f"{name}, weights"), (top - 1, "work")):
            ax.text(-0.01, place, words, ha="right", va="center")
    ax.set(xlim=(0, 1), xticks=np.linspace(0, 1, 5), yticks=[])
    ax.set_xticklabels(["0 %", "25 %", "50 %", "75 %", "100 %"])
    ax.spines[:].set_visible(False)
    keys = [Patch(color=BLUE, label="convolutions"), Patch(color=GREEN, label="dense")]
    ax.legend(handles=keys, frameon=False, ncols=2, loc="lower center",
              bbox_to_anchor=(0.5, 1.0))  # fmt: skip
    return fig


def _pieces(ax: Axes, y: float, counts: Sequence[int], dense: Sequence[bool]) -> None:
    """One bar of layers, each with its part in percent where there is room."""
    start, whole = 0.0, sum(counts)
    for count, is_dense in zip(counts, dense, strict=True):
        part = count / whole
        colour = GREEN if is_dense else BLUE
        ax.barh(y, part, 0.86, left=start, color=colour, ec="white", lw=pen.THIN)
        if part > 0.045:
            words = f"{100 * part:.0f}"
            ax.text(start + part / 2, y, words, ha="center", va="center", color="white")
        start += part


def memory(weights: float, image: float) -> Figure:
    """Megabytes of training with momentum, by batch; those of weights, of one image."""
    fig, ax = new(9, 2.6)
    places = np.arange(len(BATCHES))
    parts = {"weights": GREEN, "gradients": SKY, "momentum": PURPLE}
    for number, (name, colour) in enumerate(parts.items()):
        ax.barh(places, weights, 0.7, left=number * weights, color=colour, label=name)
    grown = image * np.array(BATCHES)
    left = len(parts) * weights
    bars = ax.barh(places, grown, 0.7, left=left, color=ORANGE, label="images' numbers")
    ax.bar_label(bars, [f"{left + size:,.0f}" for size in grown], padding=4)
    ax.set(yticks=places, xlabel="megabytes", xlim=(0, 1.12 * (left + grown[-1])))
    ax.set_yticklabels([f"batch {batch}" for batch in BATCHES])
    ax.invert_yaxis()
    ax.legend(frameon=False, fontsize=pen.SMALL, loc="upper right")
    return fig


KINDS = {
    "convolution": ("convolutions", BLUE, "o"),
    "dense": ("dense layers", GREEN, "s"),
    "max": ("max pooling", ORANGE, "^"),
    "response": ("response normalisation", PURPLE, "D"),
    "": ("ReLU and others", GREY, "x"),
}


def bounds(times: Sequence[tuple[str, float, float]]) -> Figure:
    """Layers as points: (kind, least seconds, measured seconds)."""
    fig, ax = new(6.6, 4.4)
    for kind, (label, colour, marker) in KINDS.items():
        found = [
            (1e3 * least, 1e3 * took)
            for name, least, took in times
            if (name if name in KINDS else "") == kind
        ]
        if found:
            x, y = zip(*found, strict=True)
            ax.scatter(x, y, s=52, c=colour, marker=marker, label=label, zorder=3)
    every = [1e3 * value for _, *pair in times for value in pair]
    ends = (min(every) / 2, 2 * max(every))
    ax.plot(ends, ends, color=GREY, lw=pen.THIN)
    ax.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
    ax.set(xlabel="bound, milliseconds", ylabel="measured, milliseconds")
    ax.legend(frameon=False, fontsize=pen.SMALL, loc="upper left")
    return fig


def rates(batches: Sequence[int], measured: Sequence[float], peak: float) -> Figure:
    """Multiply-adds per second by batch, and the rate of the core."""
    fig, ax = new(6.4, 3.1)
    ax.axhline(peak / 1e9, color="black", ls=":", lw=pen.THIN)
    ax.plot(batches, np.asarray(measured) / 1e9, "o-", color=RED)
    ax.set(xscale="log", yscale="log", xlabel="batch")
    ax.set_ylabel("billion multiply-adds per second")
    ax.set_xticks(batches, [str(batch) for batch in batches])
    ax.minorticks_off()
    ticks = [1, 2, 5, 10, 20, 50, 100, 200]
    low, high = min([*measured, peak]) / 1.4e9, 1.4 * max([*measured, peak]) / 1e9
    ax.set_yticks(ticks, [str(tick) for tick in ticks])
    ax.set_ylim(low, high)
    ax.grid(color=PALE)
    return fig
