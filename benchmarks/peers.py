"""Other people's code, from a folder that the user names; none of it is kept here."""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import torch

# name → (its repository, a file by which its folder is known)
PEERS = {
    "akamaster": ("akamaster/pytorch_resnet_cifar10", "resnet.py"),
    "xifengguo": ("XifengGuo/CapsNet-Pytorch", "capsulelayers.py"),
    "gram-ai": ("gram-ai/capsule-networks", "capsule_network.py"),
    "gordicaleksa": (
        "gordicaleksa/pytorch-neural-style-transfer",
        "neural_style_transfer.py",
    ),
    "kuangliu": ("kuangliu/pytorch-cifar", "models/resnet.py"),
    "airbench": ("KellerJordan/cifar10-airbench", "airbench94_muon.py"),
    "d2l": ("d2l-ai/d2l-en", "d2l/torch.py"),
    "cs231n": ("cs231n assignment 2, the folder cs231n", "im2col.py"),
}


class SkippedError(RuntimeError):
    """A case that cannot run here, with the reason."""


@dataclass(frozen=True)
class Peers:
    """Where the peers' folders are: `folders` by name, others under `root`.

    Under `root` a folder has the name of its repository, such as pytorch-cifar.
    """

    root: Path | None = None
    folders: tuple[tuple[str, Path], ...] = ()

    def find(self, name: str) -> Path:
        """The folder of a peer. Raises SkippedError when it is not there."""
        repository, file = PEERS[name]
        variable = f"BENCH_{name.upper().replace('-', '_')}"
        places = [path for known, path in self.folders if known == name]
        if variable in os.environ:
            places.append(Path(os.environ[variable]))
        if self.root is not None:
            places += [self.root / repository.rpartition("/")[2], self.root / name]
        for place in places:
            if (place / file).is_file():
                return place.resolve()
        where = f"no {file} there" if places else "no folder given"
        raise SkippedError(
            f"{repository}: {where} (--peers FOLDER, --peer {name}=FOLDER, {variable})"
        )


@contextmanager
def imports(folder: Path, **stand_ins: ModuleType) -> Iterator[None]:
    """Import from `folder` first, and forget afterwards what was imported from it.

    Peers have modules of the same names, such as `models`. stand_ins: modules to put in
    the place of those that a peer imports but does not need here.
    """
    names = {path.stem for path in folder.iterdir()}
    before = {n: m for n, m in sys.modules.items() if n.partition(".")[0] in names}
    lent = {name: m for name, m in stand_ins.items() if not can_import(name)}
    for name in before:
        del sys.modules[name]
    sys.modules.update(lent)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in [n for n in sys.modules if n.partition(".")[0] in names | {*lent}]:
            del sys.modules[name]
        sys.modules.update(before)


def can_import(name: str) -> bool:
    """Whether a module is installed."""
    return find_spec(name) is not None


def module(folder: Path, name: str, **stand_ins: ModuleType) -> ModuleType:
    """One module of a peer. Raises SkippedError when it does not load."""
    try:
        with imports(folder, **stand_ins):
            found = importlib.import_module(name)
    except ImportError as error:
        raise SkippedError(f"{folder.name} does not load: {error}") from None
    return found


@contextmanager
def cuda_means(device: torch.device) -> Iterator[None]:
    """Let `.cuda()` leave tensors where they are when there is no card."""
    if device.type == "cuda":
        yield
        return

    def stay(tensor: torch.Tensor) -> torch.Tensor:
        return tensor

    with patch.object(torch.Tensor, "cuda", stay):
        yield


@contextmanager
def old_views() -> Iterator[None]:
    """Let `.view()` copy where it must, which code of 2017 could leave out."""
    with patch.object(torch.Tensor, "view", torch.Tensor.reshape):
        yield
