"""Call an answer and keep whatever happens: value, error, warnings, printed text.

The same function runs in the student's notebook and in the separate process of the
grader. A stand-in for an answer in another process repeats what happened there: it
raises `AnswerError` or `NotPlainError`, warns, and prints; so both ways look the same.
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

from coursekit.checks.errors import AnswerError, NotPlainError
from coursekit.checks.values import Plain, copied, plain

MAX_PRINTED = 2_000
MAX_WARNINGS = 20


@dataclass
class Outcome:
    """What one call of an answer did; `refused` names a value that is not plain."""

    value: Plain = None
    refused: str = ""
    raised: AnswerError | None = None
    warned: list[str] = field(default_factory=list)
    printed: str = ""


def call(function: Callable[..., Any], *inputs: Plain, **named: Plain) -> Outcome:
    """Call `function` with copies of plain inputs. Only Ctrl-C passes through."""
    outcome = Outcome()
    printed = _Bounded()
    inputs, named = copied(inputs), copied(named)
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        _no_figure_left(),
    ):
        warnings.simplefilter("always")
        try:
            outcome.value = plain(function(*inputs, **named))
        except NotPlainError as error:
            outcome.refused = str(error)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            outcome.raised = described_error(error)
    runtime = [w for w in caught if issubclass(w.category, RuntimeWarning)]
    outcome.warned = [_bare(str(w.message)) for w in runtime[:MAX_WARNINGS]]
    outcome.printed = printed.getvalue()
    return outcome


def described_error(error: BaseException) -> AnswerError:
    """The error as plain text, with the line of the answer's own code it came from."""
    if isinstance(error, AnswerError):
        return error
    kinds = tuple(kind.__name__ for kind in type(error).__mro__[:-1])
    try:
        text = _bare(str(error))
    except Exception:  # an exception of one's own may fail to print
        text = ""
    return AnswerError(kinds, text, _line(error))


def _line(error: BaseException) -> str:
    # The first frame is `call` above, the second the answer; deeper ones may be NumPy.
    frames = traceback.extract_tb(error.__traceback__, limit=200)[1:]
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    return (own[-1].line or "")[:200] if own else ""


def _bare(text: str) -> str:
    """Without memory addresses, which differ from run to run, and not too long."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text[:500]).strip()


class _Bounded(io.StringIO):
    """Keeps the first `MAX_PRINTED` characters and forgets the rest."""

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


@contextlib.contextmanager
def _no_figure_left() -> Iterator[None]:
    """Close figures that an answer opened, or Jupyter would show them again."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in set(pyplot.get_fignums()) - before if pyplot else ():
        pyplot.close(number)  # type: ignore[union-attr]
