"""Checks of "Where to go from here"."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from coursekit import atlas
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
from coursekit.checks.expect_budget import (
    expect_budget,
    expect_learned_inside,
    expect_nothing_outside,
    scores_of,
)
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal

what_it_costs = quiz("what-it-costs")
six_blocks = quiz("six-blocks")


# ---- A road to a goal ----

Needs = Mapping[str, Sequence[str]]
SMALL: Needs = {
    "routing": ["softmax", "pooling"],
    "pooling": ["sizes", "gradients"],
    "softmax": ["gradients"],
    "gradients": ["sizes"],
    "sizes": ["windows"],
    "chords": ["windows", "sound"],
}
CIRCLE = (
    "Things that need each other in a circle can never be learned: raise a ValueError."
)


@exercise("road-to-a-goal", "goal", "needs")
def road_to(answer: Answer, cases: Cases) -> None:
    """Oracle: the set of all that is needed; any order of it that works is right."""
    for goal, case in (
        ("pooling", "five things"),
        ("routing", "two roads lead to one thing"),
        ("sizes", "a name that is no key"),
        ("chords", "what nobody else needs"),
        ("windows", "a goal that needs nothing"),
    ):
        _road(answer, goal, SMALL, case)
    late = dict(reversed(list(SMALL.items())))
    _road(answer, "routing", late, "the same, written down the other way round")
    _road(answer, "a", {"a": ["b", "c"], "c": ["d"], "d": ["b"]}, "needed twice")
    _road(answer, "a", {"a": [], "b": ["a"]}, "an empty list")
    chain = {f"n{at}": [f"n{at - 1}"] for at in range(1, 30)}
    _road(answer, "n29", chain, "thirty in a row, no circle")
    _circles(answer)
    known = atlas.needs()
    goal = list(known)[cases.integer(5, len(known) - 1)]
    _road(answer, goal, known, "the course itself")
    for number in cases.count(4):
        size = cases.integer(4, 9)
        needs = _random_needs(cases, size)
        _road(answer, f"n{cases.integer(2, size - 1)}", needs, f"random {number}")


def _circles(answer: Answer) -> None:
    needs = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["b"], "e": ["f"], "f": []}
    for goal in ("a", "c"):
        expect_error(answer(goal, needs), "ValueError", "a circle of three", CIRCLE)
    expect_error(answer("d", needs), "ValueError", "a circle on the road", CIRCLE)
    alone = {"a": ["a"], "b": ["a"]}
    expect_error(answer("b", alone), "ValueError", "a thing that needs itself", CIRCLE)
    _road(answer, "e", needs, "a circle elsewhere")


def _random_needs(cases: Cases, size: int) -> dict[str, list[str]]:
    """n0 … in some order of keys; each needs some of those before it."""
    found = {
        f"n{at}": [f"n{one}" for one in range(at) if cases.rng.random() < 0.4][::-1]
        for at in range(size)
    }
    return {f"n{at}": found[f"n{at}"] for at in cases.rng.permutation(size)}


def _road(answer: Answer, goal: str, needs: Needs, case: str) -> None:
    result = answer(goal, {name: list(some) for name, some in needs.items()})
    if result.outcome.raised:
        _advise_raised(result, case)
    expect_that(result, True, case, wanted="a list of names")
    road = result.outcome.value
    if type(road) is not list or not all(type(name) is str for name in road):
        fail(result, case, f"returned {noun(road)}; expected a list of names")
    wrong = _wrong_road(road, goal, needs)
    told = f"yours: {road}" if len(road) < 30 else ""
    expect_that(result, not wrong, case, *[told] * bool(wrong), wrong)


def _advise_raised(result: Result, case: str) -> None:
    """Errors that come of one of the three rules."""
    raised = result.outcome.raised
    said = f"your function raised {raised.shown}" if raised else ""
    if raised and raised.kinds[0] == "KeyError":
        fail(result, case, said, "A name that is no key of `needs` needs nothing: "
             "needs.get(name, []).")  # fmt: skip
    if raised and raised.kinds[0] == "ValueError" and "in a row" not in case:
        elsewhere = "A circle elsewhere does not matter: what does the goal need?"
        crossing = (
            "There is no circle on this road. What is met twice, on two roads, is "
            "none: only what was begun and is not finished."
        )
        fail(result, case, said, elsewhere if "elsewhere" in case else crossing)


def _wrong_road(road: list[str], goal: str, needs: Needs) -> str:
    """What is wrong with a road; "" when nothing is."""
    right = _all_of(goal, needs)
    if twice := [name for name in road if road.count(name) > 1]:
        return f"{twice[0]!r} stands there twice. Once is enough, the first time."
    if missing := sorted(right - set(road)):
        return f"{missing[0]!r} is missing. {_why_missing(missing[0], goal, needs)}"
    if extra := sorted(set(road) - right):
        return f"{extra[0]!r} is not needed for {goal!r}."
    place = {name: at for at, name in enumerate(road)}
    for name in road:
        for other in needs.get(name, ()):
            if place[other] > place[name]:
                return f"{name!r} needs {other!r}, which comes later."
    return "" if road[-1] == goal else f"The last should be the goal, {goal!r}."


def _why_missing(name: str, goal: str, needs: Needs) -> str:
    if name == goal:
        return "The goal itself is the last of the list."
    if name not in needs.get(goal, ()):
        return "What is needed may need others in turn."
    return "The goal needs it directly."


def _all_of(goal: str, needs: Needs) -> set[str]:
    found, waiting = {goal}, [goal]
    while waiting:
        new = set(needs.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


# ---- Self-attention ----

READY = (
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch.nn.MultiheadAttention",
)
Matrices = tuple[np.ndarray, np.ndarray, np.ndarray]
SOFT = 0.25  # so that no softmax of the first case is decided


@exercise("attend", "x", "query", "key", "value", "heads", by_hand=READY)
def attend(answer: Answer, cases: Cases) -> None:
    """Oracle: the formulas place by place, in float64."""
    first = "three places in a row, two channels"
    _attended(answer, cases, (1, 2, 1, 3), 1, first, SOFT)
    for shape, heads, case in (
        ((3, 6, 2, 4), 1, "three images of 2 × 4 places"),
        ((1, 6, 3, 2), 3, "three heads of two channels"),
        ((2, 6, 2, 3), 2, "two heads of three channels"),
        ((2, 4, 3, 5), 4, "a head for each channel"),
        ((3, 3, 1, 1), 1, "a single place"),
    ):
        _attended(answer, cases, shape, heads, case)
    _attended(answer, cases, (1, 4, 3, 2), None, "no heads given")
    _attended(answer, cases, (1, 4, 2, 3), 2, "large numbers", 40.0)
    for number in cases.count(3):
        heads, size = cases.integer(1, 3), cases.integer(1, 3)
        shape = (cases.integer(1, 3), heads * size, cases.integer(1, 4),
                 cases.integer(2, 5))  # fmt: skip
        _attended(answer, cases, shape, heads, f"random {number}: {shape}, {heads}")
    x, matrix = normal(cases, 1, 6, 2, 2), normal(cases, 6, 6)
    for heads in (4, 5):
        why = f"Six channels cannot be cut into {heads} equal groups: a ValueError."
        expect_error(answer(x, matrix, matrix, matrix, heads), "ValueError",
                     f"six channels, {heads} heads", why)  # fmt: skip


def _attended(
    answer: Answer,
    cases: Cases,
    shape: tuple[int, ...],
    heads: int | None,
    case: str,
    large: float = 1.0,
) -> None:
    channels = shape[1]
    x = min(large, 1) * normal(cases, *shape) + 0.005
    given = [normal(cases, channels, channels) / 3 + 0.01 for _ in range(3)]
    given[0] = max(large, 1) * given[0]
    numbers = x.numpy().astype(float)
    w: Matrices = tuple(one.numpy().astype(float) for one in given)  # type: ignore[assignment]
    right = _attention(numbers, w, heads or 1)
    result = answer(x, *given, *([] if heads is None else [heads]))
    _advise_float(result, case)
    right = _as_theirs(right, result)
    size = _size(numbers, w)
    mistakes = _mistakes_attention(numbers, w, heads or 1)
    expect(result, right, case, mistakes, np.full(shape, size))


def _as_theirs(right: np.ndarray, result: Result) -> np.ndarray:
    """In the type of their numbers, which is not judged, so that none is shown."""
    value = array(result.outcome.value)
    if isinstance(value, np.ndarray) and value.dtype in (np.float32, np.float64):
        return right.astype(value.dtype)
    return right


def _size(x: np.ndarray, w: Matrices) -> float:
    """Rounding of the scores is carried on by the exponential."""
    scores = (
        np.abs(w[0]).sum(1).max() * np.abs(w[1]).sum(1).max() * np.abs(x).max() ** 2
    )
    values = np.abs(w[2]).sum(1).max() * np.abs(x).max()
    return float(values * (1 + scores))


def _advise_float(result: Result, case: str) -> None:
    value = result.outcome.value
    bad = isinstance(value, Tensor) and bool(torch.isnan(value).any())
    bad = bad or (isinstance(value, np.ndarray) and bool(np.isnan(value).any()))
    if bad:
        fail(result, case, "there is a nan in it", "The exponential of a large score "
             "overflows: take away the largest score of the row first, or let softmax "
             "do it.")  # fmt: skip


def _attention(
    x: np.ndarray,
    w: Matrices,
    heads: int,
    *,
    axis: int = 1,
    root: float | None = None,
    turned: bool = False,
    interleaved: bool = False,
    swapped: bool = False,
    stacked: bool | None = None,
    back: bool = False,
    asked: np.ndarray | None = None,
) -> np.ndarray:
    """Attention, right or with a mistake.

    root: what the scores are divided by; asked: who may be asked by whom, if not all
    stacked: whether outputs lie one head after the other, if not as the inputs do
    back: values are summed over the places that ask
    """
    n, c = x.shape[:2]
    out = np.zeros_like(x)
    d = c // heads
    for image in range(n):
        rows = x[image].reshape(c, -1).T
        q, k, v = (rows @ (m if turned else m.T) for m in w)
        q, k = (k, q) if swapped else (q, k)
        for head in range(heads):
            whole = slice(head * d, (head + 1) * d)
            at = slice(head, None, heads) if interleaved else whole
            scores = q[:, at] @ k[:, at].T / (math.sqrt(d) if root is None else root)
            if asked is not None:
                scores = np.where(asked, scores, -np.inf)
            shares = _softmax(scores, axis)
            y = (shares.T if back else shares) @ v[:, at]
            end = slice(head, None, heads) if stacked is False else whole
            out[image].reshape(c, -1)[at if stacked is None else end] = y.T
    return out


def _softmax(scores: np.ndarray, axis: int) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def _mistakes_attention(x: np.ndarray, w: Matrices, heads: int) -> Mistakes:
    c, d = x.shape[1], x.shape[1] // heads
    yield (
        _attention(x, w, heads, axis=0),
        "The softmax runs over the places that ask. For each of them the shares over "
        "the places that are *asked* sum to 1.",
    )
    yield (
        _attention(x, w, heads, back=True),
        "The shares are right, but each place sums over those that ask *it*. They have "
        "to be transposed.",
    )
    yield _attention(x, w, heads, root=1), "The comparisons are divided by √d."
    yield _attention(x, w, heads, root=d), "By the root of d, not by d."
    if heads > 1:
        yield from _mistakes_heads(x, w, heads)
    for root in (heads, d):
        yield (
            _attention(x, w, d, root=math.sqrt(root)),
            f"Are heads and d exchanged? A head here has {d} of the {c} channels.",
        )
    yield (
        _attention(x, w, heads, turned=True),
        "The matrices act from the left, W x. With rows of places it is x @ W.T.",
    )
    yield _attention(x, w, heads, swapped=True), "Are query and key exchanged?"
    yield from _other_places(x, w, heads)
    yield from _other_images(x, w, heads)
    yield from _other_values(x, w, heads)
    yield from _other_axes(x, _attention(x, w, heads))


def _mistakes_heads(x: np.ndarray, w: Matrices, heads: int) -> Mistakes:
    yield (
        _attention(x, w, heads, root=math.sqrt(x.shape[1])),
        "With several heads d is the number of channels of *one* head.",
    )
    yield _attention(x, w, 1), "Each head attends on its own: is `heads` used?"
    yield (
        _attention(x, w, heads, interleaved=True),
        "The first d channels belong to the first head, the next d to the second.",
    )
    yield (
        _attention(x, w, heads, interleaved=True, stacked=True),
        "The channels of one head lie side by side: cut them as (heads, d), not as "
        "(d, heads).",
    )
    yield (
        _attention(x, w, heads, stacked=False),
        "The outputs are stacked in another order than the channels were cut: those of "
        "the first head come first.",
    )


def _other_places(x: np.ndarray, w: Matrices, heads: int) -> Mistakes:
    """Not all places are asked."""
    row, column = np.divmod(np.arange(x.shape[2] * x.shape[3]), x.shape[3])
    if len(row) > 1:
        yield (
            _attention(x, w, heads, asked=~np.eye(len(row), dtype=bool)),
            "A place may ask itself, too: the shares run over *all* places.",
        )
    for line, name in ((row, "row"), (column, "column")):
        yield (
            _attention(x, w, heads, asked=line[:, None] == line),
            f"Each place asks only its own {name}. Make one axis of height and width "
            "first: all places are asked.",
        )


def _other_images(x: np.ndarray, w: Matrices, heads: int) -> Mistakes:
    n, c, h, width = x.shape
    one = x.transpose(1, 0, 2, 3).reshape(1, c, n * h, width)
    mixed = _attention(one, w, heads).reshape(c, n, h, width)
    yield (
        mixed.transpose(1, 0, 2, 3),
        "Places ask those of other images, too. Each image attends on its own.",
    )
    first = _attention(x[:1], w, heads)
    zeros = np.zeros_like(x[1:])
    for others in (zeros, x[1:], np.broadcast_to(first, x.shape)[1:]):
        yield (
            np.concatenate([first, others]),
            "Only the first image is right. Are the others looked at?",
        )


def _other_values(x: np.ndarray, w: Matrices, heads: int) -> Mistakes:
    eye = np.eye(x.shape[1])
    yield (
        _attention(x, (w[0], w[1], eye), heads),
        "It is the values that are summed, not what came in.",
    )
    yield (
        _attention(x, (eye, eye, w[2]), heads),
        "Queries are compared with keys, not the columns of x themselves.",
    )
    yield (
        x + _attention(x, w, heads),
        "That is with a shortcut. Here only the attention is asked for.",
    )
    even = np.full_like(x, 1.0) * np.einsum("oc,nchw->no", w[2], x)[:, :, None, None]
    yield (
        even / (x.shape[2] * x.shape[3]),
        "Everybody is asked as much: do the scores count?",
    )


def _other_axes(x: np.ndarray, right: np.ndarray) -> Mistakes:
    n, c, height, width = x.shape
    rows = right.reshape(n, c, -1).transpose(0, 2, 1)
    yield rows, "Those are rows of places: bring them back to (N, channels, h, w)."
    yield right.reshape(n, c, -1), "The places have to become (h, w) again."
    yield (
        rows.reshape(n, c, height, width),
        "A reshape does not turn axes: put the channels in front first, then (h, w).",
    )
    yield (
        right.transpose(0, 1, 3, 2).reshape(right.shape),
        "Height and width are mixed up on the way.",
    )
    for turned in (right.transpose(0, 1, 3, 2), right.reshape(n, c, width, height)):
        yield turned, "Height and width are exchanged at the end: (N, channels, h, w)."


# ---- A patch is a stride ----


@exercise("patch-kernel", "weight", "patch")
def patch_kernel(answer: Answer, cases: Cases) -> None:
    """Oracle: each number is put into its place."""
    for outputs, patch, channels, case in (
        (1, (1, 2), 3, "two pixels side by side, three channels"),
        (2, (3, 2), 4, "patches of 3 × 2"),
        (5, (2, 4), 1, "a single channel"),
        (3, (1, 1), 2, "patches of one pixel"),
        (4, (3, 3), 3, "square patches"),
    ):
        _kernel(answer, cases, outputs, patch, channels, case)
    for number in cases.count(3):
        patch = (cases.integer(1, 4), cases.integer(2, 5))
        _kernel(answer, cases, cases.integer(1, 4), patch, cases.integer(2, 5),
                f"random {number}: patches of {patch[0]} × {patch[1]}")  # fmt: skip


def _kernel(
    answer: Answer,
    cases: Cases,
    outputs: int,
    patch: tuple[int, int],
    channels: int,
    case: str,
) -> None:
    rows, columns = patch
    weight = normal(cases, outputs, rows * columns * channels) + 0.005
    weight = weight + torch.arange(weight.numel()).view_as(weight) / 16
    right = np.zeros((outputs, channels, rows, columns), np.float32)
    sizes = (outputs, rows, columns, channels)
    for o, r, c, at in itertools.product(*map(range, sizes)):
        right[o, at, r, c] = weight[o, (r * columns + c) * channels + at]
    expect(answer(weight, patch), right, case, _mistakes_kernel(weight, patch, right))


def _mistakes_kernel(
    weight: Tensor, patch: tuple[int, int], right: np.ndarray
) -> Mistakes:
    rows, columns = patch
    outputs, channels = right.shape[:2]
    yield (
        weight.reshape(outputs, channels, rows, columns).numpy(),
        "The channels run fastest in the row, so they are its *last* axis. Reshape to "
        "that first, and move the axes then.",
    )
    yield right.transpose(0, 2, 3, 1), "A kernel is (outputs, channels, rows, columns)."
    yield right.transpose(0, 1, 3, 2), "Rows and columns are exchanged."
    by_columns = weight.reshape(outputs, columns, rows, channels).numpy()
    yield by_columns.transpose(0, 3, 2, 1), "Patches are written row by row."
    yield by_columns.transpose(0, 3, 1, 2), "(rows, columns), not (columns, rows)."
    yield right[:, :, ::-1, ::-1], "Nothing is flipped: layers correlate (week 1)."
    turned = weight.reshape(outputs, rows, columns, channels).numpy()
    yield turned.transpose(0, 3, 2, 1), "Rows and columns are exchanged."


# ---- As far as a rook sees ----

BUDGET, GOAL, LUCK = 3_000, 0.95, 0.02
HALF_WAY = 0.75  # no network with strange numbers tells so many right
LEARN, FRESH = 400, 200
SIZES = ((12, 12), (9, 17))


@exercise("as-far-as-a-rook", "boards", "content",
          by_hand=("coursekit.models", "coursekit.train"))  # fmt: skip
def learn_content(answer: Maker, cases: Cases) -> None:
    """No oracle: what was learned is seen on boards that the answer has never had."""
    least = GOAL - LUCK * cases.hard
    deal = cases.integer(0, 10**6)
    model = answer.make_module(*rook_boards(LEARN, *SIZES[0], deal, deal + 1))
    model.story[-1:] = ["model = learn_content(boards, content)"]
    case = f"{LEARN} boards"
    expect_budget(model, BUDGET, case, "Where do most of them sit?")
    model.eval()
    for number, size in enumerate(SIZES, 2):
        fresh, truth = rook_boards(FRESH, *size, deal, deal + number)
        _shaped(model, fresh)
        expect_nothing_outside(model, case, fresh[:1], fresh[1:4])
        _told(model, fresh, truth, least)
    expect_learned_inside(
        model, cases, lambda: _judged(model, fresh, truth), HALF_WAY, case
    )


def _shaped(model: MadeModule, fresh: Tensor) -> None:
    for few, words in ((1, "a single board"), (3, "three boards")):
        model(fresh[:few]).array((few, *fresh.shape[2:]), f"scores of {words}")


def _judged(model: MadeModule, fresh: Tensor, truth: Tensor) -> tuple[float, str]:
    """What a network that may be broken tells right."""
    some, there = fresh[:50], (fresh[:50].abs().sum(1) > 0).numpy()
    scores = scores_of(model(some), (50, *fresh.shape[2:]))
    right = _share(scores, truth[:50].numpy(), there)
    return right, f"still {right:.0%} of the things are told right"


def _told(model: MadeModule, fresh: Tensor, truth: Tensor, least: float) -> None:
    height, width = fresh.shape[2:]
    case = f"{FRESH} fresh boards of {height} × {width}"
    parts = [
        model(part).array((len(part), height, width), case) for part in fresh.split(50)
    ]
    scores, there = np.concatenate(parts), (fresh.abs().sum(1) > 0).numpy()
    right = _share(scores, truth.numpy(), there)
    lines = (
        f"{math.floor(1000 * right) / 10:.1f} % of the things are told right; at least "
        f"{100 * least:.0f} % are asked.",
        _why_not(scores, truth.numpy(), there),
    )
    found = replace(model(fresh[:1]), part=" > 0")
    expect_that(found, right >= least, case, *lines)


def _share(scores: np.ndarray, truth: np.ndarray, there: np.ndarray) -> float:
    """How many of the things are told right."""
    return float(((scores > 0) == truth)[there].mean())


def _why_not(scores: np.ndarray, truth: np.ndarray, there: np.ndarray) -> str:
    right, above = _share(scores, truth, there), float((scores > 0)[there].mean())
    square = scores.shape[1] == scores.shape[2]
    if not square and right < GOAL:
        return (
            "On boards of 12 × 12 it was good enough. What in it depends on how long a "
            "row or a column is: a sum, a mean, a position, an edge?"
        )
    if not 0.01 < above < 0.99:
        return (
            f"Scores above 0 mean content: {above:.0%} of yours are. Do they come out "
            "of a sigmoid, or of a logarithm? If not: has it learned at all?"
        )
    if square and _share(scores.swapaxes(1, 2), truth, there) > 0.8 > right:
        return "Height and width of your scores are exchanged: (n, height, width)."
    if right < 0.53:
        return (
            "That is what guessing gives. Has it learned at all? And can it tell who "
            "stands in the same row or column from who stands anywhere?"
        )
    if right < 0.65:
        return "Hardly better than guessing. How far does each of its units see?"
    if right < 0.8:
        return (
            "It knows something about who is content, but misses many. Does it see "
            "along the rows *and* along the columns, up to the edges?"
        )
    return (
        "It is on the right way. More steps, a rate that comes down at the end, a "
        "wider layer before it decides, or something that asks *whether* a colour is "
        "there, not how often?"
    )


def rook_boards(
    count: int, height: int, width: int, deal: int, seed: int
) -> tuple[Tensor, Tensor]:
    """As in the lesson: boards (count, 3, height, width), and who is content."""
    colours, likes = dealt(deal)
    dice = torch.Generator().manual_seed(seed)
    there = torch.rand(count, height, width, generator=dice) < 4.2 / (
        height + width - 2
    )
    kinds = F.one_hot(torch.randint(6, there.shape, generator=dice), 6)
    kinds = (kinds * there[..., None]).movedim(3, 1).float()
    seen = kinds.sum(2, keepdim=True) + kinds.sum(3, keepdim=True) > 0
    content = (kinds * seen[:, likes]).sum(1) > 0
    noise = 0.15 * torch.randn(count, 3, height, width, generator=dice)
    boards = torch.einsum("nkhw,kc->nchw", kinds, colours) + noise * there[:, None]
    return boards, content


def dealt(deal: int) -> tuple[Tensor, Tensor]:
    """As in the lesson: six colours, and which of them each one likes."""
    dice = torch.Generator().manual_seed(deal)
    axes = torch.linalg.qr(torch.randn(3, 3, generator=dice))[0]
    likes = torch.arange(6)
    while (likes == torch.arange(6)).any():
        likes = torch.randperm(6, generator=dice)
    return torch.cat([axes, -axes]), likes
