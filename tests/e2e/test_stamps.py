"""Stamps of a transposed convolution in a real JupyterLab, by mouse and keyboard."""

from __future__ import annotations

import re
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

NOTEBOOK = "stamps.ipynb"
LABEL = "Step through"
CELLS = [
    """
    from coursekit import explore
    stamps = explore.transposed([[1, 2], [3, 4]], [[1, 1, 1]] * 3, s=2)
    stamps
    """,
    """
    from IPython.display import display
    def place():
        return f"Python: {stamps.row}, {stamps.column}, {stamps.output.sum():g}"
    handle = display({"text/plain": place()}, raw=True, display_id=True)
    stamps.observe(
        lambda change: handle.update({"text/plain": place()}, raw=True),
        ["row", "column"],
    )
    """,
    "stamps.row, stamps.column = 1, 0",
]
FIRST = "stamp 1 of 4: input[0, 0] = 1 on rows 0 to 2, columns 0 to 2"
SECOND = "stamp 2 of 4: input[0, 1] = 2 on rows 0 to 2, columns 2 to 4"
THIRD = "stamp 3 of 4: input[1, 0] = 3 on rows 2 to 4, columns 0 to 2"
LAST = "stamp 4 of 4: input[1, 1] = 4 on rows 2 to 4, columns 2 to 4"


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget with its first stamp."""
    stamps = running.get_by_role("group", name=LABEL).first
    stamps.get_by_role("button", name="Reset").click()
    says(stamps, FIRST)
    return stamps


def cell(widget: Locator, grid: str, row: int, column: int) -> Locator:
    name = re.compile(f"^row {row}, column {column}:")
    return widget.get_by_role("grid", name=grid).get_by_role("gridcell", name=name)


def test_the_first_stamp_is_alone(widget: Locator) -> None:
    outputs = widget.get_by_role("grid", name="Output").get_by_role("gridcell")
    filled = ["1"] * 3 + [""] * 2
    expect(outputs.locator(".cks-value")).to_have_text(filled * 3 + [""] * 10)
    expect(widget.locator(".cks-overlaps")).to_have_text(
        "no overlap with earlier stamps"
    )
    python_knows(widget, "0, 0, 9")


def test_step_adds_the_next_stamp_and_writes_the_sums(widget: Locator) -> None:
    widget.get_by_role("button", name="Step").click()
    says(widget, SECOND)
    sums = widget.locator(".cks-overlaps span")
    expect(sums).to_have_text([f"[{row}, 2]: 1 + 2 = 3" for row in range(3)])
    expect(cell(widget, "Output", 0, 2).locator(".cks-value")).to_have_text("3")
    python_knows(widget, "0, 1, 27")


def test_arrow_keys_home_end_and_space(widget: Locator) -> None:
    cell(widget, "Input", 0, 0).click()
    press = widget.page.keyboard.press
    press("ArrowDown")
    says(widget, THIRD)
    expect(cell(widget, "Input", 1, 0)).to_be_focused()
    press("End")
    says(widget, LAST)
    press("ArrowRight")
    says(widget, LAST)
    press("Control+Home")
    says(widget, FIRST)
    press("Space")
    says(widget, SECOND)
    press("Space")
    says(widget, THIRD)


def test_the_mouse_chooses_a_cell_on_either_grid(widget: Locator) -> None:
    cell(widget, "Input", 1, 1).click()
    says(widget, LAST)
    cell(widget, "Output", 1, 3).hover()
    says(widget, SECOND)
    cell(widget, "Output", 3, 1).click()
    says(widget, THIRD)
    python_knows(widget, "1, 0, 54")


def test_play_stamps_all_cells_and_stops(widget: Locator) -> None:
    widget.get_by_role("button", name="Play").click()
    says(widget, LAST)
    expect(widget.get_by_role("button", name="Play")).to_be_visible()
    expect(cell(widget, "Output", 2, 2).locator(".cks-value")).to_have_text("10")
    python_knows(widget, "1, 1, 90")


def test_play_pauses(widget: Locator) -> None:
    widget.get_by_role("button", name="Play").click()
    widget.get_by_role("button", name="Pause").click()
    expect(widget.get_by_role("button", name="Play")).to_be_visible()


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    cell(widget, "Input", 0, 0).focus()
    stations = [cell(widget, "Output", 0, 0)]
    buttons = ("Play", "Step", "Reset")
    stations += [widget.get_by_role("button", name=name) for name in buttons]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()


def test_python_moves_the_stamp(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, THIRD)


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="Three grids: an input of 2×2")


@pytest.mark.usefixtures("dark")
def test_words_numbers_and_frame_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "stamps_dark")


def test_they_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "stamps")


def stand_out(widget: Locator) -> None:
    page = widget.page
    cell(widget, "Input", 1, 1).click()
    for part in (".cks-words", ".cks-overlaps"):
        words = colour(widget.locator(part), "color")
        assert contrast(page, words, "transparent") > 7
    for column in (1, 2, 3):
        number = cell(widget, "Output", 2, column)
        assert contrast(page, colour(number, "color"), colour(number)) > 4.5
    frame = colour(widget.locator(".cks-frame").first, "outline-color")
    assert contrast(page, frame, "transparent") > 3
