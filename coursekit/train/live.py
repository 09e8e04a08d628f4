"""A plot of the training that grows while it runs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from coursekit.progress import in_notebook, is_quiet
from coursekit.train.history import History
from coursekit.train.run import Callback, Run

SECONDS_BETWEEN_PLOTS = 2.0


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

    def after_step(self, run: Run) -> None:
        """Show the run up to now, now and then."""
        self.draw(run.history)

    @contextmanager
    def around(self, run: Run) -> Iterator[None]:
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
