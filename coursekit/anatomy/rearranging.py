"""Rules for what puts numbers in other places: views, slices, joins, and writing.

Their receptive fields are put in other places by the same operation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from coursekit.anatomy.operation import Operation, aten, names
from coursekit.anatomy.reach import NOWHERE, Reach, Reaches, lift, merge, moved, up_to

VIEWS = names("view", "_unsafe_view", "reshape", "_reshape_alias")
MOVING = VIEWS + names(
    *("permute", "transpose", "t", "unsqueeze", "squeeze", "select", "expand"),
    *("unbind", "flip", "roll", "index_select", "repeat", "movedim", "unfold"),
    *("diagonal", "channel_shuffle", "pixel_shuffle", "pixel_unshuffle"),
)
CUTTING = names("split", "split_with_sizes", "unsafe_split", "unsafe_chunk", "narrow")
Key = tuple[int, int]  # of `Reaches`


def rearranged(op: Operation) -> Reaches:
    """Views, permutations, flips: do to both ends what was done to the numbers."""
    func = aten.reshape if op.func.overloadpacket in VIEWS else op.func

    def move(end: Tensor) -> Tensor:
        made = func(end.expand(op.input.shape), *op.args[1:], **op.kwargs)
        return made[op.number] if isinstance(made, (list, tuple)) else made

    return op.each(lambda r: moved(r, move(r.first), move(r.last)))


def sliced(op: Operation) -> Reaches:
    """Every step-th place: the fields lie so much farther apart."""
    return cut(op, op.argument(1, "dim", 0), op.argument(4, "step", 1))


def split(op: Operation) -> Reaches:
    """One of several pieces, in which the distances are as before."""
    place = 1 if "narrow" in op.func.__name__ else 2
    return cut(op, op.argument(place, "dim", 0), 1)


def cut(op: Operation, dim: int, step: int) -> Reaches:
    """A part along `dim`. One row has a distance too: that of the rows it is from."""
    found = rearranged(op)
    for axis, reach in op.seen(op.input).items():
        if reach.depends_on(dim % op.input.dim()) and reach.jump is not None:
            found[axis] = replace(found[axis], jump=reach.jump * step)
    return found


def joined(op: Operation) -> Reaches:
    """A concatenation; along channels, where places make no difference, a union."""
    found = [op.seen(part) for part in op.args[0]]
    everything = merge(found)
    if op.func.overloadpacket is aten.cat:
        dim = op.argument(1, "dim", 0)
        if not any(r.depends_on(dim) for part in found for r in part.values()):
            return everything
    return {axis: end_to_end(op, found, axis) for axis in everything}


def end_to_end(op: Operation, found: list[Reaches], axis: Key) -> Reach:
    """Tensors one after another; those that saw nothing of the input still do not."""

    def join(first: bool) -> Tensor:
        pairs = zip(op.args[0], found, strict=True)
        full = [filled(part.shape, reaches.get(axis), first) for part, reaches in pairs]
        return op.func(full, *op.args[1:], **op.kwargs)

    return moved(next(p[axis] for p in found if axis in p), join(True), join(False))


def filled(shape: Sequence[int], reach: Reach | None, first: bool) -> Tensor:
    """One end at full length; `NOWHERE` where nothing is seen."""
    if reach is None:
        return torch.tensor(NOWHERE if first else -NOWHERE, device="cpu").expand(shape)
    return (reach.first if first else reach.last).expand(shape)


def copied(op: Operation) -> Reaches:
    """`copy_`: only what is copied is seen afterwards."""
    return lift(op.seen(op.args[1]), op.out.dim())


def written(known: Mapping[int, Reaches], parts: Sequence[Tensor]) -> list[Reaches]:
    """What tensors that share memory see after the last of them was written.

    known: what each sees, by its place among `parts`; others see nothing.
    """
    axes = {axis for reaches in known.values() for axis in reaches}
    found: list[Reaches] = [{} for _ in parts]
    for axis in axes:
        ends = [memory(known, parts, axis, first) for first in (True, False)]
        for reaches, part in zip(found, parts, strict=True):
            first, last = (window(end, part) for end in ends)
            reaches[axis] = moved(Reach(first, last, None), first, last)
    return found


def memory(
    known: Mapping[int, Reaches], parts: Sequence[Tensor], axis: Key, first: bool
) -> Tensor:
    """One end for every number in memory; what is written last holds."""
    size = parts[0].untyped_storage().nbytes() // parts[0].element_size()
    flat = filled((size,), None, first).clone()
    for number, part in enumerate(parts):
        if axis in known.get(number, {}) or number == len(parts) - 1:
            reach = known.get(number, {}).get(axis)
            flat[window(up_to(size), part)] = filled(part.shape, reach, first)
    return flat


def window(flat: Tensor, part: Tensor) -> Tensor:
    """The numbers of memory that a tensor consists of."""
    return flat.as_strided(part.shape, part.stride(), part.storage_offset())
