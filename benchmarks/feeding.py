"""The data pipeline of `benchmarks.pipeline`, and airbench's on a graphics card."""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from unittest.mock import patch

import torch
from torch import Tensor

from benchmarks import pipeline
from benchmarks.measure import Case, Way
from benchmarks.peers import Peers, SkippedError, module
from coursekit.train.device import use_threads

BATCHES, IMAGES = 50, 50_000


def crop_and_flip(peers: Peers) -> Case:
    """CIFAR crops and flips: torchvision's, one image at a time, and ours."""
    split = pipeline.noise(IMAGES, 3, 32)
    ways = {
        "torchvision, 2 workers": take(pipeline.peer(split)),
        "coursekit, CPU, 1 thread": take(pipeline.ours(split, "cpu"), target=0.1),
    }
    if torch.cuda.is_available():
        ways["coursekit, CUDA"] = take(pipeline.ours(split, "cuda"), target=0.1)
    return Case("CIFAR crop, flip, normalise, batch 128", "images", ways, cpu=False)


def airbench(peers: Peers) -> Case:
    """airbench's loader, which needs a card, with half precision and our bytes."""
    folder = peers.find("airbench")
    if not torch.cuda.is_available():
        raise SkippedError("KellerJordan/cifar10-airbench: needs a graphics card")
    with patch.object(sys, "argv", [__file__]):  # it reads its own text at the start
        peer = module(folder, "airbench94_muon")
    split = pipeline.noise(IMAGES, 3, 32)
    with tempfile.TemporaryDirectory() as place:
        kept = {
            "images": split.images.permute(0, 2, 3, 1).contiguous(),
            "labels": split.labels,
            "classes": [str(number) for number in range(10)],
        }
        torch.save(kept, Path(place, "train.pt"))
        feed = peer.CifarLoader(
            place, batch_size=128, aug={"flip": True, "translate": 4}
        )
    ways = {
        "airbench": take(forever(feed)),
        "coursekit, CUDA": take(pipeline.ours(split, "cuda")),
    }
    return Case("CIFAR crop and flip on a card, batch 128", "images", ways, cpu=False)


def take(feed: Iterator[Tensor], target: float | None = None) -> Way:
    """Some batches in a row: more than a loader has ready beforehand.

    On one thread, as in `fit`: a batch is too little work to be shared.
    """

    def run() -> None:
        with use_threads(1):
            for _ in range(BATCHES):
                next(feed)

    return Way(run, BATCHES * pipeline.BATCH, target=target)


def forever(feed: Iterable[tuple[Tensor, Tensor]]) -> Iterator[Tensor]:
    """The images of a loader, epoch after epoch."""
    while True:
        for images, _ in feed:
            yield images
