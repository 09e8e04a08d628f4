"""Figures of the training loop: losses, valleys, rates, mistakes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, new
from coursekit.plots.parts import write

CHANCE = math.log(10)  # the loss of who knows nothing about ten classes


def from_scores(scores: Sequence[float]) -> Figure:
    """Scores (classes,) of one image, their softmax in two steps, and the loss."""
    values = np.asarray(scores, dtype=float)
    powers = np.exp(values)
    shares = powers / powers.sum()
    fig, axes = new(11, 2.7, 1, 4)
    titles = ("scores z", "exponentials", "probabilities p")
    for ax, title, heights in zip(axes, titles, (values, powers, shares), strict=False):
        _bars(ax, heights, title)
    _price(axes[3], shares)
    fig.set_layout_engine("constrained", wspace=0.08)
    return fig


def _bars(ax: Axes, heights: np.ndarray, title: str) -> None:
    drawn = ax.bar(range(len(heights)), heights, 0.7, color=SKY)
    labels = [f"{height:.2f}".replace("-", "−") for height in heights]
    ax.bar_label(drawn, labels, padding=2)
    ax.axhline(0, color=GREY, lw=pen.THIN)
    ax.margins(y=0.25)
    ax.set(title=title, xlabel="class", xticks=range(len(heights)))


def _price(ax: Axes, shares: np.ndarray) -> None:
    """What each of the probabilities costs, on the curve of all."""
    p = np.linspace(0.004, 1, 300)
    ax.plot(p, -np.log(p), color=BLUE)
    ax.plot(shares, -np.log(shares), "o", color=RED)
    for share in shares:
        loss = -np.log(share)
        ax.annotate(f"  {loss:.2f}", (share, loss), va="bottom", color=RED)
    ax.set(title="loss", xlabel="p of the true class", ylim=(0, 5.7), xlim=(0, 1.05))
    ax.set_xticks([0, 0.5, 1])


def valley(paths: Mapping[str, np.ndarray], *, steps: int) -> Figure:
    """The first `steps` of paths (n, 2) through ½ (w₀² + 25 w₁²)."""
    fig, axes = new(10, 2.8, 1, len(paths))
    x, y = np.meshgrid(np.linspace(-4, 11.5, 200), np.linspace(-4.2, 4.2, 160))
    loss = (x**2 + 25 * y**2) / 2
    for ax, (name, places) in zip(axes, paths.items(), strict=True):
        ax.contour(x, y, loss, levels=[1, 5, 15, 35, 70], colors=GREY, linewidths=0.7)
        ax.plot(*places[: steps + 1].T, "o-", color=BLUE, ms=3.5, lw=pen.THIN)
        ax.plot(0, 0, "*", color=ORANGE, ms=13)
        ax.set(title=name, xlabel="$w_0$")
    axes[0].set_ylabel("$w_1$")
    return fig


def rate_curves(runs: Mapping[float, Sequence[Sequence[float]]]) -> Figure:
    """Losses of every step by learning rate, a line for each seed."""
    fig, axes = new(10, 3, 1, len(runs))
    for ax, (rate, curves) in zip(axes, runs.items(), strict=True):
        for colour, curve in zip((BLUE, RED, GREEN), curves, strict=False):
            ax.plot(curve, color=colour, lw=pen.THIN)
        ax.axhline(CHANCE, color="black", ls=":", lw=pen.THIN)
        ax.set(title=f"learning rate {rate:g}", xlabel="step", yscale="log")
        ax.sharey(axes[0])
    axes[0].set(ylabel="loss", ylim=(0.08, 12))
    _plain_ticks(axes[0])
    return fig


def _plain_ticks(ax: Axes) -> None:
    """A logarithmic axis with ordinary numbers, more of them on a short one."""
    low, high = ax.get_ylim()
    steps: tuple[float, ...] = (1, 1.5, 2, 3, 5, 7)
    if high / low > 30:
        steps = (1, 3)
    elif high / low < 3:
        steps = (1, 1.2, 1.5, 1.7, 2, 2.3, 2.7, 3, 4, 5, 6, 7, 8, 9)
    ticks = [step * 10.0**power for power in range(-4, 4) for step in steps]
    shown = [tick for tick in ticks if low <= tick <= high]
    ax.set_yticks(shown, [f"{tick:g}" for tick in shown])
    ax.tick_params(axis="y", which="minor", left=False, labelleft=False)


def decays(far: Mapping[str, ArrayLike], *, warm_up: int, steps: int) -> Figure:
    """Distances to the bottom after 0, 1, … steps, and four schedules over `steps`."""
    fig, (left, right) = new(10, 3.2, 1, 2)
    for colour, line, (name, found) in zip(
        (RED, BLUE, GREEN), ("-", "--", "-."), far.items(), strict=False
    ):
        values = np.asarray(found)[1:]  # a logarithmic axis has no place for step 0
        left.plot(np.arange(1, len(values) + 1), values, line, color=colour, label=name)
    left.set(xscale="log", yscale="log", xlabel="step", ylabel="distance")
    left.legend(frameon=False, title="rate", fontsize=pen.SMALL)
    _plain_ticks(left)
    _schedules(right, warm_up, steps)
    return fig


def _schedules(ax: Axes, warm_up: int, steps: int) -> None:
    step = np.arange(steps)
    down = np.clip((step - warm_up) / (steps - warm_up), 0, 1)
    curves = {
        "constant": np.ones(steps),
        "stairs": 0.1 ** (step // (steps / 3)),
        "like 1/t": 1 / (1 + step / (steps / 10)),
        "warm-up, half a cosine": np.minimum(
            (step + 1) / warm_up, (1 + np.cos(np.pi * down)) / 2
        ),
    }
    styles = zip((GREY, ORANGE, GREEN, PURPLE), ("-", "-", "-.", "-"), strict=True)
    for (name, rates), (colour, line) in zip(curves.items(), styles, strict=True):
        ax.plot(step, rates, line, color=colour, label=name)
    ax.set(xlabel="step", ylabel="rate / largest rate", ylim=(0, 1.45))
    ax.legend(frameon=False, fontsize=pen.SMALL, ncols=2, loc="upper right")


def two_losses(runs: Mapping[str, np.ndarray]) -> Figure:
    """Training and validation loss of each epoch (2, epochs), a panel for each run."""
    fig, axes = new(max(5.5, 3.4 * len(runs)), 3.1, 1, len(runs))
    panels = np.atleast_1d(axes)
    for ax, (name, losses) in zip(panels, runs.items(), strict=True):
        _both(ax, losses)
        ax.set(title=name, xlabel="epoch", yscale="log")
        _plain_ticks(ax)
    panels[0].set_ylabel("loss")
    panels[0].legend(frameon=False, fontsize=pen.SMALL)
    return fig


def turning_point(losses: np.ndarray) -> Figure:
    """The same for one run, and large the validation loss, a star at its lowest."""
    fig, (left, right) = new(10, 3.2, 1, 2)
    _both(left, losses)
    left.set(title="both losses", xlabel="epoch", ylabel="loss", ylim=(0, None))
    left.legend(frameon=False, fontsize=pen.SMALL, bbox_to_anchor=(1, 0.88))
    held = losses[1]
    best = int(np.argmin(held))
    for ax in (left, right):
        ax.plot(best + 1, held[best], "*", color=ORANGE, ms=15, zorder=5)
    right.plot(np.arange(1, len(held) + 1), held, "--", color=RED)
    low, rise = held[best], max(0.02, max(held[best:]) - held[best])
    right.set(title="the validation loss alone", xlabel="epoch")
    right.set_ylim(low - 0.3 * rise, low + 1.7 * rise)
    return fig


def _both(ax: Axes, losses: np.ndarray) -> None:
    epochs = np.arange(1, losses.shape[1] + 1)
    ax.plot(epochs, losses[0], color=BLUE, label="training")
    ax.plot(epochs, losses[1], "--", color=RED, label="validation")
    ax.axhline(CHANCE, color="black", ls=":", lw=pen.THIN)


def confusion_matrix(counts: ArrayLike) -> Figure:
    """A table (classes, classes) of counts, true class by answer, mistakes coloured."""
    table = np.asarray(counts)
    classes = len(table)
    wrong = np.where(np.eye(classes, dtype=bool), 0, table)
    fig, ax = new(6.4, 5.4)
    top = max(1, wrong.max())
    ax.imshow(np.ma.masked_equal(wrong, 0), cmap="Oranges", vmin=0, vmax=1.3 * top)
    for (row, column), count in np.ndenumerate(table):
        ink = GREY if row == column else "black"
        if count:
            write(ax, (column, row), f"{count:,}", color=ink, fontsize=pen.SMALL)
    ax.set(xlabel="the network said", ylabel="it is")
    ax.set(xticks=range(classes), yticks=range(classes))
    ax.set_xticks(np.arange(classes + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(classes + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=GREY, lw=pen.HAIR)
    ax.tick_params(which="both", length=0)
    ax.spines[:].set(color=GREY, linewidth=pen.THIN)
    return fig
