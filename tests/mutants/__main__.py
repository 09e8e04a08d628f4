"""`python -m tests.mutants --week 1`: how many mistakes do the checks notice?"""

import argparse
import sys
import time
from collections.abc import Sequence

from tests.mutants.running import ROOT, Verdict, references, verdicts
from tests.mutants.table import Row, markdown, rows, survivors, write

TARGET = ROOT / "docs" / "mutants.md"
WEEK_AT_LEAST, EXERCISE_AT_LEAST = 0.97, 0.92


def main() -> int:
    """Judge, print and, with --write, keep the table; 1 when a score is too low."""
    options = parser().parse_args()
    started = time.monotonic()
    judged = [
        reference
        for reference in references(options.week)
        if options.exercise in (None, reference.exercise)
    ]
    found = list(verdicts(judged, options.sample))
    seconds = time.monotonic() - started
    if not found:
        print("There is no such week or exercise yet.", file=sys.stderr)
        return 1
    print(survivors(found))
    print(markdown(found))
    print(f"{len(found)} mutants in {seconds:.0f} s")
    if options.write and not options.exercise:
        write(TARGET, found)
    return report(found)


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    made.add_argument("--week", type=int, help="only this week (default: all)")
    made.add_argument("--exercise", help="only this one; the table stays as it is")
    made.add_argument("--sample", type=int, help="so many mutants of an exercise")
    made.add_argument("--write", action="store_true", help=f"renew {TARGET.name}")
    return made


def report(found: Sequence[Verdict]) -> int:
    """Say which scores are too low."""
    low = [row for row in rows(found) if row.score < EXERCISE_AT_LEAST]
    whole = Row.of("all", found)
    for row in low:
        print(f"{row.name}: {row.score:.1%}, below {EXERCISE_AT_LEAST:.0%}")
    if whole.score < WEEK_AT_LEAST:
        print(f"all: {whole.score:.1%}, below {WEEK_AT_LEAST:.0%}")
    return int(bool(low) or whole.score < WEEK_AT_LEAST)


if __name__ == "__main__":
    sys.exit(main())
