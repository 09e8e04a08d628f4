"""Learning curves: what is drawn, and what is said about it."""

from dataclasses import replace

import numpy as np
import pytest

from coursekit.plots import training
from coursekit.train import History

HISTORY = History(
    losses=tuple(2 / step for step in range(1, 41)),
    seconds=1.0,
    rates=(0.1,) * 40,
    accuracies=(0.5, 0.9, 0.8, 0.7),
    steps_per_epoch=10,
)


def test_the_curves_are_those_of_the_history() -> None:
    loss, accuracy = HISTORY.plot().axes
    each, smooth = loss.lines
    assert each.get_ydata() == pytest.approx(HISTORY.losses)
    assert np.asarray(smooth.get_ydata())[-1] == pytest.approx(
        np.mean(HISTORY.losses[-2:])
    )
    assert accuracy.lines[0].get_ydata() == pytest.approx([50, 90, 80, 70])
    assert accuracy.lines[1].get_xdata() == 2
    assert [loss.get_xlabel(), accuracy.get_xlabel()] == ["step", "epoch"]


@pytest.mark.parametrize("epochs", [1, 2, 4])
def test_epochs_are_whole_numbers(epochs: int) -> None:
    history = replace(HISTORY, accuracies=HISTORY.accuracies[:epochs])
    _, accuracy = history.plot().axes
    low, high = accuracy.get_xlim()
    shown = [tick for tick in accuracy.get_xticks() if low <= tick <= high]
    assert shown
    assert all(tick == round(tick) for tick in shown)


def test_without_validation_there_is_one_picture() -> None:
    (loss,) = History(losses=(2.0, 1.0), seconds=1.0).plot().axes
    assert len(loss.lines) == 2


def test_a_running_mean_never_looks_ahead() -> None:
    values = np.arange(100.0)
    means = training.running_mean(values)
    assert means[0] == 0
    assert means[50] == pytest.approx(values[46:51].mean())
    assert len(means) == 100


def test_the_words_say_what_the_picture_shows() -> None:
    words = training.in_words(HISTORY)
    assert "After 40 steps the loss went from 2.00 to 0.05" in words
    assert "best after epoch 2: 90.0%; the last was 70.0%" in words


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="no step"):
        History(losses=(), seconds=0.0).plot()
