"""Functions that a check hands to an answer, by names that are plain data.

Only plain data crosses from one process to another. `answer(v, kernel, function("g"))`
sends a text; where the answer lives, `call` puts the function itself in its place.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit import filters
from coursekit.checks.values import Plain

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "np.arctan": np.arctan,
    "np.negative": np.negative,
    "np.sort": np.sort,
    "filters.edges": filters.edges,
    "filters.blur": filters.blur,
    "filters.centred": filters.centred,
}
_TEXTS = {name: f"<function {name}>" for name in FUNCTIONS}
_NAMES = {text: name for name, text in _TEXTS.items()}


def function(name: str) -> str:
    """The text that stands for one of `FUNCTIONS`. Raises KeyError for another."""
    return _TEXTS[name]


def name_of(value: Plain) -> str:
    """The name of the function that a text stands for; "" when it is only a text."""
    return _NAMES.get(value, "") if type(value) is str else ""


def handed(values: Plain) -> Plain:
    """A tuple or dictionary of inputs with the functions in place of their texts."""
    if isinstance(values, dict):
        return {key: _handed(value) for key, value in values.items()}
    return tuple(map(_handed, values))


def _handed(value: Plain) -> Plain:
    name = name_of(value)
    return FUNCTIONS[name] if name else value
