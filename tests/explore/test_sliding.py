"""Sliding a kernel: what Python keeps, what is shown without a front end."""

from __future__ import annotations

import base64
import re
from itertools import combinations
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
import traitlets
from numpy.typing import ArrayLike

from coursekit import explore, filters
from coursekit.explore.kit import STATE
from tests.explore import page

HALF_BRIGHT = np.repeat([[10.0] * 4 + [0.0] * 4], 8, axis=0)
VERTICAL_EDGE = filters.CLASSIC["vertical edge"]
LIVE = "application/vnd.jupyter.widget-view+json"


def shown(slide: explore.Slide) -> dict[str, Any]:
    """What a viewer gets to choose from."""
    return slide._repr_mimebundle_()[0]


# ---- Position and sums ----


def test_output_is_the_cross_correlation() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE)
    assert slide.output.tolist() == [[0, 0, 30, 30, 0, 0]] * 6


def test_flip_makes_it_the_true_convolution() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE, flip=True)
    assert slide.output.tolist() == [[0, 0, -30, -30, 0, 0]] * 6
    slide.flip = False
    assert slide.output[0, 2] == 30


def test_sum_follows_the_position() -> None:
    image = np.arange(20.0).reshape(4, 5)
    slide = explore.slide_kernel(image, [[0, 1], [2, 3]], row=1, column=2)
    assert slide.sum == 1 * 8 + 2 * 12 + 3 * 13
    slide.row = 2
    assert slide.sum == 1 * 13 + 2 * 17 + 3 * 18


def test_weights_and_pixels_under_the_kernel() -> None:
    image = np.arange(20.0).reshape(4, 5)
    slide = explore.slide_kernel(image, [[0, 1, 2]], row=3, column=1, flip=True)
    weights, pixels = slide.under()
    assert weights.tolist() == [[2, 1, 0]]
    assert pixels.tolist() == [[16, 17, 18]]


@pytest.mark.parametrize(
    "image",
    [
        HALF_BRIGHT.astype(np.uint8),
        HALF_BRIGHT.astype(int).tolist(),
        torch.from_numpy(HALF_BRIGHT).to(torch.uint8),
        HALF_BRIGHT > 5,
    ],
    ids=["uint8", "lists", "tensor", "bool"],
)
def test_images_of_every_kind(image: ArrayLike) -> None:
    slide = explore.slide_kernel(image, VERTICAL_EDGE)
    assert slide.output[0].argmax() == 2


def test_image_and_kernel_stay_as_they_are() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE)
    with pytest.raises(traitlets.TraitError, match="read-only"):
        slide.image = [[1.0]]


# ---- One clear message ----


@pytest.mark.parametrize(
    ("image", "kernel", "message"),
    [
        (np.zeros((8, 8, 3)), np.ones((3, 3)), r"image must be 2-D.*\(8, 8, 3\)"),
        ([1, 2, 3], np.ones((1, 1)), r"image must be 2-D.*\(3,\)"),
        (np.zeros((0, 4)), np.ones((1, 1)), r"image must be 2-D.*\(0, 4\)"),
        ([[1, 2], [3]], np.ones((1, 1)), "image must be numbers in rows"),
        ([["a", "b"]], np.ones((1, 1)), "image must be numbers in rows"),
        (None, np.ones((1, 1)), "image must be 2-D"),
        ([[1, np.nan]], np.ones((1, 1)), "image holds NaN"),
        (np.ones((4, 4)), [[np.inf]], "kernel holds NaN or infinity"),
        (np.ones((4, 4)), 2.0, "kernel must be 2-D"),
        (np.ones((257, 9)), np.ones((1, 1)), r"257×9; at most 256×256 .*image\[:256"),
        (np.ones((20, 20)), np.ones((12, 12)), "kernel is 12×12; at most 11×11"),
        (np.ones((4, 2)), np.ones((3, 3)), "kernel of 3×3 does not fit in .* 4×2"),
    ],
)
def test_bad_input(image: Any, kernel: Any, message: str) -> None:  # noqa: ANN401
    with pytest.raises(ValueError, match=message):
        explore.slide_kernel(image, kernel)


@pytest.mark.parametrize(("row", "column"), [(6, 0), (-1, 0), (0, 6)])
def test_places_outside(row: int, column: int) -> None:
    with pytest.raises(ValueError, match=r"is outside: the kernel fits at .* 0 to 5"):
        explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE, row=row, column=column)


def test_moving_outside_leaves_the_position() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE, row=2)
    with pytest.raises(ValueError, match="row 99 is outside"):
        slide.row = 99
    assert slide.row == 2


# ---- The picture ----


def test_without_a_front_end_it_is_a_picture() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE, row=1, column=2)
    bundle = shown(slide)
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    alt = re.search(r'<img [^>]*alt="([^"]+)"', bundle["text/html"])
    assert alt is not None
    assert "image of 8×8" in alt[1]
    assert "row 1, column 2" in alt[1]
    assert alt[1].endswith("is 30.")


def test_without_a_front_end_no_widget_is_made() -> None:
    """Else its state would be stored in every executed notebook."""
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE)
    assert not isinstance(slide, explore.SlideWidget)


def test_the_caption_writes_the_sum_out() -> None:
    slide = explore.slide_kernel([[10, 20, -3]], [[1, -2]], column=1)
    assert "row 0, column 1: 1·20 + (−2)·(−3) = 26." in shown(slide)["text/html"]


def test_the_caption_shortens_a_long_sum() -> None:
    slide = explore.slide_kernel(np.ones((6, 6)), np.ones((4, 4)))
    assert "1·1 + 1·1 + 1·1 + … + 1·1 = 16." in shown(slide)["text/html"]


def test_the_picture_knows_the_flip() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE, column=2, flip=True)
    html = shown(slide)["text/html"]
    assert "The flipped kernel lies at row 0, column 2: (−1)·10" in html
    assert "the kernel, flipped;" in html


@pytest.mark.parametrize(
    ("image", "kernel"),
    [
        (np.zeros((3, 3)), np.zeros((3, 3))),
        (np.full((1, 12), 0.1), np.full((1, 5), -1e-7)),
        (np.linspace(-1e9, 1e9, 200).reshape(10, 20), np.ones((2, 11))),
        (np.random.default_rng(0).normal(size=(12, 12)), np.full((11, 11), 1 / 121)),
    ],
    ids=["zeros", "one row", "pixels", "largest with numbers"],
)
def test_pictures_of_unusual_grids(image: np.ndarray, kernel: np.ndarray) -> None:
    assert shown(explore.slide_kernel(image, kernel))["image/png"]


@pytest.mark.parametrize("weights", [VERTICAL_EDGE, np.full((3, 3), -1 / 9)])
def test_weights_and_numbers_do_not_cover_each_other(weights: np.ndarray) -> None:
    fig = explore.slide_kernel(HALF_BRIGHT, weights, row=1, column=2).draw()
    fig.canvas.draw()
    written = fig.axes[0].texts
    boxes = [text.get_window_extent() for text in written]
    assert sum(text.get_text().startswith("×") for text in written) == 9
    assert not [
        (one.get_text(), other.get_text())
        for (one, a), (other, b) in combinations(zip(written, boxes, strict=True), 2)
        if a.overlaps(b)
    ]
    plt.close(fig)


# ---- The widget ----


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE, row=1, column=2)
    assert isinstance(slide, explore.SlideWidget)
    bundle = shown(slide)
    assert set(bundle) == {LIVE, "text/html", "image/png", "text/plain"}
    assert bundle[LIVE]["model_id"] == slide.model_id


@pytest.mark.usefixtures("front_end")
def test_the_page_gets_the_numbers_and_the_position() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE, row=1, flip=True)
    assert isinstance(slide, explore.SlideWidget)
    state = slide.get_state()
    assert state["image"] == HALF_BRIGHT.tolist()
    assert state["kernel"] == VERTICAL_EDGE.tolist()
    assert (state["row"], state["column"], state["flip"]) == (1, 0, True)


@pytest.mark.usefixtures("front_end")
def test_the_page_moves_the_kernel() -> None:
    slide = explore.slide_kernel(HALF_BRIGHT, VERTICAL_EDGE)
    assert isinstance(slide, explore.SlideWidget)
    slide.set_state({"row": 4, "column": 3})
    assert (slide.row, slide.column, slide.sum) == (4, 3, 30)


# ---- JavaScript and Python agree ----


def javascript(expression: str, **values: object) -> Any:  # noqa: ANN401
    return page.value("sliding", expression, **values)


def test_the_page_computes_what_python_computes() -> None:
    rng = np.random.default_rng(7)
    sizes = [((5, 7), (2, 3)), ((12, 9), (3, 3)), ((4, 4), (4, 1)), ((1, 6), (1, 6))]
    cases = [
        (rng.normal(size=a).tolist(), rng.normal(size=b).tolist()) for a, b in sizes
    ]
    plain = javascript("cases.map(([i, k]) => page.correlate(i, k))", cases=cases)
    turned = javascript(
        "cases.map(([i, k]) => page.correlate(i, page.flipped(k)))", cases=cases
    )
    for (image, kernel), a, b in zip(cases, plain, turned, strict=True):
        slide = explore.slide_kernel(image, kernel)
        np.testing.assert_allclose(a, slide.output, rtol=1e-12, atol=1e-12)
        slide.flip = True
        np.testing.assert_allclose(b, slide.output, rtol=1e-12, atol=1e-12)


def test_the_page_says_when_a_sum_is_rounded() -> None:
    place = "image, kernel, 0, 0"
    sign = f"page.equality(page.terms({place}), page.sumAt({place}))"
    assert javascript(sign, image=[[10, 20]], kernel=[[1, 0.5]]) == "="
    assert javascript(sign, image=[[10, 20]], kernel=[[1 / 3, 0.5]]) == "≈"
