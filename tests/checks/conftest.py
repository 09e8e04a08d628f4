"""What the tests of the checks share."""

from collections.abc import Iterator

import pytest

from tests.proxy import Worker


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """A process for answers: it takes seconds to start."""
    with Worker() as started:
        yield started
