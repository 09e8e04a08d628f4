"""What a picture of a network shows: its layers, or blocks of them, in order.

Layers that keep the shape and have no weights are left out, as is normalisation.
Modules with paths side by side (residual blocks, inception) are shown as one block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from math import prod

from torch import nn

from coursekit.anatomy.layers import words
from coursekit.anatomy.reach import Reach
from coursekit.anatomy.rows import is_quiet, title
from coursekit.anatomy.trace import Call, Trace

MOST = 24  # boxes; in longer networks blocks of one kind are drawn as one


@dataclass(frozen=True)
class Step:
    """One box: a layer, a block, or several alike in a row.

    channels: of maps, or the numbers of a list, whose `sides` are empty.  follows: does
    it get numbers from the box before it?  others: names of further boxes it gets
    numbers from.
    """

    name: str
    words: tuple[str, ...]
    kind: str
    shape: tuple[int, ...]
    channels: int
    sides: tuple[int, ...]
    follows: bool
    others: tuple[str, ...]


def steps(trace: Trace) -> list[Step]:
    """The boxes of a network, without its input."""
    root = trace.root
    calls = expand(root, len(working(root)), top=True)
    owner = {inner: call for call in calls for inner in call.walk()}
    feeds = {call: came_from(call.sources, owner) for call in calls}
    groups = grouped(feeds, lambda call: (label(call), call.output_shape))
    if len(groups) > MOST:
        groups = grouped(feeds, lambda call: (label(call), looks(call)[1]))
    boxes = {call: i for i, group in enumerate(groups) for call in group}
    names = [group_name([title(call) for call in group]) for group in groups]
    found = [
        step(group, number, names, numbers(feeds[group[0]], boxes))
        for number, group in enumerate(groups)
    ]
    ends = numbers(came_from(root.ends, owner), boxes) if root.children else set()
    return [*found, joined(root, len(groups), names, ends)] if len(ends) > 1 else found


def numbers(calls: set[Call], boxes: dict[Call, int]) -> set[int]:
    """The boxes that some calls belong to; the input is number -1."""
    return {boxes.get(call, -1) for call in calls}


def grouped(
    feeds: dict[Call, set[Call]], look: Callable[[Call], object]
) -> list[list[Call]]:
    """Calls that look alike and follow one another, together.

    feeds: each call and where its input comes from.
    """
    groups: list[list[Call]] = []
    for call, sources in feeds.items():
        last = groups[-1][-1] if groups else None
        if last and sources == {last} and look(last) == look(call):
            groups[-1].append(call)
        else:
            groups.append([call])
    return groups


def joined(root: Call, number: int, names: list[str], origins: set[int]) -> Step:
    """The output of a network whose paths meet at its very end."""
    channels, sides = looks(root)
    return Step(
        name="output",
        words=("joined",),
        kind="other",
        shape=root.output_shape,
        channels=channels,
        sides=sides,
        follows=number - 1 in origins,
        others=others(number, names, origins),
    )


def others(number: int, names: list[str], origins: set[int]) -> tuple[str, ...]:
    """The names of the boxes that are not just before this one."""
    found = sorted(origins - {number - 1, number})
    return tuple("input" if i < 0 else names[i] for i in found)


def step(group: list[Call], number: int, names: list[str], origins: set[int]) -> Step:
    """One box for calls that are alike.  origins: the boxes before it, -1 the input."""
    last = group[-1]
    text = label(last)
    if len(group) > 1:
        text = (f"{len(group)} × {text[0]}", *text[1:])
    channels, sides = looks(last)
    return Step(
        name=names[number],
        words=text,
        kind=kind(last),
        shape=last.output_shape,
        channels=channels,
        sides=sides,
        follows=number - 1 in origins,
        others=others(number, names, origins),
    )


def working(call: Call) -> list[Call]:
    """The layers inside that a picture would show."""
    return [c for c in call.walk() if not c.children and not is_quiet(c)]


def expand(call: Call, total: int, *, top: bool = False) -> list[Call]:
    """The calls to draw: what is inside of plain sequences, other modules as blocks.

    A module with one layer to show is that layer; one that holds more than half of
    the network's `total` layers is opened too.
    """
    inside = working(call)
    if not call.children or not inside:
        return inside
    plain = type(call.module).forward is nn.Sequential.forward
    if not (top or plain or len(inside) == 1 or len(inside) > total / 2):
        return [call]
    if len(inside) == 1 and not (top or plain) and reshapes(call, inside[0]):
        return [call]
    return [one for child in call.children for one in expand(child, total)]


def reshapes(call: Call, layer: Call) -> bool:
    """Does a module do more than its only layer (join its input, form capsules)?"""
    return call.output_shape != layer.output_shape


def came_from(sources: set[Call], owner: dict[Call, Call]) -> set[Call]:
    """The drawn calls that some calls belong to, looking through the others."""
    found: set[Call] = set()
    for call in sources:
        if call in owner or call.times == 0:
            found.add(owner.get(call, call))
        else:
            found |= came_from(call.ends if call.children else call.sources, owner)
    return found


def label(call: Call) -> tuple[str, ...]:
    """What a call is, in words; blocks go by their classes, and their only layer."""
    if call.children:
        inside = working(call)
        only = label(inside[0]) if len(inside) == 1 else ()
        return (type(call.module).__name__, *only)
    return words(call.module, max(1, len(call.output_shape) - 1))


def kind(call: Call) -> str:
    """Which colour it gets: convolution, pooling, dense, block or other."""
    text = label(call)[0]
    if call.children:
        return "block"
    if "conv" in text or text.startswith("transposed"):
        return "convolution"
    if any(word in text for word in ("pool", "mean", "maxim", "sampling")):
        return "pooling"
    return "dense" if text == "dense" else "other"


def looks(call: Call) -> tuple[int, tuple[int, ...]]:
    """Channels, and the sides of the maps: the dimensions that have places.

    A map of one pixel, and everything else, is a list of numbers without sides.
    """
    shape = call.output_shape
    places = [varies(reach) for reach in call.reaches.values()]
    dims = {dim for found in places for dim in found}
    # Where places were mixed with others or with channels there are no sides.
    if not dims or len(dims) < len(places) or any(len(found) > 1 for found in places):
        return prod(shape), ()
    sides = tuple(shape[dim - 1] for dim in sorted(dims))
    return prod(shape) // prod(sides), sides


def varies(reach: Reach) -> list[int]:
    """The dimensions along which the place makes a difference."""
    return [dim for dim in range(reach.first.dim()) if reach.depends_on(dim)]


def group_name(names: list[str]) -> str:
    """Names that differ in one number: "layer1.0", "layer1.1" → "layer1.0–1"."""
    first, last = names[0].split("."), names[-1].split(".")
    if first == last:
        return names[0]
    differ = [i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b]
    if len(first) != len(last) or len(differ) != 1:
        return f"{names[0]} – {names[-1]}"
    at = differ[0]
    begin = common_start(first[at], last[at])
    first[at] += "–" + last[at].removeprefix(begin)
    return ".".join(first)


def common_start(a: str, b: str) -> str:
    """The letters that two names begin with; numbers stay whole."""
    start = "".join(
        x for x, y in takewhile(lambda p: p[0] == p[1], zip(a, b, strict=False))
    )
    return start.rstrip("0123456789") if b[len(start) :][:1].isdigit() else start
