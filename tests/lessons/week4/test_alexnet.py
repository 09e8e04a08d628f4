"""What the demonstrations of "AlexNet" must show."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from coursekit import models
from coursekit.anatomy import count_layers
from coursekit.checks.week4 import alexnet as checked
from coursekit.layers.blocks import response_norm
from coursekit.runs.recipes import RECIPES
from tests.lessons.demonstrations import Lesson, left_by, path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(4, "alexnet")


@pytest.fixture(scope="module")
def real(lesson: Lesson) -> Lesson:
    """The lesson, when it has run on CIFAR-10."""
    if lesson["photos"].stand_in:
        pytest.skip("CIFAR-10 cannot be had here")
    return lesson


@pytest.fixture(scope="module")
def text() -> str:
    return path(4, "alexnet").read_text(encoding="utf-8")


def test_nothing_of_imagenet_has_run() -> None:
    """As the table of paper and ours says."""
    assert not [name for name in RECIPES if "alexnet" in name]


def test_the_four_counts_of_conv1() -> None:
    found = [counts_of_conv1(side, padding) for side, padding in ((227, 0), (224, 2))]
    assert found[0] == found[1] == (364, 290_400, 105_705_600, 34_944)
    assert counts_of_conv1(224, 0)[1::2] == (279_936, 34_944)


def counts_of_conv1(side: int, padding: int) -> tuple[float | None, ...]:
    conv1 = torch.nn.Conv2d(3, 96, 11, stride=4, padding=padding)
    [row] = count_layers(conv1, (3, side, side))
    return row.weights_per_neuron, row.neurons, row.connections, row.parameters


def test_224_without_padding_stops_at_the_dense_layers() -> None:
    with torch.device("meta"):
        network, x = models.alexnet_2012(), torch.zeros(1, 3, 224, 224)
    sides = []
    for layer in network.get_submodule("features").children():
        x = layer(x)
        sides.append(x.shape[2])
    assert [sides[at] for at in (0, 3, 7, 14)] == [54, 26, 12, 5]
    assert x.flatten(1).shape[1] == 6_400
    fc6 = network.get_submodule("classifier.1")
    assert isinstance(fc6, torch.nn.Linear)
    assert fc6.in_features == 9_216


def test_the_table_and_its_sum(text: str) -> None:
    with torch.device("meta"):
        rows = count_layers(models.alexnet_2012(), (3, 227, 227))
    weights = [row.parameters for row in rows if row.parameters]
    assert all(f"| {count:,} |" in text for count in weights)
    assert sum(weights) == 60_965_224
    assert sum(weights[5:]) / 1e6 == pytest.approx(58.6, abs=0.05)
    saved = 62_378_344 - 60_965_224
    assert saved == 256 * 48 * 25 + 384 * 192 * 9 + 256 * 192 * 9 == 1_413_120


def test_other_alexnets() -> None:
    with torch.device("meta"):
        one_card, later = models.alexnet_2012(groups=1), models.alexnet()
    assert sum(p.numel() for p in one_card.parameters()) == 62_378_344
    assert sum(p.numel() for p in later.parameters()) == 61_100_840


def test_the_factor_of_torch(lesson: Lesson) -> None:
    norm, ours = lesson["paper_norm"], response_norm()
    assert (norm.alpha, norm.beta, norm.k, norm.size) == pytest.approx(
        (ours.alpha, ours.beta, ours.k, ours.size)
    )


def test_lrn_does_nothing_to_small_numbers(lesson: Lesson) -> None:
    small, large = (
        lesson["normed"][size] * 2**0.75 / lesson["shown"][size] for size in (1, 100)
    )
    assert small.nan_to_num(nan=1).min() > 0.999
    near, far = large[:5], large[[7, 8, 9, 10, 11]]
    assert 0.7 < near.min() <= near.max() < 0.8
    assert far.min() > 0.9
    assert math.sqrt(2 / 5e-4) == pytest.approx(63, abs=0.5)


def test_the_five_friends() -> None:
    """quiz.toml has the same ones."""
    said = torch.tensor([20.0, 10, 0, 10, 0, 30]).reshape(1, 6, 1, 1)
    norm = checked.Norm(3, 2.0, 0.01, 0.75)
    squares = said**2
    sums = {
        "ring": torch.stack([squares.roll(by, 1) for by in (-1, 0, 1)]).sum(0),
        "wide": checked._sums(squares, 3, 3),
        "right": checked._sums(squares, 1, 1),
        "no square": checked._sums(said, 1, 1),
        "mean": checked._sums(squares, 1, 1) / 3,
    }
    found = {name: checked._by(said, total, norm) for name, total in sums.items()}
    table = {
        "ring": (2.50, 2.32, 4.39, 3.94),
        "wide": (4.20, 2.10, 1.19, 4.65),
        "right": (4.65, 2.32, 4.39, 4.97),
        "no square": (10.71, 5.35, 5.73, 16.06),
        "mean": (7.55, 3.77, 5.30, 8.97),
    }
    for name, row in table.items():
        answers = found[name]
        assert answers is not None
        np.testing.assert_allclose(answers[0, [0, 1, 3, 5], 0, 0], row, atol=0.006)


def test_both_poolings_leave_the_same_sides(lesson: Lesson) -> None:
    for k in (2, 3):
        network = lesson["small_alexnet"](k=k)
        sides, y = [], torch.zeros(1, 3, 15, 15)
        for layer in network:
            y = layer(y)
            if isinstance(layer, torch.nn.MaxPool2d):
                sides.append(y.shape[2])
        assert sides == [7, 3, 1]


def judged(lesson: Lesson, name: str) -> str:
    gains = lesson["gains"][name]
    return checked._verdict([0.0] * len(gains), gains)[2]


def test_dropout_hurts_here(real: Lesson) -> None:
    assert judged(real, "dropout") == "hurts"
    assert all(-0.15 < gain < -0.06 for gain in real["gains"]["dropout"])


@pytest.mark.parametrize("name", ["ReLU", "overlap", "LRN", "groups"])
def test_of_the_others_nothing_can_be_told(real: Lesson, name: str) -> None:
    assert judged(real, name) == "cannot tell"
    assert abs(np.mean(real["gains"][name])) < 0.05


def test_tanh_is_ahead_in_all_seeds(real: Lesson) -> None:
    assert max(real["gains"]["ReLU"]) < 0


def test_4_3_standard_errors_of_three_seeds_are_one_in_twenty() -> None:
    dice = np.random.default_rng(0).standard_normal((100_000, 3))
    size = np.abs(dice.mean(1)) / (dice.std(1, ddof=1) / 3**0.5)
    by_luck = (size > 4.3).mean()
    assert by_luck == pytest.approx(1 / 20, abs=0.003)
    assert 1 - (1 - by_luck) ** 5 == pytest.approx(1 / 4, abs=0.035)


def test_units_that_are_for_things(real: Lesson) -> None:
    """Most of the strongest patches show what the text says."""
    labels = real["photos"].test.labels
    names = real["photos"].classes
    wanted = {7: {"horse"}, 25: {"automobile", "truck"}, 90: {"dog"}}
    for unit, things in wanted.items():
        maps = real["answers"]["relu3_2"][:, unit]
        best = maps.amax((1, 2)).topk(8).indices
        hits = sum(names[labels[i]] in things for i in best)
        assert hits >= 6


def test_stripes_and_blobs_have_a_mean_near_grey(lesson: Lesson) -> None:
    liked = lesson["liked"]
    assert liked.flatten(1).norm(dim=1).tolist() == pytest.approx([3.0] * 8, abs=1e-3)
    inside = liked[:, :, 9:23, 9:23].square().sum((1, 2, 3)) / 9
    assert inside.min() > 0.7, "what excites lies in the window"


def test_the_checks_oracle_is_alexnet() -> None:
    oracle, network = checked._AlexNet(1, 1000), models.alexnet_2012().eval()
    pairs = zip(oracle.parameters(), network.parameters(), strict=True)
    for mine, other in pairs:
        mine.data.copy_(other.data)
    x = 50 * torch.randn(1, 3, 227, 227)
    with torch.no_grad():
        np.testing.assert_allclose(oracle(x), network(x), rtol=1e-4, atol=1e-4)


def test_the_oracle_of_ungrouped_is_torch() -> None:
    weight, x = torch.randn(6, 2, 3, 3), torch.randn(2, 6, 5, 4)
    grouped = F.conv2d(x, weight, groups=3)
    plain = F.conv2d(x, checked._full(weight, 3))
    np.testing.assert_allclose(plain, grouped, rtol=1e-4, atol=1e-5)
