"""3 × 3 convolutions with fewer multiplications, for frozen networks on a CPU.

Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural Networks", section 4.3,
F(4 × 4, 3 × 3): a tile of 4 × 4 outputs takes 36 multiplications a filter and channel
in place of 144. The price is to transform tiles and filters; filters that never change
are transformed once. With few channels the transforms cost more than they save.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx, once_differentiable
from torch.nn.functional import pad

TILE, PATCH = 4, 6  # outputs of a tile, and the inputs that they need
ENOUGH_CHANNELS = 256  # from so many on it was quicker; measured with AVX-512

INPUTS = [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
]
FILTERS = [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
]
OUTPUTS = [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
]


def quicken(model: nn.Module) -> nn.Module:
    """Replace, in place, the convolutions of a frozen model that gain from it."""
    for parent in list(model.modules()):
        for name, part in list(parent.named_children()):
            if isinstance(part, nn.Conv2d) and gains(part):
                setattr(parent, name, WinogradConv2d(part))
    return model


def gains(conv: nn.Conv2d) -> bool:
    """Whether a convolution is of the kind that is made here, and wide enough."""
    shape = (conv.kernel_size, conv.stride, conv.padding, conv.dilation)
    usual = conv.groups == 1 and conv.padding_mode == "zeros"
    wide = min(conv.in_channels, conv.out_channels) >= ENOUGH_CHANNELS
    return wide and usual and shape == ((3, 3), (1, 1), (1, 1), (1, 1))


class WinogradConv2d(nn.Module):
    """What `conv` does, 3 × 3 with a padding of 1 per side, with constant weights.

    (n, c, h, w) → (n, k, h, w), equal but for rounding. Differentiable by the images
    only; their gradient is a convolution as well, with the filters turned by 180° and
    the two kinds of channels exchanged. Keeps eight times the weights for that.
    """

    bias: Tensor | None

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        weight = conv.weight.detach()
        turned = weight.flip(2, 3).transpose(0, 1)
        self.register_buffer("forwards", transformed(weight))
        self.register_buffer("backwards", transformed(turned))
        self.register_buffer("bias", None if conv.bias is None else conv.bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        sums: Tensor = Winograd.apply(x, self.forwards, self.backwards)
        return sums if self.bias is None else sums + self.bias[:, None, None]


class Winograd(torch.autograd.Function):
    """`convolved` forwards, and backwards with the filters for that."""

    @staticmethod
    def forward(
        context: FunctionCtx, x: Tensor, forwards: Tensor, backwards: Tensor
    ) -> Tensor:
        context.save_for_backward(backwards)
        return convolved(x, forwards)

    @staticmethod
    @once_differentiable
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        (backwards,) = context.saved_tensors
        return convolved(gradient, backwards), None, None


def transformed(weight: Tensor) -> Tensor:
    """U = G g Gᵀ for each filter and channel: (k, c, 3, 3) → (36, c, k)."""
    g = torch.tensor(FILTERS, dtype=torch.float64, device=weight.device)
    u = torch.einsum("ai,bj,kcij->abck", g, g, weight.double())
    return u.flatten(0, 1).to(weight.dtype).contiguous()


def convolved(x: Tensor, filters: Tensor) -> Tensor:
    """Y = Aᵀ [Σ_c U ⊙ (Bᵀ d B)] A for every tile, equation 12.

    Images (n, c, h, w) and filters (36, c, k) → (n, k, h, w), channels last.
    """
    height, width = x.shape[2:]
    patches = cut(x)
    inputs = both_sides(INPUTS, patches)
    products = inputs.flatten(1, 3) @ filters
    tiles = both_sides(OUTPUTS, products.unflatten(1, patches.shape[1:4]))
    return put_together(tiles)[:, :, :height, :width]


def cut(x: Tensor) -> Tensor:
    """Overlapping patches d: (n, c, h, w) → (36, n, rows, columns, c)."""
    height, width = x.shape[2:]
    right, below = 1 - width % -TILE, 1 - height % -TILE  # up to whole tiles
    places = pad(x.permute(0, 2, 3, 1), (0, 0, 1, right, 1, below))
    patches = places.unfold(1, PATCH, TILE).unfold(2, PATCH, TILE)
    return patches.permute(4, 5, 0, 1, 2, 3).flatten(0, 1)


def both_sides(matrix: list[list[int]], values: Tensor) -> Tensor:
    """M v Mᵀ, as one product with the Kronecker product: (p², …) → (q², …)."""
    m = torch.tensor(matrix, dtype=values.dtype, device=values.device)
    return (torch.kron(m, m) @ values.flatten(1)).unflatten(1, values.shape[1:])


def put_together(tiles: Tensor) -> Tensor:
    """Tiles beside each other: (16, n, rows, columns, k) → (n, k, h, w)."""
    grid = tiles.unflatten(0, (TILE, TILE)).permute(2, 3, 0, 4, 1, 5)
    return grid.flatten(3, 4).flatten(1, 2).permute(0, 3, 1, 2)
