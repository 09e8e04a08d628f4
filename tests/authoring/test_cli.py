"""`python -m coursekit`: each command works, and fails in one clear line."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from coursekit import cli
from tests.authoring import sample_course
from tests.authoring.sample_course import LESSON, NOTEBOOK, SOURCE, changed

Output = pytest.CaptureFixture[str]


def run(root: Path, *arguments: str) -> int:
    """Run a command in the course under `root`."""
    return cli.main(["--root", str(root), *arguments])


def refused(capsys: Output) -> str:
    """The one line on stderr."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_build_writes_notebooks_and_map(tmp_path: Path, capsys: Output) -> None:
    assert run(sample_course.make(tmp_path), "build") == 0
    assert capsys.readouterr().out == "1 notebook built in notebooks/.\n"
    assert (tmp_path / NOTEBOOK).is_file()
    assert (tmp_path / SOURCE).is_file()
    assert "1_adding.ipynb" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_build_of_one_lesson(tmp_path: Path) -> None:
    assert run(sample_course.make(tmp_path), "build", str(tmp_path / LESSON)) == 0
    assert (tmp_path / NOTEBOOK).is_file()


def test_build_of_the_sources_only(tmp_path: Path) -> None:
    assert run(sample_course.make(tmp_path), "build", "--source-only") == 0
    assert (tmp_path / SOURCE).is_file()
    assert not (tmp_path / NOTEBOOK).exists()


def test_check_writes_nothing(tmp_path: Path, capsys: Output) -> None:
    sample_course.make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert run(tmp_path, "check") == 0
    assert capsys.readouterr().out == "1 lesson checked: every rule is kept.\n"
    assert sorted(tmp_path.rglob("*")) == before


def test_student_packs_the_zip(tmp_path: Path, capsys: Output) -> None:
    assert run(sample_course.make(tmp_path), "student") == 0
    assert "dist/convnets-students.zip is ready" in capsys.readouterr().out
    assert (tmp_path / "dist/convnets-students.zip").is_file()


def test_data_prepares_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []
    monkeypatch.setattr("coursekit.data.prepare", asked.append)
    sample_course.make(tmp_path)
    assert run(tmp_path, "data") == 0
    assert run(tmp_path, "data", "cifar10") == 0
    assert asked == [["mnist"], ["cifar10"]]


def test_data_that_cannot_be_had_is_a_failure(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coursekit.data.prepare", lambda names: 1)
    assert run(sample_course.make(tmp_path), "data") == 1
    assert "Go online" in refused(capsys)


@pytest.mark.parametrize("command", ["build", "check", "student"])
def test_a_mistake_is_one_line(tmp_path: Path, capsys: Output, command: str) -> None:
    sample_course.make(tmp_path, changed("points=2", "points=3"))
    assert run(tmp_path, command) == 1
    message = refused(capsys)
    assert message.startswith(f"{command}: solutions/week1_sums/1_adding.py, cell 5")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["build", "--fast"]])
def test_unknown_commands(arguments: list[str], capsys: Output) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 1
    assert "--help" in refused(capsys)


def test_outside_of_a_course(tmp_path: Path, capsys: Output) -> None:
    assert run(tmp_path, "build") == 1
    assert "no course.toml" in refused(capsys)


def test_a_missing_package_says_what_to_install(capsys: Output) -> None:
    error = ModuleNotFoundError("No module named 'nbgrader'", name="nbgrader")
    words = 'nbgrader is not installed. Run: python -m pip install -e ".[grade,book]"'
    assert cli.explain(error) == words


def test_in_the_students_copy_it_is_not_the_tools_of_grading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    error = ModuleNotFoundError("No module named 'jupyterlab'", name="jupyterlab")
    assert cli.explain(error).endswith("Run: python -m pip install -e .")
