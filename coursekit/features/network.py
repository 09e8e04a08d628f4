"""A network of VGG's kind, every layer of which can be read by its name."""

from collections.abc import Iterable, Sequence
from typing import Self

import torch
from torch import Tensor, nn

from coursekit.features.reading import Reader
from coursekit.models.vgg import features

POOLINGS = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
# Below this mean activation a filter counts as silent and keeps its scale.
SILENT = 1e-3
# The maps of the network of Gatys et al. have means of 30 to 500 (conv1_1 … conv3_3, on
# a painting). Maps of this mean make the paper's α/β of 1e-3 a good one here as well.
MEAN_ACTIVATION = 100

Row = Sequence[int | str]


class FeatureNetwork(Reader):
    """The convolutions of VGG (Simonyan and Zisserman 2014, table 1), frozen.

    row: one column of the paper's table, such as `CONFIGURATIONS["E"]` for VGG-19.
    mean, std: what is subtracted from red, green and blue in 0 … 1, and what they are
    then divided by. pooling: "max", or "average", which Gatys et al. found to look
    better.

    Layers are called, in this order: conv1_1 (the sums of a convolution, before the
    ReLU), relu1_1, conv1_2, relu1_2, pool1, conv2_1, … A row may end early.
    """

    def __init__(
        self,
        row: Row,
        *,
        mean: Sequence[float] = (0.0, 0.0, 0.0),
        std: Sequence[float] = (1.0, 1.0, 1.0),
        pooling: str = "max",
    ) -> None:
        names = layer_names(row)
        super().__init__(names, mean=mean, std=std)
        self.stack = features(tuple(row), 3, batch_norm=False)
        self.use_pooling(pooling)
        self.requires_grad_(False)

    def use_pooling(self, pooling: str) -> Self:
        """Take "max" or "average" where the maps are halved."""
        if pooling not in POOLINGS:
            raise ValueError(
                f'pooling must be "max" or "average", but it is {pooling!r}.'
            )
        for place, name in enumerate(self.layers):
            if name.startswith("pool"):
                self.stack[place] = POOLINGS[pooling](2)
        return self

    def read(self, x: Tensor, wanted: set[str]) -> Iterable[tuple[str, Tensor]]:
        for name, layer in zip(self.layers, self.stack, strict=True):
            x = layer(x)
            yield name, x

    def convolutions(self) -> dict[str, nn.Conv2d]:
        """The convolutions by their names, conv1_1, …"""
        return {
            name: layer
            for name, layer in zip(self.layers, self.stack, strict=True)
            if isinstance(layer, nn.Conv2d)
        }

    @torch.no_grad()
    def equalise(self, images: Tensor) -> Tensor:
        """Scale the filters so that each has a mean activation of 1 over `images`.

        Gatys et al. 2016, section 2. ReLU and pooling let factors through, so only the
        scale of the maps changes, not what they show; without it the losses of the
        layers differ by orders of magnitude. images: (n, 3, h, w) in 0 … 1. Returns
        what the maps of the last convolution were divided by, (channels,).
        """
        factors = torch.ones(3, device=images.device)
        for name, conv in self.convolutions().items():
            assert conv.bias is not None
            conv.weight *= factors[:, None, None]
            relu = name.replace("conv", "relu")
            means = self(images, [relu])[relu].mean((0, 2, 3))
            factors = torch.where(means > SILENT, means, 1.0)
            conv.weight /= factors[:, None, None, None]
            conv.bias /= factors
        return factors

    @torch.no_grad()
    def amplify(self, factor: float) -> Self:
        """Multiply all maps by `factor`, which ReLU and pooling let through."""
        for number, conv in enumerate(self.convolutions().values()):
            assert conv.bias is not None
            conv.bias *= factor
            if number == 0:
                conv.weight *= factor
        return self


def layer_names(row: Row) -> tuple[str, ...]:
    """conv1_1, relu1_1, conv1_2, …, pool1, conv2_1, …"""
    names: list[str] = []
    block, place = 1, 1
    for entry in row:
        if entry == "M":
            names.append(f"pool{block}")
            block, place = block + 1, 1
        else:
            names += [f"conv{block}_{place}", f"relu{block}_{place}"]
            place += 1
    return tuple(names)
