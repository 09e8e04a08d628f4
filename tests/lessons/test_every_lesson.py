"""What every notebook must leave behind when it has run from top to bottom.

The notebooks are executed once, solved, and once as students get them, without a
network; see `tests/executed.py`.
"""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit import plots
from tests.executed import ROOT, Twin

LESSONS = sorted((ROOT / "solutions").glob("*/[0-9]*.py"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.notebook,
    pytest.mark.parametrize(
        "lesson", LESSONS, ids=lambda path: f"{path.parent.name}/{path.stem}"
    ),
]


@pytest.fixture
def solved(lesson: Path) -> NotebookNode:
    """The complete notebook of a lesson, executed."""
    return Twin.of(lesson, solved=True).executed()


@pytest.fixture
def unsolved(lesson: Path) -> NotebookNode:
    """The students' notebook of a lesson, executed without a network."""
    return Twin.of(lesson, solved=False).executed()


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def test_only_exercises_that_wait_for_their_answer_fail(
    solved: NotebookNode, unsolved: NotebookNode
) -> None:
    assert not [out for out in outputs(solved) if out.output_type == "error"]
    for cell in unsolved.cells:
        if "nbgrader" not in cell.metadata:
            kinds = {out.output_type for out in cell.get("outputs", [])}
            assert "error" not in kinds, cell.source


def test_pictures_have_captions_and_alternative_text(solved: NotebookNode) -> None:
    pictures = [out for out in outputs(solved) if "image/png" in out.get("data", {})]
    assert len(pictures) >= 5
    for picture in pictures:
        html = picture["data"].get("text/html", "")
        assert re.search(r'<img [^>]*alt="[^"]{20,}"', html)
        assert "<figcaption>" in html


def test_nothing_goes_to_standard_error(
    solved: NotebookNode, unsolved: NotebookNode
) -> None:
    for notebook in (solved, unsolved):
        assert [out for out in outputs(notebook) if out.get("name") == "stderr"] == []


def test_checks_return_nothing(solved: NotebookNode) -> None:
    """A number as the last value of a check cell would be read as points."""
    for cell in solved.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            kinds = {out.output_type for out in cell.outputs}
            assert kinds <= {"stream", "display_data"}, cell.source


def test_examples_in_docstrings_are_right(
    solved: NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "show", lambda *_, **__: None)
    code = [cell.source for cell in solved.cells if cell.cell_type == "code"]
    exercises = [source for source in code if "### BEGIN SOLUTION" in source]
    namespace: dict[str, object] = {}
    for source in [code[0], *exercises]:  # a lesson begins with its imports
        exec(source, namespace)
    tested = 0
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for name in re.findall(r"^def (\w+)", "\n".join(exercises), flags=re.MULTILINE):
        for case in doctest.DocTestFinder().find(
            namespace[name], name, globs=namespace
        ):
            tested += len(case.examples)
            runner.run(case)
    assert tested >= 3
    assert runner.failures == 0


def test_unsolved_exercises_say_what_to_do(lesson: Path, solved: NotebookNode) -> None:
    """In the students' notebook every exercise cell says which line to delete."""
    twin = nbformat.read(Twin.of(lesson, solved=False).path, as_version=4)
    written = {cell.id for cell in solved.cells if "### BEGIN SOLUTION" in cell.source}
    stubs = {cell.id for cell in twin.cells if "delete this line" in cell.source}
    texts = {cell.id for cell in twin.cells if cell.cell_type == "markdown"}
    assert written - texts == stubs - texts
    assert written


def test_without_a_network_data_is_replaced_and_the_notebook_says_so(
    lesson: Path, unsolved: NotebookNode
) -> None:
    printed = "".join(out.get("text", "") for out in outputs(unsolved))
    needs = re.search(r"data\.(mnist|cifar10)\(\)", lesson.read_text("utf-8"))
    assert ("stand-in" in printed) == bool(needs)
