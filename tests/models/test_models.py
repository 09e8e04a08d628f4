"""Every network: its count of weights, its shapes, that it learns, what it refuses."""

import inspect
import math
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit import models
from coursekit.layers import blocks

Build = Callable[[], nn.Module]


@dataclass(frozen=True)
class Case:
    """A network small enough to train a step of, its input's shape, its output's."""

    build: Build
    shape: tuple[int, ...]
    scores: tuple[int, ...]
    slow: bool = False


anything: Any = models  # to call with what annotations forbid
text = partial(models.text_cnn, 50, embedding=12, filters=6)
vectors = torch.randn(50, 12, generator=torch.Generator().manual_seed(1))
small_unet = partial(models.unet, width=4, levels=3)
CASES = {
    "lenet5_1998": Case(models.lenet5_1998, (2, 1, 32, 32), (2, 10)),
    "lenet5": Case(models.lenet5, (2, 1, 28, 28), (2, 10)),
    "lenet5-bn": Case(
        partial(
            models.lenet5,
            activation=nn.ReLU,
            pool=nn.MaxPool2d,
            batch_norm=True,
            image_size=32,
            channels=3,
        ),
        (4, 3, 32, 32),
        (4, 10),
    ),
    "alexnet_2012": Case(
        partial(models.alexnet_2012, classes=7), (2, 3, 227, 227), (2, 7), slow=True
    ),
    "alexnet": Case(partial(models.alexnet, classes=7), (2, 3, 64, 80), (2, 7), True),
    "alexnet_small": Case(
        partial(models.alexnet_small, width=8), (2, 3, 32, 32), (2, 10)
    ),
    **{
        f"vgg-{name}": Case(
            partial(models.vgg, name, classes=7), (2, 3, 32, 48), (2, 7), True
        )
        for name in ("A", "A-LRN", "B", "D", "E")
    },
    "vgg-C-bn": Case(
        partial(models.vgg, "C", classes=7, batch_norm=True),
        (2, 3, 48, 32),
        (2, 7),
        True,
    ),
    "nin_cifar": Case(models.nin_cifar, (2, 3, 32, 32), (2, 10)),
    "nin_imagenet": Case(
        partial(models.nin_imagenet, classes=7), (2, 3, 67, 80), (2, 7), True
    ),
    "googlenet": Case(
        partial(models.googlenet, classes=7), (2, 3, 64, 64), (2, 7), True
    ),
    "googlenet-aux": Case(
        partial(models.googlenet, auxiliary=True, classes=7),
        (2, 3, 64, 64),
        (2, 7),
        True,
    ),
    "googlenet_2014": Case(
        partial(models.googlenet_2014, classes=7), (1, 3, 224, 224), (1, 7), True
    ),
    "resnet-18": Case(
        partial(models.resnet, 18, classes=7), (2, 3, 64, 48), (2, 7), True
    ),
    "resnet-50": Case(
        partial(models.resnet, 50, classes=7), (2, 3, 64, 64), (2, 7), True
    ),
    "resnet-18-v2": Case(
        partial(models.resnet, 18, version=2, classes=7), (2, 3, 64, 64), (2, 7), True
    ),
    "resnet-50-v2": Case(
        partial(models.resnet, 50, version=2, classes=7), (2, 3, 64, 64), (2, 7), True
    ),
    "cifar_resnet-A": Case(models.cifar_resnet, (2, 3, 32, 32), (2, 10)),
    "cifar_resnet-B": Case(
        partial(models.cifar_resnet, 14, shortcut="B"), (2, 3, 16, 20), (2, 10)
    ),
    "cifar_resnet-v2": Case(
        partial(models.cifar_resnet, version=2), (2, 3, 32, 32), (2, 10)
    ),
    "cifar_resnet-v2-bottleneck": Case(
        partial(models.cifar_resnet, 20, version=2, bottleneck=True, shortcut="B"),
        (2, 3, 16, 16),
        (2, 10),
    ),
    "cifar_plain": Case(models.cifar_plain, (2, 3, 32, 32), (2, 10)),
    "densenet": Case(partial(models.densenet, classes=7), (2, 3, 64, 64), (2, 7), True),
    "cifar_densenet": Case(
        partial(models.cifar_densenet, 10, dropout=0.2), (2, 3, 16, 16), (2, 10)
    ),
    "cifar_densenet-bc": Case(
        partial(models.cifar_densenet, 16, bottleneck=True), (2, 3, 16, 16), (2, 10)
    ),
    "capsnet": Case(
        partial(models.capsnet, width=16, types=2), (2, 1, 28, 28), (2, 10)
    ),
    "capsnet_baseline": Case(
        partial(models.capsnet_baseline, image_size=12), (2, 1, 12, 12), (2, 10)
    ),
    "unet": Case(small_unet, (1, 1, 60, 76), (1, 2, 20, 36)),
    "unet-padded": Case(
        partial(small_unet, padding=True, skips=False), (1, 1, 16, 24), (1, 2, 16, 24)
    ),
    "text-rand": Case(text, (3, 9), (3, 2)),
    "text-static": Case(
        partial(text, variant="static", vectors=vectors), (3, 9), (3, 2)
    ),
    "text-non-static": Case(
        partial(text, variant="non-static", vectors=vectors), (3, 9), (3, 2)
    ),
    "text-multichannel": Case(
        partial(text, variant="multichannel", vectors=vectors, widths=(2, 7)),
        (3, 9),
        (3, 2),
    ),
    "dqn": Case(models.dqn, (2, 4, 84, 84), (2, 18)),
    "go_policy": Case(
        partial(models.go_policy, width=16, layers=4), (2, 48, 19, 19), (2, 361)
    ),
    "fast_cifar": Case(models.fast_cifar, (4, 3, 32, 32), (4, 10)),
    "mlp": Case(models.MLP, (2, 1, 28, 28), (2, 10)),
    "small_cnn": Case(models.SmallCNN, (2, 1, 28, 28), (2, 10)),
}
SMALL = [name for name, case in CASES.items() if not case.slow]
ALL = [
    pytest.param(name, marks=pytest.mark.slow if case.slow else ())
    for name, case in CASES.items()
]


def on_meta(build: Build) -> nn.Module:
    """The network without memory for its weights: shapes and counts cost nothing."""
    with torch.device("meta"):
        return build()


def trainable(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def inputs(shape: tuple[int, ...], device: str = "cpu") -> Tensor:
    """Random images, or random word numbers where the shape is (n, length)."""
    dice = torch.Generator().manual_seed(0)
    if len(shape) == 2:
        return torch.randint(50, shape, generator=dice).to(device)
    return torch.randn(shape, generator=dice).to(device)


def seeded(build: Build) -> nn.Module:
    torch.manual_seed(0)
    return build()


def loss_of(model: nn.Module, x: Tensor) -> Tensor:
    """A loss with the same dropout at every call."""
    torch.manual_seed(0)
    scores = model(x)
    if isinstance(scores, models.GoogLeNetOutput):
        # Section 5 of the paper: the heads' losses count 0.3.
        first, *heads = (score_loss(model, part) for part in scores)
        return first + 0.3 * sum(heads)
    return score_loss(model, scores)


def score_loss(model: nn.Module, scores: Tensor) -> Tensor:
    """How far scores are from labels 0, 1, 2, …"""
    labels = torch.arange(scores[:, 0].numel(), device=scores.device) % scores.shape[1]
    labels = labels.reshape(scores[:, 0].shape)
    if isinstance(getattr(model, "_orig_mod", model), models.CapsNet):
        return models.margin_loss(scores, labels)
    return F.cross_entropy(scores, labels)


def step(model: nn.Module, loss: Tensor) -> None:
    """Down the gradient, as far as should lower the loss by 2 % at first order."""
    loss.backward()
    found = [p for p in model.parameters() if p.grad is not None]
    gradients = [p.grad for p in found if p.grad is not None]
    length = sum(g.square().sum() for g in gradients)
    with torch.no_grad():
        for p, g in zip(found, gradients, strict=True):
            p.sub_(0.02 * loss / length * g)


COUNTS: list[tuple[str, Build, int]] = [
    ("lenet5_1998", models.lenet5_1998, 60_000),
    ("lenet5", models.lenet5, 61_706),
    ("lenet5-32", partial(models.lenet5, image_size=32), 61_706),
    ("alexnet_2012", models.alexnet_2012, 60_965_224),
    ("alexnet_2012-1", partial(models.alexnet_2012, groups=1), 62_378_344),
    ("alexnet", models.alexnet, 61_100_840),
    ("vgg-A", partial(models.vgg, "A"), 132_863_336),
    ("vgg-A-LRN", partial(models.vgg, "A-LRN"), 132_863_336),
    ("vgg-B", partial(models.vgg, "B"), 133_047_848),
    # B and three 1×1 convolutions, of 256, 512 and 512 channels
    ("vgg-C", partial(models.vgg, "C"), 133_047_848 + 65_792 + 2 * 262_656),
    ("vgg-D", partial(models.vgg, "D"), 138_357_544),
    ("vgg-E", partial(models.vgg, "E"), 143_667_240),
    ("nin_cifar", models.nin_cifar, 966_986),
    ("nin_imagenet", models.nin_imagenet, 7_595_176),
    ("googlenet", models.googlenet, 6_624_904),
    ("googlenet-aux", partial(models.googlenet, auxiliary=True), 13_004_888),
    ("googlenet_2014", models.googlenet_2014, 6_998_552),
    ("resnet-18", partial(models.resnet, 18), 11_689_512),
    ("resnet-34", partial(models.resnet, 34), 21_797_672),
    ("resnet-50", partial(models.resnet, 50), 25_557_032),
    ("resnet-101", partial(models.resnet, 101), 44_549_160),
    ("resnet-152", partial(models.resnet, 152), 60_192_808),
    # version 1 without the normalised projections of 128, 256 and 512 channels
    ("resnet-18-v2", partial(models.resnet, 18, version=2), 11_689_512 - 2 * 896),
    ("cifar_plain-20", models.cifar_plain, 269_722),
    ("densenet-121", partial(models.densenet, 121), 7_978_856),
    ("densenet-169", partial(models.densenet, 169), 14_149_480),
    ("densenet-201", partial(models.densenet, 201), 20_013_928),
    ("densenet-161", partial(models.densenet, 161), 28_681_000),
    (
        "densenet-bc-100",
        partial(models.cifar_densenet, 100, bottleneck=True),
        769_162,
    ),
    ("capsnet", models.capsnet, 8_215_568),
    ("capsnet-plain", partial(models.capsnet, decoder=False), 6_804_224),
    ("capsnet_baseline", models.capsnet_baseline, 35_445_522),
    ("dqn", models.dqn, 680_770),
    ("mlp", models.MLP, 784 * 64 + 64 + 64 * 10 + 10),
    ("small_cnn", models.SmallCNN, 26 * 8 + 201 * 16 + 257 * 10),
    # Five 3×3 convolutions without biases, two numbers a channel, and the dense layer
    (
        "fast_cifar",
        models.fast_cifar,
        9 * 32 * (3 + 32 + 64 + 128 + 256) + 2 * 32 * (1 + 1 + 2 + 2 + 4) + 1290,
    ),
    (
        "go_policy",
        models.go_policy,
        (48 * 25 + 1) * 192 + 11 * (9 * 192 + 1) * 192 + 192 + 361,
    ),
    (
        "text-rand",
        partial(models.text_cnn, 1000),
        1000 * 300 + (3 + 4 + 5) * 300 * 100 + 3 * 100 + 2 * 301,
    ),
]
CIFAR_COUNTS = {
    # shortcut A, shortcut B with normalisation
    20: (269_722, 272_474),
    32: (464_154, 466_906),
    44: (658_586, 661_338),
    56: (853_018, 855_770),
    110: (1_727_962, 1_730_714),
}


@pytest.mark.parametrize(
    ("build", "count"), [pytest.param(b, c, id=name) for name, b, c in COUNTS]
)
def test_count_of_weights(build: Build, count: int) -> None:
    assert trainable(on_meta(build)) == count


@pytest.mark.parametrize("depth", CIFAR_COUNTS)
@pytest.mark.parametrize("shortcut", ["A", "B"])
def test_count_of_cifar_resnets(depth: int, shortcut: str) -> None:
    model = on_meta(partial(models.cifar_resnet, depth, shortcut=shortcut))
    assert trainable(model) == CIFAR_COUNTS[depth]["AB".index(shortcut)]


def test_count_of_unet_by_hand() -> None:
    widths = [64, 128, 256, 512, 1024]
    down = sum(
        9 * a * b + b + 9 * b * b + b
        for a, b in zip([1, *widths], widths, strict=False)
    )
    up = sum(4 * 2 * b * b + b + 9 * 2 * b * b + b + 9 * b * b + b for b in widths[:-1])
    assert trainable(on_meta(models.unet)) == down + up + 2 * 65


def test_paper_sizes_in_millions() -> None:
    """Table 2 of DenseNet, and ResNet-164 of He 2016."""
    dense = partial(models.cifar_densenet, 100)
    assert round(trainable(on_meta(models.cifar_densenet)) / 1e6, 1) == 1.0
    assert round(trainable(on_meta(dense)) / 1e6, 1) == 7.0
    assert round(trainable(on_meta(partial(dense, growth=24))) / 1e6, 1) == 27.2
    deep = partial(models.cifar_resnet, 164, version=2, shortcut="B", bottleneck=True)
    assert round(trainable(on_meta(deep)) / 1e6, 1) == 1.7


def counts_by_layer(model: nn.Module) -> list[int]:
    """Weights of each layer that has some of its own, in order."""
    layers = [list(m.parameters(recurse=False)) for m in model.modules()]
    return [sum(p.numel() for p in layer) for layer in layers if layer]


@pytest.mark.parametrize(
    ("build", "counts"),
    [
        (models.lenet5_1998, [156, 12, 1516, 32, 48_120, 10_164]),
        (models.lenet5, [156, 2416, 48_120, 10_164, 850]),
        (
            models.alexnet_2012,
            [34944, 307456, 885120, 663936, 442624, 37752832, 16781312, 4097000],
        ),
        (models.dqn, [4112, 8224, 663_808, 4626]),
        (
            models.capsnet,
            [20_992, 5_308_672, 1_474_560, 82_432, 525_312, 803_600],
        ),
    ],
)
def test_count_of_each_layer(build: Build, counts: list[int]) -> None:
    assert counts_by_layer(on_meta(build)) == counts


@pytest.mark.parametrize("name", CASES)
def test_shape_of_the_scores(name: str) -> None:
    case = CASES[name]
    model = on_meta(case.build).eval()
    if len(case.shape) == 2:
        model = case.build().eval()
        assert model(inputs(case.shape)).shape == case.scores
    else:
        assert model(torch.empty(case.shape, device="meta")).shape == case.scores


@pytest.mark.share(20)
@pytest.mark.parametrize("name", ALL)
def test_one_step_lowers_the_loss(name: str) -> None:
    case = CASES[name]
    model, x = seeded(case.build).train(), inputs(case.shape)
    before = loss_of(model, x)
    step(model, before)
    assert loss_of(model, x) < before
    for key, weight in model.named_parameters():
        if weight.requires_grad and not key.startswith("decoder"):
            assert weight.grad is not None, key
            assert weight.grad.isfinite().all(), key


# A network, its least side, and the shape of its scores at any size.
ANY_SIZE: list[tuple[Build, int]] = [
    (partial(models.alexnet, classes=9), 63),
    (partial(models.vgg, "B", classes=9), 32),
    (partial(models.vgg, "A-LRN", classes=9), 32),
    (partial(models.nin_cifar, classes=9), 4),
    (partial(models.nin_imagenet, classes=9), 39),
    (partial(models.googlenet, classes=9), 15),
    (partial(models.resnet, 34, classes=9), 1),
    (partial(models.resnet, 50, version=2, classes=9), 1),
    (partial(models.cifar_resnet, classes=9), 1),
    (partial(models.cifar_plain, classes=9), 1),
    (partial(models.densenet, 169, classes=9), 29),
    (partial(models.cifar_densenet, classes=9), 4),
    (partial(models.fast_cifar, classes=9), 7),
]


@pytest.mark.parametrize(("build", "least"), ANY_SIZE)
def test_any_size_from_the_least(build: Build, least: int) -> None:
    model = on_meta(build).eval()
    for height, width in [(least, least), (least + 1, 2 * least + 3), (224, 97)]:
        assert model(torch.empty(2, 3, height, width, device="meta")).shape == (2, 9)
    if least > 1:
        with pytest.raises(ValueError, match=f"at least {least} × {least} pixels"):
            model(torch.empty(2, 3, least - 1, 100, device="meta"))
        with pytest.raises(ValueError, match=f"at least {least} × {least} pixels"):
            model(torch.empty(2, 3, 100, least - 1, device="meta"))


# ResNets take any image; GoogLeNet would take less than torchvision says it should.
HARD_LIMIT = [row for row in ANY_SIZE if row[1] not in (1, 15)]


@pytest.mark.parametrize(("build", "least"), HARD_LIMIT)
def test_the_least_is_the_least(
    build: Build, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the check torch itself fails one pixel below."""
    model = on_meta(build).eval()
    monkeypatch.setattr(blocks, "check_images", lambda *_: None)
    with pytest.raises(RuntimeError):
        model(torch.empty(2, 3, least - 1, least - 1, device="meta"))


FIXED_SIZE: list[tuple[Build, int, int]] = [
    (models.lenet5_1998, 1, 32),
    (models.lenet5, 1, 28),
    (partial(models.lenet5, image_size=32), 1, 32),
    (models.alexnet_2012, 3, 227),
    (models.alexnet_small, 3, 32),
    (partial(models.alexnet_small, image_size=15, channels=1), 1, 15),
    (partial(models.alexnet_small, image_size=64), 3, 64),
    (models.googlenet_2014, 3, 224),
    (models.capsnet, 1, 28),
    (partial(models.capsnet, image_size=40, channels=2), 2, 40),
    (partial(models.capsnet, image_size=17), 1, 17),
    (models.capsnet_baseline, 1, 28),
    (partial(models.capsnet_baseline, image_size=5, channels=2), 2, 5),
    (models.dqn, 4, 84),
    (models.go_policy, 48, 19),
    (partial(models.go_policy, board=9), 48, 9),
]


@pytest.mark.parametrize(("build", "channels", "size"), FIXED_SIZE)
def test_one_size_only(build: Build, channels: int, size: int) -> None:
    model = on_meta(build).eval()
    assert model(torch.empty(3, channels, size, size, device="meta")).shape[0] == 3
    for height, width in [(size - 1, size), (size, size + 1)]:
        with pytest.raises(ValueError, match=f"images of {size} × {size} pixels"):
            model(torch.empty(3, channels, height, width, device="meta"))


IMAGE_CASES = [name for name, case in CASES.items() if len(case.shape) == 4]


@pytest.mark.parametrize("name", IMAGE_CASES)
def test_images_that_are_refused(name: str) -> None:
    case = CASES[name]
    model = on_meta(case.build).eval()
    good = torch.empty(case.shape, device="meta")
    with pytest.raises(ValueError, match=r"takes images (with|of) \d+"):
        model(torch.cat([good, good], dim=1))
    with pytest.raises(ValueError, match="image\\[None\\]"):
        model(good[0])
    with pytest.raises(ValueError, match="images / 255"):
        model(good.to(torch.uint8))
    with pytest.raises(ValueError, match="batch is empty"):
        model(good[:0])
    with pytest.raises(ValueError, match=r"Give a batch of images.*ndarray"):
        model(np.zeros(case.shape))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            partial(anything.lenet5, classes=0),
            "classes must be .* at least 1, but it is 0",
        ),
        (partial(anything.lenet5, channels=-3), "channels must be .* but it is -3"),
        (partial(anything.lenet5, image_size=30), "image_size must be one of 28, 32"),
        (partial(anything.alexnet, classes=2.5), "classes must be a whole number"),
        (partial(anything.alexnet_2012, groups=3), "groups must be 1 or 2"),
        (partial(anything.alexnet_2012, channels=True), "channels must be a whole"),
        (
            partial(anything.alexnet_small, image_size=14),
            "image_size must be at least 15",
        ),
        (
            partial(anything.alexnet_small, image_size="32"),
            "image_size must be a whole",
        ),
        (partial(anything.alexnet_small, width=-1), "width must be"),
        (partial(anything.vgg, "F"), "configuration must be one of 'A', 'A-LRN', 'B'"),
        (partial(anything.vgg, "A", classes=-1), "classes must be"),
        (partial(anything.vgg, ["A"]), "configuration must be one of"),
        (partial(anything.nin_cifar, channels=0), "channels must be"),
        (partial(anything.nin_imagenet, classes=None), "classes must be"),
        (partial(anything.googlenet, classes=0), "classes must be"),
        (partial(anything.googlenet_2014, channels=-1), "channels must be"),
        (partial(anything.resnet, 20), "depth must be one of 18, 34, 50, 101, 152"),
        (partial(anything.resnet, 18, version=3), "version must be one of 1, 2"),
        (partial(anything.resnet, 18, classes=-1), "classes must be"),
        (partial(anything.cifar_resnet, 21), r"depth must be 6n \+ 2, such as 8, 14"),
        (partial(anything.cifar_resnet, 2), r"depth must be 6n \+ 2"),
        (partial(anything.cifar_resnet, -4), "depth must be a whole number"),
        (partial(anything.cifar_resnet, 20.0), "depth must be a whole number"),
        (partial(anything.cifar_resnet, 100, bottleneck=True), r"9n \+ 2, such as 11"),
        (
            partial(anything.cifar_resnet, shortcut="C"),
            "shortcut must be one of 'A', 'B'",
        ),
        (partial(anything.cifar_resnet, version=0), "version must be one of 1, 2"),
        (partial(anything.cifar_resnet, width=0), "width must be"),
        (partial(anything.cifar_plain, 22), r"depth must be 6n \+ 2"),
        (partial(anything.densenet, 120), "depth must be one of 121, 169, 201, 161"),
        (partial(anything.cifar_densenet, 41), r"depth must be 3n \+ 4"),
        (partial(anything.cifar_densenet, 25, bottleneck=True), r"must be 6n \+ 4"),
        (partial(anything.cifar_densenet, growth=0), "growth must be"),
        (partial(anything.cifar_densenet, dropout=1.5), "dropout must lie in 0 … 1"),
        (partial(anything.capsnet, image_size=16), "image_size must be at least 17"),
        (partial(anything.capsnet, iterations=0), "iterations must be"),
        (partial(anything.capsnet, types=-2), "types must be"),
        (partial(anything.unet, levels=0), "levels must be"),
        (partial(anything.unet, width=-64), "width must be"),
        (partial(anything.text_cnn, 0), "vocabulary must be"),
        (partial(text, variant="frozen"), "variant must be one of 'rand', 'static'"),
        (
            partial(text, variant="static"),
            r"pass vectors of shape \(50, 12\); got none",
        ),
        (
            partial(text, variant="non-static", vectors=torch.zeros(49, 12)),
            r"pass vectors of shape \(50, 12\); got shape \(49, 12\)",
        ),
        (partial(text, widths=()), "widths is empty"),
        (partial(text, widths=(3, 0)), r"widths\[1\] must be"),
        (partial(anything.dqn, actions=-1), "actions must be"),
        (partial(anything.go_policy, layers=1), "layers must be at least 2"),
        (partial(anything.go_policy, planes=0), "planes must be"),
        (partial(anything.fast_cifar, width=0), "width must be"),
    ],
)
def test_arguments_that_are_refused(build: Build, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


# By the kind of a parameter's default: what it cannot be.
NONSENSE: dict[type, list[object]] = {
    int: [0, -1, 2.5, True, math.nan, math.inf, "3", None, np.arange(2)],
    float: [-0.1, 1.5, math.nan, True, "half", None],
    bool: [2, 0.5, "no", None, np.arange(2)],
    str: ["?", 3, None, True, ["A"], np.array(["A", "B"])],
    type: [nn.ReLU(), 3, "ReLU", None, int],
}
CONSTRUCTORS: dict[str, Callable[..., nn.Module]] = {
    name: getattr(models, name)
    for name in models.__all__
    if name.islower() and name not in ("margin_loss", "route", "squash")
}
CONSTRUCTORS |= {"MLP": models.MLP, "SmallCNN": models.SmallCNN}


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_every_argument_of_every_constructor_is_checked(name: str) -> None:
    build = CONSTRUCTORS[name]
    required = {"vocabulary": 50} if name == "text_cnn" else {}
    for parameter in inspect.signature(build).parameters.values():
        default = required.get(parameter.name, parameter.default)
        for wrong in NONSENSE.get(type(default), []):
            with pytest.raises(ValueError) as caught:  # noqa: PT011
                on_meta(partial(build, **{**required, parameter.name: wrong}))
            assert str(caught.value).startswith(f"{parameter.name} must "), wrong
            assert "\n" not in str(caught.value)


def test_pooling_that_does_not_pool_is_refused() -> None:
    with pytest.raises(ValueError, match=r"class, nn\.AvgPool2d or nn"):
        anything.lenet5(pool=nn.ReLU)


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_docstrings_name_the_paper_and_the_shapes(name: str) -> None:
    build = CONSTRUCTORS[name]
    words = inspect.getdoc(build) or ""
    own = "course's own" in words
    assert own or re.search(r"(19|20)\d\d, ", words), "year of the paper"
    place = r"([Ff]igures?|[Tt]able|section|footnote) \d|Methods"
    assert own or re.search(place, words), "place in the paper"
    assert re.search(r"\(n, [^→]*→\s+[^→]*\(n, ", words), "shapes"
    if inspect.signature(build).parameters:
        assert "Raises `ValueError`" in words


def test_numpy_sizes_are_whole_numbers_too() -> None:
    int_of_numpy: Any = np.int64(10)
    assert trainable(models.lenet5(classes=int_of_numpy)) == 61_706


def test_networks_start_equal_from_equal_seeds() -> None:
    for name in ("lenet5_1998", "cifar_resnet-v2", "capsnet", "text-rand"):
        one, two = (seeded(CASES[name].build).state_dict() for _ in range(2))
        assert all(torch.equal(one[key], two[key]) for key in one), name


@pytest.mark.parametrize("name", ["lenet5_1998", "cifar_resnet-A", "capsnet", "unet"])
def test_channels_last_gives_the_same(name: str) -> None:
    model, x = seeded(CASES[name].build).eval(), inputs(CASES[name].shape)
    expected = model(x)
    model.to(memory_format=torch.channels_last)
    found = model(x.to(memory_format=torch.channels_last))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def assert_compiled_agrees(name: str, backend: str) -> None:
    case = CASES[name]
    model, x = seeded(case.build).eval(), inputs(case.shape)
    torch.compiler.reset()
    compiled = torch.compile(model, backend=backend, fullgraph=True)
    torch.testing.assert_close(compiled(x), model(x), rtol=1e-4, atol=1e-5)


WITH_GRADIENTS = (
    *("lenet5_1998", "lenet5-bn", "alexnet_small", "nin_cifar", "cifar_resnet-B"),
    *("cifar_densenet", "capsnet", "unet", "text-multichannel", "dqn", "go_policy"),
    *("googlenet-aux", "fast_cifar", "mlp"),
)
# What the same code builds deeper or wider than another case.
LARGER = (
    *("vgg-A", "vgg-B", "vgg-D", "vgg-E", "resnet-18", "resnet-18-v2", "densenet"),
    *("googlenet", "text-rand", "text-static"),
)


@pytest.mark.share(8)
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name in CASES if name not in WITH_GRADIENTS + LARGER]
)
def test_compiles_as_one_graph(name: str) -> None:
    """The backend "eager" needs no C++ compiler; it shows that all can be traced."""
    assert_compiled_agrees(name, "eager")


@pytest.mark.share(6)
@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_GRADIENTS)
def test_compiles_with_gradients(name: str) -> None:
    case = CASES[name]
    model, x = seeded(case.build).train(), inputs(case.shape)
    weights = [p for p in model.parameters() if p.requires_grad]
    expected = torch.autograd.grad(loss_of(model, x), weights, allow_unused=True)
    torch.compiler.reset()
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    torch.manual_seed(0)
    loss = loss_of(cast(nn.Module, compiled), x)
    found = torch.autograd.grad(loss, weights, allow_unused=True)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_a_compiled_network_takes_other_sizes_and_refuses_as_before() -> None:
    model = models.unet(width=2, levels=3).eval()
    torch.compiler.reset()
    compiled = torch.compile(model, backend="eager")
    for size in [(60, 76), (44, 60), (76, 44)]:
        x = inputs((2, 1, *size))
        torch.testing.assert_close(compiled(x), model(x), rtol=1e-4, atol=1e-5)
    refused: dict[tuple[int, ...], str] = {
        (1, 1, 61, 60): "to 60, for example",
        (1, 3, 60, 60): r"with 1 channel\(s\); these have 3",
        (1, 60, 60): r"write image\[None\]",
    }
    for shape, message in refused.items():
        with pytest.raises(ValueError, match=message):
            compiled(inputs(shape))


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("g++") is None and shutil.which("clang++") is None,
    reason="torch.compile's default backend needs a C++ compiler on the CPU",
)
def test_compiles_with_the_default_backend() -> None:
    assert_compiled_agrees("lenet5", "inductor")


@pytest.mark.gpu
@pytest.mark.parametrize("name", CASES)
def test_same_on_the_gpu(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    case = CASES[name]
    model, x = seeded(case.build).eval(), inputs(case.shape)
    with torch.no_grad():
        expected = model(x)
        found = model.to("cuda")(x.to("cuda")).cpu()
    scale = max(1.0, expected.abs().max().item())
    assert (found - expected).abs().max() <= 1e-4 * scale


@pytest.mark.gpu
@pytest.mark.parametrize("name", CASES)
def test_one_step_lowers_the_loss_on_the_gpu(name: str) -> None:
    case = CASES[name]
    model = seeded(case.build).train().to("cuda")
    x = inputs(case.shape, "cuda")
    before = loss_of(model, x)
    step(model, before)
    assert loss_of(model, x) < before


@pytest.mark.gpu
@pytest.mark.parametrize("name", SMALL)
def test_half_precision_on_the_gpu(name: str) -> None:
    case = CASES[name]
    model = seeded(case.build).train().to("cuda")
    with torch.autocast("cuda", dtype=torch.bfloat16):
        loss = loss_of(model, inputs(case.shape, "cuda"))
    loss.backward()
    assert loss.isfinite()
