"""Rooms hold, whatever runs in them; each ends with its reason, and nothing is left."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.grading.boundary import sandbox, seccomp
from coursekit.grading.boundary.limits import Limits
from coursekit.grading.boundary.rooms import House, HouseError, Room, RoomClosed
from coursekit.grading.boundary.wire import NotPlainError, send
from tests.grading.boundary.houses import (
    SMALL,
    TINY,
    below,
    descendants,
    left,
    raised,
    small_house,
    soon,
)

REPOSITORY = Path(__file__).resolve().parents[3]
SECRET = "for-instructors-only"

pytestmark = pytest.mark.usefixtures("bwrap")


def closed(room: Room, code: str, seconds: float | None = None) -> str:
    """The reason for which a room closes over code."""
    with pytest.raises(RoomClosed) as caught:
        room.ask(code, seconds)
    with pytest.raises(RoomClosed, match="^" + caught.value.reason[:9]):
        room.ask("result = 1")
    return caught.value.reason


def closed_soon(room: Room, code: str) -> str:
    """The reason for which a room closes over code, or over the question after it."""
    with contextlib.suppress(RoomClosed):
        room.ask(code, 2)
    return closed(room, code, 2)


def closed_in_the_end(room: Room) -> str:
    """The reason for which a room closes over one of many questions."""
    for _ in range(50):
        try:
            room.ask("pass")
        except RoomClosed as error:
            return error.reason
        time.sleep(0.05)  # by then a reply that is too many has come
    return ""


# What a room is for.


def test_a_room_keeps_nothing_of_another_and_answers(house: House) -> None:
    with house.room() as one, house.room() as other:
        left(one, "import json; json.answer = 42; open('kept', 'w').write('x')")
        assert left(one, "import json; result = json.answer") == 42
        assert raised(other, "import json; json.answer") == "AttributeError"
        assert left(other, "result = os.listdir()") == []


def test_a_closed_room_says_so(room: Room) -> None:
    room.close()
    room.close()
    with pytest.raises(RoomClosed, match="is closed"):
        room.ask("result = 1")
    assert room.log[-1] == "is closed"


def test_a_message_that_cannot_be_sent_leaves_the_room_open(room: Room) -> None:
    with pytest.raises(NotPlainError):
        room.ask(object())
    assert left(room, "result = 1") == 1


def test_rooms_do_not_draw_the_same_random_numbers(bwrap: None) -> None:
    draw = "import numpy, random; result = [numpy.random.rand(), random.random()]"
    with (
        small_house(imports=["numpy.random"]) as house,
        house.room() as one,
        house.room() as two,
    ):
        assert left(one, draw) != left(two, draw)


# What cannot be seen.


def test_no_file_of_others_is_seen(room: Room) -> None:
    places = [REPOSITORY / "solutions", REPOSITORY / "coursekit" / "grading"]
    places += [Path.cwd() / "course.toml", Path(__file__), Path("/etc/passwd")]
    places += [Path("/etc/shadow"), Path("/sys"), Path("/var")]
    code = f"result = [p for p in {[*map(str, places)]} if os.path.exists(p)]"
    assert left(room, code) == []
    ways = {p.parts[2] for p in sandbox._prefixes() if p.is_relative_to("/tmp")}
    assert set(left(room, "result = os.listdir('/tmp')")) == {".shm", "work"} | ways
    assert left(room, "result = sorted(os.listdir('/inside'))") == [
        "coursekit",
        "tiny.py",
    ]
    inside = left(room, "result = sorted(os.listdir('/inside/coursekit/grading'))")
    assert inside == ["__init__.py", "boundary"]


def test_home_is_not_seen(room: Room) -> None:
    home = os.path.realpath(os.path.expanduser("~"))
    seen = left(
        room, f"result = os.listdir({home!r}) if os.path.exists({home!r}) else []"
    )
    # But for the way to Python's environment.
    allowed = {
        Path(p).relative_to(home).parts[0]
        for p in (sys.prefix, sys.base_prefix)
        if Path(p).is_relative_to(home) and p != home
    }
    assert set(seen) <= allowed


def test_no_variable_of_ours_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_SECRET", SECRET)
    with small_house() as house, house.room() as room:
        assert left(room, "result = 'COURSE_SECRET' in os.environ") is False
        environ = "[p for p in os.listdir('/proc') if p.isdigit()]"
        code = f"result = [open(f'/proc/{{p}}/environ').read() for p in {environ}]"
        if left(room, "result = os.path.exists('/proc/1')"):
            assert SECRET not in str(left(room, code))


def test_no_file_that_is_open_here_is_open_there(tmp_path: Path) -> None:
    secret = (tmp_path / "secret").open("w+")
    os.set_inheritable(secret.fileno(), True)
    with small_house() as house, house.room() as one, house.room() as two:
        for room in (one, two):
            code = """
result = []
for fd in range(1000):
    try:
        os.fstat(fd)
    except OSError:
        continue
    result.append(fd)
result = [fd for fd in result if fd not in (read_fd, write_fd)]"""
            assert left(room, code) == [0, 1, 2]
            code = "result = [os.fstat(fd).st_rdev for fd in range(3)]"
            assert set(left(room, code)) == {os.stat("/dev/null").st_rdev}
    secret.close()


def test_there_is_no_network(room: Room) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        assert raised(room, connect) in ("ConnectionRefusedError", "OSError")
    connect = "import socket; socket.create_connection(('1.1.1.1', 53), 5)"
    assert raised(room, connect) in ("OSError", "PermissionError")
    names = "import socket; result = [name for _, name in socket.if_nameindex()]"
    assert left(room, names) in ([], ["lo"])


def test_sockets_with_names_of_ours_cannot_be_reached(room: Room) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0coursekit-{os.getpid()}")
        server.listen()
        name = f"'\\0coursekit-{os.getpid()}'"
        code = f"import socket; socket.socket(socket.AF_UNIX).connect({name})"
        assert raised(room, code) == "ConnectionRefusedError"


def test_rooms_cannot_meet_in_the_network(house: House) -> None:
    with house.room() as one, house.room() as other:
        serve = "import socket; s = socket.socket(socket.AF_UNIX)"
        left(one, serve + "; s.bind('\\0meet'); s.listen(); import tiny; tiny.s = s")
        code = "import socket; socket.socket(socket.AF_UNIX).connect('\\0meet')"
        assert raised(other, code) == "ConnectionRefusedError"


def test_terminals_are_not_shared(room: Room) -> None:
    assert left(room, "result = os.listdir('/dev/pts')") == []
    assert raised(room, "os.openpty()") in ("OSError", "FileNotFoundError")


def test_no_process_but_its_own_is_seen(room: Room) -> None:
    code = "result = [p for p in os.listdir('/proc') if p.isdigit()]"
    assert left(room, code) in (["1"], [])
    assert left(room, "result = [os.getpid(), os.getppid()]") == [1, 0]


# What cannot be changed.


@pytest.mark.parametrize(
    "place",
    ["/", "/usr", "/etc", "/dev", "/dev/pts", "/inside", "/inside/coursekit", "/proc"],
)
def test_the_system_is_read_only(room: Room, place: str) -> None:
    code = f"open({place!r} + '/new', 'w')"
    assert raised(room, code) in ("OSError", "PermissionError", "FileNotFoundError")


def test_python_and_what_runs_here_are_read_only(room: Room) -> None:
    for module in ("numpy", "coursekit.grading.boundary.wire", "tiny"):
        code = f"import {module} as m; open(m.__file__, 'a')"
        assert raised(room, code) in ("OSError", "PermissionError")


@pytest.mark.parametrize("place", ["/tmp", "/tmp/work", "/dev/shm"])
def test_what_one_room_writes_no_other_sees(house: House, place: str) -> None:
    with house.room() as one, house.room() as other:
        left(one, f"open('{place}/mine', 'w').write('x')")
        assert left(other, f"result = os.path.exists('{place}/mine')") is False


def test_all_files_together_are_bounded(room: Room) -> None:
    code = """
for n in range(20):
    place = ('/tmp', '/dev/shm')[n % 2]
    open(f'{place}/{n}', 'wb').write(bytes(1 << 20))"""
    assert raised(room, code) == "OSError"
    assert left(room, "result = 1") == 1


def test_one_file_is_bounded(room: Room) -> None:
    code = "open('large', 'wb').write(bytes(3 << 20))"
    assert raised(room, code) == "OSError"


def test_the_number_of_files_is_bounded(room: Room) -> None:
    assert raised(room, "for n in range(30_000): open(str(n), 'w')") == "OSError"
    assert raised(room, "o = [open('/dev/null') for n in range(80)]") == "OSError"


def test_limits_cannot_be_lifted(room: Room) -> None:
    for name in ("AS", "CPU", "NPROC", "NOFILE", "FSIZE", "CORE"):
        code = f"import resource as r; r.setrlimit(r.RLIMIT_{name}, (-1, -1))"
        assert raised(room, code) in ("ValueError", "OSError", "PermissionError")


def test_there_are_no_capabilities_and_none_to_get(room: Room) -> None:
    code = """
import ctypes
libc = ctypes.CDLL(None)
result = [
    libc.unshare(0x10000000),
    libc.unshare(0x20000),
    libc.unshare(0x40000000),
    libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0),  # clone with a user namespace
    libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, b''),
    libc.umount2(b'/tmp', 2),
    libc.chroot(b'/tmp'),
    libc.setuid(0),
    libc.setns(0, 0),
    libc.prctl(39, 0, 0, 0, 0) - 2,  # no new privileges
]"""
    assert left(room, code) == [-1] * 10
    code = "result = open('/proc/self/status').read()"
    if left(room, "result = os.path.exists('/proc/self/status')"):
        assert "CapEff:\t0000000000000000" in left(room, code)


@pytest.mark.skipif(seccomp.missing() != "", reason=seccomp.missing())
def test_calls_that_nobody_needs_are_refused(room: Room) -> None:
    code = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
result = []
for call in (101, 248, 250, 298, 310, 321, 323, 425, 435):
    libc.syscall(call, 0, 0, 0, 0, 0, 0)
    result.append(ctypes.get_errno())
"""
    assert left(room, code) == [1] * 8 + [38]


# How it ends.


def test_a_loop_is_too_long(room: Room) -> None:
    start = time.monotonic()
    assert closed(room, "while True: pass", 1) == "took longer than 1 seconds"
    assert time.monotonic() - start < 10


def test_to_sleep_for_ever_is_too_long(room: Room) -> None:
    code = """
import signal, time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(1000)"""
    assert closed(room, code, 1) == "took longer than 1 seconds"


def test_the_submission_has_one_time_for_all_calls(bwrap: None) -> None:
    limits = replace(SMALL, seconds=1.5)
    with small_house(limits=limits) as house, house.room() as room:
        left(room, "import time; time.sleep(0.4)")
        reason = closed(room, "import time; time.sleep(9)")
        assert reason == "took longer than 1.5 seconds in all"


def test_processor_time_ends(bwrap: None, neighbour: Room) -> None:
    limits = replace(SMALL, cpu_seconds=1)
    with small_house(limits=limits) as house, house.room() as room:
        ignored = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        reason = closed(room, ignored + "while True: pass")
        assert reason == "ended by itself (signal 9, SIGKILL)"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("os._exit(3)", r"ended by itself \(exit code 3\)"),
        ("os._exit(0)", r"ended by itself \(exit code 0\)"),
        ("os.abort()", r"ended by itself \(signal \d+, SIG(ABRT|SEGV|ILL|TRAP)\)"),
        ("import ctypes; ctypes.string_at(0)", r"ended .* \(signal 11, SIGSEGV\)"),
        ("os.closerange(0, 999)", r"(ended by itself.*|stopped listening)"),
        (
            "os.closerange(0, 999); import time; time.sleep(999)",
            "stopped listening",
        ),
        (
            "if os.fork() == 0:\n os.setsid()\n while True: pass\nos._exit(1)",
            r"ended by itself \(exit code 1\)",
        ),
        ("os.execv('/bin/true', ['true'])", r"ended by itself \(exit code 0\)"),
        ("os.execv('/bin/sleep', ['sleep', '999'])", "stopped listening"),
    ],
)
def test_who_goes_is_gone(room: Room, code: str, reason: str) -> None:
    start = time.monotonic()
    with pytest.raises(RoomClosed, match=f"^{reason}$"):
        room.ask(code)
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    "code",
    [
        "os.kill(os.getpid(), 19)",  # SIGSTOP
        "os.kill(os.getpid(), 9)",
        "os.kill(1, 9)",
        "os.kill(0, 9)",
        "os.kill(0, 19)",
        "os.kill(os.getppid(), 9)",
        "os.killpg(0, 9)",
        "for pid in range(2, 5000):\n try: os.kill(pid, 9)\n except OSError: pass",
        "import signal\ntry: os.kill(-1, 9)\nexcept OSError: pass",
    ],
)
def test_signals_reach_nobody_outside(room: Room, code: str) -> None:
    room.ask(code)
    assert left(room, "result = 1") == 1


def test_what_outlives_a_call_ends_with_the_room(house: House, neighbour: Room) -> None:
    room = house.room()
    code = """
import threading, time
threading.Thread(target=time.sleep, args=(999,), daemon=True).start()
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        os.setsid()
        os.closerange(0, 99)
        time.sleep(999)
        os._exit(0)
"""
    before = descendants(house)
    left(room, code)
    assert soon(lambda: len(descendants(house) - before) >= 4)
    room.close()
    assert not descendants(house) - before


def test_a_fork_bomb_is_bounded(room: Room) -> None:
    code = """
import time
while True:
    if os.fork() == 0:
        time.sleep(999)"""
    assert raised(room, code) == "BlockingIOError"


def test_a_fork_bomb_that_goes_on_ends_with_the_room(
    house: House, neighbour: Room
) -> None:
    room = house.room()
    code = """
while True:
    try:
        os.fork()
    except OSError:
        pass"""
    assert "took longer than 2 seconds" in closed(room, code, 2)


def test_threads_are_bounded(room: Room) -> None:
    code = """
import threading, time
for _ in range(99):
    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"""
    assert raised(room, code) == "RuntimeError"


def test_a_memory_bomb_is_bounded(room: Room) -> None:
    assert raised(room, "x = bytearray(1 << 40)") == "MemoryError"
    code = "x = []\nwhile True: x.append(bytes(1 << 20))"
    assert raised(room, code) == "MemoryError"
    assert left(room, "result = 1") == 1


SEVERAL = """
import time
for _ in range(8):
    if os.fork() == 0:
        try:
            x = bytearray(os.urandom(1 << 20) * 150)
        finally:
            time.sleep(999)
x = bytearray(os.urandom(1 << 20) * 150)
time.sleep(3)
"""


def test_memory_is_bounded_for_all_processes_together(room: Room) -> None:
    if "memory" not in room.enforced:
        pytest.skip("no group of processes can be limited here")
    # The kernel ends some of them: the room's first process or others.
    with contextlib.suppress(RoomClosed):
        room.ask(SEVERAL)
        assert room._cgroup.ran_out_of_memory()
        room.close()
    assert room._reason in ("needed more memory than 256 MB", "is closed")


# What it says.


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xff\xff\xff", "sent something senseless"),
        (b"\x00\x00\x00\x00", "sent something senseless"),
        (b"\x02\x00\x00\x00{}", "sent something senseless"),
        (b"\x06\x00\x00\x00[1,[]]\x00", "sent something senseless"),
        (b"garbage" * 100, "sent something senseless"),
        (b"\x05\x00\x00\x00[", "sent something senseless"),
        (b"\xff\xff\x00\x00[", "took longer than 2 seconds"),
    ],
)
def test_raw_bytes_do_no_harm(room: Room, data: bytes, reason: str) -> None:
    code = f"os.write(write_fd, {data!r})\nimport time; time.sleep(0.2)"
    assert closed_soon(room, code).startswith(reason)


@pytest.mark.parametrize(
    "forged",
    [
        "['left', 1]",
        "['', ['left', 1]]",
        "['0' * 16, ['left', 1]]",
        "[None, ['left', 1]]",
        "[token, ['left', 1], token]",
        "[numpy.array([token, token]), ['left', 1]]",
        "(token, ['left', 1])",
        "{token: ['left', 1]}",
    ],
)
def test_a_reply_without_the_token_of_its_question_is_refused(
    room: Room, forged: str
) -> None:
    code = f"import numpy, time; wire.send(write_fd, {forged}); time.sleep(9)"
    start = time.monotonic()
    assert "without the token of its question" in closed(room, code)
    assert time.monotonic() - start < 5  # at once, and not when the call ends


def test_each_question_has_a_token_of_its_own(room: Room) -> None:
    tokens = {left(room, "result = token") for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {16}


def test_an_old_token_is_worth_nothing(room: Room) -> None:
    left(room, "import json; json.old = token")
    again = "import json; wire.send(write_fd, [json.old, ['left', 'forged']])"
    assert "without the token" in closed(room, again)


def test_a_reply_that_an_earlier_fork_writes_is_refused(room: Room) -> None:
    """It has the process's memory as it was before the question came."""
    code = """
import time
if os.fork() == 0:
    time.sleep(0.3)
    wire.send(write_fd, [token, ['left', 'forged']])
    os._exit(0)"""
    left(room, code)
    assert "without the token" in closed(room, "import time; time.sleep(9)")


def test_replies_ahead_of_their_question_are_refused(room: Room) -> None:
    """Also with its token, which code in the same process can read."""
    ahead = "for i in (1, 2): wire.send(write_fd, [token, ['left', i]])"
    assert left(room, ahead) == 1
    assert re.search("nobody asked|without the token", closed_in_the_end(room))


def test_a_thread_that_replies_later_is_refused(room: Room) -> None:
    code = """
import threading
threading.Timer(0.1, wire.send, (write_fd, ['left', 'forged'])).start()"""
    left(room, code)
    time.sleep(0.5)
    assert "nobody asked" in closed_in_the_end(room)


def test_a_flood_ends(room: Room) -> None:
    start = time.monotonic()
    code = """
os.set_blocking(write_fd, True)
while True:
    os.write(write_fd, bytes(1 << 16))"""
    assert "senseless" in closed(room, code, 5)
    assert time.monotonic() - start < 15


def test_a_reply_that_is_too_big_is_refused(room: Room) -> None:
    assert "senseless" in closed(room, "result = bytes(2 << 20)")


def test_a_flood_of_output_goes_nowhere(room: Room) -> None:
    code = "for _ in range(999): os.write(1, b'x' * 9999); os.write(2, b'x' * 9999)"
    left(room, code)


def test_who_does_not_read_is_too_long(room: Room) -> None:
    left(room, "import threading; os.dup2(os.open('/dev/zero', 0), 0)")
    code = f"import time; time.sleep(99)  # {'x' * 300_000}"
    assert closed(room, code, 1) == "took longer than 1 seconds"


def test_a_pipe_turned_around_does_no_harm(room: Room) -> None:
    code = """
for fd in (read_fd, write_fd):
    for how in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR):
        try:
            other = os.open(f'/proc/self/fd/{fd}', how | os.O_NONBLOCK)
            os.write(other, b'x' * 9)
        except OSError:
            pass"""
    with contextlib.suppress(RoomClosed):  # as root, the kernel does not let it
        room.ask(code, 2)
        room.ask("result = 1", 2)


# The house.


def test_a_fork_of_ours_can_use_rooms_and_open_some(house: House, room: Room) -> None:
    def work() -> None:
        assert left(room, "result = 1") == 1
        with house.room() as mine:
            assert left(mine, "result = 2") == 2
        house.close()

    assert in_a_fork(work) == 0
    assert left(room, "result = 3") == 3


def test_a_room_ends_when_nobody_outside_is_left(house: House, neighbour: Room) -> None:
    def work() -> None:
        room = house.room()
        send(room._ask_fd, "while True: pass")
        time.sleep(0.2)

    before = descendants(house)
    assert in_a_fork(work) == 0
    assert soon(lambda: descendants(house) <= before)


def in_a_fork(work: Callable[[], None]) -> int:
    """The exit code of work that a fork of this process does."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def test_folders_of_modules_can_be_imported_from(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    folder = tmp_path / "two words"
    folder.mkdir()
    (folder / "helper.py").write_text("value = 5")
    (tmp_path / "data.txt").write_text("6")
    (tmp_path / "grades.txt").write_text("7")
    readable = [TINY, folder, tmp_path / "data.txt"]
    with small_house(readable=readable) as house, house.room() as room:
        assert left(room, "import helper; result = helper.value") == 5
        assert left(room, f"result = open({str(tmp_path / 'data.txt')!r}).read()")
        assert raised(room, f"open({str(folder / 'new')!r}, 'w')") == "OSError"
        seen = left(room, f"result = os.listdir({str(tmp_path)!r})")
        assert set(seen) == {"two words", "data.txt"}


def test_a_house_whose_interpreter_was_killed_goes_on(bwrap: None) -> None:
    with small_house() as house:
        room = house.room()
        assert house._zygote is not None
        processes = descendants(house)
        os.kill(house._zygote._process.pid, signal.SIGKILL)
        assert soon(lambda: not any(map(alive, processes)))
        with pytest.raises(RoomClosed, match="ended by itself"):
            room.ask("result = 1")
        with house.room() as other:
            assert left(other, "result = 2") == 2


def alive(pid: int) -> bool:
    """Whether a process runs (one that only waits to be read of does not)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] not in "ZX"


def test_nothing_is_left_of_a_house(bwrap: None) -> None:
    with small_house() as house:
        rooms = [house.room() for _ in range(2)]
        left(rooms[0], "if os.fork() == 0:\n os.setsid()\n while True: pass")
        assert soon(lambda: len(descendants(house)) >= 7)
        processes = descendants(house)
    assert soon(lambda: not any(map(alive, processes)))


PARENT = """
import sys, time
sys.path.insert(0, {root!r})
from tests.grading.boundary.houses import left, small_house
house = small_house()
busy = "if os.fork() == 0:\\n os.setsid()\\n while True: pass"
rooms = [house.room() for _ in range(2)]
for room in rooms:
    left(room, busy)
print("ready", flush=True)
time.sleep(999)
"""


def test_who_dies_takes_the_house_along(bwrap: None) -> None:
    program = [sys.executable, "-c", PARENT.format(root=str(REPOSITORY))]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        assert soon(lambda: len(below(parent.pid)) >= 9)
        processes = below(parent.pid) - {parent.pid}
        parent.kill()
    assert soon(lambda: not any(map(alive, processes)))
    sandbox.sweep()
    for kind in ("memory", "pids"):
        folder = sandbox._group(kind)
        assert not folder or not [*folder.glob(f"{sandbox.ROOM}{parent.pid}-*")]


def test_what_cannot_be_imported_is_named(bwrap: None) -> None:
    house = small_house(imports=["no_such_module"])
    with house, pytest.raises(HouseError, match="no_such_module"):
        house.room()


def test_without_a_sandbox_the_house_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with small_house() as house, pytest.raises(HouseError, match="apt install"):
        house.room()


def test_descriptors_do_not_add_up(house: House) -> None:
    house.start()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        house.room().close()
        room = house.room()
        with pytest.raises(RoomClosed):
            room.ask("os._exit(1)")
    assert len(os.listdir("/proc/self/fd")) == before


def test_groups_of_processes_do_not_add_up(house: House) -> None:
    room = house.room()
    folders = [*room._cgroup._folders.values()]
    assert all(folder.is_dir() for folder in folders)
    room.close()
    assert not any(folder.exists() for folder in folders)


# With PyTorch.


@pytest.fixture(scope="module")
def torch_house(bwrap: None) -> Iterator[House]:
    """A house with PyTorch in it and limits as they are."""
    pytest.importorskip("torch")  # tensors come only where it is imported
    with small_house(limits=Limits(), imports=["numpy", "torch"]) as made:
        yield made


@pytest.mark.slow
def test_nothing_has_computed_before_a_room_opens(torch_house: House) -> None:
    torch_house.start()
    assert torch_house._zygote is not None
    threads = [
        Path(f"/proc/{pid}/status").read_text().split("Threads:")[1].split()[0]
        for pid in descendants(torch_house)
    ]
    assert set(threads) == {"1"}


@pytest.mark.slow
def test_a_room_with_torch_opens_in_milliseconds(torch_house: House) -> None:
    torch_house.start()
    times = []
    for _ in range(6):
        start = time.perf_counter()
        with torch_house.room() as room:
            opened = time.perf_counter()
            code = "import torch; result = torch.ones(20, 20) @ torch.ones(20, 20)"
            assert left(room, code).sum() == 8000
            asked = time.perf_counter()
        closed = time.perf_counter()
        times.append([opened - start, asked - opened, closed - asked])
    print("open, first call, close (ms):")
    print(*[[round(1000 * t, 1) for t in row] for row in times], sep="\n")
    assert min(row[0] for row in times) < 0.5


@pytest.mark.slow
def test_torch_trains_in_a_room(torch_house: House) -> None:
    code = """
import torch
model = torch.nn.Linear(3, 1)
step = torch.optim.SGD(model.parameters(), 0.1)
for _ in range(3):
    loss = model(torch.ones(4, 3)).square().mean()
    loss.backward()
    step.step()
data = torch.utils.data.TensorDataset(torch.arange(8))
loader = torch.utils.data.DataLoader(data, 2, num_workers=2)
result = [len(list(loader)), loss.detach()]"""
    with torch_house.room() as room:
        assert left(room, code)[0] == 4


# The other road.


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="this is the ordinary user's road")
def test_all_this_holds_for_an_ordinary_user() -> None:
    files = [__file__, str(Path(__file__).with_name("test_sandbox.py"))]
    pytest_of = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*ordinary(), *pytest_of, "-m", "not slow", *files],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def ordinary() -> list[str]:
    """What makes an ordinary user of root, who can reach Python where root has it."""
    hidden = f"/{Path(sys.base_prefix).parts[1]}"
    show = f"""
set -e
if [ "$(stat -c %a {hidden} | tail -c 2)" = 0 ]; then
    mkdir -p /tmp/.{os.getpid()}
    mount --bind {sys.base_prefix} /tmp/.{os.getpid()}
    mount -t tmpfs -o mode=755 tmpfs {hidden}
    mkdir -p {sys.base_prefix}
    mount --bind /tmp/.{os.getpid()} {sys.base_prefix}
fi
exec setpriv --reuid=12345 --regid=12345 --clear-groups -- "$@"
"""
    return ["unshare", "--mount", "sh", "-c", show, "sh"]


def test_the_road_is_the_expected_one() -> None:
    to_nobody = "setpriv" in " ".join(sandbox.command(SMALL, (), None))
    assert to_nobody == (os.geteuid() == 0)
