"""Train the small feature network on CIFAR-10: `python -m coursekit.features.train`.

The network has VGG's blocks with fewer channels, batch normalisation after each
convolution, and one dense layer behind the mean of the last maps. After training each
normalisation is merged into its convolution, the filters are scaled to a mean
activation of 1 (Gatys et al. 2016), and everything is written as float16.

With `--epsilon` above 0 it learns from images that were changed to fool it, by at most
so much (Euclidean length, pixels in 0 … 1; Madry et al. 2018). Such a network names
fewer images right, but the pictures that lie in its features are more like what we see
(Engstrom et al. 2019, "Adversarial Robustness as a Prior for Learned Representations").
"""

import argparse
import datetime
import json
import platform
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from coursekit import data
from coursekit.augment import Augment, Normalise, statistics
from coursekit.data import Dataset, Split
from coursekit.features.network import FeatureNetwork, layer_names
from coursekit.features.shipped import ROW, Classifier, classifier_from
from coursekit.models.blocks import conv_unit, he_normal
from coursekit.train.feed import Batches
from coursekit.train.schedules import OneCycle
from coursekit.train.trainer import Trainer

BATCHES_AHEAD = 64
# On how many images the filters are scaled, and the network is tested when fooled.
TO_SCALE, TO_FOOL = 1000, 2000
# How far images are moved for that test, and in how many steps.
TEST_EPSILON, TEST_STEPS = 0.25, 10


@dataclass(frozen=True)
class Recipe:
    """How the network is trained; epsilon 0: on the images as they are."""

    epochs: int = 40
    batch: int = 512
    lr: float = 0.4
    weight_decay: float = 5e-4
    epsilon: float = 0.0
    attack_steps: int = 3
    precision: str = "bfloat16"
    seed: int = 0

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
    recipe: Recipe, std: float
) -> Callable[[nn.Module, Tensor, Tensor], Tensor]:
    """Cross-entropy, of changed images if the recipe says so."""

    def loss(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        if recipe.epsilon > 0:
            length = recipe.epsilon / std
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


def train(
    recipe: Recipe, dataset: Dataset, device: str, steps: int | None = None
) -> Trainer:
    """A trained network; `steps` ends it early."""
    torch.manual_seed(recipe.seed)
    on_card = torch.device(device).type == "cuda"
    total = recipe.epochs * len(dataset.train) // recipe.batch
    mean, std = pixel_statistics(dataset.train)
    trainer = Trainer(
        build().to(memory_format=torch.channels_last),
        Batches(
            dataset.train,
            recipe.batch,
            seed=recipe.seed,
            augment=Augment(padding=4, flip=True),
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
    go(trainer, recipe.name, min(total, steps or total))
    return trainer


def go(trainer: Trainer, name: str, steps: int) -> None:
    """Make the steps and print eight times how it goes. Waits for the device."""
    for step in range(1, steps + 1):
        trainer.step()
        if step % max(1, steps // 8) == 0 or step == steps:
            loss = trainer.mean_loss()
            print(f"{name}: step {step}/{steps}, loss {loss:.4f}", flush=True)


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


@torch.no_grad()
def accuracy(classifier: Classifier, split: Split, device: str) -> float:
    """Part of the images, 0 to 1, whose highest score is their label's."""
    classifier.to(device)
    right = 0
    for images, labels in zip(
        split.images.split(500), split.labels.split(500), strict=True
    ):
        scores = classifier(images.to(device) / 255)
        right += int((scores.argmax(1).cpu() == labels).sum())
    return right / len(split)


def accuracy_when_fooled(
    classifier: Classifier, split: Split, device: str, epsilon: float = TEST_EPSILON
) -> float:
    """The same for the first images, each moved by `epsilon` to fool the network."""
    classifier.to(device)
    right, count = 0, min(TO_FOOL, len(split))
    for images, labels in zip(
        split.images[:count].split(500), split.labels[:count].split(500), strict=True
    ):
        pixels, truth = images.to(device) / 255, labels.to(device)
        moved = fooling(classifier, pixels, truth, epsilon, TEST_STEPS)
        with torch.no_grad():
            right += int((classifier(moved).argmax(1) == truth).sum())
    return right / count


def run(
    recipe: Recipe, dataset: Dataset, device: str, out: Path, steps: int | None = None
) -> Path:
    """Train, measure the float16 weights as they are shipped, write."""
    start = time.monotonic()
    trainer = train(recipe, dataset, device, steps)
    seconds = time.monotonic() - start
    assert isinstance(trainer.model, nn.Sequential)
    weights = arrays(merged(trainer.model, dataset.train))
    classifier = classifier_from(weights)
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
    np.savez_compressed(path, metadata=np.array(json.dumps(metadata)), **weights)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {json.dumps(metadata)}")
    return path


def hardware(device: str) -> str:
    """What the run was made on, in words."""
    if torch.device(device).type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"a CPU ({platform.machine()}), threads: {torch.get_num_threads()}"


def main(arguments: list[str] | None = None) -> None:
    """Train with each epsilon in turn and write OUT/small-eps….npz."""
    chosen = command_line().parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    torch.backends.cudnn.benchmark = True
    dataset = data.cifar10(allow_stand_in=False)
    for epsilon in chosen.epsilon:
        recipe = Recipe(
            epochs=chosen.epochs,
            batch=chosen.batch,
            lr=chosen.lr,
            epsilon=epsilon,
            attack_steps=chosen.attack_steps,
        )
        run(recipe, dataset, chosen.device, chosen.out, chosen.steps)


def command_line() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="python -m coursekit.features.train")
    card = "cuda" if torch.cuda.is_available() else "cpu"
    add = parser.add_argument
    add("--device", default=card, help="cpu or cuda (default: %(default)s)")
    add("--out", type=Path, default=Path("build/features"), help="where to write")
    add("--epsilon", type=float, nargs="+", default=[0.25], help="one network for each")
    add("--attack-steps", type=int, default=Recipe.attack_steps)
    add("--epochs", type=int, default=Recipe.epochs)
    add("--batch", type=int, default=Recipe.batch)
    add("--lr", type=float, default=Recipe.lr)
    add("--steps", type=int, help="stop early: a trial")
    return parser


if __name__ == "__main__":
    main()
