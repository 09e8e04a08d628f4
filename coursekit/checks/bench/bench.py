"""The bench: where an answer lives, its objects are kept and worked on by number.

A check never holds an object of an answer. It sends a bench one message of plain data
and gets one reply of plain data:

    {"op": "call", "object": 3, "about": {"method": "step"},
     "inputs": [...], "named": {...}, "refs": [[0, 5]], "rule": {...}}

`refs` puts kept objects among the inputs, by position or by name; `rule` says what the
exercise is about to write by hand. In the student's
notebook the check talks to a bench beside it; at grading the same messages go to a
bench in another process. Both run this very code, so verdict and words are the same.
"""

import contextlib
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from coursekit.checks.bench import given, inside
from coursekit.checks.bench.dice import own_dice
from coursekit.checks.bench.lines import located
from coursekit.checks.calling import call
from coursekit.checks.errors import AnswerError, NotPlainError
from coursekit.checks.ready_made import from_texts, ready_part, watching
from coursekit.checks.replies import packed
from coursekit.checks.values import Plain, amount, name_of, plain

MAX_OBJECTS = 1_000  # kept at once
MAX_TAKEN = 1_000  # items of one iteration

IS_AN_OBJECT = "an object was given in place of the class that makes it"

Work = Callable[..., object]


class Bench:
    """Keeps objects by number and does what a message says. `do` never raises."""

    def __init__(self) -> None:
        self._answers: list[object] = []
        self._made: list[object] = []
        self._log = given.Log()
        self._asked = 0

    def keep_answer(self, value: object) -> int:
        """The number of an answer. Answers come first and stay."""
        if self._made:
            raise RuntimeError("answers are put on a bench before objects are made")
        self._answers.append(value)
        return len(self._answers) - 1

    def do(self, message: Plain) -> Plain:
        """Do one operation and say what came of it. Only Ctrl-C passes through."""
        self._asked += 1
        rule = from_texts(message["rule"])
        with own_dice(self._asked), torch.enable_grad(), watching(rule):
            work = self._work(message)
            outcome = call(work, *message["inputs"], **message["named"])
            if message["op"] == "plain" or message["about"].get("method") == "":
                outcome.gradless = not torch.is_grad_enabled()
            else:  # the bench's own work asks for the gradients of what it is given
                outcome.asking.clear()
            if message["op"] == "make" and self._made:
                with contextlib.suppress(Exception):  # it may break when looked at
                    outcome.ready = outcome.ready or ready_part(self._made[-1], rule)
            return packed(outcome)

    def clear(self) -> None:
        """Forget everything but the answers, before the next check."""
        self._made, self._log, self._asked = [], given.Log(), 0

    def _work(self, message: Plain) -> Work:
        number, about = message["object"], message["about"]
        if message["op"] == "plain":  # as it is: what is watched is the answer itself
            return self._answers[number]
        operation = getattr(self, "_" + message["op"])
        target = () if number is None else (self._object(number),)

        def work(*inputs: Plain, **named: Plain) -> object:
            try:
                filled = self._filled(message["refs"], list(inputs), named)
                return operation(*target, about, *filled, **named)
            except (NotPlainError, KeyboardInterrupt):
                raise
            except BaseException as error:
                raise located(error) from None

        return work

    def _object(self, number: int) -> object:
        return (self._answers + self._made)[number]

    def _filled(
        self, refs: Plain, inputs: list[Plain], named: dict[str, Plain]
    ) -> list[object]:
        for key, number in refs:
            holder: Any = named if type(key) is str else inputs
            holder[key] = self._object(number)
        return inputs

    def _keep(self, value: object) -> Plain:
        """What a check learns of an object: its number, kind and type."""
        if len(self._made) >= MAX_OBJECTS:
            raise NotPlainError(f"more than {MAX_OBJECTS:,} objects in one check")
        number = len(self._answers) + len(self._made)
        self._made.append(value)
        kind = type(value)
        named: Any = value if _kind(kind) == "class" else kind
        name = name_of(named)[:60]
        return {"number": number, "kind": _kind(kind), "type": name}

    # What a message can ask for. The first argument is the kept object.

    def _make(self, target: Any, about: Plain, /, *inputs: Any, **named: Any) -> Plain:  # noqa: ANN401
        if inside.is_module(target) and not about["method"]:
            raise AnswerError(("TypeError",), IS_AN_OBJECT)
        value = _function(target, about["method"])(*inputs, **named)
        try:
            return {"number": -1, "kind": "plain", "value": plain(value)}
        except NotPlainError:
            if inside.is_module(value):
                inside.parts(value)  # says so when it was never initialised
            return self._keep(value)

    def _call(self, target: Any, about: Plain, /, *inputs: Any, **named: Any) -> object:  # noqa: ANN401
        return _function(target, about["method"])(*inputs, **named)

    def _get(self, target: object, about: Plain) -> object:
        return getattr(target, about["attribute"])

    def _take(self, target: Any, about: Plain) -> Plain:  # noqa: ANN401
        most, items, numbers = min(about["most"], MAX_TAKEN), [], 0
        for item in iter(target):
            items.append(plain(item))
            numbers += amount(items[-1])
            if numbers > inside.MAX_STATE:
                raise NotPlainError(f"items of more than {inside.MAX_STATE:,} numbers")
            if len(items) == most:
                break
        return items

    def _value(self, target: object, about: Plain) -> object:
        return target

    def _module(self, target: object, about: Plain, /, *inputs: Any) -> Plain:  # noqa: ANN401
        if not inside.is_module(target):
            raise NotPlainError("no nn.Module")
        return inside.QUESTIONS[about["ask"]](target, about, *inputs)

    def _give(self, about: Plain, /, *inputs: Any, **named: Any) -> Plain:  # noqa: ANN401
        return self._keep(given.MAKERS[about["kind"]](self._log, *inputs, **named))

    def _events(self, about: Plain) -> Plain:
        return self._log.take() if about["take"] else self._log.events


def _function(target: Any, method: str) -> Work:  # noqa: ANN401
    if method:
        return getattr(target, method)
    if inside.is_module(target):
        inside.needs_forward(target)
    if not callable(target):
        raise AnswerError(("TypeError",), "the object cannot be called")
    return target


def _kind(kind: type) -> str:
    if issubclass(kind, type):
        return "class"
    if issubclass(kind, nn.Module):
        return "module"
    return "iterator" if hasattr(kind, "__next__") else "object"
