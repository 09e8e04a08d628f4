"""Where in an answer an error came from."""

import linecache
import sysconfig
import traceback
from pathlib import Path
from types import CodeType

from coursekit.checks.calling import described_error
from coursekit.checks.errors import AnswerError

# Frames of these belong to the machinery around an answer or to what it calls.
_OURS = str(Path(__file__).parents[1])
_LIBRARIES = (_OURS, sysconfig.get_path("stdlib"), "<frozen")


def located(error: BaseException) -> AnswerError:
    """The error as plain text, with the line and the method of the answer."""
    if isinstance(error, AnswerError):
        return error
    described = described_error(error)
    return AnswerError(described.kinds, described.text, line_of(error))


def line_of(error: BaseException) -> str:
    """`return self.missing(x)   (in Block.forward)`; "" when no line is the answer's.

    It is the deepest line in the file where the answer begins.
    """
    trace = traceback.walk_tb(error.__traceback__)
    own = [(frame, line) for frame, line in trace if not _library(frame.f_code)]
    if not own:
        return ""
    file = own[0][0].f_code.co_filename
    frame, number = [at for at in own if at[0].f_code.co_filename == file][-1]
    text = linecache.getline(file, number, frame.f_globals).strip()[:200]
    method = _method(frame.f_code)
    return f"{text}   (in {method})" if text and method else text


def _library(code: CodeType) -> bool:
    name = code.co_filename
    return name.startswith(_LIBRARIES) or "-packages" in name


def _method(code: CodeType) -> str:
    """`Block.forward`; "" for a function that is no method."""
    name = code.co_qualname.rpartition("<locals>.")[2]
    return name[:80] if "." in name and "<" not in name else ""
