"""Equal models with equal seeds end equal, and the caller's dice lie as before."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from coursekit import train
from coursekit.augment import Augment, Change
from coursekit.models.mlp import MLP
from tests.train.small import StoppedError, equal, fit, network, stop_at, stripes

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)]


class Noisy(nn.Module):
    """Throws in its own way, in training and at the start."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(64, 2)

    def forward(self, images: Tensor) -> Tensor:
        values = images.flatten(1)
        if self.training:
            values = values + 0.1 * torch.randn_like(values)
            values = values * torch.bernoulli(torch.full_like(values, 0.9))
        return self.dense(values)


def noisy() -> nn.Module:
    torch.manual_seed(0)
    return Noisy()


def careless(images: Tensor, dice: torch.Generator) -> Tensor:
    """Takes PyTorch's own dice, as torchvision's transforms do."""
    return images.flip(3) if torch.rand(()) < 0.5 else images


def spatial() -> nn.Module:
    torch.manual_seed(0)
    layers = nn.Conv2d(1, 4, 3), nn.Dropout2d(0.5), nn.Flatten(), nn.AlphaDropout(0.2)
    return nn.Sequential(*layers, nn.Linear(144, 2))


BUILDS = [network, noisy, spatial]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("augment", [Augment(1), careless])
@pytest.mark.parametrize("build", BUILDS)
def test_equal_seeds_end_equal_whatever_the_dice(
    build: Callable[[], nn.Module], augment: Change, device: str
) -> None:
    models = [build().to(device) for _ in range(3)]
    runs = []
    for model, start, seed in zip(models, (1, 2, 2), (7, 7, 8), strict=True):
        torch.manual_seed(start)
        runs.append(fit(model, stripes(), epochs=2, seed=seed, augment=augment))
    assert runs[0].losses == runs[1].losses != runs[2].losses
    assert equal(models[0], models[1])
    assert not equal(models[1], models[2])


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("broken", [False, True])
def test_the_dice_of_the_caller_lie_as_before(device: str, broken: bool) -> None:
    model = network().to(device)
    torch.manual_seed(3)
    expected = torch.rand(3), torch.rand(3, device=device)
    torch.manual_seed(3)
    try:
        fit(model, stripes(), epochs=1, callbacks=[stop_at(2)] if broken else [])
    except StoppedError:
        assert broken
    assert torch.equal(torch.rand(3), expected[0])
    assert torch.equal(torch.rand(3, device=device), expected[1])


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("build", BUILDS)
def test_a_stopped_training_throws_on_as_it_would_have(
    tmp_path: Path, build: Callable[[], nn.Module], device: str
) -> None:
    straight, stopped = build().to(device), build().to(device)
    whole = fit(straight, stripes(), epochs=3, augment=careless)
    path = tmp_path / "it.pt"
    with pytest.raises(StoppedError):
        fit(
            stopped,
            stripes(),
            epochs=3,
            augment=careless,
            checkpoint=path,
            callbacks=[stop_at(5)],
        )
    torch.rand(11)
    rest = fit(stopped, stripes(), epochs=3, augment=careless, checkpoint=path)
    assert rest.losses == whole.losses
    assert equal(straight, stopped)


def test_seeds_of_accuracies_begin_with_the_same_weights() -> None:
    """Those that `torch.manual_seed` of the seed gives."""
    starts: list[Tensor] = []

    def build() -> nn.Module:
        starts.append(torch.rand(2))
        return MLP(pixels=64, classes=2)

    train.accuracies(build, stripes(), stripes(), seeds=(4, 5), epochs=1)
    for seed, start in zip((4, 5), starts, strict=True):
        torch.manual_seed(seed)
        assert torch.equal(torch.rand(2), start)
