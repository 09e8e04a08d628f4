"""Checks of "Augmentation and regularisation"."""

from collections.abc import Callable, Iterator
from itertools import product

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
)
from coursekit.checks.loops import Layers, expect_evaluation, given_model, log_of
from coursekit.checks.maker import Maker
from coursekit.checks.objects import MadeObject
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal
from coursekit.data.worlds import CLASSES, World, world

READY = ("coursekit.augment",)

unasked_weight = quiz("unasked-weight")


# ---- Cut and mirror ----


@exercise("cut-mirror", "images", "padding", "tops", "lefts", "mirrored", by_hand=READY)
def cut(answer: Answer, cases: Cases) -> None:
    """Oracle: places counted from the image without its frame."""
    for images, padding, case in _batches(cases):
        dice = [cases.rng.integers(0, 2 * padding + 1, len(images)) for _ in "ab"]
        swap = np.arange(len(images)) % 3 != 0
        swap = swap if padding == 2 else cases.rng.random(len(images)) < 0.5
        tops, lefts = (torch.from_numpy(one) for one in dice)
        given = images, padding, tops, lefts, torch.from_numpy(swap)
        result = answer(*given)
        expect(result, _windows(*given).numpy(), case, _mistakes_cut(*given))
        _expect_type(result, images, case)


def _batches(cases: Cases) -> Iterator[tuple[Tensor, int, str]]:
    """The first are bytes with a rim that is not 0, higher than wide and wider."""
    yield _bytes(cases, 6, 2, 3, 5), 2, "6 images of bytes, 3 × 5"
    yield _bytes(cases, 3, 1, 4, 2), 1, "3 images of bytes, 4 × 2"
    yield normal(cases, 4, 3, 3, 4), 2, "4 images of numbers, 3 × 4"
    yield _bytes(cases, 2, 3, 2, 3), 0, "no frame"
    yield _bytes(cases, 1, 1, 5, 4).long(), 4, "one image of whole numbers, 5 × 4"
    for number in cases.count(3):
        n, c, padding = (cases.integer(1, 4) for _ in "abc")
        shape = (n, c, cases.integer(2, 6), cases.integer(2, 6))
        yield _bytes(cases, *shape), padding, f"random {number}: {n} images"


def _bytes(cases: Cases, *shape: int) -> Tensor:
    return torch.from_numpy(cases.rng.integers(1, 256, shape)).byte()


def _windows(
    images: Tensor,
    padding: int,
    tops: Tensor,
    lefts: Tensor,
    mirrored: Tensor,
    *,
    axis: int = 2,
    around: bool = False,
) -> Tensor:
    """The windows, and also wrong ones.

    axis: of (c, h, w) that is mirrored; around: what leaves on one side comes back on
    the other
    """
    found = []
    for one, top, left, swap in zip(images, tops, lefts, mirrored, strict=True):
        down, across = int(top) - padding, int(left) - padding
        window = one.roll((-down, -across), (1, 2)).clone()
        if not around:
            rows, columns = (
                (torch.arange(size) + by < 0) | (torch.arange(size) + by >= size)
                for size, by in zip(one.shape[1:], (down, across), strict=True)
            )
            window[:, rows] = 0
            window[:, :, columns] = 0
        found.append(window.flip(axis) if swap else window)
    return torch.stack(found)


def _mistakes_cut(
    images: Tensor, padding: int, tops: Tensor, lefts: Tensor, mirrored: Tensor
) -> Mistakes:
    rest = images, padding, tops, lefts
    yield _windows(*rest, torch.zeros_like(mirrored)), "Nothing is mirrored."
    yield (
        _windows(*rest, torch.ones_like(mirrored)),
        ("All are mirrored. Only those are for which `mirrored` is true."),
    )
    yield (
        _windows(*rest, ~mirrored),
        ("Those are mirrored that should not be, and the others are not."),
    )
    yield (
        _windows(*rest, mirrored, axis=1),
        ("Top and bottom are swapped. In a mirror left and right are."),
    )
    yield (
        _windows(images, padding, lefts, tops, mirrored),
        ("`tops` counts rows and `lefts` counts columns; yours are exchanged."),
    )
    back = torch.where(mirrored, 2 * padding - lefts, lefts)
    yield (
        _windows(images, padding, tops, back, mirrored),
        (
            "You mirror before you cut. The window is cut out of the image as it "
            "is, and then mirrored."
        ),
    )
    yield (
        _windows(*rest, mirrored, around=True),
        (
            "What leaves on one side comes back on the other. Outside an image there "
            "are zeros."
        ),
    )
    yield (
        _windows(images, padding, 2 * padding - tops, 2 * padding - lefts, mirrored),
        ("The window moves the other way. A large `top` cuts off rows above."),
    )
    firsts = (values[:1].expand(len(images)) for values in (tops, lefts, mirrored))
    yield (
        _windows(images, padding, *firsts),
        ("All are cut like image 0. Each has its own place."),
    )
    yield _edge(*rest, mirrored), "The frame repeats the rim; it should be zeros."


def _edge(
    images: Tensor, padding: int, tops: Tensor, lefts: Tensor, mirrored: Tensor
) -> Tensor:
    height, width = images.shape[2:]
    wide = F.pad(images.double(), (padding,) * 4, mode="replicate")
    found = []
    for number, swap in enumerate(mirrored):
        rows = int(tops[number]) + torch.arange(height)
        columns = int(lefts[number]) + torch.arange(width)
        columns = columns.flip(0) if swap else columns
        found.append(wide[number][:, rows][:, :, columns])
    return torch.stack(found)


def _expect_type(result: Result, images: Tensor, case: str) -> None:
    """Bytes stay bytes."""
    kinds = [str(array(one).dtype) for one in (images, result.outcome.value)]
    line = f"the numbers came as {kinds[0]} and went as {kinds[1]}"
    expect_that(result, kinds[0] == kinds[1], case, line,
                "The result has the type of the images.")  # fmt: skip


# ---- A friend's brightness ----

MANY = 2_000  # images, so that chance can be told from a mistake
BLACK, WHITE, GREY = (0, 0), (0, 1), (1, 0)  # places
FIRST = [
    ((7, 1, 3, 6), 2),
    ((40, 3, 4, 5), 60),
    ((7, 1, 3, 6), 200),
    ((5, 2, 2, 2), 0),
]


@exercise("brighter-bug", "images", "most", by_hand=READY)
def brighter(answer: Answer, cases: Cases) -> None:
    """No oracle: which number was added to each image can be seen."""
    for shape, most in FIRST:
        images, case = _lit(cases, *shape), f"{shape[0]} images, most = {most}"
        result = answer(images, most)
        _added(result, images, most, case)
    images, found = _lit(cases, MANY, 1, 2, 2), []
    case = f"{MANY:,} images, most = 2"
    for call in ("first", "second"):
        result = answer(images, 2)
        found.append(_added(result, images, 2, f"{case}, {call} call"))
    again = "Every call adds the same numbers again: throw new dice each time."
    expect_that(result, bool((found[0] != found[1]).any()), case, again)
    _expect_fair(result, np.concatenate(found), case)
    for number in cases.count(3):
        most, n = cases.integer(3, 90), cases.integer(1, 9)
        images = _lit(cases, n, 3, cases.integer(2, 5), 3)
        case = f"random {number}: {n} images, most = {most}"
        _added(answer(images, most), images, most, case)


def _lit(cases: Cases, *shape: int) -> Tensor:
    """Bytes; each channel of each image has black, white and grey at known places."""
    images = _bytes(cases, *shape)
    for (row, column), value in {BLACK: 0, WHITE: 255, GREY: 128}.items():
        images[:, :, row, column] = value
    return images


def _added(result: Result, images: Tensor, most: int, case: str) -> np.ndarray:
    """The number that was added to each image (n,); fails where there is none."""
    got = result.array(tuple(images.shape), case).astype(int)
    _expect_type(result, images, case)
    before = images.numpy().astype(int)
    found = _one_number(before, got)
    strange = np.isnan(found)
    if strange.any():
        why = _why_no_number(before[strange], got[strange], most)
        expect_that(result, False, case, "No single number was added to image "
                    f"{int(strange.argmax())}.", why)  # fmt: skip
    too_much = f"{int(np.abs(found).max())} was added; at most {most} may be."
    expect_that(result, bool((np.abs(found) <= most).all()), case, too_much)
    same = len(found) > 4 and most > 20 and np.ptp(found) == 0
    alike = "The same number was added to all images. Each gets its own."
    expect_that(result, not same, case, alike)
    return found


def _by_channel(got: np.ndarray) -> np.ndarray:
    """What was added to each channel (n, c, 1, 1), as black and white show it."""
    up, down = got[:, :, *BLACK], got[:, :, *WHITE] - 255
    return np.where(up > 0, up, down)[..., None, None]


def _one_number(before: np.ndarray, got: np.ndarray) -> np.ndarray:
    """What was added to each image; nan where it is no single number."""
    by = _by_channel(got)[:, :1]
    fits = (np.clip(before + by, 0, 255) == got).all(axis=(1, 2, 3))
    return np.where(fits, by[:, 0, 0, 0], np.nan)


def _why_no_number(before: np.ndarray, got: np.ndarray, most: int) -> str:
    by = (got - before)[:, :1, *GREY, None, None]
    if ((before + by) % 256 == got).all():
        return (
            "What goes beyond 255 comes back at 0, and the other way round: bytes "
            "begin again. Compute with larger numbers, and limit them."
        )
    each = np.clip(before + _by_channel(got), 0, 255)
    if before.shape[1] > 1 and (each == got).all():
        return "Each channel has got a number of its own: that changes colours."
    if (got[:, :, *BLACK] == 0).all() and (got != before).any():
        return "A factor leaves black as it is. Here a number is added."
    if (np.abs(got - before) <= most).all():
        return "Each pixel, or each row, has got a number of its own: that is noise."
    return "Add a number to all pixels, and limit what comes to 0 … 255."


def _expect_fair(result: Result, found: np.ndarray, case: str) -> None:
    """All of -2 … 2, about as often as each other."""
    counts = {by: int((found == by).sum()) for by in range(-2, 3)}
    shown = ", ".join(f"{by:+d}: {count:,}".replace("-", "−") for by, count in
                      counts.items())  # fmt: skip
    line = f"Added over two calls: {shown}."
    fair = min(counts.values()) > 0.8 * len(found) / 5
    expect_that(result, fair, case, line, _why_unfair(counts))


def _why_unfair(counts: dict[int, int]) -> str:
    if not counts[-2] and not counts[-1]:
        return "Nothing ever gets darker."
    if not counts[2] and counts[1]:
        return "The largest number never comes: randint stops before its end."
    if not counts[0]:
        return "Nothing is ever left as it is; 0 is one of the numbers."
    return "All of them should be equally likely."


# ---- The light of another hour ----


@exercise("light-of-images", "images", "training", "alphas",
          by_hand=(*READY, "sklearn.decomposition", "torch.pca_lowrank"))  # fmt: skip
def in_other_light(answer: Answer, cases: Cases) -> None:
    """Oracle: singular values of the pixels less their mean."""
    for n, size, case in _lights(cases):
        images, training = _coloured(cases, n, *size), _coloured(cases, 24, 16, 25)
        alphas = normal(cases, n, 3)
        result = answer(images, training, alphas)
        expected = _nearest(result, images, alphas, _pixels(training))
        mistakes = _mistakes_light(images, training, alphas)
        expect(result, expected, case, mistakes)


def _lights(cases: Cases) -> Iterator[tuple[int, tuple[int, int], str]]:
    yield 4, (3, 5), "4 images of 3 × 5"
    yield 3, (3, 3), "3 images of 3 × 3"
    yield 1, (4, 2), "a single image"
    for number in cases.count(2):
        n, size = cases.integer(2, 5), (cases.integer(2, 6), cases.integer(2, 6))
        yield n, size, f"random {number}: {n} images"


def _coloured(cases: Cases, n: int, height: int, width: int) -> Tensor:
    """Images (n, 3, height, width) whose colours have three different spreads."""
    turn, _ = np.linalg.qr(cases.rng.normal(size=(3, 3)))
    own = cases.rng.normal(size=(n, height, width, 3)) * (0.25, 0.12, 0.05)
    images = own @ turn.T + cases.rng.uniform(0.3, 0.7, 3)
    return torch.from_numpy(images).permute(0, 3, 1, 2).float().contiguous()


def _directions(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Variances (3,), the largest first, and their directions as columns (3, 3)."""
    _, sizes, rows = torch.linalg.svd(pixels - pixels.mean(0), full_matrices=False)
    return sizes.square() / len(pixels), rows.T


def _all_signs(
    images: Tensor, alphas: Tensor, sizes: Tensor, columns: Tensor, count: int = 0
) -> Iterator[np.ndarray]:
    """The images in their new light, with each direction pointing either way.

    count: of pixels; sizes that were divided by one less are tried as well, and roots
    of such
    """
    less = count / (count - 1) if count else 1.0
    for factor in (1.0, less, less**0.5) if count else (1.0,):
        amounts = alphas.double() * sizes * factor
        for signs in product((1.0, -1.0), repeat=3):
            turned = columns * torch.tensor(signs, dtype=torch.double)
            yield (images + (amounts @ turned.T)[:, :, None, None]).numpy()


def _nearest(
    result: Result, images: Tensor, alphas: Tensor, pixels: Tensor
) -> np.ndarray:
    """Of the right answers the one that is nearest to what came.

    Eight, for the signs of the directions; twice, divided by one pixel less, too.
    """
    sizes, columns = _directions(pixels)
    less = sizes * len(pixels) / (len(pixels) - 1)
    right = [
        one
        for variances in (sizes, less)
        for one in _all_signs(images, alphas, variances, columns)
    ]
    got = array(result.outcome.value)
    if not isinstance(got, np.ndarray) or got.shape != right[0].shape:
        return right[0].astype(np.float32)
    if got.dtype.kind not in "iuf":
        return right[0].astype(np.float32)
    nearest = min(right, key=lambda one: float(np.abs(one - got).sum()))
    return nearest.astype(np.float32)  # the images' own type, which messages name


def _mistakes_light(images: Tensor, training: Tensor, alphas: Tensor) -> Mistakes:
    pixels, means = _pixels(training), training.double().mean((2, 3))
    stirred = training.double().reshape(3, -1).T  # what reshape takes for channels
    sizes, columns = _directions(pixels)
    count, firsts = len(pixels), alphas[:1].expand_as(alphas)
    wrong: list[tuple[Tensor, Tensor, Tensor, int, str]] = [
        (alphas, sizes.sqrt(), columns, count, "You multiply by the deviations, the "
         "roots; the formula has the variances."),
        (alphas, torch.ones(3), columns, 0, "The variances are missing: all directions "
         "count alike."),
        (alphas.flip(1), sizes, columns, count, "The first α is for the longest "
         "direction. eigh sorts from small to large."),
        (firsts, sizes, columns, count, "All images get the light of image 0. Each has "
         "its own α."),
        (alphas, sizes * count, columns, 0, "Divide the sums by the number of pixels: "
         "a variance is a mean."),
        (alphas, *_directions(stirred), count, "Channels are mixed up: "
         "reshape(3, -1) does not gather them. The axis of the channels has to come "
         "first."),
        (alphas, *_directions(_pixels(images)), images[:, 0].numel(), "The cloud is "
         "that of `images`; it should be that of `training`."),
        (alphas, *_directions(means), len(means), "Take all pixels, not the mean "
         "colour of each image."),
        (alphas, *_about_zero(pixels), count, "Subtract the mean of each channel "
         "first: a covariance is about the mean."),
    ]  # fmt: skip
    for draws, lengths, vectors, among, words in wrong:
        for value in _all_signs(images, draws, lengths, vectors, among):
            yield value, words
    yield from _rows_for_columns(images, alphas, sizes, columns)
    for value in _all_signs(images, alphas, sizes, columns, count):
        yield value.clip(0, 1), "Leave what is beyond 0 or 1 as it is."


def _pixels(images: Tensor) -> Tensor:
    return images.double().permute(0, 2, 3, 1).reshape(-1, 3)


def _about_zero(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Directions and mean squares without the mean taken away."""
    _, sizes, rows = torch.linalg.svd(pixels, full_matrices=False)
    return sizes.square() / len(pixels), rows.T


FORGOTTEN_TURN = (
    "You take the rows; eigenvectors are the columns. Is a .T missing somewhere?"
)


def _rows_for_columns(
    images: Tensor, alphas: Tensor, sizes: Tensor, columns: Tensor
) -> Mistakes:
    """With rows of the matrix in place of its columns, in either order."""
    amounts = alphas.double() * sizes
    for sorted_amounts, vectors in (
        (amounts.flip(1), columns.flip(1)),  # as eigh gives them, small first
        (amounts, columns),
    ):
        for signs in product((1.0, -1.0), repeat=3):
            matrix = vectors * torch.tensor(signs, dtype=torch.double)
            for less in (1, 1 + 1 / 9599):  # of the first cases
                colours = (less * sorted_amounts @ matrix)[:, :, None, None]
                yield (images + colours).numpy(), FORGOTTEN_TURN


# ---- Ten crops ----


@exercise("ten-crops", "model", "images", "size", by_hand=READY)
def ten_looks(answer: Maker, cases: Cases) -> None:
    """Oracle: windows by lists of rows and columns."""
    for shape, size, case in _photographs(cases):
        n, channels, *_ = shape
        classes = 4 if n != 4 else 3
        layers: Layers = [
            ["Flatten"],
            ["Linear", channels * size**2, classes],
            ["Dropout", 0.5],
        ]
        oracle = nn.Sequential(
            nn.Flatten(), nn.Linear(channels * size**2, classes), nn.Dropout(0.5)
        )
        with torch.no_grad():
            for parameter in oracle.parameters():
                parameter.copy_(normal(cases, *parameter.shape) * 2 / size)
        model = given_model(answer, layers, oracle)
        model.train()
        images = normal(cases, *shape)
        result = answer(model, images, size)
        expect_evaluation(result, log_of(answer, take=True), case)
        said = _said(oracle.eval(), images, size)
        expect(result, said.softmax(2).mean(0).numpy(), case,
               _mistakes_ten(oracle, images, size))  # fmt: skip


def _photographs(cases: Cases) -> Iterator[tuple[tuple[int, ...], int, str]]:
    yield (2, 3, 7, 10), 4, "2 images of 7 × 10, windows of 4"
    yield (3, 1, 9, 6), 3, "3 images of 9 × 6, windows of 3"
    yield (1, 2, 5, 5), 5, "a window as large as the image"
    yield (4, 2, 4, 7), 2, "4 images of 4 × 7, windows of 2"
    for number in cases.count(3):
        size, n = cases.integer(2, 5), cases.integer(1, 4)
        height, width = (size + cases.integer(0, 6) for _ in "ab")
        shape = (n, cases.integer(1, 3), height, width)
        yield shape, size, f"random {number}: {n} images, windows of {size}"


Corner = tuple[int, int]


def _corners(images: Tensor, size: int, *, up: bool = False) -> list[Corner]:
    """Upper left corners of the five windows; up: the middle is rounded up."""
    low, right = images.shape[2] - size, images.shape[3] - size
    middle = (low + up) // 2, (right + up) // 2
    return [(0, 0), (0, right), (low, 0), (low, right), middle]


@torch.no_grad()
def _said(
    oracle: nn.Module,
    images: Tensor,
    size: int,
    corners: list[Corner] | None = None,
    *,
    axis: int | None = 3,
) -> Tensor:
    """Scores (looks, n, classes), each window and then it mirrored along `axis`."""
    scores = []
    for top, left in corners or _corners(images, size):
        rows, columns = torch.arange(size) + top, torch.arange(size) + left
        window = images[:, :, rows][..., columns]
        scores.append(oracle(window))
        if axis is not None:
            scores.append(oracle(window.flip(axis)))
    return torch.stack(scores)


def _mistakes_ten(oracle: nn.Module, images: Tensor, size: int) -> Mistakes:
    said = _said(oracle, images, size)
    chances = said.softmax(2)
    yield (
        said.mean(0).softmax(1),
        (
            "You average the scores and take the softmax afterwards. Take it of each "
            "look, and average the probabilities."
        ),
    )
    yield said.mean(0), "Those are mean scores. Probabilities are asked for."
    yield (
        said.softmax(1).mean(0),
        (
            "Your softmax runs over the images of the batch; it should run over the "
            "classes."
        ),
    )
    yield chances.sum(0), "That is the sum of ten; asked is their mean."
    yield chances.sum(0) / 5, "There are ten looks; you divide by five."
    yield said.log_softmax(2).mean(0), "Those are logarithms of probabilities."
    yield (
        said.log_softmax(2).mean(0).exp(),
        ("You average logarithms; the probabilities themselves are averaged."),
    )
    some = [
        (_said(oracle, images, size, axis=None), "The mirror images are missing."),
        (said[1::2], "Those are the mirror images alone; the windows count as well."),
        (said[:8], "The window in the middle is missing."),
        (said[8:], "Those are two looks at the middle; there are four corners, too."),
        (_said(oracle, images, size, axis=2), "Top and bottom are swapped. In a mirror "
         "left and right are."),
        (_said(oracle, images.transpose(2, 3), size), "Rows and columns are exchanged: "
         "images are (n, c, h, w)."),
        (_said(oracle, images, size, _corners(images, size, up=True)), "The middle "
         "window lies too far down or to the right: round down."),
    ]  # fmt: skip
    for looks, words in some:
        yield looks.softmax(2).mean(0), words


# ---- Dropout ----

DROPS = (
    "torch.nn.modules.dropout",
    "torch.dropout",
    "torch.dropout_",
    "torch.native_dropout",
    "torch.feature_dropout",
    "torch.alpha_dropout",
    "torch.autograd",
    *(f"torch.nn.functional.{name}" for name in (
        "dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout",
        "feature_alpha_dropout")),
)  # fmt: skip


@exercise("own-dropout", "q", by_hand=DROPS)
def Dropout(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """No oracle: which numbers were kept can be seen in what came."""
    for q, shape in _layers(cases):
        layer, case = answer.make(q), f"q = {q}, x of shape {shape}"
        masks = []
        for turn in ("first", "second"):
            x, words = _not_zero(cases, *shape), f"{case}, {turn} forward"
            masks.append(_expect_forward(layer, x, q, words))
            _expect_backward(layer, masks, q, cases, f"{case}, after the {turn}")
        again = bool((masks[0] != masks[1]).any()) or q == 0
        result = layer.call("forward", x, True)
        expect_that(result, again, case, "Twice the same numbers were kept: throw dice "
                    "in every forward.")  # fmt: skip
        _expect_evaluation(layer, cases, shape, case)
    _expect_apart(answer, cases)
    for q in (1.0, -0.25, 1.5):
        expect_error(answer(q), "ValueError", f"q = {q}", "q must be at least 0 and "
                     "below 1.")  # fmt: skip


def _layers(cases: Cases) -> Iterator[tuple[float, tuple[int, ...]]]:
    yield 0.25, (60, 50)
    yield 0.8, (40, 90)
    yield 0.4, (12, 5, 9, 8)
    yield 0.0, (3, 1, 4)
    for _ in cases.count(2):
        yield round(cases.rng.uniform(0.1, 0.9), 2), (cases.integer(40, 60), 70)


def _not_zero(cases: Cases, *shape: int) -> Tensor:
    sizes = cases.rng.uniform(0.5, 3, shape) * cases.rng.choice([-1, 1], shape)
    return torch.from_numpy(sizes).float()


def _expect_forward(layer: MadeObject, x: Tensor, q: float, case: str) -> Tensor:
    """What was kept, after `forward` in training."""
    result = layer.call("forward", x, True)
    kept = torch.from_numpy(result.array(tuple(x.shape), case) != 0)
    expect(result, (kept * x / (1 - q)).numpy(), case, _mistakes_kept(kept, x, q))
    _expect_chance(result, kept, q, case)
    layer.tell("layer.forward(x, training=True)")
    return kept


def _mistakes_kept(kept: Tensor, x: Tensor, q: float) -> Mistakes:
    yield (
        kept * x,
        (
            "What is kept stays as large as it was: that is the convention of 2012. "
            "Inverted dropout divides it by 1 − q."
        ),
    )
    yield kept * x * (1 - q), "You multiply by 1 − q; divide by it."
    if q:
        yield kept * x / q, "You divide by q; divide by the chance to be kept, 1 − q."
    yield kept / (1 - q), "The numbers of x are missing in what is kept."


def _expect_chance(result: Result, kept: Tensor, q: float, case: str) -> None:
    if q:
        _expect_own_dice(result, kept, case)
    share, spread = kept.double().mean().item(), 5 * (q * (1 - q) / kept.numel()) ** 0.5
    line = f"{share:.1%} of the numbers were kept; it should be about {1 - q:.0%}."
    why = ""
    if abs(share - q) <= spread:
        why = "q is the probability to be silent, not to be kept."
    expect_that(result, abs(share - 1 + q) <= spread + 1e-9, case, line, why)


def _expect_own_dice(result: Result, kept: Tensor, case: str) -> None:
    rows = bool((kept != kept[:1]).any())
    expect_that(result, rows, case, "The same units are silent for all images: throw "
                "dice for each image.")  # fmt: skip
    flat = kept.flatten(1)
    whole = bool((flat != flat[:, :1]).any())
    expect_that(result, whole, case, "Each image is silent as a whole or not at all: "
                "throw dice for each unit.")  # fmt: skip
    if kept.dim() == 4:
        maps = bool((kept != kept[:, :, :1, :1]).any())
        expect_that(result, maps, case, "Whole maps are silent: throw dice for every "
                    "single number.")  # fmt: skip


def _expect_backward(
    layer: MadeObject, masks: list[Tensor], q: float, cases: Cases, case: str
) -> None:
    kept = masks[-1]
    slope = _not_zero(cases, *kept.shape)
    result = layer.call("backward", slope)
    right = (kept * slope / (1 - q)).numpy()
    expect(result, right, case, _mistakes_back(result, masks, slope, q))


def _mistakes_back(
    result: Result, masks: list[Tensor], slope: Tensor, q: float
) -> Mistakes:
    kept = masks[-1]
    yield slope, "The gradient comes back as it went in; dropped units get none."
    yield (
        kept * slope,
        ("The factor 1/(1 − q) is missing on the way back: forward multiplied by it."),
    )
    yield slope / (1 - q), "What was silent gets a gradient: the mask is missing."
    yield kept * slope * (1 - q), "On the way back you multiply by 1 − q."
    if len(masks) > 1:
        yield (
            masks[0] * slope / (1 - q),
            ("That is the mask of an earlier forward; the last one counts."),
        )
    got = array(result.outcome.value)
    if isinstance(got, np.ndarray) and got.shape == tuple(slope.shape):
        other = torch.from_numpy(got != 0)
        yield (
            other * slope / (1 - q),
            ("Backward has thrown dice of its own. It needs those of forward."),
        )


def _expect_evaluation(
    layer: MadeObject, cases: Cases, shape: tuple[int, ...], case: str
) -> None:
    x, slope = _not_zero(cases, *shape), _not_zero(cases, *shape)
    words = f"{case}, in evaluation"
    result = layer.call("forward", x, False)
    got = array(result.outcome.value)
    silent = (
        isinstance(got, np.ndarray) and got.shape == shape and bool((got == 0).any())
    )
    drops = [(got, "Units are silent in evaluation, too. Look at `training`.")]
    expect(result, x.numpy(), words, drops if silent else _halved(x, cases))
    layer.tell("layer.forward(x, training=False)")
    result = layer.call("backward", slope)
    expect(result, slope.numpy(), f"{words}, backward", [(result.outcome.value, "After "
           "a forward in evaluation the gradient passes unchanged.")])  # fmt: skip


def _halved(x: Tensor, cases: Cases) -> Mistakes:
    return [
        (x * factor, "Inverted dropout leaves evaluation alone; 2012 multiplied there.")
        for factor in np.round(np.arange(0.01, 1, 0.01), 2)
    ]


def _expect_apart(answer: Maker, cases: Cases) -> None:
    """Two layers have a mask each."""
    first, second = answer.make(0.5), answer.make(0.5)
    x, slope = (_not_zero(cases, 30, 20) for _ in "ab")
    case = "two layers in turn"
    kept = _expect_forward(first, x, 0.5, case)
    _expect_forward(second, x, 0.5, case)
    result = first.call("backward", slope)
    expect(result, (2 * kept * slope).numpy(), case, [(result.outcome.value, "Two "
           "layers share one mask: keep it in self.")])  # fmt: skip


# ---- Three worlds ----

GOALS = {"digits": 0.65, "cars": 0.75, "signs": 0.9}
LUCK, EPOCHS, DRAWINGS = 0.05, 20, 2


@exercise("three-worlds", "images", "kind")
def changed(answer: Answer, cases: Cases) -> None:
    """No oracle: what a network learns from it is seen on images of the wide world.

    Another seed draws other worlds: what passed here must pass there.
    """
    for kind in CLASSES:
        seeds = cases.rng.integers(1_000, 10**6, DRAWINGS).tolist()
        drawn = [world(kind, seed) for seed in seeds]
        for one in drawn:
            _expect_images(answer(one.training.images[:5], kind), one, 5, kind)
        _expect_dice(answer, drawn[0], kind)
        runs = [_taught(answer, one, kind) for one in drawn]
        share = float(np.mean([part for part, _, _ in runs]))
        _, result, images = runs[-1]
        goal = GOALS[kind] - LUCK * cases.hard
        told = f"{share:.1%} of the later {kind} are read; {goal:.0%} should be."
        expect_that(
            result, share >= goal, kind, told, _why_unread(result, images, kind)
        )


def _expect_dice(answer: Answer, drawn: World, kind: str) -> None:
    """Forty copies of one image, twice; a mere flip is refused once in 2^39 times."""
    twins, seen = drawn.training.images[:1].repeat(40, 1, 1, 1), []
    for _ in range(2):
        result = answer(twins, kind)
        result.array(tuple(twins.shape), kind)
        seen.append(torch.as_tensor(array(result.outcome.value)))
    first, second = seen
    if bool((first == twins).all()):
        return  # not changed at all: the accuracy will tell
    for alike, words, advice in (
        ((first == first[:1]).all(), "40 copies of one image were all changed alike.",
         "Each image needs a throw of its own."),
        ((first == second).all(), "Two calls changed the images in the same way.",
         "Throw new dice in every call."),
    ):  # fmt: skip
        if alike:
            fail(result, kind, words, advice)


def _expect_images(result: Result, drawn: World, n: int, case: str) -> None:
    images = drawn.training.images[:n]
    result.array(tuple(images.shape), case)
    _expect_type(result, images, case)


def _taught(answer: Answer, drawn: World, kind: str) -> tuple[float, Result, Tensor]:
    """How much a network reads that has learned from changed images."""
    images, labels = drawn.training.images, drawn.training.labels
    model = _reader(images.shape[1], len(drawn.names))
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(EPOCHS):
        for group in adam.param_groups:
            group["lr"] = 0.01 * min((epoch + 1) / 4, (EPOCHS - epoch) / EPOCHS)
        result = answer(images, kind)
        _expect_images(result, drawn, len(images), kind)
        x = torch.as_tensor(array(result.outcome.value)).float() / 255
        for batch in torch.randperm(len(x)).split(40):
            adam.zero_grad()
            F.cross_entropy(model(x[batch]), labels[batch]).backward()
            adam.step()
    with torch.no_grad():
        said = model.eval()(drawn.fresh.images.float() / 255).argmax(1)
    return float((said == drawn.fresh.labels).double().mean()), result, images


def _reader(channels: int, classes: int) -> nn.Module:
    features: list[nn.Module] = []
    for before, after in ((channels, 10), (10, 20)):
        layer, norm = nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after)
        features += [layer, norm, nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*features, nn.Flatten(), nn.Linear(20 * 16, classes))


def _why_unread(result: Result, images: Tensor, kind: str) -> str:
    got = torch.as_tensor(array(result.outcome.value)).float()
    x = images.float()
    if bool((got == x).all()):
        return "Nothing was changed. What differs between the two rows of the figure?"
    return _WHY[kind](got, x)


def _nearer(got: Tensor, x: Tensor, *axes: int) -> float:
    """The part of the images that look more like their mirror image than themselves."""
    seen, itself = _clear(got), _clear(x)
    far = [
        torch.minimum(*((seen - sign * one).abs().mean((1, 2, 3)) for sign in (1, -1)))
        for one in (itself, itself.flip(axes))
    ]
    return (far[1] < 0.85 * far[0]).float().mean().item()


def _clear(images: Tensor) -> Tensor:
    """The grey images in equal light, with equal contrast."""
    grey = images.mean(1, keepdim=True)
    middle, spread = grey.mean((2, 3), keepdim=True), grey.std((2, 3), keepdim=True)
    return (grey - middle) / (spread + 1)


def _why_digits(got: Tensor, x: Tensor) -> str:
    if max(_nearer(got, x, 3), _nearer(got, x, 2), _nearer(got, x, 2, 3)) > 0.2:
        return "Are some digits mirrored, or on their heads? Do any come so later?"
    return "Do they lie as far off the middle, and as askew, as the later ones?"


def _why_cars(got: Tensor, x: Tensor) -> str:
    if _nearer(got, x, 2) > 0.15:
        return "Do some cars drive on their roofs? Do any come so later?"
    if _nearer(got, x, 3) < 0.05:
        return "Do your cars drive to both sides? Later they do."
    mean = got.mean((2, 3))
    if (mean.amax(1) - mean.amin(1) < 3).float().mean() > 0.75:
        return "Your cars are grey. Which colours will come?"
    if (mean[:, 0] - mean[:, 1:].amax(1) > 3).float().mean() > 0.75:
        return "Most cars are still red. Which colours will come?"
    return "Both directions and many colours are there. What else differs?"


def _why_signs(got: Tensor, x: Tensor) -> str:
    if _nearer(got, x, 3) > 0.15:
        return "What does a b become in a mirror, and which label does it keep?"
    if _nearer(got, x, 2) > 0.15:
        return "What does a b become on its head, and which label does it keep?"
    before, after = (
        one[:, 0].mean((1, 2)) > one[:, 2].mean((1, 2)) for one in (x, got)
    )
    if (before != after).float().mean() > 0.1:
        return "Some red signs have turned blue. Is the ground a part of the label?"
    if (got.std((1, 2, 3)) / x.std((1, 2, 3))).min() > 0.6:
        return "None of your signs stands in the fog. What does fog do to colours?"
    return "There is fog. Do they also hang askew, and off the middle?"


_WHY: dict[str, Callable[[Tensor, Tensor], str]] = {
    "digits": _why_digits,
    "cars": _why_cars,
    "signs": _why_signs,
}
