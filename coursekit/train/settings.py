"""What can be chosen for a training, and what is taken when nothing is said."""

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import torch
from torch import nn

from coursekit.augment import UNCHANGED, Change
from coursekit.train.feed import Epochs, Examples, check_examples
from coursekit.train.schedules import Constant, Schedule
from coursekit.train.step import Loss, MakeOptimiser, cross_entropy, precision_of
from coursekit.train.training import Callback, History, Training

MOMENTUM = partial(torch.optim.SGD, momentum=0.9)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How `fit` trains.

    epochs: how often every image is seen; batch_size: how many in a step (a single one
    that is left at the end of an epoch joins the batch before); lr: the learning rate,
    or how it changes with the step (`coursekit.train.schedules`).
    seed: fixes the order of the images, the changes of them, and what the model throws
    with PyTorch's dice, such as dropout, so that equal models with equal seeds end
    equal (on a graphics card, as far as its operations repeat themselves). The dice lie
    as before when training ends.
    label: of the progress display, None for none.

    optimiser: called with the parameters and `lr`; loss: of (model, images, labels);
    augment: changes the images at random (`coursekit.augment`); prepare: turns them
    into what the model takes. Left out, it makes bytes numbers from 0 to 1, and leaves
    other numbers as they are.
    precision, channels_last: see `quickest`, which measures what helps.

    validation: measured after each epoch; with `patience`, training ends after so many
    epochs without a better accuracy, and the best weights are taken back.
    callbacks: called with the `Training` after each step, for example `Inside`; a
    `Callback` is told more.
    checkpoint: a file; the same training goes on from there after it was stopped. A
    file of another training is refused: other images, model or settings. Only threads,
    channels_last, label, live and callbacks may change.
    live: show the learning curves while they grow, in a notebook.
    threads: of the CPU; with one, results do not depend on how many there are.

    Raises ValueError if a setting makes no sense.
    """

    epochs: int = 5
    batch_size: int = 64
    lr: float | Schedule = 0.05
    seed: int = 0
    label: str | None = "Training"
    optimiser: MakeOptimiser = MOMENTUM
    loss: Loss = cross_entropy
    augment: Change = UNCHANGED
    prepare: nn.Module | None = None
    precision: str = "float32"
    channels_last: bool = False
    validation: Examples | None = None
    patience: int | None = None
    callbacks: Sequence[Callback | Callable[[Training], None]] = ()
    checkpoint: Path | str | None = None
    live: bool = False
    threads: int = 1

    def __post_init__(self) -> None:
        precision_of(self.precision)
        if self.validation is not None:
            check_examples(self.validation)
            if len(self.validation.labels) == 0:
                raise ValueError("validation needs at least one image, but has none")
        if self.patience is None:
            return
        if self.patience < 1 or self.validation is None:
            raise ValueError(
                "early stopping needs validation images and a patience >= 1"
            )

    def rate(self, step: int) -> float:
        """The learning rate of step 0, 1, …"""
        schedule = self.lr if callable(self.lr) else Constant(self.lr)
        rate = schedule(step)
        if not 0 <= rate < math.inf:
            raise ValueError(f"lr must be 0 or more, but at step {step} it is {rate}")
        return rate

    def batches(self, split: Examples, device: torch.device) -> Epochs:
        """The batches of all epochs, on the device."""
        return Epochs(
            split,
            epochs=self.epochs,
            batch_size=self.batch_size,
            seed=self.seed,
            augment=self.augment,
            device=device,
        )


P = ParamSpec("P")
Loop = Callable[[nn.Module, Examples, Settings], History]


def keywords(
    settings: Callable[P, Settings],
) -> Callable[[Loop], Callable[Concatenate[nn.Module, Examples, P], History]]:
    """Let the settings of a loop be given one by one, by their names."""

    def change(loop: Loop) -> Callable[Concatenate[nn.Module, Examples, P], History]:
        @wraps(loop)
        def called(
            model: nn.Module, split: Examples, *args: P.args, **named: P.kwargs
        ) -> History:
            return loop(model, split, settings(*args, **named))

        signature = inspect.signature(loop)
        kept = list(signature.parameters.values())[:-1]
        ours = inspect.signature(settings).parameters.values()
        vars(called)["__signature__"] = signature.replace(parameters=[*kept, *ours])
        return called

    return change
