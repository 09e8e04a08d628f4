"""A class in which attacks by whole notebooks are handed in among honest answers.

Honest students stand before, between and behind them in the list of the class.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring import build
from coursekit.grading import gradebook, intake, whole_class
from coursekit.grading.whole_class import Row
from tests.attacks import formgrader, pages
from tests.attacks.course import HONEST, POINTS, SECRET, handed_in, source
from tests.attacks.files import BOOKS, FOLDERS, NAME, lay
from tests.attacks.pages import TEXTS, acting
from tests.grading.submissions import light_config

WEEK = "week1_sums"
MAX_TOLD = 120
EVERY = 10  # attacks between two honest students
FAMILIES = BOOKS | FOLDERS
FILES = [name for family in FAMILIES.values() for name in family]
ATTACKS = [*FILES, *TEXTS]
USELESS = HONEST | {"double": "def double(xs):\n    return []"}
WHOLE = POINTS * len(HONEST)


@dataclass(frozen=True)
class Class:
    """A graded class. rows: student → what was told; before: the honest files."""

    root: Path
    rows: dict[str, Row]
    before: dict[Path, bytes]
    seconds: float

    def points(self, student: str) -> dict[str, float]:
        """Check → points, in the gradebook; empty when it was not graded."""
        with gradebook.opened(self.root) as book:
            found = book.assignment_submissions(WEEK)
            return {
                grade.name: grade.auto_score or 0
                for submission in found
                if submission.student_id == student
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

    def harm(self, name: str) -> Iterator[str]:
        """What an attack has reached."""
        who = student(name)
        found = self.points(who)
        earned = found.pop("double-check", 0)
        earned += sum(max(0, points - POINTS) for points in found.values())
        if earned:
            yield f"earns {earned:g} points"
        for path in self.written_about(who):
            text = "" if path.is_symlink() else path.read_text(encoding="utf-8")
            if path.is_symlink() or SECRET in text:
                yield "a secret is read"
            if "WRITTEN" in text:
                yield "its code runs in the grader"
        for page in self.pages(who):
            if page[who] - page["a-honest"]:
                yield "acts in a page"

    def written_about(self, who: str) -> list[Path]:
        """All files that grading has written about a student."""
        folders = [self.root / step / who for step in ("autograded", "feedback")]
        return [path for folder in folders for path in folder.rglob("*.*")]

    def pages(self, who: str) -> Iterator[dict[str, Counter[str]]]:
        """What acts in the student's page and in formgrader's; the same of a-honest."""
        if not (self.root / "autograded" / who / WEEK / NAME).is_file():
            return
        for page in (self.feedback, self.formgrader):
            yield {name: acting(page(name)) for name in (who, "a-honest")}

    def feedback(self, who: str) -> str:
        """The student's page of feedback."""
        path = self.root / "feedback" / who / WEEK / "feedback.html"
        return path.read_text(encoding="utf-8")

    def formgrader(self, who: str) -> str:
        """The page on which a person grades."""
        path = self.root / "autograded" / who / WEEK / NAME
        return formgrader.page(path, self.root / build.CONFIG)

    def told(self, name: str) -> str:
        """What grading says of an attack, in a few words."""
        row = self.rows.get(student(name))
        if row is None:
            return "nothing to grade"
        if row.score is None:
            return f"refused: {row.messages[0]}"[:MAX_TOLD]
        return f"graded: {row.score.points:g} of {WHOLE} points"


def student(name: str) -> str:
    """Who hands an attack in; "a-honest" stands before, "z-honest" behind."""
    return f"m{ATTACKS.index(name):03}"


def written(folder: Path, book: dict[str, object]) -> None:
    """Write a notebook into a folder."""
    folder.mkdir(parents=True)
    (folder / NAME).write_text(json.dumps(book), encoding="utf-8")


def attacked(root: Path, attacks: Sequence[str]) -> dict[Path, bytes]:
    """Hand in attacks and honest answers; what must stay as it is."""
    written(root / build.SOURCE / WEEK, source())
    written(root / "notebooks" / WEEK, handed_in({}))
    (root / build.CONFIG).write_text(light_config(), encoding="utf-8")
    (root / "course.toml").touch()
    (root / "secret.txt").write_text(SECRET)
    honest = ["a-honest", "z-honest"]
    honest += [f"{student(name)}-honest" for name in attacks[::EVERY]]
    for name in honest:
        written(root / intake.SUBMITTED / name / WEEK, handed_in(HONEST))
    kept = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for name in attacks:
        attack(name, root / intake.SUBMITTED / student(name) / WEEK)
    return kept


def attack(name: str, folder: Path) -> None:
    """Hand in an attack."""
    text = TEXTS.get(name)
    if text is None:
        written(folder, handed_in(USELESS))
        lay(name, folder)
    else:
        answers = HONEST | {"double": pages.answer(text)}
        written(folder, handed_in(answers, why=text))


def graded(root: Path, attacks: Sequence[str]) -> Class:
    """A class with these attacks, in a course in the folder `root`, graded."""
    before = attacked(root, attacks)
    start = time.monotonic()
    rows = {row.student: row for row in whole_class.grade(root, WEEK, 2)}
    return Class(root, rows, before, time.monotonic() - start)
