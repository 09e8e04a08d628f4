"""What a check expects of an answer, and the messages when it is not so.

Every `expect…` looks at one call of an answer. It counts the case when all is well, and
else raises CheckFailed: the case, the call, expected and got, and the likely mistake.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn, Protocol

import numpy as np
import torch

from coursekit.checks import shape_errors
from coursekit.checks.calling import Outcome
from coursekit.checks.compare import Scale, alike, array, compare, wanted
from coursekit.checks.errors import AnswerError, CheckFailed
from coursekit.checks.show import as_text, call_text, labelled_text, two_texts
from coursekit.checks.values import Plain

# Wrong values and what they tell about the thinking behind them.
# A generator makes its mistakes only when an answer is wrong.
Mistakes = Iterable[tuple[Plain, str]]


@dataclass
class Tally:
    """How many cases of one run have agreed so far."""

    exercise: str
    agreed: int = 0
    in_place: bool = False  # whether an answer may write into its inputs


@dataclass
class Result:
    """What one call of an answer gave.

    name: of the answer; names: of its inputs; part: "['blur']" for a part of what came
    """

    outcome: Outcome
    tally: Tally
    name: str
    names: tuple[str, ...]
    inputs: tuple[Plain, ...]
    part: str = ""
    whose: str = "your function"  # what raised, in messages

    @property
    def text(self) -> str:
        """The call as Python would write it. Made only when a message needs it."""
        if self.part:
            dots = "…" if self.inputs else ""
            return f"{self.name}({dots}){self.part}"
        return call_text(self.name, self.names, self.inputs)

    @property
    def advice(self) -> str:
        """What to do about the error that was raised, "" when nothing is known."""
        raised = self.outcome.raised
        return shape_errors.advice(raised.text) if raised else ""

    def __getitem__(self, key: str | int) -> "Result":
        """A part of a returned dictionary or tuple. Call `expect_keys` first."""
        outcome = replace(self.outcome, value=self.outcome.value[key])
        return replace(self, outcome=outcome, part=f"{self.part}[{key!r}]")

    def array(self, shape: tuple[int, ...], case: str) -> np.ndarray:
        """The returned array, when it is one of this shape with ordinary numbers."""
        value = _value(self, case, f"a NumPy array of shape {shape}")
        values = array(value)
        if not isinstance(values, np.ndarray):
            wrong_type = f"expected a NumPy array of shape {shape}"
            tip = "np.array(…) makes an array of a list."
            advice = [tip] if isinstance(value, list) else []
            fail(self, case, f"returned {noun(value)}; {wrong_type}", *advice)
        if values.shape != shape:
            fail(self, case, f"the shape should be {shape}, yours is {values.shape}")
        if values.dtype.kind == "b" or not np.isfinite(values).all():
            fail(self, case, "the array should hold ordinary numbers, no nan, no True")
        return values


class Answer(Protocol):
    """A student's function. Calling it never raises; it gives a `Result`."""

    def __call__(self, *inputs: Plain) -> Result:
        """What came of a call with plain data."""


def expect(
    result: Result,
    expected: Plain,
    case: str,
    mistakes: Mistakes = (),
    scale: Scale = None,
) -> None:
    """The result must agree with `expected`; else say so, and name the mistake.

    mistakes: one that is None, because it cannot be computed here, is left out
    scale: magnitudes that were summed, a number or like `expected`; see `compare`
    """
    expected = array(expected)
    words = wanted(expected, _in_torch(result.inputs))
    got = _value(result, case, words, expected)
    mismatch = compare(got, expected, scale)
    if mismatch is None:
        result.tally.agreed += 1
        return
    idea = _idea(got, expected, mistakes, scale)
    idea = idea or _usual(got, expected, result.inputs, scale)
    right, yours = two_texts(array(expected), array(got))
    if mismatch.stage == "type":
        text = f"expected {words}" if _is_list(got) else mismatch.text
        fail(result, case, f"returned {noun(got)}; {text}", idea)
    elif isinstance(array(got), np.ndarray | dict | list | tuple):
        lines = [labelled_text("expected  ", right), labelled_text("got       ", yours)]
        fail(result, case, *lines, mismatch.text, idea)
    else:
        fail(result, case, f"should be {right}, yours gave {yours}", mismatch.text,
             idea)  # fmt: skip


def expect_that(
    result: Result, holds: bool, case: str, *lines: str, wanted: str = "a value"
) -> None:
    """A property must hold; else fail with these lines below the call.

    wanted: words for what should come back, when something else does
    """
    _value(result, case, wanted)
    if not holds:
        fail(result, case, *lines)
    result.tally.agreed += 1


def expect_done(result: Result, case: str) -> None:
    """The call must end without an error; what it returns does not matter.

    For answers that change what they are given: the model itself may come back, too.
    """
    _refuse_ready_made(result, case)
    if result.outcome.raised:
        _fail_raised(result, case, result.outcome.raised)
    refuse_changed(result, case)
    result.tally.agreed += 1


def expect_keys(result: Result, keys: Sequence[str], case: str) -> None:
    """The result must be a dictionary with exactly these keys."""
    listed = ", ".join(repr(key) for key in keys)
    value = _value(result, case, f"a dictionary with the keys {listed}")
    if type(value) is not dict:
        fail(result, case, f"returned {noun(value)}; expected a dictionary")
    missing = [repr(key) for key in keys if key not in value]
    if missing:
        fail(result, case, f"the key {missing[0]} is missing", f"The keys: {listed}.")
    extra = [repr(key)[:60] for key in value if key not in keys]
    if extra:
        fail(result, case, f"the key {extra[0]} is too much", f"The keys: {listed}.")
    result.tally.agreed += 1


def expect_error(result: Result, kind: str, case: str, why: str) -> None:
    """The call must raise an error of this kind ("ValueError")."""
    _refuse_ready_made(result, case)
    raised = result.outcome.raised
    if raised is None:
        gave = result.outcome.refused or noun(result.outcome.value)
        fail(result, case, f"should raise a {kind}, yours returned {gave}", why)
    if kind not in raised.kinds:
        _refuse_unwritten(result, case, raised)
        fail(result, case, f"should raise a {kind}, yours raised {raised.shown}", why)
    refuse_changed(result, case)
    result.tally.agreed += 1


def expect_quiet(result: Result, case: str, why: str) -> None:
    """The call must not have caused a RuntimeWarning such as an overflow."""
    _value(result, case, "a value")
    if result.outcome.warned:
        fail(result, case, f"NumPy warned: {result.outcome.warned[0]}", why)
    result.tally.agreed += 1


def fail(result: Result, case: str, *lines: str) -> NoReturn:
    """Raise CheckFailed about this call. Empty lines are left out."""
    body = "\n".join([result.text, *filter(None, lines), *_printed(result)])
    indented = textwrap.indent(body, "  ")  # leaves empty lines empty
    raise CheckFailed(f"✗ {result.tally.exercise} · {case}\n{indented}")


def _value(result: Result, case: str, words: str, expected: Plain = None) -> Plain:
    """The plain value that came back; fails when there is none."""
    outcome = result.outcome
    _refuse_ready_made(result, case)
    if outcome.raised:
        _fail_raised(result, case, outcome.raised)
    if outcome.refused:
        fail(result, case, f"returned {outcome.refused}; expected {words}")
    if outcome.value is None and expected is not None:
        hint = _about_none(expected, result.tally.agreed)
        fail(result, case, f"returned nothing (None); expected {words}", hint)
    refuse_changed(result, case)
    return outcome.value


def _about_none(expected: Plain, agreed: int) -> str:
    if isinstance(expected, list) and not expected:
        return "For none, return the empty list, [], and not None."
    if agreed:
        return "Other calls returned something: does every way through end so?"
    return "Is the `return` missing?"


def _refuse_ready_made(result: Result, case: str) -> None:
    ready = result.outcome.ready
    if ready:
        fail(result, case, f"{ready} does the work of this exercise.",
             "Later you will call it, as everybody does. Here, please write the steps "
             "yourself:\nthen you know what happens inside.")  # fmt: skip


def refuse_changed(result: Result, case: str) -> None:
    """Fail if the call has written into what it was given, where it must not.

    Or if it leaves gradients switched off for all that comes after it, or an input
    asking for one.
    """
    if result.outcome.gradless:
        fail(result, case, "your function leaves gradients switched off, for all that "
             "comes after it.", "Put what needs none inside `with torch.no_grad():`, "
             "which ends by itself.")  # fmt: skip
    if result.tally.in_place:
        return
    for key in result.outcome.changed[:1]:
        name = _name_of_input(result, key)
        fail(result, case, f"your function changes its input {name}, which whoever "
             "calls it may still need.", "Write into a new array or list, or into a "
             f"copy of {name}.")  # fmt: skip
    for key in result.outcome.asking[:1]:
        name = _name_of_input(result, key)
        fail(result, case, f"your function leaves its input {name} asking for a "
             "gradient; whoever calls it may still need it as it was.",
             f"Make a leaf of your own: {name}.detach().clone().requires_grad_().",
             )  # fmt: skip


def _name_of_input(result: Result, key: int | str) -> str:
    if isinstance(key, str):
        return key
    return result.names[key] if key < len(result.names) else f"number {key + 1}"


def _fail_raised(result: Result, case: str, raised: AnswerError) -> NoReturn:
    _refuse_unwritten(result, case, raised)
    line = f"on the line  {raised.line}" if raised.line else ""
    if raised.kinds[0] in ("TooMuchPrintedError", "RecursionError"):
        fail(result, case, f"{result.whose} was stopped: {raised.text}.", line)
    fail(result, case, f"{result.whose} raised {raised.shown}", line, result.advice)


def _refuse_unwritten(result: Result, case: str, raised: AnswerError) -> None:
    if raised.kinds[0] != "NotImplementedError":
        return
    if raised.line and "NotImplementedError" not in raised.line:
        fail(result, case, f"on the line  {raised.line}",
             "your function calls an answer that is not written yet.")  # fmt: skip
    raise CheckFailed(not_written(result.tally.exercise, result.name))


def not_written(exercise_id: str, name: str) -> str:
    return (
        f"✗ {exercise_id} is not written yet: write your answer in the cell that "
        f"defines {name}, delete the line with NotImplementedError, run that cell "
        f"and then this one."
    )


def _idea(got: Plain, expected: Plain, mistakes: Mistakes, scale: Scale) -> str:
    for value, message in mistakes:
        if value is None:  # it cannot be computed for this case
            continue
        if alike(got, value, scale) and not alike(expected, value, scale):
            return message
    return ""


def _usual(got: Plain, expected: Plain, inputs: tuple[Plain, ...], scale: Scale) -> str:
    """What goes wrong in any exercise."""
    if alike(got, expected, scale):
        better = _better(got, expected, _in_torch(inputs))
        return "The values are right; only the type is not." + better
    if _overflowed(got, expected):
        return (
            "That is an overflow: whole numbers of NumPy and torch have room for a "
            "few digits only and begin again behind the largest one. Compute with "
            "int(…) or with floats."
        )
    got = array(got)
    if not isinstance(got, np.ndarray) or not isinstance(expected, np.ndarray):
        return ""
    if any(alike(got, value) for value in inputs if isinstance(value, np.ndarray)):
        return "You returned an input unchanged."
    if got.ndim == 2 and alike(got.T, expected, scale):
        return "Rows and columns are swapped: yours is the transpose."
    if got.dtype.kind in "iu" and alike(got, np.trunc(expected)):
        return (
            "The fractions are cut off: your output array holds integers. Create it "
            "with np.zeros(shape); zeros_like takes over the type of its input."
        )
    if got.size and not got.any():
        return "Every value is 0: is the result ever written into the output?"
    return ""


def _overflowed(got: Plain, expected: Plain) -> bool:
    """Whether whole numbers have wrapped around: right, but for some 2^bits."""
    got, expected = array(got), array(expected)
    if isinstance(got, dict) and isinstance(expected, dict):
        pairs = [(got[key], expected[key]) for key in expected if key in got]
    elif isinstance(got, list | tuple) and isinstance(expected, list | tuple):
        pairs = list(zip(got, expected, strict=False))
    elif isinstance(got, np.ndarray) and isinstance(expected, np.ndarray):
        return _array_overflowed(got, expected)
    else:
        pairs = [(got, expected)]
    return any(_wrapped(one, other) for one, other in pairs)


def _wrapped(got: Plain, expected: Plain) -> bool:
    whole = type(got) is int and type(expected) is int and got != expected
    return whole and any(
        abs(expected) >= 2 ** (bits - 1) and (got - expected) % 2**bits == 0
        for bits in (32, 64)
    )


def _array_overflowed(got: np.ndarray, expected: np.ndarray) -> bool:
    if got.shape != expected.shape or got.dtype.kind not in "iu":
        return False
    whole = np.all(np.isfinite(expected)) and np.all(expected == np.round(expected))
    if not whole or np.abs(expected).max(initial=0) >= 2.0**62:
        return False
    info = np.iinfo(got.dtype)
    beyond = bool((expected > info.max).any() or (expected < info.min).any())
    return beyond and bool((expected.astype(np.int64).astype(got.dtype) == got).all())


def _better(got: Plain, expected: Plain, tensor: bool) -> str:
    """Which type would be right, when the values are."""
    if isinstance(expected, np.ndarray):
        return f" Make {_made_of(got, tensor)}(…)." if _is_list(got) else ""
    if _holds_float(got) and not _holds_float(expected):
        return " Count in whole numbers: leave out /, or use // (math.isqrt for roots)."
    if _is_list(expected) and isinstance(array(got), np.ndarray):
        return f" Make a {type(expected).__name__} of it: {type(expected).__name__}(…)."
    if isinstance(expected, int | float) and not isinstance(got, int | float | str):
        return " Return the number itself: take it out of what it stands in."
    return ""


def _made_of(got: list | tuple, tensor: bool) -> str:
    """torch.tensor takes no list of tensors with axes; torch.stack does."""
    if not tensor:
        return "an array of it: np.array"
    stacked = any(isinstance(item, torch.Tensor) and item.dim() for item in got)
    return f"a tensor of it: torch.{'stack' if stacked else 'tensor'}"


def _in_torch(inputs: tuple[Plain, ...]) -> bool:
    """Who is given tensors is asked for a tensor, though an array will do."""
    return any(isinstance(value, torch.Tensor) for value in inputs)


def _is_list(value: Plain) -> bool:
    return isinstance(value, list | tuple)


def _holds_float(value: Plain) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_float, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_float, value))
    value = array(value)
    return isinstance(value, float) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "f"
    )


def _printed(result: Result) -> list[str]:
    text = result.outcome.printed.strip()
    if not text:
        return []
    lines = text.splitlines()
    more = ["…"] if len(lines) > 10 else []
    return ["It printed:", *("  " + line[:120] for line in lines[:10]), *more]


def noun(value: Plain) -> str:
    """Words for a value in a sentence: "a list", "an array of shape (3,)", "7"."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, bool | int | float | str):
        return f"{as_text(value)} ({type(value).__name__})"
    value = array(value)
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    names: dict[type, str] = {list: "a list", tuple: "a tuple", dict: "a dictionary"}
    return names.get(type(value), "something else")
