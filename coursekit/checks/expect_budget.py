"""What a check expects of a network that may keep only so many numbers.

Numbers can be kept where no count sees them: in the closure of a function, a class, a
global name, a default argument, a hook, a file. So what it keeps is counted, what a
run takes from elsewhere is looked for, and at the end all that was counted is replaced
by numbers drawn anew: a network that is still good has learned somewhere else.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from torch import Tensor

from coursekit.checks.compare import array
from coursekit.checks.core import Cases
from coursekit.checks.expect import Result, expect_that
from coursekit.checks.expect_module import expect_registered
from coursekit.checks.modules import MadeModule

FEW = 32  # numbers from elsewhere that are settings
BELONG = (
    "Whatever numbers it keeps must be parameters or buffers of the module itself: "
    "layers as self.name = nn.Conv2d(…), fixed numbers by "
    'self.register_buffer("name", …). '
)


def expect_budget(model: MadeModule, budget: int, case: str, dear: str) -> None:
    """At most `budget` numbers in parameters and buffers together, and at least one.

    dear: words on where most of them may sit
    """
    numbers = model.numbers()
    found = replace(model.parameters(), part=" keeps numbers")
    told = (
        f"{numbers[0]:,} in parameters, {numbers[1]:,} in buffers: {budget:,} at most."
    )
    expect_that(found, sum(numbers) <= budget, case, told, dear)
    none = f"{model.name} keeps no number of its own."
    expect_that(found, sum(numbers) > 0, case, none, BELONG)
    expect_registered(model, case, buffers=True)
    many = [f"self.{path} keeps {count:,} numbers" for path, count in model.hoards()]
    expect_that(model.parameters(), not many, case, *many[:2], BELONG)


def expect_nothing_outside(model: MadeModule, case: str, *inputs: Tensor) -> None:
    """A run takes no numbers from elsewhere. The inputs differ, best in their sizes."""
    shapes = sorted(model.constants(*inputs), key=np.prod, reverse=True)
    total = sum(int(np.prod(size, dtype=np.int64)) for size in shapes)
    lines = (
        f"forward uses {total:,} numbers that are neither in its parameters nor in its "
        "buffers,",
        f"the same for every input; shapes: {', '.join(map(str, shapes[:3]))}",
        f"{BELONG}What stands in the function around it, in a class, a global name, "
        "a hook or a file is not counted.",
    )
    found = replace(model.parameters(), part=" keeps numbers")
    expect_that(found, total <= FEW, case, *lines)


def expect_learned_inside(
    model: MadeModule, cases: Cases, score: Callable[[], tuple[float, str]],
    limit: float, case: str,
) -> None:  # fmt: skip
    """With strange numbers in all parameters and buffers it knows nothing any more.

    The last thing to ask: the network is spoilt.

    score: how good the module is now, a number and its words; limit: better is no luck
    """
    state = model.state()
    model.write({path: _strange(kept, cases)
                 for path, kept in state.outcome.value.items()})  # fmt: skip
    good, told = score()
    found = replace(state, part="")
    expect_that(found, good < limit, case, "With numbers drawn anew in all its "
                f"parameters and buffers: {told}.", "So what it has learned does not "
                f"sit in them. {BELONG}")  # fmt: skip


def scores_of(result: Result, shape: tuple[int, ...]) -> np.ndarray:
    """What a network with strange numbers says; zeros when it says nothing."""
    values = array(result.outcome.value)
    if not isinstance(values, np.ndarray) or values.shape != shape:
        return np.zeros(shape)
    return np.nan_to_num(values.astype(float))


def _strange(kept: np.ndarray, cases: Cases) -> np.ndarray:
    """Numbers as large as these, of the same type; none below 0 if there was none."""
    size = float(np.sqrt(np.mean(np.abs(kept.astype(float)) ** 2))) if kept.size else 0
    drawn = cases.rng.normal(0, size or 1.0, kept.shape)
    drawn = np.abs(drawn) if (kept >= 0).all() else drawn
    return drawn.astype(kept.dtype)
