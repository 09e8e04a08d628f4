"""Measuring after each epoch, and stopping when it gets no better."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

from coursekit.train.feed import Examples
from coursekit.train.measure import accuracy
from coursekit.train.run import Callback, Run


class Validation(Callback):
    """Notes the accuracy on images that are not trained on."""

    def __init__(
        self, split: Examples, prepare: nn.Module | None, threads: int
    ) -> None:
        self.split, self.prepare, self.threads = split, prepare, threads

    def after_epoch(self, run: Run) -> None:
        """Measure; the model goes back to training mode."""
        measured = accuracy(
            run.model, self.split, prepare=self.prepare, threads=self.threads
        )
        run.accuracies.append(measured)
        run.model.train()


class EarlyStopping(Callback):
    """Ends the training `patience` epochs after the best one, and goes back to it."""

    def __init__(self, patience: int) -> None:
        self.patience = patience

    def after_epoch(self, run: Run) -> None:
        """Keep the weights if they are the best up to now."""
        if waited(run.accuracies) == 0:
            weights = run.model.state_dict()
            run.best = {name: value.clone() for name, value in weights.items()}

    def enough(self, run: Run) -> bool:
        """Whether more epochs seem to be no use."""
        return waited(run.accuracies) >= self.patience

    @contextmanager
    def around(self, run: Run) -> Iterator[None]:
        """At a good end, take the best weights back."""
        yield
        if run.best is not None:
            run.model.load_state_dict(run.best)


def waited(accuracies: list[float]) -> int:
    """How many epochs ago the accuracy was best."""
    if not accuracies:
        return 0
    return len(accuracies) - 1 - accuracies.index(max(accuracies))
