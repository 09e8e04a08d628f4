"""What the demonstrations of "Receptive fields" must show."""

import itertools

import numpy as np
import pytest
import torch
from torch import nn

from coursekit.anatomy import count_layers
from coursekit.checks.week2 import receptive_fields as checked
from coursekit.plots.sight import seen_by
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(2, "receptive_fields")


def test_the_rows_show_five_seven_eight_and_five_of_nine_pixels(
    lesson: Lesson,
) -> None:
    assert sorted(seen_by([(3, 1, 0, 1)] * 2, 3)[0]) == [3, 4, 5, 6, 7]
    assert sorted(seen_by(lesson["stepping"], 1)[0]) == list(range(2, 9))
    assert sorted(seen_by(lesson["pooled"], 1)[0]) == list(range(2, 10))
    assert sorted(seen_by(lesson["holes"], 2)[0]) == [2, 4, 6, 8, 10]
    assert sorted(seen_by(lesson["padded"], 0)[0]) == [-2, -1, 0, 1, 2]


def test_strides_let_the_field_grow_to_27(lesson: Lesson) -> None:
    rows = count_layers(lesson["stack"], (1, 64))
    fields = [row.receptive_field for row in rows]
    assert [field.size[0] for field in fields if field] == [3, 7, 11, 19, 27]
    assert [field.jump[0] for field in fields if field] == [2, 2, 4, 4, 4]


def test_the_gradient_agrees_with_the_recurrence(lesson: Lesson) -> None:
    model, x = lesson["model"], torch.randn(1, 1, 24, requires_grad=True)
    (slope,) = torch.autograd.grad(model(x)[0, 0, 4], x)
    assert slope[0, 0].nonzero().flatten().tolist() == list(range(8, 20))
    assert (lesson["start"], lesson["size"]) == (8, 12)
    assert (slope < 0).any()
    assert (slope > 0).any()


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_for_random_stacks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers: list[nn.Module] = []
    for _ in range(int(rng.integers(2, 5))):
        limits = ((2, 5), (1, 3), (0, 2))
        k, s, p = (int(rng.integers(low, high)) for low, high in limits)
        layers.append(nn.Conv1d(1, 1, k, min(k, s), p))
    model, x = nn.Sequential(*layers), torch.randn(1, 1, 160, requires_grad=True)
    y = model(x)
    unit = y.shape[-1] // 2
    (slope,) = torch.autograd.grad(y[0, 0, unit], x)
    seen = slope[0, 0].nonzero().flatten()
    field = count_layers(model, (1, 160))[-1].receptive_field
    assert field is not None
    start = field.offset[0] + unit * int(field.jump[0] or 0)
    assert (int(seen[0]), int(seen[-1])) == (start, start + field.size[0] - 1)


def test_a_maximum_and_a_shut_relu_hide_the_field(lesson: Lesson) -> None:
    counts = {}
    for name, network in lesson["networks"].items():
        grey = lesson["grey"]
        (slope,) = torch.autograd.grad(network(grey)[0, 0, 30, 40], grey)
        counts[name] = int(slope.count_nonzero())
    assert list(counts.values()) == [9, 25, 0]


def test_the_middle_has_the_most_paths(lesson: Lesson) -> None:
    assert lesson["ways"]["2 layers"].tolist() == [1, 2, 3, 2, 1]
    assert lesson["ways"]["10 layers"].max() == 8953
    for depth in (5, 10, 20):
        ways = lesson["ways"][f"{depth} layers"]
        places = np.arange(len(ways)) - depth
        spread = np.sqrt((ways * places**2).sum() / ways.sum())
        assert spread == pytest.approx(np.sqrt(2 * depth / 3))


def test_the_effective_field_grows_with_the_root_of_the_depth(lesson: Lesson) -> None:
    expected = {5: 9, 10: 13, 20: 17}
    for depth, side in expected.items():
        assert lesson["sides"][depth] == [side] * 3
        more = [lesson["squared_slopes"](depth, seed) for seed in (7, 8)]
        assert [lesson["side_of_95"](one) for one in more] == [side] * 2
        ways = lesson["ways"][f"{depth} layers"]
        assert lesson["side_of_95"](np.outer(ways, ways)) == side
    shares = [side / (2 * depth + 1) for depth, side in expected.items()]
    np.testing.assert_allclose(shares, [0.82, 0.62, 0.41], atol=0.005)


def test_the_share_of_luo(lesson: Lesson) -> None:
    means = [
        np.mean([lesson["share_of_luo"](one) for one in lesson["maps"][depth]])
        for depth in (5, 10, 20)
    ]
    np.testing.assert_allclose(means, [0.95, 0.74, 0.53], atol=0.015)


def test_the_slopes_of_the_middle_are_thousands_of_those_in_the_corners(
    lesson: Lesson,
) -> None:
    found = [lesson["middle_to_corner"](one) for one in lesson["maps"][10]]
    assert 7000 < min(found) < max(found) < 9000
    more = [lesson["squared_slopes"](10, seed) for seed in (3, 4, 5)]
    assert all(7000 < lesson["middle_to_corner"](one) < 9400 for one in more)
    assert pytest.approx(80e6, rel=0.01) == 8953**2


def test_the_layer_on_top_of_the_drawing_adds_eight_of_twelve() -> None:
    layers = [(3, 1, 0, 1), (2, 2, 0, 1), (3, 1, 1, 2)]
    sizes = [len(seen_by(layers[:n], 3)[0]) for n in (1, 2, 3)]
    assert sizes == [3, 4, 12]
    assert sorted(seen_by(layers, 3)[0]) == list(range(4, 16)), "no holes"
    assert sorted(seen_by(layers, 3)[2]) == [2, 4, 6]


def test_three_networks(lesson: Lesson) -> None:
    last = {"LeNet-5": "s4", "AlexNet": "features.14", "VGG-16": "features.30"}
    fields = {
        name: lesson["found"][name][at].receptive_field for name, at in last.items()
    }
    assert [field.size[0] for field in fields.values()] == [16, 195, 212]
    assert [16 / 32, round(195 / 227, 2), round(212 / 224, 2)] == [0.5, 0.86, 0.95]
    assert [square[2] for square in lesson["squares"]] == [6, 16, 44, 100, 212]
    assert lesson["corners"]["(0, 0)"] == (-90, -90, 212)
    assert lesson["inside"] == 122
    assert -90 + 211 / 2 == 15.5
    assert 1 + 13 * 2 == 27, "the thirteen convolutions alone"


def test_the_formulas_of_the_lesson_are_those_of_the_check(lesson: Lesson) -> None:
    layers = list(itertools.product((1, 2, 3), (1, 2, 3)))
    wrong: dict[str, list[checked.Stack]] = {name: [] for name in checked.FORMULAS}
    for length in (1, 2, 3):
        for stack in map(list, itertools.product(layers, repeat=length)):
            right = checked._field([(k, s, 0) for k, s in stack])[0]
            for name, (formula, _) in checked.FORMULAS.items():
                assert lesson[f"field_{name}"](stack) == formula(stack)
                wrong[name] += [stack] if formula(stack) != right else []
    for name, (_, smallest) in checked.FORMULAS.items():
        size = [(len(stack), checked._sum(stack)) for stack in wrong[name]]
        found = sorted(zip(size, wrong[name], strict=True))
        assert (found[0][1] if found else []) == smallest
        assert len(found) < 2 or found[0][0] < found[1][0], "there is only one"


def test_vggs_own_plan_and_the_cheaper_ones() -> None:
    blocks = [2, 2, 3, 3]
    plan = [kind for count in blocks for kind in ["conv"] * count + ["pool"]]
    assert (checked._view(plan), checked._weights(plan)) == (100, 478_032)
    fewest = {
        most: min(cost for cost, size, _ in checked._seen_with(most) if size >= 100)
        for most in (12, 14)
    }
    assert fewest == {12: 404_176, 14: 399_568}
    found = ["conv"] * 4 + ["pool", "conv"] * 4 + ["pool"]
    assert len(found) == 13
    assert (checked._view(found), checked._weights(found)) == (100, 399_568)


def test_the_oracles_agree_with_the_anatomy() -> None:
    for layers in ([(5, 3, 2), (4, 1, 1)], [(2, 2, 0), (3, 1, 1), (3, 3, 0)]):
        stack = nn.Sequential(*(nn.Conv1d(1, 1, k, s, p) for k, s, p in layers))
        field = count_layers(stack, (1, 90))[-1].receptive_field
        assert field is not None
        found = (field.size[0], int(field.jump[0] or 0), field.offset[0])
        assert found == checked._field(layers)
