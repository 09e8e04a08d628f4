"""Convolutions with fewer multiplications give the same numbers."""

import pytest
import torch
from torch import Tensor, nn

from coursekit import features
from coursekit.features.winograd import WinogradConv2d, gains, quicken
from coursekit.models.vgg import CONFIGURATIONS

pytestmark = pytest.mark.filterwarnings("error")


def pair(
    channels: int, filters: int, bias: bool = True
) -> tuple[nn.Conv2d, WinogradConv2d]:
    torch.manual_seed(0)
    conv = nn.Conv2d(channels, filters, 3, padding=1, bias=bias).double()
    return conv, WinogradConv2d(conv)


@pytest.mark.parametrize("height", [1, 3, 4, 5, 8, 13])
@pytest.mark.parametrize("width", [2, 4, 7])
@pytest.mark.parametrize("bias", [True, False])
def test_it_is_the_convolution(height: int, width: int, bias: bool) -> None:
    conv, quick = pair(5, 7, bias)
    x = torch.randn(3, 5, height, width, dtype=torch.float64)
    assert torch.allclose(quick(x), conv(x), rtol=0, atol=1e-12)


@pytest.mark.parametrize("side", [4, 6, 9])
def test_so_is_its_gradient(side: int) -> None:
    conv, quick = pair(5, 7)
    slopes = []
    for layer in (conv, quick):
        torch.manual_seed(1)
        x = torch.randn(2, 5, side, side, dtype=torch.float64, requires_grad=True)
        layer(x).pow(3).sum().backward()
        assert x.grad is not None
        slopes.append(x.grad)
    assert torch.allclose(slopes[0], slopes[1], rtol=0, atol=1e-10)


def test_single_precision_loses_little() -> None:
    torch.manual_seed(0)
    conv = nn.Conv2d(256, 256, 3, padding=1)
    x = torch.rand(1, 256, 32, 32)
    exact = conv.double()(x.double())
    error = (WinogradConv2d(conv.float())(x) - exact).abs().max() / exact.abs().max()
    assert error < 1e-5


def test_the_maps_keep_their_channels_last() -> None:
    _, quick = pair(4, 8)
    x = torch.rand(2, 4, 8, 8, dtype=torch.float64)
    assert quick(x).is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    "conv",
    [
        nn.Conv2d(255, 256, 3, padding=1),
        nn.Conv2d(256, 256, 3),
        nn.Conv2d(256, 256, 3, padding=1, stride=2),
        nn.Conv2d(256, 256, 3, padding=2, dilation=2),
        nn.Conv2d(256, 256, 3, padding=1, groups=2),
        nn.Conv2d(256, 256, 5, padding=2),
        nn.Conv2d(256, 256, 3, padding="same"),
        nn.Conv2d(256, 256, 3, padding=1, padding_mode="reflect"),
    ],
)
def test_others_are_left_alone(conv: nn.Conv2d) -> None:
    assert not gains(conv)
    model = nn.Sequential(conv)
    assert quicken(model).get_submodule("0") is conv


@pytest.fixture(scope="module")
def wide() -> features.FeatureNetwork:
    """VGG-19 up to conv3_2, whose last convolution is wide enough."""
    torch.manual_seed(0)
    row = CONFIGURATIONS["E"]
    return features.FeatureNetwork(row[:8])


def test_a_prepared_network_reads_the_same(wide: features.FeatureNetwork) -> None:
    ready = features.prepared(wide)
    quick = [part for part in ready.modules() if isinstance(part, WinogradConv2d)]
    assert len(quick) == 1
    images = torch.rand(2, 3, 36, 44)
    (expected,) = wide(images, ["relu3_2"]).values()
    (found,) = features.maps(ready, images, ["relu3_2"]).values()
    difference: Tensor = (found - expected).abs().max()
    assert difference <= 1e-5 * expected.abs().max()


def test_bfloat16_has_its_own_quick_way(wide: features.FeatureNetwork) -> None:
    ready = features.prepared(wide, "bfloat16")
    assert not any(isinstance(part, WinogradConv2d) for part in ready.modules())
