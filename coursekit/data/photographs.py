"""Photographs and textures that come inside the installed packages.

Nothing is downloaded: only files that lie in the wheels of scikit-image and
scikit-learn are offered. Origin and licence are in `PHOTOGRAPHS`, as the two packages
document them.
"""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from coursekit.data.dataset import DataError

LONGEST_SIDE = 10_000


@dataclass(frozen=True)
class Photograph:
    """Where a photograph lies, what it shows, and whose it is."""

    package: str
    path: str
    origin: str


def _skimage(file: str, origin: str) -> Photograph:
    return Photograph("skimage", f"data/{file}", origin)


def _sklearn(file: str, origin: str) -> Photograph:
    return Photograph("sklearn", f"datasets/images/{file}", origin)


PHOTOGRAPHS = {
    "astronaut": _skimage("astronaut.png", "Eileen Collins; NASA, public domain"),
    "brick": _skimage("brick.png", "brick wall, grey; CC0Textures, CC0"),
    "camera": _skimage("camera.png", "photographer, grey; Lav Varshney, CC0"),
    "cell": _skimage("cell.png", "cell in saline, grey; Paul Müller et al., CC0"),
    "chelsea": _skimage("chelsea.png", "a cat; Stefan van der Walt, CC0"),
    "china": _sklearn("china.jpg", "temple roof; danielbuechele, CC BY 2.0"),
    "clock": _skimage(
        "clock_motion.png",
        "wall clock, blurred by motion, grey; Stefan van der Walt, public domain",
    ),
    "coffee": _skimage("coffee.png", "coffee cup; Rachel Michetti, CC0"),
    "coins": _skimage(
        "coins.png",
        "Greek coins, grey; Brooklyn Museum, no known copyright restrictions",
    ),
    "flower": _sklearn("flower.jpg", "dahlia; vultilion, CC BY 2.0"),
    "grass": _skimage("grass.png", "grass, grey; linolafett, CC0"),
    "gravel": _skimage("gravel.png", "gravel, grey; CC0Textures, CC0"),
    "hubble": _skimage(
        "hubble_deep_field.jpg", "Hubble eXtreme Deep Field; NASA, public domain"
    ),
    "motorcycle": _skimage(
        "motorcycle_left.png",
        "a motorcycle; Middlebury stereo benchmark, cite Scharstein et al. 2014",
    ),
    "retina": _skimage("retina.jpg", "human retina; Mikael Häggström, CC0"),
    "rocket": _skimage("rocket.jpg", "Falcon 9; SpaceX, public domain"),
    "text": _skimage("text.png", "lines of text, grey; Wikipedia, public domain"),
    "tissue": _skimage(
        "ihc.png", "colonic glands, stained; CMMI, no known copyright restrictions"
    ),
}


def photograph_names() -> tuple[str, ...]:
    """The names that `photograph` knows, in alphabetical order."""
    return tuple(PHOTOGRAPHS)


def photograph(name: str, size: int | tuple[int, int] | None = None) -> Tensor:
    """A photograph as a uint8 tensor of shape (3, height, width).

    `size` gives a resized copy without aliasing: an int is the new length of the
    shorter side (the proportions stay), a pair is (height, width). Grey photographs
    have three equal channels. Origin and licence of each stand in
    `coursekit.data.photographs.PHOTOGRAPHS`: most are in the public domain or CC0;
    "china" and "flower" are CC BY 2.0, so name their photographers.

    Raises ValueError for an unknown name or an impossible size.
    """
    if name not in photograph_names():
        known = ", ".join(photograph_names())
        raise ValueError(f"There is no photograph {name!r}. Choose one of: {known}.")
    image = _read(PHOTOGRAPHS[name])
    return image if size is None else resize(image, size)


def resize(image: Tensor, size: int | tuple[int, int]) -> Tensor:
    """A resized copy of a uint8 (3, height, width) image; `size` as in `photograph`."""
    height, width = _new_size(image, size)
    resized = interpolate(
        image.unsqueeze(0).float(),
        size=(height, width),
        mode="bilinear",
        antialias=True,
        align_corners=False,
    )
    return resized[0].round().clamp(0, 255).to(torch.uint8)


def _new_size(image: Tensor, size: int | tuple[int, int]) -> tuple[int, int]:
    pair = size if isinstance(size, tuple) else (size,)
    if len(pair) > 2 or not pair or not all(_is_side(side) for side in pair):
        raise ValueError(
            "size is the length of the shorter side, such as 128, or a pair "
            f"(height, width), in pixels from 1 to {LONGEST_SIDE:,}; got {size!r}."
        )
    if len(pair) == 2:
        return pair[0], pair[1]
    height, width = image.shape[1:]
    scale = pair[0] / min(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def _is_side(side: object) -> bool:
    return type(side) is int and 1 <= side <= LONGEST_SIDE


def _read(photograph: Photograph) -> Tensor:
    try:
        path = files(photograph.package) / photograph.path
        with path.open("rb") as file:
            pixels = np.array(Image.open(file).convert("RGB"))
    except (ImportError, OSError) as error:
        raise DataError(
            f"{photograph.path} is not in the installed {photograph.package} "
            f"({error}). Install the course again: pip install -e ."
        ) from None
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous()
