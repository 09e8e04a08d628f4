"""Checks of "Pooling".

Mistakes are computed for the very case, so that a message fits what the student sees.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.compare import array
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
from coursekit.checks.expect_module import (
    expect_gradients,
    expect_parameters,
    expect_registered,
)
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.oracles import tensor
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, output_of, shapes_of, stirred

KINDS = ("max", "average", "L2")
# What pools, or takes such a pooling back, in one call.
POOLING = (
    *(f"torch.nn.functional.{kind}_pool{n}d" for kind in ("max", "avg", "lp")
      for n in (1, 2, 3)),
    *(f"torch.nn.functional.adaptive_{kind}_pool{n}d" for kind in ("max", "avg")
      for n in (1, 2, 3)),
    *(f"torch.nn.functional.fractional_max_pool{n}d" for n in (2, 3)),
    *(f"torch.max_pool{n}d" for n in (1, 2, 3)),
    "torch.avg_pool1d",
    "torch.nn.modules.pooling",
    "scipy.ndimage",
    "skimage.measure",
    "coursekit.checks.oracles",
)  # fmt: skip
DERIVING = (
    *(f"torch.autograd.{name}" for name in ("grad", "backward", "functional")),
    "torch.Tensor.backward",
    "torch.func",
)

pool_by_hand = quiz("pool-by-hand")
pool_prediction = quiz("pool-prediction")


# ---- Forward ----


@exercise("pool-forward", "x", "k", "s", "kind", by_hand=POOLING)
def pool2d(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's poolings."""
    for x, (k, s), kind, case in _maps(cases):
        given = (x, k, s, kind)
        if kind == "max":
            given = (x, k) if s is None else (x, k, s)  # type: ignore[assignment]
        expected, result = _pooled(x, k, s, kind), answer(*given)
        if kind == "max":
            _advise_start(result, expected, case)
        expect(result, expected, case, _mistakes_forward(x, k, s, kind))
    x = cases.integers(1, 4, 5)
    known = 'There are three kinds, "max", "average" and "L2": refuse every other one.'
    for kind in ("mean", "Max", "l2"):
        case = f"pooling of the kind {kind!r}"
        expect_error(answer(x, 2, 1, kind), "ValueError", case, known)
    small = "No window of this size fits on the map: refuse it, in height and in width."
    for shape in ((2, 3, 7), (2, 7, 3)):
        case = f"a window of 4 on maps of {shape[1]} × {shape[2]}"
        expect_error(answer(cases.floats(*shape), 4, 1), "ValueError", case, small)


Window = tuple[int, int | None]


def _maps(cases: Cases) -> Iterator[tuple[np.ndarray, Window, str, str]]:
    x = np.array([[[1, -2, 3, 0, 2], [4, 0, -1, 5, 1]]])
    for kind in KINDS:
        yield x, (2, 2), kind, f"one map, 2 × 2 windows, {kind}"
    cold = -np.array([[[3.0, 5, 2, 9], [7, 4, 6, 3], [5, 8, 4, 7]]])
    for kind in KINDS:
        yield cold, (2, 1), kind, f"negative numbers, windows that overlap, {kind}"
        yield cases.floats(3, 6, 9), (3, None), kind, f"no stride given, {kind}"
        yield (
            cases.floats(2, 8, 5),
            (2, 3),
            kind,
            f"a stride of 3, windows of 2, {kind}",
        )
    yield 1e30 * cold, (2, 2), "max", "numbers of -2e30 and less, max"
    yield cases.integers(2, 5, 4), (2, 2), "average", "maps of whole numbers, average"
    yield cases.floats(2, 3, 3), (3, 1), "L2", "a window as large as the map, L2"
    for number in cases.count(12):
        k, s = cases.integer(1, 4), cases.integer(1, 4)
        shape = (cases.integer(1, 3), *(k + cases.integer(0, 6) for _ in "hw"))
        kind = KINDS[number % 3]
        case = f"random {number}: maps {shape}, k = {k}, s = {s}, {kind}"
        yield cases.numbers(*shape), (k, s), kind, case


def _pooled(
    x: np.ndarray, k: int, s: int | None, kind: str, ceil: bool = False
) -> np.ndarray:
    """torch's pooling of maps (C, H, W)."""
    maps, s = tensor(x)[None], k if s is None else s
    if kind == "max":
        return F.max_pool2d(maps, k, s, ceil_mode=ceil)[0].numpy()
    if kind == "average":
        return F.avg_pool2d(maps, k, s, ceil_mode=ceil)[0].numpy()
    return F.lp_pool2d(maps, 2.0, k, s, ceil_mode=ceil)[0].numpy()


def _mistakes_forward(x: np.ndarray, k: int, s: int | None, kind: str) -> Mistakes:
    right = _pooled(x, k, s, kind)
    windows = _windows(x, k, s)
    wrong: Mistakes = [
        (_pooled(x, k, 1, kind), "The windows move by one pixel in yours; they should "
         "move by s, and by k when no stride is given."),
        (_pooled(x, k, k, kind), "The windows lie side by side in yours. When a stride "
         "is given, they move by s."),
        (_pooled(x, k, s, kind, ceil=True), "A window that hangs over the edge does "
         "not count: round the number of windows down."),
        (right[:, :-1, :-1], "The last windows are missing: the first stop counts too, "
         "(H - k) // s + 1."),
        (right.max(0), "Each channel is pooled by itself: as many come out as went "
         "in."),
        (right.sum(0), "The channels are added up in yours. Each is pooled by itself."),
        (right.swapaxes(1, 2), "Rows and columns of the output are exchanged."),
        (right[0] if len(right) == 1 else None, "The axis of the channels is missing."),
        *((_pooled(x, k, s, other), f'That is what "{other}" gives; asked is "{kind}".')
          for other in KINDS if other != kind),
    ]  # fmt: skip
    return [*wrong, *_mistakes_of_kind(windows, kind)]


def _mistakes_of_kind(windows: np.ndarray, kind: str) -> Mistakes:
    k = round(windows.shape[3] ** 0.5)
    total, magnitude = windows.sum(3), np.abs(windows)
    if kind == "max":
        return [
            (windows.max(3).clip(0), "Your maximum begins with 0, which is larger than "
             "any number of a negative window."),
            (magnitude.max(3), "The largest number is meant, with its sign, not the "
             "largest magnitude."),
            (windows.min(3), "That is the smallest number of each window."),
        ]  # fmt: skip
    if kind == "average":
        return [
            (total, "You added the window up. Divide by how many numbers it holds."),
            (total / k, "A window of k × k holds k² numbers, not k: divide by that."),
            (np.median(windows, 3), "That is the median; the average is a sum, "
             "divided."),
            (magnitude.mean(3), "The signs are lost: an average of numbers, not of "
             "their magnitudes."),
        ]  # fmt: skip
    squares = (windows**2).sum(3)
    return [
        (squares, "The root is missing: L2 is √Σx², not Σx²."),
        (np.sqrt(squares / k**2), "L2 adds the squares here, it does not take their "
         "mean."),
        (np.sqrt(squares) / k**2, "L2 is a length: it is not divided by the number of "
         "pixels."),
        (magnitude.sum(3), "L2 adds squares, you added magnitudes: that would be L1."),
        (np.sqrt(total**2), "Square each number before you add: you squared the sum."),
        (np.linalg.norm(windows.reshape(*total.shape, k, k), 2, (3, 4)), SPECTRAL),
    ]  # fmt: skip


SPECTRAL = (
    "np.linalg.norm(window, 2) is another norm, that of a matrix. Leave the 2 out, or "
    "flatten the window first."
)


def _windows(x: np.ndarray, k: int, s: int | None) -> np.ndarray:
    """The numbers of each window: (C, H, W) to (C, H', W', k²)."""
    step = k if s is None else s
    view = np.lib.stride_tricks.sliding_window_view(x.astype(float), (k, k), (1, 2))
    return view[:, ::step, ::step].reshape(*view[:, ::step, ::step].shape[:3], -1)


# ---- Padding ----


@exercise("pool-padding", "x", "k", "s", "p", "kind", "count_padding", by_hand=POOLING)
def padded_pool(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's poolings with padding."""
    for x, (k, s, p), how, case in _padded_maps(cases):
        result = answer(x, k, s, p, *how)
        _advise(result, case)
        expected = _padded(x, k, s, p, *how)
        expect(result, expected, case, _mistakes_padded(x, (k, s, p), how))
    x = cases.floats(3, 5)
    expect(answer(x, 2), _padded(x, 2, 1, 0), "no stride, no padding, no kind given")


Padded = tuple[np.ndarray, tuple[int, int, int], tuple[object, ...], str]


def _padded_maps(cases: Cases) -> Iterator[Padded]:
    cold = -np.array([[3.0, 2, 4, 7], [1, 5, 6, 2], [8, 3, 9, 4]])
    yield cold, (3, 1, 1), (), "a maximum of negative numbers"
    yield cold.astype(int), (3, 2, 1), ("max",), "negative whole numbers, stride 2"
    yield 1e6 * cold, (2, 2, 1), ("max",), "very negative numbers"
    yield 1e30 * cold, (3, 2, 1), ("max",), "numbers of -1e30 and less"
    yield np.array([[2, 6, 4], [8, 0, 6]]), (3, 1, 1), ("average",), "an average"
    given = ("average", True)
    yield cases.floats(4, 6), (3, 2, 1), given, "zeros that count as pixels"
    apart = ("average", False)
    yield np.array([[2, 6, 4], [8, 0, 6]]), (3, 1, 1), apart, "zeros that do not count"
    yield cases.floats(5, 8), (4, 3, 2), apart, "zeros that do not count, k = 4, p = 2"
    yield cases.floats(4, 7), (2, 3, 1), ("max",), "a padded row that is left over"
    yield cases.floats(4, 7), (3, 2, 0), apart, "no padding"
    for number in cases.count(12):
        k, s = cases.integer(1, 5), cases.integer(1, 3)
        p, x = (
            cases.integer(0, k // 2),
            cases.numbers(*(cases.integer(5, 8) for _ in "hw")),
        )
        how: tuple[object, ...] = [("max",), given, apart][number % 3]
        words = how[0] if len(how) == 1 else f"{how[0]}, count_padding={how[1]}"
        yield x, (k, s, p), how, f"random {number}: k = {k}, s = {s}, p = {p}, {words}"


def _padded(
    x: np.ndarray, k: int, s: int, p: int, kind: object = "max", count: object = True
) -> np.ndarray:
    maps = tensor(x)[None]
    if kind == "max":
        return F.max_pool2d(maps, k, s, p)[0].numpy()
    pooled = F.avg_pool2d(maps, k, s, p, count_include_pad=bool(count))
    return pooled[0].numpy()


def _padded_less(
    x: np.ndarray, sizes: tuple[int, int, int], how: tuple[object, ...], less: int
) -> np.ndarray | None:
    """With less padding; None when no window fits then, or there is none to lose."""
    k, s, p = sizes
    fits = min(x.shape) + 2 * (p - less) >= k
    return _padded(x, k, s, p - less, *how) if fits and less else None


def _filled(x: np.ndarray, sizes: tuple[int, int, int], fill: float) -> np.ndarray:
    """The numbers of each window, with `fill` in the padding: (h', w', k²)."""
    k, s, p = sizes
    padded = np.pad(x.astype(float), p, constant_values=fill)
    return _windows(padded[None], k, s)[0]


def _mistakes_padded(
    x: np.ndarray, sizes: tuple[int, int, int], how: tuple[object, ...]
) -> Mistakes:
    k, s, p = sizes
    kind, count = (*how, "max", True)[:2] if len(how) == 0 else (*how, True)[:2]
    zeros, cold = _filled(x, sizes, 0), _filled(x, sizes, -np.inf)
    right = _padded(x, k, s, p, *how)
    none, half = (_padded_less(x, sizes, how, less) for less in (p, p - p // 2))
    return [
        (none, "There is no padding in yours: p "
         "rows and columns on each side."),
        (half, "The padding is p on each side, not p in all."),
        (_padded(x, k, k, p, *how), "Your windows move by k. Here they move by s."),
        (_padded(x, k, 1, p, *how), "Your windows move by one pixel, not by s."),
        (right.T, "Rows and columns are exchanged."),
        *(_mistakes_padded_max(x, sizes, zeros) if kind == "max" else
          _mistakes_padded_mean(right, zeros, cold, bool(count))),
        (zeros.mean(2) if kind == "max" else cold.max(2), f'The kind is "{kind}", and '
         "yours computes the other one."),
    ]  # fmt: skip


def _mistakes_padded_max(
    x: np.ndarray, sizes: tuple[int, int, int], zeros: np.ndarray
) -> Mistakes:
    low = [-1, -9, -10, -99, -100, -128, -255, -999, -1000, -9999, -99999,
           *(-(10.0**n) for n in range(4, 21)), -(2.0**31), -(2.0**63)]  # fmt: skip
    still = "The number in your padding is low, but not low enough: it wins against "\
            "lower ones."  # fmt: skip
    return [
        (zeros.max(2), "Zeros in the padding win against negative numbers. Take what "
         "can never win."),
        *((_filled(x, sizes, value).max(2), still) for value in low),
        (_filled(x, sizes, np.inf).max(2), "+∞ wins always. What can never win?"),
    ]  # fmt: skip


def _mistakes_padded_mean(
    right: np.ndarray, zeros: np.ndarray, cold: np.ndarray, count: bool
) -> Mistakes:
    k = zeros.shape[2] ** 0.5
    there = np.isfinite(cold).sum(2)
    other = zeros.sum(2) / (there if count else zeros.shape[2])
    told = (
        "The zeros of the padding count as pixels here: divide by k²."
        if count
        else "The zeros of the padding do not count here: divide by the pixels that "
        "are really there."
    )
    full = there.max()
    inside = zeros.sum(2) / np.where(there == full, full, there + 1)
    return [
        (other, told),
        (cold.mean(2), "−∞ is the padding of a maximum. For an average nothing must be "
         "added to the sum."),
        (zeros.sum(2), "That is the sum of each window, not yet divided."),
        (zeros.sum(2) / k, "A window holds k² numbers, not k."),
        (inside, "Count again: how many pixels of a window at the rim are there?"),
        (zeros.sum(2) / np.maximum((zeros != 0).sum(2), 1), "A pixel that is 0 is "
         "there all the same: count places, not numbers other than 0."),
        (-right, "The sign is lost."),
    ]  # fmt: skip


FLOATS = (
    "An array of whole numbers has no room for it: make floats of the map first, with "
    "x.astype(float)."
)
# What NumPy or torch says, and what to do about it here.
ADVICE = {
    "infinity": FLOATS,
    "NaN to integer": FLOATS,
    "Cannot cast ufunc": "Your array holds whole numbers: make it with "
    "np.zeros(x.shape). zeros_like takes over the type of its input.",
    "should be the same": "Are your numbers float64? .float() makes them float32, as "
    "the maps are.",
    "expected scalar type": "Are all of your numbers float32, as the maps are? "
    ".float() makes them so.",
    "mat1 and mat2": "What reaches the linear layer must be (n, channels). Which axes "
    "of (n, C, h, w) are places? The mean goes over those: nothing is left of them.",
}


def _advise_start(result: Result, expected: np.ndarray, case: str) -> None:
    """Fail with a word of advice where one number won against all in every window."""
    found = array(result.outcome.value)
    if not isinstance(found, np.ndarray) or found.shape != expected.shape:
        return
    start, most = found.flat[0], expected.max()
    if (found == start).all() and start > most + 1e-3 * abs(most):
        fail(result, case, f"every number of yours is {start:g}", "Your maximum begins "
             f"with {start:g}, and no number here is larger. Begin with -∞, or with a "
             "number of the window.")  # fmt: skip


def _advise(result: Result, case: str) -> None:
    """Fail with a word of advice where the answer raised something known."""
    raised = result.outcome.raised
    words = [ADVICE[text] for text in ADVICE if raised and text in raised.text]
    if raised and words:
        line = f"on the line  {raised.line}" if raised.line else ""
        fail(result, case, f"your function raised {raised.shown}", line, words[0])


# ---- Over the channels ----


@exercise("pool-channels", "x", "group", by_hand=POOLING)
def maxout(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's three-dimensional pooling, along the channels."""
    for (n, c, h, w), group, case in _stacks(cases):
        x = cases.numbers(n, c, h, w)
        expect(answer(x, group), _maxout(x, group), case, _mistakes_maxout(x, group))
    cold = -1 - np.abs(cases.integers(1, 6, 2, 3))
    for x, case in ((cold, "negative numbers"), (1e30 * cold, "numbers below -1e30")):
        result, expected = answer(x, 3), _maxout(x, 3)
        _advise_start(result, expected, case)
        expect(result, expected, case)
    why = "Some channels would be left over: refuse it."
    for c, group in ((7, 2), (3, 4)):
        x = cases.floats(2, c, 3, 4)
        case = f"{c} channels in groups of {group}"
        expect_error(answer(x, group), "ValueError", case, why)


def _stacks(cases: Cases) -> Iterator[tuple[tuple[int, ...], int, str]]:
    yield (1, 6, 2, 3), 3, "six channels in groups of 3"
    yield (2, 8, 3, 2), 2, "two images of eight channels, in groups of 2"
    yield (3, 5, 2, 4), 5, "one group of all channels"
    yield (2, 4, 3, 5), 1, "groups of one channel"
    for number in cases.count(8):
        group, count = cases.integer(1, 4), cases.integer(1, 4)
        shape = (
            cases.integer(1, 3),
            group * count,
            cases.integer(1, 4),
            cases.integer(1, 5),
        )
        yield shape, group, f"random {number}: {shape}, groups of {group}"


def _maxout(x: np.ndarray, group: int) -> np.ndarray:
    return F.max_pool3d(tensor(x), (group, 1, 1)).numpy()


def _mistakes_maxout(x: np.ndarray, group: int) -> Mistakes:
    n, c, h, w = x.shape
    groups = x.reshape(n, c // group, group, h, w)
    apart = x.reshape(n, group, c // group, h, w).max(1)
    cells = F.max_pool2d(tensor(x), group).numpy() if group <= min(h, w) else None
    return [
        (apart, "Your groups are made of channels that lie far apart. Neighbours "
         "belong together: 0 to group - 1 first."),
        (x.reshape(n, group, c // group, h, w).max(2), "You made `group` groups. Asked "
         "are groups of `group` channels."),
        (groups.mean(2), "That is the mean of each group."),
        (groups.sum(2), "That is the sum of each group."),
        (groups[:, :, 0], "That is the first channel of each group."),
        (x.max(1, keepdims=True), "That is the maximum over all channels."),
        (cells, "That pools over places. The channels are to be pooled."),
        (np.abs(groups).max(2), "The largest number counts, with its sign."),
        (groups.max(2).clip(0), "A negative maximum is a maximum too: yours begins "
         "with 0."),
    ]  # fmt: skip


# ---- Backwards ----


def _gradient(
    delta: np.ndarray, x: np.ndarray, k: int, s: int, pool: Callable[..., Tensor]
) -> np.ndarray:
    """torch's gradient for a map (h, w)."""
    leaf = tensor(x)[None].requires_grad_()
    windows = leaf.unfold(1, k, s).unfold(2, k, s).flatten(3)[0]
    (found,) = torch.autograd.grad(pool(windows), leaf, tensor(delta))
    return found[0].numpy()


def _norm(windows: Tensor) -> Tensor:
    return torch.linalg.vector_norm(windows, dim=2)


def _mean(windows: Tensor) -> Tensor:
    return windows.mean(2)


@exercise("pool-backward-average", "delta", "x", "k", "s", "kind",
          by_hand=(*POOLING, *DERIVING))  # fmt: skip
def shared_blame(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's gradient of the mean, or the length, of all windows."""
    for x, k, s, kind, case in _pooled_maps(cases):
        step = k if s is None else s
        shape = [(side - k) // step + 1 for side in x.shape]
        delta = cases.numbers(*shape)
        given: tuple[object, ...] = (delta, x, k, s, kind)
        if kind == "average":
            given = (delta, x, k) if s is None else (delta, x, k, s)
        pool = _norm if kind == "L2" else _mean
        expected = _gradient(delta, x, k, step, pool)
        result = answer(*given)
        _advise(result, case)
        expect(result, expected, case, _mistakes_shared(delta, x, k, step, kind))


def _pooled_maps(
    cases: Cases,
) -> Iterator[tuple[np.ndarray, int, int | None, str, str]]:
    some = np.array([[1.0, 2, 2, -3, 5], [4, -2, 6, 0, 1], [3, 1, -1, 2, 7]])
    yield some[:2, :4], 2, 2, "average", "windows side by side, average"
    yield np.array([[2.0, -2], [1, -1]]), 2, 2, "L2", "numbers that add up to 0, L2"
    for kind in ("average", "L2"):
        yield some[:2, :4], 2, 2, kind, f"two windows in a row, {kind}"
        yield some, 2, 1, kind, f"windows that overlap, {kind}"
        yield cases.floats(5, 8), 2, 3, kind, f"pixels in no window, {kind}"
        yield cases.integers(7, 6), 3, None, kind, f"no stride given, {kind}"
    dark = np.zeros((4, 6))
    dark[2:, 3:] = [[3, 4, 0], [0, 2, 1]]
    yield dark, 2, 2, "L2", "a dark window, L2"
    yield dark.astype(int), 2, 1, "L2", "dark windows that overlap others, L2"
    yield np.zeros((4, 4)), 2, 2, "average", "a dark map, average"
    yield 1e-3 * some, 2, 2, "L2", "faint numbers, L2"
    yield np.array([[0.0, -3], [-4, 0]]), 2, 2, "L2", "a window without a bright pixel"
    for number in cases.count(10):
        k, s = cases.integer(1, 4), cases.integer(1, 4)
        h, w = (k + cases.integer(0, 6) for _ in "hw")
        kind = ("average", "L2")[number % 2]
        case = f"random {number}: {h} × {w}, k = {k}, s = {s}, {kind}"
        yield cases.numbers(h, w), k, s, kind, case


def _handed_out(
    delta: np.ndarray,
    x: np.ndarray,
    k: int,
    s: int,
    share: Callable[[np.ndarray], np.ndarray],
    put: str = "add",
) -> np.ndarray:
    """Each window gets δ times its share (k, k), which adds to or covers what is there.

    put: "add", "cover", or "mean" for what is divided by the number of windows
    """
    total, reads = np.zeros(x.shape), np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        window = np.s_[s * i : s * i + k, s * j : s * j + k]
        part = value * share(x[window].astype(float))
        total[window] = part if put == "cover" else total[window] + part
        reads[window] += 1
    return total / np.maximum(reads, 1) if put == "mean" else total


def _even(window: np.ndarray) -> np.ndarray:
    return np.full(window.shape, 1 / window.size)


def _by_length(window: np.ndarray) -> np.ndarray:
    length = np.sqrt((window**2).sum())
    return window / length if length else 0 * window


def _mistakes_shared(
    delta: np.ndarray, x: np.ndarray, k: int, s: int, kind: str
) -> Mistakes:
    right_share, other = (
        (_even, _by_length) if kind == "average" else (_by_length, _even)
    )

    def out(share: Callable[[np.ndarray], np.ndarray], put: str = "add") -> np.ndarray:
        with np.errstate(all="ignore"):
            return _handed_out(delta, x, k, s, share, put)

    right = out(right_share)
    high, wide = (s * (n - 1) + k for n in delta.shape)
    return [
        (out(right_share, "cover"), "Where windows overlap, the blames add up: yours "
         "keeps the last one only. Write += and not =."),
        (out(right_share, "mean"), "A pixel that lies in several windows is blamed by "
         "each of them: the blames add up, without a mean."),
        (out(other), f'The kind is "{kind}"; yours is the gradient of the other one.'),
        (right[:high, :wide] if (high, wide) != x.shape else None, "The gradient is as "
         "large as the map: what no window has read gets 0."),
        *_mistakes_share(out, kind, k),
        (_handed_out(np.ones(delta.shape), x, k, s, right_share), "Where is delta? "
         "Each share is a share of it."),
        (-right, "The sign is wrong: a larger number makes the output larger."),
    ]  # fmt: skip


def _mistakes_share(
    out: Callable[..., np.ndarray], kind: str, k: int
) -> list[tuple[np.ndarray, str]]:
    if kind == "average":
        return [
            (out(np.ones_like), "Each of the k² pixels has a part in the mean: it gets "
             "the k²-th part of the blame."),
            (out(lambda w: np.full(w.shape, 1 / k)), "A window holds k² pixels, not "
             "k."),
            (out(lambda w: w / w.size), "The slope of a mean does not depend on the "
             "numbers of the window: it is 1/k² for each."),
            (out(lambda w: w / w.sum()), "An average shares alike, not in proportion."),
        ]  # fmt: skip
    length = "The slope of L2 is x / y, where y is the length of the window: "
    return [
        (out(lambda w: w / np.sqrt((w**2).sum())), "0/0 is nan. In a window in which "
         "all numbers are 0 nobody is blamed."),
        (out(lambda w: _by_length(w) if w.max() > 0 else 0 * w), "A window is dark if "
         "all of its numbers are 0, not if the largest is."),
        (out(lambda w: _by_length(w) * (w.sum() != 0)), "A window is dark if all of "
         "its numbers are 0. Those that add up to 0 need not be."),
        (out(lambda w: _by_length(w) * w.all()), "One number that is 0 does not make "
         "a window dark: all of them must be."),
        (out(lambda w: w / np.linalg.norm(w, 2) if w.any() else w), SPECTRAL),
        (out(lambda w: k * _by_length(w)), f"{length}that is the root of the sum of "
         "the squares, not of their mean."),
        *((out(soft), "A small number against 0/0 changes faint windows too. Ask "
           "instead whether the window is dark.") for soft in _softened()),
        (out(lambda w: w), f"{length}the division is missing."),
        (out(lambda w: 2 * w), f"{length}that is the slope of its square."),
        (out(lambda w: w / (w**2).sum() if w.any() else w), f"{length}you divided by "
         "its square."),
        (out(lambda w: w**2 / (w**2).sum() if w.any() else w), f"{length}the parts are "
         "not the squares."),
        (out(lambda w: np.abs(_by_length(w))), f"{length}a negative number has a "
         "negative slope."),
        (out(lambda w: _by_length(w) / k**2), f"{length}there is no mean in it."),
        (out(lambda w: _by_length(w) / 2), f"{length}the 2 of the square and the ½ of "
         "the root cancel."),
        (out(lambda w: w / w.sum()), f"{length}you divided by the sum."),
        (out(lambda w: w / np.abs(w).max()), f"{length}you divided by the largest."),
    ]  # fmt: skip


def _softened() -> Iterator[Callable[[np.ndarray], np.ndarray]]:
    """Shares with a small number in the root, or beside it, against 0/0."""
    for small in (10.0**n for n in range(-12, 0)):
        yield partial(_softer, inside=small, beside=0)
        yield partial(_softer, inside=0, beside=small)


def _softer(window: np.ndarray, inside: float, beside: float) -> np.ndarray:
    return window / (np.sqrt((window**2).sum() + inside) + beside)


@exercise("pool-backward-max", "delta", "x", "k", "s", "ties",
          by_hand=(*POOLING, *DERIVING))  # fmt: skip
def winners_blame(answer: Answer, cases: Cases) -> None:
    """Oracle: torch, whose max pooling, amax and comparison are the three rules."""
    for x, k, s, ties, case in _contests(cases):
        step = k if s is None else s
        delta = cases.numbers(*((side - k) // step + 1 for side in x.shape))
        given: tuple[object, ...] = (delta, x, k, s, ties)
        if ties == "first":
            given = (delta, x, k) if s is None else (delta, x, k, s)
        expected = _gradient(delta, x, k, step, RULES[ties])
        result = answer(*given)
        _advise(result, case)
        expect(result, expected, case, _mistakes_winners(delta, x, k, step, ties))
    why = 'There are three rules, "first", "split" and "all": refuse every other one.'
    for ties in ("last", "First", "mean"):
        for x in (np.ones((2, 2)), np.array([[1.0, 2], [3, 4]])):
            case = f"ties={ties!r}, {'one winner' if x[0, 1] > 1 else 'a tie'}"
            result = answer(np.ones((1, 1)), x, 2, 2, ties)
            expect_error(result, "ValueError", case, why)


def _to_all(windows: Tensor) -> Tensor:
    """The maximum, with a slope of 1 for each winner."""
    won = (windows == windows.amax(2, keepdim=True)).double()
    return (windows * won.detach()).sum(2)


def _to_first(windows: Tensor) -> Tensor:
    return windows.max(2).values


def _to_each(windows: Tensor) -> Tensor:
    return windows.amax(2)


RULES = {"first": _to_first, "split": _to_each, "all": _to_all}


def _contests(cases: Cases) -> Iterator[tuple[np.ndarray, int, int | None, str, str]]:
    clear = np.array([[1.0, -2, 7, 3, 0], [5, 4, -6, 2, 8], [0, 9, 6, -1, 4]])
    tied = np.array([[3, 3, 1, 2, 2], [1, 3, 2, 2, 2], [4, 0, 4, -1, 3]])
    close = np.array([[1.96, 2, 0.5, 3], [1, 1.99, 2.97, 1]])
    for ties in RULES:
        yield clear[:2, :4], 2, 2, ties, f"one winner in each window, {ties}"
        yield close, 2, 2, ties, f"numbers that are close, {ties}"
        yield tied[:2, :4], 2, 2, ties, f"several winners, {ties}"
        yield tied, 2, 1, ties, f"several winners in windows that overlap, {ties}"
        yield -1 - np.abs(cases.integers(6, 7)), 3, 2, ties, f"negative numbers, {ties}"
        yield 1e30 * (clear[:2, :4] - 9), 2, 2, ties, f"numbers below -1e30, {ties}"
        yield (
            cases.rng.integers(0, 3, (5, 8)),
            2,
            3,
            ties,
            f"pixels in no window, {ties}",
        )
        yield (
            cases.rng.integers(0, 3, (7, 6)),
            3,
            None,
            ties,
            f"no stride given, {ties}",
        )
    yield np.zeros((4, 6)), 2, 2, "split", "a dark map, split"
    for number in cases.count(12):
        k, s = cases.integer(1, 4), cases.integer(1, 4)
        h, w = (k + cases.integer(0, 6) for _ in "hw")
        ties = list(RULES)[number % 3]
        x = cases.rng.integers(-2, 3, (h, w)) / 2
        yield x, k, s, ties, f"random {number}: {h} × {w}, k = {k}, s = {s}, {ties}"


OTHER_RULE = {
    "first": "Yours blames the first winner only; the rule here is another.",
    "split": "Yours splits the blame among the winners; the rule here is another.",
    "all": "Yours gives the whole blame to every winner; the rule here is another.",
}


def _mistakes_winners(
    delta: np.ndarray, x: np.ndarray, k: int, s: int, ties: str
) -> Mistakes:
    rules = {
        "first": lambda w: _place(w, int(w.argmax())),
        "split": lambda w: (w == w.max()) / (w == w.max()).sum(),
        "all": lambda w: 1.0 * (w == w.max()),
    }

    def out(share: Callable[[np.ndarray], np.ndarray], put: str = "add") -> np.ndarray:
        return _handed_out(delta, x, k, s, share, put)

    right = out(rules[ties])
    high, wide = (s * (n - 1) + k for n in delta.shape)
    return [
        (out(lambda w: rules[ties](1.0 * (w > w.max() - 0.1))), "Numbers that are "
         "close do not tie: ask whether they are equal."),
        (out(rules[ties], "cover"), "Windows that overlap cover each other in yours. A "
         "pixel that wins in two of them is blamed by both: add."),
        *((out(rules[other]), OTHER_RULE[other]) for other in rules if other != ties),
        (out(lambda w: _place(w, w.size - 1 - int(w.ravel()[::-1].argmax()))), "That "
         "is the last winner of each window; first is meant in reading order."),
        (out(lambda w: _place(w.T, int(w.T.argmax())).T), "Reading order goes along "
         "the rows: yours looks down the columns first."),
        (_unmoved(delta, x, k, s), "Row and column count from the corner of the "
         "window: add where the window begins."),
        (out(lambda w: _place(w, int(np.abs(w).argmax()))), "The largest number wins, "
         "not the largest magnitude."),
        (0 * right, "Nobody has won in yours. Does your maximum begin with a number "
         "that is larger than all of the window?"),
        (out(lambda w: _place(w, 0)), "In yours the first pixel of every window has "
         "won. Does your maximum begin with a number that is larger than all others?"),
        (out(lambda w: _place(w, int(w.argmax())).T), "Row and column of the winner "
         "are exchanged: number n lies in row n // k, column n % k."),
        (out(lambda w: 1.0 * (w == w.max()) / w.size), "Divide the blame by the number "
         "of winners, not by the number of pixels."),
        (out(lambda w: _place(w, int(w.argmin()))), "That is the smallest number of "
         "each window."),
        (out(_even), "That is the gradient of an average: every pixel gets its part."),
        (right[:high, :wide] if (high, wide) != x.shape else None, "The gradient has "
         "the shape of the map: dropped rows and columns get 0."),
        (_handed_out(np.ones(delta.shape), x, k, s, rules[ties]), "Those are shares. "
         "They are to be multiplied by delta."),
        (out(lambda w: rules[ties](w) * w), "The slope of a maximum is 1 for the "
         "winner: its value does not come in."),
        (-right, "The sign is wrong: a larger winner makes the output larger."),
    ]  # fmt: skip


def _place(window: np.ndarray, number: int) -> np.ndarray:
    """1 in one place, counted along the rows."""
    return (np.arange(window.size) == number).reshape(window.shape).astype(float)


def _unmoved(delta: np.ndarray, x: np.ndarray, k: int, s: int) -> np.ndarray:
    """Every window as if it were the one in the corner."""
    total = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        window = x[s * i : s * i + k, s * j : s * j + k]
        total[:k, :k] += value * _place(window, int(window.argmax()))
    return total


# ---- A head for any size ----


class _Head(nn.Module):
    """The mean over all places, and one linear layer, in a layout of one's own."""

    def __init__(self, shape: tuple[int, ...], bias: tuple[int, ...]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))
        self.bias = nn.Parameter(torch.zeros(bias))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.mean((2, 3)))

    def linear(self, values: Tensor) -> Tensor:
        """(n, channels) to (n, classes)."""
        flat = self.weight.flatten(1)
        by_class = flat if len(flat) == self.bias.numel() else flat.T
        return values @ by_class.T + self.bias.flatten()


@exercise("pool-global", "channels", "classes")
def AnySize(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: the mean, then the linear layer; weights in the order of the answer."""
    for channels, classes in ((3, 5), (6, 2)):
        model = answer.make_module(channels, classes)
        given = list(model.parameters().outcome.value.values())
        layouts = [
            (classes, channels, 1, 1),
            (classes, channels, 1),
            (channels, classes),
        ]
        used = [layout for layout in layouts if layout in given]
        bias = (1, classes) if (1, classes) in given else (classes,)
        oracle = _Head((used or [(classes, channels)])[0], bias)
        case = f"{channels} channels, {classes} classes"
        x = normal(cases, 2, channels, 4, 7)
        expect_parameters(model, shapes_of(oracle), case)
        expect_registered(model, case)
        model.load(stirred(oracle, cases), x, case=case)
        for n, h, w in ((2, 4, 7), (3, 5, 2), (1, 6, 3), (2, 1, 1), (1, 1, 1)):
            _head(model, oracle, normal(cases, n, channels, h, w))
        expect_gradients(model, oracle, x, case=case)


def _head(model: MadeModule, oracle: _Head, x: Tensor) -> None:
    n, _, h, w = x.shape
    case = f"{n} image{'s' if n > 1 else ''} with maps of {h} × {w}"
    right = torch.from_numpy(output_of(oracle, x))
    with torch.no_grad():
        total, largest = oracle.linear(x.sum((2, 3))), oracle.linear(x.amax((2, 3)))
        whole = oracle.linear(x.mean((0, 2, 3)))
        places = oracle.linear(x.movedim(1, 3)).movedim(3, 1)
    mistakes: Mistakes = [
        (total, "You added over the places; take the mean, which does not grow with "
         "the map."),
        (largest, "That is the maximum over all places; the mean is asked for."),
        (whole.expand(n, -1), "You took the mean over the images too: each has scores "
         "of its own."),
        (whole if n > 1 else None, "The images are averaged away: leave their axis out "
         "of the mean."),
        (F.relu(right), "There is no activation: scores may be negative."),
        (right - oracle.bias.detach().flatten(), "The bias is missing."),
        (right.softmax(1), "There is no softmax: return the scores."),
        (right[:, :, None, None], "The output has still four axes: flatten the last "
         "two away."),
        (places, "Those are the scores of every place: their mean is missing."),
        (right[0] if n == 1 else None, "The axis of the images is gone: squeeze drops "
         "every axis of length 1. Name the axes."),
        (places.amax((2, 3)), "That is the largest score over the places, not the "
         "mean."),
    ]  # fmt: skip
    result = model(x)
    _advise(result, case)
    expect(result, right.numpy(), case, mistakes)


# ---- Half the size ----

REACH, RIM = 3, 6  # in cells; in pixels
SHARP, CALM, MORE, NETWORKS = 0.5, 0.45, 0.2, 6
SHIFTS = range(8)


@exercise("calm-halving")
def Halve(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """No oracle: what the module must do is its contract."""
    model = answer.make_module()
    model.eval()
    for shape in ((2, 3, 16, 20), (1, 1, 14, 12), (1, 5, 18, 16)):
        _halved(model, normal(cases, *shape), f"maps {shape}")
    none = model.parameters()
    learned = list(none.outcome.value)
    expect_that(none, not learned, "nothing to learn", f"parameters: {learned}",
                "Keep fixed numbers in a buffer: self.register_buffer(name, tensor)."
                )  # fmt: skip
    _alone(model, cases)
    _flat(model)
    _in_place(model, cases)
    _sharp(model)
    _lets_gradients_through(model, normal(cases, 1, 2, 12, 16))
    _calm(model, cases)


def _halved(model: MadeModule, x: Tensor, case: str) -> np.ndarray:
    """The output, of half the height and half the width."""
    result, (n, c, h, w) = model(x), x.shape
    _advise(result, case)
    goal, value = (n, c, h // 2, w // 2), result.outcome.value
    shape = tuple(value.shape) if isinstance(value, Tensor) else None
    if value is not None and shape is None and not result.outcome.raised:
        fail(result, case, f"returned {noun(value)}; expected a tensor of shape {goal}")
    if shape and len(shape) == 4 and shape[2:] == (h, w):
        fail(result, case, f"the shape should be {goal}, yours is {shape}", "The step "
             "is missing: only every second row and column is left.")  # fmt: skip
    four = shape if shape and len(shape) == 4 else goal
    if max(abs(a - b) for a, b in zip(four, goal, strict=True)) == 1:
        fail(result, case, f"the shape should be {goal}, yours is {shape}", "A row or "
             "a column too many or too few: count what your padding adds.")  # fmt: skip
    return result.array(goal, case)


def _alone(model: MadeModule, cases: Cases) -> None:
    x = normal(cases, 2, 3, 12, 14)
    other = x.clone()
    other[0, 1] = normal(cases, 12, 14)
    before, after = (_halved(model, one, "channels") for one in (x, other))
    changed = np.argwhere(np.abs(before - after).max((2, 3)) > 1e-6).tolist()
    expect_that(model(other), changed == [[0, 1]], "each channel by itself", "channel "
                "1 of image 0 was changed; changed is the output of (image, channel): "
                f"{', '.join(map(str, map(tuple, changed))) or 'none'}")  # fmt: skip


def _flat(model: MadeModule) -> None:
    values = torch.tensor([2.0, -3.0, 0.5])
    x = values[None, :, None, None].expand(1, 3, 20, 24).contiguous()
    y = _halved(model, x, "flat in, flat out")[0, :, REACH:-REACH, REACH:-REACH]
    for value, inner in zip(values.tolist(), y, strict=True):
        even = bool(np.abs(inner - value).max() < 1e-3)
        shown = f"all numbers are {value:g}; inside yours has {inner.min():.4g} to "\
                f"{inner.max():.4g}"  # fmt: skip
        sign = "Of whatever sign: what does it do to a negative number?"
        total = "Do the weights of what you do add up to 1?"
        words = sign if value < 0 else total
        expect_that(model(x), even, "flat in, flat out", shown, words)


def _in_place(model: MadeModule, cases: Cases) -> None:
    pixels = [(13, 16), (14, 17), (16, 13), (17, 14)]
    x = normal(cases, 1, 1, 30, 34).expand(4, 1, 30, 34).contiguous()
    other = x.clone()
    for image, (row, column) in enumerate(pixels):
        other[image, 0, row, column] += 50
    before, after = (_halved(model, one, "a pixel changes") for one in (x, other))
    for image, (row, column) in enumerate(pixels):
        cells = np.argwhere(np.abs(after - before)[image, 0] > 1e-5)
        away = np.abs(cells - (row // 2, column // 2)).max(initial=0)
        expect_that(model(other), bool(away <= REACH), "it stays at its place",
                    f"pixel ({row}, {column}) changed; a cell {away} rows or columns "
                    f"from ({row // 2}, {column // 2}) did", "Look at fewer pixels at "
                    "a time, and mind the side on which you pad.")  # fmt: skip


def _lets_gradients_through(model: MadeModule, x: Tensor) -> None:
    case, upstream = "gradients go through", torch.ones(1, 2, 6, 8)
    slope = model.gradients(x, upstream=upstream, case=case).input(0)
    some = bool(np.any(np.asarray(slope.outcome.value)))
    expect_that(slope, some, case, "the gradient for the maps is 0 everywhere", "What "
                "cuts it off: a detach, a rounding?")  # fmt: skip


def _sharp(model: MadeModule) -> None:
    places = [(r, c) for r in (RIM + 1, RIM + 4) for c in (RIM, RIM + 3)]
    places += [
        (RIM + 4, RIM),
        (RIM + 4, RIM + 1),
        (RIM + 5, RIM + 4),
        (RIM + 5, RIM + 7),
    ]
    x = torch.zeros(len(places), 1, 24, 28)
    for image, (row, column) in enumerate(places):
        x[image, 0, row, column] = 1
    y = _halved(model, x, "sharp eyes")
    brightest = y.max((1, 2, 3))
    why = _why_faint(brightest, (np.abs(y) > 1e-6).sum((1, 2, 3)))
    for (row, column), value in zip(places, brightest, strict=True):
        expect_that(model(x), bool(value > SHARP - 1e-4), "sharp eyes", "one pixel of "
                    f"brightness 1 at ({row}, {column}); the brightest cell is "
                    f"{value:.3g}, at least {SHARP} is wanted", why)  # fmt: skip


def _why_faint(brightest: np.ndarray, touched: np.ndarray) -> str:
    """brightest, touched: of each place, the largest cell and how many are not 0."""
    if np.ptp(brightest) > 0.4:
        best = f"{brightest.max():.3g}"
        return f"It depends on where the pixel stands: in some places {best} is left. "\
               "A step must find it wherever it is."  # fmt: skip
    if brightest.min() > 0.4:
        return "Nearly: let the middle of your blur weigh more."
    if touched.min() >= 4:
        return "Too broad a blur, or one that comes behind the step: which is it?"
    return "A blur makes it faint, and no maximum behind it brings it back. What must "\
           "come first?"  # fmt: skip


def _calm(model: MadeModule, cases: Cases) -> None:
    """In networks with random weights the means move half as much as with maxima.

    Another seed gives another answer, by a tenth: what passed here must pass there.
    """
    case = f"a calm hand, in {NETWORKS} networks"
    bound = CALM + MORE * cases.hard
    yours = maxima = 0.0
    for _ in range(NETWORKS):
        images, weights = _strokes(cases), _weights(cases)
        maxima += _movement(lambda x: F.max_pool2d(x, 2), images, weights)
        yours += _movement(
            lambda x: torch.from_numpy(_halved(model, x, case)).float(), images, weights
        )
    share = yours / maxima
    moves = f"the means move {share:.2f} times as much as with max pooling; at most "\
            f"{bound} is wanted"  # fmt: skip
    expect_that(model(images[:1]), share <= bound, case, moves, _why_restless(share))


def _why_restless(share: float) -> str:
    if share > 0.9:
        return "Which of its steps skips something? Blur before that."
    return "Better than max pooling, but not enough. Does anything in it step "\
           "without a blur before?"  # fmt: skip


def _strokes(cases: Cases, count: int = 3, side: int = 56) -> Tensor:
    """Drawings of strokes amid black, all shifts: (8 · count, 1, side, side).

    What the last maps make of them stays inside, also when they have moved.
    """
    low, high = 18, 30
    drawn = torch.zeros(count, 1, side, side)
    for image in drawn[:, 0]:
        for _ in range(3):
            place, angle = cases.rng.uniform(low, high, 2), cases.rng.uniform(0, 6.3)
            for _ in range(16):
                angle += cases.rng.normal(0, 0.35)
                step = np.array([np.sin(angle), np.cos(angle)])
                place = np.clip(place + step, low, high)
                image[int(place[0]), int(place[1])] = 1
    return torch.cat([F.pad(drawn, (shift, -shift)) for shift in SHIFTS])


def _weights(cases: Cases, channels: int = 8) -> list[Tensor]:
    sizes = [(channels, 1, 3, 3), *[(channels, channels, 3, 3)] * 2]
    return [
        torch.from_numpy(cases.rng.normal(0, (2 / (9 * size[1])) ** 0.5, size)).float()
        for size in sizes
    ]


@torch.no_grad()
def _movement(
    halve: Callable[[Tensor], Tensor], images: Tensor, weights: list[Tensor]
) -> float:
    """How far the means move with the images, as part of how far images differ."""
    maps = images
    for weight in weights:
        maps = halve(F.relu(F.conv2d(maps, weight, padding=1)))
    means = maps.mean((2, 3)).reshape(len(SHIFTS), -1, maps.shape[1])
    spread = (means[0] - means[0].mean(0)).abs().mean()
    return float((means[1:] - means[0]).abs().mean() / spread)
