"""The figures of batch normalisation: what they draw is what they claim."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Rectangle

from coursekit.plots.core import ORANGE
from coursekit.plots.week5 import batch_normalisation as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def points(ax: Axes) -> np.ndarray:
    [line] = [line for line in ax.get_lines() if line.get_marker() == "o"]
    return np.asarray(line.get_xydata())


def test_a_band_of_one_deviation_to_each_side_of_the_mean() -> None:
    mean, deviation = np.array([0.0, 1, 3]), np.array([1.0, 2, 1])
    statistics = np.stack([mean, deviation], 1)[:, :, None].repeat(2, 2)
    fig = figures.drift(statistics, channels=(1, 0))
    assert [ax.get_title() for ax in fig.axes] == ["channel 1", "channel 0"]
    for ax in fig.axes:
        line = ax.get_lines()[0]
        np.testing.assert_allclose(
            np.asarray(line.get_xydata()), [[0, 0], [4, 1], [8, 3]]
        )
        edge = np.asarray(ax.collections[0].get_paths()[0].vertices)
        assert (edge[:, 1].min(), edge[:, 1].max()) == (-1, 4)
        low, high = ax.get_ylim()
        assert low < -1 < 4 < high


def test_the_cloud_is_centred_then_scaled_and_never_turned() -> None:
    turn = np.array([[1.6, 0.9], [0.1, 0.7]])
    batch = np.random.default_rng(0).standard_normal((30, 2)) @ turn + [3, 1]
    fig = figures.cloud(batch, gamma=(2, 0.5), beta=(-1, 1))
    first, centred, standard, last = (points(ax) for ax in fig.axes)
    np.testing.assert_allclose(first, batch)
    np.testing.assert_allclose(centred.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(standard.std(axis=0), 1)
    np.testing.assert_allclose(last.mean(axis=0), [-1, 1])
    np.testing.assert_allclose(last.std(axis=0), [2, 0.5])
    slants = [np.corrcoef(cloud.T)[0, 1] for cloud in (first, centred, standard, last)]
    np.testing.assert_allclose(slants, slants[0])
    for ax in fig.axes:
        [circle] = [patch for patch in ax.patches if isinstance(patch, Circle)]
        assert (circle.center, circle.radius) == ((0, 0), 1)


def test_mean_and_variance_lead_to_every_output() -> None:
    [ax] = figures.three_ways().axes
    ends = [tuple(np.asarray(line.get_xydata())[-1]) for line in ax.get_lines()]
    outputs = {(13.2, 6.0), (13.2, 3.6), (13.2, 1.2)}
    assert {end for end in ends if ends.count(end) > 1} == outputs
    assert len(ends) == 7  # three by the mean, three by the variance, one straight on


def test_the_last_rule_has_a_panel_of_its_own() -> None:
    paths = {"one": [0, 1.0, 2], "other": [0, 1.0, 2], "third": [0, 5.0, 4]}
    fig = figures.running(paths, [1.0, 2.0], truth=3.0)
    drawn = [
        {
            line.get_label(): list(np.asarray(line.get_ydata()))
            for line in ax.get_lines()
        }
        for ax in fig.axes
    ]
    for panel, names in zip(drawn, (["one", "other"], ["third"]), strict=True):
        assert {name: panel[name] for name in names} == {n: paths[n] for n in names}
        assert len(panel) == 2 + len(names)


COLOURED = {
    "dense layer": 4,
    "convolution": 4 * 9,
    "batch": 3 * 4,
    "layer": 4 * 4,
    "group": 2 * 4,
    "instance": 4,
}


@pytest.mark.parametrize("kind", COLOURED)
def test_what_goes_into_one_mean_is_coloured(kind: str) -> None:
    [ax, _] = figures.averaged([kind, "batch"]).axes
    faces = [to_hex(p.get_facecolor()) for p in ax.patches if isinstance(p, Rectangle)]
    assert faces.count(to_hex(ORANGE)) == COLOURED[kind]
    assert ax.get_title() == kind


def test_a_dot_for_each_seed_and_running_means_of_the_losses() -> None:
    worth = {("plain", 0.1): [0.2, 0.4], ("plain", 1.0): [0.1, 0.1]}
    fig = figures.tolerance(worth, {"plain": [[4.0, 2.0, 0.0]]}, over=2)
    left, right = fig.axes
    low, _, mean = left.get_lines()
    np.testing.assert_allclose(np.asarray(low.get_xydata()), [[0.1, 0.2], [0.1, 0.4]])
    np.testing.assert_allclose(np.asarray(mean.get_xydata()), [[0.1, 0.3], [1, 0.1]])
    [curve] = right.get_lines()
    np.testing.assert_allclose(np.asarray(curve.get_xydata()), [[2, 3], [3, 1]])
