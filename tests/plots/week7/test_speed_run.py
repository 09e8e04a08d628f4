"""The figures of "From hours to seconds": what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit.plots.core import BLUE, GREEN, GREY, RED
from coursekit.plots.week7 import speed_run as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_records_stand_on_a_logarithmic_scale() -> None:
    [ax] = figures.records({"a": (2018.0, 300.0), "b": (2024.0, 2.5)}).axes
    assert ax.get_yscale() == "log"
    dots = ax.get_lines()[1]
    assert list(np.asarray(dots.get_ydata())) == [300.0, 2.5]
    assert [text.get_text() for text in ax.texts] == ["a: 300 s", "b: 2.5 s"]


def test_both_orders_hold_the_same_numbers() -> None:
    maps, ax = figures.memory_orders(2, 3).axes
    cells = [p for p in ax.patches if isinstance(p, Rectangle)]
    faces = [to_hex(cell.get_facecolor()).upper() for cell in cells]
    assert faces[:18] == [RED] * 6 + [GREEN] * 6 + [BLUE] * 6
    assert faces[18:] == [RED, GREEN, BLUE] * 6
    words = [text.get_text() for text in ax.texts]
    numbers = [int(word) for word in words if word.isdecimal()]
    assert numbers == [0, 1, 2, 3, 4, 5] * 3 + [p for p in range(6) for _ in range(3)]
    assert len(maps.patches) == 18


def test_the_front_map_hides_those_behind() -> None:
    maps, _ = figures.memory_orders(2, 3).axes
    orders = {to_hex(p.get_facecolor()).upper(): p.get_zorder() for p in maps.patches}
    assert orders[RED] > orders[GREEN] > orders[BLUE]
    assert max(text.get_zorder() for text in maps.texts[6:]) < orders[RED]


def test_one_cycle_has_its_corners() -> None:
    [ax] = figures.rates(60).axes
    corners = ax.get_lines()[-1]
    assert list(np.asarray(corners.get_xdata())) == [0, 15, 59]
    np.testing.assert_allclose(np.asarray(corners.get_ydata()), [0.04, 0.4, 0.004])
    drops = np.asarray(ax.get_lines()[1].get_ydata())
    assert [drops[step] for step in (0, 29, 30, 45, 59)] == [
        0.1,
        0.1,
        0.01,
        0.001,
        0.001,
    ]


def test_a_line_for_each_pair() -> None:
    left, right = figures.pairs({"a": [1.0, 2.0, 4.0], "b": [2.0, 5.0, 4.0]}).axes
    drawn = [np.asarray(line.get_ydata()).tolist() for line in left.get_lines()]
    assert drawn == [[1, 2], [2, 5], [4, 4]]
    assert right.get_title() == "b less a"
    assert np.asarray(right.get_lines()[1].get_ydata()).tolist() == [1, 3, 0]
    mean = np.asarray(right.get_lines()[2].get_ydata(), float)
    np.testing.assert_allclose(mean, [4 / 3])


def test_filters_and_two_covariances() -> None:
    rng = np.random.default_rng(0)
    matrix = np.eye(12)
    fig = figures.whitened(rng.standard_normal((12, 3, 2, 2)), 2 * matrix, matrix)
    pictures = [ax for ax in fig.axes if ax.images]
    assert len(pictures) == 14
    titles = [ax.get_title() for ax in pictures[12:]]
    assert titles == ["covariance of the patches", "… of the outputs"]
    assert [ax.images[0].get_clim() for ax in pictures[12:]] == [(-2, 2), (-1, 1)]


def test_what_cannot_be_told_is_grey() -> None:
    [ax] = figures.worths({"large": (4.0, 0.5), "none": (0.3, 0.4)}).axes
    bars = [p for p in ax.patches if isinstance(p, Rectangle)]
    assert [bar.get_width() for bar in bars] == [0.3, 4.0]
    assert [to_hex(bar.get_facecolor()).upper() for bar in bars] == [GREY, BLUE]
    assert [text.get_text() for text in ax.texts] == ["+0.3 ± 0.4", "+4.0 ± 0.5"]
