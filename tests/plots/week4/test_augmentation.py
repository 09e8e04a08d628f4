"""The figures of the lesson on augmentation: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from coursekit.plots.core import BLUE
from coursekit.plots.week4 import augmentation as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_the_four_labels_are_no_longer_true() -> None:
    six = np.arange(12).reshape(3, 4)
    corner = np.full((3, 5, 5), 0.5)
    fig = figures.four_changed(six, corner)
    assert [ax.get_title() for ax in fig.axes] == list(figures.LABELS)
    turned, arrow, _, lamp = (
        np.asarray(ax.get_images()[0].get_array()) for ax in fig.axes
    )
    assert turned.tolist() == six[::-1, ::-1].tolist()
    white = (arrow == 1).all(2).sum(0)[10:-10]
    assert white.argmax() > len(white) / 2, "the head of the arrow is on the right"
    upper = lamp[figures.FINE // 5, figures.FINE // 2]
    assert upper.argmax() == 1, "green"


def test_the_bars_lie_along_the_directions() -> None:
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    pixels = np.random.default_rng(1).uniform(size=(50, 3))
    images = pixels.reshape(5, 2, 5, 3).transpose(0, 3, 1, 2)
    fig = figures.colour_cloud(images, [0.04, 0.01, 0.0025], turn)
    for ax, channel in zip(fig.axes, (1, 2), strict=True):
        bars = [np.asarray(line.get_xydata()) for line in ax.get_lines()[1::2]]
        assert len(bars) == 3
        for bar, vector, deviation in zip(bars, turn.T, (0.2, 0.1, 0.05), strict=True):
            reach = 4 * deviation * vector[[0, channel]]
            np.testing.assert_allclose(bar[1] - bar[0], reach, atol=1e-12)
            np.testing.assert_allclose(bar.mean(0), pixels.mean(0)[[0, channel]])


def test_each_run_is_a_dot_and_the_line_is_their_mean() -> None:
    [ax] = figures.dots({"a": [0.3, 0.4, 0.5], "b": [0.6, 0.6, 0.9]}).axes
    runs, mean, others, other = ax.get_lines()
    assert np.asarray(runs.get_xdata()).tolist() == [0.3, 0.4, 0.5]
    np.testing.assert_allclose(np.asarray(mean.get_xdata()), 0.4)
    assert np.asarray(others.get_xdata()).tolist() == [0.6, 0.6, 0.9]
    np.testing.assert_allclose(np.asarray(other.get_xdata()), 0.7)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_the_race_runs_through_the_means() -> None:
    runs = {"x": [[0.1, 0.3], [0.4, 0.6]], "y": [[0.2, 0.2], [0.9, 0.7]]}
    [ax] = figures.race([3, 30], runs).axes
    named = {line.get_label(): line for line in ax.get_lines()}
    np.testing.assert_allclose(
        np.asarray(named["x"].get_xydata()), [[3, 0.2], [30, 0.5]]
    )
    np.testing.assert_allclose(
        np.asarray(named["y"].get_xydata()), [[3, 0.2], [30, 0.8]]
    )
    assert len(ax.get_lines()) == 2 + 4


def test_the_windows_are_at_the_corners_and_in_the_middle() -> None:
    picture = np.arange(49).reshape(7, 7) / 49
    fig = figures.five_windows(np.stack([picture] * 3), 4)
    whole, *windows = fig.axes
    frames = [patch for patch in whole.patches if isinstance(patch, Rectangle)]
    places = [(int(box.get_y()), int(box.get_x())) for box in frames]
    assert places == [(0, 0), (0, 3), (3, 0), (3, 3), (1, 1)]
    for ax, (top, left) in zip(windows, places, strict=True):
        shown = np.asarray(ax.get_images()[0].get_array())[..., 0]
        assert shown.tolist() == picture[top : top + 4, left : left + 4].tolist()


def test_a_silent_unit_is_white() -> None:
    kept = np.array([[True, False, False], [False, True, True]])
    [ax] = figures.masks(kept).axes
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    drawn = np.reshape(
        [box.get_facecolor()[:3] == to_rgb(BLUE) for box in boxes], (2, 3)
    )
    assert drawn.tolist() == kept.tolist()
