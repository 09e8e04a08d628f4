"""A resident for tests: whatever it is sent it runs, as hostile as it may be.

It is seen in a room without the rest of the tests.
"""

import os
from typing import Any

from coursekit.grading.boundary import wire
from coursekit.grading.boundary.limits import Limits


def main(read_fd: int, write_fd: int, limits: Limits, extension: str = "") -> None:
    """Run each message; reply with what it leaves in `result`, or with its error."""
    space: dict[str, Any] = {
        "os": os,
        "read_fd": read_fd,
        "write_fd": write_fd,
        "wire": wire,
    }
    while True:
        try:
            space["token"], source = wire.receive(read_fd)
        except wire.WireError:
            return
        wire.send(write_fd, [space["token"], outcome(source, dict(space))])


def outcome(source: str, space: dict[str, Any]) -> list[Any]:
    """What became of the code."""
    try:
        exec(source, space)
        return ["left", space.get("result")]
    except BaseException as error:
        return ["raised", type(error).__name__]
