"""Write beside, then replace: what is there stays until the new is complete."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.utils import rmtree


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """An empty folder to work in, removed at the end."""
    remove(folder)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        remove(folder)


def put(new: Path, place: Path) -> None:
    """Move a complete folder to its place, and only then remove what was there.

    A run that is stopped in between leaves the earlier one beside it, as `<name>.old`.
    Both must be on the same file system.
    """
    old = place.with_name(f".{place.name}.old")
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        remove(old)
        place.rename(old)
    new.rename(place)
    remove(old)


def remove(folder: Path) -> None:
    """Remove a folder that may not be there."""
    if folder.exists():
        rmtree(str(folder))


def backup(path: Path, why: str) -> Path:
    """A copy of a file beside it under a name that is still free."""
    copies = (path.with_name(f"{path.name}.{why}{n}") for n in ("", *range(2, 1000)))
    copy = next(copy for copy in copies if not copy.exists())
    shutil.copy2(path, copy)
    return copy
