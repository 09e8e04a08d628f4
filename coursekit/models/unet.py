"""U-Net: a class for every pixel."""

from itertools import count, pairwise

import torch
from torch import Tensor, nn

from coursekit.arguments import check_counts, check_images, check_switches
from coursekit.layers.blocks import he_normal


def unet(
    *,
    width: int = 64,
    levels: int = 5,
    padding: bool = False,
    skips: bool = True,
    classes: int = 2,
    channels: int = 1,
) -> nn.Module:
    """U-Net: down, up again, and at each level the maps of the way down beside.

    Ronneberger, Fischer and Brox 2015, "U-Net: Convolutional Networks for Biomedical
    Image Segmentation", figure 1. `width` channels on the first of `levels` levels,
    twice as many on each below. Without `padding`, as in the paper, the output is
    smaller than the image (572 → 388); with it, as large. `skips=False` cuts the
    connections across, to see what they are worth.

    Images (n, channels, h, w) → scores of each pixel (n, classes, h', w').
    31,030,658 weights as in the paper. Raises `ValueError` for sizes below 1, and for
    images whose sides cannot be halved evenly at each level.
    """
    check_counts(width=width, levels=levels, classes=classes, channels=channels)
    check_switches(padding=padding, skips=skips)
    model = UNet(width, levels, int(padding), skips, classes, channels)
    he_normal(model)
    return model


class UNet(nn.Module):
    """The picture of figure 1: `down` is its left side, `up` its right side."""

    def __init__(
        self,
        width: int,
        levels: int,
        padding: int,
        skips: bool,
        classes: int,
        channels: int,
    ) -> None:
        super().__init__()
        widths = [channels] + [width * 2**level for level in range(levels)]
        self.channels, self.padding, self.skips = channels, padding, skips
        self.down = nn.ModuleList(
            double_conv(a, b, padding) for a, b in pairwise(widths)
        )
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout()
        self.up = nn.ModuleList(
            UpStep(b, padding, skips) for b in reversed(widths[1:-1])
        )
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        check_images(x, self.channels)
        self._check_sides(x)
        across = []
        for level, step in enumerate(self.down):
            x = step(self.pool(x) if level else x)
            across.append(x)
        x = self.dropout(across.pop())
        for step in self.up:
            x = step(x, across.pop())
        return self.last(x)

    def _check_sides(self, x: Tensor) -> None:
        levels = len(self.down)
        for side in x.shape[2:]:
            if not fits(side, levels, self.padding):
                around = (s for gap in count(1) for s in (side - gap, side + gap))
                near = next(s for s in around if fits(s, levels, self.padding))
                raise ValueError(
                    f"A U-Net of {levels} levels cannot halve a side of {side} pixels "
                    f"evenly at each level. Crop or pad it to {near}, for example."
                )


def fits(side: int, levels: int, padding: int) -> bool:
    """Can a side be halved evenly on the way down, and does anything come out?"""
    lost = 0 if padding else 4
    for _ in range(levels - 1):
        side -= lost
        if side < 2 or side % 2:
            return False
        side //= 2
    side -= lost
    for _ in range(levels - 1):
        side = 2 * side - lost
    return side >= 1


class UpStep(nn.Module):
    """One level up: twice as large, the maps from across beside, two convolutions.

    (n, 2 · width, h, w) and (n, width, ≥ 2h, ≥ 2w) → (n, width, 2h - 4, 2w - 4), or
    2h and 2w with padding.
    """

    def __init__(self, width: int, padding: int, skips: bool) -> None:
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
        self.convs = double_conv(2 * width if skips else width, width, padding)
        self.skips = skips

    def forward(self, x: Tensor, across: Tensor) -> Tensor:
        x = self.enlarge(x)
        if self.skips:
            x = torch.cat([centre(across, x.shape[2], x.shape[3]), x], dim=1)
        return self.convs(x)


def centre(x: Tensor, height: int, width: int) -> Tensor:
    """The middle (height, width) of maps (n, c, h, w)."""
    top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
    return x[:, :, top : top + height, left : left + width]


def double_conv(inputs: int, outputs: int, padding: int) -> nn.Sequential:
    """Two 3×3 convolutions with ReLU; without padding they take 4 pixels off a side."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=padding),
        nn.ReLU(),
        nn.Conv2d(outputs, outputs, 3, padding=padding),
        nn.ReLU(),
    )
