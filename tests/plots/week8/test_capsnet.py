"""The figures of CapsNet: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit.plots.core import BLUE, ORANGE
from coursekit.plots.week8 import capsnet as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_ten_capsules_ten_lengths_one_chosen() -> None:
    [ax] = figures.network().axes
    orange = [
        p
        for p in ax.patches
        if isinstance(p, Rectangle) and to_hex(p.get_facecolor()).upper() == ORANGE
    ]
    assert len(orange) == 2
    words = [text.get_text() for text in ax.texts]
    assert "mask: all but one are 0" in words


def test_a_bar_in_pieces() -> None:
    [ax] = figures.where_weights({"a": 20_000, "b": 5_000_000, "c": 1, "d": 2}).axes
    widths = [p.get_width() for p in ax.patches if isinstance(p, Rectangle)]
    assert widths == pytest.approx([0.02, 5, 1e-6, 2e-6])
    assert ax.texts[1].get_text() == "b\n5.00"


def test_eight_channels_and_eight_pixels() -> None:
    fig = figures.eight_numbers()
    axes = np.reshape(np.array(fig.axes, dtype=object), (2, 8))

    def coloured(ax: plt.Axes, colour: str) -> list[tuple[float, float]]:
        return [
            p.get_xy()
            for p in ax.patches
            if isinstance(p, Rectangle) and to_hex(p.get_facecolor()).upper() == colour
        ]

    assert all(coloured(ax, BLUE) == [(0, 5)] for ax in axes[0])
    first = coloured(axes[1, 0], ORANGE)
    assert first == [(k, 5) for k in range(6)] + [(0, 4), (1, 4)]
    assert all(coloured(ax, ORANGE) == [] for ax in axes[1, 1:])


def test_copies_stand_below_their_digits() -> None:
    images = np.arange(24.0).reshape(2, 3, 4) / 24
    fig = figures.repainted(images, 1 - images)
    shown = [np.asarray(ax.images[0].get_array()) for ax in fig.axes]
    np.testing.assert_allclose(shown[1], images[1])
    np.testing.assert_allclose(shown[2], 1 - images[0])


@pytest.mark.parametrize("count", [1, 2, 6])
def test_misread_digits_are_named(count: int) -> None:
    rows = [np.zeros((count, 5, 5)) + k / 3 for k in range(3)]
    fig = figures.misread(rows, [7] * count, [2] * count)
    assert len(fig.axes) == 3 * count
    assert fig.axes[0].get_title() == "a 7, read as 2"
    last = np.asarray(fig.axes[-1].images[0].get_array())
    assert last[0, 0] == pytest.approx(2 / 3)


def test_a_cell_for_each_number_and_measure() -> None:
    effects = np.zeros((16, 3))
    effects[4, 1], effects[9, 2] = -1.5, 0.2
    ax = figures.knobs(effects, ("ink", "width", "slant")).axes[0]
    assert np.asarray(ax.images[0].get_array()).shape == (3, 16)
    [text] = ax.texts
    assert (text.get_text(), text.get_position()) == ("−1.5", (4, 1))


def test_sweeps_by_row() -> None:
    rows = [[np.full((4, 4), k / 10) for k in range(3)] for _ in range(2)]
    fig = figures.sweeps(rows, ["number 3", "number 8"], [-0.1, 0, 0.1])
    assert [ax.get_title() for ax in fig.axes[:3]] == ["−0.1", "0", "+0.1"]
    assert fig.axes[3].get_ylabel() == "number 8"


def test_a_dot_for_each_seed() -> None:
    [ax] = figures.by_seed({"one, a": [1, 2, 3], "two": [4, 5, 6]}, "right").axes
    assert [len(np.asarray(dots.get_offsets())) for dots in ax.collections] == [3, 3]
    assert len(ax.get_lines()) == 3
    assert [text.get_text() for text in ax.get_xticklabels()] == ["one,\na", "two"]


def test_couplings_by_rounds() -> None:
    [ax] = figures.hardly([(1, 0.1, 0.1), (3, 0.12, 0.2)]).axes
    largest, true, _ = ax.get_lines()
    assert list(np.asarray(true.get_ydata())) == [0.1, 0.12]
    assert list(np.asarray(largest.get_ydata())) == [0.1, 0.2]


def test_rivals_are_joined_by_seed() -> None:
    capsules, cnn = np.array([[90.0, 70], [92, 71]]), np.array([[91.0, 72], [93, 75]])
    fig = figures.rivals(["plain", "moved"], capsules, cnn)
    assert [ax.get_title() for ax in fig.axes] == ["plain", "moved"]
    line = fig.axes[1].get_lines()[0]
    assert list(np.asarray(line.get_ydata())) == [72, 70]
    for ax, table in zip(
        fig.axes, np.stack([capsules, cnn]).transpose(2, 0, 1), strict=True
    ):
        low, high = ax.get_ylim()
        assert low < table.min()
        assert table.max() < high <= 100
