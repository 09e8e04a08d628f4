"""Class lists as spreadsheets write them, and gradebooks that cannot be used."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit import cli
from coursekit.authoring import build
from coursekit.grading import class_list, gradebook
from coursekit.grading.class_list import Student
from coursekit.grading.gradebook import GradingError
from tests.grading.submissions import REPOSITORY

BOB = Student("bob", "Bob", "Béla", "")
ADA = Student("ada", "Ada", "King, Countess", "ada@uni.edu")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course without a gradebook."""
    (tmp_path / build.CONFIG).write_bytes((REPOSITORY / build.CONFIG).read_bytes())
    (tmp_path / cli.MARKER).touch()
    return tmp_path


def written(root: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    """A class list."""
    path = root / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


PLAIN = "id,first_name,last_name\nbob,Bob,Béla\n"
FORMS = [
    (PLAIN, "utf-8"),
    (PLAIN, "utf-8-sig"),
    (PLAIN, "utf-16"),
    (PLAIN, "latin-1"),
    (PLAIN + "\n,,\n\n", "utf-8-sig"),
    (PLAIN.replace(",", ";").replace("\n", "\r\n"), "cp1252"),
    (PLAIN.replace(",", "\t"), "utf-16"),
    (PLAIN.replace("\n", "\r"), "utf-8"),
    ("\n\n" + PLAIN, "utf-8"),
    ("sep=;\r\n" + PLAIN.replace(",", ";"), "utf-8"),
    ('"ID" , "First Name","Last Name"\n "bob" , "Bob", "Béla"\n', "utf-8"),
    ("Last-Name;Username;Group;FIRSTNAME\nBéla;bob;7;Bob\n", "utf-8"),
    ("Nachname;Vorname;Student ID;E-Mail\nBéla;Bob;bob\n", "utf-8"),
]


@pytest.mark.parametrize(("text", "encoding"), FORMS)
def test_lists_of_every_spreadsheet(root: Path, text: str, encoding: str) -> None:
    assert class_list.read(written(root, text, encoding)) == [BOB]


def test_names_with_commas_and_accents(root: Path) -> None:
    text = (
        'id,last_name,first_name,email\nada,"King, Countess",Ada,ada@uni.edu\nZoe\u0308'
    )
    found = class_list.read(written(root, text))
    assert found == [ADA, Student("Zo\u00eb")]


WRONG = [
    ("", "is empty. Its columns are id"),
    ("\n;;\n", "is empty"),
    ("name,points\nada,3\n", "must name the columns.*It says: name, points"),
    ("ada,Ada,King\n", "must name the columns"),
    ("id,id\na,b\n", "each once"),
    ("id\nada\nbob\nada\n", "lines 2 and 4 have the same id 'ada'. Nothing was"),
    ("id\nZo\u00eb\n\nZoe\u0308\n", "lines 2 and 4 have the same id"),
    ("id,email\nada,\n,b@uni.edu\n", "line 3 has no id"),
    ("id,last_name\nada,King, Ada\n", "line 2 has more fields.*in quotes"),
    ("id\n../ada\n", "line 2: '../ada' cannot be an id. Write it without"),
    ("id\nada*\n", "cannot be an id"),
    ("id;first_name\n1,23457E+11;Ada\n", "has shortened the number"),
    (b"PK\3\4\0\0", "save it as CSV"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "save it as CSV"),
    (bytes(range(1, 200)), "must name the columns"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_a_list_that_cannot_be_used(root: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        class_list.read(written(root, text))
    assert "\n" not in str(caught.value)


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice the same changes nothing; what a list leaves out stays."""
    path = written(root, "id,first_name,last_name,email\nada,Ada,,a@uni.edu\nbob\n")
    command = ["--root", str(root), "students"]
    for told in (
        "2 added, 0 changed, 0 as before.",
        "0 added, 0 changed, 2 as before.",
    ):
        assert cli.main([*command, str(path)]) == 0
        assert told in capsys.readouterr().out
    written(root, "id,last_name\nada,King\n")
    assert cli.main([*command, str(path), "--add", "carol"]) == 0
    told = capsys.readouterr().out
    assert "1 added, 1 changed, 0 as before. Also in the gradebook" in told
    assert told.endswith("left there: bob.\n")
    with gradebook.opened(root) as book:
        ada = book.find_student("ada")
        assert (ada.first_name, ada.last_name, ada.email) == (
            "Ada",
            "King",
            "a@uni.edu",
        )
    assert cli.main(command) == 0
    assert sorted(capsys.readouterr().out.split()) == ["ada", "bob", "carol"]
    for wrong in (["--add", "a/b"], ["none.csv"]):
        assert cli.main([*command, *wrong]) == 1
        assert capsys.readouterr().err.count("\n") == 1


def test_an_id_keeps_the_gradebook_s_spelling(root: Path) -> None:
    with gradebook.opened(root) as book:
        book.add_student("Zoe\u0308")
    changes = class_list.enrol(root, [Student("Zo\u00eb", "Zoë")])
    assert changes.changed == gradebook.students(root) == ["Zoe\u0308"]


@pytest.fixture
def path(root: Path) -> Path:
    """A sound gradebook with many students."""
    class_list.enrol(root, [Student(f"student{i}", "x" * 3000) for i in range(8)])
    return root / gradebook.DATABASE


def refuses(path: Path, words: str) -> None:
    """Whether every entrance says in one line what is wrong, and changes nothing."""
    before = path.read_bytes()
    for entrance in (gradebook.check, gradebook.students, gradebook.clean):
        with pytest.raises(GradingError, match=words) as caught:
            entrance(path.parent)
        assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [0.4, 0.9])
def test_a_truncated_gradebook(path: Path, kept: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    refuses(path, "is damaged.*Put a copy")


@pytest.mark.parametrize("content", [b"not a database, but long enough", b"\0" * 5000])
def test_a_file_that_is_no_gradebook(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refuses(path, "gradebook.db")


def test_a_gradebook_of_something_else(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE students (name TEXT)")
    refuses(path, "not one of nbgrader's")


def test_an_emptied_gradebook(path: Path) -> None:
    path.write_bytes(b"")
    gradebook.check(path.parent)
    (path.parent / "autograded").mkdir()
    refuses(path, "is empty, though work was graded")


def test_a_gradebook_in_use(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradebook, "PATIENCE", 0.1)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refuses(path, "in use by another program.*Nothing was changed")
    gradebook.check(path.parent)


def test_a_gradebook_that_is_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    with pytest.raises(GradingError, match="cannot be opened"):
        gradebook.check(path.parent)


def test_a_gradebook_of_another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE student RENAME COLUMN email TO mail")
    with pytest.raises(GradingError, match="nbgrader db upgrade") as caught:
        gradebook.students(path.parent)
    assert "\n" not in str(caught.value)


def test_an_error_always_has_words() -> None:
    for error in (AssertionError(), KeyError(0), ValueError("None"), TypeError("\n")):
        assert gradebook.words(error).startswith("the grading tools failed (")
    assert gradebook.words(ValueError("no such cell")) == "ValueError: no such cell"
    assert gradebook.words(GradingError("as it is")) == "as it is"
    trace = (
        'Traceback (most recent call last):\n  File "a", line 1\n    x\nAssertionError'
    )
    assert "failed (AssertionError)" in gradebook.reason([trace])
    assert gradebook.reason(
        [f"{trace[:-14]}b.DeadKernelError: Kernel died\n\nmore"]
    ) == ("Kernel died")


def test_points_go_back_to_what_they_were(root: Path) -> None:
    with gradebook.opened(root) as book:
        make_assignment(book)
        book.add_submission("week", "ada")
    assert gradebook.points(root, "week", "bob") is None
    before = gradebook.points(root, "week", "ada")
    with gradebook.opened(root) as book:
        book.add_submission("week", "bob")
        book.find_grade("cell", "lesson", "week", "ada").auto_score = 2
        book.db.commit()
    gradebook.put_back(root, "week", "ada", before)
    gradebook.put_back(root, "week", "bob", None)
    assert gradebook.points(root, "week", "ada") == before
    assert gradebook.points(root, "week", "bob") is None


def make_assignment(book: Gradebook) -> None:
    """Two students and one exercise."""
    book.add_assignment("week")
    book.add_notebook("lesson", "week")
    book.add_grade_cell("cell", "lesson", "week", max_score=3, cell_type="code")
    book.add_student("ada")
    book.add_student("bob")
