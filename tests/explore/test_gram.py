"""The Gram explorer: its arithmetic, its words, its picture, both halves."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from coursekit import explore, style
from coursekit.explore.gram import MAPS, gram_of, orders, sentence, shuffle
from coursekit.explore.kit import STATE
from tests.explore import page

LIVE = "application/vnd.jupyter.widget-view+json"
WALL = np.array(MAPS)


def random_maps(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 10, shape)


CASES = [
    (WALL, WALL),
    (WALL, WALL[::-1]),
    *((random_maps(*shape), random_maps(*shape, seed=1))
      for shape in [(2, 2, 2), (2, 3, 8), (3, 6, 6), (4, 8, 8)]),
    (np.full((4, 8, 8), 9), np.zeros((4, 8, 8), int)),
]  # fmt: skip


def loss_in(words: str) -> float:
    """The number that a sentence ends with."""
    return float(words.removesuffix(".").split()[-1])


# ---- The arithmetic ----


@pytest.mark.parametrize(("maps", "start"), CASES)
def test_it_is_what_the_course_computes(maps: np.ndarray, start: np.ndarray) -> None:
    now, before = (torch.from_numpy(one.copy())[None].double() for one in (maps, start))
    target = style.gram(before)
    assert gram_of(maps).tolist() == style.gram(now).tolist()
    loss = float(style.style_loss(now, target / maps[0].size))
    assert loss_in(sentence(maps, start)) == pytest.approx(loss, abs=5.1e-7)


def test_the_same_shuffle_for_all_leaves_the_matrix() -> None:
    for order in orders(36):
        assert sorted(order) == list(range(36)) != order
        moved = np.stack([shuffle(one, order) for one in WALL])
        assert (moved != WALL).any()
        assert (gram_of(moved) == gram_of(WALL)).all()


def test_a_shuffle_of_one_alone_changes_its_pairs_only() -> None:
    for order in orders(36):
        maps = WALL.copy()
        maps[1] = shuffle(maps[1], order)
        changed = gram_of(maps) != gram_of(WALL)
        assert changed.any()
        assert not changed[[0, 1, 2, 0, 2], [0, 1, 2, 2, 0]].any()


def test_the_orders_differ_and_are_always_the_same() -> None:
    assert orders(36) == orders(36)
    assert len({tuple(order) for order in orders(36)}) == 8


# ---- The words ----


def test_what_is_seen_is_said() -> None:
    same = "[48 16 0], [16 8 0], [0 0 24]"
    words = f"G is {same}, as at the start: the style loss is 0."
    for shuffled in ("none", "all"):
        shown = explore.gram(shuffled=shuffled)
        assert shown.caption == words
        assert (shown.maps == WALL.tolist()) is (shuffled == "none")
    shown = explore.gram(shuffled="one")
    assert shown.caption == (
        f"G is [48 6 0], [6 8 5], [0 5 24]; at the start it was {same}. Σ(G − A)² is "
        "250, and divided by 4·3²·36² the style loss is 0.005358."
    )
    assert shown.alt.startswith("3 maps of 6 × 6 numbers, one for each filter")
    assert shown.alt.endswith(shown.caption)


def test_the_page_computes_and_says_the_same() -> None:
    cases = [[maps.tolist(), start.tolist()] for maps, start in CASES]
    found = page.value(
        "gram",
        "cases.map(([maps, start]) => [page.gram(maps), page.sentence(maps, start)])",
        cases=cases,
    )
    for (maps, start), (matrix, words) in zip(CASES, found, strict=True):
        assert matrix == gram_of(maps).tolist()
        assert words == sentence(maps, start)


def test_the_page_shuffles_alike() -> None:
    one = random_maps(4, 6)
    found = page.value(
        "gram",
        "all.map((order) => page.shuffle(one, order))",
        one=one.tolist(),
        all=orders(24),
    )
    assert found == [shuffle(one, order).tolist() for order in orders(24)]


def test_what_a_place_adds() -> None:
    words = page.value("gram", "page.place(maps, 0, 2)", maps=WALL.tolist())
    assert words == (
        "Place [0, 2]: the filters answer 2, 1, 0, which adds "
        "[4 2 0], [2 1 0], [0 0 0] to G."
    )


# ---- The state ----


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"maps": [[1, 2]]}, "maps must be whole numbers, (filters, rows, colu"),
        ({"maps": WALL / 2}, "not float64 of the shape (3, 6, 6)"),
        ({"maps": WALL[:1]}, "maps has 1 filters; it can have 2 to 4"),
        ({"maps": WALL[:, :1]}, "maps has 1 rows; it can have 2 to 8"),
        ({"maps": np.ones((2, 2, 9), int)}, "maps has 9 columns; it can have 2 to 8"),
        ({"maps": WALL - 1}, "maps has numbers outside of 0 to 9"),
        ({"maps": WALL * 5}, "maps has numbers outside of 0 to 9"),
        ({"shuffled": "two"}, "shuffled must be one of 'none', 'all', 'one'"),
    ],
)  # fmt: skip
def test_bad_input(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explore.gram(**call)


def test_a_cell_that_cannot_be() -> None:
    shown = explore.gram()
    with pytest.raises(ValueError, match="outside of 0 to 9"):
        shown.maps = (WALL - 1).tolist()
    assert shown.maps == WALL.tolist()


# ---- The picture ----


def test_without_a_front_end_it_is_a_picture() -> None:
    shown = explore.gram()
    assert not isinstance(shown, explore.GramWidget)
    bundle = shown._repr_mimebundle_()[0]
    assert set(bundle) == {"text/html", "image/png", "text/plain", STATE}
    assert shown.caption in bundle["text/html"]


def test_the_picture_frames_what_has_changed() -> None:
    fig = explore.gram(shuffled="one").draw()
    *_, now, before = fig.axes
    assert [ax.get_title() for ax in fig.axes[:3]] == [f"filter {i}" for i in (1, 2, 3)]
    corners = {patch.get_xy() for patch in now.patches}  # type: ignore[attr-defined]
    assert corners == {(0.5, -0.5), (-0.5, 0.5), (1.5, 0.5), (0.5, 1.5)}
    assert not before.patches
    assert [text.get_text() for text in now.texts] == [
        *("48", "6", "0"),
        *("6", "8", "5"),
        *("0", "5", "24"),
    ]


@pytest.mark.parametrize("shape", [(2, 2, 2), (4, 8, 8)])
def test_pictures_at_the_limits(shape: tuple[int, int, int]) -> None:
    assert explore.gram(random_maps(*shape))._repr_mimebundle_()[0]["image/png"]


@pytest.mark.usefixtures("front_end")
def test_with_a_front_end_the_picture_travels_beside_the_widget() -> None:
    shown = explore.gram(random_maps(2, 3, 4))
    assert isinstance(shown, explore.GramWidget)
    kinds = {LIVE, "text/html", "image/png", "text/plain"}
    assert set(shown._repr_mimebundle_()[0]) == kinds
    assert shown.get_state()["orders"] == orders(12)
    shown.set_state({"maps": np.zeros((2, 3, 4), int).tolist()})
    assert shown.caption.startswith("G is [0 0], [0 0]; at the start it was [")
