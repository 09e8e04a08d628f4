"""The pooling explorer: torch's numbers on both sides, its words, its state."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
import traitlets

from coursekit import explore
from coursekit.explore.kit import STATE
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
X = [[3, 3, 0, -5], [1, 3, 7, 2], [0, 0, 0, 0]]
# Few different numbers, so that many windows tie; some maps are not square.
MAPS = [X] + [
    rng.integers(-2, 3, size).tolist()
    for rng in [np.random.default_rng(5)]
    for size in [(8, 8), (5, 8), (4, 4), (1, 1)]
]
CASES = [
    {"input": x, "k": k, "s": s, "kind": kind, "back": back}
    for x, k, s, kind, back in itertools.product(
        MAPS, (1, 2, 3, 4), (1, 2, 3), ("max", "average"), (False, True)
    )
    if k <= min(len(x), len(x[0]))
]


def shown(case: dict[str, Any], **place: int) -> explore.Pooled:
    return explore.pooling(case["input"], case["k"], case["s"], case["kind"],
                           back=case["back"], **place)  # fmt: skip


def test_the_page_computes_what_torch_does() -> None:
    found = page.value("pooling", "cases.map(page.pooled)", cases=CASES)
    for case, grids in zip(CASES, found, strict=True):
        expected = shown(case)
        np.testing.assert_allclose(grids["output"], expected.output, atol=1e-12)
        np.testing.assert_allclose(grids["gradient"], expected.gradient, atol=1e-12)


def test_the_page_gives_the_same_shares_and_says_the_same() -> None:
    places = [
        (case, row, column)
        for case in CASES[::7]
        for row, column in np.ndindex(shown(case).output.shape)
    ]
    asked = [(case, row, column) for case, row, column in places]
    words = page.value(
        "pooling", "asked.map(([c, row, column]) => page.sentence(c, row, column))",
        asked=asked,
    )  # fmt: skip
    for (case, row, column), said in zip(places, words, strict=True):
        assert said == shown(case, row=row, column=column).caption


def test_the_first_of_equal_winners_gets_it() -> None:
    tied = explore.pooling(X, 2, 1, back=True)
    assert tied.shares.tolist() == [[1, 0, 0, 0]] + [[0] * 4] * 2
    assert tied.caption == (
        "output[0, 0] = 3, the largest of rows 0 to 1, columns 0 to 1: input[0, 0]. "
        "3 of them tie; the first in reading order counts. Its gradient of 1 goes "
        "there; input[0, 0] gets 1 in all. 9 of 12 numbers get 0, and the others "
        "together 6, 1 from each output."
    )
    tied.column = 2
    assert tied.gradient[1, 2] == 4
    assert "input[1, 2] gets 4 in all" in tied.caption


def test_the_average_shares() -> None:
    fair = explore.pooling(X, 2, 1, "average", column=1)
    assert fair.output[0, 1] == 13 / 4
    assert (
        fair.caption == "output[0, 1] = 13/4, the mean of rows 0 to 1, columns 1 to 2."
    )
    fair.back = True
    assert "1/4 of its gradient of 1 goes to each of them. 0 of 12" in fair.caption
    assert fair.gradient.tolist() == [
        [0.25, 0.5, 0.5, 0.25],
        [0.5, 1, 1, 0.5],
        [0.25, 0.5, 0.5, 0.25],
    ]


@pytest.mark.parametrize("kind", ["max", "average"])
def test_no_gradient_is_lost_or_made(kind: str) -> None:
    for case in CASES:
        one = shown(case | {"kind": kind})
        assert one.gradient.sum() == pytest.approx(one.output.size)
        assert one.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"x": [1, 2]}, "the input must be 2-D"),
        ({"x": np.ones((9, 2))}, "the input is 9×2; at most 8×8"),
        ({"x": [[0.5]]}, "the input should hold whole numbers from -99 to 99"),
        ({"x": [[100]]}, "the input should hold whole numbers from -99 to 99"),
        ({"k": 4}, "k is 4; it can be 1 to 3 here"),
        ({"k": 0}, "k is 0; it can be 1 to 3 here"),
        ({"k": 1.5}, "k must be a whole number, not 1.5"),
        ({"s": 5}, "s is 5; it can be 1 to 4 here"),
        ({"kind": "L2"}, 'kind is \'L2\'; it can be "max" or "average" here'),
        ({"row": 1}, "row is 1; it can be 0 to 0 here"),
        ({"column": -1}, "column is -1; it can be 0 to 1 here"),
    ],
)
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.pooling(**({"x": X} | call))


def test_the_place_stays_inside_when_the_window_grows() -> None:
    one = explore.pooling(X, 1, row=2, column=3)
    one.k = 3
    assert (one.row, one.column) == (0, 1)
    assert one.output.shape == (1, 2)
    with pytest.raises(ValueError, match="k is 4"):
        one.k = 4
    with pytest.raises(traitlets.TraitError):
        one.kind = "L2"
    with pytest.raises(traitlets.TraitError, match="read-only"):
        one.input = [[1]]


def test_without_a_front_end_it_is_a_picture() -> None:
    one = explore.pooling(X, 3, 1, back=True)
    assert not isinstance(one, explore.PooledWidget)
    bundle = one._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert one.caption in bundle["text/html"]
    assert one.alt.startswith("An input with the rows 3 3 0 -5; 1 3 7 2; 0 0 0 0; a fr")
    assert "3×3, stride 1; beside it the output of 1×2, max pooled, and the" in one.alt
    assert len(one.draw().axes) == 3
    one.back = False
    assert len(one.draw().axes) == 2
    assert "gradient" not in one.alt


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    one = explore.pooling(X, 2, 1)
    assert isinstance(one, explore.PooledWidget)
    kinds = {LIVE, "text/html", "image/png", "text/plain"}
    assert set(one._repr_mimebundle_()[0]) == kinds
    state = one.get_state()
    assert (state["input"], state["limits"]) == (X, {"k": (1, 3), "s": (1, 4)})
    one.set_state({"k": 1, "row": 2, "column": 3, "kind": "average"})
    assert one.caption == "output[2, 3] = 0/1, the mean of row 2, column 3."
