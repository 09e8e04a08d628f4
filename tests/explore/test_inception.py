"""The inception explorer: its arithmetic, its words, its picture, both halves."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import explore
from coursekit.anatomy import count_layers
from coursekit.explore.inception import LIMITS, Module
from coursekit.explore.kit import STATE
from coursekit.models.googlenet import PAPER
from coursekit.models.googlenet import Inception as Block
from tests.explore import page

Widths = tuple[int, int, int, int, int, int, int]
LIVE = "application/vnd.jupyter.widget-view+json"
TABLE = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}
CASES = [
    Module(*widths, side=side, reduced=reduced)
    for widths, side, reduced in itertools.product(
        [*TABLE.values(), (1,) * 7, (832, *(512,) * 6), (5, 3, 400, 7, 2, 1, 9)],
        (1, 14, 56),
        (True, False),
    )
]


def wide(widths: Widths) -> list[nn.Module]:
    """The four branches without 1×1 layers before the kernels or after the pooling."""
    inputs, one, _, three, _, five, _ = widths
    kernels = [(one, 1), (three, 3), (five, 5)]
    branches: list[nn.Module] = [
        nn.Conv2d(inputs, maps, k, padding=k // 2) for maps, k in kernels
    ]
    return [*branches, nn.MaxPool2d(3, 1, 1)]


# ---- The arithmetic ----


@pytest.mark.parametrize("widths", [*TABLE.values(), (6, 1, 2, 3, 4, 5, 7)])
@pytest.mark.parametrize("side", [7, 14])
@pytest.mark.parametrize("reduced", [True, False])
def test_it_counts_what_the_networks_have(
    widths: Widths, side: int, reduced: bool
) -> None:
    block = Block(PAPER, *widths)
    narrow = [block.branch1, block.branch2, block.branch3, block.branch4]
    module = Module(*widths, side=side, reduced=reduced)
    shape = (widths[0], side, side)
    for model, branch in zip(
        narrow if reduced else wide(widths), module.branches.values(), strict=True
    ):
        counted = count_layers(model, shape)
        assert branch.parameters == counted.parameters
        assert side**2 * branch.weights == counted.multiply_adds
        assert branch.maps == model(torch.zeros(1, *shape)).shape[1]
    if reduced:
        maps = block(torch.zeros(1, *shape)).shape[1]
        whole = count_layers(block, shape)
        assert module.totals == (maps, whole.parameters, whole.multiply_adds)


def test_what_is_seen_is_said() -> None:
    shown = explore.inception()
    assert shown.caption == (
        "With the 1×1 layers 256 maps, 163,696 parameters, 128,049,152 multiply-adds; "
        "without them 416 maps, 387,296 parameters, 303,464,448 multiply-adds. "
        "With them the 3×3 branch does 79 % of the work."
    )
    assert shown.alt.endswith(shown.caption)
    assert "1×1 9.63, 3×3 101.15, 5×5 12.44, pool 4.82;" in shown.alt
    shown.reduced = False
    assert shown.caption.startswith("With the 1×1 layers 256 maps, 163,696 parameters")
    assert shown.caption.endswith("Without them the 3×3 branch does 57 % of the work.")


def test_the_page_counts_and_says_the_same() -> None:
    found = page.value(
        "inception",
        "cases.map((one) => [page.totals(one), page.verdict(one), page.branches(one)])",
        cases=[vars(module) for module in CASES],
    )
    for module, (totals, words, branches) in zip(CASES, found, strict=True):
        assert tuple(totals) == module.totals
        assert words == module.verdict
        assert [one["name"] for one in branches] == list(module.branches)
        for told, branch in zip(branches, module.branches.values(), strict=True):
            assert told["maps"] == branch.maps
            assert [tuple(layer) for layer in told["layers"]] == list(branch.layers)


def test_the_product_on_the_page_is_the_work() -> None:
    modules = [vars(module) for module in CASES]
    found = page.value(
        "inception",
        "modules.map((one) =>"
        " page.branches(one).map((branch) => page.product(branch, one.side)))",
        modules=modules,
    )
    assert found[2] == [  # 3a with 14 × 14 places
        "14·14·192·64",
        "14·14·(192·96 + 3·3·96·128)",
        "14·14·(192·16 + 5·5·16·32)",
        "14·14·192·32",
    ]
    assert found[3][3] == "no weights"
    for module, products in zip(CASES, found, strict=True):
        for words, branch in zip(products, module.branches.values(), strict=True):
            if branch.layers:
                value = eval(words.replace("·", "*"))
                assert value == module.side**2 * branch.weights


# ---- The state ----


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"inputs": 0}, "inputs is 0; it can be 1 to 832 here"),
        ({"inputs": 833}, "inputs is 833; it can be 1 to 832 here"),
        ({"one": 513}, "one is 513; it can be 1 to 512 here"),
        ({"before_three": 0}, "before_three is 0; it can be 1 to 512 here"),
        ({"five": 1.5}, "five must be a whole number, not 1.5"),
        ({"pooled": "8"}, "pooled must be a whole number, not '8'"),
        ({"side": 57}, "side is 57; it can be 1 to 56 here"),
        ({"reduced": 1}, "reduced must be True or False, but it is 1"),
    ],
)
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.inception(**call)


def test_a_row_of_the_table() -> None:
    shown = explore.inception(*TABLE["4d"], side=np.int64(14))  # type: ignore[arg-type]
    assert shown.module == Module(*TABLE["4d"], 14, True)
    with pytest.raises(ValueError, match="three is 0"):
        shown.three = 0
    assert shown.three == 288


# ---- The picture ----


def test_without_a_front_end_it_is_a_picture() -> None:
    shown = explore.inception()
    assert not isinstance(shown, explore.InceptionWidget)
    bundle = shown._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert shown.caption in bundle["text/html"]


def test_the_bars_of_the_picture() -> None:
    shown = explore.inception()
    bars = [bar for group in shown.draw().axes[0].containers for bar in group]
    widths = sorted(bar.get_width() for bar in bars)
    parts = [layer for b in shown.module.branches.values() for layer in b.layers]
    wide = [branch.weights for branch in shown.module.other.branches.values()]
    work = sorted(784e-6 * one for one in [*(p.weights for p in parts), *wide])
    assert widths == pytest.approx(work)


@pytest.mark.parametrize("reduced", [True, False])
@pytest.mark.parametrize("end", [0, 1])
def test_pictures_at_the_limits(end: int, reduced: bool) -> None:
    numbers = {name: int(limits[end]) for name, limits in LIMITS.items()}
    shown = explore.inception(**numbers, reduced=reduced)
    assert shown._repr_mimebundle_()[0]["image/png"]


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    shown = explore.inception()
    assert isinstance(shown, explore.InceptionWidget)
    kinds = {LIVE, "text/html", "image/png", "text/plain"}
    assert set(shown._repr_mimebundle_()[0]) == kinds
    limits = shown.get_state()["limits"]
    assert {name: tuple(pair) for name, pair in limits.items()} == LIMITS
    shown.set_state({"before_five": 32, "reduced": False})
    assert shown.module.before_five == 32
    assert "Without them the 3×3 branch" in shown.caption
