"""Attacks that stand in an answer's cell, to earn points that are not deserved.

Each is the answer to the exercise `double`, which none of them solves. A name says what
is tried; `{secret}` is a file that nobody but the grader may read.
"""

from textwrap import dedent

from tests.attacks import channel, harm, lies, spying

FAMILIES: dict[str, dict[str, str]] = {
    **lies.ATTACKS,
    **channel.ATTACKS,
    **harm.ATTACKS,
    **spying.ATTACKS,
}
ATTACKS = {name: text for family in FAMILIES.values() for name, text in family.items()}

# These spoil the room for the answers that their author has written below.
OWN_HARM = {
    "the check's names taken",
    "a fork that replies in place of its parent",
    "a fork that goes on with an older token",
    "an alarm that raises in the middle",
}


def answer(name: str, secret: str) -> str:
    """The text of an attack's cell. secret: the path of the file."""
    text = dedent(ATTACKS[name]).replace("{channel}", channel.CHANNEL)
    return text.replace("{secret}", secret)
