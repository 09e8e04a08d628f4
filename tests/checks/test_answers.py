"""Every check against the answers that students really give."""

import math
from collections import defaultdict
from pathlib import Path
from time import process_time as time

import pytest

from coursekit.checks import REGISTRY, use_seed
from coursekit.grading import hidden
from tests.answers import (
    AnswerCell,
    answers,
    function_of,
    judge,
    judged_here,
    message_of,
    namespace,
    run_cell,
)

WRONG, RIGHT = answers("wrong"), answers("right")
QUIZZES = {name for name, check in REGISTRY.items() if hasattr(check, "questions")}


@pytest.mark.share(3)
@pytest.mark.parametrize("cell", WRONG, ids=str)
def test_a_wrong_answer_gets_its_own_message(cell: AnswerCell) -> None:
    message = message_of(cell)
    assert cell.words in message
    assert message.startswith(f"✗ {cell.exercise}")


@pytest.mark.share(1)
@pytest.mark.parametrize("cell", WRONG, ids=str)
def test_a_wrong_answer_is_refused_on_other_seeds_and_hard_cases(
    cell: AnswerCell,
) -> None:
    assert judged_here(cell, seed=1)
    assert cell.exercise in QUIZZES or judged_here(cell, seed=2, hard=True)


# Seconds of one processor. Where an answer trains a network, all its seeds would take
# minutes: `make week` tries them all, `make test` what there is time for.
PATIENCE = 0.5


def seeds_for(cell: AnswerCell) -> range:
    """Twenty where numbers are rounded; the others of an exercise share twenty."""
    if "float32" in cell.words:
        return range(20)
    same = [other for other in RIGHT if other.exercise == cell.exercise]
    share = max(7, math.ceil(20 / len(same)))
    return range(share * same.index(cell), share * (same.index(cell) + 1))


@pytest.mark.slow
@pytest.mark.share(1)
@pytest.mark.parametrize("cell", RIGHT, ids=str)
def test_a_right_answer_passes_on_many_seeds(
    cell: AnswerCell, request: pytest.FixtureRequest
) -> None:
    """Hard cases first: executed notebooks have met the others already."""
    if cell.exercise in QUIZZES:
        assert message_of(cell) == ""
        return
    space = namespace()
    run_cell(cell.source, f"<{cell.place}>", space)
    rounds = [(0, True), (1, True), *((seed, False) for seed in seeds_for(cell))]
    until = float("inf") if request.config.getoption("--week") else time() + PATIENCE
    for number, (seed, hard) in enumerate(rounds):
        if number and time() > until:
            break
        words = f"hard, seed {seed}" if hard else f"seed {seed}"
        assert judge(cell.exercise, space, seed, hard=hard) == "", words


@pytest.mark.every_week
def test_every_exercise_has_enough_answers_of_both_kinds() -> None:
    wrong, right = _by_exercise(WRONG), _by_exercise(RIGHT)
    for name in REGISTRY:
        assert len(wrong[name]) >= 3, name
        assert len({cell.words for cell in right[name]}) >= 2, name


@pytest.mark.share(1)
@pytest.mark.parametrize("exercise", sorted(REGISTRY))
def test_the_messages_of_one_exercise_differ(exercise: str) -> None:
    """Answers with the same words make one mistake in several ways."""
    cells = [cell for cell in WRONG if cell.exercise == exercise]
    mistakes = {cell.words for cell in cells}
    assert len(mistakes) >= 3
    for cell in cells:
        others = {x for x in mistakes - {cell.words} if x in message_of(cell)}
        assert not others, f"{cell} also gets the words {others}"


@pytest.mark.every_week
def test_every_answer_belongs_to_an_exercise() -> None:
    assert {cell.exercise for cell in WRONG + RIGHT} == set(REGISTRY)


def test_the_seed_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    cell = next(cell for cell in RIGHT if cell.exercise == "correlate-1d")
    check, seen = REGISTRY["correlate-1d"], []
    answer = function_of(cell)

    def spy(x: object, w: object) -> object:
        seen.append(str((x, w)))
        return answer(x, w)

    for seed in [5, 6, 5]:
        with use_seed(seed):
            check(spy)
        seen.append("|")
    first, second, third, _ = "".join(seen).split("|")
    assert first == third != second
    assert capsys.readouterr().out.startswith("✓ correlate-1d: all 27 cases agree.")


def test_a_hidden_check_passes_quietly_or_tells_its_seed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_SECRET", "a secret")
    cells = [cell for cell in WRONG + RIGHT if cell.exercise == "free-parameters"]
    by_words = {cell.words: cell for cell in cells}
    check = REGISTRY["free-parameters"]
    hidden.check(check, function_of(by_words["formula"]))  # type: ignore[arg-type]
    assert capsys.readouterr().out == ""
    seed = hidden.hidden_seed("free-parameters")
    wrong = function_of(by_words["need not be square"])
    with pytest.raises(RuntimeError, match=f"square.*\n.*hidden case, seed {seed}"):
        hidden.check(check, wrong)  # type: ignore[arg-type]


def test_the_hidden_seed_follows_the_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSEKIT_SECRET", "")
    monkeypatch.setattr(hidden, "SECRET_FILE", tmp_path / "secret")
    default = hidden.hidden_seed("pointwise")
    (tmp_path / "secret").write_text("from the file\n")
    from_file = hidden.hidden_seed("pointwise")
    monkeypatch.setenv("COURSEKIT_SECRET", "from the environment")
    from_environment = hidden.hidden_seed("pointwise")
    assert len({default, from_file, from_environment}) == 3
    assert from_environment != hidden.hidden_seed("matmul")


def _by_exercise(cells: list[AnswerCell]) -> dict[str, list[AnswerCell]]:
    found = defaultdict(list)
    for cell in cells:
        found[cell.exercise].append(cell)
    return found
