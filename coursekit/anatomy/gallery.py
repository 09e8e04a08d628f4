"""A web page with the anatomy of every network of the course, a picture and a table."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import nn

from coursekit import models, plots
from coursekit.anatomy import table as tables
from coursekit.anatomy.counting import Anatomy, count_layers

IMAGENET, SMALL = (3, 224, 224), (3, 32, 32)

# Each network by its name, with the shape of one example as in its paper.
NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "MLP": (models.MLP, (1, 28, 28)),
    "Small CNN": (models.SmallCNN, (1, 28, 28)),
    "LeNet-5 (1998)": (models.lenet5_1998, (1, 32, 32)),
    "LeNet-5": (partial(models.lenet5, image_size=32), (1, 32, 32)),
    "AlexNet (2012)": (models.alexnet_2012, (3, 227, 227)),
    "AlexNet (2014)": (models.alexnet, IMAGENET),
    "AlexNet for small images": (models.alexnet_small, SMALL),
    **{
        f"VGG {name}": (partial(models.vgg, name), IMAGENET)
        for name in ("A", "A-LRN", "B", "C", "D", "E")
    },
    "NiN for CIFAR-10": (models.nin_cifar, SMALL),
    "NiN for ImageNet": (models.nin_imagenet, IMAGENET),
    "GoogLeNet (2014)": (models.googlenet_2014, IMAGENET),
    "GoogLeNet with normalisation": (models.googlenet, IMAGENET),
    **{
        f"ResNet-{depth}": (partial(models.resnet, depth), IMAGENET)
        for depth in (18, 34, 50, 101, 152)
    },
    "ResNet-50, version 2": (partial(models.resnet, 50, version=2), IMAGENET),
    "CIFAR ResNet-20": (models.cifar_resnet, SMALL),
    "CIFAR ResNet-56, shortcut B": (
        partial(models.cifar_resnet, 56, shortcut="B"),
        SMALL,
    ),
    "CIFAR ResNet-110, version 2": (
        partial(models.cifar_resnet, 110, version=2),
        SMALL,
    ),
    "Plain-20": (models.cifar_plain, SMALL),
    "DenseNet-121": (models.densenet, IMAGENET),
    "DenseNet-40 for CIFAR-10": (models.cifar_densenet, SMALL),
    "DenseNet-BC-100 for CIFAR-10": (
        partial(models.cifar_densenet, 100, bottleneck=True),
        SMALL,
    ),
    "CapsNet": (models.capsnet, (1, 28, 28)),
    "The baseline of CapsNet": (models.capsnet_baseline, (1, 28, 28)),
    "U-Net": (models.unet, (1, 572, 572)),
    "Text CNN": (partial(models.text_cnn, 20_000), (59,)),
    "DQN (2013)": (models.dqn, (4, 84, 84)),
    "Go policy network": (models.go_policy, (48, 19, 19)),
    "Fast CIFAR network": (models.fast_cifar, SMALL),
}

HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">'
    "<title>The networks of the course</title><style>"
    "body{font:15px/1.4 sans-serif;max-width:68em;margin:1em auto;padding:0 1em}"
    "h2{margin:2em 0 0}</style><h1>The networks of the course</h1>"
)


def page() -> str:
    """All networks on one page that needs no other file."""
    return HEAD + "".join(entries()) + "</html>\n"


def entries() -> Iterator[str]:
    """A heading, a picture and a table for each network."""
    for name in NETWORKS:
        yield f"<section><h2>{html.escape(name)}</h2>{entry(name)}</section>"


def entry(name: str) -> str:
    """The picture of a network and its table, folded away."""
    found = anatomy(name)
    fig = found.picture()
    shown = plots.bundle(fig, caption=tables.caption(found), alt=found.describe())
    plt.close(fig)
    return (
        f"{shown['text/html']}<details><summary>The table</summary>"
        f"{tables.table(found)}</details>"
    )


def anatomy(name: str) -> Anatomy:
    """The anatomy of a network of the course; its weights take no memory."""
    build, shape = NETWORKS[name]
    with torch.device("meta"):
        return replace(count_layers(build(), shape), model=name)
