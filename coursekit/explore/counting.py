"""Change the sizes of LeNet-5 and watch where weights and work go."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import nn

from coursekit import plots
from coursekit.anatomy import Layer, count_layers
from coursekit.explore import kit
from coursekit.explore.kit import picture

# LeNet-5's own, and the first and the last number of each slider.
USUAL = {"side": 32, "k1": 5, "k2": 5, "c1": 6, "c2": 16, "units": 120}
LIMITS = {
    "side": (28, 64),
    "k1": (1, 7),
    "k2": (1, 7),
    "c1": (1, 32),
    "c2": (1, 64),
    "units": (10, 400),
}
HIDDEN, CLASSES = 84, 10  # of the two layers behind
COLOURS = {"convolution": plots.BLUE, "pooling": plots.GREY, "dense": plots.GREEN}


def counting(
    side: int = 32,
    k1: int = 5,
    k2: int = 5,
    c1: int = 6,
    c2: int = 16,
    units: int = 120,
) -> Counted:
    """LeNet-5 with sliders, and for each layer its size, parameters and multiply-adds.

    side: of the grey image, 28 to 64.  k1, k2: sides of the kernels of the two
    convolutions, 1 to 7.  c1, c2: their channels, 1 to 32 and 1 to 64.  units: of the
    first dense layer, 10 to 400.

    Interactive in JupyterLab, else a picture.  Raises ValueError for other numbers.
    """
    given = {"side": side, "k1": k1, "k2": k2, "c1": c1, "c2": c2, "units": units}
    given = {name: kit.within(name, one, *LIMITS[name]) for name, one in given.items()}
    kind = CountedWidget if kit.has_front_end() else Counted
    return kind(**given)


@cache
def layers_of(
    side: int, k1: int, k2: int, c1: int, c2: int, units: int
) -> tuple[Layer, ...]:
    """The layers from the first convolution to the output, counted."""
    last = ((side - k1 + 1) // 2 - k2 + 1) // 2
    parts: list[tuple[str, nn.Module]] = [
        ("conv 1", nn.Conv2d(1, c1, k1)),
        ("pool 1", nn.MaxPool2d(2)),
        ("conv 2", nn.Conv2d(c1, c2, k2)),
        ("pool 2", nn.MaxPool2d(2)),
        ("flat", nn.Flatten()),
        ("dense 1", nn.Linear(c2 * last * last, units)),
        ("dense 2", nn.Linear(units, HIDDEN)),
        ("output", nn.Linear(HIDDEN, CLASSES)),
    ]
    counted = count_layers(nn.Sequential(OrderedDict(parts)), (1, side, side))
    return tuple(layer for layer in counted if layer.name != "flat")


class Counted(kit.Explorer):
    """The sizes of the network, and its counts shown as a picture.  All can be set."""

    side = traitlets.Int(32).tag(sync=True)
    k1 = traitlets.Int(5).tag(sync=True)
    k2 = traitlets.Int(5).tag(sync=True)
    c1 = traitlets.Int(6).tag(sync=True)
    c2 = traitlets.Int(16).tag(sync=True)
    units = traitlets.Int(120).tag(sync=True)
    limits = traitlets.Dict(LIMITS, read_only=True).tag(sync=True)
    usual = traitlets.Dict(USUAL, read_only=True).tag(sync=True)

    @traitlets.validate(*LIMITS)
    def _drawable(self, proposal: dict[str, Any]) -> int:
        name = proposal["trait"].name
        return kit.within(name, proposal["value"], *LIMITS[name])

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers with their counts."""
        return layers_of(*(getattr(self, name) for name in LIMITS))

    def _sum(self, what: str, kind: str = "") -> int:
        """Of `what`, all or that of one kind of layers."""
        chosen = (layer for layer in self.layers if kind in layer.kind)
        return sum(getattr(layer, what) for layer in chosen)

    @property
    def caption(self) -> str:
        """Both totals, and which kind of layer has most of them; as in counting.mjs."""
        weights, work = self._sum("parameters"), self._sum("multiply_adds")
        dense = percent(self._sum("parameters", "dense"), weights)
        busy = percent(self._sum("multiply_adds", "convolution"), work)
        return (
            f"{weights:,} parameters, {dense} of them in dense layers; "
            f"{work:,} multiply-adds, {busy} of them in convolutions."
        )

    @property
    def alt(self) -> str:
        """The two charts in words."""
        rows = "; ".join(
            f"{layer.name}, {size(layer)}: {layer.parameters:,} and "
            f"{layer.multiply_adds:,}"
            for layer in self.layers
        )
        return (
            f"Two bar charts with a bar for each layer of a network on images of "
            f"{self.side}×{self.side}. Layers, their outputs, parameters and "
            f"multiply-adds: {rows}."
        )

    def draw(self) -> Figure:
        """Parameters and multiply-adds of each layer as bars."""
        fig, whole = plots.new(picture.WIDTH, 2.9)
        whole.remove()
        left, right = fig.subplots(1, 2, sharey=True)
        _bars(left, self.layers, "parameters")
        _bars(right, self.layers, "multiply_adds")
        names = [f"{layer.name}  {size(layer)}" for layer in self.layers]
        left.set_yticks(np.arange(len(names)), labels=names)
        left.invert_yaxis()
        return fig


def size(layer: Layer) -> str:
    """The shape of what a layer puts out: "6 × 28 × 28"."""
    return " × ".join(map(str, layer.output_shape))


def percent(part: int, whole: int) -> str:
    """A share with one decimal, rounded in whole numbers as on the page."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %"


def _colour(layer: Layer) -> str:
    """By what a layer is: its kind in words names the kernel, too."""
    return next(colour for kind, colour in COLOURS.items() if kind in layer.kind)


def _bars(ax: Axes, layers: tuple[Layer, ...], what: str) -> None:
    """A bar for each layer, with its number."""
    counts = [getattr(layer, what) for layer in layers]
    colours = [_colour(layer) for layer in layers]
    bars = ax.barh(np.arange(len(counts)), counts, 0.75, color=colours)
    ax.bar_label(
        bars, [f"{count:,}" for count in counts], padding=3, fontsize=plots.pen.SMALL
    )
    ax.set(title=f"{what.replace('_', '-')}: {sum(counts):,}", xticks=[])
    ax.set_xlim(0, 1.3 * max(counts))
    ax.tick_params(length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)


class CountedWidget(kit.Live, Counted):
    """The same with sliders; Python and the page share the sizes."""

    _esm = kit.script("counting")
    _css = kit.style("counting")
