"""Residual networks on images of CIFAR's size: one training step."""

from functools import partial

from torch import nn

from benchmarks import steps
from benchmarks.measure import Case
from benchmarks.peers import Peers, module
from coursekit import models
from coursekit.layers.blocks import three_by_three


def resnet20(peers: Peers) -> Case:
    """ResNet-20, batch 128: akamaster's step and ours."""
    peer = module(peers.find("akamaster"), "resnet").resnet20()
    images, labels = steps.batch(128, 3, 32)
    make = partial(steps.ours, partial(models.cifar_resnet, 20), images, labels)
    targets = {"float32": 0.75, "bfloat16": 0.75}
    theirs = steps.counted(steps.usual(peer, images, labels), 128)
    ways = {"akamaster": theirs, **steps.both_precisions(make, 128, targets)}
    return Case("ResNet-20, training step, batch 128", "images", ways)


def resnet18(peers: Peers) -> Case:
    """kuangliu's ResNet-18 for 32 × 32 images, batch 64, and the same from ours."""
    peer = module(peers.find("kuangliu"), "models.resnet").ResNet18()
    images, labels = steps.batch(64, 3, 32)
    make = partial(steps.ours, small_resnet18, images, labels)
    theirs = steps.counted(steps.usual(peer, images, labels), 64)
    ways = {"kuangliu": theirs, **steps.both_precisions(make, 64, {})}
    return Case("ResNet-18 for 32 × 32, training step, batch 64", "images", ways)


def small_resnet18() -> nn.Module:
    """ResNet-18 without the first two halvings: 11,173,962 weights."""
    model = models.resnet(18, classes=10)
    model.conv1, model.maxpool = three_by_three(3, 64), nn.Identity()
    return model
