"""Blocks that several networks share."""

from collections import OrderedDict

from torch import Tensor, nn

from coursekit.arguments import check_images


class ConvNet(nn.Module):
    """Features, pooling, classifier: the road that most networks take.

    `features` turns images (n, channels, h, w) into maps (n, c, h', w'), `avgpool`
    summarises each map, and `classifier` turns the numbers of one image, in a row,
    into one score per class. The output is (n, classes): scores, not probabilities.
    """

    def __init__(
        self,
        features: nn.Module,
        avgpool: nn.Module,
        classifier: nn.Module,
        *,
        channels: int,
        least: int = 1,
        exactly: int | None = None,
    ) -> None:
        super().__init__()
        self.features = features
        self.avgpool = avgpool
        self.classifier = classifier
        self.channels, self.least, self.exactly = channels, least, exactly

    def forward(self, x: Tensor) -> Tensor:
        check_images(x, self.channels, self.least, self.exactly)
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def conv_unit(
    inputs: int,
    outputs: int,
    size: int,
    *,
    stride: int = 1,
    batch_norm: bool = True,
    eps: float = 1e-5,
) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU: (n, inputs, h, w) → (n, outputs, …).

    Half padding: at stride 1 the picture keeps its size. Without normalisation the
    convolution has a bias instead.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv"] = nn.Conv2d(
        inputs, outputs, size, stride, padding=size // 2, bias=not batch_norm
    )
    if batch_norm:
        layers["bn"] = nn.BatchNorm2d(outputs, eps=eps)
    layers["relu"] = nn.ReLU()
    return nn.Sequential(layers)


def response_norm() -> nn.LocalResponseNorm:
    """Local response normalisation of AlexNet (Krizhevsky 2012, section 3.3).

    b = a / (2 + 1e-4 Σ a²)^0.75, summed over the five nearest channels. PyTorch takes
    the mean of the five where the paper takes the sum, hence the factor 5.
    """
    return nn.LocalResponseNorm(size=5, alpha=5 * 1e-4, beta=0.75, k=2.0)


def he_normal(model: nn.Module) -> None:
    """Initialise for ReLU (He 2015, equation 10): variance 2 / fan-in, no bias."""
    for layer in model.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


class ShortcutA(nn.Module):
    """Shortcut without weights (He 2015, option A).

    (n, inputs, h, w) → (n, outputs, ⌈h/stride⌉, ⌈w/stride⌉): every stride-th pixel,
    and zeros in the new channels.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.new_channels, self.stride = outputs - inputs, stride

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, :, :: self.stride, :: self.stride]
        return nn.functional.pad(x, (0, 0, 0, 0, 0, self.new_channels))


def one_by_one(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    """1×1 convolution without bias."""
    return nn.Conv2d(inputs, outputs, 1, stride, bias=False)


def three_by_three(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    """3×3 convolution with padding 1, without bias."""
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
