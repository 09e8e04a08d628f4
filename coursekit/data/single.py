"""Single files that are kept next to the data sets: weights, paintings."""

import os
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from coursekit.data import cache
from coursekit.data.dataset import DataError
from coursekit.data.download import RemoteFile, download, file_digest
from coursekit.progress import Progress


def kept(file: RemoteFile, name: str, again: str, until_then: str) -> Path:
    """The verified local copy; downloads it when it is not there, or damaged.

    `name`, `again` (the call) and `until_then` are for the message: raises DataError
    with what to do when the file cannot be had, StorageError when it cannot be kept.
    """
    path = cache.directory() / file.name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=cache.SECONDS_TO_WAIT):
            if not _is_right(path, file):
                _fetch(file, path, name)
    except (DataError, Timeout) as error:
        raise DataError(
            f"{name} cannot be had here: {error}. Go online once and call {again} "
            f"again, or put {file.name} into {path.parent}. {until_then}"
        ) from None
    except OSError as error:
        raise cache.unusable(path.parent, "written", error) from None
    return path


def _is_right(path: Path, file: RemoteFile) -> bool:
    """Whether the whole file is there, byte for byte."""
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    return file_digest(path, "sha256") == file.digest


def _fetch(file: RemoteFile, path: Path, name: str) -> None:
    """Download to `path`, which gets its name only when the content is right."""
    if os.environ.get("COURSEKIT_OFFLINE", "0") not in ("", "0"):
        raise DataError("COURSEKIT_OFFLINE is set")
    with (
        tempfile.TemporaryDirectory(
            dir=path.parent, prefix=f"{path.stem}-partial-"
        ) as folder,
        Progress(f"Downloading {name}", file.size / 1e6, unit="MB") as display,
    ):
        whole = Path(folder) / file.name
        download(file, whole, display)
        os.replace(whole, path)
