"""The figures of routing by agreement: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Ellipse
from matplotlib.text import Annotation

from coursekit.explore.agreement import routed, votes_for
from coursekit.plots.core import BLUE, ORANGE, RED
from coursekit.plots.week8 import routing as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_each_part_draws_its_face() -> None:
    upright = np.array([1.0, 0.0, 0.5, 0.2])
    turned = np.array([0.0, 1.0, -1.0, 2.0])
    places = {"left eye": (-1.0, 1.0, 0.0), "mouth": (0.0, -1.5, 0.0)}
    parts = {"left eye": upright, "mouth": turned}
    fig = figures.ghosts({"one": parts}, {"one": parts}, places)
    [ax] = fig.axes
    faces = [p for p in ax.patches if isinstance(p, Ellipse) and p.width > 2]
    assert [tuple(face.center) for face in faces] == [(0.5, 0.2), (-1.0, 2.0)]
    assert [face.angle for face in faces] == [0, 90]
    eyes = [p for p in ax.patches if isinstance(p, Circle)]
    np.testing.assert_allclose(eyes[0].center, (-0.5, 1.2))
    np.testing.assert_allclose(eyes[1].center, (-2.0, 1.0))
    assert "mouth's face" in [text.get_text() for text in ax.texts]


def test_sums_of_votes_and_their_lengths() -> None:
    fig = figures.squashing([0, 60, 120])
    _, right = fig.axes
    dots = [line for line in right.lines if line.get_marker() == "o"]
    places = np.array([np.ravel(line.get_xydata()) for line in dots])
    expected = np.array([(3, 0.9), (2, 0.8), (0, 0)])
    np.testing.assert_allclose(places, expected, atol=1e-9)


def test_votes_are_as_thick_as_their_couplings() -> None:
    votes = votes_for(135)
    fig = figures.forming(votes, routed(votes, 3))
    assert len(fig.axes) == 6
    titles = [ax.get_title() for ax in fig.axes]
    assert titles[2] == "face, round 3\n|v| = 0.93"
    assert titles[5] == "clock, round 3\n|v| = 0.74"
    arrows = [
        text.arrow_patch
        for text in fig.axes[2].texts
        if isinstance(text, Annotation) and text.arrow_patch is not None
    ]
    colours = [to_hex(arrow.get_edgecolor()).upper() for arrow in arrows[:3]]
    assert colours == [BLUE, BLUE, ORANGE]
    assert arrows[0].get_linewidth() > 4 * arrows[2].get_linewidth()
    words = [text.get_text() for text in fig.axes[2].texts if text.get_text()]
    assert words == ["2×0.96", "0.12"]


def test_couplings_of_votes_that_lie_together_stand_once() -> None:
    tips = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.0, 1.0], [0, 0]])
    told = figures._told(tips, np.array([0.2, 0.7, 0.5, 0.5, 0.1]), 0.25)
    assert [words for _, words in told] == ["0.20 … 0.70", "2×0.50"]


def test_a_line_for_each_number_of_rounds() -> None:
    [ax] = figures.by_turn([0, 90], {"2 rounds": [0.9, 0.5], "3 rounds": [1, 0]}).axes
    assert [line.get_label() for line in ax.lines[:2]] == ["2 rounds", "3 rounds"]
    assert list(np.asarray(ax.lines[1].get_ydata())) == [1, 0]


def test_sums_at_the_edges() -> None:
    table = np.array([[0.9, 0.1], [0.3, 0.7], [0.5, 0.5]])
    [ax] = figures.sums({"over the wholes": table}).axes
    tinted = {t.get_text(): to_hex(t.get_color()).upper() for t in ax.texts}
    assert tinted["1.00"] == "#000000"
    assert tinted["1.70"] == tinted["1.30"] == RED


def test_both_halves_of_the_loss() -> None:
    [ax] = figures.margins().axes
    missed, imagined = (np.asarray(line.get_ydata()) for line in ax.lines[:2])
    assert missed[-21:] == pytest.approx(np.zeros(21), abs=1e-12)
    assert imagined[:21] == pytest.approx(np.zeros(21), abs=1e-12)
    assert np.all(np.diff(imagined[21:]) > 0)
