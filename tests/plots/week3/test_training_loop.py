"""The figures of the lesson on the training loop: what they draw is what they claim."""

import math
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.plots import curves
from coursekit.plots.week3 import training_loop as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_scores_become_probabilities_and_losses() -> None:
    fig = figures.from_scores([1.0, -2.0])
    heights = [
        [bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
        for ax in fig.axes[:3]
    ]
    assert heights[0] == [1, -2]
    np.testing.assert_allclose(heights[1], np.exp([1, -2]))
    assert sum(heights[2]) == pytest.approx(1)
    points = np.asarray(fig.axes[3].get_lines()[1].get_ydata(), dtype=float)
    np.testing.assert_allclose(points, -np.log(heights[2]))
    written = [text.get_text() for text in fig.axes[0].texts]
    assert written == ["1.00", "−2.00"]


def test_the_valley_shows_so_many_steps() -> None:
    path = np.linspace([10, 2], [0, 0], 30)
    fig = figures.valley({"one": path, "other": path / 2}, steps=20)
    for ax, start in zip(fig.axes, ([10, 2], [5, 1]), strict=True):
        line = np.asarray(ax.get_lines()[0].get_xydata())
        assert line.shape == (21, 2)
        assert line[0].tolist() == start
    assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim()
    assert fig.axes[0].get_ylim() == fig.axes[1].get_ylim()


def test_all_rates_are_on_one_scale_with_ordinary_numbers() -> None:
    runs = {0.1: [[2.0, 1.0, 0.5]], 3.0: [[2.0, 9.0, 11.0]]}
    fig = figures.rate_curves(runs)
    fig.canvas.draw()
    first, second = fig.axes
    assert first.get_ylim() == second.get_ylim()
    assert second.get_ylim()[1] > 11
    chance = [line for line in second.get_lines() if line.get_linestyle() == ":"]
    height = np.asarray(chance[0].get_ydata(), dtype=float)
    assert height[0] == pytest.approx(math.log(10))
    labels = [tick.get_text() for tick in first.get_yticklabels()]
    assert {"0.1", "1", "10"} <= set(labels)


def test_schedules_are_what_the_text_says() -> None:
    fig = figures.decays({"constant": np.ones(10)}, warm_up=50, steps=500)
    found = curves(fig.axes[1])
    _, cosine = found["warm-up, half a cosine"]
    assert cosine[0] == pytest.approx(1 / 50)
    assert cosine.max() == pytest.approx(1)
    assert cosine[275] == pytest.approx(0.5)
    assert cosine[-1] < 1e-4
    _, stairs = found["stairs"]
    np.testing.assert_allclose(sorted(set(stairs.round(6))), [0.01, 0.1, 1])


def test_the_star_is_at_the_lowest_validation_loss() -> None:
    run = np.array([[2.0, 1.0, 0.5, 0.2], [2.0, 0.9, 1.0, 1.1]])
    fig = figures.turning_point(run)
    for ax in fig.axes:
        stars = [line for line in ax.get_lines() if line.get_marker() == "*"]
        assert np.asarray(stars[0].get_xydata()).tolist() == [[2, 0.9]]


def test_one_sees_the_validation_loss_rise() -> None:
    run = np.array([[2.0, 0.5, 0.1, 0.01], [2.0, 0.83, 0.9, 1.03]])
    both, alone = figures.turning_point(run).axes
    assert both.get_yscale() == alone.get_yscale() == "linear"
    assert both.get_ylim()[0] == 0
    low, high = alone.get_ylim()
    assert low < 0.83 < 1.03 < high
    assert (1.03 - 0.83) / (high - low) > 0.4


def test_a_loss_that_never_turns_can_be_drawn() -> None:
    run = np.array([[2.0, 1.0], [2.0, 0.9]])
    low, high = figures.turning_point(run).axes[1].get_ylim()
    assert low < 0.9 < high


def test_the_distance_after_a_step_stands_at_that_step() -> None:
    found = np.array([10.0, 5.0, 2.5])
    fig = figures.decays({"halves": found}, warm_up=50, steps=500)
    steps, distances = curves(fig.axes[0])["halves"]
    assert steps.tolist() == [1, 2]
    assert distances.tolist() == [5, 2.5]


@pytest.mark.parametrize("low", [0.02, 0.5, 1.4])
def test_a_short_axis_has_numbers_too(low: float) -> None:
    run = np.array([[2.3, 2.0, low], [2.3, 2.1, low]])
    fig = figures.two_losses({"run": run})
    fig.canvas.draw()
    labels = [tick.get_text() for tick in fig.axes[0].get_yticklabels()]
    assert len(labels) >= 3


def test_only_mistakes_are_coloured() -> None:
    counts = np.array([[1500, 2], [0, 7]])
    fig = figures.confusion_matrix(counts)
    (ax,) = fig.axes
    (picture,) = ax.images
    shown: np.ma.MaskedArray = np.ma.asarray(picture.get_array())
    assert np.ma.getmaskarray(shown).tolist() == [[True, False], [True, True]]
    assert {text.get_text() for text in ax.texts} == {"1,500", "2", "7"}
