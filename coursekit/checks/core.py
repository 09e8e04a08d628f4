"""Checks that teach: what every check of the course is made of.

A check is a function that gets the student's answers and a source of seeded cases:

    @exercise("output-size")
    def output_size(answer: Answer, cases: Cases) -> None:
        \"\"\"Oracle: the length that torch's own convolution returns.\"\"\"
        expect(answer(7, 3), 5, "a 3-wide kernel on 7 pixels", [(4, "Add 1: …")])
        for n, k in sizes(cases):
            expect(answer(n, k), torch_length(n, k), f"{n} pixels, kernel of {k}")

In the notebook `checks.week1.output_size(output_size)` prints one line, or raises
`CheckFailed` with a message about the first case that fails. Answers are only ever
called, with copies of plain data, and what comes back is compared by value: the same
check runs on an answer that lives in another process. Answers that make modules and
other objects, or that train, are checked in the same way: `coursekit.checks.modules`
shows how.

Every `expect…` also refuses an answer that writes into its inputs, unless the exercise
says `in_place=True`, and one that calls what it should write by hand: see `ready_made`.
"""

import contextlib
import inspect
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import numpy as np
import torch

from coursekit import logbook
from coursekit.checks.bench import Bench
from coursekit.checks.bench.dice import own_dice
from coursekit.checks.errors import CheckFailed
from coursekit.checks.expect import Tally, not_written, noun
from coursekit.checks.maker import Maker
from coursekit.checks.objects import Elsewhere, Link
from coursekit.checks.ready_made import Rule, watching


class Registered(Protocol):
    """A check of an exercise or of a quiz."""

    id: str
    name: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the answers it takes."""

    @property
    def __call__(self) -> Callable[..., None]:
        """Check the answers, or raise CheckFailed."""


C = TypeVar("C", bound=Registered)
REGISTRY: dict[str, Registered] = {}
DEFAULT_SEED = 2024
_seed = DEFAULT_SEED


class Cases:
    """Seeded random cases. `hard` asks for more, bigger and odder ones."""

    def __init__(self, seed: int, hard: bool) -> None:
        self.rng = np.random.default_rng(seed)
        self.hard = hard

    def count(self, usual: int) -> range:
        """Numbers for a loop over random cases: twice as many when hard."""
        return range(1, 1 + (2 * usual if self.hard else usual))

    def integer(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self.rng.integers(low, high + 1))

    def integers(self, *shape: int) -> np.ndarray:
        """int64 numbers between -9 and 9."""
        return self.rng.integers(-9, 10, size=shape)

    def floats(self, *shape: int) -> np.ndarray:
        """float64 numbers of both signs with two decimals."""
        return np.round(3 * self.rng.standard_normal(shape), 2)

    def numbers(self, *shape: int) -> np.ndarray:
        """Integers or floats, by chance."""
        return self.integers(*shape) if self.rng.random() < 0.3 else self.floats(*shape)


class Check:
    """The check of one exercise. Call it with the answers, or `run` it on any seed.

    id: of the exercise; name: of the function in the lesson's `checks.weekN`
    parameters: names of the answers it takes; rule: what they should write by hand
    in_place: whether an answer may write into its inputs
    """

    def __init__(
        self,
        exercise_id: str,
        names: tuple[str, ...],
        body: Callable[..., None],
        rule: Rule = Rule(),  # noqa: B008 - it cannot be changed
        in_place: bool = False,
    ) -> None:
        self.id, self.name = exercise_id, body.__name__
        self.rule, self.in_place = rule, in_place
        self._names, self._body = names, body
        given = tuple(inspect.signature(body).parameters)[:-1]
        self.parameters = (self.name,) if given == ("answer",) else given
        self.__doc__ = body.__doc__

    def __call__(self, *answers: object) -> None:
        """Check the answers and print one line. Raises CheckFailed."""
        agreed = self.run(*answers, seed=_seed)
        passed(self.id, f"all {agreed} cases agree.")

    def run(self, *answers: object, seed: int, hard: bool = False) -> int:
        """The number of cases that agree, all of them. Raises CheckFailed."""
        tally = Tally(self.id, in_place=self.in_place)
        wrapped = self._wrapped(answers, tally)
        with watching(self.rule), own_dice(seed), torch.enable_grad():
            try:
                self._body(*wrapped, Cases(seed, hard))
            except (CheckFailed, KeyboardInterrupt):
                raise
            except Exception as error:
                raise CheckFailed(stumbled(self.id, error)) from error
        return tally.agreed

    def _wrapped(self, answers: tuple[object, ...], tally: Tally) -> list[Maker]:
        if len(answers) != len(self.parameters):
            call = f"checks.….{self.name}({', '.join(self.parameters)})"
            raise CheckFailed(f"✗ {self.id}: call the check as {call}.")
        bench = Bench()
        return [
            self._maker(answer, name, tally, bench)
            for answer, name in zip(answers, self.parameters, strict=True)
        ]

    def _maker(self, answer: object, name: str, tally: Tally, bench: Bench) -> Maker:
        if isinstance(answer, Elsewhere):
            answer.channel.clear()
            return Maker(name, self._names, Link(answer.channel, tally), answer.number)
        self._refuse_no_function(answer, name)
        number = bench.keep_answer(answer)
        return Maker(name, self._names, Link(bench, tally), number)

    def _refuse_no_function(self, answer: object, name: str) -> None:
        if answer is None or answer is ...:
            raise CheckFailed(not_written(self.id, name))
        if not callable(answer):
            raise CheckFailed(
                f"✗ {self.id}: {name} is {noun(answer)}, not a function. "
                f"Run the cell that defines it with `def {name}(…)` again."
            )


def passed(exercise_id: str, words: str) -> None:
    """What every check ends with: say that the exercise has passed, and note it."""
    print(f"✓ {exercise_id}: {words}")
    logbook.note(exercise_id)


def stumbled(exercise_id: str, error: Exception) -> str:
    """The message when a check, not the answer, raised an error."""
    return (
        f"✗ {exercise_id}: the check stumbled over what your answer returned "
        f"({type(error).__name__}: {str(error)[:200]}). Compare its type and its "
        "shape with the docstring. If they are right, please tell your teacher."
    )


def exercise(
    exercise_id: str,
    *inputs: str,
    by_hand: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    in_place: bool = False,
) -> Callable[[Callable[..., None]], Check]:
    """Make a check of a function `(answer, cases)`, or `(first, second, …, cases)`.

    inputs: what the answer's inputs are called in messages
    by_hand: dotted names of functions, classes, modules that do the exercise in one
      call; allowed: those that may be called though they use one of them
    needs: dotted names of Python functions that each call of an answer has to call;
      the check asks `result.outcome.missing`
    in_place: whether an answer may write into its inputs
    A single answer has the name of the check; several have the parameters' names.
    """

    def register(body: Callable[..., None]) -> Check:
        rule = Rule(by_hand, allowed, needs)
        return registered(Check(exercise_id, inputs, body, rule, in_place))

    return register


def registered(check: C) -> C:
    """Remember a check under its id. Raises ValueError when the id is taken."""
    if check.id in REGISTRY:
        raise ValueError(f"two checks have the id {check.id!r}")
    REGISTRY[check.id] = check
    return check


@contextlib.contextmanager
def use_seed(seed: int) -> Iterator[None]:
    """Within the `with` block, checks draw their random cases from this seed."""
    global _seed
    before, _seed = _seed, seed
    try:
        yield
    finally:
        _seed = before
