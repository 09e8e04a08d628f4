"""The figures of notebook 3 of week 1, and what its prose claims about its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from coursekit import plots
from coursekit.plots.week1 import channels_and_layers

LESSON = (
    Path(__file__).parents[3] / "solutions/week1_convolution/3_channels_and_layers.py"
)
IMAGE = np.arange(12).reshape(3, 4)
KERNEL = [[0, 1], [2, 3]]
FIGURES: dict[str, Callable[[], Figure]] = {
    "planes": lambda: plots.planes(torch.zeros(3, 8, 8, dtype=torch.uint8)),
    "channel_sum": lambda: plots.channel_sum(np.ones((3, 3, 3)), np.ones((3, 2, 2))),
    "layer": plots.layer,
    "pointwise": plots.pointwise,
    "directions": plots.directions,
    "sentence": lambda: plots.sentence(
        ["not", "so", "good"], np.eye(2, 3), ["denies", "praises"], [0, 1], 2
    ),
    "sound": lambda: plots.sound(
        np.arange(100) / 10, np.zeros(100), np.ones((2, 81)), ["low", "high"]
    ),
    "video": lambda: plots.video(
        np.ones((4, 8, 8)), np.eye(3), np.ones((2, 8, 6)), [0, 1]
    ),
    "volume": lambda: plots.volume(
        np.ones((9, 12, 14)), np.ones((8, 10)), np.ones((8, 10))
    ),
    "patches_to_columns": lambda: plots.patches_to_columns(IMAGE, KERNEL),
    "bars": lambda: plots.bars({"number by number": 0.2, "product": 0.0004}),
    "neurons": plots.neurons,
    "derivatives": lambda: plots.derivatives(np.linspace(-4, 4, 81)),
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


def test_curves_gives_back_the_points_of_labelled_lines() -> None:
    _, ax = plots.new()
    ax.plot([0, 1, 2], [5, 6, 7], label="up")
    ax.axhline(0)
    found = plots.curves(ax)
    assert list(found) == ["up"]
    np.testing.assert_array_equal(found["up"], [[0, 1, 2], [5, 6, 7]])
    assert found["up"][0].dtype == float


def test_curves_refuses_two_lines_of_one_label() -> None:
    _, ax = plots.new()
    ax.plot([0, 1], [0, 1], label="tanh")
    ax.plot([0, 1], [1, 0], label="tanh")
    with pytest.raises(ValueError, match="label 'tanh'; give each its own"):
        plots.curves(ax)


def test_channel_sum_shows_every_number_but_the_hidden_one() -> None:
    x = np.arange(18).reshape(2, 3, 3)
    kernel = np.array([[[1, 0], [0, 0]], [[0, 0], [0, -1]]])
    total = x[0, :2, :2] - x[1, 1:, 1:]
    shown = words(plots.channel_sum(x, kernel, hidden=(0, 1)))
    assert shown.count("?") == 1
    assert shown.count(f"{total[0, 0]:g}".replace("-", "−")) >= 1
    assert "?" not in words(plots.channel_sum(x, kernel))


def test_patches_to_columns_multiplies_right() -> None:
    shown = words(plots.patches_to_columns(IMAGE, KERNEL))
    for answer in ("24", "30", "36", "48", "54", "60"):
        assert shown.count(answer) == 2, "once in the product, once folded back"
    assert shown.count("5") == 1 + 4, "once in the image and in four columns"


def test_layer_draws_a_kernel_and_a_map_for_each() -> None:
    shown = words(plots.layer(kernels=3, channels=2))
    assert {"$K^2$", "$Z^2$", "2 channels"} <= set(shown)
    assert "$K^3$" not in shown


def test_slope_agrees_with_the_closed_forms() -> None:
    z = np.linspace(-3, 3, 50)
    s = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(
        channels_and_layers.slope(torch.sigmoid, z), s * (1 - s), atol=1e-12
    )
    np.testing.assert_allclose(channels_and_layers.slope(torch.relu, z), z > 0)


def test_derivatives_show_what_the_text_says() -> None:
    left, right = plots.derivatives(np.linspace(-4, 4, 801), depth=10).axes
    steepest = {name: y.max() for name, (_, y) in plots.curves(left).items()}
    assert steepest == pytest.approx({"sigmoid": 0.25, "tanh": 1, "ReLU": 1})
    last = {name: y[-1] for name, (_, y) in plots.curves(right).items()}
    assert last["ReLU"] == 1
    assert last["tanh"] < 1e-3
    assert last["sigmoid"] < 1e-6


def test_bars_write_the_milliseconds() -> None:
    assert {"200 ms", "0.4 ms"} <= set(words(FIGURES["bars"]()))


@pytest.fixture(scope="module")
def lesson() -> dict[str, Any]:
    """The names left by the lesson's own cells, exercises and their checks left out."""
    names: dict[str, Any] = {}
    patch = pytest.MonkeyPatch()
    patch.setattr(plots, "show", lambda fig, *, caption, alt: plt.close(fig))
    for cell in re.split(r"^# %%", LESSON.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        header, _, code = cell.partition("\n")
        if not re.search(r"\[markdown\]|exercise=|check=", header):
            exec(compile(code, f"{LESSON.name} {code[:30]!r}", "exec"), names)
    patch.undo()
    return names


@pytest.mark.slow
def test_the_missing_number_of_the_first_figure_is_six(lesson: dict[str, Any]) -> None:
    torch_says = nn.functional.conv2d(lesson["V"][None], lesson["K"][None])[0, 0]
    assert torch_says.tolist() == [[3, 6], [1, 1]]


@pytest.mark.slow
def test_only_the_colours_show_the_border(lesson: dict[str, Any]) -> None:
    assert lesson["in_grey"].abs().max() < 1e-3
    assert lesson["in_colour"].max() > 3


@pytest.mark.slow
def test_bias_of_the_photograph_layer(lesson: dict[str, Any]) -> None:
    without = nn.functional.conv2d(lesson["small"], lesson["kernels"])[0]
    assert without[5].max() <= 0, "the map for darkness needs its bias"
    none, little, much = lesson["shares"]
    assert none > 2 * little > 4 * much


@pytest.mark.slow
def test_filters_find_what_the_text_says(lesson: dict[str, Any]) -> None:
    assert lesson["found"][0, 0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0]
    loud = lesson["heard"][0] > 0.5 * lesson["heard"].max()
    begin = [int(channel.nonzero()[0]) / 4000 + 0.04 for channel in loud]
    assert begin == pytest.approx([0.04, 0.3, 0.6], abs=0.03)
    rows = lesson["motion"][0, 0].amax(dim=(0, 2)).nonzero().flatten()
    assert rows.tolist() == [2, 3, 4, 5, 6, 7]


@pytest.mark.slow
def test_only_the_3d_kernel_tells_ball_from_tube(lesson: dict[str, Any]) -> None:
    flat, solid = lesson["flat"], lesson["solid"][7]
    ball, tube = (11, 6), (11, 24)
    assert flat[ball] == pytest.approx(float(flat[tube]), rel=0.15)
    assert solid[ball] > 0.4
    assert solid[:, 15:].max() < 0.05


@pytest.mark.slow
def test_a_product_is_at_least_ten_times_as_fast(lesson: dict[str, Any]) -> None:
    product = torch.tensor(lesson["by_loops"]())
    torch.testing.assert_close(product, lesson["by_product"](), rtol=1e-4, atol=1e-4)
    assert lesson["gain"] >= 10


@pytest.mark.slow
def test_two_layers_without_activation_are_one(lesson: dict[str, Any]) -> None:
    torch.testing.assert_close(lesson["one_after_the_other"], lesson["at_once"])
    assert lesson["merged"].shape == (1, 1, 5, 5)
    assert lesson["moved"].abs().max() < 1e-6
    assert lesson["per_pixel"].abs().max() < 1e-5


@pytest.mark.slow
def test_the_table_of_shapes(lesson: dict[str, Any]) -> None:
    text = LESSON.read_text("utf-8")
    for row in ("text", "sound", "image", "video", "volume"):
        assert f"# | {row} |" in text
    shapes = {
        "text": (lesson["vectors"], lesson["filter_of_two"], lesson["found"][0]),
        "image": (lesson["small"][0], lesson["kernels"], lesson["maps"]),
        "sound": (
            lesson["chord"][None],
            lesson["tone_kernels"],
            lesson["heard"][0],
        ),
        "video": (
            lesson["film"][0],
            lesson["steps"][None, None, :, None],
            lesson["motion"][0],
        ),
        "volume": (
            lesson["block"][None],
            lesson["bright_inside"](3)[None, None],
            lesson["solid"][None],
        ),
    }
    for row, tensors in shapes.items():
        cells = " | ".join("×".join(map(str, t.shape)) for t in tensors)
        assert re.search(rf"# \| {row} \| [a-z, ]+ \| {re.escape(cells)} \|", text), row
