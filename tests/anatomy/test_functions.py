"""Receptive fields through functions: what a layer's equal says, or a note."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.anatomy import Anatomy, ReceptiveField, count_layers

Function = Callable[[Tensor], Tensor]
SIDE = 12


class Between(nn.Module):
    """A function between two 3×3 convolutions with padding 1."""

    def __init__(self, function: Function, channels: int = 1) -> None:
        super().__init__()
        self.function = function
        self.before = nn.Conv2d(1, 1, 3, padding=1)
        self.after = nn.Conv2d(channels, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.after(self.function(self.before(x)))


def between(function: Function, channels: int = 1) -> tuple[Anatomy, ReceptiveField]:
    """The anatomy, and what the last convolution sees."""
    found = count_layers(Between(function, channels), (1, SIDE, SIDE))
    field = found[-1].receptive_field
    assert field is not None
    return found, field


def halves(x: Tensor) -> Tensor:
    """(n, c, h, w) → (n, c, h/2, 2, w/2, 2)."""
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2)


def assigned(x: Tensor) -> Tensor:
    """Every second column is overwritten by twice itself."""
    y = x.clone()
    y[..., ::2] = 2 * x[..., ::2]
    y[..., 1::2].mul_(2)
    return y


HALVED = ((8, 8), (2, 2), (-3, -3))
DOUBLED = ((4, 4), (Fraction(1, 2),) * 2, (-1, -1))
SAME = ((5, 5), (1, 1), (-2, -2))
# What the last convolution sees, by the function in front of it.
KNOWN: dict[str, tuple[Function, int, tuple[object, object, object]]] = {
    "max pooling": (lambda x: F.max_pool2d(x, 2), 1, HALVED),
    "maximum of a view": (lambda x: halves(x).amax((3, 5)), 1, HALVED),
    "mean of a view": (lambda x: halves(x).mean(5).mean(3), 1, HALVED),
    "places last": (
        lambda x: halves(x).permute(0, 1, 2, 4, 3, 5).flatten(4).amax(-1),
        1,
        HALVED,
    ),
    "space to depth": (
        lambda x: halves(x).permute(0, 1, 3, 5, 2, 4).flatten(1, 3),
        4,
        HALVED,
    ),
    "pixel_unshuffle": (lambda x: F.pixel_unshuffle(x, 2), 4, HALVED),
    "windows": (lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax((-1, -2)), 1, HALVED),
    "sum of four slices": (
        lambda x: sum((x[..., a::2, b::2] for a in (0, 1) for b in (0, 1)), x.new(1)),
        1,
        HALVED,
    ),
    "interpolate, area": (
        lambda x: F.interpolate(x, scale_factor=0.5, mode="area"),
        1,
        HALVED,
    ),
    "every second": (lambda x: x[..., ::2, ::2], 1, ((7, 7), (2, 2), (-3, -3))),
    "interpolate, nearest": (
        lambda x: F.interpolate(x, scale_factor=0.5),
        1,
        ((7, 7), (2, 2), (-3, -3)),
    ),
    "columns in threes": (
        lambda x: x[:, :, :, 1::3],
        1,
        ((5, 9), (1, 3), (-2, -3)),
    ),
    "twice as large": (lambda x: F.interpolate(x, scale_factor=2), 1, DOUBLED),
    "pixel_shuffle": (
        lambda x: F.pixel_shuffle(x.repeat(1, 4, 1, 1), 2),
        1,
        DOUBLED,
    ),
    "corner to corner": (
        lambda x: F.interpolate(x, size=23, mode="bilinear", align_corners=True),
        1,
        ((5, 5), (Fraction(1, 2),) * 2, (-1, -1)),
    ),
    "transposed": (lambda x: x.transpose(2, 3), 1, SAME),
    "there and back": (lambda x: x.flatten(2).unflatten(2, (SIDE, SIDE)), 1, SAME),
    "overwritten": (assigned, 1, SAME),
    "flipped": (lambda x: x.flip(-1), 1, ((5, 5), (1, -1), (-2, SIDE - 3))),
    "fields of two sizes": (
        lambda x: torch.cat([x, F.max_pool2d(x, 5, 1, 2)], 1),
        2,
        ((9, 9), (1, 1), (-4, -4)),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_functions_are_followed_as_layers_are(name: str) -> None:
    function, channels, expected = KNOWN[name]
    found, field = between(function, channels)
    assert (field.size, field.jump, field.offset) == expected
    assert found.notes == ()


def test_both_sides_of_a_transposed_map() -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, (3, 5)), Between(lambda x: x.mT))
    field = count_layers(model, (1, 20, 20))[-1].receptive_field
    assert field is not None
    assert field.size == (3 + 4, 5 + 4)


UNEVEN: dict[str, tuple[Function, int]] = {
    "rolled": (lambda x: x.roll(1, -1), 1),
    "a map and its mirror image": (lambda x: x + x.flip(-1), 1),
    "a map beside itself": (lambda x: torch.cat([x, x], 3), 1),
    "other distances in other channels": (
        lambda x: torch.cat([x[..., :6], x[..., ::2]], 1),
        2,
    ),
    "parts in another order": (lambda x: torch.cat(x.chunk(2, 3)[::-1], 3), 1),
    "one column more": (lambda x: torch.cat([x, x[..., :1]], 3), 1),
    "a map and its transpose": (lambda x: x + x.mT, 1),
}


@pytest.mark.parametrize("name", UNEVEN)
def test_fields_at_unequal_distances_have_no_jump_and_a_note(name: str) -> None:
    found, field = between(*UNEVEN[name])
    assert field.jump[1] is None
    assert "No jump for after" in " ".join(found.notes)


UNKNOWN: dict[str, tuple[Function, int, str]] = {
    "im2col": (lambda x: F.unfold(x, 2, stride=2).unflatten(2, (6, 6)), 4, "im2col"),
    "sorted": (lambda x: x.sort(-1)[0], 1, "sort"),
    "picked": (lambda x: x[..., torch.tensor([0, 3, 4, 9])], 1, "index"),
    "bicubic": (
        lambda x: F.interpolate(x, scale_factor=2, mode="bicubic"),
        1,
        "bicubic",
    ),
    "frequencies": (lambda x: torch.fft.fft2(x).real, 1, "_fft_c2c"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_everything_and_the_note_says_where(name: str) -> None:
    function, channels, says = UNKNOWN[name]
    found, field = between(function, channels)
    assert min(field.size) >= SIDE
    assert says in found.notes[0]
    assert " in Between" in found.notes[0]


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_every_padding_has_the_field_of_the_formula(mode: str) -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1, padding_mode=mode),  # type: ignore[arg-type]
        nn.Conv2d(2, 1, 3, stride=2),
    )
    first, second = count_layers(model, (1, 9, 9))
    assert first.receptive_field == ReceptiveField(
        (3, 3), (Fraction(1),) * 2, (-1, -1), False
    )
    assert second.receptive_field == ReceptiveField(
        (5, 5), (Fraction(2),) * 2, (-1, -1), False
    )


CIRCLES = [
    nn.Conv1d(1, 1, 3, padding=1, padding_mode="circular"),
    nn.Conv3d(1, 1, 3, padding="same", padding_mode="circular"),
    nn.CircularPad2d(1),
    Between(lambda x: F.pad(x, (1, 1, 1, 1), mode="circular")),
]


@pytest.mark.parametrize("layer", CIRCLES, ids=lambda layer: type(layer).__name__)
def test_padding_in_a_circle_is_said(layer: nn.Module) -> None:
    sides = 3 if isinstance(layer, nn.Conv3d) else 2 - isinstance(layer, nn.Conv1d)
    found = count_layers(nn.Sequential(layer), (1, *[SIDE] * sides))
    assert all(row.receptive_field is not None for row in found)
    (note,) = found.notes
    assert "opposite border in 0" in note


def test_a_circle_once_around_at_most() -> None:
    layer = nn.Conv2d(1, 1, 19, padding=9, padding_mode="circular")
    with pytest.raises(ValueError, match="more than once"):
        count_layers(layer, (1, 8, 8))


class Elsewhere(nn.Module):
    """What comes out does not come from what goes in, as far as torch knows."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(torch.from_numpy(x.numpy() + 1))


def test_what_is_lost_is_said() -> None:
    found = count_layers(Elsewhere(), (1, 9, 9))
    assert found[0].receptive_field is None
    assert "No receptive field for conv" in found.notes[0]


def test_a_large_map_is_written_into_with_a_note() -> None:
    def written(x: Tensor) -> Tensor:
        y = x.repeat(1, 64, 1, 1)
        y[:, :, 1:] += 1
        return y

    found = count_layers(Between(written, 64), (1, 300, 300))
    assert "writing into a part" in found.notes[0]
    field = found[-1].receptive_field
    assert field is not None
    assert min(field.size) >= 300


def test_zeros_around_that_are_assigned() -> None:
    def framed(x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        y = torch.zeros(n, c, h + 2, w + 2)
        y[:, :, 1:-1, 1:-1] = x
        return y

    _, field = between(framed)
    assert field.size == (5, 5)


@pytest.mark.parametrize("name", ["maximum of a view", "overwritten", "windows"])
def test_fields_are_what_gradients_say(name: str) -> None:
    function, channels, _ = KNOWN[name]
    _, field = between(function, channels)
    model = Between(function, channels)
    for weight in model.parameters():
        nn.init.ones_(weight)
    x = torch.rand(1, 1, SIDE, SIDE, requires_grad=True)
    y = model(x)
    middle = y.shape[2] // 2
    seen: set[int] = set()
    for _ in range(60):  # a maximum has one winner at a time
        x.data.uniform_()
        (slope,) = torch.autograd.grad(model(x)[0, 0, middle, middle], x)
        seen |= set(slope[0, 0].any(1).nonzero().flatten().tolist())
    start = field.offset[0] + middle * int(field.jump[0] or 0)
    assert (min(seen), max(seen)) == (start, start + field.size[0] - 1)
