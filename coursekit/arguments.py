"""Checks of what goes into a public function: one clear message, before torch fails."""

from collections.abc import Collection
from numbers import Integral, Real

from torch import Tensor, nn


def check_counts(**counts: int) -> None:
    """Refuse every size that is not a whole number of at least 1."""
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
            raise ValueError(
                f"{name} must be a whole number of at least 1, but it is {value!r}."
            )


def check_choice(name: str, value: object, choices: Collection[object]) -> None:
    """Refuse what is not one of `choices`, names or whole numbers, and name them."""
    fits = isinstance(value, (str, Integral)) and not isinstance(value, bool)
    if not fits or value not in tuple(choices):
        known = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {known}, but it is {value!r}.")


def check_switches(**switches: bool) -> None:
    """Refuse every value but True and False: 2 or "no" would count as True."""
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be True or False, but it is {value!r}.")


def check_class(name: str, value: object, *kinds: type[nn.Module]) -> None:
    """Refuse what is not a class of one of these kinds: a finished layer, say."""
    if not isinstance(value, type) or not issubclass(value, kinds):
        known = " or ".join(f"nn.{kind.__name__}" for kind in kinds)
        raise ValueError(
            f"{name} must be a class, {known} or one derived from it, written without "
            f"parentheses, but it is {value!r}."
        )


def check_probability(**probabilities: float) -> None:
    """Refuse every value that is not a number in 0 … 1."""
    for name, value in probabilities.items():
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:
            raise ValueError(f"{name} must lie in 0 … 1, but it is {value!r}.")


def check_images(
    x: Tensor, channels: int, least: int = 1, exactly: int | None = None
) -> None:
    """Refuse a batch that a network cannot take, before torch fails deep inside.

    `x` is (number, channels, height, width), floating point, with both sides at
    least `least` pixels long, or exactly `exactly` where the network has one size.
    Raises `ValueError`.
    """
    check_batch(x)
    _check_image_shape(tuple(x.shape), channels, least, exactly)


def check_batch(x: Tensor) -> None:
    """Refuse what is no batch of images, floating point, of any size."""
    if not isinstance(x, Tensor) or x.dim() != 4:
        got = tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(
            "Give a batch of images, a tensor of shape (number, channels, height, "
            f"width). This is {got}. For one image, write image[None]."
        )
    if not x.is_floating_point():
        raise ValueError(
            f"Give floating-point images, for example images / 255. This is {x.dtype}."
        )
    if len(x) == 0:
        raise ValueError("The batch is empty: give at least one image.")


def _check_image_shape(
    shape: tuple[int, ...], channels: int, least: int, exactly: int | None
) -> None:
    _, found, height, width = shape
    if found != channels:
        raise ValueError(
            f"This network takes images with {channels} channel(s); these have {found}."
        )
    if exactly is not None and (height, width) != (exactly, exactly):
        raise ValueError(
            f"This network takes images of {exactly} × {exactly} pixels; these are "
            f"{height} × {width}. Resize, crop or pad them."
        )
    if min(height, width) < least:
        raise ValueError(
            f"This network needs images of at least {least} × {least} pixels; these "
            f"are {height} × {width}. Enlarge them, or take a smaller network."
        )
