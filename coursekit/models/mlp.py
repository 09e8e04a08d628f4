"""A multilayer perceptron: two dense layers on the list of pixels."""

from torch import Tensor, nn


class MLP(nn.Module):
    """Flatten an image, then two dense layers: scores = W₂ · ReLU(W₁ · x + b₁) + b₂.

    pixels: numbers per image (height × width × channels); hidden: units of the first
    layer; classes: scores per image. Weights as PyTorch starts a dense layer.
    """

    def __init__(
        self, pixels: int = 28 * 28, hidden: int = 64, classes: int = 10
    ) -> None:
        super().__init__()
        self.hidden = nn.Linear(pixels, hidden)
        self.output = nn.Linear(hidden, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images (n, c, h, w) with c·h·w = `pixels` to scores (n, classes)."""
        return self.output(self.hidden(images.flatten(1)).relu())
