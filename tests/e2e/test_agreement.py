"""The agreement explorer in a real JupyterLab, by mouse and by keyboard."""

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

NOTEBOOK = "agreement.ipynb"
LABEL = "Routing by agreement"
CELLS = cells(
    "explore.agreement(turn=135)",
    ["turn", "round"],
    "shown.turn, shown.round = 90, 2",
)


def words(turn: int, number: int, odd: str, other: str, face: str, clock: str) -> str:
    return (
        f"Turned by {turn}°, round {number}: {odd} of the third part is with the face, "
        f"{other} of each of the others. The face is {face} long, the clock {clock}."
    )


START = words(135, 3, "0.12", "0.96", "0.93", "0.74")
TINT = "(node, part) => getComputedStyle(node, part).backgroundColor"


@pytest.fixture
def widget(running: Page) -> Locator:
    """The widget as it was at the start."""
    shown = running.get_by_role("group", name=LABEL)
    shown.get_by_role("button", name="Reset").click()
    says(shown, START)
    return shown


def dial(widget: Locator) -> Locator:
    return widget.get_by_role("application", name="Votes for the face")


def point(field: Locator, x: float, y: float, *, click: bool = False) -> None:
    """Point at a place of a field, as shares of its half width from the middle."""
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    mouse = field.page.mouse
    across = box["x"] + box["width"] / 2 * (1 + x)
    down = box["y"] + box["height"] / 2 * (1 - y)
    (mouse.click if click else mouse.move)(across, down)


def test_arrow_keys_turn_the_vote_and_change_the_round(widget: Locator) -> None:
    dial(widget).focus()
    press = widget.page.keyboard.press
    press("ArrowLeft")  # the tip of the arrow goes to the left
    python_knows(widget, "140, 3")
    press("ArrowRight")
    says(widget, START)
    press("ArrowDown")
    says(widget, words(135, 2, "0.40", "0.77", "0.87", "0.35"))
    press("ArrowUp")
    press("ArrowUp")
    python_knows(widget, "135, 4")
    press("Home")
    python_knows(widget, "0, 4")
    press("End")
    python_knows(widget, "180, 4")
    for _ in range(3):
        press("Space")
    says(widget, words(180, 1, "0.50", "0.50", "0.50", "0.00"))
    press("ArrowDown")
    python_knows(widget, "180, 1")
    expect(dial(widget)).to_be_focused()


def test_the_mouse_turns_the_vote(widget: Locator) -> None:
    point(dial(widget), 0, 0.7)
    says(widget, words(90, 3, "0.79", "0.96", "0.95", "0.11"))
    python_knows(widget, "90, 3")
    point(dial(widget), 0.5, -0.5, click=True)
    python_knows(widget, "45, 3")
    expect(dial(widget)).to_be_focused()


def test_the_mouse_chooses_a_round(widget: Locator) -> None:
    field = widget.locator(".cks-share-field")
    point(field, -0.95, 0, click=True)
    python_knows(widget, "135, 1")
    expect(dial(widget)).to_be_focused()
    point(field, -0.5, 0.5)
    python_knows(widget, "135, 2")


def test_the_sliders_turn_with_the_keys(widget: Locator) -> None:
    slider(widget, "Turn of the third vote").focus()
    widget.page.keyboard.press("ArrowLeft")
    python_knows(widget, "134, 3")
    expect(slider(widget, "Turn of the third vote")).to_be_focused()
    slider(widget, "Round").focus()
    widget.page.keyboard.press("End")
    python_knows(widget, "134, 6")
    expect(slider(widget, "Round")).to_have_value("6")


def test_the_couplings_fall_round_by_round(widget: Locator) -> None:
    odd = widget.locator(".cks-share.cks-odd")
    expect(odd).to_have_text(["0.50", "0.40", "0.12", "0.01", "0.00", "0.00"])
    expect(widget.locator(".cks-now")).to_have_text(["0.96", "0.96", "0.12"])
    slider(widget, "Turn of the third vote").fill("45")
    expect(odd).to_have_text(["0.50", "0.82", "0.96", "0.99", "1.00", "1.00"])


def test_play_goes_through_the_rounds_and_pauses(widget: Locator) -> None:
    slider(widget, "Round").fill("5")
    widget.get_by_role("button", name="Play").click()
    python_knows(widget, "135, 6")
    expect(widget.get_by_role("button", name="Play")).to_be_visible()
    widget.get_by_role("button", name="Play").click()
    widget.get_by_role("button", name="Pause").click()
    widget.get_by_role("button", name="Reset").click()
    widget.get_by_role("button", name="Step").click()
    python_knows(widget, "135, 4")


def test_a_redraw_is_quick(widget: Locator) -> None:
    turn = slider(widget, "Turn of the third vote")
    assert slowest_redraw(turn, range(100, 130)) < 100
    python_knows(widget, "129, 3")


def test_the_tab_key_visits_every_control(widget: Locator) -> None:
    slider(widget, "Turn of the third vote").focus()
    buttons = ("Play", "Step", "Reset")
    stations = [slider(widget, "Round"), dial(widget)]
    stations += [widget.get_by_role("button", name=name) for name in buttons]
    for station in stations:
        widget.page.keyboard.press("Tab")
        expect(station).to_be_focused()
        assert colour(station, "outline-style") != "none"


def test_python_turns_the_vote(widget: Locator) -> None:
    run_cell(widget.page, 2)
    says(widget, words(90, 2, "0.68", "0.82", "0.93", "0.07"))
    expect(slider(widget, "Turn of the third vote")).to_have_value("90")


def test_a_saved_notebook_becomes_a_page_with_the_picture(
    widget: Locator, saved: Callable[[str], NotebookNode]
) -> None:
    keeps_its_picture(saved(NOTEBOOK), alt="For each round, from left to right")


@pytest.mark.usefixtures("dark")
def test_arrows_stand_out_on_a_dark_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "agreement_dark")


def test_arrows_stand_out_on_a_light_page(
    widget: Locator, screenshot: Callable[[str], None]
) -> None:
    stand_out(widget)
    looks(widget, screenshot, "agreement")


def stand_out(widget: Locator) -> None:
    """Arrows are told from the page, and every number can be read on its bar."""
    page = widget.page
    field = colour(dial(widget))
    for kind in (".cks-arrow:not(.cks-odd)", ".cks-odd", ".cks-pose"):
        head = widget.locator(f".cks-dial {kind}").first
        tint = head.evaluate(
            "node => getComputedStyle(node, '::after').backgroundColor"
        )
        assert contrast(page, tint, field) > 3
    cell = widget.locator(".cks-share").first
    bar = cell.evaluate(TINT, "::before")
    ink = colour(cell.locator("span"), "color")
    for ground in (bar, colour(cell)):
        assert contrast(page, ink, ground) > 4.5
