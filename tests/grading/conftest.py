"""Grading needs a sandbox, and many gradebooks."""

from collections.abc import Iterator
from functools import cache

import pytest

from tests.grading.boundary.conftest import bwrap

__all__ = ["bwrap"]


@pytest.fixture(autouse=True, scope="session")
def _one_version() -> Iterator[None]:
    """For each new gradebook nbgrader asks a process of its own for its version."""
    import nbgrader.api  # slow to import

    with pytest.MonkeyPatch.context() as patch:
        asked = cache(nbgrader.api.get_alembic_version)
        patch.setattr(nbgrader.api, "get_alembic_version", asked)
        yield
