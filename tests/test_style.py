"""Style transfer: the losses against loops, the optimisation on small networks."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from coursekit import data, features, style
from coursekit.features.images import beyond, total_variation
from coursekit.features.network import FeatureNetwork
from coursekit.features.reading import Reader

ROW = (6, 6, "M", 8)
ANY: dict[str, Any] = {
    "content_layers": ("conv2_1",),
    "style_layers": ("conv1_1", "conv1_2"),
    "steps": 25,
}
WEIGHTS = Path(__file__).parents[2] / "shared" / "data" / "weights"


def tiny() -> FeatureNetwork:
    torch.manual_seed(3)
    network = FeatureNetwork(ROW)
    for conv in network.convolutions().values():
        nn.init.normal_(conv.weight, std=0.4)
    network.equalise(torch.rand(2, 3, 16, 16))
    return network.amplify(100)


@pytest.fixture(scope="module")
def pictures() -> tuple[Tensor, Tensor]:
    return data.photograph("chelsea", (24, 20)), data.photograph("coffee", (18, 26))


def test_gram_is_the_sum_over_places() -> None:
    maps = torch.randn(1, 3, 4, 5)
    expected = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            for row in range(4):
                for column in range(5):
                    expected[i, j] += maps[0, i, row, column] * maps[0, j, row, column]
    assert np.allclose(style.gram(maps), expected, atol=1e-5)


def test_content_loss_is_half_the_sum_of_squares() -> None:
    maps = torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 1, 2, 2)
    assert style.content_loss(maps, torch.zeros_like(maps)) == 15


def test_style_loss_has_the_factor_of_the_paper() -> None:
    # N = 2 filters, M = 3 places: 1 / (4 N² M²) = 1/144
    maps = torch.tensor([[1.0, 0, 2], [0, 3, 0]]).view(1, 2, 1, 3)
    other = torch.tensor([[0.0, 1, 0], [1, 1, 0]]).view(1, 2, 1, 3)
    difference = style.gram(maps) - style.gram(other)
    expected = difference.square().sum() / 144
    assert torch.isclose(style.style_loss(maps, style.gram(other) / 3), expected)


@pytest.mark.parametrize(
    "order", [torch.contiguous_format, torch.channels_last], ids=["nchw", "nhwc"]
)
def test_the_slope_of_the_style_loss_is_that_of_its_formula(
    order: torch.memory_format,
) -> None:
    torch.manual_seed(0)
    maps = torch.randn(1, 3, 4, 5, dtype=torch.float64).contiguous(memory_format=order)
    maps.requires_grad_(True)
    target = torch.eye(3, dtype=torch.float64)
    assert torch.autograd.gradcheck(style.style_loss, (maps, target))
    (slope,) = torch.autograd.grad(style.style_loss(maps, target), maps)
    assert slope.is_contiguous(memory_format=order)


def test_the_slope_has_the_precision_of_the_maps() -> None:
    maps = torch.randn(1, 3, 4, 5, dtype=torch.bfloat16, requires_grad=True)
    (slope,) = torch.autograd.grad(style.style_loss(maps, torch.eye(3)), maps)
    assert slope.dtype == torch.bfloat16


def test_a_painting_of_another_size_has_the_same_style() -> None:
    maps = torch.randn(1, 4, 6, 6)
    twice = maps.repeat(1, 1, 2, 1)
    loss = style.style_loss(twice, style.gram(maps) / 36)
    assert loss < 1e-8


def test_total_variation_of_a_step() -> None:
    image = torch.zeros(1, 1, 3, 4)
    image[..., 2:] = 0.5
    # The difference 0.5 to the right, in the two rows that have one below.
    assert total_variation(image) == pytest.approx(2 * 0.25)
    assert total_variation(image, exponent=1) == pytest.approx(2 * 0.5, abs=2e-3)


def test_beyond_counts_only_what_is_outside() -> None:
    assert beyond(torch.tensor([0.0, 1.0, 0.3])) == 0
    assert beyond(torch.tensor([-1.0, 1.5])) == pytest.approx(1.25)


@pytest.mark.parametrize(
    ("optimiser", "start"),
    [("lbfgs", "content"), ("lbfgs", "noise"), ("adam", "noise"), ("adam", "painting")],
)
def test_transfer_lowers_the_loss(
    pictures: tuple[Tensor, Tensor], optimiser: str, start: str
) -> None:
    result = style.transfer(
        *pictures, network=tiny(), optimiser=optimiser, start=start, every=10, **ANY
    )
    assert result.image.shape == pictures[0].shape
    assert 0 <= result.image.min() <= result.image.max() <= 1
    total = result.losses["total"]
    assert total[-1] < 0.7 * total[0]
    parts = zip(*(result.losses[n] for n in ("content", "style", "range")), strict=True)
    assert total == pytest.approx([sum(part) for part in parts], rel=1e-4)
    counts = [count for count, _ in result.pictures]
    assert counts[:3] == [0, 10, 20]
    assert counts[-1] == len(total)
    assert 25 <= len(total) <= 30
    assert torch.equal(result.pictures[-1][1], result.image)


def test_the_weights_do_what_they_say(pictures: tuple[Tensor, Tensor]) -> None:
    network = tiny()

    def final(**options: float) -> dict[str, tuple[float, ...]]:
        return style.transfer(*pictures, network=network, **(ANY | options)).losses

    plain = final()
    more_content = final(alpha=100.0)
    assert more_content["content"][-1] / 1e5 < 0.9 * plain["content"][-1]
    assert more_content["style"][-1] > plain["style"][-1]
    assert "variation" in final(variation=1e3)
    assert "style" not in final(beta=0)


def test_variation_makes_the_picture_smoother(pictures: tuple[Tensor, Tensor]) -> None:
    options: dict[str, Any] = {"network": tiny(), "start": "noise", **ANY}
    rough = style.transfer(*pictures, **options)
    smooth = style.transfer(*pictures, variation=1e10, **options)
    assert total_variation(smooth.image) < 0.5 * total_variation(rough.image)


def test_the_same_seed_gives_the_same_picture(pictures: tuple[Tensor, Tensor]) -> None:
    options: dict[str, Any] = {
        "network": tiny(),
        "start": "noise",
        **(ANY | {"steps": 4}),
    }
    first, second, other = (
        style.transfer(*pictures, seed=seed, **options).image for seed in (1, 1, 2)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_the_network_is_left_as_it_was(pictures: tuple[Tensor, Tensor]) -> None:
    network = tiny()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    style.transfer(*pictures, network=network, **(ANY | {"steps": 2}))
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])
        assert value.is_contiguous()


def test_layers_can_be_weighted(pictures: tuple[Tensor, Tensor]) -> None:
    options: dict[str, Any] = {"network": tiny(), **(ANY | {"steps": 1})}
    equal = style.transfer(*pictures, **options)
    named = style.transfer(
        *pictures, **(options | {"style_layers": {"conv1_1": 0.5, "conv1_2": 0.5}})
    )
    one = style.transfer(
        *pictures, **(options | {"style_layers": {"conv1_1": 1.0, "conv1_2": 0.0}})
    )
    assert equal.losses == named.losses
    assert equal.losses["style"] != one.losses["style"]


def test_low_precision_ends_near_the_same(pictures: tuple[Tensor, Tensor]) -> None:
    options: dict[str, Any] = {"network": tiny(), **ANY}
    exact = style.transfer(*pictures, **options)
    rough = style.transfer(*pictures, precision="bfloat16", **options)
    assert rough.losses["total"][-1] < 0.8 * rough.losses["total"][0]
    assert (exact.image - rough.image).abs().mean() < 0.1


def test_content_comes_back_from_noise(pictures: tuple[Tensor, Tensor]) -> None:
    image = pictures[0]
    result = style.content_reconstruction(image, "conv1_1", network=tiny(), steps=60)
    start = result.losses["total"][0]
    assert result.losses["total"][-1] < 0.01 * start
    assert (result.image - image / 255).abs().mean() < 0.05


def test_style_comes_back_but_not_the_place(pictures: tuple[Tensor, Tensor]) -> None:
    layers = ("conv1_1", "conv1_2")
    result = style.style_reconstruction(pictures[1], layers, network=tiny(), steps=60)
    assert result.losses["style"][-1] < 0.05 * result.losses["style"][0]
    assert result.image.shape == pictures[1].shape


def test_nbgrader_does_not_wait(
    pictures: tuple[Tensor, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    result = style.transfer(*pictures, network=tiny(), **ANY)
    assert len(result.losses["total"]) <= 3


HALF = torch.full((3, 16, 16), 0.5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"content": None}, "content must be one picture.*NoneType"),
        ({"content": torch.rand(16, 16, 3)}, r"\(3, height, width\).*\(16, 16, 3\)"),
        ({"painting": HALF * 300}, "painting must hold bytes.*0 to 1"),
        ({"painting": HALF * torch.nan}, "without NaN"),
        ({"content": HALF[:, :4]}, "sides of 8 to 8,192 pixels; these are 4 × 16"),
        ({"style_layers": ("conv7_1",)}, "no layer 'conv7_1'"),
        ({"style_layers": {"conv1_1": -1.0}}, "must be a number, 0 or more"),
        ({"content_layers": ()}, "Name a layer"),
        ({"alpha": 0, "beta": 0}, "alpha and beta are both 0"),
        ({"alpha": 0.0, "beta": 0.0, "variation": 1.0}, "alpha and beta are both 0"),
        ({"style_layers": {"conv1_1": 0.0}}, "All weights of style_layers are 0"),
        ({"content_layers": {"conv1_1": 0}}, "All weights of content_layers are 0"),
        ({"style_layers": {"conv1_1": torch.nan}}, "must be a number, 0 or more"),
        ({"variation": torch.nan}, "variation must be a number, 0 or more"),
        ({"variation": -1.0}, "variation must be a number, 0 or more"),
        ({"alpha": torch.inf}, "alpha must be a number, 0 or more"),
        ({"alpha": "1"}, "alpha must be a number, 0 or more"),
        ({"steps": -5}, "steps must be a whole number"),
        ({"alpha": -1.0}, "alpha must be a number, 0 or more"),
        ({"beta": torch.nan}, "beta must be a number, 0 or more"),
        ({"start": "white"}, "start must be one of 'content'"),
        ({"start": HALF[:, :8]}, "Give them one size"),
        ({"optimiser": "sgd"}, "optimiser must be one of 'lbfgs', 'adam'"),
        ({"steps": 0}, "steps must be a whole number"),
        ({"lr": 0.0}, "lr must be a number above 0"),
        ({"every": -1}, "every must be 0, 1, 2"),
    ],
)
def test_bad_input(options: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = (
        {"content": HALF, "painting": HALF, "network": tiny()} | ANY | options
    )
    with pytest.raises(ValueError, match=message):
        style.transfer(**given)


def test_a_diverging_run_says_so(pictures: tuple[Tensor, Tensor]) -> None:
    with pytest.raises(RuntimeError, match="smaller lr"):
        style.transfer(
            *pictures,
            network=tiny(),
            optimiser="adam",
            lr=1e20,
            **ANY,
        )


def test_the_default_network_paints() -> None:
    content, painting = data.photograph("chelsea", 48), data.photograph("coffee", 48)
    result = style.transfer(content, painting, steps=8)
    assert result.losses["total"][-1] < 0.5 * result.losses["total"][0]


def weights(name: str) -> dict[str, Tensor]:
    path = WEIGHTS / name
    if not path.exists():
        pytest.skip(f"the weights are not there: {path}")
    with np.load(path) as archive:
        return {key: torch.from_numpy(archive[key]) for key in archive.files}


def lower_vgg19() -> Reader:
    """Trained by its authors on blue, green, red in 0 … 255 without their means."""
    state = weights("vgg19_conv1_1_to_conv3_4_imagenet.npz")
    state["0.weight"] = state["0.weight"].flip(1)
    network = FeatureNetwork(
        (64, 64, "M", 128, 128, "M", *(256,) * 4),
        mean=(123.68 / 255, 116.779 / 255, 103.939 / 255),
        std=(1 / 255,) * 3,
    )
    network.stack.load_state_dict(state)
    return network


def squeezenet() -> Reader:
    torchvision = pytest.importorskip("torchvision")
    state = weights("squeezenet1_0_imagenet.npz")
    state["features.0.weight"] = state["features.0.weight"].flip(1)
    model = torchvision.models.squeezenet1_0()
    model.load_state_dict(state)
    return features.ModuleReader(
        model,
        ["features.0", "features.3", "features.5", "features.8"],
        mean=(123 / 255, 117 / 255, 104 / 255),
        std=(1 / 255,) * 3,
    )


@pytest.mark.slow
def test_real_vgg19_paints_with_the_weights_of_the_paper() -> None:
    content = data.photograph("chelsea", (64, 64))
    painting = data.photograph("hubble", (64, 64))
    result = style.transfer(
        content,
        painting,
        network=lower_vgg19(),
        content_layers=("conv3_3",),
        style_layers=("conv1_1", "conv2_1", "conv3_1"),
        steps=15,
    )
    first, last = (
        {name: values[place] for name, values in result.losses.items()}
        for place in (0, -1)
    )
    assert last["style"] < 0.5 * first["style"]
    assert last["content"] < first["style"]
    moved = (result.image - content / 255).abs().mean()
    assert 0.02 < moved < 0.3  # painted, but not away


@pytest.mark.slow
def test_real_squeezenet_paints() -> None:
    content = data.photograph("chelsea", (96, 96))
    painting = data.photograph("hubble", (96, 96))
    result = style.transfer(
        content,
        painting,
        network=squeezenet(),
        content_layers=("features.8",),
        style_layers=("features.0", "features.3", "features.5"),
        steps=15,
    )
    assert result.losses["total"][-1] < 0.4 * result.losses["total"][0]


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_transfer_on_a_graphics_card(
    pictures: tuple[Tensor, Tensor], precision: str
) -> None:
    if not torch.cuda.is_available():
        pytest.skip("needs a graphics card (CUDA)")
    result = style.transfer(
        *pictures, network=tiny().to("cuda"), precision=precision, **ANY
    )
    assert result.image.device.type == "cpu"
    assert result.losses["total"][-1] < 0.7 * result.losses["total"][0]
    if precision == "float32":
        here = style.transfer(*pictures, network=tiny(), **(ANY | {"steps": 1}))
        assert result.losses["total"][0] == pytest.approx(
            here.losses["total"][0], rel=1e-2
        )
