"""What a data set is in this course: images, or sentences, and labels in memory."""

from dataclasses import dataclass

import torch
from torch import Tensor


class DataError(RuntimeError):
    """Data that cannot be had or cannot be trusted; the message says what to do."""


class StorageError(DataError):
    """The folder of the local copies cannot be used; going online does not help."""


@dataclass(frozen=True, eq=False, repr=False)
class Split:
    """Images, uint8 of shape (n, channels, height, width), and labels, int64 (n,)."""

    images: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        for value in (self.images, self.labels):
            if not isinstance(value, Tensor):
                raise ValueError(f"A split holds tensors, not {type(value).__name__}.")
        if self.images.dtype != torch.uint8 or self.images.ndim != 4:
            raise ValueError(
                "Images of a split are uint8 of shape (n, channels, height, width), "
                f"not {self.images.dtype} of shape {tuple(self.images.shape)}."
            )
        if self.labels.dtype != torch.int64 or self.labels.shape != (len(self),):
            raise ValueError(
                f"These {len(self)} images need int64 labels of shape ({len(self)},), "
                f"not {self.labels.dtype} of shape {tuple(self.labels.shape)}."
            )

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        channels, height, width = self.images.shape[1:]
        return f"Split({len(self):,} images of {channels}×{height}×{width})"


@dataclass(frozen=True, eq=False, repr=False)
class Sentences:
    """Sentences and labels, int64 of shape (n,); label i means `classes[i]`."""

    name: str
    texts: tuple[str, ...]
    labels: Tensor
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        return f"Sentences({self.name}: {len(self):,})"


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set; label i means `classes[i]`.

    `stand_in` is True when the real data could not be had and small data that comes
    with the installed packages takes its place.
    """

    name: str
    train: Split
    test: Split
    classes: tuple[str, ...]
    stand_in: bool = False
