"""Checks of loops: what did it do to the model, the optimiser and the batches?

    @exercise("train", "model", "optimiser", "batches", "epochs")
    def train(answer: Maker, cases: Cases) -> None:
        \"\"\"Oracle: the same loop, run on the check's own copy of the model.\"\"\"
        layers = [["Linear", 4, 8], ["BatchNorm1d", 8], ["ReLU"], ["Linear", 8, 3]]
        oracle, pairs = oracle_of(layers, cases), some_batches(cases)
        model = given_model(answer, layers, oracle)
        optimiser = given_optimiser(answer, model, "SGD", lr=0.1)
        batches = given_batches(answer, pairs, "training")
        result = answer(model, optimiser, batches, 2)
        expect_training(result, log_of(answer), steps=2 * len(pairs), case="2 epochs")
        losses = trained(oracle, pairs, epochs=2)
        expect(result, losses, "2 epochs")
        expect_same_state(model, oracle, "2 epochs")

What is given are torch's own objects, on the bench, that write a log. The log finds the
words ("the gradients pile up"); whether a loop is right is seen in the weights that it
leaves, which `expect_same_state` compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from coursekit.checks.errors import BrokenProtocolError
from coursekit.checks.expect import Result, expect, expect_keys, expect_that
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.objects import Handle, Link, MadeObject, made
from coursekit.checks.references import tensors_of
from coursekit.checks.replies import part, row, texts
from coursekit.checks.values import Plain

Layers = Sequence[Sequence[Plain]]


@dataclass(frozen=True)
class Event:
    """One thing that happened to something given.

    what: "pass", "batch", "forward", "backward", "zero_grad", "step" or "call"
    run: number of the forward run; data: names of the data sets its rows are from
    training: (any, all) layers in training mode; stale: old gradients were left
    lr: of a step, in the first group of parameters; apart: another group has another
    """

    what: str
    name: str = ""
    run: int = 0
    data: tuple[str, ...] = ()
    training: tuple[bool, bool] = (False, False)
    stale: bool = False
    lr: float = 0.0
    apart: bool = False


@dataclass
class Log:
    """What a loop did, in order."""

    events: list[Event] = field(default_factory=list)

    def count(self, what: str, name: str = "") -> int:
        """How often something happened (to the batches or function of this name)."""
        return sum(e.what == what and e.name == name for e in self.events)

    def rates(self) -> list[float]:
        """The learning rate of each step."""
        return [event.lr for event in self.events if event.what == "step"]

    def trained(self) -> list[Event]:
        """The forward runs from which gradients came back."""
        back = {event.run for event in self.events if event.what == "backward"}
        return [e for e in self.events if e.what == "forward" and e.run in back]

    def evaluated(self) -> list[Event]:
        """The forward runs without gradients."""
        back = {event.run for event in self.events if event.what == "backward"}
        return [e for e in self.events if e.what == "forward" and e.run not in back]


def given_model(
    answer: Maker, layers: Layers, start: nn.Module, *, by_first: bool = False
) -> MadeModule:
    """A model for a loop: [["Linear", 4, 3], ["ReLU"]], with the weights of `start`.

    A list of layers may stand among them: an nn.Sequential within.
    by_first: the log tells of the runs of its first layer, however they came about
    """
    maker = "model_by_first" if by_first else "model"
    number = _give(answer.link, maker, [list(layer) for layer in layers])
    module = MadeModule(answer.link, number, "model", "Sequential")
    module.write({entry.path: entry.tensor.detach() for entry in tensors_of(start)})
    return module


def applied(answer: Maker, name: str) -> MadeModule:
    """The answer, a function, as a module: `gradients` are those of its inputs."""
    function = Handle(answer.link, answer.number, name)
    number = _give(answer.link, "applied", function)
    return MadeModule(answer.link, number, name, name)


def watched(answer: Maker, model: MadeModule) -> MadeModule:
    """From now on the log tells of this module too, one that the answer made."""
    _give(answer.link, "watch", model)
    return model


def tied(answer: Maker, one: MadeModule, other: MadeModule) -> None:
    """From now on the second layer has the weight of the first, the very same."""
    _give(answer.link, "tie", one, other)


def given_optimiser(
    answer: Maker, model: MadeModule, name: str, **how: Plain
) -> MadeObject:
    """torch's optimiser of this name, for the parameters of a model.

    groups=2: the parameters are in two groups; the rest of `how` is torch's
    """
    number = _give(answer.link, "optimiser", model, name, **how)
    return MadeObject(answer.link, number, "optimiser", name)


def given_batches(
    answer: Maker,
    pairs: Sequence[tuple[Tensor, Tensor]],
    name: str,
    *,
    numbered: bool = False,
) -> MadeObject:
    """Batches (inputs, targets) that a loop may iterate again and again.

    numbered: the log tells which rows a batch has: "training 0", "training 1", …
    """
    number = _give(answer.link, "batches", name, list(pairs), numbered=numbered)
    return MadeObject(answer.link, number, f"{name.replace(' ', '_')}_batches", "list")


def given_function(answer: Maker, values: Sequence[Plain], name: str) -> MadeObject:
    """A function that returns these values one after the other."""
    number = _give(answer.link, "function", name, list(values))
    return MadeObject(answer.link, number, name, "function")


def given_list(answer: Maker, name: str = "history") -> MadeObject:
    """An empty list for a loop to fill; `.value()` shows what is in it afterwards."""
    return MadeObject(answer.link, _give(answer.link, "list"), name, "list")


def dice_after(answer: Maker, *inputs: Any) -> list[float]:  # noqa: ANN401
    """What the dice of torch, Python and NumPy show after one call of the answer.

    Other numbers each time, unless the answer sets a seed.
    """
    made = Handle(answer.link, answer.number, "answer")
    number = _give(answer.link, "dice_after", made, *inputs)
    value = MadeObject(answer.link, number, "dice", "list").value().outcome.value
    try:
        return row(value, float, float, float)
    except BrokenProtocolError as error:
        answer.link.broken(error)


def _give(link: Link, kind: str, *inputs: Any, **named: Any) -> int:  # noqa: ANN401
    outcome = link.ask("give", None, inputs, named, kind=kind)
    result = Result(outcome, link.tally, kind, (), (), whose=f"making {kind}")
    return made(link, result, "an object", "prepare")[0]


def log_of(answer: Maker, *, take: bool = False) -> Log:
    """What happened so far to all that was given.

    take: it is forgotten then, so that the next log begins afterwards
    """
    value = answer.link.ask("events", take=take).value
    try:
        if type(value) is not list:
            raise BrokenProtocolError("something else where a log belongs")
        return Log([_event(item) for item in value])
    except BrokenProtocolError as error:
        answer.link.broken(error)


def _event(item: Plain) -> Event:
    what = part(item, "what", str)
    if what == "forward":
        modes = part(item, "any_training", bool), part(item, "all_training", bool)
        data = tuple(texts(part(item, "data", list)))
        return Event(what, run=part(item, "run", int), data=data, training=modes)
    if what == "backward":
        return Event(what, run=part(item, "run", int), stale=part(item, "stale", bool))
    if what == "step":
        lr, apart = part(item, "lr", float), part(item, "apart", bool)
        return Event(what, lr=lr, apart=apart)
    if what == "zero_grad":
        return Event(what)
    return Event(what, part(item, "name", str))


def expect_training(
    result: Result,
    log: Log,
    *,
    steps: int,
    case: str,
    data: Sequence[str] = ("training",),
) -> None:
    """The loop took so many right steps, each of them on rows of these data sets."""
    found = (
        _order(log) or _modes(log) or _data(log, set(data)) or _steps(log, steps)
    )  # fmt: skip
    expect_that(result, not found, case, *found)


def _order(log: Log) -> list[str]:
    """What is wrong with backward and step; [] when nothing is."""
    told = [e.what for e in log.events if e.what in ("backward", "step", "zero_grad")]
    if "backward" not in told:
        return ["No gradient was computed: call loss.backward() for each batch."]
    if "step" not in told:
        return ["The optimiser took no step: call optimiser.step() after "
                "loss.backward()."]  # fmt: skip
    if any(event.stale for event in log.events):
        return ["The gradients pile up: backward adds to those of the last batch. Call "
                "optimiser.zero_grad() before each loss.backward()."]  # fmt: skip
    if told.index("step") < told.index("backward"):
        return ["optimiser.step() comes before loss.backward(): there are no gradients "
                "yet."]  # fmt: skip
    triples = zip(told, told[1:], told[2:], strict=False)
    if ("backward", "zero_grad", "step") in triples:
        return ["optimiser.zero_grad() stands between backward and step: the step "
                "finds no gradients."]  # fmt: skip
    return []


def _modes(log: Log) -> list[str]:
    if any(not event.training[1] for event in log.trained()):
        return ["The model was in evaluation mode while it was trained: call "
                "model.train() before the batches of each epoch."]  # fmt: skip
    if any(event.training[0] for event in log.evaluated()):
        return ["The model was in training mode while it was evaluated: call "
                "model.eval() first."]  # fmt: skip
    return []


def _data(log: Log, allowed: set[str]) -> list[str]:
    used = {name for event in log.trained() for name in event.data}
    return [
        f"A step was taken on {name} data: they are there to measure with, never to "
        "train on."
        for name in sorted(used - allowed)[:1]
    ]


def _steps(log: Log, steps: int) -> list[str]:
    taken = log.count("step")
    if taken == steps:
        return []
    return [f"expected {steps} steps of the optimiser, yours took {taken}",
            "One step for each batch, in each epoch."]  # fmt: skip


def expect_evaluation(result: Result, log: Log, case: str) -> None:
    """The model was only measured: in evaluation mode, no step, no gradient."""
    found = []
    if log.count("step") or log.count("backward"):
        found = ["The model was trained on data that are there to measure with."]
    elif not log.evaluated():
        found = ["The model was never run."]
    expect_that(result, not (found or _modes(log)), case, *(found or _modes(log)))


def expect_same_state(
    model: MadeModule, oracle: nn.Module, case: str, why: str = ""
) -> None:
    """Parameters and buffers agree with the oracle's, which has the same names."""
    result = model.state()
    expect_keys(result, [entry.path for entry in tensors_of(oracle)], case)
    for entry in tensors_of(oracle):
        got = result[entry.path]
        expect(got, entry.tensor, case, [(got.outcome.value, why)] if why else [])
