"""Each attack is handed in beside honest answers, between two honest students.

It earns nothing, costs nobody else a point, reads and writes nothing that is not its
own, and leaves no process behind.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from coursekit.grading.boundary.court import Court
from coursekit.grading.boundary.limits import MB, Limits
from coursekit.grading.boundary.settings import Settings
from coursekit.grading.boundary.verdict import Report, to_json
from tests.attacks.programs import ATTACKS, OWN_HARM
from tests.grading.boundary.houses import below, soon

SECRET = "do not tell: 4711"
SIGNS = ("WRITTEN", "CONNECTED", "UNSHARED", "MOUNTED", "CHANGED", "ATTACHED", SECRET)
LIMITS = Limits(
    seconds=20,
    call_seconds=3,
    cpu_seconds=10,
    memory=256 * MB,
    processes=32,
    file_bytes=4 * MB,
    disk_bytes=16 * MB,
    reply_bytes=4 * MB,
)
CHECKS = {
    "double": "assert double([1, 2, 3]) == [2, 4, 6]\nassert double([5]) == [10]",
    "mean": "np.testing.assert_allclose(mean(np.array([1.0, 2.0, 6.0])), 3.0)",
    "greet": 'assert greet("Ada") == "Hello, Ada"',
}
HONEST = {
    "double": "def double(xs):\n    return [2 * x for x in xs]",
    "mean": "def mean(x):\n    return np.sum(x) / len(x)",
    "greet": 'def greet(name):\n    return f"Hello, {name}"',
}
STUB = "raise NotImplementedError()"


def notebook(
    answers: dict[str, str], checks: dict[str, str] = CHECKS
) -> dict[str, Any]:
    """The notebook with these answers and all checks."""
    cells = [cell("import numpy as np", {})]
    for name, check in checks.items():
        flags = {"schema_version": 3, "locked": False, "task": False}
        mine = {"grade_id": name, "grade": False, "solution": True}
        test = {"grade_id": f"{name}-check", "grade": True, "solution": False}
        cells.append(cell(answers.get(name, STUB), flags | mine))
        cells.append(cell(check, flags | test | {"points": 2}))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def cell(source: str, data: dict[str, Any]) -> dict[str, Any]:
    """A code cell that nbgrader knows."""
    made = {
        "cell_type": "code",
        "source": source,
        "outputs": [],
        "id": f"c{len(source)}",
    }
    return made | {"metadata": {"nbgrader": data} if data else {}}


@dataclass
class Grader:
    """A court, and the processes that it had before an attack."""

    court: Court
    secret: Path

    def report(self, answers: dict[str, str]) -> Report:
        """The verdicts on a submission."""
        source, release = notebook(HONEST), notebook({})
        handed_in = notebook(answers)["cells"]
        return self.court.judge("sums", source, release, handed_in).report

    def processes(self) -> set[int]:
        """All that belong to the court now."""
        assert self.court._process is not None
        return below(self.court._process.pid)


def points(report: Report) -> dict[str, float]:
    """Exercise → points."""
    return {x.grade_id.removesuffix("-check"): x.points for x in report.verdicts}


@pytest.fixture(scope="module")
def grader(bwrap: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A court for all attacks, and a file that only the grader may read."""
    secret = tmp_path_factory.mktemp("source") / "secret.txt"
    secret.write_text(SECRET)
    court = Court(Settings(LIMITS))
    yield Grader(court, secret)
    court.close()


def test_honest_answers_get_their_points(grader: Grader) -> None:
    assert points(grader.report(HONEST)) == {"double": 2, "mean": 2, "greet": 2}


def test_no_answers_get_none(grader: Grader) -> None:
    assert points(grader.report({})) == {"double": 0, "mean": 0, "greet": 0}


def test_a_check_that_believes_a_size_takes_no_more_than_its_memory(
    grader: Grader,
) -> None:
    """The check makes as many numbers as the answer says; the machine must live on."""
    trusting = CHECKS | {"double": "assert len(bytearray(double([1]))) == 2"}
    greedy = HONEST | {"double": "def double(xs):\n    return 10**11"}
    source, release = notebook(HONEST, trusting), notebook({}, trusting)
    cells = notebook(greedy, trusting)["cells"]
    found = points(grader.court.judge("sums", source, release, cells).report)
    assert found == {"double": 0, "mean": 2, "greet": 2}


@pytest.mark.slow
@pytest.mark.share(20)
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_harms_nobody(grader: Grader, name: str) -> None:
    assert points(grader.report(HONEST)) == {"double": 2, "mean": 2, "greet": 2}
    before, start = grader.processes(), time.monotonic()
    attack = dedent(ATTACKS[name]).replace("{secret}", str(grader.secret))
    report = grader.report(HONEST | {"double": attack})
    own = points(report)
    assert own.pop("double") == 0
    assert name in OWN_HARM or own == {"mean": 2, "greet": 2}, report
    said = json.loads(to_json(report))
    assert not [sign for sign in SIGNS if sign in json.dumps(said)]
    assert time.monotonic() - start < 60
    assert soon(lambda: len(grader.processes()) <= len(before))
    assert points(grader.report(HONEST)) == {"double": 2, "mean": 2, "greet": 2}
    assert grader.secret.read_text() == SECRET
