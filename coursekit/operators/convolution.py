"""Convolution as one matrix product, and back."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from coursekit.operators.grid import (
    Grid,
    OneOrTwo,
    four_axes,
    images,
    pair,
    same_shape,
)

# So many bytes of columns are made and used at once: they stay in the cache.
CACHE = 2**21

Gradients = tuple[np.ndarray, np.ndarray, np.ndarray]


def im2col(
    x: ArrayLike, size: OneOrTwo, *, stride: OneOrTwo = 1, padding: OneOrTwo = 0
) -> np.ndarray:
    """All windows of a batch, one a row: (n, c, h, w) → (n · h' · w', k · l · c).

    Rows go by image, then down, then across. In a row the channels of a pixel are
    together: then the l · c numbers of a window's line are neighbours in memory, and
    are copied in one go.
    """
    x, grid = images("x", x), Grid.make(size, stride, padding)
    n, channels, *sides = x.shape
    down, across = grid.shape(*sides)
    lines = np.zeros((n, *grid.padded(*sides), channels), x.dtype)
    lines[:, *grid.inside()] = x.transpose(0, 2, 3, 1)
    (high, wide), (s, t) = grid.size, grid.stride
    lines = lines.reshape(n, lines.shape[1], -1)
    windows = sliding_window_view(lines, (high, wide * channels), axis=(1, 2))
    return windows[:, ::s, :: t * channels].reshape(n * down * across, -1)


def col2im(
    rows: ArrayLike,
    shape: tuple[int, int, int, int],
    size: OneOrTwo,
    *,
    stride: OneOrTwo = 1,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """The transpose of `im2col`: every number is added to the pixel it came from.

    rows: (n · h' · w', k · l · c) → `shape`, which is (n, c, h, w).
    Raises ValueError when the two do not fit.
    """
    if len(shape) != 4 or min(shape) < 1:
        raise ValueError(
            "shape must be (number, channels, height, width), all of 1 or more, but "
            f"it is {shape}."
        )
    grid = Grid.make(size, stride, padding)
    n, channels, *sides = shape
    down, across = grid.shape(*sides)
    high, wide = grid.size
    rows = same_shape("rows", rows, (n * down * across, high * wide * channels))
    parts = rows.reshape(n, down, across, high, wide, channels)
    total = np.zeros((n, *grid.padded(*sides), channels), rows.dtype)
    for i, j in np.ndindex(high, wide):
        total[:, *grid.places(i, j, down, across)] += parts[:, :, :, i, j]
    inside = total[:, *grid.inside()].transpose(0, 3, 1, 2)
    return np.ascontiguousarray(inside)


def correlate(
    x: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: OneOrTwo = 1,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """What deep learning calls a convolution: the kernel is not flipped.

    Z^i_{j,k} = b^i + Σ_l Σ_m Σ_n K^i_{l,m,n} V^l_{sj+m,sk+n}, where V has its padding.
    x (n, L, h, w), kernel (I, L, M, N), bias (I,) → (n, I, h', w'). A strided
    convolution is one of stride 1 of which every s-th pixel is kept, without the work
    for the others. Raises ValueError when shapes do not match.
    """
    x, kernel = images("x", x), kernels(kernel)
    check_channels(x, kernel, axis=1)
    grid = Grid.make(kernel.shape[2:], stride, padding)
    down, across = grid.shape(*x.shape[2:])
    weights = as_rows(kernel).T
    y = np.empty((len(x), len(kernel), down, across), np.result_type(x, kernel))
    step = max(1, CACHE // (down * across * len(weights) * x.itemsize))
    for first in range(0, len(x), step):
        part = slice(first, first + step)
        rows = im2col(x[part], grid.size, stride=grid.stride, padding=grid.padding)
        y[part] = as_maps(rows @ weights, y[part].shape)
    return add_bias(y, bias)


def correlate_backward(
    gradient: ArrayLike,
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: OneOrTwo = 1,
    padding: OneOrTwo = 0,
) -> Gradients:
    """Gradients with respect to x, kernel and bias.

    gradient: (n, I, h', w'), that of the output. Both are matrix products: the output
    is a product of columns and weights, so each gradient is one with the other.
    """
    x, kernel = images("x", x), kernels(kernel)
    check_channels(x, kernel, axis=1)
    grid = Grid.make(kernel.shape[2:], stride, padding)
    shape = (len(x), len(kernel), *grid.shape(*x.shape[2:]))
    outward = as_pixels(same_shape("gradient", gradient, shape))
    where = {"stride": grid.stride, "padding": grid.padding}
    to_x = col2im(outward @ as_rows(kernel), x.shape, grid.size, **where)
    to_kernel = outward.T @ im2col(x, grid.size, **where)
    return to_x, as_kernel(to_kernel, kernel.shape), outward.sum(axis=0)


def convolve(
    x: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: OneOrTwo = 1,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """Convolution as mathematics has it: `correlate` with the kernel turned by 180°."""
    turned = kernels(kernel)[:, :, ::-1, ::-1]
    return correlate(x, turned, bias, stride=stride, padding=padding)


def convolve_backward(
    gradient: ArrayLike,
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: OneOrTwo = 1,
    padding: OneOrTwo = 0,
) -> Gradients:
    """Gradients with respect to x, kernel and bias."""
    turned = kernels(kernel)[:, :, ::-1, ::-1]
    to_x, to_kernel, to_bias = correlate_backward(
        gradient, x, turned, stride=stride, padding=padding
    )
    return to_x, to_kernel[:, :, ::-1, ::-1], to_bias


def transposed(
    x: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: OneOrTwo = 1,
    padding: OneOrTwo = 0,
    extra: OneOrTwo = 0,
) -> np.ndarray:
    """Transposed convolution: each number of x lays down its kernel, and they add up.

    It is what `correlate` does to gradients: x (n, I, h, w), kernel (I, L, M, N), bias
    (L,) → (n, L, (h-1)s + M - 2p + a, …). Several sizes shrink to the same under a
    stride; `extra`, a, below and right, says which is meant: 0 … s-1.
    """
    x, kernel = images("x", x), kernels(kernel)
    check_channels(x, kernel, axis=0)
    grid = Grid.make(kernel.shape[2:], stride, padding)
    shape = (len(x), kernel.shape[1], *grown(grid, x.shape[2:], extra))
    where = {"stride": grid.stride, "padding": grid.padding}
    y = col2im(as_pixels(x) @ as_rows(kernel), shape, grid.size, **where)
    return add_bias(y, bias)


def transposed_backward(
    gradient: ArrayLike,
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: OneOrTwo = 1,
    padding: OneOrTwo = 0,
    extra: OneOrTwo = 0,
) -> Gradients:
    """Gradients with respect to x, kernel and bias; the first one is a convolution."""
    x, kernel = images("x", x), kernels(kernel)
    check_channels(x, kernel, axis=0)
    grid = Grid.make(kernel.shape[2:], stride, padding)
    shape = (len(x), kernel.shape[1], *grown(grid, x.shape[2:], extra))
    gradient = same_shape("gradient", gradient, shape)
    where = {"stride": grid.stride, "padding": grid.padding}
    to_kernel = as_pixels(x).T @ im2col(gradient, grid.size, **where)
    to_x = correlate(gradient, kernel, **where)
    return to_x, as_kernel(to_kernel, kernel.shape), gradient.sum(axis=(0, 2, 3))


def grown(grid: Grid, sides: tuple[int, ...], extra: OneOrTwo) -> tuple[int, int]:
    """The size of a transposed convolution. Raises ValueError if it has none."""
    added = pair("extra", extra)
    if any(a >= s for a, s in zip(added, grid.stride, strict=True)):
        raise ValueError(
            f"extra must be less than the stride {grid.stride}, but it is {extra}."
        )
    height, width = (
        (n - 1) * s + k - 2 * p + a
        for n, k, s, p, a in zip(
            sides, grid.size, grid.stride, grid.padding, added, strict=True
        )
    )
    if min(height, width) < 1:
        raise ValueError(
            f"Padding {grid.padding} leaves nothing of the output; take less."
        )
    return height, width


def kernels(values: ArrayLike) -> np.ndarray:
    """A kernel (outputs, inputs, height, width)."""
    return four_axes("kernel", values, "outputs, inputs, height, width")


def check_channels(x: np.ndarray, kernel: np.ndarray, axis: int) -> None:
    """Raise ValueError when x has not as many channels as `axis` of the kernel."""
    if x.shape[1] != kernel.shape[axis]:
        raise ValueError(
            f"x has {x.shape[1]} channels, but the kernel is for {kernel.shape[axis]}: "
            f"x is {x.shape}, the kernel is {kernel.shape}."
        )


def add_bias(y: np.ndarray, bias: ArrayLike | None) -> np.ndarray:
    """One number for each channel of y, (n, channels, h, w)."""
    if bias is None:
        return y
    b = same_shape("bias", bias, (y.shape[1],))
    return y + b[:, None, None]


def as_rows(kernel: np.ndarray) -> np.ndarray:
    """(I, L, M, N) → (I, M · N · L), in the order of `im2col`'s rows."""
    return kernel.transpose(0, 2, 3, 1).reshape(len(kernel), -1)


def as_kernel(rows: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The inverse of `as_rows`."""
    outputs, inputs, height, width = shape
    return rows.reshape(outputs, height, width, inputs).transpose(0, 3, 1, 2)


def as_pixels(maps: np.ndarray) -> np.ndarray:
    """(n, channels, h, w) → (n · h · w, channels)."""
    return maps.transpose(0, 2, 3, 1).reshape(-1, maps.shape[1])


def as_maps(pixels: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The inverse of `as_pixels`."""
    n, channels, height, width = shape
    return pixels.reshape(n, height, width, channels).transpose(0, 3, 1, 2)
