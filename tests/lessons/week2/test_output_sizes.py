"""What the demonstrations of "Output sizes" must show."""

import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from coursekit import filters
from coursekit.explore.sizes import Row
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(2, "output_sizes")


def size(n: int, k: int, zeros: int, s: int = 1) -> int:
    """The length of torch's output for so many zeros in total."""
    row = torch.zeros(1, 1, n + zeros)
    return F.conv1d(row, torch.zeros(1, 1, k), stride=s).shape[2]


def test_seven_layers_are_all_that_fits(lesson: Lesson) -> None:
    sides = [picture.shape for picture in lesson["shrinking"]]
    assert sides == [(n, n) for n in (32, 28, 24, 20, 16, 12, 8, 4)]
    assert len(sides) - 1 == (32 - 1) // (5 - 1)


def test_a_rim_of_zeros_grows_darker_with_each_layer(lesson: Lesson) -> None:
    staying = lesson["staying"]
    assert {picture.shape for picture in staying} == {(32, 32)}
    corners = [picture[0, 0] for picture in staying]
    assert corners == sorted(corners, reverse=True)
    white = filters.correlate2d(np.pad(np.ones((32, 32)), 2), lesson["average"])
    assert white[0, 0] == pytest.approx(9 / 25)
    assert white[2:-2, 2:-2] == pytest.approx(np.ones((28, 28)))


def test_the_named_paddings_have_the_sizes_of_the_table() -> None:
    for n in (9, 12):
        for k in (1, 3, 5):
            assert size(n, k, 0) == n - k + 1
            assert size(n, k, 2 * ((k - 1) // 2)) == n
            assert size(n, k, 2 * (k - 1)) == n + k - 1


def test_twenty_even_layers_walk_ten_pixels(lesson: Lesson) -> None:
    dot, two_by_two = lesson["dot"], lesson["two_by_two"]
    for name, place in {"above, left": 30, "below, right": 10, "by turns": 20}.items():
        spread = two_by_two(dot, lesson["twenty"][name])
        middle = (np.indices(dot.shape) * spread).sum(axis=(1, 2))
        np.testing.assert_allclose(middle, place, atol=1e-4)
        assert spread.sum() == pytest.approx(1)


def test_torch_puts_the_odd_zero_below_and_on_the_right() -> None:
    dot = torch.zeros(1, 1, 3, 3)
    dot[..., 1, 1] = 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spread = F.conv2d(dot, torch.ones(1, 1, 2, 2), padding="same")
    assert spread[0, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_the_friend_moves_the_picture_by_one(lesson: Lesson) -> None:
    image = np.arange(1, 10).reshape(3, 3)
    theirs = lesson["friends_same"](image, lesson["copy_kernel"])
    assert theirs.tolist() == [[0, 0, 0], [0, 1, 2], [0, 4, 5]]


@pytest.mark.parametrize(
    ("numbers", "stops", "unread"),
    [
        ((7, 3, 0, 1, 1), 5, []),
        ((7, 3, 0, 2, 1), 3, []),
        ((7, 3, 0, 3, 1), 2, [6]),
        ((7, 3, 1, 3, 1), 3, []),
        ((8, 2, 0, 3, 1), 3, [2, 5]),
        ((9, 3, 0, 1, 2), 5, []),
        ((9, 3, 0, 2, 2), 3, [1, 3, 5, 7]),
        ((9, 4, 0, 3, 1), 2, [7, 8]),
        ((9, 4, 1, 3, 1), 3, [10]),
        ((9, 4, 2, 3, 1), 4, []),
        ((9, 4, 3, 3, 1), 4, [13, 14]),
    ],
)
def test_the_widget_agrees_with_the_rows_of_the_figures(
    numbers: tuple[int, int, int, int, int], stops: int, unread: list[int]
) -> None:
    row = Row(*numbers)
    assert len(row.stops) == stops
    assert row.unread == unread


def test_the_widget_writes_the_formula_with_its_numbers() -> None:
    row = Row(n=7, k=3, p=0, s=3, dilation=1)
    assert row.formula.endswith("⌊4/3⌋ + 1 = 2")
    assert "1 of the input" in row.verdict


def test_thirteen_of_49_pixels_have_no_influence() -> None:
    image = torch.ones(1, 1, 7, 7, requires_grad=True)
    F.conv2d(image, torch.ones(1, 1, 3, 3), stride=3).sum().backward()
    assert image.grad is not None
    assert int((image.grad == 0).sum()) == 13


def test_one_zero_on_the_left_drops_two_pixels() -> None:
    for zeros, dropped in {0: 1, 1: 2, 2: 0}.items():
        row = torch.ones(1, 1, 7, requires_grad=True)
        padded = F.pad(row, (zeros, 0))
        F.conv1d(padded, torch.ones(1, 1, 3), stride=3).sum().backward()
        assert row.grad is not None
        lost = torch.nonzero(row.grad[0, 0] == 0).flatten().tolist()
        assert lost == list(range(7 - dropped, 7))


def test_alexnet_with_224_and_with_227_is_one_layer() -> None:
    assert [size(224, 11, 0, 4), size(224, 11, 4, 4), size(227, 11, 0, 4)] == [
        54,
        55,
        55,
    ]
    image = torch.randn(1, 1, 224, generator=torch.Generator().manual_seed(0))
    kernel = torch.randn(1, 1, 11, generator=torch.Generator().manual_seed(1))
    padded = F.conv1d(image, kernel, stride=4, padding=2)
    torch.testing.assert_close(padded, F.conv1d(F.pad(image, (2, 1)), kernel, stride=4))


def test_both_conventions_say_the_same_size() -> None:
    for n in range(3, 12):
        for k in range(1, 4):
            for p in range(4):
                for s in range(1, 5):
                    here = (n + 2 * p - k) // s + 1
                    assert here == (n - k + 2 * p + s) // s == size(n, k, 2 * p, s)
                    assert size(n, k, k - 1, s) == -(-n // s), "same, with a stride"


def test_a_size_that_both_conventions_give() -> None:
    assert size(8, 3, 2 * 1, 3) == size(8, 3, 1, 3) == 3


def test_the_worked_case_and_its_strides(lesson: Lesson) -> None:
    assert lesson["everywhere"].tolist() == [
        [0, 3, 8, 4],
        [9, 19, 25, 10],
        [21, 37, 43, 16],
        [6, 7, 8, 0],
    ]
    assert lesson["strided"][0, 0].tolist() == [[0, 8], [6, 8]]


def test_the_volume_is_what_the_text_and_the_quiz_say(lesson: Lesson) -> None:
    x, kernels, bias = lesson["x"], lesson["kernels"], lesson["bias"]
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    first = (padded[:, :3, :3] * kernels[0]).sum(axis=(1, 2))
    assert first.tolist() == [2, 2, 0]
    asked = (padded[:, 2:5, 4:7] * kernels[1]).sum(axis=(1, 2))
    assert asked.tolist() == [7, 1, -3]
    assert bias.tolist() == [1, -2]
    assert asked.sum() + bias[1] == 3
    shown = np.nan_to_num(lesson["maps"], nan=99).tolist()
    assert shown[0] == [[5, 8, 4], [5, 10, 6], [4, 8, 5]]
    assert shown[1] == [[0, -3, -4], [6, -6, 99], [-5, 2, 3]]


def test_all_but_the_middle_windows_meet_the_frame(lesson: Lesson) -> None:
    frame = np.pad(np.zeros((1, 5, 5)), ((0, 0), (1, 1), (1, 1)), constant_values=1)
    sums = F.conv2d(
        torch.tensor(frame)[None], torch.ones(1, 1, 3, 3).double(), stride=2
    )
    assert len(lesson["kernels"]) * int((sums > 0).sum()) == 16


def test_an_even_picture_has_a_wall_of_zeros(lesson: Lesson) -> None:
    answers = {name: a.round(6).tolist() for name, a in lesson["answers"].items()}
    assert answers["valid"] == [[0] * 4] * 3
    column = [10, 15, 15, 15, 10]
    assert answers["zeros"] == [[-v, 0, 0, 0, 0, v] for v in column]
    assert answers["mirrored"] == [[0] * 6] * 5


def test_zeros_make_the_strongest_columns_and_a_mirror_none(lesson: Lesson) -> None:
    sizes = {}
    for name, picture in lesson["found"].items():
        inside = np.abs(picture[1:-1, 1:-1]).mean()
        rims = [np.abs(picture[:, column]).mean() / inside for column in (0, -1)]
        sizes[name] = [round(float(rim), 1) for rim in rims]
    assert sizes == {"zeros": [8.7, 4.5], "mirrored": [0, 0]}


def test_ten_layers_of_five_leave_nothing_of_a_digit() -> None:
    side, layers = 28, 0
    while side >= 5:
        side, layers = side - 4, layers + 1
    assert layers == 6 < 10
