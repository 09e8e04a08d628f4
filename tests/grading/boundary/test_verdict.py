"""Reports as JSON text: the same ones come back, and nothing else is taken."""

import json
from typing import Any

import pytest

from coursekit.grading.boundary.verdict import (
    FAILED,
    PASSED,
    Report,
    Verdict,
    from_json,
    to_json,
)

REPORT = Report(
    "1_dense",
    (
        Verdict("a-check", 0.5, 2, FAILED, "✗ a · b\n  half \ud800", ("a", "b")),
        Verdict("b-check", 1, 1, PASSED, "", ()),
    ),
    ("The cell a stood twice.",),
    {"a": "hello\x00"},
    ("essay",),
)


def test_there_and_back() -> None:
    text = to_json(REPORT)
    assert text.isascii()
    assert from_json(text) == from_json(text.encode()) == REPORT
    empty = Report("", (), (), {}, ())
    assert from_json(to_json(empty)) == empty


def changed(**fields: Any) -> str:  # noqa: ANN401
    """A report with other fields."""
    return json.dumps(json.loads(to_json(REPORT)) | fields)


def with_verdict(**fields: Any) -> str:  # noqa: ANN401
    """A report whose one verdict has other fields."""
    data = json.loads(to_json(REPORT))
    return json.dumps(data | {"verdicts": [data["verdicts"][0] | fields]})


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", "{}", "{", "[" * 100_000, b"\xff", '"a"'),
        changed(notebook=1),
        changed(more=1),
        changed(verdicts={}),
        changed(verdicts=[1]),
        changed(remarks="text"),
        changed(remarks=[None]),
        changed(outputs=[]),
        changed(outputs={"a": 1}),
        changed(by_hand=None),
        with_verdict(points=3),
        with_verdict(points=-1),
        with_verdict(points=True),
        with_verdict(points="1"),
        with_verdict(points=None),
        with_verdict(points=10**400),
        with_verdict(of=10**400),
        with_verdict(points=float("nan")),
        with_verdict(of=float("inf")),
        with_verdict(state="won"),
        with_verdict(state=None),
        with_verdict(message=["a"]),
        with_verdict(answers="ab"),
        with_verdict(grade_id={}),
        with_verdict(extra=1),
    ],
)
def test_what_is_no_report(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        from_json(text)
    assert len(str(caught.value)) < 200


def test_points_must_be_numbers() -> None:
    broken = Verdict("a", float("nan"), 1, FAILED, "", ())
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(Report("a", (broken,), (), {}, ()))
