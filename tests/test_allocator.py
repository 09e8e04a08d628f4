"""Large blocks are kept, where the C library can be told to."""

import os
import platform
import subprocess
import sys

import pytest

from coursekit import allocator

LINUX = platform.libc_ver()[0] == "glibc"
# How often the system has to hand out pages for 20 blocks of 64 MB, one at a time.
PROGRAM = """
import resource, sys
import torch
from coursekit import allocator
if sys.argv[1] == "keep":
    print(allocator.keep_blocks())
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    torch.empty(2**24).fill_(1.0)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(word: str, **environment: str) -> list[str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MALLOC_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, word],
        env=plain | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.skipif(not LINUX, reason="only the GNU C library has such limits")
def test_blocks_are_not_handed_out_anew_each_time() -> None:
    (without,) = faults("")
    possible, kept = faults("keep")
    assert possible == "True"
    assert int(kept) < int(without) / 2


@pytest.mark.slow
def test_who_sets_malloc_knows_better() -> None:
    possible, _ = faults("keep", MALLOC_ARENA_MAX="4")
    assert possible == "False"


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: None) -> object:
        return object()

    monkeypatch.setattr(allocator.ctypes, "CDLL", none)
    assert not allocator.set_limits(1, 1)
