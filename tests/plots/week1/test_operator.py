"""The figures of the lesson on the operator: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.plots.week1 import operator as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_sliding_sum_shows_the_sums_so_far() -> None:
    fig = figures.sliding_sum([2, 3, 5, 9, 9, 4], [1, 0, -1], at=1)
    assert [
        t
        for t in [text.get_text() for ax in fig.axes for text in ax.texts]
        if t not in "xwy"
    ] == [
        *("2", "3", "5", "9", "9", "4"),
        *("1", "0", "−1"),
        *("−3", "−6"),
    ]
    boxes = [patch for ax in fig.axes for patch in ax.patches]
    assert len(boxes) == 6 + 3 + 4 + 1, "a cell for each number, and a frame"


def test_two_orders_draws_the_difference() -> None:
    first, second = np.eye(4), np.zeros((4, 4))
    start, filtered = np.ones((5, 4)), np.full((5, 3), 2.0)
    pairs = {"shift": (first, second), "turn": (second, first)}
    fig = figures.two_orders(pairs, start, filtered)
    drawn = [np.asarray(ax.images[0].get_array()) for ax in fig.axes]
    for line, (one, other) in zip((drawn[:5], drawn[5:]), pairs.values(), strict=True):
        for shown, right in zip(
            line, (start, filtered, one, other, one - other), strict=True
        ):
            np.testing.assert_array_equal(shown, right)
    assert [ax.get_ylabel() for ax in fig.axes if ax.get_ylabel()] == list(pairs)


def test_echoes_of_two_claps_are_stacked() -> None:
    claps, echo = np.array([1, 0, 0.5]), np.array([0.8, 0.4, 0.2])
    fig = figures.echoes(claps, echo)
    tops = {
        round(bar.get_x() + bar.get_width() / 2): bar.get_y() + bar.get_height()
        for bar in fig.axes[2].patches
        if isinstance(bar, Rectangle)
    }
    heard = np.convolve(claps, echo)
    np.testing.assert_allclose([tops[t] for t in range(5)], heard, atol=1e-12)
    assert {ax.get_xlim() for ax in fig.axes} == {(-0.5, 4.5)}, "one time axis"
    assert len({bar.get_facecolor() for bar in fig.axes[1].patches}) == 2


def test_tables_write_every_number_and_frame_the_first_window() -> None:
    grids = {"image": np.eye(4, 5), "kernel": np.array([[1, -1], [0, 2]])}
    fig = figures.tables(grids, framed=(2, 3))
    assert [ax.get_title() for ax in fig.axes] == ["image", "kernel"]
    assert [t.get_text() for t in fig.axes[1].texts] == ["1", "−1", "0", "2"]
    (framed,) = fig.axes[0].patches
    assert isinstance(framed, Rectangle)
    assert (framed.get_width(), framed.get_height()) == (3, 2)
    assert [ax.images[0].get_cmap().name for ax in fig.axes] == ["gray", "PuOr"]


def test_a_weight_has_one_colour_in_all_kernels() -> None:
    kernels = {"copy": np.array([[0, 1]]), "sharpen": np.array([[-1, 5]])}
    fig = figures.tables({"image": np.ones((2, 2)), **kernels}, kernels=kernels)
    scales = {
        (i.get_cmap().name, i.get_clim()) for ax in fig.axes[1:] for i in ax.images
    }
    assert scales == {("PuOr", (-3, 3))}
    assert fig.axes[0].images[0].get_cmap().name == "gray"


def test_tables_of_zeros_have_a_scale() -> None:
    fig = figures.tables({"nothing": np.zeros((2, 2))})
    assert fig.axes[0].images[0].get_clim() == (0, 1)


def test_search_frames_the_places() -> None:
    places = {"here": (1, 2), "there": (5, 6)}
    fig = figures.search(np.eye(12), np.eye(9), (4, 3), places)
    frames = [patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle)]
    assert [f.get_xy() for f in frames] == [(1.5, 0.5), (5.5, 4.5)]
    assert {(f.get_width(), f.get_height()) for f in frames} == {(3, 4)}
    assert frames[0].get_linestyle() != frames[1].get_linestyle()
    for ax in fig.axes:
        assert [t.get_text() for t in ax.texts] == list(places)
