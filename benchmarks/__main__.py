"""Coursekit beside its peers and the machine's limit.

    python -m benchmarks --peers ../peers             # all, on the screen
    python -m benchmarks resnet20 capsnet --peers ../peers --rounds 9
    python -m benchmarks --peers ../peers --write     # and into benchmarks/RESULTS.md
    python -m benchmarks winograd                     # what it pays; needs no peers

Peers' code is not kept here. Clone the repositories that the list below names into one
folder; what is not there is skipped, and the table says so.
"""

import argparse
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from benchmarks import (
    capsnet,
    feeding,
    lenet,
    machine,
    numpy_operators,
    painting,
    report,
    resnet,
    winograd,
)
from benchmarks.measure import Case, interleaved
from benchmarks.peers import PEERS, Peers, SkippedError
from coursekit.pipe import piped

CASES: dict[str, Callable[[Peers], Case]] = {
    "lenet": lenet.epoch,
    "feeding": lenet.feeding,
    "resnet20": resnet.resnet20,
    "resnet18": resnet.resnet18,
    "capsnet": capsnet.xifengguo,
    "capsnet-gram-ai": capsnet.gram_ai,
    "style": painting.gordicaleksa,
    "pipeline": feeding.crop_and_flip,
    "airbench": feeding.airbench,
    "operators": numpy_operators.whole,
    "operators-share": numpy_operators.share,
    "im2col": numpy_operators.columns,
    "winograd-capsnet": winograd.capsnet,
    "winograd-vgg": winograd.vgg,
}
GROUPS = {"winograd": ("winograd-capsnet", "winograd-vgg")}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the cases that were asked for."""
    chosen = options(arguments)
    torch.set_num_threads(chosen.threads)
    torch.backends.cudnn.benchmark = True
    peers = Peers(chosen.peers, tuple(chosen.peer))
    sections, skipped = [], []
    for name in chosen.names or CASES:
        try:
            sections.append(report.section(measured(CASES[name](peers), chosen)))
            print(f"{sections[-1]}\n", flush=True)
        except SkippedError as reason:
            skipped.append(f"{name}: {reason}")
            print(f"{name}: skipped. {reason}\n", flush=True)
    how = f"{chosen.rounds} rounds of about {chosen.seconds} s for each."
    if chosen.write:
        text = report.document(sections, skipped, machine.description(), how)
        kept = report.grading()
        report.RESULTS.write_text(text + f"\n{kept}" * bool(kept), encoding="utf-8")
    print("\n".join(machine.description()))


def measured(case: Case, chosen: argparse.Namespace) -> report.Done:
    """The case beside the machine's limit, where operations are known."""
    counted = any(way.flops for way in case.ways.values())
    limit = machine.limit() if counted else None
    ways = case.ways | ({} if limit is None else {machine.LIMIT: limit})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peers use what PyTorch calls deprecated
        turns = interleaved(ways, chosen.rounds, chosen.seconds)
    return report.Done(case, turns, limit)


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="peers: " + ", ".join(f"{k} = {v[0]}" for k, v in PEERS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="CASE", help=", ".join((*CASES, *GROUPS))
    )
    parser.add_argument("--peers", type=Path, help="folder with the peers' folders")
    parser.add_argument(
        "--peer", type=name_and_folder, action="append", default=[], metavar="NAME=PATH"
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each turn")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="into RESULTS.md as well")
    chosen = parser.parse_args(arguments)
    chosen.names = [c for name in chosen.names for c in GROUPS.get(name, (name,))]
    unknown = set(chosen.names) - set(CASES)
    if unknown:
        parser.error(
            f"there is no case {min(unknown)}; there are {', '.join((*CASES, *GROUPS))}"
        )
    return chosen


def name_and_folder(text: str) -> tuple[str, Path]:
    """ "d2l=../d2l-en" → ("d2l", Path("../d2l-en"))."""
    name, _, folder = text.partition("=")
    if name not in PEERS or not folder:
        raise argparse.ArgumentTypeError(f"NAME is one of {', '.join(PEERS)}")
    return name, Path(folder)


if __name__ == "__main__":
    raise SystemExit(piped(main))
