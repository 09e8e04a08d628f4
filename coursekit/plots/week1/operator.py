"""Figures of the convolution operator: sliding sums, impulses, kernels, motions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from coursekit.plots.core import BLUE, GREY, ORANGE, RED, matrix, new


def sliding_sum(x: Sequence[float], w: Sequence[float], at: int) -> Figure:
    """A row `x` (n,), the kernel `w` (k,) lying at place `at`, and the output so far.

    The outputs (n-k+1,) up to the current place are filled in; the others are empty.
    """
    n, k = len(x), len(w)
    fig, ax = new(0.75 * n + 1.2, 2.9)
    row_of_cells(ax, x, y=2, label="x")
    row_of_cells(ax, w, y=1, start=at, colour=ORANGE, label="w")
    done = [float(np.dot(x[i : i + k], w)) for i in range(at + 1)]
    empty = [np.nan] * (n - k - at)
    row_of_cells(ax, [*done, *empty], y=-0.5, colour=BLUE, label="y", current=at)
    for column in range(at, at + k):
        ax.plot([column + 0.5, at + 0.5], [1, 0.4], color=GREY, linewidth=0.8)
    ax.set(xlim=(-0.8, n + 0.1), ylim=(-0.6, 3))
    ax.set_aspect("equal")
    ax.axis("off")
    return fig


def row_of_cells(
    ax: Axes,
    values: Sequence[float],
    *,
    y: float,
    start: int = 0,
    colour: str = "white",
    label: str = "",
    current: int | None = None,
) -> None:
    """Draw numbers in boxes from column `start` on; a NaN is drawn as an empty box."""
    for i, value in enumerate(values):
        width = 2.5 if i == current else 1
        face = "white" if np.isnan(value) else colour
        box = Rectangle((start + i + 0.05, y), 0.9, 0.9, ec="black", lw=width)
        box.set_facecolor(face)
        box.set_alpha(0.75 if face == colour and colour != "white" else 1)
        ax.add_patch(box)
        if not np.isnan(value):
            ink = "white" if colour == BLUE else "black"
            text = f"{value:.3g}".replace("-", "−")
            ax.text(
                start + i + 0.5, y + 0.45, text, ha="center", va="center", color=ink
            )
    ax.text(-0.25, y + 0.45, label, ha="right", va="center", style="italic")


def stems(signals: Mapping[str, ArrayLike], *, width: float = 9) -> Figure:
    """Several short signals (n,) side by side as stems over their index, one scale."""
    fig, axes = new(width, 2.2, 1, len(signals))
    values = [np.asarray(signal, dtype=float) for signal in signals.values()]
    low, high = min(0.0, *map(np.min, values)), max(map(np.max, values))
    margin = 0.1 * (high - low)
    for ax, title, signal in zip(np.atleast_1d(axes), signals, values, strict=True):
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.stem(
            np.arange(len(signal)), signal, linefmt=BLUE, markerfmt="o", basefmt=" "
        )
        ax.set_title(title)
        ax.set_ylim(low - margin, high + margin)
        ax.set_xticks(range(0, len(signal), max(1, len(signal) // 5)))
    return fig


def gallery(
    pictures: Sequence[np.ndarray],
    names: Sequence[str],
    kernels: Sequence[np.ndarray] = (),
) -> Figure:
    """Filtered pictures under their names; with `kernels`, each under its numbers.

    Every picture is cut off at its 1st and 99th percentile so that a few extreme
    pixels do not turn the rest grey.
    """
    rows = 2 if len(kernels) else 1
    fig, axes = new(1.8 * len(pictures), 1.8 * rows + 0.2, rows, len(pictures))
    grid = np.atleast_2d(axes)
    for ax, name, kernel in zip(grid[0], names, kernels, strict=False):
        matrix(ax, np.round(kernel, 2), name, cmap="PuOr", limits=(-3, 3))
        ax.margins(0.3)
    for ax, name, picture in zip(grid[-1], names, pictures, strict=True):
        low, high = np.percentile(picture, (1, 99))
        ax.imshow(picture, cmap="gray", vmin=low, vmax=max(high, low + 1e-9))
        ax.set_axis_off()
        if not len(kernels):
            ax.set_title(name)
    return fig


def two_orders(rows: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """For each motion: filter(move(x)), move(filter(x)) and where the two differ.

    rows: the motion's name, and the two pictures of the same shape (h, w).
    """
    fig, axes = new(7, 2.4 * len(rows), len(rows), 3)
    titles = ("move, then filter", "filter, then move", "difference")
    for line, (name, (first, second)) in zip(
        np.atleast_2d(axes), rows.items(), strict=True
    ):
        size = max(float(np.abs(first).max()), 1e-9)
        for ax, picture, title in zip(
            line, (first, second, first - second), titles, strict=True
        ):
            ax.imshow(picture, cmap="PuOr", vmin=-size, vmax=size)
            ax.set_xticks([])
            ax.set_yticks([])
            ax.spines[:].set_visible(True)
            ax.set_title(title)
        line[0].set_ylabel(name)
    return fig


def half_and_half(image: np.ndarray, outputs: Mapping[str, np.ndarray]) -> Figure:
    """A small image (h, w) with its numbers, beside what several kernels make of it."""
    fig, axes = new(3.1 * (1 + len(outputs)), 3, 1, 1 + len(outputs))
    matrix(axes[0], image, "image", cmap="gray")
    for ax, (name, output) in zip(axes[1:], outputs.items(), strict=True):
        matrix(ax, np.round(output, 1), name, cmap="PuOr", limits=(-40, 40))
    axes[0].add_patch(Rectangle((-0.5, -0.5), 3, 3, fill=False, ec=RED, lw=2.5))
    return fig
