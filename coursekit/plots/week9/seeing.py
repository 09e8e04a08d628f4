"""Figures of what a network sees: slopes, favourite pictures, priors, octaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, PALE, RED, channels_last, new

Stage = tuple[ArrayLike, ArrayLike]  # a copy and what was dreamt into it


def slopes(picture: ArrayLike, slope: ArrayLike) -> Figure:
    """A picture (3, h, w), its slope around grey, and the slope's size by pixel."""
    fig, axes = new(9.6, 3.5, 1, 3)
    colours = channels_last(slope)
    high = float(np.percentile(np.abs(colours), 99)) or 1.0
    _draw(axes[0], channels_last(picture), "photograph")
    _draw(axes[1], (0.5 + colours / (2 * high)).clip(0, 1), "slope")
    size = np.sqrt((colours**2).sum(2))
    axes[2].imshow(size, cmap="magma", vmin=0, vmax=np.percentile(size, 99.5))
    _bare(axes[2], "size of the slope")
    return fig


def favourites(rows: Mapping[str, ArrayLike], titles: Sequence[str] = ()) -> Figure:
    """Rows of pictures (n, 3, h, w) under the titles, their names on the left."""
    count = max(len(np.asarray(row)) for row in rows.values())
    fig, axes = new(1.55 * count + 0.4, 1.6 * len(rows) + 0.3, len(rows), count)
    grid = np.reshape(axes, (len(rows), count))
    for line, (name, pictures) in zip(grid, rows.items(), strict=True):
        for ax, picture in zip(line, np.asarray(pictures), strict=True):
            _draw(ax, channels_last(picture).clip(0, 1))
        line[0].set_ylabel(name, fontsize=pen.TITLE)
    for ax, title in zip(grid[0], titles, strict=False):
        ax.set_title(title, fontsize=pen.TITLE)
    return fig


def _draw(ax: Axes, pixels: np.ndarray, title: str = "") -> None:
    ax.imshow(pixels, interpolation="nearest")
    _bare(ax, title)


def _bare(ax: Axes, title: str) -> None:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=GREY, linewidth=pen.HAIR)
    ax.set_title(title, fontsize=pen.TITLE)


def one_line() -> Figure:
    """All pictures along a line: a prior, a class that likes it far out, their sum."""
    fig, ax = new(8.2, 3.4)
    x = np.linspace(-3.4, 5.6, 400)
    prior, class_ = -(x**2) / 2, -np.log1p(np.exp(-1.7 * (x - 1.6)))
    total = prior + class_
    top = int(total.argmax())
    ax.plot(x, prior, "--", color=BLUE, lw=pen.LINE, label="log p(x)")
    ax.plot(x, class_, "-.", color=GREEN, lw=pen.LINE, label="log p(y | x)")
    ax.plot(x, total, color=RED, lw=pen.BOLD, label="their sum")
    ax.plot(x[top], total[top], "o", color=RED, ms=9)
    ax.annotate("the sum's top", (x[top], total[top]), (-8, -34), ha="center",
                textcoords="offset points", color=RED, fontsize=pen.TEXT)  # fmt: skip
    style = {"arrowstyle": "-|>", "color": GREEN, "lw": 1.8}
    ax.annotate("", (5.55, 0.5), (3.9, 0.5), arrowprops=style)
    ax.text(3.8, 0.5, "the class alone leads out", ha="right", va="center",
            color=GREEN, fontsize=pen.TEXT)  # fmt: skip
    ax.set(xlabel="all pictures, along a line", xlim=(-3.5, 5.7), ylim=(-6.2, 0.9))
    ax.set(xticks=[], ylabel="logarithm")
    ax.legend(frameon=False, loc="lower center", fontsize=pen.TEXT)
    return fig


def trembling(found: Mapping[float, Sequence[float]]) -> Figure:
    """Deviations from grey by step, a curve for each noise, and the prior's own."""
    fig, ax = new(7.5, 3.2)
    for (noise, values), colour in zip(found.items(), (BLUE, RED), strict=False):
        steps = np.arange(1, len(values))
        ax.plot(
            steps, values[1:], color=colour, lw=pen.LINE, label=f"noise {noise:.3f}"
        )
    ax.axhline(1, color=GREY, lw=pen.THIN, ls=":")
    ax.set(yscale="log", ylim=(3e-3, 3), xlabel="step", ylabel="deviation from grey")
    ax.grid(axis="y", color=PALE)
    ax.legend(frameon=False, loc="center right")
    return fig


def octaves(stages: Sequence[Stage]) -> Figure:
    """Copies, dreams and their differences at each size, drawn to one scale."""
    shapes = [channels_last(copy).shape[:2] for copy, _ in stages]
    widths = [width for _, width in shapes]
    height = max(high for high, _ in shapes)
    fig, _ = new(10, 10 * 3 * height / sum(widths) + 0.5)
    fig.clear()
    grid = fig.add_gridspec(3, len(stages), width_ratios=widths)
    for column, (copy, dreamt) in enumerate(stages):
        one, other = channels_last(copy), channels_last(dreamt)
        difference = 0.5 + (other - one) / 2
        rows = (("copy", one), ("dreamt", other), ("difference", difference))
        for row, (name, pixels) in enumerate(rows):
            ax = fig.add_subplot(grid[row, column])
            title = f"{one.shape[0]} × {one.shape[1]}" if row == 0 else ""
            _draw(ax, pixels.clip(0, 1), title)
            ax.set(ylim=(one.shape[0] - 0.5, one.shape[0] - 0.5 - height))
            ax.spines[:].set_visible(False)
            if column == 0:
                ax.set_ylabel(name, fontsize=pen.TITLE)
    return fig
