"""Count the paths through residual blocks, and what of a gradient comes along them."""

from __future__ import annotations

from math import comb, floor
from numbers import Real
from typing import Any

import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.explore import kit

LIMITS = {"blocks": (1, 54), "factor": (0.1, 1.5), "out": (0, 10), "length": (0, 54)}
WHOLE, LONGER = "#DCDCDC", "#9FC9E0"  # as paths.css mixes them on a white page


def paths(
    blocks: int = 9, factor: float = 0.5, *, out: int = 0, length: int | None = None
) -> Paths:
    """How long the paths through residual blocks are, and which carry the gradient.

    blocks: 1 to 54.  factor: how many times as large a branch makes a gradient that
    goes through it, 0.1 to 1.5.  out: how many blocks are taken out, 0 to 10.
    length: the paths up to this length are counted; half of the blocks when left out.

    Interactive in JupyterLab, else a picture.  Raises ValueError for other numbers.
    """
    blocks = kit.within("blocks", blocks, *LIMITS["blocks"])
    given = {"out": out, "length": blocks // 2 if length is None else length}
    given = {
        name: kit.within(name, value, *LIMITS[name]) for name, value in given.items()
    }
    kind = PathsWidget if kit.has_front_end() else Paths
    return kind(blocks=blocks, factor=_real("factor", factor), **given)


# ---- The arithmetic; paths.mjs has the same, and the tests compare them ----


def path_shares(blocks: int, out: int) -> list[float]:
    """By length: the paths that are left, as shares of the whole network's."""
    return [comb(blocks - out, k) / 2**blocks for k in range(blocks + 1)]


def gradient_shares(blocks: int, out: int, factor: float) -> list[float]:
    """By length: the sizes of gradients that are left, as shares of the whole sum.

    A path has the size 1, times the factor for each branch that it goes through.
    """
    total = (1 + factor) ** blocks
    return [comb(blocks - out, k) * factor**k / total for k in range(blocks + 1)]


def mean_lengths(blocks: int, out: int, factor: float) -> tuple[float, float]:
    """Of the paths that are left, all alike, and weighted with their gradients."""
    left = blocks - out
    return left / 2, left * factor / (1 + factor)


def percent(share: float) -> str:
    """A share in words, halves of the last digit rounded up."""
    if share < 0.00005:
        return "less than 0.01 %"
    hundredths = floor(1e4 * share + 0.5)
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def sentence(blocks: int, out: int, factor: float, length: int) -> str:
    """What there is to see, in numbers."""
    plain, weighted = map(_tenths, mean_lengths(blocks, out, factor))
    ways = [path_shares(blocks, out), gradient_shares(blocks, out, factor)]
    all_left = [percent(sum(shares)) for shares in ways]
    up_to = [percent(sum(shares[: length + 1])) for shares in ways]
    count = f"{2 ** (blocks - out):,}"
    paths = f"{count} path{'s' * (blocks > out)}"
    if out:
        paths += f" of {2**blocks:,} left, {all_left[0]}, with {all_left[1]} of the "
        paths += "whole gradient"
    return (
        f"Blocks {blocks}, {out} out, factor {factor:.2f}: {paths}. Mean length "
        f"{plain}; weighted with the gradients, {weighted}. Length {length} or less: "
        f"{up_to[0]} of all paths, {up_to[1]} of the whole gradient."
    )


def _tenths(value: float) -> str:
    tenths = floor(10 * value + 0.5)
    return f"{tenths // 10}.{tenths % 10}"


def _real(name: str, value: object) -> float:
    if not isinstance(value, Real):
        raise ValueError(f"{name} must be a number, not {value!r}")
    return kit.inside(name, float(value), *LIMITS[name])


# ---- The widget ----


class Paths(kit.Explorer):
    """Paths by their length, and what they carry, as a picture of two rows of bars."""

    blocks = traitlets.Int(9).tag(sync=True)
    factor = traitlets.Float(0.5).tag(sync=True)
    out = traitlets.Int(0).tag(sync=True)
    length = traitlets.Int(4).tag(sync=True)

    @traitlets.validate(*LIMITS)
    def _inside(self, proposal: dict[str, Any]) -> float:
        name, number = proposal["trait"].name, proposal["value"]
        kit.inside(name, number, *LIMITS[name])
        if name in ("out", "length") and number > self.blocks:
            raise ValueError(f"{name} is {number}, but blocks is {self.blocks}")
        return number

    @traitlets.observe("blocks")
    def _stay_inside(self, _change: object) -> None:
        self.out = min(self.out, self.blocks)
        self.length = min(self.length, self.blocks)

    @property
    def caption(self) -> str:
        """All numbers; paths.mjs says the same."""
        return sentence(self.blocks, self.out, self.factor, self.length)

    @property
    def alt(self) -> str:
        """The picture in words."""
        return (
            "Two rows of bars over the length of a path, from 0 to "
            f"{self.blocks}: above, how many paths have it; below, how much of the "
            "gradient comes along them. Those up to the chosen length are dark, longer "
            f"ones pale; grey is what the lesion took. {self.caption}"
        )

    def draw(self) -> Figure:
        """Paths above, gradient below, over the same lengths."""
        fig, axes = plots.new(8, 3.6, 2, 1)
        n, m, r = self.blocks, self.out, self.factor
        rows = [
            ("paths, in %", path_shares(n, 0), path_shares(n, m)),
            ("gradient, in %", gradient_shares(n, 0, r), gradient_shares(n, m, r)),
        ]
        for ax, row, mean in zip(axes, rows, mean_lengths(n, m, r), strict=True):
            _profile(ax, *row, self.length)
            ax.axvline(mean, color="black", ls="--", lw=plots.pen.THIN)
        axes[1].set_xlabel("length of a path (dashed: the mean)")
        return fig


def _profile(
    ax: Axes, name: str, before: list[float], left: list[float], length: int
) -> None:
    """Bars for what is left, before those of the whole network."""
    places = range(len(before))
    shades = [plots.BLUE if k <= length else LONGER for k in places]
    ax.bar(places, [100 * share for share in before], color=WHOLE, width=0.85)
    ax.bar(places, [100 * share for share in left], color=shades, width=0.85)
    ax.set(ylabel=name, xlim=(-0.6, len(before) - 0.4))
    ax.set_xticks(places[:: 1 if len(before) <= 20 else 6])


class PathsWidget(kit.Live, Paths):
    """The same on the page, with sliders."""

    _esm = kit.script("paths")
    _css = kit.style("paths")
