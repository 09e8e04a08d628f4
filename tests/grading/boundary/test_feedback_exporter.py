"""nbgrader's own generate_feedback writes the page, by configuration alone."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from coursekit.grading.boundary.feedback_exporter import (
    FeedbackExporter,
    configure_feedback,
    keep_report,
    last_error,
)
from coursekit.grading.boundary.verdict import FAILED, Report, Verdict
from tests.grading.boundary.feedback_pages import (
    MESSAGE,
    answer,
    by_hand,
    check,
    markdown,
    read,
)

pytestmark = [
    pytest.mark.slow,
    # nbgrader's own way to make a submission.
    pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"),
]
SECRET = "assert shuffle_pixels(31337) == 'hidden'"
SOURCES = {
    "one": [
        markdown("# Dense\n\n## 3. Shuffles\n\n### Exercise 1.3 · Pixels"),
        answer("shuffle", "raise NotImplementedError"),
        check("shuffle-check", 2, "checks.shuffle(shuffle)"),
        markdown("### Exercise 1.4 · Words"),
        by_hand("essay", 3),
    ],
    "two": [markdown("# Second part"), answer("f"), check("f-check", 1)],
}


def notebook(cells: list[dict[str, Any]]) -> NotebookNode:
    """A notebook of these cells."""
    made = [
        {"id": f"c{n}", **cell}
        | (
            {"outputs": [], "execution_count": None}
            if cell["cell_type"] == "code"
            else {}
        )
        for n, cell in enumerate(cells)
    ]
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}
    return nbformat.reads(json.dumps(whole), as_version=4)


def write(path: Path, book: NotebookNode) -> None:
    """Write a notebook, and the folder for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, path)


def graded(root: Path) -> None:
    """A gradebook with one graded submission of `SOURCES`."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        book.add_assignment("week1")
        for name, cells in SOURCES.items():
            book.add_notebook(name, "week1")
            for cell in cells:
                data = cell["metadata"].get("nbgrader", {})
                kind = {"cell_type": cell["cell_type"]}
                if data.get("grade"):
                    kind |= {"max_score": data["points"]}
                    book.add_grade_cell(data["grade_id"], name, "week1", **kind)
                if data.get("solution"):
                    book.add_solution_cell(data["grade_id"], name, "week1")
        book.add_student("ada", first_name="Ada", last_name="<b>Love</b>")
        submission = book.add_submission("week1", "ada")
        for part in submission.notebooks:
            for grade in part.grades:
                grade.needs_manual_grade = grade.name == "essay"
                grade.auto_score = float(grade.name == "f-check")
            part.late_submission_penalty = 0.5 if part.name == "one" else None
            for comment in part.comments:
                comment.auto_comment = "No response."
                if comment.name == "f":
                    continue
                comment.manual_comment = f"About *{comment.name}* <script>"
        book.db.commit()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a released assignment and one graded submission."""
    root = tmp_path_factory.mktemp("course")
    here = str(Path(sys.executable).parent)  # nbgrader calls alembic
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", here + os.pathsep + os.environ["PATH"])
        graded(root)
    for name, cells in SOURCES.items():
        write(root / "release" / "week1" / f"{name}.ipynb", notebook(cells))
        secret = (
            [*cells[:-1], cells[-1] | {"source": SECRET}] if name == "two" else cells
        )
        write(root / "source" / "week1" / f"{name}.ipynb", notebook(secret))
    return root


@pytest.fixture
def pages(root: Path) -> Callable[..., dict[str, str]]:
    """Hand notebooks in as autograded, and let nbgrader write the feedback."""

    def make(
        options: dict[str, str] | None = None, **books: NotebookNode
    ) -> dict[str, str]:
        for name, book in books.items():
            write(root / "autograded" / "ada" / "week1" / f"{name}.ipynb", book)
        config = Config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.assignment_id = "week1"
        configure_feedback(config, "Networks <i>", {"week1": "Week 1: Convolution"})
        config.FeedbackExporter.update(options or {})
        converter = GenerateFeedback(
            coursedir=CourseDirectory(config=config), config=config
        )
        converter.force = True
        converter.start()
        folder = root / "feedback" / "ada" / "week1"
        return {path.name: path.read_text("utf-8") for path in folder.iterdir()}

    return make


def handed_in(name: str, **sources: str) -> NotebookNode:
    """A notebook with these answers."""
    cells = [
        cell | {"source": sources.get(cell["metadata"]["nbgrader"]["grade_id"], "")}
        if cell["metadata"].get("nbgrader", {}).get("solution")
        else cell
        for cell in SOURCES[name]
    ]
    return notebook(cells)


def test_whichever_file_is_opened_it_is_the_page_of_the_week(
    pages: Callable[..., dict[str, str]],
) -> None:
    one = handed_in("one", shuffle="return images", essay="My **essay** <script>")
    verdict = Verdict("shuffle-check", 0, 2, FAILED, MESSAGE, ("shuffle",))
    remarks = ("The cell shuffle stood twice.",)
    keep_report(one, Report("one", (verdict,), remarks, {"shuffle": "hi"}, ("essay",)))
    made = pages(one=one, two=handed_in("two", f="x = 1"))
    assert set(made) == {"one.html", "two.html"}
    assert made["one.html"] == made["two.html"]
    seen = read(made["one.html"])
    for words in (
        *("Networks <i>", "Week 1: Convolution", "Feedback for Ada <b>Love</b>"),
        *("You have 0.5 of 6 points so far.", "0.5 points were taken off"),
        *("Exercise 1.3 · Pixels", "“3. Shuffles” in Dense", "Case: one image"),
        *("About shuffle <script>", "About essay <script>", "My essay <script>"),
        *("The cell shuffle stood twice.", "When it ran, it printed:"),
    ):
        assert words in seen.words
    assert "No response." not in seen.words  # nobody has said this
    assert "Second part1 of 1" in seen.words.replace("\n", "")


def test_one_file_of_a_name(root: Path, pages: Callable[..., dict[str, str]]) -> None:
    write(root / "autograded" / "ada" / "week1" / "one.ipynb", handed_in("one"))
    time = root / "autograded" / "ada" / "week1" / "timestamp.txt"
    time.write_text("2026-01-01 12:00:00 UTC")
    books = {"one": handed_in("one"), "two": handed_in("two")}
    made = pages({"page_name": "feedback"}, **books)
    time.unlink()
    assert set(made) == {"feedback.html"}
    assert "Dense" in made["feedback.html"]
    assert "Second part" in made["feedback.html"]


def test_without_the_release_and_the_other_notebook(
    root: Path, pages: Callable[..., dict[str, str]]
) -> None:
    (root / "release").rename(root / "elsewhere")
    (root / "autograded" / "ada" / "week1" / "two.ipynb").unlink(missing_ok=True)
    made = pages(one=handed_in("one", shuffle="mine", essay="words"))
    (root / "elsewhere").rename(root / "release")
    assert set(made) == {"one.html"}
    seen = read(made["one.html"])
    assert "mine" in seen.texts["pre"]
    assert "Exercise 1.3 · Pixels" in seen.words
    assert "two.ipynb was not handed in." in seen.words
    assert "f-check1 of 1" in seen.words.replace("\n", "")


def test_without_a_report_the_errors_are_told(
    pages: Callable[..., dict[str, str]],
) -> None:
    one = handed_in("one", shuffle="x")
    trace = ["\x1b[31mTraceback", SECRET]
    error = {"output_type": "error", "ename": "E", "evalue": f"a\n{SECRET} 1"}
    one.cells[2].outputs = [nbformat.from_dict(error | {"traceback": trace})]
    one.cells[2].source = SECRET
    one.metadata["grading_report"] = '{"forged": 1}'
    made = pages(one=one, two=handed_in("two"))
    seen = read(made["one.html"])
    assert "E: a" in seen.words
    assert "Traceback" not in seen.words
    assert "You have 0.5 of 6 points so far." in seen.words


@pytest.mark.parametrize(
    ("outputs", "text"),
    [
        ([], ""),
        ([{"output_type": "stream", "name": "stderr"}], "The check wrote to the error"),
        ([{"output_type": "error", "ename": "E", "evalue": ""}], "E"),
        ([{"output_type": "error", "ename": "E", "evalue": "✗ a: b"}], "✗ a: b"),
        ([{"output_type": "error", "ename": "E", "evalue": "\x1b[1;3mb"}], "E: b"),
        ([{"output_type": "error"}], ""),
    ],
)
def test_last_error(outputs: list[dict[str, str]], text: str) -> None:
    assert last_error({"outputs": outputs}).startswith(text)
    assert bool(last_error({"outputs": outputs})) == bool(text)


def test_outside_nbgrader_it_says_so() -> None:
    assert not issubclass(FeedbackExporter, HTMLExporter)
    with pytest.raises(ValueError, match="generate_feedback only"):
        FeedbackExporter().from_notebook_node(notebook([]))
