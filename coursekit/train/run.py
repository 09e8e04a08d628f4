"""Where a training is, and who is told of it."""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit import memory
from coursekit.train.device import device_of, dice_state, set_dice
from coursekit.train.feed import Epochs
from coursekit.train.history import History

KEPT = ("step", "epoch", "losses", "rates", "accuracies", "best")


class Callback:
    """What hangs in a training: override what is needed."""

    @contextmanager
    def around(self, run: "Run") -> Iterator[None]:
        """Before and after the whole training."""
        yield

    def after_step(self, run: "Run") -> None:
        """All weights have moved once."""

    def after_epoch(self, run: "Run") -> None:
        """All images have been seen once more."""

    def enough(self, run: "Run") -> bool:
        """Whether the training may end before the next epoch."""
        return False


class Run:
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
        """The time in which callbacks are at work."""
        memory.keep()
        with ExitStack() as stack:
            for callback in self.callbacks:
                stack.enter_context(callback.around(self))
            yield

    def epochs_left(self) -> Iterator[int]:
        """The numbers of the epochs to come, until a callback has seen enough."""
        while self.epoch < self.batches.epochs:
            if any(callback.enough(self) for callback in self.callbacks):
                return
            yield self.epoch

    def after_step(self, loss: float) -> None:
        """Note the loss of a step, and tell the callbacks.

        Raises RuntimeError if it is no number any more.
        """
        rate = float(self.optimiser.param_groups[0]["lr"])
        if not math.isfinite(loss):
            raise RuntimeError(f"the loss became {loss}: lr={rate} is too large")
        self.step += 1
        self.losses.append(loss)
        self.rates.append(rate)
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
        """Go on from what `state` gave."""
        for name in KEPT:
            setattr(self, name, state[name])
        self._before = state["seconds"]
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        set_dice(state["dice"], device_of(self.model))
