"""What a training run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
