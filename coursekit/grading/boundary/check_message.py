"""What a check said, taken apart for the page: the case, sentences, and code.

A message of the course's checks is

    ✗ shuffle-pixels · one image of 2 × 3 pixels
      shuffle_pixels(images, order) with
          images = [[[10 20 30]
      should be …
      You read pixels that your loop has already overwritten.

Any other text is shown as it stands.
"""

import re
import textwrap
from dataclasses import dataclass

MARK = "✗ "
HEAD = re.compile(MARK + r"[^\s·:]+ ?(?P<dot>[·:]) (?P<text>.+)")
SEED = re.compile(r"(a hidden case)\s*,?\s*\(?\s*seed\b[\s:=]*-?\d*", re.I)
COMPARED = ("expected  ", "got  ")
ON_THE_LINE = "on the line  "
HIDDEN = "(a hidden case)"
EXPLAINED = "(a hidden case: the check in your notebook does not try it)"


@dataclass(frozen=True)
class Block:
    """Some lines of a message. `code`: in columns, so that they must not be wrapped."""

    text: str
    code: bool


@dataclass(frozen=True)
class Said:
    """A message. case: what was tried, "" when the message does not say so."""

    case: str
    blocks: tuple[Block, ...]


def read(message: str) -> Said:
    """Take a message apart. No seed of a hidden case is left in it."""
    lines = without_seed(message).strip("\n").split("\n")
    head = HEAD.fullmatch(lines[0])
    body = textwrap.dedent("\n".join(lines[1:]))
    if head and head["dot"] == "·":
        return Said(head["text"], blocks(body, tells_a_call=True))
    if not lines[0].startswith(MARK):
        return Said("", (Block("\n".join(lines), code=True),))
    first = Block(head["text"] if head else lines[0].removeprefix(MARK), code=False)
    return Said("", (first, *blocks(body, tells_a_call=False)))


def without_seed(message: str) -> str:
    """The message without the number that would give a hidden case away."""
    return SEED.sub(r"\1", message)


def blocks(body: str, tells_a_call: bool) -> tuple[Block, ...]:
    """The body in blocks. tells_a_call: whether it begins with the call tried."""
    if not body.strip():
        return ()
    made: list[Block] = []
    for place, piece in enumerate(pieces(body)):
        code = (place == 0 and tells_a_call) or is_code(piece)
        last = made[-1] if made else None
        if last and last.code and code:
            made[-1] = Block(f"{last.text}\n{piece}", code=True)
        elif last and not code and last.text.endswith((":", ",")):
            made[-1] = Block(f"{last.text} {piece}", code=False)
        else:
            made.append(Block(EXPLAINED if piece == HIDDEN else piece, code))
    return tuple(made)


def pieces(body: str) -> list[str]:
    """Each line with the lines below that are indented."""
    found: list[str] = []
    for line in body.split("\n"):
        if found and (not line or line[0].isspace()):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return [piece.rstrip() for piece in found]


def is_code(piece: str) -> bool:
    """Whether these lines are values or code, and not a sentence."""
    return "\n" in piece or piece.startswith((*COMPARED, ON_THE_LINE))
