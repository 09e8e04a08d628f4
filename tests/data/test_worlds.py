"""The three worlds: what is narrow in training is wide later, and labels stay true."""

import numpy as np
import pytest
import torch

from coursekit.data.worlds import CLASSES, FRESH, LETTERS, TRAINING, world


@pytest.mark.parametrize("kind", CLASSES)
def test_a_world_is_the_same_for_a_seed_and_another_for_another(kind: str) -> None:
    one, again, other = world(kind, 3), world(kind, 3), world(kind, 4)
    assert torch.equal(one.training.images, again.training.images)
    assert torch.equal(one.fresh.images, again.fresh.images)
    assert not torch.equal(one.fresh.images, other.fresh.images)


@pytest.mark.parametrize("kind", CLASSES)
def test_its_images_are_bytes_with_a_label_each(kind: str) -> None:
    drawn = world(kind)
    channels = 1 if kind == "digits" else 3
    for split, n in ((drawn.training, TRAINING), (drawn.fresh, FRESH)):
        assert split.images.shape == (n, channels, 16, 16)
        assert split.images.dtype == torch.uint8
        assert split.images.float().std() > 20
        assert sorted(set(split.labels.tolist())) == list(range(len(drawn.names)))


def test_another_kind_is_refused_in_words() -> None:
    with pytest.raises(
        ValueError, match=r"no world 'birds'\. Choose one of: digits, cars"
    ):
        world("birds")


def test_cars_are_red_in_training_and_of_any_colour_later() -> None:
    drawn = world("cars")

    def red(images: torch.Tensor) -> float:
        middle = images[:, :, 7:10, 5:9].float().mean((2, 3))
        return (middle.argmax(1) == 0).float().mean().item()

    assert red(drawn.training.images) > 0.95
    assert 0.2 < red(drawn.fresh.images) < 0.5


def test_the_nose_of_a_van_is_on_the_right_in_training_and_on_both_sides_later() -> (
    None
):
    drawn = world("cars", 1)

    def to_the_right(split: object) -> float:
        vans = split.images[split.labels == 1].float().mean(1)  # type: ignore[attr-defined]
        above = vans[:, 3:7]  # the street there is brighter than a van, or paler
        edges = (above - above[:, :, :1]).abs().mean(1)
        left, right = edges[:, 2:5].mean(1), edges[:, 11:14].mean(1)
        return (left > right).float().mean().item()

    assert to_the_right(drawn.training) > 0.9
    assert 0.3 < to_the_right(drawn.fresh) < 0.7


def test_the_letters_of_the_signs_are_mirror_images_of_each_other() -> None:
    drawn = world("signs")
    images, labels = drawn.training.images.float(), drawn.training.labels
    means = torch.stack([images[labels == i].mean((0, 1)) for i in range(4)])
    b, d, p, q = means
    turned = {"d": d.flip(1), "p": p.flip(0), "q": q.flip(0, 1)}
    assert LETTERS == ("b", "d", "p", "q")
    for name, letter in turned.items():
        assert (b - letter).abs().mean() < 0.5 * (b - d).abs().mean(), name


def test_red_and_blue_stay_red_and_blue_in_the_fog() -> None:
    drawn = world("signs")
    for split in (drawn.training, drawn.fresh):
        means = split.images.float().mean((2, 3))
        red = np.asarray(means[:, 0] > means[:, 2])
        assert (red == np.asarray(split.labels < 4)).all()
    clear, fog = (
        x.images.float().std((1, 2, 3)) for x in (drawn.training, drawn.fresh)
    )
    assert fog.min() < 0.4 * clear.min()
    assert fog.max() > 0.6 * clear.max()
