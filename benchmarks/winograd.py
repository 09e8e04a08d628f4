"""What Winograd's convolutions pay: the same work with them and without."""

from collections.abc import Callable
from unittest.mock import patch

import torch
from torch import Tensor, nn

from benchmarks import machine, steps
from benchmarks.capsnet import BATCH, our_step
from benchmarks.measure import Case, Way
from benchmarks.peers import Peers, SkippedError
from coursekit import features, models
from coursekit.models.vgg import CONFIGURATIONS

SIDE, LAYER = 256, "conv5_1"
WITHOUT, WITH = "nn.Conv2d alone", "with Winograd's"


def capsnet(peers: Peers) -> Case:
    """A training step of CapsNet: its filters are transformed in every step."""
    only_on_a_cpu()
    images, labels = steps.batch(BATCH, 1, 28)
    ways = {WITHOUT: plain_capsnet, WITH: models.capsnet}
    return Case(
        f"Winograd or not: CapsNet, training step, batch {BATCH}",
        "images",
        {
            name: Way(our_step(build, images, labels), BATCH)
            for name, build in ways.items()
        },
    )


def plain_capsnet() -> nn.Module:
    """CapsNet whose second convolution is torch's."""
    model = models.capsnet()
    conv = model.primary.conv
    plain = nn.Conv2d(conv.in_channels, conv.out_channels, 9, stride=2)
    plain.load_state_dict(conv.state_dict())
    model.primary.conv = plain  # type: ignore[assignment]
    return model


def vgg(peers: Peers) -> Case:
    """Forward and backward to the image through a frozen VGG-19, as style transfer."""
    only_on_a_cpu()
    torch.manual_seed(0)
    network = features.FeatureNetwork(CONFIGURATIONS["E"])
    with patch.object(features, "quicken"):
        plain = features.prepared(network)
    ways = {WITHOUT: plain, WITH: features.prepared(network)}
    image = torch.rand(1, 3, SIDE, SIDE)
    return Case(
        f"Winograd or not: frozen VGG-19, forward and backward, {SIDE}²",
        "images",
        {name: Way(there_and_back(reader, image)) for name, reader in ways.items()},
    )


def there_and_back(network: features.Reader, image: Tensor) -> Callable[[], object]:
    """The slope of a sum over a late layer, for the image."""
    image = image.clone().requires_grad_(True)

    def run() -> Tensor:
        image.grad = None
        features.maps(network, image, [LAYER])[LAYER].sum().backward()
        return image

    return run


def only_on_a_cpu() -> None:
    """Elsewhere torch's own convolutions are taken in any case."""
    if machine.device().type == "cuda":
        raise SkippedError("Winograd's convolutions are for CPUs")
