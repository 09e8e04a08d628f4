"""The figures of Network in Network: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from coursekit.plots.core import BLUE, RED
from coursekit.plots.week6 import nin as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_each_pixel_is_a_row() -> None:
    [ax] = figures.every_pixel().axes
    words = [text.get_text() for text in ax.texts]
    for pixel in range(6):
        assert words.count(str(pixel)) == 2
    assert words.count("w") == 3 * 4
    assert {"3 maps", "4 maps", "weights, 3 × 4"} <= set(words)


def test_a_small_network_has_all_its_wires() -> None:
    [ax] = figures.slid_network((4, 3, 2)).axes
    sizes = [
        len(np.asarray(one.get_offsets()))
        for one in ax.collections
        if isinstance(one, PathCollection)
    ]
    assert sizes == [4, 3, 2]
    assert len(ax.get_lines()) == 4 + 4 * 3 + 3 * 2


def test_a_dense_head_wires_all_and_a_mean_its_own() -> None:
    dense, mean = figures.two_heads(3).axes
    assert len(dense.get_lines()) == 3 * 8 * 3
    assert len(mean.get_lines()) == 3 * 8
    ends = [np.asarray(line.get_ydata(), dtype=float) for line in mean.get_lines()]
    assert max(abs(start - end) for start, end in ends) < 1


def test_points_of_both_heads() -> None:
    found = {"mean head": [(0.4, 0.3, 0.2)], "dense head": [(0.6, 0.5, 0.25)] * 2}
    axes = figures.head_points(found).axes
    assert len(axes) == 3
    for at, ax in enumerate(axes):
        above, below = ax.get_lines()
        assert to_rgba(above.get_color()) == to_rgba(RED)
        assert to_rgba(below.get_color()) == to_rgba(BLUE)
        assert np.allclose(np.asarray(above.get_xdata()), [100 * (0.4 - 0.1 * at)])
        assert len(np.asarray(below.get_xdata())) == 2
    assert [label.get_text() for label in axes[0].get_yticklabels()] == list(found)


def test_evidence_has_one_scale_and_marks_the_strongest() -> None:
    one, other = np.zeros((4, 6)), np.zeros((4, 6))
    one[1, 4], one[2, 2], other[3, 0] = 2, -5, 1
    photo = np.zeros((3, 8, 12), dtype=np.uint8)
    axes = figures.evidence([photo] * 2, [one, other], ["a", "b"], ["c", "d"]).axes
    assert [ax.get_title() for ax in axes[:4]] == ["a", "b", "c", "d"]
    for ax, place in zip(axes[2:4], ((4, 1), (0, 3)), strict=True):
        [picture] = ax.get_images()
        assert picture.get_clim() == (-5, 5)
        drawn = ax.patches[-1]
        assert isinstance(drawn, Rectangle)
        assert drawn.get_xy() == (place[0] - 0.5, place[1] - 0.5)


def test_of_a_mosaic_a_quarter_is_framed() -> None:
    values = np.zeros((4, 6))
    values[0, 5], values[2:, :3] = 5, 1
    photo = np.zeros((3, 8, 12), dtype=np.uint8)
    fig = figures.evidence([photo] * 2, [values] * 2, ["a"] * 2, quarters=True)
    drawn = fig.axes[2].patches[-1]
    assert isinstance(drawn, Rectangle)
    assert drawn.get_xy() == (-0.5, 1.5)
    assert (drawn.get_width(), drawn.get_height()) == (3, 2)


def test_the_plan_keeps_its_widths_to_itself() -> None:
    [ax] = figures.nin_plan().axes
    words = [text.get_text() for text in ax.texts]
    assert sum(word.endswith("?") for word in words) == 8
    assert sum(word.endswith("\n10") for word in words) == 2
    assert [word for word in words if "×" in word and "\n" not in word] == [
        "5×5", "1×1", "1×1", "5×5", "1×1", "1×1", "3×3", "1×1", "1×1",
    ]  # fmt: skip
