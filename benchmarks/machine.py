"""The machine: what it is, and how fast its best convolution is."""

import datetime
import os
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import conv2d
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.measure import Way, timed

# (images, channels, side, filters): large enough for any processor to be at its best.
SHAPES = {"cpu": (8, 256, 32, 256), "cuda": (256, 512, 32, 512)}
LIMIT = "best convolution"


def device() -> torch.device:
    """A graphics card if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def limit() -> Way:
    """3×3 convolutions, the quicker of the two orders of memory, as a way to measure.

    Operations a second in it are the most that a network can hope for: in bfloat16 on a
    graphics card, in single precision on a CPU.
    """
    precision = torch.bfloat16 if device().type == "cuda" else torch.float32
    n, channels, side, filters = SHAPES[device().type]
    x = torch.randn(n, channels, side, side).to(device(), precision)
    kernel = torch.randn(filters, channels, 3, 3).to(device(), precision)
    orders = (torch.contiguous_format, torch.channels_last)
    ways = [convolution(x, kernel, order) for order in orders]
    best = min(ways, key=lambda way: [timed(way, 1).wall for _ in range(4)][-1])
    return Way(best, items=n, flops=2 * 9 * n * channels * filters * side**2)


def convolution(
    x: Tensor, kernel: Tensor, order: torch.memory_format
) -> Callable[[], Tensor]:
    """A 3×3 convolution whose numbers lie in the given order."""
    x, kernel = x.to(memory_format=order), kernel.to(memory_format=order)

    @torch.no_grad()
    def run() -> Tensor:
        return conv2d(x, kernel, padding=1)

    return run


def flops(run: Callable[[], object]) -> float:
    """Floating-point operations of the convolutions and matrix products of one run."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


def has_bfloat16() -> bool:
    """Whether the device multiplies in bfloat16 itself."""
    if device().type == "cuda":
        return torch.cuda.is_bf16_supported()
    return "avx512_bf16" in flags() or "amx_bf16" in flags() or "bf16" in flags()


def flags() -> set[str]:
    """What the processor can do, as Linux lists it."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return set()
    lines = [t for t in text.splitlines() if t.startswith(("flags", "Features"))]
    return set(lines[0].split()) if lines else set()


def description() -> list[str]:
    """Hardware, versions and date, one line each."""
    cores = os.cpu_count()
    lines = [f"CPU: {processor()}, {cores} cores, {torch.get_num_threads()} threads"]
    if device().type == "cuda":
        lines.append(f"graphics card: {torch.cuda.get_device_name()}")
    if hasattr(os, "getloadavg"):
        lines.append(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    packages = ("torch", "torchvision", "numpy")
    versions = ", ".join(f"{name} {installed(name)}" for name in packages)
    lines.append(f"Python {platform.python_version()}, {versions}")
    lines.append(f"OMP_WAIT_POLICY={os.environ.get('OMP_WAIT_POLICY', 'not set')}")
    lines.append(f"date: {datetime.date.today().isoformat()}")
    return lines


def installed(package: str) -> str:
    """The version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def processor() -> str:
    """The name of the CPU, with bfloat16 if it has it."""
    name = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    bf16 = [flag for flag in ("avx512_bf16", "amx_bf16", "bf16") if flag in flags()]
    return f"{name} ({', '.join([platform.machine(), *bf16])})"
