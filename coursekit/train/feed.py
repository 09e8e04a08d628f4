"""Batches for training: shuffled, changed at random, already on the device."""

import os
from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from coursekit.augment import UNCHANGED, Change


class Examples(Protocol):
    """What can be trained on, such as a `data.Split`: `images[i]` has `labels[i]`.

    The first axis counts. Images are bytes, or any numbers that the model takes: word
    numbers (n, length), signals (n, channels, length), …
    """

    @property
    def images(self) -> Tensor: ...

    @property
    def labels(self) -> Tensor: ...


def check_examples(examples: Examples) -> None:
    """Refuse images and labels that do not fit each other, and NaN."""
    images, labels = examples.images, examples.labels
    if not isinstance(images, Tensor) or not isinstance(labels, Tensor):
        raise ValueError(
            "Images and labels must be tensors (torch.as_tensor makes some), not "
            f"{type(images).__name__} and {type(labels).__name__}."
        )
    if images.dim() == 0 or labels.dim() == 0 or len(images) != len(labels):
        raise ValueError(
            "Each image needs a label, but the shapes are "
            f"{tuple(images.shape)} and {tuple(labels.shape)}."
        )
    if images.is_floating_point() and not (finite := images.isfinite()).all():
        number = int(finite.reshape(len(images), -1).all(1).logical_not().nonzero()[0])
        raise ValueError(f"Image {number} holds NaN or infinity; leave it out.")


class Feed:
    """Images and labels on a device, and what changes them.

    What a batch is depends on the seed and its number only, not on the device or on
    what was asked before, so training can stop and go on.
    """

    def __init__(
        self,
        examples: Examples,
        *,
        seed: int = 0,
        augment: Change = UNCHANGED,
        device: torch.device | str = "cpu",
    ) -> None:
        check_examples(examples)
        self.images = examples.images.to(device)
        self.labels = examples.labels.to(device)
        self.seed, self.augment = seed, augment

    def take(self, chosen: Tensor, number: int) -> tuple[Tensor, Tensor]:
        """The chosen images, changed with the dice of this number, and their labels."""
        chosen = chosen.to(self.images.device, non_blocking=True)
        images = self.images.index_select(0, chosen)  # 20 times faster than [chosen]
        return self.augment(images, seeded(self.seed, 1, number)), self.labels[chosen]


class Batches(Feed):
    """An endless row of batches of one size; `batches[step]` is always the same one.

    Every image comes once before any comes again; a batch may lie across two epochs.
    `ahead` batches are made at once: on a graphics card 64 batches cost as many
    launches as one. Raises ValueError without images, or for sizes below 1.
    """

    def __init__(
        self,
        split: Examples,
        size: int,
        *,
        seed: int = 0,
        augment: Change = UNCHANGED,
        device: torch.device | str = "cpu",
        ahead: int = 1,
    ) -> None:
        super().__init__(split, seed=seed, augment=augment, device=device)
        if min(len(self.labels), size, ahead) < 1:
            raise ValueError(
                "batches need images and a size of 1 or more, "
                f"got {len(self.labels)} images, size={size}, ahead={ahead}"
            )
        self.size, self.ahead = size, ahead
        self._chunk: tuple[int, Tensor, Tensor] | None = None
        self._shuffles: dict[int, Tensor] = {}

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
        return self.take(self.order(number * count, count), number)

    def order(self, first: int, count: int) -> Tensor:
        """Which images stand at places first … first + count - 1 of the endless row."""
        n = len(self.labels)
        epochs = range(first // n, (first + count - 1) // n + 1)
        self._shuffles = {e: self._shuffle(e) for e in epochs}
        start = first - epochs[0] * n
        return torch.cat(list(self._shuffles.values()))[start : start + count]

    def _shuffle(self, epoch: int) -> Tensor:
        """All images in the order of one epoch, kept for the next call."""
        if epoch in self._shuffles:
            return self._shuffles[epoch]
        dice = seeded(self.seed, 0, epoch)
        return torch.randperm(len(self.labels), generator=dice)


class Epochs(Feed):
    """The batches of a training, epoch by epoch, in the order of `epoch_order`.

    steps: in all epochs together. Raises ValueError as that does.
    """

    def __init__(
        self,
        split: Examples,
        *,
        epochs: int,
        batch_size: int,
        seed: int,
        augment: Change,
        device: torch.device,
    ) -> None:
        super().__init__(split, seed=seed, augment=augment, device=device)
        self.order = epoch_order(len(self.labels), epochs, batch_size, seed)
        self.steps = len(self.order)
        self.steps_per_epoch = len(cut(torch.arange(len(self.labels)), batch_size))
        self.epochs = -(-self.steps // self.steps_per_epoch)

    def of(self, epoch: int, first: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Images (n, c, h, w) as bytes and labels (n,) of an epoch, from a step on.

        Epochs and steps count from 0, the steps through all epochs.
        """
        end = min(self.steps, (epoch + 1) * self.steps_per_epoch)
        for step in range(first, end):
            yield self.take(self.order[step], step)


def epoch_order(count: int, epochs: int, batch_size: int, seed: int) -> list[Tensor]:
    """The images of each step, as indices: all `count` in a new order every epoch.

    The last batch of an epoch may be smaller. If one image is left for it, that joins
    the batch before: batch normalisation cannot learn from a batch of one.
    While nbgrader executes a notebook there is one step only: no point depends on more.
    """
    if min(count, epochs, batch_size) < 1:
        raise ValueError(
            f"training needs images, epochs and a batch size of 1 or more, "
            f"got {count} images, epochs={epochs}, batch_size={batch_size}"
        )
    dice = torch.Generator().manual_seed(seed)
    shuffles = [torch.randperm(count, generator=dice) for _ in range(epochs)]
    order = [part for shuffle in shuffles for part in cut(shuffle, batch_size)]
    return order[:1] if os.environ.get("NBGRADER_EXECUTION") else order


def cut(indices: Tensor, batch_size: int) -> list[Tensor]:
    """Parts of `batch_size`, the last one smaller, or larger by one."""
    parts = list(indices.split(batch_size))
    if len(parts) > 1 and len(parts[-1]) == 1 < batch_size:
        parts[-2:] = [torch.cat(parts[-2:])]
    return parts


def seeded(*numbers: int) -> torch.Generator:
    """Dice that depend on all the numbers: equal numbers, equal throws."""
    return torch.Generator().manual_seed(mixed(*numbers))


def mixed(*numbers: int) -> int:
    """A seed that depends on all the numbers."""
    (state,) = np.random.SeedSequence(numbers).generate_state(1, np.uint64)
    return int(state >> 1)
