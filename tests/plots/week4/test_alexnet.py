"""The figures of AlexNet: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.plots.week4 import alexnet as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_networks_are_drawn_to_one_scale_one_above_the_other() -> None:
    networks = {"small": [(32, 1), (5, 16), (1, 10)], "large": [(224, 3), (1, 100)]}
    [ax] = figures.fourteen_years(networks).axes
    words = [text.get_text() for text in ax.texts]
    assert [word for word in words if word in networks] == ["large", "small"]
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert heights["small"] > heights["large"], "the older one is above"
    assert "5\n× 16" in words
    assert "10" in words
    sides = {patch.get_path().get_extents().height for patch in ax.patches}
    assert {32.0, 5.0, 224.0} <= sides


def test_as_many_wires_as_slices() -> None:
    fig = figures.groups(4, 6, 2)
    for ax, slices in zip(fig.axes, (24, 12), strict=True):
        assert len(ax.get_lines()) == slices
        assert f"{slices} slices" in ax.texts[0].get_text()


def test_bars_before_and_after() -> None:
    pairs: dict[str, tuple[list[float], list[float]]]
    pairs = {"one": ([1, 5], [0.5, 4]), "two": ([3, 3], [2, 2])}
    fig = figures.inhibited(pairs)
    for ax, (before, after) in zip(fig.axes, pairs.values(), strict=True):
        bars = [p.get_height() for p in ax.patches if isinstance(p, Rectangle)]
        assert bars == [*before, *after]


def test_gains_are_points_and_the_bar_their_mean() -> None:
    [ax] = figures.ideas({"ReLU": [0.1, 0.3], "dropout": [-0.02, 0.0]}).axes
    dots, mean, other_dots, other_mean, _ = ax.get_lines()
    np.testing.assert_allclose(np.asarray(dots.get_xydata()), [[10, 0], [30, 0]])
    np.testing.assert_allclose(np.asarray(mean.get_xdata()), [20, 20])
    np.testing.assert_allclose(np.asarray(other_dots.get_xydata()), [[-2, 1], [0, 1]])
    np.testing.assert_allclose(np.asarray(other_mean.get_xdata()), [-1, -1])
    low, high = ax.get_ylim()
    assert low > high, "the first idea is at the top"
