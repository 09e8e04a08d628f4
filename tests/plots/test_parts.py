"""The parts that drawings are made of stand where they are put."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit import plots
from coursekit.plots import parts


@pytest.fixture
def ax() -> Iterator[Axes]:
    fig, axes = plots.new()
    yield axes
    plt.close(fig)


def boxes(ax: Axes) -> list[tuple[float, ...]]:
    """(x, y, width, height) of each rectangle, in the order in which they are drawn."""
    drawn = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [(*box.get_xy(), box.get_width(), box.get_height()) for box in drawn]


def test_cells_are_read_from_the_top(ax: Axes) -> None:
    parts.cells(ax, [[1, -0.5], [np.nan, 4]], 10, 2)
    assert [text.get_text() for text in ax.texts] == ["1", "−0.5", "?", "4"]
    assert boxes(ax) == [(10, 1, 1, 1), (11, 1, 1, 1), (10, 0, 1, 1), (11, 0, 1, 1)]


def test_cells_take_a_row_texts_and_a_colour_each(ax: Axes) -> None:
    parts.cells(ax, ["a", "0"], 0, 1, ["red", "white"], ink=["blue", "black"])
    parts.cells(ax, [np.nan], 0, 0, empty="")
    assert [text.get_text() for text in ax.texts] == ["a", "0", ""]
    assert [text.get_color() for text in ax.texts[:2]] == ["blue", "black"]
    assert [patch.get_facecolor()[:3] for patch in ax.patches[:2]] == [
        (1, 0, 0),
        (1, 1, 1),
    ]


def test_a_frame_lies_around_the_cells_it_names(ax: Axes) -> None:
    parts.frame_cells(ax, (10, 2), (1, 0), (1, 2))
    assert boxes(ax) == [(10, 0, 2, 1)]


def test_the_first_sheet_of_a_stack_lies_in_front(ax: Axes) -> None:
    parts.stack(ax, (0, 0), (3, 2), ["red", "green", "blue"], step=(1, -1))
    assert boxes(ax) == [(2, -2, 3, 2), (1, -1, 3, 2), (0, 0, 3, 2)]
    assert ax.patches[-1].get_facecolor()[:3] == (1, 0, 0)


def test_a_box_with_depth_has_three_sides(ax: Axes) -> None:
    parts.box(ax, (0, 0), 2, 1)
    parts.box(ax, (0, 0), 2, 1, depth=1)
    assert len(ax.patches) == 1 + 3


def test_sight_joins_a_window_and_a_value(ax: Axes) -> None:
    parts.sight(ax, (0, 0), 5, (20, 7), 1)
    found = [np.column_stack(line.get_data()).tolist() for line in ax.lines]
    assert found == [[[5, 0], [20, 7]], [[5, 5], [20, 8]]]


def test_wires_lead_from_unit_to_unit(ax: Axes) -> None:
    parts.wire(ax, (0, 1), (2, 3))
    parts.units(ax, [(0, 1), (2, 3)], ["red", "blue"])
    assert np.column_stack(ax.lines[0].get_data()).tolist() == [[0, 1], [2, 3]]
    assert np.asarray(ax.collections[0].get_offsets()).tolist() == [[0, 1], [2, 3]]
