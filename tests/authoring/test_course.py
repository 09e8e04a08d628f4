"""course.toml is read as it is meant, refused when wrong, and agrees with lessons."""

from pathlib import Path

import pytest

from coursekit.authoring import build, course, course_map
from coursekit.authoring.course import CourseError
from coursekit.authoring.errors import AuthoringError
from tests.authoring import sample_course
from tests.authoring.sample_course import ADDING, COURSE, README, REPOSITORY, changed


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
    ((week, notebook),) = found.notebooks()
    assert (week.number, notebook.minutes, notebook.points) == (1, 45, 6)
    assert notebook.exercises[2].needs == ("sum", "how-many")
    assert found.data() == ["mnist"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "Sums"\n\n', "title = \n\n", "cannot be read"),
        ('title = "Sums"\n\n', "", "title must be a text"),
        ('title = "Sums"\n\n', 'title = "Sums"\nyear = 1\n', "unknown key 'year'"),
        ("number = 1\n", 'number = "1"\n', "number must be a whole number"),
        ("minutes = 45", "minutes = 0", "minutes must be"),
        ("points = 6", "points = true", "points must be"),
        ("minutes = 45", "minuts = 45", "unknown key 'minuts'"),
        ('data = ["mnist"]', 'data = "mnist"', "data must be a list of texts"),
        ('id = "sum" }', 'id = "sum", points = 2 }', "unknown key 'points'"),
        ('needs = ["sum"]', 'needs = ["product"]', "no earlier exercise"),
        ('needs = ["sum"]', 'needs = ["in-words"]', "no earlier exercise"),
        ('id = "how-many"', 'id = "sum"', "used twice"),
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
    assert [item.lesson.name for item in lessons] == ["1_adding"]
    assert plan.title == "Sums"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# # Adding", "# # Sums", "its title"),
        ("about 45 minutes", "about 50 minutes", "about 50 minutes"),
        ("# Week 1 · notebook 1 of 2", "# About this: 1 of 2", "no such line"),
        ("needs 1.1, 1.2", "needs 1.2", "prerequisites of 1.3"),
        ("needs nothing", "needs 1.1 (week 2)", "prerequisites of 1.1"),
        ("· 5 minutes", "· 30 minutes", "take 50 minutes, the whole notebook 45"),
        (
            "# %% [markdown]\n# ### Exercise 1.3 · In words\n# 3 points · 10 minutes · "
            "●●●○○ · needs 1.1, 1.2\n#\n# When is a sum the wrong tool?\n\n"
            '# %% [markdown] manual="in-words" points=3\n# ### BEGIN SOLUTION\n'
            "# When the parts overlap and would be counted twice.\n"
            "# ### END SOLUTION\n",
            "",
            "its exercises",
        ),
    ],
)
def test_a_lesson_that_differs_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    sample_course.make(tmp_path, changed(old, new))
    with pytest.raises(CourseError, match=words):
        build.load(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("points = 6", "points = 7", "7 points"),
        ("minutes = 45", "minutes = 95", "95 minutes"),
    ],
)
def test_a_course_that_differs_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    sample_course.make(tmp_path, course=changed(old, new, COURSE))
    with pytest.raises(CourseError, match=words):
        build.load(tmp_path)


def test_a_notebook_is_not_overlong(tmp_path: Path) -> None:
    lesson = changed("about 45 minutes", "about 95 minutes")
    sample_course.make(tmp_path, lesson, changed("= 45", "= 95", COURSE))
    with pytest.raises(CourseError, match="plan 45 to 90"):
        build.load(tmp_path)


def test_points_are_added_up(tmp_path: Path) -> None:
    lesson = changed("· 6 points", "· 7 points")
    sample_course.make(tmp_path, lesson, changed("points = 6", "points = 7", COURSE))
    with pytest.raises(CourseError, match="its points are 6"):
        build.load(tmp_path)


def test_nothing_is_missing_on_either_side(tmp_path: Path) -> None:
    sample_course.make(tmp_path)
    second = tmp_path / "solutions/week1_sums/2_more.py"
    second.write_text(ADDING.replace("1.", "2."), encoding="utf-8")
    with pytest.raises(CourseError, match=r"2_more is missing in course\.toml"):
        build.load(tmp_path)
    with pytest.raises(CourseError, match=r"not in course\.toml"):
        build.load(tmp_path, [second])
    second.rename(tmp_path / "elsewhere.py")
    (tmp_path / sample_course.LESSON).rename(tmp_path / "solutions/week1_sums/3_x.py")
    with pytest.raises(CourseError, match=r"1_adding is missing in solutions/"):
        course.check_complete(course.read(tmp_path / "course.toml"), [])


def test_a_course_without_lessons_is_refused(tmp_path: Path) -> None:
    sample_course.make(tmp_path)
    (tmp_path / sample_course.LESSON).unlink()
    with pytest.raises(AuthoringError, match="no lessons"):
        build.load(tmp_path)


def test_the_map_links_what_is_written(tmp_path: Path) -> None:
    table = course_map.table(read(tmp_path, COURSE))
    written, planned = table.split("\n")[2:]
    assert "[Adding](notebooks/week1_sums/1_adding.ipynb)" in written
    assert "<br>*planned:* Taking away |" in written
    assert "0 h 45 | 6 |" in written
    assert "| *planned:* Multiplying | – | – |" in planned


def test_the_map_replaces_the_old_one(tmp_path: Path) -> None:
    found = read(tmp_path, COURSE)
    once = course_map.insert(README, found)
    assert once.startswith("# Sums\n")
    assert once.endswith("\n\nThe end.\n")
    assert course_map.table(found) in once
    assert course_map.insert(once, found) == once


@pytest.mark.parametrize(
    "text", ["", "<!-- map:end --><!-- map:begin -->", "<!-- map:begin -->", README * 2]
)
def test_a_readme_without_marks_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuthoringError, match="map:begin"):
        course_map.insert(text, read(tmp_path, COURSE))


def test_the_course_has_nine_weeks() -> None:
    found = course.read(REPOSITORY / "course.toml")
    assert len(found.weeks) == 9
    first = found.weeks[0]
    assert [notebook.points for notebook in first.notebooks] == [12, 12, 20]
    assert sum(len(notebook.exercises) for notebook in first.notebooks) == 24
    assert all(week.planned or week.notebooks for week in found.weeks)
