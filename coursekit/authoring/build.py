"""Build the notebooks of the course from its lessons."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from coursekit.authoring import check_files, course, lessons, notebook, release
from coursekit.authoring.course import Course
from coursekit.authoring.lessons import Checked

SOURCE, NOTEBOOKS = "build/source", "notebooks"
CONFIG = "nbgrader_config.py"


def load(root: Path, paths: Sequence[Path] = ()) -> tuple[Course, list[Checked]]:
    """The course under `root` and its lessons, or those in `paths`; all checked.

    Raises AuthoringError at the first mistake.
    """
    plan = course.read(root / course.FILE)
    found = [lessons.load(path.resolve()) for path in paths]
    known = check_files.read(root)
    if not paths:
        found = lessons.load_all(root)
        course.check_complete(plan, found)
    course.check_lessons(plan, found)
    check_files.check_calls(found, known)
    if not paths:
        check_files.check_used(found, known)
    return plan, found


def build(
    found: Sequence[Checked], config: Path, out: Path, prune: bool = True
) -> None:
    """Write `out`/build/source and `out`/notebooks for these lessons.

    prune: also delete notebooks there whose lesson is gone. Everything is made in a
    temporary folder first, so that a failed build changes nothing.
    """
    with TemporaryDirectory() as folder:
        stage = Path(folder).resolve()
        write_source(found, stage / SOURCE)
        for week in sorted({item.lesson.week for item in found}):
            release.generate(config, stage / SOURCE, stage / NOTEBOOKS, week)
        for part in (SOURCE, NOTEBOOKS):
            deliver(stage / part, out / part, prune)


def build_source(found: Sequence[Checked], out: Path, prune: bool = True) -> None:
    """Write only the complete notebooks, `out`/build/source, without nbgrader."""
    with TemporaryDirectory() as folder:
        write_source(found, Path(folder))
        deliver(Path(folder), out / SOURCE, prune)


def write_source(found: Sequence[Checked], folder: Path) -> None:
    """The complete notebooks of the lessons."""
    for item in found:
        path = folder / item.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook.text(item.lesson, item.exercises), encoding="utf-8")


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
