"""Class lists as spreadsheets write them."""

from pathlib import Path

import pytest

from coursekit.grading import class_list
from coursekit.grading.class_list import Student

BOB = Student("bob", "Bob", "Béla", "")
ADA = Student("ada", "Ada", "King, Countess", "ada@uni.edu")


def written(folder: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    """A class list."""
    path = folder / "class.csv"
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
def test_lists_of_every_spreadsheet(tmp_path: Path, text: str, encoding: str) -> None:
    assert class_list.read(written(tmp_path, text, encoding)) == [BOB]


def test_names_with_commas_and_accents(tmp_path: Path) -> None:
    text = (
        'id,last_name,first_name,email\nada,"King, Countess",Ada,ada@uni.edu\nZoe\u0308'
    )
    found = class_list.read(written(tmp_path, text))
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
def test_a_list_that_cannot_be_used(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        class_list.read(written(tmp_path, text))
    assert "\n" not in str(caught.value)
