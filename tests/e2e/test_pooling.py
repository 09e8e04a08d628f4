"""The pooling explorer in a real JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from nbformat import NotebookNode

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
    slowest_redraw,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "pooling.ipynb"
LABEL = "Pooling"
BOARD = [
    [1, 0, 2, 0, 0, 1, 3, 2],
    [0, 2, 0, 3, 4, 0, 0, 1],
    [2, 0, 1, 0, 2, 4, 1, 0],
    [0, 3, 0, 6, 1, 0, 2, 0],
    [1, 0, 8, 0, 3, 0, 0, 2],
    [0, 2, 0, 1, 0, 5, 0, 1],
    [3, 0, 1, 0, 2, 0, 1, 0],
    [0, 1, 0, 2, 0, 7, 0, 9],
]
CELLS = cells(
    f"explore.pooling({BOARD}, k=3, s=2, row=1, column=1)",
    ["k", "s", "kind", "back", "row", "column"],
    'shown.k, shown.s, shown.kind = 4, 4, "average"',
)
START = "output[1, 1] = 8, the largest of rows 2 to 4, columns 2 to 4: input[4, 2]."
SENT = (
    " Its gradient of 1 goes there; input[4, 2] gets 4 in all. 59 of 64 numbers get 0, "
    "and the others together 9, 1 from each output."
)


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget as it was at the start."""
    shown = running.get_by_role("group", name=LABEL)
    shown.get_by_role("button", name="Reset").click()
    says(shown, START)
    return shown


def cell(widget: Locator, grid: str, row: int, column: int) -> Locator:
    board = widget.get_by_role("grid", name=re.compile(f"^{grid}"))
    name = re.compile(f"^row {row}, column {column}:")
    return board.get_by_role("gridcell", name=name)


def number(cell: Locator) -> Locator:
    return cell.locator(".cks-value")


def button(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("button", name=name)


def test_a_gradient_is_sent_back_and_taken_back(widget: Locator) -> None:
    sender = button(widget, "Send a gradient back")
    sender.focus()
    widget.page.keyboard.press("Enter")
    says(widget, START + SENT)
    expect(sender).to_have_attribute("aria-pressed", "true")
    expect(number(cell(widget, "Gradient", 4, 2))).to_have_text("4")
    expect(number(cell(widget, "Gradient", 7, 7))).to_have_text("0")
    python_knows(widget, "3, 2, max, True, 1, 1")
    sender.click()
    says(widget, START)
    expect(number(cell(widget, "Gradient", 4, 2))).to_have_text("")


def test_arrow_keys_home_end_and_space(widget: Locator) -> None:
    cell(widget, "Output", 1, 1).click()
    press = widget.page.keyboard.press
    press("ArrowRight")
    says(
        widget, "output[1, 2] = 4, the largest of rows 2 to 4, columns 4 to 6: "
        "input[2, 5]."
    )  # fmt: skip
    expect(cell(widget, "Output", 1, 2)).to_be_focused()
    press("Control+Home")
    says(
        widget, "output[0, 0] = 2, the largest of rows 0 to 2, columns 0 to 2: "
        "input[0, 2]. 3 of them tie; the first in reading order counts."
    )  # fmt: skip
    press("End")
    press("Space")
    python_knows(widget, "3, 2, max, False, 1, 0")


def test_the_mouse_chooses_a_window_on_each_grid(widget: Locator) -> None:
    cell(widget, "Input", 5, 5).click()
    python_knows(widget, "3, 2, max, False, 2, 2")
    cell(widget, "Output", 0, 1).hover()
    python_knows(widget, "3, 2, max, False, 0, 1")
    cell(widget, "Gradient", 3, 0).click()
    python_knows(widget, "3, 2, max, False, 1, 0")
    strips = widget.get_by_role("grid", name="Input").locator(".cks-weight")
    expect(strips).to_have_text(["×0"] * 8 + ["×1"])


def test_the_average_shares(widget: Locator) -> None:
    widget.get_by_role("checkbox", name="Average").check()
    button(widget, "Send a gradient back").click()
    says(
        widget, "output[1, 1] = 21/9, the mean of rows 2 to 4, columns 2 to 4. 1/9 of "
        "its gradient of 1 goes to each of them. 15 of 64 numbers get 0, and the "
        "others together 9, 1 from each output."
    )  # fmt: skip
    expect(number(cell(widget, "Gradient", 4, 4))).to_have_text("0.44")
    expect(number(cell(widget, "Output", 1, 1))).to_have_text("2.33")


def test_the_sliders_change_the_windows(widget: Locator) -> None:
    widget.get_by_role("slider", name="Window").focus()
    widget.page.keyboard.press("ArrowLeft")
    python_knows(widget, "2, 2, max, False, 1, 1")
    outputs = widget.get_by_role("grid", name="Output").get_by_role("gridcell")
    expect(outputs).to_have_count(16)
    cell(widget, "Output", 3, 3).click()
    python_knows(widget, "2, 2, max, False, 3, 3")
    widget.get_by_role("slider", name="Stride").fill("4")
    python_knows(widget, "2, 4, max, False, 1, 1")
    expect(outputs).to_have_count(4)


def test_play_ends_at_the_last_window_and_pauses(widget: Locator) -> None:
    cell(widget, "Output", 2, 1).click()
    button(widget, "Play").click()
    python_knows(widget, "3, 2, max, False, 2, 2")
    expect(button(widget, "Play")).to_be_visible()
    button(widget, "Play").click()
    button(widget, "Pause").click()
    button(widget, "Reset").click()
    button(widget, "Step").click()
    python_knows(widget, "3, 2, max, False, 1, 2")


def test_a_redraw_is_quick(widget: Locator) -> None:
    assert (
        slowest_redraw(
            widget.get_by_role("slider", name="Window"),
            [1, 2, 3, 4] * 3,
        )
        < 100
    )
    python_knows(widget, "4, 2, max, False, 1, 1")


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    widget.get_by_role("slider", name="Window").focus()
    stations = [widget.get_by_role("slider", name="Stride")]
    stations += [cell(widget, "Input", 2, 2), cell(widget, "Output", 1, 1)]
    stations += [cell(widget, "Gradient", 2, 2)]
    buttons = ("Play", "Step", "Send a gradient back", "Reset")
    stations += [button(widget, name) for name in buttons]
    stations += [widget.get_by_role("checkbox", name="Average")]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()


def test_python_changes_the_windows(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, "output[1, 1] = 30/16, the mean of rows 4 to 7, columns 4 to 7.")
    expect(widget.get_by_role("slider", name="Stride")).to_have_value("4")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="An input with the rows 1 0 2 0 0 1 3 2")


@pytest.mark.usefixtures("dark")
def test_numbers_and_frame_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "pooling_dark")


def test_they_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "pooling")


def stand_out(widget: Locator) -> None:
    page = widget.page
    button(widget, "Send a gradient back").click()
    words = colour(widget.locator(".cks-pool-words"), "color")
    assert contrast(page, words, "transparent") > 7
    for grid, place in (("Input", (4, 2)), ("Output", (0, 0)), ("Gradient", (1, 4))):
        one = cell(widget, grid, *place)
        assert contrast(page, colour(one, "color"), colour(one)) > 4.5
    frame = colour(widget.locator(".cks-frame").first, "outline-color")
    assert contrast(page, frame, "transparent") > 3
