"""The paths explorer: its arithmetic, its words, its picture, both halves."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest

from coursekit import explore
from coursekit.explore.kit import STATE
from coursekit.explore.paths import (
    gradient_shares,
    mean_lengths,
    path_shares,
    percent,
    sentence,
)
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
CASES = [
    (blocks, min(out, blocks), factor, min(length, blocks))
    for blocks, out, factor, length in itertools.product(
        (1, 2, 9, 20, 53, 54), (0, 1, 3, 10), (0.1, 0.26, 0.5, 1, 1.5), (0, 4, 17)
    )
]


def every_path(blocks: int, out: int, factor: Fraction) -> list[list[Fraction]]:
    """By length, the sizes of all paths that go through none of the blocks out."""
    found: list[list[Fraction]] = [[] for _ in range(blocks + 1)]
    for number in range(2**blocks):
        if number % 2**out == 0:  # through none of the first ones
            length = number.bit_count()
            found[length].append(factor**length)
    return found


# ---- The arithmetic ----


@pytest.mark.parametrize("blocks", [1, 4, 9])
@pytest.mark.parametrize("out", [0, 1, 3])
def test_as_if_every_path_were_gone_along(blocks: int, out: int) -> None:
    out, factor = min(out, blocks), Fraction(3, 4)
    left, whole = every_path(blocks, out, factor), every_path(blocks, 0, factor)
    total = sum(map(sum, whole), Fraction())
    counts = [Fraction(len(some), 2**blocks) for some in left]
    sizes = [sum(some, Fraction()) / total for some in left]
    assert path_shares(blocks, out) == [float(one) for one in counts]
    assert gradient_shares(blocks, out, 0.75) == pytest.approx(
        [float(one) for one in sizes], rel=1e-14
    )
    means = [
        float(sum(k * one for k, one in enumerate(shares)) / sum(shares))
        for shares in (counts, sizes)
    ]
    assert mean_lengths(blocks, out, 0.75) == pytest.approx(means, rel=1e-14)


def test_shares_are_exact_for_54_blocks() -> None:
    shares = path_shares(54, 0)
    assert shares == [float(Fraction(comb(54, k), 2**54)) for k in range(55)]
    assert sum(path_shares(54, 3)) == 1 / 8
    for factor in (0.1, 0.5, 1.5):
        assert sum(gradient_shares(54, 0, factor)) == pytest.approx(1, rel=1e-12)
        left = sum(gradient_shares(54, 3, factor))
        assert left == pytest.approx((1 + factor) ** -3, rel=1e-12)


def test_a_factor_of_one_makes_no_difference() -> None:
    assert gradient_shares(54, 2, 1) == path_shares(54, 2)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "less than 0.01 %"),
        (0.00004, "less than 0.01 %"),
        (0.00005, "0.01 %"),
        (0.03125, "3.13 %"),
        (0.125, "12.50 %"),
        (0.9999999, "100.00 %"),
    ],
)
def test_percent(share: float, words: str) -> None:
    assert percent(share) == words


def test_what_is_seen_is_said() -> None:
    shown = explore.paths(9, 0.5, out=1, length=3)
    assert shown.caption == (
        "Blocks 9, 1 out, factor 0.50: 256 paths of 512 left, 50.00 %, with 66.67 % of "
        "the whole gradient. Mean length 4.0; weighted with the gradients, 2.7. "
        "Length 3 or less: 18.16 % of all paths, 49.42 % of the whole gradient."
    )
    assert shown.alt.endswith(shown.caption)
    assert "from 0 to 9" in shown.alt
    assert explore.paths(1, 1, out=1).caption.startswith(
        "Blocks 1, 1 out, factor 1.00: 1 path of 2 left, 50.00 %"
    )
    whole = explore.paths(54, 0.26, length=17).caption
    assert "factor 0.26: 18,014,398,509,481,984 paths. Mean length 27.0;" in whole


def test_the_page_counts_and_says_the_same() -> None:
    found = page.value(
        "paths",
        "cases.map(([blocks, out, factor, length]) => {"
        " const stack = { blocks, out, factor };"
        " return [page.pathShares(stack), page.gradientShares(stack),"
        "   page.meanLengths(stack), page.sentence(stack, length)]; })",
        cases=CASES,
    )
    assert len(found) == len(CASES)
    for (blocks, out, factor, length), told in zip(CASES, found, strict=True):
        assert told[0] == path_shares(blocks, out)
        np.testing.assert_allclose(
            told[1], gradient_shares(blocks, out, factor), rtol=1e-12
        )
        assert tuple(told[2]) == mean_lengths(blocks, out, factor)
        assert told[3] == sentence(blocks, out, factor, length)


def test_the_page_rounds_alike() -> None:
    shares = [0, 4e-5, 5e-5, 0.001, *(2.0**-k for k in range(15)), 0.9999999]
    assert page.value("paths", "shares.map(page.percent)", shares=shares) == [
        percent(share) for share in shares
    ]


# ---- The state ----


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"blocks": 0}, "blocks is 0; it can be 1 to 54 here"),
        ({"blocks": 55}, "blocks is 55; it can be 1 to 54 here"),
        ({"blocks": 4.5}, "blocks must be a whole number, not 4.5"),
        ({"factor": 0.09}, "factor is 0.09; it can be 0.1 to 1.5 here"),
        ({"factor": 2}, "factor is 2.0; it can be 0.1 to 1.5 here"),
        ({"factor": float("nan")}, "factor is nan; it can be 0.1 to 1.5 here"),
        ({"factor": "1"}, "factor must be a number, not '1'"),
        ({"out": -1}, "out is -1; it can be 0 to 10 here"),
        ({"out": 11}, "out is 11; it can be 0 to 10 here"),
        ({"blocks": 2, "out": 3}, "out is 3, but blocks is 2"),
        ({"blocks": 2, "length": 3}, "length is 3, but blocks is 2"),
        ({"length": None, "out": None}, "out must be a whole number, not None"),
    ],
)
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.paths(**call)


def test_numbers_of_every_kind() -> None:
    shown = explore.paths(np.int64(6), np.float32(0.5), out=np.uint8(2))  # type: ignore[arg-type]
    assert (shown.blocks, shown.factor, shown.out, shown.length) == (6, 0.5, 2, 3)


def test_fewer_blocks_take_the_rest_along() -> None:
    shown = explore.paths(20, out=8, length=15)
    shown.blocks = 5
    assert (shown.out, shown.length) == (5, 5)
    with pytest.raises(ValueError, match="length is 6, but blocks is 5"):
        shown.length = 6
    assert shown.length == 5


# ---- The picture ----


def test_without_a_front_end_it_is_a_picture() -> None:
    shown = explore.paths(9, 0.5)
    assert not isinstance(shown, explore.PathsWidget)
    bundle = shown._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert shown.caption in bundle["text/html"]


def test_the_bars_of_the_picture() -> None:
    fig = explore.paths(9, 0.5, out=1, length=4).draw()
    for ax, whole, left in zip(
        fig.axes,
        (path_shares(9, 0), gradient_shares(9, 0, 0.5)),
        (path_shares(9, 1), gradient_shares(9, 1, 0.5)),
        strict=True,
    ):
        bars = [bar for group in ax.containers for bar in group]
        heights = [bar.get_height() for bar in bars]
        assert heights == [100 * share for share in [*whole, *left]]
        faces = [bar.get_facecolor() for bar in bars[10:]]
        assert faces[0] == faces[4] != faces[5] == faces[9]


@pytest.mark.parametrize("call", [(1, 0.1), (54, 1.5)])
def test_pictures_at_the_limits(call: tuple[int, float]) -> None:
    assert explore.paths(*call)._repr_mimebundle_()[0]["image/png"]


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    shown = explore.paths(54, 0.5, length=17)
    assert isinstance(shown, explore.PathsWidget)
    kinds = {LIVE, "text/html", "image/png", "text/plain"}
    assert set(shown._repr_mimebundle_()[0]) == kinds
    shown.set_state({"blocks": 12, "out": 2, "length": 9, "factor": 1.25})
    assert shown.caption.startswith("Blocks 12, 2 out, factor 1.25: 1,024 paths of ")
