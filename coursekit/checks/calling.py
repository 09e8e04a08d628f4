"""Call an answer and keep whatever happens: value, error, warnings, printed text.

The same function runs in the student's notebook and in the separate process of the
grader: wherever the bench is on which the answer lies.
"""

import contextlib
import io
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from coursekit.checks.errors import AnswerError, NotPlainError
from coursekit.checks.handed import handed
from coursekit.checks.ready_made import Watch, rule_now
from coursekit.checks.values import Plain, copied, plain, same

MAX_PRINTED = 2_000  # characters that are kept
MAX_PRINTING = 200_000  # characters after which an answer is stopped
MAX_WARNINGS = 20


@dataclass
class Outcome:
    """What one call of an answer did.

    refused: words for a value that is not plain
    ready: name of something ready-made that it is or has called, "" when it has not
    missing: what it should have called, by the rule of the check, and has not
    changed: the inputs that it has written into, by position or by name
    asking: the inputs that it has left asking for gradients
    gradless: it has switched gradients off, and not on again
    """

    value: Plain = None
    refused: str = ""
    raised: AnswerError | None = None
    warned: list[str] = field(default_factory=list)
    printed: str = ""
    ready: str = ""
    missing: list[str] = field(default_factory=list)
    changed: list[int | str] = field(default_factory=list)
    asking: list[int | str] = field(default_factory=list)
    gradless: bool = False


def call(function: Callable[..., Any], *inputs: Plain, **named: Plain) -> Outcome:
    """Call `function` with copies of plain inputs. Only Ctrl-C passes through."""
    outcome = Outcome()
    printed = _Bounded()
    given, by_name = copied(inputs), copied(named)
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        _no_figure_left(),
    ):
        warnings.simplefilter("always")
        try:
            returned = _watched(outcome, function, given, by_name)
            outcome.value = plain(returned)
        except NotPlainError as error:
            outcome.refused = str(error)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            outcome.raised = described_error(error)
    outcome.changed += _changed(dict(enumerate(inputs)), dict(enumerate(given)))
    outcome.changed += _changed(named, by_name)
    outcome.asking = _asking({**dict(enumerate(given)), **by_name})
    runtime = [w for w in caught if issubclass(w.category, RuntimeWarning)]
    outcome.warned = [_bare(str(w.message)) for w in runtime[:MAX_WARNINGS]]
    outcome.printed = printed.getvalue()
    return outcome


def _watched(
    outcome: Outcome,
    function: Callable[..., Any],
    inputs: tuple[Plain, ...],
    named: dict[str, Plain],
) -> object:
    rule = rule_now()
    inputs, named = handed(inputs), handed(named)
    if rule is None:
        return function(*inputs, **named)
    watch = Watch(rule, function)
    try:
        with watch:
            return function(*inputs, **named)
    finally:
        outcome.ready, outcome.missing = watch.found, watch.missing


def _changed(before: Plain, after: Plain) -> list[Any]:
    """The keys whose values an answer has written into."""
    return [key for key in before if not same(before[key], after[key])]


def _asking(after: dict[Any, Plain]) -> list[Any]:
    """The keys of tensors that ask for a gradient; no copy did when it was given."""
    tensors = {k: value for k, value in after.items() if type(value) is Tensor}
    return [k for k, x in tensors.items() if x.requires_grad or x.grad is not None]


def described_error(error: BaseException) -> AnswerError:
    """The error as plain text, with the line of the answer's own code it came from."""
    if isinstance(error, AnswerError):
        return error
    kinds = tuple(kind.__name__[:60] for kind in type(error).__mro__[:-1])
    if isinstance(error, RecursionError):  # how deep it got differs from run to run
        text = "the function calls itself again and again, without an end"
        return AnswerError(kinds, text, _line(error))
    try:
        text = _bare(str(error))
    except BaseException:
        text = ""
    return AnswerError(kinds, text, _line(error))


def _line(error: BaseException) -> str:
    # The first frames are those of this file, then the answer; then maybe NumPy.
    trace = traceback.extract_tb(error.__traceback__, limit=200)
    frames = [frame for frame in trace if frame.filename != __file__]
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    return (own[-1].line or "")[:200] if own else ""


def _bare(text: str) -> str:
    """Without memory addresses, which differ from run to run, and not too long."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text[:500]).strip()


class _Bounded(io.StringIO):
    """Keeps the first `MAX_PRINTED` characters; stops an answer that floods it."""

    kept = True  # progress bars ask

    def __init__(self) -> None:
        super().__init__()
        self._written = 0

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self._written
        self._written += len(text)
        if room > 0:
            super().write(text[:room])
        elif self._written > MAX_PRINTING:
            raise TooMuchPrintedError(
                f"it has printed more than {MAX_PRINTING:,} characters. Take the "
                "print out of the loop, or delete it"
            )
        return len(text)

    def close(self) -> None:
        """Stay open: an answer may close sys.stdout, the check still has to read."""


class TooMuchPrintedError(Exception):
    """An answer prints without an end."""


@contextlib.contextmanager
def _no_figure_left() -> Iterator[None]:
    """Close figures that an answer opened, or Jupyter would show them again."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in set(pyplot.get_fignums()) - before if pyplot else ():
        pyplot.close(number)  # type: ignore[union-attr]
