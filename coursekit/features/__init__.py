"""Networks whose layers make pictures: for `coursekit.style` and `coursekit.dream`.

network = features.small()             # comes with the course
network = features.vgg19()             # the one of the papers; downloads 575 MB
network = features.efficientnet_lite0() # ImageNet's; two small packages from PyPI
network = features.ModuleReader(model) # any other, by the names of its parts
network(images, ["conv4_2"])           # images (n, 3, h, w) in 0 … 1 → {name: maps}
"""

import copy
from collections.abc import Iterable

import torch
from torch import Tensor

from coursekit.arguments import check_choice
from coursekit.features.efficientnet import EfficientNetLite0, efficientnet_lite0
from coursekit.features.friend import recognised
from coursekit.features.imagenet import vgg19
from coursekit.features.network import FeatureNetwork
from coursekit.features.reading import ModuleReader, Reader
from coursekit.features.shipped import small, small_classifier, small_metadata
from coursekit.layers.winograd import quicken

__all__ = [
    "EfficientNetLite0",
    "FeatureNetwork",
    "ModuleReader",
    "Reader",
    "efficientnet_lite0",
    "maps",
    "prepared",
    "recognised",
    "small",
    "small_classifier",
    "small_metadata",
    "vgg19",
]

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def prepared(network: Reader | None, precision: str = "float32") -> Reader:
    """A copy of a network (`small()` when None) in the form that is quickest."""
    check_choice("precision", precision, PRECISIONS)
    if network is None:
        network = small()
    if not isinstance(network, Reader):
        raise ValueError(
            "network must be features.small(), features.vgg19(), or "
            f"features.ModuleReader(model), not {type(network).__name__}."
        )
    ready = copy.deepcopy(network).eval().requires_grad_(False)
    ready.to(PRECISIONS[precision]).to(memory_format=torch.channels_last)
    if precision == "float32" and ready.get_buffer("mean").device.type == "cpu":
        quicken(ready)
    return ready


def maps(network: Reader, image: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
    """What the layers make of an image, computed in the network's own precision."""
    fast = image.to(network.get_buffer("mean").dtype)
    return network(fast.contiguous(memory_format=torch.channels_last), layers)
