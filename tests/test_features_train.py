"""The script that trained the shipped network, on a handful of images."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.data import Dataset, Split
from coursekit.features import train
from coursekit.features.shipped import classifier_from


def split(n: int, seed: int) -> Split:
    dice = torch.Generator().manual_seed(seed)
    images = torch.randint(256, (n, 3, 32, 32), generator=dice, dtype=torch.uint8)
    return Split(images, torch.arange(n) % 10)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset("tiny", split(32, 0), split(12, 1), tuple("0123456789"))


def model() -> nn.Sequential:
    torch.manual_seed(0)
    made = train.build()
    for layer in made.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.normal_(layer.bias, std=0.2)
            layer.get_buffer("running_mean").normal_(std=0.2)
            layer.get_buffer("running_var").uniform_(0.5, 1.5)
    return made


def test_merging_changes_no_score(dataset: Dataset) -> None:
    network = model().eval()
    mean, std = train.pixel_statistics(dataset.train)
    pixels = dataset.test.images / 255
    with torch.no_grad():
        expected = network((pixels - torch.tensor(mean).view(3, 1, 1)) / std)
    merged = train.merged(network, dataset.train)
    assert torch.allclose(merged(pixels), expected, atol=1e-3, rtol=1e-3)
    shipped = classifier_from(train.arrays(merged))
    assert torch.allclose(shipped(pixels), expected, atol=0.05 * expected.std())


def test_fooling_images_are_near_and_worse() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Flatten(), nn.Linear(48, 4)).train()
    images, labels = torch.randn(5, 3, 4, 4), torch.tensor([0, 1, 2, 3, 0])
    moved = train.fooling(network, images, labels, length=0.5, steps=3)
    distance = (moved - images).flatten(1).norm(dim=1)
    assert torch.allclose(distance, torch.full((5,), 0.5), atol=1e-4)
    assert network.training

    def loss(x: Tensor) -> Tensor:
        return F.cross_entropy(network(x), labels, reduction="none")

    assert (loss(moved) > loss(images)).all()


def test_epsilon_0_trains_on_the_images_as_they_are(dataset: Dataset) -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(48, 4))
    images, labels = torch.randn(5, 3, 4, 4), torch.tensor([0, 1, 2, 3, 0])
    plain = train.make_loss(train.Recipe(epsilon=0), 0.25)(network, images, labels)
    fooled = train.make_loss(train.Recipe(epsilon=0.5), 0.25)(network, images, labels)
    assert plain == F.cross_entropy(network(images), labels)
    assert fooled > plain


@pytest.mark.slow
@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def test_the_whole_run(
    dataset: Dataset, tmp_path: Path, device: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("needs a graphics card (CUDA)")
    recipe = train.Recipe(epochs=2, batch=8, lr=0.01, epsilon=0.25, attack_steps=1)
    path = train.run(recipe, dataset, device, tmp_path, steps=5)
    assert path.stat().st_size < 3e6
    with np.load(path, allow_pickle=False) as archive:
        text = str(archive["metadata"])
        weights = classifier_from(archive)
    assert '"steps": 5' in text
    assert '"data": "tiny"' in text
    measured = train.accuracy(weights, dataset.test, "cpu")
    assert f'"test_accuracy": {measured}' in text
    assert "step 5/5" in capsys.readouterr().out
