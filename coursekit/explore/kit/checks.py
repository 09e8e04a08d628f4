"""What widgets ask of the numbers that they are given."""

from __future__ import annotations

from operator import index


def whole(name: str, value: object) -> int:
    """`value` as a whole number, or a ValueError."""
    try:
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None


def within(name: str, value: object, low: int, high: int) -> int:
    """`value` as a whole number from `low` to `high`, or a ValueError."""
    number = whole(name, value)
    if not low <= number <= high:
        raise ValueError(f"{name} is {number}; it can be {low} to {high} here")
    return number
