"""A warm interpreter in the sandbox that forks rooms: imports are paid for once.

A room's first process (1 in its own pid namespace) isolates itself further before a
line of a student's code runs: namespaces, files and a /proc of its own, limits, no
capabilities, no way to new namespaces. As process 1 it gets no signal from inside that
has no handler; the limits and our SIGKILL it gets. Its parent, which it cannot see,
waits for its end and tells how it ended.

Nothing here computes with NumPy or PyTorch: their threads would not survive a fork.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import re
import resource
import select
import signal
import socket
import struct
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from . import seccomp
from .limits import Limits

libc = ctypes.CDLL(None, use_errno=True)

NEW_MOUNTS, NEW_UTS, NEW_IPC = 0x20000, 0x4000000, 0x8000000
NEW_USER, NEW_PID, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC = 1, 2, 4, 8
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
PARENT_DEATH_SIGNAL, DROP_BOUNDING, NO_NEW_PRIVILEGES = 1, 24, 38
DUMPABLE = 4
CAPABILITIES_V3 = 0x20080522
MAX_REQUEST = 1 << 16
WORK = "/tmp/work"
SPARE = 60  # seconds for those outside to end it themselves
FILES = 20_000  # in all folders of a room together


def main(options: str) -> None:
    """Import, say so, and fork a room for each request until nobody is there to ask."""
    asked = json.loads(options)
    channel = socket.socket(fileno=os.dup(0))
    sys.path += asked["paths"]
    try:
        _import(asked["imports"])
        run = _named(asked["resident"])
    except BaseException as error:
        channel.send(_told(error))
        raise
    made = seccomp.rules()
    gc.collect()
    gc.freeze()  # the collector would write to, and so copy, what is shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for rooms here
    channel.send(b"ready")
    while True:
        request, fds, _, _ = socket.recv_fds(channel, MAX_REQUEST, 3)
        if not request:
            return
        if os.fork() == 0:
            _leave(_Room(json.loads(request), fds, run, made).begin)
        for fd in fds:
            os.close(fd)


def _import(modules: Iterable[str]) -> None:
    for module in modules:
        importlib.import_module(module)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def _named(name: str) -> Any:  # noqa: ANN401
    """The object behind "package.module:name"."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _told(error: BaseException) -> bytes:
    return f"failed: {type(error).__name__}: {error}"[:900].encode(errors="replace")


def _leave(work: Any) -> NoReturn:  # noqa: ANN401
    """Do the work and end, whatever happens: a fork must not run the caller's code."""
    try:
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


class _Room:
    """The processes of one room, from the fork on."""

    def __init__(
        self,
        request: dict[str, Any],
        fds: list[int],
        run: Any,  # noqa: ANN401
        made: Any,  # noqa: ANN401
    ) -> None:
        self._limits = Limits.from_dict(request["limits"])
        self._extension = request["extension"]
        self._read_fd, self._write_fd, control = fds
        self._control = socket.socket(fileno=control)
        for fd in fds:
            os.set_inheritable(fd, False)  # what a student starts gets none of them
        self._run = run
        self._rules = made

    def begin(self) -> None:
        """Fork process 1 of new namespaces, wait for it, tell how it ended."""
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        _close_all_but((self._read_fd, self._write_fd, self._control.fileno()))
        _die_with_parent()
        try:
            self._control.send(b"here")
            _unshare()
            pid = os.fork()
        except OSError as error:
            self._control.send(_told(error))
            return
        if pid == 0:
            _leave(self._first)
        os.close(self._read_fd)
        os.close(self._write_fd)
        self._watch(pid)
        _, status = os.waitpid(pid, 0)
        self._control.send(b"ended: %d" % os.waitstatus_to_exitcode(status))

    def _watch(self, pid: int) -> None:
        """Until it has ended: it must when its time is up or nobody outside cares."""
        process = os.pidfd_open(pid)
        poll = select.poll()
        poll.register(process, select.POLLIN)
        poll.register(self._control, 0)  # reports only that the other end is closed
        ready = poll.poll((self._limits.seconds + SPARE) * 1000)
        if process not in dict(ready):
            os.kill(pid, signal.SIGKILL)

    def _first(self) -> None:
        _die_with_parent()
        os.setsid()  # "kill my group" must not reach the parent
        # The other side learns from the kernel who sent this, and sets limits for it.
        self._control.send(b"born")
        if self._control.recv(16) != b"go":
            return
        try:
            _own_files(self._limits.disk_bytes)
            _own_random_numbers()
            _no_capabilities()
            _limit(self._limits)
            seccomp.load(self._rules)
        except BaseException as error:
            self._control.send(_told(error))
            return
        self._control.send(b"running")
        self._control.close()
        self._run(self._read_fd, self._write_fd, self._limits, self._extension)


def _call(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _close_all_but(kept: Iterable[int]) -> None:
    """Close the zygote's files, its socket above all; standard ones lead nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    start = 3
    for fd in [*sorted(kept), resource.getrlimit(resource.RLIMIT_NOFILE)[0]]:
        os.closerange(start, fd)
        start = fd + 1


def _die_with_parent() -> None:
    _call(libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0), "prctl")


def _unshare() -> None:
    """New namespaces. All rooms could meet in the sandbox's empty network."""
    uid, gid = os.getuid(), os.getgid()
    kinds = NEW_USER | NEW_PID | NEW_MOUNTS | NEW_IPC | NEW_UTS | NEW_NETWORK
    _call(libc.unshare(kinds), "unshare")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    with contextlib.suppress(OSError):  # without, the filter of calls still refuses
        _write("/proc/sys/user/max_user_namespaces", "0")


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def _mount(source: str, place: str, kind: str, flags: int, data: str = "") -> None:
    words = (source.encode(), place.encode(), kind.encode())
    _call(libc.mount(*words, flags, data.encode()), f"mount {place}")


def _own_files(disk_bytes: int) -> None:
    """One bounded file system for all that can be written; nothing shared is left."""
    quiet = NO_SUID | NO_DEVICES
    _mount("none", "/", "", RECURSIVE | PRIVATE)
    shown = {place: os.open(place, os.O_PATH) for place in _shown_below_tmp()}
    _mount("tmpfs", "/tmp", "tmpfs", quiet, f"size={disk_bytes},nr_inodes={FILES}")
    os.chmod("/tmp", 0o700)
    for place, fd in shown.items():
        _show_again(place, fd)
    os.mkdir(WORK)
    os.mkdir("/tmp/.shm")
    _mount("/tmp/.shm", "/dev/shm", "", BIND)
    # Terminals made in one room could be opened in another.
    _mount("tmpfs", "/dev/pts", "tmpfs", READ_ONLY | quiet | NO_EXEC, "size=4k")
    _own_proc(quiet | NO_EXEC)
    os.chdir(WORK)


def _shown_below_tmp() -> list[str]:
    """What the sandbox shows there: Python's environment, if that is where it is."""
    with open("/proc/self/mountinfo", errors="surrogateescape") as file:
        places = [line.split()[4] for line in file]
    below = [place for place in places if place.startswith("/tmp/")]
    # The kernel writes a space as \040.
    return [re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), p) for p in below]


def _show_again(place: str, fd: int) -> None:
    """Bind what `fd` is open at, read-only as it is, to its place."""
    if os.path.isdir(f"/proc/self/fd/{fd}"):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY))
    _mount(f"/proc/self/fd/{fd}", place, "", BIND | RECURSIVE)
    os.close(fd)


def _own_proc(flags: int) -> None:
    """Its own processes only, or nothing where the kernel refuses (some containers)."""
    try:
        _mount("proc", "/proc", "proc", flags)
    except OSError:
        _mount("tmpfs", "/proc", "tmpfs", READ_ONLY | flags, "size=4k")


def _own_random_numbers() -> None:
    """Rooms must not share what NumPy draws (Python's own does this by itself)."""
    module = sys.modules.get("numpy.random")
    if module is not None:
        module.seed()


def _no_capabilities() -> None:
    for number in range(64):
        libc.prctl(DROP_BOUNDING, number, 0, 0, 0)  # fails beyond the last one
    _call(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    head = struct.pack("<Ii", CAPABILITIES_V3, 0)
    _call(libc.capset(head, bytes(24)), "capset")


def _limit(limits: Limits) -> None:
    """Limits of each process; the memory on top of what the imports have mapped."""
    memory = mapped() + limits.memory
    for kind, most in (
        (resource.RLIMIT_CORE, 1),  # 0 would still pipe cores to the system's service
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes + 2),  # this one and who waits for it
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(kind, (most, most))


def mapped() -> int:
    """Bytes of address space in use: with PyTorch several times its memory."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 4 << 30
