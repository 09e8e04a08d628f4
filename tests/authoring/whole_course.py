"""The course itself, read once for all tests that look at it."""

from functools import cache

from coursekit.authoring import build
from coursekit.authoring.course import Course
from coursekit.authoring.lessons import Lesson
from tests.authoring.sample_course import REPOSITORY


@cache
def read() -> tuple[Course, list[Lesson]]:
    """The plan of the course and its lessons, as a build reads and checks them."""
    return build.load(REPOSITORY)
