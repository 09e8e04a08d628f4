"""Checks of "What a network sees"."""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import features
from coursekit.checks.bench.given import stacked
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_that,
    fail,
)
from coursekit.checks.loops import Layers, given_model, log_of
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, stirred
from coursekit.features.shipped import ROW

READY = ("coursekit.dream", "coursekit.style")

how_far = quiz("how-far")
sick_climbs = quiz("sick-climbs")


# ---- The given model, and how it is left ----


@dataclass(frozen=True)
class Given:
    """A network for pictures; frozen: layers whose weights want no gradient."""

    layers: Layers
    frozen: tuple[int, ...] = ()

    def made(self, answer: Maker, cases: Cases) -> tuple[MadeModule, nn.Module]:
        """The model on the bench and its double on the check's side, in float64."""
        oracle = stirred(stacked(self.layers), cases).eval()
        model = given_model(answer, self.layers, oracle)
        model.eval()
        for at in self.frozen:
            layer = model.make("get_submodule", str(at))
            layer.do("requires_grad_", False)
            oracle.get_submodule(str(at)).requires_grad_(False)
        return model, copy.deepcopy(oracle).double()


SCORES: list[list[int | str]] = [
    ["Conv2d", 3, 4, 3],
    ["BatchNorm2d", 4],
    ["Tanh"],
    ["AdaptiveAvgPool2d", 2],
    ["Flatten"],
    ["Dropout", 0.5],  # type: ignore[list-item]
    ["Linear", 16, 5],
]
MAPS: list[list[int | str]] = [
    ["Conv2d", 3, 5, 3, 2],
    ["BatchNorm2d", 5],
    ["Softplus"],
    ["Dropout", 0.5],  # type: ignore[list-item]
]
CLASSIFIERS = (Given(SCORES, frozen=(1,)), Given(SCORES, frozen=(0, 1, 6)))


def _expect_left(model: MadeModule, oracle: nn.Module, x: Tensor, case: str) -> None:
    """No gradient, no hook, no other mode, the same weights, as trainable as before."""
    left = model.stored_gradients()
    for name, value in left.outcome.value.items():
        expect_that(left, value is None, case, f"a gradient is left in {name}",
                    "backward() leaves gradients in all weights, where the next one "
                    "to train will find them. torch.autograd.grad(what, where) does "
                    "not.")  # fmt: skip
    _expect_mode(model, case)
    hooks = model.hooks()
    more = sum(hooks.outcome.value.values())
    expect_that(hooks, more <= 1, case, "a hook is left on the model",
                "It would be called in every run to come.")  # fmt: skip
    _expect_trainable(model, oracle, x, case)


def _expect_mode(model: MadeModule, case: str) -> None:
    modes = model.modes()
    expect_that(modes, not any(modes.outcome.value.values()), case, "the model was in "
                "evaluation mode, and is in training mode now", "Leave its mode as it "
                "comes.")  # fmt: skip


def _expect_trainable(
    model: MadeModule, oracle: nn.Module, x: Tensor, case: str
) -> None:
    upstream = torch.ones_like(oracle(x.double())).detach().float()
    flowed = model.gradients(x, upstream=upstream, case=case)
    for name, parameter in oracle.named_parameters():
        got = flowed.of_parameters.get(name) is not None
        expect_that(flowed.result, got == parameter.requires_grad, case,
                    f"requires_grad of {name} is another one now", "The weights need "
                    "not be frozen: ask for the gradient of the picture alone, and "
                    "theirs is not computed.")  # fmt: skip


def _picture(cases: Cases, *shape: int) -> Tensor:
    """Numbers in 0.02 … 0.98 with two decimals."""
    return torch.as_tensor(np.round(cases.rng.uniform(0.02, 0.98, shape), 2)).float()


ADVICE = {
    "does not require grad": "The picture has to ask for a gradient before the model "
    "runs: a copy of its own, .detach().clone().requires_grad_(), does.",
    "only for scalar outputs": "A gradient belongs to one number: add up what you "
    "climb on.",
    "grad can be implicitly created": "A gradient belongs to one number: add up what "
    "you climb on.",
    "not have been used in the graph": "The model has to run on the very tensor whose "
    "gradient you ask for.",
    "leaf variable that requires grad": "You write into a tensor that asks for a "
    "gradient. Make a new one: x = x + …",
    "can't call numpy() on": "Cut it off first: .detach().",
}


def _advise(result: Result, case: str) -> None:
    """Fail with advice when the answer raised something that is known here."""
    raised = result.outcome.raised
    for words, advice in ADVICE.items():
        if raised and words.lower() in raised.text.lower():
            line = f"on the line  {raised.line}" if raised.line else ""
            fail(result, case, f"{result.whose} raised {raised.shown}", line, advice)


# ---- Uphill ----


@exercise("uphill", "model", "pictures", "labels", by_hand=READY)
def uphill(answer: Maker, cases: Cases) -> None:
    """Oracle: the Jacobian of the scores, picture by picture, times onehot − p."""
    for given in CLASSIFIERS:
        model, oracle = given.made(answer, cases)
        for labels, size in (([3], (5, 7)), ([0, 4, 2], (8, 5)), ([1, 1], (6, 6))):
            x = _picture(cases, len(labels), 3, *size)
            case = f"{len(labels)} pictures of {size[0]} × {size[1]}, classes {labels}"
            result = answer(model, x, labels)
            _advise(result, case)
            right = _slopes(oracle, x, labels)
            expect(result, right, case, _mistakes_uphill(oracle, x, labels))
            _expect_mode(model, case)
        _expect_left(model, oracle, x, case)


def _slopes(oracle: nn.Module, x: Tensor, labels: Sequence[int]) -> np.ndarray:
    return np.concatenate([
        _slope(oracle, one[None], label) for one, label in zip(x, labels, strict=True)
    ])  # fmt: skip


def _slope(oracle: nn.Module, x: Tensor, label: int, of: str = "log p") -> np.ndarray:
    """The slope of log p, of p or of the score, (1, 3, h, w), for one picture."""
    x = x.double()
    scores = oracle(x).detach()[0]
    table = torch.autograd.functional.jacobian(oracle, x)[0, :, 0]
    p = scores.softmax(0)
    weights = F.one_hot(torch.tensor(label), len(p)).double()
    if of != "score":
        weights = weights - p
    if of == "p":
        weights = p[label] * weights
    return torch.tensordot(weights, table, 1)[None].numpy()


DOWNHILL = (
    "That leads downhill: a cross-entropy is *minus* the log-probability of the class."
)


def _mistakes_uphill(oracle: nn.Module, x: Tensor, labels: Sequence[int]) -> Mistakes:
    right, n = _slopes(oracle, x, labels), len(x)
    yield -right, DOWNHILL
    yield (
        -right / n,
        (
            "The sign is turned, and it is divided by n: a cross-entropy is minus the "
            "log-probability, and the mean over the pictures."
        ),
    )
    yield (
        right / n,
        (
            "Each slope is divided by n: you took the mean over the pictures. A slope "
            "should not depend on how many others come along."
        ),
    )
    for of, words in (
        ("p", "That is the slope of p, not of its logarithm."),
        ("score", "That is the slope of the score alone. log p also has the scores of "
         "the other classes in it: a softmax, then the logarithm."),
    ):  # fmt: skip
        parts = [_slope(oracle, a[None], b, of) for a, b in zip(x, labels, strict=True)]
        yield np.concatenate(parts), words
    yield right.sum(0), "Each picture has a slope of its own: (n, 3, h, w)."
    yield right.sum(0, keepdims=True), "Each picture has a slope of its own."
    first = _slopes(oracle, x, [labels[0]] * n)
    yield first, "Each picture has a label of its own; yours take the first one's."
    every = sum(_slopes(oracle, x, [label] * n) for label in labels)
    yield every, "Every picture climbs for its own label only, yours for all of them."
    sizes = np.sqrt((right**2).sum((1, 2, 3), keepdims=True))
    yield right / sizes, "The slope is wanted as it is, not with length 1."
    yield np.abs(right), "The slope has a sign."


# ---- Climb ----


def _climbed(
    oracle: nn.Module,
    label: int,
    start: Tensor,
    steps: int,
    fade: float = 0.05,
    rate: float = 1.0,
    *,
    of: str = "log p",
    grey: float = 0.5,
    clamp: str = "each",
    order: str = "together",
) -> np.ndarray:
    """Steps without noise, right or with a mistake."""
    x = start.double().numpy()[None]
    slope = np.zeros_like(x)
    for number in range(steps):
        pull = fade * (grey - x)
        if order == "prior first":
            x = x + pull
        if number == 0 or order != "once":
            slope = _slope(oracle, torch.from_numpy(x), label, of)
        if order == "slope first":
            pull = fade * (grey - x - rate * slope)
        x = x + rate * slope + (0 if order == "prior first" else pull)
        x = np.clip(x, 0, 1) if clamp == "each" else x
    return np.clip(x, 0, 1)[0] if clamp == "end" else x[0]


@exercise("climb", "model", "label", "start", "steps", "fade", "rate", "noise",
          by_hand=READY)  # fmt: skip
def climb(answer: Maker, cases: Cases) -> None:
    """Oracle: the same steps in float64; deviations of many numbers for the noise."""
    for given, size in zip(CLASSIFIERS, ((5, 7), (8, 6)), strict=True):
        model, oracle = given.made(answer, cases)
        start = _picture(cases, 3, *size)
        for label, steps, fade, rate in (
            (3, 1, 0.2, 5.0), (2, 3, 0.3, 4.0), (0, 2, 0.0, 8.0), (4, 0, 0.1, 1.0),
            (1, 2, 0.6, 0.0),
        ):  # fmt: skip
            case = f"{steps} steps, fade {fade}, rate {rate}, no noise"
            result = answer(model, label, start, steps, fade, rate, 0.0)
            _advise(result, case)
            right = _climbed(oracle, label, start, steps, fade, rate)
            wrong = _mistakes_climb(oracle, label, start, steps, fade, rate)
            expect(result, right, case, wrong)
            _expect_mode(model, case)
        result = answer(model, 2, start, 2, noise=0.0)
        wrong = _mistakes_climb(oracle, 2, start, 2, 0.05, 1.0)
        right = _climbed(oracle, 2, start, 2)
        expect(result, right, "fade and rate not given, no noise", wrong)
        _expect_left(model, oracle, start[None], "afterwards")
    _trembles(answer, cases)


def _mistakes_climb(
    oracle: nn.Module, label: int, start: Tensor, steps: int, fade: float, rate: float
) -> Mistakes:
    def other(
        steps: int = steps, fade: float = fade, rate: float = rate, **how: str | float
    ) -> np.ndarray:
        return _climbed(oracle, label, start, steps, fade, rate, **how)  # type: ignore[arg-type]

    yield other(rate=-rate), DOWNHILL
    yield other(fade=-fade), "The prior drives away from grey: its pull is ½ − x."
    yield other(fade=-fade, rate=-rate), "Both terms lead the wrong way."
    yield other(grey=0.0), "The prior pulls to grey, ½; yours pulls to black, 0."
    yield other(fade=0.0), "Where is the prior?"
    yield other(rate=0.0), "Where is the slope?"
    yield other(of="p"), "That climbs on p, not on its logarithm."
    yield other(of="score"), "That climbs on the score, not on the log-probability."
    yield other(clamp="never"), "After each step the numbers are put back into 0 … 1."
    yield other(clamp="end"), "The numbers are put back after *each* step."
    yield other(steps=steps + 1), "That is one step more."
    yield other(steps=max(steps - 1, 0)), "That is one step less."
    yield (
        other(order="prior first"),
        (
            "All terms are computed from x of before, then added. Yours computes the "
            "slope after the prior has pulled."
        ),
    )
    yield (
        other(order="slope first"),
        (
            "All terms are computed from x of before, then added. Yours lets the prior "
            "pull at what the slope has changed."
        ),
    )
    yield other(order="once"), "The slope is computed anew at each step."
    yield other(fade=0.05, rate=1.0), "Use the fade and the rate that are given."
    yield other()[None], "One picture is wanted, (3, h, w): [0] takes it out."
    yield start.numpy(), "That is the start."


def _trembles(answer: Maker, cases: Cases) -> None:
    """The noise: its deviation, drawn anew in each step for each number, normal."""
    model, oracle = CLASSIFIERS[1].made(answer, cases)
    start = torch.full((3, 30, 40), 0.5)
    first = _far(answer(model, 1, start, 1, 0.0, 0.0, 0.03), "noise alone, one step")
    result, far = first
    case = "noise of 0.03 alone, one step"
    _expect_deviation(result, far, 0.03, case, (
        (0.0009, "Is that the variance? A normal number times ε₃ has deviation ε₃."),
        (0.03**0.5, "Is a root taken of ε₃? It is the deviation already."),
        (0.0, "There is no noise."),
        (0.03 / 3**0.5, "Is the noise uniform? A normal one is wanted: torch.randn."),
    ))  # fmt: skip
    _expect_normal(result, far, case)
    result, far = _far(answer(model, 1, start, 9, 0.0, 0.0, 0.02), "nine steps")
    _expect_deviation(result, far, 0.06, "noise of 0.02 alone, nine steps", (
        (0.18, "Nine steps with one and the same noise add up to nine times it. Draw "
         "it anew in each step."),
        (0.02, "Is the noise added in one of the steps only?"),
    ))  # fmt: skip
    again = _far(answer(model, 1, start, 9, 0.0, 0.0, 0.02), "nine steps, again")
    expect_that(again[0], not np.array_equal(again[1], far), "a second climb",
                "It trembles in the very same way.", "Do you set a seed? Who sets "
                "torch's makes all dice begin again, those of others as well.",
                )  # fmt: skip
    result, far = _far(answer(model, 1, start, 12, 0.2, 0.0, 0.03), "with the prior")
    _expect_deviation(result, far, 0.05, "noise of 0.03 and fade 0.2, twelve steps", (
        (0.03 * 12**0.5, "The prior fades what the noise has left, too."),
        (0.04, "Does the prior fade the noise of its own step? It is added to x of "
         "before."),
    ))  # fmt: skip
    _by_itself(answer, model, oracle, cases)


def _by_itself(
    answer: Maker, model: MadeModule, oracle: nn.Module, cases: Cases
) -> None:
    """Without any options: the steps of the oracle, and noise of 0.005."""
    start = _picture(cases, 3, 30, 40) * 0.8 + 0.1
    case = "fade, rate and noise not given, one step"
    result, _ = _far(answer(model, 2, start, 1), case)
    value = result.array((3, 30, 40), case)
    far = value - _climbed(oracle, 2, start, 1)
    _expect_deviation(result, far, 0.005, case, ((0.0, "There is no noise."),))


def _far(result: Result, case: str) -> tuple[Result, np.ndarray]:
    _advise(result, case)
    expect_that(result, True, case, wanted="a picture")
    return result, result.array((3, 30, 40), case).astype(float) - 0.5


def _expect_deviation(
    result: Result,
    far: np.ndarray,
    wanted: float,
    case: str,
    ideas: Sequence[tuple[float, str]],
) -> None:
    got = float(np.sqrt((far**2).mean()))
    idea = next((words for value, words in ideas if _near(got, value)), "")
    expect_that(result, _near(got, wanted), case, f"numbers should be off by {wanted} "
                f"(root of the mean square), yours are off by {got:.2g}", idea,
                )  # fmt: skip
    means = np.abs(far.mean((1, 2))).max()
    expect_that(result, bool(means < 0.2 * wanted), case, "all numbers of a channel "
                "move the same way", "Every number gets a noise of its own: "
                "torch.randn_like(x).")  # fmt: skip
    alike = max(abs(_cosine(far[0], far[1])), abs(_cosine(far[1], far[2])),
                abs(_cosine(far[:, :, 1:], far[:, :, :-1])),
                abs(_cosine(far[:, 1:], far[:, :-1])))  # fmt: skip
    expect_that(result, alike < 0.2, case, "the noise of channels or neighbours is the "
                "same", "Every number gets a noise of its own: torch.randn_like(x).",
                )  # fmt: skip


def _near(got: float, value: float) -> bool:
    return abs(got - value) <= 0.07 * value + 1e-6


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    lengths = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / max(lengths, 1e-300))


def _expect_normal(result: Result, far: np.ndarray, case: str) -> None:
    """Of normal numbers 7 % lie beyond 1.8 deviations; of uniform ones none."""
    beyond = float((np.abs(far) > 1.8 * far.std()).mean())
    expect_that(result, 0.045 < beyond < 0.1, case, f"{beyond:.1%} of the numbers lie "
                "beyond 1.8 deviations; of normal ones it is 7 %",
                "Draw normal numbers: torch.randn_like(x).")  # fmt: skip


# ---- Total variation ----

BY_HAND = (
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.autograd.functional",
    "torch.func",
    "torch._functorch",
    *(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)),
    *(f"torch.conv{n}d" for n in (1, 2, 3)),
    "torch.nn.modules.conv",
    "scipy",
    *READY,
    "coursekit.features",
)


@exercise("variation", "x", by_hand=BY_HAND)
def variation(answer: Answer, cases: Cases) -> None:
    """Oracle: one pair of neighbours after the other, in float64."""
    few = torch.tensor([[1.0, 4.0, 2.0], [0.0, -3.0, 5.0]])
    _varies(answer, few, "two rows of three")
    _varies(answer, torch.tensor([[0.0, 1.0, 3.0, -2.0]]), "a single row")
    _varies(answer, torch.tensor([[0.5], [2.0], [-1.0]]), "a single column")
    _varies(answer, normal(cases, 2, 3, 4), "two channels of 3 × 4")
    _varies(answer, normal(cases, 3, 2, 5, 4), "three pictures of two channels, 5 × 4")
    _varies(answer, torch.full((2, 3, 4), 0.3), "all the same")
    _varies(answer, torch.tensor([[7.0]]), "a single pixel")
    for number in cases.count(3):
        sizes = [cases.integer(1, 6) for _ in range(cases.integer(2, 4))]
        _varies(answer, normal(cases, *sizes), f"random {number}: shape {sizes}")


Run = tuple[float, np.ndarray]


def _varies(answer: Answer, x: Tensor, case: str) -> None:
    result = answer(x)
    _advise(result, case)
    expect_that(result, True, case, wanted="the value and its gradient")
    value = result.outcome.value
    fits = isinstance(value, tuple | list) and len(value) == 2
    expect_that(result, fits, case, "Return two things: V(x) and its gradient.")
    numbers = x.double().numpy()
    right = _paired(numbers)
    size = np.abs(numbers).max()
    mistakes = list(_mistakes_varies(numbers))
    expect(result[0], right[0], f"{case}: V", [(run[0], w) for run, w in mistakes],
           scale=40 * numbers.size * size**2)  # fmt: skip
    expect(result[1], right[1], f"{case}: its gradient",
           [(run[1], w) for run, w in mistakes],
           scale=np.full(numbers.shape, 100 * size))  # fmt: skip


def _paired(
    x: np.ndarray,
    *,
    axes: Sequence[int] = (-1, -2),
    absolute: bool = False,
    sides: tuple[int, int] = (1, 1),
    wrap: bool = False,
    ends: bool = True,
) -> Run:
    """V and its gradient, pair by pair, right or with a mistake.

    sides: what the first and the second of a pair get of the gradient
    wrap: the last of a row has the first for a neighbour
    ends: without them pairs of the last row and the last column are left out
    """
    value, slope = 0.0, np.zeros_like(x)
    for axis in axes:
        across = x if axis == -1 else x.swapaxes(-1, -2)
        into = slope if axis == -1 else slope.swapaxes(-1, -2)
        rows = slice(None) if ends else slice(0, -1)
        last = across.shape[-1] - (0 if wrap else 1)
        for j in range(last):
            k = (j + 1) % across.shape[-1]
            d = across[..., rows, k] - across[..., rows, j]
            value += float(np.abs(d).sum() if absolute else (d**2).sum())
            d = np.sign(d) if absolute else 2 * d
            into[..., rows, k] += sides[1] * d
            into[..., rows, j] -= sides[0] * d
    return value, slope


def _mistakes_varies(x: np.ndarray) -> Iterator[tuple[tuple[object, object], str]]:
    value, slope = _paired(x)
    yield (
        (None, -slope),
        (
            "That is the way down, minus the gradient: right for a step on log p = −V, "
            "but the gradient of V is wanted."
        ),
    )
    yield (value / 2, slope / 2), "Where is the 2 that the square leaves?"
    if value:
        root = value**0.5
        yield (root, slope / (2 * root)), "That is the root of V. V is the plain sum."
    yield (value / x.size, slope / x.size), "The sum is wanted, not the mean."
    yield (2 * value, 2 * slope), "Each pair counts once."
    for sides in ((1, 0), (0, 1)):
        yield (
            (None, _paired(x, sides=sides)[1]),
            (
                "Each difference belongs to two pixels: to one it gives +2d, to the "
                "other −2d. Yours gives it to one of them."
            ),
        )
    yield (
        _paired(x, wrap=True),
        ("The two ends of a row are no neighbours: torch.roll makes them so."),
    )
    yield (
        (None, _paired(x, wrap=True)[1]),
        ("The two ends of a row are no neighbours: torch.roll makes them so."),
    )
    yield _paired(x, absolute=True), "The differences are squared, not their sizes."
    yield _paired(x, axes=(-1,)), "Neighbours above and below count, too."
    yield _paired(x, axes=(-2,)), "Neighbours left and right count, too."
    yield (
        _paired(x, ends=False),
        ("Pairs within the last row and the last column are missing: V takes all."),
    )
    yield (
        (None, _boundless(x)),
        ("At the border a pixel has fewer neighbours: 4x is right within only."),
    )


def _boundless(x: np.ndarray) -> np.ndarray:
    """2 (4x − neighbours), with zeros for neighbours beyond the border."""
    padded = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(1, 1), (1, 1)])
    around = padded[..., :-2, 1:-1] + padded[..., 2:, 1:-1]
    around = around + padded[..., 1:-1, :-2] + padded[..., 1:-1, 2:]
    return 2 * (4 * x - around)


# ---- One step of an inversion ----


@exercise("inversion-step", "layer", "x", "target", "rate", "weight", by_hand=READY)
def inversion_step(answer: Maker, cases: Cases) -> None:
    """Oracle: Jacobians in float64, and pairs of neighbours."""
    for given in (Given(MAPS, frozen=(1,)), Given(MAPS, frozen=(0, 1))):
        layer, oracle = given.made(answer, cases)
        for size, rate, weight in (
            ((6, 9), 1.5, 30.0), ((7, 5), 4.0, 0.0), ((5, 8), 60.0, 5.0),
        ):  # fmt: skip
            x, target = _to_invert(oracle, cases, size)
            case = f"{size[0]} × {size[1]} pixels, rate {rate}, λ = {weight:g}"
            result = answer(layer, x, target, rate, weight)
            _advise(result, case)
            right = _inverted(oracle, x, target, rate, weight)
            wrong = _mistakes_inverted(oracle, x, target, rate, weight)
            expect(result, right, case, wrong)
            _expect_mode(layer, case)
        result = answer(layer, x, target, 2.0)
        wrong = _mistakes_inverted(oracle, x, target, 2.0, 1.0)
        right = _inverted(oracle, x, target, 2.0, 1.0)
        expect(result, right, "λ not given", wrong)
        _expect_left(layer, oracle, x, case)


def _to_invert(
    oracle: nn.Module, cases: Cases, size: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    x, other = (_picture(cases, 1, 3, *size) for _ in "12")
    return x, oracle(other.double()).detach().float()


def _inverted(
    oracle: nn.Module,
    x: Tensor,
    target: Tensor,
    rate: float,
    weight: float,
    *,
    way: float = -1,
    relative: str = "target",
    per: float | None = None,
    root: bool = False,
    clamp: bool = True,
    rough: Callable[[np.ndarray], Run] = _paired,
) -> np.ndarray:
    """The next picture, right or with a mistake."""
    maps = oracle(x.double()).detach()
    table = torch.autograd.functional.jacobian(oracle, x.double())
    d = maps - target.double()
    size = {"target": target.double(), "maps": maps, "no": torch.ones(1)}[relative]
    far = float(d.square().sum() / size.square().sum())
    slope = 2 * torch.tensordot(d, table, 4) / size.square().sum()
    if relative == "mean":
        slope = slope / d.numel()
    if root:
        slope = slope / (2 * far**0.5)
    per = x.numel() if per is None else per
    pull = weight * rough(x.double().numpy())[1] / per
    new = x.double().numpy() + way * rate * (slope.numpy() + pull)
    return np.clip(new, 0, 1) if clamp else new


def _mistakes_inverted(
    oracle: nn.Module, x: Tensor, target: Tensor, rate: float, weight: float
) -> Mistakes:
    def other(**how: object) -> np.ndarray:
        return _inverted(oracle, x, target, rate, weight, **how)  # type: ignore[arg-type]

    yield other(way=1), "That leads uphill: here E shall become small."
    yield other(relative="no"), "Divide by the sum of squares of the target."
    yield (
        other(relative="maps"),
        ("Divide by the sum of squares of the *target*, which does not change with x."),
    )
    yield other(per=1.0), "V is divided by n, how many numbers x has."
    yield other(per=x.shape[2] * x.shape[3]), "n counts all numbers, three a pixel."
    yield other(root=True), "The norms are squared: no root."
    yield other(clamp=False), "The numbers are put back into 0 … 1."
    yield (
        other(rough=_one_sided),
        (
            "V takes all pairs of neighbours; those of the last row or column are "
            "missing."
        ),
    )
    yield _inverted(oracle, x, target, rate, 0.0), "Where is λ V(x) / n?"
    yield _inverted(oracle, x, target, rate, -weight), "V is added, not taken away."
    yield _inverted(oracle, x, target, rate, 1.0), "Use the weight that is given."
    yield _inverted(oracle, x, target, 1.0, weight), "Use the rate that is given."
    yield other(way=-0.5), "Where is the 2 that a square leaves?"
    yield x.numpy(), "That is x itself: nothing has moved."


def _one_sided(x: np.ndarray) -> Run:
    return _paired(x, ends=False)


# ---- Octaves ----

CHANGE = Given([["Conv2d", 3, 3, 3, 1, 1], ["Tanh"]])
Size = tuple[int, int]
OCTAVES: tuple[tuple[Size, int, float], ...] = (
    ((13, 18), 3, 1.4), ((9, 6), 1, 1.3), ((12, 21), 2, 2.2), ((23, 17), 4, 1.25),
    ((31, 25), 3, 1.7),
)  # fmt: skip


@exercise("octaves", "picture", "count", "scale", "change", by_hand=READY)
def octaves(answer: Maker, cases: Cases) -> None:
    """Oracle: the same in float64."""
    for size, count, scale in OCTAVES:
        change, oracle = CHANGE.made(answer, cases)
        picture = _picture(cases, 1, 3, *size)
        case = f"{size[0]} × {size[1]} pixels, {count} octaves, scale {scale}"
        result = answer(picture, count, scale, change)
        _advise(result, case)
        right = _octaved(oracle, picture, _sizes(size, count, scale))
        wrong = _mistakes_octaves(oracle, picture, size, count, scale)
        expect(result, right, case, wrong)
        called = log_of(answer, take=True).count("forward")
        expect_that(result, called == count, case, f"change was called {called} times; "
                    f"{count} times are wanted, once in each octave")  # fmt: skip


def _sizes(
    size: Size, count: int, scale: float, whole: Callable[[float], float] = round
) -> list[Size]:
    """(height, width) of each octave, from the smallest."""
    found = []
    for octave in reversed(range(count)):
        height, width = (int(whole(side / scale**octave)) for side in size)
        found.append((height, width))
    return found


def _step_by_step(size: Size, count: int, scale: float) -> list[Size]:
    """Each size from the one above it, which was rounded already."""
    found = [size]
    for _ in range(count - 1):
        height, width = (round(side / scale) for side in found[0])
        found.insert(0, (height, width))
    return found


def _linear(size: Size, count: int, scale: float) -> list[Size]:
    """Sides divided by …, 2 scale, scale, 1."""
    shares = [*(scale * k for k in range(count - 1, 0, -1)), 1.0]
    return [(round(size[0] / share), round(size[1] / share)) for share in shares]


def _resized(x: Tensor, size: Sequence[int]) -> Tensor:
    return F.interpolate(x, tuple(size), mode="bilinear", antialias=True)


def _octaved(
    oracle: nn.Module,
    picture: Tensor,
    sizes: Sequence[Size],
    carry: str = "difference",
) -> np.ndarray:
    """The last picture, right or with a mistake."""
    given = picture.double()
    carried = torch.zeros_like(given)
    with torch.no_grad():
        for number, size in enumerate(sizes):
            base = _resized(given, size)
            up = _resized(carried, size)
            begun = up if carry == "picture" and number else base + up
            x = oracle(begun)
            carried = {
                "difference": x - base,
                "picture": x,
                "nothing": torch.zeros_like(x),
                "last": x - begun,
                "all": up + x - base,
                "turned": base - x,
            }[carry]
    return x.numpy()


CARRIED = {
    "nothing": "The last octave knows nothing of the smaller ones: what was dreamt "
    "into them has to come along.",
    "picture": "You enlarge what came out, or the small copy in it. The photograph's "
    "details are lost: each copy is made from the photograph, and the difference is "
    "what is carried.",
    "last": "The difference is what came out minus the *copy*. Minus what went in, "
    "what was dreamt before gets lost.",
    "all": "The difference from the copy holds what was dreamt before: it is not added "
    "to the earlier one.",
    "turned": "The difference is what came out minus the copy.",
}


def _mistakes_octaves(
    oracle: nn.Module, picture: Tensor, size: Size, count: int, scale: float
) -> Mistakes:
    sizes = _sizes(size, count, scale)
    for carry, words in CARRIED.items():
        yield _octaved(oracle, picture, sizes, carry), words
    last = _octaved(oracle, picture, sizes)
    yield last - picture.numpy(), "Return what came out, not the difference."
    yield last + picture.numpy(), "What came out holds the picture already."
    if count > 1:
        alone = _octaved(oracle, picture, sizes[-1:])
        yield alone, "Where are the smaller octaves?"
        yield _octaved(oracle, picture, sizes[1:]), "That is one octave less."
    others = (
        (_sizes(size, count, scale, np.floor), NEAREST),
        (_sizes(size, count, scale, np.ceil), NEAREST),
        (_step_by_step(size, count, scale), "Each size comes from the picture's own, "
         "divided and then rounded; yours from one that was rounded already."),
        (_sizes(size, count + 1, scale), "That is one octave more."),
        (_linear(size, count, scale), "Twice smaller by `scale` is scale ** 2, not "
         "2 · scale."),
        (sizes[::-1], "Begin with the smallest octave."),
    )  # fmt: skip
    for wrong, words in others:
        yield _octaved(oracle, picture, wrong), words


NEAREST = "The sides are rounded to the nearest whole number."


# ---- A picture that a friend recognises ----

SIDE, LABELS, LOOKS, PASSES = 48, 4, 16, 300
SURE, EACH, ROUGH, STIR = 0.85, 0.6, 0.006, 0.3


@exercise("for-a-friend", "model", "labels", by_hand=("coursekit.dream",
          "coursekit.features", "coursekit.data"))  # fmt: skip
def class_pictures(answer: Maker, cases: Cases) -> None:
    """No oracle: the shipped network looks at the pictures, from near and far."""
    friend = features.small_classifier().to(memory_format=torch.channels_last)
    order = cases.rng.permutation(10)
    oracle = _relative(friend, order, cases)
    model = given_model(answer, _sequence(), oracle)
    model.eval()
    labels = cases.rng.choice(10, LABELS, replace=False).tolist()
    result = answer(model, labels)
    pictures = _painted(result)
    passes = log_of(answer).count("forward")
    expect_that(result, passes <= PASSES, "how often the model ran",
                f"it ran {passes} times; {PASSES} times are allowed",
                "Let it look at all pictures at once, or take fewer steps.",
                )  # fmt: skip
    _expect_seen(result, friend, pictures, [int(order[label]) for label in labels],
                 cases)  # fmt: skip
    grey = torch.full((1, 3, 16, 16), 0.5)
    _expect_left(model, oracle.double(), grey, "afterwards")


def _sequence() -> list[list[int | str]]:
    """The shipped classifier's layers, colours first made mean 0."""
    layers: list[list[int | str]] = [["Conv2d", 3, 3, 1]]
    channels = 3
    for entry in ROW:
        if isinstance(entry, str):
            layers.append(["MaxPool2d", 2])
            continue
        layers += [["Conv2d", channels, entry, 3, 1, 1], ["ReLU"]]
        channels = entry
    return [*layers, ["AdaptiveAvgPool2d", 1], ["Flatten"], ["Linear", channels, 10]]


def _relative(
    friend: features.shipped.Classifier, order: np.ndarray, cases: Cases
) -> nn.Module:
    """The friend as layers in a row, classes in another order, its weights stirred."""
    double = stacked(_sequence()).eval()
    mean, std = (friend.network.get_buffer(name).flatten() for name in ("mean", "std"))
    layers = [layer for layer in double if isinstance(layer, nn.Conv2d | nn.Linear)]
    convolutions = friend.network.convolutions().values()
    with torch.no_grad():
        first = {"weight": torch.diag(1 / std)[:, :, None, None], "bias": -mean / std}
        layers[0].load_state_dict(first)
        for layer, conv in zip(layers[1:-1], convolutions, strict=True):
            layer.load_state_dict(conv.state_dict())
        dense = friend.dense.state_dict()
        layers[-1].load_state_dict({k: v[order.tolist()] for k, v in dense.items()})
        for layer in layers[1:]:
            drawn = cases.rng.standard_normal(tuple(layer.weight.shape))
            layer.weight.mul_(torch.as_tensor(1 + STIR * drawn).float())
    return double


def _painted(result: Result) -> Tensor:
    shape = (LABELS, 3, SIDE, SIDE)
    _advise(result, "four labels")
    expect_that(result, True, "four labels", wanted=f"pictures of shape {shape}")
    values = result.array(shape, "four labels").astype(np.float32)
    low, high = float(values.min()), float(values.max())
    expect_that(result, 0 <= low <= high <= 1, "four labels", f"the numbers go from "
                f"{low:.2f} to {high:.2f}; a picture has numbers in 0 … 1",
                "clamp(0, 1) puts them back.")  # fmt: skip
    return torch.from_numpy(values)


def _expect_seen(
    result: Result,
    friend: nn.Module,
    pictures: Tensor,
    classes: Sequence[int],
    cases: Cases,
) -> None:
    """She names each picture, and none is as restless as noise."""
    slack = 0.85 if cases.hard else 1.0  # other looks may be unlucky
    rough = sum(pictures.diff(dim=d).square().mean((1, 2, 3)) for d in (2, 3))
    likely = _seen(friend, pictures, cases)
    for number, label in enumerate(classes):
        case, sure = f"picture {number}", float(likely[number, label])
        noisy = float(rough[number])  # type: ignore[index]
        expect_that(result, noisy <= ROUGH / slack, case, "the squared difference of "
                    f"neighbours is {noisy:.4f}; at most {ROUGH} is allowed",
                    "That is noise, to her eyes. Who could keep neighbours alike?",
                    )  # fmt: skip
        expect_that(result, sure >= EACH * slack, case, "she gives the right word "
                    f"{sure:.2f} in the mean of her looks; {EACH} is wanted for each "
                    "picture", SMALLER)  # fmt: skip
    mean = float(likely[range(LABELS), list(classes)].mean())
    expect_that(result, mean >= SURE * slack, "all pictures", "she gives the right "
                f"word {mean:.2f} in the mean of all looks; {SURE} is the goal",
                SMALLER)  # fmt: skip


SMALLER = (
    "She sees it smaller, moved, mirrored, in other light. Did the model that you "
    "climbed?"
)


def _seen(friend: nn.Module, pictures: Tensor, cases: Cases) -> Tensor:
    """Probabilities (n, 10), the mean over her looks."""
    with torch.no_grad():
        said = [friend(look).softmax(1) for look in _looks(pictures, cases)]
    return torch.stack(said).mean(0)


def _looks(pictures: Tensor, cases: Cases) -> Iterator[Tensor]:
    """As in the lesson, with other dice."""
    for _ in range(LOOKS):
        side = cases.integer(24, 39)
        x = F.pad(_resized(pictures, (side, side)), (4, 4, 4, 4), mode="replicate")
        top, left = cases.integer(0, 8), cases.integer(0, 8)
        x = x[:, :, top : top + side, left : left + side]
        x = x.flip(3) if cases.rng.random() < 0.5 else x
        x = 0.5 + cases.rng.uniform(0.8, 1.2) * (x - 0.5)
        noise = torch.as_tensor(cases.rng.standard_normal(tuple(x.shape))).float()
        x = (x + 0.02 * noise).clamp(0, 1)
        yield x.contiguous(memory_format=torch.channels_last)
