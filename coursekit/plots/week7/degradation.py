"""Figures of the degradation problem: curves, a stretched network, two forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREY, ORANGE, PALE, RED, SKY, new
from coursekit.plots.parts import arrow, board, write

WINDOW = 10  # steps of a moving mean
COLOURS = (BLUE, RED, ORANGE, GREY)
LINES = ("-", "-", "--", ":")
EPOCHS = np.linspace(0, 60, 121)
CHANCE = float(np.log(10))


def descents(
    runs: Mapping[str, Sequence[Sequence[float]]], *, start: float | None = None
) -> Figure:
    """Losses step by step: a thin line for each run, a thick one for their mean.

    start: a level to mark, such as the loss with which all of them begin
    """
    fig, ax = new(8.5, 3.4)
    for (name, losses), colour, line in zip(runs.items(), COLOURS, LINES, strict=False):
        smooth = np.array([_moving(one) for one in losses])
        steps = np.arange(smooth.shape[1]) + WINDOW
        for one in smooth:
            ax.plot(steps, one, line, color=colour, lw=pen.THIN, alpha=0.55)
        ax.plot(steps, smooth.mean(0), line, color=colour, lw=pen.BOLD, label=name)
    if start is None:
        ax.axhline(CHANCE, color=GREY, lw=pen.THIN, ls=":")
        write(ax, (steps[-1], CHANCE), "knowing nothing", ha="right", va="bottom",
              color=GREY, fontsize=pen.SMALL)  # fmt: skip
    else:
        ax.axhline(start, color=GREY, lw=pen.THIN, ls=":")
    ax.set(xlabel="step", ylabel="training loss")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def _moving(losses: Sequence[float]) -> np.ndarray:
    return np.convolve(losses, np.full(WINDOW, 1 / WINDOW), "valid")


def errors(found: Mapping[str, Sequence[tuple[float, float]]]) -> Figure:
    """(training, test) errors of several runs: a dot each, a bar for their mean."""
    fig, axes = new(8, 2.9, 1, 2)
    for ax, at, title in ((axes[0], 0, "training images"), (axes[1], 1, "new images")):
        for x, (runs, colour) in enumerate(zip(found.values(), COLOURS, strict=False)):
            values = [100 * run[at] for run in runs]
            ax.bar(x, np.mean(values), 0.6, color=colour, alpha=0.45)
            spread = np.linspace(-0.15, 0.15, len(values))
            ax.plot(x + spread, values, "o", color=colour, ms=5)
            write(
                ax, (x, max(values) + 5), f"{np.mean(values):.0f} %", fontsize=pen.TITLE
            )
        ax.set_xticks(range(len(found)), list(found))
        ax.set(title=title, ylim=(0, 100), xlim=(-0.6, len(found) - 0.4))
    axes[0].set_ylabel("error, %")
    return fig


# ---- Four cases ----

Curves = tuple[np.ndarray, np.ndarray]  # training, test


def _fall(top: float, end: float, pace: float) -> np.ndarray:
    return end + (top - end) * np.exp(-EPOCHS / pace)


def cases() -> dict[str, dict[str, Curves]]:
    """Errors in % of a shallow and a deep network, made up after real ones."""
    shallow = _fall(80, 9, 9), _fall(80, 15, 8)
    rng = np.random.default_rng(4)
    wild = np.clip(rng.normal(88, 2.2, len(EPOCHS)), 0, 91)
    wild[:12] = np.linspace(80, 70, 12)
    return {
        "A": {"shallow": (_fall(80, 11, 8), _fall(80, 16, 8)),
              "deep": (_fall(80, 0.5, 9), _fall(80, 17, 7) + EPOCHS * 0.09)},
        "B": {"shallow": shallow, "deep": (wild, np.clip(wild + 1.2, 0, 91))},
        "C": {"shallow": (_fall(80, 8, 8), _fall(80, 12, 8)),
              "deep": (_fall(82, 13.6, 12), _fall(82, 19, 11))},
        "D": {"shallow": (_fall(80, 12, 5), _fall(80, 16, 5)),
              "deep": (82 - 1.02 * EPOCHS, 83 - 0.99 * EPOCHS)},
    }  # fmt: skip


def four_cases() -> Figure:
    """Four panels to be read: training and test errors of two networks each."""
    fig, axes = new(10, 6.2, 2, 2)
    for ax, (name, networks) in zip(axes.flat, cases().items(), strict=True):
        pairs = zip(networks.items(), (BLUE, RED), strict=True)
        for (network, (training, test)), colour in pairs:
            ax.plot(EPOCHS, training, "-", color=colour, lw=pen.LINE,
                    label=f"{network}, training")  # fmt: skip
            ax.plot(
                EPOCHS, test, "--", color=colour, lw=pen.LINE, label=f"{network}, test"
            )
        ax.set(title=name, ylim=(0, 95), xlim=(0, 60))
        ax.title.set_fontsize(14)
        ax.grid(axis="y", color=PALE)
    for ax in axes[1]:
        ax.set_xlabel("epoch")
    for ax in axes[:, 0]:
        ax.set_ylabel("error, %")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, ncols=4, frameon=False, loc="outside upper center")
    return fig


# ---- A network that is made longer ----

FACES = {8: SKY, 16: BLUE, 32: "#003D66"}


def stretched(widths: Sequence[int], places: Sequence[int]) -> Figure:
    """Boxes for the layers of a network, and below with layers that do nothing.

    widths: maps of each layer; places: of such layers behind each of them
    """
    fig, ax = new(10, 3)
    total = len(widths) + sum(places)
    board(ax, (-3.4, total + 0.6), (-3.0, 3.9))
    below = 0
    for at, (width, more) in enumerate(zip(widths, places, strict=True)):
        _layer(ax, at, 2.5, FACES[width])
        _layer(ax, below, -1.4, FACES[width])
        arrow(ax, (at + 0.4, 2.35), (below + 0.4, -0.25))
        for _ in range(more):
            below += 1
            _layer(ax, below, -1.4, "white")
        below += 1
    write(ax, (-0.4, 3.0), "trained", ha="right", fontsize=pen.TITLE)
    write(ax, (-0.4, -0.9), "made longer", ha="right", fontsize=pen.TITLE)
    keys = [Patch(fc=face, ec="black", label=f"{width} maps")
            for width, face in FACES.items()]  # fmt: skip
    keys.append(Patch(fc="white", ec="black", label="does nothing"))
    ax.legend(handles=keys, ncols=4, frameon=False, loc="lower right",
              bbox_to_anchor=(1.0, -0.14))  # fmt: skip
    return fig


def _layer(ax: Axes, x: float, y: float, face: str) -> None:
    ax.add_patch(Rectangle((x, y), 0.8, 1, fc=face, ec="black", lw=pen.THIN))


# ---- Two forms of the same ----


def two_forms() -> Figure:
    """A pair of layers that makes H, and one that makes F, to which x is added."""
    fig, axes = new(9, 2.9, 1, 2)
    for ax, added in zip(axes, (False, True), strict=True):
        board(ax, (-2.2, 12.2), (-1.5, 3.4))
        write(ax, (-1.2, 0.5), "x", fontsize=pen.SIGN, style="italic")
        for x in (1.2, 4.6):
            ax.add_patch(
                Rectangle((x, -0.4), 2.4, 1.8, fc=SKY, ec="black", lw=pen.THIN)
            )
            write(ax, (x + 1.2, 0.5), "layer", fontsize=pen.TITLE)
        for start, end in ((-0.7, 1.2), (3.6, 4.6)):
            arrow(ax, (start, 0.5), (end, 0.5))
        if added:
            _shortcut(ax)
        else:
            arrow(ax, (7.0, 0.5), (9.3, 0.5))
            write(ax, (10.4, 0.5), "$H(x)$", fontsize=pen.SIGN)
    return fig


def _shortcut(ax: Axes) -> None:
    ax.plot([0, 0, 8.6, 8.6], [0.5, 2.6, 2.6, 1.1], color="black", lw=pen.THIN)
    arrow(ax, (8.6, 1.4), (8.6, 0.95))
    arrow(ax, (7.0, 0.5), (8.15, 0.5))
    write(ax, (8.6, 0.48), "+", fontsize=pen.SIGN,
          bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": "black"},
          )  # fmt: skip
    write(ax, (8.0, -0.75), "$F(x)$", fontsize=pen.TITLE)
    arrow(ax, (9.1, 0.5), (9.9, 0.5))
    write(ax, (11.1, 0.5), "$H(x)$", fontsize=pen.SIGN)
    write(ax, (4.3, 3.0), "the shortcut", fontsize=pen.TITLE)


def by_block(changes: Mapping[str, Sequence[float]]) -> Figure:
    """How much each block changes what comes in, as a share of it."""
    fig, ax = new(8.5, 3.2)
    marks = zip(changes.items(), COLOURS, "osD^", strict=False)
    for (name, values), colour, mark in marks:
        blocks = np.arange(1, len(values) + 1)
        ax.plot(blocks, values, color=colour, marker=mark, ms=6, label=name)
    ax.set_xticks(blocks)
    ax.set(xlabel="block", ylabel="change, share of $x$", ylim=0)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    ax.grid(axis="y", color=PALE)
    return fig


__all__ = ["by_block", "descents", "errors", "four_cases", "stretched", "two_forms"]
