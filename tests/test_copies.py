"""Copies of modules that keep what Python cannot copy."""

from __future__ import annotations

import itertools
import random
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import utils

from coursekit import copies, models, train
from coursekit.anatomy import count_layers
from coursekit.data import Split


class NoCopies:
    """An object that refuses to be copied, as connections do."""

    def __deepcopy__(self, memo: object) -> NoCopies:
        raise RuntimeError("no copies")


class Stubborn(nn.Conv2d):
    """A layer that refuses to be copied."""

    def __deepcopy__(self, memo: object) -> Stubborn:
        raise RuntimeError("no copies")


def conv() -> nn.Conv2d:
    return nn.Conv2d(3, 4, 3)


def output() -> Tensor:
    """A tensor with a history."""
    return conv()(torch.zeros(1, 3, 8, 8))


def initialised() -> nn.Module:
    layer = nn.LazyConv2d(4, 3)
    layer(torch.zeros(1, 3, 8, 8))
    return layer


KEPT: dict[str, Callable[[], object]] = {
    "output": output,
    "outputs in a list": lambda: [output(), output()],
    "outputs in a dictionary": lambda: OrderedDict(a=(output(), {"b": output()})),
    "lock": threading.RLock,
    "thread": threading.Thread,
    "torch's dice": torch.Generator,
    "generator": lambda: (i for i in range(3)),
    "file": lambda: Path(__file__).open(),  # noqa: SIM115
    "what refuses": NoCopies,
    "function": lambda: lambda x: x,
}
LAYERS: dict[str, Callable[[], nn.Module]] = {
    "a layer that refuses": lambda: nn.Sequential(Stubborn(3, 4, 3)),
    "weight_norm": lambda: utils.parametrizations.weight_norm(conv()),
    "spectral_norm": lambda: utils.parametrizations.spectral_norm(conv()),
    "lazy, initialised": initialised,
}


def keeps(kept: object) -> nn.Module:
    """A module that keeps something, and a layer inside that does."""
    model = nn.Sequential(conv(), nn.ReLU())
    model.kept = model[1].kept = kept  # type: ignore[assignment]
    return model


@pytest.mark.parametrize("name", KEPT)
def test_a_module_that_keeps_anything_is_counted(name: str) -> None:
    kept = KEPT[name]()
    model = keeps(kept)
    rows = count_layers(model, (3, 8, 8))
    assert [row.neurons for row in rows] == [144, 144]
    assert model.kept is kept
    assert rows[0].receptive_field is not None


@pytest.mark.parametrize("name", LAYERS)
def test_layers_that_are_hard_to_copy_are_counted(name: str) -> None:
    assert count_layers(LAYERS[name](), (3, 8, 8))[-1].neurons == 144


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_weights_that_a_hook_computes() -> None:
    assert count_layers(utils.weight_norm(conv()), (3, 8, 8))[0].neurons == 144


class Busy(nn.Module):
    """Counts, keeps, throws dice: everything that a forward pass may change."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = conv(), nn.BatchNorm2d(4)
        self.calls, self.numbers = 0, itertools.count()
        self.seen: list[Tensor] = []
        self.dice, self.lock = torch.Generator(), threading.Lock()

    def forward(self, x: Tensor) -> Tensor:
        with self.lock:
            self.calls += 1
            self.seen.append(self.norm(self.conv(x)))
            self.last = self.seen[-1]
        torch.rand(1, generator=self.dice, device="cpu")
        torch.rand(1, device="cpu")
        random.random()
        if bool(x.sum() > 0):  # needs real numbers
            raise AssertionError("zeros go in")
        return self.last


@pytest.mark.parametrize("training", [True, False])
def test_nothing_is_changed_by_counting(training: bool) -> None:
    model = Busy()
    calls: list[Tensor] = []
    model.conv.register_forward_hook(lambda layer, given, made: calls.append(made))
    model(torch.zeros(2, 3, 8, 8)).sum().backward()
    model.register_full_backward_hook(lambda *_: calls.append(torch.zeros(())))
    last, made = model.last, len(calls)
    before = [value.clone() for value in model.state_dict().values()]
    grads = [p.grad for p in model.parameters()]
    dice = (torch.get_rng_state(), model.dice.get_state())
    python = random.getstate()
    count_layers(model, (3, 8, 8), training=training)
    assert (model.calls, len(model.seen), len(calls)) == (1, 1, made)
    assert model.last is last
    assert last.grad_fn is not None
    for old, new in zip(before, model.state_dict().values(), strict=True):
        assert torch.equal(old, new)
    for old_grad, p in zip(grads, model.parameters(), strict=True):
        assert p.grad is old_grad
    for old, new in zip(
        dice, (torch.get_rng_state(), model.dice.get_state()), strict=True
    ):
        assert torch.equal(old, new)
    assert random.getstate() == python
    assert next(model.numbers) == 0


def test_after_training() -> None:
    class Keeps(models.MLP):
        def forward(self, x: Tensor) -> Tensor:
            self.seen = super().forward(x)
            return self.seen

    model = Keeps()
    images = torch.zeros(20, 1, 28, 28, dtype=torch.uint8)
    train.fit(model, Split(images, torch.arange(20) % 10), label=None)
    assert count_layers(model, (1, 28, 28))[-1].neurons == 10


def test_copies_share_no_weights_and_keep_their_ties() -> None:
    model = nn.ModuleDict({"a": Stubborn(3, 4, 3)})
    model["b"] = model["a"]
    made = copies.of_module(model)
    assert made["b"] is made["a"]
    weight, copied = (m["a"].get_parameter("weight") for m in (model, made))
    assert weight is not copied
    assert torch.equal(weight, copied)


def test_a_tensor_with_a_history_is_copied_without() -> None:
    kept = output()
    made = copies.of_value({"a": [kept]}, {})["a"][0]
    assert torch.equal(made, kept)
    assert made.grad_fn is None
    assert kept.grad_fn is not None
