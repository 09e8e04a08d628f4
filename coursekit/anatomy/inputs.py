"""What goes into a model whose anatomy is taken: shapes, with or without a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd
from torch.nn.modules.pooling import _AvgPoolNd, _LPPoolNd, _MaxPoolNd

LARGEST = 10**6  # of a side; torch counts numbers in 63 bits

HELP = (
    "Give the shape of one example in whole numbers, such as (3, 224, 224) for a "
    "colour image or (40,) for a sentence of 40 words; for several inputs a list of "
    "shapes, or example tensors."
)


SLIDING = (_ConvNd, _MaxPoolNd, _AvgPoolNd, _LPPoolNd)
LOOK_UP = (nn.Embedding, nn.EmbeddingBag)
VOLUMES = (nn.Conv3d, nn.ConvTranspose3d, nn.MaxPool3d, nn.AvgPool3d)
InputShape: TypeAlias = Sequence[int] | Tensor | Sequence[Sequence[int] | Tensor]


@dataclass(frozen=True)
class Input:
    """The shape of one input, without the batch, and the kind of its numbers."""

    shape: tuple[int, ...]
    dtype: torch.dtype | None = None  # None: the model's own floating point

    def axes(self, model: nn.Module) -> range:
        """Dimensions of the batched tensor along which there are places.

        Words have places all along, and so has a list of vectors, unless the model
        slides windows: then channels come first. A list of features has no places.
        """
        if self.dtype is not None and not self.dtype.is_floating_point:
            return range(1, len(self.shape) + 1)
        slides = any(isinstance(layer, SLIDING) for layer in model.modules())
        if len(self.shape) == 2 and not slides:
            return range(1, 2)
        return range(2, len(self.shape) + 1)

    def tensor(self, batch: int, model: nn.Module, device: str | None) -> Tensor:
        """Zeros, `batch` examples of them, where the model is or on `device`."""
        weights = [p for p in model.parameters() if p.is_floating_point()]
        dtype = self.dtype or (weights[0].dtype if weights else None)
        place = device or (weights[0].device if weights else None)
        return torch.zeros(batch, *self.shape, dtype=dtype, device=place)


def read(input_shape: object) -> tuple[list[Input], bool]:
    """The inputs, and whether their batch is surely left out.

    Raises `ValueError` for what is no shape.
    """
    if isinstance(input_shape, Tensor):
        input_shape = [input_shape]
    if isinstance(input_shape, str) or not isinstance(input_shape, Sequence):
        raise ValueError(f"{HELP} This is {input_shape!r}.")
    several = any(isinstance(item, (Sequence, Tensor)) for item in input_shape)
    items: Sequence[object] = input_shape if several else [input_shape]
    examples = [isinstance(item, Tensor) for item in items]
    if any(examples) and not all(examples):
        raise ValueError("Give either shapes or example tensors, not both. " + HELP)
    return [one(item) for item in items], all(examples)


def one(item: object) -> Input:
    """One shape, or the shape of one batch of examples."""
    if isinstance(item, Tensor):
        if item.dim() == 0 or item.numel() == 0:
            raise ValueError("An example tensor is empty: give one with a batch of 1.")
        return Input(tuple(item.shape[1:]), item.dtype)
    if not isinstance(item, Sequence) or len(item) == 0:
        raise ValueError(f"The shape {item!r} is empty. {HELP}")
    return Input(tuple(side(size) for size in item))


def side(size: object) -> int:
    """A size, if it can be one."""
    if isinstance(size, Integral) and not isinstance(size, bool):
        number = int(size)
        if 1 <= number <= LARGEST:
            return number
    raise ValueError(
        f"Sizes are whole numbers from 1 to {LARGEST:,}, not {size!r}. {HELP}"
    )


def candidates(
    inputs: list[Input], no_batch: bool, model: nn.Module
) -> Iterator[list[Input]]:
    """What the shapes may mean: one example each, or a batch in front.

    no_batch: the first is sure. For models that look up vectors whole numbers are
    tried before others.
    """
    looks_up = any(isinstance(layer, LOOK_UP) for layer in model.modules())
    for reading in readings(inputs, no_batch, model):
        if looks_up and not no_batch:
            yield [replace(one, dtype=torch.int64) for one in reading]
        yield reading


def readings(
    inputs: list[Input], no_batch: bool, model: nn.Module
) -> list[list[Input]]:
    """The shapes as they are and without their first number, most likely first."""
    if no_batch or any(len(one.shape) < 2 for one in inputs):
        return [inputs]
    shorter = [replace(one, shape=one.shape[1:]) for one in inputs]
    volumes = any(isinstance(layer, VOLUMES) for layer in model.modules())
    images = max(len(one.shape) for one in inputs) == 4 and not volumes
    return [shorter] if images else [inputs, shorter]
