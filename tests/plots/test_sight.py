"""Rows of units: where they stand and what they see."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from torch import nn

from coursekit import plots
from coursekit.plots.sight import LIT, rows_of, seen_by

STACKS = [
    [(3, 1, 0, 1)],
    [(3, 2, 0, 1), (3, 1, 0, 1)],
    [(3, 1, 1, 2), (2, 2, 0, 1), (4, 1, 2, 1)],
]


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.parametrize("layers", STACKS)
def test_what_is_seen_is_what_has_a_gradient(layers: list[tuple[int, ...]]) -> None:
    convs = [nn.Conv1d(1, 1, k, s, p, d, bias=False) for k, s, p, d in layers]
    for conv in convs:
        nn.init.ones_(conv.weight)
    x = torch.ones(1, 1, 30, requires_grad=True)
    y = nn.Sequential(*convs)(x)
    rows = rows_of(layers, 30)  # type: ignore[arg-type]
    assert rows[-1].count == y.shape[-1]
    unit = rows[-1].count // 2
    (slope,) = torch.autograd.grad(y[0, 0, unit], x)
    seen = seen_by(layers, unit)[0]  # type: ignore[arg-type]
    assert slope[0, 0].nonzero().flatten().tolist() == sorted(seen)
    middle = (min(seen) + max(seen)) / 2
    assert rows[-1].place(unit) == middle


def lit(fig: plt.Figure) -> int:
    boxes = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    return sum(to_hex(box.get_facecolor()) == LIT.lower() for box in boxes)


def test_the_picture_marks_units_and_padding() -> None:
    layers = [(3, 1, 1, 1), (3, 1, 1, 1)]
    fig = plots.seen(layers, 9, 0)
    assert lit(fig) == 1 + 2 + 3
    dashed = [p for p in fig.axes[0].patches if p.get_linestyle() != "solid"]
    assert len(dashed) == 1 + 2
    assert len(fig.axes[0].lines) == 4
    assert lit(plots.seen(layers, 9, 4, layer=1)) == 1 + 3
    hidden = plots.seen(layers, 9, 4, hidden=True)
    assert lit(hidden) == 1
    assert not hidden.axes[0].lines


def test_a_layer_without_room_is_empty() -> None:
    assert rows_of([(5, 1, 0, 1)], 3)[-1].count == 0
    assert np.isfinite(rows_of([(5, 1, 0, 1)], 3)[-1].left)
