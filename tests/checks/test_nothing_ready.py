"""No function that students find anywhere is, as it stands, an answer."""

import importlib
import inspect
import io
import json
import os
import pkgutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import coursekit
from coursekit.authoring.student import kept_back
from coursekit.checks import REGISTRY, Check
from coursekit.checks.ready_made import resolved
from tests.answers import answers, judge, namespace, run_cell

Function = Callable[..., Any]
CHECKS = {name: check for name, check in REGISTRY.items() if isinstance(check, Check)}
LIBRARIES = [
    "numpy",
    "numpy.linalg",
    "numpy.lib.stride_tricks",
    "scipy.linalg",
    "scipy.ndimage",
    "scipy.signal",
    "scipy.special",
    "torch.nn.functional",
]
# SciPy 1.17 ends the process when it is given too little.
CRASHES = "distance_transform_cdt"
CHANGES_THINGS = (CRASHES, "set", "save", "from", "load", "gen", "show", "info", "test")


def modules_of_students() -> Iterator[str]:
    """The modules of coursekit that are in the students' zip."""
    for found in pkgutil.walk_packages(coursekit.__path__, "coursekit."):
        inside = Path(*found.name.split(".")[1:])
        away = kept_back(inside) or kept_back(inside.with_suffix(".py"))
        if not away and not found.name.endswith("__main__"):
            yield found.name


def functions_of(name: str) -> dict[str, Function]:
    """The public functions of a module. (What a class makes is no plain data.)"""
    module = importlib.import_module(name)
    public = {key: value for key, value in vars(module).items() if key[0] != "_"}
    return {
        f"{name}.{key}": value
        for key, value in public.items()
        if callable(value) and not isinstance(value, type | Check)
        and not isinstance(value, np.generic)
    }  # fmt: skip


def right(exercise: str) -> dict[str, Function]:
    """A right answer to an exercise."""
    cell = next(c for c in answers("right") if c.exercise == exercise)
    space = namespace()
    run_cell(cell.source, "<right>", space)
    return {name: space[name] for name in REGISTRY[exercise].parameters}


Inputs = tuple[list[Any], dict[str, Any]]


def copied(given: Inputs) -> Inputs:
    """A copy, where one can be made: not of what is walked through once."""
    try:
        return deepcopy(given)
    except TypeError:
        return given


def first_inputs(exercise: str, answer: dict[str, Function], place: str) -> Inputs:
    """What a check gives first to one of the functions of a right answer."""
    seen: list[Inputs] = []

    def spy(*inputs: object, **named: object) -> object:
        seen.append(copied((list(inputs), named)))
        raise ValueError("that is enough")  # the check ends here

    judge(exercise, answer | {place: spy})
    return seen[0]


def takes(function: Function, count: int) -> bool:
    """Whether a function may be called with so many inputs; yes if nobody knows."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # it has no signature
        return True
    return True


@contextmanager
def soon(seconds: float = 0.5) -> Iterator[None]:
    """Stop what takes long: it raises TimeoutError where it is."""

    def stop(*event: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def on_tensors(function: Function) -> Function:
    """The same function, given tensors in place of arrays."""

    def tensor(value: Any) -> Any:  # noqa: ANN401
        is_array = isinstance(value, np.ndarray)
        return torch.tensor(value).double() if is_array else value

    def answer(*inputs: Any) -> Any:  # noqa: ANN401
        return function(*map(tensor, inputs))

    return answer


def result_of(function: Function, given: Inputs, seconds: float = 0.5) -> object:
    """What it makes of the inputs; the error, if it cannot be called like this."""
    inputs, named = copied(given)
    try:
        with redirect_stdout(io.StringIO()), soon(seconds):
            return function(*inputs, **named)
    except BaseException as error:
        return error


def candidates(
    functions: dict[str, Function], given: Inputs, wanted: object
) -> dict[str, Function]:
    """Those that can be called like this. No library's function makes a network."""
    network = isinstance(wanted, nn.Module)
    return {
        name: function
        for name, function in functions.items()
        if takes(function, len(given[0]))
        and not (network and name.startswith(tuple(LIBRARIES)))
    }


def may_pass(result: object, wanted: object) -> bool:
    """Whether the check has to be asked about a function with this result.

    Most cannot even be called, and nothing but a network stands for a network.
    """
    if isinstance(result, BaseException):
        return isinstance(wanted, BaseException)
    return isinstance(result, nn.Module) or not isinstance(wanted, nn.Module)


def passing(exercise: str, functions: dict[str, Function]) -> list[str]:
    """Names of those that are, by themselves, right answers."""
    answer, found = right(exercise), []
    for place in answer:
        given = first_inputs(exercise, answer, place)
        wanted = result_of(answer[place], given, seconds=60)
        assert not isinstance(wanted, TimeoutError)
        for name, function in candidates(functions, given, wanted).items():
            if not may_pass(result_of(function, given), wanted):
                continue
            with soon(seconds=10):
                verdict = judge(exercise, answer | {place: function})
            if verdict == "":
                found.append(f"{name} as {place}")
    return found


def apart(work: Callable[[], list[str]], path: Path) -> list[str]:
    """What some work finds, in a process of its own.

    A function that opens the file with the number it is given closes it afterwards.
    """
    if child := os.fork():
        os.waitpid(child, 0)
        return list(json.loads(path.read_text()))
    try:
        path.write_text(json.dumps(work()))
    finally:
        os._exit(0)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Some of the functions would download, or write where they are."""
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["python"])


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="nothing stops it here")
def test_one_that_is_an_answer_would_be_found() -> None:
    (place, mine), *_ = right("correlate-1d").items()
    functions: dict[str, Function] = {"mine": mine, "another": np.convolve, "no": len}
    assert passing("correlate-1d", functions) == [f"mine as {place}"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="nothing stops it here")
@pytest.mark.share(1)
@pytest.mark.parametrize("exercise", CHECKS)
def test_no_function_is_an_answer(exercise: str, tmp_path: Path) -> None:
    functions = of_coursekit() | of_libraries()
    found_out = apart(lambda: passing(exercise, functions), tmp_path / "found.json")
    assert found_out == []


@cache
def of_coursekit() -> dict[str, Function]:
    """Every public function of the package that students get."""
    modules = list(modules_of_students())
    found = {k: v for name in modules for k, v in functions_of(name).items()}
    functions = {k: v for k, v in found.items() if k.startswith(f"{v.__module__}.")}
    assert len(functions) > 150
    assert "coursekit.filters.correlate2d" in functions
    return functions


@cache
def of_libraries() -> dict[str, Function]:
    """The public functions of NumPy, SciPy and torch, these on tensors as well."""
    functions = {
        key: value
        for name in LIBRARIES
        for key, value in functions_of(name).items()
        if not key.rpartition(".")[2].startswith(CHANGES_THINGS)
    }
    assert len(functions) > 800
    tensors = {
        f"{key} on tensors": on_tensors(value)
        for key, value in functions.items()
        if key.startswith("torch.")
    }
    return functions | tensors


@pytest.mark.parametrize("exercise", CHECKS)
def test_what_a_rule_names_is_there(exercise: str) -> None:
    rule = CHECKS[exercise].rule
    for name in (*rule.by_hand, *rule.allowed, *rule.needs):
        for parent in range(name.count(".") + 1):
            try:
                importlib.import_module(name.rsplit(".", parent)[0])
                break
            except ModuleNotFoundError:
                continue
        assert resolved(name) is not None, name
