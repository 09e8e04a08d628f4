"""What was written into the gradebook, a second time: lines that are only added.

gradebook.journal holds a line of JSON for each time that points of a submission were
written, with all of them and a checksum. A line is on the disk before grading goes on,
so `python -m coursekit rebuild` can make the gradebook anew. Of several lines on one
submission the last one counts; a line that was cut short or changed counts as none.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JOURNAL = "gradebook.journal"

Record = dict[str, Any]


def append(root: Path, record: Record) -> None:
    """Add a line. Raises OSError when it may not be on the disk."""
    path = root / JOURNAL
    is_new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        write(file, lead(file) + line(record))
        os.fsync(file)
    finally:
        os.close(file)
    if is_new:
        sync_folder(root)


def line(record: Record) -> bytes:
    """A record as a line."""
    whole = {"sha256": checksum(record), "record": record}
    return json.dumps(whole).encode() + b"\n"


def lead(file: int) -> bytes:
    """What ends the line before, when that was cut short."""
    size = os.fstat(file).st_size
    return b"\n" if size and os.pread(file, 1, size - 1) != b"\n" else b""


def write(file: int, content: bytes) -> None:
    """Write all of it; the system may take it in pieces."""
    while content:
        content = content[os.write(file, content) :]


def sync_folder(folder: Path) -> None:
    """Let the name of a new file be on the disk, too, where systems can do that."""
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def checksum(record: object) -> str:
    """The same for equal records."""
    text = json.dumps(record, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def lines(root: Path) -> Iterator[Record | None]:
    """The records in their order, None for a line that is none."""
    try:
        with (root / JOURNAL).open("rb") as file:
            yield from map(read, file)
    except FileNotFoundError:
        return


def read(content: bytes) -> Record | None:
    """The record of a line, None when it is not as it was written."""
    try:
        whole = json.loads(content)
        record = whole["record"]
        sound = isinstance(record, dict) and whole["sha256"] == checksum(record)
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return record if sound else None
