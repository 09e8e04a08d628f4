"""A student's first quarter of an hour, from `make lab` to the first check that passes.

The tests are the steps of one visit, in their order.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.answers import AnswerCell, answers
from tests.e2e.conftest import QUIETLY, ROOT, RUNS_WITHIN, Lab, environment, serving
from tests.e2e.widgets import colour, contrast, expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
]

LESSON = "week1_convolution/2_operator.ipynb"
TITLE = "The convolution operator"
EXERCISE = "correlate-1d"
WRONG = "Your kernel runs backwards"
SECONDS = 1000 * RUNS_WITHIN  # what Playwright counts in
FITS = "node => node.scrollWidth <= node.clientWidth"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a student who has never used JupyterLab."""
    return tmp_path_factory.mktemp("student")


@pytest.fixture(scope="module")
def lab(
    browser: Browser, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """`make lab` in a copy of the course in which all is set up."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("Makefile", "pyproject.toml", "course.toml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "coursekit").symlink_to(ROOT / "coursekit")
    (folder / ".venv").symlink_to(sys.prefix)
    set_up = ("-o", ".venv/lab")  # make takes it for done
    command = ["make", *set_up, "lab", f"ARGS={' '.join(QUIETLY)}"]
    variables = environment(home) | {"COURSEKIT_OFFLINE": "1"}
    variables.pop("PYTEST_CURRENT_TEST")  # a person works here
    with serving(command, home, folder, variables) as running:
        yield running


@pytest.fixture(scope="module")
def visit(lab: Lab, page: Page) -> Page:
    """The page that the address of the server leads to."""
    page.goto(f"{lab.url}?token={lab.token}")
    rests(page)
    return page


def rests(page: Page) -> None:
    """Wait until the kernel of the notebook in sight is there and idle."""
    status = page.locator(".jp-StatusBar-TextItem", has_text="| Idle")
    status.wait_for(timeout=SECONDS)


def sheet(page: Page) -> Locator:
    """The notebook in sight."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def cell_with(page: Page, text: str) -> Locator:
    """The code cell of the notebook in sight whose code has this text."""
    return (
        sheet(page)
        .locator(".jp-CodeCell")
        .filter(has=page.locator(".cm-content", has_text=text))
    )


def run(cell: Locator) -> None:
    """Run a cell and wait until it has run."""
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    cell.page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before, timeout=SECONDS)
    expect(prompt).to_have_text(re.compile(r"\d"), timeout=SECONDS)


def write(cell: Locator, answer: AnswerCell) -> None:
    """Put an answer in the place of all that stands in a cell."""
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+A")
    cell.page.keyboard.insert_text(answer.source.strip())


def own_part(page: Page) -> Locator:
    """What the cell of the first page shows."""
    return sheet(page).locator("div.ck-start")


def bar(page: Page) -> Locator:
    """The progress of the lesson."""
    return own_part(page).get_by_role("progressbar", name=f"{TITLE}: exercises passed")


def answer(kind: str, words: str = "") -> AnswerCell:
    """An answer to the exercise: the first of its kind with these words."""
    fits = (one for one in answers(kind) if one.exercise == EXERCISE)
    return next(one for one in fits if words in one.words)


def test_the_first_page_opens_and_nothing_is_asked(visit: Page) -> None:
    title = sheet(visit).get_by_role("heading", name="Convolutional networks, hands on")
    expect(title).to_be_visible()
    expect(visit.locator(".jp-Dialog, .jp-toast-message")).to_have_count(0)


def test_what_was_only_opened_is_unchanged(visit: Page) -> None:
    expect(visit.locator(".lm-TabBar-tab.jp-mod-current")).to_have_count(1)
    expect(visit.locator(".jp-mod-dirty")).to_have_count(0)


def test_before_its_cell_runs_the_page_has_the_weeks(visit: Page) -> None:
    link = sheet(visit).get_by_role("link", name=TITLE)
    expect(link).to_have_count(1)
    expect(sheet(visit).get_by_role("heading", name="The weeks")).to_be_attached()


def test_its_cell_shows_what_is_next_and_what_is_here(
    visit: Page, screenshot: Callable[[str], None]
) -> None:
    run(cell_with(visit, "start.page()"))
    expect(own_part(visit)).to_contain_text("Next: week 1, notebook 1")
    expect(bar(visit)).to_have_attribute("aria-valuenow", "0")
    found = sheet(visit).locator("details.ck-start")
    expect(found).to_contain_text("PyTorch")
    found.locator("summary").click()
    found.get_by_role("rowheader", name="Network").scroll_into_view_if_needed()
    screenshot("start_found")
    assert found.evaluate(FITS)
    found.locator("summary").click()
    no_noise(visit)


@pytest.mark.parametrize("width", [1280, 700])
def test_it_fits_the_window(
    visit: Page, screenshot: Callable[[str], None], width: int
) -> None:
    visit.set_viewport_size({"width": width, "height": 1400})
    screenshot(f"start_light_{width}")
    assert own_part(visit).evaluate(FITS)
    visit.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.usefixtures("dark")
def test_it_can_be_read_in_the_dark(
    visit: Page, screenshot: Callable[[str], None]
) -> None:
    visit.set_viewport_size({"width": 1280, "height": 1400})
    screenshot("start_dark")
    for part in ("h3", "a", "small"):
        words = colour(own_part(visit).locator(part).first, "color")
        assert contrast(visit, words, "transparent") > 4.5, part
    visit.set_viewport_size({"width": 1280, "height": 900})


def test_a_click_opens_the_lesson(visit: Page) -> None:
    own_part(visit).get_by_role("link", name=TITLE).click()
    heading = sheet(visit).get_by_role("heading", name=TITLE)
    expect(heading).to_be_visible()
    rests(visit)
    current = visit.locator(".lm-TabBar-tab.lm-mod-current[data-type='document-title']")
    expect(current).not_to_have_class(re.compile("jp-mod-dirty"))


def test_the_lesson_runs_up_to_the_exercise(visit: Page) -> None:
    """By the menu, with the cell of the exercise selected."""
    cell_with(visit, "def correlate1d").locator(".cm-content").click()
    visit.get_by_role("menuitem", name="Run", exact=True).click()
    visit.get_by_role("menuitem", name="Run All Above Selected Cell").click()
    expect(cell_with(visit, "import numpy").locator(".jp-InputPrompt")).to_have_text(
        re.compile(r"\[\d+\]"), timeout=SECONDS
    )
    rests(visit)
    no_noise(visit)


def test_a_wrong_answer_is_told_what_is_wrong(visit: Page) -> None:
    write(cell_with(visit, "def correlate1d"), answer("wrong", WRONG))
    run(cell_with(visit, "def correlate1d"))
    check = cell_with(visit, "checks.week1.correlate1d")
    run(check)
    expect(check).to_contain_text(WRONG)
    expect(check).not_to_contain_text("Traceback")


def test_a_right_answer_passes(visit: Page, home: Path) -> None:
    write(cell_with(visit, "def correlate1d"), answer("right"))
    run(cell_with(visit, "def correlate1d"))
    check = cell_with(visit, "checks.week1.correlate1d")
    run(check)
    expect(check).to_contain_text(f"✓ {EXERCISE}: all")
    expect(check).not_to_contain_text(WRONG)
    no_noise(visit)
    kept = json.loads((home / "share/coursekit/progress.json").read_text("utf-8"))
    assert kept == {"passed": [EXERCISE]}


def test_the_first_page_knows_it_when_it_runs_again(
    visit: Page, screenshot: Callable[[str], None]
) -> None:
    visit.keyboard.press("Control+S")
    visit.get_by_role("tab", name="start.ipynb").click()
    run(cell_with(visit, "start.page()"))
    expect(bar(visit)).to_have_attribute("aria-valuenow", "1")
    expect(own_part(visit)).to_contain_text("Go on with: week 1, notebook 2")
    screenshot("start_again")
    no_noise(visit)


def test_nothing_has_asked_for_anything(visit: Page) -> None:
    expect(visit.locator(".jp-Dialog, .jp-toast-message")).to_have_count(0)


def no_noise(page: Page) -> None:
    """No cell of the notebook in sight has written to standard error."""
    stderr = '[data-mime-type="application/vnd.jupyter.stderr"]'
    expect(sheet(page).locator(stderr)).to_have_count(0)


def test_the_users_settings_are_untouched(home: Path) -> None:
    files = [
        Path(at) / name for at, _, some in os.walk(home / "settings") for name in some
    ]
    assert [file.name for file in files if "notification" in file.name] == []
