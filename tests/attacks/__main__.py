"""`python -m tests.attacks`: all attacks here and, with --write, on stock nbgrader."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.attacks import grader, kept, pages, programs, school, stock, table
from tests.attacks.course import HONEST, handed_in
from tests.attacks.stock import Attack
from tests.attacks.table import Outcome

TARGET = stock.ROOT / "docs" / "attacks.md"
FAMILIES = {
    **programs.FAMILIES,
    **school.FAMILIES,
    pages.FAMILY: pages.TEXTS,
}
# These harm others on stock nbgrader: each is tried alone.
HARSH = {
    *("kills everybody", "stops itself", "all the memory", "an endless list"),
    *("a flood of words", "a huge file", "many files", "many threads", "a daemon"),
    *("many processes", "a daemon that changes the gradebook later"),
    *("changes the gradebook", "changes what others have handed in"),
    *("changes the settings of nbgrader", "a schema of the future"),
    *("a schema of the past", "a schema that is a text", "a schema that is a list"),
    *("a pipe in place of the notebook", "a pipe beside the notebook"),
    *(
        "a link to a device",
        "a file of 40 GB",
        "a fork that replies in place of its parent",
    ),
}
TOGETHER = 4  # attacks in one run of the others
AT_ONCE = 6  # runs side by side: nbgrader mostly waits for kernels that hang
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
    graded = school.graded(root, school.ATTACKS)
    for name in school.ATTACKS:
        yield outcome(name, [*graded.harm(name)], graded.told(name))


def outcome(name: str, harm: list[str], told: str) -> Outcome:
    """A line of the table."""
    return Outcome(FAMILY[name], name, bool(harm), "; ".join(harm) or told)


def on_stock(folder: Path) -> Iterator[Outcome]:
    """All attacks on nbgrader as it comes; of each at once, so that a run can go on."""
    ours = stock.template(folder)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(partial(judged, ours), batches()):
            yield from found


def judged(ours: Path, attacks: Sequence[Attack]) -> list[Outcome]:
    """What becomes of the attacks of one run: what is known, and the others tried."""
    known = [found for attack in attacks if (found := kept.outcome(attack.name))]
    names = {found.name for found in known}
    rest = [attack for attack in attacks if attack.name not in names]
    for found in stock.outcomes(ours, rest):
        print(f"stock nbgrader, {found.name}: {found.told}", flush=True)
        kept.keep(found)
        known.append(found)
    return known


def batches() -> Iterator[list[Attack]]:
    """The attacks that are tried in one run: those that harm others alone."""
    all_ = [Attack(FAMILY[name], name, partial(laid(name), name)) for name in FAMILY]
    mild = [attack for attack in all_ if attack.name not in HARSH]
    for start in range(0, len(mild), TOGETHER):
        yield mild[start : start + TOGETHER]
    yield from ([attack] for attack in all_ if attack.name in HARSH)


def laid(name: str) -> Callable[[str, Path], None]:
    """What puts an attack into a folder."""
    return answered if name in programs.ATTACKS else school.attack


def answered(name: str, folder: Path) -> None:
    """Hand in an attack that stands in an answer's cell."""
    text = programs.answer(name, f"{stock.INSIDE}/secret.txt")
    school.written(folder, handed_in(HONEST | {"double": text}))


if __name__ == "__main__":
    sys.exit(main())
