"""What a network sees: inversion, activation maximisation, DeepDream.

All of them are gradient steps on the pixels of a picture; the network stays as it is.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit import features
from coursekit.arguments import check_choice, check_counts
from coursekit.features.descent import Descent, Log, Painted, descend, shortened
from coursekit.features.images import (
    as_batch,
    beyond,
    check_sides,
    noise,
    total_variation,
)
from coursekit.features.reading import Reader
from coursekit.progress import Progress, progress
from coursekit.style import check_weights

__all__ = [
    "PRIORS",
    "activation",
    "deep_dream",
    "gaussian_prior",
    "invert",
    "log_probability",
    "maximise",
    "total_variation_prior",
]

Score = Callable[[Tensor], Tensor]
GREY = 0.5


def invert(
    image: Tensor,
    layer: str,
    *,
    network: Reader | None = None,
    variation: float = 1.0,
    optimiser: str = "lbfgs",
    steps: int = 200,
    lr: float | None = None,
    every: int = 0,
    seed: int = 0,
) -> Painted:
    """A picture that one layer cannot tell from `image`, (3, h, w), found from noise.

    Mahendran and Vedaldi 2015, "Understanding Deep Image Representations by Inverting
    Them", equation 1: ‖Φ(x) - Φ₀‖² / ‖Φ₀‖² + `variation` · TV(x) / numbers in x is made
    small, where Φ is what `layer` says; numbers outside 0 … 1 cost too.
    network: `features.small()` when None. The rest: `features.descent.Descent`.
    """
    check_weights(variation=variation)
    reader = features.prepared(network)
    given = as_batch(image).to(reader.get_buffer("mean").device)
    with torch.no_grad():
        target = features.maps(reader, given, [layer])[layer]
    size = target.square().sum().clamp(min=1e-12)

    def objective(x: Tensor) -> dict[str, Tensor]:
        difference = features.maps(reader, x, [layer])[layer] - target
        return {
            "representation": difference.square().sum() / size,
            "variation": variation * total_variation(x) / x.numel(),
            "range": 10 * beyond(x) / x.numel(),
        }

    height, width = given.shape[2:]
    start = noise(height, width, seed).to(given.device)
    return descend(start, objective, Descent(optimiser, steps, lr, every), "Inverting")


def gaussian_prior(images: Tensor) -> Tensor:
    """log p(x) = -½ Σ (x - grey)², up to a constant: colours stay near grey."""
    return -(images - GREY).square().sum() / 2


def total_variation_prior(images: Tensor) -> Tensor:
    """log p(x) = -TV(x), up to a constant: neighbours stay alike."""
    return -total_variation(images)


PRIORS: dict[str, Score | None] = {
    "gaussian": gaussian_prior,
    "total variation": total_variation_prior,
    "none": None,
}


def log_probability(model: nn.Module, label: int) -> Score:
    """log p(y = label | x) of a classifier (1, 3, h, w) → (1, classes)."""
    model.eval()

    def score(images: Tensor) -> Tensor:
        scores = model(images)
        if type(label) is not int or not 0 <= label < scores.shape[1]:
            raise ValueError(
                f"label must be 0 … {scores.shape[1] - 1}, but it is {label!r}."
            )
        return scores.log_softmax(1)[0, label]

    return score


def activation(network: Reader, layer: str, channel: int) -> Score:
    """The mean of one map of a layer: what does this filter look for?"""

    def score(images: Tensor) -> Tensor:
        maps = features.maps(network, images, [layer])[layer]
        return chosen(maps, layer, channel).mean()

    return score


def chosen(maps: Tensor, layer: str, channel: int) -> Tensor:
    """One channel of (1, N, h, w) maps."""
    if type(channel) is not int or not 0 <= channel < maps.shape[1]:
        raise ValueError(
            f"{layer} has the channels 0 … {maps.shape[1] - 1}, not {channel!r}."
        )
    return maps[:, channel]


def maximise(
    score: Score,
    *,
    size: tuple[int, int] = (32, 32),
    prior: str = "gaussian",
    prior_rate: float = 0.05,
    rate: float = 1.0,
    noise_deviation: float = 0.005,
    steps: int = 100,
    start: Tensor | None = None,
    every: int = 0,
    seed: int = 0,
    device: torch.device | str = "cpu",
) -> Painted:
    """A picture of `size` (height, width) that makes `score` large.

    Steps x ← x + ε₁ ∂log p(x)/∂x + ε₂ ∂score(x)/∂x + N(0, ε₃²) with ε₁ = `prior_rate`,
    ε₂ = `rate`, ε₃ = `noise_deviation`: gradient steps on log p(x) + log p(y|x), with
    noise (Langevin dynamics; Nguyen et al. 2017, equation 5). With the Gaussian prior
    the first two terms are (1 - ε₁)(x - grey). score: takes (1, 3, h, w) in 0 … 1, such
    as `log_probability(model, label)` or `activation(network, layer, channel)`.

    The losses of the result are "score" and "prior" = log p(x) at each step.
    """
    check_choice("prior", prior, PRIORS)
    check_counts(steps=steps)
    check_weights(prior_rate=prior_rate, rate=rate, noise_deviation=noise_deviation)
    dice = torch.Generator().manual_seed(seed)
    x = noise(*size, seed, 0.05) if start is None else as_batch(start, "start")
    x = x.to(device)
    log_p = PRIORS[prior] or (lambda images: images.sum() * 0)
    log = Log(every)
    for _ in progress(range(shortened(steps)), "Maximising"):
        value, slope = gradient(score, x)
        likely, pull = gradient(log_p, x)
        log.note(x, {"score": value, "prior": likely})
        step = prior_rate * pull + rate * slope
        step += noise_deviation * torch.randn(x.shape, generator=dice).to(x.device)
        x = (x + step).clamp(0, 1)
    return log.result(x)


def deep_dream(
    image: Tensor,
    layer: str,
    *,
    channel: int | None = None,
    network: Reader | None = None,
    octaves: int = 4,
    scale: float = 1.4,
    steps: int = 10,
    rate: float = 0.01,
    jitter: int = 16,
    seed: int = 0,
) -> Painted:
    """`image`, (3, h, w), changed so that `layer` answers more to all it sees in it.

    Mordvintsev, Olah and Tyka 2015, "Inceptionism". Steps up ½ ‖maps‖² (or the mean of
    one `channel`), first on a small copy, then on `octaves` - 1 larger ones, each
    `scale` times as large as the one before, up to the picture itself. A step changes
    pixels by `rate` on average; before each the picture is shifted by up to `jitter`
    pixels at random, so that no pattern sticks to the grid of the poolings.

    The pictures of the result are those of the octaves, its losses "score" at each
    step.
    """
    check_counts(octaves=octaves, steps=steps)
    check_weights(rate=rate)
    if type(jitter) is not int or jitter < 0:
        raise ValueError(f"jitter must be a whole number, 0 or more; it is {jitter!r}.")
    reader = features.prepared(network)
    given = as_batch(image).to(reader.get_buffer("mean").device)
    sizes = octave_sizes(tuple(given.shape[2:]), octaves, scale)
    score = energy(reader, layer, channel)
    dice = torch.Generator().manual_seed(seed)
    log, detail = Log(), torch.zeros_like(given)
    with Progress("Dreaming", total=len(sizes) * shortened(steps)) as bar:
        for size in sizes:
            base = resized(given, size)
            x = base + resized(detail, size)
            for _ in range(shortened(steps)):
                x = dream_step(x, score, rate, jitter, dice, log)
                bar.update()
            detail = x - base
            log.keep(x)
    return log.result(x)


def energy(network: Reader, layer: str, channel: int | None) -> Score:
    """½ of the mean square of all maps of a layer, or the mean of one."""
    network.check_layers(layer)
    if channel is not None:
        return activation(network, layer, channel)
    return lambda x: features.maps(network, x, [layer])[layer].square().mean() / 2


def octave_sizes(
    whole: tuple[int, ...], octaves: int, scale: float
) -> list[tuple[int, int]]:
    """Sizes (height, width) from the smallest copy to `whole`."""
    if not 1 < scale <= 4:
        raise ValueError(f"scale must lie above 1, up to 4, but it is {scale!r}.")
    sizes = []
    for octave in reversed(range(octaves)):
        height, width = (round(side / scale**octave) for side in whole)
        check_sides("The smallest octave", height, width)
        sizes.append((height, width))
    return sizes


def resized(images: Tensor, size: tuple[int, int]) -> Tensor:
    """(1, 3, h, w) → (1, 3, *size), smooth, without aliasing."""
    return F.interpolate(images, size, mode="bilinear", antialias=True)


def dream_step(
    x: Tensor,
    score: Score,
    rate: float,
    jitter: int,
    dice: torch.Generator,
    log: Log,
) -> Tensor:
    """One step uphill on a shifted picture; what leaves on one side enters opposite."""
    shift = torch.randint(-jitter, jitter + 1, (2,), generator=dice).tolist()
    shifted = x.roll(shift, (2, 3))
    value, slope = gradient(score, shifted)
    log.note(x, {"score": value})
    step = rate * slope / slope.abs().mean().clamp(min=1e-12)
    return (shifted + step).clamp(0, 1).roll([-side for side in shift], (2, 3))


def gradient(score: Score, x: Tensor) -> tuple[Tensor, Tensor]:
    """The score of a picture, one number, and ∂score/∂x, of the shape of `x`."""
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_(True)
        value = score(leaf)
        if not isinstance(value, Tensor) or value.numel() != 1:
            raise ValueError(
                "score must return one number that depends on the picture, such as "
                "dream.log_probability(model, label) does."
            )
        (slope,) = torch.autograd.grad(value, leaf)
    return value.detach(), slope
