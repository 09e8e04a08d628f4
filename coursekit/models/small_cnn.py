"""A small convolutional network: twice convolve and pool, then one dense layer."""

from torch import Tensor, nn

from coursekit.arguments import check_counts, check_images


class SmallCNN(nn.Module):
    """5×5 convolution → max pooling, twice; then one dense layer gives the scores.

    The course's own: the shape of LeNet-5 (LeCun et al. 1998, figure 2) at a smaller
    width, with ReLU and max pooling.

    Images (n, channels, size, size) → scores (n, classes). The maps of a 28 × 28 image:
    24, then 12, 8, 4. Only the dense layer needs to know `size`; `features` takes any.
    Raises `ValueError` for sizes below 1, or images of less than 16 pixels a side.
    """

    def __init__(self, size: int = 28, channels: int = 1, classes: int = 10) -> None:
        check_counts(size=size, channels=channels, classes=classes)
        if size < 16:
            raise ValueError(f"size must be 16 or more, but it is {size}.")
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 8, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.channels, side = channels, ((size - 4) // 2 - 4) // 2
        self.output = nn.Linear(16 * side * side, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images (n, channels, size, size) to scores (n, classes)."""
        # Larger images are left to the dense layer: a lesson shows how it refuses them.
        check_images(images, self.channels, least=16)
        return self.output(self.features(images).flatten(1))
