"""The figures beyond photographs: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, Rectangle

from coursekit.plots.core import RED
from coursekit.plots.week4 import beyond_photographs as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def stones(ax: Axes, colour: str) -> set[tuple[float, ...]]:
    circles = [p for p in ax.patches if isinstance(p, Circle) and p.get_fill()]
    chosen = [c for c in circles if c.get_facecolor() == to_rgba(colour)]
    return {tuple(map(float, circle.center)) for circle in chosen}


def marked(ax: Axes, name: str) -> set[tuple[float, ...]]:
    [line] = [line for line in ax.get_lines() if line.get_label() == name]
    return {tuple(map(float, place)) for place in np.asarray(line.get_xydata())}


def test_the_best_window_is_framed_in_the_colour_of_its_bar() -> None:
    words = ["not", "a", "bad", "film", "at"]
    fig = figures.strip(words, np.ones((5, 3)), [1, 4, 2], width=3)
    above, below = fig.axes
    bars = [p for p in below.patches if isinstance(p, Rectangle)]
    assert [bar.get_height() for bar in bars] == [1, 4, 2]
    middles = [bar.get_x() + bar.get_width() / 2 for bar in bars]
    np.testing.assert_allclose(middles, [1, 2, 3])
    assert [bar.get_facecolor() == to_rgba(RED) for bar in bars] == [False, True, False]
    [window] = [p for p in above.patches if isinstance(p, Rectangle)]
    assert sorted([window.get_x(), window.get_x() + window.get_width()]) == [0.5, 3.5]
    assert np.asarray(above.get_images()[0].get_array()).shape == (3, 5)


def test_tones_and_sound_share_their_seconds() -> None:
    sound, strengths = np.sin(np.arange(800)), np.ones((3, 40))
    fig = figures.chord(sound, 400, strengths, ["A", "C", "E"], np.linspace(0, 1, 40))
    assert {ax.get_xlim() for ax in fig.axes} == {(0, 2)}
    assert [text.get_text() for text in fig.axes[1].get_yticklabels()] == list("ACE")
    [curve] = fig.axes[2].get_lines()
    np.testing.assert_allclose(
        np.asarray(curve.get_xydata())[[0, -1]], [[0, 0], [2, 1]]
    )


def test_stones_lie_where_the_numbers_are() -> None:
    position = np.zeros((5, 5), dtype=int)
    position[0, 1], position[3, 4] = 1, 2
    [ax] = figures.board(position, marks={"here": position == 2}).axes
    assert stones(ax, "black") == {(1, 0)}
    assert stones(ax, "white") == {(4, 3)}
    assert marked(ax, "here") == {(4, 3)}
    low, high = ax.get_ylim()
    assert low > high, "row 0 is at the top"


def test_each_answer_is_a_hit_a_miss_or_wrong() -> None:
    true = np.array([[1, 1, 0], [0, 0, 0], [0, 0, 0]])
    said = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0]])
    fig = figures.judged(np.zeros((3, 3)), true, {"one": said, "two": true})
    one, two = fig.axes
    assert marked(one, "hit") == {(0, 0)}
    assert marked(one, "missed") == {(1, 0)}
    assert marked(one, "no capture") == {(2, 1)}
    assert marked(two, "hit") == {(0, 0), (1, 0)}
    assert marked(two, "missed") == marked(two, "no capture") == set()


def test_the_frame_has_the_reach_on_each_side_of_the_move() -> None:
    fig = figures.twins(np.zeros((2, 19, 19)), (9, 6), reach=2)
    for ax in fig.axes:
        [window] = [p for p in ax.patches if isinstance(p, Rectangle)]
        assert (window.get_x(), window.get_y()) == (3.5, 6.5)
        assert (window.get_width(), window.get_height()) == (5, 5)
        [ring] = [p for p in ax.patches if isinstance(p, Circle)]
        assert ring.center == (6, 9)


def test_each_network_is_a_curve_over_the_sizes() -> None:
    found = {"five layers": [1.0, 0.9], "two layers": [0.8, 0.2]}
    [ax] = figures.recall(["1", "2 to 4"], found).axes
    drawn = {
        line.get_label(): np.asarray(line.get_ydata()).tolist()
        for line in ax.get_lines()
    }
    assert drawn == found
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "2 to 4"]
