"""Files from which training goes on after it was stopped, by whatever."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import torch

from coursekit.train.device import device_of
from coursekit.train.run import Callback, Run

SECONDS_BETWEEN_SAVES = 30


class Checkpoint(Callback):
    """Keeps a training in a file, and goes on from there.

    about: what must be the same to go on. Raises ValueError for a file with another
    training, RuntimeError for one that cannot be read or written.
    """

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self.path, self.about = path, about
        self._saved = time.perf_counter()

    @contextmanager
    def around(self, run: Run) -> Iterator[None]:
        """Go on from the file, if there is one."""
        state = load(self.path, device_of(run.model))
        if state is not None:
            self._check(state.get("about"))
            run.load(state["run"])
        yield

    def after_step(self, run: Run) -> None:
        """Save now and then: an epoch may be long."""
        if time.perf_counter() - self._saved > SECONDS_BETWEEN_SAVES:
            self.after_epoch(run)

    def after_epoch(self, run: Run) -> None:
        """Save all that is needed to go on."""
        save(self.path, {"about": self.about, "run": run.state()})
        self._saved = time.perf_counter()

    def _check(self, about: object) -> None:
        if about == self.about:
            return
        found = f"another training, with {about}" if about else "no training by fit"
        raise ValueError(
            f"{self.path} holds {found}. This one has {self.about}. Delete the file, "
            "or choose another."
        )


def save(path: Path, state: dict[str, Any]) -> None:
    """Write `state`; a process that is killed while it writes leaves the file before.

    Raises RuntimeError when the file cannot be written.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, partial)
        os.replace(partial, path)
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            partial.unlink()
        raise RuntimeError(
            f"The training cannot be kept in {path} ({error}). Choose a folder with "
            "space where you may write."
        ) from None


def load(path: Path, device: torch.device | str = "cpu") -> dict[str, Any] | None:
    """What was saved, or None when there is no file.

    Only numbers, texts and tensors are read, never code. Raises RuntimeError for a file
    that no `save` wrote.
    """
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location=device, weights_only=True)
    except Exception as error:
        raise RuntimeError(
            f"{path} is not a training to go on with ({type(error).__name__}). Delete "
            "it, or choose another file."
        ) from None
