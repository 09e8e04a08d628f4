"""AlexNet: as in 2012, as torchvision has it, and for small images."""

from torch import nn

from coursekit.arguments import check_counts
from coursekit.layers.blocks import ConvNet, he_normal, response_norm


def alexnet_2012(
    *, groups: int = 2, classes: int = 1000, channels: int = 3
) -> nn.Module:
    """AlexNet with two groups and local response normalisation.

    Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification with Deep
    Convolutional Neural Networks", figure 2. The two groups are its two GPUs; with
    `groups=1` every convolution sees all channels.

    Images (n, channels, 227, 227) → scores (n, classes). The maps: 55 after conv1, then
    27, 13, 6. The paper prints 224, its arithmetic needs 227. 60,965,224 weights.
    Raises `ValueError` for other groups than 1 and 2, or sizes below 1.
    """
    check_counts(groups=groups, classes=classes, channels=channels)
    if groups > 2:
        raise ValueError(f"groups must be 1 or 2, but it is {groups}.")
    model = ConvNet(
        features_2012(groups, channels),
        nn.Identity(),
        classifier(256 * 6 * 6, 4096, classes),
        channels=channels,
        exactly=227,
    )
    initialise_2012(model)
    return model


def features_2012(groups: int, channels: int) -> nn.Sequential:
    """(n, channels, 227, 227) → (n, 256, 6, 6)."""
    return nn.Sequential(
        nn.Conv2d(channels, 96, 11, stride=4),
        nn.ReLU(),
        response_norm(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(96, 256, 5, padding=2, groups=groups),
        nn.ReLU(),
        response_norm(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(256, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1, groups=groups),
        nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1, groups=groups),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
    )


def initialise_2012(model: ConvNet) -> None:
    """Section 5 of the paper: N(0, 0.01²); biases 1 in conv2, conv4, conv5 and dense.

    The biases of 1 feed positive numbers to the ReLUs at the start; the others are 0.
    """
    layers = [m for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    for layer, bias in zip(layers, (0, 1, 0, 1, 1, 1, 1, 0), strict=True):
        nn.init.normal_(layer.weight, std=0.01)
        if layer.bias is not None:
            nn.init.constant_(layer.bias, bias)


def alexnet(*, classes: int = 1000, channels: int = 3) -> nn.Module:
    """AlexNet on one GPU, without groups and normalisation, as torchvision has it.

    Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks",
    footnote 1.

    Images (n, channels, h, w) of at least 63 × 63 pixels, usually 224 × 224 → scores
    (n, classes). The maps: 55 after conv1, then 27, 13, 6; averaged to 6 × 6 for other
    sizes. The names are torchvision's, so its weights load as they are. 61,100,840
    weights. Raises `ValueError` for sizes below 1.
    """
    check_counts(classes=classes, channels=channels)
    return ConvNet(
        features_2014(channels),
        nn.AdaptiveAvgPool2d(6),
        classifier(256 * 6 * 6, 4096, classes),
        channels=channels,
        least=63,
    )


def features_2014(channels: int) -> nn.Sequential:
    """(n, channels, 224, 224) → (n, 256, 6, 6)."""
    return nn.Sequential(
        nn.Conv2d(channels, 64, 11, stride=4, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(64, 192, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(192, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
    )


def alexnet_small(
    *, width: int = 32, image_size: int = 32, classes: int = 10, channels: int = 3
) -> nn.Module:
    """AlexNet for small images: five convolutions, three dense layers, fewer channels.

    The course's own scaling of Krizhevsky 2012, figure 2: stride 1 in conv1, the same
    overlapping pooling and dropout, `width` channels in conv1 in place of 96.

    Images (n, channels, image_size, image_size) → scores (n, classes). The maps of a
    32 × 32 image: 32, then 15, 7, 3. Raises `ValueError` for sizes below 1, or images
    of less than 15 pixels a side.
    """
    check_counts(width=width, classes=classes, channels=channels, image_size=image_size)
    side = image_size
    for _ in range(3):
        side = (side - 3) // 2 + 1
    if side < 1:
        raise ValueError(f"image_size must be at least 15, but it is {image_size}.")
    model = ConvNet(
        features_small(width, channels),
        nn.Identity(),
        classifier(4 * width * side * side, 16 * width, classes),
        channels=channels,
        exactly=image_size,
    )
    he_normal(model)
    return model


def features_small(width: int, channels: int) -> nn.Sequential:
    """(n, channels, 32, 32) → (n, 4 · width, 3, 3)."""
    return nn.Sequential(
        nn.Conv2d(channels, width, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(width, 3 * width, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(3 * width, 4 * width, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(4 * width, 4 * width, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(4 * width, 4 * width, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
    )


def classifier(inputs: int, hidden: int, classes: int) -> nn.Sequential:
    """Three dense layers with dropout: (n, inputs) → scores (n, classes).

    Numbers are dropped on their way into the first two layers, as torchvision has it;
    the paper (section 4.2) drops what comes out of the first two.
    """
    return nn.Sequential(
        nn.Dropout(),
        nn.Linear(inputs, hidden),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, classes),
    )
