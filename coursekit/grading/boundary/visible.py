"""Text of students, so that a reader sees what is really in it.

Control characters can make text look like other text: one turns the direction of
reading around, others have no width at all. They are shown by their number.
"""

import re
import unicodedata

# Needed to write Persian, Hindi and many emoji.
JOINERS = "\u200c\u200d"
# Cc: control; Cf: format, such as the overrides of the direction; Cs: halves of
# surrogate pairs, which no file in UTF-8 can hold; Zl, Zp: other ends of lines.
DOUBTFUL = re.compile(r"[^ -~\n\t]")  # all but plain ASCII
ODD = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def visible(text: str) -> str:
    """The text with one kind of end of line, and odd characters as ⟨U+202E⟩.

    What comes back can always be written as UTF-8. Doing it twice changes nothing.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return DOUBTFUL.sub(lambda found: _shown(found[0]), lines)


def _shown(character: str) -> str:
    if character in JOINERS:
        return character
    odd = unicodedata.category(character) in ODD
    return (
        f"⟨U+{ord(character):04X}⟩" if odd or _is_no_character(character) else character
    )


def _is_no_character(character: str) -> bool:
    """The code points that Unicode promises never to use."""
    number = ord(character)
    return number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF


def cut(text: str, limit: int) -> tuple[str, str]:
    """The beginning of a text, and a note that it is only that, or ""."""
    if len(text) <= limit:
        return text, ""
    note = f"Cut here: the whole has {len(text):,} characters, too many for this page."
    return text[:limit], note


def one_line(text: str, limit: int) -> str:
    """A short text such as a title or a name, on one line."""
    line = " ".join(visible(text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
