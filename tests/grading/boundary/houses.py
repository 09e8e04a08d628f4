"""Houses whose rooms run whatever they are sent, and a look at their processes."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coursekit.grading.boundary.limits import MB, Limits
from coursekit.grading.boundary.rooms import House, Room

TINY = Path(__file__).with_name("tiny.py")
SMALL = Limits(
    seconds=120,
    call_seconds=30,
    cpu_seconds=30,
    memory=256 * MB,
    processes=16,
    file_bytes=2 * MB,
    disk_bytes=8 * MB,
    reply_bytes=MB,
    open_files=64,
)


def small_house(**changes: Any) -> House:  # noqa: ANN401
    """A house whose rooms run whatever they are sent."""
    given: dict[str, Any] = {
        "limits": SMALL,
        "imports": (),
        "readable": [TINY],
        "resident": "tiny:main",
    }
    return House(**(given | changes))


def left(room: Room, code: str, seconds: float | None = None) -> Any:  # noqa: ANN401
    """What code that runs in the room leaves in `result`."""
    how, value = room.ask(code, seconds)
    assert how == "left", value
    return value


def raised(room: Room, code: str) -> str:
    """The name of the exception that code raises in the room."""
    how, value = room.ask(code)
    assert how == "raised", value
    return str(value)


def descendants(house: House) -> set[int]:
    """The processes of a house, by our numbers."""
    assert house._zygote is not None
    return below(house._zygote._process.pid)


def below(root: int) -> set[int]:
    """A process and all that come from it."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        state, parent, *_ = text.rpartition(")")[2].split()
        if state not in "ZX":  # it has ended, and only waits to be read of
            parents[int(status.parent.name)] = int(parent)
    found: set[int] = set()
    more = {root} & parents.keys()
    while more:
        found |= more
        more = {pid for pid, parent in parents.items() if parent in more} - found
    return found


def soon(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether a condition comes true in a while."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
