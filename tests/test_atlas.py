"""The map of the course, as students ask it."""

import pytest

from coursekit import atlas


def test_every_notebook_says_what_it_needs_and_all_of_it_comes_before() -> None:
    needs, order = atlas.needs(), list(atlas.notebooks())
    assert list(needs) == order
    for name, some in needs.items():
        assert all(order.index(other) < order.index(name) for other in some)
        assert some or name == "week 1, notebook 1"


def test_every_exercise_needs_earlier_ones() -> None:
    known = atlas.exercises()
    order = list(known)
    for name, one in known.items():
        assert all(order.index(other) < order.index(name) for other in one.needs)
        assert one.notebook in atlas.notebooks()


def test_a_whole_week_is_all_of_its_notebooks() -> None:
    assert "week 3" in atlas.notebooks()["week 4, notebook 1"].needs
    found = atlas.needs()["week 4, notebook 1"]
    assert found == [
        "week 1, notebook 3",
        "week 3, notebook 1",
        "week 3, notebook 2",
    ]


def test_some_roads_that_a_reader_would_draw() -> None:
    needs = atlas.needs()
    assert needs["week 8, notebook 1"] == ["week 3, notebook 1", "week 3, notebook 2"]
    assert "week 5, notebook 2" in needs["week 7, notebook 2"]
    assert "week 4, notebook 3" not in needs["week 4, notebook 5"]
    assert "week 6, notebook 3" in needs["week 6, notebook 4"]


def test_ideas_are_found() -> None:
    found = {section.notebook for section in atlas.find("Padding")}
    assert {"week 2, notebook 1", "week 2, notebook 3"} <= found
    assert atlas.find("no such idea") == []
    assert len({idea for one in atlas.sections() for idea in one.ideas}) > 250


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("pre-activation", "week 7, notebook 2: 5. A clear road"),
        ("softmax", "week 3, notebook 2: 1. From scores to one number"),
        ("no such idea", "in no section"),
    ],
)
def test_where_an_idea_is_taught(words: str, place: str) -> None:
    assert atlas.where(words) == place


def test_an_exact_word_comes_first() -> None:
    exact = [one for one in atlas.find("dropout") if "dropout" in one.ideas]
    assert atlas.where("dropout") == f"{exact[0].notebook}: {exact[0].heading}"


def test_a_page_holds_every_idea_once_a_section() -> None:
    page = atlas.page()
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    weeks = {one.week for one in atlas.notebooks().values()}
    assert page.count("<details>") == len(weeks)
    ideas = [idea for one in atlas.sections() for idea in one.ideas]
    assert len(rows) == len(ideas) + len(weeks)  # each table has a head
    assert all(line.count("|") == 4 for line in rows)
    row = (
        "| pre-activation | week 7, notebook 2: 5. A clear road | 2.3 (week 7), week 5,"
    )
    assert row in page


def test_a_table_has_the_ideas_of_its_week() -> None:
    assert "padding" in atlas.table(2)
    assert "week 3, notebook" not in atlas.table(2)
