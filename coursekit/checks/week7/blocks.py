"""Checks of "Residual blocks: one addition"."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, product

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.compare import array
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    expect,
    expect_error,
    expect_that,
)
from coursekit.checks.expect_module import (
    expect_buffers,
    expect_fresh,
    expect_gradients,
    expect_parameters,
)
from coursekit.checks.maker import Maker
from coursekit.checks.matching import Layout
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, output_of, shapes_of, stirred

READY = ("coursekit.models", "coursekit.layers", "torchvision")

UNSAID = "When no stride is given, it is 1."

sick_blocks = quiz("sick-blocks")


# ---- One layer is a layer ----


@exercise("one-layer-alone", "kernel", "factor")
def alone(answer: Answer, cases: Cases) -> None:
    """Oracle: the block's answers to single pixels, read off as a kernel."""
    for channels, k, case in _sizes(cases):
        kernel = normal(cases, channels, channels, k, k) + 0.005  # none is 0 or 1
        factor = normal(cases, channels) + 0.005
        expect(answer(kernel, factor), _read_off(kernel, factor), case,
               _mistakes_alone(kernel, factor))  # fmt: skip


def _sizes(cases: Cases) -> Iterator[tuple[int, int, str]]:
    for channels, k in ((2, 3), (3, 5), (4, 1), (1, 3), (5, 3), (2, 7)):
        yield channels, k, f"{channels} channels, kernels of {k}"
    for number in cases.count(4):
        channels, k = cases.integer(1, 6), 2 * cases.integer(0, 3) + 1
        yield channels, k, f"random {number}: {channels} channels, kernels of {k}"


def _read_off(kernel: Tensor, factor: Tensor) -> Tensor:
    """The kernel is seen, turned round, in what single pixels give."""
    channels, k = kernel.shape[0], kernel.shape[-1]
    pixels = torch.zeros(channels, channels, k, k)
    pixels[range(channels), range(channels), k // 2, k // 2] = 1
    y = F.conv2d(pixels, kernel, padding=k // 2) * factor[:, None, None] + pixels
    return y.transpose(0, 1).flip(2, 3)


def _mistakes_alone(kernel: Tensor, factor: Tensor) -> Mistakes:
    channels, k = kernel.shape[0], kernel.shape[-1]
    scaled = factor[:, None, None, None] * kernel
    one = _read_off(torch.zeros_like(kernel), factor)
    each = torch.eye(channels)[:, :, None, None].expand_as(kernel)
    yield scaled, "Where is x? The kernel has to hand it on as well."
    yield kernel + one, "The factor is missing."
    yield (
        factor[:, None, None, None] * (kernel + one),
        "The factor belongs to the branch; x is added as it is.",
    )
    yield (
        factor[None, :, None, None] * kernel + one,
        "The factor is one for each channel that comes *out*, the first axis.",
    )
    yield scaled + each, "x is one pixel, the middle one: not all k × k places."
    middle = one.amax((0, 1)).expand_as(kernel)
    yield scaled + middle, "Each channel gets itself, not the sum of all channels."
    yield scaled + 1, "A 1 for each channel, in the middle: not in all places."
    for row, column in ((0, 0), (k - 1, k - 1), (0, k // 2), (k // 2, 0)):
        yield (
            scaled + _one_at(kernel, row, column),
            "The 1 that hands x on stands in the middle.",
        )
    yield (
        scaled + _one_at(kernel, min(1, k - 1), min(1, k - 1)),
        "The middle is not always [1, 1]: where is it in a kernel of k × k?",
    )
    yield (
        torch.where(one == 1, one, scaled),
        "The 1 is added to what the branch has in the middle, it does not replace it.",
    )
    yield scaled - one, "x is added, not taken away."
    first = one * (torch.arange(channels) == 0).float()[:, None, None, None]
    yield scaled + first, "Each channel needs its own 1, not the first one only."
    for swapped in (scaled.mT.flip(2, 3), scaled.flip(2, 3), scaled.mT):
        words = "Every kernel stays as it is: neither turned round nor transposed."
        yield swapped + one, words
    turned = kernel.transpose(0, 1)
    for swapped in (scaled.transpose(0, 1), factor[:, None, None, None] * turned):
        words = "The first two axes have changed places: K has the outputs first."
        yield swapped + one, words
    square = torch.zeros_like(kernel)
    square += torch.eye(k)
    yield scaled + square, "The channels need an identity, not the k × k places."
    yield (
        scaled + factor[:, None, None, None] * one,
        "The factor belongs to the branch; x is added as it is.",
    )


def _one_at(kernel: Tensor, row: int, column: int) -> Tensor:
    """An identity of the channels, at one place of the kernel."""
    there = torch.zeros_like(kernel)
    there[range(len(kernel)), range(len(kernel)), row, column] = 1
    return there


# ---- Shortcut A ----


@exercise("shortcut-a", "x", "outputs", "stride", by_hand=READY)
def shortcut_a(answer: Answer, cases: Cases) -> None:
    """Oracle: one number after the other."""
    for shape, outputs, stride in (
        ((1, 2, 5, 4), 5, 2),
        ((3, 3, 4, 7), 4, 3),
        ((1, 4, 6, 5), 4, 2),
        ((3, 2, 3, 4), 7, 1),
        ((4, 1, 1, 3), 3, 2),
    ):
        _shortened(answer, normal(cases, *shape) + 0.005, outputs, stride)
    x = normal(cases, 3, 2, 4, 3) + 0.005
    expect(answer(x, 5), _subsampled(x, 5, 1), "no stride given",
           [(_subsampled(x, 5, 2), UNSAID), *_mistakes_a(x, 5, 1)])  # fmt: skip
    for number in cases.count(4):
        sizes = [cases.integer(1, 3), cases.integer(1, 4)]
        sizes += [cases.integer(2, 9), cases.integer(2, 9)]
        outputs, stride = sizes[1] + cases.integer(0, 5), cases.integer(1, 3)
        x = normal(cases, *sizes) + 0.005
        _shortened(answer, x, outputs, stride, f"random {number}: ")
    for channels, outputs, stride in ((4, 3, 2), (2, 0, 3), (5, 3, 1), (3, 1, 0)):
        x = normal(cases, 1, channels, 4, 6)
        given = (x, outputs, stride) if stride else (x, outputs)
        case = f"{channels} channels into {outputs}, stride {stride or 'not given'}"
        why = "Some channels would be lost: refuse."
        if stride < 2:
            why = "Channels would be lost with stride 1 as well: refuse."
        expect_error(answer(*given), "ValueError", case, why)


def _shortened(
    answer: Answer, x: Tensor, outputs: int, stride: int, words: str = ""
) -> None:
    case = f"{words}maps {tuple(x.shape)} to {outputs} channels, stride {stride}"
    expect(answer(x, outputs, stride), _subsampled(x, outputs, stride), case,
           _mistakes_a(x, outputs, stride))  # fmt: skip


def _subsampled(x: Tensor, outputs: int, stride: int) -> Tensor:
    n, channels, height, width = x.shape
    sides = -(-height // stride), -(-width // stride)
    found = torch.zeros(n, outputs, *sides)
    for i, channel, row, column in np.ndindex(n, channels, *found.shape[2:]):
        found[i, channel, row, column] = x[i, channel, stride * row, stride * column]
    return found


def _mistakes_a(x: Tensor, outputs: int, stride: int) -> Mistakes:
    new = outputs - x.shape[1]
    kept = x[:, :, ::stride, ::stride]
    before, half = (new, 0), (new // 2, new - new // 2)
    yield _padded(kept, *before), "The zeros come last: first the channels of x."
    yield _padded(kept, *half), "All zeros come last, not half of them before x."
    yield _padded(kept, *half[::-1]), "All zeros come last, not half of them before x."
    yield _padded(x, 0, new), "Where is the stride?"
    yield kept, "The new channels are missing."
    yield _padded(kept, 0, outputs), "`outputs` is how many there are in all."
    yield _padded(x[:, :, ::stride], 0, new), "The columns have a stride, too."
    yield _padded(x[..., ::stride], 0, new), "The rows have a stride, too."
    late = x[:, :, stride - 1 :: stride, stride - 1 :: stride]
    yield _padded(late, 0, new), "Begin with the first row and column, number 0."
    rows, columns = x.shape[2] // stride * stride, x.shape[3] // stride * stride
    yield (
        _padded(x[:, :, :rows:stride, :columns:stride], 0, new),
        "The last row or column is lost: there are ⌈h / stride⌉ and ⌈w / stride⌉.",
    )
    part = x[:, :, : kept.shape[2], : kept.shape[3]]
    yield _padded(part, 0, new), "Those are the first pixels, not every stride-th one."
    for name, pool in (("mean", F.avg_pool2d), ("maximum", F.max_pool2d)):
        for ceil in (False, True):
            small = pool(x, stride, stride, ceil_mode=ceil)
            words = f"That is the {name} of each window: A takes one pixel."
            yield _padded(small, 0, new), words
    repeated = torch.cat([kept] * (1 + -(-max(new, 0) // x.shape[1])), 1)
    yield repeated[:, :outputs], "The new channels are zeros, no copies."
    yield _padded(kept, 0, new).flip(1), "The order of the channels stays."
    ones = torch.ones(x.shape[0], max(new, 0), *kept.shape[2:])
    yield torch.cat([kept, ones], 1), "The new channels hold zeros, not ones."

    for some in (x[:, ::stride, ::stride, ::stride], x[:, ::stride, ::stride]):
        words = "The stride is one of rows and columns. The channels of x stay, all."
        yield _padded(some, 0, new), words
        yield _padded(some, 0, outputs - some.shape[1]), words


def _padded(x: Tensor, before: int, behind: int) -> Tensor:
    return F.pad(x, (0, 0, 0, 0, before, behind))


# ---- The basic block ----

Wrong = dict[str, str]
Shapes = list[tuple[int, ...]]

FIRST, MIDDLE, LAST = 0, 2, 3  # when the projection runs: before the last BN, or after
POOLED: dict[str, Callable[..., Tensor]] = {
    "mean": F.avg_pool2d,
    "maximum": F.max_pool2d,
}
ONE_PIXEL: Wrong = {
    name: f"That is the {name} of each window: a 1 × 1 with a stride reads one pixel."
    for name in POOLED
}


class _Basic(nn.Module):
    """The block of 2015; `run` also computes it with a mistake."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = _three(inputs, width, stride)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = _three(width, width)
        self.bn2 = nn.BatchNorm2d(width)
        if stride > 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)
            self.down_bn = nn.BatchNorm2d(width)
        self.stride, self.keeps = stride, stride == 1 and inputs == width
        self.sliced, self.place = False, LAST

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def run(self, x: Tensor, how: str = "") -> Tensor:
        """The block, right or with a mistake."""
        h = road = x
        for place, step in enumerate((self._first, self._second, self._norm, None)):
            if place == self.place:
                road = self._road(x, how)
            h = step(h, how) if step else h
        h = F.relu(h) if how in ("before", "both") else h
        road = F.relu(road) if how == "road" else road
        if how == "bare":
            return h
        if how == "activated branch":
            return F.relu(h)
        total = h * road if how == "times" else h + road
        return total if how in ("before", "open") else F.relu(total)

    def _road(self, x: Tensor, how: str) -> Tensor:
        return x if self.keeps else self.down_bn(_projected(self, x, how))

    def _first(self, x: Tensor, how: str) -> Tensor:
        if how == "late":
            return F.relu(self.bn1(F.conv2d(x, self.conv1.weight, padding=1)))
        h = self.conv1(x)
        if how == "norm behind":
            return self.bn1(F.relu(h))
        h = self.bn1(h)
        return h if how == "linear" else F.relu(h)

    def _second(self, h: Tensor, how: str) -> Tensor:
        if how == "late":
            return F.conv2d(h, self.conv2.weight, stride=self.stride, padding=1)
        return self.conv2(h)

    def _norm(self, h: Tensor, how: str) -> Tensor:
        return self.bn2(h)


def _projected(block: "_Basic | _PreActivation", x: Tensor, how: str) -> Tensor:
    """The 1×1 convolution, of x or of pixels that are taken from it before."""
    if not block.sliced and how not in POOLED:
        return block.down(x)
    s, usual = block.stride, block.down.stride
    block.down.stride = (1, 1)
    pool = POOLED.get(how)
    try:
        return block.down(pool(x, s, s, ceil_mode=True) if pool else x[:, :, ::s, ::s])
    finally:
        block.down.stride = usual


def _three(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)


BASIC: Wrong = {
    "before": "The ReLU comes behind the addition, not before it.",
    "open": "The ReLU behind the sum is missing.",
    "both": "The branch ends with its BN: the ReLU comes behind the addition only.",
    "linear": "The ReLU between the two convolutions is missing: then they are one.",
    "late": "The stride stands in the first convolution, not in the second.",
    "norm behind": "In the branch BN comes before the ReLU.",
    "bare": "Where is the addition?",
    "activated branch": "Where is the addition?",
    "road": "Nothing touches the shortcut before the addition.",
    "times": "The two roads are added, not multiplied.",
    **ONE_PIXEL,
}

Sizes = tuple[int, int, int]  # inputs, width, stride
CHANGES = (
    ((2, 5, 2), (3, 2, 7, 6)),
    ((4, 4, 1), (1, 4, 5, 6)),
    ((3, 4, 1), (3, 3, 4, 5)),
    ((4, 4, 2), (2, 4, 6, 3)),
    ((5, 2, 3), (3, 5, 7, 8)),
)


@exercise("basic-block", "inputs", "width", "stride", by_hand=READY)
def BasicBlock(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's layers, with random weights that are copied."""
    for sizes, shape in _changes(cases):
        oracle, x = _Basic(*sizes), normal(cases, *shape)
        _block(answer, oracle, sizes, x, cases, BASIC)
    _without_stride(answer, _Basic(3, 5, 1), cases)
    _silent(answer, _Basic(3, 3, 1), cases)


def _changes(cases: Cases) -> Iterator[tuple[Sizes, tuple[int, ...]]]:
    yield from CHANGES
    for _ in cases.count(2):
        inputs, width = cases.integer(2, 5), cases.integer(2, 5)
        stride = cases.integer(1, 3)
        shape = cases.integer(2, 3), inputs, cases.integer(3, 8), cases.integer(3, 8)
        yield (inputs, width, stride), shape


def _block(
    answer: Maker,
    oracle: "_Basic | _PreActivation",
    sizes: Sizes,
    x: Tensor,
    cases: Cases,
    wrong: Wrong,
) -> None:
    inputs, width, stride = sizes
    case = f"{inputs} to {width} maps, stride {stride}"
    model = answer.make_module(*sizes)
    twice = _expect_layers(model, oracle, sizes, case, x)
    expect_fresh(model, case)
    stirred(oracle, cases)
    _load(model, oracle, x)
    for mode in (False, True):
        model.train() if mode else model.eval()
        oracle.train(mode)
        words = f"{case}, {'training' if mode else 'evaluation'}"
        if mode and len(x) * -(-x.shape[2] // stride) * -(-x.shape[3] // stride) < 2:
            continue
        state = {name: one.clone() for name, one in oracle.state_dict().items()}
        found, runs = model(x), _runs(oracle, x, wrong, state)
        again = [(found.outcome.value, twice)] if twice else []
        expect(found, output_of(oracle, x), words, chain(again, runs))
        expect_buffers(model, oracle, words, twice)
        expect_gradients(model, oracle, x, case=words)


def _load(model: MadeModule, oracle: "_Basic | _PreActivation", x: Tensor) -> None:
    """Copy the weights; equal shapes are told apart by the order of their use.

    A projection may run before the branch, before its last BN or after it, and read
    pixels taken from x before.
    """
    story = list(model.story)
    usual = LAST, False
    for place, sliced in (*product((LAST, FIRST, MIDDLE), (False, True)), usual):
        oracle.sliced, oracle.place = sliced, place
        model.load(oracle, x)
        model.eval()
        got, right = array(model(x).outcome.value), output_of(oracle.eval(), x)
        same = isinstance(got, np.ndarray) and got.shape == right.shape
        if same and np.allclose(got, right, rtol=1e-3, atol=1e-4):
            break
    model.story[:] = [*story, f"(the weights of {model.name} are set)"]


def _runs(
    oracle: "_Basic | _PreActivation",
    x: Tensor,
    wrong: Wrong,
    state: dict[str, Tensor],
) -> Mistakes:
    """What each mistake gives, from the same state."""
    for how, words in wrong.items():
        oracle.load_state_dict(state)
        with torch.no_grad():
            found = oracle.run(x, how)
        yield found.numpy(), words


def _expect_layers(
    model: MadeModule,
    oracle: "_Basic | _PreActivation",
    sizes: Sizes,
    case: str,
    x: Tensor,
) -> str:
    """The parameters, with words for sets of them that are often built.

    Returns words for a layer that runs twice, "" when none does.
    """
    found = model.parameters()
    got = sorted(tuple(shape) for shape in found.outcome.value.values())
    layout = model.layout(x).layout
    if not layout.twice and got != sorted(shapes_of(oracle)):
        idea = _about_layers(layout, got, oracle, sizes)
        expect_that(found, not idea, case, idea)
    expect_parameters(model, shapes_of(oracle), case, x)
    return " ".join(
        f"{path} runs twice in each forward. Two places need two layers; and what two "
        "roads read is computed once: each run in training moves running statistics."
        for path in layout.twice[:1]
    )


def _about_layers(
    layout: Layout, got: Shapes, oracle: "_Basic | _PreActivation", sizes: Sizes
) -> str:
    """What is probably built otherwise than ordered; "" when nothing is recognised."""
    biased = _biased(layout)
    if biased:
        have = "has a bias" if len(biased) == 1 else "have biases"
        return f"{' and '.join(biased)} {have}. {_no_bias(oracle)}"
    for shapes, words in _other_layers(oracle, sizes):
        if got == sorted(shapes):
            return words
    more = set(_less(got, shapes_of(oracle))) == {(sizes[1],)}
    none_less = not _less(shapes_of(oracle), got)
    return _extra_norm(layout, oracle) or (more and none_less) * _no_bias(oracle)


def _biased(layout: Layout) -> list[str]:
    """Layers that hold a kernel and one more parameter."""
    owned: dict[str, list[int]] = defaultdict(list)
    for row in layout.rows:
        if row.kind == "parameter" and row.owner:
            owned[row.owner].append(len(row.shape))
    return [owner for owner, axes in owned.items() if sorted(axes) == [1, 4]]


def _no_bias(oracle: "_Basic | _PreActivation") -> str:
    if isinstance(oracle, _Basic):
        return "Before a normalisation a bias does nothing: bias=False."
    return "No bias is ordered: bias=False."


def _extra_norm(layout: Layout, oracle: "_Basic | _PreActivation") -> str:
    """Words for a normalisation too many, by what feeds it."""
    norms = [row for row in layout.rows if row.role == "variance"]
    ordered = sum(isinstance(part, nn.BatchNorm2d) for part in oracle.modules())
    if len(norms) <= ordered:
        return ""
    here = f"{ordered} normalisations are ordered, here are {len(norms)}: there is one"
    if isinstance(oracle, _Basic):
        return f"{here} behind each convolution, and none behind the sum."
    ones = {row.owner for row in layout.rows if row.shape[2:] == (1, 1)}
    if any(row.feeder in ones for row in norms):
        return "In v2 the projection has no BN: what it reads is activated."
    return f"{here} before each 3 × 3, none in the shortcut and none behind the sum."


def _other_layers(
    oracle: "_Basic | _PreActivation", sizes: Sizes
) -> Iterator[tuple[list[tuple[int, ...]], str]]:
    inputs, width, _ = sizes
    right = shapes_of(oracle)
    first = isinstance(oracle, _Basic)
    norms: Shapes = [(width,), (width,)]
    one: Shapes = [(width, inputs, 1, 1)]
    projection = one + norms if first else one
    if oracle.keeps:
        yield right + one + norms, KEEPS
        yield right + one, KEEPS
        return
    if first:
        yield _less(right, norms), "The projection has a BN of its own."
    yield _less(right, projection), NO_PROJECTION
    yield [*_less(right, one), (width, inputs, 3, 3)], "The projection is 1 × 1."
    if not first and inputs != width:
        behind = _less(right, [(inputs,), (inputs,)]) + norms
        yield behind, "BN comes before its convolution. What does the first see?"
        yield behind + norms, "BN comes before its convolution, and only there."


def _less(
    shapes: Sequence[tuple[int, ...]], fewer: Sequence[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    left = list(shapes)
    for shape in fewer:
        if shape in left:
            left.remove(shape)
    return left


KEEPS = "Where the shape stays, the shortcut is x itself, without weights."
NO_PROJECTION = (
    "A projection is missing: x does not fit when the stride or the number of maps "
    "changes it."
)


def _without_stride(
    answer: Maker, oracle: "_Basic | _PreActivation", cases: Cases
) -> None:
    case, x = "3 to 5 maps, no stride given", normal(cases, 3, 3, 5, 4)
    model = answer.make_module(3, 5)
    expect_parameters(model, shapes_of(oracle), case, x)
    stirred(oracle, cases)
    _load(model, oracle, x)
    model.eval()
    other = type(oracle)(3, 5, 2).eval()
    other.load_state_dict(oracle.state_dict())
    expect(model(x), output_of(oracle.eval(), x), case,
           [(output_of(other, x), UNSAID)])  # fmt: skip


def _silent(answer: Maker, oracle: "_Basic | _PreActivation", cases: Cases) -> None:
    """Branches that say 0: what is left of x, and is it left alone?"""
    case, x = "3 maps, a branch that says 0", normal(cases, 3, 3, 4, 6)
    model = answer.make_module(3, 3, 1)
    stirred(oracle, cases)
    with torch.no_grad():
        for name, parameter in oracle.named_parameters():
            if name.startswith(("bn2", "conv2")):
                parameter.zero_()
    _load(model, oracle, x)
    model.eval()
    expect(model(x), output_of(oracle.eval(), x), case, [
        (2 * x.numpy(), "x comes in twice."),
        (x.numpy() if isinstance(oracle, _Basic) else x.relu().numpy(),
         "Does a ReLU stand behind the sum? In v1 it does, in v2 it does not."),
    ])  # fmt: skip


# ---- Pre-activation ----


class _PreActivation(nn.Module):
    """The block of 2016; `run` also computes it with a mistake."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = _three(inputs, width, stride)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv2 = _three(width, width)
        if stride > 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)
        self.stride, self.keeps = stride, stride == 1 and inputs == width
        self.sliced, self.place = False, LAST

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def run(self, x: Tensor, how: str = "") -> Tensor:
        """The block, right or with a mistake."""
        ready = self._ready(x, how)
        first = self.place == FIRST
        road = self._road(x, ready, how) if first else x
        late, turned = how == "late", how in ("second norm behind", "norms behind")
        stride = 1 if late else self.stride
        h = F.conv2d(ready, self.conv1.weight, stride=stride, padding=1)
        h = self.bn2(F.relu(h) if turned else h)
        h = h if turned or how == "linear" else F.relu(h)
        stride = self.stride if late else 1
        h = F.conv2d(h, self.conv2.weight, stride=stride, padding=1)
        if how == "bare":
            return h
        total = h + (road if first else self._road(x, ready, how))
        return F.relu(total) if how == "closed" else total

    def _ready(self, x: Tensor, how: str) -> Tensor:
        if how in ("norm behind", "norms behind"):
            return self.bn1(F.relu(x))
        x = self.bn1(x)
        return x if how == "first linear" else F.relu(x)

    def _road(self, x: Tensor, ready: Tensor, how: str) -> Tensor:
        if self.keeps:
            return ready if how == "activated road" else x
        if how == "linear road":
            return _projected(self, self.bn1(x), how)
        read = {"raw road": x, "bare relu": F.relu(x)}
        return _projected(self, read.get(how, ready), how)


PRE: Wrong = {
    "closed": "Nothing touches the sum: no ReLU behind it.",
    "activated road": "Where the shape stays, the shortcut is x as it came, not the "
    "activated one.",
    "raw road": "The projection reads what comes out of the first BN and ReLU.",
    "linear road": "The projection reads what has been activated as well: behind the "
    "first BN *and* its ReLU.",
    "bare relu": "The projection reads what has been normalised as well: behind the "
    "first BN and its ReLU.",
    "norm behind": "The order is BN, ReLU, convolution.",
    "norms behind": "The order is BN, ReLU, convolution, both times.",
    "second norm behind": "The order is BN, ReLU, convolution, also the second time.",
    "linear": "The ReLU between the two convolutions is missing.",
    "first linear": "The ReLU before the first convolution is missing.",
    "late": "The stride stands in the first convolution, not in the second.",
    "bare": "Where is the addition?",
    **ONE_PIXEL,
}


@exercise("pre-activation", "inputs", "width", "stride", by_hand=READY)
def PreActivation(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's layers, with random weights that are copied."""
    for sizes, shape in _changes(cases):
        oracle, x = _PreActivation(*sizes), normal(cases, *shape)
        _block(answer, oracle, sizes, x, cases, PRE)
    _without_stride(answer, _PreActivation(3, 5, 1), cases)
    _silent(answer, _PreActivation(3, 3, 1), cases)


# ---- How many weights? ----


@exercise("count-the-family", "depth", "shortcut", "width", "classes",
          by_hand=("coursekit.models", "coursekit.layers"))  # fmt: skip
def weights(answer: Answer, cases: Cases) -> None:
    """Oracle: the shapes of all tensors, listed and multiplied out."""
    for given, case in (
        ((8, "A", 3, 5), "depth 8, A, 3 maps, 5 classes"),
        ((14, "B", 5, 7), "depth 14, B, 5 maps, 7 classes"),
        ((20, "C", 6, 3), "depth 20, C, 6 maps, 3 classes"),
        ((20,), "depth 20"),
        ((20, "B"), "depth 20, B"),
        ((56, "C"), "depth 56, C"),
        ((110,), "depth 110"),
        ((32, "B", 64, 100), "depth 32, B, 64 maps, 100 classes"),
    ):
        expect(answer(*given), _weights(*given), case, _mistakes_weights(*given))
    for number in cases.count(6):
        drawn = (6 * cases.integer(1, 30) + 2, "ABC"[cases.integer(0, 2)],
                 cases.integer(1, 40), cases.integer(2, 50))  # fmt: skip
        case = f"random {number}: depth {drawn[0]}, {drawn[1]}, {drawn[2]} maps"
        expect(answer(*drawn), _weights(*drawn), case, _mistakes_weights(*drawn))
    for depth in (2, 18, 21, 34, 0, -4):
        expect_error(answer(depth), "ValueError", f"depth {depth}", "The depth is "
                     "6n + 2, with n at least 1.")  # fmt: skip


def _tensors(depth: int, shortcut: str, width: int, classes: int) -> dict[str, Shapes]:
    """Shapes of the weights, sorted into kinds."""
    found: dict[str, Shapes] = {kind: [] for kind in KINDS}
    found["convs"].append((width, 3, 3, 3))
    found["norms"].append((2, width))
    before = width
    for maps in (width, 2 * width, 4 * width):
        for _ in range((depth - 2) // 6):
            found["convs"] += [(maps, before, 3, 3), (maps, maps, 3, 3)]
            found["norms"] += [(2, maps)] * 2
            if shortcut == "C" or (shortcut == "B" and before != maps):
                found["projections"].append((maps, before))
                found["their norms"].append((2, maps))
            before = maps
    found["dense"].append((classes, before))
    found["bias"].append((classes,))
    return found


KINDS = ("convs", "norms", "projections", "their norms", "dense", "bias")


def _weights(
    depth: int, shortcut: str = "A", width: int = 16, classes: int = 10
) -> int:
    parts = _sums(_tensors(depth, shortcut, width, classes))
    return sum(parts.values())


def _sums(shapes: dict[str, Shapes]) -> dict[str, int]:
    return {
        kind: sum(int(np.prod(shape)) for shape in some)
        for kind, some in shapes.items()
    }


def _mistakes_weights(
    depth: int, said: str = "", width: int = 16, classes: int = 10
) -> Mistakes:
    shortcut = said or "A"
    parts = _sums(_tensors(depth, shortcut, width, classes))
    right = sum(parts.values())
    n = (depth - 2) // 6
    norms = parts["norms"] + parts["their norms"]
    yield right - norms, "The normalisations have weights: scale and shift."
    yield right - parts["norms"], "The normalisations have weights: scale and shift."
    yield right + norms, "Running statistics are remembered, not learned: no weights."
    yield right + norms // 2, "Convolutions have no biases here."
    yield right - norms // 2, "A normalisation has a scale *and* a shift for each map."
    yield right - parts["bias"], "The dense layer has biases."
    yield right - parts["dense"] - parts["bias"], "The dense layer is missing."
    yield right - parts["their norms"], "Each projection has a BN."
    yield (
        right - 27 * width - 2 * width,
        "The first convolution, with its BN, is missing.",
    )
    yield right - 2 * width, "There is a BN behind the first convolution."
    yield right - 27 * width + 9 * width, "The first convolution sees three channels."
    yield right - 18 * width, "The first convolution sees three channels."
    for other in "ABC":
        if other != shortcut:
            asks = "What does `shortcut` say?" if said else "Nothing was said: take A."
            words = f"That would be so with {other}. {asks}"
            yield _weights(depth, other, width, classes), words
    if shortcut == "C":
        first = width**2 + 2 * width
        yield right - n * first, "With C each block of the first stage has one, too."
        yield right - first, "With C the very first block has a projection, too."
    if not said:
        for maps, scores in product((8, 16, 32, 64), (10, 100, 1000)):
            words = "When nothing is said, `width` is 16 and `classes` 10."
            yield _weights(depth, shortcut, maps, scores), words
    yield _weights(depth, shortcut, 16, classes), "Does it ask `width`?"
    yield _weights(depth, shortcut, width, 10), "Does it ask `classes`?"
    wide = 9 * width * width * (1 + 4)  # the first convolutions of stages 2 and 3
    yield right + 2 * wide, "The first block of a stage sees half as many maps."
    if n > 1:
        yield _weights(depth - 6, shortcut, width, classes), "A block is missing."
    yield _weights(depth + 6, shortcut, width, classes), "There is a block too many."


# ---- A family that reads weights ----


class _Unit(nn.Module):
    """A block with torchvision's names; `how` is a mistake."""

    def __init__(self, inputs: int, width: int, stride: int, narrow: bool) -> None:
        super().__init__()
        self.narrow, self.stride = narrow, stride
        outputs = 4 * width if narrow else width
        first = 1 if narrow else 3
        self.conv1 = nn.Conv2d(inputs, width, first, 1 if narrow else stride,
                               padding=first // 2, bias=False)  # fmt: skip
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = _three(width, width, stride if narrow else 1)
        self.bn2 = nn.BatchNorm2d(width)
        if narrow:
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def run(self, x: Tensor, how: str = "") -> Tensor:
        """The block, right or with a mistake."""
        strides = [self.conv1.stride[0], self.conv2.stride[0]]
        strides = strides[::-1] if how == "moved" else strides
        h = F.conv2d(x, self.conv1.weight, stride=strides[0], padding=self._pad)
        h = _activated(self.bn1, h, how)
        h = F.conv2d(h, self.conv2.weight, stride=strides[1], padding=1)
        if self.narrow:
            h = self.bn2(h) if how == "linear" else _activated(self.bn2, h, how)
            h = self.conv3(h)
        h, road = self.bn3(h) if self.narrow else self.bn2(h), self._road(x, how)
        if how == "before":
            return F.relu(h) + road
        return h + road if how == "open" else F.relu(h + road)

    def _road(self, x: Tensor, how: str) -> Tensor:
        if not hasattr(self, "downsample"):
            return x
        if how not in POOLED:
            return self.downsample(x)
        small = POOLED[how](x, self.stride, self.stride, ceil_mode=True)
        one, norm = self.downsample
        return norm(F.conv2d(small, one.get_parameter("weight")))

    @property
    def _pad(self) -> int:
        return self.conv1.kernel_size[0] // 2


def _activated(norm: nn.Module, h: Tensor, how: str) -> Tensor:
    return norm(F.relu(h)) if how == "norm behind" else F.relu(norm(h))


class _ResNet(nn.Module):
    """The network with torchvision's names."""

    def __init__(
        self, blocks: Sequence[int], narrow: bool, width: int, classes: int
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        inputs = width
        for stage, count in enumerate(blocks):
            maps = width * 2**stage
            units = []
            for at in range(count):
                units.append(_Unit(inputs, maps, 2 if stage and not at else 1, narrow))
                inputs = 4 * maps if narrow else maps
            self.add_module(f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def run(self, x: Tensor, how: str = "") -> Tensor:
        """The scores, right or with a mistake."""
        x = self.bn1(self.conv1(x))
        x = x if how == "stem" else F.relu(x)
        x = _stem_pooled(x, how)
        for unit in self.modules():
            if isinstance(unit, _Unit):
                x = unit.run(x, how)
        x = x.amax((2, 3)) if how == "largest" else x.mean((2, 3))
        x = self.fc(x)
        return x.softmax(1) if how == "softmax" else x


def _stem_pooled(x: Tensor, how: str) -> Tensor:
    if how == "unpooled":
        return x
    if how == "average":
        return F.avg_pool2d(x, 3, 2, padding=1)
    if how == "two":
        return F.max_pool2d(x, 2)
    return F.max_pool2d(x, 3, 2, padding=0 if how == "pad" else 1)


NETWORK: Wrong = {
    "moved": "The stride stands in another convolution of the block: in the 3 × 3 of a "
    "bottleneck, in the first of a basic block.",
    "linear": "A ReLU within the bottleneck is missing, before the last 1 × 1.",
    "before": "The ReLU of a block comes behind the addition.",
    "open": "The ReLU behind the addition is missing.",
    "stem": "The ReLU behind the first BN is missing.",
    "unpooled": "The max pooling before the first stage is missing.",
    "average": "The pooling before the stages takes the maximum.",
    "two": "The pooling before the stages has windows of 3, and padding 1.",
    "pad": "The pooling before the stages has padding 1.",
    "largest": "Behind the stages the *mean* of each map is taken.",
    "softmax": "Those are probabilities. Scores are asked for.",
    "norm behind": "In a block BN comes before the ReLU.",
    **ONE_PIXEL,
}

Plan = tuple[tuple[int, ...], bool, int, int]  # blocks, bottleneck, width, classes
PLANS: tuple[tuple[Plan, tuple[int, int]], ...] = (
    (((1, 2), False, 4, 5), (37, 45)),
    (((2, 1), True, 3, 4), (40, 33)),
    (((1,), True, 2, 3), (21, 30)),
    (((3,), False, 2, 6), (26, 19)),
    (((1, 1, 2), True, 2, 5), (50, 34)),
    (((1, 2, 1, 1, 1), False, 2, 4), (70, 65)),
)
FAMILY = {
    18: ((2, 2, 2, 2), False, 11_689_512),
    34: ((3, 4, 6, 3), False, 21_797_672),
    50: ((3, 4, 6, 3), True, 25_557_032),
    101: ((3, 4, 23, 3), True, 44_549_160),
    152: ((3, 8, 36, 3), True, 60_192_808),
}


@exercise("family-that-reads", "blocks", "bottleneck", "width", "classes",
          by_hand=READY)  # fmt: skip
def resnet(answer: Maker, cases: Cases) -> None:
    """Oracle: torch's layers by torchvision's names; the counts are torchvision's."""
    for plan, sides in PLANS:
        _network(answer, plan, sides, cases)
    for _ in cases.count(1):
        stages = tuple(cases.integer(1, 2) for _ in range(cases.integer(2, 4)))
        plan = (stages, bool(cases.integer(0, 1)), cases.integer(2, 4), 3)
        _network(answer, plan, (cases.integer(33, 60), cases.integer(33, 60)), cases)
    for depth in FAMILY if cases.hard else (18, 50):
        _counted(answer, depth)


def _network(answer: Maker, plan: Plan, sides: tuple[int, int], cases: Cases) -> None:
    blocks, narrow, width, classes = plan
    kind = "bottleneck" if narrow else "basic"
    case = f"{kind} blocks {blocks}, width {width}, {classes} classes"
    model, oracle = answer.make_module(*plan), _ResNet(*plan)
    _expect_names(model, oracle, case)
    expect_fresh(model, case)
    x = normal(cases, 3, 3, *sides)
    _awake(oracle, cases)
    _write(model, oracle)
    model.eval()
    oracle.eval()
    state = {name: one.clone() for name, one in oracle.state_dict().items()}
    for images in (x[:1], x):
        words = f"{case}: {len(images)} images, evaluation"
        expect(model(images), output_of(oracle, images), words,
               _network_runs(oracle, images, state))  # fmt: skip
    model.train()
    oracle.train()
    words = f"{case}, training"
    expect_gradients(model, oracle, x, case=words)
    _expect_statistics(model, oracle, words)


def _network_runs(oracle: _ResNet, x: Tensor, state: dict[str, Tensor]) -> Mistakes:
    for how, words in NETWORK.items():
        oracle.load_state_dict(state)
        with torch.no_grad():
            found = oracle.run(x, how).numpy()
        yield (found if np.isfinite(found).all() else None), words


def _awake(oracle: _ResNet, cases: Cases) -> None:
    """Weights with which numbers keep their size, and statistics that tell."""
    with torch.no_grad():
        for name, tensor in oracle.state_dict().items():
            if not tensor.is_floating_point():
                continue
            shape = tuple(tensor.shape)
            if len(shape) > 1:
                drawn = cases.rng.normal(0, (2 / np.prod(shape[1:])) ** 0.5, shape)
            elif name.endswith("var"):
                drawn = cases.rng.uniform(0.5, 1.5, shape)
            else:
                drawn = cases.rng.uniform(0.3, 1.2, shape)
                drawn *= cases.rng.choice([-1, 1], shape, p=[0.3, 0.7])
            tensor.copy_(torch.from_numpy(np.asarray(drawn)))


def _write(model: MadeModule, oracle: nn.Module) -> None:
    state = oracle.state_dict()
    model.write({name: one for name, one in state.items() if one.is_floating_point()})


def _expect_names(model: MadeModule, oracle: nn.Module, case: str) -> None:
    """Names and shapes of all parameters and buffers are the oracle's."""
    found = model.state()
    got = {name: one.shape for name, one in found.outcome.value.items()}
    want = {name: tuple(one.shape) for name, one in oracle.state_dict().items()}
    missing = [name for name in want if name not in got]
    extra = [name for name in got if name not in want]
    lines = [_some("missing", missing), _some("too many", extra)]
    idea = _about_names(missing, extra) or " ".join(model.layout().ideas)
    expect_that(found, not missing and not extra, case, *lines, idea)
    wrong = [
        f"{name} has the shape {tuple(got[name])}, and should have {size}"
        for name, size in want.items()
        if tuple(got[name]) != size
    ]
    expect_that(found, not wrong, case, *wrong[:3])


def _some(words: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" … {len(names) - 5} more" if len(names) > 5 else ""
    return f"{words}: {', '.join(names[:5])}{more}"


def _about_names(missing: Sequence[str], extra: Sequence[str]) -> str:
    if missing and all(".downsample." in name for name in missing) and not extra:
        if any(name.startswith("layer1") for name in missing):
            return (
                "The first block of bottlenecks puts out four times as many maps as it "
                "gets: x does not fit there either."
            )
        return "A projection is missing where the shape changes."
    if extra and all(".downsample." in name for name in extra) and not missing:
        if all(name.startswith("layer1.0.") for name in extra):
            return (
                "The first stage halves nothing: where its first block gets as many "
                "maps as it puts out, it has no stride and no projection."
            )
        return "Where the shape stays, the shortcut has no weights."
    if extra and all(name.endswith("bias") for name in extra) and not missing:
        return "Before a normalisation a bias does nothing: bias=False."
    return ""


def _expect_statistics(model: MadeModule, oracle: nn.Module, case: str) -> None:
    """Running statistics after two batches in training, by name."""
    for name, tensor in oracle.state_dict().items():
        if name.endswith(("running_mean", "running_var")):
            expect(model.tensor(name), tensor, case)


def _counted(answer: Maker, depth: int) -> None:
    blocks, narrow, count = FAMILY[depth]
    given = (blocks, narrow) if narrow else (blocks,)
    model = answer.make_module(*given)
    found = model.count()
    case = f"ResNet-{depth}: blocks {blocks}, nothing else said"
    expect(found, count, case, _unsaid(blocks, narrow))


def _unsaid(blocks: tuple[int, ...], narrow: bool) -> Mistakes:
    """What other values give for what was not said."""
    yield (
        _of(blocks, narrow, 64, 10),
        "Are 1000 classes meant when nothing is said?",
    )
    if not narrow:
        words = "The blocks are basic when nothing is said: bottleneck=False."
        yield _of(blocks, True, 64, 1000), words
    for width in (16, 32, 128):
        yield _of(blocks, narrow, width, 1000), "`width` is 64 when nothing is said."


def _of(blocks: tuple[int, ...], narrow: bool, width: int, classes: int) -> int:
    with torch.device("meta"):
        model = _ResNet(blocks, narrow, width, classes)
    return sum(parameter.numel() for parameter in model.parameters())
