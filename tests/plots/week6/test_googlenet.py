"""The figures of GoogLeNet: what they draw is so."""

from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.plots.week6 import googlenet as figures

WIDTHS = (64, 96, 128, 16, 32, 32)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_frames_have_so_many_pixels() -> None:
    image = np.zeros((3, 60, 50))
    fig = figures.things(image, {1: (20, 20), 5: (40, 30)})
    assert [ax.get_title() for ax in fig.axes] == ["the sky", "1 × 1", "5 × 5"]
    for ax, side in zip(fig.axes[1:], (1, 5), strict=True):
        [box] = [p for p in ax.patches if isinstance(p, Rectangle)]
        assert (box.get_width(), box.get_height()) == (side, side)
        assert (box.get_x() + side / 2, box.get_y() + side / 2) == (5, 5)


def test_bars_are_as_long_as_the_work() -> None:
    modules = {"naive": {"1×1": [20], "3×3": [90]}, "narrow": {"3×3": [10, 30]}}
    [ax] = figures.bills(modules, 10**6).axes
    bars = [p for p in ax.patches if isinstance(p, Rectangle)]
    assert [bar.get_width() for bar in bars] == [20, 90, 10, 30]
    assert [bool(bar.get_hatch()) for bar in bars] == [False, False, True, False]
    texts = [text.get_text() for text in ax.texts]
    assert "110 in all" in texts
    assert "40 in all" in texts


def test_pipes_are_as_wide_as_the_numbers_of_maps() -> None:
    [ax] = figures.pipes(192, WIDTHS).axes
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    heights = [box.get_height() for box in boxes]
    assert heights == [
        192,
        64,
        64,
        192,
        96,
        128,
        128,
        192,
        16,
        32,
        32,
        192,
        192,
        32,
        32,
    ]
    stack = [box for box in boxes if box.get_x() == 1260]
    assert sum(box.get_height() for box in stack) == 256
    for above, below in pairwise(stack):
        assert above.get_y() == pytest.approx(below.get_y() + below.get_height())
    assert "256\nmaps" in [text.get_text() for text in ax.texts]


def test_lines_of_maps() -> None:
    [ax] = figures.grown({"with": [3, 5, 6], "without": [3, 7, 12]}, ["a", "b"]).axes
    for line, maps in zip(ax.get_lines(), ([3, 5, 6], [3, 7, 12]), strict=True):
        assert list(np.asarray(line.get_ydata())) == maps
    assert [text.get_text() for text in ax.texts] == ["with: 6", "without: 12"]


def test_three_rows_of_bars() -> None:
    parts = {"stem": (10**6, 4 * 10**8), "3a": (2 * 10**6, 10**8)}
    above, weights, work = figures.strip({"3a": (192, *WIDTHS)}, parts).axes
    wanted = {above: [64, 128, 32, 32], weights: [1, 2], work: [400, 100]}
    for ax, heights in wanted.items():
        bars = [p for p in ax.patches if isinstance(p, Rectangle)]
        assert [bar.get_height() for bar in bars] == heights


def test_a_line_for_each_tower() -> None:
    lengths = {"plain": [1e-5, 1e-3], "two heads": [1e-2, 1e-3]}
    [ax] = figures.by_layer(lengths, (1,)).axes
    plain, heads, mark = ax.get_lines()
    assert list(np.asarray(plain.get_ydata())) == lengths["plain"]
    assert list(np.asarray(heads.get_ydata())) == lengths["two heads"]
    assert list(np.asarray(mark.get_xdata())) == [1, 1]


def test_moving_means() -> None:
    runs = {"a": [[2.0, 4.0, 6.0]], "b": [[1.0, 1.0, 1.0]] * 2, "c": [[3.0, 1.0, 3.0]]}
    [ax] = figures.descents(runs, window=2).axes
    lines = ax.get_lines()
    assert len(lines) == 4
    np.testing.assert_allclose(np.asarray(lines[0].get_ydata()), [3, 5])
    np.testing.assert_allclose(np.asarray(lines[0].get_xdata()), [2, 3])


def test_squares_are_summed_over_the_maps() -> None:
    kernels = np.zeros((3, 2, 5, 5))
    kernels[1, :, 2, 2] = 3, 4
    fig = figures.kernel_squares(kernels, columns=2)
    shown = [ax for ax in fig.axes if ax.get_images()]
    assert [ax.get_title() for ax in shown] == ["0", "1", "2"]
    picture = np.asarray(shown[1].get_images()[0].get_array())
    assert picture[2, 2] == 25
    assert picture.sum() == 25
