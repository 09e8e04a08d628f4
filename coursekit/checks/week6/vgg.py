"""Checks of "VGG"."""

import copy
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.core import Cases, exercise
from coursekit.checks.errors import CheckFailed
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.expect_module import (
    expect_count,
    expect_parameters,
    expect_registered,
)
from coursekit.checks.loops import Layers, given_model
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, output_of, shapes_of, stirred
from coursekit.data.catalogue import CIFAR10
from coursekit.data.stand_in import stand_in

READY = ("coursekit.models", "coursekit.features", "torchvision")
TRANSPOSED = tuple(f"torch.nn.functional.conv_transpose{n}d" for n in (1, 2, 3))

paper_table = quiz("paper-table")
where_they_sit = quiz("where-they-sit")


# ---- The price of a stack ----

Stack = tuple[list[int], list[int], bool, int]


@exercise("stack-price", "kernels", "maps", "bias", "axes")
def stack_price(answer: Answer, cases: Cases) -> None:
    """Oracle: what torch's layers register; what is seen, from how a row shrinks."""
    for kernels, maps, bias, axes, case in _stacks(cases):
        expect(answer(kernels, maps, bias, axes), _price(kernels, maps, bias, axes),
               case, _mistakes_price(kernels, maps, bias, axes))  # fmt: skip
    kernels, maps = [5, 3], [2, 7, 4]
    expect(answer(kernels, maps), _price(kernels, maps, True, 2), "no bias, no axes "
           "given", _mistakes_default(kernels, maps))  # fmt: skip


def _mistakes_default(kernels: Sequence[int], maps: Sequence[int]) -> Mistakes:
    given = "The head of the function says what is meant when nothing is given: "
    for axes in (1, 3):
        yield _price(kernels, maps, True, axes), f"{given}`axes` is 2 then."
    yield _price(kernels, maps, False, 2), f"{given}there are biases then."
    yield from _mistakes_price(kernels, maps, True, 2)


def _stacks(cases: Cases) -> Iterator[tuple[list[int], list[int], bool, int, str]]:
    yield [5], [3, 4], True, 2, "one layer"
    yield [3, 3, 3], [2, 5, 4, 7], False, 2, "three layers, without biases"
    yield [3, 5, 1, 3], [4, 2, 6, 3, 5], True, 2, "four layers"
    yield [7, 4], [2, 3, 5], True, 1, "two layers along a row"
    yield [3, 2], [1, 4, 3], True, 3, "two layers in a volume"
    yield [], [6], True, 2, "no layer at all"
    for number in cases.count(5):
        depth = cases.integer(2, 6)
        kernels = [cases.integer(1, 9) for _ in range(depth)]
        maps = [cases.integer(1, 70) for _ in range(depth + 1)]
        bias, axes = bool(cases.integer(0, 1)), cases.integer(1, 3)
        yield kernels, maps, bias, axes, f"random {number}: {depth} layers"


def _price(
    kernels: Sequence[int], maps: Sequence[int], bias: bool, axes: int
) -> tuple[int, int]:
    kinds: list[type[nn.Module]] = [nn.Conv1d, nn.Conv2d, nn.Conv3d]
    kind: Any = kinds[axes - 1]
    with torch.device("meta"):
        layers = [
            kind(i, o, k, bias=bias)
            for k, (i, o) in zip(kernels, pairwise(maps), strict=True)
        ]
    weights = sum(p.numel() for layer in layers for p in layer.parameters())
    row = 1000
    for k in kernels:
        row = len(range(row)[k - 1 :])
    return 1001 - row, weights


def _mistakes_price(
    kernels: Sequence[int], maps: Sequence[int], bias: bool, axes: int
) -> Mistakes:
    sees, weights = _price(kernels, maps, bias, axes)
    layers = list(zip(kernels, pairwise(maps), strict=True))
    outputs = sum(maps[1:])
    bare = sum(k**axes * i * o for k, (i, o) in layers)
    total, product = sum(kernels), math.prod(kernels)
    if not kernels:
        yield (0, 0), "No layer at all: a unit is a pixel then, and sees itself."
    for wrong, words in (
        (total, "Neighbours overlap: a kernel of k adds k − 1 pixels, not k."),
        (product, "Kernels are not multiplied: a kernel of k adds k − 1 pixels."),
        (sees - 1, "One pixel is missing: what does no layer at all see?"),
        (2 * len(kernels) + 1, "That holds for kernels of 3. These may be others."),
        (sees**axes, "Pixels a side are asked for, not all of them."),
        (max(kernels, default=1), "That is the largest kernel. Layers add up."),
    ):
        yield (wrong, weights), words
    if not bias:
        yield (sees, bare + outputs), "There are no biases here: look at `bias`."
    for wrong, words in (
        (bare, "Biases count as weights here, one for each map that comes out."),
        (bare + sum(maps[:-1]) * bias, "A bias belongs to each map that comes out, not "
         "to those that go in."),
        (bare + len(kernels) * bias, "A layer has a bias for each map that comes out, "
         "not one in all."),
        (sum((k**axes + bias) * i * o for k, (i, o) in layers), "A bias for each map "
         "that comes out, not for each kernel."),
        (sum((k**2 * i + bias) * o for k, (i, o) in layers), "k² is for two axes. How "
         "many numbers has a kernel with `axes` of them?"),
        (sum((k * axes * i + bias) * o for k, (i, o) in layers), "A kernel is a square "
         "or a cube: its side to a power, not times something."),
        (sum((k**axes + bias) * o for k, (i, o) in layers), "Each kernel looks at all "
         "maps that go in: they are missing."),
        (sum((k**axes * i + bias) * i for k, (i, o) in layers), "You took the maps "
         "that go in for those that come out as well."),
        (sum((k**axes * maps[0] + bias) * o for k, (i, o) in layers), "Only the first "
         "layer gets the maps of the input."),
    ):  # fmt: skip
        yield (sees, wrong), words
    yield (weights, sees), "First what is seen, then the weights."


# ---- Two layers melted into one ----


@dataclass(frozen=True)
class Pair:
    """Two layers, one behind the other."""

    first: Tensor
    first_bias: Tensor
    second: Tensor
    second_bias: Tensor

    @property
    def given(self) -> tuple[Tensor, ...]:
        """As an answer gets it."""
        return self.first, self.first_bias, self.second, self.second_bias

    @property
    def size(self) -> tuple[int, int]:
        """Of the kernel that does the same."""
        one, other = self.first.shape, self.second.shape
        return one[2] + other[2] - 1, one[3] + other[3] - 1

    def sizes(self) -> "Pair":
        """With sizes of numbers in their place: what is summed up."""
        return Pair(*(part.abs() for part in self.given))


@exercise("melted", "first", "first_bias", "second", "second_bias", by_hand=TRANSPOSED)
def melted(answer: Answer, cases: Cases) -> None:
    """Oracle: the two layers themselves, shown one pixel at a time."""
    for pair, case in _pairs(cases):
        result = answer(*pair.given)
        _expect_two(result, case)
        (weight, bias), summed = _one(pair), _one(pair.sizes())
        mistakes = (_mistakes_weight(pair), _mistakes_bias(pair))
        for at, right in enumerate((weight, bias)):
            scale = (summed[at] + summed[1].max()).numpy()
            expect(result[at], right.float(), f"{case}, {BOTH[at]}", mistakes[at],
                   scale)  # fmt: skip


def _expect_two(result: Result, case: str) -> None:
    raised = result.outcome.raised
    if raised and any(words in raised.text for words in MISFITS):
        line = f"on the line  {raised.line}" if raised.line else ""
        fail(result, case, f"your function raised {raised.shown}", line, "Do all sizes "
             "come from the kernels? They may be higher than wide, and the two of "
             "different size.")  # fmt: skip
    expect_that(result, True, case, wanted="a weight and a bias")
    value = result.outcome.value
    if not isinstance(value, tuple | list) or len(value) != len(BOTH):
        fail(result, case, f"returned {noun(value)}; expected two tensors: the weight "
             "and the bias")  # fmt: skip


BOTH = ("the weight", "the bias")
MISFITS = ("The size of tensor", "expanded size", "shape", "size mismatch", "subscript",
           "out of bounds", "out of range", "broadcast")  # fmt: skip


def _pairs(cases: Cases) -> Iterator[tuple[Pair, str]]:
    shapes: list[tuple[tuple[int, ...], tuple[int, ...], str]] = [
        ((1, 1, 3, 3), (1, 1, 3, 3), "3 × 3 both, one map"),
        ((1, 1, 1, 3), (1, 1, 1, 2), "rows, one map"),
        ((1, 1, 3, 2), (1, 1, 2, 4), "one map"),
        ((3, 1, 2, 3), (1, 3, 3, 2), "one map in and out, three in the middle"),
        ((3, 2, 3, 3), (4, 3, 3, 3), "2 maps, 3, 4; both of 3 × 3"),
        ((2, 3, 1, 1), (5, 2, 2, 3), "a first layer of 1 × 1"),
        ((4, 2, 3, 1), (3, 4, 1, 1), "a second layer of 1 × 1"),
    ]
    for number in cases.count(3):
        i, m, o = (cases.integer(1, 5) for _ in range(3))
        sides = [cases.integer(1, 4) for _ in range(4)]
        words = f"random {number}: {i} maps, {m}, {o}"
        shapes.append(((m, i, *sides[:2]), (o, m, *sides[2:]), words))
    for one, other, case in shapes:
        biases = normal(cases, one[0]), normal(cases, other[0])
        first, second = normal(cases, *one), normal(cases, *other)
        yield Pair(first, biases[0], second, biases[1]), case


def _one(pair: Pair) -> tuple[Tensor, Tensor]:
    """Both layers on a picture with a single 1, for each place that it can have."""
    shape = (pair.first.shape[1], *pair.size)
    places = torch.eye(math.prod(shape), dtype=torch.float64).reshape(-1, *shape)
    pictures = torch.cat([torch.zeros(1, *shape, dtype=torch.float64), places])
    first, first_bias, second, second_bias = (part.double() for part in pair.given)
    found = F.conv2d(F.conv2d(pictures, first, first_bias), second, second_bias)
    bias, others = found[0].flatten(), found[1:].flatten(1)
    return (others - bias).T.reshape(-1, *shape), bias


def _mistakes_weight(pair: Pair) -> Mistakes:
    right = _one(pair)[0]
    first, second, size = pair.first.double(), pair.second.double(), pair.size
    tall, wide = second.shape[2:]
    yield right.flip(2, 3), "The kernel is upside down, and left is right."
    for words, one, other in (
        ("The second kernel should not be turned.", first, second.flip(2, 3)),
        ("The first kernel should not be turned.", first.flip(2, 3), second),
    ):
        yield _one(Pair(one, pair.first_bias, other, pair.second_bias))[0], words
    yield right.transpose(0, 1), "The axes are (I, L): maps that come out first."
    for axes in ((2, 3, 0, 1), (2, 3, 1, 0), (0, 2, 3, 1), (1, 2, 3, 0)):
        yield right.permute(axes), "Maps come first, (I, L), then height and width."
    yield right.transpose(2, 3), "Height and width of the kernels are exchanged."
    alone = torch.einsum("omab,mi->oiab", second, first.sum((2, 3)))
    yield alone, "A sum of 5 pixels sees more than one of 3: the kernel has to grow."
    if first.shape[0] > 1:
        yield (_one(Pair(first[:1], pair.first_bias[:1], second[:, :1],
                         pair.second_bias))[0],
               "Only the first map in the middle is there: add over all.")  # fmt: skip
    if first.shape[2:] == second.shape[2:]:
        product = torch.einsum("omab,miab->oiab", second, first)
        yield product, "Number times number gives another kernel of the same size."
    spread = first.new_zeros(first.shape[0], first.shape[1], *size)
    spread[:, :, : first.shape[2], : first.shape[3]] = first
    yield (torch.einsum("om,mihw->oihw", second.sum((2, 3)), spread), "All copies of "
           "the first kernel begin at the same place in yours. Each number of the "
           "second kernel looks at another place.")  # fmt: skip
    last = first.new_zeros(right.shape)
    for a in range(tall):
        for b in range(wide):
            part = torch.einsum("om,mihw->oihw", second[:, :, a, b], first)
            last[:, :, a : a + first.shape[2], b : b + first.shape[3]] = part
    yield last, "Where copies of the first kernel overlap, they are added up."


def _mistakes_bias(pair: Pair) -> Mistakes:
    right = _one(pair)[1]
    one, other = pair.first_bias.double(), pair.second_bias.double()
    second = pair.second.double()
    yield other, "The first layer's bias comes through as well."
    yield right - other, "The second layer's bias is missing."
    yield right + other, "The second layer's bias is there twice: add it once."
    if len(one) in (1, len(other)):
        yield one + other, "The second layer multiplies the first one's biases."
    middle = second[:, :, second.shape[2] // 2, second.shape[3] // 2]
    yield (middle @ one + other, "The second kernel meets the first one's bias at all "
           "of its places, not at one of them only.")  # fmt: skip
    yield (second[:, :, 0, 0] @ one + other, "The second kernel meets the first one's "
           "bias at all of its places, not at one of them only.")  # fmt: skip
    yield (second.mean((2, 3)) @ one + other, "The numbers of the second kernel are "
           "added up, not averaged.")  # fmt: skip
    yield (second.sum((1, 2, 3)) * one.sum() + other, "Each map in the middle has its "
           "own bias, and its own kernel above it.")  # fmt: skip


# ---- A network from a row ----

ROWS = {
    "A": "3-64 max 3-128 max 3-256 3-256 max 3-512 3-512 max 3-512 3-512 max",
    "B": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 max 3-512 3-512 max "
    "3-512 3-512 max",
    "C": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 1-256 max "
    "3-512 3-512 1-512 max 3-512 3-512 1-512 max",
    "D": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 3-256 max "
    "3-512 3-512 3-512 max 3-512 3-512 3-512 max",
    "E": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 3-256 3-256 max "
    "3-512 3-512 3-512 3-512 max 3-512 3-512 3-512 3-512 max",
}
COUNTS = {  # torchvision's, but for C, which it has not
    "A": 132_863_336,
    "B": 133_047_848,
    "C": 133_638_952,
    "D": 138_357_544,
    "E": 143_667_240,
}
UNITS = 4096


@dataclass(frozen=True)
class Plan:
    """What a constructor gets."""

    row: str
    classes: int
    size: tuple[int, int]
    share: int

    @property
    def given(self) -> tuple[str, int, tuple[int, int], int]:
        """As an answer gets it."""
        return self.row, self.classes, self.size, self.share


PLANS = (
    Plan("3-32 max 5-64 5-48 max", 7, (12, 20), 8),
    Plan("1-64 7-128 max max 3-32", 3, (16, 8), 16),
    Plan(ROWS["C"], 10, (32, 64), 32),
)


class _Vgg(nn.Module):
    """Its layers one by one; `how` is a mistake."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.words, maps, self.convs = plan.row.split(), 3, nn.ModuleList()
        (height, width), units = plan.size, UNITS // plan.share
        for word in self.words:
            if word == "max":
                height, width = height // 2, width // 2
                continue
            k, outputs = (int(part) for part in word.split("-"))
            outputs //= plan.share
            self.convs.append(nn.Conv2d(maps, outputs, k, padding=(k - 1) // 2))
            maps = outputs
        sizes = pairwise([maps * height * width, units, units, plan.classes])
        self.dense = nn.ModuleList(nn.Linear(i, o) for i, o in sizes)

    def forward(self, x: Tensor) -> Tensor:
        return self.scores(x, "")

    def scores(self, x: Tensor, how: str) -> Tensor:
        """The scores, also computed in wrong ways."""
        layers = iter(self.convs)
        for number, word in enumerate(self.words):
            if word == "max":
                x = F.avg_pool2d(x, 2) if how == "average" else F.max_pool2d(x, 2)
                continue
            x = next(layers)(x)
            last = [*self.words, "max"][number + 1] == "max"
            x = x if how == "linear" or (how == "last" and not last) else F.relu(x)
        x = x.transpose(1, 2).transpose(2, 3) if how == "turned" else x
        x = x.flatten(1)
        for number, layer in enumerate(self.dense):
            x = layer(x)
            x = F.relu(x) if number < 2 and how != "dense" else x
        x = F.relu(x) if how == "relu" else x
        return x.softmax(1) if how == "softmax" else x


WRONG_WAYS = {
    "average": "The poolings take the average. VGG takes the maximum.",
    "linear": "The ReLUs of the convolutions are missing.",
    "last": "Each convolution has its ReLU, not only the last of a block.",
    "turned": "The maps are put into a row in another order: nn.Flatten does it.",
    "dense": "The ReLUs behind the dense layers are missing.",
    "relu": "No ReLU behind the last layer: scores may be negative.",
    "softmax": "Those are probabilities. Scores are asked for.",
}


@exercise("from-row", "row", "classes", "size", "share", "device", by_hand=READY)
def vgg(answer: Maker, cases: Cases) -> None:
    """Oracle: torch's layers, one by one; the counts are those of torchvision."""
    try:
        for plan in PLANS:
            _expect_built(answer, plan, cases)
        for name, row in ROWS.items():
            model = answer.make_module(row, device="meta")
            _expect_meta(model, name)
            expect_count(model, COUNTS[name], f"row {name}, all else as it is",
                         _mistakes_count(row))  # fmt: skip
        _expect_default(answer)
    finally:  # an answer may have run in this process, and left it so
        if torch.get_default_device().type == "meta":
            torch.set_default_device(None)


def _expect_built(answer: Maker, plan: Plan, cases: Cases) -> None:
    case = f"row {plan.row!r}, {plan.classes} classes, share {plan.share}"
    model, oracle = answer.make_module(*plan.given), _Vgg(plan)
    x = normal(cases, 1, 3, *plan.size)
    _expect_sizes(model, plan, case)
    expect_parameters(model, shapes_of(oracle), case, x)
    expect_registered(model, case)
    _expect_runs(model, plan, x, case)
    model.load(_awake(oracle, cases), x)
    model.eval()
    for images in (x, normal(cases, 3, 3, *plan.size)):
        expect(model(images), output_of(oracle, images), f"{case}: {len(images)} "
               "images", _other_scores(oracle, images))  # fmt: skip
    if plan is PLANS[0]:
        _expect_learns(model, torch.from_numpy(output_of(oracle, x)), x, case)
        _expect_own(answer, model, oracle, x)
        _expect_dropped(model, oracle, x)


# What the first dense layer gets when something on the way to it is otherwise.


def _flat(
    plan: Plan, padding: int | None = None, pool: tuple[int, int] = (2, 2)
) -> int:
    """Numbers that come out of the convolutions; None is the padding that keeps sizes.

    pool: window and stride
    """
    sides, maps, (window, stride) = list(plan.size), 3, pool
    for word in plan.row.split():
        if word == "max":
            sides = [max(0, (side - window) // stride + 1) for side in sides]
            continue
        k, maps = (int(part) for part in word.split("-"))
        grown = 0 if padding is None else 2 * padding - k + 1
        sides = [max(0, side + grown) for side in sides]
    return maps // plan.share * math.prod(sides)


def _slips(plan: Plan) -> dict[int, str]:
    """So many numbers, and what was thought."""
    maps, words = (
        int(plan.row.split("-")[-1].split()[0]) // plan.share,
        plan.row.split(),
    )
    (height, width), scale = plan.size, 2 ** words.count("max")
    found = {
        _flat(plan, padding=1): ONE,
        _flat(plan, padding=0): "Maps keep their size in a convolution. Without "
        "padding they shrink.",
        _flat(plan, pool=(3, 2)): POOLS,
        _flat(plan, pool=(3, 3)): POOLS,
        _flat(plan, pool=(2, 1)): POOLS,
        maps * (height // scale) ** 2: "Images may be oblong: `size` is height, width.",
        maps * (width // scale) ** 2: "Images may be oblong: `size` is height, width.",
        maps * height * width: "Each max halves height and width of the maps.",
        maps * (height // 32) * (width // 32): HALVINGS,
        maps * 49: HALVINGS,
        maps: "The first dense layer gets all places of all maps, not one of each.",
    }
    found.pop(_flat(plan), None)
    return found


ONE = "A padding of 1 keeps the size with kernels of 3. What do others need?"
POOLS = "The poolings have windows of 2 × 2, and stride 2."
HALVINGS = "Five halvings, to 7 × 7 from 224, are VGG's. How often does this row halve?"


def _expect_sizes(model: MadeModule, plan: Plan, case: str) -> None:
    """The first dense layer takes what comes out of the convolutions."""
    found, slips = model.parameters(), _slips(plan)
    for shape in found.outcome.value.values():
        told = slips.get(shape[1]) if len(shape) == 2 else None
        if told and shape[0] == UNITS // plan.share != shape[1]:
            fail(found, case, f"the first dense layer takes {shape[1]} numbers; "
                 f"{_flat(plan)} come out of the convolutions", told)  # fmt: skip


def _expect_runs(model: MadeModule, plan: Plan, x: Tensor, case: str) -> None:
    """With sizes that fit; what torch says else tells what was done instead."""
    result = model(x)
    raised = result.outcome.raised
    if not raised:
        return
    line = f"on the line  {raised.line}" if raised.line else ""
    product = re.search(r"\(\d+x(\d+) and", raised.text)
    told = _slips(plan).get(int(product[1])) if product else None
    if "Kernel size can't be greater" in raised.text or "too small" in raised.text:
        told = "Maps keep their size in a convolution. Without padding they shrink."
    if told:
        fail(result, case, f"{result.whose} raised {raised.shown}", line, told)


def _expect_learns(model: MadeModule, scores: Tensor, x: Tensor, case: str) -> None:
    words = (
        "All weights can be trained: is requires_grad False, or does something on the "
        "way, such as .detach() or torch.no_grad(), cut it off?"
    )
    try:
        flowed = model.gradients(x, upstream=torch.ones_like(scores), case=case)
        asked = all(one is not None for one in flowed.of_parameters.values())
    except CheckFailed:
        asked = False
    expect_that(model.parameters(), asked, case, "a weight gets no gradient", words)


def _expect_own(answer: Maker, model: MadeModule, oracle: _Vgg, x: Tensor) -> None:
    """What is done to a second network does not reach the first."""
    twin, silent = answer.make_module(*PLANS[0].given), copy.deepcopy(oracle)
    with torch.no_grad():
        for parameter in silent.parameters():
            parameter.zero_()
    twin.load(silent, x)
    expect(model(x), output_of(oracle, x), "two networks of one row: the weights of "
           "the second have become 0", [(output_of(silent, x), "Each call makes a new "
           "network. Yours gives the same one out again.")])  # fmt: skip


def _expect_default(answer: Maker) -> None:
    """Whoever makes a layer afterwards gets one with numbers."""
    start = nn.Sequential(nn.Linear(1, 1, device="cpu"))
    probe = given_model(answer, [["Linear", 1, 1]], start)
    where = probe.devices()
    expect_that(probe.parameters(), where == {"cpu"}, "afterwards", "a layer that is "
                f"made then lies on {' and '.join(sorted(where))}, since your function "
                "has changed torch's default device", "Set it for a `with` block only."
                )  # fmt: skip


def _other_scores(oracle: _Vgg, x: Tensor) -> Mistakes:
    with torch.no_grad():
        for how, words in WRONG_WAYS.items():
            yield oracle.scores(x, how), words


def _awake(oracle: _Vgg, cases: Cases) -> _Vgg:
    """Random weights with which the answers keep their size, and biases that tell."""
    with torch.no_grad():
        for parameter in oracle.parameters():
            shape = tuple(parameter.shape)
            spread = 0.5 if len(shape) == 1 else (2 / math.prod(shape[1:])) ** 0.5
            drawn = cases.rng.normal(0, spread, shape)
            parameter.copy_(torch.from_numpy(drawn))
    return oracle


def _expect_meta(model: MadeModule, name: str) -> None:
    where = model.devices()
    expect_that(model.parameters(), where == {"meta"}, f"row {name}, device='meta'",
                f"weights are on {' and '.join(sorted(where))}", "All layers are made "
                "on the device that is asked for, and stay there.")  # fmt: skip


def _mistakes_count(row: str) -> Mistakes:
    with torch.device("meta"):
        right = _counted(Plan(row, 1000, (224, 224), 1))
        ten = _counted(Plan(row, 10, (224, 224), 1))
        small = _counted(Plan(row, 1000, (32, 32), 1))
    yield ten, "Are 1000 classes meant when nothing is said?"
    yield small, "Are images of 224 × 224 meant when nothing is said?"
    convolutions = sum(word != "max" for word in row.split())
    yield right - UNITS * (UNITS + 1), "One of the dense layers is missing."
    yield right + convolutions, "Too many by one for each convolution."


def _counted(plan: Plan) -> int:
    return sum(parameter.numel() for parameter in _Vgg(plan).parameters())


# ---- Where numbers are dropped ----

TWIN, ROOM = 400, 0.4  # copies of one image, and how far a variance may be off


def _expect_dropped(model: MadeModule, oracle: _Vgg, x: Tensor) -> None:
    """In training mode: behind the first two dense layers, half of the numbers.

    Units that all say 1 are averaged: what is dropped of u of them, and doubled
    otherwise, has the variance 1/u.
    """
    many = x.expand(TWIN, -1, -1, -1).contiguous()
    units = len(oracle.get_parameter("dense.0.bias"))
    model.train()
    for weights, shares, name in (
        (_ones(oracle, 1), 1, "second"),
        (_ones(oracle, 0), 2, "first"),
    ):
        case = f"training, the {name} dense layer"
        model.write(weights)
        scores = model(many).array((TWIN, len(weights["dense.2.bias"])), case)[:, 0]
        spread = float(scores.var()) * units / shares
        told = f"Scores with weights made to show it: {_some(scores)}."
        result = model(x)
        some = spread > 0.05 / shares
        expect_that(result, some, case, told, "Nothing is dropped.")
        half = abs(spread - 1) < ROOM and abs(float(scores.mean()) - 1) < 0.1
        expect_that(result, half, case, told, NOT_HALF)
    model.write(_first_sums(oracle))
    scores = model(many).array((TWIN, len(weights["dense.2.bias"])), "training")[:, 0]
    spread = float(scores.var() / scores.mean() ** 2) * units / 2
    expect_that(model(x), spread < 1 + ROOM, "training, the convolutions",
                f"Scores with weights made to show it: {_some(scores)}.",
                NOT_THERE)  # fmt: skip


NOT_HALF = (
    "Behind the ReLU of each of the two layers of 4096 units half of the numbers are "
    "dropped, once, and the others doubled, and nothing is dropped of the scores."
)
NOT_THERE = "What comes from the convolutions is dropped as well: leave it."


def _ones(oracle: _Vgg, at: int) -> dict[str, Tensor]:
    """All units of the dense layer `at` say 1, and the scores are their mean."""
    found = {
        name: torch.zeros_like(parameter)
        for name, parameter in oracle.named_parameters()
        if name.startswith("dense")
    }
    found[f"dense.{at}.bias"] += 1
    for after in range(at + 1, 3):
        found[f"dense.{after}.weight"] += 1 / found[f"dense.{after}.weight"].shape[1]
    return found


def _first_sums(oracle: _Vgg) -> dict[str, Tensor]:
    """The same, but the first layer adds up all that comes from the convolutions."""
    found = _ones(oracle, 0)
    found["dense.0.bias"] -= 1
    found["dense.0.weight"] += 1
    return found


def _some(scores: np.ndarray) -> str:
    return ", ".join(f"{score:.3f}" for score in scores[:4])


# ---- Dense layers as convolutions ----


@dataclass(frozen=True)
class Head:
    """A head, the maps that it was made for, and larger ones."""

    layers: Layers
    maps: int
    size: tuple[int, int]
    larger: tuple[int, int]
    case: str


HEADS = (
    Head([["Flatten"], ["Linear", 2 * 3 * 4, 5]], 2, (3, 4), (4, 6), "one dense layer"),
    Head([["Flatten"], ["Linear", 3 * 2 * 5, 4], ["ReLU"], ["Dropout", 0.5],
          ["Linear", 4, 6, False], ["Tanh"], ["Linear", 6, 2]], 3, (2, 5), (5, 5),
         "three dense layers, one without bias"),
    Head([["Flatten"], ["Linear", 4 * 3 * 3, 7], ["ReLU"], ["Linear", 7, 3]], 4, (3, 3),
         (3, 8), "square maps"),
    Head([["Flatten"], ["Linear", 5, 4], ["Sigmoid"], ["Linear", 4, 4]], 5, (1, 1),
         (3, 2), "maps of a single place"),
)  # fmt: skip


@exercise("head-as-convolutions", "head", "maps", "size")
def as_convolutions(answer: Maker, cases: Cases) -> None:
    """Oracle: the head itself, at each window of the maps."""
    for head in HEADS:
        oracle = stirred(_sequence(head.layers), cases).eval()
        given = given_model(answer, head.layers, oracle)
        model = _converted(answer, given, head)
        _expect_kernels(model, _shapes(oracle, head), head.case)
        model.eval()
        for n, size in ((1, head.size), (3, head.larger)):
            x = normal(cases, n, head.maps, *size)
            case = f"{head.case}: {n} × maps of {size[0]} × {size[1]}"
            result = model(x)
            mistakes = chain(_mistakes_head(oracle, x, head),
                             _not_copied(model, oracle, result))  # fmt: skip
            expect(result, _everywhere(oracle, x, head.size), case, mistakes)
        _expect_apart(given, model, oracle, head, cases)
    _expect_rate(answer, cases)
    _expect_types(answer, cases)


def _converted(answer: Maker, given: MadeModule, head: Head) -> MadeModule:
    """What the answer makes of a head, which is in the mode afterwards that it had."""
    training = HEADS.index(head) % 2 == 1
    given.train() if training else given.eval()
    model = answer.make_module(given, head.maps, head.size)
    modes, names = given.modes(), ("evaluation", "training")
    kept = all(one is training for one in modes.outcome.value.values())
    expect_that(modes, kept, head.case, f"the head was in {names[training]} mode, and "
                f"is in {names[not training]} mode now", "Leave it as it is.",
                )  # fmt: skip
    given.eval()
    return model


def _expect_kernels(
    model: MadeModule, shapes: list[tuple[int, ...]], case: str
) -> None:
    """A kernel for each matrix, and biases where the head has some."""
    found = model.parameters()
    got = [tuple(shape) for shape in found.outcome.value.values()]
    kernels = [sorted(s for s in some if len(s) > 1) for some in (got, shapes)]
    if kernels[0] == kernels[1] and len(got) > len(shapes):
        fail(found, case, "A dense layer of the head has no bias, and its convolution "
             "has one.", f"Numbers of biases: too many by {len(got) - len(shapes)}."
             )  # fmt: skip
    if kernels[0] == kernels[1] and len(got) < len(shapes):
        fail(found, case, "A dense layer of the head has a bias, and its convolution "
             "has none.")  # fmt: skip
    expect_parameters(model, shapes, case)


def _not_copied(model: MadeModule, oracle: nn.Module, result: Result) -> Mistakes:
    """Parameters of the head that are not in the new model, when not all are there."""
    mine = [value.reshape(-1) for value in model.state().outcome.value.values()]
    for kind, words in ((1, "biases"), (2, "weights")):
        wanted = [p.detach().numpy().reshape(-1) for p in oracle.parameters()
                  if min(p.dim(), 2) == kind]  # fmt: skip
        sums = [one.sum() for one in mine]
        if any(not np.isclose(one.sum(), sums).any() for one in wanted):
            yield (result.outcome.value, f"The new model has not all {words} of the "
                   "head: copy them, too.")  # fmt: skip


def _sequence(layers: Layers) -> nn.Sequential:
    made = [getattr(nn, str(name))(*sizes) for name, *sizes in layers]
    return nn.Sequential(*made)


def _shapes(oracle: nn.Module, head: Head) -> list[tuple[int, ...]]:
    """Kernels in the place of matrices."""
    found, size = [], head.size
    for parameter in oracle.parameters():
        shape = tuple(parameter.shape)
        if len(shape) > 1:
            inputs = shape[1] // math.prod(size)
            shape, size = (shape[0], inputs, *size), (1, 1)
        found.append(shape)
    return found


def _windows(x: Tensor, size: tuple[int, int]) -> Tensor:
    """All windows of the maps, (n, maps, places down, places across, *size)."""
    return x.unfold(2, size[0], 1).unfold(3, size[1], 1)


def _everywhere(oracle: nn.Module, x: Tensor, size: tuple[int, int]) -> Tensor:
    windows = _windows(x, size).permute(0, 2, 3, 1, 4, 5)
    with torch.no_grad():
        scores = oracle(windows.flatten(0, 2))
    return scores.reshape(*windows.shape[:3], -1).permute(0, 3, 1, 2)


def _mistakes_head(oracle: nn.Module, x: Tensor, head: Head) -> Mistakes:
    windows = _windows(x, head.size).permute(0, 2, 3, 1, 4, 5)
    order = "In the head's row come all numbers of the first map, line by line, then "
    for axes, words in (
        ((0, 1, 2, 4, 5, 3), f"{order}those of the second: maps before places."),
        ((0, 1, 2, 3, 5, 4), f"{order}those of the second: lines before columns."),
    ):
        turned = windows.permute(axes).flatten(3).flatten(0, 2)
        with torch.no_grad():
            scores = oracle(turned.reshape(-1, *windows.shape[3:]))
        yield scores.reshape(*windows.shape[:3], -1).permute(0, 3, 1, 2), words
    yield (_everywhere(oracle, x.flip(2, 3), head.size).flip(2, 3), "The kernels are "
           "turned round: torch's convolution does not flip them.")  # fmt: skip
    for kinds, words in (
        (nn.ReLU, "The ReLU is missing. What stands between dense layers stays."),
        (nn.Tanh, "The tanh is missing. What stands between dense layers stays."),
        (nn.Sigmoid, "The sigmoid is missing. What stands between dense layers stays."),
        ((nn.ReLU, nn.Tanh, nn.Sigmoid), "The activations are missing. They stay."),
    ):  # fmt: skip
        kept = [layer for layer in oracle.children() if not isinstance(layer, kinds)]
        yield _everywhere(nn.Sequential(*kept), x, head.size), words
    right = _everywhere(oracle, x, head.size)
    alone = right.mean((2, 3), keepdim=True)
    yield alone, "The map of scores is asked for, not its mean."
    yield (
        alone[:, :, 0, 0],
        "A map of scores has four axes, also when it has one place.",
    )


def _expect_apart(
    given: MadeModule, model: MadeModule, oracle: nn.Module, head: Head, cases: Cases
) -> None:
    """The head stayed as it was, and what happens to it does not reach the other."""
    case, x = head.case, normal(cases, 1, head.maps, *head.larger)
    own = normal(cases, 2, head.maps, *head.size)
    expect(given(own), output_of(oracle, own), f"{case}: the head afterwards")
    right = _everywhere(oracle, x, head.size)
    _expect_trainable(given, own, torch.from_numpy(output_of(oracle, own)), case)
    _expect_trainable(model, x, right, case)
    silent = copy.deepcopy(oracle)
    with torch.no_grad():
        for parameter in silent.parameters():
            parameter.zero_()
    given.write({name: p.detach() for name, p in silent.named_parameters()})
    expect(model(x), right, f"{case}: the head's weights have become 0",
           [(_everywhere(silent, x, head.size), SHARED)])  # fmt: skip


def _expect_trainable(model: MadeModule, x: Tensor, scores: Tensor, case: str) -> None:
    flowed = model.gradients(x, upstream=torch.ones_like(scores), case=case)
    asked = all(one is not None for one in flowed.of_parameters.values())
    expect_that(model.parameters(), asked, case, "a weight gets no gradient", FROZEN)


FROZEN = "Both the head and the new model can still be trained: requires_grad is True."
SHARED = (
    "Your kernels lie in the head's memory: reshape gives a view. Whoever trains one "
    "changes the other."
)


RATE, UNITS_DROPPED, PLACES = 0.2, 20, 6


def _expect_rate(answer: Maker, cases: Cases) -> None:
    """Dropout is the same layer: units that say 1 show what becomes of each number."""
    many, size = UNITS_DROPPED, (2, 3)
    layers: Layers = [["Flatten"], ["Linear", 3 * 6, many], ["Dropout", RATE],
                      ["Linear", many, many, False]]  # fmt: skip
    start = _sequence(layers)
    with torch.no_grad():
        for parameter, values in zip(start.parameters(), (
            torch.zeros(many, 3 * 6), torch.ones(many), torch.eye(many)
        ), strict=True):  # fmt: skip
            parameter.copy_(values)
    model = answer.make_module(given_model(answer, layers, start), 3, size)
    model.train()
    x = normal(cases, 1, 3, size[0] + PLACES - 1, size[1] + PLACES - 1)
    case = f"training mode, a head with nn.Dropout({RATE})"
    result = model(x)
    found = result.array((1, many, PLACES, PLACES), case)[0].reshape(many, -1)
    zeros = np.isclose(found, 0)
    told = f"Units that say 1, in one map of scores: {_some(found[0])}, …"
    expect_that(result, bool(zeros.any()), case, told, "Nothing is dropped. Dropout "
                "stays in its place, too.")  # fmt: skip
    kept = np.isclose(found, 1 / (1 - RATE)) | zeros
    good = bool(kept.all()) and abs(zeros.mean() - RATE) < 0.1
    mixed = bool((zeros.any(1) & ~zeros.all(1)).sum() > many / 2)
    expect_that(result, mixed, case, told, "Whole maps are dropped: nn.Dropout2d is "
                "no nn.Dropout, which drops single numbers.")  # fmt: skip
    expect_that(result, good, case, told, "Dropout keeps its rate: here a fifth "
                "are dropped, and the other numbers divided by 0.8.")  # fmt: skip


def _expect_types(answer: Maker, cases: Cases) -> None:
    head = HEADS[2]
    given = given_model(answer, head.layers, stirred(_sequence(head.layers), cases))
    given.do("double")
    kinds = answer.make_module(given, head.maps, head.size).dtypes()
    found = given.parameters()
    expect_that(found, kinds == {"float64"}, "a head in float64", f"the new model's "
                f"numbers are {' and '.join(sorted(kinds))}", "It has the type of the "
                "head's numbers.")  # fmt: skip


# ---- Sixteen layers for small change ----

DEPTH, WEIGHTS, WORK = 16, 110_000, 5_000_000
WIDE, MAPS = 8, 24  # so many convolutions have at least so many maps
GOAL, LUCK = 0.42, 0.04
HOPELESS = 0.2  # so far below the goal, a second training does not help
SIDE, LEARN, STEPS = 32, 900, 150
WHY_NOT = (
    "Does anything of the image arrive at its end? Look at what the narrowest layers "
    "and the smallest maps let through. And try the same row with a few layers less: "
    "which give nothing in return for what they cost?"
)


@exercise("deep-row")
def deep_row(answer: Answer, cases: Cases) -> None:
    """No oracle: the row is counted, built and trained, twice if need be."""
    result = answer()
    expect_that(result, True, "your row", wanted="a text (str), the row")
    row = result.outcome.value
    if not isinstance(row, str):
        fail(result, "your row", f"returned {noun(row)}; expected a text (str), the "
             "row")  # fmt: skip
    maps = _read_row(result, row)
    _expect_affordable(result, row, maps)
    least = GOAL - LUCK * cases.hard
    parts = [_trained(row, cases)]
    if least - HOPELESS < parts[0] < least:  # perhaps it had bad luck
        parts.append(_trained(row, cases))
    told = " and ".join(f"{part:.0%}" for part in parts)
    expect_that(result, max(parts) >= least, "trained", f"{told} of the fresh tiles "
                f"are right; in the better of two runs {least:.0%} at least are "
                "wanted.", WHY_NOT)  # fmt: skip


def _read_row(result: Result, row: str) -> list[int]:
    """The maps of each convolution; fails for a word that is none."""
    maps, side = [], SIDE
    for word in row.split():
        number = word.removeprefix("3-")
        if word == "max":
            side //= 2
            expect_that(result, side > 0, "your row", "32 × 32 pixels can be halved "
                        "five times, not more.")  # fmt: skip
            continue
        good = word != number and number.isdecimal() and number.isascii()
        expect_that(result, good and int(number[:9]) > 0, "your row", f"the word "
                    f"{word[:40]!r} is neither max nor 3- and a number")  # fmt: skip
        maps.append(int(number[:9]))
    return maps


def _expect_affordable(result: Result, row: str, maps: list[int]) -> None:
    count = len(maps)
    expect_that(result, count >= DEPTH, "your row", f"It has {count} convolutions; at "
                f"least {DEPTH} are wanted.")  # fmt: skip
    wide = sum(outputs >= MAPS for outputs in maps)
    expect_that(result, wide >= WIDE, "your row", f"{wide} of its convolutions have "
                f"{MAPS} maps or more; at least {WIDE} are wanted.", "Narrow layers "
                "cost next to nothing, and are too easy: the budget is there to be "
                "spent.")  # fmt: skip
    weights, work, side, before = 0, 0, SIDE, 3
    for word in row.split():
        if word == "max":
            side //= 2
            continue
        outputs = int(word.removeprefix("3-"))
        weights += (9 * before + 1) * outputs
        work += 9 * before * outputs * side**2
        before = outputs
    last = before * side**2
    weights, work = weights + 10 * (last + 1), work + 10 * last
    expect_that(result, weights <= WEIGHTS, "your row", f"{weights:,} weights; at most "
                f"{WEIGHTS:,} are allowed, the dense layer with its "
                f"{10 * (last + 1):,} included", "In which layers do most of them "
                "sit?")  # fmt: skip
    expect_that(result, work <= WORK, "your row", f"{work:,} multiply-adds for an "
                f"image; at most {WORK:,} are allowed", "Which layers take most of "
                "them, and on maps of which size do they work?")  # fmt: skip


def _trained(row: str, cases: Cases) -> float:
    """The part of fresh tiles that is right after the recipe of the lesson."""
    tiles = stand_in(CIFAR10)
    x = torch.cat([tiles.train.images, tiles.test.images]).float() / 255
    x = (x - x.mean((0, 2, 3), keepdim=True)) / x.std((0, 2, 3), keepdim=True)
    t = torch.cat([tiles.train.labels, tiles.test.labels])
    dice = torch.Generator().manual_seed(cases.integer(0, 10**9))
    learn, rest = torch.randperm(len(t), generator=dice)[: 2 * LEARN].split(LEARN)
    model = _built(row, dice)
    adam = torch.optim.Adam(model.parameters(), lr=0.001)
    for _ in range(STEPS):
        batch = learn[torch.randint(LEARN, (32,), generator=dice)]
        loss = F.cross_entropy(model(x[batch]), t[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return float((model(x[rest]).argmax(1) == t[rest]).float().mean())


def _built(row: str, dice: torch.Generator) -> nn.Sequential:
    layers: list[nn.Module] = []
    maps, side = 3, SIDE
    for word in row.split():
        if word == "max":
            layers, side = [*layers, nn.MaxPool2d(2)], side // 2
            continue
        outputs = int(word.removeprefix("3-"))
        layers += [nn.Conv2d(maps, outputs, 3, padding=1), nn.ReLU()]
        maps = outputs
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * side**2, 10))
    with torch.no_grad():
        for parameter in model.parameters():
            fan_in = parameter[0].numel() if parameter.dim() > 1 else math.inf
            spread = math.sqrt(2 / fan_in)
            drawn = torch.randn(parameter.shape, generator=dice)
            parameter.copy_(spread * drawn)
    return model
