"""What a week's points depend on: its own checks, not those of another week.

And on how answers are judged.
"""

from pathlib import Path

import pytest

from coursekit.authoring.build import CONFIG
from coursekit.grading import checked_with, remembered
from coursekit.grading.gradebook import GradingError
from coursekit.grading.remembered import Job
from tests.grading.submissions import REPOSITORY, light_config

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
    (tmp_path / CONFIG).write_text(light_config(), encoding="utf-8")
    for folder in ("build/source", "notebooks", "submitted/ada"):
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


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("call_seconds=3", "call_seconds=4", True),
        ("imports=()", 'imports=("numpy",)', True),
        ("imports=()", "imports=(), readable=('/elsewhere',)", False),
        ('course_id = "convnets"', 'course_id = "networks"', False),
    ],
)
def test_how_answers_are_judged_counts(
    job: Job, old: str, new: str, again: bool
) -> None:
    before = remembered.handed_in(job)
    path = job.root / CONFIG
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert (remembered.handed_in(job) != before) == again


@pytest.mark.parametrize(
    ("name", "again"),
    [("judge.py", True), ("needs.py", True), ("feedback.py", False), ("a.css", False)],
)
def test_the_code_that_judges_counts(
    tmp_path: Path, job: Job, monkeypatch: pytest.MonkeyPatch, name: str, again: bool
) -> None:
    monkeypatch.setattr(checked_with, "BOUNDARY", tmp_path)
    before = remembered.handed_in(job), checked_with.writers()
    (tmp_path / name).touch()
    assert (remembered.handed_in(job) != before[0]) == again
    assert checked_with.writers() != before[1]


@pytest.mark.parametrize("folder", ["build/source", "notebooks"])
def test_our_notebooks_count(job: Job, folder: str) -> None:
    before = remembered.handed_in(job)
    path = job.root / folder / ASSIGNMENT / "1_adding.ipynb"
    path.write_text('{"grade_id": "sum-check", "new": 1}')
    assert remembered.handed_in(job) != before


def test_what_was_judged_says_of_what(job: Job) -> None:
    assert remembered.judged(job) == ""
    remembered.keep_judged(job, "abc", {"1_adding": ["report", "notebook"]})
    assert remembered.judged(job) == "abc"
    for text in ("", "[]", "{}", '{"submitted": 3}', '{"submitted": "abc"'):
        job.judged.write_text(text)
        assert remembered.judged(job) == ""


def test_a_course_that_does_not_say_how(job: Job) -> None:
    path = job.root / CONFIG
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("configure(c, SETTINGS)", ""), encoding="utf-8")
    with pytest.raises(GradingError, match=r"^nbgrader_config.py .*configure\(c\)$"):
        remembered.handed_in(job)


def test_the_real_course_knows_its_machinery() -> None:
    files = checked_with.files(REPOSITORY, "week1_convolution")
    names = {path.name for path in files}
    assert {"operator.py", "expect.py", "oracles.py"} <= names
    assert {"benches.py", "bench.py", "judge.py", "transplant.py"} <= names
