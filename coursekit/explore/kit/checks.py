"""What widgets ask of the numbers that they are given."""

from __future__ import annotations

from operator import index


def whole(name: str, value: object) -> int:
    """`value` as a whole number, or a ValueError."""
    try:
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None


def inside(name: str, number: float, low: float, high: float) -> float:
    """The number, if it lies from `low` to `high`, or a ValueError."""
    if not low <= number <= high:
        raise ValueError(f"{name} is {number}; it can be {low} to {high} here")
    return number


def within(name: str, value: object, low: float, high: float) -> int:
    """`value` as a whole number from `low` to `high`, or a ValueError."""
    return int(inside(name, whole(name, value), low, high))
