"""A court that attacks come before, one after the other."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import coursekit
from coursekit.grading.boundary.court import Court
from coursekit.grading.boundary.settings import Settings
from coursekit.grading.boundary.verdict import Report, to_json
from tests.attacks.course import (
    CHECKS,
    HONEST,
    LIMITS,
    POINTS,
    SECRET,
    handed_in,
    source,
)
from tests.attacks.programs import OWN_HARM, answer
from tests.grading.boundary.houses import below, soon

PATIENCE = 60  # seconds of one submission
# What attacks print that have found or done what they may not, besides the secret.
SIGNS = ("WRITTEN", "CONNECTED", "UNSHARED", "MOUNTED", "CHANGED", "ATTACHED", "a hit")


@dataclass
class Grader:
    """A court, and a file that only the grader may read."""

    court: Court
    secret: Path

    def report(
        self, answers: Mapping[str, str], checks: Mapping[str, str] = CHECKS
    ) -> Report:
        """The verdicts on a submission."""
        ours, released = source(checks), handed_in({}, checks=checks)
        cells = handed_in(answers, checks=checks)["cells"]
        return self.court.judge("sums", ours, released, cells).report

    def tried(self, name: str) -> tuple[list[str], str]:
        """What an attack has reached, and what is said of it in a few words."""
        before, start = self.processes(), time.monotonic()
        attack = answer(name, str(self.secret))
        report = self.report(HONEST | {"double": attack})
        harm = [*self.harm(name, report, before)]
        if time.monotonic() - start > PATIENCE:
            harm.append("the grader stops")
        return harm, f"earns nothing ({report.verdicts[0].state})"

    def harm(self, name: str, report: Report, before: set[int]) -> Iterator[str]:
        """What an attack has reached. before: the processes that there were."""
        own = points(report)
        if earned := own.pop("double"):
            yield f"earns {earned:g} points"
        if name not in OWN_HARM and set(own.values()) != {POINTS}:
            yield f"other answers are lost: {own}"
        said = json.dumps(json.loads(to_json(report)))
        if seen := [sign for sign in (*SIGNS, SECRET) if sign in said]:
            yield f"reads or does what it may not: {seen}"
        if not soon(lambda: len(self.processes()) <= len(before)):
            yield "a process is left behind"
        if points(self.report(HONEST)) != dict.fromkeys(HONEST, POINTS):
            yield "others lose points"
        if self.secret.read_text() != SECRET:
            yield "files of others are written"

    def processes(self) -> set[int]:
        """All that belong to the court now."""
        assert self.court._process is not None
        return below(self.court._process.pid)


@contextmanager
def opened(folder: Path) -> Iterator[Grader]:
    """A court for all attacks. folder: where the file of the grader lies."""
    secret = folder / "secret.txt"
    secret.write_text(SECRET)
    package = str(Path(coursekit.__file__).parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSEKIT_SECRET", SECRET)
        court = Court(Settings(LIMITS, readable=(package,)))
        try:
            yield Grader(court, secret)
        finally:
            court.close()


def points(report: Report) -> dict[str, float]:
    """Exercise → points."""
    return {x.grade_id.removesuffix("-check"): x.points for x in report.verdicts}
