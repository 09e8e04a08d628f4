"""The convolutional network that CapsNet was compared with."""

from torch import nn

from coursekit.arguments import check_counts
from coursekit.layers.blocks import ConvNet, he_normal


def capsnet_baseline(
    *, image_size: int = 28, classes: int = 10, channels: int = 1
) -> nn.Module:
    """Three convolutions and three dense layers, larger than CapsNet itself.

    Sabour, Frosst and Hinton 2017, section 5: 256, 256 and 128 channels, 5×5, stride 1;
    dense layers of 328 and 192; dropout before the output. The convolutions keep the
    size: only then has it the 35.4 million weights that the paper states.

    Images (n, channels, s, s), s = `image_size` → scores (n, classes). 35,445,522
    weights for 28 × 28. Raises `ValueError` for sizes below 1.
    """
    check_counts(image_size=image_size, classes=classes, channels=channels)
    features = nn.Sequential()
    for inputs, outputs in ((channels, 256), (256, 256), (256, 128)):
        features.append(nn.Conv2d(inputs, outputs, 5, padding=2))
        features.append(nn.ReLU())
    classifier = nn.Sequential(
        nn.Linear(128 * image_size**2, 328),
        nn.ReLU(),
        nn.Linear(328, 192),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(192, classes),
    )
    model = ConvNet(
        features, nn.Identity(), classifier, channels=channels, exactly=image_size
    )
    he_normal(model)
    return model
