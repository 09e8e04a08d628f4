"""Where windows lie on an image: the arithmetic that all operators share."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

Pair = tuple[int, int]
OneOrTwo = int | Pair


@dataclass(frozen=True)
class Grid:
    """Windows of `size` every `stride` pixels, on images with `padding` on each side.

    All are (vertical, horizontal). Raises ValueError when a number makes no sense.
    """

    size: Pair
    stride: Pair
    padding: Pair

    @classmethod
    def make(cls, size: OneOrTwo, stride: OneOrTwo, padding: OneOrTwo) -> Self:
        """A grid from one number or two for each."""
        return cls(
            pair("size", size, 1), pair("stride", stride, 1), pair("padding", padding)
        )

    def shape(self, height: int, width: int) -> Pair:
        """How many windows fit, down and across: ⌊(n + 2p - k) / s⌋ + 1.

        Raises ValueError if none does.
        """
        down, across = (
            (n + 2 * p - k) // s + 1
            for n, k, s, p in zip(
                (height, width), self.size, self.stride, self.padding, strict=True
            )
        )
        if min(down, across) < 1:
            raise ValueError(
                f"A window of {self.size} does not fit in an image of "
                f"{(height, width)} with padding {self.padding}."
            )
        return down, across

    def padded(self, height: int, width: int) -> Pair:
        """The size of an image with its padding."""
        return height + 2 * self.padding[0], width + 2 * self.padding[1]

    def inside(self) -> tuple[slice, slice]:
        """The image without its padding."""
        down, across = (slice(p, -p or None) for p in self.padding)
        return down, across

    def places(self, i: int, j: int, down: int, across: int) -> tuple[slice, slice]:
        """The pixels that are number (i, j) of their window, for all windows."""
        s, t = self.stride
        return slice(i, i + s * down, s), slice(j, j + t * across, t)


def pair(name: str, value: OneOrTwo, least: int = 0) -> Pair:
    """(vertical, horizontal) from one whole number or two."""
    both = value if isinstance(value, tuple) else (value, value)
    whole = all(
        isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in both
    )
    if len(both) != 2 or not whole or min(both) < least:
        raise ValueError(
            f"{name} must be a whole number of {least} or more, or a tuple of two, "
            f"but it is {value!r}."
        )
    return int(both[0]), int(both[1])


def four_axes(name: str, values: ArrayLike, axes: str) -> np.ndarray:
    """`values` as floating-point numbers with four axes, none of them empty."""
    array = np.asarray(values)
    if array.ndim != 4 or array.size == 0:
        raise ValueError(
            f"{name} must be an array of shape ({axes}), but it has {array.shape}."
        )
    return real(name, array)


def real(name: str, array: np.ndarray) -> np.ndarray:
    """The same as floating-point numbers, as precise as before."""
    if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
        raise ValueError(f"{name} must hold real numbers, not {array.dtype}.")
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(float)


def images(name: str, values: ArrayLike) -> np.ndarray:
    """A batch of images (n, channels, height, width)."""
    return four_axes(name, values, "number, channels, height, width")


def same_shape(name: str, values: ArrayLike, shape: tuple[int, ...]) -> np.ndarray:
    """A gradient, which must have the shape of what it belongs to."""
    array = np.asarray(values)
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, not {array.shape}.")
    return real(name, array)
