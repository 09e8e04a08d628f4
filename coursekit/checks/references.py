"""Oracles that are modules: torch's own layers, on the check's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.checks.bench.inside import QUESTIONS, Entry, entries
from coursekit.checks.matching import Layout, read_layout

if TYPE_CHECKING:
    from coursekit.checks.core import Cases


def stirred(module: nn.Module, cases: Cases) -> nn.Module:
    """The module with random weights, biases and statistics, none of them 0 or 1."""
    with torch.no_grad():
        for entry in tensors_of(module):
            if entry.tensor.is_floating_point():
                values = cases.rng.uniform(0.2, 1, size=tuple(entry.tensor.shape))
                signs = cases.rng.choice([-1.0, 1.0], size=values.shape)
                signed = not entry.name.endswith("var")
                new = values * signs if signed else values
                entry.tensor.copy_(torch.as_tensor(new))
    return module


def normal(cases: Cases, *shape: int) -> Tensor:
    """float32 numbers of both signs with two decimals."""
    return torch.as_tensor(cases.floats(*shape)).float()


def output_of(oracle: nn.Module, *inputs: Tensor) -> np.ndarray:
    """What the oracle returns, in the mode in which it is."""
    with torch.no_grad():
        return oracle(*inputs).numpy()


def shapes_of(oracle: nn.Module) -> list[tuple[int, ...]]:
    """Shapes of its parameters."""
    return [tuple(parameter.shape) for parameter in oracle.parameters()]


def layout_of(oracle: nn.Module, *inputs: Tensor) -> Layout:
    """The layout of a module on the check's own side."""
    return read_layout(QUESTIONS["layout"](oracle, {}, *inputs))


def tensors_of(module: nn.Module) -> list[Entry]:
    """Its parameters and buffers."""
    return entries(module)
