"""What torch says: the right values that checks compare with.

Arrays go in and come out; inside everything is float64.
"""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F


def tensor(values: np.ndarray) -> torch.Tensor:
    """A float64 copy of an array of any shape."""
    return torch.from_numpy(np.array(values, dtype=np.float64, order="C"))


def summed(
    operation: Callable[..., np.ndarray], *values: np.ndarray | None
) -> np.ndarray:
    """The magnitudes that an operation sums: itself, on absolute values.

    Give it to `expect` as `scale`: what float32 can miss grows with these.
    """
    return operation(*(None if value is None else np.abs(value) for value in values))


def corr1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Valid cross-correlation of x (n,) with w (k,): shape (n - k + 1,)."""
    return F.conv1d(tensor(x)[None, None], tensor(w)[None, None])[0, 0].numpy()


def corr2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Valid cross-correlation of (h, w) with (kh, kw): (h - kh + 1, w - kw + 1)."""
    return layer(image[None], kernel[None, None])[0]


def layer(
    v: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None = None
) -> np.ndarray:
    """torch's convolution layer without activation: (L, J, K) to (I, J', K')."""
    offset = None if bias is None else tensor(bias)
    return F.conv2d(tensor(v)[None], tensor(kernel), offset)[0].numpy()


def layer_nd(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None = None
) -> np.ndarray:
    """torch's layer without activation along one, two or three axes, without padding.

    x: (L, n1, …, nd).  kernel: (I, L, k1, …, kd).  Returns (I, n1-k1+1, …, nd-kd+1).
    """
    convolution = {2: F.conv1d, 3: F.conv2d, 4: F.conv3d}[x.ndim]
    offset = None if bias is None else tensor(bias)
    return convolution(tensor(x)[None], tensor(kernel), offset)[0].numpy()


def true_convolution(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The valid part of the full convolution, which is a transposed correlation."""
    full = F.conv_transpose2d(tensor(image)[None, None], tensor(kernel)[None, None])
    (h, w), (kh, kw) = image.shape, kernel.shape
    return full[0, 0, kh - 1 : h, kw - 1 : w].numpy()


def relu(z: np.ndarray) -> np.ndarray:
    """torch's relu of an array of any shape."""
    return torch.relu(torch.tensor(z)).numpy()


def unfold(x: np.ndarray, k: int) -> np.ndarray:
    """The k × k patches of x (L, H, W) as columns: (L·k·k, H'·W')."""
    return F.unfold(tensor(x)[None], k)[0].numpy()


def linear_weights(inputs: int, outputs: int) -> int:
    """Weights of torch's dense layer, without biases."""
    return torch.nn.Linear(inputs, outputs, bias=False, device="meta").weight.numel()


def conv2d_parameters(channels: int, filters: int, height: int, width: int) -> int:
    """Weights and biases of torch's convolution layer."""
    module = torch.nn.Conv2d(channels, filters, (height, width), device="meta")
    return sum(p.numel() for p in module.parameters())
