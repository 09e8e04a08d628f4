"""Checks of "Channels and layers".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

import re
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from coursekit.checks.compare import array
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_keys,
    expect_quiet,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.handed import FUNCTIONS, function
from coursekit.checks.oracles import (
    conv2d_parameters,
    corr2d,
    layer,
    layer_nd,
    relu,
    summed,
    tensor,
    true_convolution,
    unfold,
)
from coursekit.checks.quiz import quiz
from coursekit.checks.week1.dense_to_convolutional import COUNTING

# A layer of torch, and of ours, in one call.
LAYERS = (
    *(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)),
    "scipy.signal",
    "scipy.ndimage",
    "coursekit.checks.oracles",
    "coursekit.models",
)
ACTIVATIONS = (
    *(f"torch.{name}" for name in ("sigmoid", "tanh", "relu")),
    *(f"torch.{name}_" for name in ("sigmoid", "tanh", "relu")),
    *(f"torch.Tensor.{name}" for name in ("sigmoid", "tanh", "relu")),
    *(f"torch.Tensor.{name}_" for name in ("sigmoid", "tanh", "relu")),
    *(f"torch.nn.functional.{name}" for name in ("sigmoid", "tanh", "relu")),
    "numpy.tanh",
    "math.tanh",
    "scipy.special.expit",
    "coursekit.checks.oracles",
    "coursekit.plots",
)


@exercise("sum-channels", "x", "kernel", by_hand=LAYERS, allowed=("coursekit.filters",))
def correlate_channels(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv2d with one filter."""
    x = np.array([[[1, 2, 0, 3], [0, 1, 3, 1]], [[10, 0, 20, 0], [30, 0, 10, 20]]])
    kernel = np.array([[[1, 2, -1]], [[2, 0, -3]]])
    _correlate_channels(answer, x, kernel, "2 channels of 2 × 4, a kernel of 1 × 3")
    for number in cases.count(15):
        channels, size, inside = _sizes(cases)
        case = f"random {number}: {channels} channels"
        x, kernel = cases.numbers(channels, *size), cases.numbers(channels, *inside)
        _correlate_channels(answer, x, kernel, case)


def _sizes(cases: Cases) -> tuple[int, tuple[int, int], tuple[int, int]]:
    """Channels, height and width of an input, height and width of a kernel."""
    m, n = cases.integer(1, 3), cases.integer(1, 4)
    more = 7 if cases.hard else 3
    size = m + cases.integer(0, more), n + cases.integer(1, more)
    return cases.integer(2, 5 if cases.hard else 3), size, (m, n)


def _correlate_channels(
    answer: Answer, x: np.ndarray, kernel: np.ndarray, case: str
) -> None:
    each = np.array([corr2d(x[c], kernel[c]) for c in range(len(x))])
    expected = layer(x, kernel[None])[0]
    flipped = [true_convolution(x[c], kernel[c]) for c in range(len(x))]
    shared = np.array([corr2d(x[c], kernel[0]) for c in range(len(x))])
    mistakes: Mistakes = [
        (each, "You kept the channels apart: add them up to one picture."),
        (expected[None], "The values are right, but there is one axis too many: return "
         "one picture of shape (H', W')."),
        (each.mean(axis=0), "You took the mean of the channels; take their sum."),
        (corr2d(x.sum(axis=0), kernel.sum(axis=0)), "You added up the image's channels "
         "and the kernel's slices first: each slice meets its own channel alone."),
        (each[0], "You used the first channel alone."),
        (each[-1], "Only the last channel arrives: add the channels up with +=."),
        (shared.sum(axis=0), "You used the first slice of the kernel for every "
         "channel: channel l has its own slice kernel[l]."),
        (np.sum(flipped, axis=0), "The kernel is flipped; here it is used as it is."),
        (each.max(axis=0), "You took the largest of the channels; take their sum."),
        (each.prod(axis=0), "You multiplied the channels; add them up."),
        (layer(x, kernel[::-1][None])[0], "Channel l has its own slice kernel[l]: "
         "yours meet in reverse order."),
        (-expected, "The sign of every number is wrong."),
    ]  # fmt: skip
    scale = summed(layer, x, kernel[None])[0]
    expect(answer(x, kernel), expected, case, mistakes, scale)


@exercise(
    "conv-layer",
    "x",
    "kernel",
    "bias",
    "g",
    by_hand=LAYERS,
    allowed=("coursekit.filters",),
)
def conv_layer(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv2d, then torch's relu."""
    x = np.array([[[1, 2, 0, 1], [0, 1, 3, 2]], [[1, 0, 2, -1], [3, 0, 1, 1]]])
    kernel = np.array([[[[1, 0, -1]], [[0, 2, 1]]],
                       [[[-1, 0, 2]], [[0, 1, -1]]],
                       [[[2, 1, 0]], [[-3, 0, 1]]]])  # fmt: skip
    bias = np.array([-2, 3, 1])
    _conv_layer(answer, x, kernel, bias, "2 channels, 3 filters")
    _conv_layer(answer, x, kernel, bias, "another g", "np.arctan")
    _conv_layer(answer, x, kernel[:1], bias[:1], "one filter")
    for number in cases.count(12):
        channels, size, inside = _sizes(cases)
        filters = 1 if number % 5 == 0 else cases.integer(2, 4)
        x, bias = cases.numbers(channels, *size), cases.numbers(filters)
        kernel = cases.numbers(filters, channels, *inside)
        case = f"random {number}: {channels} channels, {filters} filters"
        other = "np.arctan" if number % 3 == 0 else ""
        _conv_layer(answer, x, kernel, bias, case, other)


def _conv_layer(
    answer: Answer,
    x: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray,
    case: str,
    activation: str = "",
) -> None:
    """One case; `activation` names the g that is handed over, "" for none."""
    g = FUNCTIONS[activation] if activation else relu
    linear = layer(x, kernel, bias)
    without, column = layer(x, kernel), bias[:, None, None]
    often = without + len(x) * column
    mistakes: Mistakes = [
        (linear, "The activation is missing: apply g to the sum."),
        (without, "Bias and activation are missing."),
        (relu(linear) if activation else None, "You applied the ReLU, but g may be any "
         "function: call the g that is given."),
        (g(relu(linear)), "You applied the ReLU before g: call g alone."),
        (g(g(linear)), "You applied g twice."),
        (g(without), "The bias is missing: filter i adds bias[i]."),
        (g(without) + column, "You added the bias after the activation; it belongs "
         "inside g."),
        (g(without + bias.sum()), "Every filter has its own bias: filter i adds bias[i]"
         ", not the sum of all."),
        (g(without - column), "The bias is added, not taken away."),
        (g(often), "You added the bias once for every input channel; it is added "
         "once for every filter."),
        (g(layer(x, kernel, np.full_like(bias, bias[0]))), "Every filter has its "
         "own bias: filter i adds bias[i]."),
        (g(layer(x, kernel[..., ::-1, ::-1], bias)), "The kernel is flipped; the "
         "formula has j + m and k + n, a cross-correlation."),
        (g(layer(x[:1], kernel[:, :1], bias)), "You used the first channel alone: "
         "sum over l."),
        (_each_channel_through(g, x, kernel, bias), "You applied g to every channel: "
         "sum over the channels first, then add the bias, then apply g."),
        _squeezed(g(linear)),
        (g(linear).sum(axis=0), "You added the filters up: each filter makes an "
         "output channel of its own."),
        (np.moveaxis(g(linear), 0, -1), "The output channels come first: the shape "
         "is (I, H - M + 1, W - N + 1)."),
    ]  # fmt: skip
    given = answer(x, kernel, bias, *([function(activation)] if activation else []))
    expect(given, g(linear), case, mistakes, summed(layer, x, kernel, bias))


def _squeezed(expected: np.ndarray) -> tuple[np.ndarray | None, str]:
    """The mistake of losing the axis of a single filter."""
    lost = expected[0] if len(expected) == 1 else None
    return lost, "Keep the axis of the filters, also when there is only one of them."


def _each_channel_through(
    g: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    one = range(len(x))
    each = [g(layer(x[c : c + 1], kernel[:, c : c + 1], bias)) for c in one]
    return np.sum(each, axis=0)


@exercise("free-parameters", by_hand=COUNTING)
def free_parameters(answer: Answer, cases: Cases) -> None:
    """Oracle: the parameters of torch's own convolution layer."""
    _free_parameters(answer, 16, 3, 5, 5, "16 filters on a colour image")
    _free_parameters(answer, 2, 4, 3, 7, "a kernel that is not square")
    _free_parameters(answer, 8192, 4096, 7, 11, "a very large layer")
    for number in cases.count(20):
        filters, channels = cases.integer(2, 512), cases.integer(2, 512)
        height, width = cases.integer(1, 11), cases.integer(1, 11)
        case = f"random {number}"
        _free_parameters(answer, filters, channels, height, width, case)


def _free_parameters(
    answer: Answer, filters: int, channels: int, height: int, width: int, case: str
) -> None:
    expected = conv2d_parameters(channels, filters, height, width)
    plane = height * width
    mistakes: Mistakes = [
        (expected - filters, "The biases are missing: one for each filter."),
        (expected - filters + 1, "There is one bias for each filter, not one in all."),
        (expected - filters + channels, "The biases belong to the filters, not to the "
         "input channels: there are I of them."),
        (filters * channels * (plane + 1), "There is one bias for each filter, not one "
         "for each filter and channel."),
        (filters * (plane + 1), "A filter has a slice of M × N weights for every input "
         "channel."),
        (filters * plane, "A filter has a slice for every input channel, and a bias."),
        (channels * plane + 1, "That is one filter: there are I of them."),
        (filters * (channels + plane + 1), "The weights of a filter are L × M × N: "
         "multiplied, not added."),
        (filters * (channels * height**2 + 1), "The kernel need not be square."),
    ]  # fmt: skip
    expect(answer(filters, channels, height, width), expected, case, mistakes)


@exercise(
    "pointwise",
    "x",
    "weight",
    "bias",
    by_hand=LAYERS,
    allowed=("coursekit.filters",),
)
def conv1x1(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's dense layer, applied along the axis of the channels."""
    x = np.array([[[1, 2, 3, 4], [5, 6, 7, 8], [9, 0, 1, 2]],
                  [[10, 20, 30, 40], [50, 60, 70, 80], [90, 0, 10, 20]]])  # fmt: skip
    weight, bias = np.array([[1, 1], [2, 0], [0, -1]]), np.array([300, 100, -7])
    _conv1x1(answer, x, weight, bias, "2 channels in, 3 out, 3 × 4 pixels")
    _conv1x1(answer, x, weight[:1], bias[:1], "2 channels in, 1 out")
    _conv1x1(answer, x[:1], weight[:, :1], bias, "1 channel in, 3 out")
    for number in cases.count(15):
        channels, height, width = (cases.integer(2, 5) for _ in range(3))
        filters = [channels, cases.integer(2, 6), 1][number % 3]
        weight, bias = cases.numbers(filters, channels), cases.numbers(filters)
        x = cases.numbers(channels, height, width * (3 if cases.hard else 1))
        case = f"random {number}: {channels} channels in, {filters} out"
        _conv1x1(answer, x, weight, bias, case)


def _conv1x1(
    answer: Answer, x: np.ndarray, weight: np.ndarray, bias: np.ndarray, case: str
) -> None:
    channels, height, width = x.shape
    pixels = tensor(x.reshape(channels, -1)).T
    dense = F.linear(pixels, tensor(weight), tensor(bias)).numpy()
    expected = dense.T.reshape(-1, height, width)
    mixed = F.linear(
        tensor(x.reshape(-1, channels)),
        tensor(weight),
        tensor(bias),
    )
    mistakes: Mistakes = [
        (expected - bias[:, None, None], "The bias is missing: filter i adds bias[i]."),
        (np.moveaxis(expected, 0, -1), "The output channels come first: (I, H, W)."),
        (dense.T, "The values are right, but the pixels are flat: shape (I, H, W)."),
        (dense, "The pixels are still flat, one in each row: shape (I, H, W)."),
        (relu(expected), "You applied an activation; the exercise has none."),
        (dense.reshape(expected.shape), "The pixels got mixed up at the end: move the "
         "channels to the front (transpose), then reshape."),
        (mixed.numpy().T.reshape(expected.shape), "reshape does not move the channels "
         "to the end: pixels and channels got mixed up. Use transpose or moveaxis."),
        (mixed.numpy().reshape(expected.shape), "reshape does not move the channels "
         "to the end: pixels and channels got mixed up. Use transpose or moveaxis."),
        (_transposed_weight(x, weight, bias), "You used weight[l, i]; the weight from "
         "channel l to output i is weight[i, l]."),
        (expected - bias[:, None, None] + bias[0], "Every filter has its own bias."),
        (expected - 2 * bias[:, None, None], "The bias is added, not taken away."),
        _squeezed(expected),
    ]  # fmt: skip
    scale = summed(layer, x, weight[:, :, None, None], bias)
    result = answer(x, weight, bias)
    _explain(result, case, "matmul", "`@` pairs the last axis of `weight` with the "
             "ROWS of each channel, not with the channels.")  # fmt: skip
    expect(result, expected, case, mistakes, scale)


def _explain(result: Result, case: str, words: str, why: str) -> None:
    """Say more about an error of Python or NumPy that holds these words."""
    raised = result.outcome.raised
    if raised is not None and words in raised.text:
        fail(result, case, f"yours raised {raised.shown}", why)


def _transposed_weight(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray
) -> np.ndarray | None:
    if weight.shape[0] != weight.shape[1]:
        return None
    return layer(x, weight.T[:, :, None, None], bias)


@exercise(
    "im2col",
    "x",
    by_hand=(
        "torch.nn.functional.unfold",
        "torch.nn.Unfold",
        "torch.Tensor.unfold",
        "numpy.lib.stride_tricks.sliding_window_view",
        "coursekit.checks.oracles",
    ),
)
def im2col(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's unfold."""
    x = np.arange(15).reshape(1, 3, 5)
    _im2col_case(answer, x, 2, "1 channel of 3 × 5 pixels, patches of 2 × 2")
    _im2col_case(answer, np.arange(24).reshape(2, 3, 4), 2, "2 channels of 3 × 4")
    for number in cases.count(15):
        k, channels = cases.integer(1, 4), cases.integer(1, 4)
        more = 8 if cases.hard else 3
        size = k + cases.integer(0, more), k + cases.integer(1, more)
        case = f"random {number}: {channels} channels, patches of {k} × {k}"
        _im2col_case(answer, cases.numbers(channels, *size), k, case)


def _im2col_case(answer: Answer, x: np.ndarray, k: int, case: str) -> None:
    expected, channels = unfold(x, k), len(x)
    down, across = x.shape[1] - k + 1, x.shape[2] - k + 1
    blocks = expected.reshape(channels, k * k, down, across)
    clashing = np.zeros_like(expected)
    spots = [r * down + c for r in range(down) for c in range(across)]
    fits = max(spots) < len(spots)
    if fits:
        for column, spot in zip(expected.T, spots, strict=True):
            clashing[:, spot] = column
    pixels = expected.reshape(channels, k, k, -1)
    mistakes: Mistakes = [
        (expected.T, "Each patch should be a column; in yours it is a row."),
        (expected.reshape(expected.shape[::-1]), "You stacked the patches as rows and "
         "then reshaped; transpose instead."),
        (expected.T.reshape(expected.shape), "You stacked the patches as rows and then "
         "reshaped; transpose instead: each patch is a column."),
        (np.swapaxes(blocks, 2, 3).reshape(expected.shape), "The patches are in the "
         "wrong order: go along each row of the image first, then down."),
        (np.moveaxis(pixels, 0, 2).reshape(expected.shape), "Within a patch the "
         "channels come first: flatten it in the order (L, k, k)."),
        (np.swapaxes(pixels, 1, 2).reshape(expected.shape), "Within a patch go row by "
         "row: yours goes column by column."),
        (blocks[:, :, ::k, ::k].reshape(channels * k * k, -1), "Your patches lie side "
         "by side; neighbouring patches overlap, one step apart."),
        (blocks[:, :, :-1, :-1].reshape(channels * k * k, -1), "The last row and the "
         "last column of patches are missing: there are H - k + 1 and W - k + 1."),
        (clashing if fits else None, "r * H' + c is not the number of the column: a "
         "row of places is W' long."),
        (expected[: k * k], "You used the first channel alone: a patch has L × k × k "
         "numbers."),
        (blocks.sum(axis=0).reshape(k * k, -1), "You summed the channels; stack them."),
    ]  # fmt: skip
    expect(answer(x, k), expected, case, mistakes)


@exercise(
    "any-axes",
    "x",
    "kernel",
    "bias",
    by_hand=LAYERS,
    allowed=("coursekit.filters",),
)
def conv_nd(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv1d, conv2d and conv3d."""
    x = np.array([[1, 2, 0, 3, -1], [0, 10, 30, 20, 50]])
    kernel = np.array([[[1, 0, -1], [0, 2, 1]], [[2, 1, 0], [-1, 0, 3]],
                       [[0, 1, 4], [1, -2, 0]]])  # fmt: skip
    bias = np.array([-7, 100, 2])
    _conv_nd(answer, x, kernel, bias, "one axis, 2 channels, 3 filters")
    _conv_nd(answer, x, kernel[:1], bias[:1], "one axis, 1 filter")
    for axes in (2, 3):
        _conv_nd(answer, *_layer_of(cases, axes), f"{axes} axes")
    for number in cases.count(12):
        axes = 1 + number % 3
        x, kernel, bias = _layer_of(cases, axes, exact=number % 4 == 0)
        _conv_nd(answer, x, kernel, bias, f"random {number}: axes {x.shape[1:]}")
    for axes in (1, 2, 3):
        _misfits(answer, cases, axes)


def _layer_of(
    cases: Cases, axes: int, *, exact: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Input, kernels and biases; `exact`: few of each, as long as the input at first.

    The output is of another length along each axis.
    """
    filters, channels = (1, 1) if exact else (cases.integer(2, 4), cases.integer(2, 3))
    more = 5 if cases.hard else 2
    inside = [cases.integer(1, 4 - axis) for axis in range(axes)]
    size = [k + 1 + axis * more + cases.integer(0, 1) for axis, k in enumerate(inside)]
    if exact:
        size[0] = inside[0]
    kernel = cases.numbers(filters, channels, *inside)
    return cases.numbers(channels, *size), kernel, cases.numbers(filters)


def _conv_nd(
    answer: Answer, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, case: str
) -> None:
    expected, without = layer_nd(x, kernel, bias), layer_nd(x, kernel)
    column = bias.reshape(-1, *[1] * (x.ndim - 1))
    axes = tuple(range(2, kernel.ndim))
    mistakes: Mistakes = [
        (without, "The bias is missing: filter i adds bias[i]."),
        (without - column, "The bias is added, not taken away."),
        (without + bias.sum(), "Every filter has its own bias: filter i adds bias[i]."),
        (without + bias[0], "Every filter has its own bias: filter i adds bias[i]."),
        (without + len(x) * column, "You added the bias once for every input channel; "
         "it is added once for every filter."),
        (without + kernel[0, 0].size * column, "You added the bias once for every "
         "weight of a slice; it is added once for every filter."),
        (relu(expected), "You applied an activation; the exercise has none."),
        (layer_nd(x, np.flip(kernel, axes), bias), "The kernel is flipped; here it is "
         "used as it is."),
        (layer_nd(x, np.flip(kernel, 2), bias), "The first axis of the kernel is "
         "flipped; here it is used as it is."),
        (layer_nd(x[:1], kernel[:, :1], bias), "You used the first channel alone: sum "
         "over the channels."),
        (layer_nd(x, 0 * kernel + kernel[:, :1], bias), "You used the first slice of a "
         "kernel for every channel: channel l has its own slice."),
        _squeezed(expected),
        (np.moveaxis(expected, 0, -1), "The output channels come first."),
        (expected.reshape(len(bias), -1), "The values are right, but the places are "
         "flat: one axis for each along which the kernel slides."),
        (expected[None], "The values are right, but there is one axis too many: no "
         "batch is asked for."),
        (expected[(slice(None), *[slice(-1)] * len(axes))], "The last place along each "
         "axis is missing: there are n - k + 1."),
        (expected.sum(axis=0), "You added the filters up: each filter makes an output "
         "channel of its own."),
    ]  # fmt: skip
    expect(answer(x, kernel, bias), expected, case, mistakes,
           summed(layer_nd, x, kernel, bias))  # fmt: skip


def _misfits(answer: Answer, cases: Cases, axes: int) -> None:
    """Kernels that do not fit an input with so many axes, each in one way only."""
    x, bias = cases.numbers(2, *range(4, 4 + axes)), cases.numbers(3)
    fits = [2] * axes
    wrong = {
        "another number of channels": (3, 3, *fits),
        "a single channel for two": (3, 1, *fits),
        "an axis too many": (3, 2, *fits, 1),
        "an axis too few": (3, 2, *fits[1:]),
    }
    for axis in range(axes):
        long = (*fits[:axis], 5 + axis, *fits[axis + 1 :])
        wrong[f"a kernel too long along axis {axis + 1}"] = (3, 2, *long)
    for how, shape in wrong.items():
        result = answer(x, cases.numbers(*shape), bias)
        why = f"A kernel {shape} does not fit an input {x.shape}."
        expect_error(result, "ValueError", how, why)
        _expect_shapes(result, how, x.shape + shape)


def _expect_shapes(result: Result, case: str, lengths: tuple[int, ...]) -> None:
    """The message of the error must hold these lengths, in any form."""
    raised = result.outcome.raised
    assert raised is not None
    if not set(map(str, lengths)) <= set(re.findall(r"\d+", raised.text)):
        fail(result, case, f"yours raised {raised.shown}", "The message of your "
             "ValueError should name both shapes. (Is this one NumPy's? Then check the "
             "shapes first and raise your own.)")  # fmt: skip


lenet_counts = quiz("lenet-counts")
kernel_shapes = quiz("kernel-shapes")


@exercise("four-counts", by_hand=COUNTING)
def four_counts(answer: Answer, cases: Cases) -> None:
    """Oracle: parameters and output of torch's own layer, and its unfolded input."""
    _four_counts(answer, 6, 7, 2, 3, 3, "a small layer")
    _four_counts(answer, 5, 9, 1, 4, 5, "the kernel is as high as the image")
    _four_counts(answer, 200, 300, 32, 64, 5, "a large layer")
    for number in cases.count(15):
        channels, filters, k = (cases.integer(2, 7) for _ in range(3))
        more = 60 if cases.hard else 12
        height, width = k + cases.integer(0, more), k + cases.integer(1, more)
        _four_counts(answer, height, width, channels, filters, k, f"random {number}")


def _four_counts(
    answer: Answer, height: int, width: int, channels: int, filters: int, k: int,
    case: str,
) -> None:  # fmt: skip
    expected = _counts(height, width, channels, filters, k)
    weights, neurons = expected["weights_per_neuron"], expected["neurons"]
    square = filters * (height - k + 1) ** 2
    grey = k * k + channels
    places, inputs = neurons // filters, height * width
    connections, parameters = expected["connections"], expected["parameters"]
    mistakes: Mistakes = [
        (expected | {"weights_per_neuron": grey, "neurons": square, "connections":
         square * grey, "parameters": filters * grey}, "Both mistakes are still "
         "there."),
        (expected | {"neurons": square, "connections": square * weights}, "One mistake "
         "is mended. Yet neither the image nor its maps need be square."),
        (expected | {"weights_per_neuron": grey, "connections": neurons * grey,
         "parameters": filters * grey}, "One mistake is mended. Now count the weights "
         "of a neuron that looks at a colour image, and its bias."),
        (expected | {"weights_per_neuron": weights - 1, "connections": connections
         - neurons, "parameters": parameters - filters}, "The bias is missing: it is "
         "one more weight of each neuron."),
        (expected | {"weights_per_neuron": weights - 1}, "A neuron has a bias too; it "
         "counts as one of its weights."),
        (expected | {"weights_per_neuron": k * k + 1, "connections": neurons * (k * k
         + 1), "parameters": filters * (k * k + 1)}, "A neuron looks at every input "
         "channel: k × k weights for each of them."),
        (expected | {"neurons": places, "connections": places * weights}, "Every "
         "filter has neurons of its own: height' × width' × filters."),
        (expected | {"neurons": filters * inputs, "connections": filters * inputs
         * weights}, "Without padding the output is smaller than the input: "
         "(height - k + 1) × (width - k + 1)."),
        (expected | {"parameters": connections}, "You counted every connection as a "
         "parameter; the neurons of one filter share their weights."),
        (expected | {"parameters": weights}, "Parameters: that is one filter alone."),
        (expected | {"connections": parameters}, "Connections: every neuron has its "
         "own connections, though their weights are shared."),
        (expected | {"parameters": parameters - filters + 1}, "Each filter has its "
         "own bias."),
    ]  # fmt: skip
    expect(answer(height, width, channels, filters, k), expected, case, mistakes)


def _counts(
    height: int, width: int, channels: int, filters: int, k: int
) -> dict[str, int]:
    parameters = conv2d_parameters(channels, filters, k, k)
    one = conv2d_parameters(channels, 1, k, k)
    image = torch.zeros(1, channels, height, width, device="meta")
    kernel = torch.zeros(filters, channels, k, k, device="meta")
    neurons = F.conv2d(image, kernel).numel()
    return {
        "weights_per_neuron": one,
        "neurons": neurons,
        "connections": neurons * one,
        "parameters": parameters,
    }


@exercise("activations", "x", by_hand=ACTIVATIONS)
def activations(sigmoid: Answer, tanh: Answer, relu: Answer, cases: Cases) -> None:
    """Oracle: torch's own sigmoid, tanh and relu."""
    for name, answer in [("sigmoid", sigmoid), ("tanh", tanh), ("relu", relu)]:
        _activation(name, answer, np.array([-2.0, -0.5, 0.0, 0.5, 2.0]), "five numbers")
        _activation(name, answer, np.array([-3, -1, 0, 2]), "an array of integers")
        for one in [-0.7, 1.3]:
            _activation(name, answer, np.array(one), "an array without axes")
        for number in cases.count(6):
            shape = (cases.integer(1, 4), cases.integer(1, 5), cases.integer(1, 3))
            x = cases.floats(*shape[: 1 + number % 3])
            _activation(name, answer, x, f"random {number}: an array of {x.shape}")
        far = np.array([-1000.0, -60.0, 60.0, 1000.0])
        _activation(name, answer, far, "very large numbers")
        expect_quiet(answer(far), f"{name} of very large numbers", _OVERFLOW)


_OVERFLOW = (
    "np.exp of a large number overflows. Only take np.exp of numbers that are not "
    "positive, such as -np.abs(x). (np.where computes both of its branches.)"
)


def _activation(name: str, answer: Answer, x: np.ndarray, case: str) -> None:
    oracle = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[name]
    expected = oracle(tensor(x)).numpy()
    sigmoid, tanh = torch.sigmoid(tensor(x)).numpy(), np.tanh(x)
    mistakes: Mistakes = [
        (1 - sigmoid, "The sign is wrong: the sigmoid rises from 0 to 1, and "
         "np.exp(-x) stands below."),
        (2 * sigmoid - 1, "That is tanh of x/2: tanh(x) = 2·sigmoid(2x) - 1."),
        (-tanh, "The sign is wrong: tanh rises from -1 to 1."),
        (sigmoid, "That is the sigmoid."),
        (tanh, "That is tanh."),
        (np.abs(x), "That is the absolute value; a negative number becomes 0."),
        (np.minimum(x, 0), "Yours keeps the negative numbers; ReLU keeps the others."),
        (np.maximum(x, 0.01 * x), "That is a leaky ReLU: a negative number becomes 0."),
        (x.max(), "np.max gives the largest of all; np.maximum(x, 0) works number by "
         "number."),
        (torch.softmax(tensor(x), -1).numpy(), "That is the softmax: each number is "
         "mapped for itself."),
    ]  # fmt: skip
    even = 1 / (1 + np.exp(-np.abs(x)))
    if name == "sigmoid":
        why = "For a negative x that is sigmoid(-x): there it has another formula."
        mistakes = [*mistakes, (even, why)]
    result = answer(x)
    _explain(result, f"{name}: {case}", "truth value", "`if` and `max` want one "
             "number: use np.where, np.maximum or a mask.")  # fmt: skip
    if np.abs(x).max() > 100:
        nan = "Your array holds nan (not a number) or inf (infinite)."
        expect_that(result, _finite(result), f"{name}: {case}", nan, _OVERFLOW)
    expect(result, expected, f"{name}: {case}", mistakes)


def _finite(result: Result) -> bool:
    value = array(result.outcome.value)
    return not isinstance(value, np.ndarray) or bool(np.isfinite(value).all())


@exercise("sketch", needs=("matplotlib.axes.Axes.add_line",))
def sketch(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's own functions, at the x of the student's curves."""
    result = answer()
    curves = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "ReLU": torch.relu}
    _expect_labels(result, list(curves))
    expect_keys(result, list(curves), "the labels of the three curves")
    drawn = not result.outcome.missing
    expect_that(result, drawn, "the drawing", "These are the right labels, but nothing "
                "was drawn: draw with ax.plot(…).")  # fmt: skip
    for label, oracle in curves.items():
        curve = result[label]
        pair = curve.outcome.value
        two = isinstance(pair, list | tuple) and len(pair) == 2
        expect_that(curve, two, label, "should be a pair (x, y) of arrays")
        x = _x_of_curve(curve[0], label)
        y = oracle(tensor(x)).numpy()
        others = [(other(tensor(x)).numpy(), f"The curve labelled {label} shows "
                  f"{name}.") for name, other in curves.items()]  # fmt: skip
        expect(curve[1], y, label, others)


def _expect_labels(result: Result, names: list[str]) -> None:
    """Each name must be the label of a curve; else say how a curve gets one."""
    value = result.outcome.value
    if not isinstance(value, dict):
        return
    yours = ", ".join(repr(label)[:60] for label in value) or "no curve"
    for name in names:
        if name not in value:
            fail(result, "the labels of the three curves", f"No curve is labelled "
                 f"'{name}' (`ax.plot(x, y, label=\"{name}\")`); labelled in yours: "
                 f"{yours}.")  # fmt: skip


def _x_of_curve(result: Result, label: str) -> np.ndarray:
    case = f"the x of {label}"
    value = array(result.outcome.value)
    flat = isinstance(value, np.ndarray) and value.ndim == 1
    expect_that(
        result, flat, case, f"is {noun(value)}; expected an array of shape (n,)"
    )
    x = result.array(value.shape, case)
    expect_that(result, len(x) >= 40, case, f"{x.size} points",
                "Use at least 40 points, or the curves have corners.")  # fmt: skip
    rising = bool((np.diff(x) > 0).all())
    expect_that(result, rising, case, "x should rise from left to right.")
    ends = bool(np.isclose(x[0], -4, atol=0.01) and np.isclose(x[-1], 4, atol=0.01))
    reach = f"x should go from -4 to 4, yours goes from {x[0]:.4g} to {x[-1]:.4g}"
    expect_that(result, ends, case, reach)
    widest = float(np.diff(x).max())
    gap = f"Between two neighbours lies a gap of {widest:.2g}: spread the points out."
    expect_that(result, widest <= 0.5, case, gap)
    return x
