"""Quizzes: the verdicts, and that no answer stands in what students get."""

import itertools
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from coursekit.authoring.quizzes import (
    ROOT,
    TARGET,
    quizzes_as_json,
    sealed_quiz,
    write_quizzes,
)
from coursekit.checks import REGISTRY, CheckFailed
from coursekit.checks.quiz import normalised

SOURCES = sorted((ROOT / "solutions").glob("week*/quiz.toml"))
QUIZZES: dict[str, Any] = {
    quiz: questions
    for source in SOURCES
    for quiz, questions in tomllib.loads(source.read_text("utf-8")).items()
}
RIGHT = {
    quiz: {name: question["right"] for name, question in questions.items()}
    for quiz, questions in QUIZZES.items()
}


@dataclass(frozen=True, eq=False)
class Wrong:
    """A wrong answer to a question of a quiz that has a message of its own."""

    exercise: str
    name: str
    answer: Any
    says: str

    @property
    def place(self) -> str:
        """By the exercise, its week is known."""
        return self.exercise

    def __str__(self) -> str:
        return f"{self.exercise}/{self.name}/{self.answer}"


WRONG = [
    Wrong(quiz, name, **wrong)
    for quiz, questions in QUIZZES.items()
    for name, question in questions.items()
    for wrong in question["wrong"]
]
A_QUIZ = """
[small.size]
kind = "number"
right = 7
wrong = [{ answer = 8, says = "One too many." }]
"""


def _check(quiz: str, **values: object) -> None:
    check: Any = REGISTRY[quiz]
    check(**values)


def _message(quiz: str, **values: object) -> str:
    with pytest.raises(CheckFailed) as caught:
        _check(quiz, **values)
    return str(caught.value)


@dataclass(frozen=True)
class InFile:
    """A quiz of a week: `make test` tries one of each, since the hashes are slow."""

    exercise: str  # the folder of the week, whose share this is
    quiz: str
    source: Path

    @property
    def place(self) -> str:
        """Where it stands: "solutions/week3_pooling/quiz.toml"."""
        return self.source.relative_to(ROOT).as_posix()

    def __str__(self) -> str:
        return self.quiz


@pytest.mark.slow
@pytest.mark.share(1)
@pytest.mark.parametrize(
    "asked",
    [
        InFile(source.parent.name, quiz, source)
        for source in SOURCES
        for quiz in tomllib.loads(source.read_text("utf-8"))
    ],
    ids=str,
)
def test_the_file_of_the_students_is_up_to_date(asked: InFile) -> None:
    stored = json.loads(TARGET.read_text("utf-8"))
    sealed = sealed_quiz(asked.quiz, QUIZZES[asked.quiz], asked.source)
    assert stored[asked.quiz] == sealed, "run write_quizzes()"


@pytest.mark.every_week
def test_the_file_of_the_students_holds_every_question() -> None:
    stored = json.loads(TARGET.read_text("utf-8"))
    assert {quiz: list(asked) for quiz, asked in stored.items()} == {
        quiz: list(asked) for quiz, asked in QUIZZES.items()
    }, "run write_quizzes()"


def test_no_answer_and_no_message_stands_in_the_file() -> None:
    stored = json.loads(TARGET.read_text("utf-8"))
    for quiz, questions in QUIZZES.items():
        for name, question in questions.items():
            found = stored[quiz][name]
            clear = {"kind": question["kind"], "choices": question.get("choices", [])}
            assert found.items() >= clear.items()
            rest = json.dumps([v for k, v in found.items() if k not in clear])
            assert set(rest) <= set('0123456789abcdef[]{}", :')
            assert len(found["right"]) == 32
    text = TARGET.read_text("utf-8")
    assert not any(wrong.says in text for wrong in WRONG)


@pytest.mark.parametrize("quiz", QUIZZES)
def test_the_right_values_pass(quiz: str, capsys: pytest.CaptureFixture[str]) -> None:
    _check(quiz, **RIGHT[quiz])
    out, err = capsys.readouterr()
    assert out.startswith(f"✓ {quiz}: all right")
    assert err == ""


@pytest.mark.share(5)  # a slow hash each
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_known_wrong_value_gets_its_message(wrong: Wrong) -> None:
    quiz, name = wrong.exercise, wrong.name
    message = _message(quiz, **(RIGHT[quiz] | {name: wrong.answer}))
    assert message.startswith(f"✗ {quiz}: {len(RIGHT[quiz]) - 1} of {len(RIGHT[quiz])}")
    assert f"\n  {name} = " in message
    assert message.endswith(wrong.says)
    others = [other for other in RIGHT[quiz] if other != name]
    assert not any(f"\n  {other} " in message for other in others)


def test_an_unknown_wrong_value_is_refused_without_a_hint() -> None:
    message = _message("half-bright", row=[1, 2, 3])
    assert message.endswith("row = [1, 2, 3] is not right.")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "is not filled in yet"),
        (..., "is not filled in yet"),
        ("", "give a number"),
        ("many", "give a number"),
        (True, "give a number"),
        (float("nan"), "give a number"),
        ([26], "give a number"),
        (lambda: 26, "is a function"),
        (10**1000, "more than 600 digits"),
    ],
)
def test_what_is_no_answer_at_all(value: object, words: str) -> None:
    values = RIGHT["lenet-counts"] | {"neurons": value}
    assert words in _message("lenet-counts", **values)


@pytest.mark.parametrize("kind", [np.float32, np.float16, torch.tensor, np.array])
def test_a_short_float_is_taken_for_the_decimal_it_prints(kind: Any) -> None:  # noqa: ANN401
    right = RIGHT["variances-by-hand"]
    _check("variances-by-hand", **right | {"variance_that_keeps": kind(0.02)})
    wrong = right | {"variance_that_keeps": kind(0.03)}
    assert "is not right" in _message("variances-by-hand", **wrong)


def test_wrong_names_are_told() -> None:
    assert "call the check with row=…" in _message("half-bright", rows=[1])
    assert "call the check with row=…" in _message("half-bright")


@pytest.mark.parametrize(
    "ways",
    [
        [26, 26.0, "26", " 26 ", "26.0", np.int64(26).item(), torch.tensor(26)],
        [60000, "60,000", "60 000", "60_000", 6e4],
        ["dense", "Dense", " DENSE ", "dense."],
        [[0, 30], (0, 30), [0.0, "30"], np.array([0, 30]), torch.tensor([0.0, 30])],
        [0.1, "0.1", 0.1 + 1e-16, torch.tensor(0.1), np.array(0.1, np.float32)],
        [61706.0, torch.tensor(61706.0), np.array(61706, np.float32)],
        [0, -0.0, "0"],
        [[-1, 1], np.array([[-1.0], [1.0]]), torch.tensor([[-1.0], [1.0]])],
    ],
)
def test_ways_to_write_one_answer(ways: list[object]) -> None:
    assert len({normalised(way) for way in ways}) == 1


@pytest.mark.parametrize(
    "ways",
    [
        [5.0625, 5.06, 5.063, "5.06", np.float32(5.0625).item()],
        [[-1, 1], [-0.9999987, 0.9999987], np.array([[-0.9996], [1.0004]])],
        [[-0.70710678, 0.0], [-0.707, 1e-9], [-0.7071, -1e-4]],
        [61706, 61706.0, "61,706"],
    ],
)
def test_some_digits_count(ways: list[object]) -> None:
    assert len({normalised(way, 3) for way in ways}) == 1


def test_digits_leave_whole_numbers_and_what_is_too_far() -> None:
    apart = [61706, 61707, 61700, 5.06, 5.05, 5.07, 0.001, 0]
    for one, other in itertools.combinations(apart, 2):
        assert normalised(one, 3) != normalised(other, 3)


def test_different_answers_stay_different() -> None:
    different = [26, 27, 26.5, "dense", "output", [26], [2, 6], [[26]], True, 1, ""]
    for one, other in itertools.combinations(different, 2):
        assert normalised(one) != normalised(other)


def _course(folder: Path, text: str) -> Path:
    (folder / "week9").mkdir()
    (folder / "week9" / "quiz.toml").write_text(text, "utf-8")
    return folder


def test_writing_is_deterministic(tmp_path: Path) -> None:
    course = _course(tmp_path, A_QUIZ)
    write_quizzes(course, tmp_path / "one.json")
    write_quizzes(course, tmp_path / "two.json")
    one = (tmp_path / "one.json").read_bytes()
    assert one == (tmp_path / "two.json").read_bytes()
    assert list(json.loads(one)) == ["small"]


def test_a_question_is_sealed_anew_when_it_changes(tmp_path: Path) -> None:
    """What was sealed before lies in build/, where there is one."""
    (tmp_path / "build").mkdir()
    course = tmp_path / "solutions"
    course.mkdir()
    first = quizzes_as_json(_course(course, A_QUIZ))
    assert quizzes_as_json(course) == first
    assert len(list(tmp_path.glob("build/quizzes/*.json"))) == 1
    (course / "week9" / "quiz.toml").write_text(
        A_QUIZ.replace("right = 7", "right = 6")
    )
    assert quizzes_as_json(course) != first


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("right = 7", "", "needs kind, right and wrong"),
        ('"number"', '"text"', "kind is one of"),
        ('"number"', '"choice"\nchoices = ["a"]', "not among the choices"),
        ("answer = 8", 'answer = "7.0"', "7 is right and wrong"),
        ("One too many.", "It is 7 .", "tells the right answer"),
        ("right = 7", "digits = 3\nright = 8.004", "8 is right and wrong"),
        ('"number"', '"choice"\nchoices = [7]\ndigits = 3', "digits are of numbers"),
    ],
)
def test_a_malformed_quiz_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    course = _course(tmp_path, A_QUIZ.replace(old, new))
    with pytest.raises(ValueError, match=f"quiz.toml: small/size: .*{words}"):
        quizzes_as_json(course)
