"""What an author sees when something does not fit."""


class AuthoringError(ValueError):
    """A mistake in a lesson, in course.toml or in the configuration."""
