"""What the demonstrations of a lesson leave behind, for the tests of its claims."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from coursekit import plots
from coursekit.authoring import source

ROOT = Path(__file__).parents[2]
Lesson = dict[str, Any]


def path(week: int, stem: str) -> Path:
    """The file of a lesson, such as 2_operator.py for the stem "operator"."""
    [found] = ROOT.glob(f"solutions/week{week}_*/[0-9]*_{stem}.py")
    return found


def left_by(week: int, stem: str) -> Lesson:
    """The names that the cells of a lesson define, run in this process.

    Exercises and their checks are left out: a lesson works without them.
    """
    names: Lesson = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plots, "show", lambda fig, *, caption, alt: plt.close(fig))
        for cell in source.read(path(week, stem)).cells:
            if cell.is_code and not cell.keys:
                place = f"{cell.file}, line {cell.line}"
                exec(compile(cell.source, place, "exec"), names)
    return names
