"""The exercises that attacks are answers to, as one notebook of a small course.

What hidden tests and solutions hold that no student may see is `SECRET`.
"""

from collections.abc import Mapping
from typing import Any

from coursekit.grading.boundary.limits import MB, Limits

SECRET = "do not tell: 4711"
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
POINTS = 2
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CHECKS = {
    "double": f"""\
assert double([1, 2, 3]) == [2, 4, 6]
assert double([5]) == [10]
{BEGIN}
for seed in (20174, 71402):
    xs = np.random.default_rng(seed).integers(10, 1000, 4).tolist()
    assert double(xs) == [2 * x for x in xs]
{END}""",
    "mean": "np.testing.assert_allclose(mean(np.array([1.0, 2.0, 6.0])), 3.0)",
    "greet": 'assert greet("Ada") == "Hello, Ada"',
}
HONEST = {
    "double": "def double(xs):\n    return [2 * x for x in xs]",
    "mean": "def mean(x):\n    return np.sum(x) / len(x)",
    "greet": 'def greet(name):\n    return f"Hello, {name}"',
}
WHY = "why"  # answered in Markdown, graded by a person
STUB = "raise NotImplementedError()"
FLAGS = {"schema_version": 3, "locked": False, "task": False}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

Notebook = dict[str, Any]
Checks = Mapping[str, str]


def handed_in(
    answers: Mapping[str, str], why: str = "Because.", checks: Checks = CHECKS
) -> Notebook:
    """What a student hands in: the released notebook with these answers."""
    shown = {name: without_hidden(check) for name, check in checks.items()}
    return notebook({name: answers.get(name, STUB) for name in checks}, shown, why)


def source(checks: Checks = CHECKS) -> Notebook:
    """The instructor's notebook, with solutions and hidden tests."""
    solved = {name: solution(HONEST[name]) for name in checks}
    return notebook(solved, checks, solution(f"# {SECRET}"))


def solution(text: str) -> str:
    """A solved cell, with the marks between which students get none of it."""
    return f"### BEGIN SOLUTION\n# {SECRET}\n{text}\n### END SOLUTION"


def without_hidden(check: str) -> str:
    """A check as students see it."""
    return check.partition(BEGIN)[0]


def notebook(answers: Mapping[str, str], checks: Checks, why: str) -> Notebook:
    """A notebook of these cells."""
    cells = [cell("code", "import numpy as np", {"id": "start"})]
    for name, check in checks.items():
        mine = {"grade_id": name, "grade": False, "solution": True}
        test = {"grade_id": f"{name}-check", "grade": True, "solution": False}
        cells.append(cell("code", answers[name], FLAGS | mine))
        cells.append(cell("code", check, FLAGS | test | {"points": POINTS}))
    by_hand = {"grade_id": WHY, "grade": True, "solution": True, "points": 1}
    cells.append(cell("markdown", why, FLAGS | by_hand))
    head = {"nbformat": 4, "nbformat_minor": 5}
    return {**head, "metadata": {"kernelspec": dict(KERNEL)}, "cells": cells}


def cell(kind: str, text: str, data: dict[str, Any]) -> dict[str, Any]:
    """A cell; one with a grade_id is one that nbgrader knows."""
    name = data.get("grade_id")
    made = {"cell_type": kind, "source": text, "id": name or data["id"]}
    made["metadata"] = {"nbgrader": dict(data)} if name else {}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})
