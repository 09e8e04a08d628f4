"""A file from which a training goes on after it was stopped, by whatever."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from coursekit.files import replacing
from coursekit.train.identity import differences


class Keeper:
    """Keeps a training in a file, and gives it back to the same training only.

    about: what the training is made of (`coursekit.train.identity`). Raises ValueError
    for a file of another training, RuntimeError for one that cannot be read or written.
    """

    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        self.path, self.about = path, dict(about)

    def load(self, device: torch.device | str = "cpu") -> dict[str, Any] | None:
        """The state that was saved, or None when there is no file."""
        found = read(self.path, device)
        if found is None:
            return None
        about, state = found.get("about"), found.get("state")
        if not isinstance(about, dict) or not isinstance(state, dict):
            raise self.damaged("it holds something else")
        if told := differences(about, self.about):
            raise ValueError(
                f"{self.path} is of another training ({told}). Delete it, or choose "
                "another file for this one."
            )
        return state

    def save(self, state: dict[str, Any]) -> None:
        """Replace what was kept."""
        write(self.path, {"about": self.about, "state": state})

    def damaged(self, why: str) -> RuntimeError:
        """The error for a file that holds no training, or only a part of one."""
        return unusable(self.path, why)


def unusable(path: Path, why: str) -> RuntimeError:
    """The error for a file with which no training can go on."""
    return RuntimeError(
        f"{path} is not a training to go on with ({why}). Delete it, or choose another "
        "file."
    )


def write(path: Path, state: dict[str, Any]) -> None:
    """Write a file of numbers, texts and tensors.

    Raises RuntimeError when that is not possible; the file before stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial:
            torch.save(state, partial)
    except (OSError, RuntimeError) as error:
        raise RuntimeError(
            f"The training cannot be kept in {path} ({error}). Choose a file in a "
            "folder with space where you may write."
        ) from None


def read(path: Path, device: torch.device | str = "cpu") -> dict[str, Any] | None:
    """What was written, or None when there is no file.

    Only numbers, texts and tensors are read, never code. Raises RuntimeError for a file
    that no `write` wrote.
    """
    try:
        found = torch.load(path, map_location=device, weights_only=True)
    except FileNotFoundError:
        return None
    except (IsADirectoryError, PermissionError, NotADirectoryError) as error:
        raise RuntimeError(
            f"The training cannot be kept in {path} ({error.strerror}). Choose a file "
            "in a folder with space where you may write."
        ) from None
    except Exception as error:
        raise unusable(path, type(error).__name__) from None
    if not isinstance(found, dict):
        raise unusable(path, "it holds something else")
    return found
