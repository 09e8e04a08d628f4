"""Several ways to do one thing take turns: a busy machine slows all of them alike."""

import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch

from coursekit import allocator


@dataclass(frozen=True)
class Way:
    """One way to do the work: `run` does it once.

    items: how many images or evaluations that is; flops: its floating-point operations,
    0 when unknown; target: at most so many times the wall time of the baseline.
    """

    run: Callable[[], object]
    items: int = 1
    flops: float = 0.0
    target: float | None = None


@dataclass(frozen=True)
class Case:
    """Ways to do the same work; the first one is the baseline.

    unit: what one item is; cpu: whether the processor time of this process and of its
    ended children says anything.
    """

    name: str
    unit: str
    ways: dict[str, Way]
    cpu: bool = True
    note: str = ""

    @property
    def baseline(self) -> str:
        return next(iter(self.ways))


@dataclass(frozen=True)
class Turn:
    """Seconds for one run, on the clock and of the processor."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Spread:
    """The median, and the quartiles around it."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        """The spread of at least one number."""
        numbers = list(values)
        if len(numbers) == 1:
            return cls(numbers[0], numbers[0], numbers[0])
        return cls(*statistics.quantiles(numbers, n=4, method="inclusive"))


Turns = dict[str, list[Turn]]


def interleaved(ways: dict[str, Way], rounds: int, seconds: float) -> Turns:
    """Every way has a turn in each round, which begins with another one every time.

    A turn is as many runs as take about `seconds`, at least one. The first round is
    not counted: it warms up, and shows how long a run takes.
    """
    if rounds < 1:
        raise ValueError(f"rounds must be 1 or more, got {rounds}")
    names = list(ways)
    repeats = {name: enough(way.run, seconds) for name, way in ways.items()}
    turns: Turns = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            turns[name].append(timed(ways[name].run, repeats[name]))
    return turns


def enough(run: Callable[[], object], seconds: float) -> int:
    """How many runs take about so long; what is quick is run twice to know."""
    first = timed(run, 1).wall
    again = first if first > seconds else timed(run, 1).wall
    return max(1, round(seconds / max(again, 1e-6)))


def fresh() -> None:
    """Undo `allocator.keep_blocks`, for which everybody is to ask in their own turn.

    The limits are those to which the C library goes by itself.
    """
    allocator.set_limits(32 * 2**20, 64 * 2**20)
    allocator.keep_blocks.cache_clear()


def timed(run: Callable[[], object], repeats: int) -> Turn:
    """What one of several runs in a row takes, until the device is done."""
    fresh()
    wait()
    cpu, wall = processor_seconds(), time.perf_counter()
    for _ in range(repeats):
        run()
    wait()
    wall, cpu = time.perf_counter() - wall, processor_seconds() - cpu
    return Turn(wall / repeats, cpu / repeats)


def wait() -> None:
    """Let a graphics card finish."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def processor_seconds() -> float:
    """Of all threads of this process, and of its children that have ended."""
    return sum(os.times()[:4])


def ratios(turns: Turns, name: str, baseline: str, clock: str) -> Spread:
    """Time of `name` over that of the baseline, round by round; clock "wall", "cpu"."""
    pairs = zip(turns[name], turns[baseline], strict=True)
    return Spread.of(
        getattr(mine, clock) / max(getattr(theirs, clock), 1e-9)
        for mine, theirs in pairs
    )
