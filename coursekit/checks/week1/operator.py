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
from coursekit.checks.oracles import (
    corr1d,
    corr2d,
    summed,
    tensor,
    true_convolution,
)
from coursekit.checks.quiz import quiz
from coursekit.checks.show import labelled
from coursekit.filters import CLASSIC

# The loops that these exercises ask for, in one call. torch.conv1d is the same as F's.
SLIDING = (
    *(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)),
    *(f"torch.nn.functional.conv_transpose{n}d" for n in (1, 2, 3)),
    "scipy.signal",
    "scipy.ndimage",
    "coursekit.checks.oracles",
)
ON_A_ROW = (*SLIDING, "numpy.correlate", "numpy.convolve", "coursekit.filters")
TRUE_CONVOLUTION = (
    *(f"torch.nn.functional.conv_transpose{n}d" for n in (1, 2)),
    "scipy.signal",
    "scipy.ndimage",
    "coursekit.checks.oracles",
    "coursekit.filters.convolve2d",
)


@exercise("correlate-1d", "x", "w", by_hand=ON_A_ROW)
def correlate1d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv1d, which is a cross-correlation."""
    for x, w, case in _rows(cases):
        mistakes, scale = _mistakes_correlate1d(x, w), summed(corr1d, x, w)
        expect(answer(x, w), corr1d(x, w), case, mistakes, scale)
    for n, k in [(2, 3), (1, 4), (3, 5), (4, cases.integer(6, 9))]:
        refused = answer(cases.integers(n), cases.integers(k))
        case = f"a kernel of {k} on {n} numbers"
        expect_error(refused, "ValueError", case, _DOES_NOT_FIT)


_DOES_NOT_FIT = "A kernel that is larger than its input fits nowhere: refuse it."


def _rows(cases: Cases) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    yield np.array([2, 5, 1, -3, 4]), np.array([3, 1, -2]), "5 numbers, a kernel of 3"
    yield np.array([3, 1, 2, 5]), np.array([0.5, 0.25]), "integers, a kernel of floats"
    yield np.array([2.0, -1.0, 3.0]), np.array([1.0, 2.0, 4.0]), "kernel as long as x"
    for number in cases.count(20):
        k = cases.integer(1, 9 if cases.hard else 5)
        n = k + cases.integer(0, 40 if cases.hard else 7)
        case = f"random {number}: {n} numbers, a kernel of {k}"
        yield cases.numbers(n), cases.numbers(k), case


def _mistakes_correlate1d(x: np.ndarray, w: np.ndarray) -> Mistakes:
    right, k = corr1d(x, w), len(w)
    products = np.lib.stride_tricks.sliding_window_view(x, k) * w
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
        (products.max(axis=1), "You took the largest of the products; take their sum."),
        (products.prod(axis=1), "You multiplied the products; add them up."),
        (-right, "The sign of every number is wrong."),
        (np.abs(right), "You took absolute values: a sum may be negative."),
        (right[::-1], "Your output runs backwards."),
        (corr1d(x, np.ones(k)), "You added the numbers up without their weights."),
        (x[: len(right)] * w[0], "Only the first weight is used: sum over all of w."),
        (w[-1] * x[k - 1 :], "Only the last product arrives: add them up with +=."),
    ]  # fmt: skip


@exercise("convolve-1d", "x", "w", by_hand=(*TRUE_CONVOLUTION, "numpy.convolve"))
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
            (-expected, "The sign of every number is wrong."),
            (expected[:-1], "The last place is missing: a kernel of k fits n - k + 1 "
             "times."),
            (_wrapping(x, w), "An index below 0 counts from the end of x. Turn the "
             "kernel, and let x run forward: w[k - 1 - a] meets x[i + a]."),
        ]  # fmt: skip
        scale = summed(lambda x, w: np.convolve(x, w, "valid"), x, w)
        expect(answer(x, w), expected, case, mistakes, scale)


def _wrapping(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """What x[i - a] in place of x[i + a] gives, around the end of the row."""
    k = len(w)
    return np.array([sum(w[a] * x[i - a] for a in range(k))
                     for i in range(len(x) - k + 1)])  # fmt: skip


@exercise("correlate-2d", "image", "kernel", by_hand=(*SLIDING, "coursekit.filters"))
def correlate2d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv2d, which is a cross-correlation."""
    for image, kernel, case in _images(cases):
        mistakes = _mistakes_2d(image, kernel)
        scale = summed(corr2d, image, kernel)
        expect(answer(image, kernel), corr2d(image, kernel), case, mistakes, scale)
    for size, inside in [((2, 6), (3, 2)), ((1, 6), (4, 2)), ((2, 9), (5, 3))]:
        image, kernel = cases.integers(*size), cases.integers(*inside)
        expect_error(answer(image, kernel), "ValueError", "a kernel too high",
                     _DOES_NOT_FIT)  # fmt: skip
        expect_error(answer(image.T, kernel.T), "ValueError", "a kernel too wide",
                     _DOES_NOT_FIT)  # fmt: skip


def _images(cases: Cases) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    image = np.array([[1, 2, 0, 1], [0, 1, 3, 2], [4, 0, 1, 0]])
    kernel = np.array([[1, 2, -1], [3, 0, 4]])
    yield image, kernel, "an image of 3 × 4, a kernel of 2 × 3"
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
        (-right, "The sign of every number is wrong."),
        (np.abs(right), "You took absolute values: a sum may be negative."),
        (right[::-1], "Your output is upside down."),
        (right[:, ::-1], "Left and right of your output are swapped."),
        (corr2d(image, np.ones(kernel.shape)), "You added the pixels up without their "
         "weights."),
        (_fitting(image, kernel.T), "You transposed the kernel: row a, column b of the "
         "window meets kernel[a, b]."),
        (corr2d(image, kernel[::-1]), "The rows of the kernel are reversed."),
        (corr2d(image, kernel[:, ::-1]), "The columns of the kernel are reversed."),
    ]  # fmt: skip


@exercise("convolve-2d", "image", "kernel", by_hand=TRUE_CONVOLUTION)
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
            (-expected, "The sign of every number is wrong."),
            (corr2d(image, -kernel), "You changed the sign of the kernel. Flipping "
             "means to reverse the order of its rows and of its columns."),
        ]  # fmt: skip
        scale = summed(true_convolution, image, kernel)
        expect(answer(image, kernel), expected, case, mistakes, scale)


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
    _vertical_edge(result["vertical edge"], kernels["vertical edge"])
    _emboss(result["emboss"], kernels["emboss"])
    for name in names:
        _is_new(result[name], kernels[name], name)


def _is_new(result: Result, kernel: np.ndarray, name: str) -> None:
    classic = CLASSIC[name]
    times = float(kernel.ravel() @ classic.ravel() / (classic**2).sum())
    taken = "This is the classic from the lesson"
    if not np.isclose(times, 1):
        taken += f" times {times:.4g}"
    new = not np.allclose(kernel, times * classic)
    other = f"{taken}. Find another that does the same."
    expect_that(result, new, name, labelled("got  ", kernel), other)


def _blur(result: Result, kernel: np.ndarray) -> None:
    case, yours = "blur", labelled("got  ", kernel)
    mean = "A blur is a weighted mean: no weight should be negative."
    expect_that(result, bool((kernel >= 0).all()), case, yours, mean)
    _sum_is(result, kernel, 1, case, "Divide by the sum of the weights, or the image "
            "becomes brighter.")  # fmt: skip
    neighbours = np.delete(kernel.ravel(), 4)
    gentle = "The middle weight should be the largest: near pixels count for more."
    expect_that(result, bool((neighbours < kernel[1, 1]).all()), case, yours, gentle)
    spreads = "At least one neighbour should count too, or nothing is blurred."
    expect_that(result, bool((neighbours > 0).any()), case, yours, spreads)
    _same_in_all_directions(result, kernel, case)


def _sharpen(result: Result, kernel: np.ndarray) -> None:
    case, yours = "sharpen", labelled("got  ", kernel)
    _sum_is(result, kernel, 1, case, "A flat area should keep its brightness: the "
            "centre makes up for what the neighbours take away.")  # fmt: skip
    stronger = "The centre should be larger than 1, or nothing is sharpened."
    expect_that(result, bool(kernel[1, 1] > 1), case, yours, stronger)
    neighbours = np.delete(kernel.ravel(), 4)
    negative = "No neighbour should have a positive weight: their mean is taken away."
    expect_that(result, bool((neighbours <= 0).all()), case, yours, negative)
    _same_in_all_directions(result, kernel, case)


def _same_in_all_directions(result: Result, kernel: np.ndarray, case: str) -> None:
    turned = [kernel.T, kernel[::-1], kernel[:, ::-1]]
    symmetric = all(np.allclose(kernel, other) for other in turned)
    even = "It should treat all directions alike: symmetric in every way."
    expect_that(result, symmetric, case, labelled("got  ", kernel), even)


def _vertical_edge(result: Result, kernel: np.ndarray) -> None:
    case, yours = "vertical edge", labelled("got  ", kernel)
    _sum_is(
        result,
        kernel,
        0,
        case,
        "A flat area has no edge: the answer should be 0 there.",
    )
    bands = np.array([[2.0], [9.0], [4.0], [7.0], [0.0], [5.0]])
    rows = np.repeat(bands, 6, axis=1)
    silent = bool(np.abs(corr2d(rows, kernel)).max() < 1e-5)
    direction = "It answers to a horizontal edge. Each row should sum to 0."
    expect_that(result, silent, case, yours, direction)
    step = np.repeat([[9.0] * 3 + [0.0] * 3], 6, axis=0)
    answered = bool(corr2d(step, kernel).max() > 0 and corr2d(step, kernel).min() >= 0)
    sign = "Where the left side is brighter the answer should be positive, and nowhere "
    also = "negative: more weight on the left than on the right."
    expect_that(result, answered, case, yours, sign + also)


def _emboss(result: Result, kernel: np.ndarray) -> None:
    case, yours = "emboss", labelled("got  ", kernel)
    _sum_is(result, kernel, 1, case, "The image should stay visible below the relief: "
            "a flat area keeps its brightness.")  # fmt: skip
    light = "The upper left should be negative, the lower right positive: light comes "
    corners = bool(kernel[0, 0] < 0 < kernel[2, 2])
    expect_that(result, corners, case, yours, light + "from one side.")
    diagonal = "Mirrored at the diagonal it should stay the same (its own transpose)."
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
    image = np.array(
        [[1, 2, 0, 1, 3], [0, 1, 3, 2, 0], [4, 0, 1, 0, 2], [2, 1, 1, 5, 0]]
    )
    kernel = np.array([[1, 2], [-3, 5]])
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
    for motion in ["flip", "", "Turn"]:
        why = f'The motion is "shift" or "turn"; {motion!r} is neither: refuse it.'
        refused = answer(image, kernel, motion)
        expect_error(refused, "ValueError", "another motion", why)


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
    scale = float(summed(corr2d, image, kernel).max())
    expect(answer(image, kernel, motion), expected, case, mistakes, scale)


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
        (
            _largest(both),
            "There is no gap when the kernel turns with the image. Only "
            "the image turns: the kernel stays as it is.",
        ),
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
