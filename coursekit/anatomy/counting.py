"""The anatomy of a model: its layers, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from inspect import isroutine
from typing import TYPE_CHECKING, Any, overload

import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn.parameter import is_lazy

from coursekit import plots
from coursekit.anatomy import picture, table
from coursekit.anatomy.clone import unwrapped
from coursekit.anatomy.inputs import Input, InputShape, candidates, read
from coursekit.anatomy.rows import Layer, is_quiet, is_row, notes, row
from coursekit.anatomy.trace import Trace, trace

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, repr=False)
class Anatomy(Sequence[Layer]):
    """The layers of a model in the order in which they run: a sequence of `Layer`.

    As the last line of a cell it shows as a table; `picture()` draws it.
    """

    model: str
    input_shape: tuple[tuple[int, ...], ...]
    layers: tuple[Layer, ...]
    parameters: int
    notes: tuple[str, ...]
    _trace: Trace = field(compare=False)

    @overload
    def __getitem__(self, index: int) -> Layer: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Layer]: ...
    def __getitem__(self, index: int | slice) -> Layer | Sequence[Layer]:
        return self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of all layers, for one example."""
        return sum(layer.multiply_adds for layer in self.layers)

    def shown(self) -> list[Layer]:
        """The layers without those that have no weights and leave shapes as they are.

        ReLU, dropout and the like: rows that a table does better without.
        """
        calls = [call for call in self._trace.root.walk() if is_row(call)]
        pairs = zip(calls, self.layers, strict=True)
        return [one for call, one in pairs if one.parameters or not is_quiet(call)]

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, receptive fields as three columns."""
        return [record(layer) for layer in self.layers]

    def frame(self) -> DataFrame:
        """The rows as a pandas data frame, one column for each key of `records`."""
        from pandas import DataFrame  # slow to import, and few ask for it

        return DataFrame.from_records(self.records())

    def picture(self) -> Figure:
        """The network as boxes to scale; see `show` for its caption and alt text."""
        return picture.draw(self._trace, self.input_shape)

    def describe(self) -> str:
        """The picture in words: an alternative text."""
        return picture.describe(self.model, self._trace, self.input_shape)

    def show(self, caption: str = "") -> None:
        """Display the picture, with its description for those who cannot see it."""
        caption = caption or table.caption(self)
        plots.show(self.picture(), caption=caption, alt=self.describe())

    def __repr__(self) -> str:
        return table.text(self)

    def _repr_html_(self) -> str:
        return table.table(self)


def record(layer: Layer) -> dict[str, Any]:
    """A row as a dictionary without anything nested but tuples."""
    columns = asdict(layer)
    seen = columns.pop("receptive_field") or {}
    for part in ("size", "jump", "offset"):
        columns[f"receptive_field_{part}"] = seen.get(part)
    return columns


def count_layers(
    model: nn.Module, input_shape: InputShape, *, training: bool = False
) -> Anatomy:
    """Count a model's layers: shapes, neurons, connections, weights, fields.

    input_shape: the shape of one example, (3, 224, 224), or of a batch, (1, 3, 224,
    224). Four numbers are a batch unless the model takes volumes; else, where both are
    possible, it is one example. For several inputs a list of shapes. Models that look
    up words get whole numbers. An example tensor, or a list of them, with the batch
    first, does as well.

    training: count the pass as in training, with parts that only then take part.

    A copy of the model without memory is run once (one with memory, on zeros, if the
    model looks at its own numbers); the model itself is not touched.

    Returns one `Layer` per call of a layer, in order, with `name`, `output_shape`,
    `weights_per_neuron`, `neurons`, `connections`, `parameters`, and more. Shapes and
    numbers are those of one example.

    Layers are what torch knows as modules. Functions such as `torch.relu` and `+` have
    no row, but their multiply-adds and weights are counted in the row of the module
    that calls them, and receptive fields follow them. A layer of your own may say what
    it is by `kind_in_words` and `weights_per_neuron(neurons)`.

    Raises `ValueError` if the model cannot take the input, saying why.
    """
    model = checked(model)
    inputs, no_batch = read(input_shape)
    found, used = first_that_runs(model, inputs, no_batch, training)
    rows = [row(call, found.sizes) for call in found.root.walk() if is_row(call)]
    total = sum(parameter.numel() for parameter in model.parameters())
    return Anatomy(
        model=type(model).__name__,
        input_shape=tuple(one.shape for one in used),
        layers=tuple(rows),
        parameters=total,
        notes=notes(found, total, rows),
        _trace=found,
    )


def checked(model: object) -> nn.Module:
    """The model itself, without what is wrapped around it.

    Raises `ValueError` for what is no model, not one yet, or cannot be looked into.
    """
    model = unwrapped(model)
    if not isinstance(model, nn.Module):
        raise ValueError(f"Give a model, a torch.nn.Module. This is {named(model)}.")
    for name, part in model.named_modules():
        if isinstance(part, torch.jit.ScriptModule):
            what = f"its part {name!r} is" if name else "it is"
            raise ValueError(
                f"The layers of this model cannot be counted: {what} TorchScript, "
                "which cannot be looked into. Give the model as it was before "
                "torch.jit.script or torch.jit.trace."
            )
    if any(is_lazy(tensor) for tensor in (*model.parameters(), *model.buffers())):
        raise ValueError(
            "This model has lazy layers, whose sizes are not known yet. Run it once on "
            "an example, then count."
        )
    return model


def named(value: object) -> str:
    """What was given in place of a model, and what to do with it."""
    if isinstance(value, type):
        return f"the class {value.__name__}: call it first, {value.__name__}(…)"
    if isinstance(value, partial):
        return "a functools.partial: call it first, and give what it returns"
    if isinstance(value, torch.jit.ScriptFunction):
        return "a TorchScript function, which has no layers that could be counted"
    if isroutine(value):
        name = getattr(value, "__name__", "…")
        return (
            f"the function {name}: if it builds a model, call it first, {name}(…); if "
            "it computes one, put it into the forward of a module"
        )
    return type(value).__name__


def first_that_runs(
    model: nn.Module, inputs: list[Input], no_batch: bool, training: bool
) -> tuple[Trace, list[Input]]:
    """Try the readings of the shape in turn; if none runs, say why."""
    errors: list[Exception] = []
    for reading in candidates(inputs, no_batch, model):
        try:
            return run(model, reading, training), reading
        except Exception as error:  # whatever a model's own code may raise
            errors.append(error)
    # Five numbers are surely a batch; else the first reading was the likely one.
    reason = errors[-1 if len(inputs[0].shape) > 4 else 0]
    shapes = " and ".join(str(one.shape) for one in inputs)
    says = first_line(reason)
    raise ValueError(
        f"The model cannot take an input of shape {shapes}. It says: {says}"
    ) from None


def run(model: nn.Module, inputs: list[Input], training: bool) -> Trace:
    """Without memory if the model allows it, else with real numbers."""
    try:
        return trace(model, inputs, training, "meta")
    except Exception as error:
        if "meta" not in str(error).lower():
            raise
    return trace(model, inputs, training, None)


def first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
