"""Downloading one file: verified, bounded in time, never half-written."""

import errno
import hashlib
import http.client
import queue
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from coursekit.data.dataset import DataError
from coursekit.files import replacing
from coursekit.progress import Progress

SECONDS_TO_CONNECT = 6
SECONDS_WITHOUT_DATA = 20
CHUNK = 1 << 18


@dataclass(frozen=True)
class RemoteFile:
    """A file and where it lies; `digest` is "md5:…" or "sha256:…"."""

    name: str
    size: int
    digest: str
    urls: tuple[str, ...]


class WriteError(OSError):
    """A file that cannot be written here; no other address would help."""


def download(file: RemoteFile, target: Path, display: Progress) -> None:
    """Save `file` as `target` from the first address that gives the right content.

    Raises DataError with one reason for every address tried, WriteError for a full
    disk and the like.
    """
    reasons = []
    for url in file.urls:
        before = display.count
        try:
            return _download_from(url, file, target, display)
        except WriteError:
            raise
        except (OSError, http.client.HTTPException, DataError) as error:
            display.update(before - display.count)
            reasons.append(f"{urlsplit(url).hostname}: {_reason(error)}")
    raise DataError("; ".join(reasons))


def digest(data: Any, algorithm: str = "sha256") -> str:  # noqa: ANN401 (any buffer)
    """The checksum of bytes or an array, written as "sha256:…"."""
    return (
        f"{algorithm}:{hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()}"
    )


def file_digest(path: Path, algorithm: str) -> str:
    """The checksum of a file, written as "sha256:…"."""
    with path.open("rb") as file:
        return f"{algorithm}:{hashlib.file_digest(file, algorithm).hexdigest()}"


def _download_from(url: str, file: RemoteFile, target: Path, display: Progress) -> None:
    algorithm = file.digest.partition(":")[0]
    with _open(url) as response, _written(), replacing(target) as partial:
        with partial.open("wb") as output:
            _receive(response, file, output, display)
        if file_digest(partial, algorithm) != file.digest:
            raise DataError(f"{file.name} has the wrong checksum")


def _receive(
    response: http.client.HTTPResponse,
    file: RemoteFile,
    output: BinaryIO,
    display: Progress,
) -> None:
    received = 0
    while chunk := _read(response):
        received += len(chunk)
        if received > file.size:
            raise DataError("more came than there should be")
        output.write(chunk)
        display.update(len(chunk) / 1e6)
    if received < file.size:
        raise DataError("the transfer broke off")


def _read(response: http.client.HTTPResponse) -> bytes:
    """The next bytes. Raises DataError, so that what else fails is the disk."""
    try:
        return response.read(CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise DataError(_reason(error)) from None


@contextmanager
def _written() -> Iterator[None]:
    """What fails in here is the disk."""
    try:
        yield
    except OSError as error:
        raise WriteError(error.errno or errno.EIO, error.strerror) from error


def _open(url: str) -> http.client.HTTPResponse:
    """Open `url`; looking up a name has no timeout of its own, so a thread waits."""
    answer: queue.Queue[Any] = queue.Queue()

    def work() -> None:
        try:
            answer.put(urllib.request.urlopen(url, timeout=SECONDS_WITHOUT_DATA))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        result = answer.get(timeout=SECONDS_TO_CONNECT)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(result, Exception):
        raise result
    return result


def _reason(error: Exception) -> str:
    """What went wrong, for a reader who is no network engineer."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code}"
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        return _reason(error.reason)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "not found (no network?)"
    return str(error) or type(error).__name__
