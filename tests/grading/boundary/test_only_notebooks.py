"""What gets into autograded/ and feedback/ of all that a student hands in."""

import os
from pathlib import Path

import pytest
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from coursekit.grading.boundary.only_notebooks import (
    ALL,
    MOST,
    bring,
    bring_ours,
    copy_nothing,
    leads_elsewhere,
)


def test_only_this_converter_copies_nothing() -> None:
    """Others share the course, formgrader's for example."""
    course = CourseDirectory()
    course.student_id = "ada"
    converter = GenerateFeedback(coursedir=course)
    copy_nothing(converter)
    assert set(ALL) <= set(converter.coursedir.ignore)
    assert converter.coursedir.student_id == "ada"
    assert not set(ALL) & set(course.ignore)


def test_the_time_and_the_word_are_brought(tmp_path: Path) -> None:
    """A second time too, although nbgrader leaves files that are not to be written."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "page.html").write_text("<script>")
    for time in ("2026-01-01 12:00:00 UTC", "2026-01-02 12:00:00 UTC"):
        (source / "timestamp.txt").write_text(time)
        bring(source, target)
        assert {path.name for path in target.iterdir()} == {"timestamp.txt"}
        assert (target / "timestamp.txt").read_text() == time
        (target / "timestamp.txt").chmod(0o444)
    (source / "timestamp.txt").unlink()
    bring(source, target)
    assert not list(target.iterdir())


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "large"])
def test_what_is_no_small_plain_file_is_not_brought(tmp_path: Path, kind: str) -> None:
    source, place = tmp_path / "in", tmp_path / "in" / "timestamp.txt"
    source.mkdir()
    if kind == "link":
        place.symlink_to("/etc/passwd")
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        place.write_bytes(bytes(MOST + 1))
    bring(source, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_the_instructor_s_files_are_brought(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "out"
    (source / "images").mkdir(parents=True)
    for name in ("images/a.png", "one.ipynb", "old.pyc"):
        (source / name).write_text(name)
    bring_ours(source, target, ["*.pyc"])
    bring_ours(source, target, ["*.pyc"])
    found = [path for path in target.rglob("*") if path.is_file()]
    assert found == [target / "images" / "a.png"]


def test_links_to_the_work_of_others(tmp_path: Path) -> None:
    """A notebook, or its folder; but all of it may lie on another disk."""
    disk, everybody = tmp_path / "disk", tmp_path / "submitted"
    (disk / "ada" / "ps1").mkdir(parents=True)
    (disk / "bob" / "ps1").mkdir(parents=True)
    (disk / "ada" / "ps1" / "one.ipynb").touch()
    everybody.symlink_to(disk)
    (disk / "bob" / "ps1" / "one.ipynb").symlink_to(disk / "ada" / "ps1" / "one.ipynb")
    (disk / "carol").symlink_to(disk / "ada")
    found = {
        name: leads_elsewhere(everybody / name / "ps1" / "one.ipynb", everybody)
        for name in ("ada", "bob", "carol")
    }
    assert found == {"ada": False, "bob": True, "carol": True}
