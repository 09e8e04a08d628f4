"""The court alone: what becomes of a request when checks, rooms or its process end."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from coursekit.grading.boundary import court as courts
from coursekit.grading.boundary import verdict
from coursekit.grading.boundary.court import ATTEMPTS, Court, CourtError, Judged
from coursekit.grading.boundary.limits import MB, Limits
from coursekit.grading.boundary.rooms import House
from coursekit.grading.boundary.settings import Settings
from tests.grading.boundary.houses import below, descendants, soon

LIMITS = Limits(
    seconds=20, call_seconds=5, memory=256 * MB, processes=16, file_bytes=MB
)
SETTINGS = Settings(LIMITS, imports=())
CHECKS = {
    "one": "assert one() == 1",
    "two": "assert two() == 2\n### BEGIN HIDDEN TESTS\nassert two(3) == 6  # hidden\n"
    "### END HIDDEN TESTS",
}
RIGHT = {"one": "def one():\n    return 1", "two": "def two(x=1):\n    return 2 * x"}
FLAGS = {"schema_version": 3, "locked": False, "task": False}


def notebook(answers: Mapping[str, str], checks: Mapping[str, str]) -> dict[str, Any]:
    """A notebook of answers and their checks."""
    cells = []
    for name, test in checks.items():
        mine = {"grade_id": name, "grade": False, "solution": True}
        about = {"grade_id": f"{name}-check", "grade": True, "solution": False}
        cells.append(cell(answers.get(name, "..."), FLAGS | mine))
        cells.append(cell(test, FLAGS | about | {"points": 2}))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def cell(source: str, data: dict[str, Any]) -> dict[str, Any]:
    """A code cell that nbgrader knows."""
    return {
        "cell_type": "code",
        "id": data["grade_id"],
        "source": source,
        "metadata": {"nbgrader": data},
        "outputs": [],
        "execution_count": None,
    }


def request(
    answers: Mapping[str, str], checks: Mapping[str, str] = CHECKS
) -> tuple[str, dict[str, Any], dict[str, Any], list[Any]]:
    """What a court is asked."""
    cells = notebook(answers, checks)["cells"]
    return "sums", notebook(RIGHT, checks), notebook({}, checks), cells


def states(found: Judged) -> dict[str, tuple[str, float]]:
    """Exercise → its check's state and points."""
    return {
        x.grade_id.removesuffix("-check"): (x.state, x.points)
        for x in found.report.verdicts
    }


PASSED = (verdict.PASSED, 2)


@pytest.fixture(scope="module")
def court(bwrap: None) -> Iterator[Court]:
    """A court for all tests of this file."""
    made = Court(SETTINGS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def house(bwrap: None) -> Iterator[House]:
    """Rooms for requests that are judged in this process."""
    with House(LIMITS, ()) as made:
        made.start()
        yield made


def judged(
    house: House,
    answers: Mapping[str, str],
    checks: Mapping[str, str],
    seconds: float = LIMITS.seconds,
) -> Judged:
    """What is judged in this process. seconds: that a check may take"""
    settings = replace(SETTINGS, limits=replace(LIMITS, seconds=seconds))
    return courts.judged(house, settings, json.dumps(request(answers, checks)))


# What is judged.


def test_right_answers_pass(court: Court) -> None:
    assert states(court.judge(*request(RIGHT))) == {"one": PASSED, "two": PASSED}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("def one():\n    return 2", verdict.FAILED),
        ("import os\ndef one():\n    os._exit(0)", verdict.CRASHED),
        ("import os\nos._exit(0)", verdict.CRASHED),
        ("1 / 0", verdict.NOT_RUN),
        ("def one(:", verdict.NOT_RUN),
        ("...", verdict.FAILED),
    ],
)
def test_a_bad_answer_costs_its_own_points(
    court: Court, answer: str, state: str
) -> None:
    found = states(court.judge(*request(RIGHT | {"one": answer})))
    assert found == {"one": (state, 0), "two": PASSED}


def test_an_endless_answer_costs_its_own_points(house: House) -> None:
    endless = RIGHT | {"one": "def one():\n    while True:\n        pass"}
    with House(replace(LIMITS, call_seconds=0.5), ()) as strict:
        found = states(judged(strict, endless, CHECKS))
    assert found == {"one": (verdict.TIMED_OUT, 0), "two": PASSED}


def test_hidden_tests_are_never_told(court: Court) -> None:
    wrong = RIGHT | {"two": "def two(x=1):\n    return 2"}
    found = court.judge(*request(wrong))
    assert states(found)["two"] == (verdict.FAILED, 0)
    assert "hidden" in found.report.verdicts[1].message
    assert "two(3)" not in verdict.to_json(found.report)


# Checks that go wrong.


def test_a_check_that_ends_its_process_costs_its_own_points(house: House) -> None:
    ends = CHECKS | {"one": "one()\nimport os\nos._exit(0)"}
    found = judged(house, RIGHT, ends)
    assert states(found) == {"one": (verdict.CRASHED, 0), "two": PASSED}
    assert "could not be run to its end" in found.report.verdicts[0].message


def test_a_check_that_cannot_be_stopped_is_ended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that ignores its alarm; nobody waits longer than the margin."""
    monkeypatch.setattr(courts, "MARGIN", 1)
    deaf = "one()\nimport signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
    checks = CHECKS | {"one": deaf + "while True:\n    pass"}
    start = time.monotonic()
    found = judged(house, RIGHT, checks, seconds=1)
    assert states(found) == {"one": (verdict.CRASHED, 0), "two": PASSED}
    assert time.monotonic() - start < 15


def test_a_check_s_memory_is_bounded(house: House) -> None:
    greedy = CHECKS | {"one": "found = bytearray(one() << 40)"}
    found = judged(house, RIGHT, greedy)
    assert states(found) == {"one": (verdict.FAILED, 0), "two": PASSED}
    assert "MemoryError" in found.report.verdicts[0].message


def test_a_check_leaves_nothing_behind(house: House) -> None:
    """Neither what it imports and sets here, nor a room of a check that was lost."""
    before = descendants(house)
    sets = "one()\nimport builtins\nbuiltins.left = 1"
    judged(house, RIGHT, CHECKS | {"one": sets})
    assert not hasattr(__import__("builtins"), "left")
    assert soon(lambda: len(descendants(house)) <= len(before))


def test_the_check_of_a_spoilt_room_is_judged_in_another(court: Court) -> None:
    """What an answer does after it was judged costs nobody else."""
    late = """
import os
def one():
    if os.fork() == 0:
        for fd in range(3, 64):
            try:
                os.write(fd, b'noise')
            except OSError:
                pass
        os._exit(0)
    os.wait()
    return 1"""
    found = states(court.judge(*request(RIGHT | {"one": late})))
    assert found["two"] == PASSED


# The process that comes to an end.


def kill(court: Court) -> int:
    """End a court's process; its number."""
    assert court._process is not None
    os.kill(court._process.pid, signal.SIGKILL)
    return court._process.pid


def test_a_court_that_was_killed_starts_again(court: Court) -> None:
    assert states(court.judge(*request(RIGHT))) == {"one": PASSED, "two": PASSED}
    before = kill(court)
    assert states(court.judge(*request(RIGHT))) == {"one": PASSED, "two": PASSED}
    assert court._process is not None
    assert court._process.pid != before
    assert soon(lambda: not below(before))


def test_who_is_killed_at_work_judges_again(court: Court) -> None:
    slow = RIGHT | {"one": "import time\ndef one():\n    time.sleep(2)\n    return 1"}
    court.judge(*request(RIGHT))
    threading.Timer(0.7, kill, [court]).start()
    assert states(court.judge(*request(slow))) == {"one": PASSED, "two": PASSED}


class Dying(Court):
    """A court whose process is killed whenever it has started."""

    starts = 0

    def _started(self) -> Any:  # noqa: ANN401
        self.starts += 1
        process = super()._started()
        process.kill()
        process.wait()
        return process


def test_who_is_killed_three_times_gives_up() -> None:
    court = Dying(SETTINGS)
    with pytest.raises(CourtError, match=r"^sums could not be judged: .*gone"):
        court.judge(*request(RIGHT))
    assert court.starts == ATTEMPTS == 3
    court.close()


def test_who_cannot_start_says_why() -> None:
    court = Court(replace(SETTINGS, adopt="nowhere_to_be_found:adopt"))
    with pytest.raises(CourtError, match=r"sums could not be judged: .*nowhere_to_be"):
        court.judge(*request(RIGHT))
    court.close()


def test_a_senseless_request_is_not_tried_again(court: Court) -> None:
    """It fails for a reason of ours, which is told; the court goes on."""
    name, source, _, cells = request(RIGHT)
    court.judge(*request(RIGHT))
    assert court._process is not None
    before = court._process.pid
    with pytest.raises(CourtError, match="KeyError: 'cells'"):
        court.judge(name, source, {}, cells)
    assert court._process.pid == before
    assert states(court.judge(*request(RIGHT)))["one"] == PASSED


def test_a_stopped_court_starts_no_more(bwrap: None) -> None:
    court = Court(SETTINGS)
    court.judge(*request(RIGHT))
    court.stop()
    with pytest.raises(CourtError, match="grading was stopped"):
        court.judge(*request(RIGHT))
    court.close()
