"""One step of gradient descent, and what it is made of."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

Loss = Callable[[nn.Module, Tensor, Tensor], Tensor]
MakeOptimiser = Callable[..., Optimizer]

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def cross_entropy(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """The usual loss of a classifier: scores (n, classes, …), labels int64 (n, …).

    Labels may also be probabilities, of the shape of the scores. Raises ValueError for
    labels and scores that do not fit each other.
    """
    scores = model(images)
    check_scores(scores, labels)
    return F.cross_entropy(scores, labels)


def check_scores(scores: object, labels: Tensor) -> None:
    """Refuse what cross-entropy cannot compare; a card would end the whole process."""
    if not isinstance(scores, Tensor) or scores.dim() < 2:
        shape = f" of shape {tuple(scores.shape)}" if isinstance(scores, Tensor) else ""
        raise ValueError(
            "The model must give scores (number, classes) for cross-entropy, not "
            f"{type(scores).__name__}{shape}; or choose another loss."
        )
    if labels.is_floating_point() and labels.shape == scores.shape:
        return
    expected = (len(scores), *scores.shape[2:])
    if labels.dtype != torch.int64 or labels.shape != expected:
        raise ValueError(
            f"These scores of shape {tuple(scores.shape)} need labels of shape "
            f"{expected}, int64, not {tuple(labels.shape)}, {plain(labels.dtype)}."
        )
    if scores.is_cuda and torch.cuda.is_current_stream_capturing():
        return  # nothing can be looked at; the steps before were checked
    lowest, highest = (int(end) for end in labels.aminmax())
    if lowest < 0 or highest >= scores.shape[1]:
        raise ValueError(
            f"The labels here are {lowest} to {highest}, but the model has "
            f"{scores.shape[1]} scores, for the labels 0 to {scores.shape[1] - 1}. "
            "Count labels from 0, or give the model more classes."
        )


def plain(dtype: torch.dtype) -> str:
    """The name of a type of numbers, such as "float32"."""
    return str(dtype).removeprefix("torch.")


def check_loss(loss: object) -> None:
    """Refuse what is not one number that depends on weights."""
    if isinstance(loss, Tensor) and loss.numel() == 1 and loss.requires_grad:
        return
    if not isinstance(loss, Tensor):
        found = f"is of type {type(loss).__name__}"
    elif loss.numel() != 1:
        found = f"has the shape {tuple(loss.shape)}: take its mean"
    else:
        found = "depends on no weight that can be trained"
    raise ValueError(
        "A loss must be one number, a tensor computed from what the model gives. "
        f"This one {found}."
    )


def update(
    model: nn.Module,
    optimiser: Optimizer,
    loss: Loss,
    images: Tensor,
    labels: Tensor,
    *,
    precision: torch.dtype = torch.float32,
) -> Tensor:
    """One step of gradient descent, the heart of all training; returns the loss."""
    with autocast(images.device, precision):
        value = loss(model, images, labels)
    check_loss(value)
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.detach()


def autocast(device: torch.device, precision: torch.dtype) -> torch.autocast:
    """Inside its `with`, convolutions and matrix products have this precision."""
    return torch.autocast(
        device.type,
        precision,
        enabled=precision != torch.float32,
        cache_enabled=False,  # a recorded step must read the weights of now
    )


def precision_of(name: str) -> torch.dtype:
    """The precision of this name. Raises ValueError for one that there is not."""
    if name not in PRECISIONS:
        known = " or ".join(PRECISIONS)
        raise ValueError(f"precision must be {known}, got {name!r}")
    return PRECISIONS[name]


def set_rate(optimiser: Optimizer, lr: float) -> None:
    """Set the learning rate, in place where it is a tensor."""
    for group in optimiser.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(lr)
        else:
            group["lr"] = lr
