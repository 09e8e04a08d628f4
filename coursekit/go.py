"""Random positions of the game of Go, their chains, liberties and captures.

A board is a grid of whole numbers: 0 is an empty point, 1 a black stone, 2 a white one.
Stones of one colour that touch along rows or columns are a chain; the empty points that
touch a chain are its liberties. A chain without any is taken off the board.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

EMPTY, BLACK, WHITE = 0, 1, 2
SIZE = 19


@dataclass(frozen=True)
class Facts:
    """What the rules say of boards (n, size, size), each of the same shape.

    liberties: of the chain of each stone, 0 at empty points; stones: how many it has;
    captures: True where black may play and takes at least one white chain; taken: the
    stones of the largest chain taken there, else 0
    """

    liberties: Tensor
    stones: Tensor
    captures: Tensor
    taken: Tensor


def boards(
    count: int, *, seed: int = 0, size: int = SIZE, empty: float = 0.35
) -> Tensor:
    """Boards strewn at random, int64 (count, size, size), chains without breath gone.

    empty: the part of the points that stay free, before chains are taken off; as many
    of the others are black as white. Nobody has played them: no game looks like this.
    """
    dice = torch.Generator().manual_seed(seed)
    thrown = torch.rand(count, size, size, generator=dice)
    board = (thrown > empty).long() + (thrown > empty + (1 - empty) / 2).long()
    return torch.where(facts(board).liberties > 0, board, EMPTY)


def facts(board: Tensor) -> Facts:
    """Chains, liberties and black's captures on boards (n, size, size)."""
    chain = _chains(board)
    stones = chain.flatten().bincount(minlength=board.numel() + 1)
    stones[0] = 0
    liberties = _liberties(board, chain)
    beside = [_neighbours(grid) for grid in (board, liberties, stones[chain])]
    taking = (beside[0] == WHITE) & (beside[1] == 1) & (board == EMPTY)
    return Facts(liberties, stones[chain], taking.any(0), (beside[2] * taking).amax(0))


def _neighbours(grid: Tensor, outside: int = 0) -> Tensor:
    """The grid (n, size, size) seen from below, above, right and left: (4, …)."""
    wide = F.pad(grid, (1, 1, 1, 1), value=outside)
    up, down = wide[:, :-2, 1:-1], wide[:, 2:, 1:-1]
    return torch.stack([up, down, wide[:, 1:-1, :-2], wide[:, 1:-1, 2:]])


def _chains(board: Tensor) -> Tensor:
    """A number for each chain, over all boards; 0 at empty points."""
    number = torch.arange(1, board.numel() + 1).view(board.shape) * (board != EMPTY)
    joined = (_neighbours(board, -1) == board) & (board != EMPTY)
    while True:  # the largest number spreads over its chain
        spread = torch.maximum(number, (_neighbours(number) * joined).amax(0))
        if torch.equal(spread, number):
            return number
        number = spread


def _liberties(board: Tensor, chain: Tensor) -> Tensor:
    """Liberties of the chain of each stone; a point counts once for a chain."""
    beside = _neighbours(chain) * (board == EMPTY)
    count = torch.zeros(board.numel() + 1, dtype=torch.int64)
    for side in range(4):
        new = beside[side] > 0
        for before in range(side):
            new &= beside[side] != beside[before]
        count += beside[side][new].bincount(minlength=len(count))
    return count[chain] * (board != EMPTY)
