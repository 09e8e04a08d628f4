"""Small images, networks and comparisons for the tests of `fit`."""

from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from coursekit import train
from coursekit.augment import Augment
from coursekit.data import Split


def stripes(n: int = 48) -> Split:
    """Rows or columns that alternate, with noise; label 0 or 1; (n, 1, 8, 8)."""
    dice = torch.Generator().manual_seed(0)
    labels = torch.arange(n) % 2
    rows = 150 * (torch.arange(8) % 2).view(8, 1).expand(8, 8)
    clean = torch.stack([rows, rows.T])[labels].unsqueeze(1)
    noise = torch.randint(0, 100, (n, 1, 8, 8), generator=dice)
    return Split((clean + noise).to(torch.uint8), labels)


def network(dropout: float = 0.2) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Flatten(),
        nn.Linear(4 * 36, 2),
    )


fit = partial(train.fit, batch_size=16, lr=0.02, augment=Augment(1, flip=True))


def equal(one: nn.Module, two: nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), two.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


class StoppedError(Exception):
    """What a test throws to stop training in the middle."""


def stop_at(step: int) -> Callable[[train.Training], None]:
    def callback(run: train.Training) -> None:
        if run.step == step:
            raise StoppedError

    return callback
