"""Answers that live in another process: what the grader does, in small.

A cell runs in a worker. Each name that the check needs is plain data, or a stand-in
that only carries plain data to and fro: JSON and the bytes of arrays, never pickle.
"""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
import torch

from coursekit.checks.errors import NotPlainError
from coursekit.checks.objects import Elsewhere
from coursekit.checks.values import Opaque, Plain, described

ROOT = str(Path(__file__).parents[1])


class Worker:
    """One process that runs cells. Use it in a `with` block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.proxy_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": ROOT, "OMP_NUM_THREADS": "1"},
        )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def names_of(
        self, source: str, name: str, names: tuple[str, ...]
    ) -> dict[str, Any]:
        """Run a cell in a fresh namespace; its names as data or as stand-ins."""
        reply = self.ask({"do": "run", "source": source, "name": name, "names": names})
        return {name: self._name(value) for name, value in reply.items()}

    def ask(self, message: Plain) -> Plain:
        """Send plain data to the worker and wait for its answer."""
        send(self._process.stdin, message)  # type: ignore[arg-type]
        return receive(self._process.stdout)  # type: ignore[arg-type]

    def do(self, message: Plain) -> Plain:
        """Carry a message to the bench in the worker."""
        return self.ask({"do": "bench", "message": message})

    def clear(self) -> None:
        """Forget objects of the check before."""
        self.ask({"do": "clear"})

    def _name(self, value: Plain) -> object:
        if value["callable"]:
            return Elsewhere(self, value["number"])
        return Opaque(value["refused"]) if value["refused"] else value["value"]


def send(stream: IO[bytes], message: Plain) -> None:
    """Write one message: the length of a JSON text, the text, the arrays' bytes."""
    buffers: list[bytes] = []
    packed = _pack(message, buffers)
    text = json.dumps({"message": packed, "sizes": [len(b) for b in buffers]}).encode()
    stream.write(struct.pack("<I", len(text)) + text + b"".join(buffers))
    stream.flush()


def receive(stream: IO[bytes]) -> Plain:
    """Read one message. Raises EOFError when the other side is gone."""
    head = stream.read(4)
    if len(head) < 4:
        raise EOFError("the other process has ended")
    text = json.loads(stream.read(struct.unpack("<I", head)[0]))
    buffers = [stream.read(size) for size in text["sizes"]]
    return _unpack(text["message"], buffers)


def _pack(value: Plain, buffers: list[bytes]) -> Plain:
    if isinstance(value, torch.Tensor):
        return {"tensor": _pack(value.numpy(), buffers)}
    if isinstance(value, np.ndarray):
        buffers.append(np.ascontiguousarray(value).tobytes())
        return {"array": [value.dtype.str, list(value.shape), len(buffers) - 1]}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [_pack(item, buffers) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[key, _pack(item, buffers)] for key, item in value.items()]}
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise NotPlainError(described(type(value)))


def _unpack(value: Plain, buffers: list[bytes]) -> Plain:
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "tensor":
        return torch.from_numpy(_unpack(content, buffers))
    if kind == "array":
        dtype, shape, number = content
        flat = np.frombuffer(buffers[number], dtype=np.dtype(dtype))
        return flat.reshape(shape).copy()
    if kind == "dict":
        return {key: _unpack(item, buffers) for key, item in content}
    items = [_unpack(item, buffers) for item in content]
    return tuple(items) if kind == "tuple" else items
