"""What the demonstrations of "A network instead of a filter" must show."""

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from coursekit import models, train
from coursekit.checks.week6 import nin as checked
from coursekit.runs.table import table
from tests.lessons.demonstrations import Lesson, left_by, path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(6, "nin")


@pytest.fixture(scope="module")
def real(lesson: Lesson) -> Lesson:
    """The lesson, when it has run on CIFAR-10."""
    if lesson["photos"].stand_in:
        pytest.skip("CIFAR-10 cannot be had here")
    return lesson


@pytest.fixture(scope="module")
def text() -> str:
    return path(6, "nin").read_text(encoding="utf-8")


def test_one_filter_finds_half_of_the_edges(lesson: Lesson) -> None:
    one, other = lesson["one_way"], lesson["other_way"]
    assert ((one > 0) & (other > 0)).sum() == 0
    assert 0.3 < (one > 0).float().mean() < 0.7
    assert 0.3 < (other > 0).float().mean() < 0.7


def test_counts_of_the_text(lesson: Lesson, text: str) -> None:
    assert (lesson["in_two"], lesson["in_one"]) == (15_680, 6_080)
    assert 2.5 < lesson["in_two"] / lesson["in_one"] < 2.6
    outside, inside, cascade = 64 * 76, 64 * (25 * 32 + 1), 48 * 65 + 32 * 49
    for number in (outside, inside, cascade):
        assert f"{number:,}" in text


def test_a_slid_network_is_a_convolution(lesson: Lesson) -> None:
    assert lesson["largest"] < 1e-6
    assert lesson["slid"].shape == (1, 4, 56, 86)
    assert lesson["slid"].max() > 0


def test_the_head_of_alexnet() -> None:
    with torch.device("meta"):
        network = nn.Sequential(
            nn.Linear(9216, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)
        )
        other = nn.Conv2d(256, 1000, 1)
    dense = sum(p.numel() for p in network.parameters())
    mean = sum(p.numel() for p in other.parameters())
    assert (dense, mean) == (58_631_144, 257_000)
    assert dense - (4096 + 4096 + 1000) == 58_621_952


def test_a_softmax_first_stops_the_loss(lesson: Lesson) -> None:
    ours, hers = lesson["hearts"]["ours"], lesson["hearts"]["hers"]
    assert ours[-1] < 0.05
    lowest = math.log(1 + 9 / math.e)
    assert lowest < 1.5 < hers[-1] < 1.8
    assert lowest < lesson["longer"][-1] < lowest + 0.01


def test_the_friends_scores(text: str) -> None:
    maps = torch.tensor(
        [
            [[6.0, -3, 0], [4, -3, 2]],
            [[0, 9, -6], [-3, 8, 1]],
            [[-2, -5, -1], [-4, 0, -6]],
        ]
    )
    bent = maps.relu()
    for name, scores in (
        ("A", bent.softmax(0).mean((1, 2))),
        ("B", maps.mean((1, 2)).relu()),
        ("C", bent.mean((0, 1))),
        ("D", maps.mean((1, 2))),
    ):
        [row] = [line for line in text.splitlines() if line.startswith(f"# | {name} |")]
        shown = [float(cell.replace("−", "-")) for cell in row.split("|")[2:5]]
        assert torch.allclose(
            torch.tensor(shown), scores, atol=6e-3 if name == "C" else 6e-4
        )


def test_weights_of_both_heads(lesson: Lesson) -> None:
    sizes = [
        sum(p.numel() for p in lesson[name]().parameters())
        for name in ("mean_head", "dense_head")
    ]
    assert sizes == [17_210, 280_442]
    assert 16 < sizes[1] / sizes[0] < 16.5


def test_dense_is_better_learns_by_heart_and_minds_shifts(real: Lesson) -> None:
    _expect_heads(real["found"]["mean head"], real["found"]["dense head"])


def _expect_heads(mean: list[list[float]], dense: list[list[float]]) -> None:
    for one, other in zip(mean, dense, strict=True):
        assert other[1] > one[1], "the dense head is ahead on fresh photographs"
        assert abs(one[0] - one[1]) < 0.04 < other[0] - other[1]
        assert one[1] - one[2] < 0.07 < other[1] - other[2]
        assert 0.38 < one[1] < 0.46
        assert 0.41 < other[1] < 0.50


def test_so_it_is_with_other_seeds(
    real: Lesson, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--week"):
        pytest.skip("half a minute of training: make week does it")
    parts = [real[name] for name in ("known", "judges", "moved")]
    rows: list[list[list[float]]] = [[], []]
    for seed in (2, 3):
        for at, (name, lr) in enumerate((("mean_head", 0.1), ("dense_head", 0.05))):
            net = real["learned"](real[name], lr, seed)
            rows[at].append([train.accuracy(net, part) for part in parts])
            if at == 0:
                _expect_evidence(real, net)
    _expect_heads(*rows)


def _expect_evidence(real: Lesson, net: nn.Sequential) -> None:
    maps = real["evidence_of"](net.eval(), real["tests"])
    at = real["strongest_quarter"](maps, real["kinds"])
    assert 0.53 < (at == torch.arange(4)).float().mean() < 0.65
    (plane, other), (car, no_car) = (
        real["middle_and_rim"](net, kind) for kind in (0, 1)
    )
    assert max(plane, other) < -0.25
    assert abs(plane - other) < 0.6, "the same on all photographs"
    assert 0.6 < no_car < 2 < car
    assert car > no_car + 1.5
    _expect_exchanges(real, net)


def _expect_exchanges(real: Lesson, net: nn.Sequential) -> None:
    said = real["evidence_of"](net, real["plain"]).mean((2, 3)).argmax(1)
    assert (said == 0).float().mean() > 0.08
    assert (said == 1).sum() == 0
    for kind in (0, 1):
        rim, middle, neither = real["still_named"](net, kind, 16)
        assert rim > 0.3 > 0.25 > middle
        assert neither < 0.13
    rim, middle, _ = real["still_named"](net, 0, 22)
    assert max(rim, middle) < 0.3
    assert abs(rim - middle) < 0.15
    rim, middle, _ = real["still_named"](net, 1, 22)
    assert middle > rim


def test_around_the_edge_nothing_is_lost(real: Lesson) -> None:
    for net in real["nets"]["mean head"]:
        twin = real["wrapped"](net).eval()
        images = real["judges"].images[:200]
        with torch.no_grad():
            one, other = twin(images / 255), twin(images.roll((4, 8), (2, 3)) / 255)
        assert (one - other).abs().max() < 1e-4
        assert 0.32 < train.accuracy(twin, real["judges"]) < 0.39


def test_scores_are_means_of_the_maps(lesson: Lesson) -> None:
    assert lesson["gap"] < 1e-6


def test_where_the_evidence_is(real: Lesson) -> None:
    for net in real["nets"]["mean head"]:
        _expect_evidence(real, net)
    assert real["names"][0] == "airplane"
    assert real["names"][1] == "automobile"


def test_which_kinds_are_found_in_mosaics(real: Lesson) -> None:
    kinds = real["kinds"]
    for net in real["nets"]["mean head"]:
        maps = real["evidence_of"](net, real["tests"])
        hit = real["strongest_quarter"](maps, kinds) == torch.arange(4)
        found = [hit[kinds == kind].float().mean().item() for kind in range(10)]
        for kind in (1, 6, 8, 9):
            assert 0.58 < found[kind] < 0.81
        for kind in (2, 3):
            assert 0.28 < found[kind] < 0.52


def test_mosaics_hold_what_they_say(lesson: Lesson) -> None:
    split = lesson["judges"]
    images, kinds = lesson["mosaics"](split, 5, seed=3)
    assert images.shape == (5, 3, 64, 64)
    for image, four in zip(images, kinds, strict=True):
        assert len(set(four.tolist())) == 4
        for at, kind in enumerate(four.tolist()):
            row, column = divmod(at, 2)
            part = image[:, 32 * row : 32 * row + 32, 32 * column : 32 * column + 32]
            same = (split.images == part).flatten(1).all(1)
            assert kind in split.labels[same].tolist()


def test_one_choice_of_widths_only() -> None:
    found = []
    for n in range(10, 400):
        for c in range(1, n + 1):
            fixed = 76 * n + c + (25 * c + 1) * n + 2 * (n + 1) * n
            fixed += (9 * n + 1) * n + (n + 1) * n + (n + 1) * 10
            b, left = divmod(checked.TOTAL - fixed, n + 1 + c)
            if left == 0 and c <= b <= n:
                found.append((n, b, c))
    assert found == [(checked.SAME, checked.MIDDLE, checked.THIRD)]


def test_the_checks_network_is_the_courses() -> None:
    oracle, network = checked._NiN(), models.nin_cifar()
    given = [p for p in network.parameters() if p.requires_grad]
    own = list(oracle.parameters())
    assert sum(p.numel() for p in own) == checked.TOTAL == 966_986
    for one, other in zip(own, given, strict=True):
        one.data.copy_(other.data)
    x = torch.rand(2, 3, 32, 32)
    assert torch.allclose(oracle(x), network.eval()(x), atol=1e-5)


def test_where_its_weights_and_products_are(text: str) -> None:
    oracle = checked._NiN()
    sizes = [sum(p.numel() for p in conv.parameters()) for conv in oracle.convs]
    places = [1024] * 3 + [256] * 3 + [64] * 3
    products = [
        conv.weight.numel() * at  # type: ignore[operator]
        for conv, at in zip(oracle.convs, places, strict=True)
    ]
    assert max(sizes) == sizes[3] == 460_992
    assert sum(sizes[at] for at in (1, 2, 4, 5, 7, 8)) == 159_434
    assert round(products[3] / 1e6) == 118
    assert round(sum(products) / 1e6) == 222
    for number in ("460,992", "159,434", "118 of the 222 million"):
        assert number in text


def test_the_table_of_paper_and_ours(text: str) -> None:
    rows = [row[2:5] for row in table("nin", "nin-augmented").rows]
    assert [row[0] for row in rows] == ["10.41", "8.81"]
    for (paper, ours, how), name in zip(rows, ("stands", "mirrored"), strict=True):
        [line] = [
            one for one in text.splitlines() if one.startswith("# |") and name in one
        ]
        assert f"{paper} %" in line
        assert ours in line
        assert how == "80,000 steps of 128 images"


def bend(z: torch.Tensor) -> torch.Tensor:
    return F.relu(z)


@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_either_way_needs_no_more_than_two(lesson: Lesson, threshold: float) -> None:
    answer: Callable[..., tuple[torch.Tensor, ...]] = lesson["either_way"]
    w1, b1, w2, b2 = answer(lesson["edge"][0, 0], threshold)
    said = bend(F.conv2d(bend(F.conv2d(lesson["cat"], w1, b1)), w2, b2))
    both = bend(lesson["one_way"] + lesson["other_way"] - threshold)
    assert torch.allclose(said, both, atol=1e-5)
