"""Training: `fit` for the lessons, `Trainer` for long runs on a graphics card.

`fit` is the loop, to be read in `loop.py`. What can be chosen is in `Settings`; what
hangs in the loop (validation, early stopping, checkpoints, displays) is a `Callback`.
"""

from coursekit.train.compare import Choice, accuracies, quickest
from coursekit.train.feed import Batches, Examples
from coursekit.train.inside import Inside, Reading
from coursekit.train.loop import fit
from coursekit.train.measure import accuracy, as_input
from coursekit.train.schedules import Constant, Decay, Drops, OneCycle
from coursekit.train.settings import Settings
from coursekit.train.step import cross_entropy, update
from coursekit.train.trainer import Trainer
from coursekit.train.training import Callback, History, Training

__all__ = [
    "Batches",
    "Callback",
    "Choice",
    "Constant",
    "Decay",
    "Drops",
    "Examples",
    "History",
    "Inside",
    "OneCycle",
    "Reading",
    "Settings",
    "Trainer",
    "Training",
    "accuracies",
    "accuracy",
    "as_input",
    "cross_entropy",
    "fit",
    "quickest",
    "update",
]
