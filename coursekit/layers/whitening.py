"""A first layer that is computed, not learned: filters that whiten patches.

Page 2019, "How to train your ResNet 8"; Jordan 2024, with both signs of each filter.
"""

import torch
from torch import Tensor
from torch.nn.functional import unfold

from coursekit.arguments import check_counts, check_images


def patch_covariance(images: Tensor, k: int) -> Tensor:
    """Covariance (c k², c k²) of all k × k patches of images (n, c, h, w)."""
    check_counts(k=k)
    check_images(images, images.shape[1], least=k)
    patches = unfold(images, k).transpose(1, 2).flatten(0, 1)
    return torch.cov(patches.T, correction=0)


def filters_of(images: Tensor, k: int = 2, eps: float = 0.01) -> Tensor:
    """Filters (2 c k², c, k, k): those that whiten, and then their negatives.

    That of the largest variance comes first. eps is added to each variance, so that
    directions with nothing but noise stay small.
    """
    values, vectors = torch.linalg.eigh(patch_covariance(images, k))
    found = (vectors / (values + eps).sqrt()).T.flip(0)
    found = found.reshape(-1, images.shape[1], k, k)
    return torch.cat([found, -found])
