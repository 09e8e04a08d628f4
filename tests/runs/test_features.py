"""The script that trained the shipped network, on a handful of images."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.data import Dataset, Split
from coursekit.features.shipped import classifier_from
from coursekit.runs import features

SHORT = features.FeatureRecipe((16, 20), (1, 1), batch=8, lr=0.01, attack_steps=1)


def split(n: int, seed: int) -> Split:
    dice = torch.Generator().manual_seed(seed)
    images = torch.randint(256, (n, 3, 32, 32), generator=dice, dtype=torch.uint8)
    return Split(images, torch.arange(n) % 10)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset("tiny", split(32, 0), split(12, 1), tuple("0123456789"))


def model() -> nn.Sequential:
    torch.manual_seed(0)
    made = features.build()
    for layer in made.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.normal_(layer.bias, std=0.2)
            layer.get_buffer("running_mean").normal_(std=0.2)
            layer.get_buffer("running_var").uniform_(0.5, 1.5)
    return made


def test_merging_changes_no_score(dataset: Dataset) -> None:
    network = model().eval()
    mean, std = features.pixel_statistics(dataset.train)
    pixels = dataset.test.images / 255
    with torch.no_grad():
        expected = network((pixels - torch.tensor(mean).view(3, 1, 1)) / std)
    merged = features.merged(network, dataset.train)
    assert torch.allclose(merged(pixels), expected, atol=1e-3, rtol=1e-3)
    shipped = classifier_from(features.arrays(merged))
    assert torch.allclose(shipped(pixels), expected, atol=0.05 * expected.std())


def test_fooling_images_are_near_and_worse() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Flatten(), nn.Linear(48, 4)).train()
    images, labels = torch.randn(5, 3, 4, 4), torch.tensor([0, 1, 2, 3, 0])
    moved = features.fooling(network, images, labels, length=0.5, steps=3)
    distance = (moved - images).flatten(1).norm(dim=1)
    assert torch.allclose(distance, torch.full((5,), 0.5), atol=1e-4)
    assert network.training

    def loss(x: Tensor) -> Tensor:
        return F.cross_entropy(network(x), labels, reduction="none")

    assert (loss(moved) > loss(images)).all()


def test_epsilon_0_trains_on_the_images_as_they_are(dataset: Dataset) -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(48, 4))
    images, labels = torch.randn(5, 3, 4, 4), torch.tensor([0, 1, 2, 3, 0])
    plain = features.make_loss(features.FeatureRecipe(epsilon=0), 0.25)(
        network, images, labels
    )
    fooled = features.make_loss(features.FeatureRecipe(epsilon=0.5), 0.25)(
        network, images, labels
    )
    assert plain == F.cross_entropy(network(images), labels)
    assert fooled > plain


@pytest.mark.slow
@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def test_the_whole_run(
    dataset: Dataset, tmp_path: Path, device: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("needs a graphics card (CUDA)")
    recipe = features.FeatureRecipe(
        (16, 32), (1, 1), batch=8, lr=0.01, epsilon=0.25, attack_steps=1
    )
    path = features.run(recipe, dataset, device, tmp_path, steps=5)
    assert path.stat().st_size < 3e6
    with np.load(path, allow_pickle=False) as archive:
        text = str(archive["metadata"])
        weights = classifier_from(archive)
    assert '"steps": 5' in text
    assert '"data": "tiny"' in text
    measured = features.accuracy(weights, dataset.test, "cpu")
    assert f'"test_accuracy": {measured}' in text
    assert "step 5/5" in capsys.readouterr().out


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "KEEP_EVERY", 3)
    whole, parts = tmp_path / "whole.pt", tmp_path / "parts.pt"
    at_once = features.trained(SHORT, dataset, "cpu", features.Kept(whole, SHORT))
    for steps in (3, 6, None):  # at 16 pixels, at 20 pixels, to the end
        kept = features.Kept(parts, SHORT)
        in_parts = features.trained(SHORT, dataset, "cpu", kept, steps)
        assert in_parts.done == (steps or 8)
    assert kept.seconds > kept.seconds_before > 0
    for name, value in at_once.model.state_dict().items():
        assert torch.equal(in_parts.model.state_dict()[name], value), name
    other = replace(SHORT, seed=1)
    with pytest.raises(
        ValueError, match=r"another training \(seed: there 0.*Delete it"
    ):
        features.trained(other, dataset, "cpu", features.Kept(parts, other))


def test_images_are_shrunk_without_aliasing() -> None:
    stripes = torch.zeros(2, 3, 32, 32, dtype=torch.uint8)
    stripes[..., ::2] = 200
    small = features.shrunk(Split(stripes, torch.tensor([1, 2])), 16)
    assert small.images.shape == (2, 3, 16, 16)
    inner = small.images[..., 1:-1].float()
    assert (inner - 100).abs().max() < 10
    assert small.labels.tolist() == [1, 2]


def test_changes_shrink_with_the_images() -> None:
    """A linear score rises by length · ‖w‖, which shows the length."""
    recipe = features.FeatureRecipe((16, 32), (1, 1), epsilon=0.5, attack_steps=1)

    def rise(side: int) -> float:
        torch.manual_seed(0)
        network = nn.Sequential(nn.Flatten(), nn.Linear(3 * side**2, 2, bias=False))
        weight = torch.zeros(2, 3 * side**2)
        weight[0, 0] = 0.01  # so little that cross-entropy is a straight line
        network[1].weight.data = weight
        images, labels = torch.zeros(1, 3, side, side), torch.tensor([0])
        moved = features.make_loss(recipe, 1.0)(network, images, labels)
        return (moved - F.cross_entropy(network(images), labels)).item()

    assert rise(32) == pytest.approx(2 * rise(16), rel=0.01)


@pytest.mark.parametrize(
    ("sides", "epochs"), [((16, 32), (1,)), ((8,), (1,)), ((), ())]
)
def test_a_recipe_without_sense_is_refused(
    sides: tuple[int, ...], epochs: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="one number of epochs for each side"):
        features.FeatureRecipe(sides, epochs)


def test_training_begins_with_given_weights(dataset: Dataset, tmp_path: Path) -> None:
    recipe = replace(SHORT, sides=(16,), epochs=(1,), lr=1e-9)
    kept = features.Kept(tmp_path / "kept.pt", recipe)
    given = model()
    trained = features.trained(
        recipe, dataset, "cpu", kept, 1, given.state_dict()
    ).model
    for name, value in given.named_parameters():
        assert torch.allclose(trained.get_parameter(name), value, atol=1e-6), name


def test_weights_to_begin_with_must_be_there(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features.data, "cifar10", lambda allow_stand_in: dataset)
    with pytest.raises(SystemExit, match=r"There is no .*gone\.pt to begin with"):
        features.main(["--start", str(tmp_path / "gone.pt"), "--out", str(tmp_path)])
