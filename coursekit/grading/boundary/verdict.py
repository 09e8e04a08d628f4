"""What grading says of a submission: plain data, also as JSON text.

The text lies in files and notebooks that other programs can write. So `from_json`
believes nothing: whatever is not exactly a report is refused.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, NoReturn, TypeVar

PASSED, FAILED, CRASHED = "passed", "failed", "crashed"
TIMED_OUT, NOT_RUN = "timed out", "not run"
STATES = (PASSED, FAILED, CRASHED, TIMED_OUT, NOT_RUN)
TOO_MANY = 1e9  # points

T = TypeVar("T")


@dataclass(frozen=True)
class Verdict:
    """Of one check cell that is graded automatically.

    grade_id: nbgrader's name of the check cell; state: one of STATES
    message: what the check said, "" when passed
    answers: grade ids of the answer cells that it judged
    """

    grade_id: str
    points: float
    of: float
    state: str
    message: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Of one notebook of one submission.

    notebook: its file name without .ipynb
    remarks: what was wrong with what was handed in, told to the student
    outputs: grade id → what the answer printed
    by_hand: grade ids of the answers that a person grades
    """

    notebook: str
    verdicts: tuple[Verdict, ...]
    remarks: tuple[str, ...]
    outputs: dict[str, str]
    by_hand: tuple[str, ...]


def to_json(report: Report) -> str:
    """The report as JSON text of ASCII characters.

    Raises ValueError for points that are no ordinary numbers.
    """
    return json.dumps(asdict(report), allow_nan=False)


def from_json(text: str | bytes) -> Report:
    """The report that `to_json` wrote. Raises ValueError for anything else."""
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("no report: its JSON is nested too deeply") from None
    return _report(found)


def _report(found: object) -> Report:
    data = _object(found, Report)
    return Report(
        _text(data["notebook"], "notebook"),
        _each(data["verdicts"], "verdicts", _verdict),
        _each(data["remarks"], "remarks", _text),
        _outputs(data["outputs"]),
        _each(data["by_hand"], "by_hand", _text),
    )


def _verdict(found: object, where: str) -> Verdict:
    data = _object(found, Verdict)
    points, of = _number(data["points"], "points"), _number(data["of"], "of")
    if not 0 <= points <= of:
        raise ValueError(f"no report: {points} points of {of}")
    state = _text(data["state"], "state")
    if state not in STATES:
        raise ValueError(f"no report: {state[:40]!r} is no state of {where}")
    return Verdict(
        _text(data["grade_id"], "grade_id"),
        points,
        of,
        state,
        _text(data["message"], "message"),
        _each(data["answers"], "answers", _text),
    )


def _object(found: object, kind: type[Any]) -> dict[str, Any]:
    """A JSON object with just the fields of a dataclass."""
    names = {field.name for field in fields(kind)}
    if not isinstance(found, dict) or set(found) != names:
        wanted = ", ".join(sorted(names))
        raise ValueError(f"no report: a {kind.__name__} has the fields {wanted}")
    return found


def _text(found: object, where: str) -> str:
    if not isinstance(found, str):
        raise ValueError(f"no report: {where} holds what is no text")
    return found


def _number(found: object, where: str) -> float:
    # True is an int to Python; 10**400 is one, too, and too large for a float.
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ValueError(f"no report: {where} is no number")
    if not abs(found) < TOO_MANY:
        raise ValueError(f"no report: {where} is no number of points")
    return float(found)


def _each(found: object, where: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    if not isinstance(found, list):
        raise ValueError(f"no report: {where} is no list")
    return tuple(read(item, where) for item in found)


def _outputs(found: object) -> dict[str, str]:
    if not isinstance(found, dict):
        raise ValueError("no report: outputs is no JSON object")
    return {name: _text(value, "outputs") for name, value in found.items()}


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"no report: {name} is no number of points")
