"""Samples: an optimiser, training loops, a generator of batches."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.core import Cases
from coursekit.checks.expect import Mistakes, expect
from coursekit.checks.loops import (
    expect_evaluation,
    expect_same_state,
    expect_training,
    given_batches,
    given_model,
    given_optimiser,
    log_of,
)
from coursekit.checks.maker import Maker
from coursekit.checks.objects import expect_items
from coursekit.checks.references import normal, stirred
from tests.checks.samples import sample

Pairs = list[tuple[Tensor, Tensor]]
LAYERS: list[list[Any]] = [
    ["Linear", 4, 6],
    ["BatchNorm1d", 6],
    ["ReLU"],
    ["Linear", 6, 3],
]


def _oracle(cases: Cases) -> nn.Sequential:
    layers = nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3)
    return stirred(nn.Sequential(*layers), cases)  # type: ignore[return-value]


def _pairs(cases: Cases, *sizes: int) -> Pairs:
    return [
        (normal(cases, size, 4), torch.from_numpy(cases.rng.integers(0, 3, size)))
        for size in sizes
    ]


@sample("momentum", "parameters", "lr", "momentum", by_hand=("torch.optim",))
def Momentum(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's SGD."""
    for number in cases.count(2):
        oracle = _oracle(cases)
        model = given_model(answer, LAYERS, oracle)
        lr, momentum = round(cases.rng.uniform(0.1, 0.4), 2), 0.75
        case = f"random {number}: lr {lr}, momentum {momentum}"
        mine = answer.make(model.make("parameters"), lr=lr, momentum=momentum)
        theirs = torch.optim.SGD(oracle.parameters(), lr=lr, momentum=momentum)
        for step in range(1, 4):
            gradients = {name: normal(cases, *p.shape)
                         for name, p in oracle.named_parameters()}  # fmt: skip
            model.set_gradients(gradients)
            for name, parameter in oracle.named_parameters():
                parameter.grad = gradients[name].clone()
            mine.do("step")
            theirs.step()
            expect_same_state(model, oracle, f"{case}, step {step}")
        mine.do("zero_grad")
        for name, left in model.stored_gradients().outcome.value.items():
            cleared = left is None or not left.any()
            words = "zero_grad leaves old gradients behind." if not cleared else ""
            expect(model.stored_gradients()[name], left if cleared else 0 * left,
                   f"{case}, zero_grad", [(left, words)])  # fmt: skip


def _update(model: nn.Module, optimiser: torch.optim.Optimizer, pairs: Pairs) -> float:
    losses = []
    model.train()
    for x, y in pairs:
        loss = F.cross_entropy(model(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


@sample("train", "model", "optimiser", "batches", "epochs")
def train(answer: Maker, cases: Cases) -> None:
    """Oracle: the same loop on the check's own model."""
    oracle, pairs = _oracle(cases), _pairs(cases, 5, 5, 3)
    model = given_model(answer, LAYERS, oracle)
    model.eval()
    optimiser = given_optimiser(answer, model, "SGD", lr=0.2, momentum=0.5)
    batches = given_batches(answer, pairs, "training")
    result, case = answer(model, optimiser, batches, 2), "2 epochs of 3 batches"
    expect_training(result, log_of(answer), steps=6, case=case)
    theirs = torch.optim.SGD(oracle.parameters(), lr=0.2, momentum=0.5)
    losses = [_update(oracle, theirs, pairs) for _ in range(2)]
    mistakes: Mistakes = [
        ([3 * loss for loss in losses], "You summed the losses; take their mean."),
    ]
    expect(result, losses, case, mistakes)
    expect_same_state(model, oracle, case)


@sample("accuracy", "model", "batches")
def accuracy(answer: Maker, cases: Cases) -> None:
    """Oracle: counting."""
    oracle, pairs = _oracle(cases), _pairs(cases, 6, 6, 2)
    model = given_model(answer, LAYERS, oracle)
    model.train()
    batches = given_batches(answer, pairs, "test")
    result, case = answer(model, batches), "14 rows in 3 batches"
    expect_evaluation(result, log_of(answer), case)
    with torch.no_grad():
        hits = [(oracle.eval()(x).argmax(1) == y).float() for x, y in pairs]
    each = torch.stack([hit.mean() for hit in hits]).mean().item()
    unequal = "The batches differ in size: count the hits, and divide by all rows."
    right = torch.cat(hits).mean().item()
    expect(result, right, case, [(each, unequal), (right * 14, "Divide by the rows.")])
    expect_same_state(model, oracle, case)


@sample("validate", "model", "optimiser", "training", "validation", "epochs")
def fit(answer: Maker, cases: Cases) -> None:
    """Oracle: the same loop; the losses on validation data of each epoch come back."""
    oracle, pairs, others = _oracle(cases), _pairs(cases, 5, 4), _pairs(cases, 4, 4)
    model = given_model(answer, LAYERS, oracle)
    optimiser = given_optimiser(answer, model, "SGD", lr=0.1)
    training = given_batches(answer, pairs, "training")
    validation = given_batches(answer, others, "validation")
    result = answer(model, optimiser, training, validation, 3)
    case = "3 epochs, 2 batches to train on and 2 to validate with"
    expect_training(result, log_of(answer), steps=6, case=case)
    theirs = torch.optim.SGD(oracle.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        _update(oracle, theirs, pairs)
        oracle.eval()
        losses.append(sum(F.cross_entropy(oracle(x), y).item() for x, y in others) / 2)
    expect(result, losses, case)
    expect_same_state(model, oracle, case)


@sample("batches", "x", "y", "size")
def batches(answer: Maker, cases: Cases) -> None:
    """Oracle: slices."""
    for rows, size in ((6, 3), (7, 3), (2, 5)):
        x, y = normal(cases, rows, 2), torch.from_numpy(cases.integers(rows))
        made = answer.make(x, y, size=size)
        starts = range(0, rows, size)
        items = [(x[i : i + size].numpy(), y[i : i + size].numpy()) for i in starts]
        expect_items(made, items, f"{rows} rows in batches of {size}")
