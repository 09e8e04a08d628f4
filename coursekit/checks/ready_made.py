"""What does an exercise in one call, and how a check notices that an answer uses it.

An exercise that says "write it" names what it is about to write:

    @exercise("correlate-2d", "image", "kernel", by_hand=("scipy.signal", …))

The name of a function or class stands for itself, also under its other names; the name
of a module or package covers everything in it. `allowed` names what may be called
though it uses such things inside: exercise 2.4 builds on `filters.correlate2d`.

Python tells of every call while the answer runs (`sys.setprofile`), and what it does
not tell of, such as a ufunc of NumPy, is looked for in the code that ran. What was
found is a name, plain data like all else that a check learns about an answer.

Reading our source is fine and learning. This keeps nobody from cheating; it tells
those who would skip the exercise by accident what it is for.
"""

import contextlib
import dis
import inspect
import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, partial
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    MethodType,
    ModuleType,
)
from typing import Any

import numpy as np
import torch

SHORT = {
    "torch.nn.functional.": "F.",
    "torch.nn.": "nn.",
    "numpy.": "np.",
    "coursekit.": "",
}

WATCHERS = (__name__, "coursekit.checks.calling")  # they run while an answer runs


@dataclass(frozen=True)
class Rule:
    """Dotted names: what to write by hand, what is allowed, what has to be called."""

    by_hand: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


_rule: ContextVar[Rule | None] = ContextVar("rule", default=None)


@contextlib.contextmanager
def watching(rule: Rule) -> Iterator[None]:
    """Within the `with` block, calls of answers are watched by this rule."""
    token = _rule.set(rule if rule.by_hand or rule.needs else None)
    try:
        yield
    finally:
        _rule.reset(token)


def rule_now() -> Rule | None:
    """The rule of the check that runs; None when it has none."""
    return _rule.get()


def as_texts(rule: Rule | None) -> dict[str, list[str]]:
    """The rule as plain data, for the process of the answer."""
    return {name: list(texts) for name, texts in vars(rule or Rule()).items()}


def from_texts(texts: dict[str, list[str]]) -> Rule:
    """The rule again, there."""
    return Rule(**{name: tuple(names) for name, names in texts.items()})


def ready_part(value: object, rule: Rule) -> str:
    """Short name of what is ready-made in `value`, "" when it is the student's own.

    value: a function, class, object or torch module. It counts when it is one of the
    things named, wraps one (functools.partial, np.vectorize, a bound method), is made
    of such a class, or is a module that holds one.
    """
    return _targets(rule.by_hand, _loaded(rule.by_hand)).inside(value)


class Watch:
    """Sees the calls that are made in its `with` block.

    found: short name of the first that is to be written by hand
    missing: short names of what the rule needs and nobody has called

    answer: the function whose own code is looked through, with that of its cell
    """

    def __init__(self, rule: Rule, answer: object) -> None:
        self.found = ""
        self._rule, self._answer = rule, answer
        self._targets = _targets(rule.by_hand, _loaded(rule.by_hand))
        self._allowed = _targets(rule.allowed, _loaded(rule.allowed))
        self._needs = _targets(rule.needs, _loaded(rule.needs))
        self.missing = [short(name) for name in rule.needs]
        self._home = getattr(_unwrapped(answer), "__globals__", None)
        self._own: dict[CodeType, _Ran] = {}
        self._seen: set[CodeType] = set()
        self._before: Any = None
        self._base: FrameType | None = None

    def __enter__(self) -> "Watch":
        self.found = self._targets.inside(self._answer)
        self._before, self._base = sys.getprofile(), sys._getframe(1)
        if not self.found:
            sys.setprofile(self._see)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(self._before)
        if not self.found:
            # Only now: the answer may have imported what it uses.
            names = self._rule.by_hand
            self.found = _mentioned(self._own.values(), _targets(names, _loaded(names)))

    def _see(self, frame: FrameType, event: str, called: Any) -> None:  # noqa: ANN401
        if event == "call":
            code = frame.f_code
            if code not in self._seen:
                self._seen.add(code)
                self._enter(frame, code)
        elif event == "c_call":
            name = self._targets.builtin(called)
            if name:
                self._note(name, frame)

    def _enter(self, frame: FrameType, code: CodeType) -> None:
        needed = self._needs.codes.get(code)
        if needed in self.missing:
            self.missing.remove(needed)
        name = self._targets.function(code, frame.f_globals)
        if name:
            name = self._targets.closed_over(frame) or name
            self._note(name, frame, called=True)
            if not self.found:  # allowed here, perhaps not elsewhere
                self._seen.discard(code)
        elif self._is_own(frame):
            free = {n: frame.f_locals.get(n) for n in code.co_freevars}
            self._own[code] = _Ran(code, frame.f_globals, free)

    def _is_own(self, frame: FrameType) -> bool:
        space = frame.f_globals
        return space is self._home or space.get("__name__") == "__main__"

    def _note(self, name: str, frame: FrameType | None, called: bool = False) -> None:
        """A call of what is ready-made; called: the frame is its own."""
        through = self._through(frame, frame if called else None)
        while frame is not None and frame is not self._base:
            imports = frame.f_code.co_name == "<module>"  # set off by the answer
            if imports or self._allowed.function(frame.f_code, frame.f_globals):
                return
            frame = frame.f_back
        self.found = self.found or name + through

    def _through(self, frame: FrameType | None, target: FrameType | None) -> str:
        """Words for what the answer itself calls, when that is another function."""
        below = None
        while frame is not None and not self._is_own(frame):
            if frame is self._base:
                return ""
            below, frame = frame, frame.f_back
        name = below.f_code.co_name if below and below is not target else "_"
        return "" if name.startswith(("_", "<", "forward")) else f", called by {name},"


@dataclass
class _Ran:
    """Code of the answer that ran, with what its names stand for."""

    code: CodeType
    globals: dict[str, Any]
    free: dict[str, Any]


@dataclass
class _Targets:
    """The things that dotted names stand for; `names` end with a dot."""

    names: tuple[str, ...]
    codes: dict[CodeType, str] = field(default_factory=dict)
    closures: list[tuple[FunctionType, str]] = field(default_factory=list)
    things: dict[Any, str] = field(default_factory=dict)  # hashable: functions, classes
    methods: dict[str, tuple[type, str]] = field(default_factory=dict)

    def add(self, thing: object, name: str) -> None:
        """Know a function, class or method under this name."""
        inner = _unwrapped(thing)
        if isinstance(inner, FunctionType):
            self.codes.setdefault(inspect.unwrap(inner).__code__, name)
            if inner.__closure__:
                self.closures.append((inner, name))
        elif isinstance(inner, type):
            for member in vars(inner).values():
                if isinstance(member, FunctionType):
                    self.codes.setdefault(member.__code__, name)
        elif type(inner).__name__ in ("method_descriptor", "wrapper_descriptor"):
            self.methods[inner.__name__] = (inner.__objclass__, name)
        if callable(thing):
            with contextlib.suppress(TypeError):  # not hashable
                self.things.setdefault(thing, name)

    def function(self, code: CodeType, space: dict[str, Any]) -> str:
        """Name of the ready-made Python function with this code, or ""."""
        known = self.codes.get(code)
        if known is not None or code.co_name == "<module>":
            return known or ""
        module = space.get("__name__")
        if module in WATCHERS:
            return ""
        return self._within(f"{module}.", code.co_qualname.split(".")[0])

    def closed_over(self, frame: FrameType) -> str:
        """Name of the function of this frame among those with the same code, or "".

        All of `F.max_pool1d`, `F.max_pool2d`, … are one function with other variables.
        """
        for function, name in self.closures:
            if function.__code__ is frame.f_code:
                held = inspect.getclosurevars(function).nonlocals
                if all(frame.f_locals.get(key) is held[key] for key in held):
                    return name
        return ""

    def builtin(self, called: Any) -> str:  # noqa: ANN401
        """Name of the ready-made function written in C, or ""."""
        try:
            known = self.things.get(called)
        except Exception:
            return ""
        if known is not None:
            return known
        method = self.methods.get(called.__name__)
        if method and isinstance(called.__self__, method[0]):
            return method[1]
        return ""

    def inside(self, value: Any, depth: int = 0) -> str:  # noqa: ANN401
        """Name of what `value` is, wraps or is made of, or ""."""
        value = _unwrapped(value)
        if name := self.itself(value):
            return name
        if depth > 4 or isinstance(value, type | FunctionType):
            return ""
        parts = _parts(value)
        return next(filter(None, (self.inside(part, depth + 1) for part in parts)), "")

    def itself(self, value: Any) -> str:  # noqa: ANN401
        """Name of this very thing or of its class, or ""."""
        if isinstance(value, ModuleType):
            return ""
        with contextlib.suppress(Exception):
            if value in self.things:
                return self.things[value]
        if isinstance(value, FunctionType):
            return self.function(value.__code__, value.__globals__)
        kind = value if isinstance(value, type) else type(value)
        if kind in self.things:
            return self.things[kind]
        return self._within(f"{kind.__module__}.", kind.__qualname__)

    def _within(self, module: str, name: str) -> str:
        for known in self.names:
            if module.startswith(known) or f"{module}{name}." == known:
                exact = f"{module}{name}." == known
                return short(known[:-1] if exact else known + name)
        return ""


def short(name: str) -> str:
    """`np.correlate` for `numpy.correlate`, the way lessons write it."""
    for long, instead in SHORT.items():
        if name.startswith(long):
            return instead + name.removeprefix(long)
    return name


@cache
def _targets(names: tuple[str, ...], loaded: tuple[str, ...]) -> _Targets:
    """What the names stand for now; `loaded` is there to look again after imports."""
    targets = _Targets(tuple(name + "." for name in names))
    for name in names:
        thing = resolved(name)
        if isinstance(thing, ModuleType):
            for key, member in vars(thing).items():
                if isinstance(member, BuiltinFunctionType | np.ufunc):
                    targets.add(member, short(f"{name}.{key}"))
        elif thing is not None:
            targets.add(thing, short(name))
    return targets


def resolved(name: str) -> object | None:
    """What a dotted name stands for; None when its module is not imported (yet)."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        found: object = sys.modules.get(".".join(parts[:end]))
        if found is not None:
            for part in parts[end:]:
                found = getattr(found, part, None)
            return found
    return None


def _loaded(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in _modules(names) if name in sys.modules)


@cache
def _modules(names: tuple[str, ...]) -> tuple[str, ...]:
    parts = [name.split(".") for name in names]
    return tuple({".".join(p[:end]) for p in parts for end in range(1, len(p) + 1)})


def _unwrapped(value: Any) -> Any:  # noqa: ANN401
    """The function inside a bound method or one of NumPy's dispatchers."""
    if isinstance(value, MethodType):
        return value.__func__
    if type(value).__name__ == "_ArrayFunctionDispatcher":
        return value.__wrapped__ if hasattr(value, "__wrapped__") else value
    return value


def _parts(value: Any) -> Iterable[Any]:  # noqa: ANN401
    """What an object holds that it may call."""
    if isinstance(value, partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, np.vectorize):
        return [value.pyfunc]
    if isinstance(value, torch.nn.Module):
        return list(value.modules())[1:]
    try:
        held = list(vars(value).values())
    except TypeError:
        return []
    return [item for item in held if callable(item)]


def _mentioned(ran: Iterable[_Ran], targets: _Targets) -> str:
    """Name of something ready-made, not a Python function, in code that ran, or ""."""
    for one in ran:
        for thing in _things_named(one):
            if isinstance(_unwrapped(thing), FunctionType | ModuleType):
                continue  # its call would have been seen
            with contextlib.suppress(Exception):
                if thing in targets.things and not isinstance(thing, type):
                    return targets.things[thing]
    return ""


def _things_named(ran: _Ran) -> Iterator[Any]:
    """The objects that names and dotted names in this code stand for."""
    names, thing = dict(ran.free), None
    for step in dis.get_instructions(ran.code):
        kind, name = step.opname, step.argval
        if kind in ("LOAD_GLOBAL", "LOAD_NAME"):
            thing = ran.globals.get(name)
        elif kind == "IMPORT_NAME":
            thing = sys.modules.get(name)
        elif kind == "IMPORT_FROM" and isinstance(thing, ModuleType):
            yield getattr(thing, name, None)
            names[name] = getattr(thing, name, None)
        elif kind in ("LOAD_ATTR", "LOAD_METHOD"):
            known = isinstance(thing, ModuleType | type)
            thing = getattr(thing, name, None) if known else None
        elif kind in ("STORE_FAST", "STORE_DEREF"):
            names.setdefault(name, thing)
        elif kind in ("LOAD_FAST", "LOAD_DEREF") or kind.startswith("LOAD_FAST"):
            thing = names.get(name) if isinstance(name, str) else None
        elif kind not in ("CACHE", "PUSH_NULL", "RESUME", "EXTENDED_ARG"):
            continue
        yield thing
