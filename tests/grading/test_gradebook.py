"""The gradebook: students from a list, points put back, files that cannot be used.

nbgrader takes seconds to make a gradebook.
"""

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

pytestmark = pytest.mark.slow


def made(root: Path) -> Path:
    """The folder, as that of a course without a gradebook."""
    (root / build.CONFIG).write_bytes((REPOSITORY / build.CONFIG).read_bytes())
    (root / cli.MARKER).touch()
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course without a gradebook."""
    return made(tmp_path)


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice the same changes nothing; what a list leaves out stays."""
    path = root / "class.csv"
    path.write_text("id,first_name,last_name,email\nada,Ada,,a@uni.edu\nbob\n", "utf-8")
    command = ["--root", str(root), "students"]
    for told in (
        "2 added, 0 changed, 0 as before.",
        "0 added, 0 changed, 2 as before.",
    ):
        assert cli.main([*command, str(path)]) == 0
        assert told in capsys.readouterr().out
    path.write_text("id,last_name\nada,King\n", "utf-8")
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


@pytest.fixture(scope="module")
def many_students(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A gradebook as bytes."""
    root = made(tmp_path_factory.mktemp("gradebook"))
    class_list.enrol(root, [Student(f"student{i}", "x" * 3000) for i in range(8)])
    return (root / gradebook.DATABASE).read_bytes()


@pytest.fixture
def path(root: Path, many_students: bytes) -> Path:
    """A sound gradebook with many students."""
    (root / gradebook.DATABASE).write_bytes(many_students)
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
    own = f"{trace[:-14]}b.NbGraderException: No notebook\n\nmore"
    assert gradebook.reason([own]) == "No notebook"


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
