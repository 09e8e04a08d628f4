"""The rows of the table: one call of one layer each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from coursekit.anatomy.layers import NORMS, Number, weights_per_neuron, words
from coursekit.anatomy.reach import Reach
from coursekit.anatomy.trace import Call, Trace

MOST_NAMES = 3  # of layers in a note


@dataclass(frozen=True)
class ReceptiveField:
    """The window of the input that a layer's numbers see, one entry for each axis.

    Number i sees the pixels offset + i·jump … offset + i·jump + size - 1. Padding
    counts, so a window may begin before pixel 0.  jump: None where no places are left
    (after a dense layer, or a mean over the map), a fraction where a transposed
    convolution puts several numbers on one pixel; then windows vary a little, and size
    is the largest.  whole: every number sees all of the input.
    """

    size: tuple[int, ...]
    jump: tuple[Fraction | None, ...]
    offset: tuple[int, ...]
    whole: bool


@dataclass(frozen=True)
class Layer:
    """One call of one layer, counted for one example.

    weights_per_neuron: weights that one number of the output depends on, bias
    included (0 without weights, None where it cannot be said).  neurons: numbers that
    the layer puts out.  connections: neurons × weights_per_neuron.  parameters:
    independent weights, counted where they are first used.  multiply_adds: of
    convolutions and matrix products.  receptive_field: None without places in the
    input, as for lists of features.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    weights_per_neuron: Number | None
    neurons: int
    connections: int | None
    parameters: int
    multiply_adds: int
    receptive_field: ReceptiveField | None


def row(call: Call, sizes: dict[tuple[int, int], int]) -> Layer:
    """What a traced call comes to.  sizes: pixels along each axis of each input."""
    alone = not call.children
    weights = weights_per_neuron(call.module, call.outputs) if alone else own(call)
    return Layer(
        name=title(call),
        kind=kind(call) if alone else f"{type(call.module).__name__} itself",
        output_shape=call.output_shape,
        weights_per_neuron=weights,
        neurons=call.outputs,
        connections=None if weights is None else round(weights * call.outputs),
        parameters=call.parameters,
        multiply_adds=call.multiply_adds,
        receptive_field=receptive_field(call, sizes),
    )


def own(call: Call) -> int | None:
    """A module with layers inside may add a bias of its own to each number."""
    biases = call.parameters == call.outputs and not call.multiply_adds
    return 1 if biases else None


def title(call: Call) -> str:
    """The name in the model, and which call it is if there are several."""
    name = call.name or type(call.module).__name__
    return name if call.times == 1 else f"{name} (call {call.times})"


def kind(call: Call) -> str:
    """The layer in words, such as "convolution 5×5, stride 2"."""
    return ", ".join(words(call.module, max(1, len(call.output_shape) - 1)))


def is_row(call: Call) -> bool:
    """Layers; and modules of several, if they have weights or work of their own."""
    return not call.children or call.parameters > 0 or call.multiply_adds > 0


def is_quiet(call: Call) -> bool:
    """Does a layer only act on numbers it leaves in place (ReLU, dropout, flatten)?"""
    if isinstance(call.module, NORMS):
        return True
    same_shape = call.input_shape == call.output_shape
    flat = len(call.output_shape) == 1 and type(call.module).__name__ == "Flatten"
    return call.parameters == 0 and not call.shared and (same_shape or flat)


def receptive_field(
    call: Call, sizes: dict[tuple[int, int], int]
) -> ReceptiveField | None:
    """From the first input that the layer sees."""
    if not call.reaches:
        return None
    number = min(number for number, _ in call.reaches)
    axes = sorted(axis for axis in call.reaches if axis[0] == number)
    reaches = [call.reaches[axis] for axis in axes]
    return ReceptiveField(
        size=tuple(int((r.last - r.first).max()) + 1 for r in reaches),
        jump=tuple(r.jump for r in reaches),
        offset=tuple(map(offset, reaches)),
        whole=all(
            int(r.first.max()) <= 0 and int(r.last.min()) >= sizes[axis] - 1
            for axis, r in zip(axes, reaches, strict=True)
        ),
    )


def offset(reach: Reach) -> int:
    """First pixel of the first number's field; of a flipped map the first is last."""
    backwards = reach.jump is not None and reach.jump < 0
    return int(reach.first.flatten()[0] if backwards else reach.first.min())


def notes(trace: Trace, total: int, rows: list[Layer]) -> tuple[str, ...]:
    """What a reader should know about the numbers, in sentences."""
    found = []
    left_out = total - sum(layer.parameters for layer in rows)
    if left_out:
        parts = ", ".join(dict.fromkeys(n.split(".")[0] for n in trace.unused))
        found.append(f"{left_out:,} parameters take no part in this pass: {parts}.")
    found += [text.format(some(what)) for text, what in doubts(trace).items() if what]
    if any(layer.weights_per_neuron is None for layer in rows):
        found.append("“?”: weights per neuron are not defined for this kind of layer.")
    return tuple(found)


def doubts(trace: Trace) -> dict[str, list[str]]:
    """What is not known about receptive fields, and where."""
    return {
        "Receptive fields are taken as large as possible after {}: what it looks at is "
        "not known.": trace.unknown,
        "No receptive field for {}: what comes out could not be followed back to the "
        "input.": trace.lost,
        "No jump for {}: the fields do not lie at equal distances.": uneven(trace),
        "Padding by the opposite border in {}: fields are given as if the image went "
        "on; in fact they go on at its opposite side.": trace.circular,
    }


def uneven(trace: Trace) -> list[str]:
    """Rows with places that have no common distance; lists have no places."""
    calls = [c for c in trace.root.walk() if is_row(c) and len(c.output_shape) > 1]
    return [title(c) for c in calls if any(r.uneven for r in c.reaches.values())]


def some(names: list[str]) -> str:
    """The first of many names."""
    more = len(names) - MOST_NAMES
    text = ", ".join(names[:MOST_NAMES])
    return f"{text} and {more} more" if more > 0 else text
