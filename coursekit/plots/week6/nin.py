"""Figures of Network in Network: small networks slid, heads, maps of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREY, PALE, RED, channels_last, new
from coursekit.plots.parts import (
    SHEETS,
    arrow,
    board,
    box,
    cells,
    frame,
    stack,
    units,
    wire,
    write,
)

OUT = ("#BFE3D6", "#CFE3F1", "#F3E3B5", "#E6D3EE")


def every_pixel() -> Figure:
    """A 1×1 convolution: pixels as rows of a matrix, times one matrix of weights."""
    fig, ax = new(11, 3.4)
    stack(ax, (0, 1.6), (3, 2), SHEETS[:3])
    for column in range(3):
        for row in range(2):
            words = str(3 * row + column)
            write(ax, (column + 0.5, 3.1 - row), words, fontsize=pen.TEXT)
    numbers = np.array([[str(p)] for p in range(6)])
    cells(ax, numbers, 5, 6, face="none", ink=GREY)
    blank = np.full((6, 3), "")
    cells(ax, blank, 6, 6, face=np.tile(SHEETS[:3], (6, 1)))
    write(ax, (9.7, 3), "×", fontsize=pen.SIGN)
    rows = np.tile(np.array(SHEETS[:3])[:, None], (1, 4))
    cells(ax, np.full((3, 4), "w"), 10.4, 4.5, face=rows)
    write(ax, (15.1, 3), "=", fontsize=pen.SIGN)
    cells(ax, np.full((6, 4), ""), 15.8, 6, face=np.tile(OUT, (6, 1)))
    stack(ax, (21.8, 1.6), (3, 2), OUT)
    for start, end in (((3.75, 3), (4.85, 3)), ((20, 3), (21.5, 3))):
        arrow(ax, start, end)
    for x, words in ((1.8, "3 maps"), (7.5, "6 pixels, 3 numbers each"),
                     (12.4, "weights, 3 × 4"), (17.8, "6 pixels, 4 numbers each"),
                     (23.8, "4 maps")):  # fmt: skip
        write(ax, (x, -0.6), words)
    board(ax, (-0.3, 26), (-1.1, 6.2))
    return fig


def slid_network(sizes: Sequence[int] = (4, 3, 2)) -> Figure:
    """One patch of an image goes through a small network; it writes one place."""
    fig, ax = new(10.5, 3.6)
    stack(ax, (0, 0.3), 4.2, SHEETS[:3])
    stack(ax, (0.9, 2.1), 1.3, ["#333333"] * 3)
    before: list[tuple[float, float]] = []
    for layer, size in enumerate(sizes):
        x = 8.2 + 2.7 * layer
        now = [(x, 2.8 + 1.25 * (i - (size - 1) / 2)) for i in range(size)]
        for end in now:
            for start in before:
                wire(ax, start, end)
            if not before:
                wire(ax, (2.9, 3.4), end)
        units(ax, now, OUT[layer], size=300)
        words = "one filter each" if layer == 0 else "dense"
        write(ax, (x, -0.5), words)
        before = now
    stack(ax, (17.6, 0.9), 3.4, [OUT[2]] * sizes[-1])
    stack(ax, (18.6, 2.9), 0.3, ["#333333"] * sizes[-1])
    for i, (x, y) in enumerate(before):
        arrow(ax, (x + 0.35, y), (18.55 + 0.3 * i, 3.05 + 0.3 * i))
    write(ax, (2.4, -0.5), "a patch, 3 channels")
    write(ax, (19.5, -0.5), f"{sizes[-1]} maps, one place")
    board(ax, (-0.2, 22), (-1, 5.3))
    return fig


def two_heads(classes: int = 3) -> Figure:
    """A dense head wires every number; a mean head has one map for each class."""
    fig, axes = new(10, 3.9, 1, 2)
    for ax, dense in zip(axes, (True, False), strict=True):
        middles = [5.0 - 2.4 * i for i in range(classes)]
        for i, middle in enumerate(middles):
            face = PALE if dense else SHEETS[i]
            cells(ax, np.full((2, 4), ""), 0, middle + 1, face=face)
            starts = [
                (x, middle + y) for x in (0.5, 1.5, 2.5, 3.5) for y in (-0.5, 0.5)
            ]
            for start in starts:
                for other in middles if dense else [middle]:
                    wire(ax, start, (7.2, other), thick=pen.HAIR if dense else pen.THIN)
        for line in ax.get_lines():
            line.set_zorder(2.5)  # over the maps: each wire begins at its number
        faces = PALE if dense else SHEETS[:classes]
        units(ax, [(7.2, middle) for middle in middles], faces, size=420)
        for i, middle in enumerate(middles):
            write(ax, (7.8, middle), f"score {i}", ha="left")
        title = "dense: a weight on every wire" if dense else "mean: no weights"
        write(ax, (3.8, 6.7), title, fontsize=pen.TITLE)
        board(ax, (-0.3, 9.8), (-1, 7.1))
    return fig


def head_points(found: Mapping[str, Sequence[Sequence[float]]]) -> Figure:
    """Accuracies by head: of each seed (known, fresh, moved), 0 to 1."""
    panels = ("photographs it learned from", "fresh ones", "fresh ones, moved")
    fig, axes = new(10, 2.5, 1, len(panels))
    for number, (ax, title) in enumerate(zip(axes, panels, strict=True)):
        for row, (name, colour) in enumerate(zip(found, (RED, BLUE), strict=True)):
            points = [100 * one[number] for one in found[name]]
            ax.plot(points, [row] * len(points), "o", color=colour, ms=8, alpha=0.75)
        ax.set(title=title, xlabel="right, %", ylim=(1.6, -0.6), xlim=(15, 70))
        ax.set_yticks(range(len(found)), list(found) if number == 0 else [])
        ax.grid(axis="x", color=PALE)
    return fig


def evidence(
    photos: Sequence[ArrayLike],
    maps: Sequence[ArrayLike],
    titles: Sequence[str],
    names: Sequence[str] = (),
    quarters: bool = False,
) -> Figure:
    """Photographs above, their maps of evidence below, a frame on the strongest place.

    names: of the maps, if they are not those of the photographs above
    quarters: the frame goes around the quarter with the largest mean instead
    """
    columns = len(maps)
    fig, axes = new(1.55 * columns, 3.6, 2, columns)
    limit = max(float(np.abs(np.asarray(one)).max()) for one in maps)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=GREY, linewidth=pen.HAIR)
    for ax, photo, title in zip(axes[0], photos, titles, strict=True):
        ax.imshow(channels_last(photo) / 255)
        ax.set_title(title, fontsize=pen.TEXT)
    for ax, one in zip(axes[1], maps, strict=True):
        picture = _signed(ax, np.asarray(one), limit, quarters)
    for ax, name in zip(axes[1], names, strict=False):
        ax.set_title(name, fontsize=pen.TEXT)
    bar = fig.colorbar(picture, ax=axes[1], shrink=0.8, pad=0.01)
    bar.set_label("evidence")
    return fig


def _signed(ax: Axes, values: np.ndarray, limit: float, quarters: bool) -> AxesImage:
    """Orange above 0, purple below it, with a frame around the largest."""
    picture = ax.imshow(values, cmap="PuOr_r", vmin=-limit, vmax=limit)
    h, w = (side // 2 if quarters else 1 for side in values.shape)
    rows, columns = values.shape[0] // h, values.shape[1] // w
    means = values.reshape(rows, h, columns, w).mean((1, 3))
    row, column = np.unravel_index(means.argmax(), means.shape)
    frame(ax, (float(column * w) - 0.5, float(row * h) - 0.5), w, h, thick=pen.LINE)
    return picture


def nin_plan() -> Figure:
    """The plan of the network for CIFAR-10, without its widths."""
    fig, ax = new(11, 3.3)
    x = 0.0
    box(ax, (x, 0), 0.5, 3.2, depth=0.9, face=PALE)
    write(ax, (x + 0.4, -0.6), "32 × 32\n3", va="top")
    x += 3
    for block, (side, size, high) in enumerate(
        ((32, 5, 3.2), (16, 5, 2.3), (8, 3, 1.6))
    ):
        for layer, kernel in enumerate((size, 1, 1)):
            last = (block, layer) == (2, 2)
            face = "#BFE3D6" if last else "#CFE3F1"
            box(ax, (x, 0), 1.0, high, depth=0.28 * high, face=face)
            words = f"{side} × {side}\n{10 if last else '?'}"
            write(ax, (x + 0.8, -0.6), words, va="top")
            write(ax, (x + 0.5, high / 2), f"{kernel}×{kernel}", rotation=90)
            x += 2.7
        if block < 2:
            words = "max\npool" if block == 0 else "mean\npool"
            write(ax, (x - 0.1, 1.2), words, color=RED, ha="center")
            x += 1.3
    arrow(ax, (x - 0.3, 0.8), (x + 0.8, 0.8))
    units(ax, [(x + 1.3, 0.8)], "#BFE3D6", size=420)
    write(ax, (x + 1.3, -0.6), "mean\n10", va="top")
    board(ax, (-0.4, x + 2.2), (-2.6, 4.4))
    return fig
