"""The attacks need what the tests of the boundary need."""

from tests.grading.boundary.conftest import bwrap

__all__ = ["bwrap"]
