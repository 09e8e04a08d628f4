"""What to do about errors about shapes."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from coursekit.checks.shape_errors import advice

A, B = np.zeros((3, 2, 4)), np.zeros((2, 4))


def message(work: Callable[[], object]) -> str:
    with pytest.raises((ValueError, RuntimeError)) as error:
        work()
    return str(error.value)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: A + np.zeros(3), "(3,) meets the 3 in (3, 2, 4) as a[:, None, None]."),
        (lambda: A + np.zeros(2), "(2,) meets the 2 in (3, 2, 4) as a[:, None]."),
        (lambda: A + np.zeros((3, 2)), "(3, 2) meets the 2 in (3, 2, 4) as a[:, :, N"),
        (lambda: A * np.zeros(5), "lined up from the right"),
        (lambda: torch.zeros(3, 4) + torch.zeros(3), "lined up from the right"),
        (lambda: A.__setitem__(0, np.zeros((2, 3))), "the part that you write it into"),
        (lambda: B @ B, "as many columns as B has rows"),
        (lambda: np.dot(B, B), "number by number write A * B"),
        (lambda: torch.tensor(B) @ torch.tensor(B), "as many columns as B has rows"),
        (lambda: A.reshape(5, 5), ""),
        (lambda: int("x"), ""),
    ],
)  # fmt: skip
def test_the_advice_belongs_to_the_message(
    work: Callable[[], object], words: str
) -> None:
    told = advice(message(work))
    assert words in told
    assert bool(words) == bool(told)


def test_what_fits_two_axes_is_left_to_the_reader() -> None:
    told = advice(message(lambda: np.zeros((3, 3, 4)) + np.zeros(3)))
    assert "meets" not in told


def test_the_advice_can_be_followed() -> None:
    a = np.zeros(3)
    assert (A + a[:, None, None]).shape == A.shape
