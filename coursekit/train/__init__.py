"""Training: `fit` for the lessons, `Trainer` for long runs on a graphics card."""

from coursekit.train.loop import (
    History,
    accuracies,
    accuracy,
    as_input,
    batches,
    fit,
    one_thread,
    steps,
)

__all__ = [
    "History",
    "accuracies",
    "accuracy",
    "as_input",
    "batches",
    "fit",
    "one_thread",
    "steps",
]
