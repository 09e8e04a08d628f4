"""One step of training after the other, as fast as the device allows."""

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from coursekit.train.schedules import Schedule

Loss = Callable[[nn.Module, Tensor, Tensor], Tensor]
MakeOptimiser = Callable[..., Optimizer]

WARM_UP_STEPS = 3
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
# One recording at a time: while it lasts the card must do nothing unforeseen.
_recording = threading.Lock()


class Feed(Protocol):
    """Where batches come from; see `coursekit.train.Batches`."""

    def __getitem__(self, step: int) -> tuple[Tensor, Tensor]: ...


def cross_entropy(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """The usual loss of a classifier."""
    return F.cross_entropy(model(images), labels)


class Trainer:
    """A model, its optimiser and how far they are; `step()` makes one step.

    prepare: from the bytes of a batch to what the model takes; optimiser: called with
    the parameters and `lr`, for example `functools.partial(torch.optim.SGD,
    momentum=0.9)`; schedule: the learning rate of each step; precision: "float32", or
    "bfloat16" for the convolutions and matrix products.

    On a graphics card the whole step is recorded after a few steps and then replayed
    (a CUDA graph): small networks otherwise wait for Python. `loss` must not look at
    values then (no `.item()`, no `if` on a tensor). `graph=False` switches it off.
    """

    def __init__(
        self,
        model: nn.Module,
        feed: Feed,
        *,
        prepare: nn.Module,
        optimiser: MakeOptimiser,
        schedule: Schedule,
        loss: Loss = cross_entropy,
        precision: str = "float32",
        device: torch.device | str = "cpu",
        graph: bool = True,
    ) -> None:
        self.device = torch.device(device)
        self.model, self.prepare = model.to(self.device), prepare.to(self.device)
        self.feed, self.loss, self.schedule = feed, loss, schedule
        self.precision = PRECISIONS[precision]
        self.optimiser = make_optimiser(optimiser, model.parameters(), self.device)
        self.done = 0
        self.total = torch.zeros((), device=self.device)
        self._lr = float("nan")
        self._batch: Sequence[Tensor] = ()
        self._graph: torch.cuda.CUDAGraph | None = None
        on_card = self.device.type == "cuda"
        self._record = graph and on_card
        self._stream = torch.cuda.Stream(self.device) if on_card else None
        if self._stream is not None:
            self._stream.wait_stream(torch.cuda.current_stream(self.device))

    def step(self) -> None:
        """Take the next batch and move all weights; adds the loss to `total`."""
        with self.on_stream():
            self._set_rate(self.schedule(self.done))
            self._load(self.feed[self.done])
            if self._graph is not None:
                self._graph.replay()
            elif self._record and self.done >= self._ready_at:
                self._capture()
            else:
                self._update()
        self.done += 1
"""
