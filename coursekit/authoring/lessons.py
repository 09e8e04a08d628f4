"""Lessons that follow the rules."""

from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring import exercises, rules, source
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.source import Lesson

SOLUTIONS = "solutions"


@dataclass(frozen=True)
class Checked:
    """A lesson that follows every rule, with its exercises."""

    lesson: Lesson
    exercises: tuple[Exercise, ...]

    @property
    def path(self) -> Path:
        """Where its notebook lies, below `build/source` and `notebooks`."""
        return Path(self.lesson.week) / f"{self.lesson.name}.ipynb"


def load(path: Path) -> Checked:
    """Read and check one lesson; raises AuthoringError at the first mistake."""
    lesson = source.read(path)
    rules.check_cells(lesson.cells)
    return Checked(lesson, exercises.find(lesson))


def load_all(root: Path) -> list[Checked]:
    """Every lesson under `root`/solutions, checked, in order."""
    paths = sorted((root / SOLUTIONS).glob("week*/*.py"))
    if not paths:
        raise AuthoringError(f"there are no lessons in {SOLUTIONS}/week*/.")
    return [load(path) for path in paths]
