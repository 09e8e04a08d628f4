"""What checks of modules, loops and generators say, in both processes."""

import pytest

from tests.answers import AnswerCell, namespace, run_cell
from tests.checks.samples import SAMPLES, answers_of_samples, judge_sample
from tests.checks.samples import loops as _loops
from tests.checks.samples import modules as _modules
from tests.proxy import Worker

assert _loops
assert _modules
CELLS = answers_of_samples()


def both(exercise: str, source: str, place: str, worker: Worker) -> tuple[str, str]:
    """The messages on an answer in this process and in the worker."""
    here = namespace()
    run_cell(source, place, here)
    there = worker.names_of(source, place, SAMPLES[exercise].parameters)
    return judge_sample(exercise, here), judge_sample(exercise, there)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_the_verdict_and_the_words_are_the_same(
    cell: AnswerCell, worker: Worker
) -> None:
    here, there = both(cell.exercise, cell.source, f"<{cell.place}>", worker)
    assert here == there
    if cell.right:
        assert here == ""
    else:
        assert cell.words in here


RIGHT = [cell for cell in CELLS if cell.right]


@pytest.mark.slow
@pytest.mark.parametrize("cell", RIGHT, ids=str)
def test_right_answers_pass_on_other_seeds_and_hard_cases(cell: AnswerCell) -> None:
    space = namespace()
    run_cell(cell.source, f"<{cell.place}>", space)
    for seed in range(8):
        assert judge_sample(cell.exercise, space, seed, hard=seed > 5) == ""


def test_the_messages_of_one_sample_differ() -> None:
    for name in SAMPLES:
        words = [cell.words for cell in CELLS if cell.exercise == name]
        assert len(set(words)) == len(words), name
        styles = [cell for cell in RIGHT if cell.exercise == name]
        assert len(styles) >= 2, name
