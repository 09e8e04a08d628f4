"""Objects that lie, break or never end: a message, the same in both processes."""

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from coursekit.checks.bench import Bench
from coursekit.checks.core import Cases, Check
from coursekit.checks.errors import CheckFailed
from coursekit.checks.maker import Maker
from coursekit.checks.objects import Elsewhere
from coursekit.checks.values import Plain
from tests.answers import AnswerCell, namespace, run_cell
from tests.checks.samples import SAMPLES, answers_of_samples
from tests.checks.samples import loops as _loops
from tests.checks.samples import modules as _modules
from tests.checks.test_samples import both
from tests.proxy import Worker

assert _loops
assert _modules

START = """
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x
"""
UNREGISTERED = START.replace("nn.ModuleList(", "list(")
LIES = """
    def parameters(self, recurse=True):
        return (p for conv in self.convs for p in conv.parameters())

    def named_parameters(self, *a, **k):
        return ((f"{i}", p) for i, p in enumerate(self.parameters()))

    def state_dict(self, *a, **k):
        return dict(self.named_parameters())

    def _named_members(self, *a, **k):
        return iter(list(self.named_parameters()))
"""
ENDLESS = "maximum recursion depth|calls itself again and again"
# Source of an answer to "stack", and words of the message (one of
# several); "" when it is right.
HOSTILE = {
    "parameters that lie": (UNREGISTERED + LIES, "plain list of layers"),
    "harmless overrides": (START + LIES, ""),
    "eq, repr and bool": (
        START
        + """
    def __eq__(self, other): return True
    def __hash__(self): return 1
    def __repr__(self): raise ValueError
    def __bool__(self): raise ValueError
    def __len__(self): return -1
""",
        "",
    ),
    "a getattr that lies": (
        UNREGISTERED
        + """
    def __getattr__(self, name):
        return super().__getattr__(name) if name[0] == "_" else (lambda *a: True)
""",
        "plain list of layers",
    ),
    "a getattribute that raises": (
        START
        + """
    def __getattribute__(self, name):
        raise KeyError(name)
""",
        "raised KeyError",
    ),
    "a class of another class": (
        UNREGISTERED + "    __class__ = property(lambda self: nn.Sequential)\n",
        "plain list of layers",
    ),
    "no module, but it says so": (
        """
class Stack:
    __class__ = nn.Module
    def __init__(self, channels, depth): pass
    def __getattr__(self, name): return {}
    def __call__(self, x): return x
""",
        "returned an object of type Stack; expected an nn.Module",
    ),
    "a dictionary that lies": (
        UNREGISTERED
        + "    __dict__ = property(lambda self: {'_parameters': {}, '_modules': {}})\n",
        "plain list of layers",
    ),
    "a name that lies": (
        """
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __instancecheck__ = lambda cls, other: True
    __eq__ = lambda cls, other: True
    __hash__ = type.__hash__
class Stack(metaclass=Meta):
    def __init__(self, channels, depth): pass
""",
        "returned an object of type Stack; expected an nn.Module",
    ),
    "a million attributes": (
        UNREGISTERED.replace(
            "    def forward",
            "        for i in range(10 ** 6):\n"
            "            self.__dict__[f'a{i}'] = i\n"
            "    def forward",
        ),
        "missing   ",
    ),
    "too many buffers": (
        START.replace(
            "    def forward",
            "        for i in range(6_000):\n"
            "            self.register_buffer(f'b{i}', torch.zeros(1))\n"
            "    def forward",
        ),
        "a module of more than 5,000 tensors",
    ),
    "a module inside itself": (
        START.replace("    def forward", "        self.me = self\n    def forward"),
        ENDLESS,
    ),
    "a huge parameter": (
        START.replace(
            "    def forward",
            "        self.w = nn.Parameter(torch.zeros(1).expand(10 ** 10))\n"
            "    def forward",
        ),
        "too many  (10000000000,)",
    ),
    "a huge output": (
        START.replace("return x", "return x.sum().expand(10 ** 10)"),
        "a tensor of 10,000,000,000 numbers",
    ),
    "an output that lies": (
        START.replace("return x", "return x.as_subclass(Odd)")
        + """
class Odd(torch.Tensor):
    def __torch_function__(self, *a, **k): return True
""",
        "returned an object of type Odd",
    ),
    "a parameter that lies": (
        START.replace(
            "    def forward",
            "        self._parameters['w'] = torch.zeros(3).as_subclass(Odd)\n"
            "    def forward",
        )
        + """
class Odd(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return super().__torch_function__(function, types, args, kwargs or {})
    def numel(self): return 10 ** 12
""",
        "too many  (3,)",
    ),
    "registers gone": (
        START.replace("    def forward", "        self._buffers = 5\n    def forward"),
        "your Stack raised",
    ),
    "odd keys": (
        START.replace(
            "    def forward",
            "        self._buffers[(1, 2)] = torch.zeros(1)\n    def forward",
        ),
        "on another device it raised TypeError",
    ),
    "exits": (START.replace("return x", "raise SystemExit"), "SystemExit"),
    "no gradients from now on": (
        START.replace("for conv", "torch.set_grad_enabled(False)\n        for conv"),
        "leaves gradients switched off|no gradient flows",
    ),
    "seeds": (START.replace("for conv", "torch.manual_seed(1)\n        for conv"), ""),
    "endless recursion": (
        START.replace("return x", "return self(x)"),
        ENDLESS,
    ),
    "an error that cannot be printed": (
        START.replace("return x", "raise Bad")
        + """
class Bad(Exception):
    def __str__(self): raise ValueError
""",
        "raised Bad",
    ),
    "prints a lot": (START.replace("return x", "print('x' * 10**6)"), "It printed:"),
}  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as worker:
        yield worker


@pytest.mark.parametrize(("source", "words"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_modules(source: str, words: str, worker: Worker) -> None:
    here, there = both("stack", source, "<hostile>", worker)
    assert here == there
    assert any(part in here for part in words.split("|"))
    assert bool(here) == bool(words)
    assert len(here) < 10_000


ITERATED = {
    "yield x.new_zeros(4_000_000)": "items of more than 10,000,000 numbers",
    "yield {1}": "returned a set",
    "yield lambda: 0": "returned a function",
    "raise StopIteration; yield": "generator raised StopIteration",
    "yield from batches(x, y, size)": ENDLESS,
    "yield x, y": "item 0 is not right",
}


@pytest.mark.parametrize("line", ITERATED)
def test_hostile_generators(line: str, worker: Worker) -> None:
    source = f"def batches(x, y, size):\n    while True:\n        {line}"
    here, there = both("batches", source, "<hostile>", worker)
    assert here == there
    assert any(part in here for part in ITERATED[line].split("|"))


def test_a_check_does_not_disturb_the_notebook() -> None:
    space = namespace()
    run_cell(START, "<cell>", space)
    torch.manual_seed(3)
    np.random.seed(3)
    expected = torch.rand(2), np.random.rand(2), random.getstate()
    torch.manual_seed(3)
    np.random.seed(3)
    SAMPLES["stack"].run(space["Stack"], seed=1)
    assert torch.equal(torch.rand(2), expected[0])
    assert np.array_equal(np.random.rand(2), expected[1])
    assert random.getstate() == expected[2]


def test_the_bench_keeps_a_bounded_number_of_objects() -> None:
    def body(answer: Maker, cases: Cases) -> None:
        for _ in range(1_001):
            answer.make()

    with pytest.raises(CheckFailed, match="more than 1,000 objects in one check"):
        Check("many", (), body).run(object, seed=1)


class Garbling:
    """A bench that sends garbage in place of one reply."""

    def __init__(self, answer: Any, at: int, garbage: Plain) -> None:  # noqa: ANN401
        self.bench = Bench()
        self.answer = Elsewhere(self, self.bench.keep_answer(answer))
        self.left, self.garbage = at, garbage

    def clear(self) -> None:
        self.bench.clear()

    def do(self, message: Plain) -> Plain:
        reply = self.bench.do(message)
        self.left -= 1
        if self.left:
            return reply
        if isinstance(self.garbage, dict):
            return {**reply, **self.garbage}
        return self.garbage


GARBAGE: list[Plain] = [
    None,
    [],
    {},
    {"value": None},
    {"value": 7},
    {"value": {"rows": [[1]], "twice": [3], "loose": "x", "kind": "module"}},
    {"value": {"kind": "plain"}},
    {"value": {"kind": "module", "number": True, "type": 3}},
    {"value": {"fits": True, "connected": True, "inputs": [7], "parameters": {}}},
    {"value": {"fits": False}},
    {"value": [{"what": 5}]},
    {"value": [{"what": "forward", "run": 1}]},
    {"value": {"a": torch.zeros(3, dtype=torch.int64), 5: "x"}},
    {"value": {"0.weight": ["parameter", (1, "a"), "cpu", "float32"]}},
    {"value": [True, "meta"]},
    {"value": np.array(["x"])},
    {"value": {"a": {"b"}}},
    {"raised": ["ValueError"]},
    {"raised": [[], "", ""]},
    {"raised": [["ValueError"], "the text", "the line"]},
    {"refused": 5},
    {"refused": "a lie"},
    {"warned": [None]},
    {"printed": None},
    {"extra": 1},
]
FIRST_RIGHT = {cell.exercise: cell for cell in reversed(answers_of_samples())
               if cell.right}  # fmt: skip


@pytest.mark.parametrize("cell", FIRST_RIGHT.values(), ids=str)
def test_garbage_from_the_other_side_is_a_failed_check(cell: AnswerCell) -> None:
    space = namespace()
    run_cell(cell.source, "<cell>", space)
    check, dice = SAMPLES[cell.exercise], random.Random(cell.exercise)
    for garbage in GARBAGE:
        bench = Garbling(space[check.name], dice.randint(1, 12), garbage)
        with contextlib.suppress(CheckFailed):  # and no other error
            check.run(bench.answer, seed=1)
            assert bench.left > 0 or isinstance(garbage, dict)
