"""Rules: what the result of each operation of torch sees, from what its inputs see.

Functions such as `torch.cat` and `+` count as much as layers do. An operation without a
rule may look at everything, and is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor

from coursekit.anatomy import rearranging
from coursekit.anatomy.operation import (
    Operation,
    Rule,
    aten,
    elementwise,
    names,
    tensors,
    whole,
)
from coursekit.anatomy.reach import Reach, Reaches, lift, merge, mix, take, up_to

Option = int | Sequence[int]  # torch writes one number, or one for each side
Between = tuple[Tensor, Tensor, Fraction]  # first and last places, and their jump


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
    """Adaptive pooling and upsampling: n places to m."""
    between = resizing(op)

    def resize(reach: Reach) -> Reach:
        for dim in range(2, op.out.dim()):
            reach = take(reach, dim, *between(op.input.shape[dim], op.out.shape[dim]))
        return reach

    return op.each(resize)


def resizing(op: Operation) -> Callable[[int, int], Between]:
    """Which places a place comes from: a mean of several, the nearest, or two."""
    name = op.func.__name__
    if "linear" in name:
        return corner_to_corner if op.argument(2, "align_corners") else linear
    if "nearest" in name:
        return nearest_exact if "exact" in name else nearest
    return adaptive


def adaptive(n: int, m: int) -> Between:
    """From i·n/m to (i+1)·n/m, both rounded outwards."""
    i = up_to(m)
    return i * n // m, -(-(i + 1) * n // m) - 1, Fraction(n, m)


def nearest(n: int, m: int) -> Between:
    """Rounded down."""
    place = up_to(m) * n // m
    return place, place, Fraction(n, m)


def nearest_exact(n: int, m: int) -> Between:
    """That under the middle of a place."""
    place = (2 * up_to(m) + 1) * n // (2 * m)
    return place, place, Fraction(n, m)


def linear(n: int, m: int) -> Between:
    """The two around the middle of a place."""
    start = ((2 * up_to(m) + 1) * n - m) // (2 * m)
    return start.clamp(0, n - 1), (start + 1).clamp(0, n - 1), Fraction(n, m)


def corner_to_corner(n: int, m: int) -> Between:
    """The two around a place, where the first and the last stay what they are."""
    jump = Fraction(n - 1, max(1, m - 1))
    start = up_to(m) * (n - 1) // max(1, m - 1)
    return start, (start + 1).clamp(0, n - 1), jump


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


def embedded(op: Operation) -> Reaches:
    """The vector of a word sees the word."""
    words = op.seen(op.args[1])
    return {a: r.map(lambda end: end.unsqueeze(-1)) for a, r in words.items()}


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
    *("clone", "detach", "alias", "_to_copy", "lift_fresh"),
    *("_prelu_kernel", "rrelu_with_noise", "rrelu_with_noise_", "log_sigmoid_forward"),
    *("hardswish_", "mish_", "threshold_", "gelu_", "abs_", "masked_fill_"),
)
RULES: dict[Any, Rule] = {
    **dict.fromkeys(rearranging.MOVING, rearranging.rearranged),
    **dict.fromkeys(rearranging.CUTTING, rearranging.split),
    **dict.fromkeys(POOLING, pool),
    **dict.fromkeys(RESIZING, resized),
    **dict.fromkeys(PADDING, padded),
    **dict.fromkeys(ELEMENTWISE, elementwise),
    **dict.fromkeys(REDUCING, reduced),
    **dict.fromkeys(names("mm", "bmm", "addmm", "baddbmm"), matmul),
    **dict.fromkeys(names("_softmax", "_log_softmax", "_safe_softmax"), along),
    **dict.fromkeys(names("cumsum", "cumprod"), along),
    **dict.fromkeys(names("cat", "stack"), rearranging.joined),
    aten.convolution: convolution,
    aten.slice: rearranging.sliced,
    aten.copy_: rearranging.copied,
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
