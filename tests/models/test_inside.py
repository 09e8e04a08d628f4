"""What makes each network itself: the parts that a count of weights cannot see."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit import models
from coursekit.layers.residual import PreActivationBlock
from coursekit.models.capsnet import PrimaryCapsules, RoutedCapsules, lengths
from coursekit.models.densenet import DenseLayer
from coursekit.models.lenet import (
    C3_INPUTS,
    ScaledTanh,
    SparseConv,
    Subsampling,
    digit_bitmaps,
)
from coursekit.models.unet import centre


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def on_meta(build: Callable[[], nn.Module]) -> Any:  # noqa: ANN401
    with torch.device("meta"):
        return build()


def weight_layers(model: nn.Module) -> int:
    """Convolutions and dense layers that are not in a shortcut: the named depth."""
    kinds = (nn.Conv2d, nn.Linear)
    named = model.named_modules()
    return sum(isinstance(m, kinds) and "downsample" not in name for name, m in named)


# LeNet


def test_lenet_sparse_layer_sees_its_table_only() -> None:
    layer = SparseConv(C3_INPUTS, 5)
    nn.init.normal_(layer.weight)
    kernel = layer.kernel()
    for output, seen in enumerate(C3_INPUTS):
        for map_ in range(6):
            assert bool(kernel[output, map_].any()) == (map_ in seen)
    x = torch.randn(2, 6, 14, 14)
    by_hand = [
        F.conv2d(x[:, list(seen)], kernel[o : o + 1, list(seen)])
        for o, seen in enumerate(C3_INPUTS)
    ]
    torch.testing.assert_close(layer(x), torch.cat(by_hand, dim=1))


def test_lenet_table_has_the_papers_columns() -> None:
    assert [len(seen) for seen in C3_INPUTS] == [3] * 6 + [4] * 9 + [6]
    assert [sum(m in seen for seen in C3_INPUTS) for m in range(6)] == [10] * 6
    assert len(set(C3_INPUTS)) == 16


def test_lenet_subsampling_sums_four_pixels() -> None:
    layer = Subsampling(2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([2.0, -1.0]))
        layer.bias.copy_(torch.tensor([0.5, 0.0]))
    x = torch.arange(8.0).reshape(1, 2, 2, 2)
    assert layer(x).flatten().tolist() == [2 * 6 + 0.5, -22.0]


def test_lenet_squashes_one_to_one() -> None:
    found = ScaledTanh()(torch.tensor([-1.0, 0.0, 1.0, 100.0]))
    expected = torch.tensor([-1.0, 0.0, 1.0, 1.7159])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_lenet_scores_are_minus_the_distance_to_the_bitmaps() -> None:
    model = models.lenet5_1998()
    bitmaps = digit_bitmaps()
    assert bitmaps.shape == (10, 84)
    assert set(bitmaps.unique().tolist()) == {-1.0, 1.0}
    distances = model.get_submodule("output")(bitmaps)
    assert distances.diagonal().eq(0).all()
    # Two digits differ in at least 12 pixels, each of which counts 2² = 4.
    assert (distances + 1000 * torch.eye(10)).min() >= 48
    x = torch.randn(3, 1, 32, 32)
    assert (model(x) < 0).all()


def test_lenet_starts_so_that_signals_keep_their_size() -> None:
    model = models.lenet5_1998()
    for name, fan_in in {"c1": 25, "c5": 400, "f6": 120}.items():
        weight = model.get_submodule(name).get_parameter("weight")
        assert weight.std().item() == pytest.approx(fan_in**-0.5, rel=0.15)
    kernels = model.get_submodule("c3").get_parameter("weight")
    assert kernels[:18].std().item() == pytest.approx(75**-0.5, rel=0.15)
    assert kernels[-6:].std().item() == pytest.approx(150**-0.5, rel=0.15)
    x = torch.randn(4, 1, 32, 32)
    model.get_submodule("f6").register_forward_hook(
        lambda _m, _i, o: sizes.append(o.std().item())
    )
    sizes: list[float] = []
    model(x)
    assert 0.1 < sizes[0] < 3


def test_lenet_options_are_used() -> None:
    model = models.lenet5(
        activation=nn.Sigmoid, pool=nn.MaxPool2d, batch_norm=True, classes=4
    )
    kinds = [type(m) for m in model.modules()]
    assert kinds.count(nn.Sigmoid) == 4
    assert kinds.count(nn.MaxPool2d) == 2
    assert kinds.count(nn.BatchNorm2d) == kinds.count(nn.BatchNorm1d) == 2
    assert nn.Tanh not in kinds
    assert nn.AvgPool2d not in kinds


# AlexNet and VGG


def test_alexnet_halves_do_not_see_each_other() -> None:
    model: Any = models.alexnet_2012(classes=2)
    conv2 = model.features[4]
    x = torch.randn(1, 96, 9, 9)
    changed = x.clone()
    changed[:, 48:] += 1
    same = conv2(x)[:, :128] == conv2(changed)[:, :128]
    assert same.all()
    assert not (conv2(x)[:, 128:] == conv2(changed)[:, 128:]).all()
    biases = [m.bias.mean().item() for m in model.modules() if hasattr(m, "bias")]
    assert biases == [0, 1, 0, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("configuration", "depth"),
    [("A", 11), ("A-LRN", 11), ("B", 13), ("C", 16), ("D", 16), ("E", 19)],
)
def test_vgg_depth(configuration: str, depth: int) -> None:
    model = on_meta(partial(models.vgg, configuration))
    assert weight_layers(model) == depth
    norms = [m for m in model.modules() if isinstance(m, nn.LocalResponseNorm)]
    assert len(norms) == (configuration == "A-LRN")
    ones = [m for m in model.modules() if getattr(m, "kernel_size", 0) == (1, 1)]
    assert len(ones) == (3 if configuration == "C" else 0)
    maps = model.features(torch.empty(1, 3, 224, 224, device="meta"))
    assert maps.shape == (1, 512, 7, 7)


# NiN and GoogLeNet


def test_nin_scores_are_the_means_of_its_maps() -> None:
    model: Any = models.nin_cifar().eval()
    x = torch.randn(2, 3, 32, 32)
    assert model.features(x).shape == (2, 10, 8, 8)
    torch.testing.assert_close(model(x), model.features(x).mean((2, 3)))


def test_nin_imagenet_maps() -> None:
    model = on_meta(models.nin_imagenet)
    maps = model.features(torch.empty(1, 3, 224, 224, device="meta"))
    assert maps.shape == (1, 1000, 6, 6)


@pytest.mark.parametrize("build", [models.googlenet, models.googlenet_2014])
def test_googlenet_heads_speak_in_training_only(build: Callable[..., Any]) -> None:
    model = on_meta(partial(build, auxiliary=True))
    x = torch.empty(2, 3, 224, 224, device="meta")
    output = model.train()(x)
    assert isinstance(output, models.GoogLeNetOutput)
    assert [scores.shape for scores in output] == [(2, 1000)] * 3
    assert model.eval()(x).shape == (2, 1000)
    assert on_meta(build).train()(x).shape == (2, 1000)


def test_googlenet_heads_reach_their_layers() -> None:
    """The gradient of the lower head ends at 4a, that of the upper at 4d."""
    model = models.googlenet(auxiliary=True, classes=3)
    output: Any = model(torch.randn(2, 3, 64, 64))
    output.aux1.sum().backward()
    reached = {k for k, p in model.named_parameters() if p.grad is not None}
    assert any("inception4a" in k for k in reached)
    assert not any("inception4b" in k or k.startswith(("fc", "aux2")) for k in reached)


def test_googlenet_of_the_paper_has_its_parts() -> None:
    model = on_meta(models.googlenet_2014)
    kinds = [type(m) for m in model.modules()]
    assert kinds.count(nn.LocalResponseNorm) == 2
    assert nn.BatchNorm2d not in kinds
    assert model.inception3a.branch3[1].conv.kernel_size == (5, 5)
    assert on_meta(models.googlenet).inception3a.branch3[1].conv.kernel_size == (3, 3)


def test_inception_concatenates_by_depth() -> None:
    model: Any = models.googlenet(classes=2).eval()
    x = torch.randn(1, 192, 8, 8)
    output = model.inception3a(x)
    assert output.shape == (1, 64 + 128 + 32 + 32, 8, 8)
    torch.testing.assert_close(output[:, :64], model.inception3a.branch1(x))
    torch.testing.assert_close(output[:, -32:], model.inception3a.branch4(x))


# Residual and dense networks


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_resnet_depth(depth: int, version: int) -> None:
    model = on_meta(partial(models.resnet, depth, version=version))
    assert weight_layers(model) == depth


@pytest.mark.parametrize(
    ("build", "depth"),
    [
        (partial(models.cifar_resnet, 56), 56),
        (partial(models.cifar_resnet, 20, version=2, shortcut="B"), 20),
        (partial(models.cifar_resnet, 29, bottleneck=True), 29),
        (partial(models.cifar_resnet, 164, version=2, bottleneck=True), 164),
        (partial(models.cifar_plain, 44), 44),
    ],
)
def test_cifar_resnet_depth(build: Callable[[], nn.Module], depth: int) -> None:
    assert weight_layers(on_meta(build)) == depth


def test_depth_of_densenets() -> None:
    assert weight_layers(on_meta(partial(models.densenet, 169))) == 169
    assert weight_layers(on_meta(models.cifar_densenet)) == 40
    compressed = partial(models.cifar_densenet, 100, bottleneck=True)
    assert weight_layers(on_meta(compressed)) == 100


@pytest.mark.parametrize(
    "build", [partial(models.resnet, 18), partial(models.cifar_resnet, 20)]
)
def test_version_2_activates_once_at_each_end(build: Callable[..., Any]) -> None:
    model = on_meta(partial(build, version=2))
    first, second = [m for m in model.modules() if isinstance(m, PreActivationBlock)][
        :2
    ]
    assert isinstance(first.preactivation, nn.Identity)
    assert isinstance(second.preactivation, nn.Sequential)
    layers = [m for m in model.modules() if isinstance(m, (nn.BatchNorm2d, nn.Conv2d))]
    assert isinstance(layers[-1], nn.BatchNorm2d)


@pytest.mark.parametrize("bottleneck", [False, True])
def test_dense_layer_keeps_what_it_was_given(bottleneck: bool) -> None:
    layer = DenseLayer(6, 4, bottleneck, dropout=0.0)
    x = torch.randn(2, 6, 5, 5)
    y = layer(x)
    assert y.shape == (2, 10, 5, 5)
    assert torch.equal(y[:, :6], x)
    assert not y[:, 6:].eq(0).all()


# Capsules


def test_capsules_are_channels_of_one_place() -> None:
    layer = PrimaryCapsules(width=5, types=3)
    x = torch.randn(2, 5, 15, 17)
    maps = layer.conv(x)  # (2, 3 · 8, 4, 5)
    capsules = layer(x)
    assert capsules.shape == (2, 3 * 4 * 5, 8)
    kind, row, column = 2, 1, 3
    capsule = maps[1, 8 * kind : 8 * kind + 8, row, column]
    expected = models.squash(capsule)
    torch.testing.assert_close(capsules[1, kind * 20 + row * 5 + column], expected)


def test_votes_are_one_product_for_each_pair() -> None:
    layer = RoutedCapsules(inputs=6, outputs=3, iterations=2)
    u = torch.randn(4, 6, 8)
    expected = torch.einsum("nid,jide->njie", u, layer.weight)
    torch.testing.assert_close(layer.votes(u), expected)


@pytest.mark.parametrize("iterations", [1, 2, 4])
def test_layer_routes_the_votes_it_does_not_write_down(iterations: int) -> None:
    layer = RoutedCapsules(inputs=6, outputs=3, iterations=iterations)
    u = torch.randn(4, 6, 8, requires_grad=True)
    expected, _ = models.route(layer.votes(u), iterations)
    found = layer(u)
    torch.testing.assert_close(found, expected)
    sides = [u, layer.weight]
    wanted = torch.autograd.grad(expected.square().sum(), sides)
    for gradient, want in zip(
        torch.autograd.grad(found.square().sum(), sides), wanted, strict=True
    ):
        torch.testing.assert_close(gradient, want)


def route_slowly(votes: Tensor, iterations: int) -> tuple[Tensor, Tensor]:
    """Procedure 1 of the paper, line by line, for one image: (j, i, d)."""
    above, below, size = votes.shape
    b = torch.zeros(below, above)
    for _ in range(iterations):
        c = torch.stack([b[i].exp() / b[i].exp().sum() for i in range(below)])
        v = torch.zeros(above, size)
        for j in range(above):
            s = torch.zeros(size)
            for i in range(below):
                s = s + c[i, j] * votes[j, i]
            v[j] = s / s.norm() * s.norm() ** 2 / (1 + s.norm() ** 2)
        for i in range(below):
            for j in range(above):
                b[i, j] += votes[j, i] @ v[j]
    return v, c.T


@pytest.mark.parametrize("iterations", [1, 2, 3])
def test_routing_is_the_papers_procedure(iterations: int) -> None:
    votes = torch.randn(2, 3, 5, 4)
    poses, coupling = models.route(votes, iterations)
    for image in range(2):
        v, c = route_slowly(votes[image], iterations)
        torch.testing.assert_close(poses[image], v)
        torch.testing.assert_close(coupling[image], c)
    torch.testing.assert_close(coupling.sum(1), torch.ones(2, 5))


def test_routing_prefers_agreement() -> None:
    votes = torch.randn(1, 2, 8, 4)
    votes[0, 1] = torch.tensor([1.0, 2, 0, -1])
    before, after = (models.route(votes, r)[1][0, 1].mean() for r in (1, 3))
    assert after > before
    assert before == pytest.approx(0.5)


def test_squash_keeps_direction_and_bounds_length() -> None:
    s = torch.tensor([[3.0, 4.0], [0.0, 0.0], [3e4, -4e4]], requires_grad=True)
    v = models.squash(s)
    torch.testing.assert_close(v[0], torch.tensor([0.6, 0.8]) * 25 / 26)
    assert v[1].eq(0).all()
    assert v[2].norm() <= 1
    (gradient,) = torch.autograd.grad(v.sum() + lengths(v).sum(), s)
    assert gradient.isfinite().all()


def test_margin_loss_by_hand() -> None:
    scores = torch.tensor([[0.95, 0.3, 0.05], [0.4, 0.1, 0.6]])
    one = 0.5 * 0.2**2
    two = 0.8**2 + 0.5 * (0.3**2 + 0.5**2)
    found = models.margin_loss(scores, torch.tensor([0, 1]))
    assert found.item() == pytest.approx((one + two) / 2)
    both = torch.tensor([[1, 0, 0], [0, 1, 0]])
    assert models.margin_loss(scores, both) == found


def test_routing_refuses_other_votes() -> None:
    votes = torch.randn(2, 3, 5, 4)
    for iterations in (0, -1, True, 2.5):
        with pytest.raises(ValueError, match="iterations must be a whole number"):
            models.route(votes, iterations)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"votes must have .* \(3, 5, 4\)"):
        models.route(votes[0])


@pytest.mark.parametrize("shape", [(2, 1), (1, 3), (3,), ()])
def test_margin_loss_refuses_labels_that_would_be_stretched(
    shape: tuple[int, ...],
) -> None:
    labels = torch.zeros(shape, dtype=torch.int64)
    with pytest.raises(
        ValueError, match=r"labels must have the shape \(2,\) or \(2, 3"
    ):
        models.margin_loss(torch.rand(2, 3), labels)


def test_reconstruction_uses_one_capsule() -> None:
    model = models.capsnet(width=8, types=2)
    poses = model.capsules(torch.randn(3, 1, 28, 28))
    assert poses.shape == (3, 10, 16)
    chosen = torch.tensor([4, 0, 9])
    images = model.reconstruct(poses, chosen)
    assert images.shape == (3, 1, 28, 28)
    other = poses.clone()
    other[0, 5] += 1
    assert torch.equal(model.reconstruct(other, chosen), images)
    longest = lengths(poses).argmax(1)
    assert torch.equal(model.reconstruct(poses), model.reconstruct(poses, longest))
    with pytest.raises(ValueError, match="has no decoder"):
        models.capsnet(width=8, types=2, decoder=False).reconstruct(poses)


def test_capsnet_learns_to_reconstruct() -> None:
    model = models.capsnet(width=8, types=2)
    x, labels = torch.rand(4, 1, 28, 28), torch.arange(4)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses = []
    for _ in range(6):
        poses = model.capsules(x)
        error = (model.reconstruct(poses, labels) - x).square().sum() / 4
        loss = models.margin_loss(lengths(poses), labels) + 0.0005 * error
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert all(p.grad is not None for p in model.parameters())
    assert losses[-1] < losses[0]


# U-Net


def test_unet_has_the_papers_sizes() -> None:
    model = on_meta(models.unet)
    assert model(torch.empty(1, 1, 572, 572, device="meta")).shape == (1, 2, 388, 388)
    assert model(torch.empty(1, 1, 188, 204, device="meta")).shape == (1, 2, 4, 20)
    padded = on_meta(partial(models.unet, padding=True, channels=3, classes=5))
    assert padded(torch.empty(1, 3, 48, 16, device="meta")).shape == (1, 5, 48, 16)


@pytest.mark.parametrize(
    ("build", "side", "near"),
    [
        (models.unet, 512, 508),
        (models.unet, 100, 188),
        (partial(models.unet, padding=True), 50, 48),
        (partial(models.unet, padding=True, levels=3), 1, 4),
        (partial(models.unet, padding=True), 3001, 3008),
        (partial(models.unet, width=1, padding=True, levels=12), 2000, 2048),
    ],
)
def test_unet_names_a_size_that_fits(
    build: Callable[[], nn.Module], side: int, near: int
) -> None:
    model = on_meta(build)
    with pytest.raises(ValueError, match=f"side of {side} pixels.* to {near},"):
        model(torch.empty(1, 1, side, side, device="meta"))
    assert model(torch.empty(1, 1, near, near, device="meta")).shape[1] == 2


def test_unet_crops_the_middle() -> None:
    x = torch.arange(36.0).reshape(1, 1, 6, 6)
    assert centre(x, 2, 4).flatten().tolist() == [13, 14, 15, 16, 19, 20, 21, 22]


def test_unet_skips_carry_the_picture_across() -> None:
    """With all below level 1 silenced, the picture still arrives, if it may cross."""
    x = torch.randn(1, 1, 16, 16)
    for skips in (True, False):
        model: Any = models.unet(width=4, levels=3, padding=True, skips=skips).eval()
        nn.init.zeros_(model.up[-1].enlarge.weight)
        assert (model(x).std() > 1e-3) == skips


# Text, games and the fast one


def test_text_filters_take_the_best_place() -> None:
    """The same words elsewhere in the sentence give the same scores."""
    model = models.text_cnn(20, embedding=8, filters=4).eval()
    words = torch.zeros(2, 30, dtype=torch.int64)
    phrase = torch.tensor([3, 7, 11, 2, 5, 9])
    words[0, 8:14] = words[1, 16:22] = phrase
    scores = model(words)
    torch.testing.assert_close(scores[0], scores[1])
    words[1, 16:22] = phrase.flip(0)
    assert not torch.allclose(*model(words))


def test_text_variants_learn_the_right_vectors() -> None:
    vectors = torch.randn(20, 8)
    learned = {
        "static": [False],
        "non-static": [True],
        "multichannel": [False, True],
    }
    for variant, expected in learned.items():
        model: Any = models.text_cnn(20, variant=variant, vectors=vectors, embedding=8)
        tables = [table.weight for table in model.embeddings]
        assert [table.requires_grad for table in tables] == expected
        assert all(torch.equal(table, vectors) for table in tables)
        assert all(table.data_ptr() != vectors.data_ptr() for table in tables)


def test_text_multichannel_adds_its_channels() -> None:
    vectors, words = torch.randn(20, 8), torch.randint(20, (3, 9))
    model: Any = models.text_cnn(
        20, variant="multichannel", vectors=vectors, embedding=8, filters=4
    ).eval()
    with torch.no_grad():
        model.embeddings[1].weight.mul_(-1)
        for conv in model.convolutions:
            conv.bias.zero_()
    torch.testing.assert_close(model(words), model.output.bias.expand(3, -1))


def test_text_weights_are_limited() -> None:
    model = models.text_cnn(20, embedding=8, filters=4)
    with torch.no_grad():
        model.output.weight[0] = 10
        model.output.weight[1] = 0.01
    model.limit_weights()
    found = model.output.weight.norm(dim=1)
    # The paper's 3 is for weights that are halved after training.
    expected = torch.tensor([1.5, 0.01 * math.sqrt(12)])
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (torch.zeros(2, 4, dtype=torch.int64), "at least 5 words"),
        (torch.zeros(0, 9, dtype=torch.int64), "at least one sentence"),
        (torch.zeros(9, dtype=torch.int64), "whole numbers of shape"),
        (torch.zeros(2, 9), "This is torch.float32"),
        (torch.full((2, 9), 20), "in 0 … 19; these run from 20 to 20"),
        (torch.full((2, 9), -1), "run from -1 to -1"),
        ([[1, 2, 3, 4, 5]], "This is list"),
    ],
)
def test_text_that_is_refused(words: Any, message: str) -> None:  # noqa: ANN401
    model = models.text_cnn(20, embedding=8, filters=4)
    with pytest.raises(ValueError, match=message):
        model(words)


def test_go_policy_keeps_the_board() -> None:
    model: Any = models.go_policy(planes=3, width=8, layers=3).eval()
    sizes = []
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(lambda _m, _i, o: sizes.append(o.shape[2:]))
    boards = torch.randn(2, 3, 19, 19)
    scores = model(boards)
    assert sizes == [(19, 19)] * 3
    assert not any("pool" in type(m).__name__.lower() for m in model.modules())
    with torch.no_grad():
        model.bias[200] += 5
    change = model(boards) - scores
    assert change[:, 200].allclose(torch.tensor(5.0))
    assert change.count_nonzero() == 2


def test_fast_cifar_works_on_small_maps() -> None:
    model = models.fast_cifar().eval()
    sides = []
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(lambda _m, _i, o: sides.append(o.shape[2]))
    model(torch.zeros(1, 3, 32, 32))
    assert sides == [16, 16, 8, 8, 4]
