"""Checks of "Receptive fields".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import pairwise, permutations, product
from math import prod
from typing import Any

import numpy as np
import torch
from torch import nn

from coursekit.checks.compare import array
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
)
from coursekit.checks.loops import given_model
from coursekit.checks.maker import Maker
from coursekit.checks.quiz import quiz
from coursekit.checks.show import as_text

ANATOMY = ("coursekit.anatomy", "coursekit.plots.sight", "coursekit.explore")
Layers = list[tuple[int, int, int]]

two_layers = quiz("two-layers")


# ---- The recurrence ----


@exercise("field-recurrence", "layers", by_hand=ANATOMY)
def receptive_field(answer: Answer, cases: Cases) -> None:
    """Oracle: the ends of two fields, followed from the top down."""
    for layers, case in _stacks(cases):
        expect(answer(layers), _field(layers), case, _mistakes_field(layers))


def _stacks(cases: Cases) -> Iterator[tuple[Layers, str]]:
    yield [], "the image alone"
    yield [(3, 2, 2), (3, 3, 1)], "two layers with padding, strides 2 and 3"
    yield [(5, 1, 0)], "one layer, kernel 5"
    yield [(4, 3, 2)], "one layer with padding, stride 3"
    yield [(5, 1, 0), (3, 1, 0)], "kernels of 5 and 3"
    yield [(5, 3, 0), (3, 1, 2)], "stride 3 in the first layer"
    yield [(3, 1, 0), (5, 3, 0)], "stride 3 in the last layer"
    yield [(2, 2, 0), (4, 3, 0), (3, 1, 0)], "strides 2 and 3, then a kernel of 3"
    yield [(3, 2, 1), (5, 1, 2)], "padding above a stride of 2"
    for number in cases.count(15):
        layers = [
            (cases.integer(1, 7), cases.integer(1, 4), cases.integer(0, 3))
            for _ in range(cases.integer(2, 6 if cases.hard else 4))
        ]
        yield layers, f"random {number}: {len(layers)} layers"


def _field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    """Size, jump and first pixel, from the top down: what do units 0 and 1 read?"""
    first, last, following = 0, 0, 1
    for k, s, p in reversed(layers):
        first, last = first * s - p, last * s - p + k - 1
        following = following * s - p
    return last - first + 1, following - first, first


SIZES = {
    "right": "",
    "above": "The size is too large: you have used the jump after the layer's own "
    "stride. Its kernel reads units of the layer below, so the jump below counts.",
    "no jump": "The size grows as if there were no strides: k - 1 units of the layer "
    "below are k - 1 times its jump in pixels.",
    "k": "Each layer adds its k - 1 further units, not all k: one of them is counted "
    "already.",
    "last": "You use the stride of the one layer below. The fields there lie as far "
    "apart as all strides so far, multiplied, say.",
    "zero": "A pixel sees itself: the size begins with 1.",
    "product": "The kernels are multiplied. Neighbouring fields overlap: each further "
    "unit adds a jump.",
    "padded": "The padding does not change how many pixels a unit sees, only where.",
    "padded once": "The padding does not change how many pixels a unit sees, only "
    "where.",
    "less": "The padding takes nothing from the size: its places count as if the "
    "image went on there.",
    "less once": "The padding takes nothing from the size: its places count as if the "
    "image went on there.",
}
FIRSTS = {
    "right": "",
    "plus": "The first pixel has the wrong sign: padding lets unit 0 begin further to "
    "the left.",
    "no jump": "The first pixel: p places in a layer are p times the jump below it, "
    "in pixels.",
    "above": "The first pixel: the padding of a layer lies in the layer below, so "
    "the jump below it counts, not the one above.",
    "both": "The first pixel: p is the padding on each side, and unit 0 knows one side "
    "only.",
    "none": "The first pixel is 0 without padding only. With it, it is negative: do "
    "not cut it at 0.",
    "centre": "That is the middle of unit 0's field; asked is its first pixel.",
    "last": "The first pixel: the padding of every layer counts, not that of the last "
    "one alone. Add them up.",
}
JUMPS = {
    "right": "",
    "sum": "The jump: strides are multiplied, not added.",
    "sum less one": "The jump: strides are multiplied, not added.",
    "sum of all": "The jump: the strides are to be multiplied; you added them.",
    "last": "The jump is the product of all strides, not the last one alone.",
    "below": "That is the jump below the last layer: its own stride is missing.",
}


def _mistakes_field(layers: Layers) -> Mistakes:
    """Every mistake in size, first pixel or jump, then every pair of mistakes."""
    swapped = [(s, k, p) for k, s, p in layers]
    as_before = [(k, p, s) for k, s, p in layers]
    yield from (
        (order, "The order is size, jump, first pixel.")
        for order in permutations(_field(layers))
    )
    yield from [
        (_wrong_field(layers[::-1]), "You read the layers from the last to the first: "
         "begin at the image."),
        (_wrong_field(swapped), "A layer is (kernel, stride, padding): you took the "
         "stride for the kernel."),
        (_wrong_field(as_before), "Did you unpack (k, p, s), as in notebook 1? Here a "
         "layer is (kernel, stride, padding)."),
    ]  # fmt: skip
    for size, first, jump in sorted(product(SIZES, FIRSTS, JUMPS), key=_how_many):
        words = [SIZES[size], JUMPS[jump], FIRSTS[first]]
        yield _wrong_field(layers, size, first, jump), next(filter(None, words), "")


def _how_many(kinds: Sequence[str]) -> int:
    return sum(kind != "right" for kind in kinds)


def _wrong_field(
    layers: Layers, size: str = "right", first: str = "right", jump: str = "right"
) -> tuple[int, int, int]:
    """Size, jump and first pixel with one mistake of each kind, or none."""
    r, f, below = int(size != "zero"), 0, 1
    strides = [1, *(s for _, s, _ in layers)]
    for number, (k, s, p) in enumerate(layers):
        sums = {"sum": below + s, "sum less one": below + s - 1}
        above = sums.get(jump, below * s)
        r = {
            "above": r + (k - 1) * above,
            "no jump": r + k - 1,
            "k": r + k * below,
            "last": r + (k - 1) * strides[number],
            "product": r * k,
            "padded": r + (k - 1 + 2 * p) * below,
            "padded once": r + (k - 1 + p) * below,
            "less": r + (k - 1 - 2 * p) * below,
            "less once": r + (k - 1 - p) * below,
        }.get(size, r + (k - 1) * below)
        moved = {"plus": -below, "no jump": 1, "above": above, "both": 2 * below,
                 "none": 0}  # fmt: skip
        f = (first != "last") * f - p * moved.get(first, below)
        below = above
    jumps = {
        "sum of all": sum(strides[1:]),
        "last": strides[-1],
        "below": prod(strides[:-1]),
    }
    middle = (r - 1) // 2 if first == "centre" else 0
    return r, jumps.get(jump, below), f + middle


# ---- Pooling and dilation ----

Description = list[dict[str, Any]]


@exercise("field-pooling", "layers", by_hand=ANATOMY)
def growth(answer: Answer, cases: Cases) -> None:
    """Oracle: the units of each layer below that one unit reads, from the top down."""
    for layers, case in _networks(cases):
        expect(answer(layers), _growth(layers), case, _mistakes_growth(layers))
    why = "There are three kinds, conv, pool and relu: refuse every other one."
    unknown: list[tuple[dict[str, Any], str]] = [
        ({"kind": "dense", "k": 2}, why),
        ({"kind": "Conv", "k": 2}, why),
        ({"kind": "pooling", "k": 2}, why),
        ({"kind": "softmax"}, f"{why} Such a layer need not have a k."),
    ]
    for layer, words in unknown:
        layers = [{"kind": "conv", "k": 3}, layer]
        case = f"a layer of the kind {layer['kind']!r}"
        expect_error(answer(layers), "ValueError", case, words)


def _networks(cases: Cases) -> Iterator[tuple[Description, str]]:
    conv, relu = {"kind": "conv", "k": 5}, {"kind": "relu"}
    yield [conv, {"kind": "conv", "k": 3}], "two convolutions"
    yield [conv, relu, {"kind": "conv", "k": 4}], "a ReLU between two convolutions"
    yield [{"kind": "conv", "k": 4, "s": 3}, conv], "stride 3, then a kernel of 5"
    yield [{"kind": "conv", "k": 3, "d": 4}], "a kernel of 3, dilation 4"
    yield [{"kind": "conv", "k": 3, "d": 4}, conv], "dilation 4, then a kernel of 5"
    yield [{"kind": "pool", "k": 3, "s": 2}, conv], "a pooling of 3 with stride 2"
    yield [{"kind": "pool", "k": 3}, conv], "a pooling of 3 without a stride"
    yield [{"kind": "pool", "k": 3, "s": 1}, conv], "a pooling of 3 with stride 1"
    yield [{"kind": "conv", "k": 5, "p": 2}, conv], "a layer with padding"
    yield [relu, conv], "a ReLU at the beginning"
    two, three = ({"kind": "conv", "k": 4, "s": s} for s in (2, 3))
    yield [two, relu, conv], "stride 2, a ReLU, then a kernel of 5"
    yield [two, three, conv], "strides 2 and 3, then a kernel of 5"
    wide = {"kind": "pool", "k": 3, "d": 2}
    yield [wide, conv], "a pooling of 3 with dilation 2, without a stride"
    for number in cases.count(15):
        layers = [_layer(cases) for _ in range(cases.integer(2, 6))]
        yield layers, f"random {number}: {len(layers)} layers"


def _layer(cases: Cases) -> dict[str, Any]:
    kind = ("conv", "conv", "pool", "relu")[cases.integer(0, 3)]
    if kind == "relu":
        return {"kind": kind}
    layer: dict[str, Any] = {"kind": kind, "k": cases.integer(1, 5)}
    for name, low, high in (("s", 1, 3), ("p", 0, 2), ("d", 1, 3)):
        if cases.rng.random() < 0.4:
            layer[name] = cases.integer(low, high)
    return layer


def _growth(layers: Description) -> list[int]:
    """The sizes after each layer, each of them from the top down."""
    specs = [_spec(layer) for layer in layers]
    sizes = []
    for top in range(len(specs)):
        units = 1
        for k, s, d in specs[top::-1]:
            units = (units - 1) * s + d * (k - 1) + 1
        sizes.append(units)
    return sizes


def _spec(layer: dict[str, Any]) -> tuple[int, int, int]:
    """Kernel, stride and dilation, with PyTorch's defaults."""
    k = int(layer.get("k", 1))
    stride = int(layer.get("s", k if layer["kind"] == "pool" else 1))
    return k, stride, int(layer.get("d", 1))


def _mistakes_growth(layers: Description) -> Mistakes:
    right = _growth(layers)
    of = _sizes_of(layers)
    pools = [layer for layer in layers if layer["kind"] != "pool"]
    return [
        (right[-1:], "The sizes after all layers are asked for, one for each."),
        (right[-1], "The sizes after all layers are asked for, in a list."),
        ([1, *right], "The image is no layer: the list begins after the first one."),
        ([size for size, layer in zip(right, layers, strict=True)
          if layer["kind"] != "relu"], "A ReLU is a layer too: it has its place in the "
         "list, and the size stays as it is."),
        ([size for size, layer in zip(right, layers, strict=True)
          if layer["kind"] == "conv"], "Poolings and ReLUs have their place in the "
         "list too."),
        (of(pool=1), "The stride of a pooling, when it is not given, is as large as "
         "its window."),
        (of(pool=2), "The stride of a pooling, when it is not given, is as large as "
         "its window, and windows need not be 2."),
        (of(given=False), "A pooling may have a stride of its own: use \"s\" when it "
         "is given."),
        (of(conv=None), "A convolution has stride 1 when none is given."),
        (of(reach=lambda k, d: d * k), "From its first weight to its last a dilated "
         "kernel covers d (k - 1) + 1 units, not d k."),
        (of(reach=lambda k, d: k), "The dilation pulls the weights apart: a kernel of "
         "k covers more than k units."),
        (of(reach=lambda k, d: k + d - 1), "Every one of the k - 1 gaps of a dilated "
         "kernel is d wide, not only one."),
        (of(step=lambda s, d: s * d), "The dilation spreads the weights of its own "
         "layer. It makes no steps: the jump is the product of the strides."),
        (of(own=True), "A layer reads the units below it: its size grows by their "
         "jump, before its own stride comes in."),
        (of(jumping=False), "Strides are forgotten: what a layer adds is counted in "
         "the jump of the layer below."),
        (of(window=False), "A pooling has a window, and sees all that lies in it."),
        *((of(padding=sign), "Padding does not change how far a unit sees.")
          for sign in (2, 1, -1, -2)),
        *((of(shift=sign), "Padding does not change how far a unit sees.")
          for sign in (2, 1, -1, -2)),
        (of(relu=1), "A ReLU works on each number by itself: it adds nothing to the "
         "size."),
        (_growth(pools) if pools else None, "The poolings are left out: they have a "
         "window and a stride."),
    ]  # fmt: skip


def _sizes_of(layers: Description) -> Callable[..., list[int]]:
    """The sizes with something else in the place of what is right."""

    def sizes(
        pool: int | None = None,
        conv: int | None = 1,
        given: bool = True,
        reach: Callable[[int, int], int] = lambda k, d: d * (k - 1) + 1,
        step: Callable[[int, int], int] = lambda s, d: s,
        own: bool = False,
        jumping: bool = True,
        window: bool = True,
        padding: int = 0,
        shift: int = 0,
        relu: int = 0,
    ) -> list[int]:
        found, size, jump = [], 1, 1
        for layer in layers:
            k, s, d = _spec(layer)
            p = int(layer.get("p", 0))
            kind = str(layer["kind"])
            if "s" not in layer or (kind == "pool" and not given):
                s = {"pool": pool or k, "conv": conv or k}.get(kind, 1)
            above = jump * step(s, d)
            more = reach(k, d) - 1 + p * padding
            if kind == "relu":
                more = relu
            if kind == "pool" and not window:
                more = 0
            size += more * ((above if own else jump) if jumping else 1) + p * shift
            jump = above
            found.append(size)
        return found

    return sizes


# ---- The centre, and the border ----


@exercise("field-centre", "field", "unit", "n", by_hand=ANATOMY)
def window(answer: Answer, cases: Cases) -> None:
    """Oracle: the pixels one by one."""
    for field, unit, n, case in _windows(cases):
        size, jump, first = field
        pixels = [first + unit * jump + place for place in range(size)]
        seen = [pixel for pixel in pixels if 0 <= pixel < n]
        middle = sum(pixels) / size
        expected = (seen[0], seen[-1], float(middle))
        mistakes = _mistakes_window(field, unit, n)
        result = answer(field, unit, n)
        _refuse_refusal(result, case, "Part of this field lies in the image: cut it, "
                        "do not refuse it.")  # fmt: skip
        expect(result, expected, case, mistakes)
    why = "No pixel of the image lies in this field: refuse it."
    for field, unit, n, case in (
        ((3, 2, -3), 0, 6, "a field that ends before pixel 0"),
        ((3, 2, -1), 4, 7, "a field that begins behind the last pixel"),
        ((5, 4, -9), 1, 8, "a field that ends with pixel −1"),
        ((2, 3, 0), 3, 9, "a field that begins with pixel n"),
    ):
        expect_error(answer(field, unit, n), "ValueError", case, why)


def _refuse_refusal(result: Result, case: str, words: str) -> None:
    """Fail with these words when a ValueError is raised where an answer exists."""
    raised = result.outcome.raised
    if raised and raised.kinds[0] == "ValueError":
        line = f"on the line  {raised.line}" if raised.line else ""
        fail(result, case, f"your function raised {raised.shown}", line, words)


Window = tuple[tuple[int, int, int], int, int, str]


def _windows(cases: Cases) -> Iterator[Window]:
    yield (5, 2, 1), 3, 20, "a field inside the image"
    yield (4, 3, 0), 2, 15, "a field of even size"
    yield (13, 2, -5), 1, 8, "a field that is larger than the image"
    yield (7, 2, -3), 0, 11, "unit 0, cut on the left"
    yield (7, 3, -2), 3, 11, "cut on the right"
    yield (4, 2, -3), 0, 9, "a field of which one pixel is left"
    yield (3, 2, 0), 4, 9, "a field that begins with the last pixel"
    yield (1, 4, 0), 2, 9, "a field of one pixel"
    for number in cases.count(15):
        n, jump = cases.integer(5, 40), cases.integer(1, 5)
        size, unit = cases.integer(1, 20), cases.integer(0, 7)
        start = cases.integer(1 - size, n - 1)
        field = (size, jump, start - unit * jump)
        yield field, unit, n, f"random {number}: {n} pixels, unit {unit}"


def _mistakes_window(field: tuple[int, int, int], unit: int, n: int) -> Mistakes:
    size, jump, first = field
    start = first + unit * jump
    end = start - 1 + size
    left, right, middle = max(start, 0), min(end, n - 1), (start + end) / 2

    def cut(start: int, end: int) -> tuple[int, int, float]:
        inside = np.clip([start, end], 0, n - 1)
        return int(inside[0]), int(inside[1]), start + (end - start) / 2

    return [
        ((start, end, middle), "Pixels before 0 and behind n - 1 do not exist: cut "
         "them off."),
        ((left, end, middle), "The field is not cut at the end of the image."),
        ((start, right, middle), "The field is not cut at the beginning of the image."),
        ((left, right, (left + right) / 2), "The middle is that of the whole field, "
         "with the part that is cut off."),
        ((left, min(end, n), middle), "The last pixel of the image has the number "
         "n - 1."),
        ((left, min(end + 1, n), middle), "The last pixel still belongs to the field; "
         "you gave the one behind it."),
        ((left, min(end + 1, n - 1), middle), "The field ends too late: size pixels "
         "from the first one end at first + size - 1."),
        ((left, min(end + 1, n - 1), middle + 0.5), "A field of r pixels that begins "
         "at a ends at a + r - 1."),
        *(((left, right, middle + half), "The middle may lie between two pixels: "
           "leave it there, without round and without //.")
          for half in (-0.5, 0.5) if size % 2 == 0),
        ((left, right, start + size / 2), "The middle of pixels 0 to 4 is pixel 2: "
         "half of size - 1 from the first one."),
        ((left, right, left + (size - 1) / 2), "The middle is counted from where the "
         "whole field begins, not from where the image does."),
        ((left, right, (size - 1) / 2 + unit * jump), "The middle forgets where the "
         "field of unit 0 begins."),
        ((left, right, first + (size - 1) / 2), "That is the middle of unit 0."),
        (cut(first + unit, first + unit + size - 1), "From unit to unit the field "
         "moves by the jump, not by one pixel."),
        (cut(start - jump, end - jump), "Unit 0 begins at first; unit i begins i "
         "jumps further."),
        (cut(first, first + size - 1), "That is the field of unit 0."),
        (cut(unit * jump, unit * jump + size - 1), "The field of unit 0 begins at the "
         "first pixel, which need not be 0."),
        (cut(first + unit * size, first + unit * size + size - 1), "From unit to unit "
         "the field moves by the jump, not by its size."),
        ((left, right), "The middle of the field is missing."),
    ]  # fmt: skip


# ---- Measured ----


@exercise("measure-field", "model", "shape", "place", by_hand=ANATOMY)
def measure_field(answer: Maker, cases: Cases) -> None:
    """Oracle: the slopes of the same layers with no weight below 0, so that no two
    of them cancel."""
    for layers, shape, odd, case in _models(cases):
        oracle = _oracle(layers, odd, cases)
        rows, columns = oracle(torch.zeros(1, *shape)).shape[2:]
        for place in ((rows // 2, columns - 1), (rows - 1, columns // 3)):
            model = given_model(answer, layers, oracle)
            expected = _box(oracle, shape, place)
            case_here = f"{case}, place {place}"
            mistakes = _mistakes_box(oracle, shape, place, expected)
            result = answer(model, shape, place)
            _advise(result, case_here)
            expect(result, expected, case_here, mistakes)


# What torch says, and what to do about it in this exercise.
ADVICE = {
    "does not require grad": "Make the input with requires_grad=True: only then does "
    "torch note what is computed from it.",
    "through the graph a second time": "Give grad retain_graph=True as long as you "
    "have more to ask: without it torch throws its notes away after the first slope.",
    "only for scalar outputs": "grad wants a single number: ask for one unit after the "
    "other, or weigh the units with random factors and add them.",
    "Cannot access data pointer": "The model is watched while you use it, and "
    "torch.func does not get through. Please ask with torch.autograd.grad.",
    "out of bounds": "The place is row and column in the output, in this order.",
}


def _advise(result: Result, case: str) -> None:
    """Fail when the answer raised something that this exercise knows."""
    raised = result.outcome.raised
    words = [ADVICE[text] for text in ADVICE if raised and text in raised.text]
    if raised and words:
        line = f"on the line  {raised.line}" if raised.line else ""
        fail(result, case, f"your function raised {raised.shown}", line, words[0])


Model = tuple[list[list[object]], tuple[int, int, int], str, str]
Box = tuple[int, int, int, int]  # first and last row, first and last column


def _models(cases: Cases) -> Iterator[Model]:
    one: list[list[object]] = [["Conv2d", 1, 1, [3, 5]]]
    yield one, (1, 9, 12), "", "a convolution of 3 × 5"
    yield one, (1, 9, 12), "negative", "a convolution with one positive weight only"
    deep: list[list[object]] = [
        ["Conv2d", 2, 3, [3, 2]], ["AvgPool2d", [2, 3]], ["Conv2d", 3, 2, [2, 3], 1, 1],
    ]  # fmt: skip
    yield deep, (2, 13, 17), "", "two convolutions, a pooling between them"
    yield deep, (2, 13, 17), "blind", "weights of 0 for most of the first input channel"
    yield deep, (2, 13, 17), "deaf", "weights of 0 for most of the last input channel"
    yield deep, (2, 13, 17), "dead", "a first map that sees less than the second"
    two: list[list[object]] = [["Conv2d", 2, 2, [2, 4]]]
    yield (
        two,
        (2, 8, 11),
        "opposite",
        "channels whose weights nearly all cancel",
    )
    yield (
        two,
        (2, 8, 11),
        "cancelling",
        "maps whose weights nearly all cancel",
    )
    yield two, (2, 8, 11), "one each", "two maps that see different sides of a window"
    yield two, (2, 8, 11), "faint", "a window whose rim has very small weights"
    yield two, (2, 8, 11), "rim", "a window whose last columns have the weight 0"
    strided: list[list[object]] = [
        ["Conv2d", 1, 1, 3, 2], ["Conv2d", 1, 1, 3, 1, 1],
    ]  # fmt: skip
    yield strided, (1, 10, 12), "", "zeros between two layers, the first with stride 2"
    for number in cases.count(4):
        layers = _some_layers(cases)
        shape = (2, cases.integer(14, 19), cases.integer(20, 26))
        yield layers, shape, "", f"random {number}: {len(layers)} layers"


def _some_layers(cases: Cases) -> list[list[object]]:
    def size() -> list[int]:
        return [cases.integer(2, 3), cases.integer(2, 4)]

    first: list[object] = ["Conv2d", 2, 3, size(), cases.integer(1, 2), 1]
    return [first, ["AvgPool2d", 2], ["Conv2d", 3, 2, [2, 2], 1, 1]]


def _oracle(layers: list[list[object]], odd: str, cases: Cases) -> nn.Sequential:
    """torch's layers with random weights, changed as a case wants it."""
    made = [getattr(nn, str(name))(*sizes) for name, *sizes in layers]
    oracle = nn.Sequential(*made)
    with torch.no_grad():
        for weight in oracle.parameters():
            values = cases.rng.uniform(0.5, 1.5, tuple(weight.shape))
            signs = cases.rng.choice([-1.0, 1.0], tuple(weight.shape))
            weight.copy_(torch.from_numpy(values * signs))
        _change(made[0].weight, made[-1].weight, odd)
    return oracle


def _change(first: torch.Tensor, last: torch.Tensor, odd: str) -> None:
    """Write what is odd about a case into its weights (out, in, rows, columns).

    The first weight of a kernel stays as it is: then something is seen in any case.
    """
    corner = first[:, :, 0, 0].clone()
    if odd == "negative":
        first.abs_().neg_()
        corner.abs_()
    if odd == "blind":
        first[:, 0] = 0
    if odd == "deaf":
        first[:, -1] = 0
    if odd == "rim":
        first[:, :, :, 2:] = 0
    if odd == "dead":
        last[0, :, :, 1:] = 0
    if odd == "opposite":
        first[:, 1] = -first[:, 0]
    if odd == "cancelling":
        first[1] = -first[0]
        corner[1] = corner[0]
    if odd == "one each":
        first[0, :, :, 2:] = 0
        first[1, :, :, :2] = 0
        return
    if odd == "faint":
        first[:, :, :, -1] *= 1e-9
        first[:, :, 0] *= 1e-9
        return
    if odd:
        first[:, :, 0, 0] = corner


def _box(
    oracle: nn.Sequential, shape: tuple[int, int, int], place: tuple[int, int]
) -> Box:
    """First and last row, first and last column with any slope at a place."""
    positive = deepcopy(oracle).double()
    x = torch.zeros(1, *shape, dtype=torch.float64, requires_grad=True)
    with torch.no_grad():
        for weight in positive.parameters():
            weight.abs_()
    units = positive(x)[0, :, place[0], place[1]]
    (slope,) = torch.autograd.grad(units.sum(), x)
    box = _around(slope[0].gt(0).any(0))
    assert box, "each case sees something"
    return box


def _outer_box(
    oracle: nn.Sequential, shape: tuple[int, int, int], place: tuple[int, int]
) -> Box:
    """The same by sizes, strides and padding, cut at the image: an outer bound."""
    ends: list[int] = []
    for axis, unit in enumerate(place):
        first = last = unit
        for layer in reversed(oracle):
            k, s, p = (_pair(getattr(layer, name))[axis] for name in SPEC)
            first, last = first * s - p, last * s - p + k - 1
        ends += [max(first, 0), min(last, shape[axis + 1] - 1)]
    top, bottom, left, right = ends
    return top, bottom, left, right


SPEC = ("kernel_size", "stride", "padding")


def _pair(value: int | Sequence[int]) -> Sequence[int]:
    return (value, value) if isinstance(value, int) else value


def _mistakes_box(
    oracle: nn.Sequential,
    shape: tuple[int, int, int],
    place: tuple[int, int],
    expected: Box,
) -> Mistakes:
    """Made only for a wrong answer: the slopes take time."""
    x = torch.linspace(-1, 1, shape[0] * shape[1] * shape[2]).reshape(1, *shape)
    x.requires_grad_()
    output = oracle(x)
    units = output[0, :, place[0], place[1]]
    slopes = [torch.autograd.grad(unit, x, retain_graph=True)[0][0] for unit in units]
    together = torch.autograd.grad(units.sum(), x, retain_graph=True)[0][0]
    whole = torch.autograd.grad(output.sum(), x)[0][0]
    top, bottom, left, right = expected
    every = torch.stack(slopes)
    around = "Rows come first, then columns: first row, last row, first column, last."
    size = (bottom - top + 1, right - left + 1)
    yield from [
        ((left, right, top, bottom), around),
        ((top, left, bottom, right), around),
        ((top, bottom + 1, left, right + 1), "The last row and the last column belong "
         "to the field; you gave those behind them."),
        (size, "That is the size of the field; asked is where it lies."),
        (_swapped_box(oracle, shape, place), "The place is row and column in the "
         "output, in this order."),
        (_outer_box(oracle, shape, place), "Sizes, strides and padding give an outer "
         "bound only: weights of 0, and zeros between the layers, take more away. Ask "
         "the gradient."),
        (_around(every.gt(0).any(0).any(0)), "A slope may be negative. A pixel counts "
         "when its slope is not 0."),
        (_around(every.sum(1).ne(0).any(0)), "The slopes of a pixel's channels can "
         "cancel when you add them. Ask whether any of them is not 0."),
        *((_around(seen), ONE_CHANNEL) for seen in (
            every[:, 0].ne(0).any(0), every[:, -1].ne(0).any(0),
            every.ne(0).all(1).any(0))),
        *((_around(seen), ONE_MAP) for seen in (
            slopes[0].ne(0).any(0), slopes[-1].ne(0).any(0),
            every.ne(0).any(1).all(0))),
        (_around(together.ne(0).any(0)), "You added the units of all maps. Their "
         "slopes can cancel: ask for each map by itself, or add them with random "
         "factors."),
        (_around(whole.ne(0).any(0)), "That is what the whole output sees. Ask for the "
         "units at the one place."),
        (_around(every.abs().amax((0, 1)) > 1e-3 * every.abs().max()), "Very small "
         "slopes count as well: a pixel is in the field when its slope is not "
         "exactly 0. Nudging a pixel rounds away what is very small: ask for the "
         "gradient."),
    ]  # fmt: skip


ONE_CHANNEL = (
    "A pixel counts if any of its numbers has a slope. You asked one channel of the "
    "input alone, or wanted a slope in each of them."
)
ONE_MAP = (
    "A pixel counts if any unit at the place has a slope. You asked one map alone, or "
    "wanted a slope from each of them."
)


def _swapped_box(
    oracle: nn.Sequential, shape: tuple[int, int, int], place: tuple[int, int]
) -> Box | None:
    """What is seen from row column, column row; None when there is no such place."""
    rows, columns = oracle(torch.zeros(1, *shape)).shape[2:]
    row, column = place[::-1]
    inside = row < rows and column < columns
    return _box(oracle, shape, (row, column)) if inside else None


def _around(mask: torch.Tensor) -> Box | None:
    """First and last row and column of what is true; None when nothing is."""
    if not mask.any():
        return None
    rows, columns = (mask.any(dim).nonzero().flatten().tolist() for dim in (1, 0))
    return rows[0], rows[-1], columns[0], columns[-1]


# ---- Four formulas ----

Stack = list[tuple[int, int]]


def _field_a(layers: Stack) -> int:
    size, jump = 1, 1
    for k, s in layers:
        jump *= s
        size += (k - 1) * jump
    return size


def _field_b(layers: Stack) -> int:
    size, step = 1, 1
    for k, s in layers:
        size, step = size + (k - 1) * step, s
    return size


def _field_c(layers: Stack) -> int:
    size = 1
    for k, s in reversed(layers):
        size = (size - 1) * s + k
    return size


def _field_d(layers: Stack) -> int:
    return 1 + sum(k - 1 for k, _ in layers)


# The formulas of the lesson, and the smallest stack that shows what is wrong.
FORMULAS: dict[str, tuple[Callable[[Stack], int], Stack]] = {
    "a": (_field_a, [(2, 2)]),
    "b": (_field_b, [(1, 2), (1, 1), (2, 1)]),
    "c": (_field_c, []),
    "d": (_field_d, [(1, 2), (2, 1)]),
}


@exercise("field-bug")
def counterexamples(answer: Answer, cases: Cases) -> None:
    """Oracle: the formulas themselves against the ends of a field."""
    result = answer()
    expect_keys(result, list(FORMULAS), "the four formulas")
    for name in FORMULAS:
        _counterexample(result[name], name)


def _counterexample(result: Result, name: str) -> None:
    (formula, smallest), title = FORMULAS[name], name.upper()
    case, given = f"formula {title}", result.outcome.value
    if given is None:
        missed = f"{title} is not right: there is a stack on which it fails."
        expect_that(result, not smallest, case, missed)
        return
    stack = _as_stack(result, _bare(given), case)
    right, theirs = _field([(k, s, 0) for k, s in stack])[0], formula(stack)
    agree = f"Its size is {right}, and {title} says so too."
    if not smallest:
        agree += " Have you found any stack on which it is wrong?"
    yours = f"your stack: {as_text(stack)}"
    expect_that(result, right != theirs, case, yours, agree)
    expect_that(result, len(stack) <= len(smallest), case, yours, "It shows the "
                "mistake. A stack of fewer layers does so too.")  # fmt: skip
    expect_that(result, _sum(stack) <= _sum(smallest), case, yours, "It shows the "
                "mistake with as few layers as can be. Its kernels and strides could "
                "be smaller.")  # fmt: skip


def _sum(stack: Stack) -> int:
    return sum(k + s for k, s in stack)


def _bare(value: Any) -> Any:  # noqa: ANN401
    """Lists and numbers for arrays and tensors, at any depth of lists and tuples."""
    if isinstance(value, list | tuple):
        return type(value)(map(_bare, value))
    value = array(value)
    return value.tolist() if isinstance(value, np.ndarray) else value


def _as_stack(result: Result, given: object, case: str) -> Stack:
    """The list of tuples that was asked for, or fail."""
    form = "A stack is a list of tuples (k, s), such as [(3, 2), (5, 1)]."
    if not isinstance(given, list | tuple) or not given:
        fail(result, case, f"got {as_text(given)}", form)
    if len(given) == 2 and all(type(v) is int for v in given):
        alone = f"A single layer is a list too: [{as_text(tuple(given))}]."
        fail(result, case, f"got {as_text(given)}", alone)
    for layer in given:
        whole = isinstance(layer, list | tuple) and all(type(v) is int for v in layer)
        if not whole or len(layer) != 2:
            fail(result, case, f"got {as_text(layer)} among the layers", form)
        if min(layer) < 1 or max(layer) > LARGEST:
            fail(result, case, f"the layer {as_text(layer)} is not allowed", "Kernels "
                 f"and strides go from 1, and here to {LARGEST}.")  # fmt: skip
    return [(k, s) for k, s in given]


LARGEST = 1000


# ---- The cheapest view ----

WIDTH, CHANNELS = 16, 3


@exercise("see-hundred", "pixels", "most", by_hand=ANATOMY)
def cheapest(answer: Answer, cases: Cases) -> None:
    """Oracle: the fewest weights, layer by layer, over all that differs upwards."""
    for pixels, most in _goals(cases):
        result = answer(pixels, most)
        case = f"{pixels} pixels with at most {most} layers"
        _refuse_refusal(result, case, "A stack that is good enough exists here.")
        _judge(result, pixels, most, case)
    why = "No stack of so few layers sees so much: refuse it."
    for pixels, most in ((4, 1), (9, 3), (30, 6), (159, 11)):
        case = f"{pixels} pixels with at most {most} layers"
        expect_error(answer(pixels, most), "ValueError", case, why)


def _goals(cases: Cases) -> Iterator[tuple[int, int]]:
    yield from ((8, 3), (6, 3), (3, 1), (7, 4), (16, 8), (22, 8), (30, 9), (40, 10))
    yield from ((13, 7), (1, 3))
    yield from ((158, 11), (100, 12), (100, 14))
    for _ in cases.count(4):
        most = cases.integer(5, 11)
        yield cases.integer(2, _farthest(most)), most


def _farthest(most: int) -> int:
    return max(size for _, size, _ in _seen_with(most))


def _judge(result: Result, pixels: int, most: int, case: str) -> None:
    """Form, rules, view, count, and last whether it can be cheaper."""
    told, stack = _plan(result, case)
    shown = f"your stack: {' '.join(stack)}"
    expect_that(result, stack[0] == "conv", case, shown, "A stack begins with a "
                "convolution.")  # fmt: skip
    twice = ("pool", "pool") in pairwise(stack)
    expect_that(result, not twice, case, shown, "No pooling directly follows another.")
    expect_that(result, len(stack) <= most, case, shown, f"It has {len(stack)} layers; "
                f"{most} are allowed, poolings included.")  # fmt: skip
    seen, cost = _view(stack), _weights(stack)
    expect_that(result, seen >= pixels, case, shown, f"A unit of the last layer sees "
                f"only {seen} pixels.")  # fmt: skip
    fewest = min(cost for cost, size, _ in _seen_with(most) if size >= pixels)
    counted = [f"It has {cost:,} weights, not {told:,}.", _miscounted(stack, told)]
    expect_that(result, told == cost, case, shown, *counted)
    lines = [f"It has {cost:,} weights; {fewest:,} are enough.",
             _why_dear(stack, pixels, most)]  # fmt: skip
    expect_that(result, cost == fewest, case, shown, *lines)


def _plan(result: Result, case: str) -> tuple[int, list[str]]:
    """The number of weights and the list of words that were asked for, or fail."""
    form = 'Give the number of weights and a list of the words "conv" and "pool".'
    if result.outcome.refused and not result.outcome.ready:
        fail(result, case, f"returned {result.outcome.refused}", form)
    expect_that(result, True, case)
    given = _bare(result.outcome.value)
    if given is None:
        fail(result, case, "returned nothing (None)", "Is the `return` missing? A "
             "stack that is good enough exists here.")  # fmt: skip
    pair = isinstance(given, list | tuple) and len(given) == 2
    if not pair or type(given[0]) not in (int, float):
        fail(result, case, f"got {as_text(given)}", form)
    if type(given[0]) is float:
        fail(result, case, f"got {as_text(given[0])} for the number of weights",
             "It is a whole number: count without / and without floats.")  # fmt: skip
    told, stack = given
    if not isinstance(stack, list | tuple) or not stack:
        empty = "A stack has one layer at least: it begins with a convolution."
        words = empty if isinstance(stack, list | tuple) else form
        fail(result, case, f"got {as_text(stack)} for the stack", words)
    for word in stack:
        if word not in ("conv", "pool"):
            fail(result, case, f"got {as_text(word)} among the layers", form)
    return told, list(stack)


def _miscounted(stack: Sequence[str], told: int) -> str:
    """Which rule of the count was forgotten."""
    ideas = {
        _weights(stack, bias=0): "Biases count too: one for each output channel.",
        _weights(stack, bias=9): "A kernel has one bias, not nine.",
        _weights(stack, image=1): "The image has 3 channels.",
        _weights(stack, image=WIDTH): "The first convolution reads the image, which "
        "has 3 channels.",
        _weights(stack, area=3): "A kernel of 3×3 has nine weights a channel.",
        _weights(stack, doubling=1): "Behind a pooling a convolution puts out twice as "
        "many channels.",
        _weights(stack, inputs=False): "After a pooling the first convolution still "
        "reads the channels from before it.",
    }
    return ideas.get(told, "")


def _view(stack: Sequence[str]) -> int:
    layers = [(3, 1, 1) if kind == "conv" else (2, 2, 0) for kind in stack]
    return _field(layers)[0]


def _weights(
    stack: Sequence[str],
    bias: int = 1,
    image: int = CHANNELS,
    area: int = 9,
    doubling: int = 2,
    inputs: bool = True,
) -> int:
    """Weights and biases; inputs: whether channels are read as they come."""
    total, channels, width = 0, image, WIDTH
    for kind in stack:
        if kind == "pool":
            width *= doubling
        else:
            read = channels if inputs or channels == image else width
            total += (area * read + bias) * width
            channels = width
    return total


State = tuple[int, int, int, bool]  # size, jump, channels, whether a pooling is on top


def _seen_with(most: int) -> list[tuple[int, int, int]]:
    """(fewest weights, size, layers) of all that stacks of up to `most` layers see."""
    states: dict[State, int] = {(1, 1, CHANNELS, True): 0}
    found = []
    for number in range(1, most + 1):
        grown: dict[State, int] = {}
        for (size, jump, channels, pooled), cost in states.items():
            out = WIDTH * jump
            conv = (size + 2 * jump, jump, out, False)
            dearer = cost + 9 * channels * out + out
            grown[conv] = min(dearer, grown.get(conv, dearer))
            if not pooled:
                pool = (size + jump, 2 * jump, channels, True)
                grown[pool] = min(cost, grown.get(pool, cost))
        states = grown
        found += [(cost, state[0], number) for state, cost in states.items()]
    return found


def _why_dear(stack: Sequence[str], pixels: int, most: int) -> str:
    """What kind of plan is not the cheapest."""
    able = [one for one in _seen_with(most) if one[1] >= pixels]
    cost, depth = _weights(stack), len(stack)
    if depth == min(one[2] for one in able) < most:
        return "It has the fewest layers, but not the fewest weights: deeper can be "\
               "cheaper."  # fmt: skip
    exact = [one[0] for one in able if one[1] == pixels]
    if exact and cost == min(exact):
        return "It is the cheapest of those that see exactly so many pixels. Seeing "\
               "more may cost less."  # fmt: skip
    if depth == most and cost == min(one[0] for one in able if one[2] == most):
        return "It is the cheapest of those that use all layers. Fewer may do."
    if "pool" not in stack:
        return "Without a pooling every convolution adds two pixels only."
    return ""
