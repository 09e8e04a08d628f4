"""Is a result luck, and which settings are quicker? Measured, not guessed."""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from coursekit.progress import Progress
from coursekit.train.device import own_dice, to_channels_last
from coursekit.train.feed import Examples
from coursekit.train.loop import fit
from coursekit.train.measure import accuracy
from coursekit.train.schedules import Schedule
from coursekit.train.step import PRECISIONS, cross_entropy, update

CHOICES = [(p, last) for p in PRECISIONS for last in (False, True)]


def accuracies(
    build: Callable[[], nn.Module],
    train: Examples,
    test: Examples,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    epochs: int = 5,
    batch_size: int = 64,
    lr: float | Schedule = 0.05,
    label: str = "Training",
) -> list[float]:
    """Test accuracies of fresh models from `build`, one trained for each seed.

    A seed fixes the starting weights and the order of the images.
    """
    results: list[float] = []
    with Progress(label, total=len(seeds)) as bar:
        for seed in seeds:
            with own_dice(seed):
                model = build()
            fit(
                model,
                train,
                epochs=epochs,
                batch_size=batch_size,
                lr=lr,
                seed=seed,
                label=None,
            )
            results.append(accuracy(model, test))
            bar.update(note=f"{results[-1]:.1%} of the test images right")
    return results


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
