"""Feature networks: names, what is read where, files, and other people's networks."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import features
from coursekit.data import DataError
from coursekit.data.download import RemoteFile, digest
from coursekit.features import imagenet, shipped
from coursekit.features.network import FeatureNetwork, layer_names
from coursekit.features.reading import ModuleReader
from coursekit.models.vgg import CONFIGURATIONS

TINY = (4, 6, "M", 8)


def tiny(pooling: str = "max") -> FeatureNetwork:
    torch.manual_seed(0)
    network = FeatureNetwork(
        TINY, mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4), pooling=pooling
    )
    for conv in network.convolutions().values():
        nn.init.normal_(conv.weight, std=0.3)
    return network


def test_names_are_those_of_vgg19() -> None:
    names = layer_names(CONFIGURATIONS["E"])
    assert names[:6] == ("conv1_1", "relu1_1", "conv1_2", "relu1_2", "pool1", "conv2_1")
    assert names[-3:] == ("conv5_4", "relu5_4", "pool5")
    assert len(names) == 16 + 16 + 5


def test_a_convolution_is_read_before_its_relu() -> None:
    x = torch.rand(2, 3, 12, 10)
    maps = tiny()(x, ["conv1_2", "relu1_2", "conv2_1"])
    assert maps["conv1_2"].min() < 0
    assert torch.equal(maps["relu1_2"], maps["conv1_2"].relu())
    assert maps["conv2_1"].shape == (2, 8, 6, 5)


def test_the_maps_are_those_of_the_formula() -> None:
    network, x = tiny(), torch.rand(1, 3, 8, 8)
    first = network.convolutions()["conv1_1"]
    mean, std = (
        torch.tensor(v).view(3, 1, 1) for v in ((0.4, 0.5, 0.6), (0.2, 0.3, 0.4))
    )
    expected = F.conv2d((x - mean) / std, first.weight, first.bias, padding=1)
    assert torch.allclose(network(x, ["conv1_1"])["conv1_1"], expected, atol=1e-6)


def test_pooling_can_be_chosen() -> None:
    x = torch.rand(1, 3, 8, 8)
    for pooling, operator in (("max", F.max_pool2d), ("average", F.avg_pool2d)):
        maps = tiny(pooling)(x, ["relu1_2", "pool1"])
        assert torch.equal(maps["pool1"], operator(maps["relu1_2"], 2))
    with pytest.raises(ValueError, match='"max" or "average"'):
        tiny("median")


def test_nothing_behind_the_last_wanted_layer_is_computed() -> None:
    network = tiny()
    network.stack[-2] = nn.Conv2d(999, 1, 1)  # would fail
    assert network(torch.rand(1, 3, 8, 8), ["relu1_2"])["relu1_2"].shape[1] == 6


@pytest.mark.parametrize(
    ("images", "layers", "message"),
    [
        (torch.rand(1, 3, 8, 8), ["conv9_9"], "no layer 'conv9_9'.*conv1_1, relu1_1"),
        (torch.rand(1, 3, 8, 8), [], "Name a layer"),
        (torch.rand(3, 8, 8), ["conv1_1"], r"image\[None\]"),
        (torch.rand(1, 1, 8, 8), ["conv1_1"], "3 channel"),
        (torch.rand(1, 3, 1, 8), ["conv2_1"], "1 × 8 pixels are too small"),
    ],
)
def test_bad_input(images: torch.Tensor, layers: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tiny()(images, layers)


def test_equalise_changes_scales_only() -> None:
    x = torch.rand(4, 3, 16, 16)
    names = ["relu1_1", "relu1_2", "relu2_1"]
    before, network = tiny()(x, names), tiny()
    factors = network.equalise(x)
    after = network(x, names)
    for name in names:
        means = before[name].mean((0, 2, 3))
        alive = means > 1e-3
        assert alive.any()
        assert torch.allclose(
            after[name].mean((0, 2, 3))[alive], torch.ones(int(alive.sum())), atol=1e-4
        )
    rescaled = after["relu2_1"] * factors[:, None, None]
    assert torch.allclose(rescaled, before["relu2_1"], atol=1e-4)


def test_amplify_multiplies_every_map() -> None:
    x = torch.rand(1, 3, 8, 8)
    names = ["conv1_1", "conv2_1"]
    before, after = tiny()(x, names), tiny().amplify(7.0)(x, names)
    for name in names:
        assert torch.allclose(after[name], 7 * before[name], rtol=1e-4, atol=1e-4)


class InPlace(nn.Module):
    """As public models are written: the ReLU writes over what it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.last = nn.Linear(1, 1)  # would fail on maps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.relu(self.first(x)))


def test_any_model_can_be_read_in_spite_of_in_place_layers() -> None:
    model = InPlace()
    reader = ModuleReader(model)
    assert reader.layers == ("first", "relu", "last")
    x = torch.rand(1, 3, 6, 6)
    maps = reader(x, ["first", "relu"])
    assert maps["first"].min() < 0
    assert model.relu.inplace  # the model itself is as before
    mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    assert torch.allclose(maps["first"], model.first((x - mean) / std), atol=1e-6)


class Reused(nn.Module):
    """One ReLU twice, in two branches; sums and functions that write in place."""

    def __init__(self) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.first = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), self.relu)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.branch = nn.Sequential(nn.Conv2d(4, 4, 1), self.relu)
        self.unused = nn.Conv2d(4, 4, 1)
        self.two = Two()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x)
        y = self.second(x)
        y += self.branch(x)
        y = F.relu(y, inplace=True)
        return self.relu(y + self.two(y)[0])


class Two(nn.Module):
    """Puts out a pair."""

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return x, x


def test_a_layer_is_the_same_whatever_else_is_read() -> None:
    torch.manual_seed(0)
    reader, x = ModuleReader(Reused()), torch.rand(1, 3, 6, 6)
    names = ["relu", "first.0", "second", "branch.0"]
    together = reader(x, names)
    for name in names:
        alone = reader(x, [name])[name]
        assert torch.equal(together[name], alone), name
        assert torch.equal(reader(x, [name, "branch.0"])[name], alone), name
    assert torch.equal(together["relu"], together["first.0"].relu())
    assert together["second"].min() < 0, "as it was before the sum and the ReLU"


def test_gradients_run_through_what_is_read() -> None:
    reader, x = ModuleReader(Reused()), torch.rand(1, 3, 6, 6, requires_grad=True)
    reader(x, ["second", "branch.0"])["second"].sum().backward()
    assert x.grad is not None
    assert x.grad.abs().sum() > 0


def test_parts_that_cannot_be_read_are_named() -> None:
    reader, x = ModuleReader(Reused()), torch.rand(1, 3, 6, 6)
    with pytest.raises(ValueError, match="does not use its part 'unused'"):
        reader(x, ["relu", "unused"])
    with pytest.raises(ValueError, match="part 'two' puts out tuple"):
        reader(x, ["two"])


def test_a_network_that_keeps_its_last_output_can_be_read() -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3))
    model.seen = model(torch.zeros(1, 3, 8, 8))
    assert ModuleReader(model)(torch.rand(1, 3, 8, 8), ["0"])["0"].shape[1] == 4


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(ValueError, match=r"no part 'conv'.*Its parts are: first"):
        ModuleReader(InPlace(), ["conv"])


def test_prepared_leaves_the_network_alone() -> None:
    network = tiny()
    ready = features.prepared(network, "bfloat16")
    assert ready.get_buffer("mean").dtype == torch.bfloat16
    assert network.get_buffer("mean").dtype == torch.float32
    with pytest.raises(ValueError, match="precision must be one of"):
        features.prepared(network, "float8")
    with pytest.raises(ValueError, match=r"features\.small\(\)"):
        features.prepared(nn.ReLU())  # type: ignore[arg-type]


def test_the_shipped_file_is_small_and_plain() -> None:
    path = Path(shipped.__file__).with_name(shipped.FILE)
    assert path.stat().st_size <= 3e6
    with np.load(path, allow_pickle=False) as archive:
        weights = [archive[name] for name in archive.files if "conv" in name]
    assert {array.dtype for array in weights} == {np.dtype(np.float16)}


def test_the_text_says_what_the_file_says() -> None:
    metadata = features.small_metadata()
    text = " ".join((shipped.__doc__ or "").replace("\\", " ").split())
    assert f"{100 * metadata['test_accuracy']:.1f} %" in text
    assert f"{100 * metadata['test_accuracy_when_fooled'] + 1e-9:.1f} %" in text
    last = metadata["recipe"]
    for recipe in (last["before"], last):
        sides, epochs = (" ".join(map(str, recipe[key])) for key in ("sides", "epochs"))
        assert f"--sides {sides} --epochs {epochs} --batch {recipe['batch']}" in text
        assert f"--lr {recipe['lr']:g} --epsilon {recipe['epsilon']:g}" in text
    assert metadata["hardware"] in text
    assert json.dumps(metadata)  # plain values


def test_small_has_maps_of_the_documented_mean() -> None:
    network = features.small()
    photograph = imagenet.pictures()[:1]
    mean = network(photograph, ["relu3_1"])["relu3_1"].mean().item()
    assert 20 < mean < 500
    assert network.layers[-1] == shipped.LAST


def test_small_classifier_refuses_what_it_cannot_see() -> None:
    model = features.small_classifier()
    assert model(torch.rand(2, 3, 32, 32)).shape == (2, 10)
    with pytest.raises(ValueError, match="at least 16 × 16"):
        model(torch.rand(1, 3, 8, 8))


@pytest.mark.slow
def test_small_is_as_good_as_its_text_says() -> None:
    from coursekit import data
    from coursekit.data import Split
    from coursekit.runs.features import accuracy

    try:
        test = data.cifar10(allow_stand_in=False).test
    except DataError as error:
        pytest.skip(f"needs CIFAR-10: {error}")
    part = Split(test.images[:500], test.labels[:500])
    measured = accuracy(features.small_classifier(), part, "cpu")
    assert measured == pytest.approx(
        features.small_metadata()["test_accuracy"], abs=0.06
    )


def test_vgg19_without_a_network_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(DataError, match=r"COURSEKIT_OFFLINE is set.*features\.small"):
        features.vgg19()
    left = [path.name for path in tmp_path.iterdir() if "lock" not in path.name]
    assert left == []


def test_vgg19_reads_torchvisions_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = (4, "M", 6)
    source = FeatureNetwork(row)
    state = {f"features.{k}": v for k, v in source.stack.state_dict().items()}
    path = tmp_path / "vgg.pth"
    torch.save(state | {"classifier.0.weight": torch.zeros(2, 2)}, path)
    monkeypatch.setattr(imagenet, "ROW", row)
    monkeypatch.setattr(imagenet, "weights_file", lambda: path)
    network = imagenet.vgg19("average")
    x = imagenet.pictures()
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (imagenet.MEAN, imagenet.STD))
    ours = network(x, ["relu1_1"])["relu1_1"]
    expected = source((x - mean) / std, ["relu1_1"])["relu1_1"]
    scale = expected.mean((0, 2, 3), keepdim=True) / 100
    assert torch.allclose(ours * scale, expected, rtol=1e-3, atol=1e-3)


def remote(content: bytes, url: str) -> RemoteFile:
    return RemoteFile("vgg.pth", len(content), digest(content), (url,))


def test_a_damaged_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    source = tmp_path / "source"
    source.write_bytes(b"weights")
    monkeypatch.setattr(imagenet, "WEIGHTS", remote(b"weights", source.as_uri()))
    path = imagenet.weights_file()
    path.write_bytes(b"wejghts")
    assert imagenet.weights_file().read_bytes() == b"weights"
    source.unlink()  # from now on the local copy must do
    assert imagenet.weights_file() == path


def test_wrong_content_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    source = tmp_path / "source"
    source.write_bytes(b"wejghts")
    monkeypatch.setattr(imagenet, "WEIGHTS", remote(b"weights", source.as_uri()))
    with pytest.raises(DataError, match=r"wrong checksum.*put vgg\.pth into"):
        imagenet.weights_file()
    assert not (tmp_path / "cache" / "vgg.pth").exists()


@pytest.mark.network
def test_vgg19_from_its_address() -> None:
    try:
        network = features.vgg19()
    except DataError as error:
        pytest.skip(str(error))
    assert network(torch.rand(1, 3, 32, 32), ["conv5_1"])["conv5_1"].shape[1] == 512


def test_a_friend_looks_many_times_and_asks_for_nothing() -> None:
    pictures = torch.rand(2, 3, 48, 40, requires_grad=True)
    says = features.recognised(pictures, looks=3)
    assert says.shape == (2, 10)
    assert not says.requires_grad
    torch.testing.assert_close(says.sum(1), torch.ones(2))
    assert torch.equal(says, features.recognised(pictures, looks=3))
    assert not torch.equal(says, features.recognised(pictures, looks=3, seed=1))
    with pytest.raises(ValueError, match="looks must be"):
        features.recognised(pictures, looks=0)
