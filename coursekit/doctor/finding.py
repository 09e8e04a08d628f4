"""One thing that was looked for."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How it stands: there, missing though the lessons need it, or done without."""

    HERE = "✓"
    MISSING = "✗"
    WITHOUT = "–"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for: what was found, and what to do if it is missing.

    found, advice: without a full stop at the end
    """

    name: str
    state: State
    found: str
    advice: str = ""

    def __str__(self) -> str:
        """One line."""
        words = f"{self.state.value} {self.name}: {self.found}."
        return f"{words} To do: {self.advice}." if self.advice else words
