"""Reading the layers of a network by their names."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from coursekit import copies
from coursekit.arguments import check_images


class Reader(nn.Module):
    """Images (n, 3, h, w) in 0 … 1 → {layer: (n, channels, h', w')}, frozen.

    `layers` are the names that can be read, in the order of the computation, which
    ends at the last layer that is wanted.
    """

    def __init__(
        self,
        layers: Sequence[str],
        *,
        mean: Sequence[float] = (0.0, 0.0, 0.0),
        std: Sequence[float] = (1.0, 1.0, 1.0),
    ) -> None:
        super().__init__()
        self.layers = tuple(layers)
        self.register_buffer("mean", torch.tensor(mean).float().view(3, 1, 1))
        self.register_buffer("std", torch.tensor(std).float().view(3, 1, 1))

    def forward(self, images: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """The maps of `layers`. Raises ValueError for an unknown name, small images."""
        wanted = set(self.check_layers(layers))
        check_images(images, 3)
        x = (images - self.get_buffer("mean")) / self.get_buffer("std")
        try:
            return self.collect(x, wanted)
        except RuntimeError as error:
            if "too small" not in str(error) and "Kernel size" not in str(error):
                raise
            height, width = images.shape[2:]
            raise ValueError(
                f"Images of {height} × {width} pixels are too small for the layer "
                f"{max(wanted, key=self.layers.index)}. Take larger ones, or a layer "
                "nearer to the image."
            ) from None

    def collect(self, x: Tensor, wanted: set[str]) -> dict[str, Tensor]:
        """The maps of all `wanted` layers, from normalised images."""
        found: dict[str, Tensor] = {}
        for name, maps in self.read(x, wanted):
            if name in wanted:
                found[name] = maps
            if len(found) == len(wanted):
                break
        return found

    def read(self, x: Tensor, wanted: set[str]) -> Iterable[tuple[str, Tensor]]:
        """Normalised images (n, 3, h, w) → names and maps, one layer after another."""
        raise NotImplementedError

    def check_layers(self, layers: Iterable[str]) -> tuple[str, ...]:
        """The names as a tuple. Raises ValueError when one is not known, or none."""
        names = (layers,) if isinstance(layers, str) else tuple(layers)
        unknown = [name for name in names if name not in self.layers]
        if unknown or not names:
            found = f"There is no layer {unknown[0]!r}" if unknown else "Name a layer"
            known = ", ".join(self.layers)
            raise ValueError(f"{found}. This network has: {known}.")
        return names


class ModuleReader(Reader):
    """Reads any network whose parts have names, such as SqueezeNet or GoogLeNet.

    layers: names out of `model.named_modules()`; all that have no parts of their own
    when None. The model is copied: ReLUs that write over their input, as most public
    models have, would otherwise spoil what was read before them. A part that is used
    several times is read where it is used first. mean, std: as subtracted from and
    divided into red, green and blue in 0 … 1 (those of ImageNet unless said).
    """

    def __init__(
        self,
        model: nn.Module,
        layers: Sequence[str] | None = None,
        *,
        mean: Sequence[float] = (0.485, 0.456, 0.406),
        std: Sequence[float] = (0.229, 0.224, 0.225),
    ) -> None:
        modules = dict(model.named_modules())
        if layers is None:
            layers = [name for name, part in modules.items() if not has_parts(part)]
        unknown = [name for name in layers if name not in modules]
        if unknown:
            raise ValueError(
                f"The model has no part {unknown[0]!r}. Its parts are: "
                f"{', '.join(name for name in modules if name)}."
            )
        super().__init__(layers, mean=mean, std=std)
        self.model = without_in_place(model).eval().requires_grad_(False)

    def collect(self, x: Tensor, wanted: set[str]) -> dict[str, Tensor]:
        """The maps of all `wanted` layers; those behind the last one are not run.

        Raises `ValueError` for a layer that is not used, or makes no maps.
        """
        found: dict[str, Tensor] = {}

        def keep(name: str) -> Any:  # noqa: ANN401 (a hook)
            def hook(part: nn.Module, inputs: Any, output: object) -> None:  # noqa: ANN401
                if name in found:
                    return
                # A copy: functions that follow may write over the output.
                found[name] = as_maps(name, output).clone()
                if len(found) == len(wanted):
                    raise _AllFoundError

            return hook

        parts = dict(self.model.named_modules())
        hooks = [parts[name].register_forward_hook(keep(name)) for name in wanted]
        try:
            self.model(x)
        except _AllFoundError:
            pass
        finally:
            for hook in hooks:
                hook.remove()
        unused = sorted(wanted - found.keys(), key=self.layers.index)
        if unused:
            raise ValueError(
                f"The network does not use its part {unused[0]!r} in this pass, so "
                "there is nothing to read: leave it out."
            )
        return found


def as_maps(name: str, output: object) -> Tensor:
    """What a part puts out. Raises `ValueError` unless it is one tensor."""
    if not isinstance(output, Tensor):
        raise ValueError(
            f"The part {name!r} puts out {type(output).__name__}, not one tensor of "
            "maps. Read a part inside it."
        )
    return output


class _AllFoundError(Exception):
    """Every wanted layer was read: what follows need not be computed."""


def has_parts(module: nn.Module) -> bool:
    """Whether a module is made of others."""
    return next(module.children(), None) is not None


def without_in_place(model: nn.Module) -> nn.Module:
    """A copy whose layers do not write over their input."""
    model = copies.of_module(model)
    for part in model.modules():
        if getattr(part, "inplace", False):
            part.inplace = False  # type: ignore[assignment]
    return model
