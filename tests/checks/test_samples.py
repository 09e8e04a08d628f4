"""What checks of modules, loops and generators say, in both processes."""

from collections.abc import Iterator

import pytest

from tests.answers import AnswerCell, namespace, run_cell
from tests.checks.samples import SAMPLES, answers_of_samples, judge_sample
from tests.checks.samples import loops as _loops
from tests.checks.samples import modules as _modules
from tests.proxy import Worker

assert _loops
assert _modules
CELLS = answers_of_samples()


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as worker:
        yield worker


def _both(exercise: str, source: str, place: str, worker: Worker) -> tuple[str, str]:
    here = namespace()
    run_cell(source, place, here)
    there = worker.names_of(source, place, SAMPLES[exercise].parameters)
    return judge_sample(exercise, here), judge_sample(exercise, there)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_the_verdict_and_the_words_are_the_same(
    cell: AnswerCell, worker: Worker
) -> None:
    here, there = _both(cell.exercise, cell.source, f"<{cell.place}>", worker)
    assert here == there
    if cell.right:
        assert here == ""
    else:
        assert cell.words in here
