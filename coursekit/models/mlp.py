"""A multilayer perceptron: two dense layers on the list of pixels."""

from torch import Tensor, nn

from coursekit.arguments import check_batch, check_counts


class MLP(nn.Module):
    """Flatten an image, then two dense layers: scores = W₂ · ReLU(W₁ · x + b₁) + b₂.

    Rumelhart, Hinton and Williams 1986, "Learning representations by back-propagating
    errors", figure 1, with ReLU in place of the sigmoid. The course's own sizes.

    Images (n, c, h, w) with c · h · w = `pixels` → scores (n, classes); `hidden` units
    between. 50,890 weights for MNIST, as PyTorch starts a dense layer.
    Raises `ValueError` for sizes below 1.
    """

    def __init__(
        self, pixels: int = 28 * 28, hidden: int = 64, classes: int = 10
    ) -> None:
        check_counts(pixels=pixels, hidden=hidden, classes=classes)
        super().__init__()
        self.hidden = nn.Linear(pixels, hidden)
        self.output = nn.Linear(hidden, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images (n, c, h, w) with c·h·w = `pixels` to scores (n, classes)."""
        check_batch(images)
        pixels = self.hidden.in_features
        if images[0].numel() != pixels:
            raise ValueError(
                f"This network takes images of {pixels} numbers; these have "
                f"{images[0].numel()}, in the shape {tuple(images.shape[1:])}."
            )
        return self.output(self.hidden(images.flatten(1)).relu())
