"""Convolutions with fewer multiplications give the same numbers."""

import pytest
import torch
from torch import Tensor, nn

from coursekit import features, models
from coursekit.layers import winograd
from coursekit.layers.winograd import WinogradConv2d, gains, quicken, transforms
from coursekit.models.vgg import CONFIGURATIONS

# size, stride, padding: 3 × 3, 5 × 5, and 9 × 9 at stride 2 as in CapsNet
KINDS = [(3, 1, 1), (3, 1, 0), (5, 1, 2), (9, 2, 0), (6, 2, 1), (10, 2, 3)]


@pytest.fixture(autouse=True)
def few_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not need many."""
    monkeypatch.setattr(winograd, "ENOUGH_CHANNELS", 3)
    monkeypatch.setattr(winograd, "ENOUGH_TILES", 1)


def pair(
    size: int, stride: int, padding: int, bias: bool = True
) -> tuple[nn.Conv2d, WinogradConv2d]:
    torch.manual_seed(0)
    conv = nn.Conv2d(4, 5, size, stride=stride, padding=padding, bias=bias)
    return conv, WinogradConv2d.like(conv)


def difference(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).norm() / expected.norm()).item()


@pytest.mark.parametrize(("tile", "taps"), [(4, 3), (3, 5), (2, 3), (1, 1)])
def test_transforms_make_a_correlation(tile: int, taps: int) -> None:
    outputs, filters, inputs = transforms(tile, taps)
    dice = torch.Generator().manual_seed(0)
    row = torch.randn(tile + taps - 1, generator=dice, dtype=torch.float64)
    g = torch.randn(taps, generator=dice, dtype=torch.float64)
    found = outputs @ ((filters @ g) * (inputs @ row))
    assert torch.allclose(found, row.unfold(0, taps, 1) @ g, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("height", [10, 13, 20])
@pytest.mark.parametrize("width", [11, 12])
def test_it_is_the_convolution(
    kind: tuple[int, int, int], height: int, width: int
) -> None:
    conv, quick = pair(*kind)
    x = torch.randn(3, 4, height, width)
    assert quick(x).shape == conv(x).shape
    assert difference(quick(x), conv(x)) < 5e-6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bias", [True, False])
def test_so_are_its_gradients(kind: tuple[int, int, int], bias: bool) -> None:
    conv, quick = pair(*kind, bias=bias)
    slopes = []
    for layer in (conv, quick):
        torch.manual_seed(1)
        x = torch.randn(2, 4, 13, 12, requires_grad=True)
        loss = layer(x).pow(3).sum()
        slopes.append(torch.autograd.grad(loss, [x, *layer.parameters()]))
    for expected, found in zip(*slopes, strict=True):
        assert difference(found, expected) < 1e-5


@pytest.mark.parametrize(("size", "stride"), [(3, 1), (9, 2)])
def test_many_channels_lose_little(size: int, stride: int) -> None:
    torch.manual_seed(0)
    conv = nn.Conv2d(256, 256, size, stride=stride)
    x = torch.rand(1, 256, 20, 20)
    exact = conv.double()(x.double())
    assert difference(WinogradConv2d.like(conv.float())(x), exact) < 1e-5


def test_it_is_used_in_float32_on_a_cpu_only() -> None:
    conv, quick = pair(3, 1, 1)
    x = torch.randn(1, 4, 8, 8)
    assert not torch.equal(quick(x), conv(x))  # other roundings
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(quick(x), conv(x))
    assert torch.equal(quick(x[0]), conv(x[0]))  # no batch
    assert torch.equal(quick.double()(x.double()), conv.double()(x.double()))


def test_few_images_are_not_worth_while_unless_frozen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(winograd, "ENOUGH_TILES", 9)
    conv, quick = pair(3, 1, 1)
    two, three = torch.randn(2, 4, 8, 8), torch.randn(3, 4, 8, 8)  # of 4 tiles each
    assert torch.equal(quick(two), conv(two))
    assert not torch.equal(quick(three), conv(three))
    quick.freeze()
    assert not torch.equal(quick(two), conv(two))


def test_it_has_the_same_weights_and_names() -> None:
    conv, quick = pair(3, 1, 1)
    assert quick.weight is conv.weight
    assert quick.state_dict().keys() == conv.state_dict().keys()
    before = torch.get_rng_state()
    WinogradConv2d.like(conv)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_maps_have_their_channels_last() -> None:
    _, quick = pair(3, 1, 1)
    y = quick(torch.rand(2, 4, 8, 8))
    assert y.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    "conv",
    [
        nn.Conv2d(2, 4, 3, padding=1),
        nn.Conv2d(4, 4, 3, padding=1, stride=2),
        nn.Conv2d(4, 4, 3, padding=2, dilation=2),
        nn.Conv2d(4, 4, 3, padding=1, groups=2),
        nn.Conv2d(4, 4, (3, 5)),
        nn.Conv2d(4, 4, 9, stride=(2, 1)),
        nn.Conv2d(4, 4, 7, padding=3),
        nn.Conv2d(4, 4, 3, padding="same"),
        nn.Conv2d(4, 4, 3, padding=1, padding_mode="reflect"),
    ],
)
def test_others_are_left_alone(conv: nn.Conv2d) -> None:
    assert not gains(conv)
    assert quicken(nn.Sequential(conv)).get_submodule("0") is conv


@pytest.mark.parametrize("padding", [0, "valid", (1, 2)])
def test_any_number_of_zeros_around(padding: int | str | tuple[int, int]) -> None:
    conv = nn.Conv2d(4, 4, 3, padding=padding)
    assert gains(conv)
    x = torch.rand(1, 4, 9, 9)
    assert difference(WinogradConv2d.like(conv)(x), conv(x)) < 5e-6


def test_a_prepared_network_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "ENOUGH_CHANNELS", 256)
    torch.manual_seed(0)
    wide = features.FeatureNetwork(CONFIGURATIONS["E"][:8])  # to conv3_2
    ready = features.prepared(wide)
    quick = [part for part in ready.modules() if isinstance(part, WinogradConv2d)]
    assert [part.in_channels for part in quick] == [256]
    images = torch.rand(2, 3, 36, 44)
    (expected,) = wide(images, ["relu3_2"]).values()
    (found,) = features.maps(ready, images, ["relu3_2"]).values()
    assert difference(found, expected) < 1e-5
    low = features.prepared(wide, "bfloat16")  # has a quick way of its own
    assert not any(isinstance(part, WinogradConv2d) for part in low.modules())


@pytest.mark.slow
def test_capsnet_learns_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    losses = []
    for enough in (256, 10**9):
        monkeypatch.setattr(winograd, "ENOUGH_CHANNELS", enough)
        torch.manual_seed(0)
        model = models.capsnet(decoder=False)
        images, labels = torch.rand(4, 1, 28, 28), torch.arange(4)  # 16 tiles
        loss = models.margin_loss(model(images), labels)
        loss.backward()
        slope = model.primary.conv.weight.grad
        assert slope is not None
        losses.append((loss.item(), slope))
    assert losses[0][0] == pytest.approx(losses[1][0], rel=1e-5)
    assert difference(losses[0][1], losses[1][1]) < 1e-3
