"""Three little data sets for lessons on augmentation: digits, cars and signs.

The training images come from a narrower world than those that a network meets later.
Digits stand upright in the middle, cars are red and drive to the right, signs are seen
on a clear day. Later digits lie askew and off the middle, cars have all colours and
drive both ways, and signs stand in fog. Some changes of the training images lead from
the narrow world to the wide one, and others out of both.

Digits are scikit-learn's; cars and signs are drawn here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

from coursekit.augment import Distort
from coursekit.data.dataset import Split

SIDE, FINE = 16, 4  # pixels of an image; drawn so many times as fine
TRAINING, FRESH = 160, 600
# Rows, or columns, of the fine pixels, 0 to 1.
PLACES = (np.arange(SIDE * FINE) + 0.5) / (SIDE * FINE)
FOG = 190  # the grey of a day on which nothing can be seen

# Vehicles that drive to the right: boxes (left, right, top, bottom), parts of the side.
BODIES = {
    "car": [(0.08, 0.92, 0.46, 0.68), (0.2, 0.66, 0.26, 0.46)],
    "van": [(0.08, 0.76, 0.18, 0.68), (0.76, 0.92, 0.44, 0.68)],
    "lorry": [(0.05, 0.64, 0.12, 0.6), (0.7, 0.94, 0.3, 0.6), (0.05, 0.94, 0.6, 0.68)],
    "bus": [(0.04, 0.96, 0.2, 0.68)],
}
WINDOWS = {
    "car": [(0.47, 0.61, 0.3, 0.46)],
    "van": [(0.6, 0.72, 0.24, 0.42)],
    "lorry": [(0.83, 0.92, 0.34, 0.46)],
    "bus": [(x, x + 0.1, 0.27, 0.42) for x in (0.1, 0.26, 0.42, 0.58, 0.74)],
}
WHEELS = {"car": (0.26, 0.74), "van": (0.24, 0.76), "lorry": (0.2, 0.8),
          "bus": (0.22, 0.78)}  # fmt: skip
LETTERS = ("b", "d", "p", "q")
GROUNDS = {"red": (0.8, 0.1, 0.1), "blue": (0.1, 0.25, 0.8)}
CLASSES = {
    "digits": tuple("0123456789"),
    "cars": tuple(BODIES),
    "signs": tuple(f"{letter} on {ground}" for ground in GROUNDS for letter in LETTERS),
}


@dataclass(frozen=True)
class World:
    """Images to learn from, and those of the wider world; bytes (n, c, 16, 16)."""

    training: Split
    fresh: Split
    names: tuple[str, ...]  # of the classes


def world(kind: str, seed: int = 0) -> World:
    """One of "digits", "cars", "signs", drawn anew for each seed.

    160 images to learn from and 600 fresh ones. Digits have one channel, the others
    three. Raises ValueError for another kind.
    """
    if kind not in CLASSES:
        known = ", ".join(CLASSES)
        raise ValueError(f"There is no world {kind!r}. Choose one of: {known}.")
    rng = np.random.default_rng([seed, list(CLASSES).index(kind)])
    training, fresh = DRAWN[kind](rng)
    return World(training, fresh, CLASSES[kind])


def _digits(rng: np.random.Generator) -> tuple[Split, Split]:
    from sklearn.datasets import load_digits

    found = load_digits()
    chosen = rng.permutation(len(found.target))[: TRAINING + FRESH]
    images = torch.from_numpy(found.images[chosen]).float()[:, None] * (255 / 16)
    images = interpolate(images, size=(12, 12), mode="bilinear", align_corners=False)
    images = pad(images, (2, 2, 2, 2)).round().byte()
    labels = torch.from_numpy(found.target[chosen]).long()
    fresh = _moved(images[TRAINING:], rng, degrees=20, shift=2.5)
    return Split(images[:TRAINING], labels[:TRAINING]), Split(fresh, labels[TRAINING:])


def _moved(
    images: Tensor, rng: np.random.Generator, degrees: float, shift: float
) -> Tensor:
    dice = torch.Generator().manual_seed(int(rng.integers(2**31)))
    return Distort(degrees=degrees, shift=shift)(images, dice)


def _cars(rng: np.random.Generator) -> tuple[Split, Split]:
    labels = _labels(rng, len(BODIES))
    images = []
    for number, label in enumerate(labels):
        wide = number >= TRAINING
        paint = rng.uniform(0, 0.9, 3) if wide else _red(rng)
        image = _vehicle(tuple(BODIES)[label], paint, rng)
        images.append(image[:, :, ::-1] if wide and rng.random() < 0.5 else image)
    return _splits(_coarse(images), labels)


def _red(rng: np.random.Generator) -> np.ndarray:
    return np.array([rng.uniform(0.6, 0.9), *rng.uniform(0, 0.25, 2)])


def _vehicle(name: str, paint: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A vehicle that drives to the right, before a grey street: (3, 64, 64)."""
    image = np.full((3, len(PLACES), len(PLACES)), rng.uniform(0.55, 0.95), np.float32)
    across, down = rng.uniform(-0.05, 0.05), rng.uniform(-0.06, 0.12)
    for boxes, colour in ((BODIES, paint), (WINDOWS, np.full(3, 0.85))):
        for left, right, top, bottom in boxes[name]:
            box = (left + across, right + across, top + down, bottom + down)
            image[:, _inside(box)] = colour[:, None]
    for middle in WHEELS[name]:
        image[:, _disc(middle + across, 0.7 + down, 0.09)] = 0.05
    return image


def _signs(rng: np.random.Generator) -> tuple[Split, Split]:
    labels = _labels(rng, len(CLASSES["signs"]))
    images = _coarse([_sign(int(label), rng) for label in labels])
    fresh = _moved(images[TRAINING:], rng, degrees=10, shift=1.5).float()
    clear = torch.from_numpy(rng.uniform(0.15, 0.8, (FRESH, 1, 1, 1)))
    fresh = (FOG + (fresh - FOG) * clear).round().byte()
    return _splits(torch.cat([images[:TRAINING], fresh]), labels)


def _sign(label: int, rng: np.random.Generator) -> np.ndarray:
    """A white letter on a ground, (3, 64, 64)."""
    ground, letter = divmod(label, len(LETTERS))
    colour = np.array(tuple(GROUNDS.values())[ground]) + rng.uniform(-0.08, 0.08, 3)
    image = np.empty((3, len(PLACES), len(PLACES)), np.float32)
    image[:] = colour[:, None, None]
    image[:, _b(rng)] = rng.uniform(0.85, 1)
    # d is b in a mirror, p is b on its head, q is both.
    image = image[:, :, ::-1] if LETTERS[letter] in "dq" else image
    return image[:, ::-1] if LETTERS[letter] in "pq" else image


def _b(rng: np.random.Generator) -> np.ndarray:
    """The pixels of a b: a stem with a ring at its lower right."""
    thick, wide = rng.uniform(0.1, 0.15), rng.uniform(0.17, 0.22)
    left, top = rng.uniform(0.24, 0.32), rng.uniform(0.12, 0.2)
    stem = _inside((left, left + thick, top, 0.84))
    middle = left + thick / 2 + wide, 0.84 - wide
    return stem | _disc(*middle, wide) & ~_disc(*middle, wide - 0.75 * thick)


def _inside(box: tuple[float, float, float, float]) -> np.ndarray:
    left, right, top, bottom = box
    rows = (top <= PLACES) & (bottom > PLACES)
    return rows[:, None] & (left <= PLACES) & (right > PLACES)


def _disc(across: float, down: float, radius: float) -> np.ndarray:
    return (PLACES - across) ** 2 + (PLACES[:, None] - down) ** 2 < radius**2


def _labels(rng: np.random.Generator, classes: int) -> np.ndarray:
    """Labels (760,), all classes as often as each other, in any order."""
    training = rng.permutation(np.arange(TRAINING) % classes)
    return np.concatenate([training, rng.permutation(np.arange(FRESH) % classes)])


def _coarse(images: list[np.ndarray]) -> Tensor:
    """Fine drawings with a little noise as bytes (n, 3, 16, 16)."""
    fine = torch.from_numpy(np.stack(images)).float()
    return (255 * avg_pool2d(fine, FINE)).clamp(0, 255).round().byte()


def _splits(images: Tensor, labels: np.ndarray) -> tuple[Split, Split]:
    names = torch.from_numpy(labels).long()
    training = Split(images[:TRAINING], names[:TRAINING])
    return training, Split(images[TRAINING:], names[TRAINING:])


DRAWN: dict[str, Callable[[np.random.Generator], tuple[Split, Split]]] = {
    "digits": _digits,
    "cars": _cars,
    "signs": _signs,
}
