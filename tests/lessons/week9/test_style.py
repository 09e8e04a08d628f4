"""What the demonstrations of "Neural style transfer" must show, and its numbers."""

import numpy as np
import pytest
import torch
from torch import Tensor

from coursekit import data, features, style
from coursekit.checks.core import Cases
from coursekit.checks.week9 import style as checked
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow
LAYERS = style.STYLE_LAYERS


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(9, "style")


def random_maps(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(3))


def test_the_sizes_of_the_two_pictures(lesson: Lesson) -> None:
    assert lesson["temple"].shape == (3, 144, 216)
    assert lesson["painting"].shape == (3, 256, 256)
    assert lesson["temple"].numel() == 93_312
    for name in ("temple", "painting"):
        assert 0 <= lesson[name].min() < lesson[name].max() <= 1


def test_deeper_layers_keep_less_of_the_photograph(lesson: Lesson) -> None:
    off = [
        float((lesson["kept"][layer] - lesson["small_temple"]).abs().mean())
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
    F = random_maps(192, 7, 11)

    def gram(maps: Tensor) -> Tensor:
        return torch.einsum("ihw,jhw->ij", maps, maps)

    G = gram(F)
    torch.testing.assert_close(gram(F.flip(2)), G, rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(gram(torch.cat([F, F], 2)), 2 * G, rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(gram(2 * F), 4 * G, rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(gram(F.flip(0)), G.flip(0, 1), rtol=1e-4, atol=1e-3)
    rows = F.flatten(1)
    apart = torch.stack([one[torch.randperm(77)] for one in rows])
    assert (apart @ apart.T - G).abs().max() > 10
    assert (gram(F + 1) - G).abs().max() > 10
    assert len(np.triu_indices(192)[0]) == 18_528
    assert 192 * 9**2 < 18_528 < 192 * 10**2


def test_a_mirrored_photograph_has_another_gram_matrix(lesson: Lesson) -> None:
    one, other = (
        lesson["per_place"](picture, "conv3_1")
        for picture in (lesson["temple"], lesson["temple"].flip(2))
    )
    assert (one - other).abs().max() > 0.02 * one.abs().max()


def test_the_framed_product_is_eight() -> None:
    assert np.array([2, 0, 1, 3]) @ np.array([1, -1, 0, 2]) == 8


def test_who_is_near_to_the_painting(lesson: Lesson) -> None:
    far = lesson["far"]
    order = sorted(far, key=far.get)
    assert order[0] == "the same painter"
    for seed in (2, 3):
        again = lesson["distance"](lesson["painted"](256, seed), lesson["painting"])
        assert (
            again < 0.5 * far["the painting, mirrored"]
            or again < 0.05 * far["the temple"]
        )


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
    assert heights["L-BFGS"] < 1e-4
    assert min(heights[f"Adam, lr {lr}"] for lr in (0.02, 0.2)) > 1e-2


def test_lbfgs_needs_fewer_looks(lesson: Lesson) -> None:
    falling = lesson["falling"]
    best = min(v[59] for name, v in falling.items() if name != "L-BFGS")
    assert falling["L-BFGS"][59] < best


def style_of(picture: Tensor, other: Tensor, layer: str = "conv3_1") -> float:
    network = features.small("average")
    maps, others = (network(one[None], [layer])[layer] for one in (picture, other))
    return float(style.style_loss(maps, style.gram(others) / others[0, 0].numel()))


def test_each_sick_loss_has_its_fault(lesson: Lesson) -> None:
    temple, painting = lesson["temple"][:, :64, :80], lesson["painting"]
    pairs = {
        "one": (temple, painting[:, :64, :80]),
        "two": (temple, painting[:, :48, :56]),
    }
    middle = lesson["network"].get_buffer("mean")
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
        assert got["v"] == pytest.approx(style_of(a - middle, b - middle), rel=1e-3)
        for name in "qrsv":
            assert got[name] != pytest.approx(right, rel=1e-2)


def test_only_one_of_them_is_blocked(lesson: Lesson) -> None:
    picture = lesson["temple"][:, :32, :48].clone().requires_grad_()
    for name in "pqrstuv":
        loss = lesson[f"loss_{name}"](picture, lesson["painting"][:, :32, :32])
        assert loss.requires_grad == (name != "u")


def test_the_temple_has_the_style_of_the_painting(lesson: Lesson) -> None:
    result, temple = lesson["result"], lesson["temple"]
    assert result.image.shape == temple.shape
    left = result.losses["style"][-1] / result.losses["style"][0]
    assert left < 0.01


def test_the_content_stays_only_when_one_begins_with_it(lesson: Lesson) -> None:
    content = {n: run.losses["content"][-1] for n, run in lesson["starts"].items()}
    assert content["from the content"] < 0.6 * content["from the noise"]


def test_the_corners_of_the_table(lesson: Lesson) -> None:
    table, photograph = lesson["table"], lesson["small_temple"]
    off = np.array(
        [[float((one - photograph).abs().mean()) for one in row] for row in table]
    )
    assert (np.diff(off, axis=1) > 0).all()


def test_stupid_painters_do_not_reach_the_goal() -> None:
    reader = features.small("average")
    content = data.photograph("china", (48, 64)) / 255
    painting = data.photograph("flower", (60, 44)) / 255
    flat = painting.mean((1, 2), keepdim=True).expand_as(content)
    basis = (
        checked._sides(reader, content, content, painting)[0],
        checked._sides(reader, flat, content, painting)[1],
    )
    copy = data.photograph("flower", (48, 64)) / 255
    for picture in (content, flat, copy, (content + copy) / 2):
        styled, placed = checked._sides(reader, picture, content, painting)
        reached = (
            styled <= checked.STYLED * basis[0] and placed <= checked.CONTENT * basis[1]
        )
        assert not reached


def test_the_solution_paints_on_other_seeds(lesson: Lesson) -> None:
    reader = features.small("average")
    for seed in (11, 12):
        cases = Cases(seed, False)
        content = checked._crop(
            cases, str(cases.rng.choice(checked.PHOTOGRAPHS)), (40, 56)
        )
        painting = checked._crop(
            cases, str(cases.rng.choice(checked.PAINTERS)), (48, 40)
        )
        picture = lesson["paint"](content, painting)
        flat = painting.mean((1, 2), keepdim=True).expand_as(content)
        styled, placed = checked._sides(reader, picture, content, painting)
        assert (
            styled
            <= checked.STYLED * checked._sides(reader, content, content, painting)[0]
        )
        assert (
            placed
            <= checked.CONTENT * checked._sides(reader, flat, content, painting)[1]
        )
