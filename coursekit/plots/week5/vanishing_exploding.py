"""Figures of vanishing and exploding gradients: folds, stripes, curves by depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, RED, SKY, new
from coursekit.plots.parts import write

LINES = ((BLUE, "-"), (RED, "--"), (GREY, ":"), (GREEN, "-."), (PURPLE, "-"))


def folds(numbers: Sequence[int]) -> Figure:
    """So many tents in a row over [0, 1], a panel for each number."""
    fig, axes = new(10, 2.4, 1, len(numbers))
    x = np.linspace(0, 1, 2049)
    for ax, number in zip(np.atleast_1d(axes), numbers, strict=True):
        y = x
        for _ in range(number):
            y = 2 * np.maximum(y, 0) - 4 * np.maximum(y - 0.5, 0)
        ax.plot(x, y, color=BLUE, lw=pen.LINE)
        plural = "tent" if number == 1 else "tents"
        ax.set(title=f"{number} {plural}", xlabel="x", ylim=(-0.05, 1.1))
    return fig


def stripes(outputs: Mapping[int, ArrayLike]) -> Figure:
    """Outputs (images, units) by number of the layer, as grey cells."""
    fig, axes = new(10, 3.5, 1, len(outputs))
    for ax, (layer, values) in zip(np.atleast_1d(axes), outputs.items(), strict=True):
        ax.imshow(np.asarray(values), cmap="gray", interpolation="nearest")
        ax.set(title=f"layer {layer}", xlabel="unit", ylabel="image")
    return fig


def halved() -> Figure:
    """A bell curve, and what ReLU makes of it."""
    fig, (left, right) = new(9, 2.8, 1, 2)
    z = np.linspace(-3.3, 3.3, 400)
    bell = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    upper = z >= 0
    left.fill_between(z, bell, where=~upper, color=PALE)
    left.fill_between(z, bell, where=upper, color=SKY)
    left.plot(z, bell, color=BLUE)
    left.set(title="sums z", xlabel="z", xlim=(-3.4, 3.4), ylim=(0, 0.55))
    right.fill_between(z[upper], bell[upper], color=SKY)
    right.plot(z[upper], bell[upper], color=BLUE)
    right.bar([0], [0.45], 0.14, color=ORANGE)  # a probability has no height here
    write(right, (0.2, 0.44), "exactly 0: probability ½", ha="left")
    right.set(title="ReLU(z)", xlabel="output", xlim=(-3.4, 3.4), ylim=(0, 0.55))
    left.set_ylabel("density")
    return fig


def by_depth(curves: Mapping[tuple[str, str], np.ndarray]) -> Figure:
    """Signal and gradient (2, depth) by activation and start, logarithmic."""
    rows = ("signal", "gradient")
    columns = list(dict.fromkeys(g for g, _ in curves))
    fig, axes = new(10.5, 6, len(rows), len(columns))
    for (row, kind), (column, g) in _places(rows, columns):
        ax = axes[row, column]
        starts = [key for key in curves if key[0] == g]
        for key, (colour, line) in zip(starts, LINES, strict=False):
            _curve(ax, curves[key][row], colour, line, key[1])
        ax.set(yscale="log", ylim=(1e-20, 1e10))
        ax.set_yticks([10.0**power for power in range(-20, 11, 5)])
        ax.set_yticks([], minor=True)
        ax.grid(axis="y", color=PALE)
        ax.set(title=f"{g}: {kind}", xlabel="layer")
    axes[0, 0].set_ylabel("signal, forward")
    axes[1, 0].set_ylabel("gradient, backward")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=5, frameon=False)
    return fig


def _places(
    rows: Sequence[str], columns: Sequence[str]
) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    return [(row, column) for row in enumerate(rows) for column in enumerate(columns)]


def _curve(ax: Axes, values: np.ndarray, colour: str, line: str, label: str) -> None:
    layers = np.arange(1, len(values) + 1)
    ax.plot(layers, values, line, color=colour, label=label, lw=pen.LINE)


def arms(right: Mapping[tuple[str, str], Sequence[float]]) -> Figure:
    """Accuracies of some runs by activation and start, as a table."""
    rows = list(dict.fromkeys(g for g, _ in right))
    columns = list(dict.fromkeys(start for _, start in right))
    means = np.array([[np.mean(right[g, s]) for s in columns] for g in rows])
    fig, ax = new(9.5, 3)
    ax.imshow(means, cmap="Blues", vmin=0, vmax=1.1, aspect="auto")
    for row, g in enumerate(rows):
        for column, start in enumerate(columns):
            words = "  ".join(f"{one:.2f}" for one in right[g, start])
            ink = "white" if means[row, column] > 0.6 else "black"
            write(ax, (column, row), words, color=ink, fontsize=pen.TITLE)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)
    return fig
