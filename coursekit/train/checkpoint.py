"""Files from which training goes on after it was stopped, by whatever."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Write `state`; a process that is killed while it writes leaves the file before.

    Raises RuntimeError when the file cannot be written.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, partial)
        os.replace(partial, path)
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            partial.unlink()
        raise RuntimeError(
            f"The training cannot be kept in {path} ({error}). Choose a folder with "
            "space where you may write."
        ) from None


def load(path: Path, device: torch.device | str = "cpu") -> dict[str, Any] | None:
    """What was saved, or None when there is no file.

    Only numbers, texts and tensors are read, never code. Raises RuntimeError for a file
    that no `save` wrote.
    """
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location=device, weights_only=True)
    except Exception as error:
        raise RuntimeError(
            f"{path} is not a training to go on with ({type(error).__name__}). Delete "
            "it, or choose another file."
        ) from None
