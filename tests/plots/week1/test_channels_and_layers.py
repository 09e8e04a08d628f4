"""The figures of the lesson on channels and layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from coursekit import plots
from coursekit.plots.week1 import channels_and_layers as figures

IMAGE = np.arange(12).reshape(3, 4)
KERNEL = [[0, 1], [2, 3]]
FIGURES: dict[str, Callable[[], Figure]] = {
    "planes": lambda: figures.planes(torch.zeros(3, 8, 8, dtype=torch.uint8)),
    "channel_sum": lambda: figures.channel_sum(np.ones((3, 3, 3)), np.ones((3, 2, 2))),
    "layer": figures.layer,
    "pointwise": figures.pointwise,
    "directions": figures.directions,
    "sentence": lambda: figures.sentence(
        ["not", "so", "good"], np.eye(2, 3), ["denies", "praises"], [0, 1], 2
    ),
    "sound": lambda: figures.sound(
        np.arange(100) / 10, np.zeros(100), np.ones((2, 81)), ["low", "high"]
    ),
    "video": lambda: figures.video(
        np.ones((4, 8, 8)), np.eye(3), np.ones((2, 8, 6)), [0, 1]
    ),
    "volume": lambda: figures.volume(
        np.ones((9, 12, 14)), np.ones((8, 10)), np.ones((8, 10))
    ),
    "patches_to_columns": lambda: figures.patches_to_columns(IMAGE, KERNEL),
    "neurons": figures.neurons,
    "derivatives": lambda: figures.derivatives(np.linspace(-4, 4, 81)),
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def words(fig: Figure) -> list[str]:
    """Every non-empty text that stands directly on the axes of a figure."""
    return [text.get_text() for ax in fig.axes for text in ax.texts if text.get_text()]


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_in_a_figure_is_cut_off(name: str) -> None:
    fig = FIGURES[name]()
    fig.canvas.draw()
    drawn = fig.get_tightbbox()
    width, height = fig.get_size_inches()
    assert min(drawn.x0, drawn.y0) >= -0.03
    assert drawn.x1 <= width + 0.03
    assert drawn.y1 <= height + 0.03


def test_channel_sum_hides_a_place_in_each_channel_and_in_the_sum() -> None:
    x = np.arange(18).reshape(2, 3, 3)
    kernel = np.array([[[1, 0], [0, 0]], [[0, 0], [0, -1]]])
    total = x[0, :2, :2] - x[1, 1:, 1:]
    shown = words(figures.channel_sum(x, kernel, hidden=(0, 1)))
    assert shown.count("?") == 2 + 1
    assert shown.count(f"{total[0, 0]:g}".replace("-", "−")) >= 1
    assert "?" not in words(figures.channel_sum(x, kernel))


def test_an_arrow_joins_each_marked_pixel_and_its_circle() -> None:
    [ax] = figures.pointwise(inputs=2, outputs=3).axes
    marks = [
        patch.get_bbox()
        for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_facecolor()[:3] == (0, 0, 0)
    ]
    ends = [
        end for note in ax.texts if isinstance(note, Annotation) for end in places(note)
    ]
    touched = [any(mark.contains(*end) for end in ends) for mark in marks]
    assert touched == [True] * 5
    assert len(ends) == 2 * 5


def places(arrow: Annotation) -> list[tuple[float, float]]:
    """Where an arrow starts and ends."""
    return [(float(x), float(y)) for x, y in (arrow.xyann, arrow.xy)]


def test_patches_to_columns_multiplies_right() -> None:
    shown = words(figures.patches_to_columns(IMAGE, KERNEL))
    for answer in ("24", "30", "36", "48", "54", "60"):
        assert shown.count(answer) == 2, "once in the product, once folded back"
    assert shown.count("5") == 1 + 4, "once in the image and in four columns"


def test_layer_draws_a_kernel_and_a_map_for_each() -> None:
    shown = words(figures.layer(kernels=3, channels=2))
    assert {"$K^2$", "$Z^2$", "2 channels"} <= set(shown)
    assert "$K^3$" not in shown


def test_slope_agrees_with_the_closed_forms() -> None:
    z = np.linspace(-3, 3, 50)
    s = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(figures.slope(torch.sigmoid, z), s * (1 - s), atol=1e-12)
    np.testing.assert_allclose(figures.slope(torch.relu, z), z > 0)


def test_derivatives_show_what_the_text_says() -> None:
    left, right = figures.derivatives(np.linspace(-4, 4, 801), depth=10).axes
    steepest = {name: y.max() for name, (_, y) in plots.curves(left).items()}
    assert steepest == pytest.approx({"sigmoid": 0.25, "tanh": 1, "ReLU": 1})
    last = {name: y[-1] for name, (_, y) in plots.curves(right).items()}
    assert last["ReLU"] == 1
    assert last["tanh"] < 1e-3
    assert last["sigmoid"] < 1e-6
