"""What course.toml promises of a topic is kept in a section that teaches it."""

from pathlib import Path

import pytest

from coursekit.authoring import build, course, coverage, lessons
from coursekit.authoring.course import CourseError
from tests.authoring import sample_course, whole_course
from tests.authoring.sample_course import COURSE, REPOSITORY, changed

LESSON = changed("notebook 1 of 2", "notebook 1 of 1")
FINISHED = changed('planned = ["Taking away"]\n', "", COURSE).replace(
    ', "minus signs"', ""
)
SHOWN = 'caption="Two numbers.", alt="A line with two points.")\n'
TABLE = "\n# %% [markdown]\n# | network | paper | ours |\n"


def load(root: Path, promised: str, lesson: str = LESSON) -> None:
    """The sample course with a table [week.promised] for its first week."""
    table = f"\n[week.promised]\n{promised}\n"
    first = 'notebooks = ["1_adding"]\n'
    build.load(
        sample_course.make(root, lesson, changed(first, first + table, FINISHED))
    )


@pytest.mark.parametrize(
    ("promised", "lesson"),
    [
        ('graded = ["sums"]', LESSON),
        ('by_hand = ["plus signs"]', LESSON),
        ('shown = ["sums"]', LESSON),
        ('explorer = ["sums"]', changed(SHOWN, SHOWN + "explore.sums()\n", LESSON)),
        ('full_size = ["sums"]', changed(SHOWN, SHOWN + TABLE, LESSON)),
        ("", LESSON),
    ],
)
def test_a_promise_is_kept(tmp_path: Path, promised: str, lesson: str) -> None:
    load(tmp_path, promised, lesson)


@pytest.mark.parametrize(
    ("promised", "lesson", "words"),
    [
        (
            'explorer = ["sums"]',
            LESSON,
            "'sums' is promised as 'explorer', but no section.*has an explorer",
        ),
        (
            'full_size = ["sums"]',
            LESSON,
            "no section that teaches it has a full-size run",
        ),
        (
            'shown = ["sums"]',
            changed("plots.show(fig, " + SHOWN, "", LESSON),
            "no section that teaches it has a demonstration",
        ),
        ('shown = ["sum"]', LESSON, "no topic 'sum' in week 1. Did you mean 'sums'"),
        ('danced = ["sums"]', LESSON, "unknown key 'danced'"),
        ('shown = "sums"', LESSON, "shown must be a list of texts"),
    ],
)
def test_a_promise_that_is_not_kept_fails_the_build(
    tmp_path: Path, promised: str, lesson: str, words: str
) -> None:
    with pytest.raises(CourseError, match=words):
        load(tmp_path, promised, lesson)


def test_promised_is_a_table(tmp_path: Path) -> None:
    first = 'notebooks = ["1_adding"]\n'
    text = changed(first, first + "promised = 5\n", FINISHED)
    with pytest.raises(CourseError, match="promised must be a table, not 5"):
        build.load(sample_course.make(tmp_path, LESSON, text))


def test_an_answer_shows_nothing(tmp_path: Path) -> None:
    """What a student draws is no demonstration of the lesson's."""
    lesson = changed("plots.show(fig, " + SHOWN, "", LESSON)
    lesson = changed("    return total_of_both\n", "    print('plots.')\n", lesson)
    with pytest.raises(CourseError, match="has a demonstration"):
        load(tmp_path, 'shown = ["sums"]', lesson)


def test_the_page_of_the_sample(tmp_path: Path) -> None:
    root = sample_course.make(tmp_path)
    page = coverage.page(course.read(root / course.FILE), lessons.load_all(root))
    link = "[1.1 1. Two numbers](../notebooks/week1_sums/1_adding.ipynb#1.-Two-numbers)"
    assert f"| sums | {link} | 1.1, 1.2, 1.3 |  |" in page
    assert "| minus signs |  |  |  |" in page
    assert "Week 2" not in page


@pytest.mark.every_week
def test_the_page_is_up_to_date() -> None:
    plan, found = whole_course.read()
    text = (REPOSITORY / coverage.TARGET).read_text("utf-8")
    assert text == coverage.page(plan, found), "run: python -m coursekit build"


@pytest.mark.every_week
def test_every_week_promises_exercises_and_demonstrations() -> None:
    for week in course.read(REPOSITORY / course.FILE).weeks:
        for kind, least in (("graded", 4), ("shown", 3), ("by_hand", 1)):
            assert len(week.promised[kind]) >= least, (week.number, kind)
