"""Tests of loading: local copy, sources in order, stand-in, damage, concurrency."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
import torch
from filelock import FileLock

from coursekit import data
from coursekit.data import DataError, Dataset, Split, cache, loading
from coursekit.data.catalogue import MNIST, SPECS, Spec
from coursekit.data.dataset import StorageError
from coursekit.data.download import digest
from tests.data.tiny import Server, serving, tiny_download, tiny_spec

NOWHERE = "http://127.0.0.1:9/"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and nothing remembered from other tests."""
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    monkeypatch.setattr(loading, "_failures", {})
    return tmp_path


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def assert_tiny(dataset: Dataset) -> None:
    assert not dataset.stand_in
    assert dataset.train.images.dtype == torch.uint8
    assert dataset.train.images.tolist() == np.arange(12).reshape(3, 1, 2, 2).tolist()
    assert dataset.train.labels.dtype == torch.int64
    assert dataset.train.labels.tolist() == [3, 1, 4]
    assert dataset.test.images.flatten().tolist() == list(range(100, 108))
    assert dataset.test.labels.tolist() == [1, 5]


def files_in(home: Path) -> set[str]:
    return {p.name for p in home.iterdir() if p.suffix != ".lock"}


def test_first_call_downloads_and_later_ones_do_not(server: Server, home: Path) -> None:
    spec = tiny_spec(tiny_download(server.url))
    assert_tiny(loading.load(spec))
    assert len(server.asked) == 4
    assert_tiny(loading.load(spec))
    assert len(server.asked) == 4
    assert files_in(home) == {"mnist.bin"}


def test_second_source_takes_over(server: Server) -> None:
    spec = tiny_spec(tiny_download(NOWHERE), tiny_download(server.url))
    assert_tiny(loading.load(spec))


def test_source_with_other_content_is_not_believed(
    server: Server, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = replace(tiny_spec(tiny_download(server.url)), digest=digest(b"other"))
    assert loading.load(spec).stand_in
    assert "the content is not what it should be" in capsys.readouterr().out
    assert files_in(home) == set()


def test_unreachable_gives_the_stand_in_and_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start = time.monotonic()
    dataset = loading.load(tiny_spec(tiny_download(NOWHERE)))
    assert time.monotonic() - start < 5
    assert dataset.stand_in
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert out.startswith("Tiny cannot be had here: 127.0.0.1: ")
    assert "scikit-learn's 1,797 small digits" in out
    assert "python -m coursekit data" in out
    assert err == ""


def test_absent_network_is_looked_for_once(server: Server) -> None:
    server.files.clear()
    spec = tiny_spec(tiny_download(server.url))
    loading.load(spec)
    asked = len(server.asked)
    assert asked > 0
    assert loading.load(spec).stand_in
    assert len(server.asked) == asked


def test_stand_in_can_be_refused() -> None:
    message = "Tiny cannot be had here.*python -m coursekit data"
    with pytest.raises(DataError, match=message) as caught:
        loading.load(tiny_spec(tiny_download(NOWHERE)), allow_stand_in=False)
    assert "\n" not in str(caught.value)


def test_offline_asks_nobody(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert loading.load(tiny_spec(tiny_download(server.url))).stand_in
    assert server.asked == []


def test_offline_still_reads_the_copy(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tiny_spec(tiny_download(server.url))
    loading.load(spec)
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert_tiny(loading.load(spec))


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "longer"])
def test_damaged_copy_is_announced_and_fetched_again(
    server: Server, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    spec = tiny_spec(tiny_download(server.url))
    loading.load(spec)
    path = cache.path_of(spec)
    good = path.read_bytes()
    flipped = bytes([good[0] ^ 1]) + good[1:]
    bad = {"flipped": flipped, "cut": good[:-1], "empty": b"", "longer": good + b"x"}
    path.write_bytes(bad[damage])
    assert_tiny(loading.load(spec))
    assert f"The copy of Tiny in {path} is damaged" in capsys.readouterr().out
    assert path.read_bytes() == good


def test_damaged_copy_without_network_is_not_used(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = tiny_spec(tiny_download(NOWHERE))
    cache.path_of(spec).write_bytes(b"rubbish")
    assert loading.load(spec).stand_in
    assert "damaged" in capsys.readouterr().out


@pytest.mark.parametrize("inside", [False, True])
def test_folder_that_is_a_file_gives_a_clear_reason(
    home: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    inside: bool,
) -> None:
    file = home / "file"
    file.touch()
    monkeypatch.setenv("COURSEKIT_DATA", str(file / "inside" if inside else file))
    assert loading.load(tiny_spec(tiny_download(server.url))).stand_in
    assert "COURSEKIT_DATA to a folder" in capsys.readouterr().out


DISK = [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO]


def failing(reason: int, part: str) -> Callable[..., IO[Any]]:
    """Files with such names can be opened, but nothing can be written there."""
    open_before = Path.open

    def opened(path: Path, mode: str = "r", *args: Any, **named: Any) -> IO[Any]:  # noqa: ANN401
        if part in path.name and "w" in mode:
            raise OSError(reason, os.strerror(reason), str(path))
        return open_before(path, mode, *args, **named)

    return opened


@pytest.mark.parametrize("place", ["gz.", "mnist.bin."])
@pytest.mark.parametrize("reason", DISK)
def test_a_disk_that_takes_nothing_is_named_and_no_network_blamed(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch, reason: int, place: str
) -> None:
    """While a file is downloaded, and while the copy is kept."""
    spec = tiny_spec(tiny_download(server.url), tiny_download(server.url))
    monkeypatch.setattr(Path, "open", failing(reason, f"{place}{os.getpid()}.partial"))
    with pytest.raises(StorageError) as caught:
        loading.load(spec, allow_stand_in=False)
    told = str(caught.value)
    assert told.startswith(f"Tiny cannot be kept here: {home} cannot be written (")
    assert os.strerror(reason) in told
    assert "COURSEKIT_DATA to a folder" in told
    assert ("make room" in told) == (reason in (errno.ENOSPC, errno.EDQUOT))
    assert "online" not in told
    assert "\n" not in told
    assert files_in(home) == set()
    monkeypatch.undo()
    monkeypatch.setenv("COURSEKIT_DATA", str(home))
    assert_tiny(loading.load(spec))  # once there is room, in the same process


def test_a_full_disk_gives_the_stand_in_too(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Path, "open", failing(errno.ENOSPC, ".partial"))
    assert loading.load(tiny_spec(tiny_download(server.url))).stand_in
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "No space left on device" in out
    assert "stand-in" in out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(server: Server, home: Path) -> None:
    home.chmod(0o500)
    try:
        with pytest.raises(StorageError, match=r"Permission denied.*you may write"):
            loading.load(tiny_spec(tiny_download(server.url)), allow_stand_in=False)
    finally:
        home.chmod(0o700)


def test_default_folder_is_the_system_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSEKIT_DATA")
    assert cache.directory().is_absolute()
    assert "coursekit" in cache.directory().parts


def start_loading(server: Server) -> subprocess.Popen[str]:
    code = (
        "from coursekit.data.loading import load\n"
        "from tests.data.tiny import tiny_download, tiny_spec\n"
        f"dataset = load(tiny_spec(tiny_download({server.url!r})))\n"
        "print('labels', dataset.train.labels.tolist())"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_processes_at_once_download_once(server: Server, home: Path) -> None:
    server.seconds = 0.5
    outputs = [p.communicate()[0] for p in [start_loading(server) for _ in range(2)]]
    assert all("labels [3, 1, 4]" in output for output in outputs)
    assert len(server.asked) == 4
    assert files_in(home) == {"mnist.bin"}


@pytest.mark.slow
def test_killed_download_leaves_nothing_to_believe(server: Server, home: Path) -> None:
    server.seconds = 30
    process = start_loading(server)
    while not server.asked:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (home / "mnist.bin").exists()
    assert any(name.startswith("mnist-partial-") for name in files_in(home))
    server.seconds = 0
    assert_tiny(loading.load(tiny_spec(tiny_download(server.url))))
    assert files_in(home) == {"mnist.bin"}


def test_waiting_for_another_program_ends(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    home: Path,
) -> None:
    monkeypatch.setattr(cache, "SECONDS_TO_WAIT", 0.1)
    with FileLock(home / "mnist.lock"):
        assert loading.load(tiny_spec(tiny_download(server.url))).stand_in
    out = capsys.readouterr().out
    assert "Another program is getting Tiny; waiting for it." in out
    assert "another program is still getting Tiny" in out


def test_prepare_reports_one_line_each(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tiny_spec(tiny_download(server.url))
    bad = replace(tiny_spec(tiny_download(NOWHERE)), key="cifar10", name="Missing")
    monkeypatch.setattr(loading, "SPECS", {"mnist": good, "cifar10": bad})
    assert data.prepare(["mnist"]) == 0
    assert capsys.readouterr().out.startswith("Tiny: ready, 5 images, 0 MB in ")
    assert data.prepare() == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Missing cannot be had here: 127.0.0.1: ")
    assert lines[1].endswith("Until then the lessons use a small stand-in.")


def test_prepare_tries_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tiny_spec(tiny_download(server.url))
    monkeypatch.setattr(loading, "SPECS", {"mnist": spec, "cifar10": spec})
    files = dict(server.files)
    server.files.clear()
    assert data.prepare("mnist") == 1
    server.files.update(files)
    assert data.prepare("mnist") == 0


def test_prepare_refuses_an_unknown_name_before_any_work(server: Server) -> None:
    with pytest.raises(ValueError, match=r"no data set 'mnst'.*mnist, fashion_mnist"):
        data.prepare(["mnist", "mnst"])
    assert server.asked == []


@pytest.mark.parametrize("name", ["cifar10", "CIFAR-10", "cifar_10", "Fashion-MNIST"])
def test_names_as_people_write_them(name: str) -> None:
    assert loading._spec(name).name in ("CIFAR-10", "Fashion-MNIST")


def test_reading_a_copy_of_mnist_s_size_is_fast(home: Path) -> None:
    content = np.zeros(54_950_000, np.uint8)
    spec = replace(MNIST, digest=digest(content))
    content.tofile(cache.path_of(spec))
    start = time.process_time()
    assert len(loading.load(spec).train) == 60_000
    assert time.process_time() - start < 0.5


def test_the_whole_content_has_a_place() -> None:
    sizes = (54.95, 54.95, 184.38, 1.238395)
    for spec, megabytes in zip(SPECS.values(), sizes, strict=True):
        assert spec.size == round(megabytes * 1e6)
        assert len(spec.classes) == (10 if isinstance(spec, Spec) else 2)


def test_split_says_what_it_holds() -> None:
    split = Split(torch.zeros(2, 3, 4, 5, dtype=torch.uint8), torch.zeros(2).long())
    assert len(split) == 2
    assert repr(split) == "Split(2 images of 3×4×5)"


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (torch.zeros(2, 1, 4, 4), torch.zeros(2).long(), "uint8 of shape"),
        (torch.zeros(2, 4, 4).byte(), torch.zeros(2).long(), r"shape \(2, 4, 4\)"),
        (torch.zeros(2, 1, 4, 4).byte(), torch.zeros(2), r"int64 labels of shape \(2,"),
        (torch.zeros(2, 1, 4, 4).byte(), torch.zeros(3).long(), r"shape \(3,\)"),
        (np.zeros((2, 1, 4, 4), np.uint8), torch.zeros(2).long(), "not ndarray"),
    ],
)
def test_split_refuses_what_does_not_fit(
    images: torch.Tensor, labels: torch.Tensor, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Split(images, labels)
