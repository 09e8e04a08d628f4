"""Set-up that the tests of lessons share."""

import pytest

from coursekit.authoring import build
from tests.executed import ROOT


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    """The complete notebooks are those of the lessons as they stand."""
    build.build_source(build.load(ROOT)[1], ROOT)


@pytest.fixture(scope="session")
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether one week is tested alone (`make week`), and may take its time.

    `make test` trains fewer networks again, for it tests all weeks.
    """
    return request.config.getoption("--week") is not None


@pytest.fixture(scope="session")
def seeds(whole: bool) -> range:
    """Seeds with which a claim is tried: all those that the text speaks of, or one."""
    return range(3 if whole else 1)
