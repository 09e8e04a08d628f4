"""Figures of batch normalisation: clouds, ways back, statistics, what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, RED, SKY, new
from coursekit.plots.parts import arrow, board, box, cells, units, wire, write

Worth = Mapping[tuple[str, float], Sequence[float]]

STYLES = ((RED, "o", "--"), (BLUE, "s", "-"), (GREEN, "^", "-."))


def drift(statistics: np.ndarray, *, channels: Sequence[int] = (0, 1, 2)) -> Figure:
    """Mean and deviation (times, 2, channels) of some channels, every four steps."""
    fig, axes = new(10, 2.8, 1, len(channels))
    steps = 4 * np.arange(len(statistics))
    chosen = statistics[:, :, list(channels)]
    lowest = (chosen[:, 0] - chosen[:, 1]).min()
    highest = (chosen[:, 0] + chosen[:, 1]).max()
    for ax, channel in zip(axes, channels, strict=True):
        mean, deviation = statistics[:, 0, channel], statistics[:, 1, channel]
        ax.fill_between(steps, mean - deviation, mean + deviation, color=PALE)
        ax.plot(steps, mean, color=BLUE)
        ax.axhline(0, color="black", ls=":", lw=pen.THIN)
        ax.set(title=f"channel {channel}", xlabel="step")
        ax.set_ylim(lowest - 0.3, highest + 0.3)
    axes[0].set_ylabel("numbers of the channel")
    return fig


def cloud(
    batch: np.ndarray, *, gamma: Sequence[float], beta: Sequence[float]
) -> Figure:
    """A batch (m, 2) in the four steps of batch normalisation."""
    centred = batch - batch.mean(axis=0)
    standard = centred / batch.std(axis=0)
    steps = {
        "$x$": batch,
        r"$x - \mu$": centred,
        r"$\hat{x}$": standard,
        r"$\gamma\,\hat{x} + \beta$": standard * gamma + beta,
    }
    fig, axes = new(11, 3.1, 1, 4)
    for ax, (name, points) in zip(axes, steps.items(), strict=True):
        _points(ax, points)
        ax.set(title=name, xlabel="unit 1")
    axes[0].set_ylabel("unit 2")
    return fig


def _points(ax: Axes, points: np.ndarray) -> None:
    ax.axhline(0, color=GREY, lw=pen.THIN)
    ax.axvline(0, color=GREY, lw=pen.THIN)
    ax.add_patch(Circle((0, 0), 1, fill=False, ec=GREY, lw=pen.THIN))
    ax.plot(*points.T, "o", color=BLUE, ms=4, alpha=0.7)
    ax.plot(*points.mean(axis=0), "+", color=RED, ms=16, mew=2.5)
    ax.set(xlim=(-5, 8), ylim=(-4.5, 5.5), aspect="equal")


def three_ways() -> Figure:
    """From one number of a batch to all outputs: straight, by mean, by variance."""
    fig, ax = new(7.5, 3.4)
    board(ax, (0, 15), (-0.2, 7))
    _box_with(ax, (5.5, 5.2), r"$\mu$")
    _box_with(ax, (5.5, 1.0), r"$\sigma^2$")
    start, middle = (1.2, 3.6), (13.2, 3.6)
    outputs = [(13.2, 6), middle, (13.2, 1.2)]
    for place in outputs:
        wire(ax, (7.1, 5.8), place, colour=ORANGE, thick=pen.LINE)
        wire(ax, (7.1, 1.6), place, colour=PURPLE, line="--", thick=pen.LINE)
    wire(ax, start, middle, colour=BLUE, thick=pen.BOLD)
    arrow(ax, (1.7, 3.9), (5.4, 5.7))
    arrow(ax, (1.7, 3.3), (5.4, 1.7))
    arrow(ax, (6.3, 5.1), (6.3, 2.4))
    units(ax, [start, *outputs], size=900)
    names = (r"$x_i$", r"$\hat{x}_1$", r"$\hat{x}_i$", r"$\hat{x}_m$")
    for place, name in zip([start, *outputs], names, strict=True):
        write(ax, place, name, fontsize=pen.SIGN, zorder=4)
    return fig


def _box_with(ax: Axes, corner: tuple[float, float], name: str) -> None:
    box(ax, corner, 1.6, 1.2, face="white")
    write(ax, (corner[0] + 0.8, corner[1] + 0.6), name, fontsize=pen.SIGN)


def running(
    paths: Mapping[str, Sequence[float]], means: ArrayLike, *, truth: float
) -> Figure:
    """Running means by rule, the last rule in a panel of its own; dots: batches."""
    *same, other = paths
    fig, axes = new(10, 3.1, 1, 2)
    steps = np.arange(1, len(np.asarray(means)) + 1)
    lines = ((SKY, "-", 5), (RED, "--", 1.8))
    for ax, names in zip(axes, (same, [other]), strict=True):
        ax.plot(steps, means, "o", color=GREY, ms=3.5, alpha=0.7)
        ax.axhline(truth, color="black", ls=":", lw=pen.THIN)
        for name, (colour, line, thick) in zip(
            names, lines[-len(names) :], strict=True
        ):
            ax.plot(paths[name], line, color=colour, lw=thick, label=name)
        ax.legend(frameon=False, loc="lower right")
        ax.set(xlabel="step", ylim=(-0.2, 5.3))
    axes[0].set_ylabel("running mean")
    return fig


# Which cells go into one mean, (images, channels, height, width), by kind.
SHARED = {
    "dense layer": ((4, 3, 1, 1), "units", slice(None), slice(1, 2)),
    "convolution": ((4, 3, 3, 3), "channels", slice(None), slice(1, 2)),
    "batch": ((3, 4, 2, 2), "channels", slice(None), slice(1, 2)),
    "layer": ((3, 4, 2, 2), "channels", slice(1, 2), slice(None)),
    "group": ((3, 4, 2, 2), "channels", slice(1, 2), slice(0, 2)),
    "instance": ((3, 4, 2, 2), "channels", slice(1, 2), slice(1, 2)),
}


def averaged(kinds: Sequence[str]) -> Figure:
    """Images by channels, with the cells coloured that go into one mean."""
    fig, axes = new(3 * len(kinds), 3.1, 1, len(kinds))
    for ax, kind in zip(axes, kinds, strict=True):
        _shared(ax, kind)
    return fig


def _shared(ax: Axes, kind: str) -> None:
    (images, channels, height, width), noun, rows, columns = SHARED[kind]
    down, across = height + 0.6, width + 0.6
    chosen = np.zeros((images, channels), dtype=bool)
    chosen[rows, columns] = True
    board(ax, (-2.3, channels * across), (-images * down, 2.4))
    for (image, channel), shared in np.ndenumerate(chosen):
        empty = np.full((height, width), "")
        face = ORANGE if shared else "white"
        cells(ax, empty, channel * across, -image * down, face)
    size = 9 if height > 1 else 10
    for image in range(images):
        place = (-0.5, -image * down - height / 2)
        write(ax, place, str(image), ha="right", fontsize=size)
    for channel in range(channels):
        place = (channel * across + width / 2, 0.5)
        write(ax, place, str(channel), fontsize=size)
    write(ax, ((channels * across - 0.6) / 2, 1.5), noun, fontsize=size)
    write(ax, (-1.9, -images * down / 2), "images", rotation=90, fontsize=size)
    ax.set_title(kind)


def tolerance(
    worth: Worth, curves: Mapping[str, Sequence[Sequence[float]]], *, over: int = 10
) -> Figure:
    """Accuracy by name and learning rate, and losses of every step by name.

    over: so many steps are averaged
    """
    fig, (left, right) = new(10, 3.3, 1, 2)
    names = list(dict.fromkeys(name for name, _ in worth))
    looks = dict(zip(names, STYLES, strict=False))
    for name, (colour, mark, line) in looks.items():
        found = {rate: parts for (one, rate), parts in worth.items() if one == name}
        for rate, parts in found.items():
            left.plot([rate] * len(parts), parts, mark, color=colour, ms=4.5)
        means = [np.mean(parts) for parts in found.values()]
        left.plot(list(found), means, line, color=colour, label=name)
    rates = sorted({rate for _, rate in worth})
    left.set(xscale="log", ylim=(0, 1), xlabel="learning rate", ylabel="accuracy")
    left.set_xticks(rates, [f"{rate:g}" for rate in rates])
    left.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)
    left.legend(frameon=False, loc="lower left")
    for name, runs in curves.items():
        _smoothed(right, runs, looks[name], name, over)
    right.set(xlabel="step", ylabel="loss", ylim=(0, None))
    right.legend(frameon=False)
    return fig


def _smoothed(
    ax: Axes,
    runs: Sequence[Sequence[float]],
    look: tuple[str, str, str],
    name: str,
    over: int,
) -> None:
    for number, losses in enumerate(runs):
        means = np.convolve(losses, np.ones(over) / over, "valid")
        label = name if number == 0 else None
        steps = np.arange(over, len(losses) + 1)
        ax.plot(steps, means, look[2], color=look[0], lw=pen.LINE, label=label)
