"""Tests of the paintings: from a small file, without a network, from the address."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from coursekit import data
from coursekit.data import DataError, paintings
from coursekit.data.download import RemoteFile, digest
from coursekit.data.paintings import PAINTINGS, Painting

PIXELS = np.arange(6 * 9 * 3, dtype=np.uint8).reshape(6, 9, 3)


def as_png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A painting "small" in a file; the path of what is kept of it."""
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    return hang(as_png(PIXELS), tmp_path, monkeypatch)


def hang(content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = folder / "source.png"
    source.write_bytes(content)
    file = RemoteFile("s.png", len(content), digest(content), (source.as_uri(),))
    monkeypatch.setitem(PAINTINGS, "small", Painting("nobody; public domain", file))
    return folder / "cache" / "s.png"


def test_a_painting_has_colours_first(small: Path) -> None:
    found = data.painting("small")
    assert found.dtype == torch.uint8
    assert torch.equal(found, torch.from_numpy(PIXELS).permute(2, 0, 1))
    assert data.painting("small", 3).shape == (3, 3, 4)
    assert data.painting("small", (4, 5)).shape == (3, 4, 5)
    assert small.exists()


def test_it_is_downloaded_once(small: Path, tmp_path: Path) -> None:
    data.painting("small")
    (tmp_path / "source.png").unlink()
    assert data.painting("small").shape == (3, 6, 9)


def test_a_damaged_copy_is_replaced(small: Path) -> None:
    data.painting("small")
    content = small.read_bytes()
    small.write_bytes(content[:-1] + b"?")
    data.painting("small")
    assert small.read_bytes() == content


def test_what_is_no_picture_is_said(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang(b"no picture", tmp_path, monkeypatch)
    with pytest.raises(DataError, match=r"s\.png cannot be read"):
        data.painting("small")


def test_without_a_network_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(DataError, match=r"put the_scream\.jpg into .*picture of your"):
        data.painting("scream")
    left = [path.name for path in tmp_path.iterdir() if "lock" not in path.name]
    assert left == []


def test_unknown_painting_lists_the_names() -> None:
    with pytest.raises(ValueError, match=r"one of: scream, shipwreck, starry-night"):
        data.painting("guernica")


def test_each_painting_says_whose_it_is() -> None:
    assert list(data.painting_names()) == sorted(PAINTINGS)
    for one in PAINTINGS.values():
        assert one.origin.endswith("public domain")
        assert all(url.startswith("https://") for url in one.file.urls)
        assert len(one.file.digest) == len("sha256:") + 64


@pytest.mark.network
@pytest.mark.parametrize("name", paintings.painting_names())
def test_paintings_from_their_address(name: str) -> None:
    try:
        found = data.painting(name)
    except DataError as error:
        pytest.skip(str(error))
    assert min(found.shape[1:]) > 600
