"""LeNet-5: as published in 1998, and as commonly built."""

import math

import torch
from torch import Tensor, nn

from coursekit.arguments import (
    check_choice,
    check_class,
    check_counts,
    check_images,
    check_switches,
)
from coursekit.layers.blocks import ConvNet

# Table I of the paper: the maps of S2 that each of the 16 maps of C3 sees.
C3_INPUTS = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5)),
    *((0, 1, 2, 5), (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5)),
)

# What F6 should look like for each digit, 7 × 12 as in figure 3 of the paper. The paper
# prints its bitmaps as a picture only: these are drawn anew.
DIGITS = """
..###.. ...#... .#####. .#####. .....#. ####### ..####. ####### .#####. .#####.
.#...#. ..##... #.....# #.....# ....##. #...... .#..... ......# #.....# #.....#
#.....# .#.#... #.....# ......# ...#.#. #...... #...... ......# #.....# #.....#
#.....# ...#... ......# ......# ..#..#. #...... #...... .....#. #.....# #.....#
#.....# ...#... ......# ......# .#...#. #.####. #...... .....#. .#...#. #.....#
#.....# ...#... .....#. ..####. #....#. ##....# #.####. ....#.. ..###.. #....##
#.....# ...#... ....#.. ......# #....#. ......# ##....# ....#.. .#...#. .####.#
#.....# ...#... ...#... ......# ####### ......# #.....# ...#... #.....# ......#
#.....# ...#... ..#.... ......# .....#. ......# #.....# ...#... #.....# ......#
#.....# ...#... .#..... ......# .....#. ......# #.....# ..#.... #.....# ......#
.#...#. ...#... #...... #.....# .....#. #.....# #.....# ..#.... #.....# .....#.
..###.. .#####. ####### .#####. .....#. .#####. .#####. ..#.... .#####. .####..
"""


def lenet5_1998() -> nn.Module:
    """LeNet-5 exactly as published, for grey images of ten digits.

    LeCun, Bottou, Bengio and Haffner 1998, "Gradient-Based Learning Applied to Document
    Recognition", figure 2: pooling with weights, a sparse C3 (table I), scaled tanh
    after each layer, fixed digit bitmaps at the output.

    Images (n, 1, 32, 32) → scores (n, 10). Each is minus the squared distance to a
    bitmap, so the greatest is the answer, and cross-entropy is the paper's equation 9
    without its constant j. The maps: 28, 14, 10, 5, 1. 60,000 trainable weights.
    """
    model = LeNet5()
    start_1998(model)
    return model


def lenet5(
    *,
    image_size: int = 28,
    activation: type[nn.Module] = nn.Tanh,
    pool: type[nn.AvgPool2d] | type[nn.MaxPool2d] = nn.AvgPool2d,
    batch_norm: bool = False,
    classes: int = 10,
    channels: int = 1,
) -> nn.Module:
    """LeNet-5 as it is commonly built: dense C3, plain pooling, linear output.

    After LeCun et al. 1998, figure 2. `activation` and `pool` are module classes, for
    example nn.ReLU and nn.MaxPool2d; `batch_norm` normalises before each activation.

    Images (n, channels, s, s), s = `image_size`, 32 as in the paper or 28 as MNIST
    comes (then padded by 2 on each side) → scores (n, classes). The maps: 28, 14, 10,
    5. 61,706 weights for grey digits.
    Raises `ValueError` for another image size, sizes below 1, or layers instead of
    classes of layers.
    """
    check_choice("image_size", image_size, (28, 32))
    check_counts(classes=classes, channels=channels)
    check_class("activation", activation, nn.Module)
    check_class("pool", pool, nn.AvgPool2d, nn.MaxPool2d)
    check_switches(batch_norm=batch_norm)
    padding = (32 - image_size) // 2
    return ConvNet(
        common_features(channels, padding, activation, pool, batch_norm),
        nn.Identity(),
        common_classifier(classes, activation, batch_norm),
        channels=channels,
        exactly=image_size,
    )


def common_features(
    channels: int,
    padding: int,
    activation: type[nn.Module],
    pool: type[nn.AvgPool2d] | type[nn.MaxPool2d],
    batch_norm: bool,
) -> nn.Sequential:
    """C1 to S4: (n, channels, 32, 32) → (n, 16, 5, 5)."""
    return nn.Sequential(
        nn.Conv2d(channels, 6, 5, padding=padding),
        *([nn.BatchNorm2d(6)] if batch_norm else []),
        activation(),
        pool(2),
        nn.Conv2d(6, 16, 5),
        *([nn.BatchNorm2d(16)] if batch_norm else []),
        activation(),
        pool(2),
    )


def common_classifier(
    classes: int, activation: type[nn.Module], batch_norm: bool
) -> nn.Sequential:
    """C5, dense because it sees all of S4, F6 and the output: (n, 400) → scores."""
    return nn.Sequential(
        nn.Linear(16 * 5 * 5, 120),
        *([nn.BatchNorm1d(120)] if batch_norm else []),
        activation(),
        nn.Linear(120, 84),
        *([nn.BatchNorm1d(84)] if batch_norm else []),
        activation(),
        nn.Linear(84, classes),
    )


class LeNet5(nn.Module):
    """C1, S2, C3, S4, C5, F6 and output, by the names of the paper's figure 2."""

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.s2 = Subsampling(6)
        self.c3 = SparseConv(C3_INPUTS, 5)
        self.s4 = Subsampling(16)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.squash = ScaledTanh()
        self.output = DigitDistance()

    def forward(self, x: Tensor) -> Tensor:
        check_images(x, channels=1, exactly=32)
        x = self.squash(self.s2(self.squash(self.c1(x))))
        x = self.squash(self.s4(self.squash(self.c3(x))))
        x = self.squash(self.c5(x)).flatten(1)
        return -self.output(self.squash(self.f6(x)))


class ScaledTanh(nn.Module):
    """1.7159 · tanh(2a/3): close to the identity at ±1 (appendix A)."""

    def forward(self, x: Tensor) -> Tensor:
        return 1.7159 * torch.tanh(2 / 3 * x)


class Subsampling(nn.Module):
    """The sum of 2×2 pixels, times a weight, plus a bias; one pair for each map.

    (n, maps, h, w) → (n, maps, h/2, w/2).
    """

    kind_in_words = "subsampling 2×2"

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(maps))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x: Tensor) -> Tensor:
        total = 4 * nn.functional.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]

    def weights_per_neuron(self, neurons: int) -> int:
        """Four pixels by one shared weight, and a bias: five, as the paper counts."""
        return 5


class SparseConv(nn.Module):
    """A convolution in which each output map sees some input maps only.

    `inputs` lists the input maps of each output map. The weights (connections, k, k)
    hold just the kernels that exist. (n, i, h, w) → (n, len(inputs), h-k+1, w-k+1).
    """

    def __init__(self, inputs: tuple[tuple[int, ...], ...], size: int) -> None:
        super().__init__()
        pairs = [(o, i) for o, seen in enumerate(inputs) for i in seen]
        self.shape = (len(inputs), 1 + max(i for _, i in pairs), size, size)
        outgoing, incoming = torch.tensor(pairs).unbind(1)
        self.register_buffer("outgoing", outgoing, persistent=False)
        self.register_buffer("incoming", incoming, persistent=False)
        self.weight = nn.Parameter(torch.zeros(len(pairs), size, size))
        self.bias = nn.Parameter(torch.zeros(len(inputs)))

    @property
    def kind_in_words(self) -> str:
        """The layer's name in a table."""
        return f"sparse conv. {self.shape[2]}×{self.shape[3]}"

    def weights_per_neuron(self, neurons: int) -> float:
        """The mean over maps that see more or fewer others: 94.75 for C3."""
        return (self.weight.numel() + self.bias.numel()) / self.bias.numel()

    def kernel(self) -> Tensor:
        """The dense kernel (outputs, inputs, k, k), zero where nothing connects."""
        places = (self.get_buffer("outgoing"), self.get_buffer("incoming"))
        return self.weight.new_zeros(self.shape).index_put(places, self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.conv2d(x, self.kernel(), self.bias)


class DigitDistance(nn.Module):
    """Squared distance of F6 to each digit's bitmap: (n, 84) → (n, 10), equation 7.

    The bitmaps, -1 for white and +1 for black, are fixed.
    """

    kind_in_words = "distances"

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("bitmaps", digit_bitmaps(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return (x[:, None] - self.get_buffer("bitmaps")).square().sum(2)

    def weights_per_neuron(self, neurons: int) -> int:
        """Each score compares with all pixels of one bitmap."""
        return self.get_buffer("bitmaps").shape[1]


def digit_bitmaps() -> Tensor:
    """The ten bitmaps, row by row, as -1 and +1: (10, 84)."""
    rows = [line.split() for line in DIGITS.split("\n") if line]
    digits = ["".join(row[digit] for row in rows) for digit in range(10)]
    return torch.tensor([[1.0 if c == "#" else -1.0 for c in d] for d in digits])


def start_1998(model: LeNet5) -> None:
    """Start the weights at random with standard deviation 1/√fan-in, biases at 0.

    The rule of LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp", equation 16.
    Appendix A of the LeNet-5 paper starts within ±2.4 / fan-in instead: so close to 0
    that signals fade, and plain gradient descent takes longer.
    """
    fans = {"c1": 25, "s2": 4, "s4": 4, "c5": 400, "f6": 120}
    for name, fan_in in fans.items():
        layer, limit = model.get_submodule(name), math.sqrt(3 / fan_in)
        nn.init.uniform_(layer.get_parameter("weight"), -limit, limit)
        nn.init.zeros_(layer.get_parameter("bias"))
    c3 = model.c3
    limits = torch.tensor([math.sqrt(3 / (25 * len(seen))) for seen in C3_INPUTS])
    with torch.no_grad():
        c3.weight.uniform_(-1, 1).mul_(limits[c3.get_buffer("outgoing"), None, None])
