"""Checks of "Why it works: take out a layer and see what happens"."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

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
    expect_keys,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.expect_module import (
    expect_buffers,
    expect_gradients,
    expect_movable,
    expect_parameters,
)
from coursekit.checks.loops import Layers, dice_after, given_model, log_of
from coursekit.checks.maker import Maker
from coursekit.checks.matching import differences
from coursekit.checks.modules import MadeModule
from coursekit.checks.objects import MadeObject
from coursekit.checks.quiz import quiz
from coursekit.checks.references import (
    normal,
    output_of,
    shapes_of,
    stirred,
    tensors_of,
)

READY = ("coursekit.models", "coursekit.layers", "torchvision")

ways_to_take_out = quiz("ways-to-take-out")


# ---- The terms of the sum ----

Branches = list[Layers]

STACKS: tuple[tuple[tuple[int, ...], Branches], ...] = (
    ((2, 3), [[["Linear", 3, 3]], [["Linear", 3, 3], ["ReLU"]], [["Linear", 3, 3]]]),
    ((3, 2, 4, 5), [[["BatchNorm2d", 2], ["ReLU"], ["Conv2d", 2, 2, 1]]] * 4),
    ((4,), [[["Linear", 4, 5], ["Tanh"], ["Linear", 5, 4]]]),
    ((1, 5), [[["Tanh"], ["Linear", 5, 5]]] * 6),
    ((3, 2), []),
)


@exercise("unrolled-terms", "x", "branches")
def terms(answer: Maker, cases: Cases) -> None:
    """Oracle: differences of what stands behind the blocks."""
    for shape, layers in STACKS:
        many = {0: "no branch", 1: "one branch"}.get(len(layers))
        many = many or f"{len(layers)} branches"
        _terms(answer, layers, normal(cases, *shape) + 0.005, cases, many)
    _terms_mixed(answer, cases)
    _terms_double(answer, cases)
    for number in cases.count(2):
        size, count = cases.integer(2, 5), cases.integer(2, 6)
        layers = [[["Linear", size, size], ["ReLU"]] for _ in range(count)]
        x = normal(cases, cases.integer(1, 3), size) + 0.005
        _terms(answer, layers, x, cases, f"random {number}: {count} branches")


def _terms(
    answer: Maker, layers: Branches, x: Tensor, cases: Cases, words: str
) -> None:
    for training in (False, True):
        oracle = _sequence(layers)
        stirred(oracle, cases)
        oracle.train(training)
        model = given_model(answer, layers, oracle)
        model.name = "branches"
        model.train() if training else model.eval()
        _store_ones(model, oracle)
        hooks, before = model.hooks().outcome.value, _copied(oracle)
        case = f"{words}, {'training' if training else 'evaluation'}"
        right = _steps(oracle, x)
        expect(answer(x, model), right, case, _mistakes_terms(oracle, x, before))
        expect_that(model.hooks(), model.hooks().outcome.value == hooks, case,
                    "a hook is left behind")  # fmt: skip
        _expect_run_once(model, oracle, before, case)
        _expect_left_alone(model, x, case, training)


def _terms_mixed(answer: Maker, cases: Cases) -> None:
    """Branches and their parts in modes of their own, and a layer that is frozen."""
    shape, layers = STACKS[1]
    oracle, x = _sequence(layers), normal(cases, *shape) + 0.005
    stirred(oracle, cases)
    _mix(oracle)
    model = given_model(answer, layers, oracle)
    model.name = "branches"
    model.train()
    _asked_of(model, "eval", 0)
    _asked_of(model, "eval", 1, 0)
    _asked_of(model, "requires_grad_", 2, 2, False)
    model.tell("branches[0].eval(); branches[1][0].eval()")
    model.tell("branches[2][2].requires_grad_(False)")
    before, modes = _copied(oracle), model.modes().outcome.value
    case = "some parts in evaluation, one frozen"
    expect(answer(x, model), _steps(oracle, x), case, _unmixed(oracle, x, before))
    _expect_run_once(model, oracle, before, case)
    now = model.modes()
    expect_that(now, now.outcome.value == modes, case,
                "branches: in another mode afterwards", STAY)  # fmt: skip
    _expect_free(model, x, case, frozen="2.2.")


STAY_ALL = "The branches stay in the mode they are in."
STAY = "The branches stay in the mode they are in, each part of them in its own."


def _mix(oracle: nn.Sequential, how: str = "") -> None:
    """Into the modes that the branches are given in, or those after a mistake."""
    oracle.train(how != "eval")
    if how != "train":
        oracle[0].eval()
    if not how:
        next(oracle[1].children()).eval()


def _asked_of(model: MadeModule, method: str, *path: int | bool) -> None:
    """branches[2][2].requires_grad_(False): numbers are the way, a bool is given."""
    part: MadeObject = model
    for at in path:
        if type(at) is int:
            part = part.make("__getitem__", at)
    part.call(method, *(at for at in path if type(at) is bool))


def _unmixed(oracle: nn.Sequential, x: Tensor, before: dict[str, Tensor]) -> Mistakes:
    after = _copied(oracle)
    for how in ("eval", "train", "whole branches"):
        oracle.load_state_dict(before)
        _mix(oracle, how)
        yield _steps(oracle, x), STAY
    oracle.load_state_dict(after)


def _terms_double(answer: Maker, cases: Cases) -> None:
    layers: Branches = [[["Linear", 3, 3]], [["Tanh"], ["Linear", 3, 3]]]
    oracle, x = _sequence(layers), normal(cases, 2, 3) + 0.005
    stirred(oracle, cases)
    model = given_model(answer, layers, oracle)
    model.name = "branches"
    model.call("double")
    model.tell("branches.double()")
    result = answer(x.double(), model)
    expect(result, _steps(oracle, x), "float64")
    kind = array(result.outcome.value).dtype
    expect_that(result, kind == np.float64, "float64",
                f"x and the branches hold float64, your terms {kind}",
                "Leave out .float(); new zeros get dtype=x.dtype.")  # fmt: skip


def _copied(oracle: nn.Module) -> dict[str, Tensor]:
    return {name: one.clone() for name, one in oracle.state_dict().items()}


def _store_ones(part: MadeModule, oracle: nn.Module) -> None:
    """A gradient in each parameter, as if somebody had left it there."""
    part.set_gradients({n: torch.ones_like(p) for n, p in oracle.named_parameters()})


def _expect_left_alone(part: MadeModule, x: Tensor, case: str, training: bool) -> None:
    """Mode, stored gradients, requires_grad. The last, as `part` runs once more."""
    why = STAY_ALL if part.name == "branches" else ""
    _expect_mode(part, case, training, why)
    left = part.stored_gradients()
    ones = [array(one) for one in left.outcome.value.values()]
    kept = all(isinstance(one, np.ndarray) and (one == 1).all() for one in ones)
    expect_that(left, kept, case, f"gradients were stored in {part.name}: they are "
                "gone, or others", "Whoever has collected them still needs them: no "
                "zero_grad, no backward here.")  # fmt: skip
    _expect_free(part, x, case)


def _expect_free(part: MadeModule, x: Tensor, case: str, frozen: str = "-") -> None:
    """All parameters are free to learn, but for those whose name begins like this."""
    flowed = part.gradients(x, upstream=torch.ones_like(x), case=case)
    for name, gradient in flowed.of_parameters.items():
        free = not name.startswith(frozen)
        expect_that(flowed.result, (gradient is not None) == free, case,
                    f"requires_grad of {name} is {not free} now", "Whoever trains it "
                    "next will be surprised: leave it.")  # fmt: skip


def _expect_mode(part: MadeModule, case: str, training: bool, why: str = "") -> None:
    modes = part.modes()
    same = all(mode == training for mode in modes.outcome.value.values())
    expect_that(modes, same, case, f"{part.name}: in another mode afterwards", why)


def _sequence(layers: Branches) -> nn.Sequential:
    """Built as the bench builds it."""
    return nn.Sequential(
        *(nn.Sequential(*(getattr(nn, str(n))(*sizes) for n, *sizes in branch))
          for branch in layers)
    )  # fmt: skip


def _steps(oracle: nn.Sequential, x: Tensor) -> np.ndarray:
    """The places before and behind each block, and their differences."""
    places = [x.double()]
    with torch.no_grad():
        for one in oracle:
            places.append(places[-1] + one(places[-1].float()).double())
    found = torch.stack([places[0], *(b - a for a, b in pairwise(places))])
    return found.float().numpy()


def _expect_run_once(
    model: MadeModule, oracle: nn.Module, before: dict[str, Tensor], case: str
) -> None:
    state = model.state()
    for name, tensor in oracle.state_dict().items():
        if not name.endswith("running_mean"):
            continue
        got = np.asarray(state.outcome.value[name])
        same = np.allclose(got, tensor.numpy(), rtol=1e-3, atol=1e-5)
        unmoved = np.array_equal(got, before[name].numpy())
        expect_that(state, same, case, f"{name} is not what one run leaves",
                    NO_COPY if unmoved else ONCE)  # fmt: skip


ONCE = "Run each branch once, and keep what it gives."
NO_COPY = (
    "It has seen nothing. Run the branch itself, no copy of it, and let it keep what "
    "it has seen."
)


def _mistakes_terms(
    oracle: nn.Sequential, x: Tensor, before: dict[str, Tensor]
) -> Mistakes:
    """before: the state in which the answer has found the branches"""
    after, training = _copied(oracle), oracle.training
    with torch.no_grad():
        yield from _wrong_terms(list(oracle), x)
        if training:
            oracle.load_state_dict(before)
            yield _steps(oracle.eval(), x), STAY_ALL
            oracle.train()
        if x.dim() > 2:
            alone = [_steps(oracle, one) for one in x.split(1)]
            yield np.concatenate(alone, 1), "All images together, not one by one."
    oracle.load_state_dict(after)


def _wrong_terms(branches: list[nn.Module], x: Tensor) -> Iterator[tuple[Any, str]]:
    places, added, plain = [x], [], [x]
    for one in branches:
        added.append(one(places[-1]))
        places.append(places[-1] + added[-1])
    alone = [one(x) for one in branches]
    for one in branches:
        plain.append(one(plain[-1]))
    yield torch.stack(places), "Those are the sums. What does each branch *add*?"
    if len(branches) > 1:
        yield torch.stack([x, *alone]), "Only the first branch reads x itself."
        yield torch.stack(plain), "A branch reads the sum so far, not the last term."
        for start in (torch.zeros_like(x), x):
            last = [start]
            for one in branches:
                last.append(one(x + last[-1]))
            words = "A branch reads x and *all* that was added before it."
            yield torch.stack([x, *last[1:]]), words
        yield torch.stack([x, *added[::-1]]), "The terms are in the wrong order."
        back, found = x, []
        for one in branches[::-1]:
            found.append(one(back))
            back = back + found[-1]
        yield torch.stack([x, *found]), "The branches are run in the wrong order."
    yield torch.stack([x, *added])[1:], "x itself is a term, the first one."
    yield torch.stack([places[-1], *added]), OVERWRITTEN_X
    yield torch.stack([*added, x]), "x comes first."
    yield torch.stack([x, *added]).sum(0), "The terms are asked for, not their sum."
    yield torch.stack([x, *added, places[-1]]), "There are n + 1 terms, no sum behind."
    yield torch.stack([x - x, *added]), "The first term is x."


OVERWRITTEN_X = (
    "The first term is x as it came. Here += has added the others to the very tensor "
    "that stands in the list: write total = total + …"
)


# ---- Every path ----


@exercise("every-path", "x", "branches")
def by_path(answer: Answer, cases: Cases) -> None:
    """Oracle: for each number its bits, from a text, and a product of matrices."""
    for x, matrices, case in _matrices(cases, (3, 1, 2, 4, 6)):
        expect(answer(x, matrices), _by_path(x, matrices), case,
               _mistakes_path(x, matrices))  # fmt: skip


def _matrices(
    cases: Cases, counts: Sequence[int]
) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    for n, d in zip(counts, (2, 3, 1, 4, 2), strict=True):
        x, matrices = cases.floats(d) + 0.005, cases.floats(n, d, d) / 3 + 0.005
        yield x, matrices, f"{_blocks(n)}, {d} numbers"
    for number in cases.count(3):
        n, d = cases.integer(2, 6), cases.integer(1, 4)
        x, matrices = cases.floats(d) + 0.005, cases.floats(n, d, d) / 3 + 0.005
        yield x, matrices, f"random {number}: {_blocks(n)}, {d} numbers"
    yield cases.floats(3) + 0.005, cases.floats(0, 3, 3), f"{_blocks(0)}, 3 numbers"
    x, matrices = cases.floats(3) + 0.005, cases.floats(4, 3, 3) / 3
    yield x.astype(np.float32), matrices.astype(np.float32), "4 blocks, float32"


def _blocks(n: int) -> str:
    return {0: "no block", 1: "one block"}.get(n, f"{n} blocks")


def _by_path(
    x: np.ndarray, matrices: np.ndarray, high: bool = False, back: bool = False
) -> np.ndarray:
    """high: the first branch is the highest bit; back: the last branch meets x first"""
    n = len(matrices)
    found = []
    for number in range(2**n):
        bits = f"{number:0{n}b}"
        through = [at for at in range(n) if (bits if high else bits[::-1])[at] == "1"]
        found.append(_along(x, matrices, through[::-1] if back else through))
    return np.array(found)


def _along(x: np.ndarray, matrices: np.ndarray, through: Sequence[int]) -> np.ndarray:
    for at in through:
        x = np.einsum("ij,j->i", matrices[at], x)
    return x


def _mistakes_path(x: np.ndarray, matrices: np.ndarray) -> Mistakes:
    n, right = len(matrices), _by_path(x, matrices)
    turned = matrices.swapaxes(1, 2)
    yield _by_path(x, matrices, back=True), BACK
    yield (
        _by_path(x, matrices, high=True),
        "The first branch is bit 0, the *last* digit.",
    )
    yield _by_path(x, matrices, high=True, back=True), BACK
    yield _by_path(x, turned), "A @ x, not x @ A: rows of A meet x."
    yield (
        _by_path(x, turned, back=True),
        "A @ x, not x @ A, and the first branch first.",
    )
    lengths = sorted(range(2**n), key=lambda b: (b.bit_count(), b))
    yield right[lengths], "The rows go by the numbers of the paths, not by length."
    choices = [some for k in range(n + 1) for some in combinations(range(n), k)]
    yield (
        np.array([_along(x, matrices, some) for some in choices]),
        "The rows go by the numbers of the paths, not by length.",
    )
    yield right[::-1], "Path 0 goes through no branch: it is x itself."
    yield right[1:], "Path 0 goes through no branch: it is x itself, and counts."
    yield right.sum(0), "The paths one by one, not their sum."
    yield np.stack([x, *(m @ x for m in matrices)]), SINGLE
    chain = [x]
    for m in matrices:
        chain.append(chain[-1] + m @ chain[-1])
    yield np.stack(chain), SINGLE
    yield np.cumsum(right, 0), "Each row is one path by itself."
    singles = [
        x + sum((m @ x for i, m in enumerate(matrices) if b >> i & 1), np.zeros_like(x))
        for b in range(2**n)
    ]
    yield np.array(singles), "A path is a product: through one branch, then the next."
    partial = [_network(x, matrices, b) for b in range(2**n)]
    yield (
        np.array(partial),
        "Those are networks without some blocks. A path has only its branches.",
    )


BACK = "Matrices do not commute: the first block's meets x first."
SINGLE = "A path may go through several branches: there are 2**n of them."


def _network(x: np.ndarray, matrices: np.ndarray, b: int) -> np.ndarray:
    """What the network gives with the blocks of these bits only."""
    for i, m in enumerate(matrices):
        x = x + m @ x if b >> i & 1 else x
    return x


# ---- By length ----

LONG, SLOW = 40, 0.25  # branches; seconds


@exercise("by-length", "x", "branches")
def by_length(answer: Answer, cases: Cases) -> None:
    """Oracle: for a few blocks all paths, added up by length; for many a triangle.

    Short ones are compared entry by entry, long ones in parts of the largest: another
    way (a polynomial through the values of networks with weighed branches) is as exact
    as its largest row.
    """
    for x, matrices, case in _matrices(cases, (3, 1, 2, 5, 6)):
        expect(answer(x, matrices), _by_length(x, matrices), case,
               _mistakes_length(x, matrices), _sizes(x, matrices))  # fmt: skip
    _expect_quick(answer, cases)
    for d in (2, 3):
        x = cases.floats(d) + 0.005
        matrices = cases.floats(LONG, d, d) / 8
        expect(answer(x, matrices), _table(x, matrices), f"{LONG} blocks, {d} numbers",
               _mistakes_length(x, matrices), _largest(x, matrices))  # fmt: skip


def _expect_quick(answer: Answer, cases: Cases) -> None:
    """Before 40 blocks: nobody waits for 2**40 paths.

    The words name no seconds and show no n, so that they are the same on every machine.
    """
    for n in range(7, 24, 2):
        x, matrices = cases.floats(1), cases.floats(n, 1, 1) / 8
        result, seconds = _timed(answer, x, matrices)
        expect(result, _table(x, matrices), f"{n} blocks", (), _largest(x, matrices))
        slow = replace(result, part=", with 7 branches, then with more and more")
        told = f"{LONG} branches have {2**LONG:,} paths: too many to wait."
        expect_that(slow, seconds < SLOW, f"on the way to {LONG} blocks", told,
                    "Do not visit the paths one by one: keep one sum for each length."
                    )  # fmt: skip


def _timed(answer: Answer, *given: np.ndarray) -> tuple[Result, float]:
    """The answer and its seconds, the better of two tries when the first was slow."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        result = answer(*given)
        seconds.append(time.perf_counter() - start)
        if seconds[-1] < SLOW:
            break
    return result, min(seconds)


def _table(x: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """Pascal's triangle, row by row, from lists."""
    rows = [x]
    for m in matrices:
        longer = [np.einsum("ij,j->i", m, row) for row in rows]
        nothing = np.zeros_like(x)
        rows = [a + b for a, b in zip([*rows, nothing], [nothing, *longer],
                                      strict=True)]  # fmt: skip
    return np.array(rows)


def _by_length(x: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """From the definition: every path, added up by its length."""
    paths = _by_path(x, matrices)
    found = np.zeros((len(matrices) + 1, len(x)), paths.dtype)
    for number, one in enumerate(paths):
        found[number.bit_count()] += one
    return found


def _sizes(x: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """Magnitudes that were summed."""
    return _table(np.abs(x), np.abs(matrices))


def _largest(x: np.ndarray, matrices: np.ndarray) -> float:
    return float(_sizes(x, matrices).max())


def _mistakes_length(x: np.ndarray, matrices: np.ndarray) -> Mistakes:
    n, right, turned = len(matrices), _table(x, matrices), matrices.swapaxes(1, 2)
    yield _table(x, turned), "A @ x, not x @ A: rows of A meet x."
    yield _table(x, matrices[::-1]), BACK
    yield _table(x, turned[::-1]), "A @ x, not x @ A, and the first branch first."
    yield right[::-1], "Row k is for length k: row 0 is x itself."
    yield right[1:], "Length 0 counts: the path past all branches."
    yield right[:-1], "The path through all n branches counts: there are n + 1 lengths."
    yield np.cumsum(right, 0), "Of this length only, not of all up to it."
    yield right.sum(0), "For each length its own sum."
    counts = np.array([_choose(n, k) for k in range(n + 1)], dtype=float)[:, None]
    yield right / counts, "All paths of a length added up, not their mean."
    yield _in_place(x, matrices), OVERWRITTEN
    yield _table(x, matrices[:-1]), "The last branch is missing."
    powers = [x]
    for m in matrices:
        powers.append(m @ powers[-1])
    yield (
        np.array(powers),
        "There are many paths of length k, not only through the first k.",
    )


OVERWRITTEN = (
    "Some rows were overwritten before they were read: the longer paths come from the "
    "*old* row of the shorter ones."
)


def _choose(n: int, k: int) -> int:
    found = 1
    for at in range(k):
        found = found * (n - at) // (at + 1)
    return found


def _in_place(x: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """From the shortest upwards, each row changed before the next one reads it."""
    found = np.zeros((len(matrices) + 1, len(x)))
    found[0] = x
    for m in matrices:
        for k in range(len(matrices)):
            found[k + 1] += m @ found[k]
    return found


# ---- There, or not ----

COIN: Layers = [["BatchNorm2d", 3], ["ReLU"], ["Conv2d", 3, 3, 1]]
CALLS = {0.3: 300, 0.8: 80}  # so many that keep ** 2 is told from keep


class _Mean(nn.Module):
    """In evaluation; in training the branch takes part."""

    def __init__(self, keep: float) -> None:
        super().__init__()
        self.branch, self.keep = _sequence([COIN])[0], keep

    def forward(self, x: Tensor) -> Tensor:
        share = 1.0 if self.training else self.keep
        return x + share * self.branch(x)


@exercise("sometimes", "branch", "keep", by_hand=READY)
def Sometimes(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: the mean; in training one of two, as often as it should be."""
    for keep in (0.3, 0.8, 1.0, 0.0):
        oracle = _Mean(keep)
        stirred(oracle, cases)
        part = given_model(answer, COIN, oracle.branch)
        part.name = "branch"
        model = answer.make_module(part, keep)
        case = f"keep = {keep}"
        x = normal(cases, 3, 3, 4, 5) + 0.005
        few = normal(cases, 1, 3, 1, 4) + 0.005
        _expect_given(model, oracle, case)
        expect_parameters(model, shapes_of(oracle), case, x)
        model.eval()
        oracle.eval()
        itself = not any(part.modes().outcome.value.values())  # no copy of it
        expect(model(x), output_of(oracle, x), f"{case}, evaluation",
               _mistakes_mean(oracle, x))  # fmt: skip
        if itself:
            _expect_mode(part, f"{case}, evaluation", training=False)
        expect(model(few), output_of(oracle, few), f"{case}, evaluation, one image")
        if keep:
            _expect_flows(model, oracle, x, f"{case}, evaluation")
        if keep == 0.3:
            expect_movable(model, x, case=f"{case}, evaluation")
            _expect_no_seed(answer, model, part, keep)
        _expect_coin(answer, model, part, oracle, cases)
        _expect_ways_back(model, part, oracle, cases)
        if 0 < keep < 1:
            _expect_own_mode(model, part, oracle, cases)


def _expect_given(model: MadeModule, oracle: _Mean, case: str) -> None:
    """No parameter of a single number: none of the branch's is so small. No other."""
    found = model.parameters()
    single = [
        name for name, size in found.outcome.value.items() if int(np.prod(size)) == 1
    ]
    told = f"{', '.join(single)} is a parameter that holds one number."
    expect_that(found, not single, case, told,
                "`keep` is a given number: it is not learned.")  # fmt: skip
    lines = differences([tuple(s) for s in found.outcome.value.values()],
                        shapes_of(oracle))  # fmt: skip
    more = len(found.outcome.value) > len(shapes_of(oracle))
    expect_that(found, not more, case, *lines,
                "The block has no weights but those of the branch.")  # fmt: skip


def _expect_no_seed(
    answer: Maker, model: MadeModule, part: MadeModule, keep: float
) -> None:
    """After two blocks were made, from other dice each, no die shows the same."""
    shown = zip(*(dice_after(answer, part, keep) for _ in range(2)), strict=True)
    seeded = any(one == other for one, other in shown)
    expect_that(model.parameters(), not seeded, f"keep = {keep}", "After a block was "
                "made, the dice of the whole program begin anew.", "Set no seed in a "
                "block: whoever trains does that.")  # fmt: skip


def _expect_flows(model: MadeModule, oracle: _Mean, x: Tensor, case: str) -> None:
    """Gradients, by the names that the given branch has inside the answer."""
    model.load(oracle, x)
    expect_gradients(model, oracle, x, case=case)


def _mistakes_mean(oracle: _Mean, x: Tensor) -> Mistakes:
    with torch.no_grad():
        added, keep = oracle.branch(x), oracle.keep
    yield x + added, "In evaluation the branch counts `keep` times."
    yield x + (1 - keep) * added, "`keep` is the probability that the branch is there."
    yield keep * (x + added), "x always counts in full: only the branch is scaled."
    yield (x + added / keep if keep else None), "Multiply by keep, do not divide."
    yield keep * x + added, "The branch is scaled, not x."
    yield x, "In evaluation the branch takes part, `keep` times."
    yield keep * added, "Where is x?"
    yield x + keep * (added - x), "No mean of x and the branch: x is there in full."
    yield F.relu(x + keep * added), "Nothing comes behind the sum."


WAYS = 12  # enough that both ways come, with one `keep` or another
OUT = "keep = {}, training, the branch is out"


def _expect_ways_back(
    model: MadeModule, part: MadeModule, oracle: _Mean, cases: Cases
) -> None:
    """In training: gradients through x alone, or through x and the branch."""
    model.train()
    oracle.train()
    _store_ones(part, oracle.branch)
    for _ in range(WAYS):
        x = normal(cases, 4, 3, 2, 3) + 0.005
        leaf = x.clone().requires_grad_()
        there = oracle(leaf)
        upstream = torch.linspace(-1, 2, x.numel()).reshape(x.shape)
        case = f"keep = {oracle.keep}, training, the way back"
        found = model.gradients(x, upstream=upstream, case=case)
        if _same(array(found.output.outcome.value), x.numpy()):
            _expect_way(found.input(), upstream, case)
            _expect_left_alone(part, x, OUT.format(oracle.keep), training=True)
            continue
        expect(found.output, there.detach().numpy(), case)
        there.backward(upstream)
        _expect_way(found.input(), leaf.grad, case)
        for name, parameter in oracle.named_parameters():
            _expect_way(found.parameter(name), parameter.grad, case)
        oracle.zero_grad()
    _expect_left_alone(part, x, f"keep = {oracle.keep}, training", training=True)


def _expect_way(result: Result, right: Tensor | None, case: str) -> None:
    expect(result, right, case, [(result.outcome.value, CUT)])


CUT = (
    "The output is right, but not the way back: both x and the branch take part in it. "
    "Leave out .detach(), .data and torch.no_grad()."
)


def _expect_coin(
    answer: Maker, model: MadeModule, part: MadeModule, oracle: _Mean, cases: Cases
) -> None:
    """Many calls in training: the one, or the other, and how often.

    Two blocks that share the branch take turns; so their coins can be compared.
    """
    keep = oracle.keep
    case = f"keep = {keep}, training"
    twin = answer.make_module(part, keep)
    log_of(answer, take=True)
    fresh = oracle.state_dict()["branch.0.running_mean"].numpy().copy()
    for one in (model, twin, oracle):
        one.train()
    calls = CALLS.get(keep, 20)
    coins: Coins = [[], []]
    for call in range(calls):
        sizes = (1, 3, 1, 4) if call % 5 == 2 else (4, 3, 2, 3)
        x = normal(cases, *sizes) + 0.005
        result = (model, twin)[call % 2](x)
        there = _tossed(result, oracle, x, case)
        if not there and all(map(all, coins)):  # it is out for the first time
            _expect_mode(part, OUT.format(keep), training=True)
        coins[call % 2].append(there)
        if call % 20 == 0:
            _expect_untouched(part, oracle, fresh, case)
    _expect_untouched(part, oracle, fresh, case)
    _expect_runs(answer, part, sum(map(sum, coins)), case)
    _expect_often(result, keep, coins, case)
    if calls > 100:
        _expect_free_coins(result, keep, coins, case)


Coins = list[list[bool]]


def _tossed(result: Result, oracle: _Mean, x: Tensor, case: str) -> bool:
    """Whether the branch took part in this call, and rightly."""
    if _same(array(result.outcome.value), x.numpy()):
        return False
    with_it = output_of(oracle, x)
    case = f"{case}, one image" if len(x) == 1 else case
    expect(result, with_it, case, _mistakes_coin(oracle, x, with_it))
    return True


def _expect_often(result: Result, keep: float, coins: Coins, case: str) -> None:
    there, calls = sum(map(sum, coins)), sum(map(len, coins))
    low, high = _bounds(keep, calls)
    told = f"In {calls} calls the branch took part {there} times."
    stuck = 0 < keep < 1 and any(len(set(one)) == 1 for one in coins)
    why = NEW_COIN if stuck else _why_so_often(keep, there, calls)
    expect_that(result, low <= there <= high, case, told, why)


NEW_COIN = "Toss a new coin at each call in training mode, in `forward`."


def _expect_free_coins(result: Result, keep: float, coins: Coins, case: str) -> None:
    """Coins know neither of another block nor of those before them."""
    equal = np.mean([one == other for one, other in zip(*coins, strict=True)])
    told = f"Two blocks with this `keep`, called {len(coins[0])} times, toss the same."
    expect_that(result, bool(equal < 0.9), case, told, SAME_COINS)
    for size in DECKS:
        rows = [one[at : at + size] for one in coins
                for at in range(0, len(one) - size + 1, size)]  # fmt: skip
        exact = [sum(row) == round(keep * size) for row in rows]
        told = f"Of each {size} calls the branch takes part in {round(keep * size)}."
        expect_that(result, sum(exact) < 0.75 * len(exact), case, told, MEMORY)


DECKS = (10, 20)
SAME_COINS = (
    "Each block tosses for itself: leave out fixed seeds, counters and Generators that "
    "all begin alike."
)
MEMORY = "A coin has no memory: it is no deck of cards that is dealt to its end."


def _expect_own_mode(
    model: MadeModule, part: MadeModule, oracle: _Mean, cases: Cases
) -> None:
    """The branch is in the other mode: it stays in it, and the block's mode counts."""
    state = {e.path: e.tensor.detach() for e in tensors_of(oracle.branch)}
    for training in (True, False):
        model.train() if training else model.eval()
        part.eval() if training else part.train()
        part.call("requires_grad_", False)
        part.write(state)
        words = "training" if training else "evaluation"
        case = f"keep = {oracle.keep}, {words}, a frozen branch in the other mode"
        came = []
        for _ in range(WAYS if training else 1):
            x = normal(cases, 4, 3, 2, 3) + 0.005
            oracle.train(training).branch.train(not training)
            result, right = model(x), output_of(oracle, x)
            came.append(
                not (training and _same(array(result.outcome.value), x.numpy()))
            )
            if came[-1]:
                expect(result, right, case, _mistakes_mode(oracle, x, training))
            _expect_mode(part, case, not training, OWN_MODE)
        stuck = training and oracle.keep < 0.5 and all(came)
        expect_that(result, not stuck, case, f"In {WAYS} calls it took part {WAYS} "
                    "times.", BLOCK_MODE)  # fmt: skip
        _expect_free(part, x, case, frozen="")


BLOCK_MODE = "Whether a coin is tossed is for the mode of the block, `self.training`."
OWN_MODE = "The branch stays in the mode that it is in, be it another than the block's."


def _mistakes_mode(oracle: _Mean, x: Tensor, training: bool) -> Mistakes:
    keep, branch = oracle.keep, oracle.branch
    with torch.no_grad():
        own, other = branch(x), branch.train(training)(x)
        branch.train(not training)
    yield x + (keep if training else 1) * own, BLOCK_MODE
    yield x, BLOCK_MODE
    yield x + (1 if training else keep) * other, OWN_MODE


def _same(got: Any, want: np.ndarray) -> bool:  # noqa: ANN401
    fits = isinstance(got, np.ndarray) and got.shape == want.shape
    return fits and bool(np.allclose(got, want, rtol=1e-5, atol=1e-6))


def _bounds(keep: float, calls: int) -> tuple[float, float]:
    spread = 5 * (calls * keep * (1 - keep)) ** 0.5
    return calls * keep - spread, calls * keep + spread


def _why_so_often(keep: float, there: int, calls: int) -> str:
    share = there / calls
    if abs(share - 1 + keep) < min(0.12, abs(share - 0.5)):
        return "`keep` is the probability that the branch is there, not that it is out."
    if abs(share - 0.5) < 0.12:
        return "Is the coin tossed with `keep`?"
    return "The branch takes part with the probability `keep`."


def _mistakes_coin(oracle: _Mean, x: Tensor, with_it: np.ndarray) -> Mistakes:
    added, keep = with_it - x.numpy(), oracle.keep
    yield x.numpy() + keep * added, "In training it is all or nothing: no factor."
    yield (
        x.numpy() + (added / keep if keep else added),
        "In training there is no factor.",
    )
    yield added, "Where is x?"
    yield np.zeros_like(with_it), "When the branch is out, x is handed on."
    yield with_it * 0 + keep * with_it, "x always counts in full."
    for one in _coin_for_each(oracle, x, added):
        yield one, "One coin for the whole batch, not one for each image."


def _coin_for_each(oracle: _Mean, x: Tensor, added: np.ndarray) -> Iterator[Tensor]:
    """Some images have the branch: run on all, on these together, on each by itself."""
    alone = torch.cat([oracle.branch(one) for one in x.split(1)])
    for code in range(1, 2 ** len(x)):
        rows = [at for at in range(len(x)) if code >> at & 1]
        some = oracle.branch(x[rows])
        for part in (torch.from_numpy(added)[rows], some, alone[rows]):
            yield x.index_add(0, torch.tensor(rows), part.detach())


def _expect_untouched(
    part: MadeModule, oracle: _Mean, fresh: np.ndarray, case: str
) -> None:
    """The normalisation in the branch remembers the batches that it has seen."""
    found = part.state()
    got = np.asarray(found.outcome.value["0.running_mean"])
    want = oracle.state_dict()["branch.0.running_mean"].numpy()
    same = np.allclose(got, want, rtol=1e-3, atol=1e-5)
    why = COPY if np.array_equal(got, fresh) else NOT_RUN
    expect_that(found, same, case, "its normalisation has seen other batches than "
                "those in which the branch took part", why)  # fmt: skip


def _expect_runs(answer: Maker, part: MadeModule, there: int, case: str) -> None:
    """As many runs as calls in which it took part, in whatever mode it was."""
    runs = log_of(answer, take=True).count("forward")
    told = f"The branch took part {there} times, and was run {runs} times."
    expect_that(part.modes(), runs == there, case, told, LEAVE)


LEAVE = "Out is out: it is not run in evaluation mode either."
NOT_RUN = "When the branch is out, it is not run; when it is there, it is run once."
COPY = "It has seen none. Is it the branch that was given, and no copy?"


# ---- A dense block ----


class _Dense(nn.Module):
    """The block; `how` is a mistake that somebody may have made."""

    def __init__(self, inputs: int, layers: int, growth: int) -> None:
        super().__init__()
        sizes = [inputs + at * growth for at in range(layers)]
        self.norms = nn.ModuleList(nn.BatchNorm2d(maps) for maps in sizes)
        self.convs = nn.ModuleList(
            nn.Conv2d(maps, growth, 3, padding=1, bias=False) for maps in sizes
        )
        self.inputs, self.growth = inputs, growth

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def run(self, x: Tensor, how: str = "") -> Tensor:
        """All maps, right or with a mistake."""
        parts = [x]
        for norm, conv in zip(self.norms, self.convs, strict=True):
            back = how in ("reads back", "newest first")
            read = torch.cat(parts[::-1] if back else parts, 1)
            read = norm(F.relu(read)) if how == "late norm" else norm(read)
            read = read if how in ("linear", "late norm") else F.relu(read)
            new = conv(read)
            parts.append(F.relu(new) if how == "activated" else new)
        if how in ("back", "reads back"):
            parts = parts[::-1]
        if how == "new only":
            parts = parts[1:]
        return parts[-1] if how == "last only" else torch.cat(parts, 1)


DENSE = {
    "back": "The maps that came in stand first, then the new ones, in their order.",
    "reads back": "The old maps come first, then the new ones, in each layer.",
    "newest first": "What a layer reads is in the same order: the old maps first.",
    "new only": "The maps that came in are handed on as well.",
    "last only": "All maps are handed on, not only those of the last layer.",
    "linear": "The ReLU before each convolution is missing.",
    "late norm": "BN comes first, then ReLU.",
    "activated": "Nothing comes behind a convolution: the next layer's BN does.",
}
DENSE_CASES = (((4, 3, 2), (1, 5, 6)), ((1, 2, 5), (3, 4, 3)), ((5, 1, 3), (2, 3, 7)))


@exercise("dense-block", "inputs", "layers", "growth", by_hand=READY)
def DenseBlock(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's layers, with random weights that are copied."""
    for sizes, (n, h, w) in DENSE_CASES:
        _dense(answer, sizes, normal(cases, n, sizes[0], h, w), cases)
    for _ in cases.count(2):
        sizes = cases.integer(1, 5), cases.integer(2, 4), cases.integer(1, 4)
        x = normal(cases, 2, sizes[0], cases.integer(2, 6), cases.integer(2, 6))
        _dense(answer, sizes, x, cases)


def _dense(answer: Maker, sizes: tuple[int, int, int], x: Tensor, cases: Cases) -> None:
    inputs, layers, growth = sizes
    case = f"{inputs} maps, {layers} layers, growth {growth}"
    model, oracle = answer.make_module(*sizes), _Dense(*sizes)
    _expect_layers(model, oracle, case, x)
    stirred(oracle, cases)
    model.load(oracle, x)
    for mode in (False, True):
        model.train() if mode else model.eval()
        oracle.train(mode)
        words = f"{case}, {'training' if mode else 'evaluation'}"
        state = {name: one.clone() for name, one in oracle.state_dict().items()}
        expect(model(x), output_of(oracle, x), words, _dense_runs(oracle, x, state))
        expect_buffers(model, oracle, words)
        expect_gradients(model, oracle, x, case=words)
    if sizes == DENSE_CASES[0][0]:
        expect_movable(model, x, case=case)


def _dense_runs(oracle: _Dense, x: Tensor, state: dict[str, Tensor]) -> Mistakes:
    now = {name: one.clone() for name, one in oracle.state_dict().items()}
    for how, words in DENSE.items():
        oracle.load_state_dict(state)
        with torch.no_grad():
            found = oracle.run(x, how).numpy()
        yield found, words
    oracle.load_state_dict(now)


def _expect_layers(
    model: MadeModule, oracle: _Dense, case: str, *inputs: Tensor
) -> None:
    found, right = model.parameters(), shapes_of(oracle)
    got = sorted(tuple(size) for size in found.outcome.value.values())
    if not model.layout(*inputs).ideas:
        for shapes, words in _other_layers(oracle):
            wrong = got == sorted(shapes) and sorted(shapes) != sorted(right)
            expect_that(found, not wrong, case, words)
        other = got != sorted(right) and _convs(got) == _convs(sorted(right))
        few = other and len(got) < len(right)
        expect_that(found, not few, case, NORMS)
        expect_that(found, not other or len(got) > len(right), case, ANEW)
    expect_parameters(model, right, case, *inputs)


def _convs(sizes: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    return [size for size in sizes if len(size) == 4]


NORMS = (
    "Where are the normalisations? Each layer begins with one of its own, which has a "
    "scale and a shift."
)


ANEW = (
    "Each layer normalises *all* maps that it reads, those too that an earlier layer "
    "has normalised for itself."
)


def _other_layers(oracle: _Dense) -> Iterator[tuple[list[tuple[int, ...]], str]]:
    g, inputs, n = oracle.growth, oracle.inputs, len(oracle.convs)
    sizes = [inputs + at * g for at in range(n)]
    last = [inputs, *[g] * (n - 1)]
    behind: list[tuple[int, ...]] = [(g,), (g,)] * n
    yield (
        [(g, maps, 3, 3) for maps in sizes] + behind,
        "The normalisation stands *before* the convolution, so it is for all maps that "
        "the layer reads.",
    )
    narrow = [(g, maps, 3, 3) for maps in last]
    norms: list[tuple[int, ...]] = [(maps,) for maps in last for _ in range(2)]
    yield (
        [*narrow, *norms],
        "Each layer reads *all* maps before it, not only those of the last layer.",
    )
    same = [(g, inputs, 3, 3)] * n
    few: list[tuple[int, ...]] = [(inputs,), (inputs,)] * n
    yield [*same, *few], "Each layer reads all maps before it: there are ever more."
    wide = [inputs * 2**at for at in range(n)]
    yield (
        [(maps, maps, 3, 3) for maps in wide]
        + [(maps,) for maps in wide for _ in range(2)],
        "Each layer makes `growth` new maps, not as many as it reads.",
    )


# ---- The weights of DenseNet ----


@exercise("count-densenet", "growth", "blocks", "classes", by_hand=READY)
def densenet_weights(answer: Answer, cases: Cases) -> None:
    """Oracle: the shapes of all tensors, listed and multiplied out."""
    for given, case in (
        ((7, (3, 2), 5), "growth 7, two blocks"),
        ((5, (1, 2, 3), 7), "growth 5, three blocks, an odd number of maps"),
        ((4, (3,), 2), "growth 4, one block"),
        ((32, (6, 12, 24, 16)), "DenseNet-121"),
        ((32, (6, 12, 32, 32)), "DenseNet-169"),
        ((48, (6, 12, 36, 24)), "DenseNet-161"),
    ):
        expect(answer(*given), _count(*given), case, _mistakes_count(*given))
    for number in cases.count(5):
        growth, classes = cases.integer(2, 40), cases.integer(2, 99)
        blocks = tuple(cases.integer(1, 9) for _ in range(cases.integer(1, 5)))
        drawn = growth, blocks, classes
        case = f"random {number}: growth {growth}, blocks {blocks}"
        expect(answer(*drawn), _count(*drawn), case, _mistakes_count(*drawn))


Shapes = dict[str, list[tuple[int, ...]]]
INSIDE = ("narrow", "convs")  # of the dense blocks
CONVOLUTIONS = (*INSIDE, "between", "stem")


def _tensors(growth: int, blocks: Sequence[int], classes: int, how: str = "") -> Shapes:
    """Shapes of all weights, sorted into kinds; how: a mistake."""
    maps, narrow = 2 * growth, 4 * growth
    maps = {"thin stem": growth, "64": 64}.get(how, maps)
    found: Shapes = {"stem": [(maps, 3, 7, 7)], "norms": [(2, maps)]}
    found |= {"narrow": [], "convs": [], "between": [], "last": []}
    for number, layers in enumerate(blocks, 1):
        for seen in range(maps, maps + layers * growth, growth):
            found["norms"] += [(2, seen), (2, narrow)]
            found["narrow"].append((narrow, seen))
            found["convs"].append((growth, narrow, 3, 3))
        maps += layers * growth
        if number < len(blocks) or how == "every transition":
            half = maps if how == "whole" else maps - maps // 2 if how == "up" else (
                maps // 2
            )  # fmt: skip
            found["norms"].append((2, maps))
            found["between"].append((half, maps))
            maps = half
    found["last"].append((2, maps))
    found["dense"], found["bias"] = [(classes, maps)], [(classes,)]
    return found


def _sums(shapes: Shapes) -> dict[str, int]:
    return {
        kind: sum(int(np.prod(shape)) for shape in some)
        for kind, some in shapes.items()
    }


def _count(
    growth: int, blocks: Sequence[int], classes: int = 1000, how: str = ""
) -> int:
    return sum(_sums(_tensors(growth, blocks, classes, how)).values())


def _mistakes_count(
    growth: int, blocks: Sequence[int], classes: int = 1000
) -> Mistakes:
    shapes = _tensors(growth, blocks, classes)
    parts, right = _sums(shapes), _count(growth, blocks, classes)
    norms = parts["norms"] + parts["last"]
    between = sum(2 * shape[1] for shape in shapes["between"])
    yield right - parts["last"], "The BN before the mean of each map is missing."
    yield right - norms, "The normalisations have weights: scale and shift."
    yield right - norms // 2, "A normalisation has a scale *and* a shift for each map."
    yield right + norms, "Running statistics are remembered, not learned: no weights."
    yield right - parts["bias"], "The dense layer has biases."
    yield right - parts["dense"] - parts["bias"], "The dense layer is missing."
    yield right - parts["stem"], "The first convolution is missing."
    yield right - 4 * growth, "The BN behind the first convolution is missing."
    yield right - between, "A transition begins with a BN."
    yield right - parts["between"], "A transition has a 1×1 convolution."
    yield right - parts["between"] - between, "The transitions have weights."
    ways = {
        "whole": "A transition halves the number of maps.",
        "up": "Where a number of maps is odd, the transition rounds down.",
        "every transition": "Behind the last block there is no transition.",
        "thin stem": "The first convolution makes 2g maps.",
        "64": "The first convolution makes 2g maps: 64 only where g is 32.",
    }
    for how, words in ways.items():
        yield _count(growth, blocks, classes, how), words
    for shape, words in (
        (
            len(shapes["convs"]) * 8 * growth,
            "There is a BN between the 1×1 and the 3×3.",
        ),
        (parts["narrow"], "Each layer has a 1×1 convolution before its 3×3."),
        (parts["convs"], "Each layer has a 3×3 convolution behind its 1×1."),
    ):
        yield right - shape, words
    biases = {k: sum(s[0] for s in shapes[k]) for k in CONVOLUTIONS}
    for some in (CONVOLUTIONS, INSIDE, CONVOLUTIONS[:3], *((k,) for k in biases)):
        yield right + sum(biases[k] for k in some), "No convolution has a bias."
    for side in (3, 5):
        smaller = parts["stem"] * side**2 // 49
        yield right - parts["stem"] + smaller, "The first convolution is 7 × 7."
    yield right - parts["stem"] * 2 // 3, "The images have three channels."
    yield (
        _count(growth, blocks, 1000),
        "How many classes are asked for? That is `classes`.",
    )
    for other in (10, 100):
        yield _count(growth, blocks, other), "`classes` is 1000 when it is not given."
    for narrower in (int, round, math.ceil):
        yield (
            narrower(_with_halves(growth, blocks, classes)),
            "There is no half a map: c // 2, not c / 2.",
        )


def _with_halves(growth: int, blocks: Sequence[int], classes: int) -> float:
    """The same sum when a transition keeps c / 2 maps, be it 17.5."""
    maps, narrow, total = 2.0 * growth, 4 * growth, 298.0 * growth
    for number, layers in enumerate(blocks):
        if number:
            total, maps = total + 2 * maps + maps * maps / 2, maps / 2
        # The maps grow with each layer: a mean of them, times their number.
        mean = maps + growth * (layers - 1) / 2
        total += layers * ((2 + narrow) * mean + 2 * narrow + 9 * narrow * growth)
        maps += layers * growth
    return total + (2 + classes) * maps + classes


# ---- Nine blocks in, four blocks out ----

STATE = "a dictionary of tensors, model.state_dict()"
LOST, LUCK = 0.05, 0.03  # of the digits that nine blocks read
TEACH, SHOWN = 900, 600


class _Chain(nn.Module):
    """As the lesson has it, residual."""

    def __init__(self, blocks: int, maps: int = 10, channels: int = 1) -> None:
        super().__init__()
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList(_branch(maps) for _ in range(blocks))
        self.head = nn.Sequential(
            nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            nn.Linear(maps, 10),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def _branch(maps: int) -> nn.Sequential:
    conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv)


@exercise("cut-to-four", "weights", "images")
def cut(answer: Answer, cases: Cases) -> None:
    """No oracle: the check's own chain of four reads digits with the numbers it gets.

    Another seed gives other digits and another chain: what passed here must pass there.
    None of the images is one of the lesson's: they lie on their side.
    """
    images, fresh, truth, teacher = _classroom(cases.integer(0, 10**6))
    weights = {name: one.clone() for name, one in teacher.state_dict().items()}
    result, best = answer(weights, images[:SHOWN]), _right(teacher, fresh, truth)
    case = f"a chain that reads {best:.1%}"
    pupil = _loaded(result, case)
    part, least = _right(pupil, fresh, truth), best - LOST - LUCK * cases.hard
    told = f"{part:.1%} of the fresh digits are right: {least:.1%} at least, please."
    why = "" if part >= least else _why_not(part, pupil, teacher, images[:SHOWN])
    expect_that(result, part >= least, case, told, why)


@lru_cache(maxsize=64)
def _classroom(seed: int) -> tuple[Tensor, Tensor, Tensor, _Chain]:
    """Digits to learn from, fresh ones with their names, and a chain that reads them.

    On their side, in a new order, with names dealt out anew: nobody knows them
    beforehand.
    """
    dice, (upright, numbers) = np.random.default_rng(seed), _upright()
    chosen, names = dice.permutation(len(numbers)), dice.permutation(10)
    images = upright[chosen].transpose(2, 3).contiguous()
    labels = torch.from_numpy(names)[numbers[chosen]]
    before = torch.get_rng_state()
    torch.manual_seed(seed)
    teacher = _taught(images[:TEACH], labels[:TEACH])
    torch.set_rng_state(before)
    return images[:TEACH], images[TEACH:], labels[TEACH:], teacher


def _upright() -> tuple[Tensor, Tensor]:
    """The lesson's digits, and the numbers of their classes there."""
    from sklearn.datasets import load_digits

    found = load_digits()
    upright = torch.from_numpy(found.images).float().unsqueeze(1) / 8 - 1
    return upright, torch.from_numpy(found.target).long()


def _taught(images: Tensor, labels: Tensor) -> _Chain:
    """Trained as the lesson trains it, a little longer."""
    model, count = _Chain(9), 150
    sgd = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    for number in range(count):
        rate = min(1, (number + 1) / 20, (count - number) / (0.4 * count))
        sgd.param_groups[0]["lr"] = 0.1 * rate
        batch = torch.randint(len(images), (64,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model.eval()


@torch.no_grad()
def _right(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    return (model(images).argmax(1) == labels).float().mean().item()


def _loaded(result: Result, case: str) -> _Chain:
    """The numbers in a chain of four; words for what does not fit."""
    pupil = _Chain(4)
    want = {name: tuple(one.shape) for name, one in pupil.state_dict().items()}
    expect_that(result, True, case, wanted=STATE)
    value = result.outcome.value
    if not isinstance(value, dict):
        fail(result, case, f"returned {noun(value)}; expected {STATE}")
    extra = [name for name in value if name not in want]
    if any(str(name).startswith("branches.") for name in extra):
        fail(result, case, f"{extra[0]} is too much: a chain of four has branches.0 to "
             "branches.3.")  # fmt: skip
    expect_keys(result, list(want), case)
    state = {}
    for name, shape in want.items():
        got = np.asarray(array(value[name]))
        if got.shape != shape:
            fail(result, case, f"{name} has the shape {got.shape}, and should have "
                 f"{shape}")  # fmt: skip
        if not np.isfinite(got).all():
            fail(result, case, f"{name} holds nan (not a number) or inf (infinite)")
        state[name] = torch.from_numpy(np.array(got))
    pupil.load_state_dict(state)
    return pupil.eval()


def _why_not(part: float, pupil: _Chain, teacher: _Chain, images: Tensor) -> str:
    """What the numbers tell of how they were found."""
    theirs = teacher.state_dict()
    stem = torch.equal(pupil.state_dict()["stem.weight"], theirs["stem.weight"])
    mean = pupil.state_dict()["head.0.running_mean"]
    stale = torch.equal(mean, theirs["head.0.running_mean"])
    if stem and stale:
        return "Its normalisations still have the statistics of nine blocks."
    if stem:
        return (
            "New statistics alone do not do it. Who could teach the four what is lost?"
        )
    upright, numbers = _upright()
    if _right(pupil, upright, numbers) > 0.5:
        return OTHER_CLASSES
    there = _agreement(pupil, teacher, upright)
    if there > max(0.5, _agreement(pupil, teacher, images) + 0.2):
        return OTHER_IMAGES
    if part < 0.2:
        return f"That is little more than chance. {WHO}"
    return "What would it take to agree with the chain of nine more often?"


@torch.no_grad()
def _agreement(one: _Chain, other: _Chain, images: Tensor) -> float:
    return _right(one, images, other(images).argmax(1))


OTHER_CLASSES = (
    "It reads the digits of the notebook, with the notebook's numbers of the classes. "
    "The check's chain has other numbers for its classes: did you ask `weights`?"
)
OTHER_IMAGES = (
    "It agrees with the chain of nine on the `digits` of the notebook, but not on the "
    "images that it was given. Learn from `images`."
)
WHO = (
    "Who has taught the four? The check has other images than the notebook, and other "
    "numbers for the classes: only the chain of `weights` knows them."
)
