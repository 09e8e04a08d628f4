"""The receptive-field explorer: its words, its picture, its state, both halves."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from coursekit import explore
from coursekit.explore.fields import sentence
from coursekit.explore.kit import STATE
from coursekit.plots.sight import Spec, rows_of, seen_by
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
STACKS: list[tuple[list[Spec], int]] = [
    ([(3, 1, 0, 1)], 9),
    ([(3, 2, 1, 1), (3, 1, 1, 1)], 13),
    ([(3, 1, 0, 2), (3, 1, 0, 2)], 13),
    ([(4, 3, 2, 1), (2, 2, 1, 1), (3, 1, 1, 2)], 31),
    ([(1, 2, 0, 1), (2, 1, 0, 1)], 12),
]


@pytest.mark.parametrize(
    ("layer", "unit", "words"),
    [
        (2, 0, "Unit 0 of layer 2 sees pixels −3 to 3, 7 in all, 3 of them padding."),
        (2, 3, "Unit 3 of layer 2 sees pixels 3 to 9, 7 in all."),
        (1, 6, "Unit 6 of layer 1 sees pixels 11 to 13, 3 in all, 1 of them padding."),
        (0, 4, "Pixel 4 sees itself."),
    ],
)
def test_what_is_seen_is_said(layer: int, unit: int, words: str) -> None:
    stack = [(3, 2, 1), (3, 1, 1)]
    fields = explore.receptive_field(stack, 13, layer=layer, unit=unit)
    assert fields.caption == words
    assert fields.alt.endswith(words)
    assert "layer 1, kernel 3, stride 2, padding 1, dilation 1: 7 units" in fields.alt


def test_holes_are_said() -> None:
    fields = explore.receptive_field([(3, 1, 0, 2), (3, 1, 0, 2)], 13, unit=2)
    assert fields.caption.endswith("pixels 2 to 10, 9 in all, 4 of them skipped.")


def test_the_page_counts_alike() -> None:
    cases = [
        (layers, pixels, top, unit)
        for layers, pixels in STACKS
        for top, row in enumerate(rows_of(layers, pixels))
        for unit in {0, row.count - 1}
    ]
    told = page.value(
        "fields",
        "cases.map(([layers, pixels, top, unit]) => {"
        " const rows = page.rowsOf(layers, pixels);"
        " const seen = page.seenBy(layers.slice(0, top), unit);"
        " return [rows, seen, page.sentence(rows, seen, unit)]; })",
        cases=cases,
    )
    for (layers, pixels, top, unit), found in zip(cases, told, strict=True):
        rows, expected = rows_of(layers, pixels), seen_by(layers[:top], unit)
        assert found[0] == [vars(row) for row in rows]
        assert [set(some) for some in found[1]] == expected
        assert found[2] == sentence(rows, expected, unit)


def test_the_unit_nearest_to_a_place() -> None:
    row = {"count": 4, "jump": 3, "left": 1.5}
    places = [-9, 2.0, 3.4, 3.6, 11.0, 99]
    found = page.value("fields", "places.map((x) => page.nearest(r, x))", r=row,
                       places=places)  # fmt: skip
    assert found == [0, 0, 0, 1, 3, 3]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"layers": []}, "give 1 to 6 layers, not 0"),
        ({"layers": [(3,)] * 7}, "give 1 to 6 layers, not 7"),
        ({"layers": [()]}, "layer 1 should be whole numbers"),
        ({"layers": [(3, 1, 0, 1, 1)]}, "layer 1 should be whole numbers"),
        ({"layers": [(3,), (2.5,)]}, "layer 2 should be whole numbers"),
        ({"layers": [3]}, "layer 1 should be whole numbers"),
        ({"layers": [(0,)]}, "layer 1 has kernel 0; 1 is the least"),
        ({"layers": [(3, 0)]}, "layer 1 has stride 0; 1 is the least"),
        ({"layers": [(3, 1, -1)]}, "layer 1 has padding -1; 0 is the least"),
        ({"layers": [(3, 1, 0, 0)]}, "layer 1 has dilation 0; 1 is the least"),
        ({"layers": [(3,)], "pixels": 41}, "pixels is 41; it can be 1 to 40 here"),
        ({"layers": [(3,)], "pixels": "9"}, "pixels must be a whole number, not '9'"),
        ({"layers": [(3,), (9,)], "pixels": 9}, "layer 2 does not fit"),
        ({"layers": [(3,)], "layer": 2}, "layer is 2; it can be 0 to 1 here"),
        ({"layers": [(3,)], "pixels": 9, "unit": 7}, "unit is 7; it can be 0 to 6"),
    ],
)
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.receptive_field(**call)


def test_usual_numbers_are_filled_in_and_the_middle_is_shown() -> None:
    fields = explore.receptive_field([(3,), (2, 2)], np.int64(12))  # type: ignore[arg-type]
    assert fields.layers == [(3, 1, 0, 1), (2, 2, 0, 1)]
    assert (fields.layer, fields.unit) == (2, 2)
    assert explore.receptive_field([torch.tensor([3, 2])]).layers == [(3, 2, 0, 1)]  # type: ignore[list-item]


def test_the_unit_stays_in_a_shorter_row() -> None:
    fields = explore.receptive_field([(3,), (2, 2)], 12, layer=0, unit=11)
    fields.layer = 2
    assert fields.unit == 4
    with pytest.raises(ValueError, match="unit 5 is outside: layer 2 has 0 to 4"):
        fields.unit = 5
    with pytest.raises(ValueError, match="layer is 3"):
        fields.layer = 3


def test_without_a_front_end_it_is_a_picture() -> None:
    fields = explore.receptive_field([(3, 2, 1)] * 3, 40)
    assert not isinstance(fields, explore.FieldsWidget)
    bundle = fields._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert fields.caption in bundle["text/html"]


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    fields = explore.receptive_field([(3, 2, 1)], 9)
    assert isinstance(fields, explore.FieldsWidget)
    assert set(fields._repr_mimebundle_()[0]) == {
        LIVE,
        "text/html",
        "image/png",
        "text/plain",
    }
    fields.set_state({"layer": 0, "unit": 8})
    assert (fields.layer, fields.unit) == (0, 8)
    fields.set_state({"layer": 1, "unit": 4})
    assert fields.caption.startswith("Unit 4 of layer 1 sees pixels 7 to 9")
