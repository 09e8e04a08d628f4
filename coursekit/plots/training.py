"""Figures of training: how the loss falls and the accuracy rises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from coursekit.plots import pen
from coursekit.plots.core import BLUE, ORANGE, SKY, new

if TYPE_CHECKING:
    from coursekit.train import History


def learning_curves(history: History) -> Figure:
    """The loss of every step, its running mean, and the accuracies if there are any."""
    if not history.losses:
        raise ValueError("there is nothing to draw: no step was made")
    measured = bool(history.accuracies)
    fig, axes = new(9 if measured else 5, 3, 1, 2 if measured else 1)
    losses(np.atleast_1d(axes)[0], history)
    if measured:
        accuracies(axes[1], history)
    return fig


def losses(ax: Axes, history: History) -> None:
    """Every step pale, the mean of the last steps dark."""
    steps = np.arange(1, len(history.losses) + 1)
    ax.plot(steps, history.losses, color=SKY, lw=pen.HAIR, alpha=0.6, label="each step")
    smooth = running_mean(np.array(history.losses))
    ax.plot(steps, smooth, color=BLUE, label="running mean")
    ax.set(xlabel="step", ylabel="loss", yscale="log")
    ax.xaxis.set_major_locator(MaxNLocator(5))
    for line in ax.legend(
        loc="upper right", facecolor="white", framealpha=1
    ).get_lines():
        line.set(linewidth=pen.LINE, alpha=1)


def accuracies(ax: Axes, history: History) -> None:
    """A point after each epoch, the best one marked."""
    percent = 100 * np.array(history.accuracies)
    epochs = np.arange(1, len(percent) + 1)
    ax.plot(epochs, percent, "o-", color=BLUE)
    best = int(percent.argmax())
    ax.plot(epochs[best], percent[best], "*", color=ORANGE, ms=14)
    note = f"  best: {percent[best]:.1f} %"
    ax.annotate(note, (epochs[best], percent[best]), va="top")
    ax.set(xlabel="epoch", ylabel="validation accuracy, %")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def running_mean(values: np.ndarray) -> np.ndarray:
    """The mean of the last steps up to each one, a twentieth of them all."""
    window = max(1, len(values) // 20)
    total = np.concatenate([[0.0], values.cumsum()])
    end = np.arange(1, len(values) + 1)
    start = np.maximum(0, end - window)
    return (total[end] - total[start]) / (end - start)


def in_words(history: History) -> str:
    """What the learning curves show, for those who cannot see them."""
    smooth = running_mean(np.array(history.losses))
    words = (
        f"After {len(smooth):,} steps the loss went from {history.losses[0]:.2f} to "
        f"{smooth[-1]:.2f} (mean of the last steps)."
    )
    if history.accuracies:
        words += (
            f" The validation accuracy was best after epoch {history.best_epoch}: "
            f"{max(history.accuracies):.1%}; the last was {history.accuracies[-1]:.1%}."
        )
    return words
