"""The process that judges: what it is told, and what it keeps for the next notebook."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4

from coursekit.grading.boundary import court
from coursekit.grading.boundary.court import Court, Judged
from coursekit.grading.boundary.learned import Learned, take_over
from coursekit.grading.boundary.settings import Settings

SAYS = """import os, sys
told = f"{sorted(os.environ)} {sys.argv} {sorted(answer())}"
assert False, told"""


def notebook(check: str) -> dict[str, Any]:
    """An answer and its check."""
    flags = {"schema_version": 3, "task": False, "locked": False}
    answer = flags | {"grade_id": "a", "grade": False, "solution": True}
    graded = flags | {"grade_id": "a-check", "grade": True, "solution": False}
    source = "import os\ndef answer():\n    return list(os.environ)"
    cells = [
        v4.new_code_cell(source, id="a", metadata={"nbgrader": answer}),
        v4.new_code_cell(check, id="b", metadata={"nbgrader": graded | {"points": 1}}),
    ]
    made: dict[str, Any] = json.loads(json.dumps(v4.new_notebook(cells=cells)))
    return made


def judged(asked: Court, check: str) -> Judged:
    """What is said of the answer as it is."""
    book = notebook(check)
    return asked.judge("book", book, book, book["cells"])


def test_a_court_knows_nothing_but_what_it_needs(
    bwrap: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No credentials from the environment; no gradebook, no student in a request."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://grader:word@host/gradebook")
    monkeypatch.setenv("COURSE_SEED", "hidden")
    monkeypatch.chdir(tmp_path)
    asked: list[str] = []
    send = court.wire.send

    def sent(fd: int, text: str, *rest: Any) -> None:  # noqa: ANN401 (as it comes)
        asked.append(text)
        send(fd, text, *rest)

    monkeypatch.setattr(court.wire, "send", sent)
    with_seed = Court(Settings(imports=(), environment=("COURSE_SEED",)))
    try:
        found = judged(with_seed, SAYS)
    finally:
        with_seed.close()
    (verdict,) = found.report.verdicts
    assert verdict.state == "failed"
    assert "COURSE_SEED" in verdict.message
    assert "DATABASE_URL" not in verdict.message
    assert "gradebook" not in verdict.message
    rooms = verdict.message.rpartition("[")[2]
    assert "COURSE_SEED" not in rooms
    name, source, release, cells = json.loads(asked[0])
    assert (name, source, release, cells) == (
        "book",
        notebook(SAYS),
        notebook(SAYS),
        notebook(SAYS)["cells"],
    )


def test_what_a_fork_learns_is_known_afterwards() -> None:
    """In another interpreter: here everything is imported."""
    code = """
import sys
from coursekit.grading.boundary.learned import Learned, take_over
assert "colorsys" not in sys.modules
memory = {"old": "1"}
take_over('[["colorsys", "no_such_module"], {"new": "2"}]', memory)
assert "colorsys" in sys.modules
assert memory == {"old": "1", "new": "2"}
"""
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)


def test_only_what_is_new_is_told() -> None:
    memory = {"old": "1"}
    learned = Learned(memory)
    assert json.loads(learned.told()) == [[], {}]
    memory["new"] = "2"
    assert json.loads(learned.told()) == [[], {"new": "2"}]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.grading.boundary.learned.MOST_TEXTS", 3)
    memory: dict[str, str] = {}
    for number in range(10):
        take_over(json.dumps([[], {str(number): ""}]), memory)
        assert len(memory) <= 3
