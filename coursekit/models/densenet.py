"""Densely connected networks, for ImageNet and for CIFAR-10."""

from collections import OrderedDict

import torch
from torch import Tensor, nn

from coursekit.arguments import (
    check_choice,
    check_counts,
    check_probability,
    check_switches,
)
from coursekit.layers.blocks import ConvNet, he_normal, one_by_one, three_by_three

# Table 1 of the paper: channels that a layer adds (k), layers of the four blocks.
CONFIGURATIONS = {
    121: (32, (6, 12, 24, 16)),
    169: (32, (6, 12, 32, 32)),
    201: (32, (6, 12, 48, 32)),
    161: (48, (6, 12, 36, 24)),
}


def densenet(depth: int = 121, *, classes: int = 1000, channels: int = 3) -> nn.Module:
    """DenseNet-121, 169, 201 or 161.

    Huang et al. 2016, "Densely Connected Convolutional Networks", table 1 (the first
    version of the paper has 161).

    Images (n, channels, h, w) of at least 29 × 29 pixels, 224 × 224 in the paper →
    scores (n, classes). The maps: 56 in the first block, then 28, 14, 7. The names are
    torchvision's, so its weights load as they are.
    Raises `ValueError` for another depth, or sizes below 1.
    """
    check_choice("depth", depth, CONFIGURATIONS)
    check_counts(classes=classes, channels=channels)
    growth, blocks = CONFIGURATIONS[depth]
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv0=nn.Conv2d(channels, 2 * growth, 7, stride=2, padding=3, bias=False),
        norm0=nn.BatchNorm2d(2 * growth),
        relu0=nn.ReLU(),
        pool0=nn.MaxPool2d(3, stride=2, padding=1),
    )
    width = add_blocks(layers, 2 * growth, blocks, growth, bottleneck=True, dropout=0.0)
    return network(layers, width, classes, channels, least=29)


def cifar_densenet(
    depth: int = 40,
    *,
    growth: int = 12,
    bottleneck: bool = False,
    dropout: float = 0.0,
    classes: int = 10,
    channels: int = 3,
) -> nn.Module:
    """DenseNet for small images; with `bottleneck` DenseNet-BC.

    Huang et al. 2016, section 3 "Implementation Details" and table 2: three blocks of
    equal length; depth 3n + 4, or 6n + 4 with bottlenecks, which also halve the
    channels between blocks. The paper drops 20 % when it does not augment.

    Images (n, channels, h, w) of at least 4 × 4 pixels, 32 × 32 in the paper → scores
    (n, classes). The maps: 32 in the first block, then 16, then 8.
    Raises `ValueError` for a depth that does not fit, or sizes below 1.
    """
    check_counts(depth=depth, growth=growth, classes=classes, channels=channels)
    check_probability(dropout=dropout)
    check_switches(bottleneck=bottleneck)
    blocks = (layers_in_a_block(depth, bottleneck),) * 3
    width = 2 * growth if bottleneck else 16
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv0"] = three_by_three(channels, width)
    width = add_blocks(layers, width, blocks, growth, bottleneck, dropout)
    return network(layers, width, classes, channels, least=4)


def layers_in_a_block(depth: int, bottleneck: bool) -> int:
    """n, where depth = 3 blocks × n layers + first, two transitions and the dense."""
    step = 6 if bottleneck else 3
    layers, rest = divmod(depth - 4, step)
    if layers < 1 or rest:
        raise ValueError(
            f"depth must be {step}n + 4, such as {step * 6 + 4} or {step * 16 + 4}, "
            f"but it is {depth}."
        )
    return layers


def add_blocks(
    layers: OrderedDict[str, nn.Module],
    width: int,
    blocks: tuple[int, ...],
    growth: int,
    bottleneck: bool,
    dropout: float,
) -> int:
    """Append dense blocks with transitions between them; returns the channels."""
    for i, length in enumerate(blocks, start=1):
        if i > 1:
            outputs = width // 2 if bottleneck else width
            layers[f"transition{i - 1}"] = transition(width, outputs)
            width = outputs
        block = dense_block(width, length, growth, bottleneck, dropout)
        layers[f"denseblock{i}"] = block
        width += length * growth
    layers[f"norm{len(blocks) + 1}"] = nn.BatchNorm2d(width)
    return width


def dense_block(
    inputs: int, length: int, growth: int, bottleneck: bool, dropout: float
) -> nn.Sequential:
    """(n, inputs, h, w) → (n, inputs + length · growth, h, w)."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for i in range(length):
        layers[f"denselayer{i + 1}"] = DenseLayer(
            inputs + i * growth, growth, bottleneck, dropout
        )
    return nn.Sequential(layers)


class DenseLayer(nn.Sequential):
    """Adds `growth` new maps to those it was given (figure 1).

    With a bottleneck, a 1×1 convolution first reduces the input to 4 · growth maps.
    """

    def __init__(
        self, inputs: int, growth: int, bottleneck: bool, dropout: float
    ) -> None:
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        layers["norm1"], layers["relu1"] = nn.BatchNorm2d(inputs), nn.ReLU()
        if bottleneck:
            narrow = 4 * growth
            layers["conv1"] = one_by_one(inputs, narrow)
            layers["norm2"], layers["relu2"] = nn.BatchNorm2d(narrow), nn.ReLU()
            layers["conv2"] = three_by_three(narrow, growth)
        else:
            layers["conv1"] = three_by_three(inputs, growth)
        if dropout > 0:
            layers["dropout"] = nn.Dropout(dropout)
        super().__init__(layers)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, super().forward(x)], dim=1)


def transition(inputs: int, outputs: int) -> nn.Sequential:
    """Between two blocks: (n, inputs, h, w) → (n, outputs, h/2, w/2)."""
    return nn.Sequential(
        OrderedDict(
            norm=nn.BatchNorm2d(inputs),
            relu=nn.ReLU(),
            conv=one_by_one(inputs, outputs),
            pool=nn.AvgPool2d(2),
        )
    )


def network(
    layers: OrderedDict[str, nn.Module],
    width: int,
    classes: int,
    channels: int,
    least: int,
) -> nn.Module:
    """The dense blocks, the mean of each map, and one dense layer."""
    pool = nn.Sequential(nn.ReLU(), nn.AdaptiveAvgPool2d(1))
    classifier = nn.Linear(width, classes)
    features = nn.Sequential(layers)
    model = ConvNet(features, pool, classifier, channels=channels, least=least)
    he_normal(model)
    return model
