"""Answers that live in a room: in another process, as they are graded."""

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from coursekit.grading.benches import adopt
from coursekit.grading.boundary.court import kind_of_house
from coursekit.grading.boundary.rooms import Room
from coursekit.grading.boundary.stand_in import Line
from coursekit.grading.course import SETTINGS
from tests.answers import SETUP

# These answers are ours: where there is no sandbox, they do without.
OURS = replace(SETTINGS, unsafe_without_sandbox=True)


class Worker:
    """A house with a fresh room for each cell. Use it in a `with` block."""

    def __init__(self) -> None:
        readable = [Path(x) for x in OURS.readable]
        house = kind_of_house(OURS)
        self._house = house(OURS.limits, OURS.imports, readable, OURS.extension)
        self._room: Room | None = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._house.close()

    def names_of(
        self, source: str, name: str, names: tuple[str, ...]
    ) -> dict[str, Any]:
        """Run a cell in a fresh room; what its check gets for the names."""
        line = Line(self._fresh())
        for cell, text in (("<setup>", SETUP), (name, source)):
            line.ask("run", source=text, name=cell, futures=[])
        found = line.ask("names", names=list(names))
        return {name: adopt(line, name, value) for name, value in found.items()}

    def _fresh(self) -> Room:
        if self._room is not None:
            self._room.close()
        self._room = self._house.room()
        return self._room
