"""The figures of dense prediction: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, Rectangle

from coursekit.plots.core import BLUE, GREEN, ORANGE, RED
from coursekit.plots.week9 import dense as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_classes_have_flat_colours_and_pictures_are_grey() -> None:
    grey = np.linspace(0, 1, 40).reshape(2, 4, 5)
    labels = np.arange(40).reshape(2, 4, 5) % 3
    fig = figures.panels({"picture": grey, "truth": labels}, ("a", "b", "c"))
    assert [ax.get_ylabel() for ax in fig.axes] == ["picture", "", "truth", ""]
    [first] = fig.axes[0].images
    assert first.get_cmap().name == "gray"
    [image] = fig.axes[2].images
    shown = [to_hex(colour).upper() for colour in image.to_rgba(np.array([1, 2]))]
    assert shown == [BLUE, ORANGE]
    [legend] = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b", "c"]


def test_single_pictures_stand_side_by_side() -> None:
    grey, labels = np.linspace(0, 1, 20).reshape(1, 4, 5), np.ones((1, 4, 5), int)
    fig = figures.labelled({"one": grey, "two": labels}, ("a", "b"))
    assert [ax.get_title() for ax in fig.axes] == ["one", "two"]
    assert [ax.images[0].get_cmap().name == "gray" for ax in fig.axes] == [True, False]


def test_overlaps_are_counted() -> None:
    called = np.array([[True, True, False], [False, False, False]])
    there = np.array([[True, False, False], [True, False, True]])
    fig = figures.overlaps({"one": (called, there)})
    [ax] = fig.axes
    assert ax.get_title() == "one\n1 of 4 pixels are both"
    [image] = ax.images
    kinds = np.asarray(image.get_array())
    assert kinds.tolist() == [[1, 3, 0], [2, 0, 2]]
    shades = image.to_rgba(np.array([1, 2, 3]))
    colours = [to_hex(shade).upper() for shade in shades]
    assert colours == [GREEN, BLUE, RED]


def test_the_u_has_a_box_for_each_step() -> None:
    steps = [("d", 20, 16), ("d", 8, 4), ("u", 8, 4)]
    [ax] = figures.u_shape(steps, width=3).axes
    assert sum(isinstance(p, Rectangle) for p in ax.patches) == 3
    assert sum(isinstance(p, FancyArrowPatch) for p in ax.patches) == 3
    words = [text.get_text() for text in ax.texts]
    assert words[:6] == ["3 maps", "20 → 16", "6 maps", "8 → 4", "3 maps", "8 → 4"]
    assert "cropped to 8" in words


def test_a_dot_for_each_seed_and_class() -> None:
    tables = {"with": np.array([[0.9, 0.5], [0.8, 0.4]]), "without": np.zeros((1, 2))}
    [ax] = figures.dots(tables, ("one", "two")).axes
    rows = [np.asarray(line.get_ydata()).tolist() for line in ax.lines]
    assert rows == [[0.9, 0.5], [0.8, 0.4], [0, 0]]
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["with", "without"]
