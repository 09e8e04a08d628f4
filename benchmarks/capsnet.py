"""CapsNet with its decoder on images of MNIST's size: one training step."""

from collections.abc import Callable
from functools import partial
from types import ModuleType

import torch
from torch import Tensor, nn
from torch.autograd import Variable
from torch.nn.functional import one_hot

from benchmarks import machine, steps
from benchmarks.measure import Case, Way
from benchmarks.peers import Peers, cuda_means, module, old_views
from coursekit import models
from coursekit.runs import losses

BATCH = 64
ADAM = partial(torch.optim.Adam, lr=1e-3)


def xifengguo(peers: Peers) -> Case:
    """XifengGuo's step and ours."""
    peer = module(peers.find("xifengguo"), "capsulenet")
    images, labels = steps.batch(BATCH, 1, 28)
    theirs = steps.counted(guo_step(peer, images, labels), BATCH)
    return case("XifengGuo", theirs, images, labels, {"float32": 0.45})


def gram_ai(peers: Peers) -> Case:
    """gram-ai's step and ours."""
    peer = module(peers.find("gram-ai"), "capsule_network")
    images, labels = steps.batch(BATCH, 1, 28)
    theirs = steps.counted(gram_ai_step(peer, images, labels), BATCH)
    return case("gram-ai", theirs, images, labels, {})


def case(
    peer: str, way: Way, images: Tensor, labels: Tensor, targets: dict[str, float]
) -> Case:
    """A peer's step beside ours."""
    make = partial(our_step, models.capsnet, images, labels)
    ways = {peer: way, **steps.both_precisions(make, BATCH, targets)}
    return Case(f"CapsNet ({peer}), training step, batch {BATCH}", "images", ways)


def our_step(
    build: Callable[[], nn.Module],
    images: Tensor,
    labels: Tensor,
    precision: str = "float32",
) -> steps.Step:
    """A step of ours, as a CapsNet is trained."""
    return steps.ours(
        build,
        images,
        labels,
        optimiser=torch.optim.Adam,
        lr=1e-3,
        loss=losses.capsules,
        channels_last=machine.device().type == "cuda",  # slower for 9×9 on a CPU
        precision=precision,
    )


def guo_step(peer: ModuleType, images: Tensor, labels: Tensor) -> steps.Step:
    """What its `train` does with a batch."""
    model = peer.CapsuleNet([1, 28, 28], 10, routings=3).to(images.device).train()
    optimiser, present = ADAM(model.parameters()), one_hot(labels, 10).float()

    def step() -> float:
        with cuda_means(images.device):
            optimiser.zero_grad()
            lengths, pictures = model(images, present)
            loss = peer.caps_loss(present, lengths, images, pictures, 0.0005 * 784)
            loss.backward()
            optimiser.step()
        return loss.item()

    return step


def gram_ai_step(peer: ModuleType, images: Tensor, labels: Tensor) -> steps.Step:
    """What its engine does with a batch."""
    peer.Variable = Variable  # type: ignore[attr-defined]  # it imports it as a script
    model = peer.CapsuleNet().to(images.device).train()
    criterion = peer.CapsuleLoss()
    optimiser, present = ADAM(model.parameters()), one_hot(labels, 10).float()

    def step() -> float:
        with cuda_means(images.device), old_views():
            optimiser.zero_grad()
            loss = criterion(images, present, *model(images, present))
            loss.backward()
            optimiser.step()
        return loss.item()

    return step
