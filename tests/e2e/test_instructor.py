"""An instructor grades in Formgrader: by button, by hand, and the feedback is read.

The tests are the steps of one sitting, in their order. The course is the one that
`nbgrader quickstart` makes, with our two lines in its configuration. The answer ends
the process that runs it: nbgrader alone could not give it any points.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coursekit.grading.boundary import sandbox
from tests.e2e.conftest import QUIETLY, RUNS_WITHIN, Lab, environment, serving
from tests.e2e.widgets import expect
from tests.grading.boundary.test_nbgrader import (
    CONFIGURE,
    SUBMISSIONS,
    hand_in,
    nbgrader,
    scores,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STUDENT = "ends"
BY_HAND = "cell-938593c4a215c6cc"
NOTEBOOK = "problem1"
COMMENT = "Well seen, and said in one line."
SECONDS = 1000 * RUNS_WITHIN  # what Playwright counts in


@pytest.fixture(scope="module")
def course(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one submission that nobody has graded yet."""
    if reason := sandbox.missing():
        pytest.skip(reason)
    root = tmp_path_factory.mktemp("instructor")
    nbgrader(root, "quickstart", "course101")
    folder = root / "course101"
    with (folder / "nbgrader_config.py").open("a") as file:
        file.write(CONFIGURE)
    nbgrader(folder, "generate_assignment", "ps1")
    hand_in(folder, STUDENT, SUBMISSIONS[STUDENT])
    return folder


@pytest.fixture(scope="module")
def lab(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """`jupyter lab` in the folder of the course."""
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "jupyterlab", "--allow-root", *QUIETLY]
    with serving(command, home, course, environment(home)) as running:
        yield running


@pytest.fixture
def submissions(lab: Lab, page: Page) -> Locator:
    """The row of the student in Formgrader's list of submissions."""
    page.goto(f"{lab.url}formgrader/manage_submissions/ps1?token={lab.token}")
    return page.get_by_role("row").filter(has_text=STUDENT)


def press(row: Locator, button: str) -> None:
    """Press a button of Formgrader's list and wait until it says that it worked."""
    row.locator(f".{button} a").click()
    said = row.page.locator("#success-modal, #error-modal")
    expect(said).to_contain_text("Success", timeout=SECONDS)


def test_the_menu_opens_formgrader(lab: Lab, page: Page) -> None:
    page.goto(f"{lab.url}lab?token={lab.token}&reset")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click(timeout=SECONDS)
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    frame = page.frame_locator("iframe[src*=formgrader]")
    expect(frame.get_by_role("link", name="ps1")).to_be_visible(timeout=SECONDS)


def test_the_button_grades_safely(submissions: Locator, course: Path) -> None:
    press(submissions, "autograde")
    found = scores(course)[STUDENT]
    assert found["correct_squares"] == 0
    assert found["correct_sum_of_squares"] == 0.5
    assert found[BY_HAND] is None


def test_an_answer_is_graded_by_hand(lab: Lab, page: Page, course: Path) -> None:
    page.goto(f"{lab.url}formgrader/gradebook/ps1/{NOTEBOOK}?token={lab.token}")
    page.get_by_role("link", name="Submission #1").click()
    score = page.locator(f"input[id='{BY_HAND}']")
    # Only then does the page know of the grades, and listens.
    expect(score).to_have_class(re.compile("needs_manual_grade"), timeout=SECONDS)
    score.fill("1")
    with page.expect_response(lambda reply: "/api/grade/" in reply.url) as graded:
        score.blur()
    assert graded.value.ok
    comment = page.locator(f"textarea[id='{BY_HAND}-comment']")
    expect(comment).to_have_attribute("placeholder", re.compile("comments here"))
    comment.fill(COMMENT)
    with page.expect_response(lambda reply: "/api/comment/" in reply.url) as told:
        comment.blur()
    assert told.value.ok


def test_the_feedback_can_be_read(
    submissions: Locator, page: Page, course: Path
) -> None:
    press(submissions, "generate-feedback")
    path = course / "feedback" / STUDENT / "ps1" / f"{NOTEBOOK}.html"
    page.goto(path.as_uri())
    expect(page.get_by_text(COMMENT)).to_be_visible()
    expect(page.locator("script")).to_have_count(0)
