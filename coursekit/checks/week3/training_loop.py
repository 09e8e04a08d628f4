"""Checks of "The training loop".

Chance is the student's own: the batches of `fit` are known from the log, row by row,
and the oracle takes the same steps with them, whatever order was drawn.
"""

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.compare import alike, array
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_keys,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.loops import (
    Event,
    Log,
    expect_evaluation,
    expect_same_state,
    expect_training,
    given_batches,
    given_model,
    given_optimiser,
    log_of,
)
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, stirred, tensors_of
from coursekit.checks.values import Plain

SOFTMAXES = (
    "coursekit.train",
    "scipy.special.log_softmax",
    "scipy.special.logsumexp",
    "scipy.special.softmax",
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.log_softmax",
    "torch.nn.functional.nll_loss",
    "torch.nn.functional.softmax",
    "torch.nn.functional.softmin",
    "torch.nn.CrossEntropyLoss",
    "torch.nn.LogSoftmax",
    "torch.nn.Softmax",
    "torch.nn.Softmin",
    "torch.log_softmax",
    "torch.logcumsumexp",
    "torch.logsumexp",
    "torch.softmax",
    "torch.special.log_softmax",
    "torch.special.logsumexp",
    "torch.special.softmax",
    "torch.Tensor.log_softmax",
    "torch.Tensor.logaddexp",
    "torch.Tensor.logaddexp2",
    "torch.Tensor.logcumsumexp",
    "torch.Tensor.logsumexp",
    "torch.Tensor.softmax",
    "numpy.logaddexp",
    "numpy.logaddexp2",
    "torch.logaddexp",
    "torch.logaddexp2",
)

five_loops = quiz("five-loops")


# ---- The loss ----


@dataclass(frozen=True)
class Scored:
    """Scores and labels of a batch, and what breaks a careless loss on them."""

    scores: np.ndarray
    labels: np.ndarray
    case: str
    broken: str = ""

    @property
    def overflowed(self) -> str:
        """The words for a gradient, where no logarithm is taken."""
        return OVERFLOWED if self.broken in (FAR, FURTHER) else self.broken


LARGE = (
    "exp of 710 is already too large for a computer. Only differences of scores count: "
    "subtract something from all scores of an image first."
)
SMALL = (
    "All exponentials have become 0, and so has their sum. Subtract from the scores "
    "what makes the largest exponential 1."
)
LEVELS = (
    "The images of this batch differ: what suits one of them is far off for the other. "
    "Each image needs a number of its own."
)
FRACTIONS = (
    "These scores are whole numbers: an array of their type cuts off the fractions. "
    "np.zeros_like takes the type over; np.zeros does not."
)
COLUMNS = (
    "scores[:, labels] takes these columns from every row. Of each row only the place "
    "of its own label is wanted."
)
FAR = (
    "The probability of the label has become 0, too small for a computer, before its "
    "logarithm was taken. Write ln p as a difference first."
)
FURTHER = (
    "Either p has become 0 before its logarithm, or an exponential has overflowed: is "
    "the largest score 0 after your subtraction?"
)
OVERFLOWED = (
    "An exponential has overflowed: is the largest score 0 after your subtraction?"
)
OF_CLASS = (
    "You subtracted the largest score of each class. What suits an image is the "
    "largest of one image: axis 1."
)


@exercise("stable-loss", "scores", "labels", by_hand=SOFTMAXES)
def cross_entropy(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's, in float64."""
    for batch in _scored(cases):
        result = answer(batch.scores, batch.labels)
        _advise_broken(result, batch)
        scale = 4 * (1 + float(np.abs(batch.scores).max()))
        expect(result, _loss(batch), batch.case, _mistakes_loss(batch), scale)


def _scored(cases: Cases) -> Iterator[Scored]:
    yield _batch([[2.0, 1.0, -1.0]], [1], "one image, three classes")
    yield _batch([[0.5, 3.0], [1.5, -1.0], [0.0, 2.0]], [1, 1, 0], "three images")
    whole = [[3, -1, 0, 1], [0, 2, 5, -4]]
    yield _batch(whole, [3, 0], "whole numbers", FRACTIONS)
    yield _batch([[1000.5, 1003.0, 998.0]], [0], "scores around 1000", LARGE)
    yield _batch([[-3000.0, -2999.0, -3002.0]], [2], "scores around −3000", SMALL)
    rows = [[0.5, 1.5, -1.0], [5000.0, 4997.5, 5001.0]]
    yield _batch(rows, [0, 1], "one image around 0, one around 5000", LEVELS)
    yield _batch([[0.0, 900.0], [2.0, 1.0]], [0, 0], "a label 900 behind", FAR)
    rows = [[8000.0, -9000.0, 0.0], [-9000.0, -9000.0, 7000.0]]
    yield _batch(rows, [1, 0], "labels 17,000 and 16,000 behind", FURTHER)
    rows = [[900.0, 900.0, 899.0, 0.0]]
    yield _batch(rows, [3], "a label 900 behind three close ones", FAR)
    for number in cases.count(8):
        n, classes = cases.integer(2, 6), cases.integer(2, 7)
        scores = cases.floats(n, classes)
        labels = cases.rng.integers(0, classes, n)
        if number % 2 == 0:
            scores = scores.astype(np.float32)
        yield Scored(scores, labels, f"random {number}: {n} images, {classes} classes")


def _batch(
    scores: list[list[float]] | list[list[int]],
    labels: list[int],
    case: str,
    broken: str = "",
) -> Scored:
    return Scored(np.array(scores), np.array(labels), case, broken)


def _logs(batch: Scored) -> np.ndarray:
    """ln p of every class, torch's in float64."""
    scores = torch.from_numpy(batch.scores.astype(np.float64))
    return F.log_softmax(scores, dim=1).numpy()


def _at_labels(values: np.ndarray, batch: Scored) -> np.ndarray:
    return np.take_along_axis(values, batch.labels[:, None], axis=1)[:, 0]


def _loss(batch: Scored) -> float:
    return float(-_at_labels(_logs(batch), batch).mean())


def _advise_broken(result: Result, batch: Scored) -> None:
    """Fail for nan or infinity with words that fit the case."""
    outcome = result.outcome
    value = array(outcome.value)
    number = isinstance(value, float) or (
        isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind == "f"
    )
    told = outcome.ready or outcome.raised or outcome.refused or outcome.changed
    if number and not told and not np.isfinite(value):
        fail(result, batch.case, f"yours gave {value}", batch.broken)


def _patched(each: np.ndarray) -> list[float]:
    """Mean losses when small numbers are added to probabilities or bound them."""
    p, sizes = np.exp(-each), [10.0**-power for power in (*range(5, 17), 300)]
    added = [float(-np.log(p + small).mean()) for small in sizes]
    return added + [float(-np.log(np.maximum(p, small)).mean()) for small in sizes]


def _cut(batch: Scored) -> list[float]:
    """Mean losses when exponentials are put into an array of whole numbers."""
    if batch.scores.dtype.kind != "i":
        return []
    highest = batch.scores.max(axis=1, keepdims=True)
    found = []
    for lowered in (batch.scores, batch.scores - highest):
        sums = np.log(np.trunc(np.exp(lowered)).sum(axis=1))
        found.append(float((sums - _at_labels(lowered, batch)).mean()))
    return found


def _log_sums(scores: np.ndarray, axis: int | None) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.log(np.exp(scores).sum(axis=axis))


def _of_class(batch: Scored) -> float:
    """The mean loss when the largest score of each class is subtracted."""
    lowered = batch.scores - batch.scores.max(axis=0)
    return float((_log_sums(lowered, axis=1) - _at_labels(lowered, batch)).mean())


def _whole_sums(batch: Scored) -> list[float]:
    """Mean losses when one sum is taken over all images, shifted or not."""
    if len(batch.labels) == 1:
        return []
    shifted = batch.scores - batch.scores.max(axis=1, keepdims=True)
    lowered = (shifted, batch.scores - batch.scores.max(), batch.scores)
    return [
        float((_log_sums(each, axis=None) - _at_labels(each, batch)).mean())
        for each in lowered
    ]


def _mistakes_loss(batch: Scored) -> Mistakes:
    scores = batch.scores.astype(np.float64)
    logs = _logs(batch)
    each = -_at_labels(logs, batch)
    at_labels = _at_labels(scores, batch)
    sums, top = each + at_labels, scores.max(axis=1)
    columns = F.log_softmax(torch.from_numpy(scores), dim=0).numpy()
    said = logs.max(axis=1)
    later = np.take_along_axis(logs, (batch.labels[:, None] + 1) % logs.shape[1], 1)
    mean = float(each.mean())
    return [
        (each, "That is the loss of each image: return their mean, one number."),
        (float(each.sum()), "You summed the losses; asked is their mean."),
        (float(each.sum() / scores.size), "Divide by the number of images only, not by "
         "that of all scores."),
        (-mean, "The sign: a logarithm of a probability is negative, the loss is not."),
        (mean / np.log(2), "The logarithm is the natural one, np.log, not np.log2."),
        (mean / np.log(10), "The logarithm is the natural one, np.log, not np.log10."),
        (float(np.exp(-each).mean()), "That is the probability of the label. Its "
         "logarithm is missing."),
        (float(-np.log(np.exp(-each).mean())) if mean < 500 else None, "Take the "
         "logarithm first, then the mean."),
        (float(-at_labels.mean()), "The logarithm of the sum is missing: a score alone "
         "is no probability."),
        (float(sums.mean()), "The score of the label is missing."),
        (float(-_at_labels(columns, batch).mean()), "The sum runs "
         "over the classes of one image, along axis 1."),
        (float(-said.mean()), "You took the highest score in place of the one at the "
         "label."),
        (float(-later.mean()), "Labels count from 0."),
        (float(sums.mean() - scores[:, batch.labels].mean()), COLUMNS),
        *((float((each - taken).mean()), "What you subtract must come back, or be "
           "taken from the label's score too.")
          for taken in (top, scores.mean(axis=1))),
        (_of_class(batch), OF_CLASS),
        *((value, "You summed over the whole batch: each image has a sum of its own, "
           "that of its row.") for value in _whole_sums(batch)),
        (float(np.where(np.exp(-each) == 0, top - at_labels, each).mean()), "Where p "
         "is lost you took the highest score alone: the others stand in the sum as "
         "well."),
        *((value, FRACTIONS) for value in _cut(batch)),
        *((value, "A small number in the place of a lost probability hides the "
           "infinity, but the loss is another number.") for value in _patched(each)),
    ]  # fmt: skip


# ---- Its gradient ----


@exercise("loss-gradient", "scores", "labels", by_hand=(*SOFTMAXES, "torch.autograd"))
def loss_gradient(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's own gradient, in float64."""
    for batch in _scored(cases):
        mistakes = _mistakes_gradient(batch)
        expect(answer(batch.scores, batch.labels), _slopes(batch), batch.case, mistakes)


def _slopes(batch: Scored) -> np.ndarray:
    scores = torch.from_numpy(batch.scores.astype(np.float64)).requires_grad_()
    loss = F.cross_entropy(scores, torch.from_numpy(batch.labels))
    return torch.autograd.grad(loss, scores)[0].numpy()


def _mistakes_gradient(batch: Scored) -> Mistakes:
    n, classes = batch.scores.shape
    right, p = _slopes(batch), np.exp(_logs(batch))
    truth = np.eye(classes)[batch.labels]
    later = np.eye(classes)[(batch.labels + 1) % classes]
    columns, of_class, lost, shifted = _other_softmaxes(batch)
    wholes = _whole_softmaxes(batch)
    with np.errstate(divide="ignore"):
        of_p = np.where(truth > 0, -1 / p, 0) / n
    return [
        (right * n, "That is the gradient of the sum. In a mean each image weighs "
         "1/N."),
        (right / classes, "Divide by the number of images only, not by that of all "
         "scores."),
        (-right, "The sign: the gradient says where the loss rises. The step goes "
         "against it, not the gradient."),
        (p / n, "At the label something is missing: the score of the truth should "
         "rise."),
        (p, "That is the softmax. Compare it with the measured slopes, place by "
         "place."),
        (-truth / n, batch.overflowed or "The other scores have slopes too: they are "
         "in the sum below the fraction."),
        (right.sum(axis=0), "Each score of each image has a slope of its own: do not "
         "sum over the images."),
        (right.mean(axis=0), "Each score of each image has a slope of its own: do not "
         "take the mean over the images."),
        ((columns - truth) / n, "Probabilities of one image add up "
         "to 1: the sum runs along axis 1."),
        *(((whole - truth) / n if n > 1 else None, batch.overflowed or "Each image "
           "has a softmax of its own; you took one for the whole batch.")
          for whole in wholes),
        ((of_class - truth) / n, OF_CLASS),
        (p - truth / n, HALVES),
        (p / n - truth, HALVES),
        ((p - later) / n, "Labels count from 0."),
        (of_p, "That is the gradient for the probabilities. Go on to the scores."),
        ((p - truth.any(axis=0)) / n, COLUMNS),
        (p * (truth - p) / n, "That is a slope of a probability, not of the loss."),
        ((lost - truth) / n, batch.overflowed or LARGE),
        ((shifted - truth) / n, LEVELS),
    ]  # fmt: skip


HALVES = "Divide both parts by N: what you said, and what is true."


def _other_softmaxes(batch: Scored) -> tuple[np.ndarray, ...]:
    """Along the images; lowered by class; unshifted; shifted by one number."""
    scores = batch.scores.astype(np.float64)
    columns = F.softmax(torch.from_numpy(scores), dim=0).numpy()
    lowered = (scores - scores.max(axis=0), scores, scores - scores.max())
    return columns, *(_shares(each, axis=1) for each in lowered)


def _whole_softmaxes(batch: Scored) -> list[np.ndarray]:
    """Exponentials by the sum of the whole batch, which is shifted in some way."""
    scores = batch.scores.astype(np.float64)
    highest = scores.max(axis=1, keepdims=True)
    return [
        _shares(each, axis=None) for each in (scores - scores.max(), scores - highest)
    ]


def _shares(scores: np.ndarray, axis: int | None) -> np.ndarray:
    with np.errstate(all="ignore"):
        powers = np.exp(scores)
        return powers / powers.sum(axis=axis, keepdims=True)


# ---- The step ----

Arrays = dict[str, np.ndarray]


def _layers() -> list[list[Any]]:
    """Parameters with four axes, two, one and none; each call makes fresh ones."""
    return [
        ["Linear", 3, 4],
        ["BatchNorm1d", 4],
        ["ReLU"],
        ["Conv2d", 2, 3, 2, 1, 0, 1, 1, False],  # without a bias
        ["Linear", 4, 2],
        ["ParameterList", [torch.ones(())]],
    ]


@dataclass(frozen=True)
class Walk:
    """Some steps of an optimiser: the rates, the settings, the gradients of each."""

    rates: list[float]
    settings: dict[str, float]
    case: str
    without: str = ""  # the parameter that gets no gradient in some of the steps
    when: tuple[int, ...] = ()  # in these
    zeroed: bool = True  # whether gradients are forgotten before each new one

    @property
    def momentum(self) -> float:
        """0.9 unless something else is given."""
        return self.settings.get("momentum", 0.9)

    @property
    def decay(self) -> float:
        """0 unless something else is given."""
        return self.settings.get("weight_decay", 0.0)


@exercise("own-momentum", "parameters", "momentum", "weight_decay",
          by_hand=("torch.optim", "coursekit.train"))  # fmt: skip
def Momentum(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's SGD, its parameters in two groups."""
    for walk in _walks(cases):
        oracle = _network(_layers(), cases)
        model = given_model(answer, _layers(), oracle)
        mine = answer.make(model.make("parameters"), **walk.settings)
        start = _arrays(oracle)
        theirs, gradients = _two_groups(oracle, walk), []
        for number, lr in enumerate(walk.rates):
            if walk.zeroed and number:
                _expect_forgotten(mine, model, walk.case)
            gradients.append(_gradients(oracle, walk, number, cases))
            model.set_gradients(gradients[-1], add=walk.zeroed)
            mine.do("step", lr)
            _torch_step(theirs, lr, oracle, gradients[-1])
            case = f"{walk.case}, step {number + 1}"
            wrong = _wrong_walks(start, gradients, walk)
            _expect_weights(model, _arrays(oracle), case, wrong)
            _expect_left(model, gradients[-1], case)
        _expect_forgotten(mine, model, walk.case)


def _walks(cases: Cases) -> Iterator[Walk]:
    yield Walk([0.5], {"momentum": 0.0}, "no momentum, no decay")
    settings = {"momentum": 0.75}
    yield Walk([0.2, 0.2, 0.2], settings, "momentum 0.75", zeroed=False)
    yield Walk([0.4, 0.4, 0.05, 0.2], {"momentum": 0.6}, "a rate that changes")
    yield Walk([0.1, 0.1], {}, "momentum as it is when nothing is said")
    settings = {"momentum": 0.6, "weight_decay": 0.25}
    yield Walk([0.2, 0.2, 0.1], settings, "weight decay 0.25")
    settings = {"momentum": 0.75, "weight_decay": 0.5}
    case = "a weight without a gradient"
    yield Walk([0.2, 0.1], settings, case, "3.weight", (0, 1))
    case = "a weight with a gradient every second time"
    yield Walk([0.2, 0.1, 0.3, 0.2], settings, case, "3.weight", (0, 2))
    for number in cases.count(2):
        settings = {
            "momentum": round(cases.rng.uniform(0.2, 0.8), 2),
            "weight_decay": round(cases.rng.uniform(0.1, 0.5), 2),
        }
        rates = [round(cases.rng.uniform(0.05, 0.4), 2) for _ in range(4)]
        yield Walk(rates, settings, f"random {number}: momentum {settings['momentum']}")


def _network(layers: list[list[Any]], cases: Cases) -> nn.Sequential:
    made = nn.Sequential(*(getattr(nn, name)(*sizes) for name, *sizes in layers))
    stirred(made, cases)
    return made


def _arrays(oracle: nn.Module) -> Arrays:
    named = oracle.named_parameters()
    return {name: p.detach().numpy().astype(np.float64) for name, p in named}


def _two_groups(oracle: nn.Module, walk: Walk) -> torch.optim.SGD:
    parameters = list(oracle.parameters())
    weights = [p for p in parameters if p.dim() > 1]
    rest = [p for p in parameters if p.dim() <= 1]
    groups: list[dict[str, Any]] = [
        {"params": weights, "weight_decay": walk.decay},
        {"params": rest},
    ]
    return torch.optim.SGD(groups, lr=1.0, momentum=walk.momentum)


Gradients = dict[str, Tensor | None]


def _gradients(oracle: nn.Module, walk: Walk, number: int, cases: Cases) -> Gradients:
    missing = walk.without if number in walk.when else ""
    return {
        name: None if name == missing else normal(cases, *p.shape)
        for name, p in oracle.named_parameters()
    }


def _torch_step(
    optimiser: torch.optim.SGD,
    lr: float,
    oracle: nn.Module,
    gradients: Gradients,
) -> None:
    for group in optimiser.param_groups:
        group["lr"] = lr
    for name, parameter in oracle.named_parameters():
        gradient = gradients[name]
        parameter.grad = None if gradient is None else gradient.clone()
    optimiser.step()


# What a step does to (w, v), given the gradient with decay in it, the gradient alone,
# λw, μ and the rate.
Step = Callable[..., tuple[np.ndarray, np.ndarray]]
STEPS: dict[str, tuple[Step, str]] = {
    "inside": (
        lambda w, v, g, bare, pull, mu, lr: (
            w + (mu * v - lr * g),
            mu * v - lr * g,
        ),
        "That is the rule of 2012, with the rate inside the velocity. PyTorch's "
        "velocity knows no rate.",
    ),
    "dampened": (
        lambda w, v, g, bare, pull, mu, lr: (
            w - lr * (mu * v + (1 - mu) * g),
            mu * v + (1 - mu) * g,
        ),
        "The gradient comes into the velocity whole, not with the factor 1 − μ.",
    ),
    "plain": (
        lambda w, v, g, bare, pull, mu, lr: (w - lr * g, v),
        "There is no momentum: what was the velocity after the step before?",
    ),
    "uphill": (
        lambda w, v, g, bare, pull, mu, lr: (
            w + lr * (mu * v + g),
            mu * v + g,
        ),
        "You go up the hill: the step is against the velocity.",
    ),
    "nesterov": (
        lambda w, v, g, bare, pull, mu, lr: (
            w - lr * (g + mu * (mu * v + g)),
            mu * v + g,
        ),
        "That is Nesterov's momentum, which looks one step ahead. Here the weight "
        "moves by the velocity itself.",
    ),
    "no rate": (
        lambda w, v, g, bare, pull, mu, lr: (w - (mu * v + g), mu * v + g),
        "The rate is missing: the weight moves by rate times velocity.",
    ),
    "friction": (
        lambda w, v, g, bare, pull, mu, lr: (
            w - lr * (v + g),
            v + g,
        ),
        "The velocity never fades: the old one counts with the factor μ.",
    ),
    "apart": (
        lambda w, v, g, bare, pull, mu, lr: (
            w - lr * (mu * v + bare) - lr * pull,
            mu * v + bare,
        ),
        "The decay moves the weight past the velocity. Here it belongs to the gradient "
        "and goes into the velocity with it.",
    ),
    "growth": (
        lambda w, v, g, bare, pull, mu, lr: (
            w - lr * (mu * v + bare - pull),
            mu * v + bare - pull,
        ),
        "The decay has the wrong sign: the weights grow.",
    ),
    "twice": (
        lambda w, v, g, bare, pull, mu, lr: (
            w - lr * (mu * v + bare + 2 * pull),
            mu * v + bare + 2 * pull,
        ),
        "The penalty is half of λ times the square, so that its gradient is λ w, "
        "without a 2.",
    ),
}


def _step(
    w: np.ndarray,
    v: np.ndarray,
    bare: np.ndarray,
    pull: np.ndarray,
    mu: float,
    lr: float,
) -> tuple[np.ndarray, np.ndarray]:
    v = mu * v + bare + pull
    return w - lr * v, v


def _wrong_walks(
    start: Arrays, gradients: Sequence[Gradients], walk: Walk
) -> dict[str, Mistakes]:
    """For each parameter where wrong rules lead to."""
    found, behind = {}, False
    for name, w in start.items():
        own = [_as_array(each[name]) for each in gradients]
        found[name] = _Track(w, own, walk).mistakes(behind)
        behind = behind or name == walk.without
    return found


def _as_array(gradient: Tensor | None) -> np.ndarray | None:
    return None if gradient is None else gradient.numpy().astype(np.float64)


def _right(
    w: np.ndarray,
    v: np.ndarray,
    g: np.ndarray,
    bare: np.ndarray,
    pull: np.ndarray,
    mu: float,
    lr: float,
) -> tuple[np.ndarray, np.ndarray]:
    return _step(w, v, bare, pull, mu, lr)


GONE = "The velocity is gone: zero_grad forgets the gradients, and nothing else."
ALIAS = (
    "The velocity is the very tensor p.grad, which zero_grad and backward change: "
    "keep a copy of it."
)
STAYS = "Without a gradient a parameter stays as it is, decay and all."
# What becomes of (w, v) without a gradient, by λw, μ and the rate.
WITHOUT: list[tuple[Step, str]] = [
    (lambda w, v, pull, mu, lr: _step(w, v, 0 * w, pull, mu, lr), STAYS),
    (lambda w, v, pull, mu, lr: _step(w, v, 0 * w, 0 * w, mu, lr), STAYS),
    (lambda w, v, pull, mu, lr: (w - lr * pull, v), STAYS),
    (lambda w, v, pull, mu, lr: (w - lr * v, v), STAYS),
    (lambda w, v, pull, mu, lr: (w, mu * v), "Without a gradient the velocity of the "
     "parameter stays as it is, too."),
    (lambda w, v, pull, mu, lr: (w, 0 * v), "Without a gradient the velocity of the "
     "parameter stays as it is, too."),
]  # fmt: skip


@dataclass(frozen=True)
class _Track:
    """One parameter on its walk: where it began, and its gradients so far."""

    start: np.ndarray
    own: Sequence[np.ndarray | None]
    walk: Walk

    @property
    def biased(self) -> bool:
        """Whether it is spared by the decay."""
        return self.start.ndim < 2

    def places(
        self,
        step: Step = _right,
        *,
        decays: bool | None = None,
        mu: float | None = None,
        first: bool = False,
        without: Step = lambda w, v, *_: (w, v),
    ) -> np.ndarray:
        """Where it is by another rule; the right one unless something is given."""
        w, v = self.start, np.zeros_like(self.start)
        mu = self.walk.momentum if mu is None else mu
        pulled = not self.biased if decays is None else decays
        for number, g in enumerate(self.own):
            pull = self.walk.decay * w * pulled
            lr = self.walk.rates[0 if first else number]
            if g is None:
                w, v = without(w, v, pull, mu, lr)
            else:
                w, v = step(w, v, g + pull, g, pull, mu, lr)
        return w

    def _with_all(self) -> np.ndarray:
        """Where it is if it only moves when no parameter lacks a gradient."""
        kept = [None if at in self.walk.when else g for at, g in enumerate(self.own)]
        return _Track(self.start, kept, self.walk).places()

    def _aliased(self) -> list[np.ndarray]:
        """Where it is after two steps if its first velocity is p.grad itself."""
        one, two = (*self.own, None, None)[:2]
        sure = len(self.own) == 2 and (self.biased or not self.walk.decay)
        if one is None or two is None or not (sure and self.walk.zeroed):
            return []
        mu, (lr, then) = self.walk.momentum, self.walk.rates[:2]
        w = self.start - lr * one
        return [w - then * (mu * two + two), w - then * 2 * mu * two]

    def mistakes(self, behind: bool) -> Mistakes:
        """Where wrong rules lead to; behind: it comes after one without a gradient."""
        walk, words = self.walk, "This is a weight, with two or more axes: it decays."
        if self.biased:
            words = "A bias, and all that has one axis, does not decay."
        if not self.start.ndim:
            words = "A parameter without axes, a single number, does not decay either."
        found: list[tuple[Any, str]] = [
            (self._with_all() if behind else None, "After a parameter without a "
             "gradient the others still move: continue, not return."),
            *((self.places(without=rule), text) for rule, text in WITHOUT),
            (self.start, "Nothing has moved. Is the gradient in the velocity before "
             "the weight moves? Is it the model's own tensor that changes, p -= …? And "
             "parameters can be walked through only once: keep them in a list."),
            (self.places(decays=self.biased), words),
            (self.places(mu=0.9) if walk.momentum != 0.9 else None, "It is always 0.9: "
             "use the momentum that was given."),
            (self.places(first=True), "The rate of the first step is used again: it is "
             "given anew with each step."),
            *((place, ALIAS) for place in self._aliased()),
            (self.places(STEPS["plain"][0]) if walk.zeroed else None, GONE),
        ]  # fmt: skip
        return found + [(self.places(step), text) for step, text in STEPS.values()]


def _expect_weights(
    model: MadeModule, expected: Arrays, case: str, mistakes: dict[str, Mistakes]
) -> None:
    result = model.parameters()
    expect_keys(result, list(expected), case)
    state = model.state()
    for name, values in expected.items():
        expect(state[name], values.astype(np.float32), case, mistakes[name])


def _expect_left(model: MadeModule, given: Gradients, case: str) -> None:
    """A step has neither forgotten the gradients nor changed them."""
    left = model.stored_gradients()
    for name, gradient in given.items():
        if gradient is None:
            continue
        value = left[name].outcome.value
        there = value is not None and (np.any(array(value)) or not gradient.any())
        expect_that(left[name], bool(there), case, "After the step the gradients are "
                    "gone: to forget them is left to zero_grad.")  # fmt: skip
        same = alike(value, gradient)
        expect_that(left[name], same, case, "A step leaves the gradients as they are, "
                    "yours wrote into p.grad: add to a copy.")  # fmt: skip


def _expect_forgotten(mine: Any, model: MadeModule, case: str) -> None:  # noqa: ANN401
    mine.do("zero_grad")
    left = model.stored_gradients()
    for name, value in left.outcome.value.items():
        gone = value is None or not np.any(array(value))
        expect_that(left[name], gone, f"{case}, zero_grad",
                    "zero_grad leaves old gradients behind. Can you still walk through "
                    "parameters there? It works only once.")  # fmt: skip


# ---- The rate ----


@exercise("rate-of-step", "step", "steps", "top", "warm_up",
          by_hand=("torch.optim.lr_scheduler", "coursekit.train"))  # fmt: skip
def rate_of(answer: Answer, cases: Cases) -> None:
    """Oracle: the same curve as a rotating pointer."""
    for given, case in _rates(cases):
        mistakes = _mistakes_rate(*given)
        expect(answer(*given), _rate(*given), case, mistakes)
    why = "Steps count from 0 to steps - 1: refuse every other one."
    for step, steps in ((-1, 9), (9, 9), (12, 9)):
        given_here = (step, steps, 0.3, 4)
        case = f"step {step} of {steps}"
        expect_error(answer(*given_here), "ValueError", case, why)


def _rates(cases: Cases) -> Iterator[tuple[tuple[int, int, float, int], str]]:
    yield (0, 20, 0.6, 4), "the first step of a warm-up of 4"
    yield (2, 20, 0.6, 4), "the third step of a warm-up of 4"
    yield (3, 20, 0.6, 4), "the last step of the warm-up"
    yield (4, 20, 0.6, 4), "the first step after the warm-up"
    yield (8, 20, 0.6, 4), "a quarter of the way down"
    yield (12, 20, 0.6, 4), "midway between warm-up and end"
    yield (19, 20, 0.6, 4), "the last step of all"
    yield (0, 5, 0.2, 0), "the first step, without a warm-up"
    yield (2, 5, 0.2, 0), "the third of five steps, without a warm-up"
    for number in cases.count(12):
        steps = cases.integer(5, 400)
        warm_up = cases.integer(0, steps - 1)
        step = cases.integer(0, steps - 1)
        top = round(float(cases.rng.uniform(0.01, 2)), 3)
        yield (step, steps, top, warm_up), f"random {number}: step {step} of {steps}"


def _rate(step: int, steps: int, top: float, warm_up: int) -> float:
    if step < warm_up:
        return top / warm_up * (step + 1)
    pointer = np.exp(1j * np.pi * (step - warm_up) / (steps - warm_up))
    return float(top * (pointer.real / 2 + 0.5))


def _mistakes_rate(step: int, steps: int, top: float, warm_up: int) -> Mistakes:
    if step < warm_up:
        return [
            (top * step / warm_up, "The first step has one part already, not 0: a rate "
             "of 0 wastes it."),
            (top * (step + 1) / (warm_up + 1), "The last step of the warm-up should "
             "have the top."),
            ((step + 1) / warm_up, "Times the top."),
            (top * (step + 1) / steps, "The warm-up rises to the top within warm_up "
             "steps, not within all."),
            (top, "The warm-up is missing."),
            (_half(top, step / steps), "The warm-up is missing."),
        ]  # fmt: skip
    left, done = steps - warm_up, step - warm_up
    return [
        (top * math.cos(math.pi * done / left), "A cosine goes down to −1. Half of "
         "1 + cosine goes from 1 to 0."),
        (top * (1 + math.cos(math.pi * done / left)), "The rate begins at twice the "
         "top."),
        (top * math.cos(math.pi / 2 * done / left), "That is a quarter of a cosine: it "
         "does not pass through half of the top midway."),
        (_half(top, 2 * done / left), "That is a whole cosine, down and up again."),
        (_half(top, step / steps), "The way down begins at step warm_up, not at 0."),
        (_half(top, step / left), "The way down begins at step warm_up, not at 0."),
        (_half(top, done / steps), "The way down is over at step steps: it is steps - "
         "warm_up long."),
        (_half(top, done / (left - 1)) if left > 1 else None, "It would be 0 at step "
         "steps, not at the last one that there is."),
        (_half(top, (done + 1) / left), "The way down begins with the top: no part of "
         "it is done at step warm_up."),
        (top * (1 - done / left), "That is a straight line; asked is half a cosine."),
        (_half(1.0, done / left), "Times the top."),
        (top, "The rate stays at the top: where is the way down?"),
        (top * (step + 1) / warm_up if warm_up else None, "The rate goes on rising "
         "after the warm-up."),
    ]  # fmt: skip


def _half(top: float, share: float) -> float:
    return top * (1 + math.cos(math.pi * share)) / 2


# ---- Batches ----


@exercise("cut-batches", "images", "labels", "size", "epoch",
          by_hand=("torch.utils.data", "coursekit.train"))  # fmt: skip
def batches(answer: Answer, cases: Cases) -> None:
    """Oracle: none is needed. Each image is looked for in the batches."""
    for count, size in _sizes(cases):
        images, labels = _rows(cases, count)
        case = f"{count} images in batches of {size}"
        result = answer(images, labels, size, 0)
        _expect_partition(result, images, labels, size, case)
    images, labels = _rows(cases, 40)
    orders: dict[int, list[list[int]]] = {}
    for epoch in (0, 1, 2, 7):
        result, case = answer(images, labels, 6, epoch), f"40 images, epoch {epoch}"
        found = _expect_partition(result, images, labels, 6, case)
        _expect_mixed(result, found, case)
        expect_that(result, found not in orders.values(), case, "The order is that of "
                    "another epoch: each epoch has its own.")  # fmt: skip
        like = [
            one for one in orders if _kept(_together(orders[one]), _together(found))
        ]
        expect_that(result, not like, case, "The batches are nearly those of epoch "
                    f"{min(like, default=0)}: {OTHER_COMPANY}")  # fmt: skip
        orders[epoch] = found
        again = answer(images, labels, 6, epoch)
        once_more = _expect_partition(again, images, labels, 6, case)
        expect_that(again, once_more == found, f"{case}, called once more",
                    "For the same epoch the order should be the same again.",
                    )  # fmt: skip


def _sizes(cases: Cases) -> Iterator[tuple[int, int]]:
    yield from ((7, 3), (10, 4), (6, 3), (2, 5), (5, 1))
    for _ in cases.count(3):
        yield cases.integer(8, 30), cases.integer(2, 7)


def _rows(cases: Cases, count: int) -> tuple[Tensor, Tensor]:
    """Images (count, 2, 3), all different, and labels 0 to 9, in no order."""
    images = normal(cases, count, 2, 3)
    images[:, 0, 0] = torch.from_numpy(cases.rng.permutation(count)) + 0.5
    return images, torch.from_numpy(cases.rng.integers(0, 10, count))


def _expect_partition(
    result: Result, images: Tensor, labels: Tensor, size: int, case: str
) -> list[list[int]]:
    """The numbers of the images in each batch; fails if it is no partition."""
    pairs = _pairs_of(result, images, labels, case)
    found = [_numbers_in(part, images) for part, _ in pairs]
    told = _not_there(found, len(images)) or _not_so_many(found, len(images), size)
    told = told or _strangers(pairs, found, images, labels)
    expect_that(result, not told, case, *told)
    return found


Pairs = list[tuple[np.ndarray, np.ndarray]]


def _pairs_of(result: Result, images: Tensor, labels: Tensor, case: str) -> Pairs:
    words = "expected a list of pairs (images, labels)"
    value = result.outcome.value
    expect_that(
        result, isinstance(value, list), case, f"returned {noun(value)}; {words}"
    )
    pairs = []
    for number, item in enumerate(value):
        two = isinstance(item, list | tuple) and len(item) == 2
        expect_that(result, two, case, f"batch {number} is {noun(item)}; {words}")
        part, names = (np.asarray(array(half)) for half in item)
        told = f"batch {number} has images of shape {part.shape[1:]}, and labels of "
        fits = part.shape[1:] == images.shape[1:] and names.ndim == 1
        expect_that(result, fits, case, f"{told}shape {names.shape}; expected images "
                    f"of {tuple(images.shape[1:])} and labels in one row")  # fmt: skip
        pairs.append((part, names))
        told = _other_types(item, images, labels)
        expect_that(result, not told, case, f"In batch {number} the {told}")
    return pairs


def _other_types(item: Any, images: Tensor, labels: Tensor) -> str:  # noqa: ANN401
    """What is no tensor any more, or one of another kind of numbers; "" if nothing."""
    named = zip(("images", "labels"), item, (images, labels), strict=True)
    for name, half, given in named:
        if not isinstance(half, Tensor):
            return f"{name} are no tensor. Choose from the tensor: {name}[numbers]."
        if half.dtype != given.dtype:
            return (
                f"{name} are {half.dtype}; they came as {given.dtype}. Leave them so."
            )
    return ""


def _numbers_in(part: np.ndarray, images: Tensor) -> list[int]:
    """Which images stand in a batch; −1 for one that is none of them."""
    own = {row.tobytes(): i for i, row in enumerate(images.double().numpy())}
    rows = part.astype(np.float64)
    return [own.get(np.ascontiguousarray(row).tobytes(), -1) for row in rows]


def _not_there(found: list[list[int]], count: int) -> list[str]:
    flat = [number for rows in found for number in rows]
    if -1 in flat:
        return ["There is an image in the batches that was not given: are pixels "
                "mixed, or numbers changed?"]  # fmt: skip
    missing = sorted(set(range(count)) - set(flat))
    twice = sorted(number for number in set(flat) if flat.count(number) > 1)
    if twice and missing:
        return [f"Image {twice[0]} comes more than once, image {missing[0]} never: "
                "shuffle the numbers of all images; do not draw them one by "
                "one."]  # fmt: skip
    if twice:
        return [f"Image {twice[0]} comes more than once: do the batches overlap?"]
    if missing:
        return [f"{len(missing)} of {count} images are in no batch. Is the last, "
                "smaller one left out?"]  # fmt: skip
    return []


def _not_so_many(found: list[list[int]], count: int, size: int) -> list[str]:
    sizes = [len(rows) for rows in found]
    expected = [size] * (count // size) + [count % size] * bool(count % size)
    if sizes == expected:
        return []
    if 0 in sizes:
        return ["One of the batches is empty."]
    if sorted(sizes) == sorted(expected):
        return [f"The smaller batch comes last; your sizes are {sizes}."]
    return [f"The sizes should be {expected}, yours are {sizes}."]


def _strangers(
    pairs: Pairs, found: list[list[int]], images: Tensor, labels: Tensor
) -> list[str]:
    for number, ((_, names), rows) in enumerate(zip(pairs, found, strict=True)):
        if len(names) != len(rows):
            return [f"Batch {number} has {len(rows)} images and {len(names)} labels."]
        if not np.array_equal(names, labels.numpy()[rows]):
            return ["Labels stand beside the wrong images: choose both with the same "
                    "numbers."]  # fmt: skip
    return []


def _expect_mixed(result: Result, found: list[list[int]], case: str) -> None:
    flat = [number for rows in found for number in rows]
    apart = np.abs(np.diff(flat)) != 1
    given = not apart.any()
    expect_that(result, not given, case, "The images come in the order in which they "
                "were given: shuffle them.")  # fmt: skip
    within = [np.abs(np.diff(rows)) == 1 for rows in found if len(rows) > 1]
    blocks = all(steps.all() for steps in within)
    expect_that(result, not blocks, case, "Only whole batches are shuffled; the same "
                "images are together every time. Shuffle single images.")  # fmt: skip
    expect_that(result, bool(apart.sum() > len(flat) / 2), case, "Most images still "
                "have their old neighbour: that is a turn or a swap, no shuffle.",
                )  # fmt: skip


# ---- Accuracy ----

NETWORK: list[list[Any]] = [
    ["Linear", 4, 6],
    ["BatchNorm1d", 6],
    ["ReLU"],
    ["Linear", 6, 3],
]
Data = list[tuple[Tensor, Tensor]]


@exercise("own-accuracy", "model", "batches", by_hand=("coursekit.train",))
def accuracy(answer: Maker, cases: Cases) -> None:
    """Oracle: counting."""
    for sizes, case in _parts(cases):
        oracle = _network(NETWORK, cases)
        pairs = [(normal(cases, size, 4), _labels(cases, size)) for size in sizes]
        model = given_model(answer, NETWORK, oracle)
        model.train()
        result = answer(model, given_batches(answer, pairs, "test"))
        expect_evaluation(result, log_of(answer), case)
        with torch.no_grad():
            hits = [oracle.eval()(x).argmax(1) == y for x, y in pairs]
        expect(result, _mean_of(hits), case, _mistakes_accuracy(hits))
        expect_same_state(model, oracle, case)


def _parts(cases: Cases) -> Iterator[tuple[list[int], str]]:
    yield [8, 8, 3], "19 images in 3 batches"
    yield [9], "one batch of 9"
    yield [5, 1], "6 images in 2 batches"
    for number in cases.count(3):
        sizes = [cases.integer(2, 9) for _ in range(cases.integer(2, 5))]
        yield sizes, f"random {number}: {sum(sizes)} images in {len(sizes)} batches"


def _labels(cases: Cases, size: int) -> Tensor:
    return torch.from_numpy(cases.rng.integers(0, 3, size))


def _mean_of(hits: Sequence[Tensor]) -> float:
    return torch.cat(list(hits)).double().mean().item()


def _mistakes_accuracy(hits: Sequence[Tensor]) -> Mistakes:
    right, each = _mean_of(hits), [hit.double().mean().item() for hit in hits]
    total = sum(map(len, hits))
    return [
        (sum(each) / len(each), "The batches differ in size: count the hits in all of "
         "them, and divide once, by all images."),
        (1 - right, "That is the part that is wrong; asked is the part that is right."),
        (100 * right, "Between 0 and 1, please, not in percent."),
        (right * total, "That is the number of hits. Divide by the images."),
        (right * total / len(hits), "Divide by the number of images, not of batches."),
        (each[-1], "That is the accuracy of the last batch alone."),
        (each[0], "That is the accuracy of the first batch alone."),
    ]  # fmt: skip


# ---- Your own fit ----

Ends = Callable[[Sequence[float], int], int]


@dataclass(frozen=True)
class Task:
    """What a `fit` gets, beside the model."""

    training: tuple[Tensor, Tensor]
    validation: tuple[Tensor, Tensor]
    size: int
    rates: list[float]
    patience: int
    case: str
    unmasks: Ends | None = None  # the wrong patience that shows here

    @property
    def steps(self) -> int:
        """Of one epoch."""
        return -(-len(self.training[1]) // self.size)


@dataclass
class Replay:
    """The same training on the check's side, epoch by epoch.

    accuracies, losses, scores: on validation images; states: all parameters and
    buffers; each after each epoch
    """

    accuracies: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    scores: list[Tensor] = field(default_factory=list)
    states: list[dict[str, Tensor]] = field(default_factory=list)

    @property
    def said(self) -> list[Tensor]:
        """The answers to the validation images."""
        return [scores.argmax(1) for scores in self.scores]

    @property
    def best(self) -> int:
        """The first epoch of the highest accuracy, from 0."""
        return self.accuracies.index(max(self.accuracies))

    @property
    def lowest(self) -> int | None:
        """The epoch of the lowest loss, if it is neither a best one nor the last."""
        found = int(np.argmin(self.losses))
        own = self.accuracies[found] < max(self.accuracies)
        return found if own and found < len(self.losses) - 1 else None

    def against(self, labels: Tensor) -> "Replay":
        """The same training, measured with these validation labels."""
        accuracies = [_mean_of([said == labels]) for said in self.said]
        losses = [F.cross_entropy(scores, labels).item() for scores in self.scores]
        return Replay(accuracies, losses, self.scores, self.states)

    def until(self, epochs: int) -> "Replay":
        """The first so many epochs."""
        return Replay(self.accuracies[:epochs], self.losses[:epochs],
                      self.scores[:epochs], self.states[:epochs])  # fmt: skip


def _length(accuracies: Sequence[float], patience: int, equal: bool = False) -> int:
    """After how many epochs patience is at its end, or all of them.

    equal: whether an accuracy that only equals the best is taken for a new one
    """
    best, waited = -1.0, 0
    for number, one in enumerate(accuracies, 1):
        better = one > best or (equal and one == best)
        best, waited = (one, 0) if better else (best, waited + 1)
        if waited == patience:
            return number
    return len(accuracies)


def _never_reset(accuracies: Sequence[float], patience: int) -> int:
    """After how many epochs so many in all have brought no new best."""
    best, waited = -1.0, 0
    for number, one in enumerate(accuracies, 1):
        waited += one <= best
        best = max(best, one)
        if waited == patience:
            return number
    return len(accuracies)


def _since_last(accuracies: Sequence[float], patience: int) -> int:
    """After how many epochs so many in a row were no better than the one before."""
    before, waited = -1.0, 0
    for number, one in enumerate(accuracies, 1):
        waited = 0 if one > before else waited + 1
        before = one
        if waited == patience:
            return number
    return len(accuracies)


def _from_zero(accuracies: Sequence[float], patience: int) -> int:
    """After how many epochs it ends if the best begins at 0."""
    return _length([0.0, *accuracies], patience) - 1


def _until_perfect(accuracies: Sequence[float], patience: int) -> int:
    """After how many epochs it ends if it ends at 100 % as well."""
    whole = accuracies.index(1.0) + 1 if 1.0 in accuracies else len(accuracies)
    return min(whole, _length(accuracies, patience))


# Where a wrong patience ends, and the words for it.
WRONG_ENDS: list[tuple[Ends, str]] = [
    (lambda found, patience: _length(found, patience, equal=True), "An accuracy that "
     "is only equal is no new best."),
    (_never_reset, "Only epochs in a row count: after a new best the waiting begins "
     "anew."),
    (_since_last, "Compare with the best so far, not with the epoch before."),
    (_from_zero, "The first epoch is a new best, even with an accuracy of 0."),
    (_until_perfect, "All right is no reason to end: patience is."),
]  # fmt: skip
FIT = ("coursekit.train",)
OPTIMISER: dict[str, Any] = {"lr": 0.9, "momentum": 0.5}
SPOILING = 0.2


@exercise("own-fit", "model", "optimiser", "training", "validation", "size", "rates",
          "patience", by_hand=FIT)  # fmt: skip
def fit(answer: Maker, cases: Cases) -> None:
    """Oracle: torch, on the very batches that the answer drew."""
    _expect_learning(answer, cases)
    for number, task in enumerate(_tasks(cases)):
        _expect_replay(answer, task, _network(NETWORK, cases))
        if number == 0:
            _expect_choices(answer, cases)
        if number == 1:
            _expect_replay(answer, *_spoiling(cases, patience=2))
            _expect_replay(answer, *_spoiling(cases, patience=7))
    many = _some_data(cases, MANY), _some_data(cases, 9)
    case = f"four epochs of {MANY} images in batches of 5"
    _expect_replay(answer, Task(*many, 5, [0.05] * 4, 4, case),
                   _network(NETWORK, cases))  # fmt: skip


def _expect_choices(answer: Maker, cases: Cases) -> None:
    """The best epoch is the right one, and so is the last; equal ones come at last."""
    _expect_replay(answer, *_low_elsewhere(cases))
    for wrong, _ in [*WRONG_ENDS[1:], WRONG_ENDS[0]]:
        _expect_replay(answer, *_planned(cases, wrong))


def _expect_learning(answer: Maker, cases: Cases) -> None:
    training, held, fresh = (_clusters(cases, count) for count in (60, 30, 90))
    oracle = _network(NETWORK, cases)
    task = Task(training, held, 12, [0.1] * 6, 6, "60 images of three classes")
    model, result, log = _ran(answer, task, oracle)
    _refuse_wrong_loop(result, log, task)
    weight = array(model.tensor("3.weight").outcome.value)
    moved = not np.allclose(weight, array(oracle[3].weight))
    expect_that(result, moved, task.case, "In the end the model is what it was before "
                "the first step. Which weights did you put back?")  # fmt: skip
    steps = log.count("step")
    expect_that(result, steps <= 60, task.case, f"It took {steps} steps; 60 at most.")
    model.eval()
    said = model(fresh[0])
    hits = array(said.outcome.value).argmax(1) == fresh[1].numpy()
    expect_that(said, hits.mean() >= 0.9, f"{task.case}, images it has never seen",
                f"Only {hits.mean():.0%} of them are right, 90 % is the goal. "
                f"{_other_loss(weight, log, task, oracle)}")  # fmt: skip


def _other_loss(weight: Plain, log: Log, task: Task, oracle: nn.Module) -> str:
    """The words for the loss that leads to this weight."""
    for replay, words in _by_other_losses(oracle, log, task):
        if any(alike(weight, state["3.weight"]) for state in replay.states):
            return words
    return (
        "Does every image keep its label? Do the scores go into F.cross_entropy as "
        "they are?"
    )


def _clusters(cases: Cases, count: int) -> tuple[Tensor, Tensor]:
    """Points (count, 4) around one middle for each of three classes."""
    labels = torch.arange(count) % 3
    return 4 * torch.eye(3, 4)[labels] + 0.25 * normal(cases, count, 4), labels


def _spoiling(cases: Cases, patience: int) -> tuple[Task, nn.Module]:
    """A model that is good already, and labels that make it worse epoch by epoch."""
    model, (x, t) = _network(NETWORK, cases), _clusters(cases, 60)
    optimiser = torch.optim.SGD(model.parameters(), **OPTIMISER | {"lr": 0.1})
    for _ in range(40):
        _update(model, optimiser, x, t)
    x, t = _clusters(cases, 14)
    training, held = (x, (t + 1) % 3), _clusters(cases, 18)
    case = "labels that mislead: a good model gets worse with each epoch"
    return Task(training, held, 5, [SPOILING] * 6, patience, case), model


def _planned(cases: Cases, wrong: Ends) -> tuple[Task, nn.Module]:
    """A training that unmasks `wrong`."""
    return next(
        (replace(task, unmasks=wrong), model)
        for task, replay, model in _trainings(cases, patience=2)
        if _unmasks(wrong, replay.accuracies, patience=2)
    )


def _unmasks(wrong: Ends, found: Sequence[float], patience: int) -> bool:
    """Whether it ends elsewhere; two epochs may only be best if that is the point."""
    ends = _length(found, patience)
    best = max(found[:ends])
    single = found[:ends].count(best) == 1 or wrong is WRONG_ENDS[0][0]
    return single and wrong(found, patience) != ends


def _low_elsewhere(cases: Cases) -> tuple[Task, nn.Module]:
    """A training whose lowest validation loss is not where its accuracy is best."""
    return next(
        (task, model)
        for task, replay, model in _trainings(cases, patience=9)
        if replay.lowest is not None
        and replay.accuracies.count(max(replay.accuracies)) == 1
    )


def _trainings(cases: Cases, patience: int) -> Iterator[tuple[Task, Replay, nn.Module]]:
    """Trainings whose course is known before, without an end; the model to begin with.

    Each epoch is one batch, in which the order does not matter. So the check trains
    first, and then looks for validation labels with which a wrong rule shows.
    """
    rates = [0.6] * 9
    case = f"one batch an epoch, up to 9 epochs, patience {patience}"
    while True:
        model, training = _network(NETWORK, cases), _some_data(cases, 8)
        held = normal(cases, 6, 4), _labels(cases, 6)
        task = Task(training, held, 8, rates, patience, case)
        steps = [list(range(8))] * len(rates)
        replay = _replayed(model, steps, task)
        for labels in _made_up(torch.stack(replay.said), cases):
            other = replace(task, validation=(held[0], labels))
            yield other, replay.against(labels), model


def _made_up(said: Tensor, cases: Cases) -> Iterator[Tensor]:
    """Validation labels that agree with one of the epochs in all, some or none."""
    for _ in range(40):
        epoch = said[cases.integer(0, len(said) - 1)]
        other = (epoch + 1 + _labels(cases, len(epoch)) % 2) % 3
        agrees = cases.rng.random(len(epoch)) < cases.rng.choice([0.0, 0.5, 1.0])
        yield torch.where(torch.from_numpy(agrees), epoch, other)


Loss = Callable[[Tensor, Tensor], Tensor]
OTHER_LOSSES: list[tuple[Loss, str]] = [
    (nn.CrossEntropyLoss(reduction="sum"), "A step goes down the mean of the losses "
     "of its batch, not their sum."),
    (lambda scores, t: F.cross_entropy(scores.softmax(1), t), "There is a softmax "
     "before F.cross_entropy, which has one inside: it wants the scores as they are."),
]  # fmt: skip


def _update(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    x: Tensor,
    t: Tensor,
    loss: Loss = F.cross_entropy,
) -> None:
    model.train()
    optimiser.zero_grad()
    loss(model(x), t).backward()
    optimiser.step()


def _tasks(cases: Cases) -> Iterator[Task]:
    one = _some_data(cases, 8), _some_data(cases, 10)
    yield Task(*one, 4, [0.1], 3, "one epoch of 8 images in batches of 4")
    two = _some_data(cases, 14), _some_data(cases, 9)
    yield Task(*two, 5, [0.2, 0.1, 0.02], 3, "three epochs, three rates, 14 images")
    for number in cases.count(2):
        data = _some_data(cases, 14), _some_data(cases, 9)
        patience = 1 + number % 2
        case = f"random {number}: up to 7 epochs, patience {patience}"
        yield Task(*data, 5, [0.15] * 7, patience, case)


def _some_data(cases: Cases, count: int) -> tuple[Tensor, Tensor]:
    return normal(cases, count, 4), _labels(cases, count)


def _ran(
    answer: Maker, task: Task, oracle: nn.Module
) -> tuple[MadeModule, Result, Log]:
    """The model after the answer has run, what it returned, and the log since then."""
    for name, (inputs, labels) in (("training", task.training),
                                   ("validation", task.validation)):  # fmt: skip
        given_batches(answer, [(inputs, labels)], name, numbered=True)
    model = given_model(answer, NETWORK, oracle)
    model.eval()
    optimiser = given_optimiser(answer, model, "SGD", groups=2, **OPTIMISER)
    log_of(answer, take=True)
    result = answer(model, optimiser, task.training, task.validation, task.size,
                    task.rates, task.patience)  # fmt: skip
    return model, result, log_of(answer, take=True)


def _refuse_wrong_loop(result: Result, log: Log, task: Task) -> None:
    """Order, modes, data and rates of the steps."""
    seen = {name.split()[0] for event in log.trained() for name in event.data}
    expect_that(result, "validation" not in seen, task.case, "A step was taken on "
                "validation images: they are there to measure with.")  # fmt: skip
    taken, trained = log.count("step"), len(log.trained())
    names = [f"training {row}" for row in range(len(task.training[1]))]
    expect_training(result, log, steps=taken, case=task.case, data=names)
    expect_that(result, taken == trained, task.case, f"{trained} batches were trained "
                f"on, with {taken} steps: one step for each batch.")  # fmt: skip
    _expect_epochs(result, log, task)
    _expect_rates(result, log, task)


def _rows_of(event: Event) -> list[int]:
    return sorted(int(name.split()[1]) for name in event.data)


def _expect_epochs(result: Result, log: Log, task: Task) -> None:
    """Each epoch has every training image once, in batches of the right size."""
    steps, count = [_rows_of(event) for event in log.trained()], len(task.training[1])
    rest = count % task.size
    left_out = rest and set(map(len, steps)) == {task.size}
    expect_that(result, not left_out, task.case, "The smaller batch at the end of an "
                "epoch is missing: each image is wanted.")  # fmt: skip
    whole = len(steps) % task.steps == 0
    expected = [task.size] * (count // task.size) + [rest] * bool(rest)
    for epoch, here in enumerate(_epochs(steps, task)):
        rows = [row for batch in here for row in batch]
        drawn = len(set(rows)) < len(rows) or (whole and len(rows) < count)
        expect_that(result, not drawn, task.case,
                    f"In epoch {epoch} some images come twice and others never: "
                    "shuffle their numbers, do not draw them one by one.")  # fmt: skip
        sizes = list(map(len, here))
        expect_that(result, sizes == expected, task.case,
                    f"The batches of an epoch should hold {expected} images, yours "
                    f"{sizes}.")  # fmt: skip
    _expect_new_orders(result, steps, task)


def _epochs(steps: list[list[int]], task: Task) -> list[list[list[int]]]:
    return [steps[at : at + task.steps] for at in range(0, len(steps), task.steps)]


def _expect_new_orders(result: Result, steps: list[list[int]], task: Task) -> None:
    epochs = _epochs(steps, task)
    rows = list(range(len(task.training[1])))
    given = [rows[at : at + task.size] for at in range(0, len(rows), task.size)]
    if len(epochs) < 3 or task.steps == 1:
        return
    expect_that(result, any(epoch != given for epoch in epochs), task.case,
                "The images are never shuffled.")  # fmt: skip
    expect_that(result, any(epoch != epochs[0] for epoch in epochs), task.case,
                "Every epoch has the same batches: shuffle anew each time.",
                )  # fmt: skip
    if len(rows) >= MANY:
        _expect_all_mixed(result, epochs, task)


MANY = 40  # images, among which a chance neighbour hides nothing


def _expect_all_mixed(
    result: Result, epochs: list[list[list[int]]], task: Task
) -> None:
    """Old neighbours part in every epoch, and the images of a batch in the next."""
    neighbours = {(row, row + 1) for row in range(len(task.training[1]) - 1)}
    together = [_together(epoch) for epoch in epochs]
    for number, pairs in enumerate(together):
        still = len(neighbours & pairs) > len(neighbours) / 2
        expect_that(result, not still, task.case,
                    f"In epoch {number} most images still have their old neighbour: "
                    "draw a random order of single images in every "
                    "epoch.")  # fmt: skip
        like = [n for n in range(number) if _kept(together[n], pairs)]
        expect_that(result, not like, task.case,
                    f"Epoch {number} has nearly the same batches as epoch "
                    f"{min(like, default=0)}: {OTHER_COMPANY}")  # fmt: skip


def _kept(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> bool:
    """Whether pairs of one epoch are together in another more than chance has it."""
    return len(one & other) > KEPT * len(one)


KEPT = 0.45  # of all pairs; by chance it is about a tenth
OTHER_COMPANY = (
    "draw the order of all images afresh, so that each is with others every time."
)


def _together(found: list[list[int]]) -> set[tuple[int, int]]:
    """All pairs of images that are in one batch."""
    return {(a, b) for rows in found for a in rows for b in rows if a < b}


def _expect_rates(result: Result, log: Log, task: Task) -> None:
    taken = [event for event in log.events if event.what == "step"]
    for step, event in enumerate(taken):
        epoch, rate = step // task.steps, event.lr
        expect_that(result, epoch < len(task.rates), task.case, "There are more epochs "
                    "than rates.")  # fmt: skip
        expected = task.rates[epoch]
        told = f"step {step}, in epoch {epoch}, should have the learning rate "
        expect_that(result, math.isclose(rate, expected, rel_tol=1e-6), task.case,
                    f"{told}{expected:g}; yours had {rate:g}",
                    "The rate stands under \"lr\" in every group of "
                    "optimiser.param_groups.")  # fmt: skip
        expect_that(result, not event.apart, task.case, f"In step {step} the groups of "
                    "the optimiser have different rates: set \"lr\" in each of "
                    "optimiser.param_groups.")  # fmt: skip


def _expect_replay(answer: Maker, task: Task, oracle: nn.Module) -> None:
    model, result, log = _ran(answer, task, oracle)
    _refuse_wrong_loop(result, log, task)
    steps = [_rows_of(event) for event in log.trained()]
    replay = _replayed(oracle, steps, task)
    if len(task.rates) == 1:
        _expect_best(model, replay, task, _by_other_losses(oracle, log, task))
    replay = replay.until(_expect_end(result, replay.accuracies, task))
    measured = {name for event in log.evaluated() for name in event.data}
    all_of_them = len({name for name in measured if name.startswith("validation")})
    expect_that(result, all_of_them == len(task.validation[1]), task.case,
                "Not all validation images were measured.")  # fmt: skip
    wrong = [*_mistakes_fit(replay, task), *_mean_of_means(replay, log, task)]
    expect(result, replay.accuracies, task.case, wrong)
    _expect_best(model, replay, task)


def _mean_of_means(replay: Replay, log: Log, task: Task) -> Mistakes:
    """What the mean over the accuracies of validation batches would be."""
    parts = [_rows_of(e) for e in log.evaluated() if "validation" in "".join(e.data)]
    each = len(parts) // len(replay.said)
    if each < 2 or len(parts) % each or not all(parts):
        return []
    means = []
    for epoch, said in enumerate(replay.said):
        here, hits = (
            parts[epoch * each : (epoch + 1) * each],
            said == task.validation[1],
        )
        means.append(sum(hits[rows].double().mean().item() for rows in here) / each)
    return [(means, "The batches of validation images differ in size: count the hits "
             "in all of them, and divide once.")]  # fmt: skip


def _state(model: nn.Module) -> dict[str, Tensor]:
    return {entry.path: entry.tensor.detach().clone() for entry in tensors_of(model)}


def _replayed(
    start: nn.Module, steps: list[list[int]], task: Task, loss: Loss = F.cross_entropy
) -> Replay:
    """All epochs that there are batches for, on a copy of the model."""
    oracle, replay, (x, t) = copy.deepcopy(start), Replay(), task.training
    optimiser = torch.optim.SGD(oracle.parameters(), **OPTIMISER)
    for epoch in range(len(steps) // task.steps):
        optimiser.param_groups[0]["lr"] = task.rates[epoch]
        for rows in steps[epoch * task.steps : (epoch + 1) * task.steps]:
            _update(oracle, optimiser, x[rows], t[rows], loss)
        with torch.no_grad():
            replay.scores.append(oracle.eval()(task.validation[0]))
        replay.states.append(_state(oracle))
    return replay.against(task.validation[1])


def _by_other_losses(
    start: nn.Module, log: Log, task: Task
) -> list[tuple[Replay, str]]:
    """What other losses would have made of the same batches, and words for them."""
    steps = [_rows_of(event) for event in log.trained()]
    return [(_replayed(start, steps, task, loss), text) for loss, text in OTHER_LOSSES]


def _expect_end(result: Result, accuracies: list[float], task: Task) -> int:
    """It ended when it should: after so many epochs."""
    ran, wanted = len(accuracies), _length(accuracies, task.patience)
    listed = ", ".join(f"{one:.2f}" for one in accuracies)
    told = f"validation accuracies: {listed}; patience {task.patience}"
    ends = sorted(WRONG_ENDS, key=lambda pair: pair[0] is not task.unmasks)
    ideas = [words for end, words in ends if ran == end(accuracies, task.patience)]
    ideas += [f"{task.patience} epochs in a row without a new best are enough."]
    expect_that(result, ran == wanted, task.case, told,
                f"That is {ran} epochs, {wanted} should run. {ideas[0]}")  # fmt: skip
    short = ran < len(task.rates) and _length([*accuracies, 2.0], task.patience) > ran
    going_on = [*accuracies, *[2.0] * task.patience]
    ideas = [words for end, words in ends if end(going_on, task.patience) == ran]
    ideas += ["Patience is not at its end yet."]
    expect_that(result, not short, task.case, told, f"After epoch {ran - 1} training "
                f"should go on. {ideas[0]}")  # fmt: skip
    return wanted


def _mistakes_fit(replay: Replay, task: Task) -> Mistakes:
    right = replay.accuracies
    return [
        ([1 - one for one in right], "Those are the parts that are wrong."),
        ([100 * one for one in right], "Between 0 and 1, please, not in percent."),
        ([one * len(task.validation[1]) for one in right], "Those are the hits: divide "
         "by the number of validation images."),
        (replay.losses, "Those are the losses on the validation images; asked are the "
         "accuracies."),
        (max(right), "The accuracies of all epochs are asked for, in a list."),
        (right[: replay.best + 1], "The epochs after the best one were run as well, "
         "and belong to the list."),
        ([max(right[: at + 1]) for at in range(len(right))], "Those are the best "
         "accuracies so far; asked is that of each epoch."),
    ]  # fmt: skip


def _expect_best(
    model: MadeModule,
    replay: Replay,
    task: Task,
    others: Sequence[tuple[Replay, str]] = (),
) -> None:
    """All parameters and buffers are those of the first best epoch.

    others: what other losses would have made of them, and the words
    """
    best, last = replay.states[replay.best], replay.states[-1]
    result = model.state()
    buffers = [path for path in best if "running" in path or "tracked" in path]
    top, lowest = max(replay.accuracies), replay.lowest
    low = None if lowest is None else replay.states[lowest]
    equals = [
        state
        for accuracy, state in zip(replay.accuracies, replay.states, strict=True)
        if accuracy == top and state is not best
    ]
    for path in [*(path for path in best if path not in buffers), *buffers]:
        mistakes: list[tuple[Any, str]] = [
            (last[path], "Those are the statistics of the last epoch: not only "
             "parameters belong to the best." if path in buffers else
             "The model is left as the last epoch made it. Put a copy of the best "
             "weights back; state_dict() alone is no copy, its tensors go on moving."),
            *((state[path], "Of equally good epochs the first one counts.")
              for state in equals),
        ]  # fmt: skip
        if replay.accuracies[-1] == top:
            mistakes = mistakes[::-1]
        first: list[tuple[Any, str]] = [
            *((other.states[0][path], words) for other, words in others),
            (low and low[path], "Those are the weights with the lowest validation "
             "loss; here the accuracy decides."),
        ]  # fmt: skip
        expect(result[path], best[path], task.case, first + mistakes)
