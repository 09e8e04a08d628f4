"""What the demonstrations of "Counting" must show."""

from itertools import pairwise
from math import sqrt

import pytest
from torch import nn

from coursekit import explore, models
from coursekit.anatomy import Anatomy, count_layers
from coursekit.checks.week4 import counting as checked
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(4, "counting")


def rows_of(network: Anatomy) -> list[tuple[int | None, ...]]:
    """Side, weights per neuron, neurons, connections, parameters; no side if dense."""
    return [
        (
            *layer.output_shape[1:2],
            *(int(layer.weights_per_neuron or 0), layer.neurons),
            *(layer.connections, layer.parameters),
        )
        for layer in network
        if layer.parameters
    ]


def test_the_quiz_has_the_counts_of_dqn(lesson: Lesson) -> None:
    """quiz.toml has the same ones, and so has the lesson's solution."""
    assert rows_of(lesson["player"]) == [
        (20, 257, 6_400, 1_644_800, 4_112),
        (9, 257, 2_592, 666_144, 8_224),
        (2_593, 256, 663_808, 663_808),
        (257, 18, 4_626, 4_626),
    ]
    first, second, *_ = [layer for layer in lesson["player"] if layer.parameters]
    assert first.parameters + second.parameters == 12_336


def test_the_ball_flies_to_the_right_and_down(lesson: Lesson) -> None:
    places = [(screen == 1).nonzero() for screen in lesson["screens"]]
    for (row, column), (lower, further) in pairwise(places):
        assert lower.mean() > row.mean()
        assert further.mean() > column.mean()
    assert all(len(rows) == 9 for rows, _ in places)


def test_three_networks_side_by_side(lesson: Lesson) -> None:
    assert lesson["sums"] == {
        "LeNet-5": (61_706, 6_518, 423_038),
        "DQN": (680_770, 9_266, 2_979_378),
        "AlexNet": (60_965_224, 659_272, 725_066_088),
    }
    assert lesson["player"].multiply_adds == 2_970_112
    ratios = [
        [
            round(own / small)
            for own, small in zip(sums, lesson["sums"]["LeNet-5"], strict=True)
        ]
        for name, sums in lesson["sums"].items()
        if name != "LeNet-5"
    ]
    assert ratios == [[11, 1, 7], [988, 101, 1_714]]
    assert round(sqrt(680_770 / 61_706), 1) == 3.3
    assert round(sqrt(60_965_224 / 61_706)) == 31
    assert round(sqrt(725_066_088 / 423_038)) == 41


def test_the_authors_of_lenet_counted_biases(lesson: Lesson) -> None:
    assert lesson["total"] == 340_908
    assert lesson["total"] - lesson["biases"] == 332_824


def test_the_caption_of_alexnet_is_no_square(lesson: Lesson) -> None:
    assert 253_440 / 96 == 2_640 != round(sqrt(2_640)) ** 2
    assert 96 * 55**2 == lesson["networks"]["AlexNet"][0].neurons == 290_400
    assert 659_272 - 290_400 + 253_440 == 622_312


def test_twice_as_much(lesson: Lesson) -> None:
    small, side, maps = lesson["plans"].values()
    assert rows_of(small) == rows_of(lesson["player"])
    factors = [
        (
            round(network.parameters / small.parameters, 2),
            round(network.multiply_adds / small.multiply_adds, 2),
        )
        for network in (side, maps)
    ]
    assert factors == [(4.37, 4.31), (2.02, 2.45)]
    assert [layer.output_shape for layer in side if layer.parameters][1] == (32, 19, 19)
    hidden = [network[5] for network in (small, side)]
    assert round(hidden[1].parameters / hidden[0].parameters, 1) == 4.5
    second = [network[2].multiply_adds for network in (small, maps)]
    assert second[1] == 4 * second[0]
    first = [network[0].multiply_adds for network in (small, maps)]
    assert first[1] == 2 * first[0]


def player_of_2015() -> Anatomy:
    """Mnih 2015, in the section "Model architecture"."""
    network = nn.Sequential(
        *(nn.Conv2d(4, 32, 8, 4), nn.Conv2d(32, 64, 4, 2), nn.Conv2d(64, 64, 3)),
        *(nn.Flatten(), nn.Linear(64 * 49, 512), nn.Linear(512, 18)),
    )
    return count_layers(network, (4, 84, 84))


def test_the_table_has_two_mistakes(lesson: Lesson) -> None:
    network = player_of_2015()
    assert network.parameters == 1_693_362
    layers = [layer for layer in network if layer.parameters]
    right = {
        name: (layer.output_shape[0], (*layer.output_shape, 1)[1], *row[-4:])
        for name, layer, row in zip(
            lesson["published"], layers, rows_of(network), strict=True
        )
    }
    assert right == checked.PUBLISHED
    wrong = [
        (name, lesson["columns"][at], number, right[name][at])
        for name, row in lesson["published"].items()
        for at, number in enumerate(row)
        if number != right[name][at]
    ]
    assert wrong == [
        ("conv2", "connections", 5_184 * 257, 2_659_392),
        ("hidden", "parameters", 1_606_144 - 512, 1_606_144),
    ]


def test_each_mistake_breaks_other_equations() -> None:
    """Rows differ in three numbers at least, so that one mistake can be mended."""
    row = {"m": 3, "s": 4, "w": 10, "n": 48, "c": 480, "p": 30}
    broken = set()
    for name in row:
        m, s, w, n, c, p = (row | {name: row[name] + 1}).values()
        broken.add((n != m * s * s, c != n * w, p != m * w))
    assert len(broken) == 6


def parts(network: Anatomy) -> tuple[float, float]:
    """Of the dense layers, in weights and in multiply-adds."""
    dense = [layer for layer in network if layer.kind == "dense"]
    return (
        round(sum(layer.parameters for layer in dense) / network.parameters, 3),
        round(sum(layer.multiply_adds for layer in dense) / network.multiply_adds, 3),
    )


def test_weights_sit_in_dense_layers_and_work_in_convolutions(lesson: Lesson) -> None:
    assert {name: parts(network) for name, network in lesson["networks"].items()} == {
        "LeNet-5": (0.958, 0.141),
        "DQN": (0.982, 0.225),
        "AlexNet": (0.962, 0.081),
    }


def test_what_torch_keeps_is_the_rule_or_more(lesson: Lesson) -> None:
    by_rule, saved = lesson["by_rule"], lesson["saved"]
    assert saved["LeNet-5"] == by_rule["LeNet-5"] - 4 * 10
    assert saved["DQN"] == by_rule["DQN"] - 4 * 18
    assert by_rule["AlexNet"] == 3_745_292
    assert round(saved["AlexNet"] / by_rule["AlexNet"], 1) == 3.3


def test_the_megabytes_of_alexnet(lesson: Lesson) -> None:
    weights, image = lesson["megabyte"].values()
    assert round(weights) == 244
    assert round(3 * weights) == 732
    assert [round(image * batch) for batch in (1, 32, 128, 512)] == [4, 120, 479, 1918]
    assert 190 < 3 * weights / image < 200
    kept = image + 4 * (55 * 55 * 96 + 27 * 27 * 256) / 1e6  # with what LRN writes
    assert round(kept, 1) == 5.7
    assert 125 < 3 * weights / kept < 135
    first = models.alexnet_2012().get_parameter("classifier.1.weight")
    assert round(4 * first.numel() / 1e6) == 151


def test_every_layer_has_a_bound_and_a_time(lesson: Lesson) -> None:
    """How long they take depends on the machine, and is not asked here."""
    kinds = [kind for kind, least, took in lesson["times"] if least > 0 < took]
    assert len(kinds) == len(lesson["seconds"]) == 23
    assert (kinds.count("convolution"), kinds.count("dense")) == (5, 3)
    assert (kinds.count("max"), kinds.count("response")) == (3, 2)
    assert len(lesson["rates"]) == len(lesson["batches"])


def test_uses_of_a_weight(lesson: Lesson) -> None:
    first = lesson["networks"]["AlexNet"][0]
    assert (first.connections or 0) / first.parameters == 55 * 55 == 3_025


def test_what_the_sliders_show() -> None:
    def grown(**sizes: int) -> tuple[float, float]:
        usual, other = explore.counting().layers, explore.counting(**sizes).layers
        weights, work = (
            sum(getattr(layer, what) for layer in other)
            / sum(getattr(layer, what) for layer in usual)
            for what in ("parameters", "multiply_adds")
        )
        return round(weights, 2), round(work, 2)

    assert grown(c1=12) == (1.04, 1.86)
    assert grown(units=240) == (1.94, 1.14)
    usual, large = explore.counting().layers, explore.counting(k1=7).layers
    pairs = zip(usual, large, strict=True)
    more = [two.parameters - one.parameters for one, two in pairs]
    assert more == [144, 0, 0, 0, -17_280, 0, 0]
    assert explore.counting(k1=7).caption.startswith("44,570 parameters")
    small = explore.counting(28, 7, 7, 32, 64, 10)
    assert small.layers[3].output_shape == (64, 2, 2)
    assert "4.1 % of them in dense layers" in small.caption
