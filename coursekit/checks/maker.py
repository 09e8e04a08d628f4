"""An answer that may make objects: a class, or a function that returns objects."""

import builtins
from dataclasses import replace
from typing import Any

from coursekit.checks.expect import Result, fail, refuse_changed
from coursekit.checks.modules import MadeModule
from coursekit.checks.objects import Handle, Link, MadeObject, MadeResult, made

_WORDS = "an nn.Module"


class Maker:
    """A student's function or class.

    Called with plain data it gives a `Result`, as every `Answer` does; it may be called
    with objects too, which stay on the bench. `make…` keep what it returns there.
    """

    def __init__(
        self, name: str, names: tuple[str, ...], link: Link, number: int
    ) -> None:
        self._name, self._names = name, names
        self.link, self.number = link, number

    def __call__(self, *inputs: Any, **named: Any) -> Result:  # noqa: ANN401
        given = [*inputs, *named.values()]
        if not named and not any(isinstance(value, Handle) for value in given):
            outcome = self.link.ask("plain", self.number, inputs)
            return Result(outcome, self.link.tally, self._name, self._names, inputs)
        result = self._use("call", inputs, named)
        for value in given:
            if isinstance(value, Handle):
                value.tell(result.text)
        return replace(result, whose="your function")

    def make(self, *inputs: Any, **named: Any) -> MadeObject:  # noqa: ANN401
        """The object that the answer makes; fails when it makes none."""
        result = self._use("make", inputs, named)
        number, _, kind = made(self.link, result, "an object", "make one")
        return self._told(MadeObject(self.link, number, "made", kind), result)

    def make_module(self, *inputs: Any, **named: Any) -> MadeModule:  # noqa: ANN401
        """The nn.Module that the answer makes; fails when it makes none."""
        result = self._use("make", inputs, named)
        number, kind, name = made(self.link, result, _WORDS, "make one")
        if kind != "module":
            words = "the class" if kind == "class" else "an object of type"
            fail(result, "make one", f"returned {words} {name}; expected {_WORDS}",
                 _not_a_module(kind, name))  # fmt: skip
        refuse_changed(result, "make one")
        return self._told(MadeModule(self.link, number, "model", name), result)

    def _use(
        self, operation: str, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> MadeResult:
        outcome = self.link.ask(operation, self.number, inputs, named, method="")
        return MadeResult(outcome, self.link.tally, self._name, self._names, inputs,
                          whose=f"your {self._name}", named=named)  # fmt: skip

    def _told(self, handle: Any, result: MadeResult) -> Any:  # noqa: ANN401
        handle.tell(f"{handle.name} = {result.text}")
        return handle


def _not_a_module(kind: str, name: str) -> str:
    if kind == "class":
        return f"Return an object of the class: {name}(…), with brackets."
    if hasattr(builtins, name) or name in ("ndarray", "OrderedDict"):
        return "Return one object, such as nn.Sequential(…)."
    return f"Let the class inherit from it: class {name}(nn.Module)."
