"""Which tests a quick run leaves out."""

from dataclasses import dataclass
from typing import Any

from tests.conftest import sampled


@dataclass(frozen=True)
class Item:
    """What the choice looks at."""

    nodeid: str


def test_a_sample_is_spread_over_the_cases_of_each_test() -> None:
    names = [f"a.py::test_many[{number}]" for number in range(10)] + ["a.py::test_one"]
    items: list[Any] = [Item(name) for name in names]
    kept = [item.nodeid for item in sampled(items, 3)]
    assert kept == [names[0], names[3], names[6], "a.py::test_one"]
    assert sampled(items, 20) == items
