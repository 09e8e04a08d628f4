"""Figures of "Beyond photographs": a sentence, a chord, and Go boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, PURPLE, RED, new
from coursekit.plots.parts import board as cleared
from coursekit.plots.parts import frame

WOOD = "#EBCB98"
STARS = (3, 9, 15)  # dots on a board of 19 × 19
LOOKS = ((GREY, "s"), (BLUE, "o"), (RED, "^"), (GREEN, "D"))  # of curves


def strip(
    words: Sequence[str], vectors: ArrayLike, answers: ArrayLike, *, width: int
) -> Figure:
    """A sentence as columns of numbers, and below what a filter answers at each place.

    vectors: (words, channels); answers: (words - width + 1,); width: of the filter
    """
    fig, (above, below) = new(9, 4.4, 2, 1)
    columns = np.asarray(vectors).T
    above.imshow(columns, cmap="PuOr", vmin=-2.5, vmax=2.5, aspect="auto")
    above.set_xticks(range(len(words)), words, fontsize=pen.TITLE)
    above.set(yticks=[0, len(columns) - 1], ylabel="channels")
    above.set_yticklabels(["0", str(len(columns) - 1)])
    above.xaxis.tick_top()
    above.tick_params(length=0)
    best = int(np.argmax(answers))
    corner = (best - 0.5, len(columns) - 0.5)
    frame(above, corner, width, -len(columns), colour=RED, thick=pen.BOLD)
    values = np.asarray(answers)
    middles = np.arange(len(values)) + (width - 1) / 2
    colours = [RED if place == best else BLUE for place in range(len(values))]
    below.bar(middles, values, 0.6, color=colours)
    below.set(xlim=(-0.5, len(words) - 0.5), xticks=[], ylabel="answer")
    below.set_xlabel("each bar below the middle word of its window")
    return fig


def chord(
    sound: ArrayLike,
    rate: int,
    strengths: ArrayLike,
    names: Sequence[str],
    weakest: ArrayLike,
) -> Figure:
    """A sound, the strength of each tone (tones, places), and of all tones together."""
    fig, (wave, tones, together) = new(9, 5.2, 3, 1)
    shown, rows = np.asarray(sound), np.asarray(strengths)
    seconds = len(shown) / rate
    wave.plot(np.arange(len(shown)) / rate, shown, color=BLUE, lw=pen.HAIR)
    wave.set(ylabel="sound", xticklabels=[])
    extent = (0, seconds, len(rows) - 0.5, -0.5)
    tones.imshow(rows, cmap="gray", vmin=0, vmax=1, aspect="auto", extent=extent)
    tones.set_yticks(range(len(names)), names)
    tones.set(ylabel="tone", xticklabels=[])
    places = np.linspace(0, seconds, len(np.asarray(weakest)))
    together.plot(places, weakest, color=RED, lw=pen.LINE)
    together.set(ylim=(0, 1.1), xlabel="seconds", ylabel="weakest")
    for ax in (wave, tones, together):
        ax.set_xlim(0, seconds)
    return fig


def board(stones: ArrayLike, *, marks: Mapping[str, ArrayLike] | None = None) -> Figure:
    """One board (size, size), and points that are marked (size, size) with a name."""
    fig, ax = new(5.6, 5.6)
    _stones(ax, np.asarray(stones))
    for name, where in (marks or {}).items():
        _mark(ax, np.asarray(where), "s", GREEN, name)
    if marks:
        _key(ax)
    return fig


def judged(stones: ArrayLike, true: ArrayLike, said: Mapping[str, ArrayLike]) -> Figure:
    """The same board for each network: hits, what it missed, and what is not so."""
    fig, axes = new(10.4, 5.7, 1, len(said))
    right = np.asarray(true).astype(bool)
    for ax, (name, answer) in zip(axes, said.items(), strict=True):
        yes = np.asarray(answer).astype(bool)
        _stones(ax, np.asarray(stones))
        _mark(ax, yes & right, "s", GREEN, "hit")
        _mark(ax, ~yes & right, "o", BLUE, "missed", hollow=True)
        _mark(ax, yes & ~right, "x", RED, "no capture")
        ax.set_title(name)
        _key(ax)
    return fig


def twins(boards: ArrayLike, move: tuple[int, int], *, reach: int) -> Figure:
    """Boards side by side, with a move (row, column) and what a unit there sees."""
    positions = np.asarray(boards)
    fig, axes = new(9.6, 5, 1, len(positions))
    row, column = move
    side = 2 * reach + 1
    for ax, stones, title in zip(axes, positions, ("closed", "open"), strict=True):
        _stones(ax, stones)
        ax.add_patch(
            Circle((column, row), 0.3, fill=False, ec=RED, lw=pen.BOLD, zorder=5)
        )
        corner = (column - reach - 0.5, row - reach - 0.5)
        frame(ax, corner, side, side, colour=PURPLE, thick=pen.BOLD)
        ax.set_title(title)
    return fig


def recall(sizes: Sequence[str], found: Mapping[str, Sequence[float]]) -> Figure:
    """The part of the captures that each network finds, by stones taken."""
    fig, ax = new(6.6, 3.4)
    for (name, parts), (colour, marker) in zip(found.items(), LOOKS, strict=False):
        ax.plot(range(len(sizes)), parts, marker + "-", color=colour, label=name)
    ax.set_xticks(range(len(sizes)), sizes)
    ax.set(
        xlabel="stones of the largest chain taken",
        ylabel="part that is found",
        ylim=(-0.03, 1.05),
    )
    ax.legend(frameon=False, fontsize=pen.SMALL)
    return fig


def _stones(ax: Axes, stones: np.ndarray) -> None:
    """Lines, and stones on their crossings; row 0 is at the top."""
    last = len(stones) - 1
    cleared(ax, (-0.8, last + 0.8), (last + 0.8, -0.8))
    ax.set_axis_on()
    ax.set(xticks=[], yticks=[], facecolor=WOOD)
    ax.spines[:].set_visible(False)
    for line in range(last + 1):
        ax.plot([0, last], [line, line], color=GREY, lw=pen.HAIR, zorder=1)
        ax.plot([line, line], [0, last], color=GREY, lw=pen.HAIR, zorder=1)
    if last == 18:
        dots = np.array([(x, y) for x in STARS for y in STARS]).T
        ax.plot(*dots, "o", color=GREY, ms=2.5, zorder=1)
    for value, face in ((1, "black"), (2, "white")):
        for row, column in np.argwhere(stones == value):
            stone = Circle(
                (column, row), 0.46, fc=face, ec="black", lw=pen.THIN, zorder=3
            )
            ax.add_patch(stone)


def _mark(
    ax: Axes,
    where: np.ndarray,
    marker: str,
    colour: str,
    name: str,
    *,
    hollow: bool = False,
) -> None:
    rows, columns = np.nonzero(where)
    face = "none" if hollow else colour
    [drawn] = ax.plot(columns, rows, marker, color=colour, markerfacecolor=face)
    drawn.set(linestyle="none", markersize=7, markeredgewidth=2, zorder=4, label=name)


def _key(ax: Axes) -> None:
    """The meaning of the marks, below the board."""
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.01),
        ncols=3,
        frameon=False,
        fontsize=pen.TEXT,
    )
