"""The students' zip: complete enough to work with, and no answers in it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from unittest import mock

import pytest

from coursekit.authoring import build, marks, student
from coursekit.authoring.errors import AuthoringError
from tests.authoring import sample_course, whole_course
from tests.authoring.sample_course import REPOSITORY

MINIMUM = {
    "README.md",
    "Makefile",
    "course.toml",
    "environment.yml",
    "pyproject.toml",
    "coursekit/__main__.py",
    "coursekit/cli.py",
    "coursekit/checks/quiz.json",
    "notebooks/week1_convolution/1_dense_to_convolutional.ipynb",
}


def pack(root: Path, target: Path) -> Path:
    """The zip of the course under `root`."""
    return student.pack(root, target / "students.zip")


def unpacked(path: Path) -> dict[str, str]:
    """Path below the zip's one folder → text."""
    with zipfile.ZipFile(path) as archive:
        return {
            name.removeprefix("convnets/"): archive.read(name).decode(errors="ignore")
            for name in archive.namelist()
        }


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with mock.patch.object(build, "load", return_value=whole_course.read()):
        return pack(REPOSITORY, tmp_path_factory.mktemp("zip"))


@pytest.fixture(scope="module")
def files(packed: Path) -> dict[str, str]:
    return unpacked(packed)


def test_everything_lies_in_one_folder(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"convnets"}
        assert archive.testzip() is None


def test_what_students_need_is_there(files: dict[str, str]) -> None:
    assert files.keys() >= MINIMUM
    _, lessons = whole_course.read()
    assert sum(name.endswith(".ipynb") for name in files) == len(lessons) + 3
    beside = {
        "notebooks/start.ipynb",
        "notebooks/map.ipynb",
        "notebooks/glossary.ipynb",
    }
    assert files.keys() >= beside


def test_what_instructors_keep_is_not_there(files: dict[str, str]) -> None:
    for name in files:
        parts = name.split("/")
        assert not {"authoring", "grading", "solutions", "tests", "build"} & {*parts}
        assert not {"operators", "papers"} & {*parts[:2]}
        assert name not in {"coursekit/features/train.py", "coursekit/runs/running.py"}
        assert parts[-1] not in {"quiz.toml", "nbgrader_config.py", "gradebook.db"}
        assert not name.endswith((".pyc", ".so"))


def test_no_line_of_a_solution_is_there(files: dict[str, str]) -> None:
    _, lessons = whole_course.read()
    cells = [cell for lesson in lessons for cell in lesson.cells]
    shown = {
        line.strip() for c in cells for line in marks.stub(c.source, "").split("\n")
    }
    answers = [e.answer.source for lesson in lessons for e in lesson.exercises]
    secret = {line for text in answers for line in marks.solution_lines(text)} - shown
    assert len(secret) > 60
    for name, text in files.items():
        if name.endswith(".ipynb"):
            sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
            lines = {line.strip() for line in "\n".join(sources).split("\n")}
            assert lines & secret == set(), name


def test_no_solution_is_anywhere(files: dict[str, str]) -> None:
    _, lessons = whole_course.read()
    everything = {squeezed(text) for text in files.values()}
    for exercise in (e for lesson in lessons for e in lesson.exercises):
        solution = squeezed("".join(marks.solution_lines(exercise.answer.source)))
        if len(solution) > 25:
            assert not any(solution in text for text in everything), exercise.id


def squeezed(text: str) -> str:
    """`text` without white space, and without the JSON around a notebook's lines."""
    return "".join(text.replace('\\n",', "").replace('"', "").split())


@pytest.mark.parametrize("place", ["coursekit/plots/x.py", "notebooks/x.ipynb"])
def test_each_solution_would_be_noticed(place: str) -> None:
    secrets = student.secret_lines(whole_course.read()[1])
    for exercise in secrets:
        text = "\n".join(marks.solution_lines(exercise.answer.source))
        if place.endswith(".ipynb"):
            text = json.dumps({"cells": [{"source": text.splitlines(keepends=True)}]})
        with pytest.raises(AuthoringError, match=f"{place} gives the solution"):
            student.refuse_leak(place, text.encode(), secrets)


def test_no_hidden_check_is_there(files: dict[str, str]) -> None:
    for name, text in files.items():
        assert marks.BEGIN not in text, name
        assert marks.BEGIN_HIDDEN not in text, name
        assert "hidden.check(" not in text, name


def answers() -> list[tuple[str, object]]:
    """(name, right answer) of every question of every quiz."""
    return [
        (name, question["right"])
        for path in sorted(REPOSITORY.glob("solutions/*/quiz.toml"))
        for quiz in tomllib.loads(path.read_text(encoding="utf-8")).values()
        for name, question in quiz.items()
    ]


def test_no_answer_of_a_quiz_is_there(files: dict[str, str]) -> None:
    right = dict(answers())
    assert len(right) >= 10
    given = re.compile(r"""\b(\w+)(?:["']?: | ?= ?)(?=(.{1,80}))""")
    for name, text in files.items():
        for question, value in given.findall(text):
            if question in right:
                forms = (repr(right[question]), json.dumps(right[question]))
                assert not value.startswith((*forms, f'"{right[question]}"')), name


def test_quizzes_are_there_without_their_answers(files: dict[str, str]) -> None:
    quizzes = json.loads(files["coursekit/checks/quiz.json"])
    names = {name for quiz in quizzes.values() for name in quiz}
    assert names == {name for name, _ in answers()}
    for questions in quizzes.values():
        for question in questions.values():
            assert len(question["right"]) == 32


@pytest.mark.slow
def test_two_zips_are_byte_identical(packed: Path, tmp_path: Path) -> None:
    assert pack(REPOSITORY, tmp_path).read_bytes() == packed.read_bytes()


def test_the_readme_has_the_map(files: dict[str, str]) -> None:
    assert "(notebooks/week1_convolution/2_operator.ipynb)" in files["README.md"]
    assert "Capsules" in files["README.md"]


def test_a_leak_is_refused(tmp_path: Path) -> None:
    sample_course.make(tmp_path)
    leak = tmp_path / "coursekit/checks/week1.py"
    leak.write_text("def add(a, b):\n    total_of_both = a + b\n", encoding="utf-8")
    with pytest.raises(
        AuthoringError, match=r"week1\.py gives the solution of sum away"
    ):
        pack(tmp_path, tmp_path)
    assert not (tmp_path / "students.zip").exists()


def test_a_leak_in_a_notebook_is_refused(tmp_path: Path) -> None:
    _, lessons = build.load(sample_course.make(tmp_path))
    cell = {"source": ["x\n", "    total_of_both = a + b\n"], "cell_type": "code"}
    text = json.dumps({"cells": [cell]}, indent=1).encode()
    with pytest.raises(
        AuthoringError, match=r"a\.ipynb gives the solution of sum away"
    ):
        student.refuse_leaks({"a.ipynb": text}, lessons)


@pytest.fixture(scope="module")
def opened(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder / "convnets"


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the unzipped coursekit instead of this one."""
    environment = os.environ | {"PYTHONPATH": str(folder), "COURSEKIT_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_the_students_copy_can_be_imported(opened: Path) -> None:
    code = "import coursekit; from coursekit import checks, data, plots, train; "
    found = python(opened, "-c", code + "print(coursekit.__file__, checks.week1)")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith(str(opened))


@pytest.mark.slow
def test_whatever_is_there_can_be_imported(opened: Path) -> None:
    code = """
import importlib, pkgutil, sys, coursekit
for found in pkgutil.walk_packages(coursekit.__path__, "coursekit."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
print(len(sys.modules))"""
    found = python(opened, "-c", code)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""


@pytest.mark.slow
def test_all_that_the_lessons_import_is_there(opened: Path) -> None:
    _, lessons = whole_course.read()
    lines = {
        line
        for item in lessons
        for cell in item.cells
        for line in cell.source.splitlines()
        if line.startswith(("from coursekit", "import coursekit"))
        and not line.endswith("(")
    }
    assert len(lines) > 3
    found = python(opened, "-c", "\n".join(sorted(lines)))
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("command", ["build", "check", "student"])
def test_instructors_commands_say_so(opened: Path, command: str) -> None:
    found = python(opened, "-m", "coursekit", command)
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "for instructors" in found.stderr


def test_help_works_without_the_tools_of_instructors(opened: Path) -> None:
    assert "data" in python(opened, "-m", "coursekit", "--help").stdout


@pytest.mark.slow
def test_the_data_command_works_for_students(opened: Path) -> None:
    found = python(opened, "-m", "coursekit", "data", "no-such-data")
    assert found.returncode == 1
    assert "no-such-data" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.slow
def test_the_doctor_says_what_students_need_and_no_more(opened: Path) -> None:
    found = python(opened, "-m", "coursekit", "doctor")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("For students\n")
    assert "instructors" not in found.stdout
    assert found.stderr == ""


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_lab_would_set_up_and_open_the_notebooks(opened: Path) -> None:
    found = subprocess.run(
        ["make", "-n", "lab"], cwd=opened, capture_output=True, text=True, check=True
    )
    for part in ("pip install", "coursekit data", "coursekit lab"):
        assert part in found.stdout
