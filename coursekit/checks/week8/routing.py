"""Checks of "From pooling to routing"."""

import itertools
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.checks.compare import alike
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
from coursekit.checks.loops import applied
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal

READY = ("coursekit.models", "coursekit.explore")

how_much_is_forgotten = quiz("how-much-is-forgotten")
sick_routings = quiz("sick-routings")


# ---- The eye's vote ----

Place = tuple[float, float, float]  # of a part in its whole: x, y, degrees


@exercise("the-eyes-vote", "ax", "ay", "degrees")
def vote_matrix(answer: Answer, cases: Cases) -> None:
    """Oracle: homogeneous matrices; W is read off from the poses of four wholes."""
    for place in (
        (1.5, -0.7, 25.0),
        (-1.25, 2.0, -110.0),
        (2.0, 0.5, 0.0),
        (0.0, 0.0, 40.0),
    ):
        _votes(answer, place, f"a part at {place[:2]}, turned by {place[2]:g}°")
    _votes(answer, (3, -2, 90), "whole numbers")
    for number in cases.count(4):
        x, y = cases.floats(2).tolist()
        place = (x + 0.005, y - 0.005, float(cases.integer(-300, 300)) + 0.5)
        _votes(answer, place, f"random {number}")


def _votes(answer: Answer, place: Place, case: str) -> None:
    right = _matrix(*place)
    size = np.full((4, 4), 10 * (1 + np.hypot(*place[:2])))
    expect(answer(*place), right, case, _mistakes_vote(place), scale=size)


def _homogeneous(x: float, y: float, degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, x], [s, c, y], [0, 0, 1]])


def _four(matrix: np.ndarray) -> np.ndarray:
    """The pose (cos, sin, x, y) in a homogeneous matrix."""
    return np.array([matrix[0, 0], matrix[1, 0], matrix[0, 2], matrix[1, 2]])


WHOLES = ((0.0, 0.0, 10.0), (3.0, -1.0, 100.0), (-2.0, 4.0, 200.0), (1.0, 2.0, 310.0))


def _matrix(ax: float, ay: float, degrees: float) -> np.ndarray:
    place = _homogeneous(ax, ay, degrees)
    wholes = [_homogeneous(*whole) for whole in WHOLES]
    parts = np.array([_four(whole @ place) for whole in wholes])
    poses = np.array([_four(whole) for whole in wholes])
    return np.round(np.linalg.solve(parts, poses).T, 12) + 0.0


def _parts_of(place: Place) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The offset as a matrix, and the angle as two, back and forth."""
    ax, ay, degrees = place
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (
        np.array([[ax, -ay], [ay, ax]]),
        np.array([[c, s], [-s, c]]),
        np.array([[c, -s], [s, c]]),
    )


def _blocks(upper: np.ndarray, lower: np.ndarray, right: float = 1) -> np.ndarray:
    return np.block([[upper, np.zeros((2, 2))], [lower, right * np.eye(2)]])


def _mistakes_vote(place: Place) -> Mistakes:
    offset, back, forth = _parts_of(place)
    eye = np.eye(2)
    right = _matrix(*place)
    yield (
        _blocks(back, -offset),
        "The offset lies along the *whole* and turns with the whole's angle. Yours is "
        "turned by the part's.",
    )
    yield _blocks(back, offset @ back), "From the part to the whole a is taken away."
    yield _blocks(back, offset), "From the part to the whole a is taken away."
    if place[2] < 0:  # elsewhere the sign has been right
        yield (
            _matrix(*place[:2], -place[2]),
            "Here α is negative: abs(…) or a ** 2 would lose its sign.",
        )
    yield (
        _matrix(place[1], place[0], place[2]),
        "Are a_x and a_y exchanged? a_x is to the right, a_y upwards.",
    )
    yield _blocks(forth, -offset @ forth), "α has to be taken away, yours is added."
    yield _blocks(forth, -offset), "α has to be taken away, yours is added."
    yield (
        _blocks(forth, offset),
        "That leads from the whole to the part: turn it round.",
    )
    yield np.linalg.inv(right), "That leads from the whole to the part: turn it round."
    yield right.T, "That is the transpose: W stands on the left of u."
    yield (
        _blocks(eye, -offset),
        "The part's angle is missing: the whole is turned less.",
    )
    yield _blocks(back, np.zeros((2, 2))), "Where is the offset a?"
    ax, ay, _ = place
    mirrored = np.array([[ax, ay], [-ay, ax]])
    yield (
        _blocks(back, -mirrored @ back),
        "R(θ) a with the sign of a sine changed: write R(θ) a out again.",
    )
    swapped = np.array([[ax, ay], [ay, ax]])
    yield _blocks(back, -swapped @ back), "R(θ) a has one minus in it."
    plain = np.array([[ax, 0], [ay, 0]])
    yield (
        _blocks(back, -plain @ back),
        "So a is turned with a cosine only: R(θ) a has four products.",
    )
    radians = (ax, ay, float(np.degrees(place[2])))
    yield _matrix(*radians), "The angle comes in degrees: np.radians."


# ---- What torch and NumPy raise ----

MIXED = (
    "What comes is a torch tensor. For NumPy make an array of it first: np.asarray(…)."
)
MIXING = ("tensor", "ndarray", "numpy", "'axis'", "'keepdims'")
PYTHONS_MAX = (
    "Python's max compares single numbers. For all numbers of a tensor at once there "
    "are .clamp(min=0) and torch.relu, for those of an array np.maximum(0, …)."
)


def _advise(result: Result, case: str) -> None:
    """Fail with advice when the answer raised something that is known here."""
    raised = result.outcome.raised
    if not raised:
        return
    words = raised.text.lower()
    advice = ""
    if "max(" in raised.line and "ambiguous" in words:
        advice = PYTHONS_MAX
    elif raised.kinds[0] in ("TypeError", "AttributeError"):
        advice = MIXED if any(one in words for one in MIXING) else ""
    if advice:
        line = f"on the line  {raised.line}" if raised.line else ""
        fail(result, case, f"{result.whose} raised {raised.shown}", line, advice)


# ---- Squash ----


class _Squash(nn.Module):
    """The limit at 0 is taken by leaving |s| out of the division."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, s: Tensor) -> Tensor:
        n = s.norm(dim=self.dim, keepdim=True)
        return s * n / (1 + n * n)


SHAPES: tuple[tuple[tuple[int, ...], int], ...] = (
    ((2, 3), -1), ((3, 4, 2), 1), ((5,), 0), ((1, 2, 3, 4), 2), ((4, 3), 0),
    ((2, 1, 5), -2), ((3, 2, 4), -3),
)  # fmt: skip
AT_ZERO = (
    "The gradient at a zero vector is no number. √z has an infinite slope at 0, and "
    "torch.where does not keep it away: add a tiny ε under the root, or do without the "
    "division."
)


@exercise("squash", "dim", by_hand=READY)
def Squash(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: s |s| / (1 + |s|²)."""
    module = answer.make_module()
    _expect_no_weights(module, "squash")
    x = torch.tensor([[3.0, 0.0, 4.0], [0.3, -0.4, 0.0]])
    _squashed(module, x, -1, "two vectors of three numbers")
    x = torch.tensor([[3e-4, 0.0, -4e-4], [0.0, 5e-4, 0.0]])
    _squashed(module, x, -1, "vectors of length 0.0005", tiny=True)
    for shape, dim in SHAPES:
        x = normal(cases, *shape) + 0.005
        module = answer.make_module(dim)
        _squashed(module, x, dim, f"shape {shape}, axis {dim}")
    _squashed(answer.make_module(), normal(cases, 4, 3, 2), -1, "no axis given")
    x = normal(cases, 3, 4)
    x[1] = 0
    _squashed(answer.make_module(1), x, 1, "one of the vectors is 0", tiny=True)
    zeros = torch.zeros(2, 3)
    _squashed(answer.make_module(), zeros, -1, "all vectors are 0", tiny=True)
    small, large = 0.02 * normal(cases, 5, 3), 300 * (normal(cases, 5, 3) + 0.005)
    _squashed(answer.make_module(), small, -1, "short vectors", tiny=True)
    _squashed(answer.make_module(), large, -1, "long vectors")


def _expect_no_weights(module: MadeModule, what: str) -> None:
    found = module.parameters()
    none = not found.outcome.value
    expect_that(found, none, "its parameters", f"A {what} has nothing to learn.")


def _squashed(
    module: MadeModule, x: Tensor, dim: int, case: str, tiny: bool = False
) -> None:
    """tiny: ordinary vectors have been right; here some are short or 0."""
    oracle = _Squash(dim)
    result = module(x)
    right = oracle(x).numpy()
    expect(result, right, case, _mistakes_squash(x, dim, result))
    leaf = x.clone().requires_grad_()
    upstream = torch.linspace(-1, 2, x.numel()).reshape(x.shape)
    (slope,) = torch.autograd.grad(oracle(leaf), leaf, upstream)
    found = module.gradients(x, upstream=upstream, case=f"{case}, gradient")
    got = found.input(0)
    value = np.asarray(got.outcome.value)
    finite = bool(np.isfinite(value).all())
    ideas = [(got.outcome.value, _why_slope(finite, tiny))]
    scale = _room(x, dim, upstream) if tiny and finite else None
    expect(got, slope.numpy(), f"{case}, gradient", ideas, scale)


def _room(x: Tensor, dim: int, upstream: Tensor) -> np.ndarray:
    """How far a gradient may be off, in millionths, for the sake of an ε.

    Under both roots one of 1e-8 leaves a slope of 1e-4 at 0. 1e-7 is let through
    wherever it stands, 1e-6 is not.
    """
    silent = (x == 0).all(dim, keepdim=True).expand_as(x)
    return torch.where(silent, 10 + 500 * upstream.abs(), 300.0).numpy()


def _why_slope(finite: bool, tiny: bool) -> str:
    if not finite:
        return AT_ZERO
    if tiny:
        return (
            "For ordinary vectors your gradient is right, for very short ones or for 0 "
            "it is not. Is an ε too large? 1e-8 is small enough."
        )
    return (
        "The values are right, their gradient is not: is a part cut off by .detach(), "
        ".item() or torch.no_grad()?"
    )


def _mistakes_squash(x: Tensor, dim: int, result: Result) -> Mistakes:
    n = x.norm(dim=dim, keepdim=True)
    got = result.outcome.value
    if isinstance(got, torch.Tensor) and bool(torch.isnan(got).any()):
        yield got, "A zero vector gives 0 / 0. It has to stay 0."
    if isinstance(got, np.ndarray) and bool(np.isnan(got).any()):
        yield got, "A zero vector gives 0 / 0. It has to stay 0."
    unit = x / n.clamp(min=1e-12)
    yield unit, "Now all have length 1. Where is the factor |s|² / (1 + |s|²)?"
    yield x * n**2 / (1 + n**2), "s itself is too long: divide it by its length."
    yield unit * n / (1 + n), "The lengths are squared: |s|² / (1 + |s|²)."
    yield unit * n**2 / (1 + n) ** 2, "Square first, then add: 1 + |s|²."
    yield n**2 / (1 + n**2), "Those are the lengths; the directions are missing."
    yield (n**2 / (1 + n**2)).squeeze(dim), "Those are the lengths, without directions."
    yield (
        x * x.abs() / (1 + x**2),
        "The length is that of the vector, not of each number.",
    )
    yield unit * torch.tanh(n), "That is a tanh of the length: |s|² / (1 + |s|²)."
    yield unit * torch.sigmoid(n), "That is a sigmoid of the length: |s|² / (1 + |s|²)."
    for small in (1e-5, 1e-4, 1e-3, 1e-2):
        for root in ((n**2 + small).sqrt(), n + small):
            for length in (n, root):
                value = x * length**2 / (1 + length**2) / root
                yield value, f"Is an ε too large, {small:g} for example? Take 1e-8."
    for other in range(-x.ndim, x.ndim):
        if other % x.ndim != dim % x.ndim:
            yield _Squash(other)(x), f"The vectors lie along axis {dim}."
    whole = x.norm()
    yield x * whole / (1 + whole**2), "Each vector has a length of its own."


# ---- Routing ----

Run = tuple[np.ndarray, np.ndarray]  # poses, couplings


def _route(
    votes: np.ndarray,
    rounds: int,
    *,
    axis: int = 1,
    keep: bool = True,
    agree: str = "v",
    late: bool = False,
    squash: str = "v",
) -> Run:
    """Poses and couplings of votes (i, j, d), right or with a mistake."""
    votes = np.asarray(votes, dtype=float)
    logits = np.zeros(votes.shape[:2])
    for _ in range(rounds):
        shares = _softmax(logits, axis)
        s = np.einsum("ij,ijd->jd", shares, votes)
        v = _short(s, 0 if squash == "axis" else -1)
        v = s if squash == "never" else v
        with_ = s if agree == "s" else v
        if agree == "cosine":
            with_ = v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-12)
        update = np.einsum("ijd,jd->ij", votes, with_)
        logits = logits + update if keep else update
    if squash == "last":
        v = s
    return v, (_softmax(logits, axis) if late else shares)


def _softmax(logits: np.ndarray, axis: int | None) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def _short(s: np.ndarray, axis: int = -1) -> np.ndarray:
    n = np.linalg.norm(s, axis=axis, keepdims=True)
    return s * n / (1 + n**2)


def _three() -> np.ndarray:
    """Three parts and two wholes: two agree on the first, one does not."""
    return np.array([
        [[2.0, 0.0, 0.5], [0.0, 1.0, 0.0]],
        [[1.5, 0.5, 0.0], [1.0, -1.0, 0.5]],
        [[-1.0, 1.5, 0.0], [0.5, 2.0, -0.5]],
    ])  # fmt: skip


@exercise("routing", "votes", "rounds", by_hand=READY)
def route(answer: Answer, cases: Cases) -> None:
    """Oracle: the four steps with einsum, in float64."""
    votes = torch.from_numpy(_three()).float()
    for rounds in (2, 3, 1):
        _routed(answer, votes, rounds, f"three parts, two wholes, {rounds} rounds")
    _expect_pair(answer(votes), _route(_three(), 3), "no rounds given",
                _mistakes_route(_three(), 3))  # fmt: skip
    for parts, wholes, size, rounds in ((5, 3, 4, 2), (1, 4, 2, 3), (4, 1, 3, 2),
                                        (6, 5, 1, 4)):  # fmt: skip
        _routed(answer, _random(cases, parts, wholes, size), rounds)
    silent = _random(cases, 4, 3, 2)
    silent[:, 1] = 0
    _routed(answer, silent, 3, "nobody votes for whole 1")
    _routed(answer, torch.zeros(3, 2, 4), 2, "all votes are 0")
    _routed(answer, 6 * _random(cases, 4, 2, 3), 5, "long votes, five rounds")
    for _ in cases.count(3):
        sizes = [cases.integer(2, 6) for _ in range(3)]
        _routed(answer, _random(cases, *sizes), cases.integer(1, 4))
    for rounds in (0, -1):
        why = "Without a round there are no poses: raise a ValueError."
        expect_error(answer(votes, rounds), "ValueError", f"{rounds} rounds", why)


def _random(cases: Cases, *shape: int) -> Tensor:
    return 0.5 * normal(cases, *shape) + 0.005


def _routed(answer: Answer, votes: Tensor, rounds: int, case: str = "") -> None:
    parts, wholes, size = votes.shape
    case = case or f"{parts} parts, {wholes} wholes of {size}, {rounds} rounds"
    numbers = votes.numpy().astype(float)
    _expect_pair(answer(votes, rounds), _route(numbers, rounds), case,
                _mistakes_route(numbers, rounds))  # fmt: skip


def _expect_pair(
    result: Result, right: Run, case: str, wrong: Iterator[tuple[Run, str]]
) -> None:
    """Poses and couplings; a mistake is known by the two together."""
    _advise(result, case)
    expect_that(result, True, case, wanted="poses and couplings")
    value = result.outcome.value
    fits = isinstance(value, tuple | list) and len(value) == 2
    expect_that(result, fits, case, "Return two things: the poses and the couplings.")
    runs = list(wrong)
    whole = [run for run in runs if all(map(alike, value, run[0]))]
    runs = whole or runs  # a mistake that explains both
    for at, what in ((1, "the couplings"), (0, "the poses")):
        mistakes = [(run[at], words) for run, words in runs]
        expect(
            result[at], right[at], f"{case}: {what}", mistakes, scale=_scale(right[at])
        )


def _scale(values: np.ndarray) -> np.ndarray:
    """Rounds carry a rounding error on: a hundred times float32's."""
    return np.full(values.shape, 100.0)


def _mistakes_route(votes: np.ndarray, rounds: int) -> Iterator[tuple[Run, str]]:
    right = _route(votes, rounds)
    yield right[::-1], "First the poses, then the couplings."
    yield (
        _route(votes, rounds, axis=0),
        "The softmax runs over the parts. Each *part* divides itself: over the wholes.",
    )
    yield (
        _route(votes, rounds + 1),
        "That is one round more: with r = 1 all couplings are the same.",
    )
    yield (
        (right[0], _route(votes, rounds + 1)[1]),
        "Those are the couplings of the next round: return those that made the poses.",
    )
    if rounds > 1:
        yield _route(votes, rounds - 1), "That is one round less."
        yield (
            _route(votes, rounds, keep=False),
            "The logits are added up, round after round: b ← b + û·v.",
        )
        yield _route(votes, rounds, agree="s"), "Votes are compared with v, not with s."
        yield (
            _route(votes, rounds, agree="cosine"),
            "The agreement is û·v with v as it is: its length counts.",
        )
        yield (
            _route(votes, rounds, squash="never"),
            "Where is the squash?",
        )
    yield (
        _route(votes, rounds, squash="last"),
        "The poses are squashed, in the end too.",
    )
    yield _route(votes, rounds, squash="never"), "Where is the squash?"
    yield (
        _route(votes, rounds, squash="axis"),
        "The squash takes lengths along `size`, the last axis.",
    )
    yield _route(votes, 1), "All couplings are the same: do the logits ever change?"
    poses, shares = right
    yield (poses, shares.T), "The couplings are (parts, wholes): yours are turned."
    yield (poses.T, shares), "The poses are (wholes, size): yours are turned."
    ones = np.ones_like(shares)
    yield (_short(votes.sum(0)), ones), "At first each part gives every whole 1/wholes."


# ---- What comes back ----


class _Routing(nn.Module):
    """Routing for many pictures; the gradient of the last sum, or of all rounds."""

    def __init__(self, rounds: int = 3, through_all: bool = False) -> None:
        super().__init__()
        self.rounds, self.through_all = rounds, through_all

    def forward(self, votes: Tensor) -> Tensor:
        early = votes if self.through_all else votes.detach()
        logits = early.new_zeros(early.shape[:3])
        for _ in range(self.rounds - 1):
            poses = self.poses(logits, early)
            logits = logits + torch.einsum("nijd,njd->nij", early, poses)
        return self.poses(logits, votes)

    def poses(self, logits: Tensor, votes: Tensor) -> Tensor:
        """The squashed sums."""
        s = torch.einsum("nij,nijd->njd", logits.softmax(2), votes)
        n = s.norm(dim=2, keepdim=True)
        return s * n / (1 + n * n)


@exercise("what-comes-back", "rounds", by_hand=READY)
def Routing(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: einsum, with votes that are detached before the last sum."""
    module = answer.make_module(2)
    _expect_no_weights(module, "routing")
    for shape, rounds in (((1, 4, 3, 2), 2), ((3, 5, 2, 4), 3), ((2, 3, 4, 1), 1),
                          ((2, 1, 3, 5), 4)):  # fmt: skip
        votes = 0.7 * normal(cases, *shape) + 0.005
        words = f"votes {shape}, {rounds} rounds"
        _flows(answer.make_module(rounds), votes, rounds, words)
    votes = normal(cases, 3, 4, 2, 3)
    _flows(answer.make_module(), votes, 3, "no rounds given")
    silent = normal(cases, 2, 4, 3, 2)
    silent[:, :, 1] = 0
    _flows(answer.make_module(2), silent, 2, "nobody votes for whole 1")
    for _ in cases.count(2):
        sizes = [cases.integer(2, 5) for _ in range(4)]
        rounds = cases.integer(1, 4)
        votes = 0.7 * normal(cases, *sizes) + 0.005
        _flows(answer.make_module(rounds), votes, rounds, f"random, votes {sizes}")


def _flows(module: MadeModule, votes: Tensor, rounds: int, case: str) -> None:
    right = _Routing(rounds)(votes)
    scale = np.full(tuple(right.shape), 100.0)
    expect(module(votes), right.numpy(), case, _mistakes_flow(votes, rounds), scale)
    upstream = torch.linspace(-1, 2, right.numel()).reshape(right.shape)
    _refuse_cut_off(module, (votes,), upstream, f"{case}, gradient",
                    "no gradient comes back to the votes", THEMSELVES)  # fmt: skip
    found = module.gradients(votes, upstream=upstream, case=f"{case}, gradient")
    _expect_same_again(found.output, right.numpy(), f"{case}, called again")
    _expect_last_sum(found.input(0), votes, rounds, upstream, f"{case}, gradient")


THEMSELVES = (
    "To compute the couplings from votes.detach() is right. But the last sum needs the "
    "votes themselves."
)


def _refuse_cut_off(
    module: MadeModule, inputs: tuple[Tensor, ...], upstream: Tensor, case: str,
    *lines: str,
) -> None:  # fmt: skip
    """Fail with these lines when no gradient comes back at all."""
    outcome = module.link.ask(
        "module", module.number, (upstream, *inputs), ask="gradients"
    )
    reply = outcome.value if isinstance(outcome.value, dict) else {}
    cut = reply.get("fits") is True and reply.get("connected") is False
    result = module.result(outcome, module.name, inputs)
    raised = outcome.raised
    if cut or (raised and "Can't call numpy()" in raised.text):
        fail(result, case, *lines)


def _expect_same_again(result: Result, right: np.ndarray, case: str) -> None:
    value = result.outcome.value
    kept = (
        "The same votes give other poses the second time: does the module keep "
        "something of the last call? The logits begin at 0 in each call."
    )
    scale = np.full(right.shape, 100.0)
    expect(result, right, case, [(value, kept)], scale)


def _expect_last_sum(
    got: Result, votes: Tensor, rounds: int, upstream: Tensor, case: str
) -> None:
    oracles = (_Routing(rounds), _Routing(rounds, True))
    right, full = (_slope(one, votes, upstream) for one in oracles)
    value = np.asarray(got.outcome.value, dtype=float)
    whole = np.isfinite(value).all()  # a NaN has no distance to anything
    mistakes = [
        (full, "The gradient runs through all rounds. The couplings are constants "
         "to it: compute them from votes.detach()."),
        (None if whole else value, AT_ZERO),
        (np.zeros_like(value), "Nothing comes back: the last sum needs the votes "
         "themselves."),
        (got.outcome.value, "The poses are right, the gradient is not: the last sum "
         "*and* its squash belong to it, all before does not."),
    ]  # fmt: skip
    # An ε under both roots of the squash leaves a small slope at 0, as in 1.3.
    silent = (votes == 0).all(1, keepdim=True).all(3, keepdim=True).expand_as(votes)
    room = 50 * (1 + np.abs(right)) + 1000 * silent.numpy()
    expect(got, right, case, mistakes, scale=room if whole else None)


def _slope(oracle: nn.Module, votes: Tensor, upstream: Tensor) -> np.ndarray:
    leaf = votes.clone().requires_grad_()
    (slope,) = torch.autograd.grad(oracle(leaf), leaf, upstream)
    return slope.numpy()


def _mistakes_flow(votes: Tensor, rounds: int) -> Mistakes:
    pictures = votes.numpy().astype(float)

    def each(count: int, **how: object) -> np.ndarray:
        return np.stack([_route(one, count, **how)[0] for one in pictures])  # type: ignore[arg-type]

    yield each(rounds, axis=0), "The softmax runs over the wholes: now it is axis 2."
    yield each(rounds + 1), "That is one round more."
    if rounds > 1:
        yield each(rounds - 1), "That is one round less."
        yield each(rounds, keep=False), "The logits are added up, round after round."
    yield each(1), "Do the logits ever change?"
    yield each(rounds, squash="last"), "The poses are squashed, in the end too."
    yield each(rounds, squash="axis"), "Lengths are taken along the last axis."


# ---- Margin loss ----


@exercise("margin-loss", "lengths", "present", "upper", "lower", "absent",
          by_hand=READY)  # fmt: skip
def margin_loss(answer: Maker, cases: Cases) -> None:
    """Oracle: one whole after the other, in Python's numbers; autograd's slopes."""
    few = torch.tensor([[0.7, 0.3, 0.05], [0.95, 0.6, 0.2]])
    _lost(
        answer, few, torch.tensor([[1, 0, 0], [0, 0, 1]]), "two pictures, three wholes"
    )
    _lost(answer, few, torch.tensor([[1, 1, 0], [0, 0, 0]]),
          "two are in the first picture, none in the second")  # fmt: skip
    sure = torch.tensor([[0.93, 0.02, 0.08, 0.99]])
    _lost(answer, sure, torch.tensor([[1, 0, 0, 1]]), "all beyond their margins")
    _lost(answer, few[:1], torch.tensor([[0.0, 1.0, 1.0]]), "a single picture, floats")
    for name, margins in (("upper", (0.8, 0.1, 0.5)), ("lower", (0.9, 0.25, 0.5)),
                          ("absent", (0.9, 0.1, 0.3))):  # fmt: skip
        _lost(answer, few, torch.tensor([[0, 1, 0], [1, 0, 1]]),
              f"another `{name}`", margins)  # fmt: skip
    for number in cases.count(4):
        n, wholes = cases.integer(1, 5), cases.integer(2, 6)
        lengths = torch.from_numpy(cases.rng.uniform(0, 1, (n, wholes))).float()
        present = torch.from_numpy(cases.rng.integers(0, 2, (n, wholes)))
        _lost(
            answer, lengths, present, f"random {number}: {n} pictures, {wholes} wholes"
        )
    _expect_a_way_back(answer, few, torch.tensor([[1, 0, 0], [0, 0, 1]]))


CUT = (
    "The tensor that you return is cut off from `lengths`, by .detach(), .item(), "
    "torch.tensor(…), torch.no_grad() or NumPy in between: nothing could learn from it."
)


def _expect_a_way_back(answer: Maker, lengths: Tensor, present: Tensor) -> None:
    """Who returns a tensor has to let the gradient through; numbers have none."""
    if not isinstance(answer(lengths, present).outcome.value, Tensor):
        return
    leaf, there = lengths.clone().requires_grad_(), present.float()
    loss = there * (0.9 - leaf).relu() ** 2 + (1 - there) * (leaf - 0.1).relu() ** 2 / 2
    (slope,) = torch.autograd.grad(loss.sum() / len(lengths), leaf)
    model, case, one = applied(answer, "margin_loss"), "its gradient", torch.ones(())
    given = (lengths, present)
    _refuse_cut_off(model, given, one, case, "no gradient comes back to `lengths`", CUT)
    found = model.gradients(*given, upstream=one, case=case).input(0)
    expect(found, slope.numpy(), case, [(found.outcome.value, CUT)])


Margins = tuple[float, float, float]


def _lost(
    answer: Answer,
    lengths: Tensor,
    present: Tensor,
    case: str,
    margins: Margins | None = None,
) -> None:
    given = (lengths, present, *(margins or ()))
    usual = margins or (0.9, 0.1, 0.5)
    right = 0.0
    for row, there in zip(lengths.tolist(), present.tolist(), strict=True):
        for length, is_there in zip(row, there, strict=True):
            if is_there:
                right += max(0.0, usual[0] - length) ** 2
            else:
                right += usual[2] * max(0.0, length - usual[1]) ** 2
    mistakes = _mistakes_loss(lengths.double(), present.double(), usual)
    result = answer(*given)
    _advise(result, case)
    expect(result, right / len(lengths), case, mistakes, scale=5.0)


def _mistakes_loss(x: Tensor, t: Tensor, margins: Margins) -> Mistakes:
    upper, lower, absent = margins
    missed, imagined = (upper - x).relu(), (x - lower).relu()

    def total(a: Tensor, b: Tensor) -> Tensor:
        return (t * a + absent * (1 - t) * b).sum(1)

    right = total(missed**2, imagined**2)
    yield float(right.sum()), "Over the pictures the mean is taken, not the sum."
    yield (
        float(right.mean() / x.shape[1]),
        "Over the wholes the sum is taken, not the mean.",
    )
    yield (
        float(right.sum() / x.shape[1]),
        "The axes are exchanged: the sum runs over the wholes, axis 1, and the mean "
        "over the pictures.",
    )
    yield right.numpy(), "One number for all pictures: their mean."
    yield float(total(missed, imagined).mean()), "Both terms are squared."
    beyond = ((upper - x) ** 2, missed**2), ((x - lower) ** 2, imagined**2)
    for one, other in itertools.product(*beyond):  # the last of the four is right
        yield (
            float(total(one, other).mean()),
            "Beyond its margin a whole costs nothing: max(0, …) before the square, in "
            "both terms.",
        )
    rest = (t * missed**2 + (1 - absent) * (1 - t) * imagined**2).sum(1).mean()
    yield float(rest), "λ itself stands before the second term, not 1 − λ."
    whole = (t * missed**2 + (1 - t) * imagined**2).sum(1).mean()
    yield float(whole), "Where is λ? What is absent counts half."
    yield float(absent * whole), "λ belongs to the wholes that are absent only."
    turned = (absent * t * missed**2 + (1 - t) * imagined**2).sum(1).mean()
    yield float(turned), "λ stands at the wrong term: it belongs to what is absent."
    yield (
        float((t * missed**2).sum(1).mean()),
        "Wholes that are absent cost something, too.",
    )
    always = (t * missed**2 + absent * imagined**2).sum(1).mean()
    yield float(always), "The second term is for wholes that are absent: 1 − T."
    both = (missed**2 + absent * (1 - t) * imagined**2).sum(1).mean()
    yield float(both), "The first term is for wholes that are there: T."
    inside = (t * missed**2 + (1 - t) * (absent * imagined) ** 2).sum(1).mean()
    yield float(inside), "λ is not squared: it stands before the square."
    exchanged = total((lower - x).relu() ** 2, (x - upper).relu() ** 2).mean()
    yield float(exchanged), "The two margins are exchanged."
    one = torch.zeros_like(t)
    one[range(len(t)), t.argmax(1)] = 1
    single = (one * missed**2 + absent * (1 - one) * imagined**2).sum(1).mean()
    yield float(single), "There may be several ones in a row, or none."
    usual = total((0.9 - x).relu() ** 2, (x - 0.1).relu() ** 2).mean()
    yield float(usual), "Use the margins that are given."
    half = (t * missed**2 + 0.5 * (1 - t) * imagined**2).sum(1).mean()
    yield float(half), "Use the λ that is given."


# ---- The whole that a sum does not find ----

MARGIN, NOISE, DRAWS = 0.05, 0.05, 20
TOGETHER, APART = np.cos(np.radians(10)), np.cos(np.radians(40))


@exercise("misled-sum")
def scene(answer: Answer, cases: Cases) -> None:
    """No oracle: the check routes the votes, with noise, turned and shuffled."""
    result = answer()
    votes = _scene(result)
    _expect_rules(result, votes)
    turned = _turned(votes, cases)
    for rounds, winner in ((1, 1), (3, 0)):
        words = f"r = {rounds}"
        _expect_winner(result, _lead(votes, rounds), rounds, winner, words)
        _expect_winner(
            result, _lead(turned, rounds), rounds, winner, f"{words}, turned"
        )
    _expect_steady(result, turned, cases)


def _expect_steady(result: Result, votes: np.ndarray, cases: Cases) -> None:
    """With noise the mean holds, and nearly every draw; other noise may be unlucky."""
    draws, slack = (2 * DRAWS, 0.015) if cases.hard else (DRAWS, 0.0)
    drawn = [_noisy(votes, cases) for _ in range(draws)]
    for rounds, winner in ((1, 1), (3, 0)):
        leads = np.array([_lead(one, rounds) for one in drawn])
        leads = leads if winner == 0 else -leads
        mean, lost = leads.mean(), int((leads <= 0).sum())
        case = f"r = {rounds}, with noise"
        close = "Without noise it is enough. Where is it close?"
        told = f"in the mean {_told(float(mean), winner)}"
        expect_that(result, mean >= MARGIN - slack, case, told, close)
        expect_that(result, lost <= (6 if cases.hard else 1), case,
                    f"in {lost} of {draws} draws whole {winner} does not win",
                    "It hangs by a hair: look for votes with more to spare.",
                    )  # fmt: skip


def _scene(result: Result) -> np.ndarray:
    expect_that(result, True, "its shape", wanted="an array (parts, 2, size)")
    value = result.outcome.value
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    shaped = isinstance(value, np.ndarray) and value.ndim == 3 and value.shape[1] == 2
    if isinstance(value, list | tuple):
        tip = "np.array(…) makes an array of it."
        fail(result, "its shape", "returned a list; expected an array (parts, 2, size)",
             tip)  # fmt: skip
    if not shaped:
        got = value.shape if isinstance(value, np.ndarray) else type(value).__name__
        fail(result, "its shape", f"an array (parts, 2, size) is wanted, not {got}")
    parts, _, size = value.shape
    expect_that(result, 4 <= parts <= 12, "its shape", f"4 to 12 parts, not {parts}")
    expect_that(result, 2 <= size <= 8, "its shape",
                f"vectors of 2 to 8 numbers, not {size}")  # fmt: skip
    return result.array(value.shape, "its numbers").astype(float)


def _expect_rules(result: Result, votes: np.ndarray) -> None:
    lengths = np.linalg.norm(votes, axis=2)
    off = float(lengths.flat[np.abs(lengths - 1).argmax()])
    expect_that(result, abs(off - 1) < 1e-3, "nobody shouts",
                f"a vote has the length {off:.3f}; all have length 1")  # fmt: skip
    agree, _ = _best_triple(votes[:, 0])
    expect_that(result, agree >= TOGETHER - 1e-6, "whole 0 is there",
                "no three parts agree on whole 0: of any three, two are "
                f"{_degrees(agree)}° apart or more; 10° are allowed")  # fmt: skip
    crowd, which = _best_triple(votes[:, 1])
    rows = "votes[{}, 1], votes[{}, 1] and votes[{}, 1]".format(*which)
    expect_that(result, crowd < APART, "whole 1 is not there",
                f"three parts agree on whole 1: of {rows} no two are more than "
                f"{_degrees(crowd)}° apart; of any three, two should be more than 40° "
                "apart")  # fmt: skip


def _degrees(cosine: float) -> str:
    return f"{np.degrees(np.arccos(np.clip(cosine, -1, 1))):.0f}"


def _best_triple(vectors: np.ndarray) -> tuple[float, tuple[int, int, int]]:
    """The three vectors that agree best: their smallest cosine, and which they are."""
    cosines = vectors @ vectors.T
    return max(
        (float(min(cosines[i, j], cosines[i, k], cosines[j, k])), (i, j, k))
        for i, j, k in itertools.combinations(range(len(vectors)), 3)
    )


def _lead(votes: np.ndarray, rounds: int) -> float:
    """How much longer whole 0 is than whole 1."""
    first, second = np.linalg.norm(_route(votes, rounds)[0], axis=1)
    return float(first - second)


def _turned(votes: np.ndarray, cases: Cases) -> np.ndarray:
    """The parts in another order, each whole turned by a rotation of its own."""
    size = votes.shape[2]
    spins = [np.linalg.qr(cases.rng.standard_normal((size, size)))[0] for _ in "01"]
    turned = np.stack([votes[:, j] @ spins[j] for j in (0, 1)], 1)
    return turned[cases.rng.permutation(len(votes))]


def _noisy(votes: np.ndarray, cases: Cases) -> np.ndarray:
    return votes + NOISE * cases.rng.standard_normal(votes.shape)


def _expect_winner(
    result: Result, lead: float, rounds: int, winner: int, case: str
) -> None:
    mine = lead if winner == 0 else -lead
    idea = (
        "So the sum is not misled. Who could speak against whole 0?"
        if rounds == 1
        else "What is in the lead wins more. Which of your parts should leave whole 1 "
        "in the first round, and does its vote there let it go?"
    )
    expect_that(result, mine >= MARGIN, case, _told(mine, winner), idea)


def _told(mine: float, winner: int) -> str:
    """By how much a whole leads, in words."""
    if abs(mine) < 0.0005:
        return f"both wholes are equally long; whole {winner} should lead by {MARGIN}"
    if mine < 0:
        return f"whole {1 - winner} is the longer one, by {-mine:.3f}"
    return f"whole {winner} leads by {mine:.3f}; {MARGIN} or more is the goal"
