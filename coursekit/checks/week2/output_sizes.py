"""Checks of "Output sizes".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_that,
    fail,
)
from coursekit.checks.oracles import corr2d, summed, tensor
from coursekit.checks.quiz import quiz
from coursekit.checks.show import as_text
from coursekit.checks.values import Plain

# What slides with padding or stride in one call; all of them use torch's own.
CONVOLUTIONS = (
    *(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)),
    *(f"torch.nn.functional.conv_transpose{n}d" for n in (1, 2, 3)),
    "scipy.signal",
    "scipy.ndimage",
    "coursekit.checks.oracles",
)
ARITHMETIC = ("coursekit.explore", "coursekit.anatomy", "coursekit.checks.oracles")

Sides = tuple[int, int]


@exercise("even-padding", "image", by_hand=("coursekit.checks.oracles",))
def pad_same(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's pad."""
    image = np.array([[1, 2, 3], [4, 5, 6]])
    _pad_same(answer, image, 3, 5, "a kernel of 3 × 5")
    _pad_same(answer, image, 4, 2, "a kernel of 4 × 2")
    _pad_same(answer, image, 1, 6, "a kernel of 1 × 6")
    for number in cases.count(12):
        image = cases.numbers(cases.integer(1, 4), cases.integer(1, 4))
        kh, kw = cases.integer(1, 8), cases.integer(1, 8)
        _pad_same(answer, image, kh, kw, f"random {number}: a kernel of {kh} × {kw}")


def _pad_same(answer: Answer, image: np.ndarray, kh: int, kw: int, case: str) -> None:
    other = "The side is the wrong one: an odd total has its extra row above and its "
    sides = other + "extra column on the left."
    mistakes: Mistakes = [
        (_around(image, _less(kh), _less(kw)), sides),
        (_around(image, _less(kh), _more(kw)), "Above and below are exchanged: the "
         "extra row goes above."),
        (_around(image, _more(kh), _less(kw)), "Left and right are exchanged: the "
         "extra column goes on the left."),
        (_around(image, (kh // 2,) * 2, (kw // 2,) * 2), "For an even kernel that is "
         "one zero too many: both sides together take k - 1."),
        (_around(image, ((kh - 1) // 2,) * 2, ((kw - 1) // 2,) * 2), "For an even "
         "kernel that is one zero too few: both sides together take k - 1."),
        (_around(image, _more(kw), _more(kh)), "Height and width are exchanged: kh "
         "belongs to the rows."),
        (_around(image, (kh - 1,) * 2, (kw - 1,) * 2), "That is the full padding, k - "
         "1 on every side. Here k - 1 is the total of both sides."),
        (_around(image, (kh - 1, 0), (kw - 1, 0)), "All zeros are on one side: share "
         "them out."),
        (_around(image, (0, kh - 1), (0, kw - 1)), "All zeros are on one side: share "
         "them out."),
        (_around(image, _more(kh), _more(kh)), "Rows and columns have a total each: kw "
         "- 1 for the columns."),
        (_around(image, _more(kw), _more(kw)), "Rows and columns have a total each: kh "
         "- 1 for the rows."),
        (_around(image, _more(kh + 1), _more(kw + 1)), "The total is k - 1, not k: a "
         "kernel of 1 needs no zeros at all."),
        (_around(image, _more(kh), _more(kw), "edge"), "Put zeros there, not copies of "
         "the pixels."),
        (_around(image, _more(kh), _more(kw), "reflect"), "Put zeros there, not copies "
         "of the pixels."),
    ]  # fmt: skip
    expected = _around(image, _more(kh), _more(kw))
    expect(answer(image, kh, kw), expected, case, mistakes)


def _more(k: int) -> Sides:
    """Zeros before and after, the extra one before."""
    return k // 2, (k - 1) // 2


def _less(k: int) -> Sides:
    return (k - 1) // 2, k // 2


def _around(
    image: np.ndarray, rows: Sides, columns: Sides, mode: str = "zeros"
) -> np.ndarray:
    """The image with so many zeros above and below, left and right."""
    if mode == "edge":
        return np.pad(image, (rows, columns), mode="edge")
    if mode == "reflect":
        return np.pad(image, (rows, columns), mode="reflect")
    return F.pad(torch.tensor(image), (*columns, *rows)).numpy()


@exercise(
    "same-bug",
    "image",
    "kernel",
    by_hand=CONVOLUTIONS,
    allowed=("coursekit.filters",),
)
def same(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv2d on a padded image."""
    image = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 8, 7, 1]])
    identity = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    _same(answer, image, identity, "the identity kernel")
    _same(answer, image, np.array([[2, 0, -1]]), "a kernel of 1 × 3")
    even = np.array([[1, 2], [0, 3], [10, 0], [4, 1]])
    _same(answer, cases.integers(5, 4), even, "a kernel of 4 × 2")
    for number in cases.count(12):
        kh, kw = cases.integer(1, 5), cases.integer(1, 5)
        image = cases.numbers(kh + cases.integer(0, 4), kw + cases.integer(0, 4))
        case = f"random {number}: a kernel of {kh} × {kw}"
        _same(answer, image, cases.numbers(kh, kw), case)
    _same(answer, cases.integers(8, 2), cases.integers(7, 1), "a kernel of 7 × 1")
    _same(answer, cases.integers(2, 9), cases.integers(1, 8), "a kernel of 1 × 8")


_MINUS_ZERO = "Is there a slice such as x[a:-a]? For a = 0 it is x[0:0], empty."


def _same(answer: Answer, image: np.ndarray, kernel: np.ndarray, case: str) -> None:
    kh, kw = kernel.shape
    (h, w), rows, columns = image.shape, _more(kh), _more(kw)
    full = corr2d(_around(image, (kh - 1,) * 2, (kw - 1,) * 2), kernel)
    padded = _around(image, rows, columns)
    late = "Your picture has moved up and to the left: the part was cut out too late, "
    mistakes: Mistakes = [
        (full[:h, :w], "Your picture has moved down and to the right, as the friend's "
         "did: the output is cut out too early."),
        (full[kh - 1 :, kw - 1 :], late + "or all zeros are on one side."),
        (corr2d(_around(image, _less(kh), _less(kw)), kernel), "An even kernel has its "
         "extra zeros above and on the left; yours has them on the other side."),
        (corr2d(_around(image, (kh // 2,) * 2, (kw // 2,) * 2), kernel), "For an even "
         "kernel there is a row or a column too many."),
        (corr2d(image, kernel), "That is the valid output: the frame of zeros is "
         "missing."),
        (full, "That is the full output. Keep the part of it that is as large as the "
         "image."),
        (corr2d(padded, kernel[::-1, ::-1]), "The kernel is flipped; here it is used "
         "as it is."),
        (corr2d(_around(image, rows, columns, "edge"), kernel), "Around the image "
         "there should be zeros, not copies of its pixels."),
        (_fitting(_around(image, _more(kw), _more(kh)), kernel), "Height and width of "
         "the kernel are exchanged."),
        (np.zeros((0, w)) if kh == 1 else None, _MINUS_ZERO),
        (np.zeros((h, 0)) if kw == 1 else None, _MINUS_ZERO),
        (_inside_alone(image, kernel), "The numbers of the valid output are at their "
         "places, but those at the rim are 0. There the kernel lies on pixels too."),
    ]  # fmt: skip
    scale = summed(corr2d, padded, kernel)
    expect(answer(image, kernel), corr2d(padded, kernel), case, mistakes, scale)


def _inside_alone(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The valid output with a frame of zeros around it."""
    return _around(
        corr2d(image, kernel), _more(kernel.shape[0]), _more(kernel.shape[1])
    )


@exercise("output-size", "n", "k", "p", "s", "d", by_hand=(*CONVOLUTIONS, *ARITHMETIC))
def output_size(answer: Answer, cases: Cases) -> None:
    """Oracle: the length that torch's own convolution returns."""
    named: list[tuple[Sequence[Plain], str]] = [
        ((8, 3), "8 pixels, a kernel of 3"),
        ((8, 3, 2), "two zeros on each side"),
        ((10, 3, 0, 2), "stride 2 leaves a remainder"),
        ((10, 3, 1, 4), "one zero on each side, stride 4"),
        ((12, 6, (5, 2)), "five zeros before, two after"),
        ((9, 4, (0, 3), 2), "no zeros before, three after"),
        ((9, 4, (1, 0)), "one zero before, none after"),
        ((12, 3, 0, 1, 3), "dilation 3"),
        ((12, 4, 1, 3, 2), "dilation 2, stride 3"),
        ((5, 3, 0, 1, 2), "the kernel fits exactly once"),
        ((3, 5, 1), "the kernel fits, but only with its zeros"),
        ((4, 3, 1, 1, 2), "with holes it fits, but only with its zeros"),
    ]
    for inputs, case in named:
        _output_size(answer, inputs, case)
    for number in cases.count(25):
        _output_size(answer, _sizes(cases), f"random {number}")
    for inputs in [(4, 5), (3, 4, 0, 2), (2, 7, 2), (4, 3, 0, 1, 2), (3, 9, (3, 2), 3)]:
        expect_error(answer(*inputs), "ValueError", "a kernel that does not fit",
                     "It reaches over more cells than there are, zeros included: "
                     "refuse it.")  # fmt: skip


def _sizes(cases: Cases) -> Sequence[Plain]:
    """n, k, p, s, d of a kernel that fits."""
    k, d = cases.integer(1, 7), cases.integer(1, 3)
    before, after = cases.integer(0, 5), cases.integer(0, 5)
    pair = cases.integer(0, 1) == 0
    reach = d * (k - 1) + 1
    zeros = before + after if pair else 2 * before
    n = max(1, reach - zeros) + cases.integer(0, 200 if cases.hard else 20)
    return n, k, ((before, after) if pair else before), cases.integer(1, 5), d


def _output_size(answer: Answer, inputs: Sequence[Plain], case: str) -> None:
    defaults: list[Plain] = [0, 1, 1]
    n, k, p, s, d = [*inputs, *defaults[len(inputs) - 2 :]]
    before, after = p if isinstance(p, tuple) else (p, p)
    row = torch.zeros(1, 1, before + n + after)
    expected = F.conv1d(row, torch.zeros(1, 1, k), stride=s, dilation=d).numel()
    spare = before + n + after - d * (k - 1) - 1
    mistakes: Mistakes = [
        (spare // s, "The first stop is missing: add 1, outside the division."),
        (-(-spare // s) + 1, "You rounded up; the kernel may not hang over the edge."),
        ((n + before - d * (k - 1) - 1) // s + 1, "The zeros of one side are "
         "missing." if isinstance(p, tuple) else "p zeros are added on each side: the "
         "row grows by 2p."),
        ((n + after - d * (k - 1) - 1) // s + 1, "The zeros before the row are "
         "missing."),
        ((n + 2 * before - d * (k - 1) - 1) // s + 1, "The pair has two numbers: the "
         "zeros after the row need not be as many as those before."),
        ((n + 2 * after - d * (k - 1) - 1) // s + 1, "The pair has two numbers: the "
         "zeros before the row need not be as many as those after."),
        ((n + 2 * (before + after) - d * (k - 1) - 1) // s + 1, "You doubled the "
         "zeros: a pair says both sides already."),
        ((n - d * (k - 1) - 1) // s + 1, "The padding does not count in yours."),
        ((n + before + after - k) // s + 1, "The dilation is missing: the kernel "
         "reaches over d (k - 1) + 1 cells."),
        ((n + before + after - d * k) // s + 1, "k weights have k - 1 gaps between "
         "them: the kernel reaches over d (k - 1) + 1 cells, not d k."),
        ((n + before + after - k - (k - 1) * d) // s + 1, "Between two weights lie d - "
         "1 cells, not d."),
        (n + before + after - (d * (k - 1) + 1) // s + 1, "`//` comes before `-`: put "
         "the difference in brackets."),
        (spare + 1, "The stride does not count in yours."),
        (spare // s + 2, "One stop too many."),
    ]  # fmt: skip
    result = answer(*inputs)
    exactly = before + after == 0
    if spare == 0:
        _refuse_refusal(result, case, _EXACTLY if exactly else _ONLY_WITH_ZEROS)
    expect(result, expected, case, mistakes)


_EXACTLY = "It fits exactly once: a kernel may reach over all the cells there are."
_ONLY_WITH_ZEROS = ("It fits: compare what the kernel reaches over with all the cells, "
                    "zeros included.")  # fmt: skip


def _refuse_refusal(result: Result, case: str, words: str) -> None:
    """Fail with these words when a ValueError is raised where an answer exists."""
    raised = result.outcome.raised
    if raised and "ValueError" in raised.kinds:
        fail(result, case, f"your function raised {raised.shown}", words)


sizes_dropped = quiz("sizes-dropped")


@exercise("two-conventions", "n", "k", "p", "s", "o", by_hand=CONVOLUTIONS)
def conventions(answer: Answer, cases: Cases) -> None:
    """Oracle: the length that torch's convolution returns on a padded row."""
    _conventions(answer, 8, 3, 1, 4, 3, "one more than either gives")
    _conventions(answer, 9, 5, 4, 1, 9, "5 × 5, the size is kept")
    _conventions(answer, 7, 3, 1, 1, 7, "3 × 3, the size is kept")
    _conventions(answer, 6, 3, 1, 2, 3, "both habits give the same")
    _conventions(answer, 6, 3, 2, 1, 7, "neither of the two")
    _conventions(answer, 11, 4, 0, 2, 4, "no padding at all, a remainder")
    for number in cases.count(20):
        k, s, p = cases.integer(2, 6), cases.integer(1, 5), cases.integer(0, 4)
        n = k + cases.integer(0, 12)
        side, total = _length(n, k, 2 * p, s), _length(n, k, p, s)
        o = (side, total, max(side, total) + 1)[cases.integer(0, 2)]
        _conventions(answer, n, k, p, s, o, f"random {number}")


def _length(n: int, k: int, zeros: int, s: int) -> int:
    """What torch's convolution returns on a row with so many zeros behind it."""
    return F.conv1d(
        torch.zeros(1, 1, n + zeros), torch.zeros(1, 1, k), stride=s
    ).numel()


def _conventions(
    answer: Answer, n: int, k: int, p: int, s: int, o: int, case: str
) -> None:
    lengths = {"per side": _length(n, k, 2 * p, s), "total": _length(n, k, p, s)}
    expected = [name for name, length in lengths.items() if length == o]
    one = len(expected) == 1
    other = ["total" if name == "per side" else "per side" for name in expected]
    exact = {"per side": (n + 2 * p - k) / s + 1, "total": (n - k + p + s) / s}
    twice = {"per side": _length(n, k, 4 * p, s), "total": _length(n, k, 2 * p, s)}
    missing = {"per side": (n + 2 * p - k) // s, "total": (n + p - k) // s}
    mistakes: Mistakes = [
        (None if p else [], "Without padding both habits say the same: p = 0 counts."),
        ([name for name, size in missing.items() if size == o], "The first stop is "
         "missing in your formula: add 1."),
        (other if one else None, "The two names are exchanged: per side "
         "means p zeros on each of two sides."),
        ([name for name, size in exact.items() if size == o], "The size is rounded "
         "down: where the division does not come out even, yours finds nothing."),
        ([name for name, size in exact.items() if -(-size // 1) == o], "You rounded "
         "up; a size is rounded down."),
        ([name for name, size in twice.items() if size == o] or None, "You doubled "
         "twice: in total means that p is already both sides together."),
        (expected[::-1], "The order is: per side, then total."),
        (None if one else expected[:1], "Both may be right: test each of them."),
        (None if one else expected[1:], "Both may be right: test each of them."),
        (expected[0] if one else None, "Return a list, even of one."),
    ]  # fmt: skip
    expect(answer(n, k, p, s, o), expected, case, mistakes)


sizes_letters = quiz("sizes-letters")


@exercise(
    "stride-subsample",
    "image",
    "kernel",
    "padding",
    "stride",
    by_hand=CONVOLUTIONS,
    allowed=("coursekit.filters",),
)
def strided2d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's conv2d with its own padding and stride."""
    image = (np.arange(42) ** 3 % 41 - 20).reshape(6, 7)
    kernel = np.array([[1, 2, -1], [3, 0, 4]])
    _strided2d(answer, image, kernel, (0, 0), (3, 2), "no padding, strides 3 and 2")
    _strided2d(answer, image, kernel, (2, 1), (1, 1), "padding 2 and 1, stride 1")
    _strided2d(
        answer, image, kernel, (1, 2), (2, 3), "padding 1 and 2, strides 2 and 3"
    )
    for number in cases.count(15):
        kh, kw = cases.integer(1, 4), cases.integer(1, 4)
        image = cases.numbers(kh + cases.integer(1, 5), kw + cases.integer(1, 5))
        padding = cases.integer(0, 3), cases.integer(0, 3)
        stride = cases.integer(1, 4), cases.integer(1, 4)
        case = f"random {number}: padding {padding}, stride {stride}"
        _strided2d(answer, image, cases.numbers(kh, kw), padding, stride, case)


_ONE_SIDE = "The zeros are on one side only: both sides should get them."


def _strided2d(
    answer: Answer,
    image: np.ndarray,
    kernel: np.ndarray,
    padding: Sides,
    stride: Sides,
    case: str,
) -> None:
    expected = _torch_strided(image, kernel, padding, stride)
    ph, pw = padding
    every = corr2d(_around(image, (ph, ph), (pw, pw)), kernel)
    mistakes = [
        *_mistakes_of_stride(every, stride),
        *_mistakes_of_padding(image, kernel, padding, stride),
    ]
    scale = _torch_strided(np.abs(image), np.abs(kernel), padding, stride)
    expect(answer(image, kernel, padding, stride), expected, case, mistakes, scale)


def _mistakes_of_stride(every: np.ndarray, stride: Sides) -> Mistakes:
    """every: the outputs of stride 1."""
    sh, sw = stride
    return [
        (every, "All outputs are still there: keep every sh-th row and every sw-th "
         "column."),
        (every[::sw, ::sh], "The two strides are exchanged: rows come first."),
        (every[sh - 1 :: sh, sw - 1 :: sw], "Keep the first output and then every "
         "s-th; yours begins with the s-th."),
        (every[: len(every) // sh, : every.shape[1] // sw], "You kept a corner of the "
         "outputs. Take one, leave s - 1 out, and so on."),
        (every[sh::sh, sw::sw], "Keep the first output and then every s-th; yours "
         "begins with a later one."),
        (every[::sh][::sw], "`[::sh][::sw]` cuts the rows twice: write `[::sh, "
         "::sw]`."),
        (every[::sh, ::sh], "The same stride is used for rows and columns."),
        (every[::sw, ::sw], "The same stride is used for rows and columns."),
        (every[::sh], "The stride for the columns is missing."),
        (every[:, ::sw], "The stride for the rows is missing."),
        (every[::sh, ::sw][:-1, :-1], "The last row and column of outputs are missing: "
         "count the first stop."),
        (_means(every, stride), "You averaged blocks of outputs. A stride keeps one of "
         "them and drops the others."),
    ]  # fmt: skip


def _mistakes_of_padding(
    image: np.ndarray, kernel: np.ndarray, padding: Sides, stride: Sides
) -> Mistakes:
    (ph, pw), (sh, sw) = padding, stride
    padded = _around(image, (ph, ph), (pw, pw))
    half = _around(image, ((ph + 1) // 2, ph // 2), ((pw + 1) // 2, pw // 2))
    fits = all(np.array(kernel.shape) <= half.shape)
    return [
        (_fitting(padded[::sh, ::sw], kernel), "You dropped pixels of the input. The "
         "kernel reads all of them: drop outputs."),
        (_torch_strided(image, kernel, (pw, ph), stride, even_small=True), "The two "
         "paddings are exchanged: the first is for above and below."),
        (corr2d(_around(image, padding, padding), kernel)[::sh, ::sw], "np.pad(image, "
         "(a, b)) puts a before and b after on *both* axes. Write ((ph, ph), (pw, "
         "pw))."),
        (corr2d(_around(image, (ph, 0), (pw, 0)), kernel)[::sh, ::sw], _ONE_SIDE),
        (corr2d(_around(image, (0, ph), (0, pw)), kernel)[::sh, ::sw], _ONE_SIDE),
        (corr2d(image, kernel)[::sh, ::sw], "The padding is missing."),
        (_around(corr2d(image, kernel), (ph, ph), (pw, pw))[::sh, ::sw], "The zeros "
         "belong around the image, before the kernel moves, not around the output."),
        (corr2d(half, kernel)[::sh, ::sw] if fits else None, "The padding is per side: "
         "so many zeros on each."),
        (corr2d(padded, kernel[::-1, ::-1])[::sh, ::sw], "The kernel is flipped; here "
         "it is used as it is."),
    ]  # fmt: skip


def _torch_strided(
    image: np.ndarray,
    kernel: np.ndarray,
    padding: Sides,
    stride: Sides,
    *,
    even_small: bool = False,
) -> np.ndarray | None:
    """torch's own; None, with `even_small`, where the kernel does not fit."""
    room = np.array(image.shape) + 2 * np.array(padding)
    if even_small and any(room < kernel.shape):
        return None
    batch = tensor(image)[None, None]
    weights = tensor(kernel)[None, None]
    return F.conv2d(batch, weights, stride=stride, padding=padding)[0, 0].numpy()


def _fitting(image: np.ndarray, kernel: np.ndarray) -> np.ndarray | None:
    fits = all(np.array(kernel.shape) <= image.shape)
    return corr2d(image, kernel) if fits else None


def _means(every: np.ndarray, stride: Sides) -> np.ndarray | None:
    """The means of whole blocks of outputs; None where they do not come out even."""
    (h, w), (sh, sw) = every.shape, stride
    if h % sh or w % sw:
        return None
    return every.reshape(h // sh, sh, w // sw, sw).mean(axis=(1, 3))


small_volume = quiz("small-volume")


@exercise("which-paddings", "n", "k", "s", "o", by_hand=CONVOLUTIONS)
def which_paddings(answer: Answer, cases: Cases) -> None:
    """Oracle: the lengths that torch's convolution returns."""
    named = [
        (9, 5, 1, 9, "one padding keeps the size"),
        (10, 6, 1, 13, "more padding than keeps the size"),
        (13, 6, 5, 3, "two paddings"),
        (14, 6, 5, 3, "several paddings"),
        (8, 4, 1, 8, "none keeps the size"),
        (7, 3, 2, 3, "without padding"),
        (6, 3, 1, 8, "as much padding as there may be"),
        (4, 6, 3, 1, "a kernel longer than the row"),
        (4, 6, 2, 1, "a kernel that just fits, with its zeros"),
        (2, 9, 4, 2, "more padding than pixels"),
        (3, 6, 2, 1, "a kernel that needs some padding to fit"),
        (3, 6, 2, 0, "nobody wants an output of size 0"),
        (2, 7, 4, 0, "nor here, with a longer stride"),
        (8, 3, 1, 20, "more than any padding gives"),
    ]
    for n, k, s, o, case in named:
        _which_paddings(answer, n, k, s, o, case)
    for number in cases.count(25):
        n, k, s = cases.integer(1, 20), cases.integer(1, 9), cases.integer(1, 6)
        p = cases.integer(0, k)
        o = _length(n, k, 2 * p, s) if n + 2 * p >= k else cases.integer(0, 3)
        _which_paddings(answer, n, k, s, o, f"random {number}")


# Up to this size of a kernel, half of it and all but the full padding are the same.
_SMALL = 4


def _which_paddings(answer: Answer, n: int, k: int, s: int, o: int, case: str) -> None:
    fit = [p for p in range(k + 9) if n + 2 * p >= k]
    sizes = {p: _length(n, k, 2 * p, s) for p in fit}
    giving = [p for p, size in sizes.items() if size == o]
    expected = [p for p in giving if p < k]
    formula = [p for p in range(k) if (n + 2 * p - k) // s + 1 == o]
    half = [p for p in expected if p <= k // 2]
    exact = [p for p in expected if (n + 2 * p - k) % s == 0]
    total = [t for t in range(k) if n + t >= k and (n + t - k) // s + 1 == o]
    up = [p for p in range(k) if n + 2 * p >= k and -(-(n + 2 * p - k) // s) + 1 == o]
    mistakes: Mistakes = [
        (formula, "With some of these the kernel does not fit: then there is no "
         "output, and no size either."),
        ([p for p in giving if p <= k], "A padding of k does not count: its first "
         "window would be nothing but zeros."),
        ([p for p in expected if n + 2 * p > k], "A kernel that just fits, n + 2p = k, "
         "has one stop."),
        ([p for p in expected if p <= n], "There may be more zeros on a side than "
         "pixels: try all paddings up to k - 1."),
        (expected if n >= k else [], "A kernel longer than the row may fit once there "
         "are zeros: compare k with n + 2p."),
        (half if k > _SMALL else None, "There is more: paddings up to k - 1 "
         "count, not only those up to half of the kernel."),
        ([p for p in expected if p > 0], "No padding at all, 0, is an answer too."),
        ([p for p in expected if p < k - 1], "A padding of k - 1, the full one, counts "
         "too."),
        (exact, "The division need not come out even: the size is rounded down."),
        (total or None, "The padding is per side: the row grows by 2p."),
        (up or None, "You rounded up; a size is rounded down."),
        (expected[:1], "There may be several: go on after the first."),
        (expected[-1:], "There may be several: keep all of them."),
        (expected[0] if len(expected) == 1 else None, "Return a list, even of one."),
        (expected[::-1], "In ascending order, please."),
        ([2 * p for p in expected], "You gave totals: the padding is per side."),
        ([p for p in range(k) if sizes.get(p, 0) - 1 == o], "The first stop is missing "
         "in your formula: add 1."),
    ]  # fmt: skip
    result = answer(n, k, s, o)
    if n < k:
        _refuse_refusal(result, case, "With one of the paddings the kernel does not "
                        "fit, and your output_size says so. Skip that p, or catch the "
                        "ValueError.")  # fmt: skip
    expect(result, expected, case, mistakes)


Layer = tuple[int, int, int]


@exercise("plan-stack", "n", "o", "kernels", "strides")
def plan_stack(answer: Answer, cases: Cases) -> None:
    """No oracle but the rules; how short a stack can be is found size by size."""
    named = [
        (9, 5, [3], [1, 2], "one layer will do"),
        (20, 11, [4, 7], [1, 3], "kernels of 4 and 7"),
        (8, 8, [3, 5], [1, 2], "there already"),
        (224, 7, [3, 5], [1, 2], "from 224 to 7"),
        (30, 3, [3, 5], [1, 2, 3], "the longest stride first is not the shortest"),
        (12, 5, [2], [1, 3], "a stride longer than the kernel"),
        (101, 1, [3], [1], "fifty layers"),
        (300, 10, [2, 9, 11], [1, 2, 4], "from 300 to 10"),
        (3, 1, [5], [1], "the kernel fits only with its zeros"),
        (9, 3, [3], [3], "a stride as long as the kernel"),
        (10, 6, [4], [1, 2], "half of an even kernel is too much padding"),
        (12, 3, [4], [1, 2], "more padding than it takes saves a layer"),
        (2, 1, [3], [2], "from two pixels to one, with a padding of 1"),
    ]
    for n, o, kernels, strides, case in named:
        _plan(answer, n, o, kernels, strides, case)
    for number in cases.count(20):
        n = cases.integer(5, 60 if cases.hard else 40)
        kernels = sorted({cases.integer(1, 7) for _ in range(cases.integer(1, 3))})
        strides = sorted({cases.integer(1, 4) for _ in range(cases.integer(1, 3))})
        reached = sorted(_shortest(n, kernels, strides))
        o = reached[cases.integer(0, len(reached) - 1)]
        _plan(answer, n, o, kernels, strides, f"random {number}")
    for n, o, kernels, strides, why in _HOPELESS:
        refused = answer(n, o, kernels, strides)
        expect_error(refused, "ValueError", "no stack leads there", why)


_HOPELESS: list[tuple[int, int, list[int], list[int], str]] = [
    (
        5,
        9,
        [3, 5],
        [1, 2],
        "No layer may grow: from 5 to 9 there is no way. Refuse it.",
    ),
    (10, 7, [3], [2], "With these layers no stack leads from 10 to 7: refuse it."),
    (9, 8, [3], [1], "With these layers no stack leads from 9 to 8: refuse it."),
    (
        6,
        2,
        [2],
        [3, 4],
        "A stride longer than the kernel leaves pixels out: refuse it.",
    ),
    (11, 4, [4], [4], "With these layers no stack leads from 11 to 4: refuse it."),
    (
        2,
        0,
        [3],
        [1],
        "A kernel that does not fit has no output, not one of 0 pixels: refuse it.",
    ),
]


def _plan(
    answer: Answer, n: int, o: int, kernels: list[int], strides: list[int], case: str
) -> None:
    result = answer(n, o, kernels, strides)
    layers = _layers(result.outcome.value)
    form = "expected a list of layers, each a tuple of three whole numbers (k, p, s)"
    came = f"yours: {as_text(result.outcome.value)}"
    expect_that(result, layers is not None, case, form, came)
    ends = [
        _ends(n, stack, kernels, strides)
        for stack in (layers or [], (layers or [])[::-1])
    ]
    if ends[0] != o == ends[1]:
        fail(result, case, f"your stack: {layers}",
             "First layer first: yours is in reverse order.")  # fmt: skip
    size = n
    for place, layer in enumerate(layers or []):
        wrong = _broken(size, layer, kernels, strides)
        yours = f"layer {place}, on {size} pixels: {layer}"
        expect_that(result, not wrong, case, yours, wrong)
        k, p, s = layer
        size = (size + 2 * p - k) // s + 1
    last = f"your stack {layers} ends with {size} pixels; asked are {o}"
    expect_that(result, size == o, case, last)
    best, count = _shortest(n, kernels, strides)[o], len(layers or [])
    yours = "1 layer" if count == 1 else f"{count} layers"
    enough = "1 is enough" if best == 1 else f"{best} are enough"
    expect_that(result, count == best, case, f"your stack has {yours}; {enough}")


def _ends(
    size: int, layers: list[Layer], kernels: list[int], strides: list[int]
) -> int | None:
    """The size behind a stack; None if one of its layers breaks a rule."""
    for k, p, s in layers:
        if _broken(size, (k, p, s), kernels, strides):
            return None
        size = (size + 2 * p - k) // s + 1
    return size


def _layers(value: Plain) -> list[Layer] | None:
    """The layers of an answer; None for what is no list of three numbers each."""
    if not isinstance(value, list | tuple):
        return None
    for layer in value:
        if not isinstance(layer, list | tuple) or len(layer) != len(("k", "p", "s")):
            return None
        if any(type(number) is not int for number in layer):
            return None
    return [(k, p, s) for k, p, s in value]


def _broken(size: int, layer: Layer, kernels: list[int], strides: list[int]) -> str:
    """The rule that a layer on `size` pixels breaks; "" for one that is allowed."""
    k, p, s = layer
    spare = size + 2 * p - k
    rules = [
        (k not in kernels, f"A kernel of {k} is not among {kernels}. Is the order "
         "kernel, padding, stride?"),
        (s not in strides, f"A stride of {s} is not among {strides}. Did you return "
         "(k, p, s)?"),
        (p in strides and 2 * s < k < 2 * p + 1, f"A padding of {p} is too much for a "
         f"kernel of {k}. Did you return (k, p, s)?"),
        (not 0 <= p <= (k - 1) / 2, "The padding should be 0 to (k - 1)/2 per side."),
        (spare < 0, "The kernel does not fit."),
        (s > k, "The stride is longer than the kernel: pixels between the stops are "
         "never read."),
    ]  # fmt: skip
    for broken, words in rules:
        if broken:
            return words
    dropped = spare % s
    if dropped > p:
        cells = "1 cell" if dropped == 1 else f"{dropped} cells"
        return (f"The floor drops {cells} at the end, but the padding there is {p}: a "
                "pixel is never read.")  # fmt: skip
    return ""


def _shortest(n: int, kernels: list[int], strides: list[int]) -> dict[int, int]:
    """Each size that a stack reaches from n, and in how few layers."""
    found, edge = {n: 0}, {n}
    while edge:
        depth = found[min(edge)] + 1
        reached = {new for size in edge for new in _next(size, kernels, strides)}
        edge = reached - found.keys()
        found |= dict.fromkeys(edge, depth)
    return found


def _next(size: int, kernels: list[int], strides: list[int]) -> Iterator[int]:
    """The sizes that one allowed layer makes."""
    for k in kernels:
        for s in strides:
            for p in range((k + 1) // 2):
                if not _broken(size, (k, p, s), kernels, strides):
                    yield len(range(0, size + 2 * p - k + 1, s))
