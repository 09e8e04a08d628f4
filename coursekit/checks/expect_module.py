"""What a check expects of a module, with messages for what usually goes wrong."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.checks.expect import Mistakes, Result, expect, expect_that, fail
from coursekit.checks.matching import differences
from coursekit.checks.modules import Advised, MadeModule
from coursekit.checks.references import tensors_of


def expect_parameters(
    module: MadeModule,
    shapes: Sequence[tuple[int, ...]],
    case: str,
    *inputs: Tensor,
) -> None:
    """Parameters of exactly these shapes, whatever their names and their order.

    inputs: for a run that shows which layers are used twice
    """
    found = module.parameters()
    got = list(found.outcome.value.values())
    lines = differences(got, [tuple(shape) for shape in shapes])
    ideas = module.layout(*inputs).ideas if lines else []
    expect_that(found, not lines, case, *lines, *(ideas or _biases(got, shapes)))


def _biases(
    got: Sequence[tuple[int, ...]], shapes: Sequence[tuple[int, ...]]
) -> list[str]:
    without = [sorted(s for s in some if len(s) > 1) for some in (got, shapes)]
    if without[0] != without[1] or not got:
        return []
    if len(got) == len(shapes):
        return ["A bias has one number for each output."]
    if len(got) < len(shapes):
        return ["Are these biases? A layer with bias=False has none."]
    return ["Are these biases? Before a normalisation they do nothing: bias=False."]


def expect_count(
    module: MadeModule, count: int, case: str, mistakes: Mistakes = ()
) -> None:
    """Exactly so many free parameters."""
    found = module.count()
    ideas = module.layout().ideas if found.outcome.value != count else []
    more = [(found.outcome.value, " ".join(ideas))] if ideas else []
    expect(found, count, case, [*mistakes, *more])


def expect_registered(module: MadeModule, case: str, buffers: bool = False) -> None:
    """No layer or parameter hangs in a plain list; with `buffers` no plain tensor."""
    layout = module.layout().layout
    fixed = ("tensor", "tensors")
    loose = [item for item in layout.loose if buffers or item[2] not in fixed]
    lines = Advised(replace(layout, twice=[], loose=loose)).ideas
    expect_that(module.parameters(), not lines, case, *lines)


def expect_fresh(module: MadeModule, case: str) -> None:
    """As it was made: in training mode, with all its layers. Ask before a switch."""
    modes = module.modes()
    still = [path for path, training in modes.outcome.value.items() if not training]
    names = ", ".join(path or "the module itself" for path in still[:5])
    expect_that(modes, not still, case, f"in evaluation mode: {names}",
                "A module that has just been made is in training mode: leave out "
                "eval(), whoever uses it decides.")  # fmt: skip


def expect_buffers(
    module: MadeModule, oracle: nn.Module, case: str, idea: str = ""
) -> None:
    """The running statistics agree with the oracle's, after `load`.

    Counters of batches are nobody's concern.

    idea: words for one that does not agree
    """
    for entry in tensors_of(oracle):
        if entry.kind == "buffer" and not entry.path.endswith("tracked"):
            missing = f"No buffer plays the part of {entry.path}."
            if not module.has(entry.path):
                fail(module.buffers(), case, missing, *module.layout().ideas)
            found = module.tensor(entry.path)
            ideas = [(found.outcome.value, idea)] if idea else []
            expect(found, entry.tensor, case, ideas)


def expect_gradients(
    module: MadeModule, oracle: nn.Module, *inputs: Tensor, case: str
) -> None:
    """Output and the gradients of inputs and parameters agree with the oracle's."""
    leaves = [value.clone().requires_grad_(value.is_floating_point())
              for value in inputs]  # fmt: skip
    output = oracle(*leaves)
    upstream = torch.linspace(-1, 2, output.numel()).reshape(output.shape).to(output)
    output.backward(upstream)
    found = module.gradients(*inputs, upstream=upstream, case=case)
    expect(found.output, output.detach().numpy(), case)
    for at, leaf in enumerate(leaf for leaf in leaves if leaf.requires_grad):
        _expect_gradient(found.input(at), _grad(leaf), case)
    for name, parameter in oracle.named_parameters():
        _expect_gradient(found.parameter(name), _grad(parameter), case)
    oracle.zero_grad()


def _expect_gradient(result: Result, right: np.ndarray, case: str) -> None:
    """The output was right: whatever is wrong with a gradient lies on the way back."""
    advice = (
        "The output is right, but not the way back. Is a part of it cut off by "
        ".detach(), .data, .item(), NumPy or torch.no_grad()?"
    )
    expect(result, right, case, [(result.outcome.value, advice)])


def expect_movable(module: MadeModule, *inputs: Tensor, case: str) -> None:
    """The module runs with inputs and weights of another device, and in float64."""
    for device, dtype, words in (
        ("meta", "float32", "on another device"),
        ("cpu", "float64", "in float64"),
    ):
        result = module.moved(*inputs, device=device, dtype=dtype)
        raised = result.outcome.raised
        hint = "Make new tensors like the input: device=x.device, dtype=x.dtype."
        if raised:
            line = f"on the line  {raised.line}" if raised.line else ""
            fail(result, case, f"with weights and input {words} it raised "
                 f"{raised.shown}", line, hint)  # fmt: skip
        there = result.outcome.value == [True, device, dtype]
        stays = f"with weights and input {words} the output is not"
        expect_that(result, there, case, stays, hint)


def _grad(tensor: Tensor) -> np.ndarray:
    return (torch.zeros_like(tensor) if tensor.grad is None else tensor.grad).numpy()
