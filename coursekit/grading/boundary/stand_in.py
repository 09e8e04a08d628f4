"""What check cells use in place of a student's functions, classes and objects.

A stand-in holds a number only. What is done to it is asked of the room in which the
object lives, and what comes back is plain data, or another stand-in:

    assert fibonacci(9) == 34          # an int, made here from what was sent
    tree = Tree([3, 1, 2])             # a stand-in
    assert len(tree) == 3 and 2 in tree

Nothing that comes back is believed to be more than it is. A stand-in is never equal to
plain data, whatever the object says: a class that equals everything earns nothing.

Inputs are copies. A function that changes a list in place is supported as far as it is
honest: the check sees the change when the function returns None, as list.sort does.
"""

import builtins
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Protocol

from .rooms import RoomClosed
from .wire import Ref

KINDS = ("class", "exception", "iterator", "function", "object")
MAX_TEXT = 20_000
MAX_CALLBACKS = 100_000  # during one call
# Modules whose functions and types both sides have: these are sent by name.
KNOWN = ("builtins", "math", "operator", "numpy", "torch", "scipy", "_operator")
DESCRIBING = ("__name__", "__qualname__", "__doc__", "__annotations__", "__defaults__")
NOT_COMPARED = "a check compares an object of type {} with plain data"


class Asked(Protocol):
    """A room, as far as it is needed here."""

    def ask(self, message: Any, seconds: float | None = None) -> Any:  # noqa: ANN401
        """The reply to a message."""

    def close(self) -> None:
        """End the room."""


class StudentError(Exception):
    """An error of the student's code that has no kind of its own here."""


class Line:
    """Asks a room; makes stand-ins of what stays there and values of what comes.

    What the student's code prints goes to sys.stdout here.
    """

    def __init__(self, room: Asked) -> None:
        self._room = room
        self._known: dict[int, object] = {}
        self._callbacks: list[Callable[..., Any]] = []

    def ask(self, do: str, **about: Any) -> Any:  # noqa: ANN401
        """What came of a message. Raises what the student's code raised.

        Raises RoomClosed when the room is closed, or is by this.
        """
        reply = self._reply({"do": do, **self.outgoing(about)})
        for _ in range(MAX_CALLBACKS):
            if "callback" not in reply:
                return self._came(reply)
            reply = self._reply(self._called_back(reply))
        self._refuse("called a function of the check without an end")

    def call(self, number: int, inputs: list[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401
        """Call an object; inputs change in place when it returns None."""
        about = {"object": number, "inputs": inputs, "named": named}
        came = self.ask("call", **about)
        if type(came) is not tuple or len(came) != 2 or type(came[1]) is not list:
            self._refuse("sent something senseless")
        result, changed = came
        if result is None:
            for given, after in zip([*inputs, *named.values()], changed, strict=False):
                change(given, after)
        return result

    def plain(self, do: str, **about: Any) -> dict[str, Any]:  # noqa: ANN401
        """As `ask` for a dictionary; objects stay `Ref`s in it."""
        reply = self._reply({"do": do, **about})
        if type(reply.get("value")) is not dict:
            self._refuse("sent something senseless")
        return reply["value"]

    def outgoing(self, value: Any) -> Any:  # noqa: ANN401
        """A value as it is sent: what is no plain data becomes a `Ref`."""
        kind = type(value)
        if isinstance(value, StandIn):
            return Ref(number_of(value), "", "")
        if kind in (list, tuple, set, frozenset):
            return kind(map(self.outgoing, value))
        if kind is dict:
            return {self.outgoing(k): self.outgoing(v) for k, v in value.items()}
        if callable(value) or kind.__name__ == "dtype":
            name = known_name(value)
            known = Ref(0, "known", name) if name else None
            return known or self._mirrored(value) or self._callback(value)
        return value

    def _mirrored(self, value: Any) -> Ref | None:  # noqa: ANN401
        number = vars(value).get("_number") if isinstance(value, type) else None
        return None if number is None else Ref(number, "", "")

    def _callback(self, function: Callable[..., Any]) -> Ref:
        self._callbacks.append(function)
        return Ref(len(self._callbacks) - 1, "callback", "")

    def _reply(self, message: Any) -> dict[str, Any]:  # noqa: ANN401
        reply = self._room.ask(message)
        if type(reply) is not dict or not {"value", "raised", "callback"} & {*reply}:
            self._refuse("sent something senseless")
        printed = reply.get("printed", "")
        if type(printed) is str and printed:
            sys.stdout.write(printed[:MAX_TEXT])
        return reply

    def _refuse(self, reason: str) -> NoReturn:
        """Close the room because of a reply that no resident sends."""
        self._room.close()
        raise RoomClosed(reason)

    def _came(self, reply: dict[str, Any]) -> Any:  # noqa: ANN401
        if "value" in reply:
            return self.incoming(reply["value"])
        raised = reply["raised"]
        if type(raised) is not dict:
            self._refuse("sent something senseless")
        raise self._error(raised)

    def incoming(self, value: Any) -> Any:  # noqa: ANN401
        """What came, with stand-ins for `Ref`s."""
        kind = type(value)
        if kind is Ref:
            return self._stand_in(value)
        if kind in (list, tuple, set, frozenset):
            return kind(map(self.incoming, value))
        if kind is dict:
            return {self.incoming(k): self.incoming(v) for k, v in value.items()}
        return value

    def _stand_in(self, ref: Ref) -> object:
        if ref.kind not in KINDS:
            self._refuse("sent something senseless")
        if ref.number not in self._known:
            if ref.kind == "exception":
                return self.exception(self.plain("lineage", object=ref.number))
            self._known[ref.number] = MAKERS[ref.kind](self, ref)
        return self._known[ref.number]

    def _called_back(self, reply: dict[str, Any]) -> dict[str, Any]:
        """Call the function of the check that the student's code asks for."""
        number, named = reply["callback"], reply.get("named")
        inputs = reply.get("inputs")
        if type(number) is not int or not 0 <= number < len(self._callbacks):
            self._refuse("sent something senseless")
        if type(inputs) is not list or type(named) is not dict:
            self._refuse("sent something senseless")
        try:
            function = self._callbacks[number]
            value = function(*self.incoming(inputs), **self.incoming(named))
            return {"do": "return", "value": self.outgoing(value)}
        except Exception as error:
            kind, text = type(error).__name__, str(error)[:1_000]
            return {"do": "raise", "kind": kind, "text": text}

    def _error(self, raised: dict[str, Any]) -> Exception:
        """The exception that is raised here for one that was raised there."""
        text, trace = raised.get("text"), raised.get("trace")
        if type(text) is not str or type(trace) is not str:
            self._refuse("sent something senseless")
        error = saying(self.exception(raised), text[:MAX_TEXT])
        error.__notes__ = [trace[-MAX_TEXT:]]
        return error

    def exception(self, kin: dict[str, Any]) -> type[Exception]:
        """A class here for an exception class there, with bases like its own."""
        kinds, classes = kin.get("kinds"), kin.get("classes")
        if type(kinds) is not list or type(classes) is not list:
            self._refuse("sent something senseless")
        kind = nearest(kinds)
        for one in reversed(classes):
            kind = self._mirror(one, kind)
        return kind

    def _mirror(self, ref: object, base: type[Exception]) -> type[Exception]:
        if type(ref) is not Ref:
            self._refuse("sent something senseless")
        if ref.number not in self._known:
            name = ref.type_name if ref.type_name.isidentifier() else "Error"
            kind = type(name, (base,), {"_number": ref.number})
            self._known[ref.number] = kind
        known = self._known[ref.number]
        return known if isinstance(known, type) else base


def change(given: Any, after: Any) -> None:  # noqa: ANN401
    """Make a list, dict, set, array or tensor of the check what it is over there."""
    kind = type(given)
    if type(after) is not kind:
        return
    if kind is list:
        given[:] = after
    elif kind in (dict, set):
        given.clear()
        given.update(after)
    elif kind.__name__ in ("ndarray", "Tensor") and given.shape == after.shape:
        given.__setitem__(..., after)


def nearest(kinds: list[Any]) -> type[Exception]:
    """The first of these exceptions, by dotted names, that both sides have."""
    for name in kinds:
        module, _, last = str(name).rpartition(".")
        known = module.partition(".")[0] in KNOWN
        kind = vars(sys.modules.get(module, builtins)).get(last) if known else None
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind
    return StudentError


def saying(kind: type[Exception], text: str) -> Exception:
    """An exception of this kind with this text."""
    try:
        error = kind(text)
        if str(error) == text:
            return error
    except Exception:  # some want more than a text
        pass
    odd = type(kind.__name__, (kind,), {"__str__": lambda self: text})
    made: Exception = odd.__new__(odd)  # type: ignore[call-overload]
    made.args = (text,)
    return made


def known_name(value: Any) -> str:  # noqa: ANN401
    """The dotted name of what both sides have, such as numpy.sin; or ""."""
    module = getattr(value, "__module__", None) or type(value).__module__
    if type(module) is not str or module.partition(".")[0] not in KNOWN:
        return ""
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    name = name or str(value).rpartition(".")[2]
    for home in (module, module.partition(".")[0]):
        if getattr(sys.modules.get(home), str(name), None) is value:
            return f"{home}.{name}"
    return ""


def _line(stand_in: "StandIn") -> Line:
    return object.__getattribute__(stand_in, "_line")


def number_of(stand_in: "StandIn") -> int:
    """The number of the object in its room."""
    return object.__getattribute__(stand_in, "_number")


def type_name_of(stand_in: "StandIn") -> str:
    """The name of the object's class, as the room says."""
    return object.__getattribute__(stand_in, "_type_name")


class StandIn:
    """Stands for an object of the student that stays in its room."""

    def __init__(self, line: Line, ref: Ref) -> None:
        object.__setattr__(self, "_line", line)
        object.__setattr__(self, "_number", ref.number)
        object.__setattr__(self, "_type_name", ref.type_name)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name.startswith("__") and name not in DESCRIBING:
            raise AttributeError(name)
        return _line(self).ask("get", object=number_of(self), attribute=name)

    def __setattr__(self, name: str, value: object) -> None:
        _operate(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        _operate(self, "delattr", name)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StandIn):
            return self is other or _truth(_operate(self, "eq", other))
        return False

    def __ne__(self, other: object) -> bool:
        if isinstance(other, StandIn):
            return _truth(_operate(self, "ne", other))
        return True

    def __hash__(self) -> int:
        return number_of(self)

    def __iter__(self) -> Iterator[Any]:
        return _operate(self, "iter")

    def __next__(self) -> NoReturn:
        raise TypeError(f"an object of type {self._type_name} is no iterator")

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:  # noqa: ANN401
        array = _line(self).ask("array", object=number_of(self))
        return array if dtype is None else array.astype(dtype)

    def __instancecheck__(self, instance: object) -> bool:
        return _truth(_line(self).ask("operation", name="isinstance",
                                      inputs=[instance, self]))  # fmt: skip

    def __subclasscheck__(self, kind: type) -> bool:
        return _truth(_line(self).ask("operation", name="issubclass",
                                      inputs=[kind, self]))  # fmt: skip

    def __dir__(self) -> list[str]:
        return list(_operate(self, "dir"))


class CallableStandIn(StandIn):
    """Stands for a function or a class."""

    def __call__(self, *inputs: Any, **named: Any) -> Any:  # noqa: ANN401
        return _line(self).call(number_of(self), list(inputs), named)


class IteratorStandIn(StandIn):
    """Stands for a generator or another iterator, which may be endless."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:  # noqa: ANN401
        # One at a time, as next() does it: what follows must not happen yet.
        items = _line(self).ask("take", object=number_of(self), most=1)
        if not items:
            raise StopIteration
        return items[0]


def _operate(target: StandIn, name: str, *inputs: Any) -> Any:  # noqa: ANN401
    return _line(target).ask("operation", name=name, inputs=[target, *inputs])


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise TypeError("a comparison gave something else than True or False")
    return value


def _method(name: str, turned: bool) -> Callable[..., Any]:
    def method(self: StandIn, *inputs: Any) -> Any:  # noqa: ANN401
        both = [*inputs, self] if turned else [self, *inputs]
        return _line(self).ask("operation", name=name, inputs=both)

    return method


def _ordering(name: str) -> Callable[..., Any]:
    def method(self: StandIn, other: object) -> bool:
        if not isinstance(other, StandIn):
            kind = object.__getattribute__(self, "_type_name")
            raise TypeError(NOT_COMPARED.format(kind))
        return _truth(_operate(self, name, other))

    return method


UNARY = """len bool int float index str repr format round reversed getitem setitem
    delitem contains neg pos abs invert enter exit"""
BINARY = """add sub mul truediv floordiv mod pow matmul and or xor lshift rshift"""

for _name in UNARY.split():
    setattr(StandIn, f"__{_name}__", _method(_name, turned=False))
for _name in BINARY.split():
    _word = f"{_name}_" if _name in ("and", "or") else _name
    setattr(StandIn, f"__{_name}__", _method(_word, turned=False))
    setattr(StandIn, f"__r{_name}__", _method(_word, turned=True))
for _name in ("lt", "le", "gt", "ge"):
    setattr(StandIn, f"__{_name}__", _ordering(_name))


def _described(self: StandIn) -> Any:  # noqa: ANN401
    return self.__getattr__("__doc__")


for _kind in (StandIn, CallableStandIn, IteratorStandIn):
    _kind.__doc__ = property(_described)  # type: ignore[assignment]

MAKERS: dict[str, Callable[[Line, Ref], object]] = {
    "class": CallableStandIn,
    "function": CallableStandIn,
    "iterator": IteratorStandIn,
    "object": StandIn,
}
