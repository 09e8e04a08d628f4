"""The figures of the degradation problem: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit.plots.core import BLUE, RED, SKY
from coursekit.plots.week7 import degradation as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_a_thin_line_for_each_run_and_a_thick_one_for_their_mean() -> None:
    rows = np.arange(24.0).reshape(2, 12)
    [ax] = figures.descents({"plain": rows.tolist(), "other": rows.tolist()}).axes
    thick = [line for line in ax.get_lines() if line.get_linewidth() > 2]
    thin = [line for line in ax.get_lines() if line.get_alpha() is not None]
    assert [line.get_label() for line in thick] == ["plain", "other"]
    assert len(thin) == 4
    np.testing.assert_allclose(np.asarray(thin[0].get_ydata()), [4.5, 5.5, 6.5])
    np.testing.assert_allclose(np.asarray(thick[0].get_ydata()), [10.5, 11.5, 12.5])
    assert [text.get_text() for text in ax.texts] == ["knowing nothing"]


def test_a_level_in_place_of_chance() -> None:
    [ax] = figures.descents({"a": [[1.0] * 12]}, start=1.4).axes
    assert list(np.asarray(ax.get_lines()[-1].get_ydata())) == [1.4, 1.4]
    assert not ax.texts


def test_bars_of_both_errors() -> None:
    fig = figures.errors({"8": [(0.5, 0.7), (0.3, 0.8)], "26": [(0.8, 0.9)]})
    for ax, heights in zip(fig.axes, ([40, 80], [75, 90]), strict=True):
        bars = [p for p in ax.patches if isinstance(p, Rectangle)]
        assert [bar.get_height() for bar in bars] == pytest.approx(heights)
        assert [text.get_text() for text in ax.texts] == [f"{h} %" for h in heights]


def test_four_cases_are_what_they_are() -> None:
    ends = {
        name: {
            which: (training[-1], test[-1], training[-1] - training[-20])
            for which, (training, test) in networks.items()
        }
        for name, networks in figures.cases().items()
    }
    for networks in ends.values():
        assert abs(networks["shallow"][2]) < 1
    shallow, deep = ends["A"].values()
    assert deep[0] < 1 < shallow[0]
    assert deep[1] > shallow[1] + 4
    training, _ = figures.cases()["B"]["deep"]
    assert training[:12].min() < 71
    assert training[13:].min() > 80
    shallow, deep = ends["C"].values()
    assert deep[0] > shallow[0] + 4
    assert deep[1] > shallow[1] + 4
    assert abs(deep[2]) < 1
    shallow, deep = ends["D"].values()
    assert deep[0] > shallow[0]
    assert deep[2] < -8


def test_four_panels_with_four_lines() -> None:
    fig = figures.four_cases()
    assert [ax.get_title() for ax in fig.axes] == list("ABCD")
    assert [len(ax.get_lines()) for ax in fig.axes] == [4] * 4
    colours = [to_hex(line.get_color()).upper() for line in fig.axes[0].get_lines()]
    assert colours == [BLUE, BLUE, RED, RED]


def test_a_network_is_stretched_by_white_layers() -> None:
    [ax] = figures.stretched([8, 8, 16, 32], [0, 2, 1, 0]).axes
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    above = [box for box in boxes if box.get_y() > 0]
    below = sorted((b for b in boxes if b.get_y() < 0), key=Rectangle.get_x)
    assert len(above) == 4
    faces = [to_hex(box.get_facecolor()).upper() for box in below]
    white = "#FFFFFF"
    assert faces == [SKY, SKY, white, white, BLUE, white, "#003D66"]


def test_the_sum_is_drawn_on_the_right_only() -> None:
    left, right = figures.two_forms().axes
    assert "+" not in [text.get_text() for text in left.texts]
    assert {"+", "$F(x)$", "$H(x)$"} <= {text.get_text() for text in right.texts}
    for ax in (left, right):
        assert [t.get_text() for t in ax.texts].count("layer") == 2


def test_a_line_for_each_kind_of_block() -> None:
    [ax] = figures.by_block({"plain": [1.0, 1.2], "v1": [0.5, 0.4]}).axes
    assert [line.get_label() for line in ax.get_lines()] == ["plain", "v1"]
    assert list(np.asarray(ax.get_lines()[1].get_ydata())) == [0.5, 0.4]
