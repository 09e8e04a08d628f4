"""What the demonstrations of "Channels and layers" must show."""

import re

import pytest
import torch
from scipy import signal
from torch import nn

from coursekit.plots.week1 import channels_and_layers
from tests.lessons.demonstrations import Lesson, left_by, path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(1, "channels_and_layers")


def test_the_missing_number_of_the_first_figure_is_six(lesson: Lesson) -> None:
    torch_says = nn.functional.conv2d(lesson["V"][None], lesson["K"][None])[0, 0]
    assert torch_says.tolist() == [[3, 6], [1, 1]]


def test_only_the_colours_show_the_border(lesson: Lesson) -> None:
    assert lesson["in_grey"].abs().max() < 1e-3
    assert lesson["in_colour"].max() > 3


def test_bias_of_the_photograph_layer(lesson: Lesson) -> None:
    without = nn.functional.conv2d(lesson["small"], lesson["kernels"])[0]
    assert without[5].max() <= 0, "the map for darkness needs its bias"
    assert lesson["shares"] == pytest.approx([1 / 2, 1 / 5, 1 / 18], rel=0.02)


def test_filters_find_what_the_text_says(lesson: Lesson) -> None:
    assert lesson["found"][0, 0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0]
    loud = lesson["heard"][0] > 0.5 * lesson["heard"].max()
    assert starts(loud) == pytest.approx([0.04, 0.3, 0.6], abs=0.01)
    drawn = lesson["heard"][0] > 0.08 * lesson["heard"].max()
    assert starts(drawn) == pytest.approx([0.04, 0.27, 0.57], abs=0.02), "the alt text"
    rows = lesson["motion"][0, 0].amax(dim=(0, 2)).nonzero().flatten()
    assert rows.tolist() == [2, 3, 4, 5, 6, 7]


def starts(channels: torch.Tensor) -> list[float]:
    """When each channel is first above 0, in seconds, as the figure draws it."""
    half_a_window = 0.04
    return [int(channel.nonzero()[0]) / 4000 + half_a_window for channel in channels]


def test_only_the_3d_kernel_tells_ball_from_tube(lesson: Lesson) -> None:
    flat, solid = lesson["flat"], lesson["solid"][7]
    ball, tube = (11, 6), (11, 24)
    assert flat[ball] == pytest.approx(float(flat[tube]), rel=0.15)
    assert solid[ball] > 0.4
    assert solid[:, 15:].max() < 0.05


def test_the_product_is_the_same_layer_as_the_loops(lesson: Lesson) -> None:
    product = torch.tensor(lesson["by_loops"]())
    torch.testing.assert_close(product, lesson["by_product"](), rtol=1e-4, atol=1e-4)
    steps = lesson["rows"], lesson["patches"]
    assert [len(table) for table in steps] == [8, 60 * 60], "sums of products in Python"


def test_two_layers_without_activation_are_one(lesson: Lesson) -> None:
    torch.testing.assert_close(lesson["one_after_the_other"], lesson["at_once"])
    first, second = (lesson[name].numpy() for name in ("first", "second"))
    flipped = lesson["merged"].numpy() - signal.convolve2d(first, second)
    assert abs(flipped).max() < 1e-12, "the text calls it the true convolution"


def test_the_program_with_two_mistakes_is_right_for_lenet_alone(lesson: Lesson) -> None:
    counts = lesson["right_for_lenet"]
    assert list(counts(32, 32, 1, 6, 5).values()) == [26, 4704, 122304, 156]
    assert counts(32, 30, 1, 6, 5)["neurons"] != 6 * 28 * 26
    assert counts(32, 32, 3, 6, 5)["weights_per_neuron"] != 3 * 25 + 1


def test_what_ten_layers_leave_of_a_gradient() -> None:
    sigmoid, tanh, relu = (
        float(channels_and_layers.slope(g, [1.0])[0])
        for g in (torch.sigmoid, torch.tanh, torch.relu)
    )
    assert (sigmoid, tanh, relu) == pytest.approx((0.197, 0.420, 1), abs=5e-4)
    assert f"{sigmoid**10:.0e}" == "9e-08"
    assert f"{tanh**10:.0e}" == "2e-04"


def test_a_pixel_appears_in_25_columns_at_most(lesson: Lesson) -> None:
    places = torch.arange(64.0 * 64).reshape(1, 1, 64, 64)
    repeated = nn.functional.unfold(places, 5).flatten().unique(return_counts=True)[1]
    assert repeated.max() == 25
    assert round(lesson["grown"]) == 22


def test_the_table_of_shapes(lesson: Lesson) -> None:
    text = path(1, "channels_and_layers").read_text("utf-8")
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
            lesson["clip"][0],
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
