"""Where a training is, who is told of it, and what it leaves behind."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer

from coursekit import allocator
from coursekit.train.device import device_of, dice_state, own_dice, set_dice
from coursekit.train.feed import Epochs, mixed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KEPT = ("step", "epoch", "losses", "rates", "accuracies", "best")


@dataclass(frozen=True)
class History:
    """The numbers of a training run.

    losses, rates: the loss and the learning rate of every step; accuracies: on the
    validation images after each epoch, 0 to 1; seconds: how long it took.
    """

    losses: tuple[float, ...]
    seconds: float
    rates: tuple[float, ...] = ()
    accuracies: tuple[float, ...] = ()
    steps_per_epoch: int = 1

    @property
    def best_epoch(self) -> int | None:
        """The first epoch of the highest accuracy, from 1; None without validation."""
        if not self.accuracies:
            return None
        return 1 + self.accuracies.index(max(self.accuracies))

    def ends(self) -> list[int]:
        """The step, from 1, after which each of `accuracies` was measured."""
        epochs = range(1, len(self.accuracies) + 1)
        return [min(e * self.steps_per_epoch, len(self.losses)) for e in epochs]

    def rows(self) -> list[dict[str, Any]]:
        """One row a step, ready for a data frame: `pandas.DataFrame(history.rows())`.

        `accuracy` is None where it was not measured.
        """
        measured = dict(zip(self.ends(), self.accuracies, strict=True))
        numbers = zip(self.losses, self.rates, strict=True)
        return [
            {"step": step, "loss": loss, "rate": rate, "accuracy": measured.get(step)}
            for step, (loss, rate) in enumerate(numbers, start=1)
        ]

    def plot(self) -> Figure:
        """The losses with their running mean, and the accuracies; see `plots.show`."""
        from coursekit.plots.training import learning_curves

        return learning_curves(self)


class Callback:
    """What hangs in a training: override what is needed."""

    @contextmanager
    def around(self, run: Training) -> Iterator[None]:
        """Before and after the whole training."""
        yield

    def after_step(self, run: Training) -> None:
        """All weights have moved once."""

    def after_epoch(self, run: Training) -> None:
        """All images have been seen once more."""

    def enough(self, run: Training) -> bool:
        """Whether the training may end before the next epoch."""
        return False


class Training:
    """A training on its way, as callbacks see it.

    step, epoch: how many are done; losses, rates: the loss and the learning rate of
    every step; accuracies: after each epoch, if measured; best: weights to take back.
    """

    def __init__(
        self,
        model: nn.Module,
        optimiser: Optimizer,
        batches: Epochs,
        callbacks: Sequence[Callback] = (),
    ) -> None:
        self.model, self.optimiser = model, optimiser
        self.batches, self.callbacks = batches, callbacks
        self.step = self.epoch = 0
        self.losses: list[float] = []
        self.rates: list[float] = []
        self.accuracies: list[float] = []
        self.best: dict[str, Tensor] | None = None
        self._before, self._start = 0.0, time.perf_counter()

    @property
    def loss(self) -> float:
        """The loss of the last step."""
        return self.losses[-1]

    @property
    def seconds(self) -> float:
        """How long it took up to now, without the time in which it was stopped."""
        return self._before + time.perf_counter() - self._start

    @contextmanager
    def underway(self) -> Iterator[None]:
        """The time in which callbacks are at work.

        Raises ValueError for weights that are no numbers to begin with.
        """
        allocator.keep_blocks()
        with ExitStack() as stack:
            stack.enter_context(own_dice(mixed(self.batches.seed, 2)))
            for callback in self.callbacks:
                stack.enter_context(callback.around(self))
            self._largest = largest_weight(self.model)
            if not math.isfinite(self._largest):
                raise ValueError(
                    "There is NaN or infinity in the weights of the model before the "
                    "first step. Make the model anew, or load other weights."
                )
            with batch_norm_in_words():
                yield

    def epochs_left(self) -> Iterator[int]:
        """The numbers of the epochs to come, until a callback has seen enough."""
        while self.epoch < self.batches.epochs:
            if any(callback.enough(self) for callback in self.callbacks):
                return
            yield self.epoch

    def number(self, loss: Tensor) -> float:
        """The loss, after it was traced back, before weights move.

        Raises RuntimeError, which says what is to blame, if it is NaN or infinite.
        """
        value = loss.item()
        if not math.isfinite(value):
            raise RuntimeError(f"the loss became {value}: {self._blame()}")
        return value

    def _blame(self) -> str:
        """Why a loss is no number, as far as the weights tell."""
        largest = largest_weight(self.model)
        if math.isinf(largest) or largest > 1000 * max(1.0, self._largest):
            return f"lr={self.rate} is too large, the weights grew to {largest:.1g}"
        if math.isfinite(largest):
            return (
                "the weights are numbers of usual size, so lr is not to blame. Look "
                "for the logarithm or the root of 0, or a division by 0, in the model, "
                "the loss or `prepare`"
            )
        return (
            "the step before made weights NaN, from a loss that was a number. Look for "
            "the root of 0 or a division by 0 in the model or the loss, whose slope is "
            f"infinite; or lr={self.rate} is too large"
        )

    @property
    def rate(self) -> float:
        """The learning rate of now."""
        return float(self.optimiser.param_groups[0]["lr"])

    def after_step(self, loss: float) -> None:
        """Note the loss of a step, and tell the callbacks."""
        self.step += 1
        self.losses.append(loss)
        self.rates.append(self.rate)
        for callback in self.callbacks:
            callback.after_step(self)

    def after_epoch(self) -> None:
        """Count the epoch, and tell the callbacks."""
        self.epoch += 1
        for callback in self.callbacks:
            callback.after_epoch(self)

    def history(self) -> History:
        """The numbers up to now."""
        return History(
            tuple(self.losses),
            self.seconds,
            tuple(self.rates),
            tuple(self.accuracies),
            self.batches.steps_per_epoch,
        )

    def state(self) -> dict[str, Any]:
        """All that is needed to go on later."""
        return {name: getattr(self, name) for name in KEPT} | {
            "seconds": self.seconds,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "dice": dice_state(device_of(self.model)),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave; one that does not fit changes nothing."""
        before = copy.deepcopy(self.model.state_dict())
        try:
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            set_dice(state["dice"], device_of(self.model))
            kept = {name: state[name] for name in (*KEPT, "seconds")}
        except BaseException:
            self.model.load_state_dict(before)
            raise
        self._before = kept.pop("seconds")
        vars(self).update(kept)


@contextmanager
def batch_norm_in_words() -> Iterator[None]:
    """Say what to do where a batch is too small for batch normalisation."""
    try:
        yield
    except ValueError as error:
        if "more than 1 value per channel" not in str(error):
            raise
        raise ValueError(
            "Batch normalisation cannot learn from a batch with one value per channel. "
            "Take a batch_size of 2 or more, and 2 images or more."
        ) from None


@torch.no_grad()
def largest_weight(model: nn.Module) -> float:
    """The largest size of a weight: NaN if one is, 0 without any."""
    largest = [
        weight.abs().max().float().cpu()
        for weight in model.parameters()
        if weight.numel() and not is_lazy(weight)
    ]
    return torch.stack(largest).max().item() if largest else 0.0
