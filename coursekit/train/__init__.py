"""Training: `fit` for the lessons, `Trainer` for long runs on a graphics card."""

from coursekit.train.feed import Batches, batches
from coursekit.train.history import History
from coursekit.train.inside import Inside, Moment, Reading
from coursekit.train.loop import accuracies, accuracy, as_input, fit
from coursekit.train.quickest import Choice, quickest
from coursekit.train.schedules import Constant, Decay, Drops, OneCycle
from coursekit.train.trainer import Trainer, cross_entropy, update

__all__ = [
    "Batches",
    "Choice",
    "Constant",
    "Decay",
    "Drops",
    "History",
    "Inside",
    "Moment",
    "OneCycle",
    "Reading",
    "Trainer",
    "accuracies",
    "accuracy",
    "as_input",
    "batches",
    "cross_entropy",
    "fit",
    "quickest",
    "update",
]
