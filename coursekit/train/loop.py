"""Training and testing a classifier, short enough to read in one sitting."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.data import Split
from coursekit.progress import Progress


@dataclass(frozen=True)
class History:
    """What a training run leaves behind: the loss of every step, and its seconds."""

    losses: tuple[float, ...]
    seconds: float


@contextmanager
def one_thread() -> Iterator[None]:
    """Small networks run on one core: results do not depend on how many there are.

    On a busy computer it is also many times faster than cores that wait for each other.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@one_thread()
def fit(
    model: nn.Module,
    split: Split,
    *,
    epochs: int = 5,
    batch_size: int = 64,
    lr: float = 0.05,
    seed: int = 0,
    label: str = "Training",
) -> History:
    """Train `model` in place on the labelled images of `split`.

    epochs: how often every image is seen; lr: the learning rate; seed: fixes the order
    of the images, so that equal models with equal seeds end equal (on one machine).
    Raises ValueError if a setting makes no sense, RuntimeError if the loss diverges.
    """
    start, losses = time.perf_counter(), []
    order = batches(len(split.labels), epochs, batch_size, seed)
    with Progress(label, total=len(order)) as bar:
        for loss in steps(model, split, order, lr):
            losses.append(loss)
            bar.update(note=f"loss {loss:.2f}")
    return History(tuple(losses), time.perf_counter() - start)


def batches(count: int, epochs: int, batch_size: int, seed: int) -> list[Tensor]:
    """The images of each step, as indices: all `count` in a new order every epoch.

    While nbgrader executes a notebook there is one step only: no point depends on more.
    """
    if min(count, epochs, batch_size) < 1:
        raise ValueError(
            f"training needs images, epochs and a batch size of 1 or more, "
            f"got {count} images, epochs={epochs}, batch_size={batch_size}"
        )
    dice = torch.Generator().manual_seed(seed)
    shuffles = [torch.randperm(count, generator=dice) for _ in range(epochs)]
    order = [part for shuffle in shuffles for part in shuffle.split(batch_size)]
    return order[:1] if os.environ.get("NBGRADER_EXECUTION") else order


def steps(
    model: nn.Module, split: Split, order: Sequence[Tensor], lr: float
) -> Iterator[float]:
    """Stochastic gradient descent with momentum 0.9; yields the loss of each step."""
    optimiser = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    model.train()
    for chosen in order:
        scores = model(as_input(split.images[chosen]))
        loss = F.cross_entropy(scores, split.labels[chosen])
        if not loss.isfinite():
            raise RuntimeError(f"the loss became {loss.item()}: lr={lr} is too large")
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield loss.item()


@one_thread()
@torch.no_grad()
def accuracy(model: nn.Module, split: Split, batch_size: int = 250) -> float:
    """The part of the images of `split`, 0 to 1, to which `model` gives their label."""
    if len(split.labels) == 0:
        raise ValueError("the accuracy on no images is not defined")
    model.eval()
    parts = split.images.split(batch_size)
    # While nbgrader executes a notebook one batch will do: no point depends on more.
    parts = parts[:1] if os.environ.get("NBGRADER_EXECUTION") else parts
    guesses = torch.cat([model(as_input(images)).argmax(1) for images in parts])
    return (guesses == split.labels[: len(guesses)]).double().mean().item()


@one_thread()
def accuracies(
    build: Callable[[], nn.Module],
    train: Split,
    test: Split,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    epochs: int = 5,
    batch_size: int = 64,
    lr: float = 0.05,
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
            order = batches(len(train.labels), epochs, batch_size, seed)
            for _ in steps(model, train, order, lr):
                pass
            results.append(accuracy(model, test))
            bar.update(note=f"{results[-1]:.1%} of the test images right")
    return results


def as_input(images: Tensor) -> Tensor:
    """Bytes 0 to 255, any shape, as numbers from 0 to 1."""
    if images.dtype != torch.uint8:
        raise ValueError(f"images are bytes (torch.uint8), not {images.dtype}")
    return images.float() / 255
