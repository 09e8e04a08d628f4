"""A copy of a model that can be run and watched, and what is to stay as it was."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from coursekit import copies

WRAPPERS = (nn.DataParallel, nn.parallel.DistributedDataParallel)
HOOKS = (
    *("_forward_hooks", "_forward_pre_hooks"),
    *("_backward_hooks", "_backward_pre_hooks"),
)


class Padding(TorchFunctionMode):
    """Padding with the opposite border, followed as if it went on beyond the border.

    Fields are then as with any other padding; that they in fact begin again at the
    opposite side is noted.
    """

    def __init__(self, note: Callable[[], None]) -> None:
        super().__init__()
        self.note = note  # is called for every such padding

    def __torch_function__(
        self,
        func: Callable[..., object],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> object:
        kwargs = dict(kwargs or {})
        mode = args[2] if len(args) > 2 else kwargs.get("mode")
        if getattr(func, "__name__", "") != "pad" or mode != "circular":
            return func(*args, **kwargs)
        self.note()
        kwargs |= dict(zip(("input", "pad"), args, strict=False))
        refuse_more_than_once_around(kwargs["input"], kwargs["pad"])
        return nn.functional.pad(**{**kwargs, "mode": "replicate"})


def refuse_more_than_once_around(given: Tensor, amounts: Sequence[int]) -> None:
    """Fail as torch would, which pads with what is there once at most."""
    for number, amount in enumerate(amounts):
        if amount > given.shape[-1 - number // 2]:
            raise ValueError("Padding value causes wrapping around more than once.")


@contextmanager
def same_dice(model: nn.Module) -> Iterator[None]:
    """Random numbers go on afterwards as if none had been drawn."""
    state, numpy_state = random.getstate(), np.random.get_state()
    cards = {p.device for p in model.parameters() if p.is_cuda}
    try:
        with torch.random.fork_rng(devices=cards):
            yield
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)


def copied(model: nn.Module, device: str | None) -> nn.Module:
    """A copy without the user's hooks; on "meta" its weights take no memory."""
    clone = copies.of_module(model, device)
    for module in clone.modules():
        module._compiled_call_impl = None
        for name, part in list(module._modules.items()):
            module._modules[name] = unwrapped(part)
    for module in clone.modules():
        for hook in HOOKS:
            drop_users(getattr(module, hook))
    return clone


def drop_users(hooks: dict[int, Callable[..., object]]) -> None:
    """Leave out all hooks but torch's own, such as those that compute a weight."""
    for key, function in list(hooks.items()):
        if not type(function).__module__.startswith("torch."):
            del hooks[key]


def unwrapped(model: Any) -> Any:  # noqa: ANN401
    """The model behind `torch.compile`, or spread over several devices."""
    while isinstance(model, nn.Module):
        if isinstance(model, WRAPPERS):
            model = model.module
        elif "_orig_mod" in model._modules:
            model = model._modules["_orig_mod"]
        else:
            break
    return model
