"""What tests of the sandbox need: bubblewrap, and rooms."""

import os
from collections.abc import Iterator

import pytest

from coursekit.grading.boundary import sandbox
from coursekit.grading.boundary.rooms import House, Room
from tests.grading.boundary.houses import descendants, left, small_house, soon


@pytest.fixture(scope="session")
def bwrap() -> None:
    """A sandbox can be had here. In continuous integration it must."""
    why = sandbox.missing()
    if why and os.environ.get("CI") == "true":
        pytest.fail(why)
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def house(bwrap: None) -> Iterator[House]:
    """Rooms with small limits, for all tests."""
    with small_house() as made:
        made.start()
        yield made


@pytest.fixture
def neighbour(house: House) -> Iterator[Room]:
    """Another room. Whatever happens elsewhere, it goes on, and nothing is left."""
    before = descendants(house)
    with house.room() as made:
        left(made, "open('/tmp/work/mine', 'w').write('mine')")
        yield made
        assert left(made, "result = open('/tmp/work/mine').read()") == "mine"
    assert soon(lambda: descendants(house) <= before)


@pytest.fixture
def room(house: House, neighbour: Room) -> Iterator[Room]:
    """A fresh room, with a neighbour that must not notice it."""
    with house.room() as made:
        yield made
