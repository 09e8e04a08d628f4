"""Nothing of a submission but its notebooks gets into autograded/ and feedback/.

nbgrader copies all that lies beside a notebook, and follows links: a student's page of
HTML would be opened with the instructor's rights, a link would bring a file that nobody
should see. Here its converters copy nothing. What nbgrader needs of other files is
brought by us: when work was handed in, and the word by which feedback is fetched.
"""

import copy
import os
import shutil
import stat
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.utils import find_all_files

ALL = ["*", ".*"]
NEEDED = ("timestamp.txt", "submission_secret.txt")
MOST = 10_000  # bytes of such a file


class OnlyNotebookExporter(NotebookExporter):
    """Writes notebooks, for a converter that copies nothing else."""

    def __init__(self, **kw: Any) -> None:  # noqa: ANN401 - as in nbconvert
        super().__init__(**kw)
        copy_nothing(self.parent)


def copy_nothing(converter: Any) -> None:  # noqa: ANN401
    """Let one of nbgrader's converters copy no file beside the notebooks.

    Only this one: other steps, such as a release, use the same course.
    """
    if getattr(converter, "coursedir", None) is None:
        return
    course = copy.copy(converter.coursedir)
    course.ignore = [*course.ignore, *ALL]
    converter.coursedir = course


def bring(source: Path, target: Path) -> None:
    """Copy what nbgrader needs of a submission, as far as these are plain files."""
    target.mkdir(parents=True, exist_ok=True)
    for name in NEEDED:
        content = plain(source / name)
        (target / name).unlink(missing_ok=True)
        if content is not None:
            (target / name).write_bytes(content)


def bring_ours(source: Path, target: Path, ignore: list[str]) -> None:
    """Copy the files that the instructor gives with an assignment, as nbgrader does."""
    for name in find_all_files(str(source), [*ignore, "*.ipynb"]):
        place = target / Path(name).relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, place)


def plain(path: Path) -> bytes | None:
    """What is in a small file; None when it is a link, a device or not there."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        known = os.fstat(file)
        small = stat.S_ISREG(known.st_mode) and known.st_size <= MOST
        return os.read(file, MOST) if small else None
    finally:
        os.close(file)


def leads_elsewhere(path: Path, folder: Path) -> bool:
    """Whether a link stands between `folder`, where all hand in, and a notebook."""
    wanted = os.path.join(os.path.realpath(folder), os.path.relpath(path, folder))
    return os.path.realpath(path) != wanted
