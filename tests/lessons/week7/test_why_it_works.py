"""What the demonstrations of "Why it works" must show, and its numbers."""

from math import comb

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import models
from coursekit.checks.week7 import why_it_works as checked
from coursekit.explore.paths import gradient_shares, mean_lengths, path_shares
from coursekit.runs.table import table
from tests.lessons.demonstrations import Lesson, left_by, path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(7, "why_it_works")


@pytest.fixture(scope="module")
def real(lesson: Lesson) -> Lesson:
    """The lesson, when it has run on CIFAR-10."""
    if lesson["photos"].stand_in:
        pytest.skip("CIFAR-10 cannot be had here")
    return lesson


@pytest.fixture(scope="module")
def text() -> str:
    return path(7, "why_it_works").read_text(encoding="utf-8")


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_both_kinds_are_as_good(real: Lesson) -> None:
    residual, plain = real["whole"].values()
    assert 0.22 < min(*residual, *plain) < max(*residual, *plain) < 0.35
    assert abs(np.mean(residual) - np.mean(plain)) < 0.05


def test_a_lesion_hurts_the_plain_one(real: Lesson) -> None:
    residual, plain = (np.asarray(real["lesions"][k]) for k in ("residual", "plain"))
    whole = np.asarray(real["whole"]["residual"])
    lost = whole - residual.mean(1)
    assert (lost > 0.025).all()
    assert (lost < 0.09).all()
    assert plain.mean(1).max() < 0.14
    assert plain.mean(0).max() < 0.22
    by_block = residual.mean(0)
    assert by_block[:2].max() < by_block[2:].min(), "the first two hurt most"
    assert (whole.mean() - by_block[-3:] < 0.045).all()


def test_the_friends(real: Lesson) -> None:
    model, k = real["chains"]["residual"][0], 4
    orders = [[i for i in range(9) if i != out] for out in range(9)]
    want = [real["accuracy"](model, order) for order in orders]
    before = {name: one.clone() for name, one in model.state_dict().items()}
    found = {
        name: [real[f"friend_{name}"](model, out) for out in range(9)]
        for name in "abcef"
    }
    for name, one in model.state_dict().items():
        assert torch.equal(one, before[name]), name
    assert [name for name, values in found.items() if values == want] == ["f"]
    assert all(np.not_equal(values, want).sum() > 4 for values in found.values()
               if values != want)  # fmt: skip
    assert real["friend_d"](model, k) == want[k]
    assert not bool(model.branches[k][2].weight.any()), "D has changed it"
    model.load_state_dict(before)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_are_sums_over_paths_and_outputs_are_not(
    lesson: Lesson, seed: int
) -> None:
    torch.manual_seed(seed)
    point = torch.randn(20)
    linear, six, biased = lesson["stacks"].values()
    with torch.no_grad():
        for some, least, most in (
            (linear, 0, 1e-4), (six, 0.1, 0.7), (biased, 1.5, 20),
        ):  # fmt: skip
            gap = lesson["apart"](
                lesson["added_up"](point, some), lesson["network_of"](point, some)
            )
            assert least <= gap < most
    jacobian = torch.autograd.functional.jacobian(
        lambda x: lesson["network_of"](x, biased), point
    )
    summed = lesson["sum_of_products"](lesson["slopes"](point, biased))
    assert lesson["apart"](summed, jacobian) < 1e-4


def test_lengths(lesson: Lesson) -> None:
    shares = np.array([comb(54, k) for k in range(55)]) / 2**54
    assert np.allclose(lesson["shares"], shares)
    assert shares[5:18].sum() == pytest.approx(0.0045, abs=5e-5)
    assert shares[19:36].sum() > 0.95
    assert np.arange(55) @ shares == pytest.approx(27)


def test_short_paths_carry_the_gradient(real: Lesson) -> None:
    for sizes, carried in zip(real["sizes"], real["carried"], strict=True):
        factor = sizes[5] ** (1 / 5)
        assert 0.4 < factor < 0.6
        assert 2.5 < np.arange(10) @ np.asarray(carried) < 3.3
        assert (np.diff(sizes) < 0).all()


def test_the_model_at_full_size() -> None:
    by_factor = {r: np.array(gradient_shares(54, 0, r)) for r in (0.24, 0.5)}
    assert by_factor[0.5][:18].sum() == pytest.approx(0.45, abs=0.005)
    assert by_factor[0.24][5:18].sum() == pytest.approx(0.98, abs=0.005)
    assert [mean_lengths(54, 0, r)[1] for r in by_factor] == pytest.approx(
        [10.5, 18], abs=0.05
    )
    left = {(r, d): sum(gradient_shares(54, d, r)) for r in by_factor for d in (1, 3)}
    assert left[0.5, 1] == pytest.approx(2 / 3)
    assert left[0.24, 1] == pytest.approx(0.8, abs=0.01)
    assert left[0.5, 3] == pytest.approx(0.30, abs=0.005)
    assert 0.5 < left[0.24, 3] < 0.55
    assert sum(path_shares(54, 3)) == 1 / 8


def test_the_gradients_of_all_paths_add_up(real: Lesson) -> None:
    model = real["chains"]["residual"][0]
    images, labels = real["x_new"][:8], real["t_new"][:8]
    last = real["behind_all"](model, images, labels)
    paths = [last]
    for start, out in reversed(real["opened"](model, images)):
        back = [torch.autograd.grad(out, start, g, retain_graph=True)[0] for g in paths]
        paths += back
    first = model.stem(images).detach().requires_grad_()
    maps = first
    for one in model.branches:
        maps = maps + one(maps)
    loss = torch.nn.functional.cross_entropy(model.head(maps), labels, reduction="sum")
    (want,) = torch.autograd.grad(loss, first)
    torch.testing.assert_close(torch.stack(paths).sum(0), want, rtol=1e-3, atol=1e-5)


def test_gradients_by_depth(lesson: Lesson) -> None:
    ratios = {
        name: {kind: [g[0] / g[-1] for g in some] for kind, some in kinds.items()}
        for name, kinds in lesson["depths"].items()
    }
    norm, he, usual = ratios.values()
    assert all(1000 < one < 5000 for one in norm["plain"])
    assert all(one ** (1 / 40) == pytest.approx(1.2, abs=0.04) for one in norm["plain"])
    assert all(15 < one < 60 for one in norm["residual"])
    assert all(0.02 < one < 0.5 for one in he["plain"])
    assert all(one > 1e4 for one in he["residual"])
    assert all(one < 1e-14 for one in usual["plain"])
    assert all(one > 1 for one in usual["residual"])
    for values in np.asarray(lesson["depths"]["BN, He"]["residual"]):
        assert 0.02 < values[0] < 0.06
        assert values[[10, -1]] == pytest.approx([0.0035, 0.0013], rel=0.4)
    for values in np.asarray(lesson["depths"]["no BN, PyTorch"]["residual"]):
        assert 0.1 < values[0] < 0.2
        assert 0.005 < values[-1] < 0.009


def test_gradients_of_the_networks_of_notebook_1(real: Lesson) -> None:
    plain, *residual = real["ratios"].values()
    assert all(20 < one < 36 for one in plain)
    assert all(3.5 < one < 7 for some in residual for one in some)


def test_loud_branches_are_missed(real: Lesson) -> None:
    for size, gone in zip(real["loud"], real["lost"], strict=True):
        assert np.corrcoef(size, gone)[0, 1] > 0.6
        assert 0.85 < np.corrcoef(size[1:], gone[1:])[0, 1] < 0.96
        assert size[0] > 0.9
        assert size[-1] < 0.35


def test_neighbours_may_change_places(real: Lesson) -> None:
    for at, model in enumerate(real["chains"]["residual"]):
        whole = real["whole"]["residual"][at]
        swapped = np.mean([real["accuracy"](model, order) for order in real["swaps"]])
        mixed = np.mean([real["accuracy"](model, order) for order in real["shuffles"]])
        assert whole - swapped < 0.05
        assert mixed < 0.2
        assert whole > swapped > mixed + 0.05
    for model in real["chains"]["plain"]:
        swapped = np.mean([real["accuracy"](model, order) for order in real["swaps"]])
        assert swapped < 0.15


def test_new_statistics_bring_much_of_it_back(real: Lesson) -> None:
    found = {
        key: np.array([table.mean(1) for table in pair])
        for key, pair in real["repaired"].items()
    }
    whole = found["residual", "whole"][0]
    for words, least in (("one out", 0.5), ("three out", 0.35)):
        before, after = found["residual", words]
        assert ((after - before) / (whole - before) > least).all(), words
        before, after = found["plain", words]
        assert (np.abs(after - before) < 0.05).all(), words
    assert np.abs(np.subtract(*found["residual", "whole"])).max() < 0.04


def test_the_first_block_is_missed_with_new_statistics_too(real: Lesson) -> None:
    still = np.asarray(real["still"])
    assert (still[:, 0] > 0.03).all()
    assert (still[:, 1:] < 0.05).all()
    for size, gone in zip(real["loud"], still, strict=True):
        assert np.corrcoef(size, gone)[0, 1] > 0.85
        assert 0.4 < np.corrcoef(size[1:], gone[1:])[0, 1] < 0.8, "without the first"


def test_stochastic_depth(real: Lesson) -> None:
    usual, dropped = (np.asarray(rows) for rows in real["compared"].values())
    assert (dropped[0] <= usual[0] + 0.01).all(), "not better as a whole"
    assert (dropped[0] - dropped[1]).mean() < 0.7 * (usual[0] - usual[1]).mean()
    assert dropped[2].mean() > usual[2].mean() - 0.02
    assert sum(real["decay"]) == pytest.approx(40.25)


def test_a_dense_network_takes_a_lesion(real: Lesson) -> None:
    for at, model in enumerate(real["chains"]["dense"]):
        lost = real["accuracy"](model) - real["lesions"]["dense"][at].mean()
        assert 0.02 < lost < 0.1
    assert count(real["chains"]["dense"][0]) < count(real["chains"]["residual"][0])


def test_counts_of_densenets(lesson: Lesson, text: str) -> None:
    for depth, (growth, blocks) in {
        121: (32, (6, 12, 24, 16)),
        169: (32, (6, 12, 32, 32)),
        161: (48, (6, 12, 36, 24)),
    }.items():
        with torch.device("meta"):
            weights = count(models.densenet(depth))
        assert lesson["densenet_weights"](growth, blocks) == weights
        assert checked._count(growth, blocks) == weights
    assert checked._count(32, (6, 12, 24, 16)) == 7_978_856
    with torch.device("meta"):
        small = count(models.cifar_densenet(100, growth=12, bottleneck=True))
    [row] = table("densenet-bc-100").rows
    [line] = [one for one in text.splitlines() if one.startswith("# | DenseNet-BC")]
    assert line == f"# | DenseNet-BC, 100 layers, $g = 12$ | {small:,} | {row[2]} % |"


def test_the_chain_of_the_check_is_the_lessons(lesson: Lesson) -> None:
    torch.manual_seed(0)
    mine = lesson["Chain"](4, 10, 1).eval()
    theirs = checked._Chain(4).eval()
    theirs.load_state_dict(mine.state_dict())
    x = torch.randn(3, 1, 8, 8)
    with torch.no_grad():
        torch.testing.assert_close(mine(x), theirs(x))


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", range(2))
def test_four_blocks_read_as_nine_do(lesson: Lesson, seed: int) -> None:
    images, fresh, truth, teacher = checked._classroom(100 + seed)
    here = {one.numpy().tobytes() for one in lesson["digits"]}
    assert not any(one.numpy().tobytes() in here for one in images), "other images"
    best = checked._right(teacher, fresh, truth)
    assert best > 0.92
    state = lesson["cut"](teacher.state_dict(), images[:600])
    pupil = checked._Chain(4)
    pupil.load_state_dict(state)
    assert checked._right(pupil.eval(), fresh, truth) > best - 0.05
    bare = checked._Chain(4)
    bare.load_state_dict({n: teacher.state_dict()[n] for n in bare.state_dict()})
    assert checked._right(bare.eval(), fresh, truth) < 0.35
