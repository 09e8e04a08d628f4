"""Pictures on their way into a network and back."""

import torch
from torch import Tensor

# Networks of five blocks need 32 pixels; more than this fills a graphics card.
LEAST, MOST = 8, 8192


def as_batch(image: Tensor, name: str = "image") -> Tensor:
    """A picture (3, h, w), bytes or numbers in 0 … 1 → (1, 3, h, w), numbers.

    Raises ValueError for anything else; `name` is what the message calls it.
    """
    if not isinstance(image, Tensor) or image.dim() != 3 or len(image) != 3:
        got = tuple(image.shape) if isinstance(image, Tensor) else type(image).__name__
        raise ValueError(
            f"{name} must be one picture, a tensor of shape (3, height, width), such "
            f"as data.photograph gives. This is {got}."
        )
    check_sides(name, *image.shape[1:])
    if image.dtype == torch.uint8:
        return image[None] / 255
    if not image.is_floating_point() or not 0 <= image.min() <= image.max() <= 1:
        raise ValueError(
            f"{name} must hold bytes (torch.uint8), or numbers from 0 to 1 without "
            "NaN. Divide by 255, or clamp(0, 1), before."
        )
    return image[None].float()


def check_sides(name: str, height: int, width: int) -> None:
    """Refuse pictures in which a network sees nothing, or that fill the memory."""
    if not LEAST <= min(height, width) <= max(height, width) <= MOST:
        raise ValueError(
            f"{name} must have sides of {LEAST} to {MOST:,} pixels; these are "
            f"{height} × {width}. Use coursekit.data.photographs.resize."
        )


def as_picture(batch: Tensor) -> Tensor:
    """(1, 3, h, w) → a picture (3, h, w) in 0 … 1 of its own, on the CPU."""
    return batch.detach()[0].float().clamp(0, 1).cpu().contiguous()


def noise(height: int, width: int, seed: int, deviation: float = 0.15) -> Tensor:
    """Grey with normal noise, (1, 3, height, width), the same for the same seed."""
    check_sides("The picture", height, width)
    dice = torch.Generator().manual_seed(seed)
    pixels = torch.randn(1, 3, height, width, generator=dice)
    return (0.5 + deviation * pixels).clamp(0, 1)


def total_variation(images: Tensor, exponent: float = 2.0) -> Tensor:
    """Σ ((right - here)² + (below - here)²)^(exponent / 2) over pixels and channels.

    Mahendran and Vedaldi 2015, equation 3; they take 2, and 1 is the total variation
    of Rudin, Osher and Fatemi 1992. images: (n, 3, h, w) → one number.
    """
    right = (images[..., :-1, 1:] - images[..., :-1, :-1]).square()
    below = (images[..., 1:, :-1] - images[..., :-1, :-1]).square()
    if exponent == 2:
        return (right + below).sum()
    # A little more than 0: the root has no slope at 0.
    return (right + below + 1e-8).pow(exponent / 2).sum()


def beyond(images: Tensor) -> Tensor:
    """Σ of the squared distance of every number from 0 … 1: one number."""
    return (images - images.clamp(0, 1)).square().sum()
