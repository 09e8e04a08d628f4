"""Learning rates that change with the step: each is called with the step, 0, 1, …"""

import math
from collections.abc import Callable
from dataclasses import dataclass

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class Constant:
    """The same learning rate at every step."""

    lr: float

    def __call__(self, step: int) -> float:
        return self.lr


@dataclass(frozen=True)
class Drops:
    """Multiplied by `factor` at each of the steps `at`; `warm_up_lr` before `warm_up`.

    He et al. 2015, section 4.2: 0.1, divided by 10 at 32,000 and 48,000.
    """

    lr: float
    at: tuple[int, ...]
    factor: float = 0.1
    warm_up: int = 0
    warm_up_lr: float = 0.0

    def __call__(self, step: int) -> float:
        if step < self.warm_up:
            return self.warm_up_lr
        return self.lr * self.factor ** sum(step >= drop for drop in self.at)


@dataclass(frozen=True)
class Decay:
    """Multiplied by `factor` little by little, once in `every` steps."""

    lr: float
    factor: float
    every: int

    def __call__(self, step: int) -> float:
        return self.lr * self.factor ** (step / self.every)


@dataclass(frozen=True)
class OneCycle:
    """Up in a straight line to `lr`, then down to nearly 0 along half a cosine."""

    lr: float
    steps: int
    warm_up: float = 0.15

    def __call__(self, step: int) -> float:
        top = max(1, round(self.warm_up * self.steps))
        if step < top:
            return self.lr * (step + 1) / top
        part = min(1.0, (step - top + 1) / max(1, self.steps - top))
        return self.lr * max(1e-4, (1 + math.cos(math.pi * part)) / 2)
