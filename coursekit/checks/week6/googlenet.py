"""Checks of "GoogLeNet"."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.compare import array
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.expect_module import (
    expect_buffers,
    expect_gradients,
    expect_parameters,
)
from coursekit.checks.loops import Layers, given_model
from coursekit.checks.maker import Maker
from coursekit.checks.matching import differences
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, output_of, shapes_of, stirred

READY = ("coursekit.models", "torchvision")
COUNTERS = ("coursekit.anatomy", "coursekit.models")

what_a_five_costs = quiz("what-a-five-costs")
which_count = quiz("which-count")


# ---- How narrow? ----


@exercise("how-narrow", "inputs", "outputs", "k", "part")
def widest(answer: Answer, cases: Cases) -> None:
    """Oracle: try one map after the other."""
    for given, case in (
        ((40, 7, 3, 2), "40 maps to 7, kernels of 3, a half"),
        ((192, 32, 5, 10), "GoogLeNet's fives, a tenth"),
        ((192, 32, 5), "GoogLeNet's fives, not more than alone"),
        ((10, 3, 1), "kernels of 1"),
        ((20, 7, 3, 3), "20 maps to 7, a third"),
        ((12, 4, 3, 3), "an exact fit"),
        ((3, 2, 5, 30), "not even one map"),
    ):
        expect(answer(*given), _widest(*given), case, _mistakes_widest(*given))
    for number in cases.count(6):
        sizes = cases.integer(2, 300), cases.integer(2, 300)
        k, part = 2 * cases.integer(0, 3) + 1, cases.integer(1, 12)
        case = f"random {number}: {sizes[0]} to {sizes[1]}, kernels of {k}"
        given = (*sizes, k, part)
        expect(answer(*given), _widest(*given), case, _mistakes_widest(*given))
    for r in (29, 40, 49):
        _large(answer, _tight(r))


def _large(answer: Answer, given: tuple[int, int, int, int]) -> None:
    result, case = answer(*given), "numbers too large for a float"
    raised = result.outcome.raised
    if raised and "OverflowError" in raised.kinds:
        fail(result, case, f"{result.whose} raised {raised.shown}", LONG)
    mistakes = [(_float(*given), "Floats have 16 digits. Stay with whole numbers: //."),
                (_in_64_bits(*given), LONG)]  # fmt: skip
    expect(result, _widest(*given), case, mistakes)


LONG = "NumPy's whole numbers have room for 18 digits; Python's own, int(…), for all."


def _tight(r: int) -> tuple[int, int, int, int]:
    """Numbers of 17 digits for which r maps are too many, by less than floats see.

    A loop over the maps comes to its end all the same.
    """
    part = next(p for p in range(10**15, 10**15 + 9) if 2 * r * p % 9 == 1)
    inputs = 2 * r * part - 1
    return inputs, inputs // 9, 3, part


def _widest(inputs: int, outputs: int, k: int, part: int = 1) -> int:
    alone, r = inputs * outputs * k * k, 0
    while part * (inputs * (r + 1) + (r + 1) * outputs * k * k) <= alone:
        r += 1
    return r


def _float(inputs: int, outputs: int, k: int, part: int = 1) -> int:
    return int(inputs * outputs * k * k / (part * (inputs + outputs * k * k)))


def _in_64_bits(inputs: int, outputs: int, k: int, part: int = 1) -> int:
    alone, pairs = (
        (number + 2**63) % 2**64 - 2**63
        for number in (inputs * outputs * k * k, part * (inputs + outputs * k * k))
    )
    return alone // pairs


def _mistakes_widest(inputs: int, outputs: int, k: int, part: int = 1) -> Mistakes:
    large = outputs * k * k
    exact = inputs * large / (part * (inputs + large))
    yield exact, "Maps come in whole numbers: the largest r that still holds."
    yield math.ceil(exact), "Rounded up it costs too much. The largest that *holds*."
    yield round(exact), "Rounded to the nearest it may cost too much."
    yield math.ceil(exact) - 1, "At most one part-th: exactly one part-th will do."
    biased = outputs * (inputs * k * k + 1) - part * outputs
    yield (biased // (part * (inputs + 1 + large)), "A bias is added, not multiplied: "
           "only products are counted.")  # fmt: skip
    yield (inputs // part, "The 1×1 layer works as well: its own multiply-adds are "
           "missing.")  # fmt: skip
    yield (inputs * large // (inputs + large), "That is for part = 1. Where does "
           "`part` come in?")  # fmt: skip
    yield (inputs * outputs * k // (part * (inputs + outputs * k)), "A kernel has k² "
           "places.")  # fmt: skip
    yield (inputs * outputs // (part * (inputs + outputs)), "The kernels have k² "
           "places, alone and behind the bottleneck.")  # fmt: skip
    small = inputs * k * k
    yield (outputs * small // (part * (outputs + small)), "Inputs and outputs are "
           "exchanged: the 1×1 layer reads the inputs.")  # fmt: skip
    yield (large // part, "That would be so if only the 1×1 layer worked.")
    yield (inputs * large // (part * (inputs + large)) + 1, "One less: with this one "
           "it costs too much.")  # fmt: skip


# ---- The module ----

Seven = tuple[int, int, int, int, int, int, int]


class _Inception(nn.Module):
    """The module; `how` is a mistake that somebody may have made."""

    def __init__(self, row: Seven) -> None:
        super().__init__()
        inputs, one, before_three, three, before_five, five, pooled = row
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def run(self, x: Tensor, how: str = "") -> Tensor:
        """The stack, right or with a mistake."""
        between = _same if how in ("between", "bare") else torch.relu
        large = _same if how == "large bare" else torch.relu
        behind = _same if how in ("behind", "bare") else torch.relu
        large = behind if behind is _same else large
        parts = [
            self.one(x) if how == "one bare" else behind(self.one(x)),
            large(self.three(between(self.before_three(x)))),
            large(self.five(between(self.before_five(x)))),
            self._pooled(x, how, behind),
        ]
        if how in ORDERS:
            parts = [parts[at] for at in ORDERS[how]]
        return torch.cat(parts, 1)

    def _pooled(self, x: Tensor, how: str, behind: Any) -> Tensor:  # noqa: ANN401
        if how == "pool last":
            return F.max_pool2d(behind(self.pooled(x)), 3, 1, 1)
        if how == "unpooled":
            return behind(self.pooled(x))
        if how == "average":
            return behind(self.pooled(F.avg_pool2d(x, 3, 1, 1)))
        if how == "zeros":
            return behind(self.pooled(F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 1)))
        if how == "pool bare":
            return self.pooled(F.max_pool2d(x, 3, 1, 1))
        return behind(self.pooled(F.max_pool2d(x, 3, 1, 1)))


def _same(x: Tensor) -> Tensor:
    return x


ORDERS = {
    "pool first": (3, 0, 1, 2),
    "upside down": (3, 2, 1, 0),
    "five first": (0, 2, 1, 3),
    "pool second": (0, 3, 1, 2),
    "pool third": (0, 1, 3, 2),
    "kernels by size": (2, 1, 0, 3),
    "three first": (1, 0, 2, 3),
}
ORDER = "The maps are right, their order is not: 1×1, 3×3, 5×5, pool."
HOW = {
    "between": "A bottleneck has a ReLU behind it, too.",
    "behind": "Every convolution has a ReLU right behind it, those at the end as well.",
    "bare": "No ReLU at all: then two layers in a row are one product of matrices.",
    "pool last": "In the pool branch the pooling comes first, then its 1×1 layer.",
    "unpooled": "Nothing is pooled in the pool branch.",
    "average": "The pooling takes the maximum, not the mean.",
    "zeros": "The pooling pads with zeros, and they win where all maps are negative. "
    "nn.MaxPool2d(…, padding=1) pads with −∞.",
    "one bare": "The 1×1 convolution alone in its branch has a ReLU behind it, too.",
    "large bare": "The 3×3 and the 5×5 convolution have a ReLU behind them as well.",
    "pool bare": "The projection has a ReLU behind it, like every convolution.",
} | dict.fromkeys(ORDERS, ORDER)


@exercise("inception-module", "inputs", "one", "before_three", "three", "before_five",
          "five", "pooled", by_hand=READY)  # fmt: skip
def Inception(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's layers, with random weights that are copied."""
    first: Seven = (4, 3, 2, 5, 1, 6, 7)
    _inception(answer, first, (1, 7, 6), cases, "4 maps of 7 × 6")
    _inception(answer, (1, 2, 3, 1, 4, 5, 6), (3, 2, 5), cases, "one map of 2 × 5")
    for number in cases.count(2):
        widths = (1 + cases.rng.permutation(9)[:7]).tolist()
        sides = cases.integer(1, 3), cases.integer(4, 8), cases.integer(1, 3)
        row: Seven = tuple(widths)
        _inception(answer, row, sides, cases, f"random {number}: {list(row)}")
    large: Seven = (192, 64, 96, 128, 16, 32, 32)
    _expect_six(answer.make_module(*large), _Inception(large), "GoogLeNet's 3a")


def _expect_six(
    model: MadeModule, oracle: _Inception, case: str, *inputs: Tensor
) -> None:
    found, shapes = model.parameters(), shapes_of(oracle)
    got = list(found.outcome.value.values())
    more = [size for size in got if len(size) == 1]
    if len(more) > 6 and not model.layout(*inputs).ideas:
        fail(found, case, *differences(got, shapes), "These are more layers than "
             "asked: six convolutions with biases, and no normalisation.")  # fmt: skip
    if sum(len(size) == 4 for size in got) < 6 and not model.layout(*inputs).ideas:
        fail(found, case, *differences(got, shapes), "There are six convolutions, each "
             "a layer of its own.")  # fmt: skip
    expect_parameters(model, shapes, case, *inputs)


def _inception(
    answer: Maker, row: Seven, sides: tuple[int, int, int], cases: Cases, case: str
) -> None:
    oracle = _Inception(row)
    stirred(oracle, cases)
    x = normal(cases, sides[0], row[0], *sides[1:])
    model = answer.make_module(*row)
    _expect_six(model, oracle, case, x)
    model.load(oracle, x)
    expect(model(x), output_of(oracle, x), case, _mistakes_inception(oracle, x))
    model.eval()
    expect(model(x), output_of(oracle, x), f"{case}, evaluation",
           _mistakes_inception(oracle, x))  # fmt: skip
    model.train()
    below = -x.abs() - 0.5
    expect(model(below), output_of(oracle, below), f"{case}, all below 0",
           _mistakes_inception(oracle, below))  # fmt: skip
    expect_gradients(model, oracle, x, case=case)


def _mistakes_inception(oracle: _Inception, x: Tensor) -> Mistakes:
    with torch.no_grad():
        for how, words in HOW.items():
            yield oracle.run(x, how).numpy(), words
        yield (
            oracle.run(x, "bare").relu().sum(1).numpy(),
            "Stack the maps; add nothing.",
        )


# ---- What fits ----

Shape = tuple[int, int, int, int]
Layer = tuple[int | None, int, int, int]
Branches = list[list[Layer]]

FITTING: tuple[tuple[Shape, Branches, str], ...] = (
    ((3, 4, 9, 7), [[(5, 3, 1, 1)], [(2, 1, 1, 0), (8, 3, 1, 1)], [(6, 3, 1, 1)]],
     "three branches"),
    ((1, 4, 9, 7), [[(3, 5, 1, 2)], [(None, 3, 1, 1)]], "a pooling without projection"),
    ((2, 5, 6, 8), [[(None, 3, 1, 1), (3, 1, 1, 0)], [(7, 3, 1, 1)]], "a projection"),
    ((3, 6, 9, 12), [[(8, 3, 2, 1)], [(2, 1, 1, 0), (4, 3, 2, 1)], [(None, 3, 2, 1)]],
     "stride 2 in each branch"),
    ((1, 7, 5, 4), [[], [(3, 3, 1, 1)]], "a branch without layers"),
    ((3, 7, 8, 6), [[(5, 4, 3, 1), (6, 2, 1, 0)]], "one branch"),
    ((1, 3, 11, 9), [[(4, 3, 2, 0)], [(None, 2, 2, 0)]], "kernels of 3 and of 2"),
)  # fmt: skip
UNFIT: tuple[tuple[Shape, Branches, str], ...] = (
    ((1, 4, 9, 7), [[(5, 1, 1, 0)], [(6, 3, 1, 0)]], "3×3 without its padding"),
    ((1, 4, 9, 7), [[(5, 1, 1, 0)], [(None, 3, 3, 1)]], "a pooling with stride 3"),
    ((1, 4, 9, 8), [[(5, 3, 2, 0)], [(6, 2, 2, 0)], [(3, 3, 2, 0)]], "widths 3 and 4"),
    ((1, 4, 8, 9), [[(5, 3, 2, 0)], [(6, 2, 2, 0)]], "heights 3 and 4"),
    ((1, 4, 9, 8), [[(6, 3, 1, 1)], [(6, 3, 1, 1)], [(6, 5, 1, 1)]], "one differs"),
    ((2, 4, 6, 7), [[(5, 3, 2, 1), (5, 3, 1, 1)], []], "a branch without layers"),
    ((1, 4, 10, 14), [[(5, 9, 1, 0)], [(6, 2, 4, 0)]], "2 × 6 and 3 × 4 places"),
    ((1, 4, 6, 10), [[(5, 5, 1, 0)], [(6, 3, 2, 1)]], "2 × 6 and 3 × 5 places"),
)  # fmt: skip


@exercise("what-fits", "shape", "branches")
def behind(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's layers, run on the device that only knows shapes."""
    for shape, branches, case in FITTING:
        _fits(answer, shape, branches, case)
    for shape, branches, case in UNFIT:
        expect_error(answer(shape, branches), "ValueError", case, "Two branches end on "
                     "different grids: such maps cannot be stacked.")  # fmt: skip
    for number in cases.count(6):
        shape, branches = _module(cases)
        case = f"random {number}: {len(branches)} branches"
        _fits(answer, shape, branches, case)


def _module(cases: Cases) -> tuple[Shape, Branches]:
    """Branches of one or two layers that end on one grid."""
    stride = cases.integer(1, 3)
    branches: Branches = []
    for _ in range(cases.integer(1, 5)):
        padding = cases.integer(0, 2)
        last: Layer = (cases.integer(1, 9), 2 * padding + 1, stride, padding)
        first: Layer = (cases.integer(1, 9), 1, 1, 0)
        pool: Layer = (None, 3, 1, 1)
        choices: Branches = [[last], [first, last], [pool, last]]
        branches.append(choices[cases.integer(0, 2)])
    shape = (1, 2, 3)[cases.integer(0, 2)], cases.integer(1, 9)
    return (*shape, cases.integer(5, 12), cases.integer(5, 12)), branches


def _fits(answer: Answer, shape: Shape, branches: Branches, case: str) -> None:
    result = answer(shape, branches)
    raised = result.outcome.raised
    if raised and "ValueError" in raised.kinds and len(branches) > 1:
        fail(result, case, f"it raised {raised.shown}, but all branches end on one "
             "grid", "Each of them begins with the shape that comes in.")  # fmt: skip
    expect(result, _stack(shape, branches), case, _mistakes_fits(shape, branches))


def _ends(shape: Shape, branches: Branches, pool: int | None = None) -> list[Shape]:
    """The shape behind each branch; pool: maps that a pooling is said to put out."""
    return [_end(shape, branch, pool) for branch in branches]


def _end(shape: Shape, branch: Sequence[Layer], pool: int | None) -> Shape:
    x = torch.empty(shape, device="meta")
    for maps, k, stride, padding in branch:
        if maps is None:
            window = nn.MaxPool2d(k, stride)
            x = window(F.pad(x, (padding,) * 4))
            x = x if pool is None else x[:, :1].expand(-1, pool, -1, -1)
        else:
            x = nn.Conv2d(x.shape[1], maps, k, stride, padding, device="meta")(x)
    n, channels, height, width = x.shape
    return n, channels, height, width


def _stack(shape: Shape, branches: Branches) -> Shape:
    ends = _ends(shape, branches)
    n, _, height, width = ends[0]
    return n, sum(end[1] for end in ends), height, width


def _mistakes_fits(shape: Shape, branches: Branches) -> Mistakes:
    n, total, height, width = _stack(shape, branches)
    ends = _ends(shape, branches)
    yield (n, total, width, height), "Height and width are exchanged."
    yield (n, max(end[1] for end in ends), height, width), "Stacked, not laid over."
    more = (n, total + shape[1], height, width)
    yield more, "The maps that come in go on only where a branch hands them on."
    yield (n, math.prod(end[1] for end in ends), height, width), "Maps add up."
    none = sum(_end(shape, b, None)[1] for b in branches if not b or b[-1][0])
    yield (n, none, height, width), "A pooling puts out as many maps as it gets."
    last = sum(b[-1][0] or shape[1] for b in branches if b)
    yield (n, last, height, width), "A branch without layers hands on all its maps."
    yield (n, ends[-1][1], height, width), "That is the last branch alone: stack them."
    yield (n, ends[0][1], height, width), "That is the first branch alone: stack them."
    every = sum(maps or 0 for b in branches for maps, *_ in b)
    yield (n, every, height, width), "Only the last layer of a branch is stacked."
    yield (n, total, *shape[2:]), "Kernel, stride and padding change height and width."
    yield (n, total, height, height), "The maps need not be square."
    images = (sum(end[0] for end in ends), ends[0][1], height, width)
    yield images, "Maps are stacked along the channels, not along the images."
    yield (1, total, height, width), "The number of images stays."
    yield (total, height, width), "The number of images comes first."
    half = [[(m, k, s, p / 2) for m, k, s, p in b] for b in branches]
    yield (n, total, *_sides(shape, half)), "The padding is on *each* side."
    slow = [[(m, k, 1, p) for m, k, _, p in branches[0]]]
    yield (n, total, *_sides(shape, slow)), "Where is the stride?"


def _sides(shape: Shape, branches: list[list[Any]]) -> tuple[int, int]:
    height, width = shape[2:]
    for _, k, stride, padding in branches[0]:
        height, width = (int((n + 2 * padding - k) // stride + 1)
                         for n in (height, width))  # fmt: skip
    return height, width


# ---- A row of the table ----


@exercise("row-of-the-table", "row", "height", "width", by_hand=COUNTERS)
def bill(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's layers; each weight works once at each place."""
    for row, height, width, case in _rows(cases):
        right = _bill(row, height, width)
        expect(answer(row, height, width), right, case,
               _mistakes_bill(row, height, width))  # fmt: skip


def _rows(cases: Cases) -> Iterator[tuple[Seven, int, int, str]]:
    yield (2, 3, 1, 4, 6, 5, 8), 1, 1, "a single place"
    yield (3, 7, 2, 5, 1, 4, 6), 5, 9, "maps of 5 × 9"
    yield (192, 64, 96, 128, 16, 32, 32), 28, 28, "GoogLeNet's 3a"
    yield (832, 384, 192, 384, 48, 128, 128), 7, 7, "GoogLeNet's 5b"
    for number in cases.count(6):
        drawn = cases.rng.integers(1, 60, 7).tolist()
        row: Seven = tuple(drawn)
        yield row, cases.integer(2, 30), cases.integer(2, 30), f"random {number}: {row}"


def _bill(row: Seven, height: int, width: int) -> tuple[int, int]:
    with torch.device("meta"):
        layers = list(_Inception(row).children())
    weights = sum(p.numel() for layer in layers for p in layer.parameters())
    products = sum(p.numel() for layer in layers for p in layer.parameters()
                   if p.dim() == 4)  # fmt: skip
    return weights, products * height * width


def _mistakes_bill(row: Seven, height: int, width: int) -> Mistakes:
    weights, work = _bill(row, height, width)
    inputs, one, before_three, three, before_five, five, pooled = row
    places, products = height * width, work // (height * width)
    yield (products, work), "Biases are weights, too."
    yield (weights, weights * places), "A bias is added, not multiplied."
    yield (weights, products), "A weight works once at each place of the maps."
    yield (weights, products * height * height), "The maps need not be square."
    yield (work, weights), "The weights come first."
    yield (weights * places, work), "Weights are shared by all places: count them once."
    lost = inputs * pooled
    yield (weights - lost - pooled, work - lost * places), "The projection is missing."
    lost = inputs * (before_three + before_five)
    yield ((weights - lost - before_three - before_five, work - lost * places),
           "The bottlenecks have weights and work themselves.")  # fmt: skip
    more = 9 * (inputs - before_three) * three + 25 * (inputs - before_five) * five
    yield ((weights + more, work + more * places), "The large kernels see the narrow "
           "maps, not the inputs.")  # fmt: skip
    less = 6 * before_three * three + 20 * before_five * five
    yield (weights - less, work - less * places), "A kernel has k² places."
    more = 16 * (before_three * three - before_five * five)
    yield ((weights + more, work + more * places), "Which branch has the kernels of "
           "3 × 3, and which those of 5 × 5?")  # fmt: skip
    more = 8 * inputs * pooled
    yield ((weights + more, work + more * places), "The pooling has no weights, and "
           "the projection behind it sees one place.")  # fmt: skip
    yield (weights + 1 - len(row), work), "Every map has a bias, not every layer."
    seen = sum(row[1:]) - before_three - before_five
    yield (products + seen, work), "The bottlenecks have biases as well."
    stacked = one + three + five + pooled
    yield (
        (weights, stacked * places),
        "Each number that comes out is a sum of products.",
    )


# ---- A guided network ----

LOWER: Layers = [["Conv2d", 3, 4, 3], ["BatchNorm2d", 4]]  # ends below 0, too
UPPER: Layers = [["AdaptiveAvgPool2d", 1], ["Flatten"], ["Linear", 4, 5]]
HEAD: Layers = [["Conv2d", 4, 3, 2], ["Flatten"], ["Linear", 6, 5]]
FITS = (2, 3)  # sides of the maps for which the head is made
PARTS = {"lower": LOWER, "upper": UPPER, "head": HEAD}


class _Guided(nn.Module):
    def __init__(self, weight: float) -> None:
        super().__init__()
        self.lower, self.upper, self.head = (
            nn.Sequential(*(getattr(nn, str(name))(*sizes) for name, *sizes in layers))
            for layers in PARTS.values()
        )
        self.weight = weight

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        main, other = self.losses(x, t)
        return main + self.weight * other if self.training else main

    def losses(self, x: Tensor, t: Tensor, reduction: str = "mean") -> list[Tensor]:
        """Of the end and, where it fits, of the head."""
        maps = self.lower(x)
        fits = maps.shape[2:] == FITS
        scores = [self.upper(maps), self.head(maps) if fits else self.upper(maps)]
        return [F.cross_entropy(one, t, reduction=reduction) for one in scores]


@exercise("guided-network", "lower", "upper", "head", "weight", by_hand=READY)
def Guided(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: the same sum of torch's own losses, and its gradients."""
    for weight, n in ((0.3, 3), (0.7, 1), (0.3, 4)):
        oracle = _Guided(weight)
        stirred(oracle, cases)
        x = normal(cases, n, 3, 4, 5)
        t = torch.from_numpy(cases.rng.integers(0, 5, n))
        _guided(answer, oracle, x, t, n != 4)


def _guided(answer: Maker, oracle: _Guided, x: Tensor, t: Tensor, told: bool) -> None:
    """told: the weight is given; else the answer's own default must be 0.3."""
    parts = []
    for name, layers in PARTS.items():
        parts.append(given_model(answer, layers, oracle.get_submodule(name)))
        parts[-1].name = name
    named = {"weight": oracle.weight} if told else {}
    model = answer.make_module(*parts, **named)
    many = f"{len(x)} images" if len(x) > 1 else "one image"
    case = f"{many}, weight {oracle.weight}" if told else f"{many}, no weight given"
    _expect_nothing_learned(model, oracle, case)
    expect_parameters(model, shapes_of(oracle), case, x, t)
    hooks = model.hooks().outcome.value
    _judged(model, oracle, x, t, case)
    model.train()
    oracle.train()
    model.load(oracle, x, t)
    _expect_loss(model(x, t), _loss(oracle, x, t), f"{case}, training",
                 _mistakes_guided(oracle, x, t))  # fmt: skip
    _expect_once(model, oracle, case)
    expect_gradients(model, oracle, x, t, case=f"{case}, training")
    _expect_same_objects(model, oracle, parts, (x, t), case)
    _partly_frozen(model, oracle, parts, (x, t), case)
    _expect_all_parameters(model, oracle, case)
    _expect_no_new_hooks(model, hooks, case)


def _expect_loss(
    result: Result, right: np.ndarray, case: str, mistakes: Mistakes
) -> None:
    """The loss, in a tensor from which gradients can start."""
    expect(result, right, case, mistakes)
    tensor = isinstance(result.outcome.value, Tensor)
    expect_that(result, tensor, case, "the loss is right, but it is no tensor",
                "Return the tensor, not a float of it (.item(), float(…)): nobody can "
                "call backward() on a float.")  # fmt: skip


def _expect_nothing_learned(model: MadeModule, oracle: _Guided, case: str) -> None:
    found = model.parameters()
    got = list(found.outcome.value.values())
    own = [size for size in got if size in ((), (1,))]
    expect_that(found, not own, case, "there is a parameter of one number, which none "
                "of the three parts has", "Is it `weight`? It is given, and not "
                "learned: no nn.Parameter.")  # fmt: skip


def _partly_frozen(
    model: MadeModule,
    oracle: _Guided,
    parts: Sequence[MadeModule],
    batch: tuple[Tensor, Tensor],
    case: str,
) -> None:
    """One part is switched to evaluation, the network still trains; and the reverse."""
    for part in (parts[0], parts[2]):
        model.train()
        oracle.train()
        part.eval()
        oracle.get_submodule(part.name).eval()
        model.tell(f"{part.name}.eval()")
        told = f"{case}, training, but for {part.name}"
        expect(model(*batch), _loss(oracle, *batch), told, _of_a_part(oracle, batch))
    model.eval()
    oracle.eval()
    parts[2].train()
    model.tell("head.train()")
    told = f"{case}, evaluation, but for head"
    expect(model(*batch), _loss(oracle, *batch), told, _of_a_part(oracle, batch))


OWN_MODE = (
    "What counts is the mode of the network itself, not that of one of its parts."
)


def _of_a_part(oracle: _Guided, batch: tuple[Tensor, Tensor]) -> Mistakes:
    state = {name: one.clone() for name, one in oracle.state_dict().items()}
    with torch.no_grad():
        main, head = (one.item() for one in oracle.losses(*batch))
    oracle.load_state_dict(state)
    yield main, OWN_MODE
    yield main + oracle.weight * head, OWN_MODE


def _expect_all_parameters(model: MadeModule, oracle: _Guided, case: str) -> None:
    """What an optimiser would get from `parameters()` itself."""
    every = len(list(oracle.parameters()))
    found = model.make("parameters").take(every + 1)
    expect_that(found, len(found.outcome.value or []) == every, case, "parameters() "
                f"should give {every} tensors, those of all three parts; yours gave "
                f"{len(found.outcome.value or [])}", "Does the class define its own "
                "`parameters`? The one of nn.Module does it.")  # fmt: skip


def _expect_no_new_hooks(model: MadeModule, before: Any, case: str) -> None:  # noqa: ANN401
    found = model.hooks()
    same = sum(found.outcome.value.values()) == sum(before.values())
    expect_that(found, same, case, "each call leaves a hook behind", "Remove what you "
                "register, or do without.")  # fmt: skip


def _judged(
    model: MadeModule, oracle: _Guided, x: Tensor, t: Tensor, case: str
) -> None:
    """In evaluation mode: the loss of the end, for maps of any size."""
    model.eval()
    oracle.eval()
    _expect_loss(model(x, t), _loss(oracle, x, t), f"{case}, evaluation",
                 _mistakes_guided(oracle, x, t))  # fmt: skip
    model.gradients(x, t, upstream=torch.ones(()), case=f"{case}, evaluation")
    wide = torch.cat([x, x.flip(3)], 3)
    result = model(wide, t)
    raised = result.outcome.raised
    where = f"{case}, evaluation, wider images"
    if raised:
        fail(result, where, f"{result.whose} raised {raised.shown}", "In evaluation "
             "mode the head is not run: it fits one size of maps only.")  # fmt: skip
    expect(result, _loss(oracle, wide, t), where)


def _loss(oracle: _Guided, x: Tensor, t: Tensor) -> np.ndarray:
    return output_of(oracle, x, t)


def _mistakes_guided(oracle: _Guided, x: Tensor, t: Tensor) -> Mistakes:
    state = {name: one.clone() for name, one in oracle.state_dict().items()}
    with torch.no_grad():
        main, head = (one.item() for one in oracle.losses(x, t))
        sums = [one.item() for one in oracle.losses(x, t, "sum")]
        maps = oracle.lower(x)
        soft = [F.cross_entropy(part(maps).softmax(1), t).item()
                for part in (oracle.upper, oracle.head)]  # fmt: skip
        cut = [F.cross_entropy(part(maps.relu()), t).item()
               for part in (oracle.upper, oracle.head)]  # fmt: skip
        scores = oracle.upper(maps) + oracle.weight * oracle.head(maps)
        added = F.cross_entropy(scores, t).item()
    oracle.load_state_dict(state)
    w = oracle.weight
    if oracle.training:
        yield main, "In training mode the loss of the head is added."
        yield main + head, "The loss of the head counts `weight` times."
        yield main + 0.3 * head, "Does it use `weight`, which need not be 0.3?"
        yield w * main + head, "It is the head's loss that is weighed, not the other."
        yield (1 - w) * main + w * head, "The loss of the end keeps its full weight."
        yield (main + w * head) / 2, "The losses are added: no mean of the two."
        yield (main + w * head) / (1 + w), "The losses are added: no mean of the two."
        yield sums[0] + w * sums[1], "The mean over the batch, not the sum."
        yield soft[0] + w * soft[1], SOFT
        yield main + w * cut[1], CUT
        yield cut[0] + w * cut[1], CUT
        yield added, "Two losses are added, not the scores of end and head."
        yield w * head, "The loss of the end is missing."
        yield w * (main + head), "The loss of the end keeps its full weight."
    else:
        yield main + w * head, "In evaluation mode the head does not count."
        yield main + head, "In evaluation mode the head does not count."
        yield sums[0], "The mean over the batch, not the sum."
        yield soft[0], SOFT
        yield cut[0], CUT


CUT = "Hand the maps on as `lower` makes them: no ReLU of your own."
SOFT = "cross_entropy takes the scores themselves: the softmax is in it already."


def _expect_once(model: MadeModule, oracle: _Guided, case: str) -> None:
    """What a normalisation in `lower` remembers tells how often it ran."""
    name = "lower.1.running_mean"
    got = model.tensor(name)
    once = oracle.state_dict()[name].numpy()
    same = np.allclose(array(got.outcome.value), once, rtol=1e-3, atol=1e-5)
    expect_that(got, same, f"{case}, training", "A normalisation in `lower` remembers "
                "another mean than after one run.", "Keep its maps: end and head look "
                "at the same ones.")  # fmt: skip
    expect_buffers(model, oracle, f"{case}, training")


def _expect_same_objects(
    model: MadeModule,
    oracle: _Guided,
    parts: Sequence[MadeModule],
    batch: tuple[Tensor, Tensor],
    case: str,
) -> None:
    """A gradient through the network is one of the parts that were given."""
    model.backward(*batch, upstream=torch.ones(()))
    oracle(*batch).backward()
    for part in parts:
        left = part.stored_gradients()
        for name, parameter in oracle.get_submodule(part.name).named_parameters():
            got, wanted = left.outcome.value[name], parameter.grad
            there = got is not None and wanted is not None
            expect_that(left, there, case, f"no gradient comes to {part.name}.{name}",
                        "Keep the parts that are given, not copies of them.",
                        )  # fmt: skip
    oracle.zero_grad()


# ---- Spend a budget ----

GOAL, SHORT, LUCK, FULL = 0.15, 0.3, 0.01, 5

Kinds = dict[int, tuple[int, int]]  # of each size 1, 3, 5: kernels, and their rank


@dataclass(frozen=True)
class Made:
    """A layer of kernels, and the error that is to be reached."""

    kernels: np.ndarray
    goal: float = GOAL
    scale: float = 1.0

    @property
    def budget(self) -> int:
        """What it costs to come a little below the goal, step by step, and 2 % more."""
        cost, left = 0, float(np.square(self.kernels).sum())
        enough = (self.goal * 14 / 15) ** 2 * left
        for step in _steps(self, 2, 1):
            if left <= enough:
                break
            cost, left = cost + step.price, left - step.value**2
        return round(1.02 * cost)

    @property
    def case(self) -> str:
        """In words."""
        count, maps = self.kernels.shape[:2]
        size = "" if self.scale == 1 else f", {self.scale:g} times as large"
        return f"{count} kernels on {maps} maps{size}, budget {self.budget:,}"


@exercise("spend-a-budget", "kernels", "budget")
def spend(answer: Answer, cases: Cases) -> None:
    """No oracle: the branches are put together again, and compared with the layer."""
    first = _kernels({1: (6, 8), 3: (7, 5), 5: (6, 3)}, 32, cases)
    layers = [Made(first), Made(first, SHORT)]
    kinds: list[tuple[Kinds, float]] = [({1: (9, 9), 3: (5, 3), 5: (7, 4)}, 1)]
    kinds += [({3: (9, 6), 5: (5, 2)}, 100), ({1: (4, 4), 3: (11, 7), 5: (1, 1)}, 0.01)]
    for _ in cases.count(2):
        rank = cases.integer(4, 7), cases.integer(2, 4)
        more = {3: (cases.integer(6, 10), rank[0]), 5: (cases.integer(5, 8), rank[1])}
        kinds.append(({1: (cases.integer(4, 9), 9), **more}, 1))
    for kind, scale in kinds:
        kernels = _kernels(kind, cases.integer(24, 40), cases)
        layers.append(Made(scale * kernels, scale=scale))
    for made in [*layers, _telling(cases)]:
        _spent(answer(made.kernels, made.budget), made, made.goal + LUCK * cases.hard)


def _telling(cases: Cases) -> Made:
    """A layer for which neither the largest value nor value / price is a good rule."""
    kinds = {1: (16, 16), 3: (5, 5), 5: (8, 8)}
    for _ in range(150):
        made = Made(_kernels(kinds, cases.integer(24, 40), cases), SHORT)
        rules = (_by_rule(made, 1, 0), _by_rule(made, 1, 1))
        if min(rules) > SHORT + 1.5 * LUCK:
            break
    return made


def _by_rule(made: Made, power: int, costs: int) -> float:
    """The error when the steps with the largest value^power / price^costs are taken."""
    money, left = made.budget, float(np.square(made.kernels).sum())
    for step in _steps(made, power, costs):
        if step.price <= money:
            money, left = money - step.price, left - step.value**2
    return float(np.sqrt(left) / np.linalg.norm(made.kernels))


@dataclass(frozen=True)
class Group:
    """The kernels of one size: the singular values, and the price of one of them."""

    price: int
    values: np.ndarray


@dataclass(frozen=True)
class Step:
    """One more map at a narrow place."""

    price: int
    value: float


def _groups(made: Made) -> list[Group]:
    sizes, groups = np.array(_sizes(made.kernels)), []
    for k in np.unique(sizes):
        flat = _flat(made.kernels[sizes == k], int(k))
        values = np.linalg.svd(flat, compute_uv=False)
        groups.append(Group(sum(flat.shape), values))
    return groups


def _steps(made: Made, power: int, costs: int) -> list[Step]:
    """Those of all groups, the best by value^power / price^costs first."""
    steps = [Step(group.price, float(value)) for group in _groups(made)
             for value in group.values]  # fmt: skip
    return sorted(steps, key=lambda one: -(one.value**power) / one.price**costs)


def _kernels(kinds: Kinds, maps: int, cases: Cases) -> np.ndarray:
    found = []
    for k, (count, rank) in kinds.items():
        sums = cases.rng.standard_normal((rank, maps)) * 0.8 ** np.arange(rank)[:, None]
        windows = cases.rng.standard_normal((count, rank, k, k))
        kernels = np.einsum("irhw,rl->ilhw", windows, sums)
        kernels /= np.sqrt(np.square(kernels).sum((1, 2, 3), keepdims=True))
        edge = (FULL - k) // 2
        found.append(np.pad(kernels, [(0, 0)] * 2 + [(edge, edge)] * 2))
    every = cases.rng.permutation(np.concatenate(found))
    return every + 0.003 * cases.rng.standard_normal(every.shape)


def _spent(result: Result, made: Made, goal: float) -> None:
    expect_that(result, True, made.case, wanted="a list of branches")
    branches = [_branch(result, at, one, made)
                for at, one in enumerate(_listed(result, made.case))]  # fmt: skip
    _expect_each_once(result, [one.outputs for one in branches], made)
    cost = sum(one.cost for one in branches)
    expect_that(result, cost <= made.budget, made.case, f"the branches cost {cost:,} "
                f"multiply-adds for each place, {made.budget:,} are allowed",
                "A bottleneck costs r·L, its kernels r·k²·o.")  # fmt: skip
    together = np.zeros(made.kernels.shape)
    for one in branches:
        together[one.outputs] = one.kernels
    error = float(np.linalg.norm(together - made.kernels) /
                  np.linalg.norm(made.kernels))  # fmt: skip
    expect_that(result, error <= goal, made.case, f"the relative error is {error:.3f}; "
                f"{made.goal} is the goal, and {cost:,} were spent",
                _why(branches, made, error))  # fmt: skip


@dataclass(frozen=True)
class Branch:
    """One that has been looked at: its kernels with zeros around them."""

    outputs: list[int]
    side: int
    rank: int
    cost: int
    kernels: np.ndarray


def _listed(result: Result, case: str) -> Sequence[Any]:
    value = result.outcome.value
    if not isinstance(value, list | tuple) or not value:
        fail(result, case, f"returned {noun(value)}; expected a list of branches")
    for at, one in enumerate(value):
        if not isinstance(one, list | tuple) or len(one) != 3:
            fail(result, case, f"branch {at} is {noun(one)}; expected three things: "
                 "outputs, reduce, expand")  # fmt: skip
    return value


def _branch(result: Result, at: int, parts: Sequence[Any], made: Made) -> Branch:
    case, maps = made.case, made.kernels.shape[1]
    outputs, reduce, expand = (array(part) for part in parts)
    numbers = outputs.tolist() if isinstance(outputs, np.ndarray) else outputs
    whole = isinstance(numbers, list | tuple) and all(type(n) is int for n in numbers)
    if not whole:
        fail(result, case, f"the outputs of branch {at} should be a list of whole "
             f"numbers, not {noun(outputs)}")  # fmt: skip
    kernels = _numbers(result, case, expand, f"expand of branch {at}", 4)
    side = kernels.shape[3]
    if kernels.shape[2] != side or side not in (1, 3, FULL):
        fail(result, case, f"expand of branch {at} has the shape {kernels.shape}",
             "The last two axes are k and k: 1, 3 or 5.")  # fmt: skip
    rank, cost = kernels.shape[1], kernels.size
    if reduce is not None:
        first = _numbers(result, case, reduce, f"reduce of branch {at}", 2)
        if first.shape != (rank, maps):
            fail(result, case, f"reduce of branch {at} has the shape {first.shape}, "
                 f"and expand {kernels.shape}", "(r, L) and (o, r, k, k)")  # fmt: skip
        cost, kernels = cost + first.size, np.einsum("irhw,rl->ilhw", kernels, first)
    if kernels.shape[:2] != (len(numbers), maps):
        fail(result, case, f"expand of branch {at} has the shape {array(expand).shape}",
             f"It should be for {len(numbers)} kernels, those of `outputs`, and "
             f"without a bottleneck on {maps} maps.")  # fmt: skip
    edge = (FULL - side) // 2
    padded = np.pad(kernels, [(0, 0)] * 2 + [(edge, edge)] * 2)
    return Branch(list(numbers), side, rank, cost, padded)


def _numbers(result: Result, case: str, value: Any, what: str, axes: int) -> np.ndarray:  # noqa: ANN401
    if not isinstance(value, np.ndarray) or value.ndim != axes:
        fail(result, case, f"{what} should be an array with {axes} axes, not "
             f"{noun(value)}")  # fmt: skip
    if value.dtype.kind not in "iuf" or not np.isfinite(value).all():
        fail(result, case, f"{what} should hold ordinary numbers, no nan, no True")
    return value.astype(float)


def _expect_each_once(result: Result, outputs: list[list[int]], made: Made) -> None:
    every = sorted(number for some in outputs for number in some)
    twice = sorted({n for n in every if every.count(n) > 1})
    missing = sorted(set(range(len(made.kernels))) - set(every))
    strange = sorted(set(every) - set(range(len(made.kernels))))
    for numbers, words in (
        (strange, "There is no kernel"),
        (twice, "In more than one place stands kernel"),
        (missing, "In no branch stands kernel"),
    ):
        told = f"{words} {', '.join(map(str, numbers[:5]))}."
        expect_that(result, not numbers, made.case, told, "Each kernel belongs to one "
                    "branch; they are counted from 0.")  # fmt: skip


def _why(branches: Sequence[Branch], made: Made, error: float) -> str:
    if error > 0.98:
        return (
            "Hardly anything of the layer is left. Are the kernels in the order of "
            "`outputs`, and their axes (o, r, k, k)?"
        )
    if len({one.side for one in branches}) == 1:
        return (
            "All kernels are treated as if they had one size. Some of them live in "
            "their middle, and pay for places that they do not use."
        )
    of_each = _sizes(made.kernels)
    wrong = sum(of_each[n] != one.side for one in branches for n in one.outputs)
    if wrong:
        return (
            f"{wrong} of the kernels are in a branch of another size than the one that "
            "they use. Where are the squares of their weights?"
        )
    if _best(branches, made) < 0.9 * error:
        return (
            "With these groups and these ranks a smaller error is possible: is the "
            "decomposition that of the whole group, as one matrix?"
        )
    return (
        "The groups are right. Was the money spent where it takes away most of the "
        "*squared* error for each multiply-add? Not every branch needs the same rank."
    )


def _sizes(kernels: np.ndarray) -> list[int]:
    squares = np.square(kernels).sum(1)
    whole = squares.sum((1, 2))
    one = squares[:, 2, 2] > 0.9 * whole
    three = squares[:, 1:4, 1:4].sum((1, 2)) > 0.9 * whole
    return np.where(one, 1, np.where(three, 3, FULL)).tolist()


def _best(branches: Sequence[Branch], made: Made) -> float:
    """The smallest relative error that these groups, sides and ranks allow."""
    lost = 0.0
    for one in branches:
        chosen = made.kernels[one.outputs]
        flat = _flat(chosen, one.side)
        left = np.linalg.svd(flat, compute_uv=False)[one.rank :]
        lost += np.square(chosen).sum() - np.square(flat).sum() + np.square(left).sum()
    return float(np.sqrt(max(0.0, lost)) / np.linalg.norm(made.kernels))


def _flat(kernels: np.ndarray, k: int) -> np.ndarray:
    """Their middles of k × k: a row for each map, a column for each other number."""
    edge = (FULL - k) // 2
    inner = kernels[:, :, edge : FULL - edge, edge : FULL - edge]
    return inner.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
