"""What the tests of all widgets do: read what is said, and compare colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nbconvert import HTMLExporter
from nbformat import NotebookNode

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# The ratio of WCAG 2.2 between two colours, each laid over the page's background.
CONTRAST = """([one, other, page]) => {
  const luminance = (colour) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    for (const layer of [page, colour]) {
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    const channels = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    const [r, g, b] = channels.map((value) => value / 255).map((share) =>
      share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""

# The longest of several redraws of a slider, in milliseconds. Each is the shortest of
# three, for the machine may be busy elsewhere meanwhile.
SLOWEST = """async (slider, values) => {
  const times = values.map(() => Infinity);
  for (let round = 0; round < 3; round++) {
    for (const [index, value] of values.entries()) {
      const start = performance.now();
      slider.value = value;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((done) => queueMicrotask(() => queueMicrotask(done)));
      slider.closest(".cks").getBoundingClientRect();
      times[index] = Math.min(times[index], performance.now() - start);
    }
  }
  return Math.max(...times);
}"""

# Is nothing cut off at the right edge of the output?
FITS = """node => {
  const output = node.closest(".jp-OutputArea-output");
  return output.scrollWidth <= output.clientWidth;
}"""


def expect(locator: Locator) -> Any:  # noqa: ANN401
    from playwright.sync_api import expect

    return expect(locator)


def says(widget: Locator, sentence: str) -> None:
    """What a screen reader says after a move."""
    expect(widget.get_by_role("status")).to_have_text(sentence)


def cells(made: str, names: Sequence[str], later: str, told: str = "") -> list[str]:
    """A notebook: an explorer, what Python knows of it, and a change by Python.

    made: the expression that makes it, afterwards called `shown`
    names: the traits that are watched; told: what is shown of them, as in an f-string
    later: what happens when the last cell runs again, lest the widget begin there
    """
    told = told or ", ".join(f"{{shown.{name}}}" for name in names)
    return [
        f"from coursekit import explore\nshown = {made}\nshown",
        f"""
        from IPython.display import display
        def state():
            return f"Python: {told}"
        handle = display({{"text/plain": state()}}, raw=True, display_id=True)
        shown.observe(
            lambda change: handle.update({{"text/plain": state()}}, raw=True),
            {list(names)},
        )
        """,
        f"""
        times = globals().get("times", 0) + 1
        if times > 1:
            {later}
        """,
    ]


def python_knows(widget: Locator, words: str) -> None:
    """What the notebook of `cells` shows of Python's half."""
    shown = widget.page.get_by_text("Python:", exact=False).last
    expect(shown).to_have_text(f"Python: {words}")


def slider(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("slider", name=name, exact=True)


def slowest_redraw(slider: Locator, values: Iterable[int]) -> float:
    """In milliseconds, of a slider that is set to one value after the other."""
    longest: float = slider.evaluate(SLOWEST, list(values))
    return longest


def colour(node: Locator, kind: str = "background-color") -> str:
    return node.evaluate("(node, kind) => getComputedStyle(node)[kind]", kind)


def contrast(page: Page, one: str, other: str) -> float:
    """How well two colours are told apart on the page: 1, not at all, to 21."""
    paper = colour(page.locator(".jp-Notebook").first)
    return page.evaluate(CONTRAST, [one, other, paper])


def looks(widget: Locator, screenshot: Callable[[str], None], name: str) -> None:
    """Pictures to look at, of the whole page and at half the width: all fits in."""
    for width, suffix in ((1280, ""), (760, "_half")):
        widget.page.set_viewport_size({"width": width, "height": 900})
        widget.scroll_into_view_if_needed()
        screenshot(f"{name}{suffix}")
        assert widget.evaluate(FITS)
    widget.page.set_viewport_size({"width": 1280, "height": 900})


def run_cell(page: Page, number: int) -> None:
    """Run a code cell of the open notebook, counted from 0."""
    page.locator(".jp-CodeCell").nth(number).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def keeps_its_picture(saved: NotebookNode, alt: str) -> None:
    """A saved widget has its picture beside it, with words that begin like `alt`."""
    kinds = set(saved.cells[0].outputs[0].data)
    assert {"application/vnd.jupyter.widget-view+json", "text/html"} <= kinds
    page, _ = HTMLExporter().from_notebook_node(saved)
    pictures = [part for part in page.split("<img ")[1:] if f'alt="{alt}' in part]
    assert pictures
