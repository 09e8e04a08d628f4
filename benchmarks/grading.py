"""`coursekit grade` beside nbgrader's autograde, on the same submissions of week 1.

    python -m benchmarks.grading             # about ten minutes on two cores
    python -m benchmarks.grading --quick     # about a minute
    python -m benchmarks.grading --write     # and into benchmarks/RESULTS.md
    python -m benchmarks.grading --coursekit 500   # memory after 50, 250 and 500

A solved, an unsolved, a half-solved and a wrong submission take turns, of three
notebooks each.
`stock` is nbgrader without our lines in nbgrader_config.py: it runs whole notebooks in
kernels, with the rights of whoever grades. Needs build/source: python -m coursekit
build --source-only.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import machine, processes, report
from benchmarks.processes import Needed
from coursekit.authoring.build import CONFIG, SOURCE
from coursekit.grading import gradebook
from coursekit.pipe import piped
from tests.grading import submissions
from tests.grading.submissions import REPOSITORY, WEEK, Answers

STOCK, CONFIGURED, OURS = "nbgrader, stock", "nbgrader, configure", "coursekit grade"
STOCK_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "convnets"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "notebooks"
# By default a busy machine's output of a cell is waited for only 4 seconds.
c.Execute.iopub_timeout = 120
"""
# Submissions for each; whole rounds of the four kinds.
SIZES, QUICK = (4, 12, 200), (1, 2, 8)
PARTS = (10, 2, 1)  # memory is told after a tenth, a half and all
MB = 1 << 20


@dataclass(frozen=True)
class Road:
    """One way to grade, and what it needed for so many submissions."""

    name: str
    number: int
    needed: Needed

    @property
    def rate(self) -> float:
        """Submissions a minute."""
        return 60 * self.number / self.needed.wall


def main(arguments: Sequence[str] | None = None) -> None:
    """Grade by each road and print the table."""
    chosen = options(arguments)
    numbers = zip((STOCK, CONFIGURED, OURS), sizes(chosen), strict=True)
    roads = []
    with TemporaryDirectory(prefix="grading") as folder:
        for place, (name, number) in enumerate(numbers):
            print(f"{name}: {number} submissions …", flush=True)
            roads.append(graded(Path(folder) / str(place), name, number))
    lines = [table(roads), "", memory(roads[-1]), ""]
    text = "\n".join([*lines, *(f"- {x}" for x in machine.description())])
    print(f"\n{text}")
    if chosen.write:
        report.write_grading(text)


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.grading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stock", type=int, help="submissions for stock nbgrader")
    parser.add_argument("--configured", type=int, help="for nbgrader with configure")
    parser.add_argument("--coursekit", type=int, help="for coursekit grade")
    parser.add_argument("--quick", action="store_true", help="few submissions")
    parser.add_argument("--write", action="store_true", help="into RESULTS.md as well")
    return parser.parse_args(arguments)


def sizes(chosen: argparse.Namespace) -> list[int]:
    """How many submissions each road gets."""
    given = (chosen.stock, chosen.configured, chosen.coursekit)
    usual = QUICK if chosen.quick else SIZES
    return [one or other for one, other in zip(given, usual, strict=True)]


def graded(root: Path, name: str, number: int) -> Road:
    """Grade in a course of its own."""
    course(root, stock=name == STOCK)
    answers = kinds(root)
    for n in range(number):
        student = f"student{n:04}"
        submissions.hand_in(root, student, answers[n % len(answers)])
    if name == OURS:
        gradebook.add_students(root, [f"student{n:04}" for n in range(number)])
        command = [sys.executable, "-m", "coursekit", "grade", WEEK]
    else:
        gradebook.register(root, WEEK)
        command = [sys.executable, "-m", "nbgrader", "autograde", WEEK]
    marks = [max(1, number // part) for part in PARTS]
    needed = processes.run(command, root, lambda: done(root), marks)
    return Road(name, number, needed)


def course(root: Path, stock: bool) -> None:
    """A folder with week 1 and nothing else."""
    for folder in (SOURCE, "notebooks"):
        shutil.copytree(REPOSITORY / folder / WEEK, root / folder / WEEK)
    shutil.copy(REPOSITORY / "course.toml", root)
    config = STOCK_CONFIG if stock else (REPOSITORY / CONFIG).read_text("utf-8")
    (root / CONFIG).write_text(config, encoding="utf-8")


def kinds(root: Path) -> list[Answers]:
    """The answers of a solved, an unsolved, a half-solved and a wrong submission."""
    solved = submissions.solutions(root / SOURCE)
    half = dict(list(solved.items())[::2])
    wrong = submissions.packed("wrong", 1)[0].answers
    return [solved, {}, half, wrong]


def done(root: Path) -> int:
    """How many submissions are graded so far."""
    return len([*(root / "autograded").glob(f"*/{WEEK}")])


def table(roads: Sequence[Road]) -> str:
    """Speed and memory of each road, and how they compare with the first."""
    lines = [
        "| who | submissions | a minute | × stock | CPU seconds each | × stock | MB |",
        "|---|---|---|---|---|---|---|",
    ]
    first = roads[0]
    for road in roads:
        each, stock = (x.needed.cpu / x.number for x in (road, first))
        lines.append(
            f"| {road.name} | {road.number} | {road.rate:.1f} "
            f"| {road.rate / first.rate:.1f} | {each:.1f} | {stock / each:.1f} "
            f"| {road.needed.peak / MB:,.0f} |"
        )
    return "\n".join(lines)


def memory(road: Road) -> str:
    """The peaks on the way."""
    told = [
        f"{peak / MB:,.0f} MB after {mark}"
        for mark, peak in sorted(road.needed.peaks.items())
    ]
    return (
        f"Memory of {road.name} with its courts and rooms, at most: {', '.join(told)} "
        "submissions. The time to start a command is part of its time."
    )


if __name__ == "__main__":
    raise SystemExit(piped(main))
