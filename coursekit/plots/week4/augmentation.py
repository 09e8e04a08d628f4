"""Figures of augmentation: changed pictures, a cloud of colours, accuracies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREY, ORANGE, RED, channels_last, images, new
from coursekit.plots.parts import board, cells, frame

FINE = 120  # pixels of a side of what is drawn here
LABELS = ("label: 6", "label: turn left", "label: cat", "label: stop")


def four_changed(six: ArrayLike, corner: ArrayLike) -> Figure:
    """Four pictures whose labels are no longer true.

    six: a digit (h, w); corner: a part of a photograph (3, h, w) without what it shows
    """
    turned = np.asarray(six)[::-1, ::-1]
    arrow = _arrow_to_the_left()[:, ::-1]
    lamp = _light_on_red()[..., [1, 0, 2]]
    return images([turned, arrow, channels_last(corner), lamp], LABELS, size=1.9)


def _places() -> tuple[np.ndarray, np.ndarray]:
    """How far right and down each fine pixel lies from the middle, -1 to 1."""
    y, x = (np.indices((FINE, FINE)) + 0.5) * 2 / FINE - 1
    return x, y


def _arrow_to_the_left() -> np.ndarray:
    """A white arrow on a blue disc, (fine, fine, 3)."""
    x, y = _places()
    picture = np.full((FINE, FINE, 3), 0.92)
    picture[x**2 + y**2 < 0.85] = (0.1, 0.25, 0.7)
    shaft = (abs(x - 0.15) < 0.45) & (abs(y) < 0.13)
    head = (x > -0.65) & (x < -0.1) & (abs(y) < 0.75 * (x + 0.65))
    picture[shaft | head] = 1
    return picture


def _light_on_red() -> np.ndarray:
    """A traffic light whose upper lamp is on, (fine, fine, 3)."""
    x, y = _places()
    picture = np.full((FINE, FINE, 3), 0.85)
    picture[(abs(x) < 0.36) & (abs(y) < 0.95)] = 0.15
    for middle, colour in ((-0.6, (0.95, 0.15, 0.1)), (0, 0.3), (0.6, 0.3)):
        picture[x**2 + (y - middle) ** 2 < 0.06] = colour
    return picture


def colour_cloud(
    images: ArrayLike, variances: ArrayLike, directions: ArrayLike
) -> Figure:
    """Some 2,000 pixels of images (n, 3, h, w) over their red, with three bars.

    variances, directions: (3,), and (3, 3), a bar along each column
    """
    every = np.moveaxis(np.asarray(images), 1, -1).reshape(-1, 3)
    points, vectors = every[:: max(1, len(every) // 2000)], np.asarray(directions)
    deviations = np.sqrt(np.asarray(variances))
    fig, axes = new(8.6, 3.9, 1, 2)
    for ax, channel, name in zip(axes, (1, 2), ("green", "blue"), strict=True):
        ax.scatter(points[:, 0], points[:, channel], s=7, c=points.clip(0, 1))
        for vector, deviation in zip(vectors.T, deviations, strict=True):
            reach = 2 * deviation * vector
            ends = every.mean(0) + np.outer((-1, 1), reach)
            ax.plot(ends[:, 0], ends[:, channel], color="white", lw=pen.BOLD)
            ax.plot(ends[:, 0], ends[:, channel], color=RED, lw=pen.BOLD)
        ax.set(xlabel="red", ylabel=name, aspect="equal")
        ax.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
    return fig


def dots(found: Mapping[str, Sequence[float]]) -> Figure:
    """Accuracies of each way to train: a dot for each run, a line at their mean."""
    fig, ax = new(7, 0.55 * len(found) + 0.9)
    for row, parts in enumerate(found.values()):
        ax.plot(parts, [row] * len(parts), "o", color=BLUE, ms=8, alpha=0.75)
        ax.plot([np.mean(parts)] * 2, [row - 0.3, row + 0.3], color=RED, lw=pen.LINE)
    ax.set_yticks(range(len(found)), list(found))
    ax.set(xlabel="of the judges right", ylim=(len(found) - 0.4, -0.6))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="x", color=GREY, lw=pen.HAIR, alpha=0.5)
    return fig


def race(lengths: Sequence[int], runs: Mapping[str, ArrayLike]) -> Figure:
    """Accuracies (lengths, seeds) over the number of epochs, a line through the means.

    runs: of two ways to train
    """
    fig, ax = new(7, 3.3)
    for (name, found), colour, line in zip(
        runs.items(), (BLUE, ORANGE), ("-o", "--s"), strict=True
    ):
        parts = np.asarray(found)
        ax.plot(lengths, parts.mean(1), line, color=colour, label=name)
        for seed in parts.T:
            ax.plot(lengths, seed, line[-1], color=colour, ms=4, alpha=0.5)
    ax.set(xscale="log", xlabel="epochs", ylabel="of the judges right")
    ax.set_xticks(lengths, [str(length) for length in lengths])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(frameon=False)
    return fig


def five_windows(picture: ArrayLike, size: int) -> Figure:
    """A square picture with the windows at its corners and in its middle."""
    pixels = channels_last(picture)
    side = len(pixels)
    fig, axes = new(9, 2.2, 1, 6)
    room = side - size
    corners = [(0, 0), (0, room), (room, 0), (room, room), (room // 2, room // 2)]
    colours = (BLUE, ORANGE, "#009E73", "#CC79A7", RED)
    _picture(axes[0], pixels)
    for ax, (top, left), colour in zip(axes[1:], corners, colours, strict=True):
        frame(axes[0], (left, top), size, size, colour=colour, thick=pen.BOLD)
        _picture(ax, pixels[top : top + size, left : left + size])
        frame(ax, (0, 0), size, size, colour=colour, thick=pen.BOLD)
    return fig


def _picture(ax: Axes, pixels: np.ndarray) -> None:
    side = len(pixels)
    ax.imshow(pixels, extent=(0, side, side, 0))
    ax.set_axis_off()


def masks(kept: ArrayLike) -> Figure:
    """Which units speak: (images, units) of true and false, a row for each image."""
    table = np.asarray(kept)
    rows, columns = table.shape
    fig, ax = new(0.36 * columns, 0.36 * rows + 0.3)
    empty = np.full(table.shape, "", dtype="<U1")
    cells(ax, empty, 0, rows, np.where(table, BLUE, "white"))
    board(ax, (-0.1, columns + 0.1), (-0.1, rows + 0.1))
    return fig
