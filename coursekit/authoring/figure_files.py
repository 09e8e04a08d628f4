"""The figures in `coursekit/plots/`, read without running them, and their callers.

The figures that only the lesson `solutions/week2_…/1_output_sizes.py` shows are the
public functions in `coursekit/plots/week2/output_sizes.py` that return a `Figure`.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.authoring import rules
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import Cell

FOLDER = Path("coursekit/plots")
CALL = re.compile(r"plots\.(week\d+)\.(\w+)")
Figures = dict[tuple[str, str], str]


def read(root: Path) -> Figures:
    """(week, name of a figure) → the stem of its file, for the course under `root`.

    Raises AuthoringError for a file that is not Python and a name used twice in a week.
    """
    found: Figures = {}
    for path in sorted((root / FOLDER).glob("week*/*.py")):
        for name in figures(path):
            other = found.setdefault((path.parent.name, name), path.stem)
            if other != path.stem:
                raise AuthoringError(
                    f"{FOLDER.as_posix()}/{path.parent.name}: {other}.py and "
                    f"{path.name} both define {name}. Give one another name."
                )
    return found


def figures(path: Path) -> Iterator[str]:
    """The names of the figures in one file."""
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except (OSError, ValueError, SyntaxError) as error:
        place = f"{FOLDER.as_posix()}/{path.parent.name}/{path.name}"
        raise AuthoringError(f"{place} cannot be read: {error}") from error
    for node in body:
        match node:
            case ast.FunctionDef(name=name, returns=ast.Name(id="Figure")):
                if not name.startswith("_"):
                    yield name


def check_calls(lessons: Sequence[Lesson], known: Figures) -> None:
    """A lesson shows the figures in the file of its name, and no others of a week.

    Raises SourceError for a call that finds none there, and AuthoringError for a figure
    that its lesson does not show.
    """
    left = {(week, stem, name) for (week, name), stem in known.items()}
    for lesson in lessons:
        for cell, week, name in calls(lesson):
            its, stem = lesson.week.split("_")[0], lesson.stem
            if week != its or known.get((week, name)) != stem:
                home = f"{FOLDER.as_posix()}/{its}/{stem}.py"
                raise cell.error(f"plots.{week}.{name} does not stand in {home}.")
            left.discard((week, stem, name))
    for week, stem, name in sorted(left):
        raise AuthoringError(
            f"{FOLDER.as_posix()}/{week}/{stem}.py: its lesson does not show {name}. "
            "Show it, delete it, or move what several lessons share to plots/core.py."
        )


def calls(lesson: Lesson) -> Iterator[tuple[Cell, str, str]]:
    """Each call of a week's figure: (cell, week, name)."""
    for cell in lesson.cells:
        for name, _ in rules.calls(cell, "plots.week"):
            if match := CALL.fullmatch(name):
                yield cell, match[1], match[2]
