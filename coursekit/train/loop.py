"""The loop that trains a network."""

from torch import nn

from coursekit.train.callbacks import callbacks_of
from coursekit.train.device import (
    device_of,
    repeatable,
    to_channels_last,
    use_threads,
)
from coursekit.train.feed import Examples
from coursekit.train.measure import ready_on
from coursekit.train.settings import Settings, keywords
from coursekit.train.step import autocast, check_loss, precision_of, set_rate
from coursekit.train.training import History, Training


@keywords(Settings)
def fit(model: nn.Module, split: Examples, settings: Settings) -> History:
    """Train `model` in place on the labelled images of `split`, where the model lies.

        history = train.fit(model, split, epochs=3, lr=0.1)

    `train.Settings` says what can be chosen. Equal models with equal seeds end equal.
    Raises ValueError if a setting, image or label makes no sense, RuntimeError if the
    loss is no number any more.
    """
    device, precision = device_of(model), precision_of(settings.precision)
    prepare = ready_on(device, settings.prepare)
    if settings.channels_last:
        to_channels_last(model)
    optimiser = settings.optimiser(model.parameters(), lr=settings.rate(0))
    batches = settings.batches(split, device)
    run = Training(model, optimiser, batches, callbacks_of(settings, split, batches))

    with use_threads(settings.threads), repeatable(device), run.underway():
        for epoch in run.epochs_left():
            model.train()
            for images, labels in batches.of(epoch, run.step):
                set_rate(optimiser, settings.rate(run.step))
                with autocast(device, precision):
                    loss = settings.loss(model, prepare(images), labels)
                check_loss(loss)
                optimiser.zero_grad()
                loss.backward()
                value = run.number(loss)
                optimiser.step()
                run.after_step(value)  # progress, live plot, your callbacks
            run.after_epoch()  # validation, early stopping, checkpoint
    return run.history()
