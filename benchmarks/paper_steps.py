"""Milliseconds a training step of the paper recipes takes, on made-up images.

    python benchmarks/paper_steps.py resnet20 resnet110 --ways plain recorded compiled
    python benchmarks/paper_steps.py resnet20 resnet20 resnet56 --together

"plain" is ordinary PyTorch, "recorded" replays a CUDA graph, "compiled" records
compiled blocks.
"""

import argparse
import threading
import time
from dataclasses import replace
from pathlib import Path

import torch

from coursekit.data import Split
from coursekit.runs.recipes import RECIPES, Recipe
from coursekit.runs.running import Options, make_trainer
from coursekit.train.trainer import WARM_UP, Trainer

PLAIN = Options(device="", out=Path(), graph=False)
WAYS = {
    "plain": PLAIN,
    "recorded": replace(PLAIN, graph=True),
    "compiled": replace(PLAIN, graph=True, compile=True),
}

SHAPES = {"cifar10": (3, 32, 32), "affine mnist": (1, 40, 40)}


def images(recipe: Recipe, device: str) -> Split:
    """Noise of the size of the recipe's data."""
    shape = SHAPES.get(recipe.data, (1, 28, 28))
    noise = torch.randint(256, (8192, *shape), dtype=torch.uint8, device=device)
    return Split(noise, torch.randint(10, (8192,), device=device))


def started(recipe: Recipe, way: str, device: str) -> tuple[Trainer, float]:
    """A trainer after its first steps, and the seconds they took."""
    options = replace(WAYS[way], device=device)
    start = time.perf_counter()
    trainer = make_trainer(recipe, 0, options, images(recipe, device))
    for _ in range(WARM_UP + 2):
        trainer.step()
    trainer.mean_loss()
    return trainer, time.perf_counter() - start


def timed(trainer: Trainer, seconds: float) -> float:
    """Milliseconds a step, over about `seconds`."""
    between_looks = 100 if trainer.device.type == "cuda" else 1
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for _ in range(between_looks):
            trainer.step()
        trainer.mean_loss()  # waits for the device
        steps += between_looks
    return 1000 * (time.perf_counter() - start) / steps


def one_by_one(chosen: argparse.Namespace) -> None:
    """Each recipe and each way alone."""
    for name in chosen.names:
        for way in chosen.ways:
            trainer, start = started(RECIPES[name], way, chosen.device)
            pace = timed(trainer, chosen.seconds)
            rate = 1000 * RECIPES[name].batch / pace
            print(
                f"{name:20} {way:9} {pace:8.2f} ms a step, {rate:10,.0f} images a "
                f"second, first steps {start:5.1f} s",
                flush=True,
            )


def together(chosen: argparse.Namespace) -> None:
    """All at once, as the papers are run."""
    way = chosen.ways[-1]
    trainers = [started(RECIPES[n], way, chosen.device)[0] for n in chosen.names]
    paces: dict[int, float] = {}

    def measure(number: int) -> None:
        paces[number] = timed(trainers[number], chosen.seconds)

    threads = [
        threading.Thread(target=measure, args=(number,))
        for number in range(len(trainers))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, name in enumerate(chosen.names):
        print(f"{name:20} {way:9} {paces[number]:8.2f} ms a step, side by side")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    of_images = [name for name, recipe in RECIPES.items() if recipe.pixels != "words"]
    parser.add_argument("names", nargs="+", choices=of_images)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=["recorded"])
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--seconds", type=float, default=3)
    card = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--device", default=card)
    chosen = parser.parse_args()
    if chosen.device.startswith("cuda"):
        torch.set_num_threads(1)
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.benchmark = True
    (together if chosen.together else one_by_one)(chosen)


if __name__ == "__main__":
    main()
