"""What the demonstrations of "The ImageNet scoreboard" must show."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import models
from coursekit.anatomy import count_layers
from coursekit.checks.core import Cases
from coursekit.checks.week6 import scoreboard as check
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow
NETWORKS = (
    *("LeNet-5", "AlexNet", "ZFNet", "VGG-16", "GoogLeNet"),
    *("ResNet-34", "ResNet-50", "ResNet-101", "ResNet-152"),
)


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(6, "scoreboard")


def test_the_largest_steps_of_the_winners(lesson: Lesson) -> None:
    errors = {year: error for year, (error, _) in lesson["winners"].items()}
    ratios = {year: errors[year] / errors[year - 1] for year in range(2011, 2018)}
    assert sorted(ratios, key=ratios.__getitem__)[:3] == [2015, 2014, 2012]
    found = [round(ratios[year], 2) for year in (2015, 2014, 2012)]
    assert found == [0.53, 0.57, 0.64]
    assert list(errors) == list(range(2010, 2018))


def test_a_dead_network_depends_on_the_numbers_of_classes(lesson: Lesson) -> None:
    first, labels = lesson["first_five"], lesson["sorted_by_class"]
    assert first(lesson["dead"], labels) == 0.5
    assert first(lesson["dead"], labels + 500) == 1.0


def test_passes_and_gains_of_googlenet(lesson: Lesson) -> None:
    tested = lesson["tested"]
    crops = (tested[1, 1] - tested[1, 10]) / 9
    copies = (tested[1, 1] - tested[7, 1]) / 6
    assert copies > 2 * crops
    assert tested[7, 144] / tested[1, 1] == pytest.approx(2 / 3, abs=0.01)


def test_the_spread_of_a_person() -> None:
    deviation = 100 * math.sqrt(0.051 * 0.949 / 1500)
    assert 5.1 - 2 * deviation == pytest.approx(4.0, abs=0.05)
    assert 5.1 + 2 * deviation == pytest.approx(6.2, abs=0.05)


@pytest.mark.parametrize("name", NETWORKS)
def test_counts_agree_with_the_anatomy(lesson: Lesson, name: str) -> None:
    whole = count_layers(lesson["networks"][name], lesson["shapes"][name])
    assert lesson["counts"][name] == (whole.parameters, whole.multiply_adds)
    assert tuple(lesson["counts"]) == NETWORKS


def test_known_numbers(lesson: Lesson) -> None:
    counts = lesson["counts"]
    assert counts["AlexNet"][0] == 60_965_224
    assert counts["VGG-16"][0] == 138_357_544
    assert counts["ResNet-152"][0] == 60_192_808
    uses = {name: work / weights for name, (weights, work) in counts.items()}
    assert round(uses["AlexNet"]) == 12
    assert round(uses["GoogLeNet"]) == 226
    four = ("AlexNet", "VGG-16", "GoogLeNet", "ResNet-50")
    by_weights = sorted(four, key=lambda name: counts[name][0])
    by_work = sorted(four, key=lambda name: counts[name][1])
    assert by_weights == ["GoogLeNet", "ResNet-50", "AlexNet", "VGG-16"]
    assert by_work == ["AlexNet", "GoogLeNet", "ResNet-50", "VGG-16"]


def test_zfnet_has_the_maps_of_the_paper(lesson: Lesson) -> None:
    sides, x = [], torch.zeros(1, 3, 224, 224, device="meta")
    for layer in lesson["networks"]["ZFNet"]:
        x = layer(x)
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
            sides.append(x.shape[-1])
    assert sides == [110, 55, 26, 13, 13, 13, 13, 6]


def test_depths_are_the_names(lesson: Lesson) -> None:
    assert list(lesson["depths"].values()) == [
        *((5, 5), (8, 8), (8, 8), (16, 16), (22, 58)),
        *((34, 37), (50, 54), (101, 105), (152, 156)),
    ]


def test_the_copied_table(lesson: Lesson) -> None:
    """Eighteen entries against counts: five are off by more than a tenth."""
    with torch.device("meta"):
        others = {"NiN": models.nin_imagenet(), "VGG-19": models.vgg("E")}
        trained = models.googlenet_2014(auxiliary=True)
    right = {
        name: (lesson["depths"][name][0], *lesson["counts"][name])
        for name in ("LeNet-5", "AlexNet", "GoogLeNet", "ResNet-152")
    }
    for name, model in others.items():
        x = torch.zeros(1, 3, 224, 224, device="meta")
        graph = lesson["graph_of"](model.eval()(x))
        counts = lesson["counted"](model, (3, 224, 224))
        right[name] = (lesson["deepest"](graph), *counts)
    table = {
        "LeNet-5": (8, 60e3, 0.0004e9),
        "AlexNet": (7, 60e6, 0.7e9),
        "NiN": (12, 7.6e6, 1.1e9),
        "VGG-19": (19, 144e6, 39.3e9),
        "GoogLeNet": (19, 4e6, 1.6e9),
        "ResNet-152": (152, 60e6, 11.5e9),
    }
    wrong = [
        (name, column)
        for name, row in table.items()
        for column, entry in enumerate(row)
        if abs(entry - right[name][column]) > 0.1 * right[name][column]
    ]
    assert wrong == [
        *(("LeNet-5", 0), ("AlexNet", 0), ("VGG-19", 2)),
        *(("GoogLeNet", 0), ("GoogLeNet", 1)),
    ]
    assert right["VGG-19"][2] == 19_632_062_464
    assert sum(p.numel() for p in trained.parameters()) == 13_378_280


def test_who_is_dominated(lesson: Lesson) -> None:
    beaten = lesson["beaten"]
    assert beaten((0, 2)) == ["VGG-16"]
    assert beaten((0, 1)) == ["AlexNet", "ZFNet", "VGG-16"]
    assert beaten((0, 1, 2)) == ["VGG-16"]
    vgg, rows = np.array(lesson["rows"]["VGG-16"]), lesson["rows"]
    better = [n for n, r in rows.items() if (np.array(r)[[0, 2]] < vgg[[0, 2]]).all()]
    assert len(better) == 5


def test_what_the_picture_says(lesson: Lesson) -> None:
    rows = lesson["rows"]
    alex, vgg, google = (rows[n] for n in ("AlexNet", "VGG-16", "GoogLeNet"))
    assert vgg[0] / alex[0] == pytest.approx(0.5, abs=0.02)
    assert vgg[2] / alex[2] == pytest.approx(20, rel=0.1)
    assert google[2] / vgg[2] == pytest.approx(0.1, rel=0.05)
    assert google[1] / vgg[1] == pytest.approx(1 / 20, rel=0.05)
    fifty = rows["ResNet-50"]
    assert fifty[1] / google[1] == pytest.approx(3.7, abs=0.06)
    assert fifty[2] / google[2] == pytest.approx(2.6, abs=0.06)


LINES = """
    conv 6 k3 s2
    branches conv 4 k1 , conv 6 k3 g2 | pool k3 s1 | conv 3 k5
    add conv 15 k3 g3 , conv 15 k1
    pool k3 s2
    dense 7
    dense 10
"""


def test_the_check_builds_what_the_lesson_builds(lesson: Lesson) -> None:
    empty = lesson["EMPTY"]
    for plan in (*lesson["references"].values(), LINES):
        torch.manual_seed(1)
        ours = lesson["network"](plan.splitlines(), empty)
        torch.manual_seed(1)
        theirs = check.network_of(plan.splitlines(), empty)
        x = torch.randn(3, 3, 16, 16)
        assert torch.equal(ours(x), theirs(x))
        weights = sum(p.numel() for p in theirs.parameters())
        assert lesson["costs"](plan) == (weights, check._work_of_plan(theirs))
    images, labels = check._tiles()
    assert torch.equal(images, lesson["images"])
    assert torch.equal(labels, lesson["labels"])


@pytest.mark.parametrize("line", [
    "relu", "convolve 8 k3", "conv 8", "conv 8 k3 p1", "conv 8 k3,", "pool k3 g2",
    "conv k3", "dense", "add conv 3 k1 | conv 3 k3",
])  # fmt: skip
def test_both_refuse_the_same_lines(lesson: Lesson, line: str) -> None:
    with pytest.raises((ValueError, KeyError, IndexError)):
        lesson["network"]([line], lesson["EMPTY"])
    with pytest.raises(ValueError, match=r"[a-z]"):
        check.network_of([line], lesson["EMPTY"])


@pytest.mark.parametrize(("reached", "trainings"), [
    ((0.79, 0.78, 0.80), 3), ((0.70, 0.71, 0.72), 3), ((0.64,), 1),
    ((0.75, 0.74, 0.76, 0.75, 0.74, 0.75), 6), ((0.75, 0.74, 0.75, 0.82), 4),
])  # fmt: skip
def test_more_trainings_near_the_limit(
    reached: tuple[float, ...], trainings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter((*reached, *[0.75] * 6))
    monkeypatch.setattr(check, "_trained", lambda plan, cases: next(left))
    assert check._tried("", 0.75, Cases(1, hard=False)) == list(reached)[:trainings]


ORDER = ("small inception", "small VGG", "small NiN")


def test_the_references(lesson: Lesson) -> None:
    means, costs = lesson["means"], lesson["costs"]
    assert list(means) == list(lesson["references"])
    for name, plan in lesson["references"].items():
        assert abs(lesson["first_runs"][name] - means[name]) < 0.12
        runs = [lesson["trained"](plan, seed) for seed in (1, 2)]
        runs.append(lesson["first_runs"][name])
        assert abs(np.mean(runs) - means[name]) < 0.06
    inception, vgg, nin = (costs(plan) for plan in map(lesson["references"].get, ORDER))
    assert inception < vgg
    assert inception[1] < vgg[1]
    assert nin[0] < min(inception[0], vgg[0])
    assert means["small inception"] > means["small VGG"] > means["small NiN"]
