"""What the demonstrations of a lesson leave behind, for the tests of its claims."""

from pathlib import Path

from tests.executed import Twin
from tests.left_names import Names as Lesson
from tests.left_names import load

ROOT = Path(__file__).parents[2]


def path(week: int, stem: str) -> Path:
    """The file of a lesson, such as 2_operator.py for the stem "operator"."""
    [found] = ROOT.glob(f"solutions/week{week}_*/[0-9]*_{stem}.py")
    return found


def left_by(week: int, stem: str) -> Lesson:
    """The names that the solved notebook of a lesson has left when it ended."""
    twin = Twin.of(path(week, stem), solved=True)
    twin.executed()
    return load(twin.names)
