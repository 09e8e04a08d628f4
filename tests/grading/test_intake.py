"""Submissions that cannot be graded, or not without a word."""

import copy
import json
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursekit.grading import intake, notebook_file, released
from coursekit.grading.findings import Finding, Level
from coursekit.grading.remembered import Job

WEEK = "week1_sums"
NAMES = ("1_adding.ipynb", "2_taking.ipynb")
Notebook = dict[str, Any]


def cell(kind: str, source: str, **data: object) -> dict[str, Any]:
    """A cell; `data` is nbgrader's, with the flags left out being False."""
    flags = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
    metadata = {"nbgrader": flags | data, "tags": ["raises-exception"]} if data else {}
    made: Notebook = {"cell_type": kind, "metadata": metadata, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def notebook(prefix: str) -> Notebook:
    """A lesson as students get it, with two exercises and an answer by hand."""
    cells = [cell("markdown", "# A lesson"), cell("code", "import numpy as np")]
    for name in (f"{prefix}one", f"{prefix}two"):
        cells += [
            cell("code", f"def {name}(): ...", solution=True, grade_id=name),
            cell("code", "np.testing", grade=True, locked=True, points=2,
                 grade_id=f"{name}-check"),
        ]  # fmt: skip
    words = {"grade": True, "solution": True, "grade_id": f"{prefix}words", "points": 3}
    cells.append(cell("markdown", "Your answer", **words))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


ADDING, TAKING = notebook("add-"), notebook("take-")


def graded(book: Notebook, name: str) -> dict[str, Any]:
    """The cell with this grade id."""
    cells = (c for c in book["cells"] if c["metadata"])
    return next(c for c in cells if c["metadata"]["nbgrader"]["grade_id"] == name)


def data(book: Notebook, name: str) -> dict[str, Any]:
    """nbgrader's data of the cell with this grade id."""
    found: dict[str, Any] = graded(book, name)["metadata"]["nbgrader"]
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course with one assignment and a submission of ada that is as it should be."""
    for folder in (tmp_path / "notebooks" / WEEK, tmp_path / "submitted/ada" / WEEK):
        folder.mkdir(parents=True)
        for name, book in zip(NAMES, (ADDING, TAKING), strict=True):
            (folder / name).write_text(json.dumps(book), encoding="utf-8")
    return tmp_path


@pytest.fixture
def ada(root: Path) -> Path:
    """The folder of ada's notebooks."""
    return root / "submitted" / "ada" / WEEK


def findings(root: Path, known: tuple[str, ...] = ()) -> list[Finding]:
    """What intake finds in all submissions."""
    taken = intake.take_in(root, WEEK, known)
    return [finding for submission in taken for finding in submission.findings]


def only(root: Path, level: Level, *words: str, known: tuple[str, ...] = ()) -> Finding:
    """The one finding, of this level and with these words."""
    found = findings(root, known)
    assert [item.level for item in found] == [level], found
    for word in words:
        assert word in str(found[0])
    return found[0]


def test_a_good_submission_gives_no_finding(root: Path) -> None:
    taken = intake.take_in(root, WEEK)
    assert [item.student for item in taken] == ["ada"]
    assert taken[0].accepted
    assert not taken[0].findings


def test_answers_and_cells_of_the_student_s_own_are_welcome(
    root: Path, ada: Path
) -> None:
    book = copy.deepcopy(ADDING)
    graded(book, "add-one")["source"] = ["def add_one():\n", "    return 1"]
    graded(book, "add-words")["source"] = "Because."
    book["cells"].insert(1, cell("code", "import numpy"))
    book["nbformat_minor"] = 9
    (ada / NAMES[0]).write_text(json.dumps(book), encoding="utf-8")
    (ada / ".ipynb_checkpoints").mkdir()
    (ada / ".ipynb_checkpoints" / NAMES[0]).write_text("{", encoding="utf-8")
    (ada / "timestamp.txt").write_text("2030-01-01 10:00:00 UTC", encoding="utf-8")
    assert findings(root) == []


WHOLE = json.dumps(ADDING).encode()
CONTENTS = [
    (b"", "the file is empty"),
    (b" \n", "the file is empty"),
    (WHOLE[:-40], "ends in the middle"),
    (WHOLE[: WHOLE.index(b"def") + 2], "ends in the middle"),
    (b"hello", "not JSON"),
    (b'{"cells": nothing, "nbformat": 4}', "not JSON"),
    (b"<!DOCTYPE html><html></html>", "a web page"),
    (b"\x89PNG\r\n\x1a\n\xff", "not even text"),
    (b"[" * 100_000, "nested too deep"),
    (b"[1, 2]", "it is not a notebook"),
    (b"{}", "it is not a notebook"),
    (b'{"nbformat": 3, "worksheets": []}', "format is too old"),
    (b'{"nbformat": 5, "cells": []}', "format is too new"),
    (b'{"nbformat": "4", "cells": []}', "format is too new or unknown"),
    (b'{"nbformat": 4, "cells": []}', "none of the lesson's graded"),
    (b'{"nbformat": 4, "cells": null}', "parts of the notebook are missing"),
    (b'{"nbformat": 4, "metadata": {}}', "parts of the notebook are missing"),
    (b'{"nbformat": 4, "metadata": {}, "cells": [7]}', "cell 1 is damaged"),
    (b'{"nbformat": 4, "metadata": {}, "cells": []}', "none of the lesson's graded"),
]


@pytest.mark.parametrize(("content", "words"), CONTENTS)
def test_a_file_that_is_no_notebook(
    root: Path, ada: Path, content: bytes, words: str
) -> None:
    (ada / NAMES[0]).write_bytes(content)
    finding = only(root, Level.REFUSED, words)
    assert (finding.student, finding.file) == ("ada", NAMES[0])
    assert finding.advice.endswith(".")
    assert (ada / NAMES[0]).read_bytes() == content


DAMAGES = [
    *(("cell_type", value) for value in (None, 7, "prose")),
    *(("metadata", value) for value in (None, 7, [7])),
    *(("source", value) for value in (None, 7, [7], {"a": 1})),
]


@pytest.mark.parametrize(("key", "value"), DAMAGES)
def test_a_damaged_cell(root: Path, ada: Path, key: str, value: object) -> None:
    book = copy.deepcopy(ADDING)
    book["cells"][0][key] = value
    (ada / NAMES[0]).write_text(json.dumps(book), encoding="utf-8")
    only(root, Level.REFUSED, "cell 1 is damaged", "save it")


def test_a_file_that_may_not_be_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    found = findings(root)
    assert [item.file for item in found] == list(NAMES)
    assert "cannot be read: Permission denied" in str(found[0])


LIMITS = [
    ("MAX_BYTES", "MB, more than", "Clear its outputs"),
    ("MAX_CELLS", "it has 7 cells, more than 5", "Delete cells"),
    ("MAX_CHARACTERS", "cell 1 holds more than 5 characters", "Shorten"),
]


@pytest.mark.parametrize(("limit", "problem", "advice"), LIMITS)
def test_a_notebook_that_is_too_big(
    root: Path, monkeypatch: pytest.MonkeyPatch, limit: str, problem: str, advice: str
) -> None:
    monkeypatch.setattr(notebook_file, limit, 5)
    found = findings(root)
    assert [item.level for item in found] == [Level.REFUSED, Level.REFUSED]
    assert problem in str(found[0])
    assert advice in str(found[0])


@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_TOTAL_BYTES"])
def test_too_many_files(
    root: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(intake, limit, 1)
    only(root, Level.REFUSED, "more than", "Keep only the lesson's notebooks")


def remove(*names: str) -> Callable[[Notebook], None]:
    """Deletes graded cells."""

    def change(book: Notebook) -> None:
        for name in names:
            book["cells"].remove(graded(book, name))

    return change


def double(name: str) -> Callable[[Notebook], None]:
    """Copies a graded cell to the end."""
    return lambda book: book["cells"].append(copy.deepcopy(graded(book, name)))


def put(name: str, **values: object) -> Callable[[Notebook], None]:
    """Changes nbgrader's data of a cell."""
    return lambda book: data(book, name).update(values)


def tag(book: Notebook) -> None:
    graded(book, "add-one-check")["metadata"]["tags"].append("skip-execution")


def empty(book: Notebook) -> None:
    graded(book, "add-one-check")["metadata"]["nbgrader"] = {}


def above(book: Notebook) -> None:
    book["cells"].insert(2, book["cells"].pop(3))


def edit_check(book: Notebook) -> None:
    graded(book, "add-one-check")["source"] = "pass"


def as_text(book: Notebook) -> None:
    cell = graded(book, "add-one")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def code_again(book: Notebook) -> None:
    words = graded(book, "add-words")
    words |= {"cell_type": "code", "outputs": [], "execution_count": 1}


def raw(book: Notebook) -> None:
    as_text(book)
    graded(book, "add-one")["cell_type"] = "raw"


def split(book: Notebook) -> None:
    cells, cell = book["cells"], graded(book, "add-one")
    cells.insert(cells.index(cell) + 1, cell | {"source": "    return 1"})
    cell["source"] = "def add_one():"


def second_try(book: Notebook) -> None:
    double("add-one")(book)
    graded(book, "add-one")["source"] = "def add_one(): return 1"


def delete_imports(book: Notebook) -> None:
    del book["cells"][1]


def spoil_imports(book: Notebook) -> None:
    book["cells"][1]["source"] = "import numpy as"


def lose_a_picture(book: Notebook) -> None:
    graded(book, "add-words")["source"] = "![me](attachment:my%20sketch.png)"


def two_attempts(book: Notebook) -> None:
    double("add-one")(book)
    graded(book, "add-one")["source"] = "def add_one(): return 1"
    book["cells"][-1]["source"] = "def add_one(): return 2"


CHANGED = "the grading data of add-one was changed"
TWICE = "is in it more than once. Nothing to do"
GONE = "nothing defines np. Nothing to do: ours is used"
LOST = "It counts as it was handed out, unless another cell defines the same"
CHANGES = [
    (split, Level.LOOK, "in cells 3 and 4, with different texts. The last one counts"),
    (two_attempts, Level.LOOK, "If another is to count, delete the rest"),
    (put("add-two", grade_id="b"), Level.LOOK, "the cell b is not of this lesson"),
    (put("add-two", grade_id="b"), Level.LOOK, "the cell add-two is missing"),
    (remove("add-one", "add-one-check"), Level.LOOK, f"add-one is missing. {LOST}"),
    (remove("add-one"), Level.LOOK, f"the cell add-one is missing. {LOST}"),
    (remove("add-words"), Level.LOOK, "the cell add-words is missing"),
    (second_try, Level.FINE, "the answer counts that is not as it was handed out"),
    (above, Level.FINE, "stand in another order. Nothing to do"),
    (delete_imports, Level.FINE, GONE),
    (spoil_imports, Level.FINE, GONE),
    (double("add-one"), Level.FINE, f"the cell add-one {TWICE}"),
    (double("add-one-check"), Level.FINE, f"the cell add-one-check {TWICE}"),
    (double("add-words"), Level.FINE, f"the cell add-words {TWICE}"),
    (remove("add-one-check", "add-two-check"), Level.FINE, "checks are ours"),
    (empty, Level.FINE, "the cell add-one-check is missing"),
    (edit_check, Level.FINE, "add-one-check is locked but changed"),
    (put("add-one-check", points=9), Level.FINE, "data of add-one-check was changed"),
    (put("add-one-check", points="x"), Level.FINE, "data of add-one-check was changed"),
    (put("add-one-check", grade=False), Level.FINE, "add-one-check was changed"),
    (put("add-one", solution=False), Level.FINE, CHANGED),
    (put("add-one", schema_version=2), Level.FINE, CHANGED),
    (put("add-one", schema_version="4"), Level.FINE, CHANGED),
    (put("add-one", locked=None), Level.FINE, CHANGED),
    (tag, Level.FINE, "the grading data of add-one-check was changed"),
    (as_text, Level.FINE, "add-one was turned into Markdown. Nothing to do: it is"),
    (raw, Level.FINE, "add-one was turned into raw text. Nothing to do: it is graded"),
    (code_again, Level.FINE, "add-words was turned into code. Nothing to do: it is"),
    (lose_a_picture, Level.FINE, "the picture my%20sketch.png of cell 7 is not in it"),
]


@pytest.mark.parametrize(("change", "level", "words"), CHANGES)
def test_graded_cells_that_were_changed(
    root: Path,
    ada: Path,
    change: Callable[[Notebook], None],
    level: Level,
    words: str,
) -> None:
    """Nothing of this keeps it from being graded; some of it should be known."""
    book = copy.deepcopy(ADDING)
    change(book)
    (ada / NAMES[0]).write_text(json.dumps(book), encoding="utf-8")
    (taken,) = intake.take_in(root, WEEK)
    assert taken.accepted
    assert {found.file for found in taken.findings} == {NAMES[0]}
    assert any(
        found.level is level and words in str(found) for found in taken.findings
    ), taken.findings
    assert taken.needs_a_look == (level is Level.LOOK)


def test_a_copy_as_it_was_handed_out_is_no_attempt(root: Path, ada: Path) -> None:
    book = copy.deepcopy(ADDING)
    second_try(book)
    (ada / NAMES[0]).write_text(json.dumps(book), encoding="utf-8")
    only(root, Level.FINE, f"the cell add-one {TWICE}")


@pytest.mark.parametrize(
    "name", ["1_adding (1).ipynb", "Kopie.ipynb", "sub/1_adding.ipynb"]
)
def test_a_wrong_name_or_place(root: Path, ada: Path, name: str) -> None:
    (ada / "sub").mkdir()
    (ada / NAMES[0]).rename(ada / name)
    finding = only(root, Level.REFUSED, "it should be called 1_adding.ipynb")
    assert finding.file == name
    assert f"submitted/ada/{WEEK}/1_adding.ipynb" in finding.advice


def test_a_wrong_name_of_a_damaged_file_is_guessed(root: Path, ada: Path) -> None:
    (ada / NAMES[0]).unlink()
    (ada / "1_ading.ipynb").write_text("", encoding="utf-8")
    only(root, Level.REFUSED, "it should be called 1_adding.ipynb")


def test_a_copy_beside_the_right_file(root: Path, ada: Path) -> None:
    (ada / "1_adding-Copy1.ipynb").write_bytes(WHOLE)
    only(root, Level.LOOK, "another copy of 1_adding.ipynb", "is not graded")


def test_a_notebook_of_something_else(root: Path, ada: Path) -> None:
    book = {"nbformat": 4, "metadata": {}, "cells": []}
    (ada / "holidays.ipynb").write_text(json.dumps(book), encoding="utf-8")
    only(root, Level.LOOK, "no notebook of this assignment")


def test_two_lessons_under_each_other_s_names(root: Path, ada: Path) -> None:
    (ada / NAMES[0]).write_text(json.dumps(TAKING), encoding="utf-8")
    only(root, Level.REFUSED, "none of the lesson's graded cells", "another notebook?")


def test_a_missing_notebook(root: Path, ada: Path) -> None:
    (ada / NAMES[1]).unlink()
    only(root, Level.LOOK, "2_taking.ipynb: it is missing", "0 points")


def test_other_files_are_left_out(root: Path, ada: Path) -> None:
    (ada / "numpy.py").write_text("sum = len", encoding="utf-8")
    only(root, Level.FINE, "numpy.py: it is no notebook", "not used for grading")


def test_an_archive_instead_of_notebooks(root: Path, ada: Path) -> None:
    for name in NAMES:
        (ada / name).unlink()
    (ada / "all.zip").write_bytes(b"PK")
    found = [item for item in findings(root) if item.level is Level.REFUSED]
    assert [(item.file, item.problem) for item in found] == [
        ("all.zip", "it is an archive")
    ]


def test_a_link_to_somebody_else_s_notebook(root: Path, ada: Path) -> None:
    bob = root / "submitted" / "bob" / WEEK
    bob.mkdir(parents=True)
    (bob / NAMES[0]).symlink_to(ada / NAMES[0])
    assert only(root, Level.REFUSED, "it is a link").student == "bob"


def test_no_ordinary_file(root: Path, ada: Path) -> None:
    (ada / NAMES[0]).unlink()
    os.mkfifo(ada / NAMES[0])
    only(root, Level.REFUSED, "it is no ordinary file")


def test_folders_that_are_links(root: Path, ada: Path) -> None:
    (root / "submitted" / "bob").symlink_to(ada.parent)
    (root / "submitted" / "carol").mkdir()
    (root / "submitted" / "carol" / WEEK).symlink_to(ada)
    found = findings(root)
    assert [(item.student, item.level) for item in found] == [
        ("bob", Level.REFUSED),
        ("carol", Level.REFUSED),
    ]
    assert all("link" in item.problem for item in found)


ODD = ["a*", "[a]", "a?", " ada", "a ", "-ada", "a\\b", "a\nb", "a\udce4b", "a" * 201]


@pytest.mark.parametrize("name", ODD)
def test_a_name_that_no_student_has(root: Path, name: str) -> None:
    (root / "submitted" / name).mkdir()
    finding = only(root, Level.REFUSED, "cannot be the name of a student")
    assert str(finding).isprintable()
    assert ("shorten" if len(name) > 200 else "Write it without") in finding.advice


PEOPLE = [
    "bob", "Zoë.K", "b-2@uni.edu", "Ada Lovelace", "12", "O'Neil", "a+b", "King, Ada",
    "山田", "दीपिका", "Nguyễn Thị Ánh", "(x) & co", "a:b", "x" * 200,
]  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_names_of_students(root: Path, name: str) -> None:
    (root / "submitted" / "ada").rename(root / "submitted" / name)
    assert [item.student for item in intake.take_in(root, WEEK)] == [name]
    assert findings(root) == []


def test_a_file_among_the_students(root: Path) -> None:
    (root / "submitted" / "bob.zip").write_bytes(b"PK")
    only(root, Level.REFUSED, "bob.zip", "not a student's folder", "unpack")


def test_student_and_assignment_swapped(root: Path) -> None:
    (root / "submitted" / WEEK / "bob").mkdir(parents=True)
    only(root, Level.REFUSED, f"The order is submitted/<student>/{WEEK}/")


def test_a_student_who_is_not_in_the_gradebook(root: Path) -> None:
    known = ("adam", "bob")
    add = "came later, add them: python -m coursekit students --add ada"
    only(root, Level.REFUSED, "Is it adam?", add, known=known)
    assert "Is it" not in str(only(root, Level.REFUSED, add, known=("zoe",)))
    assert findings(root, ("ada",)) == []


COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "Zoë") for form in ("NFC", "NFD"))


def test_accents_as_any_system_writes_them(root: Path, ada: Path) -> None:
    """The gradebook's spelling is the student's; without one, the composed."""
    folder = ada.parent.rename(root / "submitted" / DECOMPOSED)
    for known, student in [
        ((), COMPOSED),
        ((COMPOSED,), COMPOSED),
        ((DECOMPOSED,), DECOMPOSED),
    ]:
        (taken,) = intake.take_in(root, WEEK, known)
        assert taken.accepted
        assert (taken.student, taken.folder) == (student, folder / WEEK)


def test_two_folders_of_one_student(root: Path, ada: Path) -> None:
    shutil.copytree(ada.parent, root / "submitted" / DECOMPOSED)
    shutil.copytree(ada.parent, root / "submitted" / COMPOSED)
    found = findings(root)
    assert [item.level for item in found] == [Level.REFUSED, Level.REFUSED]
    assert "two folders spell this name" in str(found[0])


def test_notebooks_without_their_folder(root: Path, ada: Path) -> None:
    for name in NAMES:
        (ada / name).rename(ada.parent / name)
    ada.rmdir()
    only(root, Level.REFUSED, f"Move them into submitted/ada/{WEEK}/")


def test_a_folder_with_a_wrong_name(root: Path, ada: Path) -> None:
    ada.rename(ada.parent / "week1")
    only(root, Level.REFUSED, "it holds 'week1'", f"no folder {WEEK}")


def test_who_handed_in_nothing_is_no_submission(root: Path) -> None:
    (root / "notebooks" / "week2").mkdir()
    (root / "notebooks" / "week2" / "1_a.ipynb").write_bytes(WHOLE)
    (root / "submitted" / "bob" / "week2").mkdir(parents=True)
    (root / "submitted" / "carol").mkdir()
    assert [item.student for item in intake.take_in(root, WEEK)] == ["ada"]


def test_one_bad_submission_stops_nobody_else(root: Path, ada: Path) -> None:
    bad = root / "submitted" / "aaa" / WEEK
    bad.mkdir(parents=True)
    for name in NAMES:
        (bad / name).write_bytes(b"")
    accepted = {item.student: item.accepted for item in intake.take_in(root, WEEK)}
    assert accepted == {"aaa": False, "ada": True}


def test_nothing_to_take_in(tmp_path: Path, root: Path) -> None:
    with pytest.raises(ValueError, match=f"no assignment 'week9'. There are: {WEEK}"):
        intake.take_in(root, "week9")
    with pytest.raises(ValueError, match="python -m coursekit build"):
        intake.take_in(tmp_path / "elsewhere", WEEK)
    (root / "submitted").rename(root / "away")
    with pytest.raises(ValueError, match="submitted/<student>/week1_sums/"):
        intake.take_in(root, WEEK)


SPELLINGS = [
    f"{WEEK}/", f"{WEEK}//", f"./{WEEK}", f" {WEEK} ", f"notebooks/{WEEK}",
    f"./notebooks/{WEEK}/",
]  # fmt: skip


@pytest.mark.parametrize("given", SPELLINGS)
def test_an_assignment_spelled_as_a_folder(root: Path, given: str) -> None:
    assert released.named(root, given) == WEEK


def test_an_assignment_given_by_its_path(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert released.named(root, str(root / "notebooks" / WEEK)) == WEEK
    monkeypatch.chdir(root / "submitted")
    assert released.named(root, f"../notebooks/{WEEK}/") == WEEK


OTHERS = [
    "", " ", ".", "..", "/", "*", "week1*", "1", WEEK.upper(), f"{WEEK}/{NAMES[0]}",
    f"{WEEK}/..", f"../{WEEK}", f"/tmp/{WEEK}", f"submitted/ada/{WEEK}", f"x/{WEEK}",
    f"{WEEK}\0", f"{WEEK},", ".ipynb_checkpoints",
]  # fmt: skip


@pytest.mark.parametrize("given", OTHERS)
def test_what_is_no_assignment(root: Path, given: str) -> None:
    checkpoints = root / "notebooks" / ".ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "1_adding.ipynb").write_bytes(WHOLE)
    for find in (released.named, released.read, intake.take_in):
        with pytest.raises(ValueError, match=f"There are: {WEEK}.$") as caught:
            find(root, given)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a/", "/a", "../a", ".a"])
def test_a_job_stays_in_its_folder(root: Path, name: str) -> None:
    for assignment, student in ((WEEK, name), (name, "ada")):
        with pytest.raises(ValueError, match="cannot be the name of a folder"):
            Job(root, assignment, student)


ENDINGS = [
    "1_adding.ipynb.txt", "1_adding.ipynb.json", "1_adding.IPYNB", "1_adding.json",
    "1_adding.ipynb.zip", "1_adding.ipynb.download", "1_adding.txt", "1_adding",
    "Copy of 1_adding.ipynb", "1_adding.ipynb (1)", "1_adding.Ipynb.html",
]  # fmt: skip


@pytest.mark.parametrize("name", ENDINGS)
def test_a_notebook_under_another_ending(root: Path, ada: Path, name: str) -> None:
    (ada / NAMES[0]).rename(ada / name)
    finding = only(root, Level.REFUSED, "it should be called 1_adding.ipynb")
    assert finding.file == name


def test_an_unreadable_notebook_under_another_ending(root: Path, ada: Path) -> None:
    (ada / NAMES[0]).unlink()
    (ada / "1_adding.ipynb.part").write_bytes(WHOLE[:-40])
    only(root, Level.REFUSED, "it should be called 1_adding.ipynb")


def test_a_packed_notebook_is_an_archive(root: Path, ada: Path) -> None:
    (ada / NAMES[0]).unlink()
    (ada / "1_adding.ipynb.zip").write_bytes(b"PK\3\4")
    found = [item for item in findings(root) if item.level is Level.REFUSED]
    assert [item.problem for item in found] == ["it is an archive"]


def test_two_files_that_may_be_the_missing_one(root: Path, ada: Path) -> None:
    shutil.copy(ada / NAMES[0], ada / "1_adding (2).ipynb")
    (ada / NAMES[0]).rename(ada / "1_adding (1).ipynb")
    words = "1_adding (1).ipynb or 1_adding (2).ipynb may be it"
    only(root, Level.REFUSED, words, "Rename the right one")


def test_other_json_is_no_notebook(root: Path, ada: Path) -> None:
    (ada / "settings.json").write_text('{"a": 1}', encoding="utf-8")
    only(root, Level.FINE, "settings.json: it is no notebook")
