"""VGG-19 as it was trained on ImageNet, from the address that torchvision uses."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from coursekit import data
from coursekit.data.download import RemoteFile
from coursekit.data.single import kept
from coursekit.features.network import MEAN_ACTIVATION, FeatureNetwork
from coursekit.models.vgg import CONFIGURATIONS

# The weights: Simonyan and Zisserman's network, trained by torchvision (BSD licence).
WEIGHTS = RemoteFile(
    "vgg19-dcbb9e9d.pth",
    574_673_361,
    "sha256:dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
    ("https://download.pytorch.org/models/vgg19-dcbb9e9d.pth",),
)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
ROW = CONFIGURATIONS["E"]
# On what the filters are scaled to a mean activation of 1.
PICTURES = ("astronaut", "chelsea", "coffee", "rocket", "china", "flower")


def vgg19(pooling: str = "max") -> FeatureNetwork:
    """VGG-19 with torchvision's ImageNet weights: the network of Gatys et al. 2015.

    The first call downloads 575 MB, verified, next to the data sets ($COURSEKIT_DATA
    or the system's place for caches). The filters are scaled to one mean activation
    over photographs of the course, as Gatys et al. did in 2016. Raises DataError with
    what to do when the file cannot be had.
    """
    network = FeatureNetwork(ROW, mean=MEAN, std=STD, pooling=pooling)
    network.stack.load_state_dict(convolutions(weights_file()))
    network.equalise(pictures())
    return network.amplify(MEAN_ACTIVATION)


def weights_file() -> Path:
    """The verified file; downloads it when it is not there, or damaged."""
    return kept(
        WEIGHTS,
        "VGG-19",
        "features.vgg19()",
        "Until then, features.small() comes with the course.",
    )


def convolutions(path: Path) -> dict[str, Tensor]:
    """The stack's part of torchvision's file; the dense layers stay on disk."""
    state: dict[str, Any] = torch.load(path, weights_only=True, mmap=True)
    return {
        name.removeprefix("features."): value
        for name, value in state.items()
        if name.startswith("features.")
    }


def pictures() -> Tensor:
    """Photographs that come with the installed packages, (n, 3, 128, 128) in 0 … 1."""
    found = [data.photograph(name, (128, 128)) for name in PICTURES]
    return torch.stack(found) / 255
