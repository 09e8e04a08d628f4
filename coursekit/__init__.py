"""The package behind the course: models, data, plots, checks and grading."""

__version__ = "0.1.0"
