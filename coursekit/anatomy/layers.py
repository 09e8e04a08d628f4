"""What there is to say about one layer: its kind in words, and its weights a neuron."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, Protocol, runtime_checkable

from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd
from torch.nn.modules.pooling import (
    _AdaptiveAvgPoolNd,
    _AdaptiveMaxPoolNd,
    _AvgPoolNd,
    _LPPoolNd,
    _MaxPoolNd,
)

NORMS = (_NormBase, nn.GroupNorm, nn.LayerNorm, nn.RMSNorm, nn.LocalResponseNorm)
Number = int | float


@runtime_checkable
class SelfDescribed(Protocol):
    """A layer that says itself what torch's own layers are known for.

    kind_in_words: what a table and a picture call it, such as "subsampling 2×2".
    weights_per_neuron: weights that one of the `neurons` numbers of its output depends
    on, bias included; a mean where they differ.
    """

    @property
    def kind_in_words(self) -> str: ...

    def weights_per_neuron(self, neurons: int) -> Number: ...


def one_filter(layer: _ConvNd | nn.Linear | nn.Bilinear, neurons: int) -> Number:
    """Convolutions and dense layers: the weights of one output, and its bias."""
    return layer.weight[0].numel() + (layer.bias is not None)


def transposed(layer: _ConvTransposeNd, neurons: int) -> Number:
    """The most inputs whose kernels overlap in one place: ⌈k/s⌉ along each axis."""
    sizes = zip(layer.kernel_size, layer.stride, strict=True)
    overlap = prod(-(-k // s) for k, s in sizes)
    inputs = layer.in_channels // layer.groups
    return inputs * overlap + (layer.bias is not None)


def scale_and_shift(layer: nn.Module, neurons: int) -> Number:
    """Normalisation: at most a weight and a bias for each number."""
    return sum(1 for _ in layer.parameters())


# The first class that fits decides.
WEIGHTS: list[tuple[Any, Callable[[Any, int], Number]]] = [
    (_ConvTransposeNd, transposed),
    ((_ConvNd, nn.Linear, nn.Bilinear), one_filter),
    (NORMS, scale_and_shift),
    ((nn.Embedding, nn.PReLU), lambda layer, neurons: 1),
]


def weights_per_neuron(layer: nn.Module, neurons: int) -> Number | None:
    """Weights that one number of the output depends on, bias included.

    0 for layers that have none, None for layers of which that cannot be said.
    """
    if isinstance(layer, SelfDescribed):
        return layer.weights_per_neuron(neurons)
    for kind, rule in WEIGHTS:
        if isinstance(layer, kind):
            return rule(layer, neurons)
    return None if any(True for _ in layer.parameters()) else 0


def words(layer: nn.Module, sides: int) -> tuple[str, ...]:
    """A layer in words: ("max pooling 3×3", "stride 2").

    sides: 2 for maps, 1 for sequences, 3 for volumes. A tuple, so that a picture can
    break the line.
    """
    if isinstance(layer, SelfDescribed):
        return (layer.kind_in_words,)
    for kind, name in WINDOWS.items():
        if isinstance(layer, kind):
            return window(name, layer, sides)
    if isinstance(layer, (_AdaptiveAvgPoolNd, _AdaptiveMaxPoolNd)):
        what = "mean" if isinstance(layer, _AdaptiveAvgPoolNd) else "maximum"
        size = by(layer.output_size, sides)
        return (f"{what} of each map" if set(size) <= set("1×") else f"{what}s {size}",)
    for kind, name in NAMES.items():
        if isinstance(layer, kind):
            return (name,)
    return (type(layer).__name__,)


# Order matters: a transposed convolution is also a convolution for isinstance.
WINDOWS: dict[type, str] = {
    _ConvTransposeNd: "transposed",
    _ConvNd: "convolution",
    _MaxPoolNd: "max pooling",
    _AvgPoolNd: "mean pooling",
    _LPPoolNd: "norm pooling",
}
NAMES: dict[type, str] = {
    nn.Linear: "dense",
    nn.Embedding: "word vectors",
    _NormBase: "normalisation",
    nn.LocalResponseNorm: "response norm",
    nn.GroupNorm: "normalisation",
    nn.LayerNorm: "normalisation",
    nn.Upsample: "upsampling",
}


def window(name: str, layer: Any, sides: int) -> tuple[str, ...]:  # noqa: ANN401
    """A name with the window's size, then the options that are not as usual."""
    size = by(layer.kernel_size, sides)
    slides = isinstance(layer, _ConvNd)
    stride = by(layer.stride or layer.kernel_size, sides)
    found = [f"{name} {size}"]
    if stride != (by(1, sides) if slides else size):
        found.append(f"stride {short(stride)}")
    if slides and layer.groups > 1:
        found.append(f"{layer.groups} groups")
    dilation = by(getattr(layer, "dilation", 1), sides)
    if dilation != by(1, sides):
        found.append(f"dilation {short(dilation)}")
    return tuple(found)


def by(size: object, sides: int) -> str:
    """2 or (2, 2) → "2×2"; "all" where torch writes None."""
    sizes = size if isinstance(size, Sequence) else (size,) * sides
    return "×".join("all" if one is None else str(one) for one in sizes)


def short(size: str) -> str:
    """ "2×2" → "2", "2×1" as it is."""
    parts = size.split("×")
    return parts[0] if len(set(parts)) == 1 else size
