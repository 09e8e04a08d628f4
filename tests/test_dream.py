"""Inversion, activation maximisation and DeepDream on small networks."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from coursekit import data, dream
from coursekit.features.network import FeatureNetwork

ROW = (6, 6, "M", 8)


def tiny() -> FeatureNetwork:
    torch.manual_seed(3)
    network = FeatureNetwork(ROW)
    for conv in network.convolutions().values():
        nn.init.normal_(conv.weight, std=0.4)
    network.equalise(torch.rand(2, 3, 16, 16))
    return network


class Bright(nn.Module):
    """Two classes: reddish and bluish."""

    def forward(self, x: Tensor) -> Tensor:
        return 20 * x.mean((2, 3))[:, [0, 2]]


@pytest.fixture(scope="module")
def picture() -> Tensor:
    return data.photograph("chelsea", (24, 20))


def test_a_low_layer_gives_the_picture_back(picture: Tensor) -> None:
    result = dream.invert(picture, "conv1_1", network=tiny(), variation=0, steps=60)
    assert result.losses["representation"][-1] < 1e-3
    assert (result.image - picture / 255).abs().mean() < 0.05


def test_a_high_layer_keeps_less(picture: Tensor) -> None:
    def difference(layer: str) -> float:
        result = dream.invert(picture, layer, network=tiny(), variation=0, steps=60)
        return (result.image - picture / 255).abs().mean().item()

    assert difference("conv2_1") > 1.5 * difference("conv1_1")


def test_the_terms_of_inversion(picture: Tensor) -> None:
    network = tiny()
    black = torch.zeros_like(picture)
    black[0, 0, 0] = 255
    result = dream.invert(black, "relu1_1", network=network, steps=1)
    noise = result.pictures[0][1] if len(result.pictures) > 1 else None
    assert noise is None  # every = 0 keeps the last only
    first = dream.invert(black, "relu1_1", network=network, steps=1, every=1)
    start = first.pictures[0][1]
    maps = [
        network(image[None], ["relu1_1"])["relu1_1"] for image in (start, black / 255)
    ]
    expected = (maps[0] - maps[1]).square().sum() / maps[1].square().sum()
    assert first.losses["representation"][0] == pytest.approx(expected.item(), rel=1e-3)


def test_maximise_follows_the_formula() -> None:
    start = torch.full((3, 8, 8), 0.6)
    result = dream.maximise(
        dream.log_probability(Bright(), 0),
        start=start,
        prior="gaussian",
        prior_rate=0.1,
        rate=0.5,
        noise_deviation=0,
        steps=1,
    )
    # p = ½ at equal scores: ∂ log p/∂red = 20 · (1 - ½) / 64 a pixel, blue minus that.
    slope = 20 * 0.5 / 64
    red, green, blue = result.image.mean((1, 2)).tolist()
    pulled = 0.6 + 0.1 * (0.5 - 0.6)
    assert [red, green, blue] == pytest.approx(
        [pulled + 0.5 * slope, pulled, pulled - 0.5 * slope], abs=1e-5
    )
    assert result.losses["score"] == (pytest.approx(np.log(0.5)),)
    assert result.losses["prior"] == (pytest.approx(-0.5 * 192 * 0.01, rel=1e-4),)


def test_maximise_makes_the_class_likely() -> None:
    for label in (0, 1):
        score = dream.log_probability(Bright(), label)
        result = dream.maximise(score, size=(8, 12), steps=30)
        assert result.image.shape == (3, 8, 12)
        assert result.losses["score"][-1] > result.losses["score"][0]
        red, _, blue = result.image.mean((1, 2)).tolist()
        assert (red > blue) == (label == 0)


def test_priors_do_what_they_are_for() -> None:
    score = dream.activation(tiny(), "conv1_2", 2)

    def run(prior: str, rate: float) -> Tensor:
        return dream.maximise(
            score, size=(16, 16), prior=prior, prior_rate=rate, rate=5, steps=60
        ).image

    free = run("none", 0)
    grey = run("gaussian", 0.2)
    smooth = run("total variation", 0.1)
    assert (grey - 0.5).abs().mean() < 0.8 * (free - 0.5).abs().mean()
    edges = [image.diff(dim=2).abs().mean() for image in (smooth, free)]
    assert edges[0] < 0.6 * edges[1]


def test_noise_is_normal_and_seeded() -> None:
    def run(seed: int) -> Tensor:
        return dream.maximise(
            lambda x: x.mean() * 0,
            start=torch.full((3, 32, 32), 0.5),
            prior="none",
            noise_deviation=0.05,
            steps=1,
            seed=seed,
        ).image

    assert run(0).std().item() == pytest.approx(0.05, rel=0.1)
    assert torch.equal(run(1), run(1))
    assert not torch.equal(run(1), run(2))


def test_dream_raises_what_the_layer_says(picture: Tensor) -> None:
    network = tiny()
    options: dict[str, Any] = {
        "network": network,
        "octaves": 2,
        "steps": 4,
        "jitter": 3,
    }
    result = dream.deep_dream(picture, "conv1_2", **options)
    assert result.image.shape == picture.shape
    assert [tuple(image.shape[1:]) for _, image in result.pictures] == [
        (17, 14),
        (24, 20),
    ]
    assert len(result.losses["score"]) == 8

    def energy(image: Tensor) -> float:
        return network(image[None], ["conv1_2"])["conv1_2"].square().mean().item()

    assert energy(result.image) > 1.3 * energy(picture / 255)
    assert (result.image - picture / 255).abs().mean() < 0.25


def test_dream_of_one_channel(picture: Tensor) -> None:
    network = tiny()
    result = dream.deep_dream(
        picture, "conv2_1", channel=3, network=network, octaves=1, steps=6, jitter=0
    )
    means = [
        network(image[None], ["conv2_1"])["conv2_1"][0, 3].mean()
        for image in (result.image, picture / 255)
    ]
    assert means[0] > means[1]
    assert result.losses["score"][0] == pytest.approx(means[1].item(), rel=1e-3)


def test_dream_with_the_shipped_network(picture: Tensor) -> None:
    image = data.photograph("coffee", 48)
    result = dream.deep_dream(image, "relu3_1", octaves=2, steps=2)
    assert result.losses["score"][-1] > result.losses["score"][2]


HALF = torch.full((3, 32, 32), 0.5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image": HALF * 3}, "0 to 1"),
        ({"layer": "conv8_1"}, "no layer 'conv8_1'"),
        ({"channel": 8}, r"conv2_1 has the channels 0 … 7, not 8"),
        ({"octaves": 9}, "The smallest octave must have sides of 8"),
        ({"scale": 1.0}, "scale must lie above 1"),
        ({"steps": 0}, "steps must be a whole number"),
        ({"rate": -0.1}, "rate must be a number, 0 or more"),
        ({"jitter": 1.5}, "jitter must be a whole number"),
    ],
)
def test_bad_dreams(options: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "image": HALF,
        "layer": "conv2_1",
        "network": tiny(),
    } | options
    with pytest.raises(ValueError, match=message):
        dream.deep_dream(**given)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prior": "uniform"}, "prior must be one of 'gaussian', 'total variation'"),
        ({"size": (4, 32)}, "sides of 8 to 8,192"),
        ({"rate": float("inf")}, "rate must be a number"),
        ({"noise_deviation": -1}, "noise_deviation must be a number"),
        ({"score": lambda x: x}, "score must return one number"),
        ({"score": dream.log_probability(Bright(), 2)}, "label must be 0 … 1"),
    ],
)
def test_bad_maximising(options: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"score": dream.log_probability(Bright(), 0)} | options
    with pytest.raises(ValueError, match=message):
        dream.maximise(**given)


def test_a_score_that_is_nan_says_so() -> None:
    with pytest.raises(RuntimeError, match="smaller lr or rate"):
        dream.maximise(lambda x: (x.mean() - 9).log())


@pytest.mark.gpu
def test_dreams_on_a_graphics_card(picture: Tensor) -> None:
    if not torch.cuda.is_available():
        pytest.skip("needs a graphics card (CUDA)")
    network = tiny().to("cuda")
    dreamt = dream.deep_dream(picture, "conv1_2", network=network, octaves=1, steps=2)
    assert dreamt.image.device.type == "cpu"
    inverted = dream.invert(picture, "conv1_1", network=network, steps=30)
    assert inverted.losses["total"][-1] < 0.5 * inverted.losses["total"][0]
    score = dream.activation(network, "conv1_2", 0)
    found = dream.maximise(score, size=(16, 16), steps=3, device="cuda")
    assert found.losses["score"][-1] > found.losses["score"][0]
