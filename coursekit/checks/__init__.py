"""Checks for the exercises: `checks.week1.output_size(output_size)` in a lesson."""

from coursekit.checks import week1
from coursekit.checks.core import REGISTRY, Check, use_seed
from coursekit.checks.errors import CheckFailed

__all__ = ["REGISTRY", "Check", "CheckFailed", "use_seed", "week1"]
