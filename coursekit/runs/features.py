"""Train the small feature network on CIFAR-10: `python -m coursekit.runs features`.

The network has VGG's blocks with fewer channels, batch normalisation after each
convolution, and one dense layer behind the mean of the last maps. After training each
normalisation is merged into its convolution, the filters are scaled to a mean
activation of 1 (Gatys et al. 2016), and everything is written as float16.

With `--epsilon` above 0 it learns from images that were changed to fool it, by at most
so much (Euclidean length, pixels in 0 … 1; Madry et al. 2018). Such a network names
fewer images right, but the pictures that lie in its features are more like what we see
(Engstrom et al. 2019, "Adversarial Robustness as a Prior for Learned Representations").

It begins with smaller images, which cost a quarter: `--sides 16 24 32 --epochs 5 4 4`
is 5 epochs of 16 × 16 pixels, and so on (Howard 2018, "progressive resizing"). A run
that was stopped goes on from OUT/small-eps….pt when the same command is given again.
"""

import argparse
import datetime
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from coursekit import data, train
from coursekit.augment import Augment, Normalise, statistics
from coursekit.data import Dataset, Split
from coursekit.features.network import FeatureNetwork, layer_names
from coursekit.features.shipped import ROW, Classifier, classifier_from
from coursekit.files import replacing
from coursekit.layers.blocks import conv_unit, he_normal
from coursekit.runs.running import BATCHES_AHEAD, hardware
from coursekit.train.feed import Batches
from coursekit.train.identity import describe
from coursekit.train.keeper import Keeper, read
from coursekit.train.measure import count_wrong
from coursekit.train.schedules import OneCycle
from coursekit.train.trainer import Trainer

# After how many steps the training is kept in a file.
KEEP_EVERY = 200
# On how many images the filters are scaled, and the network is tested when fooled.
TO_SCALE, TO_FOOL, BATCH_TO_TEST = 1000, 2000, 500
# How far images are moved for that test, and in how many steps.
TEST_EPSILON, TEST_STEPS = 0.25, 10


@dataclass(frozen=True)
class FeatureRecipe:
    """How the network is trained; epsilon 0: on the images as they are.

    sides, epochs: so many epochs of images that were made so small, in turn. before:
    the recipe of the training with whose weights this one begins.
    """

    sides: tuple[int, ...] = (32,)
    epochs: tuple[int, ...] = (40,)
    batch: int = 512
    lr: float = 0.4
    weight_decay: float = 5e-4
    epsilon: float = 0.0
    attack_steps: int = 3
    precision: str = "bfloat16"
    seed: int = 0
    before: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if len(self.sides) != len(self.epochs) or min(self.sides, default=0) < 16:
            raise ValueError(
                "Give one number of epochs for each side, and sides of at least 16 "
                f"pixels, not sides {self.sides} and epochs {self.epochs}."
            )

    @property
    def name(self) -> str:
        return f"small-eps{self.epsilon:g}"


def build(row: tuple[int | str, ...] = ROW) -> nn.Sequential:
    """Convolutions with normalisation, a pooling between blocks, one dense layer."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    channels = 3
    widths = iter([entry for entry in row if isinstance(entry, int)])
    for name in layer_names(row):
        if name.startswith("conv"):
            width = next(widths)
            layers[name] = conv_unit(channels, width, 3)
            channels = width
        elif name.startswith("pool"):
            layers[name] = nn.MaxPool2d(2)
    layers["mean"] = nn.AdaptiveAvgPool2d(1)
    layers["flat"] = nn.Flatten()
    layers["classifier"] = nn.Linear(channels, 10)
    model = nn.Sequential(layers)
    he_normal(model)
    return model


def make_loss(
    recipe: FeatureRecipe, std: float
) -> Callable[[nn.Module, Tensor, Tensor], Tensor]:
    """Cross-entropy, of changed images if the recipe says so.

    The length of a change shrinks with the side: the same difference for the eye.
    """

    def loss(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        if recipe.epsilon > 0:
            length = recipe.epsilon / std * images.shape[3] / recipe.sides[-1]
            images = fooling(model, images, labels, length, recipe.attack_steps)
        return F.cross_entropy(model(images), labels)

    return loss


def fooling(
    model: nn.Module, images: Tensor, labels: Tensor, length: float, steps: int
) -> Tensor:
    """Images (n, c, h, w), each moved by at most `length` to where its loss is high.

    Projected gradient ascent from the image itself, in steps of 2 · length / steps.
    """
    training = model.training
    model.eval()
    change = torch.zeros_like(images)
    for _ in range(steps):
        change.requires_grad_(True)
        loss = F.cross_entropy(model(images + change), labels, reduction="sum")
        (slope,) = torch.autograd.grad(loss, change)
        change = change.detach() + 2 * length / steps * slope / norms(slope)
        change = change * (length / norms(change)).clamp(max=1)
    model.train(training)
    return images + change


def norms(images: Tensor) -> Tensor:
    """The Euclidean length of each image, (n, 1, 1, 1), never 0."""
    return images.square().sum((1, 2, 3), keepdim=True).sqrt().clamp(min=1e-12)


class Kept:
    """A training in a file, from which it goes on after it was stopped."""

    def __init__(self, path: Path, recipe: FeatureRecipe) -> None:
        decisive = {name: describe(value) for name, value in asdict(recipe).items()}
        self.keeper, self.recipe = Keeper(path, decisive), recipe
        self.began, self.seconds_before = time.monotonic(), 0.0

    @property
    def seconds(self) -> float:
        """How long it has taken up to now, all runs together."""
        return self.seconds_before + time.monotonic() - self.began

    def save(self, trainer: Trainer) -> None:
        """Replace the file by the state of now."""
        state = {"seconds": self.seconds, "recipe": asdict(self.recipe)}
        self.keeper.save(state | trainer.state())

    def load(self, device: str) -> dict[str, Any] | None:
        """What `save` kept, if anything. Raises ValueError for another recipe's."""
        state = self.keeper.load(device)
        if state is not None:
            self.seconds_before = state["seconds"]
        return state


def trained(
    recipe: FeatureRecipe,
    dataset: Dataset,
    device: str,
    kept: Kept,
    steps: int | None = None,
    weights: dict[str, Tensor] | None = None,
) -> Trainer:
    """A trained network, one side of the images after another; `steps` ends it early.

    Begins with `weights`, if any, and goes on from what is kept.
    """
    torch.manual_seed(recipe.seed)
    per_epoch = len(dataset.train) / recipe.batch
    ends = [int(per_epoch * epochs) for epochs in accumulate(recipe.epochs)]
    scale = pixel_statistics(dataset.train)
    state = kept.load(device)
    for side, end in zip(recipe.sides, ends, strict=True):
        split = shrunk(dataset.train, side)
        trainer = make_trainer(recipe, split, scale, ends[-1], device)
        if state is not None:
            trainer.load(state)
        elif weights is not None:
            trainer.model.load_state_dict(weights)
        go(trainer, f"{recipe.name}, {side} pixels", min(end, steps or end), kept)
        state = trainer.state()
    return trainer


def make_trainer(
    recipe: FeatureRecipe,
    split: Split,
    scale: tuple[tuple[float, ...], float],
    total: int,
    device: str,
) -> Trainer:
    """A new network with all that trains it; the whole training has `total` steps."""
    on_card = torch.device(device).type == "cuda"
    mean, std = scale
    return Trainer(
        build().to(memory_format=torch.channels_last),
        Batches(
            split,
            recipe.batch,
            seed=recipe.seed,
            augment=Augment(padding=split.images.shape[3] // 8, flip=True),
            device=device,
            ahead=BATCHES_AHEAD if on_card else 1,
        ),
        prepare=Normalise(mean, (std,) * 3),
        optimiser=partial(
            torch.optim.SGD,
            momentum=0.9,
            weight_decay=recipe.weight_decay,
            nesterov=True,
        ),
        schedule=OneCycle(recipe.lr, total),
        loss=make_loss(recipe, std),
        precision=recipe.precision,
        device=device,
    )


def shrunk(split: Split, side: int) -> Split:
    """The images with sides of so many pixels, without aliasing."""
    if split.images.shape[2:] == (side, side):
        return split
    parts = [
        F.interpolate(part.float(), (side, side), mode="bilinear", antialias=True)
        .round()
        .byte()
        for part in split.images.split(1000)
    ]
    return Split(torch.cat(parts), split.labels)


def go(trainer: Trainer, label: str, until: int, kept: Kept) -> None:
    """Steps up to number `until`, kept now and then, with a printed line each time."""
    while trainer.done < until:
        trainer.step()
        if trainer.done % KEEP_EVERY == 0 or trainer.done == until:
            kept.save(trainer)
            loss = trainer.mean_loss()
            print(f"{label}: step {trainer.done}/{until}, loss {loss:.4f}", flush=True)


def pixel_statistics(split: Split) -> tuple[tuple[float, ...], float]:
    """The mean of each channel and one deviation for all, in 0 … 1."""
    mean, std = statistics(split.images)
    return mean, sum(std) / 3


@torch.no_grad()
def merged(model: nn.Sequential, split: Split) -> Classifier:
    """The same network without normalisation, with filters of mean activation 1."""
    mean, std = pixel_statistics(split)
    model = model.float().cpu().eval()
    network = FeatureNetwork(ROW, mean=mean, std=(std,) * 3)
    for name, conv in network.convolutions().items():
        part: Any = model.get_submodule(name)
        conv.load_state_dict(fuse_conv_bn_eval(part.conv, part.bn).state_dict())
    classifier = Classifier(network)
    classifier.dense.load_state_dict(model.get_submodule("classifier").state_dict())
    classifier.dense.weight *= network.equalise(split.images[:TO_SCALE] / 255)
    return classifier


def arrays(classifier: Classifier) -> dict[str, Any]:
    """All weights as float16 by their names, and the pixel statistics."""
    layers = {**classifier.network.convolutions(), "classifier": classifier.dense}
    found = {
        f"{name}.{part}": value.numpy().astype(np.float16)
        for name, layer in layers.items()
        for part, value in layer.state_dict().items()
    }
    for name in ("mean", "std"):
        found[name] = classifier.network.get_buffer(name).flatten().numpy()
    return found


def accuracy(classifier: Classifier, split: Split, device: str) -> float:
    """Part of the images, 0 to 1, whose highest score is their label's."""
    threads = torch.get_num_threads()
    return train.accuracy(classifier.to(device), split, BATCH_TO_TEST, threads=threads)


def accuracy_when_fooled(
    classifier: Classifier, split: Split, device: str, epsilon: float = TEST_EPSILON
) -> float:
    """The same for the first images, each moved by `epsilon` to fool the network."""
    classifier.to(device)
    images, labels = split.images[:TO_FOOL], split.labels[:TO_FOOL]

    def fooled(part: Tensor, truth: Tensor) -> Tensor:
        moved = fooling(classifier, part / 255, truth, epsilon, TEST_STEPS)
        with torch.no_grad():
            return classifier(moved)

    wrong = count_wrong(fooled, images, labels, BATCH_TO_TEST, device)
    return (len(labels) - wrong) / len(labels)


def run(
    recipe: FeatureRecipe,
    dataset: Dataset,
    device: str,
    out: Path,
    steps: int | None = None,
    weights: dict[str, Tensor] | None = None,
) -> Path:
    """Train, measure the float16 weights as they are shipped, write."""
    kept = Kept(out / f"{recipe.name}.pt", recipe)
    trainer = trained(recipe, dataset, device, kept, steps, weights)
    seconds = kept.seconds
    assert isinstance(trainer.model, nn.Sequential)
    found = arrays(merged(trainer.model, dataset.train))
    classifier = classifier_from(found)
    metadata = {
        "data": dataset.name,
        "recipe": asdict(recipe) | {"steps": trainer.done},
        "test_accuracy": accuracy(classifier, dataset.test, device),
        "test_accuracy_when_fooled": accuracy_when_fooled(
            classifier, dataset.test, device
        ),
        "fooled_by": {"epsilon": TEST_EPSILON, "steps": TEST_STEPS, "images": TO_FOOL},
        "seconds": round(seconds, 1),
        "hardware": hardware(device),
        "torch": torch.__version__,
        "date": datetime.date.today().isoformat(),
    }
    path = out / f"{recipe.name}.npz"
    with replacing(path) as partial_file, partial_file.open("wb") as file:
        np.savez_compressed(file, metadata=np.array(json.dumps(metadata)), **found)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {json.dumps(metadata)}")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Train with each epsilon in turn and write OUT/small-eps….npz; 0 at the end."""
    chosen = command_line().parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    torch.backends.cudnn.benchmark = True
    dataset = data.cifar10(allow_stand_in=False)
    before = read(chosen.start) if chosen.start else None
    if chosen.start and before is None:
        raise SystemExit(f"There is no {chosen.start} to begin with.")
    before = before and before["state"]
    for epsilon in chosen.epsilon:
        recipe = FeatureRecipe(
            sides=tuple(chosen.sides),
            epochs=tuple(chosen.epochs),
            batch=chosen.batch,
            lr=chosen.lr,
            epsilon=epsilon,
            attack_steps=chosen.attack_steps,
            before=before and before["recipe"],
        )
        weights = before and before["model"]
        run(recipe, dataset, chosen.device, chosen.out, chosen.steps, weights)
    return 0


def command_line() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="python -m coursekit.runs features")
    card = "cuda" if torch.cuda.is_available() else "cpu"
    add = parser.add_argument
    add("--device", default=card, help="cpu or cuda (default: %(default)s)")
    add("--out", type=Path, default=Path("build/features"), help="where to write")
    add("--epsilon", type=float, nargs="+", default=[0.25], help="one network for each")
    add("--attack-steps", type=int, default=FeatureRecipe.attack_steps)
    add(
        "--sides",
        type=int,
        nargs="+",
        default=FeatureRecipe.sides,
        help="of the images",
    )
    add(
        "--epochs", type=int, nargs="+", default=FeatureRecipe.epochs, help="one a side"
    )
    add("--batch", type=int, default=FeatureRecipe.batch)
    add("--lr", type=float, default=FeatureRecipe.lr)
    add("--steps", type=int, help="stop early: a trial")
    add("--start", type=Path, help="begin with the weights of such a .pt")
    return parser
