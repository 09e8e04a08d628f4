"""Slide a kernel over an image, by mouse or keyboard, and watch the sum."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit import filters, plots
from coursekit.explore import kit
from coursekit.explore.kit import picture

Grid: TypeAlias = traitlets.List[list[float]]
# More cells than this and neither the page nor the reader keeps up.
MAX_IMAGE = 256
MAX_KERNEL = 11
# A longer sum is shortened in the caption.
MAX_TERMS = 9


def slide_kernel(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    row: int = 0,
    column: int = 0,
    flip: bool = False,
) -> Slide:
    """A kernel to slide over an image: interactive in JupyterLab, else a picture.

    image: (h, w), at most 256×256; up to 12×12 it is shown with its numbers.
    kernel: (m, n), at most 11×11 and no larger than the image.
    row, column: where the kernel's first cell lies, counted from 0.
    flip: reverse both axes of the kernel first, which makes it a true convolution.

    Raises ValueError if either is not a 2-D array of finite numbers, is too large, or
    if the kernel does not fit at (row, column).
    """
    pixels = checked(image, "image", MAX_IMAGE)
    weights = checked(kernel, "kernel", MAX_KERNEL)
    if any(k > n for k, n in zip(weights.shape, pixels.shape, strict=True)):
        raise ValueError(
            f"a kernel of {_size(weights)} does not fit in an image of {_size(pixels)}"
        )
    kind = SlideWidget if kit.has_front_end() else Slide
    return kind(pixels.tolist(), weights.tolist(), row=row, column=column, flip=flip)


class Slide(kit.Explorer):
    """A kernel lying on an image, shown as a picture.

    `row`, `column` and `flip` can be set; `image` and `kernel` are fixed.
    """

    image: Grid = traitlets.List(read_only=True).tag(sync=True)
    kernel: Grid = traitlets.List(read_only=True).tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)

    def __init__(self, image: list, kernel: list, **position: int) -> None:
        """Use `slide_kernel`, which checks its arguments."""
        self.set_trait("image", image)
        self.set_trait("kernel", kernel)
        super().__init__(**position)

    @cached_property
    def _outputs(self) -> dict[bool, np.ndarray]:
        """The output without and with the flip."""
        return {
            False: filters.correlate2d(self.image, self.kernel),
            True: filters.convolve2d(self.image, self.kernel),
        }

    @property
    def output(self) -> np.ndarray:
        """The sum at every place where the kernel fits, (h-m+1, w-n+1)."""
        return self._outputs[self.flip]

    @property
    def sum(self) -> float:
        """The sum at the kernel's present place."""
        return float(self.output[self.row, self.column])

    def under(self) -> tuple[np.ndarray, np.ndarray]:
        """The weights as they lie, and the pixels below them: (m, n) and (m, n)."""
        weights, image = np.array(self.kernel), np.array(self.image)
        if self.flip:
            weights = weights[::-1, ::-1]
        rows, columns = weights.shape
        window = (
            slice(self.row, self.row + rows),
            slice(self.column, self.column + columns),
        )
        return weights, image[window]

    @traitlets.validate("row", "column")
    def _inside(self, proposal: dict[str, Any]) -> int:
        name, place = proposal["trait"].name, proposal["value"]
        count = self.output.shape[0 if name == "row" else 1]
        if not 0 <= place < count:
            raise ValueError(
                f"{name} {place} is outside: the kernel fits at {name} 0 to {count - 1}"
            )
        return place

    @property
    def caption(self) -> str:
        """Where the kernel lies, and the sum written out."""
        kernel = "flipped kernel" if self.flip else "kernel"
        place = f"row {self.row}, column {self.column}"
        return f"The {kernel} lies at {place}: {_written_sum(self)}."

    @property
    def alt(self) -> str:
        """The three grids in words."""
        place = f"row {self.row}, column {self.column}"
        return (
            f"Three grids: an image of {_size(self.image)} with a frame of "
            f"{_size(self.kernel)} cells at {place}; the "
            f"kernel{', flipped' if self.flip else ''}; and the output of "
            f"{_size(self.output)}, whose cell in that row and column is "
            f"{self.sum:.4g}."
        )

    def draw(self) -> Figure:
        """Image, kernel and output side by side, framed where the kernel lies."""
        image, (kernel, _) = np.array(self.image), self.under()
        numbers = max(image.shape) <= picture.NUMBERS_UP_TO
        fig, axes = _three_axes(image, kernel, self.output, numbers)
        _three_grids(axes, image, kernel, self)
        picture.settle(fig)
        for ax in axes:
            picture.fit_numbers(ax)
        if numbers:
            picture.lay(axes[0], kernel, self.row, self.column)
        picture.frame(axes[0], self.row, self.column, *kernel.shape)
        picture.frame(axes[2], self.row, self.column, 1, 1)
        return fig


class SlideWidget(kit.Live, Slide):
    """The same, moved by mouse and keyboard; Python and the page share the position."""

    _esm = kit.script("sliding")
    _css = kit.style("sliding")


def _three_axes(
    image: np.ndarray, kernel: np.ndarray, output: np.ndarray, numbers: bool
) -> tuple[Figure, list[Axes]]:
    """Axes for the three grids, all their cells of one size if they hold numbers."""
    columns = sum(grid.shape[1] for grid in (image, kernel, output))
    cell = (
        min(0.45, (picture.WIDTH - 1) / columns) if numbers else 3.2 / max(image.shape)
    )
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


def _three_grids(
    axes: list[Axes], image: np.ndarray, kernel: np.ndarray, slide: Slide
) -> None:
    """The numbers of image, kernel and output; signed where there are signs."""
    numbers = max(image.shape) <= picture.NUMBERS_UP_TO
    name = "flipped kernel" if slide.flip else "kernel"
    signed = bool((kernel < 0).any())
    picture.grid(axes[0], image, "image", numbers, signed=False)
    picture.grid(axes[1], kernel, name, max(kernel.shape) <= 7, signed=True)
    picture.grid(axes[2], slide.output, "output", numbers, signed=signed)


def checked(values: ArrayLike, name: str, limit: int) -> np.ndarray:
    """`values` as a 2-D float array of finite numbers, or a ValueError."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"the {name} must be numbers in rows of equal length"
        ) from None
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"the {name} must be 2-D, rows and columns; this has shape {array.shape}"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"the {name} holds NaN or infinity; replace them by numbers")
    if max(array.shape) > limit:
        raise ValueError(
            f"the {name} is {_size(array)}; at most {limit}×{limit} can be shown: "
            f"pass a part of it, such as {name}[:{limit}, :{limit}]"
        )
    return array


def _size(values: ArrayLike) -> str:
    return "×".join(map(str, np.shape(values)))


def _written_sum(slide: Slide) -> str:
    """The sum term by term, "1·10 + (−1)·0 + … = 30"; a long one shortened."""
    weights, pixels = slide.under()
    terms = [
        f"{_number(weight)}·{_number(pixel)}"
        for weight, pixel in zip(weights.flat, pixels.flat, strict=True)
    ]
    if len(terms) > MAX_TERMS:
        terms = [*terms[:3], "…", terms[-1]]
    return f"{' + '.join(terms)} = {slide.sum:.4g}".replace("-", "−")


def _number(value: float) -> str:
    return f"({value:.3g})" if value < 0 else f"{value:.3g}"
