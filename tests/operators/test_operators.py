"""The operators from scratch: the same as PyTorch's, there and back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

import coursekit
from coursekit import operators
from coursekit.authoring import student

Pair = tuple[int, int]
Layer = tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]
Pool = tuple[np.ndarray, Pair, Pair, Pair]

PACKAGE = Path(coursekit.__file__).parent
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
ones_or_pairs = st.integers(1, 3) | st.tuples(st.integers(1, 3), st.integers(1, 3))
paddings = st.integers(0, 2) | st.tuples(st.integers(0, 2), st.integers(0, 2))


def close(ours: np.ndarray, theirs: torch.Tensor) -> None:
    """Equal shapes, and equal to 1e-10."""
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-10, atol=1e-10)


def numbers(dice: np.random.Generator, *shape: int) -> np.ndarray:
    return dice.normal(size=shape)


def leaves(*arrays: np.ndarray) -> list[torch.Tensor]:
    """The same numbers for PyTorch, with gradients."""
    return [torch.tensor(a, requires_grad=True) for a in arrays]


@st.composite
def layers(
    draw: st.DrawFn,
) -> Layer:
    """x, kernel and bias of a convolution that fits, and its settings."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, inputs, outputs, k, m = (draw(st.integers(1, 4)) for _ in range(5))
    stride, padding = draw(ones_or_pairs), draw(paddings)
    height, width = (draw(st.integers(k, 9)), draw(st.integers(m, 9)))
    x = numbers(dice, n, inputs, height, width)
    kernel = numbers(dice, outputs, inputs, k, m)
    return x, kernel, numbers(dice, outputs), {"stride": stride, "padding": padding}


@SETTINGS
@given(layers())
def test_correlate_is_conv2d(layer: Layer) -> None:
    x, kernel, bias, where = layer
    tensors = v, w, b = leaves(x, kernel, bias)
    theirs = F.conv2d(v, w, b, **where)
    close(operators.correlate(x, kernel, bias, **where), theirs)
    gradient = numbers(np.random.default_rng(0), *theirs.shape)
    theirs.backward(torch.tensor(gradient))
    ours = operators.correlate_backward(gradient, x, kernel, **where)
    for mine, tensor in zip(ours, tensors, strict=True):
        assert tensor.grad is not None
        close(mine, tensor.grad)


@SETTINGS
@given(layers())
def test_convolve_turns_the_kernel(layer: Layer) -> None:
    x, kernel, bias, where = layer
    tensors = v, w, b = leaves(x, kernel, bias)
    theirs = F.conv2d(v, w.flip(2, 3), b, **where)
    close(operators.convolve(x, kernel, bias, **where), theirs)
    gradient = numbers(np.random.default_rng(0), *theirs.shape)
    theirs.backward(torch.tensor(gradient))
    ours = operators.convolve_backward(gradient, x, kernel, **where)
    for mine, tensor in zip(ours, tensors, strict=True):
        assert tensor.grad is not None
        close(mine, tensor.grad)


@st.composite
def upward(
    draw: st.DrawFn,
) -> Layer:
    """x, kernel and bias of a transposed convolution, and its settings."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, inputs, outputs = (draw(st.integers(1, 3)) for _ in range(3))
    k, m, height, width = (draw(st.integers(2, 5)) for _ in range(4))
    stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    padding = (draw(st.integers(0, (k - 1) // 2)), draw(st.integers(0, (m - 1) // 2)))
    extra = (draw(st.integers(0, stride[0] - 1)), draw(st.integers(0, stride[1] - 1)))
    x, kernel = (
        numbers(dice, n, inputs, height, width),
        numbers(dice, inputs, outputs, k, m),
    )
    where = {"stride": stride, "padding": padding, "extra": extra}
    return x, kernel, numbers(dice, outputs), where


@SETTINGS
@given(upward())
def test_transposed_is_conv_transpose2d(layer: Layer) -> None:
    x, kernel, bias, where = layer
    tensors = v, w, b = leaves(x, kernel, bias)
    theirs = F.conv_transpose2d(
        v, w, b, where["stride"], where["padding"], where["extra"]
    )
    close(operators.transposed(x, kernel, bias, **where), theirs)
    gradient = numbers(np.random.default_rng(0), *theirs.shape)
    theirs.backward(torch.tensor(gradient))
    ours = operators.transposed_backward(gradient, x, kernel, **where)
    for mine, tensor in zip(ours, tensors, strict=True):
        assert tensor.grad is not None
        close(mine, tensor.grad)


def torch_l2(x: torch.Tensor, k: Pair, s: Pair, p: Pair) -> torch.Tensor:
    """PyTorch's own has no padding."""
    return F.lp_pool2d(F.pad(x, (p[1], p[1], p[0], p[0])), 2.0, k, s)


POOLS: dict[str, tuple[Callable[..., np.ndarray], Callable[..., np.ndarray], Any]] = {
    "max": (operators.max_pool, operators.max_pool_backward, F.max_pool2d),
    "average": (operators.avg_pool, operators.avg_pool_backward, F.avg_pool2d),
    "l2": (operators.l2_pool, operators.l2_pool_backward, torch_l2),
}


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """x, size, stride and padding; whole numbers, so that some are equal."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    stride = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = (draw(st.integers(0, size[0] // 2)), draw(st.integers(0, size[1] // 2)))
    n, channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    height, width = (draw(st.integers(size[0], 9)), draw(st.integers(size[1], 9)))
    x = dice.integers(1, 7, (n, channels, height, width)).astype(float)
    return x * dice.choice([-1, 1], x.shape), size, stride, padding


@pytest.mark.parametrize("name", POOLS)
@SETTINGS
@given(pools())
def test_pooling_is_that_of_pytorch(name: str, pool: Pool) -> None:
    there, back, peer = POOLS[name]
    x, size, stride, padding = pool
    (tensor,) = leaves(x)
    theirs = peer(tensor, size, stride, padding)
    where = {"stride": stride, "padding": padding}
    close(there(x, size, **where), theirs)
    gradient = numbers(np.random.default_rng(0), *theirs.shape)
    theirs.backward(torch.tensor(gradient))
    assert tensor.grad is not None
    close(back(gradient, x, size, **where), tensor.grad)


@SETTINGS
@given(layers())
def test_col2im_is_the_transpose_of_im2col(layer: Layer) -> None:
    """⟨im2col(x), r⟩ = ⟨x, col2im(r)⟩ for all x and r."""
    x, kernel, _, where = layer
    size = kernel.shape[2:]
    rows = operators.im2col(x, size, **where)
    other = numbers(np.random.default_rng(1), *rows.shape)
    back = operators.col2im(other, x.shape, size, **where)
    assert back.shape == x.shape
    np.testing.assert_allclose((rows * other).sum(), (x * back).sum(), rtol=1e-8)


def test_rows_of_im2col() -> None:
    """The window of each place, the channels of a pixel together."""
    x = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    rows = operators.im2col(x, (2, 3)).reshape(2, 3, 3, 2, 3, 3)
    np.testing.assert_array_equal(rows[1, 2, 1], x[1, :, 2:4, 1:4].transpose(1, 2, 0))


# The course's worked cases, which state the total padding of both sides.
X, K = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
WORKED = [[0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0]]


def test_the_worked_cases_of_the_course() -> None:
    assert operators.correlate(X, K, padding=1)[0, 0].tolist() == WORKED
    strided = operators.correlate(X, K, padding=1, stride=(3, 2))
    assert strided[0, 0].tolist() == [[0, 8], [6, 8]]
    image, edge = np.zeros((1, 1, 8, 8)), np.tile([1.0, 0.0, -1.0], (1, 1, 3, 1))
    image[..., :4] = 10
    assert operators.correlate(image, edge)[0, 0].tolist() == 6 * [[0, 0, 30, 30, 0, 0]]


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_a_transposed_convolution_gives_the_size_back(
    stride: int, padding: int
) -> None:
    """o' = s(i' - 1) + a + k - p with total p and a = (i + p - k) mod s."""
    k, total = 5, 2 * padding
    for i in range(5, 12):
        down = operators.correlate(
            np.ones((1, 1, i, i)), np.ones((1, 1, k, k)), stride=stride, padding=padding
        )
        assert len(down[0, 0]) == (i - k + total + stride) // stride
        up = operators.transposed(
            down,
            np.ones((1, 1, k, k)),
            stride=stride,
            padding=padding,
            extra=(i + total - k) % stride,
        )
        assert up.shape == (1, 1, i, i)


def test_a_large_batch_is_cut_into_parts() -> None:
    dice = np.random.default_rng(0)
    x, kernel = numbers(dice, 33, 16, 20, 20), numbers(dice, 3, 16, 5, 5)
    theirs = F.conv2d(torch.tensor(x), torch.tensor(kernel))
    close(operators.correlate(x, kernel), theirs)


def test_single_precision_stays_and_whole_numbers_become_real() -> None:
    x, kernel = np.ones((1, 1, 4, 4), np.float32), np.ones((1, 1, 3, 3), np.float32)
    assert operators.correlate(x, kernel).dtype == np.float32
    assert operators.max_pool(x, 2).dtype == np.float32
    assert operators.avg_pool(x.astype(int), 2).dtype == np.float64


def test_l2_pooling_has_a_gradient_of_zero_at_zero() -> None:
    nothing = np.zeros((1, 1, 4, 4))
    back = operators.l2_pool_backward(np.ones((1, 1, 2, 2)), nothing, 2)
    np.testing.assert_array_equal(back, nothing)


IMAGE, KERNEL = np.ones((1, 2, 5, 5)), np.ones((3, 2, 3, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: operators.correlate(IMAGE[0], KERNEL), "x must be an array of shape"),
        (lambda: operators.correlate(IMAGE[:0], KERNEL), "x must be an array of shape"),
        (lambda: operators.correlate(IMAGE, KERNEL[:, 0]), "kernel must be an array"),
        (lambda: operators.correlate(IMAGE, KERNEL[:, :1]), "x has 2 channels"),
        (lambda: operators.correlate(IMAGE.astype(str), KERNEL), "real numbers"),
        (lambda: operators.correlate(IMAGE, KERNEL, np.ones(2)), "bias must have"),
        (
            lambda: operators.correlate(IMAGE, KERNEL, stride=0),
            "stride must be a whole",
        ),
        (lambda: operators.correlate(IMAGE, KERNEL, padding=-1), "padding must be a"),
        (
            lambda: operators.correlate(IMAGE, KERNEL, padding=(0, -1)),
            "padding must be",
        ),
        (lambda: operators.correlate(IMAGE, KERNEL, stride=True), "stride must be"),
        (lambda: operators.max_pool(IMAGE, 2.0), "size must be a whole number"),  # type: ignore[arg-type]
        (lambda: operators.max_pool(IMAGE, [2, 2]), "or a tuple of two"),  # type: ignore[arg-type]
        (lambda: operators.correlate(IMAGE, KERNEL, list("abc")), "bias must hold"),
        (
            lambda: operators.max_pool_backward(np.ones((1, 2, 2, 2), bool), IMAGE, 2),
            "gradient must hold real numbers, not bool",
        ),
        (
            lambda: operators.col2im(np.ones((9, 18)), (2, 5, 5), 3),  # type: ignore[arg-type]
            "shape must be",
        ),
        (lambda: operators.im2col(IMAGE, 6), "does not fit"),
        (lambda: operators.col2im(np.ones((9, 2)), (1, 2, 5, 5), 3), "rows must have"),
        (lambda: operators.correlate_backward(IMAGE, IMAGE, KERNEL), "gradient must"),
        (lambda: operators.transposed(IMAGE, KERNEL), "x has 2 channels"),
        (
            lambda: operators.transposed(IMAGE, KERNEL.swapaxes(0, 1), extra=1),
            "extra must be less than the stride",
        ),
        (
            lambda: operators.transposed(IMAGE, KERNEL.swapaxes(0, 1), padding=4),
            "leaves nothing",
        ),
        (lambda: operators.max_pool(IMAGE, 3, padding=2), "at most half of size"),
        (lambda: operators.max_pool(IMAGE, 6), "does not fit"),
        (lambda: operators.avg_pool_backward(IMAGE, IMAGE, 2), "gradient must have"),
    ],
)
def test_what_makes_no_sense_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_the_students_zip_has_none_of_them() -> None:
    packed = dict(student.package(PACKAGE))
    assert (PACKAGE / "operators" / "convolution.py").exists()
    assert not any("operators" in Path(name).parts for name in packed)
    for name, content in packed.items():
        assert b"coursekit.operators" not in content, name
        assert b"coursekit import operators" not in content, name
