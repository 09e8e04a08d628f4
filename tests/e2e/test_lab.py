"""A student opens JupyterLab and runs a notebook to its end.

It is the first, or the one that COURSEKIT_NOTEBOOK names.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbformat import NotebookNode

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "notebooks/week1_convolution/1_dense_to_convolutional.ipynb"
NOTEBOOK = os.environ.get("COURSEKIT_NOTEBOOK", FIRST)
PICTURES = """images => images.map((image) => ({
  alt: image.alt, loaded: image.complete && image.naturalWidth > 0,
}))"""

VIEW, STEP = 1700, 1500
# Scroll down to a place; is there more below?
SCROLL = """(box, top) => {
  box.scrollTop = top;
  return box.scrollTop + box.clientHeight < box.scrollHeight - 1;
}"""


@pytest.fixture(scope="module")
def lesson(
    page: Page,
    run_notebook: Callable[[str], None],
    saved: Callable[[str], NotebookNode],
) -> NotebookNode:
    """The notebook, run unsolved from top to bottom and saved."""
    run_notebook(NOTEBOOK)
    return saved(NOTEBOOK)


def test_every_cell_has_run(lesson: NotebookNode) -> None:
    cells = [cell for cell in lesson.cells if cell.cell_type == "code"]
    waiting = [cell.source for cell in cells if cell.source and not ran(cell)]
    assert not waiting


def ran(cell: NotebookNode) -> bool:
    return cell.execution_count is not None


def test_only_exercises_fail(lesson: NotebookNode) -> None:
    """Nothing is solved: exercises and their checks may fail, nothing else."""
    failed = [
        cell.source
        for cell in lesson.cells
        if cell.cell_type == "code"
        and any(output.output_type == "error" for output in cell.outputs)
        and "raises-exception" not in cell.metadata.get("tags", [])
    ]
    assert not failed


def test_nothing_is_written_to_stderr(lesson: NotebookNode) -> None:
    warnings = [
        output.text
        for cell in lesson.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    assert not warnings


def test_pictures_are_there_with_their_descriptions(
    lesson: NotebookNode, page: Page
) -> None:
    pictures = page.locator(".jp-Notebook .jp-OutputArea img").evaluate_all(PICTURES)
    assert len(pictures) >= 3
    assert all(picture["loaded"] and picture["alt"].strip() for picture in pictures)


@pytest.mark.usefixtures("lesson")
def test_looks(page: Page, screenshot: Callable[[str], None]) -> None:
    walk(page, screenshot, "light")


@pytest.mark.usefixtures("lesson", "dark")
def test_looks_in_the_dark(page: Page, screenshot: Callable[[str], None]) -> None:
    walk(page, screenshot, "dark")


def walk(page: Page, screenshot: Callable[[str], None], theme: str) -> None:
    """Pictures of the notebook from top to bottom."""
    page.set_viewport_size({"width": 1280, "height": VIEW})
    for part in range(30):
        more = page.locator(".jp-WindowedPanel-outer").evaluate(SCROLL, part * STEP)
        screenshot(f"{Path(NOTEBOOK).stem}_{theme}_{part:02}")
        if not more:
            break
