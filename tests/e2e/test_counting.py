"""The counting explorer in a real JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

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
    slider,
    slowest_redraw,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "counting.ipynb"
LABEL = "Counts of LeNet-5"
CELLS = cells(
    "explore.counting()",
    ["side", "k1", "k2", "c1", "c2", "units"],
    "shown.c1, shown.units = 12, 240",
)
START = (
    "61,706 parameters, 95.8 % of them in dense layers; "
    "416,520 multiply-adds, 85.9 % of them in convolutions."
)
# How long a cell's bar is, in percent.
BAR = """cell => parseFloat(getComputedStyle(cell).backgroundSize)"""


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget as it was at the start."""
    shown = running.get_by_role("group", name=LABEL)
    shown.get_by_role("button", name="LeNet-5").click()
    says(shown, START)
    return shown


def row(widget: Locator, name: str) -> Locator:
    head = widget.page.get_by_role("rowheader", name=name, exact=True)
    return widget.get_by_role("row").filter(has=head).get_by_role("cell")


def test_every_layer_has_its_counts(widget: Locator) -> None:
    expect(row(widget, "conv 2")).to_have_text(["16 × 10 × 10", "2,416", "240,000"])
    expect(row(widget, "pool 2")).to_have_text(["16 × 5 × 5", "0", "0"])
    expect(row(widget, "dense 1")).to_have_text(["120", "48,120", "48,000"])
    expect(row(widget, "all")).to_have_text(["", "61,706", "416,520"])


def test_bars_are_as_long_as_the_shares(widget: Locator) -> None:
    bars = [row(widget, "dense 1").nth(at).evaluate(BAR) for at in (1, 2)]
    assert bars == pytest.approx(
        [100 * 48_120 / 61_706, 100 * 48_000 / 416_520], rel=1e-4
    )


def test_the_keys_turn_the_sliders(widget: Locator) -> None:
    press = widget.page.keyboard.press
    slider(widget, "Side of the image").focus()
    press("ArrowRight")
    python_knows(widget, "33, 5, 5, 6, 16, 120")
    press("End")
    says(
        widget, "338,186 parameters, 99.2 % of them in dense layers; 2,497,800 "
        "multiply-adds, 86.6 % of them in convolutions."
    )  # fmt: skip
    expect(slider(widget, "Side of the image")).to_be_focused()
    for name in ("Kernel, conv 2", "Channels, conv 1", "Units, dense 1"):
        slider(widget, name).focus()
        press("Home")
    python_knows(widget, "64, 5, 1, 1, 16, 10")
    expect(row(widget, "conv 1").first).to_have_text("1 × 60 × 60")


def test_the_mouse_turns_a_slider(widget: Locator) -> None:
    kernel = slider(widget, "Kernel, conv 1")
    box = kernel.bounding_box()
    assert box is not None
    kernel.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    python_knows(widget, "32, 7, 5, 6, 16, 120")
    expect(row(widget, "all")).to_have_text(["", "44,570", "434,784"])


def test_a_redraw_is_quick(widget: Locator) -> None:
    assert slowest_redraw(slider(widget, "Side of the image"), range(28, 65)) < 100
    python_knows(widget, "64, 5, 5, 6, 16, 120")


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    slider(widget, "Side of the image").focus()
    names = ("Kernel, conv 1", "Channels, conv 1", "Kernel, conv 2",
             "Channels, conv 2", "Units, dense 1")  # fmt: skip
    stations = [slider(widget, name) for name in names]
    stations += [widget.get_by_role("button", name="LeNet-5")]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()
        assert colour(station, "outline-style") != "none"


def test_python_turns_the_sliders(widget: Locator) -> None:
    run_cell(widget.page, 2)
    expect(row(widget, "dense 1")).to_have_text(["240", "96,240", "96,000"])
    expect(slider(widget, "Channels, conv 1")).to_have_value("12")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="Two bar charts with a bar for each layer")


@pytest.mark.usefixtures("dark")
def test_numbers_and_bars_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "counting_dark")


def test_they_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "counting")


def stand_out(widget: Locator) -> None:
    """Numbers can be read on their bars and beside them."""
    page = widget.page
    for kind in ("convolution", "dense"):
        key = widget.locator(f".cks-count-key[data-kind={kind}]")
        ink = colour(widget.locator(f"td[data-kind={kind}]").first, "color")
        assert contrast(page, ink, colour(key)) > 4.5
        assert contrast(page, ink, "transparent") > 7
