"""What a command and everything that it starts need: seconds and memory."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PAUSE = 0.3  # seconds between two looks


@dataclass
class Needed:
    """Of one run. wall, cpu: seconds; peaks: how far it was → most bytes so far.

    cpu: of all processes that were seen; those that end between two looks are missed.
    """

    wall: float = 0
    cpu: float = 0
    peaks: dict[int, int] = field(default_factory=dict)

    @property
    def peak(self) -> int:
        """The most bytes at a time."""
        return max(self.peaks.values(), default=0)


def run(
    command: Sequence[str],
    folder: Path,
    done: Callable[[], int],
    marks: Sequence[int] = (),
) -> Needed:
    """Run a command to its end. Raises CalledProcessError when it fails.

    done: how far it is; marks: from 1 on, where the peak so far is noted
    """
    needed, seconds = Needed(), dict[int, float]()
    here = os.pathsep.join([str(Path(command[0]).parent), os.environ["PATH"]])
    with (folder / "said.txt").open("w+") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"PATH": here},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            look(process.pid, needed, seconds, next_mark(marks, done()))
            time.sleep(PAUSE)
        needed.wall = time.perf_counter() - start
        needed.cpu = sum(seconds.values())
        if process.returncode:
            said.seek(0)
            raise subprocess.CalledProcessError(
                process.returncode, command, said.read()
            )
    return needed


def next_mark(marks: Sequence[int], done: int) -> int:
    """The mark that is not reached yet."""
    return next((mark for mark in marks if done < mark), max(marks, default=0))


def look(pid: int, needed: Needed, seconds: dict[int, float], mark: int) -> None:
    """See what the processes need at this moment."""
    memory = 0
    for process in family(pid):
        try:
            times = process.cpu_times()
            seconds[process.pid] = times.user + times.system
            memory += own_memory(process)
        except psutil.Error:
            continue  # it has just ended
    needed.peaks[mark] = max(needed.peak, memory)


def family(pid: int) -> list[psutil.Process]:
    """A process and all that it has started, directly or not."""
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def own_memory(process: psutil.Process) -> int:
    """Its part of the machine's memory: what is shared is divided by those that do."""
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return 0  # a room of somebody else, or a system that does not tell
