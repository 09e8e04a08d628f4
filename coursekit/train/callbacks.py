"""Everything that hangs in the loop of `fit`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from coursekit.progress import Progress
from coursekit.train.device import device_of
from coursekit.train.feed import Epochs, Examples
from coursekit.train.identity import architecture, checksum, describe, of_optimiser
from coursekit.train.keeper import Keeper
from coursekit.train.live import LivePlot
from coursekit.train.run import Callback, Run
from coursekit.train.settings import Settings
from coursekit.train.validation import EarlyStopping, Validation

SECONDS_BETWEEN_SAVES = 30
# The settings that change what a training leads to; lr and optimiser by their effect.
INGREDIENTS = (
    "epochs",
    "batch_size",
    "seed",
    "loss",
    "augment",
    "prepare",
    "precision",
    "validation",
    "patience",
)


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


class Checkpoint(Callback):
    """Keeps a training in a file, and goes on from there.

    made_of: says what must be the same to go on; see `Keeper` for what is raised.
    """

    def __init__(self, path: Path, made_of: Callable[[Run], dict[str, str]]) -> None:
        self.path, self.made_of = path, made_of
        self._saved = time.perf_counter()

    @contextmanager
    def around(self, run: Run) -> Iterator[None]:
        """Go on from the file, if there is one."""
        self.keeper = Keeper(self.path, self.made_of(run))
        state = self.keeper.load(device_of(run.model))
        if state is not None:
            try:
                run.load(state)
            except Exception as error:
                raise self.keeper.damaged(f"{type(error).__name__}") from None
        yield

    def after_step(self, run: Run) -> None:
        """Save now and then: an epoch may be long."""
        if time.perf_counter() - self._saved > SECONDS_BETWEEN_SAVES:
            self.after_epoch(run)

    def after_epoch(self, run: Run) -> None:
        """Save all that is needed to go on."""
        self.keeper.save(run.state())
        self._saved = time.perf_counter()


def callbacks_of(
    settings: Settings, examples: Examples, batches: Epochs
) -> list[Callback]:
    """What the settings ask for, in the order in which it is told."""
    chosen: list[Callback] = []
    if settings.validation is not None:
        how = (settings.prepare, settings.threads)
        chosen.append(Validation(settings.validation, *how))
    if settings.patience is not None:
        chosen.append(EarlyStopping(settings.patience))
    if settings.checkpoint:
        made_of = partial(ingredients, settings, examples)
        chosen.append(Checkpoint(Path(settings.checkpoint), made_of))
    if settings.live:
        chosen.append(LivePlot(settings.label or "Training"))
    for own in settings.callbacks:
        chosen.append(own if isinstance(own, Callback) else EachStep(own))
    return [*chosen, ProgressBar(settings.label, batches.steps)]


def ingredients(settings: Settings, examples: Examples, run: Run) -> dict[str, str]:
    """All that a training depends on but the weights it starts with."""
    found = {
        "images": describe(examples.images),
        "labels": describe(examples.labels),
        "model": architecture(run.model),
        "optimiser": of_optimiser(run.optimiser),
    }
    rates = [settings.rate(step) for step in range(run.batches.steps)]
    found["lr"] = f"{rates[0]:g} to {rates[-1]:g} {checksum(repr(rates))}"
    for name in INGREDIENTS:
        found[name] = describe(getattr(settings, name))
    return found
