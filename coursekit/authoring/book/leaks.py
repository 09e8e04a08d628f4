"""No page of the book gives a solution or a hidden check away."""

from collections.abc import Sequence
from pathlib import Path

from bs4 import BeautifulSoup

from coursekit.authoring import marks, student
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson

HIDDEN = (marks.BEGIN, marks.BEGIN_HIDDEN, "coursekit.grading", "hidden.check")


def refuse(lessons: Sequence[Lesson], site: Path) -> None:
    """Raise AuthoringError where a page holds a line that students must not see."""
    secrets = student.secret_lines(lessons)
    for file in sorted(site.rglob("*.html")):
        text = words(file.read_text(encoding="utf-8"))
        lines = {line.strip() for line in text.splitlines()}
        for exercise, secret in secrets.items():
            if found := lines & secret:
                raise AuthoringError(
                    f"{file.name} gives the solution of {exercise.id} away: "
                    f"{min(found)}"
                )
        for word in HIDDEN:
            if word in text:
                raise AuthoringError(f"{file.name} shows {word!r}.")


def words(page: str) -> str:
    """All text of a page, also what is folded away."""
    return BeautifulSoup(page, "html.parser").get_text()
