"""Checks of "From hours to seconds"."""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.bench.given import stacked
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    expect_keys,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.loops import Layers, expect_same_state, given_model, log_of
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal, output_of, stirred
from coursekit.checks.values import Plain
from coursekit.data.catalogue import CIFAR10
from coursekit.data.stand_in import stand_in
from coursekit.layers.blocks import he_normal
from coursekit.layers.whitening import filters_of

six_stopwatches = quiz("six-stopwatches")
what_do_they_say = quiz("what-do-they-say")


def _many(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")


# ---- How far apart ----


@exercise("how-far-apart", "shape", "channels_last",
          by_hand=("torch.Tensor.stride", "torch.Tensor.contiguous",
                   "torch.Tensor.to"))  # fmt: skip
def strides(answer: Answer, cases: Cases) -> None:
    """Oracle: the place of a number in a row of numbers, counted."""
    for shape in ((2, 3, 4, 5), (1, 7, 2, 3), (3, 1, 5, 2)):
        for last in (False, True):
            _strides(answer, shape, last)
    expect(answer((4, 5, 3, 2)), _counted((4, 5, 3, 2), False), "no order given",
           [(_counted((4, 5, 3, 2), True), "Without a word, the order is the usual "
             "one.")])  # fmt: skip
    for _ in cases.count(3):
        drawn = tuple(cases.integer(2, 9) for _ in range(4))
        _strides(answer, drawn, bool(cases.integer(0, 1)))
    _too_large(answer)


def _too_large(answer: Answer) -> None:
    """No array of this shape can be made and asked, whatever its type."""
    shape = (3, 50_000, 60_000, 70_000)
    wanted = 210_000_000_000_000, 4_200_000_000, 70_000, 1
    result, case = answer(shape), "a shape that fits into no memory"
    if result.outcome.raised:
        told = f"raised {result.outcome.raised.kinds[0]}"
        made = "Is an array of this shape made? "
        fail(result, case, told, made + "Work the strides out from the four numbers.")
    expect(result, wanted, case)


def _strides(answer: Answer, shape: tuple[int, ...], last: bool) -> None:
    case = f"shape {shape}, {'channels last' if last else 'the usual order'}"
    expect(answer(shape, last), _counted(shape, last), case,
           _mistakes_strides(shape, last))  # fmt: skip


def _counted(shape: tuple[int, ...], last: bool) -> tuple[int, ...]:
    """Number the memory, in its order, and see how far neighbours are apart."""
    n, c, h, w = (size + 1 for size in shape)  # so that each has a neighbour
    order = (n, h, w, c) if last else (n, c, h, w)
    kept = shape[0], shape[2], shape[3], shape[1]
    memory = (kept if last else shape)[1:]
    place = np.zeros(order, int)
    for axis in range(4):
        step = math.prod(memory[axis:])
        moved = np.arange(order[axis]) * step
        place += moved.reshape([-1 if a == axis else 1 for a in range(4)])
    if last:
        place = place.transpose(0, 3, 1, 2)
    one = np.eye(4, dtype=int)
    return tuple(int(place[tuple(one[axis])]) for axis in range(4))


def _mistakes_strides(shape: tuple[int, ...], last: bool) -> Mistakes:
    _, c, h, w = shape
    usual, other = (c * h * w, h * w, w, 1), (c * h * w, 1, c * w, c)
    yield (usual if last else other), "That is the other one of the two orders."
    yield (
        (h * w * c, w * c, c, 1),
        (
            "These are the strides in the order n, h, w, c. Which of them belongs to "
            "the channels?"
        ),
    )
    yield (c * h * w, 1, c, c * h), "Here a column comes after a column: rows first."
    yield (c * h * w, 1, c, c * w), "Rows and columns are exchanged."
    yield (c * h * w, h * w, 1, h), "Within a map one row comes after the other."
    yield (c * h * w, 1, w, 1), "Between two pixels lie all the channels of one."
    yield shape, "That is the shape. How far is it from one to the next?"
    yield tuple(4 * s for s in (other if last else usual)), "Count numbers, not bytes."
    yield tuple(8 * s for s in (other if last else usual)), "Count numbers, not bytes."
    n = shape[0]
    yield (
        (n * c * h * w, *(other if last else usual)[1:]),
        ("From one image to the next one passes a single image."),
    )


# ---- One cycle ----


@exercise("one-cycle", "step", "steps", "peak", "top", "first", "last",
          by_hand=("torch.optim.lr_scheduler", "coursekit.train"))  # fmt: skip
def one_cycle(answer: Answer, cases: Cases) -> None:
    """Oracle: NumPy's interp; corners with a place where two points fall together."""
    for step in (0, 2, 11, 4, 8, 12, 7, 5):  # the peak at 6.6, so at 7
        _cycle(answer, step, 13, 6.0, 0.55, 0.5, 0.2)
    for step in (11, 2):  # the peak at 3.1, so at 3 (and so is 0.26 · 13)
        _cycle(answer, step, 13, 6.0, 0.26, 0.5, 0.2)
    for step in (11, 3, 8, 9):  # the peak at 8.4, so at 8
        _cycle(answer, step, 13, 6.0, 0.7, 0.5, 0.2)
    _cycle(answer, 0, 1, 3.0, 0.4, 0.5, 0.2, "a single step")
    for step in (0, 3, 5):
        _cycle(answer, step, 6, 2.0, 0.0, 0.5, 0.2, "the peak comes first")
        _cycle(answer, step, 6, 2.0, 1.0, 0.5, 0.2, "the peak comes last")
    _cycle(answer, 1, 2, 1.0, 0.3, 0.5, 0.2, "two steps")
    for step in (0, 8, 9, 15, 36, 37):
        _cycle(answer, step, 38, 0.7, case="top, first and last not given")
    for number in cases.count(5):
        steps = cases.integer(3, 60)
        top, first, last = (float(cases.rng.uniform(0, 1)) for _ in range(3))
        if abs(top * (steps - 1) % 1 - 0.5) < 0.01:
            top = 0.0
        step = cases.integer(0, steps - 1)
        _cycle(answer, step, steps, 0.1 * number, top, first, last, "random")
    for step, why in ((13, "The last of 13 steps has the number 12."),
                      (-1, "The first step has the number 0.")):  # fmt: skip
        expect_error(answer(step, 13, 6.0), "ValueError", f"step {step} of 13", why)


def _cycle(
    answer: Answer,
    step: int,
    steps: int,
    peak: float,
    top: float = 0.25,
    first: float = 0.1,
    last: float = 0.01,
    case: str = "",
) -> None:
    words = f"{case + ', ' if case else ''}step {step} of {steps}"
    given = (top, first, last) if (top, first, last) != (0.25, 0.1, 0.01) else ()
    right = _line(step, steps, peak, top, first, last)
    mistakes = _mistakes_cycle(step, steps, peak, top, first, last)
    expect(answer(step, steps, peak, *given), right, words, mistakes)


def _line(
    step: float, steps: int, peak: float, top: float, first: float, last: float
) -> float:
    end = steps - 1
    at = float(np.rint(top * end))
    places, heights = [at], [peak]
    if at > 0:
        places, heights = [0.0, *places], [first * peak, *heights]
    if at < end:
        places, heights = [*places, float(end)], [*heights, last * peak]
    return float(np.interp(step, places, heights))


def _mistakes_cycle(
    step: int, steps: int, peak: float, top: float, first: float, last: float
) -> Mistakes:
    rest = peak, top, first, last
    if step == round(top * (steps - 1)):
        for low in (first, last):
            yield low * peak, "The peak falls on this step: the rate is `peak`."
    yield (
        _line(step, steps + 1, *rest),
        ("The last step has the number steps - 1. Is it there that the cycle ends?"),
    )
    yield _line(step + 1, steps + 1, *rest), "The steps are counted from 0."
    yield _line(step, steps, peak, top, 0, last), "It begins at first · peak, not at 0."
    yield _line(step, steps, peak, top, first, 0), "It ends at last · peak, not at 0."
    yield _line(step, steps, peak, top, 0, 0), "It begins and ends above 0."
    yield _line(step, steps, peak, top, last, first), "first and last are exchanged."
    yield peak, "That is the peak. Where does the way up begin, the way down end?"
    yield (
        _line(step, steps, peak, top, first / peak, last / peak),
        "first and last are parts of the peak, no rates.",
    )
    yield _line(step, steps, 1, top, first, last), "Times the peak."
    yield (
        _line(step, steps, peak, 1 - top, first, last),
        "top is the part that lies *before* the peak.",
    )
    yield _line(step, steps, peak, 0.25, first, last), "Is top used at all?"
    yield from _mistakes_rounded(step, steps, rest)
    at = round(top * (steps - 1))
    if at < step:
        part = (step - at) / (steps - 1 - at)
        low = last * peak
        yield (
            low + (peak - low) * (1 + math.cos(math.pi * part)) / 2,
            ("Down on a straight line here, not on a cosine."),
        )
        yield peak * last**part, "Down on a straight line: not by equal factors."


def _mistakes_rounded(
    step: int, steps: int, rest: tuple[float, float, float, float]
) -> Mistakes:
    peak, top, first, last = rest
    end = max(1, steps - 1)
    low, high = (turn(top * (steps - 1)) / end for turn in (math.floor, math.ceil))
    over = round(top * steps) / end
    yield (
        _line(step, steps, peak, over, first, last),
        "The peak is at top · (steps - 1), not at top · steps.",
    )
    words = "Round to the *nearest* step: yours rounds "
    yield _line(step, steps, peak, low, first, last), words + "down."
    yield _line(step, steps, peak, high, first, last), words + "up."


# ---- In pairs ----


@exercise("in-pairs", "a", "b")
def compared(answer: Answer, cases: Cases) -> None:
    """Oracle: long sums, in Python."""
    _pairs(answer, [93.1, 94.0, 92.2], [92.5, 93.9, 90.4], "three seeds")
    _pairs(answer, [1.0, 5.0], [4.0, 2.0], "two seeds")
    _pairs(answer, [2.0, 2.0, 2.0, 2.0], [1.0, 4.0, 0.0, 3.0], "one list constant")
    _pairs(answer, [50.0, 52.0, 57.0], [40.0, 42.0, 47.0], "always 10 more")
    for number in cases.count(3):
        n = cases.integer(2, 9)
        luck = 90 + cases.floats(n)
        one, other = (luck + cases.floats(n) / 2 for _ in range(2))
        _pairs(answer, one.tolist(), other.tolist(), f"random {number}: {n} seeds")
    expect_error(answer([93.0], [92.0]), "ValueError", "a single seed",
                 "From one pair nobody can tell how sure it is.")  # fmt: skip
    expect_error(answer([], []), "ValueError", "no seeds", "There is nothing to say.")
    for a, b in (([1.0, 2.0, 4.0], [1.0, 2.0]), ([3.0, 1.0], [2.0]),
                 ([3.0, 1.0], [2.0, 5.0, 1.0])):  # fmt: skip
        case = f"{len(a)} results against {len(b)}"
        expect_error(answer(a, b), "ValueError", case, "Each needs its partner.")


def _pairs(answer: Answer, a: list[float], b: list[float], case: str) -> None:
    n = len(a)
    d = [x - y for x, y in zip(a, b, strict=True)]
    mean = math.fsum(d) / n
    paired = math.sqrt(_variance(d) / n)
    apart = math.sqrt((_variance(a) + _variance(b)) / n)
    expect(answer(a, b), (mean, paired, apart), case, _mistakes_pairs(a, b))


def _variance(values: list[float], less: int = 1) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((v - mean) ** 2 for v in values) / (len(values) - less)


def _mistakes_pairs(a: list[float], b: list[float]) -> Mistakes:
    n = len(a)
    d = [x - y for x, y in zip(a, b, strict=True)]
    mean = math.fsum(d) / n
    paired = math.sqrt(_variance(d) / n)
    apart = math.sqrt((_variance(a) + _variance(b)) / n)
    yield (-mean, paired, apart), "The difference is a less b."
    yield (mean, apart, paired), "The two standard errors are exchanged."
    root = math.sqrt((n - 1) / n)
    words = "Divide the squares by n - 1: the mean has been taken from the same values."
    yield (mean, paired * root, apart * root), words
    yield (mean, paired * root, apart), words
    yield (mean, paired, apart * root), words
    root = math.sqrt(n)
    words = "That is a deviation. The standard error of a mean is smaller: by √n."
    yield (mean, paired * root, apart * root), words
    yield (mean, paired * root, apart), words
    yield (mean, paired, apart * root), words
    yield (mean, paired / root, apart / root), "Divided by n where √n belongs?"
    yield (mean, paired**2, apart**2), "These are squares: a root is missing."
    yield (mean, paired, math.sqrt(_variance(a) / n)), "And the luck of b?"
    yield (
        (mean, paired, math.sqrt(_variance(a + b) / n)),
        ("Each list has a mean of its own; do not put them together."),
    )
    yield (
        (mean, paired, math.sqrt(_variance(a + b) / (2 * n))),
        ("Each list has a mean of its own; do not put them together."),
    )
    sums = (math.sqrt(_variance(a)) + math.sqrt(_variance(b))) / root
    yield (mean, paired, sums), "Add the variances, not the deviations."
    short = math.sqrt((_variance(a) + _variance(b)) / (2 * n))
    yield (mean, paired, short), "There are n results in each list, not 2 n."
    yield (mean, paired, paired), "Without pairs the covariance is not taken away."
    yield (mean, apart, apart), "In pairs: look at the differences alone."


# ---- Whitening ----


@exercise("whitening", "images", "k", "eps",
          by_hand=("coursekit.layers.whitening",))  # fmt: skip
def whitening(answer: Answer, cases: Cases) -> None:
    """Oracle: patches cut out one by one; what the filters make of them."""
    _whitening(answer, _textured(cases, 4, 3, 7, 5), 2, 0.04)
    _whitening(answer, _textured(cases, 3, 3, 7, 5), 2, 0.0)
    _whitening(answer, _textured(cases, 2, 1, 12, 9), 3, 0.3)
    _whitening(answer, _textured(cases, 5, 4, 6, 8), 1, 0.05)
    _whitening(answer, _textured(cases, 2, 3, 9, 8), 2, None)
    for number in cases.count(2):
        k, c = cases.integer(1, 3), cases.integer(1, 3)
        images = _textured(cases, 8, c, cases.integer(8, 10), cases.integer(8, 10))
        eps = float(cases.rng.choice([1e-3, 0.1, 1.0]))
        _whitening(answer, images, k, eps, f"random {number}: ")


def _textured(cases: Cases, *shape: int) -> Tensor:
    """Images whose neighbours and channels are alike, not about 0, in float64."""
    n, c, h, w = shape
    raw = cases.rng.standard_normal((n, c + 1, h + 1, w + 1))
    blurred = raw[:, :, 1:, :] + 0.5 * raw[:, :, :-1, :]
    blurred = blurred[..., 1:] + 0.8 * blurred[..., :-1]
    mixed = blurred[:, 1:] + 0.6 * blurred[:, :-1]
    return torch.from_numpy(np.round(mixed + 1.5, 2))


def _whitening(
    answer: Answer, images: Tensor, k: int, eps: float | None, begin: str = ""
) -> None:
    n, c, h, w = images.shape
    told = "no eps given" if eps is None else f"eps {eps:g}"
    case = (
        f"{begin}{_many(n, 'image')} of {h} × {w}, {_many(c, 'channel')}, k = {k}, "
        f"{told}"
    )
    given = (images, k) if eps is None else (images, k, eps)
    eps = 0.01 if eps is None else eps
    result, size = answer(*given), c * k * k
    rows = result.array((size, c, k, k), case).reshape(size, -1).astype(float)
    patches = _patches(images.numpy(), k)
    right = any(_white_are(rows, patches, eps, less) for less in (0, 1))
    line = ""
    if not right:
        line = _other_eps(rows, patches, given) or _about(rows, images.numpy(), k, eps)
    expect_that(result, right, case, line or _why_not_white(rows, patches, eps))


def _patches(images: np.ndarray, k: int, apart: int = 1) -> np.ndarray:
    n, channels, h, w = images.shape
    rows, columns = range(0, h - k + 1, apart), range(0, w - k + 1, apart)
    found = [
        images[i, :, r : r + k, c : c + k].ravel()
        for i in range(n) for r in rows for c in columns
    ]  # fmt: skip
    return np.array(found).reshape(-1, channels * k * k)


def _directions(patches: np.ndarray, less: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and, in rows, eigenvectors of the covariance."""
    centred = patches - patches.mean(0)
    _, singular, rows = np.linalg.svd(centred, full_matrices=False)
    return singular**2 / (len(patches) - less), rows


def _white_are(rows: np.ndarray, patches: np.ndarray, eps: float, less: int) -> bool:
    """Orthogonal filters, whose outputs are uncorrelated, with the right variances."""
    values, _ = _directions(patches, less)
    centred = patches - patches.mean(0)
    products = rows @ (centred.T @ centred / (len(patches) - less)) @ rows.T
    lengths = np.linalg.norm(rows, axis=1)
    angles = rows @ rows.T / np.maximum(np.outer(lengths, lengths), 1e-300)
    found = np.diag(products)
    wanted = np.sort(values / (values + eps))
    return bool(
        np.allclose(np.sort(found), wanted, rtol=2e-3)
        and np.allclose(products - np.diag(found), 0, atol=2e-3 * wanted.max())
        and np.allclose(angles - np.eye(len(rows)), 0, atol=5e-3)
    )


def _same(rows: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether these are the same filters, in some order, with signs of their own."""
    if rows.shape != wanted.shape:
        return False
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(wanted, axis=1)[:, None]
    alike = np.abs(wanted @ rows.T) / np.maximum(lengths, 1e-300)
    places = alike.argmax(1)
    if len(set(places.tolist())) < len(rows):
        return False
    found = rows[places]
    found = found * np.sign((found * wanted).sum(1))[:, None]
    scale = np.linalg.norm(wanted, axis=1)[:, None]
    return bool((np.abs(found - wanted) <= 1e-3 * scale).all())


def _about(rows: np.ndarray, images: np.ndarray, k: int, eps: float) -> str:
    patches = _patches(images, k)
    if _lies_down(rows, patches, eps):
        return "eigh gives the eigenvectors as columns, and the filters are rows."
    with np.errstate(all="ignore"):
        for wrong, words in _mistakes_white(patches, eps):
            if np.isfinite(wrong).all() and _same(rows, wrong):
                return words
        for other, words in _other_patches(images, k):
            if any(_same(rows, wrong) for wrong in _whites(other, eps)):
                return words
    return MIXED if _mixed(rows, patches, eps) else ""


def _other_eps(rows: np.ndarray, patches: np.ndarray, given: tuple[Any, ...]) -> str:
    """Words for filters that are right but for eps; it is found from the longest."""
    values, e = _directions(patches)
    longest = np.linalg.norm(rows, axis=1).max()
    own = longest**-2.0 - values.min() if longest else np.inf
    if not np.isfinite(own) or own < -1e-4 * values.min():
        return ""
    if not _same(rows, e / np.sqrt(values + own)[:, None]):
        return ""
    if len(given) == 2:
        return "Without a word eps is 0.01."
    no_eps = own < 1e-3 * given[2]
    return "Where is eps?" if no_eps else "Is it the eps that is given?"


MIXED = (
    "They whiten, but each filter should lie along one eigenvector; yours are mixed "
    "(rotated)."
)


def _mixed(rows: np.ndarray, patches: np.ndarray, eps: float) -> bool:
    """Whether rotating them would make them right, as with Cholesky's factor."""
    whole = np.cov(patches.T, ddof=0).reshape(rows.shape) + eps * np.eye(len(rows))
    return np.allclose(rows @ whole @ rows.T, np.eye(len(rows)), atol=5e-3)


def _whites(patches: np.ndarray, eps: float) -> Iterator[np.ndarray]:
    """Filters from other patches than those asked for, divided by n or n - 1."""
    if len(patches) > patches.shape[1]:
        for less in (0, 1):
            values, e = _directions(patches, less)
            yield e / np.sqrt(values + eps)[:, None]


def _other_patches(images: np.ndarray, k: int) -> Iterator[tuple[np.ndarray, str]]:
    n, _, h, w = images.shape
    edge, side = ((0, 0), (0, 0), (1, 1), (1, 1)), min(h, w)
    every = "Patches of *all* the images that are given. Yours are of "
    yield _patches(images[:1], k), every + "the first."
    yield _patches(images[: n // 2], k), every + "the first half."
    yield _patches(images[: n - 1], k), every + "all but the last."
    yield _patches(np.pad(images, edge), k), "No padding: patches lie within the image."
    yield _patches(images[:, :, :side, :side], k), "The images need not be square."
    yield _patches(images, k, k), "Neighbours overlap: a patch begins at each pixel."
    yield _patches(images[:, :, :-1, :-1], k), "The last row and column of patches?"


def _lies_down(rows: np.ndarray, patches: np.ndarray, eps: float) -> bool:
    """Whether columns were taken for rows: after the division, or before it."""
    values, e = _directions(patches)
    if _same(rows.T, e / np.sqrt(values + eps)[:, None]):
        return True
    for known in (np.sort(values), np.sort(values)[::-1]):
        if _same((rows * np.sqrt(known + eps)[:, None]).T, e):
            return True
    return False


def _mistakes_white(
    patches: np.ndarray, eps: float
) -> Iterator[tuple[np.ndarray, str]]:
    values, e = _directions(patches)
    divided = e / np.sqrt(values + eps)[:, None]
    yield e, "These are directions only. By what is each of them divided?"
    yield e / (values + eps)[:, None], "Divide by the deviation, a root."
    yield e / (np.sqrt(values) + eps)[:, None], "eps belongs in the root."
    yield e / (np.sqrt(values) + math.sqrt(eps))[:, None], "One root of the whole sum."
    yield e * np.sqrt(values + eps)[:, None], "Multiplied, where it should be divided."
    yield from _other_means(patches, eps)
    whole = len(patches) * values
    yield e / np.sqrt(whole + eps)[:, None], "A covariance is a *mean* of products."
    yield divided.T @ e, MIXED
    alone = "The covariance of the patches, not of numbers divided by their deviations."
    for less in (0, 1):
        spread = patches.std(0, ddof=less)
        other = _along((patches - patches.mean(0)) / spread, eps)
        yield other, alone
        yield other / spread, alone


def _other_means(patches: np.ndarray, eps: float) -> Iterator[tuple[np.ndarray, str]]:
    about = "The covariance is about the mean of the patches: take it away first."
    yield _along(patches, eps), about
    yield (
        _along(patches - patches.mean(), eps),
        "Not one mean of all numbers: each place of a patch has a mean of its own.",
    )
    yield (
        _along(patches - patches.mean(1, keepdims=True), eps),
        "Take away the mean patch, not from each patch its own mean.",
    )


def _along(q: np.ndarray, eps: float) -> np.ndarray:
    """Filters from the mean of products, whatever was taken away before."""
    values, vectors = np.linalg.eigh(q.T @ q / len(q))
    return vectors.T / np.sqrt(np.maximum(values, 0) + eps)[:, None]


def _why_not_white(rows: np.ndarray, patches: np.ndarray, eps: float) -> str:
    outputs = (patches - patches.mean(0)) @ rows.T
    found = outputs.T @ outputs / len(patches)
    off = np.abs(found - np.diag(np.diag(found))).max()
    if off > 0.01 * np.abs(np.diag(found)).max():
        return _laid_out(rows, patches, eps) or (
            "The outputs of your filters are correlated. So these are not the "
            "eigenvectors of the covariance of all patches."
        )
    values, _ = _directions(patches)
    told = ", ".join(f"{v:.3g}" for v in sorted(np.diag(found))[::-1][:4])
    wanted = ", ".join(f"{v:.3g}" for v in sorted(values / (values + eps))[::-1][:4])
    return (
        f"The outputs have no correlation, but the variances {told}, … in place of "
        f"{wanted}, …"
    )


def _laid_out(rows: np.ndarray, patches: np.ndarray, eps: float) -> str:
    """Whether they would be right with the numbers of a patch in another order."""
    values, _ = _directions(patches)
    lengths = np.sort(np.linalg.norm(rows, axis=1))
    if not np.allclose(lengths, np.sort((values + eps) ** -0.5), rtol=1e-3):
        return ""
    return (
        "The lengths are right, but not the order of the numbers in a filter. Are the "
        "patches cut and laid out as a convolution sees them: channels, rows, columns?"
    )


# ---- Smoothed labels ----


@exercise("smoothed-labels", "scores", "labels", "smoothing",
          by_hand=("torch.nn.functional.cross_entropy", "torch.nn.CrossEntropyLoss",
                   "coursekit.train"))  # fmt: skip
def smoothed_loss(answer: Answer, cases: Cases) -> None:
    """Oracle: a part of the loss with plain labels, and a part of the mean loss."""
    one = np.array([[2.0, -1.0, 0.5]])
    _smooth(answer, one, [2], 0.3, "one image, three classes")
    few = np.array([[1.0, 0.0, -2.0, 3.0], [0.5, 4.0, 1.0, -1.0], [0.0, 0.0, 1.0, 2.0]])
    _smooth(answer, few, [1, 0, 3], 0.2, "three images, four classes")
    _smooth(answer, few, [1, 0, 3], 0.0, "no smoothing")
    _smooth(answer, few, [3, 3, 1], 0.9, "much smoothing")
    _smooth(answer, few, [3, 1, 1], None, "no smoothing given")
    _smooth(answer, 500 * few, [1, 0, 3], 0.1, "scores up to 2000")
    _smooth(answer, few - 1500, [1, 0, 2], 0.1, "all scores about -1500")
    for number in cases.count(3):
        n, k = cases.integer(1, 6), cases.integer(2, 7)
        labels = cases.rng.integers(0, k, n).tolist()
        smoothing = float(cases.rng.choice([0.05, 0.1, 0.5]))
        case = f"random {number}: {_many(n, 'image')}, {k} classes"
        _smooth(answer, cases.floats(n, k), labels, smoothing, case)


LARGEST = (
    "Right with small scores, but not with these. Take the largest score *of each "
    "image* away first; then the logarithm needs no clipping."
)


def _smooth(
    answer: Answer,
    scores: np.ndarray,
    labels: list[int],
    smoothing: float | None,
    case: str,
) -> None:
    t = np.array(labels)
    given = (scores, t) if smoothing is None else (scores, t, smoothing)
    s = 0.1 if smoothing is None else smoothing
    result, largest = answer(*given), float(np.abs(scores).max())
    mistakes = [*_mistakes_smooth(scores, t, s)]
    if largest > 1000:  # all that is wrong with small scores has been told before
        mistakes.append((result.outcome.value, LARGEST))
        _expect_finite(result, case)
    expect(result, _smoothed(scores, t, s), case, mistakes, 3 * largest + 10)


def _expect_finite(result: Result, case: str) -> None:
    value = result.outcome.value
    number = isinstance(value, float | np.ndarray | Tensor)
    if number and not np.isfinite(np.asarray(value)).all():
        fail(result, case, f"gave {value}", LARGEST)


def _each(scores: np.ndarray) -> np.ndarray:
    """What each class costs in each image, -log p."""
    return -F.log_softmax(torch.from_numpy(scores), 1).numpy()


def _smoothed(scores: np.ndarray, t: np.ndarray, s: float) -> float:
    costs = _each(scores)
    plain = costs[np.arange(len(t)), t].mean()
    return float((1 - s) * plain + s * costs.mean())


def _mistakes_smooth(scores: np.ndarray, t: np.ndarray, s: float) -> Mistakes:
    costs = _each(scores)
    n, k = costs.shape
    mine = costs[np.arange(n), t]
    right = _smoothed(scores, t, s)
    yield right * n, "The mean over the images, not the sum."
    yield right / k, "Mean over the images only: over the classes it is a sum."
    yield -right, "The sign: a loss is at least 0."
    yield float(mine.mean()), "Where is the smoothing?"
    others = costs.sum(1) - mine
    away = (1 - s) * mine + s * others / (k - 1)
    yield float(away.mean()), "s / K goes to *each* class, to the right one as well."
    less = (1 - s) * mine + s * others / k
    yield float(less.mean()), "The right class gets its s / K, too: they sum to 1."
    more = (1 - s) * mine + s * costs.sum(1)
    yield float(more.mean()), "Each class gets s / K, not s."
    over = mine + s * costs.mean(1)
    yield float(over.mean()), "The targets of an image have to sum to 1."
    yield (
        float((s * mine + (1 - s) * costs.mean(1)).mean()),
        ("The wrong way round: s is the part that is spread."),
    )
    p = np.exp(-costs)
    with np.errstate(all="ignore"):
        soft = -np.log((1 - s) * p + s / k)[np.arange(n), t]
        yield float(soft.mean()), "The labels are smoothed, not the probabilities."
        yield float(_smoothed(p, t, s)), "The scores are softmaxed twice."
        twos = right / math.log(2)
    yield twos, "The natural logarithm."


# ---- Two opinions ----

CONVOLUTION: Layers = [
    ["Conv2d", 2, 4, 3, 2, 1], ["BatchNorm2d", 4], ["ReLU"], ["Dropout", 0.5],
    ["Flatten"], ["Linear", 24, 5],
]  # fmt: skip
DENSE: Layers = [["Flatten"], ["Linear", 36, 7], ["ReLU"], ["Linear", 7, 3]]


@exercise("two-opinions", "model", "images")
def two_opinions(answer: Maker, cases: Cases) -> None:
    """Oracle: one run with the images and their mirror images in one batch."""
    _opinions(answer, cases, CONVOLUTION, (3, 2, 4, 6), True)
    _opinions(answer, cases, CONVOLUTION, (1, 2, 4, 6), False)
    _opinions(answer, cases, CONVOLUTION, (2, 2, 4, 6), True, fixed=True)
    _opinions(answer, cases, DENSE, (4, 3, 2, 6), False)
    for number in cases.count(2):
        shape = (cases.integer(1, 5), 2, 4, 6)
        begin = f"random {number}: "
        _opinions(answer, cases, CONVOLUTION, shape, bool(number % 2), begin)


def _opinions(
    answer: Maker,
    cases: Cases,
    layers: Layers,
    shape: tuple[int, ...],
    training: bool,
    begin: str = "",
    fixed: bool = False,
) -> None:
    mode = "training" if training else "evaluation"
    case = f"{begin}{_many(shape[0], 'image')}, a model in {mode} mode"
    oracle = stirred(stacked(layers), cases)
    model = given_model(answer, layers, oracle)
    (model.train if training else model.eval)()
    if fixed:
        case += ", its first layer fixed"
        _fix_first(model, oracle)
    x = normal(cases, *shape)
    log_of(answer, take=True)
    result = answer(model, x)
    trains = any(e.training[0] for e in log_of(answer).events if e.what == "forward")
    oracle.eval()
    both = output_of(oracle, torch.cat([x, x.flip(3)]))
    one, other = both[: len(x)], both[len(x) :]
    scale = 20 * float(np.abs(both).max()) + 20
    mistakes = [*_mistakes_two(oracle, x, one, other)]
    if trains:
        mistakes.append((result.outcome.value, "In which mode were these computed?"))
    expect(result, (one + other) / 2, case, mistakes, scale)
    _expect_mode(model, training, case)
    why = "Evaluation mode has to be set *before* the first run: statistics moved."
    expect_same_state(model, oracle, f"{case}, its weights and statistics", why)
    _expect_free(model, oracle, x, f"{case}, afterwards")


def _fix_first(model: MadeModule, oracle: nn.Module) -> None:
    layer = model.make("get_submodule", "0")
    first = MadeModule(model.link, layer.number, "model[0]", layer.type)
    first.do("requires_grad_", False)
    model.tell("model[0].requires_grad_(False)")
    oracle.get_submodule("0").requires_grad_(False)


def _expect_free(model: MadeModule, oracle: nn.Module, x: Tensor, case: str) -> None:
    """Gradients reach the weights as before. Last, as the model runs once more."""
    upstream = torch.ones_like(oracle(x)).detach()
    flowed = model.gradients(x.clone().requires_grad_(), upstream=upstream, case=case)
    for name, weight in oracle.named_parameters():
        flows = flowed.of_parameters.get(name) is not None
        told = (
            "gets no gradient any more"
            if weight.requires_grad
            else "was fixed, and now it gets a gradient"
        )
        expect_that(flowed.result, flows == weight.requires_grad, case,
                    f"{name} {told}", "torch.no_grad() is enough where no gradients "
                    "are needed. Leave requires_grad of the weights as it is.",
                    )  # fmt: skip


def _mistakes_two(
    oracle: nn.Module, x: Tensor, one: np.ndarray, other: np.ndarray
) -> Mistakes:
    yield one, "Where is the mirror image?"
    yield other, "The mirror image alone. And the image itself?"
    yield one + other, "The mean of the two, not their sum."
    for axis, words in ((2, "So it stands on its head: left and right are the last "
                         "axis."),
                        (1, "That exchanges the channels."),
                        (0, "That exchanges the images of the batch.")):  # fmt: skip
        yield (one + output_of(oracle, x.flip(axis))) / 2, words
    yield (one + output_of(oracle, x.flip(2, 3))) / 2, "Flipped twice: a half turn."
    yield (
        (one + output_of(oracle, x.transpose(2, 3))) / 2,
        "That exchanges rows and columns. A mirror image only turns each row round.",
    )
    for scores in (one, other):
        yield (one + scores[:, ::-1]) / 2, "Mirror the image, not the row of scores."
    yield (
        output_of(oracle, (x + x.flip(3)) / 2),
        ("You showed it the mean of two images. The mean of two *opinions*!"),
    )
    p, q = (np.asarray(torch.from_numpy(z).softmax(1)) for z in (one, other))
    yield (p + q) / 2, "The scores before any softmax."
    yield -(_each(one) + _each(other)) / 2, "No logarithm of a softmax, but the scores."
    mean = (one + other) / 2
    yield np.asarray(torch.from_numpy(mean).softmax(1)), "The scores before a softmax."
    yield mean.argmax(1), "The scores, not the class."
    yield np.maximum(one, other), "The mean, not the larger one."


def _expect_mode(model: MadeModule, training: bool, case: str) -> None:
    modes = model.modes()
    same = all(mode == training for mode in modes.outcome.value.values())
    now, came = ("evaluation", "training")[:: 1 if training else -1]
    expect_that(modes, same, case, f"it came in {came} mode, and is left in {now} mode",
                "Ask for its mode first, and set it back at the end.")  # fmt: skip


# ---- A tenth of the price ----

KEYS = ("widths", "stride", "whiten", "batch", "rates", "smoothing", "flips", "average")
MOST, GOAL, LUCK, RACES = 1_000_000_000, 73.0, 1.5, 6
LEARN, SIDE = 1000, 16
Recipe = dict[str, Any]


@exercise("a-tenth-of-the-price")
def fastest(answer: Answer, cases: Cases) -> None:
    """No oracle: the check counts what the recipe costs, and runs the race."""
    result = answer()
    how = _recipe(result)
    cost = _price(how)
    told = f"it costs {cost:,} multiply-adds; {MOST:,} are allowed"
    expect_that(result, cost <= MOST, "its price", told, _dearest(how))
    goal = GOAL - LUCK * cases.hard
    found: list[float] = []
    for _ in range(RACES - cases.hard):
        found.append(_raced(how, cases))
        if found[-1] < goal - 12:
            break  # the others will not make up for it
    mean = float(np.mean(found))
    what, error = "one race", ""
    if len(found) > 1:
        what = f"the mean of {len(found)} races"
        error = f" ± {np.std(found, ddof=1) / len(found) ** 0.5:.1f}"
    told = f"{what} is {mean:.1f}{error} % right; {GOAL:.0f} % is the goal"
    expect_that(result, mean >= goal, "the race", told, _what_next(how, cost))


def _recipe(result: Result) -> Recipe:
    """The recipe, when it is one."""
    expect_keys(result, KEYS, "the recipe")
    how: Recipe = dict(result.outcome.value)
    for key, fits, words in (
        ("widths", _widths, "three whole numbers from 1 to 200"),
        ("stride", lambda v: _whole(v, 1, 2), "1 or 2"),
        ("batch", lambda v: _whole(v, 2, LEARN), "a whole number from 2 to 1000"),
        ("rates", _rates, "a list of 1 to 400 numbers from 0 to 10"),
        ("smoothing", lambda v: _number(v, 0, 1) and v < 1, "at least 0, below 1"),
        ("flips", lambda v: v in ("none", "random", "alternating"),
         "'none', 'random' or 'alternating'"),
        ("whiten", lambda v: type(v) is bool, "True or False"),
        ("average", lambda v: type(v) is bool, "True or False"),
    ):  # fmt: skip
        value = how[key]
        value = value.tolist() if isinstance(value, np.ndarray | Tensor) else value
        if not fits(value):
            fail(result, f"the recipe, {key!r}", f"is {_short(value)}; should be "
                 f"{words}")  # fmt: skip
        how[key] = value
    return how


def _short(value: Plain) -> str:
    if isinstance(value, list | tuple) and len(value) > 6:
        return f"{noun(value)} of {len(value)}"
    return repr(value)[:60]


def _whole(value: Plain, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _number(value: Plain, low: float, high: float) -> bool:
    return type(value) in (int, float) and low <= value <= high


def _widths(value: Plain) -> bool:
    row = isinstance(value, list | tuple) and len(value) == 3
    return row and all(_whole(width, 1, 200) for width in value)


def _rates(value: Plain) -> bool:
    row = isinstance(value, list | tuple) and 1 <= len(value) <= 400
    return row and all(_number(rate, 0, 10) for rate in value)


def _layers(how: Recipe) -> dict[str, int]:
    """Multiply-adds of each layer for one image, forth."""
    a, b, c = how["widths"]
    first = SIDE - 1
    second = -(-first // how["stride"])
    third, fourth = second // 2, second // 4
    return {
        "the first layer": 12 * 24 * first**2,
        "the second layer": 9 * 24 * a * second**2,
        "the third layer": 9 * a * b * third**2,
        "the fourth layer": 9 * b * c * fourth**2,
        "the dense layer": 10 * c,
    }


def _price(how: Recipe) -> int:
    return sum(_prices(how).values()) * how["batch"] * len(how["rates"])


def _prices(how: Recipe) -> dict[str, int]:
    """What each layer costs for one image: three times forth, once if it is fixed."""
    costs = {name: 3 * forth for name, forth in _layers(how).items()}
    costs["the first layer"] //= 3 if how["whiten"] else 1
    return costs


def _dearest(how: Recipe) -> str:
    shown = how["batch"] * len(how["rates"])
    return f"It shows {shown:,} images; {_most_of_it(how)}."


def _most_of_it(how: Recipe) -> str:
    costs = _prices(how)
    name = max(costs, key=lambda key: costs[key])
    return f"{costs[name] / sum(costs.values()):.0%} of the work is {name}"


def _what_next(how: Recipe, cost: int) -> str:
    if max(how["rates"]) > 20 * np.mean(how["rates"]) or max(how["rates"]) == 0:
        return "In most of its steps the rate is next to nothing."
    if cost < 0.7 * MOST:
        return f"It costs {cost / 1e9:.2f} billion. What could be bought for the rest?"
    if not how["whiten"]:
        return "One of the two longest bars of section 7 is missing: whitening."
    if len(how["rates"]) < 30:
        return (
            f"It takes {len(how['rates'])} steps. Could the same images be shown in "
            "more of them, smaller ones?"
        )
    if how["rates"][-1] > 0.3 * max(how["rates"]):
        return "Its rate is high to the end: it has no time to settle."
    return (
        f"Now {_most_of_it(how)}: could it be cheaper? And does the rate go with the "
        "size of the batch?"
    )


def _network(filters: Tensor | None, how: Recipe) -> nn.Sequential:
    """The lesson's network; a test compares the two."""
    a, b, c = how["widths"]
    begin = nn.Conv2d(3, 24, 2, bias=False)
    norm: nn.Module = nn.BatchNorm2d(24) if filters is None else nn.Identity()
    model = nn.Sequential(
        begin, norm, nn.ReLU(),
        *_unit(24, a, how["stride"]), nn.MaxPool2d(2),
        *_unit(a, b), nn.MaxPool2d(2),
        *_unit(b, c), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10),
    )  # fmt: skip
    he_normal(model)
    if filters is not None:
        begin.weight = nn.Parameter(filters, requires_grad=False)
    return model.to(memory_format=torch.channels_last)


def _unit(i: int, o: int, stride: int = 1) -> list[nn.Module]:
    conv = nn.Conv2d(i, o, 3, stride, 1, bias=False)
    return [conv, nn.BatchNorm2d(o), nn.ReLU()]


@cache
def _tiles() -> tuple[Tensor, Tensor]:
    tiles = stand_in(CIFAR10)
    images = torch.cat([tiles.train.images, tiles.test.images]).float() / 255
    labels = torch.cat([tiles.train.labels, tiles.test.labels])
    return (F.avg_pool2d(images, 2) - 0.47) / 0.25, labels


def _raced(how: Recipe, cases: Cases) -> float:
    """Train as the lesson does; the part of the other tiles that is right, in %."""
    images, labels = _tiles()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(cases.integer(0, 2**31))
        order = torch.randperm(len(labels))
        x, t = images[order], labels[order]
        model = _taught(how, x[:LEARN], t[:LEARN]).eval()
        with torch.no_grad():
            scores = model(x[LEARN:])
            if how["average"]:
                scores = scores + model(x[LEARN:].flip(3))
    return 100 * (scores.argmax(1) == t[LEARN:]).double().mean().item()


def _taught(how: Recipe, x: Tensor, t: Tensor) -> nn.Module:
    model = _network(filters_of(x) if how["whiten"] else None, how)
    learned = [p for p in model.parameters() if p.requires_grad]
    sgd = torch.optim.SGD(learned, 0.1, 0.9, weight_decay=5e-4, nesterov=True)
    size, side = how["batch"], torch.rand(LEARN) < 0.5
    count = size * len(how["rates"])
    order = torch.cat([torch.randperm(LEARN) for _ in range(-(-count // LEARN))])
    for step, rate in enumerate(how["rates"]):
        rows = order[step * size : (step + 1) * size]
        sgd.param_groups[0]["lr"] = rate
        images = _mirrored(how, x[rows], side[rows], step * size // LEARN)
        loss = F.cross_entropy(model(images), t[rows], label_smoothing=how["smoothing"])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model


def _mirrored(how: Recipe, images: Tensor, side: Tensor, epoch: int) -> Tensor:
    if how["flips"] == "none":
        return images
    turn = torch.rand(len(images)) < 0.5
    if how["flips"] == "alternating":
        turn = side ^ bool(epoch % 2)
    return torch.where(turn[:, None, None, None], images.flip(3), images)
