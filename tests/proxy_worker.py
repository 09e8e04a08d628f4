"""The process in which the answers of `tests/proxy.py` live."""

import os
from typing import Any

from coursekit.checks.calling import as_plain, call
from coursekit.checks.errors import NotPlainError
from coursekit.checks.ready_made import Rule, watching
from coursekit.checks.values import Plain, plain
from tests.answers import namespace, run_cell
from tests.proxy import receive, send


def main() -> None:
    """Answer messages until the other side closes the stream."""
    # The answers may print: the channel moves away from the standard streams.
    source = os.fdopen(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    space: dict[str, Any] = {}
    while True:
        try:
            message = receive(source)
        except EOFError:
            return
        if message["do"] == "run":
            space = namespace()
            send(target, _names(message, space))
        else:
            send(target, _called(message, space))


def _names(message: Plain, space: dict[str, Any]) -> Plain:
    run_cell(message["source"], message["name"], space)
    return {name: _name(space.get(name)) for name in message["names"]}


def _name(value: object) -> Plain:
    if value is None or value is ...:  # both say that nothing is there yet
        return {"callable": False, "value": None, "refused": ""}
    if callable(value):
        return {"callable": True}
    try:
        return {"callable": False, "value": plain(value), "refused": ""}
    except NotPlainError as error:
        return {"callable": False, "value": None, "refused": str(error)}


def _called(message: Plain, space: dict[str, Any]) -> Plain:
    with watching(Rule(**message["rule"])):
        return as_plain(call(space[message["name"]], *message["inputs"]))


if __name__ == "__main__":
    main()
