"""Samples: modules by class and by constructor, BatchNorm, a residual block."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit.checks.core import Cases
from coursekit.checks.expect import Mistakes, expect, expect_error
from coursekit.checks.expect_module import (
    expect_buffers,
    expect_count,
    expect_gradients,
    expect_movable,
    expect_parameters,
    expect_registered,
)
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.references import normal, output_of, shapes_of, stirred
from tests.checks.samples import sample


@sample("stack", "channels", "depth")
def Stack(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's Sequential. A class: `depth` 3 × 3 convolutions, ReLU each."""
    for number in cases.count(2):
        channels, depth = cases.integer(2, 4), number + 1
        layers = [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        pairs = [layer for conv in layers for layer in (conv, nn.ReLU())]
        oracle = stirred(nn.Sequential(*pairs), cases)
        case = f"random {number}: {depth} layers of {channels} channels"
        x = normal(cases, 2, channels, 5, 4)
        model = answer.make_module(channels, depth)
        expect_parameters(model, shapes_of(oracle), case, x)
        expect_registered(model, case)
        model.load(oracle, x)
        linear = output_of(nn.Sequential(*pairs[:-1]), x)
        no_relu = "The last layer has its ReLU too."
        expect(model(x), output_of(oracle, x), case, [(linear, no_relu)])
        expect_gradients(model, oracle, x, case=case)
        expect_movable(model, x, case=case)


@sample("make-mlp", "inputs", "hidden", "outputs")
def make_mlp(answer: Maker, cases: Cases) -> None:
    """Oracle: torch's Sequential. A function that returns a module."""
    for number in cases.count(2):
        inputs, hidden, outputs = (cases.integer(*range_) for range_ in
                                   ((2, 4), (5, 7), (3, 4)))  # fmt: skip
        oracle = nn.Sequential(
            nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs)
        )
        case = f"random {number}: {inputs} inputs, {hidden} units, {outputs} outputs"
        x = normal(cases, 3, inputs)
        model = answer.make_module(inputs, hidden, outputs)
        expect_parameters(model, shapes_of(oracle), case, x)
        count = inputs * hidden + hidden + hidden * outputs + outputs
        expect_count(model, count, case)
        model.load(stirred(oracle, cases), x)
        right = output_of(oracle, x)
        logits = torch.from_numpy(right)
        first, _, last = oracle
        mistakes: Mistakes = [
            (F.softmax(logits, 1), "There is a softmax at the end: return the scores."),
            (F.tanh(logits), "There is no activation after the last layer."),
            (last(first(x)), "There is no activation between the layers."),
        ]  # fmt: skip
        expect(model(x), right, case, [(m.detach(), words) for m, words in mistakes])
    expect_error(answer(0, 5, 3), "ValueError", "no inputs", "A layer needs inputs.")


BATCH_NORM = (
    "torch.nn.BatchNorm1d",
    "torch.nn.BatchNorm2d",
    "torch.nn.LazyBatchNorm2d",
    "torch.nn.functional.batch_norm",
    "torch.batch_norm",
    "torch.native_batch_norm",
    "coursekit.models",
    "torchvision",
)


@sample("batch-norm", "channels", "momentum", by_hand=BATCH_NORM)
def BatchNorm(answer: Maker, cases: Cases) -> None:  # noqa: N802 - the class asked for
    """Oracle: torch's BatchNorm2d, which has the same names."""
    for number in cases.count(3):
        channels, momentum = cases.integer(2, 4), round(cases.rng.uniform(0.1, 0.6), 2)
        oracle = nn.BatchNorm2d(channels, momentum=momentum)
        case = f"random {number}: {channels} channels, momentum {momentum}"
        model = answer.make_module(channels, momentum=momentum)
        expect_parameters(model, shapes_of(oracle), case)
        expect_registered(model, case, buffers=True)
        for name in ("weight", "bias", "running_mean", "running_var"):
            expect(model.tensor(name), _numbers(oracle, name), f"{case}, at first")
        state = stirred(oracle, cases).state_dict()
        del state["num_batches_tracked"]
        model.write(state)
        _in_training(model, oracle, normal(cases, 2, channels, 2, 2), case)
        _in_evaluation(model, oracle, normal(cases, 3, channels, 3, 2), case)
        expect_gradients(model, oracle, normal(cases, 2, channels, 3, 1), case=case)


def _in_training(
    model: MadeModule, oracle: nn.BatchNorm2d, x: Tensor, case: str
) -> None:
    model.train()
    before = {name: _numbers(oracle, name) for name in ("running_mean", "running_var")}
    unbiased = _normalised(x, oracle, x.mean((0, 2, 3)), x.var((0, 2, 3)))
    old = _normalised(x, oracle, oracle.running_mean, oracle.running_var)
    mistakes: Mistakes = [
        (unbiased, "You divided by n - 1: the batch is normalised with the biased "
         "variance, var(unbiased=False)."),
        (old, "In training the statistics are those of the batch, not the running "
         "ones."),
    ]  # fmt: skip
    expect(model(x), output_of(oracle, x), f"{case}, training", mistakes)
    for name, now in (("running_mean", x.mean((0, 2, 3))),
                      ("running_var", x.var((0, 2, 3), correction=0))):  # fmt: skip
        rate = oracle.momentum or 0.0
        kept = rate * before[name] + (1 - rate) * now.numpy()
        biased = (1 - rate) * before[name] + rate * now.numpy()
        wrong: Mistakes = [
            (before[name], f"{name} is not updated in training mode."),
            (kept, "Here momentum is the weight of the new batch, not of the past."),
            (biased, "The running variance takes the unbiased one, divided by n - 1."),
        ]
        right = _numbers(oracle, name)
        expect(model.tensor(name), right, f"{case}, after a batch", wrong)


def _in_evaluation(
    model: MadeModule, oracle: nn.BatchNorm2d, x: Tensor, case: str
) -> None:
    model.eval()
    oracle.eval()
    batch = _normalised(x, oracle, x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0))
    words = "In evaluation mode the running statistics are used, not the batch's."
    expect(model(x), output_of(oracle, x), f"{case}, evaluation", [(batch, words)])
    for name in ("running_mean", "running_var"):
        stay = f"{name} changed in evaluation mode: only training updates it."
        right, got = _numbers(oracle, name), model.tensor(name)
        expect(got, right, f"{case}, after evaluation", [(got.outcome.value, stay)])


def _normalised(
    x: Tensor, layer: nn.BatchNorm2d, mean: Tensor | None, var: Tensor | None
) -> Tensor:
    return F.batch_norm(x, mean, var, layer.weight, layer.bias).detach()


def _numbers(module: nn.Module, name: str) -> np.ndarray:
    return getattr(module, name).detach().numpy().copy()


class Block(nn.Module):
    """A basic residual block with a projection where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def branch(self, x: Tensor) -> Tensor:
        """Without the shortcut."""
        return self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))

    def forward(self, x: Tensor) -> Tensor:
        """The sum of both ways."""
        return F.relu(self.branch(x) + self.shortcut(x))


@sample("residual-block", "inputs", "outputs")
def ResidualBlock(answer: Maker, cases: Cases) -> None:  # noqa: N802
    """Oracle: the block above, of torch's layers."""
    for inputs, outputs, stride in ((3, 3, 1), (2, 4, 2), (3, 2, 1)):
        oracle = Block(inputs, outputs, stride)
        stirred(oracle, cases)
        case = f"{inputs} to {outputs} channels, stride {stride}"
        x = normal(cases, 2, inputs, 6, 4)
        block = answer.make_module(inputs, outputs, stride=stride)
        expect_parameters(block, shapes_of(oracle), case, x)
        block.load(oracle, x)
        block.eval()
        expect(block(x), output_of(oracle.eval(), x), case, _mistakes(oracle, x))
        block.train()
        expect_gradients(block, oracle.train(), x, case=case)
        expect_buffers(block, oracle, case)


def _mistakes(oracle: Block, x: Tensor) -> Mistakes:
    with torch.no_grad():
        branch, short = oracle.branch(x), oracle.shortcut(x)
        return [
            (branch + short, "The last ReLU is missing: it comes after the sum."),
            (F.relu(branch) + short, "The last ReLU comes after the sum, not before."),
            (F.relu(branch), "The shortcut is missing from the sum."),
        ]
