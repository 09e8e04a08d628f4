"""Figures of GoogLeNet: pipes to scale, bills, gradients by layer, kernels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon, Rectangle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, RED, SKY, new
from coursekit.plots.parts import board, frame, write

BRANCHES = {"1×1": SKY, "3×3": BLUE, "5×5": ORANGE, "pool": GREEN}
INK = {"1×1": "black", "3×3": "white", "5×5": "black", "pool": "white"}
LINES = ((GREY, "-"), (RED, "-"), (BLUE, "--"))
GAP = 46  # between two pipes, in maps
BOX = {"fc": "white", "ec": "none", "pad": 1.2}
VIEW = 11  # pixels a side of an enlarged part


def things(image: ArrayLike, places: Mapping[int, tuple[int, int]]) -> Figure:
    """A picture (3, h, w), and parts of it enlarged, with a frame of so many pixels."""
    picture = np.moveaxis(np.asarray(image) / 255, 0, -1)
    fig, axes = new(10, 3.2, 1, 1 + len(places))
    axes[0].imshow(picture)
    axes[0].set_title("the sky")
    for ax, (side, (row, column)) in zip(axes[1:], places.items(), strict=True):
        half = VIEW // 2
        part = picture[row - half : row + half + 1, column - half : column + half + 1]
        ax.imshow(part, interpolation="nearest")
        corner = (half - side / 2, half - side / 2)
        frame(ax, corner, side, side, colour="white", thick=pen.LINE)
        ax.set_title(f"{side} × {side}")
        frame(
            axes[0],
            (column - half, row - half),
            VIEW,
            VIEW,
            colour="white",
            thick=pen.THIN,
        )
        place = (column + 3.4 * half, row)
        write(axes[0], place, str(side), color="white", fontsize=pen.TITLE)
    for ax in axes:
        ax.set_axis_off()
    return fig


def bills(modules: Mapping[str, Mapping[str, Sequence[int]]], places: int) -> Figure:
    """The multiply-adds of modules by branch, each from its weights in order."""
    fig, ax = new(9.5, 2.5)
    for y, branches in enumerate(modules.values()):
        left = 0.0
        for branch, parts in branches.items():
            start = left
            for at, weights in enumerate(parts):
                work = weights * places / 1e6
                reduces = at == 0 and len(parts) > 1
                ax.barh(
                    y,
                    work,
                    0.6,
                    left,
                    color=BRANCHES[branch],
                    ec="white",
                    lw=pen.THIN,
                    hatch="////" if reduces else None,
                )
                left += work
            if left - start > 4:
                inside = left - start > 14
                write(ax, ((start + left) / 2, y if inside else y - 0.42),
                      f"{left - start:.0f}", color="black", fontsize=pen.TEXT,
                      bbox=BOX if inside else None,
                      )  # fmt: skip
        write(ax, (left + 3, y), f"{left:.0f} in all", ha="left", fontsize=pen.TEXT)
    ax.set_yticks(range(len(modules)), list(modules))
    ax.invert_yaxis()
    ax.set(xlabel="multiply-adds, in millions", xlim=(0, 345))
    keys = [Patch(color=colour, label=name) for name, colour in BRANCHES.items()]
    ax.legend(handles=keys, ncols=4, frameon=False, loc="lower center",
              bbox_to_anchor=(0.5, 1.0))  # fmt: skip
    return fig


def pipes(inputs: int, widths: Sequence[int]) -> Figure:
    """The branches of a module as pipes, as wide as the numbers of their maps."""
    one, before_three, three, before_five, five, pooled = widths
    stages = {
        "1×1": [(inputs, ""), (one, "1×1")],
        "3×3": [(inputs, ""), (before_three, "1×1"), (three, "3×3")],
        "5×5": [(inputs, ""), (before_five, "1×1"), (five, "5×5")],
        "pool": [(inputs, ""), (inputs, "max 3×3"), (pooled, "1×1")],
    }
    step = inputs + GAP
    fig, ax = new(10, 5.6)
    board(ax, (-150, 1500), (-3 * step - inputs / 2 - 8, inputs / 2 + 8))
    total = one + three + five + pooled
    top = -1.5 * step + total / 2
    for row, (name, steps) in enumerate(stages.items()):
        middle = -row * step
        _pipe(ax, middle, steps, name)
        maps = steps[-1][0]
        _bend(ax, (990, middle, maps), (1260, top - maps / 2), BRANCHES[name])
        ax.add_patch(Rectangle((1260, top - maps), 110, maps, fc=BRANCHES[name],
                               ec="white", lw=pen.THIN))  # fmt: skip
        write(
            ax, (1315, top - maps / 2), str(maps), fontsize=pen.SMALL, color=INK[name]
        )
        top = top - maps
    centre = -1.5 * step
    write(ax, (1400, centre), f"{total}\nmaps", ha="left", fontsize=pen.TITLE)
    write(ax, (-75, centre), f"the same\n{inputs}\nmaps", fontsize=pen.TEXT)
    write(ax, (1315, centre + total / 2 + 34), "stacked", fontsize=pen.TEXT)
    return fig


def _pipe(ax: Axes, middle: float, steps: Sequence[tuple[int, str]], name: str) -> None:
    """Straight parts of so many maps, with slopes between that name the layer."""
    colour = BRANCHES[name]
    starts = np.linspace(20, 860, len(steps)) if len(steps) > 2 else [20, 860]
    for at, (maps, layer) in enumerate(steps):
        x = float(starts[at])
        ax.add_patch(Rectangle((x, middle - maps / 2), 130, maps, fc=colour, ec="none"))
        thin = maps < 50
        above = maps / 2 + 24 if thin else 0
        ink = "black" if thin else INK[name]
        write(ax, (x + 65, middle + above), str(maps), fontsize=pen.TITLE, color=ink)
        if at:
            before, left = steps[at - 1][0], float(starts[at - 1]) + 130
            corners = [(left, middle - before / 2), (left, middle + before / 2),
                       (x, middle + maps / 2), (x, middle - maps / 2)]  # fmt: skip
            ax.add_patch(
                Polygon(corners, closed=True, fc=colour, ec="none", alpha=0.45)
            )
            lift = max(before, maps) / 2 + 22 if before + maps < 100 else 0
            write(ax, ((left + x) / 2, middle + lift), layer, fontsize=pen.TITLE)


def _bend(
    ax: Axes, start: tuple[float, float, float], end: tuple[float, float], colour: str
) -> None:
    """From the end of a pipe (x, middle, width) to a place (x, middle) of the stack."""
    s = np.linspace(0, 1, 60)
    x = start[0] + s * (end[0] - start[0])
    y = start[1] + (3 * s**2 - 2 * s**3) * (end[1] - start[1])
    ax.fill_between(
        x, y - start[2] / 2, y + start[2] / 2, color=colour, alpha=0.45, lw=0
    )


def grown(counts: Mapping[str, Sequence[int]], names: Sequence[str]) -> Figure:
    """Numbers of maps behind each module, the first of them before all."""
    fig, ax = new(8.5, 3)
    for (kind, maps), (colour, line) in zip(counts.items(), LINES[1:], strict=True):
        ax.plot(range(len(maps)), maps, line, color=colour, marker="o", ms=5)
        write(ax, (len(maps) - 0.85, maps[-1]), f"{kind}: {maps[-1]}", ha="left",
              color=colour, fontsize=pen.TITLE)  # fmt: skip
    ax.set_xticks(range(len(names) + 1), ["in", *names])
    ax.set(ylabel="maps", xlabel="behind module", xlim=(-0.3, len(names) + 1.6), ylim=0)
    return fig


def strip(
    table: Mapping[str, Sequence[int]], parts: Mapping[str, Sequence[int]]
) -> Figure:
    """Maps behind each module by branch; weights and multiply-adds of all parts."""
    fig, (above, weights, work) = new(10, 6.2, 3, 1)
    names = list(parts)
    for name, row in table.items():
        bottom = 0
        for branch, maps in zip(
            BRANCHES, (row[1], row[3], row[5], row[6]), strict=True
        ):
            above.bar(names.index(name), maps, 0.7, bottom, color=BRANCHES[branch],
                      ec="white", lw=pen.HAIR)  # fmt: skip
            bottom += int(maps)
        write(above, (names.index(name), bottom + 60), str(bottom), fontsize=pen.SMALL)
    keys = [Patch(color=colour, label=name) for name, colour in BRANCHES.items()]
    above.legend(handles=keys, ncols=2, frameon=False, loc="upper left")
    above.set(ylabel="maps", ylim=(0, 1220))
    for ax, at, label in ((weights, 0, "weights,\nmillions"), (work, 1, "multiply-\n"
                          "adds, millions")):  # fmt: skip
        values = [counts[at] / 1e6 for counts in parts.values()]
        ax.bar(range(len(names)), values, 0.7, color=PURPLE if at else GREY)
        for x, value in enumerate(values):
            digits = f"{value:.0f}" if at else f"{value:.1f}"
            write(ax, (x, value + 0.09 * max(values)), digits, fontsize=pen.SMALL)
        ax.set(ylabel=label, ylim=(0, 1.22 * max(values)))
    for ax in (above, weights, work):
        ax.set_xticks(range(len(names)), names)
        ax.set_xlim(-0.6, len(names) - 0.4)
    return fig


def by_layer(lengths: Mapping[str, Sequence[float]], heads: Sequence[int]) -> Figure:
    """Lengths of gradients by layer, logarithmic; dotted lines at the heads."""
    fig, ax = new(8.5, 3.2)
    for (name, values), (colour, line) in zip(lengths.items(), LINES, strict=False):
        layers = np.arange(1, len(values) + 1)
        ax.plot(layers, values, line, color=colour, marker="o", ms=5, label=name)
    for at in heads:
        ax.axvline(at, color=GREY, ls=":", lw=pen.THIN)
    ax.set(yscale="log", xlabel="layer", ylabel="length of the gradient")
    ax.margins(y=0.12)
    ax.set_xticks(layers)
    ax.set_yticks([], minor=True)
    ax.grid(axis="y", color=PALE)
    ax.legend(frameon=False, loc="lower right")
    return fig


def descents(runs: Mapping[str, Sequence[Sequence[float]]], window: int = 25) -> Figure:
    """Losses step by step, as moving means; the runs of a kind in one colour."""
    fig, ax = new(8.5, 3.2)
    for (name, losses), (colour, line) in zip(runs.items(), LINES, strict=True):
        for number, one in enumerate(losses):
            smooth = np.convolve(one, np.full(window, 1 / window), "valid")
            label = name if number == 0 else None
            steps = np.arange(len(smooth)) + window
            ax.plot(steps, smooth, line, color=colour, lw=pen.LINE, label=label)
    ax.set(xlabel="step", ylabel="loss of the end")
    ax.legend(frameon=False, loc="lower left")
    return fig


def kernel_squares(kernels: ArrayLike, columns: int = 10) -> Figure:
    """The squares of kernels (I, L, k, k), summed over L, as grey squares."""
    squares = np.square(np.asarray(kernels)).sum(1)
    rows = -(-len(squares) // columns)
    fig, axes = new(10, 1.15 * rows + 0.1, rows, columns)
    for number, ax in enumerate(np.ravel(axes)):
        ax.set_axis_off()
        if number < len(squares):
            ax.imshow(squares[number], cmap="Greys", vmin=0, interpolation="nearest")
            side = squares.shape[1]
            frame(ax, (-0.5, -0.5), side, side, colour=GREY, thick=pen.THIN)
            ax.set_title(str(number), fontsize=pen.SMALL, pad=3)
    return fig


__all__ = [
    "bills",
    "by_layer",
    "descents",
    "grown",
    "kernel_squares",
    "pipes",
    "strip",
    "things",
]
