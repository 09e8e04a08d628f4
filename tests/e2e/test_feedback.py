"""The page after grading in a browser: light, dark, on a phone, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coursekit.grading.boundary.feedback import Feedback, NotebookFeedback, page
from tests.grading.boundary.feedback_pages import (
    ESSAY,
    MESSAGE,
    essay,
    feedback,
    full,
    lost,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = 300 * "x"
WIDE = "\n\n| " + " | ".join(30 * ["wide"]) + " |\n" + 30 * "|-" + "|\n"
EVIL = "<script>document.title = 'evil'</script><img src=x onerror=alert(1)>"
OUTSIDE = """() => [...document.querySelectorAll("main *")]
  .filter((node) => !node.closest("pre, .scroll"))
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5)
  .map((node) => node.outerHTML.slice(0, 80))"""


def sample() -> Feedback:
    """A page with texts of all kinds, some of them too wide for a phone."""
    message = MESSAGE.replace("order = ", f"order = {LONG}")
    made = (
        full("1.1"),
        lost(EVIL + LONG, message, LONG),
        essay(f"{ESSAY}{WIDE}{LONG}\n\n${LONG}$ `{LONG}`\n\n{EVIL}", LONG),
        replace(essay(), number="1.8", points=None),
    )
    one = NotebookFeedback("1_dense", "From dense to convolutional", made)
    two = NotebookFeedback("2_operator", LONG, (full("2.1"), lost()), missing=True)
    return feedback(notebooks=(one, two), remarks=(LONG,), late_penalty=1)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page lies."""
    path: Path = tmp_path_factory.mktemp("feedback") / "page.html"
    path.write_text(page(sample()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(params=[("light", 1100), ("dark", 1100), ("light", 360), ("dark", 360)])
def shown(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The page in a browser. What the browser complains about fails the test."""
    scheme, width = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda asked: said.append(asked.url))
    opened.goto(address)
    yield opened
    assert said == [address]
    context.close()


def test_it_fits_the_window(shown: Page) -> None:
    width = shown.evaluate("document.documentElement.scrollWidth")
    assert width <= shown.evaluate("innerWidth")
    assert shown.evaluate(OUTSIDE) == []


def test_its_style_is_used_and_no_script_ran(shown: Page) -> None:
    assert shown.title() == "Feedback: Week 1 · Ada Lovelace"
    assert shown.evaluate("getComputedStyle(document.body).maxWidth") == "736px"
    assert shown.locator("script, img, svg, iframe, [style]").count() == 0


def test_the_first_key_leads_to_the_points(shown: Page) -> None:
    shown.keyboard.press("Tab")
    skip = shown.get_by_role("link", name="Skip to your points")
    assert skip.bounding_box()["x"] >= 0  # type: ignore[index]
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "points"


def test_what_a_screen_reader_finds(shown: Page) -> None:
    for landmark in ("banner", "main", "contentinfo"):
        assert shown.locator(f"role={landmark}").count() == 1
    table = shown.get_by_role("table", name="Points by exercise")
    assert table.get_by_role("columnheader").all_inner_texts() == [
        *("No.", "Title", "Points")
    ]
    # Six exercises, the total and the penalty; a browser counts each notebook too.
    assert table.get_by_role("rowheader").count() == 10
    shown.get_by_role("link", name="A shuffle that loses pixels").click()
    focused = shown.evaluate("document.activeElement.textContent")
    assert focused.startswith("Exercise 1.3")
    shown.get_by_role("link", name="Back to your points").first.click()
    assert shown.evaluate("document.activeElement.id") == "points"


def test_paper_shows_whole_lines(shown: Page) -> None:
    shown.emulate_media(media="print")
    hidden = shown.evaluate(
        """() => [...document.querySelectorAll("pre")]
          .filter((node) => node.scrollWidth > node.clientWidth + 1).length"""
    )
    assert hidden == 0
    assert shown.locator(".back").first.is_hidden()
