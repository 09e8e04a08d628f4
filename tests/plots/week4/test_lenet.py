"""The figures of the lesson on LeNet-5: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit.models.lenet import C3_INPUTS, digit_bitmaps
from coursekit.plots.week4 import lenet as figures

SIDES = {"image": (1, 32), "C1": (6, 28), "S2": (6, 14), "C3": (16, 10)}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_every_map_is_drawn_to_scale_and_none_overlap() -> None:
    rng = np.random.default_rng(0)
    stages = {name: rng.normal(size=(n, s, s)) for name, (n, s) in SIDES.items()}
    fig = figures.pipeline({**stages, "C5": rng.normal(size=120)})
    (ax,) = fig.axes
    boxes = [picture.get_extent() for picture in ax.get_images()]
    sides = [right - left for left, right, _, _ in boxes[:-1]]
    assert sides == [side for n, side in SIDES.values() for _ in range(n)]
    for i, (left, right, low, high) in enumerate(boxes):
        for west, east, south, north in boxes[:i]:
            apart = right <= west or east <= left or high <= south or north <= low
            assert apart
    written = [text.get_text() for text in ax.texts]
    assert {"C1", "6×28×28", "C5", "120"} <= set(written)
    low, high = ax.get_ylim()
    assert all(low <= text.get_position()[1] <= high for text in ax.texts)


def test_the_nearest_bitmap_is_framed() -> None:
    bitmaps = digit_bitmaps()
    unit = 0.8 * bitmaps[7]
    distances = (unit - bitmaps).square().sum(1)
    fig = figures.codes(bitmaps, unit, distances)
    assert len(fig.axes) == 11
    thick = [ax.spines["left"].get_linewidth() > 2 for ax in fig.axes]
    assert thick.index(True) == 1 + 7
    assert sum(thick) == 1
    assert fig.axes[8].get_title() == f"{distances[7]:.0f}"


def test_a_unit_answers_to_the_sum_of_its_inputs() -> None:
    fig = figures.subsampled({"S2": ([0.5, -1.0], [0.0, 0.3]), "S4": ([1.0], [0.0])})
    lines = fig.axes[0].get_lines()
    total, answer = np.asarray(lines[1].get_xydata()).T
    np.testing.assert_allclose(answer, 1.7159 * np.tanh(2 / 3 * (0.3 - total)))
    assert (total.min(), total.max()) == (-4, 4)
    assert [ax.get_title() for ax in fig.axes] == ["S2", "S4"]


def test_the_squashing_meets_the_straight_line_at_1() -> None:
    _, curve, points, *_ = figures.squash().axes[0].get_lines()
    a, f = np.asarray(curve.get_xydata()).T
    np.testing.assert_allclose(f, 1.7159 * np.tanh(2 / 3 * a))
    assert np.asarray(points.get_xydata()).tolist() == [[-1, -1], [1, 1]]


def test_every_connection_has_a_dot() -> None:
    (ax,) = figures.connections(C3_INPUTS).axes
    dots = np.concatenate([line.get_xydata() for line in ax.get_lines()])
    expected = [(o, i) for o, seen in enumerate(C3_INPUTS) for i in seen]
    assert sorted(map(tuple, dots.tolist())) == sorted(expected)
    assert len(dots) == 60
