"""The slow part of grading, side by side: answers run and checks judge them.

Each thread has a court, a process that stays warm for the whole class. What it says is
written to a file from which the one writer of the gradebook reads; so nothing is judged
twice, also not after an interruption in between.
"""

import json
import threading
from pathlib import Path
from typing import Any

from coursekit.authoring.build import SOURCE
from coursekit.grading import checked_with, notebook_file, released, remembered
from coursekit.grading.boundary import sandbox
from coursekit.grading.boundary.court import Court
from coursekit.grading.boundary.preprocessors import as_text
from coursekit.grading.gradebook import GradingError
from coursekit.grading.released import NOTEBOOKS
from coursekit.grading.remembered import Job

# What is handed to a court of each cell: outputs are large, and of no account.
FIELDS = ("cell_type", "id", "source", "metadata", "attachments")


class NoSandboxError(GradingError):
    """No submission can be judged on this machine; the message says what to do."""


class Judges:
    """Courts, one for each thread that asks. Close them at the end."""

    def __init__(self, root: Path) -> None:
        self._settings = checked_with.judging(root)
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._all: list[Court] = []
        self._missing: str | None = None

    def judge(self, job: Job) -> None:
        """Write what is to be said of a submission to `job.judged`, if it is not there.

        Raises NoSandboxError, CourtError when that cannot be done for a reason of ours.
        """
        submitted = remembered.handed_in(job)
        if remembered.judged(job) == submitted:
            return
        self._need_sandbox()
        lessons = released.read(job.root, job.assignment)
        paths = [job.submitted / name for name in lessons]
        found = {path.stem: self._judged(job, path) for path in paths if path.exists()}
        remembered.keep_judged(job, submitted, found)

    def close(self) -> None:
        """End all courts, also those that are at work."""
        with self._lock:
            for court in self._all:
                court.stop()

    def _need_sandbox(self) -> None:
        with self._lock:
            if self._missing is None:
                # One that did not start once, on a busy machine, is not missing.
                self._missing = sandbox.missing() and sandbox.missing()
        if self._missing and not self._settings.unsafe_without_sandbox:
            raise NoSandboxError(self._missing)

    def _judged(self, job: Job, path: Path) -> list[str]:
        source = book(job.root / SOURCE / job.assignment / path.name)
        release = book(job.root / NOTEBOOKS / job.assignment / path.name)
        cells = [
            {name: cell[name] for name in FIELDS if name in cell}
            for cell in notebook_file.read(path)
        ]
        return as_text(self._court().judge(path.stem, source, release, cells))

    def _court(self) -> Court:
        if not hasattr(self._mine, "court"):
            self._mine.court = Court(self._settings)
            with self._lock:
                self._all.append(self._mine.court)
        court: Court = self._mine.court
        return court


def book(path: Path) -> dict[str, Any]:
    """One of our notebooks."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
