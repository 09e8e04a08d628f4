"""Every complete notebook, run once from top to bottom, and what it leaves behind.

nbval runs the same notebooks in `make test`; here the outputs themselves are read.
"""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from coursekit import plots
from coursekit.authoring import build

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "solutions").glob("*/[0-9]*.py"))
pytestmark = [pytest.mark.slow, pytest.mark.notebook]


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def executed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NotebookNode:
    """One lesson, built and run; any error in any cell fails."""
    return run(request.param, tmp_path_factory.mktemp("built"))


def run(lesson: Path, folder: Path) -> NotebookNode:
    """Build the complete notebook of a lesson in `folder`, and execute it."""
    _, found = build.load(ROOT, [lesson])
    build.write_source(found, folder)
    name = f"{lesson.parent.name}/{lesson.stem}.ipynb"
    notebook = nbformat.read(folder / name, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    return notebook


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def test_pictures_have_captions_and_alternative_text(executed: NotebookNode) -> None:
    pictures = [out for out in outputs(executed) if "image/png" in out.get("data", {})]
    assert len(pictures) >= 5
    for picture in pictures:
        html = picture["data"].get("text/html", "")
        assert re.search(r'<img [^>]*alt="[^"]{20,}"', html)
        assert "<figcaption>" in html


def test_nothing_goes_to_standard_error(executed: NotebookNode) -> None:
    assert not [out.text for out in outputs(executed) if out.get("name") == "stderr"]


def test_checks_return_nothing(executed: NotebookNode) -> None:
    """A number as the last value of a check cell would be read as points."""
    for cell in executed.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            kinds = {out.output_type for out in cell.outputs}
            assert kinds <= {"stream", "display_data"}, cell.source


def test_examples_in_docstrings_are_right(
    executed: NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "show", lambda *_, **__: None)
    code = [cell.source for cell in executed.cells if cell.cell_type == "code"]
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


def test_unsolved_exercises_say_what_to_do(executed: NotebookNode) -> None:
    """In the students' notebook every exercise cell says which line to delete."""
    title = executed.cells[0].source
    released = [
        nbformat.read(path, as_version=4)
        for path in (ROOT / "notebooks").glob("*/*.ipynb")
    ]
    [twin] = [nb for nb in released if nb.cells[0].source == title]
    solved = {cell.id for cell in executed.cells if "### BEGIN SOLUTION" in cell.source}
    stubs = {cell.id for cell in twin.cells if "delete this line" in cell.source}
    texts = {cell.id for cell in twin.cells if cell.cell_type == "markdown"}
    assert solved - texts == stubs - texts
    assert solved


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_lessons_run_without_a_network(
    lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data that cannot be had is replaced, and the notebook says so."""
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "empty"))
    notebook = run(lesson, tmp_path)
    printed = "".join(out.get("text", "") for out in outputs(notebook))
    assert ("stand-in" in printed) == ("data.mnist()" in lesson.read_text())
