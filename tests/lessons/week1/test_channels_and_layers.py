"""What the demonstrations of "Channels and layers" must show."""

import re

import pytest
import torch
from torch import nn

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
    none, little, much = lesson["shares"]
    assert none > 2 * little > 4 * much


def test_filters_find_what_the_text_says(lesson: Lesson) -> None:
    assert lesson["found"][0, 0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0]
    loud = lesson["heard"][0] > 0.5 * lesson["heard"].max()
    begin = [int(channel.nonzero()[0]) / 4000 + 0.04 for channel in loud]
    assert begin == pytest.approx([0.04, 0.3, 0.6], abs=0.03)
    rows = lesson["motion"][0, 0].amax(dim=(0, 2)).nonzero().flatten()
    assert rows.tolist() == [2, 3, 4, 5, 6, 7]


def test_only_the_3d_kernel_tells_ball_from_tube(lesson: Lesson) -> None:
    flat, solid = lesson["flat"], lesson["solid"][7]
    ball, tube = (11, 6), (11, 24)
    assert flat[ball] == pytest.approx(float(flat[tube]), rel=0.15)
    assert solid[ball] > 0.4
    assert solid[:, 15:].max() < 0.05


def test_a_product_is_at_least_ten_times_as_fast(lesson: Lesson) -> None:
    product = torch.tensor(lesson["by_loops"]())
    torch.testing.assert_close(product, lesson["by_product"](), rtol=1e-4, atol=1e-4)
    assert lesson["gain"] >= 10


def test_two_layers_without_activation_are_one(lesson: Lesson) -> None:
    torch.testing.assert_close(lesson["one_after_the_other"], lesson["at_once"])
    assert lesson["merged"].shape == (1, 1, 5, 5)
    assert lesson["moved"].abs().max() < 1e-6
    assert lesson["per_pixel"].abs().max() < 1e-5


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
