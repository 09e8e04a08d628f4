"""Python and the packages that the lessons import."""

import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from coursekit.doctor.finding import Finding, State

PYTHON = (3, 11)
PAIR = "install torch and torchvision together, from the same place"
INSTALL = "in the folder of the course, run `python -m pip install -e .`"


def python() -> Iterator[Finding]:
    """The Python that runs this."""
    found = f"{platform.python_version()} in {sys.prefix}"
    if sys.version_info >= PYTHON:
        yield Finding("Python", State.HERE, found)
    else:
        least = ".".join(map(str, PYTHON))
        advice = f"make an environment with Python {least} or newer"
        yield Finding("Python", State.MISSING, found, advice)


def needed() -> Iterator[Finding]:
    """What `pip install -e .` installs: one line when all is there."""
    try:
        listed = metadata.requires("coursekit") or []
    except metadata.PackageNotFoundError:
        yield Finding("coursekit", State.MISSING, "not installed", INSTALL)
        return
    plain = [line for line in listed if "extra ==" not in line]
    wrong = [finding for line in plain for finding in unmet(line)]
    yield from wrong
    if not wrong:
        yield Finding("Packages", State.HERE, f"all {len(plain)} are installed")


def unmet(line: str) -> Iterator[Finding]:
    """A requirement that is not met, such as "numpy>=1.26"."""
    from packaging.requirements import Requirement

    wanted = Requirement(line)
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        yield Finding(wanted.name, State.MISSING, "not installed", INSTALL)
        return
    if version not in wanted.specifier:
        found = f"{version}, but the course needs {wanted.specifier}"
        yield Finding(wanted.name, State.MISSING, found, INSTALL)


def torch() -> Iterator[Finding]:
    """PyTorch, and on what it computes."""
    try:
        import torch
    except (ImportError, OSError) as error:
        yield broken("PyTorch", error)
        return
    yield Finding("PyTorch", State.HERE, f"{torch.__version__}, on {device(torch)}")


def device(torch: Any) -> str:  # noqa: ANN401 - torch may be missing
    """Where networks can be trained here."""
    if torch.cuda.is_available():
        return f"CUDA: {torch.cuda.get_device_name(0)}"
    if torch.backends.mps.is_available():
        return "MPS: the graphics of this Mac"
    threads = torch.get_num_threads()
    return f"the CPU, threads: {threads}; no lesson needs a graphics card"


def torchvision() -> Iterator[Finding]:
    """Torchvision, which must have been built for this very torch."""
    try:
        import torchvision
    except (ImportError, OSError, RuntimeError) as error:
        yield broken("torchvision", error)
        return
    yield Finding("torchvision", State.HERE, torchvision.__version__)


def broken(name: str, error: Exception) -> Finding:
    """A package that cannot be imported."""
    reason = str(error).strip().splitlines() or [type(error).__name__]
    advice = INSTALL if isinstance(error, ModuleNotFoundError) else PAIR
    return Finding(name, State.MISSING, f"not to be used: {reason[0][:120]}", advice)


def jupyterlab() -> Iterator[Finding]:
    """JupyterLab's version; whether it is there at all says `needed`."""
    try:
        yield Finding("JupyterLab", State.HERE, metadata.version("jupyterlab"))
    except metadata.PackageNotFoundError:
        yield Finding("JupyterLab", State.MISSING, "not installed", INSTALL)
