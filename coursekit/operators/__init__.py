"""The operators of a convolutional network from scratch: NumPy only, there and back.

Images are batches (n, channels, height, width). `stride` and `padding`, which is per
side, are one number or (vertical, horizontal). Each function f has an f_backward that
takes the gradient of a loss with respect to the output, and then what f took.

For instructors and for the book. The students' zip leaves these out, since they write
most of them themselves.
"""

from coursekit.operators.convolution import (
    col2im,
    convolve,
    convolve_backward,
    correlate,
    correlate_backward,
    im2col,
    transposed,
    transposed_backward,
)
from coursekit.operators.pooling import (
    avg_pool,
    avg_pool_backward,
    l2_pool,
    l2_pool_backward,
    max_pool,
    max_pool_backward,
)

__all__ = [
    "avg_pool",
    "avg_pool_backward",
    "col2im",
    "convolve",
    "convolve_backward",
    "correlate",
    "correlate_backward",
    "im2col",
    "l2_pool",
    "l2_pool_backward",
    "max_pool",
    "max_pool_backward",
    "transposed",
    "transposed_backward",
]
