"""Turn the widths of an inception module and see what each branch costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from coursekit import plots
from coursekit.arguments import check_switches
from coursekit.explore import kit

# Wide enough for every module of GoogLeNet.
WIDTHS = ("one", "before_three", "three", "before_five", "five", "pooled")
LIMITS = {"inputs": (1, 832), **dict.fromkeys(WIDTHS, (1, 512)), "side": (1, 56)}
NARROW, OTHER = "#9FC9E0", "#DCDCDC"  # as inception.css mixes them on a white page


def inception(
    inputs: int = 192,
    one: int = 64,
    before_three: int = 96,
    three: int = 128,
    before_five: int = 16,
    five: int = 32,
    pooled: int = 32,
    *,
    side: int = 28,
    reduced: bool = True,
) -> Inception:
    """What the branches of an inception module cost; at first module 3a of GoogLeNet.

    inputs: maps that go in, 1 to 832.  one, three, five, pooled: maps that come out of
    the branches; before_three, before_five: of the 1×1 layers before the kernels, all
    1 to 512.  side: of the maps, 1 to 56 places.  reduced: with the 1×1 layers before
    the kernels and after the pooling, or without.

    Interactive in JupyterLab, else a picture.  Raises ValueError for other numbers.
    """
    given = {"inputs": inputs, "one": one, "before_three": before_three}
    given |= {"three": three, "before_five": before_five, "five": five}
    given |= {"pooled": pooled, "side": side}
    check_switches(reduced=reduced)
    numbers = {
        name: kit.within(name, value, *LIMITS[name]) for name, value in given.items()
    }
    kind = InceptionWidget if kit.has_front_end() else Inception
    return kind(**numbers, reduced=reduced)


# ---- The arithmetic; inception.mjs has the same, and the tests compare them ----


class Layer(NamedTuple):
    """A convolution with k × k kernels and a bias for each of its maps."""

    k: int
    inputs: int
    outputs: int

    @property
    def weights(self) -> int:
        """Its weights; each is used once at every place."""
        return self.k**2 * self.inputs * self.outputs


@dataclass(frozen=True)
class Branch:
    """One way through the module: its layers, and the maps that come out."""

    layers: tuple[Layer, ...]
    maps: int

    @property
    def weights(self) -> int:
        """Of all its layers."""
        return sum(layer.weights for layer in self.layers)

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + sum(layer.outputs for layer in self.layers)


@dataclass(frozen=True)
class Module:
    """The seven widths, the side of the maps, and whether 1×1 layers narrow them."""

    inputs: int
    one: int
    before_three: int
    three: int
    before_five: int
    five: int
    pooled: int
    side: int
    reduced: bool

    @property
    def branches(self) -> dict[str, Branch]:
        """In the order in which their maps are stacked."""
        ways = {
            "1×1": (Layer(1, self.inputs, self.one),),
            "3×3": self._kernels(3, self.before_three, self.three),
            "5×5": self._kernels(5, self.before_five, self.five),
            "pool": (Layer(1, self.inputs, self.pooled),) * self.reduced,
        }
        return {
            name: Branch(layers, layers[-1].outputs if layers else self.inputs)
            for name, layers in ways.items()
        }

    def _kernels(self, k: int, before: int, outputs: int) -> tuple[Layer, ...]:
        if not self.reduced:
            return (Layer(k, self.inputs, outputs),)
        return Layer(1, self.inputs, before), Layer(k, before, outputs)

    @property
    def totals(self) -> tuple[int, int, int]:
        """Maps that come out, parameters, multiply-adds."""
        every = self.branches.values()
        work = self.side**2 * sum(branch.weights for branch in every)
        maps = sum(branch.maps for branch in every)
        return maps, sum(branch.parameters for branch in every), work

    @property
    def other(self) -> Module:
        """The same, with the switch the other way."""
        return Module(**{**vars(self), "reduced": not self.reduced})

    @property
    def verdict(self) -> str:
        """The sums both ways, and where most of the work is."""
        ways = [self, self.other]
        with_, without = ways if self.reduced else reversed(ways)
        work = {name: branch.weights for name, branch in self.branches.items()}
        dearest, total = max(work, key=lambda name: work[name]), sum(work.values())
        share = (200 * work[dearest] + total) // (2 * total)
        shown = "With" if self.reduced else "Without"
        return (
            f"With the 1×1 layers {_sums(with_)}; without them {_sums(without)}. "
            f"{shown} them the {dearest} branch does {share} % of the work."
        )


def _sums(module: Module) -> str:
    maps, parameters, work = module.totals
    return f"{maps} maps, {parameters:,} parameters, {work:,} multiply-adds"


# ---- The widget ----


class Inception(kit.Explorer):
    """The bill of an inception module, shown as a picture."""

    inputs = traitlets.Int(192).tag(sync=True)
    one = traitlets.Int(64).tag(sync=True)
    before_three = traitlets.Int(96).tag(sync=True)
    three = traitlets.Int(128).tag(sync=True)
    before_five = traitlets.Int(16).tag(sync=True)
    five = traitlets.Int(32).tag(sync=True)
    pooled = traitlets.Int(32).tag(sync=True)
    side = traitlets.Int(28).tag(sync=True)
    reduced = traitlets.Bool(True).tag(sync=True)
    limits = traitlets.Dict(LIMITS, read_only=True).tag(sync=True)

    @traitlets.validate(*LIMITS)
    def _inside(self, proposal: dict[str, Any]) -> int:
        name = proposal["trait"].name
        return kit.within(name, proposal["value"], *LIMITS[name])

    @property
    def module(self) -> Module:
        """What is shown."""
        return Module(
            **{name: getattr(self, name) for name in LIMITS}, reduced=self.reduced
        )

    @property
    def caption(self) -> str:
        """All sums; inception.mjs says the same."""
        return self.module.verdict

    @property
    def alt(self) -> str:
        """The picture in words."""
        millions = ", ".join(
            f"{name} {self.side**2 * branch.weights / 1e6:.2f}"
            for name, branch in self.module.branches.items()
        )
        return (
            f"A bar for each branch, its multiply-adds in millions: {millions}; pale, "
            "the 1×1 layers before the kernels; grey behind them, the bars with the "
            f"switch the other way. {self.caption}"
        )

    def draw(self) -> Figure:
        """A bar for each branch, before the bars of the other way."""
        fig, ax = plots.new(8.5, 2.9)
        for y, (name, other) in enumerate(self.module.other.branches.items()):
            scale = self.side**2 / 1e6
            ax.barh(y, scale * other.weights, 0.8, color=OTHER)
            _bill(ax, y, self.module.branches[name], scale)
        ax.set_yticks(range(4), list(self.module.branches))
        ax.invert_yaxis()
        ax.set(xlabel="multiply-adds, in millions")
        words = ["kernels", "1×1 layers before them"]
        words += ["without the 1×1 layers" if self.reduced else "with 1×1 layers"]
        keys = [
            Patch(color=colour, label=text)
            for colour, text in zip((plots.BLUE, NARROW, OTHER), words, strict=True)
        ]
        ax.legend(
            handles=keys, frameon=False, loc="lower right", fontsize=plots.pen.SMALL
        )
        return fig


def _bill(ax: Axes, y: int, branch: Branch, scale: float) -> None:
    """The layers of a branch one after the other, and its numbers."""
    left = 0.0
    for at, layer in enumerate(branch.layers):
        narrows = at < len(branch.layers) - 1
        work = scale * layer.weights
        ax.barh(y, work, 0.5, left, color=NARROW if narrows else plots.BLUE)
        left += work
    words = f" {left:,.2f}, {branch.maps} maps"
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8}
    ax.text(left, y, words, va="center", fontsize=plots.pen.SMALL, bbox=box)


class InceptionWidget(kit.Live, Inception):
    """The same on the page, with sliders and a switch."""

    _esm = kit.script("inception")
    _css = kit.style("inception")
