"""Progress of a long step, complete in the saved notebook and readable aloud.

In Jupyter there is one HTML display that is updated in place, so a notebook that is
saved after the step shows how it ended. Elsewhere the line goes to standard output
(rewritten in a terminal, printed once at the end otherwise). Nothing is ever written to
standard error: nbgrader gives no points to a check cell that does.

Silent while tests run (pytest, nbval), while nbgrader grades, and when the environment
variable ``COURSEKIT_QUIET`` is set to anything but ``0``.
"""

import math
import os
import sys
import time
from collections.abc import Iterable, Iterator
from html import escape
from numbers import Real
from operator import length_hint
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

SECONDS_BETWEEN_UPDATES = 0.1
BAR_LENGTH = 20
QUIET_VARIABLES = ("PYTEST_CURRENT_TEST", "NBGRADER_EXECUTION")


def progress(
    iterable: Iterable[T], label: str, total: int | None = None
) -> Iterator[T]:
    """Loop over `iterable` and show how far the loop is.

    `total` is the number of steps; it is asked from the iterable when it knows it.
    Leaving the loop early (break or an error) leaves a display that says "stopped".
    """
    try:
        items = iter(iterable)
    except TypeError:
        raise ValueError(
            "progress needs something to loop over, such as range(10), "
            f"not {type(iterable).__name__}."
        ) from None
    if total is None:
        hint = length_hint(iterable, -1)
        total = hint if hint >= 0 else None
    return _steps(items, Progress(label, total))


def _steps(items: Iterator[T], display: "Progress") -> Iterator[T]:
    with display:
        for item in items:
            yield item
            display.update()


class Progress:
    """A progress display for steps that are not a loop; use it in a `with` block.

    `total` may be None (unknown) and counts in `unit` (such as "MB"; plain steps
    without one). `hidden` shows nothing, for a part of what has its own display.
    """

    def __init__(
        self,
        label: str,
        total: float | None = None,
        *,
        unit: str = "",
        hidden: bool = False,
    ) -> None:
        if total is not None and not _is_count(total):
            raise ValueError(
                f"total is the number of steps, 0 or more, or None; got {total!r}."
            )
        self.label = str(label)
        self.total = total
        self.unit = unit
        self.count: float = 0
        self.note = ""
        self.state = "running"
        self._start = time.perf_counter()
        self._next = 0.0
        self._show = _Silent() if hidden else _channel()

    def __enter__(self) -> Self:
        self._start = time.perf_counter()
        self._draw()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.state = "done" if kind is None else "stopped"
        self._draw()

    def update(self, n: float = 1, note: str = "") -> None:
        """Count `n` more steps; a `note` such as "loss 0.12" stays until the next."""
        self.count += n
        self.note = note or self.note
        if time.perf_counter() >= self._next:
            self._draw()

    def _draw(self) -> None:
        self._next = time.perf_counter() + SECONDS_BETWEEN_UPDATES
        self._show(self)

    def details(self) -> str:
        """Everything after the bar: "300/300 · 4.1 s · loss 0.12"."""
        counted = f"{self.count:,.0f}"
        if self.total is not None:
            counted += f"/{self.total:,.0f}"
        elapsed = _duration(time.perf_counter() - self._start)
        parts = [f"{counted} {self.unit}".rstrip(), elapsed, self.note]
        if self.state == "stopped":
            parts.append("stopped")
        return " · ".join(part for part in parts if part)

    def bar(self) -> str:
        """The bar in block characters; empty when the total is not known."""
        if self.total is None:
            return ""
        part = min(self.count / self.total, 1.0) if self.total else 1.0
        full = int(part * BAR_LENGTH)
        return "█" * full + "░" * (BAR_LENGTH - full)

    def line(self) -> str:
        """The display as one line of text."""
        return " ".join(
            part for part in (self.label, self.bar(), self.details()) if part
        )

    def html(self) -> str:
        """The display for Jupyter: the blocks are hidden from screen readers."""
        label, details = escape(self.label), escape(self.details())
        values = f'aria-label="{label}" aria-valuetext="{details}"'
        if self.total is not None:
            now = min(self.count, self.total)
            values += f' aria-valuemin="0" aria-valuemax="{self.total:g}"'
            values += f' aria-valuenow="{now:g}"'
        blocks = f'<code aria-hidden="true">{self.bar()}</code> ' if self.bar() else ""
        return f'<div role="progressbar" {values}>{label} {blocks}{details}</div>'


def is_quiet() -> bool:
    """Whether nothing may be shown: under tests, grading, or COURSEKIT_QUIET."""
    if os.environ.get("COURSEKIT_QUIET", "0") not in ("", "0"):
        return True
    return any(os.environ.get(name) for name in QUIET_VARIABLES)


def _is_count(value: object) -> bool:
    return isinstance(value, Real) and 0 <= float(value) < math.inf


def _duration(seconds: float) -> str:
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code (a plain IPython shell has none)."""
    ipython: Any = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


class _Silent:
    def __call__(self, display: Progress) -> None:
        pass


class _Notebook:
    """One display in the cell's output, updated in place."""

    def __init__(self) -> None:
        self._handle: Any = None

    def __call__(self, display: Progress) -> None:
        from IPython.display import display as show

        data = {"text/html": display.html(), "text/plain": display.line()}
        if self._handle is None:
            self._handle = show(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


class _Terminal:
    """One line that is rewritten; a pipe or a file gets only the last one."""

    def __init__(self) -> None:
        self._width = 0

    def __call__(self, display: Progress) -> None:
        encoding = sys.stdout.encoding or "utf-8"
        line = display.line().encode(encoding, "replace").decode(encoding)
        ended = display.state != "running"
        if sys.stdout.isatty():
            print("\r" + line.ljust(self._width), end="\n" if ended else "", flush=True)
            self._width = len(line)
        elif ended:
            print(line, flush=True)


def _channel() -> _Silent | _Notebook | _Terminal:
    if is_quiet():
        return _Silent()
    return _Notebook() if in_notebook() else _Terminal()
