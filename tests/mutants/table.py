"""The results of mutants as a table, and the list of those that were accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from tests.answers import answers
from tests.mutants.operators import Mutant
from tests.mutants.running import Verdict

HEAD = [
    "| exercise | mutants | refused at once | by hidden cases | equivalent | accepted "
    "| score | told more | points there |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
]
INTRODUCTION = """\
# Mutants

Every right answer is made wrong in one place, in every way that `tests/mutants` knows,
and the checks judge what comes of it. *Score*: the share of mutants that are refused,
equivalents left out. *Told more*: of the refused, how many get a message that says more
than what was expected and what came. *Points there*: how many get one that quotes the
mutated line or names something in it. Where a check trains what it gets for more than
a second, forty mutants, drawn once, stand for all. `make mutants WEEK=1 WRITE=1` renews
a week.
"""


@dataclass(frozen=True)
class Row:
    """Numbers of mutants of one exercise, or of all."""

    name: str
    visible: int
    hidden: int
    equivalent: int
    accepted: int
    told: int
    there: int

    @classmethod
    def of(cls, name: str, found: Sequence[Verdict]) -> Self:
        """Count."""
        refused = [verdict for verdict in found if verdict.refused]
        same = sum(is_equivalent(verdict) for verdict in found)
        return cls(
            name,
            sum(verdict.refused == "visible" for verdict in refused),
            sum(verdict.refused == "hidden" for verdict in refused),
            same,
            len(found) - len(refused) - same,
            sum(verdict.told for verdict in refused),
            sum(verdict.points_there for verdict in refused),
        )

    @property
    def refused(self) -> int:
        """By the cases that students see, or by the hidden ones."""
        return self.visible + self.hidden

    @property
    def score(self) -> float:
        """The share that is refused; 1 when there is nothing to refuse."""
        return self.refused / max(1, self.refused + self.accepted)

    def __str__(self) -> str:
        counts = [self.visible, self.hidden, self.equivalent, self.accepted]
        shares = [n / max(1, self.refused) for n in (self.told, self.there)]
        cells = [self.name, sum(counts), *counts, f"{self.score:.1%}"]
        return (
            "| " + " | ".join(map(str, [*cells, *(f"{s:.0%}" for s in shares)])) + " |"
        )


def is_equivalent(verdict: Verdict) -> bool:
    """Whether an accepted mutant is right: of one value, or listed with a reason."""
    listed = equivalents().get(verdict.reference.exercise, set())
    right = verdict.same or not listed.isdisjoint(marks_of(verdict.mutant))
    return right and not verdict.refused


@cache
def equivalents() -> dict[str, set[str]]:
    """Exercise → the mutants that are right, by the lines that differ or by label."""
    found: dict[str, set[str]] = {}
    for cell in answers("equivalent"):
        listed = found.setdefault(cell.exercise, set())
        listed |= {cell.source, *cell.source.split("\n")}
    return found


def marks_of(mutant: Mutant) -> tuple[str, str]:
    """How a mutant may stand beside the answers: the lines that differ, its label."""
    removed = [f"# - {line}" for line in mutant.removed]
    lines = removed + [f"# + {line}" for line in mutant.added]
    return "\n".join(lines), f"# {mutant.label}"


def rows(found: Sequence[Verdict]) -> list[Row]:
    """A row for each exercise, in the order of the lessons."""
    names = dict.fromkeys(verdict.reference.exercise for verdict in found)
    return [
        Row.of(name, [v for v in found if v.reference.exercise == name])
        for name in names
    ]


def markdown(found: Sequence[Verdict]) -> str:
    """The table of some verdicts."""
    return "\n".join([*HEAD, *map(str, rows(found)), str(Row.of("**all**", found))])


def survivors(found: Sequence[Verdict]) -> str:
    """What was accepted and is not known to be right, ready to be looked at."""
    parts = [
        f'# %% equivalent="{verdict.reference.exercise}" why=""\n'
        f"{marks_of(verdict.mutant)[0]}\n# {verdict.mutant.label}\n"
        for verdict in found
        if not verdict.refused and not is_equivalent(verdict)
    ]
    return "\n".join(parts)


def write(path: Path, found: Sequence[Verdict]) -> None:
    """Renew the sections of the weeks that were judged; others stay."""
    text = path.read_text("utf-8") if path.is_file() else INTRODUCTION
    _, *old = text.split("\n## ")
    sections = {part.partition("\n")[0]: part.partition("\n")[2] for part in old}
    for week in sorted({verdict.reference.week for verdict in found}):
        of_week = [v for v in found if v.reference.week == week]
        sections[f"Week {week}"] = f"\n{markdown(of_week)}\n"
    parts = [f"## {name}\n{body.rstrip()}\n" for name, body in sorted(sections.items())]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([INTRODUCTION, over_all(parts), *parts]), "utf-8")


def over_all(sections: Sequence[str]) -> str:
    """One sentence about all weeks, from the last rows of their tables."""
    rows = [
        [int(number) for number in line.split("|")[2:7]]
        for line in "\n".join(sections).splitlines()
        if line.startswith("| **all** |")
    ]
    made, visible, hidden, same, accepted = map(sum, zip(*rows, strict=True))
    score = (visible + hidden) / max(1, visible + hidden + accepted)
    return (
        f"**All weeks: {made:,} mutants, {same:,} equivalent, {accepted:,} accepted, "
        f"{score:.1%} refused.**\n"
    )
