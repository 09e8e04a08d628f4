"""Figures of going backwards: stamps, the matrix and its transpose, sizes, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit.plots import pen
from coursekit.plots.core import ORANGE, PALE, SKY, matrix, new
from coursekit.plots.parts import board, cells, frame_cells, units, wire, write

# A colour for each output, light enough for black numbers.
STAMPS = ("#9FC8E6", "#F4CE85", "#9ADBC4", "#E7BFD3")
# The rows of a kernel.
KERNEL_ROWS = (SKY, ORANGE, "#7FCDB4", "#D9A6C4")


def blame(w: np.ndarray, delta: np.ndarray, n: int, s: int = 1) -> Figure:
    """The stamps of each output's gradient on a row of `n` pixels, and their sum.

    w: kernel (k,); delta: (o,), the gradient for each output; s: stride
    """
    o, k = len(delta), len(w)
    fig, ax = new(0.62 * n + 2.2, 0.5 * (o + 3.2))
    total, read = np.zeros(n), np.zeros(n, dtype=bool)
    for i, value in enumerate(delta):
        window = slice(s * i, s * i + k)
        total[window] += value * w
        read[window] = True
        top = 1.15 * (o - i) + 1.6
        cells(ax, value * w + 0.0, s * i, top, STAMPS[i % 4])
        name = f"$\\delta_{i}\\,w$ = {value:g} · $w$".replace("-", "−")
        write(ax, (-0.3, top - 0.5), name, ha="right")
    cells(ax, total, 0, 1.2, [("white" if seen else PALE) for seen in read])
    write(ax, (-0.3, 0.7), "sum: $\\partial\\mathcal{L}/\\partial x$", ha="right")
    for j in range(n):
        write(ax, (j + 0.5, -0.2), f"$x_{j}$")
    board(ax, (-3.4, n + 0.1), (-0.6, 1.15 * o + 1.7))
    return fig


def two_matrices(kernel: tuple[int, int], image: tuple[int, int]) -> Figure:
    """The matrix of a convolution and its transpose, with letters for the weights.

    kernel: (kh, kw); image: (h, w); at most ten rows and columns of the kernel
    """
    words, faces = _lettered(kernel, image)
    rows, columns = words.shape
    width, height = columns + rows + 2, columns
    fig, ax = new(0.46 * width, 0.46 * height * 0.62)
    board(ax, (-0.2, width + 0.2), (-0.2, height + 1.4))
    ax.set_aspect("auto")
    middle = (height + rows) / 2  # C lies at half the height of its transpose
    cells(ax, words, 0.0, middle, faces)
    cells(ax, words.T, columns + 2.0, height, faces.T)
    write(ax, (columns / 2, middle + 0.7), "C")
    write(ax, (columns + 2 + rows / 2, height + 0.7), "Cᵀ")
    return fig


def folded(
    kernel: tuple[int, int], image: tuple[int, int], pixel: tuple[int, int]
) -> Figure:
    """The rows of the matrix folded to images, and a pixel's column to an output."""
    words, faces = _lettered(kernel, image)
    (h, w), rows = image, len(words)
    output = (h - kernel[0] + 1, w - kernel[1] + 1)
    fig, ax = new(0.46 * rows * (w + 1), 0.46 * (h + output[0] + 1.9))
    for i, (letters, colours) in enumerate(zip(words, faces, strict=True)):
        left, top = i * (w + 1.0), output[0] + h + 0.9
        cells(ax, letters.reshape(h, w), left, top, colours.reshape(h, w))
        frame_cells(ax, (left, top), pixel, (1, 1))
        place = f"row {i}: output ({i // output[1]}, {i % output[1]})"
        write(ax, (left + w / 2, top + 0.45), place)
    column = np.ravel_multi_index(pixel, image)
    seen = (part[:, column].reshape(output) for part in (words, faces))
    left = (rows * (w + 1) - 1 - output[1]) / 2
    cells(ax, next(seen), left, output[0], next(seen))
    name = f"column of pixel {pixel}:"
    write(ax, (left - 0.3, output[0] / 2), name, ha="right")
    board(ax, (-0.2, rows * (w + 1.0) - 0.8), (-0.2, output[0] + h + 1.8))
    return fig


def _lettered(
    kernel: tuple[int, int], image: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Texts and colours of the matrix's cells, both (places, pixels)."""
    (kh, kw), (h, w) = kernel, image
    places = (h - kh + 1, w - kw + 1)
    words = np.full((*places, h, w), "", dtype="<U8")
    faces = np.full(words.shape, "white", dtype="<U8")
    for row, column, m, n in np.ndindex(*places, kh, kw):
        at = (row, column, row + m, column + n)
        words[at], faces[at] = f"w{m}{n}", KERNEL_ROWS[m % 4]
    flat = (places[0] * places[1], h * w)
    return words.reshape(flat), faces.reshape(flat)


def grids(tables: Mapping[str, np.ndarray]) -> Figure:
    """Small matrices side by side under their names, with cells of one size.

    In each, black is 0 and white its largest number.
    """
    columns = [grid.shape[1] for grid in tables.values()]
    rows = max(grid.shape[0] for grid in tables.values())
    cell = min(0.45, 9 / (sum(columns) + len(columns)))
    fig, whole = new(cell * (sum(columns) + len(columns)), cell * rows + 0.5)
    whole.remove()
    spec = fig.add_gridspec(1, len(columns), width_ratios=columns)
    for i, (name, grid) in enumerate(tables.items()):
        top = max(1.0, float(grid.max()))
        matrix(fig.add_subplot(spec[0, i]), grid, name, limits=(0, top))
    return fig


def stuffed(x: np.ndarray, kernel: np.ndarray, s: int) -> Figure:
    """A map stuffed with zeros and padded, the turned kernel, and the full output.

    x: (h, w); kernel: (kh, kw); s: stride.  Frames show the kernel's first place.
    """
    (h, w), (kh, kw) = x.shape, kernel.shape
    padded = np.zeros((s * (h - 1) + 2 * kh - 1, s * (w - 1) + 2 * kw - 1))
    inside = np.s_[kh - 1 : padded.shape[0] - kh + 1, kw - 1 : padded.shape[1] - kw + 1]
    faces = np.full(padded.shape, PALE, dtype="<U8")
    faces[inside] = "white"
    padded[inside][::s, ::s], faces[inside][::s, ::s] = x, SKY
    output = _stamped(x, kernel, s)
    high = padded.shape[0]
    fig, ax = new(
        0.42 * (padded.shape[1] + kw + output.shape[1] + 4), 0.42 * high + 0.5
    )
    left, tops = 0.0, {"zeros between and around": (padded, faces)}
    tops["turned kernel"] = (kernel[::-1, ::-1], np.full(kernel.shape, STAMPS[1]))
    tops["output"] = (output, np.full(output.shape, "white"))
    for name, (values, colours) in tops.items():
        top = (high + values.shape[0]) / 2
        cells(ax, values, left, top, colours)
        write(ax, (left + values.shape[1] / 2, top + 0.5), name)
        first = {"output": (1, 1), "turned kernel": (0, 0)}.get(name, kernel.shape)
        if name != "turned kernel":
            frame_cells(ax, (left, top), (0, 0), first)
        left += values.shape[1] + 1.5
    board(ax, (-0.2, left - 1.2), (-0.2, high + 1))
    return fig


def _stamped(x: np.ndarray, kernel: np.ndarray, s: int) -> np.ndarray:
    """The transposed convolution, full."""
    small, weights = (torch.tensor(part)[None, None] for part in (x, kernel))
    return F.conv_transpose2d(small, weights, stride=s)[0, 0].numpy()


def funnel(sizes: Iterable[int], k: int, s: int) -> Figure:
    """Which sizes a convolution without padding shrinks to which, and the way back.

    Solid lines lead to the size that the transposed convolution returns by itself,
    dashed ones to those that need `output_padding`.
    """
    before = list(sizes)
    after = {n: (n - k) // s + 1 for n in before}
    fig, ax = new(5.2, 0.42 * len(before) + 0.7)
    outs = sorted(set(after.values()))
    middle = {o: float(np.mean([-n for n in before if after[n] == o])) for o in outs}
    for n, o in after.items():
        left_over = (n - k) % s
        line = "--" if left_over else "-"
        wire(ax, (0, -n), (4, middle[o]), line=line, thick=pen.LINE, colour="black")
        note = f"a = {left_over}"
        write(ax, (-0.75, -n), note, ha="right")
    units(ax, [(0, -n) for n in before], STAMPS[0])
    units(ax, [(4, middle[o]) for o in outs], STAMPS[1])
    _number(ax, {n: (0.0, -float(n)) for n in before})
    _number(ax, {o: (4.0, middle[o]) for o in outs})
    write(ax, (0, 0.95 - before[0]), "size n")
    write(ax, (4, 0.95 - before[0]), "output o")
    board(ax, (-2.2, 5.2), (-before[-1] - 0.6, 1.4 - before[0]))
    ax.set_aspect("auto")
    return fig


def _number(ax: Axes, places: Mapping[int, tuple[float, float]]) -> None:
    """Numbers on the units."""
    for number, place in places.items():
        write(ax, place, str(number), zorder=4)
