"""Chains, liberties and captures, on boards whose answers one can see."""

import pytest
import torch
from torch import Tensor

from coursekit import go


def board(*rows: str) -> Tensor:
    """One board of letters: a dot is empty, B black, W white."""
    return torch.tensor([[[".BW".index(point) for point in row] for row in rows]])


def test_a_chain_shares_its_liberties_and_counts_each_once() -> None:
    facts = go.facts(board("WW..", "WBB.", ".B..", "...."))
    assert facts.liberties[0].tolist() == [
        [2, 2, 0, 0],
        [2, 5, 5, 0],
        [0, 5, 0, 0],
        [0, 0, 0, 0],
    ]
    assert facts.stones[0, 0].tolist() == [3, 3, 0, 0]
    assert not facts.captures.any()


def test_black_captures_where_white_has_its_last_liberty() -> None:
    facts = go.facts(board("WWB.", "BB..", "..B.", ".BW."))
    assert facts.captures.nonzero().tolist() == [[0, 3, 3]]
    assert facts.taken[0, 3, 3] == 1


def test_of_two_chains_taken_at_once_the_larger_counts() -> None:
    facts = go.facts(board("BBB..", "WW.WB", "BBBBB", ".....", "....."))
    assert facts.captures[0].nonzero().tolist() == [[1, 2]]
    assert facts.taken[0, 1, 2] == 2


def test_black_does_not_capture_its_own_stones() -> None:
    assert not go.facts(board("B.W", "WW.", "...")).captures.any()


def test_boards_do_not_touch_each_other() -> None:
    pair = torch.cat([board("..", "WW"), board("WW", "..")])
    assert go.facts(pair).stones.max() == 2


@pytest.mark.parametrize("empty", [0.2, 0.5])
def test_strewn_boards_have_no_chain_without_a_liberty(empty: float) -> None:
    boards = go.boards(20, seed=1, empty=empty)
    assert boards.shape == (20, 19, 19)
    assert (go.facts(boards).liberties[boards != go.EMPTY] > 0).all()
    share = (boards == go.EMPTY).float().mean()
    assert share == pytest.approx(empty, abs=0.08)
    assert torch.equal(boards, go.boards(20, seed=1, empty=empty))
    assert not torch.equal(boards, go.boards(20, seed=2, empty=empty))


def test_boards_may_be_small() -> None:
    assert go.boards(3, size=9).shape == (3, 9, 9)
