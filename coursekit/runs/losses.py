"""Losses of the recipes that are not the usual one."""

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

from coursekit.models import CapsNet, margin_loss
from coursekit.models.capsnet import lengths

REST_DISTANCE = 10.0


def distances(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Equation 9 of LeCun 1998 for scores that are minus a squared distance.

    The distance of the right class, plus log(exp(-j) + Σ exp(-distance)). The constant
    j (the paper prints no value) keeps pulling at a right answer that is not close.
    """
    scores = model(images)
    rest = scores.new_full((len(scores), 1), -REST_DISTANCE)
    competition = torch.cat([scores, rest], 1).logsumexp(1)
    return (competition - scores.gather(1, labels[:, None]).squeeze(1)).mean()


def capsules(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Margin loss + 0.0005 · squared error of the reconstruction (Sabour 2017).

    The reconstruction is of images in 0 … 1, its error a sum over the pixels.
    """
    assert isinstance(model, CapsNet)
    poses = model.capsules(images)
    error = difference(model.reconstruct(poses, labels), images)
    return margin_loss(lengths(poses), labels) + 0.0005 * error


def overlapping_capsules(model: nn.Module, pairs: Tensor, labels: Tensor) -> Tensor:
    """The same for two digits in one image, each reconstructed from its own capsule.

    pairs: (n, 2, h, w) in 0 … 1, the two digits; labels: (n, 2).
    """
    assert isinstance(model, CapsNet)
    poses = model.capsules(overlay(pairs))
    error = sum(
        difference(model.reconstruct(poses, labels[:, i]), pairs[:, i : i + 1])
        for i in range(2)
    )
    return margin_loss(lengths(poses), both(labels)) + 0.0005 * error


def overlapping_scores(model: nn.Module, pairs: Tensor, labels: Tensor) -> Tensor:
    """Yes or no for each class, for a network with scores instead of capsules."""
    scores = model(overlay(pairs))
    return binary_cross_entropy_with_logits(scores, both(labels))


def overlay(pairs: Tensor) -> Tensor:
    """Two pictures (n, 2, h, w) in 0 … 1 on each other: (n, 1, h, w)."""
    return pairs.sum(1, keepdim=True).clamp(max=1)


def both(labels: Tensor, classes: int = 10) -> Tensor:
    """Labels (n, 2) → (n, classes), one for each of the two classes."""
    return one_hot(labels, classes).sum(1).float()


def difference(pictures: Tensor, targets: Tensor) -> Tensor:
    """Squared error, summed over the pixels, mean over the images."""
    return (pictures - targets).square().flatten(1).sum(1).mean()
