"""What a notebook leaves for the tests of its claims."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tests.left_names import load, save

CELL = """
import torch
from torch import nn
limits = {"low": 2}

def above(x: torch.Tensor) -> torch.Tensor:
    return x[x > limits["low"]]

class Twice(nn.Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(x)

layer = Twice(3, 1)
many = torch.arange(1_000_000.0)
few = many[2:5]
weight = torch.ones(2, requires_grad=True)
(3 * weight).sum().backward()
steps = (number for number in range(3))
_, In = 1, []
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    space: dict[str, object] = {"__name__": "__main__"}
    exec(CELL, space)
    path = tmp_path_factory.mktemp("left") / "x.names"
    save(space, str(path))
    return load(path) | {"path": path}


def test_functions_and_classes_come_with_what_they_use(
    names: dict[str, object],
) -> None:
    above, limits, layer = names["above"], names["limits"], names["layer"]
    assert callable(above)
    assert isinstance(limits, dict)
    assert isinstance(layer, nn.Linear)
    assert above(torch.arange(5)).tolist() == [3, 4]
    limits["low"] = 3
    assert above(torch.arange(5)).tolist() == [4], "they share what they shared"
    x = torch.ones(1, 3)
    assert torch.equal(layer(x), 2 * nn.functional.linear(x, layer.weight, layer.bias))


def test_gradients_stay(names: dict[str, object]) -> None:
    weight = names["weight"]
    assert isinstance(weight, Tensor)
    assert weight.grad is not None
    assert weight.requires_grad
    assert weight.grad.tolist() == [3, 3]


def test_a_view_takes_its_own_numbers_only(tmp_path: Path) -> None:
    few = torch.arange(1_000_000.0)[2:5]
    save({"few": few}, str(tmp_path / "few.names"))
    assert (tmp_path / "few.names").stat().st_size < 10_000
    assert torch.equal(load(tmp_path / "few.names")["few"], few)


def test_what_cannot_be_carried_stays_behind(names: dict[str, object]) -> None:
    assert "steps" not in names, "a generator"
    assert not {"_", "In"} & set(names)
    path = names["path"]
    assert isinstance(path, Path)
    assert not path.with_suffix(".names.part").exists()
