"""Checks of "What a network sees"."""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

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
from coursekit.checks.loops import Layers, Log, given_model, log_of, watched
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

    def made(
        self, answer: Maker, cases: Cases, name: str = "model"
    ) -> tuple[MadeModule, nn.Module]:
        """The model on the bench and its double on the check's side, in float64."""
        oracle = stirred(stacked(self.layers), cases).eval()
        model = given_model(answer, self.layers, oracle)
        model.name = name
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
FOR_ROWS = Given([
    ["Conv2d", 3, 4, 1], ["Tanh"], ["AdaptiveAvgPool2d", 2], ["Flatten"],
    ["Linear", 16, 5],
])  # fmt: skip


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
    "needs images of at least": "That is the notebook's `model`, not the model you "
    "were given: this is a network of its own.",
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
        for labels, size in (([0, 4, 2], (8, 5)), ([3], (5, 7)), ([1, 1], (6, 6))):
            x = _picture(cases, len(labels), 3, *size)
            case = f"pictures of {size[0]} × {size[1]}, classes {labels}"
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


def _across(oracle: nn.Module, x: Tensor, labels: Sequence[int]) -> np.ndarray:
    """A mistake: the softmax of each class runs over the pictures."""
    leaf = x.double().requires_grad_()
    likely = oracle(leaf).log_softmax(0)[range(len(leaf)), list(labels)]
    return torch.autograd.grad(likely.sum(), leaf)[0].numpy()


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
    yield (
        _across(oracle, x, labels),
        (
            "A softmax runs over the classes of one picture, dim 1; yours runs over "
            "the pictures."
        ),
    )
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
    _thin(answer, cases)
    _trembles(answer, cases)


def _thin(answer: Maker, cases: Cases) -> None:
    """Pictures of one row or one column keep their three axes."""
    model, oracle = FOR_ROWS.made(answer, cases)
    for size, what in (((1, 7), "row"), ((6, 1), "column")):
        start, case = _picture(cases, 3, *size), f"a picture of a single {what}"
        result = answer(model, 1, start, 2, 0.1, 0.3, 0.0)
        _advise(result, case)
        right = _climbed(oracle, 1, start, 2, 0.1, 0.3)
        flat = (right.squeeze(), "[0] takes the first axis out; squeeze takes every "
                "axis of length 1, here one of the picture as well.")  # fmt: skip
        wrong = _mistakes_climb(oracle, 1, start, 2, 0.1, 0.3)
        expect(result, right, case, [flat, *wrong])


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
    result, far = _far(answer(model, 0, start, 9, 0.0, 0.0, 0.02), "nine steps")
    _expect_deviation(result, far, 0.06, "noise of 0.02 alone, nine steps", (
        (0.0, "There is no noise. Does it hang on the class? 0 is one like the "
         "others."),
        (0.18, "Nine steps with one and the same noise add up to nine times it. Draw "
         "it anew in each step."),
        (0.02, "Is the noise added in one of the steps only?"),
    ))  # fmt: skip
    again = _far(answer(model, 0, start, 9, 0.0, 0.0, 0.02), "nine steps, again")
    expect_that(again[0], not np.array_equal(again[1], far), "a second climb",
                "It trembles in the very same way.", "Do you set a seed? Who sets "
                "torch's makes all dice begin again, those of others as well.",
                )  # fmt: skip
    result, far = _far(answer(model, 1, start, 8, 0.4, 0.0, 0.024), "with the prior")
    _expect_deviation(result, far, 0.03, "noise of 0.024 and fade 0.4, eight steps", (
        (0.024 * 8**0.5, "The prior fades what the noise has left, too."),
        (0.018, "Does the prior fade the noise of its own step? It is added to x of "
         "before."),
    ))  # fmt: skip
    _at_the_border(answer, model)
    _by_itself(answer, model, oracle, cases)


def _at_the_border(answer: Maker, model: MadeModule) -> None:
    """Noise comes before the clamp, and there is but one clamp in a step."""
    black = torch.zeros(3, 30, 40)
    case = "from black, noise of 0.03 alone, one step"
    result, far = _far(answer(model, 1, black, 1, 0.0, 0.0, 0.03), case)
    below = float((far < -0.5).mean())
    expect_that(result, not below, case, f"{below:.0%} of the numbers lie below 0",
                "The noise is one of the three terms: it is added first, and then "
                "the numbers are put back.")  # fmt: skip
    case = "from white, fade 2.4, noise of 0.1, one step"
    result, far = _far(answer(model, 1, 1 - black, 1, 2.4, 0.0, 0.1), case)
    above = float((far > -0.5).mean())
    expect_that(result, above < 0.2, case, f"{above:.0%} of the numbers are above 0; "
                "the prior pulls to 1 − 2.4 · ½ = −0.2, from where only 2 % get there",
                "Are the numbers put back twice, before the noise and after it? All "
                "three terms are added to x first.")  # fmt: skip


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
    if result.outcome.ready.startswith("torch.autograd"):
        fail(result, case, f"{result.outcome.ready} does the work of this exercise.",
             "You know how to call it. This once, write the steps yourself: the "
             "gradient is made of a few differences.")  # fmt: skip
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
    if x.ndim > 2:
        more, along = _paired(x.swapaxes(-3, -1), axes=(-1,))
        yield (
            (value + more, slope + along.swapaxes(-3, -1)),
            ("Channels are no neighbours: take differences along height and width."),
        )
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
        layer, oracle = given.made(answer, cases, "layer")
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
    by = {"target": target.double(), "no": torch.ones(1), "mean": torch.ones(1)}
    size = by.get(relative, maps).square().sum()
    far = float(d.square().sum() / size)
    slope = 2 * torch.tensordot(d, table, 4) / size
    if relative == "mean":
        slope = slope / d.numel()
    if relative == "moving maps":
        slope = slope - 2 * far * torch.tensordot(maps, table, 4) / size
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
    yield (
        other(relative="moving maps"),
        (
            "‖Φ₀‖² belongs below, that of the target. Yours divides by ‖Φ(x)‖², and "
            "so a picture is favoured that the layer says more of."
        ),
    )
    yield (
        other(relative="mean"),
        (
            "A mean of squares is not E: the sum is divided by ‖Φ₀‖², so that all "
            "layers can be compared."
        ),
    )
    for rough, words in ROUGH_MISTAKES:
        yield other(rough=rough), words
    yield (
        other(per=1.0, rough=_mean_each),
        (
            "V is one sum over all pairs, then divided by n. Yours is a mean for each "
            "direction, and there are fewer than n pairs in each."
        ),
    )
    yield other(per=1.0), "V is divided by n, how many numbers x has."
    yield other(per=x.shape[2] * x.shape[3]), "n counts all numbers, three a pixel."
    yield other(root=True), "The norms are squared: no root."
    yield other(clamp=False), "The numbers are put back into 0 … 1."
    yield _inverted(oracle, x, target, rate, 0.0), "Where is λ V(x) / n?"
    yield _inverted(oracle, x, target, rate, -weight), "V is added, not taken away."
    yield _inverted(oracle, x, target, rate, 1.0), "Use the weight that is given."
    yield _inverted(oracle, x, target, 1.0, weight), "Use the rate that is given."
    yield other(way=-0.5), "Where is the 2 that a square leaves?"
    yield x.numpy(), "That is x itself: nothing has moved."


def _mean_each(x: np.ndarray) -> Run:
    """The mean over the pairs of each direction, added."""
    value, slope = 0.0, np.zeros_like(x)
    for axis in (-1, -2):
        more, along = _paired(x, axes=(axis,))
        pairs = x.size - x.size // x.shape[axis]
        value, slope = value + more / pairs, slope + along / pairs
    return value, slope


def _over_channels(x: np.ndarray) -> Run:
    """Pairs along channels and height in place of height and width."""
    value, slope = _paired(x.swapaxes(-3, -1))
    return value, slope.swapaxes(-3, -1)


ROUGH_MISTAKES: tuple[tuple[Callable[[np.ndarray], Run], str], ...] = (
    (partial(_paired, ends=False), "V takes all pairs of neighbours; those of the last "
     "row or column are missing."),
    (partial(_paired, axes=(-1,)), "V also has the pairs one above the other."),
    (partial(_paired, axes=(-2,)), "V also has the pairs side by side."),
    (_over_channels, "V is taken along height and width, dims 2 and 3: a channel has "
     "no neighbours."),
    (partial(_paired, absolute=True), "In V the differences are squared, not their "
     "absolute values."),
    (partial(_paired, wrap=True), "The two ends of a row are no neighbours in V: "
     "torch.roll makes them so."),
)  # fmt: skip


# ---- Octaves ----

CHANGE = Given([["Conv2d", 3, 3, 3, 1, 1], ["Tanh"]])
Size = tuple[int, int]
OCTAVES: tuple[tuple[Size, int, float], ...] = (
    ((13, 18), 3, 1.4), ((9, 6), 1, 1.3), ((12, 21), 2, 2.2), ((23, 17), 4, 1.25),
    ((31, 25), 3, 1.7), ((13, 9), 3, 2.0),
)  # fmt: skip


@exercise("octaves", "picture", "count", "scale", "change", by_hand=READY)
def octaves(answer: Maker, cases: Cases) -> None:
    """Oracle: the same in float64."""
    for size, count, scale in OCTAVES:
        change, oracle = CHANGE.made(answer, cases, "change")
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


def _half_up(side: float) -> float:
    return np.floor(side + 0.5)


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
    *,
    clamped: str = "",
    pyramid: bool = False,
) -> np.ndarray:
    """The last picture, right or with a mistake.

    clamped: "begun", "came" or "last", what is put back into 0 … 1
    pyramid: each copy is made from the next larger one
    """
    given = picture.double()
    copies = [given]
    for size in sizes[::-1]:
        copies.append(_resized(copies[-1] if pyramid else given, size))
    bases = copies[:0:-1]
    carried = torch.zeros_like(given)
    with torch.no_grad():
        for number, size in enumerate(sizes):
            base, up = bases[number], _resized(carried, size)
            begun = up if carry == "picture" and number else base + up
            begun = begun.clamp(0, 1) if clamped == "begun" else begun
            x = oracle(begun)
            ends = clamped == "last" and number == len(sizes) - 1
            x = x.clamp(0, 1) if clamped == "came" or ends else x
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
    "what was dreamt before gets lost. (Or does the copy change, in place, by += or "
    "add_?)",
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
    pyramid = _octaved(oracle, picture, sizes, pyramid=True)
    yield pyramid, "Each copy is made from the picture itself, not from another copy."
    for clamped in ("begun", "came", "last"):
        found = _octaved(oracle, picture, sizes, clamped=clamped)
        yield found, "Nothing is clamped here: `change` may do so, or not."
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
        (_sizes(size, count, scale, _half_up), "An exact half goes to the even number, "
         "as `round` does it."),
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

SIDE, LABELS, LOOKS, PASSES = 48, 10, 16, 300
SURE, EACH, ROUGH, STIR = 0.9, 0.7, 0.006, 0.3
ASKED = "all ten labels"


@exercise("for-a-friend", "model", "labels", by_hand=("coursekit.dream",
          "coursekit.features", "coursekit.data"))  # fmt: skip
def class_pictures(answer: Maker, cases: Cases) -> None:
    """No oracle: the shipped network looks at the pictures, from near and far."""
    friend = features.small_classifier()
    order = cases.rng.permutation(10)
    oracle = _relative(friend, order, cases)
    model = _watched_within(answer, oracle)
    labels = cases.rng.permutation(LABELS).tolist()
    result = answer(model, labels)
    pictures = _painted(result)
    _expect_climbed(result, log_of(answer))
    _expect_seen(result, pictures, [int(order[label]) for label in labels], cases)
    grey = torch.full((1, 3, 16, 16), 0.5)
    _expect_left(model, oracle.double(), grey, "afterwards")


def _watched_within(answer: Maker, oracle: nn.Module) -> MadeModule:
    """A model that tells of its first convolution, however it is run."""
    outer = given_model(answer, [_sequence()], nn.Sequential(oracle))
    outer.eval()
    inner = outer.make("get_submodule", "0")
    first = outer.make("get_submodule", "0.1")
    watched(answer, MadeModule(answer.link, first.number, "model[1]", "Conv2d"))
    return MadeModule(answer.link, inner.number, "model", "Sequential")


def _expect_climbed(result: Result, log: Log) -> None:
    """Gradients came back through the given model, after not too many runs."""
    passes = log.count("forward")
    expect_that(result, passes <= PASSES, "how often the model ran",
                f"it ran {passes} times; {PASSES} times are allowed",
                "Let it look at all pictures at once, or take fewer steps.",
                )  # fmt: skip
    expect_that(result, bool(log.trained()), "what was climbed", "no gradient has come "
                "back through the model you are given", "Were the pictures painted "
                "before, with another model? This one is to be climbed, each time "
                "anew.")  # fmt: skip


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
    _refuse_other_networks(result)
    _advise(result, ASKED)
    expect_that(result, True, ASKED, wanted=f"pictures of shape {shape}")
    if isinstance(result.outcome.value, list | tuple):
        fail(result, ASKED, "returned a list; expected a tensor of shape "
             f"{shape}", "torch.stack(…) makes one tensor of a list of pictures "
             "(3, 48, 48), torch.cat(…) of pictures (1, 3, 48, 48).")  # fmt: skip
    values = result.array(shape, ASKED).astype(np.float32)
    low, high = float(values.min()), float(values.max())
    expect_that(result, 0 <= low <= high <= 1, ASKED, f"the numbers go from "
                f"{low:.2f} to {high:.2f}; a picture has numbers in 0 … 1",
                "clamp(0, 1) puts them back.")  # fmt: skip
    return torch.from_numpy(values)


def _refuse_other_networks(result: Result) -> None:
    """The notebook's model, in `slopes` or `climbed`, and the friend herself."""
    ready = result.outcome.ready
    if ready.startswith("features.recognised"):
        fail(result, ASKED, "your function asks the friend", "She is to be surprised: "
             "climb the model you are given.")  # fmt: skip
    if ready.startswith("features."):
        fail(result, ASKED, "your function runs the notebook's `model`, or a function "
             "that runs it, such as `slopes` or `climbed`", "Climb the model you are "
             "given: what a label means only that one knows.")  # fmt: skip


def _expect_seen(
    result: Result, pictures: Tensor, classes: Sequence[int], cases: Cases
) -> None:
    """She names each picture, and none is as restless as noise."""
    slack, rougher = (0.92, 1.5) if cases.hard else (1.0, 1.0)  # for bad luck
    rough = sum(pictures.diff(dim=d).square().mean((1, 2, 3)) for d in (2, 3))
    likely = features.recognised(pictures, LOOKS, cases.rng)
    for number, label in enumerate(classes):
        case, sure = f"picture {number}", float(likely[number, label])
        noisy = float(rough[number])  # type: ignore[index]
        expect_that(result, noisy <= ROUGH * rougher, case, "the squared difference of "
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
