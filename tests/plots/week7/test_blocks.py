"""The figures of residual blocks: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyBboxPatch

from coursekit.plots.week7 import blocks as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


@pytest.mark.parametrize(
    ("kind", "order"),
    [
        ("plain", "conv BN ReLU conv BN ReLU"),
        ("basic", "conv BN ReLU conv BN + ReLU"),
        ("bottleneck", "conv BN ReLU conv BN ReLU conv BN + ReLU"),
        ("pre-activation", "BN ReLU conv BN ReLU conv +"),
    ],
)
def test_the_order_of_the_boxes(kind: str, order: str) -> None:
    assert [step.kind for step in figures.steps(kind, changes=False)] == order.split()


def test_a_stride_stands_in_one_convolution() -> None:
    for kind, place in (("basic", 0), ("bottleneck", 1), ("pre-activation", 0)):
        convs = [s.words for s in figures.steps(kind, True) if s.kind == "conv"]
        assert [at for at, words in enumerate(convs) if "/2" in words] == [place]


def test_blocks_stand_side_by_side() -> None:
    fig = figures.residual_blocks(["plain", "basic", "pre-activation"])
    pluses = [sum(isinstance(patch, Circle) for patch in ax.patches) for ax in fig.axes]
    assert pluses == [0, 1, 1]
    boxes = [
        sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches)
        for ax in fig.axes
    ]
    assert boxes == [6, 6, 6]
    assert [texts(ax)[0] for ax in fig.axes] == ["plain", "basic", "pre-activation"]


def test_a_change_puts_a_projection_on_the_shortcut() -> None:
    fig = figures.residual_blocks(["basic", "pre-activation"], changes=True)
    first, second = (texts(ax) for ax in fig.axes)
    assert "1×1\n128, /2" in first
    assert "1×1\n128, /2" in second
    assert (first.count("BN"), second.count("BN")) == (3, 2), "v2: none of its own"


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="dense"):
        figures.residual_blocks(["basic", "dense"])


def test_slopes_stand_below_their_curves() -> None:
    fig = figures.along([0, 1, 2], {"a": [3, 4, 5], "b": [1, 0, 3]})
    drawn = [np.asarray(ax.lines[0].get_ydata()).tolist() for ax in fig.axes]
    assert drawn == [[3, 4, 5], [1, 0, 3], [1, 1], [-1, 3]]
    assert [ax.get_title() for ax in fig.axes] == ["a", "b", "", ""]


def test_maps_are_drawn_to_scale() -> None:
    before, after = np.ones((3, 8, 6)), np.zeros((6, 4, 3))
    fig = figures.shortcut(before, after)
    drawn = [ax for ax in fig.axes if ax.images]
    assert len(drawn) == 9
    assert {ax.get_xlim() for ax in drawn} == {(-0.5, 5.5)}


def test_what_is_not_seen_stays_white() -> None:
    fig = figures.sights({"x": np.array([[0.0, 2], [1, 0]])})
    drawn = fig.axes[0].images[0].get_array()
    assert drawn is not None
    shown = np.ma.filled(drawn, np.nan)
    assert np.isnan(shown).tolist() == [[True, False], [False, True]]


def test_roads_have_two_panels() -> None:
    table = np.array([[1, 0], [2, 0.25], [3, 0.5]])
    fig = figures.roads({"v1": table, "v2": table + 0.1})
    sizes, below = fig.axes
    assert np.array_equal(sizes.lines[0].get_ydata(), [1, 2, 3])
    assert np.array_equal(below.lines[0].get_ydata(), [0, 25, 50])


def test_a_family_is_drawn_to_length() -> None:
    fig = figures.family({"a": [2_000_000] * 4, "b": [4_000_000] * 4}, [[1] * 4] * 2)
    words = texts(fig.axes[0])
    assert {"8.0", "16.0"} <= set(words)
    assert words.count("1") == 8
