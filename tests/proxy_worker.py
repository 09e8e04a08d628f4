"""The process in which the answers of `tests/proxy.py` live."""

import os
from typing import Any

import torch

from coursekit.checks.bench import Bench
from coursekit.checks.errors import NotPlainError
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
    bench = Bench()
    while True:
        try:
            message = receive(source)
        except EOFError:
            return
        if message["do"] == "run":
            torch.set_default_device(None)  # the last answer may have left another
            space, bench = namespace(), Bench()
            send(target, _names(message, space, bench))
        elif message["do"] == "bench":
            send(target, bench.do(message["message"]))
        else:
            bench.clear()
            send(target, None)


def _names(message: Plain, space: dict[str, Any], bench: Bench) -> Plain:
    run_cell(message["source"], message["name"], space)
    return {name: _name(space.get(name), bench) for name in message["names"]}


def _name(value: object, bench: Bench) -> Plain:
    if value is None or value is ...:  # both say that nothing is there yet
        return {"callable": False, "value": None, "refused": ""}
    if callable(value):
        return {"callable": True, "number": bench.keep_answer(value)}
    try:
        return {"callable": False, "value": plain(value), "refused": ""}
    except NotPlainError as error:
        return {"callable": False, "value": None, "refused": str(error)}


if __name__ == "__main__":
    main()
