"""Two lines in the configuration of the course that `nbgrader quickstart` makes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

pytestmark = [pytest.mark.slow, pytest.mark.notebook]
CONFIGURE = "\nfrom coursekit.grading import configure\nconfigure(c)\n"
ROOT = Path(__file__).parents[3]
SQUARES = """
def squares(n):
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i**2 for i in range(1, n + 1)]
"""
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
ALONE = "def sum_of_squares(n):\n    return sum(i * i for i in range(1, n + 1))"
SUBMISSIONS = {
    "right": {"squares": SQUARES, "sum_of_squares": SUM},
    "without_squares": {"squares": SQUARES, "sum_of_squares": ALONE},
    "no_error": {
        "squares": "def squares(n):\n    return [i**2 for i in range(1, n + 1)]"
    },
    "from_0": {"squares": "def squares(n):\n    return [i**2 for i in range(n)]"},
    "ends": {"squares": "import os\nos._exit(0)", "sum_of_squares": ALONE},
    "nothing": {},
}


def nbgrader(course: Path, *words: str) -> None:
    """Run one of nbgrader's commands, which must work."""
    command = [sys.executable, "-m", "nbgrader", *words]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3_000:]


def hand_in(course: Path, student: str, answers: dict[str, str]) -> None:
    """Copy what was released, with these answers."""
    folder = course / "submitted" / student / "ps1"
    folder.mkdir(parents=True)
    for path in (course / "release" / "ps1").glob("*.ipynb"):
        book = json.loads(path.read_text("utf-8"))
        for cell in book["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = answers.get(name, cell["source"])
        (folder / path.name).write_text(json.dumps(book), "utf-8")


def scores(course: Path) -> dict[str, dict[str, Any]]:
    """Student → check → points."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        return {
            found.student_id: {
                grade.name: grade.auto_score
                for part in found.notebooks
                for grade in part.grades
            }
            for found in book.assignment_submissions("ps1")
        }


@pytest.fixture(scope="module")
def graded(bwrap: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, graded safely."""
    root = tmp_path_factory.mktemp("quickstart")
    nbgrader(root, "quickstart", "course101")
    course = root / "course101"
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(CONFIGURE)
    nbgrader(course, "generate_assignment", "ps1")
    for student, answers in SUBMISSIONS.items():
        hand_in(course, student, answers)
    leave_files(course / "submitted" / "right" / "ps1")
    nbgrader(course, "autograde", "ps1")
    nbgrader(course, "generate_feedback", "ps1")
    return course


def leave_files(folder: Path) -> None:
    """What a student may hand in beside the notebooks; most of it does no good."""
    (folder / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    (folder / "page.html").write_text("<script>alert(1)</script>")
    (folder / ".hidden.html").write_text("<script>alert(1)</script>")
    (folder / "data.csv").symlink_to("/etc/passwd")
    (folder / "more").mkdir()
    (folder / "more" / "script.js").write_text("alert(1)")
    (folder / "more" / "everything").symlink_to("/etc")


def test_points(graded: Path) -> None:
    found = scores(graded)
    full = {
        "correct_squares": 1,
        "squares_invalid_input": 1,
        "correct_sum_of_squares": 0.5,
        "sum_of_squares_uses_squares": 0.5,
    }
    nothing = dict.fromkeys(full, 0)
    alone = full | {"sum_of_squares_uses_squares": 0}
    wanted = {
        "right": full,
        "without_squares": alone,
        "no_error": nothing | {"correct_squares": 1},
        "from_0": nothing,
        "ends": nothing | {"correct_sum_of_squares": 0.5},
        "nothing": nothing,
    }
    assert {k: {name: v[name] for name in full} for k, v in found.items()} == wanted


def test_answers_by_hand_wait_for_a_person(graded: Path) -> None:
    assert scores(graded)["right"]["cell-938593c4a215c6cc"] is None


def test_feedback_tells_what_the_check_said(graded: Path) -> None:
    page = (graded / "feedback" / "no_error" / "ps1" / "problem1.html").read_text()
    assert "did not raise" in page
    assert "<script" not in page


def test_of_other_files_only_the_time_goes_on(graded: Path) -> None:
    """And the instructor's own, to which notebooks may refer."""
    books = {"problem1.ipynb", "problem2.ipynb", "jupyter.png", "timestamp.txt"}
    pages = {"problem1.html", "problem2.html", "timestamp.txt"}
    for step, names in (("autograded", books), ("feedback", pages)):
        folder = graded / step / "right" / "ps1"
        assert {path.name for path in folder.rglob("*")} == names
        assert not any(path.is_symlink() for path in folder.iterdir())


def test_a_link_to_the_work_of_another(graded: Path) -> None:
    folder = graded / "submitted" / "thief" / "ps1"
    folder.mkdir(parents=True)
    for name in ("problem1.ipynb", "problem2.ipynb"):
        (folder / name).symlink_to(graded / "submitted" / "right" / "ps1" / name)
    with pytest.raises(AssertionError, match=r"problem1.ipynb is a link"):
        nbgrader(graded, "autograde", "ps1", "--student", "thief")
    assert not (graded / "autograded" / "thief" / "ps1").exists()
    shutil.rmtree(graded / "submitted" / "thief")


def test_formgrader_s_button(graded: Path) -> None:
    """What the button calls, with the settings that the server has read."""
    before = scores(graded)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(graded)).load_config()
    config.CourseDirectory.root = str(graded)
    api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    done = api.autograde("ps1", "ends", force=True)
    assert done["success"], done
    assert scores(graded) == before


def test_the_same_points_as_without(graded: Path) -> None:
    """What honest students get is what nbgrader alone gives them."""
    before = scores(graded)
    config = graded / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace(CONFIGURE, ""), "utf-8")
    # All but "ends", whose kernel dies, and "nothing".
    nbgrader(graded, "autograde", "ps1", "--force", "--student", "*r*")
    assert scores(graded) == before
