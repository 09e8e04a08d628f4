"""Grading needs a sandbox."""

from tests.grading.boundary.conftest import bwrap

__all__ = ["bwrap"]
