"""Checks of "Counting".

Counts are whole numbers: nothing is rounded, and a message names a mistake by the very
number that it leads to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import prod
from typing import Any

from torch import nn

from coursekit.anatomy import count_layers
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_error,
    fail,
    noun,
)
from coursekit.checks.quiz import quiz
from coursekit.checks.show import as_text

dqn_counts = quiz("dqn-counts")
twice_as_much = quiz("twice-as-much")


# ---- Three totals ----

Counted = list[tuple[int, int, int]]


@exercise("three-totals", "layers")
def totals(answer: Answer, cases: Cases) -> None:
    """Oracle: layer by layer, work first."""
    for layers, case in _networks(cases):
        expect(answer(layers), _totals(layers), case, _mistakes_totals(layers))


def _networks(cases: Cases) -> Iterator[tuple[Counted, str]]:
    yield [(5, 12, 3)], "one convolution"
    yield [(5, 7, 7), (8, 3, 3)], "two dense layers"
    yield [(19, 60, 3), (28, 36, 4)], "two convolutions"
    yield [(7, 20, 5), (0, 5, 5)], "a convolution and its pooling"
    yield [(0, 12, 3), (13, 2, 2)], "pooling first, then a dense layer"
    yield [(26, 4704, 6), (0, 1176, 6)], "LeNet's first layer and its pooling"
    dqn = [(257, 6400, 16), (257, 2592, 32), (2593, 256, 256), (257, 18, 18)]
    yield dqn, "DQN"
    for number in cases.count(10):
        layers = []
        for _ in range(cases.integer(2, 6)):
            maps, places = cases.integer(2, 9), cases.integer(2, 30)
            weights = cases.integer(2, 90) * (cases.rng.random() < 0.75)
            layers.append((int(weights), maps * places, maps))
        yield layers, f"random {number}: {len(layers)} layers"


def _totals(layers: Counted) -> tuple[int, int, int]:
    found = [0, 0, 0]
    for per_neuron, neurons, maps in layers:
        work = neurons * max(0, per_neuron - 1)
        found[2] += work
        found[1] += work + (neurons if per_neuron else 0)
        found[0] += maps * per_neuron
    return found[0], found[1], found[2]


def _mistakes_totals(layers: Counted) -> Mistakes:
    kernels, connected, work = _totals(layers)
    everywhere = sum(neurons for _, neurons, _ in layers)
    maps = sum(count for weights, _, count in layers if weights)
    each = [_totals([layer]) for layer in layers]
    return [
        ((kernels, connected, connected - everywhere), "Pooling has no biases that "
         "could be taken off: its work is 0, not less."),
        ((kernels, connected, connected), "A bias is added, not multiplied: it is a "
         "connection, but no multiply-add."),
        ((kernels, work, work), "Connections count biases, multiply-adds do not."),
        ((kernels - maps, connected, work), "Biases are parameters, too."),
        ((kernels - maps, work, work), "The weights per neuron include the bias. It "
         "belongs to parameters and connections."),
        ((kernels, connected, connected - maps), "Every neuron adds a "
         "bias, also those that share it."),
        ((kernels, connected, kernels - maps), "A shared weight works again and again: "
         "the work is that of all neurons."),
        ((connected, connected, work), "Parameters: the neurons of a map share their "
         "weights."),
        ((kernels, kernels, kernels - maps), "Every neuron has connections and work, "
         "though its weights are shared."),
        ((connected, kernels, work), "The order: parameters, connections, "
         "multiply-adds."),
        ((kernels, work, connected), "The order: parameters, connections, "
         "multiply-adds."),
        (each[-1], "That is the last layer alone."),
        (each[0], "That is the first layer alone."),
        (each, "Add up over all layers: three numbers."),
        (_per_network(layers), "Multiply within each layer first, then add up. You "
         "multiplied sums."),
    ]  # fmt: skip


def _per_network(layers: Counted) -> tuple[int, int, int]:
    weights, neurons, maps = (sum(column) for column in zip(*layers, strict=True))
    return weights * maps, weights * neurons, (weights - 1) * neurons


# ---- A row that mends itself ----

Row = tuple[int, ...]
COLUMNS = ("maps", "side", "weights per neuron", "neurons", "connections", "parameters")
PUBLISHED: dict[str, Row] = {
    "conv1": (32, 20, 257, 12_800, 3_289_600, 8_224),
    "conv2": (64, 9, 513, 5_184, 2_659_392, 32_832),
    "conv3": (64, 7, 577, 3_136, 1_809_472, 36_928),
    "hidden": (512, 1, 3_137, 512, 1_606_144, 1_606_144),
    "output": (18, 1, 513, 18, 9_234, 9_234),
}
SIZE, USES, KERNELS = (
    "neurons = maps · side²",
    "connections = neurons · w",
    "parameters = maps · w",
)
LIKELY = {
    0: f"{SIZE} and {KERNELS} do not hold, {USES} does. Which number do the first two "
    "share?",
    1: f"Only {SIZE} does not hold. Which of its numbers stands in no other equation?",
    2: f"{USES} and {KERNELS} do not hold. Which number do they share?",
    3: f"{SIZE} and {USES} do not hold. Which number do they share?",
    4: f"Only {USES} does not hold. Which of its numbers stands in no other equation?",
    5: f"Only {KERNELS} does not hold. Which of its numbers stands in no other "
    "equation?",
}


@exercise("mend-row", "row")
def mended(answer: Answer, cases: Cases) -> None:
    """Oracle: the row before one of its numbers was changed."""
    for right, place, number, case in _rows(cases):
        given = list(right)
        if place is not None:
            given[place] = number
        result = answer(tuple(given))
        _expect_one_change(result, tuple(given), place, case)
        expect(result, right, case, _mistakes_mended(right, tuple(given), place))


def _rows(cases: Cases) -> Iterator[tuple[Row, int | None, int, str]]:
    yield PUBLISHED["conv1"], None, 0, "the row of conv1, where nothing is wrong"
    yield PUBLISHED["conv2"], 4, 1_332_288, "the row of conv2"
    yield PUBLISHED["conv3"], None, 0, "the row of conv3, where nothing is wrong"
    yield PUBLISHED["hidden"], 5, 1_605_632, "the row of hidden"
    yield PUBLISHED["output"], None, 0, "the row of output, where nothing is wrong"
    small = (3, 4, 10, 48, 480, 30)
    for place, wrong in enumerate((2, 5, 9, 12, 481, 27)):
        yield small, place, wrong, f"a small layer, {COLUMNS[place]} wrong"
    dense = (7, 1, 5, 7, 35, 35)
    for place, wrong in enumerate((35, 2, 6, 49, 30, 28)):
        yield dense, place, wrong, f"a dense layer, {COLUMNS[place]} wrong"
    yield _row(2048, 199, 18_433), 1, 200, "a very large layer, side wrong"
    for number in cases.count(18):
        place = (number - 1) % 6
        right = _random_row(cases)
        wrong = right[place] + cases.integer(1, 1 + right[place])
        if number % 4 == 0 and right[place] > 1:
            wrong = cases.integer(1, right[place] - 1)
        yield right, place, wrong, f"random {number}: {COLUMNS[place]} wrong"


def _random_row(cases: Cases) -> Row:
    return _row(*(cases.integer(2, 40) for _ in range(3)))


def _row(maps: int, side: int, weights: int) -> Row:
    neurons = maps * side * side
    return maps, side, weights, neurons, neurons * weights, maps * weights


def _expect_one_change(
    result: Result, given: Row, place: int | None, case: str
) -> None:
    """Fail when numbers have changed that were right; what is no row passes here."""
    value = result.outcome.value
    row = list(value) if isinstance(value, tuple | list) else []
    told = result.outcome.raised or result.outcome.refused or result.outcome.ready
    if told or len(row) != 6 or any(type(number) is not int for number in row):
        return
    changed = [at for at in range(6) if row[at] != given[at]]
    shown = f"got {as_text(tuple(row))}"
    if place is None and changed:
        fail(result, case, shown, "Nothing is wrong in this row: it comes back as it "
             "is.")  # fmt: skip
    if len(changed) > 1:
        names = ", ".join(COLUMNS[at] for at in changed)
        fail(result, case, shown, "At most one number is wrong, the others are right. "
             f"You changed {len(changed)}: {names}.")  # fmt: skip
    if place is not None and changed != [place] and changed:
        fail(result, case, shown, f"You changed {COLUMNS[changed[0]]}, which is right. "
             "Which of the equations fail, and which number explains it?")  # fmt: skip


def _mistakes_mended(right: Row, given: Row, place: int | None) -> Mistakes:
    if place is None:
        return
    yield given, f"The row has come back as it is. {LIKELY[place]}"
    if place == 1:
        area = (*right[:1], right[3] // right[0], *right[2:])
        yield area, "That is the area of a map. Asked is its side."
        long = (*right[:1], right[3], *right[2:])
        yield long, "Those are the neurons of all maps. Asked is the side of one."
    yield right[place], "All six numbers are asked for, in their order."


# ---- Memory ----


@dataclass(frozen=True)
class Need:
    """What a network is asked to hold."""

    sizes: list[int]
    parameters: list[int]
    batch: int
    training: bool
    memories: int = 0
    each: int = 4

    @property
    def inputs(self) -> tuple[Any, ...]:
        """What the answer gets."""
        first = (self.sizes, self.parameters, self.batch, self.training)
        return (*first, self.memories, self.each)


NEED = ("sizes", "parameters", "batch", "training", "memories", "each")


@exercise("bytes-needed", *NEED)
def bytes_needed(answer: Answer, cases: Cases) -> None:
    """Oracle: a list of everything that is there at once."""
    for need, case in _needs(cases):
        expect(answer(*need.inputs), _bytes(need), case, _mistakes_bytes(need))
    small = Need([9, 4, 2], [11, 12], 3, True)
    default = answer(small.sizes, small.parameters, small.batch, small.training)
    expect(default, _bytes(small), "no memories and 4 bytes, when nothing is said")


def _needs(cases: Cases) -> Iterator[tuple[Need, str]]:
    yield Need([9, 4, 6, 2], [10, 13, 5], 1, False), "three layers in use, one image"
    yield (
        Need([9, 4, 6, 2], [10, 13, 5], 1, True),
        "three layers in training, one image",
    )
    yield Need([9, 4, 6, 2], [10, 13, 5], 5, False), "in use, a batch of 5"
    yield Need([9, 4, 6, 2], [10, 13, 5], 5, True), "in training, a batch of 5"
    yield Need([9, 4, 6, 2], [10, 13, 5], 5, True, 1), "in training, with momentum"
    yield Need([9, 4, 6, 2], [10, 13, 5], 5, True, 2), "in training, with Adam"
    yield (
        Need([9, 4, 6, 2], [10, 13, 5], 5, False, 2),
        "in use, after training with Adam",
    )
    yield (
        Need([9, 4, 6, 2], [10, 13, 5], 3, True, 2, 8),
        "numbers of 8 bytes, in training",
    )
    yield Need([9, 4, 6, 2], [10, 13, 5], 3, False, 0, 2), "numbers of 2 bytes, in use"
    peak = [5, 30, 28, 20, 25, 31, 2]
    yield Need(peak, [7, 0, 9, 6, 0, 3], 4, False), "in use, the largest pair is first"
    peak = [6, 40, 3, 22, 21, 2]
    yield Need(peak, [7, 0, 9, 6, 1], 2, False), "in use, the largest is in no pair"\
        " with a large one"  # fmt: skip
    yield Need([50, 8], [3], 2, False), "one layer, in use"
    for number in cases.count(10):
        depth = cases.integer(2, 7)
        sizes = [cases.integer(2, 400) for _ in range(depth + 1)]
        weights = [cases.integer(1, 900) for _ in range(depth)]
        rest = (cases.integer(2, 64), number % 2 == 0, cases.integer(0, 2))
        need = Need(sizes, weights, *rest, int(cases.rng.choice([2, 4, 8])))
        yield need, f"random {number}: {depth} layers"


def _bytes(need: Need) -> int:
    numbers = list(need.parameters)
    if need.training:
        numbers += (1 + need.memories) * need.parameters
        numbers += need.batch * need.sizes
    else:
        waiting = [sum(need.sizes[at : at + 2]) for at in range(len(need.parameters))]
        numbers += need.batch * [max(waiting)]
    return need.each * sum(numbers)


def _mistakes_bytes(need: Need) -> Mistakes:
    yield from _mistakes_of_both(need)
    weights, sizes, batch = sum(need.parameters), need.sizes, need.batch
    if need.training:
        kept = batch * sum(sizes)
        counts = [
            (weights + kept, "In training every weight has a gradient."),
            (2 * weights + kept, "What the optimiser remembers is missing."),
            ((1 + need.memories) * weights + kept, "In training every weight has a "
             "gradient."),
            ((2 + need.memories) * weights + 2 * kept, "Gradients of anything but "
             "weights are left out here."),
            ((2 + need.memories) * weights + batch * _pair(sizes), "In training all "
             "that a layer has put out is kept for the way back."),
            ((2 + need.memories) * weights + batch * sum(sizes[1:]), "The images "
             "themselves are kept as well: the first layer needs them on the way "
             "back."),
            ((2 + need.memories) * weights + batch * sum(sizes[:-1]), "By the rules "
             "everything is kept, from the images to the scores."),
            (weights + need.memories + weights + kept, "The optimiser keeps its "
             "numbers for each weight."),
            ((1 + need.memories + batch) * weights + kept, "One gradient for each "
             "weight, whatever the batch."),
            ((2 + need.memories) * weights + batch * sum(map(sum, pairwise(sizes))),
             "What one layer puts out is what the next one gets: count it once."),
        ]  # fmt: skip
    else:
        counts = [
            (weights + batch * sum(sizes), "In use what went into a layer is forgotten "
             "as soon as its output is there."),
            (weights + batch * max(sizes), "While a layer works, what goes in and what "
             "comes out are both there."),
            (weights + batch * sum(sorted(sizes)[-2:]), "Two numbers of `sizes` that "
             "stand side by side: what goes into one layer and comes out of it."),
            ((2 + need.memories) * weights + batch * _pair(sizes), "In use there are "
             "no gradients and no optimiser."),
            ((1 + need.memories) * weights + batch * _pair(sizes), "In use there is no "
             "optimiser: what it remembers is not there."),
            (weights + batch * (sizes[0] + sizes[-1]), "Not the first and the last "
             "alone count: some layer between may need more."),
            (weights + batch * max(sizes[1:]), "While a layer works, what goes in is "
             "there as well."),
            (max(w + batch * (a + b) for w, a, b in zip(
                need.parameters, sizes, sizes[1:], strict=False)), "The weights of all "
             "layers are there all the time."),
        ]  # fmt: skip
    yield from ((need.each * count, words) for count, words in counts)


def _pair(sizes: Sequence[int]) -> int:
    return max(before + after for before, after in pairwise(sizes))


def _mistakes_of_both(need: Need) -> Mistakes:
    right = _bytes(need)
    one = _bytes(replace(need, batch=1))
    batch = need.batch
    held = right // need.each - _bytes(replace(need, batch=0)) // need.each
    yield from [
        (right // need.each, "Those are numbers. Each of them has some bytes."),
        (right - (need.each - 1) * (right // need.each - held), "Every number has so "
         "many bytes, those of the images and those of the weights."),
        (right - (need.each - 1) * held, "Every number has so many bytes, those of the "
         "images and those of the weights."),
        (right // need.each * 4, "Not every number has 4 bytes: use `each`."),
        (8 * right, "Bytes are asked for, not bits."),
        (batch * one, "A batch shares the weights: only the images' numbers are there "
         "for each of them."),
        (one, "Every image of the batch has numbers of its own."),
        (_bytes(replace(need, training=not need.training)), "Training and use are "
         "mixed up."),
        (_bytes(replace(need, parameters=[0] * len(need.parameters))), "The weights "
         "are missing."),
    ]  # fmt: skip


# ---- Time ----


@dataclass(frozen=True)
class Job:
    """A layer and a machine."""

    parameters: int
    inputs: int
    outputs: int
    multiply_adds: int
    batch: int
    rate: float
    bandwidth: float
    each: int = 4

    @property
    def work(self) -> float:
        """Seconds of multiplying."""
        return self.batch * self.multiply_adds / self.rate

    @property
    def moved(self) -> int:
        """Numbers that are fetched and written."""
        return self.parameters + self.batch * (self.inputs + self.outputs)

    def waited(self, numbers: int) -> float:
        """Seconds for so many numbers."""
        return numbers * self.each / self.bandwidth


JOB = tuple(Job.__dataclass_fields__)


@exercise("layer-seconds", *JOB)
def layer_seconds(answer: Answer, cases: Cases) -> None:
    """Oracle: two times, of which the longer counts."""
    for job, case in _jobs(cases):
        inputs = tuple(getattr(job, name) for name in JOB)
        expect(answer(*inputs), _seconds(job), case, _mistakes_seconds(job))
    job = Job(60, 20, 3, 60, 2, 1000.0, 400.0)
    default = answer(*(getattr(job, name) for name in JOB[:-1]))
    expect(default, _seconds(job), "numbers of 4 bytes, when nothing is said")


def _jobs(cases: Cases) -> Iterator[tuple[Job, str]]:
    yield Job(60, 20, 3, 60, 1, 1000.0, 400.0), "a small dense layer, one image"
    yield Job(60, 20, 3, 60, 7, 1000.0, 400.0), "the same for a batch of 7"
    yield Job(60, 20, 3, 60, 7, 100.0, 400.0), "the same with a slower core"
    yield Job(30, 200, 150, 4500, 1, 100.0, 400.0), "a small convolution"
    yield Job(30, 200, 150, 4500, 3, 1e5, 400.0, 8), "a quick core, 8 bytes a number"
    yield Job(30, 200, 150, 4500, 3, 1e5, 400.0, 2), "a quick core, 2 bytes a number"
    yield Job(0, 400, 100, 0, 2, 100.0, 500.0), "pooling, without any multiply-adds"
    yield Job(10, 4, 2, 64, 1, 64.0, 64.0), "both take as long"
    yield Job(37_752_832, 9216, 4096, 37_748_736, 1, 4e10, 1.6e10), "AlexNet's first "\
        "dense layer"  # fmt: skip
    for number in cases.count(12):
        parameters, inputs, outputs = (cases.integer(10, 5000) for _ in range(3))
        job = Job(
            *(parameters, inputs, outputs, cases.integer(100, 200_000)),
            cases.integer(2, 30),
            *(1e3 * cases.integer(1, 900), 1e3 * cases.integer(1, 900)),
            int(cases.rng.choice([2, 4, 8])),
        )
        yield job, f"random {number}"


def _seconds(job: Job) -> tuple[float, str]:
    waiting = job.waited(job.moved)
    return max(job.work, waiting), "memory" if waiting > job.work else "work"


def _mistakes_seconds(job: Job) -> Mistakes:
    seconds, why = _seconds(job)
    other = "work" if why == "memory" else "memory"
    waiting = job.waited(job.moved)
    tie = waiting == job.work
    yield from (
        ((max(work, moved), word), words)
        for work, moved, words in _other_times(job)
        if max(work, moved) != seconds
        for word in ("work", "memory")
    )
    yield from [
        ((seconds, other), 'If both take as long, it is "work".' if tie else "The time "
         "is right, the word is not: what takes longer decides."),
        ((job.work + waiting, why), "Both go on at the same time: do not add them."),
        ((min(job.work, waiting), other), "The slower of the two decides."),
        ((why, seconds), "First the seconds, then the word."),
        (seconds, "What decides is asked for as well: return two values."),
        (why, "The seconds are asked for as well: return two values."),
    ]  # fmt: skip


def _other_times(job: Job) -> Iterator[tuple[float, float, str]]:
    """Work and waiting of common mistakes."""
    waiting, batch = job.waited(job.moved), job.batch
    per_image = job.inputs + job.outputs
    fetched = "The weights are fetched once for the whole batch."
    yield job.work, job.waited(batch * (job.parameters + per_image)), fetched
    yield job.work / batch, waiting, "The work is done for every image of the batch."
    yield job.work / batch, waiting / batch, "Seconds for the whole batch, please."
    once = "Inputs are fetched and outputs written for every image of the batch."
    yield job.work, job.waited(job.parameters + per_image), once
    yield job.work, job.waited(job.moved - (batch - 1) * job.inputs), once
    yield job.work, job.waited(job.moved - (batch - 1) * job.outputs), once
    lost = job.parameters + batch * job.inputs
    yield job.work, job.waited(lost), "The outputs have to be written as well."
    lost = job.parameters + batch * job.outputs
    yield job.work, job.waited(lost), "The inputs have to be fetched as well."
    yield job.work, job.waited(job.parameters), "Inputs and outputs move as well."
    yield job.work, job.waited(batch * per_image), "The weights are fetched as well."
    yield job.work, waiting / job.each, "The bandwidth counts bytes. How many has a "\
        "number?"  # fmt: skip
    yield job.work, 4 * waiting / job.each, "Not every number has 4 bytes: use `each`."
    yield 2 * job.work, waiting, "The rate counts multiply-adds: no factor of two."
    yield job.work, 8 * waiting, "The bandwidth counts bytes, not bits."
    if job.multiply_adds:
        swapped = batch * job.multiply_adds / job.bandwidth
        moved = job.moved * job.each / job.rate
        yield swapped, moved, "Rate belongs to the work, bandwidth to what is moved."


# ---- Any plan ----

KEYS = (
    *("output", "weights_per_neuron", "neurons"),
    *("connections", "parameters", "multiply_adds"),
)
COUNTERS = ("coursekit.anatomy", "coursekit.models", "torch.nn")


@dataclass(frozen=True)
class Line:
    """A layer of a plan. None: the option does not stand in the line."""

    kind: str
    maps: int = 0
    k: int = 0
    s: int | None = None
    p: int | None = None
    g: int | None = None
    bias: bool = True
    order: tuple[int, ...] = field(default=(0, 1, 2, 3, 4), compare=False)

    @property
    def text(self) -> str:
        """As it stands in the plan, its options in the order that is given."""
        named = {"k": self.k or None, "s": self.s, "p": self.p, "g": self.g}
        words = [f"{name}{value}" for name, value in named.items() if value is not None]
        words += [] if self.bias else ["nobias"]
        chosen = [words[at] for at in self.order if at < len(words)]
        first = [] if self.kind == "pool" else [str(self.maps)]
        return " ".join([self.kind, *first, *chosen])


Size = tuple[int, int, int]


@dataclass(frozen=True)
class Plan:
    """An input and some lines."""

    size: Size
    lines: tuple[Line, ...]
    loose: bool = False  # indented, with empty lines

    @property
    def text(self) -> str:
        """As the student's function gets it."""
        texts = [" ".join(map(str, ("input", *self.size)))]
        texts += [line.text for line in self.lines]
        if not self.loose:
            return "\n".join(texts)
        return "\n\n    " + "\n    ".join(texts[:2]) + "\n\n  " + "\n  ".join(
            [*texts[2:], ""]
        )  # fmt: skip


@exercise("count-plan", "plan", by_hand=COUNTERS)
def count(answer: Answer, cases: Cases) -> None:
    """Oracle: torch's own layers, without memory, counted by `coursekit.anatomy`."""
    for plan, case in _plans(cases):
        result = answer(plan.text)
        right = _counts(plan)
        _expect_rows(result, plan, case)
        expect(result, right, case, _mistakes_count(plan, right))
    for text, line, why in _impossible():
        case = f"a plan with the line `{line}`"
        result = answer(text)
        expect_error(result, "ValueError", case, why)
        _expect_named(result, line, case)


def _expect_rows(result: Result, plan: Plan, case: str) -> None:
    """A list of dictionaries with the keys, one for each layer, or fail."""
    given = result.outcome.value
    told = result.outcome.raised or result.outcome.refused or result.outcome.ready
    if told or given is None:
        return
    if isinstance(given, dict):
        fail(result, case, f"returned {noun(given)}", "A list of dictionaries is asked "
             "for, one for each layer.")  # fmt: skip
    if not isinstance(given, list | tuple):
        return
    rows = len(plan.lines)
    if len(given) == rows + 1:
        fail(result, case, f"got {len(given)} rows for {rows} layers", "The input is "
             "no layer: it has no row.")  # fmt: skip
    for row in given:
        if not isinstance(row, dict):
            fail(result, case, f"got {noun(row)} for a layer", "A dictionary for each "
                 "layer, please.")  # fmt: skip
        if missing := [key for key in KEYS if key not in row]:
            fail(result, case, f"the key {missing[0]!r} is missing in a row", "The "
                 f"keys: {', '.join(KEYS)}.")  # fmt: skip


def _expect_named(result: Result, line: str, case: str) -> None:
    raised = result.outcome.raised
    text = raised.text if raised else ""
    said = f"your error says: {text}" if text else "your error says nothing"
    if line not in text:
        fail(result, case, said, f"Its text should contain the line: {line}")
    if "input" in text or "dense 2" in text:
        fail(result, case, said, "Name the line at fault and no other: whoever reads "
             "it wants to find that one.")  # fmt: skip
    result.tally.agreed += 1


def _plans(cases: Cases) -> Iterator[tuple[Plan, str]]:
    conv = Line("conv", 2, 3)
    yield Plan((1, 5, 6), (conv,)), "one convolution"
    yield Plan((3, 5, 6), (conv,)), "three channels"
    yield Plan((3, 9, 12), (replace(conv, s=2),)), "a stride of 2 that leaves a rest"
    yield Plan((3, 5, 6), (replace(conv, p=2),)), "padding of 2 per side"
    yield Plan((3, 5, 6), (replace(conv, bias=False),)), "no bias"
    yield Plan((6, 7, 8), (Line("conv", 4, 3, g=2),)), "two groups"
    yield Plan((4, 6, 6), (Line("conv", 8, 3, g=4, bias=False),)), "four groups, no "\
        "bias"  # fmt: skip
    yield Plan((3, 8, 11), (Line("pool", k=3),)), "pooling, no stride said"
    yield Plan((3, 8, 11), (Line("pool", k=3, s=2),)), "overlapping pooling"
    yield Plan((3, 8, 11), (Line("pool", k=2, s=2, p=1),)), "pooling with padding"
    yield Plan((3, 4, 5), (Line("dense", 7),)), "a dense layer on maps"
    dense = (Line("dense", 7), Line("dense", 4, bias=False), Line("dense", 2))
    yield Plan((2, 1, 3), dense), "three dense layers, one without biases"
    yield Plan((1, 3, 4), (Line("conv", 2, 5, p=1),)), "a kernel that just fits"
    yield Plan((2, 6, 9), (conv, Line("pool", k=2), Line("dense", 3))), "conv, pool, "\
        "dense"  # fmt: skip
    options = Line("conv", 6, 3, 2, 1, 2, bias=False, order=(4, 3, 2, 1, 0))
    yield Plan((4, 9, 7), (options,)), "options in another order"
    layers = (conv, Line("pool", k=2), Line("dense", 10, bias=False))
    yield Plan((12, 16, 23), layers, loose=True), "indented, with empty lines"
    yield Plan((4, 84, 84), DQN), "DQN"
    yield Plan((3, 227, 227), ALEXNET), "AlexNet"
    for number in cases.count(8):
        yield _random_plan(cases, number), f"random {number}"


DQN = (
    Line("conv", 16, 8, 4),
    Line("conv", 32, 4, 2),
    Line("dense", 256),
    Line("dense", 18),
)
ALEXNET = (
    *(Line("conv", 96, 11, 4), Line("pool", k=3, s=2)),
    *(Line("conv", 256, 5, p=2, g=2), Line("pool", k=3, s=2)),
    *(Line("conv", 384, 3, p=1), Line("conv", 384, 3, p=1, g=2)),
    *(Line("conv", 256, 3, p=1, g=2), Line("pool", k=3, s=2)),
    *(Line("dense", 4096), Line("dense", 4096), Line("dense", 1000)),
)


def _random_plan(cases: Cases, number: int) -> Plan:
    """Two or three layers with maps and one or two dense ones."""
    groups = cases.integer(1, 3)
    size = (groups * cases.integer(1, 3), cases.integer(20, 29), cases.integer(20, 29))
    chance, lines = cases.rng.random, []
    for _ in range(cases.integer(1, 2)):
        order = tuple(int(at) for at in cases.rng.permutation(5))
        maps, k = groups * cases.integer(1, 4), cases.integer(1, 4)
        s = cases.integer(1, 2) if chance() < 0.6 else None
        p = cases.integer(0, 2) if chance() < 0.6 else None
        g = groups if chance() < 0.6 else None
        lines.append(Line("conv", maps, k, s, p, g, chance() < 0.6, order))
    k = cases.integer(2, 3)
    s, p = (cases.integer(1, 3) if chance() < 0.6 else None, 1 if number % 3 else None)
    lines.append(Line("pool", k=k, s=s, p=p, order=(2, 0, 1)))
    lines += [Line("dense", cases.integer(2, 30), bias=number % 2 == 0)]
    lines += [Line("dense", cases.integer(2, 9))] * (number % 2)
    return Plan(size, tuple(lines), loose=number % 4 == 0)


def _module(line: Line, got: tuple[int, ...]) -> nn.Module:
    """Torch's layer for a line, without memory."""
    if line.kind == "dense":
        return nn.Linear(prod(got), line.maps, line.bias, device="meta")
    if line.kind == "pool":
        return nn.MaxPool2d(line.k, line.s, line.p or 0)
    s, p, g = line.s or 1, line.p or 0, line.g or 1
    return nn.Conv2d(got[0], line.maps, line.k, s, p, 1, g, line.bias, device="meta")


def _counts(plan: Plan) -> list[dict[str, Any]]:
    """The rows, as torch's layers come to them."""
    shape: tuple[int, ...] = plan.size
    found = []
    for line in plan.lines:
        given = (prod(shape),) if line.kind == "dense" else shape
        [row] = count_layers(_module(line, shape), given)
        shape = row.output_shape
        values = (shape, *(getattr(row, key) for key in KEYS[1:]))
        found.append(dict(zip(KEYS, values, strict=True)))
    return found


Rows = list[dict[str, Any]]


def _mistakes_count(plan: Plan, right: Rows) -> Mistakes:
    """Rules that were forgotten, by what torch makes of a plan without them."""
    for words, changed in _changes(plan):
        try:
            yield _counts(changed), words
        except (ValueError, RuntimeError):
            continue
    for words, rows in _slips(right, plan):
        yield rows, words


def _changes(plan: Plan) -> Iterator[tuple[str, Plan]]:
    def all_lines(kind: str, **values: Any) -> Plan:  # noqa: ANN401
        lines = [
            replace(line, **values) if line.kind == kind else line
            for line in plan.lines
        ]
        return replace(plan, lines=tuple(lines))

    channels, height, width = plan.size
    yield "The stride of a convolution is missing.", all_lines("conv", s=None)
    yield "The padding of a convolution is missing.", all_lines("conv", p=None)
    yield "The groups are missing.", all_lines("conv", g=None)
    yield "Without `nobias` there is a bias.", all_lines("conv", bias=False)
    yield "With `nobias` a convolution has none.", all_lines("conv", bias=True)
    yield "With `nobias` a dense layer has none.", all_lines("dense", bias=True)
    yield "A dense layer has biases unless it says `nobias`.", all_lines(
        "dense", bias=False)  # fmt: skip
    stepping = [replace(line, s=line.s or 1) if line.kind == "pool" else line
                for line in plan.lines]  # fmt: skip
    yield ("The stride of pooling is its `k` when nothing is said.",
           replace(plan, lines=tuple(stepping)))  # fmt: skip
    yield ("Pooling has a stride of its own when it says so: do not take `k`.",
           all_lines("pool", s=None))  # fmt: skip
    yield "The padding of pooling is missing.", all_lines("pool", p=None)
    yield "After channels come height and width, in this order.", replace(
        plan, size=(channels, width, height))  # fmt: skip
    yield "Height and width differ: each has a size of its own.", replace(
        plan, size=(channels, height, height))  # fmt: skip
    yield "Height and width differ: each has a size of its own.", replace(
        plan, size=(channels, width, width))  # fmt: skip
    short = [replace(line, k=int(str(line.k)[0])) for line in plan.lines]
    yield "A number may have two digits, as in k11.", replace(plan, lines=tuple(short))
    halved = [replace(line, p=None if line.p is None else line.p // 2)
              for line in plan.lines]  # fmt: skip
    if any(line.p and line.p % 2 == 0 for line in plan.lines):
        yield ("`p` is the padding per side: it counts twice.",
               replace(plan, lines=tuple(halved)))  # fmt: skip


def _slips(right: Rows, plan: Plan) -> Iterator[tuple[str, Rows]]:
    def edited(**values: Any) -> Rows:  # noqa: ANN401
        return [
            row | {key: change(row, line) for key, change in values.items()}
            for row, line in zip(right, plan.lines, strict=True)
        ]

    def bias(line: Line) -> int:
        return int(line.bias and line.kind != "pool")

    yield ("A bias is no multiply-add.",
           edited(multiply_adds=lambda row, line: row["connections"]))  # fmt: skip
    yield ("Without a bias there is nothing to take off the connections.",
           edited(multiply_adds=lambda row, line: row["connections"]
                  - row["neurons"] * (line.kind != "pool")))  # fmt: skip
    yield ("Pooling has no bias, and no multiply-adds, not even less than none.",
           edited(multiply_adds=lambda row, line: row["neurons"]
                  * (row["weights_per_neuron"] - int(line.bias))))  # fmt: skip
    yield ("The neurons of a map share their parameters.",
           edited(parameters=lambda row, line: row["connections"]))  # fmt: skip
    yield ("Every kernel has parameters of its own.",
           edited(parameters=lambda row, line: row["weights_per_neuron"]))  # fmt: skip
    yield ("Every neuron has connections of its own.",
           edited(connections=lambda row, line: row["parameters"]))  # fmt: skip
    yield ("The weights per neuron include the bias.",
           edited(weights_per_neuron=lambda row, line: row["weights_per_neuron"]
                  - bias(line)))  # fmt: skip
    yield ("Biases are connections, too.",
           edited(connections=lambda row, line: row["multiply_adds"]))  # fmt: skip
    yield ("Biases are parameters, too: one for each kernel.",
           edited(parameters=lambda row, line: row["parameters"]
                  - bias(line) * row["output"][0]))  # fmt: skip
    yield ("The output: maps come first, then height and width.",
           edited(output=lambda row, line: row["output"][1:] + row["output"][:1]
                  ))  # fmt: skip
    yield ("A dense layer's output is (units,), with nothing behind it.",
           edited(output=lambda row, line: (*row["output"], 1, 1)[:3]))  # fmt: skip
    yield ("A dense layer's output is (units,), a tuple.",
           edited(output=lambda row, line: row["output"][0]
                  if len(row["output"]) == 1 else row["output"]))  # fmt: skip
    yield ("Connections are uses of weights here: pooling has none.",
           edited(connections=lambda row, line: row["connections"] if line.kind !=
                  "pool" else row["neurons"] * line.k**2))  # fmt: skip
    once = "Groups cut the channels that a kernel sees, not the number of kernels."
    yield (once, edited(parameters=lambda row, line: row["parameters"]
                        // (line.g or 1)))  # fmt: skip
    yield (once, edited(multiply_adds=lambda row, line: row["multiply_adds"]
                        // (line.g or 1)))  # fmt: skip
    if len(right) > 1:
        yield "A row is asked for each layer, not only the last.", right[-1:]
    elif plan.lines[0].kind != "dense":
        yield "Sizes are rounded down.", [_rounded_up(right[0], plan)]


def _rounded_up(row: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """The row of the only layer, when its last step may go over the edge."""
    line = plan.lines[0]
    s = line.s or (line.k if line.kind == "pool" else 1)
    sides = [-(-(n + 2 * (line.p or 0) - line.k) // s) + 1 for n in plan.size[1:]]
    neurons, weights = row["output"][0] * prod(sides), row["weights_per_neuron"]
    work = neurons * (weights - int(line.bias)) if weights else 0
    return row | {"output": (row["output"][0], *sides), "neurons": neurons,
                  "connections": neurons * weights, "multiply_adds": work}  # fmt: skip


def _impossible() -> Iterator[tuple[str, str, str]]:
    """Plans that cannot be, the line at fault, and why."""
    fits = "The kernel or window is larger than what it gets, padding included."
    groups = "The groups must divide the channels that go in and those that come out."
    places = "Behind a dense layer there are no places any more."
    known = "The word is not listed for this layer."
    for first, before, line, why in (
        ("input 2 9 4", [], "conv 3 k5", fits),
        ("input 2 4 9", [], "conv 3 k5 s2", fits),
        ("input 2 5 5", [], "conv 3 k8 p1", fits),
        ("input 1 8 8", ["conv 4 k3", "pool k3"], "pool k3 s2", fits),
        ("input 1 9 9", ["pool k2"], "conv 5 k5", fits),
        ("input 3 9 9", [], "conv 4 k3 g2", groups),
        ("input 4 9 9", [], "conv 3 k3 g2", groups),
        ("input 3 9 9", ["conv 5 k3"], "conv 10 k3 g3", groups),
        ("input 3 9 9", ["dense 9"], "conv 4 k1", places),
        ("input 3 9 9", ["dense 9"], "pool k1", places),
        ("input 3 9 9", [], "norm 5", known),
        ("input 3 9 9", [], "conv 4 k3 x2", known),
        ("input 3 9 9", [], "conv 4 k3 b1", known),
        ("input 3 9 9", [], "conv 4 k3 stride2", known),
        ("input 3 9 9", [], "pool k3 pad1", known),
        ("input 3 9 9", [], "pool k3 x2", known),
        ("input 3 9 9", [], "dense 4 x2", known),
        ("input 3 9 9", [], "conv 4 k3x3", known),
        ("input 3 9 9", [], "conv 4 k3 p1.5", known),
        ("input 3 9 9", [], "pool k2x2", known),
        ("input 3 9 9", [], "conv 4 k3 bias", known),
        ("input 3 9 9", [], "pool k3 g3", known),
        ("input 3 9 9", [], "pool k3 nobias", known),
        ("input 3 9 9", [], "dense 4 k3", known),
    ):
        yield "\n".join([first, *before, line, "dense 2"]), line, why
