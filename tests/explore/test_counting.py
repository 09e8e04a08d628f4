"""The counting explorer: the page counts as torch's layers do; its words, its state."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit import explore, models
from coursekit.anatomy import count_layers
from coursekit.explore.counting import LIMITS, USUAL, percent
from coursekit.explore.kit import STATE
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
# LeNet-5, each slider at both ends, and some at random.
ENDS = [USUAL | {name: end} for name, ends in LIMITS.items() for end in ends]
CASES = [USUAL, *ENDS] + [
    {name: int(rng.integers(low, high + 1)) for name, (low, high) in LIMITS.items()}
    for rng in [np.random.default_rng(4)]
    for _ in range(5)
]


def test_the_page_counts_what_torch_does() -> None:
    told = page.value(
        "counting",
        "cases.map((one) => [page.layersOf(one), page.sentence(page.layersOf(one))])",
        cases=CASES,
    )
    for case, (layers, words) in zip(CASES, told, strict=True):
        shown = explore.counting(**case)
        assert words == shown.caption
        for mine, layer in zip(layers, shown.layers, strict=True):
            assert mine["name"] == layer.name
            assert mine["kind"] in layer.kind
            assert tuple(mine["size"]) == layer.output_shape
            assert mine["parameters"] == layer.parameters
            assert mine["multiplyAdds"] == layer.multiply_adds


def test_it_begins_as_the_courses_lenet() -> None:
    lenet = count_layers(models.lenet5(image_size=32), (1, 32, 32))
    words = explore.counting().caption
    assert words.startswith(f"{lenet.parameters:,} parameters, 95.8 % of them in dense")
    assert f"; {lenet.multiply_adds:,} multiply-adds, 85.9 % of them in conv" in words


@pytest.mark.parametrize("side", range(28, 65, 3))
def test_whatever_the_sliders_say_there_is_a_network(side: int) -> None:
    """The largest kernels leave a map, and odd maps are rounded down."""
    layers = explore.counting(side, k1=7, k2=7).layers
    assert len(layers) == 7
    assert layers[3].output_shape[1:] == (((side - 6) // 2 - 6) // 2,) * 2


def test_shares_are_rounded_half_up() -> None:
    found = [percent(part, 2000) for part in (0, 1, 2, 125, 1999, 2000)]
    assert found == ["0.0 %", "0.1 %", "0.1 %", "6.3 %", "100.0 %", "100.0 %"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"side": 27}, "side is 27; it can be 28 to 64 here"),
        ({"k1": 0}, "k1 is 0; it can be 1 to 7 here"),
        ({"k2": 8}, "k2 is 8; it can be 1 to 7 here"),
        ({"c1": 33}, "c1 is 33; it can be 1 to 32 here"),
        ({"c2": 2.5}, "c2 must be a whole number, not 2.5"),
        ({"units": "120"}, "units must be a whole number, not '120'"),
    ],
)
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.counting(**call)


def test_what_cannot_be_set() -> None:
    shown = explore.counting()
    with pytest.raises(ValueError, match="units is 9"):
        shown.units = 9
    assert shown.units == 120


def test_without_a_front_end_it_is_a_picture() -> None:
    shown = explore.counting(side=28)
    assert not isinstance(shown, explore.CountedWidget)
    bundle = shown._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert shown.caption in bundle["text/html"]
    assert "on images of 28×28. Layers" in shown.alt
    assert "conv 2, 16 × 8 × 8: 2,416 and 153,600; pool 2, 16 × 4 × 4: 0" in shown.alt
    for ax, what in zip(
        shown.draw().axes, ("parameters", "multiply_adds"), strict=True
    ):
        bars = [bar.get_width() for bar in ax.patches if isinstance(bar, Rectangle)]
        assert bars == [getattr(layer, what) for layer in shown.layers]


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    shown = explore.counting()
    assert isinstance(shown, explore.CountedWidget)
    kinds = {LIVE, "text/html", "image/png", "text/plain"}
    assert set(shown._repr_mimebundle_()[0]) == kinds
    assert shown.get_state()["limits"] == LIMITS
    shown.set_state({"side": 64, "units": 10})
    assert shown.layers[4].output_shape == (10,)
