"""What the recipes train and test on."""

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad

from coursekit import data, text
from coursekit.augment import Distort, crop, throw
from coursekit.data import Dataset, Split
from coursekit.train.feed import Batches, seeded

# Affine MNIST as its makers describe it: ±20°, ±0.2, ±20 %, anywhere on 40 × 40.
AFFINE = Distort(degrees=20, shear=0.2, scale=0.2, shift=6)
OVERLAP_SHIFT = 4
TEST_PARTNERS = 5
FOLDS = 10


class Material(NamedTuple):
    """Training images, and images with labels on which errors are measured.

    The labels of `seen` (like the training images) and `test` are (n,), or (n, 2) for
    two digits in an image. With `dev`, training stops early: of all the looks taken,
    the one with the least error there counts.
    """

    train: Split
    seen: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]
    dev: tuple[Tensor, Tensor] | None = None


@lru_cache
def material(name: str, device: str, fold: int | None = None) -> Material:
    """By the name that a recipe gives; runs on one device share it."""
    made = MAKERS[name]() if fold is None else FOLDED[name](fold)
    images, labels = made.train.images.to(device), made.train.labels.to(device)
    train = replace(made.train, images=images, labels=labels)
    seen, test = moved(made.seen, device), moved(made.test, device)
    return Material(train, seen, test, made.dev and moved(made.dev, device))


def moved(part: tuple[Tensor, Tensor], device: str) -> tuple[Tensor, Tensor]:
    """Images and labels on the device."""
    return part[0].to(device), part[1].to(device)


def as_published(dataset: Dataset) -> Material:
    """Training and test images as they come."""
    train, test = dataset.train, dataset.test
    return Material(train, (train.images, train.labels), (test.images, test.labels))


def mnist() -> Material:
    return as_published(data.mnist(allow_stand_in=False))


def cifar10() -> Material:
    return as_published(data.cifar10(allow_stand_in=False))


def affine_mnist() -> Material:
    """Digits on 40 × 40, to be shifted; tested on digits turned and stretched too."""
    digits = data.mnist(allow_stand_in=False)
    train, test = (pad(s.images, (6,) * 4) for s in (digits.train, digits.test))
    return Material(
        Split(train, digits.train.labels),
        (train[:10_000], digits.train.labels[:10_000]),
        (AFFINE(test, seeded(0, 0)), digits.test.labels),
    )


def overlapping_mnist() -> Material:
    """Two digits of different classes on each other, 36 × 36 (MultiMNIST)."""
    digits = data.mnist(allow_stand_in=False)
    seen = Overlapping(digits.train, 10_000, seed=1)[0]
    test = Overlapping(digits.test, TEST_PARTNERS * 10_000, seed=1)[0]
    return Material(digits.train, merged(*seen), merged(*test))


def merged(pairs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Bytes (n, 2, h, w) → (n, 1, h, w), the sum but at most 255; labels stay."""
    return pairs.sum(1, keepdim=True).clamp(max=255).byte(), labels


class Overlapping(Batches):
    """Batches of two digits an image: bytes (size, 2, 36, 36) and labels (size, 2).

    The second digit is any of another class. Both are shifted by up to 4 pixels (Sabour
    et al. 2017, section 6), so the two boxes overlap by 80 % on average.
    """

    def make(self, number: int) -> tuple[Tensor, Tensor]:
        count = self.ahead * self.size
        first = self.order(number * count, count)
        dice = seeded(self.seed, 1, number)
        second = others(self.labels.cpu(), first, dice)
        chosen = torch.stack([first, second], 1).to(self.images.device)
        digits = [self.shifted(index, dice) for index in chosen.unbind(1)]
        return torch.cat(digits, 1), self.labels[chosen]

    def shifted(self, chosen: Tensor, dice: torch.Generator) -> Tensor:
        """The chosen digits, each somewhere on 36 × 36 pixels."""
        edge = OVERLAP_SHIFT
        tops, lefts = throw(dice, 2, len(chosen), sides=2 * edge + 1)
        canvas = pad(self.images[chosen], (edge,) * 4)
        return crop(canvas, edge, tops, lefts, torch.zeros_like(tops).bool())


def others(labels: Tensor, chosen: Tensor, dice: torch.Generator) -> Tensor:
    """For each chosen image another one, equally likely any of the other classes."""
    by_class = labels.argsort()
    counts = labels.bincount()
    starts = counts.cumsum(0) - counts
    own = labels[chosen]
    left = len(labels) - counts[own]
    place = (torch.rand(len(own), generator=dice, dtype=torch.float64) * left).long()
    return by_class[torch.where(place >= starts[own], place + counts[own], place)]


def movie_reviews(fold: int) -> Material:
    """One of ten parts is for testing, a tenth of the others for stopping early."""
    reviews = data.movie_reviews()
    sentences = [text.words(sentence) for sentence in reviews.texts]
    words = text.encode(sentences, text.vocabulary(sentences))
    parts = text.folds(len(words), FOLDS)
    test = parts.pop(fold)
    rest = torch.cat(parts)
    rest = rest[torch.randperm(len(rest), generator=seeded(0, fold))]
    dev, train = rest.split([len(rest) // FOLDS, len(rest) - len(rest) // FOLDS])
    seen, tested, dev_part = (
        (words[chosen], reviews.labels[chosen]) for chosen in (train, test, dev)
    )
    return Material(text.Encoded(*seen), seen, tested, dev_part)


FOLDED = {"movie reviews": movie_reviews}
MAKERS = {
    "mnist": mnist,
    "cifar10": cifar10,
    "affine mnist": affine_mnist,
    "overlapping mnist": overlapping_mnist,
}
