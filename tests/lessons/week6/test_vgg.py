"""What the demonstrations of "VGG" must show."""

from statistics import mean

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from coursekit.anatomy import count_layers
from coursekit.models.vgg import CONFIGURATIONS, vgg
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(6, "vgg")


def test_the_table_is_the_paper_s(lesson: Lesson) -> None:
    assert list(lesson["TABLE"]) == list("ABCDE")
    for name, row in lesson["TABLE"].items():
        entries = CONFIGURATIONS[name]
        assert len(row.split()) == len(entries)
        for word, entry in zip(row.split(), entries, strict=True):
            if entry == "1×1":
                assert word in ("1-256", "1-512")
            else:
                assert word == ("max" if entry == "M" else f"3-{entry}")


def test_when_three_small_ones_are_dearer(lesson: Lesson) -> None:
    weights_of = lesson["weights_of"]
    for axes, first, dearer in ((2, 64, False), (2, 3, True), (1, 64, True),
                                (3, 64, False)):  # fmt: skip
        large = weights_of([7], [first, 64], axes)
        small = weights_of([3, 3, 3], [first, 64, 64, 64], axes)
        assert (small > large) == dearer
    assert weights_of([3, 3, 3], [64] * 4) / weights_of([7], [64] * 2) == 27 / 49


@pytest.mark.parametrize("seed", range(3))
def test_one_map_in_the_middle_is_not_enough(lesson: Lesson, seed: int) -> None:
    torch.manual_seed(seed)
    for target in torch.randn(3, 5, 5, dtype=torch.float64):
        best = min(lesson["nearest"](target, 1) for _ in range(3))
        assert 0.15 < best < 0.5
        assert min(lesson["nearest"](target, 2) for _ in range(3)) < 0.005


def test_three_bills_three_places(lesson: Lesson) -> None:
    rows = [r for r in count_layers(vgg("D"), (3, 224, 224)) if r.parameters]
    ours = [tuple(counts) for _, *counts in lesson["bills"]]
    assert ours == [(r.parameters, r.neurons, r.multiply_adds) for r in rows]
    weights, numbers, work = (sum(column) for column in zip(*ours, strict=True))
    assert (weights, numbers, work) == (138_357_544, 13_556_712, 15_470_264_320)
    assert ours[13][0] == 102_764_544
    assert sum(row[1] for row in ours[:2]) / numbers == pytest.approx(0.474, abs=1e-3)
    assert {row[2] for row in ours[1:13]} == {1849688064, 924844032, 462422016}
    deepest = lesson["bill"](lesson["TABLE"]["E"])
    assert sum(layer[3] for layer in deepest) == pytest.approx(19.6e9, rel=0.01)


def test_once_is_eleven_times_cheaper(lesson: Lesson) -> None:
    assert lesson["windows"] / lesson["once"] == pytest.approx(11.2, abs=0.1)


def test_the_head_has_learned_and_so_has_its_twin(lesson: Lesson) -> None:
    assert lesson["right"] > 0.7
    scores = lesson["scores_everywhere"](lesson["seen_held"])[:, :, 0, 0]
    head = lesson["head"](lesson["seen_held"])
    torch.testing.assert_close(scores, head.detach(), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_tiles_in_a_picture_are_nearly_what_they_are_alone(
    lesson: Lesson, seed: int
) -> None:
    dice = torch.Generator().manual_seed(seed)
    x, t, horse = lesson["x_held"], lesson["t_held"], lesson["horse"]
    order = torch.randperm(len(t), generator=dice)
    tiles = torch.cat([order[t[order] != horse][:12], order[t[order] == horse][:3]])
    tiles = tiles[torch.randperm(15, generator=dice)]
    picture = x[tiles].reshape(3, 5, 3, 32, 32).permute(2, 0, 3, 1, 4)
    maps = lesson["maps_of"](picture.reshape(1, 3, 96, 160))
    found = lesson["scores_everywhere"](maps).softmax(1)[0][:, ::2, ::2].flatten(1).T
    alone = lesson["scores_everywhere"](lesson["seen_held"][tiles]).softmax(1)[
        ..., 0, 0
    ]
    same = int((found.argmax(1) == alone.argmax(1)).sum())
    is_horse = t[tiles] == horse
    assert 8 <= same <= 14
    assert not torch.allclose(found, alone, atol=0.01)
    assert found[is_horse, horse].mean() > 0.4
    assert found[~is_horse, horse].mean() < 0.2


@pytest.mark.parametrize("seed", range(3))
def test_what_a_survives_e_does_not(lesson: Lesson, seed: int) -> None:
    torch.manual_seed(seed)
    lost: dict[tuple[str, float | None], float] = {}
    for name in "AE":
        for deviation in (0.01, 0.1, None):
            row = lesson["TABLE"][name]
            found = lesson["signals"](row, lesson["ten"], deviation)
            lost[name, deviation] = found[-1] / found[0]
    assert 1e-4 < lost["A", 0.01] < 3e-4
    assert 5e-9 < lost["E", 0.01] < 2e-8
    assert 1e3 < lost["A", 0.1] < 3e3
    assert 5e6 < lost["E", 0.1] < 2e7
    assert 0.2 < lost["A", None] < 0.6
    assert 0.04 < lost["E", None] < 0.2


@pytest.mark.parametrize("seed", range(3))
def test_the_rims_take_he_s_signal(lesson: Lesson, seed: int) -> None:
    torch.manual_seed(seed)
    for name, least in (("A", 0.6), ("E", 0.35)):
        kept = _signals_without_zeros(lesson["TABLE"][name], lesson["ten"])
        assert kept[-1] / kept[0] > least


@torch.no_grad()
def _signals_without_zeros(row: str, x: Tensor) -> list[float]:
    """He's start, and rims that are repeated."""
    found = []
    for word in row.split():
        if word == "max":
            x = F.max_pool2d(x, 2)
            continue
        k, o = map(int, word.split("-"))
        weight = torch.randn(o, x.shape[1], k, k) * (2 / (k * k * x.shape[1])) ** 0.5
        around = F.pad(x, (k // 2,) * 4, mode="replicate")
        x = F.relu(F.conv2d(around, weight))
        found.append(float(x.double().var(0, correction=0).mean().sqrt()))
    return found


def test_what_rows_learn(lesson: Lesson, seeds: range) -> None:
    practise = lesson["practise"]
    row = " max ".join(["3-8", "3-16 " * 3, "3-24 " * 4, "3-32 " * 8])
    assert 0.42 < max(practise(row, seed) for seed in seeds[:2]) < 0.65
    assert max(practise("3-8 3-8 3-8 3-8 max " * 4, seed) for seed in seeds[:2]) < 0.4
    eight = " max ".join(f"3-{maps} 3-{maps}" for maps in (8, 16, 32, 64))
    assert mean(practise(eight + " max", seed) for seed in seeds[:2]) > 0.56
