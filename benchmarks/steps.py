"""Training steps as ways to measure."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from benchmarks import machine
from benchmarks.measure import Way
from coursekit import allocator
from coursekit.train import Constant, Trainer, cross_entropy
from coursekit.train.device import to_channels_last
from coursekit.train.step import Loss, MakeOptimiser

# As the papers' recipes train ResNets.
SGD = partial(torch.optim.SGD, momentum=0.9, weight_decay=1e-4)

Step = Callable[[], float]


def batch(size: int, channels: int, side: int) -> tuple[Tensor, Tensor]:
    """Noise in 0 … 1, (size, channels, side, side), and labels 0 … 9."""
    where = machine.device()
    images = torch.rand(size, channels, side, side, device=where)
    return images, torch.randint(10, (size,), device=where)


def counted(step: Step, items: int, target: float | None = None) -> Way:
    """A step with its number of floating-point operations."""
    return Way(step, items, machine.flops(step), target)


def usual(model: nn.Module, images: Tensor, labels: Tensor) -> Step:
    """A step as akamaster's and kuangliu's training loops make it."""
    model = model.to(images.device).train()
    optimiser, criterion = SGD(model.parameters(), lr=0.1), nn.CrossEntropyLoss()

    def step() -> float:
        loss = criterion(model(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


class Same:
    """A feed that always gives the same batch."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        self.batch = (images, labels)

    def __getitem__(self, step: int) -> tuple[Tensor, Tensor]:
        return self.batch


def ours(
    build: Callable[[], nn.Module],
    images: Tensor,
    labels: Tensor,
    *,
    optimiser: MakeOptimiser = SGD,
    lr: float = 0.1,
    loss: Loss = cross_entropy,
    channels_last: bool = True,
    precision: str = "float32",
) -> Step:
    """A step of `Trainer`: all weights updated in one go, recorded on a card."""
    model = build()
    trainer = Trainer(
        to_channels_last(model) if channels_last else model,
        Same(images, labels),
        prepare=nn.Identity(),
        optimiser=partial(optimiser, fused=True),
        schedule=Constant(lr),
        loss=loss,
        precision=precision,
        device=images.device,
    )

    def step() -> float:
        allocator.keep_blocks()  # as the trainer did, before others had a turn
        return trainer.step().item()

    return step


def both_precisions(
    make: Callable[..., Step], items: int, targets: dict[str, float]
) -> dict[str, Way]:
    """`make(precision=…)` in single precision, and in bfloat16 if the device has it."""
    precisions = ["float32"] + ["bfloat16"] * machine.has_bfloat16()
    return {
        f"coursekit, {name}": counted(make(precision=name), items, targets.get(name))
        for name in precisions
    }
