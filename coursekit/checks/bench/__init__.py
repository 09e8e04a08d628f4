"""The side of the protocol that lives where the answer lives."""

from coursekit.checks.bench.bench import Bench

__all__ = ["Bench"]
