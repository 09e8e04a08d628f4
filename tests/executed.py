"""Each notebook is executed once, and every test reads the same executed copy.

nbval executes the notebooks; what its kernels say is kept in `build/executed/`. Tests
about a notebook come after it in the same worker, and read the copy; run alone, they
let nbclient make it. A copy is used as long as nothing that it depends on changes.
`python -m tests.executed` makes the solved copies that are missing, for the book.
"""

import contextlib
import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self
from unittest import mock

import nbformat
import torch
from nbclient import NotebookClient
from nbformat import NotebookNode, v4
from xdist.scheduler import LoadFileScheduling

from coursekit.authoring import build
from tests.left_names import saving

ROOT = Path(__file__).parents[1]
EXECUTED = ROOT / "build" / "executed"
# Where solved and unsolved notebooks lie, and the tests about them.
PLACES = re.compile(
    r"(?:build/source|notebooks|tests/lessons)/(?:.*\[)?week(\d+)[a-z_]*/"
    r"(?:\d+_|test_)([a-z0-9_]+)"
)
# Tests about the answers to an exercise, which share verdicts.
ANSWERS = re.compile(r"tests/checks/test_(?:answers|proxy)\.py::\w+\[([\w-]+)(?:: |\])")
# The lesson that the tests of the book print.
IN_THE_BOOK = "week 2, output_sizes"
Message = dict[str, Any]


@dataclass(frozen=True)
class Twin:
    """A notebook as it is executed: solved with data, or unsolved without a network."""

    path: Path

    @classmethod
    def of(cls, lesson: Path, solved: bool) -> Self:
        """The notebook of a lesson in `solutions/`, solved or as students get it."""
        folder = build.SOURCE if solved else build.NOTEBOOKS
        return cls(ROOT / folder / lesson.parent.name / f"{lesson.stem}.ipynb")

    @property
    def offline(self) -> bool:
        """Students' notebooks run without a network, so that this is tried as well."""
        return self.path.is_relative_to(ROOT / build.NOTEBOOKS)

    @property
    def copy(self) -> Path:
        """Where its executed copy lies."""
        return EXECUTED / self.path.relative_to(ROOT)

    @property
    def names(self) -> Path:
        """Where the names lie that its kernel has left."""
        return self.copy.with_suffix(".names")

    def surroundings(self) -> contextlib.AbstractContextManager[object]:
        """The environment in which its kernel must start."""
        nothing = str(EXECUTED / "no-data")
        offline = {"COURSEKIT_OFFLINE": "1", "COURSEKIT_DATA": nothing}
        return mock.patch.dict(os.environ, offline if self.offline else {})

    def executed(self) -> NotebookNode:
        """The executed copy, made first if there is none of this very notebook."""
        if not self._fresh():
            with self.surroundings():
                book = nbformat.read(self.path, as_version=4)
                self._execute(book)
            self.keep(book)
        return nbformat.read(self.copy, as_version=4)

    def _execute(self, book: NotebookNode) -> None:
        """Run all cells; the kernel of a solved notebook writes its names."""
        client = NotebookClient(book, timeout=300, kernel_name="python3")
        client.resources = {"metadata": {"path": str(self.path.parent)}}
        self.copy.parent.mkdir(parents=True, exist_ok=True)
        self.names.unlink(missing_ok=True)
        if self.offline:
            client.execute()
            return
        book.cells.append(v4.new_code_cell(saving(self.names)))
        client.execute()
        book.cells.pop()

    def keep(self, book: NotebookNode) -> None:
        """Write the executed copy; another worker sees the old file or the new one."""
        book.metadata["coursekit"] = {"executed": fingerprint(self.path)}
        self.copy.parent.mkdir(parents=True, exist_ok=True)
        part = self.copy.with_suffix(f".{os.getpid()}.part")
        nbformat.write(book, part)
        part.replace(self.copy)

    def _fresh(self) -> bool:
        try:
            metadata = json.loads(self.copy.read_text("utf-8"))["metadata"]
        except (OSError, ValueError):
            return False
        known = {"executed": fingerprint(self.path)}
        same = metadata.get("coursekit") == known
        return same and (self.offline or self.names.exists())


def listen(book: Any) -> None:  # noqa: ANN401 - nbval has no types
    """Keep all that the kernel of nbval's `book` says from now on."""
    if hasattr(book, "heard"):
        return
    book.heard, ask = [], book.kernel.get_message

    def get_message(stream: str, timeout: float | None = None) -> Message:
        message: Message = ask(stream, timeout)
        if stream == "iopub":
            book.heard.append(message)
        return message

    book.kernel.get_message = get_message


def after_cell(item: Any, nextitem: Any) -> None:  # noqa: ANN401
    """Write into the cell what was heard; after the last one, keep the notebook."""
    book = item.parent
    item.cell.outputs = outputs(book.heard)
    book.heard.clear()
    if nextitem is None or nextitem.parent is not book:
        twin = Twin(item.path)
        if not twin.offline:
            twin.names.parent.mkdir(parents=True, exist_ok=True)
            twin.names.unlink(missing_ok=True)  # old ones must not stand for new ones
            asked = book.kernel.execute_cell_input(saving(twin.names))
            book.kernel.await_reply(asked, timeout=120)
        twin.keep(book.nb)


def fingerprint(path: Path) -> str:
    """A hash of a notebook and of what it runs on: the package and torch."""
    return hashlib.sha256(path.read_bytes() + package().encode()).hexdigest()


@cache
def package() -> str:
    """A hash of the package that notebooks import, and of what writes their names."""
    total = hashlib.sha256(torch.__version__.encode())
    read = sorted((ROOT / "coursekit").rglob("*"))
    for path in [*read, ROOT / "tests" / "left_names.py"]:
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(path.read_bytes())
    return total.hexdigest()


def outputs(messages: Sequence[Message]) -> list[NotebookNode]:
    """What a cell leaves in its saved notebook, from all that its kernel has said."""
    kept: list[NotebookNode] = []
    shown: dict[str, list[NotebookNode]] = {}
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        name = content.get("transient", {}).get("display_id", "")
        if kind == "update_display_data":
            for output in shown.get(name, []):
                output.update(data=content["data"], metadata=content["metadata"])
        elif kind == "clear_output":
            kept.clear()
        elif kind in ("stream", "display_data", "execute_result", "error"):
            kept.append(v4.output_from_msg(message))
            shown.setdefault(name, []).append(kept[-1])
    return kept


class Scheduling(LoadFileScheduling):
    """A file to a worker; a notebook, its twin and the tests about both as one."""

    def _split_scope(self, nodeid: str) -> str:
        if found := PLACES.search(nodeid):
            return f"week {found[1]}, {found[2]}"
        if found := ANSWERS.search(nodeid):
            return f"answers to {found[1]}"
        if nodeid.startswith("tests/book/"):
            return IN_THE_BOOK
        return super()._split_scope(nodeid)


def main(lessons: Sequence[str]) -> None:
    """Execute the solved notebooks of these lessons in `solutions/`, else of all."""
    chosen = [Path(lesson) for lesson in lessons]
    for lesson in chosen or sorted((ROOT / "solutions").glob("week*/*.py")):
        print(lesson.stem, flush=True)
        Twin.of(lesson, solved=True).executed()


if __name__ == "__main__":
    main(sys.argv[1:])
