"""Rooms without walls: an ordinary child process for each, where there is no sandbox.

Only for who has read what an answer can then do (`WARNING`) and says so with
`c.Judge.unsafe_without_sandbox = True`. The verdicts of honest answers are the same:
checks stay in a process of their own and get plain data. But an answer has the
grader's rights here, and limits on time, processor time and file sizes only. Each room
imports anew, so that this is slow.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from . import wire
from .limits import Limits
from .rooms import IMPORTING, LEAVING, TRIES, House, HouseError, Room, _Failed
from .zygote import mapped

WARNING = (
    "WARNING: there is no sandbox here, and unsafe_without_sandbox is set. Answers run "
    "with your rights: they can read and change your files, the gradebook and each "
    "other's points, and use the network. Grade so only what you would run yourself."
)
START = (
    "import importlib, json, sys; told = json.loads(sys.argv[1]); "
    "sys.path[:] = told['path']; "
    "importlib.import_module(told['package'] + '.bare').main(told)"
)
READY = "ready"
PAUSE = 0.5  # seconds between looks at whether anybody still waits


class BareHouse(House):
    """Opens rooms like a House; there is nothing to start or to end."""

    def start(self) -> None:
        """Nothing is shared by the rooms."""

    def room(self) -> Room:
        """A fresh room. Raises HouseError when there is none to be had."""
        for _ in range(TRIES):
            try:
                return BareRoom(self._options, self.limits, self._extension)
            except _Failed as error:
                reason = str(error)
        raise HouseError(f"no process could be started ({reason})")

    def close(self) -> None:
        """Rooms end with the process that opened them."""


class BareRoom(Room):
    """A child process, asked like a room."""

    def __init__(self, options: Any, limits: Limits, extension: str) -> None:  # noqa: ANN401
        super().__init__(options, limits, extension)

    def _open(self, options: Any, extension: str) -> None:  # noqa: ANN401
        ask_fd, self._ask_fd = os.pipe()
        self._reply_fd, reply_fd = os.pipe()
        told = options | {
            "path": [str(Path(place).resolve()) for place in sys.path],
            "package": __package__,
            "channel": [ask_fd, reply_fd],
            "limits": self._limits.as_dict(),
            "extension": extension,
        }
        self._folder = tempfile.TemporaryDirectory(
            prefix="coursekit-room-", ignore_cleanup_errors=True
        )
        self._child = started(told, self._folder.name)
        os.close(ask_fd)
        os.close(reply_fd)
        try:
            wire.receive(self._reply_fd, time.monotonic() + IMPORTING)
        except wire.WireError as error:
            self._close("did not start")
            raise _Failed(str(error)) from None

    def _ended(self) -> str:
        try:
            code = self._child.wait(LEAVING)
        except subprocess.TimeoutExpired:
            return "stopped listening"
        return f"ended by itself ({'exit code' if code >= 0 else 'signal'} {abs(code)})"

    def _close(self, reason: str) -> None:
        if self._reason:
            return
        self._reason = reason
        self.log.append(reason)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._close_pipes()
        self._folder.cleanup()


def started(told: dict[str, Any], folder: str) -> "subprocess.Popen[bytes]":
    """The child process, in a group of its own that can be ended as a whole."""
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", START, json.dumps(told)],
        pass_fds=told["channel"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"HOME": folder, "TMPDIR": folder, "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )


# ---- Inside the child


def main(told: dict[str, Any]) -> None:
    """Import, say so, and answer until nobody asks any more."""
    parent = os.getppid()
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    sys.path += told["paths"]
    for module in told["imports"]:
        importlib.import_module(module)
    name, _, function = told["resident"].partition(":")
    resident = getattr(importlib.import_module(name), function)
    limits = Limits.from_dict(told["limits"])
    bound(limits)
    wire.send(told["channel"][1], READY)
    resident(*told["channel"], limits, told["extension"])


def end_with(parent: int) -> None:
    """End when the process that asks is gone."""
    while os.getppid() == parent:
        time.sleep(PAUSE)
    os.killpg(0, signal.SIGKILL)


def bound(limits: Limits) -> None:
    """The limits that every Unix knows; of memory, where it tells what is mapped."""
    kinds = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
    ]
    if sys.platform == "linux":
        kinds.append((resource.RLIMIT_AS, mapped() + limits.memory))
    for kind, most in kinds:
        resource.setrlimit(kind, (most, most))
