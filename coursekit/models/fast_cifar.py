"""A small network that learns CIFAR-10 while one watches."""

from torch import nn

from coursekit.arguments import check_counts
from coursekit.layers.blocks import ConvNet, conv_unit, he_normal


def fast_cifar(*, width: int = 32, classes: int = 10, channels: int = 3) -> nn.Module:
    """Five normalised convolutions and one dense layer, for demonstrations.

    The course's own, in the manner of VGG (3×3 pairs, channels doubled as the maps are
    halved) with batch normalisation. The first convolution has stride 2: no map is
    larger than 16 × 16, and a step costs a quarter of what it would without.

    Images (n, channels, h, w) of at least 7 × 7 pixels, usually 32 × 32 → scores
    (n, classes). The maps: 16, then 8, 4. 141,034 weights.
    Raises `ValueError` for sizes below 1.
    """
    check_counts(width=width, classes=classes, channels=channels)
    features = nn.Sequential(
        conv_unit(channels, width, 3, stride=2),
        conv_unit(width, width, 3),
        nn.MaxPool2d(2),
        conv_unit(width, 2 * width, 3),
        conv_unit(2 * width, 2 * width, 3),
        nn.MaxPool2d(2),
        conv_unit(2 * width, 4 * width, 3),
    )
    pool = nn.AdaptiveAvgPool2d(1)
    dense = nn.Linear(4 * width, classes)
    model = ConvNet(features, pool, dense, channels=channels, least=7)
    he_normal(model)
    return model
