"""The topics of the sections: known words, none left out, and where each is taught."""

from pathlib import Path

import nbformat
import pytest

from coursekit.authoring import build, topics
from coursekit.authoring.course import CourseError
from coursekit.authoring.source import SourceError
from coursekit.authoring.topics import Place
from tests.authoring import sample_course, whole_course
from tests.authoring.sample_course import COURSE, SOURCE, changed

FINISHED = changed('planned = ["Taking away"]\n', "", COURSE)


def test_the_index_leads_to_the_headings(tmp_path: Path) -> None:
    index = topics.index(*build.load(sample_course.make(tmp_path)))
    section = Place(1, "week1_sums/1_adding.ipynb", "1. Two numbers", "1.-Two-numbers")
    assert index == {"sums": [section], "plus signs": [section], "minus signs": []}


def test_markup_is_no_part_of_an_anchor(tmp_path: Path) -> None:
    heading = "1. Two *small* numbers, `a` and [b](b.html)"
    sample_course.make(tmp_path, changed("1. Two numbers", heading))
    [section] = topics.index(*build.load(tmp_path))["sums"]
    assert section.heading == "1. Two small numbers, a and b"
    assert section.anchor == "1.-Two-small-numbers,-a-and-b"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "sums, plus",
            "sum, plus",
            r"no topic 'sum' in week 1\. Did you mean 'sums'\?",
        ),
        ("sums, plus", "sums, zebras, plus", r"no topic 'zebras' in week 1\.$"),
    ],
)
def test_a_word_that_is_not_known_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    sample_course.make(tmp_path, changed(old, new))
    with pytest.raises(SourceError, match=words):
        build.load(tmp_path)


def test_a_finished_week_teaches_all_its_topics(tmp_path: Path) -> None:
    lesson = changed("notebook 1 of 2", "notebook 1 of 1")
    sample_course.make(tmp_path, lesson, FINISHED)
    with pytest.raises(CourseError, match="no section has the topic 'minus signs'"):
        build.load(tmp_path)


def test_notebooks_do_not_carry_topics(tmp_path: Path) -> None:
    _, lessons = build.load(sample_course.make(tmp_path))
    build.build_source(lessons, tmp_path)
    notebook = nbformat.read(tmp_path / SOURCE, as_version=4)
    section = next(cell for cell in notebook.cells if cell.source.startswith("## 1."))
    assert section.metadata == {}


def test_every_week_that_is_written_has_topics() -> None:
    plan, lessons = whole_course.read()
    index = topics.index(plan, lessons)
    assert all(week.topics for week in plan.weeks if week.notebooks)
    assert [place.week for place in index["equivariance"]] == [1]
