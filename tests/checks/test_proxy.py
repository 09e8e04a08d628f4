"""The same verdicts and messages when the answer lives in another process."""

import re
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from coursekit.checks import REGISTRY
from tests.answers import (
    AnswerCell,
    answers,
    judge,
    message_of,
    namespace,
    run_cell,
)
from tests.conftest import COSTLY
from tests.proxy import Worker

ODD = {
    "prints": "def dense_weights(*s):\n    print('hello')\n    return 1",
    "returns a function": "def dense_weights(*s):\n    return lambda: 1",
    "a set in a list": "def dense_weights(*s):\n    return [{1}]",
    "a class of one's own": """
class Any:
    def __eq__(self, other):
        return True
def dense_weights(*s):
    return Any()""",
    "exits": "def dense_weights(*s):\n    raise SystemExit(3)",
    "an error that cannot be printed": """
class Bad(Exception):
    def __str__(self):
        raise ValueError
def dense_weights(*s):
    raise Bad""",
    "an address in the error": "def dense_weights(*s):\n    raise ValueError(object())",
    "not a function": "dense_weights = 5",
    "an object": "dense_weights = {1, 2}",
    "missing": "",
    "dots": "dense_weights = ...",
    "complex": "def dense_weights(*s):\n    return 1j",
    "a huge number": "def dense_weights(*s):\n    return 10 ** 1000",
    "a huge array": "def dense_weights(*s):\n    return np.zeros(10 ** 7, 'int8')",
    "objects": "def dense_weights(*s):\n    return np.array([None])",
    "an array": "def dense_weights(*s):\n    return np.array([1, 2])",
    "a number in a tensor": "def dense_weights(*s):\n    return torch.tensor(121)",
    "an endless recursion": "def dense_weights(*s):\n    return dense_weights(*s)",
    "a flood": "def dense_weights(*s):\n    for i in range(10 ** 9): print(i)",
    "a flood, caught": """
def dense_weights(*s):
    for i in range(10 ** 5):
        try:
            print("x" * 100)
        except Exception:
            pass
    return 1""",
    "closes stdout": """
def dense_weights(*s):
    import sys
    sys.stdout.close()
    print("still here")
    return 1""",
    "an error with a long name": """
def dense_weights(*s):
    raise type("E" * 10 ** 6, (Exception,), {})("x" * 10 ** 6)""",
    "an error that leaves when printed": """
class Bad(Exception):
    def __str__(self):
        raise SystemExit
def dense_weights(*s):
    raise Bad""",
    "huge text": "def dense_weights(*s):\n    return 'x' * 9_000",
    "huge keys": "def dense_weights(*s):\n    return {'x' * 9_000: 1}",
    "many items": "def dense_weights(*s):\n    return [[1.5] * 9_000] * 900",
    "many arrays": "def dense_weights(*s):\n    return [np.zeros(4_000_000)] * 4",
    "a list in itself": "x = []\nx.append(x)\ndef dense_weights(*s):\n    return x",
    "ragged": "def dense_weights(*s):\n    return [[1, 2], [3]]",
    "too large for a float": "def dense_weights(*s):\n    return [10 ** 400]",
}
LOOKS_RIGHT = """
def conv1x1(x, weight, bias):
    out = np.einsum("il,lhw->ihw", weight, x) + bias[:, None, None]
    x[:], weight[:], bias[:] = 0, 0, 0
    return out
"""


# In no order, so that a share holds right and wrong ones.
CELLS = sorted(
    answers("wrong") + answers("right"), key=lambda x: crc32(repr(x).encode())
)


@pytest.mark.share(1)
@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_the_verdict_is_the_same(cell: AnswerCell, worker: Worker) -> None:
    here = message_of(cell)
    there = _there(cell.exercise, cell.source, f"<{cell.place}>", worker)
    assert here == there or _alike(here, there, trained=cell.exercise in COSTLY)
    assert cell.right == (here == "")


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_odd_answers_get_the_same_message(source: str, worker: Worker) -> None:
    here, there = _both("dense-weights", source, "<odd>", worker)
    assert here == there
    assert here != ""


def test_an_odd_value_in_a_quiz(worker: Worker) -> None:
    source = "row = [0, 0, 30, {1}, 0]"
    here, there = _both("half-bright", source, "<odd>", worker)
    assert here == there
    assert "row is a list that holds a set" in here


def test_an_answer_that_overwrites_its_inputs(worker: Worker) -> None:
    here, there = _both("pointwise", LOOKS_RIGHT, "<mutates>", worker)
    assert here == there
    assert "your function changes its input x," in here
    assert "bias = [300 100  -7]" in here  # as it was before the call


def _alike(here: str, there: str, trained: bool) -> bool:
    """Equal words; what an answer trains can differ between processes by rounding.

    And in the seconds that it takes.
    """
    here, there = (re.sub(r"\d+ seconds", "… seconds", x) for x in (here, there))
    decimal = r"\d+\.\d+"
    one, other = (np.array(re.findall(decimal, text), float) for text in (here, there))
    words = re.sub(decimal, "", here) == re.sub(decimal, "", there)
    return words and np.allclose(one, other, rtol=0.2, atol=0.2 * trained)


def _both(exercise: str, source: str, name: str, worker: Worker) -> tuple[str, str]:
    here = namespace()
    run_cell(source, name, here)
    return judge(exercise, here), _there(exercise, source, name, worker)


def _there(exercise: str, source: str, name: str, worker: Worker) -> str:
    names = REGISTRY[exercise].parameters
    found: dict[str, Any] = worker.names_of(source, name, names)
    return judge(exercise, found)
