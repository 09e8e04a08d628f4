"""Figures of "From hours to seconds": records, memory, rates, pairs, filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, RED, new
from coursekit.plots.core import channels_last as as_picture
from coursekit.plots.parts import board, write

TICKS = (1, 3, 10, 30, 100, 300)


def records(found: Mapping[str, tuple[float, float]]) -> Figure:
    """Seconds to a given accuracy, by year, on a logarithmic scale."""
    fig, ax = new(8.5, 3.6)
    years, seconds = zip(*found.values(), strict=True)
    ax.plot(years, seconds, "-", color=PALE, lw=pen.LINE, zorder=1)
    ax.plot(years, seconds, "o", color=BLUE, ms=8, zorder=2)
    for name, (year, taken) in found.items():
        late, low = year > 2022, taken < 3
        place = year + (-0.15 if late else 0.15), taken * (0.85 if low else 1.12)
        ha, va = "right" if late else "left", "top" if low else "bottom"
        write(ax, place, f"{name}: {taken:g} s", fontsize=pen.TEXT, ha=ha, va=va,
              bbox={"fc": "white", "ec": "none", "pad": 1})  # fmt: skip
    ax.set_yscale("log")
    ax.set_yticks(TICKS, [str(tick) for tick in TICKS])
    ax.minorticks_off()
    ax.set(
        ylabel="seconds to 94 %", xlabel="year", ylim=(1, 600), xlim=(2017.8, 2025.3)
    )
    ax.grid(axis="y", color=PALE)
    return fig


# ---- Orders in memory ----

CHANNELS = (RED, GREEN, BLUE)


def memory_orders(height: int, width: int) -> Figure:
    """An image of three channels, and its numbers in memory in both orders."""
    fig, axes = new(10, 3.3, 1, 2)
    fig.set_layout_engine("none")
    axes[0].set_position((0.0, 0.05, 0.22, 0.9))
    axes[1].set_position((0.22, 0.05, 0.78, 0.9))
    _maps(axes[0], height, width)
    pixels = height * width
    board(axes[1], (-0.3, 3 * pixels + 0.3), (-0.6, 5.4))
    usual = [(c, p) for c in range(3) for p in range(pixels)]
    last = [(c, p) for p in range(pixels) for c in range(3)]
    for y, order, name in ((3.2, usual, "usual order"), (0.4, last, "channels last")):
        write(axes[1], (0, y + 1.5), name, ha="left", fontsize=pen.TITLE)
        for x, (channel, pixel) in enumerate(order):
            _cell(axes[1], (x, y), channel, pixel)
    return fig


def _cell(
    ax: Axes, place: tuple[float, float], channel: int, pixel: int, layer: int = 1
) -> None:
    face, (x, y) = CHANNELS[channel], place
    cell = Rectangle(place, 1, 1, fc=face, ec="white", lw=pen.LINE, zorder=2 * layer)
    ax.add_patch(cell)
    write(ax, (x + 0.5, y + 0.48), str(pixel), color="white", fontsize=pen.TITLE,
          zorder=2 * layer + 1)  # fmt: skip


def _maps(ax: Axes, height: int, width: int) -> None:
    board(ax, (-0.3, width + 2.3), (-0.5, height + 2.3))
    for channel in range(3):
        for pixel in range(height * width):
            row, column = divmod(pixel, width)
            place = column + 0.8 * channel, height - 1 - row + 0.8 * channel
            _cell(ax, place, channel, pixel, layer=3 - channel)


# ---- Rates ----


def rates(steps: int, peak: float = 0.4) -> Figure:
    """Three plans for the learning rate: constant, dropped twice, one cycle."""
    fig, ax = new(8.5, 3.2)
    every = np.arange(steps)
    drops = np.select([every < steps // 2, every < 3 * steps // 4], [0.1, 0.01], 0.001)
    top = round(0.25 * (steps - 1))
    corners = [0, top, steps - 1], [peak / 10, peak, peak / 100]
    ax.axhline(
        0.1, color=GREY, lw=pen.LINE, ls=":", label="constant", xmax=0.955, xmin=0.045
    )
    ax.step(
        every, drops, color=ORANGE, lw=pen.LINE, ls="--", where="post", label="dropped"
    )
    ax.plot(
        every, np.interp(every, *corners), color=BLUE, lw=pen.BOLD, label="one cycle"
    )
    ax.plot(*corners, "o", color=BLUE, ms=7)
    ax.set(xlabel="step", ylabel="learning rate", ylim=(-0.012, 1.1 * peak))
    ax.legend(frameon=False, loc="upper right")
    return fig


# ---- Pairs ----


def pairs(found: Mapping[str, Sequence[float]]) -> Figure:
    """Results of two recipes, a line for each seed; and their differences."""
    fig, axes = new(8.5, 3.4, 1, 2)
    (first, one), (second, other) = found.items()
    for a, b in zip(one, other, strict=True):
        axes[0].plot([0, 1], [a, b], "o-", color=BLUE, lw=pen.THIN, ms=6, alpha=0.8)
    axes[0].set_xticks([0, 1], [first, second])
    axes[0].set(xlim=(-0.4, 1.4), ylabel="right, %", title="results")
    d = np.subtract(other, one)
    spread = np.linspace(-0.25, 0.25, len(d))
    error = d.std(ddof=1) / len(d) ** 0.5
    axes[1].axhline(0, color=GREY, lw=pen.THIN)
    axes[1].plot(spread, d, "o", color=BLUE, ms=6, alpha=0.8)
    axes[1].errorbar(
        [0.6], [d.mean()], [2 * error], fmt="D", color=RED, ms=8, lw=pen.BOLD, capsize=6
    )
    axes[1].set_xticks([0, 0.6], ["each seed", "mean"])
    axes[1].set(xlim=(-0.5, 0.9), ylabel="points", title=f"{second} less {first}")
    return fig


# ---- Whitening ----


def whitened(filters: np.ndarray, before: np.ndarray, after: np.ndarray) -> Figure:
    """Filters as small pictures; below, covariances before and behind them."""
    count = len(filters)
    fig, _ = new(10, 5)
    fig.clear()
    fig.set_layout_engine("none")
    for number, one in enumerate(filters):
        ax = fig.add_axes((number / count + 0.008, 0.8, 0.9 / count, 0.17))
        ax.imshow(as_picture(0.5 + 0.5 * one / np.abs(one).max()))
        ax.set_xticks([])
        ax.set_yticks([])
    both = (before, "covariance of the patches"), (after, "… of the outputs")
    for place, (matrix, title) in zip((0.06, 0.55), both, strict=True):
        ax = fig.add_axes((place, 0.04, 0.4, 0.62))
        size = float(np.abs(matrix).max())
        picture = ax.imshow(matrix, cmap="RdBu_r", vmin=-size, vmax=size)
        ax.set_title(title, fontsize=pen.TITLE)
        ax.set_xticks([])
        ax.set_yticks([])
        fig.colorbar(picture, ax=ax, shrink=0.95)
    return fig


# ---- What ideas are worth ----


def worths(found: Mapping[str, tuple[float, float]]) -> Figure:
    """Bars with two standard errors on each side, the longest on top."""
    fig, ax = new(8.5, 3.4)
    rows = sorted(found.items(), key=lambda item: item[1][0])
    for y, (_, (mean, error)) in enumerate(rows):
        sure = abs(mean) > 2 * error
        ax.barh(y, mean, 0.6, color=BLUE if sure else GREY, alpha=0.55)
        ax.errorbar(
            [mean], [y], xerr=[2 * error], color="black", lw=pen.LINE, capsize=4
        )
        end = max(mean + 2 * error, 0)
        words = f"{mean:+.1f} ± {error:.1f}".replace("-", "−")
        write(ax, (end + 0.15, y), words, ha="left", va="center", fontsize=pen.TEXT)
    ax.axvline(0, color="black", lw=pen.THIN)
    ax.set_yticks(range(len(rows)), [name for name, _ in rows])
    longest = max(mean + 2 * error for mean, error in found.values())
    least = min(min(mean - 2 * error, 0) for mean, error in found.values())
    ax.set(xlabel="points of test accuracy", xlim=(least - 0.3, 1.28 * longest + 0.5))
    return fig


__all__ = ["memory_orders", "pairs", "rates", "records", "whitened", "worths"]
