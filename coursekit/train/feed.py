"""Batches for training: shuffled, changed at random, already on the device."""

import numpy as np
import torch
from torch import Tensor

from coursekit.augment import UNCHANGED, Change
from coursekit.data import Split


class Batches:
    """An endless row of batches of one size; `batches[step]` is always the same one.

    Every image comes once before any comes again; a batch may lie across two epochs.
    What a step gets depends on the seed and its number only, not on the device or on
    what was asked before, so training can stop and go on.

    `ahead` batches are made at once: on a graphics card 64 batches cost as many
    launches as one.
    """

    def __init__(
        self,
        split: Split,
        size: int,
        *,
        seed: int = 0,
        augment: Change = UNCHANGED,
        device: torch.device | str = "cpu",
        ahead: int = 1,
    ) -> None:
        if min(len(split), size, ahead) < 1:
            raise ValueError(
                "batches need images and a size of 1 or more, "
                f"got {len(split)} images, size={size}, ahead={ahead}"
            )
        self.images, self.labels = split.images.to(device), split.labels.to(device)
        self.size, self.seed, self.ahead = size, seed, ahead
        self.augment = augment
        self._chunk: tuple[int, Tensor, Tensor] | None = None

    def __getitem__(self, step: int) -> tuple[Tensor, Tensor]:
        """Images (size, c, h, w) as bytes, and their labels (size,), of step 0, 1, …"""
        number, place = divmod(step, self.ahead)
        if self._chunk is None or self._chunk[0] != number:
            self._chunk = (number, *self.make(number))
        here = slice(place * self.size, (place + 1) * self.size)
        return self._chunk[1][here], self._chunk[2][here]

    def make(self, number: int) -> tuple[Tensor, Tensor]:
        """All images and labels of `ahead` batches in a row."""
        count = self.ahead * self.size
        chosen = self.order(number * count, count)
        chosen = chosen.to(self.images.device, non_blocking=True)
        dice = seeded(self.seed, 1, number)
        return self.augment(self.images[chosen], dice), self.labels[chosen]

    def order(self, first: int, count: int) -> Tensor:
        """Which images stand at places first … first + count - 1 of the endless row."""
        n = len(self.labels)
        epochs = range(first // n, (first + count - 1) // n + 1)
        row = torch.cat(
            [torch.randperm(n, generator=seeded(self.seed, 0, e)) for e in epochs]
        )
        return row[first - epochs[0] * n :][:count]


def seeded(*numbers: int) -> torch.Generator:
    """Dice that depend on all the numbers: equal numbers, equal throws."""
    (mixed,) = np.random.SeedSequence(numbers).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(mixed >> 1))
