"""Checks of "CapsNet"."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    expect,
    expect_error,
    expect_keys,
    expect_that,
)
from coursekit.checks.loops import applied
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, stirred

READY = ("coursekit.models", "coursekit.layers")

price_of_a_picture = quiz("price-of-a-picture")
sick_capsnets = quiz("sick-capsnets")


# ---- Every weight ----

Shapes = dict[str, list[tuple[int, ...]]]
PARTS = ("conv1", "primary", "routing", "decoder")


@exercise("count-capsnet", "side", "width", "types", "classes", "c", by_hand=READY)
def weights(answer: Answer, cases: Cases) -> None:
    """Oracle: the shapes of all tensors, multiplied out; sides counted by stops."""
    for given, case in (
        ((23, 6, 5, 3, 2), "images of 23, 6 maps, 5 types, 3 classes, 2 channels"),
        ((36, 10, 4, 7, 3), "images of 36, 10 maps, 4 types, 7 classes, 3 channels"),
        ((17, 5, 3, 2, 1), "images of 17: a single place"),
        ((), "the paper's"),
        ((40,), "images of 40, nothing else said"),
        ((28, 64), "64 maps, nothing else said"),
        ((29, 64, 8), "images of 29, 64 maps, 8 types"),
    ):
        _counted(answer, given, case)
    for number in cases.count(5):
        given = (cases.integer(17, 60), cases.integer(1, 90), cases.integer(1, 40),
                 cases.integer(2, 20), cases.integer(1, 4))  # fmt: skip
        _counted(answer, given, f"random {number}: images of {given[0]}")
    for side in (16, 9, 0):
        expect_error(answer(side), "ValueError", f"images of {side}",
                     "Two kernels of 9, the second with stride 2, need 17 pixels.",
                     )  # fmt: skip


USUAL = (28, 256, 32, 10, 1)


def _counted(answer: Answer, given: tuple[int, ...], case: str) -> None:
    side, width, types, classes, c = given + USUAL[len(given) :]
    result = answer(*given)
    expect_keys(result, PARTS, case)
    right = {name: _sum(some) for name, some in
             _shapes(side, width, types, classes, c).items()}  # fmt: skip
    mistakes = list(_miscounted(side, width, types, classes, c))
    for name in PARTS:
        about = [(count, words) for part, count, words in mistakes if part == name]
        expect(result[name], right[name], f"{case}: {name}", about)


def _sum(shapes: list[tuple[int, ...]]) -> int:
    return sum(math.prod(shape) for shape in shapes)


def _grid(side: int) -> int:
    """Stops of the second kernel, counted."""
    return len(range(0, side - 8 - 8, 2))


def _shapes(side: int, width: int, types: int, classes: int, c: int) -> Shapes:
    places = _grid(side) ** 2
    inner = [16 * classes, 512, 1024, c * side * side]
    return {
        "conv1": [(width, c, 9, 9), (width,)],
        "primary": [(8 * types, width, 9, 9), (8 * types,)],
        "routing": [(classes, types, places, 8, 16)],
        "decoder": [shape for i, o in pairwise(inner) for shape in ((o, i), (o,))],
    }


def _miscounted(
    side: int, width: int, types: int, classes: int, c: int
) -> Iterator[tuple[str, int, str]]:
    def part(name: str, *sizes: int) -> int:
        return _sum(_shapes(*sizes)[name])

    right = (side, width, types, classes, c)
    one, two = part("conv1", *right), part("primary", *right)
    routing, paint = part("routing", *right), part("decoder", *right)
    yield "conv1", one - width, "The convolutions have biases: one for each map."
    yield "conv1", part("conv1", side, width, types, classes, 1), "How many channels?"
    yield "conv1", one - width + 1, "There is a bias for each map, not one in all."
    yield "primary", two - 8 * types, "The convolutions have biases: one for each map."
    yield (
        "primary",
        (81 * width + 1) * types,
        "A type is made of 8 maps: the convolution puts out 8 for each.",
    )
    yield (
        "primary",
        (81 * c + 1) * 8 * types,
        "The second convolution sees the maps of the first, not the image.",
    )
    yield "primary", (81 + 1) * 8 * types, "Each kernel sees all maps of the first."
    yield (
        "primary",
        (81 * width + 1) * width,
        "How many maps come out? As many as the capsules need: 8 for each type.",
    )
    yield (
        "primary",
        two * _grid(side) ** 2,
        "A convolution shares its kernels over the places.",
    )
    places = _grid(side) ** 2
    each = types * classes * 128
    yield (
        "routing",
        each,
        "So all places would share their matrices. Here each capsule at each place has "
        "its own.",
    )
    yield (
        "routing",
        routing + 16 * classes,
        "Votes have no biases, and neither have the digit capsules.",
    )
    yield "routing", routing // classes, "There is a matrix for each class, too."
    yield "routing", routing // 128, "A matrix has 8 · 16 numbers."
    yield "routing", routing // 16, "A matrix leads from 8 numbers to 16."
    yield "routing", routing // 8, "A matrix leads from 8 numbers to 16."
    for grid, words in (
        (side - 16, "The second convolution has stride 2."),
        ((side - 16) // 2, "How many stops? The last one is lost, or the first."),
        (_grid(side) + 1, "The grid is too large: does the last kernel fit?"),
        (-(-(side - 8) // 2), "The second kernel of 9 takes 8 pixels away as well."),
        (6, "The grid depends on `side`."),
        (_grid(side) - 1, "The grid is too small. Does the first stop count?"),
    ):
        if grid**2 != places:
            yield "routing", each * grid**2, words
    yield "routing", types * _grid(side) * classes * 128, "A grid has rows and columns."
    inner = 16 * classes
    start = (inner + 1) * 512 + 513 * 1024
    yield "decoder", start + 1025 * 784, "It paints images of `side`, all channels."
    yield "decoder", start + 1025 * side**2, "It paints all channels of the image."
    yield (
        "decoder",
        17 * 512 + 513 * 1024 + 1025 * c * side**2,
        "The mask sets vectors to 0; they are all still there, 16 · classes numbers.",
    )
    yield (
        "decoder",
        161 * 512 + 513 * 1024 + 1025 * c * side**2,
        "How many classes are there?",
    )
    yield (
        "decoder",
        paint - 512 - 1024 - c * side**2,
        "Dense layers have biases, one for each output.",
    )
    yield "decoder", start, "The layer that paints the pixels is missing."


# ---- Maps into capsules ----


@exercise("primary-capsules", "maps", "size", by_hand=READY)
def primary(answer: Answer, cases: Cases) -> None:
    """Oracle: one number after the other."""
    for (n, types, size, h, w), case in (
        ((1, 3, 2, 2, 4), "one image, 3 types of 2 numbers, grid of 2 × 4"),
        ((3, 2, 5, 3, 2), "3 images, 2 types of 5, grid of 3 × 2"),
        ((2, 1, 3, 1, 4), "a single type"),
        ((3, 4, 1, 2, 3), "capsules of a single number"),
    ):
        _cut(answer, normal(cases, n, types * size, h, w), (size,), case)
    _cut(answer, normal(cases, 2, 24, 3, 2), (), "no size given")
    _cut(answer, normal(cases, 2, 6, 3, 2).double(), (3,), "double precision")
    for number in cases.count(4):
        size, types = cases.integer(2, 6), cases.integer(1, 4)
        sides = cases.integer(1, 5), cases.integer(1, 5)
        maps = normal(cases, cases.integer(1, 3), types * size, *sides)
        _cut(answer, maps, (size,), f"random {number}: {types} types of {size}")
    for channels, size in ((7, 3), (12, 0), (4, 8), (9, 6)):
        given = (normal(cases, 2, channels, 3, 4), *([size] if size else []))
        expect_error(answer(*given), "ValueError",
                     f"{channels} channels, size {size or 'not given'}",
                     "The channels have to be a multiple of the size.")  # fmt: skip


def _cut(answer: Answer, maps: Tensor, given: tuple[int, ...], case: str) -> None:
    size = given[0] if given else 8
    n, channels, h, w = maps.shape
    types = channels // size
    right = np.zeros((n, types * h * w, size))
    for image, kind, row, column, at in np.ndindex(n, types, h, w, size):
        number = (kind * h + row) * w + column
        right[image, number, at] = maps[image, kind * size + at, row, column]
    expect(answer(maps, *given), right, case, _miscut(maps, size))


def _miscut(maps: Tensor, size: int) -> Mistakes:
    n, channels, h, w = maps.shape
    types = channels // size
    typed = maps.reshape(n, types, size, h, w)
    spread = maps.reshape(n, size, types, h, w)
    yield (
        maps.reshape(n, -1, size),
        "So a capsule is made of neighbouring pixels of a map. Its numbers are "
        "channels, all from one place.",
    )
    yield (
        typed.permute(0, 3, 4, 1, 2).reshape(n, -1, size),
        "The right capsules in another order: all places of type 0 come first.",
    )
    yield (
        spread.permute(0, 2, 3, 4, 1).reshape(n, -1, size),
        "Type 0 is made of the *first* channels, not of every so many-th one.",
    )
    yield (
        spread.permute(0, 3, 4, 2, 1).reshape(n, -1, size),
        "Type 0 is made of the *first* channels, and all its places come first.",
    )
    yield (
        typed.permute(0, 1, 4, 3, 2).reshape(n, -1, size),
        "Within a type row by row: columns change fastest.",
    )
    yield typed.permute(0, 1, 3, 4, 2), "The right numbers, not yet in one list."
    yield typed.permute(0, 1, 3, 4, 2).flatten(2, 3), "All types stand in one list."
    squared = typed.permute(0, 1, 3, 4, 2).reshape(n, -1, size)
    length = squared.norm(dim=2, keepdim=True)
    yield squared * length / (1 + length**2), "Not yet squashed."
    yield squared.transpose(1, 2), "Capsules first, their numbers last."
    if n > 1:
        yield squared.reshape(-1, size), "Each image keeps its own capsules."


# ---- CapsNet ----

Sizes = tuple[int, int, int, int, int, tuple[int, int], int]
KEYS = ("side", "width", "types", "classes", "kernel", "strides", "rounds")


class _CapsNet(nn.Module):
    """Loops over rounds and classes; `run` also computes it with a mistake."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        side, width, types, classes, kernel, strides, rounds = sizes
        for stride in strides:
            side = len(range(0, side - kernel + 1, stride))
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        shape = (classes, types * side * side, 8, 16)
        self.digits.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def run(self, x: Tensor, how: str = "") -> Tensor:
        """The poses, right or with a mistake."""
        u = self._capsules(x, how)
        weight = self.digits.get_parameter("weight")
        votes = (u[:, None, :, None, :] @ weight).squeeze(3)  # (n, j, i, 16)
        fixed = votes if how == "through" else votes.detach()
        axis = 2 if how == "axis" else 1
        b = torch.zeros(votes.shape[:3], dtype=x.dtype)
        rounds = self.rounds + {"more": 1, "fewer": -1}.get(how, 0)
        for _ in range(rounds - 1):
            s = (b.softmax(axis).unsqueeze(3) * fixed).sum(2)
            v = s if how == "compared with s" else _shortened(s)
            update = (fixed * v.unsqueeze(2)).sum(3)
            b = update if how == "overwritten" else b + update
        if how == "all":
            votes = votes.detach()
        s = (b.softmax(axis).unsqueeze(3) * votes).sum(2)
        return s if how == "open" else _shortened(s)

    def _capsules(self, x: Tensor, how: str) -> Tensor:
        maps = self.conv1(x)
        maps = maps if how == "linear" else F.relu(maps)
        conv = self.primary.get_submodule("conv")
        maps = F.relu(conv(maps)) if how == "two" else conv(maps)
        n, channels, h, w = maps.shape
        if how == "pixels":
            return _shortened(maps.reshape(n, -1, 8))
        typed = maps.reshape(n, channels // 8, 8, h, w)
        order = (0, 3, 4, 1, 2) if how == "places first" else (0, 1, 3, 4, 2)
        u = typed.permute(order).reshape(n, -1, 8)
        return u if how == "bare" else _shortened(u)


def _shortened(s: Tensor) -> Tensor:
    """Squash, without a division by the length."""
    squared = (s * s).sum(-1, keepdim=True)
    return s * (squared + 1e-12).sqrt() / (1 + squared)


ROUTED = {
    "pixels": "The capsules are made of neighbouring pixels. Their numbers are eight "
    "channels at one place.",
    "places first": "The capsules come type by type, as in 2.2: digits.weight has that "
    "order.",
    "bare": "The primary capsules are squashed as well, before they vote.",
    "linear": "The ReLU behind the first convolution is missing.",
    "two": "Behind the second convolution there is no ReLU: poses have both signs.",
    "axis": "The softmax runs over the capsules below. Each of *them* divides itself: "
    "over the classes.",
    "open": "The last squash is missing.",
    "more": "That is one round more than was asked for: with one round all couplings "
    "are the same.",
    "fewer": "That is one round less than was asked for.",
    "compared with s": "The agreement is with the squashed v, not with s.",
    "overwritten": "The logits of earlier rounds are forgotten: add to them.",
}
PLANS: tuple[tuple[Sizes, int], ...] = (
    ((13, 3, 2, 4, 3, (1, 2), 3), 3),
    ((16, 4, 9, 2, 5, (2, 2), 2), 1),
    ((14, 2, 1, 3, 4, (2, 1), 1), 3),
    ((19, 3, 2, 5, 9, (1, 2), 4), 2),
)


@exercise("whole-capsnet", *KEYS, by_hand=READY)
def CapsNet(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: explicit rounds over all votes, with the same weights by name."""
    for sizes, n in PLANS:
        _whole(answer, sizes, n, cases)
    for _ in cases.count(1):
        kernel = cases.integer(2, 5)
        strides = cases.integer(1, 2), cases.integer(1, 2)
        sizes = (cases.integer(14, 18), cases.integer(2, 4), cases.integer(1, 3),
                 cases.integer(2, 5), kernel, strides, cases.integer(1, 4))  # fmt: skip
        _whole(answer, sizes, cases.integer(1, 3), cases)
    _empty(answer, cases)
    _paper(answer, cases)


def _whole(answer: Maker, sizes: Sizes, n: int, cases: Cases) -> None:
    side, width, types, classes, kernel, strides, rounds = sizes
    case = (
        f"side {side}, {width} maps, {types} types, {classes} classes, kernels of "
        f"{kernel}, strides {strides}, {rounds} rounds"
    )
    model, oracle = answer.make_module(*sizes), _CapsNet(sizes)
    _expect_names(model, oracle, case)
    _filled(oracle, cases)
    model.write(oracle.state_dict())
    model.eval()
    x = normal(cases, n, 1, side, side)
    right = oracle(x).detach()
    mistakes = ((oracle.run(x, how).detach(), words) for how, words in ROUTED.items())
    expect(model(x), right.numpy(), case, mistakes, scale=_few(right))
    kept = "Something of the last call is kept: logits begin at 0 in each call."
    again = model(x)
    expect(again, right.numpy(), f"{case}, called again",
           [(again.outcome.value, kept)], scale=_few(right))  # fmt: skip
    model.train()
    lots = "In training the poses are others: nothing here draws lots (dropout?)."
    trained = model(x)
    expect(trained, right.numpy(), f"{case}, in training",
           [(trained.outcome.value, lots)], scale=_few(right))  # fmt: skip
    _expect_back(model, oracle, x, case)


def _few(values: Tensor) -> np.ndarray:
    """Rounds carry a rounding error on: two hundred times float32's."""
    return np.full(tuple(values.shape), 200.0)


def _filled(oracle: nn.Module, cases: Cases) -> None:
    """Weights with which capsules have lengths of all sizes, and routing decides."""
    stirred(oracle, cases)
    with torch.no_grad():
        for name, parameter in oracle.named_parameters():
            if name.endswith("conv.weight") or name == "conv1.weight":
                parameter.mul_(1.5 / parameter[0].numel() ** 0.5)
            if name == "digits.weight":
                parameter.mul_(1.6)


def _expect_names(model: MadeModule, oracle: nn.Module, case: str) -> None:
    found = model.state()
    got = {name: tuple(one.shape) for name, one in found.outcome.value.items()}
    want = {name: tuple(one.shape) for name, one in oracle.state_dict().items()}
    missing = ", ".join(name for name in want if name not in got)
    known = {*want, *model.transient()}
    extra = ", ".join([name for name in got if name not in known][:5])
    lines = [f"missing: {missing}" * bool(missing), f"too many: {extra}" * bool(extra)]
    ideas = model.layout().ideas if missing or extra else []
    expect_that(found, not missing and not extra, case, *lines, *ideas)
    wrong = [
        f"{name} has the shape {got[name]}, and should have {size}"
        for name, size in want.items()
        if got[name] != size
    ]
    idea = "Capsules: types times the places of the grid; how many places are there?"
    grid = bool(wrong) and wrong[0].startswith("digits") and len(wrong) == 1
    name = "digits.weight"
    if grid and sorted(got[name]) == sorted(want[name]):
        idea = "The right sizes in another order of axes: classes first, then capsules."
    expect_that(found, not wrong, case, *wrong, idea * grid)
    learned = set(model.parameters().outcome.value)
    fixed = [name for name in want if name not in learned]
    expect_that(found, not fixed, case, f"{', '.join(fixed)}: not learned",
                "A weight is an nn.Parameter, not a buffer.")  # fmt: skip


def _expect_back(model: MadeModule, oracle: _CapsNet, x: Tensor, case: str) -> None:
    """The gradient runs through the last sum and its squash."""
    case = f"{case}, gradient"
    right = oracle(x).detach()
    upstream = torch.linspace(-1, 2, right.numel()).reshape(right.shape)
    found = model.gradients(x, upstream=upstream, case=case)
    one, through = (_slopes(oracle, x, upstream, how) for how in ("", "through"))
    for name in one:
        got = found.input(0) if name == "x" else found.parameter(name)
        mistakes = [
            (through[name], "The gradient runs through all rounds. The couplings are "
             "constants to it: make them from votes.detach()."),
            (got.outcome.value, "The poses are right, the gradient is not: the last "
             "sum *and* its squash belong to it, with all that leads to the votes; "
             "what makes the couplings does not."),
        ]  # fmt: skip
        size = 300 * (1 + np.abs(one[name]).max())
        expect(got, one[name], f"{case} of {name}", mistakes,
               scale=np.full(one[name].shape, size))  # fmt: skip


def _slopes(
    oracle: _CapsNet, x: Tensor, upstream: Tensor, how: str
) -> dict[str, np.ndarray]:
    leaf = x.clone().requires_grad_()
    named = {"x": leaf, **dict(oracle.named_parameters())}
    found = torch.autograd.grad(oracle.run(leaf, how), list(named.values()), upstream)
    return {name: one.numpy() for name, one in zip(named, found, strict=True)}


def _empty(answer: Maker, cases: Cases) -> None:
    """Zeros everywhere, but for the matrices: no NaN, in both directions."""
    sizes: Sizes = (13, 2, 2, 3, 4, (1, 2), 3)
    model, oracle = answer.make_module(*sizes), _CapsNet(sizes)
    _filled(oracle, cases)
    with torch.no_grad():
        for layer in (oracle.conv1, oracle.primary.get_submodule("conv")):
            layer.get_parameter("bias").zero_()
    model.write(oracle.state_dict())
    case, x = "an empty picture, biases of 0", torch.zeros(1, 1, 13, 13)
    expect(model(x), np.zeros((1, 3, 16), np.float32), case, scale=100.0)
    both = torch.cat([x, normal(cases, 1, 1, 13, 13)])
    right = oracle(both).detach()
    expect(model(both), right.numpy(), "an empty picture beside a full one",
           scale=_few(right))  # fmt: skip
    found = model.gradients(x, upstream=torch.ones(1, 3, 16), case=case)
    for name in ("digits.weight", "primary.conv.weight", "conv1.bias"):
        got = found.parameter(name)
        finite = bool(np.isfinite(np.asarray(got.outcome.value)).all())
        expect_that(got, finite, case, "the gradient is no number (NaN)",
                    "A root has no slope at 0. Where is a length computed?",
                    )  # fmt: skip


def _paper(answer: Maker, cases: Cases) -> None:
    """What nothing is said of: counted, and run with the wrong one of two rounds."""
    model = answer.make_module()
    expect(model.count(), 6_804_224, "nothing said: the network of 2017")
    sizes: Sizes = (18, 3, 2, 10, 9, (1, 2), 3)
    model, oracle = answer.make_module(18, 3, 2), _CapsNet(sizes)
    case = "side 18, 3 maps, 2 types, nothing else said"
    _expect_names(model, oracle, case)
    _filled(oracle, cases)
    model.write(oracle.state_dict())
    x = normal(cases, 2, 1, 18, 18)
    right = oracle(x).detach()
    mistakes = ((oracle.run(x, how).detach(), words) for how, words in ROUTED.items())
    expect(model(x), right.numpy(), case, mistakes, scale=_few(right))


# ---- The mask ----


@exercise("mask-capsules", "poses", "labels", by_hand=READY)
def masked(answer: Maker, cases: Cases) -> None:
    """Oracle: one vector after the other is copied into zeros."""
    few = torch.tensor([[[0.9, 0.0, 0.1], [0.8, -0.7, 0.0], [-0.5, -0.55, -0.6],
                         [0.0, -0.95, 0.2], [0.3, 0.4, 0.35]]])  # fmt: skip
    _kept(answer, few, torch.tensor([2]), "one picture, 5 classes of 3, label 2")
    _kept(answer, few, None, "one picture, no labels")
    poses = normal(cases, 3, 5, 2) + 0.005
    _kept(answer, poses, torch.tensor([4, 0, 3]), "3 pictures, 5 classes of 2, labels")
    _kept(answer, poses, None, "3 pictures, 5 classes of 2, no labels")
    _kept(answer, -poses.abs(), None, "all numbers below 0, no labels")
    _kept(answer, poses[:1, :1], torch.tensor([0]), "a single class")
    _kept(answer, few, torch.tensor([0]), "one picture, label 0")
    _kept(answer, few.repeat(3, 1, 1), torch.zeros(3).long(), "3 pictures, labels 0")
    equal = normal(cases, 4, 4, 6) + 0.005
    _kept(answer, equal, torch.tensor([1, 3, 0, 0]), "4 pictures, 4 classes, labels")
    for number in cases.count(4):
        n, classes = cases.integer(1, 5), cases.integer(2, 6)
        poses = normal(cases, n, classes, cases.integer(1, 7)) + 0.005
        labels = torch.from_numpy(cases.rng.integers(0, classes, n))
        given = labels if number % 2 else None
        _kept(answer, poses, given, f"random {number}: {n} pictures")
    _expect_a_way_back(answer, normal(cases, 3, 4, 2) + 0.005)


def _expect_a_way_back(answer: Maker, poses: Tensor) -> None:
    """Who returns a tensor has to let the gradient through, of what is kept alone."""
    labels = torch.tensor([2, 0, 3])
    if not isinstance(answer(poses, labels).outcome.value, Tensor):
        return
    model = applied(answer, "masked")
    longest = poses.square().sum(2).argmax(1)
    n, classes, size = poses.shape
    upstream = torch.linspace(-1, 2, poses.numel()).reshape(n, -1)
    for given, chosen, case in (
        ((poses, labels), labels, "gradient, labels"),
        ((poses,), longest, "gradient, no labels"),
    ):
        right = _only(upstream.view(n, classes, size), chosen.tolist())
        found = model.gradients(*given, upstream=upstream, case=case).input(0)
        words = "The gradient of the vector that is kept comes back, and no other."
        expect(found, right.reshape(n, classes, size), case,
               [(found.outcome.value, words)])  # fmt: skip


def _kept(answer: Answer, poses: Tensor, labels: Tensor | None, case: str) -> None:
    longest = [
        max(range(len(row)), key=lambda j: float(row[j].norm())) for row in poses
    ]
    chosen = longest if labels is None else labels.tolist()
    right = _only(poses, chosen)
    given = (poses,) if labels is None else (poses, labels)
    expect(answer(*given), right, case, _mismasked(poses, chosen, longest, labels))


def _only(poses: Tensor, chosen: list[int]) -> np.ndarray:
    n, classes, size = poses.shape
    found = np.zeros((n, classes * size))
    for row, j in enumerate(chosen):
        found[row, j * size : (j + 1) * size] = poses[row, j].numpy()
    return found


def _mismasked(
    poses: Tensor, chosen: list[int], longest: list[int], labels: Tensor | None
) -> Mistakes:
    n, classes, size = poses.shape
    right = _only(poses, chosen)
    rows = np.arange(n)
    if labels is not None:
        yield (
            _only(poses, longest),
            "There are labels: theirs is kept, not the longest.",
        )
    else:
        for scores, words in (
            (
                poses.sum(2),
                "The *longest* vector is kept, not that of the largest sum.",
            ),
            (poses.amax(2), "The *longest* is kept, not that with the largest number."),
            (poses.abs().sum(2), "The length of a vector is a root of squares."),
            (poses.abs().amax(2), "The length of a vector is a root of squares."),
            (-poses.norm(dim=2), "That is the shortest."),
        ):
            yield _only(poses, scores.argmax(1).tolist()), words
        yield _only(poses, [0] * n), "That is always the first vector."
    kept = poses.numpy()[rows, chosen]
    yield kept, "All vectors keep their places; the others become zeros."
    yield right.reshape(n, classes, size), "One row of numbers for each picture."
    yield poses.numpy().reshape(n, -1), "All others are to become zeros."
    yield poses.numpy().reshape(n, -1) - right, "That one is to stay, the others go."
    lengths = poses.norm(dim=2, keepdim=True)
    yield right.reshape(n, classes, size).sum(2), "The vector stays, not a sum."
    yield (
        (right.reshape(n, classes, size) / lengths.numpy()).reshape(n, -1),
        ("The vector stays as long as it is."),
    )
    yield (right != 0).astype(float), "That is the mask. What is left of the poses?"


# ---- Both right ----


@exercise("both-digits", "lengths", "pairs", by_hand=READY)
def both_right(answer: Answer, cases: Cases) -> None:
    """Oracle: sets, one picture after the other."""
    few = torch.tensor([
        [0.9, 0.1, 0.7, 0.2], [0.3, 0.45, 0.1, 0.2], [0.8, 0.95, 0.6, 0.7],
        [0.8, 0.3, 0.6, 0.1], [0.2, 0.8, 0.1, 0.7], [0.1, 0.2, 0.55, 0.3],
        [0.4, 0.3, 0.1, 0.2], [0.9, 0.8, 0.1, 0.15],
    ])  # fmt: skip
    pairs = torch.tensor([[2, 0], [1, 0], [1, 2], [2, 3], [3, 1], [2, 3], [0, 1],
                          [0, 2]])  # fmt: skip
    _both(answer, few, pairs, "8 pictures, 4 classes")
    _both(answer, few[:1], torch.tensor([[0, 2]]), "one picture")
    sums = torch.tensor([[0.7, 0.2, 0.1, 0.8, 0.3, 0.4], [0.1, 0.2, 0.9, 0.3, 0.8, 0.4],
                         [0.1, 0.7, 0.2, 0.3, 0.4, 0.6], [0.9, 0.1, 0.2, 0.3, 0.8, 0.4],
                         ])  # fmt: skip
    same = torch.tensor([[1, 2], [5, 1], [5, 1], [0, 4]])
    _both(answer, sums, same, "4 pictures, 6 classes")
    squares = torch.tensor([[0.9, 0.1, 0.2, 0.3, 0.4, 0.8],
                            [0.1, 0.2, 0.3, 0.8, 0.9, 0.4],
                            [0.1, 0.8, 0.9, 0.2, 0.3, 0.4]])  # fmt: skip
    pictures = torch.tensor([[3, 4], [4, 3], [0, 4]])
    _both(answer, squares, pictures, "0 and 5 are not 3 and 4")
    ends = torch.tensor([[0.9, 0.1, 0.2, 0.7], [0.1, 0.8, 0.2, 0.9],
                         [0.9, 0.1, 0.2, 0.7], [0.7, 0.9, 0.1, 0.2],
                         [0.8, 0.1, 0.2, 0.7]])  # fmt: skip
    half = torch.tensor([[1, 3], [0, 3], [2, 0], [2, 3], [3, 2]])
    _both(answer, ends, half, "5 pictures, at most one digit right")
    many = torch.cat([few[[0, 1, 6, 7]]] * 4)
    wanted = torch.cat([pairs[[0, 1, 6, 7]]] * 4)
    wanted[10:] = torch.tensor([[3, 1]])
    _both(answer, many, wanted, "16 pictures, the first ten right")
    few = few[:3]
    _both(answer, few, torch.tensor([[1, 3], [3, 2], [2, 3]]), "none is right")
    _both(answer, few, torch.tensor([[0, 1], [1, 2], [0, 3]]), "always one of two")
    for number in cases.count(5):
        n, classes = cases.integer(2, 9), cases.integer(3, 10)
        lengths = torch.from_numpy(cases.rng.uniform(0.05, 1, (n, classes))).float()
        order = lengths.argsort(1, descending=True)
        pairs = order[:, :2].clone()
        for row in range(n):
            lot = cases.integer(0, 3)
            if lot == 0:
                pairs[row] = pairs[row].flip(0)
            elif lot == 1:
                pairs[row, cases.integer(0, 1)] = order[row, 2]
        _both(answer, lengths, pairs, f"random {number}: {n} pictures")


def _both(answer: Answer, lengths: Tensor, pairs: Tensor, case: str) -> None:
    n = len(lengths)
    found = [sorted(range(len(row)), key=lambda j: -row[j])[:2]
             for row in lengths.tolist()]  # fmt: skip
    wanted = pairs.tolist()
    sets = [len(set(f) & set(w)) for f, w in zip(found, wanted, strict=True)]
    right = sum(k == 2 for k in sets)
    first = sum(f[0] in w for f, w in zip(found, wanted, strict=True))
    ordered = sum(f == w for f, w in zip(found, wanted, strict=True))
    long = (lengths > 0.5).nonzero().tolist()
    sure = [{j for row, j in long if row == k} for k in range(n)]
    limit = sum(s == set(w) for s, w in zip(sure, wanted, strict=True))
    equal = sum(sum(f) == sum(w) for f, w in zip(found, wanted, strict=True))
    squares = sum(
        sum(j * j for j in f) == sum(j * j for j in w)
        for f, w in zip(found, wanted, strict=True)
    )
    larger, smaller = (
        sum(end(f) == end(w) for f, w in zip(found, wanted, strict=True))
        for end in (max, min)
    )
    ten = sum(k == 2 for k in sets[:10])
    expect(answer(lengths, pairs), right / n, case, [
        (right, "That is how many. The share is asked for."),
        (sum(sets) / (2 * n), "That is the share of digits. A picture counts when both "
         "are found."),
        (sum(k > 0 for k in sets) / n, "One of two is not enough."),
        (first / n, "That looks at the longest only."),
        (ordered / n, "Which of the two is longer must not matter."),
        (limit / n, "The two longest count, whether they are longer than 0.5 or not."),
        (100 * right / n, "A number between 0 and 1, no per cent."),
        (equal / n, "Two pairs can have equal sums and differ: 0 and 3, 1 and 2."),
        (ten / min(n, 10), "All pictures count, not the first ten."),
        (squares / n, "0 and 5 have the same sum of squares as 3 and 4."),
        (larger / n, "Both digits have to agree, not only the larger one."),
        (smaller / n, "Both digits have to agree, not only the smaller one."),
    ])  # fmt: skip


# ---- A verdict that is seldom wrong ----

LIMIT = 0.08  # of the cases without a difference, for each kind
SPREAD, OWN = 2.0, 0.4  # of a seed, of a network
GRAIN, FINE = 0.05, 0.01  # rounding, in per cent; with FINE hardly any are equal
Pairs = tuple[list[float], list[float]]


@exercise("verdict", "a", "b", by_hand=("scipy.stats",))
def verdict(answer: Answer, cases: Cases) -> None:
    """No oracle: simulated pairs, of which the check knows the truth."""
    _plain_verdicts(answer, cases)
    drawn = cases.integer(6, 15), cases.integer(16, 30)
    for pairs, grain, fails in (
        (3, GRAIN, 0.0),
        (4, FINE, 0.0),
        (5, GRAIN, 0.0),
        (8, 0.5, 0.0),
        (10, FINE, 0.0),
        (13, FINE, 0.1),
        (16, FINE, 0.0),
        (18, FINE, 0.0),
        (30, FINE, 0.0),
        (20, 1.0, 0.0),
        (30, FINE, 0.1),
        *((number, FINE, 0.0) for number in drawn),
    ):
        _no_difference(answer, cases, (pairs, grain, fails))
    for pairs, gap, fails, wished in (
        (20, 1.0, 0.0, 0.8),
        (10, 1.5, 0.0, 0.7),
        (6, 3.0, 0.0, 0.85),
        (20, 2.0, 0.1, 0.6),
    ):
        _a_difference(answer, cases, (pairs, gap, fails), wished)
    _any_order(answer, cases, 9, 1.0, 60, 1 / 6)
    _any_order(answer, cases, 29, 0.3, 20, 1 / 3)


def _plain_verdicts(answer: Answer, cases: Cases) -> None:
    seeds = [91.2, 87.0, 93.5, 90.1, 86.4, 92.2, 88.8, 94.0, 89.5, 90.9, 85.7, 91.8]
    up = [0.9, 1.2, 0.6, 1.1, 0.8, 1.4, 0.7, 1.0, 1.3, 0.5, 0.9, 1.0]
    better = [round(s + g, 1) for s, g in zip(seeds, up, strict=True)]
    case = "12 pairs, all won by about 1"
    unpaired = (
        "The seeds differ much more than the two networks do. What is left of "
        "the seeds in the differences?"
    )
    expect(answer(better, seeds), "a", case, [("open", unpaired),
           ("b", "Which of the two is better?")])  # fmt: skip
    expect(answer(seeds, better), "b", f"{case}, exchanged", [
        ("open", "b may be the better one, too."), ("a", "Which of the two is better?"),
    ])  # fmt: skip
    expect(answer(seeds, list(seeds)), "open", "12 equal pairs", [
        ("a", "Equal pairs speak for nobody."), ("b", "Equal pairs speak for nobody."),
    ])  # fmt: skip
    _with_a_failure(answer, better, seeds)
    few = "Fewer than three pairs decide nothing."
    for count in (2, 1, 0):
        expect(answer(better[:count], seeds[:count]), "open", f"{count} pairs", [
            ("a", few), ("b", few)])  # fmt: skip
    for a, b in ((better, seeds[:11]), (better[:3], seeds), (better, seeds[:1])):
        expect_error(answer(a, b), "ValueError", f"{len(a)} and {len(b)} accuracies",
                     "Pairs are needed: refuse lists of different lengths.",
                     )  # fmt: skip


def _with_a_failure(answer: Answer, better: list[float], seeds: list[float]) -> None:
    """First, last, of the one or the other; and on a task where 30 % is good."""
    failed = [50.0, *better[1:]]
    low, base = ([round(one - 60, 1) for one in some] for some in (better, seeds))
    worst = [10.2, *low[1:]]
    case, hard = "11 of 12 won, one run failed", "11 of 12 won, near 30 %, one failed"
    for given, right, words in (
        ((failed, seeds), "a", case),
        ((seeds, failed), "b", case),
        ((failed[::-1], seeds[::-1]), "a", f"{case}, the last"),
        ((better[::-1], [*seeds[:0:-1], 40.0]), "a", "12 of 12 won, one run failed"),
        ((worst, base), "a", hard),
        ((base, worst), "b", hard),
    ):
        blind = "One failed run makes it blind: eleven of twelve are a win."
        if words == hard:
            blind = (
                "On a hard task 30 % is good: what is a failed run there? Does a fixed "
                "number decide which runs count?"
            )
        expect(answer(*given), right, words, [
            ("open", blind),
            ("b" if right == "a" else "a", "One failed run decides about all twelve."),
        ])  # fmt: skip


def _simulated(
    cases: Cases, pairs: int, gap: float, grain: float, fails: float
) -> Pairs:
    """a is better by `gap` standard deviations of the differences."""
    rng = cases.rng
    common = rng.normal(90, SPREAD, pairs)
    both = common + rng.normal(0, OWN, (2, pairs))
    both[0] += gap * OWN * 2**0.5
    both = np.where(rng.random((2, pairs)) < fails, 50 + 0 * both, both)
    failed = both == 50
    both[failed] += rng.normal(0, 5, int(failed.sum()))
    rounded = np.round(both / grain) * grain
    first, second = np.round(rounded, 3).tolist()
    return first, second


Kind = tuple[int, float, float]  # pairs; the grain, or the gap; failures


def _no_difference(answer: Answer, cases: Cases, kind: Kind) -> None:
    """A winner is seldom seen; when luck may have had a part in it, look again."""
    pairs, grain, fails = kind
    case = f"no difference, {pairs} pairs"
    case += ", one run in ten fails" if fails else ""
    case += ", many equal" if grain > GRAIN else ""
    seen = drawn = 0
    for upto, clear in ((125, 0.5), (300, 0.8), (900, 1.0)):
        for _ in range(upto - drawn):
            result = answer(*_simulated(cases, pairs, 0, grain, fails))
            _expect_word(result, case)
            seen += result.outcome.value != "open"
        drawn = upto
        if not clear * LIMIT < seen / drawn < 2 * LIMIT:
            break
    idea = (
        "How probable is it, by luck alone, that one of the two is as far ahead as "
        "this? In both directions."
    )
    expect_that(result, seen <= LIMIT * drawn, case, f"it saw a winner in "
                f"{seen / drawn:.0%} of {drawn} cases; 5% is the goal", idea,
                )  # fmt: skip


def _a_difference(answer: Answer, cases: Cases, kind: Kind, wished: float) -> None:
    pairs, gap, fails = kind
    count, right, wrong = 100, 0, 0
    case = f"a difference of {gap:g}, {pairs} pairs"
    case += ", one run in ten fails" if fails else ""
    for number in range(count):
        a, b = _simulated(cases, pairs, gap, GRAIN, fails)
        truth, given = ("a", (a, b)) if number % 2 else ("b", (b, a))
        result = answer(*given)
        _expect_word(result, case)
        right += result.outcome.value == truth
        wrong += result.outcome.value not in (truth, "open")
    expect_that(result, wrong <= 0.02 * count, case,
                f"it named the wrong one in {wrong} of {count} cases")  # fmt: skip
    idea = (
        "A failed run weighs more than all others together. Must it?"
        if fails
        else "What the seed does to both is no part of the difference. And how many "
        "pairs of so many have to be won?"
    )
    expect_that(result, right >= wished * count, case, f"it named the right one in "
                f"{right / count:.0%} of {count} cases; {wished:.0%} is the goal",
                idea)  # fmt: skip


def _any_order(
    answer: Answer, cases: Cases, pairs: int, gap: float, count: int, share: float
) -> None:
    """Sorted by who won, backwards, and with a and b exchanged: one verdict.

    A rule that draws lots may differ from itself where it is close, in this share.
    """
    sorted_apart = exchanged = 0
    other = {"a": "b", "b": "a", "open": "open"}
    for _ in range(count):
        both = np.array(_simulated(cases, pairs, gap, GRAIN, 0.0))
        up = np.argsort(both[0] - both[1], kind="stable")
        (a, b), (c, d) = both[:, up].tolist(), both[:, up[::-1]].tolist()
        results = [answer(a, b), answer(c, d), answer(d, c)]
        for result in results:
            _expect_word(result, f"{pairs} pairs, sorted")
        first, back, swapped = (one.outcome.value for one in results)
        sorted_apart += first != back
        exchanged += swapped != other[back]
    most = count * share
    expect_that(results[1], sorted_apart <= most, f"{pairs} pairs in two orders",
                f"{sorted_apart} of {count} times another word for the same pairs",
                "The order of the pairs must not matter: all of them count, none more "
                "than another.")  # fmt: skip
    expect_that(results[2], exchanged <= most, f"{pairs} pairs, a and b exchanged",
                f"{exchanged} of {count} times not the same verdict",
                "Who is called a must not matter.")  # fmt: skip


def _expect_word(result: object, case: str) -> None:
    """One of the three words."""
    value = result.outcome.value  # type: ignore[attr-defined]
    if value not in ("a", "b", "open"):
        expect(result, "open", case)  # type: ignore[arg-type]
