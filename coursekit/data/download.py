"""Downloading one file: verified, bounded in time, never half-written."""

import hashlib
import http.client
import os
import queue
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from coursekit.data.dataset import DataError
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


def download(file: RemoteFile, target: Path, display: Progress) -> None:
    """Save `file` as `target` from the first address that gives the right content.

    Raises DataError with one reason for every address tried.
    """
    reasons = []
    for url in file.urls:
        before = display.count
        try:
            return _download_from(url, file, target, display)
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
    partial = target.with_name(target.name + ".partial")
    with _open(url) as response, partial.open("wb") as output:
        received = 0
        while chunk := response.read(CHUNK):
            received += len(chunk)
            if received > file.size:
                raise DataError("more came than there should be")
            output.write(chunk)
            display.update(len(chunk) / 1e6)
    algorithm = file.digest.partition(":")[0]
    if received < file.size:
        raise DataError("the transfer broke off")
    if file_digest(partial, algorithm) != file.digest:
        raise DataError(f"{file.name} has the wrong checksum")
    os.replace(partial, target)


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
