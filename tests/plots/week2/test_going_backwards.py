"""The figures of going backwards: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.plots.core import PALE
from coursekit.plots.week2 import going_backwards as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def test_blame_stamps_adds_up_and_greys_what_nobody_read() -> None:
    fig = figures.blame(np.array([1.0, 2, 3]), np.array([1.0, 2, -1]), n=8, s=2)
    numbers = [text for text in texts(fig) if text.lstrip("−").isdigit()]
    assert numbers[:9] == ["1", "2", "3", "2", "4", "6", "−1", "−2", "−3"]
    assert numbers[9:] == ["1", "2", "5", "4", "5", "−2", "−3", "0"]
    faces = [patch.get_facecolor() for patch in fig.axes[0].patches[-8:]]
    assert [same_color(face, PALE) for face in faces] == [False] * 7 + [True]


def test_two_matrices_are_transposes() -> None:
    fig = figures.two_matrices((2, 2), (3, 4))
    letters = texts(fig)[: 2 * 6 * 12]
    first = np.reshape(letters[: 6 * 12], (6, 12))
    second = np.reshape(letters[6 * 12 :], (12, 6))
    assert first[0].tolist() == ["w00", "w01", "", "", "w10", "w11"] + [""] * 6
    assert first[3].tolist() == [""] * 4 + first[0].tolist()[:8]
    np.testing.assert_array_equal(first.T, second)


def test_a_column_is_folded_to_what_a_pixel_sees() -> None:
    fig = figures.folded((3, 3), (4, 4), pixel=(1, 1))
    assert texts(fig)[-5:-1] == ["w11", "w10", "w01", "w00"]
    assert texts(fig)[-1] == "column of pixel (1, 1):"


def test_stuffed_draws_zeros_the_turned_kernel_and_the_output() -> None:
    kernel = np.arange(1.0, 7).reshape(2, 3)
    fig = figures.stuffed(np.array([[2.0, 5]]), kernel, s=2)
    numbers = [text for text in texts(fig) if text.isdigit()]
    board = np.reshape(numbers[: 3 * 7], (3, 7)).astype(int)
    assert board.tolist() == [[0] * 7, [0, 0, 2, 0, 5, 0, 0], [0] * 7]
    assert numbers[21:27] == ["6", "5", "4", "3", "2", "1"]
    assert numbers[27:32] == ["2", "4", "11", "10", "15"]
    frames = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    sizes = [(p.get_width(), p.get_height()) for p in frames if not p.get_fill()]
    assert sizes == [(3, 2), (1, 1)], "the kernel's first place and its output"


def test_the_funnel_has_a_dashed_line_where_something_is_left_over() -> None:
    fig = figures.funnel(range(5, 11), k=3, s=2)
    lines = [line.get_linestyle() for line in fig.axes[0].lines]
    assert lines == ["-", "--"] * 3
    assert texts(fig)[:6] == ["a = 0", "a = 1"] * 3


def test_grids_share_the_size_of_their_cells() -> None:
    fig = figures.grids({"a": np.eye(3), "b": np.array([[2.0, 7]])})
    assert [ax.get_title() for ax in fig.axes] == ["a", "b"]
    assert [text.get_text() for text in fig.axes[1].texts] == ["2", "7"]
