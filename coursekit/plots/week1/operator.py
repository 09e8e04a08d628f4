"""Figures of the convolution operator: sliding sums, impulses, kernels, motions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from coursekit.plots.core import BLUE, ORANGE, RED, matrix, new
from coursekit.plots.parts import board, cells, frame, frame_cells, wire, write


def sliding_sum(x: Sequence[float], w: Sequence[float], at: int) -> Figure:
    """A row `x` (n,), the kernel `w` (k,) lying at place `at`, and the output so far.

    The outputs (n-k+1,) up to the current place are filled in; the others are empty.
    """
    n, k = len(x), len(w)
    fig, ax = new(0.75 * n + 1.2, 2.9)
    done = [float(np.dot(x[i : i + k], w)) for i in range(at + 1)]
    empty = [np.nan] * (n - k - at)
    filled = [BLUE] * len(done) + ["white"] * len(empty)
    cells(ax, x, 0, 3)
    cells(ax, w, at, 1.9, ORANGE)
    cells(ax, done + empty, 0, 0.4, filled, ink="white", empty="")
    frame_cells(ax, (0, 0.4), (0, at), (1, 1))
    for top, name in ((3, "x"), (1.9, "w"), (0.4, "y")):
        write(ax, (-0.35, top - 0.5), name, style="italic")
    for column in range(at, at + k):
        wire(ax, (column + 0.5, 0.9), (at + 0.5, 0.4))
    board(ax, (-0.8, n + 0.1), (-0.7, 3.1))
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
    frame(axes[0], (-0.5, -0.5), 3, 3, colour=RED)
    return fig
