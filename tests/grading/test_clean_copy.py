"""Damage that no answer needs: intake names it, and nbgrader gets a copy without it."""

import copy
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from coursekit.grading import clean_copy, inspection, released, timestamp
from coursekit.grading.findings import Level
from tests.grading.submissions import (
    MANUAL,
    REPOSITORY,
    WEEK,
    Notebook,
    grade_id,
    notebooks,
)

# The lesson with an answer in words.
BOOKS = notebooks(REPOSITORY / "notebooks")
NAME = next(x for x, book in BOOKS.items() if MANUAL in map(grade_id, book["cells"]))
BOOK = BOOKS[NAME]
LESSONS = {NAME: released.lesson(REPOSITORY / "notebooks" / WEEK / NAME)}
HALF = "Because \ud83d of it."
Change = Callable[[Notebook], object]


def first(book: Notebook, kind: str) -> dict[str, Any]:
    """The first cell of a kind that is not graded."""
    cells = [cell for cell in book["cells"] if cell["cell_type"] == kind]
    return next(cell for cell in cells if not grade_id(cell))


def graded(book: Notebook, kind: str) -> dict[str, Any]:
    """The first graded cell of a kind."""
    cells = [cell for cell in book["cells"] if cell["cell_type"] == kind]
    return next(cell for cell in cells if grade_id(cell))


def top(**values: object) -> Change:
    """Puts something into the notebook itself."""
    return lambda book: book.update(values)


def settings(**values: object) -> Change:
    """Puts something into its metadata."""
    return lambda book: book["metadata"].update(values)


def code(**values: object) -> Change:
    """Puts something into a code cell."""
    return lambda book: first(book, "code").update(values)


def prose(**values: object) -> Change:
    """Puts something into a graded cell of text."""
    return lambda book: graded(book, "markdown").update(values)


def every(**values: object) -> Change:
    """Puts something into every code cell."""
    return lambda book: [
        cell.update(values) for cell in book["cells"] if cell["cell_type"] == "code"
    ]


def without(key: str) -> Change:
    """Removes a part of the notebook."""
    return lambda book: book.pop(key)


def each(kind: Callable[..., Change], key: str, *values: object) -> list[Change]:
    """Changes that put one value each."""
    return [kind(**{key: value}) for value in values]


def cases(
    words: str, kind: Callable[..., Change], key: str, *values: object
) -> list[tuple[Change, str]]:
    """Changes of which all are named with the same words."""
    return [(change, words) for change in each(kind, key, *values)]


NAMED: list[tuple[Change, str]] = [
    (without("nbformat_minor"), "nbformat_minor"),
    *cases("nbformat_minor", top, "nbformat_minor", None, "5", -1, [5], 1.5),
    (without("metadata"), "settings"),
    *cases("metadata", top, "metadata", None, [], "x", 3),
    *cases("kernelspec", settings, "kernelspec", None, "python3", [], {}),
    (settings(kernelspec={"name": 3, "display_name": None}), "kernelspec"),
    *cases("language_info", settings, "language_info", None, "python", {}),
    (settings(authors="me", title=3), "title"),
    *cases("the outputs of cell 2", every, "outputs", None, {}, "x", [None]),
    (code(outputs=[{"output_type": "stream"}]), "cell 2"),
    (code(outputs=[{"output_type": "new", "text": 3}]), "cell 2"),
    *cases("execution_count of cell 2", code, "execution_count", "1", [1]),
    *cases("attachments of cell", prose, "attachments", None, [], {"a": 3}),
    (prose(attachments={"a.png": {"image/png": 3}}), "attachments of cell"),
    (prose(source=HALF), "half a character"),
    (
        lambda book: first(book, "code")["source"].append("\n# \ud83d"),
        "half a character (�) in cell 2",
    ),
    (code(metadata={"tags": "x", "nbgrader": None}), "the metadata of cell 2"),
    (code(anything=3), "cell 2"),
]
SILENT: list[Change] = [
    lambda book: None,
    *each(code, "id", None, 3, [3], {}, "", "a b", "ö" * 200),
    every(id="same"),
    top(nbformat_minor=2),
    top(nbformat_minor=99),
    settings(a="\ud83d"),
    code(metadata={"nbgrader": None, "mine": 3}),
    prose(attachments={}),
]


def saved(folder: Path, change: Change, encoding: str = "utf-8") -> Path:
    """A submission of the lesson with one change."""
    book = copy.deepcopy(BOOK)
    change(book)
    (folder / NAME).write_bytes(json.dumps(book).encode(encoding))
    return folder / NAME


def read_as_nbgrader(folder: Path) -> nbformat.NotebookNode:
    """The copy, read and checked with nbformat and nbgrader. No fault is forgiven."""
    with warnings.catch_warnings(action="error"):
        clean_copy.submission(folder, LESSONS, folder / "copy")
        found = nbformat.read(folder / "copy" / NAME, as_version=4)
        nbformat.validate(found)
        MetadataValidator().validate_nb(found)
        nbformat.writes(found).encode("utf-8")
    return found


@pytest.mark.parametrize(("change", "words"), NAMED)
def test_damage_is_named_and_costs_nothing(
    tmp_path: Path, change: Change, words: str
) -> None:
    path = saved(tmp_path, change)
    before = path.read_bytes()
    (found,) = inspection.inspect(path, LESSONS[NAME])
    assert found[0] is Level.FINE
    assert words in found[1]
    assert "a repaired copy is graded" in found[2]
    read_as_nbgrader(tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("change", SILENT)
def test_what_costs_nothing_and_needs_no_word(tmp_path: Path, change: Change) -> None:
    assert inspection.inspect(saved(tmp_path, change), LESSONS[NAME]) == []
    read_as_nbgrader(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = saved(tmp_path, lambda book: None, encoding)
    (found,) = inspection.inspect(path, LESSONS[NAME])
    assert found[0] is Level.FINE
    assert "a mark or an encoding" in found[1]
    read_as_nbgrader(tmp_path)


def test_answers_and_grading_data_are_in_the_copy(tmp_path: Path) -> None:
    def change(book: Notebook) -> None:
        graded(book, "markdown")["source"] = ["Because\n", "it moves."]
        metadata = graded(book, "code")["metadata"]
        metadata["nbgrader"] = {"grade_id": metadata["nbgrader"]["grade_id"], "new": 3}
        first(book, "code")["metadata"]["tags"] = ["skip-execution"]

    saved(tmp_path, change)
    found = read_as_nbgrader(tmp_path)
    cells = [cell for cell in found.cells if grade_id(cell)]
    data = {grade_id(cell): cell.metadata.nbgrader for cell in cells}
    assert data == {x.id: x.data for x in LESSONS[NAME].cells.values()}
    assert "Because\nit moves." in [cell.source for cell in found.cells]
    assert first(found, "code")["metadata"]["tags"] == ["skip-execution"]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_that_was_turned_into_text_is_code_again(
    tmp_path: Path, kind: str
) -> None:
    def change(book: Notebook) -> None:
        cell = graded(book, "code")
        cell |= {"cell_type": kind, "attachments": {}}
        del cell["outputs"], cell["execution_count"]

    saved(tmp_path, change)
    kinds = {grade_id(x): x.cell_type for x in read_as_nbgrader(tmp_path).cells}
    assert kinds[grade_id(graded(BOOK, "code"))] == "code"


def test_a_picture_keeps_its_place(tmp_path: Path) -> None:
    """Present, present under an encoded name, and missing: feedback can show all."""
    source = "![](attachment:a.png) ![](attachment:b%20c.png) ![](attachment:d.png)"
    bundle = {"image/png": ["iVBO", "Rw0K"]}
    both = {"a.png": bundle, "b c.png": bundle}
    saved(tmp_path, prose(source=source, attachments=both))
    found = graded(read_as_nbgrader(tmp_path), "markdown")["attachments"]
    assert found["a.png"] == found["b%20c.png"] == {"image/png": "iVBORw0K"}
    assert "image/svg+xml" in found["d.png"]


TIMES = [
    ("2030-01-02 10:00:00 UTC", "2030-01-02 10:00"),
    ("2030-01-02 10:00:00.123456 +0200", "2030-01-02 08:00"),
    ("2030-01-02T10:00:00+02:00", "2030-01-02 08:00"),
    ("2. January 2030", "2030-01-02 00:00"),
]


@pytest.mark.parametrize(("text", "time"), TIMES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_times(tmp_path: Path, text: str, time: str, encoding: str) -> None:
    (tmp_path / timestamp.NAME).write_bytes(f"{text}\r\n".encode(encoding))
    assert f"{timestamp.read(tmp_path):%Y-%m-%d %H:%M}" == time
    assert timestamp.problem(tmp_path) == ""
    clean_copy.submission(tmp_path, {}, tmp_path / "copy")
    copied = timestamp.read(tmp_path / "copy")
    assert copied == timestamp.read(tmp_path)


ODD_TIMES = [
    (b"", "it is empty"), (b" \n", "it is empty"), (b"gestern abend", "'gestern abend"),
    (b"a b c", "'a b c'"), (b"12", "'12'"), (b"10:00", "no time"), (b"\0\xff", "no"),
    (b"9" * 5_000_000, "no time"), (b"2030-13-40", "no time"), (b"0001-1-1", "no time"),
    (bytes(range(256)), "no time"), ("gestern".encode("utf-16"), "'gestern'"),
    (b"2030-01-02 10:00:00 Nowhere/Land", "no time"), (b"1 2 3 4 5 6 7", "no time"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), ODD_TIMES)
def test_a_file_without_a_time(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / timestamp.NAME).write_bytes(content)
    problem = timestamp.problem(tmp_path)
    assert words in problem
    assert problem.isprintable()
    clean_copy.submission(tmp_path, {}, tmp_path / "copy")
    assert not (tmp_path / "copy" / timestamp.NAME).exists()


def test_a_folder_in_place_of_the_time(tmp_path: Path) -> None:
    (tmp_path / timestamp.NAME).mkdir()
    assert timestamp.read(tmp_path) is None
    assert "a folder" in timestamp.problem(tmp_path)
