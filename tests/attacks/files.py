"""Attacks of another shape than an answer: the whole notebook, its bytes, its folder.

Each gets the folder in which an honest notebook lies whose answer to `double` earns
nothing, and changes it. `BOOKS` change what the notebook holds, `FOLDERS` the rest.
"""

import copy
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
NAME = "1_sums.ipynb"
# Where the cells stand: the start, then answer and check of each exercise, then words.
ANSWER, CHECK, NEXT_ANSWER, NEXT_CHECK = 1, 2, 3, 4
# As seen from submitted/<student>/<assignment>/.
OTHERS_SECRET = Path("..", "..", "..", "secret.txt")
OTHERS_NOTEBOOK = Path("..", "..", "a-honest", "week1_sums", NAME)
EASY = "assert True"
VERDICT = {"grade_id": "double-check", "points": 2.0, "of": 2.0, "state": "passed"}
REPORT = {
    "notebook": "1_sums",
    "verdicts": [VERDICT | {"message": "", "answers": ["double"]}],
    "remarks": [],
    "outputs": {},
    "by_hand": [],
}


def tagged(*tags: str) -> Callable[[Notebook], None]:
    """Tags on the check of `double`."""

    def change(book: Notebook) -> None:
        book["cells"][CHECK]["metadata"]["tags"] = [*tags]

    return change


def data(place: int, **values: object) -> Callable[[Notebook], None]:
    """Other data for nbgrader in a cell."""

    def change(book: Notebook) -> None:
        book["cells"][place]["metadata"]["nbgrader"] |= values

    return change


def cell(place: int, **values: object) -> Callable[[Notebook], None]:
    """Other fields of a cell."""

    def change(book: Notebook) -> None:
        book["cells"][place] |= values

    return change


def head(**values: object) -> Callable[[Notebook], None]:
    """Other fields of the notebook."""

    def change(book: Notebook) -> None:
        book |= values

    return change


def metadata(**values: object) -> Callable[[Notebook], None]:
    """Other metadata of the notebook."""

    def change(book: Notebook) -> None:
        book["metadata"] |= values

    return change


def own_cell(place: int, text: str) -> Callable[[Notebook], None]:
    """A cell of the student's own."""

    def change(book: Notebook) -> None:
        made = {"cell_type": "code", "id": "mine", "source": text, "metadata": {}}
        book["cells"].insert(place, made | {"outputs": [], "execution_count": None})

    return change


def moved(place: int, to: int) -> Callable[[Notebook], None]:
    """A cell elsewhere."""

    def change(book: Notebook) -> None:
        book["cells"].insert(to, book["cells"].pop(place))

    return change


def copied(place: int, **values: object) -> Callable[[Notebook], None]:
    """A cell twice, the second time with other fields."""

    def change(book: Notebook) -> None:
        again = copy.deepcopy(book["cells"][place]) | {"id": "again", **values}
        book["cells"].insert(place + 1, again)

    return change


def swapped_ids(book: Notebook) -> None:
    """The check of `double` under the name of another, and the other way round."""
    data(CHECK, grade_id="mean-check")(book)
    data(NEXT_CHECK, grade_id="double-check")(book)


def many_cells(book: Notebook) -> None:
    """Cells without an end."""
    plain = {"cell_type": "markdown", "source": "x", "metadata": {}}
    book["cells"] += [plain | {"id": f"x{number}"} for number in range(3_000)]


RESULT = {"output_type": "execute_result", "data": {"text/plain": "2.0"}}
STORED = [RESULT | {"execution_count": 1, "metadata": {}}]
SECOND = {"cell_type": "code", "source": EASY}

BOOKS: dict[str, dict[str, Callable[[Notebook], object]]] = {
    "Cell tags and metadata": {
        "the check tagged skip-execution": tagged("skip-execution"),
        "the check tagged raises-exception": tagged("raises-exception"),
        "the check tagged to be removed": tagged("remove_cell", "remove_input"),
        "a tag that is no text": cell(CHECK, metadata={"tags": [{"a": [1]}]}),
        "100 points on the check": data(CHECK, points=100),
        "points on an answer": data(ANSWER, grade=True, points=100),
        "negative points on the next check": data(NEXT_CHECK, points=-100),
        "points that are no number": data(CHECK, points="100"),
        "the check not locked": data(CHECK, locked=False, checksum="0" * 32),
        "the check made an answer": data(CHECK, solution=True, grade=True),
        "the check not graded": data(CHECK, grade=False, locked=False),
        "results stored in the check": cell(CHECK, outputs=STORED),
        "a verdict in the notebook's data": metadata(grading_report=json.dumps(REPORT)),
        "a kernel that there is not": metadata(
            kernelspec={"name": "bash", "display_name": "bash", "language": "bash"}
        ),
        "a language that is HTML": metadata(
            language_info={"name": "<script>alert(1)</script>", "pygments_lexer": "x"}
        ),
    },
    "Schema versions": {
        "a schema of the future": data(CHECK, schema_version=99),
        "a schema of the past": data(CHECK, schema_version=1),
        "a schema that is a text": data(CHECK, schema_version="3"),
        "a schema that is a list": data(CHECK, schema_version=[3]),
        "nbformat of the future": head(nbformat=99),
        "nbformat of the past": head(nbformat=3, worksheets=[{"cells": []}]),
        "nbformat that is a text": head(nbformat="4"),
        "a huge minor version": head(nbformat_minor=10**30),
    },
    "Cell surgery": {
        "the check twice": copied(CHECK, source=EASY),
        "the answer twice": copied(ANSWER),
        "the check deleted": lambda book: book["cells"].pop(CHECK),
        "the check edited": cell(CHECK, source=EASY),
        "the check moved before its answer": moved(CHECK, 1),
        "the check at the end": moved(CHECK, 7),
        "all checks deleted": lambda book: book["cells"].__delitem__(
            slice(CHECK, None, 2)
        ),
        "the answer as Markdown": cell(ANSWER, cell_type="markdown"),
        "the check as Markdown": cell(CHECK, cell_type="markdown"),
        "the check as raw text": cell(CHECK, cell_type="raw"),
        "the check under another name": data(CHECK, grade_id="greet-check"),
        "two checks with their names swapped": swapped_ids,
        "an answer with the name of its check": data(ANSWER, grade_id="double-check"),
        "a second check that is easy": copied(CHECK, **SECOND),
        "a name with a path in it": data(CHECK, grade_id="../../double-check"),
        "a name in look-alike letters": data(CHECK, grade_id="dоuble-check"),
        "an own cell behind the check": own_cell(CHECK + 1, "double = mean = None"),
        "an own cell that makes np a liar": own_cell(
            0, "class np:\n    testing = random = array = None"
        ),
        "3,000 cells": many_cells,
    },
    "Broken notebooks": {
        "cells that are no list": head(cells={"0": {}}),
        "no cells": head(cells=None),
        "a cell that is a number": lambda book: book["cells"].insert(1, 7),
        "a source that is a number": cell(CHECK, source=7),
        "a source that is a list of lists": cell(CHECK, source=[["a"], [1]]),
        "metadata that are a list": cell(CHECK, metadata=[]),
        "outputs that are a text": cell(CHECK, outputs="none"),
        "an output of no known kind": cell(CHECK, outputs=[{"output_type": "x"}]),
        "half characters": cell(ANSWER, source="x = '\ud83d'\ndouble = list"),
        "NUL characters": cell(ANSWER, source="def double(xs):\n    return '\0'"),
        "an answer of 300,000 characters": cell(ANSWER, source="x = 1\n" * 50_000),
        "attachments with paths": cell(
            7, attachments={"../../../x.png": {"image/png": "QUJD"}}
        ),
        "infinities and no numbers": metadata(a=float("inf"), b=float("nan")),
    },
}


def text(made: Callable[[str], str | bytes]) -> Callable[[Path], None]:
    """Another content of the file, made from its text."""

    def change(folder: Path) -> None:
        found = made((folder / NAME).read_text(encoding="utf-8"))
        whole = found if isinstance(found, bytes) else found.encode()
        (folder / NAME).write_bytes(whole)

    return change


def link(to: Path) -> Callable[[Path], None]:
    """A link in place of the notebook, to a path as seen from its folder."""

    def change(folder: Path) -> None:
        (folder / NAME).unlink()
        (folder / NAME).symlink_to(to)

    return change


def beside(name: str, content: str = "") -> Callable[[Path], None]:
    """Another file beside the notebook."""

    def change(folder: Path) -> None:
        (folder / name).write_text(content, encoding="utf-8")

    return change


def link_beside(folder: Path) -> None:
    """A link to the secret beside the notebook, which reads it."""
    (folder / "notes.txt").symlink_to(OTHERS_SECRET)
    book = json.loads((folder / NAME).read_text(encoding="utf-8"))
    book["cells"][ANSWER]["source"] = "print(open('notes.txt').read())"
    (folder / NAME).write_text(json.dumps(book), encoding="utf-8")


def folder_link(folder: Path) -> None:
    """The folder is a link to another student's."""
    (folder / NAME).unlink()
    folder.rmdir()
    folder.symlink_to(Path("..", "a-honest", folder.name))


def pipe(folder: Path) -> None:
    """A pipe into which nobody writes, in place of the notebook."""
    (folder / NAME).unlink()
    os.mkfifo(folder / NAME)


def pipe_beside(folder: Path) -> None:
    """A pipe beside the notebook."""
    os.mkfifo(folder / "data.csv")


def end_of_a_socket(folder: Path) -> None:
    """A socket beside the notebook."""
    here = os.open(folder, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{here}/s")
    os.close(here)


def sparse(folder: Path) -> None:
    """A file of 40 GB that takes no space."""
    with (folder / NAME).open("r+b") as file:
        file.truncate(40 << 30)


def many_files(folder: Path) -> None:
    """More files than anybody hands in."""
    for number in range(1_500):
        (folder / f"{number}.txt").touch()


def folder_for_file(folder: Path) -> None:
    """A folder with the notebook's name."""
    (folder / NAME).unlink()
    (folder / NAME).mkdir()


def renamed(name: str) -> Callable[[Path], object]:
    """The notebook under another name."""
    return lambda folder: (folder / NAME).rename(folder / name)


def twice(name: str) -> Callable[[str], str]:
    """The field `name` once more at the end, empty."""
    return lambda words: words.rstrip().removesuffix("}") + f', "{name}": []}}'


LIAR = "def __getattr__(name):\n    return lambda *inputs, **named: True\n"

FOLDERS: dict[str, dict[str, Callable[[Path], object]]] = {
    "Hostile JSON": {
        "100,000 brackets": text(lambda words: "[" * 100_000),
        "objects nested 50,000 deep": text(lambda words: '{"a":' * 50_000),
        "the cells twice": text(twice("cells")),
        "the format twice": text(twice("nbformat")),
        "a number of 100,000 digits": text(
            lambda words: words.replace('"nbformat": 4', '"nbformat": ' + "4" * 100_000)
        ),
        "a number beyond all": text(
            lambda words: words.replace('"points": 2', '"points": 1e999')
        ),
        "NUL bytes": text(lambda words: words.encode() + bytes(1_000)),
        "no Unicode": text(lambda words: words.encode() + b"\xff\xfe\xff"),
        "another encoding": text(lambda words: words.encode("utf-16")),
        "an empty file": text(lambda words: ""),
        "the end missing": text(lambda words: words[: len(words) // 2]),
        "a web page": text(lambda words: "<script>alert(1)</script>"),
    },
    "Paths, links and files": {
        "a link to another student's notebook": link(OTHERS_NOTEBOOK),
        "a link to a secret": link(OTHERS_SECRET),
        "a link to a device": link(Path("/dev/zero")),
        "a link to itself": link(Path(NAME)),
        "a link to a secret beside the notebook": link_beside,
        "a folder that is a link to another's": folder_link,
        "a pipe in place of the notebook": pipe,
        "a pipe beside the notebook": pipe_beside,
        "a socket beside the notebook": end_of_a_socket,
        "a file of 40 GB": sparse,
        "1,500 files": many_files,
        "a folder in place of the notebook": folder_for_file,
        "a file name in look-alike letters": renamed("1_sumѕ.ipynb"),
        "a file name with a way up": renamed("..\\..\\1_sums.ipynb"),
        "a file name with a line break": renamed("1_sums\n.ipynb"),
        "numpy.py beside the notebook": beside("numpy.py", LIAR),
        "sitecustomize.py beside the notebook": beside("sitecustomize.py", LIAR),
        "nbgrader_config.py beside the notebook": beside(
            "nbgrader_config.py", "print('WRITTEN')"
        ),
        "a time that has not come": beside("timestamp.txt", "9999-99-99 99:99"),
    },
}


def lay(name: str, folder: Path) -> None:
    """Change what lies in a submission's folder as the attack does."""
    for family in BOOKS.values():
        if name in family:
            path = folder / NAME
            book = json.loads(path.read_text(encoding="utf-8"))
            family[name](book)
            path.write_text(json.dumps(book), encoding="utf-8")
            return
    for files in FOLDERS.values():
        if name in files:
            files[name](folder)
