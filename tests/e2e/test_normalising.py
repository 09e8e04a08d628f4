"""The normalising explorer in a real JupyterLab, by mouse and by keyboard."""

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

NOTEBOOK = "normalising.ipynb"
LABEL = "Batch normalisation"
CELLS = cells(
    "explore.normalising()",
    ["shift", "stretch", "gamma", "beta", "size", "training"],
    "shown.gamma, shown.beta, shown.size = 2, -3, 2",
)
OUT = "and goes out with mean 0.00 and deviation 1.00."
START = (
    "Training: a batch of 16 comes in with mean 2.06 and deviation 2.05, "
    f"{OUT} Image 1: 3.80 becomes 0.85."
)


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget as it was at the start."""
    shown = running.get_by_role("group", name=LABEL)
    shown.get_by_role("button", name="Reset").click()
    says(shown, START)
    return shown


def places(widget: Locator, height: int) -> list[float]:
    """Where the dots of a line lie, in percent of its length."""
    dots = widget.locator(f"circle[cy='{height}']")
    places: list[float] = dots.evaluate_all(
        "dots => dots.map((dot) => parseFloat(dot.getAttribute('cx')))"
    )
    return places


def test_in_training_the_input_may_move(widget: Locator) -> None:
    before, after = places(widget, 48), places(widget, 158)
    slider(widget, "Input shift").focus()
    widget.page.keyboard.press("End")
    slider(widget, "Input stretch").focus()
    widget.page.keyboard.press("ArrowRight")
    says(
        widget, "Training: a batch of 16 comes in with mean 5.09 and deviation 3.08, "
        f"{OUT} Image 1: 7.70 becomes 0.85."
    )  # fmt: skip
    assert places(widget, 158) == pytest.approx(after, abs=0.01)
    assert places(widget, 48) != pytest.approx(before, abs=1)
    python_knows(widget, "5, 3, 1, 0, 16, True")


def test_in_evaluation_the_output_moves_with_it(widget: Locator) -> None:
    widget.get_by_role("checkbox", name="Evaluation").check()
    slider(widget, "Input shift").fill("5")
    says(
        widget, "Evaluation with running mean 2, running variance 4: a batch of 16 "
        "comes in with mean 5.06 and deviation 2.05, and goes out with mean 1.53 and "
        "deviation 1.03. Image 1: 6.80 becomes 2.40."
    )  # fmt: skip
    python_knows(widget, "5, 2, 1, 0, 16, False")


def test_scale_and_shift_say_where_it_goes(widget: Locator) -> None:
    slider(widget, "Scale").focus()
    widget.page.keyboard.press("End")
    slider(widget, "Shift").focus()
    widget.page.keyboard.press("Home")
    expect(slider(widget, "Shift")).to_be_focused()
    python_knows(widget, "2, 2, 2, -3, 16, True")
    # 3 left of the middle of a line from −14 to 14
    assert sum(places(widget, 158)) / 16 == pytest.approx(50 - 300 / 28, abs=0.01)


def test_the_mouse_makes_the_batch_small(widget: Locator) -> None:
    size = slider(widget, "Batch size")
    box = size.bounding_box()
    assert box is not None
    size.click(position={"x": 2, "y": box["height"] / 2})
    says(
        widget, "Training with a batch of 1: the number, 3.80, is its own mean, and "
        "whatever it is, β = 0.00 comes out. (PyTorch refuses such a batch.)"
    )  # fmt: skip
    expect(widget.locator("circle")).to_have_count(2)
    python_knows(widget, "2, 2, 1, 0, 1, True")


def test_a_redraw_is_quick(widget: Locator) -> None:
    assert slowest_redraw(slider(widget, "Input shift"), [*range(-3, 6)] * 3) < 100
    python_knows(widget, "5, 2, 1, 0, 16, True")


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    slider(widget, "Input shift").focus()
    names = ("Input stretch", "Scale", "Shift", "Batch size")
    stations = [slider(widget, name) for name in names]
    stations += [widget.get_by_role("button", name="Reset")]
    stations += [widget.get_by_role("checkbox", name="Evaluation")]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()
        assert colour(station, "outline-style") != "none"


def test_python_changes_the_layer(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(
        widget, "Training: a batch of 2 comes in with mean 2.50 and deviation 1.30, "
        "and goes out with mean −3.00 and deviation 2.00. Image 1: 3.80 becomes −1.00."
    )  # fmt: skip
    expect(slider(widget, "Batch size")).to_have_value("2")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="Two number lines from −14 to 14")


@pytest.mark.usefixtures("dark")
def test_dots_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "normalising_dark")


def test_they_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "normalising")


def stand_out(widget: Locator) -> None:
    page = widget.page
    for kind in (".cks-norm-dot:not(.cks-odd)", ".cks-norm-dot.cks-odd"):
        tint = colour(widget.locator(kind).first, "fill")
        assert contrast(page, tint, "transparent") > 3
    for kind in (".cks-norm-word", ".cks-norm-name"):
        ink = colour(widget.locator(kind).first, "fill")
        assert contrast(page, ink, "transparent") > 4.5
