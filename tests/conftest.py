"""Set-up that every test shares."""

import os

import pytest

# Two workers on two cores: one thread each, and no busy waiting between them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("MPLBACKEND", "Agg")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `gpu` need a card."""
    if item.get_closest_marker("gpu"):
        import torch  # slow to import, so only where it is needed

        if not torch.cuda.is_available():
            pytest.skip("needs a CUDA device; torch finds none")
