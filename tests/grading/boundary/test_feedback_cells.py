"""Numbers, titles and sections of exercises, found in a notebook's own text."""

import json
from pathlib import Path
from typing import Any

import pytest

from coursekit.grading.boundary.feedback import Comment, Exercise
from coursekit.grading.boundary.feedback_cells import HIDDEN, from_notebook
from coursekit.grading.boundary.verdict import (
    FAILED,
    NOT_RUN,
    PASSED,
    Report,
    Verdict,
)
from tests.grading.boundary.feedback_pages import answer, by_hand, cell, check, markdown

STUB = "raise NotImplementedError"
CELLS = [
    markdown("# The notebook\n\nWeek 1"),
    markdown("## 1. First section\n\ntext"),
    markdown("### Exercise 1.1 · The `sizes` of $k$ things\n1 point"),
    answer("sizes", STUB),
    check("sizes-check", 1),
    markdown("### An interlude\n\n```\n# no heading\n```"),
    markdown("## 2. Second section\n\n### Exercise 1.2: Two answers\n"),
    answer("first", STUB),
    markdown("#### A step\n\nA heading inside the exercise."),
    answer("second", STUB),
    check("first-check", 1),
    check("second-check", 2),
    markdown("Exercise 1.3\n------------\n"),
    by_hand("essay"),
]


def report(*verdicts: Verdict, **more: Any) -> Report:  # noqa: ANN401
    """A report about the notebook above."""
    fields = {"remarks": (), "outputs": {}, "by_hand": ("essay",)} | more
    return Report("book", verdicts, **fields)


def verdict(
    name: str, points: float, of: float, message: str = "", *answers: str
) -> Verdict:
    """A verdict: passed when there is no message."""
    state = FAILED if message else PASSED
    return Verdict(name, points, of, state, message, answers)


PASS = (
    verdict("sizes-check", 1, 1),
    verdict("first-check", 1, 1),
    verdict("second-check", 2, 2),
)
HANDED_IN = {"sizes": "a = 1", "first": STUB, "essay": "My *essay*"}


def exercises(*arguments: Any, **more: Any) -> tuple[Exercise, ...]:  # noqa: ANN401
    """The exercises of the notebook above."""
    made = from_notebook((), CELLS, *arguments, **more)
    assert made.title == "The notebook"
    return made.exercises


def test_numbers_titles_and_sections() -> None:
    found = exercises(report(*PASS), HANDED_IN)
    assert [(x.number, x.title, x.section) for x in found] == [
        ("1.1", "The sizes of k things", "1. First section"),
        ("1.2", "Two answers", "2. Second section"),
        ("1.3", "essay", "The notebook"),
    ]
    assert [(x.points, x.of) for x in found] == [(1, 1), (3, 3), (None, 3)]
    assert [x.by_hand for x in found] == [False, False, True]
    assert not found[0].answers
    assert found[2].answers[0].source == "My *essay*"
    assert found[2].answers[0].text


def test_the_answers_that_a_check_judged() -> None:
    message = "✗ first · a case"
    failing = verdict("first-check", 0, 1, message, "first", "sizes", "unknown")
    found = exercises(report(failing, PASS[2], outputs={"sizes": "hello"}), HANDED_IN)
    one, two = found[1].answers
    assert (one.grade_id, one.untouched, one.elsewhere) == ("first", True, "")
    assert (two.grade_id, two.untouched, two.elsewhere) == (
        "sizes",
        False,
        "exercise 1.1",
    )
    assert two.printed == "hello"
    assert found[1].points == 2
    assert found[1].lost


def test_a_check_that_names_no_answers_shows_those_of_its_exercise() -> None:
    found = exercises(report(PASS[0], verdict("first-check", 0, 1, "no")), HANDED_IN)
    assert [(x.grade_id, x.missing) for x in found[1].answers] == [
        ("first", False),
        ("second", True),
    ]


def test_without_a_verdict_there_are_no_points() -> None:
    found = exercises(report(), {})
    assert [x.points for x in found] == [0, 0, None]
    assert {x.state for each in found for x in each.verdicts} == {NOT_RUN}


def test_the_gradebook_counts_more_than_the_report() -> None:
    scores = {"sizes-check": 0.5, "first-check": None, "essay": 2.5}
    found = exercises(report(*PASS), HANDED_IN, {}, scores)
    assert [x.points for x in found] == [0.5, None, 2.5]
    assert [x.settled for x in found] == [True, False, False]


def test_comments_bring_their_answer_along() -> None:
    comments = {"sizes": "Neat.", "essay": "Go on.", "first": " "}
    found = exercises(report(*PASS), HANDED_IN, comments)
    assert found[0].comments == (Comment("sizes", "Neat."),)
    assert [x.grade_id for x in found[0].answers] == ["sizes"]
    assert found[0].told
    assert not found[1].comments
    assert found[2].comments == (Comment("essay", "Go on."),)


def test_lines_of_hidden_checks_stay_hidden() -> None:
    source = [*CELLS]
    secret = "check()\nassert sizes(31337) == 42\nx=1"
    source[4] = check("sizes-check", 1, secret)
    told = "AssertionError\n  >>  assert sizes(31337) == 42  # x=1\nx=1"
    made = from_notebook(
        source, CELLS, report(verdict("sizes-check", 0, 1, told)), HANDED_IN
    )
    message = made.exercises[0].verdicts[0].message
    assert message == f"AssertionError\n{HIDDEN}\nx=1"


def test_marked_lines_stay_hidden_without_the_release() -> None:
    secret = (
        "check()\n### BEGIN HIDDEN TESTS\nassert f(31337) == 1\n### END HIDDEN TESTS"
    )
    cells = [answer("f"), check("c", 1, secret)]
    one = Report("b", (verdict("c", 0, 1, "on assert f(31337) == 1\nx"),), (), {}, ())
    made = from_notebook(cells, cells, one, {})
    assert made.exercises[0].verdicts[0].message == f"{HIDDEN}\nx"


def test_a_notebook_without_numbers() -> None:
    cells = [
        markdown("text without a heading"),
        answer("f"),
        check("f1"),
        check("f2"),
        markdown("# Part B (2 points)\n\n## Gradients"),
        answer("g"),
        check("g1"),
        answer("h"),
        check("h1"),
        cell("story", "Do it.", "markdown", task=True, points=4, locked=True),
        check("alone"),
    ]
    made = from_notebook((), cells, Report("b", (), (), {}, ()), {})
    assert made.title == "b"
    assert [(x.number, x.title, x.section, x.of) for x in made.exercises] == [
        ("", "f1", "", 2),
        ("", "g1", "Gradients", 1),
        ("", "h1", "Gradients", 1),
        ("", "story", "Gradients", 5),
    ]
    assert made.exercises[3].points is None


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [{}],
        [{"cell_type": "markdown", "metadata": {"nbgrader": {}}}],
        [
            {
                "cell_type": "code",
                "metadata": {"nbgrader": {"grade": True}},
                "source": [],
            }
        ],
        [markdown("> " * 9000 + "# deep"), markdown("#" * 90), markdown("# ")],
    ],
)
def test_odd_notebooks(cells: list[dict[str, Any]]) -> None:
    assert from_notebook(cells, cells, Report("b", (), (), {}, ()), {}).exercises == ()


def test_the_lines_of_a_file_may_be_a_list() -> None:
    one = markdown("") | {"source": ["## Exercise 4", "2 · Lists\n", "\n", "text"]}
    made = from_notebook((), [one, check("c")], Report("b", (), (), {}, ()), {})
    assert [(x.number, x.title) for x in made.exercises] == [("42", "Lists")]


def test_every_exercise_of_the_course_is_found() -> None:
    root = Path(__file__).parents[3] / "notebooks"
    paths = sorted(root.glob("week*/*.ipynb"))
    assert paths
    for path in paths:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        made = from_notebook((), cells, Report(path.stem, (), (), {}, ()), {})
        assert all(x.number and x.title and x.section for x in made.exercises), path
        assert len({x.number for x in made.exercises}) == len(made.exercises)


def test_remarks_name_the_exercise() -> None:
    """Students know its number, and may never have seen the name of a cell."""
    remarks = ("The cell second stood twice.", "Nothing of sizes-checks is known.")
    made = from_notebook((), CELLS, report(*PASS, remarks=remarks), HANDED_IN)
    assert made.remarks == (
        "The cell second stood twice. (Exercise 1.2)",
        "Nothing of sizes-checks is known.",
    )
