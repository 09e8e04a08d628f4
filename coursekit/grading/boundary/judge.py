"""Judge the answers of one notebook: check cells run here, answers in a room.

The check cells are the instructor's and run unchanged, each in a namespace of its own:
the lesson's statements that it needs, and the student's names as stand-ins or as plain
data. Each is judged apart. When a room is closed, because an answer ended it or took
too long, the next check gets a new room in which that answer no longer runs.
"""

import ast
import contextlib
import signal
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from . import verdict
from .cells import features
from .needs import Plan, Step
from .rooms import Room, RoomClosed
from .stand_in import Line
from .verdict import Verdict

MAX_MESSAGE = 5_000
HIDDEN = "### BEGIN HIDDEN TESTS"
END = "### END HIDDEN TESTS"

Adopt = Callable[[Line, str, object], object]


@dataclass(frozen=True)
class Check:
    """A check cell of the instructor's notebook.

    number: its place among the cells; source: with its hidden tests
    """

    number: int
    grade_id: str
    points: float
    source: str


@dataclass
class Judge:
    """Judges the checks of one notebook, one after the other.

    open_room: opens a fresh room; adopt: what a check gets for a name of the student,
    as it is or as a course's own kind of stand-in
    seconds: how long one check may take
    outputs: grade id → what the answer printed when its cell ran
    """

    plan: Plan
    open_room: Callable[[], Room]
    adopt: Adopt = lambda line, name, value: value
    seconds: float = 120
    outputs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._room: Room | None = None
        self._line: Line | None = None
        self._done = 0
        self._ended: dict[int, str] = {}  # cell → how it closed its room
        self._failed: dict[str, str] = {}  # grade id → why its cell did not run
        self._states: dict[str, str] = {}  # grade id → the state, if that is special

    def verdict(self, check: Check) -> Verdict:
        """What a check says. Never raises for what an answer does."""
        try:
            with at_most(self.seconds):
                points = self._points(check)
        except RoomClosed as error:
            self.close()
            return self._lost(check, ended_by(error), str(error))
        except OutOfTimeError:
            self.close()
            text = f"took longer than {self.seconds:g} seconds"
            return self._lost(check, verdict.TIMED_OUT, text)
        except BaseException as error:
            return self._failed_check(check, error)
        return self._made(check, points, verdict.PASSED, "")

    def close(self) -> None:
        """Close the room, if one is open."""
        if self._room is not None:
            self._room.close()
        self._room, self._line, self._done = None, None, 0

    def _points(self, check: Check) -> float:
        """The points of a check that passes. Raises what it raises."""
        steps = self.plan.outside.get(check.grade_id, ())
        self._leave_if_spoilt()
        first = next((step.cell for step in steps if step.stand_ins), check.number)
        if self._line is not None and first < self._reached():
            self.close()  # names are wanted as they were before
        space = fresh_space()
        names = Names(space, self._open)
        with contextlib.redirect_stdout(Said()):
            for step in steps:
                if step.stand_ins:
                    names.fetched(self._names(step.stand_ins, step.cell))
                name = f"<lesson, cell {step.cell + 1}>"
                run(step.source, name, names, step.futures)
            wanted = self.plan.wanted.get(check.grade_id, ())
            names.fetched(self._names(wanted, check.number))
            value = run(check.source, f"<{check.grade_id}>", names)
        return partial_credit(value, check.points)

    def _leave_if_spoilt(self) -> None:
        """Leave a room that an answer has ended or upset after its own check."""
        try:
            if self._line is not None:
                with contextlib.redirect_stdout(Said()):
                    self._line.ask("names", names=[])
        except RoomClosed:
            self.close()

    def _names(self, names: Sequence[str], number: int) -> dict[str, object]:
        """What the check gets for names, when the cells before this one have run."""
        line = self._caught_up(number)
        found = line.ask("names", names=list(names))
        return {name: self.adopt(line, name, found[name])
                for name in names if name in found}  # fmt: skip

    def _caught_up(self, number: int) -> Line:
        """A line to a room in which the cells before this one have run."""
        while True:
            line = self._open()
            step = self._next(number)
            if step is None:
                return line
            try:
                self._run(line, step)
            except RoomClosed as error:
                self._ended[step.cell] = str(error)
                self._failed[step.grade_id] = f"It {error}."
                self._states[step.grade_id] = ended_by(error)
                self.close()

    def _open(self) -> Line:
        if self._line is None:
            self._room = self.open_room()
            self._line = Line(self._room)
        return self._line

    def _reached(self) -> int:
        """The number of the last cell that has run in this room."""
        return self.plan.inside[self._done - 1].cell if self._done else -1

    def _next(self, number: int) -> Step | None:
        """The next cell to run before that of this number."""
        steps = self.plan.inside
        while self._done < len(steps) and steps[self._done].cell < number:
            step = steps[self._done]
            self._done += 1
            if step.cell not in self._ended:
                return step
        return None

    def _run(self, line: Line, step: Step) -> None:
        about = {"source": step.source, "futures": list(step.futures)}
        with contextlib.redirect_stdout(Said()) as said:
            try:
                line.ask("run", name=f"<cell {step.cell + 1}>", **about)
            except RoomClosed:
                raise
            except Exception as error:
                self._failed[step.grade_id] = told(error)
        if step.grade_id:
            self.outputs[step.grade_id] = said.text

    def _lost(self, check: Check, state: str, reason: str) -> Verdict:
        return self._made(check, 0, state, f"Your code {reason}.")

    def _failed_check(self, check: Check, error: BaseException) -> Verdict:
        """A check that raised: because of the answer's value, or since there is none"""
        for broken in self.plan.broken:
            self._failed.setdefault(broken.grade_id, f"{broken.message}.")
        for answer in self.plan.judged.get(check.grade_id, ()):
            if answer in self._failed and missing(error, check, self.plan):
                words = f"Your answer did not run. {self._failed[answer]}"
                state = self._states.get(answer, verdict.NOT_RUN)
                return self._made(check, 0, state, words)
        return self._made(check, 0, verdict.FAILED, message(error, check))

    def _made(self, check: Check, points: float, state: str, words: str) -> Verdict:
        answers = tuple(self.plan.judged.get(check.grade_id, ()))
        words = words[:MAX_MESSAGE]
        return Verdict(check.grade_id, points, check.points, state, words, answers)


class OutOfTimeError(BaseException):
    """A check takes too long. No check catches it by `except Exception`."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises OutOfTimeError in the `with` block after so many seconds."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Said:
    """A stream that keeps what is written to it, up to a bound."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Keep a text."""
        self.text += text[: max(0, 4 * MAX_MESSAGE - len(self.text))]
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def fresh_space() -> dict[str, Any]:
    """A namespace that is also the module __main__, for what looks there."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    return vars(module)


class Names(dict[str, Any]):
    """The names of a check, of which some are the student's.

    A check that deletes or replaces one of these, to see whether another function of
    the student uses it, does so in the room as well: there is one notebook.
    """

    def __init__(self, space: dict[str, Any], line: Callable[[], Line]) -> None:
        super().__init__()
        self.space, self._line = space, line  # a room may be closed in between
        self._theirs: set[str] = set()

    def fetched(self, names: dict[str, object]) -> None:
        """Names that have come from the room."""
        self.space |= names
        self._theirs |= set(names)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        return self.space[name]

    def __setitem__(self, name: str, value: object) -> None:
        self.space[name] = value
        if name in self._theirs:
            self._line().ask("bind", name=name, value=value)

    def __delitem__(self, name: str) -> None:
        del self.space[name]
        if name in self._theirs:
            self._line().ask("unbind", name=name)


def run(source: str, name: str, names: Names, futures: Sequence[str] = ()) -> object:
    """Run a cell; the value of its last line when that is an expression."""
    tree = ast.parse(source, name)
    flags = features(futures)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    code = compile(tree, name, "exec", flags, dont_inherit=True)
    exec(code, names.space, names)
    if not isinstance(last, ast.Expr):
        return None
    value = ast.Expression(last.value)
    code = compile(value, name, "eval", flags, dont_inherit=True)
    return eval(code, names.space, names)


def partial_credit(value: object, points: float) -> float:
    """What a check cell that ends in a number gives, as in nbgrader; else all of it."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return min(max(0.0, float(value)), points)
    return points


def missing(error: BaseException, check: Check, plan: Plan) -> bool:
    """Whether a check failed because a name of the student is not there."""
    wanted = plan.wanted.get(check.grade_id, ())
    return isinstance(error, NameError) and error.name in wanted


def ended_by(error: RoomClosed) -> str:
    """The state of a check whose room was closed."""
    late = error.reason.startswith("took longer")
    return verdict.TIMED_OUT if late else verdict.CRASHED


def message(error: BaseException, check: Check) -> str:
    """What is told to the student of a check that raised."""
    text = str(error).strip()
    # Errors with a traceback of their own speak to the reader.
    if text and (isinstance(error, AssertionError) or speaks(error)):
        return text
    if isinstance(error, NameError) and error.name:
        return f"Nothing defines {error.name}."
    line = line_of(error, check)
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{line}\n{said}" if line else said


def speaks(error: BaseException) -> bool:
    """Whether IPython would show an error's own words and no frames."""
    return hasattr(type(error), "_render_traceback_")


def line_of(error: BaseException, check: Check) -> str:
    """The line of a check at which it failed, but for hidden ones."""
    trace = error.__traceback__
    number = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == f"<{check.grade_id}>":
            number = trace.tb_lineno
        trace = trace.tb_next
    if not number:
        return ""
    lines = check.source.splitlines()
    hidden = is_hidden(lines, number)
    return "a hidden test" if hidden else lines[number - 1].strip()


def is_hidden(lines: Sequence[str], number: int) -> bool:
    """Whether a line, counted from 1, is between the marks of hidden tests."""
    before = [line.strip() for line in lines[:number]]
    marks = [line for line in before if line.startswith((HIDDEN, END))]
    return bool(marks) and marks[-1].startswith(HIDDEN)


def told(error: Exception) -> str:
    """An exception that a cell of the student raised, with the end of its traceback."""
    notes = getattr(error, "__notes__", [])
    return notes[-1].strip() if notes else f"{type(error).__name__}: {error}"
