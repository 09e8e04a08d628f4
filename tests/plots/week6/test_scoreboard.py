"""The figures of the scoreboard: what they draw is so."""

from collections.abc import Iterator
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from coursekit.plots.week6 import scoreboard as figures

ROWS = {
    "AlexNet": (18.2, 60_965_224, 724_406_816),
    "ZFNet": (16.5, 62_357_608, 1_168_032_896),
    "VGG-16": (9.33, 138_357_544, 15_470_264_320),
    "GoogLeNet": (9.15, 6_998_552, 1_582_671_872),
    "ResNet-34": (7.46, 21_797_672, 3_663_761_408),
    "ResNet-50": (6.71, 25_557_032, 4_089_184_256),
    "ResNet-101": (6.05, 44_549_160, 7_801_405_440),
    "ResNet-152": (5.71, 60_192_808, 11_513_626_624),
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def _apart(fig: Figure, texts: list[Text]) -> None:
    """No two of the texts overlap, and all of them are in the figure."""
    fig.canvas.draw()
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts]
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.overlaps(b), (one, other)


def test_a_bar_for_each_year_and_a_line_for_a_person() -> None:
    winners = {2011: (25.8, "XRCE"), 2012: (16.4, "AlexNet"), 2013: (2.0, "it")}
    fig = figures.winners_by_year(winners, first_network=2012, person=5.1)
    [ax] = fig.axes
    heights = [patch.get_height() for patch in ax.patches[:3]]  # type: ignore[attr-defined]
    assert heights == [25.8, 16.4, 2.0]
    colours = [patch.get_facecolor() for patch in ax.patches[:3]]
    assert colours[0] != colours[1] == colours[2]
    [line] = ax.get_lines()
    assert set(np.asarray(line.get_ydata())) == {5.1}
    assert any("XRCE\n25.8" in text.get_text() for text in ax.texts)
    _apart(fig, list(ax.texts))


def test_runs_are_models_times_crops() -> None:
    tested = {(1, 1): 10.0, (1, 10): 9.0, (7, 1): 8.0, (7, 144): 6.5}
    fig = figures.runs_and_errors(tested)
    one, seven = fig.axes[0].get_lines()
    assert list(np.asarray(one.get_xdata())) == [1, 10]
    assert list(np.asarray(seven.get_xdata())) == [7, 1008]
    assert list(np.asarray(seven.get_ydata())) == [8.0, 6.5]
    _apart(fig, list(fig.axes[0].texts))


def test_the_path_and_the_rest_are_one_bar() -> None:
    fig = figures.longest_paths({"a": (5, 5), "b": (22, 58)})
    [ax] = fig.axes
    widths = [patch.get_width() for patch in ax.patches]  # type: ignore[attr-defined]
    assert widths == [5, 0, 22, 36]
    assert [t.get_text() for t in ax.texts] == ["5", "a", "22 of 58", "b"]


def test_areas_are_weights_and_labels_do_not_overlap() -> None:
    fig = figures.discs(ROWS, small=("LeNet-5", 61_706))
    [ax] = fig.axes
    found = [one for one in ax.collections if isinstance(one, PathCollection)]
    discs = [one for one in found if len(one.get_sizes()) and one.get_sizes()[0] != 6]
    sizes = [float(one.get_sizes()[0]) for one in discs[: len(ROWS)]]
    weights = [weights for _, weights, _ in ROWS.values()]
    assert np.allclose(np.array(sizes) / sizes[0], np.array(weights) / weights[0])
    places = [tuple(np.asarray(one.get_offsets())[0]) for one in discs[: len(ROWS)]]
    assert places[2] == pytest.approx((15.470264320, 9.33))
    assert ax.get_xscale() == "log"
    assert [float(one.get_sizes()[0]) for one in discs[len(ROWS) :]] == pytest.approx(
        [figures.POINTS_PER_MILLION * n for n in (100, 10, 0.061706)]
    )
    _apart(fig, list(ax.texts))


def test_a_row_that_nobody_knows_is_drawn_as_well() -> None:
    fig = figures.discs(ROWS | {"mine": (8.0, 5_000_000, 300_000_000)})
    assert any("mine" in text.get_text() for text in fig.axes[0].texts)
    assert fig.axes[0].get_xlim()[0] < 0.3


def test_the_staircase_passes_those_that_nobody_dominates() -> None:
    fig = figures.fronts(ROWS)
    for ax, crosses in zip(fig.axes, (1, 3), strict=True):
        markers = [line.get_marker() for line in ax.get_lines()]
        assert markers.count("X") == crosses
        assert markers.count("o") == len(ROWS) - crosses
        stairs = ax.get_lines()[0]
        corners = np.asarray(stairs.get_ydata())
        assert list(corners[:-1]) == sorted(corners[:-1], reverse=True)
        _apart(fig, list(ax.texts))


def test_the_small_scoreboard() -> None:
    rows = {"small VGG": (75.0, 22_000, 925_000), "mine": (77.0, 9_000, 250_000)}
    [ax] = figures.own_board(rows).axes
    places = [tuple(np.asarray(c.get_offsets())[0]) for c in ax.collections]
    assert places == [(925, 75), (250, 77)]
    assert ax.texts[1].get_text() == "mine\n9,000 weights"
