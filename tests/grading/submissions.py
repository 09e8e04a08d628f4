"""Submissions of week 1 as students hand them in, made from the answers in tests/."""

import copy
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.authoring import marks
from coursekit.authoring.build import CONFIG
from tests.answers import SETUP, AnswerCell, answers

REPOSITORY = Path(__file__).resolve().parents[2]
WEEK = "week1_convolution"
MANUAL = "good-assumption"
# In place of the course's settings: a court that is ready at once, without torch.
SETTINGS = "from coursekit.grading.course import SETTINGS, titles"
LIGHT = """
from coursekit.grading.boundary.limits import MB, Limits
from coursekit.grading.boundary.settings import Settings
from coursekit.grading.course import titles

LIMITS = Limits(call_seconds=3, cpu_seconds=30, memory=512 * MB)
SETTINGS = Settings(LIMITS, imports=())
"""

Notebook = dict[str, Any]
# Exercise → the text of its cell.
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Pack:
    """What a student hands in: one answer to each of some exercises, by exercise."""

    student: str
    cells: Mapping[str, AnswerCell]

    @property
    def answers(self) -> Answers:
        """Exercise → what stands in its cell."""
        return {exercise: cell.source for exercise, cell in self.cells.items()}

    @property
    def solved(self) -> set[str]:
        """The exercises that must get full points; the others get none."""
        return {exercise for exercise, cell in self.cells.items() if cell.right}


def notebooks(folder: Path) -> dict[str, Notebook]:
    """File name → notebook of the week in `folder`."""
    paths = sorted((folder / WEEK).glob("*.ipynb"))
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def grade_id(cell: Mapping[str, Any]) -> str:
    """nbgrader's name of a cell, or ""."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def light_config() -> str:
    """The course's nbgrader_config.py for tiny notebooks that need no torch."""
    text = (REPOSITORY / CONFIG).read_text(encoding="utf-8")
    assert SETTINGS in text
    return text.replace(SETTINGS, LIGHT)


def points(source: Path) -> dict[str, int]:
    """Exercise → points, from the notebooks in build/source."""
    cells = (cell for book in notebooks(source).values() for cell in book["cells"])
    graded = [
        cell for cell in cells if "points" in cell["metadata"].get("nbgrader", {})
    ]
    return {
        grade_id(cell).removesuffix("-check"): cell["metadata"]["nbgrader"]["points"]
        for cell in graded
    }


def solutions(source: Path) -> dict[str, str]:
    """Exercise → the text of its solved cell, without the marks."""
    cells = (cell for book in notebooks(source).values() for cell in book["cells"])
    return {
        grade_id(cell): without_marks("".join(cell["source"]))
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def without_marks(text: str) -> str:
    """A solved cell as a student would have written it."""
    lines = text.split("\n")
    return "\n".join(x for x in lines if marks.BEGIN not in x and marks.END not in x)


def hand_in(root: Path, student: str, given: Answers, whole: bool = True) -> None:
    """Write the released notebooks with these answers into submitted/<student>.

    whole: also those in which nothing is answered
    """
    folder = root / "submitted" / student / WEEK
    folder.mkdir(parents=True, exist_ok=True)
    for name, book in notebooks(root / "notebooks").items():
        if whole or set(given) & {grade_id(cell) for cell in book["cells"]}:
            text = json.dumps(answered(book, given), indent=1)
            (folder / name).write_text(text, encoding="utf-8")


def answered(book: Notebook, given: Answers) -> Notebook:
    """A released notebook with answers in the cells of its exercises."""
    book = copy.deepcopy(book)
    mine = {grade_id(cell) for cell in book["cells"]} & set(given)
    for cell in book["cells"]:
        if grade_id(cell) in mine:
            cell["source"] = given[grade_id(cell)]
    if mine - {MANUAL}:
        # The answers use names that a student would define in a cell of their own.
        own: Notebook = {"cell_type": "code", "id": "my-own", "source": SETUP}
        own |= {"metadata": {}, "outputs": [], "execution_count": None}
        book["cells"].insert(1, own)
    return book


def packed(kind: str, number: int) -> list[Pack]:
    """So many submissions, each with one wrong (or right) answer to every exercise.

    All answers are judged in tests/checks. These show that nbgrader says the same, of
    answers spread evenly over those to each exercise.
    """
    by_exercise: dict[str, list[AnswerCell]] = defaultdict(list)
    for cell in answers(kind):
        if cell.place.startswith("week1/"):
            by_exercise[cell.exercise].append(cell)
    packs = []
    for k in range(number):
        kth = {name: x[k * len(x) // number] for name, x in by_exercise.items()}
        packs.append(Pack(f"{kind}{k + 1}", kth))
    return packs
