"""Real models, optimisers and batches that a check gives to a loop; they keep a log.

They do what torch's own do. The log says in which order a loop used them, so that a
message can name the mistake. Whether a loop is right shows in the weights it leaves.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.checks.bench import inside
from coursekit.checks.values import Plain, plain

MAX_EVENTS = 5_000
MAX_ROWS = 512  # of one batch whose origin is looked up


class Log:
    """What happened, in order; the first `MAX_EVENTS` of it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Plain]] = []
        self.origin: dict[bytes, str] = {}
        self.runs = 0  # forward runs of watched models

    def add(self, what: str, **more: Plain) -> None:
        """Write one event down."""
        if len(self.events) < MAX_EVENTS:
            self.events.append({"what": what, **more})

    def take(self) -> list[dict[str, Plain]]:
        """The events, which are forgotten here."""
        taken, self.events = self.events, []
        return taken

    def remember(self, inputs: Tensor, name: str) -> None:
        """These rows come from the data set of this name."""
        for row in _rows(inputs):
            self.origin[row] = name

    def origins(self, inputs: object) -> list[str]:
        """Names of the data sets that the rows of a batch come from."""
        if type(inputs) is not Tensor or not inputs.dim():
            return []
        try:
            rows = _rows(inputs[:MAX_ROWS])
        except RuntimeError:  # in the transforms of torch.func a tensor has no data
            return []
        return sorted({self.origin.get(row, "") for row in rows} - {""})


def _rows(inputs: Tensor) -> list[bytes]:
    rows = inputs.detach().cpu().float().contiguous()
    return [row.numpy().tobytes() for row in rows]


def model(log: Log, layers: list[list[Plain]]) -> nn.Module:
    """[["Linear", 4, 3], ["ReLU"]] as a watched nn.Sequential of torch's layers."""
    return watch(log, stacked(layers))


def model_by_first(log: Log, layers: list[list[Plain]]) -> nn.Module:
    """As `model`; its first layer is watched, so that no way around the model counts.

    That is one who calls model.forward(x), or its layers one after the other.
    """
    made = stacked(layers)
    watch(log, made[0])
    return made


class Derived(nn.Linear):
    """A dense layer of a class of its own."""


def stacked(layers: Sequence[Sequence[Plain]]) -> nn.Sequential:
    """Layers by name and sizes, one after the other; a list of layers is one of them.

    "Derived" is the class above, every other name one of torch's.
    """
    return nn.Sequential(*map(_layer, layers))


def _layer(layer: Sequence[Plain]) -> nn.Module:
    name, *sizes = layer
    if not isinstance(name, str):
        return stacked(layer)
    return Derived(*sizes) if name == "Derived" else getattr(nn, name)(*sizes)


def watch(log: Log, module: nn.Module) -> nn.Module:
    """Write down each forward run of a module and each gradient that comes back.

    A copy of the module writes its own runs into the same log.
    """

    def after(ran: nn.Module, inputs: tuple[Any, ...], output: object) -> None:
        origins = log.origins(inputs[0] if inputs else None)
        training = [inner.training for inner in ran.modules()]
        graph = type(output) is Tensor and output.requires_grad
        modes = {"any_training": any(training), "all_training": all(training)}
        log.runs += 1
        log.add("forward", run=log.runs, data=origins, graph=graph, **modes)
        if graph:
            output.register_hook(back(ran, log.runs))  # type: ignore[attr-defined]

    def back(ran: nn.Module, run: int) -> Callable[[Tensor], None]:
        return lambda _: log.add("backward", run=run, stale=_stale(ran))

    nn.Module.register_forward_hook(module, after)
    return module


def tie(log: Log, one: Any, other: Any) -> nn.Module:  # noqa: ANN401
    """From now on the second layer has the weight of the first, the very same."""
    other.weight = one.weight
    return other


def _stale(module: nn.Module) -> bool:
    grads = [entry.tensor.grad for entry in inside.entries(module)]
    return any(grad is not None and bool(grad.any()) for grad in grads)


class _Watched:
    """Writes the steps of a torch optimiser down."""

    log: Log

    def zero_grad(self, set_to_none: bool = True) -> None:
        """As torch does it."""
        self.log.add("zero_grad")
        super().zero_grad(set_to_none)  # type: ignore[misc]

    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """As torch does it."""
        groups = self.param_groups  # type: ignore[attr-defined]
        rates = [float(group["lr"]) for group in groups]
        self.log.add("step", lr=rates[0], apart=len(set(rates)) > 1)
        return super().step(closure)  # type: ignore[misc]


def optimiser(
    log: Log, module: nn.Module, name: str, groups: int = 1, **how: Plain
) -> object:
    """torch's optimiser of this name ("SGD") for the parameters of a module.

    groups: in so many groups the parameters are, dealt out in turn
    """
    plain_kind = getattr(torch.optim, name)
    kind = type(name, (_Watched, plain_kind), {"log": log})
    parameters = list(module.parameters())
    dealt = [{"params": parameters[first::groups]} for first in range(groups)]
    return kind(dealt, **how)


class Batches:
    """Pairs of tensors in a fixed order, as often as a loop asks for them.

    numbered: each row is remembered under a name of its own, "training 0", …
    """

    def __init__(
        self,
        log: Log,
        name: str,
        pairs: list[tuple[Tensor, Tensor]],
        numbered: bool = False,
    ) -> None:
        self.log, self.name, self.pairs = log, name, pairs
        rows = [row for inputs, _ in pairs for row in inputs.split(1)]
        for number, row in enumerate(rows):
            log.remember(row, f"{name} {number}" if numbered else name)

    def __len__(self) -> int:
        return len(self.pairs)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        self.log.add("pass", name=self.name)
        for pair in self.pairs:
            yield self._taken(pair)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - as a list has it
        if isinstance(index, slice):
            return [self._taken(pair) for pair in self.pairs[index]]
        return self._taken(self.pairs[index])

    def _taken(self, pair: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        self.log.add("batch", name=self.name)
        inputs, targets = pair
        return inputs.clone(), targets.clone()


class Scripted:
    """A function that returns what was written down for it, call by call."""

    def __init__(self, log: Log, name: str, values: list[Plain]) -> None:
        self.log, self.name, self.values = log, name, list(values)

    def __call__(self, *inputs: object, **named: object) -> Plain:
        """The next value. Raises RuntimeError after the last one."""
        self.log.add("call", name=self.name)
        if not self.values:
            raise RuntimeError(f"{self.name} was called too often")
        return self.values.pop(0)


def a_list(log: Log, *items: Plain) -> list[Plain]:
    """A list to append to."""
    return plain(list(items))


def dice_after(log: Log, function: Callable[..., Any], *inputs: Any) -> list[float]:  # noqa: ANN401
    """What three dice show after a call of a function."""
    function(*inputs)
    return [torch.rand(()).item(), random.random(), float(np.random.random())]


class Applied(nn.Module):
    """A function as a module: so a check can ask for the gradients of its inputs."""

    def __init__(self, log: Log, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Any) -> Any:  # noqa: ANN401
        """What the function returns."""
        return self.function(*inputs)


MAKERS: dict[str, Callable[..., object]] = {
    "model": model,
    "model_by_first": model_by_first,
    "watch": watch,
    "tie": tie,
    "optimiser": optimiser,
    "batches": Batches,
    "function": Scripted,
    "applied": Applied,
    "dice_after": dice_after,
    "list": a_list,
}
