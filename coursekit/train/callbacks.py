"""Everything that hangs in the loop of `fit`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from torch import nn

from coursekit.progress import Progress, in_notebook, is_quiet
from coursekit.train.device import device_of
from coursekit.train.feed import Epochs, Examples
from coursekit.train.identity import architecture, checksum, describe, of_optimiser
from coursekit.train.keeper import Keeper
from coursekit.train.measure import accuracy
from coursekit.train.settings import Settings
from coursekit.train.training import Callback, History, Training

SECONDS_BETWEEN_SAVES = 30
SECONDS_BETWEEN_PLOTS = 2.0
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

    def __init__(self, call: Callable[[Training], None]) -> None:
        self.call = call

    def after_step(self, run: Training) -> None:
        """Call it."""
        self.call(run)


class ProgressBar(Callback):
    """The display of `coursekit.progress`; without a label it shows nothing."""

    def __init__(self, label: str | None, steps: int) -> None:
        self.display = Progress(label or "", total=steps, hidden=label is None)

    @contextmanager
    def around(self, run: Training) -> Iterator[None]:
        """Show it from the beginning to the end."""
        with self.display:
            self.display.update(run.step)
            yield

    def after_step(self, run: Training) -> None:
        """Count the step."""
        self.display.update(note=f"loss {run.loss:.2f}")


class LivePlot(Callback):
    """One figure in a notebook's output, drawn anew in place, complete at the end.

    Silent where `coursekit.progress` is: under tests and while nbgrader grades. Outside
    a notebook nothing is shown; `History.plot` draws the same figure there.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self._handle: Any = None
        self._next = 0.0
        self._shown = in_notebook() and not is_quiet()

    def after_step(self, run: Training) -> None:
        """Show the run up to now, now and then."""
        self.draw(run.history)

    @contextmanager
    def around(self, run: Training) -> Iterator[None]:
        """However the training ends, show all of it."""
        try:
            yield
        finally:
            if run.losses:
                self.draw(run.history, at_once=True)

    def draw(self, history: Callable[[], History], at_once: bool = False) -> None:
        """Show the run up to now, if the last time is two seconds ago or `at_once`."""
        if not self._shown or (time.perf_counter() < self._next and not at_once):
            return
        from IPython.display import display

        bundle = self.bundle(history())
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
        self._next = time.perf_counter() + SECONDS_BETWEEN_PLOTS

    def bundle(self, history: History) -> dict[str, str]:
        """The figure with its caption and alternative text."""
        import matplotlib.pyplot as plt

        from coursekit.plots.core import bundle
        from coursekit.plots.training import in_words

        figure = history.plot()
        try:
            words = in_words(history)
            caption = f"{self.label}: {words}"
            return bundle(figure, caption=caption, alt=f"Learning curves. {words}")
        finally:
            plt.close(figure)


class Validation(Callback):
    """Notes the accuracy on images that are not trained on."""

    def __init__(
        self, split: Examples, prepare: nn.Module | None, threads: int
    ) -> None:
        self.split, self.prepare, self.threads = split, prepare, threads

    def after_epoch(self, run: Training) -> None:
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

    def after_epoch(self, run: Training) -> None:
        """Keep the weights if they are the best up to now."""
        if waited(run.accuracies) == 0:
            weights = run.model.state_dict()
            run.best = {name: value.clone() for name, value in weights.items()}

    def enough(self, run: Training) -> bool:
        """Whether more epochs seem to be no use."""
        return waited(run.accuracies) >= self.patience

    @contextmanager
    def around(self, run: Training) -> Iterator[None]:
        """At a good end, take the best weights back."""
        yield
        if run.best is not None:
            run.model.load_state_dict(run.best)


def waited(accuracies: list[float]) -> int:
    """How many epochs ago the accuracy was best."""
    if not accuracies:
        return 0
    return len(accuracies) - 1 - accuracies.index(max(accuracies))


class Checkpoint(Callback):
    """Keeps a training in a file, and goes on from there.

    made_of: says what must be the same to go on; see `Keeper` for what is raised.
    """

    def __init__(
        self, path: Path, made_of: Callable[[Training], dict[str, str]]
    ) -> None:
        self.path, self.made_of = path, made_of
        self._saved = time.perf_counter()

    @contextmanager
    def around(self, run: Training) -> Iterator[None]:
        """Go on from the file, if there is one."""
        self.keeper = Keeper(self.path, self.made_of(run))
        state = self.keeper.load(device_of(run.model))
        if state is not None:
            try:
                run.load(state)
            except Exception as error:
                raise self.keeper.damaged(f"{type(error).__name__}") from None
        yield

    def after_step(self, run: Training) -> None:
        """Save now and then: an epoch may be long."""
        if time.perf_counter() - self._saved > SECONDS_BETWEEN_SAVES:
            self.after_epoch(run)

    def after_epoch(self, run: Training) -> None:
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


def ingredients(
    settings: Settings, examples: Examples, run: Training
) -> dict[str, str]:
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
