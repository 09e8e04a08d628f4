"""VGG: stacks of 3×3 convolutions."""

from torch import nn

from coursekit.arguments import check_choice, check_counts, check_switches
from coursekit.layers.blocks import ConvNet, response_norm

# Table 1 of the paper, a column each. A number is a 3×3 convolution with so many
# channels, "1×1" one that keeps them, "M" max pooling.
CONFIGURATIONS: dict[str, tuple[int | str, ...]] = {
    "A": (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"),
    "A-LRN": (64, "LRN", "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"),
    "B": (64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"),
    "C": (
        *(64, 64, "M", 128, 128, "M", 256, 256, "1×1", "M"),
        *(512, 512, "1×1", "M", 512, 512, "1×1", "M"),
    ),
    "D": (
        *(64, 64, "M", 128, 128, "M", 256, 256, 256, "M"),
        *(512, 512, 512, "M", 512, 512, 512, "M"),
    ),
    "E": (
        *(64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M"),
        *(512, 512, 512, 512, "M", 512, 512, 512, 512, "M"),
    ),
}


def vgg(
    configuration: str = "D",
    *,
    batch_norm: bool = False,
    classes: int = 1000,
    channels: int = 3,
) -> nn.Module:
    """VGG-11 (A), with LRN (A-LRN), 13 (B), 16 (C with 1×1, D) or 19 (E).

    Simonyan and Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image
    Recognition", table 1. `batch_norm` puts a normalisation after each convolution,
    which the paper did not have yet.

    Images (n, channels, h, w) of at least 32 × 32 pixels, 224 × 224 in the paper →
    scores (n, classes). The maps halve five times, 224 to 7, and are averaged to 7 × 7
    for other sizes. The names are torchvision's, so its weights load as they are.
    Raises `ValueError` for another configuration, or sizes below 1.
    """
    check_choice("configuration", configuration, CONFIGURATIONS)
    check_counts(classes=classes, channels=channels)
    check_switches(batch_norm=batch_norm)
    layers = features(CONFIGURATIONS[configuration], channels, batch_norm)
    pool = nn.AdaptiveAvgPool2d(7)
    model = ConvNet(layers, pool, classifier(classes), channels=channels, least=32)
    initialise(model)
    return model


def features(
    row: tuple[int | str, ...], channels: int, batch_norm: bool
) -> nn.Sequential:
    """The convolutions of one column of the table: h × w → h/32 × w/32."""
    layers: list[nn.Module] = []
    for entry in row:
        if entry == "M":
            layers.append(nn.MaxPool2d(2))
        elif entry == "LRN":
            layers.append(response_norm())
        else:
            outputs, size = (channels, 1) if entry == "1×1" else (int(entry), 3)
            layers.append(nn.Conv2d(channels, outputs, size, padding=size // 2))
            layers += [nn.BatchNorm2d(outputs)] if batch_norm else []
            layers.append(nn.ReLU())
            channels = outputs
    return nn.Sequential(*layers)


def classifier(classes: int) -> nn.Sequential:
    """The three dense layers, where nine tenths of the weights are."""
    return nn.Sequential(
        nn.Linear(512 * 7 * 7, 4096),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(4096, classes),
    )


def initialise(model: nn.Module) -> None:
    """He's normal start for convolutions, N(0, 0.01²) for dense layers, no bias."""
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.01)
        if isinstance(layer, (nn.Conv2d, nn.Linear)) and layer.bias is not None:
            nn.init.zeros_(layer.bias)
