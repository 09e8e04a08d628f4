"""The normalising explorer: torch's numbers on both sides, its words, its state."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
import torch
import traitlets
from torch import nn

from coursekit import explore
from coursekit.explore.kit import STATE
from coursekit.explore.normalising import EDGE, LIMITS, RUNNING, VALUES
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
CASES: list[dict[str, Any]] = [
    {"shift": shift, "stretch": stretch, "gamma": gamma, "beta": beta, "size": size,
     "training": training}
    for shift, stretch, gamma, beta, size, training in itertools.product(
        (-3, 2, 5), (0, 1, 3), (-2, 0, 1), (-3, 3), (1, 2, 7, 16), (True, False)
    )
]  # fmt: skip


def layer(case: dict[str, Any]) -> nn.BatchNorm1d:
    """torch's own, with what has been put aside."""
    norm = nn.BatchNorm1d(1).double().train(case["training"])
    for tensor, value in (
        (norm.weight, case["gamma"]),
        (norm.bias, case["beta"]),
        (norm.running_mean, RUNNING["mean"]),
        (norm.running_var, RUNNING["variance"]),
    ):
        assert tensor is not None
        nn.init.constant_(tensor, value)
    return norm


def test_it_normalises_as_torch_does() -> None:
    for case in CASES:
        if case["training"] and case["size"] == 1:
            continue
        shown = explore.normalising(**case)
        column = torch.tensor(shown.before)[:, None]
        expected = layer(case)(column)[:, 0].detach()
        np.testing.assert_allclose(shown.after, expected, atol=1e-9)


def test_torch_refuses_a_single_number_in_training() -> None:
    alone = explore.normalising(beta=3, size=1)
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        layer({"gamma": 1, "beta": 3, "training": True})(torch.ones(1, 1).double())
    assert alone.after.tolist() == [3]
    assert alone.caption == (
        "Training with a batch of 1: the number, 3.80, is its own mean, and whatever "
        "it is, β = 3.00 comes out. (PyTorch refuses such a batch.)"
    )


def test_the_page_computes_and_says_the_same() -> None:
    told = page.value(
        "normalising",
        "cases.map((one) => { const state = { ...one, values, running };"
        " return [page.batchOf(state), page.sentence(state)]; })",
        cases=CASES,
        values=VALUES,
        running=RUNNING,
    )
    for case, (batch, words) in zip(CASES, told, strict=True):
        shown = explore.normalising(**case)
        np.testing.assert_allclose(batch["before"], shown.before, atol=1e-12)
        np.testing.assert_allclose(batch["after"], shown.after, atol=1e-9)
        assert words == shown.caption


def test_every_number_has_a_place_on_the_lines() -> None:
    ends = itertools.product(*LIMITS.values(), (True, False))
    for *numbers, training in ends:
        case: dict[str, Any] = dict(zip(LIMITS, numbers, strict=True))
        shown = explore.normalising(**case | {"training": training})
        assert np.abs([shown.before, shown.after]).max() < EDGE


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"shift": 6}, "shift is 6; it can be -3 to 5 here"),
        ({"stretch": -1}, "stretch is -1; it can be 0 to 3 here"),
        ({"gamma": 0.5}, "gamma must be a whole number, not 0.5"),
        ({"beta": 4}, "beta is 4; it can be -3 to 3 here"),
        ({"size": 0}, "size is 0; it can be 1 to 16 here"),
        ({"size": 17}, "size is 17; it can be 1 to 16 here"),
    ],
)
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.normalising(**call)


def test_what_cannot_be_set() -> None:
    shown = explore.normalising()
    with pytest.raises(ValueError, match="gamma is 3"):
        shown.gamma = 3
    with pytest.raises(traitlets.TraitError, match="read-only"):
        shown.values = [1.0]
    assert shown.gamma == 1


def test_without_a_front_end_it_is_a_picture() -> None:
    shown = explore.normalising(5, 3, training=False)
    assert not isinstance(shown, explore.NormalisedWidget)
    bundle = shown._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert shown.caption in bundle["text/html"]
    assert shown.caption == (
        "Evaluation with running mean 2, running variance 4: a batch of 16 comes in "
        "with mean 5.09 and deviation 3.08, and goes out with mean 1.55 and deviation "
        "1.54. Image 1: 7.70 becomes 2.85."
    )
    assert shown.alt.startswith("Two number lines from −14 to 14, one below the other")
    assert shown.alt.endswith(shown.caption)


def test_the_picture_has_the_dots_where_the_numbers_are() -> None:
    shown = explore.normalising(gamma=2, beta=-3, size=4)
    groups = shown.draw().axes[0].collections
    drawn = np.concatenate([np.asarray(group.get_offsets()) for group in groups])
    for height, row in ((1, shown.before), (0, shown.after)):
        found = sorted(drawn[drawn[:, 1] == height, 0])
        np.testing.assert_allclose(found, sorted(row))


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    shown = explore.normalising()
    assert isinstance(shown, explore.NormalisedWidget)
    kinds = {LIVE, "text/html", "image/png", "text/plain"}
    assert set(shown._repr_mimebundle_()[0]) == kinds
    state = shown.get_state()
    assert (state["values"], state["running"]) == (VALUES, RUNNING)
    shown.set_state({"size": 2, "gamma": 2})
    assert shown.after == pytest.approx([2, -2], abs=1e-4)
