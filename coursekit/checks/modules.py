"""Checks of modules: classes, or functions, that make an `nn.Module`.

A whole check of a residual block, fifteen lines:

    @exercise("residual-block", "channels")
    def residual_block(answer: Maker, cases: Cases) -> None:
        \"\"\"Oracle: the same sum of torch's own layers.\"\"\"
        for number in cases.count(3):
            c = cases.integer(2, 4)
            oracle, case = stirred(Block(c), cases), f"random {number}: {c} channels"
            x = normal(cases, 2, c, 5, 4)
            block = answer.make_module(c)
            expect_parameters(block, shapes_of(oracle), case, x)
            block.load(oracle, x)  # whatever the student called the layers
            block.eval()
            expect(block(x), output_of(oracle.eval(), x), case, mistakes(oracle, x))
            block.train()
            expect_gradients(block, oracle.train(), x, case=case)
            expect_buffers(block, oracle, case)

`expect_parameters` names what beginners do: layers in a plain list, a layer used twice,
biases missing or too many. `load` copies the oracle's weights, matched by shape, place
and use; from then on outputs, gradients and running statistics must agree. A tensor
whose name the exercise fixes is `block.tensor("running_mean")`.

A loop gets real models, optimisers and batches: see `coursekit.checks.loops`. Other
objects (generators, optimisers of one's own): see `coursekit.checks.objects`.

Verdicts rest on values. Everything that a module says of itself comes from a process
that a student may have changed; weights copied in, and outputs that agree on random
inputs, do not come from a module that only says it is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.checks.calling import Outcome
from coursekit.checks.errors import BrokenProtocolError
from coursekit.checks.expect import Result, expect, fail
from coursekit.checks.matching import Layout, differences, matched, read_layout
from coursekit.checks.objects import Handle, MadeObject, MadeResult
from coursekit.checks.references import layout_of, tensors_of
from coursekit.checks.replies import part, row, shape, texts
from coursekit.checks.values import Plain


class MadeModule(MadeObject):
    """An `nn.Module` that an answer made."""

    def __init__(self, *place: Any) -> None:  # noqa: ANN401
        super().__init__(*place)
        self._paths: dict[str, str] = {}  # of the oracle to the student's

    def path(self, name: str) -> str:
        """The student's path for one of the oracle, once `load` has matched them."""
        return self._paths.get(name, name)

    def has(self, name: str) -> bool:
        """Did `load` find a partner for this parameter or buffer of the oracle?"""
        return name in self._paths

    # Every question gives a result, or fails when the answer's code raised.

    def parameters(self) -> Result:
        """The shape of each parameter by its path, as a dictionary."""
        return self._shapes("parameter")

    def buffers(self) -> Result:
        """The shape of each buffer by its path, as a dictionary."""
        return self._shapes("buffer")

    def count(self) -> Result:
        """The number of free parameters."""
        found = self.parameters()
        total = sum(int(np.prod(size, dtype=np.int64)) for size in _values(found))
        return replace(_with(found, total), part=" has free parameters:")

    def devices(self) -> set[str]:
        """Where parameters and buffers lie: {"cpu"}."""
        return {device for _, _, device, _ in self._registered("").values()}

    def dtypes(self) -> set[str]:
        """Types of the parameters' numbers: {"float32"}."""
        return {kind for _, _, _, kind in self._registered("parameter").values()}

    def state(self) -> Result:
        """All parameters and buffers by path, as arrays in a dictionary."""
        found = self._ask("state", ".state_dict()")
        return _with(found, _arrays(self, found.outcome.value))

    def transient(self) -> set[str]:
        """The paths of buffers that a state_dict leaves out (persistent=False)."""
        return set(self._ask("transient", " buffers").outcome.value)

    def tensor(self, name: str) -> Result:
        """One parameter or buffer; fails when it is not registered."""
        path, found = self.path(name), self.state()
        if path not in found.outcome.value:
            here = ", ".join(list(found.outcome.value)[:20]) or "nothing"
            fail(found, name, f"there is no parameter or buffer {path}",
                 f"Registered: {here}.", *self.layout().ideas)  # fmt: skip
        return replace(_with(found, found.outcome.value[path]), part=f".{path}")

    def modes(self) -> Result:
        """Which layers are in training mode: True or False by path."""
        return self._ask("modes", ".training")

    def hooks(self) -> Result:
        """How many hooks hang on each module and on each parameter, by path."""
        return self._ask("hooks", " hooks")

    def hoards(self) -> list[tuple[str, int]]:
        """Attributes that keep many numbers beside parameters and buffers: how many."""
        value = self._ask("hoards", " numbers").outcome.value
        try:
            if not isinstance(value, list):
                raise BrokenProtocolError("something else where a list belongs")
            return [(path, many) for path, many in (row(v, str, int) for v in value)]
        except BrokenProtocolError as error:
            self.link.broken(error)

    def constants(self, *inputs: Tensor) -> list[tuple[int, ...]]:
        """Shapes of tensors from outside that a run on each of the inputs uses."""
        value = self._ask("constants", " numbers", *inputs).outcome.value
        try:
            if not isinstance(value, list):
                raise BrokenProtocolError("something else where a list belongs")
            return [shape(size) for size in value]
        except BrokenProtocolError as error:
            self.link.broken(error)

    def numbers(self) -> tuple[int, int]:
        """How many numbers its parameters keep, and its buffers; 64 bits are two.

        A normalisation's counter of batches is one, and what it says is forgotten: in
        evaluation nobody reads it.
        """
        sums, counters = {"parameter": 0, "buffer": 0}, []
        for path, (kind, size, _, dtype) in self._registered("").items():
            if size == () and path.endswith("num_batches_tracked"):
                counters.append(path)
            wide = getattr(torch, dtype, None)
            bytes_ = wide.itemsize if isinstance(wide, torch.dtype) else 4
            times = 1 if path in counters else max(1, bytes_ // 4)
            sums[kind] = sums.get(kind, 0) + times * int(np.prod(size, dtype=np.int64))
        if counters:
            self.write({path: np.array(0) for path in counters})
        return sums["parameter"], sums["buffer"]

    def layout(self, *inputs: Tensor) -> "Advised":
        """What is registered, used twice, or loose; `inputs` show the order of use."""
        value = self._ask("layout", "", *inputs).outcome.value
        try:
            return Advised(read_layout(value))
        except BrokenProtocolError as error:
            self.link.broken(error)

    # What changes a module. It is told in messages.

    def train(self) -> None:
        """Switch to training mode, with all layers."""
        self._switch(True, "train")

    def eval(self) -> None:
        """Switch to evaluation mode, with all layers."""
        self._switch(False, "eval")

    def write(self, values: Mapping[str, np.ndarray | Tensor]) -> None:
        """Set parameters and buffers by name, those of the oracle or the student's."""
        self._ask("load", ".load", {self.path(k): v for k, v in values.items()})

    def load(self, oracle: nn.Module, *inputs: Tensor, case: str = "weights") -> None:
        """Copy the oracle's parameters and buffers into the module.

        inputs: for a run in which layers of one shape are told apart by their use
        Fails when the shapes do not agree.
        """
        yours, theirs = self.layout(*inputs), layout_of(oracle, *inputs)
        paths = matched(yours.layout, theirs)
        if paths is None:
            self._unfit(yours, theirs, case)
        self._paths = paths
        state = {entry.path: entry.tensor.detach() for entry in tensors_of(oracle)}
        self.write({path: state[path] for path in paths})
        self.tell(f"(the weights of {self.name} are set)")

    def backward(self, *inputs: Any, upstream: Tensor) -> None:  # noqa: ANN401
        """Run forward and backward, as in training: gradients are added up."""
        found = self._ask("backward", "", upstream, *inputs)
        _connected(self, found, "backward", upstream)
        self.tell(f"(gradients from an output of {self.name})")

    def set_gradients(
        self, values: Mapping[str, np.ndarray | Tensor | None], *, add: bool = False
    ) -> None:
        """Put gradients in place, as if a backward run had left them.

        add: to those that are there, in the same tensor, as a backward run does
        """
        given = {self.path(k): v for k, v in values.items()}
        self._ask("set_grads", "", given, add=add)

    def stored_gradients(self) -> Result:
        """`.grad` of each parameter by path: an array or None."""
        return self._ask("grads", " gradients")

    def gradients(
        self,
        *inputs: Any,  # noqa: ANN401
        upstream: Tensor,
        case: str,
    ) -> "Gradients":
        """Output and gradients for an upstream gradient; `.grad` is left alone.

        Fails when nothing flows back.
        """
        outcome = self.link.ask(
            "module", self.number, (upstream, *inputs), ask="gradients"
        )
        found = self.result(outcome, self.name, inputs)
        _refuse_failed(found, case)
        _connected(self, found, case, upstream)
        value = found.outcome.value
        try:
            return Gradients(self, found, case,
                             part(value, "inputs", list),
                             part(value, "parameters", dict))  # fmt: skip
        except BrokenProtocolError as error:
            self.link.broken(error)

    def moved(self, *inputs: Any, device: str, dtype: str) -> MadeResult:  # noqa: ANN401
        """What a run elsewhere gives: [a tensor?, device, dtype]. May have raised."""
        outcome = self.link.ask(
            "module", self.number, inputs, ask="moved", device=device, dtype=dtype
        )
        return self.result(outcome, self.name, inputs)

    def _ask(self, ask: str, words: str, *inputs: Any, **about: Plain) -> MadeResult:  # noqa: ANN401
        outcome = self.link.ask("module", self.number, inputs, ask=ask, **about)
        result = self.look(outcome, words)
        _refuse_failed(result, ask.replace("_", " "))
        return result

    def _unfit(self, yours: "Advised", theirs: Layout, case: str) -> NoReturn:
        found = replace(self._ask("shapes", ""), part=" parameters and buffers")
        lines = [
            line
            for kind in ("parameter", "buffer")
            for line in differences(yours.layout.shapes(kind), theirs.shapes(kind))
        ]
        fail(found, case, *lines, *yours.ideas)

    def _switch(self, training: bool, method: str) -> None:
        found = self._ask("switch", f".{method}()", training=training)
        self.tell(f"{self.name}.{method}()")
        left = self._texts(found.outcome.value)
        if left:
            still = "evaluation" if training else "training"
            names = ", ".join(path or "the module itself" for path in left[:5])
            fail(found, f"{method} mode", f"still in {still} mode: {names}",
                 "Does the class define its own train or eval?")  # fmt: skip

    def _texts(self, value: Plain) -> list[str]:
        try:
            return texts(value)
        except BrokenProtocolError as error:
            self.link.broken(error)

    def _shapes(self, kind: str) -> Result:
        found = {path: size for path, (_, size, *_) in self._registered(kind).items()}
        return self.look(Outcome(value=found), f".{kind}s()")

    def _registered(self, kind: str) -> dict[str, list[Any]]:
        value = self._ask("shapes", " registered").outcome.value
        try:
            rows = {
                path: row(item, str, tuple, str, str) for path, item in _items(value)
            }
            for _, size, *_ in rows.values():
                shape(size)
        except BrokenProtocolError as error:
            self.link.broken(error)
        return {path: item for path, item in rows.items() if kind in ("", item[0])}


@dataclass
class Gradients:
    """What flowed back through a module in one run."""

    module: MadeModule
    result: MadeResult
    case: str
    of_inputs: list[Plain]
    of_parameters: dict[str, Plain]

    @property
    def output(self) -> Result:
        """What the module returned in the run."""
        return _with(self.result, self.result.outcome.value["output"])

    def input(self, at: int = 0) -> Result:
        """The gradient for one of the floating-point inputs."""
        if at >= len(self.of_inputs) or self.of_inputs[at] is None:
            self._none(f"input {at} ({'xyz'[at : at + 1]})")
        result = _with(self.result, self.of_inputs[at])
        return replace(result, part=", its gradient for the input")

    def parameter(self, name: str) -> Result:
        """The gradient for one parameter, by the oracle's path or the student's."""
        path = self.module.path(name)
        if self.of_parameters.get(path) is None:
            self._none(path)
        result = _with(self.result, self.of_parameters[path])
        return replace(result, part=f", its gradient for {path}")

    def _none(self, what: str) -> None:
        fail(self.result, self.case, f"no gradient reaches {what}",
             "Is it used in forward, and not cut off by .detach(), .data, NumPy or "
             "torch.no_grad()?")  # fmt: skip


@dataclass
class Advised:
    """A layout of a student's module, and what may be wrong with it."""

    layout: Layout

    @property
    def ideas(self) -> list[str]:
        """At most two sentences on loose layers, loose tensors and shared layers."""
        loose = [_loose(*item) for item in self.layout.loose]
        twice = [
            f"{path or 'The module'} is used twice in one run: both places share one "
            "set of weights, which counts once. Make one layer for each place."
            for path in self.layout.twice
        ]
        return [*loose, *twice][:2]


def _loose(path: str, holder: str, what: str) -> str:
    if what == "layer":
        better = "nn.ModuleDict" if holder == "dict" else "nn.ModuleList"
        return (
            f"self.{path} is a plain {holder} of layers: torch does not see them, so "
            f"they are neither counted nor trained nor saved. Use {better} or "
            "nn.Sequential."
        )
    if what == "parameter" and holder in ("list", "tuple", "set", "dict"):
        return f"self.{path} is a plain {holder} of parameters. Use nn.ParameterList."
    if what == "tensors":
        return (
            f"self.{path} is a plain {holder} of tensors: they are neither counted nor "
            "saved nor moved with the module. Register each: a buffer or a parameter."
        )
    if what == "parameter":
        return f"self.{path} is a tensor, but no nn.Parameter: it is not trained."
    return (
        f"self.{path} is a plain tensor: it is neither trained nor saved nor moved "
        "with the module. What is to be learned is an nn.Parameter(…), and for what is "
        f'fixed there is self.register_buffer("{path.rpartition(".")[2]}", …).'
    )


def _refuse_failed(result: Result, case: str) -> None:
    if result.outcome.raised or result.outcome.refused:
        expect(result, 0, case)


def _connected(
    module: MadeModule, found: MadeResult, case: str, upstream: Tensor
) -> None:
    value = found.outcome.value
    try:
        fits, connected = part(value, "fits", bool), part(value, "connected", bool)
    except BrokenProtocolError as error:
        module.link.broken(error)
    if not fits:
        expected = np.zeros(tuple(upstream.shape), np.float32)
        expect(_with(found, value.get("output")), expected, case)
    if not connected:
        fail(found, case, "no gradient flows through the output",
             "It is cut off from the input by .detach(), .data, .item(), NumPy or "
             "torch.no_grad(); leave them out of forward.")  # fmt: skip


def _arrays(handle: Handle, value: Plain) -> dict[str, np.ndarray]:
    try:
        return {path: _array(item) for path, item in _items(value)}
    except BrokenProtocolError as error:
        handle.link.broken(error)


def _array(value: Plain) -> np.ndarray:
    if type(value) is not Tensor:
        raise BrokenProtocolError("something else where a tensor belongs")
    return value.numpy()


def _items(value: Plain) -> list[tuple[str, Plain]]:
    if type(value) is not dict:
        raise BrokenProtocolError("something else where a dictionary belongs")
    texts([str(key) for key in list(value)[:10]])
    return list(value.items())


def _values(result: Result) -> list[tuple[int, ...]]:
    return list(result.outcome.value.values())


def _with(result: Any, value: Plain) -> Any:  # noqa: ANN401
    return replace(result, outcome=replace(result.outcome, value=value))
