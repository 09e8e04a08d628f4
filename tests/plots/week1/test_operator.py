"""The figures of the lesson on the operator: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

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
    fig = figures.two_orders({"shift": (first, second)})
    drawn = [np.asarray(ax.images[0].get_array()) for ax in fig.axes]
    np.testing.assert_array_equal(drawn[2], first - second)


def test_half_and_half_shows_image_and_outputs() -> None:
    fig = figures.half_and_half(np.eye(8), {"copy": np.eye(6)})
    assert [ax.get_title() for ax in fig.axes] == ["image", "copy"]
