"""The figures of the lesson on counting: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit import models
from coursekit.anatomy import count_layers
from coursekit.plots.week4 import counting as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def boxes(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def test_areas_are_to_scale_in_each_panel() -> None:
    sums = {"a": (4, 30), "b": (16, 20), "c": (100, 60)}
    fig = figures.squares(sums, ("weights", "neurons"))
    for ax, counts in zip(fig.axes, zip(*sums.values(), strict=True), strict=True):
        areas = [box.get_width() * box.get_height() for box in boxes(ax)]
        np.testing.assert_allclose(areas, np.array(counts) / max(counts))
        assert [text.get_text() for text in ax.texts][1] == f"{counts[0]:,}"


def test_each_bar_of_shares_is_a_whole() -> None:
    networks = {"DQN": count_layers(models.dqn(), (4, 84, 84))}
    [ax] = figures.shares(networks).axes
    widths = np.reshape([box.get_width() for box in boxes(ax)], (2, 4))
    np.testing.assert_allclose(widths.sum(axis=1), 1)
    np.testing.assert_allclose(widths[0, 2:].sum(), 0.9819, atol=1e-4)
    np.testing.assert_allclose(widths[1, 2:].sum(), 0.2250, atol=1e-4)


def test_memory_grows_with_the_batch_only_where_images_are() -> None:
    [ax] = figures.memory(10.0, 0.5).axes
    widths = np.reshape([box.get_width() for box in boxes(ax)], (4, 4))
    np.testing.assert_allclose(widths[:3], 10)
    np.testing.assert_allclose(widths[3], 0.5 * np.array(figures.BATCHES))


def test_bounds_are_points_in_milliseconds_by_kind() -> None:
    times = [("convolution", 0.002, 0.003), ("ReLU", 0.001, 0.0004)]
    [ax] = figures.bounds(times).axes
    drawn = {one.get_label(): np.asarray(one.get_offsets()) for one in ax.collections}
    assert list(drawn) == ["convolutions", "ReLU and others"]
    np.testing.assert_allclose(drawn["convolutions"], [[2, 3]])
    np.testing.assert_allclose(drawn["ReLU and others"], [[1, 0.4]])
    low, high = ax.get_xlim()
    assert low < 0.4 < 3 < high
    assert ax.get_ylim() == (low, high)


def test_rates_are_billions_below_the_cores() -> None:
    [ax] = figures.rates([1, 4], [5e9, 2e10], 3e10).axes
    peak, curve = ax.get_lines()
    assert set(np.asarray(peak.get_ydata(), dtype=float)) == {30}
    np.testing.assert_allclose(np.asarray(curve.get_xydata()), [[1, 5], [4, 20]])
