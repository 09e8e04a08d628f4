"""The network on which batch normalisation was first shown."""

from torch import nn

from coursekit.arguments import check_counts

DEVIATION = 0.1


def sigmoid_mlp(
    *, normalised: bool, pixels: int = 28 * 28, hidden: int = 100, classes: int = 10
) -> nn.Sequential:
    """Three dense layers with sigmoids, with batch normalisation before each or not.

    Ioffe and Szegedy 2015, section 4.1. Weights start normal with a deviation of 0.1
    (the paper: "small"), biases at 0; with normalisation the hidden layers have none.

    Images (n, c, h, w) with c · h · w = `pixels` → scores (n, classes). 99,710 weights
    for MNIST, 100,010 when normalised. Raises `ValueError` for sizes below 1.
    """
    check_counts(pixels=pixels, hidden=hidden, classes=classes)
    model = nn.Sequential(nn.Flatten())
    for inputs in (pixels, hidden, hidden):
        model.append(nn.Linear(inputs, hidden, bias=not normalised))
        if normalised:
            model.append(nn.BatchNorm1d(hidden))
        model.append(nn.Sigmoid())
    model.append(nn.Linear(hidden, classes))
    for layer in model:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=DEVIATION)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return model
