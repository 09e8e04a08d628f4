"""Data of the course: images as tensors, sentences, photographs and paintings.

    digits = data.mnist()
    digits.train.images   # uint8, (60000, 1, 28, 28)
    digits.train.labels   # int64, (60000,)

The first call downloads and verifies; later ones read the local copy, which lies in the
folder $COURSEKIT_DATA or the system's place for caches. When nothing can be reached (or
COURSEKIT_OFFLINE=1 is set) a small stand-in that comes with the installed packages is
announced and used, and `stand_in` is True. For the movie reviews there is no stand-in,
but there are other real sentences: `reviews_or_manuals`.
"""

import textwrap

from coursekit.data.catalogue import CIFAR10, FASHION_MNIST, MNIST, MOVIE_REVIEWS
from coursekit.data.dataset import DataError, Dataset, Sentences, Split
from coursekit.data.loading import load, load_sentences, prepare
from coursekit.data.manuals import manuals
from coursekit.data.paintings import painting, painting_names
from coursekit.data.photographs import photograph, photograph_names

__all__ = [
    "DataError",
    "Dataset",
    "Sentences",
    "Split",
    "cifar10",
    "fashion_mnist",
    "manuals",
    "mnist",
    "movie_reviews",
    "painting",
    "painting_names",
    "photograph",
    "photograph_names",
    "prepare",
    "reviews_or_manuals",
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


def movie_reviews() -> Sentences:
    """Movie reviews (MR): 10,662 sentences, half of each class (Pang and Lee 2005).

    Label 0 is negative, 1 positive. Without the data and without a network you get a
    DataError; the two files of the data set may also be put into the folder of the
    local copies by hand.
    """
    return load_sentences(MOVIE_REVIEWS)


def reviews_or_manuals() -> Sentences:
    """The movie reviews; where they cannot be had, announced, two manuals instead."""
    try:
        return movie_reviews()
    except DataError as error:
        words = (
            f"{error} Until then other sentences: from Python's manual (PSF licence) "
            "and from NumPy's and SciPy's (BSD licence)."
        )
        print(textwrap.fill(words, 88, break_on_hyphens=False), end="\n\n", flush=True)
        return manuals()
