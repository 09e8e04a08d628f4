"""Set-up that every test shares, and the choice of one week: `pytest --week 1`."""

import os
import re
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
    """`--week 1` runs what belongs to week 1, and the tests marked `every_week`."""
    parser.addoption("--week", type=int, help="only what belongs to this week")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """With `--week`, leave out what belongs to other weeks or to none."""
    week = config.getoption("--week")
    if week is None:
        return
    kept = [item for item in items if belongs(item, week)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


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
