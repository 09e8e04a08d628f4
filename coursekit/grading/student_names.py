"""What a student may be called: an id is a folder, a file and a row of tables."""

import re
import unicodedata
from collections.abc import Iterable

MAX_BYTES = 200
# nbgrader looks for folders with patterns and takes slashes for other folders; a dash
# or a dot in front makes an option or a hidden folder of it.
ODD = re.compile(r"[*?\[\]/\\]|^[-.\s]|\s$")
RULE = "Write it without * ? [ ] / \\, and without a space, dot or dash in front."


def problem(name: str) -> str:
    """Why this cannot be a student's id and how to write it; "" when it can."""
    if not name or ODD.search(name) or any(map(control, name)):
        return RULE
    if len(name.encode()) > MAX_BYTES:
        return "It is too long: shorten it."
    return ""


def control(character: str) -> bool:
    """Whether a character is no part of any writing: a line break, half a character."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def key(name: str) -> str:
    """Equal for the same name, however a system writes its accents."""
    return unicodedata.normalize("NFC", name)


def match(name: str, known: Iterable[str]) -> str | None:
    """How `known` spells this name: with accents as one character or as two."""
    known = list(known)
    if name in known:
        return name
    return next((other for other in known if key(other) == key(name)), None)
