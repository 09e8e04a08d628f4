"""Checks of "Vanishing and exploding gradients"."""

import copy
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.bench.given import stacked
from coursekit.checks.compare import array
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Result,
    expect,
    expect_done,
    expect_error,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.loops import Layers, given_model, given_optimiser
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.objects import MadeObject
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, stirred, tensors_of
from coursekit.data.catalogue import MNIST
from coursekit.data.stand_in import stand_in

fold_or_bend = quiz("fold-or-bend")
variances_by_hand = quiz("variances-by-hand")


# ---- The signal ----


@exercise("signal", "outputs")
def signal(answer: Answer, cases: Cases) -> None:
    """Oracle: distances to the mean, in float64."""
    few = torch.tensor(
        [[1.0, 5.0, 2.0], [4.0, 5.0, -3.0], [-2.0, 6.0, 7.0], [0.0, 9.0, 1.0]]
    )
    _signal(answer, few, "four images, three units")
    _signal(answer, torch.tensor([[0.5, -3.0, 8.0]] * 4), "four images, all the same")
    _signal(answer, torch.tensor([[1.0, 7.0]]), "a single image")
    _signal_of_nothing(answer)
    _signal(answer, normal(cases, 3, 2, 4, 5), "maps: 2 of 4 × 5 for each of 3 images")
    for number in cases.count(4):
        n, units = cases.integer(2, 6), cases.integer(2, 6)
        outputs = normal(cases, n, units) + normal(cases, 1, units) * 3
        _signal(answer, outputs, f"random {number}: {n} images, {units} units")


def _signal(answer: Answer, outputs: Tensor, case: str) -> None:
    values = outputs.double().numpy()
    expect(answer(outputs), _deviation(values), case, _mistakes_signal(values))


def _signal_of_nothing(answer: Answer) -> None:
    """Numbers that float32 has to round: a difference of two squares is not 0."""
    case = "seven images, all the same, with rounded numbers"
    result = answer(torch.tensor([[0.1, 0.3, 0.7, -0.9]] * 7))
    raised = result.outcome.raised
    if raised and "domain" in raised.text:
        fail(result, case, f"{result.whose} raised {raised.shown}", CANCELLED)
    got = result.outcome.value
    if isinstance(got, float | Tensor) and np.ndim(got) == 0:
        told = f"should be 0, at most 1e-06; yours gave {float(got):.1e}"
        expect_that(result, abs(float(got)) <= 1e-6, case, told, CANCELLED)
    expect(result, 0.0, case)


CANCELLED = (
    "Two nearly equal numbers are subtracted, and their rounding errors are left: take "
    "the mean away first, and square then."
)


def _deviation(values: np.ndarray) -> float:
    """The root of the mean over units of the mean squared distance to the mean."""
    far = values - values.sum(axis=0) / len(values)
    return math.sqrt((far**2).sum() / values.size)


def _mistakes_signal(values: np.ndarray) -> Iterator[tuple[Any, str]]:
    n, right = len(values), _deviation(values)
    flat = values.reshape(n, -1)
    yield values.std(), POOLED
    yield values.std(ddof=1) if values.size > 1 else None, POOLED
    for spread in (flat.std(axis=1), values.std(axis=1)):
        yield spread.mean(), OVER_UNITS
        yield math.sqrt((spread**2).mean()), OVER_UNITS
    if flat.shape[1] > 1:
        sharp = flat.std(axis=1, ddof=1)
        yield sharp.mean(), OVER_UNITS
        yield math.sqrt((sharp**2).mean()), OVER_UNITS
    yield (right**2, "That is a mean variance. Its root is wanted.")
    yield (flat.std(axis=0).mean(), "You took the mean of the deviations. First the "
           "mean of the variances, then the root.")  # fmt: skip
    more = right * math.sqrt(n / (n - 1)) if n > 1 else math.nan
    yield (more, "Divide by n, the number of images, not by n − 1. (With one image "
           "that would be 0/0.)")  # fmt: skip
    yield (math.sqrt((flat**2).mean()), "That is the root of the mean square: the mean "
           "of each unit has not been taken away.")  # fmt: skip
    yield (right * math.sqrt(flat.shape[1]), "You summed the variances over the units. "
           "Their mean is wanted.")  # fmt: skip
    yield (flat.std(axis=0), "One number is wanted, for all units together.")
    yield (flat.mean(axis=1).std(), "You took the mean over the units of an image "
           "first: there, opposite changes cancel.")  # fmt: skip
    if values.ndim > 2:
        of_maps = values.reshape(n, values.shape[1], -1)
        yield (math.sqrt(of_maps.var(axis=(0, 2)).mean()), "Each number of a map is a "
               "unit of its own; you took a map for one unit.")  # fmt: skip
        yield (math.sqrt(of_maps.mean(axis=2).var(axis=0).mean()), "You took the mean "
               "of each map first. Each of its numbers is a unit.")  # fmt: skip


POOLED = (
    "That is the deviation of all numbers, as the first friend measures it. Units with "
    "different means seem alive."
)
OVER_UNITS = (
    "That is the deviation over the units of an image, as the second friend measures "
    "it. Do the images differ?"
)


# ---- Fans ----


@exercise("fans", "shape", by_hand=("torch.nn.init",))
def fans(answer: Answer, cases: Cases) -> None:
    """Oracle: the numbers of an empty weight that one output, or one input, has."""
    for shape, case in (
        ((10, 196), "dense, 196 to 10"),
        ((6, 1, 5, 5), "six kernels of 5 × 5 on one map"),
        ((16, 6, 3, 3), "16 kernels of 3 × 3 on 6 maps"),
        ((7, 3, 4), "7 kernels of 4 along a row, on 3 channels"),
        ((2, 3, 4, 5, 6), "2 kernels of 4 × 5 × 6, on 3 channels"),
    ):
        _fans(answer, shape, case)
    for number in cases.count(4):
        axes = cases.integer(2, 5)
        sides = tuple(cases.integer(1, 9) for _ in range(axes))
        _fans(answer, sides, f"random {number}: {axes} axes")
    for bad in ((12,), ()):
        expect_error(answer(bad), "ValueError", f"the shape {bad}",
                     "A bias has no fans: check the number of axes first.")  # fmt: skip


def _fans(answer: Answer, shape: tuple[int, ...], case: str) -> None:
    weight = torch.empty(shape)
    fan_in, fan_out = weight[0].numel(), weight[:, 0].numel()
    side = shape[-1] if len(shape) > 2 else 1
    out, into = shape[:2]
    mistakes = [
        ((fan_out, fan_in), "The other way round: the outputs come first in the shape "
         "of a weight."),
        ((into, out), "A unit of a convolution sees a whole window of each map."),
        ((fan_in, out), "The fan-out: an input number lies under the kernel at many of "
         "its stops."),
        ((into, fan_out), "The fan-in has a factor for the window as well."),
        ((into * side, out * side), "A window has all its sides: multiply them."),
        ((fan_in // into, fan_out // out), "The window is right; the number of maps is "
         "missing."),
        (fan_in, "Both are wanted: (fan-in, fan-out)."),
    ]  # fmt: skip
    result = answer(shape)
    got = result.outcome.value
    if isinstance(got, tuple | list) and list(got) == [float(fan_in), fan_out]:
        floats = any(isinstance(one, float) for one in got)
        expect_that(result, not floats, case, f"{got}: the values are right, but whole "
                    "numbers (int) are wanted", FLOATS)  # fmt: skip
    expect(result, (fan_in, fan_out), case, mistakes)


FLOATS = (
    "A float comes from a division with / or from np.prod of an empty shape, which is "
    "1.0. What does math.prod make of it?"
)


# ---- The initialiser ----

READY = (  # without kaiming_uniform_, which torch's own layers call when they are made
    "torch.nn.init.kaiming_normal",
    "torch.nn.init.kaiming_normal_",
    "torch.nn.init.xavier_normal",
    "torch.nn.init.xavier_normal_",
    "torch.nn.init.xavier_uniform",
    "torch.nn.init.xavier_uniform_",
    "coursekit.layers",
    "coursekit.models",
)

DENSE: list[list[Any]] = [
    ["Linear", 150, 80],
    ["ReLU"],
    ["Linear", 80, 150, False],
    ["BatchNorm1d", 150],
    ["Linear", 150, 80],
]
MAPS: list[list[Any]] = [
    ["Conv2d", 8, 30, 5],
    ["BatchNorm2d", 30],
    ["ReLU"],
    ["Conv2d", 30, 70, 3],
    ["Flatten"],
    ["Linear", 70, 100],
]
OTHERS: list[list[Any]] = [
    ["Embedding", 30, 20],
    ["Conv1d", 9, 20, 4],
    ["GroupNorm", 2, 20],
    ["ConvTranspose2d", 6, 9, 3],
    ["Linear", 90, 60],
]
NESTED: list[list[Any]] = [  # a head and, in a list, two more dense layers
    ["Linear", 30, 200],
    ["AdaptiveLogSoftmaxWithLoss", 200, 60, [40]],
]
DERIVED: list[list[Any]] = [["Linear", 80, 60], ["Derived", 60, 90]]
ALONE: list[list[Any]] = [["Linear", 90, 60]]
NARROW: list[list[Any]] = [["Conv2d", 1, 200, 5], ["Linear", 4_000, 1]]

INSIDE = (
    "It lies inside another layer: a walk over the model itself sees the outer ones "
    "only."
)
OF_A_KIND = (
    "Its class is derived from nn.Linear: it is one. isinstance sees that, comparing "
    "types does not."
)
ITSELF = (
    "Here the model itself is the layer. It has no children; model.modules() begins "
    "with the model itself."
)


@dataclass(frozen=True)
class Begun:
    """A model that gets a start, and how it comes.

    shape: of an input for which gradients are asked
    frozen, resting: the number of a layer that is frozen, or in the other mode
    untouched: words for weights that are still the old ones
    """

    layers: Layers
    what: str
    shape: tuple[int, ...] | None = None
    training: bool = True
    frozen: int | None = None
    resting: int | None = None
    double: bool = False
    alone: bool = False
    untouched: str = INSIDE


BEGUN = (
    Begun(DENSE, "dense layers", (3, 150), resting=3),
    Begun(MAPS, "convolutions", (3, 8, 7, 7), training=False, frozen=3, resting=1),
    Begun(OTHERS, "other layers"),
    Begun(NESTED, "layers within a layer"),
    Begun(DERIVED, "a class derived from nn.Linear", (3, 80), untouched=OF_A_KIND),
    Begun(ALONE, "a single layer", (3, 90), alone=True, untouched=ITSELF),
    Begun(NARROW, "one map that comes in, one unit that goes out"),
    Begun(DENSE, "float64", (3, 150), double=True),
)


@exercise("initialiser", "model", "start", by_hand=READY)
def initialise(answer: Maker, cases: Cases) -> None:
    """No oracle: the variances, means and largest numbers of thousands of weights."""
    for begun in BEGUN:
        for start in ("he", "glorot"):
            _begin(answer, cases, begun, start)
    _refuses_names(answer, cases)


def _begin(answer: Maker, cases: Cases, begun: Begun, start: str) -> None:
    before = stirred(_network(begun.layers), cases)
    model = given_model(answer, begun.layers, before)
    _as_it_comes(model, before, begun)
    optimiser = given_optimiser(answer, model, "SGD", lr=1.0)
    modes = model.modes().outcome.value
    given = model.make("get_submodule", "0") if begun.alone else model
    case = f"{begun.what}, {start}"
    expect_done(answer(given, start), case)
    _expect_started(model, before, start, case, begun.untouched)
    _expect_modes(model, modes, case)
    if begun.layers is DENSE:
        _expect_fresh(answer, model, start, case)
    if begun.shape:
        x = normal(cases, *begun.shape).to(next(before.parameters()).dtype)
        _expect_still_trained(model, optimiser, before, x, case)


def _as_it_comes(model: MadeModule, before: nn.Module, begun: "Begun | Probed") -> None:
    """Type, mode and frozen layer, of the model and of the check's own."""
    if begun.double:
        before.double()
        model.do("double")
        values = {entry.path: entry.tensor.detach() for entry in tensors_of(before)}
        model.write(values)
    before.train(begun.training)
    (model.train if begun.training else model.eval)()
    if begun.resting is not None:
        before.get_submodule(str(begun.resting)).train(not begun.training)
        layer = model.make("get_submodule", str(begun.resting))
        layer.do("train", not begun.training)
    if begun.frozen is not None:
        before.get_submodule(str(begun.frozen)).requires_grad_(False)
        model.make("get_submodule", str(begun.frozen)).do("requires_grad_", False)


def _expect_modes(model: MadeModule, modes: dict[str, bool], case: str) -> None:
    found = model.modes()
    for path, mode in found.outcome.value.items():
        place = f"layer {path}" if path else "the model"
        was = "training" if modes[path] else "evaluation"
        expect_that(found, mode == modes[path], case, f"{place} was in {was} mode and "
                    "is no more", "Weights and biases are new; all else stays: leave "
                    "out train() and eval().")  # fmt: skip


def _expect_fresh(answer: Maker, model: MadeModule, start: str, case: str) -> None:
    """A second start gives other numbers."""
    first = model.state().outcome.value
    expect_done(answer(model, start), case)
    state = model.state()
    same = np.array_equal(first["0.weight"], state.outcome.value["0.weight"])
    expect_that(state, not same, case, "a second call gives the very same weights",
                "Do you set a seed? Who sets torch's makes all dice begin again, those "
                "of others as well: leave it out.")  # fmt: skip


def _expect_still_trained(
    model: MadeModule, optimiser: MadeObject, before: nn.Module, x: Tensor, case: str
) -> None:
    """The parameters are still those of an optimiser, and as trainable as before."""
    state, kinds = model.state(), model.dtypes()
    kind = str(x.dtype).removeprefix("torch.")
    expect_that(state, kinds == {kind}, case, f"the parameters were {kind}; now they "
                f"are {' and '.join(sorted(kinds))}", "Copy the numbers into the "
                "weight that is there: it keeps its type.")  # fmt: skip
    upstream = torch.ones_like(before(x)).detach()
    flowed = model.gradients(x, upstream=upstream, case=case).of_parameters
    for name, parameter in before.named_parameters():
        _expect_trainable(state, name, parameter, flowed.get(name) is not None, case)
    model.set_gradients({n: torch.ones_like(p) for n, p in before.named_parameters()})
    optimiser.do("step")
    after = model.state().outcome.value
    for name, _ in before.named_parameters():
        moved = not np.array_equal(after[name], state.outcome.value[name])
        expect_that(state, moved, case, f"{name} is another parameter now", REPLACED)


def _expect_trainable(
    state: Result, name: str, before: Tensor, flows: bool, case: str
) -> None:
    if before.requires_grad:
        expect_that(state, flows, case, f"{name} gets no gradient any more", "Its "
                    "requires_grad was True, and should be. Is torch.no_grad() around "
                    "the change not enough?")  # fmt: skip
    else:
        expect_that(state, not flows, case, f"{name} was frozen and gets a gradient "
                    "now", "Its requires_grad was False, and should be: leave it as "
                    "it is.")  # fmt: skip


REPLACED = (
    "An optimiser made before would go on with the old one. In place means: the same "
    "parameter, with new numbers in it."
)


def _network(layers: Layers) -> nn.Sequential:
    return stacked(layers)


def _refuses_names(answer: Maker, cases: Cases) -> None:
    before = stirred(_network(DENSE), cases)
    model = given_model(answer, DENSE, before)
    for name in ("xavier", "He"):
        expect_error(answer(model, name), "ValueError", f"the start {name!r}",
                     "The two names are 'glorot' and 'he'.")  # fmt: skip
    state = model.state()
    for entry in tensors_of(before):
        words = "Look at the name before you change anything."
        expect(state[entry.path], entry.tensor, "after an unknown name",
               [(state.outcome.value[entry.path], words)])  # fmt: skip


def _expect_started(
    model: MadeModule, before: nn.Module, start: str, case: str, untouched: str
) -> None:
    state, drawn = model.state(), []
    for entry in tensors_of(before):
        place, _, name = entry.path.rpartition(".")
        layer = before.get_submodule(place)
        got, values = state[entry.path], state.outcome.value[entry.path]
        if not isinstance(layer, nn.Linear | nn.Conv2d):
            words = f"{type(layer).__name__} is neither nn.Linear nor nn.Conv2d: leave"
            expect(got, entry.tensor, case, [(values, f"{words} it as it is.")])
        elif name == "bias":
            words = "Biases become 0, too."
            expect(got, torch.zeros_like(entry.tensor), case, [(values, words)])
        else:
            inner = untouched is not INSIDE or "." in place
            old = inner and np.allclose(values, entry.tensor.detach())
            expect_that(got, not old, case, f"{place} has its old weights", untouched)
            _expect_weights(got, values, start, case)
            drawn.append((got, values))
    _expect_apart(drawn, case)


def _expect_weights(got: Result, values: np.ndarray, start: str, case: str) -> None:
    fan_in, fan_out = values[0].size, values[:, 0].size
    both = 6 / (fan_in + fan_out)
    sigma = math.sqrt(2 / fan_in if start == "he" else both / 3)
    size = float(np.sqrt(np.square(values, dtype=float).mean()))
    near = abs(size / sigma - 1) < 5 / math.sqrt(2 * values.size)
    told = f"weights of the shape {values.shape} should have a deviation of about "
    expect_that(got, near, case, f"{told}{sigma:.4f}, yours have {size:.4f}",
                _why_size(size, values, start))  # fmt: skip
    even = abs(values.mean()) < 5 * sigma / math.sqrt(values.size)
    expect_that(got, bool(even), case, f"the mean of the weights is "
                f"{values.mean():.4f}", "As many should be below 0 as above.",
                )  # fmt: skip
    _expect_kind(got, values, start, case, sigma)


def _expect_kind(
    got: Result, values: np.ndarray, start: str, case: str, sigma: float
) -> None:
    top = float(np.abs(values).max()) / sigma
    if start == "he":
        expect_that(got, top > 2.4, case, f"no weight is larger than {top:.2f} "
                    "deviations", "He's weights are normal numbers: a few are larger "
                    "than three deviations.")  # fmt: skip
    else:
        expect_that(got, top < math.sqrt(3) * 1.001, case, f"some weights are as large "
                    f"as {top:.2f} deviations", "Glorot's weights are uniform numbers: "
                    "none lies beyond the bound.")  # fmt: skip
    kinds = len(np.unique(values)) / values.size
    expect_that(got, kinds > 0.9, case, f"only {kinds:.0%} of the weights are "
                "different numbers", "Draw each weight by itself.")  # fmt: skip
    _expect_unrelated(got, values, case)


def _expect_unrelated(got: Result, values: np.ndarray, case: str) -> None:
    """What one weight is tells nothing about another, in its row or its column.

    The squared cosine of two rows of n numbers, each drawn by itself, is 1/n on
    average; of two that are parallel or opposite it is 1, of orthogonal ones 0.
    """
    table = values.reshape(len(values), -1).astype(float)
    for rows in (table, table.T):
        m, n = rows.shape
        if m < 2:
            continue
        units = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-30)
        squares = n * (np.square(units @ units.T).sum() - m) / (m * (m - 1))
        near = abs(squares - 1) < 6 * math.sqrt(4 / (m * (m - 1)))
        expect_that(got, bool(near), case, "some weights depend on others: rows or "
                    "columns of them are parallel, opposite or at right angles more "
                    "often than dice would have it", "Draw each weight by itself: no "
                    "copies, no signs turned, nothing made orthogonal.")  # fmt: skip


def _expect_apart(drawn: Sequence[tuple[Result, np.ndarray]], case: str) -> None:
    for at, (got, values) in enumerate(drawn):
        for _, other in drawn[:at]:
            same = values.shape == other.shape and np.array_equal(values, other)
            expect_that(got, not same, case, "two layers have the very same weights",
                        "Do you set the seed for each layer anew?")  # fmt: skip


def _why_size(size: float, values: np.ndarray, start: str) -> str:
    """Words for the deviation that has come out instead."""
    fan_in, fan_out = values[0].size, values[:, 0].size
    into, out = values.shape[1], values.shape[0]
    both = fan_in + fan_out
    found: dict[str, Sequence[float]] = {
        "You gave the variance where the deviation belongs: a root is missing.": (
            (2 / fan_in, 6 / both / math.sqrt(3), 2 / both)
        ),
        "That is the other start: look at the name.": (
            (math.sqrt(2 / both),) if start == "he" else (math.sqrt(2 / fan_in),)
        ),
        "You took the fan-out for the fan-in.": (
            (math.sqrt(2 / fan_out),) if start == "he" else ()
        ),
        "The k² of the window is missing.": (
            math.sqrt(2 / into), math.sqrt(2 / (into + out)),
            math.sqrt(2 / (fan_in + out)), math.sqrt(2 / out),
        ) if values.ndim > 2 else (),
        "The 2 is missing: ReLU loses half of the mean square.": (
            math.sqrt(1 / fan_in) if start == "he" else math.inf,
        ),
        "The bound of uniform numbers is √3 times their deviation: that is where the 6 "
        "comes from.": (math.sqrt(2 / both / 3), math.sqrt(6 / both)),
        "The variance is 2/(fan-in + fan-out): the mean of the two fans, not their "
        "sum.": (math.sqrt(1 / both),),
        "These are the weights of before: were they changed in place?": (
            (0.64,) if 0.6 < size < 0.68 else ()
        ),
    }  # fmt: skip
    for words, sizes in found.items():
        if any(abs(size / one - 1) < 0.03 for one in sizes):
            return words
    return ""


# ---- The probe ----

SEEN: list[list[Any]] = [
    ["Conv2d", 2, 3, 3],
    ["BatchNorm2d", 3],
    ["ReLU"],
    ["Flatten"],
    ["Linear", 24, 4],
]
READ: list[list[Any]] = [
    ["Linear", 5, 6],
    ["Tanh"],
    ["Dropout", 0.5],
    ["Linear", 6, 3, False],
]


MIXED: list[list[Any]] = [  # for rows of whole numbers
    ["Embedding", 9, 4],
    ["Conv1d", 3, 5, 2],
    ["Tanh"],
    ["Flatten"],
    ["Linear", 15, 3],
]


INNER: list[list[Any]] = [
    ["Linear", 5, 6],
    ["Tanh"],
    [["Linear", 6, 5], ["Tanh"], [["Linear", 5, 4, False]]],
    ["Linear", 4, 3],
]
NAMED: list[list[Any]] = [  # the LayerNorm has a bias of two axes
    ["Conv1d", 3, 5, 2],
    ["LayerNorm", [5, 3]],
    ["Tanh"],
    ["Flatten"],
    ["Linear", 15, 3],
]


@dataclass(frozen=True)
class Probed:
    """A model that is probed, and how it comes.

    frozen, resting: the number of a layer that is frozen, or in the other mode
    """

    layers: Layers
    shape: tuple[int, ...]
    training: bool
    old: bool
    case: str
    frozen: int | None = None
    resting: int | None = None
    double: bool = False


PROBED = (
    Probed(READ, (4, 5), False, False, "dense, evaluation mode"),
    Probed(READ, (2, 5), False, True, "old gradients are there"),
    Probed(SEEN, (3, 2, 6, 4), True, False, "a CNN, training mode"),
    Probed(SEEN, (5, 2, 6, 4), False, True, "a CNN, evaluation mode, old gradients"),
    Probed(SEEN, (4, 2, 6, 4), True, False, "one layer in evaluation mode", resting=1),
    Probed(MIXED, (4, 3), True, False, "an embedding and a convolution along a row"),
    Probed(INNER, (4, 5), True, False, "layers within layers"),
    Probed(NAMED, (4, 3, 4), True, False, "a bias of two axes"),
    Probed(READ, (3, 5), False, False, "a frozen layer", frozen=0),
    Probed(INNER, (4, 5), True, False, "float64", double=True),
)


@exercise("gradient-probe", "model", "x", "t", by_hand=("coursekit.train",))
def gradient_norms(answer: Maker, cases: Cases) -> None:
    """Oracle: backward on a copy of the model."""
    for probed in PROBED:
        _probe(answer, cases, probed)


def _probe(answer: Maker, cases: Cases, probed: Probed) -> None:
    oracle, case = stirred(_network(probed.layers), cases), probed.case
    x, t = _labelled(oracle, cases, probed)
    if probed.double:
        _shift_scores(oracle)
    model = given_model(answer, probed.layers, oracle)
    _as_it_comes(model, oracle, probed)
    old: dict[str, Tensor] = {}
    if probed.old:
        old = {n: normal(cases, *p.shape) for n, p in oracle.named_parameters()}
        model.set_gradients(old)
    hooks = model.hooks().outcome.value
    result = answer(model, x, t)
    _refuse_frozen(result, probed)
    expect(result, _lengths(_gradients(oracle, x, t)), case,
           _mistakes_probe(oracle, x, t, old))  # fmt: skip
    _expect_no_trace(model, oracle, old, case)
    _expect_no_hooks(model, hooks, case)
    if probed.layers is not MIXED:
        _expect_still_asked(model, oracle, x, case)


def _labelled(oracle: nn.Module, cases: Cases, probed: Probed) -> tuple[Tensor, Tensor]:
    """Inputs and labels for a model."""
    classes = list(oracle.parameters())[-1].shape[0]
    x = normal(cases, *probed.shape)
    if probed.layers is MIXED:
        x = torch.from_numpy(cases.rng.integers(0, 9, probed.shape))
    if probed.double:
        x = x.double()
    return x, torch.from_numpy(cases.rng.integers(0, classes, len(x)))


def _shift_scores(oracle: nn.Module) -> None:
    """Scores larger by a million: the loss stays, but float32 has no digits left."""
    with torch.no_grad():
        list(oracle.parameters())[-1].fill_(2.0**20)


def _expect_no_hooks(model: MadeModule, before: dict[str, int], case: str) -> None:
    found = model.hooks()
    for path, number in found.outcome.value.items():
        place = path or "the model"
        expect_that(found, number == before.get(path), case, f"a hook is left on "
                    f"{place}", "It would be called in every run to come: take it off "
                    "again, handle.remove().")  # fmt: skip


def _refuse_frozen(result: Result, probed: Probed) -> None:
    raised = result.outcome.raised
    if raised and probed.frozen is not None:
        fail(result, probed.case, f"{result.whose} raised {raised.shown}", "A frozen "
             "weight has no gradient. Which weights should be asked for?")  # fmt: skip


def _expect_still_asked(
    model: MadeModule, oracle: nn.Module, x: Tensor, case: str
) -> None:
    """requires_grad is as it was. Last, as the model runs once more for it."""
    upstream = torch.ones_like(oracle(x)).detach()
    flowed = model.gradients(x, upstream=upstream, case=case)
    for name, parameter in oracle.named_parameters():
        got = flowed.of_parameters.get(name) is not None
        expect_that(flowed.result, got == parameter.requires_grad, case,
                    f"requires_grad of {name} is another one now", "Whoever trains "
                    "this model next will be surprised: leave it.")  # fmt: skip


def _gradients(
    oracle: nn.Module,
    x: Tensor,
    t: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy,
) -> dict[str, Tensor]:
    model = copy.deepcopy(oracle)
    loss(model(x), t).backward()
    return {
        n: p.grad if p.grad is not None else torch.zeros_like(p)
        for n, p in model.named_parameters()
        if p.requires_grad
    }


def _lengths(
    gradients: dict[str, Tensor],
    measure: Callable[[Tensor], Tensor] = torch.linalg.vector_norm,
) -> dict[str, float]:
    return {n: measure(g).item() for n, g in gradients.items() if g.dim() > 1}


def _mistakes_probe(
    oracle: nn.Module, x: Tensor, t: Tensor, old: dict[str, Tensor]
) -> Iterator[tuple[Any, str]]:
    found = _gradients(oracle, x, t)
    lengths = _lengths(found)
    everything = {n: torch.linalg.vector_norm(g).item() for n, g in found.items()}
    yield everything, "Only weights are wanted: parameters with two or more axes."
    yield from _mistakes_names(oracle, lengths)
    named = {n: everything[n] for n in everything if n.endswith("weight")}
    yield named, "The scale of a batch normalisation has one axis: no weight."
    yield (_lengths(found, lambda g: g.square().mean().sqrt()), "The sum of the "
           "squares, not their mean.")  # fmt: skip
    yield _lengths(found, lambda g: g.square().sum()), "The root is missing."
    yield _lengths(found, lambda g: g.abs().sum()), "Squares, not sizes, are summed."
    yield (_lengths(found, lambda g: g.abs().max()), "That is the largest number of "
           "each gradient, not the length.")  # fmt: skip
    yield (_lengths(found, lambda g: g.abs().mean()), "That is the mean size of the "
           "numbers in a gradient, not the length.")  # fmt: skip
    yield (_lengths(_gradients(oracle, x, t, nn.CrossEntropyLoss(reduction="sum"))),
           "The loss is the mean over the batch, not the sum.")  # fmt: skip
    yield (_lengths(_gradients(oracle, x, t, _softened)), "cross_entropy takes the "
           "scores themselves: the softmax is in it already.")  # fmt: skip
    weights = {n: p for n, p in oracle.named_parameters() if p.dim() > 1}
    yield ({n: weights[n].norm().item() for n in lengths}, "Those are the lengths of "
           "the weights, not of their gradients.")  # fmt: skip
    yield ({n: lengths.get(n, 0.0) for n in weights}, "A frozen weight has no "
           "gradient: it is left out.")  # fmt: skip
    if old:
        piled = {n: found[n] + old[n] for n in found}
        yield _lengths(piled), PILED
        yield _lengths(old), "Those are the lengths of the old gradients."
    for mode, words in ((not oracle.training, MODE), (oracle.training, MODES)):
        other = copy.deepcopy(oracle).train(mode)
        if not any(isinstance(layer, nn.Dropout) for layer in other.modules()):
            yield _lengths(_gradients(other, x, t)), words
    if x.dtype == torch.float64:
        short = copy.deepcopy(oracle).float()
        yield (_lengths(_gradients(short, x.float(), t)), "That is what float32 "
               "makes of it: measure in the type of the model.")  # fmt: skip
    yield (dict(enumerate(lengths.values())), "The keys are the names of the "
           "parameters.")  # fmt: skip


MODE = "Measure in the mode in which the model comes."
MODES = (
    "One layer came in another mode than the model as a whole; train() and eval() "
    "switch them all. Measure in the modes that are there."
)


def _mistakes_names(
    oracle: nn.Module, lengths: dict[str, float]
) -> Iterator[tuple[Any, str]]:
    """Weights that are left out."""
    for kinds in ((nn.Linear, nn.Conv2d), USUAL):
        usual = [n for n in lengths if isinstance(_holder(oracle, n), kinds)]
        yield ({n: lengths[n] for n in usual}, "Any parameter with two or more axes is "
               "a weight, whatever kind of layer it lies in.")  # fmt: skip
    for end in ("weight", ".weight"):
        called = [n for n in lengths if n.endswith(end)]
        yield ({n: lengths[n] for n in called}, "Any parameter with two or more axes "
               "is a weight, whatever it is called.")  # fmt: skip
    outer = [n for n in lengths if n.count(".") == 1]
    yield ({n: lengths[n] for n in outer}, "The weights of layers that lie inside "
           "others are missing.")  # fmt: skip


USUAL = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Embedding)


def _softened(scores: Tensor, t: Tensor) -> Tensor:
    return F.cross_entropy(scores.softmax(1), t)


def _holder(oracle: nn.Module, name: str) -> nn.Module:
    return oracle.get_submodule(name.rpartition(".")[0])


PILED = "Old gradients stood in .grad, and backward adds to them. They do not count."


def _expect_no_trace(
    model: MadeModule, oracle: nn.Module, old: dict[str, Tensor], case: str
) -> None:
    _expect_own_state(model, oracle, case)
    state = model.state()
    for entry in tensors_of(oracle):
        words = MOVED[entry.kind]
        expect(state[entry.path], entry.tensor, case,
               [(state.outcome.value[entry.path], words)])  # fmt: skip
    left = model.stored_gradients()
    for name in dict(oracle.named_parameters()):
        _expect_gradient(left, left.outcome.value[name], old.get(name), case)


def _expect_own_state(model: MadeModule, oracle: nn.Module, case: str) -> None:
    """The mode of each layer, and the momentum of those that have one."""
    modes = model.modes()
    for path, layer in oracle.named_modules():
        stayed = modes.outcome.value.get(path) == layer.training
        expect_that(modes, stayed, case, "The mode of the model is another one now"
                    + (f", that of layer {path}." if path else "."), "Measure in the "
                    "mode in which it is.")  # fmt: skip
        if isinstance(layer, nn.BatchNorm2d):
            momentum = model.make("get_submodule", path).get("momentum")
            same = momentum.outcome.value == layer.momentum
            expect_that(momentum, same, case, f"The momentum of layer {path} was "
                        f"{layer.momentum}, and is {momentum.outcome.value} now.",
                        "Whoever trains this model next gets no running statistics: "
                        "put it back.")  # fmt: skip


MOVED = {
    "parameter": "The weights have moved: a probe takes no step.",
    "buffer": "A batch normalisation in training mode remembers something of each "
    "batch that it sees: here it has seen yours. What would leave it alone?",
}


def _expect_gradient(left: Result, got: Any, old: Tensor | None, case: str) -> None:  # noqa: ANN401
    if old is None:
        expect_that(left, got is None, case, "Gradients are left in .grad, where there "
                    "were none.", "torch.autograd.grad leaves nothing.")  # fmt: skip
        return
    same = got is not None and np.allclose(array(got), old.numpy(), atol=1e-6)
    expect_that(left, bool(same), case, "The old gradients in .grad are lost or "
                "changed.", "Somebody may still need them.")  # fmt: skip


# ---- Which tower learns? ----

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": torch.relu,
}
STARTS = ("He", "0.3", "Glorot", "0.01", "default")
LEARNED = {("tanh", "Glorot"), ("tanh", "He"), ("ReLU", "He")}
DEPTH, WIDTH = 15, 100
TOWERS = 3  # whose mean is given: single ones are off by a factor of two


@exercise("will-it-learn", "signals", "gradients")
def will_learn(answer: Answer, cases: Cases) -> None:
    """What happened in three trainings of each kind; the test of the lesson repeats it.

    Limits between a tower that learns and one that does not are a factor of ten wide.
    """
    even = np.full(DEPTH, 0.5), np.full(DEPTH, 0.001)
    expect(answer(*even), True, "the example of the docstring", [(False, EVEN)])
    x, t = _digits(cases)
    for _ in cases.count(1):
        for start in STARTS:
            for g in ("ReLU", "tanh", "sigmoid"):
                towers = [_curves(g, start, x, t, cases) for _ in range(TOWERS)]
                signals, gradients = np.mean(towers, axis=0)
                learned = (g, start) in LEARNED
                case = f"{g}, {start}: {_ends(signals, gradients)}"
                expect(answer(signals, gradients), learned, case,
                       [(not learned, _about(g, start))])  # fmt: skip
                _made_up(answer, signals, gradients, g, start)


EVEN = "Two curves that are the same in all layers: nothing vanishes, nothing explodes."


def _made_up(
    answer: Answer, signals: np.ndarray, gradients: np.ndarray, g: str, start: str
) -> None:
    """Curves that no tower has had, but as the statement says they are judged."""
    learned = (g, start) in LEARNED
    for factor in (2.0, 0.5):
        case = f"{g}, {start}, both curves times {factor:g}"
        expect(answer(factor * signals, factor * gradients), learned, case,
               [(not learned, SCALED)])  # fmt: skip
    if (g, start) == ("tanh", "0.3"):
        level = np.full(DEPTH, signals.mean())
        expect(answer(level, gradients), False, "a level signal, and the gradient of "
               "tanh, 0.3", [(True, _about(g, start))])  # fmt: skip
    if learned:
        rising = signals[0] * np.linspace(1, 1.5, DEPTH)
        case = f"{g}, {start}, its signal made to rise by half"
        expect(answer(rising, gradients), True, case, [(False, RISING)])


SCALED = (
    "As a whole the curves may be larger or smaller, by a factor of two: what counts "
    "is how they change from layer to layer."
)
RISING = "A factor of 1.5 in all is no order of magnitude."


def _ends(signals: np.ndarray, gradients: np.ndarray) -> str:
    """First and last numbers as powers of ten: in an array the small ones are 0."""
    first = f"the signal {signals[0]:.0e} to {signals[-1]:.0e}"
    return f"{first}, the gradient {gradients[0]:.0e} to {gradients[-1]:.0e}"


def _digits(cases: Cases) -> tuple[Tensor, Tensor]:
    """100 small digits as rows of 196 numbers, with the mean 0 and the deviation 1."""
    digits = stand_in(MNIST).train
    chosen = torch.from_numpy(cases.rng.permutation(len(digits))[:100])
    x = F.avg_pool2d(digits.images[chosen].double(), 2).flatten(1)
    return (x - x.mean()) / x.std(), digits.labels[chosen]


def _curves(
    g: str, start: str, x: Tensor, t: Tensor, cases: Cases
) -> tuple[np.ndarray, np.ndarray]:
    """Signal and gradient behind each layer of a fresh tower."""
    outputs, h = [], x
    for _ in range(DEPTH):
        h = ACTIVATIONS[g](_dense(h, WIDTH, start, cases)).requires_grad_()
        outputs.append(h)
    loss = F.cross_entropy(_dense(h, 10, start, cases), t)
    gradients = torch.autograd.grad(loss, outputs)
    sizes = [gradient.square().mean().sqrt().item() for gradient in gradients]
    signals = [_deviation(output.detach().numpy()) for output in outputs]
    return np.array(signals), np.array(sizes)


def _dense(h: Tensor, m: int, start: str, cases: Cases) -> Tensor:
    n = h.shape[1]
    if start == "default":
        bound = 1 / math.sqrt(n)
        drawn = cases.rng.uniform(-bound, bound, (n + 1, m))
        return h @ torch.from_numpy(drawn[:n]) + torch.from_numpy(drawn[n])
    by_fan = {"Glorot": math.sqrt(2 / (n + m)), "He": math.sqrt(2 / n)}
    sigma = by_fan[start] if start in by_fan else float(start)
    return h @ torch.from_numpy(sigma * cases.rng.standard_normal((n, m)))


def _about(g: str, start: str) -> str:
    if (g, start) in LEARNED:
        return (
            "This tower learned, eight digits of ten or so. Both of its curves stay "
            "within a factor of ten or so."
        )
    if (g, start) == ("tanh", "0.3"):
        return (
            "It read fewer than four digits of ten. Its signal is fine; what does its "
            "gradient do on the way back?"
        )
    if (g, start) == ("ReLU", "0.3"):
        return "It learned nothing: what passes this tower explodes, in both ways."
    if (g, start) == ("ReLU", "Glorot"):
        return (
            "It hardly learned: a root of two in each layer is a factor of a hundred "
            "or more in all."
        )
    return "It learned nothing: hardly anything arrives at the other end."


# ---- A start by measuring ----

LAYERS = 30


@dataclass(frozen=True)
class Bounds:
    """Of the signal, of its largest over its smallest, of the gradient's factor."""

    signal: float
    ratio: float
    gradient: float


COSINE = 0.9  # of two rows of a weight; of random ones it is 0.6 at most
VISIBLE, HIDDEN = Bounds(0.2, 1.15, 3.0), Bounds(0.19, 1.16, 3.75)


@dataclass(frozen=True)
class Net:
    """What a start gets."""

    inputs: np.ndarray
    widths: list[int]
    slope: float

    @property
    def case(self) -> str:
        """In words."""
        size = f"{self.inputs.std():.2g}"
        return f"slope {self.slope:.2g}, inputs of the size {size}"


@exercise("keep-alive", "inputs", "widths", "slope", by_hand=("torch.nn.init",))
def start(answer: Answer, cases: Cases) -> None:
    """No oracle: what the weights do is measured. In grading the bounds are wider."""
    bounds = HIDDEN if cases.hard else VISIBLE
    nets = [_net(cases, 0.4, 0.02), _net(cases, 2.5, 50.0)]
    nets += [
        _net(cases, cases.rng.uniform(0.3, 3), 10 ** cases.rng.uniform(-1.9, 1.9))
        for _ in cases.count(2)
    ]
    for net in nets:
        result = answer(net.inputs, net.widths, net.slope)
        weights = _shaped(result, net)
        outputs = _outputs(net, weights)
        _expect_signals(result, net, weights, outputs, bounds)
        _expect_own_ways(result, net, weights)
        sizes = _backward(net, weights, outputs, cases)
        signal = _deviation(outputs[-1])
        _expect_gradients(result, net, sizes, signal, bounds.gradient)


def _net(cases: Cases, slope: float, size: float) -> Net:
    features = cases.integer(50, 90)
    hidden = cases.rng.standard_normal((10, features))
    inputs = cases.rng.standard_normal((150, 10)) @ hidden
    inputs = inputs + cases.rng.standard_normal(inputs.shape)
    inputs = inputs / inputs.std() + cases.rng.standard_normal(features)
    inputs = size * inputs / inputs.std()
    return Net(inputs, cases.rng.integers(60, 141, LAYERS).tolist(), float(slope))


def _shaped(result: Result, net: Net) -> list[np.ndarray]:
    """The thirty weights, when they are of the right shapes."""
    expect_that(result, True, net.case, wanted=f"a list of {LAYERS} weights")
    value = result.outcome.value
    if not isinstance(value, list | tuple) or len(value) != LAYERS:
        got = f"{len(value)} items" if isinstance(value, list | tuple) else noun(value)
        fail(result, net.case, f"expected a list of {LAYERS} weights, got {got}")
    found = []
    for at, width in enumerate(net.widths):
        before = net.widths[at - 1] if at else net.inputs.shape[1]
        part = result[at]
        found.append(part.array((width, before), net.case).astype(float))
    return found


def _expect_signals(
    result: Result,
    net: Net,
    weights: Sequence[np.ndarray],
    outputs: Sequence[np.ndarray],
    bounds: Bounds,
) -> None:
    signals = [_deviation(h) for h in outputs]
    most, least = int(np.argmax(signals)), int(np.argmin(signals))
    ratio = signals[most] / max(signals[least], 1e-300)
    told = f"the signal is {signals[most]:.3g} behind layer {most + 1} and "
    told += f"{signals[least]:.3g} behind layer {least + 1}, a factor of "
    even = signals[most] <= bounds.ratio * signals[least]
    expect_that(result, even, net.case, f"{told}{_beside(ratio, VISIBLE.ratio)}: at "
                f"most {VISIBLE.ratio} is allowed",
                _why_uneven(net, weights, outputs, signals))  # fmt: skip
    low = _beside(signals[least], VISIBLE.signal)
    expect_that(result, signals[least] >= bounds.signal, net.case, f"behind layer "
                f"{least + 1} the signal is {low}; at least {VISIBLE.signal} is wanted",
                _why_low(net, weights, outputs, signals))  # fmt: skip


def _beside(value: float, bound: float) -> str:
    """Three digits, or as many as tell the value from the bound."""
    texts = (f"{value:.{digits}g}" for digits in range(3, 17))
    return next((text for text in texts if float(text) != bound), f"{value}")


def _expect_own_ways(result: Result, net: Net, weights: Sequence[np.ndarray]) -> None:
    """No two rows of a weight are nearly parallel, and none is 0."""
    for at, weight in enumerate(weights, 1):
        lengths = np.linalg.norm(weight, axis=1)
        idle = int(np.argmin(lengths))
        expect_that(result, bool(lengths[idle] > 0), net.case, f"row {idle} of the "
                    f"weight of layer {at} is 0", "This unit gives 0 for all images. "
                    "Let each unit look at its inputs.")  # fmt: skip
        rows = weight / lengths[:, None]
        cosines = np.abs(rows @ rows.T - np.eye(len(rows)))
        one, other = divmod(int(np.argmax(cosines)), len(rows))
        expect_that(result, bool(cosines.max() <= COSINE), net.case, f"rows {one} and "
                    f"{other} of the weight of layer {at} have a cosine of "
                    f"{_beside(rows[one] @ rows[other], COSINE)}", "Both units do the "
                    "same work, and one of them would do. Draw every row by itself.",
                    )  # fmt: skip


def _expect_gradients(
    result: Result, net: Net, sizes: Sequence[float], signal: float, bound: float
) -> None:
    for at in reversed(range(LAYERS)):
        share = sizes[at] / sizes[-1]
        told = f"behind layer {at + 1} the gradient is {_beside(share, 3)} times as "
        expect_that(result, 1 / bound <= share <= bound, net.case,
                    f"{told}large as behind the last", _why_gradient(share, signal),
                    )  # fmt: skip


def _outputs(net: Net, weights: Sequence[np.ndarray]) -> list[np.ndarray]:
    h, found = net.inputs, []
    for weight in weights:
        h = np.tanh(net.slope * h @ weight.T)
        found.append(h)
    return found


def _backward(
    net: Net,
    weights: Sequence[np.ndarray],
    outputs: Sequence[np.ndarray],
    cases: Cases,
) -> list[float]:
    """The size of a random gradient behind each layer."""
    gradient, sizes = cases.rng.standard_normal(outputs[-1].shape), []
    for weight, h in zip(reversed(weights), reversed(outputs), strict=True):
        sizes.append(float(np.sqrt(np.mean(gradient**2))))
        gradient = (gradient * net.slope * (1 - h**2)) @ weight
    return sizes[::-1]


def _why_uneven(
    net: Net,
    weights: Sequence[np.ndarray],
    outputs: Sequence[np.ndarray],
    signals: Sequence[float],
) -> str:
    other = _why_another_measure(net, weights, outputs, signals)
    if other:
        return other
    if signals[0] < 0.1 or signals[0] > 0.85:
        return "Look at the first layer: does it know how large the inputs are?"
    if max(signals) > 0.65:
        return (
            "The units are driven to the flat ends of the curve. Their weights are too "
            "large: measure, divide, and measure again."
        )
    if signals[0] > 1.5 * max(signals[LAYERS // 2 :]):
        return (
            "Each layer takes away a little: for large z the curve is flatter than at "
            "0. What would you have to measure, to make up for it in each layer?"
        )
    return (
        "What the bends of tanh take away depends on the layer. Did you measure it, in "
        "each of them, and again after each change of a weight?"
    )


def _why_low(
    net: Net,
    weights: Sequence[np.ndarray],
    outputs: Sequence[np.ndarray],
    signals: Sequence[float],
) -> str:
    return _why_another_measure(net, weights, outputs, signals) or (
        "It is the same in all layers; only, to which number do you bring it?"
    )


def _why_another_measure(
    net: Net,
    weights: Sequence[np.ndarray],
    outputs: Sequence[np.ndarray],
    signals: Sequence[float],
) -> str:
    """Words for something else that the answer has made the same in all layers."""
    sums = [h @ w.T for h, w in zip([net.inputs, *outputs], weights, strict=False)]
    if any(_steady(measure(kind), signals) for kind in (outputs, sums)
           for measure in MEASURES):  # fmt: skip
        return (
            "What is the same in all layers is how much all your numbers differ. Do "
            "the images? A part that all images share counts in your measure."
        )
    if any(_steady(map(_deviation, h), signals) for h in _on_centred(net, weights)):
        return (
            "Without the means of the inputs it would be the same in all layers. Did "
            "you measure on the inputs as they come?"
        )
    return ""


MEASURES: tuple[Callable[[Sequence[np.ndarray]], Iterator[float]], ...] = (
    lambda layers: (h.std() for h in layers),
    lambda layers: (h.std(axis=1).mean() for h in layers),
    lambda layers: (np.sqrt(np.mean(h**2)) for h in layers),
)


def _on_centred(
    net: Net, weights: Sequence[np.ndarray]
) -> Iterator[Sequence[np.ndarray]]:
    """The outputs for inputs whose means were taken away, of each or of all."""
    for axis in (0, None):
        centred = net.inputs - net.inputs.mean(axis=axis)
        yield _outputs(Net(centred, net.widths, net.slope), weights)


def _steady(measured: Iterable[float], signals: Sequence[float]) -> bool:
    """Whether it is the same in all layers, to a hundredth or two; signals are not."""
    found = list(measured)
    ratio = max(found) / max(min(found), 1e-300)
    return ratio <= 1.02 and ratio < max(signals) / max(min(signals), 1e-300)


def _why_gradient(share: float, signal: float) -> str:
    if share > 1 and signal > 0.36:
        return (
            "It grows on the way back: weights that make up for flat ends are large. "
            "Would a smaller signal do?"
        )
    way = "grows" if share > 1 else "fades"
    return (
        f"It {way} on the way back, though the signal is small enough. Does each unit "
        "look at its inputs in its own way, with weights of both signs?"
    )
