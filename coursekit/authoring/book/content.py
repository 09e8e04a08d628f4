"""The page of a lesson: what students get, with the outputs of a complete run."""

import html
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from coursekit.authoring import build
from coursekit.authoring.book import outputs, words
from coursekit.authoring.book.outputs import Album
from coursekit.authoring.book.words import Names
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson

# Where executed complete notebooks lie, which `python -m tests.executed` makes.
EXECUTED = Path("build/executed") / build.SOURCE
PREDICT = "**Predict"
FOLDED_CODE = "The code of this figure"
FOLDED_OUTPUT = "Your guess first, then look"
# Whether a cell only shows a figure, and whether a guess is asked before it → MyST-NB's
# tags. A caption would answer, so that the code of such a figure is left out.
FOLDS = {
    (False, False): [],
    (True, False): ["hide-input"],
    (False, True): ["hide-output"],
    (True, True): ["remove-input", "hide-output"],
}
UNSEEN = (
    "\n\n:::{note}\nThis edition was made without running the lesson, so that its "
    "pictures and numbers are missing.\n:::"
)


@dataclass(frozen=True)
class Repository:
    """Where the course can be opened; `name` is "owner/name" on GitHub, or nothing."""

    name: str

    @classmethod
    def known(cls) -> "Repository":
        """The one that GitHub's machines, or the builder, name."""
        return cls(os.environ.get("GITHUB_REPOSITORY", ""))

    def ways(self, path: str) -> dict[str, str]:
        """Label → address of the services that open a notebook below `notebooks/`."""
        if not self.name:
            return {}
        file = f"{build.NOTEBOOKS}/{path}"
        return {
            "Open in Colab": "https://colab.research.google.com/github/"
            f"{self.name}/blob/main/{file}",
            "Open in Binder": "https://mybinder.org/v2/gh/"
            f"{self.name}/HEAD?labpath={file.replace('/', '%2F')}",
        }


@dataclass(frozen=True)
class Run:
    """The outputs of a lesson's cells by their ids, and whether none is missing."""

    outputs: Mapping[str, list[Any]]
    complete: bool


def run(root: Path, lesson: Lesson) -> Run:
    """What the last run of the complete notebook has left.

    Only cells count that have not been changed since.
    """
    source = nbformat.read(root / build.SOURCE / lesson.path, as_version=4)
    try:
        executed = nbformat.read(root / EXECUTED / lesson.path, as_version=4)
    except OSError:
        return Run({}, False)
    now = {cell.id: cell.source for cell in source.cells}
    same = [cell for cell in executed.cells if now.get(cell.id) == cell.source]
    found = {cell.id: cell.outputs for cell in same if cell.cell_type == "code"}
    return Run(found, len(same) == len(now))


def required(root: Path, lesson: Lesson) -> Run:
    """The outputs of a lesson. Raises AuthoringError where one is missing."""
    found = run(root, lesson)
    if not found.complete:
        raise AuthoringError(
            f"{lesson.file} has not been run as it is now: `make book` runs it, and "
            "`python -m coursekit book --as-is` makes do without its outputs."
        )
    return found


@dataclass(frozen=True)
class Page:
    """A lesson on its way into the book."""

    lesson: Lesson
    names: Names
    album: Album
    repository: Repository
    seen: Run

    @property
    def name(self) -> str:
        """What other pages call it."""
        return self.lesson.path.with_suffix("").as_posix()

    def notebook(self, root: Path) -> NotebookNode:
        """The notebook that Sphinx prints."""
        student = nbformat.read(root / build.NOTEBOOKS / self.lesson.path, as_version=4)
        cells = list(self.cells(student.cells))
        cells[0].source = self.opened(cells[0].source)
        return v4.new_notebook(cells=cells, metadata=student.metadata)

    def cells(self, student: list[NotebookNode]) -> Iterator[NotebookNode]:
        """The students' cells with outputs; where a check stood, how to try."""
        asked = False
        for cell in student:
            role = cell.metadata.get("nbgrader", {})
            if role.get("grade"):
                yield v4.new_markdown_cell(self.trial(cell))
            elif cell.cell_type == "markdown":
                asked = PREDICT in cell.source
                yield self.markdown(cell)
            elif role.get("solution"):
                yield v4.new_code_cell(cell.source, metadata={"tags": ["exercise"]})
            else:
                yield self.code(cell, asked)

    def markdown(self, cell: NotebookNode) -> NotebookNode:
        """A cell of prose."""
        return v4.new_markdown_cell(words.prose(cell.source, self.name, self.names))

    def code(self, cell: NotebookNode, asked: bool) -> NotebookNode:
        """A cell with what it showed; folded away if a guess is asked first."""
        left = outputs.shown(self.seen.outputs.get(cell.id, []), self.album)
        figure = bool(cell.metadata.get("jupyter", {}).get("source_hidden"))
        guess = asked and bool(left) and not any(map(is_explorer, left))
        prompt = FOLDED_OUTPUT if guess else FOLDED_CODE
        metadata = {
            "tags": FOLDS[figure, guess],
            "mystnb": {"code_prompt_show": prompt, "code_prompt_hide": prompt},
        }
        return v4.new_code_cell(cell.source, outputs=left, metadata=metadata)

    def opened(self, source: str) -> str:
        """The first cell, with the ways to open the lesson below its line of facts."""
        facts = self.lesson.about
        missing = "" if self.seen.complete else UNSEEN
        return source.replace(facts, f"{facts}\n\n{self.ways()}{missing}", 1)

    def ways(self) -> str:
        """The ways to open the lesson, as buttons."""
        path = self.lesson.path.as_posix()
        links = [f'<a download href="../notebooks/{path}">Download the notebook</a>']
        links += [
            f'<a href="{html.escape(to)}">{label}</a>'
            for label, to in self.repository.ways(path).items()
        ]
        links.append('<a href="../begin.html">How to begin</a>')
        return f'<nav class="ways" aria-label="Open this lesson">{"".join(links)}</nav>'

    def trial(self, cell: NotebookNode) -> str:
        """What the book says where the notebook takes and checks an answer."""
        path = self.lesson.path.as_posix()
        there = f'<a download href="../notebooks/{path}">Open the notebook</a>'
        call = html.escape(cell.source.partition("(")[0])
        judged = (
            f"Your check is <code>{call}</code>: run it, and it says what is right."
            if cell.cell_type == "code"
            else "A person reads and judges your answer."
        )
        return f'<aside class="trial">{there} and write it there. {judged}</aside>'


def is_explorer(output: NotebookNode) -> bool:
    """Whether an output is a widget, which has its own first move."""
    return "data-explorer" in output.get("data", {}).get("text/html", "")
