"""Figures of the road from dense layers to convolutional ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, RED, SKY, matrix, new
from coursekit.plots.parts import (
    Point,
    board,
    cells,
    frame,
    sight,
    stack,
    units,
    wire,
    write,
)

# One colour and one line for each weight of a kernel, told apart in print too.
# How far the outputs stand above the inputs, in units.
HIGH = 4.5
TIED = ((SKY, "-"), (ORANGE, "--"), (GREEN, ":"), (RED, "-."))


def patch_of_numbers(image: ArrayLike, top: int, left: int, size: int) -> Figure:
    """A grey image (h, w), and a square patch of it as the numbers it is made of."""
    pixels = np.asarray(image).squeeze()
    patch = pixels[top : top + size, left : left + size]
    if patch.shape != (size, size):
        raise ValueError(f"the patch does not lie inside the image {pixels.shape}")
    fig, (whole, part) = new(9, 4.2, 1, 2)
    whole.imshow(pixels, cmap="gray")
    frame(whole, (left - 0.5, top - 0.5), size, size, colour=RED)
    whole.set(title=f"{pixels.shape[0]} × {pixels.shape[1]} pixels")
    whole.set(xlabel="column", ylabel="row")
    rows, columns = (f"{first}–{first + size - 1}" for first in (top, left))
    matrix(part, patch, f"rows {rows}, columns {columns}", limits=(0, 255))
    return fig


def accuracy_dots(results: Mapping[tuple[str, str], Sequence[float]]) -> Figure:
    """Test accuracies by (model, data): a dot for each run, a bar at their mean."""
    fig, ax = new(7, 0.55 * len(results) + 1)
    for row, values in enumerate(results.values()):
        percent = 100 * np.asarray(values)
        shuffled = row % 2 == 1
        colour, marker = (RED, "D") if shuffled else (BLUE, "o")
        ax.plot(percent, [row] * len(percent), marker, color=colour, mfc="none", ms=8)
        ax.plot([percent.mean()] * 2, [row - 0.3, row + 0.3], color=colour, lw=pen.LINE)
        ax.text(
            percent.max(), row, f"   {percent.mean():.1f} %", va="center", color=colour
        )
    ax.set_yticks(range(len(results)), [f"{m} · {d}" for m, d in results])
    ax.invert_yaxis()
    ax.set_xlabel("test images given their right label, %")
    ax.margins(x=0.15, y=0.15)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(axis="x", color=PALE)
    return fig


def three_steps(n: int = 7, k: int = 3) -> Figure:
    """A dense, a locally connected and a convolutional layer on a row of `n` inputs.

    Above, which of the n-k+1 outputs is connected to which input; below, the matrix of
    weights. Every weight has a number of its own until the kernel shares `k` letters.
    """
    if not 1 <= k <= min(n, len(TIED)):
        raise ValueError(f"draws kernels of 1 to {min(n, len(TIED))} weights, not {k}")
    m = n - k + 1
    everything = np.arange(1, m * n + 1).reshape(m, n)
    band = np.array([[0 <= j - i < k for j in range(n)] for i in range(m)])
    local = np.where(band, np.cumsum(band).reshape(m, n), 0)
    shared = np.where(band, [[j - i + 1 for j in range(n)] for i in range(m)], 0)
    fig, axes = new(10, 5.4, 2, 3)
    names = ("dense", "locally connected", "convolutional")
    for column, (name, weights) in enumerate(
        zip(names, (everything, local, shared), strict=True)
    ):
        tied = column == 2
        _wires(axes[0, column], weights, tied)
        axes[0, column].set_title(f"{name}: {weights.max()} weights", weight="bold")
        _cells(axes[1, column], weights, tied)
    return fig


def _wires(ax: Axes, weights: np.ndarray, tied: bool) -> None:
    """Outputs (rows of `weights`) above inputs (columns), a line for each weight."""
    m, n = weights.shape
    shift = (n - m) / 2
    for i, j in np.argwhere(weights):
        colour, line = TIED[weights[i, j] - 1] if tied else (GREY, "-")
        ends = ((j, 0), (i + shift, HIGH))
        wire(ax, *ends, colour=colour, line=line, thick=pen.LINE if tied else pen.THIN)
    units(ax, [(j, 0) for j in range(n)], marker="s", size=120)
    units(ax, [(i + shift, HIGH) for i in range(m)], size=140)
    write(ax, (-0.6, 0), "inputs", ha="right")
    write(ax, (-0.6, HIGH), "outputs", ha="right")
    board(ax, (-2.4, n - 0.4), (-0.8, HIGH + 0.8))


def _cells(ax: Axes, weights: np.ndarray, tied: bool) -> None:
    """The matrix: a number for a weight of its own, a letter for a shared one."""
    rows, columns = weights.shape
    own = ["0", *("abcd" if tied else map(str, range(1, weights.max() + 1)))]
    fills = ["white", *([colour for colour, _ in TIED] if tied else [PALE] * len(own))]
    inks = np.where(weights > 0, "black", GREY)
    cells(ax, np.take(own, weights), -0.5, 0.5, np.take(fills, weights), ink=inks)
    board(ax, (-2.4, columns - 0.4), (-rows + 0.4, 0.6))


def before_and_after(clean: ArrayLike, noisy: ArrayLike, cleaned: ArrayLike) -> Figure:
    """A signal with noise, and what a filter made of it; the clean one beside both.

    `clean` and `noisy` are (n,); `cleaned` is (m,), centred, shorter by the kernel's
    margin on either side.
    """
    truth, rough, smooth = (np.asarray(s) for s in (clean, noisy, cleaned))
    margin = (len(truth) - len(smooth)) // 2
    fig, axes = new(9, 4.2, 2, 1)
    axes[0].plot(rough, color=ORANGE, lw=pen.THIN, label="what arrived")
    inside = np.arange(margin, margin + len(smooth))
    axes[1].plot(inside, smooth, color=BLUE, lw=pen.LINE, label="after the filter")
    for ax in axes:
        ax.plot(truth, "k--", lw=pen.THIN, label="what was sent")
        ax.set_xlim(0, len(truth) - 1)
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    axes[1].sharey(axes[0])
    axes[1].set_xlabel("position")
    return fig


def filters_compared(learned: ArrayLike, least_squares: ArrayLike) -> Figure:
    """The weights (k,) found by gradient descent, and those of least squares on top."""
    bars, crosses = np.asarray(learned), np.asarray(least_squares)
    places = np.arange(len(bars)) - len(bars) // 2
    fig, ax = new(6.5, 2.6)
    ax.bar(places, bars, color=SKY, ec="black", label="learned by gradient descent")
    ax.plot(places, crosses, "kx", ms=8, mew=2, label="least squares")
    ax.axhline(0, color="black", lw=pen.THIN)
    ax.set(xlabel="position relative to the output", ylabel="weight", xticks=places)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return fig


def signs(kernel: ArrayLike) -> Figure:
    """A kernel (k, k) as grey values, with the signs of its weights."""
    fig, ax = new(2.8, 2.8)
    _signs(ax, np.asarray(kernel, dtype=float))
    return fig


def _signs(ax: Axes, weights: np.ndarray) -> None:
    ax.set(xticks=[], yticks=[])
    size = np.abs(weights).max()
    ax.imshow(weights, cmap="gray", vmin=-size, vmax=size)
    for (y, x), weight in np.ndenumerate(weights):
        if weight and y % 3 == 1:
            sign, ink = ("+", "black") if weight > 0 else ("−", "white")
            ax.text(x, y, sign, color=ink, ha="center", va="center")


def tuning_curve(kernel: ArrayLike, stimuli: Mapping[str, np.ndarray]) -> Figure:
    """How strongly a kernel (k, k) answers to pictures (k, k), named by `stimuli`.

    The response is the sum of the products; negative sums are drawn as zero.
    """
    weights = np.asarray(kernel, dtype=float)
    responses = [max(0.0, float((weights * s).sum())) for s in stimuli.values()]
    fig = Figure(figsize=(9, 3.4), layout="constrained")
    grid = fig.add_gridspec(2, len(stimuli) + 3, height_ratios=(1, 2.6))
    _signs(fig.add_subplot(grid[:, :3], title="the filter"), weights)
    for column, picture in enumerate(stimuli.values()):
        stimulus = fig.add_subplot(grid[0, column + 3], xticks=[], yticks=[])
        stimulus.imshow(picture, cmap="gray", vmin=0, vmax=1)
    curve = fig.add_subplot(grid[1, 3:], xlim=(-0.5, len(stimuli) - 0.5))
    drawn = curve.bar(list(stimuli), responses, width=0.5, color=SKY, ec="black")
    curve.bar_label(drawn, fmt="%.0f", padding=2)
    curve.set(ylabel="response", xlabel="the bar, turned from upright", yticks=[0])
    curve.spines[["right", "top"]].set_visible(False)
    curve.margins(y=0.15)
    return fig


def recordings(values: ArrayLike, columns: Sequence[int]) -> Figure:
    """Records (hours, n) as grey cells, the columns labelled with their numbers.

    Each column is stretched from its smallest value, black, to its largest, white.
    """
    table = np.asarray(values, dtype=float)
    low, high = table.min(axis=0), table.max(axis=0)
    fig, ax = new(4.2, 4.4)
    ax.imshow((table - low) / (high - low), cmap="gray", aspect="auto")
    ax.set_xticks(range(table.shape[1]), [str(number) for number in columns])
    ax.set(xlabel="column", ylabel="hour")
    return fig


@dataclass(frozen=True)
class Stage:
    """A stage of LeNet-5 as drawn: `maps` squares of `side` pixels, or single units."""

    part: str
    maps: int
    side: int
    window: int = 0


# LeCun et al. 1998, figure 2. `window`: what one value of the next stage sees.
LENET = (
    Stage("input", 1, 32, window=5),
    Stage("convolution", 6, 28, window=2),
    Stage("subsampling", 6, 14, window=5),
    Stage("convolution", 16, 10, window=2),
    Stage("subsampling", 16, 5),
    Stage("dense", 120, 1),
    Stage("dense", 84, 1),
    Stage("output", 10, 1),
)
FILL = {
    "input": "black",
    "convolution": "#BFE3F7",
    "subsampling": "#F7DFA5",
    "dense": "#BBBBBB",
    "output": "#A8DCCB",
}
MAP_STEP, UNIT_WIDTH, UNIT_HEIGHT, GAP = 1.1, 3.0, 0.4, 10


def four_parts(image: ArrayLike) -> Figure:
    """LeNet-5 (LeCun et al. 1998) from an image (28, 28) to scores, drawn to scale."""
    fig, ax = new(11, 4)
    digit = np.asarray(image).squeeze()
    if digit.shape != (28, 28):
        raise ValueError(f"the picture takes a grey 28 × 28 image, not {digit.shape}")
    digit = np.pad(digit, 2)
    left, last = 0.0, None
    for stage in LENET:
        front = _stage(ax, stage, left)
        if stage.part == "input":
            extent = (front[0], front[0] + 32, front[1], front[1] + 32)
            ax.imshow(digit, cmap="gray", extent=extent, zorder=2)
        if last:
            _window(ax, *last, front, stage)
        last = (front, stage) if stage.window else None
        left = front[0] + (stage.side if stage.side > 1 else UNIT_WIDTH) + GAP
    board(ax, (-2, left - GAP + 3), (-33, 33))
    return fig


def _stage(ax: Axes, stage: Stage, left: float) -> Point:
    """Draw one stage from x = `left` on; return the lower left corner in front."""
    maps = stage.side > 1
    copies, step = (stage.maps, MAP_STEP) if maps else (1, 0.0)
    width = stage.side if maps else UNIT_WIDTH
    height = stage.side if maps else UNIT_HEIGHT * stage.maps
    spread = step * (copies - 1)
    front = (left + spread, -(spread + height) / 2)
    sheets = [FILL[stage.part]] * copies
    stack(ax, front, (width, height), sheets, step=(-step, step))
    size = f"{stage.maps} × {stage.side} × {stage.side}" if maps else f"{stage.maps}"
    middle = left + (width + spread) / 2
    write(ax, (middle, 30), size)
    write(ax, (middle, -30), stage.part, weight="bold")
    return front


def _window(
    ax: Axes,
    corner: Point,
    stage: Stage,
    next_corner: Point,
    next_stage: Stage,
) -> None:
    """What one value of the next stage sees, and that value, joined by two lines."""
    size = stage.window
    step = 1 if size == 5 else 2
    column, row = next_stage.side // 2, next_stage.side * 2 // 3
    x, y = corner[0] + step * column, corner[1] + step * row
    u, v = next_corner[0] + column, next_corner[1] + row
    for place, side in (((x, y), size), ((u, v), 1)):
        frame(ax, place, side, side, colour=RED, thick=pen.LINE)
    sight(ax, (x, y), size, (u, v), 1, colour=RED)
