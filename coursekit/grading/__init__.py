"""What instructors run: hidden checks, quizzes, grading. Students do not get this."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.grading.boundary.settings import Settings

# For two seconds jsonschema, with which nbformat reads notebooks, builds a grammar of
# web addresses that no notebook's schema asks for; without it, it goes on.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def configure(c: Any, settings: "Settings | None" = None) -> None:  # noqa: ANN401
    """Make nbgrader's autograde safe: two lines in any nbgrader_config.py.

        from coursekit.grading import configure
        configure(c)

    c: the object that `get_config()` gives; settings: what the course needs besides
    """
    from coursekit.grading.boundary import preprocessors  # nbgrader is slow to import

    preprocessors.configure(c, settings)


def configure_feedback(c: Any, course: str, titles: Mapping[str, str]) -> None:  # noqa: ANN401
    """Give the students' feedback its titles, after `configure`.

    course: the course's own; titles: name of an assignment → what students know it by
    """
    from coursekit.grading.boundary import feedback_exporter

    feedback_exporter.configure_feedback(c, course, titles)
