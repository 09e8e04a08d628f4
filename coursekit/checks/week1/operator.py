"""Checks of "The convolution operator".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

from collections.abc import Callable, Iterator

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
from coursekit.checks.handed import FUNCTIONS, function
from coursekit.checks.oracles import (
    corr1d,
    corr2d,
    summed,
    tensor,
    true_convolution,
)
from coursekit.checks.quiz import quiz
from coursekit.checks.show import labelled
from coursekit.filters import CLASSIC, edges

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
        (np.convolve(x, w, "valid"), "Your kernel runs backwards: w[0] "
         "should meet x[i], w[1] should meet x[i + 1], and so on."),
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
    image = np.array([[1, 2, 0, 1, 3, 1], [0, 1, 3, 2, 0, 2], [4, 0, 1, 0, 2, 5]])
    kernel = np.array([[1, 2, -1], [3, 0, 4]])
    yield image, kernel, "an image of 3 × 6, a kernel of 2 × 3"
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
            (_wrapping_2d(image, kernel), "An index below 0 counts from the "
             "end of the image. Turn the kernel, and let the image run forward."),
        ]  # fmt: skip
        scale = summed(true_convolution, image, kernel)
        expect(answer(image, kernel), expected, case, mistakes, scale)


def _wrapping_2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """What image[j - m, k - n] gives, around the edges of the image."""
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    shifted = (weight * np.roll(image, place, (0, 1))
               for place, weight in np.ndenumerate(kernel))  # fmt: skip
    return np.asarray(sum(shifted))[:rows, :columns]


def _fitting(image: np.ndarray, kernel: np.ndarray) -> np.ndarray | None:
    fits = all(np.array(kernel.shape) <= image.shape)
    return corr2d(image, kernel) if fits else None


half_bright = quiz("half-bright")


@exercise("classic-kernels")
def classic_kernels(answer: Answer, cases: Cases) -> None:
    """No oracle: what each kernel must do is its definition."""
    result = answer()
    names = ["blur", "sharpen", "vertical edge"]
    expect_keys(result, names, "the three kernels")
    kernels = {name: result[name].array((3, 3), name) for name in names}
    _blur(result["blur"], kernels["blur"])
    _sharpen(result["sharpen"], kernels["sharpen"])
    _vertical_edge(result["vertical edge"], kernels["vertical edge"])
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


def _sum_is(
    result: Result, kernel: np.ndarray, total: int, case: str, why: str
) -> None:
    right = bool(np.isclose(kernel.sum(), total, atol=1e-4))
    gave = f"the weights should sum to {total}, yours sum to {kernel.sum():.4g}"
    expect_that(result, right, case, labelled("got  ", kernel), gave, why)


@exercise("equivariance", "image", "f")
def equivariance_gap(answer: Answer, cases: Cases) -> None:
    """No oracle but the definition; operations that pass one motion, both or none."""
    image = np.array(
        [[1, 2, 0, 1, 3], [0, 1, 3, 2, 0], [4, 0, 1, 0, 2], [2, 1, 1, 5, 7]]
    )
    _equivariance_gap(answer, image[:, :4], "filters.edges", "turn", "turn, a square")
    for name in _OPERATIONS:
        for motion in _MOVES:
            _equivariance_gap(answer, image, name, motion, f"{motion}, a small image")
    for number in cases.count(16):
        name = _OPERATIONS[number % 4]
        motion = list(_MOVES)[cases.integer(0, 1)]
        image = cases.numbers(cases.integer(4, 12), cases.integer(4, 12))
        case = f"random {number}: {motion}, an image of {image.shape}"
        _equivariance_gap(answer, image, name, motion, case)
    for motion in ["flip", "", "Turn"]:
        why = f'The motion is "shift" or "turn"; {motion!r} is neither: refuse it.'
        refused = answer(image, function("filters.edges"), motion)
        expect_error(refused, "ValueError", "another motion", why)


_MOVES = {
    "turn": lambda values: torch.rot90(tensor(values)).numpy(),
    "shift": lambda values: values[1:, 1:],
}
_SIZE = "A negative difference counts by its size: use np.abs before the largest."
_OPERATIONS = ["filters.edges", "filters.centred", "np.sort", "filters.blur"]


def _equivariance_gap(
    answer: Answer, image: np.ndarray, name: str, motion: str, case: str
) -> None:
    move, f = _MOVES[motion], FUNCTIONS[name]
    one, other = f(move(image)), move(f(image))
    gap = one - other
    expected = _largest(gap)
    mistakes: Mistakes = [
        (float(np.abs(gap).sum()), "You summed the differences; take the largest."),
        (float(np.abs(gap).mean()), "You took the mean; take the largest difference."),
        (np.abs(gap), "These are all the differences; take the largest of them."),
        (gap, "These are all the differences; take the largest of their sizes."),
        (float(gap.max()), _SIZE),
        (float((-gap).max()), _SIZE),
        (_largest(gap.min()), "Take absolute values first, then the largest."),
        (float(abs(one.max() - other.max())), "Compare the two outputs pixel by pixel, "
         "not only their largest values."),
        (0.0, "The gap is 0 for a filter that is shifted; for this operation and this "
         "motion it is not. Measure it."),
        (_largest(edges(move(image)) - move(edges(image))), "You filtered with the "
         "vertical edge kernel. The operation f may be any: call f."),
        *(_mistakes_turn if motion == "turn" else _mistakes_shift)(image, f),
    ]  # fmt: skip
    result = answer(image, function(name), motion)
    expect(result, expected, case, mistakes, 9 * _largest(image))


def _largest(values: np.ndarray) -> float:
    return float(np.abs(values).max())


Operation = Callable[[np.ndarray], np.ndarray]


def _mistakes_turn(image: np.ndarray, f: Operation) -> Mistakes:
    against = f(np.rot90(image, -1)) - np.rot90(f(image))
    same = "Turn the image and the output the same way, by np.rot90."
    return [(_largest(against), same), *_mistakes_output(f(np.rot90(image)), f(image))]


def _mistakes_output(one: np.ndarray, filtered: np.ndarray) -> Mistakes:
    """What comes of an output that was not moved, where the shapes let it be seen."""
    if one.shape != filtered.shape:
        return []
    return [(_largest(one - filtered), "You compared with f(x). The output has to be "
             "moved as well: T(f(x)).")]  # fmt: skip


def _mistakes_shift(image: np.ndarray, f: Operation) -> Mistakes:
    filtered = f(image)
    rolled = f(np.roll(image, -1, (0, 1))) - np.roll(filtered, -1, (0, 1))
    back = "np.roll brings the pixels back on the other side. Here a shift drops the "
    last = "A shift drops the first row and column; you dropped different ones at the "
    return [
        (_largest(rolled), back + "first row and column."),
        (_largest(f(image[1:, 1:]) - filtered[:-1, :-1]), last + "end."),
        (_largest(f(image[:-1, :-1]) - filtered[:-1, :-1]), last + "end."),
        (
            _largest(f(image[1:]) - filtered[1:]),
            "You dropped the first row only; the shift drops the first column too.",
        ),
        (
            _largest(f(image[:, 1:]) - filtered[:, 1:]),
            "You dropped the first column only; the shift drops the first row too.",
        ),
    ]


@exercise("find-it", "image", "patch", by_hand=("skimage.feature",))
def find(answer: Answer, cases: Cases) -> None:
    """No oracle: the copy lies where the case has put it."""
    for image, patch, place, case in _hidden_patches(cases):
        expect(answer(image, patch), place, case, _mistakes_find(image, patch, place))
    large = "A patch that is larger than the image is nowhere in it: refuse it."
    for size in [(3, 4), (2, 6), (5, 2)]:
        image, patch = cases.integers(2, 4), cases.floats(*size)
        expect_error(answer(image, patch), "ValueError", "a patch too large", large)
    for even in [np.full((2, 3), 4.0), np.zeros((1, 2)), np.full((1, 1), 7.0)]:
        expect_error(answer(cases.floats(5, 6), even), "ValueError", "an even patch",
                     "All its pixels are equal: there is nothing to recognise. Refuse "
                     "it.")  # fmt: skip


Hidden = tuple[np.ndarray, np.ndarray, tuple[int, int], str]


def _hidden_patches(cases: Cases) -> Iterator[Hidden]:
    """Images (h, w), patches (kh, kw), the place of the copy, and the case."""
    patch = np.array([[1, 3, 2], [5, 2, 1]])
    yield *_picture(cases, patch, 1, 0, []), "a copy as it is"
    yield *_picture(cases, patch, 4, 0, []), "a copy of four times the contrast"
    yield *_picture(cases, patch, 1, 6, ["bright"]), "a copy, and a bright place"
    yield *_picture(cases, patch, 1, -6, []), "a darker copy"
    yield *_picture(cases, patch, 0.5, 3, ["strong"]), "a faint copy"
    yield *_picture(cases, patch, 2, -1, ["even"]), "a copy, and a perfectly even place"
    yield *_picture(cases, patch, 1, 0, ["negative"]), "a copy and a negative"
    yield *_picture(cases, patch, 1, 1, ["turned"]), "a copy, and one turned round"
    for times in (1, 2, 4):
        picture = _picture(cases, patch, times, 2, ["ranked"])
        yield *picture, "a copy, and a window with the same order from dark to bright"
    two = np.array([[0.25, 0.5, 0.5], [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]])
    yield *_picture(cases, two, 2, 0, ["even", "bright"]), "a patch of two grey values"
    last = cases.floats(4, 5)
    last[2:, 2:] = patch + 4
    yield last, patch, (2, 2), "a copy in the last corner"
    whole = cases.floats(3, 4)
    yield 2 * whole + 5, whole, (0, 0), "a patch as large as the image"
    for number in cases.count(12):
        size = (cases.integer(3, 6), cases.integer(3, 6)) if number % 4 else (1, 8)
        patch = cases.floats(*(size if number % 8 else size[::-1]))
        contrast, bright = cases.integer(1, 8) / 4, float(cases.integer(-5, 5))
        picture = _picture(cases, patch, contrast, bright, list(_DECOYS))
        h, w = picture[0].shape
        kh, kw = patch.shape
        yield *picture, f"random {number}: {kh} × {kw} pixels, hidden in {h} × {w}"


# What may lie beside the copy, made of the patch with a mean of 0 and a peak of 1.
_DECOYS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bright": lambda drawn: 40 + 0.2 * np.roll(drawn, 2),
    "strong": lambda drawn: 25 * (drawn + 0.8 * np.roll(drawn, 1)),
    "even": lambda drawn: np.zeros(drawn.shape),
    "negative": lambda drawn: -9 * drawn,
    "turned": lambda drawn: 9 * drawn[::-1, ::-1],
    "ranked": lambda drawn: 2 * np.exp(2 * drawn),
}


def _picture(
    cases: Cases, patch: np.ndarray, contrast: float, bright: float, decoys: list[str]
) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Noise, the copy, and decoys in other cells of a board whose cells fit them."""
    kh, kw = patch.shape
    image = cases.floats(4 * kh + cases.integer(0, 3), 2 * kw + cases.integer(0, 3))
    drawn = patch - patch.mean()
    drawn = drawn / np.abs(drawn).max()
    cells = cases.rng.permutation([(r, c) for r in range(4) for c in range(2)])
    for name, (row, column) in zip(decoys, cells[1:].tolist(), strict=False):
        window = np.s_[row * kh : (row + 1) * kh, column * kw : (column + 1) * kw]
        image[window] = _DECOYS[name](drawn)
    row, column = (cells[0] * patch.shape).tolist()
    image[row : row + kh, column : column + kw] = contrast * patch + bright
    return image, patch, (row, column)


def _mistakes_find(
    image: np.ndarray, patch: np.ndarray, place: tuple[int, int]
) -> Mistakes:
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    plain, drawn = _centred(windows), _centred(patch)
    strength = np.sqrt((plain**2).sum((2, 3)))
    length = np.sqrt((windows**2.0).sum((2, 3)))
    alike = _over((plain * drawn).sum((2, 3)), strength)
    turned = _over((plain * drawn[::-1, ::-1]).sum((2, 3)), strength)
    even = np.argwhere(strength < 1e-9)
    (row, column), (kh, kw) = place, patch.shape
    return [
        (tuple(even[0].tolist()) if len(even) else None, "That window is even: its "
         "contrast is 0. Did you divide by it, and did argmax find nan the largest?"),
        ((column, row), "Row and column are swapped."),
        ((row + kh // 2, column + kw // 2), "That is the middle of the copy; give its "
         "upper left pixel."),
        (_at(_over(corr2d(image, patch), length)), "The brightness still counts there: "
         "take it out of the window and of the patch."),
        (_at(corr2d(image, patch)), "There the sum of products is largest, because the "
         "place is bright, whatever is drawn in it."),
        (_at(corr2d(image, drawn)), "There is more contrast, but not the drawing of "
         "the patch: a strong drawing makes a large sum even when it is another."),
        (_at(-((windows - patch) ** 2.0).sum((2, 3))), "There the pixels are nearest "
         "to those of the patch. But a copy may be brighter or fainter."),
        (_at(-((plain - drawn) ** 2).sum((2, 3))), "There the pixels are nearest to "
         "those of the patch, brightness aside. But the contrast may differ too."),
        (_at(-alike), "There lies a negative of the patch: a should be above 0."),
        (_at(turned), "There lies the patch turned by half a turn: the kernel was "
         "flipped, as in a true convolution."),
        (_same_order(windows, patch, place), "That window has the order of the patch "
         "from dark to bright, but other steps: it is no a * patch + b."),
    ]  # fmt: skip


def _same_order(
    windows: np.ndarray, patch: np.ndarray, place: tuple[int, int]
) -> tuple[int, ...] | None:
    """The first place besides the copy's whose pixels are ordered as the patch's."""
    orders = windows.reshape(*windows.shape[:2], -1).argsort(axis=2, kind="stable")
    agree = (orders == patch.ravel().argsort(kind="stable")).all(axis=2)
    places = (tuple(at) for at in np.argwhere(agree).tolist())
    return next((at for at in places if at != place), None)


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean((-2, -1), keepdims=True)


def _over(sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.divide(sums, sizes, out=np.zeros(sums.shape), where=sizes > 1e-9)


def _at(scores: np.ndarray) -> tuple[int, ...]:
    """Where the scores are largest."""
    return tuple(int(i) for i in np.unravel_index(scores.argmax(), scores.shape))
