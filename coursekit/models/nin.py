"""Network in Network."""

from torch import nn

from coursekit.arguments import check_counts
from coursekit.layers.blocks import ConvNet, he_normal


def nin_cifar(*, classes: int = 10, channels: int = 3) -> nn.Module:
    """NiN for CIFAR-10: 192-160-96, 192-192-192, 192-192-classes.

    Lin, Chen and Yan 2013, "Network In Network", figure 2 and the authors' published
    configuration. The last layer has one map a class; its mean is the class's score.

    Images (n, channels, h, w) of at least 4 × 4 pixels, 32 × 32 in the paper → scores
    (n, classes); `features` gives the maps (n, classes, ⌈h/4⌉, ⌈w/4⌉). The maps: 32,
    then 16, 8. 966,986 weights. Raises `ValueError` for sizes below 1.
    """
    check_counts(classes=classes, channels=channels)
    features = nn.Sequential(
        *mlpconv(channels, (192, 160, 96), size=5, padding=2),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        nn.Dropout(),
        *mlpconv(96, (192, 192, 192), size=5, padding=2),
        nn.AvgPool2d(3, stride=2, ceil_mode=True),
        nn.Dropout(),
        *mlpconv(192, (192, 192, classes), size=3, padding=1),
    )
    return averaged(features, channels, least=4)


def nin_imagenet(*, classes: int = 1000, channels: int = 3) -> nn.Module:
    """NiN for ImageNet: AlexNet's sizes, with two 1×1 layers after each convolution.

    Lin, Chen and Yan 2013, "Network In Network", figure 2, in the four-block form that
    the authors published (the paper itself gives no ImageNet table).

    Images (n, channels, h, w) of at least 39 × 39 pixels, 224 × 224 there → scores
    (n, classes); `features` gives one map a class. The maps: 54, then 27, 13, 6.
    7,595,176 weights. Raises `ValueError` for sizes below 1.
    """
    check_counts(classes=classes, channels=channels)
    features = nn.Sequential(
        *mlpconv(channels, (96, 96, 96), size=11, stride=4),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        *mlpconv(96, (256, 256, 256), size=5, padding=2),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        *mlpconv(256, (384, 384, 384), size=3, padding=1),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        nn.Dropout(),
        *mlpconv(384, (1024, 1024, classes), size=3, padding=1),
    )
    return averaged(features, channels, least=39)


def mlpconv(
    inputs: int,
    outputs: tuple[int, int, int],
    *,
    size: int,
    stride: int = 1,
    padding: int = 0,
) -> list[nn.Module]:
    """A small dense network slid over the image: a convolution, then two 1×1 layers."""
    first, second, third = outputs
    return [
        nn.Conv2d(inputs, first, size, stride, padding),
        nn.ReLU(),
        nn.Conv2d(first, second, 1),
        nn.ReLU(),
        nn.Conv2d(second, third, 1),
        nn.ReLU(),
    ]


def averaged(features: nn.Module, channels: int, least: int) -> nn.Module:
    """The mean of each of the last maps is a score; there is no dense layer."""
    pool = nn.AdaptiveAvgPool2d(1)
    model = ConvNet(features, pool, nn.Identity(), channels=channels, least=least)
    he_normal(model)
    return model
