"""Which tests a quick run leaves out, and one of the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from tests.answers import AnswerCell, answers
from tests.conftest import sampled, shared


@dataclass(frozen=True)
class Item:
    """What the choice looks at."""

    nodeid: str
    about: object = None
    share: int = 0

    @property
    def callspec(self) -> SimpleNamespace:
        """What the test is about, among its parameters."""
        case = self.nodeid.partition("[")[2]
        return SimpleNamespace(params={"made": abs, "about": self.about}, id=case)

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        """The marker "share", where there is one."""
        mark = pytest.mark.share(self.share).mark
        return mark if self.share and name == mark.name else None


def test_a_sample_is_spread_over_the_cases_of_each_test() -> None:
    names = [f"a.py::test_many[{number}]" for number in range(10)] + ["a.py::test_one"]
    items: list[Any] = [Item(name) for name in names]
    kept = [item.nodeid for item in sampled(items, 3)]
    assert kept == [names[0], names[3], names[6], "a.py::test_one"]
    assert sampled(items, 20) == items


def test_a_sample_leaves_out_costly_exercises_where_there_are_others() -> None:
    assert about(sampled(items_about("t", ["norm-for-pairs", "a", "b"], 0), 2)) == [
        "a",
        "b",
    ]
    alone = items_about("t", ["norm-for-pairs"], 0)
    assert sampled(alone, 2) == alone


def items_about(name: str, values: Iterable[object], share: int) -> list[Any]:
    """A test with a case for each value."""
    return [Item(f"{name}[{value}]", value, share) for value in values]


def about(items: list[Any]) -> list[object]:
    """What the tests are about."""
    return [item.about for item in items]


def test_a_share_keeps_some_answers_to_each_exercise() -> None:
    cells = [AnswerCell("wrong", x, y, "", "") for x in "ab" for y in "123"]
    kept = about(shared(items_about("t", cells, 2)))
    assert kept == [cells[0], cells[1], cells[3], cells[4]]


def test_a_share_keeps_all_cases_of_some_exercises_of_each_lesson() -> None:
    """Whoever is kept is kept with every kind of nonsense."""
    names = sorted({cell.exercise for cell in answers("right")})
    once, again = items_about("t", names, 1), items_about("t", names, 1)
    kept = about(shared(once + again))
    lessons = {cell.place.split(":")[0] for cell in answers("right")}
    assert len(kept) == 2 * len(lessons)
    assert kept[: len(lessons)] == kept[len(lessons) :]


def test_a_share_keeps_some_of_the_cases_that_belong_to_no_exercise() -> None:
    kept = about(shared(items_about("t", range(6), 2) + items_about("u", range(3), 1)))
    assert kept == [0, 3, 0]


def test_a_share_leaves_other_tests_alone() -> None:
    items = items_about("t", answers("right"), 0)
    assert shared(items) == items
