"""The first page: how far, what is next, what is installed."""

import re
from pathlib import Path

import pytest

from coursekit import atlas, logbook, start
from coursekit.doctor import Finding, State

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own file for the progress."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv(logbook.VARIABLE, str(path))
    return path


def checked(lesson: str) -> list[str]:
    """The ids of the exercises of a lesson that have a check."""
    known = atlas.exercises().values()
    return [one.id for one in known if one.notebook == lesson and one.checked]


def next_lesson() -> str:
    """The name of the lesson that comes next."""
    found = start.read().next
    return found.lesson.name if found else ""


def test_at_first_nothing_has_passed_and_the_first_lesson_is_next() -> None:
    page = start.read()
    assert [one.passed for one in page.lessons] == [0] * len(atlas.notebooks())
    assert next_lesson() == "week 1, notebook 1"
    assert "Next: week 1, notebook 1" in page.html()


def test_every_exercise_with_a_check_counts_and_others_do_not() -> None:
    totals = sum(one.total for one in start.read().lessons)
    everything = atlas.exercises().values()
    by_hand = [one for one in everything if not one.checked]
    assert by_hand
    assert totals == len(everything) - len(by_hand)
    points = sum(one.points for one in start.read().lessons)
    assert points == sum(one.points for one in everything)


def test_an_unfinished_lesson_is_gone_on_with() -> None:
    logbook.add(checked("week 2, notebook 1")[1])
    assert next_lesson() == "week 2, notebook 1"
    html = start.read().html()
    assert "Go on with: week 2, notebook 1" in html
    total = len(checked("week 2, notebook 1"))
    assert f'aria-valuemax="{total}" aria-valuenow="1"' in html
    assert f"1 of {total} passed" in html


def test_the_latest_counts() -> None:
    for name in ("week 3, notebook 1", "week 1, notebook 2"):
        logbook.add(checked(name)[0])
    assert next_lesson() == "week 1, notebook 2"


def test_a_finished_lesson_leads_to_the_one_after_it() -> None:
    for name in checked("week 2, notebook 3"):
        logbook.add(name)
    assert next_lesson() == "week 3, notebook 1"
    assert "✓" in start.read().html()


def test_behind_the_last_lesson_comes_what_was_skipped() -> None:
    for name in checked(list(atlas.notebooks())[-1]):
        logbook.add(name)
    assert next_lesson() == "week 1, notebook 1"


def test_at_the_end_nothing_is_next(file: Path) -> None:
    logbook.write(file, [one.id for one in atlas.exercises().values()])
    page = start.read()
    assert page.next is None
    assert "Every check of the course has passed." in page.html()
    assert "Every check of the course has passed." in page.text()


def test_ids_that_are_not_of_the_course_do_no_harm() -> None:
    logbook.add("of another course")
    assert next_lesson() == "week 1, notebook 1"


def test_every_link_leads_to_a_notebook() -> None:
    links = re.findall(r'href="([^"]+)"', start.read().html())
    assert {*links} == {one.path for one in atlas.notebooks().values()}
    assert all((NOTEBOOKS / link).is_file() for link in links)


def test_each_lesson_has_a_bar_with_a_name_and_words() -> None:
    html = start.read().html()
    bars = re.findall(r'role="progressbar" aria-label="([^"]+)"', html)
    assert len(bars) == len(atlas.notebooks())
    assert html.count("aria-valuetext") == len(bars)


def test_the_plain_text_has_a_line_for_each_lesson(file: Path) -> None:
    logbook.add(checked("week 1, notebook 1")[0])
    text = start.read().text()
    for one in atlas.notebooks().values():
        assert one.title in text
    assert "1.1 █" in text
    assert str(file) in text


def test_page_prints_where_no_notebook_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"students": [Finding("Coffee", State.WITHOUT, "none", "make some")]}
    monkeypatch.setattr("coursekit.doctor.examine", lambda: found)
    start.page()
    printed = capsys.readouterr()
    assert "Next: week 1, notebook 1" in printed.out
    assert "– Coffee: none. To do: make some." in printed.out
    assert printed.err == ""


def test_what_was_found_is_folded_until_something_is_missing() -> None:
    here = Finding("Python", State.HERE, "3.11")
    assert "<details" in start.findings_html([here])
    assert " open>" not in start.findings_html([here])
    broken = Finding("PyTorch", State.MISSING, "<gone>", "run `this`")
    html = start.findings_html([here, broken])
    assert " open>" in html
    assert "Missing, and the lessons need it: PyTorch" in html
    assert "&lt;gone&gt;" in html
    assert 'aria-label="missing"' in html
