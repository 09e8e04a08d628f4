"""Figures of CapsNet: the network, its weights, what capsules hold, comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    RED,
    SKY,
    channels_last,
    new,
)
from coursekit.plots.parts import arrow, board, stack, write

COLOURS = (GREY, BLUE, ORANGE, GREEN)
ARMS = (BLUE, SKY, RED, ORANGE)


def network() -> Figure:
    """The network of 2017, and below it the decoder."""
    fig, ax = new(10.5, 4.5)
    board(ax, (-0.7, 25.7), (-7.0, 4.2))
    stack(ax, (0, 0), 3, [PALE])
    stack(ax, (5, 0), 2.3, [SKY] * 5, step=(0.22, 0.22))
    for back in reversed(range(4)):
        _grid(ax, (11 + 0.32 * back, 0.32 * back), 10 - 2 * back)
    for j in range(10):
        face = ORANGE if j == 5 else PALE
        ax.add_patch(Rectangle((17.4, 0.35 * j - 0.2), 3.2, 0.3, fc=face, ec=GREY))
        length = 1.7 if j == 5 else 0.2 + 0.13 * (j * 7 % 4)
        ax.add_patch(Rectangle((23, 0.35 * j - 0.2), length, 0.3, fc=face, ec=GREY))
    for x, words in (
        (1.5, "image\n28 × 28"),
        (6.6, "256 maps\n20 × 20"),
        (12.5, "32 grids of 6 × 6\ncapsules of 8"),
        (19, "10 capsules\nof 16"),
        (24, "10\nlengths"),
    ):
        write(ax, (x, -1.15), words, fontsize=pen.TEXT)
    for start, end, words in (
        (3.2, 4.8, "9×9\nReLU"),
        (8.7, 10.8, "9×9, /2\nsquash"),
        (14.8, 17.2, "votes,\nrouting"),
        (20.8, 22.8, "|v|"),
    ):
        arrow(ax, (start, 1.4), (end, 1.4))
        write(ax, ((start + end) / 2, 2.35), words, fontsize=pen.TEXT)
    _decoder(ax)
    return fig


def _grid(ax: Axes, corner: tuple[float, float], above: int) -> None:
    """A grid of 6 × 6 capsules, which hides what lies below."""
    (x, y), side = corner, 2.1
    square = Rectangle(
        corner, side, side, fc="white", ec=BLUE, lw=pen.THIN, zorder=above
    )
    ax.add_patch(square)
    for at in np.arange(1, 6) * side / 6:
        for xs, ys in (([at, at], [0, side]), ([0, side], [at, at])):
            line = np.add(xs, x), np.add(ys, y)
            ax.plot(*line, color=BLUE, lw=pen.HAIR, zorder=above + 1)


def _decoder(ax: Axes) -> None:
    """From the right to the left: mask, dense layers, image."""
    y = -5.2
    ax.annotate("", (19, -4.1), (19, -2.0), arrowprops={"arrowstyle": "->"})
    write(ax, (19.3, -3), "mask: all but one are 0", fontsize=pen.TEXT, ha="left")
    for middle, width, words in (
        (19, 3.2, "160"),
        (13.2, 3.0, "512"),
        (7.6, 4.0, "1024"),
    ):
        corner = (middle - width / 2, y - 0.45)
        ax.add_patch(Rectangle(corner, width, 0.9, fc=PALE, ec=GREY))
        write(ax, (middle, y), words, fontsize=pen.TEXT)
    ax.add_patch(Rectangle((0.3, y - 1.2), 2.4, 2.4, fc=PALE, ec="black", lw=pen.THIN))
    write(ax, (1.5, y), "image\n28 × 28", fontsize=pen.TEXT)
    for start, end, words in (
        (17.2, 14.9, "ReLU"),
        (11.5, 9.8, "ReLU"),
        (5.4, 3.0, "sigmoid"),
    ):
        arrow(ax, (start, y), (end, y))
        write(ax, ((start + end) / 2, y + 0.75), words, fontsize=pen.TEXT)


def where_weights(parts: Mapping[str, int]) -> Figure:
    """One bar, cut into the parts of the network."""
    fig, ax = new(9, 1.7)
    left = 0.0
    for (name, count), colour in zip(parts.items(), COLOURS, strict=True):
        wide = count / 1e6
        ax.barh(0, wide, 0.6, left, color=colour, ec="white", lw=pen.THIN)
        words = f"{name}\n{wide:.2f}" if wide > 0.5 else f"{name} {wide:.2f}"
        if wide > 0.5:
            ink = "black" if colour == ORANGE else "white"
            write(ax, (left + wide / 2, 0), words, fontsize=pen.TEXT, color=ink)
        else:
            write(ax, (left, 0.5), words, fontsize=pen.TEXT, ha="left")
        left += wide
    ax.set(yticks=[], xlabel="weights, in millions", xlim=(0, left), ylim=(-0.4, 0.7))
    ax.spines["left"].set_visible(False)
    return fig


def eight_numbers() -> Figure:
    """The same eight maps twice: a capsule by channels, and as the numbers lie."""
    fig, axes = new(10, 3.1, 2, 8)
    for row, (colour, name) in enumerate(((BLUE, "channels"), (ORANGE, "view"))):
        for k, ax in enumerate(axes[row]):
            board(ax, (-0.1, 6.1), (-0.1, 6.1))
            for at in range(36):
                down, across = divmod(at, 6)
                chosen = at == 0 if row == 0 else k == 0 and at < 8
                face = colour if chosen else "white"
                corner = (across, 5 - down)
                ax.add_patch(Rectangle(corner, 1, 1, fc=face, ec=GREY, lw=pen.HAIR))
            if row == 0:
                ax.set_title(f"map {k}", fontsize=pen.TEXT)
        write(axes[row, 0], (-0.7, 3), name, rotation=90, fontsize=pen.TEXT)
    return fig


def repainted(digits: ArrayLike, painted: ArrayLike) -> Figure:
    """Pictures (n, h, w), and below them their copies."""
    rows = [np.asarray(digits), np.asarray(painted)]
    fig, axes = new(0.85 * len(rows[0]), 1.9, 2, len(rows[0]))
    for row, images in zip(axes, rows, strict=True):
        for ax, image in zip(row, images, strict=True):
            _picture(ax, image)
    return fig


def _picture(ax: Axes, image: ArrayLike) -> None:
    ax.imshow(channels_last(image), cmap="gray", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def misread(
    rows: Sequence[ArrayLike], labels: Sequence[int], read: Sequence[int]
) -> Figure:
    """Misread digits, painted from the longest vector and from the true one's."""
    count = len(labels)
    fig, axes = new(
        1.3 * max(count, 3) + 1,
        4.1,
        3,
        count,
    )
    grid = np.reshape(axes, (3, count))
    for k in range(count):
        for line, ax in enumerate(grid[:, k]):
            _picture(ax, np.asarray(rows[line])[k])
        grid[0, k].set_title(f"a {labels[k]}, read as {read[k]}", fontsize=pen.SMALL)
    for line, words in enumerate(("digit", "longest", "true digit's")):
        grid[line, 0].set_ylabel(words, fontsize=pen.TEXT)
    return fig


def knobs(effects: ArrayLike, names: Sequence[str]) -> Figure:
    """Effects (16, rows) of the sixteen numbers, as a table of colours."""
    table = np.asarray(effects).T
    fig, ax = new(9.5, 2.3)
    reach = float(np.abs(table).max())
    drawn = ax.imshow(table, cmap="PuOr", vmin=-reach, vmax=reach, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        if abs(value) >= 0.3:
            ink = "white" if abs(value) > 0.6 * reach else "black"
            digits = f"{value:.1f}".replace("-", "−")
            write(ax, (column, row), digits, fontsize=pen.SMALL, color=ink)
    ax.set_xticks(range(table.shape[1]))
    ax.set_yticks(range(len(names)), list(names))
    ax.set_xlabel("which of the sixteen numbers")
    fig.colorbar(drawn, ax=ax, label="deviations")
    return fig


def sweeps(
    rows: Sequence[Sequence[ArrayLike]], names: Sequence[str], steps: Sequence[float]
) -> Figure:
    """A row of pictures for each knob."""
    fig, axes = new(1.1 * len(steps) + 1, 1.15 * len(rows) + 0.4, len(rows), len(steps))
    for line, (row, name) in enumerate(zip(rows, names, strict=True)):
        for k, (image, step) in enumerate(zip(row, steps, strict=True)):
            _picture(axes[line, k], image)
            if line == 0:
                words = f"{step:+.1f}".replace("-", "−") if step else "0"
                axes[line, k].set_title(words, fontsize=pen.TEXT)
        axes[line, 0].set_ylabel(name, fontsize=pen.TEXT)
    return fig


def by_seed(arms: Mapping[str, Sequence[float]], label: str) -> Figure:
    """A column of dots for each network; the dots of one seed are joined."""
    fig, ax = new(7.5, 3.3)
    table = np.array(list(arms.values()))
    for seed in range(table.shape[1]):
        ax.plot(range(len(table)), table[:, seed], color=GREY, lw=pen.THIN, zorder=1)
    for at, (row, colour) in enumerate(zip(table, ARMS, strict=False)):
        ax.scatter([at] * len(row), row, s=50, color=colour, ec="black", zorder=2)
    ax.set_xticks(range(len(arms)), [name.replace(", ", ",\n") for name in arms])
    ax.set(ylabel=label, xlim=(-0.4, len(arms) - 0.6))
    return fig


def hardly(found: Sequence[tuple[int, float, float]]) -> Figure:
    """Couplings by the number of rounds: of the true digit, and the largest."""
    rounds, true, largest = np.array(found).T
    fig, ax = new(6.5, 3)
    ax.plot(rounds, largest, "--", color=RED, marker="s", label="largest of the ten")
    ax.plot(rounds, true, color=BLUE, marker="o", label="true digit")
    ax.axhline(0.1, color=GREY, lw=pen.THIN)
    ax.set_xticks(rounds.astype(int))
    ax.set(xlabel="rounds", ylabel="coupling", ylim=(0, 1))
    ax.legend(frameon=False)
    return fig


def rivals(tests: Sequence[str], capsules: ArrayLike, cnn: ArrayLike) -> Figure:
    """For each test a line for each seed, from the CNN to the capsules."""
    fig, axes = new(9.5, 3.1, 1, len(tests))
    tables = np.asarray(cnn), np.asarray(capsules)
    for k, (ax, test) in enumerate(zip(np.atleast_1d(axes), tests, strict=True)):
        left, right = (table[:, k] for table in tables)
        for one, other in zip(left, right, strict=True):
            ax.plot([0, 1], [one, other], color=GREY, lw=pen.THIN, zorder=1)
        ax.scatter([0] * len(left), left, s=45, color=RED, ec="black", zorder=2)
        ax.scatter([1] * len(right), right, s=45, color=BLUE, ec="black", zorder=2)
        middle = min(94.0, np.concatenate([left, right]).mean())
        ax.set_title(test)
        ax.set_xticks([0, 1], ["CNN", "capsules"])
        ax.set(xlim=(-0.4, 1.4), ylim=(middle - 6, middle + 6))
    np.atleast_1d(axes)[0].set_ylabel("right, in %")
    return fig


__all__ = [
    "by_seed",
    "eight_numbers",
    "hardly",
    "knobs",
    "misread",
    "network",
    "repainted",
    "rivals",
    "sweeps",
    "where_weights",
]
