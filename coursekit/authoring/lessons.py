"""Lessons that follow the rules."""

import re
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring import exercises, rules, source
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.source import Cell, Script

SOLUTIONS = "solutions"
ABOUT = re.compile(
    r"Week \d+ · notebook \d+ of \d+ · about (?P<minutes>\d+) minutes · \d+ points?"
)


@dataclass(frozen=True)
class Lesson:
    """A lesson that follows the rules, and what it says of itself.

    week, name: its folder and its file, such as "week1_convolution" and "2_operator"
    about: the line below its title; minutes: those in that line
    """

    week: str
    name: str
    title: str
    about: str
    minutes: int
    cells: tuple[Cell, ...]
    exercises: tuple[Exercise, ...]

    @property
    def file(self) -> str:
        """How messages call it."""
        return self.cells[0].file

    @property
    def stem(self) -> str:
        """Its name without the number: that of its checks, figures, answers, tests."""
        return self.name.split("_", 1)[1]

    @property
    def chapter(self) -> int:
        """The number in its name."""
        return int(self.name.split("_", 1)[0])

    @property
    def points(self) -> int:
        """The points of all its exercises."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def path(self) -> Path:
        """Where its notebook lies, below `build/source` and `notebooks`."""
        return Path(self.week) / f"{self.name}.ipynb"


def load(path: Path) -> Lesson:
    """Read and check one lesson; raises AuthoringError at the first mistake."""
    script = source.read(path)
    rules.check_cells(script.cells)
    line = about(script)
    return Lesson(
        week=script.week,
        name=script.name,
        title=script.title,
        about=line[0],
        minutes=int(line["minutes"]),
        cells=script.cells,
        exercises=exercises.find(script),
    )


def about(script: Script) -> re.Match[str]:
    """The line below the title that says how long the lesson takes."""
    if found := ABOUT.search(script.cells[0].source):
        return found
    raise script.cells[0].error(
        "below the title stands a line such as "
        "`Week 1 · notebook 1 of 3 · about 75 minutes · 12 points`."
    )


def load_all(root: Path) -> list[Lesson]:
    """Every lesson under `root`/solutions, checked, in order of the file names."""
    paths = sorted((root / SOLUTIONS).glob("week*/*.py"))
    if not paths:
        raise AuthoringError(f"there are no lessons in {SOLUTIONS}/week*/.")
    return [load(path) for path in paths]
