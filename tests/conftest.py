"""Set-up that every test shares, and the choice of one week: `pytest --week 1`."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

# Two workers on two cores: one thread each, and no busy waiting between them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("MPLBACKEND", "Agg")


def pytest_configure(config: pytest.Config) -> None:
    """Hooks of this file see tests/ only; notebooks lie elsewhere."""
    config.pluginmanager.register(Notebooks(), "notebooks")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `gpu` need a card."""
    if item.get_closest_marker("gpu"):
        import torch  # slow to import, so only where it is needed

        if not torch.cuda.is_available():
            pytest.skip("needs a CUDA device; torch finds none")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401
    """What is about one notebook runs in one worker."""
    from tests.executed import Scheduling

    return Scheduling(config, log)


class Notebooks:
    """Keep what is executed by nbval, for the tests about the same notebook."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """The first cell of a notebook starts its kernel."""
        if not is_cell(item):
            return (yield)
        from tests import executed

        with executed.Twin(item.path).surroundings():
            yield
        executed.listen(item.parent)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> None:
        """After each cell."""
        if is_cell(item):
            from tests import executed

            executed.after_cell(item, nextitem)


def is_cell(item: pytest.Item) -> bool:
    """Whether the item is a cell that nbval executes."""
    return type(item).__name__ == "IPyNbCell"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--week 1` runs what belongs to week 1, and the tests marked `every_week`.

    `--sample 4` runs four cases of each test that has more, so that a quick run stays
    quick while the course grows.
    """
    parser.addoption("--week", type=int, help="only what belongs to this week")
    parser.addoption("--sample", type=int, help="so many cases of each test")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """With `--week` or `--sample`, leave out the others."""
    week, most = config.getoption("--week"), config.getoption("--sample")
    kept = items if week is None else [item for item in items if belongs(item, week)]
    kept = kept if most is None else sampled(kept, most)
    left = set(items) - set(kept)
    if left:
        config.hook.pytest_deselected(items=list(left))
        items[:] = kept


def sampled(items: list[pytest.Item], most: int) -> list[pytest.Item]:
    """At most so many cases of each test, spread evenly over its cases."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        cases[item.nodeid.split("[")[0]].append(item)
    kept = set()
    for same in cases.values():
        step = max(1, len(same) / most)
        kept |= {same[int(number * step)] for number in range(min(most, len(same)))}
    return [item for item in items if item in kept]


def belongs(item: pytest.Item, week: int) -> bool:
    """Whether a test lies in a folder of the week, or is about something that does.

    tests/lessons/week1/test_operator.py and notebooks/week1_convolution/ are such
    folders; a test is about a lesson, an answer or an exercise among its parameters.
    """
    if item.get_closest_marker("every_week"):
        return True
    path = item.path.relative_to(item.config.rootpath)
    params = getattr(getattr(item, "callspec", None), "params", {}).values()
    return week in {week_of(value) for value in (path, *params)}


def week_of(value: object) -> int | None:
    """The week of a path, of an answer (which has a place) or of an exercise's id."""
    place = str(getattr(value, "place", value))
    found = re.search(r"(?:^|/)week(\d+)(?:_\w+)?/", place)
    return int(found[1]) if found else weeks_of_exercises().get(place)


@cache
def weeks_of_exercises() -> dict[str, int]:
    """Exercise id → week."""
    from coursekit.checks import WEEKS  # slow to import

    return {
        getattr(week, check).id: int(name.removeprefix("week"))
        for name, week in WEEKS.items()
        for check in dir(week)
    }
