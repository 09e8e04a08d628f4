"""The inception explorer in a real JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nbformat import NotebookNode

from coursekit.explore.inception import Module
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

NOTEBOOK = "inception.ipynb"
CELLS = cells(
    "explore.inception()",
    ["inputs", "before_five", "side", "reduced"],
    "shown.three = 64",
)
LABEL = "Bill of an inception module"
START = Module(192, 64, 96, 128, 16, 32, 32, side=28, reduced=True)
NAMES = [
    "Maps in",
    "1×1",
    "1×1 before 3×3",
    "3×3",
    "1×1 before 5×5",
    "5×5",
    "1×1 after pooling",
    "Side of the maps",
]


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget as it was at the start."""
    shown = running.get_by_role("group", name=LABEL)
    shown.get_by_role("button", name="Reset").click()
    says(shown, START.verdict)
    return shown


def switch(widget: Locator) -> Locator:
    return widget.get_by_role("checkbox", name="with the 1×1 layers")


def test_the_sliders_turn_with_the_keys(widget: Locator) -> None:
    slider(widget, "1×1 before 5×5").focus()
    widget.page.keyboard.press("ArrowRight")
    says(widget, replace(START, before_five=17).verdict)
    python_knows(widget, "192, 17, 28, True")
    expect(slider(widget, "1×1 before 5×5")).to_be_focused()
    slider(widget, "Maps in").focus()
    widget.page.keyboard.press("End")
    python_knows(widget, "832, 17, 28, True")


def test_the_mouse_turns_a_slider(widget: Locator) -> None:
    slider(widget, "Side of the maps").click(position={"x": 2, "y": 8})
    python_knows(widget, "192, 16, 1, True")


def test_the_switch_takes_the_narrow_layers_out(widget: Locator) -> None:
    switch(widget).click()
    says(widget, replace(START, reduced=False).verdict)
    python_knows(widget, "192, 16, 28, False")
    for name in NAMES:
        idle = name in ("1×1 before 3×3", "1×1 before 5×5", "1×1 after pooling")
        expect(slider(widget, name)).to_be_enabled(enabled=not idle)
    switch(widget).focus()
    widget.page.keyboard.press("Space")
    says(widget, START.verdict)


def test_the_table_has_the_numbers(widget: Locator) -> None:
    rows = widget.get_by_role("row")
    expect(rows).to_have_count(6)
    numbers = rows.nth(3).locator(".cks-number")
    expect(numbers).to_have_text(["12,443,648", "15,920", "32"])
    expect(rows.nth(3)).to_contain_text("28·28·(192·16 + 5·5·16·32)")
    numbers = rows.last.locator(".cks-number")
    expect(numbers).to_have_text(["128,049,152", "163,696", "256"])


def test_bars_are_as_long_as_the_work(widget: Locator) -> None:
    width = "(node) => node.getBoundingClientRect().width"
    found = {}
    for kind in ("narrow", "kernels", "other"):
        bars = widget.locator(f".cks-bar .cks-{kind}").all()[:4]
        found[kind] = [bar.evaluate(width) for bar in bars]
    scale = found["other"][1] / (9 * 192 * 128)
    for i, (branch, other) in enumerate(
        zip(START.branches.values(), START.other.branches.values(), strict=True)
    ):
        last = branch.layers[-1].weights
        expected = (branch.weights - last, last, other.weights)
        seen = [found[kind][i] for kind in ("narrow", "kernels", "other")]
        assert seen == pytest.approx([scale * one for one in expected], abs=1)


def test_a_redraw_is_quick(widget: Locator) -> None:
    turn = slider(widget, "Maps in")
    assert slowest_redraw(turn, range(100, 130)) < 100
    python_knows(widget, "129, 16, 28, True")


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    slider(widget, NAMES[0]).focus()
    stations = [slider(widget, name) for name in NAMES[1:]]
    stations += [switch(widget), widget.get_by_role("button", name="Reset")]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()
        assert colour(station, "outline-style") != "none"


def test_python_changes_a_width(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, replace(START, three=64).verdict)
    expect(slider(widget, "3×3")).to_have_value("64")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="A bar for each branch, its multiply-adds")


@pytest.mark.usefixtures("dark")
def test_bars_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "inception_dark")


def test_bars_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "inception")


def stand_out(widget: Locator) -> None:
    """Bars are told from the page and from each other, and words can be read."""
    page = widget.page
    paper = colour(page.locator(".jp-Notebook").first)
    kernels, narrow, other = (
        colour(widget.locator(f".cks-bar .cks-{kind}").nth(1))
        for kind in ("kernels", "narrow", "other")
    )
    assert contrast(page, kernels, paper) > 3
    assert contrast(page, kernels, narrow) > 2
    assert contrast(page, kernels, other) > 2
    for part in (".cks-number", ".cks-product", ".cks-verdict"):
        assert contrast(page, colour(widget.locator(part).first, "color"), paper) > 4.5
