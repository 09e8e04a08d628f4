"""What the demonstrations of "GoogLeNet" must show, and the numbers that it gives."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import models
from coursekit.anatomy import count_layers
from coursekit.checks.core import Cases
from coursekit.checks.week6 import googlenet
from coursekit.explore.inception import WIDTHS, Module
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(6, "googlenet")


def weights(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_a_five_costs_ten_times_as_much_without_a_narrow_place() -> None:
    direct = count_layers(nn.Conv2d(192, 32, 5, padding=2), (192, 28, 28))
    pair = nn.Sequential(nn.Conv2d(192, 16, 1), nn.Conv2d(16, 32, 5, padding=2))
    narrow = count_layers(pair, (192, 28, 28))
    assert (direct.multiply_adds, direct.parameters) == (120_422_400, 153_632)
    assert (narrow.multiply_adds, narrow.parameters) == (12_443_648, 15_920)


def test_the_bills_of_the_first_module(lesson: Lesson) -> None:
    places = lesson["PLACES"]
    sums = {
        name: {branch: places * sum(parts) for branch, parts in lesson[name].items()}
        for name in ("naive", "narrow")
    }
    assert sum(sums["naive"].values()) == 303_464_448
    assert sum(sums["narrow"].values()) == 128_049_152 == lesson["parts"]["3a"][1]
    assert sums["naive"]["5×5"] / 303_464_448 == pytest.approx(0.40, abs=0.005)
    assert sums["narrow"]["3×3"] == pytest.approx(101e6, rel=0.01)


def test_the_bottleneck_before_the_three_is_the_dearest_to_double() -> None:
    first = Module(192, 64, 96, 128, 16, 32, 32, side=28, reduced=True)
    maps, _, work = first.totals
    more = {}
    for name in WIDTHS:
        doubled = replace(first, **{name: 2 * getattr(first, name)})
        more[name] = doubled.totals[2] / work - 1
    dearest = sorted(more, key=lambda name: -more[name])[:3]
    assert dearest == ["before_three", "three", "before_five"]
    shares = [more[name] for name in dearest]
    assert shares == pytest.approx([0.79, 0.68, 0.10], abs=0.005)
    wider = replace(first, before_three=192)
    assert wider.totals[0] == maps
    assert wider.totals[2] == pytest.approx(229e6, abs=0.5e6)


def test_fewer_directions_hold_most_deep_inside(lesson: Lesson) -> None:
    few = {name: lesson["directions"](maps, 0.9) / maps.shape[1]
           for name, maps in lesson["seen"].items()}  # fmt: skip
    many = {name: lesson["directions"](maps, 0.99) / maps.shape[1]
            for name, maps in lesson["seen"].items()}  # fmt: skip
    assert 0.35 < few["relu2_2"] < 0.6
    assert 0.35 < few["relu3_2"] < 0.6
    assert few["relu4_2"] < 0.25
    assert min(many["relu2_2"], many["relu3_2"]) > 0.75
    for maps in lesson["seen"].values():
        assert 0.5 < (maps == 0).double().mean() < 0.75


def test_maps_pile_up_without_projections(lesson: Lesson) -> None:
    assert lesson["maps_behind"]["with"][-1] == 1024
    assert lesson["maps_behind"]["without"][-1] == 4944
    inputs = [row[0] for row in lesson["TABLE"].values()]
    assert lesson["maps_behind"]["with"][:-1] == inputs


def test_the_whole_network(lesson: Lesson) -> None:
    parts = lesson["parts"]
    whole = sum(count for count, _ in parts.values())
    work = sum(count for _, count in parts.values())
    assert whole == weights(models.googlenet_2014()) == 6_998_552
    assert work == pytest.approx(1.6e9, rel=0.02)
    assert parts["stem"][0] / whole == pytest.approx(0.02, abs=0.005)
    assert parts["stem"][1] / work == pytest.approx(0.30, abs=0.01)
    last = [parts["5a"][at] + parts["5b"][at] for at in (0, 1)]
    assert last[0] / whole == pytest.approx(1 / 3, abs=0.03)
    assert last[1] / work == pytest.approx(0.08, abs=0.01)
    assert len(lesson["counted"]) == 58
    assert parts["dense"][0] == 1_025_000
    assert pytest.approx(50e6, rel=0.01) == 7 * 7 * 1024 * 1000
    assert whole < weights(models.vgg("D")) / 10
    assert pytest.approx(8.7, abs=0.05) == 61.0 / 7.0


def test_twenty_two_layers_in_a_row() -> None:
    modules = dict(models.googlenet_2014().named_children())
    stem = sum(name.startswith("conv") for name in modules)
    inceptions = sum(name.startswith("inception") for name in modules)
    assert stem + 2 * inceptions + 1 == 22


@pytest.mark.parametrize(
    ("make", "heads", "count"),
    [
        (models.googlenet_2014, False, 6_998_552),
        (models.googlenet_2014, True, 13_378_280),
        (models.googlenet, False, 6_624_904),
        (models.googlenet, True, 13_004_888),
    ],
)
def test_counts_of_the_quarrel(
    make: Callable[..., nn.Module], heads: bool, count: int
) -> None:
    assert weights(make(auxiliary=heads)) == count


def test_the_printed_column_has_k_of_1024_and_no_biases(lesson: Lesson) -> None:
    printed = lesson["printed"]
    assert sum(printed.values()) == pytest.approx(6797.7)
    assert sum(printed.values()) * 1024 == pytest.approx(6.96e6, rel=0.001)
    table = lesson["TABLE"]
    rows = {
        "stem: conv1": 7 * 7 * 3 * 64,
        "stem: the other two": 64 * 64 + 9 * 64 * 192,
        "dense": 1024 * 1000,
    } | {name: products(row) for name, row in table.items()}
    off = {name: abs(rows[name] / 1024 / printed[name] - 1) for name in printed}
    worst = sorted(off, key=lambda name: -off[name])
    assert worst[:2] == ["stem: conv1", "4c"]
    assert off["4c"] > 1.3 * off[worst[2]]
    wide = {name: abs(rows[name] / 1024 - printed[name]) for name in table}
    assert max(wide, key=lambda name: wide[name]) == "5a"
    assert off["dense"] == off["stem: the other two"] == 0
    assert max(off[name] for name in table) == pytest.approx(0.07, abs=0.006)
    assert sum(rows.values()) == 6_990_272
    saved = sum(16 * row[4] * row[5] for row in table.values())
    assert saved == 380_928
    assert saved - (14_560 - 7_280) == 6_998_552 - 6_624_904


def products(row: tuple[int, ...]) -> int:
    """Weights of a module without biases."""
    inputs, one, before_three, three, before_five, five, pooled = row
    found = inputs * (one + before_three + before_five + pooled)
    return found + 9 * before_three * three + 25 * before_five * five


def test_the_gradient_is_a_saw(lesson: Lesson) -> None:
    plain, heads = lesson["lengths"]["plain"], lesson["lengths"]["two heads"]
    assert 4.5e-6 < plain[0] < 5.5e-6
    assert 2e-3 < heads[0] < 5e-3
    assert 600 < heads[0] / plain[0] < 700
    assert 4.5e-3 < plain[-1] < 5.5e-3
    np.testing.assert_allclose(heads[6:], plain[6:], rtol=1e-3)
    assert heads[2] > 5 * heads[3]
    assert heads[5] > 5 * heads[6]


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", range(5))
def test_heads_wake_the_tower_and_a_good_start_does_better(
    lesson: Lesson, seed: int
) -> None:
    ends = {name: float(np.mean(lesson["trained_losses"](name, seed)[-50:]))
            for name in ("two heads", "He's start")}  # fmt: skip
    assert 1.9 < ends["two heads"] < 2.15
    assert 1.55 < ends["He's start"] < 1.92
    assert ends["He's start"] < ends["two heads"] - 0.05


def test_the_plain_tower_learns_nothing(lesson: Lesson) -> None:
    [losses] = lesson["runs"]["plain"]
    assert abs(np.mean(losses[-50:]) - 2.30) < 0.02
    assert abs(np.mean(lesson["trained_losses"]("plain", 1)[-50:]) - 2.30) < 0.02


def test_heads_are_used_in_training_only(lesson: Lesson) -> None:
    tower = lesson["made"]((3, 6), 0)
    x = lesson["x"][:4]
    assert len(tower(x)) == 3
    tower.eval()
    [scores] = tower(x)
    assert scores.shape == (4, 10)


def test_kernels_of_three_sizes(lesson: Lesson) -> None:
    kernels = lesson["kernels"]
    squares = np.square(kernels).sum(1)
    whole = squares.sum((1, 2))
    ones = squares[:, 2, 2] > 0.9 * whole
    threes = squares[:, 1:4, 1:4].sum((1, 2)) > 0.9 * whole
    assert (ones.sum(), (threes & ~ones).sum(), (~threes).sum()) == (6, 7, 6)
    budget = googlenet.Made(kernels).budget
    assert budget == 1274
    assert kernels.size / budget == pytest.approx(10, abs=2)


def test_a_short_budget_is_a_fifteenth_or_so_and_most_pay_for_less_than_all() -> None:
    for seed in range(4):
        made = googlenet._telling(Cases(seed, hard=False))
        assert 12 < made.kernels.size / made.budget < 20
        rest = sum(group.price * (group.values > 0.2).sum()
                   for group in googlenet._groups(made))  # fmt: skip
        assert rest > 1.1 * made.budget
        wrong = googlenet._by_rule(made, 1, 0), googlenet._by_rule(made, 1, 1)
        assert googlenet._by_rule(made, 2, 1) < 0.29 < 0.31 < min(wrong)


def test_a_bottleneck_without_relu_is_a_matrix_of_its_rank() -> None:
    torch.manual_seed(0)
    reduce, expand = nn.Conv2d(7, 2, 1, bias=False), nn.Conv2d(2, 5, 3, bias=False)
    together = torch.einsum("ijhw,jl->ilhw", expand.weight, reduce.weight[:, :, 0, 0])
    x = torch.randn(2, 7, 6, 5)
    both = nn.functional.conv2d(x, together)
    torch.testing.assert_close(both, expand(reduce(x)), atol=1e-5, rtol=1e-4)
    assert torch.linalg.matrix_rank(together.transpose(0, 1).flatten(1)) == 2
