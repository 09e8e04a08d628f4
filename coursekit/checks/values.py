"""Plain data: the only values that go to an answer or come back from it.

Everything is recognised by its exact type. An object of a class of one's own, however
much it looks like a number, is refused: it could claim to equal anything. Kin that
hold the same become plain: an OrderedDict a dict, a namedtuple a tuple.
"""

from collections import Counter, OrderedDict, defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import torch

from coursekit.checks.errors import NotPlainError

MAX_NUMBERS = 5_000_000  # in one array
MAX_ITEMS = 10_000  # in one list, tuple or dictionary
MAX_ALL_ITEMS, MAX_ALL_NUMBERS = 500_000, 10_000_000  # in a whole value
MAX_TEXT = 10_000
MAX_DEPTH = 6
MAX_BITS = 2_000
DICTS = (dict, OrderedDict, defaultdict, Counter)  # kin that hold the same

Plain = Any  # bool, int, float, str, None, list, tuple, dict, ndarray, Tensor


class Opaque:
    """Stands for something in another process that is neither plain nor a function."""

    def __init__(self, words: str) -> None:
        self.words = words


def plain(value: object, depth: int = 0) -> Plain:
    """A copy of `value` made of plain data; NumPy scalars become Python numbers.

    So do fractions.

    Raises NotPlainError, with words for what it found instead.
    """
    kind = type(value)
    if value is None or _among(kind, bool, float):
        return value
    if kind is int or kind is str:
        return _bounded(value)
    if _among(kind, list, tuple, *DICTS):
        return _container(value, depth)
    if kind.__bases__ == (tuple,) and "_fields" in vars(kind):  # a namedtuple
        return _container(tuple(tuple.__iter__(value)), depth)  # type: ignore[arg-type]
    if kind is Fraction:
        return _quotient(value)  # type: ignore[arg-type]
    if kind is np.ndarray:
        return _array(value)
    if issubclass(kind, np.generic):
        return _scalar(value)
    if _among(kind, torch.Tensor, torch.nn.Parameter):
        return _tensor(value)
    raise NotPlainError(value.words if isinstance(value, Opaque) else described(kind))


def _among(kind: type, *kinds: type) -> bool:
    """By identity: a class may have a metaclass that claims to equal anything."""
    return any(kind is one for one in kinds)


def described(kind: type) -> str:
    """Words for a type: "a function", "an object of type Image"."""
    known = {
        "function": "a function",
        "builtin_function_or_method": "a function",
        "method": "a method",
        "type": "a class",
        "generator": "a generator",
        "complex": "a complex number",
        "ellipsis": "three dots (...)",
        "set": "a set",
        "range": "a range",
        "bytes": "bytes",
        "matrix": "a NumPy matrix (np.matrix; np.asarray makes an array of it)",
        "MaskedArray": "a masked array (np.ma; its .data is an ordinary array)",
        "dict_values": "the values of a dictionary (list(…) makes a list of them)",
        "dict_items": "the items of a dictionary (dict(…) makes a dictionary of them)",
        "dict_keys": "the keys of a dictionary (list(…) makes a list of them)",
        "map": "a map that has not run yet (list(…) makes a list of it)",
        "zip": "a zip that has not run yet (list(…) makes a list of it)",
    }
    name = name_of(kind)
    return known.get(name, f"an object of type {name[:60]}")


def name_of(kind: type) -> str:
    """The true name of a class, whatever its metaclass says."""
    return vars(type)["__name__"].__get__(kind)


def amount(value: Plain) -> int:
    """How many numbers of arrays plain data hold."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, torch.Tensor):
        return value.numel()
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(amount, value)) if isinstance(value, list | tuple) else 0


def copied(value: Plain) -> Plain:
    """A deep copy, arrays in C order: what an answer gets to work on."""
    if isinstance(value, np.ndarray):
        return np.array(value, order="C")
    if isinstance(value, torch.Tensor):
        return value.detach().clone(memory_format=torch.contiguous_format)
    if isinstance(value, list | tuple):
        return type(value)(copied(item) for item in value)
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value


def same(one: Plain, other: Plain) -> bool:
    """Whether two pieces of plain data are equal to the last bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        alike = one.shape == other.shape and one.dtype == other.dtype
        return alike and one.tobytes() == other.tobytes()
    if isinstance(one, torch.Tensor):
        return same(one.detach().numpy(), other.detach().numpy())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        keys = same(list(one), list(other))
        return keys and all(same(one[key], other[key]) for key in one)
    return bool(one == other) or (one != one and other != other)


def _bounded(value: Plain) -> int | str:
    if type(value) is int and value.bit_length() > MAX_BITS:
        raise NotPlainError("a number with more than 600 digits")
    if type(value) is str and len(value) > MAX_TEXT:
        raise NotPlainError(f"a text of {len(value):,} characters")
    return value


def _quotient(value: Fraction) -> Plain:
    whole = value.denominator == 1
    try:
        return _bounded(value.numerator) if whole else float(value)
    except OverflowError:
        raise NotPlainError("a fraction that is too large") from None


def _container(value: Plain, depth: int) -> Plain:
    name = "dict" if isinstance(value, dict) else type(value).__name__
    if depth == MAX_DEPTH:
        raise NotPlainError(f"a {name} in a list in a list …, nested too deep")
    if len(value) > MAX_ITEMS:
        raise NotPlainError(f"a {name} of {len(value):,} items")
    try:
        if not depth:
            _refuse_many(value, MAX_ALL_ITEMS, 0)
        if isinstance(value, dict):
            made: Plain = {_key(k): plain(x, depth + 1) for k, x in value.items()}
        else:
            made = type(value)(plain(item, depth + 1) for item in value)
        if not depth and amount(made) > MAX_ALL_NUMBERS:
            raise NotPlainError(f"more than {MAX_ALL_NUMBERS:,} numbers in all")
    except NotPlainError as error:
        if depth:
            raise
        raise NotPlainError(f"a {name} that holds {error}") from None
    return made


def _refuse_many(value: Plain, left: int, depth: int) -> int:
    """How many items a whole value may hold beside these; it stops as soon as it can.

    One process hands it to another: what is too much for that is too much here, too.
    """
    left -= len(value)
    if left < 0:
        raise NotPlainError(f"more than {MAX_ALL_ITEMS:,} items in all")
    for item in value.values() if isinstance(value, dict) else value:
        if depth < MAX_DEPTH and _among(type(item), list, tuple, *DICTS):
            left = _refuse_many(item, left, depth + 1)
    return left


def _key(key: object) -> str | int:
    if isinstance(key, np.integer | np.str_):
        key = _scalar(key)
    if type(key) is str or type(key) is int:
        return _bounded(key)
    raise NotPlainError(f"a key that is {described(type(key))}")


def _array(value: Plain) -> np.ndarray:
    kind = value.dtype.kind
    if kind == "O":
        raise NotPlainError(
            "an array of Python objects (its rows may differ in length)"
        )
    if kind == "c":
        raise NotPlainError("an array of complex numbers")
    if kind not in "biuf":
        raise NotPlainError(f"an array of {value.dtype.name}")
    if value.size > MAX_NUMBERS:
        raise NotPlainError(f"an array of {value.size:,} numbers, shape {value.shape}")
    if value.dtype == np.longdouble:
        return value.astype(np.float64)
    return np.array(value, dtype=value.dtype.newbyteorder("="), order="C")


def _scalar(value: Plain) -> bool | int | float | str:
    if value.dtype.kind == "b":
        return bool(value)
    if value.dtype.kind in "iu":
        return int(value)
    if value.dtype.kind == "f":
        return float(value)
    if value.dtype.kind == "U":
        return _bounded(str(value))
    if value.dtype.kind == "c":
        raise NotPlainError("a complex number")
    raise NotPlainError(f"a {value.dtype.name}")


def _tensor(value: Plain) -> torch.Tensor:
    if value.layout != torch.strided or value.device.type == "meta":
        raise NotPlainError("a tensor without ordinary values (sparse or meta)")
    if value.is_complex() or value.is_quantized:
        raise NotPlainError(f"a tensor of {str(value.dtype).removeprefix('torch.')}")
    if value.numel() > MAX_NUMBERS:
        raise NotPlainError(f"a tensor of {value.numel():,} numbers")
    value = value.detach().cpu()
    half = value.dtype in (torch.bfloat16, torch.float16)
    return copied(value.float() if half else value)
