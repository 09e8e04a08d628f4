"""Rules of Go in place of learning: visible boards cannot tell, hidden ones do."""

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import Tensor, nn

from tests.answers import judge


class Rules(nn.Module):
    """It has learned nothing: it counts liberties."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        found = [captures(planes == 1) for planes in x.numpy()]
        return self.scale * (torch.tensor(np.stack(found)).float() - 0.5)


def captures(planes: np.ndarray) -> np.ndarray:
    """The last free points (19, 19) of chains of the last plane."""
    found = np.zeros(planes[0].shape, bool)
    chains, count = ndimage.label(planes[2])
    for chain in range(1, count + 1):
        free = ndimage.binary_dilation(chains == chain) & planes[0]
        if free.sum() == 1:
            found |= free
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("hard", "right"), [(False, True), (True, False)])
def test_rules_that_were_not_learned(hard: bool, right: bool) -> None:
    values = {"learn_captures": lambda boards, captures: Rules()}
    message = judge("who-captures", values, hard=hard)
    assert (message == "") == right
    assert right or "colours exchanged" in message
