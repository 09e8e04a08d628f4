"""The shared parts of the figures: captions, alternative text, cells, grids."""

import base64
import io
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image

import coursekit
from coursekit import filters, plots

PACKAGE = Path(coursekit.__file__).parent


@pytest.fixture(autouse=True)
def _close_figures() -> None:
    plt.close("all")


def texts(fig: Figure) -> list[str]:
    """What is written in the cells of all axes, in order."""
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def test_bundle_carries_caption_alt_and_a_real_png() -> None:
    fig, _ = plots.new()
    mime = plots.bundle(fig, caption="Edges < corners", alt='a "7" & its edges')
    assert 'alt="a &quot;7&quot; &amp; its edges"' in mime["text/html"]
    assert "Edges &lt; corners" in mime["text/html"]
    assert base64.b64decode(mime["image/png"]).startswith(b"\x89PNG")


def test_a_page_shows_the_picture_at_twice_its_density() -> None:
    fig, ax = plots.new(3, 2)
    ax.plot(np.arange(50) % 7)
    mime = plots.bundle(fig, caption="c", alt="a")
    shown = re.search(r'webp;base64,([^"]+)" width="(\d+)" alt="a"', mime["text/html"])
    assert shown is not None
    sharp = Image.open(io.BytesIO(base64.b64decode(shown[1])))
    plain = Image.open(io.BytesIO(base64.b64decode(mime["image/png"])))
    assert sharp.width // 2 == int(shown[2])
    assert 2 * plain.width - sharp.width in (0, 1)
    assert plain.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_nothing_is_lost_on_the_way_to_the_page() -> None:
    image = plots.drawn(plots.images([np.random.default_rng(0).random((9, 9, 3))]))
    found = Image.open(io.BytesIO(plots.core.webp(image))).convert("RGB")
    assert found.tobytes() == image.tobytes()


def wide_title() -> Figure:
    fig, ax = plots.new(2, 2)
    ax.set_title("a title far wider than the figure that it stands above")
    return fig


def square_in_a_strip() -> Figure:
    return plots.gallery([np.eye(20)], ["one"], limits=(0, 1))


def beside_the_axes() -> Figure:
    fig, ax = plots.new(3, 2)
    ax.text(1.6, 0.5, "outside", fontsize=20)
    return fig


@pytest.mark.parametrize("draw", [wide_title, square_in_a_strip, beside_the_axes])
def test_a_picture_ends_where_its_drawing_ends(draw: Callable[[], Figure]) -> None:
    page = np.asarray(plots.drawn(draw()).reduce(2)).min(axis=2) / 255
    inked = [np.flatnonzero(page.min(axis=axis) < 1) for axis in (0, 1)]
    for side, length in zip(inked, page.shape[::-1], strict=True):
        margins = (side[0], length - 1 - side[-1])
        assert all(5 <= margin <= 13 for margin in margins), margins


@pytest.mark.parametrize(("caption", "alt"), [("", "x"), ("x", " ")])
def test_figures_need_caption_and_alt(caption: str, alt: str) -> None:
    fig, _ = plots.new()
    with pytest.raises(ValueError, match="caption"):
        plots.bundle(fig, caption=caption, alt=alt)


def test_show_displays_once_and_closes() -> None:
    InteractiveShell.instance()
    fig, _ = plots.new()
    with capture_output() as captured:
        plots.show(fig, caption="c", alt="a")
    InteractiveShell.clear_instance()
    assert len(captured.outputs) == 1
    assert not plt.get_fignums()


def test_show_says_in_words_what_plain_python_cannot_show(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fig, _ = plots.new()
    plots.show(fig, caption="c", alt="two lines that cross")
    assert capsys.readouterr().out == "[figure: two lines that cross]\n"


def test_matrix_writes_every_number_readably() -> None:
    fig, ax = plots.new()
    plots.matrix(ax, np.array([[0, 10], [5, -1.25]]))
    assert texts(fig) == ["0", "10", "5", "−1.25"]
    dark, light = ax.texts[0], ax.texts[1]
    assert (dark.get_color(), light.get_color()) == ("white", "black")


@pytest.mark.filterwarnings("error")
def test_matrix_draws_the_other_cells_where_one_is_not_a_number() -> None:
    fig, ax = plots.new()
    plots.matrix(ax, np.array([[0, 10], [5, np.nan]]))
    assert texts(fig) == ["0", "10", "5", "nan"]
    assert ax.images[0].get_clim() == (0, 10)
    inks = [text.get_color() for text in ax.texts]
    assert (inks[0], inks[1], inks[3]) == ("white", "black", "black")
    plots.matrix(ax, [[np.nan]])


@pytest.mark.parametrize("values", [[1, 2, 3], np.zeros((0, 3)), np.zeros((2, 2, 2))])
def test_matrix_refuses_what_is_not_a_matrix(values: ArrayLike) -> None:
    _, ax = plots.new()
    with pytest.raises(ValueError, match="2-D"):
        plots.matrix(ax, values)


def test_images_takes_grey_and_both_orders_of_colour() -> None:
    pictures = [np.zeros((4, 5)), np.zeros((3, 4, 5)), np.zeros((4, 5, 3))]
    fig = plots.images(pictures, ["grey", "first", "last"], columns=2)
    drawn = [np.asarray(ax.images[0].get_array()) for ax in fig.axes if ax.images]
    assert [a.shape for a in drawn] == [(4, 5), (4, 5, 3), (4, 5, 3)]
    framed = [ax.axison and all(s.get_visible() for s in ax.spines.values())
              for ax in fig.axes]  # fmt: skip
    assert framed == [True, True, True, False], "an empty place has no frame"
    with pytest.raises(ValueError, match="at least one"):
        plots.images([])


def test_low_pictures_get_low_rows() -> None:
    def height(*shape: int) -> float:
        return float(plots.images([np.ones(shape)] * 2, size=2).get_size_inches()[1])

    assert height(8, 8) == height(16, 8) == 2
    assert height(4, 8) == 1
    assert height(1, 100) == pytest.approx(0.4)


def pixels_of(picture: ArrayLike) -> np.ndarray:
    """What is drawn, without a word of matplotlib's."""
    fig = plots.images([picture])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plots.drawn(fig)
    (image,) = fig.axes[0].images
    return np.ma.filled(np.ma.asarray(image.get_array()), np.nan)


@pytest.mark.parametrize(
    ("picture", "shape"),
    [
        (np.ones((1, 1)), (1, 1)),
        (np.ones((1, 5)), (1, 5)),
        (np.ones((1, 1, 1)), (1, 1)),
        (np.ones((1, 1, 3)), (1, 1, 3)),
        (np.ones((3, 1, 1)), (1, 1, 3)),
        (np.ones((1, 4, 5)), (4, 5)),
        (np.ones((4, 5, 1)), (4, 5)),
        (np.ones((3, 8, 4)), (8, 4, 3)),
        (np.eye(3, dtype=bool), (3, 3)),
        (np.ones((4, 5, 3), dtype=bool), (4, 5, 3)),
        (np.full((2, 2), np.nan), (2, 2)),
        (np.array([[np.inf, 1.0], [0.0, 2.0]]), (2, 2)),
        ([[1, 2, 3], [4, 5, 6]], (2, 3)),
        (torch.ones(2, 3, requires_grad=True), (2, 3)),
        (torch.ones(3, 2, 4, dtype=torch.bfloat16), (2, 4, 3)),
        (torch.full((3, 2, 4), 200, dtype=torch.uint8), (2, 4, 3)),
    ],
)
def test_any_numbers_of_a_pictures_shape_are_drawn(
    picture: ArrayLike, shape: tuple[int, ...], caplog: pytest.LogCaptureFixture
) -> None:
    assert pixels_of(picture).shape == shape
    assert not caplog.records


def test_colours_outside_are_stretched_and_those_within_stay(
    caplog: pytest.LogCaptureFixture,
) -> None:
    within = np.array([[[0.25, 0.5, 0.75]]])
    np.testing.assert_allclose(pixels_of(within), within)
    np.testing.assert_allclose(pixels_of(4 * within - 2), [[[0, 0.5, 1]]])
    np.testing.assert_allclose(pixels_of(within * [1, np.nan, 1]), [[[0.25, 1, 0.75]]])
    whole = np.array([[[0, 128, 255]]])
    np.testing.assert_allclose(pixels_of(whole), whole / 255)
    assert pixels_of(whole.astype(np.uint8)).dtype == np.uint8
    assert not caplog.records


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        (np.ones((4, 5)), r"list of pictures.*the shape \(5,\)"),
        ([np.ones((2, 4, 5))], r"the shape \(2, 4, 5\)"),
        ([np.ones((1, 1, 4, 5))], r"the shape \(1, 1, 4, 5\)"),
        ([np.ones((0, 5))], r"the shape \(0, 5\)"),
        ([np.ones((2, 2), dtype=complex)], "draws numbers, not complex"),
        ([[["a", "b"]]], "draws numbers, not <U1"),
    ],
)
def test_images_refuses_what_is_no_picture(pictures: Any, message: str) -> None:  # noqa: ANN401
    with pytest.raises(ValueError, match=message):
        plots.images(pictures)
    with pytest.raises(ValueError, match="columns must be 1 or more"):
        plots.images([np.ones((2, 2))], columns=0)


def test_stems_draws_each_signal_on_one_scale() -> None:
    fig = plots.stems({"a": [1.0, 2.0], "b": [-4.0]})
    assert [ax.get_title() for ax in fig.axes] == ["a", "b"]
    assert fig.axes[0].get_ylim() == fig.axes[1].get_ylim()
    assert fig.axes[0].get_ylim()[0] < -4
    assert {ax.get_xlim() for ax in fig.axes} == {(-0.5, 1.5)}, "the same place below"


def test_stems_below_each_other_have_one_label() -> None:
    fig = plots.stems({"a": [1.0], "b": [2.0] * 7}, columns=1, label="time")
    assert [ax.get_xlabel() for ax in fig.axes] == ["", "time"]
    assert [len(ax.get_xticks()) for ax in fig.axes] == [7, 7]
    assert len({round(ax.get_position().x0, 3) for ax in fig.axes}) == 1
    many = plots.stems({"long": np.ones(100)})
    assert len(many.axes[0].get_xticks()) <= 6


def test_gallery_puts_kernels_above_pictures() -> None:
    names = ["blur", "sharpen"]
    kernels = [filters.CLASSIC[name] for name in names]
    fig = plots.gallery([np.eye(9), np.ones((9, 9))], names, kernels)
    assert [ax.get_title() for ax in fig.axes] == ["blur", "sharpen", "", ""]
    assert len(plots.gallery([np.eye(9)], ["one"]).axes) == 1
    four = plots.gallery([np.zeros((6, 9))] * 4, list("abcd"), limits=(0, 1))
    two = plots.gallery([np.zeros((6, 9))] * 2, list("ab"), limits=(0, 1))
    assert [ax.get_title() for ax in four.axes] == list("abcd")
    width, height = four.get_size_inches()
    assert (width, height / 2) == tuple(two.get_size_inches()), "pictures of one size"
    (ax,) = plots.gallery([np.eye(9)], ["one"], limits=(-1, 2)).axes
    assert ax.images[0].get_clim() == (-1, 2)


def test_curves_gives_back_the_points_of_labelled_lines() -> None:
    _, ax = plots.new()
    ax.plot([0, 1, 2], [5, 6, 7], label="up")
    ax.axhline(0)
    found = plots.curves(ax)
    assert list(found) == ["up"]
    np.testing.assert_array_equal(found["up"], [[0, 1, 2], [5, 6, 7]])
    assert found["up"][0].dtype == float


def test_curves_refuses_two_lines_of_one_label() -> None:
    _, ax = plots.new()
    ax.plot([0, 1], [0, 1], label="tanh")
    ax.plot([0, 1], [1, 0], label="tanh")
    with pytest.raises(ValueError, match="label 'tanh'; give each its own"):
        plots.curves(ax)


def test_bars_write_the_milliseconds() -> None:
    fig = plots.bars({"number by number": 0.2, "product": 0.0004})
    assert {"200 ms", "0.4 ms"} <= set(texts(fig))


# A glyph that is small in its font, and a number as large as its cell.
OWN_SIZES = {"fontsize=22", "fontsize=24"}


def test_all_weeks_draw_with_one_pen() -> None:
    """A width of 0 draws no line."""
    number = re.compile(r"\b(?:fontsize|labelsize|lw|linewidth)=[\d.]*[1-9][\d.]*")
    for folder in ("plots", "explore"):
        for path in (PACKAGE / folder).rglob("*.py"):
            found = {*number.findall(path.read_text("utf-8"))} - OWN_SIZES
            assert not found, f"{path.name}: take {found} from plots.pen"
