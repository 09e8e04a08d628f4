"""Figures of layers: channels, stacked maps, dimensions, im2col, activations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    channels_last,
    matrix,
    new,
)
from coursekit.plots.parts import (
    SHEETS,
    arrow,
    board,
    box,
    cells,
    frame,
    frame_cells,
    sight,
    stack,
    units,
    wire,
)

# Line and colour together, so that the curves differ on a black-and-white print too.
LINES: list[dict[str, Any]] = [
    {"color": BLUE, "linestyle": "-"},
    {"color": RED, "linestyle": "--"},
    {"color": GREEN, "linestyle": "-."},
]


def planes(image: ArrayLike, names: Sequence[str] = ("red", "green", "blue")) -> Figure:
    """A colour image (3, h, w) beside its three channels, each drawn in grey."""
    pixels = np.asarray(image)
    fig, axes = new(9, 2.45, 1, 1 + len(pixels))
    axes[0].imshow(channels_last(pixels))
    axes[0].set_title("the photograph")
    for ax, plane, name in zip(axes[1:], pixels, names, strict=True):
        ax.imshow(plane, cmap="gray", vmin=0, vmax=255 if plane.max() > 1 else 1)
        ax.set_title(f"its {name} channel")
    for ax in axes:
        ax.set_axis_off()
    return fig


def channel_sum(
    x: ArrayLike, kernel: ArrayLike, hidden: tuple[int, int] | None = None
) -> Figure:
    """How one kernel (L, M, N) looks at L channels (L, H, W): L products, one sum.

    A row per channel; the window at the kernel's first place is framed.  hidden: the
    place of the outputs where question marks stand instead of numbers.
    """
    image, weights = np.asarray(x, dtype=float), np.asarray(kernel, dtype=float)
    parts = _per_channel(image, weights)
    if hidden is not None:
        parts[:, *hidden] = np.nan
    fig, ax = new(8.5, 5.4)
    for row, name in enumerate(("red", "green", "blue")[: len(image)]):
        top, face = -3.7 * row, SHEETS[row]
        ax.text(-0.4, top - 1.5, name, ha="right", va="center")
        cells(ax, image[row], 0, top, face)
        frame_cells(ax, (0, top), (0, 0), weights.shape[1:])
        ax.text(3.9, top - 1.5, "⋆", ha="center", va="center", fontsize=22)
        cells(ax, weights[row], 4.8, top - 0.5)
        ax.text(7.7, top - 1.5, "=", ha="center", va="center", fontsize=pen.SIGN)
        cells(ax, parts[row], 8.6, top - 0.5, face)
        frame_cells(ax, (8.6, top - 0.5), (0, 0), (1, 1))
        arrow(ax, (10.9, top - 1.5), (13.3, -3.7 * (1 + 0.12 * (row - 1)) - 1.5))
    middle = -3.7 * (len(image) - 1) / 2 - 0.5
    cells(ax, parts.sum(axis=0), 13.6, middle)
    frame_cells(ax, (13.6, middle), (0, 0), (1, 1))
    headings = ((1.5, "image V"), (5.8, "kernel K"), (9.6, "each channel's answer"))
    for across, heading in headings:
        ax.text(across, 0.5, heading, ha="center", fontsize=pen.TITLE)
    ax.text(14.6, middle + 0.5, "their sum", ha="center", fontsize=pen.TITLE)
    board(ax, (-2.2, 16), (-11.2, 1.3))
    return fig


def _per_channel(image: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Each slice of the kernel slid over its own channel: (L, H-M+1, W-N+1)."""
    x, w = torch.from_numpy(image.copy()), torch.from_numpy(weights.copy())
    return F.conv2d(x[None], w[:, None], groups=len(x))[0].numpy()


def layer(kernels: int = 4, channels: int = 3) -> Figure:
    """Sketch of a layer: a stack of channels, some kernels, a stack of as many maps."""
    fig, ax = new(8.5, 3.6)
    stack(ax, (0, 1.2), 2.6, SHEETS[:channels])
    arrow(ax, (3.5, 2.6), (4.3, 2.6))
    for i in range(kernels):
        y = 4.1 - 1.25 * i
        stack(ax, (5.1, y), 0.6, SHEETS[:channels], step=(0.12, 0.12))
        ax.text(4.95, y + 0.3, f"$K^{i}$", ha="right", va="center", fontsize=pen.TITLE)
        ax.text(6.1, y + 0.3, f"$+\\,b^{i}$,  $g$", va="center", fontsize=pen.TITLE)
        arrow(ax, (7.4, y + 0.3), (7.9, y + 0.3))
        stack(ax, (8.05, y - 0.05), 0.75, ["white"])
        ax.text(
            8.42, y + 0.31, f"$Z^{i}$", ha="center", va="center", fontsize=pen.TITLE
        )
    arrow(ax, (9.1, 2.6), (9.9, 2.6))
    stack(ax, (10.2, 1.2), 2.3, ["white"] * kernels, step=(0.3, 0.3))
    labels = (
        (1.6, 0.8, f"{channels} channels"),
        (6.6, 5.7, f"{kernels} kernels of {channels} slices, {kernels} maps"),
        (11.7, 0.8, f"the maps stacked:\n{kernels} channels for the next layer"),
    )
    for x, y, text in labels:
        ax.text(x, y, text, ha="center", va="top", fontsize=pen.TEXT)
    board(ax, (-0.2, 14.2), (-0.3, 5.8))
    return fig


def pointwise(inputs: int = 3, outputs: int = 4) -> Figure:
    """Sketch of a 1×1 convolution: a small dense layer at every pixel."""
    fig, ax = new(8.5, 2.9)
    stack(ax, (0, 0.3), 2.4, SHEETS[:inputs])
    stack(ax, (8.6, 0.3), 2.4, ["white"] * outputs)
    stack(ax, (1.2, 2.4), 0.3, ["black"] * inputs)
    stack(ax, (9.5, 2.4), 0.3, ["black"] * outputs)
    before = [(4.6, 0.9 + 0.95 * i) for i in range(inputs)]
    after = [(6.9, 0.5 + 0.9 * i) for i in range(outputs)]
    for start in before:
        for end in after:
            wire(ax, start, end)
    units(ax, before, SHEETS[:inputs])
    units(ax, after)
    for i, (x, y) in enumerate(before):
        arrow(ax, (1.5 + 0.3 * i, 2.55 + 0.3 * i), (x - 0.2, y))
    for i, (x, y) in enumerate(after):
        arrow(ax, (x + 0.2, y), (9.5 + 0.3 * i, 2.55 + 0.3 * i))
    ax.text(5.65, 3.75, "one dense layer, the same at every pixel", ha="center")
    board(ax, (-0.2, 12.2), (0, 4.1))
    return fig


def directions() -> Figure:
    """A window on a row, on a picture and in a block, and the ways it can move."""
    fig, ax = new(9, 2.9)
    box(ax, (0, 2), 9, 1)
    box(ax, (2, 2), 3, 1, face=ORANGE)
    arrow(ax, (5.1, 2.5), (7.2, 2.5))
    box(ax, (11, 0), 8, 5.5)
    box(ax, (12, 1), 2.5, 2.5, face=ORANGE)
    arrow(ax, (14.6, 2.2), (16.7, 2.2))
    arrow(ax, (13.2, 3.6), (13.2, 5.2))
    box(ax, (21, -0.5), 6.5, 4.6, depth=2.4)
    box(ax, (22.6, 0.6), 1.9, 1.6, depth=0.9, face=ORANGE)
    arrow(ax, (25.2, 1.6), (27, 1.6))
    arrow(ax, (24, 3.1), (24, 4.6))
    arrow(ax, (25, 2.7), (26.1, 3.8))
    names = ((4.5, "text, sound"), (15, "image"), (25.3, "video, medical volume"))
    for dimensions, (x, name) in enumerate(names, start=1):
        ax.text(x, 7.4, f"{dimensions}-D: {name}", ha="center", fontsize=pen.TITLE)
    board(ax, (-0.3, 30.5), (-0.8, 8.4))
    return fig


def sentence(
    words: Sequence[str],
    vectors: ArrayLike,
    features: Sequence[str],
    answers: ArrayLike,
    width: int,
) -> Figure:
    """Word vectors (features, n) as a table, above a filter's answers (n-width+1,).

    Each answer stands under the first of the `width` words that it read.
    """
    table, heights = np.asarray(vectors), np.asarray(answers)
    fig, axes = new(8.5, 3.4, 2, 1)
    matrix(axes[0], table, cmap="Greys", limits=(0, 2.5))
    axes[0].set_yticks(range(len(features)), features)
    axes[0].set_xticks(range(len(words)), words)
    axes[0].tick_params(labeltop=True, labelbottom=False, length=0)
    axes[0].grid(False)
    axes[0].set_aspect("auto")
    best = int(heights.argmax())
    frame(axes[0], (best - 0.5, -0.5), width, len(features))
    axes[1].bar(range(len(heights)), heights, color=BLUE, width=0.6)
    pairs = [" ".join(words[i : i + width]) for i in range(len(heights))]
    axes[1].set_xticks(range(len(heights)), pairs, fontsize=pen.SMALL)
    axes[1].set(xlim=(-0.5, len(words) - 0.5), ylabel="answer")
    return fig


def sound(
    time: ArrayLike, wave: ArrayLike, maps: ArrayLike, names: Sequence[str]
) -> Figure:
    """A wave (n,) over time in seconds, above the maps (I, m) that filters made of it.

    A map is drawn at the middle of the stretch that the filter saw.
    """
    seconds, heights = np.asarray(time), np.asarray(maps)
    lost = len(seconds) - heights.shape[1]
    middle = seconds[lost // 2 : lost // 2 + heights.shape[1]]
    fig, axes = new(8.5, 4.2, 1 + len(heights), 1)
    axes[0].plot(seconds, wave, color=GREY, linewidth=pen.HAIR)
    axes[0].set_ylabel("sound", rotation=0, ha="right", va="center")
    for ax, line, name in zip(axes[1:], heights, names, strict=True):
        ax.fill_between(middle, line, color=BLUE, linewidth=0)
        ax.set_ylim(0, 1.1 * float(heights.max()))
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
    for ax in axes:
        ax.set(xlim=(seconds[0], seconds[-1]), yticks=[])
    for ax in axes[:-1]:
        ax.set_xticks([])
    axes[-1].set_xlabel("seconds")
    return fig


def video(
    clip: ArrayLike, kernel: ArrayLike, answer: ArrayLike, frames: Sequence[int]
) -> Figure:
    """Some frames of a clip (T, H, W), a kernel (frames, columns) and its answer."""
    film, seen = np.asarray(clip), np.asarray(answer)
    fig, axes = new(8.5, 3.7, 2, 1 + len(frames))
    matrix(axes[0, 0], kernel, "kernel", cmap="PuOr", limits=(-2, 2))
    axes[0, 0].set(xlabel="column", ylabel="frame")
    axes[1, 0].set_axis_off()
    for i, when in enumerate(frames, start=1):
        axes[0, i].imshow(film[when], cmap="gray", vmin=0, vmax=1)
        axes[0, i].set_title(f"frame {when}", fontsize=pen.TEXT)
        axes[1, i].imshow(seen[when], cmap="gray", vmin=0, vmax=float(seen.max()))
        axes[1, i].set_title(f"answer {when}", fontsize=pen.TEXT)
        for ax in axes[:, i]:
            ax.set(xticks=[], yticks=[])
    return fig


def volume(
    block: ArrayLike, slice_answer: ArrayLike, block_answer: ArrayLike
) -> Figure:
    """A block (D, H, W) cut twice, and two answers to its middle slice, side by side.

    slice_answer: the middle slice's map of a 2-D kernel; block_answer: a 3-D kernel's.
    """
    body = np.asarray(block)
    centre = len(body) // 2
    row = int(np.argmax(body[centre].sum(axis=1)))
    cuts = (body[centre], body[:, row])
    fig, axes = new(9, 2.2, 1, 4)
    for ax, picture in zip(axes[:2], cuts, strict=True):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1)
    for ax, picture in zip(axes[2:], (slice_answer, block_answer), strict=True):
        ax.imshow(np.asarray(picture), cmap="gray", vmin=0, vmax=0.6)
    axes[0].axhline(row, color="white", linestyle=":", linewidth=pen.THIN)
    axes[1].axhline(centre, color="white", linestyle=":", linewidth=pen.THIN)
    titles = ("one slice", "side view", "2-D kernel's answer", "3-D kernel's answer")
    for ax, title in zip(axes, titles, strict=True):
        ax.set(xticks=[], yticks=[], title=title)
    axes[1].set_ylabel("slices")
    return fig


def patches_to_columns(image: ArrayLike, kernel: ArrayLike) -> Figure:
    """A small image (h, w), its patches as columns, and the one product with a kernel.

    Two patches are framed, one solid and one dashed, wherever they appear.
    """
    x, w = np.asarray(image, dtype=float), np.asarray(kernel, dtype=float)
    columns = F.unfold(torch.from_numpy(x)[None, None], w.shape)[0].numpy()
    rows_out, columns_out = (n - k + 1 for n, k in zip(x.shape, w.shape, strict=True))
    answers = w.reshape(1, -1) @ columns
    fig, ax = new(9.5, 3.5)
    folded = answers.reshape(rows_out, columns_out)
    origins = ((0, 0), (12, -3), (20, -4.6), (21.5, -0.5))
    cells(ax, w, 1, -4.6, SHEETS[3])
    cells(ax, w.reshape(1, -1), 6, -4.6, SHEETS[3])
    for values, origin, face in zip(
        (x, columns, answers, folded),
        origins,
        ("white", "white", SHEETS[2], SHEETS[2]),
        strict=True,
    ):
        cells(ax, values, *origin, face)
    for line, column in (("-", 0), ("--", columns_out + 1)):
        place = divmod(column, columns_out)
        places = (place, (0, column), (0, column), place)
        shapes = (w.shape, (w.size, 1), (1, 1), (1, 1))
        for origin, spot, shape in zip(origins, places, shapes, strict=True):
            frame_cells(ax, origin, spot, shape, line)
    _label_patches(ax)
    board(ax, (-0.3, 26.3), (-8.2, 1.2))
    return fig


def _label_patches(ax: Axes) -> None:
    """The words and arrows of `patches_to_columns`."""
    arrow(ax, (4.3, -1.5), (12.4, -2.8))
    arrow(ax, (3.3, -5.3), (5.8, -5.1))
    arrow(ax, (23, -4.4), (23, -2.7))
    for x, sign in ((11, "×"), (19, "=")):
        ax.text(x, -5.1, sign, ha="center", va="center", fontsize=pen.SIGN)
    labels = (
        (2, 0.3, "image"),
        (2, -7.5, "kernel"),
        (8, -6.5, "kernel as a row"),
        (15, -7.9, "every patch a column"),
        (23, -6.5, "one product"),
        (23, -0.2, "folded back"),
    )
    for x, y, text in labels:
        ax.text(x, y, text, ha="center")


def neurons(maps: int = 6) -> Figure:
    """Sketch of LeNet's first layer: two neurons of one map, and what they see."""
    fig, ax = new(8.5, 3.6)
    stack(ax, (0, 2), 32, ["white"])
    stack(ax, (62, 0), 28, ["white"] * maps, step=(2, 2))
    for (x, y), (across, up) in (((5, 23), (69, 19)), ((20, 7), (82, 5))):
        box(ax, (x, y), 5, 5, face=ORANGE)
        sight(ax, (x, y), 5, (across, up))
        units(ax, [(across, up)], BLUE, size=60)
    ax.text(16, 0.5, "image, 32 × 32", ha="center", va="top")
    ax.text(81, -1.5, f"{maps} maps, ? × ? each", ha="center", va="top")
    ax.text(46, 29, "weights and bias", ha="center")
    ax.text(46, 4.5, "the same ones", ha="center", va="top")
    board(ax, (-1, 102), (-6, 40))
    return fig


def derivatives(x: ArrayLike, depth: int = 10) -> Figure:
    """Derivatives of sigmoid, tanh and ReLU over `x` (n,), and their powers at x = 1.

    The powers are the factor that a gradient keeps after passing 1 .. depth layers.
    """
    fig, (left, right) = new(9, 3.1, 1, 2)
    layers = np.arange(1, depth + 1)
    functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "ReLU": torch.relu}
    for (name, g), line in zip(functions.items(), LINES, strict=True):
        left.plot(x, slope(g, x), label=name, **line)
        factor = slope(g, [1.0])[0] ** layers
        right.semilogy(layers, factor, marker="o", markersize=3, label=name, **line)
    left.set(xlabel="x", title="derivative g′(x)")
    right.set(xlabel="layers passed", title="g′(1) multiplied once a layer")
    left.legend(frameon=False)
    right.legend(frameon=False)
    return fig


def slope(g: Any, x: ArrayLike) -> np.ndarray:  # noqa: ANN401
    """The derivative of a torch function at every point of `x` (n,), by autograd."""
    points = torch.tensor(np.asarray(x), dtype=torch.float64, requires_grad=True)
    g(points).sum().backward()
    assert points.grad is not None
    return points.grad.numpy()
