"""Small data from the installed packages, for a computer without the real data.

They have the shapes and the ten classes of what they replace, so that every lesson
runs; the numbers that come out are others, and the announcement says so.
"""

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad

from coursekit.data.catalogue import CIFAR10, FASHION_MNIST, MNIST, Spec
from coursekit.data.dataset import Dataset, Split
from coursekit.data.photographs import photograph, resize

TILES = 15
GREY = (
    "astronaut",
    "brick",
    "camera",
    "chelsea",
    "china",
    "coins",
    "flower",
    "grass",
    "gravel",
    "text",
)
COLOUR = (
    "astronaut",
    "chelsea",
    "china",
    "coffee",
    "flower",
    "hubble",
    "motorcycle",
    "retina",
    "rocket",
    "tissue",
)
DESCRIPTIONS = {
    MNIST.key: "scikit-learn's 1,797 small digits, enlarged from 8 by 8 to 28 by 28",
    FASHION_MNIST.key: "2,250 tiles of 28 by 28 cut from ten grey photographs; "
    "the class is the photograph",
    CIFAR10.key: "2,250 tiles of 32 by 32 cut from ten colour photographs; "
    "the class is the photograph",
}


def stand_in(spec: Spec) -> Dataset:
    """The replacement for a data set, the same at every call."""
    if spec.key == MNIST.key:
        return _digits(spec)
    return _tiles(spec, GREY if spec.shape[0] == 1 else COLOUR)


def _digits(spec: Spec) -> Dataset:
    """Enlarged to 20×20 in the middle of 28×28, as in MNIST; the last 297 test."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = torch.from_numpy(digits.images).float().unsqueeze(1) * (255 / 16)
    images = interpolate(images, size=(20, 20), mode="bilinear", align_corners=False)
    images = pad(images, (4, 4, 4, 4)).round().to(torch.uint8)
    labels = torch.from_numpy(digits.target).long()
    train, test = (
        Split(images[:1500], labels[:1500]),
        Split(images[1500:], labels[1500:]),
    )
    return Dataset(_name(spec), train, test, spec.classes, stand_in=True)


def _tiles(spec: Spec, names: tuple[str, ...]) -> Dataset:
    """Tiles that do not overlap; every fifth column of them is for testing."""
    tiles = torch.stack([_cut(photograph(name), spec.shape) for name in names], dim=1)
    # Any first part of the data shall hold every class and every corner of it.
    order = torch.arange(len(tiles)) * 97 % len(tiles)
    for_test = order % 5 == 2
    train = _labelled(tiles[order[~for_test]])
    return Dataset(
        _name(spec), train, _labelled(tiles[order[for_test]]), names, stand_in=True
    )


def _labelled(tiles: Tensor) -> Split:
    """Tiles of shape (n, classes, channels, side, side) as n × classes images."""
    n, classes = tiles.shape[:2]
    return Split(tiles.flatten(0, 1), torch.arange(classes).repeat(n))


def _cut(image: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """The middle square as TILES × TILES tiles, (tiles, *shape), row by row."""
    channels, side, _ = shape
    height, width = image.shape[1:]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    square = image[:, top : top + edge, left : left + edge]
    square = resize(square, (TILES * side, TILES * side))
    rows = square.unfold(1, side, side).unfold(2, side, side)
    tiles = rows.permute(1, 2, 0, 3, 4).flatten(0, 1)
    return tiles if channels == 3 else _grey(tiles)


def _grey(tiles: Tensor) -> Tensor:
    """The brightness that the eye sees (ITU-R BT.601), as one channel."""
    weights = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)
    return (tiles * weights).sum(1, keepdim=True).round().to(torch.uint8)


def _name(spec: Spec) -> str:
    return f"stand-in for {spec.name}"
