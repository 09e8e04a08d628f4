"""Numbers that a slider can have; all others are refused in one line."""

from __future__ import annotations

from operator import index

Limits = tuple[float, float]


def whole(name: str, value: object, limits: Limits) -> int:
    """`value` as a whole number within the limits, or a ValueError."""
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None
    return int(within(name, number, limits))


def within(name: str, number: float, limits: Limits) -> float:
    """The number, if it lies within the limits, else a ValueError."""
    low, high = limits
    if not low <= number <= high:
        raise ValueError(f"{name} is {number}; it can be {low} to {high} here")
    return number
