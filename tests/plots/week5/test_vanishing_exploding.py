"""The figures of vanishing and exploding gradients: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.plots.week5 import vanishing_exploding as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_each_tent_doubles_the_triangles() -> None:
    fig = figures.folds([1, 2, 5])
    for ax, number in zip(fig.axes, (1, 2, 5), strict=True):
        [curve] = ax.get_lines()
        y = np.asarray(curve.get_ydata(), dtype=float)
        assert (y.min(), y.max()) == (0, 1)
        assert (y == 1).sum() == 2 ** (number - 1)
        assert (y == 0).sum() == 2 ** (number - 1) + 1


def test_a_row_for_each_image_a_column_for_each_unit() -> None:
    fig = figures.stripes({1: np.ones((4, 7)), 25: np.zeros((4, 7))})
    assert [ax.get_title() for ax in fig.axes] == ["layer 1", "layer 25"]
    for ax in fig.axes:
        assert np.asarray(ax.get_images()[0].get_array()).shape == (4, 7)
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("unit", "image")


def test_half_of_the_values_are_in_the_bar() -> None:
    left, right = figures.halved().axes
    z, bell = np.asarray(right.get_lines()[0].get_xydata()).T
    assert z.min() >= 0
    assert np.trapezoid(bell, z) == pytest.approx(0.5, abs=0.005)
    z, bell = np.asarray(left.get_lines()[0].get_xydata()).T
    assert np.trapezoid(bell, z) == pytest.approx(1, abs=0.005)


def test_a_panel_for_each_activation_and_direction() -> None:
    signal, gradient = np.logspace(0, -9, 5), np.logspace(-9, 0, 5)
    curves = {
        (g, start): np.array([signal, gradient])
        for g in ("tanh", "ReLU")
        for start in ("0.01", "He", "Glorot")
    }
    fig = figures.by_depth(curves)
    titles = ["tanh: signal", "ReLU: signal", "tanh: gradient", "ReLU: gradient"]
    assert [ax.get_title() for ax in fig.axes] == titles
    for ax, values in zip(fig.axes, (signal, signal, gradient, gradient), strict=True):
        assert [line.get_label() for line in ax.get_lines()] == ["0.01", "He", "Glorot"]
        assert len({line.get_linestyle() for line in ax.get_lines()}) == 3
        for line in ax.get_lines():
            np.testing.assert_allclose(np.asarray(line.get_xdata()), np.arange(1, 6))
            np.testing.assert_allclose(np.asarray(line.get_ydata()), values)


def test_the_table_shows_all_runs_darker_where_more_is_right() -> None:
    right = {("tanh", "0.01"): [0.1], ("tanh", "He"): [0.85, 0.95]}
    [ax] = figures.arms(right).axes
    np.testing.assert_allclose(
        np.asarray(ax.get_images()[0].get_array()), np.array([[0.1, 0.9]])
    )
    assert [text.get_text() for text in ax.texts] == ["0.10", "0.85  0.95"]
    assert [text.get_color() for text in ax.texts] == ["black", "white"]
    assert not [p for p in ax.patches if isinstance(p, Rectangle)]
