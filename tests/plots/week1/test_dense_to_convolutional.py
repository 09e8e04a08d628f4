"""The figures of lesson 1: what they draw is what they claim."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit import plots
from coursekit.plots.week1 import dense_to_convolutional as figures


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def bars(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def has_ink(fig: Figure) -> bool:
    return plots.drawn(fig).getextrema() != ((255, 255),) * 3


def test_three_steps_counts_and_names_the_weights() -> None:
    fig = figures.three_steps(n=7, k=3)
    titles = [ax.get_title() for ax in fig.axes if ax.get_title()]
    assert titles == [
        "dense: 35 weights",
        "locally connected: 15 weights",
        "convolutional: 3 weights",
    ]
    dense, local, shared = (words(ax) for ax in fig.axes[3:])
    assert dense == [str(i) for i in range(1, 36)]
    assert [cell for cell in local if cell != "0"] == [str(i) for i in range(1, 16)]
    assert shared[:7] == ["a", "b", "c", "0", "0", "0", "0"]
    assert shared[-7:] == ["0", "0", "0", "0", "a", "b", "c"]
    assert has_ink(fig)


@pytest.mark.parametrize(("n", "k"), [(7, 0), (2, 3), (9, 5)])
def test_three_steps_refuses_what_it_cannot_draw(n: int, k: int) -> None:
    with pytest.raises(ValueError, match="kernels of 1 to"):
        figures.three_steps(n, k)


def test_patch_shows_the_numbers_of_the_frame() -> None:
    image = np.arange(36).reshape(6, 6)
    fig = figures.patch_of_numbers(image, top=1, left=2, size=3)
    expected = [*range(8, 11), *range(14, 17), *range(20, 23)]
    assert words(fig.axes[1]) == [str(value) for value in expected]
    assert fig.axes[1].get_title() == "rows 1–3, columns 2–4"
    assert has_ink(fig)


def test_a_patch_outside_the_image_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lie inside"):
        figures.patch_of_numbers(np.zeros((6, 6)), top=4, left=0, size=3)


def test_accuracy_dots_writes_the_mean_and_draws_every_run() -> None:
    fig = figures.accuracy_dots({("MLP", "a"): [0.5, 0.7], ("CNN", "b"): [0.9, 1.0]})
    ax = fig.axes[0]
    assert [text.strip() for text in words(ax)] == ["60.0 %", "95.0 %"]
    assert np.ravel(ax.lines[0].get_xdata()).tolist() == pytest.approx([50, 70])
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "MLP · a",
        "CNN · b",
    ]
    assert has_ink(fig)


def test_cleaned_signal_lies_in_the_middle_of_the_longer_one() -> None:
    fig = figures.before_and_after(np.ones(20), np.ones(20), np.ones(10))
    x = np.ravel(fig.axes[1].lines[0].get_xdata())
    assert (x[0], x[-1]) == (5, 14)
    assert has_ink(fig)


def test_filters_compared_has_a_bar_for_each_weight_around_zero() -> None:
    fig = figures.filters_compared([1, 2, 3], [1, 2, 3])
    drawn = bars(fig.axes[0])
    assert [bar.get_height() for bar in drawn] == [1, 2, 3]
    centres = [bar.get_x() + bar.get_width() / 2 for bar in drawn]
    assert centres == pytest.approx([-1, 0, 1])
    assert has_ink(fig)


def test_tuning_curve_draws_positive_sums_only() -> None:
    kernel = np.array([[1, -1], [1, -1]])
    fig = figures.tuning_curve(kernel, {"left": kernel > 0, "right": kernel < 0})
    assert [bar.get_height() for bar in bars(fig.axes[-1])] == [2, 0]
    assert has_ink(fig)


def test_the_response_is_written_on_each_bar() -> None:
    kernel = np.array([[2, -1], [2, -1]])
    fig = figures.tuning_curve(kernel, {"left": kernel > 0, "all": kernel * kernel > 0})
    assert words(fig.axes[-1]) == ["4", "2"]


def test_signs_stand_where_the_weights_are() -> None:
    fig = figures.signs(np.array([[0, 0, 0], [-0.5, 1, 0], [0, 0, 0]]))
    assert [(text.get_text(), text.get_position()) for text in fig.axes[0].texts] == [
        ("−", (0, 1)),
        ("+", (1, 1)),
    ]
    assert has_ink(fig)


def test_recordings_stretch_every_column_and_name_it() -> None:
    fig = figures.recordings([[0, 500], [2, 300], [1, 400]], columns=[7, 3])
    drawn = fig.axes[0].images[0].get_array()
    assert drawn is not None
    assert drawn.tolist() == [[0, 1], [1, 0], [0.5, 0.5]]
    labels = [label.get_text() for label in fig.axes[0].get_xticklabels()]
    assert labels == ["7", "3"]
    assert has_ink(fig)


def test_four_parts_is_lenet_to_scale() -> None:
    fig = figures.four_parts(np.zeros((1, 28, 28)))
    written = words(fig.axes[0])
    assert written[0::2][:5] == [
        "1 × 32 × 32",
        "6 × 28 × 28",
        "6 × 14 × 14",
        "16 × 10 × 10",
        "16 × 5 × 5",
    ]
    assert {"convolution", "subsampling", "dense", "output"} < set(written[1::2])
    assert has_ink(fig)


def test_lenet_sizes_follow_from_window_and_stride() -> None:
    maps = [stage for stage in figures.LENET if stage.side > 1]
    for stage, following in pairwise(maps):
        by_window = stage.side - 5 + 1 if stage.window == 5 else stage.side // 2
        assert following.side == by_window


def test_four_parts_refuses_other_images() -> None:
    with pytest.raises(ValueError, match="28 × 28"):
        figures.four_parts(np.zeros((3, 32, 32)))
