"""What the demonstrations of "The convolution operator" must show."""

import numpy as np
import pytest
from scipy import signal

from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(1, "operator")


def test_two_echoes_lie_over_each_other(lesson: Lesson) -> None:
    claps, echo, heard = lesson["claps"], lesson["echo"], lesson["heard"]
    assert heard[3] == pytest.approx(echo[3] + 0.5 * echo[0])
    second = np.concatenate([np.zeros(3), 0.5 * echo])
    np.testing.assert_allclose(heard[:7], np.pad(echo, (0, 3)) + second)
    assert len(heard) == len(claps) + len(echo) - 1


def test_an_impulse_shows_the_flip(lesson: Lesson) -> None:
    outputs = {name: y[y > 0].tolist() for name, y in lesson["outputs"].items()}
    assert outputs["cross-correlation"] == [1, 2, 3]
    assert outputs["convolution"] == [3, 2, 1]


def test_convolution_commutes_and_cross_correlation_does_not(lesson: Lesson) -> None:
    x, w = lesson["x"], lesson["w"]
    np.testing.assert_array_equal(np.convolve(x, w), np.convolve(w, x))
    one, other = np.correlate(x, w, "full"), np.correlate(w, x, "full")
    assert one.tolist() == other[::-1].tolist() != other.tolist()


def test_both_learners_find_the_secret_one_of_them_reversed(lesson: Lesson) -> None:
    secret = lesson["secret"].numpy()
    np.testing.assert_allclose(lesson["straight"], secret, atol=1e-3)
    np.testing.assert_allclose(lesson["flipped"], secret[::-1], atol=1e-3)
    assert max(lesson["straight_error"], lesson["flipped_error"]) < 1e-6


def test_the_half_bright_image_says_what_the_alternative_text_says(
    lesson: Lesson,
) -> None:
    rows = {name: np.round(out, 1).tolist() for name, out in lesson["results"].items()}
    assert rows["horizontal edge"] == [[0.0] * 6] * 6
    assert rows["blur"] == [[10, 10, 6.7, 3.3, 0, 0]] * 6
    assert rows["identity"] == [[10, 10, 10, 0, 0, 0]] * 6


def test_kernels_of_edges_have_the_sum_zero_and_give_grey(lesson: Lesson) -> None:
    made = dict(zip(lesson["names"], lesson["filtered"], strict=True))
    for name, kernel in zip(lesson["names"], lesson["kernels"], strict=True):
        assert kernel.sum() == pytest.approx(0 if "edge" in name else 1)
        whole = signal.correlate2d(lesson["photo"], kernel, mode="valid")
        np.testing.assert_allclose(made[name], whole, atol=1e-9)
    assert made["blur"].std() < made["identity"].std() < made["sharpen"].std()


def test_shifting_commutes_with_filtering_and_turning_does_not(lesson: Lesson) -> None:
    largest = {
        name: float(np.abs(first - second).max())
        for name, (first, second) in lesson["pictures"].items()
    }
    assert largest["shift"] == 0
    assert largest["quarter turn"] > 1
