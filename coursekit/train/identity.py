"""What a training is made of, in words that are equal when it is the same one.

They are kept in checkpoints: short enough to be read where two of them differ.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from functools import partial, singledispatch
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer

from coursekit.train.step import plain

PLAIN = (type(None), bool, int, float, complex, str, bytes, torch.dtype, torch.device)
# What is installed is known by its name; what a reader wrote, by its content.
INSTALLED = ("torch", "coursekit", "builtins", "numpy")
DEEPEST = 6


def checksum(*parts: str | bytes | memoryview) -> str:
    """Eight characters that depend on all of the parts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode() if isinstance(part, str) else part)
        total.update(b"\0")
    return "#" + total.hexdigest()[:8]


@singledispatch
def describe(value: object, depth: int = 0) -> str:
    """The value in words that are the same in every process.

    Functions are known by name, code, and the values they bring along; modules by
    their layers and weights; other objects by their attributes.
    """
    if isinstance(value, PLAIN):
        return repr(value)
    if depth > DEEPEST:
        return name_of(type(value))
    names = [f.name for f in fields(value)] if is_dataclass(value) else vars_of(value)
    parts = [f"{name}={describe(getattr(value, name), depth + 1)}" for name in names]
    return f"{name_of(type(value))}({', '.join(parts)})"


def vars_of(value: object) -> list[str]:
    """The names of an object's own attributes."""
    return list(getattr(value, "__dict__", {}))


def name_of(thing: Any) -> str:  # noqa: ANN401 (classes and functions)
    """Where a class or function is defined; the notebook goes without saying."""
    module = thing.__module__ or ""
    return (
        thing.__qualname__ if module == "__main__" else f"{module}.{thing.__qualname__}"
    )


def is_installed(thing: Any) -> bool:  # noqa: ANN401
    """Whether a class or function comes with a package."""
    return (thing.__module__ or "").partition(".")[0] in INSTALLED


@describe.register
def of_tensor(value: Tensor, depth: int = 0) -> str:
    """Type, shape and content: "uint8 (3, 1, 8, 8) #0f3a…"."""
    flat = value.detach().cpu().contiguous().view(-1).view(torch.uint8)
    return f"{plain(value.dtype)} {tuple(value.shape)} {checksum(flat.numpy().data)}"


@describe.register
def of_array(value: np.ndarray, depth: int = 0) -> str:
    return f"{value.dtype} {value.shape} {checksum(value.tobytes())}"


@describe.register(type)
@describe.register(BuiltinFunctionType)
def of_name(value: Any, depth: int = 0) -> str:  # noqa: ANN401
    return name_of(value)


@describe.register(partial)
def of_partial(value: partial[Any], depth: int = 0) -> str:
    """A call with what is given beforehand."""
    given = [describe(part, depth + 1) for part in value.args]
    given += [
        f"{name}={describe(part, depth + 1)}" for name, part in value.keywords.items()
    ]
    return f"{describe(value.func, depth + 1)}({', '.join(given)})"


@describe.register
def of_function(value: FunctionType, depth: int = 0) -> str:
    """Name, code, defaults, and the values that it takes from outside."""
    known = value.__globals__
    names = sorted(names_in(value.__code__) & known.keys())
    outside = {name: known[name] for name in names if isinstance(known[name], PLAIN)}
    cells = [cell.cell_contents for cell in value.__closure__ or ()]
    brought = describe([value.__defaults__, value.__kwdefaults__, cells], depth + 1)
    if is_installed(value):
        return f"{name_of(value)} {checksum(brought)}" if cells else name_of(value)
    parts = (code(value.__code__), brought, describe(outside, depth + 1))
    return f"{name_of(value)} {checksum(*parts)}"


def names_in(value: CodeType) -> set[str]:
    """The names that code, and functions within it, take from outside."""
    inner = [c for c in value.co_consts if isinstance(c, CodeType)]
    return set(value.co_names).union(*(names_in(c) for c in inner))


def code(value: CodeType) -> str:
    """What a function does, without where it stands."""
    constants = [
        code(c) if isinstance(c, CodeType) else describe(c) for c in value.co_consts
    ]
    return repr((value.co_code, value.co_names, constants))


@describe.register
def of_method(value: MethodType, depth: int = 0) -> str:
    return f"{describe(value.__self__, depth + 1)}.{value.__name__}"


@describe.register
def of_module(value: nn.Module, depth: int = 0) -> str:
    """Layers and weights."""
    weights = [describe(part, depth + 1) for part in value.state_dict().values()]
    return f"{architecture(value)} {checksum(*weights)}"


@describe.register(Mapping)
def of_mapping(value: Mapping[Any, Any], depth: int = 0) -> str:
    parts = [
        f"{describe(k, depth + 1)}: {describe(v, depth + 1)}" for k, v in value.items()
    ]
    return f"{{{', '.join(parts)}}}"


@describe.register(Set)
def of_set(value: Set[Any], depth: int = 0) -> str:
    return f"{{{', '.join(sorted(describe(part, depth + 1) for part in value))}}}"


@describe.register(list)
@describe.register(tuple)
def of_row(value: Sequence[Any], depth: int = 0) -> str:
    return f"[{', '.join(describe(part, depth + 1) for part in value)}]"


def architecture(model: nn.Module) -> str:
    """The layers of a model with their settings, its shapes and types; no weights."""
    layers = re.sub(r" at 0x[0-9a-f]+", "", repr(model))
    shapes = [
        f"{name} {plain(value.dtype)} {tuple(value.shape)}"
        for name, value in (*model.named_parameters(), *model.named_buffers())
        if not is_lazy(value)
    ]
    frozen = [name for name, p in model.named_parameters() if not p.requires_grad]
    kinds = {type(module) for module in model.modules()}
    own = sorted(describe(k.forward) for k in kinds if not is_installed(k))
    count = sum(p.numel() for p in model.parameters() if not is_lazy(p))
    known = checksum(layers, *shapes, *frozen, *own)
    return f"{type(model).__name__} of {count:,} weights {known}"


def of_optimiser(optimiser: Optimizer) -> str:
    """The method with its settings, but the learning rate, which the schedule gives."""
    groups = [
        {"weights": len(group["params"])}
        | {k: v for k, v in group.items() if k not in ("params", "lr", "initial_lr")}
        for group in optimiser.param_groups
    ]
    return f"{name_of(type(optimiser))} {describe(groups)}"


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> str:
    """Where two descriptions differ, in words; empty where they do not."""
    told = [
        f"{name}: there {short(there.get(name, 'not noted'))}, here {short(value)}"
        for name, value in here.items()
        if there.get(name) != value
    ]
    return "; ".join(told)


def short(words: str, length: int = 60) -> str:
    """Words that fit a line; what is left out is in the checksum."""
    if len(words) <= length:
        return words
    return f"{words[: length - 12]}… {checksum(words)}"
