"""One recipe a row: what is trained, how, and what the paper got.

Where the recipe is the paper's, `differences` says what is not; where it is our own,
shorter one, its name ends in "-fast".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import methodcaller

import torch
from torch import nn

from coursekit import models
from coursekit.augment import UNCHANGED, Augment, Change, Distort
from coursekit.models.capsnet_baseline import capsnet_baseline
from coursekit.models.sigmoid_mlp import sigmoid_mlp
from coursekit.runs import losses
from coursekit.runs.material import FOLDS, Overlapping
from coursekit.runs.optimisers import Adadelta
from coursekit.train.feed import Batches
from coursekit.train.schedules import Constant, Decay, Drops, OneCycle, Schedule
from coursekit.train.step import Loss, MakeOptimiser, cross_entropy

SGD = partial(torch.optim.SGD, momentum=0.9)
HE_2015 = "He et al. 2015, table 6"
NORMALISED = "pixels normalised per channel; bfloat16 convolutions on a graphics card"


@dataclass(frozen=True)
class Recipe:
    """How to train one network; `paper` is the error in % that `source` states.

    `paper` is None where the paper states no number. `pixels` says what the network
    gets: "normalised" (mean 0, deviation 1), "unit" (0 … 1), or "words", their numbers;
    `edge` black pixels are put around images. `after` is called with the network after
    each step. With `folds`, the seed says which part of the data is for testing.

    Errors are those of the last step, never of the best, except where dev data choose
    the step (early stopping).
    """

    name: str
    title: str
    data: str
    build: Callable[[], nn.Module]
    paper: float | None
    source: str
    steps: int
    batch: int
    schedule: Schedule
    optimiser: MakeOptimiser
    augment: Change = UNCHANGED
    feed: type[Batches] = Batches
    loss: Loss = cross_entropy
    pixels: str = "normalised"
    edge: int = 0
    precision: str = "bfloat16"
    seeds: tuple[int, ...] = (0,)
    folds: bool = False
    after: Callable[[nn.Module], None] | None = None
    graph: bool = True
    differences: str = NORMALISED


CROP_AND_FLIP = Augment(padding=4, flip=True)


def he(
    name: str,
    title: str,
    build: Callable[[], nn.Module],
    paper: float | None,
    *,
    source: str = HE_2015,
    warm_up: int = 0,
) -> Recipe:
    """Section 4.2: 64,000 steps of 128 images, 0.1 divided by 10 twice."""
    return Recipe(
        name,
        title,
        "cifar10",
        build,
        paper,
        source,
        steps=64_000,
        batch=128,
        schedule=Drops(0.1, (32_000, 48_000), warm_up=warm_up, warm_up_lr=0.01),
        optimiser=partial(SGD, weight_decay=1e-4),
        augment=CROP_AND_FLIP,
    )


def fast(recipe: Recipe, epochs: int = 40, batch: int = 512, lr: float = 0.4) -> Recipe:
    """The same network with fewer, larger steps: our recipe, not the paper's."""
    steps = epochs * 50_000 // batch
    return replace(
        recipe,
        name=f"{recipe.name}-fast",
        title=f"{recipe.title}, our short recipe",
        steps=steps,
        batch=batch,
        schedule=OneCycle(lr, steps),
        optimiser=partial(SGD, weight_decay=5e-4, nesterov=True),
        differences=f"our own recipe: {epochs} epochs, batch {batch}, one cycle of "
        f"learning rates up to {lr}; {NORMALISED}",
    )


def residual_networks() -> list[Recipe]:
    """ResNets and plain networks of 2015, pre-activation ResNets of 2016."""
    errors = {20: 8.75, 32: 7.51, 44: 7.17, 56: 6.97, 110: 6.43}
    v1 = [
        he(
            f"resnet{depth}",
            f"ResNet-{depth}",
            partial(models.cifar_resnet, depth),
            error,
            warm_up=400 if depth == 110 else 0,
        )
        for depth, error in errors.items()
    ]
    plain = [
        he(
            f"plain{depth}",
            f"plain-{depth}",
            partial(models.cifar_plain, depth),
            None,
            source="He et al. 2015, figure 6 (a picture only)",
        )
        for depth in (20, 56)
    ]
    v2 = [
        he(
            f"preact{depth}",
            f"pre-activation ResNet-{depth}",
            partial(
                models.cifar_resnet,
                depth,
                version=2,
                shortcut="B",
                bottleneck=depth == 164,
            ),
            error,
            source="He et al. 2016, table 2",
            warm_up=400,
        )
        for depth, error in {110: 6.37, 164: 5.46}.items()
    ]
    return [*v1, *plain, *v2]


DENSENET = Recipe(
    "densenet-bc-100",
    "DenseNet-BC-100, k = 12",
    "cifar10",
    partial(models.cifar_densenet, 100, growth=12, bottleneck=True),
    4.51,
    "Huang et al. 2016, table 2, C10+",
    steps=300 * 50_000 // 64,
    batch=64,
    schedule=Drops(0.1, (150 * 50_000 // 64, 225 * 50_000 // 64)),
    optimiser=partial(SGD, weight_decay=1e-4, nesterov=True),
    augment=CROP_AND_FLIP,
)

NIN = Recipe(
    "nin",
    "Network in Network",
    "cifar10",
    models.nin_cifar,
    10.41,
    "Lin et al. 2013, table 1, without augmentation",
    steps=80_000,
    batch=128,
    schedule=Drops(0.05, (60_000, 70_000), warm_up=400, warm_up_lr=0.005),
    optimiser=partial(SGD, weight_decay=5e-4),
    differences=f"the paper states no schedule: ours; no whitening; {NORMALISED}",
)

NIN_AUGMENTED = replace(
    NIN,
    name="nin-augmented",
    title="Network in Network, augmented",
    paper=8.81,
    source="Lin et al. 2013, table 1, with translation and flipping",
    augment=CROP_AND_FLIP,
)

LENET = Recipe(
    "lenet5",
    "LeNet-5",
    "mnist",
    models.lenet5_1998,
    0.95,
    "LeCun et al. 1998, section III.B",
    steps=20 * 60_000 // 64,
    batch=64,
    schedule=OneCycle(0.004, 20 * 60_000 // 64),
    optimiser=partial(SGD, weight_decay=5e-4),
    loss=losses.distances,
    edge=2,
    precision="float32",
    seeds=(0, 1, 2),
    differences="SGD with momentum and one cycle of learning rates in place of "
    "second-order steps, 20 epochs as there; j = 10, chosen with the rate on the last "
    "10,000 training images; pixels normalised",
)

CAPSNET = Recipe(
    "capsnet",
    "CapsNet, 3 routing iterations, with decoder",
    "mnist",
    models.capsnet,
    0.25,
    "Sabour et al. 2017, table 1",
    steps=50 * 60_000 // 128,
    batch=128,
    schedule=Decay(0.001, 0.96, 469),
    optimiser=torch.optim.Adam,
    augment=Augment(padding=2),
    loss=losses.capsules,
    pixels="unit",
    precision="float32",
    differences="50 epochs (the paper does not say how many)",
)

CAPSNET_BASELINE = replace(
    CAPSNET,
    name="capsnet-baseline",
    title="CapsNet's baseline CNN",
    build=capsnet_baseline,
    paper=0.39,
    loss=cross_entropy,
    precision="bfloat16",
)

LENET_DISTORTED = replace(
    LENET,
    name="lenet5-distorted",
    title="LeNet-5, distorted digits",
    paper=0.8,
    augment=Distort(degrees=10, shear=0.15, scale=0.1, shift=2),
)

# Section 5.2: trained on digits shifted about a larger canvas only.
AFFNIST = "Sabour et al. 2017, section 5.2"
AFFINE = replace(
    CAPSNET,
    name="capsnet-affine",
    title="CapsNet, digits shifted in training, affine in testing",
    data="affine mnist",
    build=partial(models.capsnet, image_size=40),
    paper=21.0,
    source=AFFNIST,
    steps=20 * 60_000 // 128,
    augment=Augment(padding=6),
    differences="20 epochs; test digits made from MNIST's by affNIST's description",
)
AFFINE_BASELINE = replace(
    AFFINE,
    name="capsnet-baseline-affine",
    title="its baseline CNN, the same",
    build=partial(capsnet_baseline, image_size=40),
    paper=34.0,
    loss=cross_entropy,
    precision="bfloat16",
)

OVERLAPPING = replace(
    CAPSNET,
    name="capsnet-overlapping",
    title="CapsNet, two overlapping digits",
    data="overlapping mnist",
    build=partial(models.capsnet, image_size=36),
    paper=5.2,
    source="Sabour et al. 2017, table 1, MultiMNIST",
    steps=40 * 60_000 // 128,
    augment=UNCHANGED,
    feed=Overlapping,
    loss=losses.overlapping_capsules,
    differences="40 epochs of pairs made anew each time, where the paper had 1,000 "
    "partners for each digit; 50,000 test pairs",
)
OVERLAPPING_BASELINE = replace(
    OVERLAPPING,
    name="capsnet-baseline-overlapping",
    title="its baseline CNN, the same",
    build=partial(capsnet_baseline, image_size=36),
    paper=8.1,
    loss=losses.overlapping_scores,
    precision="bfloat16",
)

# Section 4.1. The paper states neither rate nor deviation.
SIGMOIDS = Recipe(
    "sigmoid-mlp",
    "three layers of sigmoids",
    "mnist",
    partial(sigmoid_mlp, normalised=False),
    None,
    "Ioffe and Szegedy 2015, figure 1a (a picture only)",
    steps=50_000,
    batch=60,
    schedule=Constant(0.1),
    optimiser=torch.optim.SGD,
    precision="float32",
    seeds=(0, 1, 2),
    differences="rate 0.1 for both; normal weights with a deviation of 0.1, biases 0; "
    "grey pixels, normalised, where the paper's are black and white",
)
SIGMOIDS_NORMALISED = replace(
    SIGMOIDS,
    name="sigmoid-mlp-bn",
    title="the same with batch normalisation",
    build=partial(sigmoid_mlp, normalised=True),
)

# Section 3.1; rho is that of the author's code. An epoch is 173 steps.
TEXT = Recipe(
    "text-cnn",
    "text CNN, random word vectors",
    "movie reviews",
    partial(models.text_cnn, 18_766, sparse=True),
    23.9,
    "Kim 2014, table 2, CNN-rand on MR (76.1 % right)",
    steps=8 * 173,
    batch=50,
    schedule=Constant(1.0),
    optimiser=partial(Adadelta, rho=0.95),
    pixels="words",
    precision="float32",
    seeds=tuple(range(FOLDS)),
    folds=True,
    after=methodcaller("limit_weights"),
    graph=False,
    differences="8 epochs, a look at the dev data after each (the author's code: 25); "
    "our own random folds; layers start as PyTorch's do. No row for 81.0 % with fixed "
    "word2vec vectors: the course does not have them",
)

LONG = [
    LENET,
    LENET_DISTORTED,
    SIGMOIDS,
    SIGMOIDS_NORMALISED,
    NIN,
    NIN_AUGMENTED,
    *residual_networks(),
    DENSENET,
    CAPSNET,
    CAPSNET_BASELINE,
    AFFINE,
    AFFINE_BASELINE,
    OVERLAPPING,
    OVERLAPPING_BASELINE,
    TEXT,
]
FAST = [fast(recipe) for recipe in LONG if recipe.data == "cifar10"]
RECIPES = {recipe.name: recipe for recipe in (*LONG, *FAST)}
