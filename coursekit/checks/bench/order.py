"""In which order a module uses its layers, and what feeds each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

UNUSED = (1_000_000, "", 0)


class _Trace:
    """Hooks on layers. The tensors are kept alive, or an id would come again."""

    def __init__(self) -> None:
        self.used: dict[str, tuple[int, str, int]] = {}
        self.makers: dict[int, str] = {}
        self.alive: list[object] = []

    def before(self, path: str, inputs: tuple[Any, ...]) -> None:
        feeder = self.makers.get(id(inputs[0]), "?") if inputs else "?"
        first, source, times = self.used.get(path, (len(self.used), feeder, 0))
        self.used[path] = (first, source, times + 1)

    def after(self, path: str, output: object) -> None:
        self.alive.append(output)
        self.makers[id(output)] = path

    def watch(self, path: str, module: nn.Module) -> list[Any]:
        def before(_: object, inputs: tuple[Any, ...]) -> None:
            self.before(path, inputs)

        def after(_: object, inputs: object, output: object) -> None:
            self.after(path, output)

        return [
            nn.Module.register_forward_pre_hook(module, before),
            nn.Module.register_forward_hook(module, after),
        ]


def of_use(
    paths: dict[str, Any], holders: dict[str, Any], inputs: tuple[Any, ...]
) -> dict[str, tuple[int, str, int]]:
    """For each layer that a run uses: its place, the layer that feeds it, how often.

    paths: all modules, the root as ""; holders: those that hold tensors. The feeder is
    "" for an input of the module and "?" when it is no layer. The run is in eval mode
    without gradients. {} when it fails: that error shows when the check itself calls
    the module.
    """
    trace, root = _Trace(), paths[""]
    trace.makers = {id(value): "" for value in inputs if type(value) is Tensor}
    hooks = [h for path, m in holders.items() if path for h in trace.watch(path, m)]
    try:
        with torch.no_grad(), _eval(list(paths.values())):
            root(*inputs)
    except Exception:
        return {}
    finally:
        for hook in hooks:
            hook.remove()
    return trace.used


@contextmanager
def _eval(modules: list[Any]) -> Iterator[None]:
    modes = [module.training for module in modules]
    for module in modules:
        module.training = False
    try:
        yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode
