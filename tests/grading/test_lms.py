"""Points in the tables of learning platforms."""

import csv
from pathlib import Path

import pytest

from coursekit.grading import gradebook, lms
from tests.authoring import sample_course

WEEK = "week1_sums"
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Sums (771),Current Score
    Points Possible,,,,,,(read only)
"King, Ada",11,s1,ada,A,,90
"Béla, Bob",12,s2,BOB@uni.edu,A,3,80
"Student, Test",13,,x9,A,,
"""
MOODLE = """\
First name;Last name;ID number;Email address;Last downloaded
Ada;King;ada;;today
Bob;Béla;;bob@uni.edu;today
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which ada has 5 of 8 points, bob none of 8; zoe handed in nothing."""
    root = sample_course.make(tmp_path_factory.mktemp("lms") / "course")
    with gradebook.opened(root) as book:
        book.add_assignment(WEEK)
        book.add_notebook("1", WEEK)
        book.add_grade_cell("sum", "1", WEEK, max_score=8, cell_type="code")
        people = {"ada": ("Ada", "King", ""), "bob": ("Bob", "Béla", "bob@uni.edu")}
        for name, (first, last, email) in people.items():
            book.add_student(name, first_name=first, last_name=last, email=email)
            book.add_submission(WEEK, name)
        book.add_student("zoe")
        book.find_grade("sum", "1", WEEK, "ada").auto_score = 5
        book.db.commit()
    return root


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """What a platform exported."""
    path = folder / "platform.csv"
    path.write_bytes(text.encode(encoding))
    return path


def column(filled: lms.Filled) -> list[str]:
    """The filled column, from its heading on."""
    rows = [*csv.reader(filled.path.read_text("utf-8").splitlines())]
    place = rows[0].index(filled.column)
    assert {len(row) for row in rows} == {len(rows[0])}
    return [row[place] for row in rows]


def test_canvas_gets_its_own_table_back(root: Path, tmp_path: Path) -> None:
    found = lms.fill(root, table(tmp_path, CANVAS), WEEK, "sums")
    assert column(found) == ["Sums (771)", "8.0", "5.0", "0.0", ""]
    assert (found.given, found.missing, found.without) == (2, [], 1)
    kept = found.path.read_text("utf-8").splitlines()
    assert kept[2] == '"King, Ada",11,s1,ada,A,5.0,90'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_moodle_gets_a_new_column(root: Path, tmp_path: Path, encoding: str) -> None:
    found = lms.fill(root, table(tmp_path, MOODLE, encoding), WEEK)
    assert column(found) == [WEEK, "5.0", "0.0"]
    assert "Béla" in found.path.read_text("utf-8")


def test_who_is_in_no_line_is_named(root: Path, tmp_path: Path) -> None:
    text = "Username\nada\nsomebody\n"
    found = lms.fill(root, table(tmp_path, text), WEEK)
    assert found.missing == ["bob"]
    assert "In no line of the table: bob." in str(found)
    assert column(found) == [WEEK, "5.0", ""]


WRONG = [
    ("", "is empty"),
    ("Name,Points\nada,3\n", "no column of platform.csv says who somebody is"),
    ("ID\nada\nADA\n", "not clear who is meant by a line of the table: ada"),
    ("ID,Username\nada,bob@uni.edu\n", "not clear who is meant.*: ada, bob"),
    ("ID,Sums (1),Sums (2)\nada,,\n", "several columns are called Sums"),
    ("ID,Name\nada,King,x\n", "too many fields: ada"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_an_odd_table(root: Path, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        lms.fill(root, table(tmp_path, text), WEEK, "Sums")


def test_before_anything_is_graded(tmp_path: Path) -> None:
    root = sample_course.make(tmp_path)
    with pytest.raises(ValueError, match="nobody has points for week1_sums yet"):
        lms.fill(root, table(tmp_path, CANVAS), WEEK)
    assert not (root / gradebook.DATABASE).exists()
