"""The figures of the lesson on output sizes: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.plots.core import BLUE, GREY, ORANGE, PALE
from coursekit.plots.week2 import output_sizes as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def faces(fig: Figure) -> list[str]:
    """The colours of all cells, in the order in which they were drawn."""
    boxes = [patch for ax in fig.axes for patch in ax.patches]
    return [
        to_hex(box.get_facecolor()).upper()
        for box in boxes
        if isinstance(box, Rectangle) and box.get_fill()
    ]


def weights(fig: Figure) -> list[int]:
    """How many weights each stop has, in the order in which they were drawn."""
    [ax] = fig.axes
    lines = [line for line in ax.lines if line.get_color() == BLUE]
    return [len(np.asarray(line.get_xdata())) for line in lines]


@pytest.mark.parametrize(
    ("row", "stops", "colours"),
    [
        ((5, 3), 3, ["#FFFFFF"] * 5),
        ((5, 4, 2, 1), 5, [PALE] * 2 + ["#FFFFFF"] * 5 + [PALE]),
        ((7, 3, 1, 0, 3), 2, [PALE] + ["#FFFFFF"] * 5 + [GREY] * 2),
        ((9, 3, 0, 0, 2, 2), 3, ["#FFFFFF", GREY] * 4 + ["#FFFFFF"]),
        ((8, 2, 0, 0, 3), 3, ["#FFFFFF", "#FFFFFF", GREY] * 2 + ["#FFFFFF"] * 2),
    ],
)
def test_a_row_shows_its_stops_and_what_none_of_them_reads(
    row: tuple[int, ...], stops: int, colours: list[str]
) -> None:
    fig = figures.kernel_stops({"a row": row})
    assert weights(fig) == [row[1]] * stops
    assert faces(fig) == colours


def test_rows_that_do_not_fit_beside_each_other_go_below() -> None:
    one = figures.kernel_stops({"one": (9, 4)})
    four = figures.kernel_stops({f"p{p}": (9, 4, p, p, 3) for p in range(4)})
    titles = {t.get_text(): t.get_position() for t in four.axes[0].texts}
    assert titles["p0"][1] == titles["p1"][1] > titles["p2"][1] == titles["p3"][1]
    assert len(weights(four)) == 2 + 3 + 4 + 4
    assert len(weights(one)) == 6


def test_shrinking_pictures_keep_their_scale() -> None:
    pictures = [np.zeros((8, 8)), np.zeros((4, 4))]
    fig = figures.shrinking({"valid": pictures, "same": pictures[:1] * 3})
    drawn = [ax for ax in fig.axes if ax.images]
    assert [ax.get_title() for ax in drawn] == ["8", "4", "8", "8", "8"]
    assert {ax.get_xlim() for ax in drawn} == {(-4, 4)}
    assert list(drawn[1].images[0].get_extent()) == [-2, 2, -2, 2]


def test_the_cross_stands_at_the_same_pixel_everywhere() -> None:
    fig = figures.crosses({"a": np.eye(6), "b": np.eye(6)}, (2, 4))
    for ax in fig.axes:
        down, across = ax.lines
        assert set(np.asarray(down.get_ydata())) == {2}
        assert set(np.asarray(across.get_xdata())) == {4}


def test_outputs_that_the_stride_keeps_are_orange() -> None:
    image, kernel, output = np.ones((3, 3)), np.ones((2, 2)), np.zeros((4, 4))
    fig = figures.padded_product(image, kernel, output, (3, 2))
    orange = np.array(faces(fig)[-16:]).reshape(4, 4) == ORANGE
    assert np.argwhere(orange).tolist() == [[0, 0], [0, 2], [3, 0], [3, 2]]
    assert faces(fig)[:25].count(PALE) == 16
    assert ORANGE not in faces(figures.padded_product(image, kernel, output))


def test_a_volume_shows_every_channel_its_window_and_its_slice() -> None:
    x, kernel = np.arange(75).reshape(3, 5, 5), np.ones((3, 3, 3))
    fig = figures.volume(x, kernel, (2, 4), 3)
    [ax] = fig.axes
    framed = [box for box in ax.patches if isinstance(box, Rectangle)]
    framed = [box for box in framed if not box.get_fill()]
    assert [box.get_xy() for box in framed] == [(4, 2), (12.5, 2), (21, 2)]
    assert len(faces(fig)) == 3 * 49 + 3 * 9


def test_a_hidden_value_has_a_question_mark() -> None:
    maps = np.zeros((2, 2, 2))
    maps[1, 0, 1] = np.nan
    fig = figures.two_maps(maps, ["one", "other"])
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert texts == ["0"] * 4 + ["one", "0", "?", "0", "0", "other"]


def test_answers_of_a_kernel_share_their_colours() -> None:
    fig = figures.step(
        np.ones((3, 4)), {"a": np.zeros((1, 2)), "b": np.full((3, 4), 6)}
    )
    assert [ax.get_title() for ax in fig.axes] == ["image", "a", "b"]
    assert [ax.images[0].get_clim() for ax in fig.axes] == [
        (0, 1),
        (-12, 12),
        (-12, 12),
    ]
