"""Receptive fields: which pixels of the input each number of a tensor can see.

Where paths meet, in a sum or a concatenation, the field is the smallest window that
holds all. Pixels of padding are counted, as in the usual formula: a field may be larger
than the image and begin before it. Statistics of normalisation layers are not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import torch
from torch import Tensor

NOWHERE = 2**40  # first pixel of what sees nothing, and minus its last
PERIODS = range(1, 5)  # fields that lie closer than pixels do: 0, 0, 1, 1, …


@dataclass(frozen=True)
class Reach:
    """What the numbers of one tensor see along one axis of the input.

    Number i sees the pixels first[i] … last[i]. Both have as many dimensions as the
    tensor, of length 1 where the place along a dimension makes no difference.  jump:
    pixels between the fields of neighbours along the only such dimension; None without
    one, with several, and where the fields lie at unequal distances.
    """

    first: Tensor
    last: Tensor
    jump: Fraction | None

    def map(self, move: Callable[[Tensor], Tensor]) -> Reach:
        """The same with both ends moved."""
        return Reach(move(self.first), move(self.last), self.jump)

    def depends_on(self, dim: int) -> bool:
        """Does the place along `dim` make a difference?"""
        return self.first.shape[dim] > 1 or self.last.shape[dim] > 1

    @property
    def dims(self) -> list[int]:
        """The dimensions along which the place makes a difference."""
        return [dim for dim in range(self.first.dim()) if self.depends_on(dim)]

    @property
    def uneven(self) -> bool:
        """Are there places, but not at equal distances along one dimension?"""
        return self.jump is None and bool(self.dims)

    def step(self, dim: int) -> Fraction | None:
        """Pixels between neighbours along `dim`, also where there are several such."""
        if self.jump is not None:
            return self.jump
        others = [d for d in self.dims if d != dim]
        ends = [end.permute(*others, *rest(end, others)) for end in self.paired]
        rows = [end.flatten(0, len(others) - 1)[0] if others else end for end in ends]
        return spacing(rows[0].flatten(), rows[1].flatten())

    @property
    def paired(self) -> tuple[Tensor, Tensor]:
        """Both ends in one shape."""
        first, last = torch.broadcast_tensors(self.first, self.last)
        return first, last

    def measured(self) -> Reach:
        """The same with its jump read off from where the fields lie."""
        jump = None
        if len(self.dims) == 1:
            first, last = self.paired
            jump = spacing(first.flatten(), last.flatten())
        return replace(self, jump=jump)


# Input and axis ("the height of the first input") → what is seen of it.
Reaches = dict[tuple[int, int], Reach]


def rest(end: Tensor, dims: Sequence[int]) -> list[int]:
    """The other dimensions."""
    return [dim for dim in range(end.dim()) if dim not in dims]


def spacing(first: Tensor, last: Tensor) -> Fraction | None:
    """How far apart fields in a row lie, if that is the same all along.

    Up to four numbers may share a step (0, 0, 1, 1, 2, 2: half a pixel). What sees
    nothing is left out at both ends.
    """
    seeing = (first < NOWHERE).nonzero().flatten()
    if len(seeing) < 2:
        return None
    start, stop = int(seeing[0]), int(seeing[-1]) + 1
    ends = (first[start:stop], last[start:stop])
    for period in PERIODS:
        found = {repeated(end, period) for end in ends}
        if len(found) == 1 and None not in found:
            return found.pop()
    return None


def repeated(end: Tensor, period: int) -> Fraction | None:
    """The mean step of numbers whose steps repeat after `period`."""
    if period > 1 and (len(end) < 2 * period or bool((end.diff() < 0).any())):
        return None
    moves = end[period:] - end[:-period]
    if len(moves) == 0 or int(moves[0]) == 0 or bool((moves != moves[0]).any()):
        return None
    return Fraction(int(moves[0]), period)


def of_input(number: int, shape: Sequence[int], axes: Iterable[int]) -> Reaches:
    """Each pixel of an input sees itself; `axes` are the dimensions with places."""
    found: Reaches = {}
    for axis, dim in enumerate(axes):
        along = [1] * len(shape)
        along[dim] = shape[dim]
        pixels = up_to(shape[dim]).reshape(along)
        found[number, axis] = Reach(pixels, pixels, Fraction(1))
    return found


def up_to(number: int) -> Tensor:
    """0 … number - 1, in memory, wherever the model's tensors are."""
    return torch.arange(number, device="cpu")


def union(reaches: Sequence[Reach]) -> Reach:
    """The smallest window that holds all; places are matched as in broadcasting."""
    first, last = reaches[0].first, reaches[0].last
    for reach in reaches[1:]:
        first = torch.minimum(first, reach.first)
        last = torch.maximum(last, reach.last)
    placed = [reach for reach in reaches if reach.dims] or reaches
    jumps = {reach.jump for reach in placed}
    found = Reach(first, last, None)
    if len(jumps) == 1 and len(found.dims) <= 1:
        return replace(found, jump=jumps.pop())
    return found.measured()


def merge(parts: Iterable[Reaches]) -> Reaches:
    """`union` for every axis of the input that any part sees."""
    found: dict[tuple[int, int], list[Reach]] = {}
    for part in parts:
        for axis, reach in part.items():
            found.setdefault(axis, []).append(reach)
    return {axis: union(reaches) for axis, reaches in found.items()}


def mix(reach: Reach, dims: Sequence[int]) -> Reach:
    """Every number sees what any along `dims` saw, as in a sum over them."""
    if not dims:
        return reach
    first = reach.first.amin(tuple(dims), keepdim=True)
    last = reach.last.amax(tuple(dims), keepdim=True)
    found = Reach(first, last, reach.jump)
    if not found.dims:
        return replace(found, jump=None)
    return found.measured() if reach.jump is None else found


def take(reach: Reach, dim: int, start: Tensor, stop: Tensor, jump: Fraction) -> Reach:
    """Number i along `dim` sees what start[i] … stop[i] saw.

    Places before and after the tensor, padding, continue at the same distance.
    """
    if not reach.depends_on(dim):
        return reach
    ends = [place(reach, dim, where) for where in (start, stop)]
    first = torch.minimum(ends[0][0], ends[1][0])
    last = torch.maximum(ends[0][1], ends[1][1])
    if reach.jump is None:
        return Reach(first, last, None).measured()
    return Reach(first, last, reach.jump * jump)


def place(reach: Reach, dim: int, where: Tensor) -> tuple[Tensor, Tensor]:
    """What the numbers at `where` along `dim` see, also outside of the tensor."""
    inside = where.clamp(0, max(end.shape[dim] for end in reach.paired) - 1)
    shape = [1] * reach.first.dim()
    shape[dim] = -1
    step = float(reach.step(dim) or 0)
    beyond = ((where - inside) * step).long().reshape(shape)
    first, last = (end.index_select(dim, inside) + beyond for end in reach.paired)
    return first, last


def lift(part: Reaches, dims: int) -> Reaches:
    """Leading dimensions of length 1, as broadcasting adds them."""

    def add(end: Tensor) -> Tensor:
        return end.reshape((1,) * (dims - end.dim()) + tuple(end.shape))

    return {axis: reach.map(add) for axis, reach in part.items()}


def moved(before: Reach, first: Tensor, last: Tensor) -> Reach:
    """The same fields in other places: the jump stays if their row does."""
    found = Reach(compressed(first), compressed(last), None)
    found = Reach(*found.paired, None)
    old = [compressed(end.flatten()) for end in before.paired]
    new = [compressed(end.flatten()) for end in found.paired]
    same = all(map(torch.equal, old, new))
    if before.jump is not None and same and len(found.dims) <= 1:
        return replace(found, jump=before.jump)
    return found.measured()


def compressed(end: Tensor) -> Tensor:
    """Length 1 along the dimensions in which nothing changes."""
    for dim in range(end.dim()):
        one = end.narrow(dim, 0, 1)
        if end.stride(dim) == 0 or bool((end == one).all()):
            end = one
    return end
