"""Build the notebooks of the course from its lessons."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from coursekit.authoring import (
    check_files,
    course,
    coverage,
    figure_files,
    glossary,
    lessons,
    notebook,
    release,
    topics,
)
from coursekit.authoring.course import Course
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson

SOURCE, NOTEBOOKS = "build/source", "notebooks"
CONFIG = "nbgrader_config.py"


def load(root: Path, paths: Sequence[Path] = ()) -> tuple[Course, list[Lesson]]:
    """The course under `root` and its lessons, or only those in `paths`.

    All lessons are checked, since they refer to each other. Raises AuthoringError at
    the first mistake.
    """
    plan = course.read(root / course.FILE)
    found = lessons.load_all(root)
    course.check_lessons(plan, found)
    topics.check(plan, found)
    coverage.check(plan, found)
    known = check_files.read(root)
    check_files.check_calls(found, known)
    check_files.check_used(found, known)
    figure_files.check_calls(found, figure_files.read(root))
    terms = glossary.read(root)
    glossary.check(terms, found)
    found = [glossary.linked(lesson, terms) for lesson in found]
    return plan, choose(root, found, paths)


def choose(root: Path, found: list[Lesson], paths: Sequence[Path]) -> list[Lesson]:
    """The lessons in `paths`, all when there are none.

    Raises AuthoringError for a path that is no lesson of the course.
    """
    folder = (root / lessons.SOLUTIONS).resolve()
    by_path = {folder / lesson.week / f"{lesson.name}.py": lesson for lesson in found}
    for path in paths:
        if path.resolve() not in by_path:
            raise AuthoringError(f"{path} is no lesson of the course in {root}.")
    return [by_path[path.resolve()] for path in paths] or found


def build(found: Sequence[Lesson], config: Path, out: Path, prune: bool = True) -> None:
    """Write `out`/build/source and `out`/notebooks for these lessons.

    prune: also delete notebooks there whose lesson is gone. Everything is made in a
    temporary folder first, so that a failed build changes nothing.
    """
    with TemporaryDirectory() as folder:
        stage = Path(folder).resolve()
        write_source(found, stage / SOURCE)
        for week in sorted({lesson.week for lesson in found}):
            release.generate(config, stage / SOURCE, stage / NOTEBOOKS, week)
        for part in (SOURCE, NOTEBOOKS):
            deliver(stage / part, out / part, prune)


def build_source(found: Sequence[Lesson], out: Path, prune: bool = True) -> None:
    """Write only the complete notebooks, `out`/build/source, without nbgrader."""
    with TemporaryDirectory() as folder:
        write_source(found, Path(folder))
        deliver(Path(folder), out / SOURCE, prune)


def write_source(found: Sequence[Lesson], folder: Path) -> None:
    """The complete notebooks of the lessons."""
    for lesson in found:
        path = folder / lesson.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook.text(lesson), encoding="utf-8")


def deliver(made: Path, target: Path, prune: bool) -> None:
    """Copy the notebooks that changed; with `prune`, delete those not made again."""
    fresh = {path.relative_to(made) for path in made.glob("week*/*.ipynb")}
    stale = {path.relative_to(target) for path in target.glob("week*/*.ipynb")} - fresh
    for path in stale if prune else ():
        (target / path).unlink()
    for path in fresh:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        if not same(made / path, target / path):
            shutil.copyfile(made / path, target / path)


def same(one: Path, other: Path) -> bool:
    """Whether both files exist and hold the same bytes."""
    return other.is_file() and one.read_bytes() == other.read_bytes()
