"""Residual blocks, shared by the ImageNet and the CIFAR networks.

Each takes (n, inputs, h, w) to (n, expansion · width, ⌈h/stride⌉, ⌈w/stride⌉). The
module `downsample` is the shortcut: nothing where the shape stays, option A or B
where it changes. It has torchvision's name, so that torchvision's weights load.
"""

from collections.abc import Callable

from torch import Tensor, nn

from coursekit.layers.blocks import one_by_one, three_by_three


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut (He 2015, figure 5 left)."""

    expansion = 1

    def __init__(
        self, inputs: int, width: int, stride: int, downsample: nn.Module
    ) -> None:
        super().__init__()
        self.conv1 = three_by_three(inputs, width, stride)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = three_by_three(width, width)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = downsample
        self.relu2 = nn.ReLU()

    def residual(self, x: Tensor) -> Tensor:
        """F(x), what the block adds to its input."""
        x = self.relu1(self.bn1(self.conv1(x)))
        return self.bn2(self.conv2(x))

    def forward(self, x: Tensor) -> Tensor:
        return self.relu2(self.residual(x) + self.downsample(x))


class PlainBlock(BasicBlock):
    """The same two layers without the shortcut: the plain network's pair."""

    def forward(self, x: Tensor) -> Tensor:
        return self.relu2(self.residual(x))


class Bottleneck(nn.Module):
    """1×1 down, 3×3, 1×1 up, and a shortcut (He 2015, figure 5 right).

    The stride is in the 3×3 convolution, as torchvision has it; the paper put it in
    the first 1×1, with the same number of weights.
    """

    expansion = 4

    def __init__(
        self, inputs: int, width: int, stride: int, downsample: nn.Module
    ) -> None:
        super().__init__()
        self.conv1 = one_by_one(inputs, width)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = three_by_three(width, width, stride)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv3 = one_by_one(width, self.expansion * width)
        self.bn3 = nn.BatchNorm2d(self.expansion * width)
        self.downsample = downsample
        self.relu3 = nn.ReLU()

    def residual(self, x: Tensor) -> Tensor:
        """F(x), what the block adds to its input."""
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.relu2(self.bn2(self.conv2(x)))
        return self.bn3(self.conv3(x))

    def forward(self, x: Tensor) -> Tensor:
        return self.relu3(self.residual(x) + self.downsample(x))


class PreActivationBlock(nn.Module):
    """Normalise and activate first, then convolve (He 2016, figure 4 e).

    Nothing touches the sum, so the identity runs through the whole network. Where the
    shape changes, the shortcut starts after the first activation.
    """

    expansion = 1

    def __init__(
        self, inputs: int, width: int, stride: int, downsample: nn.Module
    ) -> None:
        super().__init__()
        self.preactivation = activation(inputs)
        self.residual = self.layers(inputs, width, stride)
        self.downsample = downsample

    def layers(self, inputs: int, width: int, stride: int) -> nn.Sequential:
        """F after the first activation."""
        return nn.Sequential(
            three_by_three(inputs, width, stride),
            activation(width),
            three_by_three(width, width),
        )

    def forward(self, x: Tensor) -> Tensor:
        activated = self.preactivation(x)
        same_shape = isinstance(self.downsample, nn.Identity)
        shortcut = x if same_shape else self.downsample(activated)
        return self.residual(activated) + shortcut


class PreActivationBottleneck(PreActivationBlock):
    """1×1 down, 3×3, 1×1 up, each after its activation (He 2016)."""

    expansion = 4

    def layers(self, inputs: int, width: int, stride: int) -> nn.Sequential:
        """F after the first activation."""
        return nn.Sequential(
            one_by_one(inputs, width),
            activation(width),
            three_by_three(width, width, stride),
            activation(width),
            one_by_one(width, self.expansion * width),
        )


Block = type[BasicBlock] | type[Bottleneck] | type[PreActivationBlock]
MakeShortcut = Callable[[int, int, int], nn.Module]

BLOCKS: dict[tuple[int, bool], Block] = {
    # version 1 (2015) or 2 (2016), built of bottlenecks?
    (1, False): BasicBlock,
    (1, True): Bottleneck,
    (2, False): PreActivationBlock,
    (2, True): PreActivationBottleneck,
}


def activation(channels: int) -> nn.Sequential:
    """Batch normalisation, then ReLU; the shape stays."""
    return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())


def projection(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    """Shortcut with weights (He 2015, option B): 1×1 convolution, normalised."""
    return nn.Sequential(one_by_one(inputs, outputs, stride), nn.BatchNorm2d(outputs))


def shortcut_b(block: Block) -> MakeShortcut:
    """Option B for this block: after an activation nothing more is normalised."""
    return one_by_one if issubclass(block, PreActivationBlock) else projection


def stage(
    block: Block,
    inputs: int,
    width: int,
    blocks: int,
    *,
    stride: int,
    make_shortcut: MakeShortcut,
) -> nn.Sequential:
    """Residual blocks in a row, (n, inputs, h, w) → (n, expansion · width, …).

    The first block changes the shape, if anything does; the others keep it.
    """
    outputs = block.expansion * width
    shortcut: nn.Module = nn.Identity()
    if stride > 1 or inputs != outputs:
        shortcut = make_shortcut(inputs, outputs, stride)
    first = block(inputs, width, stride, shortcut)
    others = [block(outputs, width, 1, nn.Identity()) for _ in range(blocks - 1)]
    return nn.Sequential(first, *others)
