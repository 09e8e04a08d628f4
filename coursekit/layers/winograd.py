"""Convolutions with fewer multiplications, for wide layers in float32 on a CPU.

Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural Networks": F(m×m, r×r)
takes t² multiplications a filter and channel for m × m outputs, t = m + r - 1, in place
of m² r². The price is to transform filters, inputs and outputs; with few channels it is
more than what is saved. Graphics cards' libraries have such convolutions built in.
What they pay in training CapsNet and in painting with VGG-19: `benchmarks/RESULTS.md`.
"""

from functools import cache
from itertools import product
from math import ceil
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import pad

# Small numbers, which keep rounding errors small.
POINTS = (0, 1, -1, 2, -2, 0.5)
# {r: m}: a larger tile saves more multiplications and rounds more.
TILES = {3: 4, 5: 3}
# From so many channels on it was quicker, and from so many tiles where the filters have
# to be transformed first; measured with AVX2 and AVX-512, on one core and two.
ENOUGH_CHANNELS = 256
ENOUGH_TILES = 128


class WinogradConv2d(nn.Conv2d):
    """`nn.Conv2d` with the same weights and, but for rounding, the same results.

    A stride s parts image and filter in s × s, each with every s-th row and column,
    which are then more channels of a convolution without stride.
    """

    filters: Tensor | None = None

    @classmethod
    def like(cls, conv: nn.Conv2d) -> Self:
        """A convolution that shares the weights of `conv`, of a kind that gains."""
        made = cls(
            conv.in_channels,
            conv.out_channels,
            conv.kernel_size[0],
            conv.stride[0],
            margins(conv),
            device="meta",  # without throwing dice for weights
        )
        made.weight, made.bias = conv.weight, conv.bias
        return made

    def forward(self, x: Tensor) -> Tensor:
        if not (gains(self) and is_plain(x) and self.pays(x)):
            return super().forward(x)
        y = self.convolved(x)
        return y if self.bias is None else y + self.bias[:, None, None]

    def pays(self, x: Tensor) -> bool:
        """Whether transforming the filters is worth while for these images."""
        tile = sizes(self)[0]
        height, width = output_sides(self, x)
        tiles = len(x) * ceil(height / tile) * ceil(width / tile)
        return self.filters is not None or tiles >= ENOUGH_TILES

    @torch.no_grad()
    def freeze(self) -> Self:
        """Transform the filters once and for all: the weights stay as they are."""
        self.requires_grad_(False)
        self.filters = self.transformed()
        return self

    def transformed(self) -> Tensor:
        """U = G g Gᵀ of each filter and channel: (t², s² · channels, filters)."""
        size, stride = self.kernel_size[0], self.stride[0]
        rows = self.weight.transpose(0, 1).flatten(2).flatten(0, 1)
        u = filter_transform(size, stride).to(rows) @ rows.T
        return u.view(-1, stride**2 * self.in_channels, self.out_channels)

    def convolved(self, x: Tensor) -> Tensor:
        """Y = Aᵀ [Σ U ⊙ (Bᵀ d B)] A for every tile, equation 12; channels last."""
        tile, taps, stride = sizes(self)
        outputs, _, inputs = transforms(tile, taps)
        height, width = output_sides(self, x)
        rows, columns = (ceil(n / tile) * tile + taps - 1 for n in (height, width))
        fitted = padded(self, x, stride * rows, stride * columns)
        patches = Patches.apply(fitted, tile, taps, stride)
        filters = self.transformed() if self.filters is None else self.filters
        products = both_sides(inputs, patches).flatten(1, 3) @ filters
        tiles = both_sides(outputs, products.unflatten(1, patches.shape[1:4]))
        return put_together(tiles)[:, :, :height, :width]


def quicken(model: nn.Module) -> nn.Module:
    """Exchange, in place, the convolutions of a frozen model that gain from it."""
    for parent in list(model.modules()):
        for name, part in list(parent.named_children()):
            if isinstance(part, nn.Conv2d) and gains(part):
                setattr(parent, name, WinogradConv2d.like(part).freeze())
    return model


def gains(conv: nn.Conv2d) -> bool:
    """Whether the filters are square, of a size made here, and many."""
    (height, width), (down, across) = conv.kernel_size, conv.stride
    square = height == width and down == across and ceil(height / down) in TILES
    usual = conv.groups == 1 and conv.dilation == (1, 1)
    usual = usual and conv.padding_mode == "zeros" and conv.padding != "same"
    channels = min(conv.in_channels * down * across, conv.out_channels)
    return square and usual and channels >= ENOUGH_CHANNELS


def is_plain(x: Tensor) -> bool:
    """Whether this is a batch in float32 on a CPU, not compiled, not in autocast."""
    batch = x.dim() == 4 and x.dtype == torch.float32 and x.device.type == "cpu"
    other = torch.is_autocast_enabled("cpu") or torch.compiler.is_compiling()
    return batch and not other


def sizes(conv: nn.Conv2d) -> tuple[int, int, int]:
    """m, r and s."""
    stride = conv.stride[0]
    taps = ceil(conv.kernel_size[0] / stride)
    return TILES[taps], taps, stride


def output_sides(conv: nn.Conv2d, x: Tensor) -> list[int]:
    """Height and width of what a convolution makes of `x`."""
    size, stride = conv.kernel_size[0], conv.stride[0]
    pairs = zip(x.shape[2:], margins(conv), strict=True)
    return [(length + 2 * margin - size) // stride + 1 for length, margin in pairs]


def margins(conv: nn.Conv2d) -> tuple[int, int]:
    """The padding above, as below, and to the left, as to the right."""
    if isinstance(conv.padding, str):  # "valid"
        return 0, 0
    top, left = conv.padding
    return top, left


def padded(conv: nn.Conv2d, x: Tensor, height: int, width: int) -> Tensor:
    """(n, c, h, w) → (n, height, width, c): zeros around, less of them at the end."""
    top, left = margins(conv)
    right, below = width - left - x.shape[3], height - top - x.shape[2]
    return pad(x.permute(0, 2, 3, 1), (0, 0, left, right, top, below))


class Patches(torch.autograd.Function):
    """The overlapping patches d that the tiles need.

    (n, h, w, c) → (t², n, rows, columns, s² · c). PyTorch's own way back from
    overlapping patches takes several times as long.
    """

    @staticmethod
    def forward(context: Any, x: Tensor, tile: int, taps: int, stride: int) -> Tensor:  # noqa: ANN401
        context.shape, context.sizes = x.shape, (tile, taps, stride)
        return torch.stack([view.flatten(3) for view in views(x, tile, taps, stride)])

    @staticmethod
    @once_differentiable
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        x = gradient.new_zeros(context.shape)
        for view, part in zip(views(x, *context.sizes), gradient, strict=True):
            view += part.view_as(view)
        return x, None, None, None


def views(x: Tensor, tile: int, taps: int, stride: int) -> list[Tensor]:
    """Element (u, v) of all patches, in order: t² views (n, rows, columns, s, s, c)."""
    n, height, width, channels = x.shape
    parts = x.view(n, height // stride, stride, width // stride, stride, channels)
    parts = parts.permute(0, 1, 3, 2, 4, 5)
    down, across = (length - taps + 1 for length in parts.shape[1:3])
    places = product(range(tile + taps - 1), repeat=2)
    return [parts[:, u : u + down : tile, v : v + across : tile] for u, v in places]


def both_sides(matrix: Tensor, values: Tensor) -> Tensor:
    """M v Mᵀ as one product with a Kronecker product: (p², …) → (q², …)."""
    both = torch.kron(matrix, matrix).to(values)
    return (both @ values.flatten(1)).unflatten(1, values.shape[1:])


def put_together(tiles: Tensor) -> Tensor:
    """Tiles beside each other: (m², n, rows, columns, k) → (n, k, h, w)."""
    m = round(len(tiles) ** 0.5)
    grid = tiles.unflatten(0, (m, m)).permute(2, 3, 0, 4, 1, 5)
    return grid.flatten(3, 4).flatten(1, 2).permute(0, 3, 1, 2)


@cache
def transforms(tile: int, taps: int) -> tuple[Tensor, Tensor, Tensor]:
    """Aᵀ, G and Bᵀ of F(m, r), after Toom and Cook.

    A convolution is a product of polynomials, and values at t points determine it: G
    takes those of a filter, the inverse takes them back. Transposed, that is what a
    filter that slides over a patch makes (section 4 of the paper).
    """
    points = POINTS[: tile + taps - 2]
    inverse = torch.linalg.inv(powers(points, tile + taps - 1))
    return powers(points, tile).T, powers(points, taps), inverse.T


def powers(points: tuple[float, ...], count: int) -> Tensor:
    """Rows 1, p, p², …, `count` of them, for each point and for infinity."""
    finite = torch.tensor(points, dtype=torch.float64)[:, None] ** torch.arange(count)
    return torch.cat([finite, torch.eye(count, dtype=torch.float64)[-1:]])


@cache
def filter_transform(size: int, stride: int) -> Tensor:
    """From a filter, (size²), to U of each of its parts: (t² · s², size²)."""
    taps = ceil(size / stride)
    g = transforms(TILES[taps], taps)[1]
    one = torch.zeros(len(g), stride, size, dtype=torch.float64)
    for part in range(stride):
        one[:, part, part::stride] = g[:, : len(range(part, size, stride))]
    both = torch.einsum("uai,vbj->uvabij", one, one)
    return both.flatten(4).flatten(0, 3)
