"""With and without a front end."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_front_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves be started from a notebook."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


@pytest.fixture
def front_end(no_front_end: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
