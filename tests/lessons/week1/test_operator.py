"""What the demonstrations of "The convolution operator" must show."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import signal

from coursekit import filters
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(1, "operator")


def test_two_echoes_lie_over_each_other(lesson: Lesson) -> None:
    claps, echo, heard = lesson["claps"], lesson["echo"], lesson["heard"]
    assert heard[3] == pytest.approx(echo[3] + 0.5 * echo[0])
    second = np.concatenate([np.zeros(3), 0.5 * echo])
    np.testing.assert_allclose(heard, np.pad(echo, (0, 3)) + second)
    np.testing.assert_allclose(second[3:], [0.45, 0.25, 0.1, 0.05])
    np.testing.assert_allclose(heard, [0.9, 0.5, 0.2, 0.55, 0.25, 0.1, 0.05])
    assert len(heard) == len(claps) + len(echo) - 1


def test_an_impulse_shows_the_flip(lesson: Lesson) -> None:
    outputs = {name: y.tolist() for name, y in lesson["outputs"].items()}
    assert outputs["cross-correlation"] == [0, 1, 2, 3, 0]
    assert outputs["convolution"] == [0, 0, 0, 3, 2, 1, 0]


def test_convolution_commutes_and_cross_correlation_does_not(lesson: Lesson) -> None:
    x, w = lesson["x"], lesson["w"]
    np.testing.assert_array_equal(np.convolve(x, w), np.convolve(w, x))
    one, other = np.correlate(x, w, "full"), np.correlate(w, x, "full")
    assert one.tolist() == other[::-1].tolist() != other.tolist()
    assert abs(one).tolist() != abs(np.convolve(x, w)).tolist(), "not its own mirror"


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


def test_a_square_is_answered_at_its_left_and_right_edge(lesson: Lesson) -> None:
    output = filters.correlate2d(lesson["square"], lesson["left_right"])
    for side, sign in [(slice(1, 3), -1), (slice(5, 7), 1)]:
        edge = sign * output[:, side]
        assert edge.tolist() == [[k, k] for k in (5, 10, 15, 15, 10, 5)]
    assert not np.delete(output, [1, 2, 5, 6], axis=1).any()


def test_the_friend_has_two_right_numbers_in_the_wrong_place(lesson: Lesson) -> None:
    image, kernel = lesson["image"], lesson["weights"]
    theirs = lesson["friends_convolve2d"](image, kernel)
    right = filters.convolve2d(image, kernel)
    assert theirs[1, 1:].tolist() == right[0, :2].tolist() == [16, 26]
    others = [theirs[0, 0], theirs[0, 1], theirs[0, 2], theirs[1, 0]]
    assert not set(others) & set(right.ravel().tolist())


def test_kernels_of_edges_have_the_sum_zero_and_give_grey(lesson: Lesson) -> None:
    made = dict(zip(lesson["names"], lesson["filtered"], strict=True))
    for name, kernel in zip(lesson["names"], lesson["kernels"], strict=True):
        assert kernel.sum() == pytest.approx(0 if "edge" in name else 1)
        whole = signal.correlate2d(lesson["eye"], kernel, mode="valid")
        np.testing.assert_allclose(made[name], whole, atol=1e-9)
    assert made["blur"].std() < made["identity"].std() < made["sharpen"].std()


def test_shifting_commutes_with_filtering_and_turning_does_not(lesson: Lesson) -> None:
    largest = {
        name: float(np.abs(first - second).max())
        for name, (first, second) in lesson["pictures"].items()
    }
    assert largest["shift"] == 0
    assert largest["quarter turn"] > 1


def test_four_operations_pass_what_the_table_says(lesson: Lesson) -> None:
    passes: dict[Callable[..., np.ndarray], set[str]] = {
        filters.edges: {"shift"},
        filters.blur: {"shift", "turn"},
        filters.centred: {"turn"},
        np.sort: set(),
    }
    for f, names in passes.items():
        assert {
            name for name in MOTIONS if gap(f, lesson["eye"], name) < 1e-12
        } == names
    assert gap(np.sort, lesson["canvas"], "shift") == 0, "an empty rim hides it"


MOTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "shift": lambda picture: picture[1:, 1:],
    "turn": np.rot90,
}


def gap(f: Callable[..., np.ndarray], picture: np.ndarray, motion: str) -> float:
    """The largest difference between moving first and moving last."""
    move = MOTIONS[motion]
    return float(np.abs(f(move(picture)) - move(f(picture))).max())


def test_the_raw_sum_prefers_the_bright_background(lesson: Lesson) -> None:
    photo, eye, sums = lesson["photo"], lesson["eye"], lesson["sums"]
    np.testing.assert_array_equal(photo[84 : 84 + 64, 132 : 132 + 76], eye)
    assert lesson["best"] == (195, 375)
    assert round(sums[84, 132]) == 502
    assert round(sums.max()) == 807
    assert (sums < sums[84, 132]).mean() < 0.1, "the eye is among the darkest places"
    window = photo[195 : 195 + 64, 375 : 375 + 76]
    assert window.mean() > eye.mean()


def test_the_likeness_finds_the_eye_but_not_the_other_one(lesson: Lesson) -> None:
    place, likeness = best_likeness(lesson["dim"], lesson["small_eye"])
    assert place == (28, 44)
    assert likeness == pytest.approx(1)
    place, likeness = best_likeness(lesson["dim"], lesson["small_eye"][:, ::-1])
    assert round(likeness, 2) == 0.43
    assert place[0] > 60
    assert place[1] > 115, "the blurred background"


def best_likeness(
    picture: np.ndarray, patch: np.ndarray
) -> tuple[tuple[int, int], float]:
    """Where the correlation coefficient is largest, and how large it is there."""
    ones = np.full(patch.shape, 1 / patch.size)
    mean = filters.correlate2d(picture, ones)
    spread = np.sqrt(filters.correlate2d(picture**2, ones) - mean**2)
    sums = filters.correlate2d(picture, patch - patch.mean()) / patch.size
    likeness = sums / (spread * patch.std())
    row, column = np.unravel_index(likeness.argmax(), likeness.shape)
    return (int(row), int(column)), float(likeness.max())
