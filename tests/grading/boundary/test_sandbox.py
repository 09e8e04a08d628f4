"""What a program sees in a sandbox, and what people read where there is none."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbgrader
import pytest

from coursekit.grading.boundary import sandbox, seccomp
from coursekit.grading.boundary.limits import Limits
from coursekit.grading.boundary.sandbox import command, import_name, missing

REPOSITORY = Path(__file__).resolve().parents[3]
LIMITS = Limits(disk_bytes=1 << 20)
LOOK = """
import json, os, sys
seen = {}
exec(sys.argv[1])
print(json.dumps(seen))
"""


def seen(
    code: str, readable: tuple[Path, ...] = (), work: Path | None = None
) -> dict[str, Any]:
    """What code in a sandbox puts into `seen`."""
    program = [sys.executable, "-I", "-c", LOOK, code]
    done = subprocess.run(
        [*command(LIMITS, readable, work), *program],
        capture_output=True,
        text=True,
        cwd="/",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.usefixtures("bwrap")
def test_a_program_sees_the_system_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "x")
    found = seen("""
seen["root"] = sorted(os.listdir("/"))
seen["variables"] = sorted(os.environ)
seen["users"] = [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]
import socket
seen["cards"] = [name for _, name in socket.if_nameindex()]
""")
    # Whatever is on the way to Python's environment, too.
    ways = {prefix.parts[1] for prefix in sandbox._prefixes()}
    system = {"usr", "etc", "lib", "lib32", "lib64", "libx32", "bin", "sbin"}
    assert set(found["root"]) <= system | {"dev", "proc", "tmp", "inside"} | ways
    assert "COURSE_SECRET" not in found["variables"]
    assert set(found["variables"]) <= {*sandbox.environment(), "PWD", "LC_CTYPE"}
    assert found["users"][:3] == [sandbox.NOBODY] * 3
    assert 0 not in found["users"][3]
    assert found["cards"] in ([], ["lo"])


@pytest.mark.usefixtures("bwrap")
def test_python_finds_its_libraries() -> None:
    found = seen("import numpy, zlib, ssl; seen['version'] = numpy.__version__")
    assert found["version"]


@pytest.mark.usefixtures("bwrap")
def test_the_course_is_not_seen_through_an_editable_install() -> None:
    found = seen(f"""
import importlib.util
seen["package"] = importlib.util.find_spec("coursekit") is not None
seen["folder"] = sorted(os.listdir({str(REPOSITORY)!r})) if os.path.exists(
    {str(REPOSITORY)!r}) else []
""")
    inside = [Path(sys.prefix).is_relative_to(REPOSITORY)]
    assert found["folder"] == [Path(sys.prefix).name] * inside.count(True)
    assert not found["package"] or "site-packages" in str(sandbox.__file__)


@pytest.mark.usefixtures("bwrap")
def test_the_course_is_not_seen_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sandbox.PACKAGE == REPOSITORY / "coursekit"
    place = Path(nbgrader.__file__).resolve().parent
    monkeypatch.setattr(sandbox, "PACKAGE", place)
    assert seen(f"seen['files'] = os.listdir({str(place)!r})") == {"files": []}


@pytest.mark.usefixtures("bwrap")
def test_what_is_readable_is_seen_but_not_its_neighbours(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    data = tmp_path / "data"
    package = tmp_path / "course" / "top" / "checks"
    for folder in (data, package):
        folder.mkdir(parents=True)
    (data / "numbers.txt").write_text("1 2")
    (data.parent / "grades.txt").write_text("secret")
    (package.parent / "__init__.py").write_text("")
    (package.parent / "solutions.py").write_text("secret")
    (package / "__init__.py").write_text("name = 'checks'")
    found = seen(
        f"""
sys.path.insert(0, "/inside")
import top.checks
seen["name"] = top.checks.name
seen["numbers"] = open({str(data / "numbers.txt")!r}).read()
seen["neighbours"] = os.listdir({str(tmp_path)!r}) + os.listdir("/inside/top")
try:
    open({str(data / "new")!r}, "w")
except OSError as error:
    seen["error"] = error.strerror
""",
        (data, package, package / "__init__.py"),
    )
    assert found["name"] == "checks"
    assert found["numbers"] == "1 2"
    assert sorted(found["neighbours"]) == ["__init__.py", "checks", "data"]
    assert found["error"] == "Read-only file system"


@pytest.mark.usefixtures("bwrap")
def test_a_program_can_write_to_its_folder_and_to_tmp_only(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    if os.geteuid() == 0:
        os.chown(work, sandbox.NOBODY, sandbox.NOBODY)
    found = seen(
        """
seen["here"] = os.getcwd()
open("mine", "w").write("x")
for place in ("/", "/usr", "/dev", "/inside", "/etc", "/proc", "/dev/pts"):
    try:
        open(place + "/new", "w")
        seen[place] = "written"
    except OSError:
        pass
for place in ("/tmp", "/dev/shm"):
    try:
        open(place + "/large", "wb").write(bytes(2 << 20))
    except OSError as error:
        seen[place] = error.strerror
""",
        work=work,
    )
    full = "No space left on device"
    assert found == {"here": "/tmp/work", "/tmp": full, "/dev/shm": full}
    assert (work / "mine").read_text() == "x"


@pytest.mark.usefixtures("bwrap")
def test_a_program_has_no_capabilities() -> None:
    found = seen("seen['status'] = open('/proc/self/status').read()")
    for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert f"{kind}:\t0000000000000000" in found["status"]
    assert "NoNewPrivs:\t1" in found["status"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("coursekit", "coursekit"),
        ("coursekit/grading/boundary", "coursekit/grading/boundary"),
        ("coursekit/grading/one.py", "coursekit/grading/one.py"),
        ("notebooks", None),
        ("course.toml", None),
    ],
)
def test_packages_are_told_from_other_files(path: str, name: str | None) -> None:
    found = import_name(REPOSITORY / path)
    assert found == (None if name is None else Path(name))


# Where there is none.


def test_elsewhere_people_read_where_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for system in ("Darwin", "Windows"):
        monkeypatch.setattr(platform, "system", lambda name=system: name)
        assert "container" in missing()
        assert "WSL" in missing()


def test_without_bubblewrap_people_read_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "apt install bubblewrap" in missing()


def test_where_bubblewrap_may_not_work_people_read_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n")
    bwrap.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(sandbox, "_version", lambda: (0, 6))
    assert "(bwrap: No permissions)" in missing()
    assert "\n" not in missing()


@pytest.mark.usefixtures("bwrap")
def test_an_environment_that_holds_the_home_folder_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", f"{sys.prefix}/lib")
    assert "contains your home folder" in missing()


def test_without_its_library_the_filter_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seccomp, "pyseccomp", None)
    assert "pyseccomp" in sandbox.missing_extras()
    assert seccomp.rules() is None
    seccomp.load(None)


# Groups of processes.


def fake_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str) -> None:
    """A file system of groups without a kernel behind it."""
    monkeypatch.setattr(sandbox, "CGROUPS", tmp_path)
    lines = {Path("/proc/self/cgroup"): own.splitlines()}
    real = sandbox._lines
    monkeypatch.setattr(sandbox, "_lines", lambda path: lines.get(path) or real(path))


def test_a_group_that_hands_its_controllers_down_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "user" / "us"
    (own / "room").mkdir(parents=True)
    (own / "cgroup.subtree_control").write_text("memory pids\n")
    for name in ("memory.max", "memory.swap.max", "pids.max", "cgroup.procs"):
        (own / "room" / name).write_text("")
    (own / "room" / "memory.events").write_text("oom 1\noom_kill 0\n")
    fake_groups(tmp_path, monkeypatch, "0::/user/us\n")
    group = sandbox.cgroup("room", Limits(memory=5 << 20, processes=7))
    assert group.enforced == ("memory", "pids")
    assert (own / "room" / "memory.max").read_text() == str(5 << 20)
    assert (own / "room" / "pids.max").read_text() == "7"
    group.add(123)
    assert (own / "room" / "cgroup.procs").read_text() == "123"
    assert not group.ran_out_of_memory()
    (own / "room" / "memory.events").write_text("oom 1\noom_kill 2\n")
    assert group.ran_out_of_memory()


def test_without_controllers_nothing_is_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "user").mkdir()
    (tmp_path / "user" / "cgroup.subtree_control").write_text("cpu\n")
    fake_groups(tmp_path, monkeypatch, "0::/user\n")
    group = sandbox.cgroup("room", Limits())
    assert group.enforced == ()
    assert not group.ran_out_of_memory()
    group.add(1)
    group.close()


@pytest.mark.usefixtures("bwrap")
def test_a_group_is_gone_when_it_is_closed() -> None:
    group = sandbox.cgroup(f"test-{os.getpid()}", Limits())
    folders = [*group._folders.values()]
    group.close()
    assert not any(folder.exists() for folder in folders)


# Limits.


def test_limits_are_plain_and_come_back() -> None:
    limits = Limits(seconds=1.5, memory=1 << 30)
    assert Limits.from_dict(json.loads(json.dumps(limits.as_dict()))) == limits


@pytest.mark.parametrize(
    "wrong", [{"memory": -1}, {"memory": 1.5}, {"memory": "1"}, {"seconds": True}]
)
def test_what_is_no_amount_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the limit"):
        Limits.from_dict(wrong)


def test_a_limit_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no limits: minutes"):
        Limits.from_dict({"minutes": 1})
