"""Small image filters for the lessons' demonstrations, on NumPy arrays.

Torch and SciPy do the sliding, so that nobody finds here, ready-made, the loops that
the exercises ask for.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike

LARGE = 100  # numbers of a kernel, beyond which transforms are quicker
CLASSIC: dict[str, np.ndarray] = {
    "identity": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "vertical edge": np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
    "horizontal edge": np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]),
    "emboss": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}


def correlate2d(image: ArrayLike, kernel: ArrayLike) -> np.ndarray:
    """Cross-correlation where the kernel fits: (h, w), (m, n) → (h-m+1, w-n+1).

    S(j, k) = Σ_m Σ_n I(j+m, k+n) K(m, n), computed in double precision: product by
    product, or, for large kernels, by Fourier transforms, to 12 digits of the largest.
    Raises ValueError if either is not 2-D or the kernel is larger than the image.
    """
    x, w = np.asarray(image, dtype=float), np.asarray(kernel, dtype=float)
    if x.ndim != 2 or w.ndim != 2:
        raise ValueError(
            f"an image and a kernel are 2-D arrays, these are {x.shape} and {w.shape}"
        )
    if any(k > n for n, k in zip(x.shape, w.shape, strict=True)):
        raise ValueError(f"a kernel of {w.shape} does not fit in an image of {x.shape}")
    # A transform would spread what is not finite, and rounds sums of whole numbers.
    if w.size > LARGE and np.isfinite(x).all() and np.isfinite(w).all():
        from scipy import signal  # slow to import

        found: np.ndarray = signal.correlate(x, w, mode="valid", method="fft")
        return found
    x4, w4 = (torch.from_numpy(a.copy())[None, None] for a in (x, w))
    return F.conv2d(x4, w4)[0, 0].numpy()


def convolve2d(image: ArrayLike, kernel: ArrayLike) -> np.ndarray:
    """True convolution where the kernel fits: correlation with the kernel flipped."""
    return correlate2d(image, np.asarray(kernel)[::-1, ::-1])


def edges(picture: ArrayLike) -> np.ndarray:
    """Vertical edges, (h, w) → (h-2, w-2): positive where the left is brighter."""
    return correlate2d(picture, CLASSIC["vertical edge"])


def blur(picture: ArrayLike) -> np.ndarray:
    """The mean of each pixel and its eight neighbours, (h, w) → (h-2, w-2)."""
    return correlate2d(picture, CLASSIC["blur"])


def centred(picture: ArrayLike) -> np.ndarray:
    """A picture (h, w) minus the mean of all its pixels."""
    pixels = np.asarray(picture, dtype=float)
    return pixels - pixels.mean()
