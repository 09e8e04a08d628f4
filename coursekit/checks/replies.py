"""What a bench says back, as plain data: how it is packed, and how it is read.

Whoever reads believes nothing: the other side may be a student's process, and a reply
that is not exactly what a bench sends raises `BrokenProtocolError`.
"""

from dataclasses import fields
from typing import Any

from coursekit.checks.calling import Outcome
from coursekit.checks.errors import AnswerError, BrokenProtocolError, NotPlainError
from coursekit.checks.values import Plain, plain

MAX_TEXTS = 100
_EMPTY = Outcome()
_NAMES = tuple(field.name for field in fields(Outcome))


def packed(outcome: Outcome) -> Plain:
    """An outcome as plain data."""
    reply = {name: getattr(outcome, name) for name in _NAMES}
    raised = outcome.raised
    reply["raised"] = raised and [list(raised.kinds), raised.text, raised.line]
    return reply


def read(reply: Plain) -> Outcome:
    """The outcome again. Raises BrokenProtocolError."""
    try:
        reply = plain(reply)
    except NotPlainError as error:
        raise BrokenProtocolError(f"a reply that is {error}") from None
    if type(reply) is not dict or reply.keys() != set(_NAMES):
        raise BrokenProtocolError("a reply without the parts of a reply")
    given = {name: _part(name, reply[name]) for name in _NAMES}
    return Outcome(**given)


def _part(name: str, value: Plain) -> Any:  # noqa: ANN401
    if name == "value":
        return value
    if name == "raised":
        return None if value is None else _raised(value)
    if type(value) is not type(getattr(_EMPTY, name)):
        raise BrokenProtocolError(f"a reply whose {name} is of another type")
    if type(value) is list:
        return _short(value, str, int)
    return value


def _raised(value: Plain) -> AnswerError:
    if type(value) is not list or len(value) != 3 or not value[0]:
        raise BrokenProtocolError("an error without kinds, text and line")
    text, line = texts(value[1:])
    return AnswerError(tuple(texts(value[0])), text, line)


def texts(value: Plain) -> list[str]:
    """A short list of texts, exactly that. Raises BrokenProtocolError."""
    return _short(value, str)


def _short(value: Plain, *kinds: type) -> list[Any]:
    right = type(value) is list and len(value) <= MAX_TEXTS
    if not right or any(type(item) not in kinds for item in value):
        raise BrokenProtocolError("something else where a short list belongs")
    return value


def part(value: Plain, key: str, kind: type) -> Any:  # noqa: ANN401
    """`value[key]`, exactly of this type. Raises BrokenProtocolError."""
    if type(value) is not dict or type(value.get(key)) is not kind:
        raise BrokenProtocolError(f"a reply in which {key} is no {kind.__name__}")
    return value[key]


def row(value: Plain, *kinds: type) -> list[Any]:
    """A list or tuple of exactly these types. Raises BrokenProtocolError."""
    if type(value) is not list or tuple(map(type, value)) != kinds:
        raise BrokenProtocolError("something else where a row of a table belongs")
    return value


def shape(value: Plain) -> tuple[int, ...]:
    """A tuple of whole numbers. Raises BrokenProtocolError."""
    if type(value) is not tuple or any(type(size) is not int for size in value):
        raise BrokenProtocolError("something else where a shape belongs")
    return value
