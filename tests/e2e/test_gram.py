"""The Gram explorer in a real JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nbformat import NotebookNode

from coursekit.explore.gram import MAPS, orders, sentence, shuffle
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
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "gram.ipynb"
CELLS = cells(
    "explore.gram()",
    ["maps", "row", "column"],
    "shown.maps = [shown.start[1], shown.start[1], shown.start[2]]",
    "{''.join(map(str, shown.maps[0][0]))}, {shown.row}, {shown.column}",
)
LABEL = "Maps and their Gram matrix"
WALL = np.array(MAPS)
START = sentence(WALL, WALL)
# The longest of 30 redraws, of a shuffle each, but for three: the machine may have been
# busy elsewhere.
SLOWEST = """async (button) => {
  const times = [];
  for (let turn = 0; turn < 30; turn++) {
    const start = performance.now();
    button.click();
    await new Promise((done) => queueMicrotask(() => queueMicrotask(done)));
    button.closest(".cks").getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times.sort((one, other) => one - other).at(-4);
}"""


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget as it was at the start."""
    shown = running.get_by_role("group", name=LABEL)
    button(shown, "Reset").click()
    expect(shown.locator(".cks-verdict")).to_have_text(START)
    python_knows(shown, "002002, 0, 0")
    return shown


def button(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("button", name=name)


def cell(widget: Locator, filter: int, row: int, column: int) -> Locator:
    """A cell of a map; filters count from 1."""
    grid = widget.get_by_role("grid", name=f"Filter {filter}")
    return grid.get_by_role("gridcell").nth(6 * row + column)


def moved(*filters: int) -> np.ndarray:
    """The wall after the first shuffle of these filters, counted from 1."""
    order = orders(36)[0]
    return np.stack(
        [shuffle(one, order) if i in filters else one for i, one in enumerate(WALL, 1)]
    )


def numbers(widget: Locator, filter: int) -> list[list[int]]:
    grid = widget.get_by_role("grid", name=f"Filter {filter}")
    found = np.array(
        [int(text) for text in grid.locator(".cks-value").all_inner_texts()]
    )
    return found.reshape(6, 6).tolist()


def test_one_shuffle_for_all_leaves_the_matrix(widget: Locator) -> None:
    button(widget, "Shuffle the places").click()
    says(widget, START)
    for filter in (1, 2, 3):
        assert numbers(widget, filter) == moved(1, 2, 3)[filter - 1].tolist()
    expect(widget.locator(".cks-changed")).to_have_count(0)


def test_a_shuffle_of_one_alone_is_seen(widget: Locator) -> None:
    button(widget, "Shuffle filter 2 alone").click()
    says(widget, sentence(moved(2), WALL))
    assert numbers(widget, 1) == WALL[0].tolist()
    expect(widget.locator(".cks-changed")).to_have_text(["6", "6", "5", "5"])
    button(widget, "Reset").click()
    says(widget, START)
    button(widget, "Shuffle filter 2 alone").click()
    says(widget, sentence(moved(2), WALL))


def test_a_click_changes_a_number(widget: Locator) -> None:
    maps = WALL.copy()
    for value, first in ((1, "012002"), (2, "022002"), (0, "002002")):
        cell(widget, 1, 0, 1).click()
        maps[0, 0, 1] = value
        says(widget, sentence(maps, WALL))
        python_knows(widget, f"{first}, 0, 1")
    expect(cell(widget, 1, 0, 1)).to_be_focused()


def test_the_keys_move_and_change(widget: Locator) -> None:
    cell(widget, 3, 0, 0).focus()
    press = widget.page.keyboard.press
    press("ArrowRight")
    press("ArrowRight")
    says(
        widget,
        "Place [0, 2]: the filters answer 2, 1, 0, which adds [4 2 0], [2 1 0], "
        "[0 0 0] to G.",
    )
    expect(cell(widget, 3, 0, 2)).to_be_focused()
    maps = WALL.copy()
    maps[2, 0, 2] = 1
    press("Space")
    says(widget, sentence(maps, WALL))
    expect(cell(widget, 3, 0, 2)).to_have_text("1")
    press("Control+End")
    python_knows(widget, "002002, 5, 5")


def test_the_mouse_moves_the_frame_in_all_maps(widget: Locator) -> None:
    cell(widget, 2, 3, 4).hover()
    python_knows(widget, "002002, 3, 4")
    for filter in (1, 2, 3):
        expect(cell(widget, filter, 3, 4)).to_have_attribute("aria-current", "true")


def test_a_redraw_is_quick(widget: Locator) -> None:
    assert button(widget, "Shuffle the places").evaluate(SLOWEST) < 100
    expect(widget.locator(".cks-verdict")).to_have_text(START)


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    cell(widget, 1, 0, 0).focus()
    stations = [cell(widget, filter, 0, 0) for filter in (2, 3)]
    names = ("Shuffle the places", "Shuffle filter 2 alone", "Reset")
    for station in [*stations, *(button(widget, name) for name in names)]:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()


def test_python_changes_the_maps(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, sentence(WALL[[1, 1, 2]], WALL))


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="3 maps of 6 × 6 numbers")


@pytest.mark.usefixtures("dark")
def test_changes_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "gram_dark")


def test_changes_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "gram")


def stand_out(widget: Locator) -> None:
    """Numbers can be read on every grey, and a frame is told from the page."""
    button(widget, "Shuffle filter 2 alone").click()
    page = widget.page
    paper = colour(page.locator(".jp-Notebook").first)
    changed = widget.locator(".cks-changed")
    expect(changed).to_have_count(4)
    assert contrast(page, colour(changed.first, "outline-color"), paper) > 3
    for one in [cell(widget, 1, 0, 0), cell(widget, 1, 0, 2), changed.first]:
        assert contrast(page, colour(one, "color"), colour(one)) > 4.5
    place = colour(widget.locator(".cks-place"), "color")
    assert contrast(page, place, paper) > 4.5
