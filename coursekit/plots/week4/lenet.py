"""Figures of LeNet-5: its maps, its codes, its table, and what its layers learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, new
from coursekit.plots.parts import board, frame, write

ROOM, GAP, LABELS = 3, 10, 58  # between maps, between stages, place of the words
COLUMNS = {1: 1, 6: 2, 16: 4}  # maps side by side in a stage
COLOURS = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY)


def pipeline(stages: Mapping[str, ArrayLike]) -> Figure:
    """The answers of all layers to one image, drawn to scale: a pixel, a unit.

    stages: of each layer, in order, its maps (maps, side, side) or units (units,)
    """
    fig, ax = new(11, 4.6)
    left = 0.0
    for name, values in stages.items():
        shown = np.asarray(values)
        draw = _maps if shown.ndim == 3 else _column
        width = draw(ax, shown, left)
        size = "×".join(map(str, shown.shape)) if shown.ndim == 3 else str(len(shown))
        write(ax, (left + width / 2, LABELS), name, weight="bold")
        write(ax, (left + width / 2, LABELS - 7), size, fontsize=pen.TEXT)
        left += width + GAP
    board(ax, (-3, left - GAP + 3), (-LABELS + 4, LABELS + 5))
    return fig


def _maps(ax: Axes, maps: np.ndarray, left: float) -> float:
    """The maps of a stage in a grid, from x = `left` on; returns their width."""
    columns, side = COLUMNS[len(maps)], maps.shape[-1]
    rows, step = -(-len(maps) // columns), side + ROOM
    top = (rows * step - ROOM) / 2
    limit = max(abs(maps).max(), 1e-9)
    for number, one in enumerate(maps):
        x = left + number % columns * step
        y = top - number // columns * step - side
        extent = (x, x + side, y, y + side)
        ax.imshow(one, cmap="gray", vmin=-limit, vmax=limit, extent=extent, zorder=2)
        frame(ax, (x, y), side, side, colour=GREY, thick=pen.HAIR)
    return columns * step - ROOM


def _column(ax: Axes, units: np.ndarray, left: float) -> float:
    """Units one above the other; returns the width of the column."""
    width, height = 6.0, 0.75 * len(units)
    extent = (left, left + width, -height / 2, height / 2)
    limit = max(abs(units).max(), 1e-9)
    limits = {"vmin": -limit, "vmax": limit}
    ax.imshow(units[:, None], cmap="gray", aspect="auto", extent=extent, **limits)
    frame(ax, (left, -height / 2), width, height, colour=GREY, thick=pen.HAIR)
    return width


def codes(bitmaps: ArrayLike, unit: ArrayLike, distances: ArrayLike) -> Figure:
    """The answer of F6 (84,) beside the ten bitmaps (10, 84), with its distances."""
    pictures = np.asarray(bitmaps).reshape(-1, 12, 7)
    fig, axes = new(10, 2.5, 1, 1 + len(pictures))
    nearest = int(np.argmin(distances))
    titles = ["F6", *(f"{distance:.0f}" for distance in np.asarray(distances))]
    for ax, picture, title in zip(
        axes, [np.asarray(unit).reshape(12, 7), *pictures], titles, strict=True
    ):
        ax.imshow(picture, cmap="gray_r", vmin=-1, vmax=1)
        ax.set_title(title)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=GREY, linewidth=pen.HAIR)
    axes[1 + nearest].spines[:].set(color=RED, linewidth=pen.BOLD)
    axes[1 + nearest].title.set(color=RED, weight="bold")
    return fig


def subsampled(units: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Answers over the sum of four inputs from -1 to 1, a panel for each layer.

    units: of each layer the weights and the biases of its maps
    """
    fig, axes = new(8, 3, 1, len(units))
    total = np.linspace(-4, 4, 161)
    for ax, (name, (weights, biases)) in zip(axes, units.items(), strict=True):
        for number, (w, b) in enumerate(zip(weights, biases, strict=True)):
            answer = 1.7159 * np.tanh(2 / 3 * (w * total + b))
            ax.plot(total, answer, color=COLOURS[number % len(COLOURS)], lw=pen.LINE)
        ax.axhline(0, color=GREY, lw=pen.THIN)
        ax.axvline(0, color=GREY, lw=pen.THIN)
        ax.set(title=name, xlabel="sum of the four", ylim=(-1.8, 1.8))
    axes[0].set_ylabel("answer")
    return fig


def squash() -> Figure:
    """1.7159 tanh(2a/3) beside the straight line."""
    fig, ax = new(4.6, 3.1)
    a = np.linspace(-3.2, 3.2, 200)
    ax.plot(a, a, ":", color=GREY, lw=pen.THIN)
    ax.plot(a, 1.7159 * np.tanh(2 / 3 * a), color=BLUE, lw=pen.LINE)
    ax.plot([-1, 1], [-1, 1], "o", color=RED)
    ax.axhline(0, color=GREY, lw=pen.HAIR)
    ax.axvline(0, color=GREY, lw=pen.HAIR)
    ax.set(xlabel="a", ylabel="f(a)", ylim=(-2, 2))
    return fig


def connections(table: Sequence[Sequence[int]], inputs: int = 6) -> Figure:
    """A dot where an output map (column) sees an input map (row)."""
    fig, ax = new(8, 3.2)
    for output, seen in enumerate(table):
        ax.plot([output] * len(seen), seen, "o", color=BLUE, ms=11)
    ax.set(xlabel="map of C3", ylabel="map of S2")
    ax.set_xticks(range(len(table)))
    ax.set_yticks(range(inputs))
    ax.set_xticks(np.arange(len(table) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(inputs + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=GREY, lw=pen.HAIR)
    ax.tick_params(which="both", length=0)
    ax.set(xlim=(-0.5, len(table) - 0.5), ylim=(inputs - 0.5, -0.5))
    ax.spines[:].set_visible(False)
    return fig
