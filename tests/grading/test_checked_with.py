"""What a week's points depend on: its own checks, not those of another week."""

from pathlib import Path

import pytest

from coursekit.grading import checked_with, remembered
from coursekit.grading.remembered import Job

ASSIGNMENT = "week1_sums"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with checks of two weeks; those of week 1 use one of its models."""
    texts = {
        "checks/__init__.py": "",
        "checks/core.py": "import numpy\nfrom pathlib import Path\n",
        "checks/quiz.json": '{"sum": {"a": 1}, "size": {"b": 2}}',
        "checks/week1/sums.py": "if True:\n    from coursekit.models import lenet\n",
        "checks/week2/sizes.py": "import coursekit.checks.week1.sums\n",
        "models/__init__.py": "",
        "models/lenet.py": "import coursekit.layers\n",
        "models/resnet.py": "",
        "layers.py": "",
    }
    folder = tmp_path / "coursekit"
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setattr(checked_with, "PACKAGE", folder)
    monkeypatch.setattr(checked_with, "CHECKS", folder / "checks")
    return folder


@pytest.fixture
def job(tmp_path: Path, package: Path) -> Job:
    """A submission of week 1, whose notebook holds the quiz "sum"."""
    for folder in ("build/source", "submitted/ada"):
        path = tmp_path / folder / ASSIGNMENT / "1_adding.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text('{"grade_id": "sum-check"}')
    return Job(tmp_path, ASSIGNMENT, "ada")


def test_everything_that_the_checks_import_counts(package: Path, job: Job) -> None:
    found = checked_with.files(job.root, job.assignment)
    inside = {
        path.relative_to(package).as_posix()
        for path in found
        if path.is_relative_to(package)
    }
    assert inside == {
        "checks/__init__.py",
        "checks/core.py",
        "checks/week1/sums.py",
        "models/__init__.py",
        "models/lenet.py",
        "layers.py",
    }


@pytest.mark.parametrize(
    ("name", "text", "again"),
    [
        ("checks/week1/sums.py", "# changed", True),
        ("checks/core.py", "# changed", True),
        ("layers.py", "# changed", True),
        ("checks/quiz.json", '{"sum": {"a": 3}, "size": {"b": 2}}', True),
        ("checks/quiz.json", '{"sum": {"a": 1}, "size": {"b": 4}}', False),
        ("checks/week2/sizes.py", "# changed", False),
        ("checks/week3/pooling.py", "# new", False),
        ("models/resnet.py", "# changed", False),
    ],
)
def test_another_week_grades_nobody_again(
    package: Path, job: Job, name: str, text: str, again: bool
) -> None:
    before = remembered.handed_in(job)
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text(text)
    assert (remembered.handed_in(job) != before) == again


def test_the_real_course_knows_its_machinery() -> None:
    names = {path.name for path in checked_with.files(Path(), "week1_convolution")}
    assert {"operator.py", "expect.py", "oracles.py"} <= names
