"""Magics and shell escapes, made harmless."""

import ast
import time

import pytest

from coursekit.grading.boundary import magics

MADE = [
    ("x = 1", "x = 1"),
    ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    ("%load_ext autoreload\n%autoreload 2", "pass\npass"),
    ("%%time\nx = 1", "\nx = 1"),
    ("%%timeit -n 10 -r 3\nx = 1", "\nx = 1"),
    ("%%timeit y = 2\nx = y", "y = 2\nx = y"),
    ("%%capture\nx = 1", "\nx = 1"),
    ("%%capture out\nx = 1", "out = None\nx = 1"),
    ("\n\n%%time\nx = 1", "\n\n\nx = 1"),
    ("%%time\n%%capture\nx = 1", "\n\nx = 1"),
    ("%time x = 1", "x = 1"),
    ("if a:\n    %time x = 1", "if a:\n    x = 1"),
    ("x = %time f(3)", "x = f(3)"),
    ("%timeit f(3)", "pass"),
    ("x?", "pass"),
    ("?x", "pass"),
    ("np.sum??\ny = 2", "pass\ny = 2"),
    ("plt.plot(x);\n%time y = 3;", "plt.plot(x);\ny = 3;"),
    ("s = '''\n%time\n'''\n%time y = 1", "s = '''\n%time\n'''\ny = 1"),
    ("x = (3\n % y)\n%time y = 1", "x = (3\n % y)\ny = 1"),
    ("x = 5 \\\n % 3\n%time y = 1", "x = 5 \\\n % 3\ny = 1"),
    ("x = 1  # why?\n%time y = 1", "x = 1  # why?\ny = 1"),
    ("print('why?')\n%time y = 1", "print('why?')\ny = 1"),
    (">>> x = 1\n>>> if x:\n...     y = 2", "x = 1\nif x:\n    y = 2"),
    ("   x = 1\n   y = 2", "x = 1\ny = 2"),
    ("x = 1\r\ny = 2", "x = 1\ny = 2"),
    ("get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", "pass\nx = 1"),
    ("def f(:", "def f(:"),
    ("x = 5 % 3 != 2", "x = 5 % 3 != 2"),
]


@pytest.mark.parametrize(("source", "made"), MADE)
def test_made_harmless(source: str, made: str) -> None:
    assert magics.plain(source) == magics.Plain(made)


TOLD = [
    ("!pip install torch\nx = 1", "pass\nx = 1", "!pip install torch"),
    ("!pip install \\\n  torch\nx = 1", "pass\n\nx = 1", "!pip install torch"),
    ("pip install torch", "pass", "pip install torch"),
    ("%pip install torch", "pass", "%pip install torch"),
    ("%run helper.py", "pass", "%run helper.py"),
    ("%cd ..", "pass", "%cd .."),
    ("files = !ls", "files = []", "!ls"),
    ("home = %env HOME", "home = None", "%env HOME"),
    ("%%writefile helper.py\nx = 1", "\n", "%%writefile"),
    ("%%bash\nls", "\n", "%%bash"),
    ("!echo \"it's", "pass", "!echo \"it's"),
    ("!echo `date`", "pass", "!echo 'date'"),
    ("get_ipython().system('ls')", "pass", "get_ipython().system('ls')"),
]


@pytest.mark.parametrize(("source", "made", "words"), TOLD)
def test_students_are_told(source: str, made: str, words: str) -> None:
    found = magics.plain(source)
    assert found.source == made
    assert found.remarks == (f"`{words}` is not run when grading",)


def test_a_call_over_several_lines_keeps_them() -> None:
    source = "if a:\n    get_ipython().system(\n        'ls'\n    )\ny = 1"
    found = magics.plain(source).source
    assert found.split("\n")[4] == "y = 1"
    ast.parse(found)


def test_what_is_told_is_short_and_can_be_read() -> None:
    (told,) = magics.plain("!echo \u202e" + "a" * 500).remarks
    assert len(told) < 80
    assert told.isprintable()


HOSTILE = [
    "%time " * 10_000, "!ls\n" * 20_000, "%%time\n" * 20_000, "?" * 100_000,
    "a " * 50_000, "x = %" * 20_000, "'" * 100_000, "(" * 100_000, "\\\n" * 50_000,
    ">>> " * 20_000, "%timeit -n " * 10_000, "a" * 100_000 + "?", " " * 100_000 + "?",
    "get_ipython()" * 9_000, "-" * 100_000 + "1", "not " * 40_000 + "1",
    "x = " + "lambda: " * 20_000 + "1", "f" + "()" * 40_000, "a" + ".b" * 40_000,
    "1" + "+1" * 40_000, "[" * 90 + "]" * 90, "!" + "\\\n" * 50_000,
    ("%time x = 1\n" + "y = 'a'\n") * 5_000, "\0", "\ud800", "if 1:\n" * 300,
]  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_cells_end_soon(source: str) -> None:
    start = time.process_time()
    magics.plain(source)
    assert time.process_time() - start < 5
