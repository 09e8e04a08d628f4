"""What became of the attacks, as a table for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

INTRODUCTION = """\
# Attacks

What students may hand in to earn points that they do not deserve, to harm others or to
stop the grader, and what becomes of it: here, and with nbgrader as it comes (`nbgrader
autograde` without `configure`) on the same exercises. Each attack answers one of three
exercises; the other two are answered honestly, and honest students stand before and
behind it. It is *let through* when it earns points, changes other students' points or
files, reads a secret, leaves a process behind, stops the grader, or acts in the page on
which a person grades.

`make attacks` tries all of them here; `make attacks WRITE=1` tries them on both sides
and writes this page. No word of the tables is written by hand.
"""
UNFINISHED = (
    "*Not run yet*: the run on stock nbgrader was stopped before these; the command "
    "goes on there."
)


@dataclass(frozen=True)
class Outcome:
    """What became of an attack. let_through: None when it was not run."""

    family: str
    name: str
    let_through: bool | None
    words: str

    @property
    def told(self) -> str:
        """In a cell of the table."""
        words = " ".join(self.words.replace("|", "\\|").split())
        if self.let_through is None:
            return f"not run: {words}"
        return f"**let through**: {words}" if self.let_through else words


def markdown(here: Sequence[Outcome], stock: Sequence[Outcome]) -> str:
    """The page."""
    lines = [INTRODUCTION, f"**{totals(here, stock)}.**", ""]
    if len(stock) < len(here):
        lines += [UNFINISHED, ""]
    other = {found.name: found for found in stock}
    for family in dict.fromkeys(found.family for found in here):
        lines += [f"## {family}", "", "| attack | here | stock nbgrader |"]
        lines += ["|---|---|---|", *rows(family, here, other), ""]
    return "\n".join(lines)


def rows(
    family: str, here: Sequence[Outcome], stock: dict[str, Outcome]
) -> Iterator[str]:
    """A line for each attack of a family."""
    for found in here:
        if found.family == family:
            there = stock.get(found.name)
            told = there.told if there else "not run yet"
            name = found.name.replace("|", "\\|")
            yield f"| {name} | {found.told} | {told} |"


def totals(here: Sequence[Outcome], stock: Sequence[Outcome]) -> str:
    """In one sentence."""
    ran = [found for found in stock if found.let_through is not None]
    return (
        f"Let through: here {count(here)} of {len(here)}, stock nbgrader "
        f"{count(stock)} of {len(ran)}"
    )


def count(found: Sequence[Outcome]) -> int:
    """How many were let through."""
    return sum(one.let_through is True for one in found)


def write(path: Path, here: Sequence[Outcome], stock: Sequence[Outcome]) -> None:
    """Write the page."""
    path.write_text(markdown(here, stock), encoding="utf-8")
