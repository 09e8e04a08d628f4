"""The pages beside the lessons: what needs what, and where each idea is taught."""

import re
from pathlib import Path

import nbformat
import pytest

from coursekit.authoring import build, pages, topics
from tests.authoring import sample_course, whole_course
from tests.authoring.sample_course import REPOSITORY

pytestmark = pytest.mark.every_week


def test_the_pages_are_up_to_date() -> None:
    for name, text in pages.made(REPOSITORY, *whole_course.read()).items():
        kept = (REPOSITORY / name).read_text("utf-8")
        assert kept == text, f"{name}: run python -m coursekit build"


def test_nothing_is_needed_before_it_is_taught() -> None:
    found = pages.needs(*whole_course.read())
    order = list(found)
    assert len(order) == 29
    for name, needed in found.items():
        assert all(order.index(other) < order.index(name) for other in needed)


def test_all_but_the_first_notebook_need_another() -> None:
    first, *others = pages.needs(*whole_course.read()).values()
    assert first == []
    assert all(others)


def test_the_drawing_keeps_every_road() -> None:
    """Who needs whom, by way of others as well, can be read from the drawing."""
    needed = pages.needs(*whole_course.read())
    arrows = re.findall(r"(\w+) --> (\w+)", pages.drawn(*whole_course.read()))
    assert sorted(arrows) == sorted(
        (other, name)
        for name, others in pages.reduced(needed).items()
        for other in others
    )
    behind: dict[str, set[str]] = {}
    for name in needed:
        direct = [one for one, other in arrows if other == name]
        behind[name] = set(direct).union(*(behind[one] for one in direct))
        assert set(needed[name]) <= behind[name]


def test_what_is_needed_by_way_of_another_is_left_out() -> None:
    needed = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["a"]}
    assert pages.reduced(needed) == {"a": [], "b": ["a"], "c": ["b"], "d": ["a"]}


def test_every_topic_has_a_link_that_leads_to_a_heading() -> None:
    text = pages.index(*whole_course.read())
    links = re.findall(r"\]\(([^)#]+\.ipynb)#((?:[^()\n]|\([^()]*\))*)\)", text)
    places = [p for found in topics.index(*whole_course.read()).values() for p in found]
    assert sorted(links) == sorted((p.notebook, p.anchor) for p in places)
    assert len(places) > 300


def test_the_students_pages_are_notebooks_and_only_the_first_has_code() -> None:
    for name, text in pages.for_students(REPOSITORY, *whole_course.read()).items():
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        wanted = ["from coursekit import start\n\nstart.page()"]
        assert code == (wanted if name == pages.START else [])


def test_the_first_page_can_be_read_before_its_cell_has_run() -> None:
    plan, found = whole_course.read()
    text = pages.first_page(plan, found)
    words = "\n".join(cell.source for cell in nbformat.reads(text, 4).cells)
    assert f"# {plan.title}" in words
    assert f"{len(found)} notebooks" in words
    for lesson in found:
        assert f"[{lesson.title}]({lesson.path.as_posix()})" in words
    links = re.findall(r"\]\(([^)]+)\)", words)
    assert all((REPOSITORY / "notebooks" / link).is_file() for link in links)


def test_a_small_course_has_pages(tmp_path: Path) -> None:
    plan, found = build.load(sample_course.make(tmp_path))
    pages.write(tmp_path, plan, found)
    assert "1 Adding" in (tmp_path / pages.MAP).read_text("utf-8")
    plan_page = (tmp_path / pages.PLAN).read_text("utf-8")
    assert "| 1.2 (week 1) | How many | 1.1 (week 1) |" in plan_page


def test_every_week_has_a_quiz() -> None:
    text = pages.quizzes(REPOSITORY, *whole_course.read())
    weeks = text.split("## Week ")[1:]
    assert len(weeks) == 9
    for week in weeks:
        rows = [line for line in week.splitlines() if re.match(r"\| \d ", line)]
        assert rows, week
        for row in rows:
            questions, points = (int(cell) for cell in row.split(" | ")[2:4])
            assert questions >= points >= 1, row
