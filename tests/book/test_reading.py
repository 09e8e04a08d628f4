"""The book in a browser: nothing from elsewhere, and usable by everybody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.book.conftest import LESSON

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, ViewportSize

pytestmark = [pytest.mark.slow, pytest.mark.browser]
AXE = Path(__file__).parents[1] / "javascript/node_modules/axe-core/axe.min.js"
WEEK = LESSON.parent.name
KINDS = {
    "front": "index.html",
    "week": f"{WEEK}/index.html",
    "lesson": f"{WEEK}/{LESSON.stem}.html",
    "begin": "begin.html",
    "map": "map.html",
    "ideas": "ideas.html",
    "glossary": "glossary.html",
    "exercises": "exercises.html",
    "networks": "networks.html",
    "papers": "papers.html",
    "search": "search.html?q=kernel",
}
# A cell under the kernel shows its weight as well, which is read out from the kernel.
SERIOUS = """() => axe.run({resultTypes: ["violations"]}).then(({violations}) =>
  violations.filter(({impact}) => ["serious", "critical"].includes(impact))
    .map(({id, nodes}) => [id, nodes.map(({html}) => html).filter(
      (html) => id !== "label-content-name-mismatch" || !html.includes("cks-under"))])
    .filter(([, nodes]) => nodes.length)
    .map(([id, nodes]) => `${id}: ${nodes.slice(0, 3).join(" ")}`))
"""
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"
PHONE: ViewportSize = {"width": 390, "height": 844}


def opened(reader: Page, url: str, dark: bool = False) -> list[str]:
    """Open a page to the end; what it has asked for, and what went wrong."""
    heard: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(f"said {message.text}")

    reader.on("request", lambda request: heard.append(request.url))
    reader.on("requestfailed", lambda request: heard.append(f"failed {request.url}"))
    reader.on("console", said)
    reader.on("pageerror", lambda error: heard.append(f"raised {error}"))
    reader.emulate_media(color_scheme="dark" if dark else "light")
    reader.goto(url, wait_until="networkidle")
    if reader.locator(".math").count():
        reader.locator("mjx-container").first.wait_for(state="attached")
    if "search" in url:
        reader.locator("#search-results li").first.wait_for()
    return heard


def axe(reader: Page) -> list[str]:
    """What axe-core finds serious."""
    if not AXE.exists():
        reason = "axe-core is missing: npm ci --prefix tests/javascript"
        if os.environ.get("COURSEKIT_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    reader.evaluate(AXE.read_text())
    found: list[str] = reader.evaluate(SERIOUS)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_needs_nobody_else_and_shuts_nobody_out(
    reader: Page, address: str, kind: str
) -> None:
    heard = opened(reader, address + KINDS[kind])
    assert [one for one in heard if not one.startswith((address, "data:"))] == []
    assert axe(reader) == []
    reader.set_viewport_size(PHONE)
    assert reader.evaluate(WIDER) <= 0


@pytest.mark.parametrize("kind", ["front", "lesson", "map", "glossary", "exercises"])
def test_dark_pages_can_be_read(reader: Page, address: str, kind: str) -> None:
    opened(reader, address + KINDS[kind], dark=True)
    assert reader.locator("body").get_attribute("data-jp-theme-light") == "false"
    assert axe(reader) == []


def test_a_phone_reads_a_page_that_was_opened_there(reader: Page, address: str) -> None:
    reader.set_viewport_size(PHONE)
    for kind in ("front", "lesson", "map", "networks"):
        opened(reader, address + KINDS[kind])
        assert reader.evaluate(WIDER) <= 0, kind


def test_mathematics_is_set(reader: Page, address: str) -> None:
    opened(reader, address + KINDS["lesson"])
    assert reader.locator("mjx-container").count() > 20
    assert reader.locator("mjx-merror").count() == 0


def test_a_widget_lives_without_python(reader: Page, address: str) -> None:
    opened(reader, address + KINDS["lesson"])
    widget = reader.locator("[data-explorer='sizes']")
    status = widget.locator("[role='status']")
    before = status.text_content()
    widget.locator("input[type='range']").first.focus()
    reader.keyboard.press("ArrowRight")
    reader.wait_for_timeout(100)
    assert status.text_content() != before
    assert widget.locator("figure").count() == 0


def test_the_widget_of_the_front_page_answers_the_keyboard(
    reader: Page, address: str
) -> None:
    opened(reader, address + KINDS["front"])
    status = reader.locator("[data-explorer] [role='status']")
    reader.get_by_role("button", name="Step").click()
    first = status.text_content()
    reader.get_by_role("button", name="Step").click()
    assert first
    assert status.text_content() != first


def test_search_finds_a_lesson(reader: Page, address: str) -> None:
    opened(reader, address + "search.html?q=stride")
    found = reader.locator("#search-results a").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    assert any(LESSON.stem in one for one in found)


def test_the_map_shows_the_lines_of_a_lesson(reader: Page, address: str) -> None:
    opened(reader, address + KINDS["map"])
    assert reader.locator(".map path.marked").count() == 0
    reader.locator(".map a").first.focus()
    assert reader.locator(".map path.marked").count() > 0
