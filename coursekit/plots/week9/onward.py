"""Figures of the last notebook: its map, reach and work, blocks, noise, boards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREY, PALE, RED, new
from coursekit.plots.parts import Point, arrow, board, frame, write

FAINT = "#C9C9C9"


# ---- The map ----


def roads(
    titles: Mapping[str, str],
    needs: Mapping[str, Sequence[str]],
    lit: Collection[str] = (),
) -> Figure:
    """A row for each notebook, and an arc from each to every one that it needs.

    titles: by name, such as "week 2, notebook 1"; lit: names whose rows and whose arcs
    among each other are drawn in colour
    """
    fig, ax = new(8.4, 0.27 * len(titles) + 0.3)
    rows = {name: -at for at, name in enumerate(titles)}
    ax.set(xlim=(-8.6, 14.2), ylim=(-len(rows), 1))
    ax.set_axis_off()
    _bands(ax, rows)
    pairs = [(name, other) for name, some in needs.items() for other in some]
    for name, other in sorted(pairs, key=lambda pair: set(pair) <= set(lit)):
        _arc(ax, rows[name], rows[other], name in lit and other in lit)
    for name, title in titles.items():
        _station(ax, rows[name], f"{short(name)}  {title}", name in lit)
    return fig


def short(name: str) -> str:
    """ "week 2, notebook 1" → "2.1"."""
    week, notebook = name.split(", ")
    return f"{week.split()[1]}.{notebook.split()[1]}"


def _bands(ax: Axes, rows: Mapping[str, int]) -> None:
    """Every second week on a grey ground."""
    for name, row in rows.items():
        if int(name.split(",")[0].split()[1]) % 2:
            ax.add_patch(Rectangle((0.2, row - 0.5), 14, 1, fc="#F3F3F3", ec="none"))


def _arc(ax: Axes, start: float, end: float, lit: bool) -> None:
    angle = np.linspace(-np.pi / 2, np.pi / 2, 60)
    middle, half = (start + end) / 2, abs(end - start) / 2
    wide = 8.6 * (half / 14) ** 0.75
    colour, thick = (BLUE, pen.LINE) if lit else (FAINT, pen.THIN)
    ax.plot(-wide * np.cos(angle), middle + half * np.sin(angle), color=colour,
            lw=thick, zorder=3 if lit else 2)  # fmt: skip


def _station(ax: Axes, row: float, words: str, lit: bool) -> None:
    ax.plot(0, row, "o", ms=5, color=BLUE if lit else GREY, zorder=4)
    weight = "bold" if lit else "normal"
    write(ax, (0.45, row), words, ha="left", fontsize=pen.TEXT, fontweight=weight,
          color="black")  # fmt: skip


# ---- Reach and work ----


def reach_of_layers(maps: Mapping[str, ArrayLike], spot: tuple[int, int]) -> Figure:
    """What the output at one spot depends on: a map (h, w) of sizes for each layer.

    Each map is drawn by its logarithm, from a ten-thousandth of its largest value on;
    what is 0 stays white.
    """
    fig, axes = new(2.7 * len(maps), 3.0, 1, len(maps))
    for ax, (title, values) in zip(np.atleast_1d(axes), maps.items(), strict=True):
        sizes = np.asarray(values, dtype=float)
        known = np.where(sizes > 0, sizes / sizes.max(), np.nan)
        ax.imshow(np.log10(np.maximum(known, 1e-4)), cmap="Blues", vmin=-5, vmax=0)
        frame(ax, (spot[1] - 0.5, spot[0] - 0.5), 1, 1, colour=RED, thick=pen.LINE)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
        ax.spines[:].set_color(GREY)
        ax.set_title(title, fontsize=pen.TITLE)
        ax.set_xlabel(
            f"{int((sizes > 0).sum())} of {sizes.size} pixels", fontsize=pen.TEXT
        )
    return fig


def work_by_side(
    sides: Sequence[int],
    lines: Mapping[str, Callable[[int], float]],
    marks: Iterable[tuple[float, str]] = (),
) -> Figure:
    """Multiply-adds of some layers by the side of the map, on logarithmic axes.

    lines: name → a function of the number of places; marks: sides with words above
    """
    fig, ax = new(7.2, 3.8)
    styles = ("-", "--", ":")
    for (name, count), style in zip(lines.items(), styles, strict=False):
        ax.plot(
            sides,
            [count(side * side) for side in sides],
            style,
            lw=pen.LINE,
            label=name,
        )
    for side, words in marks:
        ax.axvline(side, color=GREY, lw=pen.THIN, ls=":")
        ax.text(side, 1.01, words, fontsize=pen.SMALL, ha="center", va="bottom",
                transform=ax.get_xaxis_transform())  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel="side of the map, in pixels",
           ylabel="multiply-adds")  # fmt: skip
    ax.set_xticks(sides, labels=[str(side) for side in sides])
    ax.minorticks_off()
    ax.legend(frameon=False, loc="upper left")
    return fig


# ---- Three blocks on their roads ----

Part = tuple[str, str]  # its words and its kind
ONE_PLACE = (("1 × 1, C → 4C", "one"), ("GELU", "act"), ("1 × 1, 4C → C", "one"))
NORMED_3 = (("BN, ReLU", "norm"), ("3 × 3, C → C", "mix"))
BLOCKS: dict[str, tuple[tuple[Part, ...], ...]] = {
    "ResNet, pre-activation": ((*NORMED_3, *NORMED_3),),
    "transformer": (
        (("LN", "norm"), ("self-attention", "mix")),
        (("LN", "norm"), *ONE_PLACE),
    ),
    "ConvNeXt": ((("7 × 7, depthwise", "mix"), ("LN", "norm"), *ONE_PLACE),),
}
INK = {"norm": "#F5DFA8", "mix": "#BBD8EE", "one": "#D9EBD3", "act": "white"}


def blocks_on_roads(
    columns: Mapping[str, Sequence[Sequence[Part]]] = BLOCKS,
) -> Figure:
    """Blocks side by side, each a road with one branch or more.

    columns: title → branches, from below, each a list of (words, kind of part); kinds
    are "norm", "mix" (sees neighbours), "one" (sees one pixel) and "act"
    """
    fig, axes = new(2.9 * len(columns), 5.6, 1, len(columns))
    tall = max(_height(branches) for branches in columns.values())
    for ax, (title, branches) in zip(np.atleast_1d(axes), columns.items(), strict=True):
        board(ax, (-0.8, 5.6), (-0.6, tall + 0.2))
        ax.set_title(title, fontsize=pen.TITLE)
        bottom = 0.0
        for branch in branches:
            bottom = _branch(ax, bottom, branch)
        ax.plot([0, 0], [-0.5, bottom], color="black", lw=pen.BOLD, zorder=1,
                solid_capstyle="butt")  # fmt: skip
        arrow(ax, (0, bottom - 0.1), (0, bottom + 0.55))
    return fig


def _height(branches: Sequence[Sequence[Part]]) -> float:
    return sum(1.15 * len(branch) + 1.3 for branch in branches) + 0.5


def _branch(ax: Axes, bottom: float, parts: Sequence[Part]) -> float:
    """The boxes of one branch from `bottom` on, up to its plus; the height after it."""
    top = bottom + 1.15 * len(parts) + 0.75
    ax.plot(
        [0, 3, 3, 0.25], [bottom, bottom, top, top], color=GREY, lw=pen.LINE, zorder=1
    )
    for at, (words, kind) in enumerate(parts):
        low = bottom + 0.35 + 1.15 * at
        ax.add_patch(
            Rectangle(
                (0.8, low), 4.6, 0.9, fc=INK[kind], ec="black", lw=pen.THIN, zorder=2
            )
        )
        write(ax, (3.1, low + 0.45), words, fontsize=pen.TEXT, zorder=3)
    ax.plot(0, top, "o", ms=15, mfc="white", mec="black", zorder=3)
    write(ax, (0, top - 0.02), "+", fontsize=pen.SIGN, zorder=4)
    return top + 0.55


# ---- Noise ----


def out_of_noise(
    rows: Mapping[str, Sequence[ArrayLike]], heads: Sequence[str]
) -> Figure:
    """Rows of small grey pictures from -1 (white) to 1; heads stand above columns."""
    wide = max(len(pictures) for pictures in rows.values())
    fig, axes = new(0.85 * wide + 1.3, 0.9 * len(rows) + 0.35, len(rows), wide)
    table = np.atleast_2d(axes)
    for line, (words, pictures) in zip(table, rows.items(), strict=True):
        for ax, picture in zip(line, pictures, strict=True):
            ax.imshow(np.asarray(picture), cmap="gray_r", vmin=-1, vmax=1)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(True)
            ax.spines[:].set_color(FAINT)
        line[0].set_ylabel(
            words, fontsize=pen.TEXT, rotation=0, ha="right", va="center"
        )
    for ax, head in zip(table[0], heads, strict=False):
        ax.set_title(head, fontsize=pen.TEXT)
    return fig


def sheet_of_digits(pictures: ArrayLike, columns: int) -> Figure:
    """Small grey pictures (n, h, w) from -1 (white) to 1, in rows of `columns`."""
    shown = np.pad(np.asarray(pictures), ((0, 0), (1, 1), (1, 1)), constant_values=-1)
    count, height, width = shown.shape
    lines = -(-count // columns)
    sheet = np.full((lines * height, columns * width), -1.0)
    for at, picture in enumerate(shown):
        top, left = at // columns * height, at % columns * width
        sheet[top : top + height, left : left + width] = picture
    fig, ax = new(0.78 * columns, 0.78 * lines * height / width)
    ax.imshow(sheet, cmap="gray_r", vmin=-1, vmax=1)
    ax.set_axis_off()
    return fig


# ---- Boards ----


def rook_board(
    colours: ArrayLike, there: ArrayLike, content: ArrayLike, letters: ArrayLike
) -> Figure:
    """A board (h, w, 3) with its things, each with a letter; rings around the content.

    there, content, letters: (h, w)
    """
    paint, taken = np.asarray(colours, dtype=float), np.asarray(there, dtype=bool)
    happy, names = np.asarray(content, dtype=bool), np.asarray(letters)
    height, width = taken.shape
    fig, ax = new(0.36 * width + 0.3, 0.36 * height + 0.3)
    board(ax, (-0.1, width + 0.1), (-height - 0.1, 0.1))
    for (row, column), here in np.ndenumerate(taken):
        face = paint[row, column].clip(0, 1) if here else "white"
        place = (column, -row - 1)
        ax.add_patch(Rectangle(place, 1, 1, fc=face, ec=PALE, lw=pen.THIN))
        if here:
            middle = (column + 0.5, -row - 0.5)
            _thing(ax, middle, str(names[row, column]), bool(happy[row, column]))
    frame(ax, (0, -height), width, height, colour=GREY, thick=pen.THIN)
    return fig


def _thing(ax: Axes, place: Point, letter: str, content: bool) -> None:
    """A letter on a white disc, which has a black ring if the thing is content."""
    edge = ("black", 1.8) if content else ("white", 0.0)
    ax.plot(*place, "o", ms=15, mfc="white", mec=edge[0], mew=edge[1], zorder=2)
    write(ax, (place[0], place[1] - 0.03), letter, fontsize=pen.SMALL, zorder=3)
