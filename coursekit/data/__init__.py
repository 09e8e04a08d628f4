"""Data of the course: three data sets as tensors in memory, and some photographs.

    digits = data.mnist()
    digits.train.images   # uint8, (60000, 1, 28, 28)
    digits.train.labels   # int64, (60000,)

The first call downloads and verifies; later ones read the local copy, which lies in the
folder $COURSEKIT_DATA or the system's place for caches. When nothing can be reached (or
COURSEKIT_OFFLINE=1 is set) a small stand-in that comes with the installed packages is
announced and used, and `stand_in` is True.
"""

from coursekit.data.catalogue import CIFAR10, FASHION_MNIST, MNIST
from coursekit.data.dataset import DataError, Dataset, Split
from coursekit.data.loading import load, prepare
from coursekit.data.photographs import photograph, photograph_names

__all__ = [
    "DataError",
    "Dataset",
    "Split",
    "cifar10",
    "fashion_mnist",
    "mnist",
    "photograph",
    "photograph_names",
    "prepare",
]


def mnist(*, allow_stand_in: bool = True) -> Dataset:
    """MNIST: handwritten digits, 60,000 + 10,000 images of 1×28×28 (LeCun 1998).

    Without the data and without a network you get the stand-in, or a DataError when
    `allow_stand_in` is False.
    """
    return load(MNIST, allow_stand_in)


def fashion_mnist(*, allow_stand_in: bool = True) -> Dataset:
    """Fashion-MNIST: clothes, 60,000 + 10,000 images of 1×28×28 (Xiao 2017).

    Without the data: as `mnist`.
    """
    return load(FASHION_MNIST, allow_stand_in)


def cifar10(*, allow_stand_in: bool = True) -> Dataset:
    """CIFAR-10: small colour photographs, 50,000 + 10,000 of 3×32×32 (Krizhevsky 2009).

    Without the data: as `mnist`.
    """
    return load(CIFAR10, allow_stand_in)
