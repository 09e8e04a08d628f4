"""Read the wrong and right answers to the exercises, and judge them.

`week1/operator.py` holds those of one lesson in py:percent form; a cell is the text
that a student would leave in the cell of the exercise:

    # %% wrong="correlate-1d" says="flipped"
    # %% right="correlate-1d" style="loops"
"""

import linecache
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coursekit.checks import REGISTRY, CheckFailed

HERE = Path(__file__).parent
HEADER = re.compile(
    r'# %% (wrong|right|equivalent)="([^"]+)" (says|style|why)="([^"]+)"$'
)

# What the cells of the lessons before an exercise have imported or defined.
SETUP = """
import copy
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from coursekit import checks, filters, plots

def relu(z):
    return np.maximum(z, 0)
"""


@dataclass(frozen=True)
class AnswerCell:
    """One answer: "right", "wrong", or a mutant that is "equivalent" to a right one.

    words: part of the message of a wrong one; the style of a right one; why an
    equivalent, whose source is the lines that differ, is one
    """

    kind: str
    exercise: str
    words: str
    source: str
    place: str  # "week1/operator.py:12"

    @property
    def right(self) -> bool:
        """Whether its check must accept it."""
        return self.kind == "right"

    def __str__(self) -> str:
        return f"{self.exercise}: {self.words}"


def answers(kind: str) -> list[AnswerCell]:
    """All answers of a kind, such as "wrong", in the order of the files.

    Raises ValueError, with file and line, for a cell whose header is malformed.
    """
    files = sorted(HERE.glob("week*/*.py"))
    return [cell for path in files for cell in cells(path) if cell.kind == kind]


def namespace() -> dict[str, Any]:
    """A fresh namespace as the lessons set it up. Cheap after the first time."""
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(SETUP, space)
    return space


def run_cell(source: str, name: str, space: dict[str, Any]) -> None:
    """Run the text of a cell as Jupyter does, so that errors can quote its lines."""
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = (len(source), None, lines, name)
    exec(compile(source, name, "exec"), space)


def judge(
    exercise: str, values: Mapping[str, Any], seed: int = 2024, hard: bool = False
) -> str:
    """ "" when the values pass the check of the exercise; else its message."""
    check: Any = REGISTRY[exercise]
    given = {name: values.get(name) for name in check.parameters}
    try:
        if hasattr(check, "questions"):
            check(**given)
        else:
            check.run(*given.values(), seed=seed, hard=hard)
    except CheckFailed as error:
        return str(error)
    return ""


def judged_here(cell: AnswerCell, seed: int = 2024, hard: bool = False) -> str:
    """The verdict on a cell that runs in this process."""
    space = namespace()
    run_cell(cell.source, f"<{cell.place}>", space)
    return judge(cell.exercise, space, seed, hard)


# Several tests ask for it; tests/executed.py gives them to the same worker.
message_of = cache(judged_here)


def function_of(cell: AnswerCell) -> Callable[..., Any]:
    """The function, the only answer, that a cell defines."""
    check: Any = REGISTRY[cell.exercise]
    space = namespace()
    run_cell(cell.source, f"<{cell.place}>", space)
    (name,) = check.parameters
    return space[name]


def cells(path: Path) -> Iterator[AnswerCell]:
    """The answers in one file. Raises ValueError for a malformed header."""
    text = path.read_text("utf-8")
    line = 1
    before, *parts = re.split(r"^(?=# %%)", text, flags=re.M)
    for part in parts:
        line += before.count("\n")
        before = part
        header, _, source = part.partition("\n")
        found = HEADER.match(header.strip())
        place = f"{path.parent.name}/{path.name}:{line}"
        if not found:
            raise ValueError(f"{place}: not a header of an answer: {header}")
        yield AnswerCell(found[1], found[2], found[4], source.strip(), place)
