"""Style transfer with VGG-19: one evaluation of the loss and its gradient by L-BFGS.

The weights are random on both sides, the same ones: they cost as much as good ones.
"""

from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from functools import partial
from io import StringIO
from types import ModuleType, SimpleNamespace
from typing import TypeVar

import torch
import torchvision
from torch import Tensor, nn

from benchmarks import machine
from benchmarks.measure import Case, Way
from benchmarks.peers import Peers, imports, module
from coursekit import features, style
from coursekit.features.descent import Descent, descend
from coursekit.models.vgg import CONFIGURATIONS

Painted = TypeVar("Painted")
SIDE, EVALUATIONS = 256, 15
TARGETS = {"float32": 0.85, "bfloat16": 0.55}


def gordicaleksa(peers: Peers) -> Case:
    """gordicaleksa's evaluation and ours, 256 × 256."""
    torch.manual_seed(0)
    vgg = torchvision.models.vgg19(weights=None).eval()
    folder = peers.find("gordicaleksa")
    stand_ins = {"cv2": ModuleType("cv2")}  # it reads and writes pictures with it
    peer = module(folder, "neural_style_transfer", **stand_ins)
    with imports(folder, **stand_ins):
        network = their_network(peer, vgg)
    pictures = torch.rand(2, 1, 3, SIDE, SIDE, device=machine.device())
    ways = {"gordicaleksa": their_way(peer, network, pictures)}
    precisions = ["float32"] + ["bfloat16"] * machine.has_bfloat16()
    for precision in precisions:
        ways[f"coursekit, {precision}"] = our_way(vgg, pictures, precision)
    return Case(f"Style transfer, VGG-19, {SIDE}², L-BFGS", "evaluations", ways)


def their_network(peer: ModuleType, vgg: nn.Module) -> tuple[nn.Module, int, list[int]]:
    """Its VGG-19 with our weights, and the places of its content and style layers."""
    definitions = peer.utils.Vgg19.__init__.__globals__
    kept = definitions["models"]
    definitions["models"] = SimpleNamespace(vgg19=lambda **options: vgg)
    try:
        network, content, layers = peer.utils.prepare_model("vgg19", machine.device())
    finally:
        definitions["models"] = kept
    return network, content[0], layers[0]


def their_way(
    peer: ModuleType, made: tuple[nn.Module, int, list[int]], pictures: Tensor
) -> Way:
    """Its loss in a closure for L-BFGS as in its main function, without the printing.

    The four losses are read each time, as it does to print them.
    """
    network, content, layers = made
    weights = {"content_weight": 1e5, "style_weight": 3e4, "tv_weight": 1.0}
    photograph, painting = 255 * pictures - 120
    with torch.no_grad():
        targets = [network(photograph)[content].squeeze(axis=0)]
        maps = network(painting)
        targets.append([peer.utils.gram_matrix(maps[layer]) for layer in layers])
    image = photograph.clone().requires_grad_(True)
    loss = partial(peer.build_loss, network, image, targets, content, layers, weights)
    return Way(partial(their_evaluations, image, loss), EVALUATIONS)


class EnoughError(Exception):
    """All evaluations of a turn are made."""


def exactly(closure: Callable[..., Painted]) -> Callable[..., Painted]:
    """The same function, which ends a turn when it is called once too often.

    L-BFGS itself may look a few times more or less than it is told.
    """
    left = EVALUATIONS

    def limited(*arguments: object) -> Painted:
        nonlocal left
        if left == 0:
            raise EnoughError
        left -= 1
        return closure(*arguments)

    return limited


def their_evaluations(image: Tensor, loss: Callable[[], tuple[Tensor, ...]]) -> None:
    """Some evaluations of the loss, from the image as it is."""
    optimiser = torch.optim.LBFGS(
        (image,), max_iter=1000, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        terms = loss()
        terms[0].backward()
        for term in terms:
            term.item()
        return terms[0]

    limited = exactly(closure)
    with suppress(EnoughError):
        while True:
            optimiser.step(limited)


def our_way(vgg: nn.Module, pictures: Tensor, precision: str) -> Way:
    """`style.transfer` after its targets are made."""
    network = features.prepared(our_network(vgg).to(machine.device()), precision)
    photograph, painting = pictures
    objective = style.Losses(
        network,
        style.content_targets(network, photograph, style.CONTENT_LAYERS),
        style.style_targets(network, painting, style.STYLE_LAYERS),
        {"alpha": 1e-3, "beta": 1.0, "variation": 1e-3},
    )
    one = partial(sum_of, objective, photograph.clone().requires_grad_(True))
    run = partial(our_evaluations, photograph, objective)
    return Way(
        run, EVALUATIONS, EVALUATIONS * machine.flops(one), TARGETS.get(precision)
    )


def our_network(vgg: nn.Module) -> features.FeatureNetwork:
    """VGG-19 up to conv5_1 and beyond, with the same weights."""
    network = features.FeatureNetwork(CONFIGURATIONS["E"])
    theirs = [layer for layer in vgg.modules() if isinstance(layer, nn.Conv2d)]
    for mine, other in zip(network.convolutions().values(), theirs, strict=True):
        mine.load_state_dict(other.state_dict())
    return network


def sum_of(objective: style.Losses, image: Tensor) -> None:
    """One evaluation of the loss and of its gradient."""
    torch.stack(list(objective(image).values())).sum().backward()


def our_evaluations(image: Tensor, objective: style.Losses) -> None:
    """Some evaluations, from the photograph."""
    settings = Descent(steps=10 * EVALUATIONS)
    with suppress(EnoughError), redirect_stdout(StringIO()):
        descend(image, exactly(objective), settings, "")
