"""Tests of the file formats of the data sets, on small made-up files."""

import gzip
import json
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from coursekit.data import DataError, formats
from tests.data.tiny import CONTENT, FILES, GZ_FILES


def test_idx_gives_the_values_in_order() -> None:
    assert np.array_equal(formats.read_idx(FILES), CONTENT)


def test_idx_gz_gives_the_same() -> None:
    assert np.array_equal(formats.read_idx_gz(GZ_FILES), CONTENT)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an idx file"),
        (b"<html>log in</html>", "not an idx file"),
        (b"\0\0\x08\x03\0\0", "not an idx file"),
        (FILES["train-images-idx3-ubyte"][:-1], "cut off"),
        (FILES["train-images-idx3-ubyte"] + b"x", "too long"),
    ],
)
def test_idx_that_is_none_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=f"train-images-idx3-ubyte.*{message}"):
        formats.read_idx({**FILES, "train-images-idx3-ubyte": data})


@pytest.mark.parametrize(
    "data",
    [b"plain", gzip.compress(b"x" * 99)[:-9], b"\x1f\x8b\x08\0\0\0\0\0\0\0abc"],
    ids=["not packed", "cut", "damaged"],
)
def test_damaged_gz_is_refused(data: bytes) -> None:
    with pytest.raises(DataError, match="cannot be unpacked"):
        formats.read_idx_gz({**GZ_FILES, "t10k-labels-idx1-ubyte.gz": data})


def cifar_batches() -> tuple[np.ndarray, np.ndarray]:
    """Pixels (6 batches, 2 images, 3, 32, 32) and labels (6, 2)."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (6, 2, 3, 32, 32), dtype=np.uint8)
    return pixels, rng.integers(0, 10, (6, 2), dtype=np.uint8)


def expected(pixels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    parts = (pixels[:5], labels[:5], pixels[5], labels[5])
    return np.concatenate([part.reshape(-1) for part in parts])


def png(pixels: np.ndarray) -> bytes:
    """An image (3, 32, 32) a row, colour last."""
    file = BytesIO()
    rows = pixels.reshape(len(pixels), 3, 1024).transpose(0, 2, 1)
    Image.fromarray(np.ascontiguousarray(rows)).save(file, "PNG")
    return file.getvalue()


def cifar_png_files() -> dict[str, bytes]:
    pixels, labels = cifar_batches()
    files = {
        f"{n}.png": png(p) for n, p in zip(formats.CIFAR_BATCHES, pixels, strict=True)
    }
    files["train_lables.json"] = json.dumps(labels[:5].ravel().tolist()).encode()
    files["test_lables.json"] = json.dumps(labels[5].tolist()).encode()
    return files


def test_cifar_binary() -> None:
    pixels, labels = cifar_batches()
    records = np.concatenate([labels[..., None], pixels.reshape(6, 2, -1)], axis=2)
    names = formats.CIFAR_BINARY_FILES
    files = {n: r.tobytes() for n, r in zip(names, records, strict=True)}
    content = formats.read_cifar_binary(files)
    assert np.array_equal(content, expected(pixels, labels))
    with pytest.raises(DataError, match=r"data_batch_3\.bin .*3,073"):
        formats.read_cifar_binary({**files, "data_batch_3.bin": b"short"})


def test_cifar_png() -> None:
    content = formats.read_cifar_png(cifar_png_files())
    assert np.array_equal(content, expected(*cifar_batches()))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("test_batch.png", b"no picture", "not a picture"),
        ("test_batch.png", png(cifar_batches()[0][5])[:300], "not a picture"),
        ("test_lables.json", b"[1, 2", "not a list of labels"),
        ("test_lables.json", b"[1, 300]", "not a list of labels"),
        ("test_lables.json", b'{"a": 1}', "not a list of labels"),
    ],
)
def test_damaged_cifar_png_is_refused(name: str, data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        formats.read_cifar_png({**cifar_png_files(), name: data})


def test_picture_of_another_width_is_refused() -> None:
    file = BytesIO()
    Image.new("RGB", (7, 2)).save(file, "PNG")
    with pytest.raises(DataError, match="1,024"):
        formats.read_cifar_png({**cifar_png_files(), "test_batch.png": file.getvalue()})
