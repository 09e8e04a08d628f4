"""What can go wrong between a check and an answer, as plain text.

All of these carry text only, so that they can cross from one process to another.
"""

import textwrap

WIDTH = 88  # characters of a message's line


class CheckFailed(RuntimeError):  # noqa: N818 - what a student reads first
    """An answer did not pass its check. `str(error)` is the message for the student."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: the student sees the message and no traceback.
        return ["\n".join(map(wrapped, str(self).split("\n")))]


def wrapped(line: str) -> str:
    """The line, broken between words: JupyterLab would break it within one."""
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


class AnswerError(Exception):
    """An answer raised an exception.

    kinds: names of its class and base classes, the most special first
    text: its message; line: the line of the answer's code, "" when not known
    """

    def __init__(self, kinds: tuple[str, ...], text: str, line: str = "") -> None:
        super().__init__(text)
        self.kinds = kinds
        self.text = text
        self.line = line

    @property
    def shown(self) -> str:
        """`ValueError: the message`, the way Python prints it."""
        return f"{self.kinds[0]}: {self.text}" if self.text else self.kinds[0]


class NotPlainError(Exception):
    """An answer returned what no check can compare; the text says what: "a set"."""


class BrokenProtocolError(Exception):
    """The answer's side sent something that no bench sends; the text says what."""
