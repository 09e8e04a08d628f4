"""What the demonstrations of "What a network sees" must show, and its numbers."""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from coursekit import data, dream, features
from coursekit.anatomy import count_layers
from coursekit.checks.core import Cases
from coursekit.checks.week9 import seeing as checked
from coursekit.features.images import total_variation
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow
ROWS = ("raw", "grey", "soft")


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(9, "seeing")


def likely(pictures: Tensor, names: list[str], lesson: Lesson) -> Tensor:
    model = features.small_classifier()
    labels = [lesson["NAMES"].index(name) for name in names]
    return model(pictures).softmax(1)[range(len(labels)), labels]


def rough(pictures: Tensor) -> float:
    return float(sum(pictures.diff(dim=d).square().mean() for d in (2, 3)))


def test_the_network_and_its_names(lesson: Lesson) -> None:
    assert features.small_metadata()["test_accuracy"] == pytest.approx(0.805, abs=6e-4)
    convolutions = features.small().convolutions()
    assert len(convolutions) == 9
    assert lesson["CAT"] == 3


def test_neighbours_in_the_slope_differ(lesson: Lesson) -> None:
    alike = lesson["alike"]
    assert alike(lesson["cat"]) == pytest.approx(0.93, abs=0.006)
    assert alike(lesson["slope"]) == pytest.approx(0.53, abs=0.01)
    eyes = lesson["slope"][0, :, 22:26, 18:28].mean((1, 2))  # the left eye's iris
    assert eyes[1] < min(eyes[0], eyes[2])


def test_twenty_steps_make_a_frog_that_is_a_cat(lesson: Lesson) -> None:
    for name, moved in (("frog", 0.031), ("truck", 0.054)):
        x = lesson["turned"][name]
        assert likely(x, [name], lesson).item() == pytest.approx(0.97, abs=0.006)
        far = (x - lesson["cat"]).square().mean().sqrt().item()
        assert far == pytest.approx(moved, abs=0.001)


def test_a_prior_makes_favourites_smoother_and_less_sure(lesson: Lesson) -> None:
    alike = {row: lesson["alike"](lesson[row]) for row in ROWS}
    assert alike["raw"] == pytest.approx(0.40, abs=0.02)
    assert alike["grey"] == pytest.approx(0.46, abs=0.02)
    assert alike["soft"] > 0.93
    least = [likely(lesson[r], list(lesson["SIX"]), lesson).min().item() for r in ROWS]
    assert least[0] > 0.93 > 0.9 > max(least[1:])
    assert rough(lesson["raw"]) > 7 * rough(lesson["grey"]) > 0.02
    assert rough(lesson["grey"]) > 2.5 * rough(lesson["soft"])


def test_a_larger_canvas_holds_a_herd(lesson: Lesson) -> None:
    gallery, names = lesson["gallery"], lesson["NAMES"]
    assert likely(gallery, names, lesson).min() > 0.85
    assert rough(gallery) < 0.002
    one = likely(lesson["covered"], names, lesson)
    deer, dog, frog = (one[names.index(name)] for name in ("deer", "dog", "frog"))
    assert deer.item() == pytest.approx(0.61, abs=0.03)
    assert max(dog, frog) < 0.4
    for quarter in (gallery[..., :32, 32:], gallery[..., 32:, :32]):
        at = names.index("frog")  # there is one in each of them
        assert features.small_classifier()(quarter)[at].argmax() == at


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", [1, 2])
def test_on_other_seeds_as_well(lesson: Lesson, seed: int) -> None:
    def climbed(prior: str) -> Tensor:
        torch.manual_seed(seed)
        x = (0.5 + 0.05 * torch.randn(2, 3, 32, 32)).clamp(0, 1)
        for _ in range(60):
            leaf = x.clone().requires_grad_()
            said = model(leaf).log_softmax(1)[[0, 1], [1, 7]].sum()
            v = leaf.diff(dim=3).square().sum() + leaf.diff(dim=2).square().sum()
            g = (leaf - 0.5).square().sum() / 2
            weighed = {"none": 0 * v, "grey": 0.05 * g, "soft": 0.05 * v}[prior]
            [slope] = torch.autograd.grad(said - weighed, leaf)
            x = (x + slope + 0.005 * torch.randn_like(x)).clamp(0, 1)
        return x

    model = features.small_classifier()
    found = {prior: climbed(prior) for prior in ("none", "grey", "soft")}
    sizes = [rough(found[prior]) for prior in ("none", "grey", "soft")]
    assert sizes[0] > 4 * sizes[1] > 8 * sizes[2]
    for pictures in found.values():
        assert likely(pictures, ["automobile", "horse"], lesson).min() > 0.6


def test_half_of_the_photographs_are_rougher_than_ours(lesson: Lesson) -> None:
    try:
        images = data.cifar10().test.images[:2000].float() / 255
    except data.DataError as error:
        pytest.skip(f"needs CIFAR-10: {error}")
    found = sum(images.diff(dim=d).square().mean((1, 2, 3)) for d in (2, 3))
    assert isinstance(found, Tensor)
    quarters = found.quantile(torch.tensor([0.05, 0.25, 0.75]))
    assert quarters.tolist() == pytest.approx([0.0056, 0.0114, 0.0236], abs=3e-4)


def test_a_sum_of_small_steps_is_large() -> None:
    assert 3 * 32 * 32 == 3072
    raised = 0.01 * 0.1 * 3072
    assert raised == pytest.approx(3, abs=0.1)


def test_trembling_comes_to_rest(lesson: Lesson) -> None:
    first, second = lesson["trembling"].values()
    assert first[-1] == pytest.approx(0.016, abs=0.0006)
    assert second[-1] == pytest.approx(1.01, abs=0.02)
    for noise in (0.005, 0.1**0.5):
        rest = noise / (1 - 0.95**2) ** 0.5
        assert lesson["trembling"][noise][-1] == pytest.approx(rest, rel=0.02)


def test_from_an_eighth_on_a_chessboard_grows(lesson: Lesson) -> None:
    def chessboard(x: Tensor) -> float:
        signs = torch.ones(64, 64)
        signs[::2, ::2] = signs[1::2, 1::2] = -1
        return float((x * signs).mean((1, 2)).abs().max())

    small, below, above = lesson["smoothed"].values()
    assert rough(above[None]) > 100 * rough(below[None])
    assert chessboard(above) > 100 * max(chessboard(below), 1e-5)
    assert rough(small[None]) > rough(below[None])
    x = torch.full((1, 1, 12, 12), 0.5)
    x[..., ::2, ::2] = x[..., 1::2, 1::2] = 0.7
    away = x + 0.125 * lesson["to_neighbours"](x)
    torch.testing.assert_close(away[..., 4, 4], torch.full((1, 1), 0.5 - 0.0))
    stripes = torch.full((1, 1, 12, 12), 0.3)
    stripes[..., ::2] = 0.7
    moved = stripes + 0.25 * lesson["to_neighbours"](stripes)
    torch.testing.assert_close(moved[..., 4:8, 4:8], 1 - stripes[..., 4:8, 4:8])


def test_the_numbers_of_the_quiz() -> None:
    lone = np.zeros((9, 9))
    lone[4, 4] = 1
    after = lone - 0.1 * checked._paired(lone)[1]
    assert after[4, 4] == pytest.approx(0.2)
    fields = np.indices((9, 9)).sum(0) % 2 - 0.5
    swapped = fields - checked._paired(fields)[1] / 8
    np.testing.assert_allclose(swapped[2:-2, 2:-2], -fields[2:-2, 2:-2])
    rest = 0.03 / (1 - 0.8**2) ** 0.5
    assert rest == pytest.approx(0.05)


def test_ours_is_the_packages_but_for_the_last_row_and_column() -> None:
    x = torch.rand(1, 3, 5, 7)
    value, _ = checked._paired(x.double().numpy(), ends=False)
    assert total_variation(x).item() == pytest.approx(value, rel=1e-4)


def small() -> nn.Module:
    torch.manual_seed(4)
    return nn.Sequential(
        nn.Conv2d(3, 6, 3), nn.Tanh(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        nn.Linear(24, 10),
    ).requires_grad_(False)  # fmt: skip


def test_each_sick_climb_has_its_fault(lesson: Lesson) -> None:
    model = small()
    oracle = copy.deepcopy(model).double()
    lesson["climb_p"].__globals__["model"] = model
    start = 0.1 + 0.3 * torch.rand(1, 3, 7, 8)

    def run(name: str, steps: int, e1: float, e2: float, e3: float = 0.0) -> np.ndarray:
        torch.manual_seed(3)
        found = lesson[f"climb_{name}"](start, 2, steps, e1, e2, e3)
        return found[0].numpy()

    def right(steps: int, e1: float, e2: float, of: str = "log p") -> np.ndarray:
        return checked._climbed(oracle, 2, start[0], steps, e1, e2, of=of)

    for name in "pqu":
        np.testing.assert_allclose(
            run(name, 3, 0.1, 3.0), right(3, 0.1, 3.0), atol=1e-5
        )
    close = np.testing.assert_allclose
    close(run("s", 3, 0.1, 3.0), right(3, 0.1, 3.0, of="p"), atol=1e-5)
    close(run("t", 3, 0.1, 3.0), right(3, -0.1, 3.0), atol=1e-5)
    close(run("v", 3, 0.1, 3.0), right(3, 0.1, -3.0), atol=1e-5)
    close(run("r", 1, 0.1, 3.0), right(1, 0.1, 3.0), atol=1e-5)
    assert np.abs(run("r", 2, 0.0, 3.0) - right(2, 0.0, 3.0)).max() > 1e-3
    for name, once, nine in (("p", 0.03, 0.09), ("q", 0.03, 0.27), ("u", 9e-4, 27e-4)):
        far = run(name, 1, 0.0, 0.0, 0.03) - start[0].numpy()
        assert far.std() == pytest.approx(once, rel=0.15)
        if name != "q":
            far = run(name, 9, 0.0, 0.0, 0.03) - start[0].numpy()
            assert far.std() == pytest.approx(nine, rel=0.2)
    still = run("q", 2, 0.0, 0.0, 0.01) - run("q", 1, 0.0, 0.0, 0.01)
    close(still, run("q", 1, 0.0, 0.0, 0.01) - start[0].numpy(), atol=1e-6)


def test_the_layers_of_the_inversion(lesson: Lesson) -> None:
    numbers = [maps.numel() for maps in lesson["maps"].values()]
    assert numbers[-2:] == [19_200, 4_800]
    assert lesson["seen"].numel() == 19_200
    zeros = (lesson["maps"]["relu4_2"] == 0).float().mean()
    assert zeros > 0.5


def test_the_photograph_is_lost_on_the_way_up(lesson: Lesson) -> None:
    seen = lesson["seen"] / 255
    far, errors = {}, {}
    for name, result in lesson["found"].items():
        far[name] = (result.image - seen).square().mean().sqrt().item()
        errors[name] = result.losses["representation"][-1]
    assert list(far.values()) == sorted(far.values())
    assert far["relu1_1"] == pytest.approx(0.006, abs=0.002)
    assert far["relu2_2"] < 0.04
    assert 0.06 < far["relu3_2"] < 0.1
    assert far["relu4_2"] > 0.15
    assert far["relu5_1"] == pytest.approx(0.18, abs=0.01)
    assert max(errors.values()) < 0.01


def test_how_far_units_see() -> None:
    net = features.small()
    for layer, side in (("relu2_2", 14), ("relu3_2", 32), ("relu5_1", 108)):
        stack = nn.Sequential(*net.stack[: net.layers.index(layer) + 1])
        field = list(count_layers(stack, (3, 144, 144)))[-1].receptive_field
        assert field is not None
        assert field.size[0] == side


def test_dreams_say_more_of_what_is_seen(lesson: Lesson) -> None:
    net, temple = features.small(), lesson["temple"]

    def energy(picture: Tensor, layer: str) -> float:
        return net(picture, [layer])[layer].square().mean().item()

    deep = lesson["stages"][-1][1][None].clamp(0, 1)
    assert energy(deep, "relu5_1") > 5 * energy(temple, "relu5_1")
    for layer in ("relu2_2", "relu3_2"):
        shallow = lesson["dreams"][layer][None].clamp(0, 1)
        assert energy(shallow, layer) > 4 * energy(temple, layer)
        assert energy(deep, "relu5_1") > energy(shallow, "relu5_1")
    sizes = [tuple(copy.shape[1:]) for copy, _ in lesson["stages"]]
    assert sizes == lesson["SIZES"]


def test_jitter_makes_hardly_a_difference_here() -> None:
    """How much the change varies with the place on the grid of the poolings."""
    photo = data.photograph("china", (96, 144))

    def on_grid(jitter: int) -> float:
        found = dream.deep_dream(photo, "relu5_1", octaves=1, steps=8, jitter=jitter)
        change = (found.image - photo / 255).abs().mean(0)
        tiles = change.reshape(6, 16, 9, 16).mean((0, 2))
        return float(tiles.std() / tiles.mean())

    assert on_grid(0) == pytest.approx(on_grid(16), abs=0.06)


def test_the_relative_is_a_little_worse() -> None:
    try:
        test = data.cifar10().test
    except data.DataError as error:
        pytest.skip(f"needs CIFAR-10: {error}")
    images, labels = test.images[:600].float() / 255, test.labels[:600]
    friend = features.small_classifier()
    relative = checked._relative(friend, np.arange(10), Cases(0, hard=False))
    with torch.no_grad():
        right = [(m(images).argmax(1) == labels).float().mean() for m in
                 (friend, relative)]  # fmt: skip
    assert right[0].item() == pytest.approx(0.82, abs=0.01)
    assert right[1].item() == pytest.approx(0.77, abs=0.025)


def test_the_relatives_layers_are_the_friends() -> None:
    friend = features.small_classifier()
    stir, checked.STIR = checked.STIR, 0.0
    try:
        order = np.array([3, 1, 0, 2, 4, 5, 6, 7, 9, 8])
        relative = checked._relative(friend, order, Cases(0, hard=False))
    finally:
        checked.STIR = stir
    x = torch.rand(2, 3, 20, 26)
    torch.testing.assert_close(
        relative(x), friend(x)[:, order.tolist()], atol=1e-4, rtol=1e-3
    )


def test_a_friend_names_the_pictures_of_the_build(lesson: Lesson) -> None:
    """The solution on relatives that no check has drawn, and a climb without jitter."""
    friend = features.small_classifier()
    least = []
    for seed in (101, 102):
        cases = Cases(seed, hard=False)
        relative = checked._relative(friend, np.arange(10), cases)
        pictures = lesson["class_pictures"](relative, [1, 6, 7])
        seen = features.recognised(pictures, 16, cases.rng)
        least.append(float(seen[[0, 1, 2], [1, 6, 7]].min()))
    assert min(least) > 0.75
