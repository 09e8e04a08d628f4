"""Everything that hangs in the loop of `fit`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursekit.progress import Progress
from coursekit.train.checkpoint import Checkpoint
from coursekit.train.feed import Epochs
from coursekit.train.live import LivePlot
from coursekit.train.run import Callback, Run
from coursekit.train.settings import Settings
from coursekit.train.validation import EarlyStopping, Validation


class EachStep(Callback):
    """A plain function as a callback."""

    def __init__(self, call: Callable[[Run], None]) -> None:
        self.call = call

    def after_step(self, run: Run) -> None:
        """Call it."""
        self.call(run)


class ProgressBar(Callback):
    """The display of `coursekit.progress`; without a label it shows nothing."""

    def __init__(self, label: str | None, steps: int) -> None:
        self.display = Progress(label or "", total=steps, hidden=label is None)

    @contextmanager
    def around(self, run: Run) -> Iterator[None]:
        """Show it from the beginning to the end."""
        with self.display:
            self.display.update(run.step)
            yield

    def after_step(self, run: Run) -> None:
        """Count the step."""
        self.display.update(note=f"loss {run.loss:.2f}")


def callbacks_of(settings: Settings, batches: Epochs) -> list[Callback]:
    """What the settings ask for, in the order in which it is told."""
    chosen: list[Callback] = []
    if settings.validation is not None:
        how = (settings.prepare, settings.threads)
        chosen.append(Validation(settings.validation, *how))
    if settings.patience is not None:
        chosen.append(EarlyStopping(settings.patience))
    if settings.checkpoint:
        about = identity(settings, batches)
        chosen.append(Checkpoint(Path(settings.checkpoint), about))
    if settings.live:
        chosen.append(LivePlot(settings.label or "Training"))
    for own in settings.callbacks:
        chosen.append(own if isinstance(own, Callback) else EachStep(own))
    return [*chosen, ProgressBar(settings.label, batches.steps)]


def identity(settings: Settings, batches: Epochs) -> dict[str, Any]:
    """What must be the same for a training to go on from a file."""
    steps = batches.steps
    return {
        "images": len(batches.labels),
        "batch_size": settings.batch_size,
        "steps": steps,
        "seed": settings.seed,
        "rates": [settings.rate(step) for step in (0, steps // 2, steps - 1)],
    }
