"""Tests of the sentences: sources, checksums, files put there by hand."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit import data
from coursekit.data import DataError, Sentences, cache, catalogue, loading
from coursekit.data.catalogue import SPECS, TextSpec
from coursekit.data.download import RemoteFile, digest, file_digest
from coursekit.data.sources import Download, Joined
from tests.data.tiny import Server, serving

NOWHERE = "http://127.0.0.1:9/"
FILES = {"tiny.neg": b"bad .\nna\xefve\x85 film\n", "tiny.pos": b"good ,\nso good\n"}
TEXTS = Path(__file__).parents[3] / "shared" / "data" / "text"


def archive(files: dict[str, bytes]) -> bytes:
    """The files as a .tar.gz, in a folder."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"tiny/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


PACKED = archive(FILES)


def spec(archive_at: str = NOWHERE, files_at: str = NOWHERE) -> TextSpec:
    """Four sentences, as an archive at one address and as files at another."""
    files = tuple(
        RemoteFile(name, len(content), digest(content), (files_at + name,))
        for name, content in FILES.items()
    )
    packed = RemoteFile(
        "tiny.tar.gz", len(PACKED), digest(PACKED), (archive_at + "tiny.tar.gz",)
    )
    return TextSpec(
        key="tiny",
        name="Tiny",
        count=4,
        classes=("negative", "positive"),
        digest=digest(b"".join(FILES.values())),
        files=files,
        sources=(
            Download((packed,), tuple(FILES), Joined(files)),
            Download(files, tuple(FILES), Joined(files)),
        ),
    )


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
        server.files = {**FILES, "tiny.tar.gz": PACKED}
        yield server


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def assert_tiny(found: Sentences) -> None:
    assert found.texts == ("bad .", "na\xefve\x85 film", "good ,", "so good")
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert found.classes == ("negative", "positive")
    assert repr(found) == "Sentences(Tiny: 4)"


def test_the_archive_is_unpacked_and_kept(server: Server, home: Path) -> None:
    wanted = spec(archive_at=server.url)
    assert_tiny(loading.load_sentences(wanted))
    assert server.asked == ["tiny.tar.gz"]
    assert_tiny(loading.load_sentences(wanted))
    assert server.asked == ["tiny.tar.gz"]
    assert (home / "tiny.bin").read_bytes() == b"".join(FILES.values())


def test_the_files_themselves_take_over(server: Server) -> None:
    assert_tiny(loading.load_sentences(spec(files_at=server.url)))
    assert server.asked == list(FILES)


def test_other_files_in_the_archive_are_not_believed(server: Server) -> None:
    other = {**FILES, "tiny.pos": b"good ,\nso goof\n"}
    wanted = spec(archive_at=server.url)
    packed = archive(other)
    server.files["tiny.tar.gz"] = packed
    (first, second) = wanted.sources
    assert isinstance(first, Download)
    file = replace(first.files[0], size=len(packed), digest=digest(packed))
    sources = (replace(first, files=(file,)), second)
    with pytest.raises(DataError, match=r"tiny\.pos has the wrong checksum"):
        loading.load_sentences(replace(wanted, sources=sources))


def test_files_put_there_by_hand_are_read(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    put(home, FILES)
    assert_tiny(loading.load_sentences(spec()))
    assert {path.name for path in home.iterdir()} == set(FILES)  # nothing is written


def test_one_file_of_two_is_not_enough(home: Path, server: Server) -> None:
    put(home, {"tiny.neg": FILES["tiny.neg"]})
    assert_tiny(loading.load_sentences(spec(archive_at=server.url)))


def test_another_file_put_there_is_named(home: Path, server: Server) -> None:
    put(home, {**FILES, "tiny.neg": b"bad\n"})
    with pytest.raises(DataError, match=r"tiny\.neg has the wrong checksum"):
        loading.load_sentences(spec(archive_at=server.url))
    assert server.asked == []


def test_a_file_that_cannot_be_read_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    put(home, FILES)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DataError, match=r"tiny\.neg cannot be read \(Permission"):
        loading.load_sentences(spec())


def test_without_a_network_one_line_says_what_to_do(home: Path) -> None:
    with pytest.raises(DataError) as caught:
        loading.load_sentences(spec())
    message = str(caught.value)
    assert message.startswith("Tiny cannot be had here: 127.0.0.1: ")
    assert message.endswith(
        "go online and run `python -m coursekit data tiny`, or put tiny.neg and "
        f"tiny.pos into {home}."
    )
    assert "\n" not in message


def test_prepare_reports_sentences(
    home: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(loading, "SPECS", {**SPECS, "tiny": spec()})
    assert data.prepare("tiny") == 1
    assert "stand-in" not in capsys.readouterr().out
    monkeypatch.setattr(loading, "SPECS", {**SPECS, "tiny": spec(server.url)})
    assert data.prepare("tiny") == 0
    expected = f"Tiny: ready, 4 sentences, 0 MB in {home / 'tiny.bin'}\n"
    assert capsys.readouterr().out == expected
    (home / "tiny.bin").unlink()
    put(home, FILES)
    assert data.prepare("tiny") == 0
    assert capsys.readouterr().out == f"Tiny: ready, 4 sentences, 0 MB in {home}\n"


def test_the_catalogue_has_the_sums_of_the_real_files() -> None:
    if not (TEXTS / "rt-polarity.pos").exists():
        pytest.skip("the sentences of MR are not on this computer")
    for file in catalogue.REVIEW_FILES:
        path = TEXTS / file.name
        assert (path.stat().st_size, file_digest(path, "sha256")) == (
            file.size,
            file.digest,
        )
    whole = b"".join(
        (TEXTS / file.name).read_bytes() for file in catalogue.REVIEW_FILES
    )
    assert digest(whole) == catalogue.MOVIE_REVIEWS.digest
    assert len(whole) == SPECS["movie_reviews"].size


@pytest.mark.network
@pytest.mark.parametrize("number", [0, 1])
def test_a_real_address_gives_the_sentences(number: int, tmp_path: Path) -> None:
    reviews = catalogue.MOVIE_REVIEWS
    try:
        content = reviews.sources[number].content(reviews.name, tmp_path)
    except DataError as error:
        if "checksum" in str(error):
            raise
        pytest.skip(f"not reachable from here: {error}")
    assert cache.is_right(reviews, content)
