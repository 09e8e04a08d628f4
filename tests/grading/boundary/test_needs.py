"""Which cells a verdict needs."""

import ast
import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.grading.boundary import effects, needs, transplant
from coursekit.grading.boundary.needs import Plan, Rules, Step
from coursekit.grading.boundary.transplant import Cell

REPOSITORY = Path(__file__).resolve().parents[3]
# What this course says of its own functions.
RULES = Rules(harmless=(*effects.HARMLESS, "checks.", "Markdown"))


def g(source: str) -> Cell:
    """A cell of the lesson."""
    return Cell("given", "code", source, ours=source, shown=source)


def a(source: str, ours: str | None = None, name: str = "a") -> Cell:
    """An answer of the student's; ours: the instructor's."""
    ours = source if ours is None else ours
    return Cell("answer", "code", source, name, ours=ours, shown="")


def x(source: str) -> Cell:
    """A cell that the student added."""
    return Cell("extra", "code", source)


def c(source: str, name: str = "c", shown: str | None = None) -> Cell:
    """A check."""
    return Cell("check", "code", source, name, source, shown or source)


def plan(*cells: Cell, **edited: str) -> Plan:
    """The plan of a notebook; edited: cell_3="…"."""
    changed = {int(k.removeprefix("cell_")): v for k, v in edited.items()}
    return needs.plan(cells, changed, RULES)


def lines(steps: Sequence[Step]) -> list[str]:
    """What steps run, without empty lines."""
    return [line for x in steps for line in x.source.split("\n") if line.strip()]


F = "def f():\n    return 1"
CHECK = c("check(f)")

# What is run inside, cell by cell.
INSIDE: dict[str, tuple[list[Cell], list[int]]] = {
    "nothing asked": ([g("n = 1"), a(F)], []),
    "the answer alone": ([g("n = 1"), a(F), CHECK], [1]),
    "what a function needs that its own cell calls": (
        [g("def add(k): k.append(1)"), g("d = []"), x("def h(k=d):\n    add(k)\nh()"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "the same in a class": (
        [g("def add(k): k.append(1)"), g("d = []"),
         x("class K:\n    def h(): add(d)\n    k = h()"), a("def f(): return d"),
         CHECK],
        [0, 1, 2, 3],
    ),
    "what a default holds": (
        [g("d = []"), a("def f(k=d):\n    k.append(1)\n    return k"), g("n = f()"),
         CHECK],
        [0, 1, 2],
    ),
    "a function that its own cell does not call": (
        [g("def add(k): k.append(1)"), g("d = []"), x("def h(k=d):\n    add(k)"),
         a("def f(): return d"), CHECK],
        [1, 3],
    ),
    "a constant in a body": ([g("n = 1"), a("def f():\n    return n"), CHECK], [0, 1]),
    "in three steps": (
        [g("p = 1"), g("q = p + 1"), g("r = q * q"), g("s = 0"),
         a("def f():\n    return r"), CHECK],
        [0, 1, 2, 4],
    ),
    "a default": ([g("n = 1"), a("def f(k=n): return k"), CHECK], [0, 1]),
    "a decorator": ([g("def d(f): return f"), a(f"@d\n{F}"), CHECK], [0, 1]),
    "an annotation": ([g("T = int"), a("def f(k: T): return k"), CHECK], [0, 1]),
    "a return annotation": ([g("T = int"), a("def f() -> T: return 1"), CHECK], [0, 1]),
    "an annotation that is text": (
        [g("T = int"), a("def f(k: 'T'): return k"), CHECK], [0, 1]
    ),
    "a base class": (
        [g("class B: pass"), a("class f(B): pass"), CHECK], [0, 1]
    ),
    "a metaclass": (
        [g("class M(type): pass"), a("class f(metaclass=M): pass"), CHECK], [0, 1]
    ),
    "a class body": ([g("n = 1"), a("class f:\n    k = n"), CHECK], [0, 1]),
    "a method": (
        [g("n = 1"), a("class f:\n    def m(self): return n"), CHECK], [0, 1]
    ),
    "a class's own name": (
        [g("k = 1"), a("class f:\n    k = 2\n    j = k"), CHECK], [1]
    ),
    "a method does not see the class's names": (
        [g("k = 1"), a("class f:\n    k = 2\n    def m(self): return k"), CHECK],
        [0, 1],
    ),
    "a parameter hides": ([g("n = 1"), a("def f(n): return n"), CHECK], [1]),
    "an own variable hides": (
        [g("n = 1"), a("def f():\n    n = 2\n    return n"), CHECK], [1]
    ),
    "a loop variable hides": (
        [g("n = 1"), a("def f():\n    for n in (): return n"), CHECK], [1]
    ),
    "a with variable hides": (
        [g("n = 1"), a("def f():\n    with open('') as n: return n"), CHECK], [1]
    ),
    "an except variable hides": (
        [g("e = 1"),
         a("def f():\n    try: pass\n    except OSError as e: return e"), CHECK],
        [1],
    ),
    "a capture hides": (
        [g("n = 1"),
         a("def f(k):\n    match k:\n        case [n]: return n"), CHECK],
        [1],
    ),
    "a walrus hides": (
        [g("n = 1"), a("def f(k): return (n := k) + n"), CHECK], [1]
    ),
    "a walrus in a comprehension hides": (
        [g("n = 1"), a("def f(k): return [n := j for j in k]"), CHECK], [1]
    ),
    "a comprehension hides": (
        [g("n = 1"), a("def f(k): return [n for n in k]"), CHECK], [1]
    ),
    "a comprehension reads": (
        [g("n = 1"), a("def f(k): return [n for j in k]"), CHECK], [0, 1]
    ),
    "a lambda reads": ([g("n = 1"), a("f = lambda: n"), CHECK], [0, 1]),
    "a generator reads": ([g("n = [1]"), a("f = (k for k in n)"), CHECK], [0, 1]),
    "a match pattern reads": (
        [g("class P: pass"),
         a("def f(k):\n    match k:\n        case P(): return 1"), CHECK],
        [0, 1],
    ),
    "an except clause reads": (
        [g("class E(Exception): pass"),
         a("def f():\n    try: pass\n    except E: pass"), CHECK],
        [0, 1],
    ),
    "an f-string reads": ([g("n = 1"), a("def f(): return f'{n}'"), CHECK], [0, 1]),
    "global": (
        [g("n = 1"), a("def f():\n    global n\n    n += 1\n    return n"), CHECK],
        [0, 1],
    ),
    "nonlocal": (
        [g("n = 1"),
         a("def f():\n    n = 1\n    def h():\n        nonlocal n\n        n += 1\n"
           "    return h"), CHECK],
        [1],
    ),
    "an inner function": (
        [g("n = 1"), a("def f():\n    def h(): return n\n    return h"), CHECK],
        [0, 1],
    ),
    "import": ([g("import math"), a("def f(): return math.pi"), CHECK], [0, 1]),
    "import as": ([g("import math as m"), a("def f(): return m.pi"), CHECK], [0, 1]),
    "from import": (
        [g("from math import pi"), a("def f(): return pi"), CHECK], [0, 1]
    ),
    "import a.b.c": (
        [g("import xml.dom.minidom"), a("def f(): return xml.dom"), CHECK], [0, 1]
    ),
    "other parts of a package": (
        [g("import xml.dom.minidom"), g("import xml.sax"), g("import json"),
         a("def f(): return xml.sax"), CHECK],
        [0, 1, 3],
    ),
    "an import in a function": (
        [g("import math"), a("def f():\n    import math\n    return math"), CHECK],
        [1],
    ),
    "a guarded import": (
        [g("try:\n    import torch\nexcept ImportError:\n    torch = None"),
         a("def f(): return torch"), CHECK],
        [0, 1],
    ),
    "TYPE_CHECKING": (
        [g("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import json"),
         a("def f(k: 'json'): return k"), CHECK],
        [0, 1],
    ),
    "a helper of the student's": (
        [x("def h(): return 1"), a("def f(): return h()"), CHECK], [0, 1]
    ),
    "a helper below the answer": (
        [a("def f(): return h()"), x("def h(): return 1"), CHECK], [0, 1]
    ),
    "a helper that is not used": (
        [x("def h(): return 1"), a(F), CHECK], [1]
    ),
    "a helper behind the check": (
        [a("def f(): return h()"), CHECK, x("def h(): return 1")], [0]
    ),
    "recursion": ([g("n = 1"), a("def f(k): return f(k - 1)"), CHECK], [1]),
    "mutual recursion": (
        [x("def h(k): return f(k)"), a("def f(k): return h(k - 1)"), CHECK], [0, 1]
    ),
    "an earlier answer": (
        [a("def e(): return 1", name="e"), a("def f(): return e()"), CHECK], [0, 1]
    ),
    "an answer redefined behind the check": (
        [a(F), CHECK, x("def f():\n    return 2")], [0]
    ),
    "an answer redefined before the check": (
        [a(F), x("def f():\n    return 2"), CHECK], [0, 1]
    ),
    "a constant redefined before the check": (
        [g("n = 1"), a("def f(): return n"), g("n = 2"), CHECK], [1, 2]
    ),
    "a constant redefined behind the check": (
        [g("n = 1"), a("def f(): return n"), CHECK, g("n = 2")], [0, 1]
    ),
    "perhaps redefined": (
        [g("n = 1"), g("if n: n = 2"), a("def f(): return n"), CHECK], [0, 1, 2]
    ),
    "redefined in a loop": (
        [g("n = 1"), g("for n in (): pass"), a("def f(): return n"), CHECK], [0, 1, 2]
    ),
    "deleted": (
        [g("n = 1"), g("del n"), a("def f(): return n"), CHECK], [0, 1, 2]
    ),
    "augmented": (
        [g("n = 1"), g("n += 1"), a("def f(): return n"), CHECK], [0, 1, 2]
    ),
    "an element": (
        [g("d = {}"), g("d['k'] = 1"), a("def f(): return d"), CHECK], [0, 1, 2]
    ),
    "an attribute": (
        [g("class K: pass\nd = K()"), g("d.k = 1"), a("def f(): return d"), CHECK],
        [0, 1, 2],
    ),
    "a method that changes": (
        [g("d = []"), g("d.append(1)"), a("def f(): return d"), CHECK], [0, 1, 2]
    ),
    "under another name": (
        [g("d = []"), g("b = d"), g("b.append(1)"), a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "within something else": (
        [g("d = []"), g("b = {'k': d}"), g("b['k'].append(1)"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "given to a function": (
        [g("d = []"), g("def h(k): k.append(1)"), g("h(d)"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "by a function that knows it": (
        [g("d = []"), g("def h(): d.append(1)"), g("h()"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "by a function that hands it out": (
        [g("d = []"), g("def h(): return d"), g("h().append(1)"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "by a function that knows it by another name": (
        [g("d = []"), g("def h():\n    b = d\n    b.append(1)"), g("h()"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "by a function that has it as a default": (
        [g("d = []"), g("def h(k=d): k.append(1)"), g("print(h())"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "by a loop": (
        [g("d = [[]]"), g("for b in d: b.append(1)"), a("def f(): return d"), CHECK],
        [0, 1, 2],
    ),
    "used up": (
        [g("d = iter([1, 2])"), g("for b in d: break"), a("def f(): return d"), CHECK],
        [0, 1, 2],
    ),
    "by next": (
        [g("d = iter([1, 2])"), g("b = next(d)"), a("def f(): return d"), CHECK],
        [0, 1, 2],
    ),
    "shuffled": (
        [g("import random"), g("d = [1, 2]"), g("random.shuffle(d)"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "a generator of numbers": (
        [g("import random"), g("r = random.Random(0)"), g("b = r.random()"),
         a("def f(): return r"), CHECK],
        [0, 1, 2, 3],
    ),
    "a global set by a call": (
        [g("n = 1"), g("def h():\n    global n\n    n = 2"), g("h()"),
         a("def f(): return n"), CHECK],
        [0, 1, 2, 3],
    ),
    "out=": (
        [g("import numpy as np"), g("d = np.zeros(3)"), g("b = np.exp(1, out=d)"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "fill_diagonal": (
        [g("import numpy as np"), g("d = np.eye(3)"), g("np.fill_diagonal(d, 2)"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "read only": (
        [g("import numpy as np"), g("d = np.eye(3)"), g("b = np.exp(d) + d.mean()"),
         a("def f(): return d"), CHECK],
        [0, 1, 3],
    ),
    "sys.path": (
        [g("import sys"), g("sys.path.append('helpers')"), a(F), CHECK], [0, 1, 2]
    ),
    "warnings": (
        [g("import warnings\nwarnings.simplefilter('ignore')"), a(F), CHECK], [0, 1]
    ),
    "a seed": (
        [g("import random"), g("random.seed(0)"), a("def f(): return random.random()"),
         CHECK],
        [0, 1, 2],
    ),
    "a seed of what is not used": (
        [g("import random"), g("random.seed(0)"), a(F), CHECK], [2]
    ),
    "rcParams": (
        [g("import matplotlib.pyplot as plt"), g("plt.rcParams['font.size'] = 9"),
         a("def f(): return plt.figure()"), CHECK],
        [0, 1, 2],
    ),
    "rcParams by another name": (
        [g("import matplotlib.pyplot as plt"), g("rc = plt.rcParams"),
         g("rc['font.size'] = 9"), a("def f(): return plt.figure()"), CHECK],
        [0, 1, 2, 3],
    ),
    "print": (
        [g("d = [1]"), g("print(d)"), a("def f(): return d"), CHECK], [0, 2]
    ),
    "print that changes": (
        [g("d = [1]"), g("print(d.pop())"), a("def f(): return d"), CHECK], [0, 1, 2]
    ),
    "a figure": (
        [g("from coursekit import plots"), g("d = [1]"), g("plots.show(plots.new(d))"),
         a("def f(): return d"), CHECK],
        [1, 3],
    ),
    "a figure with axes": (
        [g("import matplotlib.pyplot as plt"), g("d = [1]"),
         g("fig, ax = plt.subplots()"), g("ax.plot(d)"),
         a("def f(): return d"), CHECK],
        [1, 4],
    ),
    "a figure that is asked for": (
        [g("import matplotlib.pyplot as plt"), g("d = [1]"),
         g("fig, ax = plt.subplots()"), g("ax.plot(d)"),
         a("def f(): return ax"), CHECK],
        [0, 1, 2, 3, 4],
    ),
    "somebody's own print": (
        [g("d = [1]"), x("def print(k): k.append(1)"), g("print(d)"),
         a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "training that is not needed": (
        [g("from torch import nn"), g("def learn(m): m.fit()\nd = nn.Linear(1, 1)"),
         g("learn(d)"), a("def f(): return nn.ReLU()"), CHECK],
        [0, 3],
    ),
    "training that is needed": (
        [g("from torch import nn"), g("def learn(m): m.fit()\nd = nn.Linear(1, 1)"),
         g("learn(d)"), a("def f(): return d"), CHECK],
        [0, 1, 2, 3],
    ),
    "lessons that use the answer": (
        [a("class f: pass"), g("m = f()"), g("m.train()"), CHECK], [0]
    ),
    "a table": (
        [g("from torch import nn"), g("G = {'t': nn.Tanh}"),
         g("def b(k): return nn.Sequential(G[k]())"), g("m = b('t')"), g("m.train()"),
         a("def f(): return G['t']"), CHECK],
        [0, 1, 5],
    ),
    "a table that is changed": (
        [g("G = {'t': 1}"), g("def h(k): k['t'] = 2"), g("h(G)"),
         a("def f(): return G['t']"), CHECK],
        [0, 1, 2, 3],
    ),
    "a star import of the student's": (
        [x("from math import *"), a("def f(): return pi"), CHECK], [0, 1]
    ),
    "a star import of ours": (
        [g("from math import *"), a("def f(): return pi"), CHECK], [0, 1]
    ),
    "a shadowed module": (
        [g("import math"), a("math = None", name="e"),
         a("def f(): return math"), CHECK],
        [0, 1, 2],
    ),
    "a module shadowed afterwards": (
        [g("import math"), a("def f(): return math"), CHECK, x("math = None")], [0, 1]
    ),
    "%%time": ([x("%%time\nn = 1"), a("def f(): return n"), CHECK], [0, 1]),
    "await": ([x("n = await k"), a("def f(): return n"), CHECK], [0, 1]),
    "a broken helper": (
        [x("def h(:"), a("def f(): return h()"), CHECK], [1]
    ),
    "a broken answer": ([a("def f(:"), CHECK], []),
    "a failing answer keeps what the student had": (
        [x(F), a("1 / 0\ndef f(): pass"), CHECK], [0, 1]
    ),
    "a name of the lesson's that the answer takes": (
        [g("for f in range(3): print(f)"), a("def f(k: K): return k"), CHECK], [1]
    ),
    "imports in a check that students see": (
        [a(F, name="e"), c("from math import pi\ncheck(1)", "d"),
         a("def f(): return pi"), CHECK],
        [1, 2],
    ),
    "a check is not run": (
        [g("d = []"), c("d.append(1)", "d"), a("def f(): return d"), CHECK], [0, 2]
    ),
    "a deleted answer": ([a("", ours=F), CHECK], [0]),
    "a raised stub runs": ([a("k: int\nraise OSError", "f = 1"), CHECK], [0]),
}  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
def test_inside(name: str) -> None:
    cells, expected = INSIDE[name]
    found = plan(*cells)
    assert sorted({step.cell for step in found.inside}) == expected
    assert not found.everything
    assert Plan.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_lesson_s_cell_costs_only_what_is_needed_of_it() -> None:
    cell = g("n = 1\n\n@deco\ndef h(\n  k):\n    pass\nplots.show(n)\nm = 2; show(n)")
    found = plan(cell, a("def f(): return n"), CHECK)
    assert found.inside[0].source == "n = 1"
    found = plan(g("def deco(f): return f"), cell, a("def f(): return h"), CHECK)
    assert found.inside[1].source == "\n\n@deco\ndef h(\n  k):\n    pass"
    found = plan(cell, a("def f(): return m"), CHECK)
    assert found.inside[0].source == "m = 2"


def test_features_of_python_stay_switched_on() -> None:
    future = "from __future__ import annotations"
    first, second = g(f"{future}\nimport math\nk = 1"), a("def f(a: T): return k")
    found = plan(first, second, CHECK)
    assert lines(found.inside[:1]) == [future, "k = 1"]
    assert [x.futures for x in found.inside] == [(), ("annotations",)]


# What a check gets from the sandbox, and what runs beside it.
WANTED: dict[str, tuple[list[Cell], list[str], list[str]]] = {
    "the answer": ([a(F), CHECK], ["f"], []),
    "and what calls it": (
        [g("from coursekit import checks"), a(F), c("checks.f(f)")],
        ["f"],
        ["from coursekit import checks"],
    ),
    "a value": ([a("row = 1"), c("check(row=row)")], ["row"], []),
    "several": ([a("p = 1\nq = 2"), c("check(p, q)")], ["p", "q"], []),
    "none": ([g("n = 1"), c("check(n)")], [], ["n = 1"]),
    "in a function of the check": ([a(F), c("def t(): return f()\nt()")], ["f"], []),
    "a name of the check's own": ([a(F), c("f = 1\ncheck(f)")], [], []),
    "a name that a student may not take": (
        [g("import numpy as np"), a(f"{F}\nnp = None", F), c("np.ok(f)")],
        ["f"],
        ["import numpy as np"],
    ),
    "the check itself": (
        [g("from coursekit import checks"), a(f"checks = f = len\n{F}", F),
         x("checks = None"), c("checks.f(f)")],
        ["f"],
        ["from coursekit import checks"],
    ),
    "builtins": (
        [a(f"all = len = isinstance = print\n{F}", F), c("assert all(f) == len(f)")],
        ["f"],
        [],
    ),
    "an import in the answer's cell": (
        [a(f"import math\n{F}"), c("math.isclose(f(), 1)")], ["f"], ["import math"]
    ),
    "a constant that a student changes": (
        [g("n = 1"), a(F), x("n = 2"), c("check(f, n)")], ["f"], ["n = 1"]
    ),
    "a name that a lesson bound first": (
        [g("row = None"), a("row = 1"), c("check(row)")], ["row"], []
    ),
    "a list that the answer adds to": (
        [g("d = []"), a("d.append(1)"), c("check(d)")], ["d"], []
    ),
    "something that the answer only uses": (
        [g("d = [1]"), a("f = max(d)"), c("check(f, d)")], ["f"], ["d = [1]"]
    ),
    "a later answer": (
        [a(F), a("def f(): return 2", name="b"), CHECK], ["f"], []
    ),
    "an answer that comes too late": (
        [g("f = 0"), CHECK, a(F)], [], ["f = 0"]
    ),
    "a value made with an answer": (
        [a(F), g("k = f() + 1"), c("check(k)")], [], ["k = f() + 1"]
    ),
    "a value made with an answer, and changed": (
        [a("class N: pass"), g("k = N()"), g("k.train()"), c("check(k)")],
        [],
        ["k = N()", "k.train()"],
    ),
    "a helper of an earlier check": (
        [a(F), c("def t(k): return k\nassert t(f) == 1", "d"), c("t(f)")],
        ["f"],
        ["def t(k): return k"],
    ),
    "an import of an earlier check": (
        [a(F), c("from math import pi\nassert f()", "d"), c("f(pi)")],
        ["f"],
        ["from math import pi"],
    ),
    "only the student has it": ([a(f"{F}\nown = 1", F), c("check(own)")], ["own"], []),
    "a stub with places": (
        [a("k = 2", "k: int\nraise OSError"), c("check(k)")], ["k"], []
    ),
    "the student's answer is broken": ([a("def f(:", F), CHECK], ["f"], []),
    "the answer under another name": ([a("g = 1", F), CHECK], ["f"], []),
    "figures stay out": (
        [g("from coursekit import plots\nn = 1\nplots.show(n)"), a(F),
         c("check(f, n)")],
        ["f"],
        ["n = 1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_outside(name: str) -> None:
    cells, wanted, outside = WANTED[name]
    found = plan(*cells)
    assert list(found.wanted["c"]) == wanted
    assert lines(found.outside["c"]) == outside


def test_stand_ins_are_those_of_their_time() -> None:
    cells = [a(F, name="b"), g("k = f()"), a(F), c("check(f, k)")]
    found = plan(*cells)
    assert [(x.source, x.stand_ins) for x in found.outside["c"]] == [
        ("k = f()", ("f",))
    ]
    assert found.wanted["c"] == ("f",)
    assert found.judged["c"] == ("a",)


def test_a_stand_in_that_the_lesson_replaces() -> None:
    found = plan(a("k = 1"), g("k = k + 1"), c("check(k)"))
    assert found.wanted["c"] == ()
    assert found.outside["c"][0].stand_ins == ("k",)
    assert [x.cell for x in found.inside] == [0]


JUDGED = [
    ([a(F), CHECK], ("a",)),
    ([a("p = 1", name="p"), a("q = 1", name="q"), c("check(p, q)")], ("p", "q")),
    ([a("p = 1", name="p"), a("q = 1", name="q"), c("check(q)")], ("q",)),
    ([a(F, name="z"), c("f()", "d"), a("", "", "p"), c("check()")], ("p",)),
    ([c("check()")], ()),
]


@pytest.mark.parametrize(("cells", "answers"), JUDGED)
def test_judged(cells: list[Cell], answers: tuple[str, ...]) -> None:
    assert plan(*cells).judged["c"] == answers


OPAQUE = [
    "exec('n = 2')", "eval('n')", "globals()['n'] = 2", "locals()['n'] = 2",
    "vars()['n'] = 2", "import sys\nsetattr(sys.modules['__main__'], 'n', 2)",
    "import __main__\n__main__.n = 2", "import builtins\nbuiltins.len = None",
    "ip = get_ipython()\nip.user_ns['n'] = 2", "def h():\n    exec('n = 2')",
    "h = lambda: globals()", "import sys\nsys._getframe().f_globals['n'] = 2",
    "__import__('__main__').n = 2", "h = 'x'\n__import__(h)",
    "(lambda: 0).__globals__['n'] = 2",
    "import importlib\nimportlib.import_module('__main__')",
]  # fmt: skip


@pytest.mark.parametrize("source", OPAQUE)
def test_everything(source: str) -> None:
    drawing = g("from coursekit import plots\nplots.show(1)\nk = 3")
    found = plan(g("n = 1"), drawing, x(source), a(F), CHECK, g("late = 1"))
    assert found.everything
    assert found.why.startswith("cell 3: it ")
    assert [x.cell for x in found.inside] == [0, 1, 2, 3]
    assert "plots.show" not in found.inside[1].source
    assert "k = 3" in found.inside[1].source


CLEAR = [
    "vars(f)", "def h():\n    return locals()", "m.eval()", "def eval(m): return m",
    "getattr(f, 'k', 1)", "setattr(f, 'k', 1)", "__import__('math')", "k = f.exec",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
]  # fmt: skip


@pytest.mark.parametrize("source", CLEAR)
def test_not_everything(source: str) -> None:
    assert not plan(g("n = 1"), a(F), x(source), CHECK).everything


def test_exec_behind_the_last_check_does_not_matter() -> None:
    assert not plan(a(F), CHECK, x("exec('f = 1')")).everything


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "MAX_LOOKED_UP", 2)
    cells = [g("n = 1"), g("m = n"), g("k = m"), a("def f(): return k"), CHECK]
    assert "too large" in plan(*cells).why


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "MAX_UNITS", 3)
    found = plan(*[x(f"n{i} = 1") for i in range(9)], a(F), CHECK)
    assert "too large" in found.why
    assert len(found.inside) == 10
    assert found.wanted["c"] == ("f",)


def test_a_changed_cell_of_the_lesson() -> None:
    ours = g("import math\nimport json")
    answer = a("def f(): return math, json, os")
    found = plan(ours, answer, CHECK, cell_0="import json\nimport os")
    assert [(x.kind, lines([x])) for x in found.inside] == [
        ("given", ["import math"]),
        ("edited", ["import json", "import os"]),
        ("answer", [answer.source]),
    ]


def test_a_changed_cell_that_is_broken_is_ours() -> None:
    found = plan(
        g("import math"), a("def f(): return math"), CHECK, cell_0="import m as"
    )
    assert lines(found.inside)[0] == "import math"
    assert not found.broken


def test_a_changed_cell_counts_not_for_the_check() -> None:
    found = plan(g("n = 1"), a(F), c("check(f, n)"), cell_0="n = 9")
    assert found.wanted["c"] == ("f",)
    assert lines(found.outside["c"]) == ["n = 1"]


BROKEN = [
    ("def f(:", "invalid syntax (line 1)"),
    ("return 1", "'return' outside function (line 1)"),
    ("x = 1\n  y = 2", "unexpected indent (line 2)"),
    ("a\0b", "null"),
    ("(" * 500, "nest"),
    ("-" * 50_000 + "1", ""),
    ("x = " + "[" * 150 + "]" * 150, ""),
    ("1" * 5_000, "integer"),
]


@pytest.mark.parametrize(("source", "words"), BROKEN)
def test_broken(source: str, words: str) -> None:
    found = plan(
        a(source, F), a("def h(): return 1", name="h"), c("check(h)", "d"), CHECK
    )
    assert "h" in {x.grade_id for x in found.inside}
    if words:
        assert [x.grade_id for x in found.broken] == ["a"]
        assert words in found.broken[0].message


def test_deep_code_that_python_can_read_is_not_analysed() -> None:
    deep = "def f():\n    return " + "+".join(["1"] * 3_000)
    found = plan(a(deep, F), CHECK)
    assert found.everything or found.broken or lines(found.inside)


def test_remarks_name_the_cell() -> None:
    found = plan(a(f"!pip install torch\n{F}"), CHECK)
    assert found.remarks == ("Cell 1: `!pip install torch` is not run when grading.",)


# Really running it: what the plan runs gives the same as running everything.

NAMES = ("a", "b", "c", "d")
FUNCTIONS = ("f", "g")
EXPRESSIONS = (
    "1", "2", "[1]", "[{n}]", "{n}", "({n}, {m})", "{{'k': {n}}}", "type({n}).__name__",
    "{u}({n})", "[{u}({n}) for _ in (1, 2)]",
    "list({n}) if isinstance({n}, list) else 0",
    "({n}, {u}({m}))", "lambda: {n}", "({n} := {m})",
)  # fmt: skip
STATEMENTS = (
    "{t} = {e}", "{t} = {e}", "{t}, {s} = {e}, {e2}",
    "if isinstance({n}, int): {t} = {e}",
    "if isinstance({n}, list): {n}.append({m})", "change({n}, {m})",
    "{t} = change({n}, {m})",
    "for {t} in ({n}, {m}): change({t}, 3)",
    "try:\n    {t} = {e}\nexcept OSError: pass",
    "def {u}(k):\n    change({n}, 1)\n    return {m}", "def {u}(k): return (k, {n})",
    "def {u}(k):\n    global {t}\n    {t} = {n}\n    return k",
    "def {u}(k, j={n}):\n    change(j, 4)\n    return j",
    "def {u}(k):\n    j = {n}\n    change(j, k)\n    return j",
    "def {u}(k):\n    def h(): return {n}\n    return h()",
    "print({n})", "print({u}({n}))", "assert {u}", "{n}", "{t} = [{n}]\n{t}[0] = {m}",
    "class {v}:\n    k = {n}\n    def __call__(self, j):\n        change(self.k, j)\n"
    "        return self.k\n{u} = {v}()",
)  # fmt: skip
START = "a, b, c, d = 1, [2], [3], (4,)\ndef f(k): return k\ndef g(k): return [k]"
CHANGE = "def change(k, j):\n    if isinstance(k, list): k.append(j)\n    return k"


@st.composite
def statements(draw: Callable[..., Any]) -> str:
    """A statement that does not fail."""
    name, function = st.sampled_from(NAMES), st.sampled_from(FUNCTIONS)
    words = {key: draw(name) for key in "nmts"}
    words |= {"u": draw(function), "v": draw(st.sampled_from(("P", "Q")))}
    for key in ("e", "e2"):
        inner = {"n": draw(name), "m": draw(name), "u": draw(function)}
        words[key] = draw(st.sampled_from(EXPRESSIONS)).format(**inner)
    return str(draw(st.sampled_from(STATEMENTS)).format(**words))


@st.composite
def notebooks(draw: Callable[..., Any]) -> list[Cell]:
    """A notebook of cells of the lesson and of the student's, with a check."""
    cells = [g(CHANGE), g(START)]
    for number in range(draw(st.integers(2, 8))):
        source = "\n".join(draw(st.lists(statements(), min_size=1, max_size=3)))
        kind = draw(st.sampled_from(("g", "a", "x")))
        made = {"g": g, "x": x}.get(kind, lambda s, n=number: a(s, name=f"a{n}"))
        cells.append(made(source))
    return [*cells, c(f"check({draw(st.sampled_from(NAMES + FUNCTIONS))})")]


def ran(sources: Sequence[str]) -> dict[str, Any]:
    """The names after cells have run."""
    space: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(io.StringIO()):
        for source in sources:
            exec(source, space)
    return space


def shown(value: object, deep: int = 6) -> object:
    """A value so that it can be compared; functions by what they return."""
    if isinstance(value, list | tuple):
        return [type(value).__name__, *(shown(v, deep - 1) for v in value if deep)]
    if isinstance(value, dict):
        return {key: shown(v, deep - 1) for key, v in value.items()}
    if callable(value) and deep:
        try:
            return ["call", shown(value(0), deep - 1)]
        except TypeError:
            return ["call", shown(value(), deep - 1)]
    return value if isinstance(value, int | str) else type(value).__name__


def outcome(sources: Sequence[str], names: Sequence[str]) -> object:
    """What names hold after cells have run, or that something went wrong."""
    try:
        space = ran(sources)
        return {name: shown(space[name]) for name in names}
    except (RecursionError, MemoryError, TypeError):
        return None


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(notebooks())
def test_running_the_plan_is_running_everything(cells: list[Cell]) -> None:
    found = plan(*cells)
    names = sorted(ast.parse(cells[-1].source).body[0].value.args[0].id)  # type: ignore[attr-defined]
    everything = outcome([x.source for x in cells[:-1]], names)
    if everything is not None:
        # Everything that the check reads, asked for as the student's.
        student = needs.Program(needs.Cells(cells, {}).inside(), RULES)
        part = needs.Slice(student)
        part.need(names, (len(cells) - 1, 0))
        steps = needs.steps_of(student, part.needed, {})
        assert outcome([x.source for x in steps], names) == everything
        assert {x.cell for x in found.inside} <= set(range(len(cells)))


# The course

BOOKS = sorted((REPOSITORY / "notebooks").glob("*/*.ipynb"))


def drawings(source: str) -> list[str]:
    """The calls in a source that draw."""
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    names = [effects.dotted(node.func) for node in nodes]
    return [x for x in names if x.startswith(("plots.", "explore.", "plt."))]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_no_verdict_of_the_course_needs_a_figure(
    path: Path, record_property: Callable[[str, object], None]
) -> None:
    book = json.loads(path.read_text(encoding="utf-8"))
    handed = transplant.transplant(book, book, book["cells"])
    found = needs.plan(handed.cells, handed.edited_given, RULES)
    given = [x for x in handed.cells if (x.kind, x.cell_type) == ("given", "code")]
    every = sum(len(ast.parse(x.source).body) for x in given)
    inside = [x for x in found.inside if x.kind == "given"]
    needed = sum(len(ast.parse(x.source).body) for x in inside)
    print(f"{path.stem}: {needed} of {every} statements, {len(found.wanted)} checks")
    record_property("statements", f"{needed} of {every}")
    assert not found.everything
    outside = [step for steps in found.outside.values() for step in steps]
    assert [x.source for x in [*inside, *outside] if drawings(x.source)] == []
    assert needed <= every / 3
    assert all(len(answers) == 1 for answers in found.judged.values())


def test_the_course_is_there() -> None:
    assert len(BOOKS) >= 29
