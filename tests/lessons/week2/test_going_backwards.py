"""What the demonstrations of "Going backwards" must show."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.grad import conv1d_weight

from coursekit import explore
from coursekit.operators import correlate_backward
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(2, "going_backwards")


def test_three_ways_blame_pixels_and_weights_alike(lesson: Lesson) -> None:
    assert np.correlate([1, 3, 2, 5], [2, -1]).tolist() == [-1, 4, -1]
    assert lesson["to_w"] == [5, 13] == lesson["wt"].grad.tolist()
    assert lesson["xt"].grad.tolist() == [2, -1, 4, -2]
    np.testing.assert_allclose(lesson["by_nudging"], [2, -1, 4, -2], atol=1e-6)
    np.testing.assert_allclose(lesson["weights_nudged"], [5, 13], atol=1e-6)


def test_a_pixel_behind_the_last_stop_gets_no_blame() -> None:
    row, kernel, delta = np.zeros((1, 1, 1, 8)), [1.0, 2, 3], [1.0, 2, -1]
    to_row, _, _ = correlate_backward(
        np.reshape(delta, (1, 1, 1, 3)),
        row,
        np.reshape(kernel, (1, 1, 1, 3)),
        stride=(1, 2),
    )
    assert to_row.ravel().tolist() == [1, 2, 5, 4, 5, -2, -3, 0]


def test_the_matrix_has_28_zeros_and_a_column_shows_the_kernel_turned(
    lesson: Lesson,
) -> None:
    kernel = torch.tensor(lesson["kernel"])
    impulses = torch.eye(16, dtype=torch.float64).view(16, 1, 4, 4)
    matrix = F.conv2d(impulses, kernel[None, None]).flatten(1).T
    assert matrix.shape == (4, 16)
    assert int((matrix == 0).sum()) == 28
    column = matrix[:, 4 * 1 + 1].view(2, 2)
    assert torch.equal(column, kernel[:2, :2].flip(0, 1))
    back = matrix.T @ lesson["small"].flatten()
    np.testing.assert_allclose(back.view(4, 4).numpy(), lesson["back"])


def test_only_the_shape_comes_back(lesson: Lesson) -> None:
    assert lesson["small"].flatten().tolist() == [29, 40, 27, 33]
    assert lesson["back"].shape == lesson["image"].shape
    assert (lesson["back"].min(), lesson["back"].max()) == (29, 908)


def test_stamps_meet_in_a_row_a_column_and_their_crossing() -> None:
    counts = explore.transposed(np.ones((2, 2)), np.ones((3, 3)), s=2, row=1, column=1)
    assert counts.output[2].tolist() == [2, 2, 4, 2, 2]
    assert counts.output[:, 2].tolist() == [2, 2, 4, 2, 2]
    assert counts.output[0].tolist() == [1, 1, 2, 1, 1]


def test_padding_of_the_transpose_is_the_rest(lesson: Lesson) -> None:
    """The table of section 5: k - 1 - p zeros around it, and the kernel turned."""
    kernel = torch.tensor(lesson["kernel"])[None, None]
    x = torch.arange(20, dtype=torch.float64).view(1, 1, 4, 5)
    for p in range(3):
        direct = F.conv2d(x, kernel.flip(2, 3), padding=2 - p)
        assert torch.equal(F.conv_transpose2d(x, kernel, padding=p), direct)


def test_the_adjoint_test_sees_a_turned_kernel(lesson: Lesson) -> None:
    one, other, turned = (lesson[name].item() for name in ("one", "other", "turned"))
    assert one == pytest.approx(other, abs=1e-4)
    assert abs(turned - one) > 0.1


def test_twenty_eight_comes_back_as_twenty_seven(lesson: Lesson) -> None:
    maps, down, up = lesson["maps"], lesson["down"], lesson["up"]
    assert down(maps).shape[-1] == 14
    assert up(down(maps)).shape[-1] == 27
    assert up(down(maps), output_size=(28, 28)).shape[-1] == 28
    more = nn.ConvTranspose2d(1, 1, 3, 2, 1, output_padding=1)
    assert more(down(maps)).shape[-1] == 28


@pytest.mark.parametrize(("total", "left_over"), [(1, 0), (2, 1)])
def test_the_example_needs_one_zero_on_each_side(total: int, left_over: int) -> None:
    row = F.pad(torch.zeros(1, 1, 6), (total - total // 2, total // 2))
    o = F.conv1d(row, torch.zeros(1, 1, 3), stride=2).shape[-1]
    assert (6 + total - 3) % 2 == left_over
    assert 2 * (o - 1) + left_over + 3 - total == 6


def test_the_friend_is_right_for_seven_and_wrong_for_eight(lesson: Lesson) -> None:
    rng = np.random.default_rng(5)
    for n, right in ((7, True), (8, False)):
        x, w, y = rng.normal(size=n), rng.normal(size=3), rng.normal(size=4)
        forward = np.correlate(np.pad(x, 1), w)[::2] @ y
        backward = x @ lesson["friends"](w, y, n, s=2, p=1)
        assert (abs(forward - backward) < 1e-9) == right
    assert abs(lesson["forward"] @ lesson["y_row"]) > 0.1, "seen in two decimals"


def test_output_padding_gives_back_a_cell_that_was_cut_off() -> None:
    w, delta = torch.tensor([[[1.0, 2, 3]]]), torch.tensor([[[1.0, 1, 1, 5]]])
    longer = F.conv_transpose1d(delta, w, stride=2, padding=1, output_padding=1)
    assert longer[0, 0, -1].item() == 15, "a cell of the full output, p = 1"
    bare = F.conv_transpose1d(delta, w, stride=2, output_padding=1)
    assert bare[0, 0, -1].item() == 0, "p = 0: nothing had been cut off"


def test_a_dilated_delta_fits_into_the_dropped_pixels() -> None:
    """Eight pixels, three outputs, stride 2: four numbers, three of them wanted."""
    x, dilated = np.arange(8.0), np.array([1.0, 0, 2, 0, -1])
    found = np.correlate(x, dilated)
    row = torch.tensor(x)[None, None]
    delta = torch.tensor([[[1.0, 2, -1]]], dtype=torch.float64)
    to_kernel = conv1d_weight(row, (1, 1, 3), delta, stride=2)
    assert found.size == 4
    assert to_kernel.flatten().tolist() == found[:3].tolist()


def test_stamps_are_counted(lesson: Lesson) -> None:
    inner = {key: y[0, 0, 3:9, 3:9] for key, y in lesson["stamped"].items()}
    three, four, resized = inner.values()
    assert three[:2].tolist() == [[1, 2, 1, 2, 1, 2], [2, 4, 2, 4, 2, 4]]
    assert set(four.flatten().tolist()) == {4}
    assert set(resized.flatten().tolist()) == {9}


def test_random_weights_paint_a_checkerboard_with_either_kernel(lesson: Lesson) -> None:
    three, four, resized = lesson["shares"].values()
    assert all(0.76 < share < 0.83 for share in [*three, *four])
    assert max(resized) < 0.001
    assert len(three) == len(four) == len(resized) == 3


def test_training_makes_the_checkerboard_disappear(lesson: Lesson) -> None:
    most = 0.01 if lesson["digits"].stand_in else 0.001
    assert lesson["before"] > 0.9
    assert lesson["after"] < most
    for seed in (1, 2):
        model = lesson["autoencoder"](seed)
        assert share_of(lesson, model) > 0.9
        lesson["train"](model, lesson["images"])
        assert share_of(lesson, model) < most


def share_of(lesson: Lesson, model: nn.Module) -> float:
    """How much of what the model paints is checkerboard."""
    with torch.no_grad():
        return lesson["cell_share"](model(lesson["unseen"]))


def test_the_encoder_goes_to_seven(lesson: Lesson) -> None:
    assert lesson["encoder"](torch.zeros(2, 1, 28, 28)).shape == (2, 16, 7, 7)
    assert (16 * 7 * 7) * (28 * 28) > 600_000, "a dense layer"
