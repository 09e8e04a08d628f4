"""What a notebook that has run leaves behind, carried into the process of the tests.

The kernel that executed a notebook writes its names into a file, and the tests of the
lesson's claims read it: so nothing is computed twice. cloudpickle takes functions and
classes along that were defined in the notebook, which pickle cannot.
"""

import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cloudpickle
import torch
from torch import Tensor

Names = dict[str, Any]
ROOT = Path(__file__).parents[1]
# What a kernel runs at the end of its notebook.
SAVING = """\
import sys
sys.path.insert(0, {root!r})
from tests.left_names import save
save(dict(globals()), {path!r})
del sys.path[0], save
"""


def save(names: Mapping[str, Any], path: str) -> None:
    """Write what can be carried; a reader sees the old file or the new one."""
    part = Path(f"{path}.part")
    with part.open("wb") as file:
        Pickler(file).dump(
            {name: value for name, value in names.items() if _is_kept(name, value)}
        )
    part.replace(path)


def load(path: Path) -> Names:
    """The names of a notebook."""
    names: Names = pickle.loads(path.read_bytes())
    return names


def saving(path: Path) -> str:
    """The code that a kernel runs to leave its names at `path`."""
    return SAVING.format(root=str(ROOT), path=str(path))


def _is_kept(name: str, value: object) -> bool:
    """Whether a name is the notebook's own and can be carried to another process."""
    if name.startswith("_") or name in ("In", "Out", "exit", "quit", "open"):
        return False
    try:
        with open(os.devnull, "wb") as nowhere:
            Pickler(nowhere).dump(value)
    except Exception:
        return False
    return True


class Pickler(cloudpickle.Pickler):
    """Takes gradients along, and of a view its own numbers, not the whole storage."""

    def reducer_override(self, obj: object) -> object:
        """As cloudpickle does, but for tensors with a gradient and for small views."""
        if type(obj) is Tensor and obj.layout == torch.strided:
            grad = obj.grad if obj.is_leaf else None
            own = obj.numel() * obj.element_size()
            if grad is not None or obj.untyped_storage().nbytes() > own:
                return _tensor, (obj.detach().clone(), obj.requires_grad, grad)
        return super().reducer_override(obj)


def _tensor(values: Tensor, requires_grad: bool, grad: Tensor | None) -> Tensor:
    values.requires_grad_(requires_grad).grad = grad
    return values
