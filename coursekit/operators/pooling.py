"""Pooling: each window of each channel becomes one number."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from coursekit.operators.grid import Grid, OneOrTwo, images, same_shape


def max_pool(
    x: ArrayLike,
    size: OneOrTwo,
    *,
    stride: OneOrTwo | None = None,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """The largest number of each window: (n, c, h, w) → (n, c, h', w').

    The stride is `size` when left out. Padding never wins: it is -∞.
    """
    return windows(images("x", x), grid_of(size, stride, padding), -np.inf).max((4, 5))


def max_pool_backward(
    gradient: ArrayLike,
    x: ArrayLike,
    size: OneOrTwo,
    *,
    stride: OneOrTwo | None = None,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """The gradient with respect to x: the first largest pixel of a window gets all."""
    x, grid = images("x", x), grid_of(size, stride, padding)
    seen = windows(x, grid, -np.inf)
    gradient = same_shape("gradient", gradient, seen.shape[:4])
    winners = seen.reshape(*gradient.shape, -1).argmax(4)[..., None, None]
    number = np.arange(grid.size[0] * grid.size[1]).reshape(grid.size)
    return add_up(gradient[..., None, None] * (number == winners), x.shape, grid)


def avg_pool(
    x: ArrayLike,
    size: OneOrTwo,
    *,
    stride: OneOrTwo | None = None,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """The mean of each window, the zeros of the padding included."""
    return windows(images("x", x), grid_of(size, stride, padding)).mean((4, 5))


def avg_pool_backward(
    gradient: ArrayLike,
    x: ArrayLike,
    size: OneOrTwo,
    *,
    stride: OneOrTwo | None = None,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """The gradient with respect to x: all pixels of a window share alike."""
    x, grid = images("x", x), grid_of(size, stride, padding)
    seen = windows(x, grid)
    gradient = same_shape("gradient", gradient, seen.shape[:4])
    share = gradient[..., None, None] / (grid.size[0] * grid.size[1])
    return add_up(np.broadcast_to(share, seen.shape), x.shape, grid)


def l2_pool(
    x: ArrayLike,
    size: OneOrTwo,
    *,
    stride: OneOrTwo | None = None,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """The length of each window, √Σ x²."""
    seen = windows(images("x", x), grid_of(size, stride, padding))
    return np.sqrt(np.square(seen).sum((4, 5)))


def l2_pool_backward(
    gradient: ArrayLike,
    x: ArrayLike,
    size: OneOrTwo,
    *,
    stride: OneOrTwo | None = None,
    padding: OneOrTwo = 0,
) -> np.ndarray:
    """The gradient with respect to x: each pixel gets its part x / √Σ x².

    Where a window is all zero there is no direction: the gradient there is 0.
    """
    x, grid = images("x", x), grid_of(size, stride, padding)
    seen = windows(x, grid)
    gradient = same_shape("gradient", gradient, seen.shape[:4])
    lengths = np.sqrt(np.square(seen).sum((4, 5)))
    share = gradient / np.where(lengths > 0, lengths, 1)
    return add_up(share[..., None, None] * seen, x.shape, grid)


def grid_of(size: OneOrTwo, stride: OneOrTwo | None, padding: OneOrTwo) -> Grid:
    """Windows side by side unless a stride is given, none of them all padding."""
    grid = Grid.make(size, size if stride is None else stride, padding)
    if any(2 * p > k for k, p in zip(grid.size, grid.padding, strict=True)):
        raise ValueError(
            f"padding must be at most half of size {grid.size}, but it is {padding}."
        )
    return grid


def windows(x: np.ndarray, grid: Grid, outside: float = 0.0) -> np.ndarray:
    """A view of all windows: (n, c, h, w) → (n, c, h', w', k, l)."""
    grid.shape(*x.shape[2:])
    (p, q), (s, t) = grid.padding, grid.stride
    edges = ((0, 0), (0, 0), (p, p), (q, q))
    padded = np.pad(x, edges, constant_values=outside)
    return sliding_window_view(padded, grid.size, axis=(2, 3))[:, :, ::s, ::t]


def add_up(parts: np.ndarray, shape: tuple[int, ...], grid: Grid) -> np.ndarray:
    """The transpose of `windows`: (n, c, h', w', k, l) → `shape`, (n, c, h, w)."""
    down, across = parts.shape[2:4]
    total = np.zeros((*shape[:2], *grid.padded(*shape[2:])), parts.dtype)
    for i, j in np.ndindex(*grid.size):
        total[:, :, *grid.places(i, j, down, across)] += parts[..., i, j]
    return total[:, :, *grid.inside()]
