"""What instructors run: hidden checks, quizzes, grading. Students do not get this."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.grading.boundary.settings import Settings


def configure(c: Any, settings: "Settings | None" = None) -> None:  # noqa: ANN401
    """Make nbgrader's autograde safe: two lines in any nbgrader_config.py.

        from coursekit.grading import configure
        configure(c)

    c: the object that `get_config()` gives; settings: what the course needs besides
    """
    from coursekit.grading.boundary import preprocessors  # nbgrader is slow to import

    preprocessors.configure(c, settings)
