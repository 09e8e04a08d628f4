"""Remember what is graded, so that a second run does only what is left.

nbgrader takes a folder in autograded/ for the sign that a student is graded, even when
it was stopped half-way. Here a student is graded when what was handed in, what it was
checked with and what came out are all as they were at the end of the last run.

What was judged waits in a file until it is in the gradebook. The file says of what it
was judged: a run that is stopped in between leaves it to the next one, and when
anything has changed by then, nobody believes it.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from coursekit.grading import checked_with, gradebook, hidden, timestamp
from coursekit.grading.boundary.preprocessors import NOTEBOOKS
from coursekit.grading.intake import SUBMITTED

AUTOGRADED, FEEDBACK = "autograded", "feedback"


@dataclass(frozen=True)
class Job:
    """One submission to be graded, in the course under `root`."""

    root: Path
    assignment: str
    student: str
    # What was handed in, where its folder spells the student in another way.
    place: Path | None = None

    def __post_init__(self) -> None:
        """Refuse names that lead elsewhere: nbgrader deletes below these paths."""
        for name in (self.assignment, self.student):
            if not name or PurePath(name).parts != (name,) or name.startswith("."):
                raise ValueError(f"{name!r} cannot be the name of a folder")

    def folder(self, step: str) -> Path:
        """Where nbgrader keeps the submission at a step such as "autograded"."""
        return self.root / step / self.student / self.assignment

    @property
    def submitted(self) -> Path:
        """The folder that the student handed in."""
        return self.place or self.folder(SUBMITTED)

    def note(self, suffix: str) -> Path:
        """A file of ours about it; nbgrader does not look there.

        suffix: with one dot, or two students could have the same file
        """
        folder = self.root / AUTOGRADED / ".coursekit" / self.assignment
        return folder / f"{self.student}{suffix}"

    @property
    def judged(self) -> Path:
        """What was said of the answers, for the writer of the gradebook."""
        return self.note(".judged")

    @property
    def work(self) -> Path:
        """Where a step writes before its result replaces the earlier one."""
        return self.note(".work")


def read(job: Job) -> dict[str, str]:
    """What is remembered about a submission."""
    try:
        found = json.loads(job.note(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(job: Job, facts: dict[str, str]) -> None:
    """Remember; a run that is stopped here leaves the old file or the new one."""
    path, part = job.note(".json"), job.note(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(json.dumps(facts), encoding="utf-8")
    part.replace(path)


def handed_in(job: Job) -> str:
    """A fingerprint of everything that the points of a submission depend on."""
    files = [*job.submitted.glob("*.ipynb"), job.submitted / timestamp.NAME]
    files += checked_with.files(job.root, job.assignment)
    quizzes = checked_with.quizzes(job.root, job.assignment)
    return fingerprint(files, hidden.secret() + quizzes + checked_with.rules(job.root))


def said(job: Job) -> str:
    """A fingerprint of everything that the page of feedback is made of."""
    written = gradebook.said(job.root, job.assignment, job.student)
    titles = checked_with.titles(job.root, job.assignment)
    return fingerprint(checked_with.writers(), written + titles)


def judged(job: Job) -> str:
    """The fingerprint of what was judged and waits to be written; "" when nothing."""
    try:
        found = json.loads(job.judged.read_text(encoding="utf-8"))[SUBMITTED]
    except (OSError, ValueError, LookupError, TypeError):
        return ""
    return found if isinstance(found, str) else ""


def keep_judged(job: Job, submitted: str, notebooks: dict[str, list[str]]) -> None:
    """Let what was judged wait; submitted: the fingerprint from before judging."""
    job.judged.parent.mkdir(parents=True, exist_ok=True)
    part = job.note(".judging")
    text = json.dumps({SUBMITTED: submitted, NOTEBOOKS: notebooks})
    part.write_text(text, encoding="utf-8")
    part.replace(job.judged)


def result(job: Job, step: str) -> str:
    """A fingerprint of the files that a step of grading has written."""
    return fingerprint(job.folder(step).glob("*"))


def fingerprint(files: Iterable[Path], text: str = "") -> str:
    """A hash of names and contents; files that are not there are left out."""
    total = hashlib.sha256(text.encode())
    for path in sorted(path for path in files if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).digest()
        total.update(path.name.encode() + b"\0" + content)
    return total.hexdigest()
