"""The sliding kernel as a picture, for places where nothing can be moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit import plots

if TYPE_CHECKING:
    from coursekit.explore.sliding import Slide

# The widget shows numbers up to the same size.
NUMBERS_UP_TO = 12
WIDTH = 8.5  # inches


def draw(slide: Slide) -> Figure:
    """Image, kernel and output side by side, framed where the kernel lies."""
    image, (kernel, _) = np.array(slide.image), slide.under()
    numbers = max(image.shape) <= NUMBERS_UP_TO
    name = "flipped kernel" if slide.flip else "kernel"
    fig, axes = _three_axes(image, kernel, slide.output, numbers)
    _grid(axes[0], image, "image", numbers, signed=False)
    _grid(axes[1], kernel, name, max(kernel.shape) <= 7, signed=True)
    _grid(axes[2], slide.output, "output", numbers, signed=bool((kernel < 0).any()))
    _settle(fig)
    for ax in axes:
        _fit_numbers(ax)
    if numbers:
        _lay(axes[0], kernel, slide.row, slide.column)
    _frame(axes[0], slide.row, slide.column, *kernel.shape)
    _frame(axes[2], slide.row, slide.column, 1, 1)
    return fig


def _three_axes(
    image: np.ndarray, kernel: np.ndarray, output: np.ndarray, numbers: bool
) -> tuple[Figure, list[Axes]]:
    """Axes for the three grids, all their cells of one size if they hold numbers."""
    columns = sum(grid.shape[1] for grid in (image, kernel, output))
    cell = min(0.45, (WIDTH - 1) / columns) if numbers else 3.2 / max(image.shape)
    small = cell if numbers else 1.3 / kernel.shape[1]
    sizes = (cell, small, cell)
    widths = [
        size * grid.shape[1]
        for size, grid in zip(sizes, (image, kernel, output), strict=True)
    ]
    height = max(cell * image.shape[0], small * kernel.shape[0])
    fig, whole = plots.new(sum(widths) + 1, height + 0.4)
    whole.remove()
    spec = fig.add_gridspec(1, 3, width_ratios=widths)
    return fig, [fig.add_subplot(spec[0, i]) for i in range(3)]


def _grid(
    ax: Axes, values: np.ndarray, title: str, numbers: bool, *, signed: bool
) -> None:
    """Draw a grid in grey, or its positive and negative numbers in two colours."""
    # Twice the largest number: the strongest colours would swallow the digits.
    top = (2 if numbers else 1) * float(np.abs(values).max()) or 1.0
    limits = (-top, top) if signed else (float(values.min()), float(values.max()))
    cmap = "PuOr" if signed else "gray"
    if numbers:
        plots.matrix(ax, np.round(values, 2), title, cmap=cmap, limits=limits)
        return
    ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1])
    ax.set(title=title, xticks=[], yticks=[])


def _settle(fig: Figure) -> None:
    """Lay the axes out once and for all, so that the cells have their size."""
    for ax in fig.axes:
        for text in ax.texts:
            text.set_in_layout(False)
    fig.draw_without_rendering()
    fig.set_layout_engine("none")


def _fit_numbers(ax: Axes) -> None:
    """One size of type for all numbers of a grid, small enough for the longest."""
    longest = max([2, *(len(text.get_text()) for text in ax.texts)])
    size = min(10, 1.4 * _cell(ax) / longest)
    for text in ax.texts:
        text.set_fontsize(size)


def _cell(ax: Axes) -> float:
    """The width of a cell in points."""
    left, right = ax.get_xlim()
    return 72 * ax.bbox.width / ax.figure.dpi / (right - left)


def _lay(ax: Axes, kernel: np.ndarray, row: int, column: int) -> None:
    """Write each weight into the lower edge of the cell that it lies on."""
    size = min(7, 0.25 * _cell(ax))
    for (m, n), weight in np.ndenumerate(kernel):
        ax.text(
            column + n,
            row + m + 0.42,
            f"×{weight:.2g}".replace("-", "−"),
            ha="center",
            va="bottom",
            fontsize=size,
            color="white",
            bbox={"facecolor": _strip(weight), "edgecolor": "none", "pad": 0.8},
        )


def _strip(weight: float) -> str:
    """The two ends of the colour map, dark enough for white digits; grey for zero."""
    if weight == 0:
        return plots.GREY
    return "#5e3c99" if weight > 0 else "#a84300"


def _frame(ax: Axes, row: int, column: int, height: int, width: int) -> None:
    """A frame around the cells, white below green: it shows on any grey."""
    corner = (column - 0.5, row - 0.5)
    for colour, line in (("white", 5.0), (plots.GREEN, 3.0)):
        ax.add_patch(
            Rectangle(corner, width, height, fill=False, edgecolor=colour, lw=line)
        )
