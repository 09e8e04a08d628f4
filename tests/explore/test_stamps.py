"""Stepping through a transposed convolution: its sums, its words, its state."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import traitlets

from coursekit import explore
from coursekit.explore.kit import STATE
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
X, ONES = [[1, 2], [3, 4]], np.ones((3, 3))


def whole(x: np.ndarray, kernel: np.ndarray, s: int) -> np.ndarray:
    """torch's transposed convolution."""
    small, weights = (torch.tensor(part)[None, None] for part in (x, kernel))
    return F.conv_transpose2d(small, weights, stride=s)[0, 0].numpy()


def last(stamps: explore.Transposed) -> explore.Transposed:
    """The same, with all cells stamped."""
    rows, columns = np.shape(stamps.input)
    stamps.row, stamps.column = rows - 1, columns - 1
    return stamps


CASES = [
    (rng.normal(size=size), rng.normal(size=inside), s)
    for rng in [np.random.default_rng(3)]
    for size, inside, s in [
        ((2, 3), (3, 2), 1),
        ((3, 2), (2, 3), 2),
        ((2, 2), (1, 4), 3),
        ((1, 1), (5, 5), 4),
        ((6, 4), (4, 4), 2),
    ]
]


# ---- The sums ----


def test_all_stamps_are_the_transposed_convolution() -> None:
    for x, kernel, s in CASES:
        stamps = last(explore.transposed(x, kernel, s))
        np.testing.assert_allclose(stamps.output, whole(x, kernel, s), atol=1e-12)


def test_stamps_come_in_reading_order() -> None:
    stamps = explore.transposed(X, ONES, s=2)
    assert stamps.output[:3, :3].tolist() == [[1, 1, 1]] * 3
    assert not stamps.output[:, 3:].any()
    stamps.column = 1
    assert stamps.output[0].tolist() == [1, 1, 3, 2, 2]
    stamps.row, stamps.column = 1, 0
    assert stamps.output[2].tolist() == [4, 4, 6, 2, 2]
    assert stamps.number == 3


def test_the_page_computes_what_python_does() -> None:
    cases = [(x.tolist(), kernel.tolist(), s) for x, kernel, s in CASES]
    counts = range(1, 25)
    answers = page.value(
        "stamps",
        "cases.map(([x, k, s]) => counts.filter((n) => n <= x.flat().length)"
        ".map((n) => page.stamped(x, k, s, n)))",
        cases=cases,
        counts=list(counts),
    )
    for (x, kernel, s), found in zip(CASES, answers, strict=True):
        assert len(found) == x.size
        for number, output in enumerate(found):
            row, column = divmod(number, x.shape[1])
            stamps = explore.transposed(x, kernel, s, row=row, column=column)
            np.testing.assert_allclose(output, stamps.output, atol=1e-12)


def test_the_page_counts_overlaps() -> None:
    counts = page.value(
        "stamps", "page.overlaps(x, k, 2, 4)", x=X, k=(0 * ONES).tolist()
    )
    assert counts[0] == [1, 1, 2, 1, 1]
    assert counts[2] == [2, 2, 4, 2, 2]


# ---- The state ----


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (([1, 2], ONES), "input must be 2-D"),
        ((np.ones((7, 2)), ONES), r"input is 7×2; at most 6×6.*input\[:6"),
        ((X, np.ones((2, 6))), "kernel is 2×6; at most 5×5"),
        ((X, [[np.nan]]), "kernel holds NaN"),
        ((X, ONES, 0), "s is 0; the stride can be 1 to 4"),
        ((X, ONES, 5), "s is 5"),
        ((X, ONES, 1.5), "s is 1.5"),
        ((np.ones((6, 2)), ONES, 4), "would be 23×7; at most 14×14"),
    ],
)
def test_bad_input(inputs: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explore.transposed(*inputs)


@pytest.mark.parametrize("place", [{"row": 2}, {"column": -1}])
def test_places_outside(place: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"is outside: the input has \w+ 0 to 1"):
        explore.transposed(X, ONES, **place)


def test_input_kernel_and_stride_stay_as_they_are() -> None:
    stamps = explore.transposed(X, ONES, s=2)
    for name in ("input", "kernel", "s"):
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(stamps, name, getattr(stamps, name))


# ---- The picture ----


def test_without_a_front_end_it_is_a_picture() -> None:
    stamps = explore.transposed([[1, -2], [3, 4]], ONES, s=2, column=1)
    assert not isinstance(stamps, explore.TransposedWidget)
    bundle = stamps._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    alt = re.search(r'<img [^>]*alt="([^"]+)"', bundle["text/html"])
    assert alt is not None
    assert "an input of 2×2 with a frame around row 0, column 1" in alt[1]
    assert "Its rows so far: 1, 1, -1, -2, -2; " in alt[1]
    caption = (
        "Stamp 2 of 4: input[0, 1] = −2 times the kernel, added to the output in rows "
        "0 to 2 and columns 2 to 4."
    )
    assert caption in bundle["text/html"]


def test_one_row_has_no_last() -> None:
    stamps = explore.transposed([[1, 2]], [[5]], s=3, column=1)
    assert stamps.caption.endswith("in row 0 and column 3.")


@pytest.mark.parametrize("s", [1, 4])
def test_pictures_at_the_limits(s: int) -> None:
    size = 6 if s == 1 else 3
    stamps = explore.transposed(np.zeros((size, size)), np.full((5, 5), -1e-7), s)
    assert stamps._repr_mimebundle_()[0]["image/png"]


# ---- The widget ----


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    stamps = explore.transposed(X, ONES, s=2, row=1)
    assert isinstance(stamps, explore.TransposedWidget)
    bundle = stamps._repr_mimebundle_()[0]
    assert set(bundle) == {LIVE, "text/html", "image/png", "text/plain"}
    state = stamps.get_state()
    assert state["input"] == [[1, 2], [3, 4]]
    assert (state["s"], state["row"], state["column"]) == (2, 1, 0)
    stamps.set_state({"row": 0, "column": 1})
    assert stamps.number == 2
