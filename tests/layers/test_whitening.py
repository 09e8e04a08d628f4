"""Filters that whiten: what they make of the patches of an image."""

import pytest
import torch
from torch.nn.functional import conv2d

from coursekit.layers.whitening import filters_of, patch_covariance


def test_covariance_is_that_of_the_patches() -> None:
    torch.manual_seed(0)
    images = torch.rand(3, 2, 5, 4, dtype=torch.double)
    patches = torch.stack([
        image[:, r : r + 2, c : c + 2].flatten()
        for image in images for r in range(4) for c in range(3)
    ])  # fmt: skip
    expected = torch.cov(patches.T, correction=0)
    torch.testing.assert_close(patch_covariance(images, 2), expected)


def test_outputs_are_white_and_come_in_both_signs() -> None:
    torch.manual_seed(0)
    images = torch.rand(9, 3, 8, 8, dtype=torch.double).cumsum(3)
    filters = filters_of(images, eps=0)
    assert filters.shape == (24, 3, 2, 2)
    torch.testing.assert_close(filters[:12], -filters[12:])
    outputs = conv2d(images, filters[:12]).transpose(0, 1).flatten(1)
    expected = torch.eye(12, dtype=torch.double)
    torch.testing.assert_close(torch.cov(outputs, correction=0), expected)
    lengths = filters[:12].flatten(1).norm(dim=1)
    assert bool((lengths.diff() > 0).all())  # the largest variance comes first


def test_what_is_smaller_than_a_patch_is_refused() -> None:
    with pytest.raises(ValueError, match="2"):
        patch_covariance(torch.rand(2, 3, 1, 5), 2)
