"""The paths explorer in a real JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from nbformat import NotebookNode

from coursekit.explore.paths import sentence
from tests.e2e.widgets import (
    cells,
    colour,
    contrast,
    expect,
    keeps_its_picture,
    looks,
    python_knows,
    run_cell,
    says,
    slider,
    slowest_redraw,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "paths.ipynb"
CELLS = cells(
    "explore.paths(54, factor=0.5, length=17)",
    ["blocks", "factor", "out", "length"],
    "shown.blocks = 12",
)
LABEL = "Paths through residual blocks"
START = sentence(54, 0, 0.5, 17)
BAR = "(node, part) => getComputedStyle(node, part).backgroundColor"


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget as it was at the start."""
    shown = running.get_by_role("group", name=LABEL)
    shown.get_by_role("button", name="Reset").click()
    says(shown, START)
    return shown


def bars(widget: Locator, name: str = "Paths") -> Locator:
    return widget.get_by_role("application", name=f"{name} by length")


def point(field: Locator, bar: int, of: int, *, click: bool = False) -> None:
    """Point at the middle of a bar."""
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    across = box["x"] + box["width"] * (bar + 0.5) / of
    mouse = field.page.mouse
    (mouse.click if click else mouse.move)(across, box["y"] + box["height"] / 2)


def test_arrow_keys_choose_the_length(widget: Locator) -> None:
    bars(widget).focus()
    press = widget.page.keyboard.press
    press("ArrowRight")
    says(widget, sentence(54, 0, 0.5, 18))
    press("ArrowLeft")
    says(widget, START)
    press("Home")
    python_knows(widget, "54, 0.5, 0, 0")
    press("End")
    python_knows(widget, "54, 0.5, 0, 54")
    press("ArrowRight")
    says(widget, sentence(54, 0, 0.5, 54))
    expect(bars(widget)).to_be_focused()


def test_the_mouse_chooses_the_length(widget: Locator) -> None:
    point(bars(widget), 5, 55)
    python_knows(widget, "54, 0.5, 0, 5")
    point(bars(widget, "Gradient"), 30, 55, click=True)
    says(widget, sentence(54, 0, 0.5, 30))
    expect(bars(widget)).to_be_focused()


def test_the_sliders_turn_with_the_keys(widget: Locator) -> None:
    for name, key, numbers in (
        ("Factor of a branch", "ArrowLeft", "54, 0.49, 0, 17"),
        ("Blocks out", "ArrowRight", "54, 0.49, 1, 17"),
        ("Blocks", "ArrowLeft", "53, 0.49, 1, 17"),
    ):
        slider(widget, name).focus()
        widget.page.keyboard.press(key)
        python_knows(widget, numbers)
        expect(slider(widget, name)).to_be_focused()
    says(widget, sentence(53, 1, 0.49, 17))
    factor = slider(widget, "Factor of a branch")
    expect(factor).to_have_attribute("aria-valuetext", "0.49")


def test_no_more_blocks_are_out_than_there_are(widget: Locator) -> None:
    slider(widget, "Blocks").fill("3")
    python_knows(widget, "3, 0.5, 0, 3")
    slider(widget, "Blocks out").fill("7")
    python_knows(widget, "3, 0.5, 3, 3")
    expect(slider(widget, "Blocks out")).to_have_value("3")
    slider(widget, "Blocks out").fill("8")
    expect(slider(widget, "Blocks out")).to_have_value("3")
    says(widget, sentence(3, 3, 0.5, 3))


def test_bars_stand_as_high_as_their_shares(widget: Locator) -> None:
    slider(widget, "Blocks").fill("2")
    slider(widget, "Factor of a branch").fill("50")
    slider(widget, "Blocks out").fill("1")
    height = "(node, part) => parseFloat(getComputedStyle(node, part).height)"
    for name, whole, left in (
        ("Paths", [1, 2, 1], [1, 1, 0]),
        ("Gradient", [4, 4, 1], [4, 2, 0]),
    ):
        found = bars(widget, name).locator(".cks-length").all()
        for part, heights in (("::before", whole), ("::after", left)):
            seen = [bar.evaluate(height, part) for bar in found]
            scale = 100 / max(whole)
            assert seen == pytest.approx([scale * one for one in heights], abs=3)


def test_a_redraw_is_quick(widget: Locator) -> None:
    turn = slider(widget, "Factor of a branch")
    assert slowest_redraw(turn, range(100, 130)) < 100
    python_knows(widget, "54, 1.29, 0, 17")


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    slider(widget, "Blocks").focus()
    stations = [slider(widget, name) for name in ("Factor of a branch", "Blocks out")]
    stations += [bars(widget), widget.get_by_role("button", name="Reset")]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()
        assert colour(station, "outline-style") != "none"


def test_python_changes_the_blocks(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, sentence(12, 0, 0.5, 12))
    expect(slider(widget, "Blocks")).to_have_value("12")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="Two rows of bars over the length")


@pytest.mark.usefixtures("dark")
def test_bars_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "paths_dark")


def test_bars_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "paths")


def stand_out(widget: Locator) -> None:
    """With a lesion, bars are told from the page, and short ones from long ones."""
    slider(widget, "Blocks out").fill("1")
    page, found = widget.page, bars(widget).locator(".cks-length")
    field = colour(bars(widget))
    short, long = (found.nth(k).evaluate(BAR, "::after") for k in (10, 40))
    assert contrast(page, short, field) > 3
    assert contrast(page, short, long) > 2
    assert contrast(page, colour(widget.locator(".cks-verdict"), "color"), field) > 4.5
