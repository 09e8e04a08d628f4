"""Does what came back agree with what was expected? First type, then shape, then value.

Kin are accepted for each other: an array and a tensor, a list and a tuple, a Python
number and an array or tensor without axes that holds one. A list is no array, and 5.0
is not the whole number 5. In an array integers may stand for floats and floats for
integers, as long as the values agree.

How close is close? A float32 answer is a right answer. A sum of products in float32
is off by some 1e-7 of the magnitudes that were summed, however small the sum itself
is. `scale` holds these magnitudes (see `oracles.summed`); without it, numbers may
differ by RTOL of what is expected.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch

from coursekit.checks.show import SMALL, difference
from coursekit.checks.values import Plain

RTOL, ATOL = 1e-4, 1e-5
# Of the magnitudes summed: eight times float32's spacing.
OF_SCALE = 1e-6
Scale = np.ndarray | float | None
HUGE = 10**300  # larger whole numbers do not fit into a float


@dataclass(frozen=True)
class Mismatch:
    """Why two values do not agree; `text` may be "" when the values say it all."""

    stage: str  # "type", "shape" or "value"
    text: str = ""


def compare(got: Plain, expected: Plain, scale: Scale = None) -> Mismatch | None:
    """The first reason why `got` does not agree with `expected`; None when it does."""
    expected = array(expected)
    if isinstance(expected, np.ndarray):
        return _arrays(got, expected, scale)
    if isinstance(expected, dict):
        return _dicts(got, expected)
    if isinstance(expected, list | tuple):
        return _sequences(got, expected)
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        return _numbers(got, expected, scale)
    got = _one_number(got)
    if type(got) is not type(expected):
        return Mismatch("type", "expected " + wanted(expected))
    return None if got == expected else Mismatch("value")


def alike(got: Plain, expected: Plain, scale: Scale = None) -> bool:
    """The same values, whatever the types: how misconceptions are recognised."""
    if type(got) is int and type(expected) is int:
        return got == expected
    got, expected = _loose(got), _loose(expected)
    if isinstance(got, dict) and isinstance(expected, dict):
        same = got.keys() == expected.keys()
        return same and all(alike(got[key], expected[key]) for key in expected)
    if isinstance(got, np.ndarray) and isinstance(expected, np.ndarray):
        if got.shape != expected.shape or not _numeric(got):
            return False
        return bool(_close(got, expected, scale).all())
    if isinstance(got, list) and isinstance(expected, list):  # arrays of other shapes
        pairs = zip(got, expected, strict=False)
        return len(got) == len(expected) and all(alike(*pair, scale) for pair in pairs)
    return type(got) is type(expected) and bool(got == expected)


def _close(got: np.ndarray, expected: np.ndarray, scale: Scale) -> np.ndarray:
    if scale is None or np.shape(scale) not in ((), expected.shape):
        return np.isclose(got, expected, RTOL, ATOL, equal_nan=True)
    with np.errstate(all="ignore"):
        far = np.abs(np.subtract(got, expected, dtype=float))
    return (far <= OF_SCALE * np.asarray(scale)) | (got == expected)


def array(value: Plain) -> Plain:
    """A tensor as an array; anything else as it is."""
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


def wanted(expected: Plain, tensor: bool = False) -> str:
    """Words for the kind of value that is expected; tensor: rather than an array."""
    if isinstance(expected, np.ndarray):
        kind = "tensor" if tensor else "NumPy array"
        return f"a {kind} of shape {expected.shape}"
    if isinstance(expected, dict):
        return "a dictionary with the keys " + ", ".join(map(repr, expected))
    if isinstance(expected, list):
        return f"a list of {len(expected)}" if expected else "the empty list, []"
    if isinstance(expected, tuple):
        return f"a tuple of {len(expected)}"
    words = {bool: "True or False", int: "a whole number (int)", float: "a number"}
    return words.get(type(expected), "a text (str)")


def _arrays(got: Plain, expected: np.ndarray, scale: Scale) -> Mismatch | None:
    got = array(got)
    if expected.ndim == 0 and isinstance(got, int | float):
        got = np.array(got)  # what NumPy's own functions make of an array without axes
    if not isinstance(got, np.ndarray):
        return Mismatch("type", "expected " + wanted(expected))
    if got.shape != expected.shape:
        text = f"the shape should be {expected.shape}, yours is {got.shape}"
        return Mismatch("shape", text)
    if got.dtype.kind == "b" and expected.dtype.kind != "b":
        return Mismatch("type", "expected numbers, but your array holds True and False")
    strange = _strange(got, expected)
    if strange:
        return Mismatch("value", strange)
    wrong = ~_close(got, expected, scale)
    if not wrong.any():
        return None
    big = got.size > SMALL
    return Mismatch("value", difference(got, expected, wrong) if big else "")


def _strange(got: np.ndarray, expected: np.ndarray) -> str:
    if not np.isfinite(expected).all() or np.isfinite(got).all():
        return ""
    at = ", ".join(str(int(i)) for i in np.argwhere(~np.isfinite(got))[0])
    return f"Your array holds nan (not a number) or inf (infinite), first at [{at}]."


def _dicts(got: Plain, expected: dict[Plain, Plain]) -> Mismatch | None:
    if not isinstance(got, dict):
        return Mismatch("type", "expected " + wanted(expected))
    if got.keys() != expected.keys():
        yours = ", ".join(repr(key)[:40] for key in list(got)[:20]) or "none"
        return Mismatch("shape", f"expected {wanted(expected)}; yours has {yours}")
    return _items((repr(key), got[key], expected[key]) for key in expected)


def _sequences(got: Plain, expected: list | tuple) -> Mismatch | None:
    if not isinstance(got, list | tuple):
        return Mismatch("type", "expected " + wanted(expected))
    if len(got) != len(expected):
        return Mismatch("shape", f"expected {wanted(expected)}; yours has {len(got)}")
    if all(isinstance(item, int | float | str) for item in expected):
        return _short(got, expected)
    return _items((str(i), got[i], item) for i, item in enumerate(expected))


def _short(got: list | tuple, expected: list | tuple) -> Mismatch | None:
    """Of plain items, which are shown in full: an index would only distract."""
    found = _items((str(i), got[i], item) for i, item in enumerate(expected))
    plain = found and found.text == found.text.split(":")[0]
    return Mismatch("value") if plain else found


def _items(items: Iterable[tuple[str, Plain, Plain]]) -> Mismatch | None:
    for key, got, expected in items:
        mismatch = compare(got, expected)
        if mismatch:
            more = mismatch.text.removeprefix("Look at ")
            deeper = more.startswith("[") and more != mismatch.text
            text = f"Look at [{key}]" + (": " if more and not deeper else "") + more
            return Mismatch("value", text.removesuffix(".") + ".")
    return None


def _numbers(got: Plain, expected: int | float, scale: Scale) -> Mismatch | None:
    got = _one_number(got)
    if isinstance(got, bool) or not isinstance(got, int | float):
        return Mismatch("type", "expected " + wanted(expected))
    if isinstance(expected, int):
        if isinstance(got, float):
            return Mismatch("type", "expected a whole number (int), not a float")
        return None if got == expected else Mismatch("value")
    if isinstance(got, int) and abs(got) > HUGE:
        return Mismatch("value")
    close = _close(np.array(float(got)), np.array(expected), scale)
    return None if close else Mismatch("value")


def _one_number(value: Plain) -> Plain:
    value = array(value)
    alone = isinstance(value, np.ndarray) and value.ndim == 0
    return value.item() if alone else value


def _loose(value: Plain) -> Plain:
    value = array(value)
    if isinstance(value, list | tuple):
        try:
            return np.array([_one_number(item) for item in value], dtype=float)
        except (TypeError, ValueError, OverflowError):
            return list(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return np.array(float(value)) if abs(value) < HUGE else value
    return value


def _numeric(value: np.ndarray) -> bool:
    return value.dtype.kind in "iuf"
