"""The small filters of the demonstrations, against SciPy and closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from coursekit import filters

sizes = st.integers(1, 6)


@given(sizes, sizes, sizes, sizes, st.integers(0, 2**32 - 1))
def test_agree_with_scipy(m: int, n: int, more: int, wider: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=(m + more, n + wider)), rng.normal(size=(m, n))
    np.testing.assert_allclose(
        filters.correlate2d(image, kernel),
        signal.correlate2d(image, kernel, mode="valid"),
        atol=1e-12,
    )
    np.testing.assert_allclose(
        filters.convolve2d(image, kernel),
        signal.convolve2d(image, kernel, mode="valid"),
        atol=1e-12,
    )


def test_large_kernels_agree_with_scipy() -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(40, 50)), rng.normal(size=(11, 30))
    expected = signal.correlate2d(image, kernel, mode="valid")
    np.testing.assert_allclose(filters.correlate2d(image, kernel), expected, atol=1e-11)
    np.testing.assert_allclose(
        filters.convolve2d(image, kernel[::-1, ::-1]), expected, atol=1e-11
    )


def test_what_is_not_finite_stays_where_it_is() -> None:
    image = np.ones((30, 30))
    image[0, 0] = np.nan
    for side in (3, 20):
        found = filters.correlate2d(image, np.ones((side, side)))
        assert np.isnan(found[0, 0])
        assert np.isnan(found).sum() == 1


def test_half_bright_image() -> None:
    image = np.zeros((8, 8))
    image[:, :4] = 10
    output = filters.correlate2d(image, filters.CLASSIC["vertical edge"])
    np.testing.assert_array_equal(output, [[0, 0, 30, 30, 0, 0]] * 6)


def test_inputs_stay_as_they_were() -> None:
    image, kernel = np.arange(9).reshape(3, 3), np.ones((2, 2), int)
    filters.convolve2d(image, kernel)
    np.testing.assert_array_equal(image, np.arange(9).reshape(3, 3))


@pytest.mark.parametrize(
    ("image", "kernel", "says"),
    [
        (np.ones(3), np.ones((1, 1)), "2-D"),
        (np.ones((3, 3)), np.ones((1, 3, 3)), "2-D"),
        (np.ones((2, 5)), np.ones((3, 3)), "does not fit"),
    ],
)
def test_bad_input(image: np.ndarray, kernel: np.ndarray, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        filters.correlate2d(image, kernel)


def test_classic_kernels_keep_or_drop_the_brightness() -> None:
    sums = {name: kernel.sum() for name, kernel in filters.CLASSIC.items()}
    assert sums == pytest.approx(
        {
            "identity": 1,
            "blur": 1,
            "sharpen": 1,
            "vertical edge": 0,
            "horizontal edge": 0,
            "emboss": 1,
        }
    )


def test_operations_on_a_picture() -> None:
    step = np.repeat([[5.0, 5.0, 1.0, 1.0]], 3, axis=0)
    np.testing.assert_array_equal(filters.edges(step), [[12, 12]])
    np.testing.assert_allclose(filters.blur(step), [[11 / 3, 7 / 3]])
    picture = np.array([[1, 2], [3, 6]])
    np.testing.assert_array_equal(filters.centred(picture), [[-2, -1], [0, 3]])
    assert picture[0, 0] == 1
