"""Networks that torchvision has too: its weights load, and the outputs agree.

Key map: the identity. Our modules bear torchvision's names, so `load_state_dict` takes
torchvision's weights as they are.
"""

import math
from collections.abc import Callable
from functools import partial

import pytest
import torch
import torchvision
from torch import Tensor, nn

from coursekit import models

Build = Callable[[], nn.Module]
theirs_googlenet = partial(
    torchvision.models.googlenet, aux_logits=True, init_weights=False
)
PAIRS: dict[str, tuple[Build, Build]] = {
    "alexnet": (models.alexnet, torchvision.models.alexnet),
    "googlenet": (partial(models.googlenet, auxiliary=True), theirs_googlenet),
    **{
        f"vgg{depth}{bn}": (
            partial(models.vgg, configuration, batch_norm=bool(bn)),
            getattr(torchvision.models, f"vgg{depth}{bn}"),
        )
        for depth, configuration in {11: "A", 13: "B", 16: "D", 19: "E"}.items()
        for bn in ("", "_bn")
    },
    **{
        f"resnet{depth}": (
            partial(models.resnet, depth),
            getattr(torchvision.models, f"resnet{depth}"),
        )
        for depth in (18, 34, 50, 101, 152)
    },
    **{
        f"densenet{depth}": (
            partial(models.densenet, depth),
            getattr(torchvision.models, f"densenet{depth}"),
        )
        for depth in (121, 161, 169, 201)
    },
}
SLOW = {"vgg13", "vgg13_bn", "vgg16", "vgg19", "vgg11_bn", "vgg16_bn", "vgg19_bn"}
NAMES = [
    pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in PAIRS
]


def on_meta(build: Build) -> nn.Module:
    with torch.device("meta"):
        return build()


def randomise(model: nn.Module) -> nn.Module:
    """Random weights and statistics that keep the outputs near 1."""
    dice = torch.Generator().manual_seed(3)
    model.to_empty(device="cpu")
    for name, value in model.state_dict().items():
        if value.dim() > 1:
            limit = math.sqrt(3 / value[0].numel())
            value.uniform_(-limit, limit, generator=dice)
        elif name.endswith(("running_var", "weight")):
            value.uniform_(0.5, 1.5, generator=dice)
        elif value.is_floating_point():
            value.uniform_(-0.1, 0.1, generator=dice)
        else:
            value.zero_()
    return model


def pair(name: str) -> tuple[nn.Module, nn.Module]:
    """Ours and theirs, with one set of weights in memory."""
    ours, theirs = (on_meta(build) for build in PAIRS[name])
    randomise(theirs)
    ours.load_state_dict(theirs.state_dict(), assign=True)
    return ours.eval(), theirs.eval()


def gap(ours: Tensor, theirs: Tensor) -> float:
    """Greatest difference, relative to the greatest output where that is above 1."""
    assert ours.shape == theirs.shape
    return ((ours - theirs).abs().max() / theirs.abs().max().clamp(min=1)).item()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_torchvision(name: str) -> None:
    ours, theirs = pair(name)
    x = torch.randn(2, 3, 96, 65, generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        assert theirs(x).std() > 1e-3
        assert gap(ours(x), theirs(x)) <= 1e-5


def test_auxiliary_heads_agree_with_torchvision() -> None:
    ours, theirs = pair("googlenet")
    x = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        outputs = []
        for model in (ours, theirs):
            for layer in model.modules():
                layer.train(not isinstance(layer, nn.Dropout))
            outputs.append(model(x))
    found, expected = outputs
    assert gap(found.logits, expected.logits) <= 1e-5
    assert gap(found.aux1, expected.aux_logits1) <= 1e-5
    assert gap(found.aux2, expected.aux_logits2) <= 1e-5
