"""Figures of the scoreboard: years, passes, depths, discs, Pareto fronts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, RED, SKY, new
from coursekit.plots.parts import write

Row = tuple[float, int, int]  # error in percent, weights, multiply-adds

# Families have a colour each; a name belongs to the first that it begins with.
FAMILIES = {
    "AlexNet": BLUE,
    "ZFNet": SKY,
    "VGG": ORANGE,
    "GoogLeNet": GREEN,
    "ResNet": PURPLE,
}
# Where a name stands, in points from the middle of its disc.
PLACES = {
    "AlexNet": (0, 40),
    "ZFNet": (56, 10),
    "VGG-16": (0, 54),
    "GoogLeNet": (-24, 24),
    "ResNet-34": (-50, -14),
    "ResNet-50": (-44, -42),
    "ResNet-101": (-16, -40),
    "ResNet-152": (18, -46),
}
# The same for the corners of a front: those on it stand on its lower side.
BELOW = {
    "GoogLeNet": ((-8, -7), "right"),
    "ResNet-34": ((-8, -6), "right"),
    "ResNet-50": ((-8, -9), "right"),
    "ResNet-101": ((-6, -14), "right"),
    "ResNet-152": ((4, -15), "left"),
}
COLOURS = {"VGG": ORANGE, "inception": GREEN, "NiN": PURPLE}  # of the small rows
POINTS_PER_MILLION = 32.0  # square points of a disc for a million weights


def winners_by_year(
    winners: Mapping[int, tuple[float, str]], first_network: int, person: float
) -> Figure:
    """A bar for each year, with the winner's name, and a line for a person."""
    fig, ax = new(9.5, 3.8)
    for year, (error, team) in winners.items():
        colour = GREY if year < first_network else BLUE
        ax.bar(year, error, 0.66, color=colour)
        paper = {"fc": "white", "ec": "none", "pad": 0.6}
        ax.text(year, error + 0.5, f"{team}\n{error:g}", ha="center", va="bottom",
                fontsize=pen.TEXT, linespacing=1.3, bbox=paper, zorder=3)  # fmt: skip
    last = max(winners)
    ax.axhline(person, color=RED, ls="--", lw=pen.LINE, zorder=2)
    words = f"one person:\n{person} %"
    write(ax, (last + 0.6, person + 0.4), words, ha="left", va="bottom", color=RED)
    ax.set(xticks=list(winners), ylabel="top-5 error (%)", ylim=(0, 34))
    ax.set_xlim(min(winners) - 0.6, last + 1.7)
    return fig


def runs_and_errors(tested: Mapping[tuple[int, int], float]) -> Figure:
    """Error by the number of runs for one image, a line for each number of models."""
    fig, ax = new(8, 3.6)
    for models, colour, line in ((1, BLUE, "o-"), (7, RED, "s--")):
        found = {m * c: (c, e) for (m, c), e in tested.items() if m == models}
        errors = [error for _, error in found.values()]
        label = "one model" if models == 1 else "seven models"
        ax.plot(list(found), errors, line, color=colour, lw=pen.LINE, label=label)
        for runs, (crops, error) in found.items():
            plural = "crop" if crops == 1 else "crops"
            words = f"{error:.2f} ({crops} {plural})"
            up = models == 1
            side = (
                {"ha": "left", "va": "bottom"} if up else {"ha": "right", "va": "top"}
            )
            place = (runs * 1.08, error + 0.06) if up else (runs / 1.08, error - 0.08)
            write(ax, place, words, fontsize=pen.SMALL, **side)
    ax.set(xscale="log", xlim=(0.6, 2600), ylim=(6.1, 10.7), ylabel="top-5 error (%)")
    ax.set_xlabel("runs of a network for one photograph")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda runs, _: f"{runs:,.0f}"))
    ax.legend(frameon=False, loc="upper right")
    return fig


def longest_paths(counted: Mapping[str, tuple[int, int]]) -> Figure:
    """(on the longest path, in all) of each network as bars."""
    fig, ax = new(8.5, 0.36 * len(counted) + 0.9)
    for at, (name, (path, layers)) in enumerate(counted.items()):
        ax.barh(at, path, 0.7, color=BLUE)
        ax.barh(at, layers - path, 0.7, left=path, color="#B5B5B5")
        words = f"{path}" if layers == path else f"{path} of {layers}"
        write(ax, (layers + 1.5, at), words, ha="left")
        write(ax, (-1.5, at), name, ha="right")
    most = max(layers for _, layers in counted.values())
    ax.set(yticks=[], xlim=(0, 1.13 * most), xlabel="layers with weights")
    ax.invert_yaxis()
    return fig


def discs(rows: Mapping[str, Row], small: tuple[str, int] | None = None) -> Figure:
    """Error against multiply-adds, the area of a disc its weights.

    small: name and weights of a network that stands in the key only
    """
    fig, ax = new(9, 5.6)
    for name, (error, weights, work) in rows.items():
        size = POINTS_PER_MILLION * weights / 1e6
        ax.scatter(work / 1e9, error, size, color=_colour(name), alpha=0.75,
                   ec="white", lw=pen.THIN, zorder=2)  # fmt: skip
        ax.scatter(work / 1e9, error, 6, color="black", zorder=3)
        offset = PLACES.get(name, (0, 20))
        far = name.startswith("ResNet")
        pointer = {"arrowstyle": "-", "color": GREY, "lw": 0.8, "shrinkB": 2}
        words = f"{name}\n{weights / 1e6:.0f} M"
        ax.annotate(words, (work / 1e9, error), offset, textcoords="offset points",
                    ha="center", va="center", fontsize=pen.TEXT, zorder=4,
                    arrowprops=pointer if far else None)  # fmt: skip
    _billions(ax, [work for _, _, work in rows.values()])
    ax.set(ylim=(2.5, 21.5), ylabel="top-5 error, one network, ten crops (%)")
    ax.set_xlabel("multiply-adds for one crop (billions)")
    ax.grid(color=PALE, zorder=0)
    _key(ax, small)
    return fig


def _key(ax: Axes, small: tuple[str, int] | None) -> None:
    """Discs of known areas in the upper right corner, with their numbers of weights."""
    sizes = [("100 million weights", 100e6, 0.83), ("10 million", 10e6, 0.7)]
    if small:
        sizes.append((f"{small[0]}: {small[1]:,}", float(small[1]), 0.63))
    for words, weights, height in sizes:
        colour = "#9B9B9B" if weights > 1e6 else "black"
        disc = ax.scatter(0.72, height, POINTS_PER_MILLION * weights / 1e6, c=colour,
                          ec="none", zorder=2, transform=ax.transAxes)  # fmt: skip
        disc.set_clip_on(False)
        ax.text(
            0.78, height, words, va="center", fontsize=pen.TEXT, transform=ax.transAxes
        )


def _colour(name: str) -> str:
    found = [FAMILIES[family] for family in FAMILIES if name.startswith(family)]
    return found[0] if found else RED


def _billions(ax: Axes, work: Sequence[float]) -> None:
    low, high = min(work) / 1e9, max(work) / 1e9
    ax.set(xscale="log", xlim=(low / 1.7, high * 1.9))
    ticks = [t for t in (0.5, 1, 2, 5, 10, 20) if low / 1.7 <= t <= high * 1.9]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xticks([], minor=True)


def fronts(rows: Mapping[str, Row]) -> Figure:
    """Two staircases: error against work, and against weights."""
    fig, axes = new(10.5, 4.4, 1, 2)
    columns = ((2, 1e9, "multiply-adds (billions)"), (1, 1e6, "weights (millions)"))
    for ax, (column, unit, label) in zip(axes, columns, strict=True):
        points = {name: (row[column] / unit, row[0]) for name, row in rows.items()}
        free = {n: p for n, p in points.items() if not _above(p, points.values())}
        high = 2 * max(x for x, _ in points.values())
        steps = sorted(free.values())
        x, y = zip(*steps, (high, steps[-1][1]), strict=True)
        ax.step(x, y, where="post", color=BLUE, lw=pen.LINE, zorder=1)
        ax.plot([x[0], x[0]], [y[0], 22], color=BLUE, lw=pen.LINE)
        for name, point in points.items():
            _point(ax, name, point, name in free)
        ax.set(xscale="log", xlim=(0.35 * min(x), high), ylim=(4, 20.5), xlabel=label)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.set_ylabel("top-5 error (%)")
    return fig


def _above(point: tuple[float, float], others: Iterable[tuple[float, float]]) -> bool:
    cost = np.array(point)
    gaps = [cost - np.array(other) for other in others]
    return any((gap >= 0).all() and (gap > 0).any() for gap in gaps)


def _point(ax: Axes, name: str, point: tuple[float, float], free: bool) -> None:
    colour = BLUE if free else RED
    ax.plot(*point, "o" if free else "X", color=colour, ms=7, zorder=3)
    offset, side = BELOW.get(name, ((7, 5), "left"))
    ax.annotate(name, point, offset, textcoords="offset points", ha=side,
                va="center", fontsize=pen.SMALL)  # fmt: skip


def own_board(rows: Mapping[str, Row]) -> Figure:
    """A small scoreboard: part that is right in percent against thousands of work."""
    fig, ax = new(8, 3.8)
    for name, (right, weights, work) in rows.items():
        found = [COLOURS[kind] for kind in COLOURS if kind in name]
        colour = found[0] if found else RED
        ax.scatter(work / 1e3, right, weights / 20, color=colour, alpha=0.75,
                   ec="white", zorder=2)  # fmt: skip
        ax.annotate(f"{name}\n{weights:,} weights", (work / 1e3, right), (0, 24),
                    textcoords="offset points", ha="center", va="bottom",
                    fontsize=pen.TEXT)  # fmt: skip
    works = [work / 1e3 for _, _, work in rows.values()]
    rights = [right for right, _, _ in rows.values()]
    ax.set(xlim=(min(works) / 1.6, 1.3 * max(works)), ylim=(min(rights) - 4,
           max(rights) + 7))  # fmt: skip
    ax.set(xlabel="multiply-adds (thousands)", ylabel="fresh tiles right (%)")
    ax.grid(color=PALE, zorder=0)
    return fig
