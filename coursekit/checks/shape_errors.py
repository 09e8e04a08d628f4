"""What to do about the errors about shapes that NumPy and torch raise."""

import re

Shape = tuple[int, ...]

_SHAPE = re.compile(r"\(([\d, ]+)\)")
_PRODUCT = ("mismatch in its core dimension", "not aligned", "cannot be multiplied")
_BROADCAST = ("could not be broadcast together", "must match the size of tensor")
_WRITING = "could not broadcast input array from shape"


def advice(message: str) -> str:
    """A sentence or two about an error message, "" when it is not about shapes."""
    if any(words in message for words in _PRODUCT):
        return (
            "In a product A @ B each row of A meets a column of B: A needs as many "
            "columns as B has rows. Print both shapes. To multiply number by number "
            "write A * B."
        )
    if _WRITING in message:
        return "What you write has another shape than the part that you write it into."
    if any(words in message for words in _BROADCAST):
        return "\n".join(filter(None, (_RULE, _where_it_fits(_shapes(message)))))
    return ""


_RULE = (
    "Shapes are lined up from the right: two lengths in line have to be equal, or one "
    "of them 1."
)


def _shapes(message: str) -> list[Shape]:
    found = (re.findall(r"\d+", text) for text in _SHAPE.findall(message))
    return [tuple(map(int, lengths)) for lengths in found]


def _where_it_fits(shapes: list[Shape]) -> str:
    """How the smaller of two arrays is made to meet the one axis that it fits."""
    if len(shapes) != 2:
        return ""
    small, large = sorted(shapes, key=len)
    room = len(large) - len(small)
    fits = [i for i in range(room) if large[i : i + len(small)] == small]
    if len(fits) != 1:
        return ""
    behind = room - fits[0]
    index = ", ".join([":"] * len(small) + ["None"] * behind)
    return (
        f"An array a of shape {small} meets the {small[-1]} in {large} as a[{index}]."
    )
