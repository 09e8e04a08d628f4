"""Checks of week 1: convolution, the right bias for images.

Oracles come from torch or from a closed form by another road than the exercise takes.
"""

from coursekit.checks.week1.channels_and_layers import (
    activations,
    conv1x1,
    conv_by_matmul,
    conv_layer,
    correlate_channels,
    four_counts,
    free_parameters,
    im2col,
    lenet_counts,
    sketch,
)
from coursekit.checks.week1.dense_to_convolutional import (
    convolution_matrix,
    datasets,
    dense_weights,
    four_parts,
    parameters_at_each_step,
    shuffle_pixels,
)
from coursekit.checks.week1.operator import (
    classic_kernels,
    convolve1d,
    convolve2d,
    correlate1d,
    correlate2d,
    equivariance_gap,
    half_bright,
)

__all__ = [
    "activations",
    "classic_kernels",
    "conv1x1",
    "conv_by_matmul",
    "conv_layer",
    "convolution_matrix",
    "convolve1d",
    "convolve2d",
    "correlate1d",
    "correlate2d",
    "correlate_channels",
    "datasets",
    "dense_weights",
    "equivariance_gap",
    "four_counts",
    "four_parts",
    "free_parameters",
    "half_bright",
    "im2col",
    "lenet_counts",
    "parameters_at_each_step",
    "shuffle_pixels",
    "sketch",
]
