"""What the demonstrations of "Augmentation and regularisation" must show."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import train
from coursekit.augment import Augment
from coursekit.checks.week4 import augmentation as checked
from coursekit.data.worlds import CLASSES
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(4, "augmentation")


@pytest.fixture(scope="module")
def real(lesson: Lesson) -> Lesson:
    """The lesson, when it has run on MNIST and CIFAR-10."""
    if lesson["digits"].stand_in or lesson["photographs"].stand_in:
        pytest.skip("MNIST or CIFAR-10 cannot be had here")
    return lesson


def mean(values: list[float]) -> float:
    return float(np.mean(values))


def test_nearly_all_numbers_change_in_a_mirror(lesson: Lesson) -> None:
    assert lesson["cat"].numel() == 49_152
    assert round(lesson["changed_part"], 2) == 0.99


def test_the_few_are_known_by_heart(real: Lesson) -> None:
    for model, fresh in zip(real["plain"], real["worth"]["unchanged"], strict=True):
        assert train.accuracy(model, real["few"]) > 0.96
        assert fresh < 0.4, "not even four in ten"


def test_the_places_of_a_window() -> None:
    assert 2 * (256 - 224 + 1) ** 2 == 2178
    assert 2 * (256 - 224) ** 2 == 2048


def test_the_friends_brightness_shows_two_of_its_faults(lesson: Lesson) -> None:
    torch.manual_seed(7)
    x = lesson["cat"].repeat(3, 1, 1, 1)
    y = lesson["friends_brighter"](x, 90)
    assert y is x, "and this is the third"
    assert torch.equal(y[:2], y[1:])
    low, high = (y.int() - lesson["cat"].int()).unique().tolist()
    assert high - low == 256, "some begin again"


def test_colours_vary_most_along_grey(real: Lesson) -> None:
    first, second, third = real["directions"].T
    assert (first > 0.5).all(), "all three channels alike"
    assert second[0] < -0.5 < 0.5 < second[2], "from orange to blue"
    assert third[1] < -0.7, "from green to pink"
    assert min(third[0], third[2]) > 0.2
    deviations = real["spread"].sqrt()
    assert deviations[0] > 3 * deviations[1] > 3 * deviations[2]


def test_the_unit_decides_how_strong_the_light_is(real: Lesson) -> None:
    variance = real["spread"][0].item()
    assert 0.01 < 0.1 * variance < 0.05, "a few percent"
    assert 3 < 0.1 * variance * 255 < 6, "several times the range"


def test_a_mirror_is_worth_three_points(real: Lesson) -> None:
    worth = real["worth"]
    plain, mirrored = worth["unchanged"], worth["mirrored"]
    assert max(plain) < min(mirrored)
    assert 0.02 < mean(mirrored) - mean(plain) < 0.04
    assert 0.02 < max(plain) - min(plain) < 0.04, "luck alone"
    assert mean(plain) < mean(worth["mirrored, moved"]) < mean(mirrored) + 0.01
    light = mean(worth["other light"]) - mean(plain)
    assert 0 < light < max(plain) - min(plain), "less than luck does"


def accuracy_of(real: Lesson, change: str, seed: int, epochs: int = 30) -> float:
    """The same training with another seed, or for longer."""
    ways = {"unchanged": Augment(), **real["ways"]}
    model = real["learned"](ways[change], seed, epochs)
    return train.accuracy(model, real["judges"])


def test_a_mirror_helps_another_seed_too(real: Lesson) -> None:
    assert accuracy_of(real, "unchanged", 3) + 0.015 < accuracy_of(real, "mirrored", 3)


def test_with_few_epochs_it_harms_and_with_more_it_helps(real: Lesson) -> None:
    plain, moved = real["race"]["unchanged"], real["race"]["mirrored, moved"]
    assert max(moved[0]) < min(plain[0])
    assert all(b < a - 0.02 for a, b in zip(plain[0], moved[0], strict=True))
    assert 0.02 < mean(plain[0]) - mean(moved[0]) < 0.045
    assert mean(moved[1]) > mean(plain[1]) + 0.01
    assert abs(mean(plain[1]) - mean(plain[0])) < 0.01, "no better itself"


def test_a_second_look_helps_where_no_mirror_was_shown(real: Lesson) -> None:
    for once, twice in [real["looked"]["unchanged"]]:
        gains = [b - a for a, b in zip(once, twice, strict=True)]
        assert 0.01 < min(gains) < max(gains) < 0.05
    once, twice = real["looked"]["mirrored, moved"]
    assert 0 < mean(twice) - mean(once) < 0.01


def test_a_loud_voice_beats_nine_scores_and_no_nine_probabilities(
    lesson: Lesson,
) -> None:
    looks = lesson["looks"]
    assert looks.mean(0).argmax() == 1
    assert looks.softmax(1).mean(0).argmax() == 0


def test_ten_looks_are_ten_crops_of_the_same_image(lesson: Lesson) -> None:
    """The exercise's answer, asked with a network of the lesson."""
    x = train.as_input(lesson["judges"].images[:50])
    model = lesson["plain"][0]
    found = lesson["ten_looks"](model, F.pad(x, (1,) * 4), 16)
    np.testing.assert_allclose(found.sum(1), 1, rtol=1e-5)


def test_dropout_is_worth_two_points(real: Lesson) -> None:
    pairs = zip(real["worth"]["unchanged"], real["worth"]["dropout"], strict=True)
    gains = [after - before for before, after in pairs]
    assert 0.01 < mean(gains) < 0.03
    assert min(gains) > 0
    model = real["learned"](Augment(), 3, q=0.3)
    assert train.accuracy(model, real["judges"]) > 0.38, "another seed"


def test_decay_leaves_what_the_formula_says(real: Lesson) -> None:
    black, (free, shrunk) = real["black"], real["decayed"].values()
    for (before, after, _), share in ((free, 1.0), (shrunk, 0.995**1000)):
        left = (after[:, black] / before[:, black]).median().item()
        assert left == pytest.approx(share, rel=1e-3)
    assert round(0.995**1000, 4) == 0.0067
    assert free[2] > 0.8 > shrunk[2] > 0.785


def test_dropout_keeps_the_mean(lesson: Lesson) -> None:
    m, x = lesson["m"], lesson["x"]
    assert (m * x).mean().item() == pytest.approx(1.8, abs=0.02)
    assert (m * x / 0.6).mean().item() == pytest.approx(3, abs=0.03)


def left(make: type[torch.optim.Optimizer], decay: float) -> float:
    """What is left of 0.5 after 20 steps without a gradient."""
    w = nn.Parameter(torch.tensor([0.5]))
    optimiser = make([w], lr=0.01, weight_decay=decay)  # type: ignore[call-arg]
    for _ in range(20):
        w.grad = torch.zeros(1)
        optimiser.step()
    return round(w.item(), 2)


def test_a_weight_that_nobody_asks_for(lesson: Lesson) -> None:
    """quiz.toml has the same."""
    for name, make in (
        ("sgd", torch.optim.SGD),
        ("adam", torch.optim.Adam),
        ("adamw", torch.optim.AdamW),
    ):
        assert [left(make, decay) for decay in (0.1, 0.001)] == lesson[name]


def test_half_of_it_is_gone_after_one_and_a_half_epochs() -> None:
    share = 0.01 * 0.0005 / (1 - 0.9)
    assert share == pytest.approx(0.00005)
    steps = math.log(0.5) / math.log(1 - share)
    assert round(steps, -3) == 14_000
    assert steps / (1.2e6 / 128) == pytest.approx(1.5, abs=0.05)


def test_each_world_needs_its_changes(lesson: Lesson) -> None:
    def unchanged(images: Tensor, kind: str) -> Tensor:
        return images

    for kind in CLASSES:
        runs = [lesson["practise"](lesson["changed"], kind, seed) for seed in (5, 6)]
        plain = [lesson["practise"](unchanged, kind, seed) for seed in (5, 6)]
        goal = checked.GOALS[kind]
        assert mean(runs) > goal > mean(plain) + 0.05, kind


def test_a_mirror_and_other_colours_lie_about_signs(lesson: Lesson) -> None:
    changed = lesson["changed"]

    def mirrored(images: Tensor, kind: str) -> Tensor:
        swap = torch.rand(len(images), 1, 1, 1) < 0.5
        return changed(torch.where(swap, images.flip(3), images), kind)

    def painted(images: Tensor, kind: str) -> Tensor:
        return changed(torch.stack([x[torch.randperm(3)] for x in images]), kind)

    assert lesson["practise"](changed, "signs", 5) > 0.95
    for lie in (mirrored, painted):
        assert 0.35 < lesson["practise"](lie, "signs", 5) < 0.65
