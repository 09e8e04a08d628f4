"""CapsNet: capsules, routing by agreement, and a decoder."""

import torch
from torch import Tensor, nn

from coursekit.arguments import check_counts, check_images, check_switches
from coursekit.layers.winograd import WinogradConv2d


def capsnet(
    *,
    image_size: int = 28,
    width: int = 256,
    types: int = 32,
    iterations: int = 3,
    decoder: bool = True,
    classes: int = 10,
    channels: int = 1,
) -> "CapsNet":
    """CapsNet: a convolution, primary capsules, one capsule a class, and a decoder.

    Sabour, Frosst and Hinton 2017, "Dynamic Routing Between Capsules", figures 1 and 2.
    `width` channels after the first convolution, `types` kinds of primary capsules.

    Images (n, channels, s, s), s = `image_size` → lengths (n, classes) in 0 … 1, how
    sure the network is of each class. For 28 × 28: maps of 20, then 1152 capsules
    (n, 1152, 8) from a 6 × 6 grid, then (n, classes, 16). 6,804,224 weights, with the
    decoder 8,215,568.
    Raises `ValueError` for sizes below 1, or images of less than 17 pixels a side.
    """
    check_counts(width=width, types=types, iterations=iterations)
    check_counts(image_size=image_size, classes=classes, channels=channels)
    check_switches(decoder=decoder)
    if image_size < 17:
        raise ValueError(f"image_size must be at least 17, but it is {image_size}.")
    model = CapsNet(image_size, width, types, iterations, classes, channels)
    if decoder:
        model.decoder = Decoder(classes, (channels, image_size, image_size))
    return model


class CapsNet(nn.Module):
    """Figure 1 (capsules) and figure 2 (decoder) of the paper."""

    def __init__(
        self,
        image_size: int,
        width: int,
        types: int,
        iterations: int,
        classes: int,
        channels: int,
    ) -> None:
        super().__init__()
        grid = (image_size - 8 - 9) // 2 + 1
        self.channels, self.image_size = channels, image_size
        self.conv1 = nn.Conv2d(channels, width, 9)
        self.relu = nn.ReLU()
        self.primary = PrimaryCapsules(width, types)
        self.digits = RoutedCapsules(types * grid * grid, classes, iterations)
        self.decoder: Decoder | None = None

    def capsules(self, x: Tensor) -> Tensor:
        """Images → the pose of each class: (n, classes, 16), of length 0 … 1."""
        check_images(x, self.channels, exactly=self.image_size)
        return self.digits(self.primary(self.relu(self.conv1(x))))

    def forward(self, x: Tensor) -> Tensor:
        return lengths(self.capsules(x))

    def reconstruct(self, poses: Tensor, labels: Tensor | None = None) -> Tensor:
        """Poses (n, classes, 16) → images in 0 … 1, from one capsule of each row.

        That of `labels` (n,), or the longest. Raises `ValueError` without a decoder.
        """
        if self.decoder is None:
            raise ValueError("This CapsNet has no decoder: build it with decoder=True.")
        chosen = lengths(poses).argmax(1) if labels is None else labels
        return self.decoder(poses, chosen)


class PrimaryCapsules(nn.Module):
    """A 9×9 convolution at stride 2, whose channels are read as capsules of eight.

    (n, width, h, w) → (n, types · h' · w', 8). The eight numbers of a capsule are eight
    channels at one place, not eight neighbouring pixels. The convolution takes most of
    the network's time: hence Winograd's, the same with fewer multiplications.
    """

    def __init__(self, width: int, types: int, size: int = 8) -> None:
        super().__init__()
        self.conv = WinogradConv2d(width, types * size, 9, stride=2)
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x).unflatten(1, (-1, self.size))  # (n, types, 8, h', w')
        return squash(x.flatten(3).transpose(2, 3).flatten(1, 2))


class RoutedCapsules(nn.Module):
    """Capsules that receive the votes û_{j|i} = W_ij u_i on which those below agree.

    (n, inputs, 8) → (n, outputs, 16). The same numbers and gradients as
    `route(self.votes(u))` in a fraction of its memory and time: the votes are never
    written down, as Σ_i c_ij W_ij u_i is one product of W_j with all c_ij u_i in a row.
    """

    kind_in_words = "routed capsules"

    def __init__(self, inputs: int, outputs: int, iterations: int) -> None:
        super().__init__()
        self.iterations = iterations
        self.weight = nn.Parameter(0.1 * torch.randn(outputs, inputs, 8, 16))

    def weights_per_neuron(self, neurons: int) -> int:
        """Nothing is shared: every number has weights of its own."""
        return self.weight.numel() // neurons

    def votes(self, u: Tensor) -> Tensor:
        """û_{j|i}, equation 2: (n, inputs, 8) → (n, outputs, inputs, 16)."""
        return (u[:, None, :, None] @ self.weight).squeeze(3)

    def forward(self, u: Tensor) -> Tensor:
        weight = self.weight.flatten(1, 2)  # (j, i · 8, 16)
        coupling = self.coupling(u.detach(), weight.detach())
        return squash(weighted_sum(coupling, u, weight)).transpose(0, 1)

    def coupling(self, u: Tensor, weight: Tensor) -> Tensor:
        """c_ij after all iterations but the last sum, (j, n, i)."""
        logits = u.new_zeros(len(weight), *u.shape[:2])
        for _ in range(self.iterations - 1):
            poses = squash(weighted_sum(logits.softmax(dim=0), u, weight))
            logits = logits + agreement(poses, u, weight)
        return logits.softmax(dim=0)


def weighted_sum(coupling: Tensor, u: Tensor, weight: Tensor) -> Tensor:
    """s_j = Σ_i c_ij W_ij u_i: (j, n, i), (n, i, 8), (j, i · 8, 16) → (j, n, 16)."""
    return (coupling.unsqueeze(3) * u).flatten(2) @ weight


def agreement(poses: Tensor, u: Tensor, weight: Tensor) -> Tensor:
    """û_{j|i} · v_j, as u_i · (W_ijᵀ v_j): (j, n, 16), … → (j, n, i)."""
    backwards = (poses @ weight.transpose(1, 2)).unflatten(2, u.shape[1:])
    return (backwards * u).sum(dim=3)


def route(votes: Tensor, iterations: int = 3) -> tuple[Tensor, Tensor]:
    """Routing by agreement (procedure 1), as batched matrix products.

    Votes (n, j, i, d) → poses (n, j, d) and coupling coefficients (n, j, i). Each
    capsule i shares itself out among the *output* capsules j: it sums to 1 over j.
    Raises `ValueError` for votes of another shape, or less than one iteration.

    Gradients run through the last weighted sum alone: to them the coefficients are
    constants, and the iterations need not be remembered. The paper does not say; the
    code its authors published lets gradients through all iterations (and adds a bias
    to each sum), XifengGuo's CapsNet-Pytorch stops them as here.
    """
    check_counts(iterations=iterations)
    if votes.dim() != 4:
        raise ValueError(
            "votes must have the shape (number, outputs, inputs, size), but they have "
            f"{tuple(votes.shape)}."
        )
    fixed = votes.detach()
    logits = votes.new_zeros(*votes.shape[:2], 1, votes.shape[2])
    for _ in range(iterations - 1):
        poses = squash(logits.softmax(dim=1) @ fixed)
        logits = logits + poses @ fixed.transpose(2, 3)
    coupling = logits.softmax(dim=1)
    return squash(coupling @ votes).squeeze(2), coupling.squeeze(2)


def squash(s: Tensor, epsilon: float = 1e-8) -> Tensor:
    """Equation 1: the same direction (last axis), length |s|² / (1 + |s|²) below 1.

    `epsilon` keeps the gradient finite where s is zero.
    """
    squared = s.square().sum(dim=-1, keepdim=True)
    return s * (squared / (1 + squared) * torch.rsqrt(squared + epsilon))


def lengths(poses: Tensor, epsilon: float = 1e-8) -> Tensor:
    """Length of each pose, (…, d) → (…), with a finite gradient at zero."""
    return (poses.square().sum(dim=-1) + epsilon).sqrt()


def margin_loss(lengths: Tensor, labels: Tensor) -> Tensor:
    """Equation 4, summed over classes, mean over images: (n, classes), (n,) → ().

    Σ_k T_k max(0, 0.9 - |v_k|)² + 0.5 (1 - T_k) max(0, |v_k| - 0.1)². Labels of shape
    (n, classes) with several ones are taken for images with several digits.
    Raises `ValueError` for labels of another shape.
    """
    if labels.shape not in (lengths.shape, lengths.shape[:1]):
        raise ValueError(
            f"labels must have the shape {tuple(lengths.shape[:1])} or "
            f"{tuple(lengths.shape)}, but they have {tuple(labels.shape)}."
        )
    present = labels.to(lengths.dtype)
    if labels.dim() == 1:
        present = nn.functional.one_hot(labels, lengths.shape[1]).to(lengths.dtype)
    missed = (0.9 - lengths).relu().square()
    imagined = (lengths - 0.1).relu().square()
    return (present * missed + 0.5 * (1 - present) * imagined).sum(1).mean()


class Decoder(nn.Module):
    """Three dense layers from one pose, the others set to zero, to the image.

    Poses (n, classes, 16) and labels (n,) → images (n, c, h, w) in 0 … 1 (figure 2).
    """

    def __init__(self, classes: int, shape: tuple[int, int, int]) -> None:
        super().__init__()
        channels, height, width = shape
        self.shape = shape
        self.layers = nn.Sequential(
            nn.Linear(classes * 16, 512),
            nn.ReLU(),
            nn.Linear(512, 1024),
            nn.ReLU(),
            nn.Linear(1024, channels * height * width),
            nn.Sigmoid(),
        )

    def forward(self, poses: Tensor, labels: Tensor) -> Tensor:
        mask = nn.functional.one_hot(labels, poses.shape[1]).to(poses.dtype)
        chosen = (poses * mask.unsqueeze(2)).flatten(1)
        return self.layers(chosen).unflatten(1, self.shape)
