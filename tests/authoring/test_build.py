"""The build: complete notebooks, what nbgrader makes of them, and when it refuses."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import Execute

from coursekit.authoring import build, marks, notebook, release
from coursekit.authoring.errors import AuthoringError
from tests.authoring import sample_course
from tests.authoring.sample_course import ADDING, LESSON, NOTEBOOK, SOURCE, changed

Cells = dict[str, dict[str, Any]]


def make(root: Path, lesson: str = ADDING) -> Path:
    """A sample course with its notebooks built."""
    sample_course.make(root, lesson)
    _, lessons = build.load(root)
    build.build(lessons, root / build.CONFIG, root)
    return root


def cells(path: Path) -> Cells:
    """The cells of a notebook by their id."""
    loaded = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = {cell["id"]: cell | {"text": "".join(cell["source"])} for cell in loaded}
    assert len(found) == len(loaded)
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("course"))


def test_ids_are_names_of_sections_and_of_exercises(built: Path) -> None:
    expected = [
        *("adding-1", "adding-2", "1-two-numbers-1", "1-two-numbers-2"),
        *("1-two-numbers-3", "sum", "sum-check", "1-two-numbers-4"),
        *("1-two-numbers-5", "1-two-numbers-6", "how-many", "how-many-check"),
        *("1-two-numbers-7", "in-words", "2-what-you-have-learnt-1"),
    ]
    assert list(cells(built / SOURCE)) == expected
    assert list(cells(built / NOTEBOOK)) == expected


def test_a_section_id_gives_way_to_a_name_of_an_exercise(tmp_path: Path) -> None:
    texts = (ADDING, sample_course.COURSE, sample_course.CHECKS)
    sample_course.make(tmp_path, *(t.replace('"sum"', '"adding-2"') for t in texts))
    _, lessons = build.load(tmp_path)
    build.build_source(lessons, tmp_path)
    assert list(cells(tmp_path / SOURCE))[:2] == ["adding-1", "adding-3"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("3. When it fits", "3-when-it-fits"),
        ("卷積", "section"),
        ("a" * 60, "a" * 48),
    ],
)
def test_slugs(heading: str, expected: str) -> None:
    assert notebook.slug(heading) == expected


def test_the_complete_notebook(built: Path) -> None:
    loaded = nbformat.read(built / SOURCE, as_version=4)
    assert (loaded.nbformat, loaded.nbformat_minor) == (4, 5)
    assert loaded.metadata.kernelspec.name == "python3"
    assert not any(cell.get("outputs") for cell in loaded.cells)
    found = cells(built / SOURCE)
    assert "return total_of_both" in found["sum"]["text"]
    assert found["sum-check"]["text"].split("\n") == [
        "checks.week1.add(add)",
        "### BEGIN HIDDEN TESTS",
        "from coursekit.grading import hidden as _hidden",
        "",
        "_hidden.check(checks.week1.add, add)",
        "### END HIDDEN TESTS",
    ]
    assert "HIDDEN" not in found["how-many-check"]["text"]


def test_metadata_for_nbgrader(built: Path) -> None:
    kinds = {
        name: tuple(cell["metadata"]["nbgrader"].get(key) for key in KEYS)
        for name, cell in cells(built / SOURCE).items()
        if cell["metadata"]
    }
    assert kinds == {
        "sum": (False, True, False, None),
        "sum-check": (True, False, True, 2),
        "how-many": (False, True, False, None),
        "how-many-check": (True, False, True, 1),
        "in-words": (True, True, False, 3),
    }


def test_a_cell_that_only_shows_is_folded(tmp_path: Path) -> None:
    alone = "fig, axes = plots.new()\n\n# %%\nplots.show("
    root = make(tmp_path, changed("fig, axes = plots.new()\nplots.show(", alone))
    folded = [c["text"] for c in cells(root / SOURCE).values() if is_folded(c)]
    assert [text.split("(")[0] for text in folded] == ["plots.show"]


def is_folded(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("jupyter", {}).get("source_hidden"))


KEYS = ("grade", "solution", "locked", "points")


def test_hints_fold_and_are_counted(built: Path) -> None:
    text = cells(built / NOTEBOOK)["1-two-numbers-5"]["text"]
    assert text.startswith("<details><summary>Hint 2 of 2</summary>\n\nIts sign")
    assert text.endswith("\n\n</details>")


def test_the_student_version(built: Path) -> None:
    found = cells(built / NOTEBOOK)
    tagged = {name for name, c in found.items() if c["metadata"].get("tags")}
    assert tagged == {"sum", "sum-check", "how-many", "how-many-check", "in-words"}
    assert found["sum"]["text"].endswith(f"\n    {marks.CODE_STUB}")
    assert found["how-many"]["text"].endswith(f"= None\n{marks.CODE_STUB}")
    assert found["in-words"]["text"] == marks.TEXT_STUB
    assert found["sum-check"]["text"] == "checks.week1.add(add)"
    whole = (built / NOTEBOOK).read_text(encoding="utf-8")
    for secret in ("total_of_both", "= 6", "overlap", "hidden", "SOLUTION"):
        assert secret not in whole


def test_two_builds_are_byte_identical(built: Path, tmp_path: Path) -> None:
    make(tmp_path)
    for path in (SOURCE, NOTEBOOK):
        assert (tmp_path / path).read_bytes() == (built / path).read_bytes()


def test_a_second_build_touches_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    before = {path: os.stat(tmp_path / path).st_mtime_ns for path in (SOURCE, NOTEBOOK)}
    _, lessons = build.load(tmp_path)
    build.build(lessons, tmp_path / build.CONFIG, tmp_path)
    after = {path: os.stat(tmp_path / path).st_mtime_ns for path in (SOURCE, NOTEBOOK)}
    assert after == before
    assert not list(tmp_path.rglob("gradebook.db*"))


def test_notebooks_without_a_lesson_go(tmp_path: Path) -> None:
    make(tmp_path)
    old = [(tmp_path / path).with_name("9_old.ipynb") for path in (SOURCE, NOTEBOOK)]
    for path in old:
        path.write_text("{}", encoding="utf-8")
    _, lessons = build.load(tmp_path)
    build.build(lessons, tmp_path / build.CONFIG, tmp_path, prune=False)
    assert all(path.exists() for path in old)
    build.build(lessons, tmp_path / build.CONFIG, tmp_path)
    assert not any(path.exists() for path in old)


@pytest.mark.slow
def test_nbgrader_by_hand_gives_the_same_file(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(built, root)
    shutil.rmtree(root / "notebooks")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "--no-db"]
    subprocess.run(
        [*command, "week1_sums"], cwd=root, check=True, capture_output=True, timeout=120
    )
    assert (root / NOTEBOOK).read_bytes() == (built / NOTEBOOK).read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("c = get_config()", "c = get_confg()", "NameError"),
        ("coursekit.authoring.marks", "nowhere", "ModuleNotFoundError"),
        ("c.GenerateAssignment.pre", "c.GenerateAssignmnt.pre", "tag raises-exception"),
        ("c.ClearSolutions.code_stub", "c.ClearSolutions.code_stb", "ClearSolutions"),
        ("c.ClearSolutions.text_stub", "c.ClearSolutions.text_stb", "ClearSolutions"),
        (
            "c = get_config()",
            'c = get_config()\nc.ClearSolutions.begin_solution_delimeter = "Q"',
            "sum: nbgrader did not release",
        ),
    ],
)
def test_a_wrong_configuration_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    sample_course.make(tmp_path)
    config = tmp_path / build.CONFIG
    config.write_text(changed(old, new, config.read_text()), encoding="utf-8")
    _, lessons = build.load(tmp_path)
    with pytest.raises(AuthoringError, match=words):
        build.build(lessons, config, tmp_path)
    assert not (tmp_path / NOTEBOOK).exists()


def test_a_missing_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match=r"nowhere\.py cannot be used"):
        release.load_config(tmp_path / "nowhere.py")


def test_a_failing_nbgrader_says_why(tmp_path: Path) -> None:
    make(tmp_path)
    path = tmp_path / SOURCE
    path.write_text(path.read_text().replace('"grade": true', '"grade": "x"'))
    with pytest.raises(AuthoringError, match=r"nbgrader cannot release week1_sums: .+"):
        release.generate(
            tmp_path / build.CONFIG,
            tmp_path / build.SOURCE,
            tmp_path / "x",
            "week1_sums",
        )


def test_a_failed_build_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    before = (tmp_path / NOTEBOOK).read_bytes()
    (tmp_path / LESSON).write_text(changed("points=2", "points=3"), encoding="utf-8")
    with pytest.raises(AuthoringError):
        make_again(tmp_path)
    assert (tmp_path / NOTEBOOK).read_bytes() == before


def make_again(root: Path) -> None:
    """Build the sample course in `root` once more."""
    _, lessons = build.load(root)
    build.build(lessons, root / build.CONFIG, root)


def test_no_kernel_runs_what_students_hand_in() -> None:
    config = release.load_config(sample_course.REPOSITORY / build.CONFIG)
    steps = config.Autograde.autograde_preprocessors
    assert not [step for step in steps if issubclass(step, Execute)]
    assert "Judge" in [
        step.__name__ for step in config.Autograde.sanitize_preprocessors
    ]
    assert config.CourseDirectory.source_directory == build.SOURCE
    assert config.CourseDirectory.release_directory == build.NOTEBOOKS
