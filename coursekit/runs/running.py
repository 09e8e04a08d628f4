"""Training what a recipe says, in pieces if need be."""

import datetime
import platform
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from coursekit.augment import Normalise, statistics
from coursekit.data import Split
from coursekit.layers.residual import BasicBlock, Bottleneck, PreActivationBlock
from coursekit.models.densenet import DenseLayer
from coursekit.runs import results
from coursekit.runs.material import material
from coursekit.runs.recipes import Recipe
from coursekit.runs.results import FinishedRun
from coursekit.text import Trim
from coursekit.train.device import to_channels_last
from coursekit.train.identity import describe
from coursekit.train.keeper import Keeper
from coursekit.train.trainer import WARM_UP, Trainer

CHECKS = 8
SECONDS_BETWEEN_SAVES = 60
BATCHES_AHEAD = 64
REPEATED = (BasicBlock, Bottleneck, PreActivationBlock, DenseLayer)
# What of a recipe decides where a run leads; the rest is about the paper.
DECISIVE = (
    "data",
    "build",
    "steps",
    "batch",
    "schedule",
    "optimiser",
    "augment",
    "feed",
    "loss",
    "pixels",
    "edge",
    "folds",
)
_printing = threading.Lock()


@dataclass(frozen=True)
class Options:
    """Where and how long: see `python -m coursekit.runs papers --help`."""

    device: str
    out: Path
    steps: int | None = None
    deadline: float = float("inf")
    graph: bool = True
    compile: bool = False
    alongside: int = 1


class Run:
    """One recipe with one seed, on its way; `advance` goes on until the end."""

    def __init__(self, recipe: Recipe, seed: int, options: Options) -> None:
        self.recipe, self.seed, self.options = recipe, seed, options
        self.steps = min(options.steps or recipe.steps, recipe.steps)
        self.seconds = 0.0
        self.history: list[tuple[int, float, float]] = []
        self.best: tuple[float, dict[str, Tensor]] = (float("inf"), {})
        fold = seed if recipe.folds else None
        self.material = material(recipe.data, options.device, fold)
        self.trainer = make_trainer(recipe, seed, options, self.material.train)
        self.load()

    @property
    def keeper(self) -> Keeper:
        """The file from which the run goes on."""
        path = self.options.out / f"{self.recipe.name}-{self.seed}.pt"
        recipe = {name: describe(getattr(self.recipe, name)) for name in DECISIVE}
        return Keeper(path, recipe | {"seed": repr(self.seed)})

    @property
    def result(self) -> Path:
        """The file with the result."""
        return self.options.out / f"{self.recipe.name}-{self.seed}.json"

    def begin(self) -> None:
        """The first steps, in which a graphics card records one."""
        start = time.monotonic()
        for _ in range(min(WARM_UP + 1, self.steps - self.trainer.done)):
            self.step()
        self.seconds += time.monotonic() - start
        self.say("ready")

    def advance(self) -> bool:
        """Go on to the last step or the deadline; whether the last one is made."""
        begun, start = self.seconds, time.monotonic()
        saved = now = start
        while self.trainer.done < self.steps and now < self.options.deadline:
            self.step()
            now = time.monotonic()
            self.seconds = begun + now - start
            if now - saved > SECONDS_BETWEEN_SAVES:
                self.save()
                saved = now
        self.save()  # waits for the device
        self.seconds = begun + time.monotonic() - start
        return self.trainer.done == self.steps

    def step(self) -> None:
        """One step, and now and then a look at where it leads."""
        self.trainer.step()
        if self.trainer.done % max(1, self.recipe.steps // CHECKS) == 0:
            self.check()

    def check(self) -> None:
        """Note the mean loss and the test error of now."""
        loss = self.trainer.mean_loss()
        error = self.error(*self.material.test)
        self.history.append((self.trainer.done, round(loss, 5), error))
        self.say(f"loss {loss:.4f}, test error {error:.2f} %")
        if self.material.dev is not None:
            self.keep_best(self.error(*self.material.dev))

    def keep_best(self, error: float) -> None:
        """Remember the weights with the least error on the dev data, for the end."""
        if error < self.best[0]:
            weights = self.trainer.model.state_dict()
            self.best = (error, {name: w.clone() for name, w in weights.items()})
        self.say(f"dev error {error:.2f} %, at best {self.best[0]:.2f} %")

    def error(self, images: Tensor, labels: Tensor) -> float:
        """Part of the answers that is wrong, in %."""
        return round(100 * self.trainer.errors(images, labels), 4)

    def say(self, what: str) -> None:
        """Print one line about where this run is."""
        where = f"step {self.trainer.done}/{self.steps}, {self.seconds:.0f} s"
        line = f"{self.recipe.name} seed {self.seed}: {where}: {what}"
        with _printing:
            print(line, flush=True)

    def finish(self) -> None:
        """Measure the errors and write them down, if every step was made."""
        recipe = self.recipe
        if self.trainer.done < recipe.steps:
            self.say(f"end of the trial, loss {self.trainer.mean_loss():.4f}")
            return
        if self.best[1]:
            self.trainer.model.load_state_dict(self.best[1])
        result = FinishedRun(
            recipe=recipe.name,
            seed=self.seed,
            steps=self.trainer.done,
            test_error=self.error(*self.material.test),
            train_error=self.error(*self.material.seen),
            seconds=round(self.seconds, 3),
            alongside=self.options.alongside,
            hardware=hardware(self.options.device),
            precision=str(self.trainer.precision).removeprefix("torch."),
            torch=torch.__version__,
            date=datetime.date.today().isoformat(),
            history=tuple(self.history),
        )
        self.say(
            f"test error {result.test_error:.2f} %, training error "
            f"{result.train_error:.2f} %, paper {recipe.paper}"
        )
        results.write([result], self.result)

    def save(self) -> None:
        """Keep everything to go on from."""
        state = {"seconds": self.seconds, "history": self.history, "best": self.best}
        self.keeper.save({**state, "trainer": self.trainer.state()})

    def load(self) -> None:
        """Go on from what was kept, if anything was."""
        state = self.keeper.load(self.options.device)
        if state is not None:
            self.seconds, self.history = state["seconds"], state["history"]
            self.best = state["best"]
            self.trainer.load(state["trainer"])


def make_trainer(recipe: Recipe, seed: int, options: Options, train: Split) -> Trainer:
    """The recipe's network with its starting weights, and all it is trained with."""
    torch.manual_seed(seed)
    model = recipe.build()
    to_channels_last(model)
    if options.compile:
        compile_blocks(model)
    on_card = torch.device(options.device).type == "cuda"
    trainer = Trainer(
        model,
        recipe.feed(
            train,
            recipe.batch,
            seed=seed,
            augment=recipe.augment,
            device=options.device,
            ahead=BATCHES_AHEAD if on_card else 1,
        ),
        prepare=prepare(recipe, train),
        optimiser=recipe.optimiser,
        schedule=recipe.schedule,
        loss=recipe.loss,
        precision=recipe.precision if on_card else "float32",
        device=options.device,
        graph=options.graph and recipe.graph,
    )
    if (after := recipe.after) is not None:
        trainer.optimiser.register_step_post_hook(lambda *_: after(model))
    return trainer


def prepare(recipe: Recipe, train: Split) -> nn.Module:
    """From bytes, or word numbers, to what the network takes."""
    if recipe.pixels == "words":
        return Trim()
    channels = train.images.shape[1]
    mean, std = (0.0,) * channels, (1.0,) * channels
    if recipe.pixels == "normalised":
        mean, std = statistics(train.images)
    return nn.Sequential(nn.ZeroPad2d(recipe.edge), Normalise(mean, std))


def compile_blocks(model: nn.Module) -> None:
    """Compile the repeated blocks: their few shapes, not the many layers, take time."""
    torch._dynamo.config.cache_size_limit = 64
    for module in model.modules():
        if isinstance(module, REPEATED):
            module.compile(dynamic=False)


def hardware(device: str) -> str:
    """What the run was made on, in words."""
    if torch.device(device).type == "cuda":
        return torch.cuda.get_device_name(device)
    count = torch.get_num_threads()
    return f"{count} CPU thread{'s' * (count > 1)} ({platform.machine()})"


def train_all(jobs: Sequence[tuple[Recipe, int]], options: Options) -> list[Run]:
    """Train side by side; returns the runs that are not at their end yet.

    Dropout throws PyTorch's own dice, which all runs share: with it, a run on its own
    is the one to repeat exactly.
    """
    runs = [Run(recipe, seed, options) for recipe, seed in jobs]
    for run in runs:  # recording a step must not be disturbed by other runs
        run.begin()
    with ThreadPoolExecutor(max(1, len(runs))) as pool:
        ended = list(pool.map(Run.advance, runs))
    for run, end in zip(runs, ended, strict=True):
        if end:
            run.finish()
        else:
            run.say("time is up; run the same command again to go on")
    return [run for run, end in zip(runs, ended, strict=True) if not end]
