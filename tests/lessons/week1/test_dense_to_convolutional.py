"""What the demonstrations of "From dense to convolutional" must show."""

import numpy as np
import pytest
import torch
from torch import nn

from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(1, "dense_to_convolutional")


def test_shuffling_does_nothing_to_the_mlp_and_harms_the_cnn(lesson: Lesson) -> None:
    runs = lesson["results"]
    mean = {name: float(np.mean(values)) for name, values in runs.items()}
    mlp, cnn = mean["MLP", "images"], mean["CNN", "images"]
    mlp_shuffled, cnn_shuffled = mean["MLP", "shuffled"], mean["CNN", "shuffled"]
    assert abs(mlp - mlp_shuffled) < 0.015
    assert cnn > cnn_shuffled
    if not lesson["digits"].stand_in:
        assert min(runs["CNN", "images"]) > max(runs["MLP", "images"]) + 0.02
        assert cnn - cnn_shuffled > 0.1
        assert cnn_shuffled < mlp - 0.03


def test_the_scrambled_pair_can_be_put_back(lesson: Lesson) -> None:
    assert torch.equal(lesson["restored"], lesson["originals"])
    assert not torch.equal(lesson["scrambled"], lesson["originals"])
    assert set(lesson["pair"].tolist()) == {3, 8}


def test_the_twin_gives_the_same_scores(lesson: Lesson) -> None:
    torch.testing.assert_close(lesson["scores"], lesson["twins"], rtol=0, atol=1e-5)
    assert lesson["scores"].max() - lesson["scores"].min() > 0.1


def test_the_learned_filter_is_the_one_of_least_squares_and_removes_noise(
    lesson: Lesson,
) -> None:
    learned, best = lesson["learned"].squeeze(), lesson["best"]
    assert torch.allclose(learned, best, atol=1e-5)
    assert learned.sum().item() == pytest.approx(1, abs=0.05)
    assert learned.argmax() == 5
    clean, noisy = lesson["recording"](2000, seed=7)
    cleaned = nn.functional.conv1d(noisy, lesson["learned"])
    error = (cleaned - clean[..., 5:-5]).square().mean().sqrt()
    assert error < 0.5 * (noisy - clean).square().mean().sqrt()
