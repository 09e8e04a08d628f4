"""The figures of style transfer: what they draw is so."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit.plots.week9 import style as figures


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def drawn(ax: Axes) -> np.ndarray:
    [picture] = ax.images
    return np.asarray(picture.get_array())


def test_pictures_side_by_side_are_as_wide_as_they_are() -> None:
    wide, high = torch.rand(3, 10, 30), torch.rand(3, 20, 10)
    fig = figures.hung([wide, high], ["wide", "high"])
    assert [ax.get_title() for ax in fig.axes] == ["wide", "high"]
    np.testing.assert_allclose(drawn(fig.axes[0]), wide.permute(1, 2, 0), atol=1e-6)
    grid = fig.axes[0].get_gridspec()
    assert grid is not None
    assert grid.get_width_ratios() == [3, 0.5]


def test_one_picture_may_be_alone() -> None:
    fig = figures.hung([torch.rand(3, 8, 8)], [""])
    assert len(fig.axes) == 1


def test_a_table_has_its_names_at_the_edges() -> None:
    pictures = [[torch.full((3, 6, 9), (i + 3 * j) / 9) for i in (0, 1, 2)]
                for j in (0, 1)]  # fmt: skip
    fig = figures.table(pictures, ["a", "b", "c"], ["one", "two"])
    grid = np.reshape(np.array(fig.axes), (2, 3))
    assert [ax.get_title() for ax in grid[0]] == ["a", "b", "c"]
    assert [ax.get_ylabel() for ax in grid[:, 0]] == ["one", "two"]
    assert drawn(grid[1, 2])[0, 0] == pytest.approx(5 / 9)


def test_the_framed_row_and_column_give_the_framed_number() -> None:
    rows = np.array([[2, 0, 1, 3], [1, -1, 0, 2], [0, 3, 1, -1]])
    [ax] = figures.product(rows).axes
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    faces = [tuple(p.get_facecolor()) for p in boxes[: 12 + 12]]
    assert sum(face != (1, 1, 1, 1) for face in faces) == 8
    numbers = [text.get_text() for text in ax.texts]
    flat = [f"{n}".replace("-", "−") for n in (rows @ rows.T).ravel()]
    assert numbers[24 : 24 + 9] == flat
    frames = [p for p in boxes if not p.get_fill()]
    assert [(p.get_width(), p.get_height()) for p in frames] == [(4, 1), (1, 4), (1, 1)]


def test_walks_go_where_they_were() -> None:
    path = np.array([[-1.2, 1.0], [0.3, 0.1], [1.0, 1.0]])
    [ax] = figures.walks({"one": path, "two": path[:2]}).axes
    line = next(line for line in ax.lines if line.get_label() == "one")
    np.testing.assert_allclose(np.asarray(line.get_xydata()), path)
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["one", "two"]


def test_losses_are_counted_from_one() -> None:
    [ax] = figures.falling({"a": [1, 0.5, 0.1], "b": [1, 0.7, 0.6]}).axes
    assert list(np.asarray(ax.lines[1].get_xdata())) == [1, 2, 3]
    assert list(np.asarray(ax.lines[1].get_ydata())) == [1, 0.7, 0.6]
    assert ax.get_xscale() == ax.get_yscale() == "log"
