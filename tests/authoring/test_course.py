"""course.toml is read as it is meant, refused when wrong, and agrees with lessons."""

from pathlib import Path

import pytest

from coursekit.authoring import build, course, course_map
from coursekit.authoring.course import CourseError
from coursekit.authoring.errors import AuthoringError
from tests.authoring import sample_course
from tests.authoring.sample_course import (
    ADDING,
    COURSE,
    LESSON,
    README,
    REPOSITORY,
    changed,
)


def read(root: Path, text: str) -> course.Course:
    """The course described by `text`."""
    path = root / "course.toml"
    path.write_text(text, encoding="utf-8")
    return course.read(path)


def test_the_sample_course(tmp_path: Path) -> None:
    found = read(tmp_path, COURSE)
    assert found.title == "Sums"
    assert [week.id for week in found.weeks] == ["week1_sums", "week2_products"]
    assert found.weeks[0].planned == ("Taking away",)
    assert found.weeks[0].notebooks == ("1_adding",)
    assert found.weeks[0].topics == ("sums", "plus signs", "minus signs")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "Sums"\n\n', "title = \n\n", "cannot be read"),
        ('title = "Sums"\n\n', "", "title must be a text"),
        ('title = "Sums"\n\n', 'title = "Sums"\nyear = 1\n', "unknown key 'year'"),
        ("number = 1\n", 'number = "1"\n', "number must be a whole number"),
        ('data = ["mnist"]', 'data = "mnist"', "data must be a list of texts"),
        ('planned = ["Taking', 'plan = ["Taking', "unknown key 'plan'"),
        ('["1_adding"]', "[1]", "notebooks must be a list of texts"),
        ('["1_adding"]', '["3_adding"]', "'3_adding' must be named like 1_small"),
        ('["1_adding"]', '["1_Adding"]', "'1_Adding' must be named like 1_small"),
        ('["1_adding"]', '["1_adding", "4_x"]', "'4_x' must be named like 2_small"),
        ('["1_adding"]', '["1_adding", "1_x"]', "'1_x' must be named like 2_small"),
        ("number = 2\n", "number = 3\n", "week 2 must have number = 2"),
        ('"week2_products"', '"products"', "starts with week2_"),
    ],
)
def test_a_wrong_course_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(CourseError, match=words) as caught:
        read(tmp_path, changed(old, new, COURSE))
    assert str(caught.value).startswith("course.toml")


def test_a_missing_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"course\.toml cannot be read"):
        course.read(tmp_path / "course.toml")


def test_lesson_and_course_agree(tmp_path: Path) -> None:
    plan, lessons = build.load(sample_course.make(tmp_path))
    assert [lesson.name for lesson in lessons] == ["1_adding"]
    assert plan.title == "Sums"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("notebook 1 of 2", "notebook 1 of 3", "it must be 'Week 1 · notebook 1 of 2"),
        ("Week 1 · notebook", "Week 2 · notebook", "it must be 'Week 1 · notebook 1"),
        ("· 6 points", "· 7 points", "about 45 minutes · 6 points'"),
        ("about 45 minutes", "about 136 minutes", "136 minutes; plan 45 to 135"),
        ("about 45 minutes", "about 91 minutes", "Say above the first code cell that"),
        ("about 45 minutes", "about 44 minutes", "44 minutes; plan 45 to 135"),
        ("· 5 minutes", "· 30 minutes", "take 50 minutes, the whole notebook 45"),
        ("needs 1.1, 1.2", "needs 1.1, 1.9", "it needs 1.9, but no earlier exercise"),
        ("needs 1.1, 1.2", "needs 1.3", "it needs 1.3, but no earlier exercise of we"),
        ("needs nothing", "needs 1.1 (week 2)", "no earlier exercise of week 2 has"),
    ],
)
def test_a_lesson_that_differs_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    sample_course.make(tmp_path, changed(old, new))
    with pytest.raises(AuthoringError, match=words) as caught:
        build.load(tmp_path)
    assert str(caught.value).startswith(LESSON.as_posix())


def test_an_open_build_may_be_for_another_evening(tmp_path: Path) -> None:
    text = changed("2 points · 10", "2 points · 60", changed("A sum", "Build: a sum"))
    assert build.load(sample_course.make(tmp_path, text))[1]


BELOW = "# ## 1. Two numbers"
ABOVE = "# ```sh\n# # this is no heading"


@pytest.mark.parametrize(
    ("minutes", "old", "new"),
    [
        (90, ABOVE, ABOVE),
        (91, ABOVE, f"# Take two\n# sittings.\n#\n{ABOVE}"),
        (135, ABOVE, f"# Plan two sittings.\n#\n{ABOVE}"),
    ],
)
def test_a_long_lesson_says_that_it_takes_two_sittings(
    tmp_path: Path, minutes: int, old: str, new: str
) -> None:
    text = changed("about 45 minutes", f"about {minutes} minutes", changed(old, new))
    [lesson] = build.load(sample_course.make(tmp_path, text))[1]
    assert lesson.minutes == minutes


def test_two_sittings_further_down_are_told_too_late(tmp_path: Path) -> None:
    told = changed(BELOW, f"{BELOW}\n#\n# Take two sittings.")
    sample_course.make(tmp_path, changed("about 45", "about 120", told))
    with pytest.raises(CourseError, match="too many for one sitting"):
        build.load(tmp_path)


SECOND = ADDING.replace("Exercise 1.", "Exercise 2.").replace(
    "notebook 1", "notebook 2"
)
TWO = changed('["1_adding"]', '["1_adding", "2_more"]', COURSE)


def two_lessons(root: Path, second: str, course: str) -> Path:
    """The sample course with a second lesson; returns the path of that."""
    first = ADDING.replace("1 of 2", "1 of 3")
    path = sample_course.make(root, first, course) / "solutions/week1_sums/2_more.py"
    path.write_text(second.replace("2 of 2", "2 of 3"), encoding="utf-8")
    return path


def test_an_id_is_used_once_in_the_course(tmp_path: Path) -> None:
    two_lessons(tmp_path, SECOND, TWO)
    with pytest.raises(
        AuthoringError, match=r"2_more.*'sum' is used already in .*1_ad"
    ):
        build.load(tmp_path)


def test_exercises_may_need_those_of_an_earlier_lesson(tmp_path: Path) -> None:
    by_hand = SECOND.split("# %% [markdown]\n# ### Exercise 2.1")[0]
    by_hand += "# %% [markdown]\n# ### Exercise 2.3" + SECOND.split("Exercise 2.3")[1]
    by_hand = by_hand.replace("2.3", "2.1").replace("in-words", "more-words")
    path = two_lessons(tmp_path, by_hand.replace("6 points", "3 points"), TWO)
    _, lessons = build.load(tmp_path)
    assert [lesson.name for lesson in lessons] == ["1_adding", "2_more"]
    _, [chosen] = build.load(tmp_path, [path])
    assert chosen.name == "2_more"


def test_nothing_is_missing_on_either_side(tmp_path: Path) -> None:
    two_lessons(tmp_path, SECOND, COURSE)
    with pytest.raises(CourseError, match=r"2_more is missing in course\.toml"):
        build.load(tmp_path)
    (tmp_path / LESSON).unlink()
    with pytest.raises(CourseError, match=r"1_adding is missing in solutions/"):
        build.load(tmp_path)


def test_a_path_that_is_no_lesson_is_refused(tmp_path: Path) -> None:
    sample_course.make(tmp_path)
    with pytest.raises(AuthoringError, match=r"course\.toml is no lesson"):
        build.load(tmp_path, [tmp_path / "course.toml"])


def test_a_course_without_lessons_is_refused(tmp_path: Path) -> None:
    sample_course.make(tmp_path)
    (tmp_path / LESSON).unlink()
    with pytest.raises(AuthoringError, match="no lessons"):
        build.load(tmp_path)


def test_the_map_links_what_is_written(tmp_path: Path) -> None:
    table = course_map.table(*build.load(sample_course.make(tmp_path)))
    written, planned = table.split("\n")[2:]
    assert "[Adding](notebooks/week1_sums/1_adding.ipynb)" in written
    assert "<br>*planned:* Taking away |" in written
    assert "0 h 45 | 6 |" in written
    assert "| *planned:* Multiplying | – | – |" in planned


def test_the_map_replaces_the_old_one(tmp_path: Path) -> None:
    found = build.load(sample_course.make(tmp_path))
    once = course_map.insert(README, *found)
    assert once.startswith("# Sums\n")
    assert once.endswith("\n\nThe end.\n")
    assert course_map.table(*found) in once
    assert course_map.insert(once, *found) == once


@pytest.mark.parametrize(
    "text", ["", "<!-- map:end --><!-- map:begin -->", "<!-- map:begin -->", README * 2]
)
def test_a_readme_without_marks_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuthoringError, match="map:begin"):
        course_map.insert(text, *build.load(sample_course.make(tmp_path)))


def test_the_course_has_nine_weeks() -> None:
    found = course.read(REPOSITORY / "course.toml")
    assert len(found.weeks) == 9
    assert len(found.weeks[0].notebooks) == 3
    assert all(week.planned or week.notebooks for week in found.weeks)
