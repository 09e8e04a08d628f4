"""Checks of "From dense to convolutional".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

import numpy as np
import torch
import torch.nn.functional as F
from scipy.ndimage import gaussian_filter1d

from coursekit.checks.compare import alike, array
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import Answer, Mistakes, Result, expect, expect_that
from coursekit.checks.oracles import linear_weights, tensor
from coursekit.checks.quiz import quiz
from coursekit.checks.show import as_text
from coursekit.checks.values import Plain

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
        (_overwritten(images, order), "You read pixels that your loop has already "
         "overwritten. Read from a copy of the old image."),
        (columns[:, order].reshape(shape), "You counted the pixels column by column; "
         "count them row by row."),
        (images, "Nothing has moved: every image is still the old one. Did you write "
         "into a copy that is thrown away?"),
    ]  # fmt: skip
    expect(answer(images, order), expected.reshape(shape), case, mistakes)


def _overwritten(images: np.ndarray, order: np.ndarray) -> np.ndarray:
    moved = images.copy()
    for flat in moved.reshape(len(moved), -1):
        for place, old in enumerate(order):
            flat[place] = flat[old]
    return moved


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
        (expected[::-1, ::-1], "The kernel is flipped in every row: the "
         "first of its weights should stand first, as in the docstring's example."),
        (expected.T, "Your rows and columns are swapped: one row for each output."),
        (circular, "Your kernel wraps around the end: stop when it does not fit any "
         "more. There are n - k + 1 outputs, so as many rows."),
        (np.tril(circular), "Your matrix has a row for every input, but there are "
         "only n - k + 1 outputs."),
        (np.triu(circular), "Your matrix has a row for every input, but there are "
         "only n - k + 1 outputs."),
        (expected[:-1], "The last row is missing: the kernel fits n - k + 1 times. "
         "Does your number of rows depend on the length of the kernel?"),
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
    result = answer(n, k)
    mistakes = [*mistakes, *_first_wrong(result.outcome.value, expected)]
    expect(result, expected, case, mistakes)


STEPS = {
    "dense": "every output is connected to all inputs.",
    "locally connected": "every output has weights of its own, to few inputs.",
    "convolutional": "how many weights are there, if all outputs use the same ones?",
}


def _first_wrong(got: Plain, expected: tuple[int, int, int]) -> Mistakes:
    """Which step is wrong, in a tuple of three that no known mistake explains."""
    if not isinstance(got, list | tuple) or len(got) != len(expected):
        return []
    for place, (step, idea) in enumerate(STEPS.items()):
        if not alike(got[place], expected[place]):
            return [(got, f"[{place}] is for the {step} layer: {idea}")]
    return []


four_parts = quiz("four-parts")


# Levels during a flood. No order but the right one is right from either end.
FLOOD = np.array(
    [[0, 9, 1, 50], [1, 7, 4, 80], [4, 2, 8, 60], [8, 1, 7, 30], [9, 0, 3, 10]]
)
FLOOD_ORDER = np.array([1, 3, 2, 0])


@exercise("lost-order", "recorded")
def order_along_the_river(answer: Answer, cases: Cases) -> None:
    """Oracle: the order in which the case was made, from either end."""
    _order(answer, FLOOD, FLOOD_ORDER, "five hours of a flood at 4 gauges")
    _order(answer, *_river(cases, 2), "2 gauges, in either order")
    recorded, order = _river(cases, 9)
    centimetres = np.round(100 * recorded).astype(int)
    _order(answer, centimetres, order, "9 gauges that count in whole numbers")
    for number in cases.count(20):
        recorded, order = _river(cases, cases.integer(3, 12))
        case = f"random {number}: {len(order)} gauges, {len(recorded)} hours"
        _order(answer, recorded, order, case)


def _river(cases: Cases, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Records (hours, n) of gauges with scales of their own, and their order (n,)."""
    hours, reach = cases.integer(500, 900), max(1.0, n / 4)
    edge = int(4 * reach)
    rough = cases.rng.standard_normal((hours, n + 2 * edge))
    water = gaussian_filter1d(rough, reach, axis=1)[:, edge : edge + n]
    order = cases.rng.permutation(n)
    recorded = np.empty_like(water)
    recorded[:, order] = water + 0.05 * water.std() * rough[:, :n]
    units = np.exp(cases.rng.uniform(-1.5, 1.5, n))
    return recorded * units + cases.rng.uniform(-3, 3, n), order


def _order(answer: Answer, recorded: np.ndarray, order: np.ndarray, case: str) -> None:
    n = len(order)
    result = answer(recorded)
    _refuse_other_form(result, recorded, order, case)
    got = result.array((n,), case)
    missing = [number for number in range(n) if number not in got]
    if missing:
        once = f"Each column comes once; column {missing[0]} is missing in yours."
        expect_that(result, False, case, f"got {as_text(got)}", once)
    expected = max(order, order[::-1], key=lambda row: int((row == got).sum()))
    wrong = not np.array_equal(got, expected)
    mistakes = _lost(recorded, order) if wrong else []  # they take a while
    both = [(row[::way], words) for row, words in mistakes for way in (1, -1)]
    expect(result, expected, case, both)


def _refuse_other_form(
    result: Result, recorded: np.ndarray, order: np.ndarray, case: str
) -> None:
    """Fail, saying more than `Result.array`, for the right list and a row of hours."""
    got = result.outcome.value
    for right in (order, order[::-1]):
        if isinstance(got, list | tuple) and alike(got, right):
            expect(result, right, case)
    length = len(got) if isinstance(got, list | tuple) else np.size(array(got))
    if length == len(recorded) != len(order):
        rows = "Did you compare hours? `np.corrcoef` takes rows as variables."
        given = f"expected {len(order)} numbers, got {length}"
        expect_that(result, False, case, given, rows)


def _lost(recorded: np.ndarray, order: np.ndarray) -> Mistakes:
    """What students may make of these records, in one of the two directions."""
    likeness = np.corrcoef(recorded.T)
    unscaled = np.cov(recorded.T)
    apart = -np.abs(recorded[:, :, None] - recorded[:, None]).mean(axis=0)
    scale = ("Each gauge has a scale of its own: one that counts in large numbers is "
             "not more alike to the others, nor further away from them.")  # fmt: skip
    one = ("You sorted by likeness to a single gauge. Those on its two sides come by "
           "turns then, and far away little is left to compare.")  # fmt: skip
    begin = ("Every step goes to the nearest gauge that is left, but the walk begins "
             "in the middle of the river, and has to jump at its end.")  # fmt: skip
    place = ("You gave the place of each column. Asked is the other way round: the "
             "column at each place.")  # fmt: skip
    against = ("Where the water falls while it rises elsewhere, the two are not alike: "
               "a correlation far below zero is not a large one.")  # fmt: skip
    direction = ("You sorted by one direction of the data, an eigenvector. Its numbers "
                 "need not rise, or fall, all along the river.")  # fmt: skip
    starts = range(len(order))
    nearly = np.abs(likeness)
    return [
        (np.argsort(order), place),
        (np.argsort(order[::-1]), place),
        (np.arange(len(order)), "The columns stand as they came."),
        *[(_walk(likeness, start), begin) for start in starts],
        *[(np.argsort(-row, kind="stable"), one) for row in likeness],
        *[(row, direction) for row in _directions(likeness, unscaled)],
        *[(_walk(nearly, start), against) for start in (0, nearly.sum(0).argmin())],
        *[(_walk(unscaled, start), scale) for start in starts],
        *[(_walk(apart, start), scale) for start in starts],
        (np.argsort(recorded.mean(axis=0)), scale),
        (np.argsort(recorded.std(axis=0)), scale),
    ]


def _directions(*tables: np.ndarray) -> list[np.ndarray]:
    """The columns sorted by each of the two main eigenvectors of these tables."""
    vectors = [np.linalg.eigh(table).eigenvectors for table in tables]
    return [columns[:, -i].argsort() for columns in vectors for i in (1, 2)]


def _walk(likeness: np.ndarray, start: int) -> np.ndarray:
    """Always on to the most alike of those that are left."""
    row, left = [start], set(range(len(likeness))) - {start}
    while left:
        row.append(max(left, key=lambda gauge: likeness[row[-1], gauge]))
        left.remove(row[-1])
    return np.array(row)
