"""Three paintings that Gatys et al. (2015) took for their figure of styles.

They come from the examples of Justin Johnson's neural-style, at a fixed commit, and
are verified. The paintings are in the public domain.
"""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from coursekit.data.dataset import DataError
from coursekit.data.download import RemoteFile
from coursekit.data.photographs import resize
from coursekit.data.single import kept

EXAMPLES = (
    "https://raw.githubusercontent.com/jcjohnson/neural-style/"
    "07c4b8299f8fbdafec0c514fc820ff1d7ff62e46/examples/inputs/"
)


@dataclass(frozen=True)
class Painting:
    """Whose it is, and the file that shows it."""

    origin: str
    file: RemoteFile


def _example(name: str, size: int, digest: str) -> RemoteFile:
    return RemoteFile(name, size, f"sha256:{digest}", (EXAMPLES + name,))


PAINTINGS = {
    "scream": Painting(
        "The Scream; Edvard Munch, 1893, public domain",
        _example(
            "the_scream.jpg",
            216_723,
            "f3075cddeb974a9ee1d6418f7f33fd05185a7ac7dcb4288bd2805d499a9dcaee",
        ),
    ),
    "shipwreck": Painting(
        "The Shipwreck of the Minotaur; J. M. W. Turner, about 1810, public domain",
        _example(
            "shipwreck.jpg",
            144_730,
            "4f7cf34e3cd4a5daaf3f421f059ca9a01aaa2a3afd7243d6670c9c8bc001a213",
        ),
    ),
    "starry-night": Painting(
        "The Starry Night; Vincent van Gogh, 1889, public domain",
        _example(
            "starry_night_google.jpg",
            613_337,
            "c31741a09141c2e2d07fc7aa6bdf135c369b804f9433e43fa3ceac19386d1ee6",
        ),
    ),
}


def painting_names() -> tuple[str, ...]:
    """The names that `painting` knows, in alphabetical order."""
    return tuple(PAINTINGS)


def painting(name: str, size: int | tuple[int, int] | None = None) -> Tensor:
    """A painting as a uint8 tensor of shape (3, height, width); `size`: `photograph`.

    The first call downloads less than 1 MB, verified, next to the data sets
    ($COURSEKIT_DATA or the system's place for caches). Raises DataError with what to do
    when it cannot be had, ValueError for an unknown name or an impossible size.
    """
    if name not in painting_names():
        known = ", ".join(painting_names())
        raise ValueError(f"There is no painting {name!r}. Choose one of: {known}.")
    image = _read(name)
    return image if size is None else resize(image, size)


def _read(name: str) -> Tensor:
    path = kept(
        PAINTINGS[name].file,
        f"The painting {name!r}",
        f"data.painting({name!r})",
        "Until then, any picture of your own will do: PIL.Image.open reads it.",
    )
    try:
        pixels = np.array(Image.open(path).convert("RGB"))
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error}). Delete it.") from None
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous()
