"""The machinery of the checks: what they refuse, and what they say."""

import subprocess
import sys
from collections import Counter, OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from enum import IntEnum
from fractions import Fraction
from types import NoneType
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from coursekit import checks
from coursekit.checks import REGISTRY, Check, CheckFailed
from coursekit.checks.calling import call
from coursekit.checks.core import Cases, exercise
from coursekit.checks.errors import NotPlainError
from coursekit.checks.expect import Answer, expect
from coursekit.checks.show import as_text
from coursekit.checks.values import copied, plain, same
from tests.answers import AnswerCell, answers, judge, namespace, run_cell

Function = Callable[..., Any]
FUNCTIONS = {name: c for name, c in REGISTRY.items() if isinstance(c, Check)}
WITH_ROOM = {"pixel-gate"}  # many answers are right, those nearby among them
NAMES_ITS_INPUTS = [name for name, check in FUNCTIONS.items() if check._names]


Pair = namedtuple("Pair", "x y")


class Typed(NamedTuple):
    """A named tuple of the newer kind."""

    x: int
    y: int


class Color(IntEnum):
    """A number with a name."""

    RED = 1


class AlwaysEqual:
    """An object that claims to equal anything."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True


def _first_right(exercise_id: str) -> AnswerCell:
    return next(cell for cell in answers("right") if cell.exercise == exercise_id)


def _right(exercise_id: str) -> dict[str, Function]:
    space = namespace()
    run_cell(_first_right(exercise_id).source, "<right>", space)
    return {name: space[name] for name in REGISTRY[exercise_id].parameters}


def _with_numbers(value: Any, make: Function) -> Any:  # noqa: ANN401
    """The same structure with every number and array replaced."""
    if isinstance(value, dict):
        return {key: _with_numbers(item, make) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_with_numbers(item, make) for item in value)
    return make(value)


def _zero(value: Any) -> Any:  # noqa: ANN401
    return np.zeros_like(value) if isinstance(value, np.ndarray) else 0


def _random(value: Any) -> Any:  # noqa: ANN401
    random = np.random.default_rng()
    if isinstance(value, np.ndarray):
        return random.normal(size=value.shape)
    return int(random.integers(1_000_000))


def _empty(value: Any) -> Any:  # noqa: ANN401
    return np.zeros(0) if isinstance(value, np.ndarray) else None


def _nan(value: Any) -> Any:  # noqa: ANN401
    return np.full_like(value, np.nan, dtype=float)


def _infinite(value: Any) -> Any:  # noqa: ANN401
    return np.full_like(value, np.inf, dtype=float)


def _true(value: Any) -> Any:  # noqa: ANN401
    return np.ones_like(value, dtype=bool)[()]


def _slightly_off(value: Any) -> Any:  # noqa: ANN401
    return value * 1.01 + 0.01


@pytest.mark.parametrize(
    "make",
    [_zero, _random, _empty, _nan, _infinite, _true, _slightly_off],
    ids=lambda make: make.__name__.strip("_"),
)
@pytest.mark.share(3)
@pytest.mark.parametrize("exercise_id", FUNCTIONS)
def test_nonsense_of_the_right_structure_is_refused(
    exercise_id: str, make: Function
) -> None:
    if make is _slightly_off and exercise_id in WITH_ROOM:
        pytest.skip("whatever keeps its bounds is right")
    right, returned = _right(exercise_id), set()

    def spoiled(function: Function) -> Function:
        def answer(*inputs: Any) -> Any:  # noqa: ANN401
            value = function(*inputs)
            returned.add(type(value))
            return _with_numbers(value, make)

        return answer

    for name in right:  # one after the other: a check must look at every answer
        nonsense = right | {name: spoiled(right[name])}
        message = judge(exercise_id, nonsense)
        if returned == {NoneType}:
            pytest.skip("it returns nothing: what it does is judged")
        assert message.startswith(f"✗ {exercise_id}")


@pytest.mark.parametrize(
    "answer",
    [
        lambda *inputs: inputs[0] if inputs else (),
        lambda *inputs: inputs[-1] if inputs else 0,
        lambda *inputs: [],
        lambda *inputs: {},
        lambda *inputs: "",
        lambda *inputs: np.zeros(0),
        lambda *inputs: lambda: 0,
        lambda *inputs: 1j,
        lambda *inputs: np.array([1j]),
        lambda *inputs: np.array(["a"]),
        lambda *inputs: {"blur", "sharpen"},
        lambda: 1,
        lambda a, b, c, d, e, f, g: 1,
        None,
        ...,
        5,
        "relu",
    ],
)
@pytest.mark.share(3)
@pytest.mark.parametrize("exercise_id", FUNCTIONS)
def test_any_other_nonsense_is_refused(exercise_id: str, answer: object) -> None:
    names = REGISTRY[exercise_id].parameters
    message = judge(exercise_id, dict.fromkeys(names, answer))
    assert message.startswith(f"✗ {exercise_id}")


@pytest.mark.share(3)
@pytest.mark.parametrize("exercise_id", NAMES_ITS_INPUTS)
def test_an_answer_that_writes_into_its_inputs_is_refused(exercise_id: str) -> None:
    """Where all inputs are numbers, texts or the like, there is nothing to spoil."""
    check: Any = REGISTRY[exercise_id]
    spoiled: list[str] = []

    def vandal(function: Function) -> Function:
        def answer(*inputs: Any, **named: Any) -> Any:  # noqa: ANN401
            result = function(*inputs, **named)
            if not getattr(result, "requires_grad", False):  # a graph would be lost
                result = copied(result)
            found = [x for x, y in zip(check._names, inputs, strict=False) if spoil(y)]
            spoiled.extend(found)
            return result

        return answer

    right = {name: vandal(f) for name, f in _right(exercise_id).items()}
    message = judge(exercise_id, right)
    told = f"your function changes its input {spoiled[0]}," if spoiled else ""
    assert told in message
    assert bool(message) == bool(spoiled)
    may = Check(exercise_id, check._names, check._body, check.rule, in_place=True)
    may.parameters = check.parameters
    assert may.run(*right.values(), seed=1)


def spoil(value: Any) -> bool:  # noqa: ANN401
    """Change an array or a list in place; whether it was one."""
    if isinstance(value, np.ndarray):
        value[...] += 1
    elif isinstance(value, list):
        value.append(0)
    return isinstance(value, np.ndarray | list)


@pytest.mark.parametrize(
    ("value", "spoil"),
    [
        (np.array([np.nan, 1]), lambda x: x.sort()),
        (np.array([2, 1]), lambda x: x.sort()),
        (np.zeros(3), lambda x: x.resize(2, refcheck=False)),
        (np.zeros((2, 3)), lambda x: setattr(x, "shape", (3, 2))),
        (torch.ones(2), lambda x: x.add_(1)),
        (torch.ones(2), lambda x: x.resize_(3)),
        ([1, 2], lambda x: x.append(3)),
        ([1, [2, 3]], lambda x: x[1].reverse()),
        ([1, 2], lambda x: x.append(x)),
        ({"a": {"b": 1}}, lambda x: x["a"].pop("b")),
        ({"a": 1}, lambda x: x.update(a=1.0)),
        ({"a": np.ones(2)}, lambda x: x["a"].fill(0)),
        (([1],), lambda x: x[0].clear()),
        ([1], lambda x: x.__setitem__(0, AlwaysEqual())),
    ],
)
def test_a_spoiled_input_is_noticed(value: Any, spoil: Function) -> None:  # noqa: ANN401
    before = copied(value)
    assert call(spoil, value).changed == [0]
    assert call(lambda *, x: spoil(x), x=value).changed == ["x"]
    assert same(before, value)


@pytest.mark.parametrize(
    "value", [np.array([np.nan, -0.0]), torch.ones(2), [1, {"a": float("nan")}], "x"]
)
def test_an_input_given_back_is_not_spoiled(value: Any) -> None:  # noqa: ANN401
    outcome = call(lambda x: x, value)
    assert outcome.changed == []
    assert same(outcome.value, value)
    assert call(lambda x: np.asarray(x)[..., None], value).changed == []


@pytest.mark.share(3)
@pytest.mark.parametrize("exercise_id", FUNCTIONS)
def test_checks_leave_stderr_and_figures_alone(
    exercise_id: str,
    capfd: pytest.CaptureFixture[str],
    recwarn: Any,  # noqa: ANN401
) -> None:
    before = plt.get_fignums()
    assert REGISTRY[exercise_id](*_right(exercise_id).values()) is None
    out, err = capfd.readouterr()
    assert out.startswith(f"✓ {exercise_id}: all ")
    assert out.count("\n") == 1
    assert err == ""
    assert plt.get_fignums() == before
    assert not list(recwarn)


def test_what_an_answer_prints_shows_only_in_a_failure(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def answer(height: int, width: int, channels: int, units: int) -> int:
        for number in range(1000):
            print("trying", number)
        print("to stderr", file=sys.stderr)
        return 0

    message = judge("dense-weights", {"dense_weights": answer})
    assert "It printed:\n    trying 0\n" in message
    assert message.endswith("…")
    assert len(message) < 1000
    assert capfd.readouterr() == ("", "")


def test_the_message_stands_alone_in_jupyter(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shell = InteractiveShell()
    shell.user_ns["checks"] = checks
    shell.run_cell("def dense_weights(h, w, c, u):\n    return h * w * u")
    capsys.readouterr()
    shell.run_cell("checks.week1.dense_weights(dense_weights)")
    out, err = capsys.readouterr()
    assert out.startswith("✗ dense-weights · ")
    assert out.rstrip().endswith("Every pixel has one number for each channel.")
    assert err == ""


def test_long_lines_are_broken_between_words() -> None:
    words = "a cell that defines it, " * 10
    message = f"✗ id · case\n  f(1)\n    {words}\n  {'x' * 100}"
    [shown] = CheckFailed(message)._render_traceback_()
    assert shown.split() == message.split()
    first, call, *broken, unbroken = shown.split("\n")
    assert (first, call, unbroken.strip()) == ("✗ id · case", "  f(1)", "x" * 100)
    assert len(broken) == 3
    for line in broken:
        assert line.startswith("    ")
        assert len(line) <= 88


def test_an_error_is_quoted_with_the_line_of_the_answer() -> None:
    source = "def dense_weights(*sizes):\n    size = sizes[9]\n    return size"
    space = namespace()
    run_cell(source, "<a cell>", space)
    message = judge("dense-weights", space)
    assert "raised IndexError: tuple index out of range" in message
    assert "on the line  size = sizes[9]" in message


def test_calling_another_answer_that_is_not_written_yet() -> None:
    space = namespace()
    stub = "def correlate1d(x, w):\n    raise NotImplementedError('Write it here.')"
    run_cell(stub, "<first cell>", space)
    mine = "def convolve1d(x, w):\n    return correlate1d(x, w[::-1])"
    run_cell(mine, "<second cell>", space)
    message = judge("convolve-1d", space)
    assert "on the line  return correlate1d(x, w[::-1])" in message
    assert "calls an answer that is not written yet" in message
    assert "correlate-1d is not written yet: " in judge("correlate-1d", space)


def test_a_big_array_is_summarised_with_the_first_difference() -> None:
    def body(answer: Answer, cases: Cases) -> None:
        expect(answer(np.zeros((20, 30))), np.ones((20, 30)), "a big one")

    check = Check("big", ("image",), body)
    wrong = np.ones((20, 30))
    wrong[3, 4:6] = 2.5
    with pytest.raises(CheckFailed) as caught:
        check(lambda image: wrong)
    message = str(caught.value)
    assert "image = an array of shape (20, 30), float64" in message
    assert (
        "First difference at [3, 4]: expected 1, got 2.5 (2 of 600 differ)." in message
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda: 1, "a function"),
        (range(3), "a range"),
        ((n for n in [1]), "a generator"),
        (np.array([None]), "an array of Python objects"),
        (np.ma.array([1]), "a masked array"),
        (np.ones(1).view(np.matrix), "a NumPy matrix .*np.asarray"),
        (map(int, "12"), "a map that has not run yet"),
        ({"a": 1}.values(), "the values of a dictionary"),
        (Color(1), "an object of type Color"),
        ([1, {2}], "a list that holds a set"),
        ({(1, 2): 3}, "a dict that holds a key that is an object of type tuple"),
        (10**700, "more than 600 digits"),
        (Fraction(10**400, 3), "a fraction that is too large"),
        ("x" * 20_000, "a text of 20,000 characters"),
        ([0] * 20_000, "a list of 20,000 items"),
        (np.zeros(6_000_000, np.int8), "an array of 6,000,000 numbers"),
        (torch.zeros(2).to_sparse(), "a tensor without ordinary values"),
        (torch.zeros(2, dtype=torch.complex64), "a tensor of complex64"),
        (np.complex64(1), "a complex number"),
        (type("int", (int,), {})(5), "an object of type int"),
    ],
)
def test_what_is_not_plain_is_named(value: object, words: str) -> None:
    with pytest.raises(NotPlainError, match=words):
        plain(value)


def test_deep_nesting_and_loops_are_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotPlainError, match="nested too deep"):
        plain(endless)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(5), 5),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        ((1, [2.0, "a", None]), (1, [2.0, "a", None])),
        ({"a": np.float64(1)}, {"a": 1.0}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (defaultdict(int, a=1), {"a": 1}),
        (Counter("aab"), {"a": 2, "b": 1}),
        ([OrderedDict(a=Pair(1, np.int32(2)))], [{"a": (1, 2)}]),
        (Pair(1, 2), (1, 2)),
        (Typed(1, 2), (1, 2)),
        ({np.str_("a"): 1, np.int64(2): 3}, {"a": 1, 2: 3}),
        (np.str_("a"), "a"),
        ([Fraction(3, 100), Fraction(8, 2)], [0.03, 4]),
    ],
)
def test_plain_data_stays_what_it_is(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_tensor_with_a_gradient_is_plain() -> None:
    value = torch.ones(2, requires_grad=True)
    assert not plain(value).requires_grad
    assert plain(torch.ones(2, dtype=torch.bfloat16)).dtype == torch.float32


def test_warnings_and_errors_are_kept() -> None:
    assert call(lambda: np.exp(np.array([1000.0]))).warned == [
        "overflow encountered in exp"
    ]
    raised = call(lambda: [][1]).raised
    assert raised is not None
    assert raised.kinds == (
        "IndexError", "LookupError", "Exception", "BaseException",
    )  # fmt: skip


def test_ctrl_c_stops_a_check() -> None:
    def answer(*inputs: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        REGISTRY["dense-weights"](answer)


def test_the_wrong_number_of_answers() -> None:
    with pytest.raises(CheckFailed, match=r"activations\(sigmoid, tanh, relu\)"):
        checks.week1.activations(np.tanh)


def test_an_id_is_taken_once() -> None:
    with pytest.raises(ValueError, match="two checks have the id 'im2col'"):
        exercise("im2col")(lambda answer, cases: None)


@pytest.mark.slow
def test_students_need_no_grading_to_import_the_checks() -> None:
    code = (
        "import sys; from coursekit import checks; "
        "assert not any('grading' in name for name in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("value", "text"), [((3,), "(3,)"), ((), "()"), ((1, 2), "(1, 2)"), ([3], "[3]")]
)
def test_tuples_are_written_as_python_does(value: Any, text: str) -> None:  # noqa: ANN401
    assert as_text(value) == text
