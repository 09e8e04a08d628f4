"""What the demonstrations of "Neural style transfer" must show, and its numbers."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from coursekit import features, style
from coursekit.checks import painter
from coursekit.checks.core import Cases
from coursekit.checks.week9 import style as checked
from coursekit.explore.gram import MAPS, gram_of, orders, shuffle
from coursekit.features import shipped
from coursekit.models.vgg import CONFIGURATIONS
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow
LAYERS = style.STYLE_LAYERS


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(9, "style")


def random_maps(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(3))


def test_the_sizes_of_the_two_pictures(lesson: Lesson) -> None:
    assert lesson["temple"].shape == (3, 160, 240)
    assert lesson["painting"].shape == (3, 256, 256)
    assert lesson["temple"].numel() == 115_200
    for name in ("temple", "painting"):
        assert 0 <= lesson[name].min() < lesson[name].max() <= 1


def test_what_a_shuffle_changes() -> None:
    wall, order = np.array(MAPS), orders(36)[0]
    before = gram_of(wall)
    alike = gram_of(np.stack([shuffle(one, order) for one in wall]))
    assert (alike == before).all()
    alone = gram_of(np.stack([wall[0], shuffle(wall[1], order), wall[2]]))
    changed = {(int(i) + 1, int(j) + 1) for i, j in np.argwhere(alone != before)}
    assert changed == {(1, 2), (2, 1), (2, 3), (3, 2)}
    assert (before[0, 1], alone[0, 1]) == (16, 6)
    assert (before[1, 2], alone[1, 2]) == (0, 5)
    assert alone[1, 1] == 8 == np.count_nonzero(wall[1])


def test_deeper_layers_keep_less_of_the_photograph(lesson: Lesson) -> None:
    off = [
        float((lesson["kept"][layer] - lesson["little_temple"]).abs().mean())
        for layer in LAYERS
    ]
    assert off == sorted(off)
    assert off[0] < 0.01
    assert off[4] > 0.1


def test_gram_does_not_see_a_common_shuffle(lesson: Lesson) -> None:
    G, after = lesson["G"], lesson["after"]
    assert (after - G).abs().max() < 1e-5 * G.abs().max()
    rows, dust = lesson["maps"].flatten(2)[0], lesson["dust"]
    assert rows.shape == dust.shape


def test_the_answers_to_what_g_knows() -> None:
    maps = random_maps(192, 7, 11)

    def gram(given: Tensor) -> Tensor:
        return torch.einsum("ihw,jhw->ij", given, given)

    G = gram(maps)
    torch.testing.assert_close(gram(maps.flip(2)), G, rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(
        gram(torch.cat([maps, maps], 2)), 2 * G, rtol=1e-4, atol=1e-3
    )
    torch.testing.assert_close(gram(2 * maps), 4 * G, rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(gram(maps.flip(0)), G.flip(0, 1), rtol=1e-4, atol=1e-3)
    rows = maps.flatten(1)
    apart = torch.stack([one[torch.randperm(77)] for one in rows])
    assert (apart @ apart.T - G).abs().max() > 10
    assert (gram(maps + 1) - G).abs().max() > 10
    assert len(np.triu_indices(192)[0]) == 18_528
    assert 192 * 9**2 < 18_528 < 192 * 10**2


def test_a_mirrored_photograph_has_another_gram_matrix(lesson: Lesson) -> None:
    one, other = (
        lesson["per_place"](picture)["conv3_1"]
        for picture in (lesson["temple"], lesson["temple"].flip(2))
    )
    assert (one - other).abs().max() > 0.02 * one.abs().max()


def test_the_framed_product_is_eight() -> None:
    assert np.array([2, 0, 1, 3]) @ np.array([1, -1, 0, 2]) == 8


def test_who_is_near_to_the_painting(lesson: Lesson) -> None:
    far = {
        name: dict(zip(LAYERS, losses, strict=True))
        for name, losses in lesson["far"].items()
    }
    temple, noise = far["the temple"], far["its pixels, shuffled"]
    mirrored, dyed = far["the painting, mirrored"], far["the temple, dyed"]
    total = {name: sum(losses.values()) for name, losses in far.items()}
    assert min(total, key=total.__getitem__) == "the painting, mirrored"
    assert max(total, key=total.__getitem__) == "the temple"
    assert 0.01 < dyed["conv1_1"] / temple["conv1_1"] < 0.02
    assert 0.7 < dyed["conv3_1"] / temple["conv3_1"] < 0.76
    assert all(dyed[layer] > temple[layer] for layer in ("conv4_1", "conv5_1"))
    assert 0.03 < total["the temple, dyed"] / total["the temple"] < 0.06
    assert 4 < noise["conv3_1"] / temple["conv3_1"] < 5
    assert noise["conv5_1"] > 10 * temple["conv5_1"]
    for seed in (1, 2):
        other = lesson["distances"](lesson["painted"](256, seed))
        again = dict(zip(LAYERS, other, strict=True))
        assert sum(other) < 0.02 * total["the temple"]
        for layer in ("conv3_1", "conv4_1"):
            assert again[layer] < mirrored[layer]


def test_the_slope_in_the_text_is_right() -> None:
    maps, painting = random_maps(1, 4, 3, 5), random_maps(1, 4, 3, 5).flip(3)
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    short = (rows @ rows.T - others @ others.T) @ rows / (4**2 * 15**2)
    slope, _ = checked._slope(maps, painting)
    np.testing.assert_allclose(short.view(maps.shape), slope, rtol=1e-4, atol=1e-6)


def test_one_call_of_step_is_a_whole_search(lesson: Lesson) -> None:
    heights = {
        name: float(lesson["valley"](path[-1]))
        for name, path in lesson["paths"].items()
    }
    assert heights["L-BFGS"] < 1e-8
    assert (lesson["paths"]["L-BFGS"][-1] - 1).abs().max() < 5e-5
    assert min(heights[f"Adam, lr {lr}"] for lr in (0.02, 0.5)) > 0.1


def test_lbfgs_is_behind_at_first_and_ahead_later(lesson: Lesson) -> None:
    lbfgs, *adams = lesson["falling"].values()
    assert all(lbfgs[4] > 1.5 * adam[4] for adam in adams)
    assert all(lbfgs[9] < adam[9] for adam in adams)
    assert all(lbfgs[39] < 0.6 * adam[39] for adam in adams)


def style_of(picture: Tensor, other: Tensor, layer: str = "conv3_1") -> float:
    network = features.small("average")
    maps, others = (network(one[None], [layer])[layer] for one in (picture, other))
    return float(style.style_loss(maps, style.gram(others) / others[0, 0].numel()))


def test_each_sick_loss_has_its_fault(lesson: Lesson) -> None:
    temple, painting = lesson["small_temple"][:, :, :80], lesson["fine"]
    pairs = {
        "one": (temple, painting[:, :64, :80]),
        "two": (temple, painting[:, :48, :56]),
    }
    for sizes, (a, b) in pairs.items():
        right = style_of(a, b)
        got = {name: float(lesson[f"loss_{name}"](a, b)) for name in "pqrstuv"}
        assert got["p"] == pytest.approx(right, rel=1e-3)
        assert got["u"] == pytest.approx(right, rel=1e-3)
        agrees = got["t"] == pytest.approx(right, rel=1e-2)
        assert agrees == (sizes == "one")
        places = (b.shape[1] // 4) * (b.shape[2] // 4)
        assert got["q"] == pytest.approx(right / places**2, rel=1e-3)
        assert got["r"] == pytest.approx(style_of(a.flip(0), b.flip(0)), rel=1e-3)
        assert got["s"] == pytest.approx(style_of(a, b, "relu3_1"), rel=1e-3)
        agrees = got["v"] == pytest.approx(right, rel=1e-2)
        assert agrees == (sizes == "one")
        for name in "qrs":
            assert got[name] != pytest.approx(right, rel=1e-3)


def test_swapped_colours_are_an_eighth_off(lesson: Lesson) -> None:
    temple, painting = lesson["temple"], lesson["painting"]
    swapped = float(lesson["loss_r"](temple, painting)) / style_of(temple, painting)
    assert 0.11 < 1 - swapped < 0.14


def test_only_one_of_them_is_blocked(lesson: Lesson) -> None:
    picture = lesson["temple"][:, :32, :48].clone().requires_grad_()
    for name in "pqrstuv":
        loss = lesson[f"loss_{name}"](picture, lesson["painting"][:, :32, :32])
        assert loss.requires_grad == (name != "u")


def test_colours_come_first(lesson: Lesson) -> None:
    result, temple = lesson["result"], lesson["temple"]
    part = np.array(result.losses["style"]) / result.losses["style"][0]
    assert 0.01 < part[10] < 0.05
    assert part[49] < 0.001
    assert lesson["unframed"](result.image).shape == temple.shape
    stages = dict(lesson["stages"])
    losses = zip(
        lesson["distances"](stages[10]), lesson["far"]["the temple"], strict=True
    )
    parts = [one / most for one, most in losses]
    assert parts == sorted(parts)
    assert parts[0] < 0.03
    assert 0.25 < parts[4] < 0.45
    assert (stages[5] - temple).abs().mean() < 0.04
    assert (stages[10] - temple).abs().mean() > 0.1


def test_from_noise_the_loss_has_to_say_all(lesson: Lesson) -> None:
    content, strokes = (
        [[run.losses[term][-1] for run in row] for row in lesson["begun"]]
        for term in ("content", "style")
    )
    assert content[1][1] > 1.2 * content[1][0]
    assert strokes[0][1] > 5 * strokes[1][1]
    where = [[maps_of(run.image) for run in row] for row in lesson["begun"]]
    aim = maps_of(lesson["small_temple"])
    alike = np.array([[np.corrcoef(aim, one)[0, 1] for one in row] for row in where])
    assert alike[0].min() > 0.75
    assert alike[1, 1] < 0.5


def maps_of(picture: Tensor) -> np.ndarray:
    """All numbers of conv3_2, in a row."""
    network = features.small("average")
    with torch.no_grad():
        return network(picture[None], ["conv3_2"])["conv3_2"].flatten().numpy()


def test_the_corners_of_the_table(lesson: Lesson) -> None:
    table, photograph = lesson["table"], lesson["small_temple"]
    off = np.array(
        [[float((one - photograph).abs().mean()) for one in row] for row in table]
    )
    assert (np.diff(off, axis=1) > 0).all()
    assert off.argmin() == 3  # the lower left
    assert (off[:, 1] - off[:, 0] > 0.05).all()
    assert (off[:, 2] - off[:, 1] < 0.01).all()


def test_vgg19_multiplies_three_to_four_times_as_often() -> None:
    def products(row: Sequence[int | str]) -> float:
        total, channels, share = 0.0, 3, 1.0
        for entry in row:
            if isinstance(entry, str):
                share /= 4
                continue
            total += 9 * channels * entry * share
            channels = entry
            if share < 1 / 200:
                break  # conv5_1 is the last that is read
        return total

    assert 3 < products(CONFIGURATIONS["E"]) / products(shipped.ROW) < 4


def pair_of(seed: int) -> tuple[Tensor, Tensor]:
    cases = Cases(seed, False)
    hand = painter.HANDS[str(cases.rng.choice(sorted(painter.HANDS)))]
    content = str(cases.rng.choice(checked.PHOTOGRAPHS))
    return (
        checked._crop(cases, content, (40, 56)),
        painter.drawn(hand, 48, 40, cases.rng),
    )


def dyed(content: Tensor, painting: Tensor) -> Tensor:
    """The photograph with the mean and the covariance of the painting's colours."""
    grey, aim = (one.flatten(1).double() for one in (content, painting))
    have, want = (torch.linalg.cholesky(torch.cov(one)) for one in (grey, aim))
    even = torch.linalg.solve(have, grey - grey.mean(1, keepdim=True))
    flat = want @ even + aim.mean(1, keepdim=True)
    return flat.view_as(content).clip(0, 1).float()


def parts_of(picture: Tensor, pair: tuple[Tensor, Tensor]) -> tuple[np.ndarray, float]:
    return checked._parts(features.small("average"), picture, *pair)


def test_stupid_painters_do_not_reach_the_goal() -> None:
    for seed in range(6):
        content, painting = pair = pair_of(seed)
        size = list(content.shape[1:])
        copy = F.interpolate(painting[None], size, mode="bilinear", antialias=True)[0]
        flat = painting.mean((1, 2), keepdim=True).expand_as(content)
        blue = dyed(content, painting)
        blends = [(1 - t / 4) * blue + t / 4 * content for t in range(5)]
        for picture in (flat, copy, (blue + copy) / 2, *blends):
            assert not all(checked.reached(*parts_of(picture, pair)))


@pytest.mark.share(1)
@pytest.mark.parametrize("share", [0.003, 0.01, 0.03])
def test_one_layer_is_not_the_style(share: float) -> None:
    """conv1_1 alone does not reach the goal, whatever the content weighs."""
    for seed in range(2):
        content, painting = pair = pair_of(seed)
        picture = style.transfer(
            content, painting, network=features.small("average"), alpha=200 * share,
            content_layers=("conv4_2",), style_layers=("conv1_1",), steps=30,
        ).image  # fmt: skip
        assert not all(checked.reached(*parts_of(picture, pair), 1.1))


def test_the_solution_paints_on_other_seeds(lesson: Lesson) -> None:
    for seed in range(11, 15):
        pair = pair_of(seed)
        styled, placed = parts_of(lesson["paint"](*pair), pair)
        assert all(checked.reached(styled, placed, 0.9))
