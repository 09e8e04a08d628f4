"""Step through a transposed convolution: each cell stamps the kernel, all add up."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F
import traitlets
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.explore import kit
from coursekit.explore.kit import picture
from coursekit.explore.sliding import checked

Grid: TypeAlias = traitlets.List[list[float]]
MAX_INPUT, MAX_KERNEL, MAX_STRIDE = 6, 5, 4
# What fits beside the input and the kernel, with its numbers.
MAX_OUTPUT = 14


def transposed(
    x: ArrayLike, kernel: ArrayLike, s: int = 1, *, row: int = 0, column: int = 0
) -> Transposed:
    """The stamps of a transposed convolution: live in JupyterLab, else a picture.

    x: (h, w), at most 6×6.  kernel: (m, n), at most 5×5.  s: stride, 1 to 4.
    row, column: the cell of the input whose stamp is the last so far, in reading order.
    The output has s(h-1)+m rows and s(w-1)+n columns, at most 14.

    Raises ValueError for what is no 2-D array of finite numbers or is too large, and
    for a stride or a place outside.
    """
    cells = checked(x, "input", MAX_INPUT)
    weights = checked(kernel, "kernel", MAX_KERNEL)
    if s not in range(1, MAX_STRIDE + 1):
        raise ValueError(f"s is {s}; the stride can be 1 to {MAX_STRIDE} here")
    size = output_size(cells.shape, weights.shape, int(s))
    if max(size) > MAX_OUTPUT:
        raise ValueError(
            f"the output would be {size[0]}×{size[1]}; at most {MAX_OUTPUT}×"
            f"{MAX_OUTPUT} can be shown: take a smaller input, kernel or stride"
        )
    kind = TransposedWidget if kit.has_front_end() else Transposed
    return kind(cells.tolist(), weights.tolist(), int(s), row=row, column=column)


def output_size(
    cells: tuple[int, ...], kernel: tuple[int, ...], s: int
) -> tuple[int, int]:
    """Rows and columns of the output without padding: s(h-1)+m and s(w-1)+n."""
    rows, columns = (s * (n - 1) + k for n, k in zip(cells, kernel, strict=True))
    return rows, columns


class Transposed(kit.Explorer):
    """The stamps so far, shown as a picture.

    `row` and `column` can be set; `input`, `kernel` and `s` are fixed.
    """

    input: Grid = traitlets.List(read_only=True).tag(sync=True)
    kernel: Grid = traitlets.List(read_only=True).tag(sync=True)
    s = traitlets.Int(1, read_only=True).tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)

    def __init__(self, cells: list, kernel: list, s: int, **position: int) -> None:
        """Use `transposed`, which checks its arguments."""
        self.set_trait("input", cells)
        self.set_trait("kernel", kernel)
        self.set_trait("s", s)
        super().__init__(**position)

    @property
    def number(self) -> int:
        """How many cells of the input have been stamped."""
        return self.row * len(self.input[0]) + self.column + 1

    @property
    def output(self) -> np.ndarray:
        """The sum of the stamps so far."""
        return self._stamped(self.number)

    @property
    def before(self) -> np.ndarray:
        """The sum without the last stamp."""
        return self._stamped(self.number - 1)

    def _stamped(self, count: int) -> np.ndarray:
        """The transposed convolution of the first `count` cells, in reading order."""
        cells = np.array(self.input)
        first = np.where(np.arange(cells.size).reshape(cells.shape) < count, cells, 0)
        small, weights = (torch.tensor(part)[None, None] for part in
                          (first, np.array(self.kernel)))  # fmt: skip
        return F.conv_transpose2d(small, weights, stride=self.s)[0, 0].numpy()

    @traitlets.validate("row", "column")
    def _inside(self, proposal: dict[str, Any]) -> int:
        name, place = proposal["trait"].name, proposal["value"]
        count = len(self.input if name == "row" else self.input[0])
        if not 0 <= place < count:
            raise ValueError(
                f"{name} {place} is outside: the input has {name} 0 to {count - 1}"
            )
        return place

    @property
    def caption(self) -> str:
        """The last stamp, and where it is added."""
        (m, n), total = np.shape(self.kernel), np.size(self.input)
        top, left = self.s * self.row, self.s * self.column
        value = f"{self.input[self.row][self.column]:.4g}".replace("-", "−")
        return (
            f"Stamp {self.number} of {total}: input[{self.row}, {self.column}] = "
            f"{value} times the kernel, added to the output in "
            f"{span('row', top, m)} and {span('column', left, n)}."
        )

    @property
    def alt(self) -> str:
        """The three grids in words."""
        shapes = ("×".join(map(str, np.shape(grid))) for grid in
                  (self.input, self.kernel, self.output))  # fmt: skip
        cells, kernel, output = shapes
        rows = "; ".join(
            ", ".join(f"{value:.4g}" for value in line) for line in self.output
        )
        return (
            f"Three grids: an input of {cells} with a frame around row {self.row}, "
            f"column {self.column}; a kernel of {kernel}; the output of {output} at "
            f"stride {self.s} with a frame around the last stamp. Its rows so far: "
            f"{rows}."
        )

    def draw(self) -> Figure:
        """Input, kernel and output side by side, framed where the last stamp lies."""
        grids = {
            "input": np.array(self.input),
            "kernel": np.array(self.kernel),
            "output so far": self.output,
        }
        fig, axes = picture.side_by_side(grids)
        place = (self.s * self.row, self.s * self.column)
        picture.frame(axes[0], self.row, self.column, 1, 1)
        picture.frame(axes[2], *place, *grids["kernel"].shape)
        return fig


def span(what: str, first: int, count: int) -> str:
    """Rows or columns in words: "row 3", "rows 2 to 4"."""
    return (
        f"{what} {first}" if count == 1 else f"{what}s {first} to {first + count - 1}"
    )


class TransposedWidget(kit.Live, Transposed):
    """The same, stepped through on the page; Python and the page share the position."""

    _esm = kit.script("stamps")
    _css = kit.style("stamps")
