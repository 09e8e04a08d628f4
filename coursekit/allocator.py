"""Memory that is used again, in place of being given back and cleared each time."""

import ctypes
import os
from functools import cache

# Numbers of `mallopt` in the GNU C library's malloc.h.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
LARGEST = 2**30


@cache
def keep_blocks() -> bool:
    """Let this process keep large blocks that it frees; whether that was possible.

    The C library of Linux gives blocks of more than 32 MB back to the system at once,
    which has to clear them when they are asked for again, and a training step asks for
    the same ones every time. With this, a step of ResNet-20 with 512 images takes three
    quarters of the time. The process then needs up to a fifth more memory, and keeps it
    until it ends. Other systems are left as they are, as is who sets MALLOC_… in the
    environment.
    """
    if any(name.startswith("MALLOC_") for name in os.environ):
        return False
    return set_limits(LARGEST, LARGEST)


def set_limits(block: int, rest: int) -> bool:
    """Which blocks, and how much at the end of the heap, go back when freed, in bytes.

    Returns whether the C library has such limits.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(MMAP_THRESHOLD, block) and mallopt(TRIM_THRESHOLD, rest))
