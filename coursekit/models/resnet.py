"""Residual networks for ImageNet."""

from functools import partial

from torch import Tensor, nn

from coursekit.arguments import check_choice, check_counts, check_images
from coursekit.layers.residual import BLOCKS, activation, shortcut_b, stage

# Table 1 of the paper: is it built of bottlenecks, and how many blocks a stage.
CONFIGURATIONS = {
    18: (False, (2, 2, 2, 2)),
    34: (False, (3, 4, 6, 3)),
    50: (True, (3, 4, 6, 3)),
    101: (True, (3, 4, 23, 3)),
    152: (True, (3, 8, 36, 3)),
}


def resnet(
    depth: int = 18, *, version: int = 1, classes: int = 1000, channels: int = 3
) -> nn.Module:
    """ResNet-18, 34, 50, 101 or 152.

    Version 1: He et al. 2015, "Deep Residual Learning for Image Recognition", table 1.
    Version 2: He et al. 2016, "Identity Mappings in Deep Residual Networks", figure
    1 b: the activation comes before the convolution.

    Images (n, channels, h, w) of any size, 224 × 224 in the paper → scores
    (n, classes). The maps: 112 after conv1, 56 in layer1, then 28, 14, 7. The names of
    version 1 are torchvision's, so torchvision's weights load as they are.
    Raises `ValueError` for another depth or version, or sizes below 1.
    """
    check_choice("depth", depth, CONFIGURATIONS)
    check_choice("version", version, (1, 2))
    check_counts(classes=classes, channels=channels)
    model = ResNet(depth, version, classes, channels)
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    return model


class ResNet(nn.Module):
    """conv1, pooling, four stages of residual blocks, mean of each map, one dense."""

    def __init__(self, depth: int, version: int, classes: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        outputs = self._add_stages(depth, version)
        self.last: nn.Module = nn.Identity()
        if version == 2:
            # The stem is activated already; the last sum is not.
            self.layer1[0].preactivation = nn.Identity()
            self.last = activation(outputs)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(outputs, classes)

    def _add_stages(self, depth: int, version: int) -> int:
        bottleneck, (n1, n2, n3, n4) = CONFIGURATIONS[depth]
        block = BLOCKS[version, bottleneck]
        expansion = block.expansion
        add = partial(stage, block, make_shortcut=shortcut_b(block))
        self.layer1 = add(64, 64, n1, stride=1)
        self.layer2 = add(expansion * 64, 128, n2, stride=2)
        self.layer3 = add(expansion * 128, 256, n3, stride=2)
        self.layer4 = add(expansion * 256, 512, n4, stride=2)
        return expansion * 512

    def forward(self, x: Tensor) -> Tensor:
        check_images(x, self.conv1.in_channels)
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(self.last(x)).flatten(1))
