"""Neural style transfer: the content of one picture in the style of another.

    picture = style.transfer(data.photograph("chelsea", 256), painting).image

Gatys, Ecker and Bethge 2015, "A Neural Algorithm of Artistic Style". F is what a layer
makes of a picture, as a matrix with N rows, its filters, and M columns, its places.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypedDict, Unpack

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable
from torch.nn.functional import interpolate

from coursekit import features
from coursekit.arguments import check_choice
from coursekit.features.descent import Descent, Painted, descend
from coursekit.features.images import as_batch, beyond, noise, total_variation
from coursekit.features.reading import Reader

__all__ = [
    "CONTENT_LAYERS",
    "STYLE_LAYERS",
    "Painted",
    "content_loss",
    "content_reconstruction",
    "gram",
    "style_loss",
    "style_reconstruction",
    "total_variation",
    "transfer",
]

CONTENT_LAYERS = ("conv4_2",)
STYLE_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
# Keeps the numbers of the picture within 0 … 1 while it changes.
KEEP_WITHIN = 1e5

Layers = Sequence[str] | Mapping[str, float]


def gram(maps: Tensor) -> Tensor:
    """G = F Fᵀ: how much two filters answer at the same places, for all pairs.

    maps: (1, N, h, w) → (N, N), not divided by anything.
    """
    rows = as_rows(maps)
    return rows @ rows.T


def as_rows(maps: Tensor) -> Tensor:
    """F: (1, N, h, w) → (N, h · w), in single precision or better."""
    maps = maps.to(torch.promote_types(maps.dtype, torch.float32))
    return maps.flatten(2).squeeze(0)


def content_loss(maps: Tensor, target: Tensor) -> Tensor:
    """½ Σ (F - P)², equation 1; both (1, N, h, w)."""
    return (maps.float() - target.float()).square().sum() / 2


def style_loss(maps: Tensor, target: Tensor) -> Tensor:
    """1/(4 N² M²) Σ (G - A)², equation 4, for one layer.

    maps: (1, N, h, w), M = h·w; target: (N, N), the Gram matrix of the painting divided
    by *its* number of places, A/M. So the painting may have another size than the
    picture; for equal sizes this is the formula of the paper.
    """
    loss: Tensor = StyleLoss.apply(maps, target)
    return loss


class StyleLoss(torch.autograd.Function):
    """`style_loss` with its gradient by equation 6: (G - A) F / (N² M²).

    That is one matrix product. Automatic differentiation takes two, one for each F in
    F Fᵀ, and adds equal numbers.
    """

    @staticmethod
    def forward(context: FunctionCtx, maps: Tensor, target: Tensor) -> Tensor:
        filters, places = maps.shape[1], maps.shape[2] * maps.shape[3]
        difference = gram(maps) / places - target
        context.save_for_backward(maps, difference)
        return difference.square().sum() / (4 * filters**2)

    @staticmethod
    @once_differentiable
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        maps, difference = context.saved_tensors
        rows = as_rows(maps)
        factor = gradient / rows.numel() / len(rows)
        result = torch.empty_like(rows)  # in the order in which the channels lie
        torch.mm(difference * factor, rows, out=result)
        return result.view_as(maps).to(maps.dtype), None


def transfer(
    content: Tensor,
    painting: Tensor,
    *,
    network: Reader | None = None,
    content_layers: Layers = CONTENT_LAYERS,
    style_layers: Layers = STYLE_LAYERS,
    alpha: float = 1e-3,
    beta: float = 1.0,
    variation: float = 0.0,
    start: str | Tensor = "content",
    optimiser: str = "lbfgs",
    steps: int = 200,
    lr: float | None = None,
    every: int = 0,
    precision: str = "float32",
    seed: int = 0,
) -> Painted:
    """The picture `content`, (3, h, w), painted like `painting`, (3, h', w').

    Makes α L_content + β L_style + `variation` · TV small (equation 7 of the paper,
    with total variation for smoothness). Layers: names, which then share a weight of
    1, or {name: weight}. The losses are large, 1e6 to 1e9, as in the paper: a
    `variation` of 1e3 is a little, 1e4 much. start: "content", "painting", "noise" as
    in the paper (with `seed`), or a picture. optimiser, steps, lr, every: see
    `features.descent.Descent`. precision "bfloat16" makes the network up to twice as
    fast where the processor has it.

    network: `features.small()` when None; `features.vgg19()` is the paper's. It says
    where to compute: `features.vgg19().to("cuda")`.
    Raises ValueError for input that makes no sense, RuntimeError if it diverges.
    """
    weights = check_weights(alpha=alpha, beta=beta, variation=variation)
    if not alpha and not beta:
        raise ValueError(
            "alpha and beta are both 0: neither content nor style would be painted. "
            "Give at least one of them a weight above 0."
        )
    reader = features.prepared(network, precision)
    here = reader.get_buffer("mean").device
    given = as_batch(content, "content").to(here)
    model = as_batch(painting, "painting").to(here)
    objective = Losses(
        reader,
        content_targets(reader, given, content_layers) if alpha else {},
        style_targets(reader, model, style_layers) if beta else {},
        weights,
    )
    first = beginning(start, given, model, seed)
    return descend(first, objective, Descent(optimiser, steps, lr, every), "Painting")


class TransferOptions(TypedDict, total=False):
    """What `transfer` takes besides the pictures, the layers and α, β."""

    network: Reader | None
    variation: float
    start: str | Tensor
    optimiser: str
    steps: int
    lr: float | None
    every: int
    precision: str
    seed: int


def content_reconstruction(
    image: Tensor, layer: str, **options: Unpack[TransferOptions]
) -> Painted:
    """What one layer keeps of a picture: noise, changed until the layer sees `image`.

    The lower row of the paper's figure 1. image: (3, h, w); options: see `transfer`.
    """
    options.setdefault("start", "noise")
    return transfer(
        image, image, content_layers=(layer,), alpha=1.0, beta=0.0, **options
    )


def style_reconstruction(
    painting: Tensor, layers: Layers, **options: Unpack[TransferOptions]
) -> Painted:
    """What the Gram matrices of `layers` keep of a painting: a texture, from noise.

    The upper row of the paper's figure 1. painting: (3, h, w); options: see `transfer`.
    """
    options.setdefault("start", "noise")
    return transfer(
        painting, painting, style_layers=layers, alpha=0.0, beta=1.0, **options
    )


@dataclass(frozen=True)
class Losses:
    """The objective: call it with (1, 3, h, w) for its terms, weighted.

    content: {layer: (weight, P)}; style: {layer: (weight, A/M)}.
    """

    network: Reader
    content: dict[str, tuple[float, Tensor]]
    style: dict[str, tuple[float, Tensor]]
    weights: dict[str, float]

    def __call__(self, image: Tensor) -> dict[str, Tensor]:
        maps = features.maps(self.network, image, [*self.content, *self.style])
        terms = {"range": KEEP_WITHIN * beyond(image)}
        if self.content:
            parts = [w * content_loss(maps[n], t) for n, (w, t) in self.content.items()]
            terms["content"] = self.weights["alpha"] * torch.stack(parts).sum()
        if self.style:
            parts = [w * style_loss(maps[n], t) for n, (w, t) in self.style.items()]
            terms["style"] = self.weights["beta"] * torch.stack(parts).sum()
        if self.weights["variation"]:
            terms["variation"] = self.weights["variation"] * total_variation(image)
        return terms


@torch.no_grad()
def content_targets(
    network: Reader, image: Tensor, layers: Layers
) -> dict[str, tuple[float, Tensor]]:
    """For each layer its weight and the maps of `image`."""
    weights = layer_weights(network, layers, "content_layers")
    maps = features.maps(network, image, weights)
    return {name: (weight, maps[name]) for name, weight in weights.items()}


@torch.no_grad()
def style_targets(
    network: Reader, painting: Tensor, layers: Layers
) -> dict[str, tuple[float, Tensor]]:
    """For each layer its weight and the Gram matrix, divided by the places."""
    weights = layer_weights(network, layers, "style_layers")
    maps = features.maps(network, painting, weights)
    return {
        name: (weight, gram(maps[name]) / maps[name][0, 0].numel())
        for name, weight in weights.items()
    }


def layer_weights(network: Reader, layers: Layers, what: str) -> dict[str, float]:
    """{name: weight}; names alone share a weight of 1."""
    names = network.check_layers(layers)
    if not isinstance(layers, Mapping):
        return dict.fromkeys(names, 1 / len(names))
    for name, weight in layers.items():
        check_weights(**{f"{what}[{name!r}]": weight})
    if not any(layers.values()):
        raise ValueError(f"All weights of {what} are 0. Give a layer one above 0.")
    return dict(layers)


def check_weights(**weights: float) -> dict[str, float]:
    """Refuse weights that are no numbers of 0 or more."""
    for name, weight in weights.items():
        if not isinstance(weight, Real) or not 0 <= weight < math.inf:
            raise ValueError(f"{name} must be a number, 0 or more; it is {weight!r}.")
    return weights


def beginning(
    start: str | Tensor, content: Tensor, painting: Tensor, seed: int
) -> Tensor:
    """The first picture, of the size of `content`: (1, 3, h, w)."""
    height, width = content.shape[2:]
    if isinstance(start, Tensor):
        first = as_batch(start, "start").to(content.device)
        if first.shape != content.shape:
            raise ValueError(
                f"start is {tuple(first.shape[1:])}, but content is "
                f"{tuple(content.shape[1:])}. Give them one size."
            )
        return first
    check_choice("start", start, ("content", "painting", "noise"))
    if start == "noise":
        return noise(height, width, seed).to(content.device)
    if start == "painting":
        return interpolate(painting, (height, width), mode="bilinear", antialias=True)
    return content
