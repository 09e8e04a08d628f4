"""What the demonstrations of "Pooling" must show."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import explore
from coursekit.checks.core import Cases
from coursekit.checks.week3 import pooling as checked
from tests.answers import answers, namespace, run_cell
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(3, "pooling")


@pytest.fixture(scope="module")
def calm() -> nn.Module:
    """What the lesson calls maximum, blur, step."""
    cell = next(c for c in answers("right") if c.exercise == "calm-halving")
    space = namespace()
    run_cell(cell.source, "<calm>", space)
    return space["Halve"]()


def at(curves: list[list[float]], shift: int) -> list[float]:
    return [run[shift] for run in curves]


def test_three_kinds_of_pooling(lesson: Lesson) -> None:
    found = {
        name: values.round(2).tolist() for name, values in lesson["pooled"].items()
    }
    assert found["max"] == [[4, 3, 1], [3, 1, 6]]
    assert found["average"] == [[1.75, 1.5, 0.25], [1.25, 1, 2]]
    assert found["L2"] == [[4.58, 3.74, 1], [3.61, 2, 6.32]]


def test_alexnets_sizes_and_who_reads_a_pixel_four_times() -> None:
    sides = [55]
    for _ in range(3):
        sides.append(
            F.max_pool2d(torch.zeros(1, 1, sides[-1], sides[-1]), 3, 2).shape[2]
        )
    assert sides == [55, 27, 13, 6]
    ones = torch.ones(1, 1, 55, 55, requires_grad=True)
    (F.avg_pool2d(ones, 3, 2).sum() * 9).backward()
    assert ones.grad is not None
    assert int((ones.grad.round() == 4).sum()) == 676


def test_the_friend_is_wrong_on_the_cold_map_only(lesson: Lesson) -> None:
    for name, wrong in (("cold", 10), ("warm", 0)):
        found = lesson["friends"](lesson[name], 3, p=1)
        right = F.max_pool2d(torch.tensor(lesson[name])[None], 3, 1, 1)[0].numpy()
        assert int((found != right).sum()) == wrong


def test_the_largest_of_eight_directions_is_the_whole_rim(lesson: Lesson) -> None:
    rim = lesson["rim"]
    assert lesson["answers"][0][rim].min() == 0
    assert lesson["answers"][0][rim].max() == pytest.approx(4, abs=0.05)
    assert lesson["strongest"][rim].min() == pytest.approx(3.8, abs=0.05)
    assert lesson["strongest"][rim].max() == pytest.approx(4.2, abs=0.05)
    assert lesson["strongest"][rim].min() > 0.89 * lesson["strongest"][rim].max()
    assert all((answer[rim] > 1).mean() < 0.6 for answer in lesson["answers"])


def test_gradients_of_the_three(lesson: Lesson) -> None:
    back = {name: grad.numpy() for name, grad in lesson["back"].items()}
    assert back["max"][back["max"] != 0].tolist() == [5, -14, 10, 14]
    assert back["average"][::2, ::2].tolist() == [[1.25, -3.5], [2.5, 3.5]]
    np.testing.assert_allclose(back["L2"][:2, :2], [[1, 2], [4, 2]], atol=1e-6)
    np.testing.assert_allclose(back["L2"][2:, 2:], [[8, 4], [10, 4]], atol=1e-6)


def _slope(largest: Callable[[Tensor], Tensor], values: list[float]) -> list[float]:
    x = torch.tensor(values).reshape(1, 1, 2, 2).requires_grad_()
    largest(x).sum().backward()
    assert x.grad is not None
    return x.grad.flatten().tolist()


def test_torch_takes_the_first_and_splits() -> None:
    tied = [3.0, 3, 1, 3]
    assert _slope(lambda x: F.max_pool2d(x, 2), tied) == [1, 0, 0, 0]
    split = _slope(lambda x: x.amax((2, 3)), tied)
    assert split == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3])
    for place in (0, 1, 3):
        up, down = ([v + (i == place) * step for i, v in enumerate(tied)]
                    for step in (0.5, -0.5))  # fmt: skip
        assert (max(up) - 3, max(down) - 3) == (0.5, 0)


def test_only_a_length_written_by_hand_gives_nan() -> None:
    dark = [0.0] * 4
    assert _slope(lambda x: F.lp_pool2d(x, 2, 2), dark) == dark
    assert np.isnan(_slope(lambda x: x.square().sum().sqrt(), dark)).all()


def test_ties_are_no_rarity(lesson: Lesson) -> None:
    if lesson["digits"].stand_in:
        pytest.skip("the numbers of the text are those of MNIST")
    ties, bright = lesson["ties"], lesson["bright"]
    assert ties.float().mean() == pytest.approx(0.83, abs=0.005)
    assert ties[bright].float().mean() == pytest.approx(0.32, abs=0.005)


def test_who_gets_what_on_the_board(lesson: Lesson) -> None:
    board = np.array(lesson["board"])
    back = explore.pooling(board, 3, 2).gradient
    assert back[back > 0].tolist() == [1, 2, 1, 4, 1]
    assert board[back == 4].tolist() == [8]
    assert (board.max(), back[board == 9].tolist()) == (9, [0])
    assert (back[0, 2], (board[:3, :3] == board[0, 2]).sum()) == (1, 3)
    fair = explore.pooling(board, 3, 2, "average").gradient
    assert not fair[-1].any()
    assert not fair[:, -1].any()
    assert sorted(set(np.rint(9 * fair[:-1, :-1]).flat)) == [1, 2, 4]


def test_a_walking_pixel_blinks_or_jumps(lesson: Lesson) -> None:
    ways = lesson["ways"]
    assert ways["stride 2"].sum(1).tolist() == [0, 1, 0, 1, 0]
    assert ways["max"].argmax(1).tolist() == [0, 1, 1, 2, 2]
    assert ways["average"].argmax(1).tolist() == [0, 1, 1, 2, 2]
    assert ways["average"].max() == 0.5


def test_hardly_any_ink_is_cut_off(lesson: Lesson) -> None:
    digits, unseen = lesson["digits"], lesson["unseen"]
    ink = digits.test.images[:600].float().sum()
    for shift in (0, 8):
        left = lesson["shifted"](unseen.images, shift).float().sum()
        assert left > 0.985 * ink


def test_max_pooling_keeps_most_at_four_pixels(lesson: Lesson) -> None:
    curves = lesson["curves"]
    four = {way: at(curves[way], 4) for way in ("none", "stride", "average", "max")}
    others = four["none"] + four["stride"] + four["average"]
    lead = np.mean(four["max"]) - max(
        np.mean(four[way]) for way in ("none", "stride", "average")
    )
    assert lead > 0
    if lesson["digits"].stand_in:
        return
    assert lead > 0.15
    assert min(four["max"]) > max(others), "more than luck"
    means = {way: np.mean(runs) for way, runs in four.items()}
    expected = {"none": 0.35, "stride": 0.30, "average": 0.40, "max": 0.68}
    assert means == pytest.approx(expected, abs=0.06)
    assert all(np.mean(at(curves[way], 0)) > 0.8 for way in four)
    assert np.mean(at(curves["max"], 8)) == pytest.approx(0.27, abs=0.06)


def test_moved_examples_beat_any_pooling(lesson: Lesson) -> None:
    curves = lesson["curves"]
    moved = curves["stride, moved examples"]
    assert min(at(moved, 4)) > max(at(curves["max"], 4))
    if lesson["digits"].stand_in:
        return
    level = [np.mean(at(moved, shift)) for shift in range(7)]
    assert 0.82 < min(level) < max(level) < 0.89
    assert np.mean(at(moved, 8)) > 0.75


def test_only_a_mean_reads_any_size(lesson: Lesson) -> None:
    image = torch.zeros(1, 1, 48, 56)
    assert lesson["mean_head"]("max")(image).shape == (1, 10)
    with pytest.raises(RuntimeError):
        lesson["dense_head"]("max")(image)
    for build, weights in (("mean_head", 170), ("dense_head", 1210)):
        last = lesson[build]("max")[-1]
        assert sum(p.numel() for p in last.parameters()) == weights


def test_strides_alias_and_return_after_their_product(lesson: Lesson) -> None:
    stride, largest = lesson["heads"]["stride, mean"], lesson["heads"]["max, mean"]
    for run in stride:
        assert run[0] - run[4] > 0.2
        assert run[8] - run[4] > 0.15
    assert np.mean(at(stride, 8)) > np.mean(at(stride, 0)) - 0.06
    middle = [np.mean(at(largest, shift)) for shift in range(9)]
    assert max(middle) - min(middle) < 0.1
    if not lesson["digits"].stand_in:
        assert np.mean(at(stride, 4)) == pytest.approx(0.43, abs=0.06)
        assert middle[0] == pytest.approx(0.80, abs=0.05)


@pytest.mark.parametrize("strides", [(1, 1), (2, 3), (2, 2, 2)])
def test_scores_return_at_the_product_of_the_strides(strides: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 1, 3, s, 1, bias=False) for s in strides]
    model = nn.Sequential(*(part for c in layers for part in (c, nn.ReLU())))
    row = torch.zeros(1, 1, 60, 120)
    row[..., 20:40, 30:60] = torch.rand(20, 30)
    weight = torch.rand_like(model(row))  # of a dense layer
    means, dense = [], []
    for shift in range(13):
        maps = model(F.pad(row, (shift, -shift)))
        means.append(maps.mean().item())
        dense.append((maps * weight).sum().item())
    same = [n for n in range(1, 13) if abs(means[n] - means[0]) < 1e-6 * abs(means[0])]
    product = int(np.prod(strides))
    assert same == list(range(product, 13, product))
    assert all(abs(score - dense[0]) > 1e-5 * abs(dense[0]) for score in dense[1:])


def test_three_pictures_pool_to_the_same(lesson: Lesson) -> None:
    assert lesson["same"] == [True] * 3
    one, shuffled, dots = lesson["pictures"].values()
    assert not torch.equal(one, shuffled)
    assert (dots == 0).float().mean() > 0.93
    averages = lesson["mean"]
    assert torch.allclose(averages[0], averages[1])
    assert not torch.allclose(averages[0], averages[2])


def test_stripes_turn_black_or_white(lesson: Lesson) -> None:
    thin = lesson["thin"]
    assert thin["stride 2"].tolist() == [[1] * 4, [0] * 4]
    assert (thin["max"] == 1).all()
    for name in ("average", "blur, then stride 2"):
        assert (thin[name] == 0.5).all()


def test_one_step_makes_wide_stripes_a_wall_unless_they_are_blurred(
    lesson: Lesson,
) -> None:
    wide = lesson["broad"]
    assert wide["stripes"].tolist() == [
        [1, 1, 0, 0] * 2,
        [0, 1, 1, 0] * 2,
    ]
    assert wide["stride 2"].tolist() == [[1, 0] * 2, [0, 1] * 2]
    assert wide["max"].tolist() == [[1, 0] * 2, [1] * 4]
    assert wide["average"].tolist() == [[1, 0] * 2, [0.5] * 4]
    blurred = [[0.75, 0.25] * 2, [0.25, 0.75] * 2]
    assert wide["blur, then stride 2"].tolist() == blurred


def test_what_moves_the_means_and_what_is_left_of_a_pixel(lesson: Lesson) -> None:
    found = {name: [lesson["movement"](halve, seed) for seed in range(5)]
             for name, halve in lesson["candidates"].items()}  # fmt: skip
    left = {name: lesson["lonely"](h) for name, h in lesson["candidates"].items()}
    assert list(left.values()) == [0, 1, 1, 0.25]
    for average, largest, stride in zip(
        found["average"], found["max"], found["stride 2"], strict=True
    ):
        assert average < 0.5 * largest < 0.5 * stride
    if not lesson["digits"].stand_in:
        means = [np.mean(moves) for moves in found.values()]
        assert means == pytest.approx([0.83, 0.44, 0.40, 0.09], abs=0.02)


def _shares(halve: Callable[[Tensor], Tensor], seeds: range) -> list[float]:
    found = []
    for seed in seeds:
        cases, mine, theirs = Cases(seed, False), 0.0, 0.0
        for _ in range(checked.NETWORKS):
            images, weights = checked._strokes(cases), checked._weights(cases)
            mine += checked._movement(halve, images, weights)
            theirs += checked._movement(lambda x: F.max_pool2d(x, 2), images, weights)
        found.append(mine / theirs)
    return found


def _little_blurred(x: Tensor) -> Tensor:
    """Maximum, a small blur, step."""
    row, channels = torch.tensor([1.0, 4, 1]) / 6, x.shape[1]
    kernel = torch.outer(row, row).expand(channels, 1, 3, 3)
    x = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, 1)
    return F.conv2d(x, kernel, stride=2, padding=1, groups=channels)


def test_the_bound_of_the_build_is_fair(lesson: Lesson, calm: nn.Module) -> None:
    """What should pass does so with room to spare, and what should not does not."""
    assert lesson["lonely"](calm) == pytest.approx(0.5625)
    shares = _shares(calm, range(8))
    assert 0.15 < min(shares) < max(shares) < 0.32
    other = _shares(lambda x: F.avg_pool2d(F.max_pool2d(x, 3, 1, 1), 2), range(8))
    assert 0.26 < min(other) < max(other) < 0.46
    near = _shares(_little_blurred, range(12))  # on both sides of the bound
    assert min(near) < checked.CALM < max(near) < checked.CALM + checked.MORE - 0.05
    mixed = _shares(lambda x: (F.max_pool2d(x, 2) + F.avg_pool2d(x, 2)) / 2, range(4))
    assert min(mixed) > 0.65


def _changed(lesson: Lesson, model: nn.Module) -> float:
    """The part of the answers that change under shifts of 1 to 7 pixels."""
    images, answers = lesson["unseen"].images.float() / 255, []
    with torch.no_grad():
        for shift in range(8):
            answers.append(model(lesson["shifted"](images, shift)).argmax(1))
    return float(np.mean([(a != answers[0]).float().mean() for a in answers[1:]]))


def test_a_blur_before_the_step_calms_a_trained_network(
    lesson: Lesson, calm: nn.Module
) -> None:
    if lesson["digits"].stand_in:
        pytest.skip("the numbers of the text are those of MNIST")
    lesson["WAYS"]["mine"] = (1, calm)
    changed: dict[str, float] = {}
    # the first of the three runs that the text tells of
    for way, first, right in (("max", 0.86, 0.845), ("mine", 0.89, 0.89)):
        model = _trained(lesson, "mean_head", way, 0, 10)
        changed[way] = _changed(lesson, model)
        curve = lesson["curve"](model)
        assert curve[0] == pytest.approx(first, abs=0.03)
        assert curve[4] == pytest.approx(right, abs=0.03)
    assert changed["mine"] < 0.5 * changed["max"]
    assert changed["mine"] < 0.04
    assert 0.07 < changed["max"] < 0.12


def test_it_learns_more_slowly_and_a_dense_head_gains_nothing(
    lesson: Lesson, calm: nn.Module
) -> None:
    if lesson["digits"].stand_in:
        pytest.skip("the numbers of the text are those of MNIST")
    lesson["WAYS"]["mine"] = (1, calm)
    mean, dense = (
        [
            lesson["curve"](_trained(lesson, head, "mine", seed, rounds))
            for seed in range(1)
        ]
        for head, rounds in (("mean_head", 4), ("dense_head", 2))
    )
    heads = lesson["heads"]["max, mean"]
    assert np.mean(at(mean, 0)) < np.mean(at(heads, 0)) - 0.05
    assert np.mean(at(dense, 4)) < np.mean(at(lesson["curves"]["max"], 4)) + 0.02


def _trained(lesson: Lesson, head: str, way: str, seed: int, rounds: int) -> nn.Module:
    torch.manual_seed(seed)
    model: nn.Module = lesson["trained"](lesson[head](way), seed, rounds=rounds)
    return model
