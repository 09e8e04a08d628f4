"""What a class was told of each exercise."""

import csv
from pathlib import Path

import pytest

from coursekit.grading import export, summary
from coursekit.grading.boundary.verdict import CRASHED, FAILED, TIMED_OUT
from coursekit.grading.course import titles
from coursekit.grading.summary import Tally, gists
from tests.grading.boundary.feedback_pages import MESSAGE, failed
from tests.grading.submissions import REPOSITORY


def tally() -> Tally:
    """An exercise of 2 points that six students answered."""
    made = Tally("1_dense", "1.3", "Pixels", 2, frozenset({"a-check"}))
    made.add([2.0], set())
    made.add([1.0], {"Half."})
    made.add([0.0], {"Flipped.", "Cut off."})
    made.add([0.0], {"Flipped."})
    made.add([0.0], {"=1+1"})
    made.add([None], set())
    return made


def test_who_got_what() -> None:
    made = tally()
    assert (made.full, made.some, made.none, made.waiting) == (1, 1, 3, 1)
    assert made.students == 6


def test_the_table_tells_what_several_were_told() -> None:
    head, line = summary.text([tally()]).split("\n")
    assert " ".join(head.split()) == "exercise full some none wait most often"
    assert line == "1.3 Pixels     1     1     3     1  2 × Flipped."


def test_the_file_keeps_other_weeks_and_holds_no_formula(tmp_path: Path) -> None:
    other = Tally("1_sizes", "1.1", "Sizes, all", 1, frozenset({"b"}), full=3)
    summary.write(tmp_path, "week2", [other])
    summary.write(tmp_path, "week1", [tally()])
    summary.write(tmp_path, "week1", [tally()])
    with (tmp_path / summary.FILE).open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["assignment"], second["assignment"]) == ("week1", "week2")
    assert (second["title"], second["full"], second["none"]) == ("Sizes, all", "3", "0")
    told = [(first[f"message_{n}"], first[f"count_{n}"]) for n in (1, 2, 3)]
    assert told == [("Flipped.", "2"), ("'=1+1", "1"), ("Cut off.", "1")]
    assert not list(tmp_path.glob("*.partial"))
    assert export.read(tmp_path / summary.FILE)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (MESSAGE, {"You read pixels that your loop has already overwritten."}),
        (
            "✗ a · b\n  f(1)\n  should be 2, yours gave 1\n  One is missing.\n  Look.",
            {"One is missing."},
        ),
        ("✗ a · b\n  f(1)\n  should be 2, yours gave 1", {"should be 2, yours gave 1"}),
        ("✗ a · a row\n  f(1)", {"(wrong on: a row)"}),
        ("✗ a: 0 of 2 right so far.\n  b = 3 is wrong.\n  c = 1 is wrong.",
         {"b = 3 is wrong.", "c = 1 is wrong."}),
        ("✗ a is not written yet: write your answer here.", {"(not answered)"}),
        ("NameError: f\n  g", {"NameError: f"}),
        ("", {"(no reason given)"}),
        ("a\x1b[31m\n", {"a⟨U+001B⟩[31m"}),
    ],
)  # fmt: skip
def test_the_gist_of_a_message(message: str, told: set[str]) -> None:
    assert gists(failed(message)) == told


def test_what_happened_to_an_answer() -> None:
    assert gists(failed("exit code 3", CRASHED)) == {summary.HAPPENED[CRASHED]}
    assert gists(failed("", TIMED_OUT)) == {summary.HAPPENED[TIMED_OUT]}
    assert gists(failed("", FAILED)) == {"(no reason given)"}


def test_the_titles_of_the_course(tmp_path: Path) -> None:
    title, weeks = titles(REPOSITORY)
    assert title == "Convolutional networks, hands on"
    assert weeks["week1_convolution"].startswith("Week 1 · Convolution")
    assert titles(tmp_path) == ("", {})
