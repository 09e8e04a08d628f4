"""The command `python -m coursekit.runs`."""

import argparse
import sys

from coursekit.pipe import piped
from coursekit.runs import features, papers

ROOMS = {"papers": papers.main, "features": features.main}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when all that was asked for is done."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.runs", description="Long runs on a graphics card."
    )
    parser.add_argument("what", choices=ROOMS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="WHAT --help tells more")
    chosen = parser.parse_args(arguments)
    return ROOMS[chosen.what](chosen.rest)


if __name__ == "__main__":
    sys.exit(piped(main))
