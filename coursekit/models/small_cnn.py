"""A small convolutional network: twice convolve and pool, then one dense layer."""

from torch import Tensor, nn


class SmallCNN(nn.Module):
    """5×5 convolution → max pooling, twice; then one dense layer gives the scores.

    The shape of LeNet-5 (LeCun et al. 1998) at a smaller width and with ReLU. `size` is
    the side of the square images: only the dense layer needs to know it.
    """

    def __init__(self, size: int = 28, channels: int = 1, classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 8, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        side = ((size - 4) // 2 - 4) // 2
        if side < 1:
            raise ValueError(
                f"images of {size} pixels a side are too small: 16 or more"
            )
        self.output = nn.Linear(16 * side * side, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images (n, channels, size, size) to scores (n, classes)."""
        return self.output(self.features(images).flatten(1))
