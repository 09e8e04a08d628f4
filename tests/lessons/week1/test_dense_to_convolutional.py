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
    assert lesson["pair"].tolist() == [8, 3]


def test_the_twin_gives_the_same_scores(lesson: Lesson) -> None:
    torch.testing.assert_close(lesson["scores"], lesson["twins"], rtol=0, atol=1e-5)
    assert lesson["scores"].max() - lesson["scores"].min() > 0.1


def test_the_learned_filter_is_the_one_of_least_squares_and_removes_noise(
    lesson: Lesson,
) -> None:
    learned, best = lesson["learned"], lesson["best"]
    assert np.allclose(learned[0, 0].numpy(), best, atol=1e-5)
    assert learned.sum().item() == pytest.approx(1, abs=0.05)
    drawn = [round(value, 2) for value in learned[0, 0].tolist()]
    assert (drawn[0], drawn[5], drawn[10]) == (0.01, 0.16, 0.0)
    assert drawn[:6] == sorted(drawn[:6])
    assert drawn[5:] == sorted(drawn[5:], reverse=True)
    clean, noisy = lesson["recording"](2000, seed=7)
    before = (noisy - clean).square().mean().sqrt().item()
    assert lesson["typical_error"](learned, noisy, clean) < 0.5 * before
    told = [round(lesson[name], 2) for name in ("before", "after")]
    assert told == [0.58, 0.23], "the text says so twice"


def test_against_a_hum_descent_is_not_yet_where_least_squares_is(
    lesson: Lesson,
) -> None:
    clean, humming, trace = lesson["clean"], lesson["humming"], lesson["trace"]
    error, descent, exact = lesson["typical_error"], lesson["descent"], lesson["exact"]
    learned = descent(humming)
    assert learned.abs().max() < 0.3
    assert exact.abs().max() == pytest.approx(20, abs=1)
    none = lesson["hum_error"]
    assert round(none, 2) == 0.42
    errors = [error(weights, humming, clean) for weights in (learned, exact)]
    assert errors[0] < none / 10
    assert [round(each, 2) for each in errors] == [0.03, 0.01]
    assert errors[1] == pytest.approx(errors[0] / 3, rel=0.1)
    hissing = [error(weights, humming + trace, clean) for weights in (learned, exact)]
    assert hissing[0] < 1.1 * errors[0]
    assert hissing[1] > none


def test_the_floor_of_the_valley_is_nearly_level(lesson: Lesson) -> None:
    samples = lesson["humming"][0, 0].numpy()
    windows = np.lib.stride_tricks.sliding_window_view(samples, 11)
    steepness = np.linalg.svd(windows, compute_uv=False)
    assert steepness[-1] < 1e-4 * steepness[0]


def test_the_stripes_prefer_an_upright_bar(lesson: Lesson) -> None:
    stripes, stimuli = lesson["stripes"], lesson["stimuli"]
    responses = [max(0, round((stripes * s).sum())) for s in stimuli.values()]
    assert responses == [45, 3, 0, 0, 0, 3, 0]
    assert set(np.unique(stripes)) == {-0.5, 0, 1}


def test_the_gauges_stand_in_the_order_of_their_likeness(lesson: Lesson) -> None:
    recorded, plugs = lesson["recorded"], lesson["plugs"]
    ordered = np.corrcoef(recorded[:, plugs].T)
    beside = np.diagonal(ordered, 1)
    assert beside.min() > np.diagonal(ordered, 2).max() > 0.5
    as_plugged = np.diagonal(np.corrcoef(recorded.T), 1)
    assert as_plugged.mean() < 0.7
    for place, likeness in enumerate(ordered):
        assert (np.diff(likeness[place:]) < 0).all(), "the less so the further away"
        assert (np.diff(likeness[: place + 1]) > 0).all()
    assert plugs[:2].tolist() == [9, 0]


def test_the_cnn_has_an_eighth_of_the_weights(
    lesson: Lesson,
) -> None:
    mlp, cnn = (
        sum(numbers.numel() for numbers in lesson[name]().parameters())
        for name in ("MLP", "SmallCNN")
    )
    assert round(mlp / cnn) == 8


def test_the_numbers_in_the_text(lesson: Lesson) -> None:
    assert 100 * 100 * 3 * 1024 == 30_720_000
    assert round(4 * 30_720_000 / 1e6) == 123
    assert 32 * 32 * 3 == 3_072
    assert 200 * 200 * 3 == 120_000
    assert (28 * 28 * 24 * 24, 24 * 24 * 25, 25) == (451_584, 14_400, 25)
    assert (7 * 10, 7 * 4, 10 - 4 + 1) == (70, 28, 7)
    assert (1000 * 998, 3 * 998) == (998_000, 2_994)
    dense = lesson["noisy"].numel() * lesson["target"].numel()
    assert round(dense / 1e6) == 4
    assert round(lesson["before"], 2) == 0.58
    assert round(lesson["after"], 2) == 0.23


def test_the_quiz_about_lenet_follows_from_its_layers() -> None:
    maps = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.MaxPool2d(2)
    )
    assert maps(torch.zeros(1, 1, 36, 36)).numel() == 576
    into_dense = maps(torch.zeros(1, 1, 32, 32)).numel()
    dense = into_dense * 120 + 120 * 84
    convolutions = sum(weights.numel() for weights in maps.parameters())
    assert dense > 10 * convolutions
    assert dense > 84 * 10
