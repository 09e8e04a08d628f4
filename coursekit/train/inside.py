"""Looking inside layers during training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from coursekit.train.training import Training


@dataclass(frozen=True)
class Reading:
    """One layer at one step.

    mean, std, zeros: of what comes out of the layer, `zeros` as a part of all;
    gradient: root of the mean square of the loss's gradient with respect to it.
    """

    step: int
    layer: str
    mean: float
    std: float
    zeros: float
    gradient: float


class Inside:
    """A callback that measures layers every so many steps.

        inside = train.Inside(model, every=10)
        train.fit(model, split, callbacks=[inside])
        inside.readings

    layers: their names as in `model.named_modules()`; all convolutions and dense layers
    when left out. Raises ValueError for a name that the model has not.
    """

    def __init__(
        self, model: nn.Module, layers: Sequence[str] | None = None, every: int = 1
    ) -> None:
        if every < 1:
            raise ValueError(f"every must be 1 or more, got {every}")
        found = dict(model.named_modules())
        names = default_layers(found) if layers is None else list(layers)
        missing = [name for name in names if name not in found]
        if missing or not names:
            raise ValueError(
                f"the model has no layer {missing}; it has {[n for n in found if n]}"
            )
        self.readings: list[Reading] = []
        self.every, self._step = every, 1
        self._now: dict[str, dict[str, Tensor]] = {}
        self._hooks: list[RemovableHandle] = [
            found[name].register_forward_hook(partial(self._look, name))
            for name in names
        ]

    def __call__(self, run: Training) -> None:
        """Keep what was seen in the step that has just ended."""
        for layer, seen in self._now.items():
            numbers = {name: value.item() for name, value in seen.items()}
            self.readings.append(Reading(run.step, layer, **numbers))
        self._now = {}
        self._step = run.step + 1

    def close(self) -> None:
        """Take the measuring out of the model again."""
        for hook in self._hooks:
            hook.remove()

    def _look(self, name: str, layer: nn.Module, inputs: Any, output: Tensor) -> None:  # noqa: ANN401
        due = (self._step - 1) % self.every == 0
        if not (due and layer.training and output.requires_grad):
            return
        values = output.detach().float()
        self._now[name] = {
            "mean": values.mean(),
            "std": values.std(unbiased=False),
            "zeros": (values == 0).float().mean(),
            "gradient": torch.tensor(0.0),
        }
        output.register_hook(partial(self._feel, name))

    def _feel(self, name: str, gradient: Tensor) -> None:
        self._now[name]["gradient"] = gradient.float().square().mean().sqrt()


def default_layers(modules: dict[str, nn.Module]) -> list[str]:
    """All layers with weights that mix their inputs."""
    kinds = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)
    return [name for name, module in modules.items() if isinstance(module, kinds)]
