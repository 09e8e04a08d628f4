"""The figures of pooling: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.plots.core import GREY
from coursekit.plots.week3 import pooling as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def faces(fig: Figure) -> list[str]:
    patches = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    return [to_hex(patch.get_facecolor()) for patch in patches]


def test_a_window_has_the_colour_of_what_became_of_it() -> None:
    x = np.arange(24.0).reshape(4, 6)
    fig = figures.windows({"x": x, "max": x[1::2, 1::2], "again": x}, columns=2)
    found = faces(fig)
    big, small = np.reshape(found[:24], (4, 6)), np.reshape(found[24:30], (2, 3))
    assert big.tolist() == small.repeat(2, 0).repeat(2, 1).tolist()
    assert len(set(small.ravel())) == 6
    assert found[30:] == found[:24]
    assert texts(fig)[24:25] == ["x"]
    assert texts(fig)[25:31] == ["7", "9", "11", "19", "21", "23"]


def test_stops_count_who_reads_a_pixel() -> None:
    fig = figures.stops(9, {"three": (3, 2), "two": (2, 2)})
    words = texts(fig)
    assert words[9] == "three"
    assert words[10:19] == list("112121211")
    assert words[-10:-1] == list("111111110")
    colours = faces(fig)
    assert colours[2] == colours[4] == colours[6] != colours[0]
    assert same_color(colours[-1], GREY)
    assert len(fig.axes[0].lines) == 8


def test_what_is_not_right_is_orange() -> None:
    came, right = np.array([[1.0, 2, 3]]), np.array([[1.0, 0, 3]])
    colours = faces(figures.compared({"a": (came, right), "b": (right, right)}))
    assert [same_color(colour, "white") for colour in colours] == [
        True, False, True, True, True, True,
    ]  # fmt: skip


def test_walks_name_the_steps_and_write_on_dark_cells_in_white() -> None:
    fig = figures.walks({"row": np.eye(3)[:2], "half": [[0.5], [1.0]]})
    words = texts(fig)
    assert words[:6] == ["1", "0", "0", "0", "1", "0"]
    assert words[6:10] == ["row", "0.5", "1", "half"]
    assert words[10:] == ["step 0", "step 1"]
    inks = [text.get_color() for text in fig.axes[0].texts[:2]]
    assert inks == ["black", "white"]
    assert [same_color(colour, ink) for colour, ink in zip(
        faces(fig)[:2], ("white", "black"), strict=True)] == [True, True]  # fmt: skip


def test_shift_curves_draw_means_and_the_room_between_runs() -> None:
    curves = {"a": [[0.9, 0.5], [0.7, 0.1]], "b": [[0.8, 0.8], [0.8, 0.8]]}
    fig = figures.shift_curves(curves)
    lines = fig.axes[0].lines
    np.testing.assert_allclose(np.asarray(lines[0].get_ydata()), [80, 30])
    np.testing.assert_allclose(np.asarray(lines[1].get_xdata()), [0, 1])
    assert len(fig.axes[0].collections) == 2
    band = np.asarray(fig.axes[0].collections[0].get_paths()[0].vertices)[:, 1]
    assert (band.min(), band.max()) == pytest.approx((10, 90))
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["a", "b"]
