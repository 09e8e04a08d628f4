"""The command `python -m coursekit.anatomy [FILE]`: all networks on one web page."""

import argparse
from pathlib import Path

from coursekit.anatomy.gallery import page


def main(arguments: list[str] | None = None) -> int:
    """Write the page and say where it is."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.anatomy",
        description="Write a web page with the anatomy of every network of the course.",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, default=Path("anatomy.html"), help="%(default)s"
    )
    file = parser.parse_args(arguments).file
    try:
        file.write_text(page(), encoding="utf-8")
    except OSError as error:
        parser.error(f"{file} cannot be written: {error.strerror}")
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
