"""Layers counted: against the course's facts, papers, torchvision and torch itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import cast

import pytest
import torch
import torchvision
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from coursekit import models
from coursekit.anatomy import Anatomy, count_layers

IMAGE = (3, 224, 224)
SMALL = (3, 32, 32)


def on_meta(build: Callable[[], nn.Module]) -> nn.Module:
    """A model whose weights take no memory."""
    with torch.device("meta"):
        return build()


# The four counts (weights per neuron, neurons, connections, parameters) of facts.md.
CONV_FACTS = {
    "LeNet conv1": (nn.Conv2d(1, 6, 5), (1, 32, 32), 28, (26, 4704, 122304, 156)),
    "AlexNet conv1": (
        nn.Conv2d(3, 96, 11, stride=4, padding=2),
        IMAGE,
        55,
        (364, 290_400, 105_705_600, 34_944),
    ),
    "ten 5×5": (nn.Conv2d(3, 10, 5, padding=2), SMALL, 32, (76, 10240, 778240, 760)),
}
DQN_FACTS = {
    "features.0": ((16, 20, 20), (257, 6400, 1_644_800, 4112)),
    "features.2": ((32, 9, 9), (257, 2592, 666_144, 8224)),
    "classifier.0": ((256,), (2593, 256, 663_808, 663_808)),
    "classifier.2": ((18,), (257, 18, 4626, 4626)),
}
COUNTS = ("weights_per_neuron", "neurons", "connections", "parameters")


@pytest.mark.parametrize("name", CONV_FACTS)
@pytest.mark.parametrize("batch", [(), (1,), (7,)])
def test_four_counts_of_a_convolution(name: str, batch: tuple[int, ...]) -> None:
    layer, shape, side, counts = CONV_FACTS[name]
    (row,) = count_layers(layer, (*batch, *shape))
    assert tuple(getattr(row, count) for count in COUNTS) == counts
    assert row.output_shape == (layer.out_channels, side, side)


def test_four_counts_of_the_dqn() -> None:
    found = {row.name: row for row in count_layers(models.dqn(), (4, 84, 84))}
    for name, (shape, counts) in DQN_FACTS.items():
        assert found[name].output_shape == shape
        assert tuple(getattr(found[name], count) for count in COUNTS) == counts


def test_lenet_1998_has_the_connections_of_the_paper() -> None:
    # LeCun 1998, section II B, layer by layer; the total is that of its conclusion.
    rows = {row.name: row for row in count_layers(models.lenet5_1998(), (1, 32, 32))}
    connections = [122_304, 5_880, 151_600, 2_000, 48_120, 10_164, 840]
    names = ["c1", "s2", "c3", "s4", "c5", "f6", "output"]
    assert [rows[name].connections for name in names] == connections
    assert sum(row.connections or 0 for row in rows.values()) == 340_908
    parameters = {"c1": 156, "s2": 12, "c3": 1516, "s4": 32, "c5": 48_120, "f6": 10_164}
    assert {name: rows[name].parameters for name in parameters} == parameters


def test_alexnet_2012_has_the_neurons_of_the_paper() -> None:
    # Krizhevsky 2012, figure 2, after the input of 150,528 numbers.
    rows = count_layers(on_meta(models.alexnet_2012), (3, 227, 227))
    neurons = [row.neurons for row in rows if row.parameters]
    assert neurons == [290_400, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]


TOTALS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], int]] = {
    "LeNet 1998": (models.lenet5_1998, (1, 32, 32), 60_000),
    "LeNet": (models.lenet5, (1, 28, 28), 61_706),
    "AlexNet 2012": (models.alexnet_2012, (3, 227, 227), 60_965_224),
    "no groups": (lambda: models.alexnet_2012(groups=1), (3, 227, 227), 62_378_344),
    "AlexNet 2014": (models.alexnet, IMAGE, 61_100_840),
    "VGG-11": (lambda: models.vgg("A"), IMAGE, 132_863_336),
    "VGG-16": (lambda: models.vgg("D"), IMAGE, 138_357_544),
    "VGG-19": (lambda: models.vgg("E"), IMAGE, 143_667_240),
    "NiN": (models.nin_cifar, SMALL, 966_986),
    "GoogLeNet": (models.googlenet, IMAGE, 6_624_904),
    "ResNet-18": (lambda: models.resnet(18), IMAGE, 11_689_512),
    "ResNet-50": (lambda: models.resnet(50), IMAGE, 25_557_032),
    "ResNet-152": (lambda: models.resnet(152), IMAGE, 60_192_808),
    "ResNet-20 A": (models.cifar_resnet, SMALL, 269_722),
    "ResNet-56 B": (
        lambda: models.cifar_resnet(56, shortcut="B"),
        SMALL,
        855_770,
    ),
    "DenseNet-121": (models.densenet, IMAGE, 7_978_856),
    "CapsNet": (lambda: models.capsnet(decoder=False), (1, 28, 28), 6_804_224),
    "U-Net": (models.unet, (1, 572, 572), 31_030_658),
    "DQN": (models.dqn, (4, 84, 84), 680_770),
    "Go": (models.go_policy, (48, 19, 19), 3_882_793),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TOTALS)
def test_rows_add_up_to_all_parameters(name: str) -> None:
    build, shape, total = TOTALS[name]
    rows = count_layers(build() if "1998" in name else on_meta(build), shape)
    assert sum(row.parameters for row in rows) == rows.parameters == total


def test_capsnet_layer_by_layer() -> None:
    rows = count_layers(on_meta(models.capsnet), (1, 28, 28))
    found = {row.name: row.parameters for row in rows if row.parameters}
    assert found == {"conv1": 20_992, "primary.conv": 5_308_672, "digits": 1_474_560}
    assert rows.parameters == 8_215_568
    assert rows.notes == ("1,411,344 parameters take no part in this pass: decoder.",)
    digits = next(row for row in rows if row.name == "digits")
    assert digits.weights_per_neuron == 1152 * 8
    assert digits.connections == 1_474_560, "nothing is shared"


TORCHVISION = {
    "alexnet": models.alexnet,
    "vgg11": lambda: models.vgg("A"),
    "vgg16": lambda: models.vgg("D"),
    "vgg19_bn": lambda: models.vgg("E", batch_norm=True),
    "googlenet": models.googlenet,
    "resnet18": lambda: models.resnet(18),
    "resnet50": lambda: models.resnet(50),
    "resnet152": lambda: models.resnet(152),
    "densenet121": models.densenet,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TORCHVISION)
def test_multiply_adds_are_those_that_torchvision_publishes(name: str) -> None:
    published = torchvision.models.get_model_weights(name).DEFAULT.meta
    rows = count_layers(on_meta(TORCHVISION[name]), IMAGE)
    assert rows.multiply_adds / 1e9 == pytest.approx(published["_ops"], abs=6e-4)


FLOPS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "U-Net": (lambda: models.unet(width=8, levels=3), (1, 92, 92)),
    "CapsNet": (lambda: models.capsnet(width=8, types=2), (1, 28, 28)),
    "ResNet v2": (lambda: models.cifar_resnet(20, version=2), SMALL),
    "Inception v3": (
        lambda: torchvision.models.inception_v3(init_weights=False),
        (3, 299, 299),
    ),
    "ViT": (torchvision.models.vit_b_16, IMAGE),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOPS)
def test_multiply_adds_are_half_of_torch_s_operations(name: str) -> None:
    build, shape = FLOPS[name]
    model = on_meta(build).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.zeros(1, *shape, device="meta"))
    assert 2 * count_layers(model, shape).multiply_adds == counter.get_total_flops()


def test_a_convolution_multiplies_once_for_each_connection_but_the_bias() -> None:
    model = on_meta(lambda: models.alexnet_2012(groups=2))
    for row in count_layers(model, (3, 227, 227)):
        if row.parameters:
            assert row.connections == row.multiply_adds + row.neurons, row.name


def test_transposed_convolution_counts_overlapping_kernels() -> None:
    layer = nn.ConvTranspose2d(8, 6, (4, 3), stride=(2, 3), groups=2)
    (row,) = count_layers(layer, (8, 5, 7))
    assert row.output_shape == (6, 12, 21)
    assert row.weights_per_neuron == 4 * 2 * 1 + 1
    assert row.multiply_adds == 8 * 5 * 7 * 3 * 4 * 3


def test_dilated_and_grouped_convolution() -> None:
    layer = nn.Conv2d(4, 6, 3, padding=2, dilation=2, groups=2, bias=False)
    (row,) = count_layers(layer, (4, 9, 10))
    assert row.kind == "convolution 3×3, 2 groups, dilation 2"
    assert (row.output_shape, row.weights_per_neuron) == ((6, 9, 10), 18)
    assert row.multiply_adds == 6 * 9 * 10 * 18


def test_layers_without_weights_and_normalisation() -> None:
    model = nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2))
    norm, relu, pool = count_layers(model, (3, 8, 8))
    assert tuple(getattr(norm, c) for c in COUNTS) == (2, 192, 384, 6)
    assert tuple(getattr(relu, c) for c in COUNTS) == (0, 192, 0, 0)
    assert tuple(getattr(pool, c) for c in COUNTS) == (0, 48, 0, 0)


def test_words_are_whole_numbers() -> None:
    rows = count_layers(models.text_cnn(5000, embedding=50), (59,))
    shapes = {row.name: row.output_shape for row in rows}
    assert shapes["embeddings.0"] == (59, 50)
    assert shapes["convolutions.2"] == (100, 55)
    assert [r.output_shape for r in count_layers(rows_model(), (4, 59))][-1] == (2,)


def rows_model() -> nn.Module:
    return models.text_cnn(5000, embedding=50)


class Shared(nn.Module):
    """One convolution called twice, and one that borrows its kernel."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv2d(4, 4, 3, padding=1)
        self.b = nn.Conv2d(4, 4, 3, padding=1)
        self.b.weight = self.a.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.b(self.a(self.a(x)))


def test_shared_weights_are_counted_once() -> None:
    rows = count_layers(Shared(), (4, 8, 8))
    assert [row.name for row in rows] == ["a", "a (call 2)", "b"]
    assert [row.parameters for row in rows] == [148, 0, 4]
    assert [row.connections for row in rows] == [37 * 256] * 3
    assert rows.parameters == 152


class OwnWork(nn.Module):
    """Works with functions on weights of its own, and looks at its numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.kernel = nn.Parameter(torch.ones(5, 3, 3, 3))
        self.scale = torch.ones(5)
        self.inner = nn.Linear(80, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.conv2d(x, self.kernel, stride=2) * self.scale[:, None, None]
        if float(x.sum()) > 1:
            raise AssertionError("zeros go in, so zeros come out")
        return self.inner(x.flatten(1))


def test_functions_are_counted_in_the_module_that_calls_them() -> None:
    inner, own = count_layers(OwnWork(), (3, 9, 9))
    assert (inner.name, inner.parameters) == ("inner", 162)
    assert (own.name, own.parameters) == ("OwnWork", 135)
    assert own.multiply_adds == 5 * 16 * 27
    assert (own.weights_per_neuron, own.connections) == (None, None)


class Pair(nn.Module):
    """A list of features and an image."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(3, 2), nn.Conv2d(1, 2, 3)

    def forward(self, features: Tensor, image: Tensor) -> Tensor:
        return self.a(features) + self.b(image).mean((2, 3))


@pytest.mark.parametrize(
    "inputs", [[(3,), (1, 8, 8)], [torch.ones(4, 3), torch.ones(4, 1, 8, 8)]]
)
def test_several_inputs(inputs: list[tuple[int, ...]] | list[Tensor]) -> None:
    features, image = count_layers(Pair(), inputs)
    assert (features.output_shape, features.receptive_field) == ((2,), None)
    assert image.receptive_field is not None
    assert image.receptive_field.size == (3, 3)


def test_training_counts_what_only_then_takes_part() -> None:
    model = on_meta(lambda: models.googlenet(auxiliary=True))
    assert "6,379,984 parameters take no part" in count_layers(model, IMAGE).notes[0]
    rows = count_layers(model, IMAGE, training=True)
    assert sum(row.parameters for row in rows) == 13_004_888
    assert not rows.notes
    assert {row.output_shape for row in rows if row.name == "fc"} == {(1000,)}


def test_batch_norm_trains_on_maps_of_one_pixel() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.BatchNorm1d(3))
    rows = count_layers(model, (1, 2, 2), training=True)
    assert [row.neurons for row in rows] == [4, 3, 3]
    assert rows.multiply_adds == 12


@pytest.mark.parametrize("training", [True, False])
def test_the_model_is_left_as_it_was(training: bool) -> None:
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(), nn.Flatten()
    )
    model[1].eval()
    seen: list[Tensor] = []
    model[0].register_forward_hook(lambda layer, args, output: seen.append(output))
    model(torch.ones(2, 3, 8, 8)).sum().backward()
    before = copy.deepcopy(model.state_dict())
    grads = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    modes, random = [m.training for m in model.modules()], torch.get_rng_state()
    count_layers(model, (3, 8, 8), training=training)
    assert len(seen) == 1, "the model's own hooks do not run"
    assert modes == [m.training for m in model.modules()]
    assert torch.equal(random, torch.get_rng_state())
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name
    for grad, p in zip(grads, model.parameters(), strict=True):
        assert p.grad is not None
        assert torch.equal(grad, p.grad)
    assert all(len(m._forward_hooks) == (m is model[0]) for m in model.modules())


def test_half_and_parametrized_models() -> None:
    plain = count_layers(nn.Conv2d(1, 6, 5), (1, 32, 32))[0]
    half = nn.Conv2d(1, 6, 5).to(torch.float16)
    assert count_layers(half, (1, 32, 32))[0] == plain
    normed = nn.utils.parametrizations.weight_norm(nn.Conv2d(1, 6, 5))
    (row,) = count_layers(normed, (1, 32, 32))
    assert (row.weights_per_neuron, row.parameters) == (26, 162)


@pytest.mark.slow
def test_a_compiled_model() -> None:
    model = nn.Sequential(nn.Conv2d(1, 6, 5))
    compiled = cast(nn.Module, torch.compile(model))
    assert count_layers(compiled, (1, 32, 32))[0].parameters == 156


def test_what_is_wrapped_around_a_layer_is_looked_through() -> None:
    layer = nn.Conv2d(1, 6, 5)
    plain = count_layers(nn.Sequential(layer), (1, 32, 32))
    compiled = cast(nn.Module, torch.compile(layer))
    in_place = nn.Conv2d(1, 6, 5)
    in_place.compile()
    for inner in (compiled, nn.DataParallel(layer), nn.DataParallel(compiled)):
        assert count_layers(nn.Sequential(inner), (1, 32, 32)).layers == plain.layers
        assert count_layers(inner, (1, 32, 32))[0].parameters == 156
    assert count_layers(nn.Sequential(in_place), (1, 32, 32)).layers == plain.layers


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_torchscript_cannot_be_looked_into() -> None:
    model = nn.Sequential(nn.Conv2d(1, 6, 5))
    traced = torch.jit.trace(model, torch.zeros(1, 1, 9, 9))
    for script in (torch.jit.script(model), traced):
        with pytest.raises(ValueError, match=r"it is TorchScript.* as it was before"):
            count_layers(script, (1, 9, 9))
    with pytest.raises(ValueError, match="its part '1' is TorchScript"):
        count_layers(nn.Sequential(nn.ReLU(), traced), (1, 9, 9))


class Halved(nn.Module):
    """A layer of somebody else that says itself what it is."""

    kind_in_words = "halved"

    def weights_per_neuron(self, neurons: int) -> float:
        return neurons / 2

    def forward(self, x: Tensor) -> Tensor:
        return x / 2


def test_a_layer_may_say_itself_what_it_is() -> None:
    (row,) = count_layers(Halved(), (1, 4, 4))
    assert (row.kind, row.weights_per_neuron, row.connections) == ("halved", 8, 128)


def test_count_layers_is_a_sequence_of_rows() -> None:
    rows = count_layers(models.lenet5(), (1, 28, 28))
    assert isinstance(rows, Anatomy)
    assert len(rows) == len(list(rows)) == 12
    assert rows[0].name == "features.0"
    assert [row.name for row in rows[:2]] == ["features.0", "features.1"]


def test_records_and_frame() -> None:
    rows = count_layers(models.lenet5(), (1, 28, 28))
    first = rows.records()[0]
    assert first["connections"] == 122_304
    assert first["receptive_field_size"] == (5, 5)
    assert first["receptive_field_offset"] == (-2, -2)
    frame = rows.frame()
    assert list(frame.columns) == list(first)
    assert frame["parameters"].sum() == 61_706


class Refuses(nn.Module):
    """Raises an error without a word."""

    def forward(self, x: Tensor) -> Tensor:
        raise KeyError


class Nothing(nn.Module):
    """Leaves no rows."""

    def forward(self, x: Tensor) -> Tensor:
        return x.new_zeros(len(x), 1, 0, 9)


BAD: list[tuple[object, object, str]] = [
    (nn.Conv2d(1, 6, 5), (3, 32, 32), r"takes 1 channel\(s\).*\(3, 32, 32\)"),
    (nn.Conv2d(1, 6, 5), (1, 3, 32, 32), r"takes 1 channel\(s\).*\(3, 32, 32\)"),
    (nn.Conv2d(1, 6, 5), (1, 4, 4), "cannot take an input of shape"),
    (nn.Conv2d(1, 6, 5), (), "is empty"),
    (nn.Conv2d(1, 6, 5), (1, 0, 9), "not 0"),
    (nn.Conv2d(1, 6, 5), (1, -1, 9), "not -1"),
    (nn.Conv2d(1, 6, 5), (1, 9.0, 9), r"not 9\.0"),
    (nn.Conv2d(1, 6, 5), (True, 9, 9), "not True"),
    (nn.Conv2d(1, 6, 5), (1, 10**9, 9), "not 1000000000"),
    (nn.Conv2d(1, 6, 5), (1, 10**6, 10**6, 10**6), "cannot take"),
    (nn.Conv2d(1, 6, 5), "32", "Give the shape"),
    (nn.Conv2d(1, 6, 5), None, "Give the shape"),
    (nn.Conv2d(1, 6, 5), 32, "Give the shape"),
    (nn.Conv2d(1, 6, 5), torch.zeros(0, 1, 9, 9), "empty"),
    (nn.Conv2d(1, 6, 5), [torch.zeros(1, 1, 9, 9), (3,)], "not both"),
    (nn.Conv2d(1, 6, 5), [(1, 9, 9), (3,)], "2 positional arguments but 3"),
    (nn.Linear(4, 2), (5,), r"takes 4 numbers.*\(5,\)"),
    (nn.Conv2d, (1, 9, 9), r"call it first, Conv2d\(…\)"),
    (torch.relu, (1, 9, 9), r"torch\.nn\.Module"),
    (partial(nn.Conv2d, 1, 6, 5), (1, 9, 9), r"functools\.partial: call it first"),
    (models.lenet5, (1, 28, 28), r"the function lenet5: .* call it first, lenet5\("),
    (nn.Conv2d(1, 6, 5).forward, (1, 9, 9), "the function forward"),
    (nn.Conv2d(1, 6, 5).state_dict(), (1, 9, 9), "OrderedDict"),
    (nn.LazyConv2d(3, 3), (1, 9, 9), "Run it once"),
    (nn.LazyBatchNorm2d(affine=False), (1, 9, 9), "Run it once"),
    (Refuses(), (3,), "It says: KeyError"),
    (Nothing(), (1, 9, 9), r"Nothing leaves nothing .* shape \(1, 9, 9\)"),
    (models.lenet5(), (1, 30, 30), "28 × 28"),
]


@pytest.mark.parametrize(("model", "shape", "message"), BAD)
def test_bad_input_gives_one_clear_message(
    model: nn.Module, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        count_layers(model, shape)
    assert "\n" not in str(caught.value)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_model_on_the_gpu_stays_there() -> None:
    for model in (nn.Conv2d(3, 4, 3).cuda(), OwnWork().cuda()):
        if isinstance(model, OwnWork):
            model.scale = model.scale.cuda()
        assert count_layers(model, (3, 9, 9))[-1].neurons
        assert all(p.is_cuda for p in model.parameters())


def test_the_mode_of_the_caller_does_not_matter() -> None:
    model = models.lenet5(image_size=32)
    rows = count_layers(model, (1, 32, 32))
    with torch.inference_mode():
        assert count_layers(model, (1, 32, 32)).multiply_adds == rows.multiply_adds > 0
