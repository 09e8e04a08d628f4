"""What `fit` notes while it trains: numbers, the best weights, a file to go on from."""

import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any, Self

from torch import Tensor

from coursekit.train import checkpoint
from coursekit.train.history import History
from coursekit.train.live import LivePlot
from coursekit.train.trainer import Trainer

SECONDS_BETWEEN_SAVES = 30
KEPT = ("losses", "rates", "accuracies", "best")


class Log:
    """Called after each step; measures, keeps and saves where an epoch ends.

    measure: the validation accuracy of now, if it is wanted; patience: after how many
    epochs without a better accuracy it is `enough`; path: where the training is kept;
    settings: what must be the same to go on from there.
    """

    def __init__(
        self,
        trainer: Trainer,
        *,
        steps: int,
        steps_per_epoch: int,
        measure: Callable[[], float] | None,
        patience: int | None,
        path: Path | None,
        settings: dict[str, Any],
        live: LivePlot | None,
    ) -> None:
        self.trainer, self.steps, self.steps_per_epoch = trainer, steps, steps_per_epoch
        self.measure, self.patience, self.live = measure, patience, live
        self.path, self.settings = path, settings
        self.losses: list[float] = []
        self.rates: list[float] = []
        self.accuracies: list[float] = []
        self.best: dict[str, Tensor] | None = None
        self._before = 0.0
        self._start = self._saved = time.perf_counter()
        self._go_on()

    @property
    def enough(self) -> bool:
        """Whether the last step is made, or more epochs seem to be no use."""
        return self.trainer.done >= self.steps or self.waited >= (self.patience or inf)

    @property
    def waited(self) -> int:
        """How many epochs ago the accuracy was best."""
        if not self.accuracies:
            return 0
        return len(self.accuracies) - 1 - self.accuracies.index(max(self.accuracies))

    @property
    def seconds(self) -> float:
        """How long it took up to now, without the time in which it was stopped."""
        return self._before + time.perf_counter() - self._start

    def note(self, loss: float) -> None:
        """Keep the numbers of a step, and do what is due after it."""
        self.losses.append(loss)
        self.rates.append(self.trainer.schedule(self.trainer.done - 1))
        done = self.trainer.done
        if done % self.steps_per_epoch == 0 or done == self.steps:
            self._end_of_epoch()
        elif time.perf_counter() - self._saved > SECONDS_BETWEEN_SAVES:
            self._save()
        if self.live:
            self.live.draw(self.history)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Complete the plot; at a good end, take the best weights back."""
        if self.live and self.losses:
            self.live.draw(self.history, at_once=True)
        if kind is None and self.best is not None:
            self.trainer.model.load_state_dict(self.best)

    def history(self) -> History:
        """The numbers up to now."""
        return History(
            tuple(self.losses),
            self.seconds,
            tuple(self.rates),
            tuple(self.accuracies),
            self.steps_per_epoch,
        )

    def _end_of_epoch(self) -> None:
        if self.measure is not None:
            self.accuracies.append(self.measure())
            self.trainer.model.train()
            if self.patience and self.waited == 0:
                weights = self.trainer.model.state_dict()
                self.best = {name: value.clone() for name, value in weights.items()}
        self._save()

    def _save(self) -> None:
        self._saved = time.perf_counter()
        if self.path is not None:
            numbers = {name: getattr(self, name) for name in KEPT}
            state = {"settings": self.settings, "trainer": self.trainer.state()}
            checkpoint.save(self.path, {**state, **numbers, "seconds": self.seconds})

    def _go_on(self) -> None:
        state = checkpoint.load(self.path, self.trainer.device) if self.path else None
        if state is None:
            return
        if state["settings"] != self.settings:
            raise ValueError(
                f"{self.path} holds another training, with {state['settings']}. This "
                f"one has {self.settings}. Delete the file, or choose another."
            )
        for name in KEPT:
            setattr(self, name, state[name])
        self._before = state["seconds"]
        self.trainer.load(state["trainer"])
