"""A network that proposes moves in the game of Go."""

import torch
from torch import Tensor, nn

from coursekit.arguments import check_counts, check_images
from coursekit.layers.blocks import conv_unit, he_normal


def go_policy(
    *, planes: int = 48, width: int = 192, layers: int = 13, board: int = 19
) -> nn.Module:
    """Policy network of AlphaGo: same padding everywhere, no pooling.

    Silver et al. 2016, "Mastering the game of Go with deep neural networks and tree
    search", Methods, "Neural network architecture". A 5×5 convolution, 3×3 ones, and a
    1×1 with a bias of its own for each point. Nothing is pooled: in Go one point
    changes everything, and every point of the board is a possible move.

    Boards described by `planes` features, (n, planes, 19, 19) → the score of each
    point, row by row (n, 361). 3,882,793 weights.
    Raises `ValueError` for sizes below 1 or fewer than 2 layers.
    """
    check_counts(planes=planes, width=width, layers=layers, board=board)
    if layers < 2:
        raise ValueError("layers must be at least 2: the first and the last.")
    model = GoPolicy(planes, width, layers, board)
    he_normal(model)
    return model


class GoPolicy(nn.Module):
    """First 5×5, then 3×3, all of the board's size; a score and a bias per point."""

    def __init__(self, planes: int, width: int, layers: int, board: int) -> None:
        super().__init__()
        self.planes, self.board = planes, board
        self.first = conv_unit(planes, width, 5, batch_norm=False)
        self.middle = nn.Sequential(
            *(conv_unit(width, width, 3, batch_norm=False) for _ in range(layers - 2))
        )
        self.score = nn.Conv2d(width, 1, 1, bias=False)
        self.bias = nn.Parameter(torch.zeros(board * board))

    def forward(self, x: Tensor) -> Tensor:
        check_images(x, self.planes, exactly=self.board)
        x = self.score(self.middle(self.first(x)))
        return x.flatten(1) + self.bias
