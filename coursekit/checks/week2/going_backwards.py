"""Checks of "Going backwards: gradients and transposed convolution".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.grad import conv1d_input, conv1d_weight, conv2d_input, conv2d_weight

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.expect_module import expect_registered
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.oracles import corr2d, tensor
from coursekit.checks.values import Plain

# What slides, or differentiates, in one call.
BACKWARDS = (
    *(f"torch.nn.functional.conv_transpose{n}d" for n in (1, 2, 3)),
    "torch.nn.grad",
    "scipy.signal",
    "scipy.ndimage",
    "coursekit.checks.oracles",
    "coursekit.explore",
)
SLIDING = (*(f"torch.nn.functional.conv{n}d" for n in (1, 2, 3)), *BACKWARDS)
DERIVING = (
    *(f"torch.autograd.{name}" for name in ("grad", "backward", "functional")),
    "torch.Tensor.backward",
    "torch.func",
)
ON_A_ROW = (*SLIDING, *DERIVING, "numpy.correlate", "numpy.convolve",
            "coursekit.filters")  # fmt: skip
BUILDING = ("coursekit.filters",)


# ---- One axis ----


def _kernel_gradient(x: np.ndarray, delta: np.ndarray, k: int) -> np.ndarray:
    """torch's gradient for a kernel (k,) that slid over x (n,)."""
    size = (1, 1, k)
    row, upstream = tensor(x)[None, None], tensor(delta)[None, None]
    return conv1d_weight(row, size, upstream)[0, 0].numpy()


def _input_gradient(
    w: np.ndarray, delta: np.ndarray, n: int, s: int = 1, p: int = 0
) -> np.ndarray:
    """torch's gradient for a row of n that a kernel w (k,) slid over."""
    kernel, upstream = tensor(w)[None, None], tensor(delta)[None, None]
    found = conv1d_input((1, 1, n), kernel, upstream, s, p)
    return found[0, 0].numpy()


@exercise("gradient-kernel-1d", "x", "delta", by_hand=ON_A_ROW)
def kernel_gradient(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's gradient of conv1d."""
    for x, delta, case in _rows(cases):
        k = len(x) - len(delta) + 1
        expected = _kernel_gradient(x, delta, k)
        scale = _kernel_gradient(np.abs(x), np.abs(delta), k)
        mistakes = _mistakes_kernel(x, delta, expected)
        expect(answer(x, delta), expected, case, mistakes, scale)


def _rows(cases: Cases) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    yield np.array([2, 5, 1, -3, 4]), np.array([3, 1, -2]), "5 numbers, 3 outputs"
    fractions = np.array([0.5, 0.25, 1.5, -0.5])
    yield np.array([3, 1, 2, 5, 7]), fractions, "integers, and gradients of fractions"
    yield np.array([4.0, -1.0, 2.5]), np.array([2.0]), "a kernel as long as the row"
    yield np.array([4.0, -1.0]), np.array([2.0, 3.0]), "a kernel of one weight"
    for number in cases.count(16):
        o, k = cases.integer(1, 7), cases.integer(1, 6)
        case = f"random {number}: {o + k - 1} numbers, {o} outputs"
        yield cases.numbers(o + k - 1), cases.numbers(o), case


def _mistakes_kernel(x: np.ndarray, delta: np.ndarray, right: np.ndarray) -> Mistakes:
    o, k = len(delta), len(right)
    windows = np.lib.stride_tricks.sliding_window_view(x, o)
    return [
        (np.convolve(x, delta, "valid"), "Your delta runs backwards: delta[0] should "
         "meet x[m], delta[1] should meet x[m + 1], and so on."),
        (right[::-1], "Your weights stand in reverse order."),
        (np.correlate(x, delta, "full"), "You let delta hang over the ends. Every "
         "output has read pixels only: k = n - o + 1 numbers remain."),
        (np.correlate(x, delta, "same"), "Your result is as long as x. It should be "
         "as long as the kernel, n - o + 1."),
        (right[:-1], "The last weight is missing: there are n - o + 1."),
        (np.pad(right, (0, 1)), "There is one number too many: a kernel of n - o + 1 "
         "weights has made the o outputs."),
        (np.pad(right, (0, o - 1)), "Your result is as long as x. It should be as long "
         "as the kernel, n - o + 1."),
        (right / o, "You took the mean over the outputs. The blames add up."),
        (right / len(x), "You divided by the number of pixels. The blames add up."),
        (windows.sum(axis=1), "You added up the pixels without delta."),
        (x[:k] * delta[0], "Only the first output blames anybody: sum over all."),
        (x[o - 1 :] * delta[-1], "Only the last output blames anybody: add with +=."),
        (-right, "The sign of every number is wrong: a gradient points uphill."),
        (_kernel_gradient(x, delta, k)[: min(o, k)] if o < k else None, "You found as "
         "many weights as there are outputs; there are n - o + 1."),
    ]  # fmt: skip


@exercise("gradient-input-1d", "w", "delta", by_hand=ON_A_ROW)
def input_gradient(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's gradient of conv1d."""
    for w, delta, case in _kernels(cases):
        n = len(w) + len(delta) - 1
        expected = _input_gradient(w, delta, n)
        scale = _input_gradient(np.abs(w), np.abs(delta), n)
        mistakes = _mistakes_input(w, delta, expected)
        expect(answer(w, delta), expected, case, mistakes, scale)


def _kernels(cases: Cases) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    yield np.array([2, -1, 5]), np.array([1, 3, -2, 4]), "a kernel of 3, 4 outputs"
    half = np.array([0.5, 0.25])
    yield half, np.array([3, 1, 2]), "a kernel of fractions, gradients of integers"
    yield np.array([3, 1, 2]), half, "a kernel of integers, gradients of fractions"
    yield np.array([4.0, -1.0, 2.5]), np.array([2.0]), "a single output"
    yield np.array([-3.0]), np.array([2.0, 5.0]), "a kernel of one weight"
    for number in cases.count(16):
        o, k = cases.integer(1, 7), cases.integer(1, 6)
        case = f"random {number}: a kernel of {k}, {o} outputs"
        yield cases.numbers(k), cases.numbers(o), case


def _mistakes_input(w: np.ndarray, delta: np.ndarray, right: np.ndarray) -> Mistakes:
    o, k = len(delta), len(w)
    overwritten, single = np.zeros(o + k - 1), np.zeros(o + k - 1)
    whole = np.zeros(o + k - 1, int)
    wrapped = np.array([sum(delta[i] * w[(j - i) % k] for i in range(o) if j - i < k)
                        for j in range(o + k - 1)])  # fmt: skip
    for i, value in enumerate(delta):
        overwritten[i : i + k] = value * w
        single[i] = value * w[0]
        whole[i : i + k] = whole[i : i + k] + value * w
    return [
        (np.correlate(delta, w, "full"), "Your kernel runs backwards. Output i has "
         "read pixel i with w[0], pixel i + 1 with w[1], and so on."),
        (overwritten, "Where stamps overlap the later one wins: add them up with +=."),
        (whole, "The fractions are cut off: your output array holds integers. Create "
         "it with np.zeros(shape)."),
        (wrapped, "An index below 0 counts from the end of w. Leave out the outputs "
         "that have not read the pixel."),
        (np.convolve(delta, w, "valid"), "Only pixels that every weight has met are "
         "there. Those near the ends get their blame too: o + k - 1 numbers."),
        (np.convolve(delta, w, "same"), "The ends are missing: a row of o + k - 1 "
         "pixels has been read."),
        (right[:-1], "The last pixel is missing: there are o + k - 1."),
        (np.pad(right, (0, 1)), "There is one number too many: the last stop of the "
         "kernel ends on pixel o + k - 2."),
        (right[:o], "You found as many pixels as there are outputs: there are "
         "o + k - 1."),
        (single, "Only the first weight is used: each output blames k pixels."),
        (right / k, "You took the mean over the weights. The blames add up."),
        (right[::-1], "Your pixels stand in reverse order."),
        (-right, "The sign of every number is wrong: a gradient points uphill."),
    ]  # fmt: skip


# ---- Two axes ----


def _gradients(
    image: np.ndarray, kernel: np.ndarray, delta: np.ndarray, s: int
) -> tuple[np.ndarray, np.ndarray]:
    """torch's gradients for a kernel (kh, kw) and an image (h, w)."""
    x, w, upstream = (tensor(part)[None, None] for part in (image, kernel, delta))
    to_kernel = conv2d_weight(x, w.shape, upstream, s)
    to_image = conv2d_input(x.shape, w, upstream, s)
    return to_kernel[0, 0].numpy(), to_image[0, 0].numpy()


@exercise(
    "gradient-2d",
    *("image", "kernel", "delta", "s"),
    by_hand=(*BACKWARDS, *DERIVING),
    allowed=BUILDING,
)
def gradients2d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's gradients of conv2d."""
    for size, inside, s, case in _strided(cases):
        image, kernel = cases.numbers(*size), cases.numbers(*inside)
        places = ((n - k) // s + 1 for n, k in zip(size, inside, strict=True))
        delta = cases.numbers(*places)
        given = (image, kernel, delta) if s == 1 else (image, kernel, delta, s)
        _gradients2d(answer(*given), image, kernel, delta, s, case)


Strided = tuple[tuple[int, int], tuple[int, int], int, str]


def _strided(cases: Cases) -> Iterator[Strided]:
    """Sizes of image and kernel, a stride, and the case."""
    yield (3, 5), (2, 3), 1, "stride 1, an image of 3 × 5, a kernel of 2 × 3"
    yield (5, 6), (3, 2), 2, "stride 2, nothing dropped along the rows and columns"
    yield (4, 7), (3, 2), 2, "stride 2, and the floor drops a row and a column"
    yield (7, 8), (2, 1), 3, "stride 3, larger than the kernel: gaps"
    yield (4, 3), (4, 3), 2, "a kernel as large as the image"
    for number in cases.count(12):
        s, inside = cases.integer(1, 3), (cases.integer(1, 4), cases.integer(1, 4))
        more = 9 if cases.hard else 6
        h, w = (k + cases.integer(0, more) for k in inside)
        case = f"random {number}: stride {s}, {h} × {w} pixels"
        yield (h, w), inside, s, case


def _gradients2d(
    result: Result,
    image: np.ndarray,
    kernel: np.ndarray,
    delta: np.ndarray,
    s: int,
    case: str,
) -> None:
    pair = result.outcome.value
    two = isinstance(pair, tuple | list) and len(pair) == 2
    expect_that(result, two, case, f"returned {noun(pair)}; expected a pair: the "
                "gradient for the kernel, then that for the image")  # fmt: skip
    rights = _gradients(image, kernel, delta, s)
    sizes = _gradients(np.abs(image), np.abs(kernel), np.abs(delta), s)
    swapped = "The two are swapped: the kernel's gradient comes first."
    both = (_mistakes_to_kernel(image, delta, s, rights[0]),
            _mistakes_to_image(image, kernel, delta, s, rights[1]))  # fmt: skip
    for at, words in enumerate(("for the kernel", "for the image")):
        mistakes = [(rights[1 - at], swapped), *both[at]]
        expect(result[at], rights[at], f"{case}, {words}", mistakes, sizes[at])


def _mistakes_to_kernel(
    image: np.ndarray, delta: np.ndarray, s: int, right: np.ndarray
) -> Mistakes:
    kh, kw = right.shape
    near, _ = _gradients(image[: kh + delta.shape[0] - 1, : kw + delta.shape[1] - 1],
                         right, delta, 1)  # fmt: skip
    turned, _ = _gradients(image, right, delta[::-1, ::-1], s)
    longer = [n - s * (o - 1) for n, o in zip(image.shape, delta.shape, strict=True)]
    wide = _dilated(delta, s, behind=s - 1)
    return [
        (_gradients(image, np.zeros(longer), delta, s)[0], "Your dilated delta still "
         "fits behind its last stop, into the dropped pixels. Keep the first kh × kw "
         "numbers."),
        (_repeated(image, right, delta, s), "You repeated each number of delta. Zeros "
         "belong between them."),
        (_slid(image, delta, s), "It is delta that is dilated; do not drop outputs "
         "here."),
        (_slid(image, wide, 1), "There are zeros behind the last number of delta as "
         "well: s - 1 of them belong between its numbers only."),
        (near, "The stride is missing: output (j, k) has read the window that begins "
         "at pixel (s·j, s·k)."),
        (turned, "Your delta is turned: going back to the kernel nothing is flipped."),
        (right[::-1, ::-1], "The gradient of the kernel comes out turned."),
        (right / delta.size, "You took the mean over the outputs. The blames add up."),
        (_gradients(image, right, np.ones(delta.shape), s)[0], "You added up the "
         "windows without delta."),
        (delta[-1, -1] * _last_window(image, right, delta, s), "Only the last output "
         "blames the kernel: add with +=."),
        (-right, "The sign of the kernel's gradient is wrong: it points uphill."),
    ]  # fmt: skip


def _dilated(cells: np.ndarray, s: int, behind: int = 0) -> np.ndarray:
    """With s - 1 zeros between the cells, and some more below and on the right."""
    return np.pad(_transposed(cells, np.ones((1, 1)), s, 0), (0, behind))


def _slid(board: np.ndarray, kernel: np.ndarray, s: int) -> Plain:
    """Every s-th sum of a kernel that slides; None where it does not fit."""
    fits = all(np.array(kernel.shape) <= board.shape)
    return corr2d(board, kernel)[::s, ::s] if fits else None


def _repeated(
    image: np.ndarray, kernel: np.ndarray, delta: np.ndarray, s: int
) -> np.ndarray:
    """The kernel's gradient with numbers repeated instead of zeros between them."""
    stretched = np.repeat(np.repeat(delta, s, 0), s, 1)
    h, w = np.add(stretched.shape, kernel.shape) - 1
    reached = np.pad(image, (0, s - 1))[:h, :w]
    return _gradients(reached, kernel, stretched, 1)[0]


def _last_window(
    image: np.ndarray, kernel: np.ndarray, delta: np.ndarray, s: int
) -> np.ndarray:
    row, column = (s * (o - 1) for o in delta.shape)
    return image[row : row + kernel.shape[0], column : column + kernel.shape[1]]


def _mistakes_to_image(
    image: np.ndarray, kernel: np.ndarray, delta: np.ndarray, s: int, right: np.ndarray
) -> Mistakes:
    (oh, ow), (kh, kw) = delta.shape, kernel.shape
    read = np.s_[: s * (oh - 1) + kh, : s * (ow - 1) + kw]
    turned, upside, aside = (
        _gradients(image, part, delta, s)[1]
        for part in (kernel[::-1, ::-1], kernel[::-1], kernel[:, ::-1])
    )
    near, late, over = (np.zeros(image.shape) for _ in range(3))
    near[: oh + kh - 1, : ow + kw - 1] = _gradients(
        np.zeros((oh + kh - 1, ow + kw - 1)), kernel, delta, 1)[1]  # fmt: skip
    for (j, k), value in np.ndenumerate(delta):
        over[s * j : s * j + kh, s * k : s * k + kw] = value * kernel
    _, crowded = _gradients(right[read], kernel, delta, s)
    late[-crowded.shape[0] :, -crowded.shape[1] :] = crowded
    dropped = "Pixels are missing: those that the floor dropped have a gradient too. "
    return [
        (right[read], f"{dropped}It is zero."),
        (near, "The stride is missing: the stamps of neighbouring outputs begin s "
         "pixels apart."),
        (turned, "Your kernel is turned the wrong way: output (j, k) stamps the kernel "
         "as it stands."),
        (upside, "Your kernel stands upside down: the stamps need no flip, and what "
         "slides over delta needs one along both axes."),
        (aside, "Your kernel is a mirror image, left for right: the stamps need no "
         "flip, and what slides over delta needs one along both axes."),
        (over, "Where stamps overlap in the image the later one wins: add them up."),
        (late, "The dropped pixels lie at the end, below and on the right. Yours are "
         "at the beginning."),
        (right / kernel.size, "You took the mean over the weights. The blames add up."),
        (-right, "The sign of the image's gradient is wrong: it points uphill."),
    ]  # fmt: skip


@exercise("sparse-matrix", "kernel", "height", "width")
def image_matrix(answer: Answer, cases: Cases) -> None:
    """Oracle: the outputs of torch's conv2d for images with a single 1."""
    for kernel, h, w, case in _matrices(cases):
        expected = _matrix(kernel, h, w)
        expect(answer(kernel, h, w), expected, case, _mistakes_matrix(kernel, h, w))


def _matrix(kernel: np.ndarray, h: int, w: int) -> np.ndarray:
    impulses = torch.eye(h * w, dtype=torch.float64).view(h * w, 1, h, w)
    outputs = F.conv2d(impulses, tensor(kernel)[None, None])
    return outputs.flatten(1).T.numpy()


def _matrices(cases: Cases) -> Iterator[tuple[np.ndarray, int, int, str]]:
    yield np.arange(1, 10).reshape(3, 3), 4, 4, "a kernel of 3 × 3 on 4 × 4"
    yield np.array([[1.5, 2.0, -3.0]]), 2, 4, "a kernel of 1 × 3 on 2 × 4"
    yield np.array([[1, 2], [3, 4], [5, 6]]), 4, 3, "a kernel of 3 × 2 on 4 × 3"
    yield np.array([[7]]), 2, 3, "a kernel of one weight"
    yield np.array([[1, 2, 3], [4, 5, 6]]), 2, 3, "a kernel as large as the image"
    for number in cases.count(8):
        kh, kw = cases.integer(1, 3), cases.integer(1, 4)
        h, w = kh + cases.integer(0, 3), kw + cases.integer(0, 3)
        case = f"random {number}: a kernel of {kh} × {kw} on {h} × {w}"
        yield cases.numbers(kh, kw), h, w, case


def _mistakes_matrix(kernel: np.ndarray, h: int, w: int) -> Mistakes:
    right, (kh, kw) = _matrix(kernel, h, w), kernel.shape
    oh, ow = h - kh + 1, w - kw + 1
    down = np.arange(h * w).reshape(h, w).T.ravel()
    sideways = np.arange(oh * ow).reshape(oh, ow).T.ravel()
    return [
        (right.T, "That is the transpose: a row of C for each output, a column for "
         "each pixel."),
        (_matrix(kernel[::-1, ::-1], h, w), "The kernel is turned. A cross-correlation "
         "uses it as it stands."),
        (right[:, down][sideways], "You count down the columns. Count along the rows, "
         "as image.ravel() does."),
        (right[sideways], "The places go down the columns first. Let them go along "
         "the row, then to the next."),
        (right[:, down], "The pixels go down the columns first. Let them go along the "
         "row, then to the next."),
        (_turned_image(kernel, h, w), "Height and width of the image are exchanged: "
         "the height belongs to kh, the width to kw."),
        (_gapless(kernel, h, w), "The rows of the kernel follow each other without a "
         "gap. In the image the next row begins `width` pixels later."),
        (_by_height(kernel, h, w), "The next row of the image begins `width` numbers "
         "later, not `height`."),
        (_creeping(right), "From one place to the next the kernel moves by one column "
         "here. At the end of a line it should jump to the next line."),
        (right.reshape(oh, ow, h, w), "Flatten it: one row for each output, one column "
         "for each pixel."),
        (right.reshape(oh * ow, h, w), "Flatten the pictures: one row for each output "
         "of height · width numbers."),
        ((right != 0) * 1.0, "You marked where the weights are; write the weights."),
    ]  # fmt: skip


def _turned_image(kernel: np.ndarray, h: int, w: int) -> Plain:
    """The matrix for an image of w × h; empty where the kernel just does not fit."""
    rows, columns = np.subtract((w, h), kernel.shape) + 1
    if min(rows, columns) > 0:
        return _matrix(kernel, w, h)
    return None if min(rows, columns) < 0 else np.zeros((0, h * w))


def _gapless(kernel: np.ndarray, h: int, w: int) -> np.ndarray:
    """Each row holds all weights side by side, from the place's pixel on."""
    (kh, kw), flat = kernel.shape, kernel.ravel()
    rows = []
    for row, column in np.ndindex(h - kh + 1, w - kw + 1):
        line = np.zeros(h * w + flat.size)
        line[row * w + column : row * w + column + flat.size] = flat
        rows.append(line[: h * w])
    return np.array(rows)


def _by_height(kernel: np.ndarray, h: int, w: int) -> Plain:
    """Pixels counted as if each row had `h` of them; None where an index leaves C."""
    (kh, kw), (oh, ow) = kernel.shape, np.subtract((h, w), kernel.shape) + 1
    found = np.zeros((oh * ow, h * w))
    for i, j, m, n in np.ndindex(oh, ow, kh, kw):
        pixel = (i + m) * h + j + n
        if pixel >= h * w:
            return None
        found[i * ow + j, pixel] = kernel[m, n]
    return found


def _creeping(right: np.ndarray) -> np.ndarray:
    return np.array([np.roll(right[0], i) for i in range(len(right))])


def _transposed(x: np.ndarray, kernel: np.ndarray, s: int, p: int) -> np.ndarray:
    small, weights = tensor(x)[None, None], tensor(kernel)[None, None]
    return F.conv_transpose2d(small, weights, stride=s, padding=p)[0, 0].numpy()


def _transposed_if(x: np.ndarray, kernel: np.ndarray, s: int, p: int) -> Plain:
    """The same; None when the padding leaves nothing."""
    sizes = (s * (n - 1) + k - 2 * p
             for n, k in zip(x.shape, kernel.shape, strict=True))  # fmt: skip
    return _transposed(x, kernel, s, p) if min(sizes) > 0 else None


@exercise(
    "zero-stuffed",
    *("x", "kernel", "s", "p"),
    by_hand=(*BACKWARDS, *DERIVING),
    allowed=BUILDING,
)
def transposed2d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's transposed convolution."""
    for x, kernel, s, p, case in _small_maps(cases):
        expected = _transposed(x, kernel, s, p)
        scale = _transposed(np.abs(x), np.abs(kernel), s, p)
        given = (x, kernel, s, p)[: 4 if p else 3 if s > 1 else 2]
        mistakes = _mistakes_transposed(x, kernel, s, p)
        expect(answer(*given), expected, case, mistakes, scale)


def _padded_by_p(x: np.ndarray, kernel: np.ndarray, s: int, p: int) -> Plain:
    """With p zeros around, as the convolution has; None where the kernel is larger."""
    around = [k - 1 - p for k in kernel.shape]
    full = (s * (n - 1) + k for n, k in zip(x.shape, kernel.shape, strict=True))
    sizes = [size - 2 * cut for size, cut in zip(full, around, strict=True)]
    if min(sizes) < 1:
        return None
    small, weights = tensor(x)[None, None], tensor(kernel)[None, None]
    found = F.conv_transpose2d(small, weights, stride=s, padding=around)
    return found[0, 0].numpy()


SmallMap = tuple[np.ndarray, np.ndarray, int, int, str]


def _small_maps(cases: Cases) -> Iterator[SmallMap]:
    x, kernel = np.array([[2, -1, 3], [0, 5, 4]]), np.array([[1, 2, 3], [4, -5, 6]])
    yield x, kernel, 1, 0, "2 × 3 cells, a kernel of 2 × 3, stride 1"
    yield x, kernel, 2, 0, "the same with stride 2"
    yield x, kernel, 3, 0, "the same with stride 3"
    yield x, kernel, 1, 1, "the same with stride 1 and padding 1"
    yield x, kernel, 2, 1, "the same with stride 2 and padding 1"
    half = np.array([[0.5, 0.25], [1.5, -0.5]])
    yield x, half, 2, 0, "integers, a kernel of fractions"
    yield np.array([[3.0]]), kernel, 2, 0, "a single cell"
    for number in cases.count(14):
        p, s = cases.integer(0, 2), cases.integer(1, 3)
        kh, kw = p + cases.integer(1, 3), p + cases.integer(1, 3)
        h, w = (1 + max(1, -(-(2 * p - k + 1) // s)) + cases.integer(0, 2)
                for k in (kh, kw))  # fmt: skip
        case = f"random {number}: stride {s}, padding {p}, {h} × {w} cells"
        yield cases.numbers(h, w), cases.numbers(kh, kw), s, p, case


def _mistakes_transposed(x: np.ndarray, kernel: np.ndarray, s: int, p: int) -> Mistakes:
    right, full = _transposed(x, kernel, s, p), _transposed(x, kernel, s, 0)
    h, w = right.shape
    (kh, kw), stretched = kernel.shape, np.repeat(np.repeat(x, s, 0), s, 1)
    behind = np.pad(full, ((0, s - 1), (0, s - 1)))
    overwritten = np.zeros(full.shape)
    for (j, k), value in np.ndenumerate(x):
        overwritten[s * j : s * j + kh, s * k : s * k + kw] = value * kernel
    total = full[
        p - p // 2 : full.shape[0] - p // 2, p - p // 2 : full.shape[1] - p // 2
    ]
    board, turned = _dilated(x, s), kernel[::-1, ::-1]
    up, left = kh - 1 - p, kw - 1 - p
    framed = (np.pad(board, ((up, up), (left, left))),
              np.pad(board, ((left, left), (up, up))))  # fmt: skip
    return [
        (_slid(np.pad(board, up), turned, 1), "Columns are padded with kw - 1 - p."),
        (_slid(np.pad(board, left), turned, 1), "Rows are padded with kh - 1 - p."),
        *((_slid(zeros, kernel.T, 1), "That is the transpose of the kernel; a half "
           "turn reverses rows and columns.") for zeros in framed),
        (_transposed(x, kernel[::-1, ::-1], s, p), "The kernel is not turned. Each "
         "cell should stamp it as it stands, so the kernel that slides is turned."),
        (_transposed(x, kernel[::-1], s, p), "Only the columns of the kernel are in "
         "reverse order. A half turn reverses its rows too."),
        (_transposed(x, kernel[:, ::-1], s, p), "Only the rows of the kernel are in "
         "reverse order. A half turn reverses its columns too."),
        (_transposed_if(x, kernel, 1, p), "The stride is missing: s - 1 zeros belong "
         "between two cells."),
        (_transposed(x, kernel, s + 1, p), "There is one zero too many between two "
         "cells: s - 1 of them."),
        (behind[p : p + h + s - 1, p : p + w + s - 1], "There are zeros behind the "
         "last cell as well: s - 1 of them belong between cells only."),
        (_transposed_if(stretched, kernel, 1, p), "You repeated each cell. Zeros "
         "belong between them."),
        (overwritten[p : p + h, p : p + w], "Where stamps overlap the later one wins: "
         "add them up."),
        (full, "The padding is missing: p rows and columns are cut off on each side."),
        (np.zeros((0, 0)), "With p = 0 the slice [p:-p] is empty. Count its end from "
         "the front: [p : len(full) - p]."),
        (_padded_by_p(x, kernel, s, p), "You padded p zeros on each side. The "
         "transpose pads k - 1 - p."),
        (full[: full.shape[0] - p, : full.shape[1] - p], "You cut the padding off at "
         "the end only. It lies on both sides."),
        (full[p:, p:], "You cut the padding off at the beginning only. It lies on both "
         "sides."),
        (full[:h, :w], "The size is right, but all the padding is cut off at the end: "
         "p on each side."),
        (total, "You took p for both sides together. It is per side."),
        (np.pad(full, p), "You padded the output. p is the padding of the convolution "
         "whose way back this is: cells are cut off."),
    ]  # fmt: skip


# ---- Sizes ----


@exercise("transposed-size", "n", "k", "s", "p")
def way_back(answer: Answer, cases: Cases) -> None:
    """Oracle: the shapes of torch's two layers."""
    for n, k, s, p, case in _journeys(cases):
        given = (n, k, s, p)[: 4 if p else 3 if s > 1 else 2]
        mistakes = _mistakes_journey(n, k, s, p)
        result = answer(*given)
        raised = result.outcome.raised
        if k > n and raised and "ValueError" in raised.kinds:
            fail(result, case, f"raised {raised.shown}", "This kernel fits: compare k "
                 "with the padded row, n + 2p. It may be as long as that.")  # fmt: skip
        expect(result, _journey(n, k, s, p), case, mistakes)
    fits = "A kernel that is longer than the padded row fits nowhere: refuse it."
    for n, k, s, p in [(2, 3, 1, 0), (3, 8, 2, 2), (4, 7, 1, 1), (2, 9, 3, 3)]:
        case = f"a kernel of {k} on {n} + {2 * p} cells"
        expect_error(answer(n, k, s, p), "ValueError", case, fits)


def _journeys(cases: Cases) -> Iterator[tuple[int, int, int, int, str]]:
    for n, k, s, p in _BY_HAND:
        yield n, k, s, p, f"{n} numbers, kernel {k}, stride {s}, padding {p}"
    for number in cases.count(12):
        p, s, k = cases.integer(0, 3), cases.integer(1, 6), cases.integer(1, 9)
        p = min(p, k - 1)
        n = max(k - 2 * p, 1) + cases.integer(0, 40)
        if n <= (n + 2 * p - k) % s:  # nothing would come back
            n += s
        yield n, k, s, p, f"random {number}: {n} numbers, kernel {k}"


# (n, k, s, p)
_BY_HAND = [
    *[(9, 4, 1, 0), (9, 4, 2, 0), (9, 3, 4, 0), (8, 3, 2, 1)],
    *[(28, 3, 2, 1), (10, 5, 3, 2), (3, 7, 2, 2), (5, 5, 3, 0)],
]


def _journey(n: int, k: int, s: int, p: int) -> tuple[int, int, int]:
    rows, kernel = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
    there = F.conv1d(rows, kernel, stride=s, padding=p)
    back = F.conv_transpose1d(there, kernel, stride=s, padding=p).shape[-1]
    return there.shape[-1], back, n - back


def _mistakes_journey(n: int, k: int, s: int, p: int) -> Mistakes:
    o, back, a = _journey(n, k, s, p)
    once = (n + p - k) // s + 1
    unfit = (n - k) % s
    return [
        ((once, s * (once - 1) + k - p, (n + p - k) % s), "You took p for both sides "
         "together. Here it is per side."),
        ((o, back, unfit), "The padding is missing in the output_padding."),
        ((o, back, (n + p - k) % s), "Both sides' padding counts in the third."),
        ((o, n, a), "The second number is the size without output_padding."),
        ((o, back + 2 * p, a), "The padding is missing on the way back: p cells are "
         "cut off on each side."),
        ((o, back + p, a), "On the way back p cells are cut off on each side, 2p."),
        ((o, back + 4 * p, a), "On the way back the padding makes the row shorter: "
         "take 2p away, do not add it."),
        ((o, s * o + k - 2 * p, a), "The way back is s too long: between o stamps "
         "there are o - 1 steps."),
        ((o, o + k - 1 - 2 * p, a), "The way back forgets the stride: stamps begin s "
         "cells apart."),
        ((o - 1, back, a), "The first stop of the kernel is missing: add 1."),
        ((-(-(n + 2 * p - k) // s) + 1, back, a), "You rounded the number of places "
         "up; the kernel may not hang over the end."),
        ((o, back, s - a), "So many are missing until the kernel could make one more "
         "step. Asked is how many are left over."),
        *(((o, back, other), "The third is what the last stop has left over: "
           "(n + 2p - k) mod s.") for other in (n % s, s - 1, back - n)),
        ((a, back, o), "The numbers are there, but in another order."),
        ((o, a, back), "The numbers are there, but in another order."),
        ((o, back, 0), "Here the floor drops something: the third number is not 0."),
    ]  # fmt: skip


# ---- The bug ----


@exercise(
    "gradient-bug",
    *("w", "delta", "n", "s", "p"),
    by_hand=(*SLIDING, *DERIVING),
)
def mended(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's gradient of conv1d."""
    for w, delta, n, s, p, case in _forgotten(cases):
        expected = _input_gradient(w, delta, n, s, p)
        scale = _input_gradient(np.abs(w), np.abs(delta), n, s, p)
        given = (w, delta, n, s, p)[: 5 if p else 4 if s > 1 else 3]
        mistakes = _mistakes_forgotten(w, delta, n, s, p)
        expect(answer(*given), expected, case, mistakes, scale)


def _forgotten(
    cases: Cases,
) -> Iterator[tuple[np.ndarray, np.ndarray, int, int, int, str]]:
    w = np.array([2, -1, 3])
    yield w, np.array([1, 3, -2]), 5, 1, 0, "5 pixels, stride 1"
    yield w, np.array([1, 3, -2]), 8, 2, 0, "8 pixels, stride 2"
    yield w, np.array([1, 3, -2, 4]), 7, 2, 1, "7 pixels, stride 2, padding 1"
    yield w, np.array([1, 3, -2, 4]), 8, 2, 1, "8 pixels, stride 2, padding 1"
    four = np.array([2, -1, 3, 5])
    yield four, np.array([1, -2]), 5, 4, 2, "5 pixels, stride 4, padding 2"
    yield w, np.array([1.5, -2.0]), 8, 4, 1, "8 pixels, stride 4: 3 are left over"
    yield np.array([4]), np.array([1, 2]), 6, 3, 0, "a kernel of one weight, stride 3"
    five = np.array([2, -1, 3, 5, 4])
    yield five, np.array([3]), 1, 1, 2, "1 pixel, and 2 cells of padding on each side"
    for number in cases.count(14):
        k, s = cases.integer(1, 5), cases.integer(1, 5)
        p = cases.integer(0, k - 1)
        n = max(k - 2 * p, 1) + cases.integer(0, 12)
        o = (n + 2 * p - k) // s + 1
        case = f"random {number}: {n} pixels, kernel {k}, stride {s}, padding {p}"
        yield cases.numbers(k), cases.numbers(o), n, s, p, case


def _mistakes_forgotten(
    w: np.ndarray, delta: np.ndarray, n: int, s: int, p: int
) -> Mistakes:
    right = _input_gradient(w, delta, n, s, p)
    full = _input_gradient(w, delta, s * (len(delta) - 1) + len(w), s)
    row = full[p : len(full) - p]
    left_over = n - len(row)
    padded = np.pad(full, (0, left_over))
    turned = _input_gradient(w[::-1], delta, n, s, p)
    ends = np.pad(row, (left_over // 2, left_over - left_over // 2))
    return [
        (np.pad(row, (0, left_over)), "That is still what the friend does: what is cut "
         "off at the end of `full` is not all padding, and the zeros hide it."),
        (np.pad(row, (left_over, 0)), "The cells that the floor dropped are at the "
         "end, yours are at the beginning."),
        (ends, "The cells that the floor dropped are at the end; you shared them among "
         "both ends."),
        (full[:0], "With p = 0 the slice [p:-p] is empty. Count its end from the "
         "front: [p : p + n]."),
        (row, "It has not the length of the row: the dropped cells belong to the "
         "gradient as well."),
        (full[p:], "The end is not right yet: cut at pixel n, whatever lies behind."),
        (full[p : p + n], "It has not the length of the row: the dropped cells belong "
         "to the gradient as well."),
        (padded, "The padding is still there. Its blame is thrown away: p cells at "
         "each end of the padded row."),
        (padded[:n], "You cut all the padding off at the end. p cells of it lie in "
         "front of the first pixel."),
        *((cells[-n:], "Count from the front: pixel 0 is cell p of `full`.")
          for cells in (padded, full)),
        (np.resize(row, n) if len(row) else None, "You filled the end with numbers "
         "from the beginning."),
        (np.pad(row, (0, left_over), "edge") if len(row) else None, "You repeated the "
         "last number to fill the end."),
        (turned, "Your kernel runs backwards: each output stamps it as it stands."),
        (right[::-1], "Your pixels stand in reverse order."),
    ]  # fmt: skip


# ---- The decoder ----

BORDER = 8
MOST = 2500


@exercise("decoder")
def Decoder(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """No oracle: what the module must do is its contract."""
    model = answer.make_module()
    model.eval()
    for h, w in ((7, 7), (6, 9)):
        _shape(model, _positive(cases, 2, h, w), f"maps of {h} × {w}")
    expect_registered(model, "what PyTorch knows of it")
    _size(model)
    _flat(model, cases)
    _worth_learning(model, cases)


def _positive(cases: Cases, n: int, h: int, w: int) -> torch.Tensor:
    values = cases.rng.uniform(0.2, 1.0, size=(n, 16, h, w))
    return torch.from_numpy(np.round(values, 2)).float()


def _shape(model: MadeModule, x: torch.Tensor, case: str) -> None:
    result, (n, _, h, w) = model(x), x.shape
    value = result.outcome.value
    shape = tuple(value.shape) if isinstance(value, torch.Tensor) else None
    goal, wide = (n, 1, 4 * h, 4 * w), "height" if h == w else "height and width"
    if shape is None or shape == goal:
        why = "Is the `return` of forward missing?" if value is None else ""
        expect_that(result, shape == goal, case, f"returned {noun(value)}; expected "
                    f"a tensor of shape {goal}", why)  # fmt: skip
        return
    lines = [f"the shape should be {goal}, yours is {shape}"]
    if len(shape) != 4:
        lines.append("Keep the batch and one channel: (n, 1, 4h, 4w).")
    elif shape[1] != 1:
        lines.append("A picture has one channel; which layer comes last?")
    elif shape[2:] == (28, 28):
        lines.append("28 × 28 is right for 7 × 7 only. Others should grow by four too.")
    else:
        lines.append(f"Which layer changes the {wide}, and by how much?")
    expect_that(result, False, case, *lines)


def _size(model: MadeModule) -> None:
    found = model.count()
    count = found.outcome.value
    few = f"it has {count:,} parameters; at most {MOST:,} are allowed"
    expect_that(found, count <= MOST, "its size", few, "Which layer holds most?")
    learns = sum(len(size) > 1 for size in model.parameters().outcome.value.values())
    two = "At least two layers with weights are asked for."
    layers = "1 layer" if learns == 1 else f"{learns} layers"
    expect_that(found, learns >= 2, "its layers", f"weights in {layers}", two)


def _flat(model: MadeModule, cases: Cases) -> None:
    """A constant input gives a constant interior: equal weights, then any weights."""
    shapes = model.parameters().outcome.value
    x = torch.ones(1, 16, 9, 8) * torch.linspace(0.2, 1, 16)[:, None, None]
    equal = {name: _equal(name, size) for name, size in shapes.items()}
    overlaps = "Stamps overlap more often on some pixels than on others."
    _is_flat(model, x, equal, "flat in, flat out, with equal weights", overlaps)
    uneven = "With equal weights the overlaps are even. But neighbouring pixels meet "
    for number in cases.count(2):
        case = f"flat in, flat out, with random weights {number}"
        drawn = {name: _random(cases, name, size) for name, size in shapes.items()}
        _is_flat(model, x, drawn, case, f"{uneven}different weights.")


def _is_flat(
    model: MadeModule,
    x: torch.Tensor,
    weights: dict[str, np.ndarray],
    case: str,
    why: str,
) -> None:
    model.write(weights)
    result = model(x)
    inner = result.outcome.value[0, 0, BORDER:-BORDER, BORDER:-BORDER].double()
    corner = np.round(inner[:4, :4].numpy(), 4)
    shown = f"4 × 4 pixels of the interior:\n{corner}"
    even = _even(inner)
    rim = not even and _even(inner[BORDER - 2 : 2 - BORDER, BORDER - 2 : 2 - BORDER])
    expect_that(result, even, case, shown, RIM if rim else why)


RIM = ("Only the rim differs: the zeros of your padding reach further than 8 pixels "
       "into the picture. Convolve later, after the resize, or with smaller kernels."
       )  # fmt: skip


def _even(pixels: torch.Tensor) -> bool:
    spread = float(pixels.max() - pixels.min())
    return spread <= 1e-4 * (1 + float(pixels.abs().max()))


def _fan(size: tuple[int, ...]) -> int:
    """How many numbers a weight of this shape adds up, roughly."""
    return max(1, int(np.prod(size[1:])))


def _equal(name: str, size: tuple[int, ...]) -> np.ndarray:
    if len(size) < 2:
        return np.full(size, 0.0 if "bias" in name else 1.0, np.float32)
    return np.full(size, 1 / _fan(size), np.float32)


def _random(cases: Cases, name: str, size: tuple[int, ...]) -> np.ndarray:
    values = cases.rng.uniform(0.2, 1.8, size=size)
    if len(size) < 2:
        return (values * ("bias" not in name)).astype(np.float32)
    return (values / _fan(size)).astype(np.float32)


def _worth_learning(model: MadeModule, cases: Cases) -> None:
    x = _positive(cases, 2, 5, 6)
    positive, mixed = (_drawn(model, cases, signs) for signs in (False, True))
    upstream = torch.ones(2, 1, 20, 24)
    runs = []
    for weights, given in ((positive, x), (mixed, 10 * (x - 0.6))):
        model.write(weights)
        runs.append(model.gradients(given, upstream=upstream, case="what is used"))
    said = np.abs(np.asarray(runs[0].input().outcome.value)) > 0
    deaf = "" if said.any(axis=(0, 2, 3)).all() else _MAPS
    expect_that(runs[0].input(), bool(said.all()), "every number has a say", "the "
                "gradient for some of the input's numbers is 0: no pixel depends on "
                "them", deaf)  # fmt: skip
    for name in positive:
        found = [run.parameter(name) for run in runs]
        used = any(np.any(np.asarray(one.outcome.value)) for one in found)
        idle, where = f"{name} does not change the picture", "Is it used in forward?"
        expect_that(found[0], used, "every parameter has a say", idle, where)
    _curved(model, cases)
    _between(model, cases)
    model.write(positive)
    _pixels(model, x)


_MAPS = "Does your first layer read all 16 maps?"


def _drawn(model: MadeModule, cases: Cases, signs: bool) -> dict[str, np.ndarray]:
    """Random weights: positive ones, or larger ones of both signs."""
    shapes = model.parameters().outcome.value
    weights = {name: _random(cases, name, size) for name, size in shapes.items()}
    if not signs:
        return weights
    return {
        name: (8 * value * cases.rng.choice([-1.0, 1.0], size=value.shape)).astype("f4")
        for name, value in weights.items()
    }


def _curved(model: MadeModule, cases: Cases) -> None:
    """Not linear: f(x) + f(y) is not f(x + y) + f(0)."""
    x, y = (10 * (_positive(cases, 2, 5, 6) - 0.6) for _ in range(2))
    model.write(_drawn(model, cases, signs=True))
    one, other, both, none = (model(part) for part in (x, y, x + y, 0 * x))
    values = [part.outcome.value.double() for part in (one, other, both, none)]
    gap = float((values[0] + values[1] - values[2] - values[3]).abs().max())
    straight = "f(x) + f(y) = f(x + y) + f(0): as a whole it is a linear function"
    expect_that(both, gap > 1e-5, "no linear function", straight, "Two convolutions "
                "without an activation between them are one.")  # fmt: skip


def _between(model: MadeModule, cases: Cases) -> None:
    """An activation between: one pixel's gradient turns as the input changes.

    With activations only before or behind linear layers it keeps its direction, for
    inputs of the same signs. Some draws tell nothing: a ReLU may be dead at the pixel.
    """
    upstream = torch.zeros(1, 1, 20, 24)
    upstream[0, 0, 9, 10] = 1
    signs = torch.from_numpy(cases.rng.choice([-1.0, 1.0], size=(1, 16, 5, 6))).float()
    for _ in range(DRAWS):
        model.write(_drawn(model, cases, signs=True))
        found = []
        for _ in range(2):
            x = 4 * signs * _positive(cases, 1, 5, 6)
            found.append(model.gradients(x, upstream=upstream, case="activation"))
        ways = [np.ravel(one.input().outcome.value).astype(float) for one in found]
        if _cosine(*ways) < 1 - 1e-4:
            return
    expect_that(found[0].input(), False, "an activation between", "for inputs of the "
                "same signs the gradient of a pixel keeps its direction", "Where do "
                "your activations stand? One belongs between two layers with weights."
                )  # fmt: skip


DRAWS = 12


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    """Of the angle between them, 1 when one is zero; its sign does not count."""
    sizes = float(np.linalg.norm(a) * np.linalg.norm(b))
    return abs(float(a @ b)) / sizes if sizes else 1.0


def _pixels(model: MadeModule, x: torch.Tensor) -> None:
    result = model(x)
    blocks = F.avg_pool2d(result.outcome.value.double(), 2)
    tiles = F.interpolate(blocks, scale_factor=2)
    inside = float((result.outcome.value.double() - tiles).abs().max())
    same = "the four pixels of each 2 × 2 block are equal"
    expect_that(replace(result, part=""), inside > 1e-5, "pixels, not tiles", same,
                "A layer with weights should come after the last resize.")  # fmt: skip
