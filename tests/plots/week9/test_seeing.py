"""The figures of what a network sees: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from coursekit.plots.week9 import seeing as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_a_slope_is_grey_where_it_is_nothing() -> None:
    slope = torch.zeros(3, 6, 4)
    slope[1, 2, 3] = 5
    fig = figures.slopes(torch.rand(3, 6, 4), slope)
    _, middle, right = fig.axes
    drawn = np.asarray(middle.get_images()[0].get_array())
    assert drawn.shape == (6, 4, 3)
    assert np.all(drawn[0, 0] == 0.5)
    assert drawn[2, 3, 1] == 1
    size = np.asarray(right.get_images()[0].get_array())
    assert size[2, 3] == 5
    assert size.sum() == 5


def test_rows_of_pictures_under_their_names() -> None:
    rows = {"one": torch.zeros(3, 3, 5, 5), "two": torch.ones(3, 3, 5, 5)}
    fig = figures.favourites(rows, ("cat", "dog", "frog"))
    assert len(fig.axes) == 6
    assert [ax.get_ylabel() for ax in fig.axes[::3]] == ["one", "two"]
    assert [ax.get_title() for ax in fig.axes[:3]] == ["cat", "dog", "frog"]
    shades = [np.asarray(ax.get_images()[0].get_array()).mean() for ax in fig.axes]
    assert shades == [0, 0, 0, 1, 1, 1]


def test_the_sum_has_its_top_between() -> None:
    [ax] = figures.one_line().axes
    prior, class_, total = (np.asarray(line.get_ydata()) for line in ax.lines[:3])
    assert total == pytest.approx(prior + class_)
    assert prior.argmax() < total.argmax() < class_.argmax() == len(class_) - 1
    dot = ax.lines[3]
    assert np.ravel(dot.get_ydata()) == pytest.approx(total.max())


def test_a_curve_for_each_noise() -> None:
    [ax] = figures.trembling({0.1: [0, 0.1, 0.2], 0.5: [0, 0.5, 1.0]}).axes
    labels = [line.get_label() for line in ax.lines[:2]]
    assert labels == ["noise 0.100", "noise 0.500"]
    assert list(np.asarray(ax.lines[1].get_xdata())) == [1, 2]
    assert list(np.asarray(ax.lines[1].get_ydata())) == [0.5, 1.0]


def test_octaves_are_drawn_to_one_scale() -> None:
    stages = [
        (torch.full((3, h, w), 0.2), torch.full((3, h, w), 0.6))
        for h, w in ((6, 9), (10, 15))
    ]
    fig = figures.octaves(stages)
    assert len(fig.axes) == 6
    assert [ax.get_ylabel() for ax in fig.axes[:3]] == ["copy", "dreamt", "difference"]
    assert [fig.axes[at].get_title() for at in (0, 3)] == ["6 × 9", "10 × 15"]
    spans = [abs(np.diff(ax.get_ylim())[0]) for ax in fig.axes]
    assert spans == [10] * 6
    fig.canvas.draw()
    places = [ax.get_window_extent() for ax in fig.axes]
    assert places[0].width / places[3].width == pytest.approx(9 / 15, rel=0.02)
    difference = np.asarray(fig.axes[2].get_images()[0].get_array())
    assert difference == pytest.approx(np.full((6, 9, 3), 0.7))
