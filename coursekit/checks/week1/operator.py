"""Checks of "The convolution operator".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

from collections.abc import Iterator

import numpy as np
import torch

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_keys,
    expect_that,
)
from coursekit.checks.oracles import corr1d, corr2d, tensor, true_convolution
from coursekit.checks.quiz import quiz
from coursekit.checks.show import labelled
from coursekit.filters import CLASSIC


@exercise("correlate-1d", "x", "w")
def correlate1d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv1d, which is a cross-correlation."""
    for x, w, case in _rows(cases):
        expect(answer(x, w), corr1d(x, w), case, _mistakes_correlate1d(x, w))
    refused = answer(np.array([1, 2]), np.array([1, 2, 3]))
    expect_error(refused, "ValueError", "a kernel of 3 on 2 numbers", _DOES_NOT_FIT)


_DOES_NOT_FIT = "A kernel that is larger than its input fits nowhere: refuse it."


def _rows(cases: Cases) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    yield np.array([1, 2, 4, 8, 16]), np.array([1, 0, -1]), "5 numbers, a kernel of 3"
    yield np.array([3, 1, 2, 5]), np.array([0.5, 0.25]), "integers, a kernel of floats"
    yield np.array([2.0, -1.0, 3.0]), np.array([1.0, 2.0, 4.0]), "kernel as long as x"
    for number in cases.count(20):
        k = cases.integer(1, 9 if cases.hard else 5)
        n = k + cases.integer(0, 40 if cases.hard else 7)
        case = f"random {number}: {n} numbers, a kernel of {k}"
        yield cases.numbers(n), cases.numbers(k), case


def _mistakes_correlate1d(x: np.ndarray, w: np.ndarray) -> Mistakes:
    right, k = corr1d(x, w), len(w)
    return [
        (np.convolve(x, w, "valid"), "You got the true convolution: the kernel is "
         "flipped. A cross-correlation uses it as it stands."),
        (right[:-1], "The last place is missing: a kernel of k fits n - k + 1 times."),
        (np.pad(right, (0, k - 1)), "Your output is as long as x. Where the kernel "
         "hangs over the end there is no output: n - k + 1 numbers remain."),
        (np.correlate(x, w, "same"), "Your output is as long as x: you added zeros at "
         "the ends. Here the kernel stays inside."),
        (np.correlate(x, w, "full"), "You added zeros at both ends. Here the kernel "
         "stays inside: n - k + 1 numbers."),
        (right / k, "You took the mean of the products; take their sum."),
        (x[: len(right)] * w[0], "Only the first weight is used: sum over all of w."),
        (w[-1] * x[k - 1 :], "Only the last product arrives: add them up with +=."),
    ]  # fmt: skip


@exercise("convolve-1d", "x", "w")
def convolve1d(answer: Answer, cases: Cases) -> None:
    """Oracle: NumPy's convolve, cut to the valid part."""
    for x, w, case in _rows(cases):
        expected, correlated = np.convolve(x, w, "valid"), corr1d(x, w)
        mistakes: Mistakes = [
            (correlated, "You got the cross-correlation: the kernel is not flipped."),
            (expected[::-1], "Your output runs backwards: flip the kernel, not x."),
            (correlated[::-1], "Your output is the cross-correlation backwards: flip "
             "the kernel alone, and not x or the output."),
            (np.convolve(x, w), "You added zeros at both ends. Here the kernel stays "
             "inside: n - k + 1 numbers."),
            (np.convolve(x, w, "same"), "Your output is as long as x: there are zeros "
             "at its ends. Here the kernel stays inside."),
            (corr1d(x, -w), "You changed the sign of the kernel. Flipping means to "
             "reverse its order."),
            (corr1d(x, np.sort(w)[::-1]), "You sorted the kernel. Flipping means to "
             "reverse its order."),
        ]  # fmt: skip
        expect(answer(x, w), expected, case, mistakes)


@exercise("correlate-2d", "image", "kernel")
def correlate2d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv2d, which is a cross-correlation."""
    for image, kernel, case in _images(cases):
        mistakes = _mistakes_2d(image, kernel)
        expect(answer(image, kernel), corr2d(image, kernel), case, mistakes)
    image, kernel = np.ones((2, 6)), np.ones((3, 2))
    expect_error(answer(image, kernel), "ValueError", "a kernel too high",
                 _DOES_NOT_FIT)  # fmt: skip
    expect_error(answer(image.T, kernel.T), "ValueError", "a kernel too wide",
                 _DOES_NOT_FIT)  # fmt: skip


def _images(cases: Cases) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    image = np.array([[1, 2, 0, 1], [0, 1, 3, 2], [4, 0, 1, 0]])
    yield image, np.array([[1, 2], [3, 4]]), "an image of 3 × 4, a kernel of 2 × 2"
    half = np.array([[0.5, 0.25], [0.0, 0.75]])
    yield image, half, "an image of integers, a kernel of fractions"
    yield cases.integers(5, 3), cases.integers(2, 3), "a kernel wider than high"
    yield cases.floats(3, 4), cases.floats(3, 4), "a kernel as large as the image"
    for number in cases.count(20):
        kh, kw = cases.integer(1, 4), cases.integer(1, 4)
        more = 12 if cases.hard else 5
        h, w = kh + cases.integer(0, more), kw + cases.integer(0, more)
        case = f"random {number}: an image of {h} × {w}, a kernel of {kh} × {kw}"
        yield cases.numbers(h, w), cases.numbers(kh, kw), case


def _mistakes_2d(image: np.ndarray, kernel: np.ndarray) -> Mistakes:
    right, (kh, kw) = corr2d(image, kernel), kernel.shape
    same = np.zeros(image.shape)
    same[: right.shape[0], : right.shape[1]] = right
    padded = np.pad(image, ((kh // 2,) * 2, (kw // 2,) * 2))
    return [
        (true_convolution(image, kernel), "You got the true convolution: the kernel "
         "is flipped. A cross-correlation uses it as it stands."),
        (same, "Your output is as large as the image. Where the kernel hangs over the "
         "edge there is no output: (h - kh + 1, w - kw + 1)."),
        (corr2d(padded, kernel), "You added zeros around the image. Here the kernel "
         "stays inside: (h - kh + 1, w - kw + 1)."),
        (right[:-1, :-1], "The last row and column are missing: a kernel of k fits "
         "n - k + 1 times."),
        (right.T, "Rows and columns of your output are swapped."),
        (right / kernel.size, "You took the mean of the products; take their sum."),
    ]  # fmt: skip


@exercise("convolve-2d", "image", "kernel")
def convolve2d(answer: Answer, cases: Cases) -> None:
    """Oracle: the valid part of torch's transposed convolution of one channel."""
    for image, kernel, case in _images(cases):
        expected = true_convolution(image, kernel)
        mistakes: Mistakes = [
            (corr2d(image, kernel), "You got the cross-correlation: the kernel is not "
             "flipped."),
            (corr2d(image, kernel[::-1]), "Only the rows of the kernel are reversed "
             "(upside down). Reverse its columns too."),
            (corr2d(image, kernel[:, ::-1]), "Only the columns of the kernel are "
             "reversed (left and right). Reverse its rows too."),
            (_fitting(image, kernel.T), "You transposed the kernel. Flipping reverses "
             "the order of its rows and of its columns."),
            (_fitting(image, np.rot90(kernel)), "You turned the kernel by 90 degrees; "
             "flipping both axes turns it by 180."),
            (expected[::-1, ::-1], "Your output is upside down and left to right: flip "
             "the kernel, not the image."),
        ]  # fmt: skip
        expect(answer(image, kernel), expected, case, mistakes)


def _fitting(image: np.ndarray, kernel: np.ndarray) -> np.ndarray | None:
    fits = all(np.array(kernel.shape) <= image.shape)
    return corr2d(image, kernel) if fits else None


half_bright = quiz("half-bright")


@exercise("classic-kernels")
def classic_kernels(answer: Answer, cases: Cases) -> None:
    """No oracle: what each kernel must do is its definition."""
    result = answer()
    names = ["blur", "sharpen", "vertical edge", "emboss"]
    expect_keys(result, names, "the four kernels")
    kernels = {name: result[name].array((3, 3), name) for name in names}
    _blur(result["blur"], kernels["blur"])
    _sharpen(result["sharpen"], kernels["sharpen"])
    _vertical_edge(result["vertical edge"], kernels["vertical edge"], cases)
    _emboss(result["emboss"], kernels["emboss"])
    for name in names:
        _is_new(result[name], kernels[name], name)


def _is_new(result: Result, kernel: np.ndarray, name: str) -> None:
    new = not np.allclose(kernel, CLASSIC[name])
    taken = "This is the classic from the lesson. Find another that does the same."
    expect_that(result, new, name, labelled("got  ", kernel), taken)


def _blur(result: Result, kernel: np.ndarray) -> None:
    case, yours = "blur", labelled("got  ", kernel)
    mean = "A weighted mean has no negative weight."
    expect_that(result, bool((kernel >= 0).all()), case, yours, mean)
    _sum_is(result, kernel, 1, case, "Divide by the sum of the weights, or the image "
            "becomes brighter.")  # fmt: skip
    neighbours = np.delete(kernel.ravel(), 4)
    gentle = "The middle weight is the largest: near pixels count for more."
    expect_that(result, bool((neighbours < kernel[1, 1]).all()), case, yours, gentle)
    spreads = "At least one neighbour counts too, or nothing is blurred."
    expect_that(result, bool((neighbours > 0).any()), case, yours, spreads)
    _same_in_all_directions(result, kernel, case)


def _sharpen(result: Result, kernel: np.ndarray) -> None:
    case, yours = "sharpen", labelled("got  ", kernel)
    _sum_is(result, kernel, 1, case, "A flat area must keep its brightness: the centre "
            "makes up for what the neighbours take away.")  # fmt: skip
    stronger = "The centre is larger than 1, or nothing is sharpened."
    expect_that(result, bool(kernel[1, 1] > 1), case, yours, stronger)
    neighbours = np.delete(kernel.ravel(), 4)
    negative = "No neighbour has a positive weight: their mean is taken away."
    expect_that(result, bool((neighbours <= 0).all()), case, yours, negative)
    _same_in_all_directions(result, kernel, case)


def _same_in_all_directions(result: Result, kernel: np.ndarray, case: str) -> None:
    turned = [kernel.T, kernel[::-1], kernel[:, ::-1]]
    symmetric = all(np.allclose(kernel, other) for other in turned)
    even = "It should treat all directions alike: symmetric in every way."
    expect_that(result, symmetric, case, labelled("got  ", kernel), even)


def _vertical_edge(result: Result, kernel: np.ndarray, cases: Cases) -> None:
    case, yours = "vertical edge", labelled("got  ", kernel)
    _sum_is(result, kernel, 0, case, "A flat area has no edge: the answer is 0 there.")
    rows = np.repeat(cases.floats(6, 1), 6, axis=1)
    silent = bool(np.abs(corr2d(rows, kernel)).max() < 1e-5)
    direction = "It answers to a horizontal edge. Each row of the kernel sums to 0."
    expect_that(result, silent, case, yours, direction)
    step = np.repeat([[9.0] * 3 + [0.0] * 3], 6, axis=0)
    answered = bool(corr2d(step, kernel).max() > 0 and corr2d(step, kernel).min() >= 0)
    sign = "Where the left side is brighter the answer is positive: positive weights "
    expect_that(result, answered, case, yours, sign + "on the left, negative right.")
    pattern = bool((kernel[:, 0] > 0).all() and (kernel[:, 2] < 0).all())
    every = "Every row looks for the edge: positive on the left, negative on the right."
    expect_that(result, pattern, case, yours, every)


def _emboss(result: Result, kernel: np.ndarray) -> None:
    case, yours = "emboss", labelled("got  ", kernel)
    _sum_is(result, kernel, 1, case, "The image stays visible below the relief: a flat "
            "area keeps its brightness.")  # fmt: skip
    light = "The upper left is negative and the lower right positive: the light comes "
    corners = bool(kernel[0, 0] < 0 < kernel[2, 2])
    expect_that(result, corners, case, yours, light + "from one side.")
    diagonal = "Across the diagonal it is its own mirror image (its own transpose)."
    expect_that(result, np.allclose(kernel, kernel.T), case, yours, diagonal)


def _sum_is(
    result: Result, kernel: np.ndarray, total: int, case: str, why: str
) -> None:
    right = bool(np.isclose(kernel.sum(), total, atol=1e-4))
    gave = f"the weights should sum to {total}, yours sum to {kernel.sum():.4g}"
    expect_that(result, right, case, labelled("got  ", kernel), gave, why)


@exercise("equivariance", "image", "kernel")
def equivariance_gap(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv2d and rot90."""
    image = np.array([[1, 2, 0, 1], [0, 1, 3, 2], [4, 0, 1, 0], [2, 1, 1, 5]])
    kernel = np.array([[1, 2], [3, 5]])
    for motion in ["shift", "turn"]:
        _equivariance_gap(answer, image, kernel, motion, f"{motion}, a small image")
    even = np.array([[1, 1], [1, 1]])
    _equivariance_gap(answer, image, even, "turn", "turn, a kernel that may be turned")
    for number in cases.count(15):
        k = cases.integer(2, 4)
        h, w = k + cases.integer(1, 8), k + cases.integer(1, 8)
        kernel, motion = cases.numbers(k, k), ["shift", "turn"][number % 2]
        case = f"random {number}: {motion}, an image of {h} × {w}, a kernel of {k}"
        _equivariance_gap(answer, cases.numbers(h, w), kernel, motion, case)


def _equivariance_gap(
    answer: Answer, image: np.ndarray, kernel: np.ndarray, motion: str, case: str
) -> None:
    move = _MOVES[motion]
    one, other = (
        corr2d(move(image), kernel),
        move(corr2d(image, kernel)),
    )
    gap = one - other
    expected = float(np.abs(gap).max())
    mistakes: Mistakes = [
        (float(np.abs(gap).sum()), "You summed the differences; take the largest."),
        (float(np.abs(gap).mean()), "You took the mean; take the largest difference."),
        (float(gap.max()), "A difference of -5 is a gap of 5: use np.abs."),
        (float((-gap).max()), "A difference of -5 is a gap of 5: use np.abs."),
        (float(np.abs(gap.min())), "Take absolute values first, then the largest."),
        (float(abs(one.max() - other.max())), "Compare the two outputs pixel by pixel, "
         "not only their largest values."),
        *(_mistakes_turn if motion == "turn" else _mistakes_shift)(image, kernel),
    ]  # fmt: skip
    expect(answer(image, kernel, motion), expected, case, mistakes)


_MOVES = {
    "shift": lambda values: values[1:, 1:],
    "turn": lambda values: torch.rot90(tensor(values)).numpy(),
}


def _largest(values: np.ndarray) -> float:
    return float(np.abs(values).max())


def _mistakes_turn(image: np.ndarray, kernel: np.ndarray) -> Mistakes:
    right = np.rot90(corr2d(image, kernel))
    both = corr2d(np.rot90(image), np.rot90(kernel)) - right
    against = corr2d(np.rot90(image, -1), kernel) - right
    return [
        (_largest(both), "Only the image turns: the kernel stays as it is."),
        (_largest(against), "Turn the image and the output the same way, by np.rot90."),
    ]


def _mistakes_shift(image: np.ndarray, kernel: np.ndarray) -> Mistakes:
    filtered = corr2d(image, kernel)
    rolled = np.roll(image, -1, (0, 1)), np.roll(filtered, -1, (0, 1))
    back = "np.roll brings the pixels back on the other side. Here a shift drops the "
    last = "A shift drops the first row and column; you dropped different ones at the "
    return [
        (
            _largest(corr2d(rolled[0], kernel) - rolled[1]),
            back + "first row and column.",
        ),
        (_largest(corr2d(image[1:, 1:], kernel) - filtered[:-1, :-1]), last + "end."),
    ]
