"""Checks of "The ImageNet scoreboard"."""

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.bench.given import stacked
from coursekit.checks.bench.inside import EVERYWHERE
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Result,
    expect,
    expect_error,
    expect_that,
    fail,
    noun,
)
from coursekit.checks.loops import (
    Layers,
    expect_same_state,
    given_model,
    tied,
    watched,
)
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import stirred
from coursekit.data.catalogue import CIFAR10
from coursekit.data.stand_in import stand_in

behind_a_number = quiz("behind-a-number")
hearsay = quiz("hearsay")


# ---- Top k ----


@exercise("top-k-error", "scores", "labels", "k",
          by_hand=("sklearn.metrics",))  # fmt: skip
def top_k_error(answer: Answer, cases: Cases) -> None:
    """Oracle: each order in which the equal ones may come, place by place."""
    clear = torch.tensor(
        [
            [0.1, -2.0, 0.7, 0.4, -0.3],
            [3.0, 9.0, -1.0, 4.0, 8.0],
            [-5.0, -4.0, -1.0, -3.0, -2.0],
            [1.0, 0.5, 0.9, 2.0, -3.0],
            [0.2, 6.0, 5.0, 4.0, -9.0],
            [0.0, 2.5, -1.0, 1.0, 7.0],
            [2.0, -3.0, 0.0, 4.0, 1.0],
        ]
    )
    labels = torch.tensor([2, 4, 3, 1, 0, 2, 1])
    for k in (2, 1, 3, 4, 5):
        _top_k(answer, clear, labels, k, f"seven images without ties, k = {k}")
    tied = torch.tensor([[2.0, 7.0, 2.0, 1.0, 2.0]])
    case = "7 first, then three 2s, four times; the labels are 0, 0, 0, 4; k = 2"
    _top_k(answer, tied.repeat(4, 1), torch.tensor([0, 0, 0, 4]), 2, case)
    for label, k in ((2, 2), (0, 3), (4, 2), (1, 1), (3, 4)):
        case = f"7 first, then three 2s; the label is {label}, k = {k}"
        _top_k(answer, tied, torch.tensor([label]), k, case)
    dead = torch.zeros(3, 8)
    _top_k(answer, dead, torch.tensor([7, 0, 4]), 3, "a dead network, k = 3")
    for name, row, label, k in AS_THEY_ARE:
        one = torch.tensor([row], dtype=torch.float64)
        _top_k(answer, one, torch.tensor([label]), k, name)
    for number in cases.count(5):
        n, classes = cases.integer(1, 7), cases.integer(3, 9)
        scores = torch.from_numpy(cases.rng.integers(-2, 3, (n, classes))).float()
        right = torch.from_numpy(cases.rng.integers(0, classes, n))
        k = cases.integer(1, classes)
        case = f"random {number}: {n} images, {classes} classes, k = {k}"
        _top_k(answer, scores, right, k, case)
    for k in (0, 6, -1):
        expect_error(answer(clear, labels, k), "ValueError", f"k = {k}, 5 classes",
                     "There are places from 1 to the number of classes.")  # fmt: skip


def _top_k(answer: Answer, scores: Tensor, labels: Tensor, k: int, case: str) -> None:
    rows, right = scores.double().numpy(), labels.numpy()
    each = [_misses(s, t, k) for s, t in zip(rows, right, strict=True)]
    expected = float(np.mean(each))
    mistakes = _mistakes_top_k(rows, right, k, expected)
    result = answer(scores, labels, k)
    raised = result.outcome.raised
    if raised and raised.kinds[0] == "ValueError":
        fail(result, case, f"{result.whose} raised {raised.shown}", "k may be anything "
             "from 1 to the number of classes, both included.")  # fmt: skip
    expect(result, expected, case, mistakes)


AS_THEY_ARE = [
    ("nearly equal is not equal: 1, 1 + 1e-12 and 1 - 1e-12",
     [1.0, 1.0 + 1e-12, 1.0 - 1e-12], 0, 1),
    ("scores far apart; the second is right, k = 2", [3000.0, 1500.0, 0.0], 1, 2),
    ("scores far apart; the third is right, k = 2", [3000.0, 1500.0, 0.0], 2, 2),
]  # fmt: skip


def _misses(scores: np.ndarray, label: int, k: int) -> float:
    """The part of the possible places of the right class that lie behind the k-th."""
    first = sum(s > scores[label] for s in scores)
    shared = sum(s == scores[label] for s in scores)
    places = range(first + 1, first + shared + 1)
    return sum(place > k for place in places) / len(places)


def _mistakes_top_k(
    scores: np.ndarray, labels: np.ndarray, k: int, right: float
) -> Iterator[tuple[Any, str]]:
    own = scores[np.arange(len(scores)), labels][:, None]
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    yield 1 - right, "That is the part that is right. The error is the rest."
    yield right * len(scores), "That is a number of images. Divide by how many."
    yield 100 * right, "A part is wanted, from 0 to 1, not percent."
    yield from _ties_decided(scores, labels, k)
    yield from _other_places(scores, labels, k)
    yield from _shares(above, equal, k)
    yield from _not_as_they_are(scores, labels, k)


def _mean(scores: np.ndarray, labels: np.ndarray, k: int) -> float:
    return float(
        np.mean([_misses(s, t, k) for s, t in zip(scores, labels, strict=True)])
    )


def _ties_decided(
    scores: np.ndarray, labels: np.ndarray, k: int
) -> Iterator[tuple[Any, str]]:
    """For or against the network, or by the order in which a sort leaves them."""
    own = scores[np.arange(len(scores)), labels][:, None]
    lot = "Equal ones are drawn by lot."
    for_it = np.mean((scores > own).sum(1) >= k)
    yield for_it, f"You decide ties in favour of the network. {lot}"
    against = np.mean((scores >= own).sum(1) > k)
    yield against, f"You decide ties against the network. {lot}"
    forwards = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    backwards = np.argsort(scores, axis=1, kind="stable")[:, ::-1][:, :k]
    topk = torch.from_numpy(scores).topk(k).indices.numpy()
    for first in (forwards, backwards, topk):
        yield 1 - (first == labels[:, None]).any(1).mean(), ORDERED


def _other_places(
    scores: np.ndarray, labels: np.ndarray, k: int
) -> Iterator[tuple[Any, str]]:
    for other in (k - 1, k + 1):
        if 1 <= other <= scores.shape[1]:
            yield _mean(scores, labels, other), f"That is for k = {other}."
    lowest = "Those are the k lowest scores. The highest are best."
    yield _mean(-scores, labels, k), lowest
    yield _mean(scores, labels, 1), "That is the top-1 error. What does k change?"


def _shares(above: np.ndarray, equal: np.ndarray, k: int) -> Iterator[tuple[Any, str]]:
    """What the equal ones get of the places that are left."""
    half = np.where(above >= k, 1, np.where(above + equal <= k, 0, 0.5))
    yield (half.mean(), "A tie is not always one half: how many places are left, and "
           "for how many equal ones?")  # fmt: skip
    one = np.where(above >= k, 0, np.where(above + equal <= k, 1, 1 / equal))
    yield (1 - one.mean(), "More than one place may be left for the equal ones.")
    share = (k - above) / equal
    yield (np.mean(1 - share), "A probability is never above 1 or below 0: what if "
           "more places are left than there are equal ones?")  # fmt: skip
    yield (np.mean(1 - np.minimum(share, 1)), "What if no place is left? A probability "
           "is never below 0.")  # fmt: skip
    yield (np.mean(1 - np.maximum(share, 0)), "What if more places are left than there "
           "are equal ones? A probability is never above 1.")  # fmt: skip
    mixed = (k - above.mean()) / equal.mean()
    yield (1 - np.clip(mixed, 0, 1), "Each image has a probability of its own: take "
           "the mean of those, at the end.")  # fmt: skip


def _not_as_they_are(
    scores: np.ndarray, labels: np.ndarray, k: int
) -> Iterator[tuple[Any, str]]:
    own = scores[np.arange(len(scores)), labels][:, None]
    close = np.isclose(scores, own)
    for above in (scores > own, (scores > own) & ~close):
        kept = np.clip((k - above.sum(1)) / close.sum(1), 0, 1)
        yield (1 - kept.mean(), "Nearly equal scores are not equal: compare them as "
               "they are, with all their digits.")  # fmt: skip
    shares = torch.from_numpy(scores).softmax(1).numpy()
    yield (_mean(shares, labels, k), "A softmax makes 0 of all scores that lie far "
           "below the highest, and so ties: compare the scores as they are."
           )  # fmt: skip


ORDERED = (
    "Here equal scores are put in the order of their classes, or in any order that a "
    "sort happens to find. By lot, each is as probable as the others."
)


# ---- Weights and work ----

COUNTERS = ("coursekit.anatomy", "torch.utils.flop_counter")

NETWORKS: list[tuple[str, Layers, tuple[int, ...]]] = [
    ("one convolution, kernel 3 × 5, stride 2",
     [["Conv2d", 3, 8, (3, 5), 2, (1, 0), 1, 1, False]], (3, 9, 14)),
    ("one convolution with biases", [["Conv2d", 2, 6, 3]], (2, 5, 7)),
    ("one dense layer", [["Linear", 7, 5]], (7,)),
    ("groups", [["Conv2d", 6, 9, 3, 1, 1, 1, 3], ["ReLU"]], (6, 4, 7)),
    ("a kernel for each channel", [["Conv2d", 5, 10, (1, 3), 1, 0, 1, 5]], (5, 6, 8)),
    ("a dilated kernel", [["Conv2d", 2, 3, 3, 1, 0, 2]], (2, 8, 9)),
    ("convolutions, pooling and two dense layers",
     [["Conv2d", 3, 4, 5, 2], ["ReLU"], ["MaxPool2d", 2], ["Conv2d", 4, 6, 1],
      ["Flatten"], ["Linear", 6 * 2 * 3, 11], ["Tanh"], ["Linear", 11, 2]],
     (3, 12, 17)),
    ("a dense layer at each of 4 × 3 places", [["Linear", 6, 5]], (4, 3, 6)),
    ("batch normalisation and PReLU",
     [["Conv2d", 2, 3, 3], ["BatchNorm2d", 3], ["PReLU", 3]], (2, 5, 4)),
    ("layers of other kinds",
     [["ConvTranspose2d", 2, 3, 2], ["Conv2d", 3, 2, 2], ["GroupNorm", 1, 2],
      ["Flatten", 2], ["Conv1d", 2, 4, 3]], (2, 4, 5)),
    ("layers within a layer, a transformer's",
     [["Linear", 4, 6], ["TransformerEncoderLayer", 6, 2, 10], ["Linear", 6, 3]],
     (5, 4)),
    ("a map of one pixel, normalised",
     [["Conv2d", 3, 4, (2, 3)], ["BatchNorm2d", 4]], (3, 2, 3)),
    ("a class that inherits from nn.Linear",
     [["Derived", 5, 4], ["ReLU"], ["Linear", 4, 2]], (5,)),
]  # fmt: skip

NORMED: Layers = [["Conv2d", 2, 3, 3], ["BatchNorm2d", 3], ["ReLU"], ["Flatten"],
                  ["Linear", 27, 4]]  # fmt: skip


@exercise("hooked-counts", "model", "shape", by_hand=COUNTERS)
def weights_and_work(answer: Maker, cases: Cases) -> None:
    """Oracle: products counted one by one, from the sizes that the layers state."""
    for case, layers, shape in NETWORKS:
        _count(answer, layers, shape, case, cases)
    for case, layers, shape, arrange in ARRANGED:
        _count(answer, layers, shape, case, cases, arrange)
    _cannot_run(answer, cases)
    _count_on_meta(answer, cases)
    for number in cases.count(3):
        groups = cases.integer(1, 3)
        i, o = groups * cases.integer(1, 3), groups * cases.integer(1, 3)
        k = (cases.integer(1, 3), cases.integer(1, 4))
        s, p = cases.integer(1, 3), cases.integer(0, 2)
        shape = (i, cases.integer(4, 8), cases.integer(5, 9))
        layers = [["Conv2d", i, o, k, s, p, 1, groups], ["ReLU"]]
        _count(answer, layers, shape, f"random {number}: {i} to {o} maps", cases)


# What is done to a model, and to the oracle, before it is counted.
Arrange = Callable[[Maker, MadeModule, nn.Sequential], None]


def _part(model: MadeModule, at: int) -> MadeModule:
    layer = model.make("get_submodule", str(at))
    return MadeModule(model.link, layer.number, f"model[{at}]", layer.type)


def _frozen(answer: Maker, model: MadeModule, oracle: nn.Sequential) -> None:
    _part(model, 0).do("requires_grad_", False)
    model.tell("model[0].requires_grad_(False)")
    oracle[0].requires_grad_(False)


def _one_in(training: bool) -> Arrange:
    """Switch the batch normalisation alone."""

    def arrange(answer: Maker, model: MadeModule, oracle: nn.Sequential) -> None:
        model.train() if not training else model.eval()
        _part(model, 1).do("train", training)
        model.tell(f"model[1].train({training})")

    return arrange


def _hooked(answer: Maker, model: MadeModule, oracle: nn.Sequential) -> None:
    watched(answer, _part(model, 0))
    model.tell("model[0].register_forward_hook(somebody_elses)")


def _again(answer: Maker, model: MadeModule, oracle: nn.Sequential) -> None:
    model.do("append", _part(model, 0))
    oracle.append(oracle[0])


def _tied(answer: Maker, model: MadeModule, oracle: nn.Sequential) -> None:
    tied(answer, _part(model, 0), _part(model, 2))
    model.tell("model[2].weight = model[0].weight")
    oracle[2].weight = oracle[0].weight


ARRANGED: list[tuple[str, Layers, tuple[int, ...], Arrange]] = [
    ("a frozen layer", [["Linear", 5, 4], ["ReLU"], ["Linear", 4, 3]], (5,), _frozen),
    ("a training model, one layer in evaluation mode", NORMED, (2, 5, 5),
     _one_in(training=False)),
    ("a model in evaluation mode, one layer in training", NORMED, (2, 5, 5),
     _one_in(training=True)),
    ("a layer with a hook of somebody else", [["Linear", 5, 4], ["ReLU"]], (5,),
     _hooked),
    ("a layer that runs twice", [["Conv2d", 3, 3, 3, 2], ["Tanh"]], (3, 9, 11), _again),
    ("two layers with one weight", [["Linear", 6, 6], ["Tanh"], ["Linear", 6, 6]], (6,),
     _tied),
]  # fmt: skip


def _count(
    answer: Maker,
    layers: Layers,
    shape: tuple[int, ...],
    case: str,
    cases: Cases,
    arrange: Arrange | None = None,
) -> None:
    oracle, model = _pair(answer, layers, cases)
    if case == "convolutions, pooling and two dense layers":
        model.eval()
    if arrange:
        arrange(answer, model, oracle)
    expected = (sum(p.numel() for p in oracle.parameters()), _work(oracle, shape))
    before = _seen(model)
    result = answer(model, shape)
    expect(result, expected, case, _mistakes_count(oracle, shape, expected))
    _expect_no_trace(model, before, case)
    expect_same_state(model, oracle, f"{case}, afterwards", MOVED)


def _pair(
    answer: Maker, layers: Layers, cases: Cases
) -> tuple[nn.Sequential, MadeModule]:
    """The oracle and the model, in training mode, with the same weights."""
    oracle = stacked(layers)
    stirred(oracle, cases)
    model = given_model(answer, layers, oracle)
    model.train()
    return oracle, model


def _count_on_meta(answer: Maker, cases: Cases) -> None:
    case, layers, shape = NETWORKS[6]
    oracle, model = _pair(answer, layers, cases)
    model.do("to", "meta")
    expected = (sum(p.numel() for p in oracle.parameters()), _work(oracle, shape))
    before = _seen(model)
    expect(answer(model, shape), expected, f"{case}, on meta")
    _expect_no_trace(model, before, f"{case}, on meta")


def _cannot_run(answer: Maker, cases: Cases) -> None:
    """A shape that only the last layer refuses, when all hooks have been called."""
    case = "a shape that does not fit the model"
    oracle, model = _pair(answer, NORMED, cases)
    _one_in(training=False)(answer, model, oracle)
    before = _seen(model)
    expect_error(answer(model, (2, 6, 5)), "RuntimeError", case, "The model raises it. "
                 "Let it pass.")  # fmt: skip
    _expect_no_trace(model, before, f"{case}, afterwards")
    expect_same_state(model, oracle, f"{case}, afterwards", MOVED)


MOVED = (
    "Counting has changed the model: a batch normalisation in training mode remembers "
    "something of each batch that it sees."
)


@dataclass(frozen=True)
class Seen:
    """How a model is before it is counted."""

    modes: dict[str, bool]
    devices: set[str]
    hooks: dict[str, int]


def _seen(model: MadeModule) -> Seen:
    modes, hooks = model.modes().outcome.value, model.hooks().outcome.value
    return Seen(modes, model.devices(), hooks)


def _expect_no_trace(model: MadeModule, before: Seen, case: str) -> None:
    modes = model.modes()
    for path, training in modes.outcome.value.items():
        expect_that(modes, training == before.modes.get(path), case, f"The mode of "
                    f"{_place(path)} is another one now.", "Put the mode of each layer "
                    "back as you have found it, or switch a copy.")  # fmt: skip
    now = model.devices()
    expect_that(modes, now == before.devices, case, f"The model lies on {now} now.",
                "model.to(…) moves the model itself. Move a copy.")  # fmt: skip
    hooks = model.hooks()
    for path, many in hooks.outcome.value.items():
        had = before.hooks.get(path, 0)
        expect_that(hooks, many <= had, case, f"A hook is left in {_place(path)}.",
                    "Keep the handle, and call its remove(), whatever happens in "
                    "between: try … finally.")  # fmt: skip
        expect_that(hooks, many >= had, case, f"A hook of {_place(path)} is gone that "
                    "was there before.", "It is somebody else's: remove yours only, by "
                    "handle.remove().")  # fmt: skip


def _place(path: str) -> str:
    if path == EVERYWHERE:
        return "every layer that there is"
    return f"layer {path}" if path else "the model"


def _outputs(
    model: nn.Sequential, shape: tuple[int, ...]
) -> list[tuple[nn.Module, Any]]:
    """Each layer with its output for one example; twice if it runs twice."""
    x, found = torch.zeros(1, *shape), []
    for layer in copy.deepcopy(model).eval():
        x = layer(x)
        found.append((layer, x.detach()))
    return found


def _work(model: nn.Sequential, shape: tuple[int, ...]) -> int:
    return sum(_products(layer, y) for layer, y in _outputs(model, shape))


def _products(layer: nn.Module, y: Tensor) -> int:
    """Multiply-adds of one layer, from what it says of itself."""
    if isinstance(layer, nn.Conv2d):
        inputs = layer.in_channels // layer.groups
        return math.prod((y.numel(), inputs, *layer.kernel_size))
    if isinstance(layer, nn.TransformerEncoderLayer):  # two dense layers, out and back
        return 2 * y.numel() * layer.linear1.out_features
    return y.numel() * layer.in_features if isinstance(layer, nn.Linear) else 0


def _mistakes_count(
    model: nn.Sequential, shape: tuple[int, ...], right: tuple[int, int]
) -> Iterator[tuple[Any, str]]:
    weights, work = right
    outputs = _outputs(model, shape)
    busy = [(m, y) for m, y in outputs if isinstance(m, nn.Conv2d | nn.Linear)]
    biases = sum(y.numel() for m, y in busy if m.bias is not None)
    yield (work, weights), "The other way round: weights first."
    outer = sum(_products(m, y) for m, y in busy)
    yield (weights, outer), NESTED
    for wrong, words in _wrong_work(busy, work, biases):
        yield (weights, wrong), words
    for wrong, words in _wrong_weights(model, weights):
        yield (wrong, work), words
    yield work, "Both are wanted: (weights, multiply-adds)."


def _wrong_weights(model: nn.Sequential, weights: int) -> Iterator[tuple[int, str]]:
    asked = sum(p.numel() for p in model.parameters() if p.requires_grad)
    yield asked, "Frozen weights are weights, and count as well."
    named = model.named_parameters(remove_duplicate=False)
    yield (sum(p.numel() for _, p in named), "A weight that is used in two places is "
           "one weight, and counts once. (A copy that .to(…) has moved may have two: "
           "count in the model that you got.)")  # fmt: skip
    kinds = nn.Conv2d | nn.Linear
    busy = [m for m in model.modules() if isinstance(m, kinds)]
    yield (sum(p.numel() for m in busy for p in m.parameters()), "Other layers have "
           "weights, too: whatever can be learned counts.")  # fmt: skip
    axes = sum(p.numel() for p in model.parameters() if p.dim() > 1)
    yield axes, "The biases are missing among the weights."
    numbers = weights + sum(b.numel() for b in model.buffers())
    yield numbers, "Running statistics are not learned: leave them out."


NESTED = (
    "Layers may lie within other layers: model.modules() walks through all of them."
)


def _wrong_work(
    busy: Sequence[tuple[Any, Tensor]], work: int, biases: int
) -> Iterator[tuple[int, str]]:
    yield work + biases, "Biases are added, not multiplied: they are no work here."
    yield (2 * work, "A multiplication and its addition count once, together. (And the "
           "work is that for one example: did a batch of two run?)")  # fmt: skip
    for runs in (busy, busy[::-1]):  # of a layer that runs twice, one run
        each = {id(m): _products(m, y) for m, y in runs}
        yield (sum(each.values()), "A layer that runs twice works twice: count each of "
               "its runs.")  # fmt: skip
    plain = [(m, y) for m, y in busy if type(m) in (nn.Conv2d, nn.Linear)]
    yield (sum(_products(m, y) for m, y in plain), "A class that inherits from "
           "nn.Linear is a dense layer, too: isinstance finds it.")  # fmt: skip
    all_groups = sum(_products(m, y) * getattr(m, "groups", 1) for m, y in busy)
    yield (all_groups, "With groups a kernel sees its share of the channels only.")
    squares = sum(
        _products(m, y) * m.kernel_size[0] // m.kernel_size[1]
        if isinstance(m, nn.Conv2d)
        else _products(m, y)
        for m, y in busy
    )
    yield squares, "The kernel need not be square: both of its sides count."
    dense = sum(m.weight.numel() if isinstance(m, nn.Linear) else _products(m, y)
                for m, y in busy)  # fmt: skip
    yield dense, "A dense layer that gets more axes works at each of their places."
    once = sum(m.weight.numel() for m, _ in busy)
    yield (once, "A weight of a convolution works at every place of its output, one of "
           "a dense layer at every place that it gets.")  # fmt: skip
    conv = sum(_products(m, y) for m, y in busy if isinstance(m, nn.Conv2d))
    yield conv, "Dense layers work, too."
    yield work - conv, "Convolutions work, too."
    last = sum(_products(m, y) for m, y in busy[-1:])
    yield last, "That is the work of the last layer alone. Add up."
    maps = sum(
        y[0, 0].numel() * m.weight[0].numel() if y.dim() == 4 else _products(m, y)
        for m, y in busy
    )
    yield maps, "That is one map of the output. There are more."


# ---- Depth ----

Graph = dict[str, tuple[str, list[str]]]
COUNTED = ("conv", "dense")


@exercise("longest-path", "graph", by_hand=("networkx",))
def longest_path(answer: Answer, cases: Cases) -> None:
    """Oracle: the same from the other end, with what each step feeds."""
    for graph, case in _graphs():
        _depth(answer, graph, case)
    for number in cases.count(5):
        graph = _random_graph(cases, cases.integer(3, 14))
        _depth(answer, graph, f"random {number}: {len(graph)} steps")
    long = {f"{n}": ("conv", [f"{n - 1}"] if n else []) for n in range(3000)}
    _depth(answer, long, "3,000 steps in a row")


def _graphs() -> Iterator[tuple[Graph, str]]:
    row = ("a conv", "b relu a", "c conv b", "d batchnorm c", "e dense d",
           "f softmax e")  # fmt: skip
    yield _graph(*row), "two convolutions and a dense layer in a row"
    yield _branches(), "four branches, then four dense layers"
    blocks = ("in conv", "one conv in", "two conv one", "way conv in",
              "sum add two way", "next conv sum", "more add sum next")  # fmt: skip
    yield _graph(*blocks), "two blocks with shortcuts, one of them a projection"
    head = ("x conv", "y conv x", "z conv y", "end conv z", "look relu x",
            "early dense y")  # fmt: skip
    yield _graph(*head), "a head that ends early stands last"
    names = {"conv 1": ("relu", []), "dense 2": ("add", ["conv 1", "conv 1"]),
             "relu 3": ("conv", ["dense 2"])}  # fmt: skip
    yield names, "names that mislead"
    kinds = ("a conv", "b convert a", "c condense b", "d dense c", "e ense d")
    yield _graph(*kinds), 'kinds that begin or end like "conv" and "dense"'
    yield _graph("a relu", "b maxpool a"), "nothing with weights"
    yield _graph("only dense"), "a single dense layer"
    yield {}, "a graph without steps"
    yield _graph("left conv", "right dense", "both cat left right"), "two towers"


def _graph(*steps: str) -> Graph:
    """Of lines such as "sum add two way": a name, a kind, and the sources."""
    words = [step.split() for step in steps]
    return {name: (kind, sources) for name, kind, *sources in words}


def _branches() -> Graph:
    """A stem, branches of 2, 4, 1 and 3 convolutions, and a head of dense layers."""
    graph: Graph = {"stem": ("conv", [])}
    ends = []
    for branch, many in zip("pqrs", (2, 4, 1, 3), strict=True):
        last = "stem"
        for at in range(many):
            graph[f"{branch}{at}"], last = ("conv", [last]), f"{branch}{at}"
        ends.append(last)
    graph["join"], last = ("cat", ends), "join"
    for at in range(4):
        graph[f"head{at}"], last = ("dense", [last]), f"head{at}"
    return graph


def _random_graph(cases: Cases, steps: int) -> Graph:
    kinds, graph = ("conv", "dense", "relu", "cat", "batchnorm"), {}
    for at in range(steps):
        many = min(at, cases.integer(1, 3))
        sources = cases.rng.permutation(at)[:many]
        kind = kinds[cases.integer(0, len(kinds) - 1)]
        graph[f"step {at}"] = kind, [f"step {source}" for source in sources]
    return graph


def _depth(answer: Answer, graph: Graph, case: str) -> None:
    expected = _longest(graph, COUNTED, max)
    result = answer(graph)
    raised = result.outcome.raised
    if raised and raised.kinds[0] == "RecursionError":
        fail(result, case, f"{result.whose} was stopped: {raised.text}.",
             "A call for each step of a path is too deep. The steps stand in order: "
             "would one loop do?")  # fmt: skip
    expect(result, expected, case, _mistakes_depth(graph))


def _longest(graph: Graph, kinds: Sequence[str], pick: Callable[..., int]) -> int:
    """From the last step back: the most that lies on a way from a step to an end."""
    feeds: dict[str, list[str]] = {name: [] for name in graph}
    for name, (_, sources) in graph.items():
        for source in sources:
            feeds[source].append(name)
    ahead: dict[str, int] = {}
    for name in reversed(graph):
        rest = pick((ahead[fed] for fed in feeds[name]), default=0)
        ahead[name] = rest + (graph[name][0] in kinds)
    starts = [ahead[name] for name, (_, sources) in graph.items() if not sources]
    return pick(starts, default=0)


def _mistakes_depth(graph: Graph) -> Iterator[tuple[Any, str]]:
    kinds = [kind for kind, _ in graph.values()]
    yield (sum(kind in COUNTED for kind in kinds), "Those are all layers. What stands "
           "side by side is not one behind the other.")  # fmt: skip
    yield _longest(graph, ("conv",), max), "Dense layers count as well."
    yield _longest(graph, ("dense",), max), "Convolutions count as well."
    yield (_longest(graph, sorted(set(kinds)), max), "Only convolutions and dense "
           "layers count, no other steps.")  # fmt: skip
    with_norm = (*COUNTED, "batchnorm")
    yield _longest(graph, with_norm, max), "Normalisations do not count, here."
    if not graph:
        return
    far = _depths(graph, max)
    yield far[-1], "The step that stands last need not be the deepest."
    for words, pick in PICKS.items():
        far = _depths(graph, pick)
        for wrong in (max(far), far[-1]):
            yield wrong, f"{words} Which of its sources lies deepest?"
    yield _longest(graph, COUNTED, min), "That is the shortest path."
    named = sum("conv" in name or "dense" in name for name in graph)
    yield named, "The kind says what a step is, not its name."
    inside = [k for k in kinds if "conv" in k or "dense" in k]
    alike = [k for k in kinds if k.startswith("conv") or k.endswith("dense")]
    within = [k for k in kinds if k in "conv dense"]
    for found in (inside, alike, within):
        yield (_longest(graph, found, max), 'The kind is the whole word, "conv" or '
               '"dense": others may begin or end with it.')  # fmt: skip
    yield len(graph), "That is the number of steps."


def _depths(graph: Graph, pick: Callable[[list[int]], int]) -> list[int]:
    """How deep each step lies, when `pick` chooses among its sources."""
    far: dict[str, int] = {}
    for name, (kind, sources) in graph.items():
        found = [far[source] for source in sources]
        far[name] = (pick(found) if found else 0) + (kind in COUNTED)
    return list(far.values())


PICKS: dict[str, Callable[[list[int]], int]] = {
    "You follow the first source of a step only.": lambda found: found[0],
    "You follow the last source of a step only.": lambda found: found[-1],
    "You add up what lies side by side.": sum,
}


# ---- Dominated ----

Rows = Mapping[str, tuple[float, ...]]


@exercise("dominated", "rows")
def dominated(answer: Answer, cases: Cases) -> None:
    """Oracle: differences of arrays."""
    order = {"z": (9.0, 9.0), "m": (1.0, 1.0), "a": (8.0, 8.0)}
    _dominated(answer, order, "m is best in both")
    few = {"a": (5.0, 1.0), "b": (4.0, 3.0), "c": (5.0, 3.0)}
    _dominated(answer, few, "c is worse than b and dearer than a")
    three = {
        "slow": (6.0, 9.0, 2.0),
        "good": (5.0, 8.0, 4.0),
        "large": (6.0, 8.0, 5.0),
        "small": (9.0, 7.0, 1.0),
        "bad": (9.5, 9.5, 9.5),
    }
    _dominated(answer, three, "three costs")
    equal = {"x": (2.0, 3.0), "y": (2.0, 3.0), "z": (3.0, 2.0)}
    _dominated(answer, equal, "two rows are equal")
    _dominated(answer, {"x": (1.0, 3.0), "y": (1.0, 4.0)}, "equal in one cost")
    _dominated(answer, {"p": (3.0,), "q": (1.0,), "r": (2.0,), "s": (1.0,)}, "one cost")
    _dominated(answer, {"only": (3.0, 1.0)}, "a single row")
    one_more = {"x": (9.0, 15_470_264_320.0), "y": (9.0, 15_470_264_321.0)}
    _dominated(answer, one_more, "y has one multiply-add more")
    _dominated(
        answer, {"x": (3.57 + 1e-9, 2.0), "y": (3.57, 2.0)}, "x is worse by 1e-9"
    )
    for number in cases.count(5):
        n, costs = cases.integer(2, 8), cases.integer(1, 4)
        table = cases.rng.integers(0, 5, (n, costs)).astype(float)
        rows = {f"net {at}": tuple(row) for at, row in enumerate(table.tolist())}
        _dominated(answer, rows, f"random {number}: {n} rows, {costs} costs")


def _dominated(answer: Answer, rows: Rows, case: str) -> None:
    expected = _by(rows, _beaten)
    result = answer(dict(rows))
    value = result.outcome.value
    if type(value) is list and sorted(map(str, value)) == sorted(expected):
        expect_that(result, value == expected, case, f"{value}: the right names, in "
                    "another order", "Keep the order of the rows.")  # fmt: skip
    expect(result, expected, case, _mistakes_dominated(rows, expected))


def _beaten(gap: np.ndarray) -> bool:
    return bool((gap >= 0).all() and (gap > 0).any())


def _by(rows: Rows, beaten: Callable[[np.ndarray], bool]) -> list[str]:
    """Rows to which `beaten` is true of what some other row saves."""
    table = {name: np.array(row) for name, row in rows.items()}
    return [
        name
        for name, row in table.items()
        if any(beaten(row - table[other]) for other in table if other != name)
    ]


def _mistakes_dominated(rows: Rows, right: list[str]) -> Iterator[tuple[Any, str]]:
    short = {n: tuple(float(np.float32(c)) for c in row) for n, row in rows.items()}
    yield (_by(short, _beaten), "Costs are compared as they are, however near they "
           "lie: without a tolerance, and not as float32.")  # fmt: skip
    front = [name for name in rows if name not in right]
    yield front, "Those are the rows that nobody dominates. The others are wanted."
    yield (_by(rows, lambda gap: bool((gap >= 0).all())), "Equal rows do not dominate "
           "each other: somewhere one has to be better.")  # fmt: skip
    yield (_by(rows, lambda gap: bool((gap > 0).all())), "To dominate, a row need not "
           "be better everywhere: nowhere worse, and somewhere better.")  # fmt: skip
    yield (_by(rows, lambda gap: bool((gap > 0).any())), "Better in one cost is not "
           "enough: it must not be worse in another.")  # fmt: skip
    yield (_by(rows, lambda gap: bool((gap <= 0).all() and (gap < 0).any())), "Those "
           "dominate others. Less is better.")  # fmt: skip
    two = {name: row[:2] for name, row in rows.items()}
    more = "There may be more costs than two: all of them count."
    yield _by(two, _beaten), more
    least = np.min(list(rows.values()), axis=0)
    yield ([name for name in rows if (np.array(rows[name]) > least).all()], "A row "
           "need not be best in some cost to stay: it may be a bargain.")  # fmt: skip
    yield (list(rows), "Does a row dominate itself?")
    yield from _compared_otherwise(rows)


def _compared_otherwise(rows: Rows) -> Iterator[tuple[Any, str]]:
    """Sums, or not with all the others."""
    totals = {name: sum(row) for name, row in rows.items()}
    above = [name for name in rows if totals[name] > min(totals.values())]
    yield (above, "Costs cannot be added up, a percent and a multiply-add: compare "
           "them one by one.")  # fmt: skip
    names = list(rows)
    for order in (names, names[::-1]):
        parts = [{n: rows[n] for n in order[: at + 1]} for at in range(len(names))]
        found = {n for n, part in zip(order, parts, strict=True)
                 if n in _by(part, _beaten)}  # fmt: skip
        yield ([n for n in names if n in found], "Compare a row with all others, with "
               "those above it and with those below.")  # fmt: skip


# ---- A row of one's own ----

SIZE = 16
LEARN = 900
STEPS, BATCH, RATE = 120, 32, 0.005


@dataclass(frozen=True)
class Contract:
    """What a row must reach, in the mean of some trainings, and may cost."""

    accuracy: float
    weights: int
    work: int


VISIBLE, HIDDEN = Contract(0.75, 7_000, 200_000), Contract(0.725, 7_000, 200_000)
TRAININGS = 3
HOPELESS, NEAR = 0.1, 0.015  # below the limit, and around it


@exercise("own-row")
def own_row(answer: Answer, cases: Cases) -> None:
    """No oracle: the plan is built, counted and trained here, as in the lesson."""
    contract = HIDDEN if cases.hard else VISIBLE
    result = answer()
    plan = _text(result)
    case = "the plan"
    model = _planned(result, plan)
    weights = sum(p.numel() for p in model.parameters())
    expect_that(result, weights <= contract.weights, case, f"{weights:,} weights: "
                f"{contract.weights:,} at most.", _where(model))  # fmt: skip
    work = _work_of_plan(model)
    expect_that(result, work <= contract.work, case, f"{work:,} multiply-adds: "
                f"{contract.work:,} at most.", WORK)  # fmt: skip
    parts = _tried(plan, contract.accuracy, cases)
    told = ", ".join(f"{one:.1%}" for one in parts)
    part = float(np.mean(parts))
    expect_that(result, part >= contract.accuracy, "trained on 900 tiles", f"{told} of "
                f"900 fresh tiles are right. The mean should be "
                f"{contract.accuracy:.1%} at least.", _why_low(part))  # fmt: skip


def _tried(plan: str, limit: float, cases: Cases) -> list[float]:
    """What some trainings reach: more of them near the limit, one far below it."""
    times = TRAININGS - cases.hard  # grading has several seeds
    parts = [_trained(plan, cases)]
    while min(parts) > limit - HOPELESS and (
        len(parts) < times
        or (len(parts) < 2 * times and abs(np.mean(parts) - limit) < NEAR)
    ):
        parts.append(_trained(plan, cases))
    return parts


ERRORS = (*(ValueError, RuntimeError, IndexError, KeyError, TypeError), ArithmeticError)
WORK = (
    "Which layers work most? The first ones have the most places. Does every one of "
    "them need all of these?"
)


def _why_low(part: float) -> str:
    if part < 0.4:
        return (
            "It has hardly learned. How many layers can see more than a single pixel? "
            "And what is thrown away before the scores?"
        )
    return (
        "Compare variants on other seeds, and change one thing at a time: how soon are "
        "the maps made smaller, how wide are the last ones, and what ends the network?"
    )


def _where(model: nn.Sequential) -> str:
    """The layer of the plan that has the most weights."""
    sizes = [sum(p.numel() for p in layer.parameters()) for layer in model]
    at = int(np.argmax(sizes))
    return f"Line {at + 1} has most of them, {sizes[at]:,}. What makes them so many?"


def _text(result: Result) -> str:
    expect_that(result, True, "the plan", wanted="a text, a line for each layer")
    value = result.outcome.value
    if type(value) is not str:
        fail(result, "the plan", f"returned {noun(value)}; expected a text, a line for "
             "each layer")  # fmt: skip
    return value


def _planned(result: Result, plan: str) -> nn.Sequential:
    """The network of a plan; says which line cannot be."""
    x = torch.zeros(1, 3, SIZE, SIZE, device="meta")
    made = nn.Sequential()  # on meta as well: a plan may be far too large
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    for line in lines:
        try:
            with torch.device("meta"):
                made.append(layer_of(line, x))
            x = _after(made[-1], x)
        except ERRORS as error:
            fail(result, "the plan", f"the line {line!r} cannot be built on an input "
                 f"of the shape {tuple(x.shape[1:])}", str(error)[:200])  # fmt: skip
    told = f"what comes out has the shape {tuple(x.shape[1:])}; ten scores are wanted"
    expect_that(result, tuple(x.shape) == (1, 10), "the plan", told,
                "Does it end with  dense 10?")  # fmt: skip
    return made


def _after(layer: nn.Module, x: Tensor) -> Tensor:
    return copy.deepcopy(layer).to("meta").eval()(x)


def _work_of_plan(model: nn.Module) -> int:
    found: list[int] = []

    def note(layer: Any, _: object, y: Tensor) -> None:  # noqa: ANN401
        found.append(_products(layer, y))

    twin = copy.deepcopy(model).to("meta").eval()
    for layer in twin.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(note)
    twin(torch.zeros(1, 3, SIZE, SIZE, device="meta"))
    return sum(found)


# The builder of the lesson, line by line; a test compares the two.


class Side(nn.Module):
    """Branches side by side, stacked; or a single one added to what goes in."""

    def __init__(self, ways: list[nn.Sequential], add: bool) -> None:
        super().__init__()
        self.ways, self.add = nn.ModuleList(ways), add

    def forward(self, x: Tensor) -> Tensor:
        """The sum, or the maps of all branches."""
        outputs = [way(x) for way in self.ways]
        return x + outputs[0] if self.add else torch.cat(outputs, 1)


def layer_of(line: str, x: Tensor) -> nn.Module:
    """The module of one line of a plan, for an input like x, on meta."""
    kind, *words = line.split()
    if kind in ("branches", "add"):
        ways = [way.split(",") for way in " ".join(words).split("|")]
        if kind == "add" and len(ways) > 1:
            raise ValueError("add takes a single row of layers")
        return Side([network_of(way, x) for way in ways], kind == "add")
    if kind == "conv":
        o = _options(words[1:], "ksg")
        maps, k = _number(words), o["k"]
        conv = nn.Conv2d(x.shape[1], maps, k, o["s"], k // 2, 1, o["g"], bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(maps), nn.ReLU())
    if kind == "pool":
        o = _options(words, "ks")
        return nn.MaxPool2d(o["k"], o["s"], o["k"] // 2)
    if kind == "mean":
        return nn.AdaptiveAvgPool2d(1)
    if kind != "dense":
        raise ValueError(f"there is no layer {kind!r}")
    dense = nn.Linear(x[0].numel(), _number(words))
    return nn.Sequential(nn.ReLU() if x.dim() == 2 else nn.Flatten(), dense)


def network_of(lines: Sequence[str], x: Tensor) -> nn.Sequential:
    """The layers of some lines; x is followed through them without being computed."""
    made = nn.Sequential()
    for line in filter(str.strip, lines):
        made.append(layer_of(line.strip(), x))
        x = _after(made[-1], x)
    return made


def _number(words: Sequence[str]) -> int:
    if not words or not words[0].isdecimal():
        raise ValueError("a number comes first, as in  conv 24 k3  or  dense 10")
    return int(words[0])


def _options(words: Sequence[str], allowed: str) -> dict[str, int]:
    for word in words:
        if word[0] not in allowed:
            raise ValueError(f"there is no option {word!r} here")
        if not word[1:].isdecimal():
            raise ValueError(f"{word!r} is no option: a letter and a number, as in k3")
    found = {"s": 1, "g": 1} | {word[0]: int(word[1:]) for word in words}
    if "k" not in found:
        raise ValueError("the size of the kernel is missing, as in k3")
    return found


@cache
def _tiles() -> tuple[Tensor, Tensor]:
    """All tiles, 16 × 16, each channel with the mean 0 and the deviation 1."""
    found = stand_in(CIFAR10)
    images = torch.cat([found.train.images, found.test.images]).float() / 255
    small = F.avg_pool2d(images, 2)
    small = small - small.mean((0, 2, 3), keepdim=True)
    small = small / small.std((0, 2, 3), keepdim=True)
    return small, torch.cat([found.train.labels, found.test.labels])


def _trained(plan: str, cases: Cases) -> float:
    """Train a fresh network of the plan; the part of fresh tiles that is right."""
    images, labels = _tiles()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(cases.integer(0, 2**31))
        chosen = torch.randperm(len(labels))[: 2 * LEARN]
        x, t = images[chosen], labels[chosen]
        model = network_of(plan.splitlines(), torch.zeros(1, 3, SIZE, SIZE,
                                                          device="meta"))  # fmt: skip
        adam = torch.optim.Adam(model.parameters(), RATE)
        rate = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, STEPS)
        for _ in range(STEPS):
            batch = torch.randint(LEARN, (BATCH,))
            loss = F.cross_entropy(model(x[batch]), t[batch])
            adam.zero_grad()
            loss.backward()
            adam.step()
            rate.step()
        with torch.no_grad():
            scores = model.eval()(x[LEARN:])
    return (scores.argmax(1) == t[LEARN:]).float().mean().item()
