"""Training again from other starting weights: is a result luck?"""

from collections.abc import Callable, Sequence

from torch import nn

from coursekit.progress import Progress
from coursekit.train.device import own_dice
from coursekit.train.feed import Examples
from coursekit.train.loop import fit
from coursekit.train.measure import accuracy
from coursekit.train.schedules import Schedule


def accuracies(
    build: Callable[[], nn.Module],
    train: Examples,
    test: Examples,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    epochs: int = 5,
    batch_size: int = 64,
    lr: float | Schedule = 0.05,
    label: str = "Training",
) -> list[float]:
    """Test accuracies of fresh models from `build`, one trained for each seed.

    A seed fixes the starting weights and the order of the images.
    """
    results: list[float] = []
    with Progress(label, total=len(seeds)) as bar:
        for seed in seeds:
            with own_dice(seed):
                model = build()
            fit(
                model,
                train,
                epochs=epochs,
                batch_size=batch_size,
                lr=lr,
                seed=seed,
                label=None,
            )
            results.append(accuracy(model, test))
            bar.update(note=f"{results[-1]:.1%} of the test images right")
    return results
