"""What the demonstrations of "Dense prediction" must show, and its numbers."""

import numpy as np
import pytest
import torch
from scipy.ndimage import label

from coursekit import models
from coursekit.checks.week9 import dense as checked
from tests.lessons.demonstrations import Lesson, left_by, path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(9, "dense")


@pytest.fixture(scope="module")
def text() -> str:
    return path(9, "dense").read_text(encoding="utf-8")


def test_the_check_draws_the_scenes_of_the_lesson(lesson: Lesson) -> None:
    pictures, labels = checked._scenes(300, 0)
    assert torch.equal(pictures, lesson["pictures"])
    assert torch.equal(labels, lesson["labels"])


def test_one_pixel_cannot_be_told(lesson: Lesson) -> None:
    pictures, labels = lesson["pictures"][:, 0], lesson["labels"]
    blobs, lines = (pictures[labels == k].mean().item() for k in (1, 2))
    assert blobs == pytest.approx(1.5, abs=0.01)
    assert lines == pytest.approx(1.5, abs=0.01)


def test_the_blind_network() -> None:
    shares = torch.tensor([0.80, 0.15, 0.05], dtype=torch.float64)
    for weights, rarest in (
        (torch.ones(3), 0.05),
        (1 / shares, 1 / 3),
        (shares.rsqrt(), 0.148),
    ):
        scores = torch.zeros(3, dtype=torch.float64, requires_grad=True)
        for _ in range(3000):
            counts = weights * shares
            loss = -(counts * scores.log_softmax(0)).sum() / counts.sum()
            (slope,) = torch.autograd.grad(loss, scores)
            with torch.no_grad():
                scores -= slope
        assert scores.softmax(0)[2].item() == pytest.approx(rarest, abs=0.002)


def test_a_pixel_costs_a_line_more_than_a_disc(lesson: Lesson) -> None:
    (disc, disc_dice), (line, line_dice) = (
        lesson["overlap"](*pair) for pair in lesson["moved"].values()
    )
    assert line == pytest.approx(1 / 3)
    assert line_dice == pytest.approx(0.5)
    assert disc > 0.8
    for iou, dice in ((disc, disc_dice), (line, line_dice)):
        assert dice == pytest.approx(2 * iou / (1 + iou))


FAULTS = {
    "a": "absent is 0", "b": "healthy", "c": "absent is 1", "d": "recall",
    "e": "picture by picture", "f": "dice", "g": "healthy",
}  # fmt: skip


def _score(
    fault: str, called: torch.Tensor, there: torch.Tensor, classes: int
) -> float:
    right = checked._sets(called, there, classes, None)
    if fault == "absent is 0":
        return float(np.nan_to_num(right).mean())
    if fault == "absent is 1":
        return float(np.nan_to_num(right, nan=1).mean())
    if fault == "dice":
        right = checked._sets(called, there, classes, None, dice=True)
    if fault == "recall":
        found = [
            ((called == k) & (there == k)).sum() / (there == k).sum()
            for k in range(classes)
        ]
        right = np.array(found)
    if fault == "picture by picture":
        pairs = zip(called, there, strict=True)
        each = [checked._sets(p[None], t[None], classes, None) for p, t in pairs]
        return float(np.mean([np.nanmean(one) for one in each]))
    return float(np.nanmean(right))


def test_each_score_has_its_fault(lesson: Lesson) -> None:
    dice = np.random.default_rng(3)
    for _ in range(10):
        called, there = torch.from_numpy(dice.integers(0, 3, (2, 3, 4, 5)))
        there[0, 0, 0] = called[1, 1, 1] = 1
        for name, fault in FAULTS.items():
            found = lesson[f"score_{name}"](called, there, 4)
            want = _score(fault, called, there, 4)
            assert found == pytest.approx(want, abs=1e-4), name


def _pushes(smooth: float, side: int) -> float:
    """The slope of a score of class 2, from the check's own soft Dice."""
    scores = torch.zeros(1, 3, side, side, requires_grad=True)
    goal = torch.zeros(1, side, side, dtype=torch.long)
    (slope,) = torch.autograd.grad(checked._dice(scores, goal, smooth), scores)
    return slope[0, 2, 0, 0].item()


def test_an_empty_class_says_nothing_without_smooth(lesson: Lesson) -> None:
    pushes = lesson["pushes"]
    for side, more in ((8, 0.1), (40, 0.005)):
        assert pushes["term of class 2, smooth 0", side] == 0
        assert pushes["term of class 2, smooth 1", side] > 0
        whole = [pushes[f"soft Dice, smooth {one}", side] for one in (0, 1)]
        assert whole == pytest.approx([_pushes(0, side), _pushes(1, side)], rel=1e-3)
        assert whole[1] / whole[0] - 1 == pytest.approx(more, rel=0.15)


def test_the_sizes_are_those_of_the_network(lesson: Lesson) -> None:
    for side, levels in ((572, 5), (60, 3), (44, 3), (18, 2)):
        steps = lesson["sizes"](side, levels)
        model = models.unet(width=1, levels=levels).to("meta")
        out = model(torch.zeros(1, 1, side, side, device="meta"))
        assert out.shape[2] == steps[-1][2]
        assert checked._largest(side, levels, False) == (side, out.shape[2])
    assert lesson["sizes"](572, 5)[-1][2] == 388


def test_counts(text: str) -> None:
    with torch.device("meta"):
        whole, small = models.unet(), models.unet(width=8, levels=3, classes=3)
    for model, told in ((whole, "31,030,658"), (small, "29,339")):
        assert sum(p.numel() for p in model.parameters()) == int(told.replace(",", ""))
        assert told in text
    assert checked.BUDGET == 29_339 // 20
    assert f"{checked.BUDGET:,}" in text


def test_tiles() -> None:
    assert checked._largest(580, 5, False) == (572, 388)
    for most in range(8, 90):
        assert checked._largest(most, 4, True) == (most // 8 * 8, most // 8 * 8)
    model = models.unet(width=1, levels=3).to("meta")
    for side in range(44, 80):
        fits = checked._largest(side, 3, False) == (side, side - 40)
        try:
            model(torch.zeros(1, 1, side, side, device="meta"))
        except ValueError:
            assert not fits
        else:
            assert fits


def test_connections_help_lines_most(lesson: Lesson) -> None:
    with_, without = (lesson["scores"][kind] for kind in ("with", "without"))
    lost = with_.mean(0) - without.mean(0)
    assert lost.argmax() == 2
    assert (with_[:, 2].min() - without[:, 2].max()) > 0.1
    assert with_.mean(1).min() > without.mean(1).max()
    assert without[:, 1].min() > 0.5, "blobs are found all the same"


def test_the_fine_way_carries_the_place(lesson: Lesson) -> None:
    means = {way: table.mean() for way, table in lesson["swaps"].items()}
    assert means["nothing"] == pytest.approx(lesson["scores"]["with"].mean(), abs=1e-6)
    assert min(means, key=lambda way: means[way]) == "fine"


def test_the_bottom_hardly_matters(lesson: Lesson) -> None:
    means = {way: table.mean() for way, table in lesson["swaps"].items()}
    assert means["nothing"] - means["bottom"] < 0.03
    assert means["bottom"] - means["coarse"] > 0.08
    assert means["fine"] < 0.4


def test_flat_stays_flat_only_when_resized(lesson: Lesson) -> None:
    stamped, resized = (
        layer(torch.ones(1, 1, 3, 3)).detach()[0, 0, 1:5, 1:5]
        for layer in lesson["ways"].values()
    )
    assert stamped.std() > 0.1
    assert torch.equal(stamped[:2], stamped[2:])
    assert resized.std() < 1e-6


def test_cross_entropy_pushes_harder(lesson: Lesson) -> None:
    pushes = lesson["pushes"]
    for side in (8, 40):
        for smooth in (0, 1):
            soft = pushes[f"soft Dice, smooth {smooth}", side]
            assert 7 < pushes["cross-entropy", side] / soft < 8.1


def test_the_lines_that_nobody_can_see(lesson: Lesson) -> None:
    for count, seed in ((300, 0), (100, 1)):
        dice, hidden, lines = np.random.default_rng(seed), 0, 0
        for _ in range(count):
            blobs = lesson["thing"]("disc", dice) | lesson["thing"]("square", dice)
            thin = lesson["thing"]("line", dice) | lesson["thing"]("line", dice)
            hidden, lines = hidden + (blobs & thin).sum(), lines + thin.sum()
        assert hidden / lines == pytest.approx(0.18, abs=0.005)


def _by_class(lesson: Lesson, model: torch.nn.Module) -> tuple[np.ndarray, float]:
    """IoU of each class, and how many times too many pixels are called lines."""
    called, truth = lesson["called"](model, lesson["fresh"]), lesson["truth"]
    fat = (called == 2).sum() / (truth == 2).sum()
    return np.array(lesson["by_class"](called, truth)), float(fat)


def test_weights_get_a_weak_network_off_the_ground(
    lesson: Lesson, seeds: range
) -> None:
    roots, trained = lesson["scores"]["without"][:, 2].min(), lesson["trained"]
    for seed in seeds[:2]:
        model = trained(seed, skips=False, weights=torch.ones(3))
        plain, _ = _by_class(lesson, model)
        assert plain[2] < roots - 0.05
    strong, _ = _by_class(lesson, trained(0, weights=torch.ones(3)))
    assert strong.mean() > lesson["scores"]["with"].mean() - 0.03
    for seed in seeds[:2]:
        model = trained(seed, skips=False, weights=1 / lesson["shares"])
        inverse, fat = _by_class(lesson, model)
        assert inverse[2] < roots
        assert fat > 1.5


def test_more_weights_are_no_substitute_for_connections(lesson: Lesson) -> None:
    model = lesson["trained"](0, skips=False, width=9)
    assert sum(p.numel() for p in model.parameters()) == 33_447
    assert _by_class(lesson, model)[0].mean() < 0.73


def test_full_size_is_enough_here(lesson: Lesson) -> None:
    torch.manual_seed(0)
    layers: list[torch.nn.Module] = []
    for a, b in ((1, 16), (16, 16), (16, 3)):
        layers += [torch.nn.Conv2d(a, b, 5, padding=2), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    adam = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(250):
        batch = torch.randint(300, (8,))
        scores = model(lesson["pictures"][batch])
        loss = torch.nn.functional.cross_entropy(scores, lesson["labels"][batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    assert _by_class(lesson, model)[0].mean() > 0.81


def test_no_coin_lies_in_both_parts(lesson: Lesson) -> None:
    coins, count = label(lesson["is_coin"][0].numpy())
    assert count == 24
    left, right = (set(np.unique(part)) for part in (coins[:, :92], coins[:, 112:]))
    assert left & right == {0}
    assert lesson["unseen_labels"].shape[2] == 92
    assert lesson["seen_labels"].shape[2] == 80


def test_the_ground_of_the_coins(lesson: Lesson) -> None:
    grey, coin = lesson["grey"], lesson["coin"]
    assert grey[:30, :100][~coin[:30, :100]].mean() == pytest.approx(124, abs=1)
    assert grey[100:, 300:][~coin[100:, 300:]].mean() == pytest.approx(50, abs=2)
    coins, count = label(coin)
    each = [grey[coins == k].mean() for k in range(1, count + 1)]
    large = [m for k, m in enumerate(each, 1) if (coins == k).sum() > 9]
    assert len(large) == 24
    assert min(large) == pytest.approx(131, abs=1)


def test_the_coins(lesson: Lesson) -> None:
    assert lesson["by_threshold"] == pytest.approx(0.65, abs=0.01)
    assert min(lesson["coin_scores"]) > 0.87
    dark = lesson["trained_on_coins"](0, light=0)
    called = lesson["called"](dark, lesson["unseen"])
    score = lesson["by_class"](called, lesson["unseen_labels"], 2)[1]
    assert score < min(lesson["coin_scores"]) - 0.04
