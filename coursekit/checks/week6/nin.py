"""Checks of "A network instead of a filter"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import Answer, Mistakes, Result, expect, expect_that, fail
from coursekit.checks.expect import noun as words_for
from coursekit.checks.expect_module import (
    expect_gradients,
    expect_parameters,
    expect_registered,
)
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, output_of, shapes_of, stirred

READY = ("coursekit.models", "coursekit.layers")
CONVOLVING = (
    *(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)),
    *(f"torch.nn.functional.conv_transpose{n}d" for n in (1, 2, 3)),
    "torch.nn.grad",
    "torch.nn.modules.conv",
    *(
        f"{place}.{name}"
        for place in ("torch", "torch.ops.aten")
        for name in (
            *(f"conv{n}d" for n in (1, 2, 3)),
            *(f"conv_transpose{n}d" for n in (1, 2, 3)),
            "convolution",
            "_convolution",
            "mkldnn_convolution",
        )
    ),
    "torch.ops.aten.convolution_overrideable",
    "torch.ops.aten.convolution_backward",
    "torch.ops.aten.convolution_backward_overrideable",
    "torch.ops.aten.thnn_conv2d",
    "torch.ops.aten._slow_conv2d_forward",
)
DERIVING = (
    *(f"torch.autograd.{name}" for name in ("grad", "backward", "functional")),
    "torch.Tensor.backward",
    "torch.func",
)
LOSSES = (
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.nll_loss",
    "torch.nn.modules.loss",
    *(
        f"torch.ops.aten.{name}"
        for name in (
            "cross_entropy_loss",
            "nll_loss",
            "nll_loss_nd",
            "nll_loss_forward",
            "nll_loss_backward",
            "_log_softmax_backward_data",
            "_softmax_backward_data",
        )
    ),
)

head_weights = quiz("head-weights")
head_friends = quiz("head-friends")


def _parts(result: Result, names: tuple[str, ...], case: str) -> list[Result]:
    """What was returned, one by one, when there are as many as there should be."""
    wanted = f"{len(names)} tensors: {', '.join(names)}"
    expect_that(result, True, case, wanted=wanted)
    value = result.outcome.value
    if not isinstance(value, tuple | list) or len(value) != len(names):
        got = f"{len(value)} things" if isinstance(value, tuple | list) else ""
        fail(result, case, f"returned {got or words_for(value)}; expected {wanted}")
    found = [replace(result[at], part=f", its {name}") for at, name in enumerate(names)]
    for one in found:
        _no_list(one, case)
    return found


def _no_list(result: Result, case: str) -> None:
    """A list where a tensor belongs gets words of its own."""
    value = result.outcome.value
    if isinstance(value, list | tuple):
        fail(result, case, f"returned {words_for(value)}; expected a tensor",
             "torch.tensor(…) makes a tensor of numbers, torch.stack(…) one of "
             "tensors.")  # fmt: skip


def _as(result: Result, value: Tensor) -> Result:
    """The same call, as if this had been returned."""
    return replace(result, outcome=replace(result.outcome, value=value))


# ---- Either way ----

LAYERS = ("first weight", "first bias", "second weight", "second bias")


@exercise("either-way", "kernel", "threshold")
def either_way(answer: Answer, cases: Cases) -> None:
    """Oracle: the size of what the kernel says. Any weights that do it are right."""
    for h, w, threshold in ((3, 2, 0.5), (1, 3, 0.0), (2, 4, 2.0)):
        _either_way(answer, normal(cases, h, w), threshold, cases)
    for _ in cases.count(3):
        kernel = normal(cases, cases.integer(1, 4), cases.integer(1, 4))
        _either_way(answer, kernel, cases.integer(0, 12) / 4, cases)


def _either_way(answer: Answer, kernel: Tensor, threshold: float, cases: Cases) -> None:
    h, w = kernel.shape
    case = f"a kernel of {h} × {w}, threshold {threshold:g}"
    result = answer(kernel, threshold)
    parts = _parts(result, LAYERS, case)
    shapes = ((2, 1, h, w), (2,), (1, 2, 1, 1), (1,))
    given = [
        torch.from_numpy(part.array(shape, case).astype(np.float64))
        for part, shape in zip(parts, shapes, strict=True)
    ]
    x = normal(cases, 1, 1, h + 2, w + 3).double()
    z, bend = F.conv2d(x, kernel[None, None].double()), F.relu
    w1, b1, w2, b2 = given
    said = bend(F.conv2d(bend(F.conv2d(x, w1, b1)), w2, b2))
    shown = replace(_as(result, said), part=", what these layers say to an image")
    turned = F.conv2d(x, kernel.flip(0, 1)[None, None].double())
    mistakes: Mistakes = [
        (bend(z - threshold), "That answers to the kernel only, not to its opposite. "
         "(The difference of the two is z again.)"),
        (bend(-z - threshold), "That answers to the opposite of the kernel only."),
        (bend(z.abs() - 2 * threshold) if threshold else None, "The threshold is taken "
         "away twice: in which of the two layers should it stand?"),
        (z.abs() if threshold else None, "The threshold is missing: weak edges should "
         "stay 0."),
        (z.abs() + threshold if threshold else None, "The bias has the wrong sign: a "
         "threshold makes answers smaller."),
        (bend(2 * bend(z) - threshold), "Both of your kernels are the same; one should "
         "be the opposite."),
        (bend(bend(z) + bend(turned) - threshold), "The second kernel is turned "
         "around. Its opposite has other signs."),
        (torch.zeros_like(z), "It is 0 everywhere: do the two kernels cancel?"),
        (bend((z.abs() - threshold) / 2), "Half of it: add the two, do not average."),
    ]  # fmt: skip
    expect(shown, bend(z.abs() - threshold), case, mistakes, scale=_size(x, kernel))


def _size(x: Tensor, kernel: Tensor) -> float:
    return float(kernel.abs().sum() * x.abs().max())


# ---- Every pixel ----

GRADIENTS = ("z", "dx", "dweight", "dbias")


@exercise("every-pixel", "x", "weight", "bias", "dz",
          by_hand=(*CONVOLVING, *DERIVING))  # fmt: skip
def every_pixel(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's convolution and its gradients."""
    for n, maps, new, h, w in ((1, 2, 3, 2, 4), (3, 4, 2, 3, 1), (2, 3, 3, 4, 2)):
        _every_pixel(answer, cases, n, maps, new, h, w)
    for _ in cases.count(3):
        n, maps, new, h, w = (cases.integer(1, 5) for _ in range(5))
        _every_pixel(answer, cases, n, maps, new, h, w)


def _every_pixel(answer: Answer, cases: Cases, *sizes: int) -> None:
    n, maps, new, h, w = sizes
    case = f"{n} × {maps} maps of {h} × {w}, {new} new ones"
    x, dz = normal(cases, n, maps, h, w), normal(cases, n, new, h, w)
    weight, bias = normal(cases, new, maps, 1, 1), normal(cases, new)
    leaves = [one.clone().requires_grad_() for one in (x, weight, bias)]
    z = F.conv2d(leaves[0], leaves[1], leaves[2])
    right = [z.detach(), *torch.autograd.grad(z, leaves, dz)]
    found = _parts(answer(x, weight, bias, dz), GRADIENTS, case)
    many = _mistakes_pixel(x, weight, bias, dz)
    size = float(max(one.abs().max() for one in (x, dz, weight)) ** 2) * n * h * w
    for part, goal, mistakes in zip(found, right, many, strict=True):
        expect(part, goal, case, mistakes, scale=size)


def _rows(x: Tensor) -> Tensor:
    return x.movedim(1, 3).reshape(-1, x.shape[1])


def _mistakes_pixel(
    x: Tensor, weight: Tensor, bias: Tensor, dz: Tensor
) -> tuple[Mistakes, ...]:
    (n, maps, h, w), new, matrix = x.shape, len(weight), weight[:, :, 0, 0]
    right = _rows(x) @ matrix.T
    scrambled = x.reshape(-1, maps) @ matrix.T
    back = _rows(dz) @ matrix
    dw, db = _rows(dz).T @ _rows(x), dz.sum((0, 2, 3))
    words = "A reshape alone mixes maps and pixels: move the axis of the maps first."
    return (
        [
            (right.reshape(n, h, w, new).movedim(3, 1), "The bias is missing."),
            ((scrambled + bias).reshape(n, h, w, new).movedim(3, 1), words),
            ((scrambled + bias).reshape(n, new, h, w), words),
            ((right + bias).reshape(n, new, h, w), "The rows are right. On the way "
             "back to maps a reshape alone mixes them: move the axis back."),
            ((right + bias).reshape(n, h, w, new), "The new maps come second in the "
             "shape, behind the images."),
            ((_rows(x) @ matrix + bias).reshape(n, h, w, new).movedim(3, 1)
             if new == maps else None, "The weights are (new maps, old maps): yours "
             "are used the other way round."),
        ],
        [
            (back.reshape(n, maps, h, w), words),
            ((dz.reshape(-1, new) @ matrix).reshape(n, maps, h, w), words),
            ((_rows(dz) @ matrix.T).reshape(n, h, w, new).movedim(3, 1)
             if new == maps else None, "On the way back the weights are transposed: "
             "sum over the new maps."),
            (dz if new == maps else None, "That is dz itself: each number goes back "
             "through the weights."),
        ],
        [
            (dw, "The values are right; the shape should be that of the weights, "
             "(I, L, 1, 1)."),
            (dw[:, :, None, None] / n, MEAN),
            (dw[:, :, None, None] / (n * h * w), MEAN),
            (dw[:, :, None, None] / (h * w), MEAN),
            (dw.T[:, :, None, None], "Old and new maps are exchanged in the shape."),
            ((dz.reshape(-1, new).T @ x.reshape(-1, maps))[:, :, None, None], words),
        ],
        [
            (db / n, MEAN),
            (db / (n * h * w), MEAN),
            (db / (h * w), MEAN),
            (torch.ones(new), "A bias takes part at every pixel: sum dz over them."),
            (dz.sum(0), "The bias is the same at all places: sum over these, too."),
            (dz.sum((2, 3)), "The bias is the same for all images: sum over these, "
             "too."),
        ],
    )  # fmt: skip


MEAN = (
    "That is a mean. Each use adds its share to the gradient: sum over images and "
    "places, and divide by nothing."
)


# ---- Two layers that are one ----


@exercise("two-are-one", "w1", "b1", "w2", "b2")
def merged(answer: Answer, cases: Cases) -> None:
    """Oracle: the two layers, one after the other, on an image."""
    for sizes in ((2, 3, 4, 3, 2), (3, 1, 2, 1, 4), (3, 3, 3, 2, 3), (1, 4, 1, 1, 1)):
        _merged(answer, cases, *sizes)
    for _ in cases.count(3):
        _merged(answer, cases, *(cases.integer(1, 4) for _ in range(5)))


def _merged(answer: Answer, cases: Cases, *sizes: int) -> None:
    maps, between, new, h, w = sizes
    case = f"{maps} maps to {between}, {h} × {w}, and to {new}"
    w1, b1 = normal(cases, between, maps, h, w), normal(cases, between)
    w2, b2 = normal(cases, new, between, 1, 1), normal(cases, new)
    names = ("weight", "bias")
    kernel, bias = _parts(answer(w1, b1, w2, b2), names, case)
    goal = F.conv2d(w1.swapaxes(0, 1), w2).swapaxes(0, 1)
    mix = w2[:, :, 0, 0]
    size = 50.0 * between
    expect(kernel, goal, case, _mistakes_kernel(w1, mix, goal), scale=size)
    expect(bias, mix @ b1 + b2, case, [
        (mix @ b1, "The second layer's own bias is missing."),
        (b2, "The first layer's biases are lost: they pass the second layer as well."),
        (b1 + b2 if between == new else None, THROUGH),
        (b1.sum() + b2, THROUGH),
        (mix.T @ b1 + b2 if between == new else None, "The weights of the second "
         "layer are (new maps, maps between): sum over the last."),
        (mix @ (b1 + b2) if between == new else None, "b2 is added behind the "
         "second layer, not before it."),
        ((mix @ b1 + b2)[:, None], "A bias has one axis."),
    ], scale=size)  # fmt: skip


THROUGH = "b1 has to go through the second layer: it is multiplied by its weights."


def _mistakes_kernel(w1: Tensor, matrix: Tensor, goal: Tensor) -> Mistakes:
    between, new = len(w1), len(matrix)
    yield (
        torch.einsum("mi,mlhw->ilhw", matrix, w1) if between == new else None,
        "w2 is used the other way round: its axes are (new maps, maps between).",
    )
    yield (
        torch.einsum("im,mlhw->mlhw", matrix, w1) if between == new else None,
        "Each new kernel is a sum over all kernels of the first layer.",
    )
    yield goal.flip(2, 3), "The kernels are flipped. They stay as they are."
    yield goal.swapaxes(2, 3), "Rows and columns of the kernels are exchanged."
    yield goal.swapaxes(0, 1), "The new maps come first in the shape."
    yield F.relu(goal), "There is no ReLU here."
    yield goal / between, "The kernels are added, not averaged."


# ---- mlpconv ----


def _numbers(layer: nn.Module) -> tuple[Tensor, Tensor]:
    weight, bias = layer.parameters()
    return weight, bias


class _MLPConv(nn.Module):
    """Torch's layers; `bent` says behind which of them a ReLU stands."""

    def __init__(
        self,
        inputs: int,
        outputs: tuple[int, int, int],
        size: int,
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        super().__init__()
        a, b, c = outputs
        self.stride, self.padding = stride, padding
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(inputs, a, size, stride, padding),
                nn.Conv2d(a, b, 1),
                nn.Conv2d(b, c, 1),
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.said(x, (0, 1, 2))

    def moving(
        self, x: Tensor, strides: tuple[int, ...], paddings: tuple[int, ...]
    ) -> Tensor:
        """With other strides and paddings of the three."""
        for layer, stride, padding in zip(self.layers, strides, paddings, strict=True):
            weight, bias = _numbers(layer)
            x = F.relu(F.conv2d(x, weight, bias, stride, padding))
        return x

    def said(self, x: Tensor, bent: tuple[int, ...]) -> Tensor:
        """With a ReLU behind some layers only."""
        for number, layer in enumerate(self.layers):
            x = layer(x)
            x = F.relu(x) if number in bent else x
        return x


@exercise("mlpconv", "inputs", "outputs", "size", "stride", "padding", by_hand=READY)
def MLPConv(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: three of torch's convolutions."""
    tried: tuple[tuple[tuple[Any, ...], tuple[int, ...]], ...] = (
        ((3, (5, 4, 2), 3), (2, 3, 6, 8)),
        ((2, (3, 6, 4), 5, 2, 1), (1, 2, 9, 7)),
        ((4, (4, 4, 4), 1), (3, 4, 5, 3)),
        ((1, (2, 3, 5), 3, 1, 2), (3, 1, 4, 5)),
        ((2, (7, 2, 3), 2, 3), (1, 2, 8, 11)),
    )
    given: tuple[Any, ...]
    for given, shape in tried:
        _mlpconv(answer, cases, given, normal(cases, *shape))
    for _ in cases.count(2):
        widths = tuple(cases.integer(2, 5) for _ in range(3))
        stride = cases.integer(1, 2)
        maps = cases.integer(1, 3)
        given = (maps, widths, 3, stride, cases.integer(0, 1))
        _mlpconv(answer, cases, given, normal(cases, 2, maps, 7, 9))


def _mlpconv(answer: Maker, cases: Cases, given: tuple[Any, ...], x: Tensor) -> None:
    oracle, model = _MLPConv(*given), answer.make_module(*given)
    stirred(oracle, cases)
    names = ("", "", "size", "stride", "padding")
    extra = [f"{n} {v}" for n, v in zip(names, given, strict=False) if n]
    case = f"{given[0]} maps, widths {given[1]}, {', '.join(extra)}"
    _refuse_norm(model, case)
    expect_parameters(model, shapes_of(oracle), case, x)
    expect_registered(model, case)
    model.load(oracle, x, case=case)
    mistakes = [*_other_windows(oracle, x), *_mistakes_block(oracle, x)]
    expect(model(x), output_of(oracle, x), case, mistakes)
    expect_gradients(model, oracle, x, case=case)


def _refuse_norm(model: MadeModule, case: str) -> None:
    """Three convolutions, and more numbers than their biases or statistics."""
    found = model.parameters()
    axes = [len(shape) for shape in found.outcome.value.values()]
    more = axes.count(4) == 3 and axes.count(1) > 3
    right = not more and not model.buffers().outcome.value
    expect_that(found, right, case, "There is more in it than three convolutions with "
                "their biases.", "Nothing is normalised in this block.")  # fmt: skip


def _other_windows(oracle: _MLPConv, x: Tensor) -> Mistakes:
    """Stride or padding in more layers than the first, or in none."""
    half = _numbers(oracle.layers[0])[0].shape[2] // 2
    with torch.no_grad():
        for strides, paddings, words in _windows(oracle.stride, oracle.padding, half):
            try:
                yield oracle.moving(x, strides, paddings), words
            except RuntimeError:  # maps that are too small for it
                continue


def _windows(
    s: int, p: int, half: int
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], str]]:
    yield (s, s, s), (p, p, p), "Stride and padding belong to the first layer alone."
    yield (s, s, s), (p, 0, 0), "The stride belongs to the first layer alone."
    yield (s, 1, 1), (p, p, p), "The padding belongs to the first layer alone."
    yield (1, 1, 1), (p, 0, 0), "The stride is not used."
    yield (s, 1, 1), (0, 0, 0), "The padding is not used."
    yield (1, 1, 1), (0, 0, 0), "Stride and padding are not used."
    yield (s, 1, 1), (half, 0, 0), "The padding is the one given, not half the size."


def _mistakes_block(oracle: _MLPConv, x: Tensor) -> Mistakes:
    with torch.no_grad():
        for bent, words in (
            ((0, 1), "The last ReLU is missing: it stands behind each of the three."),
            ((0,), "ReLUs are missing behind the second and the third layer."),
            ((1, 2), "The first ReLU is missing, behind the k×k convolution."),
            ((0, 2), "The ReLU between the two 1×1 layers is missing."),
            ((2,), "There is one ReLU, at the end. Each layer has its own."),
            ((), "There is no ReLU: then the three layers are one."),
        ):
            yield oracle.said(x, bent), words


# ---- What the maps are told ----


@exercise("told-to-the-maps", "maps", "targets", by_hand=(*DERIVING, *LOSSES))
def told(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's gradient of its own cross-entropy."""
    for n, classes, h, w in ((1, 3, 2, 4), (3, 2, 2, 1), (2, 5, 3, 2)):
        _told(answer, normal(cases, n, classes, h, w), cases)
    large = 300 * normal(cases, 3, 4, 1, 2)
    large[0, 1], large[1, 2] = 1000.0, -1000.0
    _told(answer, large, cases, ", large scores")
    for _ in cases.count(3):
        n, classes = cases.integer(1, 4), cases.integer(2, 6)
        h, w = cases.integer(1, 4), cases.integer(1, 4)
        _told(answer, normal(cases, n, classes, h, w), cases)


def _told(answer: Answer, maps: Tensor, cases: Cases, more: str = "") -> None:
    n, classes, h, w = maps.shape
    targets = torch.from_numpy(cases.rng.integers(0, classes, n))
    case = f"{n} × {classes} maps of {h} × {w}{more}"
    leaf = maps.clone().requires_grad_()
    loss = F.cross_entropy(leaf.mean((2, 3)), targets)
    [right] = torch.autograd.grad(loss, leaf)
    result = answer(maps, targets)
    _no_list(result, case)
    expect(result, right, case, _mistakes_told(maps, targets),
           scale=10 * max(1.0, float(maps.abs().max())) / (n * h * w))  # fmt: skip


def _mistakes_told(maps: Tensor, targets: Tensor) -> Mistakes:
    n, classes, h, w = maps.shape
    ones = F.one_hot(targets, classes).float()
    wrong = maps.mean((2, 3)).softmax(1) - ones
    full = wrong[:, :, None, None].expand(maps.shape)
    share = full / (n * h * w)
    yield full / n, "Divide by h · w as well: each number has only a share in the mean."
    yield full / (h * w), "The loss is a mean over the batch: divide by n as well."
    yield (
        full,
        "Divide by n for the mean of the losses, and by h · w for that of a map.",
    )
    yield -share, "The sign is wrong: it is probabilities minus ones."
    for size in (full / (n * classes), share / classes, full / classes):
        yield size, "A loss is not divided by the number of classes: it adds them up."
    for parts in (n * h * h, n * w * w, n * h, n * w):
        yield full / parts, "A map has h · w places, and it need not be square."
    yield (share[:, :, :1, :1] if h * w > 1 else None, "Every number of a map has a "
           "gradient: the shape should be that of the maps.")  # fmt: skip
    yield wrong / n, "That is the gradient for the scores. Go on to the maps."
    yield (
        (maps.softmax(1) - ones[:, :, None, None]) / (n * h * w),
        "The softmax is that of the means, not one at each place.",
    )
    sums = (maps.sum((2, 3)).softmax(1) - ones)[:, :, None, None].expand(maps.shape)
    for parts in (n, n * h * w):
        yield sums / parts, "A score is the mean of its map, not the sum."
    yield (
        maps.mean((2, 3)).softmax(1)[:, :, None, None].expand(maps.shape) / (n * h * w),
        "The right class is missing: its probability minus 1.",
    )
    yield (
        (maps.mean((2, 3)).softmax(0) - ones)[:, :, None, None].expand(maps.shape)
        / (n * h * w),
        "The softmax goes over the classes of an image, not over the images.",
    )
    peaks = maps.flatten(2).argmax(2)
    top = F.one_hot(peaks, h * w).reshape(maps.shape) * full / n
    yield top, "Not the largest alone: every number has its share in a mean."


# ---- The quarter with the most evidence ----


@exercise("quarters", "maps", "kinds")
def quarters(answer: Answer, cases: Cases) -> None:
    """Oracle: four slices."""
    for n, classes, m, h, w in (
        (1, 6, 5, 2, 4),
        (3, 5, 4, 6, 2),
        (2, 4, 1, 4, 8),
        (4, 6, 7, 4, 4),
    ):
        _quarters(answer, cases, n, classes, m, h, w)
    for _ in cases.count(4):
        n, classes, m = cases.integer(1, 5), cases.integer(2, 6), cases.integer(1, 5)
        h, w = 2 * cases.integer(1, 4), 2 * cases.integer(1, 4)
        _quarters(answer, cases, n, classes, m, h, w)


def _quarters(answer: Answer, cases: Cases, *sizes: int) -> None:
    n, classes, m, h, w = sizes
    given = torch.from_numpy(cases.rng.integers(0, classes, (n, m)))
    for _ in range(100):
        maps = _spiky(cases, n, classes, h, w)
        if _told_apart(maps, given):
            break
    case = f"{n} × {classes} maps of {h} × {w}, {m} classes each"
    means = _means(maps)
    right = means.argmax(2).gather(1, given)
    result = answer(maps, given)
    _no_list(result, case)
    expect(result, right, case, _mistakes_quarters(maps, given))


def _spiky(cases: Cases, *shape: int) -> Tensor:
    """Maps whose quarters differ, with a lone peak in the one that has the least."""
    while True:
        maps = torch.from_numpy(cases.rng.normal(-0.3, 1, shape)).float()
        if min(shape[2:]) > 2:
            weakest = _means(maps).argmin(2)
            for place in np.ndindex(*shape[:2]):
                row, column = divmod(int(weakest[place]), 2)
                maps[place][row * shape[2] // 2, column * shape[3] // 2] += 2
        best = _means(maps).topk(2).values
        if bool((best[..., 0] - best[..., 1] > 0.01).all()):
            return maps


def _told_apart(maps: Tensor, kinds: Tensor) -> bool:
    """Whether mean, mean of what is above 0, mean of sizes and largest all differ."""
    ways = [
        _means(maps),
        _means(maps.relu()),
        _means(maps.abs()),
        F.adaptive_max_pool2d(maps, 2).flatten(2),
    ]
    found = [way.argmax(2).gather(1, kinds).flatten().tolist() for way in ways]
    return len({tuple(one) for one in found}) == len(ways)


def _means(maps: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(maps, 2).flatten(2)


def _mistakes_quarters(maps: Tensor, kinds: Tensor) -> Mistakes:
    (n, _, h, w), means = maps.shape, _means(maps)
    right = means.argmax(2).gather(1, kinds)
    places = maps.flatten(2).argmax(2)
    peak = 2 * (places // w >= h // 2) + (places % w >= w // 2)
    yield peak.gather(1, kinds), "That is where the largest number is, not the mean."
    yield (
        torch.tensor([0, 2, 1, 3])[right],
        "Quarters are numbered as one reads: 1 is upper right, 2 lower left.",
    )
    yield right + 1, "The first quarter has the number 0."
    yield means.argmin(2).gather(1, kinds), "That is the quarter with the least."
    above = _means(maps.relu()).argmax(2).gather(1, kinds)
    yield above, "Numbers below 0 belong to the mean as well: leave out the ReLU."
    sizes = _means(maps.abs()).argmax(2).gather(1, kinds)
    yield sizes, "Numbers below 0 speak against a class: leave the signs."
    every = means.sum(1).argmax(1)[:, None].expand(kinds.shape)
    yield every, "Each class has a map of its own; you added them up."
    yield means.argmax(2), "Only for the classes that `kinds` names, in that order."
    if kinds.shape[1] > 1:
        yield right[:, 0], "Each of the m classes has its own quarter: (n, m)."
    if n > 1:
        yield means.argmax(2)[0][kinds], "Those are the quarters of the first image."
        yield right.swapaxes(0, 1), "The images come first in the shape: (n, m)."


# ---- 966,986 weights ----

TOTAL = 966_986
SAME, MIDDLE, THIRD = 192, 160, 96
KERNELS = (5, 1, 1, 5, 1, 1, 3, 1, 1)
WIDTHS = (3, SAME, MIDDLE, THIRD, *(SAME,) * 5, 10)


@dataclass(frozen=True)
class Way:
    """How the network computes; what differs from the plan is a mistake."""

    linear: tuple[int, ...] = ()
    pools: tuple[str, str] = ("max", "mean")
    ceil: tuple[bool, bool] = (True, True)  # of the two poolings
    borders: tuple[int, int] = (0, 0)
    window: tuple[int, int] = (3, 2)  # of the poolings, and its step
    full: bool = True  # whether convolutions keep the size
    end: str = "mean"


class _NiN(nn.Module):
    """Torch's layers one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv2d(WIDTHS[at], WIDTHS[at + 1], k, padding=k // 2)
            for at, k in enumerate(KERNELS)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.scores(x, Way())

    def scores(self, x: Tensor, way: Way) -> Tensor:
        """The scores, also computed in wrong ways."""
        for number, conv in enumerate(self.convs):
            x = conv(x) if way.full else F.conv2d(x, *_numbers(conv))
            x = x if number in way.linear else F.relu(x)
            if number in (2, 5):
                x = _pooled(x, number // 3, way)
        return _ended(x, way.end)


def _pooled(x: Tensor, which: int, way: Way) -> Tensor:
    pool = F.max_pool2d if way.pools[which] == "max" else F.avg_pool2d
    return pool(x, *way.window, way.borders[which], ceil_mode=way.ceil[which])


def _ended(x: Tensor, end: str) -> Tensor:
    if end == "softmax first":
        return x.softmax(1).mean((2, 3))
    if end in ("sum", "largest"):
        return x.sum((2, 3)) if end == "sum" else x.amax((2, 3))
    x = x.mean((2, 3))
    x = F.relu(x) if end == "late relu" else x
    return x.softmax(1) if end == "softmax" else x


FLOOR = (False, False)
WRONG_WAYS: list[tuple[Way, str]] = [
    (Way(linear=(8,)), "The last ReLU is missing: one stands behind each of the nine."),
    *((Way(linear=(at,)), f"The ReLU behind convolution {at + 1} is missing.")
      for at in range(8)),
    (Way(linear=(2, 5, 8)), "The ReLUs at the ends of the three blocks are missing."),
    (Way(linear=(1, 2, 4, 5, 7, 8)), "The ReLUs behind the 1×1 convolutions are "
     "missing."),
    (Way(pools=("mean", "max")), "The maximum stands behind the first block, the "
     "average behind the second."),
    (Way(pools=("max", "max")), "Behind the second block stands an average."),
    (Way(pools=("mean", "mean")), "Behind the first block stands a maximum."),
    (Way(ceil=FLOOR), "Windows that hang over the edge are left out in yours: "
     "32 becomes 15, not 16."),
    *((Way(ceil=ceil), "In one of the poolings windows that hang over the edge are "
       "left out.") for ceil in ((False, True), (True, False))),
    (Way(ceil=FLOOR, borders=(1, 1)), "The poolings have no padding: windows begin "
     "inside, and may hang over (ceil_mode=True)."),
    *((Way(ceil=ceil, borders=borders), "One of the poolings is padded: windows begin "
       "inside, and may hang over (ceil_mode=True).")
      for ceil, borders in (((False, True), (1, 0)), ((True, False), (0, 1)))),
    *((Way(borders=borders), "No padding is needed in the poolings: ceil_mode=True is "
       "enough.") for borders in ((1, 1), (1, 0), (0, 1))),
    *((Way(window=(2, 2), ceil=ceil), "The windows of the poolings are 3 × 3, in steps "
       "of 2: neighbours share a row.") for ceil in ((True, True), FLOOR)),
    *((Way(window=(3, 3), ceil=ceil), "The poolings go in steps of 2; without a stride "
       "it is that of the window, 3.") for ceil in ((True, True), FLOOR)),
    (Way(full=False), "The first convolution of a block keeps the size of the maps: "
     "padding is missing."),
    (Way(linear=(8,), end="late relu"), "The last ReLU stands in front of the mean, "
     "not behind it."),
    (Way(end="softmax"), "Those are probabilities. Scores are asked for."),
    (Way(end="softmax first"), "There is no softmax in the network."),
    (Way(end="sum"), "A score is the mean of its map, not the sum."),
    (Way(end="largest"), "A score is the mean of its map, not its largest number."),
]  # fmt: skip


@exercise("build-nin", by_hand=READY)
def nin_for_cifar(answer: Maker, cases: Cases) -> None:
    """Oracle: torch's layers, one by one."""
    model = answer.make_module()
    _expect_plan(model)
    oracle, x = _awake(cases), _photos(cases, 2, 32, 32)
    model.eval()
    model.load(oracle, x)
    _expect_calm(model, x)
    for n, h, w in ((2, 32, 32), (1, 32, 32), (3, 9, 22), (1, 8, 8)):
        _scores(model, oracle, _photos(cases, n, h, w))
    expect_gradients(model, oracle, _photos(cases, 1, 8, 12), case="gradients")
    _expect_nothing_else(model, oracle, (-1, 0, 1, 3, 4, 6, 7, 8))
    _expect_dropout(model, oracle, cases)
    _expect_nothing_else(model, oracle, (5,))
    _expect_new(answer, model, oracle)


def _photos(cases: Cases, *sizes: int) -> Tensor:
    n, h, w = sizes
    return torch.from_numpy(cases.rng.uniform(-1, 2, (n, 3, h, w))).float()


def _awake(cases: Cases) -> _NiN:
    """Weights with which the answers keep their size, and biases that tell."""
    oracle = _NiN()
    with torch.no_grad():
        for parameter in oracle.parameters():
            shape = tuple(parameter.shape)
            spread = 0.5 if len(shape) == 1 else (1.5 / np.prod(shape[1:])) ** 0.5
            parameter.copy_(torch.from_numpy(cases.rng.normal(0, spread, shape)))
    return oracle


def _scores(model: MadeModule, oracle: _NiN, x: Tensor) -> None:
    n, _, h, w = x.shape
    case = f"{n} photograph{'s' if n > 1 else ''} of {h} × {w}"
    expect(model(x), output_of(oracle, x), case, _other_scores(oracle, x), scale=100.0)


def _other_scores(oracle: _NiN, x: Tensor) -> Iterator[tuple[Tensor | None, str]]:
    with torch.no_grad():
        right = oracle(x)
        yield right[:, :, None, None], "The last two axes must go: (n, 10) is wanted."
        yield right[0] if len(x) == 1 else None, "The axis of the images is gone."
        for way, words in WRONG_WAYS:
            try:
                yield oracle.scores(x, way), words
            except RuntimeError:  # maps that are too small for it
                continue


def _expect_plan(model: MadeModule) -> None:
    """The structure first, then the count, then the widths; no width is told."""
    found, case = model.parameters(), "its weights"
    buffers = list(model.buffers().outcome.value)
    expect_that(found, not buffers, case, f"It also keeps {', '.join(buffers[:2])}.",
                "Nothing is normalised in this network, and convolutions keep nothing "
                "but weights.")  # fmt: skip
    shapes = [tuple(shape) for shape in found.outcome.value.values()]
    other = [shape for shape in shapes if len(shape) not in (1, 4)]
    expect_that(found, not other, case, f"weights of the shapes {other[:3]}",
                "There are convolutions only. Weights that make up the number do not "
                "make the network.")  # fmt: skip
    convs = [shape for shape in shapes if len(shape) == 4]
    expect_that(found, len(convs) == len(KERNELS), case, f"{len(convs)} convolutions; "
                f"there are nine in the plan.", *model.layout().ideas)  # fmt: skip
    kernels = sorted(shape[2:] for shape in convs)
    right = kernels == sorted((k, k) for k in KERNELS)
    shown = ", ".join(f"{h}×{w}" for h, w in kernels)
    expect_that(found, right, case, f"kernels: {shown}", "The plan has two of 5×5, one "
                "of 3×3 and six of 1×1.")  # fmt: skip
    biases = sorted(shape[0] for shape in shapes if len(shape) == 1)
    expect_that(found, biases == sorted(shape[0] for shape in convs), case,
                f"{len(biases)} parameters have one axis.", "Each convolution has a "
                "bias, and nothing else has weights.")  # fmt: skip
    _expect_widths(found, convs)


def _expect_calm(model: MadeModule, x: Tensor) -> None:
    """In evaluation the same photographs get the same scores."""
    case = "two calls in evaluation"
    wanted = (len(x), 10)
    result = model(x)
    if result.outcome.raised or np.shape(result.outcome.value) != wanted:
        return  # the next case has more to say about it
    one, other = result.array(wanted, case), model(x).array(wanted, case)
    expect_that(replace(result, part=""), bool(np.array_equal(one, other)), case,
                "The scores of two calls differ.", "Something is dropped in evaluation "
                "too: F.dropout needs training=self.training.")  # fmt: skip


def _expect_widths(found: Result, convs: Sequence[tuple[int, ...]]) -> None:
    case = "its widths"
    ends = [shape[0] for shape in convs]
    expect_that(found, ends.count(10) >= 1, case, "No convolution gives ten maps.",
                "The last one has a map for each class.")  # fmt: skip
    total = sum(int(np.prod(shape)) + shape[0] for shape in convs)
    told = f"{total:,} weights; {TOTAL:,} are wanted."
    expect_that(found, total == TOTAL, case, told, _why_count(total, convs))
    goal = sorted((WIDTHS[at + 1], WIDTHS[at], k, k) for at, k in enumerate(KERNELS))
    expect_that(found, sorted(convs) == goal, case, "The number is right, the widths "
                "are not.", "The first layer is as wide as all layers of the second "
                "and third block but the last, and in the first block none is wider "
                "than the one before it.")  # fmt: skip


def _why_count(total: int, convs: Sequence[tuple[int, ...]]) -> str:
    if total - sum(shape[0] for shape in convs) == TOTAL:
        return "Without the biases it would be right: they count."
    first = [shape[0] for shape in convs if shape[1] == 3]
    common = max({s[0] for s in convs}, key=[s[0] for s in convs].count)
    if first and first[0] != common:
        return "The first layer is as wide as those of the later blocks."
    return "Which widths have you found, and does your count have nine terms?"


# ---- Its dropout ----

COPIES = 256


def _expect_dropout(model: MadeModule, oracle: _NiN, cases: Cases) -> None:
    """In training mode: half of the numbers, behind each pooling.

    Weights are chosen so that a score counts what is left of ones in 8 × 8 pixels: of
    4 numbers behind the second pooling, or of 16 behind the first.
    """
    x = _photos(cases, 1, 8, 8).expand(COPIES, -1, -1, -1).contiguous()
    for weights, name, spread in (
        (_behind_second(oracle), "second", 0.5),
        (_behind_first(oracle), "first", 0.294),
    ):
        case = f"training, what comes out of the {name} pooling"
        model.write(weights)
        model.eval()
        calm = model(x[:1]).array((1, 10), case)[0, 0]
        model.train()
        scores = model(x).array((COPIES, 10), case)[:, 0] / calm
        told = f"ones become {scores.mean():.2f} ± {scores.std():.2f} on average"
        shown = replace(model(x[:1]), part="")
        expect_that(shown, scores.std() > 0.06, case, told, "Nothing is dropped here: "
                    "a dropout is missing.")  # fmt: skip
        expect_that(shown, abs(scores.mean() - 1) < 0.12, case, told, "The maximum "
                    "hides what was dropped before it: dropout comes behind the "
                    "pooling.")  # fmt: skip
        near = abs(scores.std() / spread - 1) < 0.2
        expect_that(shown, near, case, told, f"With probability ½, each number by "
                    f"itself, behind the pooling, it would be 1.00 ± {spread:.2f}.",
                    )  # fmt: skip


def _expect_nothing_else(
    model: MadeModule, oracle: _NiN, places: tuple[int, ...]
) -> None:
    """In training, too, nothing is dropped or scaled but behind the two poolings.

    What comes out of one place is 1 everywhere. The next layer says how far it is from
    that, or behind the second pooling by how much it is above 2, and a dropout of
    probability ½ makes 0 or 2 of a 1.
    """
    x = torch.ones(8, 3, 8, 8)
    model.train()
    for place in places:
        model.write(_alert(oracle, place))
        words = f"convolution {place + 1}" if place >= 0 else "the photograph"
        case = f"training, what comes out of {words}"
        result = model(x)
        scores = result.array((len(x), 10), case)
        calm = 1.0 if place == 8 else 0.0
        expect_that(replace(result, part=""), bool(np.abs(scores - calm).max() < 1e-3),
                    case, "These numbers are changed on their way to the next layer.",
                    "A dropout stands behind each of the two poolings and nowhere "
                    "else; nothing is normalised.")  # fmt: skip


def _alert(oracle: _NiN, place: int) -> dict[str, Tensor]:
    """Weights for which scores are 0 as long as all is 1 behind this convolution."""
    found = _silent(oracle)
    if place >= 0:
        found[f"convs.{place}.bias"] += 1
    if place == 8:
        return found
    sign, level = (10, -20) if place == 5 else (-10, 10)
    for at in range(place + 1, len(KERNELS)):
        middle, weight = KERNELS[at] // 2, found[f"convs.{at}.weight"]
        if at == place + 1:
            weight[:, 0, middle, middle] = sign
            found[f"convs.{at}.bias"] += level
        else:
            weight[:, :, middle, middle] = 1 / weight.shape[1]
    return found


def _expect_new(answer: Maker, model: MadeModule, oracle: _NiN) -> None:
    """Each call makes a network of its own."""
    model.write(_silent(oracle) | {"convs.8.bias": torch.full((10,), 7.25)})
    other = answer.make_module().state()
    untouched = not any(np.all(one == 7.25) for one in other.outcome.value.values())
    expect_that(other, untouched, "two calls", "The second call gives the very network "
                "of the first, with all that it has learned.",
                "Make the network inside the function.")  # fmt: skip


def _silent(oracle: _NiN) -> dict[str, Tensor]:
    return {name: torch.zeros_like(p) for name, p in oracle.named_parameters()}


def _behind_second(oracle: _NiN) -> dict[str, Tensor]:
    """Block 2 says 1 everywhere; one of its maps is what the scores are the mean of."""
    found = _silent(oracle)
    found["convs.5.bias"] += 1
    found["convs.6.weight"][0, 0, 1, 1] = 1
    found["convs.7.weight"][0, 0] = 1
    found["convs.8.weight"][:, 0] = 1
    return found


def _behind_first(oracle: _NiN) -> dict[str, Tensor]:
    """Block 1 says 1 everywhere; block 2 copies one of its maps 192 times.

    The scores are the mean of all copies, in which the second dropout cancels.
    """
    found = _silent(oracle)
    found["convs.2.bias"] += 1
    found["convs.3.weight"][:, 0, 2, 2] = 1
    for at in (4, 5):
        found[f"convs.{at}.weight"][:, :, 0, 0] = torch.eye(SAME)
    found["convs.6.weight"][0, :, 1, 1] = 1 / SAME
    found["convs.7.weight"][0, 0] = 1
    found["convs.8.weight"][:, 0] = 1
    return found
