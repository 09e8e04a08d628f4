"""The figures of the lesson on receptive fields: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.plots.week2 import receptive_fields as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_nested_windows_lie_where_they_were_asked_for() -> None:
    windows = {"small": (4, 6, 3), "large": (-2, 1, 12)}
    fig = figures.nested({"a picture": (np.zeros((10, 14)), windows)})
    (ax,) = fig.axes
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    corners = {(b.get_y() + 0.5, b.get_x() + 0.5, b.get_width()) for b in boxes}
    assert corners == set(windows.values())
    assert {text.get_text() for text in ax.texts} == set(windows)
    low, high = sorted(ax.get_ylim())
    assert low < -2, "what lies beyond the picture is shown"
    assert high >= 10


def test_the_names_of_small_windows_do_not_cover_them_nor_each_other() -> None:
    windows = {"a": (50, 50, 3), "b": (48, 48, 8), "large": (10, 10, 60)}
    fig = figures.nested({"": (np.zeros((100, 100)), windows)}, size=5)
    fig.canvas.draw()
    patches = {t.get_text(): t.get_bbox_patch() for t in fig.axes[0].texts}
    names = {name: one.get_window_extent() for name, one in patches.items() if one}
    (ax,) = fig.axes
    below = ax.transData.transform((0, 56))[1]
    assert names["a"].y1 < below
    assert names["b"].y1 < below
    assert not names["a"].overlaps(names["b"])


def test_slopes_shade_the_field() -> None:
    fig = figures.slopes(np.arange(6) - 2.0, (2, 4))
    (ax,) = fig.axes
    (band,) = [p for p in ax.patches if isinstance(p, Rectangle)]
    assert (band.get_x(), band.get_width()) == (1.5, 3)


def test_paths_are_shares_around_the_middle() -> None:
    fig = figures.paths({"two": [1, 2, 3, 2, 1], "one": [1, 1, 1]})
    bars = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    np.testing.assert_allclose(
        [b.get_height() for b in bars], np.array([1, 2, 3, 2, 1]) / 9
    )
    assert [b.get_x() + 0.5 for b in bars] == [-2, -1, 0, 1, 2]


def test_effective_fields_are_drawn_to_one_scale() -> None:
    maps = {"small": np.ones((5, 5)), "large": np.ones((9, 9))}
    fig = figures.effective(maps, [3, 7])
    assert len({round(float(np.ptp(ax.get_xlim())), 6) for ax in fig.axes}) == 1
    frames = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    assert sorted(f.get_width() for f in frames) == [3, 5]
