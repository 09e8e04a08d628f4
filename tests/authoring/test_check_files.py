"""A check cell and the file of the checks agree, or the build says what differs."""

from pathlib import Path

import pytest

from coursekit.authoring import build, check_files
from coursekit.authoring.errors import AuthoringError
from coursekit.checks import REGISTRY, WEEKS
from tests.authoring import sample_course
from tests.authoring.sample_course import CHECK_FILE, CHECKS, QUIZ, changed

SUM, COUNT = "checks.week1.add(add)", "checks.week1.how_many(sides_of_a_cube="
TWO_ANSWERS = "add(first: Answer, second: Answer, cases"
NEW_CHECK = '\n\n@exercise("product")\ndef times(answer, cases):\n    pass\n'


@pytest.mark.every_week
def test_what_is_read_is_what_is_found_by_import() -> None:
    """The two roads to a check, through its text and through Python, agree."""
    read = check_files.read(sample_course.REPOSITORY)
    assert {definition.id for definition in read} == set(REGISTRY)
    for definition in read:
        check = REGISTRY[definition.id]
        assert getattr(WEEKS[definition.week], definition.name) is check
        assert definition.parameters == check.parameters
        assert definition.quiz == hasattr(check, "questions")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (SUM, "checks.week2.add(add)", "belongs to week1: call checks.week1.add"),
        (SUM, "checks.week1.plus(add)", "week1.plus does not exist: define it in cou"),
        (SUM, "checks.week1.add(sum)", r"call it as checks\.week1\.add\(add\)"),
        (SUM, "checks.week1.add(answer=add)", r"call it as checks\.week1\.add\(add\)"),
        (SUM, "checks.week1.add()", r"call it as checks\.week1\.add\(add\)"),
        (COUNT, "checks.week1.how_many(sides=", "how_many.sides_of_a_cube=sides_of"),
        ("points=1 quiz=1", "points=1", "write quiz=1 in its header"),
        ("points=2", "points=2 quiz=1", "delete quiz=1 from its header"),
    ],
)
def test_a_call_that_differs_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    sample_course.make(tmp_path, changed(old, new))
    with pytest.raises(AuthoringError, match=words) as caught:
        build.load(tmp_path)
    assert str(caught.value).startswith("solutions/week1_sums/1_adding.py, cell ")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('exercise("sum")', 'exercise("total")', "add checks 'total', this cell says"),
        ("def add(", "def plus(", "week1.add does not exist"),
        ("add(answer: Answer, cases", TWO_ANSWERS, r"week1\.add\(first, second\)"),
        ('quiz("how-many")', 'quiz("how")', "how_many checks 'how', this cell says"),
        ('quiz("how-many")', 'quiz("how-many"', "adding.py cannot be read"),
        ("how_many =", "add =", "has a check add already, for 'sum'"),
        ('quiz("how-many")', 'quiz("sum")', "has a check of 'sum' already"),
        ('quiz("how-many")\n', 'quiz("how-many")' + NEW_CHECK, "no lesson has an exer"),
    ],
)
def test_a_file_that_differs_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    sample_course.make(tmp_path, checks=changed(old, new, CHECKS))
    with pytest.raises(AuthoringError, match=words):
        build.load(tmp_path)


def test_checks_stand_in_the_file_of_their_lesson(tmp_path: Path) -> None:
    path = sample_course.make(tmp_path) / CHECK_FILE
    path.rename(path.with_name("sums.py"))
    with pytest.raises(AuthoringError, match=r"sums\.py\. The checks of this lesson"):
        build.load(tmp_path)


def test_names_are_free_again_in_the_next_week(tmp_path: Path) -> None:
    path = sample_course.make(tmp_path) / "coursekit/checks/week2/products.py"
    path.parent.mkdir()
    path.write_text(changed('"sum"', '"product"', CHECKS.split("how_many")[0]))
    assert len(check_files.read(tmp_path)) == 3
    path.write_text(CHECKS)
    with pytest.raises(AuthoringError, match=r"week2/products.py: .*week1/adding.py"):
        check_files.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "questions of 'how-many' are missing"),
        (changed("sides_of_a_cube", "sides", QUIZ), r"how_many\(sides=sides\)"),
        ("[how-many", "week1_sums/quiz.toml cannot be read"),
    ],
)
def test_a_quiz_has_the_questions_that_the_lesson_asks(
    tmp_path: Path, text: str, words: str
) -> None:
    sample_course.make(tmp_path)
    (tmp_path / sample_course.QUESTIONS).write_text(text)
    with pytest.raises(AuthoringError, match=words):
        build.load(tmp_path)
