"""The small feature network that comes with the course, trained on CIFAR-10.

It was trained with

    python -m coursekit.runs features --device cpu --attack-steps 1 \\
        --sides 16 24 32 --epochs 4 2 1 --batch 128 --lr 0.15 --epsilon 0.25
    python -m coursekit.runs features --device cpu --attack-steps 1 \\
        --sides 32 --epochs 2 --batch 128 --lr 0.06 --epsilon 0.25 \\
        --start build/features/small-eps0.25.pt --out build/features/longer

that is 9 epochs of images that were changed to fool it, 6 of them smaller than
CIFAR-10's 32 × 32, in 50 minutes on one busy core: a CPU (x86_64), threads: 1. Measured
with the float16 weights as they lie here: 80.5 % of the 10,000 test images are named
right, and 67.0 % of the first 2,000 when each is moved by 0.25 (Euclidean length,
pixels in 0 … 1) to fool it. A network trained on unchanged images names more; this one
is for pictures. Style is well visible with it, and so is the content when the start is
the content; from white noise the content stays faint, which is where ImageNet's VGG-19
is better. DeepDream finds what CIFAR-10 shows: horses, cars, dogs.
"""

import io
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.arguments import check_images
from coursekit.features.network import MEAN_ACTIVATION, FeatureNetwork

# VGG's blocks with fewer channels: 1.4 million weights, 2.6 MB as float16.
ROW = (64, 64, "M", 96, 96, "M", 144, 144, "M", 192, 192, "M", 192)
LAST = "relu5_1"
FILE = "small.npz"

Arrays = Mapping[str, Any]


def small(pooling: str = "max") -> FeatureNetwork:
    """The network that comes with the course, for pictures of at least 16 × 16.

    Layers conv1_1 … relu5_1; pooling: "max", with which it was trained, or "average".
    See the module's text for how it was trained and how good it is.
    """
    network = network_from(shipped()).amplify(MEAN_ACTIVATION)
    return network.use_pooling(pooling)


def small_classifier() -> "Classifier":
    """The same network with its dense layer: (n, 3, h, w) in 0 … 1 → (n, 10) scores.

    The classes are those of `data.cifar10().classes`.
    """
    return classifier_from(shipped())


def small_metadata() -> dict[str, Any]:
    """How the network was trained, on what, and its measured accuracy."""
    return json.loads(str(shipped()["metadata"]))


class Classifier(nn.Module):
    """The mean of the last maps, and one dense layer behind it."""

    def __init__(self, network: FeatureNetwork, classes: int = 10) -> None:
        super().__init__()
        self.network = network
        self.dense = nn.Linear(ROW[-1], classes)

    def forward(self, images: Tensor) -> Tensor:
        check_images(images, 3, least=16)
        return self.dense(self.network(images, [LAST])[LAST].mean((2, 3)))


def network_from(arrays: Arrays) -> FeatureNetwork:
    """The network from arrays conv1_1.weight, conv1_1.bias, …, mean, std."""
    network = FeatureNetwork(ROW, mean=arrays["mean"], std=arrays["std"])
    for name, conv in network.convolutions().items():
        load(conv, arrays, name)
    return network


def classifier_from(arrays: Arrays) -> Classifier:
    """The network and its dense layer from their arrays."""
    model = Classifier(network_from(arrays))
    load(model.dense, arrays, "classifier")
    return model.requires_grad_(False).eval()


def load(layer: nn.Conv2d | nn.Linear, arrays: Arrays, name: str) -> None:
    """Put the arrays `name`.weight and `name`.bias into a layer."""
    values = {
        part: torch.from_numpy(np.asarray(arrays[f"{name}.{part}"], np.float32))
        for part in ("weight", "bias")
    }
    layer.load_state_dict(values)


def shipped() -> Arrays:
    """The arrays of the file in this package; nothing in it can run code."""
    content = (files(__package__) / FILE).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return dict(archive)
