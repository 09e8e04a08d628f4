"""Tests of the photographs and of the stand-ins made of them."""

import pytest
import torch
from skimage import data as skimage_data
from sklearn.datasets import load_sample_image

from coursekit import data
from coursekit.data import DataError, photographs
from coursekit.data.catalogue import SPECS, Spec
from coursekit.data.stand_in import stand_in

IMAGES = {key: spec for key, spec in SPECS.items() if isinstance(spec, Spec)}


@pytest.mark.parametrize("name", data.photograph_names())
def test_every_photograph_is_there_with_its_origin(name: str) -> None:
    image = data.photograph(name)
    assert image.dtype == torch.uint8
    assert image.shape[0] == 3
    assert min(image.shape[1:]) >= 170
    assert len(image.unique()) > 100
    assert ";" in photographs.PHOTOGRAPHS[name].origin


def test_photographs_are_the_packages_own() -> None:
    chelsea = torch.from_numpy(skimage_data.chelsea()).permute(2, 0, 1)
    assert torch.equal(data.photograph("chelsea"), chelsea)
    china = torch.tensor(load_sample_image("china.jpg")).permute(2, 0, 1)
    assert torch.equal(data.photograph("china"), china)


def test_grey_photographs_have_three_equal_channels() -> None:
    image = data.photograph("camera")
    assert torch.equal(image[0], image[1])
    assert torch.equal(image[0], torch.from_numpy(skimage_data.camera()))


def test_names_are_sorted() -> None:
    assert list(data.photograph_names()) == sorted(data.photograph_names())


def test_unknown_photograph_lists_the_names() -> None:
    with pytest.raises(ValueError, match=r"no photograph 'cat'.*chelsea.*rocket"):
        data.photograph("cat")


def test_size_of_the_shorter_side_keeps_the_proportions() -> None:
    assert data.photograph("chelsea", size=100).shape == (3, 100, 150)


def test_size_as_a_pair() -> None:
    assert data.photograph("chelsea", size=(32, 48)).shape == (3, 32, 48)


def test_smaller_copies_are_not_aliased() -> None:
    """A fine chessboard becomes an even grey, not black or white at random."""
    board = (torch.arange(64)[:, None] + torch.arange(64)) % 2 * 255
    small = photographs.resize(board.byte().expand(3, 64, 64), 8)
    assert (small.int() - 127).abs().max() < 12


@pytest.mark.parametrize("size", [0, -1, 1.5, "big", (1, 2, 3), (), True, 10**9])
def test_impossible_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="shorter side"):
        data.photograph("chelsea", size=size)


def test_missing_file_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = photographs.Photograph("skimage", "data/gone.png", "nobody")
    monkeypatch.setitem(photographs.PHOTOGRAPHS, "gone", gone)
    with pytest.raises(DataError, match="Install the course again"):
        data.photograph("gone")


@pytest.mark.parametrize("key", IMAGES)
def test_stand_in_has_the_shape_of_what_it_replaces(key: str) -> None:
    spec = IMAGES[key]
    dataset = stand_in(spec)
    assert dataset.stand_in
    assert dataset.name == f"stand-in for {spec.name}"
    assert len(dataset.classes) == 10
    for split in (dataset.train, dataset.test):
        assert tuple(split.images.shape[1:]) == spec.shape
        assert split.labels.unique().tolist() == list(range(10))
    assert dataset.train.labels[:10].tolist() == list(range(10))


@pytest.mark.parametrize("key", IMAGES)
def test_stand_in_is_the_same_every_time(key: str) -> None:
    torch.manual_seed(0)
    first = stand_in(IMAGES[key])
    torch.manual_seed(1)
    second = stand_in(IMAGES[key])
    assert torch.equal(first.train.images, second.train.images)
    assert torch.equal(first.test.labels, second.test.labels)


@pytest.mark.parametrize(("key", "n"), [("fashion_mnist", 180), ("cifar10", 180)])
def test_tiles_are_balanced(key: str, n: int) -> None:
    dataset = stand_in(IMAGES[key])
    assert dataset.train.labels.bincount().tolist() == [n] * 10
    assert dataset.test.labels.bincount().tolist() == [n // 4] * 10


def test_tiles_for_testing_come_from_other_places() -> None:
    """Where a photograph has detail, no tile for testing is also one for training."""
    dataset = stand_in(IMAGES["fashion_mnist"])
    textures = {"brick", "grass", "gravel"}
    wanted = [i for i, name in enumerate(dataset.classes) if name in textures]
    train, test = (
        {image.numpy().tobytes() for i in wanted for image in s.images[s.labels == i]}
        for s in (dataset.train, dataset.test)
    )
    assert len(train) == 3 * 180
    assert len(test) == 3 * 45
    assert not train & test


def test_tiles_are_pieces_of_their_photograph() -> None:
    dataset = stand_in(IMAGES["cifar10"])
    red = dataset.train.images[dataset.train.labels == dataset.classes.index("coffee")]
    coffee = data.photograph("coffee")[:, :, 100:500].float().mean((1, 2))
    assert torch.allclose(red.float().mean((0, 2, 3)), coffee, atol=8)
