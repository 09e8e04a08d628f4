"""What the demonstrations of "Residual blocks" must show, and its numbers."""

import numpy as np
import pytest
import torch
import torchvision
from torch import Tensor, nn

from coursekit import models
from coursekit.checks.week7 import blocks as checked
from coursekit.runs.table import table
from tests.lessons.demonstrations import Lesson, left_by, path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(7, "blocks")


@pytest.fixture(scope="module")
def real(lesson: Lesson) -> Lesson:
    """The lesson, when it has run on CIFAR-10."""
    if lesson["photos"].stand_in:
        pytest.skip("CIFAR-10 cannot be had here")
    return lesson


@pytest.fixture(scope="module")
def text() -> str:
    return path(7, "blocks").read_text(encoding="utf-8")


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


STRAIGHT = ("one layer", "one layer, BN in evaluation", "two layers, nothing between")


@pytest.mark.parametrize("seed", range(3))
def test_only_a_relu_bends(lesson: Lesson, seed: int) -> None:
    a, b = torch.randn(2, 1, 8, 6, 7, generator=torch.Generator().manual_seed(seed))
    for name, block in lesson["six"].items():
        bend = lesson["bend"](block, a, b)
        assert bend < 1e-5 if name in STRAIGHT else bend > 0.01, name


def test_one_curve_is_straight_and_the_other_is_not(lesson: Lesson) -> None:
    straight, bent = (np.asarray(one) for one in lesson["curves"].values())
    corners = [np.abs(np.diff(one, 2)) > 1e-4 for one in (straight, bent)]
    assert not corners[0].any()
    assert corners[1].sum() > 10


def test_projections_add_2752(lesson: Lesson) -> None:
    kinds = lesson["by_shortcut"]
    assert kinds == {"A": 269_722, "B": 272_474}
    assert kinds["B"] - kinds["A"] == 2_752 == 16 * 32 + 64 + 32 * 64 + 128
    assert pytest.approx(0.01, abs=0.001) == 2_752 / 269_722
    assert pytest.approx(7.5, abs=0.1) == (10.02 - 7.76) / (7.76 - 7.46)


def test_a_bottleneck_is_cheaper(lesson: Lesson) -> None:
    sums = [sum(i * o * k * k for i, o, k in one) for one in lesson["pairs"].values()]
    assert sums == [1_179_648, 73_728, 69_632]


def test_the_exercise_by_hand(text: str) -> None:
    first = [28**2 * 256 * 128, 28**2 * 9 * 128**2, 28**2 * 128 * 512]
    second = [56**2 * 256 * 128, *first[1:]]
    assert [round(one / 1e6, 1) for one in first] == [25.7, 115.6, 51.4]
    assert (round(sum(first) / 1e6, 1), round(sum(second) / 1e6, 1)) == (192.7, 269.7)
    assert round(second[0] / 1e6, 1) == 102.8
    assert (sum(second) - sum(first)) / 1e6 == pytest.approx(77, abs=0.5)
    assert sum(second) / sum(first) == pytest.approx(1.4, abs=0.005)
    assert "25.7, 115.6 and 51.4 million" in text


def test_a_quarter_of_the_pixels_or_all(lesson: Lesson) -> None:
    older, newer = lesson["seen"].values()
    assert (older > 0).mean() == 0.25
    assert (older[::2, ::2] > 0).all()
    assert (newer > 0).all()
    darkest = newer[::2, ::2].mean()
    assert darkest > 1.5 * newer[1::2, 1::2].mean()


def test_the_exercise_by_hand_is_computed(lesson: Lesson) -> None:
    older, newer = lesson["products"].values()
    assert (older, newer) == (192_675_840, 269_746_176)
    older, newer = lesson["shares"].values()
    assert older == {"branch": 0.25, "shortcut": 0.25, "block": 0.25}
    assert newer == {"branch": 1, "shortcut": 0.25, "block": 1}


def test_the_price_of_the_newer_version(lesson: Lesson) -> None:
    older, newer = lesson["work"]["2015"], lesson["work"]["v1.5"]
    assert newer == 4_089_184_256
    assert newer / older == pytest.approx(1.06, abs=0.005)


def test_a_relu_on_the_road_loses_half(lesson: Lesson) -> None:
    x, behind = lesson["x"], lesson["behind"]
    assert torch.equal(behind, x.clamp(min=0))


@pytest.mark.parametrize("seed", range(3))
def test_numbers_on_the_road(real: Lesson, seed: int) -> None:
    torch.manual_seed(seed)
    v1, v2 = (real["on_the_road"](version, real["start"]) for version in (1, 2))
    assert (v1[:, 1] == 0).all()
    assert (v2[1:, 1] > 0.2).all()
    assert 0.3 < v2[-1, 1] < 0.65
    assert v2[-1, 0] == pytest.approx((v2[0, 0] ** 2 + 18) ** 0.5, rel=0.2)
    assert 3 < v1[-1, 0] < 5


def test_only_one_fault_shows_in_a_loss(real: Lesson) -> None:
    ends = {name: np.array(three) for name, three in real["ends"].items()}
    training = np.array([three[:, 0] for three in ends.values()])
    assert 1.35 < training.min() < training.max() < 1.6
    same_block = np.ptp(training, 1).max()
    assert 0.07 < same_block < 0.17
    assert np.ptp(training.mean(1)) < 1.5 * same_block
    for name, three in ends.items():
        worse = three[:, 1] - three[:, 0]
        low, high = (0.1, 0.35) if name == "T" else (-1, 0)
        assert low < worse.min() < worse.max() < high, name


def test_two_of_the_seven_have_shortcut_a(lesson: Lesson) -> None:
    x = torch.randn(2, 8, 6, 5)
    for name, zeros in (("R", slice(8, None)), ("U", slice(8))):
        block = lesson["SEVEN"][name](8, 16, 2).eval()
        nn.init.zeros_(block.bn2.weight)
        assert (block(x)[:, zeros] == 0).all(), name


def test_answers_on_the_road(lesson: Lesson) -> None:
    """What two lines of the text propose to try."""
    kernel = lesson["alone"](lesson["first"].weight.detach(), torch.ones(8))
    x = torch.randn(1, 8, 6, 7)
    one = nn.functional.conv2d(x, kernel, padding=1)
    torch.testing.assert_close(one, lesson["six"]["one layer"](x))
    bend = lesson["bend"](lambda x: nn.functional.conv2d(x, kernel, padding=1), x, -x)
    assert bend < 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_your_own_on_the_road(real: Lesson, seed: int) -> None:
    torch.manual_seed(seed)
    h, below = real["start"], []
    with torch.no_grad():
        for _ in range(18):
            h = real["PreActivation"](16, 16)(h)
            below.append((h < 0).double().mean().item())
    theirs = real["roads"]["v2"]
    assert 0.25 < below[5] < 0.42 < theirs[6, 1]
    assert 0.3 < below[17] < 0.55
    assert 1.5 < h.square().mean().sqrt() < 2.2 < theirs[18, 0]


@pytest.mark.parametrize(
    ("depth", "weights", "error"),
    [
        (20, 269_722, 8.75),
        (32, 464_154, 7.51),
        (44, 658_586, 7.17),
        (56, 853_018, 6.97),
        (110, 1_727_962, 6.43),
    ],
)
def test_the_table_of_cifar(
    lesson: Lesson, depth: int, weights: int, error: float
) -> None:
    assert count(lesson["trained"][f"resnet{depth}"]) == weights
    assert table(f"resnet{depth}").rows[0][2] == f"{error:.2f}"


@pytest.mark.parametrize(
    ("depth", "weights", "error"), [(110, 1_730_522, 6.37), (164, 1_703_258, 5.46)]
)
def test_the_table_of_pre_activation(
    lesson: Lesson, depth: int, weights: int, error: float
) -> None:
    assert count(lesson["trained"][f"preact{depth}"]) == weights
    assert table(f"preact{depth}").rows[0][2] == f"{error:.2f}"


def test_the_family_of_imagenet(lesson: Lesson) -> None:
    for depth, (blocks, narrow, weights) in checked.FAMILY.items():
        assert lesson["FAMILY"][depth] == blocks
        with torch.device("meta"):
            assert count(models.resnet(depth)) == weights
            assert count(checked._ResNet(blocks, narrow, 64, 1000)) == weights
    work = {}
    for depth in (34, 50):
        with torch.device("meta"):
            work[depth] = lesson["multiply_adds"](models.resnet(depth))
    assert work[34] == 3_663_761_408
    assert work[50] / work[34] == pytest.approx(1.12, abs=0.005)
    assert pytest.approx(1.17, abs=0.005) == 25_557_032 / 21_797_672
    for depth, stages in lesson["stages"].items():
        longest = int(np.argmax(stages)) + 1
        assert longest == (3 if depth in ("ResNet-101", "ResNet-152") else 4)


@pytest.mark.parametrize(("depth", "make"), [(18, "resnet18"), (50, "resnet50")])
def test_the_oracle_is_torchvisions(depth: int, make: str) -> None:
    blocks, narrow, _ = checked.FAMILY[depth]
    torch.manual_seed(0)
    theirs = getattr(torchvision.models, make)(weights=None)
    ours = checked._ResNet(blocks, narrow, 64, 1000)
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(2, 3, 65, 50)
    for mode in (False, True):
        got, want = scores(ours.train(mode), x), scores(theirs.train(mode), x)
        torch.testing.assert_close(got, want, atol=1e-3, rtol=1e-3)


def scores(model: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad():
        return model(x)


def test_names_and_scores_of_the_two_agree(lesson: Lesson) -> None:
    assert len(lesson["names"]) == 122
    theirs = torchvision.models.resnet18(weights=None)
    assert lesson["disagreement"](models.resnet(18), theirs) < 1e-4


def test_the_solution_reads_torchvisions_weights(lesson: Lesson) -> None:
    theirs = torchvision.models.resnet50(weights=None)
    mine = lesson["resnet"]((3, 4, 6, 3), bottleneck=True)
    assert lesson["disagreement"](mine, theirs) < 1e-4
