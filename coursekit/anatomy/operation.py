"""One operation of torch in a forward pass, as rules for receptive fields see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from coursekit.anatomy.reach import Reach, Reaches, lift, merge, mix

aten = torch.ops.aten


@dataclass(frozen=True)
class Operation:
    """One operation that torch carried out, and what its inputs see."""

    func: Any
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    out: Tensor
    number: int  # of `out`, among the results
    seen: Callable[[Tensor], Reaches]

    @property
    def input(self) -> Tensor:
        return self.args[0]

    def each(self, change: Callable[[Reach], Reach]) -> Reaches:
        """The first input's reaches, changed."""
        return {axis: change(r) for axis, r in self.seen(self.input).items()}

    def argument(self, number: int, name: str, default: object = None) -> Any:  # noqa: ANN401
        """An argument by place or name."""
        if number < len(self.args):
            return self.args[number]
        return self.kwargs.get(name, default)


Rule = Callable[[Operation], Reaches]


def names(*words: str) -> list[Any]:
    """The operations of these names that this version of torch has."""
    return [getattr(aten, word) for word in words if hasattr(aten, word)]


def tensors(value: object) -> list[Tensor]:
    """All tensors in nested lists, tuples and dictionaries."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors(item)]
    return []


def elementwise(op: Operation) -> Reaches:
    """Number by number, with broadcasting: what any of the inputs sees."""
    parts = [op.seen(tensor) for tensor in tensors([op.args, op.kwargs])]
    return merge(lift(part, op.out.dim()) for part in parts)


def whole(op: Operation) -> Reaches:
    """An operation without a rule: everything that went in."""
    parts = [everything(op.seen(tensor)) for tensor in tensors([op.args, op.kwargs])]

    def reshape(end: Tensor) -> Tensor:
        return end.reshape((1,) * op.out.dim())

    return {axis: reach.map(reshape) for axis, reach in merge(parts).items()}


def everything(part: Reaches) -> Reaches:
    """What all numbers of a tensor see together, as one number."""

    def all_of(reach: Reach) -> Reach:
        mixed = mix(reach, list(range(reach.first.dim())))
        return mixed.map(lambda end: end.flatten())

    return {axis: all_of(reach) for axis, reach in part.items()}
