"""The file formats in which the data sets are published.

Every reader takes the files by name and returns what the course keeps, as bytes:
training images, training labels, test images, test labels, one after the other, one
byte a pixel and a label, images in the order (channel, row, column).
"""

import gzip
import json
import math
import zlib
from collections.abc import Mapping
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from coursekit.data.dataset import DataError

Bytes = NDArray[np.uint8]

IDX_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
IDX_GZ_FILES = tuple(f"{name}.gz" for name in IDX_FILES)
CIFAR_BATCHES = (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")
CIFAR_BINARY_FILES = tuple(f"{name}.bin" for name in CIFAR_BATCHES)
# "lables" is how the package spells it.
CIFAR_PNG_LABELS = ("train_lables.json", "test_lables.json")
CIFAR_PNG_FILES = tuple(f"{name}.png" for name in CIFAR_BATCHES) + CIFAR_PNG_LABELS


def read_idx(files: Mapping[str, bytes]) -> Bytes:
    """MNIST's own format: a small header with the shape, then the values."""
    return np.concatenate([_idx_values(name, files[name]) for name in IDX_FILES])


def read_idx_gz(files: Mapping[str, bytes]) -> Bytes:
    """The same four files, compressed with gzip."""
    return read_idx({name: _gunzip(name, files[f"{name}.gz"]) for name in IDX_FILES})


def read_cifar_binary(files: Mapping[str, bytes]) -> Bytes:
    """Six files of records: one byte of label, 3,072 of pixels."""
    batches = [_cifar_records(name, files[name]) for name in CIFAR_BINARY_FILES]
    train, test = np.concatenate(batches[:5]), batches[5]
    return _in_order(train[:, 1:], train[:, 0], test[:, 1:], test[:, 0])


def read_cifar_png(files: Mapping[str, bytes]) -> Bytes:
    """Six lossless pictures, an image a row, and two lists of labels."""
    pixels = [_cifar_picture(name, files[name]) for name in CIFAR_PNG_FILES[:6]]
    train, test = (_labels(name, files[name]) for name in CIFAR_PNG_LABELS)
    return _in_order(np.concatenate(pixels[:5]), train, pixels[5], test)


def _in_order(*parts: Bytes) -> Bytes:
    return np.concatenate([part.reshape(-1) for part in parts])


def _gunzip(name: str, data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{name}.gz cannot be unpacked ({error})") from None


def _idx_values(name: str, data: bytes) -> Bytes:
    dimensions = data[3] if len(data) > 3 else 0
    start = 4 + 4 * dimensions
    if data[:3] != b"\0\0\x08" or dimensions == 0 or len(data) < start:
        raise DataError(f"{name} is not an idx file of bytes")
    shape = np.frombuffer(data, ">u4", dimensions, offset=4).tolist()
    if len(data) - start != math.prod(shape):
        raise DataError(f"{name} is cut off or too long")
    return np.frombuffer(data, np.uint8, offset=start)


def _cifar_records(name: str, data: bytes) -> Bytes:
    if not data or len(data) % 3073:
        raise DataError(f"{name} is not made of records of 3,073 bytes")
    return np.frombuffer(data, np.uint8).reshape(-1, 3073)


def _cifar_picture(name: str, data: bytes) -> Bytes:
    try:
        picture = np.asarray(Image.open(BytesIO(data)))
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"{name} is not a picture ({error})") from None
    if picture.ndim != 3 or picture.shape[1:] != (1024, 3):
        raise DataError(f"{name} is not 1,024 coloured pixels wide")
    return picture.transpose(0, 2, 1)


def _labels(name: str, data: bytes) -> Bytes:
    try:
        return np.frombuffer(bytes(json.loads(data)), np.uint8)
    except (ValueError, TypeError):
        raise DataError(f"{name} is not a list of labels") from None
