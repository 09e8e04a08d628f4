"""What depends on where a model lies: memory, threads, dice."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def device_of(model: nn.Module) -> torch.device:
    """Where the weights of a model lie; the CPU for one without any."""
    weight = next(model.parameters(), None)
    return torch.device("cpu") if weight is None else weight.device


@contextmanager
def use_threads(count: int) -> Iterator[None]:
    """Small networks run on one core: results do not depend on how many there are.

    On a busy computer it is also many times faster than cores that wait for each other.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def to_channels_last(model: nn.Module) -> nn.Module:
    """Keep the channels of a pixel together: many convolutions are faster so.

    Changes the model's convolutions in place, and nothing else in it.
    """
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            module.to(memory_format=torch.channels_last)
    return model


@contextmanager
def own_dice(seed: int) -> Iterator[None]:
    """PyTorch's own dice, which dropout throws, begin anew; later they lie as before.

    Those of graphics cards too, once the process uses them.
    """
    cards = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    with torch.random.fork_rng(devices=cards):
        torch.default_generator.manual_seed(seed)
        for card in cards:
            torch.cuda.default_generators[card].manual_seed(seed)
        yield


@contextmanager
def repeatable(device: torch.device) -> Iterator[None]:
    """On a graphics card, convolutions that give the same numbers each time."""
    before = torch.backends.cudnn.deterministic
    torch.backends.cudnn.deterministic = before or device.type == "cuda"
    try:
        yield
    finally:
        torch.backends.cudnn.deterministic = before


def dice_state(device: torch.device) -> dict[str, Tensor]:
    """The state of PyTorch's own dice, which dropout throws."""
    state = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    return state


def set_dice(state: dict[str, Tensor], device: torch.device) -> None:
    """Give PyTorch's dice back the state that `dice_state` found."""
    torch.set_rng_state(state["cpu"].cpu())
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"].cpu(), device)
