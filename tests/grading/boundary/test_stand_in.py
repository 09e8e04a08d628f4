"""Check cells, unchanged, on answers that live in another process."""

import ast
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from coursekit.grading.boundary import wire
from coursekit.grading.boundary.rooms import whole
from coursekit.grading.boundary.stand_in import Line

ROOT = Path(__file__).parents[3]
START = """
import sys
import numpy, torch
from coursekit.grading.boundary import resident
from coursekit.grading.boundary.limits import Limits
resident.main(int(sys.argv[1]), int(sys.argv[2]), Limits())
"""


class OpenRoom:
    """A room without walls: a process and two pipes."""

    def __init__(self) -> None:
        theirs, self._write = os.pipe()
        self._read, answers = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, str(theirs), str(answers)],
            pass_fds=(theirs, answers),
            cwd=ROOT,
        )
        os.close(theirs)
        os.close(answers)

    def ask(self, message: Any, seconds: float | None = None) -> Any:  # noqa: ANN401
        """The reply to a message."""
        deadline = time.monotonic() + (seconds or 90)
        wire.send(self._write, ["token", message], deadline)
        return whole(wire.receive(self._read, deadline), "token")

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        os.close(self._read)
        os.close(self._write)


@pytest.fixture(scope="module")
def room() -> Iterator[OpenRoom]:
    """One process for all tests."""
    made = OpenRoom()
    yield made
    made.close()


def check(room: OpenRoom, answer: str, test: str) -> None:
    """Run an answer over there and a check here on the names that it defines."""
    line = Line(room)
    source = textwrap.dedent(answer)
    line.ask("run", source=source, name="<answer>", futures=[])
    names = line.ask("names", names=defined(source))
    exec(textwrap.dedent(test), {"np": np, "torch": torch, **names})


def defined(source: str) -> list[str]:
    """The functions, classes and variables at the top of a cell."""
    found: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.append(node.targets[0].id)
    return found


PASS = {
    "numbers": (
        "def add(a, b): return a + b",
        "assert add(2, 3) == 5",
    ),
    "keywords": (
        "def f(a, *, b=2): return a * b",
        "assert f(4, b=3) == 12",
    ),
    "arrays": (
        """
        import numpy as np
        def f(x): return np.flip(x) * 2
        """,
        """
        x = np.arange(6.0).reshape(2, 3)
        np.testing.assert_allclose(f(x), x[::-1, ::-1] * 2)
        """,
    ),
    "tensors": (
        """
        import torch
        def f(x): return torch.relu(x)
        """,
        """
        assert torch.equal(f(torch.tensor([-1.0, 2.0])), torch.tensor([0.0, 2.0]))
        """,
    ),
    "parameters": (
        """
        import torch
        def f(): return torch.nn.Parameter(torch.ones(2))
        """,
        "assert torch.equal(f(), torch.ones(2))",
    ),
    "error": (
        "def f(x): raise ValueError('no negative')",
        """
        try:
            f(1)
        except ValueError as error:
            assert str(error) == "no negative"
        else:
            raise AssertionError
        """,
    ),
    "key error": (
        "def f(x): return {}[x]",
        """
        try:
            f("a")
        except KeyError as error:
            assert str(error) == "'a'"
        """,
    ),
    "own error": (
        """
        class Empty(LookupError): pass
        class Odd(Empty): pass
        def f(): raise Odd('x')
        """,
        """
        import pytest
        with pytest.raises(Empty, match="x"):
            f()
        with pytest.raises(LookupError):
            f()
        with pytest.raises(Odd):
            f()
        """,
    ),
    "library's error": (
        """
        import numpy as np
        def f(): np.linalg.inv(np.zeros((2, 2)))
        """,
        """
        import pytest
        with pytest.raises(np.linalg.LinAlgError):
            f()
        """,
    ),
    "class": (
        """
        class Stack:
            def __init__(self): self.items = []
            def push(self, x): self.items.append(x)
            def pop(self): return self.items.pop()
            def __len__(self): return len(self.items)
            def __contains__(self, x): return x in self.items
            def __iter__(self): return iter(self.items)
            def __getitem__(self, i): return self.items[i]
        """,
        """
        s = Stack()
        assert not s
        s.push(3)
        s.push("a")
        assert len(s) == 2 and 3 in s and 4 not in s and s
        assert list(s) == [3, "a"] and s[1] == "a" and s.items == [3, "a"]
        assert s.pop() == "a"
        assert isinstance(s, Stack)
        s.size = 7
        assert s.size == 7
        """,
    ),
    "operators": (
        """
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o): return V(self.x + o.x)
            def __mul__(self, k): return V(self.x * k)
            __rmul__ = __mul__
            def __eq__(self, o): return isinstance(o, V) and self.x == o.x
            def __lt__(self, o): return self.x < o.x
            def __repr__(self): return f"V({self.x})"
            def __neg__(self): return V(-self.x)
        """,
        """
        assert V(1) + V(2) == V(3) and V(1) != V(2) and V(1) < V(2)
        assert 3 * V(2) == V(6) == V(2) * 3 and -V(1) == V(-1)
        assert repr(V(4)) == "V(4)" and f"{V(4)}" == "V(4)"
        assert sorted([V(3), V(1)])[0] == V(1)
        """,
    ),
    "generator": (
        """
        def count(n):
            while True:
                yield n
                n += 1
        """,
        """
        g = count(4)
        assert next(g) == 4 and next(g) == 5
        import itertools
        assert list(itertools.islice(count(1), 3)) == [1, 2, 3]
        """,
    ),
    "callback": (
        "def slope(f, x): return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6",
        "assert abs(slope(lambda x: x**2, 3.0) - 6) < 1e-4",
    ),
    "callback that calls back": (
        """
        def twice(f, x): return f(f(x))
        def half(x): return x / 2
        """,
        "assert twice(lambda x: half(x) + 1, 8) == 3.5",
    ),
    "callback that raises": (
        """
        def safe(f):
            try:
                return f()
            except ZeroDivisionError:
                return 'caught'
        """,
        "assert safe(lambda: 1 / 0) == 'caught'",
    ),
    "known functions": (
        """
        import numpy as np
        def apply(f, x): return f is np.sin, f(x)
        """,
        "assert apply(np.sin, 0.0) == (True, 0.0)",
    ),
    "known types": (
        "def cast(kind, x): return kind(x)",
        "assert cast(int, '3') == 3",
    ),
    "student's function as an input": (
        """
        def inc(x): return x + 1
        def apply(f, x): return f(x)
        """,
        "assert apply(inc, 3) == 4",
    ),
    "in place": (
        """
        def sort(xs): xs.sort()
        def zero(a): a[a < 0] = 0
        def put(d): d['k'] = 1
        """,
        """
        xs = [3, 1, 2]
        assert sort(xs) is None and xs == [1, 2, 3]
        a = np.array([-1.0, 2.0])
        zero(a)
        assert a.tolist() == [0, 2]
        d = {}
        put(d)
        assert d == {"k": 1}
        """,
    ),
    "printed": (
        "def hello(name): print('Hello', name)",
        """
        import contextlib, io
        with contextlib.redirect_stdout(io.StringIO()) as said:
            hello("Ada")
        assert said.getvalue() == "Hello Ada\\n"
        """,
    ),
    "names and docs": (
        """
        def f():
            \"\"\"Doc.\"\"\"
        """,
        "assert f.__name__ == 'f' and f.__doc__ == 'Doc.'",
    ),
    "identity": (
        """
        a = object()
        b = a
        c = object()
        """,
        "assert a is b and a is not c",
    ),
    "plain values": (
        "x = {'a': [1, 2.5, None, True, 'é'], 'b': (1, {2})}",
        "assert x == {'a': [1, 2.5, None, True, 'é'], 'b': (1, {2})}",
    ),
    "NaN": (
        """
        import math
        x = math.nan
        """,
        "assert x != x",
    ),
    "closures": (
        """
        def make(n):
            def add(x): return x + n
            return add
        """,
        "assert make(3)(4) == 7",
    ),
    "context": (
        """
        class C:
            def __enter__(self): return 5
            def __exit__(self, *e): self.out = True
        """,
        """
        c = C()
        with c as five:
            assert five == 5
        assert c.out is True
        """,
    ),
    "matrix": (
        """
        import numpy as np
        def f(): return np.matrix([[1, 2]])
        """,
        "np.testing.assert_array_equal(f(), [[1, 2]])",
    ),
    "top-level await": (
        """
        import asyncio
        await asyncio.sleep(0)
        x = 3
        """,
        "assert x == 3",
    ),
    "module": (
        """
        import torch
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.l = torch.nn.Linear(3, 2)
            def forward(self, x): return self.l(x)
        """,
        """
        net = Net()
        assert net(torch.zeros(4, 3)).shape == (4, 2)
        assert sum(p.numel() for p in net.parameters()) == 8
        assert isinstance(net, Net)
        assert net.l.weight.shape == (2, 3)
        """,
    ),
}


@pytest.mark.parametrize("name", PASS)
def test_honest(room: OpenRoom, name: str) -> None:
    check(room, *PASS[name])


FAIL = {
    "equals everything": (
        """
        class Always:
            def __eq__(self, o): return True
            def __ne__(self, o): return False
        def f(): return Always()
        """,
        "assert f() == 4",
    ),
    "equals everything, turned": (
        """
        class Always:
            def __eq__(self, o): return True
            def __ne__(self, o): return False
        def f(): return Always()
        """,
        "assert 4 == f()",
    ),
    "in a list": (
        """
        class Always:
            def __eq__(self, o): return True
            def __ne__(self, o): return False
        def f(): return [Always()]
        """,
        "assert f() == [4]",
    ),
    "is in a set": (
        """
        class Always:
            def __eq__(self, o): return True
            def __ne__(self, o): return False
            def __hash__(self): return hash(4)
        def f(): return Always()
        """,
        "assert f() in {4}",
    ),
    "an int that equals everything": (
        """
        class I(int):
            __eq__ = lambda s, o: True
            __hash__ = int.__hash__
        def f(): return I(3)
        """,
        "assert f() == 4",
    ),
    "a str that equals everything": (
        """
        class S(str):
            __eq__ = lambda s, o: True
            __hash__ = str.__hash__
        def f(): return S('x')
        """,
        "assert f() == 'y'",
    ),
    "greater than everything": (
        """
        class G:
            __gt__ = __ge__ = __lt__ = __le__ = lambda s, o: True
        def f(): return G()
        """,
        "assert f() > 0.9",
    ),
    "an array that equals everything": (
        """
        import numpy as np
        class A(np.ndarray):
            __eq__ = lambda s, o: np.True_
        def f(): return np.zeros(2).view(A)
        """,
        "np.testing.assert_array_equal(f(), np.ones(2))",
    ),
    "an array function": (
        """
        import numpy as np
        class A:
            def __array_function__(self, *a): return True
            def __array__(self, *a, **k): return np.zeros(2)
        def f(): return A()
        """,
        "assert np.allclose(f(), np.ones(2))",
    ),
    "a tensor that equals everything": (
        """
        import torch
        class T(torch.Tensor):
            @classmethod
            def __torch_function__(cls, *a, **k): return True
        def f(): return torch.zeros(2).as_subclass(T)
        """,
        "assert torch.equal(f(), torch.ones(2))",
    ),
    "a list whose length lies": (
        """
        class L(list):
            def __len__(self): return 3
            def __eq__(self, o): return True
        def f(): return L()
        """,
        "assert f() == [1, 2, 3]",
    ),
    "an isclose that lies": (
        """
        import numpy, math
        numpy.allclose = numpy.isclose = math.isclose = lambda *a, **k: True
        def f(): return 1.0
        """,
        "assert np.allclose(f(), 2.0)",
    ),
    "an assert that lies": (
        """
        import numpy.testing
        numpy.testing.assert_allclose = lambda *a, **k: None
        def f(): return 1.0
        """,
        "np.testing.assert_allclose(f(), 2.0)",
    ),
    "builtins that lie": (
        """
        import builtins
        builtins.abs = lambda x: 0
        builtins.len = lambda x: 4
        def f(): return [1]
        """,
        "assert len(f()) == 4",
    ),
    "inputs made trivial": (
        """
        def double(x):
            x[:] = 0
            return x
        """,
        """
        x = np.ones(3)
        y = double(x)
        np.testing.assert_allclose(y, 2 * x)
        """,
    ),
    "an exception that is none": (
        """
        class E(ValueError):
            pass
        E.__module__ = 'builtins'
        def f(): raise E('x')
        """,
        """
        try:
            f()
        except KeyError:
            pass
        """,
    ),
}


@pytest.mark.parametrize("name", FAIL)
def test_dishonest(room: OpenRoom, name: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - of whatever kind
        check(room, *FAIL[name])
