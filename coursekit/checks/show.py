"""Plain data as text that a student can read."""

import numpy as np
import torch

from coursekit.checks.handed import name_of
from coursekit.checks.values import Plain

SMALL = 130  # numbers: an 8 × 8 image and a kernel still fit on the screen
INLINE = 10
MOST = 100  # items of a list that are looked at


DIGITS = (None, 8, 12, 17)  # None: as few as a student likes to read


def as_text(value: Plain, digits: int | None = None) -> str:
    """One value; several lines for a small array, one line about a big one."""
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, np.ndarray):
        return _array(value, digits)
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e9
        return f"{value:.1f}" if whole else f"{value:.{digits or 6}g}"
    if isinstance(value, dict):
        pairs = list(value.items())
        items = (f"{_cut(repr(k))}: {_inside(v, digits)}" for k, v in pairs[:MOST])
        return "{" + _cut(", ".join(items)) + "}"
    if isinstance(value, tuple | list):
        text = _cut(", ".join(_inside(item, digits) for item in value[:MOST]))
        if isinstance(value, list):
            return f"[{text}]"
        return f"({text},)" if len(value) == 1 else f"({text})"
    return _cut(repr(value))


def two_texts(one: Plain, other: Plain) -> tuple[str, str]:
    """Both values as text, with as many digits as it takes to tell them apart."""
    for digits in DIGITS:
        first, second = as_text(one, digits), as_text(other, digits)
        if first != second:
            break
    return first, second


def call_text(name: str, names: tuple[str, ...], inputs: tuple[Plain, ...]) -> str:
    """`f(7, s=3)`; arrays stand by name, with a line each below the call."""
    texts, arrays = [], []
    for position, value in enumerate(inputs):
        if isinstance(value, np.ndarray | torch.Tensor):
            label = names[position]
            texts.append(label)
            arrays.append(labelled(f"    {label} = ", value))
        else:
            texts.append(name_of(value) or as_text(value))
    call = f"{name}({', '.join(texts)})"
    return "\n".join([f"{call} with", *arrays] if arrays else [call])


def labelled(label: str, value: Plain) -> str:
    """A label and a value whose further lines are indented to stand below it."""
    return labelled_text(label, as_text(value))


def labelled_text(label: str, text: str) -> str:
    """A label and a text whose further lines are indented to stand below it."""
    first, *others = text.splitlines()
    indented = [(" " * len(label) + line).rstrip() for line in others]
    return "\n".join([label + first, *indented])


def difference(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> str:
    """Where two arrays of one shape first differ, and at how many places."""
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = ", ".join(map(str, at))
    right, yours = _two_numbers(expected[at].item(), got[at].item())
    return (
        f"First difference at [{where}]: expected {right}, got {yours} "
        f"({wrong.sum()} of {wrong.size} differ)."
    )


def _array(value: np.ndarray, digits: int | None) -> str:
    if value.size > SMALL or value.ndim > 4 or 0 in value.shape:
        return f"an array of shape {value.shape}, {value.dtype}"
    whole = value.dtype.kind in "biu" or bool(np.all(value == np.round(value)))
    return np.array2string(
        value.astype(np.int64) if whole and _fits(value) else value,
        precision=digits or 4,
        suppress_small=bool(np.abs(np.nan_to_num(value)).max(initial=0) < 1e6),
        floatmode="maxprec",
        max_line_width=100,
    )


def _fits(value: np.ndarray) -> bool:
    if value.dtype.kind == "b":
        return False
    return bool(np.all(np.isfinite(value)) and np.abs(value.astype(float)).max() < 1e9)


def _inside(value: Plain, digits: int | None) -> str:
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, np.ndarray) and value.size > INLINE:
        return f"array of shape {value.shape}"
    return as_text(value, digits).replace("\n", "")


def _two_numbers(one: float, other: float) -> tuple[str, str]:
    for digits in DIGITS:
        texts = f"{one:.{digits or 6}g}", f"{other:.{digits or 6}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _cut(text: str, most: int = 300) -> str:
    return text if len(text) <= most else text[:most] + " …"
