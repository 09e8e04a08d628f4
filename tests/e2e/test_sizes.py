"""The output-size explorer in a real JupyterLab, by mouse and by keyboard."""

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
    slider,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "sizes.ipynb"
LABEL = "Output size"
CELLS = [
    """
    from coursekit import explore
    sizes = explore.output_size(n=7, k=3, p=1, s=2)
    sizes
    """,
    """
    from IPython.display import display
    def state():
        numbers = [getattr(sizes, name) for name in names]
        return f"Python: {numbers}, {len(sizes.line.stops)}"
    names = ["n", "k", "p", "s", "dilation", "row", "column"]
    handle = display({"text/plain": state()}, raw=True, display_id=True)
    sizes.observe(
        lambda change: handle.update({"text/plain": state()}, raw=True), names
    )
    """,
    "sizes.n, sizes.s, sizes.column = 8, 3, 2",
]
# Name, value at the start, and what is said after one step to the right.
SLIDERS = {
    "Input": (7, "n 8, kernel 3, padding 1, stride 2, dilation 1: 4 outputs"),
    "Kernel": (3, "n 7, kernel 4, padding 1, stride 2, dilation 1: 3 outputs"),
    "Padding per side": (
        1,
        "n 7, kernel 3, padding 2, stride 2, dilation 1: 5 outputs",
    ),
    "Stride": (2, "n 7, kernel 3, padding 1, stride 3, dilation 1: 3 outputs"),
    "Dilation": (1, "n 7, kernel 3, padding 1, stride 2, dilation 2: 3 outputs"),
}
START = "n 7, kernel 3, padding 1, stride 2, dilation 1: 4 outputs"


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget with the numbers of the start, at the first stop."""
    sizes = running.get_by_role("group", name=LABEL)
    sizes.get_by_role("button", name="Reset").click()
    slider(sizes, "Stride").fill("1")
    for name, (value, _) in SLIDERS.items():
        slider(sizes, name).fill(str(value))
    says(sizes, START)
    return sizes


def result(widget: Locator, size: str) -> None:
    """What the formula ends in."""
    expect(widget.locator(".cks-total")).to_have_text(size)


def board(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("application", name=name)


def point(field: Locator, across: float, down: float, *, click: bool = True) -> None:
    """Point at a place of a field, given as shares of its width and height."""
    box = field.bounding_box()
    assert box is not None
    x, y = across * box["width"], down * box["height"]
    (field.click if click else field.hover)(position={"x": x, "y": y})


@pytest.mark.parametrize("name", SLIDERS)
def test_every_slider_turns_with_the_arrow_keys(widget: Locator, name: str) -> None:
    slider(widget, name).focus()
    widget.page.keyboard.press("ArrowRight")
    says(widget, SLIDERS[name][1])
    expect(slider(widget, name)).to_be_focused()
    widget.page.keyboard.press("ArrowLeft")
    says(widget, START)
    expect(slider(widget, name)).to_be_focused()


def test_a_slider_turns_with_the_mouse(widget: Locator) -> None:
    point(slider(widget, "Stride"), 0.99, 0.5)
    says(widget, "n 7, kernel 3, padding 1, stride 6, dilation 1: 2 outputs")
    python_knows(widget, "[7, 3, 1, 6, 1, 0, 0], 2")


def test_the_formula_is_written_with_the_numbers(widget: Locator) -> None:
    slider(widget, "Dilation").fill("2")
    whole = (
        "o = ⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1 = ⌊(7 + 2·1 − 2·(3 − 1) − 1)/2⌋ + 1 "
        "= ⌊4/2⌋ + 1 = 3"
    )
    expect(widget.locator(".cks-formula")).to_have_text(
        re.compile(r"\s*".join(re.escape(part) for part in whole.split()))
    )


def test_what_the_floor_drops_is_grey(widget: Locator) -> None:
    grey = widget.locator(".cks-lines .cks-unread")
    expect(grey).to_have_count(0)
    slider(widget, "Input").fill("8")
    expect(grey).to_have_count(1)
    expect(widget.locator(".cks-verdict")).to_have_text(
        "The floor drops the last cell (only padding): no stop reaches there."
    )


def test_a_kernel_that_does_not_fit_says_so(widget: Locator) -> None:
    slider(widget, "Input").focus()
    widget.page.keyboard.press("Home")
    slider(widget, "Kernel").focus()
    widget.page.keyboard.press("ArrowRight")
    words = (
        "Does not fit: the kernel reaches over 4 cells and the padded input has 3. "
        "There is no output."
    )
    expect(widget.locator(".cks-verdict")).to_have_text(words)
    says(widget, f"n 1, kernel 4, padding 1, stride 2, dilation 1: 0 outputs. {words}")
    expect(board(widget, "Output")).to_be_hidden()
    for name in ("Step", "Play"):
        widget.get_by_role("button", name=name).click()
    result(widget, "0")
    python_knows(widget, "[1, 4, 1, 2, 1, 0, 0], 0")


def test_arrow_keys_move_the_kernel(widget: Locator) -> None:
    board(widget, "Input").focus()
    press = widget.page.keyboard.press
    press("ArrowDown")
    press("ArrowRight")
    says(widget, "output row 1, column 1: input rows 1 to 3, columns 1 to 3")
    press("Home")
    says(widget, "output row 1, column 0: input rows 1 to 3, columns −1 to 1")
    press("Control+End")
    says(widget, "output row 3, column 3: input rows 5 to 7, columns 5 to 7")
    press("Space")
    says(widget, "output row 0, column 0: input rows −1 to 1, columns −1 to 1")
    expect(board(widget, "Input")).to_be_focused()
    python_knows(widget, "[7, 3, 1, 2, 1, 0, 0], 4")


def test_the_kernel_follows_the_mouse_on_every_grid(widget: Locator) -> None:
    point(board(widget, "Output"), 0.6, 0.9, click=False)
    says(widget, "output row 3, column 2: input rows 5 to 7, columns 3 to 5")
    point(board(widget, "Input"), 0.4, 0.5)
    says(widget, "output row 2, column 1: input rows 3 to 5, columns 1 to 3")
    expect(board(widget, "Input")).to_be_focused()
    row, stops = (widget.locator(".cks-lines .cks-area").nth(i) for i in (0, 1))
    point(stops, 0.1, 0.9)
    says(widget, "output row 2, column 3: input rows 3 to 5, columns 5 to 7")
    point(row, 0.05, 0.5)
    says(widget, "output row 2, column 0: input rows 3 to 5, columns −1 to 1")


def test_play_goes_along_the_stops_to_the_last(widget: Locator) -> None:
    slider(widget, "Stride").fill("4")
    widget.get_by_role("button", name="Play").click()
    python_knows(widget, "[7, 3, 1, 4, 1, 1, 1], 2")
    says(widget, "output row 1, column 1: input rows 3 to 5, columns 3 to 5")
    expect(widget.get_by_role("button", name="Play")).to_be_visible()


def test_play_pauses_and_steps(widget: Locator) -> None:
    slider(widget, "Stride").fill("1")
    widget.get_by_role("button", name="Play").click()
    widget.get_by_role("button", name="Pause").click()
    expect(widget.get_by_role("button", name="Play")).to_be_visible()
    widget.get_by_role("button", name="Reset").click()
    widget.get_by_role("button", name="Step").click()
    says(widget, "output row 0, column 1: input rows −1 to 1, columns 0 to 2")


def test_a_smaller_output_keeps_the_kernel_inside(widget: Locator) -> None:
    board(widget, "Input").focus()
    widget.page.keyboard.press("Control+End")
    slider(widget, "Stride").fill("4")
    says(widget, "n 7, kernel 3, padding 1, stride 4, dilation 1: 2 outputs")
    python_knows(widget, "[7, 3, 1, 4, 1, 1, 1], 2")


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    slider(widget, "Input").focus()
    names = list(SLIDERS)
    stations = [slider(widget, name) for name in names[1:]]
    stations += [board(widget, name) for name in ("Input", "Output")]
    buttons = ("Play", "Step", "Reset")
    stations += [widget.get_by_role("button", name=name) for name in buttons]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()
        assert colour(station, "outline-style") != "none"


def test_python_turns_the_sliders(widget: Locator) -> None:
    run_cell(widget.page, 2)
    result(widget, "3")
    expect(slider(widget, "Stride")).to_have_value("3")
    python_knows(widget, "[8, 3, 1, 3, 1, 0, 2], 3")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="A row of 7 cells with 1 of padding")


@pytest.mark.usefixtures("dark")
def test_cells_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "sizes_dark")


def test_cells_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "sizes")


def stand_out(widget: Locator) -> None:
    """The kinds of cells are told apart by brightness, whatever colours one sees."""
    slider(widget, "Input").fill("8")
    page = widget.page
    grey, weight, cells = (
        colour(widget.locator(f".cks-lines .cks-{kind}").first)
        for kind in ("unread", "weight-on", "cells")
    )
    assert contrast(page, weight, cells) > 4.5
    assert contrast(page, weight, grey) > 1.9
    assert contrast(page, grey, cells) > 1.9
    index = colour(widget.locator(".cks-index").first, "color")
    assert contrast(page, index, cells) > 7
    assert contrast(page, index, grey) > 4.5
    words = colour(widget.locator(".cks-verdict"), "color")
    assert contrast(page, words, "transparent") > 7
