"""Numbers that the forward of a module takes from elsewhere, whatever goes in.

A layer kept by a closure, a class, a hook or a file is no part of a module, but its
numbers reach torch's operations all the same, and there they are seen: as tensors that
are neither registered, nor come out of an operation, nor were given to the module.
"""

from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

KEPT = 2_000  # strangers of one run
READ = 300_000  # numbers of one that are compared


class _Watch(TorchDispatchMode):
    """Sees what goes into every operation. All is kept alive, or an address returns."""

    def __init__(self, known: list[Tensor]) -> None:
        super().__init__()
        self.alive: list[Tensor] = list(known)
        self.known = {_place(tensor) for tensor in known}
        self.strangers: dict[Any, tuple[int, ...]] = {}

    def __torch_dispatch__(
        self,
        func: Any,  # noqa: ANN401
        types: Any,  # noqa: ANN401
        args: Any = (),  # noqa: ANN401
        kwargs: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        for tensor in _tensors((args, kwargs)):
            if _place(tensor) not in self.known:
                self._look_at(tensor)
        found = func(*args, **(kwargs or {}))
        if "set_" not in func.name():  # that one gives a tensor a storage from outside
            self._know(_tensors(found))
        return found

    def _know(self, tensors: list[Tensor]) -> None:
        self.alive += tensors
        self.known |= {_place(tensor) for tensor in tensors}

    def _look_at(self, tensor: Tensor) -> None:
        if len(self.strangers) < KEPT and tensor.numel():
            self.strangers[_content(tensor)] = tuple(tensor.shape)
        self._know([tensor])


def _tensors(value: object) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(value) if isinstance(leaf, Tensor)]


def _place(tensor: Tensor) -> int:
    try:
        return tensor.untyped_storage().data_ptr()
    except (NotImplementedError, RuntimeError):  # a sparse one has none
        return id(tensor)


def _content(tensor: Tensor) -> object:
    try:
        flat = tensor.detach().reshape(-1)[:READ].contiguous()
        return bytes(flat.view(torch.uint8).numpy())
    except (NotImplementedError, RuntimeError, TypeError):
        return id(tensor)


def constants(
    module: Any,  # noqa: ANN401
    known: list[Tensor],
    inputs: tuple[Tensor, ...],
) -> list[tuple[int, ...]]:
    """Shapes of the strangers that are the same in a run on each of the inputs."""
    found: list[dict[Any, tuple[int, ...]]] = []
    for x in inputs:
        watch = _Watch([*known, x])
        with torch.no_grad(), watch:
            module(x)
        found.append(watch.strangers)
    return [shape for key, shape in found[0].items() if all(key in f for f in found)]
