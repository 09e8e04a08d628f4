"""GoogLeNet: inception modules, and auxiliary heads half-way up."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from coursekit.arguments import check_counts, check_images, check_switches
from coursekit.layers.blocks import conv_unit, he_normal, response_norm


def googlenet_2014(
    *, auxiliary: bool = False, classes: int = 1000, channels: int = 3
) -> nn.Module:
    """GoogLeNet as published, before batch normalisation.

    Szegedy et al. 2014, "Going Deeper with Convolutions", table 1 and figure 3: biases,
    local response normalisation, 5×5 convolutions in the third branch.

    Images (n, channels, 224, 224) → scores (n, classes); while training with
    `auxiliary`, a `GoogLeNetOutput` of three (the paper weighs the heads' losses 0.3).
    The maps: 112 after conv1, 28 in 3a and 3b, 14 in 4a to 4e, 7 in 5a and 5b.
    Raises `ValueError` for sizes below 1.
    """
    check_counts(classes=classes, channels=channels)
    check_switches(auxiliary=auxiliary)
    return GoogLeNet(PAPER, auxiliary, classes, channels)


def googlenet(
    *, auxiliary: bool = False, classes: int = 1000, channels: int = 3
) -> nn.Module:
    """GoogLeNet with batch normalisation, as torchvision has it.

    Szegedy et al. 2014, table 1, with two differences: the third branch has 3×3
    convolutions, and every convolution is normalised (Ioffe and Szegedy 2015).

    Images (n, channels, h, w) of at least 15 × 15 pixels, usually 224 × 224 → scores
    (n, classes); while training with `auxiliary`, a `GoogLeNetOutput` of three. The
    names are torchvision's, so its weights load as they are (those trained on ImageNet
    expect images scaled to -1 … 1). Raises `ValueError` for sizes below 1.
    """
    check_counts(classes=classes, channels=channels)
    check_switches(auxiliary=auxiliary)
    return GoogLeNet(TORCHVISION, auxiliary, classes, channels)


class GoogLeNetOutput(NamedTuple):
    """Scores (n, classes) of the classifier and of the two auxiliary heads."""

    logits: Tensor
    aux1: Tensor
    aux2: Tensor


@dataclass(frozen=True)
class Version:
    """What the paper's network and torchvision's do differently."""

    unit: Callable[..., nn.Module]
    norm: Callable[[], nn.Module]
    third_kernel: int
    last_window: int
    head_pool: Callable[[], nn.Module]
    dropout: float
    exactly: int | None = None


PAPER = Version(
    unit=partial(conv_unit, batch_norm=False),
    norm=response_norm,
    third_kernel=5,
    last_window=3,
    head_pool=partial(nn.AvgPool2d, 5, 3),
    dropout=0.4,
    exactly=224,
)
TORCHVISION = Version(
    unit=partial(conv_unit, eps=0.001),
    norm=nn.Identity,
    third_kernel=3,
    last_window=2,
    head_pool=partial(nn.AdaptiveAvgPool2d, 4),
    dropout=0.2,
)
halve = partial(nn.MaxPool2d, stride=2, ceil_mode=True)


class GoogLeNet(nn.Module):
    """A stem of three convolutions, nine inception modules, one dense layer."""

    def __init__(
        self, version: Version, auxiliary: bool, classes: int, channels: int
    ) -> None:
        super().__init__()
        self.channels, self.exactly = channels, version.exactly
        self._add_stem(version)
        self._add_inceptions(version)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(version.dropout)
        self.fc = nn.Linear(1024, classes)
        self.aux1 = Head(version, 512, classes) if auxiliary else None
        self.aux2 = Head(version, 528, classes) if auxiliary else None
        he_normal(self)

    def _add_stem(self, version: Version) -> None:
        self.conv1 = version.unit(self.channels, 64, 7, stride=2)
        self.maxpool1 = halve(3)
        self.norm1 = version.norm()
        self.conv2 = version.unit(64, 64, 1)
        self.conv3 = version.unit(64, 192, 3)
        self.norm2 = version.norm()
        self.maxpool2 = halve(3)

    def _add_inceptions(self, version: Version) -> None:
        # Table 1: input | 1×1 | before 3×3, 3×3 | before 5×5, 5×5 | after pooling.
        inception = partial(Inception, version)
        self.inception3a = inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = inception(256, 128, 128, 192, 32, 96, 64)
        self.maxpool3 = halve(3)
        self.inception4a = inception(480, 192, 96, 208, 16, 48, 64)
        self.inception4b = inception(512, 160, 112, 224, 24, 64, 64)
        self.inception4c = inception(512, 128, 128, 256, 24, 64, 64)
        self.inception4d = inception(512, 112, 144, 288, 32, 64, 64)
        self.inception4e = inception(528, 256, 160, 320, 32, 128, 128)
        self.maxpool4 = halve(version.last_window)
        self.inception5a = inception(832, 256, 160, 320, 32, 128, 128)
        self.inception5b = inception(832, 384, 192, 384, 48, 128, 128)

    def forward(self, x: Tensor) -> Tensor | GoogLeNetOutput:
        check_images(x, self.channels, least=15, exactly=self.exactly)
        x = self.norm1(self.maxpool1(self.conv1(x)))
        x = self.maxpool2(self.norm2(self.conv3(self.conv2(x))))
        x = self.maxpool3(self.inception3b(self.inception3a(x)))
        low = self.inception4a(x)
        high = self.inception4d(self.inception4c(self.inception4b(low)))
        x = self.maxpool4(self.inception4e(high))
        x = self.inception5b(self.inception5a(x))
        logits = self.fc(self.dropout(self.avgpool(x).flatten(1)))
        if not self.training or self.aux1 is None or self.aux2 is None:
            return logits
        return GoogLeNetOutput(logits, self.aux1(low), self.aux2(high))


class Inception(nn.Module):
    """Four branches side by side, stacked along the channels (figure 2 b).

    (n, inputs, h, w) → (n, one + three + five + pooled, h, w). `before_three` and
    `before_five` are the channels of the 1×1 convolutions that make the others cheap.
    """

    def __init__(
        self,
        version: Version,
        inputs: int,
        one: int,
        before_three: int,
        three: int,
        before_five: int,
        five: int,
        pooled: int,
    ) -> None:
        super().__init__()
        unit, large = version.unit, version.third_kernel
        self.branch1 = unit(inputs, one, 1)
        self.branch2 = nn.Sequential(
            unit(inputs, before_three, 1), unit(before_three, three, 3)
        )
        self.branch3 = nn.Sequential(
            unit(inputs, before_five, 1), unit(before_five, five, large)
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), unit(inputs, pooled, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        branches = [self.branch1, self.branch2, self.branch3, self.branch4]
        return torch.cat([branch(x) for branch in branches], dim=1)


class Head(nn.Module):
    """Auxiliary classifier: brings a gradient to the lower layers (section 5).

    (n, inputs, 14, 14) → 4 × 4 → scores (n, classes). Used in training only.
    """

    def __init__(self, version: Version, inputs: int, classes: int) -> None:
        super().__init__()
        self.pool = version.head_pool()
        self.conv = version.unit(inputs, 128, 1)
        self.fc1 = nn.Linear(128 * 4 * 4, 1024)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(1024, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(self.pool(x)).flatten(1)
        return self.fc2(self.dropout(self.relu(self.fc1(x))))
