"""The figures of the last notebook: what they draw is so."""

from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit.plots.core import BLUE
from coursekit.plots.week9 import onward as figures

TITLES = {
    "week 1, notebook 1": "Windows",
    "week 1, notebook 2": "Steps",
    "week 2, notebook 1": "Roads",
}
NEEDS = {
    "week 1, notebook 1": [],
    "week 1, notebook 2": ["week 1, notebook 1"],
    "week 2, notebook 1": ["week 1, notebook 1", "week 1, notebook 2"],
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_a_row_for_each_notebook_and_an_arc_for_each_need() -> None:
    lit = {"week 1, notebook 1", "week 2, notebook 1"}
    [ax] = figures.roads(TITLES, NEEDS, lit).axes
    words = [text.get_text() for text in ax.texts]
    assert words == ["1.1  Windows", "1.2  Steps", "2.1  Roads"]
    arcs = [line for line in ax.lines if line.get_marker() == "None"]
    assert len(arcs) == 3
    ends = [{round(float(np.ravel(a.get_ydata())[k])) for k in (0, -1)} for a in arcs]
    assert ends == [{-1, 0}, {-2, -1}, {-2, 0}]  # the one in colour is drawn last
    assert [to_hex(str(arc.get_color())).upper() == BLUE for arc in arcs] == [
        *(False, False),
        True,
    ]
    weights = [text.get_fontweight() for text in ax.texts]
    assert weights == ["bold", "normal", "bold"]


def test_titles_stay_within_the_figure() -> None:
    long = "Going backwards: gradients and transposed convolution, bold"
    fig = figures.roads({"week 1, notebook 1": long}, {}, ["week 1, notebook 1"])
    fig.canvas.draw()
    [ax] = fig.axes
    right = ax.texts[0].get_window_extent().x1
    assert right < fig.bbox.x1


def test_what_is_not_seen_stays_white() -> None:
    seen = np.zeros((4, 5))
    seen[1, 2], seen[1, 3] = 2.0, 1e-7
    [ax] = figures.reach_of_layers({"a layer": seen}, (1, 2)).axes
    found: Any = ax.images[0].get_array()
    shown = np.asarray(np.ma.filled(found, np.nan))
    assert np.isfinite(shown).sum() == 2
    assert shown[1, 2] == pytest.approx(0)
    assert shown[1, 3] == pytest.approx(-4)
    assert ax.get_xlabel() == "2 of 20 pixels"
    [frame] = ax.patches
    assert isinstance(frame, Rectangle)
    assert frame.get_xy() == (1.5, 0.5)


def test_work_by_the_side_of_the_map() -> None:
    work = {"n": lambda n: n, "n²": lambda n: n * n}
    [ax] = figures.work_by_side([2, 4], work, [(3.5, "here")]).axes
    assert [line.get_label() for line in ax.lines[:2]] == ["n", "n²"]
    assert list(np.ravel(ax.lines[1].get_ydata())) == [16, 256]
    assert list(np.ravel(ax.lines[2].get_xdata())) == [3.5, 3.5]
    assert [text.get_text() for text in ax.texts] == ["here"]


def test_three_blocks_with_their_parts() -> None:
    fig = figures.blocks_on_roads()
    words = {
        ax.get_title(): [t.get_text() for t in ax.texts if t.get_text()]
        for ax in fig.axes
    }
    assert list(words) == ["ResNet, pre-activation", "transformer", "ConvNeXt"]
    assert [some.count("+") for some in words.values()] == [1, 2, 1]
    assert words["transformer"][:2] == ["LN", "self-attention"]
    assert "self-attention" not in words["ConvNeXt"]


def test_rows_of_pictures_on_one_scale() -> None:
    half = np.full((2, 2), 0.5)
    fig = figures.out_of_noise({"one": [half, -half]}, ["first", "second"])
    assert [ax.get_title() for ax in fig.axes] == ["first", "second"]
    assert fig.axes[0].get_ylabel() == "one"
    assert all(ax.images[0].get_clim() == (-1, 1) for ax in fig.axes)


def test_a_sheet_has_rows_of_columns() -> None:
    pictures = np.arange(1, 6)[:, None, None] / 5 * np.ones((5, 2, 4))
    [ax] = figures.sheet_of_digits(pictures, 3).axes
    sheet = np.asarray(ax.images[0].get_array())
    assert sheet.shape == (2 * 4, 3 * 6)
    assert sheet[1, 1] == sheet[2, 4] == pytest.approx(0.2)
    assert sheet[5, 7:11] == pytest.approx(1)  # the fifth, in the second row
    assert (sheet[:, [0, 5, 6]] == -1).all()  # white between them
    assert (sheet[4:, 12:] == -1).all()


def test_rings_around_the_content() -> None:
    colours = np.full((2, 3, 3), 0.3)
    there = np.array([[1, 0, 1], [0, 0, 0]])
    content = np.array([[0, 0, 1], [0, 0, 0]])
    letters = np.array([["A", "B", "C"], ["D", "E", "F"]])
    [ax] = figures.rook_board(colours, there, content, letters).axes
    assert [text.get_text() for text in ax.texts] == ["A", "C"]
    rings = [float(line.get_markeredgewidth()) > 0 for line in ax.lines]
    assert rings == [False, True]
