"""Figures of receptive fields: windows on photographs, and what counts in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots.core import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    channels_last,
    new,
)
from coursekit.plots.parts import frame, write
from coursekit.plots.sight import LIT

Window = tuple[float, float, float]  # first row, first column, side; in pixels
NESTED = (SKY, GREEN, ORANGE, PURPLE, RED, BLUE)


def nested(
    pictures: Mapping[str, tuple[ArrayLike, Mapping[str, Window]]], *, size: float = 4.4
) -> Figure:
    """Pictures (3, h, w) or (h, w) with named windows, the smallest drawn last.

    A window may reach beyond its picture; there it lies on white.
    """
    fig, axes = new(size * len(pictures), size, 1, len(pictures))
    for ax, (title, (picture, windows)) in zip(
        np.atleast_1d(axes), pictures.items(), strict=True
    ):
        pixels = channels_last(picture)
        ax.imshow(pixels, cmap="gray" if pixels.ndim == 2 else None)
        ax.set(title=title, xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        named = list(zip(windows.items(), NESTED, strict=False))
        for (name, window), colour in named[::-1]:
            _draw_window(ax, window, colour, name)
        _make_room(ax, pixels.shape[:2], list(windows.values()))
    return fig


def _draw_window(ax: Axes, window: Window, colour: str, name: str) -> None:
    """A frame, white below its colour so that it shows on any grey, and its name."""
    top, left, side = window
    corner = (left - 0.5, top - 0.5)
    for paint, thick in (("white", 4.0), (colour, 2.2)):
        frame(ax, corner, side, side, colour=paint, thick=thick)
    label = {"fc": "white", "ec": colour, "pad": 1.2}
    style = {"ha": "left", "va": "bottom", "fontsize": 8, "zorder": 5}
    write(ax, corner, name, bbox=label, **style)


def _make_room(ax: Axes, shape: tuple[int, ...], windows: Sequence[Window]) -> None:
    ends = np.array([(t, left, t + size, left + size) for t, left, size in windows])
    ends = np.vstack([ends.reshape(-1, 4), (0, 0, *shape)])
    low, high = ends[:, :2].min(0) - 2.5, ends[:, 2:].max(0) + 1.5
    ax.set(xlim=(low[1], high[1]), ylim=(high[0], low[0]))


def slopes(slope: ArrayLike, window: tuple[int, int]) -> Figure:
    """How strongly each pixel (n,) moves a unit, over the pixels first … last."""
    values = np.asarray(slope, dtype=float)
    fig, ax = new(7.5, 2.6)
    ax.axvspan(window[0] - 0.5, window[1] + 0.5, color=LIT, alpha=0.45, lw=0)
    ax.axhline(0, color=GREY, lw=0.8)
    ax.stem(np.arange(len(values)), values, linefmt=BLUE, markerfmt="o", basefmt=" ")
    ax.set(xlabel="pixel", ylabel="slope", xlim=(-0.7, len(values) - 0.3))
    return fig


def paths(counts: Mapping[str, ArrayLike]) -> Figure:
    """Numbers of paths (r,) from each pixel of a field, centred, as shares of all."""
    fig, axes = new(8, 2.3, 1, len(counts))
    for ax, (name, ways) in zip(np.atleast_1d(axes), counts.items(), strict=True):
        ways = np.asarray(ways, dtype=float)
        place = np.arange(len(ways)) - len(ways) // 2
        ax.bar(place, ways / ways.sum(), 1, color=LIT, ec=GREY, lw=0.4)
        ax.set_title(name)
    np.atleast_1d(axes)[0].set_ylabel("share of the paths")
    fig.supxlabel("pixels from the middle", fontsize=10)
    return fig


def effective(maps: Mapping[str, np.ndarray], sides: Sequence[int]) -> Figure:
    """Squared slopes (n, n) of whole fields, one pixel as large in all, with frames.

    sides: of a square around the middle of each map
    """
    largest = max(len(values) for values in maps.values())
    fig, axes = new(3 * len(maps), 3.2, 1, len(maps))
    for ax, (name, values), side in zip(axes, maps.items(), sides, strict=True):
        ax.imshow(values / values.max(), cmap="magma", vmin=0, vmax=1)
        n = len(values)
        corner = ((n - side) / 2 - 0.5,) * 2
        frame(ax, corner, side, side, colour="white", line="--", thick=1.8)
        frame(ax, (-0.5, -0.5), n, n, colour=BLUE, thick=2.2)
        room = (largest - n) / 2 + 1
        ax.set(xlim=(-room, n - 1 + room), ylim=(n - 1 + room, -room), title=name)
        ax.set_axis_off()
    return fig
