"""Images a second of CIFAR crops and flips: coursekit against torchvision's loader.

    python benchmarks/pipeline.py            # on the CPU, and on a graphics card if any

Peer: torchvision's RandomCrop(32, padding=4), RandomHorizontalFlip and ToTensor on
single PIL images, in a DataLoader with two workers, as most training code has it. Both
sides give normalised float batches of 128. They take turns; the table shows the median
of each and of their ratios.
"""

import argparse
import statistics
import time
from collections.abc import Iterator

import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from coursekit.augment import Augment, Normalise
from coursekit.data import Split
from coursekit.train.feed import Batches

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
BATCH, WORKERS = 128, 2


class PeerImages(Dataset[tuple[Tensor, int]]):
    """As torchvision's CIFAR10: an array of bytes, one PIL image at a time."""

    change = transforms.Compose(
        [
            transforms.RandomCrop(32, padding=4),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )

    def __init__(self, split: Split) -> None:
        self.pixels = split.images.permute(0, 2, 3, 1).contiguous().numpy()
        self.labels = split.labels.tolist()

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self.change(Image.fromarray(self.pixels[index])), self.labels[index]


def noise(count: int, channels: int, side: int) -> Split:
    """Made-up images of ten classes."""
    dice = torch.Generator().manual_seed(0)
    pixels = torch.randint(256, (count, channels, side, side), generator=dice).byte()
    return Split(pixels, torch.randint(10, (count,), generator=dice))


def peer(split: Split) -> Iterator[Tensor]:
    """Epoch after epoch of the peer's batches."""
    loader = DataLoader(
        PeerImages(split),
        BATCH,
        shuffle=True,
        num_workers=WORKERS,
        persistent_workers=True,
        drop_last=True,
    )
    while True:
        for images, _ in loader:
            yield images


def ours(split: Split, device: str) -> Iterator[Tensor]:
    """The same from `Batches`; on a card many batches are made at once."""
    ahead = 1 if device == "cpu" else 64
    change = Augment(padding=4, flip=True)
    feed = Batches(split, BATCH, augment=change, device=device, ahead=ahead)
    normalise = Normalise(MEAN, STD).to(device)
    step = 0
    while True:
        yield normalise(feed[step][0])
        step += 1


def rate(batches: Iterator[Tensor], seconds: float) -> float:
    """Images a second over at least so many seconds, from a running start."""
    last = next(batches)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for _ in range(10):
            last = next(batches)
        count += 10 * BATCH
    last.sum().item()  # waits for the device
    return count / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each turn")
    chosen = parser.parse_args()
    split = noise(50_000, 3, 32)
    torch.set_num_threads(1)
    feeds = {
        "torchvision, 2 workers": peer(split),
        "coursekit, CPU": ours(split, "cpu"),
    }
    if torch.cuda.is_available():
        feeds["coursekit, CUDA"] = ours(split, "cuda")
    rounds = [
        {name: rate(feed, chosen.seconds) for name, feed in feeds.items()}
        for _ in range(chosen.rounds)
    ]
    print("| pipeline | images a second | ratio |\n| --- | --- | --- |")
    for name in feeds:
        median = statistics.median(turn[name] for turn in rounds)
        ratio = statistics.median(
            turn[name] / next(iter(turn.values())) for turn in rounds
        )
        print(f"| {name} | {median:,.0f} | {ratio:.1f} × |")


if __name__ == "__main__":
    main()
