"""Slide a kernel over an image, by mouse or keyboard, and watch the sum."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import anywidget
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from coursekit import filters, plots
from coursekit.explore.picture import draw

Grid: TypeAlias = traitlets.List[list[float]]
Bundle: TypeAlias = tuple[dict[str, Any], dict[str, Any]]
HERE = Path(__file__).parent
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
    pixels = _checked(image, "image", MAX_IMAGE)
    weights = _checked(kernel, "kernel", MAX_KERNEL)
    if any(k > n for k, n in zip(weights.shape, pixels.shape, strict=True)):
        raise ValueError(
            f"a kernel of {_size(weights)} does not fit in an image of {_size(pixels)}"
        )
    kind = SlideWidget if _has_front_end() else Slide
    return kind(pixels.tolist(), weights.tolist(), row=row, column=column, flip=flip)


class Slide(traitlets.HasTraits):
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

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        fig = draw(self)
        try:
            return dict(plots.bundle(fig, caption=_caption(self), alt=_alt(self))), {}
        finally:
            plt.close(fig)


class SlideWidget(Slide, anywidget.AnyWidget):
    """The same, moved by mouse and keyboard; Python and the page share the position."""

    _esm = HERE / "sliding.mjs"
    _css = HERE / "sliding.css"

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        """The live view, and the picture for viewers that have no live widgets."""
        picture, _metadata = Slide._repr_mimebundle_(self)
        live, metadata = anywidget.AnyWidget._repr_mimebundle_(self) or ({}, {})
        return live | picture, metadata


def _has_front_end() -> bool:
    """Jupyter's server names the session; nbconvert, nbval and plain Python do not."""
    return "JPY_SESSION_NAME" in os.environ


def _checked(values: ArrayLike, name: str, limit: int) -> np.ndarray:
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


def _caption(slide: Slide) -> str:
    kernel = "flipped kernel" if slide.flip else "kernel"
    place = f"row {slide.row}, column {slide.column}"
    return f"The {kernel} lies at {place}: {_written_sum(slide)}."


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


def _alt(slide: Slide) -> str:
    return (
        f"Three grids: an image of {_size(slide.image)} with a frame of "
        f"{_size(slide.kernel)} cells at row {slide.row}, column {slide.column}; the "
        f"kernel{', flipped' if slide.flip else ''}; and the output of "
        f"{_size(slide.output)}, whose cell in that row and column is {slide.sum:.4g}."
    )
