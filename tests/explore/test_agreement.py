"""The agreement explorer: its words, its picture, its state, both halves."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from coursekit import explore
from coursekit.explore.agreement import ROUNDS, routed, sentence, votes_for
from coursekit.explore.kit import STATE
from coursekit.models.capsnet import route
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize(
    ("turn", "number", "words"),
    [
        (
            135,
            3,
            "Turned by 135°, round 3: 0.12 of the third part is with the face, 0.96 of "
            "each of the others. The face is 0.93 long, the clock 0.74.",
        ),
        (
            45,
            1,
            "Turned by 45°, round 1: 0.50 of the third part is with the face, 0.50 of "
            "each of the others. The face is 0.89 long, the clock 0.00.",
        ),
    ],
)
def test_what_is_seen_is_said(turn: int, number: int, words: str) -> None:
    shown = explore.agreement(turn, round=number)
    assert shown.caption == words
    assert shown.alt.endswith(words)


@pytest.mark.parametrize("turn", [0, 45, 110, 180])
def test_it_routes_as_the_network_does(turn: int) -> None:
    votes = votes_for(turn)
    batch = torch.from_numpy(votes).transpose(0, 1)[None]
    for number, (shares, poses) in enumerate(routed(votes, ROUNDS), 1):
        theirs, couplings = route(batch, number)
        np.testing.assert_allclose(poses, theirs[0], atol=1e-6)
        np.testing.assert_allclose(shares, couplings[0].T, atol=1e-6)


def test_the_first_two_parts_are_alike() -> None:
    for turn in range(0, 181, 15):
        for shares, _ in routed(votes_for(turn), ROUNDS):
            assert shares[0] == pytest.approx(shares[1])


def test_the_page_counts_alike() -> None:
    turns = list(range(0, 181, 15))
    told = page.value(
        "agreement",
        "turns.map((turn) => {"
        " const votes = page.votesFor(turn);"
        " const rounds = page.routed(votes, 6);"
        " return [votes, rounds,"
        "   rounds.map((one, at) => page.sentence(turn, at + 1, one))]; })",
        turns=turns,
    )
    for turn, (votes, rounds, words) in zip(turns, told, strict=True):
        np.testing.assert_allclose(votes, votes_for(turn), atol=1e-12)
        expected = routed(votes_for(turn), ROUNDS)
        assert len(rounds) == ROUNDS
        for at, (shares, poses) in enumerate(expected):
            np.testing.assert_allclose(rounds[at]["shares"], shares, atol=1e-9)
            np.testing.assert_allclose(rounds[at]["poses"], poses, atol=1e-9)
            assert words[at] == sentence(turn, at + 1, shares, poses)


def test_the_turn_of_a_place() -> None:
    places = [[9, 0], [0, -5], [0, 5], [-3, 0], [4, -4], [-4, -4], [0, 0]]
    found = page.value(
        "agreement", "places.map(([x, y]) => page.turnAt(x, y))", places=places
    )
    assert found == [0, 90, 90, 180, 45, 135, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"turn": 181}, "turn is 181; it can be 0 to 180 here"),
        ({"turn": -1}, "turn is -1; it can be 0 to 180 here"),
        ({"turn": 4.5}, "turn must be a whole number, not 4.5"),
        ({"round": 0}, "round is 0; it can be 1 to 6 here"),
        ({"round": 7}, "round is 7; it can be 1 to 6 here"),
        ({"round": "2"}, "round must be a whole number, not '2'"),
    ],
)
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.agreement(**call)


def test_what_cannot_be_set() -> None:
    shown = explore.agreement()
    with pytest.raises(ValueError, match="turn is 181"):
        shown.turn = 181
    with pytest.raises(ValueError, match="round is 0"):
        shown.round = 0
    assert (shown.turn, shown.round) == (135, 3)


def test_without_a_front_end_it_is_a_picture() -> None:
    shown = explore.agreement(90, round=2)
    assert not isinstance(shown, explore.AgreementWidget)
    bundle = shown._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert shown.caption in bundle["text/html"]
    values = {"turn": 90, "round": 2}
    assert bundle[STATE] == {"module": "agreement", "values": values}


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    shown = explore.agreement()
    assert isinstance(shown, explore.AgreementWidget)
    kinds = {LIVE, "text/html", "image/png", "text/plain"}
    assert set(shown._repr_mimebundle_()[0]) == kinds
    shown.set_state({"turn": 20, "round": 6})
    assert shown.caption.startswith("Turned by 20°, round 6")
