"""Set-up that the tests of lessons share."""

import pytest

from coursekit.authoring import build
from tests.executed import ROOT


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    """The complete notebooks are those of the lessons as they stand."""
    build.build_source(build.load(ROOT)[1], ROOT)
