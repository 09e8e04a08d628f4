"""One step of training after the other, as fast as the device allows."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from coursekit import allocator
from coursekit.train.device import dice_state, set_dice
from coursekit.train.measure import count_wrong
from coursekit.train.schedules import Schedule
from coursekit.train.step import (
    Loss,
    MakeOptimiser,
    cross_entropy,
    precision_of,
    set_rate,
    update,
)

# Steps in the ordinary way before one is recorded: libraries choose their methods then.
WARM_UP = 3
# One recording at a time: while it lasts nothing unforeseen may happen on the card.
_recording = threading.Lock()


class Steps(Protocol):
    """What gives the batch of each step; see `coursekit.train.Batches`."""

    def __getitem__(self, step: int) -> tuple[Tensor, Tensor]: ...


class Trainer:
    """A model, its optimiser and how far they are; `step()` makes one step.

    prepare: from the bytes of a batch to what the model takes; optimiser: called with
    the parameters and `lr`, for example `functools.partial(torch.optim.SGD,
    momentum=0.9)`; schedule: the learning rate of each step; precision: "float32", or
    "bfloat16" for the convolutions and matrix products.

    On a graphics card the whole step is recorded once (a CUDA graph) and replayed from
    then on: small networks otherwise wait for Python. `loss` must not look at values
    then (no `.item()`, no `if` on a tensor). `graph=False` switches it off.
    """

    def __init__(
        self,
        model: nn.Module,
        feed: Steps,
        *,
        prepare: nn.Module,
        optimiser: MakeOptimiser,
        schedule: Schedule,
        loss: Loss = cross_entropy,
        precision: str = "float32",
        device: torch.device | str = "cpu",
        graph: bool = True,
    ) -> None:
        allocator.keep_blocks()
        self.device = torch.device(device)
        self.model = model.to(self.device).train()
        self.prepare = prepare.to(self.device)
        self.feed, self.loss, self.schedule = feed, loss, schedule
        self.precision = precision_of(precision)
        self._record = graph and self.device.type == "cuda"
        make = recordable(optimiser, self.device) if self._record else optimiser
        self.optimiser = make(self.model.parameters(), lr=schedule(0))
        self.done = 0
        self._total = torch.zeros((), device=self.device)
        self._loss = self._total
        self._counted = 0
        self._batch: tuple[Tensor, Tensor] | None = None
        self._warm = 0
        self._recorded: torch.cuda.CUDAGraph | None = None
        self._stream = own_stream(self.device)

    def step(self) -> Tensor:
        """Move all weights once, on the next batch; returns the loss there.

        Does not wait for the device. On a graphics card the next step overwrites what
        was returned.
        """
        with self.on_stream():
            set_rate(self.optimiser, self.schedule(self.done))
            self._take(*self.feed[self.done])
            if not self._record:
                self._update()
            elif self._warm < WARM_UP:
                with _recording:
                    self._update()
                self._warm += 1
            else:
                self._replay()
        self.done += 1
        if self._stream is not None:  # what is read now comes after this step
            torch.cuda.current_stream(self.device).wait_stream(self._stream)
        return self._loss

    def mean_loss(self) -> float:
        """Mean loss of the steps since the last call. Waits for the device."""
        with self.on_stream():
            mean = self._total.item() / max(1, self.done - self._counted)
            self._total.zero_()
        self._counted = self.done
        return mean

    @torch.no_grad()
    def errors(self, images: Tensor, labels: Tensor, batch_size: int = 1000) -> float:
        """Part of the images, 0 to 1, whose highest score is not that of their label.

        Labels (n, k) say that an image shows k things: its k highest scores must be
        theirs. Waits for the device.
        """
        self.model.eval()
        with self.on_stream(), torch.compiler.set_stance("force_eager"):
            wrong = count_wrong(
                lambda part, truth: self.model(self.prepare(part)),
                images,
                labels,
                batch_size,
                self.device,
            )
        self.model.train()
        return wrong / len(labels)

    def state(self) -> dict[str, Any]:
        """All that is needed to go on later. Waits for the device."""
        if self._stream is not None:
            self._stream.synchronize()
        return {
            "done": self.done,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "dice": dice_state(self.device),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave; to be called before the first step."""
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        set_dice(state["dice"], self.device)
        self.done = self._counted = state["done"]
        if self._stream is not None:
            self._stream.wait_stream(torch.cuda.current_stream(self.device))

    @contextmanager
    def on_stream(self) -> Iterator[None]:
        """Work of this model does not wait for that of others on the same card."""
        if self._stream is None:
            yield
        else:
            with torch.cuda.stream(self._stream):
                yield

    def _take(self, images: Tensor, labels: Tensor) -> None:
        """Batches always lie at the same place: a recorded step reads them there."""
        if not self._record:
            self._batch = (images, labels)
        elif self._batch is None:
            self._batch = (images.clone(), labels.clone())
        else:
            self._batch[0].copy_(images)
            self._batch[1].copy_(labels)

    def _update(self) -> None:
        assert self._batch is not None
        images, labels = self._batch
        self._loss = update(
            self.model,
            self.optimiser,
            self.loss,
            self.prepare(images),
            labels,
            precision=self.precision,
        )
        self._total += self._loss

    def _replay(self) -> None:
        if self._recorded is None:
            with _recording:
                self._recorded = self._recording_of_a_step()
        self._recorded.replay()

    def _recording_of_a_step(self) -> torch.cuda.CUDAGraph:
        graph = torch.cuda.CUDAGraph()
        self.optimiser.zero_grad()  # gradients must lie where the recording put them
        with torch.cuda.graph(
            graph, stream=self._stream, capture_error_mode="thread_local"
        ):
            self._update()
        return graph


def own_stream(device: torch.device) -> torch.cuda.Stream | None:
    """A queue of work of its own on a graphics card; none on a CPU."""
    if device.type != "cuda":
        return None
    stream = torch.cuda.Stream(device)
    stream.wait_stream(torch.cuda.current_stream(device))
    return stream


def recordable(make: MakeOptimiser, device: torch.device) -> MakeOptimiser:
    """The same optimiser with its learning rate as a tensor, which a recording reads.

    Raises ValueError for one that PyTorch cannot record (it has no `fused`).
    """

    def make_recordable(parameters: Any, lr: float) -> Optimizer:  # noqa: ANN401
        rate = torch.tensor(lr, device=device)
        try:
            optimiser = make(parameters, lr=rate, fused=True)
        except TypeError:
            raise ValueError(
                "this optimiser cannot be recorded: take SGD, Adam or AdamW, or set "
                "graph=False"
            ) from None
        for group in optimiser.param_groups:
            if "capturable" in group:
                group["capturable"] = True
        return optimiser

    warnings.filterwarnings("ignore", "This instance was constructed with capturable")
    return make_recordable
