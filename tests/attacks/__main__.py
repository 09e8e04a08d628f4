"""`python -m tests.attacks`: all attacks here and, with --write, on stock nbgrader."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from tests.attacks import grader, pages, programs, school, stock, table
from tests.attacks.course import HONEST, handed_in
from tests.attacks.stock import Attack
from tests.attacks.table import Outcome

TARGET = stock.ROOT / "docs" / "attacks.md"
FAMILIES = {
    **programs.FAMILIES,
    **school.FAMILIES,
    pages.FAMILY: pages.TEXTS,
}
# Most of these harm others, so that each is tried alone on stock nbgrader.
HARSH = {
    *("Threads, forks and daemons", "Ends and loops", "Memory, floods and files"),
    *("Files of others", "Schema versions", "Paths, links and files"),
}
TOGETHER = 12  # attacks in one run of the others
FAMILY = {name: family for family, names in FAMILIES.items() for name in names}


def main() -> int:
    """Try, print and, with --write, keep the table; 1 when one is let through here."""
    made = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    made.add_argument("--write", action="store_true", help=f"renew {TARGET.name}")
    options = made.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        here = [*by_answer(folder), *by_file(folder)]
        if options.write:
            found = [*on_stock(folder)]
            table.write(TARGET, here, found)
            print(table.totals(here, found))
    through = [found for found in here if found.let_through]
    print(*(f"{x.name}: {x.words}" for x in through), sep="\n")
    print(f"here {len(through)} of {len(here)} are let through")
    return bool(through)


def by_answer(folder: Path) -> Iterator[Outcome]:
    """The attacks that stand in an answer's cell."""
    with grader.opened(folder) as court:
        court.report(HONEST)
        for name in programs.ATTACKS:
            harm, told = court.tried(name)
            yield outcome(name, harm, told)


def by_file(folder: Path) -> Iterator[Outcome]:
    """The attacks by whole notebooks, and on readers."""
    root = folder / "class"
    root.mkdir()
    graded = school.graded(root)
    for name in school.ATTACKS:
        yield outcome(name, [*graded.harm(name)], graded.told(name))


def outcome(name: str, harm: list[str], told: str) -> Outcome:
    """A line of the table."""
    return Outcome(FAMILY[name], name, bool(harm), "; ".join(harm) or told)


def on_stock(folder: Path) -> Iterator[Outcome]:
    """All attacks on nbgrader as it comes."""
    ours = stock.template(folder)
    for family, names in FAMILIES.items():
        attacks = [Attack(family, name, partial(laid(name), name)) for name in names]
        size = 1 if family in HARSH else TOGETHER
        for start in range(0, len(attacks), size):
            yield from shown(stock.outcomes(ours, attacks[start : start + size]))


def shown(found: Iterable[Outcome]) -> Iterator[Outcome]:
    """Print each as it comes: it takes some minutes."""
    for one in found:
        print(f"stock nbgrader, {one.name}: {one.told}", flush=True)
        yield one


def laid(name: str) -> Callable[[str, Path], None]:
    """What puts an attack into a folder."""
    return answered if name in programs.ATTACKS else school.attack


def answered(name: str, folder: Path) -> None:
    """Hand in an attack that stands in an answer's cell."""
    text = programs.answer(name, f"{stock.INSIDE}/secret.txt")
    school.written(folder, handed_in(HONEST | {"double": text}))


if __name__ == "__main__":
    sys.exit(main())
