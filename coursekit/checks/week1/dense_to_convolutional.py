"""Checks of "From dense to convolutional".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

import numpy as np
import torch
import torch.nn.functional as F

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import Answer, Mistakes, expect
from coursekit.checks.oracles import linear_weights, tensor
from coursekit.checks.quiz import quiz

datasets = quiz("datasets")


# They count the weights of layers.
COUNTING = ("coursekit.anatomy", "coursekit.checks.oracles")


@exercise("dense-weights", by_hand=COUNTING)
def dense_weights(answer: Answer, cases: Cases) -> None:
    """Oracle: the size of the weight matrix of torch's own dense layer."""
    named = [
        (4, 5, 3, 2, "2 units that look at a colour image of 4 × 5 pixels"),
        (32, 32, 3, 1, "one unit that looks at a CIFAR-10 image"),
        (200, 200, 3, 1, "one unit that looks at a larger image"),
        (28, 28, 1, 512, "512 units that look at an MNIST image"),
        (512, 640, 3, 4096, "4096 units that look at a photograph"),
    ]
    for height, width, channels, units, case in named:
        _dense_weights(answer, height, width, channels, units, case)
    for number in cases.count(20):
        height, width = cases.integer(1, 300), cases.integer(2, 300)
        channels, units = cases.integer(2, 9), cases.integer(2, 2000)
        _dense_weights(answer, height, width, channels, units, f"random {number}")


def _dense_weights(
    answer: Answer, height: int, width: int, channels: int, units: int, case: str
) -> None:
    expected = linear_weights(height * width * channels, units)
    mistakes: Mistakes = [
        (expected + units, "You counted the biases too; only weights are asked for."),
        (expected + 1, "You added one bias; only weights are asked for."),
        (height * width * units, "Every pixel has one number for each channel."),
        (height * width * channels, "That is one unit: each unit has its own weights."),
        (height * width * channels + units, "Each unit is connected to every input:"
         " inputs and units are multiplied, not added."),
    ]  # fmt: skip
    expect(answer(height, width, channels, units), expected, case, mistakes)


@exercise("shuffle-pixels", "images", "order", by_hand=("coursekit.shuffle",))
def shuffle_pixels(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's index_select on the flattened images."""
    small = np.array([[[10, 20, 30], [40, 50, 60]]])
    order = np.array([2, 0, 1, 4, 5, 3])
    _shuffle_pixels(answer, small, order, "one image of 2 × 3 pixels")
    for number in cases.count(20):
        n, h, w = cases.integer(2, 5), cases.integer(1, 6), cases.integer(2, 7)
        if cases.hard and number % 4 == 0:
            n, h, w = 1, 28, 29
        order = cases.rng.permutation(h * w)
        case = f"random {number}: {n} images of {h} × {w} pixels"
        _shuffle_pixels(answer, cases.numbers(n, h, w), order, case)


def _shuffle_pixels(
    answer: Answer, images: np.ndarray, order: np.ndarray, case: str
) -> None:
    flat = torch.tensor(images).flatten(1)
    inverse, columns = np.argsort(order), images.transpose(0, 2, 1).reshape(flat.shape)
    shape = images.shape
    expected = flat.index_select(1, torch.tensor(order)).numpy()
    mistakes: Mistakes = [
        (flat.numpy()[:, inverse].reshape(shape), "You moved old pixel j to place "
         "order[j]. It is the other way round: new pixel j is old pixel order[j]."),
        (expected, "The pixels are right, but the images are still flat: give them "
         "their height and width back."),
        (columns[:, order].reshape(shape), "You counted the pixels column by column; "
         "count them row by row."),
        (images, "Nothing has moved: every image is still the old one."),
    ]  # fmt: skip
    expect(answer(images, order), expected.reshape(shape), case, mistakes)


@exercise(
    "band-matrix",
    "kernel",
    "n",
    by_hand=("scipy.linalg.convolution_matrix", "coursekit.checks.oracles"),
)
def convolution_matrix(answer: Answer, cases: Cases) -> None:
    """Oracle: column j is what torch's conv1d answers to a 1 at place j."""
    _convolution_matrix(answer, np.array([1, -2, 3]), 7, "a kernel of 3 on 7 inputs")
    _convolution_matrix(answer, np.array([0.5, -1.5]), 2, "the kernel fits only once")
    for number in cases.count(20):
        k = cases.integer(1, 7 if cases.hard else 5)
        n = k + cases.integer(0, 20 if cases.hard else 6)
        case = f"random {number}: a kernel of {k} on {n} inputs"
        _convolution_matrix(answer, cases.numbers(k), n, case)


def _convolution_matrix(answer: Answer, kernel: np.ndarray, n: int, case: str) -> None:
    ones = torch.eye(n, dtype=torch.float64)[:, None]
    expected = F.conv1d(ones, tensor(kernel)[None, None])[:, 0].numpy().T
    circular = np.array([np.roll(np.pad(kernel, (0, n - len(kernel))), i)
                         for i in range(n)])  # fmt: skip
    rows = n - len(kernel) + 1
    mistakes: Mistakes = [
        (expected[::-1, ::-1], "The kernel is flipped in every row. In a "
         "cross-correlation it stands as it is."),
        (expected.T, "Your rows and columns are swapped: one row for each output."),
        (circular, "Your kernel wraps around the end: stop when it does not fit any "
         "more. There are n - k + 1 outputs, so as many rows."),
        (np.tril(circular), "Your matrix has a row for every input, but there are "
         "only n - k + 1 outputs."),
        (np.triu(circular), "Your matrix has a row for every input, but there are "
         "only n - k + 1 outputs."),
        (expected[:-1], "The last row is missing: the kernel fits n - k + 1 times."),
        (np.repeat(circular[:1], rows, axis=0), "Your kernel stands at the same place "
         "in every row: in row i it starts at column i."),
    ]  # fmt: skip
    expect(answer(kernel, n), expected, case, mistakes)


@exercise("three-steps", by_hand=COUNTING)
def parameters_at_each_step(answer: Answer, cases: Cases) -> None:
    """Oracle: weights of torch's layers; the entries of the band of the matrix."""
    _parameters_at_each_step(answer, 7, 3, "7 inputs and a kernel of 3")
    _parameters_at_each_step(answer, 4, 4, "the kernel fits only once")
    for number in cases.count(20):
        k = cases.integer(2, 9)
        n = k + cases.integer(1, 500 if cases.hard else 40)
        _parameters_at_each_step(answer, n, k, f"random {number}")


def _parameters_at_each_step(answer: Answer, n: int, k: int, case: str) -> None:
    outputs = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k)).numel()
    dense, shared = linear_weights(n, outputs), linear_weights(k, 1)
    local = linear_weights(k, outputs)
    expected = (dense, local, shared)
    biases = (dense + outputs, local + outputs, shared + 1)
    mistakes: Mistakes = [
        ((n * n, n * k, k), "There are fewer outputs than inputs: n - k + 1."),
        ((n * n, local, k), "The dense layer has n - k + 1 outputs too, not n."),
        ((n * (n - k), (n - k) * k, k), "There are n - k + 1 outputs: the first place "
         "counts too."),
        ((dense, local, local), "The convolution shares its weights: the same k "
         "weights at every place."),
        ((dense, shared, shared), "Locally connected means few inputs for each output, "
         "but not the same weights: every output has k of its own."),
        (biases, "You counted the biases too; only weights are asked for."),
        ((*biases[:2], shared + outputs), "You counted the biases too; only weights "
         "are asked for."),
        (expected[::-1], "The order is: dense, locally connected, convolutional."),
    ]  # fmt: skip
    expect(answer(n, k), expected, case, mistakes)


four_parts = quiz("four-parts")
