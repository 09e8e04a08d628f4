"""Checks of "AlexNet"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_that,
)
from coursekit.checks.expect_budget import (
    expect_budget,
    expect_learned_inside,
    expect_nothing_outside,
    scores_of,
)
from coursekit.checks.expect_module import expect_parameters, expect_registered
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, shapes_of
from coursekit.data.catalogue import CIFAR10
from coursekit.data.stand_in import stand_in

READY = ("coursekit.models", "coursekit.layers")
START = ("coursekit.layers.blocks.he_normal",)
CONVOLVING = (
    *(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)),
    *(f"torch.nn.functional.conv_transpose{n}d" for n in (1, 2, 3)),
    *(f"torch.conv{n}d" for n in (1, 2, 3)),
    "torch.nn.modules.conv",
    "scipy.signal",
    "scipy.ndimage",
)
BLOCKS = ("torch.block_diag", "scipy.linalg.block_diag", *CONVOLVING)
POOLING = (
    *(f"torch.nn.functional.{kind}_pool{n}d" for kind in ("avg", "lp")
      for n in (1, 2, 3)),
    "torch.avg_pool1d",
    "torch.nn.modules.pooling",
)  # fmt: skip

alexnet_conv1 = quiz("alexnet-conv1")
alexnet_groups = quiz("alexnet-groups")
norm_friends = quiz("norm-friends")


# ---- A grouped convolution as an ordinary one ----


@exercise("ungrouped", "weight", "groups", by_hand=BLOCKS)
def ungrouped(answer: Answer, cases: Cases) -> None:
    """Oracle: a table of who sees whom, by einsum."""
    for weight, groups, case in _grouped(cases):
        expect(answer(weight, groups), _full(weight, groups), case,
               _mistakes_full(weight, groups))  # fmt: skip
    for shape, groups in (((4, 2, 1, 1), 3), ((2, 3, 2, 2), 4)):
        case = f"{shape[0]} kernels, {groups} groups"
        expect_error(answer(normal(cases, *shape), groups), "ValueError", case,
                     "These kernels cannot be dealt out evenly: refuse.")  # fmt: skip


def _grouped(cases: Cases) -> Iterator[tuple[Tensor, int, str]]:
    for shape, groups in (
        ((4, 3, 2, 2), 2),
        ((6, 1, 3, 3), 3),
        ((2, 4, 1, 1), 2),
        ((5, 1, 2, 2), 5),
        ((3, 2, 2, 2), 1),
    ):
        yield normal(cases, *shape), groups, f"kernels {shape}, {groups} groups"
    for number in cases.count(4):
        groups, k = cases.integer(2, 4), cases.integer(1, 3)
        shape = (groups * cases.integer(1, 3), cases.integer(1, 4), k, k)
        case = f"random {number}: kernels {shape}, {groups} groups"
        yield normal(cases, *shape), groups, case


def _full(weight: Tensor, groups: int) -> Tensor:
    """By a table (groups, groups) with ones where an output part sees an input part."""
    outputs, seen, *size = weight.shape
    parts = weight.reshape(groups, outputs // groups, seen, *size)
    full = torch.einsum("goshw,gi->goishw", parts, torch.eye(groups).to(weight))
    return full.reshape(outputs, groups * seen, *size)


def _mistakes_full(weight: Tensor, groups: int) -> Mistakes:
    outputs, seen, k, _ = weight.shape
    right, table = _full(weight, groups), torch.eye(groups).to(weight)
    parts = weight.reshape(groups, outputs // groups, seen, k, k)
    yield (
        weight.repeat(1, groups, 1, 1),
        "Every kernel sees all maps in yours. Those of the other parts get 0.",
    )
    yield (
        torch.cat([weight, torch.zeros(outputs, seen * (groups - 1), k, k)], 1),
        "All your kernels see the first part of the maps. Each part has its own.",
    )
    yield (
        torch.einsum("goshw,gi->gosihw", parts, table).reshape(right.shape),
        "A part is a row of neighbouring maps. Yours leaves some out in between.",
    )
    yield (
        torch.einsum("goshw,gi->goishw", parts, table.flip(0)).reshape(right.shape),
        "The parts are in the wrong order: the first kernels see the first maps.",
    )
    dealt = weight.reshape(outputs // groups, groups, seen, k, k)
    yield (
        torch.einsum("ogshw,gi->ogishw", dealt, table).reshape(right.shape),
        "The first kernels belong together, in one part; you deal them out in turn.",
    )
    yield right.swapaxes(0, 1), "The axes are (I, L): kernels first, then input maps."
    yield right / groups, "The numbers stay as they are: nothing is shared out."
    yield right.flip(2, 3), "The kernels are flipped. They stay as they are."
    yield right.swapaxes(2, 3), "Rows and columns of the kernels are exchanged."
    if groups > 1:
        yield (
            weight,
            "The maps of the other parts are missing: the shape is (I, L, k, k).",
        )


# ---- Local response normalisation ----


@dataclass(frozen=True)
class Norm:
    """The numbers of the formula."""

    n: int = 5
    k: float = 2.0
    alpha: float = 1e-4
    beta: float = 0.75

    @property
    def words(self) -> str:
        return f"n = {self.n}, k = {self.k:g}, α = {self.alpha:g}, β = {self.beta:g}"


@exercise("response-norm", "a", "n", "k", "alpha", "beta",
          by_hand=("torch.nn.functional.local_response_norm",
                   "torch.nn.modules.normalization", *READY, *POOLING,
                   *CONVOLVING))  # fmt: skip
def response_norm(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's, with n times alpha."""
    for a, norm in _excited(cases):
        case = f"maps {tuple(a.shape)}, {norm.words}"
        result = answer(a, norm.n, norm.k, norm.alpha, norm.beta)
        expect(result, _normed(a, norm), case, _mistakes_norm(a, norm))
    a = 100 * normal(cases, 2, 7, 2, 3)
    expect(answer(a), _normed(a, Norm()), "no n, k, alpha, beta given",
           _mistakes_norm(a, Norm()))  # fmt: skip


def _excited(cases: Cases) -> Iterator[tuple[Tensor, Norm]]:
    first = torch.tensor([3.0, 1, 4, 2, 0, 5, 1, 6, 2, 2, 7, 0, 1, 3])
    yield first.reshape(1, 7, 1, 2), Norm(5, 1.5, 0.5, 0.5)
    yield 3 * normal(cases, 2, 8, 3, 2), Norm(5, 2.0, 0.3, 0.75)
    yield 3 * normal(cases, 2, 3, 2, 4), Norm(7, 0.5, 0.2, 1.2)
    yield 3 * normal(cases, 1, 4, 2, 3), Norm(1, 3.0, 0.4, 0.6)
    yield 3 * normal(cases, 1, 1, 3, 2), Norm(3, 1.0, 0.7, 2.0)
    for _ in cases.count(4):
        shape = (cases.integer(1, 3), cases.integer(2, 9), *cases.rng.integers(1, 5, 2))
        n = 2 * cases.integer(0, 4) + 1
        numbers = cases.rng.uniform(0.2, 1.5, 3).round(2).tolist()
        yield 3 * normal(cases, *map(int, shape)), Norm(n, *numbers)


def _normed(a: Tensor, norm: Norm) -> Tensor:
    return F.local_response_norm(a, norm.n, norm.alpha * norm.n, norm.beta, norm.k)


def _by(a: Tensor, sums: Tensor, norm: Norm) -> Tensor | None:
    """Divided by the bracket with other sums; None where that is no number."""
    found = a / (norm.k + norm.alpha * sums) ** norm.beta
    return found if bool(found.isfinite().all()) else None


def _sums(squares: Tensor, before: int, after: int, axis: int = 1) -> Tensor:
    """Of each place along an axis and its neighbours, so many on either side."""
    flat = squares.movedim(axis, -1)
    windows = F.pad(flat, (before, after)).unfold(-1, before + after + 1, 1)
    return windows.sum(-1).movedim(-1, axis)


def _mistakes_norm(a: Tensor, norm: Norm) -> Mistakes:
    reach, squares = norm.n // 2, a**2
    sums = _sums(squares, reach, reach)
    yield from _wrong_windows(a, norm)
    yield _by(a, sums / norm.n, norm), "The squares are added, not averaged over n."
    yield (
        _by(a, _sums(a, reach, reach), norm),
        "The numbers themselves are added up in yours; their squares should be.",
    )
    yield (
        _by(a, _sums(a, reach, reach) ** 2, norm),
        "Square first, then add: you squared the sum.",
    )
    yield _by(a, _sums(a.abs(), reach, reach), norm), "Squares are added, not sizes."
    bracket = norm.k + norm.alpha * sums
    yield a / bracket, "The power β is missing."
    yield a * bracket**norm.beta, "You multiply; divide by the bracket."
    yield (
        a / (norm.k + norm.alpha * sums**norm.beta),
        "β is the power of the whole bracket, not of the sum alone.",
    )
    yield (
        a / (norm.k + (norm.alpha * sums) ** norm.beta),
        "β is the power of the whole bracket, k included.",
    )
    yield (
        a / (1 + norm.alpha * sums) ** norm.beta,
        "There is a 1 in the place of k: k is given.",
    )
    yield (
        a / (norm.k + sums) ** norm.beta,
        "α is missing.",
    )
    yield 1 / bracket**norm.beta, "That is what to divide by: a is missing."


def _wrong_windows(a: Tensor, norm: Norm) -> Mistakes:
    """Sums over the wrong neighbours."""
    reach, squares = norm.n // 2, a**2
    before, after, n = _sums(squares, reach, 0), _sums(squares, 0, reach), norm.n
    turned = sum(squares.roll(by, 1) for by in range(-reach, reach + 1))
    yield (
        _by(a, _sums(squares, n, n), norm),
        "That is n maps on each side. There are n in all, map i in their middle.",
    )
    yield (
        _by(a, turned, norm) if isinstance(turned, Tensor) else None,
        "The last map is a neighbour of the first in yours: they are no ring.",
    )
    yield _by(a, squares, norm), "Each map sees only itself in yours."
    yield _by(a, before, norm), "The maps behind map i are missing in the sum."
    yield _by(a, after, norm), "The maps before map i are missing in the sum."
    yield (
        _by(a, before + after - 2 * squares, norm),
        "Map i itself is missing in the sum.",
    )
    yield (
        _by(a, before + after, norm),
        "Map i is counted twice.",
    )
    yield _by(a, before - squares + after - _last(squares, reach), norm), SHORT
    yield (
        _by(a, squares.sum(1, keepdim=True).expand_as(a), norm),
        "All maps are added up in yours, whatever n is.",
    )
    yield _by(a, _below_zero(squares, reach), norm), BELOW
    for axis in (2, 3):
        yield (
            _by(a, _sums(squares, reach, reach, axis), norm),
            "Your neighbours are pixels. They should be maps, at the same place.",
        )
    yield _one_after_another(a, norm), AGAIN


BELOW = (
    "The first maps are wrong: in Python a slice of a stack that begins below 0 begins "
    "near its end."
)
SHORT = "The last map of the sum, i + n // 2, is missing: a slice ends before its end."
AGAIN = (
    "Some neighbours are normalised already when their squares are taken. All squares "
    "are those of a."
)


def _below_zero(squares: Tensor, reach: int) -> Tensor:
    """Sums whose slices begin below 0, which Python counts from the end."""
    maps = range(squares.shape[1])
    return torch.stack([squares[:, i - reach :][:, : 2 * reach + 1].sum(1)
                        if i >= reach else squares[:, i - reach : i + reach + 1].sum(1)
                        for i in maps], 1)  # fmt: skip


def _last(squares: Tensor, reach: int) -> Tensor:
    """The square of the map `reach` further on, 0 where there is none."""
    return F.pad(squares, (0, 0, 0, 0, 0, reach))[:, reach:]


def _one_after_another(a: Tensor, norm: Norm) -> Tensor:
    """Each map divided in its place, before the next one looks."""
    found, reach = a.clone(), norm.n // 2
    for i in range(a.shape[1]):
        near = found[:, max(0, i - reach) : i + reach + 1]
        found[:, i] /= (norm.k + norm.alpha * (near**2).sum(1)) ** norm.beta
    return found


# ---- The whole network ----

KERNELS = (11, 5, 3, 3, 3)
PADDINGS = {11: 0, 5: 2, 3: 1}


class _AlexNet(nn.Module):
    """Its layers one by one, with slices of the maps in the place of groups."""

    def __init__(self, share: int, classes: int) -> None:
        super().__init__()
        a, b, c, units = (maps // share for maps in (96, 256, 384, 4096))
        ends = ((3, a, 1), (a, b, 2), (b, c, 1), (c, c, 2), (c, b, 2))
        self.convs = nn.ModuleList(
            nn.Conv2d(
                i, o, k, stride=4 if k == 11 else 1, padding=PADDINGS[k], groups=g
            )
            for (i, o, g), k in zip(ends, KERNELS, strict=True)
        )
        sizes = ((36 * b, units), (units, units), (units, classes))
        self.dense = nn.ModuleList(nn.Linear(i, o) for i, o in sizes)

    def forward(self, x: Tensor) -> Tensor:
        return self.scores(x, How())

    def scores(self, x: Tensor, how: "How") -> Tensor:
        """The scores, also computed in wrong ways."""
        for number, conv in enumerate(self.convs):
            x = conv(x)
            norm = number < 2 and how.norm
            x = _response(x, how) if norm and how.order == "norm first" else x
            x = x if number in how.linear else F.relu(x)
            pooled = number in (0, 1, 4)
            late = how.order == "pool first"
            x = F.max_pool2d(x, 3, 2) if pooled and late else x
            x = _response(x, how) if norm and how.order != "norm first" else x
            x = _pooled(x, how.pool) if pooled and not late else x
        x = x.flatten(1)
        for number, layer in enumerate(self.dense):
            x = layer(x)
            x = F.relu(x) if number < 2 and 5 + number not in how.linear else x
        return F.relu(x) if how.last == "relu" else _ended(x, how.last)


@dataclass(frozen=True)
class How:
    """How the network computes; what differs from the paper is a mistake."""

    norm: bool = True
    alpha: float = 5e-4
    k: float = 2.0
    n: int = 5
    order: str = ""
    pool: str = "max"
    linear: tuple[int, ...] = ()  # layers without their ReLU
    last: str = ""


def _response(x: Tensor, how: How) -> Tensor:
    return F.local_response_norm(x, how.n, how.alpha, 0.75, how.k)


def _pooled(x: Tensor, kind: str) -> Tensor:
    return F.max_pool2d(x, 3, 2) if kind == "max" else F.avg_pool2d(x, 3, 2)


def _ended(x: Tensor, last: str) -> Tensor:
    return x.softmax(1) if last == "softmax" else x


WRONG_WAYS: list[tuple[How, str]] = [
    (How(alpha=1e-4), "torch divides its alpha by n = 5: the paper's 1e-4 is another "
     "number there."),
    (How(norm=False), "LRN is missing, behind the first two ReLUs."),
    (How(k=1.0), "LRN has torch's own k, 1. The paper has 2."),
    (How(k=1.0, alpha=1e-4), "LRN has torch's own numbers: k is 2, and alpha is to be "
     "five times as large."),
    (How(order="norm first"), "LRN comes behind the ReLU, not before it."),
    (How(order="pool first"), "LRN comes before the pooling, not behind it."),
    (How(pool="average"), "The poolings take the average. AlexNet takes the maximum."),
    (How(last="relu"), "No ReLU behind the last layer: scores may be negative."),
    (How(last="softmax"), "Those are probabilities. Scores are asked for: the loss "
     "takes the softmax."),
    *((How(linear=(number,)), f"The ReLU of {name} is missing.") for number, name in
      enumerate(("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7"))),
]  # fmt: skip


@exercise("own-alexnet", "share", "classes", by_hand=READY, allowed=START)
def AlexNet(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's layers, one by one."""
    for share, classes in ((16, 10), (8, 3)):
        case = f"a share of {share}, {classes} classes"
        model, oracle = answer.make_module(share, classes), _AlexNet(share, classes)
        x = _photographs(cases, 1)
        expect_parameters(model, shapes_of(oracle), case, x)
        expect_registered(model, case)
        model.load(_awake(oracle, cases), x)
        model.eval()
        for photos in (x, _photographs(cases, 3)):
            words = f"{case}: {len(photos)} images"
            expect(model(photos), _scores(oracle, photos), words,
                   _other_scores(oracle, photos))  # fmt: skip
    _expect_dropped(model, oracle, cases)
    usual = answer.make_module(16)
    expect_parameters(usual, shapes_of(_AlexNet(16, 1000)), "no classes given")


def _photographs(cases: Cases, count: int) -> Tensor:
    """Blurred noise with a wide range, so that LRN bites."""
    coarse = torch.from_numpy(cases.rng.normal(0, 120, (count, 3, 30, 30))).float()
    return F.interpolate(coarse, size=(227, 227), mode="bilinear")


def _scores(oracle: _AlexNet, x: Tensor) -> Tensor:
    with torch.no_grad():
        return oracle(x)


def _other_scores(oracle: _AlexNet, x: Tensor) -> Mistakes:
    with torch.no_grad():
        for how, words in WRONG_WAYS:
            yield oracle.scores(x, how), words


def _awake(oracle: _AlexNet, cases: Cases) -> _AlexNet:
    """Random weights with which the answers keep their size, and biases that tell."""
    with torch.no_grad():
        for parameter in oracle.parameters():
            shape = tuple(parameter.shape)
            spread = 2.0 if len(shape) == 1 else (3 / np.prod(shape[1:])) ** 0.5
            drawn = cases.rng.normal(0, spread, shape)
            parameter.copy_(torch.from_numpy(drawn))
    return oracle


# ---- Where numbers are dropped ----

TWIN = 24  # copies of one photograph, seen twice


def _expect_dropped(model: MadeModule, oracle: _AlexNet, cases: Cases) -> None:
    """In training mode: behind fc6 and fc7, half of the numbers, and nowhere else."""
    x = _photographs(cases, 1).expand(TWIN, -1, -1, -1).contiguous()
    model.train()
    for weights, name in ((_after_fc7(oracle), "fc7"), (_after_fc6(oracle), "fc6")):
        scores = _written(model, weights, x, f"training, what comes out of {name}")
        counts = scores[scores > 0] * len(weights["dense.0.bias"]) / 2
        told = f"Scores with weights made to show it: {_some(scores)}."
        varied = bool(np.ptp(counts) > 0.01)
        none = f"Nothing is dropped of what comes out of {name}."
        expect_that(model(x[:1]), varied, f"training, {name}", told, none)
        half = bool(np.abs(counts - counts.round()).max() < 0.01)
        expect_that(model(x[:1]), half, f"training, {name}", told, NOT_HALF)
        # What is left by chance has no common divisor, unless each counts for more.
        unit = int(np.gcd.reduce(counts.round().astype(int)))
        expect_that(model(x[:1]), unit == 1, f"training, {name}", told, TOO_MUCH)
    scores = _written(model, _before_fc6(oracle), x, "training, what goes into fc6")
    same = bool(np.ptp(scores[scores > 0]) < 1e-3 * scores.max())
    expect_that(model(x[:1]), same, "training, conv5", NOT_THERE)


NOT_HALF = (
    "What is left of ones should be 2: half of the numbers are dropped, once, and the "
    "others doubled."
)
TOO_MUCH = (
    "What is left counts more than twice. Is the probability ½, and is the output left "
    "alone?"
)
NOT_THERE = (
    "What comes from the convolutions is dropped as well. Dropout stands behind the "
    "ReLUs of fc6 and fc7 only."
)


def _written(
    model: MadeModule, weights: dict[str, Tensor], x: Tensor, case: str
) -> np.ndarray:
    """What comes out of the first unit for the copies, in two runs."""
    model.write(weights)
    shape = (TWIN, len(weights["dense.2.bias"]))
    runs = [model(x).array(shape, case) for _ in range(2)]
    return np.concatenate(runs)[:, 0]


def _some(scores: np.ndarray) -> str:
    return ", ".join(f"{score:.3f}" for score in scores[:4])


def _dense(oracle: _AlexNet) -> dict[str, Tensor]:
    """Zeros for all dense layers."""
    return {
        name: torch.zeros_like(parameter)
        for name, parameter in oracle.named_parameters()
        if name.startswith("dense")
    }


def _after_fc7(oracle: _AlexNet) -> dict[str, Tensor]:
    """fc7 says 1 everywhere, and the scores are the mean of what is left of it."""
    found = _dense(oracle)
    found["dense.1.bias"] += 1
    found["dense.2.weight"] += 1 / found["dense.2.weight"].shape[1]
    return found


def _after_fc6(oracle: _AlexNet) -> dict[str, Tensor]:
    """fc6 says 1 everywhere; all units of fc7 say half the mean of what is left of it.

    Only unit 0 of fc7 counts: it is dropped, or doubled.
    """
    found = _dense(oracle)
    found["dense.0.bias"] += 1
    found["dense.1.weight"] += 0.5 / found["dense.1.weight"].shape[1]
    found["dense.2.weight"][:, 0] = 1
    return found


def _before_fc6(oracle: _AlexNet) -> dict[str, Tensor]:
    """One path through fc6 and fc7, which starts from all that the maps say."""
    found = _dense(oracle)
    found["dense.0.weight"][0] = 1
    found["dense.1.weight"][0, 0] = 1
    found["dense.2.weight"][:, 0] = 1
    return found


# ---- Helps, hurts, or cannot tell ----

Verdict = tuple[float, float, str]


@exercise("idea-verdict", "with_idea", "without", "times")
def verdict(answer: Answer, cases: Cases) -> None:
    """Oracle: NumPy."""
    for errors, times, case in _errors(cases):
        given = errors if times is None else (*errors, times)
        _expect_verdict(answer(*given), given, case)
    why = "The gains of one seed have no standard deviation, and pairs need partners."
    for one, other in (
        ([0.5], [0.75]),
        ([0.5, 0.25, 0.5], [0.5, 0.5]),
        ([0.5], [0.5, 0.25, 0.75]),
        ([0.5, 0.25, 0.75], [0.5]),
    ):
        case = f"{len(one)} and {len(other)} errors"
        expect_error(answer(one, other), "ValueError", case, why)


def _errors(
    cases: Cases,
) -> Iterator[tuple[tuple[list[float], list[float]], float | None, str]]:
    yield ([0.5, 0.375, 0.625], [0.75, 0.625, 0.8125]), None, "three seeds"
    yield ([0.75, 0.5, 0.875, 0.5], [0.5, 0.375, 0.625, 0.375]), 2.0, "four seeds"
    yield ([0.25, 0.75, 0.5], [0.375, 0.625, 0.875]), None, "gains of both signs"
    yield ([0.25, 0.5, 0.75], [0.5, 0.625, 1.0]), None, "5 standard errors"
    yield ([0.25, 0.5], [0.5, 0.75]), 4.3, "the same gain twice"
    yield ([0.25, 0.5, 0.125], [0.25, 0.5, 0.125]), 1.0, "no gain at all"
    yield ([0.5, 0.75], [0.5, 0.75]), 0.0, "no gain, and 0 standard errors asked"
    yield ([0.25, 0.5, 0.75], [0.5, 0.625, 1.0]), 10.0, "5 standard errors, 10 asked"
    yield ([0.25, 0.5, 0.75], [0.5, 0.625, 1.0]), 3.0, "5 standard errors, 3 asked"
    for number in cases.count(6):
        seeds, times = cases.integer(2, 6), cases.integer(2, 9) / 2
        luck = cases.rng.uniform(0.3, 0.6, seeds)
        gains = cases.rng.normal(cases.integer(-1, 1) * 0.06, 0.03, seeds)
        both = (luck.round(3).tolist(), (luck + gains).round(3).tolist())
        yield both, times, f"random {number}: {seeds} seeds, {times} standard errors"


def _verdict(
    with_idea: Sequence[float], without: Sequence[float], times: float = 4.3
) -> Verdict:
    gains = np.subtract(without, with_idea)
    error = float(gains.std(ddof=1) / np.sqrt(len(gains)))
    return float(gains.mean()), error, _word(gains.mean(), times * error)


def _word(gain: float, limit: float) -> str:
    if abs(gain) <= limit:
        return "cannot tell"
    return "helps" if gain > 0 else "hurts"


def _expect_verdict(result: Result, given: Sequence[Any], case: str) -> None:
    """First the two numbers, then the word: each with its own mistakes."""
    right, value = _verdict(*given), result.outcome.value
    if not isinstance(value, tuple | list) or len(value) != len(right):
        expect(result, right, case)
    expect_that(result, True, case)  # refuses what raised
    numbers, word = ([*value[:2]], value[2])
    one, other = (
        replace(result, outcome=replace(result.outcome, value=part))
        for part in (numbers, word)
    )
    expect(one, [*right[:2]], case, _mistakes_gain(*given[:2]))
    expect(other, right[2], case, _mistakes_word(*right, *given[2:]))


def _mistakes_gain(with_idea: Sequence[float], without: Sequence[float]) -> Mistakes:
    gain, error, _ = _verdict(with_idea, without)
    n = len(with_idea)
    apart = float(np.hypot(np.std(with_idea, ddof=1), np.std(without, ddof=1)))
    middle = float(np.median(np.subtract(without, with_idea)))
    return [
        ([gain, error * ((n - 1) / n) ** 0.5], "Divide by n − 1 in the standard "
         "deviation of the gains, not by n."),
        ([gain, error * n**0.5], "That is the standard deviation of the gains. The "
         "error of their mean is smaller, by √n."),
        ([gain, error / n**0.5], "You divided by n, in the place of √n."),
        ([gain, error**2 * n], "The root is missing: that is the variance of the "
         "gains."),
        ([gain, error**2], "The root is missing: that is the error, squared."),
        ([gain, apart / n**0.5], "You compare two heaps. The seeds are pairs: take the "
         "gain of each first, then the deviation of the gains."),
        ([-gain, error], "A gain is an error less: without minus with."),
        ([abs(gain), error], "A gain has a sign."),
        ([middle, error], "The mean of the gains is asked for, not their median."),
        ([error, gain], "The mean gain comes first, its error second."),
        ([gain * n, error], "That is the sum of gains."),
    ]  # fmt: skip


def _mistakes_word(
    gain: float, error: float, word: str, times: float = 4.3
) -> Mistakes:
    swapped = {"helps": "hurts", "hurts": "helps"}
    yield swapped.get(word), "The two words are exchanged: a gain above 0 helps."
    if gain == 0:
        yield from ((edge, EDGE) for edge in swapped)
    if gain < -times * error:
        yield "cannot tell", "An idea can hurt, too."
    for fixed in (4.3, 2.0, 1.0, 0.0):
        yield (
            _word(gain, fixed * error),
            ("The numbers are right, the word is not: does it ask `times`?"),
        )


EDGE = (
    "A mean gain of 0 is not more than 0 standard errors: neither word, but the third."
)


# ---- The strongest places of a unit ----

Places = list[tuple[int, int, int]]


@exercise("strongest-places", "maps", "count")
def strongest(answer: Answer, cases: Cases) -> None:
    """Oracle: a list of all places, sorted."""
    for maps, count, case in _answers(cases):
        expect(answer(maps, count), _strongest(maps, count), case,
               _mistakes_places(maps, count))  # fmt: skip


def _answers(cases: Cases) -> Iterator[tuple[Tensor, int, str]]:
    small = torch.tensor(
        [[[1.0, 5, -2, 0], [0, -6, -1, -4]], [[2, 0, 1, 3], [-1, 1, 0, 2]],
         [[3, 1, 6, 2], [8, 7, 0.5, 4]]]
    )  # fmt: skip
    yield small, 2, "three images, two asked"
    yield small, 5, "three images, five asked"
    yield -small - 1, 3, "answers below 0"
    ties = torch.tensor([[[2.0, 0, 4], [4, 1, 0]], [[0, 4, 1], [0, 2, 4]]])
    yield ties, 2, "ties, in an image and between two"
    few = torch.from_numpy(cases.rng.integers(0, 3, (60, 1, 2))).float()
    yield few, 50, "sixty images, many ties"
    for number in cases.count(5):
        n, h, w = cases.integer(3, 6), cases.integer(1, 4), cases.integer(2, 6)
        maps = torch.from_numpy(cases.rng.permutation(n * h * w) - n * h * w // 3)
        maps, count = maps.reshape(n, h, w).float(), cases.integer(1, n)
        yield maps, count, f"random {number}: {n} images, {count} asked"


def _strongest(maps: Tensor, count: int) -> Places:
    values = maps.numpy()
    places = sorted(np.ndindex(*values.shape), key=lambda at: (-values[at], at))
    best: dict[int, tuple[int, ...]] = {}
    for at in places:
        best.setdefault(at[0], at)
    return [(at[0], at[1], at[2]) for at in list(best.values())[:count]]


def _peaks(maps: Tensor) -> Places:
    """The strongest place of each image, in the order of the images."""
    return sorted(_strongest(maps, len(maps)))


def _mistakes_places(maps: Tensor, count: int) -> Mistakes:
    right, height, width = _strongest(maps, count), *maps.shape[1:]
    values, order = maps.numpy(), _strongest(maps, len(maps))
    every = sorted(np.ndindex(*values.shape), key=lambda at: (-values[at], at))
    means = maps.mean((1, 2)).argsort(descending=True, stable=True).tolist()
    peaks = _peaks(maps)
    yield (
        every[:count],
        "An image appears more than once. Take its strongest place only.",
    )
    yield [(i, c, r) for i, r, c in right], "Row and column are exchanged."
    yield order[::-1][:count], "The weakest images come first in yours."
    yield right[::-1], "The order is upside down: the strongest comes first."
    yield peaks[:count], "Those are the first images, not the most excited ones."
    yield sorted(right), "The strongest comes first, not the first image."
    yield (
        [peaks[i] for i in means][:count],
        "You order images by the mean of their map. The largest number decides.",
    )
    yield (
        _strongest(maps.abs(), count),
        "The largest answer is meant, not the largest size.",
    )
    yield _strongest(-maps, count), "Those are the smallest answers."
    yield order, "Only `count` images are asked for."
    flat = [(i, r * width + c) for i, r, c in right]
    yield (
        [(i, *divmod(at, height)) for i, at in flat],
        "A place in the flattened map is row · width + column: divide by the width.",
    )
    yield flat, "Each place has three numbers: image, row, column."
    yield [(r, c) for _, r, c in right], "The number of the image is missing."
    last = maps.flip(1, 2)
    yield (
        [(i, height - 1 - r, width - 1 - c) for i, r, c in _strongest(last, count)],
        "Of equal answers in one image the first place counts.",
    )
    late = _strongest(maps.flip(0, 1, 2), count)
    n = len(maps)
    yield (
        [(n - 1 - i, height - 1 - r, width - 1 - c) for i, r, c in late],
        "Of equal answers the first counts: first image, first row, first column.",
    )


# ---- A thousandth of the weights ----

BUDGET, GOAL, LUCK = 60_965, 0.60, 0.08
HALF_WAY = 0.35  # no network with strange numbers tells so many right
LEARN, FRESH = 900, 900


@exercise("thousandth-of-alexnet", "images", "labels",
          by_hand=(*READY, "coursekit.train", "coursekit.features"),
          allowed=START)  # fmt: skip
def thousandth(answer: Maker, cases: Cases) -> None:
    """No oracle: what was learned is seen on tiles that the answer has never had.

    Another seed gives another part: what passed here must pass there.
    """
    least = GOAL - LUCK * cases.hard
    images, labels = _renamed_tiles(cases)
    model = answer.make_module(images[:LEARN], labels[:LEARN])
    model.story[-1:] = ["model = thousandth(images, labels)"]
    case = f"{LEARN} tiles"
    _expect_plan(model, case)
    model.eval()
    fresh, truth = images[LEARN:], labels[LEARN:]
    for few in (fresh[:1], fresh[:3]):
        model(few).array((len(few), 10), f"scores of {len(few)} images")
    expect_nothing_outside(model, case, fresh[:1], fresh[1:4])
    scores = model(fresh).array((len(fresh), 10), "scores of fresh images")
    part = float((scores.argmax(1) == truth.numpy()).mean())
    told = f"{part:.0%} of the fresh ones are right. It should be {least:.0%} at least."
    expect_that(model(fresh[:1]), part >= least, f"{FRESH} fresh tiles", told,
                _why_not(part))  # fmt: skip
    _expect_all_layers(model, fresh[:50], scores[:50])

    def judged() -> tuple[float, str]:
        strange = scores_of(model(fresh), (len(fresh), 10))
        right = float((strange.argmax(1) == truth.numpy()).mean())
        return right, f"still {right:.0%} are right"

    expect_learned_inside(model, cases, judged, HALF_WAY, case)


def _renamed_tiles(cases: Cases) -> tuple[Tensor, Tensor]:
    """Tiles of photographs in a new order, whose names were dealt out anew."""
    tiles = stand_in(CIFAR10)
    images = torch.cat([tiles.train.images, tiles.test.images])
    labels = torch.cat([tiles.train.labels, tiles.test.labels])
    chosen = torch.from_numpy(cases.rng.permutation(len(labels))[: LEARN + FRESH])
    names = torch.from_numpy(cases.rng.permutation(10))
    return images[chosen].float() / 255, names[labels[chosen]]


def _expect_plan(model: MadeModule, case: str) -> None:
    """Five convolutions, three dense layers, and a budget for all numbers."""
    expect_budget(model, BUDGET, case, "In which layer do most of them sit?")
    found = model.parameters()
    axes = [len(shape) for shape in found.outcome.value.values()]
    plan = f"{axes.count(4)} convolutions and {axes.count(2)} dense layers."
    found = replace(found, part=" keeps numbers")
    expect_that(found, axes.count(4) == 5 and axes.count(2) == 3, case, plan,
                "AlexNet has five and three.")  # fmt: skip


def _expect_all_layers(model: MadeModule, x: Tensor, scores: np.ndarray) -> None:
    """Each of the eight has to take part: zeros in its place change the scores."""
    for name, shape in model.parameters().outcome.value.items():
        if len(shape) not in (2, 4):
            continue
        kept = model.tensor(name).array(shape, name)
        model.write({name: torch.zeros(shape)})
        others = model(x).array(scores.shape, f"zeros for {name}")
        model.write({name: torch.from_numpy(kept)})
        told = f"With zeros in the place of {name} it gives the same scores."
        expect_that(model(x[:1]), not np.allclose(others, scores), name, told,
                    "All eight layers have to take part.")  # fmt: skip


def _why_not(part: float) -> str:
    if part < 0.2:
        return (
            "It has learned nothing. Does its loss leave ln 10 = 2.30? Eight layers "
            "need a good start: how large are the numbers behind each of them?"
        )
    return (
        "It has begun to learn. Compare the loss on `practice` with what is right of "
        "`rest`. Still high: the start, what goes in, the rate, more steps. Near 0, "
        "and `rest` is bad: it learns by heart. Fewer weights, or tiles mirrored and "
        "moved?"
    )
