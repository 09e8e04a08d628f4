"""Sample exercises that try out what a check can do with objects.

They are no exercises of the course and stay out of its registry. `answers/<stem>.py`
holds right and wrong answers, in the form that `tests/answers` reads.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from coursekit.checks import Check, CheckFailed
from coursekit.checks.ready_made import Rule
from tests.answers import AnswerCell, cells

SAMPLES: dict[str, Check] = {}
ANSWERS = Path(__file__).parent / "answers"


def sample(
    exercise_id: str, *inputs: str, by_hand: tuple[str, ...] = ()
) -> Callable[[Callable[..., None]], Check]:
    """As `exercise`, but for the samples."""

    def register(body: Callable[..., None]) -> Check:
        SAMPLES[exercise_id] = Check(exercise_id, inputs, body, Rule(by_hand))
        return SAMPLES[exercise_id]

    return register


def answers_of_samples() -> list[AnswerCell]:
    """All right and wrong answers."""
    return [cell for path in sorted(ANSWERS.glob("*.py")) for cell in cells(path)]


def judge_sample(
    exercise: str, values: Mapping[str, Any], seed: int = 2024, hard: bool = False
) -> str:
    """ "" when the values pass the check of the sample; else its message."""
    check = SAMPLES[exercise]
    try:
        check.run(*(values.get(name) for name in check.parameters),
                  seed=seed, hard=hard)  # fmt: skip
    except CheckFailed as error:
        return str(error)
    return ""
