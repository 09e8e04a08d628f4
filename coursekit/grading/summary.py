"""What a class has learnt: of each exercise the points, and the most frequent mistakes.

For the next lesson, and for the exercise itself: one that nobody solves may be badly
put. Points come from the gradebook, what the checks said from the reports in
autograded/, so that it does not matter who was graded when.
"""

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import SubmittedNotebook

from coursekit.grading import gradebook
from coursekit.grading.boundary import check_message, feedback_cells, verdict
from coursekit.grading.boundary.feedback_exporter import REPORT
from coursekit.grading.boundary.feedback_exporter import scores as scores_of
from coursekit.grading.boundary.verdict import PASSED, Verdict
from coursekit.grading.boundary.visible import one_line
from coursekit.grading.export import read
from coursekit.grading.released import NOTEBOOKS
from coursekit.grading.remembered import AUTOGRADED

FILE = "exercises.csv"
MOST = 3  # messages that are told of an exercise
LINE = 200  # characters of a message in the file
SHORT = 70  # … and in the terminal
HAPPENED = {
    verdict.CRASHED: "(the answer ended the program that ran it)",
    verdict.TIMED_OUT: "(the answer took longer than it was given time for)",
}
NOT_WRITTEN = re.compile(r"\S+ is not written yet: .*", re.DOTALL)
UNANSWERED, MISSING = "(not answered)", "(the notebook was not handed in)"
# What differs between students who made the same mistake, or is said of every one.
UNTOLD = re.compile(
    r"\d+ of \d+ right so far|should |Look at |First difference |\(a hidden case"
)
COUNTS = ("students", "full", "some", "none", "waiting")
COLUMNS = [
    *("assignment", "notebook", "exercise", "title", "points", *COUNTS),
    *(f"{what}_{n}" for n in range(1, MOST + 1) for what in ("message", "count")),
]


@dataclass
class Tally:
    """One exercise and what the class made of it.

    cells: grade ids of what gives its points; waiting: whom a person has still to grade
    """

    notebook: str
    number: str
    title: str
    of: float
    cells: frozenset[str]
    full: int = 0
    some: int = 0
    none: int = 0
    waiting: int = 0
    messages: Counter[str] = field(default_factory=Counter)

    @property
    def students(self) -> int:
        """How many are counted."""
        return self.full + self.some + self.none + self.waiting

    def add(self, scores: Iterable[float | None], messages: set[str]) -> None:
        """Count one student: the points of the cells, and what the checks said."""
        points = list(scores)
        had = sum(each or 0.0 for each in points)
        if None in points:
            self.waiting += 1
        elif had >= self.of:
            self.full += 1
        elif had:
            self.some += 1
        else:
            self.none += 1
        self.messages.update(messages)


def of_class(root: Path, assignment: str) -> list[Tally]:
    """The exercises of an assignment in their order, with the class counted."""
    tallies = list(exercises(root, assignment))
    with gradebook.opened(root) as book:
        for submission in book.assignment_submissions(assignment):
            folder = root / AUTOGRADED / submission.student_id / assignment
            for part in submission.notebooks:
                own = [each for each in tallies if each.notebook == part.name]
                add(own, part, verdicts_in(folder / f"{part.name}.ipynb"))
    return tallies


def exercises(root: Path, assignment: str) -> Iterator[Tally]:
    """What there is to do in the notebooks that students were given."""
    for path in sorted((root / NOTEBOOKS / assignment).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for group in feedback_cells.grouped(cells):
            of = sum(map(feedback_cells.points_for, group.graded.values()))
            if group.graded:
                place = (path.stem, group.place.number, group.title)
                yield Tally(*place, of, frozenset(group.graded))


def add(
    tallies: list[Tally], part: SubmittedNotebook, said: list[Verdict] | None
) -> None:
    """Count what one student made of the exercises of one notebook."""
    scores = scores_of(part)
    for tally in tallies:
        mine = (scores.get(name, 0.0) for name in tally.cells)
        tally.add(mine, {MISSING} if said is None else messages(tally, said))


def messages(tally: Tally, said: list[Verdict]) -> set[str]:
    """What the checks of an exercise said to one student."""
    failed = [x for x in said if x.grade_id in tally.cells and x.state != PASSED]
    return {line for found in failed for line in gists(found)}


def verdicts_in(path: Path) -> list[Verdict] | None:
    """What the checks said of a notebook; None when it was not handed in."""
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))["metadata"].get(REPORT)
    return list(verdict.from_json(kept).verdicts) if kept else []


def gists(found: Verdict) -> set[str]:
    """What a verdict comes to: lines that are the same for the same mistake."""
    if found.state in HAPPENED:
        return {HAPPENED[found.state]}
    said = check_message.read(found.message)
    texts = [block.text for block in said.blocks if not block.code]
    told = [text for text in texts if not UNTOLD.match(text)]
    if said.case:  # the first sentence is the mistake, others explain it
        told = (told or texts or [f"(wrong on: {said.case})"])[:1]
    lines = told or [found.message.strip().split("\n")[0] or "(no reason given)"]
    return {one_line(NOT_WRITTEN.sub(UNANSWERED, line), LINE) for line in lines}


def text(tallies: list[Tally]) -> str:
    """The exercises as a table for a terminal, with what several students were told."""
    names = [f"{tally.number} {tally.title}".strip()[:SHORT] for tally in tallies]
    width = max(map(len, ["exercise", *names]))
    lines = [f"{'exercise':{width}}  full  some  none  wait  most often"]
    for name, tally in zip(names, tallies, strict=True):
        counts = f"{tally.full:4}  {tally.some:4}  {tally.none:4}  {tally.waiting:4}"
        said = [(n, x) for x, n in often(tally) if n > 1]
        told = [f"{n} × {one_line(x, SHORT)}" for n, x in said] or [""]
        lines.append(f"{name:{width}}  {counts}  {told[0]}".rstrip())
        lines += [f"{'':{width + 26}}{line}" for line in told[1:]]
    return "\n".join(lines)


def often(tally: Tally) -> list[tuple[str, int]]:
    """The most frequent messages; of equally frequent ones in their order."""
    ordered = sorted(tally.messages.items(), key=lambda item: (-item[1], item[0]))
    return ordered[:MOST]


def write(root: Path, assignment: str, tallies: list[Tally]) -> None:
    """Write exercises.csv; what it holds of other assignments stays."""
    path, partial = root / FILE, root / f"{FILE}.partial"
    kept = read(path) if path.is_file() else []
    rows: list[dict[str, Any]] = [x for x in kept if x.get("assignment") != assignment]
    rows += [row(assignment, tally) for tally in tallies]
    rows.sort(key=lambda each: str(each["assignment"]))
    with partial.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    os.replace(partial, path)


def row(assignment: str, tally: Tally) -> dict[str, Any]:
    """An exercise as a row of the table."""
    made: dict[str, Any] = {
        "assignment": assignment,
        "notebook": tally.notebook,
        "exercise": tally.number,
        "title": tally.title,
        "points": f"{tally.of:g}",
    }
    made |= {name: getattr(tally, name) for name in COUNTS}
    for n, (message, count) in enumerate(often(tally), 1):
        made |= {f"message_{n}": harmless(message), f"count_{n}": count}
    return made


def harmless(text: str) -> str:
    """A text of which no spreadsheet makes a formula: it may quote a student."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
