"""Blocks that several networks share, and the checks of what goes into them."""

from collections import OrderedDict
from collections.abc import Collection
from numbers import Integral, Real

from torch import Tensor, nn


def check_counts(**counts: int) -> None:
    """Refuse every size that is not a whole number of at least 1."""
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
            raise ValueError(
                f"{name} must be a whole number of at least 1, but it is {value!r}."
            )


def check_choice(name: str, value: object, choices: Collection[object]) -> None:
    """Refuse what is not one of `choices`, names or whole numbers, and name them."""
    fits = isinstance(value, (str, Integral)) and not isinstance(value, bool)
    if not fits or value not in tuple(choices):
        known = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {known}, but it is {value!r}.")


def check_switches(**switches: bool) -> None:
    """Refuse every value but True and False: 2 or "no" would count as True."""
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be True or False, but it is {value!r}.")


def check_class(name: str, value: object, *kinds: type[nn.Module]) -> None:
    """Refuse what is not a class of one of these kinds: a finished layer, say."""
    if not isinstance(value, type) or not issubclass(value, kinds):
        known = " or ".join(f"nn.{kind.__name__}" for kind in kinds)
        raise ValueError(
            f"{name} must be a class, {known} or one derived from it, written without "
            f"parentheses, but it is {value!r}."
        )


def check_probability(**probabilities: float) -> None:
    """Refuse every value that is not a number in 0 … 1."""
    for name, value in probabilities.items():
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:
            raise ValueError(f"{name} must lie in 0 … 1, but it is {value!r}.")


def check_images(
    x: Tensor, channels: int, least: int = 1, exactly: int | None = None
) -> None:
    """Refuse a batch that a network cannot take, before torch fails deep inside.

    `x` is (number, channels, height, width), floating point, with both sides at
    least `least` pixels long, or exactly `exactly` where the network has one size.
    Raises `ValueError`.
    """
    check_batch(x)
    _check_image_shape(tuple(x.shape), channels, least, exactly)


def check_batch(x: Tensor) -> None:
    """Refuse what is no batch of images, floating point, of any size."""
    if not isinstance(x, Tensor) or x.dim() != 4:
        got = tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(
            "Give a batch of images, a tensor of shape (number, channels, height, "
            f"width). This is {got}. For one image, write image[None]."
        )
    if not x.is_floating_point():
        raise ValueError(
            f"Give floating-point images, for example images / 255. This is {x.dtype}."
        )
    if len(x) == 0:
        raise ValueError("The batch is empty: give at least one image.")


def _check_image_shape(
    shape: tuple[int, ...], channels: int, least: int, exactly: int | None
) -> None:
    _, found, height, width = shape
    if found != channels:
        raise ValueError(
            f"This network takes images with {channels} channel(s); these have {found}."
        )
    if exactly is not None and (height, width) != (exactly, exactly):
        raise ValueError(
            f"This network takes images of {exactly} × {exactly} pixels; these are "
            f"{height} × {width}. Resize, crop or pad them."
        )
    if min(height, width) < least:
        raise ValueError(
            f"This network needs images of at least {least} × {least} pixels; these "
            f"are {height} × {width}. Enlarge them, or take a smaller network."
        )


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
