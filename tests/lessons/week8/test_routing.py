"""What the demonstrations of "From pooling to routing" must show, and its numbers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from coursekit.checks.week8 import routing as checked
from coursekit.explore.agreement import routed, votes_for
from coursekit.models.capsnet import margin_loss, route, squash
from coursekit.plots.week8.routing import margins
from tests.lessons.demonstrations import Lesson, left_by

LESSON = Path(__file__).parents[3] / "solutions/week8_capsules/1_routing.py"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(8, "routing")


def shares(lesson: Lesson, degrees: float, rounds: int, dim: int = 1) -> torch.Tensor:
    return lesson["history"](lesson["toy"](degrees), rounds, dim)[-1][0]


def test_only_one_window_for_all_forgets_the_arrangement(lesson: Lesson) -> None:
    maps = [lesson["detected"](lesson[name]) for name in ("face", "wrong")]
    for window in (1, 2, 4, 8, 16):
        one, other = (F.max_pool2d(m, window) for m in maps)
        assert (one - other).abs().max() > 0.7
    one, other = (F.max_pool2d(m, 32).flatten() for m in maps)
    torch.testing.assert_close(one, torch.ones(3))
    torch.testing.assert_close(other, torch.ones(3))
    for name, part in zip(lesson["STAMPS"], maps[0][0], strict=True):
        assert (part > 0.999).sum() == (2 if name == "eye" else 1)
    kinds = [sorted(part[0] for part in lesson[name]) for name in ("FACE", "WRONG")]
    assert kinds[0] == kinds[1]


def test_the_numbers_of_the_first_quiz() -> None:
    def kinds(pooled: torch.Tensor) -> int:
        return len({tuple(row) for row in pooled.flatten(1).tolist()})

    assert kinds(F.max_pool1d(torch.eye(12)[:, None], 3, 3)) == 4
    assert kinds(F.max_pool1d(torch.eye(9)[:, None], 3, 2)) == 7
    maps = torch.eye(36).reshape(36, 1, 6, 6)
    once = F.max_pool2d(maps, 2)
    assert (36 // kinds(once)) ** 3 == 64
    assert (36 // kinds(F.max_pool2d(once, 3))) ** 3 == 46656


def test_the_learned_matrices_are_those_of_the_exercise(lesson: Lesson) -> None:
    for name, place in lesson["PLACES"].items():
        np.testing.assert_allclose(
            lesson["W"][name], checked._matrix(*place), atol=1e-9
        )


def test_the_mouth_votes_for_a_face_three_units_up(lesson: Lesson) -> None:
    for votes in lesson["votes_of"].values():
        for name in ("left eye", "right eye"):
            np.testing.assert_allclose(votes[name], lesson["whole"], atol=1e-9)
    right, moved = (votes["mouth"] for votes in lesson["votes_of"].values())
    np.testing.assert_allclose(right, lesson["whole"], atol=1e-9)
    up = np.array([-np.sin(np.radians(20)), np.cos(np.radians(20))])
    np.testing.assert_allclose(moved[2:] - right[2:], 3 * up, atol=1e-9)
    np.testing.assert_allclose(moved[:2], right[:2], atol=1e-9)


def test_squash_of_three_votes() -> None:
    for apart, expected in ((0, 0.90), (60, 0.80), (120, 0.0)):
        turns = torch.deg2rad(apart * torch.arange(3.0))
        s = torch.stack([turns.cos(), turns.sin()], 1).sum(0)
        assert squash(s).norm().item() == pytest.approx(expected, abs=1e-3)


def test_one_round_by_hand() -> None:
    votes = torch.tensor(
        [[[2.0, 0], [0, 2]], [[2, 0], [0, -2]], [[-2, 0], [0, 1]]], dtype=torch.double
    ).transpose(0, 1)[None]
    first, _ = route(votes, 1)
    np.testing.assert_allclose(first[0], [[0.5, 0], [0, 0.2]], atol=1e-6)
    second, couplings = route(votes, 2)
    source = " ".join(LESSON.read_text("utf-8").split())
    given = "[[[2.0, 0], [0, 2]], [[2, 0], [0, -2]], [[-2, 0], [0, 1]]]"
    assert given in source
    assert votes[0].transpose(0, 1).tolist() == json.loads(given)
    np.testing.assert_allclose(couplings[0, 0], [0.65, 0.80, 0.23], atol=0.005)
    np.testing.assert_allclose(second[0].norm(dim=1), [0.86, 0.54], atol=0.005)


def test_a_vote_turned_far_is_thrown_out(lesson: Lesson) -> None:
    for rounds, odd, other in ((1, 0.50, 0.50), (2, 0.40, 0.77), (3, 0.12, 0.96)):
        found = shares(lesson, 135, rounds)
        assert found[2, 0].item() == pytest.approx(odd, abs=0.006)
        assert found[0, 0].item() == pytest.approx(other, abs=0.006)
    for rounds, odd, other in ((2, 0.82, 0.85), (3, 0.96, 0.97)):
        found = shares(lesson, 45, rounds)
        assert found[2, 0].item() == pytest.approx(odd, abs=0.006)
        assert found[0, 0].item() == pytest.approx(other, abs=0.006)
    assert shares(lesson, 60, 3)[2, 0].item() == pytest.approx(0.94, abs=0.006)
    assert lesson["limit"] == 110


def test_the_toy_is_the_widgets(lesson: Lesson) -> None:
    for turn in (0, 45, 135):
        np.testing.assert_allclose(lesson["toy"](turn), votes_for(turn), atol=1e-6)
        ours = lesson["history"](lesson["toy"](turn), 6)
        theirs = routed(votes_for(turn), 6)
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one[0], other[0], atol=1e-5)
            np.testing.assert_allclose(one[1], other[1], atol=1e-5)


def test_the_clock_grows_on_the_word_of_one(lesson: Lesson) -> None:
    rounds = lesson["history"](lesson["toy"](135), 6)
    clock = [poses[1].norm().item() for _, poses in rounds]
    np.testing.assert_allclose(clock[:4], [0, 0.35, 0.74, 0.80], atol=0.006)
    assert clock == sorted(clock)


def test_more_rounds_are_more_decided(lesson: Lesson) -> None:
    for turn in range(0, 95, 5):
        found = [shares(lesson, turn, r)[2, 0].item() for r in (2, 3, 6)]
        assert found == sorted(found)
    for turn in range(106, 181, 5):
        found = [shares(lesson, turn, r)[2, 0].item() for r in (2, 3, 6)]
        assert found == sorted(found, reverse=True)
    for turn in range(121, 181, 5):
        found = [shares(lesson, turn, r)[2, 0].item() for r in range(1, 7)]
        assert found == sorted(found, reverse=True)
    found = [shares(lesson, 110, r)[2, 0].item() for r in range(1, 5)]
    np.testing.assert_allclose(found, [0.50, 0.57, 0.48, 0.23], atol=0.006)


def test_a_softmax_over_the_parts_makes_means(lesson: Lesson) -> None:
    lengths = {}
    for dim in (0, 1):
        for times in (1, 10):
            votes = lesson["toy"](135).repeat(times, 1, 1)
            c, _ = lesson["history"](votes, 3, dim)[-1]
            s = (c[:, :, None] * votes).sum(0).norm(dim=1)
            lengths[dim, times] = s[0].item()
    assert lengths[0, 1] == pytest.approx(lengths[0, 10], rel=1e-4)
    assert lengths[0, 1] < 2
    assert lengths[1, 1] == pytest.approx(3.7, abs=0.05)
    assert lengths[1, 10] == pytest.approx(39, abs=0.5)
    over_parts = lesson["tables"]["softmax over the parts"]
    np.testing.assert_allclose(over_parts.sum(1), [0.83, 0.83, 0.35], atol=0.006)
    np.testing.assert_allclose(over_parts[:, 1], 1 / 3, atol=1e-4)
    over_wholes = lesson["tables"]["softmax over the wholes"]
    np.testing.assert_allclose(over_wholes.sum(0), [2.04, 0.96], atol=0.006)


def test_with_agreement_the_wrong_axis_counts_parts_twice(lesson: Lesson) -> None:
    votes = lesson["toy"](0).clone()
    votes[:, 1] = 0.9 * votes[:, 0]
    right, wrong = (lesson["history"](votes, 5, dim)[-1][1] for dim in (1, 0))
    assert right[1].norm() < 0.5 < 0.7 < wrong[1].norm()


FAULTS: dict[str, dict[str, Any]] = {
    "p": {"keep": False},
    "q": {},
    "s": {"axis": 0},
    "t": {"agree": "s"},
    "u": {},
    "v": {"squash": "axis"},
}


def test_each_sick_routing_has_its_fault(lesson: Lesson) -> None:
    votes = lesson["toy"](100) + torch.tensor([0.1, -0.2])
    for name, fault in FAULTS.items():
        found = lesson[f"routing_{name}"](votes, 3)
        right = checked._route(votes.numpy(), 3, **fault)
        for one, other in zip(found, right, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)
    poses, couplings = lesson["routing_r"](votes, 3)
    later = checked._route(votes.numpy(), 4)
    np.testing.assert_allclose(poses, later[0], atol=1e-4)
    np.testing.assert_allclose(couplings, later[1], atol=1e-4)


def test_only_one_of_them_blocks_the_gradient(lesson: Lesson) -> None:
    for name in "pqrstuv":
        votes = lesson["toy"](100).requires_grad_()
        poses, _ = lesson[f"routing_{name}"](votes)
        assert poses.requires_grad == (name != "u")


def test_the_two_gradients(lesson: Lesson) -> None:
    cosines = {}
    for degrees in (45, 90, 135):
        one, other = (lesson["slope"](degrees, through) for through in (True, False))
        lengths = np.linalg.norm(one) * np.linalg.norm(other)
        cosines[degrees] = float(one @ other / lengths)
    assert cosines[45] > 0.95
    assert cosines[90] > 0.95
    assert cosines[135] < 0.4
    down = lesson["slope"](135, True)
    assert down[1] < -5 * abs(down[0])


def test_the_margin_loss_of_ten_equal_lengths() -> None:
    for length, loss in ((0.3, 0.54), (0.0, 0.81)):
        lengths = torch.full((1, 10), length)
        assert margin_loss(lengths, torch.tensor([3])).item() == pytest.approx(loss)
    blue, red = (np.asarray(line.get_ydata()) for line in margins().axes[0].lines[:2])
    assert blue[0] == pytest.approx(0.81)
    assert red[-1] == pytest.approx(0.405)


def test_the_build_can_be_drawn(lesson: Lesson) -> None:
    votes = lesson["scene"]()
    fig = lesson["plots"].week8.forming(votes, lesson["history"](votes, 3))
    assert len(fig.axes) == 6


def test_the_build_holds_on_other_seeds(lesson: Lesson) -> None:
    votes = lesson["scene"]()
    dice = np.random.default_rng(77)
    noisy = [votes + 0.05 * dice.standard_normal(votes.shape) for _ in range(200)]
    assert max(checked._lead(one, 1) for one in noisy) < 0
    assert min(checked._lead(one, 3) for one in noisy) > 0


def test_votes_by_chance_do_not_pass() -> None:
    dice = np.random.default_rng(5)
    passed = 0
    for _ in range(500):
        votes = dice.standard_normal((int(dice.integers(4, 13)), 2, 2))
        votes /= np.linalg.norm(votes, axis=2, keepdims=True)
        leads = -checked._lead(votes, 1), checked._lead(votes, 3)
        fair = checked._best_triple(votes[:, 1])[0] < checked.APART
        there = checked._best_triple(votes[:, 0])[0] > checked.TOGETHER
        passed += min(leads) > checked.MARGIN and fair and there
    assert passed == 0
