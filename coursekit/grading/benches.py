"""The course's checks on answers in a room.

A check of the course sends messages to a bench (`coursekit.checks.bench`), wherever the
bench is. Here it is in the room, with the answers.
"""

from dataclasses import dataclass
from typing import Any

from coursekit.checks.objects import Elsewhere
from coursekit.checks.values import Opaque
from coursekit.grading.boundary.stand_in import (
    CallableStandIn,
    Line,
    StandIn,
    number_of,
    type_name_of,
)


@dataclass(frozen=True)
class BenchInRoom:
    """Carries messages to the bench of a room."""

    line: Line

    def do(self, message: Any) -> Any:  # noqa: ANN401
        """The reply to a message; `coursekit.checks.replies` reads it with distrust."""
        return self.line.plain("extend", message=message)

    def clear(self) -> None:
        """Forget the objects that were made, but not the answers."""
        self.line.ask("clear")


@dataclass(frozen=True)
class Answer(Elsewhere):
    """An answer in a room; a check that is plain Python may also just call it."""

    stand_in: CallableStandIn

    def __call__(self, *inputs: Any, **named: Any) -> Any:  # noqa: ANN401
        """What it returns."""
        return self.stand_in(*inputs, **named)


def adopt(line: Line, name: str, value: object) -> object:
    """What a check of the course gets for a name of the student."""
    if not isinstance(value, StandIn):
        return value
    kind = type_name_of(value)
    if kind == "ellipsis":  # three dots say, as None does, that nothing is there yet
        return None
    if not isinstance(value, CallableStandIn):
        return Opaque(f"an object of type {kind[:60]}")
    bench = BenchInRoom(line)
    bench.clear()  # answers are put on a bench before objects are made
    return Answer(bench, line.ask("adopt", object=number_of(value)), value)
