"""The command `python -m coursekit.runs papers`."""

import argparse
import time
from pathlib import Path

import torch

from coursekit.runs import results
from coursekit.runs.recipes import RECIPES, Recipe
from coursekit.runs.running import Options, train_all
from coursekit.runs.table import table


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when all that was asked for is done."""
    parser = command_line()
    chosen = parser.parse_args(arguments)
    if chosen.merge:
        results.merge(sorted(chosen.merge.glob("*.json")), results.RESULTS)
    if not chosen.names:
        print(table())
        return 0
    unknown = [name for name in chosen.names if name not in RECIPES]
    if unknown:
        parser.error(f"no recipe {unknown[0]!r}; choose from: {', '.join(RECIPES)}")
    return train(chosen)


def command_line() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(
        prog="python -m coursekit.runs papers",
        description="Train networks as their papers did. Without names: the table.",
    )
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="recipes, trained side by side")
    card = "cuda" if torch.cuda.is_available() else "cpu"
    add("--device", default=card, help="cpu or cuda (default: %(default)s)")
    add("--out", type=Path, default=Path("build/papers"), help="checkpoints, results")
    add("--seeds", type=int, nargs="+", help="instead of the recipe's own")
    add("--steps", type=int, help="stop early: a trial, never kept as a result")
    add("--minutes", type=float, default=float("inf"), help="then stop, to go on later")
    add("--no-graph", action="store_true", help="do not record steps (CUDA graphs)")
    add("--compile", action="store_true", help="compile the repeated blocks")
    add("--merge", type=Path, metavar="DIR", help="add the results there to the table")
    return parser


def train(chosen: argparse.Namespace) -> int:
    """Train what was chosen and is not done yet; 1 if time was up before the end."""
    chosen.out.mkdir(parents=True, exist_ok=True)
    jobs = [
        (RECIPES[name], seed)
        for name in chosen.names
        for seed in chosen.seeds or RECIPES[name].seeds
        if not is_done(chosen.out, RECIPES[name], seed)
    ]
    if torch.device(chosen.device).type == "cuda":
        torch.set_num_threads(1)
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.benchmark = True
    options = Options(
        device=chosen.device,
        out=chosen.out,
        steps=chosen.steps,
        deadline=time.monotonic() + 60 * chosen.minutes,
        graph=not chosen.no_graph,
        compile=chosen.compile,
        alongside=len(jobs),
    )
    return 1 if train_all(jobs, options) else 0


def is_done(out: Path, recipe: Recipe, seed: int) -> bool:
    """Whether the result lies in `out` already; says so."""
    done = (out / f"{recipe.name}-{seed}.json").exists()
    if done:
        print(f"{recipe.name} seed {seed}: done already", flush=True)
    return done
