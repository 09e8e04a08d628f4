"""The sliding kernel in a real JupyterLab, by mouse and by keyboard."""

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
    run_cell,
    says,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "widget.ipynb"
LABEL = "Slide a kernel"
CELLS = [
    """
    import numpy as np
    from coursekit import explore, filters
    image = np.repeat([[10] * 4 + [0] * 4], 8, axis=0)
    slide = explore.slide_kernel(image, filters.CLASSIC["vertical edge"])
    slide
    """,
    """
    from IPython.display import display
    def place():
        return f"Python: {slide.row}, {slide.column}, {slide.flip}, {slide.sum:g}"
    handle = display({"text/plain": place()}, raw=True, display_id=True)
    slide.observe(
        lambda change: handle.update({"text/plain": place()}, raw=True),
        ["row", "column", "flip"],
    )
    """,
    "slide.row, slide.column = 4, 3",
    """
    ramp = np.arange(400).reshape(20, 20)
    explore.slide_kernel(ramp, np.ones((3, 3)) / 9)
    """,
]


@pytest.fixture
def widget(running: Page) -> Locator:
    """The first widget as it is at the start: at row 0, column 0, not flipped."""
    slide = running.get_by_role("group", name=LABEL).first
    slide.get_by_role("checkbox").uncheck()
    slide.get_by_role("button", name="Reset").click()
    says(slide, "row 0, column 0: sum 0")
    return slide


def python_knows(slide: Locator, row: int, column: int, flip: bool, total: int) -> None:
    expect(slide.page.get_by_text("Python:", exact=False).last).to_have_text(
        f"Python: {row}, {column}, {flip}, {total}"
    )


def cell(slide: Locator, grid: str, row: int, column: int) -> Locator:
    name = re.compile(f"^row {row}, column {column}:")
    return slide.get_by_role("grid", name=grid).get_by_role("gridcell", name=name)


def test_a_click_on_the_image_lays_the_kernel_around_the_cell(widget: Locator) -> None:
    cell(widget, "Image", 3, 3).click()
    says(widget, "row 2, column 2: sum 30")
    expect(cell(widget, "Output", 2, 2)).to_have_text("30")
    expect(cell(widget, "Output", 2, 3)).to_have_text("")
    python_knows(widget, 2, 2, False, 30)


def test_the_sum_is_written_out(widget: Locator) -> None:
    cell(widget, "Output", 5, 3).click()
    line = "1·10 + 0·0 + (−1)·0"
    whole = f"output[5, 3] = {line} + {line} + {line} = 30"
    expect(widget.locator(".cks-sum")).to_have_text(
        re.compile(r"\s*".join(re.escape(part) for part in whole.split()))
    )


def test_the_kernel_follows_the_mouse(widget: Locator) -> None:
    cell(widget, "Output", 1, 1).hover()
    says(widget, "row 1, column 1: sum 0")
    cell(widget, "Output", 4, 2).hover()
    says(widget, "row 4, column 2: sum 30")
    python_knows(widget, 4, 2, False, 30)


def test_the_kernel_can_be_dragged_and_stays_inside(widget: Locator) -> None:
    mouse = widget.page.mouse
    cell(widget, "Image", 4, 4).hover()
    mouse.down()
    cell(widget, "Image", 7, 7).hover()
    mouse.up()
    says(widget, "row 5, column 5: sum 0")


def test_arrow_keys_home_and_end(widget: Locator) -> None:
    cell(widget, "Image", 1, 1).click()
    press = widget.page.keyboard.press
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        press(key)
    says(widget, "row 1, column 2: sum 30")
    expect(cell(widget, "Image", 1, 2)).to_be_focused()
    press("End")
    says(widget, "row 1, column 5: sum 0")
    press("Home")
    says(widget, "row 1, column 0: sum 0")
    press("Control+End")
    says(widget, "row 5, column 5: sum 0")
    press("ArrowDown")
    says(widget, "row 5, column 5: sum 0")
    python_knows(widget, 5, 5, False, 0)


def test_space_goes_to_the_next_cell(widget: Locator) -> None:
    cell(widget, "Output", 0, 4).click()
    for _ in range(5):
        widget.page.keyboard.press("Space")
    says(widget, "row 1, column 3: sum 30")
    expect(cell(widget, "Output", 1, 3)).to_be_focused()


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    """The focus is to be seen, and each grid is one stop."""
    widget.get_by_role("checkbox").focus()
    page = widget.page
    for name in ("Reset", "Show all", "Step", "Play"):
        page.keyboard.press("Shift+Tab")
        expect(widget.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    current = cell(widget, "Output", 0, 0)
    expect(current).to_be_focused()
    rings = current.evaluate(
        "cell => getComputedStyle(cell.closest('.cks-plot')).outlineWidth"
    )
    assert rings == "3px"
    page.keyboard.press("Shift+Tab")
    expect(cell(widget, "Image", 0, 0)).to_be_focused()


def test_the_flip_makes_it_a_true_convolution(widget: Locator) -> None:
    cell(widget, "Output", 0, 2).click()
    widget.get_by_role("checkbox", name="Flip the kernel (true convolution)").check()
    says(widget, "row 0, column 2: sum −30")
    weights = widget.get_by_role("table", name="Kernel").get_by_role("cell")
    expect(weights).to_have_text(["−1", "0", "1"] * 3)
    python_knows(widget, 0, 2, True, -30)


def test_show_all_agrees_with_python_and_reset_empties(widget: Locator) -> None:
    outputs = widget.get_by_role("grid", name="Output").get_by_role("gridcell")
    widget.get_by_role("button", name="Show all").click()
    expect(outputs).to_have_text(["0", "0", "30", "30", "0", "0"] * 6)
    widget.get_by_role("checkbox").check()
    expect(outputs).to_have_text(["0", "0", "−30", "−30", "0", "0"] * 6)
    widget.get_by_role("button", name="Reset").click()
    expect(outputs).to_have_text(["0"] + [""] * 35)


def test_play_fills_the_output_and_pauses(widget: Locator) -> None:
    outputs = widget.get_by_role("grid", name="Output").get_by_role("gridcell")
    widget.get_by_role("button", name="Play").click()
    expect(outputs.nth(3)).to_have_text("30")
    widget.get_by_role("button", name="Pause").click()
    expect(widget.get_by_role("button", name="Play")).to_be_visible()
    widget.get_by_role("button", name="Step").click()
    expect(outputs.nth(4)).to_have_text("0")


def test_python_moves_the_kernel(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, "row 4, column 3: sum 30")


def test_large_images_are_pixels(widget: Locator) -> None:
    large = widget.page.get_by_role("group", name=LABEL).nth(1)
    pixels = large.get_by_role("application", name="Image, 20 rows and 20 columns")
    box = pixels.bounding_box() or {"width": 0, "height": 0}
    pixels.click(position={"x": box["width"] * 0.525, "y": box["height"] * 0.275})
    says(large, "row 4, column 9: sum 110")
    widget.page.keyboard.press("ArrowDown")
    says(large, "row 5, column 9: sum 130")
    under = large.get_by_role("table", name="Pixels under").get_by_role("cell")
    expect(under.nth(4)).to_contain_text("130")


def test_names_for_those_who_do_not_see(widget: Locator) -> None:
    cell(widget, "Output", 0, 3).click()
    for name in ("Image, 8 rows and 8 columns", "Output, 6 rows and 6 columns"):
        assert widget.get_by_role("grid", name=name, exact=True).count() == 1
    label = "row 0, column 3: 30"
    assert widget.get_by_role("gridcell", name=label, exact=True).count() == 1
    assert widget.get_by_role("gridcell", name="not computed yet").count() > 0


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="Three grids: an image of 8×8")


@pytest.mark.usefixtures("dark")
def test_numbers_and_frame_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    page = widget.page
    widget.get_by_role("button", name="Show all").click()
    sum_ = widget.locator(".cks-sum")
    assert contrast(page, colour(sum_, "color"), "transparent") > 7
    for column in (2, 3):
        number = cell(widget, "Output", 0, column)
        assert contrast(page, colour(number, "color"), colour(number)) > 4.5
    frame = colour(widget.locator(".cks-frame").first, "outline-color")
    assert contrast(page, frame, "black") > 4.5
    looks(widget, screenshot, "sliding_dark")


def test_looks(widget: Locator, screenshot: Callable[[str], None]) -> None:
    cell(widget, "Image", 3, 4).click()
    looks(widget, screenshot, "sliding")
