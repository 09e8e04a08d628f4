"""What is committed is what the lessons say, and it shows no answers."""

import json
import re
from pathlib import Path

import pytest

from coursekit.authoring import build, course_map, marks, student
from coursekit.authoring.course import Course
from coursekit.authoring.lessons import Lesson
from tests.authoring import whole_course
from tests.authoring.sample_course import REPOSITORY

pytestmark = pytest.mark.every_week
Loaded = tuple[Course, list[Lesson]]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return whole_course.read()


@pytest.fixture(scope="module")
def fresh(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh")
    build.build(loaded[1], REPOSITORY / build.CONFIG, folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Path → bytes of the notebooks below `folder`."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.glob("week*/*.ipynb")
    }


def test_the_committed_notebooks_are_fresh(fresh: Path) -> None:
    made = contents(fresh / build.NOTEBOOKS)
    kept = contents(REPOSITORY / build.NOTEBOOKS)
    stale = sorted(name for name in made | kept if made.get(name) != kept.get(name))
    assert stale == [], "run `make notebooks`"


def test_the_map_in_the_readme_is_fresh(loaded: Loaded) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert course_map.insert(readme, *loaded) == readme, "run `make notebooks`"


@pytest.mark.slow
def test_two_builds_are_byte_identical(
    loaded: Loaded, fresh: Path, tmp_path: Path
) -> None:
    build.build(loaded[1], REPOSITORY / build.CONFIG, tmp_path)
    assert len(contents(fresh / build.SOURCE)) == len(loaded[1])
    for part in (build.SOURCE, build.NOTEBOOKS):
        assert contents(tmp_path / part) == contents(fresh / part)


def test_no_solution_and_no_hidden_check_is_in_notebooks(loaded: Loaded) -> None:
    files = contents(REPOSITORY / build.NOTEBOOKS)
    assert len(files) == len(loaded[1])
    student.refuse_leaks(files, loaded[1])
    for text in (content.decode() for content in files.values()):
        for word in (
            marks.BEGIN,
            marks.BEGIN_HIDDEN,
            "coursekit.grading",
            "hidden.check",
        ):
            assert word not in text


def test_complete_notebooks_hold_what_student_ones_must_not(
    loaded: Loaded, fresh: Path
) -> None:
    for name, content in contents(fresh / build.SOURCE).items():
        assert marks.BEGIN in content.decode(), name
        assert marks.BEGIN_HIDDEN in content.decode(), name
        with pytest.raises(ValueError, match="gives the solution"):
            student.refuse_leaks({name: content}, loaded[1])


def test_every_link_of_the_map_leads_somewhere(loaded: Loaded) -> None:
    table = course_map.table(*loaded)
    links = re.findall(r"\]\((notebooks/[^)]*)\)", table)
    assert len(links) == len(loaded[1])
    assert all((REPOSITORY / link).is_file() for link in links)


def test_committed_notebooks_have_no_outputs() -> None:
    for name, content in contents(REPOSITORY / build.NOTEBOOKS).items():
        for cell in json.loads(content)["cells"]:
            assert not cell.get("outputs"), name
            assert cell.get("execution_count") is None, name
