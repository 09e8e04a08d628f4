"""What lives in a room: it runs cells, keeps their objects and does what it is asked.

This is inside the sandbox, in one process with the student's code, which can change all
of it. So nobody outside believes more of what it says than that these are some values.

A message and its reply are plain data (`wire`); objects that are not stay here and are
spoken of by number (`Ref`):

    {"do": "call", "object": 3, "inputs": [2, Ref(5)], "named": {}}
    {"value": Ref(9, "object", "Tree"), "printed": "growing\\n"}
    {"raised": {"kinds": ["ValueError", ...], "text": "...", ...}, "printed": ""}

While a call runs, its function may call one of the check's functions, which it was
given as an input; then the reply is `{"callback": 0, ...}` and the next message its
result. Both cross with a token in front, which is the question's (`rooms.Room`).
"""

import builtins
import importlib
import itertools
import operator
import os
from collections.abc import Callable
from typing import Any, Protocol

from . import cells, wire
from .limits import Limits

MAX_OBJECTS = 100_000
MAX_ITEMS = 1_000_000
# What may be done to an object besides calling it and reading its attributes.
OPERATORS = """eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul neg pos abs
    invert and_ or_ xor lshift rshift getitem setitem delitem contains index"""
OPERATIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "repr": repr,
    "format": format,
    "iter": iter,
    "round": round,
    "reversed": reversed,
    "dir": dir,
    "isinstance": isinstance,
    "issubclass": issubclass,
    "setattr": setattr,
    "delattr": delattr,
    "type": type,
    "divmod": divmod,
    "hash": hash,
    "enter": lambda target: type(target).__enter__(target),
    "exit": lambda target, *how: type(target).__exit__(target, *how),
}
OPERATIONS |= {name: getattr(operator, name) for name in OPERATORS.split()}


class Extension(Protocol):
    """What a course adds inside: it keeps answers by number and gets messages."""

    def keep_answer(self, value: object) -> int:
        """The number of an answer."""

    def do(self, message: Any) -> Any:  # noqa: ANN401
        """Do what a message says."""

    def clear(self) -> None:
        """Forget all but the answers."""


class Channel:
    """Frames to and from the other side. Each reply repeats its question's token."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read, self._write = read_fd, write_fd
        self._token = ""

    def receive(self) -> Any:  # noqa: ANN401
        """The next message. Raises wire.Gone when there will be none."""
        self._token, message = wire.receive(self._read)
        return message

    def frame(self, reply: Any, keep: wire.Keep) -> bytes:  # noqa: ANN401
        """A reply to the last message, encoded. Raises wire.NotPlainError."""
        return wire.encode([self._token, reply], keep)

    def send(self, frame: bytes) -> None:
        """Send an encoded reply."""
        wire.send_frame(self._write, frame)


class Callback:
    """A function of the check, on the other side, as the student's code gets it."""

    def __init__(self, resident: "Resident", number: int) -> None:
        self._resident, self._number = resident, number

    def __call__(self, *inputs: object, **named: object) -> object:
        """What the function returns there. Raises what it raises."""
        return self._resident.call_back(self._number, list(inputs), named)


class Resident:
    """Answers messages, each by one reply."""

    def __init__(self, channel: Channel, limits: Limits, extension: str = "") -> None:
        self._channel, self._limits = channel, limits
        self._space = cells.namespace()
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._extension_name, self._extension = extension, None

    def serve(self) -> None:
        """Answer until the other side is gone."""
        while True:
            try:
                message = self._channel.receive()
            except wire.WireError:
                return
            self._answer(message)

    def call_back(self, number: int, inputs: list[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401
        """Ask the other side to call one of its functions; serve it meanwhile."""
        ask = {"callback": number, "inputs": inputs, "named": named}
        self._channel.send(self._channel.frame(ask, self.keep))
        while True:
            message = self._channel.receive()
            if message["do"] == "return":
                return self._filled(message["value"])
            if message["do"] == "raise":
                kind = getattr(builtins, message["kind"], RuntimeError)
                raise kind(message["text"])
            self._answer(message)

    def keep(self, value: object) -> wire.Ref:
        """The number under which an object stays here."""
        if id(value) not in self._numbers:
            if len(self._objects) >= MAX_OBJECTS:
                raise wire.NotPlainError(f"more than {MAX_OBJECTS:,} objects")
            self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)
        return wire.Ref(self._numbers[id(value)], kind_of(value), type_name(value))

    def _answer(self, message: Any) -> None:  # noqa: ANN401
        with cells.printing(self._limits.output_characters) as printed:
            try:
                reply = {"value": self._done(message)}
                reply["printed"] = printed.getvalue()
                frame = self._channel.frame(reply, self.keep)
            except BaseException as error:
                raised = self._raised(error)
                said = printed.getvalue()
                reply = {"raised": raised, "printed": said}
                frame = self._channel.frame(reply, self.keep)
        self._channel.send(frame)

    def _done(self, message: Any) -> Any:  # noqa: ANN401
        work: Callable[..., Any] = getattr(self, "_" + message["do"])
        return work(**{key: x for key, x in message.items() if key != "do"})

    def _raised(self, error: BaseException) -> dict[str, Any]:
        most = self._limits.output_characters
        return {
            **self._kin(type(error)),
            "text": text_of(error)[:most],
            "trace": cells.told(error, most),
        }

    def _kin(self, kind: type) -> dict[str, Any]:
        """An exception's class and its bases: the library's and the notebook's."""
        return {
            "kinds": [dotted(one) for one in kind.__mro__ if not own(one)],
            "classes": [self.keep(one) for one in kind.__mro__ if own(one)],
        }

    def _filled(self, value: Any) -> Any:  # noqa: ANN401
        """An input with the objects in place of their numbers."""
        if type(value) is wire.Ref:
            return self._object(value)
        if type(value) in (list, tuple, set, frozenset):
            return type(value)(map(self._filled, value))
        if type(value) is dict:
            return {self._filled(k): self._filled(v) for k, v in value.items()}
        return value

    def _object(self, ref: wire.Ref) -> Any:  # noqa: ANN401
        if ref.kind == "callback":
            return Callback(self, ref.number)
        if ref.kind == "known":
            module, _, name = ref.type_name.rpartition(".")
            return getattr(importlib.import_module(module), name)
        return self._objects[ref.number]

    # What a message can ask for.

    def _run(self, source: str, name: str, futures: list[str]) -> None:
        cells.run(source, name, self._space, futures)

    def _names(self, names: list[str]) -> dict[str, Any]:
        """Those of the names that are there."""
        return {name: self._space[name] for name in names if name in self._space}

    def _bind(self, name: str, value: Any) -> None:  # noqa: ANN401
        self._space[name] = self._filled(value)

    def _unbind(self, name: str) -> None:
        self._space.pop(name, None)

    def _new_names(self) -> list[str]:
        return [name for name in self._space if not name.startswith("__")]

    def _call(self, object: int, inputs: list[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401
        """What it returns, and what became of inputs when it returns None."""
        inputs, named = self._filled(inputs), self._filled(named)
        result = self._objects[object](*inputs, **named)
        return result, [] if result is not None else [*inputs, *named.values()]

    def _lineage(self, object: int) -> dict[str, Any]:
        return self._kin(self._objects[object])

    def _get(self, object: int, attribute: str) -> Any:  # noqa: ANN401
        return getattr(self._objects[object], attribute)

    def _operation(self, name: str, inputs: list[Any]) -> Any:  # noqa: ANN401
        return OPERATIONS[name](*self._filled(inputs))

    def _take(self, object: int, most: int) -> list[Any]:
        """The next items of an iterator, at most so many; it may be endless."""
        return list(itertools.islice(self._objects[object], min(most, MAX_ITEMS)))

    def _array(self, object: int) -> Any:  # noqa: ANN401
        """An object as NumPy sees it, as plain as it gets."""
        np = importlib.import_module("numpy")
        return np.array(np.asarray(self._objects[object]), subok=False)

    def _adopt(self, object: int) -> int:
        return self._extended().keep_answer(self._objects[object])

    def _extend(self, message: Any) -> Any:  # noqa: ANN401
        return self._extended().do(message)

    def _clear(self) -> None:
        self._extended().clear()

    def _extended(self) -> Any:  # noqa: ANN401
        if self._extension is None:
            module, _, name = self._extension_name.partition(":")
            self._extension = getattr(importlib.import_module(module), name)()
        return self._extension


def own(kind: type) -> bool:
    """Whether a class is one that the notebook defines."""
    return kind.__module__ == "__main__"


def dotted(kind: type) -> str:
    """The name of a class by which the other side may know it."""
    return f"{kind.__module__}.{kind.__name__}"


def kind_of(value: object) -> str:
    """What the other side can do with an object: one of `stand_in.KINDS`."""
    kind = type(value)
    if issubclass(kind, type):
        error = issubclass(value, BaseException)  # type: ignore[arg-type]
        return "exception" if error else "class"
    if hasattr(kind, "__next__"):
        return "iterator"
    return "function" if callable(value) else "object"


def type_name(value: object) -> str:
    """The true name of a class or of an object's, whatever its metaclass says."""
    named: Any = value if issubclass(type(value), type) else type(value)
    return str(vars(type)["__name__"].__get__(named))[:80]


def text_of(error: BaseException) -> str:
    """What an exception says; "" when it cannot."""
    try:
        return str(error)
    except BaseException:
        return ""


def main(read_fd: int, write_fd: int, limits: Limits, extension: str = "") -> None:
    """Move the standard streams off the channel and answer messages."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    Resident(Channel(read_fd, write_fd), limits, extension).serve()
