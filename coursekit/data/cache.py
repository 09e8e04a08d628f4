"""The local copy: one file a data set, holding the decoded content and nothing else.

Every read verifies the checksum. A file gets its name only when it is complete, so a
process that is killed leaves nothing that another would believe.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from coursekit.data.catalogue import Entry
from coursekit.data.dataset import DataError, StorageError
from coursekit.data.download import digest
from coursekit.data.formats import Bytes
from coursekit.files import replacing

SECONDS_TO_WAIT = 1200


def directory() -> Path:
    """Where the copies lie: $COURSEKIT_DATA, or the system's place for caches."""
    chosen = os.environ.get("COURSEKIT_DATA")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("coursekit", appauthor=False))


def path_of(spec: Entry) -> Path:
    """The file of one data set."""
    return directory() / f"{spec.key}.bin"


def read(spec: Entry, *, quietly: bool = False) -> Bytes | None:
    """The content of the local copy; None without one.

    A damaged copy is announced, unless `quietly`, and treated as none: the next write
    replaces it.
    """
    path = path_of(spec)
    try:
        if path.stat().st_size == spec.size:
            content = np.fromfile(path, np.uint8)
            if is_right(spec, content):
                return content
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unusable(path, "read", error) from None
    if not quietly:
        print(f"The copy of {spec.name} in {path} is damaged and will not be used.")
    return None


def is_right(spec: Entry, content: Bytes) -> bool:
    """Whether `content` is the data set, byte for byte."""
    return digest(content, spec.digest.partition(":")[0]) == spec.digest


def write(spec: Entry, content: Bytes) -> None:
    """Keep `content`, whole or not at all."""
    with replacing(path_of(spec)) as partial:
        partial.write_bytes(content.data)


@contextmanager
def scratch(spec: Entry) -> Iterator[Path]:
    """A scratch folder while no other process fetches the same data set.

    What an earlier process left behind when it was killed is removed.
    """
    home = directory()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _locked(spec, home):
            for leftover in home.glob(f"{spec.key}-partial-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            for leftover in home.glob(f"{spec.key}.bin.*.partial"):
                leftover.unlink()
            prefix = f"{spec.key}-partial-"
            with tempfile.TemporaryDirectory(prefix=prefix, dir=home) as folder:
                yield Path(folder)
    except OSError as error:
        raise unusable(home, "written", error) from None


@contextmanager
def _locked(spec: Entry, home: Path) -> Iterator[None]:
    lock = FileLock(home / f"{spec.key}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"Another program is getting {spec.name}; waiting for it.", flush=True)
        _wait_for(lock, spec)
    try:
        yield
    finally:
        lock.release()


def _wait_for(lock: FileLock, spec: Entry) -> None:
    try:
        lock.acquire(timeout=SECONDS_TO_WAIT)
    except Timeout:
        raise DataError(f"another program is still getting {spec.name}") from None


def unusable(path: Path, how: str, error: OSError) -> StorageError:
    """The error for a folder in which a file cannot be "read" or "written"."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    what = "make room there, or set" if full else "set"
    return StorageError(
        f"{path} cannot be {how} ({error.strerror or error}); {what} the environment "
        "variable COURSEKIT_DATA to a folder with space where you may write"
    )
