"""LeNet-5 on images of MNIST's size: one epoch, data included."""

import warnings
from collections import deque
from collections.abc import Callable
from functools import partial

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import MNIST

from benchmarks import machine, pipeline, steps
from benchmarks.measure import Case, Way
from benchmarks.peers import Peers, SkippedError, module
from coursekit import models
from coursekit.data import Split
from coursekit.train import Batches, as_input, fit

IMAGES, BATCH, WORKERS, LR = 60_000, 256, 2, 0.1
SGD = partial(torch.optim.SGD, fused=True)
Relu = partial(models.lenet5, activation=nn.ReLU, pool=nn.MaxPool2d)


class InMemory(MNIST):
    """torchvision's MNIST, reading each image as it does, of made-up images."""

    def __init__(self, split: Split) -> None:
        self.data, self.targets = split.images[:, 0], split.labels
        self.transform, self.target_transform = transforms.ToTensor(), None


def epoch(peers: Peers) -> Case:
    """Fed by torchvision's loader with two workers, and fed by ours."""
    split = pipeline.noise(IMAGES, 1, 28)
    ways = {"torchvision's loader": Way(loader_epoch(split), IMAGES)}
    note = ""
    try:
        ways["d2l"] = Way(d2l_epoch(peers, split), IMAGES)
    except SkippedError as error:
        note = str(error)
    precisions = ["float32"] + ["bfloat16"] * machine.has_bfloat16()
    for name in precisions:
        ways[f"coursekit, {name}"] = Way(our_epoch(split, name), IMAGES, target=1 / 3)
    ways[f"coursekit, {name}, always the same batch"] = Way(steps_alone(name), IMAGES)
    return Case(f"LeNet-5, epoch of 60,000, batch {BATCH}", "images", ways, note=note)


def loader(split: Split) -> DataLoader[object]:
    """torchvision's data set in PyTorch's loader, as tutorials have it."""
    return DataLoader(InMemory(split), BATCH, shuffle=True, num_workers=WORKERS)


def loader_epoch(split: Split) -> Callable[[], None]:
    """The usual loop over the usual loader, with our network."""
    device = machine.device()
    model, criterion = Relu().to(device).train(), nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(model.parameters(), lr=LR)

    def run() -> None:
        for images, labels in loader(split):
            loss = criterion(model(images.to(device)), labels.to(device))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    return run


def d2l_epoch(peers: Peers, split: Split) -> Callable[[], None]:
    """d2l's LeNet in d2l's `fit_epoch`."""
    d2l = module(peers.find("d2l"), "d2l.torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lazy layers
        model = d2l.LeNet(lr=LR)
    model.plot = lambda *values, **options: None
    trainer = d2l.Trainer(max_epochs=1, num_gpus=int(torch.cuda.is_available()))
    if trainer.gpus:
        model.to(trainer.gpus[0])
    trainer.model, trainer.train_dataloader = model, loader(split)
    trainer.val_dataloader, trainer.train_batch_idx = None, 0
    model.trainer = trainer
    model(torch.zeros(1, 1, 28, 28, device=machine.device()))  # makes the lazy layers
    trainer.optim = model.configure_optimizers()
    return trainer.fit_epoch


def feeding(peers: Peers) -> Case:
    """The same batches without a network."""
    split = pipeline.noise(IMAGES, 1, 28)
    ways = {
        f"torchvision's loader, {WORKERS} workers": Way(
            lambda: deque(loader(split), maxlen=0), IMAGES
        ),
        "coursekit": Way(partial(our_batches, split), IMAGES),
    }
    return Case(f"Feeding 60,000 images alone, batch {BATCH}", "images", ways)


def our_batches(split: Split) -> None:
    """All images once in a new order, as numbers from 0 to 1."""
    feed = Batches(split, BATCH, device=machine.device())
    for step in range(-(-IMAGES // BATCH)):
        as_input(feed[step][0])


def steps_alone(precision: str) -> Callable[[], None]:
    """As many steps as an epoch has, which nobody has to feed."""
    images, labels = steps.batch(BATCH, 1, 28)
    one = steps.ours(
        Relu, images, labels, optimiser=torch.optim.SGD, lr=LR, precision=precision
    )

    def run() -> None:
        for _ in range(-(-IMAGES // BATCH)):
            one()

    return run


def our_epoch(split: Split, precision: str) -> Callable[[], None]:
    """`fit` with the same network and settings, channels last."""
    model = Relu().to(machine.device())
    threads = torch.get_num_threads()

    def run() -> None:
        fit(
            model,
            split,
            epochs=1,
            batch_size=BATCH,
            lr=LR,
            optimiser=SGD,
            precision=precision,
            channels_last=True,
            label=None,
            threads=threads,
        )

    return run
