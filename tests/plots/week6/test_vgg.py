"""The figures of VGG: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.plots.week6 import vgg as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_a_stack_sees_as_much_as_the_large_kernel() -> None:
    one, three = figures.side_views([[7], [3, 3, 3]]).axes
    assert one.get_title() == "one layer, kernels of 7"
    assert three.get_title() == "3 layers, kernels of 3"
    for ax, wires, units in ((one, 7, [7, 1]), (three, 27, [7, 5, 3, 1])):
        assert len(ax.get_lines()) == wires
        drawn = [len(np.asarray(found.get_offsets())) for found in ax.collections]
        assert drawn == units


def test_a_tower_has_a_box_for_each_convolution() -> None:
    (ax,) = figures.columns({"A": "3-64 max 3-128 1-128 max", "B": "3-8 max"}).axes
    words = [text.get_text() for text in ax.texts]
    assert words == ["64", "128", "128", "8", "A", "B"]
    boxes = [box for box in ax.patches if isinstance(box, Rectangle)]
    assert len(boxes) == 4
    assert len({box.get_facecolor() for box in boxes}) == 2
    assert len(ax.get_lines()) == 3


def test_bars_are_the_counts_in_millions() -> None:
    layers = [("conv1_1", 2_000_000, 7_000_000, 3_000_000_000), ("fc6", 4, 5, 6)]
    fig = figures.three_bills(layers)
    for ax, million in zip(fig.axes, (2, 7, 3000), strict=True):
        widths = [bar.get_width() for bar in ax.patches if isinstance(bar, Rectangle)]
        assert widths[0] == million
        assert widths[1] < 1e-5
    assert [ax.get_title().split("\n")[1] for ax in fig.axes] == [
        "2.0 million in all",
        "7.0 million in all",
        "3.0 billion in all",
    ]


def test_every_second_stop_is_framed() -> None:
    values = np.linspace(0, 1, 15).reshape(3, 5)
    left, right, *_ = figures.tile_scores(np.zeros((3, 64, 96)), values, "cat").axes
    assert np.asarray(left.get_images()[0].get_array()).shape == (64, 96, 3)
    np.testing.assert_allclose(np.asarray(right.get_images()[0].get_array()), values)
    corners = {
        patch.get_xy() for patch in right.patches if isinstance(patch, Rectangle)
    }
    assert corners == {(c - 0.5, r - 0.5) for r in (0, 2) for c in (0, 2, 4)}


def test_a_panel_for_each_network_a_line_for_each_start() -> None:
    curves = {(n, s): np.logspace(0, -5, 4) for n in "AE" for s in ("He", "0.01")}
    fig = figures.start_signals(curves)
    assert [ax.get_title() for ax in fig.axes] == ["A", "E"]
    for ax in fig.axes:
        assert [line.get_label() for line in ax.get_lines()] == ["He", "0.01"]
        for line in ax.get_lines():
            np.testing.assert_allclose(np.asarray(line.get_xdata()), np.arange(1, 5))
