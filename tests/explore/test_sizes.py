"""The output-size explorer: its arithmetic, its words, its picture, its state."""

from __future__ import annotations

import base64
import itertools
import re
from typing import Any

import numpy as np
import pytest
import torch
import traitlets
from torch import nn

from coursekit import explore
from coursekit.explore.kit import STATE
from coursekit.explore.sizes import LIMITS, Row
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
CASES = [
    Row(*case)
    for case in itertools.product(
        (1, 2, 5, 7, 8, 24), (1, 2, 3, 11), (0, 1, 6), (1, 2, 3, 6), (1, 2, 4)
    )
]


def stepped(line: Row) -> torch.Tensor:
    """How often torch's convolution reads each cell of the padded row, (padded,)."""
    cells = torch.ones(1, 1, line.padded, requires_grad=True)
    conv = nn.Conv1d(1, 1, line.k, line.s, dilation=line.dilation, bias=False)
    nn.init.ones_(conv.weight)
    conv(cells).sum().backward()
    assert cells.grad is not None
    return cells.grad[0, 0]


# ---- The arithmetic ----


def test_as_many_stops_as_torch_has_outputs() -> None:
    for line in CASES:
        conv = nn.Conv1d(1, 1, line.k, line.s, line.p, line.dilation)
        row = torch.zeros(1, 1, line.n)
        if line.stops:
            assert conv(row).shape[-1] == len(line.stops), line
        else:
            with pytest.raises(RuntimeError, match="greater than actual input size"):
                conv(row)


def test_the_cells_that_torch_never_reads() -> None:
    for line in filter(lambda line: line.stops, CASES):
        assert stepped(line).eq(0).nonzero().flatten().tolist() == line.unread, line


def test_what_the_floor_drops_is_the_remainder() -> None:
    fitting = [line for line in CASES if line.stops]
    assert any(line.left_over for line in fitting)
    for line in fitting:
        spare = line.n + 2 * line.p - line.dilation * (line.k - 1) - 1
        assert line.left_over == spare % line.s, line
        last = list(range(line.padded - line.left_over, line.padded))
        assert line.unread[len(line.unread) - len(last) :] == last, line


@pytest.mark.parametrize(
    ("line", "outputs", "result"),
    [
        (Row(7, 3, 0, 3, 1), 2, "⌊(7 + 2·0 − 1·(3 − 1) − 1)/3⌋ + 1 = ⌊4/3⌋ + 1 = 2"),
        (Row(7, 3, 1, 2, 1), 4, "⌊(7 + 2·1 − 1·(3 − 1) − 1)/2⌋ + 1 = ⌊6/2⌋ + 1 = 4"),
        (Row(9, 3, 0, 2, 3), 2, "⌊(9 + 2·0 − 3·(3 − 1) − 1)/2⌋ + 1 = ⌊2/2⌋ + 1 = 2"),
        (Row(3, 5, 0, 1, 1), 0, "⌊(3 + 2·0 − 1·(5 − 1) − 1)/1⌋ + 1 = ⌊−2/1⌋ + 1 = −1"),
    ],
)
def test_the_formula_has_the_numbers_in_it(
    line: Row, outputs: int, result: str
) -> None:
    assert line.formula == f"o = {result}"
    assert len(line.stops) == outputs


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Row(7, 3, 1, 2, 1), "Nothing is left over: the last stop ends at the last "),
        (Row(7, 3, 0, 3, 1), "The floor drops the last cell (1 of the input)"),
        (Row(8, 3, 1, 3, 1), "The floor drops the last cell (only padding)"),
        (
            Row(8, 1, 1, 4, 1),
            "(only padding): no stop reaches there. 6 cells",
        ),
        (Row(8, 3, 2, 6, 1), "The floor drops the last 3 cells (1 of the input)"),
        (Row(5, 2, 0, 3, 1), "at the last cell. 1 cell in between is never read."),
        (Row(3, 5, 0, 2, 2), "reaches over 9 cells and the padded input has 3. There"),
        (Row(1, 2, 0, 1, 1), "reaches over 2 cells and the padded input has 1. There"),
    ],
)
def test_the_verdict_in_words(line: Row, words: str) -> None:
    assert words in line.verdict


def test_the_page_computes_and_says_what_python_does() -> None:
    cases = [vars(line) for line in CASES]
    expression = "cases.map((c) => [page.lineOf(c), page.steps(c), page.verdict(c)])"
    answers = page.value("sizes", expression, cases=cases)
    for line, (found, steps, verdict) in zip(CASES, answers, strict=True):
        assert (found["padded"], found["reach"]) == (line.padded, line.reach)
        assert found["stops"] == list(line.stops)
        assert found["weights"] == list(line.under(0))
        assert found["unread"] == line.unread
        assert found["leftOver"] == line.left_over
        assert f"o = {' = '.join(steps)}" == line.formula
        assert verdict == line.verdict


# ---- The state ----


def test_whole_numbers_of_every_kind() -> None:
    sizes = explore.output_size(np.int64(9), torch.tensor(3), s=np.uint8(2))  # type: ignore[arg-type]
    assert len(sizes.line.stops) == 5


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"n": 25}, "n is 25; it can be 1 to 24 here"),
        ({"n": 0}, "n is 0; it can be 1 to 24"),
        ({"k": 0}, "k is 0; it can be 1 to 11"),
        ({"p": -1}, "p is -1; it can be 0 to 6"),
        ({"s": 0}, "s is 0; it can be 1 to 6"),
        ({"dilation": 5}, "dilation is 5; it can be 1 to 4"),
        ({"s": 1.5}, "s must be a whole number, not 1.5"),
        ({"k": "3"}, "k must be a whole number, not '3'"),
        ({"p": (1, 1)}, r"p must be a whole number, not \(1, 1\)"),
        ({"column": 4}, "column 4 is outside: the output has 0 to 3"),
        ({"row": -1}, "row -1 is outside"),
        ({"n": 1, "k": 5, "row": 1}, "row 1 is outside: the output has 0 to 0"),
    ],
)
def test_bad_numbers(numbers: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explore.output_size(**numbers)


def test_a_bad_number_leaves_the_good_one() -> None:
    sizes = explore.output_size()
    with pytest.raises(ValueError, match="k is 12"):
        sizes.k = 12
    with pytest.raises(traitlets.TraitError):
        sizes.set_trait("k", 2.5)
    assert sizes.k == 3


def test_the_place_stays_in_a_smaller_output() -> None:
    sizes = explore.output_size(n=8, k=1, p=0, s=1, row=7, column=2)
    sizes.k = 5
    assert (sizes.row, sizes.column) == (3, 2)
    sizes.k = 11
    assert (sizes.row, sizes.column) == (0, 0)


# ---- The picture ----


def test_without_a_front_end_it_is_a_picture() -> None:
    sizes = explore.output_size(n=7, k=3, p=0, s=3)
    assert not isinstance(sizes, explore.SizesWidget)
    bundle = sizes._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    alt = re.search(r'<img [^>]*alt="([^"]+)"', bundle["text/html"])
    assert alt is not None
    assert "A row of 7 cells with 0 of padding on each side" in alt[1]
    assert "stride 3: 2 outputs; 1 cell is grey" in alt[1]
    assert "⌊4/3⌋ + 1 = 2. The floor drops the last cell" in bundle["text/html"]


@pytest.mark.parametrize(
    "numbers",
    [
        {name: low for name, (low, _) in LIMITS.items()},
        {name: high for name, (_, high) in LIMITS.items()},
        {"n": 24, "k": 1, "p": 6, "s": 1, "row": 35},
        {"n": 1, "k": 11, "p": 0, "dilation": 4},
    ],
    ids=["smallest", "largest", "most stops", "does not fit"],
)
def test_pictures_at_the_limits(numbers: dict[str, int]) -> None:
    assert explore.output_size(**numbers)._repr_mimebundle_()[0]["image/png"]


# ---- The widget ----


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    sizes = explore.output_size()
    assert isinstance(sizes, explore.SizesWidget)
    bundle = sizes._repr_mimebundle_()[0]
    assert set(bundle) == {LIVE, "text/html", "image/png", "text/plain"}
    assert bundle[LIVE]["model_id"] == sizes.model_id


@pytest.mark.usefixtures("front_end")
def test_the_page_gets_the_numbers_and_their_limits() -> None:
    sizes = explore.output_size(n=9, dilation=2, column=1)
    assert isinstance(sizes, explore.SizesWidget)
    state = sizes.get_state()
    assert [state[name] for name in LIMITS] == [9, 3, 1, 2, 2]
    assert (state["row"], state["column"]) == (0, 1)
    assert {name: tuple(pair) for name, pair in state["limits"].items()} == LIMITS


@pytest.mark.usefixtures("front_end")
def test_the_page_moves_sliders_and_kernel() -> None:
    sizes = explore.output_size()
    assert isinstance(sizes, explore.SizesWidget)
    sizes.set_state({"row": 3, "column": 3})
    sizes.set_state({"n": 5, "row": 2, "column": 2})
    assert (sizes.row, sizes.column, len(sizes.line.stops)) == (2, 2, 3)
