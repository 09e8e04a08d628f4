"""Whether half precision and channels last help: measured, not guessed."""

import copy
import time
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from coursekit.train.device import to_channels_last
from coursekit.train.step import PRECISIONS, cross_entropy, update

CHOICES = [(p, last) for p in PRECISIONS for last in (False, True)]


@dataclass(frozen=True)
class Choice:
    """Settings of `fit`, and the milliseconds that one step takes with them."""

    precision: str
    channels_last: bool
    milliseconds: float


def quickest(
    model: nn.Module, images: Tensor, labels: Tensor, repeats: int = 3
) -> list[Choice]:
    """All four choices, the quickest first, timed on one batch where the model lies.

    images: what the model takes, (n, c, h, w); labels: (n,). The model is not changed.
    The time is the shortest of `repeats`, after one step to warm up. Which is quickest
    depends on the network and the processor: bfloat16 needs a graphics card or a recent
    CPU, and is slower on others.
    """
    if repeats < 1:
        raise ValueError(f"repeats must be 1 or more, got {repeats}")
    timed = []
    for precision, last in CHOICES:
        twin = copy.deepcopy(model).train()
        if last:
            to_channels_last(twin)
        step = partial(
            update,
            twin,
            torch.optim.SGD(twin.parameters(), lr=0.0),
            cross_entropy,
            images,
            labels,
            precision=PRECISIONS[precision],
        )
        best = min([milliseconds(step) for _ in range(repeats + 1)][1:])
        timed.append(Choice(precision, last, best))
    return sorted(timed, key=lambda choice: choice.milliseconds)


def milliseconds(step: partial[Tensor]) -> float:
    """How long one step takes until its loss is known."""
    start = time.perf_counter()
    step().item()
    return 1000 * (time.perf_counter() - start)
