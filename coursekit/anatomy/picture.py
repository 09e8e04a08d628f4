"""The anatomy of a model as a picture: a box for each layer, its sides to scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import prod, sqrt
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon
from matplotlib.textpath import TextPath

from coursekit.anatomy.steps import Step, steps
from coursekit.anatomy.trace import Trace
from coursekit.plots import core

SCALE = (
    "Sides of boxes to scale in pixels; thickness of boxes and height of bars as the "
    "square root of their channels or numbers."
)
FAINT = "#555555"
COLOURS = {
    "input": core.GREY,
    "convolution": core.BLUE,
    "pooling": core.ORANGE,
    "dense": core.GREEN,
    "block": core.PURPLE,
    "other": core.SKY,
}
# All lengths are in inches.
WIDTH, TALLEST, THICKEST = 9.6, 1.8, 0.55
GAP, MARGIN, LINE, BAR, THINNEST = 0.3, 0.12, 0.135, 0.09, 0.025
SLANT = (0.36, 0.26)  # across and up, for each inch that a map goes into the page
FONT = 8.5
LONGEST = 21  # letters of a name in one line


@dataclass(frozen=True)
class Box:
    """A step with its measures: thickness, height, and how far it goes back."""

    step: Step
    thick: float
    high: float
    back: tuple[float, float]
    below: tuple[str, ...]

    @property
    def width(self) -> float:
        return self.thick + self.back[0]

    @property
    def height(self) -> float:
        return self.high + self.back[1]

    @property
    def slot(self) -> float:
        """The room it takes, with its labels."""
        labels = [by(self.step.shape), *self.below]
        return max(self.width, *map(length, labels)) + GAP


def draw(trace: Trace, input_shapes: Sequence[tuple[int, ...]]) -> Figure:
    """The boxes of a network in rows, each with its shape, name and kind."""
    rows = lines(boxes(all_steps(trace, input_shapes)))
    heights = [row_height(row) for row in rows]
    widths = [sum(box.slot for box in row) + GAP for row in rows]
    width = max(*widths, length(SCALE)) + 2 * MARGIN
    top = sum(heights) + 2 * MARGIN + LINE
    fig, ax = sheet(width, top)
    ax.text(MARGIN, MARGIN, SCALE, fontsize=FONT, color=FAINT, va="bottom")
    for row, height in zip(rows, heights, strict=True):
        draw_row(ax, row, top - MARGIN)
        top -= height
    return fig


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty page on which one unit is an inch."""
    fig, ax = core.new(width, height)
    fig.set_layout_engine("none")
    ax.set_position((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    return fig, ax


def all_steps(trace: Trace, shapes: Sequence[tuple[int, ...]]) -> list[Step]:
    """The input, then the network's steps."""
    shape = shapes[0]
    sides = tuple(size for (number, _), size in trace.sizes.items() if number == 0)
    first = Step(
        "input", (), "input", shape, prod(shape) // prod(sides), sides, False, ()
    )
    return [first, *steps(trace)]


def boxes(found: list[Step]) -> list[Box]:
    """Measure every step: pixels by one scale, square roots of numbers by another."""
    side = TALLEST / max([1, *(size for step in found for size in step.sides[-2:])])
    number = THICKEST / sqrt(max(step.channels for step in found))
    return [box(step, side, number) for step in found]


def box(step: Step, side: float, number: float) -> Box:
    thick = max(THINNEST, number * sqrt(step.channels))
    below = (*broken(step.name), *step.words, *sources(step))
    if not step.sides:
        return Box(step, BAR, thick, (0.0, 0.0), below)
    into = side * (step.sides[-1] if len(step.sides) > 1 else 0)
    high = side * (step.sides[-2] if len(step.sides) > 1 else step.sides[0])
    back = (SLANT[0] * into, SLANT[1] * into)
    return Box(step, thick, max(THINNEST, high), back, below)


def sources(step: Step) -> list[str]:
    """Where else its numbers come from, if not only from the box before."""
    word = "+" if step.follows else "from"
    return [line for name in step.others for line in broken(f"{word} {name}")]


def broken(name: str) -> list[str]:
    """A long name in several lines, broken after dots and spaces."""
    found = [""]
    for part in name.replace(".", ".\0").replace(" ", " \0").split("\0"):
        if found[-1] and len(found[-1] + part) > LONGEST:
            found.append("")
        found[-1] += part
    return found


@cache
def length(text: str) -> float:
    """How long a text is in print; on a grid of pixels letters lie a little wider."""
    return 1.04 * float(TextPath((0, 0), text, size=FONT).get_extents().width) / 72


def lines(found: list[Box]) -> list[list[Box]]:
    """Boxes in as few rows as fit the page, of about the same length."""
    fewest = len(wrapped(found, WIDTH))
    width = sum(box.slot for box in found) / fewest
    while len(wrapped(found, width)) > fewest:
        width += 0.1
    return wrapped(found, width)


def wrapped(found: list[Box], width: float) -> list[list[Box]]:
    """Fill row after row."""
    rows: list[list[Box]] = [[]]
    for one in found:
        if rows[-1] and sum(box.slot for box in rows[-1]) + one.slot > width:
            rows.append([])
        rows[-1].append(one)
    return rows


def row_height(row: list[Box]) -> float:
    labels = max(len(box.below) for box in row)
    return max(box.height for box in row) + LINE * (labels + 1) + 0.4


def draw_row(ax: Axes, row: list[Box], top: float) -> None:
    """Boxes around one middle line, shapes above them, names below the tallest."""
    tallest = max(box.height for box in row)
    middle = top - LINE - 0.12 - tallest / 2
    left, end = MARGIN + GAP, MARGIN
    for one in row:
        x = left + (one.slot - GAP - one.width) / 2
        if one.step.follows:
            arrow(ax, end, x, middle)
        draw_box(ax, one, x, middle - one.height / 2)
        labels(ax, one, x + one.width / 2, middle, tallest)
        end, left = x + one.width, left + one.slot


def arrow(ax: Axes, start: float, stop: float, y: float) -> None:
    ends = ((start + 0.05, y), (stop - 0.03, y))
    line = FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=7, shrinkA=0)
    line.set(color=core.GREY, linewidth=0.9)
    ax.add_patch(line)


def draw_box(ax: Axes, one: Box, x: float, y: float) -> None:
    """Front, top and side of a box, its lower left corner at (x, y)."""
    (t, h), (dx, dy) = (one.thick, one.high), one.back
    colour = COLOURS[one.step.kind]
    front = [(0, 0), (t, 0), (t, h), (0, h)]
    top = [(0, h), (t, h), (t + dx, h + dy), (dx, h + dy)]
    side = [(t, 0), (t + dx, dy), (t + dx, h + dy), (t, h)]
    for corners, light in ((front, 0.45), (top, 0.7), (side, 0.82)):
        points = [(x + a, y + b) for a, b in corners]
        face = tuple(light + (1 - light) * part for part in to_rgb(colour))
        ax.add_patch(Polygon(points, fc=face, ec=colour, lw=0.8, joinstyle="round"))


def labels(ax: Axes, one: Box, x: float, middle: float, tallest: float) -> None:
    over = middle + one.height / 2 + 0.05
    style: dict[str, Any] = {"ha": "center", "fontsize": FONT}
    ax.text(x, over, by(one.step.shape), va="bottom", weight="bold", **style)
    y = middle - tallest / 2 - 0.08
    names = len(broken(one.step.name))
    for i, line in enumerate(one.below):
        colour = "black" if i < names else FAINT
        ax.text(x, y - i * LINE, line, va="top", color=colour, **style)


def by(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) or "1"


def describe(model: str, trace: Trace, shapes: Sequence[tuple[int, ...]]) -> str:
    """The picture in words, box by box."""
    found = all_steps(trace, shapes)
    parts = [f"{step.name}{options(step)}: {by(step.shape)}" for step in found]
    return f"{model} as {len(found)} boxes from left to right. {'; '.join(parts)}."


def options(step: Step) -> str:
    extra = [" ".join(("plus" if step.follows else "from", n)) for n in step.others]
    text = ", ".join([*step.words, *extra])
    return f" ({text})" if text else ""
