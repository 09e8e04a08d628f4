"""Random changes of whole batches: the same as torchvision's, image by image."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torchvision import transforms
from torchvision.transforms import functional as one_by_one

from coursekit import augment
from coursekit.augment import Augment, Colour, Distort, InTurn, Normalise


def dice(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(n: int = 6, channels: int = 3, height: int = 7, width: int = 9) -> Tensor:
    shape = (n, channels, height, width)
    return torch.randint(256, shape, generator=dice(), dtype=torch.uint8)


def test_a_crop_is_torchvisions_pad_crop_and_flip() -> None:
    images = noise()
    tops, lefts = torch.tensor([[0, 4, 2, 1, 3, 2], [4, 0, 2, 3, 1, 2]])
    mirrored = torch.tensor([True, False, False, True, False, True])
    cut = augment.crop(images, 2, tops, lefts, mirrored)
    for i, image in enumerate(images):
        padded = one_by_one.pad(image, [2])
        top, left = int(tops[i]), int(lefts[i])
        expected = one_by_one.crop(padded, top, left, 7, 9)
        expected = one_by_one.hflip(expected) if mirrored[i] else expected
        assert torch.equal(cut[i], expected)
    assert cut.dtype == torch.uint8
    assert cut.is_contiguous()


# Every pixel has a value of its own, so that a crop tells where it was taken.
PLACES = torch.arange(1, 26, dtype=torch.uint8).view(1, 1, 5, 5)


def outcomes(changed: Tensor, padding: int) -> Tensor:
    """How often each (mirrored, top, left) comes, found from the pixels: (2, s, s)."""
    sides, counts = 2 * padding + 1, torch.zeros(2, 2 * padding + 1, 2 * padding + 1)
    for mirrored, top, left in itertools.product(range(2), range(sides), range(sides)):
        one = torch.tensor([top]), torch.tensor([left]), torch.tensor([bool(mirrored)])
        pattern = augment.crop(PLACES, padding, *one)
        counts[mirrored, top, left] = (changed == pattern).flatten(1).all(1).sum()
    return counts


def test_every_shift_and_flip_is_equally_likely() -> None:
    n = 20_000
    changed = Augment(2, flip=True)(PLACES.expand(n, 1, 5, 5), dice())
    counts = outcomes(changed, padding=2)
    assert counts.sum() == n  # nothing else comes out
    expected = n / counts.numel()
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    assert chi_squared < 85.4  # the 0.1 % point for 49 degrees of freedom


@pytest.mark.slow
def test_crops_and_flips_are_distributed_as_torchvisions() -> None:
    n = 10_000
    torch.manual_seed(0)
    peer = transforms.Compose(
        [transforms.RandomCrop(5, padding=2), transforms.RandomHorizontalFlip()]
    )
    theirs = outcomes(torch.stack([peer(PLACES[0]) for _ in range(n)]), padding=2)
    changed = Augment(2, flip=True)(PLACES.expand(n, 1, 5, 5), dice())
    ours = outcomes(changed, padding=2)
    assert ours.sum() == theirs.sum() == n
    # Two samples of one distribution? As many degrees of freedom as above.
    chi_squared = ((ours - theirs) ** 2 / (ours + theirs)).sum()
    assert chi_squared < 85.4


def test_brightness_is_distributed_as_torchvisions() -> None:
    """The greatest gap between the two cumulative shares, by Kolmogorov and Smirnov."""
    n = 4000
    torch.manual_seed(0)
    image = torch.full((1, 3, 2, 2), 100, dtype=torch.uint8)
    peer = transforms.ColorJitter(brightness=0.4)
    theirs = torch.stack([peer(image[0]) for _ in range(n)])[:, 0, 0, 0]
    change = Colour(brightness=0.4)
    ours = change(image.expand(n, -1, -1, -1), dice())[:, 0, 0, 0]
    shares = [v.bincount(minlength=256).cumsum(0) / n for v in (ours.int(), theirs)]
    # torchvision cuts off where we round: half a level of 80 moves the shares by 1/160.
    assert (shares[0] - shares[1]).abs().max() < 1.95 * math.sqrt(2 / n) + 1 / 160


def test_images_are_changed_independently_of_each_other() -> None:
    same = noise(1).expand(400, -1, -1, -1)
    first, second = Augment(2, flip=True)(same, dice()).split(200)
    alike = (first == second).flatten(1).all(1).float().mean()
    assert alike < 0.1  # 1 in 50 by chance


def test_equal_seeds_give_equal_images_and_others_others() -> None:
    change, images = Augment(2, flip=True), noise(50)
    assert torch.equal(change(images, dice(1)), change(images, dice(1)))
    assert not torch.equal(change(images, dice(1)), change(images, dice(2)))


def test_without_padding_and_flip_nothing_changes() -> None:
    assert torch.equal(augment.UNCHANGED(noise(), dice()), noise())
    only_flips = Augment(flip=True)(noise(50), dice())
    kept = (only_flips == noise(50)).flatten(1).all(1)
    assert 10 < kept.sum() < 40
    assert torch.equal(only_flips[~kept], noise(50)[~kept].flip(3))


def test_the_source_stays_as_it_is() -> None:
    images = noise()
    for change in (Augment(2, True), Distort(9, 0.1, 0.1, 1), Colour(0.5, 0.5, 0.5)):
        change(images, dice())
        assert torch.equal(images, noise())


anything: Any = augment  # to call with what annotations forbid


@pytest.mark.parametrize("wrong", [-1, math.nan, math.inf, True, "2", None])
def test_amounts_that_are_none_are_refused(wrong: object) -> None:
    for change, names in {
        "Augment": ("padding",),
        "Distort": ("degrees", "shear", "scale", "shift"),
        "Colour": ("brightness", "contrast", "saturation", "lighting"),
    }.items():
        for name in names:
            with pytest.raises(
                ValueError, match=f"{name} must be .* but it is {wrong!r}"
            ):
                getattr(anything, change)(**{name: wrong})


def test_half_pixels_and_factors_below_0_are_refused() -> None:
    for build, message in {
        lambda: anything.Augment(padding=1.5): "padding must be",
        lambda: anything.Augment(flip="no"): "flip must be True or False",
        lambda: Distort(scale=1.1): "scale must be in 0 … 1",
        lambda: Colour(contrast=1.1): "contrast must be in 0 … 1",
    }.items():
        with pytest.raises(ValueError, match=message):
            build()


CHANGES: list[Callable[[Tensor, torch.Generator], Tensor]] = [
    Augment(),
    Augment(2, flip=True),
    Distort(degrees=10),
    Colour(brightness=0.1),
]


def test_no_change_at_all_takes_whatever_comes() -> None:
    for examples in (noise() / 255, noise()[0], torch.arange(6).reshape(2, 3)):
        assert Augment()(examples, torch.Generator()) is examples


@pytest.mark.parametrize("change", CHANGES[1:])
@pytest.mark.parametrize(
    "images", [noise() / 255, noise()[0], noise()[:0], noise().int()]
)
def test_what_is_no_batch_of_bytes_is_refused(
    change: Callable[[Tensor, torch.Generator], Tensor], images: Tensor
) -> None:
    """Numbers in 0 … 1 would be read as bytes, and give noise without an error."""
    with pytest.raises(ValueError, match=r"as bytes, torch\.uint8 of shape") as caught:
        change(images, dice())
    assert str(tuple(images.shape)) in str(caught.value)


def test_channels_that_are_no_colours_are_refused() -> None:
    with pytest.raises(ValueError, match="1 channel or 3; these have 2"):
        Colour(brightness=0.1)(noise(channels=2), dice())
    with pytest.raises(ValueError, match="directions must have 3 number"):
        Colour(lighting=0.1, directions=((0.1, 0.2),))(noise(), dice())


def test_each_image_is_distorted_within_the_limits() -> None:
    matrices = Distort(20, 0.2, 0.1, 3).matrices(torch.zeros(2000, 1, 40, 40), dice())
    shifts = matrices[:, :, 2] * 20
    assert 2.9 < shifts.max() <= 3
    assert -3 <= shifts.min() < -2.9
    # The smallest and the largest scale, seen where there is neither turn nor shear.
    wide = Distort(scale=0.1).matrices(torch.zeros(2000, 1, 4, 4), dice())[:, 0, 0]
    assert 1 / 1.1 - 1e-3 < wide.min() < 0.915
    assert 1.10 < wide.max() < 1 / 0.9 + 1e-3


def test_a_distortion_is_torchvisions_turn() -> None:
    images = noise(3, height=20, width=30)
    change = Distort(degrees=30)
    matrices = change.matrices(images, dice())
    turned = change(images, dice())
    for image, matrix, ours in zip(images, matrices, turned, strict=True):
        angle = -torch.rad2deg(torch.atan2(matrix[0, 1] / (20 / 30), matrix[0, 0]))
        theirs = one_by_one.rotate(
            image.float(),
            angle.item(),
            interpolation=one_by_one.InterpolationMode.BILINEAR,
        )
        middle = (ours.float() - theirs)[:, 5:15, 5:25].abs()
        assert middle.max() <= 1.0


@pytest.mark.parametrize(
    ("change", "adjust"),
    [
        (Colour(brightness=0.5), one_by_one.adjust_brightness),
        (Colour(contrast=0.5), one_by_one.adjust_contrast),
        (Colour(saturation=0.5), one_by_one.adjust_saturation),
    ],
)
def test_colours_change_as_in_torchvision(change: Colour, adjust) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    images = noise()
    throws = 2 * torch.rand((3, len(images)), generator=dice()) - 1
    which = [change.brightness, change.contrast, change.saturation].index(0.5)
    for image, ours, throw in zip(
        images, change(images, dice()), throws[which], strict=True
    ):
        theirs = adjust(image.float() / 255, 1 + 0.5 * throw.item()) * 255
        assert (ours.float() - theirs).abs().max() <= 1.0


def test_light_is_added_along_the_directions() -> None:
    grey = torch.full((500, 3, 2, 2), 128, dtype=torch.uint8)
    change = Colour(lighting=0.1, directions=((0.4, 0.2, 0.0),))
    moved = change(grey, dice()).float() - 128
    assert (moved == moved[:, :, :1, :1]).all()
    red, green, blue = moved[:, :, 0, 0].unbind(1)
    assert blue.abs().max() == 0
    assert (red - 2 * green).abs().max() <= 1.5  # rounded to bytes
    assert red.std().item() == pytest.approx(0.1 * 0.4 * 255, rel=0.1)


def test_principal_colours_are_those_of_made_up_pixels() -> None:
    amounts = torch.randn(10_000, 2, generator=dice()) * torch.tensor([30.0, 5.0])
    pixels = 128 + amounts @ torch.tensor([[0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
    images = pixels.round().clamp(0, 255).byte().view(100, 10, 10, 3)
    first, second, third = augment.principal_colours(images.permute(0, 3, 1, 2))
    sign = 1 if first[0] > 0 else -1
    assert first == pytest.approx([sign * 18 / 255, sign * 24 / 255, 0], abs=2e-3)
    assert [abs(x) for x in second] == pytest.approx([0, 0, 5 / 255], abs=2e-3)
    assert max(map(abs, third)) < 3e-3


def test_changes_in_turn_use_the_same_dice() -> None:
    both = InTurn((Augment(2, True), Colour(brightness=0.3)))
    throws = dice()
    expected = Augment(2, True)(noise(), throws)
    expected = Colour(brightness=0.3)(expected, throws)
    assert torch.equal(both(noise(), dice()), expected)


def test_normalised_pixels_have_mean_0_and_deviation_1() -> None:
    images = noise(200, height=32, width=32)
    images[:, 1] //= 2
    values = Normalise(*augment.statistics(images))(images)
    assert values.mean((0, 2, 3)).abs().max() < 1e-4
    assert (values.std((0, 2, 3)) - 1).abs().max() < 1e-4
    assert values.dtype == torch.float32


def test_statistics_are_those_of_the_pixels() -> None:
    images = noise(50)
    mean, std = augment.statistics(images)
    pixels = images.double() / 255
    assert mean == pytest.approx(pixels.mean((0, 2, 3)).tolist())
    expected = pixels.transpose(0, 1).flatten(1).std(1, unbiased=False)
    assert std == pytest.approx(expected.tolist())


def test_floats_are_not_changed_where_they_lie() -> None:
    images = torch.rand(2, 3, 4, 4)
    before = images.clone()
    Normalise((0.5,) * 3, (0.2,) * 3)(images)
    assert torch.equal(images, before)


@pytest.mark.parametrize("std", [(0.2, 0.2), (0.2, 0.0, 0.2), (0.2, math.nan, 1), ()])
def test_normalise_refuses_what_does_not_fit(std: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="deviation above 0"):
        Normalise((0.5,) * 3, std)


@pytest.mark.parametrize("images", [noise(channels=1), noise(channels=4), noise()[0]])
def test_normalise_refuses_other_channels(images: Tensor) -> None:
    with pytest.raises(ValueError, match=r"Give images \(number, 3, height, width\)"):
        Normalise((0.5,) * 3, (0.2,) * 3)(images)
    with pytest.raises(ValueError, match="as many channels as means"):
        Normalise((0.5,), (0.2,))(noise())


@pytest.mark.gpu
def test_a_graphics_card_gives_the_same_images() -> None:
    change = InTurn((Augment(4, True), Distort(10, 0.1, 0.1, 2)))
    cpu, card = change(noise(64), dice()), change(noise(64).cuda(), dice())
    assert card.is_cuda
    crops = Augment(4, True)
    assert torch.equal(crops(noise(64), dice()), crops(noise(64).cuda(), dice()).cpu())
    assert (cpu.int() - card.cpu().int()).abs().max() <= 1


@pytest.mark.gpu
def test_a_graphics_card_gives_the_same_colours_and_numbers() -> None:
    images = noise(64)
    for ours, theirs in zip(
        augment.statistics(images.cuda()), augment.statistics(images), strict=True
    ):
        assert ours == pytest.approx(theirs)
    change = Colour(0.3, 0.3, 0.3, 0.1, augment.principal_colours(images))
    cpu, card = change(images, dice()), change(images.cuda(), dice())
    assert card.is_cuda
    assert (cpu.int() - card.cpu().int()).abs().max() <= 1
    normalise = Normalise((0.5,) * 3, (0.2,) * 3)
    expected = normalise(images)
    found = normalise.cuda()(images.cuda()).cpu()
    torch.testing.assert_close(found, expected)
