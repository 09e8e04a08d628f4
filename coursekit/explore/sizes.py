"""Turn the numbers of a convolution and see where its kernel stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.explore import kit
from coursekit.explore.kit import picture

# The first and the last number of each slider: what can be drawn and read.
LIMITS = {"n": (1, 24), "k": (1, 11), "p": (0, 6), "s": (1, 6), "dilation": (1, 4)}
# More stops than this and only the one shown has its number.
STOPS_WITH_NUMBER = 12
LEFT = 0.4  # inches left of the grids


def output_size(
    n: int = 7,
    k: int = 3,
    p: int = 1,
    s: int = 2,
    dilation: int = 1,
    *,
    row: int = 0,
    column: int = 0,
) -> Sizes:
    """Sliders for the size of a convolution's output, with the grids they describe.

    n: cells along one side of the input, 1 to 24.  k: weights along one side of the
    kernel, 1 to 11.  p: padding on each side, 0 to 6.  s: stride, 1 to 6.
    dilation: 1 to 4; neighbouring weights lie that many cells apart.
    row, column: the stop that is shown, counted from 0.

    Interactive in JupyterLab, else a picture.  A kernel that does not fit is shown, and
    said, to have no output.  Raises ValueError for numbers outside these limits.
    """
    numbers = {"n": n, "k": k, "p": p, "s": s, "dilation": dilation}
    numbers = {name: _drawable(name, value) for name, value in numbers.items()}
    place = {"row": kit.whole("row", row), "column": kit.whole("column", column)}
    kind = SizesWidget if kit.has_front_end() else Sizes
    return kind(**numbers, **place)


# ---- The arithmetic; sizes.mjs has the same, and the tests compare them ----


@dataclass(frozen=True)
class Row:
    """A kernel on a row of `n` cells with `p` more on each side.

    Its `k` weights lie `dilation` cells apart, and it moves by `s` cells. Places count
    from 0 at the first cell of the padding.
    """

    n: int
    k: int
    p: int
    s: int
    dilation: int

    @property
    def padded(self) -> int:
        """The cells of the row with its padding."""
        return self.n + 2 * self.p

    @property
    def reach(self) -> int:
        """The cells from the first weight to the last, both included."""
        return self.dilation * (self.k - 1) + 1

    @property
    def stops(self) -> range:
        """Where the first weight lies at each stop; empty if the kernel does not fit.

        There are as many as the output has cells.
        """
        return range(0, self.padded - self.reach + 1, self.s)

    def under(self, stop: int) -> range:
        """The cells under the weights when the first of them lies at `stop`."""
        return range(stop, stop + self.reach, self.dilation)

    @property
    def unread(self) -> list[int]:
        """The cells that lie under no weight at any stop."""
        read = {cell for stop in self.stops for cell in self.under(stop)}
        return [cell for cell in range(self.padded) if cell not in read]

    @property
    def left_over(self) -> int:
        """The cells behind the last stop, which the floor drops."""
        return self.padded - self.stops[-1] - self.reach if self.stops else 0

    @property
    def formula(self) -> str:
        """The size formula with the numbers in it."""
        spare = self.padded - self.reach
        numbers = f"{self.n} + 2·{self.p} − {self.dilation}·({self.k} − 1) − 1"
        steps = f"⌊({numbers})/{self.s}⌋ + 1 = ⌊{spare}/{self.s}⌋ + 1"
        return f"o = {steps} = {spare // self.s + 1}".replace("-", "−")

    @property
    def verdict(self) -> str:
        """What the formula does not show: what is dropped, skipped, or does not fit."""
        if not self.stops:
            return (
                f"Does not fit: the kernel reaches over {_cells(self.reach)} and the "
                f"padded input has {self.padded}. There is no output."
            )
        skipped = len(self.unread) - self.left_over
        between = f" {_cells(skipped)} in between {_is(skipped)} never read."
        return self._end() + (between if skipped else "")

    def _end(self) -> str:
        if not self.left_over:
            return "Nothing is left over: the last stop ends at the last cell."
        inside = max(0, self.left_over - self.p)
        kind = f"{inside} of the input" if inside else "only padding"
        dropped = "cell" if self.left_over == 1 else _cells(self.left_over)
        return f"The floor drops the last {dropped} ({kind}): no stop reaches there."


def _cells(count: int) -> str:
    return _count(count, "cell")


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _drawable(name: str, value: object) -> int:
    """`value` as a whole number that its slider has, or a ValueError."""
    return kit.within(name, value, *LIMITS[name])


# ---- The widget ----


class Sizes(kit.Explorer):
    """The numbers of a convolution, and a stop of its kernel, shown as a picture.

    All of them can be set.
    """

    n = traitlets.Int(7).tag(sync=True)
    k = traitlets.Int(3).tag(sync=True)
    p = traitlets.Int(1).tag(sync=True)
    s = traitlets.Int(2).tag(sync=True)
    dilation = traitlets.Int(1).tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)
    limits = traitlets.Dict(LIMITS, read_only=True).tag(sync=True)

    @property
    def line(self) -> Row:
        """One row of the input; all rows, and all columns, are alike."""
        return Row(self.n, self.k, self.p, self.s, self.dilation)

    @traitlets.validate(*LIMITS)
    def _within(self, proposal: dict[str, Any]) -> int:
        return _drawable(proposal["trait"].name, proposal["value"])

    @traitlets.validate("row", "column")
    def _inside(self, proposal: dict[str, Any]) -> int:
        name, place = proposal["trait"].name, proposal["value"]
        last = self._last
        if not 0 <= place <= last:
            raise ValueError(f"{name} {place} is outside: the output has 0 to {last}")
        return place

    @traitlets.observe(*LIMITS)
    def _stay_inside(self, _change: object) -> None:
        self.row, self.column = min(self.row, self._last), min(self.column, self._last)

    @property
    def _last(self) -> int:
        return max(0, len(self.line.stops) - 1)

    @property
    def caption(self) -> str:
        """The formula with its numbers, and what it hides."""
        return f"{self.line.formula}. {self.line.verdict}"

    @property
    def alt(self) -> str:
        """The picture in words."""
        line, outputs = self.line, len(self.line.stops)
        grey = len(line.unread)
        return (
            f"A row of {_cells(self.n)} with {self.p} of padding on each side, and "
            f"below it the stops of a kernel of {self.k}, dilation {self.dilation}, "
            f"stride {self.s}: {_count(outputs, 'output')}; {_cells(grey)} "
            f"{_is(grey)} grey, never read. "
            f"Beside them the same in two dimensions: {line.padded}×{line.padded} "
            f"cells and an output of {outputs}×{outputs}."
        )

    def draw(self) -> Figure:
        """The row with all stops; the square grid at one stop, and the output."""
        line = self.line
        shown, longest = max(1, len(line.stops)), max(line.padded, line.reach)
        wide = min(0.3, (picture.WIDTH - LEFT - 0.1) / longest)
        low = min(0.16, 1.9 / shown)
        small = min(0.22, 3 / line.padded, (picture.WIDTH - 2) / (line.padded + shown))
        below = 0.2 + wide + low * shown
        size = max(longest * wide, (line.padded + shown) * small + 1.2, 2.8)
        fig = picture.sheet(LEFT + size + 0.1, below + 0.4 + small * line.padded)
        _draw_row(fig, line, wide)
        _draw_stops(fig, line, (low, wide), self.column)
        _draw_square(fig, line, below + 0.3, small, (self.row, self.column))
        _draw_output(fig, line, below + 0.3, small, (self.row, self.column))
        return fig


class SizesWidget(kit.Live, Sizes):
    """The same with sliders; Python and the page share the numbers."""

    _esm = kit.script("sizes")
    _css = kit.style("sizes")


# ---- The picture ----


def _draw_row(fig: Figure, line: Row, cell: float) -> None:
    """The padded row, its own cells numbered."""
    ax = picture.area(fig, (LEFT, 0.1), (1, line.padded), (cell, cell))
    _draw_cells(ax, line, 1)
    for i in range(line.n):
        ax.text(line.p + i, 0, str(i), ha="center", va="center", fontsize=24 * cell)


def _draw_cells(ax: Axes, line: Row, rows: int) -> None:
    """Padding, input and the cells never read: a row, or a square of `rows` rows."""
    picture.mark(ax, "padding", 0, 0, rows, line.padded)
    top, high = (0, 1) if rows == 1 else (line.p, line.n)
    picture.mark(ax, "cells", top, line.p, high, line.n)
    for cell in line.unread:
        picture.mark(ax, "unread", 0, cell, rows, 1)
        if rows > 1:
            picture.mark(ax, "unread", cell, 0, 1, line.padded)


def _draw_stops(
    fig: Figure, line: Row, cell: tuple[float, float], current: int
) -> None:
    """The kernel at each stop, one below the other."""
    shape = (max(1, len(line.stops)), max(line.padded, line.reach))
    ax = picture.area(fig, (LEFT, 0.18 + cell[1]), shape, cell)
    for i, stop in enumerate(line.stops or [0]):
        kind = "weight" if i == current else "stop"
        ax.plot(
            [stop, stop + line.reach - 1],
            [i, i],
            color=plots.GREY,
            lw=plots.pen.THIN,
            zorder=0,
        )
        for place in line.under(stop):
            picture.mark(ax, kind if line.stops else "refused", i, place)
        if line.stops and (shape[0] <= STOPS_WITH_NUMBER or i == current):
            ax.text(-0.8, i, str(i), ha="right", va="center", fontsize=plots.pen.SMALL)


def _draw_square(
    fig: Figure, line: Row, top: float, cell: float, place: tuple[int, int]
) -> None:
    """The padded square with the kernel at one stop."""
    shape = (line.padded, line.padded)
    ax = picture.area(fig, (LEFT, top), shape, (cell, cell))
    _draw_cells(ax, line, line.padded)
    ax.set_title(
        f"input {line.n}×{line.n}, padding {line.p}",
        fontsize=plots.pen.SMALL,
        loc="left",
    )
    if not line.stops:
        return
    row, column = (line.stops[i] for i in place)
    for down in line.under(row):
        for across in line.under(column):
            picture.mark(ax, "weight", down, across)
    picture.frame(ax, row, column, line.reach, line.reach, min(3, 14 * cell))


def _draw_output(
    fig: Figure, line: Row, top: float, cell: float, place: tuple[int, int]
) -> None:
    """The output with the same stop, or the word that there is none."""
    count, left = len(line.stops), LEFT + max(line.padded * cell, 1.2) + 0.6
    if not count:
        width, height = fig.get_size_inches()
        fig.text(
            left / width,
            1 - (top - 0.08) / height,
            "no output",
            fontsize=plots.pen.SMALL,
        )
        return
    ax = picture.area(fig, (left, top), (count, count), (cell, cell))
    ax.set_title(f"output {count}×{count}", fontsize=plots.pen.SMALL, loc="left")
    picture.mark(ax, "weight", *place)
    picture.frame(ax, *place, 1, 1, min(3, 14 * cell))
