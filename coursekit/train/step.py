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
    """The usual loss of a classifier."""
    return F.cross_entropy(model(images), labels)


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
