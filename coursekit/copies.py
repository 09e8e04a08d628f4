"""A copy of a module, also of one that keeps what Python cannot copy."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

Module = TypeVar("Module", bound=nn.Module)
Memo = dict[int, Any]  # what `copy.deepcopy` has copied already, by its `id`


def of_module(module: Module, device: str | None = None) -> Module:
    """A deep copy; on device "meta" its weights take no memory.

    Tensors with a history (a kept output, say) are copied without it. What has no
    copies, such as open files, locks and threads, is shared with the original.
    """
    memo: Memo = {}
    if device is not None:
        for parameter in module.parameters():
            empty = torch.empty_like(parameter, device=device)
            memo[id(parameter)] = nn.Parameter(empty, parameter.requires_grad)
        for buffer in module.buffers():
            memo[id(buffer)] = torch.empty_like(buffer, device=device)
    return of_value(module, memo)


def of_value(value: Any, memo: Memo) -> Any:  # noqa: ANN401
    """A copy of anything; part by part where it cannot be copied as a whole."""
    if id(value) in memo:
        return memo[id(value)]
    attempt = dict(memo)  # a failed one leaves halves behind
    try:
        made = copy.deepcopy(value, attempt)
    except Exception:  # whatever the objects of others may raise
        return of_parts(value, memo)
    memo.update(attempt)
    return made


def of_parts(value: Any, memo: Memo) -> Any:  # noqa: ANN401
    """Copies of what something is made of, or itself if it has no parts."""
    if isinstance(value, Tensor):
        made: Any = value.detach().clone()
    elif isinstance(value, torch.Generator):
        made = torch.Generator(value.device)
        made.set_state(value.get_state())
    elif type(value) in (list, tuple, set, frozenset):
        made = type(value)(of_value(part, memo) for part in value)
    elif isinstance(value, Mapping) and hasattr(value, "copy"):
        made = of_mapping(value, memo)
    elif hasattr(value, "__dict__") and not isinstance(value, type):
        made = of_object(value, memo)
    else:
        made = value
    memo[id(value)] = made
    return made


def of_mapping(value: Any, memo: Memo) -> Any:  # noqa: ANN401
    """A dictionary of the same kind with copied values."""
    made = value.copy()
    memo[id(value)] = made
    for key, part in value.items():
        made[key] = of_value(part, memo)
    return made


def of_object(value: Any, memo: Memo) -> Any:  # noqa: ANN401
    """An object of the same class with copied attributes, or itself without."""
    try:
        made = object.__new__(type(value))
    except TypeError:  # made in C, such as an open file
        return value
    memo[id(value)] = made
    for name, part in vars(value).items():
        made.__dict__[name] = of_value(part, memo)
    return made
