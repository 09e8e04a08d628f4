"""Point at a unit of a deep layer and see what it sees in every layer below."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

import traitlets
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.explore import kit
from coursekit.plots.sight import Row, Spec, rows_of, seen_by

MOST_LAYERS, MOST_PIXELS = 6, 40
USUAL = (1, 1, 0, 1)  # kernel, stride, padding, dilation
NAMES = ("kernel", "stride", "padding", "dilation")
LOWEST = (1, 1, 0, 1)


def receptive_field(
    layers: Sequence[Sequence[int]],
    pixels: int = 20,
    *,
    layer: int | None = None,
    unit: int | None = None,
) -> Fields:
    """Layers as rows of units over a row of pixels, and what one unit sees of them.

    layers: 1 to 6, from the pixels upwards, each with kernel, stride, padding on each
    side and dilation; what is left out at the end of one is 1, 1, 0, 1.
    pixels: 1 to 40.  layer, unit: whose view is shown at first, layer 0 being the
    pixels; when left out, the middle unit of the last layer.

    Interactive in JupyterLab, else a picture.  Raises ValueError for what cannot be
    drawn: other numbers, or a layer that has no place.
    """
    specs = [_spec(number, one) for number, one in enumerate(layers, 1)]
    if not 1 <= len(specs) <= MOST_LAYERS:
        raise ValueError(f"give 1 to {MOST_LAYERS} layers, not {len(specs)}")
    pixels = kit.within("pixels", pixels, 1, MOST_PIXELS)
    rows = rows_of(specs, pixels)
    for number, row in enumerate(rows):
        if row.count == 0:
            raise ValueError(f"layer {number} does not fit: nothing is left for it")
    top = len(specs) if layer is None else kit.within("layer", layer, 0, len(specs))
    last = rows[top].count - 1
    place = last // 2 if unit is None else kit.within("unit", unit, 0, last)
    kind = FieldsWidget if kit.has_front_end() else Fields
    return kind(layers=specs, pixels=pixels, layer=top, unit=place)


def _spec(number: int, given: Sequence[int]) -> Spec:
    """A layer with all of its four numbers."""
    try:
        values = [index(value) for value in given]
    except TypeError:
        values = []
    if not 1 <= len(values) <= len(USUAL):
        raise ValueError(
            f"layer {number} should be whole numbers (kernel, stride, padding, "
            f"dilation), not {given!r}"
        )
    values += USUAL[len(values) :]
    for name, value, lowest in zip(NAMES, values, LOWEST, strict=True):
        if value < lowest:
            raise ValueError(
                f"layer {number} has {name} {value}; {lowest} is the least"
            )
    k, s, p, d = values
    return k, s, p, d


class Fields(kit.Explorer):
    """A stack of layers, and a unit whose view is shown as a picture."""

    layers: traitlets.List[Spec] = traitlets.List().tag(sync=True)
    pixels = traitlets.Int(20).tag(sync=True)
    layer = traitlets.Int(0).tag(sync=True)
    unit = traitlets.Int(0).tag(sync=True)

    @property
    def rows(self) -> list[Row]:
        """The pixels, and each layer above them."""
        return rows_of(self.layers, self.pixels)

    @property
    def seen(self) -> list[set[int]]:
        """What the unit sees: pixels, units of layer 1, …, itself."""
        return seen_by(self.layers[: self.layer], self.unit)

    @traitlets.validate("unit")
    def _inside(self, proposal: dict[str, Any]) -> int:
        unit, last = proposal["value"], self.rows[self.layer].count - 1
        if not 0 <= unit <= last:
            there = f"layer {self.layer} has 0 to {last}"
            raise ValueError(f"unit {unit} is outside: {there}")
        return unit

    @traitlets.validate("layer")
    def _known(self, proposal: dict[str, Any]) -> int:
        return kit.within("layer", proposal["value"], 0, len(self.layers))

    @traitlets.observe("layer")
    def _stay_inside(self, _change: object) -> None:
        self.unit = min(self.unit, self.rows[self.layer].count - 1)

    @property
    def caption(self) -> str:
        """What the unit sees, in numbers; fields.mjs says the same."""
        return sentence(self.rows, self.seen, self.unit)

    @property
    def alt(self) -> str:
        """The picture in words."""
        rows = "; ".join(
            f"layer {number}, kernel {k}, stride {s}, padding {p}, dilation {d}: "
            f"{row.count} units"
            for number, ((k, s, p, d), row) in enumerate(
                zip(self.layers, self.rows[1:], strict=True), 1
            )
        )
        return f"A row of {self.pixels} pixels, and above it {rows}. {self.caption}"

    def draw(self) -> Figure:
        """All rows, with what the unit sees."""
        return plots.seen(self.layers, self.pixels, self.unit, layer=self.layer)


def sentence(rows: Sequence[Row], seen: Sequence[set[int]], unit: int) -> str:
    """What a unit sees: how large the field is, and what of it is not pixels."""
    layer = len(seen) - 1
    if layer == 0:
        return f"Pixel {unit} sees itself."
    first, last = min(seen[0]), max(seen[0])
    size = last - first + 1
    words = f"Unit {unit} of layer {layer} sees pixels {first} to {last}, {size} in all"
    outside = sum(not 0 <= i < rows[0].count for i in range(first, last + 1))
    holes = size - len(seen[0])
    more = [f"{outside} of them padding"] * (outside > 0)
    more += [f"{holes} of them skipped"] * (holes > 0)
    return (", ".join([words, *more]) + ".").replace("-", "−")


class FieldsWidget(kit.Live, Fields):
    """The same on the page, to point at."""

    _esm = kit.script("fields")
    _css = kit.style("fields")
