"""Receptive fields: which pixels of the input each number of a tensor can see.

Every tensor of a forward pass is followed through the operations that torch carries
out, so functions such as `torch.cat` and `+` count as much as layers do. Where paths
meet, in a sum or a concatenation, the field is the smallest window that holds all.
Pixels of padding are counted, as in the usual formula: a field may be larger than the
image and begin before it. Statistics of normalisation layers are not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor

aten = torch.ops.aten
Option = int | Sequence[int]  # torch writes one number, or one for each side
NOWHERE = 2**40  # first pixel of what sees nothing, and minus its last


@dataclass(frozen=True)
class Reach:
    """What the numbers of one tensor see along one axis of the input.

    Number i sees the pixels first[i] … last[i]. Both have as many dimensions as the
    tensor, of length 1 where the place along a dimension makes no difference.  jump:
    pixels between the fields of neighbours; none once places have been mixed.
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


# Input and axis ("the height of the first input") → what is seen of it.
Reaches = dict[tuple[int, int], Reach]


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
    jumps = [reach.jump for reach in reaches if reach.jump is not None]
    return Reach(first, last, max(jumps, default=None))


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
    return Reach(first, last, reach.jump if first.numel() > 1 else None)


def take(reach: Reach, dim: int, start: Tensor, stop: Tensor, jump: Fraction) -> Reach:
    """Number i along `dim` sees what start[i] … stop[i] saw.

    Places before and after the tensor, padding, continue at the same jump.
    """
    if not reach.depends_on(dim) or reach.jump is None:
        return reach
    ends = [place(reach, dim, where) for where in (start, stop)]
    first = torch.minimum(ends[0][0], ends[1][0])
    last = torch.maximum(ends[0][1], ends[1][1])
    return Reach(first, last, reach.jump * jump)


def place(reach: Reach, dim: int, where: Tensor) -> tuple[Tensor, Tensor]:
    """What the numbers at `where` along `dim` see, also outside of the tensor."""
    inside = where.clamp(0, reach.first.shape[dim] - 1)
    shape = [1] * reach.first.dim()
    shape[dim] = -1
    beyond = ((where - inside) * float(reach.jump or 0)).long().reshape(shape)
    ends = [end.index_select(dim, inside) + beyond for end in (reach.first, reach.last)]
    return ends[0], ends[1]


@dataclass(frozen=True)
class Operation:
    """One operation that torch carried out, and what its inputs see."""

    func: Any
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    out: Tensor
    number: int  # of `out`, among the results
    seen: Callable[[Tensor], Reaches]

    @property
    def input(self) -> Tensor:
        return self.args[0]

    def each(self, change: Callable[[Reach], Reach]) -> Reaches:
        """The first input's reaches, changed."""
        return {axis: change(r) for axis, r in self.seen(self.input).items()}

    def argument(self, number: int, name: str, default: object = None) -> Any:  # noqa: ANN401
        """An argument by place or name."""
        if number < len(self.args):
            return self.args[number]
        return self.kwargs.get(name, default)


Rule = Callable[[Operation], Reaches]


def elementwise(op: Operation) -> Reaches:
    """Number by number, with broadcasting: what any of the inputs sees."""
    parts = [op.seen(tensor) for tensor in tensors(op.args)]
    return merge(lift(part, op.out.dim()) for part in parts)


def lift(part: Reaches, dims: int) -> Reaches:
    """Leading dimensions of length 1, as broadcasting adds them."""

    def add(end: Tensor) -> Tensor:
        return end.reshape((1,) * (dims - end.dim()) + tuple(end.shape))

    return {axis: reach.map(add) for axis, reach in part.items()}


def whole(op: Operation) -> Reaches:
    """An operation without a rule: everything that went in."""
    parts = []
    for tensor in tensors(op.args):
        dims = range(tensor.dim())
        part = {a: mix(r, list(dims)) for a, r in op.seen(tensor).items()}
        parts.append(part)

    def reshape(end: Tensor) -> Tensor:
        return end.reshape((1,) * op.out.dim())

    return {axis: reach.map(reshape) for axis, reach in merge(parts).items()}


def tensors(value: object) -> list[Tensor]:
    """All tensors in nested lists, tuples and dictionaries."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors(item)]
    return []


def windows(
    reach: Reach,
    out: Tensor,
    size: Option,
    stride: Option,
    padding: Option,
    dilation: Option = 1,
) -> Reach:
    """A window slid over the last dimensions; each option one number or one a side."""
    count = len(size) if isinstance(size, Sequence) else 1
    for i in range(count):
        k, s, p, d = (pick(v, i) for v in (size, stride or size, padding, dilation))
        dim = out.dim() - count + i
        start = up_to(out.shape[dim]) * s - p
        reach = take(reach, dim, start, start + d * (k - 1), Fraction(s))
    return reach


def pick(value: Option, number: int) -> int:
    """Torch writes one number for all sides, or a list of one, or one a side."""
    if isinstance(value, int):
        return value
    return value[number] if len(value) > 1 else value[0]


def convolution(op: Operation) -> Reaches:
    _, weight, _, stride, padding, dilation, transposed = op.args[:7]
    size = weight.shape[2:]

    def slide(reach: Reach) -> Reach:
        reach = mix(reach, [1]) if reach.depends_on(1) else reach
        if transposed:
            return spread(reach, op.out, size, stride, padding, dilation)
        return windows(reach, op.out, size, stride, padding, dilation)

    return op.each(slide)


def spread(
    reach: Reach,
    out: Tensor,
    size: Sequence[int],
    stride: Option,
    padding: Option,
    dilation: Option,
) -> Reach:
    """A transposed convolution: which inputs place their kernel over number o?

    Those i with 0 ≤ o + p - s·i ≤ d(k - 1), among those that exist.
    """
    for i in range(len(size)):
        k, s, p, d = (pick(v, i) for v in (size, stride, padding, dilation))
        dim = out.dim() - len(size) + i
        o = up_to(out.shape[dim]) + p
        last = reach.first.shape[dim] - 1
        start = -((d * (k - 1) - o).div(s, rounding_mode="floor"))
        stop = o.div(s, rounding_mode="floor").clamp(0, last)
        start = torch.minimum(start.clamp(0, last), stop)
        reach = take(reach, dim, start, stop, Fraction(1, s))
    return reach


def pool(op: Operation) -> Reaches:
    size, stride = op.args[1], op.argument(2, "stride")
    padding = op.argument(3, "padding", 0)
    dilation = 1
    if "max_pool" in op.func.__name__:
        dilation = op.argument(4, "dilation", 1)
    return op.each(lambda r: windows(r, op.out, size, stride, padding, dilation))


def resized(op: Operation) -> Reaches:
    """Adaptive pooling and upsampling: n places to m, the i-th from about i·n/m."""
    dims = range(2, op.out.dim())
    linear = "linear" in op.func.__name__

    def resize(reach: Reach) -> Reach:
        for dim in dims:
            n, m = op.input.shape[dim], op.out.shape[dim]
            i = up_to(m)
            start, stop = i * n // m, -(-(i + 1) * n // m) - 1
            if linear:
                start = ((2 * i + 1) * n - m) // (2 * m)
                start, stop = start.clamp(0, n - 1), (start + 1).clamp(0, n - 1)
            reach = take(reach, dim, start, stop, Fraction(n, m))
        return reach

    return op.each(resize)


def padded(op: Operation) -> Reaches:
    amounts = op.args[1]

    def extend(reach: Reach) -> Reach:
        for i in range(len(amounts) // 2):
            dim = op.out.dim() - 1 - i
            where = up_to(op.out.shape[dim]) - amounts[2 * i]
            reach = take(reach, dim, where, where, Fraction(1))
        return reach

    return op.each(extend)


def matmul(op: Operation) -> Reaches:
    """(…, i, j) times (…, j, k), perhaps plus a first argument."""
    *bias, left, right = op.args[:3] if "add" in op.func.__name__ else op.args[:2]
    parts = [lift(op.seen(tensor), op.out.dim()) for tensor in bias]
    last = op.out.dim() - 1
    parts.append({a: mix(r, [last]) for a, r in op.seen(left).items()})
    parts.append({a: mix(r, [last - 1]) for a, r in op.seen(right).items()})
    return merge(parts)


def attention(op: Operation) -> Reaches:
    """Each query sees itself, and all keys and values."""
    query, *others = op.args[:3]
    dim = query.dim() - 2
    mixed = [{a: mix(r, [dim]) for a, r in op.seen(t).items()} for t in others]
    return merge([op.seen(query), *mixed])


def reduced(op: Operation) -> Reaches:
    """A mean, sum or maximum over some dimensions."""
    norm = op.func.overloadpacket is aten.linalg_vector_norm
    dims = op.argument(2 if norm else 1, "dim")
    dims = [dims] if isinstance(dims, int) else list(dims or [])
    dims = sorted({d % op.input.dim() for d in dims} or range(op.input.dim()))
    keep = op.out.dim() == op.input.dim()

    def reduce(reach: Reach) -> Reach:
        reach = mix(reach, dims)
        return reach if keep else reach.map(lambda end: end.squeeze(tuple(dims)))

    return op.each(reduce)


def along(op: Operation) -> Reaches:
    """A softmax or running sum: each number sees all along one dimension."""
    dim = op.argument(1, "dim") % op.input.dim()
    return op.each(lambda reach: mix(reach, [dim]))


def rearranged(op: Operation) -> Reaches:
    """Views, permutations, slices: do to both ends what was done to the numbers."""
    func = aten.reshape if op.func.overloadpacket in VIEWS else op.func

    def move(end: Tensor) -> Tensor:
        moved = func(end.expand(op.input.shape), *op.args[1:], **op.kwargs)
        return compressed(
            moved[op.number] if isinstance(moved, (list, tuple)) else moved
        )

    return op.each(lambda r: paired(move(r.first), move(r.last), r.jump))


def paired(first: Tensor, last: Tensor, jump: Fraction | None) -> Reach:
    """Both ends in one shape."""
    first, last = torch.broadcast_tensors(first, last)
    return Reach(first, last, jump)


def compressed(end: Tensor) -> Tensor:
    """Length 1 along the dimensions in which nothing changes."""
    for dim in range(end.dim()):
        one = end.narrow(dim, 0, 1)
        if end.stride(dim) == 0 or bool((end == one).all()):
            end = one
    return end


def relaid(op: Operation) -> Reaches:
    """Numbers put in another order in memory, as torch does without memory."""
    shapes = [reach.first.shape for reach in op.seen(op.input).values()]
    fit = all(fits(shape, op.out.shape) for shape in shapes)
    return elementwise(op) if fit else whole(op)


def sliced(op: Operation) -> Reaches:
    """Every step-th place: the fields lie so much farther apart."""
    dim = op.argument(1, "dim", 0) % op.input.dim()
    step = op.argument(4, "step", 1)
    found = rearranged(op)
    for axis, reach in op.seen(op.input).items():
        if reach.depends_on(dim) and reach.jump is not None:
            found[axis] = replace(found[axis], jump=reach.jump * step)
    return found


def shuffled(op: Operation) -> Reaches:
    """Channels become neighbours (or back): so many more numbers for each pixel."""
    found = rearranged(op)
    finer = Fraction(op.input.shape[-1], op.out.shape[-1])
    return {a: replace(r, jump=r.jump and r.jump * finer) for a, r in found.items()}


def joined(op: Operation) -> Reaches:
    """A concatenation; along channels, where places make no difference, a union."""
    found = [op.seen(part) for part in op.args[0]]
    everything = merge(found)
    if op.func.overloadpacket is aten.cat:
        dim = op.argument(1, "dim", 0)
        if not any(r.depends_on(dim) for part in found for r in part.values()):
            return everything
    return {axis: end_to_end(op, found, axis) for axis in everything}


def end_to_end(op: Operation, found: list[Reaches], axis: tuple[int, int]) -> Reach:
    """Tensors one after another; those that saw nothing of the input still do not."""

    def join(end: str, nothing: int) -> Tensor:
        ends = [
            getattr(part[axis], end)
            if axis in part
            else torch.tensor(nothing, device="cpu")
            for part in found
        ]
        shapes = [part.shape for part in op.args[0]]
        full = [e.expand(shape) for e, shape in zip(ends, shapes, strict=True)]
        return compressed(op.func(full, *op.args[1:], **op.kwargs))

    jumps = [part[axis].jump for part in found if axis in part]
    jump = max((j for j in jumps if j is not None), default=None)
    return paired(join("first", NOWHERE), join("last", -NOWHERE), jump)


def embedded(op: Operation) -> Reaches:
    """The vector of a word sees the word."""
    words = op.seen(op.args[1])
    return {a: r.map(lambda end: end.unsqueeze(-1)) for a, r in words.items()}


def names(*words: str) -> list[Any]:
    """The operations of these names that this version of torch has."""
    return [getattr(aten, word) for word in words if hasattr(aten, word)]


VIEWS = names("view", "_unsafe_view", "reshape", "_reshape_alias")
REARRANGING = VIEWS + names(
    *("permute", "transpose", "t", "unsqueeze", "squeeze", "select", "expand"),
    *("split", "split_with_sizes", "unbind", "flip", "roll", "index_select", "repeat"),
    *("channel_shuffle", "unfold", "diagonal"),
    *("unsafe_split", "unsafe_chunk", "movedim", "narrow"),
)
POOLING = names(
    *("max_pool2d_with_indices", "max_pool3d_with_indices", "avg_pool2d"),
    *("avg_pool1d", "avg_pool3d"),
)
RESIZING = names(
    *("_adaptive_avg_pool2d", "_adaptive_avg_pool3d", "adaptive_max_pool2d"),
    *("adaptive_max_pool3d", "upsample_nearest1d", "upsample_nearest2d"),
    *("upsample_nearest3d", "upsample_linear1d", "upsample_bilinear2d"),
    *("upsample_trilinear3d", "_upsample_nearest_exact2d"),
)
PADDING = names(
    *("constant_pad_nd", "reflection_pad1d", "reflection_pad2d", "reflection_pad3d"),
    *("replication_pad1d", "replication_pad2d", "replication_pad3d"),
)
REDUCING = names(
    *("mean", "sum", "amax", "amin", "max", "min", "std", "var", "logsumexp", "prod"),
    *("argmax", "argmin", "any", "all", "linalg_vector_norm"),
)
# Statistics of the first are not followed; the next only copy; and the last are
# pointwise although torch does not say so.
ELEMENTWISE = names(
    *("native_batch_norm", "cudnn_batch_norm", "miopen_batch_norm"),
    *("native_layer_norm", "native_group_norm", "_fused_rms_norm", "native_dropout"),
    *("clone", "detach", "alias", "_to_copy", "copy_", "lift_fresh"),
    *("_prelu_kernel", "rrelu_with_noise", "rrelu_with_noise_", "log_sigmoid_forward"),
    *("hardswish_", "mish_", "threshold_", "gelu_", "abs_", "masked_fill_"),
)
ATTENTION = names(
    "_scaled_dot_product_flash_attention_for_cpu",
    "_scaled_dot_product_flash_attention",
    "_scaled_dot_product_efficient_attention",
    "_scaled_dot_product_fused_attention_overrideable",
)
RULES: dict[Any, Rule] = {
    **dict.fromkeys(REARRANGING, rearranged),
    **dict.fromkeys(POOLING, pool),
    **dict.fromkeys(RESIZING, resized),
    **dict.fromkeys(PADDING, padded),
    **dict.fromkeys(ELEMENTWISE, elementwise),
    **dict.fromkeys(REDUCING, reduced),
    **dict.fromkeys(names("mm", "bmm", "addmm", "baddbmm"), matmul),
    **dict.fromkeys(names("_softmax", "_log_softmax", "_safe_softmax"), along),
    **dict.fromkeys(names("cumsum", "cumprod"), along),
    **dict.fromkeys(names("cat", "stack"), joined),
    **dict.fromkeys(ATTENTION, attention),
    aten.convolution: convolution,
    aten.slice: sliced,
    aten.as_strided_: relaid,
    aten.pixel_shuffle: shuffled,
    aten.pixel_unshuffle: shuffled,
    aten.embedding: embedded,
}


def follow(op: Operation) -> tuple[Reaches, bool]:
    """What the result of an operation sees, and whether that is known.

    An operation without a rule that torch does not call pointwise may look at
    everything that went in.
    """
    rule = RULES.get(op.func.overloadpacket)
    if rule is not None:
        return rule(op), True
    seen = [tensor for tensor in tensors(op.args) if op.seen(tensor)]
    pointwise = torch.Tag.pointwise in op.func.tags
    if pointwise and all(fits(tensor.shape, op.out.shape) for tensor in seen):
        return elementwise(op), True
    return whole(op), False


def fits(shape: torch.Size, out: torch.Size) -> bool:
    """Can `shape` be broadcast to `out`?"""
    pairs = zip(reversed(shape), reversed(out), strict=False)
    return len(shape) <= len(out) and all(a in (1, b) for a, b in pairs)
