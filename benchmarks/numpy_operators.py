"""Convolution in NumPy: (32, 64, 16, 16) with 64 kernels of 3 × 3, single precision."""

from collections.abc import Callable
from types import ModuleType

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.measure import Case, Way
from benchmarks.peers import Peers, module
from coursekit import operators

SHAPE, FILTERS, SIZE = (32, 64, 16, 16), 64, 3
FLOPS = 2 * 9 * 32 * 16 * 16 * 64 * 64
REPEATS = 10


def whole(peers: Peers) -> Case:
    """The convolution: CS231n's fancy indexing, ours, and the matrix product alone."""
    peer = module(peers.find("cs231n"), "im2col")
    x, kernel = numbers(*SHAPE), numbers(FILTERS, SHAPE[1], SIZE, SIZE)
    rows, weights = operators.im2col(x, SIZE, padding=1), numbers(SIZE**2 * 64, FILTERS)
    assert np.allclose(theirs(peer, x, kernel), ours(x, kernel), atol=1e-3)
    ways = {
        "CS231n": one_thread(lambda: theirs(peer, x, kernel)),
        "matrix product alone": one_thread(lambda: rows @ weights),
        "coursekit": one_thread(lambda: ours(x, kernel), target=0.4),
    }
    return Case("NumPy convolution (32,64,16,16)·64×3×3, 1 thread", "images", ways)


def share(peers: Peers) -> Case:
    """The same beside the matrix product alone: at least 70 % of its speed."""
    x, kernel = numbers(*SHAPE), numbers(FILTERS, SHAPE[1], SIZE, SIZE)
    rows, weights = operators.im2col(x, SIZE, padding=1), numbers(SIZE**2 * 64, FILTERS)
    ways = {
        "NumPy's matrix product": one_thread(lambda: rows @ weights),
        "coursekit": one_thread(lambda: ours(x, kernel), target=1 / 0.7),
    }
    return Case("NumPy convolution beside its matrix product", "images", ways)


def columns(peers: Peers) -> Case:
    """im2col alone, which is what the two do differently."""
    peer = module(peers.find("cs231n"), "im2col")
    x = numbers(*SHAPE)
    ways = {
        "CS231n": one_thread(lambda: peer.im2col_indices(x, SIZE, SIZE), flops=0),
        "coursekit": one_thread(
            lambda: operators.im2col(x, SIZE, padding=1), flops=0, target=0.4
        ),
    }
    return Case("NumPy im2col alone", "images", ways)


def numbers(*shape: int) -> np.ndarray:
    """Random numbers in single precision."""
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def one_thread(
    run: Callable[[], np.ndarray], target: float | None = None, flops: float = FLOPS
) -> Way:
    """With more threads NumPy's matrix product stalls on a busy machine."""

    def alone() -> None:
        with threadpool_limits(1):
            for _ in range(REPEATS):
                run()

    return Way(alone, REPEATS * SHAPE[0], REPEATS * flops, target)


def theirs(peer: ModuleType, x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The convolution of CS231n's assignment around its im2col."""
    product = kernel.reshape(FILTERS, -1) @ peer.im2col_indices(x, SIZE, SIZE)
    return product.reshape(FILTERS, 16, 16, len(x)).transpose(3, 0, 1, 2)


def ours(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The same from `coursekit.operators`."""
    return operators.correlate(x, kernel, padding=1)
