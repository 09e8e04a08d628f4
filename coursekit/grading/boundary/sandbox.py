"""A place where a program sees nothing but the system and Python: bubblewrap.

Two roads lead there. As root, bwrap binds what only root may read, and the program then
runs as nobody (65534) without capabilities. As an ordinary user, all of it happens in a
user namespace. Either way the program has no network, an empty environment, and of the
files only what `command` names, read-only; Python's environment among them.
"""

import contextlib
import functools
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import seccomp
from .limits import Limits

NOBODY = 65534
INSIDE = Path("/inside")  # first on the path of modules
WORK = "/tmp/work"
SYSTEM = ("/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")
ETC = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts")
ROOM = "coursekit-room-"  # then the process that made the group, and a number
CGROUPS = Path("/sys/fs/cgroup")
PATIENCE = 20  # seconds to start a program that does nothing
MISSING = (
    "bubblewrap is not installed: `apt install bubblewrap` (Debian, Ubuntu), "
    "`dnf install bubblewrap` (Fedora)"
)
ELSEWHERE = (
    "safe grading needs Linux: use the course's container, or WSL on Windows "
    "(with `apt install bubblewrap` in it)"
)
ALLOW = (
    "allow user namespaces (Ubuntu: `sysctl "
    "kernel.apparmor_restrict_unprivileged_userns=0`; a container: start it with "
    "--privileged, or with --security-opt and each of seccomp=unconfined, "
    "apparmor=unconfined, systempaths=unconfined)"
)
# bwrap covers these when root could write to them. A room has a /proc of its own only
# where nothing covers a part of this one.
UNCOVER = "for d in sys sysrq-trigger irq bus; do umount /proc/$d; done 2> /dev/null"
# What a room does to be alone.
ALONE = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
failed = libc.unshare(0x10000000 | 0x20000000 | 0x40000000 | 0x20000)
sys.exit(f"unshare: error {ctypes.get_errno()}" if failed else 0)
"""


def missing() -> str:
    """Why there can be no sandbox here and what to do, in one line; "" if there can."""
    if platform.system() != "Linux":
        return ELSEWHERE
    if shutil.which("bwrap") is None:
        return MISSING
    home = Path(os.path.realpath(os.path.expanduser("~")))
    for prefix in _prefixes():
        if home.is_relative_to(prefix):
            return (
                f"Python's environment {prefix} contains your home folder, which would "
                "be seen in the sandbox: make an environment in a folder of its own"
            )
    return _tried([sys.executable, "-I", "-S", "-c", ALONE])


def missing_extras() -> str:
    """What makes the sandbox tighter and is not there, in one line; or ""."""
    return seccomp.missing()


def _tried(program: list[str]) -> str:
    try:
        done = subprocess.run(
            command(Limits(), (), None) + program,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            cwd="/",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not work here ({error})"
    if done.returncode == 0:
        return ""
    words = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    return f"bubblewrap does not work here ({words[:200]}): {ALLOW}"


def command(limits: Limits, readable: Sequence[Path], work: Path | None) -> list[str]:
    """What stands before a program so that it runs in a sandbox.

    readable: files and folders to be seen besides. A Python package or module is seen
        below /inside, so that what lies beside it is not; anything else where it is
    work: a folder that the program may write to, seen as /tmp/work
    limits: the size of /tmp, for programs other than the ones that fork rooms
    """
    bwrap = [shutil.which("bwrap") or "bwrap", "--die-with-parent", "--new-session"]
    bwrap += ["--clearenv", *_namespaces()]
    for way in (_system(limits), _python(), _readable(readable)):
        bwrap += way
    bwrap += ["--proc", "/proc", *_devices(limits)]
    if work is not None:
        bwrap += ["--bind", str(work), WORK]
    bwrap += ["--remount-ro", "/", "--chdir", WORK if work is not None else "/tmp"]
    for name, value in environment().items():
        bwrap += ["--setenv", name, value]
    return bwrap + (_to_nobody() if os.geteuid() == 0 else [])


def environment() -> dict[str, str]:
    """All variables that there are inside."""
    return {
        "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def import_name(path: Path) -> Path | None:
    """Where a package or module lies below a folder of modules; None if it is none."""
    if not (path / "__init__.py").is_file() and path.suffix != ".py":
        return None
    return path.relative_to(_top(path).parent)


def _top(path: Path) -> Path:
    """The folder of the package that a package or module belongs to."""
    while (path.parent / "__init__.py").is_file():
        path = path.parent
    return path


def _namespaces() -> list[str]:
    if os.geteuid() == 0:
        kinds = ["ipc", "pid", "net", "uts", "cgroup-try"]
        capabilities = ("SETUID", "SETGID", "SETPCAP", "SYS_ADMIN")
        rest = [part for c in capabilities for part in ("--cap-add", f"CAP_{c}")]
    else:
        kinds = ["all"]
        rest = ["--uid", str(NOBODY), "--gid", str(NOBODY)]
    shares = [f"--unshare-{kind}" for kind in kinds]
    return [*shares, "--hostname", "sandbox", "--cap-drop", "ALL", *rest]


def _to_nobody() -> list[str]:
    """From here on nobody: the capabilities were for these steps only."""
    setpriv = (
        f"exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups "
        '--inh-caps=-all --bounding-set=-all --no-new-privs -- "$@"'
    )
    return ["/bin/sh", "-c", f"{UNCOVER}; {setpriv}", "sh"]


def _system(limits: Limits) -> Iterator[str]:
    # bwrap makes folders that it needs on its way for nobody but their owner.
    yield from ("--ro-bind", "/usr", "/usr", "--perms", "0755", "--dir", "/etc")
    # Before what lies below it.
    yield from ("--perms", "1777", *_size(limits), "--tmpfs", "/tmp")
    for path in SYSTEM:
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
        elif os.path.isdir(path):
            yield from ("--ro-bind", path, path)
    for path in ETC:
        yield from ("--ro-bind-try", path, path)


def _size(limits: Limits) -> list[str]:
    """Bounds the next tmpfs, if bwrap can do that. (Rooms bound theirs themselves.)"""
    return ["--size", str(limits.disk_bytes)] if _version() >= (0, 7) else []


@functools.cache
def _version() -> tuple[int, ...]:
    done = subprocess.run(["bwrap", "--version"], capture_output=True, text=True)
    return tuple(map(int, re.findall(r"\d+", done.stdout)))


def _devices(limits: Limits) -> Iterator[str]:
    yield from ("--dev", "/dev", "--perms", "1777", *_size(limits))
    # An ordinary user owns the folder of devices.
    yield from ("--tmpfs", "/dev/shm", "--remount-ro", "/dev")


def _prefixes() -> list[Path]:
    """The folders of Python and of its environment, as named and as they really are."""
    names = {sys.prefix, sys.base_prefix}
    paths = {Path(p) for name in names for p in (name, os.path.realpath(name))}
    return sorted(p for p in paths if not p.is_relative_to("/usr"))


def _python() -> Iterator[str]:
    """Its environment; our own package, if that is installed in it, is covered."""
    for prefix in _prefixes():
        yield from _bind(prefix, prefix)
    if any(PACKAGE.is_relative_to(p) for p in (*_prefixes(), Path("/usr"))):
        yield from ("--perms", "0755", "--tmpfs", str(PACKAGE))


def _readable(paths: Sequence[Path]) -> Iterator[str]:
    """Each once, those that contain others first."""
    yield from ("--perms", "0755", "--dir", str(INSIDE))
    seen: list[Path] = []
    for path in sorted({path.resolve() for path in paths}):
        if any(path.is_relative_to(other) for other in seen):
            continue
        seen.append(path)
        name = import_name(path)
        if name is None:
            yield from _bind(path, path)
            continue
        yield from _bind(path, INSIDE / name)
        yield from _starts_of_packages(path, name)


def _starts_of_packages(path: Path, name: Path) -> Iterator[str]:
    """The files that make the folders above a package packages themselves."""
    for number, parent in enumerate(name.parents[:-1]):
        start = path.parents[number] / "__init__.py"
        yield from ("--ro-bind", str(start), str(INSIDE / parent / "__init__.py"))


def _bind(source: Path, place: Path) -> Iterator[str]:
    for parent in reversed(place.parents[:-1]):
        if str(parent) not in ("/tmp", "/usr"):
            yield from ("--perms", "0755", "--dir", str(parent))
    yield from ("--ro-bind", str(source), str(place))


PACKAGE = _top(Path(__file__).resolve())


class Cgroup:
    """Limits on all processes of a room together, where the kernel lets us set them.

    Version 1 as root; version 2 where the own group hands both controllers down
    (`cgroup.subtree_control`). Elsewhere `enforced` is empty and only the limits of
    each process remain: then several processes, or files that exist in memory only,
    can take more than `Limits.memory` in sum.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self._folders: dict[str, Path] = {}
        for kind, values in _settings(limits).items():
            folder = _group(kind)
            if folder is not None:
                self._make(kind, folder / name, values)

    @property
    def enforced(self) -> tuple[str, ...]:
        """What is limited: "memory", "pids"."""
        return tuple(self._folders)

    def add(self, pid: int) -> None:
        """Put a process, which has no children yet, under the limits."""
        for folder in set(self._folders.values()):
            (folder / "cgroup.procs").write_text(str(pid))

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel has killed a process for its memory."""
        folder = self._folders.get("memory")
        for name in ("memory.oom_control", "memory.events") if folder else ():
            try:
                text = (folder / name).read_text()  # type: ignore[operator]
            except OSError:
                continue
            return bool(re.search(r"^oom_kill [1-9]", text, re.M))
        return False

    def close(self) -> None:
        """Remove the groups. What has just died needs a moment to leave them."""
        for folder in set(self._folders.values()):
            for _ in range(200):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.005)
                    continue
                break
        self._folders.clear()

    def _make(self, kind: str, folder: Path, values: dict[str, int]) -> None:
        try:
            folder.mkdir(exist_ok=True)
            written = [_written(folder / name, x) for name, x in values.items()]
            if not any(written):
                raise FileNotFoundError(folder)
        except OSError:
            if folder.is_dir() and folder not in self._folders.values():
                folder.rmdir()
            return
        self._folders[kind] = folder


def sweep() -> None:
    """Remove groups of rooms whose maker was killed."""
    for kind in ("memory", "pids"):
        folder = _group(kind)
        for left in folder.glob(f"{ROOM}*") if folder else ():
            maker = left.name.removeprefix(ROOM).split("-")[0]
            if not Path("/proc", maker).exists():
                with contextlib.suppress(OSError):
                    left.rmdir()


def cgroup(name: str, limits: Limits) -> Cgroup:
    """A group for a room; `enforced` says what it limits."""
    return Cgroup(name, limits)


def _settings(limits: Limits) -> dict[str, dict[str, int]]:
    """The files of both versions; each has some of them."""
    return {
        "memory": {
            "memory.limit_in_bytes": limits.memory,
            "memory.memsw.limit_in_bytes": limits.memory,
            "memory.max": limits.memory,
            "memory.swap.max": 0,
        },
        # The one who starts a room's first process stays outside.
        "pids": {"pids.max": limits.processes},
    }


def _written(path: Path, value: int) -> bool:
    if not path.exists():
        return False
    path.write_text(str(value))
    return True


def _group(kind: str) -> Path | None:
    """The own group of a controller, in which groups can be made."""
    for line in _lines(Path("/proc/self/cgroup")):
        _, controllers, path = line.split(":", 2)
        if kind in controllers.split(","):
            folders = [CGROUPS / kind / path.lstrip("/"), CGROUPS / kind]
        elif not controllers:
            folders = [CGROUPS / path.lstrip("/"), CGROUPS]
            folders = [f for f in folders if _handed_down(f, kind)]
        else:
            continue
        for folder in folders:
            if folder.is_dir() and os.access(folder, os.W_OK):
                return folder
    return None


def _handed_down(folder: Path, kind: str) -> bool:
    return kind in " ".join(_lines(folder / "cgroup.subtree_control")).split()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
