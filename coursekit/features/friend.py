"""A friend who looks at pictures: the small classifier, from near and from far."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.arguments import check_counts, check_images
from coursekit.features.shipped import small_classifier

SIDES, MOVED, LIGHT, NOISE = (24, 39), 4, (0.8, 1.2), 0.02


@torch.no_grad()
def recognised(
    pictures: Tensor, looks: int = 16, seed: int | np.random.Generator = 0
) -> Tensor:
    """Pictures (n, 3, h, w) → probabilities (n, 10), the mean over so many looks.

    Each look is from another distance and place, in another light, maybe in a mirror.
    No gradient comes back. Raises ValueError for other shapes and for no looks.
    """
    check_images(pictures, 3)
    check_counts(looks=looks)
    friend = small_classifier().to(memory_format=torch.channels_last)
    dice = np.random.default_rng(seed)
    said = [friend(look).softmax(1) for look in _seen(pictures.float(), looks, dice)]
    return torch.stack(said).mean(0)


def _seen(pictures: Tensor, looks: int, dice: np.random.Generator) -> Iterator[Tensor]:
    for _ in range(looks):
        side = int(dice.integers(SIDES[0], SIDES[1] + 1))
        x = F.interpolate(pictures, (side, side), mode="bilinear", antialias=True)
        x = F.pad(x, (MOVED,) * 4, mode="replicate")
        top, left = dice.integers(0, 2 * MOVED + 1, 2).tolist()
        x = x[:, :, top : top + side, left : left + side]
        x = x.flip(3) if dice.random() < 0.5 else x
        x = 0.5 + dice.uniform(*LIGHT) * (x - 0.5)
        noise = torch.from_numpy(dice.standard_normal(tuple(x.shape))).float()
        x = (x + NOISE * noise).clamp(0, 1)
        yield x.contiguous(memory_format=torch.channels_last)
