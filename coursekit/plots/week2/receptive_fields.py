"""Figures of receptive fields: windows on photographs, and what counts in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
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
SMALL = 0.12  # of a picture's height: smaller windows would lie under their names
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
        for (_, window), colour in named[::-1]:
            _draw_window(ax, window, colour)
        _name_windows(ax, named, pixels.shape[0])
        _make_room(ax, pixels.shape[:2], list(windows.values()))
    return fig


def _draw_window(ax: Axes, window: Window, colour: str) -> None:
    """A frame, white below its colour so that it shows on any grey."""
    top, left, side = window
    corner = (left - 0.5, top - 0.5)
    for paint, thick in (("white", 4.0), (colour, pen.BOLD)):
        frame(ax, corner, side, side, colour=paint, thick=thick)


def _name_windows(
    ax: Axes, named: Sequence[tuple[tuple[str, Window], str]], height: int
) -> None:
    """Names at the upper left corners; those of small windows below, on thin lines."""
    small = [window for (_, window), _ in named if window[2] < SMALL * height]
    below = max((top + side for top, _, side in small), default=0) + SMALL * height
    aside = iter(np.arange(len(small))[::-1] - (len(small) - 1) / 2)
    for (name, (top, left, side)), colour in named:
        style: dict[str, Any] = {"fontsize": 8, "zorder": 5}
        style["bbox"] = {"fc": "white", "ec": colour, "pad": 1.2}
        if side >= SMALL * height:
            corner = (left - 0.5, top - 0.5)
            write(ax, corner, name, ha="left", va="bottom", **style)
            continue
        foot = (left + (side - 1) / 2, top + side - 0.5)
        place = (foot[0] + 1.3 * SMALL * height * next(aside), below)
        line = {"arrowstyle": "-", "color": colour, "lw": 1.2, "shrinkB": 0}
        ax.annotate(name, foot, place, ha="center", va="top", arrowprops=line, **style)


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
    ax.axhline(0, color=GREY, lw=pen.THIN)
    ax.stem(np.arange(len(values)), values, linefmt=BLUE, markerfmt="o", basefmt=" ")
    ax.set(xlabel="pixel", ylabel="slope", xlim=(-0.7, len(values) - 0.3))
    return fig


def paths(counts: Mapping[str, ArrayLike]) -> Figure:
    """Numbers of paths (r,) from each pixel of a field, centred, as shares of all."""
    fig, axes = new(8, 2.3, 1, len(counts))
    end = max(len(ways) for ways in map(np.asarray, counts.values())) / 2
    for ax, (name, ways) in zip(np.atleast_1d(axes), counts.items(), strict=True):
        ways = np.asarray(ways, dtype=float)
        place = np.arange(len(ways)) - len(ways) // 2
        ax.bar(place, ways / ways.sum(), 1, color=LIT, ec=GREY, lw=pen.HAIR)
        ax.set(title=name, xlim=(-end, end))
    np.atleast_1d(axes)[0].set_ylabel("share of the paths")
    fig.supxlabel("pixels from the middle", fontsize=pen.TEXT)
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
        frame(ax, corner, side, side, colour="white", line="--", thick=pen.LINE)
        frame(ax, (-0.5, -0.5), n, n, colour=BLUE, thick=pen.BOLD)
        room = (largest - n) / 2 + 1
        ax.set(xlim=(-room, n - 1 + room), ylim=(n - 1 + room, -room), title=name)
        ax.set_axis_off()
    return fig
