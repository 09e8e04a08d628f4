"""The students' map of the course: read from the lessons, and up to date."""

import json
import re
from pathlib import Path

import pytest

from coursekit.authoring import atlas_file, build
from coursekit.authoring.atlas_file import explicit, names, pointers
from tests.authoring import sample_course, whole_course
from tests.authoring.sample_course import ADDING, REPOSITORY, changed

KEYS = {"week", "number", "title", "path", "minutes", "needs", "sections", "exercises"}
KEYS |= {"week_title"}
EXERCISE_KEYS = {"name", "id", "checked", "title", "points", "minutes", "needs"}


def made(tmp_path: Path, lesson: str = ADDING) -> list[dict[str, object]]:
    """What the atlas of the sample course says of its notebooks."""
    course, lessons = build.load(sample_course.make(tmp_path, lesson))
    return json.loads(atlas_file.as_json(course, lessons))


def test_a_notebook_has_its_sections_and_exercises(tmp_path: Path) -> None:
    [found] = made(tmp_path)
    assert (found["week"], found["number"], found["title"]) == (1, 1, "Adding")
    assert found["path"] == "week1_sums/1_adding.ipynb"
    assert found["minutes"] == 45
    assert found["needs"] == []
    assert found["sections"] == [
        {
            "heading": "1. Two numbers",
            "topics": ["sums", "plus signs"],
            "needs": [],  # but for its own exercises
        }
    ]
    exercises = found["exercises"]
    assert isinstance(exercises, list)
    assert exercises[2] == {
        "name": "1.3 (week 1)",
        "id": "in-words",
        "checked": False,
        "title": "In words",
        "points": 3,
        "minutes": 10,
        "needs": ["1.1 (week 1)", "1.2 (week 1)"],
    }


def test_nothing_of_a_solution_is_read(tmp_path: Path) -> None:
    secret = changed("When the parts overlap", "See week 1: when the parts overlap")
    assert made(tmp_path / "a", secret) == made(tmp_path / "b")


@pytest.mark.parametrize(
    ("text", "here", "expected"),
    [
        ("week 1, and courage", (2, 1), ["week 1"]),
        ("notebook 1 of this week, and NumPy", (2, 2), ["week 2, notebook 1"]),
        ("notebook 2 of week 1", (2, 1), ["week 1, notebook 2"]),
        ("pooling (week 3, notebook 1)", (8, 1), ["week 3, notebook 1"]),
        ("week 4 (notebook 4)", (6, 1), ["week 4, notebook 4"]),
        (
            "week 4, notebooks 2 and 4",
            (6, 1),
            ["week 4, notebook 2", "week 4, notebook 4"],
        ),
        (
            "notebooks 1 to 3 of week 2",
            (3, 1),
            [f"week 2, notebook {number}" for number in (1, 2, 3)],
        ),
        ("week 1: notebook 2", (2, 1), ["week 1, notebook 2"]),
        (
            "week 3, notebook 2, and from notebook 1 the start",
            (5, 2),
            ["week 3, notebook 2", "week 5, notebook 1"],
        ),
        (
            "the counts of week 4 (notebook 4), its ten crops (notebook 3)",
            (6, 4),
            ["week 4, notebook 3", "week 4, notebook 4"],
        ),
        ("from week 1 the counts (exercise 3.8)", (4, 1), ["week 1, notebook 3"]),
        ("exercises 3.1 and 3.2 of week 2", (3, 2), ["week 2, notebook 3"]),
        ("from this week VGG", (6, 4), ["week 6"]),
        ("from this week nothing", (6, 1), []),
        ("week 9 comes back to it", (6, 1), []),
        ("no numbers at all", (3, 1), []),
    ],
)
def test_what_a_lesson_says_that_it_needs(
    text: str, here: tuple[int, int], expected: list[str]
) -> None:
    assert names(pointers(text, here)) == expected


def test_prose_points_only_where_it_names_a_week() -> None:
    text = "As in week 2,\nnotebook 3, and notebook 1; week 8 will tell. See week 1."
    assert names(explicit(text, (4, 2))) == ["week 1", "week 2, notebook 3"]


def test_what_is_not_needed_is_left_out() -> None:
    source = "# Title\n\n**You need** week 1.\nNotebook 2 of week 3 is not needed.\n\nx"
    [found] = atlas_file.paragraphs(source, atlas_file.NEEDED)
    assert names(pointers(found, (4, 1))) == ["week 1"]


def test_a_week_is_left_out_where_its_notebook_is_named() -> None:
    text = "As in week 2; and in notebook 3 of week 2. See week 1."
    assert names(explicit(text, (4, 2))) == ["week 1", "week 2, notebook 3"]


@pytest.mark.every_week
def test_the_atlas_tells_students_nothing_new() -> None:
    """But for its topics, all of its words stand in the students' notebooks."""
    for one in json.loads((REPOSITORY / atlas_file.TARGET).read_text("utf-8")):
        notebook = json.loads((REPOSITORY / "notebooks" / one["path"]).read_text())
        cells = ["".join(cell["source"]) for cell in notebook["cells"]]
        shown = re.sub(r"[*`]|\[|\]\([^)]*\)", "", "\n".join(cells))
        assert set(one) == KEYS
        for each in one["sections"]:
            assert f"# {each['heading']}\n" in f"{shown}\n"
            assert set(each) == {"heading", "topics", "needs"}
        for each in one["exercises"]:
            assert each["title"] in shown
            assert each.keys() == EXERCISE_KEYS


@pytest.mark.every_week
def test_the_atlas_is_small_and_holds_no_code() -> None:
    text = (REPOSITORY / atlas_file.TARGET).read_text("utf-8")
    assert len(text.encode()) < 120_000
    assert not re.search(r"BEGIN SOLUTION|\w+_\w+\(|==|lambda", text)


@pytest.mark.every_week
def test_the_atlas_is_that_of_the_lessons() -> None:
    text = (REPOSITORY / atlas_file.TARGET).read_text("utf-8")
    assert text == atlas_file.as_json(*whole_course.read()), "build the notebooks"


def test_the_build_writes_it(tmp_path: Path) -> None:
    target = tmp_path / "atlas.json"
    course, lessons = build.load(sample_course.make(tmp_path / "course"))
    atlas_file.write(target, course, lessons)
    assert target.read_text("utf-8") == atlas_file.as_json(course, lessons)
