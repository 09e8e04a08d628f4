"""Random changes of training images, made for a whole batch of bytes at once.

There are no workers: a data set is one tensor of bytes, on the graphics card if there
is one, and cutting out a whole batch is one operation there. The dice are always thrown
on the CPU, so that the same seed gives the same images on every device.
"""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, grid_sample, pad

# Images (n, c, h, w) and dice → changed images, of the same shape and type.
Change = Callable[[Tensor, torch.Generator], Tensor]

# The shares of red, green and blue in the brightness that the eye sees (ITU-R BT.601).
GREY = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Augment:
    """Shift by up to `padding` pixels, black outside, and mirror half of the images.

    The same as torchvision's RandomCrop(size, padding) and RandomHorizontalFlip(), for
    all images of a batch at once. Raises `ValueError` for other than whole pixels.
    """

    padding: int = 0
    flip: bool = False

    def __post_init__(self) -> None:
        padding, flip = self.padding, self.flip
        whole = isinstance(padding, Integral) and not isinstance(padding, bool)
        if not whole or padding < 0:
            raise ValueError(f"padding must be 0 or more pixels, but it is {padding!r}")
        if not isinstance(flip, bool):
            raise ValueError(f"flip must be True or False, but it is {flip!r}")

    def __call__(self, images: Tensor, dice: torch.Generator) -> Tensor:
        """Images (n, c, h, w) → changed images, of the same shape and type."""
        if not (self.padding or self.flip):
            return images  # whatever they are: sentences too
        check_bytes(images)
        tops, lefts = throw(dice, 2, len(images), sides=2 * self.padding + 1)
        mirrored = throw(dice, len(images), sides=2).bool() & self.flip
        return crop(images, self.padding, tops, lefts, mirrored)


UNCHANGED = Augment()


@dataclass(frozen=True)
class Distort:
    """Turn, slant, stretch and shift each image by its own random amounts.

    Up to `degrees` either way; `shear` as a part of the height; each side times
    1 - `scale` … 1 + `scale`; up to `shift` pixels. Outside the image it is black.
    Raises `ValueError` for amounts below 0, or a scale above 1.
    """

    degrees: float = 0.0
    shear: float = 0.0
    scale: float = 0.0
    shift: float = 0.0

    def __post_init__(self) -> None:
        check_amounts(degrees=self.degrees, shear=self.shear, shift=self.shift)
        check_amounts(most=1, scale=self.scale)

    def __call__(self, images: Tensor, dice: torch.Generator) -> Tensor:
        """Images (n, c, h, w) → changed images, of the same shape and type."""
        check_bytes(images)
        return affine(images, to_device(self.matrices(images, dice), images))

    def matrices(self, images: Tensor, dice: torch.Generator) -> Tensor:
        """Where each pixel of the result comes from: (n, 2, 3), sides being -1 … 1."""
        height, width = images.shape[2:]
        turn, shear, wide, high, across, down = (
            2 * torch.rand(6, len(images), generator=dice) - 1
        )
        turn, shear = turn * math.radians(self.degrees), shear * self.shear
        wide, high = 1 + wide * self.scale, 1 + high * self.scale
        top = (turn.cos() / wide, (shear + turn.sin()) / wide, across * self.shift)
        bottom = (-turn.sin() / high, turn.cos() / high, down * self.shift)
        rows = torch.stack([torch.stack(top, 1), torch.stack(bottom, 1)], 1)
        # From pixels to parts of the sides, which go from -1 to 1.
        parts = [[1, width / height, width / 2], [height / width, 1, height / 2]]
        return rows / torch.tensor(parts)


@dataclass(frozen=True)
class Colour:
    """Other brightness, contrast, saturation and light for each image, in this order.

    The first three as in torchvision's ColorJitter: each image gets its own factor in
    1 - x … 1 + x. `lighting` is the deviation of the amounts by which each of
    `directions` is added to all pixels (Krizhevsky 2012, section 4.1: 0.1, and the
    three of `principal_colours`). Images have 1 channel or 3.
    Raises `ValueError` for amounts below 0, or factors that could be negative.
    """

    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    lighting: float = 0.0
    directions: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        for name in ("brightness", "contrast", "saturation"):
            check_amounts(most=1, **{name: getattr(self, name)})
        check_amounts(lighting=self.lighting)

    def __call__(self, images: Tensor, dice: torch.Generator) -> Tensor:
        """Images (n, c, h, w) → changed images, of the same shape and type."""
        check_bytes(images)
        self.check_channels(images.shape[1])
        shape = (3, len(images), 1, 1, 1)
        throws = to_device(2 * torch.rand(shape, generator=dice) - 1, images)
        bright, contrast, vivid = throws
        pixels = images.float()
        pixels = limited(pixels * (1 + self.brightness * bright))
        middle = grey(pixels).mean((1, 2, 3), keepdim=True)
        pixels = limited(middle + (pixels - middle) * (1 + self.contrast * contrast))
        pale = grey(pixels)
        pixels = limited(pale + (pixels - pale) * (1 + self.saturation * vivid))
        if self.directions:
            pixels = limited(pixels + to_device(self.light(len(images), dice), images))
        return pixels.round().byte()

    def check_channels(self, channels: int) -> None:
        """Refuse images whose channels are no colours, or not those of `directions`."""
        if channels not in (1, 3):
            raise ValueError(
                f"Colours change in images of 1 channel or 3; these have {channels}."
            )
        if any(len(direction) != channels for direction in self.directions):
            raise ValueError(
                f"Each of directions must have {channels} number(s), one for each "
                f"channel, but they are {self.directions}."
            )

    def light(self, n: int, dice: torch.Generator) -> Tensor:
        """What to add to all pixels of each image, of 255: (n, c, 1, 1)."""
        amounts = torch.randn(n, len(self.directions), generator=dice)
        colours = amounts @ torch.tensor(self.directions)
        return 255 * self.lighting * colours[:, :, None, None]


@dataclass(frozen=True)
class InTurn:
    """Several changes, one after the other."""

    changes: tuple[Change, ...]

    def __call__(self, images: Tensor, dice: torch.Generator) -> Tensor:
        """Images (n, c, h, w) → changed images, of the same shape and type."""
        for change in self.changes:
            images = change(images, dice)
        return images


def check_bytes(images: Tensor) -> None:
    """Refuse what is not a batch of bytes (n, c, h, w), n at least 1."""
    if images.dtype != torch.uint8 or images.dim() != 4 or images.numel() == 0:
        raise ValueError(
            "Give at least one image as bytes, torch.uint8 of shape (number, channels, "
            f"height, width). This is {images.dtype} of shape {tuple(images.shape)}."
        )


def check_amounts(most: float = sys.float_info.max, **amounts: float) -> None:
    """Refuse every amount that is not a number in 0 … `most`."""
    limit = f"in 0 … {most}" if most < sys.float_info.max else "0 or more"
    for name, value in amounts.items():
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not 0 <= value <= most:
            raise ValueError(f"{name} must be {limit}, but it is {value!r}.")


def limited(pixels: Tensor) -> Tensor:
    """What is darker than black is black, what is brighter than white is white."""
    return pixels.clamp(0, 255)


def grey(pixels: Tensor) -> Tensor:
    """Brightness, (n, 3, h, w) → (n, 1, h, w); images of one channel stay."""
    if pixels.shape[1] == 1:
        return pixels
    weights = torch.tensor(GREY, device=pixels.device).view(-1, 1, 1)
    return (pixels * weights).sum(1, keepdim=True)


def principal_colours(images: Tensor) -> tuple[tuple[float, ...], ...]:
    """Directions in which the colours of all pixels vary, each as long as they do.

    Bytes (n, c, h, w) → c directions of c numbers, as parts of 255, the most important
    first: eigenvectors of the covariance, each times its eigenvalue's root. The paper
    multiplies by the eigenvalue itself, of pixels in 0 … 255; the root is what keeps
    its meaning when pixels are scaled. Raises `ValueError` for other images.
    """
    check_bytes(images)
    pixels = images.transpose(0, 1).flatten(1).double() / 255
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    scaled = vectors * values.clamp(min=0).sqrt()
    return tuple(tuple(column) for column in scaled.T.flip(0).tolist())


def affine(images: Tensor, matrices: Tensor) -> Tensor:
    """Draw each image anew, bytes (n, c, h, w), through its matrix (n, 2, 3)."""
    grid = affine_grid(matrices, list(images.shape), align_corners=False)
    return grid_sample(images.float(), grid, align_corners=False).round().byte()


def throw(dice: torch.Generator, *shape: int, sides: int) -> Tensor:
    """Whole numbers 0 … sides - 1, each as likely as any other."""
    return torch.randint(sides, shape, generator=dice)


def crop(
    images: Tensor, padding: int, tops: Tensor, lefts: Tensor, mirrored: Tensor
) -> Tensor:
    """One window of the old size from each image with a black edge around it.

    images: bytes (n, c, h, w); tops, lefts: (n,), where the window starts in the image
    with its edge of `padding` pixels; mirrored: (n,), true where left and right swap.
    """
    n, channels, height, width = images.shape
    pixels = pad(images, (padding,) * 4)
    high, wide = pixels.shape[2:]
    rows = tops[:, None] + torch.arange(height)
    starts = (rows * wide + lefts[:, None])[:, None]
    starts = starts + torch.arange(n * channels).view(n, channels, 1) * (high * wide)
    cut = runs(pixels.flatten(), to_device(starts, images), width)
    # Choosing from both by index is 4 times faster than torch.where.
    which = to_device(torch.arange(n) + n * mirrored, images)
    return torch.cat([cut, cut.flip(3)]).index_select(0, which)


def runs(pixels: Tensor, starts: Tensor, length: int) -> Tensor:
    """So many neighbours from each start on: bytes (m,), (…) → (…, length)."""
    if pixels.is_cuda:
        return pixels.unfold(0, length, 1)[starts]
    # Read as one large item, a run is copied at once: 5 times faster than by bytes.
    count = len(pixels) - length + 1
    items = np.ndarray((count,), f"V{length}", pixels.numpy().data, strides=(1,))
    chosen = items[starts.numpy()].view(np.uint8)
    return torch.from_numpy(chosen).view(*starts.shape, length)


def to_device(values: Tensor, like: Tensor) -> Tensor:
    """`values` where `like` lies, without waiting for the device."""
    return values.to(like.device, non_blocking=True)


def statistics(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel of bytes, as parts of 255.

    Bytes (n, c, h, w) → c means, c deviations. Raises `ValueError` for other images.
    """
    check_bytes(images)
    counts = torch.stack(
        [channel.flatten().bincount(minlength=256) for channel in images.unbind(1)]
    ).double()
    share = counts / counts.sum(1, keepdim=True)
    values = torch.arange(256, device=images.device).double() / 255
    mean = share @ values
    deviation = (share @ values.square() - mean.square()).clamp(min=0).sqrt()
    return tuple(mean.tolist()), tuple(deviation.tolist())


class Normalise(nn.Module):
    """Bytes (n, c, h, w) → numbers of mean 0 and deviation 1 in each channel.

    mean, std: of each channel, as parts of 255; see `statistics`. Raises `ValueError`
    where they do not fit each other, or the images.
    """

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        positive = all(0 < deviation < math.inf for deviation in std)
        if not len(mean) == len(std) > 0 or not positive:
            raise ValueError(
                "give a mean and a deviation above 0 for each channel, "
                f"not {tuple(mean)} and {tuple(std)}"
            )
        self.register_buffer("scale", 1 / (255 * torch.tensor(std)[:, None, None]))
        self.register_buffer(
            "shift", (torch.tensor(mean) / torch.tensor(std))[:, None, None]
        )

    def forward(self, images: Tensor) -> Tensor:
        scale = self.get_buffer("scale")
        if images.dim() != 4 or images.shape[1] != len(scale):
            raise ValueError(
                f"Give images (number, {len(scale)}, height, width), as many channels "
                f"as means. These are {tuple(images.shape)}."
            )
        values = images.to(torch.float32, copy=True)
        return values.mul_(scale).sub_(self.get_buffer("shift"))
