"""The receptive-field explorer in a real JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from nbformat import NotebookNode

from tests.e2e.widgets import (
    colour,
    contrast,
    expect,
    keeps_its_picture,
    looks,
    python_knows,
    run_cell,
    says,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "fields.ipynb"
LABEL = "Receptive field"
CELLS = [
    """
    from coursekit import explore
    fields = explore.receptive_field([(3, 1, 1), (2, 2), (3, 1, 0, 2)], pixels=20)
    fields
    """,
    """
    from IPython.display import display
    def state():
        return f"Python: {fields.layer}, {fields.unit}"
    handle = display({"text/plain": state()}, raw=True, display_id=True)
    fields.observe(
        lambda change: handle.update({"text/plain": state()}, raw=True),
        ["layer", "unit"],
    )
    """,
    "fields.layer, fields.unit = 1, 0",
]
# 20 units, then 10, then 6; the middle one of the last layer is shown at first.
START = "Unit 2 of layer 3 sees pixels 3 to 14, 12 in all."


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget with the unit of the start."""
    fields = running.get_by_role("group", name=LABEL)
    fields.get_by_role("button", name="Reset").click()
    says(fields, START)
    return fields


def board(widget: Locator) -> Locator:
    return widget.get_by_role("application", name="Units of all layers")


def unit(widget: Locator, level: int, number: int) -> Locator:
    """A unit of a row; levels count from the top."""
    row = f'[style*="grid-area: {2 * level + 1} /"]'
    return board(widget).locator(f".cks-unit:not(.cks-nothing){row}").nth(number)


def point(widget: Locator, level: int, number: int, *, click: bool = False) -> None:
    """Point at a unit's place: the unit itself is drawn anew whenever one moves."""
    board(widget).scroll_into_view_if_needed()
    box = unit(widget, level, number).bounding_box()
    assert box is not None
    mouse = widget.page.mouse
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    (mouse.click if click else mouse.move)(*place)


def test_arrow_keys_walk_along_and_between_the_layers(widget: Locator) -> None:
    board(widget).focus()
    press = widget.page.keyboard.press
    press("ArrowRight")
    says(widget, "Unit 3 of layer 3 sees pixels 5 to 16, 12 in all.")
    press("ArrowDown")
    says(widget, "Unit 5 of layer 2 sees pixels 9 to 12, 4 in all.")
    press("Home")
    says(widget, "Unit 0 of layer 2 sees pixels −1 to 2, 4 in all, 1 of them padding.")
    press("End")
    says(widget, "Unit 9 of layer 2 sees pixels 17 to 20, 4 in all, 1 of them padding.")
    press("Space")
    says(widget, "Unit 0 of layer 2 sees pixels −1 to 2, 4 in all, 1 of them padding.")
    press("ArrowDown")
    press("ArrowDown")
    press("ArrowDown")
    says(widget, "Pixel 1 sees itself.")
    expect(board(widget)).to_be_focused()
    python_knows(widget, "0, 1")


def test_the_mouse_points_at_a_unit(widget: Locator) -> None:
    point(widget, 1, 4)
    says(widget, "Unit 4 of layer 2 sees pixels 7 to 10, 4 in all.")
    point(widget, 0, 5, click=True)
    says(widget, "Unit 5 of layer 3 sees pixels 9 to 20, 12 in all, 1 of them padding.")
    expect(board(widget)).to_be_focused()
    python_knows(widget, "3, 5")
    point(widget, 3, 7, click=True)
    says(widget, "Pixel 7 sees itself.")


def test_what_is_seen_lights_up(widget: Locator) -> None:
    lit = board(widget).locator(".cks-weight-on")
    expect(lit).to_have_count(1 + 3 + 6 + 12)
    expect(board(widget).locator(".cks-beam")).to_have_count(3)
    expect(board(widget).locator(".cks-nothing")).to_have_count(0)
    point(widget, 0, 5, click=True)
    expect(board(widget).locator(".cks-nothing")).to_have_count(1)


def test_play_goes_along_the_layer_and_pauses(widget: Locator) -> None:
    widget.get_by_role("button", name="Play").click()
    python_knows(widget, "3, 5")
    expect(widget.get_by_role("button", name="Play")).to_be_visible()
    widget.get_by_role("button", name="Step").click()
    says(
        widget, "Unit 0 of layer 3 sees pixels −1 to 10, 12 in all, 1 of them padding."
    )


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    board(widget).focus()
    for name in ("Play", "Step", "Reset"):
        widget.page.keyboard.press("Tab")
        station = widget.get_by_role("button", name=name)
        expect(station).to_be_focused()
        assert colour(station, "outline-style") != "none"


def test_python_moves_the_unit(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, "Unit 0 of layer 1 sees pixels −1 to 1, 3 in all, 1 of them padding.")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="A row of 20 pixels, and above it")


@pytest.mark.usefixtures("dark")
def test_units_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "fields_dark")


def test_units_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "fields")


def stand_out(widget: Locator) -> None:
    """Seen or not is told apart by brightness, and every number can be read."""
    page, on = widget.page, unit(widget, 0, 2)
    off = unit(widget, 0, 0)
    assert contrast(page, colour(on), colour(off)) > 4.5
    for one in (on, off):
        assert contrast(page, colour(one, "color"), colour(one)) > 4.5
