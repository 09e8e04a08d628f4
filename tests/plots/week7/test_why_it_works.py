"""The figures of why residual networks work: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from coursekit.plots.week7 import why_it_works as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_lesions_have_a_panel_for_each_kind() -> None:
    tables = {"residual": np.array([[0.1, 0.3], [0.3, 0.3]]), "plain": np.ones((3, 2))}
    fig = figures.after_lesions(tables, {"residual": [0.4, 0.2], "plain": [0.3]})
    left, right = fig.axes
    assert (left.get_title(), right.get_title()) == ("residual", "plain")
    assert (len(left.lines), len(right.lines)) == (2 + 3, 3 + 3)
    assert np.allclose(left.lines[2].get_ydata(), [0.2, 0.3])
    assert np.allclose(left.lines[3].get_ydata(), 0.3)


def test_high_accuracies_stay_in_the_panels() -> None:
    fig = figures.after_lesions({"residual": np.full((2, 3), 0.7)}, {"residual": [0.7]})
    assert fig.axes[0].get_ylim()[1] > 0.7


def heights(ax: plt.Axes) -> list[float]:
    return [bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_every_path_has_a_row(blocks: int) -> None:
    left, right = figures.every_path(blocks).axes
    assert sum(isinstance(patch, Circle) for patch in left.patches) == blocks
    assert sum(isinstance(patch, FancyBboxPatch) for patch in left.patches) == blocks
    boxes = sum(isinstance(patch, Rectangle) for patch in right.patches)
    assert boxes == blocks * 2 ** (blocks - 1)
    assert len(right.lines) == 2**blocks
    assert (
        texts(right)[-1] == f"${' '.join(f'A_{k}' for k in range(blocks, 0, -1))} x_0$"
    )


def test_lengths_are_per_cent() -> None:
    fig = figures.lengths([0.25, 0.5, 0.25])
    assert heights(fig.axes[0]) == [25, 50, 25]


def test_what_is_carried() -> None:
    sizes, shares = [[1, 0.5, 0.25]] * 3, [[0.4, 0.4, 0.2]] * 3
    left, right = figures.carried(sizes, shares).axes
    assert left.get_yscale() == "log"
    assert heights(right)[:3] == [25, 50, 25]
    assert np.allclose(right.lines[0].get_ydata(), [40, 40, 20])


def test_gradients_are_logarithmic() -> None:
    kinds = {"plain": [np.ones(41)] * 2, "residual": [np.ones(41)] * 2}
    fig = figures.gradients({"a": kinds, "b": kinds})
    assert [ax.get_yscale() for ax in fig.axes] == ["log", "log"]
    assert [len(ax.lines) for ax in fig.axes] == [4, 4]


def test_a_dot_for_each_block() -> None:
    sizes, gone = np.full((3, 4), 0.5), np.arange(12).reshape(3, 4) / 10
    ax = figures.loud_and_lost(sizes, gone).axes[0]
    assert [len(np.asarray(line.get_xdata())) for line in ax.lines[:3]] == [4, 4, 4]
    assert texts(ax) == ["1", "2"] * 3


def test_dense_columns_grow() -> None:
    ax = figures.dense_block(2, 3, 4).axes[0]
    sheets = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(sheets) == 2 + 6 + 10 + 14
    words = texts(ax)
    assert [one for one in words if "maps" in one] == [
        "2 maps",
        "6 maps",
        "10 maps",
        "14 maps",
    ]
    assert sum("4 new" in one for one in words) == 3
