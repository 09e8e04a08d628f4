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
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from html import escape
from numbers import Real
from operator import length_hint
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

SECONDS_BETWEEN_UPDATES = 0.1
SECONDS_TO_JUDGE = 1.0  # before that no guess is made of how long it takes
TOLERANCE = 0.2  # of the time left, by which a guess may be wrong and is kept
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
        self._end = Ending(self._start)
        self._next = 0.0
        self._show = _Silent() if hidden else _channel()

    def __enter__(self) -> Self:
        self._start = time.perf_counter()
        self._end = Ending(self._start)
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
        """Count `n` more steps; a `note` such as "loss 0.12" stays until the next.

        More than one step at the very first were done before, and say nothing about
        how long the others take.
        """
        if n > 1 and self.count == 0:
            self._end = Ending(time.perf_counter(), n)
        self.count += n
        self.note = note or self.note
        if time.perf_counter() >= self._next:
            self._draw()

    def _draw(self) -> None:
        self._next = time.perf_counter() + SECONDS_BETWEEN_UPDATES
        self._show(self)

    def details(self) -> str:
        """Everything after the bar: "30/300 · 4.1 s · about 35 s left · loss 0.12"."""
        counted = f"{self.count:,.0f}"
        if self.total is not None:
            counted += f"/{self.total:,.0f}"
        elapsed = _duration(time.perf_counter() - self._start)
        parts = [f"{counted} {self.unit}".rstrip(), elapsed, self.left(), self.note]
        if self.state == "stopped":
            parts.append("stopped")
        return " · ".join(part for part in parts if part)

    def left(self) -> str:
        """How long it will still take: "about 20 s left"; nothing when it has ended."""
        if self.state != "running" or self.total is None or self.count >= self.total:
            return ""
        seconds = self._end.left(time.perf_counter(), self.count, self.total)
        return f"{'…' if seconds is None else about(seconds)} left"

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


class Ending:
    """A guess of when a loop ends, kept until it is clearly wrong, so as not to jump.

    The later half of the steps so far says how long one takes: the first may have been
    slow, and things change. start: when the count began; before: what had been done.
    """

    def __init__(self, start: float, before: float = 0) -> None:
        self.start, self.before = start, before
        self.seen: deque[tuple[float, float]] = deque([(start, before)])
        self.end: float | None = None

    def left(self, now: float, count: float, total: float) -> float | None:
        """Seconds left, as if the other steps took as long; None if it is too early."""
        self.seen.append((now, count))
        while self.seen[1][1] <= (self.before + count) / 2 and len(self.seen) > 2:
            self.seen.popleft()
        if self.end is None and now - self.start < SECONDS_TO_JUDGE:
            return None
        then, earlier = self.seen[0]
        if count <= earlier:
            return None
        left = (now - then) * (total - count) / (count - earlier)
        if self.end is None or abs(now + left - self.end) > TOLERANCE * left:
            self.end = now + left
        return self.end - now


def about(seconds: float) -> str:
    """A time in round numbers: "about 20 s", "about 3 min", "about 1 h 20 min"."""
    if seconds < 10:
        return f"about {max(1, round(seconds))} s"
    if seconds < 57.5:
        return f"about {5 * round(seconds / 5)} s"
    if seconds < 57.5 * 60:
        return f"about {max(1, round(seconds / 60))} min"
    hours, minutes = divmod(10 * round(seconds / 600), 60)
    return f"about {hours} h {minutes} min" if minutes else f"about {hours} h"


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
            if not ended:  # what runs into a second row could not be rewritten
                line = line[: shutil.get_terminal_size().columns - 1]
            print("\r" + line.ljust(self._width), end="\n" if ended else "", flush=True)
            self._width = len(line)
        elif ended:
            print(line, flush=True)


def _channel() -> _Silent | _Notebook | _Terminal:
    if is_quiet():
        return _Silent()
    if in_notebook():
        return _Notebook()
    # A check keeps what an answer prints, for its message: no place for a bar.
    return _Silent() if getattr(sys.stdout, "kept", False) else _Terminal()
