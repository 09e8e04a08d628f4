"""Gradient descent on the pixels of a picture."""

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from coursekit import allocator
from coursekit.arguments import check_choice, check_counts
from coursekit.features.images import as_picture
from coursekit.progress import Progress

# Images (1, 3, h, w) → named terms, the sum of which is made small.
Objective = Callable[[Tensor], dict[str, Tensor]]

LEARNING_RATES = {"lbfgs": 1.0, "adam": 0.02}


@dataclass(frozen=True, eq=False)
class Painted:
    """A picture and how it came about.

    image: (3, h, w) in 0 … 1. pictures: (evaluations so far, picture) pairs, the last
    one is `image`. losses: the terms at each evaluation of the loss, and "total".
    """

    image: Tensor
    pictures: tuple[tuple[int, Tensor], ...]
    losses: dict[str, tuple[float, ...]]
    seconds: float


@dataclass(frozen=True)
class Descent:
    """How to descend: optimiser "lbfgs" or "adam", and `steps` evaluations of the loss.

    lr None: 1 for L-BFGS, 0.02 for Adam, in pixels of 0 … 1. every: keep a picture
    after so many evaluations; 0 keeps the last one only.
    """

    optimiser: str = "lbfgs"
    steps: int = 200
    lr: float | None = None
    every: int = 0

    def __post_init__(self) -> None:
        check_choice("optimiser", self.optimiser, LEARNING_RATES)
        check_counts(steps=self.steps)
        if self.lr is not None and not 0 < self.lr < math.inf:
            raise ValueError(f"lr must be a number above 0, but it is {self.lr!r}.")
        if type(self.every) is not int or self.every < 0:
            raise ValueError(f"every must be 0, 1, 2, …, but it is {self.every!r}.")


def descend(
    start: Tensor, objective: Objective, settings: Descent, label: str
) -> Painted:
    """Change the picture `start`, (1, 3, h, w), until the objective is small.

    L-BFGS may look a few times more than `steps` to end a search along its line. While
    nbgrader executes a notebook it makes one step only: no point depends on more.
    Raises RuntimeError when the loss is no longer a number.
    """
    allocator.keep_blocks()
    steps = shortened(settings.steps)
    # L-BFGS lines up all numbers of the image in a row, which must be contiguous.
    image = start.detach().clone(memory_format=torch.contiguous_format)
    image.requires_grad_(True)
    log = Log(settings.every)
    scale: list[Tensor] = []
    with Progress(label, total=steps) as bar:

        def closure() -> Tensor:
            image.grad = None
            terms = objective(image)
            total = torch.stack(list(terms.values())).sum()
            total.backward()
            steady(image, scale)
            log.note(image, terms | {"total": total})
            bar.update(min(1, steps - bar.count), f"loss {log.losses['total'][-1]:.3g}")
            return total.detach() * scale[0]

        minimise(image, closure, settings, steps)
        bar.update(steps - bar.count)  # L-BFGS ends early when nothing moves any more
    return log.result(image)


def minimise(
    image: Tensor, closure: Callable[[], Tensor], settings: Descent, steps: int
) -> None:
    """`steps` evaluations of the closure, which leaves the slope in `image.grad`."""
    lr = settings.lr or LEARNING_RATES[settings.optimiser]
    if settings.optimiser == "adam":
        adam = torch.optim.Adam([image], lr=lr)
        for _ in range(steps):
            adam.step(closure)
        return
    torch.optim.LBFGS(
        [image],
        lr=lr,
        max_iter=steps,
        max_eval=steps,
        tolerance_grad=0,
        tolerance_change=0,
        history_size=20,
        line_search_fn="strong_wolfe",
    ).step(closure)


def steady(image: Tensor, scale: list[Tensor]) -> None:
    """Divide the slope by the sum of the first one, which is kept in `scale`.

    Losses of 1e9 and slopes like them overflow in the sums that L-BFGS makes.
    """
    assert image.grad is not None
    if not scale:
        scale.append(1 / image.grad.abs().sum().clamp(min=1e-30))
    image.grad *= scale[0]


def shortened(steps: int) -> int:
    """One step only while nbgrader executes a notebook: no point depends on more."""
    return 1 if os.environ.get("NBGRADER_EXECUTION") else steps


class Log:
    """Keeps the values at each step, and some pictures."""

    def __init__(self, every: int = 0) -> None:
        self.every, self.count = every, 0
        self.losses: dict[str, list[float]] = {}
        self.pictures: list[tuple[int, Tensor]] = []
        self.began = time.perf_counter()

    def note(self, image: Tensor, values: dict[str, Tensor]) -> None:
        """One step, made from `image`. Raises RuntimeError for NaN."""
        if self.every and self.count % self.every == 0:
            self.keep(image)
        self.count += 1
        for name, value in values.items():
            number = value.item()
            if not math.isfinite(number):
                raise RuntimeError(
                    f"The {name} became {number} after {self.count - 1} steps. Take a "
                    "smaller lr or rate, smaller weights, or precision float32."
                )
            self.losses.setdefault(name, []).append(number)

    def keep(self, image: Tensor) -> None:
        """Put the picture of now aside."""
        self.pictures.append((self.count, as_picture(image)))

    def result(self, image: Tensor) -> Painted:
        """Everything, with the picture at the end."""
        if not self.pictures or self.pictures[-1][0] != self.count:
            self.keep(image)
        return Painted(
            as_picture(image),
            tuple(self.pictures),
            {name: tuple(values) for name, values in self.losses.items()},
            time.perf_counter() - self.began,
        )
