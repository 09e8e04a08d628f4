"""The judge alone: verdicts on notebooks of a few cells, in rooms without walls."""

from typing import Any

import pytest

from coursekit.grading.boundary import needs, verdict, wire
from coursekit.grading.boundary.judge import (
    MAX_MESSAGE,
    Check,
    Judge,
    partial_credit,
)
from coursekit.grading.boundary.limits import Limits
from coursekit.grading.boundary.needs import Rules
from coursekit.grading.boundary.resident import Resident
from coursekit.grading.boundary.rooms import RoomClosed
from coursekit.grading.boundary.transplant import Cell
from coursekit.grading.boundary.verdict import Verdict

CLOSES = "closes: "  # who prints this ends the room, for the reason that follows
OUT_OF_REACH = "raise NotImplementedError()"


class Near:
    """A room in this process, and the channel of its resident."""

    opened = 0

    def __init__(self) -> None:
        Near.opened += 1
        self._resident = Resident(self, Limits())  # type: ignore[arg-type]
        self._sent = b""
        self._reason = ""

    def ask(self, message: Any, seconds: float | None = None) -> Any:  # noqa: ANN401
        """The reply to a message. Raises RoomClosed."""
        if not self._reason:
            self._resident._answer(message)
            reply = wire.decode(self._sent)
            self._reason = reply["printed"].partition(CLOSES)[2].strip()
        if self._reason:
            raise RoomClosed(self._reason)
        return reply

    def close(self) -> None:
        """End the room."""
        self._reason = self._reason or "is closed"

    def frame(self, reply: Any, keep: wire.Keep) -> bytes:  # noqa: ANN401
        """A reply, encoded."""
        return wire.encode(reply, keep)

    def send(self, frame: bytes) -> None:
        """Keep a reply for who has asked."""
        self._sent = frame


def answer(name: str, source: str) -> Cell:
    """An answer; the instructor's defines a function of its name."""
    ours = f"def {name}(x):\n    return x + 1"
    return Cell("answer", "code", source, name, ours=ours, shown=OUT_OF_REACH)


def check(name: str, source: str) -> Cell:
    """A check cell."""
    return Cell("check", "code", source, name, source, source)


def judge(*cells: Cell, seconds: float = 20) -> Judge:
    """Who judges these cells."""
    plan = needs.plan(cells, {}, Rules())
    return Judge(plan, Near, seconds=seconds)  # type: ignore[arg-type]


def verdicts(*cells: Cell, seconds: float = 20) -> list[Verdict]:
    """The verdicts on the checks among the cells, of 2 points each."""
    made = judge(*cells, seconds=seconds)
    places = [n for n, cell in enumerate(cells) if cell.kind == "check"]
    checks = [Check(n, cells[n].grade_id, 2, cells[n].source) for n in places]
    return [made.verdict(one) for one in checks]


RIGHT = answer("f", "def f(x):\n    return x + 1")
OTHER = answer("g", "def g(x):\n    return x + 1")
CHECK = check("c", "assert f(1) == 2")
OTHER_CHECK = check("d", "assert g(1) == 2")


def test_passed() -> None:
    assert verdicts(RIGHT, CHECK) == [Verdict("c", 2, 2, verdict.PASSED, "", ("f",))]


def test_failed_tells_the_line() -> None:
    [found] = verdicts(answer("f", "def f(x):\n    return x"), CHECK)
    assert (found.points, found.state) == (0, verdict.FAILED)
    assert found.message == "assert f(1) == 2\nAssertionError"
    assert found.answers == ("f",)


def test_failed_tells_what_the_check_says() -> None:
    [found] = verdicts(RIGHT, check("c", "assert f(1) == 3, 'one more'"))
    assert (found.state, found.message) == (verdict.FAILED, "one more")


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("ended by itself (exit code 0)", verdict.CRASHED),
        ("sent something senseless (no sizes)", verdict.CRASHED),
        ("needed more memory than 256 MB", verdict.CRASHED),
        ("took longer than 3 seconds", verdict.TIMED_OUT),
        ("took longer than 120 seconds in all", verdict.TIMED_OUT),
    ],
)
@pytest.mark.parametrize("place", ["call", "cell"])
def test_a_room_that_closes_costs_its_answer_alone(
    reason: str, state: str, place: str
) -> None:
    ends = f"print({CLOSES + reason!r})"
    inside = f"def f(x):\n    {ends}"
    source = inside if place == "call" else f"{ends}\n{inside}"
    found = verdicts(answer("f", source), CHECK, OTHER, OTHER_CHECK)
    assert [(x.points, x.state) for x in found] == [(0, state), (2, verdict.PASSED)]
    assert reason in found[0].message


def test_a_room_that_closes_after_its_check_costs_nobody_else() -> None:
    """As that of an answer that writes to the channel when it has been judged."""
    made = judge(RIGHT, CHECK, OTHER, OTHER_CHECK)
    assert made.verdict(Check(1, "c", 2, CHECK.source)).state == verdict.PASSED
    before = Near.opened
    assert isinstance(made._room, Near)
    made._room._reason = "sent something senseless"
    assert made.verdict(Check(3, "d", 2, OTHER_CHECK.source)).state == verdict.PASSED
    assert Near.opened == before + 1


def test_not_run() -> None:
    found = verdicts(answer("f", "1 / 0"), CHECK, OTHER, OTHER_CHECK)
    assert [x.state for x in found] == [verdict.NOT_RUN, verdict.PASSED]
    assert found[0].message.startswith("Your answer did not run. ")
    assert "ZeroDivisionError" in found[0].message


def test_no_python() -> None:
    [found] = verdicts(answer("f", "def f(x:"), CHECK)
    assert (found.points, found.state) == (0, verdict.NOT_RUN)


def test_a_name_that_nobody_defines() -> None:
    [found] = verdicts(answer("f", "def h(x):\n    return x"), CHECK)
    assert (found.points, found.state) == (0, verdict.FAILED)
    assert found.message == "Nothing defines f."


@pytest.mark.parametrize("reply", [1, (1,), (1, 2), [1, []], (1, [], []), {}])
def test_what_no_resident_says_of_a_call_closes_the_room(
    monkeypatch: pytest.MonkeyPatch, reply: object
) -> None:
    monkeypatch.setattr(Resident, "_call", lambda *inputs, **named: reply)
    [found] = verdicts(RIGHT, CHECK)
    assert (found.points, found.state) == (0, verdict.CRASHED)
    assert found.message == "Your code sent something senseless."


def test_a_check_that_never_ends_is_stopped() -> None:
    endless = check("c", "f(1)\nwhile True:\n    pass")
    found = verdicts(RIGHT, endless, OTHER, OTHER_CHECK, seconds=0.3)
    assert [x.state for x in found] == [verdict.TIMED_OUT, verdict.PASSED]
    assert found[0].message == "Your code took longer than 0.3 seconds."


def test_a_check_cannot_catch_the_end_of_its_time() -> None:
    stubborn = "f(1)\nwhile True:\n    try:\n        pass\n    except Exception:\n"
    [found] = verdicts(RIGHT, check("c", stubborn + "        pass"), seconds=0.3)
    assert found.state == verdict.TIMED_OUT


@pytest.mark.parametrize(
    ("last", "points"),
    [
        ("", 2),
        ("None", 2),
        ("True", 2),
        ("'1'", 2),
        ("1.5", 1.5),
        ("0", 0),
        ("-3", 0),
        ("99", 2),
        ("float('nan')", 0),
        ("np.float32(0.5)", 0.5),
        ("f(0) / 2", 0.5),
    ],
)
def test_partial_credit(last: str, points: float) -> None:
    """The value of the last line, as in nbgrader; a number, and never beyond all."""
    lesson = Cell("given", "code", "import numpy as np", ours="import numpy as np")
    [found] = verdicts(lesson, RIGHT, check("c", f"assert f(1) == 2\n{last}"))
    assert (found.points, found.state) == (points, verdict.PASSED)


def test_no_credit_for_what_is_no_number() -> None:
    assert partial_credit(object(), 2) == 2
    assert partial_credit(False, 2) == 2


HIDDEN = """\
assert f(1) == 2
### BEGIN HIDDEN TESTS
assert f(41) == 43  # nobody knows
### END HIDDEN TESTS
assert f(2) == 3"""


def test_lines_of_hidden_tests_are_not_told() -> None:
    [found] = verdicts(RIGHT, check("c", HIDDEN))
    assert found.message == "a hidden test\nAssertionError"


def test_lines_behind_hidden_tests_are_told() -> None:
    seen = HIDDEN.replace("43", "42").replace("== 3", "== 4")
    [found] = verdicts(RIGHT, check("c", seen))
    assert found.message == "assert f(2) == 4\nAssertionError"


def test_errors_of_answers_in_hidden_tests_tell_no_line_of_these() -> None:
    raises = answer("f", "def f(x):\n    return x + 1 if x < 9 else 1 / 0")
    [found] = verdicts(raises, check("c", HIDDEN))
    assert found.state == verdict.FAILED
    assert found.message == "a hidden test\nZeroDivisionError: division by zero"


def test_messages_are_bounded() -> None:
    [found] = verdicts(RIGHT, check("c", "assert f(1) == 3, 'x' * 100_000"))
    assert len(found.message) == MAX_MESSAGE


def test_a_check_leaves_nothing_behind() -> None:
    first = check("c", "assert f(1) == 2\nleft = 1")
    second = check("d", "assert g(1) == 2\nassert 'left' not in globals()")
    states = [x.state for x in verdicts(RIGHT, first, OTHER, second)]
    assert states == [verdict.PASSED, verdict.PASSED]


def test_what_answers_print_is_kept() -> None:
    made = judge(answer("f", f"print('ready')\n{RIGHT.source}"), CHECK)
    made.verdict(Check(1, "c", 2, CHECK.source))
    assert made.outputs == {"f": "ready\n"}


def test_what_checks_print_is_not_told() -> None:
    [found] = verdicts(RIGHT, check("c", "print('the seed')\nassert f(1) == 3"))
    assert "seed" not in found.message
