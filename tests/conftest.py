"""Set-up that every test shares, and the choice of one week: `pytest --week 1`."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import pytest

from tests.browser import browser as browser

# Two workers on two cores: one thread each, and no busy waiting between them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("MPLBACKEND", "Agg")


# Their checks train networks for seconds: two answers each are tried by `--share`.
COSTLY = {
    *("three-worlds", "who-captures", "norm-for-pairs"),
    *("for-a-friend", "a-painter", "as-far-as-a-rook", "thousandth-of-alexnet"),
    *("twentieth-of-the-weights", "deep-row", "own-row"),
}
T = TypeVar("T")
Group = tuple[str, str, int]  # a test, what its cases belong to, how many stay


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
    quick while the course grows. `--share` runs, of the tests marked `share(n)`, those
    of n exercises of each lesson, or with n answers to each exercise, or else n cases:
    what the checks have in common is seen by a share, and the author of a week tries
    all of it.
    """
    parser.addoption("--week", type=int, help="only what belongs to this week")
    parser.addoption("--sample", type=int, help="so many cases of each test")
    parser.addoption(
        "--share", action="store_true", help="a share of the answers and exercises"
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """With `--week`, `--sample` or `--share`, leave out the others."""
    week, most = config.getoption("--week"), config.getoption("--sample")
    kept = items if week is None else [item for item in items if belongs(item, week)]
    kept = shared(kept) if config.getoption("--share") else kept
    kept = kept if most is None else sampled(kept, most)
    left = set(items) - set(kept)
    if left:
        config.hook.pytest_deselected(items=list(left))
        items[:] = kept


def sampled(items: list[pytest.Item], most: int) -> list[pytest.Item]:
    """At most so many cases of each test, spread evenly over its cases.

    Those of costly exercises are left to others, where there are others.
    """
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        cases[item.nodeid.split("[")[0]].append(item)
    cheap = ([x for x in same if not is_costly(x)] or same for same in cases.values())
    kept = {item for same in cheap for item in spread(same, most)}
    return [item for item in items if item in kept]


def is_costly(item: pytest.Item) -> bool:
    """Whether a test is about an exercise whose check trains for seconds."""
    params = getattr(getattr(item, "callspec", None), "params", {}).values()
    about = (getattr(value, "exercise", value) for value in params)
    return any(isinstance(value, str) and value in COSTLY for value in about)


def spread(values: Sequence[T], most: int) -> list[T]:
    """At most so many of the values, evenly spaced, the first among them."""
    step = max(1, len(values) / most)
    return [values[int(number * step)] for number in range(min(most, len(values)))]


def shared(items: list[pytest.Item]) -> list[pytest.Item]:
    """All items but those marked `share`, of which a share stays."""
    places = {item: place for item in items if (place := place_in_share(item))}
    groups: dict[Group, list[object]] = defaultdict(list)
    for group, subject in places.values():
        groups[group] += [subject] * (subject not in groups[group])
    kept = {group: set(spread(found, group[-1])) for group, found in groups.items()}
    return [
        item
        for item in items
        if not (place := places.get(item)) or place[1] in kept[place[0]]
    ]


def place_in_share(item: pytest.Item) -> tuple[Group, object] | None:
    """The group that a test has its share in, and what it is about.

    An answer is one of those to its exercise, an exercise one of its lesson; any other
    case is one of its test.
    """
    mark, cases = item.get_closest_marker("share"), getattr(item, "callspec", None)
    if not mark or not cases:
        return None
    test, most = item.nodeid.split("[")[0], mark.args[0]
    for value in cases.params.values():
        inside = getattr(value, "exercise", None) or lesson_of_exercise(value)
        if inside:
            return (test, inside, min(most, 2) if inside in COSTLY else most), value
    return (test, "", most), cases.id


def lesson_of_exercise(value: object) -> str | None:
    """The lesson of an exercise's id, None for anything else."""
    return lessons_of_exercises().get(value) if isinstance(value, str) else None


@cache
def lessons_of_exercises() -> Mapping[object, str]:
    """Exercise id → the file of its answers, which has the name of the lesson."""
    from tests.answers import answers  # slow to import

    return {cell.exercise: cell.place.split(":")[0] for cell in answers("right")}


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
