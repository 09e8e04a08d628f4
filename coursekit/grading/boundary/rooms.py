"""Rooms for the code of students: forked in milliseconds, asked by messages, closed.

A House keeps the warm interpreter (`zygote`); a Room is one submission. Whatever its
code does, a Room ends in time, takes all its processes with it, and leaves the others
alone. Start a House in a thread that lives as long as the House does: the kernel ends
the sandbox with the thread that started it.
"""

import contextlib
import itertools
import json
import os
import secrets
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from . import sandbox, wire
from .limits import Limits
from .wire import Gone, Late, Plain, Senseless

HERE = Path(__file__).resolve().parent
RESIDENT = f"{__package__}.resident:main"
START = (
    "import importlib, sys; sys.path.insert(0, sys.argv[1]); "
    "importlib.import_module(sys.argv[2] + '.zygote').main(sys.argv[3])"
)
TRIES = 3
IMPORTING = 120  # seconds for the imports, on a machine that has other things to do
FORKING = 20
DYING = 10
LEAVING = 3  # seconds between closing the channel and the end, with much memory to free
MAX_WORDS = 1_000  # bytes of what a room says about its state
CREDENTIALS = struct.Struct("3i")
COUNTER = itertools.count()
TOKEN_BYTES = 8


class HouseError(Exception):
    """There can be no rooms; the text says why and what to do."""


class RoomClosed(Exception):  # noqa: N818 - what happened, for people to read
    """The room is closed; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class House:
    """Forks rooms. Use it in a `with` block.

    limits: of each room
    imports: modules to import before rooms are forked; none may compute anything
    readable: files and folders that rooms can read and import from, see
        `sandbox.command`
    extension: handed to the resident of each room
    resident: "package.module:function" that answers messages in a room; it is called
        with (read_fd, write_fd, limits, extension)
    """

    def __init__(
        self,
        limits: Limits | None = None,
        imports: Sequence[str] = ("numpy",),
        readable: Sequence[Path] = (),
        extension: str = "",
        resident: str = RESIDENT,
    ) -> None:
        self.limits = limits or Limits()
        # Where modules lie that are in no package.
        paths = [str(p) for p in readable if p.is_dir() and not sandbox.import_name(p)]
        self._options = {"imports": [*imports], "resident": resident, "paths": paths}
        self._readable = [HERE, *readable]
        self._extension = extension
        self._zygote: _Zygote | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> "House":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the interpreter, if that is not done. Raises HouseError."""
        with self._lock:
            self._started()

    def room(self) -> "Room":
        """A fresh room. Raises HouseError when there is none to be had."""
        with self._lock:
            for _ in range(TRIES):
                try:
                    return Room(self._started(), self.limits, self._extension)
                except _Failed as error:
                    reason = str(error)
        raise HouseError(f"no room could be opened ({reason})")

    def close(self) -> None:
        """End all rooms; nothing is left."""
        with self._lock:
            self._stop()

    def _started(self) -> "_Zygote":
        if self._zygote is not None and not self._zygote.alive():
            self._stop()
        if self._zygote is None:
            self._zygote = self._new()
        return self._zygote

    def _new(self) -> "_Zygote":
        sandbox.sweep()
        for _ in range(TRIES):
            try:
                return _Zygote(self.limits, self._readable, json.dumps(self._options))
            except _Failed as error:
                reason = str(error)
            except OSError as error:
                reason = str(error)
            why = sandbox.missing()
            if why:
                raise HouseError(why)
        raise HouseError(f"the sandbox did not start ({reason})")

    def _stop(self) -> None:
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None


class Room:
    """One submission's place: ask it, and close it. Use it in a `with` block.

    Each question carries a fresh random token that its reply must repeat. So nothing
    that was written ahead, by a process that the answer has forked or by a thread that
    only knows the way out is taken for the reply: the room is closed at once. It does
    not stop code in the process that replies: this can read the token in its own
    memory, just as it can make the function that is asked return what it likes. What
    a reply says is a student's word, with a token or without.
    """

    def __init__(self, zygote: "_Zygote", limits: Limits, extension: str) -> None:
        self.log: list[str] = []
        self._limits = limits
        self._reason = ""
        start = time.monotonic()
        self._open(zygote, extension)
        self._end = time.monotonic() + limits.seconds
        self.log.append(f"opened in {(time.monotonic() - start) * 1000:.0f} ms")

    def __enter__(self) -> "Room":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def enforced(self) -> tuple[str, ...]:
        """What is limited for all its processes together: "memory", "pids"."""
        return self._cgroup.enforced

    def ask(self, message: Plain, seconds: float | None = None) -> Plain:
        """Send a message and return the reply to it.

        seconds: to wait at most; as a rule the limits' `call_seconds`
        Raises RoomClosed when there is no reply, and from then on; NotPlainError when
        the message cannot be sent, which leaves the room as it was.
        """
        if self._reason:
            raise RoomClosed(self._reason)
        token = secrets.token_hex(TOKEN_BYTES)
        frame = wire.encode([token, message])
        patience = self._limits.call_seconds if seconds is None else seconds
        deadline = min(self._end, time.monotonic() + patience)
        try:
            return whole(self._answer(frame, deadline), token)
        except Late:
            self._close(self._too_long(deadline, patience))
        except Gone:
            self._close(self._ended())
        except Senseless as error:
            self._close(f"sent something senseless ({error})")
        raise RoomClosed(self._reason)

    def close(self) -> None:
        """End the room; returns when nothing of it is left."""
        self._close("is closed")

    def _answer(self, frame: bytes, deadline: float) -> Plain:
        if _ready(self._reply_fd, 0):
            if not os.read(self._reply_fd, 1):
                raise Gone("the other side is gone")
            raise Senseless("a reply that nobody asked for")
        wire.send_frame(self._ask_fd, frame, deadline)
        return wire.receive(self._reply_fd, deadline, self._limits.reply_bytes)

    def _open(self, zygote: "_Zygote", extension: str) -> None:
        with contextlib.ExitStack() as undo:
            self._control, theirs = socket.socketpair(
                socket.AF_UNIX, socket.SOCK_SEQPACKET
            )
            undo.callback(self._control.close)
            self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            ask_fd, self._ask_fd = os.pipe()
            self._reply_fd, reply_fd = os.pipe()
            undo.callback(self._close_pipes)
            fds = [ask_fd, reply_fd, theirs.fileno()]
            request = {"limits": self._limits.as_dict(), "extension": extension}
            try:
                zygote.fork(request, fds)
            finally:
                theirs.close()
                os.close(ask_fd)
                os.close(reply_fd)
            self._let_in(undo)
            undo.pop_all()

    def _let_in(self, undo: contextlib.ExitStack) -> None:
        """Find out which process it is, put limits around it, let it go on."""
        deadline = time.monotonic() + FORKING
        self._parent = _process(self._expect(b"here", deadline))
        undo.callback(os.close, self._parent)
        pid = self._expect(b"born", deadline)
        self._process = _process(pid)
        undo.callback(os.close, self._process)
        name = f"{sandbox.ROOM}{os.getpid()}-{next(COUNTER)}"
        self._cgroup = sandbox.cgroup(name, self._limits)
        undo.callback(self._cgroup.close)
        undo.callback(_ready, self._process, DYING)
        undo.callback(_kill, self._process)
        try:
            self._cgroup.add(pid)
            self._control.send(b"go")
        except OSError as error:
            raise _Failed(str(error)) from None
        self._expect(b"running", deadline)

    def _expect(self, word: bytes, deadline: float) -> int:
        """Wait for a word from the room's processes; who said it, by our numbers."""
        said, pid = _heard(self._control, deadline)
        if said != word:
            raise _Failed(said.decode(errors="replace") or "it ended at once")
        return pid

    def _too_long(self, deadline: float, patience: float) -> str:
        if deadline == self._end:
            return f"took longer than {self._limits.seconds:g} seconds in all"
        return f"took longer than {patience:g} seconds"

    def _ended(self) -> str:
        """Why nobody is at the other end any more."""
        if not _ready(self._process, LEAVING):
            return "stopped listening"
        code = self._exit_code()
        if self._cgroup.ran_out_of_memory():
            return f"needed more memory than {self._limits.memory >> 20:,} MB"
        if code is None:
            return "ended by itself"
        if code >= 0:
            return f"ended by itself (exit code {code})"
        return f"ended by itself (signal {_signal_name(-code)})"

    def _exit_code(self) -> int | None:
        try:
            said, _ = _heard(self._control, time.monotonic() + DYING)
            self.log.append(said.decode(errors="replace"))
            return int(said.removeprefix(b"ended: "))
        except (_Failed, ValueError):
            return None

    def _close(self, reason: str) -> None:
        if self._reason:
            return
        self._reason = reason
        self.log.append(reason)
        _kill(self._process)
        # The kernel lets process 1 of a namespace end after all others in it.
        gone = _ready(self._process, DYING) and _ready(self._parent, DYING)
        self._close_pipes()
        self._control.close()
        os.close(self._process)
        os.close(self._parent)
        self._cgroup.close()
        if not gone:
            self.log.append("could not be ended")

    def _close_pipes(self) -> None:
        os.close(self._ask_fd)
        os.close(self._reply_fd)


def whole(reply: Plain, token: str) -> Plain:
    """What a reply says, when it repeats the token of its question. Else Senseless."""
    pair = type(reply) is list and len(reply) == 2 and type(reply[0]) is str
    if not pair or reply[0] != token:
        raise Senseless("a reply without the token of its question")
    return reply[1]


class _Failed(Exception):  # noqa: N818
    """Something of ours went wrong that may go well the next time."""


class _Zygote:
    """The warm interpreter in its sandbox, seen from outside."""

    def __init__(self, limits: Limits, readable: Sequence[Path], options: str) -> None:
        self._owner = os.getpid()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = [sys.executable, "-I", "-B", "-c", START]
        arguments = [str(sandbox.INSIDE), str(__package__), options]
        try:
            self._process = subprocess.Popen(
                [*sandbox.command(limits, readable, None), *program, *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",
                start_new_session=True,
            )
        except BaseException:
            self._socket.close()
            self._errors.close()
            raise
        finally:
            theirs.close()
        self._wait()

    def alive(self) -> bool:
        """Whether it still runs: it never says anything unless it is asked."""
        # A fork of ours could not ask about a process that is not its child.
        return not _ready(self._socket.fileno(), 0)

    def fork(self, request: Mapping[str, object], fds: list[int]) -> None:
        """Ask for a room with these ends of its channels. Raises _Failed."""
        try:
            self._socket.settimeout(FORKING)
            socket.send_fds(self._socket, [json.dumps(request).encode()], fds)
        except OSError as error:
            raise _Failed(f"the sandbox has ended ({error})") from None

    def close(self) -> None:
        """End it and all rooms; a fork of ours only forgets it."""
        self._socket.close()
        self._errors.close()
        if os.getpid() == self._owner:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        try:
            said, _ = _heard(self._socket, time.monotonic() + IMPORTING)
        except _Failed:
            said = b""
        if said != b"ready":
            self._process.kill()
            words = said.decode(errors="replace") or self._last_words()
            self.close()
            raise _Failed(words)

    def _last_words(self) -> str:
        self._errors.seek(0)
        text = self._errors.read(1 << 16).decode(errors="replace")
        return (text.strip().splitlines() or ["it ended at once"])[-1][:MAX_WORDS]


def _heard(channel: socket.socket, deadline: float) -> tuple[bytes, int]:
    """A message, b"" at the end, and the sender by our numbers. Raises _Failed."""
    left = deadline - time.monotonic()
    if left <= 0 or not _ready(channel.fileno(), left):
        raise _Failed("it did not answer in time")
    space = socket.CMSG_SPACE(CREDENTIALS.size)
    try:
        said, extra, _, _ = channel.recvmsg(MAX_WORDS, space)
    except OSError:
        return b"", 0
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return said, CREDENTIALS.unpack(data[: CREDENTIALS.size])[0]
    return said, 0


def _process(pid: int) -> int:
    """A descriptor of a process: unlike its number it never means another one."""
    try:
        return os.pidfd_open(pid)
    except OSError as error:
        raise _Failed(f"it ended while it was born ({error.strerror})") from None


def _ready(fd: int, seconds: float) -> bool:
    """Whether there is something to read, or the process behind it has ended."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return f"{number}, {signal.Signals(number).name}"
    except ValueError:
        return str(number)
