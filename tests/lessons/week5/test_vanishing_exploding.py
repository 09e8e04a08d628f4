"""What the demonstrations of "Vanishing and exploding gradients" must show."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow
LEARNED = {("tanh", "Glorot"), ("tanh", "He"), ("ReLU", "He")}
OTHERS = [("tanh", "0.3"), ("ReLU", "Glorot")]
ACCURACY = {
    ("tanh", "Glorot"): (0.82, 0.92),
    ("tanh", "He"): (0.82, 0.92),
    ("ReLU", "He"): (0.62, 0.87),
    ("tanh", "0.3"): (0.07, 0.42),
    ("ReLU", "Glorot"): (0.07, 0.32),
}


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(5, "vanishing_exploding")


def test_three_digits_get_the_same_scores(lesson: Lesson) -> None:
    scores = lesson["first_scores"]
    assert len(set(lesson["t"][:3].tolist())) > 1
    assert (scores - scores[0]).abs().max() < 1e-6


@pytest.mark.parametrize("tents", [1, 2, 5, 10])
def test_tents_double_the_pieces(tents: int) -> None:
    x = y = np.linspace(0, 1, 2**12 + 1)
    for _ in range(tents):
        y = 2 * np.maximum(y, 0) - 4 * np.maximum(y - 0.5, 0)
    bends = (np.abs(np.diff(y, 2)) > 1e-9).sum()
    assert bends == 2**tents - 1
    assert len(x) > 2 * bends


def test_the_images_are_gone_and_the_units_differ(lesson: Lesson) -> None:
    signals = [lesson["deviation"](outputs) for outputs in lesson["sigmoids"]]
    assert signals[0] > 0.1
    assert signals[2] < 0.01
    assert signals[24] < 1e-8
    assert abs(lesson["last"].std() - 0.07) < 0.01
    assert abs(lesson["last"].std(dim=1).mean() - 0.07) < 0.01


def test_half_of_the_mean_square_passes_relu() -> None:
    z = np.random.default_rng(0).standard_normal(200_000)
    assert (np.maximum(z, 0) ** 2).mean() == pytest.approx(0.5, abs=0.01)
    assert pytest.approx(25_000, rel=0.02) == 1.5**25
    assert pytest.approx(3e-8, rel=0.02) == 0.5**25


def test_variance_of_a_sum_has_the_mean_square() -> None:
    rng = np.random.default_rng(0)
    weights = rng.uniform(-0.3, 0.3, (50_000, 100))
    inputs = 0.4 + math.sqrt(0.34) * rng.standard_normal(100)
    inputs *= math.sqrt(0.5 / np.mean(inputs**2))
    assert (weights @ inputs).var() == pytest.approx(1.5, rel=0.03)


def test_the_default_has_a_third_over_n() -> None:
    torch.manual_seed(0)
    for layer in (nn.Linear(400, 300), nn.Conv2d(16, 80, 5)):
        n = layer.weight[0].numel()
        bound = 1 / math.sqrt(n)
        assert 0.99 * bound < layer.weight.abs().max() <= bound
        assert layer.weight.var().item() == pytest.approx(1 / (3 * n), rel=0.03)
        assert layer.bias is not None
        assert layer.bias.abs().max() <= bound
    assert pytest.approx(5e-10, rel=0.1) == 6.0**-12


@pytest.mark.parametrize("seed", range(3))
def test_signal_and_gradient_by_depth(lesson: Lesson, seed: int) -> None:
    x, t = lesson["x"][:300], lesson["t"][:300]

    def ends(g: str, start: str) -> tuple[float, float, float]:
        model = lesson["started"](g, start, seed)
        signals, gradients = lesson["by_depth"](model, x, t)
        return signals[0], signals[-1], gradients[0] / gradients[-1]

    first, last, back = ends("ReLU", "default")
    assert 1.5e-10 < last / first < 4.5e-10, "twelve powers of six, nearly"
    first, last, back = ends("ReLU", "He")
    assert 0.5 < first < 0.9
    assert 0.1 < last < 0.35
    assert 0.1 < back < 10
    first, last, back = ends("ReLU", "Glorot")
    assert last / first < 1.25e-4
    assert back < 2e-3
    first, last, back = ends("ReLU", "0.3")
    assert last / first > 1e6
    assert back > 1e6
    first, last, back = ends("tanh", "Glorot")
    assert 0.05 < last < 0.2 < 0.4 < first
    first, last, back = ends("tanh", "He")
    assert last > 0.4
    assert 1 < back < 15
    first, last, back = ends("tanh", "0.3")
    assert last > 0.7
    assert back > 100
    first, last, back = ends("tanh", "0.01")
    assert last < 1e-22
    for start in lesson["STARTS"]:
        first, last, back = ends("sigmoid", start)
        assert last < 1e-5
        assert back < 1e-4


def test_a_single_tower_strays_from_the_mean_square(lesson: Lesson) -> None:
    x, shares = lesson["x"][:300].double(), []
    for seed in range(10):
        with torch.no_grad():
            model = lesson["started"]("ReLU", "He", seed).double()
            outputs = lesson["outputs_of"](model, x)
        shares.append((outputs[-1].square().mean() / outputs[0].square().mean()).item())
        assert 0.6 < lesson["deviation"](outputs[0]) < 0.8
        assert 0.1 < lesson["deviation"](outputs[-1]) < 0.5
    assert 0.1 < min(shares) < 0.2
    assert 1.3 < max(shares) < 1.8


def test_what_is_left_by_relu_and_a_common_bias(lesson: Lesson) -> None:
    torch.manual_seed(0)
    with torch.no_grad():
        last = lesson["outputs_of"](lesson["tower"]("ReLU"), lesson["x"][:500])[-1]
    assert 0.02 < last.std() < 0.06


@pytest.mark.parametrize("seed", range(2))
def test_gradients_of_weights_are_equally_tiny(lesson: Lesson, seed: int) -> None:
    model = lesson["started"]("ReLU", "0.01", seed).double()
    x, t = lesson["x"][:100].double(), lesson["t"][:100]
    weights = [p for p in model.parameters() if p.dim() > 1]
    found = torch.autograd.grad(F.cross_entropy(model(x), t), weights)
    lengths = [gradient.norm().item() for gradient in found[:-1]]
    assert max(lengths) < 1e-23  # the square is below float32's smallest
    assert max(lengths) / min(lengths) < 30


def test_three_of_fifteen_learn(lesson: Lesson) -> None:
    assert len(lesson["right"]) == 15
    for key, runs in lesson["right"].items():
        if key in LEARNED:
            assert min(runs) > 0.6, key
        else:
            assert max(runs) < 0.45, key


def test_accuracies_are_those_of_the_text(lesson: Lesson) -> None:
    if len(lesson["x"]) < 3000:
        pytest.skip("the text tells what was found with MNIST itself")
    for key, runs in lesson["right"].items():
        low, high = ACCURACY.get(key, (0.05, 0.15))
        assert low < min(runs), key
        assert max(runs) < high, key


def test_relu_explodes_with_its_first_step(lesson: Lesson) -> None:
    x, t = lesson["x"][:32], lesson["t"][:32]
    for seed in range(3):
        model = lesson["started"]("ReLU", "0.3", seed, depth=15)
        sgd = torch.optim.SGD(model.parameters(), lr=0.005)
        loss = F.cross_entropy(model(x), t)
        loss.backward()
        sgd.step()
        assert 1e5 < loss < 2e6
        assert F.cross_entropy(model(x), t).isnan()


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", range(3))
def test_one_hidden_layer_learns_two_spirals(seed: int) -> None:
    torch.manual_seed(seed)
    steps = torch.arange(97.0)
    radius, angle = 6.5 * (104 - steps) / 104, steps * math.pi / 16
    one = torch.stack([radius * angle.sin(), radius * angle.cos()], 1)
    x, t = torch.cat([one, -one]), torch.arange(2).repeat_interleave(97)
    model = nn.Sequential(nn.Linear(2, 150), nn.Tanh(), nn.Linear(150, 2))
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(2000):
        adam.zero_grad()
        F.cross_entropy(model(x), t).backward()
        adam.step()
    assert bool((model(x).argmax(1) == t).all())


def test_a_measurement_leaves_the_model_as_it_is(lesson: Lesson) -> None:
    x, t = lesson["x"][:50], lesson["t"][:50]
    model = lesson["started"]("tanh", "He", 0)
    lesson["by_depth"](model, x, t)
    assert model(x).dtype == torch.float32


@pytest.mark.share(3)
@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("key", [*sorted(LEARNED), *OTHERS], ids="-".join)
def test_so_they_do_with_other_seeds(
    lesson: Lesson, key: tuple[str, str], seed: int
) -> None:
    assert (lesson["learned"](*key, seed) > 0.5) == (key in LEARNED)
