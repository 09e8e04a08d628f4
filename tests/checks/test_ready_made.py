"""What an exercise asks to write by hand is noticed when an answer calls it."""

import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.signal
import torch
import torch.nn.functional as F
from torch import nn

from coursekit import filters, models
from coursekit.checks.calling import Outcome, call
from coursekit.checks.ready_made import Rule, ready_part, watching
from coursekit.models.lenet import LeNet5
from tests.answers import judge, namespace, run_cell

ROW, WEIGHTS = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0])
IMAGE, KERNEL = np.ones((3, 4)), np.ones((2, 2))
CONV = "torch.nn.functional.conv2d"


class Held:
    """An object that holds a ready-made function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *inputs: Any) -> Any:  # noqa: ANN401
        return self.function(*inputs)


class Small(nn.Module):
    """A module that holds another."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner


def _watched(
    answer: Callable[..., Any],
    *inputs: Any,  # noqa: ANN401
    by_hand: str,
    allowed: str = "",
) -> Outcome:
    rule = Rule((by_hand,), (allowed,) if allowed else ())
    with watching(rule):
        return call(answer, *inputs)


@pytest.mark.parametrize(
    ("answer", "inputs", "by_hand", "found"),
    [
        (np.correlate, (ROW, WEIGHTS), "numpy.correlate", "np.correlate"),
        (lambda x, w: np.correlate(x, w), (ROW, WEIGHTS), "numpy.correlate",
         "np.correlate"),
        (functools.partial(np.correlate, mode="valid"), (ROW, WEIGHTS),
         "numpy.correlate", "np.correlate"),
        (lambda x: getattr(np, "".join(["tri", "l"]))(x), (IMAGE,), "numpy.tril",
         "np.tril"),
        (np.tanh, (ROW,), "numpy.tanh", "np.tanh"),
        (lambda x: np.tanh(x), (ROW,), "numpy.tanh", "np.tanh"),
        (functools.partial(np.tanh), (ROW,), "numpy.tanh", "np.tanh"),
        (np.vectorize(np.tanh), (ROW,), "numpy.tanh", "np.tanh"),
        (Held(np.tanh), (ROW,), "numpy.tanh", "np.tanh"),
        (Held(Held(functools.partial(np.tanh))), (ROW,), "numpy.tanh", "np.tanh"),
        (lambda x: [np.tanh(t) for t in x], (ROW,), "numpy.tanh", "np.tanh"),
        (filters.correlate2d, (IMAGE, KERNEL), "coursekit.filters",
         "filters.correlate2d"),
        (lambda x, w: filters.convolve2d(x, w), (IMAGE, KERNEL), "coursekit.filters",
         "filters.convolve2d"),
        (lambda x, w: filters.convolve2d(x, w), (IMAGE, KERNEL), CONV,
         "F.conv2d, called by convolve2d,"),
        (scipy.signal.correlate2d, (IMAGE, KERNEL), "scipy.signal",
         "scipy.signal.correlate2d"),
        (lambda x: torch.conv2d(x, x), (torch.ones(1, 1, 2, 2),), CONV, "F.conv2d"),
        (lambda x: nn.Conv2d(1, 1, 2)(x), (torch.ones(1, 1, 2, 2),), CONV, "F.conv2d"),
        (lambda x: F.conv2d(x, x), (torch.ones(1, 1, 2, 2),), "torch.conv2d",
         "torch.conv2d"),
        (nn.Conv2d(1, 1, 2), (torch.ones(1, 1, 2, 2),), "torch.nn.Conv2d",
         "nn.Conv2d"),
        (lambda: nn.Conv2d(1, 1, 2).stride, (), "torch.nn.Conv2d", "nn.Conv2d"),
        (lambda: LeNet5() and 1, (), "coursekit.models", "models.LeNet5"),
        (lambda x: x.unfold(0, 2, 1), (torch.ones(3),), "torch.Tensor.unfold",
         "torch.Tensor.unfold"),
        (lambda x: torch.sigmoid(x), (torch.ones(3),), "torch.sigmoid",
         "torch.sigmoid"),
    ],
)  # fmt: skip
def test_an_answer_that_is_or_calls_it(
    answer: Callable[..., Any], inputs: tuple[Any, ...], by_hand: str, found: str
) -> None:
    outcome = _watched(answer, *inputs, by_hand=by_hand)
    assert outcome.ready == found
    assert outcome.raised is None
    assert call(answer, *inputs).ready == ""


IN_A_CELL = {
    "import inside": "def f(x):\n    import numpy as n\n    return n.tanh(x)",
    "from inside": "def f(x):\n    from numpy import tanh as t\n    return t(x)",
    "an alias": "t = np.tanh\ndef f(x):\n    return t(x)",
    "an alias inside": "def f(x):\n    t = np.tanh\n    return t(x)",
    "a helper": "def g(x):\n    return np.tanh(x)\ndef f(x):\n    return g(x)",
    "a closure": "def make(t):\n    return lambda x: t(x)\nf = make(np.tanh)",
    "map": "def f(x):\n    return np.array(list(map(np.tanh, x)))",
    "a class": """
class Layer:
    def __call__(self, x):
        return np.tanh(x)
f = Layer()""",
    "a method": """
class Layer:
    def forward(self, x):
        return np.tanh(x)
f = Layer().forward""",
}


@pytest.mark.parametrize("source", IN_A_CELL.values(), ids=IN_A_CELL)
def test_ways_to_call_a_ufunc_in_a_cell(source: str) -> None:
    space = namespace()
    run_cell(source, "<cell>", space)
    assert _watched(space["f"], ROW, by_hand="numpy.tanh").ready == "np.tanh"


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return np.sinh(x) / np.cosh(x)",
        "def tanh(x):\n    return x\ndef f(x):\n    return tanh(x)",
        "def f(x, name='np.tanh'):\n    return x",
        "def f(x):\n    import scipy.signal.windows\n    return x",
    ],
)
def test_what_a_student_writes_is_fine(source: str) -> None:
    space = namespace()
    run_cell(source, "<cell>", space)
    with watching(Rule(("numpy.tanh", "scipy.signal", "coursekit"))):
        assert call(space["f"], ROW).ready == ""


def test_what_is_allowed_may_use_it_inside() -> None:
    def mine(x: np.ndarray, w: np.ndarray) -> np.ndarray:
        return filters.correlate2d(x, w[::-1, ::-1])

    def mixed(x: np.ndarray, w: np.ndarray) -> np.ndarray:
        mine(x, w)
        image, kernel = torch.tensor(x)[None, None], torch.tensor(w)[None, None]
        return F.conv2d(image, kernel).numpy()

    both = {"by_hand": CONV, "allowed": "coursekit.filters.correlate2d"}
    assert _watched(mine, IMAGE, KERNEL, **both).ready == ""
    assert _watched(mixed, IMAGE, KERNEL, **both).ready == "F.conv2d"


def test_an_error_is_kept_beside_the_name() -> None:
    outcome = _watched(np.correlate, ROW, "x", by_hand="numpy.correlate")
    assert outcome.ready == "np.correlate"
    assert outcome.raised


def test_another_watcher_gets_its_place_back() -> None:
    def other(*event: object) -> None:
        pass

    sys.setprofile(other)
    try:
        _watched(np.sort, ROW, by_hand="numpy.tanh")
        assert sys.getprofile() is other
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    ("value", "by_hand", "found"),
    [
        (models.lenet.LeNet5(), "coursekit.models", "models.LeNet5"),
        (models.lenet.LeNet5, "coursekit.models", "models.LeNet5"),
        (Small(nn.BatchNorm2d(3)), "torch.nn.BatchNorm2d", "nn.BatchNorm2d"),
        (nn.Sequential(Small(nn.ReLU())), "torch.nn.ReLU", "nn.ReLU"),
        (nn.Sequential(Small(nn.ReLU())), "torch.nn.BatchNorm2d", ""),
        (Small(nn.ReLU()), "coursekit.models", ""),
        (np.ones(3), "numpy.correlate", ""),
        (None, "numpy.correlate", ""),
    ],
)
def test_ready_made_parts_of_an_object(value: object, by_hand: str, found: str) -> None:
    assert ready_part(value, Rule((by_hand,))) == found


def test_torchvision_counts_once_it_is_imported() -> None:
    torchvision = pytest.importorskip("torchvision")
    rule = Rule(("torchvision.models",))
    assert ready_part(torchvision.models.alexnet, rule)
    assert ready_part(torchvision.models.AlexNet(num_classes=2), rule)


def test_what_the_answer_itself_called_is_named() -> None:
    """Who called np.polymul has never heard of np.convolve."""
    space = namespace()
    source = "def kernel_gradient(x, delta):\n    return np.polymul(x, delta)"
    run_cell(source, "<polymul>", space)
    message = judge("gradient-kernel-1d", space)
    assert "np.convolve, called by polymul, does the work" in message


@pytest.mark.parametrize("name", ["max_pool1d", "max_pool2d", "max_pool3d"])
def test_functions_that_are_one_inside_keep_their_names(name: str) -> None:
    """PyTorch makes all its max poolings from one function."""
    names = tuple(f"torch.nn.functional.max_pool{n}d" for n in (1, 2, 3))
    with watching(Rule(names)):
        outcome = call(
            lambda x: getattr(F, name)(x, 2), torch.ones((4,) * (1 + int(name[-2])))
        )
    assert outcome.ready == f"F.{name}"
