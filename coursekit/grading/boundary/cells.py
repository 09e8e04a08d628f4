"""Run the cells of a student: what Jupyter's kernel does, as far as a verdict needs it.

This runs inside the sandbox. There is nobody to type, nothing is shown, and what a cell
prints is kept up to a bound.
"""

import __future__

import ast
import asyncio
import contextlib
import functools
import inspect
import io
import linecache
import operator
import traceback
from collections.abc import Iterator, Sequence
from types import CodeType
from typing import Any

FRAMES = 8  # of a traceback, the last ones
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Printed(io.StringIO):
    """Keeps the first `room` characters of what is printed and drops the rest."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, text: str) -> int:
        """As a stream does it, whatever becomes of the text."""
        kept = text[: max(0, self._room)]
        self._room -= len(kept)
        super().write(kept)
        return len(text)

    def close(self) -> None:
        """Stay open: students close sys.stdout."""

    def isatty(self) -> bool:
        """No terminal."""
        return False


@contextlib.contextmanager
def printing(room: int) -> Iterator[Printed]:
    """Whatever is printed in the `with` block, standard error too."""
    printed = Printed(room)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield printed


def namespace() -> dict[str, Any]:
    """What a notebook starts with."""
    return {
        "__name__": "__main__",
        "__builtins__": __builtins__,
        "display": display,
        "input": nobody_types,
        "get_ipython": Shell,
        "In": [""],
        "Out": {},
    }


def display(*things: object, **how: object) -> None:
    """Show nothing: nobody looks."""


def nobody_types(prompt: object = "") -> str:
    """Raises EOFError: at grading nobody types an answer to `input`."""
    raise EOFError("nobody is there to type when this is graded")


class Shell:
    """Stands for IPython's shell: whatever is asked of it does nothing."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name.startswith("__"):
            raise AttributeError(name)
        return display


def run(
    source: str, name: str, space: dict[str, Any], futures: Sequence[str] = ()
) -> None:
    """Run the source of a cell. Raises what it raises.

    name: what tracebacks call the cell; its lines can be quoted from then on
    futures: features of `__future__` that cells before it have switched on
    """
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = (len(source), None, lines, name)
    flags = AWAIT | features(futures)
    code = compile(source, name, "exec", flags=flags, dont_inherit=True)
    if waits(code):
        asyncio.run(eval(code, space))
    else:
        exec(code, space)


def features(names: Sequence[str]) -> int:
    """The flags of a compiler for features of `__future__`."""
    known = [getattr(__future__, x) for x in names if x in __future__.all_feature_names]
    return functools.reduce(operator.or_, (x.compiler_flag for x in known), 0)


def waits(code: CodeType) -> bool:
    """Whether a cell awaits something at its top level."""
    return bool(code.co_flags & inspect.CO_COROUTINE)


def told(error: BaseException, most: int) -> str:
    """The end of a traceback, from the first cell on, whose names begin with "<"."""
    try:
        trace = error.__traceback__
        while trace and not trace.tb_frame.f_code.co_filename.startswith("<"):
            trace = trace.tb_next
        lines = traceback.format_exception(type(error), error, trace, limit=-FRAMES)
        return "".join(lines)[-most:]
    except BaseException:  # an exception may refuse to be told
        return type.__dict__["__name__"].__get__(type(error))
