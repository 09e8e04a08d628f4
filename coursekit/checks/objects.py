"""Handles of objects that an answer makes: what a check may do with them.

The objects stay on the bench, with the answer (`coursekit.checks.bench`). A handle only
knows a number; what is asked and what comes back is plain data. So an object may lie on
a bench beside the check or in another process, and the check is the same. How a check
of a module is written, `coursekit.checks.modules` shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, Protocol

import numpy as np
import torch

from coursekit.checks.advice import advice_on
from coursekit.checks.calling import Outcome
from coursekit.checks.compare import compare
from coursekit.checks.errors import BrokenProtocolError, CheckFailed
from coursekit.checks.expect import Result, Tally, expect, fail, noun
from coursekit.checks.ready_made import as_texts, rule_now
from coursekit.checks.replies import part, read
from coursekit.checks.show import as_text, labelled
from coursekit.checks.values import Plain, plain

MAX_STORY = 8  # lines about what happened to an object before
KINDS = ("plain", "class", "module", "iterator", "object")


class Channel(Protocol):
    """A bench, or something that carries messages to one."""

    def do(self, message: Plain) -> Plain:
        """The reply to a message, both plain data. The reply is not to be trusted."""

    def clear(self) -> None:
        """Forget the objects that were made, but not the answers."""


@dataclass(frozen=True)
class Elsewhere:
    """Stands for an answer on a bench that the check only reaches by messages."""

    channel: Channel
    number: int


@dataclass
class Link:
    """From the handles of one run of a check to the bench."""

    channel: Channel
    tally: Tally

    def ask(
        self,
        operation: str,
        number: int | None = None,
        inputs: Sequence[Any] = (),
        named: dict[str, Any] | None = None,
        **about: Plain,
    ) -> Outcome:
        """What came of an operation. Raises CheckFailed for a senseless reply."""
        refs: list[list[Any]] = []
        message = {
            "op": operation,
            "object": number,
            "about": about,
            "inputs": [_sent(at, v, refs) for at, v in enumerate(inputs)],
            "named": {at: _sent(at, v, refs) for at, v in (named or {}).items()},
            "refs": refs,
            "rule": as_texts(rule_now()),
        }
        try:
            return read(self.channel.do(message))
        except BrokenProtocolError as error:
            self.broken(error)

    def broken(self, error: BrokenProtocolError) -> NoReturn:
        """Fail because of a reply that no bench sends."""
        raise CheckFailed(
            f"✗ {self.tally.exercise}: your code disturbs what runs it; it "
            f"sent {error}. Restart the kernel, run all cells and try again."
        )


def _sent(at: int | str, value: Any, refs: list[list[Any]]) -> Plain:  # noqa: ANN401
    if not isinstance(value, Handle):
        return plain(value)  # a copy without a graph, as it would arrive elsewhere
    refs.append([at, value.number])
    return None


@dataclass
class MadeResult(Result):
    """What one use of an object gave.

    story: what was done to it before; called: False for a look at it without a call
    """

    story: tuple[str, ...] = ()
    called: bool = True
    named: dict[str, Plain] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that was done to the object, as Python would write it."""
        if not self.called:
            call = f"{self.name}{self.part}"
        elif self.part:
            dots = "…" if self.inputs or self.named else ""
            call = f"{self.name}({dots}){self.part}"
        else:
            call = written(self.name, self.names, self.inputs, self.named)
        return "\n".join([*self.story, call])

    @property
    def advice(self) -> str:
        """What usually lies behind such an error in a module or a loop."""
        raised = self.outcome.raised
        return (advice_on(raised) if raised else "") or super().advice


def written(
    name: str,
    names: Sequence[str],
    inputs: Sequence[Plain],
    named: dict[str, Plain] | None = None,
) -> str:
    """`model(x, k=3) with` and a line for each array below the call."""
    texts: list[str] = []
    lines: list[str] = []
    labels = [*names, *(f"input {i}" for i in range(len(names), len(inputs)))]
    for label, value in zip(labels, inputs, strict=False):
        texts.append(_word(label, value, lines))
    for label, value in (named or {}).items():
        texts.append(f"{label}={_word(label, value, lines)}")
    call = f"{name}({', '.join(texts)})"
    return "\n".join([f"{call} with", *lines] if lines else [call])


def _word(label: str, value: Any, lines: list[str]) -> str:  # noqa: ANN401
    if isinstance(value, Handle):
        return value.name
    if isinstance(value, np.ndarray | torch.Tensor):
        lines.append(labelled(f"    {label} = ", value))
        return label
    return as_text(value)


class Handle:
    """Something on the bench. `name`: what messages call it."""

    def __init__(self, link: Link, number: int, name: str, kind: str = "") -> None:
        self.link, self.number, self.name = link, number, name
        self.type = kind
        self.story: list[str] = []

    @property
    def whose(self) -> str:
        """Who raised, in messages."""
        return f"your {self.type}"

    def result(
        self,
        outcome: Outcome,
        call: str,
        inputs: Sequence[Any] = (),
        named: dict[str, Any] | None = None,
        names: Sequence[str] = ("x", "y", "z"),
    ) -> MadeResult:
        """A result about this object: `call` is what was called, without inputs."""
        return MadeResult(
            outcome,
            self.link.tally,
            call,
            tuple(names),
            tuple(inputs),
            whose=self.whose,
            story=tuple(self.story[-MAX_STORY:]),
            named=named or {},
        )

    def look(self, outcome: Outcome, part: str) -> MadeResult:
        """A result about a part of this object that needs no call."""
        return replace(self.result(outcome, self.name), part=part, called=False)

    def tell(self, line: str) -> None:
        """Add to what messages say was done to the object."""
        self.story.append(line)


class MadeObject(Handle):
    """An object that an answer made.

    Uses of it never raise and give a result; `make` fails when nothing is made.
    """

    def __call__(self, *inputs: Any, **named: Any) -> Result:  # noqa: ANN401
        return self.call("", *inputs, **named)

    def call(self, method: str, /, *inputs: Any, **named: Any) -> Result:  # noqa: ANN401
        """Call a method by its name; "" calls the object itself."""
        outcome = self.link.ask("call", self.number, inputs, named, method=method)
        name = f"{self.name}.{method}" if method else self.name
        return self.result(outcome, name, inputs, named)

    def do(self, method: str, /, *inputs: Any, **named: Any) -> None:  # noqa: ANN401
        """Call a method for what it does; fails when it raises."""
        result = self.call(method, *inputs, **named)
        if result.outcome.raised:
            expect(result, None, f"call {method}")
        self.tell(written(f"{self.name}.{method}", result.names, inputs, named))

    def get(self, attribute: str) -> Result:
        """A plain attribute."""
        outcome = self.link.ask("get", self.number, attribute=attribute)
        return self.look(outcome, f".{attribute}")

    def take(self, most: int) -> Result:
        """A list of what iterating gives, `most` items at most: it may be endless."""
        outcome = self.link.ask("take", self.number, most=most)
        if outcome.refused or outcome.raised or type(outcome.value) is list:
            return self.look(outcome, f", iterated (at most {most} items)")
        self.link.broken(BrokenProtocolError("something else than a list of items"))

    def make(self, method: str, /, *inputs: Any, **named: Any) -> "MadeObject":  # noqa: ANN401
        """The object that a method returns, such as `parameters`."""
        name = f"{self.name}.{method}" if method else self.name
        outcome = self.link.ask("make", self.number, inputs, named, method=method)
        result = self.result(outcome, name, inputs, named)
        number, _, kind = made(self.link, result, "an object", f"call {method}")
        return MadeObject(self.link, number, f"{name}()", kind)

    def value(self) -> Result:
        """The object as plain data, such as a list that a loop has filled."""
        outcome = self.link.ask("value", self.number)
        return self.look(outcome, " afterwards")


def made(link: Link, result: Result, words: str, case: str) -> tuple[int, str, str]:
    """Number, kind and type of what was made; fails when it is no object."""
    outcome = result.outcome
    if outcome.ready or outcome.raised or outcome.refused:
        expect(result, None, case)
    try:
        kind = part(outcome.value, "kind", str)
        if kind not in KINDS:
            raise BrokenProtocolError("an object of an unknown kind")
        if kind == "plain":
            _fail_plain(result, outcome.value.get("value"), words, case)
        number = part(outcome.value, "number", int)
        return number, kind, part(outcome.value, "type", str)
    except BrokenProtocolError as error:
        link.broken(error)


def _fail_plain(result: Result, value: Plain, words: str, case: str) -> NoReturn:
    missing = "Is the `return` missing?" if value is None else ""
    fail(result, case, f"returned {noun(value)}; expected {words}", missing)


def expect_items(made: MadeObject, items: Sequence[Plain], case: str) -> None:
    """Iterating must give exactly these items, and then end."""
    result = made.take(len(items) + 1)
    if type(result.outcome.value) is not list:
        expect(result, list(items), case)
    got = result.outcome.value
    for at, (one, item) in enumerate(zip(got, items, strict=False)):
        mismatch = compare(one, item)
        if mismatch:
            lines = [labelled("expected  ", item), labelled("got       ", one)]
            fail(result, case, f"item {at} is not right:", *lines, mismatch.text)
    if len(got) < len(items):
        last = _last_missing(got, items)
        early = f"it ends too early: {len(got)} items, expected {len(items)}"
        fail(result, case, early, last)
    if len(got) > len(items):
        more = labelled(f"item {len(items)} is  ", got[-1])
        late = f"it goes on after the last item (expected {len(items)})"
        fail(result, case, late, more, "It should end there. Is it endless?")
    result.tally.agreed += 1


def _last_missing(got: Sequence[Plain], items: Sequence[Plain]) -> str:
    """Words for a generator that leaves out the last batch, smaller than the others."""
    if not got or len(got) != len(items) - 1:
        return ""
    before, last = _rows(items[-2]), _rows(items[-1])
    return "The last, smaller one is missing." if last < before else ""


def _rows(item: Plain) -> int:
    first = item[0] if isinstance(item, list | tuple) and item else item
    return len(first) if np.ndim(first) else 0
