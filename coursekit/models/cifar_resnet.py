"""Residual and plain networks for CIFAR-10."""

from collections import OrderedDict
from functools import partial

from torch import nn

from coursekit.arguments import check_choice, check_counts, check_switches
from coursekit.layers.blocks import ConvNet, ShortcutA, he_normal, three_by_three
from coursekit.layers.residual import (
    BLOCKS,
    Block,
    MakeShortcut,
    PlainBlock,
    PreActivationBlock,
    activation,
    shortcut_b,
    stage,
)


def cifar_resnet(
    depth: int = 20,
    *,
    shortcut: str = "A",
    version: int = 1,
    bottleneck: bool = False,
    width: int = 16,
    classes: int = 10,
    channels: int = 3,
) -> nn.Module:
    """ResNet-20, 32, 44, 56, 110, … for small images.

    Version 1: He et al. 2015, section 4.2: depth 6n + 2, three stages of n blocks with
    16, 32 and 64 channels. Shortcut "A" has no weights (zeros in the new channels), "B"
    is a 1×1 convolution where the shape changes. Version 2: He et al. 2016,
    pre-activation. With `bottleneck` the depth is 9n + 2, as in ResNet-164 and 1001.

    Images (n, channels, h, w) of any size, 32 × 32 in the paper → scores (n, classes).
    The maps: 32 in the first stage, then 16, then 8.
    Raises `ValueError` for a depth that does not fit, or sizes below 1.
    """
    check_choice("shortcut", shortcut, ("A", "B"))
    check_choice("version", version, (1, 2))
    check_switches(bottleneck=bottleneck)
    check_counts(depth=depth, width=width, classes=classes, channels=channels)
    block = BLOCKS[version, bottleneck]
    blocks = blocks_in_a_stage(depth, 3 if bottleneck else 2)
    make_shortcut = ShortcutA if shortcut == "A" else shortcut_b(block)
    return network(block, blocks, make_shortcut, width, classes, channels)


def cifar_plain(
    depth: int = 20, *, width: int = 16, classes: int = 10, channels: int = 3
) -> nn.Module:
    """Plain-20, 32, 44, 56, …: the layers of ResNet-n without the shortcuts.

    He et al. 2015, section 4.2 and figure 6 left; as many weights as with shortcut "A".

    Images (n, channels, h, w) of any size, 32 × 32 in the paper → scores (n, classes).
    The maps: 32 in the first stage, then 16, then 8.
    Raises `ValueError` for a depth that does not fit, or sizes below 1.
    """
    check_counts(depth=depth, width=width, classes=classes, channels=channels)
    blocks = blocks_in_a_stage(depth, 2)
    return network(PlainBlock, blocks, ShortcutA, width, classes, channels)


def blocks_in_a_stage(depth: int, layers: int) -> int:
    """n, where depth = 3 stages × n blocks × `layers` + first convolution + dense."""
    blocks, rest = divmod(depth - 2, 3 * layers)
    if blocks < 1 or rest:
        raise ValueError(
            f"depth must be {3 * layers}n + 2, such as {3 * layers + 2}, "
            f"{6 * layers + 2} or {9 * layers + 2}, but it is {depth}."
        )
    return blocks


def network(
    block: Block,
    blocks: int,
    make_shortcut: MakeShortcut,
    width: int,
    classes: int,
    channels: int,
) -> nn.Module:
    """3×3 convolution, three stages, mean of each map, one dense layer."""
    layers = features(block, blocks, make_shortcut, width, channels)
    outputs = 4 * width * block.expansion
    model = ConvNet(
        layers,
        nn.AdaptiveAvgPool2d(1),
        nn.Linear(outputs, classes),
        channels=channels,
    )
    he_normal(model)
    return model


def features(
    block: Block, blocks: int, make_shortcut: MakeShortcut, width: int, channels: int
) -> nn.Sequential:
    """(n, channels, h, w) → (n, 4 · expansion · width, ⌈h/4⌉, ⌈w/4⌉)."""
    add = partial(stage, block, blocks=blocks, make_shortcut=make_shortcut)
    wide = width * block.expansion
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv1"] = three_by_three(channels, width)
    layers["bn1"], layers["relu"] = nn.BatchNorm2d(width), nn.ReLU()
    layers["stage1"] = add(width, width, stride=1)
    layers["stage2"] = add(wide, 2 * width, stride=2)
    layers["stage3"] = add(2 * wide, 4 * width, stride=2)
    if issubclass(block, PreActivationBlock):
        # The stem is activated already; the last sum is not.
        layers["stage1"].get_submodule("0").preactivation = nn.Identity()
        layers["last"] = activation(4 * wide)
    return nn.Sequential(layers)
