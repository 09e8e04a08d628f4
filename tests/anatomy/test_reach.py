"""Receptive fields: against the literature, and against gradients."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import hypothesis.strategies as st
import pytest
import torch
import torchvision
from hypothesis import given, settings
from torch import Tensor, nn

from coursekit import models
from coursekit.anatomy import ReceptiveField, count_layers
from coursekit.anatomy.inputs import Input
from coursekit.anatomy.trace import trace

IMAGE = (3, 224, 224)


def field(model: nn.Module, shape: tuple[int, ...], name: str) -> ReceptiveField:
    """The receptive field of the layer of this name."""
    rows = {row.name: row.receptive_field for row in count_layers(model, shape)}
    found = rows[name]
    assert found is not None
    return found


def on_meta(build: Callable[[], nn.Module]) -> nn.Module:
    with torch.device("meta"):
        return build()


# Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural
# Networks" (Distill), table 1: AlexNet 195, VGG-16 212, Inception-v3 1311.
def test_alexnet() -> None:
    model = on_meta(models.alexnet)
    assert field(model, IMAGE, "features.10").size == (163, 163), "conv5"
    assert field(model, IMAGE, "features.12").size == (195, 195), "pool5"


def test_vgg_16() -> None:
    model = on_meta(lambda: models.vgg("D"))
    conv5_3 = field(model, IMAGE, "features.28")
    assert conv5_3 == ReceptiveField((196, 196), (Fraction(16),) * 2, (-90, -90), False)
    assert field(model, IMAGE, "features.30").size == (212, 212)
    fc6 = field(model, IMAGE, "classifier.0")
    assert (fc6.size, fc6.jump, fc6.whole) == ((404, 404), (None, None), True)


@pytest.mark.parametrize(
    "layer",
    [
        *(nn.PReLU(4), nn.Hardswish(inplace=True), nn.Mish(inplace=True)),
        *(nn.RReLU(), nn.LogSigmoid(), nn.Threshold(0.1, 0.0, inplace=True)),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_every_activation_leaves_the_field_as_it_is(layer: nn.Module) -> None:
    rows = count_layers(nn.Sequential(nn.Conv2d(3, 4, 3), layer), (3, 9, 9))
    assert rows[1].receptive_field == rows[0].receptive_field
    assert rows.notes == ()


@pytest.mark.slow
def test_inception_v3() -> None:
    build = torchvision.models.inception_v3
    model = on_meta(lambda: build(init_weights=False, aux_logits=False))
    mixed_7c = field(model, (3, 299, 299), "Mixed_7c.branch1x1.bn")
    branch = field(model, (3, 299, 299), "Mixed_7c.branch3x3dbl_3b.bn")
    assert max(mixed_7c.size[0], branch.size[0]) == 1311


def mobilenet_v1() -> nn.Sequential:
    """Howard 2017, table 1, without the 1×1 convolutions, which see no further."""
    strides = [2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]
    return nn.Sequential(*(nn.Conv2d(1, 1, 3, s, padding=1) for s in strides))


def slim_resnet(blocks: tuple[int, ...]) -> nn.Sequential:
    """The 3×3 convolutions of TensorFlow's ResNet: stride in a stage's last block."""
    layers: list[nn.Module] = [nn.Conv2d(1, 1, 7, 2, padding=3), nn.MaxPool2d(3, 2, 1)]
    for stage, count in enumerate(blocks, start=1):
        for block in range(1, count + 1):
            stride = 2 if block == count and stage < len(blocks) else 1
            layers.append(nn.Conv2d(1, 1, 3, stride, padding=1))
    return nn.Sequential(*layers)


@pytest.mark.parametrize(
    ("model", "size"),
    [
        (mobilenet_v1(), 315),
        (slim_resnet((3, 4, 6, 3)), 483),
        (slim_resnet((3, 4, 23, 3)), 1027),
        (slim_resnet((3, 8, 36, 3)), 1507),
    ],
)
def test_the_rest_of_araujo_s_table(model: nn.Module, size: int) -> None:
    last = count_layers(model, (1, 224, 224))[-1].receptive_field
    assert last is not None
    assert (last.size, last.jump) == ((size, size), (Fraction(32), Fraction(32)))


@pytest.mark.slow
def test_resnet_50_with_its_stride_in_a_stage_s_first_block() -> None:
    # By hand: 11 after pooling; 3 blocks of 8; 8 + 3·16; 16 + 5·32; 32 + 2·64.
    model = on_meta(lambda: models.resnet(50))
    assert field(model, IMAGE, "layer4.2.bn3").size == (427, 427)
    assert field(model, IMAGE, "layer4.0.downsample.1").size == (267, 267), "the cut"
    assert field(model, IMAGE, "fc").size == (427 + 6 * 32,) * 2


def test_a_sum_and_a_concatenation_see_the_largest() -> None:
    class Paths(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.small, self.large = nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 5, padding=2)
            self.add, self.cat = nn.Conv2d(1, 1, 1), nn.Conv2d(2, 1, 1)

        def forward(self, x: Tensor) -> Tensor:
            paths = [self.small(x), self.large(x)]
            return self.add(paths[0] + paths[1]) + self.cat(torch.cat(paths, dim=1))

    for name in ("add", "cat"):
        assert field(Paths(), (1, 9, 9), name).size == (5, 5)
    assert field(Paths(), (1, 9, 9), "small").size == (1, 1)


def test_unequal_axes() -> None:
    layer = nn.Conv2d(1, 1, (3, 5), stride=(1, 2), padding=(0, 1), dilation=(2, 1))
    assert field(layer, (1, 20, 30), "Conv2d") == ReceptiveField(
        (5, 5), (Fraction(1), Fraction(2)), (0, -1), False
    )


def test_dense_layers_see_what_the_map_saw() -> None:
    assert field(models.SmallCNN(), (1, 28, 28), "output").whole
    # Of 20 pixels a 9×9 convolution of stride 2 leaves out the last.
    digits = field(models.capsnet(width=8, types=2), (1, 28, 28), "digits")
    assert (digits.size, digits.offset, digits.whole) == ((27, 27), (0, 0), False)


def test_words() -> None:
    model = models.text_cnn(100, embedding=8)
    assert field(model, (20,), "embeddings.0").size == (1,)
    assert field(model, (20,), "convolutions.1").size == (4,)
    assert field(model, (20,), "output") == ReceptiveField((20,), (None,), (0,), True)


def test_attention_sees_all_vectors_and_a_feature_list_has_no_places() -> None:
    layer = nn.TransformerEncoderLayer(16, 4, batch_first=True)
    assert field(layer, (5, 16), "norm2").size == (5,)
    assert count_layers(nn.Linear(4, 2), (4,))[0].receptive_field is None


def test_what_is_not_known_is_taken_as_everything_and_said() -> None:
    class Odd(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3)

        def forward(self, x: Tensor) -> Tensor:
            return self.conv(torch.linalg.svd(x)[0][..., :5])

    rows = count_layers(Odd(), (1, 8, 8))
    assert rows[0].receptive_field is not None
    assert rows[0].receptive_field.size == (8, 8)
    assert "_linalg_svd" in rows.notes[0]


def test_finer_grids() -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.PixelShuffle(2), nn.Upsample(scale_factor=2)
    )
    conv, shuffled, larger = count_layers(model, (1, 8, 8))
    for row, jump in ((conv, 1), (shuffled, Fraction(1, 2)), (larger, Fraction(1, 4))):
        assert row.receptive_field is not None
        assert row.receptive_field.size == (3, 3)
        assert row.receptive_field.jump == (jump, jump)


# Layers of a random network on one axis: kernel, stride, padding, dilation.
OPTIONS = st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(0, 2))
CONV = st.builds(
    lambda o, d: nn.Conv1d(1, 1, o[0], o[1], o[2], dilation=d),
    OPTIONS,
    st.integers(1, 2),
)
POOL = st.builds(
    lambda k, s, c: nn.AvgPool1d(k, s, k // 2, ceil_mode=c),
    st.integers(1, 4),
    st.integers(1, 3),
    st.booleans(),
)
BACK = st.builds(
    lambda k, s: nn.ConvTranspose1d(1, 1, k + s - 1, s), *[st.integers(1, 3)] * 2
)
NET = st.lists(st.one_of(CONV, POOL, BACK), min_size=1, max_size=4)


def seen(model: nn.Module, size: int) -> dict[int, tuple[int, int] | None]:
    """First and last pixel that some outputs depend on, by gradients."""
    x = torch.ones(1, 1, size, requires_grad=True)
    outputs = model(x).flatten()
    middle = len(outputs) // 2
    found: dict[int, tuple[int, int] | None] = {}
    for i in {0, len(outputs) - 1, *range(max(0, middle - 4), middle + 5)}:
        if i < len(outputs):
            (slope,) = torch.autograd.grad(outputs[i], x, retain_graph=True)
            where = slope[0, 0].nonzero().flatten().tolist()
            found[i] = (where[0], where[-1]) if where else None
    return found


@settings(max_examples=60, deadline=None)
@given(NET)
def test_every_field_is_what_gradients_say(layers: list[nn.Module]) -> None:
    size, margin = 96, 24
    model = nn.Sequential(*layers)
    for weight in model.parameters():
        nn.init.ones_(weight)
    try:
        outputs = seen(model, size)
    except RuntimeError:  # the layers leave nothing of 96 pixels
        return
    (reach,) = trace(model, [Input((1, size))], False, "meta").root.reaches.values()
    ends = torch.stack((reach.first.flatten(), reach.last.flatten()), 1)
    for number, measured in outputs.items():
        first, last = ends[number if len(ends) > 1 else 0].tolist()
        assert measured is None or first <= measured[0] <= measured[1] <= last
        inside = margin <= first and last < size - margin
        if inside and reach.jump is not None and reach.jump <= 6:
            assert measured == (first, last), "far from borders and their padding"


def test_u_net_by_gradients() -> None:
    model = models.unet(width=1, levels=3, channels=1, classes=1).eval()
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.ones_(module.weight)
    model.pool = nn.AvgPool2d(2)
    x = torch.ones(1, 1, 92, 92, requires_grad=True)
    sizes = set()
    output = model(x)
    for i in range(24, 28):
        (slope,) = torch.autograd.grad(output[0, 0, i, 25], x, retain_graph=True)
        rows = slope[0, 0].any(dim=1).nonzero().flatten()
        sizes.add(int(rows[-1] - rows[0]) + 1)
    found = field(model, (1, 92, 92), "last")
    assert max(sizes) == found.size[0]
    assert found.jump == (1, 1)


def test_a_transposed_convolution_sees_only_places_that_exist() -> None:
    model = nn.Sequential(nn.Conv2d(1, 4, 7), nn.ConvTranspose2d(4, 1, 4))
    rows = count_layers(model, (1, 8, 8))
    assert rows[1].output_shape == (1, 5, 5)
    assert rows[1].receptive_field is not None
    assert rows[1].receptive_field.size == (8, 8), "two places at most"


def test_every_second_pixel_lies_twice_as_far_apart() -> None:
    class Thinned(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x: Tensor) -> Tensor:
            return self.conv(x[:, :, ::2, 1::2])

    assert field(Thinned(), (1, 16, 16), "conv") == ReceptiveField(
        (5, 5), (Fraction(2), Fraction(2)), (-2, -1), False
    )


def test_whole_means_every_number() -> None:
    model = nn.Sequential(nn.ZeroPad2d((0, 4, 0, 4)), nn.Conv2d(1, 1, 16))
    assert not field(model, (1, 16, 16), "1").whole, "the last number sees 12 pixels"
    assert field(nn.Conv2d(1, 1, 16), (1, 16, 16), "Conv2d").whole
