"""Set-up that every test shares."""

import os
from collections.abc import Iterator
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
